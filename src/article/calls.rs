//! Calls of components in Markdown: `{{ <video src="…" /> }}` on a line of its own.
//!
//! The parser takes such a line for words of the paragraph or list item around it. The one idea: among the events the
//! line gets a paragraph of its own, so that nobody has to look for it within another.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::passage::is_escaped;

type Spanned<'a> = (Event<'a>, Range<usize>);

/// Whether there may be calls in a text: a quick look.
pub fn may_have(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), b"{{").is_some()
}

/// The name of the component that a line calls: `video` for `{{ <video src="…" /> }}`.
pub fn component_name(line: &str) -> Option<&str> {
    let inside = line.strip_prefix("{{")?.strip_suffix("}}")?.trim();
    let inside = inside.strip_prefix('<')?.strip_suffix("/>")?;
    let end =
        inside.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))).unwrap_or(inside.len());
    (end > 0 && inside.starts_with(|c: char| c.is_ascii_alphabetic())).then(|| &inside[..end])
}

/// The events with each line that is a call in a paragraph of its own.
pub fn apart<'a>(events: Vec<Spanned<'a>>, markdown: &str) -> Vec<Spanned<'a>> {
    if !may_have(markdown) {
        return events;
    }
    let mut apart = Vec::with_capacity(events.len() + 8);
    // What stands between two boundaries of blocks.
    let mut run = Vec::new();
    for (event, range) in events {
        if !is_block_boundary(&event) {
            run.push((event, range));
            continue;
        }
        let has_ended = end_run(&mut apart, std::mem::take(&mut run), markdown);
        if !(has_ended && matches!(event, Event::End(TagEnd::Paragraph))) {
            apart.push((event, range));
        }
    }
    apart.append(&mut run);
    apart
}

/// Puts the words of a block in their place. Returns whether they were cut, and so end all paragraphs that they are in.
fn end_run<'a>(apart: &mut Vec<Spanned<'a>>, run: Vec<Spanned<'a>>, markdown: &str) -> bool {
    let is_call = |line: &[Spanned<'_>]| {
        let range = whole(line);
        let text = markdown[range.clone()].trim();
        !text.contains('\n') && component_name(text).is_some() && !is_escaped(markdown, range.start)
    };
    let is_break = |event: &Event<'_>| matches!(event, Event::SoftBreak | Event::HardBreak);
    let mut depth = 0usize;
    let lines: Vec<&[Spanned<'a>]> = run
        .split_inclusive(|(event, _)| {
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && is_break(event)
        })
        .collect();
    let words = |line: &'_ [Spanned<'a>]| line.iter().rposition(|(event, _)| !is_break(event)).map_or(0, |at| at + 1);
    let may_be_cut = matches!(apart.last(), Some((event, _)) if !matches!(
        event,
        Event::Start(Tag::Heading { .. } | Tag::TableCell | Tag::CodeBlock(_) | Tag::HtmlBlock) | Event::Html(_)
    ));
    if !may_be_cut || !lines.iter().any(|line| is_call(&line[..words(line)])) {
        apart.extend(run);
        return false;
    }
    let in_paragraph = apart.pop_if(|(event, _)| matches!(event, Event::Start(Tag::Paragraph))).is_some();
    let mut add = |events: &[Spanned<'a>], in_paragraph: bool| {
        let events = &events[..words(events)];
        if events.is_empty() {
            return;
        }
        let range = whole(events);
        apart.extend(in_paragraph.then(|| (Event::Start(Tag::Paragraph), range.clone())));
        apart.extend_from_slice(events);
        apart.extend(in_paragraph.then_some((Event::End(TagEnd::Paragraph), range)));
    };
    let mut from = 0;
    let mut at = 0;
    for line in lines {
        let next = at + line.len();
        if is_call(&line[..words(line)]) {
            add(&run[from..at], in_paragraph);
            add(line, true);
            from = next;
        }
        at = next;
    }
    add(&run[from..], in_paragraph);
    true
}

/// The place of some events.
fn whole(events: &[Spanned<'_>]) -> Range<usize> {
    let start = events.first().map_or(0, |(_, range)| range.start);
    start..events.iter().map(|(_, range)| range.end).max().unwrap_or(start)
}

/// Whether no text of a paragraph goes on beyond the event.
pub fn is_block_boundary(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => {
            !matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. })
        }
        Event::End(tag) => {
            !matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image)
        }
        Event::Html(_) | Event::Rule => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Options, Parser};

    use super::*;

    #[test]
    fn only_whole_calls_are_components() {
        assert_eq!(component_name(r#"{{ <video src="a" /> }}"#), Some("video"));
        assert_eq!(component_name("{{<a.b/>}}"), Some("a.b"));
        for other in ["{{ video }}", "{{ <video> }}", "x {{ <video /> }}", "{{ <3 /> }}", "{% raw %}"] {
            assert_eq!(component_name(other), None, "{other}");
        }
    }

    #[test]
    fn a_line_that_calls_a_component_gets_a_paragraph_of_its_own() {
        let paragraphs = |markdown: &str| {
            let events = Parser::new_ext(markdown, Options::ENABLE_TABLES).into_offset_iter().collect();
            let apart = apart(events, markdown);
            let depth = apart.iter().fold(0, |depth, (event, _)| match event {
                Event::Start(_) => depth + 1,
                Event::End(_) => depth - 1,
                _ => depth,
            });
            assert_eq!(depth, 0, "{markdown}: what begins ends");
            let starts = apart.into_iter().filter(|(event, _)| matches!(event, Event::Start(Tag::Paragraph)));
            starts.map(|(_, range)| markdown[range].trim_end().to_owned()).collect::<Vec<_>>()
        };
        let call = r#"{{ <a b="*c" d={1} /> }}"#;
        assert_eq!(paragraphs(&format!("One\n{call}\ntwo *x*\nthree")), ["One", call, "two *x*\nthree"]);
        assert_eq!(paragraphs(&format!("{call}\n  {call}\ntwo")), [call, call, "two"]);
        assert_eq!(paragraphs(&format!("One  \n{call}  \ntwo")), ["One", call, "two"]);
        assert_eq!(paragraphs(&format!("> One\n> {call}\n> two")), ["One", call, "two"]);
        assert_eq!(paragraphs(&format!("- one\n  {call}\n- {call}\n  two")), [call, call]);
        for whole in [format!("One {call}\ntwo"), format!("One\n\\{call}\ntwo"), format!("*One\n{call}\ntwo*")] {
            assert_eq!(paragraphs(&whole), [&*whole]);
        }
        for none in [format!("## {call}"), format!("<div>\n{call}\n</div>"), format!("| a |\n| - |\n| {call} |")] {
            assert!(paragraphs(&none).is_empty(), "{none}");
        }
    }
}
