//! The ids of a page: one register, so that none is given twice.
//!
//! An id that the writer gave (`## Costs {#costs}`) is kept; then come those in HTML, then headings get theirs from their
//! words. What the theme has in its templates, and what footnotes have, is given to nobody. Of live coverage the older
//! update keeps its anchor, since it was linked to first.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Body, Spanned, matching_end, plain_text};
use crate::article::slug::slugify;
use crate::html::{Token, tokens};

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
    /// What headings have in the place of an id that is the theme's.
    renamed: FxHashMap<String, String>,
}

impl Ids {
    /// The id that a heading of this text has in the place of one of the theme.
    pub(super) fn instead_of(&self, id: &str) -> Option<&str> {
        if self.renamed.is_empty() {
            return None;
        }
        let id = percent_encoding::percent_decode_str(id).decode_utf8_lossy();
        self.renamed.get(&*id).map(String::as_str)
    }

    /// Whether the body has an id.
    pub(super) fn has(&self, id: &str) -> bool {
        self.taken.contains(id)
    }

    /// Which ids were seen in the page, and which not yet.
    pub(super) fn known(&self) -> (FxHashSet<String>, FxHashSet<String>) {
        (self.written.clone(), self.seen.clone())
    }

    pub(super) fn restore(&mut self, (written, seen): (FxHashSet<String>, FxHashSet<String>)) {
        (self.written, self.seen) = (written, seen);
    }

    /// Whether a heading has another id than it would have without the theme.
    pub(super) fn has_renamed(&self) -> bool {
        !self.renamed.is_empty()
    }
}

/// Gives ids to the headings of these parts of the body.
pub(super) fn register<'a>(body: &mut Body<'a>, parts: &[&[Spanned<'a>]]) {
    let mut in_html = Vec::new();
    for (event, range) in parts.iter().copied().flatten() {
        match event {
            Event::Start(Tag::Heading { id: Some(id), .. }) => register_own(body, id, range),
            Event::Html(html) | Event::InlineHtml(html)
                if memchr::memmem::find(html.as_bytes(), b"=").is_some() && body.settings.raw_html =>
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
    body.ids.taken.extend(in_html);
    for part in parts {
        for (at, (event, range)) in part.iter().enumerate() {
            if let Event::Start(Tag::Heading { id: None, .. }) = event {
                let end = matching_end(part, at + 1);
                let id = unique_of_heading(body, slugify(&plain_text(&part[at + 1..end]), body.slugs));
                body.ids.of_headings.insert(range.start, id);
            }
        }
    }
}

/// An id that the writer gave to a heading.
fn register_own(body: &mut Body<'_>, id: &str, range: &Range<usize>) {
    let given = unique_of_heading(body, id.to_owned());
    if given != *id {
        let owner = if body.ids.taken.contains(id) { "another heading" } else { "the page around the text" };
        body.warn(
            range,
            format!("{owner} has the id `{id}`, so this heading gets `{given}`"),
            "give the heading an id of its own, and correct the links to it",
        );
    }
    body.ids.of_headings.insert(range.start, given);
}

/// The id of the heading that begins at `start`.
pub(super) fn id_of_heading(body: &mut Body<'_>, start: usize) -> String {
    let id = body.ids.of_headings.get(&start).cloned().unwrap_or_default();
    body.ids.written.insert(id.clone());
    id
}

/// The id of a heading. What refers to the one that it wants, and that is the theme's, means the heading.
fn unique_of_heading(body: &mut Body<'_>, wanted: String) -> String {
    let is_of_theme = body.surroundings.is_reserved(&wanted);
    let id = unique(body, wanted.clone());
    if is_of_theme {
        body.ids.renamed.entry(wanted).or_insert_with(|| id.clone());
    }
    id
}

/// The id, or the first with a number behind it that nobody has.
fn unique(body: &mut Body<'_>, mut wanted: String) -> String {
    if is_of_note(&wanted) {
        wanted.push_str("-own");
    }
    let mut id = wanted.clone();
    let mut number = body.ids.numbers.get(&wanted).copied().unwrap_or(1);
    while body.ids.taken.contains(&id) || body.surroundings.is_reserved(&id) {
        number += 1;
        id = format!("{wanted}-{number}");
    }
    if number > 1 {
        body.ids.numbers.insert(wanted, number);
    }
    body.ids.taken.insert(id.clone());
    id
}

/// The HTML with other ids in the place of those that stand in the page already. What refers to them follows.
pub(super) fn with_own_ids(body: &mut Body<'_>, html: String) -> String {
    use lol_html::{RewriteStrSettings, element, rewrite_str};
    // Those that the HTML keeps, and those that it gives up.
    let (mut kept, mut renamed) = (FxHashSet::default(), FxHashMap::<String, String>::default());
    let mark = element!("[id]", |element| {
        let id = element.get_attribute("id").unwrap_or_default();
        let id = html_escape::decode_html_entities(&id).into_owned();
        let is_ours = matches!(&*element.tag_name(), "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "section" | "li" | "a");
        if is_ours && body.ids.written.remove(&id) {
            kept.insert(id.clone());
            body.ids.seen.insert(id);
            return Ok(());
        }
        let is_taken = body.ids.written.contains(&id)
            || body.notes.are_used() && is_of_note(&id)
            || body.surroundings.is_reserved_by_pages(&id)
            || !body.ids.seen.insert(id.clone());
        if is_taken && !id.is_empty() {
            let other = unique(body, id.clone());
            element.set_attribute("id", &other)?;
            renamed.entry(id).or_insert_with(|| other.clone());
            body.ids.seen.insert(other);
        } else {
            kept.insert(id);
        }
        Ok(())
    });
    let settings = RewriteStrSettings { element_content_handlers: vec![mark], ..RewriteStrSettings::new() };
    let html = rewrite_str(&html, settings).unwrap_or(html);
    let mut all = body.ids.renamed.clone();
    all.extend(renamed);
    let mut renamed = all;
    renamed.retain(|id, _| !kept.contains(id) && !body.ids.written.contains(id));
    if renamed.is_empty() { html } else { with_references(html, &renamed) }
}

/// The HTML in which what refers to an id refers to the one that has taken its place.
fn with_references(html: String, renamed: &FxHashMap<String, String>) -> String {
    use lol_html::html_content::ContentType;
    use lol_html::{RewriteStrSettings, element, rewrite_str, text};
    let follow = element!("*", |element| {
        let changed: Vec<_> = element
            .attributes()
            .iter()
            .filter_map(|attribute| {
                let value = attribute.value();
                let value = html_escape::decode_html_entities(&value);
                let name = attribute.name();
                Some((referring(&name, &value, renamed)?, name))
            })
            .collect();
        for (value, name) in changed {
            element.set_attribute(&name, &html_escape::encode_double_quoted_attribute(&value))?;
        }
        Ok(())
    });
    let mut sheet = String::new();
    let style = text!("style", move |chunk| {
        sheet.push_str(chunk.as_str());
        if chunk.last_in_text_node() {
            chunk.replace(&in_sheet(&std::mem::take(&mut sheet), renamed), ContentType::Html);
        } else {
            chunk.remove();
        }
        Ok(())
    });
    let settings = RewriteStrSettings { element_content_handlers: vec![follow, style], ..RewriteStrSettings::new() };
    rewrite_str(&html, settings).unwrap_or(html)
}

/// The value of an attribute with other ids; none if it refers to none of them.
fn referring(attribute: &str, value: &str, renamed: &FxHashMap<String, String>) -> Option<String> {
    match attribute {
        "href" | "xlink:href" => {
            let id = value.trim().strip_prefix('#')?;
            let id = percent_encoding::percent_decode_str(id).decode_utf8_lossy();
            renamed.get(&*id).map(|other| format!("#{other}"))
        }
        "for"
        | "form"
        | "headers"
        | "itemref"
        | "list"
        | "popovertarget"
        | "aria-activedescendant"
        | "aria-controls"
        | "aria-describedby"
        | "aria-details"
        | "aria-errormessage"
        | "aria-flowto"
        | "aria-labelledby"
        | "aria-owns" => {
            if !value.split_ascii_whitespace().any(|id| renamed.contains_key(id)) {
                return None;
            }
            let ids = value.split_ascii_whitespace().map(|id| renamed.get(id).map_or(id, String::as_str));
            Some(ids.collect::<Vec<_>>().join(" "))
        }
        _ if value.contains("url(") => Some(in_sheet(value, renamed)).filter(|other| other != value),
        _ => None,
    }
}

/// Rules of style with other ids: `url(#id)` and `#id`.
fn in_sheet(sheet: &str, renamed: &FxHashMap<String, String>) -> String {
    let mut out = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some(at) = rest.find('#') {
        let (before, behind) = rest.split_at(at + 1);
        let end = behind.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(behind.len());
        let (id, after) = behind.split_at(end);
        let in_url = before.trim_end_matches(['#', '"', '\'']).ends_with("url(");
        // A colour is no id.
        let is_color = !in_url && is_color(id);
        out.push_str(before);
        out.push_str(renamed.get(id).filter(|_| !is_color).map_or(id, String::as_str));
        rest = after;
    }
    out + rest
}

fn is_color(id: &str) -> bool {
    matches!(id.len(), 3 | 4 | 6 | 8) && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether an id has the form of those of footnotes: `fn-1`, `fnref-1-2`.
fn is_of_note(id: &str) -> bool {
    let number = id.strip_prefix("fn-").or_else(|| id.strip_prefix("fnref-"));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-'))
}
