//! Files of the site that a source names: those that its text shows, those it links to, and those whose names are
//! written anywhere in it.
//!
//! So the plan knows before any page is rendered which copies of which photographs there are, and which files
//! beside articles are published. A text in which nothing looks like the name of a file is not parsed.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use rustc_hash::FxHashSet;

use super::record::{Entry, Image, LiveUpdate, Mention, Naming, Text};
use crate::file_kind::is_shown_ending;
use crate::file_kind::medium_of_file;
use crate::html::{Token, tokens};
use crate::site_path::own_path;
use crate::source_name::is_markdown_name;

/// The files that the Markdown names, in its order, each once.
pub(super) fn of_markdown(markdown: &str, base_url: &str) -> Vec<Mention<'static>> {
    let mut mentions = Vec::new();
    if may_name_files(markdown, base_url) {
        each(markdown, |_, src, how| add(&mut mentions, src, how, base_url));
    }
    keep_first(&mut mentions);
    mentions
}

/// Bytes of the longest path that is looked for.
const LONGEST_PATH: usize = 1024;

/// Whether something in the text looks like the name of a file of the site: `a.pdf` at the end of an address or a
/// line, but neither an address elsewhere nor another Markdown file.
fn may_name_files(markdown: &str, base_url: &str) -> bool {
    let bytes = markdown.as_bytes();
    memchr::memchr_iter(b'.', bytes).any(|dot| {
        let Some(ending) = ending_at(bytes, dot) else { return false };
        let after = bytes.get(dot + 1 + ending.len());
        let is_end = after.is_none_or(|byte| {
            byte.is_ascii_whitespace() || matches!(byte, b')' | b'"' | b'\'' | b'`' | b'>' | b'?' | b'#')
        });
        let is_behind_address = matches!(after, Some(b',' | b';' | b'.' | b'*'));
        (is_end || is_behind_address) && !is_markdown_name(&markdown[dot..dot + 1 + ending.len()]) && {
            let starts = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'(' | b'"' | b'\'' | b'<' | b'=');
            let from = dot.saturating_sub(LONGEST_PATH);
            let start = match bytes[from..dot].iter().rposition(starts) {
                Some(at) => from + at + 1,
                None if from > 0 => return false,
                None => 0,
            };
            let name = &markdown[start..dot];
            let is_named = !name.is_empty() && is_end && !is_elsewhere(name);
            is_named || name.contains("//") && address_in(name).is_some_and(|url| own_path(base_url, url).is_some())
        }
    })
}

/// The absolute address with which a word ends.
fn address_in(word: &str) -> Option<&str> {
    let host = word.rfind("//")?;
    let scheme = word[..host].trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ':');
    Some(&word[scheme.len()..])
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

/// The files that live coverage names, each where it stands: in the introduction, which is given back, or in one of
/// the updates. `starts` is where these begin in the Markdown, in their order.
pub(super) fn of_coverage(
    markdown: &str,
    updates: &mut [LiveUpdate<'static>],
    starts: &[usize],
    base_url: &str,
) -> Vec<Mention<'static>> {
    let mut introduction = Vec::new();
    each(markdown, |at, src, how| {
        let update = starts.partition_point(|start| *start <= at).checked_sub(1);
        add(update.map_or(&mut introduction, |update| &mut updates[update].mentions), src, how, base_url);
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

/// Calls `found` with everything that readers of the Markdown see or can follow: where that stands, what it is, and how
/// it is named. What only writers see, as comments, names nothing.
fn each(markdown: &str, mut found: impl FnMut(usize, &str, Naming)) {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_GFM;
    // Where no lines of text are: code and HTML.
    let mut blocks: Vec<Range<usize>> = Vec::new();
    let mut html = String::new();
    let mut depth = 0usize;
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        match &event {
            Event::Start(Tag::Image { dest_url, .. }) => found(range.start, dest_url, Naming::Shown),
            Event::Start(Tag::Link { dest_url, .. }) => found(range.start, dest_url, Naming::Linked),
            Event::Start(Tag::HtmlBlock | Tag::CodeBlock(_)) => blocks.push(range.clone()),
            Event::Html(part) => html.push_str(part),
            Event::End(TagEnd::HtmlBlock) => {
                of_html(&std::mem::take(&mut html), |src| found(range.start, src, Naming::Linked));
            }
            Event::InlineHtml(comment) if comment.starts_with("<!--") => blocks.push(range.clone()),
            Event::InlineHtml(tag) if !is_call(&markdown[line_start(markdown, range.start)..]) => {
                of_html(tag, |src| found(range.start, src, Naming::Linked));
            }
            // The path of a recording, film or document alone in a paragraph is shown.
            Event::Start(Tag::Paragraph) if depth == 0 => {
                let text = markdown[range.clone()].trim();
                let path = text.split(['?', '#']).next().unwrap_or_default();
                if !text.contains(char::is_whitespace) && medium_of_file(path).is_some() {
                    found(range.start, text, Naming::Shown);
                }
            }
            _ => {}
        }
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    let mut blocks = blocks.into_iter().peekable();
    let mut at = 0;
    for line in markdown.split_inclusive('\n') {
        let first = at + line.len() - line.trim_start().len();
        while blocks.next_if(|block| block.end <= first).is_some() {}
        if blocks.peek().is_none_or(|block| first < block.start) {
            // Calls of components stand on lines of their own; which argument is a file only the theme knows.
            if is_call(line) {
                line.split(['"', '\'', '`']).for_each(|text| found(at, text, Naming::Shown));
                if line.contains("](") {
                    each_in_argument(line, |src, how| found(at, src, how));
                }
            } else if line.contains("//") {
                // Bare addresses become links.
                let is_behind = |c: char| c.is_ascii_punctuation() && c != '/';
                let addresses = line.split_whitespace().filter_map(address_in);
                addresses.for_each(|url| found(at, url.trim_end_matches(is_behind), Naming::Linked));
            }
        }
        at += line.len();
    }
}

/// Calls `found` with everything that Markdown in an argument of a component names, and how.
fn each_in_argument(call: &str, mut found: impl FnMut(&str, Naming)) {
    let arguments = call.split_once('<').map_or(call, |(_, rest)| rest).replace('`', " ");
    for event in Parser::new(&arguments) {
        match event {
            Event::Start(Tag::Image { dest_url, .. }) => found(&dest_url, Naming::Shown),
            Event::Start(Tag::Link { dest_url, .. }) => found(&dest_url, Naming::Linked),
            _ => {}
        }
    }
}

/// Calls `found` with what the attributes of HTML have, and the strings in its scripts and styles. No copies are made for
/// HTML; the file itself is what it names.
fn of_html(html: &str, mut found: impl FnMut(&str)) {
    if !html.contains('.') && !html.contains('&') {
        return;
    }
    let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ',' | ';' | '(' | ')' | '=');
    let mut is_code = false;
    for token in tokens(html) {
        match token {
            Token::Start(name, attributes) => {
                is_code = matches!(&*name, "script" | "style");
                for (_, value) in &attributes {
                    found(value);
                    value.split(is_end).filter(|part| part.len() < value.len()).for_each(&mut found);
                }
            }
            Token::End(_) => is_code = false,
            Token::Text(code) if is_code => code.split(is_end).for_each(&mut found),
            Token::Text(_) => {}
        }
    }
}

/// Adds what keys that courant does not know name: a theme may show it.
pub(super) fn add_of_extra(
    mentions: &mut Vec<Mention<'static>>,
    extra: &serde_json::Map<String, serde_json::Value>,
    base_url: &str,
) {
    fn walk(value: &serde_json::Value, found: &mut impl FnMut(&str, Naming)) {
        match value {
            serde_json::Value::String(text) => {
                found(text, Naming::Shown);
                text.split(',')
                    .filter(|part| part.len() < text.len())
                    .for_each(|part| found(part.trim(), Naming::Shown));
                if text.contains("](") {
                    each(text, |_, src, how| found(src, how));
                }
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
            serde_json::Value::Object(map) => map.values().for_each(|item| walk(item, found)),
            _ => {}
        }
    }
    extra.values().for_each(|value| walk(value, &mut |text, how| add(mentions, text, how, base_url)));
    keep_first(mentions);
}

/// Leaves out what is mentioned in the same way further up.
fn keep_first(mentions: &mut Vec<Mention<'static>>) {
    let mut seen = FxHashSet::default();
    mentions.retain(|one| seen.insert((one.src.clone(), one.how)));
}

/// Adds a file of whatever kind, unless it is elsewhere or looks like something else.
pub(super) fn add(mentions: &mut Vec<Mention<'static>>, src: &str, how: Naming, base_url: &str) {
    let is_file = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        name.rfind('.').is_some_and(|dot| {
            let ending = ending_at(name.as_bytes(), dot);
            ending.is_some_and(|ending| dot + 1 + ending.len() == name.len() && !is_markdown_name(&name[dot..]))
        })
    };
    // No copies are made for an address of the site: the file itself is what it names.
    let (src, how) = match is_elsewhere(src).then(|| own_path(base_url, src)) {
        None => (own_path(base_url, src).unwrap_or(src), how),
        Some(Some(own)) => (own, Naming::Linked),
        Some(None) => return,
    };
    // `Quay #2.jpg` may be the name of a file; `a.jpg?v=1.2b` has a query.
    let plain = src.split(['?', '#']).next().unwrap_or_default();
    let path = if is_file(src) && !src.contains('=') { src } else { plain };
    if is_file(path) && path.len() <= LONGEST_PATH && !path.contains(['\n', '<', '>', '=']) {
        mentions.push(Mention { src: path.to_owned().into(), how });
    }
}

/// Adds what is written in the file `whole` besides.
pub(super) fn add_written(
    mentions: &mut Vec<Mention<'static>>,
    image: Option<&Image<'_>>,
    whole: &str,
    base_url: &str,
) {
    let known = mentions.iter().map(|one| &*one.src).chain(image.map(|image| &*image.src));
    let written = written(whole, base_url, &known.collect());
    mentions.extend(written.into_iter().map(|(_, src)| Mention { src, how: Naming::Written }));
}

/// The same for an article, whose updates begin in `text` at `starts`. That has the lines of the file `whole`.
pub(super) fn add_written_of_entry(
    entry: &mut Entry<'static>,
    (text, whole): (&str, &str),
    starts: &[usize],
    base_url: &str,
) {
    let of_updates = entry.updates.iter().flat_map(|update| &update.mentions);
    let of_corrections = entry.corrections.iter().flat_map(|correction| &correction.mentions);
    let known = entry.mentions.iter().chain(of_updates).chain(of_corrections).map(|one| &*one.src);
    let written = written(whole, base_url, &known.chain(entry.image.iter().map(|image| &*image.src)).collect());
    if written.is_empty() {
        return;
    }
    let in_whole = |at: &usize| {
        let line = memchr::memchr_iter(b'\n', &text.as_bytes()[..*at]).count();
        memchr::memchr_iter(b'\n', whole.as_bytes()).nth(line.wrapping_sub(1)).map_or(0, |end| end + 1)
    };
    let starts: Vec<usize> = starts.iter().map(in_whole).collect();
    for (at, src) in written {
        let update = starts.partition_point(|start| *start <= at).checked_sub(1);
        let mentions = update.map_or(&mut entry.mentions, |update| &mut entry.updates[update].mentions);
        mentions.push(Mention { src, how: Naming::Written });
    }
}

/// The pieces of a file that end like the name of a file that pages show, and where: each begins with its line or
/// behind a quote, since names may have blanks and brackets. Left out are those that end with a path that is `known`.
fn written(whole: &str, base_url: &str, known: &FxHashSet<&str>) -> Vec<(usize, Text<'static>)> {
    let bytes = whole.as_bytes();
    let mut seen = FxHashSet::default();
    let mut all = Vec::new();
    for dot in memchr::memchr_iter(b'.', bytes) {
        let Some(ending) = ending_at(bytes, dot).filter(|ending| is_shown_ending(ending)) else { continue };
        let end = dot + 1 + ending.len();
        let from = whole.floor_char_boundary(dot.saturating_sub(LONGEST_PATH));
        let is_start = |byte: &u8| matches!(byte, b'\n' | b'"' | b'<' | b'>' | b'`');
        let start = bytes[from..dot].iter().rposition(is_start).map_or(from, |at| from + at + 1);
        let piece = whole[start..end].trim_start();
        // An address without blanks is of the site or elsewhere.
        let scheme = piece.rfind("//").filter(|at| !piece[*at..].contains(char::is_whitespace));
        let piece = match scheme.and_then(|_| address_in(piece)) {
            Some(address) => match own_path(base_url, address) {
                Some(path) => path,
                None => continue,
            },
            None => piece,
        };
        let is_around = |c: char| matches!(c, '(' | '\'' | '=');
        let last = piece.rsplit(is_around).next().unwrap_or_default();
        let value = last.rsplit_once(": ").map_or(last, |(_, value)| value);
        let is_known = |path: &str| known.contains(path) || known.contains(path.trim());
        if !is_known(last) && !is_known(value) && seen.insert(piece) {
            all.push((start, Text::from(piece.to_owned())));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::record::{Mention, Naming};
    use super::{add_written, may_name_files};

    const BASE_URL: &str = "https://paper.example/blog";

    fn of_markdown(markdown: &str) -> Vec<Mention<'static>> {
        super::of_markdown(markdown, BASE_URL)
    }

    #[test]
    fn shown_and_linked_files_are_told_apart() {
        let text = "![A](a.JPG) and [all of it](<big one.png>)\n\n{{ <photo src=\"/b.webp\" alt=\"b.jpg is not here.\" /> }}\n\n![far](https://x.example/c.png) ![again](a.JPG)";
        let mentions = of_markdown(text);
        let seen: Vec<_> = mentions.iter().map(|one| (&*one.src, one.how)).collect();
        let (shown, linked) = (Naming::Shown, Naming::Linked);
        assert_eq!(seen, [("a.JPG", shown), ("big one.png", linked), ("/b.webp", shown)]);
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
            assert!(!may_name_files(text, BASE_URL), "{text}");
        }
    }

    #[test]
    fn what_only_writers_see_names_no_files() {
        for text in [
            "<!-- notes in secret.docx -->",
            "<!--\n\nsecret.docx\n\n\"secret.docx\"\n-->",
            "Words <!-- [x](secret.docx) \"secret.docx\" --> and words.",
            "```\nsecret.docx\nsecret.pdf\n{{ <document src=\"secret.docx\" /> }}\n```",
            "Words.\n\n    secret.docx\n    secret.pdf",
            "Words.\n\nsecret.docx\n\nWords `secret.docx`.",
            "<p>\nsecret.docx\n</p>",
            "- secret.pdf",
            "https://elsewhere.example/secret.docx",
        ] {
            assert!(of_markdown(text).is_empty(), "{text}: {:?}", of_markdown(text));
        }
    }

    #[test]
    fn an_absolute_address_of_the_site_names_its_file() {
        for text in [
            "[x](https://paper.example/blog/a/b.pdf)",
            "![x](https://PAPER.example/blog/a/b.pdf)",
            "See https://paper.example/blog/a/b.pdf.",
            "<a href=\"//paper.example/blog/a/b.pdf\">",
        ] {
            let seen: Vec<_> = of_markdown(text).iter().map(|one| (one.src.to_string(), one.how)).collect();
            assert_eq!(seen, [("/a/b.pdf".to_owned(), Naming::Linked)], "{text}");
        }
    }

    #[test]
    fn html_names_files_in_all_its_attributes() {
        for text in [
            "<div style=\"background:url(a.png)\">",
            "<img srcset=\"b.png 1x, a.png 2x\">",
            "<style>\np { background: url('a.png') }\n</style>",
            "<script>load(\"a.png\")</script>",
        ] {
            assert!(of_markdown(text).iter().any(|one| &*one.src == "a.png"), "{text}");
        }
    }

    #[test]
    fn what_is_written_is_kept_only_if_it_is_not_known_otherwise() {
        let written = |text: &str| {
            let mut mentions = of_markdown(text);
            add_written(&mut mentions, None, text, BASE_URL);
            let written = mentions.into_iter().filter(|one| one.how == Naming::Written);
            written.map(|one| one.src.to_string()).collect::<Vec<_>>()
        };
        for text in [
            "![a](a.png) <img src='b.png'> <a href=c.pdf> ![d](https://x.example/d.png)",
            "[1]: a.png\n\n![a][1]",
            "In 3.5 days, e.g. in Node or in notes.docx",
        ] {
            assert_eq!(written(text), [""; 0], "{text}");
        }
        assert_eq!(
            written("image: a b.png\n\n`c.png`\n<!-- https://paper.example/blog/d.png"),
            ["image: a b.png", "c.png", "/d.png"]
        );
    }
}
