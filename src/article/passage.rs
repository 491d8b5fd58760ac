//! Passages in another language: `[mot juste]{lang=fr}`.
//!
//! Not a general syntax for attributes. The one idea: a reader that speaks, a hyphenation and a choice of glyphs all need
//! to know the language of a passage (WCAG 2.2, success criterion 3.1.2), and reporters should not have to
//! write HTML for it. The brackets are found in the events of the parser, so that one passage may hold emphasis, links
//! and other passages; what is escaped stays as it is, and whoever wants plain text sees the words alone.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::calls;

/// An event with its place in the Markdown. One without length is not the writer's: it stands for a mark of ours.
type Spanned<'a> = (Event<'a>, Range<usize>);

/// Whether a text may have such passages, or calls of components: a quick look.
pub fn may_have(text: &str) -> bool {
    may_have_passages(text) || calls::may_have(text)
}

fn may_have_passages(text: &str) -> bool {
    let has = |mark: &str| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some();
    has(MARK) || has(":p>") || has("<![")
}

const MARK: &str = "]{lang=";

/// The longest language tag that is looked for, in bytes.
const LONGEST: usize = 64;

/// A mark in the Markdown, and the HTML that takes its place.
struct Mark {
    range: Range<usize>,
    html: String,
}

/// The events with `span` elements in the place of brackets and language tags, and calls of components in paragraphs of
/// their own.
pub fn resolve<'a>(events: Vec<Spanned<'a>>, markdown: &str) -> Vec<Spanned<'a>> {
    let events = calls::apart(events, markdown);
    if !may_have_passages(markdown) {
        return events;
    }
    let marks = marks(&events, markdown);
    let mut resolved = Vec::with_capacity(events.len() + marks.len() * 2);
    for (event, range) in events {
        match event {
            Event::Text(text) => {
                // A mark begins in one event, and its rest may be in the next ones.
                let mut from = range.start;
                for mark in &marks[marks.partition_point(|mark| mark.range.end <= range.start)..] {
                    if mark.range.start >= range.end {
                        break;
                    }
                    if mark.range.start >= range.start {
                        if mark.range.start > from {
                            let part = markdown[from..mark.range.start].to_owned();
                            resolved.push((Event::Text(part.into()), from..mark.range.start));
                        }
                        let at = mark.range.start;
                        if !mark.html.is_empty() {
                            resolved.push((Event::InlineHtml(mark.html.clone().into()), at..at));
                        }
                    }
                    from = mark.range.end;
                }
                if from == range.start {
                    resolved.push((Event::Text(text), range));
                } else if from < range.end {
                    resolved.push((Event::Text(markdown[from..range.end].to_owned().into()), from..range.end));
                }
            }
            other => resolved.push((other, range)),
        }
    }
    resolved
}

const END: &str = "</span>";

/// The marks of all passages, in their order.
fn marks(events: &[Spanned<'_>], markdown: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    // Brackets that are open: where, and in how many elements.
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut depth = 0usize;
    let mut in_code = false;
    for (event, range) in events {
        in_code = match event {
            Event::Start(tag) => in_code || matches!(tag, Tag::CodeBlock(_)),
            Event::End(tag) => in_code && *tag != TagEnd::CodeBlock,
            _ => in_code,
        };
        match event {
            Event::Start(tag) => {
                depth += 1;
                if !is_inline(tag) {
                    open.clear();
                }
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                while open.pop_if(|(_, level)| *level > depth).is_some() {}
            }
            Event::Text(text) if !in_code && markdown.get(range.clone()) == Some(&**text) => {
                let of_word = text.match_indices('<').map(|(at, _)| range.start + at);
                let of_word = of_word.filter_map(|at| Some(at..at + length_of_word(&markdown[at..])?));
                let of_word = of_word.filter(|range| !is_escaped(markdown, range.start));
                marks.extend(of_word.map(|range| Mark { range, html: String::new() }));
                for (offset, _) in
                    text.match_indices(['[', ']']).filter(|(at, _)| !is_escaped(markdown, range.start + at))
                {
                    let at = range.start + offset;
                    if markdown.as_bytes()[at] == b'[' {
                        open.push((at, depth));
                        continue;
                    }
                    let Some((from, _)) = open.pop_if(|(_, level)| *level == depth) else { continue };
                    if let Some((language, end)) = tag_at(markdown, at).filter(|_| from + 1 < at) {
                        let direction = if crate::locale::is_right_to_left(language) { " dir=\"rtl\"" } else { "" };
                        let html = format!("<span lang=\"{language}\"{direction}>");
                        marks.push(Mark { range: from..from + 1, html });
                        marks.push(Mark { range: at..end, html: END.to_owned() });
                    }
                }
            }
            _ => {}
        }
    }
    marks.sort_by_key(|mark| mark.range.start);
    marks
}

/// The length of what Word leaves in texts that are copied from it and neither Markdown nor HTML knows: `<o:p>` and
/// conditions (`<![if !supportLists]>`). It is nothing that readers see in Word.
fn length_of_word(rest: &str) -> Option<usize> {
    if let Some(tag) = ["<o:p>", "</o:p>", "<o:p/>", "<o:p />"].iter().find(|tag| rest.starts_with(**tag)) {
        return Some(tag.len());
    }
    let inside = rest.strip_prefix("<![").filter(|inside| inside.starts_with("if ") || inside.starts_with("endif]"))?;
    let end = inside.bytes().take(LONGEST).position(|byte| byte == b']')?;
    inside[end..].starts_with("]>").then_some("<![".len() + end + "]>".len())
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. })
}

/// Whether a backslash takes the meaning from the character.
pub(crate) fn is_escaped(markdown: &str, at: usize) -> bool {
    markdown.as_bytes()[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

/// The language (RFC 5646) of the passage whose bracket closes at `at`, and where its tag ends.
fn tag_at(markdown: &str, at: usize) -> Option<(&str, usize)> {
    let rest = markdown[at..].strip_prefix(MARK)?;
    let end = rest.bytes().take(LONGEST).position(|byte| byte == b'}')?;
    let language = rest[..end].trim_matches('"');
    is_tag(language).then_some((language, at + MARK.len() + end + 1))
}

/// Whether it has the form of a language tag: subtags of letters and digits.
pub(super) fn is_tag(tag: &str) -> bool {
    let is_subtag = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    tag.len() >= 2 && tag.split('-').all(is_subtag) && tag.as_bytes()[0].is_ascii_alphabetic()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::headings;
    use pulldown_cmark::{Options, html::push_html};

    fn html(markdown: &str) -> String {
        let events = headings::events(markdown, Options::ENABLE_SMART_PUNCTUATION).collect();
        let mut out = String::new();
        push_html(&mut out, resolve(events, markdown).into_iter().map(|(event, _)| event));
        out.trim_end().to_owned()
    }

    #[test]
    fn a_passage_names_its_language() {
        assert_eq!(
            html("The [mot juste]{lang=fr} and [سلام]{lang=\"ar-EG\"}."),
            "<p>The <span lang=\"fr\">mot juste</span> and <span lang=\"ar-EG\" dir=\"rtl\">سلام</span>.</p>"
        );
        assert_eq!(html("[x]{lang=?} [y]{lang=de}"), "<p>[x]{lang=?} <span lang=\"de\">y</span></p>");
    }

    #[test]
    fn what_word_leaves_in_a_text_is_not_shown() {
        assert_eq!(html("Words<o:p></o:p> here."), "<p>Words here.</p>");
        assert_eq!(html("<![if !supportLists]>1. One<![endif]> and *two<o:p/>*"), "<p>1. One and <em>two</em></p>");
        assert_eq!(html("`<o:p>` \\<o:p>"), "<p><code>&lt;o:p&gt;</code> &lt;o:p&gt;</p>");
        assert_eq!(html("    <o:p>"), "<pre><code>&lt;o:p&gt;</code></pre>");
        assert_eq!(html("a <![CDATA[ b"), "<p>a &lt;![CDATA[ b</p>");
    }

    #[test]
    fn passages_may_be_nested_and_hold_emphasis_and_links() {
        assert_eq!(
            html("[Er sagte [*bonjour*]{lang=fr} [und](/x/) ging]{lang=de}"),
            "<p><span lang=\"de\">Er sagte <span lang=\"fr\"><em>bonjour</em></span> <a href=\"/x/\">und</a> ging</span></p>"
        );
        assert_eq!(html("[a [1] b]{lang=la}"), "<p><span lang=\"la\">a [1] b</span></p>");
        assert_eq!(html("*[a]{lang=la} b*"), "<p><em><span lang=\"la\">a</span> b</em></p>");
        assert_eq!(html("## The [Flâneur]{lang=fr}"), "<h2>The <span lang=\"fr\">Flâneur</span></h2>");
    }

    #[test]
    fn what_is_escaped_or_has_not_the_form_stays_as_it_is() {
        assert_eq!(
            html("\\[x\\]{lang=fr} \\[z]{lang=fr} [y\\]{lang=fr}"),
            "<p>[x]{lang=fr} [z]{lang=fr} [y]{lang=fr}</p>"
        );
        for text in [
            "x]{lang=fr}",
            "[x]{lang=}",
            "[x]{lang=a b}",
            "[]{lang=fr}",
            "[x]{lang=fr",
            "[x] {lang=fr}",
            "[a *b]{lang=fr} c*",
        ] {
            assert!(!html(text).contains("<span"), "{text}: {}", html(text));
        }
        assert_eq!(html("`[x]{lang=fr}`"), "<p><code>[x]{lang=fr}</code></p>");
    }
}
