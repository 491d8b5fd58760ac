//! Answers: what questions are answered with, and what stands for that in traces.
//!
//! Each question has one function of the [`Site`] that computes the answer, and the fingerprint is taken from the
//! answer. [`View`] has a method beside it that computes the same answer and records the question; and
//! `Site::fingerprint` computes it again when the next build compares.

mod addresses;
mod cards;
mod feeds;
mod files;
mod front;
mod lists;
mod search;

use serde::Serialize;

use super::{Question, Site, View};
use crate::fingerprint::{Fingerprint, Fingerprinter};

pub(crate) use cards::{CardRef, FileBytes};
pub(crate) use feeds::Listed;
pub(crate) use front::{FRONT_FILES, FrontArticle, FrontPage};
pub(crate) use lists::{Neighbours, TermName};

/// What a question is answered with.
trait Answer {
    /// What stands for it in traces.
    fn fingerprint(&self, site: &Site) -> Fingerprint;
}

/// What there may be none of.
impl<A: Answer> Answer for Option<A> {
    fn fingerprint(&self, site: &Site) -> Fingerprint {
        self.as_ref().map_or_else(Fingerprint::default, |answer| answer.fingerprint(site))
    }
}

/// A text.
impl Answer for String {
    fn fingerprint(&self, _: &Site) -> Fingerprint {
        Fingerprint::of(self.as_bytes())
    }
}

/// Something whose bytes have a fingerprint already.
impl Answer for Fingerprint {
    fn fingerprint(&self, _: &Site) -> Fingerprint {
        *self
    }
}

/// A value that is all that it shows.
struct Plain<T>(T);

impl<T: Serialize> Answer for Plain<T> {
    fn fingerprint(&self, _: &Site) -> Fingerprint {
        Fingerprint::of_value(&self.0)
    }
}

/// What is made for several pages by those who render: its bytes, or what stands for them.
pub(crate) trait Made {
    /// What stands for it in traces.
    fn fingerprint(&self) -> Fingerprint;
}

impl View {
    /// Records a question and what stands for its answer.
    fn ask<A: Answer>(&self, question: Question, answer: A) -> A {
        self.record(question, || answer.fingerprint(&self.site));
        answer
    }

    /// Makes what several pages share, or takes it from where it is kept, and records that the page in work has it.
    pub(crate) fn made<M: Made>(&self, question: Question, make: impl FnOnce(&super::Making) -> M) -> M {
        debug_assert!(self.site.fingerprint(&question).is_none(), "{question} is answered by the site");
        let made = make(&super::Making(()));
        self.record(question, || made.fingerprint());
        made
    }
}

impl Site {
    /// The fingerprint of the answer to a question; `None` if rendering makes the answer, as for fragments and bodies.
    pub(super) fn fingerprint(&self, question: &Question) -> Option<Fingerprint> {
        let listing = |path: &str| self.plan.listing(path);
        Some(match question {
            Question::Articles(selection) => self.select(selection).fingerprint(self),
            Question::Listing(path, number) => {
                listing(path).map(|listing| self.listing_page(listing, *number)).fingerprint(self)
            }
            Question::Neighbours(source) => self.article_of(*source).map(|id| self.neighbours(id)).fingerprint(self),
            Question::SeriesNeighbours(source) => {
                self.article_of(*source).map(|id| self.series_neighbours(id)).fingerprint(self)
            }
            Question::Related(source, count) => {
                self.article_of(*source).map(|id| self.related(id, *count)).fingerprint(self)
            }
            Question::RelatedByHand(source) => {
                self.article_of(*source).map(|id| self.related_by_hand(id)).fingerprint(self)
            }
            Question::Front(path) => {
                let front = listing(path).map(|listing| self.front(listing, |front| front.fingerprint(self)));
                front.flatten().unwrap_or_default()
            }
            Question::Sections(language) => Plain(self.sections(*language)).fingerprint(self),
            Question::Menu(language) => Plain(self.menu(*language)).fingerprint(self),
            Question::Terms(language, taxonomy, limit) => {
                Plain(self.terms(*language, *taxonomy, *limit)).fingerprint(self)
            }
            Question::Year(language, year) => Plain(self.months_of(*language, *year)).fingerprint(self),
            Question::Archive(language) => Plain(self.years(*language)).fingerprint(self),
            Question::Withheld(addresses) => addresses::Withheld(addresses).fingerprint(self),
            Question::Published(files) => addresses::Published(files).fingerprint(self),
            Question::Target(path, language) => self.target(path, *language).fingerprint(self),
            Question::Versions(of) => Plain(self.versions_of(of)).fingerprint(self),
            Question::Address(language, path) => self.address_in(*language, path).fingerprint(self),
            Question::File(named) => self.file(&named.0, &named.1).fingerprint(self),
            Question::Asset(path) => self.theme.asset(path).map(|asset| asset.site_path.clone()).fingerprint(self),
            Question::InlineScript(path) => {
                self.theme.inline_scripts.get(&**path).map(|script| script.fingerprint).fingerprint(self)
            }
            Question::Code(spot) => self.theme.code.fingerprint(*spot),
            Question::Data(name) => self.content(self.data_row(name)),
            Question::Texts(language) => Plain(&self.theme.texts[language.0 as usize]).fingerprint(self),
            Question::ReservedIds => Plain(&self.reserved).fingerprint(self),
            Question::Fragment(..) | Question::Body(_) | Question::HostFile(_) | Question::MachineFonts => return None,
            Question::Component(name) => self.theme.component_reach(name).unwrap_or_default(),
            Question::Comments(source) => self.article_of(*source).map(|id| self.comments(id)).fingerprint(self),
            Question::Profile(path) => self.content(self.profile_row(path)),
            Question::Account(language, author) => Plain(self.account(*language, author)).fingerprint(self),
            Question::Byline(language, name) => Plain(self.byline(*language, name)).fingerprint(self),
            Question::Feed(path) => listing(path).map(|listing| self.feed(listing)).fingerprint(self),
            Question::Corrections(language, limit) => {
                self.newest_corrections(*language, *limit as usize).fingerprint(self)
            }
            Question::HasSearch => Fingerprint::of(&[self.plan.has_search.into()]),
            Question::SearchFilters(language) => Plain(self.search_filters(*language)).fingerprint(self),
            Question::SearchCatalogue(language) => self.catalogue(*language).fingerprint(self),
            Question::Segment(language, name) => self.segment(*language, name).fingerprint(self),
            Question::Sitemap(number) => self.sitemap(*number).fingerprint(self),
            Question::NewsSitemap(number) => self.news_sitemap(*number).fingerprint(self),
            Question::Card => self.card(),
            Question::ListingCard(path) => listing(path).map(|listing| self.listing_card(listing)).fingerprint(self),
            Question::Bytes(path) => self.bytes_in_card(path).fingerprint(self),
            Question::ArticleAt(file) => self.of_article_at(*file),
        })
    }

    /// The fingerprint of the bytes in a row.
    fn content(&self, row: Option<u32>) -> Fingerprint {
        row.map_or_else(Fingerprint::default, |row| self.index.rows[row as usize].content)
    }
}

/// The teasers of articles, one after the other.
fn teasers(kind: &str, site: &Site, ids: impl IntoIterator<Item = super::Seen<crate::index::Article>>) -> Fingerprint {
    let mut fingerprint = Fingerprinter::new(kind);
    ids.into_iter().for_each(|id| _ = fingerprint.part(&site.index.articles[id.number()].teaser));
    fingerprint.finish()
}
