//! What elements are, and what they hold.

use std::rc::Rc;

use super::{EMBED, MORE, NOTE};
use crate::html::tree::Node;

/// Whether preformatted text has links or emphases.
pub(super) fn says_more_than_code(node: &Node) -> bool {
    node.children.borrow().iter().any(|child| {
        matches!(
            child.tag(),
            "a" | "b" | "strong" | "em" | "i" | "mark" | "u" | "s" | "del" | "ins" | "sub" | "sup" | "img"
        ) || says_more_than_code(child)
    })
}

pub(super) fn is_heading(tag: &str) -> bool {
    matches!(tag, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

pub(super) fn is_plain_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

pub(super) fn is_wrapper(tag: &str) -> bool {
    matches!(
        tag,
        "address"
            | "article"
            | "aside"
            | "body"
            | "center"
            | "div"
            | "footer"
            | "header"
            | "hgroup"
            | "html"
            | "main"
            | "nav"
            | "search"
            | "section"
    )
}

pub(in crate::import) fn is_inline(tag: &str) -> bool {
    matches!(
        tag,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "br"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "img"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "nobr"
            | "picture"
            | "q"
            | "ruby"
            | "rt"
            | "rp"
            | "s"
            | "samp"
            | "small"
            | "source"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
            | NOTE
    )
}

/// Whether something that is no text of a sentence stands right in a paragraph.
pub(super) fn holds_special(node: &Node) -> bool {
    node.children.borrow().iter().any(|child| {
        matches!(child.tag(), MORE | EMBED | "iframe" | "audio" | "video" | "figure" | "script" | "embed" | "object")
            || matches!(child.tag(), "a" | "span" | "em" | "strong" | "b" | "i") && holds_special(child)
    })
}

pub(super) fn holds_blocks(node: &Node) -> bool {
    node.children
        .borrow()
        .iter()
        .any(|child| child.is_element() && (!is_inline(child.tag()) && child.tag() != "script" || holds_blocks(child)))
}

/// Whether anything can be seen of some nodes.
pub(in crate::import) fn says(nodes: &[Rc<Node>]) -> bool {
    nodes.iter().any(|node| match node.text() {
        Some(text) => !text.trim_matches(|c: char| c.is_whitespace() || c == '\u{a0}').is_empty(),
        None => {
            matches!(
                node.tag(),
                "img" | "iframe" | "audio" | "video" | "embed" | "object" | "svg" | "hr" | "input" | NOTE | EMBED
            ) || says(&node.children.borrow())
        }
    })
}

pub(super) fn find(node: &Rc<Node>, tag: &str) -> Option<Rc<Node>> {
    node.children
        .borrow()
        .iter()
        .find_map(|child| if child.tag() == tag { Some(Rc::clone(child)) } else { find(child, tag) })
}

/// Whether an element says nothing but text.
pub(super) fn is_plain(node: &Node) -> bool {
    node.children.borrow().iter().all(|child| {
        child.text().is_some()
            || !child.is_element()
            || matches!(child.tag(), "span" | "br" | "p" | "font" | "cite") && is_plain(child)
    })
}

/// The text of an element, with blanks where lines break.
pub(in crate::import) fn text_of(node: &Node) -> String {
    let mut text = String::new();
    add_text(node, &mut text);
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

pub(super) fn add_text(node: &Node, text: &mut String) {
    if let Some(said) = node.text() {
        text.push_str(&said);
    }
    if matches!(node.tag(), "br" | "p" | "div" | "li" | "td") {
        text.push(' ');
    }
    if !matches!(node.tag(), "script" | "style") {
        node.children.borrow().iter().for_each(|child| add_text(child, text));
    }
}
