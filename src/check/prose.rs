//! The Markdown of a file as the rules see it: its links and images, each with its place.
//!
//! Rendering forgets where things stood; here nothing is rendered. The same parser with the same options,
//! so both see the same links.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::{Findings, Piece, Rule, Site};
use crate::article::headings;
use crate::config::Markdown;
use crate::diagnostic::Place;
use crate::markdown::{component_name, options, stray_markup};

/// A link in the text.
#[derive(Debug)]
pub(super) struct Link<'t> {
    /// As it is written.
    pub(super) dest: CowStr<'t>,
    /// Its bytes in the file.
    pub(super) range: Range<usize>,
}

/// An image in the text.
#[derive(Debug)]
pub(super) struct ImageInText<'t> {
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
    pub(super) images: Vec<ImageInText<'t>>,
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
        let mut calls = Calls::default();
        let mut image: Option<ImageInText<'t>> = None;
        // What else than an image stands in the paragraph.
        let mut others = 0usize;
        for (event, range) in headings::events(&text[start..], options(settings)) {
            let range = start + range.start..start + range.end;
            if let Some(shown) = &mut image {
                match event {
                    Event::Text(words) | Event::Code(words) => shown.has_alt |= !words.trim().is_empty(),
                    Event::End(TagEnd::Image) => prose.images.extend(image.take()),
                    _ => {}
                }
                continue;
            }
            match event {
                Event::Start(Tag::Paragraph) => {
                    paragraph = Some((range, prose.images.len()));
                    others = 0;
                }
                Event::End(TagEnd::Paragraph) => {
                    if let Some((_, first)) = paragraph.take()
                        && others == 0
                        && prose.images.len() == first + 1
                    {
                        prose.images[first].is_figure = true;
                    }
                }
                Event::Start(Tag::Link { dest_url, .. }) => prose.links.push(Link { dest: dest_url, range }),
                Event::Start(Tag::Image { dest_url, title, .. }) => {
                    image = Some(ImageInText { src: dest_url, title, has_alt: false, is_figure: false, range });
                }
                Event::Html(_) | Event::InlineHtml(_) => {
                    prose.has_html |= !calls.has(text, range.start);
                    others += 1;
                }
                Event::End(TagEnd::Link) => {}
                _ => others += 1,
            }
        }
        prose
    }
}

/// Says what only looks like markup.
pub(super) fn check(site: &Site<'_>, piece: &Piece<'_>, findings: &mut Findings<'_>) {
    if !findings.wants(Rule::StrayMarkup) {
        return;
    }
    for slip in stray_markup(piece.text, piece.prose.start, site.config.settings.markdown) {
        let place = || Place::span(piece.path, piece.text, slip.range);
        findings.add(Rule::StrayMarkup, place, slip.message, slip.hint);
    }
}

/// Lines that call a component, in a list item or quotation too. Each is looked at once, however much stands in it.
#[derive(Default)]
pub(super) struct Calls {
    line: Range<usize>,
    is_call: bool,
}

impl Calls {
    /// Whether the line around `at` is one.
    pub(super) fn has(&mut self, text: &str, at: usize) -> bool {
        if !self.line.contains(&at) {
            let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
            let end = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
            let line = text[start..end].trim();
            let is_marker = |c: char| c.is_whitespace() || c.is_ascii_digit() || "-*+>.)".contains(c);
            (self.line, self.is_call) = (start..end, component_name(line.trim_start_matches(is_marker)).is_some());
        }
        self.is_call
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_images_have_their_places() {
        let text =
            "---\n---\nA [b](c.md) and ![](d.jpg).\n\n![Words](e.jpg \"By | Me\")\n\n{{ <photo src=\"f\" /> }}\n";
        let prose = Prose::of(text, 8, Markdown::default());
        assert_eq!(&text[prose.links[0].range.clone()], "[b](c.md)");
        let seen: Vec<_> = prose.images.iter().map(|one| (&*one.src, one.has_alt, one.is_figure)).collect();
        assert_eq!(seen, [("d.jpg", false, false), ("e.jpg", true, true)]);
        assert!(!prose.has_html);
        assert!(Prose::of("a <b>c</b>", 0, Markdown::default()).has_html);
    }
}
