//! YAML as a tree that keeps what was written: the order and duplicates of keys, the text of plain scalars, and
//! places. TOML and JSON in front matter become the same tree.
//!
//! Front matter, `site.yaml` and every other YAML file are read here, and only this module names the library, serde_yaml. The
//! one idea: a scalar is its text. What type it has is asked where it is used, so `title: 1.10` stays `1.10`.
//! Bounds for time and memory: [`MAX_DEPTH`], [`MAX_REPEATED`].

mod cure;
mod de;
mod foreign;
mod parse;
mod simple;
mod walk;

use std::borrow::Cow;

use crate::diagnostic::{Diagnostic, Place, did_you_mean};
pub use serde_yaml::to_string;

/// How deeply lists and maps may be nested.
pub const MAX_DEPTH: usize = 100;

/// How many values and bytes of text all aliases of a file may repeat in total.
pub const MAX_REPEATED: usize = 1 << 18;

/// A place in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The line, counted from 1; 0 when it is not known.
    pub line: u32,
    /// The column in characters, counted from 1; 0 when it is not known.
    pub column: u32,
    /// The length in characters of what stands on one line, else 0.
    pub length: u32,
}

impl Mark {
    /// The place in `text`, the whole text of the file `path`.
    pub fn place(self, path: &str, text: &str) -> Place {
        if self.line == 0 {
            return Place::file(path);
        }
        let place = Place::at(path, text, self.line as usize, self.column.max(1) as usize);
        if self.length == 0 { place } else { Place { length: self.length, ..place } }
    }
}

/// A value and its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub content: Content,
    /// Where it stands.
    pub mark: Mark,
}

/// A value.
#[derive(Clone, Debug)]
pub enum Content {
    /// A scalar without quotation marks, as written. Nothing and `~` are such scalars, too.
    Plain(String),
    /// Text: a scalar in quotation marks, or a block.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the file. A key may be there twice.
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key; hardly ever anything but a scalar.
    pub key: Node,
    /// The value.
    pub value: Node,
}

/// What the text of a scalar means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'n> {
    /// Nothing, `~` or `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number that is not negative.
    Unsigned(u64),
    /// A negative whole number.
    Negative(i64),
    /// Any other number.
    Float(f64),
    /// Text, and every number that would be written in another way (`1.10`, `007`, `0x1F`).
    Text(&'n str),
}

/// Whether YAML takes a plain scalar for nothing.
fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// Whether a plain scalar says nothing. `Null` is a name.
fn says_nothing(text: &str) -> bool {
    matches!(text, "" | "~" | "null")
}

impl<'n> Scalar<'n> {
    /// The meaning of a plain scalar.
    fn plain(text: &'n str) -> Self {
        match text {
            _ if says_nothing(text) => return Self::Null,
            "true" | "True" | "TRUE" => return Self::Boolean(true),
            "false" | "False" | "FALSE" => return Self::Boolean(false),
            _ => {}
        }
        if !text.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.') || text.len() > 24 {
            return Self::Text(text);
        }
        if let Ok(number) = text.parse::<u64>() {
            return if text.len() > 1 && text.starts_with('0') { Self::Text(text) } else { Self::Unsigned(number) };
        }
        if let Ok(number) = text.parse::<i64>() {
            return if number.to_string() == text { Self::Negative(number) } else { Self::Text(text) };
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() && format!("{number:?}") == text => Self::Float(number),
            _ => Self::Text(text),
        }
    }
}

impl Node {
    /// Reads a YAML document. `lines_before` lines of the file stand in front of `text`.
    ///
    /// # Errors
    /// The first thing that is not YAML, or exceeds a bound.
    pub fn parse(text: &str, lines_before: usize) -> Result<Self, Error> {
        Ok(parse::document(text, lines_before as u32)?.0)
    }

    /// Reads front matter, and tells what in it may have been meant as words and is none: `Ranked #1` ends with
    /// `Ranked`.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn parse_front_matter(text: &str, lines_before: usize) -> Result<(Self, Vec<Error>), Error> {
        parse::front_matter(text, lines_before as u32)
    }

    /// What nothing is.
    pub fn null() -> Self {
        Self { content: Content::Plain(String::new()), mark: Mark::default() }
    }

    /// A map of some entries of another one.
    pub fn map_of<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> Self {
        let content = Content::Map(entries.into_iter().cloned().collect());
        Self { content, mark: Mark::default() }
    }

    /// Text that comes from elsewhere.
    pub fn text_of(text: impl Into<String>, mark: Mark) -> Self {
        Self { content: Content::Text(text.into()), mark }
    }

    /// The scalar as written, in quotation marks or not.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Plain(text) | Content::Text(text) => Some(text),
            Content::List(_) | Content::Map(_) => None,
        }
    }

    /// What the scalar means.
    pub fn scalar(&self) -> Option<Scalar<'_>> {
        match &self.content {
            Content::Plain(text) => Some(Scalar::plain(text)),
            Content::Text(text) => Some(Scalar::Text(text)),
            Content::List(_) | Content::Map(_) => None,
        }
    }

    /// Whether nothing is said.
    pub fn is_null(&self) -> bool {
        matches!(&self.content, Content::Plain(text) if says_nothing(text))
    }

    /// Whether there is nothing but null and empty text in it, as programs leave it where nothing was filled in.
    pub fn says_nothing(&self) -> bool {
        match &self.content {
            Content::Plain(text) | Content::Text(text) => self.is_null() || text.trim().is_empty(),
            Content::List(items) => items.iter().all(Self::says_nothing),
            Content::Map(entries) => entries.iter().all(|entry| entry.value.says_nothing()),
        }
    }

    /// The items of a list.
    pub fn items(&self) -> Option<&[Self]> {
        match &self.content {
            Content::List(items) => Some(items),
            _ => None,
        }
    }

    /// The entries of a map.
    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.content {
            Content::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The entry with this key, spelled just so. Of several the last one counts.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries()?.iter().rev().find(|entry| entry.key.text() == Some(key))
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// Whether both say the same, wherever they stand.
    pub fn is_same(&self, other: &Self) -> bool {
        match (&self.content, &other.content) {
            (Content::List(a), Content::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is_same(b)),
            (Content::Map(a), Content::Map(b)) => {
                let same = |(a, b): (&Entry, &Entry)| a.key.is_same(&b.key) && a.value.is_same(&b.value);
                a.len() == b.len() && a.iter().zip(b).all(same)
            }
            _ => self.scalar().is_some() && self.scalar() == other.scalar(),
        }
    }

    /// Calls `found` for each key that is in its map already: the earlier entry and the later one. `fold` says
    /// which keys of a map that lies at `depth` are the same.
    pub fn duplicates<'n>(
        &'n self,
        fold: &dyn Fn(usize, &'n str) -> Cow<'n, str>,
        found: &mut dyn FnMut(usize, &'n Entry, &'n Entry),
    ) {
        self.duplicates_at(0, fold, found);
    }

    fn duplicates_at<'n>(
        &'n self,
        depth: usize,
        fold: &dyn Fn(usize, &'n str) -> Cow<'n, str>,
        found: &mut dyn FnMut(usize, &'n Entry, &'n Entry),
    ) {
        match &self.content {
            Content::Map(entries) => {
                let mut known: Vec<(Cow<'n, str>, &Entry)> = Vec::with_capacity(entries.len());
                let mut many = rustc_hash::FxHashMap::default();
                for entry in entries {
                    let Some(key) = entry.key.text().map(|key| fold(depth, key)) else { continue };
                    // Hardly a map has more keys than fit into a few lines, which are compared faster than hashed.
                    let earlier = if entries.len() <= 32 {
                        known.iter().rev().find(|(other, _)| *other == key).map(|(_, entry)| *entry)
                    } else {
                        many.insert(key.clone(), entry)
                    };
                    if let Some(earlier) = earlier {
                        found(depth, earlier, entry);
                    }
                    if entries.len() <= 32 {
                        known.push((key, entry));
                    }
                    entry.value.duplicates_at(depth + 1, fold, found);
                }
            }
            Content::List(items) => items.iter().for_each(|item| item.duplicates_at(depth + 1, fold, found)),
            Content::Plain(_) | Content::Text(_) => {}
        }
    }
}

impl Entry {
    /// The key as written; empty for a list or map.
    pub fn name(&self) -> &str {
        self.key.text().unwrap_or_default()
    }

    /// Where the entry is best pointed at: at a value that stands on the line of its key, else at the key.
    pub fn mark(&self) -> Mark {
        value_mark(self.key.mark, &self.value)
    }
}

/// The mark of a value, unless it is a list, a map, a block or nothing: then that of its key.
pub fn value_mark(key: Mark, value: &Node) -> Mark {
    let is_visible = value.text().is_some_and(|text| !text.is_empty()) && value.mark.length > 0;
    if is_visible { value.mark } else { key }
}

/// Reads a YAML document as a value of any type.
///
/// # Errors
/// It is not YAML, a key is there twice, or it has another type.
pub fn from_str<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Error> {
    let node = Node::parse(text, 0)?;
    node.refuse_duplicates()?;
    node.read()
}

impl Node {
    /// The tree as a value of any type.
    ///
    /// # Errors
    /// It has another type.
    pub fn read<'n, T: serde::Deserialize<'n>>(&'n self) -> Result<T, Error> {
        T::deserialize(self).map_err(|error: Error| error.at(self.mark))
    }

    /// # Errors
    /// A key is there twice.
    pub fn refuse_duplicates(&self) -> Result<(), Error> {
        let mut error = None;
        self.duplicates(&|_, key| key.into(), &mut |_, _, again| {
            error.get_or_insert_with(|| {
                Error::new(format!("the key `{}` is there twice", again.name()))
                    .hint("keep one of the two")
                    .at(again.key.mark)
            });
        });
        error.map_or(Ok(()), Err)
    }
}

/// What is wrong with a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Error {
    message: String,
    hint: Option<String>,
    /// The keys that lead to it: `feeds.limit`.
    path: String,
    mark: Option<Mark>,
}

/// What to do about both versions of a text that version control has left in a file.
pub(crate) const MERGE_HINT: &str =
    "keep what is right of both versions, and remove the lines with `<<<<<<<`, `=======` and `>>>>>>>`";

impl Error {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }

    fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// The same at a place, unless it has one.
    fn at(self, mark: Mark) -> Self {
        Self { mark: self.mark.or(Some(mark)), ..self }
    }

    /// The same behind a key or number of a list.
    fn within(self, key: &str) -> Self {
        let path = match &*self.path {
            "" => key.to_owned(),
            path if path.starts_with('[') => format!("{key}{path}"),
            path => format!("{key}.{path}"),
        };
        Self { path, ..self }
    }

    /// Where it is.
    pub fn mark(&self) -> Mark {
        self.mark.unwrap_or_default()
    }

    /// As [`Self::diagnostic`], as a warning.
    pub fn warning(&self, path: &str, text: &str) -> Diagnostic {
        let (message, hint) = self.in_words();
        Diagnostic::warning(message).at(self.mark().place(path, text)).maybe_hint(hint)
    }

    /// The error as a diagnostic of `text`, the whole text of the file `path`.
    pub fn diagnostic(&self, path: &str, text: &str) -> Diagnostic {
        let place = self.mark().place(path, text);
        // The parser stumbles behind it.
        let above = text.split_inclusive('\n').take(place.line as usize);
        let mut starts = above.scan(0, |at, line| Some((std::mem::replace(at, *at + line.len()), line)));
        if let Some((at, _)) = starts.find(|(_, line)| line.starts_with("<<<<<<< ")) {
            return Diagnostic::error("unresolved merge conflict")
                .at(Place::span(path, text, at..at + 7))
                .hint(MERGE_HINT);
        }
        let (message, hint) = self.in_words();
        Diagnostic::error(message).at(place).maybe_hint(hint)
    }

    /// The words of serde in those of a reporter.
    fn in_words(&self) -> (String, Option<String>) {
        let prefix = if self.path.is_empty() { String::new() } else { format!("{}: ", self.path) };
        if let Some((name, rest)) = self.message.strip_prefix("unknown field `").and_then(|rest| rest.split_once('`')) {
            let known: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
            let nested = name.split_once('.').filter(|(first, _)| known.contains(first));
            let hint = match nested {
                Some((first, rest)) => format!("write `{first}: {{ {rest}: … }}`"),
                None => did_you_mean(name, known.iter().copied())
                    .unwrap_or_else(|| format!("known keys: {}", known.join(", "))),
            };
            return (format!("unknown key `{name}`"), Some(hint));
        }
        if let Some(name) = self.message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
            return (format!("{prefix}the key `{name}` is missing"), Some(format!("add `{name}: …`")));
        }
        if let Some(rest) = self.message.strip_prefix("unknown variant `") {
            let (given, rest) = rest.split_once("`, expected ").unwrap_or((rest, ""));
            let known = rest.split('`').skip(1).step_by(2);
            let hint = did_you_mean(given, known).unwrap_or_else(|| format!("use {rest}"));
            return (format!("{prefix}`{given}` is not a value of this key"), Some(hint));
        }
        // serde names a type of ours, and not what it may be.
        if let Some(name) = self.message.strip_prefix("data did not match any variant of untagged enum ") {
            let wanted = match name {
                "Form" => "text or a form of it for each number (`one: …`, `other: …`)",
                "Values" => "a word or a list of words",
                _ => "a number or text",
            };
            return (format!("{prefix}{wanted} should be here"), Some(format!("write {wanted}")));
        }
        let wrong = ["invalid type: ", "invalid value: "].iter().find_map(|start| self.message.strip_prefix(start));
        if let Some(rest) = wrong {
            let (given, wanted) = rest.split_once(", expected ").unwrap_or((rest, ""));
            let wanted = plain_type(wanted);
            let quoted = given.strip_prefix("string \"").and_then(|text| text.strip_suffix('"'));
            let is_meant = |text: &&str| match &*wanted {
                "a whole number" => text.parse::<i64>().is_ok(),
                "a number" => text.parse::<f64>().is_ok(),
                "`true` or `false`" => matches!(*text, "true" | "false"),
                _ => false,
            };
            if let Some(text) = quoted.filter(is_meant) {
                return (
                    format!("{prefix}`\"{text}\"` is text, where {wanted} should be"),
                    Some(format!("remove the quotation marks: `{text}`")),
                );
            }
            return (
                format!("{prefix}{} where {wanted} should be", plain_type(given)),
                Some(format!("write {wanted}")),
            );
        }
        (format!("{prefix}{}", self.message), self.hint.clone())
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (message, _) = self.in_words();
        match self.mark() {
            Mark { line: 0, .. } => f.write_str(&message),
            mark => write!(f, "{message} (line {}, column {})", mark.line, mark.column),
        }
    }
}

impl std::error::Error for Error {}

/// What a reporter calls the type that serde names.
fn plain_type(name: &str) -> String {
    match name {
        "usize" | "u8" | "u16" | "u32" | "u64" | "i16" | "i64" => "a whole number".into(),
        "f32" | "f64" => "a number".into(),
        "a boolean" => "`true` or `false`".into(),
        "a string" | "string or map" => "text".into(),
        "sequence" | "a sequence" => "a list".into(),
        "map" | "a map" => "`key: value` lines".into(),
        "unit value" => "nothing".into(),
        other if other.starts_with("struct ") => "`key: value` lines".into(),
        other => {
            let value = ["string \"", "integer `", "floating point `", "boolean `"];
            match value.iter().find_map(|kind| other.strip_prefix(kind)) {
                Some(value) => format!("`{}`", value.trim_end_matches(['"', '`'])),
                None => other.to_owned(),
            }
        }
    }
}

#[cfg(test)]
mod tests;
