//! Images in a body: `img` with its size, and `figure` for an image alone in its paragraph.
//!
//! The title of a Markdown image is its caption; what stands behind ` | ` in it is the credit.

use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::not_found::missing;
use super::{Body, FileInfo, Purpose, Spanned, attribute, linking, matching_end, plain_text, reference};
use crate::diagnostic::Diagnostic;
use crate::html_addresses;
use crate::original;
use crate::site_path;

/// Writes the paragraph as a figure if it holds one image and nothing else; whether it did.
pub(super) fn figure<'a>(body: &mut Body<'a>, inside: &[Spanned<'a>]) -> bool {
    let (events, link) = match inside.first() {
        Some((Event::Start(Tag::Link { dest_url, .. }), range)) if matching_end(inside, 1) == inside.len() - 1 => {
            (&inside[1..inside.len() - 1], Some((dest_url, range)))
        }
        _ => (inside, None),
    };
    let Some((Event::Start(Tag::Image { dest_url, title, .. }), range)) = events.first() else { return false };
    let end = matching_end(events, 1);
    if end != events.len() - 1 || !matches!(events[end].0, Event::End(TagEnd::Image)) {
        return false;
    }
    // Without its image a figure is left out.
    let Some((img, file)) = image(body, dest_url, "", &events[1..end], range) else { return true };
    let (caption, credit) = match title.split_once(" | ") {
        Some((caption, credit)) => (caption.trim(), credit.trim()),
        // A credit alone; what reads Markdown drops the blank in front of it.
        None => title.trim().strip_prefix("| ").map_or((title.trim(), ""), |credit| ("", credit.trim())),
    };
    // What the photographer wrote into the file counts where the article says nothing.
    let said = |given: &str, file: Option<&String>| match file {
        Some(text) if given.is_empty() => text.clone(),
        _ => given.to_owned(),
    };
    let caption = said(caption, file.as_ref().and_then(|file| file.caption.as_ref()));
    let credit = said(credit, file.as_ref().and_then(|file| file.credit.as_ref()));
    let mut html = String::from("<figure>");
    match link.map(|(dest, range)| linking::link(body, dest, range)) {
        Some(Some(dest)) => {
            let _ = write!(html, "<a href=\"{}\">{img}</a>", attribute(&dest));
        }
        _ => html.push_str(&img),
    }
    if !caption.is_empty() || !credit.is_empty() {
        let escape = |text: &str| html_escape::encode_text(text).into_owned();
        let _ = write!(html, "<figcaption>{}", escape(&caption));
        if !credit.is_empty() {
            let space = if caption.is_empty() { "" } else { " " };
            let _ = write!(html, "{space}<span class=\"credit\">{}</span>", escape(&credit));
        }
        html.push_str("</figcaption>");
    }
    html.push_str("</figure>\n");
    body.out.push(Event::Html(html.into()));
    true
}

/// Takes out of images that are in the text itself (`data:`) what is taken out of files.
pub(super) fn clean_embedded(body: &mut Body<'_>, html: &mut String) {
    if original::may_embed(html) && original::clean_embedded(html).is_some() {
        let at = body.markdown.find("data:").unwrap_or_default();
        body.warn(
            &(at..at + 1),
            "an image in the text may say where it was taken: it cannot be cleaned".into(),
            "save it as a file beside the article (JPEG, PNG), and name that",
        );
    }
}

/// An image as an element, and its file; none if there is no such image. The first of a page is loaded at once,
/// others when they come near.
pub(super) fn image<'a>(
    body: &mut Body<'a>,
    src: &str,
    title: &str,
    alt: &[Spanned<'a>],
    range: &Range<usize>,
) -> Option<(String, Option<FileInfo>)> {
    if site_path::is_script(src) {
        linking::refuse_script(body, src, range);
        return None;
    }
    let is_elsewhere = linking::has_scheme(src) || src.starts_with("//");
    let file = if is_elsewhere { None } else { body.surroundings.file(body.source.path, src) };
    if file.is_none() && !is_elsewhere && !(src.starts_with('/') && body.surroundings.is_published(src)) {
        if body.surroundings.is_unreadable(body.source.path, src) {
            return None;
        }
        let missing = missing("image", src, body.surroundings.nearest(body.source.path, src));
        let place = body.place(range);
        body.rendered.diagnostics.push(missing.at(place));
        return None;
    }
    // A whole address may be one of the site.
    if is_elsewhere && let Some(destination) = body.surroundings.destination(src, Purpose::Image) {
        body.files.extend(destination.files);
        if !destination.is_published {
            let place = body.place(range);
            body.rendered.diagnostics.push(missing("image", src, None).at(place));
            return None;
        }
    }
    let address = match &file {
        Some(file) => file.address.clone(),
        None => {
            let below = html_addresses::below_base(src, body.surroundings.base_path());
            site_path::encoded(below.as_deref().unwrap_or(src)).into_owned()
        }
    };
    if file.is_none() && src.starts_with('/') {
        reference::look_at_reference(body, &address, Purpose::Image, range);
    }
    body.images += 1;
    let mut words = plain_text(alt);
    if words.is_empty() {
        words = file.as_ref().and_then(|file| file.alt.clone()).unwrap_or_default();
    }
    if file.is_some() {
        let is_lazy = body.images > 1;
        match body.surroundings.photograph(body.source.path, src, &words, title, is_lazy) {
            Ok(Some(html)) => return Some((html, file)),
            Ok(None) => {}
            Err((message, hint)) => {
                body.tell(range, Diagnostic::error(message).hint(hint));
            }
        }
    }
    let mut html = format!("<img src=\"{}\" alt=\"{}\"", attribute(&address), attribute(&words));
    if !title.is_empty() {
        let _ = write!(html, " title=\"{}\"", attribute(title));
    }
    if let Some((width, height)) = file.as_ref().and_then(|file| file.size) {
        let _ = write!(html, " width=\"{width}\" height=\"{height}\"");
    }
    if body.images > 1 {
        html.push_str(" loading=\"lazy\"");
    }
    html.push_str(" decoding=\"async\">");
    Some((html, file))
}
