//! HTML that the writer put into the Markdown: what it leaves open, and what it means for the text inside it.
//!
//! A block of HTML that ends in the middle of a comment, a quote or a `style` is closed where the block ends, so that
//! the Markdown behind it is read. Which element stands in which is seen at the end, in [`super::balance`].

use std::ops::Range;

use html5ever::LocalName;
use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::{Body, balance, linking};
use crate::article::html::{Token, open, raw_kind, tokens};
use crate::article::summary::is_more;
use crate::diagnostic::Diagnostic;
use crate::plan::address;

/// What the HTML so far has left open.
#[derive(Default)]
pub(super) struct Raw {
    /// Whether there is any.
    pub(super) is_used: bool,
    /// Whether there are ids in it.
    pub(super) has_ids: bool,
    /// Whether there are addresses in it that may have to be others.
    has_addresses: bool,
    /// Whether an address in it runs a script.
    has_scripts: bool,
    /// The block that is being read, and where it begins.
    block: String,
    start: usize,
    /// Elements whose text stands as it is written: `code`, `pre` …
    verbatim: u32,
    /// Links.
    links: u32,
    /// An element within a paragraph whose content is no HTML.
    held: Option<LocalName>,
}

impl Raw {
    /// Whether text stands as it is written.
    pub(super) fn is_verbatim(&self) -> bool {
        self.verbatim > 0 || self.held.is_some()
    }

    /// Whether text is that of a link or of a button already.
    pub(super) fn is_link(&self) -> bool {
        self.links > 0
    }

    fn note(&mut self, token: &Token) {
        let is_verbatim = |name: &str| matches!(name, "code" | "pre" | "kbd" | "samp" | "tt" | "var");
        let is_link = |name: &str| matches!(name, "a" | "button" | "option" | "svg" | "math");
        match token {
            Token::Start(name, attributes) => {
                self.has_ids |= attributes.iter().any(|(name, _)| &**name == "id");
                self.has_scripts |= attributes.iter().any(|(_, value)| address::is_script(value));
                self.verbatim += u32::from(is_verbatim(name));
                let is_anchor = &**name == "a" && !attributes.iter().any(|(name, _)| &**name == "href");
                self.links += u32::from(is_link(name) && !is_anchor);
            }
            Token::End(name) => {
                self.verbatim = self.verbatim.saturating_sub(u32::from(is_verbatim(name)));
                self.links = self.links.saturating_sub(u32::from(is_link(name)));
            }
            Token::Text(_) => {}
        }
    }
}

impl<'a> Body<'a> {
    /// Passes HTML on, or shows it as text where the site wants none.
    pub(super) fn raw_html(&mut self, event: &Event<'a>, html: &CowStr<'a>, range: &Range<usize>) {
        if is_more(html) {
            return;
        }
        if !self.settings.raw_html {
            self.out.push(Event::Text(html.clone()));
            return;
        }
        self.raw.is_used = true;
        self.look_at_addresses(html);
        if matches!(event, Event::Html(_)) {
            if self.raw.block.is_empty() {
                self.raw.start = range.start;
            }
            self.raw.block.push_str(html);
        } else {
            self.inline_tag(html, range);
        }
        self.out.push(event.clone());
    }

    /// HTML of a component, which is the theme's.
    pub(super) fn component_html(&mut self, html: &str, range: &Range<usize>) {
        self.look_at_references(html, range);
        self.raw.is_used = true;
        self.look_at_addresses(html);
        self.raw.has_ids |= memchr::memmem::find(html.as_bytes(), b"id=").is_some();
        self.raw.has_scripts |= linking::may_run_script(html);
        self.out.push(Event::Html(format!("{}\n", html.trim()).into()));
    }

    /// Notes whether some HTML has addresses that may have to be others.
    fn look_at_addresses(&mut self, html: &str) {
        self.raw.has_addresses |= linking::may_link(html)
            || self.surroundings.base_path() != "/" && crate::render::addresses::may_be_rooted(html);
    }

    fn inline_tag(&mut self, html: &str, range: &Range<usize>) {
        for token in tokens(html) {
            match (&self.raw.held, &token) {
                (Some(held), Token::End(name)) if held == name => self.raw.held = None,
                (Some(_), _) => {}
                (None, Token::Start(name, _)) if raw_kind(name).is_some() => {
                    self.look_at_tag(&token, range);
                    self.raw.held = Some(name.clone());
                }
                (None, token) => {
                    self.look_at_tag(token, range);
                    self.raw.note(token);
                }
            }
        }
    }

    /// Closes what must not reach beyond the paragraph or block that ends or begins with this event.
    pub(super) fn at_block_boundary(&mut self, event: &Event<'a>, range: &Range<usize>) {
        if let Some(name) = self.raw.held.take_if(|_| is_block_boundary(event)) {
            self.out.push(Event::InlineHtml(format!("</{name}>").into()));
            self.warn_of_open(range, &format!("`<{name}>`"));
        }
        if matches!(event, Event::End(TagEnd::HtmlBlock)) && !self.raw.block.is_empty() {
            let block = std::mem::take(&mut self.raw.block);
            if let Some(open) = open(&block) {
                self.out.push(Event::Html(format!("{}\n", open.closing).into()));
                let at = self.raw.start + open.at;
                self.warn_of_open(&(at..at + 1), &open.name);
            }
            let whole = self.raw.start..range.end.max(self.raw.start);
            for token in tokens(&block) {
                self.look_at_tag(&token, &whole);
                self.raw.note(&token);
            }
        }
    }

    fn warn_of_open(&mut self, range: &Range<usize>, name: &str) {
        self.warn(
            range,
            format!("{name} is never closed, so what follows it is not shown as text"),
            "close it where it ends",
        );
    }

    /// What was written since `from` as HTML that stays where it is put.
    pub(super) fn sealed(&mut self, from: usize) -> String {
        let mut html = String::with_capacity(self.markdown.len() / 2);
        pulldown_cmark::html::push_html(&mut html, self.out.drain(from..));
        if !self.raw.is_used {
            return html;
        }
        match balance::balanced(&html) {
            Ok(std::borrow::Cow::Owned(balanced)) => html = balanced,
            Ok(std::borrow::Cow::Borrowed(_)) => {}
            Err(balance::TooDeep) => {
                let message = format!(
                    "the HTML of this text has more than {} elements within each other, or opens too many that it does not close, so its words are shown alone",
                    balance::DEEPEST
                );
                self.tell(&(0..0), Diagnostic::warning(message).hint("close the elements that it opens"));
                let words = tokens(&html).into_iter().map(|token| match token {
                    Token::Text(text) => text,
                    Token::Start(..) | Token::End(_) => " ".to_owned(),
                });
                let words: String = words.collect();
                return format!("<p>{}</p>\n", html_escape::encode_text(&crate::article::plain_line(&words)));
            }
        }
        if self.raw.has_scripts {
            html = self.without_scripts(html);
        }
        if self.raw.has_addresses {
            html = self.with_own_addresses(html);
        }
        if self.raw.has_ids { self.with_own_ids(html) } else { html }
    }
}

/// Whether no text of a paragraph goes on beyond the event.
pub(super) fn is_block_boundary(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => {
            !matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. })
        }
        Event::End(tag) => {
            !matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image)
        }
        Event::Html(_) | Event::Rule => true,
        _ => false,
    }
}
