//! The search.

use crate::config::LanguageId;
use crate::fingerprint::Fingerprint;
use crate::index::Article;
use crate::plan::search::Segment;
use crate::query::answers::{CatalogueSegment, Plain, SearchFilters, Searched};
use crate::query::{Question, Seen, View, answers};

/// Whether there is a search.
pub(crate) fn has_search(view: &View) -> bool {
    let has_search = view.site.plan.has_search;
    view.record(Question::HasSearch, || Fingerprint::of(&[has_search.into()]));
    has_search
}

/// What a reader can choose from.
pub(crate) fn search_filters(view: &View, language: LanguageId) -> SearchFilters<'_> {
    view.ask(Question::SearchFilters(language), Plain(answers::search_filters(&view.site, language))).0
}

/// The segments of the search, newest first.
pub(crate) fn catalogue(view: &View, language: LanguageId) -> Vec<CatalogueSegment<'_>> {
    view.ask(Question::SearchCatalogue(language), answers::catalogue(&view.site, language))
}

/// The articles of a segment, oldest first.
pub(crate) fn articles_in(view: &View, segment: Seen<Segment>) -> impl Iterator<Item = Seen<Article>> + use<> {
    let segment = view.get(segment);
    view.ask(Question::Segment(segment.language, segment.name.clone()), Searched(segment));
    segment.articles.clone().map(Seen::new)
}
