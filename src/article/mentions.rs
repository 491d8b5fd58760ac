//! Photographs that a text names: those it shows, and those it links to.
//!
//! So the plan knows which copies of which photographs there are before any page is rendered. A text
//! without the ending of a photograph in it is not parsed.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use pulldown_cmark::{Event, Options, Parser, Tag};

use super::record::{Format, Mention};

/// The endings of photographs, whatever their case.
static ENDINGS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build([".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp"])
        .expect("few and short patterns")
});

/// What the Markdown names, in its order, each once.
pub(super) fn of_markdown(markdown: &str) -> Vec<Mention<'static>> {
    let mut mentions = Vec::new();
    if !ENDINGS.is_match(markdown) {
        return mentions;
    }
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_GFM;
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(Tag::Image { dest_url, .. }) => add(&mut mentions, &dest_url, true),
            Event::Start(Tag::Link { dest_url, .. }) => add(&mut mentions, &dest_url, false),
            _ => {}
        }
    }
    // Calls of components stand on lines of their own; which argument is a picture only the theme knows.
    for line in markdown.lines().map(str::trim).filter(|line| line.starts_with("{{") && ENDINGS.is_match(line)) {
        line.split('"').skip(1).step_by(2).for_each(|text| add(&mut mentions, text, true));
    }
    mentions
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

fn add(mentions: &mut Vec<Mention<'static>>, src: &str, is_shown: bool) {
    let path = src.split(['?', '#']).next().unwrap_or_default();
    let is_elsewhere = src.contains("://") || src.starts_with("//") || src.starts_with("data:");
    if is_elsewhere || !Format::of_name(path).is_some_and(Format::is_photographic) {
        return;
    }
    if !mentions.iter().any(|known| &*known.src == path && known.is_shown == is_shown) {
        mentions.push(Mention { src: path.to_owned().into(), is_shown });
    }
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
