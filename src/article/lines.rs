//! The front matter of a file as text: where each key stands, for those who point at it.

use std::cell::OnceCell;

use super::fields::{Field, Fields};
use super::front_matter::Reading;
use super::record::Record;
use super::slug::slugify;
use super::{front_matter, keys, values, withholding};
use crate::config::Slugs;
use crate::diagnostic::{Diagnostic, MOST_OF_FILE, Place};
use crate::text::plain_line;
use crate::yaml::{self, Content, Entry, Mark, Node};

/// Whether an old address is nothing but a query on the front page: `/?p=12`.
pub(super) fn is_query(address: &str) -> bool {
    address.trim_start_matches('/').starts_with('?')
}

/// Whether what should be an old address is another name, as Obsidian has them behind this key.
fn is_name(address: &str) -> bool {
    address.contains(' ') && !address.contains(['/', '.'])
}

fn aliases(entries: &[Entry]) -> impl Iterator<Item = &Entry> {
    entries.iter().filter(|entry| matches!(&*keys::fold(entry.name()), "aliases" | "alias" | "redirectfrom"))
}

fn doubtful(entry: &Entry) -> impl Iterator<Item = (&str, Mark)> {
    let items = entry.value.items().unwrap_or(std::slice::from_ref(&entry.value));
    let texts = items.iter().filter_map(|item| Some((item.text()?.trim(), item.mark)));
    texts.filter(|(text, _)| is_query(text) || is_name(text))
}

/// Whether one of the old addresses in front matter is a query, or no address.
pub(super) fn has_doubtful_aliases(entries: &[Entry]) -> bool {
    aliases(entries).any(|entry| doubtful(entry).next().is_some())
}

/// The spellings of keys of which only the last one counts.
const SPELLINGS: [&[&str]; 3] =
    [&["image", "images", "featuredimage"], &["canonical", "canonicalurl"], &["permalink", "url"]];

/// The entries of a key that is there before in another spelling, with another value: each with the earlier one.
pub(super) fn spelt_twice(entries: &[Entry]) -> Vec<(&Entry, &Entry)> {
    let mut first: [Option<&Entry>; SPELLINGS.len()] = [None; SPELLINGS.len()];
    let mut twice = Vec::new();
    for entry in entries {
        let folded = keys::fold(entry.name());
        let Some(key) = SPELLINGS.iter().position(|key| key.contains(&&*folded)) else { continue };
        match first[key] {
            Some(before) if keys::fold(before.name()) != folded && says_another(&before.value, &entry.value) => {
                twice.push((before, entry));
            }
            Some(_) => {}
            None => first[key] = Some(entry),
        }
    }
    twice
}

/// Whether two values say different things, and neither says nothing. A list of one is that one.
fn says_another(first: &Node, second: &Node) -> bool {
    let plain = |value: &Node| match value.items() {
        Some(items) => items.first().and_then(Node::text).map(str::to_owned),
        None => value.get("src").unwrap_or(value).text().map(str::to_owned),
    };
    let is_empty = |value: &Node| value.is_null() || value.text().is_some_and(|text| text.trim().is_empty());
    !is_empty(first) && !is_empty(second) && plain(first) != plain(second)
}

/// The lines of a content file's front matter.
pub struct Lines<'t> {
    path: &'t str,
    text: &'t str,
    /// Read when somebody asks; hardly a file has anything wrong.
    head: OnceCell<(Node, Vec<yaml::Error>)>,
}

impl<'t> Lines<'t> {
    /// The front matter of the file `path` with the text `text`; a file without one has no lines.
    pub fn of(path: &'t str, text: &'t str) -> Self {
        Self { path, text, head: OnceCell::new() }
    }

    fn head(&self) -> &(Node, Vec<yaml::Error>) {
        self.head
            .get_or_init(|| front_matter::head(self.path, self.text).unwrap_or_else(|_| (Node::null(), Vec::new())))
    }

    fn node(&self) -> &Node {
        &self.head().0
    }

    fn entries(&self) -> &[Entry] {
        self.node().entries().unwrap_or_default()
    }

    fn entry(&self, key: &str) -> Option<&Entry> {
        let key = keys::fold(key);
        self.entries().iter().rev().find(|entry| keys::fold(entry.name()) == key)
    }

    fn place(&self, mark: Mark) -> Place {
        mark.place(self.path, self.text)
    }

    /// Where one of the keys stands, without its value.
    pub fn key(&self, key: &str) -> Option<Place> {
        Some(self.place(self.entry(key)?.key.mark))
    }

    /// The place of the value of the first of `keys` that is there (`image.src` is the key `src` behind the
    /// key `image`); the title's if none is, since a key that is missing belongs below it.
    pub fn value(&self, keys: &[&str]) -> Place {
        let of = |key: &str| {
            let (first, rest) = key.split_once('.').map_or((key, None), |(first, rest)| (first, Some(rest)));
            let entry = self.entry(first)?;
            let field = Field::of(entry);
            let items = entry.value.items().unwrap_or_default().iter().chain([&entry.value]);
            let mut named = items.filter_map(|item| field.within_item(item, rest?));
            let within = named.next().map(|field| field.mark());
            Some(within.unwrap_or_else(|| entry.mark()))
        };
        match keys.iter().copied().chain(["title"]).find_map(of) {
            Some(mark) => self.place(mark),
            None => Place::span(self.path, self.text, 0..0),
        }
    }

    /// The place of one value among those of a key, whichever of `keys` it is.
    pub fn value_among(&self, keys: &[&str], value: &str) -> Place {
        let mark = keys.iter().filter_map(|key| self.entry(key)).find_map(|entry| among(&entry.value, value));
        mark.map_or_else(|| self.value(keys), |mark| self.place(mark))
    }

    /// Warnings of keys that are there twice, and of words that YAML takes for something else.
    pub fn doubts(&self) -> Vec<Diagnostic> {
        let mut fields = Fields::new(self.path, self.text);
        let twice = withholding::duplicates(&mut fields, self.node()).into_iter().take(MOST_OF_FILE);
        let twice = twice.map(|(mark, name, first)| {
            Diagnostic::warning(format!("the key `{name}` is there twice; this one counts"))
                .at(self.place(mark))
                .hint(format!("remove one of the two; the other one is in line {first}"))
        });
        let spelt = spelt_twice(self.entries()).into_iter().take(MOST_OF_FILE).map(|(first, again)| {
            let (name, line) = (first.name(), first.key.mark.line);
            Diagnostic::warning(format!(
                "`{}` means the same as `{name}` in line {line}, and says something else; this one counts",
                again.name()
            ))
            .at(self.place(again.key.mark))
            .hint(format!("remove one of the two; the other one is in line {line}"))
        });
        let lost = self.head().1.iter().map(|lost| lost.warning(self.path, self.text));
        let aliases = aliases(self.entries()).flat_map(doubtful).map(|(text, mark)| {
            let (message, hint) = if is_query(text) {
                let message =
                    format!("the old address `{text}` has a query, which no static host answers; it is left out");
                (message, "let the host lead it to the new address, if it can".to_owned())
            } else {
                let slug = slugify(text, Slugs::Transliterate);
                let hint = format!("if it is an old address, write it as one (`/{slug}/`), else use another key");
                (format!("the alias `{text}` looks like a name; it makes a page that is called so"), hint)
            };
            Diagnostic::warning(message).at(self.place(mark)).hint(hint)
        });
        let of_values = self.doubts_of_values().into_iter().take(MOST_OF_FILE);
        let of_values =
            of_values.map(|(mark, message, hint)| Diagnostic::warning(message).at(self.place(mark)).hint(hint));
        twice.chain(spelt).chain(lost).chain(aliases.take(MOST_OF_FILE)).chain(of_values).collect()
    }

    /// Warnings about values: place, message and cure.
    fn doubts_of_values(&self) -> Vec<(Mark, String, String)> {
        let mut fields = Fields::new(self.path, self.text);
        for entry in self.entries() {
            let field = &Field::of(entry);
            match &*keys::fold(entry.name()) {
                "author" | "authors" | "tag" | "tags" => _ = fields.terms(field),
                "image" | "images" | "featuredimage" => _ = values::image(&mut fields, field),
                name @ ("source" | "sources" | "correction" | "corrections") => {
                    values::doubt_keys_of_entries(&mut fields, field, name);
                }
                "comments" => front_matter::comments(&mut fields, field),
                _ => {}
            }
        }
        values::doubt_coverage(&mut fields, self.entries());
        fields.doubts
    }

    /// Warnings of keys by which the file is withheld and that may not be meant so, and of values. `record` is what it is.
    pub fn remarks(&self, record: &Record<'_>, reading: &Reading<'_>) -> Vec<Diagnostic> {
        let table = match record {
            Record::Section(_) => keys::SECTION,
            Record::Author(_) => keys::AUTHOR,
            _ => keys::ENTRY,
        };
        let mut fields = Fields::new(self.path, self.text);
        withholding::read(&mut fields, self.entries(), table, reading);
        let of_values = if matches!(record, Record::Entry(_)) { self.doubts_of_values() } else { Vec::new() };
        let remarks = fields.remarks.into_iter().chain(of_values).take(MOST_OF_FILE);
        remarks.map(|(mark, message, hint)| Diagnostic::warning(message).at(self.place(mark)).hint(hint)).collect()
    }

    /// Warnings of unknown keys of an article that are a slip of the pen ([`keys::slip`]).
    pub fn slips(&self) -> Vec<Diagnostic> {
        let slips = self.entries().iter().filter_map(|entry| Some((entry, keys::slip(keys::ENTRY, entry.name())?)));
        slips
            .take(MOST_OF_FILE)
            .map(|(entry, meant)| {
                let hint = format!("did you mean `{meant}`?");
                let message = format!("unknown key `{}`", entry.name());
                Diagnostic::warning(message).at(self.place(entry.key.mark)).hint(hint)
            })
            .collect()
    }

    /// The texts behind the keys, of lists each one.
    pub fn texts(&self, keys: &[&str]) -> Vec<String> {
        let mut texts = Vec::new();
        for value in keys.iter().filter_map(|key| self.entry(key)).map(|entry| &entry.value) {
            match &value.content {
                Content::List(items) => texts.extend(items.iter().filter_map(Node::text).map(str::to_owned)),
                Content::Plain(text) | Content::Text(text) => {
                    texts.extend(text.split([',', ';']).map(|part| part.trim().to_owned()));
                }
                Content::Map(_) => {}
            }
        }
        texts
    }

    /// The keys, as the file spells them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries().iter().map(Entry::name)
    }
}

/// The place of a text within a value: of a scalar, of one of the names of a scalar, or somewhere below.
pub(super) fn among(value: &Node, wanted: &str) -> Option<Mark> {
    match &value.content {
        Content::Plain(text) | Content::Text(text) if text == wanted || plain_line(text) == wanted => {
            let mark = value.mark;
            let is_quoted = mark.length as usize == text.chars().count() + 2;
            Some(if is_quoted { Mark { column: mark.column + 1, length: mark.length - 2, ..mark } } else { mark })
        }
        Content::Plain(text) | Content::Text(text) => {
            let (at, _) = text.match_indices(wanted).find(|(at, _)| {
                let before = text[..*at].trim_end();
                let behind = text[at + wanted.len()..].trim_start();
                (before.is_empty() || before.ends_with([',', ';']))
                    && (behind.is_empty() || behind.starts_with([',', ';']))
            })?;
            let quote = u32::from(matches!(value.content, Content::Text(_)));
            let column = value.mark.column + quote + text[..at].chars().count() as u32;
            Some(Mark { column, length: wanted.chars().count() as u32, ..value.mark })
        }
        Content::List(items) => items.iter().find_map(|item| among(item, wanted)),
        Content::Map(entries) => entries.iter().find_map(|entry| among(&entry.value, wanted)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_missing_belongs_below_the_title() {
        let lines = Lines::of("a.md", "---\ndate: 2026-01-01\ntitle: A\ntags: [b, c]\n---\n\ntitle: no\n");
        assert_eq!(lines.value(&["summary", "description"]).line, 3);
        assert_eq!(lines.key("tags").map(|place| (place.line, place.column, place.length)), Some((4, 1, 4)));
        assert_eq!(lines.value_among(&["tag", "tags"], "c").column, 11);
        assert!(lines.key("slug").is_none());
        assert_eq!(Lines::of("a.md", "text").value(&["x"]).line, 1);
    }
}
