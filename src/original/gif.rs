//! GIF (<https://www.w3.org/Graphics/GIF/spec-gif89a.txt>): blocks, up to the trailer.

use super::{Doubt, Edits, MOST_PROFILE};

/// Length of what stands in front of the blocks, without the colours.
const HEADER: usize = 13;

/// Bytes of a table of colours, as the flags in front of it say.
fn colours(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// The end of the sub-blocks that begin at `at`.
fn end_of_data(bytes: &[u8], mut at: usize) -> usize {
    while let Some(length) = bytes.get(at) {
        at += 1 + usize::from(*length);
        if *length == 0 {
            return at;
        }
    }
    bytes.len()
}

pub(super) fn edits(bytes: &[u8]) -> Result<Edits, Doubt> {
    let mut edits = Edits::default();
    let mut at = HEADER + bytes.get(10).map_or(0, |flags| colours(*flags));
    while let Some(kind) = bytes.get(at) {
        let start = at;
        match kind {
            b',' => {
                let flags = bytes.get(at + 9).copied().unwrap_or_default();
                // Its place and size, its colours, how many bits there are.
                at = end_of_data(bytes, at + 10 + colours(flags) + 1);
            }
            b'!' => {
                at = end_of_data(bytes, at + 2);
                if !is_kept(&bytes[start..at]) {
                    edits.drop(start..at);
                }
            }
            b';' => {
                edits.drop(start + 1..bytes.len());
                return Ok(edits);
            }
            // Padding, or the end of the sense.
            _ => {
                edits.drop(start..bytes.len());
                return Ok(edits);
            }
        }
    }
    Ok(edits)
}

/// How long a frame is shown, how often all of them, and the colour profile.
fn is_kept(block: &[u8]) -> bool {
    match block {
        [b'!', 0xF9, 4, _, _, _, _, 0] => true,
        [b'!', 0xFF, 11, rest @ ..] => match rest.split_at_checked(11) {
            Some((b"NETSCAPE2.0" | b"ANIMEXTS1.0", data)) => matches!(data, [3, 1, _, _, 0]),
            Some((b"ICCRGBG1012", data)) => data.len() <= MOST_PROFILE && data.get(37..41) == Some(b"acsp"),
            _ => false,
        },
        _ => false,
    }
}
