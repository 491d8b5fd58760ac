//! What stays HTML, without what readers do not need.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::rc::Rc;

use super::elements::says;
use super::figure::{player_address, source_of};
use super::{Composer, EMBED, MORE, NOTE, NOTE_MARKS, escape_into, escaped_attribute};
use crate::html::is_void;
use crate::html::tree::Node;
use crate::import::loss::Counts;

/// Writes HTML with what readers need of it.
pub(super) struct Cleaner<'c, 'a> {
    composer: &'c mut Composer<'a>,
    html: &'c mut String,
    is_in_form: bool,
}

impl<'c, 'a> Cleaner<'c, 'a> {
    pub(super) fn new(composer: &'c mut Composer<'a>, html: &'c mut String) -> Self {
        Self { composer, html, is_in_form: false }
    }

    pub(super) fn write(&mut self, node: &Rc<Node>, is_drawing: bool) {
        if let Some(text) = node.text() {
            escape_into(&text, self.html);
            return;
        }
        if !node.is_element() {
            return;
        }
        let tag = node.tag();
        let children = node.children.borrow();
        match tag {
            "script" | "noscript" => {
                self.composer.done.unknown.push(format!("<{tag}>"));
                self.composer
                    .explain("what a script does", Counts::default() - Counts::of_nodes(std::slice::from_ref(node)));
                return;
            }
            "style" | "link" | "meta" | "template" | MORE => return,
            NOTE => {
                let id = node.attribute("note").unwrap_or_default();
                self.html.extend([&*NOTE_MARKS[0].to_string(), id, &*NOTE_MARKS[1].to_string()]);
                return;
            }
            "iframe" | "embed" | EMBED => {
                let src = node.attribute("src").or_else(|| node.attribute("url")).unwrap_or_default().trim().to_owned();
                if !src.is_empty() {
                    let address = escaped_attribute(&self.composer.links.link(&player_address(&src)));
                    let _ = write!(self.html, "<a href=\"{address}\">{address}</a>");
                    self.composer.explain(
                        "a player that becomes a link",
                        Counts { players: -i64::from(tag != "embed"), links: 1, ..Counts::default() }
                            + Counts::of_text(&address),
                    );
                }
                return;
            }
            _ if is_ornament(node) => return,
            "font" | "nobr" | "tt" if tag != "tt" => {
                children.iter().for_each(|child| self.write(child, is_drawing));
                return;
            }
            "span" if node.attribute("lang").is_none() && node.attribute("dir").is_none() && !self.is_target(node) => {
                children.iter().for_each(|child| self.write(child, is_drawing));
                return;
            }
            // Only a script makes something of it outside of a form.
            "button" if !self.is_in_form => {
                children.iter().for_each(|child| self.write(child, is_drawing));
                return;
            }
            // An empty paragraph keeps a distance, and says nothing.
            "p" if !says(&children) && !self.is_target(node) => return,
            _ => {}
        }
        let is_drawing = is_drawing || matches!(tag, "svg" | "math");
        let _ = write!(self.html, "<{tag}");
        self.attributes(node, is_drawing);
        self.html.push('>');
        if is_void(tag) {
            return;
        }
        // A line break right behind the tag is not read.
        if tag == "pre" && children.first().and_then(|child| child.text()).is_some_and(|text| text.starts_with('\n')) {
            self.html.push('\n');
        }
        let was_in_form = self.is_in_form;
        self.is_in_form |= tag == "form";
        children.iter().for_each(|child| self.write(child, is_drawing));
        self.is_in_form = was_in_form;
        let _ = write!(self.html, "</{tag}>");
    }

    fn is_target(&self, node: &Node) -> bool {
        [node.attribute("id"), node.attribute("name")]
            .into_iter()
            .flatten()
            .any(|id| self.composer.targets.contains(id))
    }

    fn attributes(&mut self, node: &Node, is_drawing: bool) {
        let tag = node.tag().to_owned();
        let is_code = matches!(&*tag, "pre" | "code");
        for (name, value) in node.attributes() {
            // On code, `lang` names a programming language.
            let (name, value) = match name {
                "lang" if is_code && node.attribute("class").is_some_and(|class| class.contains("lang")) => continue,
                "lang" if is_code => ("class", Cow::Owned(format!("language-{value}"))),
                _ => (name, Cow::Borrowed(value)),
            };
            let value = &*value;
            let value = match name {
                "href" if tag == "a" => self.composer.links.link(value),
                "data" if tag == "object" => self.composer.links.media(value),
                "src" | "poster" => self.composer.links.media(if tag == "img" { source_of(node) } else { value }),
                "id" | "name" if !matches!(&*tag, "input" | "select" | "textarea" | "button") => {
                    if !self.composer.targets.contains(value) {
                        continue;
                    }
                    value.to_owned()
                }
                "class" if matches!(&*tag, "pre" | "code") => {
                    match value
                        .split_whitespace()
                        .find(|class| class.starts_with("language-") || class.starts_with("lang-"))
                    {
                        Some(class) => class.to_owned(),
                        None => continue,
                    }
                }
                _ if is_drawing && !name.starts_with("on") => value.to_owned(),
                "cite" if value.trim().contains(char::is_whitespace) => continue,
                _ if is_kept(name) => value.to_owned(),
                _ => continue,
            };
            if crate::site_path::is_script(&value) {
                self.composer.done.unknown.push("an address that runs a script".into());
                if name == "href" && tag == "a" && !is_drawing {
                    self.composer.explain("links that run scripts", Counts { links: -1, ..Counts::default() });
                }
                continue;
            }
            if name == "href" && tag == "a" {
                self.composer.note_link(&value);
            }
            if matches!(name, "src" | "href" | "poster" | "data") {
                self.composer.note_file(&value);
            }
            let _ = write!(self.html, " {name}=\"{}\"", escaped_attribute(&value));
        }
    }
}

/// Whether an element is only a visual sign without words, such as the plus beside a heading that opens.
fn is_ornament(node: &Node) -> bool {
    fn says_no_word(node: &Node) -> bool {
        node.children.borrow().iter().all(|child| match child.text() {
            Some(text) => !text.chars().any(char::is_alphanumeric),
            None => matches!(child.tag(), "span" | "i" | "b" | "br") && says_no_word(child),
        })
    }
    node.attribute("aria-hidden") == Some("true") && says_no_word(node)
}

/// Attributes that say something to readers.
pub(super) fn is_kept(name: &str) -> bool {
    matches!(
        name,
        "alt"
            | "title"
            | "lang"
            | "dir"
            | "start"
            | "reversed"
            | "type"
            | "value"
            | "colspan"
            | "rowspan"
            | "scope"
            | "headers"
            | "cite"
            | "datetime"
            | "controls"
            | "loop"
            | "muted"
            | "kind"
            | "srclang"
            | "label"
            | "open"
            | "download"
            | "action"
            | "method"
            | "name"
            | "placeholder"
            | "for"
            | "checked"
            | "disabled"
            | "data"
            | "abbr"
            | "span"
    )
}
