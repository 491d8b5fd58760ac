//! HTML that stays where it is put: a body whose own HTML opens or closes too much is written anew from the tree that a
//! browser would make of it (html5ever).
//!
//! Only bodies with HTML of the writer's own come here, and those that are whole keep their bytes. Bounded, as
//! the [tree](crate::html::tree) is.

use std::borrow::Cow;

use html5ever::LocalName;
use rustc_hash::FxHashMap;

use crate::html::tree::{MARK, Node, TooDeep, inner_html, parse};
use crate::html::{Token, tokens};

/// Why HTML cannot stand in a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// It is nested too deep, or opens too much.
    TooDeep,
    /// It swallows what follows, and is not mended by closing what it opens.
    Swallows,
}

impl From<TooDeep> for Unfit {
    fn from(TooDeep: TooDeep) -> Self {
        Self::TooDeep
    }
}

/// Elements that hide what stands in them, or part of it: with an image, a player or a script in its place, or for good.
/// All of a button is what is pressed.
const HIDING: [&str; 15] = [
    "applet", "audio", "button", "canvas", "datalist", "dialog", "math", "meter", "noscript", "object", "progress",
    "select", "svg", "template", "video",
];

/// Whether an element of this name hides what stands in it.
pub(crate) fn is_hiding(name: &str) -> bool {
    HIDING.contains(&name)
}

/// Whether there may be a start tag of an element that hides what stands in it.
pub(super) fn may_hide(html: &str) -> bool {
    let begins = |at: usize, name: &str| {
        html.as_bytes().get(at..at + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
    };
    memchr::memchr_iter(b'<', html.as_bytes()).any(|at| HIDING.iter().any(|name| begins(at + 1, name)))
}

/// The same HTML, or one in which everything that is opened is closed and nothing else is.
pub(super) fn balanced(html: &str) -> Result<Cow<'_, str>, Unfit> {
    if may_hide(html) && !left_open(html)?.is_empty() {
        return Err(Unfit::Swallows);
    }
    let mut whole = Cow::Borrowed(html);
    // What is written is not always read as it was meant: a link within a link, say, is moved once more.
    for _ in 0..5 {
        let Some(scripting) = broken(&whole)? else { return Ok(whole) };
        whole = Cow::Owned(inner_html(&parse(&whole, scripting)?.0, scripting));
    }
    if broken(&whole)?.is_some() { Err(Unfit::Swallows) } else { Ok(whole) }
}

/// Whether the HTML does not end where it ends: what is written behind it must stand beside it, and be what it would be
/// without it. If it does not, whether the reader's browser runs scripts.
fn broken(html: &str) -> Result<Option<bool>, Unfit> {
    // These change elements of the page that stand around the body.
    let is_of_page = || ["<body", "<html", "<frameset"].iter().any(|tag| contains_tag(html, tag));
    if is_of_page() || !closes_what_it_opens(html) {
        return Ok(Some(false));
    }
    let mark = mark(html);
    let page = format!("<article><div>{html}</div><form></form><{mark}></{mark}></article><{mark}></{mark}>");
    // A browser that runs scripts takes the content of a `noscript` for text.
    let modes: &[bool] = if contains_tag(html, "<noscript") { &[false, true] } else { &[false] };
    for scripting in modes {
        let (root, _) = parse(&page, *scripting)?;
        let names = |node: &Node| node.children.borrow().iter().map(|node| node.name.local.clone()).collect::<Vec<_>>();
        let is_whole = names(&root) == ["article", &mark].map(LocalName::from)
            && root
                .children
                .borrow()
                .first()
                .is_some_and(|article| names(article) == ["div", "form", &mark].map(LocalName::from));
        if !is_whole {
            return Ok(Some(*scripting));
        }
    }
    Ok(None)
}

/// The elements in which stands what follows the HTML, the last one first, up to the first that hides it.
pub(super) fn left_open(html: &str) -> Result<Vec<LocalName>, Unfit> {
    let mark = mark(html);
    let (_tree, at) = parse(&format!("{html}<{mark}></{mark}>"), false)?;
    let mut open = Vec::new();
    let mut above = at.and_then(|at| at.parent.borrow().upgrade());
    while let Some(node) = above {
        if node.is_element() {
            open.push(node.name.local.clone());
        }
        above = node.parent.borrow().upgrade();
    }
    open.truncate(open.iter().rposition(|name| is_hiding(name)).map_or(0, |at| at + 1));
    Ok(open)
}

/// The name of an element that is not in the HTML.
fn mark(html: &str) -> String {
    let html = html.to_ascii_lowercase();
    let mut mark = MARK.to_owned();
    while html.contains(&mark) {
        mark.push('x');
    }
    mark
}

/// Whether there are as many end tags as start tags. A parser closes a `div` at the end of the list item in which it
/// stands; not everything that reads a feed is such a parser.
fn closes_what_it_opens(html: &str) -> bool {
    let mut open: FxHashMap<LocalName, i64> = FxHashMap::default();
    for token in tokens(html) {
        match token {
            Token::Start(name, _) if is_paired(&name) => *open.entry(name).or_default() += 1,
            Token::End(name) if is_paired(&name) => *open.entry(name).or_default() -= 1,
            _ => {}
        }
    }
    open.into_values().all(|count| count == 0)
}

/// Elements whose end tag is never left out (HTML, section 13.1.2.4), and those of older pages (section 16.2).
#[rustfmt::skip]
const PAIRED: [&str; 91] = [
    "a", "abbr", "acronym", "address", "applet", "article", "aside", "audio", "b", "bdi", "bdo",
    "big", "blink", "blockquote", "button", "canvas", "center", "cite", "code", "data", "datalist",
    "del", "details", "dfn", "dialog", "dir", "div", "dl", "em", "fieldset", "figcaption", "figure",
    "font", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "i", "ins",
    "kbd", "label", "legend", "listing", "main", "map", "mark", "marquee", "math", "menu", "meter",
    "nav", "nobr", "noscript", "object", "ol", "output", "picture", "pre", "progress", "q", "ruby",
    "s", "samp", "search", "section", "select", "slot", "small", "span", "strike", "strong", "sub",
    "summary", "sup", "svg", "table", "template", "time", "tt", "u", "ul", "var", "video", "xmp",
    "iframe",
];

/// Whether the end tag of an element is never left out. It is not of elements that scripts define.
fn is_paired(name: &str) -> bool {
    PAIRED.contains(&name) || name.contains('-')
}

/// Whether a tag is there, in either case of the letters.
fn contains_tag(html: &str, tag: &str) -> bool {
    memchr::memchr_iter(b'<', html.as_bytes()).any(|at| {
        html.as_bytes().get(at..at + tag.len()).is_some_and(|found| found.eq_ignore_ascii_case(tag.as_bytes()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(html: &str) -> String {
        balanced(html).expect("flat").into_owned()
    }

    #[test]
    fn html_that_is_whole_keeps_its_bytes() {
        for html in [
            "",
            "<p>a &quot;b&quot; <br/>c</p>\n",
            "<P CLASS=x>One<P>Two\n",
            "<div class='a'>\n<ul><li>a<li>b</ul></div>",
            "<table><tr><td>a</table>",
            "<p>a<div>b</div></p>",
            "<style>p { color: red }</style><script>a < b && '<div>'</script>",
            "<!-- <div> --><svg viewBox=\"0 0 1 1\"><path d=\"M0\"/></svg>",
            "<select><option>a<option>b</select><textarea><b></textarea>",
            "<details open><summary>x</summary>y</details>",
            "<template><p></template>",
            "<noscript><p>a</p><img src=\"b\"></noscript>",
        ] {
            assert_eq!(of(html), html);
        }
    }

    #[test]
    fn what_is_not_whole_is_closed_and_nothing_else_is() {
        for (html, expected) in [
            ("<div>a", "<div>a</div>"),
            ("a</div></section>b", "ab"),
            ("<b>a", "<b>a</b>"),
            ("<p>a <a href=\"x\">b</p>", "<p>a <a href=\"x\">b</a></p>"),
            ("<table><tr><td><div>a", "<table><tbody><tr><td><div>a</div></td></tr></tbody></table>"),
            ("<b>a<i>b</b>c</i><i>", "<b>a<i>b</i></b><i>c</i><i></i>"),
            ("<style>a", "<style>a</style>"),
            ("<!-- a", "<!-- a-->"),
            ("<form>a", "<form>a</form>"),
            ("<select><div></div><option>a</select><div>", "<select><div></div><option>a</option></select><div></div>"),
            ("<svg><style><div>a</style></svg>", "<svg><style></style></svg><div>a</div>"),
            ("<body class=\"x\"><p>a</p></body>", "<p>a</p>"),
            ("<plaintext>a", "<pre>a</pre>"),
            ("<label><kbd>a", "<label><kbd>a</kbd></label>"),
            ("<my-element>a", "<my-element>a</my-element>"),
            ("<template><div></template>", "<template><div></div></template>"),
            ("<ul><li><div>a<li>b</ul>", "<ul><li><div>a</div></li><li>b</li></ul>"),
        ] {
            assert_eq!(of(html), expected, "{html}");
            assert_eq!(of(expected), expected, "{html}");
        }
    }

    #[test]
    fn no_element_reaches_beyond_its_text() {
        const VOID: [&str; 9] = ["area", "br", "col", "embed", "hr", "img", "input", "source", "wbr"];
        #[rustfmt::skip]
        const OPTIONAL: [&str; 19] = [
            "caption", "colgroup", "dd", "dt", "li", "optgroup", "option", "p", "rb", "rp", "rt",
            "rtc", "tbody", "td", "tfoot", "th", "thead", "tr", "plaintext",
        ];
        for name in PAIRED.into_iter().chain(OPTIONAL).chain(VOID).chain(["x-y", "unknown"]) {
            let html = format!("<p>a</p><{name}>b");
            let (Ok(whole) | Err((whole, _))) = balanced(&html).map_err(|unfit| (Cow::Borrowed("<p>a b</p>"), unfit));
            assert_eq!(broken(&whole), Ok(None), "{name}");
            assert!(!PAIRED.contains(&name) || whole.contains("</") && closes_what_it_opens(&whole), "{name}: {whole}");
        }
    }

    #[test]
    fn with_and_without_scripts_the_page_is_whole() {
        for html in [
            "<noscript><img alt=\"</noscript><div>\"></noscript>a",
            "<noscript><!-- </noscript><table> --></noscript>a",
            "<noscript><style></noscript><p></style></noscript>",
            "<b><noscript></b></noscript>a",
            "<svg><noscript></noscript></svg>a",
        ] {
            let html = of(html);
            assert_eq!(broken(&html), Ok(None), "{html}");
        }
        assert_eq!(balanced("a <noscript>b"), Err(Unfit::Swallows));
        assert_eq!(balanced("<svg><desc><ul><li>a</desc></svg></ul>b"), Err(Unfit::Swallows));
    }

    #[test]
    fn depth_and_size_are_bounded() {
        assert_eq!(balanced(&"<div>".repeat(100_000)), Err(Unfit::TooDeep));
        assert!(balanced(&"<b>x</b>".repeat(20_000)).is_ok());
        let formatting: String = (0..2000).map(|number| format!("<b id={number}>")).collect();
        assert!(balanced(&format!("{formatting}{}", "<p>".repeat(2000))).is_err());
    }
}
