//! Files made of boxes (ISO/IEC 14496-12, QuickTime): HEIC and AVIF, JPEG XL and JPEG 2000, MP4, MOV, M4A, 3GP.
//!
//! Boxes that are not needed become free space of the same length, since others say at which byte of the file pixels
//! and samples begin. Of the data only what the remaining tracks and items are made of stays: notes, places and films
//! that nobody refers to become zeros with the rest.

mod items;
mod tracks;

use std::ops::Range;

use super::{Doubt, Extents, big32};
use items::Items;
use tracks::Tracks;

type Kind = [u8; 4];

/// A box.
#[derive(Clone, Copy, Debug)]
struct Atom {
    kind: Kind,
    start: usize,
    /// Where its content begins.
    body: usize,
    end: usize,
}

impl Atom {
    fn inside(&self) -> Range<usize> {
        self.body..self.end
    }

    /// The content of a box that begins with a version and flags.
    fn inside_full(&self) -> Range<usize> {
        (self.body + 4).min(self.end)..self.end
    }
}

/// The box at a place, if there is one that ends before `end`.
fn atom_at(bytes: &[u8], at: usize, end: usize) -> Option<Atom> {
    let kind = bytes.get(at + 4..at + 8).filter(|_| at + 8 <= end)?.try_into().ok()?;
    let (body, length) = match big32(bytes, at)? {
        // To the end of the file.
        0 => (at + 8, end - at),
        1 => {
            let long = u64::from_be_bytes(bytes.get(at + 8..at + 16).filter(|_| at + 16 <= end)?.try_into().ok()?);
            (at + 16, usize::try_from(long).ok()?)
        }
        length => (at + 8, length as usize),
    };
    let found = Atom { kind, start: at, body, end: at.checked_add(length)? };
    (found.end >= found.body && found.end <= end).then_some(found)
}

/// The boxes in a part of the file, up to the first thing that is not a box.
fn atoms(bytes: &[u8], within: Range<usize>) -> impl Iterator<Item = Atom> + '_ {
    let mut at = within.start;
    std::iter::from_fn(move || {
        let found = atom_at(bytes, at, within.end)?;
        at = found.end;
        Some(found)
    })
}

/// The first box of a kind.
fn find(bytes: &[u8], within: Range<usize>, kind: &Kind) -> Option<Atom> {
    atoms(bytes, within).find(|one| one.kind == *kind)
}

/// True if the first box is typical of such files, or if there is the box that all films have.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    atom_at(bytes, 0, bytes.len()).is_some_and(|first| {
        let is_first = matches!(&first.kind, b"ftyp" | b"styp" | b"jP  " | b"JXL ") && first.end >= 12;
        is_first || find(bytes, 0..bytes.len(), b"moov").is_some()
    })
}

/// How a box is treated.
enum Rule {
    Keep,
    /// It becomes free space.
    Free,
    /// Its content becomes zeros.
    Blank,
    /// The boxes in it are looked at.
    Into(Range<usize>),
    /// The file cannot be cleaned.
    Give(Doubt),
}

/// The changes to a file, gathered before the first one is made.
#[derive(Default)]
struct Work {
    free: Vec<Atom>,
    blank: Vec<Range<usize>>,
    /// The areas that hold pixels, samples and whatever else a program put there.
    data: Vec<Range<usize>>,
    extents: Extents,
    /// Bytes that replace others of the same length.
    written: Vec<(usize, Vec<u8>)>,
}

/// Takes out of a file what is not needed to show it.
pub(super) fn clean(bytes: &mut Vec<u8>) -> Result<(), Doubt> {
    let mut work = Work::default();
    let all = 0..bytes.len();
    let has_movie = find(bytes, all.clone(), b"moov").is_some();
    let is_image =
        has_movie || atoms(bytes, all.clone()).any(|one| matches!(&one.kind, b"meta" | b"jxlc" | b"jxlp" | b"jp2c"));
    if !is_image || find(bytes, all.clone(), b"ftyp").is_some_and(|brand| bytes[brand.inside()].starts_with(b"crx ")) {
        return Err(Doubt::Format("film or image of an unknown kind"));
    }
    let mut tracks = Tracks::of(bytes)?;
    let mut end = 0;
    for one in atoms(bytes, all.clone()) {
        end = one.end;
        match &one.kind {
            b"mdat" => work.data.push(one.inside()),
            b"meta" => work.meta(bytes, &one)?,
            b"moof" => {
                tracks.fragment(bytes, &one, &mut work.extents)?;
                work.walk(bytes, &one, &tracks, 0)?;
            }
            _ => work.walk(bytes, &one, &tracks, 0)?,
        }
    }
    if let Some(cut) = cut_off(bytes, end) {
        work.data.push(cut);
        end = bytes.len();
    }
    bytes.truncate(end);
    tracks.keep(&work.data, &mut work.extents);
    work.apply(bytes);
    Ok(())
}

/// The data of a film whose end is missing.
fn cut_off(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let is_data = bytes.get(at + 4..at + 8) == Some(b"mdat");
    let length = if big32(bytes, at) == Some(1) { 16 } else { 8 };
    (is_data && at + length <= bytes.len()).then(|| at + length..bytes.len())
}

impl Work {
    /// Looks at a box; `depth` is how many it lies in.
    fn walk(&mut self, bytes: &[u8], one: &Atom, tracks: &Tracks, depth: usize) -> Result<(), Doubt> {
        match rule(bytes, one, tracks, depth) {
            Rule::Keep => {}
            Rule::Free => self.free.push(*one),
            Rule::Blank => self.blank.push(one.inside()),
            Rule::Give(doubt) => return Err(doubt),
            Rule::Into(inside) => {
                let mut at = inside.start;
                for inner in atoms(bytes, inside.clone()) {
                    at = inner.end;
                    self.walk(bytes, &inner, tracks, depth + 1)?;
                }
                // QuickTime ends lists with four zeros.
                self.blank.push(at..inside.end);
            }
        }
        Ok(())
    }

    /// The box of an image that says which items it is made of.
    fn meta(&mut self, bytes: &[u8], meta: &Atom) -> Result<(), Doubt> {
        let inside = meta.inside_full();
        let is_image = find(bytes, inside.clone(), b"hdlr")
            .is_some_and(|one| bytes.get(one.body + 8..one.body + 12) == Some(b"pict"));
        if !is_image {
            self.free.push(*meta);
            return Ok(());
        }
        let items = Items::of(bytes, inside.clone())?;
        items.keep(bytes, &mut self.extents, &mut self.written)?;
        for one in atoms(bytes, inside) {
            match &one.kind {
                b"hdlr" | b"pitm" | b"iinf" | b"iref" | b"iloc" | b"dinf" | b"grpl" => {}
                b"idat" => self.data.push(one.inside()),
                b"iprp" => {
                    for inner in atoms(bytes, one.inside()) {
                        match &inner.kind {
                            b"ipma" => {}
                            b"ipco" => {
                                let properties = atoms(bytes, inner.inside());
                                // Others refer to properties by number, so their places must stay.
                                self.free.extend(properties.filter(|one| !items::PROPERTIES.contains(&&one.kind)));
                            }
                            _ => self.free.push(inner),
                        }
                    }
                }
                _ => self.free.push(one),
            }
        }
        Ok(())
    }

    fn apply(self, bytes: &mut [u8]) {
        self.extents.blank(bytes, self.data);
        for range in self.blank {
            bytes[range].fill(0);
        }
        for one in self.free {
            bytes[one.start + 4..one.start + 8].copy_from_slice(b"free");
            bytes[one.inside()].fill(0);
        }
        for (at, new) in self.written {
            // An item may say that it lies behind the end.
            if let Some(place) = bytes.get_mut(at..at.saturating_add(new.len())) {
                place.copy_from_slice(&new);
            }
        }
    }
}

/// Decides about a box that lies in `depth` others.
fn rule(bytes: &[u8], one: &Atom, tracks: &Tracks, depth: usize) -> Rule {
    match (&one.kind, depth) {
        (b"free" | b"skip" | b"wide", _) => Rule::Blank,
        (b"ftyp" | b"styp" | b"pdin" | b"sidx" | b"ssix" | b"mfra" | b"prft", 0) => Rule::Keep,
        (b"JXL " | b"jxll" | b"jxlc" | b"jxlp" | b"jxli" | b"jP  " | b"jp2h" | b"jp2c", 0) => Rule::Keep,
        (b"moov" | b"moof", 0) => Rule::Into(one.inside()),
        (b"mvhd" | b"mfhd" | b"iods", 1) => Rule::Keep,
        (b"cmov", 1) => Rule::Give(Doubt::Format("QuickTime with a packed header")),
        (b"mvex", 1) => Rule::Into(one.inside()),
        (b"mehd" | b"trex", 2) => Rule::Keep,
        (b"udta", 1) => Rule::Into(one.inside()),
        // The names of a recording, as iTunes writes them.
        (b"meta", 2) => Rule::Into(one.inside_full()),
        (b"hdlr", 3 | 4) => Rule::Keep,
        (b"ilst", 3) => Rule::Into(one.inside()),
        (
            b"\xA9nam" | b"\xA9ART" | b"\xA9alb" | b"\xA9gen" | b"\xA9wrt" | b"aART" | b"cprt" | b"desc" | b"ldes"
            | b"disk" | b"gnre" | b"trkn",
            4,
        ) => Rule::Keep,
        (b"trak", 1) if tracks.has(one.start) => Rule::Into(one.inside()),
        (b"traf", 1) if tracks.has(one.start) => Rule::Into(one.inside()),
        (b"tfhd" | b"tfdt" | b"trun", 2) => Rule::Keep,
        (b"tkhd" | b"edts", 2) => Rule::Keep,
        (b"tref", 2) if tracks.are_all_kept() => Rule::Keep,
        (b"mdia", 2) => Rule::Into(one.inside()),
        (b"mdhd" | b"elng", 3) => Rule::Keep,
        (b"minf", 3) => Rule::Into(one.inside()),
        (b"vmhd" | b"smhd" | b"gmhd" | b"nmhd" | b"dinf", 4) => Rule::Keep,
        (b"stbl", 4) => Rule::Into(one.inside()),
        (b"senc" | b"saiz" | b"saio", _) => Rule::Give(Doubt::Format("encrypted film")),
        (b"sbgp" | b"sgpd" | b"subs" | b"sdtp", 2 | 5) => Rule::Keep,
        (
            b"stsd" | b"stts" | b"ctts" | b"cslg" | b"stss" | b"stps" | b"stsc" | b"stsz" | b"stz2" | b"stco" | b"co64"
            | b"padb" | b"stdp",
            5,
        ) => Rule::Keep,
        // The cover of a recording, if it says nothing.
        (b"covr", 4) if is_clean_cover(bytes, one) => Rule::Keep,
        _ => Rule::Free,
    }
}

/// True if no image in the box says more than it shows.
fn is_clean_cover(bytes: &[u8], cover: &Atom) -> bool {
    atoms(bytes, cover.inside())
        .all(|one| one.kind == *b"data" && super::is_clean_image(bytes.get(one.body + 8..one.end).unwrap_or_default()))
}
