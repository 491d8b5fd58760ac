//! Queries: the only way in which a page being rendered learns anything of the rest of the site.
//!
//! A query is what was asked; its answer has a fingerprint. A page's trace holds the queries it asked, and
//! the page is fresh as long as they have the same answers. Queries name things by what stays the same
//! between builds (paths, slugs), never by their place in a list.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use rustc_hash::{FxBuildHasher, FxHashMap};
use serde::{Deserialize, Serialize};

use crate::config::Taxonomy;
use crate::fingerprint::Fingerprint;

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
    /// Of this section.
    pub section: Option<String>,
    /// Of the terms with these slugs.
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
    /// Related articles.
    Related(SourceId, u32),
    /// All sections.
    Sections,
    /// The navigation.
    Menu,
    /// The terms of a taxonomy with their counts, so many.
    Terms(Taxonomy, u32),
    /// The months of a year with their counts.
    Year(i16),
    /// The years and months with their counts.
    Archive,
    /// Where a content file is published.
    Target(Box<str>),
    /// The file, such as a picture, that something means (second) in a source (first).
    File(Box<(String, String)>),
    /// An asset of the theme.
    Asset(Box<str>),
    /// A data file.
    Data(Box<str>),
    /// The theme's texts.
    Texts,
    /// A shared fragment.
    Fragment(Box<str>),
    /// A component used in Markdown.
    Component(Box<str>),
    /// The approved replies to an article.
    Replies(SourceId),
    /// The rendered body of an article.
    Body(SourceId),
    /// The body of a file that is no story: a section's introduction, an author's profile.
    Profile(Box<str>),
    /// The articles of a listing's feed.
    Feed(Box<str>),
    /// The addresses of a sitemap.
    Sitemap(u32),
}

impl Query {
    /// Whether the answer is made from the index (and the configuration) alone.
    pub(super) fn is_about_index(&self) -> bool {
        match self {
            Self::Stories(_)
            | Self::Listing(..)
            | Self::Neighbours(_)
            | Self::Related(..)
            | Self::Sections
            | Self::Menu
            | Self::Terms(..)
            | Self::Year(_)
            | Self::Archive
            | Self::Feed(_)
            | Self::Sitemap(_) => true,
            // A withheld target, a file, a profile are not in the index's fingerprint.
            Self::Target(_)
            | Self::File(_)
            | Self::Asset(_)
            | Self::Data(_)
            | Self::Texts
            | Self::Fragment(_)
            | Self::Component(_)
            | Self::Replies(_)
            | Self::Body(_)
            | Self::Profile(_) => false,
        }
    }
}

const SHARDS: usize = 64;

/// The distinct queries asked in a build, each with its number and the fingerprint of its answer.
#[derive(Debug)]
pub(super) struct QueryTable {
    shards: Vec<Mutex<FxHashMap<Query, (u32, Fingerprint)>>>,
    next: AtomicU32,
}

impl QueryTable {
    /// A table whose numbers begin with `first`: smaller ones are those of the last build.
    pub(super) fn new(first: u32) -> Self {
        Self { shards: (0..SHARDS).map(|_| Mutex::default()).collect(), next: AtomicU32::new(first) }
    }

    /// The number of a query and the fingerprint of its answer, which is computed at most once a build
    /// (twice, if two threads ask for the first time at the same moment).
    pub(super) fn record(&self, query: Query, answer: impl FnOnce() -> Fingerprint) -> (u32, Fingerprint) {
        use std::hash::BuildHasher;
        let shard = (FxBuildHasher.hash_one(&query) >> 57) as usize % SHARDS;
        let shard = &self.shards[shard];
        if let Some(known) = shard.lock().expect("no panic while locked").get(&query) {
            return *known;
        }
        let answer = answer();
        let mut shard = shard.lock().expect("no panic while locked");
        *shard.entry(query).or_insert_with(|| (self.next.fetch_add(1, Ordering::Relaxed), answer))
    }

    /// Empties the table into a list: `list[number - first]`.
    pub(super) fn take(&self, first: u32) -> Vec<(Query, Fingerprint)> {
        let count = self.next.load(Ordering::Relaxed) - first;
        let mut all: Vec<Option<(Query, Fingerprint)>> = std::iter::repeat_with(|| None).take(count as usize).collect();
        for shard in &self.shards {
            let shard = std::mem::take(&mut *shard.lock().expect("no panic while locked"));
            #[expect(clippy::iter_over_hash_type, reason = "each goes to its own place")]
            for (query, (number, answer)) in shard {
                all[(number - first) as usize] = Some((query, answer));
            }
        }
        all.into_iter().map(|one| one.expect("each number was given to one query")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_answered_once_and_keeps_its_number() {
        let table = QueryTable::new(10);
        let first = table.record(Query::Menu, || Fingerprint::of(b"a"));
        let again = table.record(Query::Menu, || panic!("asked before"));
        assert_eq!((first, first.0), (again, 10));
        assert_eq!(table.record(Query::Texts, Fingerprint::default).0, 11);
        assert_eq!(table.take(10)[0], (Query::Menu, Fingerprint::of(b"a")));
    }
}
