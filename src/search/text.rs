//! The text of a Markdown body, as readers see it: without marks, addresses, tags and comments.
//!
//! It is read here and not taken from the rendered page, so that the search knows an article from its
//! source alone and renders nothing.

use html5ever::LocalName;
use pulldown_cmark::{CowStr, Event, Tag, TagEnd};
use rustc_hash::FxHashMap;

use crate::article::headings;
use crate::article::live::time_attribute;
use crate::config::Markdown;
use crate::html::{Token, tokens};
use crate::markdown;

/// Calls `found` with each piece of text; a word is never in two pieces. Of live coverage only what stands above
/// the updates, and those of whose `time` `shows` says so; of footnotes those to which something leads that is seen; of
/// bare addresses the host, since pages leave out those that lead to something withheld.
pub(crate) fn of(markdown: &str, settings: Markdown, shows: &dyn Fn(&str) -> bool, mut found: impl FnMut(&str)) {
    let has_addresses =
        ["://", "www."].iter().any(|mark| memchr::memmem::find(markdown.as_bytes(), mark.as_bytes()).is_some());
    let mut found = |text: &str| if has_addresses { found(&with_hosts_alone(text)) } else { found(text) };
    let mut depth = 0usize;
    let mut is_withheld = false;
    let mut text = String::new();
    let mut html = String::new();
    let mut is_html = false;
    let mut hidden = Hidden::default();
    let mut notes = Notes::default();
    for (event, _) in headings::events(markdown, markdown::options(settings)) {
        match &event {
            Event::Start(tag) => {
                // As `markdown/live` cuts the updates.
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
            Event::Text(part) | Event::Code(part) if !hidden.is_open() => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::FootnoteReference(name) => {
                text.push(' ');
                if !hidden.is_open() {
                    notes.lead_to(name.to_lowercase().into());
                }
            }
            Event::Start(Tag::HtmlBlock) => is_html = true,
            Event::End(TagEnd::HtmlBlock) => {
                is_html = false;
                hidden.read(&std::mem::take(&mut html), &mut text);
                hidden.end_block();
                notes.add(std::mem::take(&mut text), &mut found);
            }
            Event::Html(part) if is_html => html.push_str(&part),
            // A call of a component is no element.
            Event::InlineHtml(tag) if !text.trim_end().ends_with("{{") => hidden.read(&tag, &mut text),
            Event::Start(Tag::FootnoteDefinition(name)) => notes.open = Some(name.to_lowercase().into()),
            Event::End(end) if is_block(end) => {
                if !text.is_empty() {
                    notes.add(std::mem::take(&mut text), &mut found);
                }
                if end == TagEnd::FootnoteDefinition {
                    notes.open = None;
                }
            }
            _ => {}
        }
    }
    found(&text);
    notes.finish(found);
}

/// A text in which an address is its host alone.
fn with_hosts_alone(text: &str) -> String {
    let (mut shown, mut from) = (String::with_capacity(text.len()), 0);
    for (range, _) in markdown::bare_addresses(text) {
        let address = &text[range.clone()];
        let host = address.find("://").map_or(0, |at| at + "://".len());
        let end = address[host..].find(['/', '?', '#']).map_or(address.len(), |length| host + length);
        shown.push_str(&text[from..range.start + end]);
        from = range.end;
    }
    shown + &text[from..]
}

/// The footnotes: the page has those that something leads to.
#[derive(Default)]
struct Notes<'m> {
    /// The one that is being read.
    open: Option<CowStr<'m>>,
    /// The text of each, and those that it leads to.
    all: FxHashMap<CowStr<'m>, (Vec<String>, Vec<CowStr<'m>>)>,
    /// Those that the text itself leads to.
    seen: Vec<CowStr<'m>>,
}

impl<'m> Notes<'m> {
    fn lead_to(&mut self, name: CowStr<'m>) {
        match &self.open {
            Some(note) => self.all.entry(note.clone()).or_default().1.push(name),
            None => self.seen.push(name),
        }
    }

    /// Adds a piece of text, which is found if it stands in no note.
    fn add(&mut self, text: String, found: &mut impl FnMut(&str)) {
        match &self.open {
            Some(note) => self.all.entry(note.clone()).or_default().0.push(text),
            None => found(&text),
        }
    }

    fn finish(mut self, mut found: impl FnMut(&str)) {
        while let Some(name) = self.seen.pop() {
            let Some((texts, next)) = self.all.remove(&name) else { continue };
            texts.iter().for_each(|text| found(text));
            self.seen.extend(next);
        }
    }
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

/// What HTML does not show, over the pieces in which it stands in Markdown.
#[derive(Default)]
struct Hidden {
    /// The element that is not shown, and how many of its name are open.
    open: Option<(LocalName, usize)>,
}

impl Hidden {
    fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Reads a piece of HTML, and adds its text.
    fn read(&mut self, html: &str, text: &mut String) {
        for token in tokens(html) {
            match token {
                Token::Text(part) if self.open.is_none() => text.push_str(&part),
                Token::Text(_) => {}
                Token::Start(name, attributes) => {
                    self.open.take_if(|(open, _)| &**open == "p" && *open == name);
                    match &mut self.open {
                        Some((open, count)) if *open == name => *count += 1,
                        Some(_) => {}
                        None if hides(&name, &attributes) => self.open = Some((name, 1)),
                        None if is_apart(&name) => text.push(' '),
                        None => {}
                    }
                }
                Token::End(name) => {
                    if let Some((open, count)) = &mut self.open {
                        *count -= usize::from(*open == name);
                        self.open.take_if(|(_, count)| *count == 0);
                    } else if is_apart(&name) {
                        text.push(' ');
                    }
                }
            }
        }
    }

    /// Ends a block of HTML: the next paragraph ends one in it.
    fn end_block(&mut self) {
        self.open.take_if(|(open, _)| &**open == "p");
    }
}

/// Whether browsers show nothing of what is in an element.
fn hides(name: &str, attributes: &[(LocalName, String)]) -> bool {
    let has = |wanted: &str| attributes.iter().any(|(name, _)| &**name == wanted);
    let is_styled = |(name, value): &(LocalName, String)| {
        let plain: String = value.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
        &**name == "style" && (plain.contains("display:none") || plain.contains("visibility:hidden"))
    };
    match name {
        "script" | "style" | "template" | "title" | "iframe" | "noembed" | "noframes" | "datalist" => true,
        "dialog" => !has("open"),
        // They have no content.
        "area" | "base" | "br" | "col" | "embed" | "hr" | "img" | "input" | "link" | "meta" | "source" | "track"
        | "wbr" => false,
        _ => has("hidden") || attributes.iter().any(is_styled),
    }
}

/// Whether an element parts words.
fn is_apart(name: &str) -> bool {
    !matches!(
        name,
        "a" | "abbr"
            | "b"
            | "bdi"
            | "bdo"
            | "cite"
            | "code"
            | "del"
            | "dfn"
            | "em"
            | "i"
            | "ins"
            | "kbd"
            | "mark"
            | "q"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "u"
            | "var"
            | "wbr"
            | "font"
    )
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
            ![an image](x.jpg)\n\n| one | two |\n|---|---|\n| three | four |\n\n[^1]: A note.\n";
        assert_eq!(
            text(markdown).join(" "),
            "A head Some emphasis, a link and code. an image one two three four A note."
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

    #[test]
    fn what_the_page_does_not_show_is_no_text() {
        for markdown in [
            "Seen.\n\n[^1]: Secret.",
            "Seen.\n\n[^1]: Secret.[^2]\n\n[^2]: Secret.[^1]",
            "Seen. <template>Secret</template>",
            "Seen.\n\n<template>\n\nSecret **words**\n\n</template>",
            "Seen.\n\n<p hidden>Secret</p>",
            "Seen.\n\n<div hidden><div>Secret</div>\n\nSecret\n\n</div>",
            "Seen.\n\n<p hidden>Secret",
            "Seen. <span hidden>Secret [^1]</span>\n\n[^1]: Secret.",
            "Seen. <span style=\"display: none\">Secret</span>",
            "Seen.\n\n<iframe>Secret</iframe><dialog>Secret</dialog>",
        ] {
            assert_eq!(text(markdown).join(" ").trim(), "Seen.", "{markdown}");
        }
        assert_eq!(text("A.[^1] B.\n\n[^1]: C.[^2]\n\n[^2]: D.").join(" "), "A. B. C. D.");
        assert_eq!(text("<p hidden>Secret\n<p>Seen</p>\n\nSeen.").join(" "), "Seen Seen.");
        assert_eq!(text("<div hidden>Secret</div>\n\n<div>S<b>ee</b>n</div>").join(" "), "Seen");
    }

    #[test]
    fn a_note_to_which_only_a_withheld_update_leads_is_no_text() {
        let markdown = "Intro.\n\n[^1]: Secret.\n\n## Late {time=2030-01-01}\n\nLate.[^1]\n";
        let mut all = String::new();
        of(markdown, Markdown::default(), &|_| false, |text| all.push_str(text));
        assert_eq!(all.trim(), "Intro.");
    }
}
