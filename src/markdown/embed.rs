//! Embeds: a paragraph that is an address and nothing else.
//!
//! Only one in the running text itself: in a list, a quotation or a note an address is a reference, and
//! behind or before words it is a part of the sentence.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::Event;

use super::{Body, Purpose, reference};
use crate::diagnostic::Diagnostic;
use crate::file_kind::medium_of_file;
use crate::html_addresses;

/// Writes what is at the address of which the paragraph consists; whether it did.
pub(super) fn embed_paragraph(body: &mut Body<'_>, range: &Range<usize>) -> bool {
    if body.nested > 0 {
        return false;
    }
    // The text itself: in its events, punctuation may be typographic already.
    let Some(address) = bare_address(&body.markdown[range.clone()]) else { return false };
    match body.surroundings.embed(body.source.path, &html_escape::decode_html_entities(address)) {
        None => {
            // Another word with a dot may be just that.
            if address.starts_with('/') {
                let below = html_addresses::below_base(address, body.surroundings.base_path());
                reference::look_at_reference(body, below.as_deref().unwrap_or(address), Purpose::Link, range);
            }
            false
        }
        Some(Ok(html)) => {
            body.out.push(Event::Html(format!("{}\n", html.trim()).into()));
            true
        }
        Some(Err(failure)) => {
            body.tell(range, Diagnostic::error(failure.message).maybe_hint(failure.hint));
            true
        }
    }
}

/// HTML without what only a script brings to life: for readers that run none, a player is the link of its
/// card.
pub(crate) fn without_players(html: &str) -> Cow<'_, str> {
    if memchr::memmem::find(html.as_bytes(), b"<button").is_none() {
        return Cow::Borrowed(html);
    }
    without("button, script", html)
}

/// HTML without what nobody reads as text: styles, scripts, and what stands in a player for browsers that have none.
pub(crate) fn without_unread(html: &str) -> Cow<'_, str> {
    const UNREAD: &str = "audio, button, iframe, object, script, style, template, video";
    if !html.contains('<') {
        return Cow::Borrowed(html);
    }
    let lower = html.to_ascii_lowercase();
    if !UNREAD.split(", ").any(|name| lower.contains(&format!("<{name}"))) {
        return Cow::Borrowed(html);
    }
    without(UNREAD, html)
}

fn without<'h>(selector: &str, html: &'h str) -> Cow<'h, str> {
    use lol_html::{RewriteStrSettings, element, rewrite_str};
    let remove = element!(selector, |element| {
        element.remove();
        Ok(())
    });
    let settings = RewriteStrSettings { element_content_handlers: vec![remove], ..RewriteStrSettings::new() };
    rewrite_str(html, settings).map_or(Cow::Borrowed(html), Cow::Owned)
}

/// The address of which a paragraph consists: an absolute one, or a path to a recording, film or PDF.
fn bare_address(paragraph: &str) -> Option<&str> {
    let text = paragraph.trim();
    // Most paragraphs are longer than any address, and nearly all others have a space early on.
    if text.len() > 2048 || text.bytes().any(|byte| byte.is_ascii_whitespace()) {
        return None;
    }
    let inside = text.strip_prefix('<').map_or(Some(text), |rest| rest.strip_suffix('>'))?;
    let is_absolute = inside.starts_with("https://") || inside.starts_with("http://");
    let is_plain = !inside.contains(['<', '>', '[', ']', '`', '"', '\\', '*']);
    let is_file = || {
        inside.len() == text.len()
            && !inside.contains(':')
            && !inside.starts_with("//")
            && medium_of_file(inside.split(['?', '#']).next().unwrap_or_default()).is_some()
    };
    (is_plain && (is_absolute || is_file())).then_some(inside)
}

#[cfg(test)]
mod tests {
    use super::bare_address;

    #[test]
    fn only_an_address_alone_is_bare() {
        for bare in ["https://a.example/b?c=d#e", "<https://a.example/b>", "/media/a.mp3", "film.MP4", "a/b.pdf#page=2"]
        {
            assert_eq!(bare_address(&format!("{bare}\n")), Some(bare.trim_matches(['<', '>'])), "{bare}");
        }
        for other in [
            "See https://a.example/",
            "https://a.example/ and",
            "[x](https://a.example/)",
            "https://a.example/\nhttps://b.example/",
            "<b>x.mp3</b>",
            "mailto:a@b.mp3",
            "Words.",
            "<a.mp3>",
            "//host.example/a.mp3",
        ] {
            assert_eq!(bare_address(other), None, "{other}");
        }
    }
}
