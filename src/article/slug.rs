//! Slugs: the part of an address that is made from a title or a name.
//!
//! A slug is only an address. Two names may have one slug (`li-ming` is 李明 and 黎明), so nothing is known by it;
//! a name is known by its [`identity`].

use std::borrow::Cow;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use crate::config::Slugs;
use crate::fingerprint::Fingerprint;
use crate::text::is_no_break_space;

/// What makes two spellings one name: its letters, whatever their case and their Unicode normal form, with straight
/// quotes, plain hyphens and plain spaces. `NASA` and `nasa` are one name; `C++` and `C#`, `half-life` and `half life` are not.
pub fn identity(name: &str) -> String {
    let plain = |c: char| match c {
        '’' | 'ʼ' => '\'',
        '\u{2010}' | '\u{2011}' => '-',
        _ if is_no_break_space(c) => ' ',
        other => other,
    };
    let lower = composed(name).to_lowercase();
    let folded: String = lower.chars().filter(|c| !is_invisible(*c)).map(plain).collect();
    composed(folded.trim()).into_owned()
}

/// The text in Unicode's normal form C, so that a letter is one letter however it was typed.
pub fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { ComposingNormalizerBorrowed::new_nfc().normalize(text) }
}

/// The text in Unicode's normal form D, as names of files from a Mac have it.
pub fn decomposed(text: &str) -> String {
    DecomposingNormalizerBorrowed::new_nfd().normalize(text).into_owned()
}

/// Soft hyphens, marks of direction, variation selectors and the like, which nobody sees. Joiners are not among them:
/// scripts need them.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// The slug of the name of a term. What tells `C++` and `C#` from `C` is spelled out: `c-plus-plus`, `c-sharp`.
pub fn of_name(name: &str, slugs: Slugs) -> String {
    if !name.contains(['+', '#']) {
        return slugify(name, slugs);
    }
    let mut spelled = String::with_capacity(name.len() + 16);
    let mut is_behind_word = false;
    for c in name.chars() {
        match c {
            '+' if is_behind_word => spelled.push_str("-plus-"),
            '#' if is_behind_word => spelled.push_str("-sharp-"),
            _ => {
                spelled.push(c);
                is_behind_word = c.is_alphanumeric() || is_mark(c);
            }
        }
    }
    slugify(&spelled, slugs)
}

/// The longest slug, in bytes: digits that tell it from another one, and what stands beside a page, still fit.
const LONGEST: usize = 180;

/// The slug of a title, name or file name: lower case, words joined by `-`.
///
/// Never empty: a text without any letter (an emoji, say) gets a name made of its fingerprint.
pub fn slugify(text: &str, slugs: Slugs) -> String {
    if !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.contains("--")
    {
        return text.to_owned();
    }
    let text = &*composed(text);
    let spelled;
    let text_in_script = match slugs {
        Slugs::Transliterate if !text.is_ascii() => {
            spelled = deunicode::deunicode(text);
            &spelled
        }
        _ => text,
    };
    let mut slug = String::with_capacity(text_in_script.len());
    for c in text_in_script.chars() {
        if c.is_alphanumeric() || c == '_' || is_mark(c) {
            slug.extend(c.to_lowercase());
        } else if !matches!(c, '\'' | '’') && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    // An address part longer than a file name may be (255 bytes) could not be written.
    let mut end = slug.len().min(LONGEST);
    while !slug.is_char_boundary(end) {
        end -= 1;
    }
    slug.truncate(end);
    let slug = slug.trim_matches('-');
    if slug.is_empty() { format!("n-{}", Fingerprint::of(text.as_bytes()).short()) } else { slug.to_owned() }
}

/// Whether Windows keeps a name for a device, whatever its case and ending, so that no file or folder can have it
/// (<https://learn.microsoft.com/windows/win32/fileio/naming-a-file>).
pub fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end_matches(' ');
    let Some((device, number)) = stem.split_at_checked(3).filter(|_| stem.len() <= 5) else { return false };
    match number {
        "" => ["con", "prn", "aux", "nul"].iter().any(|known| known.eq_ignore_ascii_case(device)),
        "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³" => {
            ["com", "lpt"].iter().any(|known| known.eq_ignore_ascii_case(device))
        }
        _ => false,
    }
}

/// Combining marks and joiners, without which words of many scripts fall apart.
pub(crate) fn is_mark(c: char) -> bool {
    matches!(u32::from(c), 0x300..=0x36F | 0x591..=0x5C7 | 0x610..=0x61A | 0x64B..=0x65F | 0x900..=0x903 | 0x93A..=0x94F | 0x981..=0x983 | 0x9BC..=0x9CD | 0xE31..=0xE4E | 0x200C..=0x200D)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain_words() {
        for (text, slug) in [
            ("Harbour tunnel opens, a year early!", "harbour-tunnel-opens-a-year-early"),
            ("Größe & Ähnliches", "grosse-ahnliches"),
            ("  --x--  ", "x"),
            ("It's 2.4 km", "its-2-4-km"),
            ("already-a-slug", "already-a-slug"),
            ("snake_case", "snake_case"),
        ] {
            assert_eq!(slugify(text, Slugs::Transliterate), slug);
        }
        assert_eq!(slugify("Größe", Slugs::Keep), "größe");
        assert_eq!(slugify("港のニュース", Slugs::Keep), "港のニュース");
    }

    #[test]
    fn what_tells_names_apart_is_spelled_out() {
        for (name, slug) in [
            ("C", "c"),
            ("C++", "c-plus-plus"),
            ("C#", "c-sharp"),
            ("C++ Builder", "c-plus-plus-builder"),
            ("#MeToo", "metoo"),
            ("Food + Drink", "food-drink"),
            ("Größe+", "grosse-plus"),
        ] {
            assert_eq!(of_name(name, Slugs::Transliterate), slug);
        }
    }

    #[test]
    fn a_name_is_its_letters() {
        for (one, other) in [
            ("NASA", "nasa"),
            ("Größe", "Gro\u{308}ße"),
            ("O’Neil", "O'Neil"),
            ("Jean\u{2010}Luc", "jean-luc"),
            ("İzmir", "İzmir"),
            ("Wahl\u{AD}recht", "Wahlrecht"),
            ("Ines\u{A0}Vale", "Ines Vale"),
        ] {
            assert_eq!(identity(one), identity(other), "{one}");
        }
        for (one, other) in [("C++", "C#"), ("李明", "黎明"), ("Größe", "Grosse"), ("A+", "A-"), (".NET", "NET")]
        {
            assert_ne!(identity(one), identity(other), "{one}");
        }
        assert_eq!(slugify("Gro\u{308}ße", Slugs::Keep), "größe");
    }

    #[test]
    fn names_of_devices_are_known() {
        for name in ["con", "AUX", "nul.html", "com1", "LPT9.tar.gz", "com²"] {
            assert!(is_reserved(name), "{name}");
        }
        for name in ["", "cons", "com", "com0", "com10", "a.con", "aux-2b1c", "lpté"] {
            assert!(!is_reserved(name), "{name}");
        }
    }

    #[test]
    fn a_slug_is_never_empty_nor_too_long() {
        assert!(slugify("!!!", Slugs::Transliterate).starts_with("n-"));
        assert!(slugify("é".repeat(4000).as_str(), Slugs::Keep).len() <= 180);
        assert!(!slugify("../../x", Slugs::Transliterate).contains('.'));
    }
}
