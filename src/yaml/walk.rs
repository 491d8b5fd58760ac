//! A cursor that goes through the source of a YAML document, one value after another, as serde_yaml names them.

use super::{Content, MAX_DEPTH, Mark, is_null};

/// What a value stands in.
#[derive(Clone, Copy)]
pub(super) struct Around {
    /// Whether there are brackets around it.
    pub(super) is_flow: bool,
    /// Else the column, in bytes from 0, of the keys or dashes; -1 around everything.
    pub(super) column: isize,
}

/// What a value is there.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Role {
    Root,
    Item,
    Key,
    Value,
}

/// What leads to a value.
pub(super) struct Lead<'t> {
    /// Whether there is something of its own at the cursor.
    is_here: bool,
    /// Where it stands if it is empty.
    empty: usize,
    /// The name of an alias at the cursor.
    pub(super) alias: Option<&'t str>,
    /// An anchor that stands on a line above.
    pub(super) outer: Option<&'t str>,
    /// An anchor on the line of the value.
    inner: Option<&'t str>,
    /// Where anchors and tags begin on the line of the value.
    pub(super) row: usize,
    /// Whether a tag makes it text: `!!str 007`.
    is_string: bool,
}

impl<'t> Lead<'t> {
    /// The anchor of a value, unless that is a map without brackets.
    pub(super) fn anchor(&self) -> Option<&'t str> {
        self.inner.or(self.outer)
    }
}

#[derive(Clone)]
pub(super) struct Cursor<'t> {
    pub(super) text: &'t str,
    pub(super) lines_before: u32,
    /// Everything before is read.
    pub(super) at: usize,
    /// The place up to which lines and columns are counted, and these.
    counted: usize,
    line: u32,
    column: u32,
    /// Whether a plain text ends at the cursor.
    pub(super) is_behind_text: bool,
    /// What is written in the document and is no value, though it may have been meant as one.
    pub(super) lost: Vec<Lost<'t>>,
}

/// Words that YAML takes for something else.
#[derive(Clone)]
pub(super) struct Lost<'t> {
    pub(super) at: usize,
    /// The words, with the `#`, `!` or `&` with which they begin.
    pub(super) words: &'t str,
}

/// Keys of texts and names that readers see.
const OF_READERS: [&str; 22] = [
    "title",
    "headline",
    "subtitle",
    "summary",
    "description",
    "excerpt",
    "author",
    "authors",
    "tags",
    "series",
    "name",
    "tag",
    "source",
    "sources",
    "dateline",
    "correction",
    "corrections",
    "text",
    "role",
    "alt",
    "caption",
    "credit",
];

/// Nobody wraps a line that has fewer bytes than this.
const SHORTEST_WRAPPED: usize = 60;

/// So many lines above an item are looked at for the key of its list.
const MOST_ITEMS: usize = 100;

fn is_blank(byte: Option<&u8>) -> bool {
    matches!(byte, None | Some(b' ' | b'\t' | b'\n' | b'\r'))
}

/// The length of a line break, which YAML 1.1 has of five kinds.
fn break_length(rest: &[u8]) -> usize {
    match rest {
        [b'\n' | b'\r', ..] => 1,
        [0xc2, 0x85, ..] => 2,
        [0xe2, 0x80, 0xa8 | 0xa9, ..] => 3,
        _ => 0,
    }
}

fn characters(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| (**byte as i8) >= -0x40).count() as u32
}

/// The end of a quoted scalar, behind its closing mark.
fn quoted_end(bytes: &[u8], start: usize) -> Option<usize> {
    let quote = *bytes.get(start)?;
    let mut at = start + 1;
    loop {
        at += match quote {
            b'"' => memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?,
            _ => memchr::memchr(quote, bytes.get(at..)?)?,
        };
        if bytes[at] == b'\\' || quote == b'\'' && bytes.get(at + 1) == Some(&quote) {
            at += 2;
        } else {
            return Some(at + 1);
        }
    }
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str, lines_before: u32) -> Self {
        Self { text, lines_before, at: 0, counted: 0, line: 1, column: 1, is_behind_text: false, lost: Vec::new() }
    }

    /// One that stands at the beginning.
    pub(super) fn anew(&self) -> Self {
        Self::new(self.text, self.lines_before)
    }

    fn bytes(&self) -> &'t [u8] {
        self.text.as_bytes()
    }

    pub(super) fn is_at(&self, byte: u8) -> bool {
        self.bytes().get(self.at) == Some(&byte)
    }

    fn eat(&mut self, byte: u8) -> bool {
        let is_there = self.is_at(byte);
        self.at += usize::from(is_there);
        is_there
    }

    /// Whether `---` or `...` stands here, alone.
    fn is_marker(&self, marker: &str) -> bool {
        self.column(self.at) == 0
            && self.text[self.at..].starts_with(marker)
            && is_blank(self.bytes().get(self.at + marker.len()))
    }

    /// Goes to the first value: over a byte order mark, directives and `---`.
    pub(super) fn begin(&mut self) {
        loop {
            self.space();
            if self.is_marker("...") {
                self.at += 3;
            } else if self.is_at(b'%') && self.column(self.at) == 0 {
                self.rest_of_line();
            } else {
                break;
            }
        }
        if self.is_marker("---") {
            self.at += 3;
        }
    }

    pub(super) fn is_at_end(&mut self) -> bool {
        self.space();
        self.at == self.text.len() || self.is_marker("...")
    }

    /// Where a second document begins.
    pub(super) fn second_document(&mut self) -> Mark {
        self.space();
        if self.is_marker("...") {
            self.at += 3;
            self.space();
        }
        self.mark(self.at, self.at)
    }

    fn rest_of_line(&mut self) {
        let rest = &self.bytes()[self.at..];
        self.at += (0..rest.len()).find(|at| break_length(&rest[*at..]) > 0).unwrap_or(rest.len());
    }

    /// Goes over white space and comments. Whether a line ended.
    fn space(&mut self) -> bool {
        let bytes = self.bytes();
        let mut is_new_line = false;
        let is_behind_text = std::mem::take(&mut self.is_behind_text);
        loop {
            match bytes.get(self.at) {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'#') => {
                    let start = self.at;
                    self.rest_of_line();
                    if is_behind_text && !is_new_line {
                        self.lose_comment(start);
                    }
                }
                Some(0xef) if bytes[self.at..].starts_with("\u{feff}".as_bytes()) => self.at += 3,
                Some(_) => match break_length(&bytes[self.at..]) {
                    0 => return is_new_line,
                    length => {
                        is_new_line = true;
                        self.at += length;
                    }
                },
                None => return is_new_line,
            }
        }
    }

    /// Notes a comment that looks like words. Where a blank follows the `#`, it is meant to be one, unless the value is
    /// one that readers see.
    fn lose_comment(&mut self, start: usize) {
        let words = self.text[start..self.at].trim_end();
        let is_of_readers = || {
            let line = self.text[..start].rfind('\n').map_or(0, |end| end + 1);
            let key_of = |row: &str| Some(row.split_once(':')?.0.trim().trim_start_matches(['-', ' ']).to_owned());
            let depth = |row: &str| row.len() - row.trim_start().len();
            let row = &self.text[line..start];
            let is_of_list = |above: &&str| depth(above) <= depth(row) && !above.trim_start().starts_with(['-', '#']);
            let mut above = self.text[..line].lines().rev().take(MOST_ITEMS).filter(|above| !above.trim().is_empty());
            let list = || above.find(is_of_list).filter(|_| row.trim_start().starts_with("- ")).and_then(key_of);
            let key = key_of(row).or_else(list).unwrap_or_default();
            OF_READERS.iter().any(|known| key.eq_ignore_ascii_case(known))
        };
        if words[1..].starts_with(char::is_alphanumeric) || words.len() > 1 && is_of_readers() {
            self.lost.push(Lost { at: start, words });
        }
    }

    /// The bytes between the beginning of the line and a place.
    pub(super) fn column(&self, at: usize) -> isize {
        let bytes = &self.bytes()[..at];
        (0..at)
            .rev()
            .find(|start| break_length(&bytes[*start..]) > 0)
            .map_or(at, |start| at - start - break_length(&bytes[start..])) as isize
    }

    /// The mark of what stands between two places. They come in order.
    pub(super) fn mark(&mut self, start: usize, end: usize) -> Mark {
        let gap = self.bytes().get(self.counted..start).unwrap_or_default();
        match memchr::memrchr(b'\n', gap) {
            Some(last) => {
                self.line += memchr::memchr_iter(b'\n', gap).count() as u32;
                self.column = 1 + characters(&gap[last + 1..]);
            }
            None => self.column += characters(gap),
        }
        self.counted = self.counted.max(start);
        let own = self.bytes().get(start..end).unwrap_or_default();
        let length = if own.contains(&b'\n') { 0 } else { characters(own) };
        Mark { line: self.line + self.lines_before, column: self.column, length }
    }

    /// Goes to a value: over its comma, dash, question mark or colon, and its anchor and tag.
    pub(super) fn lead(&mut self, around: Around, role: Role) -> Lead<'t> {
        let before = self.at;
        let is_new_line = self.space();
        let is_own_line = |cursor: &Self| around.is_flow || !is_new_line || cursor.column(cursor.at) == around.column;
        let is_indicator = |cursor: &Self| around.is_flow || is_blank(cursor.bytes().get(cursor.at + 1));
        let mut is_here = true;
        let mut is_marked = true;
        match role {
            Role::Root => is_marked = false,
            Role::Item if around.is_flow => {
                self.eat(b',');
            }
            Role::Item => {
                self.eat(b'-');
            }
            Role::Key => {
                if around.is_flow && self.eat(b',') {
                    self.space();
                }
                is_marked = is_indicator(self) && self.eat(b'?');
            }
            Role::Value => {
                is_here = is_own_line(self) && is_indicator(self) && self.eat(b':');
                if !is_here {
                    self.at = before;
                }
            }
        }
        let mut lead =
            Lead { is_here, empty: self.at, alias: None, outer: None, inner: None, row: self.at, is_string: false };
        if is_here {
            self.properties(around, is_marked, &mut lead);
        }
        if lead.is_here && self.is_at(b'*') {
            let name = self.name();
            let behind = self.text[self.at + 1 + name.len()..].trim_start_matches([' ', '\t']);
            // An alias can be the first key of a map.
            lead.alias = (role == Role::Key || !behind.starts_with(':')).then_some(name);
        }
        lead
    }

    /// The name of the anchor or alias at the cursor.
    fn name(&self) -> &'t str {
        let rest = &self.text[self.at + 1..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(rest.len());
        &rest[..end]
    }

    /// Goes over anchors and tags to the value, unless what comes is another's: `a:` and on the next line `b: c`.
    fn properties(&mut self, around: Around, is_marked: bool, lead: &mut Lead<'t>) {
        let mut is_first = true;
        // `- #word` is nothing with a comment; behind a key that is told where the value is read.
        self.is_behind_text = is_marked && self.text[..self.at].ends_with('-');
        loop {
            let is_new_line = self.space();
            if is_new_line {
                lead.outer = lead.inner.take().or(lead.outer);
                // No key begins as a block does.
                let is_block = self.is_at(b'|') || self.is_at(b'>');
                lead.is_here = !is_marked || around.is_flow || is_block || self.column(self.at) > around.column;
            }
            if is_first || is_new_line {
                lead.row = self.at;
            }
            if !lead.is_here {
                return;
            }
            is_first = false;
            if self.is_at(b'&') {
                let name = self.name();
                lead.inner = Some(name);
                self.lost.push(Lost { at: self.at, words: &self.text[self.at..self.at + 1 + name.len()] });
                self.at += 1 + name.len();
            } else if self.is_at(b'!') {
                let tag = self.tag();
                lead.is_string |= matches!(tag, "!!str" | "!<tag:yaml.org,2002:str>");
                if !tag.starts_with("!!") && !tag.starts_with("!<") {
                    self.lost.push(Lost { at: self.at, words: tag });
                }
                self.at += tag.len();
            } else {
                return;
            }
            lead.empty = self.at;
        }
    }

    fn tag(&self) -> &'t str {
        let rest = &self.text[self.at..];
        let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']' | '{' | '}');
        let end = if rest.starts_with("!<") { rest.find('>').map(|at| at + 1) } else { rest.find(is_end) };
        &rest[..end.unwrap_or(rest.len())]
    }

    /// A number, `true`, `false` or nothing, as written, and from where to where it goes.
    pub(super) fn token(&self, lead: &Lead<'t>, is_nothing: bool) -> Option<(Content, usize, usize)> {
        let rest = &self.text[self.at..];
        if lead.is_here && rest.starts_with(['"', '\'']) {
            let end = quoted_end(self.bytes(), self.at)?;
            return Some((Content::Text(self.text[self.at + 1..end - 1].into()), self.at, end));
        }
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"+-._~".contains(c)).unwrap_or(rest.len());
        let text = &rest[..end];
        if is_nothing && (!lead.is_here || !is_null(text) || text.is_empty()) {
            return Some((Content::Plain(String::new()), lead.empty, lead.empty));
        }
        (!text.is_empty() && lead.is_here).then(|| (Content::Plain(text.into()), self.at, self.at + end))
    }

    /// Text that stands in the source just so.
    pub(super) fn borrowed(&self, lead: &Lead<'t>, text: &str) -> Option<(Content, usize, usize)> {
        let offset = (text.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        let is_text = lead.is_here && (self.is_at(b'"') || self.is_at(b'\''));
        if is_text {
            let end = quoted_end(self.bytes(), self.at)?;
            return (end - 1 == offset + text.len()).then(|| (Content::Text(text.into()), self.at, end));
        }
        let content = if lead.is_string { Content::Text(text.into()) } else { Content::Plain(text.into()) };
        if text.is_empty() {
            return (offset == lead.empty).then_some((content, lead.empty, lead.empty));
        }
        (offset == self.at && lead.is_here).then_some((content, self.at, self.at + text.len()))
    }

    /// Text that is written in another way: with escapes, on several lines, or as a block.
    pub(super) fn folded(&self, lead: &Lead<'t>, is_flow: bool, text: &str) -> Option<(Content, usize, usize)> {
        if !lead.is_here {
            return None;
        }
        let start = self.at;
        let (is_text, end) = match self.bytes().get(start)? {
            b'"' | b'\'' => (true, quoted_end(self.bytes(), start)?),
            b'|' | b'>' if !is_flow => {
                let mut header = self.clone();
                header.rest_of_line();
                (true, self.words(header.at, text)?)
            }
            _ => (lead.is_string, self.words(start, text)?),
        };
        Some((if is_text { Content::Text(text.into()) } else { Content::Plain(text.into()) }, start, end))
    }

    /// The dash of a line that continues a plain text and was hardly meant to: `- Ines` and on the next line ` - Bo` are
    /// one item to YAML. Programs and people who wrap a long sentence may begin a line with a dash.
    pub(super) fn swallowed_item(&self, start: usize, end: usize) -> Option<usize> {
        let is_item = self.text[..start].trim_end_matches([' ', '\t']).ends_with('-');
        let mut at = start;
        let mut length = self.column(start) as usize;
        for row in self.text[start..end].split_inclusive('\n') {
            let dash = at + row.len() - row.trim_start().len();
            let is_dash = at > start
                && self.text[dash..end].strip_prefix('-').is_some_and(|rest| is_blank(rest.as_bytes().first()));
            if is_dash && (is_item || length < SHORTEST_WRAPPED) {
                return Some(dash);
            }
            length = if at == start { length + row.len() } else { row.len() };
            at += row.len();
        }
        None
    }

    /// Where the words of a text end that stand at a place with other white space in between.
    fn words(&self, mut at: usize, text: &str) -> Option<usize> {
        for word in text.split(char::is_whitespace).filter(|word| !word.is_empty()) {
            let rest = &self.text[at..];
            let rest = rest.trim_start().strip_prefix(word)?;
            at = self.text.len() - rest.len();
        }
        Some(at)
    }

    /// Goes over the closing bracket of a list or map.
    pub(super) fn close(&mut self, bracket: u8) -> bool {
        self.space();
        if self.eat(b',') {
            self.space();
        }
        self.eat(bracket)
    }
}

/// Where lists and maps in brackets are nested too deeply, if they are. It is asked before anything is parsed, since
/// libyaml takes time by the square of this depth. Each bracket that could begin a value is followed to its end:
/// which of them are within text is not known here, and no text is sane that opens so many.
pub(super) fn too_deep_at(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b'[', b'{', bytes).nth(MAX_DEPTH)?;
    let mut budget = bytes.len().saturating_mul(MAX_DEPTH);
    memchr::memchr2_iter(b'[', b'{', bytes)
        .filter(|start| {
            start.checked_sub(1).is_none_or(|before| b" \t\r\n:[{,-?".contains(&bytes[before]) || bytes[before] >= 0x80)
        })
        .find_map(|start| depth_from(bytes, start, &mut budget))
}

/// Goes through the list or map in brackets that begins at `start`. The place where it is too deep, if it is.
fn depth_from(bytes: &[u8], start: usize, budget: &mut usize) -> Option<usize> {
    let is_end = |byte: &u8| b",[]{}".contains(byte);
    let (mut depth, mut at) = (0, start);
    while let Some(byte) = bytes.get(at) {
        let from = at;
        at += 1;
        match byte {
            b'[' | b'{' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Some(from);
                }
            }
            b']' | b'}' => {
                depth -= 1;
                if depth == 0 {
                    return None;
                }
            }
            b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' | b'?' => {}
            b'"' | b'\'' => at = quoted_end(bytes, from)?,
            b'#' => at += bytes[at..].iter().take_while(|byte| !b"\r\n".contains(byte)).count(),
            b'&' | b'*' | b'!' => {
                at += bytes[at..].iter().take_while(|byte| !is_blank(Some(byte)) && !is_end(byte)).count();
            }
            _ => {
                while let Some(byte) = bytes.get(at)
                    && !is_end(byte)
                    && !(*byte == b':' && (is_blank(bytes.get(at + 1)) || bytes.get(at + 1).is_some_and(is_end)))
                    && !(*byte == b'#' && is_blank(bytes.get(at - 1)))
                {
                    at += 1;
                }
            }
        }
        *budget = budget.saturating_sub(at - from);
        if *budget == 0 {
            return Some(start);
        }
    }
    None
}
