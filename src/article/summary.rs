//! Plain text from Markdown: the first paragraph as a summary, the first heading as a title.
//!
//! Only the head of a body is parsed: a summary never needs the rest.

use pulldown_cmark::{BrokenLink, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use super::fields::plain_line;
use super::passage;

/// How much of a body is looked at for its first paragraph.
const HEAD_BYTES: usize = 16 * 1024;

/// Characters of a summary made from a paragraph; it ends at a sentence or a word.
const SUMMARY_CHARACTERS: usize = 300;

/// The first paragraph as plain text, cut at a sentence or word; empty if there is none.
pub fn first_paragraph(markdown: &str) -> String {
    let head = before_more(head(markdown));
    let mut text = String::new();
    let mut depth = 0usize;
    let mut skipped = 0usize;
    for event in events(head) {
        match event {
            Event::Start(Tag::Paragraph) if skipped == 0 => depth += 1,
            Event::Start(
                Tag::BlockQuote(_)
                | Tag::FootnoteDefinition(_)
                | Tag::Table(_)
                | Tag::List(_)
                | Tag::Image { .. }
                | Tag::HtmlBlock,
            ) => skipped += 1,
            Event::End(
                TagEnd::BlockQuote(_)
                | TagEnd::FootnoteDefinition
                | TagEnd::Table
                | TagEnd::List(_)
                | TagEnd::Image
                | TagEnd::HtmlBlock,
            ) => skipped = skipped.saturating_sub(1),
            Event::End(TagEnd::Paragraph) if depth > 0 => {
                depth -= 1;
                let line = plain_line(&passage::words(&without_notes(&text)));
                if !line.is_empty() && !line.starts_with("{{") && !is_address(&line) {
                    return cut(&line);
                }
                text.clear();
            }
            Event::Text(part) | Event::Code(part) if depth > 0 && skipped == 0 => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak if depth > 0 => text.push(' '),
            _ => {}
        }
    }
    String::new()
}

/// Whether a paragraph is an address alone: that of a film, which says nothing about the article.
fn is_address(line: &str) -> bool {
    (line.starts_with("https://") || line.starts_with("http://")) && !line.contains(' ')
}

/// The text of a heading of level 1 that the body begins with.
pub fn first_heading(markdown: &str) -> Option<String> {
    let mut text = None;
    for event in events(head(markdown)) {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => text = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => break,
            Event::Text(part) | Event::Code(part) => text.as_mut()?.push_str(&part),
            Event::Start(_) if text.is_none() => return None,
            _ => {}
        }
    }
    text.map(|text| plain_line(&passage::words(&text))).filter(|text| !text.is_empty())
}

/// An excerpt of a WordPress or Hugo archive may hold HTML or Markdown: its words.
pub fn without_markup(text: &str) -> String {
    if !text.contains(['<', '*', '_', '`', '[']) {
        return text.to_owned();
    }
    let mut words = String::new();
    for event in events(text) {
        match event {
            Event::Text(part) | Event::Code(part) => words.push_str(&part),
            Event::Html(html) => words.push_str(&without_tags(&html)),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph) => words.push(' '),
            _ => {}
        }
    }
    plain_line(&words)
}

/// HTML without its tags.
pub fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => inside = false,
            _ if !inside => text.push(c),
            _ => {}
        }
    }
    text
}

/// The part before `<!--more-->`, which archives use to mark the excerpt.
fn before_more(markdown: &str) -> &str {
    match markdown.find("<!--more-->").or_else(|| markdown.find("<!-- more -->")) {
        Some(at) if !markdown[..at].trim().is_empty() => &markdown[..at],
        _ => markdown,
    }
}

/// Without references to footnotes, which are text where their definition is cut off.
fn without_notes(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("[^") {
        let Some(end) = rest[at..].find(']').filter(|end| !rest[at..at + end].contains(char::is_whitespace)) else {
            break;
        };
        kept.push_str(&rest[..at]);
        rest = &rest[at + end + 1..];
    }
    kept + rest
}

fn head(markdown: &str) -> &str {
    let mut end = markdown.len().min(HEAD_BYTES);
    // Most first paragraphs end early: a blank line behind some text is a good place to stop.
    if let Some(start) = markdown.find(|c: char| c.is_alphanumeric()) {
        let near = markdown[start..].find("\n\n").map_or(end, |at| start + at);
        if near < end
            && !markdown[..near]
                .trim_start()
                .starts_with(['#', '>', '<', '!', '|', '-', '*', '+', '`', '~', '{', '[', '='])
            && !markdown[..near].trim_start().starts_with("http")
        {
            end = near;
        }
    }
    while !markdown.is_char_boundary(end) {
        end -= 1;
    }
    &markdown[..end]
}

/// Events of Markdown in which every link with a reference is a link: the definitions may be cut off.
fn events(markdown: &str) -> impl Iterator<Item = Event<'_>> {
    let any = |link: BrokenLink<'_>| match link.link_type {
        LinkType::Reference | LinkType::Collapsed => Some((CowStr::from(""), CowStr::from(""))),
        _ => None,
    };
    Parser::new_with_broken_link_callback(
        markdown,
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH,
        Some(any),
    )
}

fn cut(line: &str) -> String {
    let Some((end, _)) = line.char_indices().nth(SUMMARY_CHARACTERS) else { return line.to_owned() };
    let head = &line[..end];
    if let Some(at) = head.rfind(['.', '!', '?', '。']).filter(|at| *at > end / 2) {
        let stop = at + head[at..].chars().next().map_or(1, char::len_utf8);
        return head[..stop].to_owned();
    }
    let stop = head.rfind(' ').unwrap_or(end);
    format!("{}…", head[..stop].trim_end_matches([',', ';', ':', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_is_the_first_paragraph_in_plain_words() {
        assert_eq!(
            first_paragraph("## Head\n\n![x](a.jpg)\n\nOne *two* [three][3] `four`\nfive.[^1]\n\nSix."),
            "One two three four five."
        );
        assert_eq!(first_paragraph("Intro.<!--more-->\n\nRest."), "Intro.");
        assert_eq!(first_paragraph("https://a.example/film\n\nText.\n\nMore."), "Text.");
        assert_eq!(first_paragraph("https://a.example/film shows it.\n\nText."), "https://a.example/film shows it.");
        assert_eq!(first_paragraph("{{ <video src=\"x\" /> }}\n\nText."), "Text.");
        assert_eq!(first_paragraph(""), "");
    }

    #[test]
    fn a_long_paragraph_ends_at_a_sentence_or_a_word() {
        let sentence = format!("{} end. {}", "word ".repeat(45), "more ".repeat(40));
        assert!(first_paragraph(&sentence).ends_with("end."));
        let words = "word ".repeat(100);
        let summary = first_paragraph(&words);
        assert!(summary.ends_with("word…") && summary.chars().count() <= SUMMARY_CHARACTERS + 1);
    }

    #[test]
    fn only_a_leading_heading_is_a_title() {
        assert_eq!(first_heading("# A `b` c\n\nText"), Some("A b c".into()));
        assert_eq!(first_heading("Text\n\n# A"), None);
    }
}
