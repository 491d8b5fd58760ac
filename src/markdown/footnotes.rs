//! Footnotes: numbered in the order of their first reference, written at the end, with links back.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};
use rustc_hash::FxHashMap;

use super::{Body, Spanned, attribute};

/// The footnotes of a body.
#[derive(Default)]
pub(super) struct Notes<'a> {
    definitions: FxHashMap<CowStr<'a>, Vec<Spanned<'a>>>,
    /// Names in the order of their first reference, with how often each is referred to.
    referred: Vec<(CowStr<'a>, u32)>,
    /// Where each stands first.
    places: Vec<Range<usize>>,
    /// Where in `referred` a name is.
    numbers: FxHashMap<CowStr<'a>, usize>,
}

impl<'a> Notes<'a> {
    pub(super) fn define(&mut self, name: CowStr<'a>, events: Vec<Spanned<'a>>) {
        self.definitions.entry(key(&name)).or_insert(events);
    }

    /// Whether there is a reference to one.
    pub(super) fn are_used(&self) -> bool {
        !self.referred.is_empty()
    }

    /// A reference as HTML, and its id. In a short text it has none, and so is no link.
    pub(super) fn refer(&mut self, name: &CowStr<'a>, range: &Range<usize>, is_short: bool) -> (String, String) {
        let at = *self.numbers.entry(key(name)).or_insert_with(|| {
            self.referred.push((key(name), 0));
            self.places.push(range.clone());
            self.referred.len() - 1
        });
        self.referred[at].1 += 1;
        let number = at + 1;
        let id = reference_id(number, self.referred[at].1);
        if is_short {
            return (format!("<sup class=\"footnote-ref\">{number}</sup>"), id);
        }
        let html = format!(
            "<sup class=\"footnote-ref\"><a href=\"#fn-{number}\" id=\"{id}\" role=\"doc-noteref\">{number}</a></sup>"
        );
        (html, id)
    }
}

/// A name without its case, which makes no other footnote.
fn key<'a>(name: &CowStr<'a>) -> CowStr<'a> {
    if name.chars().any(char::is_uppercase) { name.to_lowercase().into() } else { name.clone() }
}

fn reference_id(number: usize, occurrence: u32) -> String {
    if occurrence == 1 { format!("fnref-{number}") } else { format!("fnref-{number}-{occurrence}") }
}

/// Writes the footnotes that are referred to.
pub(super) fn write_notes(body: &mut Body<'_>) {
    if body.notes.referred.is_empty() {
        return;
    }
    let back = attribute(&body.surroundings.text("footnote_back", "Back to the text")).into_owned();
    body.out.push(Event::Html("<div class=\"footnotes\" role=\"doc-endnotes\">\n<ol>\n".into()));
    let mut number = 0;
    // A footnote may refer to another one, which then stands behind it.
    while let Some((name, _)) = body.notes.referred.get(number).cloned() {
        number += 1;
        body.ids.written.insert(format!("fn-{number}"));
        let item = if body.source.is_short { "<li>\n".into() } else { format!("<li id=\"fn-{number}\">\n") };
        body.out.push(Event::Html(item.into()));
        let events = body.notes.definitions.remove(&name).unwrap_or_else(|| {
            let place = body.notes.places[number - 1].clone();
            let message = format!("the footnote `{name}` is empty: an update that is withheld defines it");
            body.warn(&place, message, "define it above the first update, or in the one that refers to it");
            Vec::new()
        });
        body.nested += 1;
        body.blocks(&events);
        body.nested -= 1;
        let count = if body.source.is_short { 0 } else { body.notes.referred[number - 1].1 };
        let mut links = String::new();
        for occurrence in 1..=count {
            let id = reference_id(number, occurrence);
            links.push_str(&format!(" <a class=\"footnote-back\" href=\"#{id}\" role=\"doc-backlink\" aria-label=\"{back}\">\u{21A9}\u{FE0E}</a>"));
        }
        // The link back stands in the last paragraph.
        let inside = body.out.last() == Some(&Event::End(TagEnd::Paragraph));
        let end = inside.then(|| body.out.pop()).flatten();
        body.out.push(Event::InlineHtml(links.into()));
        body.out.extend(end);
        body.out.push(Event::Html("</li>\n".into()));
    }
    body.out.push(Event::Html("</ol>\n</div>\n".into()));
    debug_assert!(!body.out.iter().any(|event| matches!(event, Event::Start(Tag::FootnoteDefinition(_)))));
}
