//! Front matter of the usual shapes, without the library: keys of letters, values on one line, short lists, nesting by
//! blanks.
//!
//! The one idea: whatever is not certain is left to the library. What is read here is what the library would say, with
//! the same places; a test compares both on generated documents. A first build spends a third less on reading sources.

use super::{Content, Entry, Mark, Node};
use crate::text::has_forbidden;

/// How deeply values are nested here.
const MAX_LEVELS: usize = 4;

/// libyaml looks for the colon of a key within so many bytes.
const MAX_KEY: usize = 128;

/// A document that is a map, if it has no shape but those that this module knows.
pub(super) fn document(text: &str, lines_before: u32) -> Option<Node> {
    if text.bytes().any(|byte| matches!(byte, b'\t' | b'\r')) || has_forbidden(text) || text.contains('\u{FEFF}') {
        return None;
    }
    let mut lines = Lines { rest: text, number: lines_before, row: "", column: 0, is_end: false };
    lines.advance()?;
    let node = lines.map(0)?;
    lines.is_end.then_some(node)
}

/// Goes through a document line by line.
struct Lines<'t> {
    /// Behind the row.
    rest: &'t str,
    number: u32,
    /// The row at which the reader stands, without its end.
    row: &'t str,
    /// Where its next key, dash or value begins, in bytes from 0. Only ASCII stands before it.
    column: usize,
    /// Whether there is no row any more.
    is_end: bool,
}

impl<'t> Lines<'t> {
    /// Goes to the next row. None if it is empty or a comment.
    fn advance(&mut self) -> Option<()> {
        if self.rest.is_empty() {
            self.is_end = true;
            (self.row, self.column) = ("", 0);
            return Some(());
        }
        (self.row, self.rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
        self.number += 1;
        self.column = self.row.bytes().take_while(|byte| *byte == b' ').count();
        let is_filled = self.column < self.row.len() && !self.row.ends_with(' ');
        (is_filled && self.row.as_bytes()[self.column] != b'#').then_some(())
    }

    /// Whether a row begins in this column.
    fn is_at(&self, column: usize) -> bool {
        !self.is_end && self.column == column
    }

    fn is_at_dash(&self) -> bool {
        self.row[self.column..].starts_with("- ")
    }

    /// The mark of a list or map that begins here.
    fn beginning(&self) -> Mark {
        Mark { line: self.number, column: self.column as u32 + 1, length: 0 }
    }

    /// The length of the key at which the row stands, if a colon ends it.
    fn key(&self) -> Option<usize> {
        let row = &self.row.as_bytes()[self.column..];
        let length = row
            .iter()
            .take(MAX_KEY)
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
            .count();
        let is_key = row.first()?.is_ascii_alphabetic()
            && row.get(length) == Some(&b':')
            && row.get(length + 1).is_none_or(|byte| *byte == b' ');
        is_key.then_some(length)
    }

    /// The map whose first key stands here, `level` lists and maps deep.
    fn map(&mut self, level: usize) -> Option<Node> {
        if level > MAX_LEVELS {
            return None;
        }
        let (column, mark) = (self.column, self.beginning());
        let mut entries = Vec::with_capacity(8);
        while self.is_at(column) {
            let length = self.key()?;
            let key = Node {
                content: Content::Plain(self.row[column..column + length].to_owned()),
                mark: Mark { length: length as u32, ..self.beginning() },
            };
            self.column += length + 1;
            entries.push(Entry { key, value: self.value(column, level)? });
        }
        (self.is_end || self.column < column).then_some(Node { content: Content::Map(entries), mark })
    }

    /// The value behind the colon of a key that stands in `column`.
    fn value(&mut self, column: usize, level: usize) -> Option<Node> {
        if self.column < self.row.len() {
            return self.scalar_or_flow(column);
        }
        let nothing = Node { content: Content::Plain(String::new()), mark: self.beginning() };
        self.advance()?;
        if !self.is_end && self.column >= column && self.is_at_dash() {
            self.list(level + 1)
        } else if !self.is_end && self.column > column {
            self.map(level + 1)
        } else {
            Some(nothing)
        }
    }

    /// The list whose first dash stands here.
    fn list(&mut self, level: usize) -> Option<Node> {
        if level > MAX_LEVELS {
            return None;
        }
        let (column, mark) = (self.column, self.beginning());
        let mut items = Vec::with_capacity(4);
        while self.is_at(column) && self.is_at_dash() {
            self.column += 1;
            let blanks = self.row[self.column..].bytes().take_while(|byte| *byte == b' ').count();
            items.push(if blanks == 1 && { self.key_behind(1) } {
                self.column += 1;
                self.map(level + 1)?
            } else {
                self.scalar_or_flow(column)?
            });
        }
        (self.is_end || self.column <= column).then_some(Node { content: Content::List(items), mark })
    }

    fn key_behind(&mut self, blanks: usize) -> bool {
        self.column += blanks;
        let is_key = self.key().is_some();
        self.column -= blanks;
        is_key
    }

    /// The scalar or the list in brackets that ends this row, behind the blanks at which it stands. The row behind it
    /// must not belong to it: what surrounds it begins in `column`.
    fn scalar_or_flow(&mut self, column: usize) -> Option<Node> {
        let start = self.column + self.row[self.column..].bytes().take_while(|byte| *byte == b' ').count();
        let value = &self.row[start..];
        let mark = Mark { line: self.number, column: start as u32 + 1, length: 0 };
        let node = match value.as_bytes().first()? {
            b'[' => flow(value, mark)?,
            b'"' | b'\'' => {
                let (node, end) = quoted(value, mark)?;
                (end == value.len()).then_some(node)?
            }
            _ => is_plain(value).then(|| plain(value, mark))?,
        };
        self.advance()?;
        (self.is_end || self.column <= column).then_some(node)
    }
}

/// Whether a whole line can be nothing but a plain scalar.
fn is_plain(value: &str) -> bool {
    let bytes = value.as_bytes();
    (bytes[0].is_ascii_alphanumeric() || bytes[0] == b'/' || bytes[0] >= 0x80)
        && bytes.last() != Some(&b':')
        && !memchr::memchr2_iter(b':', b'#', bytes).any(|at| match bytes[at] {
            b':' => bytes.get(at + 1) == Some(&b' '),
            _ => bytes[at - 1] == b' ',
        })
}

fn plain(value: &str, mark: Mark) -> Node {
    Node { content: Content::Plain(value.to_owned()), mark: Mark { length: characters(value), ..mark } }
}

/// Text in quotation marks without escapes, and where it ends.
fn quoted(value: &str, mark: Mark) -> Option<(Node, usize)> {
    let quote = value.as_bytes()[0];
    let length = memchr::memchr(quote, &value.as_bytes()[1..])?;
    let inner = &value[1..=length];
    let is_escaped =
        if quote == b'"' { inner.contains('\\') } else { value.as_bytes().get(length + 2) == Some(&b'\'') };
    let length = length + 2;
    let mark = Mark { length: characters(&value[..length]), ..mark };
    (!is_escaped).then(|| (Node { content: Content::Text(inner.to_owned()), mark }, length))
}

/// A list in brackets of such text and of plain words.
fn flow(value: &str, mark: Mark) -> Option<Node> {
    let inner = value.strip_suffix(']')?;
    let mut items = Vec::with_capacity(4);
    let (mut at, mut column) = (1, mark.column + 1);
    while at < inner.len() {
        let rest = inner[at..].trim_start_matches(' ');
        column += (inner.len() - at - rest.len()) as u32;
        at = inner.len() - rest.len();
        let mark = Mark { column, ..mark };
        let (node, end) = match rest.as_bytes().first()? {
            b'"' | b'\'' => quoted(rest, mark)?,
            _ => {
                let words = rest.split(',').next().unwrap_or(rest).trim_end_matches(' ');
                (is_words(words).then(|| plain(words, mark))?, words.len())
            }
        };
        column += node.mark.length;
        let behind = rest[end..].trim_start_matches(' ');
        let blanks = rest.len() - end - behind.len();
        items.push(node);
        at += end + blanks;
        column += blanks as u32;
        if let Some(behind) = behind.strip_prefix(',') {
            (!behind.trim_start_matches(' ').is_empty()).then_some(())?;
            (at, column) = (at + 1, column + 1);
        } else if !behind.is_empty() {
            return None;
        }
    }
    Some(Node { content: Content::List(items), mark })
}

/// Whether an item of a list in brackets can be nothing but a plain scalar.
fn is_words(item: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80;
    item.bytes().next().is_some_and(is_letter)
        && item.bytes().all(|byte| is_letter(byte) || matches!(byte, b' ' | b'_' | b'-' | b'.' | b'/'))
}

fn characters(text: &str) -> u32 {
    text.bytes().filter(|byte| byte & 0xC0 != 0x80).count() as u32
}
