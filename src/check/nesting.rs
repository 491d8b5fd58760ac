//! HTML in Markdown that is not nested properly.
//!
//! The HTML parser of the standard (html5ever) reads the text event by event, as a browser would read the
//! page, and says where it had to guess; what was being read at that moment is the place. Nothing is kept
//! of the document.
//!
//! The parser looks through all open elements at nearly every tag, so it stops where more than [`MAX_DEPTH`] are open
//! or more than [`MOST_FOR_BYTE`] are made for each byte: its time is in proportion to the text.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::ops::Range;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{Attribute, ExpandedName, LocalName, ParseOpts, QualName, local_name, ns, parse_fragment};
use pulldown_cmark::{Event, Tag, TagEnd};
use rustc_hash::FxHashMap;

use super::prose::Calls;
use super::{Findings, Piece, Rule, Site};
use crate::article::headings;
use crate::diagnostic::Place;
use crate::html::{Token, monstrous_tag, open, raw_kind, tokens};
use crate::markdown::options;

/// Looks at the HTML of one file.
pub(super) fn check(site: &Site<'_>, piece: &Piece<'_>, findings: &mut Findings<'_>) {
    if !piece.prose.has_html || !site.config.settings.markdown.raw_html || !findings.wants(Rule::HtmlNesting) {
        return;
    }
    for (range, message) in faults(piece.text, piece.prose.start, site.config.settings.markdown) {
        findings.add(
            Rule::HtmlNesting,
            || Place::span(piece.path, piece.text, range),
            message,
            "close what you opened, the last one first, and put no blocks into paragraphs",
        );
    }
}

/// How deeply elements may be nested. Chromium puts what is deeper beside what is above it
/// (`kMaximumHTMLParserDOMTreeDepth`).
const MAX_DEPTH: u32 = 512;

/// How many elements the parser may make for each byte. An element of formatting that is never closed (`<b>`) begins
/// again in each paragraph; thousands of them would make the square of it.
const MOST_FOR_BYTE: usize = 4;

/// Bytes that are given to the parser at once: it is asked in between whether it goes too far.
const PIECE: usize = 1024;

/// Where a browser would have to guess, and why.
fn faults(text: &str, start: usize, settings: crate::config::Markdown) -> Vec<(Range<usize>, String)> {
    if monstrous_tag(&text[start..]).is_some() {
        // It is text, and the build says so.
        return Vec::new();
    }
    let context = QualName::new(None, ns!(html), local_name!("div"));
    let parse = ParseOpts {
        tree_builder: TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
        ..ParseOpts::default()
    };
    let mut parser = parse_fragment(Watcher::default(), parse, context, Vec::new(), false);
    let mut in_image = false;
    let mut calls = Calls::default();
    let mut block = String::new();
    let mut held: Option<(LocalName, Range<usize>)> = None;
    for (event, range) in headings::events(&text[start..], options(settings)) {
        let range = start + range.start..start + range.end;
        match &event {
            Event::Start(Tag::Image { .. }) => in_image = true,
            Event::End(TagEnd::Image) => in_image = false,
            _ => {}
        }
        let is_raw = matches!(event, Event::Html(_) | Event::InlineHtml(_));
        // What a component becomes is the theme's.
        if in_image || is_raw && calls.has(text, range.start) {
            continue;
        }
        let mut html = html_of(&event);
        match &event {
            Event::Html(part) => block.push_str(part),
            Event::InlineHtml(tag) => hold(&mut held, tag, &range),
            // As the build does: what is left open ends where the block or the paragraph ends.
            Event::End(TagEnd::HtmlBlock) => {
                if let Some(open) = open(&std::mem::take(&mut block)) {
                    let at = range.start + open.at;
                    parser.tokenizer.sink.sink.fault(at..range.end, never_closed(&open.name));
                    html = open.closing.into();
                }
            }
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::TableCell | TagEnd::Item) => {
                if let Some((name, at)) = held.take() {
                    parser.tokenizer.sink.sink.fault(at, never_closed(&format!("`<{name}>`")));
                    html = format!("</{name}>{html}").into();
                }
            }
            _ => {}
        }
        let read = range.end - start;
        parser.tokenizer.sink.sink.now(range.clone(), is_raw, &html);
        for piece in pieces(&html) {
            parser.process(StrTendril::from(piece));
            if parser.tokenizer.sink.sink.goes_too_far(read) {
                return parser.tokenizer.sink.sink.take_faults();
            }
        }
    }
    parser.tokenizer.sink.sink.now(text.len()..text.len(), true, "");
    parser.finish()
}

/// A text in pieces of about [`PIECE`] bytes.
fn pieces(mut text: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let (piece, rest) = text.split_at(text.ceil_char_boundary(PIECE));
        text = rest;
        (!piece.is_empty()).then_some(piece)
    })
}

fn never_closed(name: &str) -> String {
    format!("{name} is never closed")
}

/// Notes that a tag opens an element whose content is text, or closes it.
fn hold(held: &mut Option<(LocalName, Range<usize>)>, tag: &str, range: &Range<usize>) {
    for token in tokens(tag) {
        match (&held, token) {
            (None, Token::Start(name, _)) if raw_kind(&name).is_some() => *held = Some((name, range.clone())),
            (Some((open, _)), Token::End(name)) if *open == name => *held = None,
            _ => {}
        }
    }
}

/// The tags of an event. What the text says does not matter, only that there is some.
fn html_of<'e>(event: &'e Event<'_>) -> Cow<'e, str> {
    let tags = match event {
        Event::Html(html) | Event::InlineHtml(html) => return Cow::Borrowed(html),
        Event::Start(tag) => match tag {
            Tag::Paragraph => "<p>",
            Tag::Heading { level, .. } => return format!("<{level}>").into(),
            Tag::BlockQuote(_) => "<blockquote>",
            Tag::CodeBlock(_) => "<pre><code>",
            Tag::List(Some(_)) => "<ol>",
            Tag::List(None) => "<ul>",
            Tag::Item => "<li>",
            Tag::FootnoteDefinition(_) => "<div>",
            Tag::Table(_) => "<table>",
            Tag::TableHead => "<thead><tr>",
            Tag::TableRow => "<tr>",
            Tag::TableCell => "<td>",
            Tag::Emphasis => "<em>",
            Tag::Strong => "<strong>",
            Tag::Strikethrough => "<del>",
            Tag::Link { .. } => "<a href=x>",
            Tag::Image { .. } => "<img>",
            _ => "",
        },
        Event::End(tag) => match tag {
            TagEnd::Paragraph => "</p>",
            TagEnd::Heading(level) => return format!("</{level}>").into(),
            TagEnd::BlockQuote(_) => "</blockquote>",
            TagEnd::CodeBlock => "</code></pre>",
            TagEnd::List(true) => "</ol>",
            TagEnd::List(false) => "</ul>",
            TagEnd::Item => "</li>",
            TagEnd::FootnoteDefinition => "</div>",
            TagEnd::Table => "</tbody></table>",
            TagEnd::TableHead => "</tr></thead><tbody>",
            TagEnd::TableRow => "</tr>",
            TagEnd::TableCell => "</td>",
            TagEnd::Emphasis => "</em>",
            TagEnd::Strong => "</strong>",
            TagEnd::Strikethrough => "</del>",
            TagEnd::Link => "</a>",
            _ => "",
        },
        Event::Text(_) => "x",
        Event::Code(_) => "<code>x</code>",
        Event::SoftBreak => "\n",
        Event::HardBreak => "<br>",
        Event::Rule => "<hr>",
        Event::FootnoteReference(_) => "<sup>x</sup>",
        _ => "",
    };
    Cow::Borrowed(tags)
}

/// Elements that have no end tag, or may go without one (HTML, sections 13.1.2 and 13.1.2.4).
const WITHOUT_END: [&str; 32] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p",
    "li", "dt", "dd", "rt", "rp", "optgroup", "option", "colgroup", "thead", "tbody", "tfoot", "tr", "td", "th",
    "html", "head", "body",
];

/// The document that the parser builds: nothing but the place of what is read, and what is wrong.
#[derive(Default)]
struct Watcher {
    range: RefCell<Range<usize>>,
    is_raw: Cell<bool>,
    /// Elements that the article's own HTML opened: of each name those that are left open.
    opened: RefCell<FxHashMap<String, Vec<Range<usize>>>>,
    /// The start tags in the HTML that is being read. The parser makes elements of its own besides: formatting that was
    /// never closed begins again in each paragraph.
    starts: RefCell<Vec<String>>,
    /// The last element that the article's own HTML opened.
    last: RefCell<Range<usize>>,
    /// How deep the deepest element is.
    depth: Cell<u32>,
    /// How many elements there are.
    elements: Cell<usize>,
    faults: RefCell<Vec<(Range<usize>, String)>>,
}

impl Watcher {
    fn fault(&self, range: Range<usize>, message: String) {
        self.faults.borrow_mut().push((range, message));
    }

    fn now(&self, range: Range<usize>, is_raw: bool, html: &str) {
        self.is_raw.set(is_raw);
        *self.range.borrow_mut() = range;
        self.starts.borrow_mut().clear();
        if !is_raw {
            return;
        }
        let names = html.match_indices('<').map(|(at, _)| {
            html[at + 1..].split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_ascii_lowercase()
        });
        self.starts.borrow_mut().extend(names.filter(|name| !name.is_empty()));
        for (at, _) in html.match_indices("</") {
            let name = html[at + 2..].split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            if let Some(open) = self.opened.borrow_mut().get_mut(&name.to_ascii_lowercase()) {
                open.pop();
            }
        }
    }

    /// Whether the parser is to stop, and if so, why: at a text of so many bytes.
    fn goes_too_far(&self, read: usize) -> bool {
        let said = if self.depth.get() > MAX_DEPTH {
            format!("elements are nested more than {MAX_DEPTH} deep here; nothing behind this is looked at")
        } else if self.elements.get() > 1000 + read * MOST_FOR_BYTE {
            "too many elements are open here and begin again in each paragraph; nothing behind this is looked at".into()
        } else {
            return false;
        };
        let range = self.range.borrow().clone();
        // The one that must be told, however many there are.
        self.faults.borrow_mut().insert(0, (range, said));
        true
    }

    /// Markdown nests its own elements properly. Where the parser stumbles over one of them, the article's HTML has opened
    /// something in between: that is told, once, and not the line that was read.
    fn is_told_of_opened(&self, message: &str) -> bool {
        let (range, said) = match message {
            "Unexpected open element"
            | "Found special tag while closing generic tag"
            | "Formatting element not current node" => {
                let opened = self.opened.borrow();
                let left =
                    opened.iter().flat_map(|(name, ranges)| ranges.iter().map(move |range| (range.start, range, name)));
                let Some((_, range, name)) = left.max_by_key(|(start, ..)| *start) else { return false };
                (range.clone(), format!("`<{name}>` is not closed before the element around it ends"))
            }
            "No <p> tag to close" => {
                let (read, last) = (self.range.borrow(), self.last.borrow().clone());
                if !read.contains(&last.start) {
                    return false;
                }
                (last, "this block ends the paragraph in which it stands".to_owned())
            }
            _ => return false,
        };
        let mut faults = self.faults.borrow_mut();
        if !faults.iter().any(|(known, _)| known.start == range.start) {
            faults.push((range, said));
        }
        true
    }

    fn take_faults(&self) -> Vec<(Range<usize>, String)> {
        let mut faults = self.faults.take();
        // One slip makes a parser stumble several times in the same place.
        faults.dedup_by(|a, b| a.0.start == b.0.start);
        faults
    }

    fn put_below(&self, child: &NodeOrText<Node>, depth: u32) {
        if let NodeOrText::AppendNode(child) = child {
            child.depth.set(depth);
            self.depth.set(self.depth.get().max(depth));
        }
    }
}

/// A node, known by its address.
type Node = std::rc::Rc<Element>;

/// What is known of an element.
struct Element {
    name: QualName,
    depth: Cell<u32>,
}

impl TreeSink for Watcher {
    type Handle = Node;
    type Output = Vec<(Range<usize>, String)>;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Self::Output {
        self.take_faults()
    }

    fn parse_error(&self, message: Cow<'static, str>) {
        if !self.is_raw.get() && self.is_told_of_opened(&message) {
            return;
        }
        let range = self.range.borrow().clone();
        let said = match &*message {
            "Unexpected open tag at end of body" => {
                let opened = self.opened.borrow();
                let left = opened.iter().flat_map(|(name, ranges)| ranges.iter().map(move |range| (name, range)));
                let mut left: Vec<_> =
                    left.map(|(name, range)| (range.clone(), format!("`<{name}>` is never closed"))).collect();
                left.sort_by_key(|(range, _)| range.start);
                self.faults.borrow_mut().extend(left);
                return;
            }
            "No <p> tag to close" => "there is no paragraph to close here: a block inside it has ended it",
            "No matching tag to close" | "No heading tag to close" => "this end tag closes nothing",
            "Closing wrong heading tag" => "this end tag closes a heading of another level",
            "nested heading tags" => "a heading inside a heading",
            "nested forms" => "a form inside a form",
            "nested buttons" => "a button inside a button",
            "Unexpected open element" | "Found special tag while closing generic tag" => {
                "this closes something in which another element is still open"
            }
            "Formatting element not open" | "Formatting element not in scope" => "this end tag closes nothing",
            "Formatting element not current node" => "the elements overlap: the last one opened must be closed first",
            "Unexpected token" => "this tag cannot stand here",
            "Non-space table text" | "Unexpected characters in table" => {
                "text in a table must stand in a cell (`<td>`)"
            }
            // The spelling of a tag, a character reference and the like is not nesting.
            _ => return,
        };
        self.faults.borrow_mut().push((range, said.to_owned()));
    }

    fn create_element(&self, name: QualName, _: Vec<Attribute>, _: ElementFlags) -> Node {
        let local = name.local.to_string();
        let start = self.starts.borrow().iter().position(|name| local.eq_ignore_ascii_case(name));
        if let Some(start) = start {
            self.starts.borrow_mut().remove(start);
            *self.last.borrow_mut() = self.range.borrow().clone();
        }
        if start.is_some() && !WITHOUT_END.contains(&local.as_str()) {
            let range = self.range.borrow().clone();
            self.opened.borrow_mut().entry(local.to_ascii_lowercase()).or_default().push(range);
        }
        self.elements.set(self.elements.get() + 1);
        Node::new(Element { name, depth: Cell::new(0) })
    }

    fn elem_name<'a>(&'a self, target: &'a Node) -> ExpandedName<'a> {
        target.name.expanded()
    }

    fn same_node(&self, a: &Node, b: &Node) -> bool {
        Node::ptr_eq(a, b)
    }

    fn get_document(&self) -> Node {
        nameless()
    }

    fn get_template_contents(&self, target: &Node) -> Node {
        let contents = nameless();
        contents.depth.set(target.depth.get());
        contents
    }

    fn create_comment(&self, _: StrTendril) -> Node {
        nameless()
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Node {
        nameless()
    }

    fn append(&self, parent: &Node, child: NodeOrText<Node>) {
        self.put_below(&child, parent.depth.get() + 1);
    }

    fn append_based_on_parent_node(&self, element: &Node, _: &Node, child: NodeOrText<Node>) {
        self.put_below(&child, element.depth.get() + 1);
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Node, child: NodeOrText<Node>) {
        self.put_below(&child, sibling.depth.get());
    }

    fn add_attrs_if_missing(&self, _: &Node, _: Vec<Attribute>) {}

    fn remove_from_parent(&self, _: &Node) {}

    fn reparent_children(&self, _: &Node, _: &Node) {}
}

fn nameless() -> Node {
    Node::new(Element { name: QualName::new(None, ns!(), local_name!("")), depth: Cell::new(0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(markdown: &str) -> Vec<(&str, String)> {
        let found = faults(markdown, 0, crate::config::Markdown::default());
        found.into_iter().map(|(range, message)| (markdown[range].trim(), message)).collect()
    }

    #[test]
    fn what_is_nested_properly_is_left_alone() {
        for good in [
            "A <b>bold</b> word<br>and <abbr title=\"x\">y</abbr>.\n",
            "<div class=\"a\">\n\nText with *stars*.\n\n- a\n- b\n\n</div>\n",
            "<details><summary>More</summary>\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n</details>\n",
            "<table><tr><td>a</table>\n",
            "<!-- a comment --> text\n\n<iframe src=\"x\"></iframe>\n",
            "![a <b>](c.jpg)\n\n<p>One<p>Two\n",
            "{{ <video src=\"a\" /> }}\n",
        ] {
            assert_eq!(said(good), [], "{good}");
        }
    }

    #[test]
    fn what_is_nested_without_end_is_told_once() {
        for deep in [
            "<div>".repeat(3000),
            "<div>\n\n".repeat(3000),
            "<svg><g>".to_owned() + &"<g>".repeat(3000),
            "<template>".repeat(3000),
        ] {
            let found = said(&deep);
            let (_, first) = found.first().expect("a finding");
            assert!(first.contains("nothing behind this is looked at"), "{first}");
        }
        let closed = "<div>".repeat(400) + &"</div>".repeat(400);
        assert_eq!(said(&closed), []);
    }

    #[test]
    fn what_is_not_is_named_at_its_place() {
        assert_eq!(said("One <b>two <i>three</b> four</i>.\n")[0].0, "</b>");
        assert_eq!(said("Text.\n\n</div>\n\nText.\n")[0].0, "</div>");
        assert_eq!(said("<div>\n\nText.\n"), [("<div>", "`<div>` is never closed".to_owned())]);
        assert_eq!(said("Never <b>closed\n").len(), 1);
    }

    #[test]
    fn a_line_of_markdown_is_innocent_of_the_html_before_it() {
        for (markdown, place, said_of_it) in [
            ("One <b>bold\n\nTwo\n\nThree *x*\n", "<b>", "is not closed before"),
            ("One <b>bold\n\nTwo <i>x</i>\n", "<b>", "is not closed before"),
            ("First line\nsecond <div>x</div>\nthird\n", "<div>", "ends the paragraph"),
            ("- a <b>b\n- c\n\nText\n", "<b>", "is not closed before"),
            ("*a <b>b* c</b>\n", "<b>", "is not closed before"),
        ] {
            let found = said(markdown);
            assert!(
                found.len() == 1 && found[0].0 == place && found[0].1.contains(said_of_it),
                "{markdown}: {found:?}"
            );
        }
    }

    #[test]
    fn what_swallows_the_text_behind_it_is_named_once() {
        for (markdown, place, name) in [
            ("Text.\n\n<style>\np { color: red }\n\nMore.\n", "<style>", "`<style>`"),
            ("Text.\n\n<script>\nlet a;\n\nMore.\n", "<script>", "`<script>`"),
            ("Text <textarea> more.\n\nMore.\n", "<textarea>", "`<textarea>`"),
            ("<iframe src=\"x\">\n\nMore.\n", "<iframe", "`<iframe>`"),
            ("<title>a\n\nMore.\n", "<title>", "`<title>`"),
            ("<!-- a comment\n\nMore.\n", "<!--", "the comment"),
            ("<p class=\"a>\n\nMore \"words\".\n", "<p class", "a quote in this tag"),
            ("<![CDATA[ more\n\nMore.\n", "<![CDATA[", "this tag"),
            ("Text.\n\n<noscript>\n\nMore.\n", "<noscript>", "`<noscript>`"),
        ] {
            let found = said(markdown);
            assert_eq!(found.len(), 1, "{markdown}: {found:?}");
            assert!(found[0].0.starts_with(place), "{markdown}: {found:?}");
            assert_eq!(found[0].1, format!("{name} is never closed"));
        }
    }
}
