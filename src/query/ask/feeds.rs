//! Feeds, corrections and sitemaps.

use crate::config::LanguageId;
use crate::index::{Article, CorrectionEntry};
use crate::plan::Listing;
use crate::query::answers::{Feed, NewsSitemap, Sitemap};
use crate::query::{Question, Seen, View, answers};

/// What a feed says of its listing, and its articles.
pub(crate) fn feed(view: &View, listing: Seen<Listing>) -> Feed<'_> {
    let listing = view.get(listing);
    view.ask(Question::Feed(listing.path.clone()), answers::feed(&view.site, listing))
}

/// The newest so many corrections, oldest first.
pub(crate) fn newest_corrections(view: &View, language: LanguageId, limit: u32) -> Vec<Seen<CorrectionEntry>> {
    let newest = answers::newest_corrections(&view.site, language, limit as usize);
    view.ask(Question::Corrections(language, limit), newest)
}

/// The article that a correction is of.
pub(crate) fn corrected(view: &View, correction: Seen<CorrectionEntry>) -> Seen<Article> {
    Seen::new(view.get(correction).article)
}

/// What a sitemap lists; number 0 is all of it.
pub(crate) fn sitemap(view: &View, number: u32) -> Sitemap<'_> {
    view.ask(Question::Sitemap(number), answers::sitemap(&view.site, number))
}

/// The articles of a news sitemap; number 0 is all of them.
pub(crate) fn news_sitemap(view: &View, number: u32) -> NewsSitemap {
    view.ask(Question::NewsSitemap(number), answers::news_sitemap(&view.site, number))
}
