//! Front matter without fences: `Title: …` lines at the top of a file, up to a blank line (Pelican, MultiMarkdown), or
//! up to a line `---` (Hexo).
//!
//! Text may begin with a word and a colon, too, so the first key must be one of courant's, and either there is a title
//! or all keys are.

use super::keys;
use crate::yaml::{Content, Entry, Mark, Node};

/// Where the lines end.
pub(super) struct Found {
    pub(super) end: usize,
    pub(super) body: usize,
    /// Whether a line `---` ends them, so they are YAML.
    pub(super) is_yaml: bool,
}

/// The key of a line, and what stands behind the colon.
fn pair(row: &str) -> Option<(&str, &str)> {
    let (key, value) = row.split_once(':')?;
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ');
    let is_key = key.len() <= 30 && key.starts_with(char::is_alphabetic) && key.chars().all(is_word);
    (is_key && (value.is_empty() || value.starts_with([' ', '\t']))).then(|| (key, value.trim()))
}

/// Finds the lines at the beginning of `text`.
pub(super) fn find(text: &str) -> Option<Found> {
    let (mut at, mut count, mut known, mut has_title) = (0, 0, 0, false);
    for line in text.split_inclusive('\n') {
        let row = line.trim_end();
        if row.is_empty() || row == "---" {
            let is_yaml = row == "---";
            let is_head = has_title || count >= 2 && known == count;
            return (count > 0 && is_head).then_some(Found { end: at, body: at + line.len(), is_yaml });
        }
        if !(count > 0 && row.starts_with([' ', '\t', '-'])) {
            let (key, _) = pair(row)?;
            count += 1;
            known += usize::from(keys::is_known(keys::ENTRY, key));
            has_title |= key.eq_ignore_ascii_case("title");
            if known == 0 {
                return None;
            }
        }
        at += line.len();
    }
    (has_title || count >= 2 && known == count).then_some(Found { end: at, body: at, is_yaml: false })
}

/// What ends a line for some programs and not for others, if a key or nothing stands behind it: the key would be part of
/// the value before it.
pub(super) fn doubtful_line_end(text: &str) -> Option<usize> {
    let is_end = |c: char| matches!(c, '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    text.match_indices(is_end).map(|(at, end)| (at, &text[at + end.len()..])).find_map(|(at, behind)| {
        let is_usual = text[at..].starts_with("\r\n");
        let row = behind.split(|c| c == '\n' || is_end(c)).next().unwrap_or_default();
        (!is_usual && (text[at..].starts_with('\r') || row.is_empty() || pair(row).is_some())).then_some(at)
    })
}

/// Reads the lines. Nothing in them is YAML: a headline may have colons.
pub(super) fn read(text: &str, lines_before: usize) -> Node {
    let mut entries: Vec<Entry> = Vec::new();
    for (number, row) in text.lines().enumerate() {
        let line = (lines_before + number) as u32 + 1;
        let chars = |text: &str| text.chars().count() as u32;
        if row.starts_with([' ', '\t', '-']) {
            let more = row.trim_start_matches([' ', '\t', '-']).trim_end();
            if let Some(Entry { value: Node { content: Content::Plain(text), mark }, .. }) = entries.last_mut() {
                // A list, one item a line.
                text.push_str(if text.is_empty() || text.ends_with(',') || !row.trim_start().starts_with('-') {
                    " "
                } else {
                    ", "
                });
                text.push_str(more);
                mark.length = 0;
            }
        } else if let Some((key, value)) = pair(row.trim_end()) {
            let start = row.len() - row.trim_end().len();
            let column = chars(&row[..row.len() - start - value.len()]) + 1;
            let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            let value = quoted.unwrap_or(value);
            let mark = Mark { line, column, length: chars(value) };
            let key = Node::text_of(key, Mark { line, column: 1, length: chars(key) });
            entries.push(Entry { key, value: Node { content: Content::Plain(value.to_owned()), mark } });
        }
    }
    Node { content: Content::Map(entries), mark: Mark { line: lines_before as u32 + 1, column: 1, length: 0 } }
}
