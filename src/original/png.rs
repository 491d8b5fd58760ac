//! PNG (<https://www.w3.org/TR/png-3/>): chunks, up to `IEND`.

use std::borrow::Cow;
use std::ops::Range;

use super::{Doubt, Edits, MOST_METADATA, MOST_PROFILE, Parts, big32, inflated, is_profile};

/// What is needed to show an image, still or moving.
const KEPT: [&[u8; 4]; 19] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"mDCv",
    b"cLLI", b"cLLi", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

/// The keyword of a chunk with XMP (XMP specification, part 3, 1.1.5).
const XMP: &[u8] = b"XML:com.adobe.xmp\0";

/// What the keyword of a chunk with IPTC begins with.
const RAW: &[u8] = b"Raw profile type ";

const SIGNATURE: usize = 8;

struct Chunk<'a> {
    kind: [u8; 4],
    /// With length and checksum.
    range: Range<usize>,
    data: &'a [u8],
}

/// The chunks; the last one may be cut off.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    let mut at = SIGNATURE;
    let mut is_over = false;
    std::iter::from_fn(move || {
        if is_over {
            return None;
        }
        let length = big32(bytes, at)? as usize;
        let kind = bytes.get(at + 4..at + 8)?.try_into().ok()?;
        let start = at;
        let data = &bytes[at + 8..(at + 8).saturating_add(length).min(bytes.len())];
        at = (at + 12).saturating_add(length).min(bytes.len());
        is_over = kind == *b"IEND";
        Some(Chunk { kind, range: start..at, data })
    })
}

pub(super) fn parts(bytes: &[u8]) -> Parts<'_> {
    let mut parts = Parts::default();
    for Chunk { kind, data, .. } in chunks(bytes) {
        match &kind {
            b"eXIf" => {
                parts.exif.get_or_insert(data.into());
            }
            // The first one counts, even if it cannot be read: each may take long to unpack.
            b"iTXt" if parts.xmp.is_none() && data.starts_with(XMP) => {
                parts.xmp = Some(xmp(&data[XMP.len()..]).unwrap_or_default());
            }
            b"zTXt" | b"tEXt" if parts.iptc.is_none() && data.starts_with(RAW) => {
                parts.iptc = Some(iptc(&kind, &data[RAW.len()..]).unwrap_or_default());
            }
            _ => {}
        }
    }
    parts
}

fn xmp(data: &[u8]) -> Option<Cow<'_, [u8]>> {
    let [is_packed, _method, rest @ ..] = data else { return None };
    // Behind the language and the translated keyword.
    let mut rest = rest.splitn(3, |byte| *byte == 0);
    let text = rest.nth(2)?;
    if *is_packed == 0 { Some(text.into()) } else { inflated(text, MOST_METADATA).map(Into::into) }
}

/// IPTC as ImageMagick writes it: a keyword, then the name, the length and the bytes as hexadecimal digits.
fn iptc(kind: &[u8; 4], data: &[u8]) -> Option<Cow<'static, [u8]>> {
    let rest = data.strip_prefix(b"iptc\0").or_else(|| data.strip_prefix(b"8bim\0"))?;
    let text: Cow<'_, [u8]> =
        if kind == b"zTXt" { inflated(rest.get(1..)?, 3 * MOST_METADATA)?.into() } else { rest.into() };
    let digits = text.splitn(4, |byte| *byte == b'\n').nth(3)?;
    let digits: Vec<u8> = digits
        .iter()
        .filter_map(|digit| Some(char::from(*digit).to_digit(16)? as u8))
        .take(2 * MOST_METADATA)
        .collect();
    Some(digits.chunks_exact(2).map(|two| two[0] << 4 | two[1]).collect::<Vec<u8>>().into())
}

fn is_packed_profile(data: &[u8]) -> bool {
    let Some(end) = memchr::memchr(0, &data[..data.len().min(80)]) else { return false };
    let packed = data.get(end + 2..).unwrap_or_default();
    inflated(packed, MOST_PROFILE).is_some_and(|profile| is_profile(&profile))
}

fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len() + 12);
    out.extend((data.len() as u32).to_be_bytes());
    out.extend(kind);
    out.extend(data);
    let checksum = libdeflater::crc32(&out[4..]);
    out.extend(checksum.to_be_bytes());
    out
}

pub(super) fn edits(bytes: &[u8]) -> Result<Edits, Doubt> {
    let mut edits = Edits::default();
    let kept = parts(bytes).kept();
    let mut exif = kept.exif.map(|exif| chunk(*b"eXIf", &exif));
    let mut xmp = kept.xmp.map(|xmp| chunk(*b"iTXt", &[XMP, b"\0\0\0\0", &xmp].concat()));
    let mut at = SIGNATURE;
    let (mut front, mut has_profile) = (None, false);
    for Chunk { kind, range, data } in chunks(bytes) {
        at = range.end;
        if kind == *b"IHDR" {
            front.get_or_insert(range.end);
        }
        let is_as_written = |new: &Option<Vec<u8>>| new.as_deref() == Some(&bytes[range.clone()]);
        let is_kept = match &kind {
            b"iCCP" => !std::mem::replace(&mut has_profile, true) && is_packed_profile(data),
            b"eXIf" if is_as_written(&exif) => exif.take().is_some(),
            b"iTXt" if is_as_written(&xmp) => xmp.take().is_some(),
            kind => KEPT.contains(&kind),
        };
        if !is_kept {
            edits.drop(range);
        }
    }
    edits.drop(at..bytes.len());
    let front = front.ok_or(Doubt::Damaged)?;
    for new in [exif, xmp].into_iter().flatten() {
        edits.insert(front, new);
    }
    Ok(edits)
}
