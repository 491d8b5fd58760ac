//! What the page in work may read: tokens that only questions give.
//!
//! The index is a set of lists, and a number in one of them says nothing by itself: it is read with a [`Seen`], and
//! those come from the answer to a recorded question, or from the output that is being rendered, whose plan and source
//! the trace holds anyway.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use super::Site;
use crate::article::Row;
use crate::config::FeedFormat;
use crate::index::{Article, CorrectionEntry, Notice, PageEntry};
use crate::plan::search::Segment;
use crate::plan::{Alias, Listing, Output, PlannedImage};
use crate::theme::Asset;

/// A `T` of the site that the page in work may read.
pub struct Seen<T> {
    pub(super) at: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> Seen<T> {
    pub(super) fn new(at: u32) -> Self {
        Self { at, of: PhantomData }
    }

    pub(super) fn all(at: Vec<u32>) -> Vec<Self> {
        at.into_iter().map(Self::new).collect()
    }

    /// Its place among all of its kind, by which nothing can be read.
    pub fn number(self) -> usize {
        self.at as usize
    }
}

impl<T> Clone for Seen<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Seen<T> {}

impl<T> PartialEq for Seen<T> {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

impl<T> Eq for Seen<T> {}

impl<T> Hash for Seen<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.at.hash(state);
    }
}

impl<T> fmt::Debug for Seen<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Seen({})", self.at)
    }
}

/// What the site has many of.
pub trait Held: Sized {
    #[doc(hidden)]
    fn held(site: &Site, at: usize) -> &Self;
}

/// What is made from a source.
pub trait OfRow: Held {
    #[doc(hidden)]
    fn row(&self) -> u32;
}

macro_rules! held {
    ($($of:ty: $part:ident.$list:ident$(.$inner:ident)?;)+) => {
        $(impl Held for $of {
            fn held(site: &Site, at: usize) -> &Self {
                &site.$part.$list$(.$inner)?[at]
            }
        })+
    };
}

held! {
    Row: index.rows;
    Article: index.articles;
    PageEntry: index.pages;
    Notice: index.notices;
    CorrectionEntry: index.corrections;
    Listing: plan.listings;
    Segment: plan.segments;
    Alias: plan.aliases;
    PlannedImage: plan.images.all;
    Asset: theme.assets;
}

macro_rules! of_row {
    ($($of:ty),+) => {
        $(impl OfRow for $of {
            fn row(&self) -> u32 {
                self.row
            }
        })+
    };
}

of_row!(Article, PageEntry, Notice, PlannedImage);

/// The output that is being rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned(pub(super) Output);

/// What is being rendered, with what it may read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part {
    /// The page of an article.
    Article(Seen<Article>),
    /// The data of its live coverage.
    Coverage(Seen<Article>),
    /// Its social card.
    Card(Seen<Article>),
    /// A page.
    Page(Seen<PageEntry>),
    /// The notice of something withdrawn.
    Notice(Seen<Notice>),
    /// A page of a listing.
    Listing(Seen<Listing>, u32),
    /// The social card of a listing.
    ListingCard(Seen<Listing>),
    /// A feed of a listing.
    Feed(Seen<Listing>, FeedFormat),
    /// A file that is published.
    File(Seen<Row>),
    /// A variant of an image, by its number.
    Variant(Seen<PlannedImage>, u32),
    /// An asset of the theme.
    Asset(Seen<Asset>),
    /// Words of a segment of the search, by the number of the file.
    Words(Seen<Segment>, u32),
    /// Teasers of a segment of the search, by the number of the file.
    Teasers(Seen<Segment>, u32),
    /// A page at an old address.
    Alias(Seen<Alias>),
    /// What is made from no single thing.
    Other(Output),
}

impl Planned {
    /// Which output it is.
    pub(crate) fn output(self) -> Output {
        self.0
    }

    /// What it is made from.
    pub(crate) fn part(self) -> Part {
        match self.0 {
            Output::Article(id) => Part::Article(Seen::new(id)),
            Output::Live(id) => Part::Coverage(Seen::new(id)),
            Output::Card(id) => Part::Card(Seen::new(id)),
            Output::Page(at) => Part::Page(Seen::new(at)),
            Output::Notice(at) => Part::Notice(Seen::new(at)),
            Output::Listing(at, number) => Part::Listing(Seen::new(at), number),
            Output::ListingCard(at) => Part::ListingCard(Seen::new(at)),
            Output::Feed(at, format) => Part::Feed(Seen::new(at), format),
            Output::File(row) => Part::File(Seen::new(row)),
            Output::Variant(at, number) => Part::Variant(Seen::new(at), number),
            Output::Asset(at) => Part::Asset(Seen::new(at)),
            Output::SearchWords(at, file) => Part::Words(Seen::new(at), file),
            Output::SearchArticles(at, file) => Part::Teasers(Seen::new(at), file),
            Output::Alias(at) => Part::Alias(Seen::new(at)),
            other => Part::Other(other),
        }
    }
}

/// What is being rendered: an output, or something that belongs to no page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// An output of the plan.
    Output(Planned),
    /// A fragment or a body in this language.
    Shared(crate::config::LanguageId),
}

impl Subject {
    /// The article whose page it is.
    pub(crate) fn article(self) -> Option<Seen<Article>> {
        match self {
            Self::Output(planned) => match planned.part() {
                Part::Article(id) => Some(id),
                _ => None,
            },
            Self::Shared(_) => None,
        }
    }
}

/// Leave to see everything, for who makes something whose bytes are its fingerprint: it is made in every build.
#[derive(Debug)]
pub struct Making(pub(super) ());
