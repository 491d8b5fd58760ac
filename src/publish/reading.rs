//! Text as readers read it: without tags, entities, escapes, case, punctuation, spaces and invisible characters.
//!
//! A headline is the same headline over a line break, with emphasis or a link inside, in capitals, with curly quotes,
//! in a JSON string, in the name of an image. So two texts are compared by their letters and digits alone. Where a
//! word ends is remembered, so that a match is not a part of a longer word; elements that stand apart from each other
//! (paragraphs, items of a list, cells) are never read as one text.

use std::borrow::Cow;
use std::ops::Range;

use icu_normalizer::properties::{CanonicalDecompositionBorrowed, Decomposed};

/// Elements that stand in the middle of a sentence (HTML, section 4.5), line breaks, and images with what they are
/// made of. (Elements with a hyphen in their name do, too.)
const INLINE: [u64; 58] = keys([
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "button", "circle", "cite", "code", "data", "defs", "del",
    "dfn", "ellipse", "em", "font", "g", "i", "img", "input", "ins", "kbd", "label", "line", "mark", "meter", "nobr",
    "output", "path", "picture", "polygon", "polyline", "progress", "q", "rb", "rect", "ruby", "s", "samp", "slot",
    "small", "source", "span", "strike", "strong", "sub", "sup", "svg", "time", "tspan", "tt", "u", "use", "var",
    "symbol",
]);

/// Names of at most eight letters as numbers, which are compared at once.
const fn keys<const N: usize>(names: [&str; N]) -> [u64; N] {
    let mut keys = [0; N];
    let mut at = 0;
    while at < N {
        keys[at] = key(names[at].as_bytes());
        at += 1;
    }
    keys
}

/// A name in lower case as a number; zero for a longer one.
const fn key(name: &[u8]) -> u64 {
    let mut key = 0;
    let mut at = 0;
    while at < name.len() {
        if at == 8 {
            return 0;
        }
        key = key << 8 | name[at].to_ascii_lowercase() as u64;
        at += 1;
    }
    key
}

/// What begins a text in a feed (XML, section 2.7).
const CDATA: &[u8] = b"<![CDATA[";

/// The longest tag that is left out, in bytes.
const LONGEST_TAG: usize = 8192;

/// The bytes of a file as UTF-8, without entities, JSON escapes, percent-encoding, and characters that nobody sees.
pub(super) fn decoded(bytes: &[u8]) -> Cow<'_, [u8]> {
    let text = from_utf16(bytes).map_or(Cow::Borrowed(bytes), |text| Cow::Owned(text.into_bytes()));
    let text = match unescaped(&text) {
        Some(plain) => Cow::Owned(plain),
        None => text,
    };
    let text = match without_invisible(&text) {
        Some(plain) => Cow::Owned(plain),
        None => text,
    };
    match without_breaks(&text) {
        Some(plain) => Cow::Owned(plain),
        None => text,
    }
}

/// The text of a file in UTF-16, which begins with a byte order mark or with a character of ASCII.
fn from_utf16(bytes: &[u8]) -> Option<String> {
    let is_big = match bytes.get(..4)? {
        [0xFF, 0xFE, ..] => false,
        [0xFE, 0xFF, ..] => true,
        [1..=255, 0, 1..=255, 0] => false,
        [0, 1..=255, 0, 1..=255] => true,
        _ => return None,
    };
    let unit = |pair: &[u8]| {
        let pair = [pair[0], pair[1]];
        if is_big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    };
    Some(char::decode_utf16(bytes.chunks_exact(2).map(unit)).map(|c| c.unwrap_or('\u{FFFD}')).collect())
}

/// What stands for an escape.
enum Plain {
    Char(char),
    Byte(u8),
    Nothing,
}

fn unescaped(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut plain: Option<Vec<u8>> = None;
    let (mut at, mut done) = (0, 0);
    while let Some(found) = memchr::memchr3(b'&', b'\\', b'%', &bytes[at..]) {
        let start = at + found;
        let rest = &bytes[start..];
        let escape = match rest[0] {
            b'&' => entity(rest),
            b'\\' => backslash(rest),
            _ => percent(rest),
        };
        let Some((length, character)) = escape else {
            at = start + 1;
            continue;
        };
        let plain = plain.get_or_insert_with(|| Vec::with_capacity(bytes.len()));
        plain.extend_from_slice(&bytes[done..start]);
        match character {
            Plain::Char(c) => plain.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Plain::Byte(byte) => plain.push(byte),
            Plain::Nothing => {}
        }
        done = start + length;
        at = done;
    }
    plain.map(|mut plain| {
        plain.extend_from_slice(&bytes[done..]);
        plain
    })
}

/// `&amp;`, `&#8217;`, `&#x2019;`, `&ouml;`; also escaped again, as HTML in a feed is: `&amp;ouml;`.
fn entity(rest: &[u8]) -> Option<(usize, Plain)> {
    let mut at = 1;
    while rest[at..].starts_with(b"amp;") {
        at += 4;
    }
    let length = rest[at..].iter().take(32).position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'#');
    let name = length.filter(|length| rest[at + length] == b';').map(|length| &rest[at..at + length]);
    let known = name.and_then(|name| {
        Some(match name {
            b"lt" => Plain::Char('<'),
            b"gt" => Plain::Char('>'),
            b"quot" => Plain::Char('"'),
            b"apos" => Plain::Char('\''),
            b"nbsp" => Plain::Char(' '),
            b"shy" => Plain::Nothing,
            _ => {
                let entity = format!("&{};", std::str::from_utf8(name).ok()?);
                let text = html_escape::decode_html_entities(&entity);
                if text == entity {
                    return None;
                }
                Plain::Char(text.chars().next()?)
            }
        })
    });
    match (known, name) {
        (Some(plain), Some(name)) => Some((at + name.len() + 1, plain)),
        _ => (at > 1).then_some((at, Plain::Char('&'))),
    }
}

/// `\n`, `\"`, `\u2019`, `\x27`, and `\2019` of stylesheets; also escaped again.
fn backslash(rest: &[u8]) -> Option<(usize, Plain)> {
    let at = rest.iter().take_while(|byte| **byte == b'\\').count();
    let plain = match rest.get(at)? {
        b'u' => {
            let unit = |at: usize| {
                let digits = std::str::from_utf8(rest.get(at..at + 4)?).ok()?;
                u16::from_str_radix(digits, 16).ok()
            };
            let first = unit(at + 1)?;
            if let Some(c) = char::from_u32(first.into()) {
                return Some((at + 5, Plain::Char(c)));
            }
            let is_pair = rest[at + 5..].starts_with(b"\\u");
            let second = if is_pair { unit(at + 7)? } else { return Some((at + 5, Plain::Char(' '))) };
            let pair = char::decode_utf16([first, second]).next()?.unwrap_or(' ');
            return Some((at + 11, Plain::Char(pair)));
        }
        b'x' => {
            let byte = hex(rest.get(at + 1..at + 3)?)?;
            return Some((at + 3, Plain::Char(char::from(byte))));
        }
        // A blank behind it belongs to it.
        b'0'..=b'9' => {
            let digits = rest[at..].iter().take(6).take_while(|byte| byte.is_ascii_hexdigit()).count();
            let code = std::str::from_utf8(&rest[at..at + digits]).ok().filter(|_| digits > 1)?;
            let c = u32::from_str_radix(code, 16).ok().and_then(char::from_u32)?;
            let blank = usize::from(rest.get(at + digits) == Some(&b' '));
            return Some((at + digits + blank, Plain::Char(c)));
        }
        b'n' | b'r' | b't' | b'b' | b'f' => Plain::Char(' '),
        byte @ (b'"' | b'\'' | b'/') => Plain::Byte(*byte),
        _ => return None,
    };
    Some((at + 1, plain))
}

/// `%C3`; also escaped again (`%25C3`), as an address in an address is.
fn percent(rest: &[u8]) -> Option<(usize, Plain)> {
    let mut at = 1;
    while rest[at..].starts_with(b"25") && rest.get(at + 2..at + 4).is_some_and(|two| hex(two).is_some()) {
        at += 2;
    }
    let byte = hex(rest.get(at..at + 2)?)?;
    Some((at + 2, Plain::Byte(byte)))
}

fn hex(two: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    Some((digit(two[0])? * 16 + digit(two[1])?) as u8)
}

/// Without what may stand in the middle of a word: `<wbr>`, where it may be broken, and comments that say nothing.
fn without_breaks(bytes: &[u8]) -> Option<Vec<u8>> {
    let is_break = |start: &usize| {
        let (tag, rest) = bytes[*start..].split_at(4);
        match tag {
            b"<!--" => rest.trim_ascii_start().starts_with(b"-->"),
            _ => matches!(rest.first(), Some(b'>' | b'/' | b' ')),
        }
    };
    let all = ["<wbr", "<WBR", "<!--"].into_iter().flat_map(|tag| memchr::memmem::find_iter(bytes, tag));
    let mut starts: Vec<usize> = all.filter(is_break).collect();
    if starts.is_empty() {
        return None;
    }
    starts.sort_unstable();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut done = 0;
    for start in starts {
        let Some(length) = memchr::memchr(b'>', &bytes[start..]).filter(|length| *length < LONGEST_TAG) else {
            continue;
        };
        plain.extend_from_slice(&bytes[done..start]);
        done = start + length + 1;
    }
    plain.extend_from_slice(&bytes[done..]);
    Some(plain)
}

/// Without soft hyphens, variants of characters, and without spaces, joiners and marks of direction of no width.
fn without_invisible(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut plain: Option<Vec<u8>> = None;
    let mut done = 0;
    for start in memchr::memchr3_iter(0xC2, 0xE2, 0xEF, bytes) {
        let length = match bytes[start..] {
            [0xC2, 0xAD, ..] => 2,
            [0xE2, 0x80, 0x8B..=0x8F | 0xAA..=0xAE, ..] | [0xE2, 0x81, 0xA0..=0xA9, ..] => 3,
            [0xEF, 0xB8, 0x80..=0x8F, ..] | [0xEF, 0xBB, 0xBF, ..] => 3,
            _ => continue,
        };
        let plain = plain.get_or_insert_with(|| Vec::with_capacity(bytes.len()));
        plain.extend_from_slice(&bytes[done..start]);
        done = start + length;
    }
    plain.map(|mut plain| {
        plain.extend_from_slice(&bytes[done..]);
        plain
    })
}

/// What stands between a letter and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Nothing that readers see.
    None,
    /// They are of two words.
    Apart,
    /// They are of two texts.
    Break,
}

/// A letter or digit of a text, folded.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub(super) c: char,
    pub(super) gap: Gap,
    /// The character of the text that it is, or is a part of.
    pub(super) place: Range<usize>,
}

/// The letters of a text that [`decoded`] gave, from a place on.
#[derive(Clone, Debug)]
pub(super) struct Letters<'b> {
    bytes: &'b [u8],
    at: usize,
    /// Whether tags are left out; else what stands in them is read as well.
    skips_tags: bool,
    /// Whether marks of notes are left out, and how characters are spoken.
    skips_notes: bool,
    /// Whether there was one so far.
    has_notes: bool,
    /// More letters of the character at hand.
    rest: [Option<char>; 4],
    place: Range<usize>,
}

impl<'b> Letters<'b> {
    pub(super) fn of(bytes: &'b [u8], at: usize, skips_tags: bool) -> Self {
        Self { bytes, at, skips_tags, skips_notes: false, has_notes: false, rest: [None; 4], place: at..at }
    }

    /// Leaves out marks of notes, too.
    pub(super) fn without_notes(self) -> Self {
        Self { skips_notes: true, ..self }
    }

    /// Whether there was a mark of a note so far.
    pub(super) fn has_notes(&self) -> bool {
        self.has_notes
    }

    /// Passes the mark of a note that begins here, if it is to be left out.
    fn note(&mut self) -> bool {
        let length = note(&self.bytes[self.at..], self.skips_tags);
        self.has_notes |= length.is_some();
        match length.filter(|_| self.skips_notes) {
            Some(length) => {
                self.at += length;
                true
            }
            None => false,
        }
    }

    /// Passes a tag, if one begins here; what stands between the letters before and behind it.
    fn tag(&mut self) -> Gap {
        let rest = &self.bytes[self.at..self.bytes.len().min(self.at + LONGEST_TAG)];
        if rest.starts_with(CDATA) {
            self.at += CDATA.len();
            return Gap::Break;
        }
        let name = rest[1..].strip_prefix(b"/").unwrap_or(&rest[1..]);
        let end = match name.first() {
            Some(b'!') if rest.starts_with(b"<!--") => memchr::memmem::find(rest, b"-->").map(|end| end + 3),
            Some(byte) if byte.is_ascii_alphabetic() || matches!(byte, b'!' | b'?') => {
                memchr::memchr(b'>', rest).map(|end| end + 1)
            }
            _ => None,
        };
        let Some(end) = end else {
            self.at += 1;
            return Gap::Apart;
        };
        self.at += end;
        gap_of_tag(&rest[..end])
    }
}

/// Whether a tag begins here, if it ends at all.
fn is_start_of_tag(rest: &[u8]) -> bool {
    matches!(rest, [b'<', b'/', first, ..] | [b'<', first, ..] if first.is_ascii_alphabetic())
}

/// Whether a place is within a tag.
pub(super) fn is_in_tag(bytes: &[u8], at: usize) -> bool {
    let near = at.saturating_sub(LONGEST_TAG);
    let Some(edge) = memchr::memrchr2(b'<', b'>', &bytes[near..at]) else { return false };
    let rest = &bytes[near + edge..bytes.len().min(near + edge + LONGEST_TAG)];
    is_start_of_tag(rest) && memchr::memchr(b'>', rest).is_some()
}

/// What stands between the letters before and behind a tag.
fn gap_of_tag(tag: &[u8]) -> Gap {
    let name = tag[1..].strip_prefix(b"/").unwrap_or(&tag[1..]);
    let is_of_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'-';
    let name = &name[..name.iter().take_while(is_of_name).count()];
    // `wbr` is where a long word may be broken.
    if name.eq_ignore_ascii_case(b"wbr") || tag.starts_with(b"<!--") {
        Gap::None
    } else if name.contains(&b'-') || INLINE.contains(&key(name)) {
        Gap::Apart
    } else {
        Gap::Break
    }
}

impl Iterator for Letters<'_> {
    type Item = Letter;

    fn next(&mut self) -> Option<Letter> {
        if let Some(c) = self.rest[0].take() {
            self.rest.rotate_left(1);
            return Some(Letter { c, gap: Gap::None, place: self.place.clone() });
        }
        let mut gap = Gap::None;
        loop {
            let byte = *self.bytes.get(self.at)?;
            if byte.is_ascii_alphanumeric() {
                let place = self.at..self.at + 1;
                self.at += 1;
                return Some(Letter { c: char::from(byte.to_ascii_lowercase()), gap, place });
            }
            if matches!(byte, b'<' | b'[' | 0xC2 | 0xE2) && self.note() {
                continue;
            }
            if byte == b'<' && self.skips_tags {
                gap = gap.max(self.tag());
                continue;
            }
            if byte.is_ascii() {
                self.at += 1;
                gap = gap.max(Gap::Apart);
                continue;
            }
            let (c, length) = char_at(&self.bytes[self.at..]);
            self.place = self.at..self.at + length;
            self.at += length;
            let mut folded = [None; 5];
            let mut count = 0;
            fold(c, &mut |c| {
                if count < folded.len() {
                    folded[count] = Some(c);
                    count += 1;
                }
            });
            if let [Some(c), rest @ ..] = folded {
                self.rest = rest;
                return Some(Letter { c, gap, place: self.place.clone() });
            }
            if !is_unseen(c) {
                gap = gap.max(Gap::Apart);
            }
        }
    }
}

/// The letters of a text that [`decoded`] gave, the last one first: a look at what stands before a place that costs less
/// than to read a page from its beginning.
#[derive(Debug)]
pub(super) struct LettersBefore<'b> {
    bytes: &'b [u8],
    /// How many of them are not yet read.
    end: usize,
    skips_tags: bool,
    skips_notes: bool,
    /// More letters of the character at hand, the first one first.
    rest: Vec<char>,
}

/// What stands before a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    Letter(char),
    /// The end of another text.
    Break,
    /// The beginning of everything.
    Start,
    /// What is to be read from its beginning.
    Unclear,
}

impl<'b> LettersBefore<'b> {
    pub(super) fn of(bytes: &'b [u8], skips_tags: bool, skips_notes: bool) -> Self {
        Self { bytes, end: bytes.len(), skips_tags, skips_notes, rest: Vec::new() }
    }

    pub(super) fn next(&mut self) -> Before {
        if let Some(c) = self.rest.pop() {
            return Before::Letter(c);
        }
        while let Some((byte, before)) = self.bytes[..self.end].split_last() {
            match byte {
                byte if byte.is_ascii_alphanumeric() => {
                    self.end -= 1;
                    return Before::Letter(char::from(byte.to_ascii_lowercase()));
                }
                b'>' if self.skips_tags => match self.tag() {
                    Some(Gap::Break) => return Before::Break,
                    Some(_) => {}
                    None => return Before::Unclear,
                },
                b'<' if self.skips_tags => return Before::Unclear,
                b']' if self.skips_notes
                    && memchr::memrchr(b'[', &before[before.len().saturating_sub(16)..]).is_some() =>
                {
                    return Before::Unclear;
                }
                byte if byte.is_ascii() => self.end -= 1,
                _ => {
                    let Some(c) = self.character() else { return Before::Unclear };
                    fold(c, &mut |c| self.rest.push(c));
                    if let Some(c) = self.rest.pop() {
                        return Before::Letter(c);
                    }
                }
            }
        }
        Before::Start
    }

    /// Passes a plain tag that ends here.
    fn tag(&mut self) -> Option<Gap> {
        let near = self.end.saturating_sub(LONGEST_TAG);
        let start = near + memchr::memrchr(b'<', &self.bytes[near..self.end])?;
        let tag = &self.bytes[start..self.end];
        let end = tag[1..].strip_prefix(b"/");
        let is_whole = is_start_of_tag(tag) && memchr::memchr(b'>', tag) == Some(tag.len() - 1);
        let may_end_note = |end: &[u8]| {
            let name = &end[..end.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count()];
            let is_number = || self.bytes[..start].last().is_some_and(u8::is_ascii_digit);
            NOTES.iter().any(|note| name.eq_ignore_ascii_case(note.as_bytes())) && (name.len() > 1 || is_number())
        };
        if !is_whole || self.skips_notes && end.is_some_and(may_end_note) {
            return None;
        }
        self.end = start;
        Some(gap_of_tag(tag))
    }

    /// Passes a character that ends here and is of UTF-8 and no note.
    fn character(&mut self) -> Option<char> {
        let start = self.bytes[..self.end].iter().rposition(|byte| byte & 0xC0 != 0x80)?;
        let (c, length) = char_at(&self.bytes[start..self.end]);
        let is_note = self.skips_notes && note(&self.bytes[start..self.end], false).is_some();
        if length != self.end - start || is_note {
            return None;
        }
        self.end = start;
        Some(c)
    }

    /// Whether what was read last may be of a tag that looks like text from behind.
    pub(super) fn may_be_in_tag(&self) -> bool {
        let near = self.end.saturating_sub(LONGEST_TAG);
        let edge = memchr::memrchr2(b'<', b'>', &self.bytes[near..self.end]);
        self.skips_tags && edge.is_some_and(|edge| is_start_of_tag(&self.bytes[near + edge..]))
    }
}

/// The longest note that is left out, in bytes, with its tags.
const LONGEST_NOTE: usize = 512;

/// Elements that may be notes; a link is one only if it is a number.
const NOTES: [&str; 4] = ["sup", "rt", "rp", "a"];

/// The length of what begins here if it is no part of the text around it: the mark of a note (`<sup>…</sup>`, a link
/// to a number, `[1]`, `[^note]`, `¹`), or how the characters before it are spoken (`<rt>`).
fn note(rest: &[u8], has_tags: bool) -> Option<usize> {
    let rest = &rest[..rest.len().min(LONGEST_NOTE)];
    match rest {
        [0xC2, 0xB2 | 0xB3 | 0xB9, ..] => Some(2),
        [0xE2, 0x81, 0xB0..=0xB9, ..] => Some(3),
        [b'[', mark @ ..] => {
            let end = memchr::memchr(b']', &mark[..mark.len().min(16)])?;
            let is_mark = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'^' | b' ' | b'*' | b'-' | b'.');
            let is_one = mark[..end].iter().all(is_mark) && !matches!(mark.get(end + 1), Some(b'(' | b'['));
            is_one.then_some(end + 2)
        }
        [b'<', tag @ ..] if has_tags => {
            let name = &tag[..tag.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count()];
            let is_name = |names: &[&str]| names.iter().any(|one| name.eq_ignore_ascii_case(one.as_bytes()));
            if !is_name(&NOTES) {
                return None;
            }
            let begin = memchr::memchr(b'>', rest)? + 1;
            let is_end = |at: &usize| {
                let end = rest[*at..].strip_prefix(b"</");
                end.and_then(|end| end.get(..name.len())).is_some_and(|end| end.eq_ignore_ascii_case(name))
            };
            let end = memchr::memchr_iter(b'<', &rest[begin..]).map(|at| begin + at).find(is_end)?;
            let length = end + memchr::memchr(b'>', &rest[end..])? + 1;
            let is_number = || rest[begin..end].iter().all(u8::is_ascii_digit) && (1..5).contains(&(end - begin));
            (!is_name(&["a"]) || is_number()).then_some(length)
        }
        _ => None,
    }
}

/// The character at the beginning of some bytes, and its length; a byte that is not UTF-8 is one of Latin-1.
fn char_at(bytes: &[u8]) -> (char, usize) {
    let valid = match std::str::from_utf8(&bytes[..bytes.len().min(4)]) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    };
    valid.chars().next().map_or((char::from(bytes[0]), 1), |c| (c, c.len_utf8()))
}

/// Whether a character that is no letter does not part words: marks above and below letters, joiners, soft hyphens,
/// marks of direction.
fn is_unseen(c: char) -> bool {
    matches!(u32::from(c), 0xAD | 0x300..=0x36F | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2069 | 0xFE00..=0xFE0F | 0xFEFF)
}

/// Gives the letters and digits of which a character consists, in lower case and without the marks of Latin, Greek
/// and Cyrillic: composed and decomposed text is the same, and so is what becomes the same in capitals (`ß` and `ss`,
/// `ς` and `σ`, `ı` and `i`).
fn fold(c: char, give: &mut impl FnMut(char)) {
    match CanonicalDecompositionBorrowed::new().decompose(c) {
        Decomposed::Default => {
            let lower = c.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
            let lower = lower.filter(|c| c.is_alphanumeric() && !is_unseen(*c));
            lower.for_each(give);
        }
        Decomposed::Singleton(one) => fold(one, give),
        Decomposed::Expansion(first, second) => {
            fold(first, give);
            fold(second, give);
        }
    }
}

/// A text as its letters, with the place of each.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// The letters.
    pub(super) letters: String,
    /// For each byte of `letters` where in the text it comes from.
    places: Vec<Range<u32>>,
    /// For each byte of `letters` what stands before it.
    gaps: Vec<Gap>,
}

impl Read {
    /// Reads a text without its tags.
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self::gather(bytes, Letters::of(bytes, 0, true))
    }

    /// Reads a text without its tags and without marks of notes.
    pub(super) fn without_notes(bytes: &[u8]) -> Self {
        Self::gather(bytes, Letters::of(bytes, 0, true).without_notes())
    }

    /// Reads a text with what stands in its tags.
    pub(super) fn with_tags(bytes: &[u8]) -> Self {
        Self::gather(bytes, Letters::of(bytes, 0, false))
    }

    fn gather(bytes: &[u8], letters: Letters<'_>) -> Self {
        let mut read = Self { letters: String::with_capacity(bytes.len()), ..Self::default() };
        for letter in letters {
            read.letters.push(letter.c);
            let place = letter.place.start as u32..letter.place.end as u32;
            read.places.resize(read.letters.len(), place);
            read.gaps.push(letter.gap);
            read.gaps.resize(read.letters.len(), Gap::None);
        }
        read
    }

    /// Whether some of the letters are whole words of one text.
    pub(super) fn is_whole(&self, range: Range<usize>) -> bool {
        let part = &self.letters[range.clone()];
        let is_edge = |at: usize| at == 0 || self.gaps.get(at).is_none_or(|gap| *gap != Gap::None);
        let is_one = self.gaps[range.clone()].iter().skip(1).all(|gap| *gap != Gap::Break);
        let begins = is_edge(range.start) || part.starts_with(is_unspaced);
        is_one && begins && (is_edge(range.end) || part.ends_with(is_unspaced))
    }

    /// Where in the text some letters stand first as whole words.
    pub(super) fn find(&self, letters: &str) -> Option<Range<usize>> {
        let mut from = 0;
        loop {
            let start = from + self.letters.get(from..)?.find(letters)?;
            let last = (start + letters.len()).checked_sub(1)?;
            if self.is_whole(start..last + 1) {
                return Some(self.places[start].start as usize..self.places[last].end as usize);
            }
            from = start + self.letters[start..].chars().next()?.len_utf8();
        }
    }
}

/// Whether a script puts no spaces between words.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c), 0x0E00..=0x0E7F | 0x3040..=0x30FF | 0x3400..=0x9FFF)
}

/// The letters of a plain text.
pub(super) fn letters(text: &str) -> String {
    if text.is_ascii() {
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
        return letters.map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    }
    Letters::of(text.as_bytes(), 0, false).map(|letter| letter.c).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        Read::of(&decoded(text.as_bytes())).letters
    }

    #[test]
    fn a_text_is_the_same_however_it_is_written() {
        for text in [
            "It’s “Zoë & Co.” — so far…",
            "IT'S \"ZOË & CO.\" - SO FAR...",
            "It's Zoe\u{308} &amp; Co. so\nfar",
            "<p>It&#8217;s <em>Zo&euml;</em> &amp;&nbsp;<a href=\"/x\">Co</a>.<br>so fa<wbr>r",
            "It\\u2019s \\\"Zo\\u00eb & Co.\\\" \\u2014 so\\nfar",
            "its-zo%C3%AB-co-so-far",
            "its_zo%25C3%25AB+co%20so%20far",
            "It&amp;rsquo;s &lt;i&gt;Zoë&lt;/i&gt; Co so f&shy;a\u{ad}r",
            "&#73;t's &#x5A;oë Co so far",
            "<!-- x -->It's Zoë Co<!-- y --> so far",
            "It's Zoë C<WBR />o so f<!-- --><wbr>ar",
            "\u{2066}It's\u{2069} Zoë Co so f\u{200e}ar",
            "I\u{200c}t's Z\u{200d}oë C&zwnj;o s\u{2060}o f\u{feff}ar",
        ] {
            assert_eq!(read(text), "itszoecosofar", "{text}");
        }
        assert_eq!(read("한국어"), read("\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}\u{110b}\u{1165}"));
        assert_eq!(read("Й и й"), "иии");
        for text in ["Größte εκλογές yarın", "GRÖSSTE ΕΚΛΟΓΈΣ YARIN", "GRÖẞTE Εκλογέσ Yarin"]
        {
            assert_eq!(read(text), "grossteεκλογεσyarin", "{text}");
        }
        for text in ["it’s é", "it\\x27s \\xe9", "it\\2019 s \\0000e9", "it\\27 s \\u00e9"] {
            assert_eq!(read(text), "itse", "{text}");
        }
        assert_eq!(read("1 < 2 and 3 > 2"), "12and32");
    }

    #[test]
    fn marks_of_notes_are_no_part_of_a_text() {
        for text in [
            "Zoë<sup>1</sup> opens",
            "Zoë<sup id=\"r1\"><a href=\"#1\">[1]</a></sup> opens<SUP>*</SUP>",
            "Zoë<a class=\"note\" href=\"#1\">12</a> opens",
            "Zoë[1] opens[^note]",
            "Zoë¹ opens²³⁴",
            "<ruby>Zoë<rp>(</rp><rt>zo-e</rt><rp>)</rp></ruby> opens",
        ] {
            assert_eq!(Read::without_notes(text.as_bytes()).letters, "zoeopens", "{text}");
        }
        for text in ["<a href=\"/x\">Zoë</a> [opens](/y)", "[Zoë opens early and late]", "Zoë opens<sup>"] {
            assert!(Read::without_notes(text.as_bytes()).letters.contains("opens"), "{text}");
        }
    }

    #[test]
    fn utf_16_is_read_with_and_without_its_mark() {
        let text = "Zoë opens";
        let units: Vec<u16> = text.encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        for bytes in [[&[0xFF, 0xFE][..], &little].concat(), [&[0xFE, 0xFF][..], &big].concat(), little, big] {
            assert_eq!(Read::of(&decoded(&bytes)).letters, "zoeopens");
        }
    }

    #[test]
    fn words_and_texts_are_told_apart() {
        let gaps = |text: &str| Letters::of(text.as_bytes(), 0, true).map(|letter| letter.gap).collect::<Vec<_>>();
        assert_eq!(gaps("a b"), [Gap::None, Gap::Apart]);
        assert_eq!(gaps("a<wbr>b"), [Gap::None, Gap::None]);
        assert_eq!(gaps("a<!-- x -->b"), [Gap::None, Gap::None]);
        assert_eq!(gaps("a</em>b"), [Gap::None, Gap::Apart]);
        assert_eq!(gaps("a</li><li>b"), [Gap::None, Gap::Break]);
        for inline in ["<svg><path d='M0'/></svg>", "<tspan>", "<label>", "<button>", "<my-icon></my-icon>"] {
            assert_eq!(gaps(&format!("a{inline}b")), [Gap::None, Gap::Apart], "{inline}");
        }
    }

    #[test]
    fn escapes_at_the_end_of_a_text_are_left_alone() {
        for text in ["&", "&amp", "\\", "\\u", "\\u12", "%", "%2", "\\ud83d", "\\ud83d\\u", "&#;", "&#x110000;"] {
            let _ = decoded(text.as_bytes());
        }
        assert_eq!(&*decoded(b"50 % of R&D &amp; more\\"), b"50 % of R&D & more\\");
    }

    #[test]
    fn letters_are_found_at_their_place() {
        let text = "x **The** ‘quay’ y";
        let place = Read::of(text.as_bytes()).find("thequay").expect("there");
        assert_eq!(&text[place], "The** ‘quay");
        // Not in longer words, and not over the end of a text.
        let text = "Bathe quay, the quays, <li>the</li><li>quay</li>; the quay";
        let place = Read::of(text.as_bytes()).find("thequay").expect("there");
        assert_eq!(place, text.len() - "the quay".len()..text.len());
    }
}
