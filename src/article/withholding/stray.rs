//! What would withhold a file if it stood in its front matter, and stands elsewhere.

use std::ops::Range;

use super::super::fields::Fields;
use super::super::front_matter::Reading;
use super::super::keys;
use super::withholds;
use crate::diagnostic::{Diagnostic, Place};
use crate::yaml::{Mark, Node};

/// Lines behind the front matter, or at the top of a file that has none, that are read for a wish to withhold.
const STRAY_LINES: usize = 30;

/// Refuses what would withhold the file if it stood in the front matter: in a second one, below the headline, behind a
/// comment, or in the manner of a program whose files are not read. `start` is where the text begins.
pub(in crate::article) fn refuse_stray(fields: &mut Fields<'_>, start: usize, has_head: bool, reading: &Reading<'_>) {
    let text = fields.text;
    let found = at_the_top(text, start, has_head, reading).or_else(|| in_a_block(text, start, reading));
    let Some(line) = found else { return };
    let row = text[line.clone()].trim_end();
    let shown = row.trim().chars().take(40).collect::<String>();
    let place = Place::span(fields.path, text, line.start..line.start + row.len());
    let hint = "write it between two lines `---` at the very top of the file; as text, put a word before it";
    let message = format!("`{shown}` stands outside the front matter, where it withholds nothing");
    fields.problems.push(Diagnostic::error(message).at(place).hint(hint));
}

/// The first of the lines from `start` on that withholds.
fn at_the_top(text: &str, start: usize, has_head: bool, reading: &Reading<'_>) -> Option<Range<usize>> {
    let mut at = start;
    let mut is_code = false;
    let mut has_headline = false;
    for _ in 0..STRAY_LINES {
        let from = at;
        if at == text.len() {
            return None;
        }
        let rest = &text[at..];
        at = rest
            .find(LINE_ENDS)
            .map_or(text.len(), |end| at + end + rest[end..].chars().next().map_or(1, char::len_utf8));
        let row = text[from..at].trim();
        is_code ^= is_code_fence(row);
        let is_fence =
            row.len() <= 40 && row.chars().all(|c| matches!(c, '-' | '+' | '.' | '=' | '*' | '\u{2014}' | '{' | '}'));
        if is_code || is_fence {
            continue;
        }
        let Some((name, _)) = pair(row) else {
            // Behind front matter only what stands right there, or below the headline, is meant to be more of it.
            if has_head && (has_headline || !is_headline(row, &text[at..])) {
                return None;
            }
            has_headline = true;
            continue;
        };
        // An object may stand on one line.
        let mut parts = row.split([',', '{', '}']).filter(|_| row.starts_with('{')).chain([row]).filter_map(pair);
        if has_head && !keys::is_known(keys::ENTRY, name) && !row.starts_with('{') {
            return None;
        }
        if parts.any(|(name, value)| withholds(name, &Node::text_of(value, Mark::default()), reading)) {
            return Some(from..at);
        }
    }
    None
}

/// What ends a line for some program or other.
const LINE_ENDS: [char; 7] = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];

/// Whether a line is a headline by itself, or by the line below it.
fn is_headline(row: &str, behind: &str) -> bool {
    let below = behind.lines().next().unwrap_or_default().trim();
    row.starts_with('#') || !below.is_empty() && below.bytes().all(|byte| byte == b'=')
}

/// The first line that withholds in a block of nothing but keys between two lines `---`, wherever it stands.
fn in_a_block(text: &str, start: usize, reading: &Reading<'_>) -> Option<Range<usize>> {
    let body = &text[start..];
    ["\n---", "\n+++"].iter().find_map(|fence| {
        // Hardly a body has such a line.
        memchr::memmem::find_iter(body.as_bytes(), fence.as_bytes()).find_map(|at| {
            let found = block_behind(body, at + 1, &fence[1..], reading)?;
            let is_code = body[..at].lines().filter(|line| is_code_fence(line.trim_start())).count() % 2 == 1;
            (!is_code).then(|| start + found.start..start + found.end)
        })
    })
}

fn block_behind(body: &str, fence_at: usize, fence: &str, reading: &Reading<'_>) -> Option<Range<usize>> {
    let mut at = fence_at;
    let mut found = None;
    for (number, line) in body[fence_at..].split_inclusive('\n').take(STRAY_LINES).enumerate() {
        let row = line.trim_end();
        match (number, row == fence) {
            (0, true) => {}
            (0, false) => return None,
            (_, true) => return found,
            (_, false) if row.is_empty() || row.starts_with([' ', '\t', '-', '#']) => {}
            (_, false) => {
                let (name, value) = pair(row)?;
                if found.is_none() && withholds(name, &Node::text_of(value, Mark::default()), reading) {
                    found = Some(at..at + line.len());
                }
            }
        }
        at += line.len();
    }
    None
}

fn is_code_fence(row: &str) -> bool {
    row.starts_with("```") || row.starts_with("~~~")
}

/// The key and the value of a line, without what encloses them in JSON, TOML, lists, emphasis and comments.
fn pair(row: &str) -> Option<(&str, &str)> {
    let end = row.as_bytes().iter().take(41).position(|byte| matches!(byte, b':' | b'='))?;
    if row[..end].split_whitespace().count() > 4 {
        return None;
    }
    let name = row[..end].trim_matches(|c: char| !c.is_alphanumeric());
    Some((name, row[end + 1..].trim_matches(|c: char| c.is_whitespace() || "\"'`,;:*_})]->#%!".contains(c))))
}
