//! What is published of an original: a photograph, a drawing, a film or a recording, as its maker saved it.
//!
//! Files say more than they show: where and when they were made, with which device, by whom. For each container there
//! is a list of the parts that are **kept**, since they are needed to show it: pixels, frames, samples, the colour
//! profile, the orientation. Everything else goes, whether it is recognised or not. Caption, credit and copyright are
//! written anew. A file with nothing else in it keeps its own bytes.
//!
//! Containers whose parts follow each other are copied without the rest (`Edits`); in those that address their parts
//! by offset, the rest is overwritten with zeros where it stands. Every walk is linear in the length of the file and
//! nests at most as deep as the format does.

mod bitmap;
mod boxes;
mod format;
mod gif;
mod jpeg;
mod matroska;
mod metadata;
mod png;
mod riff;
mod svg;
mod tiff;

pub use format::Format;
use std::borrow::Cow;
use std::ops::Range;

pub use metadata::Metadata;

/// The largest colour profile that is read or published, in bytes. Profiles of printers have 0.5 to 3 MB, all others
/// some kilobytes.
pub const MOST_PROFILE: usize = 4 << 20;

/// The largest XMP packet, and the largest Photoshop block, that is read, in bytes. A JPEG has room for 64 kB.
pub const MOST_METADATA: usize = 1 << 20;

/// How deep images may be embedded in drawings that are embedded in drawings.
const MOST_NESTED: u8 = 3;

/// An original as it is published.
#[derive(Debug, PartialEq, Eq)]
pub struct Clean {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Why a position may still be in it.
    pub doubt: Option<Doubt>,
}

/// Why a position may still be in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Its format is not taken apart: the name of the format.
    Format(&'static str),
    /// It does not follow its format, or its format is unknown.
    Damaged,
}

/// What a container is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Container {
    Jpeg,
    Png,
    /// WebP and WAVE.
    Riff,
    Gif,
    Tiff,
    /// The boxes of ISO/IEC 14496-12 and QuickTime: HEIC, AVIF, JPEG XL, JPEG 2000, MP4, MOV, M4A, 3GP.
    Boxes,
    Matroska,
    Svg,
    Bmp,
    Icon,
    /// Pixels and nothing else: the bare stream of a JPEG XL.
    Plain,
    /// Known, and not taken apart.
    Other(&'static str),
}

/// Takes out of a file what is not needed to show it. Files that are neither images nor films nor recordings are
/// left alone.
pub fn clean(path: &str, bytes: Vec<u8>) -> Clean {
    match Container::of(path, &bytes) {
        Some(container) => container.clean(bytes, 0),
        None => {
            // The content does not tell the format; perhaps the name does.
            let doubt = ending(path).filter(|_| !bytes.is_empty()).and_then(|ending| doubt(&ending, &bytes));
            Clean { bytes, doubt }
        }
    }
}

/// What a JPEG, PNG or WebP says of itself, and how it is to be turned, as Exif counts it (1 to 8).
pub fn head(bytes: &[u8]) -> (Metadata, u8) {
    let parts = match Container::of("", bytes) {
        Some(Container::Jpeg) => jpeg::parts(bytes),
        Some(Container::Png) => png::parts(bytes),
        Some(Container::Riff) => riff::parts(bytes),
        _ => Parts::default(),
    };
    parts.read()
}

/// True if a cover is an image that says no more than it shows. Formats that have covers themselves are excluded.
fn is_clean_image(bytes: &[u8]) -> bool {
    let edits = match Container::of("", bytes) {
        Some(Container::Jpeg) => jpeg::edits(bytes),
        Some(Container::Png) => png::edits(bytes),
        Some(Container::Gif) => gif::edits(bytes),
        _ => return false,
    };
    edits.is_ok_and(|edits| edits.0.is_empty())
}

impl Container {
    /// By the first bytes; for formats without a sign of their own, by the name.
    fn of(path: &str, bytes: &[u8]) -> Option<Self> {
        let start = &bytes[..bytes.len().min(1024)];
        let ending = ending(path);
        // Films of cameras in the boxes of others, with what these do not know.
        if let Some(name) = ending.as_deref().and_then(camera).filter(|_| std::str::from_utf8(start).is_err()) {
            return Some(Self::Other(name));
        }
        Some(match start {
            [0xFF, 0xD8, 0xFF, ..] => Self::Jpeg,
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Self::Png,
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Self::Riff,
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Self::Riff,
            [b'R', b'I', b'F', b'F', _, _, _, _, b'A', b'V', b'I', b' ', ..] => Self::Other("AVI"),
            [b'R', b'F', b'6', b'4', ..] | [b'B', b'W', b'6', b'4', ..] => Self::Other("RF64"),
            [b'F', b'O', b'R', b'M', _, _, _, _, b'A', b'I', b'F', b'F' | b'C', ..] => Self::Other("AIFF"),
            [b'c', b'a', b'f', b'f', 0, ..] => Self::Other("CAF"),
            [b'#', b'!', b'A', b'M', b'R', ..] => Self::Other("AMR"),
            [b'I', b'D', b'3', 2..=4, ..] if ending.as_deref() == Some("aac") => Self::Other("AAC with ID3"),
            [0x06, 0x0E, 0x2B, 0x34, ..] => Self::Other("MXF"),
            [_, _, _, _, b'R', b'E', b'D', b'1' | b'2', ..] => Self::Other("raw film of a camera"),
            [0x1F, 0x8B, ..] if ending.as_deref() == Some("svg") => Self::Other("compressed SVG"),
            _ if is_transport_stream(start) => Self::Other("MPEG-2 transport stream"),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Self::Gif,
            [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => match raw(ending.as_deref()) {
                Some(name) => Self::Other(name),
                None => Self::Tiff,
            },
            [b'I', b'I', b'+', 0, ..] | [b'M', b'M', 0, b'+', ..] => Self::Other("BigTIFF"),
            [0x1A, 0x45, 0xDF, 0xA3, ..] => Self::Matroska,
            [b'8', b'B', b'P', b'S', ..] => Self::Other("PSD"),
            _ if boxes::is_one(bytes) => Self::Boxes,
            _ if svg::is_one(bytes, start, ending.as_deref() == Some("svg")) => Self::Svg,
            [b'B', b'M', ..] if !is_text(bytes) => Self::Bmp,
            [0, 0, 1 | 2, 0, ..] => Self::Icon,
            [0xFF, 0x0A, ..] => Self::Plain,
            _ => return None,
        })
    }

    /// The file without the rest. What cannot be told apart stays as it is, with a doubt.
    fn clean(self, mut bytes: Vec<u8>, nested: u8) -> Clean {
        let done = match self {
            Self::Jpeg => jpeg::edits(&bytes).map(|edits| edits.apply(&mut bytes)),
            Self::Png => png::edits(&bytes).map(|edits| edits.apply(&mut bytes)),
            Self::Riff => riff::edits(&bytes).map(|edits| edits.apply(&mut bytes)),
            Self::Gif => gif::edits(&bytes).map(|edits| edits.apply(&mut bytes)),
            Self::Svg => svg::edits(&bytes, nested).map(|edits| edits.apply(&mut bytes)),
            Self::Tiff => tiff::clean(&mut bytes),
            Self::Boxes => boxes::clean(&mut bytes),
            Self::Matroska => matroska::clean(&mut bytes),
            Self::Bmp => bitmap::bmp(&bytes),
            Self::Icon => bitmap::icon(&bytes),
            Self::Plain => Ok(()),
            Self::Other(name) => Err(Doubt::Format(name)),
        };
        Clean { bytes, doubt: done.err() }
    }
}

/// The parts of a file that say something of it, unread.
#[derive(Debug, Default)]
struct Parts<'a> {
    /// Exif: a TIFF file.
    exif: Option<Cow<'a, [u8]>>,
    /// An XMP packet.
    xmp: Option<Cow<'a, [u8]>>,
    /// IPTC IIM, alone or in a Photoshop block.
    iptc: Option<Cow<'a, [u8]>>,
}

impl Parts<'_> {
    fn read(&self) -> (Metadata, u8) {
        let mut metadata = Metadata::default();
        let short = |part: &Option<Cow<'_, [u8]>>| part.as_ref().is_some_and(|part| part.len() <= MOST_METADATA);
        if let Some(xmp) = self.xmp.as_ref().filter(|_| short(&self.xmp)) {
            metadata.add_xmp(xmp);
        }
        if let Some(iptc) = self.iptc.as_ref().filter(|_| short(&self.iptc)) {
            metadata.add_iptc(iptc);
        }
        let orientation = self.exif.as_ref().and_then(|exif| metadata.add_exif(exif));
        (metadata, orientation.unwrap_or(1))
    }

    /// What is written instead of all of it.
    fn kept(&self) -> KeptMetadata {
        let (metadata, orientation) = self.read();
        KeptMetadata { exif: (orientation != 1).then(|| tiff::orientation(orientation)), xmp: metadata.xmp() }
    }
}

/// The metadata that is written into an original.
struct KeptMetadata {
    /// Exif with the orientation only, unless the image stands upright.
    exif: Option<Vec<u8>>,
    /// XMP with caption, credit and copyright, if there are any.
    xmp: Option<Vec<u8>>,
}

/// The differences between a file and what is published of it, in the order of the file.
#[derive(Debug, Default)]
struct Edits(Vec<(Range<usize>, Vec<u8>)>);

impl Edits {
    fn drop(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        match self.0.last_mut() {
            // A file may be made of nothing else.
            Some((last, new)) if last.end == range.start && new.is_empty() => last.end = range.end,
            _ => self.0.push((range, Vec::new())),
        }
    }

    /// Writes something else in a place, if it is something else.
    fn replace(&mut self, bytes: &[u8], range: Range<usize>, new: Vec<u8>) {
        if bytes[range.clone()] != *new {
            self.0.push((range, new));
        }
    }

    fn insert(&mut self, at: usize, new: Vec<u8>) {
        self.0.push((at..at, new));
    }

    /// Makes the differences. They must not overlap; those at the same place are made in the order in which they
    /// came.
    fn apply(mut self, bytes: &mut Vec<u8>) {
        if self.0.is_empty() {
            return;
        }
        // What is written at a place stands in front of what is dropped there.
        self.0.sort_by_key(|(range, _)| (range.start, range.end));
        let grows: usize = self.0.iter().map(|(_, new)| new.len()).sum();
        let shrinks: usize = self.0.iter().map(|(range, _)| range.len()).sum();
        let mut out = Vec::with_capacity(bytes.len() + grows - shrinks);
        let mut at = 0;
        for (range, new) in self.0 {
            out.extend_from_slice(&bytes[at..range.start]);
            out.extend(new);
            at = range.end;
        }
        out.extend_from_slice(&bytes[at..]);
        *bytes = out;
    }
}

/// The parts to keep of a file that addresses them by offset; the rest becomes zeros.
#[derive(Debug, Default)]
struct Extents(Vec<(usize, usize)>);

impl Extents {
    fn keep(&mut self, start: usize, length: usize) {
        let end = start.saturating_add(length);
        match self.0.last_mut() {
            Some(last) if last.1 == start => last.1 = end,
            _ => self.0.push((start, end)),
        }
    }

    /// Overwrites what is not kept in some parts of the file.
    fn blank(mut self, bytes: &mut [u8], areas: impl IntoIterator<Item = Range<usize>>) {
        self.0.sort_unstable();
        self.0.dedup_by(|next, last| {
            let is_joined = next.0 <= last.1;
            last.1 = if is_joined { last.1.max(next.1) } else { last.1 };
            is_joined
        });
        for area in areas {
            let mut at = area.start;
            let first = self.0.partition_point(|(_, end)| *end <= area.start);
            for &(start, end) in self.0[first..].iter().take_while(|(start, _)| *start < area.end) {
                bytes[at..start.max(at)].fill(0);
                at = end.min(area.end);
            }
            bytes[at..area.end].fill(0);
        }
    }
}

fn big16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn big32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// Inflates a zlib stream, unless it is damaged or longer than `most`.
fn inflated(packed: &[u8], most: usize) -> Option<Vec<u8>> {
    let mut decompressor = libdeflater::Decompressor::new();
    // Most are short, and room has to be made for all that it may be.
    let sizes = [(packed.len() * 4).clamp(4096, most), most];
    sizes.into_iter().find_map(|size| {
        let mut out = vec![0; size];
        let length = decompressor.zlib_decompress(packed, &mut out).ok()?;
        out.truncate(length);
        Some(out)
    })
}

/// True if these bytes are a colour profile (ICC.1:2022, 7.2.9) of a sane size.
fn is_profile(bytes: &[u8]) -> bool {
    bytes.len() <= MOST_PROFILE && bytes.get(36..40) == Some(b"acsp")
}

fn ending(path: &str) -> Option<String> {
    let name = path.rsplit('/').next().unwrap_or_default();
    Some(name.rsplit_once('.')?.1.to_ascii_lowercase())
}

/// Raw files of cameras, whose makers' notes are needed to develop them.
fn raw(ending: Option<&str>) -> Option<&'static str> {
    const RAW: [&str; 14] =
        ["3fr", "arw", "cr2", "dcr", "dng", "erf", "iiq", "kdc", "mef", "nef", "nrw", "orf", "pef", "srw"];
    ending.is_some_and(|ending| RAW.contains(&ending)).then_some("raw file of a camera")
}

/// Films of cameras that look like others.
fn camera(ending: &str) -> Option<&'static str> {
    matches!(ending, "braw" | "r3d" | "crm").then_some("raw film of a camera")
}

/// Whether packets of 188 bytes begin with their mark (ISO/IEC 13818-1, 2.4.3.2), with four bytes in front or none.
fn is_transport_stream(start: &[u8]) -> bool {
    let has_marks = |first: usize, step: usize| (0..3).all(|one| start.get(first + one * step) == Some(&0x47));
    !is_text(start) && (has_marks(0, 188) || has_marks(4, 192))
}

fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0)
}

/// Cleans what is embedded in HTML as `data:` in Base64; why a position may still be in it.
pub fn clean_embedded(html: &mut String) -> Option<Doubt> {
    let mut edits = Edits::default();
    let doubt = svg::embedded(html, 0, &[], &mut edits).err();
    if !edits.0.is_empty() {
        let mut bytes = std::mem::take(html).into_bytes();
        edits.apply(&mut bytes);
        *html = String::from_utf8(bytes).expect("Base64 was written into text");
    }
    doubt
}

/// Whether images that are embedded in a text say more than they show.
pub fn says_more(text: &[u8]) -> bool {
    let Some(text) = svg::may_embed(text).then(|| std::str::from_utf8(text).ok()).flatten() else { return false };
    let mut edits = Edits::default();
    svg::embedded(text, 0, &[], &mut edits).is_err() || !edits.0.is_empty()
}

/// Whether HTML may have such images: a quick look.
pub fn may_embed(html: &str) -> bool {
    svg::may_embed(html.as_bytes())
}

/// The doubt about a file that does not begin as a known format does. Text is harmless: readers see all of it.
fn doubt(ending: &str, bytes: &[u8]) -> Option<Doubt> {
    const TAKEN_APART: [&str; 20] = [
        "jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "tif", "tiff", "heic", "heif", "avif", "mp4", "mov", "m4v",
        "m4a", "3gp", "avi", "mkv", "webm",
    ];
    let doubt = match promised(ending) {
        Some(name) => Doubt::Format(name),
        None if TAKEN_APART.contains(&ending) => Doubt::Damaged,
        None => return None,
    };
    let is_harmless = std::str::from_utf8(bytes).is_ok() && !bytes.starts_with(b"%!PS");
    (!is_harmless).then_some(doubt)
}

/// The format that a name promises, of those that are not taken apart and have no sign that is looked for.
fn promised(ending: &str) -> Option<&'static str> {
    Some(match ending {
        "mts" | "m2ts" | "m2t" | "tod" => "MPEG-2 transport stream",
        "mpg" | "mpeg" | "vob" | "mod" => "MPEG program stream",
        "wmv" | "asf" | "wma" => "Windows Media",
        "flv" => "Flash video",
        "mxf" => "MXF",
        "aif" | "aiff" | "aifc" => "AIFF",
        "amr" | "awb" => "AMR",
        "caf" => "CAF",
        "ogv" => "Ogg",
        "rm" | "rmvb" => "RealMedia",
        "psb" => "PSD",
        "xcf" => "XCF",
        "ai" | "eps" => "PostScript",
        "svgz" => "compressed SVG",
        "j2k" | "j2c" | "jpc" => "JPEG 2000",
        "raf" | "rw2" | "rwl" | "srf" | "sr2" | "x3f" | "orf" | "crw" => "raw file of a camera",
        _ => return raw(Some(ending)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_kept_becomes_zeros() {
        let blanked = |kept: &[(usize, usize)]| {
            let mut extents = Extents::default();
            kept.iter().for_each(|(start, length)| extents.keep(*start, *length));
            let mut bytes = (1..=10).collect::<Vec<u8>>();
            extents.blank(&mut bytes, std::iter::once(2..8));
            bytes
        };
        assert_eq!(blanked(&[]), [1, 2, 0, 0, 0, 0, 0, 0, 9, 10]);
        assert_eq!(blanked(&[(6, 1), (0, 4)]), [1, 2, 3, 4, 0, 0, 7, 0, 9, 10]);
        assert_eq!(blanked(&[(3, 1), (4, 100), (5, 1)]), [1, 2, 0, 4, 5, 6, 7, 8, 9, 10]);
        assert_eq!(blanked(&[(9, usize::MAX)]), [1, 2, 0, 0, 0, 0, 0, 0, 9, 10]);
    }

    #[test]
    fn edits_are_made_in_their_order() {
        let mut bytes = b"abcdef".to_vec();
        let mut edits = Edits::default();
        edits.drop(3..4);
        edits.drop(4..5);
        edits.replace(&bytes, 1..2, b"b".to_vec());
        edits.insert(1, b"12".to_vec());
        edits.insert(1, b"34".to_vec());
        edits.apply(&mut bytes);
        assert_eq!(bytes, b"a1234bcf");
    }

    #[test]
    fn containers_that_are_not_taken_apart_are_named() {
        let mut stream = vec![0xFF; 188 * 3];
        (0..3).for_each(|packet| stream[packet * 188] = 0x47);
        for (path, bytes, name) in [
            ("a.wav", &b"RF64\xFF\xFF\xFF\xFFWAVEds64"[..], "RF64"),
            ("a.ts", &stream, "MPEG-2 transport stream"),
            ("a.mxf", b"\x06\x0E\x2B\x34\x02\x05", "MXF"),
            ("a.r3d", b"\0\0\x01\xFFRED2", "raw film of a camera"),
            ("a.braw", b"\0\0\0\x08wide\0\0\0\x08mdat\xFF", "raw film of a camera"),
            ("a.aiff", b"FORM\0\0\0\0AIFFCOMM", "AIFF"),
            ("a.caf", b"caff\0\x01\0\0desc", "CAF"),
            ("a.aac", b"ID3\x04\0\0\0\0\0\x01", "AAC with ID3"),
            ("a.amr", b"#!AMR\n", "AMR"),
            ("a.svg", b"\x1F\x8B\x08\0", "compressed SVG"),
        ] {
            assert_eq!(clean(path, bytes.to_vec()).doubt, Some(Doubt::Format(name)), "{path}");
        }
        let script = "G".repeat(600);
        assert_eq!(clean("a.ts", script.into_bytes()).doubt, None);
    }

    #[test]
    fn files_of_other_kinds_are_left_alone() {
        for (path, bytes) in [
            ("a.txt", &b"Get free tickets"[..]),
            ("a.html", b"<!doctype html><svg><metadata>54.1</metadata></svg>"),
            ("a.jpg", b"not yet"),
            ("a.pdf", b"%PDF-1.7"),
            ("free", b"\0\0\0\x10free"),
        ] {
            let clean = clean(path, bytes.to_vec());
            assert_eq!(clean, Clean { bytes: bytes.to_vec(), doubt: None }, "{path}");
        }
        assert_eq!(clean("a.mov", b"\0\0\xFFx".to_vec()).doubt, Some(Doubt::Damaged));
        assert_eq!(clean("a.mts", b"Words.".to_vec()).doubt, None);
        assert_eq!(clean("a.eps", b"%!PS-Adobe".to_vec()).doubt, Some(Doubt::Format("PostScript")));
        assert_eq!(clean("a/B.MTS", b"G\xFF".to_vec()).doubt, Some(Doubt::Format("MPEG-2 transport stream")));
    }
}
