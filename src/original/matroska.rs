//! Matroska and WebM (RFC 9559): elements in elements. What is not needed becomes a void of the same length, since a
//! table says where others stand. Tags go, in which programs that convert films write where they were taken, and
//! attachments.

use std::ops::Range;

use super::Doubt;

const HEADER: u32 = 0x1A45_DFA3;
const SEGMENT: u32 = 0x1853_8067;
const CLUSTER: u32 = 0x1F43_B675;
const TRACKS: u32 = 0x1654_AE6B;
const TRACK: u32 = 0xAE;
const TRACK_TYPE: u32 = 0x83;
const VOID: u32 = 0xEC;

/// What lies in a segment and is kept: where others stand, length and title, tracks, frames, jumps, checksums.
const KEPT: [u32; 6] = [0x114D_9B74, 0x1549_A966, TRACKS, CLUSTER, 0x1C53_BB6B, 0xBF];

/// Films and sound.
const TYPES: [&[u8]; 2] = [&[1], &[2]];

struct Element {
    id: u32,
    start: usize,
    body: usize,
    /// None if the length is not known: it ends where the next one of its kind begins.
    end: Option<usize>,
}

/// The number at a place, with or without the mark of its length, and its length; `None` in the number if all its bits
/// are set.
fn number(bytes: &[u8], at: usize, keeps_mark: bool) -> Option<(Option<u64>, usize)> {
    let first = *bytes.get(at)?;
    let length = first.leading_zeros() as usize + 1;
    let all = bytes.get(at..at + length).filter(|_| length <= 8)?;
    let whole = all.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
    if keeps_mark {
        return Some((Some(whole), length));
    }
    let most = (1 << (7 * length)) - 1;
    let value = whole & most;
    Some(((value != most).then_some(value), length))
}

fn element(bytes: &[u8], at: usize, end: usize) -> Option<Element> {
    let (id, id_length) = number(bytes, at, true)?;
    let id = u32::try_from(id?).ok()?;
    let (length, length_length) = number(bytes, at + id_length, false)?;
    let body = at + id_length + length_length;
    let stop = match length {
        // The end of a film may be missing.
        Some(length) => Some(body.saturating_add(usize::try_from(length).ok()?).min(end)),
        None => None,
    };
    (body <= end).then_some(Element { id, start: at, body, end: stop })
}

/// Takes out of a film what is not needed to show it.
pub(super) fn clean(bytes: &mut Vec<u8>) -> Result<(), Doubt> {
    let mut at = 0;
    while at < bytes.len() {
        let Some(one) = element(bytes, at, bytes.len()) else { break };
        let end = one.end.unwrap_or(bytes.len());
        match one.id {
            HEADER => {}
            SEGMENT => segment(bytes, one.body..end)?,
            _ => void(bytes, at..end),
        }
        at = end;
    }
    bytes.truncate(at);
    Ok(())
}

fn segment(bytes: &mut [u8], within: Range<usize>) -> Result<(), Doubt> {
    let mut at = within.start;
    while at < within.end {
        let Some(one) = element(bytes, at, within.end) else {
            bytes[at..within.end].fill(0);
            return Ok(());
        };
        // In a cluster whose length is not known its elements are looked at as if they stood beside it.
        let is_open = one.id == CLUSTER && one.end.is_none();
        let end = if is_open { one.body } else { one.end.ok_or(Doubt::Damaged)? };
        match one.id {
            TRACKS if !are_shown(bytes, one.body..end) => return Err(Doubt::Format("Matroska with subtitles or data")),
            // Time, position, size of the last cluster, frames.
            0xE7 | 0xA7 | 0xAB | 0xA3 | 0xA0 => {}
            id if KEPT.contains(&id) => {}
            VOID => bytes[one.body..end].fill(0),
            _ => void(bytes, one.start..end),
        }
        at = end;
    }
    Ok(())
}

/// True if all tracks are images or sound.
fn are_shown(bytes: &[u8], tracks: Range<usize>) -> bool {
    elements(bytes, tracks).filter(|track| track.id == TRACK).all(|track| {
        let end = track.end.unwrap_or(track.body);
        let kind = elements(bytes, track.body..end).find(|one| one.id == TRACK_TYPE);
        kind.is_some_and(|one| TYPES.contains(&&bytes[one.body..one.end.unwrap_or(one.body)]))
    })
}

fn elements(bytes: &[u8], within: Range<usize>) -> impl Iterator<Item = Element> + '_ {
    let mut at = within.start;
    std::iter::from_fn(move || {
        let one = element(bytes, at, within.end).filter(|one| one.start < within.end)?;
        at = one.end?;
        Some(one)
    })
}

/// Makes an element of at least two bytes a void.
fn void(bytes: &mut [u8], range: Range<usize>) {
    let length = range.len();
    let Some(place) = bytes.get_mut(range).filter(|place| place.len() >= 2) else { return };
    place.fill(0);
    place[0] = VOID as u8;
    // A length takes one byte or all eight.
    if length < 9 {
        place[1] = 0x80 | (length - 2) as u8;
    } else {
        place[1..9].copy_from_slice(&(1 << 56 | (length - 9) as u64).to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An element with a length of one byte.
    fn of(id: u32, content: &[u8]) -> Vec<u8> {
        let id = id.to_be_bytes();
        let id = &id[id.iter().position(|byte| *byte != 0).unwrap_or(3)..];
        [id, &[0x80 | content.len() as u8], content].concat()
    }

    #[test]
    fn tags_become_a_void_and_frames_stay() {
        let tracks = of(TRACKS, &of(TRACK, &of(TRACK_TYPE, &[1])));
        let tags = of(0x1254_C367, b"LOCATION=+54.1000+007.8870/");
        let frame = of(0xA3, b"frame");
        let open = [&[0x1F, 0x43, 0xB6, 0x75, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF][..], &frame].concat();
        for cluster in [of(CLUSTER, &frame), open] {
            let inside = [&tracks[..], &tags, &cluster].concat();
            let film = [&of(HEADER, b"\x42\x82\x84webm")[..], &of(SEGMENT, &inside), b"54.1"].concat();
            let mut clean = film.clone();
            super::clean(&mut clean).expect("a film");
            let at = film.windows(4).position(|four| four == b"\x12\x54\xC3\x67").expect("tags");
            let mut expected = film[..film.len() - 4].to_vec();
            void(&mut expected, at..at + tags.len());
            assert_eq!(clean, expected);
            let length = tags.len();
            assert!(
                length < 9
                    || expected[at] == 0xEC
                        && expected[at + 1..at + 9] == (1_u64 << 56 | (length as u64 - 9)).to_be_bytes()
            );
            let before = clean.clone();
            super::clean(&mut clean).expect("a film");
            assert_eq!(clean, before);
        }
        let subtitles = of(TRACKS, &of(TRACK, &of(TRACK_TYPE, &[0x11])));
        let mut film = of(SEGMENT, &subtitles);
        assert_eq!(super::clean(&mut film), Err(Doubt::Format("Matroska with subtitles or data")));
    }
}
