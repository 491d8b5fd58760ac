//! Where files of the site may be written: names that every file system has, below the target and nowhere else.

use std::path::{Component, Path, PathBuf};

use crate::article::slug::{is_reserved, slugify};
use crate::config::Slugs;

/// The longest part of a path that an import makes, in bytes: what stands beside a page still fits.
pub(super) const LONGEST: usize = 200;

/// A path below the target; none if it would leave it, or is one that not every file system has.
pub(super) fn below(root: &Path, path: &str) -> Option<PathBuf> {
    let is_name = |part: &str| {
        !part.is_empty()
            && part.len() <= 255
            && !part.ends_with([' ', '.'])
            && !part.contains(|c: char| c.is_control() || matches!(c, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|'))
            && !is_reserved(part)
    };
    if !path.split('/').all(is_name) {
        return None;
    }
    let relative = Path::new(path);
    relative.components().all(|part| matches!(part, Component::Normal(_))).then(|| root.join(relative))
}

/// Text cut to some bytes at a character.
pub(super) fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

/// A slug as the source gives it, as a part of an address: decoded, with what is broken in its percent-encoding
/// left out. Empty if nothing of it remains.
pub(super) fn slug(given: &str) -> String {
    let mut bytes = Vec::with_capacity(given.len());
    let mut rest = given.trim();
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        match after.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            // A sequence that was cut: its half says nothing.
            None => rest = after.trim_start_matches(|c: char| c.is_ascii_hexdigit() && after.len() < 2),
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    // Half a character at the end was cut as well.
    let text: String = String::from_utf8_lossy(&bytes).chars().filter(|c| *c != '\u{fffd}').collect();
    if !text.chars().any(char::is_alphanumeric) {
        return String::new();
    }
    let slug = slugify(cut(&text, LONGEST), Slugs::Keep);
    let slug = cut(&slug, LONGEST).trim_matches('-');
    if is_reserved(slug) { format!("{slug}-") + "page" } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_the_target() {
        let root = Path::new("/site");
        assert_eq!(below(root, "content/a/b.md"), Some(PathBuf::from("/site/content/a/b.md")));
        for bad in ["../a", "a/../b", "/a", "a//b", "a\\b", "C:/a", "a/./b", "", "nul", "a\0b", "a ", "content/../../x"]
        {
            assert_eq!(below(root, bad), None, "{bad:?}");
        }
    }

    #[test]
    fn slugs_are_repaired_and_cut_at_a_character() {
        assert_eq!(slug("the-ferry"), "the-ferry");
        assert_eq!(slug("gr%c3%b6%c3%9fe"), "größe");
        assert_eq!(slug("gr%c3%b6%c3"), "grö");
        assert_eq!(slug("gr%c3%b6%c"), "grö");
        assert_eq!(slug("../../etc/passwd"), "etc-passwd");
        assert_eq!(slug("%2e%2e%2f"), "");
        assert!(slug(&"%e6%b8%af".repeat(100)).len() <= LONGEST);
        assert_eq!(slug("con"), "con-page");
    }
}
