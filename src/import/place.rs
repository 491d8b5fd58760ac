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

/// A path whose parts every file system has, as near to the one given as can be.
pub(super) fn portable(path: &str) -> String {
    let part = |part: &str| {
        let kept: String = part.chars().filter(|c| !matches!(c, '*' | '?' | '"' | '<' | '>' | '|')).collect();
        let kept = kept.replace(|c: char| c.is_control() || matches!(c, '\\' | ':'), "-");
        // What remains is not to begin with a dot, which would hide it.
        let kept = if kept.starts_with('.') && !part.starts_with('.') { format!("page{kept}") } else { kept };
        let (stem, ending) = match kept.rfind('.').filter(|at| *at > 0) {
            Some(at) => kept.split_at(at),
            None => (&*kept, ""),
        };
        let ending = ending.trim_end_matches([' ', '.']);
        let stem = cut(stem, 255 - "-page".len() - ending.len().min(200)).trim_end_matches(' ');
        let stem = if ending.is_empty() { stem.trim_end_matches([' ', '.']) } else { stem };
        match stem.split_once('.').unwrap_or((stem, "")) {
            ("", "") => format!("page{ending}"),
            (device, "") if is_reserved(device) => format!("{device}-page{ending}"),
            (device, rest) if is_reserved(device) => format!("{device}-page.{rest}{ending}"),
            _ => format!("{stem}{ending}"),
        }
    };
    path.split('/').map(part).collect::<Vec<String>>().join("/")
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
    fn a_name_that_not_every_file_system_has_gets_a_near_one() {
        let long = "a".repeat(300);
        for (given, expected) in [
            ("content/Why not?.md", "content/Why not.md"),
            ("What: a title.md", "What- a title.md"),
            ("a\tb.md", "a-b.md"),
            ("CON.md", "CON-page.md"),
            ("nul.de.md", "nul-page.de.md"),
            ("?.md", "page.md"),
            ("a./b /c.md", "a/b/c.md"),
            ("index.md", "index.md"),
            (".well-known/a.md", ".well-known/a.md"),
            (&*long, &long[..250]),
        ] {
            assert_eq!(portable(given), expected);
            assert!(below(Path::new("/site"), &portable(given)).is_some(), "{given:?}");
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
