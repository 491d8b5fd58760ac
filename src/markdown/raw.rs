//! HTML that the writer put into the Markdown: what it leaves open, and what it means for the text inside it.
//!
//! A block of HTML that ends in the middle of a comment, a quote or a `style` is closed where the block ends, so that
//! the Markdown behind it is read. Which element stands in which is seen at the end, in [`super::balance`].

use std::ops::Range;

use html5ever::LocalName;
use pulldown_cmark::{CowStr, Event, Tag, TagEnd};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Body, Spanned, balance, component, ids, image, linking, reference};
use crate::article::calls::is_block_boundary;
use crate::article::summary::is_more;
use crate::diagnostic::Diagnostic;
use crate::html::{Token, open, raw_kind, tokens};
use crate::html_addresses;

/// Takes comments out of HTML that is shown as text and comes in pieces: only writers see them.
#[derive(Default)]
pub(crate) struct Comments {
    /// What ends the one that is open.
    end: Option<&'static str>,
}

/// What Markdown takes for comments, instructions, character data and declarations (CommonMark 0.31.2, section 6.6).
const COMMENTS: [(&str, &str); 4] = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">")];

impl Comments {
    /// The piece without comments. One that does not end in the Markdown from the piece on is text.
    pub(crate) fn remove<'a>(&mut self, piece: CowStr<'a>, markdown: &str) -> CowStr<'a> {
        if self.end.is_none() && !piece.contains("<!") && !piece.contains("<?") {
            return piece;
        }
        let (mut shown, mut rest) = (String::new(), &*piece);
        loop {
            if let Some(end) = self.end {
                let Some(at) = rest.find(end) else { break };
                rest = &rest[at + end.len()..];
                self.end = None;
            }
            let Some(at) = rest.find('<') else {
                shown.push_str(rest);
                break;
            };
            let comment = COMMENTS.iter().find(|(begin, _)| rest[at..].starts_with(begin));
            self.end = comment.map(|(_, end)| *end).filter(|end| markdown.contains(end));
            let is_comment = self.end.is_some();
            shown.push_str(&rest[..at + usize::from(!is_comment)]);
            rest = &rest[at + comment.filter(|_| is_comment).map_or(1, |(begin, _)| begin.len())..];
        }
        shown.into()
    }
}

/// What the HTML so far has left open.
#[derive(Default)]
pub(super) struct Raw {
    /// Whether there is any.
    pub(super) is_used: bool,
    /// Whether there are ids in it.
    pub(super) has_ids: bool,
    /// The addresses in it that must be others; none where they would lead to what is withheld.
    pub(super) addresses: FxHashMap<String, Option<String>>,
    /// Whether there are elements in it that would change the whole page.
    pub(super) has_document_elements: bool,
    /// Whether there may be rules of CSS in it.
    pub(super) has_styles: bool,
    /// Drawings that are open.
    drawings: u32,
    /// Whether an address in it runs a script.
    has_scripts: bool,
    /// The block that is being read, and where it begins.
    block: String,
    start: usize,
    /// Elements whose text stands as it is written: `code`, `pre` …
    verbatim: u32,
    /// Links.
    links: u32,
    comments: Comments,
    /// An element within a paragraph whose content is no HTML.
    held: Option<LocalName>,
    /// Where elements begin that hide what follows them and are never closed, and where they end at the latest.
    hiding: FxHashSet<usize>,
    /// The tags of a paragraph from such an element on, and where it begins.
    hidden: Option<(String, usize)>,
}

impl Raw {
    /// Notes where elements begin that hide what follows them and are never closed.
    pub(super) fn look_for_hiding(&mut self, events: &[Spanned<'_>]) {
        self.hiding.extend(never_closed(events));
    }

    /// Whether text stands as it is written.
    pub(super) fn is_verbatim(&self) -> bool {
        self.verbatim > 0 || self.held.is_some()
    }

    /// Whether text is that of a link or of a button already.
    pub(super) fn is_link(&self) -> bool {
        self.links > 0
    }

    /// Whether an element is part of a drawing.
    pub(super) fn is_drawing(&self) -> bool {
        self.drawings > 0
    }

    fn note(&mut self, token: &Token) {
        let is_verbatim = |name: &str| matches!(name, "code" | "pre" | "kbd" | "samp" | "tt" | "var");
        let is_link = |name: &str| matches!(name, "a" | "button" | "option" | "svg" | "math");
        match token {
            Token::Start(name, attributes) => {
                self.has_ids |= attributes.iter().any(|(name, _)| &**name == "id");
                self.has_scripts |= attributes.iter().any(|(one, value)| html_addresses::runs_script(name, one, value));
                self.verbatim += u32::from(is_verbatim(name));
                let is_anchor = &**name == "a" && !attributes.iter().any(|(name, _)| &**name == "href");
                self.links += u32::from(is_link(name) && !is_anchor);
                self.drawings += u32::from(&**name == "svg");
            }
            Token::End(name) => {
                self.verbatim = self.verbatim.saturating_sub(u32::from(is_verbatim(name)));
                self.links = self.links.saturating_sub(u32::from(is_link(name)));
                self.drawings = self.drawings.saturating_sub(u32::from(&**name == "svg"));
            }
            Token::Text(_) => {}
        }
    }
}

/// Passes HTML on, or shows it as text where the site wants none.
pub(super) fn raw_html<'a>(body: &mut Body<'a>, event: &Event<'a>, html: &CowStr<'a>, range: &Range<usize>) {
    if is_more(html) {
        return;
    }
    if !body.settings.raw_html {
        let shown = body.raw.comments.remove(html.clone(), &body.markdown[range.start..]);
        body.out.push(Event::Text(shown));
        return;
    }
    if matches!(event, Event::InlineHtml(_)) && component::is_in_call(body.markdown, range.start) {
        body.out.push(Event::Text(html.clone()));
        return;
    }
    let is_html = matches!(event, Event::Html(_)) && html.contains("{{") && open(&body.raw.block).is_none();
    let shown = is_html.then(|| component::calls_as_text(html)).flatten().map(CowStr::from);
    let changed = shown.clone().map(Event::Html);
    let (html, event) = (shown.as_ref().unwrap_or(html), changed.as_ref().unwrap_or(event));
    body.raw.is_used = true;
    look_at_styles(body, html);
    if let Some((tags, _)) = &mut body.raw.hidden {
        tags.push_str(html);
    } else if matches!(event, Event::InlineHtml(_)) && body.raw.hiding.contains(&range.start) {
        body.raw.hidden = Some((html.to_string(), range.start));
    }
    if matches!(event, Event::Html(_)) {
        if body.raw.block.is_empty() {
            body.raw.start = range.start;
        }
        body.raw.block.push_str(html);
    } else {
        inline_tag(body, html, range);
    }
    body.out.push(event.clone());
}

/// HTML of a component, which is the theme's.
pub(super) fn component_html(body: &mut Body<'_>, html: &str, range: &Range<usize>) {
    reference::look_at_references(body, html, range);
    body.raw.is_used = true;
    look_at_styles(body, html);
    body.raw.has_ids |= memchr::memmem::find(html.as_bytes(), b"id=").is_some();
    body.raw.has_scripts |= linking::may_run_script(html);
    body.out.push(Event::Html(format!("{}\n", html.trim()).into()));
}

/// Notes whether some HTML has rules of CSS.
fn look_at_styles(body: &mut Body<'_>, html: &str) {
    body.raw.has_styles |= body.surroundings.base_path() != "/" && html_addresses::may_style(html);
}

fn inline_tag(body: &mut Body<'_>, html: &str, range: &Range<usize>) {
    for token in tokens(html) {
        match (&body.raw.held, &token) {
            (Some(held), Token::End(name)) if held == name => body.raw.held = None,
            (Some(_), _) => {}
            (None, Token::Start(name, _)) if raw_kind(name).is_some() => {
                reference::look_at_tag(body, &token, range);
                body.raw.held = Some(name.clone());
            }
            (None, token) => {
                reference::look_at_tag(body, token, range);
                body.raw.note(token);
            }
        }
    }
}

/// Closes what must not reach beyond the paragraph or block that ends or begins with this event.
pub(super) fn at_block_boundary<'a>(body: &mut Body<'a>, event: &Event<'a>, range: &Range<usize>) {
    if let Some(name) = body.raw.held.take_if(|_| is_block_boundary(event)) {
        body.out.push(Event::InlineHtml(format!("</{name}>").into()));
        warn_of_open(body, range, &format!("`<{name}>`"));
    }
    if let Some((tags, at)) = body.raw.hidden.take_if(|_| is_block_boundary(event)) {
        close_hiding(body, &tags, at);
    }
    if matches!(event, Event::End(TagEnd::HtmlBlock)) && !body.raw.block.is_empty() {
        let mut block = std::mem::take(&mut body.raw.block);
        if let Some(open) = open(&block) {
            let closing = format!("{}\n", open.closing);
            block.push_str(&closing);
            body.out.push(Event::Html(closing.into()));
            let at = body.raw.start + open.at;
            warn_of_open(body, &(at..at + 1), &open.name);
        }
        if body.raw.hiding.contains(&body.raw.start) {
            close_hiding(body, &block, body.raw.start);
        }
        let whole = body.raw.start..range.end.max(body.raw.start);
        for token in tokens(&block) {
            reference::look_at_tag(body, &token, &whole);
            body.raw.note(&token);
        }
    }
}

/// Closes the elements that are open behind these tags, which begin at `at`, and hide what follows.
fn close_hiding(body: &mut Body<'_>, tags: &str, at: usize) {
    // What is nested too deep is told at the end.
    let open = balance::left_open(tags).unwrap_or_default();
    let Some(outermost) = open.last() else { return };
    let closing: String = open.iter().map(|name| format!("</{name}>")).collect();
    body.out.push(Event::InlineHtml(closing.into()));
    let begin = format!("<{outermost}");
    // In lists and quotations the block has not the indentation of the Markdown.
    let near = &body.markdown[at..body.markdown.floor_char_boundary(at + 2 * tags.len())];
    let from = at + near.to_ascii_lowercase().find(&begin).unwrap_or(0);
    warn_of_open(body, &(from..from + 1), &format!("`{begin}>`"));
}

fn warn_of_open(body: &mut Body<'_>, range: &Range<usize>, name: &str) {
    body.warn(
        range,
        format!("{name} is never closed, so what follows it is not shown as text"),
        "close it where it ends",
    );
}

/// What was written since `from` as HTML that stays where it is put.
pub(super) fn sealed(body: &mut Body<'_>, from: usize) -> String {
    let mut html = String::with_capacity(body.markdown.len() / 2);
    pulldown_cmark::html::push_html(&mut html, body.out.drain(from..));
    image::clean_embedded(body, &mut html);
    if !body.raw.is_used {
        return html;
    }
    match balance::balanced(&html) {
        Ok(std::borrow::Cow::Owned(balanced)) => html = balanced,
        Ok(std::borrow::Cow::Borrowed(_)) => {}
        Err(unfit) => {
            let message = match unfit {
                balance::Unfit::TooDeep => format!(
                    "the HTML of this text has more than {} elements within each other, or opens too many that it does not close, so its words are shown alone",
                    crate::html::tree::DEEPEST
                ),
                balance::Unfit::Swallows => {
                    "the HTML of this text swallows what follows it, so its words are shown alone".to_owned()
                }
            };
            body.tell(&(0..0), Diagnostic::warning(message).hint("close the elements that it opens"));
            let words = tokens(&html).into_iter().map(|token| match token {
                Token::Text(text) => text,
                Token::Start(..) | Token::End(_) => " ".to_owned(),
            });
            let words: String = words.collect();
            return format!("<p>{}</p>\n", html_escape::encode_text(&crate::text::plain_line(&words)));
        }
    }
    if linking::may_have_comments(&html) {
        html = linking::without_comments(html);
    }
    if body.raw.has_scripts {
        html = linking::without_scripts(body, html);
    }
    if body.raw.has_document_elements {
        html = linking::without_document_elements(html);
    }
    if !body.raw.addresses.is_empty() || body.raw.has_styles {
        html = linking::with_own_addresses(body, html);
    }
    if body.raw.has_ids || body.ids.has_renamed() { ids::with_own_ids(body, html) } else { html }
}

/// Where elements begin that hide what follows them and are not closed where they were opened: in the same paragraph or,
/// of blocks, in the same item, quotation, cell or note. The places are those of the block or of the tag.
fn never_closed(events: &[Spanned<'_>]) -> FxHashSet<usize> {
    let mut never = FxHashSet::default();
    let mut open: FxHashMap<LocalName, Vec<Opened>> = FxHashMap::default();
    let (mut containers, mut paragraph, mut block) = (vec![0], 0, None::<(String, usize)>);
    for (number, (event, range)) in events.iter().enumerate() {
        let mut tags = None;
        match event {
            Event::Start(Tag::HtmlBlock) => block = Some((String::new(), range.start)),
            Event::End(TagEnd::HtmlBlock) => tags = block.take(),
            Event::Html(html) => match &mut block {
                Some((tags, _)) => tags.push_str(html),
                None => tags = Some((html.to_string(), range.start)),
            },
            Event::InlineHtml(html) => tags = Some((html.to_string(), range.start)),
            Event::Start(Tag::Paragraph | Tag::Heading { .. }) => paragraph = number + 1,
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_)) => paragraph = 0,
            Event::Start(_) if is_block_boundary(event) => containers.push(number + 1),
            Event::End(_) if is_block_boundary(event) && containers.len() > 1 => _ = containers.pop(),
            _ => {}
        }
        let container = containers.last().copied().unwrap_or_default();
        // A list without blank lines has text without paragraphs.
        let inside = if matches!(event, Event::InlineHtml(_)) && paragraph == 0 { container } else { paragraph };
        let Some((tags, at)) = tags else { continue };
        for token in tokens(&tags) {
            let (Token::Start(name, _) | Token::End(name)) = &token else { continue };
            if !balance::is_hiding(name) {
                continue;
            }
            let known = open.entry(name.clone()).or_default();
            let has_ended = |one: &mut Opened| {
                one.paragraph != 0 && one.paragraph != inside || containers.binary_search(&one.container).is_err()
            };
            while let Some(one) = known.pop_if(has_ended) {
                never.insert(one.at);
            }
            if matches!(token, Token::Start(..)) {
                known.push(Opened { container, paragraph: inside, at });
            } else {
                known.pop_if(|one| one.container == container);
            }
        }
    }
    never.extend(open.into_values().flatten().map(|one| one.at));
    never
}

/// Where an element was opened.
struct Opened {
    /// The item, quotation, cell or note.
    container: usize,
    /// The paragraph; 0 between them.
    paragraph: usize,
    at: usize,
}
