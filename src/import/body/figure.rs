//! Figures and players: images with captions and credits, films and recordings.

use std::rc::Rc;

use super::EMBED;
use super::elements::{says, text_of};
use crate::html::tree::Node;

/// What a figure holds.
#[derive(Default)]
pub(super) struct Figure {
    pub(super) images: Vec<(Rc<Node>, Option<Rc<Node>>)>,
    pub(super) media: Vec<Rc<Node>>,
    pub(super) quotes: usize,
    /// Tables, texts and the like.
    pub(super) others: usize,
    pub(super) caption: Option<Rc<Node>>,
}

impl Figure {
    pub(super) fn look(&mut self, node: &Rc<Node>) {
        for child in &*node.children.borrow() {
            match child.tag() {
                "figcaption" if self.caption.is_none() => {
                    self.caption = says(&child.children.borrow()).then(|| Rc::clone(child));
                }
                "img" => {
                    let link = (node.tag() == "a" && node.attribute("href").is_some()).then(|| Rc::clone(node));
                    self.images.push((Rc::clone(child), link));
                }
                "audio" | "video" | "iframe" | EMBED => self.media.push(Rc::clone(child)),
                // A figure within a figure has its own caption, and is looked at by itself.
                "figure" => {
                    let mut inner = Self::default();
                    inner.look(child);
                    self.images.append(&mut inner.images);
                    self.media.append(&mut inner.media);
                    self.others += inner.others;
                    if self.images.len() == 1 {
                        // Not to be read as the only image of this one.
                        self.media.extend(self.images.first().map(|(image, _)| Rc::clone(image)));
                    }
                }
                "blockquote" => {
                    self.quotes += 1;
                    self.others += 1;
                }
                "table" | "pre" | "p" => self.others += 1,
                "" if child.text().is_some_and(|text| !text.trim().is_empty()) => self.others += 1,
                _ => self.look(child),
            }
        }
    }
}

/// What a caption says, and who is to be named.
pub(super) fn caption_and_credit(caption: &Node) -> (String, String) {
    fn split(node: &Node, text: &mut String, credit: &mut String) {
        let class = node.attribute("class").unwrap_or_default();
        let is_credit = node.is_element()
            && ["credit", "byline", "copyright"].iter().any(|word| class.contains(word))
            && node.tag() != "figcaption";
        if is_credit {
            *credit = text_of(node);
            return;
        }
        if let Some(said) = node.text() {
            text.push_str(&said);
        }
        if matches!(node.tag(), "br" | "p") {
            text.push(' ');
        }
        node.children.borrow().iter().for_each(|child| split(child, text, credit));
    }
    let (mut text, mut credit) = (String::new(), String::new());
    split(caption, &mut text, &mut credit);
    (text.split_whitespace().collect::<Vec<&str>>().join(" "), credit)
}

/// The address of an image; where it is loaded late, the one that is loaded.
pub(super) fn source_of(image: &Node) -> &str {
    let is_there = |src: &&str| !src.trim().is_empty() && !src.starts_with("data:");
    let late = ["data-src", "data-lazy-src", "data-original"];
    let src = image.attribute("src").filter(is_there);
    src.or_else(|| late.iter().find_map(|name| image.attribute(name).filter(is_there)))
        .or_else(|| image.attribute("src"))
        .unwrap_or_default()
        .trim()
}

/// The address that readers would open of one that is for frames.
pub(super) fn player_address(src: &str) -> String {
    let src = if src.starts_with("//") { format!("https:{src}") } else { src.to_owned() };
    let Ok(url) = url::Url::parse(&src) else { return src };
    let host = url.host_str().unwrap_or_default().trim_start_matches("www.").to_owned();
    let path: Vec<&str> = url.path_segments().map(Iterator::collect).unwrap_or_default();
    let query = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let start = query("start").map(|start| format!("&t={start}")).unwrap_or_default();
    match (&*host, path.as_slice()) {
        ("youtube.com" | "youtube-nocookie.com", ["embed", "videoseries"]) => {
            query("list").map_or(src.clone(), |list| format!("https://www.youtube.com/playlist?list={list}"))
        }
        ("youtube.com" | "youtube-nocookie.com", ["embed" | "v", video]) => {
            format!("https://www.youtube.com/watch?v={video}{start}")
        }
        ("player.vimeo.com", ["video", video]) => {
            format!("https://vimeo.com/{video}{}", query("h").map(|hash| format!("/{hash}")).unwrap_or_default())
        }
        ("w.soundcloud.com", _) => {
            query("url").filter(|url| !url.contains("api.soundcloud.com")).unwrap_or(src.clone())
        }
        ("platform.twitter.com", _) => {
            query("id").map_or(src.clone(), |id| format!("https://twitter.com/i/status/{id}"))
        }
        ("facebook.com", ["plugins", ..]) => query("href").unwrap_or(src.clone()),
        _ => src,
    }
}

/// What a file is called, for readers.
pub(super) fn name_of(src: &str) -> String {
    let name = src.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy().replace(['-', '_'], " ");
    let name = crate::text::plain_line(&name);
    if name.is_empty() { "Recording".into() } else { name }
}
