//! Text of files and values: whether it is text, and what of it can be shown.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

use crate::diagnostic::{Diagnostic, Place};

/// Plain text on one line: HTML entities decoded, control characters and surplus white space gone. Spaces at
/// which no line may break stay.
pub fn plain_line(text: &str) -> String {
    let special = |found, byte: u8| found | !matches!(byte, b' '..=b'~') | (byte == b'&');
    if !text.bytes().fold(false, special) && text.trim_ascii() == text && !text.contains("  ") {
        return text.to_owned();
    }
    let decoded = if text.contains('&') { html_escape::decode_html_entities(text) } else { text.into() };
    let mut line = String::with_capacity(decoded.len());
    let parts = |c: char| (c.is_whitespace() && !is_no_break_space(c)) || is_forbidden(c);
    for word in decoded.trim().split(parts).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// The text in Unicode's normal form KC, in which letters of any width are the plain ones.
pub fn compatible(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { ComposingNormalizerBorrowed::new_nfkc().normalize(text) }
}

/// What stands between typographic quotation marks that were put around the whole of a value, as word processors do.
/// YAML knows only straight ones.
pub fn unquoted(text: &str) -> &str {
    const PAIRS: [(char, &[char]); 5] =
        [('“', &['”', '“']), ('”', &['”']), ('„', &['“', '”']), ('‘', &['’', '‘']), ('’', &['’'])];
    let Some(first) = text.chars().next().filter(|first| !first.is_ascii()) else { return text };
    let inside = PAIRS.iter().find(|(open, _)| *open == first).and_then(|(open, close)| {
        text.strip_prefix(*open)?.strip_suffix(*close).filter(|inside| !inside.contains(*close))
    });
    inside.map_or(text, str::trim)
}

/// Text without the characters that XML 1.0 (section 2.2) forbids.
pub fn clean(text: &str) -> String {
    if has_forbidden(text) { text.replace(is_forbidden, "") } else { text.to_owned() }
}

/// Whether there is a character that [`is_forbidden`].
pub fn has_forbidden(text: &str) -> bool {
    // Without a branch in the loop a whole body is looked at in a fraction of a microsecond; only text with
    // a suspicious byte (a control character, or the first byte of a forbidden one) is read by character.
    let suspicious = |byte: u8| {
        (byte < 0x20) & (byte != b'\n') & (byte != b'\r') & (byte != b'\t') | matches!(byte, 0x7F | 0xC2 | 0xEF)
    };
    text.bytes().fold(false, |found, byte| found | suspicious(byte)) && text.contains(is_forbidden)
}

/// Whether XML 1.0 forbids the character, or it is a control character that no text needs.
pub fn is_forbidden(c: char) -> bool {
    matches!(c, '\u{0}'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Spaces at which no line may break. French sets them before its colons, and Word between the parts of a name.
pub fn is_no_break_space(c: char) -> bool {
    matches!(c, '\u{A0}' | '\u{2007}' | '\u{202F}')
}

/// The file as a text that becomes a part of others: a byte order mark within a page is text, which ends its head.
///
/// # Errors
/// As of [`text_of`].
pub fn part_of(path: &str, bytes: &[u8]) -> Result<String, Vec<Diagnostic>> {
    text_of(path, bytes).map(|text| text.strip_prefix('\u{FEFF}').unwrap_or(text).to_owned())
}

/// The file as text, as it is.
///
/// # Errors
/// The first byte that is not UTF-8.
pub fn text_of<'b>(path: &str, bytes: &'b [u8]) -> Result<&'b str, Vec<Diagnostic>> {
    std::str::from_utf8(bytes).map_err(|error| {
        let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        let line = good.matches('\n').count() + 1;
        let column = good.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let shown = String::from_utf8_lossy(bytes);
        vec![
            Diagnostic::error(format!("byte 0x{:02x} is not UTF-8 text", bytes[error.valid_up_to()]))
                .at(Place::at(path, &shown, line, column))
                .hint("save the file as UTF-8"),
        ]
    })
}
