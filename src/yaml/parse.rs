//! From the values of serde_yaml to a tree.
//!
//! serde_yaml tells neither places nor the text of numbers, and expands aliases. A cursor ([`walk`](super::walk))
//! goes along in the source for these. It cannot go astray unseen: text that serde_yaml borrows from the source must
//! begin where the cursor stands, and nothing may be left at the end; otherwise the document is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, IgnoredAny, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::walk::{Around, Cursor, Lead, Role, too_deep_at};
use super::{Content, Entry, Error, MAX_DEPTH, MAX_REPEATED, Mark, Node, Scalar};
use super::{cure, simple};
use crate::diagnostic::MOST_OF_FILE;

struct Builder<'t> {
    cursor: Cursor<'t>,
    depth: usize,
    /// What has a name. None while it is being read.
    anchors: BTreeMap<&'t str, Option<Node>>,
    /// The names that an alias has.
    used: BTreeSet<&'t str>,
    repeated: usize,
    /// Why reading ended, if it was not for serde_yaml.
    error: Option<Error>,
}

/// Line separators of Unicode, which end a line in YAML 1.1, though not in YAML 1.2 (section 5.4), and letters of the
/// same length that stand for them while the text is read. They come from other programs, and nobody sees them.
const SEPARATORS: [(&str, &str); 3] = [("\u{2028}", "\u{E028}"), ("\u{2029}", "\u{E029}"), ("\u{85}", "\u{A0}")];

/// Reads one document of front matter, which people write, and tells what in it may have been meant as words and is
/// none. (What libyaml writes has these separators as ends of lines.)
pub(super) fn front_matter(text: &str, lines_before: u32) -> Result<(Node, Vec<Error>), Error> {
    if !SEPARATORS.iter().any(|(separator, _)| memchr::memmem::find(text.as_bytes(), separator.as_bytes()).is_some()) {
        return match simple::document(text, lines_before) {
            Some(node) => Ok((node, Vec::new())),
            None => document(text, lines_before),
        };
    }
    let plain = SEPARATORS.iter().fold(text.to_owned(), |text, (separator, letter)| text.replace(separator, letter));
    let (mut node, lost) = document(&plain, lines_before)?;
    restore(&mut node);
    Ok((node, lost))
}

/// Puts a blank into the place of each letter that stands for a separator.
fn restore(node: &mut Node) {
    match &mut node.content {
        Content::Plain(text) | Content::Text(text) => {
            if text.contains(['\u{E028}', '\u{E029}']) {
                *text = text.replace(['\u{E028}', '\u{E029}'], " ");
            }
        }
        Content::List(items) => items.iter_mut().for_each(restore),
        Content::Map(entries) => entries.iter_mut().for_each(|entry| {
            restore(&mut entry.key);
            restore(&mut entry.value);
        }),
    }
}

/// Reads one document, behind a byte order mark if it has one.
pub(super) fn document(text: &str, lines_before: u32) -> Result<(Node, Vec<Error>), Error> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let cursor = Cursor::new(text, lines_before);
    if let Some(at) = forbidden(text) {
        return Err(Error::new("an invisible control character").hint("remove it").at(cursor.clone().mark(at, at)));
    }
    if let Some(at) = too_deep_at(text) {
        return Err(too_deep().at(cursor.clone().mark(at, at)));
    }
    let mut builder =
        Builder { cursor, depth: 0, anchors: BTreeMap::new(), used: BTreeSet::new(), repeated: 0, error: None };
    builder.cursor.begin();
    let around = Around { is_flow: false, column: -1 };
    let read =
        Next { builder: &mut builder, around, role: Role::Root }.deserialize(serde_yaml::Deserializer::from_str(text));
    match read {
        Ok(node) if builder.cursor.is_at_end() => Ok((node, builder.lost())),
        Ok(_) => Err(builder.astray()),
        Err(error) => Err(builder.error.take().unwrap_or_else(|| builder.wrong(&error))),
    }
}

/// What serde_yaml reads next.
struct Next<'b, 't> {
    builder: &'b mut Builder<'t>,
    around: Around,
    role: Role,
}

impl<'t> DeserializeSeed<'t> for Next<'_, 't> {
    type Value = Node;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Node, D::Error> {
        let lead = self.builder.cursor.lead(self.around, self.role);
        if let Some(name) = lead.alias
            && let Some(node) = self.builder.anchors.get(name)
        {
            let node = node.clone();
            self.builder.used.insert(name);
            // An alias is one event, which is skipped.
            deserializer.deserialize_ignored_any(IgnoredAny)?;
            let repeated = self.builder.repeat(name, node);
            return repeated.map_err(|error| self.builder.fail(error));
        }
        deserializer.deserialize_any(Value { builder: self.builder, around: self.around, lead })
    }
}

/// A value whose beginning is known.
struct Value<'b, 't> {
    builder: &'b mut Builder<'t>,
    around: Around,
    lead: Lead<'t>,
}

impl<'t> Value<'_, 't> {
    /// A number, `true`, `false` or nothing.
    fn token<E: de::Error>(self, is_null: bool) -> Result<Node, E> {
        let found = self.builder.cursor.token(&self.lead, is_null);
        self.scalar(found)
    }

    /// Puts a scalar, which goes from one place to another, into a node.
    fn scalar<E: de::Error>(self, found: Option<(Content, usize, usize)>) -> Result<Node, E> {
        let Some((content, start, end)) = found else {
            let error = self.builder.astray();
            return Err(self.builder.fail(error));
        };
        self.builder.cursor.at = end;
        self.builder.cursor.is_behind_text =
            matches!(&content, Content::Plain(text) if matches!(Scalar::plain(text), Scalar::Text(_)));
        let mark = self.builder.cursor.mark(start, end);
        let node = Node { content, mark };
        if let Some(name) = self.lead.anchor() {
            self.builder.anchors.insert(name, Some(node.clone()));
        }
        Ok(node)
    }
}

macro_rules! tokens {
    ($($visit:ident: $type:ty),*) => {
        $(fn $visit<E: de::Error>(self, _: $type) -> Result<Node, E> {
            self.token(false)
        })*
    };
}

impl<'t> Visitor<'t> for Value<'_, 't> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    tokens! { visit_bool: bool, visit_u64: u64, visit_i64: i64, visit_u128: u128, visit_i128: i128, visit_f64: f64 }

    fn visit_unit<E: de::Error>(self) -> Result<Node, E> {
        self.token(true)
    }

    fn visit_none<E: de::Error>(self) -> Result<Node, E> {
        self.token(true)
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'t str) -> Result<Node, E> {
        let found = self.builder.cursor.borrowed(&self.lead, text);
        self.scalar(found)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Node, E> {
        let found = self.builder.cursor.folded(&self.lead, self.around.is_flow, text);
        if let Some((Content::Plain(_), start, end)) = &found
            && let Some(dash) = self.builder.cursor.swallowed_item(*start, *end)
        {
            let text = self.builder.cursor.text;
            let first = text[*start..].lines().next().unwrap_or_default().trim_end();
            let shown = first.char_indices().nth(40).map_or(first.to_owned(), |(at, _)| format!("{}…", &first[..at]));
            let error = Error::new(format!("this line is read as part of `{shown}`, not as an item of its own"))
                .hint("indent all items of a list alike; if it is text, put the whole value in quotation marks")
                .at(self.builder.cursor.anew().mark(dash, dash + 1));
            return Err(self.builder.fail(error));
        }
        self.scalar(found)
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut list: A) -> Result<Node, A::Error> {
        let Self { builder, lead, .. } = self;
        let is_flow = builder.cursor.is_at(b'[');
        if !is_flow && !builder.cursor.is_at(b'-') {
            let error = builder.astray();
            return Err(builder.fail(error));
        }
        let (around, mark) = builder.begin(is_flow, is_flow, lead.anchor())?;
        let mut items = Vec::with_capacity(4);
        while let Some(item) = list.next_element_seed(Next { builder: &mut *builder, around, role: Role::Item })? {
            items.push(item);
        }
        builder.end(Node { content: Content::List(items), mark }, is_flow.then_some(b']'), lead.anchor(), false)
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Node, A::Error> {
        let Self { builder, around, lead } = self;
        let is_flow = builder.cursor.is_at(b'{');
        // In `&a b: c` the name belongs to the key.
        let anchor = if is_flow { lead.anchor() } else { lead.outer };
        if !is_flow {
            builder.cursor.at = lead.row;
        }
        let (around, mark) = builder.begin(is_flow, is_flow || around.is_flow, anchor)?;
        let mut entries = Vec::with_capacity(8);
        let mut has_merge = false;
        while let Some(key) = map.next_key_seed(Next { builder: &mut *builder, around, role: Role::Key })? {
            let value = map.next_value_seed(Next { builder: &mut *builder, around, role: Role::Value })?;
            has_merge |= is_merge(&key);
            entries.push(Entry { key, value });
        }
        builder.end(Node { content: Content::Map(entries), mark }, is_flow.then_some(b'}'), anchor, has_merge)
    }

    /// A value with a tag of somebody's own (`!x`), which says nothing here.
    fn visit_enum<A: EnumAccess<'t>>(self, tagged: A) -> Result<Node, A::Error> {
        let (_, value) = tagged.variant::<IgnoredAny>()?;
        value.newtype_variant_seed(self)
    }
}

impl<'t> DeserializeSeed<'t> for Value<'_, 't> {
    type Value = Node;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'t> Builder<'t> {
    /// Ends reading with an error of our own.
    fn fail<E: de::Error>(&mut self, error: Error) -> E {
        self.error.get_or_insert(error);
        E::custom("")
    }

    /// A list or map begins; `brackets` if with one of these, `is_flow` if there are some around it.
    fn begin<E: de::Error>(
        &mut self,
        brackets: bool,
        is_flow: bool,
        anchor: Option<&'t str>,
    ) -> Result<(Around, Mark), E> {
        let at = self.cursor.at;
        let mark = Mark { length: 0, ..self.cursor.mark(at, at) };
        if self.depth >= MAX_DEPTH {
            return Err(self.fail(too_deep().at(mark)));
        }
        self.depth += 1;
        if let Some(name) = anchor {
            self.anchors.insert(name, None);
        }
        let column = if is_flow { 0 } else { self.cursor.column(at) };
        self.cursor.at += usize::from(brackets);
        Ok((Around { is_flow, column }, mark))
    }

    /// A list or map ends, with a bracket or not.
    fn end<E: de::Error>(
        &mut self,
        mut node: Node,
        bracket: Option<u8>,
        anchor: Option<&'t str>,
        has_merge: bool,
    ) -> Result<Node, E> {
        self.depth -= 1;
        if bracket.is_some_and(|bracket| !self.cursor.close(bracket)) {
            let error = self.astray();
            return Err(self.fail(error));
        }
        if has_merge {
            merge(&mut node).map_err(|error| self.fail(error))?;
        }
        if let Some(name) = anchor {
            self.anchors.insert(name, Some(node.clone()));
        }
        Ok(node)
    }

    /// What may have been meant as words, with its place and cure.
    fn lost(&mut self) -> Vec<Error> {
        let mut all = std::mem::take(&mut self.cursor.lost);
        all.retain(|lost| lost.words.strip_prefix('&').is_none_or(|name| !self.used.contains(name)));
        all.sort_by_key(|lost| lost.at);
        // Places are counted from the beginning.
        let mut counting = Cursor::new(self.cursor.text, self.cursor.lines_before);
        let told = all.iter().take(MOST_OF_FILE).map(|lost| {
            let mark = counting.mark(lost.at, lost.at + lost.words.len());
            let words = lost.words;
            let said = match words.as_bytes()[0] {
                b'#' => Error::new(format!("`#` begins a comment, so `{words}` is left out")),
                b'!' => Error::new(format!("`{words}` is a tag of YAML, so it is left out")),
                _ => Error::new(format!("`{words}` names a value that nothing repeats, so it is left out")),
            };
            said.hint("put the whole value in quotation marks").at(mark)
        });
        told.collect()
    }

    /// What an alias at the cursor stands for.
    fn repeat(&mut self, name: &str, node: Option<Node>) -> Result<Node, Error> {
        let at = self.cursor.at;
        self.cursor.at += 1 + name.len();
        let mark = self.cursor.mark(at, self.cursor.at);
        let Some(node) = node else {
            return Err(Error::new("this alias repeats what it stands in")
                .hint("write the value out instead of using an alias")
                .at(mark));
        };
        self.repeated += weight(&node);
        if self.repeated > MAX_REPEATED {
            return Err(Error::new("the aliases (`*name`) repeat far too much")
                .hint("write the values out instead of using aliases")
                .at(mark));
        }
        Ok(Node { mark, ..node })
    }

    /// The text is not YAML, or of a kind that cannot be followed.
    fn astray(&mut self) -> Error {
        if let Err(error) = serde_yaml::from_str::<IgnoredAny>(self.cursor.text) {
            return self.wrong(&error);
        }
        let at = self.cursor.at;
        Error::new("this YAML is written in too unusual a way")
            .hint("write it more simply; a key must be text, not a map in braces")
            .at(self.cursor.mark(at, at))
    }

    /// What serde_yaml says, in a reporter's words.
    fn wrong(&mut self, error: &serde_yaml::Error) -> Error {
        let full = error.to_string();
        let lines_before = self.cursor.lines_before;
        let at =
            |line: usize, column: usize| Mark { line: line as u32 + lines_before, column: column as u32, length: 0 };
        let (line, column) = error.location().map_or((1, 1), |place| (place.line(), place.column()));
        let before = error.location().map_or("", |place| self.cursor.text.get(..place.index()).unwrap_or(""));
        // The place may be the end of the line before.
        let rows = self.cursor.text.lines().enumerate().skip(line.saturating_sub(1)).take(2);
        let tab =
            rows.map(|(number, row)| (number, row.trim_start_matches(' '))).find(|(_, row)| row.starts_with('\t'));
        let mut mark = at(line, column);
        let cure = cure::find(self.cursor.text, line);
        let said = if let Some((number, _)) = tab {
            mark = at(number + 1, 1);
            Error::new("a tab where YAML wants spaces").hint("indent with spaces")
        } else if let Some(cure) = cure.as_ref().filter(|cure| !cure.is_quoting) {
            mark = self.cursor.anew().mark(cure.at.start, cure.at.end);
            Error::new(&*cure.message).hint(&*cure.hint)
        } else if let Some((_, opened)) = full.split_once("while scanning a quoted scalar") {
            // " at line 1 column 8": where it opens. The first character of a text is not told.
            let mut numbers = opened.split(' ').filter_map(|word| word.parse().ok());
            mark = at(numbers.next().unwrap_or(1), numbers.next().unwrap_or(1));
            Error::new("a quotation mark that is never closed").hint("close it, or leave both out")
        } else if full.contains("cannot start any token") {
            Error::new("a value cannot begin with this character").hint("put the value in quotes")
        } else if full.contains("did not find expected") && before.trim_end_matches(' ').ends_with(['"', '\'']) {
            Error::new("there is text behind the closing quotation mark")
                .hint("put the whole value in quotation marks of the other kind, or leave them out")
        } else if full.contains("mapping values are not allowed") || full.contains("found unexpected ':'") {
            let before =
                line.checked_sub(2).and_then(|before| self.cursor.text.lines().nth(before)).unwrap_or_default();
            let row = self.cursor.text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
            let depth = |row: &str| row.len() - row.trim_start_matches(' ').len();
            if depth(row) > depth(before) && before.contains(": ") {
                Error::new("this line is indented further than the one above it")
                    .hint("remove the blanks in front of the key")
            } else if row.contains(['\u{201C}', '\u{201D}', '\u{201E}', '\u{2018}', '\u{2019}']) {
                Error::new("a colon where there cannot be one")
                    .hint("curly quotation marks are text to YAML: use straight ones (`\"`) around the value")
            } else {
                Error::new("a colon where there cannot be one")
                    .hint("a value that contains a colon followed by a space needs quotes")
            }
        } else if full.contains("unknown anchor") {
            Error::new("there is no anchor of this name")
                .hint("put the value in quotes if it is meant to begin with `*`")
        } else if full.contains("more than one document") {
            mark = self.cursor.second_document();
            Error::new("a second document begins here").hint("remove the line `---`")
        } else if let Some(cure) = &cure {
            Error::new(&*cure.message).hint(&*cure.hint)
        } else if let Some((_, began)) = full.split_once("while scanning a simple key") {
            // " at line 2 column 1": where the line begins that would have to be a key.
            let mut numbers = began.split(' ').filter_map(|word| word.parse().ok());
            mark = at(numbers.next().unwrap_or(line), numbers.next().unwrap_or(1));
            Error::new("this line belongs to no key")
                .hint("write `key: value`; put blanks in front of a line that continues the one above it")
        } else {
            Error::new(full.split(" at line ").next().unwrap_or(&full))
                .hint("give each key a line of its own, `key: value`, and put text with special characters in quotation marks")
        };
        // The parser may have noticed it on a line below.
        let cured = cure.map(|cure| self.cursor.anew().mark(cure.at.start, cure.at.end));
        said.at(cured.filter(|cured| cured.line != mark.line).unwrap_or(mark))
    }
}

/// Where a character stands that YAML 1.2 (section 5.1) forbids. `NEL` it allows.
fn forbidden(text: &str) -> Option<usize> {
    if !crate::text::has_forbidden(text) {
        return None;
    }
    text.find(|c| crate::text::is_forbidden(c) && c != '\u{85}')
}

fn too_deep() -> Error {
    Error::new("the value is nested too deeply").hint(format!("lists and maps may be nested up to {MAX_DEPTH} times"))
}

fn is_merge(key: &Node) -> bool {
    matches!(&key.content, Content::Plain(text) if text == "<<")
}

/// Replaces `<<: *base` by the entries of what it names, unless the map has them itself
/// (<https://yaml.org/type/merge.html>).
fn merge(node: &mut Node) -> Result<(), Error> {
    let Content::Map(entries) = &mut node.content else { return Ok(()) };
    let (merges, mut own): (Vec<Entry>, Vec<Entry>) =
        std::mem::take(entries).into_iter().partition(|entry| is_merge(&entry.key));
    for Entry { key, value } in merges {
        let bases = match value.content {
            Content::List(items) => items,
            content => vec![Node { content, mark: value.mark }],
        };
        for base in bases {
            let Content::Map(more) = base.content else {
                return Err(Error::new("`<<` needs a map, such as `<<: *base`")
                    .hint("name an anchor (`&base`) that stands before a map, or write the keys out")
                    .at(key.mark));
            };
            for entry in more {
                if !own.iter().any(|known| known.key.is_same(&entry.key)) {
                    own.push(entry);
                }
            }
        }
    }
    *entries = own;
    Ok(())
}

/// The values and bytes in a tree.
fn weight(node: &Node) -> usize {
    match &node.content {
        Content::Plain(text) | Content::Text(text) => 1 + text.len(),
        Content::List(items) => 1 + items.iter().map(weight).sum::<usize>(),
        Content::Map(entries) => {
            1 + entries.iter().map(|entry| weight(&entry.key) + weight(&entry.value)).sum::<usize>()
        }
    }
}
