//! The body of an item: HTML as Markdown, with figures, players and pull quotes as courant has them.
//!
//! Block by block: a block becomes Markdown as a whole, or stays HTML as a whole. What can be said in Markdown,
//! [`to_markdown`] knows; this module knows what is a figure, which wrappers say nothing, and what of HTML readers
//! need. Elements whose names begin with `courant-` come from readers that have expanded something of their own.

mod clean;
mod elements;
mod figure;
mod gallery;
pub(super) mod written;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::rc::Rc;

use clean::Cleaner;
use elements::{
    find, holds_blocks, holds_special, is_heading, is_plain, is_plain_id, is_wrapper, says_more_than_code, take_hidden,
};
pub(super) use elements::{is_inline, says, text_of};
use figure::{Figure, caption_and_credit, name_of, player_address, source_of};

use crate::html::to_markdown::{self, Otherwise, without_blank_lines};
use crate::html::tree::{self, Node, TooDeep};
use crate::import::addresses::Links;
use crate::import::loss::Counts;

/// Where the summary ends.
pub(super) const MORE: &str = "courant-more";
/// An address that becomes a card: `url`, and a `caption`.
pub(super) const EMBED: &str = "courant-embed";
/// Text with a reference to a note: `note`.
pub(super) const NOTE: &str = "courant-note";
/// A blank that stays at the beginning of a line, where all that Unicode calls blank goes.
pub(super) const BLANK: char = '\u{fdd0}';

/// What stands before and behind the id of a note until the Markdown is complete. Nobody writes these characters.
const NOTE_MARKS: [char; 2] = ['\u{f8f0}', '\u{f8f1}'];

/// A body as Markdown.
#[derive(Debug, Default)]
pub(super) struct Composed {
    /// The Markdown.
    pub(super) markdown: String,
    /// What differs from the source with good reason.
    pub(super) explained: Vec<Explained>,
    /// What was not understood, by name.
    pub(super) unknown: Vec<String>,
    /// Files of the site that the body shows or names.
    pub(super) files: BTreeSet<String>,
    /// Links to pages of the site, and those to places that the body does not have.
    pub(super) links: BTreeSet<String>,
    /// Elements that readers did not see, and that are left out.
    pub(super) hidden: usize,
}

/// Under what an import counts them.
pub(super) const HIDDEN: &str = "elements that were hidden from readers";

/// A difference from the source that has a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Explained {
    /// The reason.
    pub(super) why: &'static str,
    /// What the result has more than the source, or less.
    pub(super) by: Counts,
}

/// A note that the body refers to.
#[derive(Clone, Debug)]
pub(super) struct Footnote {
    pub(super) id: String,
    pub(super) html: String,
}

/// Makes Markdown of a body.
///
/// # Errors
/// The HTML is nested too deep, or opens too much.
pub(super) fn compose(html: &str, notes: &[Footnote], links: &dyn Links) -> Result<Composed, TooDeep> {
    let (root, _) = tree::parse(html, false)?;
    let mut hidden = Vec::new();
    take_hidden(&root, &mut hidden);
    let mut composer = Composer {
        links,
        blocks: Vec::new(),
        run: Vec::new(),
        done: Composed::default(),
        targets: BTreeSet::new(),
        ids: BTreeSet::new(),
    };
    composer.done.hidden = hidden.len();
    if !hidden.is_empty() {
        composer.explain(HIDDEN, Counts::default() - Counts::of_nodes(&hidden));
    }
    composer.targets_of(&root);
    composer.walk(&root.children.borrow());
    composer.end_run();
    let Composer { blocks, mut done, .. } = composer;
    let mut text = blocks.join("\n\n");
    add_notes(&mut text, notes, links, &mut done)?;
    done.markdown = text.replace(BLANK, "\u{a0}");
    Ok(done)
}

/// HTML without what readers did not see.
pub(super) fn without_hidden(html: &str) -> Cow<'_, str> {
    let Ok((root, _)) = tree::parse(html, false) else { return html.into() };
    let mut hidden = Vec::new();
    take_hidden(&root, &mut hidden);
    if hidden.is_empty() { html.into() } else { tree::inner_html(&root, false).into() }
}

/// Puts the notes behind a body, and their numbers into it.
fn add_notes(text: &mut String, notes: &[Footnote], links: &dyn Links, done: &mut Composed) -> Result<(), TooDeep> {
    if !text.contains(NOTE_MARKS[0]) {
        return Ok(());
    }
    // In HTML, the marks of Markdown are text.
    let is_in_html = text.split("\n\n").any(|block| block.starts_with('<') && block.contains(NOTE_MARKS[0]));
    let mut result = String::with_capacity(text.len() + 64);
    let mut order: Vec<&Footnote> = Vec::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once(NOTE_MARKS[0]) {
        result.push_str(before);
        let (id, behind) = after.split_once(NOTE_MARKS[1]).unwrap_or((after, ""));
        rest = behind;
        let Some(note) = notes.iter().find(|note| note.id == id) else { continue };
        let number = order.iter().position(|known| known.id == note.id).unwrap_or_else(|| {
            order.push(note);
            order.len() - 1
        }) + 1;
        let _ = if is_in_html {
            write!(result, "<sup><a href=\"#note-{number}\">{number}</a></sup>")
        } else {
            write!(result, "[^{number}]")
        };
    }
    result.push_str(rest);
    *text = result;
    for (number, note) in (1..).zip(order) {
        let mut composed = compose(&note.html, &[], links)?;
        done.files.append(&mut composed.files);
        done.links.append(&mut composed.links);
        let said = composed.markdown;
        let _ = if is_in_html {
            let open = if number == 1 { "<ol>\n" } else { "" };
            write!(
                text,
                "{}{open}<li id=\"note-{number}\">{}</li>",
                if number == 1 { "\n\n" } else { "\n" },
                note.html.replace('\n', " ")
            )
        } else {
            write!(text, "\n\n[^{number}]: {}", said.replace('\n', "\n    "))
        };
    }
    if is_in_html {
        text.push_str("\n</ol>");
    }
    Ok(())
}

struct Composer<'a> {
    links: &'a dyn Links,
    blocks: Vec<String>,
    /// Nodes of a sentence that has not ended.
    run: Vec<Rc<Node>>,
    done: Composed,
    /// Ids that links of the body lead to.
    targets: BTreeSet<String>,
    /// Ids that the body has.
    ids: BTreeSet<String>,
}

impl Composer<'_> {
    fn targets_of(&mut self, node: &Node) {
        if let Some(id) = node.attribute("href").and_then(|href| href.strip_prefix('#')).filter(|id| !id.is_empty()) {
            self.targets.insert(percent_encoding::percent_decode_str(id).decode_utf8_lossy().into_owned());
        }
        self.ids.extend(["id", "name"].iter().filter_map(|name| node.attribute(name)).map(str::to_owned));
        node.children.borrow().iter().for_each(|child| self.targets_of(child));
    }

    fn explain(&mut self, why: &'static str, by: Counts) {
        self.done.explained.push(Explained { why, by });
    }

    fn walk(&mut self, nodes: &[Rc<Node>]) {
        for node in nodes {
            match node.tag() {
                "" if node.text().is_none() => {}
                "" => self.run.push(Rc::clone(node)),
                "script" | "noscript" => {
                    self.done.unknown.push(format!("<{}>", node.tag()));
                    self.explain(
                        "what a script does",
                        Counts::default() - Counts::of_nodes(std::slice::from_ref(node)),
                    );
                }
                "style" | "link" | "meta" | "template" | "title" => {}
                _ if self.special(node) || self.gallery(node) => {}
                "p" if holds_special(node) => {
                    self.end_run();
                    self.walk(&node.children.borrow());
                    self.end_run();
                }
                "figure" => {
                    self.end_run();
                    self.figure(node);
                }
                tag if is_wrapper(tag) && node.attribute("dir").is_none() && node.attribute("lang").is_none() => {
                    self.end_run();
                    self.walk(&node.children.borrow());
                    self.end_run();
                }
                tag if is_inline(tag) => {
                    // An image with a link around it, or a link around whole blocks.
                    if holds_blocks(node) {
                        self.end_run();
                        self.html(std::slice::from_ref(node), "div");
                    } else {
                        self.run.push(Rc::clone(node));
                    }
                }
                _ => {
                    self.end_run();
                    self.html(std::slice::from_ref(node), "");
                }
            }
        }
    }

    /// Writes an element that is no text of HTML; whether it was one.
    fn special(&mut self, node: &Rc<Node>) -> bool {
        match node.tag() {
            MORE => {
                self.end_run();
                self.blocks.push("<!--more-->".into());
            }
            EMBED => {
                self.end_run();
                let url = node.attribute("url").unwrap_or_default().to_owned();
                let caption = node.children.borrow();
                self.card(&url);
                if says(&caption) {
                    self.html(&caption, "p");
                }
            }
            "iframe" | "embed" if node.attribute("src").is_some_and(|src| !src.trim().is_empty()) => {
                self.end_run();
                let src = node.attribute("src").unwrap_or_default().to_owned();
                if node.tag() == "embed" {
                    self.explain("films and documents within a page", Counts { players: 1, ..Counts::default() });
                }
                self.player(&src);
            }
            "object" => self.object(node),
            "a" if node.attribute("class").is_some_and(|class| class.contains("wp-block-file__button")) => {
                let by = Counts::default() - Counts::of_nodes(std::slice::from_ref(node));
                self.explain("buttons that save the file beside them", by);
            }
            "iframe" => self.explain("frames without an address", Counts { players: -1, ..Counts::default() }),
            "audio" | "video" => {
                self.end_run();
                self.recording(node, "");
            }
            _ => return false,
        }
        true
    }

    /// A player of another host: the address alone if that becomes a card, else a link.
    fn player(&mut self, src: &str) {
        let src = if src.starts_with("//") { format!("https:{src}") } else { src.trim().to_owned() };
        let address = player_address(&src);
        if !self.card(&address) {
            self.done.unknown.push(format!("iframe of {}", host_of(&address)));
        }
    }

    /// A video or document embedded the old way: the address of its player, and the fallback.
    fn object(&mut self, node: &Rc<Node>) {
        self.end_run();
        let of_embed = find(node, "embed").and_then(|embed| embed.attribute("src").map(str::to_owned));
        let of_param = || {
            let children = node.children.borrow();
            let named = children.iter().find(|child| {
                child.tag() == "param" && child.attribute("name").is_some_and(|name| matches!(name, "movie" | "src"))
            });
            named.and_then(|param| param.attribute("value").map(str::to_owned))
        };
        let data = || node.attribute("data").map(str::to_owned);
        let src = of_embed.or_else(of_param).or_else(data).filter(|src| !src.trim().is_empty());
        let is_of_file = node.attribute("class").is_some_and(|class| class.contains("wp-block-file__embed"));
        match src {
            // A link to the file stands beside it.
            _ if is_of_file => {}
            Some(src) if !crate::site_path::is_script(&src) => {
                self.explain("films and documents within a page", Counts { players: 1, ..Counts::default() });
                self.player(&src);
            }
            _ => self.done.unknown.push("<object>".into()),
        }
        // The fallback for readers who cannot play it: text, or an image.
        let says_more =
            |child: &Rc<Node>| !text_of(child).is_empty() || child.tag() == "img" || find(child, "img").is_some();
        let rest: Vec<Rc<Node>> = node.children.borrow().iter().filter(|child| says_more(child)).cloned().collect();
        self.walk(&rest);
        self.end_run();
    }

    /// The address alone in its paragraph; whether a card is made of it.
    fn card(&mut self, url: &str) -> bool {
        let is_known = self.links.is_card(url);
        let url = self.links.link(url);
        if url.is_empty()
            || url.contains(char::is_whitespace)
            || url.contains(['<', '>', '"', '\\', '`', '*', '[', ']'])
        {
            let href = escaped(&url);
            self.html_text(&format!("<p><a href=\"{href}\">{href}</a></p>"));
            return false;
        }
        if url.starts_with('/') {
            self.note_file(&url);
        }
        if is_known {
            self.blocks.push(url);
        } else if url.starts_with('/') {
            // A post of the site in another one: its card was a link with its headline.
            self.note_link(&url);
            self.explain(
                "a player that becomes a link",
                Counts { players: -1, links: 1, ..Counts::default() } + Counts::of_text(&url),
            );
            let href = escaped_attribute(&url);
            self.html_text(&format!("<p><a href=\"{href}\">{href}</a></p>"));
        } else {
            self.blocks.push(format!("<{url}>"));
            self.explain(
                "a player that becomes a link",
                Counts { players: -1, links: 1, ..Counts::default() }
                    + Counts::of_text(self.blocks.last().map_or("", |block| block)),
            );
        }
        is_known
    }

    /// The component of a recording or film.
    fn recording(&mut self, node: &Rc<Node>, caption: &str) {
        let children = node.children.borrow();
        let source = children.iter().find(|child| child.tag() == "source").and_then(|child| child.attribute("src"));
        let Some(src) = node.attribute("src").or(source).map(str::to_owned).filter(|src| !src.trim().is_empty()) else {
            self.explain("players without a file", Counts { players: -1, ..Counts::default() });
            return;
        };
        let src = self.links.media(&src);
        for track in children.iter().filter(|child| child.tag() == "track") {
            // A player here has none; its file comes along, and is told with its place.
            let track = self.links.media(track.attribute("src").unwrap_or_default());
            self.note_file(&track);
            self.done.unknown.push(format!("subtitles of a player: {track}"));
        }
        let known = self.links.about(&src);
        let title =
            [caption, node.attribute("title").unwrap_or_default(), known.map_or("", |media| media.title.as_str())];
        let title = title.into_iter().map(crate::text::plain_line).find(|title| !title.is_empty());
        let title = title.unwrap_or_else(|| name_of(&src));
        let mut arguments = vec![("src", src.clone()), ("title", title)];
        if node.tag() == "video" {
            if let Some(poster) = node.attribute("poster").filter(|poster| !poster.trim().is_empty()) {
                let poster = self.links.media(poster);
                self.note_file(&poster);
                arguments.push(("poster", poster));
            }
            if !caption.is_empty() {
                arguments.push(("caption", crate::text::plain_line(caption)));
            }
        }
        self.note_file(&src);
        let words = Counts::of_text(&arguments[1].1);
        match call(node.tag(), &arguments) {
            Some(call) => {
                // The title is said beside the player, and the caption once.
                let caption = Counts::of_text(caption);
                self.explain("titles of players", if node.tag() == "audio" { words - caption } else { words });
                self.blocks.push(call);
            }
            None => {
                let href = escaped(&src);
                self.html_text(&format!("<p><a href=\"{href}\">{href}</a></p>"));
            }
        }
    }

    /// Notes a link within the site, to say later whether something is there.
    fn note_link(&mut self, href: &str) {
        let is_there = match href.strip_prefix('#') {
            Some(place) => {
                let place = percent_encoding::percent_decode_str(place).decode_utf8_lossy();
                place.is_empty() || place.eq_ignore_ascii_case("top") || self.ids.contains(&*place)
            }
            None => !href.starts_with('/') || href.starts_with("//"),
        };
        if !is_there {
            self.done.links.insert(href.to_owned());
        }
    }

    fn note_file(&mut self, path: &str) {
        let plain = path.split(['?', '#']).next().unwrap_or_default();
        let ending = plain.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, ending)| ending);
        let is_file = (2..=5).contains(&ending.len())
            && !matches!(&*ending.to_ascii_lowercase(), "html" | "htm" | "php" | "asp" | "aspx");
        if is_file && plain.starts_with('/') && !plain.starts_with("//") {
            self.done.files.insert(plain.to_owned());
        }
    }

    fn figure(&mut self, node: &Rc<Node>) {
        let mut parts = Figure::default();
        parts.look(node);
        let caption = parts.caption.clone();
        let has_class = |name: &str| node.attribute("class").is_some_and(|class| class.contains(name));
        if parts.quotes == 1 && parts.images.is_empty() && has_class("pullquote") && self.pull_quote(node) {
            return;
        }
        match (&*parts.images, parts.media.as_slice(), parts.others) {
            ([(image, link)], [], 0) => self.image(image, link.as_deref(), caption.as_deref()),
            ([], [media], 0) if matches!(media.tag(), "audio" | "video") => {
                let text = caption.as_deref().map(text_of).unwrap_or_default();
                if media.tag() == "audio" && !text.is_empty() {
                    self.recording(media, &text);
                } else if caption.as_deref().is_some_and(|caption| !is_plain(caption)) {
                    self.recording(media, "");
                    self.html(
                        &caption.iter().flat_map(|caption| caption.children.borrow().clone()).collect::<Vec<_>>(),
                        "p",
                    );
                } else {
                    self.recording(media, &text);
                }
            }
            (_, _, 0) => {
                // Several images, or players: each by itself, and the caption of all below.
                self.walk(
                    &node
                        .children
                        .borrow()
                        .iter()
                        .filter(|child| child.tag() != "figcaption")
                        .cloned()
                        .collect::<Vec<_>>(),
                );
                self.end_run();
                if let Some(caption) = caption {
                    self.html(&caption.children.borrow(), "p");
                }
            }
            _ if caption.is_none() || !parts.images.is_empty() || !parts.media.is_empty() => {
                self.walk(&node.children.borrow());
                self.end_run();
            }
            _ => self.html(std::slice::from_ref(node), ""),
        }
    }

    /// A pull quote as the component, if it says nothing but text.
    fn pull_quote(&mut self, node: &Rc<Node>) -> bool {
        let Some(quote) = find(node, "blockquote") else { return false };
        let by = find(node, "cite").or_else(|| find(node, "figcaption"));
        let mut text = Vec::new();
        for child in &*quote.children.borrow() {
            if child.tag() != "cite" && child.tag() != "figcaption" {
                if !is_plain(child) {
                    return false;
                }
                text.push(text_of(child));
            }
        }
        let by = by.map(|by| if is_plain(&by) { text_of(&by) } else { String::new() });
        let text = text.join(" ");
        let mut arguments = vec![("text", crate::text::plain_line(&escaped(&text)))];
        arguments
            .extend(by.filter(|by| !by.trim().is_empty()).map(|by| ("by", crate::text::plain_line(&escaped(&by)))));
        let said: usize = arguments.iter().map(|(_, text)| Counts::of_text(text).words as usize).sum();
        if said as i64 != Counts::of_nodes(std::slice::from_ref(node)).words {
            return false;
        }
        let Some(call) = call("pullquote", &arguments) else { return false };
        self.blocks.push(call);
        true
    }

    /// An image alone, with its caption and credit.
    fn image(&mut self, image: &Rc<Node>, link: Option<&Node>, caption: Option<&Node>) {
        let src = self.links.media(source_of(image));
        if src.is_empty() {
            self.explain("images without an address", Counts { images: -1, ..Counts::default() });
            return;
        }
        self.note_file(&src);
        let alt = crate::text::plain_line(&escaped(image.attribute("alt").unwrap_or_default()));
        let written = link.and_then(|link| link.attribute("href"));
        let mut href = written.map(|href| self.links.link(href));
        // The page of an image may be found at another address by now.
        if written.into_iter().chain(href.as_deref()).any(|href| self.links.is_image_itself(href, &src)) {
            self.explain("links from an image to itself", Counts { links: -1, ..Counts::default() });
            href = None;
        }
        if let Some(href) = &href {
            self.note_link(href);
        }
        let (text, credit) = caption.map(caption_and_credit).unwrap_or_default();
        let known = self.links.about(&src);
        let known_credit = known.map(|media| media.credit.clone()).unwrap_or_default();
        let is_known_credit = credit.is_empty() && !known_credit.is_empty() && !text.contains(&*known_credit);
        let credit = if is_known_credit {
            self.explain("credits of images", Counts::of_text(&known_credit));
            known_credit
        } else {
            credit
        };
        let is_markup = caption.is_some_and(|caption| !is_plain(caption));
        if is_markup || href.is_some() && caption.is_some() {
            let mut html = String::from("<figure>");
            let img = format!("<img src=\"{}\" alt=\"{}\">", escaped(&src), escaped_attribute(&alt));
            let _ = match &href {
                Some(href) => write!(html, "<a href=\"{}\">{img}</a>", escaped_attribute(href)),
                None => write!(html, "{img}"),
            };
            if let Some(caption) = caption {
                html.push_str("<figcaption>");
                let mut writer = Cleaner::new(self, &mut html);
                caption.children.borrow().iter().for_each(|child| writer.write(child, false));
                // The caption already credits whoever made it.
                if is_known_credit {
                    let _ = write!(html, " <span class=\"credit\">{}</span>", escaped(&credit));
                }
                html.push_str("</figcaption>");
            }
            html.push_str("</figure>");
            self.blocks.push(without_blank_lines(&html));
            return;
        }
        if text.contains(" | ") || credit.contains(" | ") {
            let arguments =
                [("src", src.clone()), ("alt", alt.clone()), ("caption", escaped(&text)), ("credit", escaped(&credit))];
            if let Some(call) = call("photo", &arguments) {
                self.blocks.push(call);
                return;
            }
        }
        let title = match (text.is_empty(), credit.is_empty()) {
            (true, true) => String::new(),
            (false, true) => text.clone(),
            (_, false) => format!("{text} | {credit}"),
        };
        let mut html = format!("<img src=\"{}\" alt=\"{}\"", escaped_attribute(&src), escaped_attribute(&alt));
        if !title.is_empty() {
            let _ = write!(html, " title=\"{}\"", escaped_attribute(&title));
        }
        html.push('>');
        if let Some(href) = href {
            html = format!("<a href=\"{}\">{html}</a>", escaped_attribute(&href));
        }
        self.html_text(&format!("<p>{html}</p>"));
    }

    /// Ends a sentence: it becomes a paragraph.
    fn end_run(&mut self) {
        let nodes = std::mem::take(&mut self.run);
        if says(&nodes) {
            self.html(&nodes, "p");
        }
    }

    /// Nodes as blocks; `wrap` is put around those that are not blocks by themselves.
    fn html(&mut self, nodes: &[Rc<Node>], wrap: &str) {
        // An image alone is a figure.
        let said: Vec<&Rc<Node>> =
            nodes.iter().filter(|node| node.text().is_none_or(|text| !text.trim().is_empty())).collect();
        if let [only] = *said {
            let inside = only.children.borrow();
            let single = if only.tag() == "p" || only.tag() == "a" {
                inside
                    .iter()
                    .filter(|node| node.text().is_none_or(|text| !text.trim().is_empty()))
                    .cloned()
                    .collect::<Vec<_>>()
            } else {
                vec![Rc::clone(only)]
            };
            let holder = (only.tag() == "a").then(|| Rc::clone(only));
            match single.as_slice() {
                [image] if image.tag() == "img" => return self.image(image, holder.as_deref(), None),
                [link] if link.tag() == "a" => {
                    let inside = link.children.borrow();
                    let seen: Vec<&Rc<Node>> =
                        inside.iter().filter(|node| node.text().is_none_or(|text| !text.trim().is_empty())).collect();
                    if let [image] = seen[..]
                        && image.tag() == "img"
                    {
                        return self.image(image, Some(link), None);
                    }
                }
                _ => {}
            }
        }
        if let [only] = *said
            && self.bare_address(only)
        {
            return;
        }
        let needs_html = nodes.iter().any(|node| self.needs_html(node));
        let id = match nodes {
            [heading] if is_heading(heading.tag()) => {
                heading.attribute("id").map(str::to_owned).filter(|id| is_plain_id(id) && self.targets.contains(id))
            }
            _ => None,
        };
        let mut html = String::new();
        let mut writer = Cleaner::new(self, &mut html);
        nodes.iter().for_each(|node| writer.write(node, false));
        if html.trim().is_empty() {
            return;
        }
        if !wrap.is_empty() {
            html = format!("<{wrap}>{}</{wrap}>", html.trim());
        }
        if needs_html {
            self.blocks.push(without_blank_lines(&html));
            return;
        }
        let before = self.blocks.len();
        self.html_text(&html);
        if let (Some(id), true) = (id, self.blocks.len() == before + 1)
            && let Some(block) = self.blocks.last_mut().filter(|block| block.starts_with('#'))
        {
            let _ = write!(block, " {{#{id}}}");
        }
    }

    /// A paragraph that is an address and nothing else, as WordPress and courant make a card of it; whether it was one.
    fn bare_address(&mut self, node: &Node) -> bool {
        let is_paragraph = node.tag() == "p" && node.children.borrow().iter().all(|child| child.text().is_some());
        let text = node.text().or_else(|| is_paragraph.then(|| text_of(node))).unwrap_or_default();
        let text = text.trim();
        let is_address =
            (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(char::is_whitespace);
        if !is_address || !self.links.is_card(text) {
            return false;
        }
        self.explain(
            "addresses that become players",
            Counts { players: 1, ..Counts::default() } - Counts::of_text(text),
        );
        self.card(text)
    }

    /// Clean HTML as blocks.
    fn html_text(&mut self, html: &str) {
        let text = to_markdown::markdown(html, Otherwise::Html).unwrap_or_else(|_| without_blank_lines(html));
        if !text.trim().is_empty() {
            self.blocks.push(text);
        }
    }

    /// Whether an element says something by its attributes that Markdown cannot say.
    fn needs_html(&self, node: &Node) -> bool {
        let says_by_attributes = || {
            let is_target = |id: Option<&str>| id.is_some_and(|id| self.targets.contains(id));
            let is_heading = is_heading(node.tag()) && node.attribute("id").is_some_and(is_plain_id);
            let is_code = matches!(node.tag(), "pre" | "code");
            node.attribute("dir").is_some()
                || node.attribute("lang").is_some() && !is_code
                || !is_heading && (is_target(node.attribute("id")) || is_target(node.attribute("name")))
                || node.tag() == "ol"
                    && (node.attribute("type").is_some_and(|kind| kind != "1") || node.attribute("reversed").is_some())
                || node.tag() == "li" && node.attribute("value").is_some()
                || node.tag() == "pre" && says_more_than_code(node)
        };
        node.is_element() && says_by_attributes() || node.children.borrow().iter().any(|child| self.needs_html(child))
    }
}

pub(super) fn host_of(address: &str) -> String {
    url::Url::parse(address)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_else(|| address.to_owned())
}

/// The call of a component; none if a text cannot stand in one.
fn call(name: &str, arguments: &[(&str, String)]) -> Option<String> {
    let mut call = format!("{{{{ <{name}");
    for (argument, text) in arguments.iter().filter(|(_, text)| !text.is_empty()) {
        let quote = ['"', '\'', '`'].into_iter().find(|quote| !text.contains(*quote))?;
        if text.contains(['\\', '\n', '\r']) || text.contains("}}") || text.contains("/>") {
            return None;
        }
        let _ = write!(call, " {argument}={quote}{text}{quote}");
    }
    call.push_str(" /> }}");
    Some(call)
}

fn escape_into(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '\u{a0}' => html.push_str("&nbsp;"),
            _ => html.push(c),
        }
    }
}

/// Text as HTML.
pub(super) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    escape_into(text, &mut html);
    html
}

/// Text as the value of an attribute.
pub(super) fn escaped_attribute(text: &str) -> String {
    escaped(text).replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::item::Media;

    /// A site at `https://paper.example` with the photograph `/u/pier.jpg`.
    pub(super) struct Town;

    impl Links for Town {
        fn link(&self, href: &str) -> String {
            href.strip_prefix("https://paper.example").unwrap_or(href).to_owned()
        }

        fn media(&self, src: &str) -> String {
            self.link(src)
        }

        fn about(&self, _: &str) -> Option<&Media> {
            None
        }

        fn is_image_itself(&self, href: &str, src: &str) -> bool {
            href == src
        }

        fn is_card(&self, url: &str) -> bool {
            url.contains("youtube.com/watch")
        }
    }

    fn of(html: &str) -> String {
        compose(html, &[], &Town).expect("flat").markdown
    }

    #[test]
    fn figures_players_and_quotes_are_as_writers_write_them() {
        for (html, expected) in [
            (
                "<figure><img src=/a.jpg alt='The pier'><figcaption>At dusk</figcaption></figure>",
                "![The pier](/a.jpg \"At dusk\")",
            ),
            (
                "<figure><img src=/a.jpg><figcaption>At dusk <span class='credit'>Ines Vale</span></figcaption></figure>",
                "![](/a.jpg \"At dusk | Ines Vale\")",
            ),
            (
                "<figure><img src=/a.jpg><figcaption>By <a href=/ines/>Ines</a></figcaption></figure>",
                "<figure><img src=\"/a.jpg\" alt=\"\"><figcaption>By <a href=\"/ines/\">Ines</a></figcaption></figure>",
            ),
            ("<p><a href=/a.jpg><img src=/a.jpg alt=x></a></p>", "![x](/a.jpg)"),
            ("<a href=/b/><img src=/a.jpg alt=x></a>", "[![x](/a.jpg)](/b/)"),
            (
                "<figure class=gallery><figure><img src=/a.jpg></figure><figure><img src=/b.jpg></figure><figcaption>Both</figcaption></figure>",
                "<figure class=\"gallery\">\n\n![](/a.jpg)\n\n![](/b.jpg)\n\n<figcaption>Both</figcaption>\n</figure>",
            ),
            (
                "<div class='gallery gallery-columns-2'><dl><dt><a href=/a/><img src=/a.jpg></a></dt><dd>One</dd></dl><br><dl><dt><img src=/b.jpg alt=b></dt></dl></div>",
                "<figure class=\"gallery columns-2\">\n\n<figure><a href=\"/a/\"><img src=\"/a.jpg\" alt=\"\"></a><figcaption>One</figcaption></figure>\n\n![b](/b.jpg)\n\n</figure>",
            ),
            (
                "<ul class=blocks-gallery-grid><li><figure><img src=/a.jpg></figure><li><figure><img src=/b.jpg><figcaption>B</figcaption></figure></ul>",
                "<figure class=\"gallery\">\n\n![](/a.jpg)\n\n![](/b.jpg \"B\")\n\n</figure>",
            ),
            (
                "<figure class=gallery><img src=/a.jpg><p>Words</p><img src=/b.jpg></figure>",
                "![](/a.jpg)\n\nWords\n\n![](/b.jpg)",
            ),
            (
                "<p>x</p><iframe src='//www.youtube.com/embed/a1B2c3D4e5_'></iframe>",
                "x\n\nhttps://www.youtube.com/watch?v=a1B2c3D4e5_",
            ),
            ("<p><iframe src='https://maps.example/x?y=1'></iframe></p>", "<https://maps.example/x?y=1>"),
            (
                "<figure class='wp-block-pullquote'><blockquote><p>We tried.</p><cite>Mara</cite></blockquote></figure>",
                "{{ <pullquote text=\"We tried.\" by=\"Mara\" /> }}",
            ),
            ("<audio src=/talk.mp3></audio>", "{{ <audio src=\"/talk.mp3\" title=\"talk\" /> }}"),
            ("<p dir=rtl>one</p>", "<p dir=\"rtl\">one</p>"),
            ("<p style='x' class='y'>one <span class=z>two</span></p>", "one two"),
            ("<h2 id=top>One</h2><p><a href=#top>up</a></p>", "## One {#top}\n\n[up](#top)"),
            ("a {{ &lt;x /> }} b", "a \\{\\{ \\<x /> }} b"),
            (
                "<table><caption>C</caption><tr><td style=x>a</table>",
                "<table><caption>C</caption><tbody><tr><td>a</td></tr></tbody></table>",
            ),
        ] {
            assert_eq!(of(html), expected, "{html}");
        }
    }

    #[test]
    fn notes_stand_at_the_end() {
        let notes = [Footnote { id: "n1".into(), html: "<b>Here</b>.".into() }];
        let html = "<p>A claim.<courant-note note=n1></courant-note></p>";
        assert_eq!(compose(html, &notes, &Town).expect("flat").markdown, "A claim.[^1]\n\n[^1]: **Here**.");
        let html = "<p dir=rtl>A claim.<courant-note note=n1></courant-note></p>";
        assert_eq!(
            compose(html, &notes, &Town).expect("flat").markdown,
            "<p dir=\"rtl\">A claim.<sup><a href=\"#note-1\">1</a></sup></p>\n\n<ol>\n<li id=\"note-1\"><b>Here</b>.</li>\n</ol>"
        );
    }
}
