//! Bytes of texts: UTF-8, and where they are not, Windows-1252, which is what old sites were written in.

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

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_not_utf_8_is_windows_1252() {
        assert_eq!(super::text("größer".as_bytes()), ("größer".into(), false));
        assert_eq!(super::text(b"gr\xf6\xdfer \x93x\x94"), ("größer “x”".into(), true));
        assert_eq!(super::text(b"cut \xc3"), ("cut Ã".into(), true));
    }
}
