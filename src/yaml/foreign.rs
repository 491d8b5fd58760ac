//! TOML and JSON as the same tree, for front matter of Hugo.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use toml::de::{DeTable, DeValue};

use super::{Content, Entry, Error, MAX_DEPTH, Mark, Node};

/// The lines of a text, to find the marks of bytes.
struct Text<'t> {
    text: &'t str,
    starts: Vec<usize>,
    lines_before: u32,
}

impl<'t> Text<'t> {
    fn new(text: &'t str, lines_before: usize) -> Self {
        let starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
        Self { text, starts: starts.collect(), lines_before: lines_before as u32 }
    }

    fn mark(&self, start: usize, end: usize) -> Mark {
        let start = self.text.floor_char_boundary(start);
        let end = self.text.floor_char_boundary(end.max(start));
        let line = self.starts.partition_point(|first| *first <= start) - 1;
        let column = self.text[self.starts[line]..start].chars().count() as u32 + 1;
        let within = &self.text[start..end];
        let length = if within.contains('\n') { 0 } else { within.chars().count() as u32 };
        Mark { line: line as u32 + 1 + self.lines_before, column, length }
    }
}

fn too_deep(mark: Mark) -> Error {
    Error::new("the value is nested too deeply")
        .hint(format!("lists and maps may be nested up to {MAX_DEPTH} times"))
        .at(mark)
}

impl Node {
    /// Reads TOML. `lines_before` lines of the file stand in front of `text`.
    ///
    /// # Errors
    /// The first thing that is not TOML, or exceeds a bound.
    pub fn parse_toml(text: &str, lines_before: usize) -> Result<Self, Error> {
        let lines = Text::new(text, lines_before);
        let table = DeTable::parse(text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let message = error.message().lines().next().unwrap_or_default();
            let hint = match message {
                _ if message.starts_with("duplicate key") => "keep one of the two",
                _ if message.starts_with("key with no value") => {
                    "write `key = value`; YAML, with its colons, stands between two lines `---`"
                }
                _ if message.contains("escape") => "write a backslash as `\\\\`, or use single quotation marks",
                _ if message.contains("string") => "put text in quotation marks, which end on the same line",
                _ if message.contains("array") => "close the list with `]`, and put commas between its items",
                _ if message.contains("date") || message.contains("time") => "write `2026-11-23T14:05:00+01:00`",
                _ => "write `key = \"text\"`: text stands in quotation marks, and lists in brackets",
            };
            Error::new(message).hint(hint).at(lines.mark(span.start, span.end))
        })?;
        of_table(table.get_ref(), &lines, Mark { line: lines_before as u32 + 1, column: 1, length: 0 }, 0)
    }

    /// Reads the JSON object at the beginning of `text`, and says where it ends.
    ///
    /// # Errors
    /// The first thing that is not JSON, or exceeds a bound.
    pub fn parse_json(text: &str, lines_before: usize) -> Result<(Self, usize), Error> {
        let lines = Text::new(text, lines_before);
        let mut stream = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
        let raw = match stream.next() {
            Some(Ok(raw)) => raw,
            Some(Err(error)) => return Err(wrong_json(&error, text, lines_before)),
            None => return Ok((Self::null(), 0)),
        };
        Ok((of_json(raw.get(), &lines, 0)?, stream.byte_offset()))
    }
}

fn of_table(table: &DeTable<'_>, lines: &Text<'_>, mark: Mark, depth: usize) -> Result<Node, Error> {
    if depth >= MAX_DEPTH {
        return Err(too_deep(mark));
    }
    // The table is sorted by its keys; what was written first comes first.
    let mut pairs: Vec<_> = table.iter().collect();
    pairs.sort_by_key(|(key, _)| key.span().start);
    let mut entries = Vec::with_capacity(pairs.len());
    for (key, value) in pairs {
        let (at, of) = (key.span(), value.span());
        let key = Node::text_of(key.get_ref().as_ref(), lines.mark(at.start, at.end));
        let mark = lines.mark(of.start, of.end);
        entries.push(Entry { key, value: of_toml(value.get_ref(), &lines.text[of], lines, mark, depth + 1)? });
    }
    Ok(Node { content: Content::Map(entries), mark })
}

fn of_toml(value: &DeValue<'_>, raw: &str, lines: &Text<'_>, mark: Mark, depth: usize) -> Result<Node, Error> {
    let content = match value {
        DeValue::String(text) => Content::Text(text.as_ref().to_owned()),
        DeValue::Table(table) => return of_table(table, lines, Mark { length: 0, ..mark }, depth),
        DeValue::Array(items) => {
            if depth >= MAX_DEPTH {
                return Err(too_deep(mark));
            }
            let item = |item: &toml::Spanned<DeValue<'_>>| {
                let span = item.span();
                let mark = lines.mark(span.start, span.end);
                of_toml(item.get_ref(), &lines.text[span], lines, mark, depth + 1)
            };
            Content::List(items.iter().map(item).collect::<Result<_, _>>()?)
        }
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {
            Content::Plain(raw.trim().to_owned())
        }
    };
    Ok(Node { content, mark })
}

fn wrong_json(error: &serde_json::Error, text: &str, lines_before: usize) -> Error {
    let full = error.to_string();
    let message = full.split(" at line ").next().unwrap_or_default();
    let (line, column) = (error.line() as u32 + lines_before as u32, error.column().max(1) as u32);
    let before = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    let (before, behind) = text.split_at(text.floor_char_boundary(before + error.column().saturating_sub(1)));
    let hint = match message {
        _ if before.trim_end().ends_with(',') && behind.starts_with(['}', ']']) => "remove the comma in front of it",
        "key must be a string" => "put the key in double quotation marks; JSON has no comments",
        "EOF while parsing a string" | "control character (\\u0000-\\u001F) found while parsing a string" => {
            "close the quotation mark on its own line; a new line within a text is `\\n`"
        }
        "invalid escape" => "write a backslash as `\\\\`",
        message if message.starts_with("EOF") => "close what is open: `}`, `]` or a quotation mark",
        message if message.starts_with("expected `,`") => "put a comma between two entries",
        "expected `:`" => "put a colon between the key and its value",
        _ => "put text and keys in double quotation marks; JSON has no comments",
    };
    Error::new(format!("the JSON is broken: {message}")).hint(hint).at(Mark { line, column, length: 0 })
}

/// Keys and values of an object, in the order of the file.
struct Pairs;

impl<'de> Visitor<'de> for Pairs {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(pairs)
    }
}

/// A part of a text that is known to be JSON.
fn of_json(raw: &str, lines: &Text<'_>, depth: usize) -> Result<Node, Error> {
    // The part borrows from the text, so its place is the distance of their beginnings.
    let start = raw.as_ptr() as usize - lines.text.as_ptr() as usize;
    let mark = lines.mark(start, start + raw.len());
    if depth >= MAX_DEPTH {
        return Err(too_deep(mark));
    }
    let wrong = |error: serde_json::Error| wrong_json(&error, raw, 0).at(mark);
    let content = match raw.as_bytes().first() {
        Some(b'{') => {
            let pairs = serde_json::Deserializer::from_str(raw).deserialize_map(Pairs).map_err(wrong)?;
            let mut entries = Vec::with_capacity(pairs.len());
            for (key, value) in pairs {
                let value = of_json(value.get(), lines, depth + 1)?;
                let end = value_start(lines, &value);
                let at = lines.text[..end].rfind(&key).unwrap_or(end);
                entries.push(Entry { key: Node::text_of(&key, lines.mark(at, at + key.len())), value });
            }
            Content::Map(entries)
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(raw).map_err(wrong)?;
            Content::List(items.iter().map(|item| of_json(item.get(), lines, depth + 1)).collect::<Result<_, _>>()?)
        }
        Some(b'"') => Content::Text(serde_json::from_str(raw).map_err(wrong)?),
        _ => Content::Plain(raw.to_owned()),
    };
    Ok(Node { content, mark })
}

/// The byte at which a value begins.
fn value_start(lines: &Text<'_>, value: &Node) -> usize {
    let line = lines.starts[(value.mark.line - lines.lines_before) as usize - 1];
    let column = value.mark.column as usize - 1;
    lines.text[line..].char_indices().nth(column).map_or(lines.text.len(), |(at, _)| line + at)
}
