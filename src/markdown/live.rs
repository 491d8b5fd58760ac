//! Live updates: headings of the body with a time, each with what stands below it, newest first.
//!
//! What stands before the first one stays in front. An update later than the newest visible one is
//! withheld: nothing of it is written.

use std::ops::Range;

use jiff::tz::TimeZone;
use pulldown_cmark::{Event, Tag, TagEnd};
use serde::Serialize;

use super::{Body, Spanned, TocEntry, attribute, footnotes, ids, matching_end, plain_text, raw};
use crate::article::live::{KEY_EVENT, author_attribute, time_attribute, time_of};
use crate::article::summary::without_tags;
use crate::article::time::Timestamp;
use crate::diagnostic::Diagnostic;

/// The live coverage that a body belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Coverage<'a> {
    /// The zone of times without an offset.
    pub zone: &'a TimeZone,
    /// When it begins: on that day times are shown without a date.
    pub start: Timestamp,
    /// The moment of the newest visible update.
    pub newest: Option<Timestamp>,
}

/// Who wrote an update.
#[derive(Clone, Debug, Serialize)]
pub struct Byline {
    /// The name as readers see it.
    pub name: String,
    /// The address of the author's page, if there is one.
    pub url: Option<String>,
}

/// A rendered update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// Its anchor in the page.
    pub id: String,
    /// When it was published.
    pub time: Timestamp,
    /// Its heading, plain text.
    pub title: String,
    /// Who wrote it, if that is said.
    pub author: Option<String>,
    /// Whether it is one of the key events, which are listed above the updates.
    pub is_key: bool,
    /// What stands below the heading, HTML.
    pub html: String,
}

impl Update {
    /// What stands below the heading, plain text on one line.
    pub fn text(&self) -> String {
        words(&self.html)
    }
}

/// What is said in some HTML on one line, without players, styles and the numbers of footnotes.
pub fn words(html: &str) -> String {
    let html = super::embed::without_unread(html);
    crate::text::plain_line(&without_tags(&without_notes(&html)))
}

/// HTML without the numbers of footnotes, which stand elsewhere.
fn without_notes(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("<sup class=\"footnote-ref\">") {
        kept.push_str(&rest[..at]);
        rest = rest[at..].find("</sup>").map_or("", |end| &rest[at + end + "</sup>".len()..]);
    }
    kept + rest
}

/// An update among the events: its heading's moment, and where its events are.
struct Part {
    time: Timestamp,
    events: std::ops::Range<usize>,
}

/// Passes the events of live coverage on: the introduction, then the visible updates.
pub(super) fn live<'a>(body: &mut Body<'a>, events: &[Spanned<'a>], coverage: Coverage<'_>) -> String {
    let mut parts = parts(events, coverage.zone);
    let intro = parts.first().map_or(events.len(), |part| part.events.start);
    parts.retain(|part| coverage.newest.is_some_and(|newest| part.time <= newest));
    // Of two updates of one minute the one that stands first in the file stays first.
    parts.sort_by_key(|part| std::cmp::Reverse(part.time));
    // The older one of two updates was linked to first, so it keeps its anchor.
    let oldest_first = parts.iter().rev().map(|part| &events[part.events.clone()]);
    ids::register(body, &std::iter::once(&events[..intro]).chain(oldest_first).collect::<Vec<_>>());
    body.blocks(&events[..intro]);
    let mut html = raw::sealed(body, 0);
    if !parts.is_empty() {
        let mut updates = String::new();
        for part in parts {
            update(body, &events[part.events], part.time, coverage);
            updates.push_str(&raw::sealed(body, 0));
        }
        html.push_str(&key_events(body, coverage));
        html.push_str(&format!("<div class=\"live-updates\">\n{updates}</div>\n"));
    }
    footnotes::write_notes(body);
    html + &raw::sealed(body, 0)
}

/// The list of key events, each a link to its update; empty if no update is one.
fn key_events(body: &Body<'_>, coverage: Coverage<'_>) -> String {
    let items: String = body.rendered.updates.iter().filter(|update| update.is_key).fold(
        String::new(),
        |items, Update { id, time, title, .. }| {
            let (moment, shown) = shown_time(body, *time, coverage);
            let (id, title) = (attribute(id), html_escape::encode_text(title));
            format!("{items}<li><a href=\"#{id}\"><time datetime=\"{moment}\">{shown}</time> {title}</a></li>\n")
        },
    );
    if items.is_empty() {
        return items;
    }
    let label = body.surroundings.text("key_events", "Key events");
    let (name, words) = (attribute(&label), html_escape::encode_text(&label));
    format!(
        "<nav class=\"live-key\" aria-label=\"{name}\">\n<p aria-hidden=\"true\">{words}</p>\n<ol>\n{items}</ol>\n</nav>\n"
    )
}

/// A moment for machines, and as readers see it: without the date on the first day.
fn shown_time(body: &Body<'_>, time: Timestamp, coverage: Coverage<'_>) -> (String, String) {
    let moment = time.rfc3339(coverage.zone);
    let is_first_day = time.day(coverage.zone) == coverage.start.day(coverage.zone);
    let shown = body.surroundings.date(&moment, if is_first_day { "time" } else { "datetime" });
    (moment, html_escape::encode_text(&shown).into_owned())
}

/// Writes who wrote an update below its heading, and gives the name. A name that nobody has is not printed.
fn author_of_update(body: &mut Body<'_>, given: &str, heading: &Range<usize>) -> Option<String> {
    let Byline { name, url } = match body.surroundings.author(given) {
        Ok(byline) => byline,
        Err(nearest) => {
            let cure = || format!("add the profile `content/authors/{given}.md`, or take `author=` out");
            let hint = nearest.map_or_else(cure, |nearest| format!("did you mean `{nearest}`?"));
            let told = Diagnostic::warning(format!("there is no author `{given}`, so the update has no byline"));
            let place = body.place(heading);
            body.rendered.diagnostics.push(told.at(place).hint(hint));
            return None;
        }
    };
    let shown = html_escape::encode_text(&name);
    let shown = match url {
        Some(url) => format!("<a href=\"{}\" rel=\"author\">{shown}</a>", attribute(&url)),
        None => shown.into_owned(),
    };
    let by = body.surroundings.text("by", "By");
    let line = format!("<p class=\"live-author\">{} {shown}</p>\n", html_escape::encode_text(&by));
    body.out.push(Event::Html(line.into()));
    Some(name)
}

fn update<'a>(body: &mut Body<'a>, events: &[Spanned<'a>], time: Timestamp, coverage: Coverage<'_>) {
    let Some((Event::Start(Tag::Heading { level, classes, attrs, .. }), range)) = events.first() else {
        unreachable!("a part begins with its heading")
    };
    let end = matching_end(events, 1);
    let title = crate::text::plain_line(&plain_text(&events[1..end]));
    let level = body.level(*level);
    let id = ids::id_of_heading(body, range.start);
    body.rendered.toc.push(TocEntry { level: level as u8, id: id.clone(), title: title.clone() });
    let anchor = attribute(&id).into_owned();
    let (moment, shown) = shown_time(body, time, coverage);
    let is_key = classes.iter().any(|class| &**class == KEY_EVENT);
    body.out.push(Event::Html(format!("<section class=\"live-update\" id=\"{anchor}\">\n").into()));
    body.out.push(Event::Start(Tag::Heading {
        level,
        id: None,
        classes: classes.clone(),
        attrs: crate::article::headings::shown(attrs),
    }));
    let time_link =
        format!("<a class=\"live-time\" href=\"#{anchor}\"><time datetime=\"{moment}\">{shown}</time></a> ");
    body.out.push(Event::InlineHtml(time_link.into()));
    body.blocks(&events[1..end]);
    body.out.push(Event::End(TagEnd::Heading(level)));
    let author = author_attribute(attrs).and_then(|name| author_of_update(body, name, range));
    let from = body.out.len();
    body.blocks(&events[(end + 1).min(events.len())..]);
    // The page around the update looks at its ids once more.
    let known = body.ids.known();
    let html = raw::sealed(body, from);
    body.ids.restore(known);
    body.out.push(Event::Html(html.clone().into()));
    body.out.push(Event::Html("</section>\n".into()));
    body.rendered.updates.push(Update { id, time, title, author, is_key, html });
}

/// The updates among the events, in their order.
fn parts(events: &[Spanned<'_>], zone: &TimeZone) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut depth = 0usize;
    for (at, (event, _)) in events.iter().enumerate() {
        match event {
            Event::Start(tag) => {
                if depth == 0
                    && let Tag::Heading { attrs, .. } = tag
                    // A wrong time is an error of stage 2 already.
                    && let Some(Ok(time)) = time_attribute(attrs).map(|text| time_of(text, zone))
                {
                    if let Some(last) = parts.last_mut() {
                        last.events.end = at;
                    }
                    parts.push(Part { time, events: at..events.len() });
                }
                depth += 1;
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    parts
}
