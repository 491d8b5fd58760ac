//! TIFF 6.0, which is also what Exif is written in: directories of tags, whose values stand anywhere in the file.
//!
//! A file loses the tags that are not needed to show it, and all bytes that no remaining tag leads to become zeros.

use rustc_hash::FxHashSet;

use super::{Doubt, Extents, MOST_METADATA, Metadata, is_profile};

pub(super) const IMAGE_DESCRIPTION: u16 = 270;
pub(super) const ARTIST: u16 = 315;
pub(super) const COPYRIGHT: u16 = 33432;
const COMPRESSION: u16 = 259;
const STRIP_OFFSETS: u16 = 273;
const ORIENTATION: u16 = 274;
const STRIP_BYTES: u16 = 279;
const TILE_OFFSETS: u16 = 324;
const TILE_BYTES: u16 = 325;
const SUB_DIRECTORIES: u16 = 330;
const XMP: u16 = 700;
const PROFILE: u16 = 34675;

/// What is needed to show an image, with caption, author and copyright: the tags of the baseline and of its common
/// extensions. Not among them: makers, programs, hosts, dates, Exif, GPS, IPTC, Photoshop, GeoTIFF.
const KEPT: [u16; 55] = [
    254,
    255,
    256,
    257,
    258,
    COMPRESSION,
    262,
    263,
    264,
    265,
    266,
    IMAGE_DESCRIPTION,
    STRIP_OFFSETS,
    ORIENTATION,
    277,
    278,
    STRIP_BYTES,
    280,
    281,
    282,
    283,
    284,
    288,
    289,
    290,
    291,
    292,
    293,
    296,
    297,
    301,
    ARTIST,
    317,
    318,
    319,
    320,
    321,
    322,
    323,
    TILE_OFFSETS,
    TILE_BYTES,
    SUB_DIRECTORIES,
    332,
    334,
    336,
    338,
    339,
    340,
    341,
    347,
    529,
    530,
    531,
    532,
    COPYRIGHT,
];

/// JPEG as TIFF 6.0 had it at first, with offsets into the file that only its decoders understand.
const OLD_JPEG: u32 = 6;

/// Which end numbers begin with.
#[derive(Clone, Copy)]
struct ByteOrder {
    is_big: bool,
}

impl ByteOrder {
    fn of(bytes: &[u8]) -> Option<Self> {
        match bytes.get(..4)? {
            b"II*\0" => Some(Self { is_big: false }),
            b"MM\0*" => Some(Self { is_big: true }),
            _ => None,
        }
    }

    fn short(self, bytes: &[u8], at: usize) -> Option<u16> {
        let two = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.is_big { u16::from_be_bytes(two) } else { u16::from_le_bytes(two) })
    }

    fn long(self, bytes: &[u8], at: usize) -> Option<u32> {
        let four = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.is_big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) })
    }

    fn write_long(self, bytes: &mut [u8], at: usize, value: u32) {
        bytes[at..at + 4].copy_from_slice(&if self.is_big { value.to_be_bytes() } else { value.to_le_bytes() });
    }
}

/// A tag and where its values are.
#[derive(Clone, Copy)]
struct Entry {
    tag: u16,
    /// Where it stands in its directory.
    at: usize,
    kind: u16,
    count: usize,
    /// Where its values begin.
    value: usize,
    /// Bytes of all its values.
    length: usize,
}

/// Bytes of a tag in its directory.
const ENTRY: usize = 12;

impl Entry {
    /// The values, if they are in the file.
    fn bytes<'b>(&self, bytes: &'b [u8]) -> Option<&'b [u8]> {
        bytes.get(self.value..self.value.checked_add(self.length)?)
    }

    /// One of its values, if they are whole numbers.
    fn number(&self, order: ByteOrder, bytes: &[u8], number: usize) -> Option<u32> {
        match self.kind {
            3 => order.short(bytes, self.value.checked_add(2 * number)?).map(u32::from),
            4 | 13 => order.long(bytes, self.value.checked_add(4 * number)?),
            _ => None,
        }
    }

    fn numbers(&self, order: ByteOrder, bytes: &[u8]) -> Option<Vec<u32>> {
        self.bytes(bytes)?;
        (0..self.count).map(|number| self.number(order, bytes, number)).collect()
    }
}

/// The tags of a directory and the place of the pointer to the next one, if they are in the file. Tags of a
/// kind that is not known are left out.
fn directory(order: ByteOrder, bytes: &[u8], at: usize) -> Option<(Vec<Entry>, usize)> {
    let count = usize::from(order.short(bytes, at)?);
    let end = at + 2 + count * ENTRY;
    bytes.get(at..end)?;
    let entry = |number: usize| {
        let at = at + 2 + number * ENTRY;
        let kind = order.short(bytes, at + 2)?;
        let size = match kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            _ => return None,
        };
        let count = order.long(bytes, at + 4)? as usize;
        let length = count.checked_mul(size)?;
        let value = if length <= 4 { at + 8 } else { order.long(bytes, at + 8)? as usize };
        Some(Entry { tag: order.short(bytes, at)?, at, kind, count, value, length })
    };
    Some(((0..count).filter_map(entry).collect(), end))
}

/// What Exif says that is of use.
pub(super) struct Texts<'a> {
    /// How the image is to be turned, from 1 to 8.
    pub(super) orientation: Option<u8>,
    /// Who made it.
    pub(super) artist: Option<&'a [u8]>,
    /// Whose it is.
    pub(super) copyright: Option<&'a [u8]>,
}

impl<'a> Texts<'a> {
    /// Reads the first directory.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let order = ByteOrder::of(bytes)?;
        let (entries, _) = directory(order, bytes, order.long(bytes, 4)? as usize)?;
        let find = |tag| entries.iter().find(|entry| entry.tag == tag);
        let text = |tag| find(tag).filter(|entry| entry.kind == 2)?.bytes(bytes);
        let orientation = find(ORIENTATION).and_then(|entry| entry.number(order, bytes, 0));
        let orientation = orientation.filter(|orientation| (1..=8).contains(orientation)).map(|one| one as u8);
        Some(Self { orientation, artist: text(ARTIST), copyright: text(COPYRIGHT) })
    }
}

/// Exif that says nothing but how an image is to be turned.
pub(super) fn orientation(orientation: u8) -> Vec<u8> {
    let mut out = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    out.extend([orientation, 0, 0, 0, 0, 0, 0]);
    out
}

/// Exif with a few texts, in the order of their tags.
#[cfg(feature = "images")]
pub(super) fn texts(fields: &[(u16, &str)]) -> Vec<u8> {
    let mut out = b"MM\0*\0\0\0\x08".to_vec();
    out.extend((fields.len() as u16).to_be_bytes());
    let mut values = Vec::new();
    let start = out.len() + fields.len() * ENTRY + 4;
    for (tag, text) in fields {
        let text = [text.as_bytes(), b"\0"].concat();
        out.extend(tag.to_be_bytes());
        out.extend([0, 2]);
        out.extend((text.len() as u32).to_be_bytes());
        if text.len() <= 4 {
            out.extend(&text);
            out.resize(out.len() + 4 - text.len(), 0);
        } else {
            out.extend(((start + values.len()) as u32).to_be_bytes());
            values.extend(text);
            values.resize(values.len().next_multiple_of(2), 0);
        }
    }
    out.extend([0; 4]);
    out.extend(values);
    out
}

/// Takes out of a file what is not needed to show it.
pub(super) fn clean(bytes: &mut [u8]) -> Result<(), Doubt> {
    let order = ByteOrder::of(bytes).ok_or(Doubt::Damaged)?;
    let mut extents = Extents::default();
    extents.keep(0, 8);
    let mut next = vec![order.long(bytes, 4).ok_or(Doubt::Damaged)? as usize];
    let mut seen = FxHashSet::default();
    // Directories and their values may lie over each other, so that there seem to be more than a file has room for.
    let mut room = 2 * bytes.len();
    while let Some(at) = next.pop().filter(|at| *at != 0) {
        if !seen.insert(at) {
            continue;
        }
        let read = clean_directory(order, bytes, at, &mut extents, &mut next)?;
        room = room.checked_sub(read).ok_or(Doubt::Damaged)?;
    }
    let all = 8..bytes.len();
    extents.blank(bytes, [all]);
    Ok(())
}

/// Takes tags out of a directory, and notes what remains and which directories it names; how many bytes were read.
fn clean_directory(
    order: ByteOrder,
    bytes: &mut [u8],
    at: usize,
    extents: &mut Extents,
    next: &mut Vec<usize>,
) -> Result<usize, Doubt> {
    let (mut entries, end) = directory(order, bytes, at).ok_or(Doubt::Damaged)?;
    // Some leave out the pointer of the last directory.
    let following = order.long(bytes, end).unwrap_or(0);
    next.push(following as usize);
    let read = 2 + entries.iter().map(|entry| ENTRY + entry.length.min(bytes.len())).sum::<usize>();
    let find = |tag: u16| entries.iter().find(|entry| entry.tag == tag).copied();
    if find(COMPRESSION).and_then(|entry| entry.number(order, bytes, 0)) == Some(OLD_JPEG) {
        return Err(Doubt::Format("TIFF with JPEG of the first kind"));
    }
    for (offsets, lengths) in [(STRIP_OFFSETS, STRIP_BYTES), (TILE_OFFSETS, TILE_BYTES)] {
        let Some(offsets) = find(offsets) else { continue };
        let numbers = |entry: Entry| entry.numbers(order, bytes);
        let lengths = find(lengths).and_then(numbers).ok_or(Doubt::Damaged)?;
        let offsets = numbers(offsets).ok_or(Doubt::Damaged)?;
        offsets.iter().zip(lengths).for_each(|(at, length)| extents.keep(*at as usize, length as usize));
    }
    if let Some(directories) = find(SUB_DIRECTORIES) {
        next.extend(directories.numbers(order, bytes).ok_or(Doubt::Damaged)?.into_iter().map(|at| at as usize));
    }
    entries.retain(|entry| match entry.tag {
        XMP => rewrite_xmp(bytes, entry),
        PROFILE => entry.bytes(bytes).is_some_and(is_profile),
        tag => KEPT.contains(&tag),
    });
    for (number, entry) in entries.iter().enumerate() {
        bytes.copy_within(entry.at..entry.at + ENTRY, at + 2 + number * ENTRY);
        if entry.length > 4 {
            extents.keep(entry.value, entry.length);
        }
    }
    let count = entries.len() as u16;
    bytes[at..at + 2].copy_from_slice(&if order.is_big { count.to_be_bytes() } else { count.to_le_bytes() });
    let end = at + 2 + entries.len() * ENTRY;
    if end + 4 <= bytes.len() {
        order.write_long(bytes, end, following);
    }
    extents.keep(at, end + 4 - at);
    Ok(read)
}

/// Writes caption, credit and copyright over a packet, if there are any and there is room.
fn rewrite_xmp(bytes: &mut [u8], entry: &Entry) -> bool {
    let Some(packet) = entry.bytes(bytes).filter(|_| (5..=MOST_METADATA).contains(&entry.length)) else { return false };
    let Some(xmp) = Metadata::rewritten(packet) else { return false };
    bytes[entry.value..entry.value + entry.length].copy_from_slice(&xmp);
    true
}
