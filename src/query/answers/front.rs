//! The front of a page: what the index says stands there, with the words of the editor.
//!
//! One question, whose answer is everything that templates see of it, so a pin that ends renders the page that shows it
//! and no other.

use super::Answer;
use crate::article::front::{Announcement, Block, Placed};
use crate::article::record::{Image, Record, SectionFile};
use crate::article::{Row, language};
use crate::config::{LanguageId, Taxonomy, address};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::index::{Article, ArticleId, ImageRef, PlacedArticle, Surface, edition, front, teaser};
use crate::plan::{Listing, Scope};
use crate::query::{Seen, Site, answers};

/// The file of the front page: the first of these that is there, without language and ending.
pub(crate) const FRONT_FILES: [&str; 2] = ["content/_index", "content/index"];

/// An article in its place.
pub(crate) struct FrontArticle<'a> {
    pub(crate) article: Seen<Article>,
    /// The headline that the editor gave it there.
    pub(crate) title: Option<&'a str>,
    /// The image that the editor gave it there, as written and as shown.
    pub(crate) image: Option<(&'a Image<'a>, Option<ImageRef<'a>>)>,
}

/// A package with what may be seen of it.
pub(crate) struct FrontPackage<'a> {
    pub(crate) title: &'a str,
    /// The first article, and then the others.
    pub(crate) lead: FrontArticle<'a>,
    pub(crate) articles: Vec<FrontArticle<'a>>,
}

/// A block of articles.
pub(crate) struct FrontBlock<'a> {
    /// What it is of, as a key of front matter and a name.
    pub(crate) of: (&'a str, &'a str),
    /// What it is called; empty for what themes name.
    pub(crate) title: &'a str,
    /// Where that leads.
    pub(crate) url: &'a str,
    pub(crate) layout: &'static str,
    pub(crate) articles: Vec<Seen<Article>>,
}

/// What stands on the page of a listing.
pub(crate) struct FrontPage<'a> {
    /// The file that says so.
    pub(crate) row: Seen<Row>,
    /// The address of the page.
    pub(crate) url: &'a str,
    pub(crate) lead: Option<FrontArticle<'a>>,
    pub(crate) top: Vec<FrontArticle<'a>>,
    pub(crate) packages: Vec<FrontPackage<'a>>,
    pub(crate) blocks: Option<Vec<FrontBlock<'a>>>,
    pub(crate) notice: Option<&'a Announcement<'a>>,
    /// What the page lists and does not stand above, newest first.
    pub(crate) rest: Vec<Seen<Article>>,
}

impl Answer for FrontPage<'_> {
    fn fingerprint(&self, site: &Site) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("front");
        fingerprint.text(&site.index.rows[self.row.number()].path);
        let add = |fingerprint: &mut Fingerprinter, one: &FrontArticle<'_>| {
            fingerprint.number(1).part(&site.index.articles[one.article.number()].teaser);
            fingerprint.text(one.title.unwrap_or_default());
            let image = one.image.as_ref().map(|(_, shown)| Fingerprint::of_value(shown));
            fingerprint.part(&image.unwrap_or_default());
        };
        fingerprint.number(self.lead.iter().len() as u64).number(self.top.len() as u64);
        self.lead.iter().chain(&self.top).for_each(|one| add(&mut fingerprint, one));
        for package in &self.packages {
            fingerprint.number(2).text(package.title).number(package.articles.len() as u64);
            std::iter::once(&package.lead).chain(&package.articles).for_each(|one| add(&mut fingerprint, one));
        }
        fingerprint.number(self.blocks.is_some().into());
        for block in self.blocks.iter().flatten() {
            fingerprint.number(3).text(block.of.0).text(block.of.1);
            fingerprint.text(block.title).text(block.url).text(block.layout);
            fingerprint.part(&block.articles.fingerprint(site));
        }
        if let Some(notice) = self.notice {
            fingerprint.number(4).text(&notice.text).text(notice.kind.name());
            fingerprint.text(notice.url.as_deref().unwrap_or_default());
        }
        fingerprint.number(5).part(&self.rest.fingerprint(site)).finish()
    }
}

/// The row of the file that says what the front page in a language is called.
pub(in crate::query) fn front_file(site: &Site, language: LanguageId) -> Option<u32> {
    let file = |stem: &&str| language::file_in(stem, language, &site.config, |path| answers::profile_row(site, path));
    FRONT_FILES.iter().find_map(file)
}

/// Shows `look` what stands on the page of a listing; none if nothing does.
pub(in crate::query) fn front<T>(site: &Site, listing: &Listing, look: impl FnOnce(&FrontPage<'_>) -> T) -> Option<T> {
    let (number, section) = match listing.scope {
        Scope::Front => (front_file(site, listing.language)?, None),
        Scope::Section(section) => (site.index.sections[section as usize].row?, Some(section)),
        _ => return None,
    };
    let row = &site.index.rows[number as usize];
    let Record::Section(SectionFile { front: Some(front), .. }) = row.record() else { return None };
    let page = answers::listing_page(site, listing, 0);
    let mut listed: Vec<ArticleId> = page.lead.into_iter().chain(page.articles).map(|id| id.at).collect();
    listed.sort_unstable_by_key(|id| std::cmp::Reverse(*id));
    let surface = Surface { language: listing.language, section, listed: &listed };
    let placement = front::desk(&site.index, &front, surface, &site.config);
    let url = address::encode(&site.config, &listing.path);
    Some(look(&FrontPage {
        row: Seen::new(number),
        url: &url,
        lead: placement.lead.as_ref().map(|one| front_article(site, one, &row.path, &url)),
        top: placement.top.iter().map(|one| front_article(site, one, &row.path, &url)).collect(),
        packages: (placement.packages.iter())
            .map(|one| FrontPackage {
                title: &one.package.title,
                lead: front_article(site, &one.lead, &row.path, &url),
                articles: one.articles.iter().map(|one| front_article(site, one, &row.path, &url)).collect(),
            })
            .collect(),
        blocks: placement
            .blocks
            .map(|blocks| blocks.into_iter().map(|(one, ids)| block(site, listing, one, ids)).collect()),
        notice: placement.notice,
        rest: Seen::all(placement.rest),
    }))
}

fn front_article<'a>(site: &'a Site, one: &PlacedArticle<'a>, path: &str, url: &str) -> FrontArticle<'a> {
    let image = |placed: &'a Placed<'a>| {
        let image = placed.image.as_ref()?;
        Some((image, teaser::image(&site.index, image, path, url, &site.config)))
    };
    FrontArticle {
        article: Seen::new(one.article),
        title: one.placed.and_then(|placed| placed.title.as_deref()),
        image: one.placed.and_then(image),
    }
}

fn block<'a>(site: &'a Site, listing: &Listing, block: &'a Block<'a>, articles: Vec<ArticleId>) -> FrontBlock<'a> {
    let (key, name) = block.of.parts();
    let own = match key {
        "section" => {
            edition::section(&site.index, listing.language, name).map(|(_, section)| (&*section.title, &*section.url))
        }
        "tag" => site.index.terms.find(listing.language, Taxonomy::Tags, name).map(|term| (&*term.name, &*term.url)),
        _ => None,
    };
    let (title, url) = own.unwrap_or_default();
    FrontBlock {
        of: (key, name),
        title: block.title.as_deref().unwrap_or(title),
        url,
        layout: block.layout.name(),
        articles: Seen::all(articles),
    }
}
