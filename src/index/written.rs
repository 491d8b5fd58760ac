//! The files of the content folder that a withheld text names, however it writes their names.
//!
//! What withholds must not depend on what courant understands: an image of a draft is held back whether it is named in
//! Markdown, in a shortcode or in JavaScript, with blanks, in another case or Unicode normal form, from the content
//! folder or from the address of the page. So each end of a piece of the source that is the path of a file counts.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::xxh3_64;

use super::{image_row, resolve};
use crate::article::slug::composed;
use crate::article::{Row, is_markdown};
use crate::file_kind::is_shown;
use crate::source_name::without_markdown_ending;

/// The files of the content folder, to be found by what is written of them.
pub(super) struct Written<'r> {
    pub(super) rows: &'r [Row],
    folded: OnceLock<Folded>,
}

/// Files by the hashes of their paths, and the hashes of their names, each without case and in one normal form.
#[derive(Default)]
struct Folded {
    paths: FxHashMap<u64, Vec<u32>>,
    names: FxHashSet<u64>,
}

impl<'r> Written<'r> {
    pub(super) fn new(rows: &'r [Row]) -> Self {
        Self { rows, folded: OnceLock::new() }
    }

    /// The row of the file that `src` in the source `path` means, or else those of the content folder that it may mean.
    pub(super) fn named_anywhere(&self, path: &str, src: &str) -> Vec<u32> {
        image_row(self.rows, path, src).map_or_else(|| self.named(path, src), |row| vec![row])
    }

    /// The rows of the files that `src` in the source `path` may mean.
    pub(super) fn named(&self, path: &str, src: &str) -> Vec<u32> {
        if let Some(row) = image_row(self.rows, path, src) {
            let is_inside = self.rows[row as usize].path.starts_with("content/");
            return if is_inside { vec![row] } else { Vec::new() };
        }
        let folded = self.folded.get_or_init(|| Folded::of(self.rows));
        let mut found = Vec::new();
        let from = fold(path);
        for text in forms(src) {
            let text = fold(&text);
            for end in ends(&text).filter(|end| folded.has_name(end)) {
                found.extend(places(&from, end).iter().filter_map(|place| folded.paths.get(&hash(place))).flatten());
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl Folded {
    fn of(rows: &[Row]) -> Self {
        let mut folded = Self::default();
        let content = rows.iter().enumerate().filter(|(_, row)| row.path.starts_with("content/"));
        for (number, row) in content.filter(|(_, row)| !is_markdown(&row.path) && is_shown(&row.path)) {
            let path = fold(&row.path);
            folded.names.insert(hash(path.rsplit('/').next().unwrap_or_default()));
            folded.paths.entry(hash(&path)).or_default().push(number as u32);
        }
        folded
    }

    fn has_name(&self, path: &str) -> bool {
        self.names.contains(&hash(path.rsplit('/').next().unwrap_or_default()))
    }
}

fn hash(text: &str) -> u64 {
    xxh3_64(text.as_bytes())
}

/// A path without case, in one normal form.
fn fold(path: &str) -> String {
    if path.is_ascii() { path.to_ascii_lowercase() } else { composed(&path.to_lowercase()).into_owned() }
}

/// What a piece of a source may mean: with the separators of Windows, or escaped as in Markdown, in HTML or in addresses.
fn forms(src: &str) -> Vec<String> {
    let mut forms = vec![src.to_owned()];
    if src.contains('\\') {
        forms.push(src.replace('\\', "/"));
        forms.push(src.replace('\\', ""));
    }
    if src.contains('&') {
        forms.push(html_escape::decode_html_entities(src).into_owned());
    }
    if src.contains('%') {
        forms.extend(percent_encoding::percent_decode_str(src).decode_utf8().ok().map(|text| text.into_owned()));
    }
    forms
}

/// The ends of a text, each from where a path may begin.
fn ends(text: &str) -> impl Iterator<Item = &str> {
    // Between the letters of scripts without blanks, too.
    let is_letter = |c: char| c.is_alphanumeric() && c < '\u{2E80}';
    let mut before = ' ';
    text.char_indices().filter_map(move |(at, c)| {
        let is_start = match before {
            '/' | '\\' | '.' | '-' | '%' => false,
            '_' => !is_letter(c) || begins_word(&text[..at]),
            before => !is_letter(before),
        };
        before = c;
        is_start.then(|| &text[at..])
    })
}

/// Whether only marks of emphasis stand between the last blank and the end.
fn begins_word(text: &str) -> bool {
    let marks = text.trim_end_matches(['_', '*', '~']);
    !marks.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '/'))
}

/// Where a path in the source `from` may lead: beside the source, from the address of its page, and from the content
/// folder.
fn places(from: &str, path: &str) -> Vec<String> {
    let rooted = path.trim_start_matches(['/', '.']);
    let mut places = vec![format!("content/{}", rooted.strip_prefix("content/").unwrap_or(rooted))];
    if !path.starts_with('/') {
        places.extend(resolve(from, path));
        places.extend(without_markdown_ending(from).and_then(|page| resolve(&format!("{page}/page"), path)));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_begin_where_words_do() {
        for (text, path) in [
            ("![a](secret name.png", "secret name.png"),
            ("![a](secret name.png", "name.png"),
            ("*_secret.png", "secret.png"),
            ("url(secret (1).png", "secret (1).png"),
            ("圖片secret.png", "secret.png"),
            ("- /a/secret.png", "/a/secret.png"),
            ("cover: [[secret.png", "secret.png"),
            ("top_secret.png", "top_secret.png"),
        ] {
            assert!(ends(text).any(|end| end == path), "{text}: {:?}", ends(text).collect::<Vec<_>>());
        }
        for (text, path) in [("a/b.png", "b.png"), ("a-b.png", "b.png"), ("a_b.png", "b.png"), ("größe.png", "e.png")]
        {
            assert!(!ends(text).any(|end| end == path), "{text}");
        }
    }
}
