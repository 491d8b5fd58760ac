//! The addresses in HTML: which attributes hold one. Who rewrites addresses (the base path in pages, absolute ones in
//! feeds) and who follows them (`courant check`) asks here, so that all see the same.

use std::ops::Range;

use lol_html::html_content::Element;

/// What has an address, as a selector.
pub(crate) const SELECTOR: &str = "[href], [src], [srcset], [imagesrcset], [poster], [data], [cite], [action], \
    [formaction], [longdesc], [background], [xlink\\:href]";

/// How an attribute holds its addresses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// It is one.
    One,
    /// Several, each with a descriptor (HTML, section 4.8.4.2.1).
    Set,
}

/// How the attribute of an element holds addresses; none if it holds something else.
fn form(tag: &str, attribute: &str) -> Option<Form> {
    match attribute {
        "srcset" | "imagesrcset" => Some(Form::Set),
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
        let value = html_escape::decode_html_entities(&value);
        match form {
            Form::One => each(&name, value.trim()),
            Form::Set => candidates(&value).for_each(|range| each(&name, &value[range])),
        }
    }
}

/// Where the addresses stand in the value, decoded, of an attribute.
pub(crate) fn within(tag: &str, attribute: &str, value: &str) -> Vec<Range<usize>> {
    match form(tag, attribute) {
        None => Vec::new(),
        Some(Form::Set) => candidates(value).collect(),
        Some(Form::One) => {
            let start = value.len() - value.trim_start().len();
            std::iter::once(start..start + value.trim().len()).collect()
        }
    }
}

/// Gives the element other addresses: what `new` says of each, decoded, if it says anything.
pub(crate) fn replace(element: &mut Element<'_, '_>, mut new: impl FnMut(&str) -> Option<String>) {
    let tag = element.tag_name();
    let mut changed = Vec::new();
    for attribute in element.attributes() {
        let name = attribute.name();
        let Some(form) = form(&tag, &name) else { continue };
        let value = attribute.value();
        let value = html_escape::decode_html_entities(&value);
        let other = match form {
            Form::One => new(value.trim()),
            Form::Set => in_set(&value, &mut new),
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

fn in_set(set: &str, new: &mut impl FnMut(&str) -> Option<String>) -> Option<String> {
    let mut written = String::with_capacity(set.len() + 64);
    let mut end = 0;
    let mut is_changed = false;
    for range in candidates(set) {
        let other = new(&set[range.clone()]);
        is_changed |= other.is_some();
        written.push_str(&set[end..range.start]);
        written.push_str(other.as_deref().unwrap_or(&set[range.clone()]));
        end = range.end;
    }
    written.push_str(&set[end..]);
    is_changed.then_some(written)
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
    let is_below = address.starts_with(base)
        || address
            .strip_prefix(base.trim_end_matches('/'))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['?', '#']));
    (!is_below).then(|| format!("{base}{rooted}"))
}

/// Whether HTML may have an address that [`below_base`] changes.
pub(crate) fn may_be_rooted(html: &str) -> bool {
    let bytes = html.as_bytes();
    let begins_value = |at: usize| {
        at == 0 || matches!(bytes[at - 1], b'"' | b'\'' | b'=' | b',' | b';' | b' ' | b'\t' | b'\n' | b'\r')
    };
    memchr::memchr_iter(b'/', bytes).any(|at| begins_value(at) && !matches!(bytes.get(at + 1), Some(b'>' | b'/')))
        || memchr::memmem::find(bytes, b"&#").is_some()
        || memchr::memmem::find(bytes, b"&sol;").is_some()
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
            ("<svg><use xlink:href=\"/i.svg#a\"/></svg>", "<svg><use xlink:href=\"/b/i.svg#a\" /></svg>"),
        ] {
            assert_eq!(with_base(html), expected);
            assert!(may_be_rooted(html), "{html}");
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
        assert!(!may_be_rooted("<p>and/or</p> <br /> <a href=\"x/\">"));
    }

    #[test]
    fn candidates_end_where_browsers_see_their_end() {
        let all = |set: &'static str| candidates(set).map(|range| &set[range]).collect::<Vec<_>>();
        assert_eq!(all("a.jpg, b.jpg 2x ,c.jpg"), ["a.jpg", "b.jpg", "c.jpg"]);
        assert_eq!(all(" a,b.jpg 100w,c.jpg, "), ["a,b.jpg", "c.jpg"]);
        assert_eq!(all("a.jpg 1x (x, y), b.jpg"), ["a.jpg", "b.jpg"]);
        assert_eq!(all(",, "), [""; 0]);
    }
}
