//! Warnings about `site.yaml` that need the whole site: addresses that lead nowhere, and advertisements that nobody sees.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use crate::article::Lines;
use crate::config::{FILE, InText, LanguageId, address, nested_place};
use crate::diagnostic::{Diagnostic, Place};
use crate::index::{address_key, ads};
use crate::markdown::not_found::nowhere;
use crate::markdown::{Purpose, Target};
use crate::query::answers;
use crate::render::Renderer;
use crate::render::dead::written_in;
use crate::render::output::json_ld::from_front;

/// What is to be told of the addresses in `site.yaml`: the menu, what is said of the publisher and of the rights, and the
/// short texts.
pub(crate) fn warnings(renderer: &Renderer) -> Vec<Diagnostic> {
    let (config, site) = (&renderer.config, renderer.site());
    let mut all: Vec<(Cow<'_, str>, String, Purpose)> = Vec::new();
    let mut missing = Vec::new();
    for (language, within) in config.each_language() {
        let items = within.menu_urls();
        all.extend(items.map(|url| (url.into(), answers::address_in(site, language, url), Purpose::Link)));
        for shown in within.own_links() {
            let (link, purpose) = match shown {
                InText::Link(link) => (link, Purpose::Link),
                InText::Image(link) => (link, Purpose::Image),
            };
            match answers::own_file(site, &link) {
                Some((file, _)) if matches!(answers::target(site, &file, Some(language)), Target::Missing) => {
                    missing.push(link);
                }
                Some(_) => {}
                None => {
                    let address = answers::address_in(site, language, &link);
                    all.push((link.into(), address, purpose));
                }
            }
        }
    }
    if let Some(publisher) = &config.settings.publisher {
        let address = |link: &str| answers::address_in(site, LanguageId::MAIN, &from_front(link));
        let links = publisher.links().filter(|link| Some(*link) != publisher.logo.as_deref());
        all.extend(links.map(|link| (link.into(), address(link), Purpose::Link)));
        all.extend(publisher.logo.iter().map(|logo| (logo.into(), address(logo), Purpose::Image)));
    }
    let rights = config.settings.rights.iter().flat_map(|rights| [&rights.license, &rights.contact]).flatten();
    let paths = rights.filter(|link| !link.contains('@'));
    all.extend(paths.map(|link| (link.into(), answers::address_in(site, LanguageId::MAIN, link), Purpose::Link)));
    let mut known = FxHashSet::default();
    let front = &*config.base_path;
    all.retain(|(link, address, purpose)| {
        let withheld = || {
            let path = address::site_path_of(config, front, address);
            path.is_some_and(|path| answers::is_withheld(site, address_key(&path)))
        };
        let destination = answers::destination(site, front, address, *purpose);
        destination.is_some_and(|destination| !destination.is_published) && !withheld() && known.insert(link.clone())
    });
    if all.is_empty() && missing.is_empty() {
        return Vec::new();
    }
    let text = renderer.source_text(FILE).unwrap_or_default();
    let place = |link: &str| written_in(FILE, &text, &[link]).unwrap_or_else(|| Place::file(FILE));
    // The site's own language may have a folder.
    let meant = |link: &str| config.each_language().find_map(|(language, _)| answers::path_in(site, language, link));
    let told =
        |(link, address, purpose): (Cow<'_, str>, String, _)| nowhere(&address, purpose, meant(&link)).at(place(&link));
    missing.sort_unstable();
    missing.dedup();
    let missing = missing.into_iter().map(|link| {
        Diagnostic::warning(format!("the link leads to `{link}`, which does not exist"))
            .at(place(&link))
            .hint("a path that begins with `/` starts in the content folder")
    });
    all.into_iter().map(told).chain(missing).collect()
}

/// Advertisements that no slot shows, and slots in sections that are not there.
pub(super) fn stray_ads(renderer: &Renderer) -> Vec<Diagnostic> {
    let slots = &renderer.config.settings.ad_slots;
    let stray = ads::ads_without_slot(&renderer.index, |name| slots.contains_key(name));
    let told = stray.into_iter().map(|(row, name)| {
        let hint = crate::diagnostic::did_you_mean(&name, slots.keys().map(String::as_str));
        let message = match name.is_empty() {
            true => "this advertisement names no `slot`, so nobody sees it".to_owned(),
            false => format!("`ad_slots` in site.yaml has no slot `{name}`, so nobody sees this advertisement"),
        };
        let path = &*renderer.index.rows[row as usize].path;
        let place = match renderer.source_text(path) {
            Some(text) => Lines::of(path, &text).value(&["slot"]),
            None => Place::file(path),
        };
        Diagnostic::warning(message).at(place).hint("write `slot:` with the name of a slot").maybe_hint(hint)
    });
    told.chain(stray_slots(renderer)).collect()
}

/// Data files that nobody reads, since another one has their name: `data/x.json` beside `data/x.yaml`.
pub(super) fn second_data(renderer: &Renderer) -> Vec<Diagnostic> {
    let rows = &renderer.index.rows;
    let start = rows.partition_point(|row| *row.path < *"data/");
    let names = rows[start..].iter().map_while(|row| row.path.starts_with("data/").then_some(&*row.path));
    let seconds = names.filter_map(|path| {
        let (name, ending) = path.strip_prefix("data/")?.rsplit_once('.')?;
        let read = matches!(ending, "yaml" | "yml" | "json").then(|| answers::data_row(renderer.site(), name))??;
        let read = &*rows[read as usize].path;
        let problem = Diagnostic::warning(format!("this file is not read, since `{read}` has the same name"));
        (read != path).then(|| problem.at(Place::file(path)).hint("rename or remove one of the two"))
    });
    seconds.collect()
}

fn stray_slots(renderer: &Renderer) -> Vec<Diagnostic> {
    let text = renderer.source_text(FILE).unwrap_or_default();
    let all = renderer
        .config
        .settings
        .ad_slots
        .iter()
        .flat_map(|(name, slot)| slot.sections.iter().map(move |section| (name, section)));
    let is_there = |section: &String| {
        let folder = format!("content/{section}/");
        let at = renderer.index.rows.partition_point(|row| *row.path < *folder);
        renderer.index.rows.get(at).is_some_and(|row| row.path.starts_with(&folder))
            || renderer.index.sections.iter().any(|one| *one.name == **section)
    };
    let stray = all.filter(|(_, section)| !is_there(section)).map(|(name, section)| {
        let hint = crate::diagnostic::did_you_mean(section, renderer.index.sections.iter().map(|one| &*one.name));
        Diagnostic::warning(format!("the slot `{name}` is for the section `{section}`, and there is no such section"))
            .at(nested_place(FILE, &text, &["ad_slots", name, "sections"]))
            .hint("write the names of folders in `content/`")
            .maybe_hint(hint)
    });
    stray.collect()
}
