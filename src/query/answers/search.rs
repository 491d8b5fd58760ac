//! The search: whether there is one, what readers choose from, and of which articles its segments are.

use serde::Serialize;

use super::{Answer, Plain};
use crate::config::{LanguageId, Taxonomy};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::index::{Article, ArticleId, SectionRef};
use crate::plan::search::Segment;
use crate::query::{Question, Seen, Site, View};

/// Authors that a reader can choose from: a longer list would be a load of its own.
const AUTHORS: usize = 200;

/// What a reader can choose from.
#[derive(Serialize)]
pub(crate) struct SearchFilters<'a> {
    pub(crate) sections: Vec<SectionRef<'a>>,
    /// Id and name.
    pub(crate) authors: Vec<(&'a str, &'a str)>,
    /// Newest first.
    pub(crate) years: Vec<i16>,
}

/// The articles of a segment.
pub(super) struct Searched<'a>(&'a Segment);

/// What the files of a segment are made from.
impl Answer for Searched<'_> {
    fn fingerprint(&self, site: &Site) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("segment");
        fingerprint.number(self.0.word_files.into());
        for id in self.0.articles.clone() {
            let article = site.index.article(id);
            fingerprint.part(&article.teaser).part(&site.index.rows[article.row as usize].content);
        }
        fingerprint.finish()
    }
}

/// A segment in the catalogue.
pub(crate) struct CatalogueSegment<'a> {
    pub(crate) segment: &'a Segment,
    /// What its files are made from.
    pub(crate) version: Fingerprint,
    /// Of each year in it the first article.
    pub(crate) years: Vec<(i16, u32)>,
}

impl Answer for Vec<CatalogueSegment<'_>> {
    fn fingerprint(&self, _: &Site) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("catalogue");
        for one in self {
            fingerprint.text(&one.segment.name).part(&one.version).part(&Fingerprint::of_value(&one.years));
        }
        fingerprint.finish()
    }
}

impl Site {
    /// What a reader can choose from.
    pub(super) fn search_filters(&self, language: LanguageId) -> SearchFilters<'_> {
        let mut authors = self.index.terms.of(language, Taxonomy::Authors);
        authors.sort_by(|a, b| (b.articles.len(), &a.slug).cmp(&(a.articles.len(), &b.slug)));
        authors.truncate(AUTHORS);
        authors.sort_by(|a, b| (&a.name, &a.slug).cmp(&(&b.name, &b.slug)));
        SearchFilters {
            sections: self.sections(language).into_iter().map(|(section, _)| section).collect(),
            authors: authors.into_iter().map(|author| (&*author.slug, &*author.name)).collect(),
            years: self.search_years(language),
        }
    }

    /// The years with articles that can be found, newest first.
    fn search_years(&self, language: LanguageId) -> Vec<i16> {
        let first = self.segments_of(language).next().map_or(ArticleId::MAX, |segment| segment.articles.start);
        let months = self.index.months_of(language).iter().rev().filter(|(_, _, range)| range.end > first);
        let mut years: Vec<i16> = months.map(|(year, _, _)| *year).collect();
        years.dedup();
        years
    }

    fn segments_of(&self, language: LanguageId) -> impl DoubleEndedIterator<Item = &Segment> {
        self.plan.segments.iter().filter(move |segment| segment.language == language)
    }

    /// The segment with a name.
    pub(super) fn segment(&self, language: LanguageId, name: &str) -> Option<Searched<'_>> {
        self.segments_of(language).find(|segment| *segment.name == *name).map(Searched)
    }

    /// The segments, newest first.
    pub(super) fn catalogue(&self, language: LanguageId) -> Vec<CatalogueSegment<'_>> {
        let segments = self.segments_of(language).rev().map(|segment| {
            let mut years: Vec<(i16, u32)> = Vec::new();
            for (year, _, months) in self.index.months_of(language) {
                let first = months.start.max(segment.articles.start);
                let is_here = first < months.end.min(segment.articles.end);
                if is_here && years.last().is_none_or(|(last, _)| last != year) {
                    years.push((*year, first - segment.articles.start));
                }
            }
            CatalogueSegment { segment, version: Searched(segment).fingerprint(self), years }
        });
        segments.collect()
    }
}

impl View {
    /// Whether there is a search.
    pub(crate) fn has_search(&self) -> bool {
        let has_search = self.site.plan.has_search;
        self.record(Question::HasSearch, || Fingerprint::of(&[has_search.into()]));
        has_search
    }

    /// What a reader can choose from.
    pub(crate) fn search_filters(&self, language: LanguageId) -> SearchFilters<'_> {
        self.ask(Question::SearchFilters(language), Plain(self.site.search_filters(language))).0
    }

    /// The segments of the search, newest first.
    pub(crate) fn catalogue(&self, language: LanguageId) -> Vec<CatalogueSegment<'_>> {
        self.ask(Question::SearchCatalogue(language), self.site.catalogue(language))
    }

    /// The articles of a segment, oldest first.
    pub(crate) fn articles_in(&self, segment: Seen<Segment>) -> impl Iterator<Item = Seen<Article>> + use<> {
        let segment = self.get(segment);
        self.ask(Question::Segment(segment.language, segment.name.clone()), Searched(segment));
        segment.articles.clone().map(Seen::new)
    }
}
