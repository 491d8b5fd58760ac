//! Feeds, corrections and sitemaps.

use super::{Answer, teasers};
use crate::article::time::Timestamp;
use crate::config::{LanguageId, address};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::index::{Article, ArticleId, CorrectionEntry};
use crate::plan::{Listing, Output, Scope, SitemapEntry};
use crate::query::{Seen, Site, answers};

/// What a feed says of its listing, and its articles.
pub(crate) struct Feed<'a> {
    listing: &'a Listing,
    /// Newest first.
    pub(crate) articles: Vec<Seen<Article>>,
    /// Oldest first; of the feed of corrections.
    pub(crate) corrections: Vec<Seen<CorrectionEntry>>,
}

impl Answer for Feed<'_> {
    fn fingerprint(&self, site: &Site) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("feed");
        fingerprint.part(&answers::of_listing(site, self.listing)).part(&self.articles.fingerprint(site));
        if self.listing.scope == Scope::Corrections {
            fingerprint.part(&self.corrections.fingerprint(site));
        }
        fingerprint.finish()
    }
}

/// What corrections say, and their articles.
impl Answer for Vec<Seen<CorrectionEntry>> {
    fn fingerprint(&self, site: &Site) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("corrections");
        for correction in self {
            let correction = &site.index.corrections[correction.number()];
            fingerprint.part(&correction.part).number(correction.number.into());
            fingerprint.part(&site.index.article(correction.article).teaser);
        }
        fingerprint.finish()
    }
}

/// An address of a sitemap, with the images on its page.
pub(crate) struct Listed<'a> {
    pub(crate) entry: SitemapEntry<'a>,
    /// Root-relative, as pages name them: of an image the variant that stands for it.
    pub(crate) images: Vec<String>,
}

/// What a sitemap lists.
pub(crate) struct Sitemap<'a> {
    pub(crate) listed: Vec<Listed<'a>>,
    /// The parts of one that is split: their root-relative addresses, and when they last changed.
    pub(crate) parts: Vec<(String, Option<Timestamp>)>,
}

impl Answer for Sitemap<'_> {
    fn fingerprint(&self, _: &Site) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("sitemap");
        for Listed { entry, images } in &self.listed {
            fingerprint.text(&entry.url).number(entry.changed.map_or(u64::MAX, |changed| changed.0 as u64));
            for version in &entry.versions {
                fingerprint.number(version.language.0.into()).text(&version.url);
                fingerprint.number(version.is_canonical.into());
            }
            fingerprint.number(images.len() as u64);
            images.iter().for_each(|image| _ = fingerprint.text(image));
        }
        fingerprint.finish()
    }
}

/// What a news sitemap lists, newest first.
pub(crate) struct NewsSitemap {
    pub(crate) articles: Vec<Seen<Article>>,
    /// The parts of one that is split: their root-relative addresses, and when they last changed.
    pub(crate) parts: Vec<(String, Option<Timestamp>)>,
    all_parts: u32,
}

impl Answer for NewsSitemap {
    fn fingerprint(&self, site: &Site) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("news sitemap");
        fingerprint.number(self.all_parts.into());
        fingerprint.part(&teasers("news", site, self.articles.iter().copied())).finish()
    }
}

/// The articles of a feed, newest first.
pub(crate) fn feed_articles(site: &Site, listing: &Listing) -> Vec<ArticleId> {
    let count = listing.len(&site.index);
    let limit = site.config.settings.feeds.limit;
    (count.saturating_sub(limit)..count).rev().filter_map(|at| listing.article_at(&site.index, at)).collect()
}

/// What a feed says.
pub(in crate::query) fn feed<'a>(site: &Site, listing: &'a Listing) -> Feed<'a> {
    let corrections = match listing.scope {
        Scope::Corrections => newest_corrections(site, listing.language, site.config.settings.feeds.limit),
        _ => Vec::new(),
    };
    Feed { listing, articles: Seen::all(feed_articles(site, listing)), corrections }
}

/// The newest so many corrections, oldest first.
pub(in crate::query) fn newest_corrections(
    site: &Site,
    language: LanguageId,
    limit: usize,
) -> Vec<Seen<CorrectionEntry>> {
    let all = &site.index.edition(language).corrections;
    (all.end.saturating_sub(limit).max(all.start)..all.end).map(|at| Seen::new(at as u32)).collect()
}

/// The corrections on a page of their list, oldest first.
pub(in crate::query) fn corrections_on(site: &Site, listing: &Listing, number: u32) -> Vec<Seen<CorrectionEntry>> {
    let start = site.index.edition(listing.language).corrections.start;
    let range = listing.page_range(&site.index, site.config.settings.page_size, number);
    range.map(|at| Seen::new((start + at) as u32)).collect()
}

/// What a sitemap lists; number 0 is all of it.
pub(in crate::query) fn sitemap(site: &Site, number: u32) -> Sitemap<'_> {
    let entries = |number| site.plan.sitemap(number, &site.index, &site.config);
    let part = |number| {
        let changed = entries(number).iter().filter_map(|one| one.changed).max();
        (address_of(site, Output::Sitemap(number)), changed)
    };
    let parts = if number == 0 { (1..=site.plan.sitemaps).map(part).collect() } else { Vec::new() };
    let listed = entries(number).into_iter().map(|entry| Listed { images: images_on(site, entry.images), entry });
    Sitemap { listed: listed.collect(), parts }
}

fn address_of(site: &Site, part: Output) -> String {
    address::encode(&site.config, &site.plan.site_path(part, &site.config))
}

/// The addresses of the images that a page shows.
fn images_on(site: &Site, rows: &[u32]) -> Vec<String> {
    let mut all = Vec::with_capacity(rows.len());
    // What belongs to something withheld is not named.
    for row in rows.iter().filter(|row| site.index.is_named(**row)) {
        let copies = site.plan.images.of_row(*row);
        let copy = copies.and_then(|one| Some(one.site_path(one.copies(*one.formats().last()?).last()?)));
        let url = match copy {
            Some(path) => address::encode(&site.config, &path),
            None if site.plan.images.publishes(*row) => address::encode(&site.config, &site.path(Output::File(*row))),
            None => continue,
        };
        if !all.contains(&url) {
            all.push(url);
        }
    }
    all
}

/// The articles of a news sitemap; number 0 is all of them.
pub(in crate::query) fn news_sitemap(site: &Site, number: u32) -> NewsSitemap {
    let articles = |number| site.plan.news_sitemap(number, &site.index);
    let part = |number| {
        let changed = articles(number).into_iter().map(|id| site.index.article(id).changed).max();
        (address_of(site, Output::NewsSitemap(number)), changed)
    };
    let all_parts = site.plan.news_sitemaps;
    let parts = if number == 0 { (1..=all_parts).map(part).collect() } else { Vec::new() };
    NewsSitemap { articles: Seen::all(articles(number)), parts, all_parts }
}
