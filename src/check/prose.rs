//! The Markdown of a file as the rules see it: its links and pictures, each with its place.
//!
//! Rendering forgets where things stood; here nothing is rendered. The same parser with the same options,
//! so both see the same links.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd};

use crate::config::Markdown;
use crate::render::markdown::{component_name, options};

/// A link in the text.
#[derive(Debug)]
pub(super) struct Link<'t> {
    /// As it is written.
    pub(super) dest: CowStr<'t>,
    /// Its bytes in the file.
    pub(super) range: Range<usize>,
}

/// A picture in the text.
#[derive(Debug)]
pub(super) struct Shown<'t> {
    /// As it is written.
    pub(super) src: CowStr<'t>,
    /// Caption and credit.
    pub(super) title: CowStr<'t>,
    /// Whether there are words for those who do not see it.
    pub(super) has_alt: bool,
    /// Whether it stands alone in its paragraph, and so is a figure.
    pub(super) is_figure: bool,
    /// Its bytes in the file.
    pub(super) range: Range<usize>,
}

/// What a file's Markdown contains.
#[derive(Debug, Default)]
pub(super) struct Prose<'t> {
    pub(super) links: Vec<Link<'t>>,
    pub(super) pictures: Vec<Shown<'t>>,
    /// Whether there is HTML in it.
    pub(super) has_html: bool,
    /// Where the Markdown begins in the file.
    pub(super) start: usize,
}

impl<'t> Prose<'t> {
    /// Reads the Markdown of `text` from the byte `start`.
    pub(super) fn of(text: &'t str, start: usize, settings: Markdown) -> Self {
        let start = text.floor_char_boundary(start.min(text.len()));
        let mut prose = Self { start, ..Self::default() };
        let mut paragraph: Option<(Range<usize>, usize)> = None;
        // Whether it calls components; looked at once, however much HTML there is in it.
        let mut is_call: Option<bool> = None;
        let mut picture: Option<Shown<'t>> = None;
        // What else than a picture stands in the paragraph.
        let mut others = 0usize;
        for (event, range) in Parser::new_ext(&text[start..], options(settings)).into_offset_iter() {
            let range = start + range.start..start + range.end;
            if let Some(shown) = &mut picture {
                match event {
                    Event::Text(words) | Event::Code(words) => shown.has_alt |= !words.trim().is_empty(),
                    Event::End(TagEnd::Image) => prose.pictures.extend(picture.take()),
                    _ => {}
                }
                continue;
            }
            match event {
                Event::Start(Tag::Paragraph) => {
                    paragraph = Some((range, prose.pictures.len()));
                    is_call = None;
                    others = 0;
                }
                Event::End(TagEnd::Paragraph) => {
                    if let Some((_, first)) = paragraph.take()
                        && others == 0
                        && prose.pictures.len() == first + 1
                    {
                        prose.pictures[first].is_figure = true;
                    }
                }
                Event::Start(Tag::Link { dest_url, .. }) => prose.links.push(Link { dest: dest_url, range }),
                Event::Start(Tag::Image { dest_url, title, .. }) => {
                    picture = Some(Shown { src: dest_url, title, has_alt: false, is_figure: false, range });
                }
                Event::Html(_) | Event::InlineHtml(_) => {
                    let calls = || paragraph.as_ref().is_some_and(|(range, _)| is_component_call(&text[range.clone()]));
                    prose.has_html |= !*is_call.get_or_insert_with(calls);
                    others += 1;
                }
                Event::End(TagEnd::Link) => {}
                _ => others += 1,
            }
        }
        prose
    }
}

/// Whether the paragraph consists of component calls.
pub(super) fn is_component_call(paragraph: &str) -> bool {
    let mut lines = paragraph.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    lines.peek().is_some() && lines.all(|line| component_name(line).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_pictures_have_their_places() {
        let text =
            "---\n---\nA [b](c.md) and ![](d.jpg).\n\n![Words](e.jpg \"By | Me\")\n\n{{ <photo src=\"f\" /> }}\n";
        let prose = Prose::of(text, 8, Markdown::default());
        assert_eq!(&text[prose.links[0].range.clone()], "[b](c.md)");
        let seen: Vec<_> = prose.pictures.iter().map(|one| (&*one.src, one.has_alt, one.is_figure)).collect();
        assert_eq!(seen, [("d.jpg", false, false), ("e.jpg", true, true)]);
        assert!(!prose.has_html);
        assert!(Prose::of("a <b>c</b>", 0, Markdown::default()).has_html);
    }
}
