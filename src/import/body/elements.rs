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

/// Takes out of a tree what readers of its page do not see.
pub(super) fn take_hidden(node: &Node, hidden: &mut Vec<Rc<Node>>) {
    node.children.borrow_mut().retain(|child| {
        let stays = !is_hidden(child);
        match stays {
            true => take_hidden(child, hidden),
            false => hidden.push(Rc::clone(child)),
        }
        stays
    });
}

/// Whether an element says that it is not shown. What a rule of a style sheet says of its class is not known.
fn is_hidden(node: &Node) -> bool {
    // `until-found` is for whoever searches the page.
    let is_marked = node.attribute("hidden").is_some_and(|value| !value.trim().eq_ignore_ascii_case("until-found"));
    let is_shut = || node.tag() == "dialog" && node.attribute("open").is_none();
    is_marked || is_shut() || node.attribute("style").is_some_and(hides)
}

/// Whether a style keeps an element from being seen.
fn hides(style: &str) -> bool {
    let mut plain = style.to_ascii_lowercase();
    while let Some((start, rest)) = plain.split_once("/*") {
        plain = format!("{start} {}", rest.split_once("*/").map_or("", |(_, end)| end));
    }
    let mut hiding: Vec<&str> = Vec::new();
    for (property, value) in plain.split(';').filter_map(|one| one.split_once(':')) {
        let (property, value) = (property.trim(), value.replace("!important", ""));
        let value = value.trim();
        // What is said last counts.
        hiding.retain(|one| *one != property);
        let is_nothing = || value.trim_end_matches(char::is_alphabetic).trim_end_matches('%').parse() == Ok(0.0);
        let hides = match property {
            "display" => value == "none",
            "visibility" => matches!(value, "hidden" | "collapse"),
            "content-visibility" => value == "hidden",
            "opacity" | "font-size" => is_nothing(),
            _ => false,
        };
        hiding.extend(hides.then_some(property));
    }
    !hiding.is_empty()
}

#[cfg(test)]
mod tests {
    use super::hides;

    #[test]
    fn a_style_hides_by_what_it_says_last() {
        for style in [
            "display:none",
            "color: red; DISPLAY : None !important",
            "visibility:hidden",
            "/* x */display:/**/none;",
            "font-size:0px",
            "opacity: 0",
        ] {
            assert!(hides(style), "{style}");
        }
        for style in
            ["display:block", "display:none; display:block", "background: none", "opacity: 0.5", "font-size:10px"]
        {
            assert!(!hides(style), "{style}");
        }
    }
}
