//! Addresses: where files and links lead, what is published there, and whether it is withheld.

use super::Answer;
use crate::article::language;
use crate::article::record::Record;
use crate::config::checks::{Level, Rule};
use crate::config::{Config, LanguageId, address};
use crate::fingerprint::{Fingerprint, Fingerprinter, file_id};
use crate::index::{Role, edition};
use crate::markdown::{Destination, Purpose, Target, linked_file, path_and_rest};
use crate::plan::{CORRECTIONS, Version};
use crate::query::Site;
use crate::site_path;

impl Answer for Target {
    fn fingerprint(&self, _: &Site) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("target");
        match self {
            Self::Address(address) => fingerprint.text(address),
            Self::Withheld => fingerprint.number(0),
            Self::Missing => fingerprint.number(1),
        };
        fingerprint.finish()
    }
}

/// Whether addresses, each by its key, are those of withheld articles.
pub(in crate::query) struct Withheld<'a>(pub(in crate::query) &'a [u64]);

impl Answer for Withheld<'_> {
    fn fingerprint(&self, site: &Site) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("withheld");
        self.0.iter().for_each(|address| _ = fingerprint.number(is_withheld(site, *address).into()));
        fingerprint.finish()
    }
}

/// Whether files, each by its id, are published.
pub(in crate::query) struct Published<'a>(pub(in crate::query) &'a [u64]);

impl Answer for Published<'_> {
    fn fingerprint(&self, site: &Site) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("published");
        for file in self.0 {
            let is_planned = site.is_planned(*file);
            fingerprint.number(is_planned.into());
            if !is_planned {
                // Which of them it may be the names tell, and those are not known here.
                site.index.broken.iter().for_each(|one| _ = fingerprint.text(&one.path).text(&one.names.join("/")));
            }
        }
        fingerprint.finish()
    }
}

/// The files that an address within the site may be served from; none if it leads out of it, to what the owner keeps in
/// the output folder, or if nobody wants to know.
pub(in crate::query) fn served(config: &Config, url: &str, href: &str, purpose: Purpose) -> Option<Vec<String>> {
    let rule = match purpose {
        Purpose::Link => Rule::DeadLink,
        Purpose::Image => Rule::MissingImage,
    };
    if config.settings.check.level(rule) == Level::Off {
        return None;
    }
    let served = address::served_files(config, url, href)?;
    let is_kept = |path: &String| {
        let mut kept = config.settings.keep.iter();
        kept.any(|kept| if kept.ends_with('/') { path.starts_with(kept.as_str()) } else { path == kept })
    };
    (!served.iter().any(is_kept)).then_some(served)
}

/// Where a content file is published. With a language it is the file in that language, if there is one, whatever
/// the language of the file that is named.
pub(crate) fn target(site: &Site, path: &str, language: Option<LanguageId>) -> Target {
    let Some(row) = edition::linked(&site.index, path, language, &site.config) else {
        // The error in it is told; that links to it lead nowhere only follows from that.
        return if site.index.is_broken(path) { Target::Withheld } else { Target::Missing };
    };
    let is_plain = language::stem(path, &site.config).1.is_none();
    target_of_row(site, row, language.filter(|_| is_plain))
}

/// Where the file in a row is published; a section or an author preferably in this language.
fn target_of_row(site: &Site, row: u32, wanted: Option<LanguageId>) -> Target {
    let path = &*site.index.rows[row as usize].path;
    let own = language::of_name(path, &site.config);
    let languages = || wanted.into_iter().chain([own]);
    let within = |language: LanguageId, path: &str| site.config.language(language).path(path);
    match site.index.role(row) {
        Role::Article(id) => Target::Address(site.index.article(id).url.to_string()),
        Role::Page(at) => Target::Address(site.index.pages[at as usize].url.to_string()),
        Role::Withheld | Role::Hidden => Target::Withheld,
        Role::Other => match site.index.rows[row as usize].record() {
            Record::Section(_) => {
                let folder = path.strip_prefix("content/").and_then(|rest| rest.rsplit_once('/'));
                let address = match folder {
                    None => {
                        let language = wanted.unwrap_or(own);
                        Some(address::encode(&site.config, &site.config.language(language).prefix))
                    }
                    Some((name, _)) => languages().find_map(|language| {
                        let corrections = within(language, CORRECTIONS);
                        if name == "corrections" && site.plan.listing(&corrections).is_some() {
                            return Some(address::encode(&site.config, &corrections));
                        }
                        edition::section(&site.index, language, name).map(|(_, section)| section.url.to_string())
                    }),
                };
                address.map_or(Target::Missing, Target::Address)
            }
            Record::Author(_) => {
                let mut terms =
                    languages().filter_map(|language| site.index.terms.author_of(language, path, &site.config));
                terms
                    .find(|term| !term.url.is_empty())
                    .map_or(Target::Missing, |term| Target::Address(term.url.to_string()))
            }
            _ => Target::Missing,
        },
    }
}

/// The languages in which something is published: a source, or what lists something at a path without prefix.
pub(in crate::query) fn versions_of(site: &Site, of: &str) -> Vec<Version> {
    if of.starts_with('/') {
        site.plan.versions_of_path(of, &site.config)
    } else {
        site.plan.versions_of_source(of, &site.index, &site.config)
    }
}

/// A link that the configuration or a template gives, as an address: a path of the site in this language, if
/// something is published there in it.
pub(crate) fn address_in(site: &Site, language: LanguageId, link: &str) -> String {
    let there = path_in(site, language, site_path::without_base(&site.config.base_path, link));
    match there {
        Some(there) => address::of_site_link(&site.config, &there),
        None => address::of_link(&site.config, link),
    }
}

/// The content file that a link of `site.yaml` names, as one on the front page does, and what stands behind it; none if
/// it names no Markdown file.
pub(crate) fn own_file<'l>(site: &Site, link: &'l str) -> Option<(String, &'l str)> {
    let link = site_path::without_base(&site.config.base_path, link);
    let file = linked_file("content/_index.md", link)?.unwrap_or_default();
    Some((file, path_and_rest(link).1))
}

/// A path of the site in this language, if something is published there in it; else none.
pub(crate) fn path_in(site: &Site, language: LanguageId, link: &str) -> Option<String> {
    let within = site.config.language(language);
    if within.prefix == "/" || !link.starts_with('/') || link.starts_with("//") {
        return None;
    }
    let there = within.path(link);
    let path = site_path::decode(&there[..there.find(['?', '#']).unwrap_or(there.len())]).ok()?;
    site.is_planned(file_id(&site_path::output_path(&path))).then_some(there)
}

/// Whether an address, by its key, is that of a withheld article, and nothing else is published there; or that of a
/// withheld update of live coverage.
pub(crate) fn is_withheld(site: &Site, address: u64) -> bool {
    let is_free = |path: &str| !site.is_planned(file_id(&site_path::output_path(path)));
    site.index.withheld.get(&address).is_some_and(|path| is_free(path)) || site.withheld_places().contains(&address)
}

/// Where an address leads within the site from the page at `url`; none if it leads out of it, to what the owner
/// keeps in the output folder, or if nobody wants to know.
pub(crate) fn destination(site: &Site, url: &str, href: &str, purpose: Purpose) -> Option<Destination> {
    let served = served(&site.config, url, href, purpose)?;
    let files: Vec<u64> = served.iter().map(|path| file_id(path)).collect();
    let is_published =
        files.iter().any(|file| site.is_planned(*file)) || served.iter().any(|path| site.index.may_be_of_broken(path));
    Some(Destination { files, is_published })
}

pub(in crate::query) fn of_article_at(site: &Site, file: u64) -> Fingerprint {
    Fingerprint::of_value(&site.article_at(file).map(|id| site.source_of(id)))
}
