//! Photographs that a text names: those it shows, and those it links to. Of live coverage, files of every kind.
//!
//! So the plan knows which copies of which photographs there are before any page is rendered. A text
//! without the ending of a photograph in it is not parsed.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use pulldown_cmark::{Event, Options, Parser, Tag};

use super::record::{Format, LiveUpdate, Mention};

/// The endings of photographs, whatever their case.
static ENDINGS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build([".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp"])
        .expect("few and short patterns")
});

/// The photographs that the Markdown names, in its order, each once.
pub(super) fn of_markdown(markdown: &str) -> Vec<Mention<'static>> {
    let mut mentions = Vec::new();
    if ENDINGS.is_match(markdown) {
        each(markdown, |_, src, is_shown| add(&mut mentions, src, is_shown));
    }
    mentions
}

/// The files of the site that live coverage names, each where it stands: in the introduction, which is given back, or
/// in one of the updates. `starts` is where these begin in the Markdown, in their order.
pub(super) fn of_coverage(
    markdown: &str,
    updates: &mut [LiveUpdate<'static>],
    starts: &[usize],
) -> Vec<Mention<'static>> {
    let mut introduction = Vec::new();
    each(markdown, |at, src, is_shown| {
        let update = starts.partition_point(|start| *start <= at).checked_sub(1);
        add_file(update.map_or(&mut introduction, |update| &mut updates[update].mentions), src, is_shown);
    });
    introduction
}

/// Whether a line calls a component.
fn is_call(line: &str) -> bool {
    line.trim_start().starts_with("{{")
}

fn line_start(markdown: &str, at: usize) -> usize {
    markdown[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// Calls `found` with everything that the Markdown names: where that stands, what it is, and whether it is shown.
fn each(markdown: &str, mut found: impl FnMut(usize, &str, bool)) {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_GFM;
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        match event {
            Event::Start(Tag::Image { dest_url, .. }) => found(range.start, &dest_url, true),
            Event::Start(Tag::Link { dest_url, .. }) => found(range.start, &dest_url, false),
            // No copies are made for HTML; the file itself is what it names.
            Event::Html(html) | Event::InlineHtml(html) if !is_call(&markdown[line_start(markdown, range.start)..]) => {
                html.split(['"', '\'']).skip(1).step_by(2).for_each(|text| found(range.start, text, false));
            }
            _ => {}
        }
    }
    // Calls of components stand on lines of their own; which argument is a file only the theme knows.
    let mut at = 0;
    for line in markdown.split_inclusive('\n') {
        if is_call(line) {
            line.split('"').skip(1).step_by(2).for_each(|text| found(at, text, true));
        }
        at += line.len();
    }
}

/// Adds what keys that courant does not know name: a theme may show it.
pub(super) fn add_of_extra(mentions: &mut Vec<Mention<'static>>, extra: &serde_json::Map<String, serde_json::Value>) {
    fn walk(mentions: &mut Vec<Mention<'static>>, value: &serde_json::Value) {
        match value {
            serde_json::Value::String(text) => add(mentions, text, true),
            serde_json::Value::Array(items) => items.iter().for_each(|item| walk(mentions, item)),
            serde_json::Value::Object(map) => map.values().for_each(|item| walk(mentions, item)),
            _ => {}
        }
    }
    extra.values().for_each(|value| walk(mentions, value));
}

/// Adds a photograph.
fn add(mentions: &mut Vec<Mention<'static>>, src: &str, is_shown: bool) {
    let path = src.split(['?', '#']).next().unwrap_or_default();
    if Format::of_name(path).is_some_and(Format::is_photographic) {
        add_file(mentions, src, is_shown);
    }
}

/// Adds a file of whatever kind, unless it is elsewhere.
fn add_file(mentions: &mut Vec<Mention<'static>>, src: &str, is_shown: bool) {
    let path = src.split(['?', '#']).next().unwrap_or_default();
    let is_elsewhere = src.contains("://") || src.starts_with("//") || src.starts_with("data:");
    let has_ending = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    if is_elsewhere || !has_ending || mentions.iter().any(|known| &*known.src == path && known.is_shown == is_shown) {
        return;
    }
    mentions.push(Mention { src: path.to_owned().into(), is_shown });
}

#[cfg(test)]
mod tests {
    use super::of_markdown;

    #[test]
    fn shown_and_linked_photographs_are_told_apart() {
        let text = "![A](a.JPG) and [all of it](<big one.png>)\n\n{{ <photo src=\"/b.webp\" alt=\"b.jpg is not here.\" /> }}\n\n![far](https://x.example/c.png) ![again](a.JPG)";
        let mentions = of_markdown(text);
        let seen: Vec<_> = mentions.iter().map(|one| (&*one.src, one.is_shown)).collect();
        assert_eq!(seen, [("a.JPG", true), ("big one.png", false), ("/b.webp", true)]);
        assert!(of_markdown("![drawn](a.svg)").is_empty());
    }
}
