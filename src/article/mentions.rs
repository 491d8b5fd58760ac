//! Files of the site that a text names: those it shows, and those it links to.
//!
//! So the plan knows before any page is rendered which copies of which photographs there are, and which files
//! beside articles are published. A text in which nothing looks like the name of a file is not parsed.

use pulldown_cmark::{Event, Options, Parser, Tag};
use rustc_hash::FxHashSet;

use super::record::{LiveUpdate, Mention};
use crate::source::is_markdown_name;

/// The files that the Markdown names, in its order, each once.
pub(super) fn of_markdown(markdown: &str) -> Vec<Mention<'static>> {
    let mut mentions = Vec::new();
    if may_name_files(markdown) {
        each(markdown, |_, src, is_shown| add(&mut mentions, src, is_shown));
    }
    keep_first(&mut mentions);
    mentions
}

/// Bytes of the longest path that is looked for.
const LONGEST_PATH: usize = 1024;

/// Whether something in the text looks like the name of a file of the site: `a.pdf` at the end of an address or a
/// line, but neither an address elsewhere nor another Markdown file.
fn may_name_files(markdown: &str) -> bool {
    let bytes = markdown.as_bytes();
    memchr::memchr_iter(b'.', bytes).any(|dot| {
        let Some(ending) = ending_at(bytes, dot) else { return false };
        let is_end = bytes.get(dot + 1 + ending.len()).is_none_or(|byte| {
            byte.is_ascii_whitespace() || matches!(byte, b')' | b'"' | b'\'' | b'`' | b'>' | b'?' | b'#')
        });
        is_end && !is_markdown_name(&markdown[dot..dot + 1 + ending.len()]) && {
            let starts = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'(' | b'"' | b'\'' | b'<' | b'=');
            let from = dot.saturating_sub(LONGEST_PATH);
            let start = match bytes[from..dot].iter().rposition(starts) {
                Some(at) => from + at + 1,
                None if from > 0 => return false,
                None => 0,
            };
            start < dot && !is_elsewhere(&markdown[start..dot])
        }
    })
}

/// What stands behind a dot, if it can be the ending of a file: up to eight letters and digits, not all of them
/// digits.
fn ending_at(bytes: &[u8], dot: usize) -> Option<&[u8]> {
    let rest = &bytes[dot + 1..];
    let length = rest.iter().take(9).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let ending = &rest[..length];
    ((1..=8).contains(&length) && ending.iter().any(u8::is_ascii_alphabetic)).then_some(ending)
}

fn is_elsewhere(src: &str) -> bool {
    src.contains("://") || src.starts_with("//") || src.starts_with("data:") || src.starts_with("mailto:")
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
        add(update.map_or(&mut introduction, |update| &mut updates[update].mentions), src, is_shown);
    });
    updates.iter_mut().for_each(|update| keep_first(&mut update.mentions));
    keep_first(&mut introduction);
    introduction
}

/// Whether a line calls a component.
fn is_call(line: &str) -> bool {
    // Calls stand in list items and quotations too.
    let is_marker = |c: char| c.is_whitespace() || c.is_ascii_digit() || matches!(c, '-' | '*' | '+' | '>' | '.' | ')');
    line.trim_start_matches(is_marker).starts_with("{{")
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
                let html = html_escape::decode_html_entities(&html);
                html.split(['"', '\'']).for_each(|text| found(range.start, text, false));
                // Attributes need no quotes.
                let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '=' | ',');
                html.split(is_end).for_each(|text| found(range.start, text, false));
            }
            _ => {}
        }
    }
    // Calls of components stand on lines of their own; which argument is a file only the theme knows. So does the
    // path of a recording, film or document that is to be shown.
    let mut at = 0;
    for line in markdown.split_inclusive('\n') {
        if is_call(line) {
            line.split(['"', '\'', '`']).for_each(|text| found(at, text, true));
        } else if !line.trim().contains(char::is_whitespace) {
            found(at, line.trim(), true);
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
    keep_first(mentions);
}

/// Leaves out what is mentioned in the same way further up.
fn keep_first(mentions: &mut Vec<Mention<'static>>) {
    let mut seen = FxHashSet::default();
    mentions.retain(|one| seen.insert((one.src.clone(), one.is_shown)));
}

/// Adds a file of whatever kind, unless it is elsewhere or looks like something else.
pub(super) fn add(mentions: &mut Vec<Mention<'static>>, src: &str, is_shown: bool) {
    let is_file = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        name.rfind('.').is_some_and(|dot| {
            let ending = ending_at(name.as_bytes(), dot);
            ending.is_some_and(|ending| dot + 1 + ending.len() == name.len() && !is_markdown_name(&name[dot..]))
        })
    };
    // `Quay #2.jpg` may be the name of a file; `a.jpg?v=1.2b` has a query.
    let plain = src.split(['?', '#']).next().unwrap_or_default();
    let path = if is_file(src) && !src.contains('=') { src } else { plain };
    if is_file(path) && !is_elsewhere(src) && path.len() <= LONGEST_PATH && !path.contains(['\n', '<', '>', '=']) {
        mentions.push(Mention { src: path.to_owned().into(), is_shown });
    }
}

#[cfg(test)]
mod tests {
    use super::of_markdown;

    #[test]
    fn shown_and_linked_files_are_told_apart() {
        let text = "![A](a.JPG) and [all of it](<big one.png>)\n\n{{ <photo src=\"/b.webp\" alt=\"b.jpg is not here.\" /> }}\n\n![far](https://x.example/c.png) ![again](a.JPG)";
        let mentions = of_markdown(text);
        let seen: Vec<_> = mentions.iter().map(|one| (&*one.src, one.is_shown)).collect();
        assert_eq!(seen, [("a.JPG", true), ("big one.png", false), ("/b.webp", true)]);
        assert_eq!(of_markdown("![drawn](a.svg)").len(), 1);
        let odd = of_markdown("![q](<Quay #2.jpg>) ![q](a.jpg?v=1.2b) [p](<100% sure?.pdf>) [p](b.pdf#page=2)");
        let seen: Vec<_> = odd.iter().map(|one| &*one.src).collect();
        assert_eq!(seen, ["Quay #2.jpg", "a.jpg", "100% sure?.pdf", "b.pdf"]);
    }

    #[test]
    fn a_file_is_named_however_a_link_to_it_is_written() {
        for text in [
            "See [it](a/report.pdf).",
            "See [it](a/report.pdf \"Title\") now.",
            "See [it](<a/report.pdf>).",
            "See [it](a/report.pdf#page=2).",
            "See [it][1].\n\n[1]: a/report.pdf",
            "See <a href=\"a/report.pdf\">it</a>.",
            "See <a href='a/report.pdf'>it</a>.",
            "See <a class=x href=a/report.pdf>it</a>.",
            "<object\n data=\"a/report.pdf\"></object>",
            "{{ <document title=\"It's\" src=\"a/report.pdf\" /> }}",
            "{{ <document src='a/report.pdf' /> }}",
            "Words.\n\na/report.pdf\n\nWords.",
        ] {
            let mentions = of_markdown(text);
            assert!(mentions.iter().any(|one| &*one.src == "a/report.pdf"), "{text}: {mentions:?}");
        }
    }

    #[test]
    fn prose_and_links_elsewhere_name_no_files() {
        for text in [
            "At 3.5 percent, e.g. at 5 p.m. (and so on.)",
            "See [it](https://x.example/a/report.pdf) and https://x.example/b.zip now.",
            "See [it](other.md) and [it](/local/tunnel/).",
            "Write to <mailto:a@b.example>.",
            "The end.\n",
        ] {
            assert!(!super::may_name_files(text), "{text}");
        }
    }
}
