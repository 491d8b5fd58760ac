//! Bytes of texts: UTF-8, and where they are not, Windows-1252, which is what old sites were written in. Files
//! marked as UTF-16 are read as UTF-16.

use std::io::{self, Read};

/// The text of some bytes, and whether it was repaired.
pub(super) fn text(bytes: &[u8]) -> (String, bool) {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    let mut is_repaired = false;
    while !rest.is_empty() {
        match std::str::from_utf8(rest) {
            Ok(good) => {
                text.push_str(good);
                break;
            }
            Err(error) => {
                let (good, bad) = rest.split_at(error.valid_up_to());
                text.push_str(&String::from_utf8_lossy(good));
                let length = error.error_len().unwrap_or(bad.len()).min(bad.len());
                text.extend(bad[..length].iter().map(|byte| windows_1252(*byte)));
                rest = &bad[length..];
                is_repaired = true;
            }
        }
    }
    (text, is_repaired)
}

/// A byte of Windows-1252 as a character.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// A file of UTF-16 as UTF-8; any other file as it is. Memory is that of one step.
pub(super) struct Utf8<R> {
    source: R,
    /// Whether the first byte of two is the higher one; none for files that are not UTF-16.
    is_high_first: Option<bool>,
    /// Bytes that were read to see what the file is, or half a character.
    held: Vec<u8>,
    /// Converted, and not taken yet.
    ready: Vec<u8>,
    taken: usize,
}

impl<R: Read> Utf8<R> {
    /// Looks at the beginning of a file.
    pub(super) fn new(mut source: R) -> io::Result<Self> {
        let mut held = Vec::new();
        source.by_ref().take(4).read_to_end(&mut held)?;
        let is_high_first = match *held {
            [0xff, 0xfe, ..] | [b'<', 0, ..] => Some(false),
            [0xfe, 0xff, ..] | [0, b'<', ..] => Some(true),
            _ => None,
        };
        let ready = if is_high_first.is_none() { std::mem::take(&mut held) } else { Vec::new() };
        Ok(Self { source, is_high_first, held, ready, taken: 0 })
    }

    /// Whether the file is UTF-16.
    pub(super) fn is_converted(&self) -> bool {
        self.is_high_first.is_some()
    }

    /// Converts the next step; whether there was one.
    fn step(&mut self, is_high_first: bool) -> io::Result<bool> {
        const STEP: u64 = 64 << 10;
        let before = self.held.len();
        self.source.by_ref().take(STEP).read_to_end(&mut self.held)?;
        let is_end = self.held.len() == before;
        let unit = |pair: &[u8]| {
            let pair = [pair[0], pair[1]];
            if is_high_first { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
        };
        let mut whole = self.held.len() / 2 * 2;
        let is_first_half = |at: usize| matches!(unit(&self.held[at - 2..at]), 0xd800..=0xdbff);
        if !is_end && whole >= 2 && is_first_half(whole) {
            whole -= 2;
        }
        let units = self.held[..whole].chunks_exact(2).map(unit);
        let characters = char::decode_utf16(units).map(|one| one.unwrap_or(char::REPLACEMENT_CHARACTER));
        let text: String = characters.filter(|one| *one != '\u{feff}').collect();
        self.held.drain(..whole);
        self.ready = text.into_bytes();
        self.taken = 0;
        Ok(!is_end || whole > 0)
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.ready.len() {
            match self.is_high_first {
                None => return self.source.read(to),
                Some(is_high_first) => {
                    if !self.step(is_high_first)? {
                        return Ok(0);
                    }
                }
            }
        }
        let length = to.len().min(self.ready.len() - self.taken);
        to[..length].copy_from_slice(&self.ready[self.taken..self.taken + length]);
        self.taken += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    #[test]
    fn utf_16_is_read_in_both_orders_and_anything_else_stays() {
        let text = "<rss>größer \u{1f30a} ".repeat(9_000);
        let of = |units: &mut dyn Iterator<Item = u16>, is_high_first: bool| -> Vec<u8> {
            units.flat_map(|unit| if is_high_first { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        let mut marked = "\u{feff}".encode_utf16().chain(text.encode_utf16());
        for bytes in [
            of(&mut marked, false),
            of(&mut text.encode_utf16(), true),
            of(&mut text.encode_utf16(), false),
            text.clone().into_bytes(),
        ] {
            let mut found = String::new();
            super::Utf8::new(&*bytes).expect("memory").read_to_string(&mut found).expect("memory");
            assert!(found == text, "{} bytes of {}", found.len(), text.len());
        }
        let mut found = Vec::new();
        super::Utf8::new(&b"\xff"[..]).expect("memory").read_to_end(&mut found).expect("memory");
        assert_eq!(found, b"\xff");
    }

    #[test]
    fn what_is_not_utf_8_is_windows_1252() {
        assert_eq!(super::text("größer".as_bytes()), ("größer".into(), false));
        assert_eq!(super::text(b"gr\xf6\xdfer \x93x\x94"), ("größer “x”".into(), true));
        assert_eq!(super::text(b"cut \xc3"), ("cut Ã".into(), true));
    }
}
