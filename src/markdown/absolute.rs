//! A body as feeds carry it: its addresses are absolute, and what needs a stylesheet or a script is simpler.

use super::Rendered;
use super::embed::without_players;
use crate::html::decoded;
use crate::html_addresses;

/// The HTML of a body with absolute addresses. HTML made from Markdown alone needs no parser: all its addresses are in
/// `href="…"` and `src="…"`, and special characters in attributes are escaped.
pub(crate) fn absolute_body(body: &Rendered, page: &str) -> String {
    let html = body.html.as_bytes();
    let has = |part: &str| memchr::memmem::find(html, part.as_bytes()).is_some();
    if body.has_raw_html || ["photo-frame", "srcset", "<button", "style="].into_iter().any(has) {
        return absolute_html(&body.html, page);
    }
    let page = url::Url::parse(page).ok();
    let mut written = String::with_capacity(body.html.len() + 256);
    let mut end = 0;
    for at in memchr::memmem::find_iter(html, b"=\"") {
        let has_address = html[..at].ends_with(b" href") || html[..at].ends_with(b" src");
        let is_in_tag = || memchr::memrchr2(b'<', b'>', &html[..at]).is_some_and(|tag| html[tag] == b'<');
        let start = at + 2;
        if !has_address || start < end || !is_in_tag() {
            continue;
        }
        let Some(length) = memchr::memchr(b'"', &html[start..]) else { break };
        let address = decoded(&body.html[start..start + length]);
        let address = absolute(address.trim(), page.as_ref());
        written.push_str(&body.html[end..start]);
        html_escape::encode_double_quoted_attribute_to_string(address, &mut written);
        end = start + length;
    }
    written + &body.html[end..]
}

/// HTML whose addresses are absolute: those of links and media are seen from `page`.
pub(crate) fn absolute_html(html: &str, page: &str) -> String {
    use lol_html::{RewriteStrSettings, element, rewrite_str};
    let html = without_players(html);
    let has = |part: &str| memchr::memmem::find(html.as_bytes(), part.as_bytes()).is_some();
    // Without attributes there are no addresses.
    if !has("=") {
        return html.into_owned();
    }
    let page = url::Url::parse(page).ok();
    let seen = |address: &str| absolute(address, page.as_ref());
    // Feed readers know one image, not many to choose from, and no stylesheet that hides a miniature.
    let drop = |selector: &'static str| {
        element!(selector, |element| {
            element.remove();
            Ok(())
        })
    };
    let unwrap = |selector: &'static str| {
        element!(selector, |element| {
            element.remove_and_keep_content();
            Ok(())
        })
    };
    let plain = element!("picture img", |element| {
        ["srcset", "sizes", "loading", "fetchpriority"].iter().for_each(|name| element.remove_attribute(name));
        Ok(())
    });
    let simpler = (has("<picture") || has("photo-frame")).then(|| {
        [
            drop("picture source"),
            drop("span.photo-frame img.placeholder"),
            plain,
            unwrap("span.photo-frame"),
            unwrap("span.photo-frame picture"),
        ]
    });
    // All elements: to compile a selector for each attribute costs more than to look at them.
    let absolute = element!("*", |element| {
        // A drawing refers to its own parts; a link leads to the page.
        let is_link = matches!(&*element.tag_name(), "a" | "area");
        html_addresses::replace(element, |address| (is_link || !address.starts_with('#')).then(|| seen(address)));
        Ok(())
    });
    let styles = html_addresses::may_style(&html)
        .then(|| html_addresses::in_styles(|address| (!address.starts_with('#')).then(|| seen(address))));
    let settings = RewriteStrSettings {
        element_content_handlers: simpler.into_iter().flatten().chain([absolute]).chain(styles).collect(),
        ..RewriteStrSettings::new()
    };
    rewrite_str(&html, settings).unwrap_or_else(|_| html.into_owned())
}

/// An address as seen from the page (RFC 3986, section 5).
fn absolute(address: &str, page: Option<&url::Url>) -> String {
    page.and_then(|page| page.join(address).ok()).map_or_else(|| address.to_owned(), String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_feeds_are_absolute() {
        let html = absolute_html(
            "<p><a href=\"#fn-1\">1</a> <a href=\"/x/\">x</a> <img src=\"a.jpg\"> <a href=\"https://b.example/\">b</a></p>",
            "https://a.example/local/y/",
        );
        assert_eq!(
            html,
            "<p><a href=\"https://a.example/local/y/#fn-1\">1</a> <a href=\"https://a.example/x/\">x</a> <img src=\"https://a.example/local/y/a.jpg\"> <a href=\"https://b.example/\">b</a></p>"
        );
        let html = absolute_html(
            "<img srcset=\"/a.jpg 1x,b.jpg 2x\"><object data=\"/f.pdf\"></object><q cite=\"../z/\">z</q><svg><use href=\"#i\"/><image xlink:href=\"/i.png\"/></svg><form action=\"/s/?a=1&amp;b\"></form>",
            "https://a.example/local/y/",
        );
        assert_eq!(
            html,
            "<img srcset=\"https://a.example/a.jpg 1x,https://a.example/local/y/b.jpg 2x\"><object data=\"https://a.example/f.pdf\"></object><q cite=\"https://a.example/local/z/\">z</q><svg><use href=\"#i\"/><image xlink:href=\"https://a.example/i.png\" /></svg><form action=\"https://a.example/s/?a=1&amp;b\"></form>"
        );
    }
}
