//! The items of an image (ISO/IEC 23008-12): coded images and how they are put together are kept; Exif, XMP and
//! everything else that lies beside them goes.

use std::ops::Range;

use super::{Doubt, Extents, Kind, atoms, find};
use crate::original::{Metadata, big16, big32};

/// Coded images, and images that are put together from others.
const KEPT: [&Kind; 11] =
    [b"av01", b"hvc1", b"hev1", b"lhv1", b"avc1", b"vvc1", b"j2k1", b"grid", b"iden", b"iovl", b"tmap"];

/// What images are described by: how they are decoded, their size, colours, cuts and turns.
pub(super) const PROPERTIES: [&Kind; 29] = [
    b"ispe", b"pixi", b"colr", b"irot", b"imir", b"clap", b"pasp", b"auxC", b"av1C", b"hvcC", b"lhvC", b"avcC",
    b"vvcC", b"j2kH", b"a1op", b"a1lx", b"lsel", b"oinf", b"tols", b"rloc", b"clli", b"mdcv", b"cclv", b"amve",
    b"rref", b"reve", b"ndwt", b"free", b"skip",
];

/// Empty Exif: the offset of its start, then a directory without tags.
const EMPTY: &[u8] = b"\0\0\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0";

struct Item {
    number: u32,
    kind: Kind,
    is_xmp: bool,
}

/// Where an item lies: its number, and the parts, each a start and a length.
type Place = (u32, Vec<(usize, usize)>);

pub(super) struct Items {
    /// By number.
    all: Vec<Item>,
    places: Vec<Place>,
    primary: Option<u32>,
}

/// Reads numbers of several lengths, one after the other.
struct Numbers<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Numbers<'_> {
    fn next(&mut self, width: usize) -> Option<usize> {
        let bytes = self.bytes.get(self.at..self.at.checked_add(width)?)?;
        self.at += width;
        Some(bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)))
    }
}

impl Items {
    pub(super) fn of(bytes: &[u8], meta: Range<usize>) -> Result<Self, Doubt> {
        let part = |kind| find(bytes, meta.clone(), kind);
        let information = part(b"iinf").ok_or(Doubt::Damaged)?;
        let is_short = bytes.get(information.body) == Some(&0);
        let entries = information.body + if is_short { 6 } else { 8 };
        let mut all = Vec::new();
        for entry in atoms(bytes, entries.min(information.end)..information.end) {
            let item = item(bytes, &entry.inside_full(), bytes.get(entry.body).copied());
            all.push(item.ok_or(Doubt::Format("HEIF of an old version"))?);
        }
        all.sort_by_key(|item| item.number);
        let primary = part(b"pitm").and_then(|one| match bytes.get(one.body)? {
            0 => big16(bytes, one.body + 4).map(u32::from),
            _ => big32(bytes, one.body + 4),
        });
        let data = part(b"idat").map_or(0..0, |one| one.inside());
        let places = match part(b"iloc") {
            Some(one) => places(&bytes[..one.end], one.body, &data).ok_or(Doubt::Format("HEIF of a rare kind"))?,
            None => Vec::new(),
        };
        Ok(Self { all, places, primary })
    }

    fn item(&self, number: u32) -> Option<&Item> {
        self.all.binary_search_by_key(&number, |item| item.number).ok().map(|at| &self.all[at])
    }

    /// Notes what is kept, and what is written over the rest.
    pub(super) fn keep(
        &self,
        bytes: &[u8],
        extents: &mut Extents,
        written: &mut Vec<(usize, Vec<u8>)>,
    ) -> Result<(), Doubt> {
        let is_image = |item: &Item| KEPT.contains(&&item.kind);
        if !self.primary.and_then(|number| self.item(number)).is_none_or(is_image) {
            return Err(Doubt::Format("HEIF with images of an unknown kind"));
        }
        let mut length_of_all = 0_usize;
        for (number, parts) in &self.places {
            let Some(item) = self.item(*number) else { continue };
            if is_image(item) {
                parts.iter().for_each(|(start, length)| extents.keep(*start, *length));
            } else if let [(start, length)] = parts[..]
                && let Some(old) = bytes.get(start..start.saturating_add(length))
            {
                // Many items may say that they lie at the same place.
                length_of_all = length_of_all.saturating_add(length);
                if length_of_all > bytes.len() {
                    return Err(Doubt::Damaged);
                }
                let new = match &item.kind {
                    b"Exif" if length >= EMPTY.len() => EMPTY.to_vec(),
                    _ if item.is_xmp => Metadata::rewritten(old).unwrap_or_else(|| vec![b' '; length]),
                    _ => continue,
                };
                written.push((start, new));
            }
        }
        Ok(())
    }
}

/// An item of `infe` (ISO/IEC 14496-12, 8.11.6).
fn item(bytes: &[u8], inside: &Range<usize>, version: Option<u8>) -> Option<Item> {
    let width = match version? {
        2 => 2,
        3 => 4,
        _ => return None,
    };
    let mut numbers = Numbers { bytes: &bytes[..inside.end], at: inside.start };
    let number = numbers.next(width)? as u32;
    let _protection = numbers.next(2)?;
    let kind = (numbers.next(4)? as u32).to_be_bytes();
    let rest = bytes.get(numbers.at..inside.end)?;
    let content_type = rest.split(|byte| *byte == 0).nth(1).unwrap_or_default();
    Some(Item { number, kind, is_xmp: kind == *b"mime" && content_type == b"application/rdf+xml" })
}

/// The places of the items, from `iloc` (ISO/IEC 14496-12, 8.11.3), if all of them lie in this file.
fn places(bytes: &[u8], body: usize, data: &Range<usize>) -> Option<Vec<Place>> {
    let version = *bytes.get(body).filter(|version| **version < 3)?;
    let mut numbers = Numbers { bytes, at: body + 4 };
    let sizes = numbers.next(2)?;
    let [offset_size, length_size, base_size, index_size] = [12, 8, 4, 0].map(|shift| sizes >> shift & 15);
    let width = if version == 2 { 4 } else { 2 };
    let count = numbers.next(width)?;
    let mut all = Vec::new();
    for _ in 0..count {
        let number = numbers.next(width)? as u32;
        let method = if version > 0 { numbers.next(2)? & 15 } else { 0 };
        let file = numbers.next(2)?;
        let base = numbers.next(base_size)?;
        let from = match (method, file) {
            (0, 0) => 0,
            (1, 0) => data.start,
            _ => return None,
        };
        let mut parts = Vec::new();
        for _ in 0..numbers.next(2)? {
            let _index = if version > 0 { numbers.next(index_size)? } else { 0 };
            let offset = numbers.next(offset_size)?;
            let length = numbers.next(length_size)?;
            let start = from.checked_add(base)?.checked_add(offset)?;
            // No length at all means all of the file.
            (length > 0).then(|| parts.push((start, length)))?;
        }
        all.push((number, parts));
    }
    Some(all)
}
