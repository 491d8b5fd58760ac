//! Galleries: several images that belong together, side by side.
//!
//! A gallery is a figure of images. Each stands in it as Markdown, so it is an image like any other: with copies in
//! all widths, a caption, a credit, and a warning where it is missing. The theme sets them side by side.

use std::rc::Rc;

use super::elements::says;
use super::{Cleaner, Composer};
use crate::html::to_markdown::without_blank_lines;
use crate::html::tree::Node;

/// The number of columns when none is given.
const COLUMNS: u32 = 3;

/// An image of a gallery.
struct Entry {
    image: Rc<Node>,
    link: Option<Rc<Node>>,
    caption: Option<Rc<Node>>,
}

/// What an element holds, if that is images and their captions.
#[derive(Default)]
struct Gallery {
    entries: Vec<Entry>,
    /// What is said of all of them.
    caption: Option<Rc<Node>>,
}

impl Gallery {
    /// Looks into an element; whether it holds nothing but images and captions.
    fn look(&mut self, node: &Rc<Node>, is_outermost: bool) -> bool {
        let from = self.entries.len();
        let mut captions = Vec::new();
        for child in &*node.children.borrow() {
            let is_caption = matches!(child.tag(), "figcaption" | "dd");
            match child.tag() {
                _ if is_caption => captions.extend(says(&child.children.borrow()).then(|| Rc::clone(child))),
                "img" => {
                    let link = (node.tag() == "a" && node.attribute("href").is_some()).then(|| Rc::clone(node));
                    self.entries.push(Entry { image: Rc::clone(child), link, caption: None });
                }
                "br" => {}
                "a" | "div" | "dl" | "dt" | "figure" | "li" | "p" | "picture" | "source" | "span" | "ul" => {
                    if !self.look(child, false) {
                        return false;
                    }
                }
                "" if child.text().is_none_or(|text| text.trim().is_empty()) => {}
                _ => return false,
            }
        }
        let Some(caption) = captions.pop() else { return true };
        if !captions.is_empty() {
            return false;
        }
        match &mut self.entries[from..] {
            [entry] if !is_outermost && entry.caption.is_none() => entry.caption = Some(caption),
            _ if self.caption.is_none() => self.caption = Some(caption),
            _ => return false,
        }
        true
    }
}

/// How many images stand side by side, as a class says it: `columns-2`, `gallery-columns-2`.
fn columns(class: &str) -> u32 {
    let given = class.split_whitespace().find_map(|name| name.rsplit_once("columns-")?.1.parse().ok());
    given.filter(|number| (1..=8).contains(number)).unwrap_or(COLUMNS)
}

impl Composer<'_> {
    /// Writes a gallery; whether the element was one.
    pub(super) fn gallery(&mut self, node: &Rc<Node>) -> bool {
        let class = node.attribute("class").unwrap_or_default();
        if node.tag() != "figure" && !class.contains("gallery") && !class.contains("slideshow") {
            return false;
        }
        let mut gallery = Gallery::default();
        if !gallery.look(node, true) || gallery.entries.len() < 2 {
            return false;
        }
        self.end_run();
        let from = self.blocks.len();
        for Entry { image, link, caption } in &gallery.entries {
            self.image(image, link.as_deref(), caption.as_deref());
        }
        let end = self.caption_of_gallery(gallery.caption.as_deref());
        let open = match columns(class) {
            COLUMNS => "<figure class=\"gallery\">".to_owned(),
            columns => format!("<figure class=\"gallery columns-{columns}\">"),
        };
        self.blocks.insert(from, open);
        self.blocks.push(end);
        true
    }

    /// The end of a gallery, with what is said of all its images.
    fn caption_of_gallery(&mut self, caption: Option<&Node>) -> String {
        let Some(caption) = caption else { return "</figure>".into() };
        let mut html = String::new();
        let mut writer = Cleaner::new(self, &mut html);
        caption.children.borrow().iter().for_each(|child| writer.write(child, false));
        format!("<figcaption>{}</figcaption>\n</figure>", without_blank_lines(html.trim()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_columns_is_in_a_class() {
        for (class, expected) in [
            ("wp-block-gallery columns-2 is-cropped", 2),
            ("gallery gallery-columns-4", 4),
            ("wp-block-gallery columns-default", 3),
            ("columns-0", 3),
            ("columns-90", 3),
            ("", 3),
        ] {
            assert_eq!(columns(class), expected, "{class}");
        }
    }
}
