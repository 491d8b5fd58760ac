//! HTML as Markdown, block by block: a block becomes Markdown as a whole, or it does not.
//!
//! What is written is read again and compared with what it was made of, so no rule of Markdown that this does not know
//! changes a text. Wrappers without a meaning (`div`, `span`, `font`) and comments go.

use std::fmt::Write as _;
use std::rc::Rc;

use pulldown_cmark::{Options, Parser};

use super::tree::{Node, TooDeep, outer_html, parse};

/// What becomes of a block that Markdown cannot say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Otherwise {
    /// It stays HTML.
    Html,
    /// Its text remains. Tables are lists of their rows: where no HTML is, as in comments, no tables are either.
    Text,
}

/// What the Markdown is read with.
const OPTIONS: Options = Options::ENABLE_TABLES.union(Options::ENABLE_STRIKETHROUGH);

/// A fragment of HTML as Markdown, without a line break at its end.
///
/// # Errors
/// The HTML is nested too deep, or opens too much.
pub(crate) fn markdown(html: &str, otherwise: Otherwise) -> Result<String, TooDeep> {
    let (root, _) = parse(html, false)?;
    Ok(Writer { otherwise }.blocks(&root.children.borrow()))
}

/// A text that Markdown cannot say.
#[derive(Debug)]
struct Unsayable;

/// How an element is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Within a sentence.
    Inline,
    /// It says nothing beyond what stands in it, and parts blocks.
    Wrapper,
    /// It says nothing that is read.
    Nothing,
    /// A block of its own.
    Block,
}

fn kind(node: &Node) -> Kind {
    if !node.is_element() {
        return if node.text().is_some() { Kind::Inline } else { Kind::Nothing };
    }
    match node.tag() {
        "a" | "abbr" | "acronym" | "b" | "bdi" | "bdo" | "big" | "br" | "cite" | "code" | "data" | "del" | "dfn"
        | "em" | "font" | "i" | "img" | "ins" | "kbd" | "label" | "mark" | "nobr" | "picture" | "q" | "ruby" | "s"
        | "samp" | "small" | "source" | "span" | "strike" | "strong" | "sub" | "sup" | "time" | "tt" | "u" | "var"
        | "wbr" => Kind::Inline,
        "address" | "article" | "aside" | "body" | "center" | "div" | "footer" | "header" | "hgroup" | "html"
        | "main" | "nav" | "search" | "section" => Kind::Wrapper,
        "head" | "link" | "meta" | "script" | "style" | "template" | "title" => Kind::Nothing,
        _ => Kind::Block,
    }
}

/// The mark of a list. Two lists in a row need different ones, or Markdown reads them as one list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Bullet(char),
    Number(char),
}

#[derive(Clone, Copy, Debug)]
struct Writer {
    otherwise: Otherwise,
}

impl Writer {
    /// Some nodes as blocks with a blank line between them.
    fn blocks(self, nodes: &[Rc<Node>]) -> String {
        self.each_block(nodes).join("\n\n")
    }

    fn each_block(self, nodes: &[Rc<Node>]) -> Vec<String> {
        let mut blocks: Vec<String> = Vec::new();
        let mut sentence: Vec<Rc<Node>> = Vec::new();
        let mut before = None;
        self.gather(nodes, &mut blocks, &mut sentence, &mut before);
        self.end_sentence(&mut blocks, &mut sentence, &mut before);
        blocks
    }

    fn gather(
        self,
        nodes: &[Rc<Node>],
        blocks: &mut Vec<String>,
        sentence: &mut Vec<Rc<Node>>,
        before: &mut Option<Mark>,
    ) {
        for node in nodes {
            match kind(node) {
                Kind::Inline => sentence.push(Rc::clone(node)),
                Kind::Nothing => {}
                Kind::Wrapper => {
                    self.end_sentence(blocks, sentence, before);
                    self.gather(&node.children.borrow(), blocks, sentence, before);
                    self.end_sentence(blocks, sentence, before);
                }
                Kind::Block => {
                    self.end_sentence(blocks, sentence, before);
                    let mark = match node.tag() {
                        "ul" => Some(Mark::Bullet(if *before == Some(Mark::Bullet('-')) { '*' } else { '-' })),
                        "ol" => Some(Mark::Number(if *before == Some(Mark::Number('.')) { ')' } else { '.' })),
                        _ => None,
                    };
                    let block = self.checked(node, mark);
                    if !block.is_empty() {
                        blocks.push(block);
                        *before = mark;
                    }
                }
            }
        }
    }

    /// Writes what has gathered in front of a block.
    fn end_sentence(self, blocks: &mut Vec<String>, sentence: &mut Vec<Rc<Node>>, before: &mut Option<Mark>) {
        let nodes = std::mem::take(sentence);
        let text = self.sentence(&nodes);
        if !text.is_empty() {
            blocks.push(text);
            *before = None;
        }
    }

    /// A paragraph of some nodes.
    fn sentence(self, nodes: &[Rc<Node>]) -> String {
        let is_same = |text: &String| skeleton_of(text) == Some(skeleton(nodes));
        let written = paragraph(nodes, Detail::All).ok().filter(is_same);
        written.unwrap_or_else(|| match self.otherwise {
            Otherwise::Html => {
                let html: String = nodes.iter().map(outer_html).collect();
                let name = if holds_blocks(nodes) { "div" } else { "p" };
                format!("<{name}>{}</{name}>", without_blank_lines(html.trim()))
            }
            Otherwise::Text => paragraph(nodes, Detail::Text).unwrap_or_default(),
        })
    }

    /// A block, or what becomes of it otherwise.
    fn checked(self, node: &Rc<Node>, mark: Option<Mark>) -> String {
        if node.tag() == "p" && self.otherwise == Otherwise::Text {
            return self.sentence(&node.children.borrow());
        }
        if node.tag() == "table" && self.otherwise == Otherwise::Text {
            return self.rows(node);
        }
        let is_same = |text: &String| skeleton_of(text) == Some(skeleton(std::slice::from_ref(node)));
        match self.block(node, mark) {
            Ok(text) if self.otherwise == Otherwise::Text || is_same(&text) => text,
            _ if self.otherwise == Otherwise::Html => without_blank_lines(&outer_html(node)),
            _ => self.blocks(&node.children.borrow()),
        }
    }

    fn block(self, node: &Rc<Node>, mark: Option<Mark>) -> Result<String, Unsayable> {
        let children = node.children.borrow();
        Ok(match (node.tag(), mark) {
            ("p", _) => paragraph(&children, Detail::All)?,
            (name @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6"), _) => {
                let text = sentence(&children, Detail::All)?;
                if text.contains('\n') {
                    return Err(Unsayable);
                }
                let depth = usize::from(name.as_bytes()[1] - b'0');
                // Behind a blank, number signs at the end would go.
                let text = text.strip_suffix('#').map_or_else(|| text.clone(), |text| format!("{text}\\#"));
                if text.is_empty() { text } else { format!("{} {text}", "#".repeat(depth)) }
            }
            ("hr", _) => "---".to_owned(),
            ("blockquote", _) => indented(&self.blocks(&children), "> ", ">"),
            ("pre", _) => code_block(node),
            (_, Some(mark)) => self.list(node, mark),
            ("table", _) => table(node)?,
            _ => return Err(Unsayable),
        })
    }

    /// A table as a list of its rows, below what its caption says.
    fn rows(self, table: &Node) -> String {
        let mut blocks: Vec<String> = Vec::new();
        let mut rows: Vec<String> = Vec::new();
        self.gather_lines(table, &mut blocks, &mut rows);
        blocks.extend(Some(rows.join("\n")).filter(|rows| !rows.is_empty()));
        blocks.join("\n\n")
    }

    /// The captions and the rows of a table.
    fn gather_lines(self, node: &Node, captions: &mut Vec<String>, rows: &mut Vec<String>) {
        for child in node.children.borrow().iter() {
            match child.tag() {
                "thead" | "tbody" | "tfoot" => self.gather_lines(child, captions, rows),
                "tr" => {
                    let cells = child.children.borrow();
                    let cells = cells.iter().filter(|cell| cell.is_element()).map(|cell| {
                        let said = self.each_block(&cell.children.borrow()).join(" ").replace('\n', " ");
                        let is_head = cell.tag() == "th" && !said.is_empty() && !said.contains(['*', '\\']);
                        if is_head { format!("**{said}**") } else { said }
                    });
                    let cells: Vec<String> = cells.filter(|cell| !cell.is_empty()).collect();
                    rows.extend((!cells.is_empty()).then(|| format!("- {}", cells.join(" · "))));
                }
                "caption" => captions.extend(self.each_block(&child.children.borrow())),
                _ => {}
            }
        }
    }

    fn list(self, node: &Node, mark: Mark) -> String {
        let children = node.children.borrow();
        let mut number: u32 = node.attribute("start").and_then(|start| start.trim().parse().ok()).unwrap_or(1);
        let mut items: Vec<String> = Vec::new();
        let mut is_loose = false;
        for item in children.iter().filter(|child| child.is_element()) {
            let first = match mark {
                Mark::Bullet(mark) => format!("{mark} "),
                Mark::Number(mark) => format!("{number}{mark} "),
            };
            number = number.saturating_add(1);
            // What stands in a list without an item of its own is one.
            let inside = match item.tag() {
                "li" => self.each_block(&item.children.borrow()),
                _ => self.each_block(std::slice::from_ref(item)),
            };
            // A sentence with a list below it needs no blank line.
            let is_list =
                |node: &Rc<Node>| node.tag() == "ul" || node.tag() == "ol" && node.attribute("start").is_none();
            let is_short = item.children.borrow().iter().all(|node| kind(node) == Kind::Inline || is_list(node));
            let inside = inside.join(if is_short && inside.len() == 2 { "\n" } else { "\n\n" });
            is_loose |= inside.contains("\n\n");
            let text = indented(&inside, &" ".repeat(first.len()), "");
            items.push(format!("{first}{}", text.trim_start()).trim_end().to_owned());
        }
        items.join(if is_loose { "\n\n" } else { "\n" })
    }
}

/// A text with something in front of each line.
fn indented(text: &str, by: &str, blank: &str) -> String {
    let line = |line: &str| if line.is_empty() { blank.to_owned() } else { format!("{by}{line}") };
    text.split('\n').map(line).collect::<Vec<String>>().join("\n")
}

/// HTML that ends where it ends, and not at a blank line (CommonMark, section 4.6).
pub(crate) fn without_blank_lines(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut blank = 0;
    // Where line breaks count, in preformatted text, each blank line is a reference.
    let counts = html.contains("<pre");
    for line in html.split('\n') {
        if line.trim().is_empty() {
            blank += usize::from(counts);
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
            text.push_str(&"&#10;".repeat(blank));
        }
        text.push_str(line);
        blank = 0;
    }
    text
}

fn code_block(node: &Node) -> String {
    let mut text = String::new();
    plain_text(node, &mut text);
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let children = node.children.borrow();
    let code = children.iter().find(|child| child.tag() == "code");
    let classes = |node: &Node| node.attribute("class").map(str::to_owned).unwrap_or_default();
    let classes = format!("{} {}", classes(node), code.map(|code| classes(code)).unwrap_or_default());
    let language = classes.split_whitespace().find_map(|class| {
        class.strip_prefix("language-").or_else(|| class.strip_prefix("lang-")).filter(|name| !name.contains('`'))
    });
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{}\n{text}\n{fence}", language.unwrap_or_default())
}

/// All that is said in an element, with its line breaks.
fn plain_text(node: &Node, text: &mut String) {
    for child in &*node.children.borrow() {
        match child.text() {
            Some(said) => text.push_str(&said),
            None if child.tag() == "br" => text.push('\n'),
            None => plain_text(child, text),
        }
    }
}

/// A table with one row of headings, and sentences in its cells.
fn table(node: &Node) -> Result<String, Unsayable> {
    let mut rows: Vec<Vec<Rc<Node>>> = Vec::new();
    gather_rows(node, &mut rows)?;
    let width = rows.first().map(Vec::len).unwrap_or_default();
    let is_head = |cell: &Rc<Node>| cell.tag() == "th";
    let is_plain = width > 0
        && rows.iter().all(|row| row.len() == width)
        && rows.first().is_some_and(|row| row.iter().all(is_head))
        && !rows.iter().skip(1).flatten().any(is_head);
    if !is_plain {
        return Err(Unsayable);
    }
    let mut text = String::new();
    for (number, row) in rows.iter().enumerate() {
        for cell in row {
            let said = sentence(&cell.children.borrow(), Detail::All)?;
            if said.contains('\n') || ["colspan", "rowspan"].iter().any(|name| cell.attribute(name).is_some()) {
                return Err(Unsayable);
            }
            let _ = write!(text, "| {} ", said.replace('|', "\\|"));
        }
        text.push_str("|\n");
        if number == 0 {
            let _ = writeln!(text, "|{}", " --- |".repeat(width));
        }
    }
    Ok(text.trim_end().to_owned())
}

fn gather_rows(node: &Node, rows: &mut Vec<Vec<Rc<Node>>>) -> Result<(), Unsayable> {
    for child in &*node.children.borrow() {
        match child.tag() {
            "thead" | "tbody" | "tfoot" => gather_rows(child, rows)?,
            "tr" => rows.push(child.children.borrow().iter().filter(|cell| cell.is_element()).cloned().collect()),
            "colgroup" | "" => {}
            // A caption.
            _ => return Err(Unsayable),
        }
    }
    Ok(())
}

/// How much of a sentence is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Detail {
    All,
    /// Text, links and line breaks; what else there is goes.
    Text,
}

/// A sentence as a paragraph: what would begin another block in a line of it is escaped.
fn paragraph(nodes: &[Rc<Node>], detail: Detail) -> Result<String, Unsayable> {
    let text = sentence(nodes, detail)?;
    Ok(text.split('\n').map(escaped_line).collect::<Vec<String>>().join("\n"))
}

fn escaped_line(line: &str) -> String {
    let ends = |rest: &str| rest.is_empty() || rest.starts_with([' ', '\t']);
    let is_block = match line.as_bytes().first() {
        Some(b'#') => ends(line.trim_start_matches('#')),
        Some(b'>' | b'=' | b':') => true,
        Some(b'-' | b'+') => ends(&line[1..]) || line.bytes().all(|byte| matches!(byte, b'-' | b' ' | b'|' | b':')),
        _ => false,
    };
    if is_block {
        return format!("\\{line}");
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    match line.as_bytes().get(digits) {
        Some(b'.' | b')') if (1..10).contains(&digits) && ends(&line[digits + 1..]) => {
            format!("{}\\{}", &line[..digits], &line[digits..])
        }
        _ => line.to_owned(),
    }
}

fn sentence(nodes: &[Rc<Node>], detail: Detail) -> Result<String, Unsayable> {
    let mut line = Line { text: String::new(), detail, open: Vec::new() };
    line.nodes(nodes)?;
    let text = line.text.split('\n').map(str::trim).collect::<Vec<&str>>().join("\n");
    let text = text.trim();
    // A line break at the end breaks nothing.
    Ok(text.strip_suffix('\\').filter(|text| !text.ends_with('\\')).unwrap_or(text).trim_end().to_owned())
}

/// The text of a sentence as it is written.
#[derive(Debug)]
struct Line {
    text: String,
    detail: Detail,
    /// Marks that are open.
    open: Vec<&'static str>,
}

impl Line {
    fn nodes(&mut self, nodes: &[Rc<Node>]) -> Result<(), Unsayable> {
        let mut at = 0;
        while let Some(node) = nodes.get(at) {
            at += 1;
            if let Some(text) = node.text() {
                self.say(&text);
                continue;
            }
            match (node.tag(), mark(node)) {
                ("", _) => {}
                (_, Some(mark)) => {
                    // Two of a kind side by side are one.
                    let same = nodes[at..].iter().take_while(|next| self::mark(next) == Some(mark)).count();
                    self.marked(mark, &nodes[at - 1..at + same])?;
                    at += same;
                }
                ("br", _) => {
                    let end = self.text.trim_end_matches(' ').len();
                    self.text.truncate(end);
                    self.text.push_str("\\\n");
                }
                ("code" | "tt" | "samp" | "kbd", _) => self.code(node)?,
                ("a", _) => self.link(node)?,
                ("img", _) => self.image(node),
                ("source" | "wbr", _) => {}
                ("font" | "span" | "label" | "nobr" | "picture" | "bdi" | "data" | "time", _) => {
                    self.nodes(&node.children.borrow())?;
                }
                ("sup" | "sub", _) if self.detail == Detail::Text => self.raised(node)?,
                _ if self.detail == Detail::Text => self.nodes(&node.children.borrow())?,
                _ => return Err(Unsayable),
            }
        }
        Ok(())
    }

    /// Raised or lowered digits, which mean something else on the line: 10⁶ is not 106.
    fn raised(&mut self, node: &Node) -> Result<(), Unsayable> {
        let mut text = String::new();
        plain_text(node, &mut text);
        let digits = if node.tag() == "sup" {
            "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
        } else {
            "₀₁₂₃₄₅₆₇₈₉₊₋"
        };
        let raised = |c: char| {
            let at = "0123456789+-".find(if c == '−' { '-' } else { c })?;
            digits.chars().nth(at)
        };
        match text.trim().chars().map(raised).collect::<Option<String>>() {
            Some(raised) => self.text.push_str(&raised),
            None => self.nodes(&node.children.borrow())?,
        }
        Ok(())
    }

    /// Some elements of a kind between marks, with the blanks at their ends outside.
    fn marked(&mut self, mark: &'static str, nodes: &[Rc<Node>]) -> Result<(), Unsayable> {
        let is_new = self.detail == Detail::All && !self.open.contains(&mark);
        self.open.push(mark);
        let before = std::mem::take(&mut self.text);
        for node in nodes {
            self.nodes(&node.children.borrow())?;
        }
        let inside = std::mem::replace(&mut self.text, before);
        self.open.pop();
        let said = inside.trim();
        if said.is_empty() || !is_new {
            self.push(&inside);
            return Ok(());
        }
        let (first, last) = (inside.starts_with(' '), inside.ends_with(' '));
        self.push(if first { " " } else { "" });
        let _ = write!(self.text, "{mark}{said}{mark}");
        self.push(if last { " " } else { "" });
        Ok(())
    }

    /// What a text says, with what is of Markdown escaped.
    fn say(&mut self, text: &str) {
        let mut before = None;
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            let next = rest.peek().copied();
            match c {
                ' ' | '\t' | '\n' | '\r' | '\u{c}' => self.push(" "),
                '\\' | '`' | '*' | '[' | ']' | '<' | '~' | '{' => {
                    self.text.push('\\');
                    self.text.push(c);
                }
                '_' if !(before.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric)) => {
                    self.text.push_str("\\_");
                }
                '&' if next.is_some_and(|next| next == '#' || next.is_ascii_alphabetic()) => self.text.push_str("\\&"),
                _ => self.text.push(c),
            }
            before = Some(c);
        }
    }

    /// Adds what is written, with one blank where there would be two.
    fn push(&mut self, text: &str) {
        let is_blank = self.text.is_empty() || self.text.ends_with([' ', '\n']);
        self.text.push_str(if is_blank { text.trim_start_matches(' ') } else { text });
    }

    fn code(&mut self, node: &Node) -> Result<(), Unsayable> {
        let mut text = String::new();
        plain_text(node, &mut text);
        let text = text.split_whitespace().collect::<Vec<&str>>().join(" ");
        if node.tag() == "kbd" && self.detail == Detail::All {
            return Err(Unsayable);
        }
        if text.is_empty() {
            return Ok(());
        }
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
        let fence = "`".repeat(longest + 1);
        let blank = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
        let _ = write!(self.text, "{fence}{blank}{text}{blank}{fence}");
        Ok(())
    }

    fn link(&mut self, node: &Node) -> Result<(), Unsayable> {
        let before = std::mem::take(&mut self.text);
        self.nodes(&node.children.borrow())?;
        let inside = std::mem::replace(&mut self.text, before);
        let said = inside.trim();
        let Some(href) = node.attribute("href").filter(|_| !said.is_empty()) else {
            self.push(&inside);
            return Ok(());
        };
        self.push(if inside.starts_with(' ') { " " } else { "" });
        let _ = write!(self.text, "[{said}]({}{})", destination(href), title(node));
        self.push(if inside.ends_with(' ') { " " } else { "" });
        Ok(())
    }

    fn image(&mut self, node: &Node) {
        let Some(src) = node.attribute("src").filter(|src| !src.trim().is_empty()) else { return };
        let mut alt = Line { text: String::new(), detail: self.detail, open: Vec::new() };
        alt.say(node.attribute("alt").unwrap_or_default());
        let _ = write!(self.text, "![{}]({}{})", alt.text.trim(), destination(src), title(node));
    }
}

/// The mark of Markdown for an element.
fn mark(node: &Node) -> Option<&'static str> {
    match node.tag() {
        "em" | "i" | "cite" | "dfn" | "var" => Some("*"),
        "strong" | "b" => Some("**"),
        "del" | "s" | "strike" => Some("~~"),
        _ => None,
    }
}

fn destination(address: &str) -> String {
    let address = address.trim();
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '(' | ')' | '<' | '>' | '\\' | '&');
    if !address.is_empty() && address.chars().all(is_plain) {
        return address.to_owned();
    }
    let mut text = String::from("<");
    for c in address.chars() {
        match c {
            '<' | '>' | '\\' | '&' => text.extend(['\\', c]),
            '\n' | '\r' => {}
            _ => text.push(c),
        }
    }
    text.push('>');
    text
}

fn title(node: &Node) -> String {
    let title = node.attribute("title").map(|title| title.split_whitespace().collect::<Vec<&str>>().join(" "));
    let title = title.filter(|title| !title.is_empty());
    title.map_or_else(String::new, |title| {
        let escaped = title.replace('\\', "\\\\").replace('"', "\\\"").replace('&', "\\&");
        format!(" \"{escaped}\"")
    })
}

/// What Markdown says, to be compared with the HTML that it was made of.
fn skeleton_of(markdown: &str) -> Option<String> {
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, Parser::new_ext(markdown, OPTIONS));
    let (root, _) = parse(&html, false).ok()?;
    Some(skeleton(&root.children.borrow()))
}

/// What some nodes say and mean, however it is written.
fn skeleton(nodes: &[Rc<Node>]) -> String {
    let mut skeleton = Skeleton::default();
    skeleton.nodes(nodes);
    skeleton.part();
    skeleton.text
}

#[derive(Debug, Default)]
struct Skeleton {
    text: String,
    has_blank: bool,
    /// Whether anything was said since a block or line began.
    has_said: bool,
    /// Elements within a sentence that are open and say the same when they stand in each other.
    open: Vec<&'static str>,
}

impl Skeleton {
    /// Another block begins.
    fn part(&mut self) {
        (self.has_blank, self.has_said) = (false, false);
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        while self.text.ends_with("<br>\n") {
            self.text.truncate(self.text.len() - "<br>\n".len());
            self.part();
        }
    }

    fn nodes(&mut self, nodes: &[Rc<Node>]) {
        nodes.iter().for_each(|node| self.node(node));
    }

    fn node(&mut self, node: &Rc<Node>) {
        if let Some(text) = node.text() {
            self.words(&text);
            return;
        }
        let children = node.children.borrow();
        match (kind(node), node.tag()) {
            (Kind::Nothing, _) | (_, "source" | "wbr") => {}
            (Kind::Wrapper, _) | (_, "p") => {
                self.part();
                self.nodes(&children);
                self.part();
            }
            (
                _,
                "font" | "span" | "label" | "nobr" | "picture" | "bdi" | "data" | "time" | "tbody" | "thead" | "tfoot",
            ) => {
                self.nodes(&children);
            }
            (_, "br") => {
                (self.has_blank, self.has_said) = (false, false);
                self.text.push_str("<br>");
            }
            (_, "pre") => {
                self.part();
                let mut text = String::new();
                plain_text(node, &mut text);
                let _ = write!(self.text, "<pre>{}", text.trim_end_matches('\n'));
                self.part();
            }
            (_, "code" | "tt" | "samp") => self.element("code", &children),
            (_, "a") => match node.attribute("href") {
                Some(href) if says(&children) => {
                    let name = format!("a {:?} {:?}", address(href), title(node));
                    self.element(&name, &children);
                }
                _ => self.nodes(&children),
            },
            (_, "img") => {
                let src = address(node.attribute("src").unwrap_or_default());
                if !src.is_empty() {
                    let alt = node.attribute("alt").unwrap_or_default();
                    let alt: Vec<&str> = alt.split_whitespace().collect();
                    self.words(&format!("<img {src:?} {:?} {:?}>", alt.join(" "), title(node)));
                }
            }
            (Kind::Inline, name) => match mark(node) {
                Some(mark) if self.open.contains(&mark) || !says(&children) => self.nodes(&children),
                Some(mark) => {
                    self.open.push(mark);
                    self.element(mark, &children);
                    self.open.pop();
                }
                None => self.element(name, &children),
            },
            (Kind::Block, name) => {
                self.part();
                let start = node.attribute("start").map(str::trim).filter(|start| *start != "1").unwrap_or_default();
                let _ = writeln!(self.text, "<{name}{start}>");
                self.nodes(&children);
                self.part();
                let _ = writeln!(self.text, "</{name}>");
            }
        }
    }

    /// An element within a sentence; two of a kind side by side are one.
    fn element(&mut self, name: &str, children: &[Rc<Node>]) {
        let (begin, end) = (format!("<{name}>"), format!("</{name}>"));
        match self.text.ends_with(&end) && !self.has_blank && mark_of(name) {
            true => self.text.truncate(self.text.len() - end.len()),
            false => self.text.push_str(&begin),
        }
        self.nodes(children);
        self.text.push_str(&end);
    }

    fn words(&mut self, text: &str) {
        for c in text.chars() {
            if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
                self.has_blank = true;
                continue;
            }
            // A blank that does not break is a blank at the beginning of a line.
            if c == '\u{a0}' && !self.has_said {
                continue;
            }
            if std::mem::take(&mut self.has_blank) && self.has_said {
                self.text.push(' ');
            }
            self.has_said = true;
            self.text.push(c);
        }
    }
}

/// Whether a block stands in some nodes.
fn holds_blocks(nodes: &[Rc<Node>]) -> bool {
    nodes.iter().any(|node| kind(node) != Kind::Inline || holds_blocks(&node.children.borrow()))
}

/// An address as it is compared.
fn address(text: &str) -> String {
    percent_encoding::percent_decode_str(text.trim()).decode_utf8_lossy().replace(['\n', '\r', '\t'], "")
}

/// Whether a name is a mark of Markdown.
fn mark_of(name: &str) -> bool {
    matches!(name, "*" | "**" | "~~")
}

/// Whether anything can be seen of some nodes.
fn says(nodes: &[Rc<Node>]) -> bool {
    nodes.iter().any(|node| match node.text() {
        Some(text) => !text.trim().is_empty(),
        None => node.tag() == "img" || says(&node.children.borrow()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::tree::inner_html;

    fn of(html: &str) -> String {
        markdown(html, Otherwise::Html).expect("flat")
    }

    #[test]
    fn what_markdown_can_say_is_markdown() {
        for (html, expected) in [
            ("One <b>two </b>three", "One **two** three"),
            ("<p>One</p><p>Two<br>Three<br></p>", "One\n\nTwo\\\nThree"),
            ("<div>One<div>Two</div>Three</div>", "One\n\nTwo\n\nThree"),
            ("<h2>The <em>harbour</em></h2>text", "## The *harbour*\n\ntext"),
            ("<a href=\"/a b\" title='say \"x\"'>one</a>", "[one](</a b> \"say \\\"x\\\"\")"),
            ("<img src=/a.png alt='The [old] pier'>", "![The \\[old\\] pier](/a.png)"),
            ("<ul><li>one<li>two<ul><li>three</ul></ul>", "- one\n- two\n  - three"),
            ("<ol start=3><li><p>one</p><p>more</p></li><li>two</li></ol>", "3. one\n\n   more\n\n4. two"),
            ("<ul><li>a</ul><ul><li>b</ul>", "- a\n\n* b"),
            ("<blockquote><p>one</p><p>two</p></blockquote>", "> one\n>\n> two"),
            ("<pre><code class=language-rust>a\n\n```b</code></pre>", "````rust\na\n\n```b\n````"),
            ("<code>a`b</code>", "``a`b``"),
            (
                "<table><tr><th>a<th>b</tr><tr><td>1|2<td><b>c</b></table>",
                "| a | b |\n| --- | --- |\n| 1\\|2 | **c** |",
            ),
            ("<b>a</b><strong>b</strong>", "**ab**"),
            ("<i>a <em>b</em></i>", "*a b*"),
            ("<hr>", "---"),
            ("<script>x</script><!-- y --><style>z</style>", ""),
            ("<p> </p><p>&nbsp;</p>", ""),
        ] {
            assert_eq!(of(html), expected, "{html}");
        }
    }

    #[test]
    fn what_is_of_markdown_in_a_text_is_escaped() {
        for text in [
            "1. one",
            "# one",
            "- one",
            "+ one",
            "> one",
            "=== ",
            "--- ",
            "*one*",
            "_one_",
            "a_b_c",
            "[a](b)",
            "![a](b)",
            "`a`",
            "~~a~~",
            "AT&amp;amp;T",
            "a &lt;b&gt;",
            "\\",
            "a\\",
            "12) x",
            "{{ &lt;x /&gt; }}",
            "[a]: b",
            "1986. A year",
            "#hash",
            "-5",
            "a | b",
            "https://a.example/x_y_z*",
            "***",
            "~~~",
            "&amp;copy;",
            "===",
            "a*b*c",
            "__init__",
        ] {
            for html in [format!("<p>{text}</p>"), format!("<ul><li>{text}</li></ul>"), format!("x<br>{text}")] {
                let markdown = of(&html);
                let (root, _) = parse(&html, false).expect("flat");
                assert_eq!(skeleton_of(&markdown), Some(skeleton(&root.children.borrow())), "{html}: {markdown}");
                assert!(!markdown.contains("<p>") && !markdown.contains("<ul>"), "{html}: {markdown}");
            }
        }
    }

    #[test]
    fn what_markdown_cannot_say_stays_html_as_a_whole() {
        for (html, expected) in [
            ("<p>10<sup>6</sup> euros</p>", "<p>10<sup>6</sup> euros</p>"),
            ("a<b>“b”</b>c", "<p>a<b>“b”</b>c</p>"),
            ("<p>plain</p><table><tr><td>a</table>", "plain\n\n<table><tbody><tr><td>a</td></tr></tbody></table>"),
            ("<dl><dt>a<dd>b</dl>", "<dl><dt>a</dt><dd>b</dd></dl>"),
            ("<figure>a\n\n\nb</figure>", "<figure>a\nb</figure>"),
            ("<h2>a<br>b</h2>", "<h2>a<br>b</h2>"),
        ] {
            assert_eq!(of(html), expected, "{html}");
        }
    }

    #[test]
    fn without_html_the_text_remains() {
        for (html, expected) in [
            ("<p>10<sup>6</sup> <b>euros</b></p>", "10⁶ euros"),
            ("H<sub>2</sub>O 10<sup>−3</sup> 1<sup>st</sup> x<sup><i>2</i></sup>", "H₂O 10⁻³ 1st x²"),
            ("a<b>“b”</b>c", "a“b”c"),
            ("<dl><dt>a<dd>b</dl>", "a\n\nb"),
            ("<table><tr><td>a<td>b</table>", "- a · b"),
            (
                "<p>x</p><table><caption>Sailings</caption><thead><tr><th>Day<th>At</thead><tr><td>Mon<td><p>8 | 9</p><p>or <em>10</em></table>y",
                "x\n\nSailings\n\n- **Day** · **At**\n- Mon · 8 | 9 or *10*\n\ny",
            ),
        ] {
            assert_eq!(markdown(html, Otherwise::Text).expect("flat"), expected, "{html}");
        }
    }

    #[test]
    fn random_html_says_the_same_afterwards() {
        let pieces = [
            "a",
            "b ",
            " ",
            "\n",
            "*",
            "_",
            "1. ",
            "- ",
            "# ",
            "[x](y)",
            "\\",
            "`",
            "|",
            "<b>",
            "</b>",
            "<i>",
            "</i>",
            "<p>",
            "</p>",
            "<br>",
            "<ul>",
            "<li>",
            "</ul>",
            "<ol>",
            "</ol>",
            "<a href=x>",
            "</a>",
            "<code>",
            "</code>",
            "<pre>",
            "</pre>",
            "<blockquote>",
            "</blockquote>",
            "<h2>",
            "</h2>",
            "<table>",
            "<tr>",
            "<td>",
            "<th>",
            "</table>",
            "<sup>",
            "</sup>",
            "<div>",
            "</div>",
            "<img src=y>",
            "<hr>",
            "<span>",
            "é",
            "“",
            "~~",
            "&amp;",
            "&lt;",
            "{{",
        ];
        let mut rng = fastrand::Rng::with_seed(5);
        for _ in 0..20_000 {
            let html: String = (0..rng.usize(1..14)).map(|_| pieces[rng.usize(..pieces.len())]).collect();
            // What is written of a tree is not always read as the same tree: a link within a link, say.
            let again = |html: String, _| inner_html(&parse(&html, false).expect("flat").0, false);
            let html = (0..5).fold(html, again);
            let (root, _) = parse(&html, false).expect("flat");
            let markdown = of(&html);
            assert_eq!(skeleton_of(&markdown), Some(skeleton(&root.children.borrow())), "{html:?}\n{markdown}");
        }
    }
}
