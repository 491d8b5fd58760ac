//! From the events of the parser to a tree: anchors, aliases, merge keys, bounds, and errors in a reporter's words.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};

use super::{Content, Entry, Error, MAX_DEPTH, MAX_REPEATED, Mark, Node};

/// A list or map that is being read.
struct Open {
    node: Node,
    /// The key of a map whose value comes next.
    key: Option<Node>,
    anchor: usize,
    has_merge: bool,
}

struct Builder<'t> {
    text: &'t str,
    lines_before: u32,
    open: Vec<Open>,
    /// What has a name, by the parser's number of it. None while it is being read.
    anchors: BTreeMap<usize, Option<Node>>,
    repeated: usize,
    root: Option<Node>,
}

/// Reads one document.
pub(super) fn document(text: &str, lines_before: u32) -> Result<Node, Error> {
    if let Some(at) = forbidden(text) {
        let before = &text[..at];
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u32 + 1;
        let line = memchr::memchr_iter(b'\n', before.as_bytes()).count() as u32 + 1 + lines_before;
        let mark = Mark { line, column, length: 0 };
        return Err(Error::new("an invisible control character").hint("remove it").at(mark));
    }
    let mut builder =
        Builder { text, lines_before, open: Vec::new(), anchors: BTreeMap::new(), repeated: 0, root: None };
    let mut parser = Parser::new_from_str(text);
    let mut documents = 0;
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| builder.wrong(&error))?;
        if let Event::DocumentStart(_) = event {
            documents += 1;
            if documents > 1 {
                return Err(Error::new("a second document begins here")
                    .hint("remove the line `---`")
                    .at(builder.mark(span)));
            }
        }
        builder.take(event, span)?;
    }
    Ok(builder.root.unwrap_or_else(Node::null))
}

impl Builder<'_> {
    fn mark(&self, span: Span) -> Mark {
        let (start, end) = (span.start, span.end);
        let length = if start.line() == end.line() { end.col().saturating_sub(start.col()) } else { 0 };
        Mark { line: start.line() as u32 + self.lines_before, column: start.col() as u32 + 1, length: length as u32 }
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Error> {
        let mark = self.mark(span);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = style != ScalarStyle::Plain || tag.is_some_and(|tag| is_string(&tag));
                let text = text.into_owned();
                let content = if is_text { Content::Text(text) } else { Content::Plain(text) };
                self.put(Node { content, mark }, anchor)
            }
            Event::SequenceStart(anchor, _) => self.begin(Content::List(Vec::new()), anchor, mark),
            Event::MappingStart(anchor, _) => self.begin(Content::Map(Vec::new()), anchor, mark),
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(mut done) = self.open.pop() else { return Ok(()) };
                if done.has_merge {
                    merge(&mut done.node)?;
                }
                self.put(done.node, done.anchor)
            }
            Event::Alias(anchor) => {
                let Some(Some(node)) = self.anchors.get(&anchor) else {
                    return Err(Error::new("this alias repeats what it stands in")
                        .hint("write the value out instead of using an alias")
                        .at(mark));
                };
                let node = Node { mark, ..node.clone() };
                self.repeated += weight(&node);
                if self.repeated > MAX_REPEATED {
                    return Err(Error::new("the aliases (`*name`) repeat far too much")
                        .hint("write the values out instead of using aliases")
                        .at(mark));
                }
                self.put(node, 0)
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                Ok(())
            }
        }
    }

    fn begin(&mut self, content: Content, anchor: usize, mark: Mark) -> Result<(), Error> {
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep().at(mark));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, None);
        }
        let mark = Mark { length: 0, ..mark };
        self.open.push(Open { node: Node { content, mark }, key: None, anchor, has_merge: false });
        Ok(())
    }

    /// Puts a finished value where it belongs.
    fn put(&mut self, node: Node, anchor: usize) -> Result<(), Error> {
        if anchor != 0 {
            self.anchors.insert(anchor, Some(node.clone()));
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (&mut open.node.content, open.key.take()) {
            (Content::List(items), _) => items.push(node),
            (Content::Map(entries), Some(key)) => entries.push(Entry { key, value: node }),
            (Content::Map(_), None) => {
                open.has_merge |= is_merge(&node);
                open.key = Some(node);
            }
            (Content::Plain(_) | Content::Text(_), _) => {}
        }
        Ok(())
    }

    /// What the parser says, in a reporter's words.
    fn wrong(&self, error: &ScanError) -> Error {
        let (line, column) = (error.marker().line(), error.marker().col());
        let at = |line: usize, column: usize| Mark {
            line: line as u32 + self.lines_before,
            column: column as u32 + 1,
            length: 0,
        };
        let mark = at(line, column);
        let info = error.info();
        // The parser names the beginning of a value that goes on over several lines.
        let rows = self.text.lines().enumerate().skip(line.saturating_sub(1)).take(2);
        let tab =
            rows.map(|(number, row)| (number, row.trim_start_matches(' '))).find(|(_, row)| row.starts_with('\t'));
        let row = self.text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
        let said = if let Some((number, _)) = tab {
            Error::new("a tab where YAML wants spaces").hint("indent with spaces").at(at(number + 1, 0))
        } else if info.contains("quoted scalar, found unexpected") || info.contains("indentation in quoted scalar") {
            Error::new("a quotation mark that is never closed").hint("close it, or leave both out")
        } else if info.contains("after double-quoted scalar") {
            Error::new("there is text behind the closing quotation mark")
                .hint("put the whole value in quotation marks of the other kind, or leave them out")
        } else if info.contains("unexpected character") || info.contains("plain scalar cannot start") {
            Error::new("a value cannot begin with this character").hint("put the value in quotes")
        } else if info.contains("mapping values are not allowed") || info.contains("illegal placement of ':'") {
            let before = line.checked_sub(2).and_then(|before| self.text.lines().nth(before)).unwrap_or_default();
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
        } else if info.contains("unknown anchor") {
            Error::new("there is no anchor of this name")
                .hint("put the value in quotes if it is meant to begin with `*`")
        } else if info.contains("recursion limit") {
            too_deep()
        } else if info.contains("unprintable") || info.contains("control character") {
            Error::new("an invisible control character").hint("remove it")
        } else {
            Error::new(info)
        };
        said.at(mark)
    }
}

/// Where a character stands that YAML 1.2 (section 5.1) forbids. `NEL` it allows.
fn forbidden(text: &str) -> Option<usize> {
    if !crate::article::has_forbidden(text) {
        return None;
    }
    text.find(|c| crate::article::is_forbidden(c) && c != '\u{85}')
}

fn too_deep() -> Error {
    Error::new("the value is nested too deeply").hint(format!("lists and maps may be nested up to {MAX_DEPTH} times"))
}

/// Whether a tag makes a scalar text: `!!str 007`.
fn is_string(tag: &Tag) -> bool {
    tag.is_yaml_core_schema() && tag.suffix == "str"
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
