//! Queries: the only way in which a page being rendered learns anything of the rest of the site.
//!
//! A query is what was asked; its answer has a fingerprint. A page's trace holds the queries it asked, and
//! the page is fresh as long as they have the same answers. Queries name things by what stays the same
//! between builds (paths, slugs), never by their place in a list.

use std::sync::Mutex;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::config::{LanguageId, Taxonomy};
use crate::fingerprint::Fingerprint;
use crate::plan::HostFile;
use crate::theme::code::Spot;

/// A source, by the hash of its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceId(pub u64);

impl SourceId {
    /// The id of the source `path`.
    pub fn of(path: &str) -> Self {
        Self(xxhash_rust::xxh3::xxh3_64(path.as_bytes()))
    }
}

/// Which articles a template asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Selection {
    /// In this language.
    pub language: LanguageId,
    /// Of this section.
    pub section: Option<String>,
    /// Of the terms with these names or slugs.
    pub terms: Vec<(Taxonomy, String)>,
    /// Of this kind.
    pub kind: Option<String>,
    /// Featured or not.
    pub featured: Option<bool>,
    /// So many.
    pub limit: u32,
    /// After so many.
    pub offset: u32,
}

/// A question about the rest of the site.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Query {
    /// Teasers chosen by a template.
    Stories(Box<Selection>),
    /// The contents of a listing's page.
    Listing(Box<str>, u32),
    /// The next newer and next older article.
    Neighbours(SourceId),
    /// The parts of its series before and behind an article.
    SeriesNeighbours(SourceId),
    /// Related articles.
    Related(SourceId, u32),
    /// Those that an editor related to it by hand.
    RelatedByHand(SourceId),
    /// What is placed on the page of a listing, by its site path.
    Front(Box<str>),
    /// All sections.
    Sections(LanguageId),
    /// The navigation.
    Menu(LanguageId),
    /// The terms of a taxonomy with their counts, so many.
    Terms(LanguageId, Taxonomy, u32),
    /// The months of a year with their counts.
    Year(LanguageId, i16),
    /// The years and months with their counts.
    Archive(LanguageId),
    /// Where a content file is published: in this language, if there is one and it is published in it.
    Target(Box<str>, Option<LanguageId>),
    /// The languages in which something is published: an article or page by its source, a listing by its site path
    /// without the prefix of the language.
    Versions(Box<str>),
    /// The address that a site path has in this language.
    Address(LanguageId, Box<str>),
    /// Whether addresses, each by its key ([`address_key`](crate::index::address_key)), are those of
    /// withheld articles.
    Withheld(Box<[u64]>),
    /// Whether files of the output folder, by [`file_id`](crate::fingerprint::file_id), are published.
    Published(Box<[u64]>),
    /// The file, such as a picture, that something means (second) in a source (first).
    File(Box<(String, String)>),
    /// An asset of the theme.
    Asset(Box<str>),
    /// A script of the theme that stands in the page.
    InlineScript(Box<str>),
    /// The owner's HTML at a spot of every page.
    Code(Spot),
    /// A data file.
    Data(Box<str>),
    /// The theme's texts.
    Texts(LanguageId),
    /// The ids in the theme's templates.
    ReservedIds,
    /// A shared fragment.
    Fragment(LanguageId, Box<str>),
    /// A component used in Markdown.
    Component(Box<str>),
    /// The approved replies to an article.
    Replies(SourceId),
    /// The rendered body of an article.
    Body(SourceId),
    /// The body of a file that is no story: a section's introduction, an author's profile.
    Profile(Box<str>),
    /// The account in the Fediverse of the author with this slug.
    Account(LanguageId, Box<str>),
    /// The articles of a listing's feed.
    Feed(Box<str>),
    /// The newest so many corrections.
    Corrections(LanguageId, u32),
    /// Whether there is a search.
    HasSearch,
    /// What a reader can choose from on the search page.
    SearchFilters(LanguageId),
    /// The segments of the search and what they are made from.
    SearchCatalogue(LanguageId),
    /// The sources of the articles of a segment of the search.
    Segment(LanguageId, Box<str>),
    /// The addresses of a sitemap.
    Sitemap(u32),
    /// The articles of a news sitemap.
    NewsSitemap(u32),
    /// The text of a file for hosts.
    HostFile(HostFile),
    /// Whether there are social cards, and what they are drawn with.
    Card,
    /// The social card of a listing, by its site path.
    ListingCard(Box<str>),
    /// The bytes of a file that a social card shows.
    Bytes(Box<str>),
    /// The fonts of the machine.
    MachineFonts,
    /// The article whose page is a file of the output folder, by [`file_id`](crate::fingerprint::file_id).
    StoryIn(u64),
}

impl Query {
    /// Whether the answer is made from the index (and the configuration) alone.
    pub(super) fn is_about_index(&self) -> bool {
        match self {
            Self::Stories(_)
            | Self::Listing(..)
            | Self::Neighbours(_)
            | Self::SeriesNeighbours(_)
            | Self::Related(..)
            | Self::Sections(_)
            | Self::Versions(_)
            | Self::Terms(..)
            | Self::Year(..)
            | Self::Archive(_)
            | Self::Feed(_)
            | Self::Corrections(..)
            | Self::SearchFilters(_)
            | Self::Sitemap(_) => true,
            // A withheld target, a file, a profile, "now", what else is planned are not in the index's fingerprint.
            Self::Target(..)
            | Self::Front(_)
            | Self::RelatedByHand(_)
            | Self::Menu(_)
            | Self::Address(..)
            | Self::Withheld(_)
            | Self::Published(_)
            | Self::File(_)
            | Self::Asset(_)
            | Self::InlineScript(_)
            | Self::Code(_)
            | Self::Data(_)
            | Self::Texts(_)
            | Self::ReservedIds
            | Self::Fragment(..)
            | Self::Component(_)
            | Self::Replies(_)
            | Self::Body(_)
            | Self::Profile(_)
            | Self::Account(..)
            | Self::HasSearch
            | Self::SearchCatalogue(_)
            | Self::Segment(..)
            | Self::HostFile(_)
            | Self::Card
            | Self::ListingCard(_)
            | Self::Bytes(_)
            | Self::MachineFonts
            | Self::StoryIn(_)
            | Self::NewsSitemap(_) => false,
        }
    }

    /// The article, if the answer is made from it and older ones alone.
    pub(super) fn about_older(&self) -> Option<SourceId> {
        match self {
            Self::Related(source, _) => Some(*source),
            _ => None,
        }
    }

    /// Whether the answer is made from the index and from files that are neither stories nor the theme's.
    pub(super) fn is_about_files(&self) -> bool {
        matches!(self, Self::File(_) | Self::Data(_) | Self::Replies(_) | Self::Profile(_) | Self::Account(..))
    }

    /// Whether hardly any other page asks it: such a query stands in the trace of the page. The others are
    /// numbered, so that each is answered once a build however many pages ask.
    pub(super) fn is_own(&self) -> bool {
        matches!(
            self,
            Self::Neighbours(_)
                | Self::SeriesNeighbours(_)
                | Self::Related(..)
                | Self::RelatedByHand(_)
                | Self::Front(_)
                | Self::Replies(_)
                | Self::File(_)
                | Self::Target(..)
                | Self::Versions(_)
                | Self::Withheld(_)
                | Self::Listing(..)
                | Self::Year(..)
                | Self::Sitemap(_)
                | Self::HostFile(_)
        )
    }
}

/// The distinct queries that pages share in a build, each with its number and the fingerprint of its
/// answer.
#[derive(Debug, Default)]
pub(super) struct QueryTable(Mutex<FxHashMap<Query, (u32, Fingerprint)>>);

impl QueryTable {
    /// The number of a query and the fingerprint of its answer, which is computed at most once a build
    /// (twice, if two threads ask for the first time at the same moment).
    pub(super) fn record(&self, query: Query, answer: impl FnOnce() -> Fingerprint) -> (u32, Fingerprint) {
        if let Some(known) = self.0.lock().expect("no panic while locked").get(&query) {
            return *known;
        }
        let answer = answer();
        let mut table = self.0.lock().expect("no panic while locked");
        let next = table.len() as u32;
        *table.entry(query).or_insert((next, answer))
    }

    /// Empties the table into a list in the order of the numbers.
    pub(super) fn take(&self) -> Vec<(Query, Fingerprint)> {
        let table = std::mem::take(&mut *self.0.lock().expect("no panic while locked"));
        let mut all: Vec<_> = table.into_iter().map(|(query, (number, answer))| (number, query, answer)).collect();
        all.sort_unstable_by_key(|(number, _, _)| *number);
        all.into_iter().map(|(_, query, answer)| (query, answer)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_answered_once_and_keeps_its_number() {
        let table = QueryTable::default();
        let first = table.record(Query::Menu(LanguageId::MAIN), || Fingerprint::of(b"a"));
        let again = table.record(Query::Menu(LanguageId::MAIN), || panic!("asked before"));
        assert_eq!((first, first.0), (again, 0));
        assert_eq!(table.record(Query::Texts(LanguageId::MAIN), Fingerprint::default).0, 1);
        assert_eq!(table.take()[0], (Query::Menu(LanguageId::MAIN), Fingerprint::of(b"a")));
    }
}
