//! Listings: what lists articles, and which of them stand on which page.
//!
//! A listing knows its articles by their places in it, oldest first, and asks the index who they are.

use std::ops::Range;

use super::{CORRECTIONS, paginate};
use crate::config::{Config, FeedFormat, FeedScope, LanguageId, Taxonomy};
use crate::index::{ArticleId, Index, Term, edition};

/// What a listing lists.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All articles.
    Front,
    /// A section, by its place in the index.
    Section(u16),
    /// A term.
    Term(Taxonomy, Box<str>),
    /// A calendar month.
    Month(i16, i8),
    /// All corrections, each with its article.
    Corrections,
}

/// A listing with its pages.
#[derive(Debug)]
pub struct Listing {
    /// In which language.
    pub language: LanguageId,
    /// What it lists.
    pub scope: Scope,
    /// Its site path: `/`, `/local/`, `/de/tags/harbour/`.
    pub path: Box<str>,
    /// Numbered pages below the newest one.
    pub archive_pages: u32,
    /// The formats in which it has a feed.
    pub feeds: Vec<FeedFormat>,
}

/// All listings of the site.
pub(super) fn listings(index: &Index, config: &Config) -> Vec<Listing> {
    config.each_language().flat_map(|(language, _)| listings_in(language, index, config)).collect()
}

fn listings_in(language: LanguageId, index: &Index, config: &Config) -> Vec<Listing> {
    let size = config.settings.page_size;
    let edition = index.edition(language);
    let mut all = Vec::new();
    let mut add = |scope: Scope, path: &str, count: usize, feeds: Option<FeedScope>| {
        let has_feeds = feeds.is_none_or(|feeds| config.settings.feeds.scopes.contains(&feeds));
        let feeds = if has_feeds { formats(&scope, config) } else { Vec::new() };
        let path = config.language(language).path(path).into();
        all.push(Listing { language, scope, path, archive_pages: paginate::archive_pages(count, size), feeds });
    };
    add(Scope::Front, "/", edition.articles.len(), Some(FeedScope::Site));
    for (number, section) in edition::sections_of(index, language) {
        let path = format!("/{}/", section.name);
        add(Scope::Section(number), &path, section.articles.len(), Some(FeedScope::Sections));
    }
    for taxonomy in &config.settings.taxonomies {
        let feeds = match taxonomy {
            Taxonomy::Tags => FeedScope::Tags,
            Taxonomy::Authors => FeedScope::Authors,
            Taxonomy::Series => FeedScope::Series,
        };
        for term in index.terms.of(language, *taxonomy).into_iter().filter(|term| !term.url.is_empty()) {
            let path = format!("/{}/{}/", taxonomy.name(), term.slug);
            add(Scope::Term(*taxonomy, term.slug.clone()), &path, term.articles.len(), Some(feeds));
        }
    }
    if config.settings.archives {
        for (year, month, range) in edition::months_of(index, language) {
            add(Scope::Month(*year, *month), &format!("/{year:04}/{month:02}/"), range.len(), None);
        }
    }
    if !edition.corrections.is_empty() {
        add(Scope::Corrections, CORRECTIONS, edition.corrections.len(), None);
    }
    all
}

/// The formats in which a listing has a feed: the site all that are wanted, everything else RSS, since every reader knows
/// it, or the first of them.
fn formats(scope: &Scope, config: &Config) -> Vec<FeedFormat> {
    let wanted = &config.settings.feeds.formats;
    match scope {
        Scope::Front => wanted.clone(),
        Scope::Month(..) => Vec::new(),
        _ if wanted.contains(&FeedFormat::Rss) => vec![FeedFormat::Rss],
        _ => wanted.first().copied().into_iter().collect(),
    }
}

impl Listing {
    /// How many articles it lists.
    pub fn len(&self, index: &Index) -> usize {
        match &self.scope {
            Scope::Front => index.edition(self.language).articles.len(),
            Scope::Section(section) => index.sections[*section as usize].articles.len(),
            Scope::Term(taxonomy, slug) => self.term(index, *taxonomy, slug).map_or(0, |term| term.articles.len()),
            Scope::Month(year, month) => self.month(index, *year, *month).len(),
            Scope::Corrections => index.edition(self.language).corrections.len(),
        }
    }

    /// Whether it lists nothing.
    pub fn is_empty(&self, index: &Index) -> bool {
        self.len(index) == 0
    }

    /// Its article number `at`, oldest 0.
    pub fn article_at(&self, index: &Index, at: usize) -> Option<ArticleId> {
        match &self.scope {
            Scope::Front => index.edition(self.language).articles.clone().nth(at),
            Scope::Section(section) => index.sections[*section as usize].articles.get(at).copied(),
            Scope::Term(taxonomy, slug) => self.term(index, *taxonomy, slug)?.articles.get(at).copied(),
            Scope::Month(year, month) => self.month(index, *year, *month).nth(at),
            Scope::Corrections => {
                let corrections = index.edition(self.language).corrections.clone();
                index.corrections[corrections].get(at).map(|correction| correction.article)
            }
        }
    }

    fn term<'i>(&self, index: &'i Index, taxonomy: Taxonomy, slug: &str) -> Option<&'i Term> {
        index.terms.get(self.language, taxonomy, slug)
    }

    fn month(&self, index: &Index, year: i16, month: i8) -> Range<ArticleId> {
        let months = edition::months_of(index, self.language);
        let at = months.binary_search_by_key(&(year, month), |(y, m, _)| (*y, *m));
        at.map_or(0..0, |at| months[at].2.clone())
    }

    /// The articles of one of its pages, as places in it, oldest first.
    pub fn page_range(&self, index: &Index, size: usize, number: u32) -> Range<usize> {
        paginate::range(self.len(index), size, number)
    }

    /// The site path of one of its pages.
    pub fn page_path(&self, number: u32) -> String {
        if number == 0 { self.path.to_string() } else { format!("{}page/{number}/", self.path) }
    }
}
