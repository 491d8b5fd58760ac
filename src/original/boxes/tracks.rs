//! The tracks of a film, and where the samples of each lie. Images and sound are kept, and the clock of cameras;
//! places, subtitles, chapters and what makers think of go: drones write their position into subtitles.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Atom, Doubt, Extents, atoms, find};
use crate::original::{big16, big32};

/// The tracks that are kept: images, what is transparent in them, sound, the time of each frame.
const KEPT: [&[u8; 4]; 5] = [b"vide", b"auxv", b"pict", b"soun", b"tmcd"];

#[derive(Debug, Default)]
pub(super) struct Tracks {
    /// Numbers of the tracks that are kept.
    numbers: FxHashSet<u32>,
    /// Where the atoms of tracks, and of their parts of a fragment, begin that are kept.
    starts: FxHashSet<usize>,
    has_lost: bool,
    /// The length of samples in fragments, if nothing else is said, by track.
    sizes: FxHashMap<u32, u32>,
    /// Where chunks of samples begin, of all tracks.
    chunks: Vec<usize>,
    /// Samples that are kept: their start and length. Those without a length reach to the next chunk.
    samples: Vec<(usize, Option<usize>)>,
}

impl Tracks {
    pub(super) fn of(bytes: &[u8]) -> Result<Self, Doubt> {
        let mut this = Self::default();
        for movie in atoms(bytes, 0..bytes.len()).filter(|one| one.kind == *b"moov") {
            let extends = find(bytes, movie.inside(), b"mvex");
            for one in extends.into_iter().flat_map(|one| atoms(bytes, one.inside())) {
                if let (b"trex", Some(track), Some(size)) =
                    (&one.kind, big32(bytes, one.body + 4), big32(bytes, one.body + 16))
                {
                    this.sizes.insert(track, size);
                }
            }
            for track in atoms(bytes, movie.inside()).filter(|one| one.kind == *b"trak") {
                this.track(bytes, &track).ok_or(Doubt::Damaged)?;
            }
        }
        Ok(this)
    }

    fn track(&mut self, bytes: &[u8], track: &Atom) -> Option<()> {
        let header = find(bytes, track.inside(), b"tkhd")?;
        let number = big32(bytes, header.body + if bytes.get(header.body) == Some(&1) { 20 } else { 12 })?;
        let media = find(bytes, track.inside(), b"mdia")?;
        let handler = find(bytes, media.inside(), b"hdlr")?;
        let handler: [u8; 4] = bytes.get(handler.body + 8..handler.body + 12)?.try_into().ok()?;
        let is_kept = KEPT.contains(&&handler);
        if is_kept {
            self.numbers.insert(number);
            self.starts.insert(track.start);
        }
        self.has_lost |= !is_kept;
        let information = find(bytes, media.inside(), b"minf")?;
        let table = find(bytes, information.inside(), b"stbl")?;
        self.samples(bytes, table.inside(), is_kept, handler == *b"soun")
    }

    /// Finds the samples of a track by its tables.
    fn samples(&mut self, bytes: &[u8], table: Range<usize>, is_kept: bool, is_sound: bool) -> Option<()> {
        let find = |kind| find(bytes, table.clone(), kind);
        let offsets = find(b"stco").map(|one| (one, 4)).or_else(|| find(b"co64").map(|one| (one, 8)));
        let Some((offsets, width)) = offsets else { return Some(()) };
        let count = big32(bytes, offsets.body + 4)? as usize;
        let count = count.min((offsets.end - offsets.body).saturating_sub(8) / width);
        let offset = |number: usize| {
            let at = offsets.body + 8 + number * width;
            let high = if width == 8 { u64::from(big32(bytes, at)?) << 32 } else { 0 };
            usize::try_from(high | u64::from(big32(bytes, at + width - 4)?)).ok()
        };
        self.chunks.extend((0..count).filter_map(offset));
        if !is_kept || count == 0 {
            return Some(());
        }
        let sizes = Sizes::of(bytes, find(b"stsz").or_else(|| find(b"stz2"))?)?;
        let runs = find(b"stsc")?;
        let run_count = (big32(bytes, runs.body + 4)? as usize).min((runs.end - runs.body).saturating_sub(8) / 12);
        // From which chunk on there are how many samples in each.
        let run = |number: usize| {
            let at = runs.body + 8 + number * 12;
            let run = || Some((big32(bytes, at)? as usize, big32(bytes, at + 4)? as usize));
            if number < run_count { run() } else { None }
        };
        let (mut at, mut sample, mut in_each) = (0, 0_usize, 0_usize);
        for number in 0..count {
            while let Some((_, samples)) = run(at).filter(|(first, _)| *first <= number + 1) {
                in_each = samples;
                at += 1;
            }
            let start = offset(number)?;
            // What QuickTime counts in sound of one size need not be bytes.
            let length = match sizes.each {
                Some(_) if is_sound => None,
                Some(each) => Some(in_each.checked_mul(each)?),
                None => Some(sizes.sum(bytes, sample, in_each)),
            };
            sample = sample.saturating_add(in_each);
            self.samples.push((start, length));
        }
        Some(())
    }

    /// The samples of a fragment (`moof`).
    pub(super) fn fragment(&mut self, bytes: &[u8], fragment: &Atom, extents: &mut Extents) -> Result<(), Doubt> {
        let mut last = fragment.start;
        for part in atoms(bytes, fragment.inside()).filter(|one| one.kind == *b"traf") {
            last = self.part(bytes, fragment.start, &part, last, extents).ok_or(Doubt::Damaged)?;
        }
        Ok(())
    }

    /// The samples of one track in a fragment (ISO/IEC 14496-12, 8.8.7 and 8.8.8); where they end. `last` is where
    /// those of the part before end.
    fn part(
        &mut self,
        bytes: &[u8],
        fragment: usize,
        part: &Atom,
        last: usize,
        extents: &mut Extents,
    ) -> Option<usize> {
        let header = find(bytes, part.inside(), b"tfhd")?;
        let flags = big32(bytes, header.body)?;
        let track = big32(bytes, header.body + 4)?;
        let is_kept = self.numbers.contains(&track);
        if is_kept {
            self.starts.insert(part.start);
        }
        self.has_lost |= !is_kept;
        let mut at = header.body + 8;
        let mut base = if flags & 0x2_0000 != 0 { fragment } else { last };
        if flags & 1 != 0 {
            base = usize::try_from(u64::from_be_bytes(bytes.get(at..at + 8)?.try_into().ok()?)).ok()?;
            at += 8;
        }
        at += [2, 8].iter().filter(|flag| flags & **flag != 0).count() * 4;
        let size = if flags & 0x10 != 0 { big32(bytes, at)? } else { self.sizes.get(&track).copied().unwrap_or(0) };
        let mut data = base;
        for run in atoms(bytes, part.inside()).filter(|one| one.kind == *b"trun") {
            let flags = big32(bytes, run.body)?;
            let count = big32(bytes, run.body + 4)? as usize;
            let mut at = run.body + 8;
            if flags & 1 != 0 {
                data = base.checked_add_signed(big32(bytes, at)?.cast_signed() as isize)?;
                at += 4;
            }
            at += usize::from(flags & 4 != 0) * 4;
            let width = [0x100, 0x200, 0x400, 0x800].iter().filter(|flag| flags & **flag != 0).count() * 4;
            let length = if flags & 0x200 == 0 {
                count.checked_mul(size as usize)?
            } else {
                let count = count.min(run.end.saturating_sub(at) / width);
                let at = at + usize::from(flags & 0x100 != 0) * 4;
                let size = |number: usize| big32(bytes, at + number * width).map_or(0, |size| size as usize);
                (0..count).map(size).fold(0, usize::saturating_add)
            };
            if is_kept {
                extents.keep(data, length);
            }
            data = data.checked_add(length)?;
        }
        Some(data)
    }

    /// True if the track, or the part of a fragment, that begins there is kept.
    pub(super) fn has(&self, start: usize) -> bool {
        self.starts.contains(&start)
    }

    /// True if no track is lost.
    pub(super) fn are_all_kept(&self) -> bool {
        !self.has_lost
    }

    /// Notes the samples that are kept. `data` is where samples may lie, in the order of the file.
    pub(super) fn keep(mut self, data: &[Range<usize>], extents: &mut Extents) {
        self.chunks.sort_unstable();
        for (start, length) in self.samples {
            let end = || {
                let next = self.chunks.partition_point(|chunk| *chunk <= start);
                let area = data.partition_point(|area| area.end <= start);
                let end = data.get(area).map_or(start, |area| area.end);
                self.chunks.get(next).map_or(end, |next| (*next).min(end))
            };
            extents.keep(start, length.unwrap_or_else(|| end().saturating_sub(start)));
        }
    }
}

/// How long the samples of a track are.
struct Sizes {
    /// All the same.
    each: Option<usize>,
    /// Where the table begins.
    table: usize,
    count: usize,
    /// Bits of a number in it.
    bits: usize,
}

impl Sizes {
    fn of(bytes: &[u8], one: Atom) -> Option<Self> {
        let is_compact = one.kind == *b"stz2";
        let first = big32(bytes, one.body + 4)? as usize;
        let bits = if is_compact { first & 0xFF } else { 32 };
        if ![4, 8, 16, 32].contains(&bits) {
            return None;
        }
        let table = one.body + 12;
        let room = one.end.saturating_sub(table).saturating_mul(8) / bits;
        let count = (big32(bytes, one.body + 8)? as usize).min(room);
        Some(Self { each: (!is_compact && first != 0).then_some(first), table, count, bits })
    }

    fn size(&self, bytes: &[u8], number: usize) -> usize {
        let at = self.table + number * self.bits / 8;
        let size = match self.bits {
            4 => bytes.get(at).map(|two| usize::from(if number.is_multiple_of(2) { two >> 4 } else { two & 15 })),
            8 => bytes.get(at).map(|one| usize::from(*one)),
            16 => big16(bytes, at).map(usize::from),
            _ => big32(bytes, at).map(|size| size as usize),
        };
        size.unwrap_or(0)
    }

    fn sum(&self, bytes: &[u8], first: usize, count: usize) -> usize {
        let last = first.saturating_add(count).min(self.count);
        (first..last).map(|number| self.size(bytes, number)).fold(0, usize::saturating_add)
    }
}
