//! The ids of a page: one register, so that none is given twice.
//!
//! An id that the writer gave (`## Costs {#costs}`) is kept; then come those in HTML, then headings get theirs from their
//! words. What the theme has in its templates, and what footnotes have, is given to nobody. Of live coverage the older
//! update keeps its anchor, since it was linked to first.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Body, Spanned, matching_end, plain_text};
use crate::article::html::{Token, tokens};
use crate::article::slug::slugify;

/// The register.
#[derive(Default)]
pub(super) struct Ids {
    /// Those that are given.
    taken: FxHashSet<String>,
    /// Those of headings, by where they begin.
    of_headings: FxHashMap<usize, String>,
    /// Those that we have written, as long as they were not seen in the page.
    pub(super) written: FxHashSet<String>,
    /// Those that were seen there.
    seen: FxHashSet<String>,
    /// The last number behind an id that is wanted often.
    numbers: FxHashMap<String, u32>,
}

impl<'a> Body<'a> {
    /// Gives ids to the headings of these parts of the body.
    pub(super) fn register(&mut self, parts: &[&[Spanned<'a>]]) {
        let mut in_html = Vec::new();
        for (event, range) in parts.iter().copied().flatten() {
            match event {
                Event::Start(Tag::Heading { id: Some(id), .. }) => self.register_own(id, range),
                Event::Html(html) | Event::InlineHtml(html)
                    if memchr::memmem::find(html.as_bytes(), b"=").is_some() && self.settings.raw_html =>
                {
                    let starts = tokens(html).into_iter().filter_map(|token| match token {
                        Token::Start(_, attributes) => Some(attributes),
                        Token::End(_) | Token::Text(_) => None,
                    });
                    in_html.extend(starts.flatten().filter(|(name, _)| &**name == "id").map(|(_, id)| id));
                }
                _ => {}
            }
        }
        self.ids.taken.extend(in_html);
        for part in parts {
            for (at, (event, range)) in part.iter().enumerate() {
                if let Event::Start(Tag::Heading { id: None, .. }) = event {
                    let end = matching_end(part, at + 1);
                    let id = self.unique(slugify(&plain_text(&part[at + 1..end]), self.slugs));
                    self.ids.of_headings.insert(range.start, id);
                }
            }
        }
    }

    /// An id that the writer gave to a heading.
    fn register_own(&mut self, id: &str, range: &Range<usize>) {
        let given = self.unique(id.to_owned());
        if given != *id {
            let owner = if self.ids.taken.contains(id) { "another heading" } else { "the page around the text" };
            self.warn(
                range,
                format!("{owner} has the id `{id}`, so this heading gets `{given}`"),
                "give the heading an id of its own, and correct the links to it",
            );
        }
        self.ids.of_headings.insert(range.start, given);
    }

    /// The id of the heading that begins at `start`.
    pub(super) fn id_of_heading(&mut self, start: usize) -> String {
        let id = self.ids.of_headings.get(&start).cloned().unwrap_or_default();
        self.ids.written.insert(id.clone());
        id
    }

    /// The id, or the first with a number behind it that nobody has.
    fn unique(&mut self, mut wanted: String) -> String {
        if is_of_note(&wanted) {
            wanted.push_str("-own");
        }
        let mut id = wanted.clone();
        let mut number = self.ids.numbers.get(&wanted).copied().unwrap_or(1);
        while self.ids.taken.contains(&id) || self.surroundings.is_reserved(&id) {
            number += 1;
            id = format!("{wanted}-{number}");
        }
        if number > 1 {
            self.ids.numbers.insert(wanted, number);
        }
        self.ids.taken.insert(id.clone());
        id
    }

    /// The HTML with other ids in the place of those that stand in the page already.
    pub(super) fn with_own_ids(&mut self, html: String) -> String {
        use lol_html::{RewriteStrSettings, element, rewrite_str};
        let mark = element!("[id]", |element| {
            let id = element.get_attribute("id").unwrap_or_default();
            let id = html_escape::decode_html_entities(&id).into_owned();
            let is_ours =
                matches!(&*element.tag_name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "section" | "li" | "a");
            if is_ours && self.ids.written.remove(&id) {
                self.ids.seen.insert(id);
                return Ok(());
            }
            let is_taken = self.ids.written.contains(&id)
                || self.notes.are_used() && is_of_note(&id)
                || self.surroundings.is_reserved_by_pages(&id)
                || !self.ids.seen.insert(id.clone());
            if is_taken && !id.is_empty() {
                let other = self.unique(id);
                element.set_attribute("id", &other)?;
                self.ids.seen.insert(other);
            }
            Ok(())
        });
        let settings = RewriteStrSettings { element_content_handlers: vec![mark], ..RewriteStrSettings::new() };
        rewrite_str(&html, settings).unwrap_or(html)
    }
}

/// Whether an id has the form of those of footnotes: `fn-1`, `fnref-1-2`.
fn is_of_note(id: &str) -> bool {
    let number = id.strip_prefix("fn-").or_else(|| id.strip_prefix("fnref-"));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-'))
}
