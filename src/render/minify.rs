//! Pages without the white space between their elements, for sites that ask for it (`minify_html`).
//!
//! Only what nobody can see goes: comments, and the indentation between blocks. Text stays to the letter, whatever
//! a stylesheet makes of its blanks (`white-space: pre`), and so does a script, so that its hash in the
//! `Content-Security-Policy` holds.

use crate::config::FragmentMode;

/// Elements that stand on lines of their own, so that a line break beside them is as good as a blank.
#[rustfmt::skip]
const BLOCKS: [&str; 48] = [
    "html", "head", "body", "meta", "link", "title", "base", "script", "style", "noscript",
    "template", "div", "p", "section", "article", "aside", "header", "footer", "main", "nav",
    "figure", "figcaption", "blockquote", "details", "summary", "ul", "ol", "li", "dl", "dt", "dd",
    "table", "thead", "tbody", "tfoot", "tr", "td", "th", "form", "fieldset", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "search",
];

/// Whether HTML begins with an element that ends a paragraph.
pub(super) fn begins_with_block(html: &str) -> bool {
    let html = html.trim_ascii_start();
    let (_, name) = if html.starts_with('<') { tag(html) } else { return false };
    BLOCKS.iter().chain(&["pre"]).any(|block| name.eq_ignore_ascii_case(block))
}

/// Elements whose inside stays as it is.
const VERBATIM: [&str; 7] = ["pre", "textarea", "script", "style", "title", "iframe", "template"];

/// A page with less white space and without comments.
pub(super) fn minified(html: Vec<u8>, latest: FragmentMode) -> Vec<u8> {
    let Ok(page) = std::str::from_utf8(&html) else { return html };
    // Includes for the server are comments.
    let drops_comments = latest != FragmentMode::Ssi;
    let mut less = String::with_capacity(page.len());
    let mut rest = page;
    // White space that is not written yet, and whether a block stands before it.
    let (mut blank, mut is_behind_block) = (String::new(), true);
    while !rest.is_empty() {
        let text = &rest[..rest.find('<').unwrap_or(rest.len())];
        if !text.is_empty() {
            rest = &rest[text.len()..];
            if text.trim_ascii().is_empty() {
                blank.push_str(text);
            } else {
                less.push_str(&blank);
                less.push_str(text);
                (blank, is_behind_block) = (String::new(), false);
            }
            continue;
        }
        if let (true, Some(end)) = (drops_comments && rest.starts_with("<!--"), rest.find("-->")) {
            rest = &rest[end + "-->".len()..];
            continue;
        }
        let (tag, name) = tag(rest);
        let is_block = BLOCKS.iter().any(|block| name.eq_ignore_ascii_case(block)) || rest.starts_with("<!");
        less.push_str(if is_behind_block && is_block && blank.contains('\n') { "\n" } else { &blank });
        (blank, is_behind_block) = (String::new(), is_block);
        let is_verbatim = !tag.starts_with("</") && VERBATIM.iter().any(|one| name.eq_ignore_ascii_case(one));
        let length = if is_verbatim { tag.len() + inside(&rest[tag.len()..], name) } else { tag.len() };
        less.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    less.push_str(&blank);
    less.into_bytes()
}

/// The tag at the beginning of some HTML, to its end, and its name; the `<` alone where there is no tag.
fn tag(html: &str) -> (&str, &str) {
    let inside = html[1..].strip_prefix('/').unwrap_or(&html[1..]);
    let name = &inside[..inside.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(inside.len())];
    if html.starts_with("<!--") {
        return (&html[..html.find("-->").map_or(html.len(), |end| end + 3)], "");
    }
    if name.is_empty() && !html.starts_with("<!") {
        return (&html[..1], "");
    }
    let mut quote = None;
    for (at, byte) in html.bytes().enumerate() {
        match (byte, quote) {
            (b'"' | b'\'', None) => quote = Some(byte),
            (byte, Some(open)) if byte == open => quote = None,
            (b'>', None) => return (&html[..=at], name),
            _ => {}
        }
    }
    (html, name)
}

/// How many bytes there are before the end tag of an element.
fn inside(html: &str, name: &str) -> usize {
    let is_end =
        |at: &usize| html.get(at + 2..at + 2 + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
    html.match_indices("</").map(|(at, _)| at).find(is_end).unwrap_or(html.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(html: &str) -> String {
        String::from_utf8(minified(html.as_bytes().to_vec(), FragmentMode::Inline)).expect("text")
    }

    #[test]
    fn only_what_nobody_sees_goes() {
        assert_eq!(
            of("<div>\n\n  <p>a</p>\n\n<!-- x -->\n    <p>d</p>\n</div>\n"),
            "<div>\n<p>a</p>\n<p>d</p>\n</div>\n"
        );
        assert_eq!(of("<p title='a > b'>\n  <b>c</b>\n  <p>"), "<p title='a > b'>\n  <b>c</b>\n  <p>");
        for kept in [
            "<pre>a\n   b</pre>",
            "<p><code>a  b</code></p>",
            "<script>a  =  1; // x\n\n\n  '<p>'</script>",
            "<p>日本\n  語</p>",
            "<textarea>\n\n<p>\n\n\n<p></textarea>",
            "<template>\n\n<p>\n\n\n<p></template>",
        ] {
            assert_eq!(of(kept), kept);
        }
    }

    #[test]
    fn text_keeps_the_blanks_that_a_stylesheet_may_show() {
        for kept in [
            "<p class=\"poem\">The  sea,\n    the   sea</p>",
            "<div class=\"poem\">One\n   <b>two</b>   <i>three</i>\n      four</div>",
            "<p style=\"white-space: pre\">\n   a\n\n\n   b</p>",
        ] {
            assert_eq!(of(kept), kept);
        }
    }

    #[test]
    fn what_is_not_html_stays_as_it_is() {
        for html in ["<p>a <!-- never closed", "a < b  c", "<", "<p title=\"never", "<pre>a", "</"] {
            assert_eq!(of(html), html);
        }
        assert_eq!(minified(vec![b'<', 0xFF], FragmentMode::Inline), [b'<', 0xFF]);
    }

    #[test]
    fn includes_for_the_server_stay() {
        let html = "<aside>\n<!--#include virtual=\"/fragments/latest.html\" -->\n</aside>";
        let less = minified(html.as_bytes().to_vec(), FragmentMode::Ssi);
        assert!(String::from_utf8(less).expect("text").contains("<!--#include virtual=\"/fragments/latest.html\" -->"));
    }
}
