//! Languages of outputs: in which one a page is, and in which others there is the same.
//!
//! Articles and pages are the same when their sources are (`tunnel.md`, `tunnel.de.md`); what lists something
//! is the same at the same path below the prefixes of the languages.

use super::{Listing, Output, Plan, address, search};
use crate::config::{Config, LanguageId};
use crate::index::{Index, Role, edition, states};

/// A page in one of the languages that it is published in.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Version {
    /// The language.
    pub language: LanguageId,
    /// Its address, root-relative with base path.
    pub url: String,
    /// Whether search engines are to know it under this address.
    pub is_canonical: bool,
}

impl Plan {
    /// The language of an output; that of the site for what belongs to all languages.
    pub fn language(&self, output: Output, index: &Index) -> LanguageId {
        match output {
            Output::Article(id) | Output::Live(id) | Output::Card(id) => index.language_of(id),
            Output::Page(at) => index.pages[at as usize].language,
            Output::Notice(at) => index.notices[at as usize].language,
            Output::Listing(at, _) | Output::Feed(at, _) | Output::ListingCard(at) => {
                self.listings[at as usize].language
            }
            Output::Terms(language, _)
            | Output::Year(language, _)
            | Output::Archive(language)
            | Output::NotFound(language)
            | Output::Search(language)
            | Output::SearchCatalogue(language)
            | Output::Fragment(language) => language,
            Output::SearchWords(segment, _) | Output::SearchArticles(segment, _) => {
                self.segments[segment as usize].language
            }
            Output::Alias(at) => match self.aliases[at as usize].row.map(|row| index.role(row)) {
                Some(Role::Article(id)) => index.language_of(id),
                Some(Role::Page(at)) => index.pages[at as usize].language,
                Some(Role::Withheld) => self.aliases[at as usize]
                    .row
                    .and_then(|row| states::notice_of(index, row))
                    .map_or(LanguageId::MAIN, |notice| notice.language),
                _ => {
                    let row = self.aliases[at as usize].row;
                    index
                        .sections
                        .iter()
                        .find(|one| row.is_some() && one.row == row)
                        .map_or(LanguageId::MAIN, |one| one.language)
                }
            },
            Output::File(_)
            | Output::Variant(..)
            | Output::Asset(_)
            | Output::Sitemap(_)
            | Output::NewsSitemap(_)
            | Output::Robots
            | Output::HostFile(_) => LanguageId::MAIN,
        }
    }

    /// The languages in which the page of an output is published, itself among them, the site's own first. Of a
    /// listing only the newest page counts: the numbered ones of two languages have nothing to do with each other.
    pub fn versions(&self, output: Output, index: &Index, config: &Config) -> Vec<Version> {
        if !config.is_multilingual() {
            return Vec::new();
        }
        match output {
            Output::Article(_) | Output::Page(_) => {
                let row = self.own_row(output, index).expect("made from one source");
                self.versions_of_source(&index.rows[row as usize].path, index, config)
            }
            _ => self
                .path_in_all(output, index, config)
                .map_or_else(Vec::new, |path| self.versions_of_path(&path, config)),
        }
    }

    /// The site path that an output which lists something has in every language: without their prefixes.
    pub fn path_in_all(&self, output: Output, index: &Index, config: &Config) -> Option<String> {
        let newest = match output {
            Output::Listing(at, _) => Output::Listing(at, 0),
            Output::Terms(..) | Output::Year(..) | Output::Archive(_) | Output::Search(_) => output,
            _ => return None,
        };
        let prefix = &config.language(self.language(output, index)).prefix;
        Some(self.site_path(newest, config)[prefix.len() - 1..].to_owned())
    }

    /// [`Plan::versions`] of the article or page in a source.
    pub fn versions_of_source(&self, path: &str, index: &Index, config: &Config) -> Vec<Version> {
        let version = |(language, row): (LanguageId, u32)| {
            let url = edition::url_of(index, row)?.to_owned();
            Some(Version { language, url, is_canonical: index.is_for_search_engines(index.role(row)) })
        };
        edition::versions(index, path, config).into_iter().filter_map(version).collect()
    }

    /// [`Plan::versions`] of what lists something at this path below the prefixes of the languages.
    pub fn versions_of_path(&self, rest: &str, config: &Config) -> Vec<Version> {
        let version = |(language, there): (LanguageId, &crate::config::Language)| {
            let path = there.path(rest);
            let is_search = self.has_search && rest == search::SEARCH;
            let exists = is_search || self.listing_by_path.contains_key(&*path) || self.overviews.contains(&*path);
            exists.then(|| Version { language, url: address::encode(config, &path), is_canonical: !is_search })
        };
        config.each_language().filter_map(version).collect()
    }

    /// The front page of a language.
    pub fn front(&self, language: LanguageId, config: &Config) -> Option<&Listing> {
        self.listing(&config.language(language).prefix)
    }
}
