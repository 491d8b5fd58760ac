//! Lists: articles that templates choose, pages of listings, neighbours, sections, menus, terms and months.

use crate::article::Row;
use crate::article::record::Ad;
use crate::config::{LanguageId, MenuItem, Taxonomy};
use crate::index::{Article, SectionRef, ads};
use crate::plan::{Listing, Output, Scope};
use crate::query::answers::{CountRow, ListingPage, Neighbours, Plain, TermName};
use crate::query::{Making, Planned, Question, Seen, Selection, Subject, View, answers};

/// Articles chosen by a template, newest first.
pub fn articles(view: &View, selection: Selection) -> Vec<Seen<Article>> {
    let articles = answers::select(&view.site, &selection);
    view.ask(Question::Articles(Box::new(selection)), articles)
}

/// A page of a listing.
pub(crate) fn listing_page(view: &View, listing: Seen<Listing>, number: u32) -> ListingPage<'_> {
    let listing = view.get(listing);
    view.ask(Question::Listing(listing.path.clone(), number), answers::listing_page(&view.site, listing, number))
}

/// The next newer and the next older article.
pub(crate) fn neighbours(view: &View, id: Seen<Article>) -> Neighbours {
    view.ask(Question::Neighbours(view.source_of(id)), answers::neighbours(&view.site, id.at))
}

/// The next newer and the next older part of the article's series.
pub(crate) fn series_neighbours(view: &View, id: Seen<Article>) -> Neighbours {
    view.ask(Question::SeriesNeighbours(view.source_of(id)), answers::series_neighbours(&view.site, id.at))
}

/// The articles related to another one, so many.
pub(crate) fn related(view: &View, id: Seen<Article>, count: u32) -> Vec<Seen<Article>> {
    view.ask(Question::Related(view.source_of(id), count), answers::related(&view.site, id.at, count))
}

/// The articles that an editor related to another one by hand, so many.
pub(crate) fn related_by_hand(view: &View, id: Seen<Article>, count: usize) -> Vec<Seen<Article>> {
    if view.entry(view.row(id)).related.is_empty() {
        return Vec::new();
    }
    let mut all = view.ask(Question::RelatedByHand(view.source_of(id)), answers::related_by_hand(&view.site, id.at));
    all.truncate(count);
    all
}

/// All sections, with their descriptions.
pub(crate) fn sections(view: &View, language: LanguageId) -> Vec<(SectionRef<'_>, &str)> {
    view.ask(Question::Sections(language), Plain(answers::sections(&view.site, language))).0
}

/// The navigation.
pub(crate) fn menu(view: &View, language: LanguageId) -> Vec<MenuItem> {
    view.ask(Question::Menu(language), Plain(answers::menu(&view.site, language))).0
}

/// The terms of a taxonomy: the most used first. A limit of 0 is none.
pub(crate) fn terms(view: &View, language: LanguageId, taxonomy: Taxonomy, limit: u32) -> Vec<CountRow> {
    let terms = Plain(answers::terms(&view.site, language, taxonomy, limit));
    view.ask(Question::Terms(language, taxonomy, limit), terms).0
}

/// What the page in work lists that is a list of terms, of months or of years.
pub(crate) fn overview(view: &View, planned: Planned) -> Vec<CountRow> {
    match planned.output() {
        Output::Terms(language, taxonomy) => terms(view, language, taxonomy, 0),
        Output::Year(language, year) => {
            view.ask(Question::Year(language, year), Plain(answers::months_of(&view.site, language, year))).0
        }
        _ => {
            let language = view.language(Subject::Output(planned));
            view.ask(Question::Archive(language), Plain(answers::years(&view.site, language))).0
        }
    }
}

/// The term that a listing is of.
pub(crate) fn term_of(view: &View, listing: Seen<Listing>) -> Option<TermName<'_>> {
    let listing = view.get(listing);
    let Scope::Term(taxonomy, slug) = &listing.scope else { return None };
    let term = view.site.index.terms.get(listing.language, *taxonomy, slug)?;
    Some(answers::term_name(&view.site, term))
}

/// The section that a listing is of, its description, and the path of the file that says so.
pub(crate) fn section_listed(view: &View, listing: Seen<Listing>) -> Option<(SectionRef<'_>, &str, Option<&str>)> {
    let Scope::Section(section) = view.get(listing).scope else { return None };
    let section = &view.site.index.sections[section as usize];
    let file = section.row.map(|row| &*view.site.index.rows[row as usize].path);
    Some((SectionRef::of(section), &section.description, file))
}

/// The front page of a language.
pub(crate) fn front_page(view: &View, language: LanguageId) -> Option<&Listing> {
    view.site.plan.front(language, &view.site.config)
}

/// The terms of an article.
pub(crate) fn terms_of(view: &View, id: Seen<Article>) -> impl Iterator<Item = TermName<'_>> {
    view.site.index.terms.of_article(id.at).map(|term| answers::term_name(&view.site, term))
}

/// The section of an article.
pub(crate) fn section_of(view: &View, id: Seen<Article>) -> Option<SectionRef<'_>> {
    let section = view.get(id).section?;
    Some(SectionRef::of(&view.site.index.sections[section as usize]))
}

/// An author who has a file, by the slug.
pub(crate) fn author<'a>(view: &'a View, language: LanguageId, slug: &str, _: &Making) -> Option<TermName<'a>> {
    let term = view.site.index.terms.get(language, Taxonomy::Authors, slug)?;
    Some(answers::term_name(&view.site, term)).filter(|term| term.file.is_some())
}

/// The house advertisement that a slot shows in a language.
pub(crate) fn ad<'a>(view: &'a View, slot: &str, language: LanguageId, _: &Making) -> Option<(Seen<Row>, Ad<'a>)> {
    let (row, ad) = ads::ad_in(&view.site.index, slot, language)?;
    Some((Seen::new(row), ad))
}
