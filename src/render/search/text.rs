//! The text of a Markdown body, as readers see it: without marks, addresses, tags and comments.
//!
//! It is read here and not taken from the rendered page, so that the search knows an article from its
//! source alone and renders nothing.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::article::live::time_attribute;
use crate::config::Markdown;
use crate::render::markdown;

/// Calls `found` with each piece of text; a word is never in two pieces. Of live coverage only what stands above
/// the updates, and those of whose `time` `shows` says so.
pub(super) fn of(markdown: &str, settings: Markdown, shows: &dyn Fn(&str) -> bool, mut found: impl FnMut(&str)) {
    let mut depth = 0usize;
    let mut is_withheld = false;
    let mut text = String::new();
    let mut html = String::new();
    let mut is_html = false;
    for event in Parser::new_ext(markdown, markdown::options(settings)) {
        match &event {
            Event::Start(tag) => {
                // As `render/markdown/live` cuts the updates.
                if let (Tag::Heading { attrs, .. }, 0) = (tag, depth)
                    && let Some(time) = time_attribute(attrs)
                {
                    is_withheld = !shows(time);
                }
                depth += 1;
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if is_withheld {
            continue;
        }
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak | Event::FootnoteReference(_) => text.push(' '),
            Event::Start(Tag::HtmlBlock) => is_html = true,
            Event::End(TagEnd::HtmlBlock) => {
                is_html = false;
                found(&of_html(&html));
                html.clear();
            }
            Event::Html(part) if is_html => html.push_str(&part),
            Event::End(end) if is_block(end) && !text.is_empty() => {
                found(&text);
                text.clear();
            }
            _ => {}
        }
    }
    found(&text);
}

fn is_block(end: TagEnd) -> bool {
    !matches!(
        end,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
    )
}

/// The text of a block of HTML, as archives of WordPress have it: no comments, scripts and styles.
fn of_html(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        text.push(' ');
        rest = &rest[at..];
        let skipped = ["script", "style", "template"].into_iter().find(|name| begins(&rest[1..], name));
        let end = if rest.starts_with("<!--") {
            rest.find("-->").map(|at| at + 3)
        } else if let Some(name) = skipped {
            let close = rest.char_indices().find(|(at, c)| {
                *c == '<' && begins(rest[at + 1..].trim_start_matches('/'), name) && rest[at + 1..].starts_with('/')
            });
            close.and_then(|(at, _)| rest[at..].find('>').map(|end| at + end + 1))
        } else {
            rest.find('>').map(|at| at + 1)
        };
        match end {
            Some(end) => rest = &rest[end..],
            None => return html_escape::decode_html_entities(&text).into_owned(),
        }
    }
    text.push_str(rest);
    html_escape::decode_html_entities(&text).into_owned()
}

fn begins(text: &str, name: &str) -> bool {
    text.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name))
        && text[name.len()..].starts_with(|c: char| !c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(markdown: &str) -> Vec<String> {
        let mut all = Vec::new();
        of(markdown, Markdown::default(), &|_| true, |text| all.extend(text.split_whitespace().map(str::to_owned)));
        all
    }

    #[test]
    fn marks_and_addresses_are_no_text() {
        let markdown = "# A head\n\nSome *em*phasis, [a link](https://hidden.example \"no\") and `code`.[^1]\n\n\
            ![a picture](x.jpg)\n\n| one | two |\n|---|---|\n| three | four |\n\n[^1]: A note.\n";
        assert_eq!(
            text(markdown).join(" "),
            "A head Some emphasis, a link and code. a picture one two three four A note."
        );
    }

    #[test]
    fn of_html_only_what_is_seen_is_text() {
        let markdown = "<div class=\"no\">Seen &amp; heard\n<!-- a secret > here -->\n<b>bold</b></div>\n\n\
            <script>\nlet hidden = '<b>';\n</script>\n\n<!-- an\n\nother secret -->\n\nEnd <i>inside</i> <!-- third --> it.\n";
        assert_eq!(text(markdown).join(" "), "Seen & heard bold End inside it.");
    }

    #[test]
    fn calls_of_components_are_no_text() {
        assert_eq!(text("Before.\n\n{{ <video src=\"hidden.mp4\" /> }}\n\nAfter."), ["Before.", "{{", "}}", "After."]);
    }
}
