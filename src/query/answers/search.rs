//! The search: whether there is one, what readers choose from, and of which articles its segments are.

use serde::Serialize;

use super::Answer;
use crate::config::{LanguageId, Taxonomy};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::index::{ArticleId, SectionRef, edition};
use crate::plan::search::Segment;
use crate::query::{Site, answers};

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
pub(in crate::query) struct Searched<'a>(pub(in crate::query) &'a Segment);

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

/// What a reader can choose from.
pub(in crate::query) fn search_filters(site: &Site, language: LanguageId) -> SearchFilters<'_> {
    let mut authors = site.index.terms.of(language, Taxonomy::Authors);
    authors.sort_by(|a, b| (b.articles.len(), &a.slug).cmp(&(a.articles.len(), &b.slug)));
    authors.truncate(AUTHORS);
    authors.sort_by(|a, b| (&a.name, &a.slug).cmp(&(&b.name, &b.slug)));
    SearchFilters {
        sections: answers::sections(site, language).into_iter().map(|(section, _)| section).collect(),
        authors: authors.into_iter().map(|author| (&*author.slug, &*author.name)).collect(),
        years: search_years(site, language),
    }
}

/// The years with articles that can be found, newest first.
fn search_years(site: &Site, language: LanguageId) -> Vec<i16> {
    let first = segments_of(site, language).next().map_or(ArticleId::MAX, |segment| segment.articles.start);
    let months = edition::months_of(&site.index, language).iter().rev().filter(|(_, _, range)| range.end > first);
    let mut years: Vec<i16> = months.map(|(year, _, _)| *year).collect();
    years.dedup();
    years
}

fn segments_of(site: &Site, language: LanguageId) -> impl DoubleEndedIterator<Item = &Segment> {
    site.plan.segments.iter().filter(move |segment| segment.language == language)
}

/// The segment with a name.
pub(in crate::query) fn segment<'a>(site: &'a Site, language: LanguageId, name: &str) -> Option<Searched<'a>> {
    segments_of(site, language).find(|segment| *segment.name == *name).map(Searched)
}

/// The segments, newest first.
pub(in crate::query) fn catalogue(site: &Site, language: LanguageId) -> Vec<CatalogueSegment<'_>> {
    let segments = segments_of(site, language).rev().map(|segment| {
        let mut years: Vec<(i16, u32)> = Vec::new();
        for (year, _, months) in edition::months_of(&site.index, language) {
            let first = months.start.max(segment.articles.start);
            let is_here = first < months.end.min(segment.articles.end);
            if is_here && years.last().is_none_or(|(last, _)| last != year) {
                years.push((*year, first - segment.articles.start));
            }
        }
        CatalogueSegment { segment, version: Searched(segment).fingerprint(site), years }
    });
    segments.collect()
}
