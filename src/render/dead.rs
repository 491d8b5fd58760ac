//! Addresses of the site that lead nowhere and stand in no body: in `site.yaml`, in front matter, in comments. And
//! places that a page does not have.
//!
//! A body tells of its own addresses ([`markdown`](crate::markdown)). All of them ask the same question
//! (`View::destination`), as the rendered pages do in `courant check`.

use std::cell::RefCell;
use std::sync::Arc;

use lol_html::{HtmlRewriter, Settings, element};
use rustc_hash::FxHashSet;

use super::PageRenderer;
use super::scope::{anchors_elsewhere, notice};
use crate::article::Row;
use crate::diagnostic::{Diagnostic, Place};
use crate::markdown::not_found::nowhere;
use crate::markdown::{Anchor, Purpose};
use crate::query::{Seen, ask};
use crate::render::template::body;

/// The warnings of links to places of their own page that `html`, which is this page, does not have.
pub(super) fn of_anchors(html: &[u8], anchors: Vec<Anchor>) -> Vec<Diagnostic> {
    let ids = ids_in(html);
    anchors.into_iter().filter(|one| !ids.contains(&one.id)).map(no_place).collect()
}

fn no_place(anchor: Anchor) -> Diagnostic {
    let Anchor { href, id, place, .. } = anchor;
    Diagnostic::warning(format!("the link leads to `{href}`, and the page has no `{id}`"))
        .at(place)
        .hint(format!("give the heading that id: `## … {{#{id}}}`, or correct the link"))
}

/// What a link may lead to in HTML.
pub(super) fn ids_in(html: &[u8]) -> FxHashSet<String> {
    let ids: RefCell<FxHashSet<String>> = RefCell::default();
    let note = |id: Option<String>| {
        ids.borrow_mut().insert(html_escape::decode_html_entities(&id.unwrap_or_default()).into_owned());
        Ok(())
    };
    let mut rewriter = HtmlRewriter::new(
        Settings {
            element_content_handlers: vec![
                element!("[id]", |element| note(element.get_attribute("id"))),
                element!("a[name]", |element| note(element.get_attribute("name"))),
            ],
            ..Settings::new()
        },
        |_: &[u8]| {},
    );
    // A page that the parser cannot read to its end has the ids that it has found.
    let _ = rewriter.write(html).and_then(|()| rewriter.end());
    ids.take()
}

/// The first place in the text where one of the words stands as a whole.
pub(crate) fn written_in(path: &str, text: &str, words: &[&str]) -> Option<Place> {
    let ends = |c: Option<char>| {
        c.is_none_or(|c| c.is_whitespace() || "\"'()<>[]{},|`*".contains(c) || !c.is_ascii() && !c.is_alphanumeric())
    };
    // Behind a bare address may stand the end of the sentence.
    let is_behind = |rest: &str| ends(rest.trim_start_matches(['.', ';', ':', '!', '?', '_']).chars().next());
    for word in words.iter().filter(|word| !word.is_empty()) {
        let escaped = html_escape::encode_double_quoted_attribute(word).into_owned();
        for form in [*word, escaped.as_str()] {
            for (at, _) in text.match_indices(form) {
                if ends(text[..at].chars().next_back()) && is_behind(&text[at + form.len()..]) {
                    return Some(Place::span(path, text, at..at + form.len()));
                }
            }
        }
    }
    None
}

/// Tells of links on the page in work to places that other articles do not have, neither in their bodies nor around
/// them.
pub(super) fn look_at_places(renderer: &Arc<PageRenderer>) {
    for anchor in anchors_elsewhere() {
        let article = anchor.files.iter().find_map(|file| ask::article_at(&renderer.view, *file));
        let lacks = |id| {
            !body::ids_of_body(renderer, id).ids.contains(&anchor.id) && !ask::is_reserved(&renderer.view, &anchor.id)
        };
        if article.is_some_and(lacks) {
            notice([no_place(anchor)]);
        }
    }
}

/// Whether nothing is published at an address of the site, as it stands on the page at `from`; asked for by the
/// page in work.
pub(super) fn is_dead(renderer: &PageRenderer, from: &str, address: &str) -> bool {
    let Some(destination) = ask::destination(&renderer.view, from, address, Purpose::Link) else { return false };
    ask::published(&renderer.view, &destination.files);
    !destination.is_published
}

/// Tells of links at which nothing is published and which stand in the source in `row`.
pub(super) fn tell_of_dead(renderer: &PageRenderer, row: Seen<Row>, links: &[&str], address: impl Fn(&str) -> String) {
    if links.is_empty() {
        return;
    }
    let path = renderer.view.path(row);
    let text = renderer.read(row).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    notice(links.iter().map(|link| {
        let place = written_in(path, &text, &[link]).unwrap_or_else(|| Place::file(path));
        nowhere(&address(link), Purpose::Link, None).at(place)
    }));
}

/// A link of front matter in the source in `row`, as [`View::visible_link`](crate::query::View) has it; told if it
/// leads nowhere.
pub(super) fn followed_link(renderer: &PageRenderer, row: Seen<Row>, from: &str, link: &str) -> Option<String> {
    let address = ask::visible_link(&renderer.view, from, link)?;
    if is_dead(renderer, from, &address) {
        tell_of_dead(renderer, row, &[link], |_| address.clone());
    }
    Some(address)
}
