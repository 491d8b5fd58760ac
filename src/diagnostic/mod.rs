//! Diagnostics: what is wrong, where, and what to do about it.
//!
//! A diagnostic is a value. Stages gather them and hand them on; only `cli` prints. One run reports
//! everything it found, errors before warnings do not hide each other.

mod kind;
mod print;

use std::fmt;
use std::io;

use serde::{Deserialize, Serialize};

pub use kind::{Kind, kinds};
pub use print::{Style, printable, printable_line, render};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The build cannot be right; nothing is published unless `--keep-going` says so.
    Error,
    /// The build goes on; `--strict` makes it an error.
    Warning,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The file, relative to the site's folder, with `/` between folders.
    pub path: String,
    /// The line, counted from 1; 0 when the whole file is meant.
    pub line: u32,
    /// The column in characters, counted from 1; 0 when the whole line is meant.
    pub column: u32,
    /// How many characters are meant, at least 1 when `column` is set.
    pub length: u32,
    /// The text of that line.
    pub text: String,
}

impl Place {
    /// The file as a whole.
    pub fn file(path: impl Into<String>) -> Self {
        Self { path: path.into(), line: 0, column: 0, length: 0, text: String::new() }
    }

    /// The bytes `range` of `text`, the whole text of the file `path`.
    pub fn span(path: impl Into<String>, text: &str, range: std::ops::Range<usize>) -> Self {
        let start = floor_char(text, range.start.min(text.len()));
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let end = floor_char(text, range.end.clamp(start, line_end));
        let (before, length) = (text[line_start..start].chars().count(), text[start..end].chars().count());
        Self {
            path: path.into(),
            line: memchr::memchr_iter(b'\n', &text.as_bytes()[..line_start]).count() as u32 + 1,
            column: before as u32 + 1,
            length: (length as u32).max(1),
            text: shorten(text[line_start..line_end].trim_end_matches('\r'), before + length),
        }
    }

    /// Line `line` (from 1) and column `column` (from 1) of `text`, the whole text of the file `path`.
    pub fn at(path: impl Into<String>, text: &str, line: usize, column: usize) -> Self {
        let row = text.lines().nth(line.saturating_sub(1)).unwrap_or("");
        let characters = row.chars().count();
        let column = column.clamp(1, characters + 1);
        let word = row.chars().skip(column - 1).take_while(|c| c.is_alphanumeric() || *c == '_').count();
        Self {
            path: path.into(),
            line: line as u32,
            column: column as u32,
            length: (word as u32).max(1),
            text: shorten(row, column + word),
        }
    }
}

/// The greatest boundary of a character that is not behind `at`.
fn floor_char(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A line of 10 MB is no help to anybody: 300 characters are, and those up to a little behind `end`, the last
/// one that is meant. Many write a paragraph on one line, and hardly anybody one of more than 4,000 characters.
fn shorten(line: &str, end: usize) -> String {
    line.chars().take((end + 60).clamp(300, 4000)).collect()
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (0, _) => write!(f, "{}", self.path),
            (line, 0) => write!(f, "{}:{line}", self.path),
            (line, column) => write!(f, "{}:{line}:{column}", self.path),
        }
    }
}

/// One thing to tell the user.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// Where, if it is about a file.
    pub place: Option<Place>,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// On how many pages the same thing happened, when it is more than one.
    pub pages: u32,
}

impl Diagnostic {
    /// An error.
    pub fn error(message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, place: None, message: message.into(), hint: None, pages: 1 }
    }

    /// A warning.
    pub fn warning(message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(message) }
    }

    /// The same, at a place.
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same, with a hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same, with a hint if there is one.
    pub fn maybe_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint.or(self.hint);
        self
    }

    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// The machine failed: `cannot {what} {path}`, with the cure.
pub fn machine(what: &str, path: impl fmt::Display, error: &io::Error) -> Diagnostic {
    Diagnostic::error(format!("cannot {what} {path}: {error}")).hint(cure(error, "try"))
}

/// How to cure a failure of the machine; `again` is the verb for what to do then, such as `build`.
pub fn cure(error: &io::Error, again: &str) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            format!("make room on the disk and {again} again")
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "check the folder's permissions".into(),
        _ => format!("{again} again"),
    }
}

/// How many mistakes of one kind are told of one file, so that a file of nothing but mistakes costs no more than its
/// length. Who has corrected those builds again.
pub const MOST_OF_FILE: usize = 100;

/// Says that there is more than [`MOST_OF_FILE`] in a file.
pub fn left_out(path: &str) -> Diagnostic {
    Diagnostic::warning(format!("there are more such mistakes in this file; the first {MOST_OF_FILE} are shown"))
        .at(Place::file(path))
        .hint("correct those first, then build again")
}

/// Sorts by file, line and column, and folds what is the same into one with a count of pages.
///
/// An error at a place in a template is one error, also when its message names what each page has there.
/// A mistake in an article is one mistake, however many feeds carry the article, and so is one in an advertisement or in
/// data.
pub fn fold(mut all: Vec<Diagnostic>) -> Vec<Diagnostic> {
    all.sort_by(|a, b| (a.severity, &a.place, &a.message).cmp(&(b.severity, &b.place, &b.message)));
    let mut folded: Vec<Diagnostic> = Vec::with_capacity(all.len());
    for one in all {
        match folded.last_mut() {
            Some(last) if last.severity == one.severity && last.place == one.place && is_same(last, &one) => {
                if !["content/", "includes/", "data/"].iter().any(|folder| is_in(&one, folder)) {
                    last.pages += one.pages;
                }
            }
            _ => folded.push(one),
        }
    }
    folded
}

fn is_in(one: &Diagnostic, folder: &str) -> bool {
    one.place.as_ref().is_some_and(|place| place.path.starts_with(folder))
}

fn is_same(a: &Diagnostic, b: &Diagnostic) -> bool {
    let is_template = a.place.as_ref().is_some_and(|place| place.column > 0 && place.path.contains("/templates/"));
    a.message == b.message || is_template && is_in(a, "themes/")
}

/// The name in `known` that `given` was probably meant to be, as a hint.
pub fn did_you_mean<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(given, known).map(|name| format!("did you mean `{name}`?"))
}

/// The name in `known` that is closest to `given`, if one is close.
///
/// Close means a Damerau–Levenshtein distance of at most a third of the length. The folder that two paths share, and the
/// ending, do not make them alike; of what then differs, half may.
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = known.into_iter().map(|name| (strsim::damerau_levenshtein(given, name), name));
    let is_close = |(distance, name): &(usize, &str)| {
        let (short, other) = differing(given, name);
        let part = if short.len() < given.len() { 2 } else { 3 };
        *distance <= (other.chars().count().max(short.chars().count()) / part).max(1)
    };
    near.filter(is_close).min().map(|(_, name)| name)
}

/// Two names without the folder and the ending that both have.
fn differing<'a, 'b>(one: &'a str, other: &'b str) -> (&'a str, &'b str) {
    let folder = one.rfind('/').map_or(0, |at| at + 1);
    let folder = if other.starts_with(&one[..folder]) { folder } else { 0 };
    let (one, other) = (&one[folder..], &other[folder..]);
    match (one.rsplit_once('.'), other.rsplit_once('.')) {
        (Some((start, ending)), Some((other_start, other_ending))) if ending == other_ending && folder > 0 => {
            (start, other_start)
        }
        _ => (one, other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_knows_its_line_and_column_in_characters() {
        let text = "eins\nzwöi drü\nvier";
        let place = Place::span("a.md", text, text.find("drü").expect("there")..text.find("\nvier").expect("there"));
        assert_eq!((place.line, place.column, place.length), (2, 6, 3));
        assert_eq!(place.text, "zwöi drü");
        assert_eq!(place.to_string(), "a.md:2:6");
    }

    #[test]
    fn the_same_error_on_many_pages_is_one_with_a_count() {
        let one = Diagnostic::error("no such filter").at(Place::file("a.html"));
        let folded = fold(vec![one.clone(), Diagnostic::warning("w"), one.clone(), one]);
        assert_eq!(folded.len(), 2);
        assert_eq!(folded[0].pages, 3);
        assert!(!folded[1].is_error());
    }

    #[test]
    fn suggestions_are_close_or_absent() {
        assert_eq!(did_you_mean("sumary", ["summary", "series"]), Some("did you mean `summary`?".into()));
        assert_eq!(did_you_mean("colour", ["summary", "series"]), None);
        assert_eq!(did_you_mean("local/nope.md", ["local/a0.md", "local/sea.md"]), None);
        assert_eq!(did_you_mean("local/tunel.md", ["local/tunnel.md"]), Some("did you mean `local/tunnel.md`?".into()));
    }
}
