//! Comments of writers that readers would see: Markdown takes them for text, or they stand where it knows none.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::calls::{component_name, may_have};
use super::fields::{Field, Fields};
use super::passage::is_escaped;
use crate::diagnostic::{Diagnostic, Place};
use crate::html::{Token, tokens};

/// What begins and ends a comment, and what browsers take for one.
const COMMENTS: [(&str, &str); 4] = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">")];

/// Names that comments in the form of a definition have: `[//]: # (ask Jane)`.
const NAMES: [&str; 4] = ["//", "comment", "note to self", "hidden"];

/// A comment that readers would see.
struct VisibleRemark {
    range: Range<usize>,
    message: &'static str,
    hint: String,
}

/// Refuses the comments that readers of the body, which begins at `start`, would see.
pub(super) fn refuse_in_body(fields: &mut Fields<'_>, start: usize) {
    for VisibleRemark { range, message, hint } in shown(&fields.text[start..]) {
        let place = Place::span(fields.path, fields.text, start + range.start..start + range.end);
        fields.problems.push(Diagnostic::error(message).at(place).hint(hint));
    }
}

/// The same for Markdown in front matter.
pub(super) fn refuse_in_value(fields: &mut Fields<'_>, field: &Field<'_>, markdown: &str) {
    for VisibleRemark { message, hint, .. } in shown(markdown) {
        fields.problem(field, message, &hint);
    }
}

/// Whether there is a comment in a text that is no Markdown, so that readers would see it.
pub(super) fn are_in_line(text: &str) -> bool {
    beginnings(text).next().is_some()
}

/// The same in what a reader has written, who may write braces and signs of per cent as anybody.
pub(super) fn are_in_words_of_reader(text: &str) -> bool {
    beginnings(text).any(|at| !matches!(text.as_bytes()[at], b'{' | b'%'))
}

/// Bytes in which the end of a comment is looked for.
const LONGEST: usize = 2000;

/// Where comments of Markdown, HTML, templates, JSX and Obsidian begin in a text in which they are nothing but text.
fn beginnings(text: &str) -> impl Iterator<Item = usize> {
    let begins = |at: &usize| {
        let rest = &text[*at..text.floor_char_boundary(*at + LONGEST)];
        let is_closed = |begin: &str, end: &str| {
            let length = rest.strip_prefix(begin).and_then(|rest| rest.find(end));
            length.is_some_and(|length| length > 0)
        };
        let tag = || rest.strip_prefix("{%").map(|tag| tag.trim_start_matches(['-', '~', ' ']));
        ["<!--", "< !--", "[//]:", "{# ", "{#-", "{/*", "{{!", "%% "].iter().any(|begin| rest.starts_with(begin))
            || is_closed("{#", "#}")
            || is_closed("%%", "%%")
            || tag().is_some_and(|tag| tag.starts_with("comment") || tag.starts_with('#'))
    };
    let bytes = text.bytes().enumerate();
    bytes.filter(|(_, byte)| matches!(byte, b'<' | b'[' | b'{' | b'%')).map(|(at, _)| at).filter(begins)
}

fn shown(markdown: &str) -> Vec<VisibleRemark> {
    let mut parts = Parts { markdown, may_have_links: markdown.contains("](") || markdown.contains("]:"), known: None };
    let mut found: Vec<VisibleRemark> =
        memchr::memchr_iter(b'<', markdown.as_bytes()).filter_map(|at| comment_at(markdown, at, &mut parts)).collect();
    found.extend(definitions(markdown, &mut parts));
    found.extend(in_titles(markdown, &mut parts));
    found.extend(in_attributes(markdown, &mut parts));
    if may_have(markdown) {
        found.extend(in_calls(markdown, &mut parts));
    }
    found
}

/// Comments in the address or the title of a link or image that do not begin with `<`, and in the words that stand for
/// an image. HTML in those is left out.
fn in_titles(markdown: &str, parts: &mut Parts<'_>) -> Vec<VisibleRemark> {
    let mut found: Vec<VisibleRemark> = Vec::new();
    if !parts.may_have_links {
        return found;
    }
    for at in beginnings(markdown).filter(|at| markdown.as_bytes()[*at] != b'<') {
        if (parts.is_in_link(at) || parts.is_in_image(at)) && !is_escaped(markdown, at) {
            let end = at + markdown[at..].lines().next().unwrap_or_default().trim_end().len();
            // One error for each line is enough.
            if found.last().is_none_or(|before| before.range.end <= at) {
                found.push(in_link(at..end));
            }
        }
    }
    found
}

/// Comments in the attributes of HTML.
fn in_attributes(markdown: &str, parts: &mut Parts<'_>) -> Vec<VisibleRemark> {
    if !markdown.contains('=') || !are_in_line(markdown) {
        return Vec::new();
    }
    // Comments in component calls are reported with the call.
    let is_call = |at: usize| markdown[..at].trim_end().ends_with("{{");
    let html = parts.known().parts.iter().filter(|(part, _)| matches!(part, Part::Block | Part::Tag));
    let html = html.filter(|(_, range)| !is_call(range.start));
    let told = |range: &Range<usize>| {
        let html = &markdown[range.clone()];
        let all = tokens(html).into_iter().flat_map(|token| match token {
            Token::Start(_, attributes) => attributes,
            Token::End(_) | Token::Text(_) => Vec::new(),
        });
        let value = all.map(|(_, value)| value).find(|value| are_in_line(value))?;
        let start = range.start + html.find(&value).unwrap_or_default();
        let end = start + markdown[start..].lines().next().unwrap_or_default().trim_end().len();
        let message = "this comment is inside an HTML attribute, so readers would see it";
        Some(VisibleRemark { range: start..end, message, hint: "put it in front of the tag, or behind it".to_owned() })
    };
    html.filter_map(|(_, range)| told(range)).collect()
}

fn in_link(range: Range<usize>) -> VisibleRemark {
    let message = "this comment stands within a link or image, so readers would see it";
    VisibleRemark { range, message, hint: "put it in front of it, or behind it".to_owned() }
}

/// Comments in what a component is told: it is printed as it is.
fn in_calls(markdown: &str, parts: &mut Parts<'_>) -> Vec<VisibleRemark> {
    let mut found = Vec::new();
    for at in memchr::memmem::find_iter(markdown.as_bytes(), b"{{") {
        let call = markdown[at..].lines().next().unwrap_or_default().trim_end();
        let Some(begin) = beginnings(call).next() else { continue };
        if component_name(call).is_some() && matches!(parts.at(at), Some((Part::Words, _))) {
            let message = "readers would see this comment: it is inside the call of a component";
            let hint = "put it on a line of its own, above the call".to_owned();
            found.push(VisibleRemark { range: at + begin..at + call.len(), message, hint });
        }
    }
    found
}

/// The comment that begins at `at`, if readers see it: it goes on behind the end of its paragraph or list item, nothing
/// closes it, or it is written so that it is none.
fn comment_at(markdown: &str, at: usize, parts: &mut Parts<'_>) -> Option<VisibleRemark> {
    // A line may be as long as the text, so it is looked at only where something begins.
    let begins = |begin: &str| markdown[at..].starts_with(begin);
    if is_escaped(markdown, at) || !COMMENTS.iter().any(|(begin, _)| begins(begin)) && !begins("< !--") {
        return None;
    }
    let row = markdown[at..].lines().next().unwrap_or_default().trim_end();
    let told = |message: &'static str, hint: String| Some(VisibleRemark { range: at..at + row.len(), message, hint });
    if parts.is_in_link(at) {
        return Some(in_link(at..at + row.len()));
    }
    let empty = ["<!-->", "<!--->", "< !--"].iter().find(|begin| row.starts_with(**begin));
    if empty.is_some_and(|begin| row[begin.len()..].contains("-->")) {
        let is_code = matches!(parts.at(at), Some((Part::Code, _)));
        let hint = "begin it with `<!--` and a blank; as text, write `\\<`";
        return if is_code {
            None
        } else {
            told("this comment ends where it begins, so readers would see what it says", hint.to_owned())
        };
    }
    let (begin, end) = COMMENTS.iter().find(|(begin, _)| row.starts_with(begin))?;
    // On one line each is what the writer means. Two of them begin as what may be text.
    let is_name = || row[begin.len()..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '=');
    // A bar ends the cell of a table, and with it the comment.
    if row.find(end).is_some_and(|length| !row[..length].contains('|')) {
        return None;
    }
    if begin.len() == 2 && !is_name() {
        return None;
    }
    let is_shown = match parts.at(at) {
        Some((Part::Words, _)) => true,
        Some((Part::Block, range)) => !markdown[at..range.end].contains(end),
        // Of a reference or of a table's form, and not shown.
        Some((Part::Code | Part::Tag, _)) | None => false,
    };
    if !is_shown {
        return None;
    }
    if row.contains(end) {
        let message = "this comment does not end in its cell of the table, so readers would see what it says";
        return told(message, "write `\\|` for each `|` in it".to_owned());
    }
    let message = "this comment does not end in its paragraph, so readers would see what it says";
    let hint = format!(
        "close it with `{end}` before the next blank line or list item, or begin it on a line of its own; as text, write `\\{begin}`"
    );
    told(message, hint)
}

/// Comments in the form of a definition (`[//]: # (ask Jane)`, `[comment]: # "ask Jane"`) that Markdown takes for text, or
/// for a link if there is a good one of the same name: they stand right below a line of text, or behind words, or their
/// own words are not between quotation marks or brackets.
fn definitions(markdown: &str, parts: &mut Parts<'_>) -> Vec<VisibleRemark> {
    let mut found: Vec<VisibleRemark> = Vec::new();
    for at in memchr::memmem::find_iter(markdown.as_bytes(), b"]:") {
        let line = markdown[..at].rfind('\n').map_or(0, |end| end + 1);
        // A name has no bracket in it.
        let Some(begin) = markdown[line..at].rfind(['[', ']']).map(|open| line + open) else { continue };
        let label = &markdown[begin + 1..at];
        if markdown.as_bytes()[begin] == b']' || is_escaped(markdown, begin) {
            continue;
        }
        let end = at + markdown[at..].lines().next().unwrap_or_default().trim_end().len();
        let target = markdown[at + 2..end].split_whitespace().next().unwrap_or_default();
        let is_marker =
            |c: char| c.is_whitespace() || c.is_ascii_digit() || matches!(c, '-' | '*' | '+' | '>' | '.' | ')' | '|');
        let is_alone = || markdown[line..begin].trim_start_matches(is_marker).is_empty();
        let is_named = || NAMES.iter().any(|name| label.eq_ignore_ascii_case(name));
        let is_comment =
            label == "//" || (is_named() || matches!(target, "#" | "<>") && !label.starts_with('^')) && is_alone();
        // One error for each line is enough.
        if is_comment
            && found.last().is_none_or(|before| before.range.end <= begin)
            && matches!(parts.at(begin), Some((Part::Words, _)))
        {
            let message = "this comment is not read as one, so readers would see what it says";
            let hint = "write it as `<!-- … -->`, or put a blank line above it and its words between quotation marks";
            found.push(VisibleRemark { range: begin..end, message, hint: hint.to_owned() });
        }
    }
    found
}

/// A part of a text.
#[derive(Clone, Copy)]
enum Part {
    /// A block of HTML, which may end in the middle of a comment.
    Block,
    Code,
    /// A tag or comment within a paragraph.
    Tag,
    /// Words, and what begins a link.
    Words,
}

/// The parts of a text, which is parsed when somebody asks.
struct Parts<'m> {
    markdown: &'m str,
    /// A quick look: most texts with comments have no links that could hold one.
    may_have_links: bool,
    known: Option<Known>,
}

#[derive(Default)]
struct Known {
    /// In their order.
    parts: Vec<(Part, Range<usize>)>,
    /// Links and images, and what defines their addresses and titles elsewhere, in their order and apart from each other.
    links: Vec<Range<usize>>,
    /// Images in their order. They do not nest.
    images: Vec<Range<usize>>,
}

impl Parts<'_> {
    /// The part that stands at a place.
    fn at(&mut self, at: usize) -> Option<&(Part, Range<usize>)> {
        let parts = &self.known().parts;
        parts.get(parts.partition_point(|(_, range)| range.end <= at)).filter(|(_, range)| range.start <= at)
    }

    /// Whether a place is in the address or the title of a link or image.
    fn is_in_link(&mut self, at: usize) -> bool {
        self.may_have_links && self.at(at).is_none() && {
            let links = &self.known().links;
            links.get(links.partition_point(|link| link.end <= at)).is_some_and(|link| link.start <= at)
        }
    }

    /// Whether a place is in the words that stand for an image, and not in code.
    fn is_in_image(&mut self, at: usize) -> bool {
        matches!(self.at(at), Some((Part::Words, _))) && {
            let images = &self.known().images;
            images.get(images.partition_point(|image| image.end <= at)).is_some_and(|image| image.start <= at)
        }
    }

    fn known(&mut self) -> &Known {
        let markdown = self.markdown;
        self.known.get_or_insert_with(|| Known::of(markdown))
    }
}

impl Known {
    fn of(markdown: &str) -> Self {
        let mut known = Self::default();
        let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
        let parser = Parser::new_ext(markdown, options);
        // A comment in the form of a definition shows nothing, whatever it says.
        let is_comment = |label: &str| NAMES.iter().any(|name| label.eq_ignore_ascii_case(name));
        let definitions = parser.reference_definitions().iter().filter(|(label, _)| !is_comment(label));
        let definitions: Vec<Range<usize>> = definitions.map(|(_, definition)| definition.span.clone()).collect();
        for (event, mut range) in parser.into_offset_iter() {
            let part = match event {
                Event::Start(Tag::CodeBlock(_)) | Event::Code(_) => Part::Code,
                Event::InlineHtml(_) => Part::Tag,
                Event::Start(Tag::HtmlBlock) => Part::Block,
                Event::Text(_) => Part::Words,
                Event::Start(ref tag @ (Tag::Link { .. } | Tag::Image { .. })) => {
                    known.links.push(range.clone());
                    let is_new = known.images.last().is_none_or(|before| before.end <= range.start);
                    known.images.extend((is_new && matches!(tag, Tag::Image { .. })).then(|| range.clone()));
                    range.end = range.start + 1;
                    Part::Words
                }
                _ => continue,
            };
            // The lines of code are text.
            if known.parts.last().is_none_or(|(_, before)| before.end <= range.start) {
                known.parts.push((part, range));
            }
        }
        known.links.extend(definitions);
        known.links.sort_unstable_by_key(|link| link.start);
        known.links.dedup_by(|next, link| {
            let is_within = next.start < link.end;
            link.end = link.end.max(if is_within { next.end } else { 0 });
            is_within
        });
        known
    }
}
