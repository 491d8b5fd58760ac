//! Addresses of the site that lead nowhere and stand in no body: in `site.yaml`, in front matter, in comments. And
//! places that a page does not have.
//!
//! A body tells of its own addresses ([`markdown`](crate::markdown)). All of them ask the same question
//! ([`PageRenderer::destination`]), as the rendered pages do in `courant check`.

use std::cell::RefCell;
use std::sync::Arc;

use lol_html::{HtmlRewriter, Settings, element};
use rustc_hash::FxHashSet;

use super::PageRenderer;
use super::scope::{anchors_elsewhere, notice, record};
use crate::config::address;
use crate::config::{FILE, LanguageId};
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;
use crate::index::address_key;
use crate::markdown::not_found::nowhere;
use crate::markdown::{Anchor, Purpose};
use crate::query::Question;

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

impl PageRenderer {
    /// What is to be told of the addresses in `site.yaml`: the menu, and what is said of the publisher.
    pub fn warnings(&self) -> Vec<Diagnostic> {
        let mut all: Vec<(&str, String, Purpose)> = Vec::new();
        for (language, within) in self.config.each_language() {
            let items = within.menu_urls();
            all.extend(items.map(|url| (url, self.address_in(language, url), Purpose::Link)));
        }
        if let Some(publisher) = &self.config.settings.publisher {
            let address = |link: &str| self.address_in(LanguageId::MAIN, &super::json_ld::from_front(link));
            let links = publisher.links().filter(|link| Some(*link) != publisher.logo.as_deref());
            all.extend(links.map(|link| (link, address(link), Purpose::Link)));
            all.extend(publisher.logo.iter().map(|logo| (logo.as_str(), address(logo), Purpose::Image)));
        }
        let mut known = FxHashSet::default();
        let front = &*self.config.base_path;
        all.retain(|(link, address, purpose)| {
            let withheld = || {
                let path = address::site_path_of(&self.config, front, address);
                path.is_some_and(|path| self.is_withheld(address_key(&path)))
            };
            let destination = self.destination(front, address, *purpose);
            destination.is_some_and(|destination| !destination.is_published) && !withheld() && known.insert(*link)
        });
        if all.is_empty() {
            return Vec::new();
        }
        let text = self.source_text(FILE).unwrap_or_default();
        let place = |link: &str| written_in(FILE, &text, &[link]).unwrap_or_else(|| Place::file(FILE));
        // The site's own language may have a folder.
        let meant = |link: &str| self.config.each_language().find_map(|(language, _)| self.path_in(language, link));
        let told =
            |(link, address, purpose): (&str, String, _)| nowhere(&address, purpose, meant(link)).at(place(link));
        all.into_iter().map(told).collect()
    }

    /// Tells of links on the page in work to places that other articles do not have, neither in their bodies nor around
    /// them.
    pub(super) fn look_at_places(self: &Arc<Self>) {
        for anchor in anchors_elsewhere() {
            let story = anchor.files.iter().find_map(|file| self.ask_story_in(*file));
            let lacks = |id| !self.ids_of_body(id).ids.contains(&anchor.id) && !self.asks_theme_for(&anchor.id);
            if story.is_some_and(lacks) {
                notice([no_place(anchor)]);
            }
        }
    }

    /// Whether the theme has an id; asked for by the page in work.
    fn asks_theme_for(&self, id: &str) -> bool {
        record(self, Question::ReservedIds, || Fingerprint::of_value(&self.reserved));
        self.reserved.has(id)
    }

    /// Whether nothing is published at an address of the site, as it stands on the page at `from`; asked for by the
    /// page in work.
    pub(super) fn is_dead(&self, from: &str, address: &str) -> bool {
        let Some(destination) = self.destination(from, address, Purpose::Link) else { return false };
        let question = Question::Published(destination.files.as_slice().into());
        record(self, question, || self.of_published(&destination.files));
        !destination.is_published
    }

    /// Tells of links at which nothing is published and which stand in the source `path`.
    pub(super) fn tell_of_dead(&self, path: &str, links: &[&str], address: impl Fn(&str) -> String) {
        if links.is_empty() {
            return;
        }
        let text = self.source_text(path).unwrap_or_default();
        notice(links.iter().map(|link| {
            let place = written_in(path, &text, &[link]).unwrap_or_else(|| Place::file(path));
            nowhere(&address(link), Purpose::Link, None).at(place)
        }));
    }

    /// A link of front matter in the source `path`, as [`PageRenderer::visible_link`] has it; told if it leads nowhere.
    pub(super) fn followed_link(&self, path: &str, from: &str, link: &str) -> Option<String> {
        let address = self.visible_link(from, link)?;
        if self.is_dead(from, &address) {
            self.tell_of_dead(path, &[link], |_| address.clone());
        }
        Some(address)
    }
}
