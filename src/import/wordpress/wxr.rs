//! WXR, the export format of WordPress (1.0 to 1.2): an RSS file with an element `item` for everything.
//!
//! It is cut into items at the level of bytes, and each is read by itself, so a damaged item spoils no other and an
//! export of any size takes the memory of one. What real exports have and XML forbids is repaired: control characters,
//! bytes that are not UTF-8, a bare `&`.

use std::io::{self, Read};

use memchr::memmem;
use quick_xml::events::Event;
use quick_xml::reader::Reader;
use rustc_hash::FxHashMap;

use crate::import::encoding;

/// The largest item that is read, in bytes.
const LARGEST: usize = 64 << 20;

/// So much is read at a time.
const STEP: usize = 256 << 10;

/// A piece of an export.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) bytes: Vec<u8>,
    /// The line on which it begins.
    pub(super) line: u64,
    pub(super) kind: Kind,
}

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// What stands in front of the items, between and behind them.
    Channel,
    /// A whole item.
    Item,
    /// An item that does not end.
    Cut,
    /// Where something larger than any text begins, an item mostly. It is read over.
    TooLarge,
}

/// An export in pieces.
pub(super) struct Pieces<R> {
    source: R,
    buffer: Vec<u8>,
    /// Where the piece begins that is being looked for the end of.
    start: usize,
    /// Where looking goes on.
    at: usize,
    line: u64,
    is_in_item: bool,
    /// Within a CDATA section.
    is_in_text: bool,
    /// Within an item that is too large: it is read over.
    is_skipping: bool,
    is_over: bool,
    /// Why nothing more could be read.
    failure: Option<io::Error>,
}

/// What is looked for.
enum Mark {
    Begin(usize),
    End(usize),
    Text(usize),
}

impl<R: Read> Pieces<R> {
    pub(super) fn new(source: R) -> Self {
        Self {
            source,
            buffer: Vec::new(),
            start: 0,
            at: 0,
            line: 1,
            is_in_item: false,
            is_in_text: false,
            is_skipping: false,
            is_over: false,
            failure: None,
        }
    }

    /// Why the file ended before its end: what it is packed in is damaged.
    pub(super) fn failure(&mut self) -> Option<io::Error> {
        self.failure.take()
    }

    /// The next piece; none at the end.
    pub(super) fn next(&mut self) -> Option<Piece> {
        loop {
            if self.is_in_text {
                match memmem::find(&self.buffer[self.at..], b"]]>") {
                    Some(end) => (self.at, self.is_in_text) = (self.at + end + 3, false),
                    None => {
                        self.at = self.at.max(self.buffer.len().saturating_sub(2));
                        if !self.more() {
                            return self.rest();
                        }
                    }
                }
            } else {
                match self.mark() {
                    Some(Mark::Text(at)) => (self.at, self.is_in_text) = (at + b"<![CDATA[".len(), true),
                    Some(Mark::Begin(at)) => {
                        let kind = if self.is_in_item { Kind::Cut } else { Kind::Channel };
                        self.is_in_item = true;
                        let piece = self.take(at, kind);
                        self.at = at + b"<item".len();
                        let is_read_over = std::mem::take(&mut self.is_skipping);
                        if !is_read_over && (kind == Kind::Cut || !piece.bytes.trim_ascii().is_empty()) {
                            return Some(piece);
                        }
                    }
                    Some(Mark::End(at)) => {
                        let kind = if self.is_in_item { Kind::Item } else { Kind::Channel };
                        self.is_in_item = false;
                        let piece = self.take(at + b"</item>".len(), kind);
                        if !std::mem::take(&mut self.is_skipping) {
                            return Some(piece);
                        }
                    }
                    None => {
                        // A mark may have been cut by the end of what was read.
                        self.at = self.at.max(self.buffer.len().saturating_sub(16));
                        if !self.more() {
                            return self.rest();
                        }
                    }
                }
            }
            if self.is_skipping {
                self.skip();
            } else if self.buffer.len() - self.start > LARGEST {
                let line = self.line;
                self.is_skipping = true;
                self.skip();
                return Some(Piece { bytes: Vec::new(), line, kind: Kind::TooLarge });
            }
        }
    }

    fn mark(&self) -> Option<Mark> {
        let mut from = self.at;
        while let Some(found) = memchr::memchr(b'<', self.buffer.get(from..)?) {
            let at = from + found;
            let rest = &self.buffer[at..];
            if rest.starts_with(b"<![CDATA[") {
                return Some(Mark::Text(at));
            }
            if rest.starts_with(b"<item>") || rest.starts_with(b"<item ") {
                return Some(Mark::Begin(at));
            }
            if rest.starts_with(b"</item>") {
                return Some(Mark::End(at));
            }
            // It may go on in what is not read yet.
            if rest.len() < 9 && !self.is_over {
                return None;
            }
            from = at + 1;
        }
        None
    }

    /// Reads on; whether there was more.
    fn more(&mut self) -> bool {
        if self.is_over {
            return false;
        }
        self.buffer.drain(..self.start);
        self.at -= self.start;
        self.start = 0;
        let before = self.buffer.len();
        self.buffer.resize(before + STEP, 0);
        let mut length = before;
        while length < self.buffer.len() {
            match self.source.read(&mut self.buffer[length..]) {
                Ok(0) => {
                    self.is_over = true;
                    break;
                }
                Ok(read) => length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    // What was read before counts.
                    (self.is_over, self.failure) = (true, Some(error));
                    break;
                }
            }
        }
        self.buffer.truncate(length);
        length > before
    }

    /// What was read when nothing more comes.
    fn rest(&mut self) -> Option<Piece> {
        let kind = if self.is_in_item { Kind::Cut } else { Kind::Channel };
        self.is_in_item = false;
        let (start, end) = (self.start, self.buffer.len());
        let is_read_over = std::mem::take(&mut self.is_skipping);
        (end > start).then(|| self.take(end, kind)).filter(|_| !is_read_over)
    }

    fn take(&mut self, end: usize, kind: Kind) -> Piece {
        let line = self.line;
        let bytes = self.buffer[self.start..end].to_vec();
        self.line += memchr::memchr_iter(b'\n', &bytes).count() as u64;
        (self.start, self.at) = (end, end);
        Piece { bytes, line, kind }
    }

    /// Forgets what has been looked at.
    fn skip(&mut self) {
        self.line += memchr::memchr_iter(b'\n', &self.buffer[self.start..self.at]).count() as u64;
        self.start = self.at;
    }
}

/// A category of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Category {
    pub(super) domain: String,
    pub(super) nicename: String,
    pub(super) name: String,
}

/// The texts of an element by the names of its children, prefixes included.
pub(super) type Texts = FxHashMap<String, String>;

/// An item as the export has it.
#[derive(Debug, Default)]
pub(super) struct WxrItem {
    pub(super) line: u64,
    pub(super) texts: Texts,
    pub(super) categories: Vec<Category>,
    pub(super) meta: Vec<(String, String)>,
    pub(super) comments: Vec<Texts>,
    /// Why it cannot be trusted.
    pub(super) damage: Option<String>,
    /// What was repaired.
    pub(super) repairs: Vec<&'static str>,
}

impl WxrItem {
    pub(super) fn text(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", |text| text.trim())
    }

    pub(super) fn meta(&self, key: &str) -> Option<&str> {
        self.meta.iter().find(|(name, value)| name == key && !value.trim().is_empty()).map(|(_, value)| value.trim())
    }
}

/// An element of the channel: `wp:author`, `wp:category`, `title` …
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) texts: Texts,
}

/// Reads an item.
pub(super) fn item(piece: &Piece) -> WxrItem {
    let mut item = WxrItem { line: piece.line, ..WxrItem::default() };
    let text = repaired(&piece.bytes, &mut item.repairs);
    let result = walk(&text, |path, attributes, said, ended| {
        let [_, path @ ..] = path else { return };
        match (path, ended) {
            ([name], true) if name == "category" => {
                let attribute = |key: &str| {
                    attributes.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone()).unwrap_or_default()
                };
                item.categories.push(Category {
                    domain: attribute("domain"),
                    nicename: attribute("nicename"),
                    name: said.to_owned(),
                });
            }
            ([name], false) if name == "wp:postmeta" => item.meta.push(Default::default()),
            ([name], false) if name == "wp:comment" => item.comments.push(Texts::default()),
            ([outer, name], true) if outer == "wp:postmeta" => {
                if let Some(meta) = item.meta.last_mut() {
                    match name.as_str() {
                        "wp:meta_key" => said.clone_into(&mut meta.0),
                        "wp:meta_value" => said.clone_into(&mut meta.1),
                        _ => {}
                    }
                }
            }
            ([outer, name], true) if outer == "wp:comment" => {
                if let Some(comment) = item.comments.last_mut() {
                    comment.insert(name.clone(), said.to_owned());
                }
            }
            ([name], true) => {
                let known = item.texts.insert(name.clone(), said.to_owned());
                // Of two statuses or passwords the stricter one would count; which one that is, nobody knows.
                if known.is_some_and(|known| known != said) && matches!(name.as_str(), "wp:status" | "wp:post_password")
                {
                    item.texts.insert("wp:status".into(), "stated twice".into());
                }
            }
            _ => {}
        }
    });
    if let Err((at, message)) = result {
        let line = piece.line + text.get(..at).map_or(0, |before| before.matches('\n').count()) as u64;
        item.damage = Some(format!("{line}: {message}"));
    }
    item
}

/// Reads the elements of the channel.
pub(super) fn channel(bytes: &[u8], mut visit: impl FnMut(Element), repairs: &mut Vec<&'static str>) {
    let text = repaired(bytes, repairs);
    let mut open = Element::default();
    // What is behind a damage is not read.
    let _ = walk(&text, |path, _, said, ended| {
        let start = path.iter().position(|name| name == "channel").map_or(0, |at| at + 1);
        match (&path[start.min(path.len())..], ended) {
            ([name], false) => open = Element { name: name.clone(), ..Element::default() },
            ([name], true) => {
                let mut element = std::mem::take(&mut open);
                name.clone_into(&mut element.name);
                said.clone_into(&mut element.text);
                visit(element);
            }
            ([_, name], true) => _ = open.texts.insert(name.clone(), said.to_owned()),
            _ => {}
        }
    });
}

/// Attributes of an element.
type Attributes = Vec<(String, String)>;

/// Walks through elements: path, attributes, text so far, whether the element ends.
fn walk(text: &str, mut visit: impl FnMut(&[String], &Attributes, &str, bool)) -> Result<(), (usize, String)> {
    const DEEPEST: usize = 32;
    let mut reader = Reader::from_str(text);
    let mut path: Vec<String> = Vec::new();
    let mut open: Vec<(Attributes, String)> = Vec::new();
    loop {
        let event = reader.read_event().map_err(|error| (reader.error_position() as usize, error.to_string()))?;
        match event {
            Event::Start(element) | Event::Empty(element) if path.len() >= DEEPEST => {
                let name = element.name().as_ref().to_owned();
                return Err((reader.buffer_position() as usize, format!("`{name}` is nested too deep")));
            }
            Event::Start(element) => {
                path.push(element.name().as_ref().to_owned());
                let attributes = attributes(&element);
                visit(&path, &attributes, "", false);
                open.push((attributes, String::new()));
            }
            Event::Empty(element) => {
                path.push(element.name().as_ref().to_owned());
                let attributes = attributes(&element);
                visit(&path, &attributes, "", false);
                visit(&path, &attributes, "", true);
                path.pop();
            }
            Event::End(_) => {
                if let Some((attributes, said)) = open.pop() {
                    visit(&path, &attributes, &said, true);
                }
                path.pop();
            }
            Event::Text(words) => add(&mut open, &words),
            Event::CData(words) => add(&mut open, &words),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(character)) => add(&mut open, character.encode_utf8(&mut [0; 4])),
                _ => add(&mut open, &html_escape::decode_html_entities(&format!("&{};", &*reference))),
            },
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn add(open: &mut [(Attributes, String)], words: &str) {
    if let Some((_, said)) = open.last_mut() {
        said.push_str(words);
    }
}

fn attributes(element: &quick_xml::events::BytesStart<'_>) -> Attributes {
    let one = |attribute: quick_xml::events::attributes::Attribute<'_>| {
        (attribute.key.as_ref().to_owned(), html_escape::decode_html_entities(&*attribute.value).into_owned())
    };
    element.attributes().flatten().map(one).collect()
}

/// The text of some bytes, with what XML forbids repaired.
fn repaired(bytes: &[u8], repairs: &mut Vec<&'static str>) -> String {
    let (mut text, is_repaired) = encoding::text(bytes);
    if is_repaired {
        note(repairs, "bytes that are not UTF-8, read as Windows-1252");
    }
    if crate::text::has_forbidden(&text) && text.contains(is_control) {
        text.retain(|c| !is_control(c));
        note(repairs, "control characters, left out");
    }
    if has_bare_ampersand(&text) {
        text = with_references(&text);
        note(repairs, "a bare `&`, read as itself");
    }
    text
}

fn note(repairs: &mut Vec<&'static str>, what: &'static str) {
    if !repairs.contains(&what) {
        repairs.push(what);
    }
}

/// Whether XML 1.0 forbids a character (section 2.2).
fn is_control(c: char) -> bool {
    matches!(c, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether a `&` at the beginning of a text begins a reference.
fn is_reference(text: &str) -> bool {
    let Some((name, _)) = text[1..].split_once(';').filter(|(name, _)| name.len() <= 32) else { return false };
    let name = name.strip_prefix('#').unwrap_or(name);
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The parts of a text that are markup, and those in which a `&` is itself: CDATA sections and comments.
fn sections(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let mut rest = text;
    let mut close: Option<&str> = None;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let was_in = close.is_some();
        let (end, next) = match close {
            Some(mark) => (rest.find(mark).map_or(rest.len(), |at| at + mark.len()), None),
            None => [("<![CDATA[", "]]>"), ("<!--", "-->")]
                .into_iter()
                .filter_map(|(open, close)| Some((rest.find(open)? + open.len(), Some(close))))
                .min()
                .unwrap_or((rest.len(), None)),
        };
        close = next;
        let (part, after) = rest.split_at(end);
        rest = after;
        Some((was_in, part))
    })
}

fn has_bare_ampersand(text: &str) -> bool {
    text.contains('&')
        && sections(text)
            .any(|(is_cdata, part)| !is_cdata && part.match_indices('&').any(|(at, _)| !is_reference(&part[at..])))
}

fn with_references(text: &str) -> String {
    let mut result = String::with_capacity(text.len() + 16);
    for (is_cdata, part) in sections(text) {
        if is_cdata {
            result.push_str(part);
            continue;
        }
        let mut from = 0;
        for (at, _) in part.match_indices('&').filter(|(at, _)| !is_reference(&part[*at..])) {
            result.push_str(&part[from..at]);
            result.push_str("&amp;");
            from = at + 1;
        }
        result.push_str(&part[from..]);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &[u8]) -> Vec<(Kind, String, u64)> {
        let mut pieces = Pieces::new(text);
        std::iter::from_fn(|| pieces.next())
            .map(|piece| (piece.kind, String::from_utf8_lossy(&piece.bytes).trim().to_owned(), piece.line))
            .collect()
    }

    #[test]
    fn an_export_is_cut_into_items() {
        let text = b"<rss><channel>\n<title>T</title>\n<item><t><![CDATA[<item> </item>]]></t></item>\n<item>b<item>c</item></channel>";
        let found = pieces(text);
        let expected = [
            (Kind::Channel, "<rss><channel>\n<title>T</title>", 1),
            (Kind::Item, "<item><t><![CDATA[<item> </item>]]></t></item>", 3),
            (Kind::Cut, "<item>b", 4),
            (Kind::Item, "<item>c</item>", 4),
            (Kind::Channel, "</channel>", 4),
        ];
        assert_eq!(found, expected.map(|(kind, text, line)| (kind, text.to_owned(), line)));
        assert_eq!(pieces(b"<item><t><![CDATA[x").last().map(|one| one.0), Some(Kind::Cut));
    }

    #[test]
    fn what_is_too_large_is_read_over_to_its_end() {
        let mut text = b"<rss>\n<item>\n<t><![CDATA[".to_vec();
        text.resize(LARGEST + STEP, b'\n');
        text.extend(b"<item>a text that only looks like one</item>]]></t></item>\n<item>b</item></rss>");
        let lines = memchr::memchr_iter(b'\n', &text).count() as u64;
        let expected = [
            (Kind::Channel, "<rss>".to_owned(), 1),
            (Kind::TooLarge, String::new(), 2),
            (Kind::Item, "<item>b</item>".to_owned(), lines + 1),
            (Kind::Channel, "</rss>".to_owned(), lines + 1),
        ];
        assert_eq!(pieces(&text), expected);
    }

    #[test]
    fn an_item_is_texts_fields_and_comments() {
        let text = "<item><title>A &amp; B & C</title><content:encoded><![CDATA[a ]]]]><![CDATA[> b & c]]></content:encoded><category domain=\"post_tag\" nicename=\"x\"><![CDATA[X]]></category><wp:postmeta><wp:meta_key>k</wp:meta_key><wp:meta_value><![CDATA[v]]></wp:meta_value></wp:postmeta><wp:comment><wp:comment_id>1</wp:comment_id></wp:comment><wp:status/></item>";
        let piece = Piece { bytes: text.as_bytes().to_vec(), line: 1, kind: Kind::Item };
        let item = item(&piece);
        assert_eq!(item.text("title"), "A & B & C");
        assert_eq!(item.text("content:encoded"), "a ]]> b & c");
        assert_eq!(item.categories, [Category { domain: "post_tag".into(), nicename: "x".into(), name: "X".into() }]);
        assert_eq!(item.meta("k"), Some("v"));
        assert_eq!(item.comments[0]["wp:comment_id"], "1");
        assert_eq!(item.repairs, ["a bare `&`, read as itself"]);
        assert!(item.damage.is_none() && item.texts.contains_key("wp:status"));
        let piece = Piece { bytes: b"<item><title>a</titel></item>".to_vec(), line: 7, kind: Kind::Item };
        assert!(super::item(&piece).damage.is_some());
        let piece = Piece {
            bytes: b"<item><title>gr\xf6\xdfer \x93x\x94\x01</title></item>".to_vec(),
            line: 7,
            kind: Kind::Item,
        };
        let repaired = super::item(&piece);
        assert_eq!((repaired.text("title"), repaired.repairs.len()), ("größer “x”", 2));
    }
}
