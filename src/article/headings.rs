//! The attributes in braces at the end of a heading: `## Costs {#costs .wide}`, `{lang=fr}`, `{time=2026-11-23T14:05}`.
//!
//! The parser takes whatever stands there for attributes. A headline such as `## Müller {CDU}` would lose its words, and
//! others would get attributes that hide it or run scripts. So this reads them in its place: a list that consists of
//! what is known here is one, and all else stays text.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, OffsetIter, Options, Parser, Tag, TagEnd};

use super::passage::{is_escaped, is_tag};

/// The events of Markdown with their places; headings have the attributes that are known here.
pub fn events(markdown: &str, options: Options) -> Events<'_> {
    let has_braces = memchr::memchr(b'{', markdown.as_bytes()).is_some();
    Events { inner: Parser::new_ext(markdown, options).into_offset_iter(), markdown, has_braces, end: None }
}

/// An iterator over events.
pub struct Events<'a> {
    inner: OffsetIter<'a>,
    markdown: &'a str,
    has_braces: bool,
    /// Where the words of the heading end that is being read.
    end: Option<usize>,
}

impl<'a> Iterator for Events<'a> {
    type Item = (Event<'a>, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        if !self.has_braces {
            return self.inner.next();
        }
        loop {
            let (event, range) = self.inner.next()?;
            match (event, self.end) {
                (Event::Start(Tag::Heading { level, .. }), _) => {
                    let mut heading = (None, Vec::new(), Vec::new());
                    if let Some((at, list)) = list_at_end(self.markdown, &range) {
                        self.end = Some(at);
                        heading = list;
                    }
                    let (id, classes, attrs) = heading;
                    return Some((Event::Start(Tag::Heading { level, id, classes, attrs }), range));
                }
                (end @ Event::End(TagEnd::Heading(_)), _) => {
                    self.end = None;
                    return Some((end, range));
                }
                (_, Some(end)) if range.start >= end => {}
                (Event::Text(_), Some(end)) if range.end >= end => {
                    let words = self.markdown[range.start..end].trim_end();
                    if !words.is_empty() {
                        return Some((Event::Text(words.into()), range.start..range.start + words.len()));
                    }
                }
                (other, _) => return Some((other, range)),
            }
        }
    }
}

/// An id, classes and other attributes.
type List<'a> = (Option<CowStr<'a>>, Vec<CowStr<'a>>, Vec<(CowStr<'a>, Option<CowStr<'a>>)>);

/// The list at the end of a heading, and where it begins.
fn list_at_end<'a>(markdown: &'a str, heading: &Range<usize>) -> Option<(usize, List<'a>)> {
    let text = markdown[heading.clone()].trim_end();
    // A heading of more than one line is underlined.
    let words = text.rsplit_once('\n').map_or(text, |(words, _)| words.trim_end());
    let inside = words.strip_suffix('}')?;
    let open = inside.rfind('{')?;
    let (at, inside) = (heading.start + open, &inside[open + 1..]);
    let is_passage = inside.starts_with("lang=") && words[..open].ends_with(']');
    if is_passage || is_escaped(markdown, at) || inside.contains(['}', '<', '>', '\\', '\n']) {
        return None;
    }
    Some((at, list(inside)?))
}

/// Parses the list; `None` if it contains anything unknown. Unknown words beside a `time` are kept, because live coverage
/// refuses them.
fn list(inside: &str) -> Option<List<'_>> {
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/'))
    };
    let has_time = inside.split_ascii_whitespace().any(|word| word.starts_with("time="));
    let (mut id, mut classes, mut attributes) = (None, Vec::new(), Vec::new());
    for word in inside.split_ascii_whitespace() {
        let pair = word.split_once('=');
        if let Some(name) = word.strip_prefix('#').filter(|name| is_name(name)) {
            id = Some(name.into());
        } else if let Some(name) = word.strip_prefix('.').filter(|name| is_name(name)) {
            classes.push(name.into());
        } else if let Some(language) =
            pair.filter(|(name, _)| *name == "lang").map(|(_, value)| value.trim_matches('"')).filter(|tag| is_tag(tag))
        {
            attributes.push(("lang".into(), Some(language.into())));
            if crate::locale::is_right_to_left(language) {
                attributes.push(("dir".into(), Some("rtl".into())));
            }
        } else if has_time {
            attributes.push(pair.map_or((word.into(), None), |(name, value)| (name.into(), Some(value.into()))));
        } else {
            return None;
        }
    }
    (id.is_some() || !classes.is_empty() || !attributes.is_empty()).then_some((id, classes, attributes))
}

/// The attributes that are written into the page.
pub fn shown<'a>(attributes: &[(CowStr<'a>, Option<CowStr<'a>>)]) -> Vec<(CowStr<'a>, Option<CowStr<'a>>)> {
    attributes.iter().filter(|(name, _)| matches!(&**name, "lang" | "dir")).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pulldown_cmark::html::push_html;

    fn html(markdown: &str) -> String {
        let events = events(markdown, Options::ENABLE_SMART_PUNCTUATION | Options::ENABLE_STRIKETHROUGH);
        let mut out = String::new();
        push_html(&mut out, events.map(|(event, _)| event));
        out.trim_end().to_owned()
    }

    #[test]
    fn known_attributes_are_read_and_leave_the_words() {
        for (markdown, expected) in [
            ("## Costs {#costs .wide}", "<h2 id=\"costs\" class=\"wide\">Costs</h2>"),
            ("## *Costs* {#_costs_}  ", "<h2 id=\"_costs_\"><em>Costs</em></h2>"),
            ("## Größe {#größe}", "<h2 id=\"größe\">Größe</h2>"),
            ("## “Who?” {.a .b-c}", "<h2 class=\"a b-c\">“Who?”</h2>"),
            ("## Titre {lang=fr}", "<h2 lang=\"fr\">Titre</h2>"),
            ("## سلام {lang=\"ar-EG\"}", "<h2 lang=\"ar-EG\" dir=\"rtl\">سلام</h2>"),
            ("## The [Flâneur]{lang=fr} {#x}", "<h2 id=\"x\">The [Flâneur]{lang=fr}</h2>"),
            ("## A {b} {#c}", "<h2 id=\"c\">A {b}</h2>"),
            ("Two\nlines {#x}\n===", "<h1 id=\"x\">Two\nlines</h1>"),
            ("> Quoted {#x}\n> ---", "<blockquote>\n<h2 id=\"x\">Quoted</h2>\n</blockquote>"),
            ("- ## Item {#x}", "<ul>\n<li>\n<h2 id=\"x\">Item</h2>\n</li>\n</ul>"),
            ("## {#x}", "<h2 id=\"x\"></h2>"),
        ] {
            assert_eq!(html(markdown), expected, "{markdown}");
        }
    }

    #[test]
    fn all_else_in_braces_stays_text() {
        for words in [
            "Müller {CDU}",
            "Kids {aged 3, 4}",
            "Format {x}",
            "f(x) = {x}",
            "A {b} {c}",
            "Rooms {hidden}",
            "Price {id=content}",
            "Seats {onmouseover=alert(1)}",
            "Seats {#a onclick=b}",
            "Boxes {style=color:red}",
            "Objects {}",
            "Space and {time}",
            "Deep {{x}}",
            "Line {#a b}",
            "Titre {lang=?}",
        ] {
            assert_eq!(html(&format!("## {words}")), format!("<h2>{words}</h2>"));
            assert_eq!(html(&format!("{words}\n---")), format!("<h2>{words}</h2>"));
        }
        assert_eq!(html("## See {*b*}"), "<h2>See {<em>b</em>}</h2>");
        assert_eq!(html("## Escaped \\{#x}"), "<h2>Escaped {#x}</h2>");
        assert_eq!(html("## Code `{#x}`"), "<h2>Code <code>{#x}</code></h2>");
    }
}
