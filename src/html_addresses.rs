//! The addresses in HTML: which attributes hold one. Who rewrites addresses (the base path in pages, absolute ones in
//! feeds) and who follows them (`courant check`) asks here, so that all see the same.

use std::ops::Range;

use lol_html::html_content::Element;

use crate::html::{Token, decoded, monstrous_tag, tokens};
use crate::site_path::{self, is_drawing, is_script};

/// What has an address, as a selector.
pub(crate) const SELECTOR: &str = "[href], [src], [srcset], [imagesrcset], [poster], [data], [cite], [action], \
    [formaction], [longdesc], [background], [xlink\\:href], [style]";

/// How an attribute holds its addresses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// It is one.
    One,
    /// Several, each with a descriptor (HTML, section 4.8.4.2.1).
    Set,
    /// They stand in rules of CSS.
    Css,
}

/// How the attribute of an element holds addresses; none if it holds something else.
fn form(tag: &str, attribute: &str) -> Option<Form> {
    match attribute {
        "srcset" | "imagesrcset" => Some(Form::Set),
        "style" => Some(Form::Css),
        "data" => (tag == "object").then_some(Form::One),
        // What a base leads to is no address of its own.
        "href" => (tag != "base").then_some(Form::One),
        "src" | "poster" | "cite" | "action" | "formaction" | "longdesc" | "background" | "xlink:href" => {
            Some(Form::One)
        }
        _ => None,
    }
}

/// Calls `each` with every address of the element, decoded, and the attribute that holds it.
pub(crate) fn follow(element: &Element<'_, '_>, mut each: impl FnMut(&str, &str)) {
    let tag = element.tag_name();
    for attribute in element.attributes() {
        let name = attribute.name();
        let Some(form) = form(&tag, &name) else { continue };
        let value = attribute.value();
        let value = decoded(&value);
        match form {
            Form::One => each(&name, value.trim()),
            Form::Set => candidates(&value).for_each(|range| each(&name, &value[range])),
            Form::Css => in_css(&value).for_each(|range| each(&name, &value[range])),
        }
    }
}

/// Whether an attribute with the value, decoded, would run a script: a document in it, an address that an animation
/// puts into another attribute, or its own.
pub(crate) fn runs_script(tag: &str, attribute: &str, value: &str) -> bool {
    runs_script_within(tag, attribute, value, 0)
}

/// So many documents within each other are looked at.
const DEEPEST: usize = 4;

fn runs_script_within(tag: &str, attribute: &str, value: &str, depth: usize) -> bool {
    match attribute {
        "srcdoc" if depth == DEEPEST || monstrous_tag(value).is_some() => true,
        "srcdoc" => tokens(value).iter().any(|token| match token {
            Token::Start(tag, all) => all.iter().any(|(name, value)| runs_script_within(tag, name, value, depth + 1)),
            _ => false,
        }),
        "values" | "to" | "from" | "by" => value.split(';').any(is_script),
        "content" => tag == "meta" && is_script(refresh(value)),
        "href" if tag == "base" => is_script(value),
        _ => {
            let is_frame = matches!(tag, "iframe" | "frame" | "object" | "embed");
            let runs = |range: Range<usize>| is_script(&value[range.clone()]) || is_frame && is_drawing(&value[range]);
            within(tag, attribute, value).into_iter().any(runs)
        }
    }
}

/// Where `<meta http-equiv="refresh">` leads: what stands behind the seconds and `url=`.
fn refresh(content: &str) -> &str {
    let rest = content.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c.is_whitespace());
    let rest = rest.trim_start_matches(|c: char| matches!(c, ';' | ',') || c.is_whitespace());
    let named = rest.get(..3).filter(|name| name.eq_ignore_ascii_case("url")).and_then(|_| {
        let value = rest[3..].trim_start().strip_prefix('=')?;
        Some(value.trim_start().trim_start_matches(['"', '\'']))
    });
    named.unwrap_or(rest)
}

/// HTML without the attributes that would run a script, and the first of their values; none if there is none.
pub(crate) fn without_scripts(html: &str) -> Option<(String, String)> {
    use lol_html::{RewriteStrSettings, element, rewrite_str};
    // What stands in `noscript` is text for the rewriter, and HTML for a browser without scripts.
    const HIDDEN: [(&str, &str); 2] = [("<noscript", "<courant-noscript"), ("</noscript", "</courant-noscript")];
    let opened = HIDDEN.iter().fold(html.to_owned(), |html, (from, to)| replace_tags(&html, from, to));
    let mut removed: Option<String> = None;
    let strip = element!("*", |element| {
        let tag = element.tag_name();
        let all = element.attributes().iter().map(|one| (one.name(), one.value())).collect::<Vec<_>>();
        for (name, value) in all {
            if runs_script(&tag, &name, &decoded(&value)) {
                element.remove_attribute(&name);
                removed.get_or_insert(value);
            }
        }
        Ok(())
    });
    let settings = RewriteStrSettings { element_content_handlers: vec![strip], ..RewriteStrSettings::new() };
    let rewritten = rewrite_str(&opened, settings).ok()?;
    let closed = HIDDEN.iter().fold(rewritten, |html, (from, to)| replace_tags(&html, to, from));
    Some((closed, removed?))
}

/// Replaces the beginnings of tags, whatever their case.
fn replace_tags(html: &str, from: &str, to: &str) -> String {
    let mut replaced = String::with_capacity(html.len());
    let mut done = 0;
    for at in memchr::memchr_iter(b'<', html.as_bytes()) {
        if html.get(at..at + from.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(from)) {
            replaced.push_str(&html[done..at]);
            replaced.push_str(to);
            done = at + from.len();
        }
    }
    replaced + &html[done..]
}

/// Where the addresses stand in the value, decoded, of an attribute.
pub(crate) fn within(tag: &str, attribute: &str, value: &str) -> Vec<Range<usize>> {
    match form(tag, attribute) {
        None => Vec::new(),
        Some(Form::Set) => candidates(value).collect(),
        Some(Form::Css) => in_css(value).collect(),
        Some(Form::One) => {
            let start = value.len() - value.trim_start().len();
            std::iter::once(start..start + value.trim().len()).collect()
        }
    }
}

/// Gives the element other addresses: what `new` says of each, decoded, if it says anything.
pub(crate) fn replace(element: &mut Element<'_, '_>, mut new: impl FnMut(&str) -> Option<String>) {
    if element.attributes().is_empty() {
        return;
    }
    let tag = element.tag_name();
    let mut changed = Vec::new();
    for attribute in element.attributes() {
        let name = attribute.name();
        let Some(form) = form(&tag, &name) else { continue };
        let value = attribute.value();
        let value = decoded(&value);
        let other = match form {
            Form::One => new(value.trim()),
            Form::Set => with_others(&value, candidates(&value), &mut new),
            Form::Css => replace_in_css(&value, &mut new),
        };
        if let Some(other) = other {
            changed.push((name, html_escape::encode_double_quoted_attribute(&other).into_owned()));
        }
    }
    for (name, value) in changed {
        // The name is one that the parser has read.
        let _ = element.set_attribute(&name, &value);
    }
}

/// A text with what `new` says in the place of the addresses that stand there; none if it says nothing of them.
fn with_others(
    text: &str,
    addresses: impl Iterator<Item = Range<usize>>,
    mut new: impl FnMut(&str) -> Option<String>,
) -> Option<String> {
    let mut written = String::new();
    let mut end = 0;
    for range in addresses {
        if let Some(other) = new(&text[range.clone()]) {
            written.push_str(&text[end..range.start]);
            written.push_str(&other);
            end = range.end;
        }
    }
    (end > 0).then(|| written + &text[end..])
}

/// Rules of CSS with other addresses: what `new` says of each; none if it says nothing.
pub(crate) fn replace_in_css(css: &str, new: impl FnMut(&str) -> Option<String>) -> Option<String> {
    with_others(css, in_css(css), new)
}

/// Where addresses stand in rules of CSS: `url(…)` and `@import "…"` (CSS Syntax, section 4.3.6).
fn in_css(css: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let found = at + memchr::memchr2(b'(', b'@', &css.as_bytes()[at..])?;
            at = found + 1;
            let before = css[..found].get(found.saturating_sub(3)..).unwrap_or_default();
            let is_import = css[at..].get(..6).is_some_and(|name| name.eq_ignore_ascii_case("import"));
            let start = match css.as_bytes()[found] {
                b'(' if before.eq_ignore_ascii_case("url") => at,
                b'@' if is_import => at + 6,
                _ => continue,
            };
            let start = css.len() - css[start..].trim_start().len();
            let quote = css[start..].chars().next().filter(|c| matches!(c, '"' | '\''));
            let (start, length) = match quote {
                Some(quote) => (start + 1, css[start + 1..].find(quote)),
                // `@import url(…)` has its address in brackets.
                None if is_import && css.as_bytes()[found] == b'@' => continue,
                None => (start, css[start..].find(|c: char| c == ')' || c.is_ascii_whitespace())),
            };
            let end = start + length?;
            at = end;
            return Some(start..end);
        }
    })
}

/// Where the addresses of a `srcset` stand in it (HTML, section 4.8.4.2.1).
fn candidates(set: &str) -> impl Iterator<Item = Range<usize>> {
    let is_space = |c: char| c.is_ascii_whitespace();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + set[at..].find(|c: char| !is_space(c) && c != ',')?;
        let end = set[start..].find(is_space).map_or(set.len(), |length| start + length);
        let address = set[start..end].trim_end_matches(',');
        // Behind the descriptors, in which commas may stand between brackets.
        let mut depth = 0;
        let is_end = |c: char| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            c == ',' && depth <= 0
        };
        at = if address.len() < end - start {
            end
        } else {
            set[end..].find(is_end).map_or(set.len(), |length| end + length)
        };
        Some(start..start + address.len())
    })
}

/// An address that begins with the site's root, below its base path: `/a.jpg` is `/blog/a.jpg`. None if it has another
/// form, or is below the base path already.
pub(crate) fn below_base(address: &str, base: &str) -> Option<String> {
    let rooted = address.strip_prefix('/').filter(|rest| !rest.starts_with(['/', '\\']))?;
    let is_below = base == "/" || site_path::behind_base(base, address).is_some();
    (!is_below).then(|| format!("{base}{rooted}"))
}

/// Whether HTML may have an element with rules of CSS.
pub(crate) fn may_style(html: &str) -> bool {
    memchr::memchr_iter(b'<', html.as_bytes())
        .any(|at| html[at + 1..].get(..5).is_some_and(|name| name.eq_ignore_ascii_case("style")))
}

/// Gives the rules in `style` elements other addresses: what `new` says of each.
pub(crate) fn in_styles<'h>(
    mut new: impl FnMut(&str) -> Option<String> + 'h,
) -> (std::borrow::Cow<'static, lol_html::Selector>, lol_html::ElementContentHandlers<'h>) {
    let mut css = String::new();
    lol_html::text!("style", move |chunk| {
        css.push_str(chunk.as_str());
        let is_last = chunk.last_in_text_node();
        chunk.remove();
        if is_last {
            let whole = std::mem::take(&mut css);
            let changed = replace_in_css(&whole, &mut new).unwrap_or(whole);
            chunk.after(&changed, lol_html::html_content::ContentType::Html);
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use lol_html::{RewriteStrSettings, element, rewrite_str};

    use super::*;

    fn with_base(html: &str) -> String {
        let handler = element!(SELECTOR, |element| {
            replace(element, |address| below_base(address, "/b/"));
            Ok(())
        });
        let settings = RewriteStrSettings { element_content_handlers: vec![handler], ..RewriteStrSettings::new() };
        rewrite_str(html, settings).expect("it is read")
    }

    #[test]
    fn every_attribute_with_an_address_is_known() {
        for (html, expected) in [
            ("<a href='/x/'>", "<a href=\"/b/x/\">"),
            ("<a href=/x/>", "<a href=\"/b/x/\">"),
            ("<A HREF=\" /x/?a=1&amp;b=2#c \">", "<A HREF=\"/b/x/?a=1&amp;b=2#c\">"),
            ("<a href=\"&#47;x\">", "<a href=\"/b/x\">"),
            (
                "<img srcset=\"/a,b.jpg 1x,/c.jpg 2x, d.jpg\" src=\"/a\">",
                "<img srcset=\"/b/a,b.jpg 1x,/b/c.jpg 2x, d.jpg\" src=\"/b/a\">",
            ),
            ("<video poster=/p.jpg></video>", "<video poster=\"/b/p.jpg\"></video>"),
            ("<object data=\"/f.pdf\">", "<object data=\"/b/f.pdf\">"),
            ("<q cite=\"/q/\">", "<q cite=\"/b/q/\">"),
            ("<form action=\"/s/\">", "<form action=\"/b/s/\">"),
            ("<svg><image href=\"/i.png\"/></svg>", "<svg><image href=\"/b/i.png\" /></svg>"),
            (
                "<p style='color:red;background:URL( \"/x.png\" )'>",
                "<p style=\"color:red;background:URL( &quot;/b/x.png&quot; )\">",
            ),
            (
                "<p style=\"background:url(/x.png) 0 0, url('y.png')\">",
                "<p style=\"background:url(/b/x.png) 0 0, url('y.png')\">",
            ),
            ("<svg><use xlink:href=\"/i.svg#a\"/></svg>", "<svg><use xlink:href=\"/b/i.svg#a\" /></svg>"),
        ] {
            assert_eq!(with_base(html), expected);
        }
        for html in [
            "<a href=\"/b/x/\">",
            "<a href=\"/b\">",
            "<a href=\"/b?q\">",
            "<a href=\"//other.example/\">",
            "<a href=\"https://other.example/x\">",
            "<a href=\"x/\">",
            "<a href=\"#x\">",
            "<p data=\"/x\">",
            "<img srcset=\"data:image/png;base64,AA== 1x\">",
        ] {
            assert_eq!(with_base(html), html);
        }
    }

    #[test]
    fn an_attribute_that_runs_a_script_is_left_out() {
        for (html, rest) in [
            ("<a href=\"&#106avascript:x\">a</a>", "<a>a</a>"),
            (
                "<svg><a><animate attributeName=href values=\"#;javascript:x\"/></a></svg>",
                "<svg><a><animate attributeName=href /></a></svg>",
            ),
            ("<svg><set to='JAVASCRIPT:x'></set></svg>", "<svg><set></set></svg>"),
            ("<iframe srcdoc=\"<a href='javascript:x'>\"></iframe>", "<iframe></iframe>"),
            (
                "<iframe srcdoc=\"&lt;iframe srcdoc=&quot;&amp;lt;a href=javascript:x&amp;gt;&quot;&gt;\"></iframe>",
                "<iframe></iframe>",
            ),
            ("<meta http-equiv=refresh content=\"0; URL='javascript:x'\">", "<meta http-equiv=refresh>"),
            ("<meta http-equiv=refresh content=\"0;javascript:x\">", "<meta http-equiv=refresh>"),
            ("<base href=\"javascript:/\">", "<base>"),
            ("<iframe src='data:image/svg+xml,x'></iframe>", "<iframe></iframe>"),
            ("<object data='data:image/svg+xml,x'></object>", "<object></object>"),
            ("<embed src='data:text/html,x'>", "<embed>"),
            ("<NoScript><a href=\"javascript:x\">a</a></NoScript>", "<noscript><a>a</a></noscript>"),
        ] {
            assert_eq!(without_scripts(html).map(|(html, _)| html).as_deref(), Some(rest), "{html}");
        }
        for html in [
            "<img src='data:image/svg+xml,x' alt='javascript: an introduction'>",
            "<iframe srcdoc=\"<a href='/x/'>javascript: x</a>\"></iframe>",
            "<meta name=description content='0; javascript is a language'>",
            "<a href=\"/x/?a=javascript:b\">",
        ] {
            assert_eq!(without_scripts(html), None, "{html}");
        }
        assert!(runs_script("iframe", "srcdoc", &"<iframe/srcdoc=".repeat(100_000)));
    }

    #[test]
    fn candidates_end_where_browsers_see_their_end() {
        let all = |set: &'static str| candidates(set).map(|range| &set[range]).collect::<Vec<_>>();
        assert_eq!(all("a.jpg, b.jpg 2x ,c.jpg"), ["a.jpg", "b.jpg", "c.jpg"]);
        assert_eq!(all(" a,b.jpg 100w,c.jpg, "), ["a,b.jpg", "c.jpg"]);
        assert_eq!(all("a.jpg 1x (x, y), b.jpg"), ["a.jpg", "b.jpg"]);
        assert_eq!(all(",, "), [""; 0]);
    }

    #[test]
    fn addresses_in_css_stand_in_brackets_or_behind_import() {
        let all = |css: &'static str| in_css(css).map(|range| &css[range]).collect::<Vec<_>>();
        let css = "@import '/a.css'; @IMPORT url(/b.css); p { background: url(\"/c d.png\"), url( /e.png ) }";
        assert_eq!(all(css), ["/a.css", "/b.css", "/c d.png", "/e.png"]);
        assert_eq!(all("p { width: calc(1px + (2px)); content: 'url' } url(/open"), [""; 0]);
    }

    #[test]
    fn entities_are_decoded_as_by_a_browser() {
        for value in ["/a&amp;b", "/a&#38b", "/a&#x26;b"] {
            assert_eq!(decoded(value), "/a&b", "{value}");
        }
    }
}
