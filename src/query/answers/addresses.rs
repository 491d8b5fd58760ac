//! Addresses: where files and links lead, what is published there, and whether it is withheld.

use super::{Answer, Plain};
use crate::article::language;
use crate::article::record::Record;
use crate::config::address;
use crate::config::checks::{Level, Rule};
use crate::config::{Config, LanguageId};
use crate::fingerprint::{Fingerprint, Fingerprinter, file_id};
use crate::index::{Article, Role, address_key, is_kept};
use crate::markdown::{Destination, Purpose, Target};
use crate::plan::{CORRECTIONS, Output, Version};
use crate::query::frame::Peek;
use crate::query::{Planned, Question, Seen, Site, Subject, View};
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
pub(super) struct Withheld<'a>(pub(super) &'a [u64]);

impl Answer for Withheld<'_> {
    fn fingerprint(&self, site: &Site) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("withheld");
        self.0.iter().for_each(|address| _ = fingerprint.number(site.is_withheld(*address).into()));
        fingerprint.finish()
    }
}

/// Whether files, each by its id, are published.
pub(super) struct Published<'a>(pub(super) &'a [u64]);

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
fn served(config: &Config, url: &str, href: &str, purpose: Purpose) -> Option<Vec<String>> {
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

impl Site {
    /// Where a content file is published. With a language it is the file in that language, if there is one, whatever
    /// the language of the file that is named.
    pub(crate) fn target(&self, path: &str, language: Option<LanguageId>) -> Target {
        let Some(row) = self.index.linked(path, language, &self.config) else {
            // The error in it is told; that links to it lead nowhere only follows from that.
            return if self.index.is_broken(path) { Target::Withheld } else { Target::Missing };
        };
        let is_plain = language::stem(path, &self.config).1.is_none();
        self.target_of_row(row, language.filter(|_| is_plain))
    }

    /// Where the file in a row is published; a section or an author preferably in this language.
    fn target_of_row(&self, row: u32, wanted: Option<LanguageId>) -> Target {
        let path = &*self.index.rows[row as usize].path;
        let own = language::of_name(path, &self.config);
        let languages = || wanted.into_iter().chain([own]);
        let within = |language: LanguageId, path: &str| self.config.language(language).path(path);
        match self.index.role(row) {
            Role::Article(id) => Target::Address(self.index.article(id).url.to_string()),
            Role::Page(at) => Target::Address(self.index.pages[at as usize].url.to_string()),
            Role::Withheld | Role::Hidden => Target::Withheld,
            Role::Other => match self.index.rows[row as usize].record() {
                Record::Section(_) => {
                    let folder = path.strip_prefix("content/").and_then(|rest| rest.rsplit_once('/'));
                    let address = match folder {
                        None => {
                            let language = wanted.unwrap_or(own);
                            Some(address::encode(&self.config, &self.config.language(language).prefix))
                        }
                        Some((name, _)) => languages().find_map(|language| {
                            let corrections = within(language, CORRECTIONS);
                            if name == "corrections" && self.plan.listing(&corrections).is_some() {
                                return Some(address::encode(&self.config, &corrections));
                            }
                            self.index.section(language, name).map(|(_, section)| section.url.to_string())
                        }),
                    };
                    address.map_or(Target::Missing, Target::Address)
                }
                Record::Author(_) => {
                    let mut terms =
                        languages().filter_map(|language| self.index.terms.author_of(language, path, &self.config));
                    terms
                        .find(|term| !term.url.is_empty())
                        .map_or(Target::Missing, |term| Target::Address(term.url.to_string()))
                }
                _ => Target::Missing,
            },
        }
    }

    /// The languages in which something is published: a source, or what lists something at a path without prefix.
    pub(super) fn versions_of(&self, of: &str) -> Vec<Version> {
        if of.starts_with('/') {
            self.plan.versions_of_path(of, &self.config)
        } else {
            self.plan.versions_of_source(of, &self.index, &self.config)
        }
    }

    /// A link that the configuration or a template gives, as an address: a path of the site in this language, if
    /// something is published there in it.
    pub(crate) fn address_in(&self, language: LanguageId, link: &str) -> String {
        let there = self.path_in(language, site_path::without_base(&self.config.base_path, link));
        match there {
            Some(there) => address::of_site_link(&self.config, &there),
            None => address::of_link(&self.config, link),
        }
    }

    /// A path of the site in this language, if something is published there in it; else none.
    pub(crate) fn path_in(&self, language: LanguageId, link: &str) -> Option<String> {
        let within = self.config.language(language);
        if within.prefix == "/" || !link.starts_with('/') || link.starts_with("//") {
            return None;
        }
        let there = within.path(link);
        let path = site_path::decode(&there[..there.find(['?', '#']).unwrap_or(there.len())]).ok()?;
        self.is_planned(file_id(&site_path::output_path(&path))).then_some(there)
    }
    /// Whether an address, by its key, is that of a withheld article, and nothing else is published there.
    pub(crate) fn is_withheld(&self, address: u64) -> bool {
        self.index.withheld.get(&address).is_some_and(|path| {
            let file = file_id(&site_path::output_path(path));
            !self.is_planned(file)
        })
    }

    /// Where an address leads within the site from the page at `url`; none if it leads out of it, to what the owner
    /// keeps in the output folder, or if nobody wants to know.
    pub(crate) fn destination(&self, url: &str, href: &str, purpose: Purpose) -> Option<Destination> {
        let served = served(&self.config, url, href, purpose)?;
        let files: Vec<u64> = served.iter().map(|path| file_id(path)).collect();
        let is_published = files.iter().any(|file| self.is_planned(*file))
            || served.iter().any(|path| self.index.may_be_of_broken(path));
        Some(Destination { files, is_published })
    }

    pub(super) fn of_article_at(&self, file: u64) -> Fingerprint {
        Fingerprint::of_value(&self.article_at(file).map(|id| self.source_of(id)))
    }
}

impl View {
    /// Where a content file is published. With a language it is the file in that language, if there is one, whatever
    /// the language of the file that is named.
    pub(crate) fn target(&self, path: &str, language: Option<LanguageId>) -> Target {
        self.ask(Question::Target(path.into(), language), self.site.target(path, language))
    }

    /// The languages in which the page in work is published.
    pub(crate) fn versions(&self, planned: Planned) -> Vec<Version> {
        let Site { config, index, plan, .. } = &*self.site;
        if !config.is_multilingual() {
            return Vec::new();
        }
        let output = planned.output();
        let of = match output {
            Output::Article(_) | Output::Page(_) => self.path_of(Subject::Output(planned)).to_owned(),
            _ => match plan.path_in_all(output, index, config) {
                Some(path) => path,
                None => return Vec::new(),
            },
        };
        let versions = Plain(self.site.versions_of(&of));
        self.ask(Question::Versions(of.into()), versions).0
    }

    /// A link that the configuration or a template gives, as an address: a path of the site in this language, if
    /// something is published there in it.
    pub(crate) fn address_in(&self, language: LanguageId, link: &str) -> String {
        self.ask(Question::Address(language, link.into()), self.site.address_in(language, link))
    }

    /// A path of the site in this language, if something is published there in it; else none.
    pub(crate) fn path_in(&self, language: LanguageId, path: &str) -> Option<String> {
        self.address_in(language, path);
        self.site.path_in(language, path)
    }

    /// Whether something is published at a path of the site, or kept there by the owner.
    pub(crate) fn is_published(&self, path: &str) -> bool {
        let config = &self.site.config;
        let path = site_path::without_base(&config.base_path, path);
        let decoded = percent_encoding::percent_decode_str(path.split(['?', '#']).next().unwrap_or_default());
        let decoded = decoded.decode_utf8_lossy();
        if is_kept(config, &decoded) {
            return true;
        }
        let file = file_id(&site_path::output_path(&decoded));
        self.ask(Question::Published([file].into()), Published(&[file]));
        self.site.is_planned(file)
    }

    /// Whether an address, by its key, is that of a withheld article. Whoever looks up several asks about all of them
    /// [afterwards](View::asked_about).
    pub(crate) fn is_withheld(&self, address: u64) -> bool {
        self.peek(Peek::Withheld, &[address]);
        self.site.is_withheld(address)
    }

    /// Records that these addresses were looked up.
    pub(crate) fn asked_about(&self, addresses: &[u64]) {
        self.ask(Question::Withheld(addresses.into()), Withheld(addresses));
        self.end_of_peek(Peek::Withheld, addresses);
    }

    /// Where an address leads within the site from the page at `url`; none if it leads out of it, to what the owner
    /// keeps in the output folder, or if nobody wants to know. Whoever looks up several asks for all of their files
    /// [afterwards](View::asked_for).
    pub(crate) fn destination(&self, url: &str, href: &str, purpose: Purpose) -> Option<Destination> {
        let destination = self.site.destination(url, href, purpose)?;
        self.peek(Peek::Published, &destination.files);
        Some(destination)
    }

    /// The files of a destination, whether they are published or not.
    pub(crate) fn files_at(&self, url: &str, href: &str) -> Option<Vec<u64>> {
        let served = served(&self.site.config, url, href, Purpose::Link)?;
        Some(served.iter().map(|path| file_id(path)).collect())
    }

    /// Records that these files were looked up.
    pub(crate) fn asked_for(&self, files: &[u64]) {
        self.ask(Question::Published(files.into()), Published(files));
        self.end_of_peek(Peek::Published, files);
    }

    /// A link that front matter gives on the page at `from`, as an address; none if it leads to something withheld.
    pub(crate) fn visible_link(&self, from: &str, link: &str) -> Option<String> {
        self.visible(from, address::of_link(&self.site.config, link))
    }

    /// An address of `site.yaml` as a page in a language links to it; none if what is there is withheld.
    pub(crate) fn own_link(&self, language: LanguageId, link: &str) -> Option<String> {
        self.visible("/", self.address_in(language, link))
    }

    fn visible(&self, from: &str, address: String) -> Option<String> {
        let Some(path) = address::site_path_of(&self.site.config, from, &address) else { return Some(address) };
        let key = address_key(&path);
        self.ask(Question::Withheld([key].into()), Withheld(&[key]));
        (!self.site.is_withheld(key)).then_some(address)
    }

    /// The visible article whose page is a file of the output folder.
    pub(crate) fn article_at(&self, file: u64) -> Option<Seen<Article>> {
        self.ask(Question::ArticleAt(file), self.site.of_article_at(file));
        self.site.article_at(file).map(Seen::new)
    }
}
