//! Slips in Markdown that readers see: what looks like markup, of Markdown or of another program, and is text.
//!
//! The parser decides: only what it took for text is looked at, never code. What a backslash stands before is meant.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};
use rustc_hash::{FxHashMap, FxHashSet};

use super::component::COMPONENT_CURE;
use super::{Spanned, component_name, options};
use crate::article::headings;
use crate::article::passage::{is_escaped, resolve};
use crate::config::Markdown;
use crate::html::{Token, tokens};
use crate::site_path;

/// So many are told of one text: an archive that was not imported has them everywhere.
const MOST: usize = 20;

/// So many bytes of a line are looked at from where something begins.
const LONGEST: usize = 500;

/// So many bytes of a comment are looked at for its end: other programs let it go over lines and paragraphs.
const LONGEST_COMMENT: usize = 5000;

/// Something that looks like markup and is text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// Its bytes in the Markdown.
    pub range: Range<usize>,
    /// What it is.
    pub message: String,
    /// What to write instead.
    pub hint: &'static str,
}

/// The kinds of them: what each is called, and its cure.
type Kind = (&'static str, &'static str);

const LINK: Kind = (
    "this link or image",
    "put an address with blanks into angle brackets, as in `![Harbour](<photo of the harbour.jpg>)`",
);
const TEMPLATE: Kind = (
    "this link or image",
    "write the path of the Markdown file or of the image, as in `[words](second.md)` or `![Harbour](harbour.jpg)`",
);
const GAP: Kind = ("this link", "put no blank between `]` and `(`");
const TURNED: Kind = ("this link", "the words stand in `[…]`, the address behind them in `(…)`");
const REFERENCE: Kind = ("this link", "define it on a line of its own, as in `[name]: https://…`");
const NOTE: Kind = ("this footnote", "define it on a line of its own, as in `[^1]: The note.`");
const WIKI: Kind = ("this link of a wiki", "write `[words](path/to/file.md)`");
const OWN: Kind = ("this link of a wiki", "write `[words](#the-heading)`");
/// The cure for what other programs would put into the page.
const CALL: &str = "write it in Markdown, or as a component: `{{ <video src=\"…\" /> }}`";
const SHORTCODE: Kind = ("this shortcode of WordPress", CALL);
const COMPONENT: Kind = ("this component call", COMPONENT_CURE);
const HUGO: Kind = ("this shortcode of Hugo", CALL);
const LIQUID: Kind = ("this tag of Liquid", CALL);
const ATTRIBUTES: Kind = ("this list of attributes", "remove it, or write the element in HTML");
const ADDRESS: Kind = ("this address", "write `https://` with one colon and two slashes");
const DEFINITION: Kind = ("this definition of a link", "put an empty line above it");
const UNCLOSED: Kind = ("this link or image", "close its address with `)`");
const EMBED: Kind = ("this image of a wiki", "write `![What it shows](path/to/image.jpg)`");
const TASK: Kind = ("this task", "put a blank behind `-` and behind `]`, as in `- [ ] Call the mayor`");
const HEADING: Kind = ("this heading", "put a blank behind the `#`, or a backslash before it: `\\#`");
const BLANK: Kind = (
    "this heading or list",
    "put an ordinary blank behind its mark in the place of the one that does not break, or a backslash before it",
);
const ZOLA: Kind = ("this shortcode of Zola", CALL);
const NOTICE: Kind = ("this notice", "write it as a quotation that begins with `> [!NOTE]`");
const CONTENTS: Kind = ("this table of contents", "remove it: the theme decides where a table of contents stands");
const ERB: Kind = ("this tag of a template", "write what it stands for");
const EMPHASIS: Kind = ("this emphasis", "put the colon and the blank behind the asterisks, as in `*Weather*: rain`");
const BOLD: Kind =
    ("this emphasis", "put no blank beside the asterisks on the inside, and punctuation at the end behind them");
/// CommonMark (section 6.2) reads no mark between punctuation on the inside and a letter on the outside.
const PUNCTUATION: Kind =
    ("this emphasis", "put the punctuation outside of the asterisks, or write it in HTML: `<strong>…</strong>`");
const QUOTES: Kind =
    ("this link or image", "write the title in straight quotation marks, as in `![Harbour](harbour.jpg \"At dawn\")`");
const QUOTED: Kind =
    ("this component call", "write straight quotation marks around what is behind `=`, as in `text=\"…\"`");
const COMMENT: Kind = ("this comment", "remove it, or write it as a comment of HTML: `<!-- … -->`");
const DASHES: Kind = ("this comment", "write it with plain hyphens: `<!-- … -->`");
const EDIT: Kind = ("this mark of an edit", "accept or reject the edit where it was made");
const HIGHLIGHT: Kind = ("this highlight", "write it in HTML: `<mark>…</mark>`");
const TABLE: Kind = ("this table", "put a line such as `| --- | --- |` below its head");

/// What to do about a row with more cells than columns.
const SURPLUS: &str =
    "add a column to the first two lines of the table; write a bar that belongs to the text as `\\|`, even in code";

/// Where marks begin within a text: those of every place, and those that count at the beginning of a line. Searching for
/// the rare letters of each costs a fraction of a search for all of them at once.
fn marks(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut found: Vec<usize> = memchr::memchr3_iter(b'[', b'{', b']', bytes)
        .filter(|at| bytes[*at] != b']' || bytes[*at..].starts_with(b"](") || bytes[*at..].starts_with(b"] ("))
        .collect();
    let mut add = |at: usize, mark: &str| {
        if text[at..].starts_with(mark) {
            found.push(at);
        }
    };
    for at in memchr::memchr3_iter(b'<', b'!', b'?', bytes) {
        ["<%", "<!", "!!! ", "??? "].iter().for_each(|mark| add(at, mark));
    }
    let mut pair = 0;
    for at in memchr::memchr_iter(b'*', bytes) {
        if at >= pair {
            pair = at + if bytes[at..].starts_with(b"**") { 2 } else { 1 };
            add(at, "*");
        }
        if text[..at].ends_with(": ") {
            add(at - 2, ": *");
        }
    }
    HTTP.find_iter(bytes).for_each(|at| add(at, "http"));
    PERCENTS.find_iter(bytes).for_each(|at| add(at, "%%"));
    EQUALS.find_iter(bytes).for_each(|at| add(at, "=="));
    COLONS.find_iter(bytes).for_each(|at| add(at, ":::"));
    for at in NO_BREAK.find_iter(bytes).filter(|at| text[..*at].ends_with(['-', '+', '*'])) {
        add(at - 1, &text[at - 1..at]);
    }
    found.sort_unstable();
    found.dedup();
    found
}

static HTTP: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("http"));
static PERCENTS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("%%"));
static EQUALS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("=="));
static COLONS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(":::"));
static NO_BREAK: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\u{a0}"));

/// The kinds of notices of Python-Markdown, behind `!!!` and `???`.
#[rustfmt::skip]
const NOTICES: [&str; 16] = [
    "abstract", "attention", "bug", "caution", "danger", "error", "example", "failure", "hint",
    "important", "info", "note", "question", "success", "tip", "warning",
];

/// The slips in the Markdown of a file, from `start` on, with their places in the file.
pub fn stray_markup(text: &str, start: usize, settings: Markdown) -> Vec<Slip> {
    let markdown = &text[start..];
    let events = resolve(headings::events(markdown, options(settings)).collect(), markdown);
    let mut found = slips(markdown, &events);
    found.iter_mut().for_each(|slip| slip.range = start + slip.range.start..start + slip.range.end);
    found
}

/// The slips in Markdown that is parsed.
pub(super) fn slips(markdown: &str, events: &[Spanned<'_>]) -> Vec<Slip> {
    let mut reader = Reader { markdown, marks: marks(markdown), found: Vec::new(), seen: 0 };
    let mut skipped = 0usize;
    let mut block: Option<Range<usize>> = None;
    // The end of what is shown of the row of a table.
    let mut shown = 0;
    // The parser cuts text at every character that might have a meaning.
    let mut words: Option<Range<usize>> = None;
    // A heading in which nothing has stood so far.
    let mut heading = None;
    for (event, range) in events {
        if !matches!(event, Event::End(TagEnd::Heading(_))) {
            heading = None;
        }
        match (event, &mut words) {
            (Event::Text(_), Some(words)) => words.end = range.end,
            (Event::Text(_), None) if skipped == 0 => words = Some(range.clone()),
            (_, known) => {
                if let Some(words) = known.take() {
                    reader.text(&words);
                }
            }
        }
        if let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event {
            reader.target(dest_url, range, matches!(event, Event::Start(Tag::Link { .. })));
        }
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                skipped += 1;
                if matches!(kind, CodeBlockKind::Fenced(_)) {
                    reader.fence(range);
                }
            }
            Event::Start(Tag::Image { .. }) => skipped += 1,
            Event::Start(Tag::Heading { .. }) => heading = Some(range),
            Event::End(TagEnd::Heading(_)) => {
                if let Some(range) = heading.take() {
                    reader.found.push(Slip {
                        range: range.start..range.start + markdown[range.clone()].trim_end().len(),
                        message: "this heading is empty".into(),
                        hint: "write its words behind the `#`, or remove it",
                    });
                }
            }
            Event::End(TagEnd::CodeBlock | TagEnd::Image) => skipped = skipped.saturating_sub(1),
            Event::Start(Tag::Paragraph) if is_call(&markdown[range.clone()]) => reader.seen = range.end,
            Event::Start(Tag::Paragraph) => reader.lines(range),
            Event::Start(Tag::TableRow) => shown = range.start,
            Event::End(TagEnd::TableCell) => shown = range.end,
            Event::End(TagEnd::TableRow) => reader.surplus(shown..range.end),
            Event::Start(Tag::HtmlBlock) => block = Some(range.clone()),
            Event::End(TagEnd::HtmlBlock) => {
                if let Some(range) = block.take() {
                    reader.html(range);
                }
            }
            Event::InlineHtml(html) => match verbatim_tag(html) {
                Some(true) => skipped += 1,
                Some(false) => skipped = skipped.saturating_sub(1),
                None => {}
            },
            _ => {}
        }
        if reader.found.len() >= MOST {
            break;
        }
    }
    reader.notes(events);
    reader.found
}

/// The lines at which version control has left both versions of a text, outside of code.
pub(super) fn conflicts(markdown: &str, events: &[Spanned<'_>]) -> Vec<Range<usize>> {
    let bytes = markdown.as_bytes();
    let is_mark = |at: usize, mark: &str| {
        let behind = || &markdown[at + mark.len()..];
        bytes[at..].starts_with(mark.as_bytes())
            && (at == 0 || bytes[at - 1] == b'\n')
            && behind().starts_with([' ', '\n', '\r'])
    };
    // Seven quotations within each other are none.
    let separator = || {
        let at = memchr::memmem::find_iter(bytes, b"=======");
        at.into_iter().find(|at| is_mark(*at, "=======") && !markdown[at + 7..].starts_with(' '))
    };
    let mut found: Vec<usize> = memchr::memchr_iter(b'<', bytes).filter(|at| is_mark(*at, "<<<<<<<")).collect();
    if found.is_empty() {
        let first = memchr::memchr_iter(b'>', bytes)
            .find(|at| is_mark(*at, ">>>>>>>") && separator().is_some_and(|before| before < *at));
        found.extend(first);
    }
    if found.is_empty() {
        return Vec::new();
    }
    let code = events.iter().filter(|(event, _)| matches!(event, Event::Start(Tag::CodeBlock(_))));
    let code: Vec<&Range<usize>> = code.map(|(_, range)| range).collect();
    found.retain(|at| !code.iter().any(|range| range.contains(at)));
    found.into_iter().take(MOST).map(|at| at..at + 7).collect()
}

/// Whether a paragraph is a call of components, or so nearly one that another warning says so.
fn is_call(paragraph: &str) -> bool {
    let Some(inside) = paragraph.trim_start().strip_prefix("{{") else { return false };
    let inside = inside.trim_start().strip_prefix('<');
    inside.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
        || paragraph.lines().map(str::trim).filter(|line| !line.is_empty()).all(|line| component_name(line).is_some())
}

/// Whether a tag begins or ends an element whose text stands as it is written.
fn verbatim_tag(html: &str) -> Option<bool> {
    let inside = html.strip_prefix('<')?;
    let (is_start, name) = inside.strip_prefix('/').map_or((true, inside), |rest| (false, rest));
    let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    ["code", "pre", "kbd", "samp", "script", "style", "textarea"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
        .then_some(is_start)
}

struct Reader<'m> {
    markdown: &'m str,
    marks: Vec<usize>,
    found: Vec<Slip>,
    /// What is told up to here is not told again.
    seen: usize,
}

impl<'m> Reader<'m> {
    fn add(&mut self, (name, hint): Kind, range: Range<usize>) {
        let line = self.markdown[range.clone()].lines().next().unwrap_or_default();
        let shown = cut(line);
        self.seen = self.seen.max(range.end);
        if self.found.len() >= MOST {
            return;
        }
        self.found.push(Slip { range, message: format!("{name} is not read as one, so readers see `{shown}`"), hint });
    }

    /// Looks at the address to which a link or image leads.
    fn target(&mut self, dest: &str, range: &Range<usize>, is_link: bool) {
        let (message, hint) = if address("", dest).is_some() {
            (format!("the address `{dest}` is misspelled, so it leads nowhere"), ADDRESS.1)
        } else if let Some(what) = site_path::wrong_address(dest) {
            let hint = "begin with https:// and a host; of a file of yours, write the path from this file";
            (format!("`{dest}` is {what}, so it leads nowhere"), hint)
        } else if is_link && dest.is_empty() {
            (
                "the link has no address, so it leads nowhere".to_owned(),
                "write where it leads, as in `[words](second.md)`",
            )
        } else {
            return;
        };
        if self.found.len() < MOST {
            self.seen = self.seen.max(range.end);
            self.found.push(Slip { range: range.clone(), message, hint });
        }
    }

    /// Looks at the end of a block of code between fences: without one everything below is code.
    fn fence(&mut self, range: &Range<usize>) {
        let block = self.markdown[range.clone()].trim_end();
        let Some(mark) = block.chars().next() else { return };
        let length = block.chars().take_while(|c| *c == mark).count();
        let opening = block.lines().next().unwrap_or_default();
        let last = block[opening.len()..].lines().next_back().unwrap_or_default();
        // In a quotation each line has its mark.
        let last = last.trim_start_matches([' ', '\t', '>']).trim_end();
        let is_closed = last.chars().all(|c| c == mark) && last.chars().count() >= length;
        if !is_closed && self.found.len() < MOST {
            self.found.push(Slip {
                range: range.start..range.start + opening.len(),
                message: "this code never ends, so readers see all that follows as code".into(),
                hint: "close it with a line of the same marks, such as three backticks",
            });
        }
    }

    /// Looks at what a row of a table has behind the cells for which there are columns.
    fn surplus(&mut self, range: Range<usize>) {
        let written = &self.markdown[range.clone()];
        let lost = written.trim_matches(['|', ' ', '\t', '\r', '\n']);
        if lost.is_empty() || self.found.len() >= MOST {
            return;
        }
        let start = range.start + (lost.as_ptr() as usize - written.as_ptr() as usize);
        let shown = cut(lost);
        let message = format!("the table has no column for `{shown}`, so readers do not see it");
        self.found.push(Slip { range: start..start + lost.len(), message, hint: SURPLUS });
    }

    /// The rest of the line from `at` on.
    fn rest(&self, at: usize) -> &'m str {
        let rest = &self.markdown[at..self.markdown.floor_char_boundary(at + LONGEST)];
        rest.lines().next().unwrap_or_default()
    }

    /// As much from `at` on as a comment may have.
    fn more(&self, at: usize) -> &'m str {
        &self.markdown[at..self.markdown.floor_char_boundary(at + LONGEST_COMMENT)]
    }

    /// Looks at the beginnings of the lines of a paragraph.
    fn lines(&mut self, range: &Range<usize>) {
        let paragraph = &self.markdown[range.clone()];
        let first = || paragraph.lines().next().unwrap_or_default().trim_end();
        if let Some(first) = paragraph.starts_with('|').then(first)
            && first.ends_with('|')
            && first.matches('|').count() > 2
        {
            self.add(TABLE, range.start..range.start + first.len());
            return;
        }
        let is_alone = memchr::memchr(b'\n', paragraph.trim_end().as_bytes()).is_none();
        let mut next = range.start;
        while next < range.end {
            let at = next;
            next =
                memchr::memchr(b'\n', &self.markdown.as_bytes()[at..range.end]).map_or(range.end, |end| at + end + 1);
            let line = &self.markdown[at..next];
            let words = line.trim();
            // Hardly a line begins with a mark.
            if words.starts_with(|c: char| c.is_alphanumeric()) {
                continue;
            }
            let rest = words.trim_start_matches('#');
            let count = words.len() - rest.len();
            // A line of hashtags is one, and so is a sentence that begins with one.
            let is_hashtag = || {
                !is_alone
                    || rest.contains('#')
                    || rest.ends_with(['.', '!', '?', ':', ',', '…'])
                    || rest.chars().count() > 80
            };
            let begins = |test: fn(char) -> bool| rest.chars().next().is_some_and(test);
            if count > 1 && begins(char::is_alphanumeric) || count == 1 && begins(char::is_alphabetic) && !is_hashtag()
            {
                let start = at + line.len() - line.trim_start().len();
                self.add(HEADING, start..start + words.len());
            } else if let Some(kind) = beginning(words).filter(|(_, alone)| is_alone || !alone).map(|(kind, _)| kind) {
                let start = at + line.len() - line.trim_start().len();
                self.add(kind, start..start + words.len());
            }
        }
    }

    /// Looks at a text.
    fn text(&mut self, range: &Range<usize>) {
        let markdown = self.markdown;
        let first = self.marks.partition_point(|at| *at < range.start);
        for number in first..self.marks.partition_point(|at| *at < range.end) {
            let at = self.marks[number];
            // What stands behind a text may be read as Markdown.
            let length = match markdown.as_bytes()[at] {
                b':' => 3,
                b'*' if !markdown[at..].starts_with("**") => 1,
                b'*' | b']' | b'<' | b'%' | b'=' => 2,
                _ => 1,
            };
            if at + length > range.end {
                continue;
            }
            let is_behind_escaped = markdown[..at].ends_with("\\]") && is_escaped(markdown, at - 1);
            if at < self.seen || is_escaped(markdown, at) || is_behind_escaped {
                continue;
            }
            let rest = self.rest(at);
            let slip = match markdown.as_bytes()[at] {
                b'[' => bracket(&markdown[..at], rest),
                b']' => closing_bracket(rest),
                b'{' => comment(self.more(at)).or_else(|| brace(rest)),
                b'h' => address(&markdown[..at], rest),
                b'<' => comment(self.more(at)).or_else(|| {
                    let end = rest.find("%>").filter(|end| !rest[..*end].contains('`'));
                    end.filter(|_| rest.starts_with("<%")).map(|end| (ERB, end + 2))
                }),
                b':' => {
                    if let Some(start) = emphasis(&markdown[range.start..at], &rest[1..]) {
                        self.add(EMPHASIS, range.start + start..at + 3);
                    }
                    None
                }
                b'%' => pair(&markdown[..at], rest, "%%").map(|length| (COMMENT, length)),
                b'=' => pair(&markdown[..at], rest, "==").map(|length| (HIGHLIGHT, length)),
                _ => bold(&markdown[..at], rest).or_else(|| punctuated(&markdown[..at], rest)),
            };
            if let Some((kind, length)) = slip {
                self.add(kind, at..at + length);
            }
        }
    }

    /// Looks for footnotes that readers do not see: the second one of a name, and those to which nothing leads.
    fn notes(&mut self, events: &[Spanned<'_>]) {
        let mut notes: Vec<Range<usize>> = Vec::new();
        let mut first: FxHashMap<String, usize> = FxHashMap::default();
        // To what the text leads, and each note behind it.
        let mut leads: Vec<Vec<String>> = vec![Vec::new()];
        let mut open = vec![0];
        for (event, range) in events {
            match event {
                Event::Start(Tag::FootnoteDefinition(name)) => {
                    first.entry(name.to_lowercase()).or_insert(notes.len());
                    notes.push(range.start..range.start + name.len() + "[^]:".len());
                    leads.push(Vec::new());
                    open.push(notes.len());
                }
                Event::End(TagEnd::FootnoteDefinition) => _ = open.pop(),
                Event::FootnoteReference(name) => leads[open.last().copied().unwrap_or(0)].push(name.to_lowercase()),
                _ => {}
            }
        }
        let mut seen = vec![false; notes.len()];
        let mut from = vec![0];
        while let Some(place) = from.pop() {
            let to = leads[place].iter().filter_map(|name| first.get(name).copied());
            from.extend(to.filter(|note| !std::mem::replace(&mut seen[*note], true)).map(|note| note + 1));
        }
        let are_first: FxHashSet<usize> = first.into_values().collect();
        for (note, range) in notes.into_iter().enumerate().filter(|(note, _)| !seen[*note]) {
            let (message, hint) = if are_first.contains(&note) {
                ("nothing refers to this footnote, so readers do not see it", "refer to it from the text, or remove it")
            } else {
                ("an earlier footnote has this name, so readers do not see this one", "give it a name of its own")
            };
            self.found.push(Slip { range, message: message.into(), hint });
        }
        self.found.truncate(MOST);
    }

    /// Looks at the text in a block of HTML: what other programs put there is seen by readers too.
    fn html(&mut self, range: Range<usize>) {
        let block = &self.markdown[range.clone()];
        if !block.contains(['[', '{']) {
            return;
        }
        let mut skipped = 0usize;
        let mut tokens = tokens(block).into_iter().peekable();
        while let Some(token) = tokens.next() {
            let is_verbatim = |name: &str| verbatim_tag(&format!("<{name}>")).is_some();
            match token {
                Token::Start(name, _) => skipped += usize::from(is_verbatim(&name)),
                Token::End(name) => skipped = skipped.saturating_sub(usize::from(is_verbatim(&name))),
                Token::Text(text) if skipped == 0 => {
                    // What is called looks like a tag.
                    let mut calls = block.match_indices("{{").filter(|(at, _)| is_call(&block[*at..]));
                    if text.trim_end().ends_with("{{")
                        && matches!(tokens.peek(), Some(Token::Start(..)))
                        && let Some((at, _)) = calls.find(|(at, _)| range.start + at >= self.seen)
                    {
                        let rest = self.rest(range.start + at);
                        let length = rest.find("}}").map_or(rest.len(), |end| end + 2);
                        self.add(call_kind(&rest[..length]), range.start + at..range.start + at + length);
                        continue;
                    }
                    for (at, mark) in text.match_indices(['[', '{']) {
                        let rest = text[at..].lines().next().unwrap_or_default();
                        let slip = match mark {
                            "[" => shortcode(rest).map(|length| (SHORTCODE, length)),
                            _ => comment(&text[at..text.floor_char_boundary(at + LONGEST_COMMENT)])
                                .or_else(|| brace(rest)),
                        };
                        let place =
                            slip.and_then(|(kind, length)| Some((kind, block.find(&text[at..at + length])?, length)));
                        if let Some((kind, at, length)) = place {
                            self.add(kind, range.start + at..range.start + at + length);
                        }
                    }
                }
                Token::Text(_) => {}
            }
        }
    }
}

/// As much of a line as a message shows.
fn cut(line: &str) -> String {
    line.char_indices().nth(60).map_or(line.to_owned(), |(end, _)| format!("{}…", &line[..end]))
}

type Found = Option<(Kind, usize)>;

/// What a line of a paragraph begins with, and whether it counts only if the line is all of the paragraph.
fn beginning(line: &str) -> Option<(Kind, bool)> {
    if line.trim_start_matches('#').starts_with('\u{a0}') && line.starts_with('#')
        || ["-\u{a0}", "+\u{a0}", "*\u{a0}"].iter().any(|mark| line.starts_with(mark))
    {
        return Some((BLANK, false));
    }
    if line.strip_prefix(":::").is_some_and(|rest| {
        rest.trim_start_matches([':', ' ']).starts_with(|c: char| c.is_ascii_alphabetic() || c == '{')
    }) {
        return Some((NOTICE, false));
    }
    let notice = line.strip_prefix("!!! ").or_else(|| line.strip_prefix("??? "));
    if let Some((name, rest)) = notice.map(|words| words.split_once(' ').unwrap_or((words, "")))
        && NOTICES.contains(&name)
        && (rest.is_empty() || rest.starts_with('"'))
    {
        return Some((NOTICE, false));
    }
    if line.starts_with("%%") {
        return Some((COMMENT, false));
    }
    let definition =
        line.strip_prefix('[').filter(|rest| !rest.starts_with('^')).and_then(|rest| rest.split_once("]: "));
    if definition.is_some_and(|(name, to)| {
        let starts = ["http:", "https:", "mailto:", "/", "./", "../", "<", "#"];
        !name.contains(['[', ']']) && !to.trim().contains(' ') && starts.iter().any(|start| to.starts_with(start))
    }) {
        return Some((DEFINITION, false));
    }
    let is_box = |rest: &str| ["[ ]", "[x]", "[X]"].iter().any(|mark| rest.starts_with(mark));
    let is_glued = |rest: &str| rest[3..].starts_with(|c: char| c.is_alphanumeric());
    if line.strip_prefix(['-', '+', '*']).is_some_and(is_box) || is_box(line) && is_glued(line) {
        return Some((TASK, false));
    }
    let is_contents = ["[toc]", "[[toc]]", "[[_toc_]]"].iter().any(|mark| line.eq_ignore_ascii_case(mark));
    is_contents.then_some((CONTENTS, true))
}

/// Where emphasis begins that was to end behind the colon and the blank here: `*Title: *Text`.
fn emphasis(before: &str, rest: &str) -> Option<usize> {
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let start = line + before[line..].rfind('*')?;
    let begins = !before[..start].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '*' | '\\'));
    let ends = rest.strip_prefix(" *")?.starts_with(char::is_alphanumeric);
    (begins && ends && before[start + 1..].starts_with(char::is_alphanumeric)).then_some(start)
}

fn bracket(before: &str, rest: &str) -> Found {
    let inside = |from: &str, to: &str| {
        let text = rest.strip_prefix(from)?;
        let end = text.find(to)?;
        (end > 0).then_some((&text[..end], from.len() + end + to.len()))
    };
    let page = if before.ends_with('!') { EMBED } else { WIKI };
    for (mark, kind) in [("[[", page), ("[[#", OWN)] {
        if let Some((name, length)) = inside(mark, "]]")
            && !name.contains(['[', ']'])
            && name.starts_with(char::is_alphanumeric)
        {
            return Some((kind, length));
        }
    }
    if let Some((name, length)) = inside("[^", "]")
        && !name.contains(char::is_whitespace)
    {
        return Some((NOTE, length));
    }
    if let Some(length) = shortcode(rest) {
        return Some((SHORTCODE, length));
    }
    let (name, length) = inside("[", "]")?;
    let is_address = ["http:", "https:", "www."].iter().any(|start| name.starts_with(start));
    if is_address && before.ends_with([')', ']']) {
        return Some((TURNED, length));
    }
    if before.ends_with(']') && !is_escaped(before, before.len() - 1) && name.starts_with(char::is_alphabetic) {
        return Some((REFERENCE, length));
    }
    if rest[length..].starts_with("[]") && name.starts_with(char::is_alphabetic) {
        return Some((REFERENCE, length + 2));
    }
    // The whole of a link that is none is told at its first bracket.
    let behind = &rest[length..];
    closing_bracket(&rest[length - 1..])
        .map(|(kind, _)| (kind, length + behind.find(')').map_or(behind.len(), |end| end + 1)))
}

/// `](` or `] (` behind what is no link.
fn closing_bracket(rest: &str) -> Found {
    if let Some(target) = rest.strip_prefix("](") {
        let target = target.trim_start_matches(['<', '"', ' ']);
        let is_template = ["{{", "{%", "<%"].iter().any(|mark| target.starts_with(mark));
        let address = &target[..target.find(')').unwrap_or(target.len())];
        let kind = match () {
            () if is_template => TEMPLATE,
            () if !target.contains(')') && !target.contains(char::is_whitespace) => UNCLOSED,
            () if [" “", " ”", " „", " ‘"].iter().any(|quote| address.contains(quote)) => QUOTES,
            () => LINK,
        };
        return Some((kind, 2));
    }
    let address = rest.strip_prefix("] (")?.trim_start_matches('<');
    let starts = ["http:", "https:", "www.", "mailto:", "/", "./", "../"];
    starts.iter().any(|start| address.starts_with(start)).then_some((GAP, 3))
}

/// The length of a shortcode: `[gallery ids="1,2"]`, `[/caption]`.
fn shortcode(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('[')?;
    let name_at = usize::from(inside.starts_with('/'));
    let name = &inside[name_at..];
    let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(name.len());
    let (name, mut after) = name.split_at(end);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    const KNOWN: [&str; 8] = ["gallery", "caption", "embed", "playlist", "audio", "video", "youtube", "vimeo"];
    /// What these have behind their names is an address or a number.
    const POSTS: [&str; 8] =
        ["tweet", "twitter", "instagram", "facebook", "soundcloud", "spotify", "tiktok", "wpvideo"];
    /// The builders of pages for WordPress.
    const BUILDERS: [&str; 6] = ["vc_", "et_pb_", "fusion_", "av_", "mk_", "su_"];
    let mut is_one = name_at == 1 || KNOWN.contains(&name) || BUILDERS.iter().any(|start| name.starts_with(start));
    if KNOWN.contains(&name) || POSTS.contains(&name) {
        let word = after.trim_start();
        let end = word.find(|c: char| c == ']' || c.is_whitespace()).unwrap_or(word.len());
        let is_number = || POSTS.contains(&name) && end > 0 && word.bytes().take(end).all(|byte| byte.is_ascii_digit());
        if word.len() < after.len()
            && (word[..end].find('=').unwrap_or(end) > word[..end].find("://").unwrap_or(end) || is_number())
        {
            after = &word[end..];
            is_one = true;
        }
    }
    // BBCode gives a value to the name itself: `[url=https://…]`.
    if let Some(value) = after.strip_prefix('=') {
        after = value.find(']').map(|end| &value[end..])?;
        is_one = true;
    }
    loop {
        let rest = after.trim_start();
        if let Some(behind) = rest.strip_prefix("/]").or_else(|| rest.strip_prefix(']')) {
            return is_one.then(|| inside.len() + 1 - behind.len());
        }
        let (key, value) = rest.split_once('=').filter(|_| rest.len() < after.len())?;
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) {
            return None;
        }
        after = match value.chars().next()? {
            quote @ ('"' | '\'' | '“' | '”' | '„') => {
                let closing: &[char] = if quote.is_ascii() { &[quote] } else { &['“', '”'] };
                let text = &value[quote.len_utf8()..];
                let end = text.find(closing)?;
                &text[end + text[end..].chars().next().map_or(0, char::len_utf8)..]
            }
            _ => &value[value.find([' ', ']'])?..],
        };
        is_one = true;
    }
}

/// A comment of another program, one whose dashes are not those of HTML, or a mark of CriticMarkup
/// (<https://github.com/CriticMarkup/CriticMarkup-toolkit>).
fn comment(rest: &str) -> Found {
    const KNOWN: [(&str, &str, Kind); 15] = [
        ("{#", "#}", COMMENT),
        ("{{/*", "*/}}", COMMENT),
        ("{{- /*", "*/ -}}", COMMENT),
        ("{{!--", "--}}", COMMENT),
        ("{{--", "--}}", COMMENT),
        ("{{!", "}}", COMMENT),
        ("{/*", "*/}", COMMENT),
        ("{>>", "<<}", COMMENT),
        ("{% comment", "endcomment %}", COMMENT),
        ("<%#", "%>", COMMENT),
        ("<%--", "--%>", COMMENT),
        ("{--", "--}", EDIT),
        ("{++", "++}", EDIT),
        ("{~~", "~~}", EDIT),
        ("{==", "==}", EDIT),
    ];
    for (start, end, kind) in KNOWN {
        if let Some(at) = rest.strip_prefix(start).and_then(|inside| inside.find(end)) {
            return Some((kind, start.len() + at + end.len()));
        }
    }
    const DASH: [char; 3] = ['-', '\u{2013}', '\u{2014}'];
    let inside = rest.strip_prefix("<!").filter(|inside| !inside.starts_with("--"))?;
    let words = inside.trim_start_matches(' ').strip_prefix(DASH)?;
    let end = words.match_indices('>').find(|(at, _)| words[..*at].trim_end_matches(' ').ends_with(DASH))?.0;
    Some((DASHES, rest.len() - words.len() + end + 1))
}

/// What is wrong with a call that is not read as one.
fn call_kind(call: &str) -> Kind {
    let has_quotes = ["=“", "=”", "=„", "=‘", "=’"].iter().any(|quote| call.contains(quote));
    if has_quotes { QUOTED } else { COMPONENT }
}

fn brace(rest: &str) -> Found {
    let until = |end: &str| rest.find(end).map(|at| at + end.len());
    if is_call(rest) && (!rest.starts_with("{{<") || rest.contains("/>")) {
        let length = until("}}").unwrap_or(rest.len());
        return Some((call_kind(&rest[..length]), length));
    }
    if rest.starts_with("{{<") || rest.starts_with("{{%") {
        return Some((HUGO, until("}}").unwrap_or(rest.len())));
    }
    if let Some(inside) = rest.strip_prefix("{{") {
        let call = inside.split_once("}}").map_or("", |(call, _)| call.trim());
        let is_name = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        if call.ends_with(')') && call.split_once('(').is_some_and(|(name, _)| is_name(name)) {
            return until("}}").map(|length| (ZOLA, length));
        }
        const VALUES: [&str; 7] = ["site.", "page.", "post.", "include.", "layout.", "paginator.", "content "];
        let inside = inside.trim_start_matches('-').trim_start();
        let is_liquid = VALUES.iter().any(|value| inside.starts_with(value)) || inside.contains("| relative_url");
        return until("}}").filter(|_| is_liquid).map(|length| (LIQUID, length));
    }
    if let Some(inside) = rest.strip_prefix("{%") {
        let is_tag = inside.trim_start_matches('-').trim_start().starts_with(|c: char| c.is_ascii_alphabetic());
        return until("%}").filter(|_| is_tag).map(|length| (LIQUID, length));
    }
    let end = until("}")?;
    let inside = &rest[1..end - 1];
    let is_kramdown = inside.strip_prefix(':').is_some_and(|inside| {
        inside.trim_start().starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '.' | '#' | ':' | '/'))
    });
    let is_attribute = |word: &str| {
        let name = word.strip_prefix(['.', '#']).or_else(|| word.split_once('=').map(|(key, _)| key));
        name.is_some_and(|name| {
            name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        })
    };
    let mut words = inside.split_whitespace().peekable();
    let is_list = words.peek().is_some() && words.all(is_attribute);
    (is_kramdown || is_list).then_some((ATTRIBUTES, end))
}

fn address(before: &str, rest: &str) -> Found {
    if before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_')) {
        return None;
    }
    let behind = rest.strip_prefix("https").or_else(|| rest.strip_prefix("http"))?;
    let is_wrong = behind.strip_prefix(":/").is_some_and(|path| {
        let path = path.strip_prefix('/').map_or(path, |path| if path.starts_with('/') { path } else { "" });
        !path.is_empty() && !path.starts_with(char::is_whitespace)
    }) || ["//", ";//", ":www.", "://http"].iter().any(|start| behind.starts_with(start));
    let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
    is_wrong.then_some((ADDRESS, length))
}

fn bold(before: &str, rest: &str) -> Found {
    let inside = rest.strip_prefix("**")?;
    let begins = !before.ends_with(|c: char| c.is_alphanumeric() || c == '*');
    let end = inside.find("**")?;
    let (words, behind) = (&inside[..end], &inside[end + 2..]);
    let blanks = [' ', '\u{a0}'];
    let is_padded = words.starts_with(blanks) || words.ends_with(blanks);
    (begins && is_padded && !words.trim().is_empty() && !behind.starts_with('*') && !words.contains('*'))
        .then_some((BOLD, end + 4))
}

/// What was to be emphasised with its punctuation, between letters: `**Bold:**text`, `の**「強調」**で`.
fn punctuated(before: &str, rest: &str) -> Found {
    let mark = &rest[..rest.bytes().take_while(|byte| *byte == b'*').count()];
    let inside = &rest[mark.len()..];
    let words = &inside[..inside.find('*')?];
    let behind = inside[words.len()..].strip_prefix(mark).filter(|behind| !behind.starts_with('*'))?;
    let is_punctuation = |c: Option<char>| c.is_some_and(|c| !c.is_alphanumeric() && !c.is_whitespace());
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let (begins, ends) = (is_punctuation(words.chars().next()), is_punctuation(words.chars().next_back()));
    let (before, behind) = (before.chars().next_back(), behind.chars().next());
    // Stars of footnotes stand singly between letters and punctuation: `price*, cost*`.
    let is_opening = begins && is_letter(before) && (ends || mark.len() > 1 && is_letter(words.chars().next_back()));
    let is_closing = ends && is_letter(behind) && !words.starts_with(char::is_whitespace);
    let has_words = mark.len() < 4 && words.contains(char::is_alphabetic);
    (has_words && (is_opening || is_closing)).then_some((PUNCTUATION, mark.len() * 2 + words.len()))
}

/// The length of what stands between two equal marks: `==words==`. Comparisons have blanks around theirs.
fn pair(before: &str, rest: &str, mark: &str) -> Option<usize> {
    let inside = rest.strip_prefix(mark)?;
    let words = &inside[..inside.find(mark)?];
    let is_padded = mark == "==" && words.trim() != words;
    let is_longer =
        words.is_empty() || before.ends_with(&mark[..1]) || inside[words.len() + 2..].starts_with(&mark[..1]);
    (!is_padded && !is_longer && !before.ends_with(char::is_alphanumeric)).then_some(words.len() + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(markdown: &str) -> Vec<&str> {
        let found = stray_markup(markdown, 0, Markdown::default());
        found.into_iter().map(|slip| &markdown[slip.range]).collect()
    }

    #[test]
    fn cells_for_which_a_table_has_no_column_are_told() {
        let head = "| Party | Seats |\n|--|--|\n";
        for (row, lost) in [
            ("| Left | 12 | More |", "More"),
            ("Left | 12 | More | yet |", "More | yet"),
            ("| Right | `a|b` |", "b`"),
            ("| Right | a || b |", "b"),
        ] {
            assert_eq!(told(&format!("{head}{row}\n| x | y |\n")), [lost], "{row}");
            assert_eq!(told(&format!("> {}\n", format!("{head}{row}").replace('\n', "\n> "))), [lost], "{row}");
        }
        for row in
            ["| Left | 12 |", "| Left |", "| Left | 12 | |", "| Left | a\\|b |", "| Left | `a\\|b` |", "Left | 12 |  "]
        {
            assert_eq!(told(&format!("{head}{row}\n")), [""; 0], "{row}");
        }
    }

    #[test]
    fn slips_that_readers_see_are_told() {
        for (markdown, slip) in [
            ("![Hafen](Foto vom Hafen.jpg)", "[Hafen](Foto vom Hafen.jpg)"),
            ("A [map](my map.pdf) here.", "[map](my map.pdf)"),
            ("## Seats {onmouseover=alert(1)}", "{onmouseover=alert(1)}"),
            ("## Price {id=content}", "{id=content}"),
            ("[x]({% post_url 2020-01-01-y %})", "[x]({% post_url 2020-01-01-y %})"),
            ("#Heading", "#Heading"),
            ("See [z](https://).", "[z](https://)"),
            ("See [y]().", "[y]()"),
            ("![Hafen](file:///home/me/x.jpg)", "![Hafen](file:///home/me/x.jpg)"),
            ("Text\n\n##Costs and benefits\n", "##Costs and benefits"),
            ("####### Seven", ""),
            ("[gallery ids=1]", "[gallery ids=1]"),
            ("[gallery ids=\"1,2\" link='file']", "[gallery ids=\"1,2\" link='file']"),
            ("[gallery]", "[gallery]"),
            ("[youtube https://a.example/watch?v=1]", "[youtube https://a.example/watch?v=1]"),
            ("[tweet 12]", "[tweet 12]"),
            ("[vc_row]Text", "[vc_row]"),
            ("[vc_row width=\"1/2\"]", "[vc_row width=\"1/2\"]"),
            ("See [[#Own]].", "[[#Own]]"),
            ("[contact-form-7 id=\"5\" title=\"Us\"]", "[contact-form-7 id=\"5\" title=\"Us\"]"),
            ("Words[/caption]", "[/caption]"),
            ("[url=https://a.example]x", "[url=https://a.example]"),
            ("<p>[gallery ids=\"1\"]</p>", "[gallery ids=\"1\"]"),
            ("{{< youtube abc >}}", "{{< youtube abc >}}"),
            ("{{% notice %}}", "{{% notice %}}"),
            ("{% include x %}", "{% include x %}"),
            ("{%- include x.html a=\"b\" -%}", "{%- include x.html a=\"b\" -%}"),
            ("See {{ site.baseurl }}/x.", "{{ site.baseurl }}"),
            ("{: .left }", "{: .left }"),
            ("Text\n{:toc}", "{:toc}"),
            ("![a](b.jpg){.left width=50%}", "{.left width=50%}"),
            ("[c] (http://a.example/)", "[c] (http://a.example/)"),
            ("(c)[https://a.example/]", "[https://a.example/]"),
            ("[c][no such]", "[no such]"),
            ("A note.[^1]", "[^1]"),
            ("[[Harbour]]", "[[Harbour]]"),
            ("At http:/foo.example today.", "http:/foo.example"),
            ("At https//foo.example today.", "https//foo.example"),
            ("It is **bold ** here.", "**bold **"),
            ("| a | b |\n| 1 | 2 |", "| a | b |"),
            ("#\u{a0}Heading", "#\u{a0}Heading"),
            ("Text\n\n-\u{a0}item\n", "-\u{a0}item"),
            ("A **\u{a0}bold** word.", "**\u{a0}bold**"),
            ("{{ youtube(id=\"x\") }}", "{{ youtube(id=\"x\") }}"),
            ("See {{ image(src=\"a.png\", width=5) }} here.", "{{ image(src=\"a.png\", width=5) }}"),
            (":::note\nText\n:::\n", ":::note"),
            ("::: {.callout}\n\nText\n", "::: {.callout}"),
            ("!!! note\n    Text\n", "!!! note"),
            ("!!! warning \"Look\"\n", "!!! warning \"Look\""),
            ("Text.\n\n[TOC]\n\nText.", "[TOC]"),
            ("[[_TOC_]]", "[[_TOC_]]"),
            ("Hello <%= x %>.", "<%= x %>"),
            ("*Titel: *Text", "*Titel: *"),
            ("Text %%ask Jane first%% more.", "%%ask Jane first%%"),
            ("%% ask Jane first %%\n", "%% ask Jane first %%"),
            ("Text\n\n%%\nask Jane\n", "%%"),
            ("It is ==marked== here.", "==marked=="),
            ("Text {# ask Jane #} and", "{# ask Jane #}"),
            ("{{/* ask Jane */}}", "{{/* ask Jane */}}"),
            ("Text {{!-- ask Jane --}} and", "{{!-- ask Jane --}}"),
            ("Text {/* ask Jane */} and", "{/* ask Jane */}"),
            ("{/*\nask Jane\n*/}", "{/*\nask Jane\n*/}"),
            ("Text {/* ask\n\nJane */} and", "{/* ask\n\nJane */}"),
            ("{#\nask Jane\n#}", "{#\nask Jane\n#}"),
            ("{{/* ask\nJane */}}", "{{/* ask\nJane */}}"),
            ("{{! ask Jane }}", "{{! ask Jane }}"),
            ("{{-- ask\nJane --}}", "{{-- ask\nJane --}}"),
            ("{% comment %}\nask Jane\n{% endcomment %}", "{% comment %}\nask Jane\n{% endcomment %}"),
            ("<%# ask\nJane %>", "<%# ask\nJane %>"),
            ("<%-- ask\n\nJane --%>", "<%-- ask\n\nJane --%>"),
            ("<div>\n{#\nask Jane\n#}\n</div>", "{#\nask Jane\n#}"),
            ("Text {>>ask Jane<<} and", "{>>ask Jane<<}"),
            ("Text {--ask Jane--} and", "{--ask Jane--}"),
            ("Text {++ask\nJane++} and", "{++ask\nJane++}"),
            ("Text {~~ask~>tell~~} and", "{~~ask~>tell~~}"),
            ("Text {==ask==} and", "{==ask==}"),
            ("Text <!— ask Jane —> and", "<!— ask Jane —>"),
            ("<!–- ask Jane –->", "<!–- ask Jane –->"),
            ("Text <! -- ask\nJane -- > and", "<! -- ask\nJane -- >"),
            ("Text <!- ask Jane -> and", "<!- ask Jane ->"),
            ("日本語の**「強調」**です。", "**「強調」**"),
            ("次の文。**「文」**も。", "**「文」**"),
            ("한국어**(강조)**입니다.", "**(강조)**"),
            ("**Bold:**text", "**Bold:**"),
            ("Ein **„wichtig“**er Text.", "**„wichtig“**"),
            ("Ein *„wichtig“*er Text.", "*„wichtig“*"),
            ("Das**(neu** hier)", "**(neu**"),
            ("A ***„so“***er", "***„so“***"),
            ("![a](b.jpg “cap”)", "[a](b.jpg “cap”)"),
            ("A [text](/n/base/", "[text](/n/base/"),
            ("See ![[img.png]].", "[[img.png]]"),
            ("Text [ref].\n[ref]: /n/base/", "[ref]: /n/base/"),
            ("See [more][] here.", "[more][]"),
            ("-[ ] todo", "-[ ] todo"),
            ("Text\n\n####\n\nText", "####"),
            ("Text\n\n```\ncode\n\nText", "```"),
            ("- a\n\n  ~~~ js\n  code\n\nText", "~~~ js"),
            ("````\ncode\n```\n", "````"),
            ("A [x](http:/x) here.", "[x](http:/x)"),
            ("A [x][y] here.\n\n[y]: https//b.example", "[x][y]"),
            ("![x](http//b.example/c.png)", "![x](http//b.example/c.png)"),
        ] {
            let expected = if slip.is_empty() { vec![] } else { vec![slip] };
            assert_eq!(told(markdown), expected, "{markdown}");
        }
    }

    #[test]
    fn what_is_meant_is_left_alone() {
        for markdown in [
            "# Heading",
            "#MeToo changed that.",
            "#one #two",
            "The #1 of the charts.",
            "\\#Heading and \\[c\\](d e)",
            "\\[mot\\]{lang=fr} and \\[x\\] (http://a.example/)",
            "`[gallery ids=1]` and `{{< x >}}`",
            "```\n#Heading\n{% include x %}\n[a](b c)\n```",
            "    {: .left }",
            "<code>[gallery ids=1] {% x %}</code>",
            "<pre>{{< youtube abc >}}</pre>",
            "A [video below] and [tweet] and [audio only].",
            "He said [sic] that [1] [2][3] […] it [was] (in 2020) so.",
            "See http://a.example/x and https://b.example.",
            "{{ <video src=\"a\" /> }}",
            "{{ x }} and { a } and {1, 2}",
            "## Müller {CDU}\n\n## Costs {#costs .wide}\n\n## A {lang=fr}",
            "[words](<a b.jpg>) and [x](y.md)",
            "The [mot]{lang=fr} and [^a].\n\n[^a]: Note.",
            "[a][b]\n\n[b]: https://a.example/",
            "f** you, 2**3 and **bold** and s*** too",
            "| a | b |\n| --- | --- |\n| 1 | 2 |",
            "The protocol http: is old; https is new.",
            "1.\u{a0}Mai and 5\u{a0}-\u{a0}6 and a # b",
            "`#\u{a0}x` and \\#\u{a0}x",
            "```\n!!! note\n:::note\n[TOC]\n<%= x %>\n```",
            "Wow!!! note this. He said ::: and so on.",
            "!!! Achtung, note this",
            "The mark [TOC] is a table of contents.",
            "[toc](a.md) and [TOC][]\n\n[TOC]: b.md",
            "Prices: *net and *gross apply. A note: *so* it is. 2: *3",
            "- [ ] Call\n- [x] Done\n\n> ```\n> code\n> ```\n\n- x\n\n  ```\n  a\n  ```\n\n~~~\n```\n~~~~",
            "[ref]: /n/base/ \"T\"\n\nA [ref] and [x]: so it is. [Note]: a word.",
            "Price*, cost*, and time*. 2*(3)*4 and a**(1)**2 and *.md, *.txt",
            "**Bold:** text, **„wichtig“** und **(neu)**, 「**強調**」です",
            "`の**「強調」**で` and \\*\\*Bold:\\*\\*text",
            "a <% b and `<%= x %>` and 5 <5%",
            "{# and {/* and {-- and {>> and <!— and a <!- b > c",
            "A <!-- comment --> of HTML.",
            "{{ x }} and {{ f x }} and f(x)",
            "5 %% and 6 %%%%, x==y or y==z, a == b == c, ===== and `==x==`",
            "```\n%% x %%\n```",
            "[x](http://a.example/b) and [y](/http:/x) and [z](https://web.archive.org/https:/b)",
        ] {
            assert_eq!(told(markdown), Vec::<&str>::new(), "{markdown}");
        }
    }

    #[test]
    fn each_link_has_the_cure_that_works() {
        for (markdown, cure) in [
            ("[other]({% post_url 2020-01-01-y %})", TEMPLATE),
            ("[r]({{< ref \"second.md\" >}})", TEMPLATE),
            ("![x]({{ site.url }}/a.png)", TEMPLATE),
            ("[a](my map.pdf)", LINK),
            ("[[#Own]]", OWN),
            ("[[Harbour]]", WIKI),
            ("![a](b.jpg “cap”)", QUOTES),
            ("**Bold:**text", PUNCTUATION),
            ("A [text](/n/base/", UNCLOSED),
            ("See ![[img.png]].", EMBED),
        ] {
            let found = stray_markup(markdown, 0, Markdown::default());
            assert_eq!(found.iter().map(|slip| slip.hint).collect::<Vec<_>>(), [cure.1], "{markdown}");
        }
    }

    #[test]
    fn merge_conflicts_are_found_outside_of_code() {
        let found = |markdown: &str| {
            let events: Vec<_> = pulldown_cmark::Parser::new(markdown).into_offset_iter().collect();
            conflicts(markdown, &events).into_iter().map(|range| range.start).collect::<Vec<_>>()
        };
        assert_eq!(found("x\n\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n"), [3]);
        assert_eq!(found("- a\n<<<<<<< HEAD\n- b\n=======\n- c\n>>>>>>> x\n"), [4]);
        assert_eq!(found("a\n=======\nb\n>>>>>>> x\n"), [12]);
        for good in [
            "```\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n```\n",
            "    <<<<<<< HEAD\n",
            "Text `<<<<<<< HEAD`\n",
            ">>>>>>> deep\n",
            "Title\n=======\n\nText <<<<<<<<< x\n",
        ] {
            assert_eq!(found(good), Vec::<usize>::new(), "{good}");
        }
    }

    #[test]
    fn monstrous_text_is_read_in_time() {
        for text in
            ["[".repeat(100_000), "{".repeat(100_000), "[a=".repeat(50_000), "**a ".repeat(50_000), "](".repeat(50_000)]
        {
            assert!(told(&text).len() <= MOST);
        }
    }
}
