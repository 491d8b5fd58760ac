//! JPEG (ISO/IEC 10918-1, annex B): segments, each with a marker, up to the end of the image.
//!
//! Kept are the segments that a decoder needs, JFIF, the colour profile and Adobe's note on colours. Behind the end of
//! the image phones append films, second images and notes.

use std::ops::Range;

use super::{Doubt, Edits, MOST_PROFILE, Parts, big16, is_profile};

/// What a segment with XMP begins with (XMP specification, part 3, 1.1.3).
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const EXIF: &[u8] = b"Exif\0\0";
const PROFILE: &[u8] = b"ICC_PROFILE\0";
const PHOTOSHOP: &[u8] = b"Photoshop 3.0\0";

/// The largest XMP packet that a segment takes.
const MOST_XMP: usize = 65_000;

const APP0: u8 = 0xE0;
const APP1: u8 = 0xE1;
const APP2: u8 = 0xE2;
const APP13: u8 = 0xED;
const APP14: u8 = 0xEE;
const START_OF_SCAN: u8 = 0xDA;
const END: u8 = 0xD9;

/// A marker with what belongs to it.
struct Segment<'a> {
    marker: u8,
    /// From the marker to the end; with the pixels, if a scan begins.
    range: Range<usize>,
    /// What stands behind marker and length.
    content: &'a [u8],
}

/// The segments, up to the end of the image.
fn segments(bytes: &[u8]) -> impl Iterator<Item = Segment<'_>> {
    let mut at = 2;
    let mut is_over = false;
    std::iter::from_fn(move || {
        if is_over {
            return None;
        }
        loop {
            at += memchr::memchr(0xFF, bytes.get(at..)?)?;
            let marker = *bytes.get(at + 1)?;
            let start = at;
            match marker {
                0xFF => at += 1,
                0x00 => at += 2,
                END | 0x01 | 0xD0..=0xD8 => {
                    at += 2;
                    is_over = marker == END;
                    return Some(Segment { marker, range: start..at, content: &[] });
                }
                _ => {
                    let length = usize::from(big16(bytes, at + 2)?).max(2);
                    let content = bytes.get(at + 4..at + 2 + length)?;
                    at += 2 + length;
                    if marker == START_OF_SCAN {
                        at = end_of_scan(bytes, at);
                    }
                    return Some(Segment { marker, range: start..at, content });
                }
            }
        }
    })
}

/// The end of a scan: the next marker other than a restart (B.1.1.5).
fn end_of_scan(bytes: &[u8], mut at: usize) -> usize {
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(0xFF, rest)) {
        at += found;
        match bytes.get(at + 1) {
            Some(0x00 | 0xD0..=0xD7) => at += 2,
            // Fill bytes stand in front of a marker.
            Some(0xFF) if bytes.get(at + 2).is_none_or(|next| *next == 0xFF) => at += 1,
            Some(0xFF) if matches!(bytes[at + 2], 0x00 | 0xD0..=0xD7) => at += 3,
            Some(_) => return at,
            None => break,
        }
    }
    bytes.len()
}

/// What stands in front of the pixels.
fn head(bytes: &[u8]) -> impl Iterator<Item = Segment<'_>> {
    segments(bytes).take_while(|segment| segment.marker != START_OF_SCAN)
}

pub(super) fn parts(bytes: &[u8]) -> Parts<'_> {
    let mut parts = Parts::default();
    for Segment { marker, content, .. } in head(bytes) {
        let (place, start) = match marker {
            APP1 if content.starts_with(EXIF) => (&mut parts.exif, EXIF),
            APP1 if content.starts_with(XMP) => (&mut parts.xmp, XMP),
            APP13 if content.starts_with(PHOTOSHOP) => (&mut parts.iptc, PHOTOSHOP),
            _ => continue,
        };
        place.get_or_insert((&content[start.len()..]).into());
    }
    parts
}

/// True if the segments of the colour profile (ICC.1:2022, B.4) really hold one.
fn has_profile(bytes: &[u8]) -> bool {
    let pieces = head(bytes).filter(|one| one.marker == APP2 && one.content.starts_with(PROFILE));
    let mut length = 0;
    let mut is_one = false;
    for piece in pieces {
        // The number of the piece and how many there are.
        let [number, _, profile @ ..] = &piece.content[PROFILE.len()..] else { return false };
        length += profile.len();
        is_one |= *number == 1 && is_profile(profile);
    }
    is_one && length <= MOST_PROFILE
}

pub(super) fn edits(bytes: &[u8]) -> Result<Edits, Doubt> {
    let mut edits = Edits::default();
    let segment = |start: &[u8], content: Vec<u8>| {
        let length = (2 + start.len() + content.len()) as u16;
        [&[0xFF, APP1], &length.to_be_bytes()[..], start, &content].concat()
    };
    let kept = parts(bytes).kept();
    let mut exif = kept.exif.map(|exif| segment(EXIF, exif));
    let mut xmp = kept.xmp.filter(|xmp| xmp.len() <= MOST_XMP).map(|xmp| segment(XMP, xmp));
    let has_profile = has_profile(bytes);
    // What is written anew stands behind JFIF, which comes first.
    let (mut at, mut front, mut is_in_front) = (2, 2, true);
    let mut is_in_head = true;
    for Segment { marker, range, content } in segments(bytes) {
        edits.drop(at..range.start);
        at = range.end;
        let is_as_written = |new: &Option<Vec<u8>>| new.as_deref() == Some(&bytes[range.clone()]);
        let is_kept = match marker {
            // JFIF without a miniature.
            APP0 => content.starts_with(b"JFIF\0") && content.len() == 14,
            APP1 if is_as_written(&exif) => exif.take().is_some(),
            APP1 if is_as_written(&xmp) => xmp.take().is_some(),
            APP2 => is_in_head && has_profile && content.starts_with(PROFILE),
            APP14 if content.starts_with(b"Adobe") && content.len() >= 12 => {
                let note = [&[0xFF, APP14, 0, 14], &content[..12]].concat();
                edits.replace(bytes, range.clone(), note);
                true
            }
            START_OF_SCAN => true,
            0xC0..=0xC7 | 0xC9..=0xCF | END | 0xDB..=0xDF => true,
            _ => false,
        };
        is_in_head &= marker != START_OF_SCAN;
        is_in_front &= marker == APP0 && is_kept;
        if is_in_front {
            front = range.end;
        }
        if !is_kept {
            edits.drop(range);
        }
    }
    edits.drop(at..bytes.len());
    for new in [exif, xmp].into_iter().flatten() {
        edits.insert(front, new);
    }
    Ok(edits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        edits(&bytes).expect("a JPEG").apply(&mut bytes);
        bytes
    }

    const START: &[u8] = b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x02\0\0\x48\0\x48\0\0";
    const PIXELS: &[u8] = b"\xFF\xDA\0\x02abc\xFF\0\xFF\xD0def\xFF\xD9";

    #[test]
    fn what_is_appended_is_not_part_of_the_image() {
        let image = [START, PIXELS].concat();
        assert_eq!(cleaned(&image), image);
        assert_eq!(cleaned(&[&image[..], b"film with GPS \xFF\xD9"].concat()), image);
        let cut = &image[..image.len() - 4];
        assert_eq!(cleaned(cut), cut, "what is missing is not invented");
    }

    #[test]
    fn what_is_not_needed_goes_wherever_it_stands() {
        let comment = b"\xFF\xFE\0\x0854.10N";
        let between = [START, comment, b"54.10N", PIXELS].concat();
        assert_eq!(cleaned(&between), [START, PIXELS].concat());
        // Between two scans, behind a fill byte.
        let (scan, end) = PIXELS.split_at(PIXELS.len() - 2);
        let scans = [START, scan, b"\xFF", comment, b"\xFF\xE2\0\x0e", PROFILE, scan, end].concat();
        assert_eq!(cleaned(&scans), [START, scan, scan, end].concat());
    }

    #[test]
    fn a_profile_is_kept_and_what_only_says_so_is_not() {
        let piece = |number: u8, content: &[u8]| {
            let length = (16 + content.len()) as u16;
            [&b"\xFF\xE2"[..], &length.to_be_bytes(), PROFILE, &[number, 2], content].concat()
        };
        let profile = [&[0; 36][..], b"acsp", &[0; 88]].concat();
        let good = [START, &piece(1, &profile), &piece(2, b"more"), PIXELS].concat();
        assert_eq!(cleaned(&good), good);
        let bad = [START, &piece(1, b"54.10N"), PIXELS].concat();
        assert_eq!(cleaned(&bad), [START, PIXELS].concat());
        let mut huge = START.to_vec();
        huge.extend(piece(1, &profile));
        (0..70).for_each(|_| huge.extend(piece(2, &[0; 65_000])));
        huge.extend(PIXELS);
        assert_eq!(cleaned(&huge), [START, PIXELS].concat());
    }
}
