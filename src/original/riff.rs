//! RIFF: WebP (<https://developers.google.com/speed/webp/docs/riff_container>) and WAVE. Chunks, which nest in the
//! frames of a moving image only.

use std::ops::Range;

use super::{Doubt, Edits, Parts, is_profile};

/// Length of what stands in front of the chunks: `RIFF`, a length, what it is.
const HEADER: usize = 12;

/// Length of what stands in front of the chunks of a frame.
const FRAME: usize = 16;

struct Chunk<'a> {
    kind: [u8; 4],
    /// With kind, length and padding.
    range: Range<usize>,
    data: &'a [u8],
}

/// The chunks in a part of the file; the last one may be cut off.
fn chunks(bytes: &[u8], within: Range<usize>) -> impl Iterator<Item = Chunk<'_>> {
    let mut at = within.start;
    std::iter::from_fn(move || {
        let head = bytes.get(at..at + 8).filter(|_| at + 8 <= within.end)?;
        let kind = head[..4].try_into().ok()?;
        let length = u32::from_le_bytes(head[4..].try_into().ok()?) as usize;
        let start = at;
        let data = &bytes[at + 8..(at + 8).saturating_add(length).min(within.end)];
        at = (at + 8).saturating_add(length).saturating_add(length % 2).min(within.end);
        Some(Chunk { kind, range: start..at, data })
    })
}

/// What lies in the outermost chunk.
fn inside(bytes: &[u8]) -> Range<usize> {
    let length = bytes.get(4..8).and_then(|four| four.try_into().ok()).map_or(0, u32::from_le_bytes) as usize;
    HEADER..length.saturating_add(8).clamp(HEADER, bytes.len().max(HEADER))
}

pub(super) fn parts(bytes: &[u8]) -> Parts<'_> {
    let mut parts = Parts::default();
    for Chunk { kind, data, .. } in chunks(bytes, inside(bytes)) {
        match &kind {
            b"EXIF" => parts.exif.get_or_insert(data.into()),
            b"XMP " => parts.xmp.get_or_insert(data.into()),
            _ => continue,
        };
    }
    parts
}

fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let padding = &[0][..data.len() % 2];
    [&kind, &(data.len() as u32).to_le_bytes(), data, padding].concat()
}

pub(super) fn edits(bytes: &[u8]) -> Result<Edits, Doubt> {
    let inside = inside(bytes);
    if inside.is_empty() {
        return Err(Doubt::Damaged);
    }
    let mut edits = Edits::default();
    if bytes[8..12] == *b"WAVE" {
        for Chunk { kind, range, data } in chunks(bytes, inside.clone()) {
            if kind == *b"data" && data.is_empty() {
                // Written as a stream: its length came later, or never.
                return Err(Doubt::Damaged);
            }
            if !matches!(&kind, b"fmt " | b"fact" | b"data" | b"cue " | b"smpl" | b"PEAK") {
                edits.drop(range);
            }
        }
    } else {
        webp(bytes, inside.clone(), &mut edits);
    }
    let removed: usize = edits.0.iter().map(|(range, _)| range.len()).sum();
    let added: usize = edits.0.iter().map(|(_, new)| new.len()).sum();
    edits.drop(inside.end..bytes.len());
    if removed != added {
        let length = (inside.end - 8 + added - removed) as u32;
        edits.replace(bytes, 4..8, length.to_le_bytes().to_vec());
    }
    Ok(edits)
}

fn webp(bytes: &[u8], inside: Range<usize>, edits: &mut Edits) {
    let kept = parts(bytes).kept();
    let mut exif = kept.exif.map(|exif| chunk(*b"EXIF", &exif));
    let mut xmp = kept.xmp.map(|xmp| chunk(*b"XMP ", &xmp));
    let has = (exif.is_some(), xmp.is_some());
    let mut flags = None;
    let mut has_profile = false;
    for Chunk { kind, range, data } in chunks(bytes, inside.clone()) {
        let is_as_written = |new: &Option<Vec<u8>>| new.as_deref() == Some(&bytes[range.clone()]);
        let is_kept = match &kind {
            b"VP8X" if flags.is_none() && data.len() == 10 => {
                flags = Some((range.start + 8, data[0]));
                true
            }
            b"ICCP" => is_profile(data) && !std::mem::replace(&mut has_profile, true),
            b"ANMF" => {
                frame(bytes, &range, data.len(), edits);
                true
            }
            b"EXIF" if is_as_written(&exif) => exif.take().is_some(),
            b"XMP " if is_as_written(&xmp) => xmp.take().is_some(),
            kind => matches!(kind, b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM"),
        };
        if !is_kept {
            edits.drop(range);
        }
    }
    // Without the header that says so nobody looks for them.
    let Some((at, old)) = flags else { return };
    const PROFILE: u8 = 0x20;
    const EXIF: u8 = 0x08;
    const XMP: u8 = 0x04;
    let mut new = old & !(PROFILE | EXIF | XMP);
    for (is_there, flag) in [(has_profile, PROFILE), (has.0, EXIF), (has.1, XMP)] {
        new |= if is_there { flag } else { 0 };
    }
    edits.replace(bytes, at..at + 1, vec![new]);
    for new in [exif, xmp].into_iter().flatten() {
        edits.insert(inside.end, new);
    }
}

/// A frame of a moving image has chunks of its own.
fn frame(bytes: &[u8], range: &Range<usize>, length: usize, edits: &mut Edits) {
    let start = range.start + 8;
    let end = start + length;
    if length < FRAME {
        return;
    }
    let mut removed = 0;
    for Chunk { kind, range, .. } in chunks(bytes, start + FRAME..end) {
        if !matches!(&kind, b"VP8 " | b"VP8L" | b"ALPH") {
            removed += range.len();
            edits.drop(range);
        }
    }
    if removed > 0 {
        edits.replace(bytes, start - 4..start, ((length - removed) as u32).to_le_bytes().to_vec());
    }
}
