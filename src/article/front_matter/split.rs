//! Where front matter ends and the text begins, and in which form it is written.

use super::headers;
use crate::diagnostic::{Diagnostic, Place};
use crate::yaml::{self, Node};

/// How front matter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::article) enum Form {
    Yaml,
    Toml,
    Json,
    /// `Title: …` lines up to a blank one, as Pelican and MultiMarkdown have them.
    Headers,
}

/// A file as head and body.
pub(in crate::article) struct Parts {
    pub(in crate::article) form: Form,
    /// Where the front matter stands; empty if there is none.
    pub(in crate::article) head: std::ops::Range<usize>,
    /// Lines before it.
    head_line: usize,
    /// Where the Markdown begins.
    pub(in crate::article) body: usize,
    /// Lines before the Markdown.
    pub(super) body_line: usize,
}

impl Parts {
    /// The front matter, a map or nothing; and what in it may have been meant as words and is none.
    ///
    /// # Errors
    /// It cannot be read, is too large, or is something else.
    pub(super) fn head(&self, path: &str, text: &str) -> Result<(Node, Vec<yaml::Error>), Diagnostic> {
        let head = &text[self.head.clone()];
        if head.len() > MAX_BYTES {
            return Err(Diagnostic::error(format!("the front matter has {} bytes", head.len()))
                .at(Place::span(path, text, self.head.start..self.head.start + 1))
                .hint(format!("keep it below {MAX_BYTES} bytes; text belongs below it")));
        }
        if let Some(at) = headers::doubtful_line_end(head).filter(|_| self.form == Form::Headers) {
            let at = self.head.start + at;
            let message = "a character that ends no line here stands between these words";
            return Err(Diagnostic::error(message)
                .at(Place::span(path, text, at..at + 1))
                .hint("let each line end with a line feed, as editors of text do it"));
        }
        let node = match self.form {
            Form::Yaml => Node::parse_front_matter(head, self.head_line),
            Form::Toml => Node::parse_toml(head, self.head_line).map(|node| (node, Vec::new())),
            Form::Json => match Node::parse_json(head, self.head_line) {
                Ok((_, end)) if !head[end..].trim().is_empty() => {
                    let start = self.head.start + end + head[end..].len() - head[end..].trim_start().len();
                    return Err(Diagnostic::error("front matter in JSON is one object, and this stands behind it")
                        .at(Place::span(path, text, start..start + 1))
                        .hint("move it into the object"));
                }
                node => node.map(|(node, _)| (node, Vec::new())),
            },
            Form::Headers => Ok((headers::read(head, self.head_line), Vec::new())),
        };
        let (node, losses) = node.map_err(|error| error.diagnostic(path, text))?;
        if node.entries().is_none() && !node.is_null() {
            let is_toml = node.text().is_some_and(|text| text.contains('='));
            let hint = if is_toml {
                "write `title: …`; TOML stands between two lines `+++`"
            } else {
                "begin with `title: …`"
            };
            return Err(Diagnostic::error("front matter must be a list of `key: value` lines")
                .at(node.mark.place(path, text))
                .hint(hint));
        }
        Ok((node, losses))
    }
}

/// The front matter of the file `path` with the text `text`.
///
/// # Errors
/// It cannot be read.
pub(in crate::article) fn head(path: &str, text: &str) -> Result<(Node, Vec<yaml::Error>), Diagnostic> {
    split(path, text)?.head(path, text)
}

/// The largest front matter that is read.
const MAX_BYTES: usize = 16 << 20;

/// Finds the front matter: behind a byte order mark and blank lines, between `---` and `---` or `...`, between two
/// `+++`, an object in JSON, or lines `Title: …`.
pub(in crate::article) fn split(path: &str, text: &str) -> Result<Parts, Diagnostic> {
    let mut at = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let mut line = 0;
    let next_line =
        |from: usize| memchr::memchr(b'\n', &text.as_bytes()[from..]).map_or(text.len(), |end| from + end + 1);
    let none = |body: usize, body_line: usize| Parts { form: Form::Yaml, head: 0..0, head_line: 0, body, body_line };
    let (first, first_line) = loop {
        if at >= text.len() {
            return Ok(none(text.len(), line));
        }
        let end = next_line(at);
        if !text[at..end].trim().is_empty() {
            break (at, line);
        }
        at = end;
        line += 1;
    };
    let end = next_line(first);
    let fence = text[first..end].trim_end();
    if fence == "{" || fence.starts_with("{\"") {
        let rest = &text[first..];
        let (_, length) = Node::parse_json(rest, first_line).map_err(|error| error.diagnostic(path, text))?;
        let body = next_line(first + length);
        let body_line = first_line + memchr::memchr_iter(b'\n', &text.as_bytes()[first..body]).count();
        return Ok(Parts { form: Form::Json, head: first..first + length, head_line: first_line, body, body_line });
    }
    // Eleventy and Hexo name the language behind the fence.
    let language = fence.strip_prefix("---").map(|language| language.trim().to_ascii_lowercase());
    let (form, fence) = match language.as_deref() {
        Some("" | "yaml" | "yml") => (Form::Yaml, "---"),
        Some("toml") => (Form::Toml, "---"),
        Some("json") => (Form::Json, "---"),
        None if fence == "+++" => (Form::Toml, fence),
        _ => {
            refuse_foreign(path, text, first, language.as_deref())?;
            let Some(found) = headers::find(&text[first..]) else { return Ok(none(first, first_line)) };
            let form = if found.is_yaml { Form::Yaml } else { Form::Headers };
            let (head, body) = (first..first + found.end, first + found.body);
            let body_line = first_line + memchr::memchr_iter(b'\n', &text.as_bytes()[first..body]).count();
            return Ok(Parts { form, head, head_line: first_line, body, body_line });
        }
    };
    let mut at = end;
    let mut line = first_line + 1;
    while at < text.len() {
        let next = next_line(at);
        let row = text[at..next].trim_end();
        if row == fence || row == "..." && form == Form::Yaml {
            return Ok(Parts { form, head: end..at, head_line: first_line + 1, body: next, body_line: line + 1 });
        }
        at = next;
        line += 1;
    }
    Err(Diagnostic::error("the front matter is never closed")
        .at(Place::span(path, text, first..first + 3))
        .hint(format!("put a line `{fence}` between the front matter and the text")))
}

/// What in a text may have been meant as the beginning of front matter, which is not found there, and the cure.
pub(super) fn nearly(text: &str) -> Option<(std::ops::Range<usize>, &'static str)> {
    const DASHES: [char; 5] = ['-', '\u{2010}', '\u{2013}', '\u{2014}', '\u{2212}'];
    if !text.contains('\n') && text.contains('\r') {
        let end = text.find('\r').unwrap_or_default();
        return Some((0..end.max(1), "save the file with line feeds at the ends of its lines (LF or CRLF)"));
    }
    let is_fence = |row: &str| matches!(row.trim_end(), "---" | "+++");
    let start = text.find(|c: char| !c.is_whitespace() && c != '\u{FEFF}')?;
    let line_start = text[..start].rfind('\n').map_or(0, |end| end + 1);
    let row = text[start..].lines().next().unwrap_or_default().trim_end();
    let at = line_start..start + row.len();
    if is_fence(row) {
        let is_read = line_start == start || line_start == 0 && &text[..start] == "\u{FEFF}";
        let cure = "remove what stands before the mark in this line: blanks, or invisible characters";
        return (!is_read).then_some((at, cure));
    }
    if row.starts_with("%YAML") {
        return Some((at, "remove this line"));
    }
    let is_bar = row.chars().all(|c| DASHES.contains(&c) || c == '+' || c == '~' || c == '=' || c == '_');
    if is_bar && row.chars().count() <= 20 {
        return Some((at, "begin and end front matter with three plain hyphens: `---`"));
    }
    if let Some(rest) = row.strip_prefix("---").or_else(|| row.strip_prefix("+++")) {
        let hint = "leave nothing behind the three marks in this line";
        return (!rest.starts_with(['-', '+'])).then_some((at, hint));
    }
    let mut below = text[start + row.len()..].lines().filter(|row| !row.trim().is_empty());
    if row.starts_with("<!--") {
        return below.any(is_fence).then_some((at, "put the comment behind the front matter"));
    }
    let is_code = row.starts_with("```") || row.starts_with("~~~");
    let is_head = |row: &str| is_fence(row) || row.starts_with("title:");
    (is_code && below.next().is_some_and(is_head)).then_some((at, "remove the marks of code around the front matter"))
}

/// Refuses front matter in a language that is not read: what it withholds would be published as text.
fn refuse_foreign(path: &str, text: &str, first: usize, language: Option<&str>) -> Result<(), Diagnostic> {
    let mut rows = text[first..].lines().take(100);
    let is_word = |word: &str| (1..=12).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_named = language.is_some_and(is_word) && rows.clone().skip(1).any(|row| row.trim_end() == "---");
    // Hexo ends an object without braces so.
    if !is_named && !rows.any(|row| row.trim_end() == ";;;") {
        return Ok(());
    }
    let end = text[first..].find('\n').map_or(text.len(), |end| first + end);
    Err(Diagnostic::error("front matter in this form is not read")
        .at(Place::span(path, text, first..first + text[first..end].trim_end().len()))
        .hint("write it as `key: value` lines between two lines `---`, or as JSON between `---json` and `---`"))
}
