//! Addresses and links.

use crate::config::{LanguageId, address};
use crate::fingerprint::file_id;
use crate::index::{Article, address_key, is_kept};
use crate::markdown::{Destination, Purpose, Target};
use crate::plan::{Output, Version};
use crate::query::answers::{Plain, Published, Withheld, served};
use crate::query::frame::{self, Peek};
use crate::query::{Planned, Question, Seen, Site, Subject, View, answers};
use crate::site_path;

/// Where a content file is published. With a language it is the file in that language, if there is one, whatever
/// the language of the file that is named.
pub(crate) fn target(view: &View, path: &str, language: Option<LanguageId>) -> Target {
    view.ask(Question::Target(path.into(), language), answers::target(&view.site, path, language))
}

/// The languages in which the page in work is published.
pub(crate) fn versions(view: &View, planned: Planned) -> Vec<Version> {
    let Site { config, index, plan, .. } = &*view.site;
    if !config.is_multilingual() {
        return Vec::new();
    }
    let output = planned.output();
    let of = match output {
        Output::Article(_) | Output::Page(_) => view.path_of(Subject::Output(planned)).to_owned(),
        _ => match plan.path_in_all(output, index, config) {
            Some(path) => path,
            None => return Vec::new(),
        },
    };
    let versions = Plain(answers::versions_of(&view.site, &of));
    view.ask(Question::Versions(of.into()), versions).0
}

/// A link that the configuration or a template gives, as an address: a path of the site in this language, if
/// something is published there in it.
pub(crate) fn address_in(view: &View, language: LanguageId, link: &str) -> String {
    view.ask(Question::Address(language, link.into()), answers::address_in(&view.site, language, link))
}

/// A path of the site in this language, if something is published there in it; else none.
pub(crate) fn path_in(view: &View, language: LanguageId, path: &str) -> Option<String> {
    address_in(view, language, path);
    answers::path_in(&view.site, language, path)
}

/// Whether something is published at a path of the site, or kept there by the owner.
pub(crate) fn is_published(view: &View, path: &str) -> bool {
    let config = &view.site.config;
    let path = site_path::without_base(&config.base_path, path);
    let decoded = percent_encoding::percent_decode_str(path.split(['?', '#']).next().unwrap_or_default());
    let decoded = decoded.decode_utf8_lossy();
    if is_kept(config, &decoded) {
        return true;
    }
    let file = file_id(&site_path::output_path(&decoded));
    view.ask(Question::Published([file].into()), Published(&[file]));
    view.site.is_planned(file)
}

/// Whether an address, by its key, is that of a withheld article. Whoever looks up several asks about all of them
/// [afterwards](withheld).
pub(crate) fn is_withheld(view: &View, address: u64) -> bool {
    frame::peek(Peek::Withheld, &[address]);
    answers::is_withheld(&view.site, address)
}

/// The key of the place to which an address leads on the page at `from`, or on another one of the site.
pub(crate) fn place_key(view: &View, from: &str, href: &str) -> Option<u64> {
    let (page, id) = href.split_once('#').filter(|(_, id)| !id.is_empty())?;
    let page = address::site_path_of(&view.site.config, from, if page.is_empty() { from } else { page })?;
    let id = percent_encoding::percent_decode_str(id).decode_utf8_lossy();
    Some(address_key(&format!("{page}#{id}")))
}

/// Records that these addresses were looked up.
pub(crate) fn withheld(view: &View, addresses: &[u64]) {
    view.ask(Question::Withheld(addresses.into()), Withheld(addresses));
    frame::end_of_peek(Peek::Withheld, addresses);
}

/// Where an address leads within the site from the page at `url`; none if it leads out of it, to what the owner
/// keeps in the output folder, or if nobody wants to know. Whoever looks up several asks for all of their files
/// [afterwards](published).
pub(crate) fn destination(view: &View, url: &str, href: &str, purpose: Purpose) -> Option<Destination> {
    let destination = answers::destination(&view.site, url, href, purpose)?;
    frame::peek(Peek::Published, &destination.files);
    Some(destination)
}

/// The files of a destination, whether they are published or not.
pub(crate) fn files_at(view: &View, url: &str, href: &str) -> Option<Vec<u64>> {
    let served = served(&view.site.config, url, href, Purpose::Link)?;
    Some(served.iter().map(|path| file_id(path)).collect())
}

/// Records that these files were looked up.
pub(crate) fn published(view: &View, files: &[u64]) {
    view.ask(Question::Published(files.into()), Published(files));
    frame::end_of_peek(Peek::Published, files);
}

/// A link that front matter gives on the page at `from`, as an address; none if it leads to something withheld.
pub(crate) fn visible_link(view: &View, from: &str, link: &str) -> Option<String> {
    visible(view, from, address::of_link(&view.site.config, link))
}

/// An address of `site.yaml` as a page in a language links to it; none if what is there is withheld.
pub(crate) fn own_link(view: &View, language: LanguageId, link: &str) -> Option<String> {
    match answers::own_file(&view.site, link) {
        Some((file, rest)) => match target(view, &file, Some(language)) {
            Target::Address(address) => Some(format!("{address}{rest}")),
            Target::Withheld | Target::Missing => None,
        },
        None => visible(view, "/", address_in(view, language, link)),
    }
}

fn visible(view: &View, from: &str, address: String) -> Option<String> {
    let page = address::site_path_of(&view.site.config, from, &address).map(|path| address_key(&path));
    let keys: Box<[u64]> = page.into_iter().chain(place_key(view, from, &address)).collect();
    if keys.is_empty() {
        return Some(address);
    }
    view.ask(Question::Withheld(keys.clone()), Withheld(&keys));
    let is_withheld = keys.iter().any(|key| answers::is_withheld(&view.site, *key));
    (!is_withheld).then_some(address)
}

/// The visible article whose page is a file of the output folder.
pub(crate) fn article_at(view: &View, file: u64) -> Option<Seen<Article>> {
    view.ask(Question::ArticleAt(file), answers::of_article_at(&view.site, file));
    view.site.article_at(file).map(Seen::new)
}
