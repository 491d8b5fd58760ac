//! Answers: what questions are answered with, and what stands for that in traces.
//!
//! Each question has one function here that computes the answer from the [`Site`], and the fingerprint is taken from the
//! answer. Those who render call the function of the same name in [`ask`](super::ask), which records the question too;
//! `Site::fingerprint` computes the answer again when the next build compares.

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

pub(crate) use addresses::*;
pub(crate) use cards::*;
pub(crate) use feeds::*;
pub(crate) use files::*;
pub(crate) use front::*;
pub(crate) use lists::*;
pub(crate) use search::*;

/// What a question is answered with.
pub(super) trait Answer {
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
pub(super) struct Plain<T>(pub(super) T);

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
    pub(super) fn ask<A: Answer>(&self, question: Question, answer: A) -> A {
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
            Question::Articles(selection) => select(self, selection).fingerprint(self),
            Question::Listing(path, number) => {
                listing(path).map(|listing| listing_page(self, listing, *number)).fingerprint(self)
            }
            Question::Neighbours(source) => self.article_of(*source).map(|id| neighbours(self, id)).fingerprint(self),
            Question::SeriesNeighbours(source) => {
                self.article_of(*source).map(|id| series_neighbours(self, id)).fingerprint(self)
            }
            Question::Related(source, count) => {
                self.article_of(*source).map(|id| related(self, id, *count)).fingerprint(self)
            }
            Question::RelatedByHand(source) => {
                self.article_of(*source).map(|id| related_by_hand(self, id)).fingerprint(self)
            }
            Question::Front(path) => {
                let front = listing(path).map(|listing| front(self, listing, |front| front.fingerprint(self)));
                front.flatten().unwrap_or_default()
            }
            Question::Sections(language) => Plain(sections(self, *language)).fingerprint(self),
            Question::Menu(language) => Plain(menu(self, *language)).fingerprint(self),
            Question::Terms(language, taxonomy, limit) => {
                Plain(terms(self, *language, *taxonomy, *limit)).fingerprint(self)
            }
            Question::Year(language, year) => Plain(months_of(self, *language, *year)).fingerprint(self),
            Question::Archive(language) => Plain(years(self, *language)).fingerprint(self),
            Question::Withheld(addresses) => Withheld(addresses).fingerprint(self),
            Question::Published(files) => Published(files).fingerprint(self),
            Question::Target(path, language) => target(self, path, *language).fingerprint(self),
            Question::Versions(of) => Plain(versions_of(self, of)).fingerprint(self),
            Question::Address(language, path) => address_in(self, *language, path).fingerprint(self),
            Question::File(named) => file(self, &named.0, &named.1).fingerprint(self),
            Question::Asset(path) => self.theme.asset(path).map(|asset| asset.site_path.clone()).fingerprint(self),
            Question::InlineScript(path) => {
                self.theme.inline_scripts.get(&**path).map(|script| script.fingerprint).fingerprint(self)
            }
            Question::Code(spot) => self.theme.code.fingerprint(*spot),
            Question::Data(name) => self.content(data_row(self, name)),
            Question::Texts(language) => Plain(&self.theme.texts[language.0 as usize]).fingerprint(self),
            Question::ReservedIds => Plain(&self.reserved).fingerprint(self),
            Question::Fragment(..) | Question::Body(_) | Question::HostFile(_) | Question::MachineFonts => return None,
            Question::Component(name) => self.theme.component_reach(name).unwrap_or_default(),
            Question::Comments(source) => self.article_of(*source).map(|id| comments(self, id)).fingerprint(self),
            Question::Profile(path) => self.content(profile_row(self, path)),
            Question::Account(language, author) => Plain(account(self, *language, author)).fingerprint(self),
            Question::Byline(language, name) => Plain(byline(self, *language, name)).fingerprint(self),
            Question::Feed(path) => listing(path).map(|listing| feed(self, listing)).fingerprint(self),
            Question::Corrections(language, limit) => {
                newest_corrections(self, *language, *limit as usize).fingerprint(self)
            }
            Question::HasSearch => Fingerprint::of(&[self.plan.has_search.into()]),
            Question::SearchFilters(language) => Plain(search_filters(self, *language)).fingerprint(self),
            Question::SearchCatalogue(language) => catalogue(self, *language).fingerprint(self),
            Question::Segment(language, name) => segment(self, *language, name).fingerprint(self),
            Question::Sitemap(number) => sitemap(self, *number).fingerprint(self),
            Question::NewsSitemap(number) => news_sitemap(self, *number).fingerprint(self),
            Question::Card => card(self),
            Question::ListingCard(path) => listing(path).map(|listing| listing_card(self, listing)).fingerprint(self),
            Question::Bytes(path) => bytes_in_card(self, path).fingerprint(self),
            Question::ArticleAt(file) => of_article_at(self, *file),
        })
    }

    /// The fingerprint of the bytes in a row.
    pub(super) fn content(&self, row: Option<u32>) -> Fingerprint {
        row.map_or_else(Fingerprint::default, |row| self.index.rows[row as usize].content)
    }
}

/// The teasers of articles, one after the other.
fn teasers(kind: &str, site: &Site, ids: impl IntoIterator<Item = super::Seen<crate::index::Article>>) -> Fingerprint {
    let mut fingerprint = Fingerprinter::new(kind);
    ids.into_iter().for_each(|id| _ = fingerprint.part(&site.index.articles[id.number()].teaser));
    fingerprint.finish()
}
