//! Slugs: the part of an address that is made from a title or a name.

use crate::config::Slugs;
use crate::fingerprint::Fingerprint;

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
    let mut end = slug.len().min(180);
    while !slug.is_char_boundary(end) {
        end -= 1;
    }
    slug.truncate(end);
    let slug = slug.trim_matches('-');
    if slug.is_empty() { format!("n-{}", Fingerprint::of(text.as_bytes()).short()) } else { slug.to_owned() }
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
    fn a_slug_is_never_empty_nor_too_long() {
        assert!(slugify("!!!", Slugs::Transliterate).starts_with("n-"));
        assert!(slugify("é".repeat(4000).as_str(), Slugs::Keep).len() <= 180);
        assert!(!slugify("../../x", Slugs::Transliterate).contains('.'));
    }
}
