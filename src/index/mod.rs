//! Stage 3, **index**: all teasers, and who belongs to what.
//!
//! Takes the rows of stage 2 and one moment ("now"), leaves out what is withheld, and puts the rest in
//! order: by language, then oldest first, ties by path. So each language has its articles, and all that is
//! made of them, in one piece, and whoever stays within that piece (its [`Edition`]) meets no other language. Everything that asks about other articles (listings, neighbours,
//! feeds) is answered from here, and what is withheld is simply not here. It knows no pages and no HTML.

pub(crate) mod ads;
mod build;
mod bundles;
mod categories;
mod corrections;
pub(crate) mod edition;
mod files;
pub(crate) mod front;
mod hidden;
mod images;
mod inventory;
mod live;
mod notices;
mod related;
mod sections;
pub(crate) mod states;
pub(crate) mod teaser;
mod terms;
mod timeline;
pub mod variants;
mod words;
mod written;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::article::record::{Comment, Entry, Kind, Mention, Naming, Record, Withheld};
use crate::article::time::Timestamp;
use crate::article::{Broken, Row};
use crate::config::{Config, LanguageId};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::source::Links;
pub use bundles::is_bundle_text;
pub use corrections::CorrectionEntry;
pub use edition::Edition;
use files::find_row;
pub(crate) use files::is_kept;
pub use files::{image_row, nearest_image, resolve};
pub use front::{PlacedArticle, PlacedPackage, Placement, Surface};
use hidden::Hidden;
pub use images::{ImageRole, ImageUse};
pub use inventory::{Item, away, inventory, short};
pub use live::{Live, LiveRef, LiveState};
pub use notices::Notice;
pub use related::related;
pub use states::{Shown, State, WithheldCounts};
pub use teaser::{AuthorRef, ImageRef, SectionRef, Teaser, TermRef, file_address};
pub use terms::{Term, Terms};
pub use timeline::{Happening, Moment, NEWS_SITEMAP_SECONDS, timeline};
use words::Words;

/// So many articles share a fingerprint of themselves and all older ones.
pub const OLDER: usize = 1024;

/// The number of a visible article: its place in the order of languages and dates. Of two articles in one
/// language the newer one has the higher number.
pub type ArticleId = u32;

/// A visible article.
#[derive(Debug)]
pub struct Article {
    /// Its row.
    pub row: u32,
    /// Its section, if it has one.
    pub section: Option<u16>,
    /// When it was published.
    pub date: Timestamp,
    /// The later of publication and update.
    pub changed: Timestamp,
    /// Its address, root-relative with base path.
    pub url: Box<str>,
    /// The fingerprint of its teaser.
    pub teaser: Fingerprint,
    /// The fingerprint of everything in its teaser but what its row has in `core`.
    beside_core: Fingerprint,
    /// What kind of article it is.
    pub kind: Kind,
    /// Whether it is to lead.
    pub featured: bool,
    /// Whether it has old addresses.
    pub has_aliases: bool,
    /// Whether it has an id of its own in feeds.
    pub has_id: bool,
    /// Whether it was published first elsewhere.
    pub is_elsewhere: bool,
    /// Whether search engines are asked not to list it.
    pub noindex: bool,
    /// Whether it has an image that can be shown outside of browsers, where no drawing (SVG) is.
    pub has_photo: bool,
    /// The rows of the images that everybody sees on its page, its own first; of some there may be no file.
    pub images: Box<[u32]>,
}

/// A visible page (undated).
#[derive(Debug)]
pub struct PageEntry {
    /// Its row.
    pub row: u32,
    /// Its language.
    pub language: LanguageId,
    /// Its address, root-relative with base path.
    pub url: Box<str>,
    /// When it was last changed, if that is known; else 1970.
    pub changed: Timestamp,
    /// Whether search engines are asked not to list it.
    pub noindex: bool,
    /// The rows of the images that it shows, its own first.
    pub images: Box<[u32]>,
}

/// A section in one language.
#[derive(Debug)]
pub struct Section {
    /// The folder's name, which is also the last part of its address.
    pub name: Box<str>,
    /// Its language.
    pub language: LanguageId,
    /// Its title.
    pub title: Box<str>,
    /// One sentence, plain text.
    pub description: Box<str>,
    /// Where it stands among the sections; none is last.
    pub order: Option<i64>,
    /// The row of its `_index.md`.
    pub row: Option<u32>,
    /// Its address, root-relative with base path.
    pub url: Box<str>,
    /// Whether there is something to see but articles: text of its own, or pages.
    pub has_text: bool,
    /// Its articles, oldest first.
    pub articles: Vec<ArticleId>,
}

impl Section {
    /// Whether there is anything to see.
    pub fn has_anything(&self) -> bool {
        self.has_text || !self.articles.is_empty()
    }
}

/// A year and a month with their articles in one language.
pub type Month = (i16, i8, Range<ArticleId>);

/// What a row turned out to be in this build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A visible article.
    Article(ArticleId),
    /// A visible page, by its place in `Index::pages`.
    Page(u32),
    /// An article or page that must not be visible.
    Withheld,
    /// The file of a section or an author, or a file published as it is, that must not be visible.
    Hidden,
    /// Anything else.
    Other,
}

/// All visible teasers, in order.
#[derive(Debug)]
pub struct Index {
    /// The rows of stage 2, sorted by path.
    pub rows: Vec<Row>,
    /// Visible articles, by language and then oldest first.
    pub articles: Vec<Article>,
    /// Visible pages, by path.
    pub pages: Vec<PageEntry>,
    /// What stands at the addresses of withdrawn articles and pages, by path.
    pub notices: Vec<Notice>,
    /// What belongs to each language of the site.
    pub editions: Vec<Edition>,
    /// Sections that have articles or an `_index.md`, by language and in their order.
    pub sections: Vec<Section>,
    /// The terms of each taxonomy.
    pub terms: Terms,
    /// The words of headlines, from the moment somebody asks.
    words: OnceLock<Words>,
    /// Articles by language and calendar month, oldest first.
    pub months: Vec<Month>,
    /// All corrections, by language and then oldest first.
    pub corrections: Vec<CorrectionEntry>,
    /// Live coverage, by article.
    pub live: BTreeMap<ArticleId, Live>,
    /// The site paths of withheld articles and pages, and their old ones, by [`address_key`].
    pub withheld: FxHashMap<u64, Box<str>>,
    /// The photographs that visible texts name, by their rows.
    pub images: Vec<ImageUse>,
    /// The rows of all files that visible texts name.
    named: Box<[u32]>,
    /// The rows of files that only withheld articles, or withheld updates of live coverage, name.
    held: Box<[u32]>,
    /// The sources that cannot be read.
    pub broken: Vec<Broken>,
    /// Of everything above but the rows: whatever is answered from the index alone is the same as long as
    /// this is.
    pub fingerprint: Fingerprint,
    /// Of the first [`OLDER`] articles, of twice as many, and so on: whatever is answered from an article and
    /// older ones alone is the same as long as the one that includes it is.
    pub older: Vec<Fingerprint>,
    /// Of all sources that are neither articles nor pages nor the theme's: whatever is answered from them and the index
    /// is the same as long as this is.
    pub files: Fingerprint,
    /// The moment as of which it was made.
    now: Timestamp,
    /// What is dated later is not seen yet; none if everything is.
    until: Option<Timestamp>,
    /// The first moment after "now" at which another index would come of the same rows.
    pub next: Option<Timestamp>,
    /// The role of each row.
    roles: Vec<Role>,
    /// [`Config::bundle_names`].
    bundle_names: Vec<String>,
    /// The rows that lie behind a symbolic link, and those of the same files where they really are.
    behind_links: BTreeMap<u32, u32>,
}

/// What is dated later is not seen at `now`; none if everything is.
fn until(config: &Config, now: Timestamp) -> Option<Timestamp> {
    (!config.future).then_some(now)
}

/// What an article's file says about the time in which it is visible.
fn is_visible(entry: &Entry<'_>, now: Timestamp, config: &Config) -> bool {
    let withheld = Withheld { publish: Some(starts(entry)), ..entry.withheld };
    !withheld.holds(now, config.drafts, config.future)
}

/// From when on an article may be seen.
fn starts(entry: &Entry<'_>) -> Timestamp {
    entry.core.date.max(entry.withheld.publish).unwrap_or(Timestamp(i64::MIN))
}

impl Index {
    /// About so many headlines of visible articles, from all of its time.
    pub fn sample_of_headlines(&self, count: usize) -> Vec<String> {
        let step = (self.articles.len() / count).max(1);
        let rows = self.articles.iter().step_by(step).map(|article| &self.rows[article.row as usize]);
        rows.map(|row| entry_in(row).core.title.0.into_owned()).collect()
    }

    fn words(&self) -> &Words {
        let title = |id: ArticleId| entry_in(&self.rows[self.article(id).row as usize]).core.title.0;
        self.words.get_or_init(|| Words::of(self.articles.len() as ArticleId, title))
    }

    /// Whether it was made from so many rows.
    pub fn has_rows(&self, count: usize) -> bool {
        self.roles.len() == count
    }

    /// The same index after a change of nothing but wording ([`Change::Wording`](crate::article::Change)): `rows` are
    /// the same sources, and those in `changed` have other bytes. By `now` no moment has passed for the others.
    pub fn with_rows(mut self, rows: Vec<Row>, changed: &[u32], config: &Config, now: Timestamp) -> Self {
        debug_assert_eq!(rows.len(), self.roles.len());
        self.now = now;
        self.until = until(config, now);
        let (files, to_come) = files_beside(&rows, &self.roles, &self.broken, self.until);
        self.files = files;
        self.next = self.next.into_iter().chain(to_come).min();
        self.rows = rows;
        let roles: Vec<Role> = changed.iter().map(|row| self.role(*row)).collect();
        for role in &roles {
            if let Role::Article(id) = role {
                let article = &mut self.articles[*id as usize];
                article.teaser = teaser::fingerprint(&self.rows[article.row as usize].core, &article.beside_core);
            }
        }
        if roles.iter().any(|role| matches!(role, Role::Article(_) | Role::Page(_))) {
            self.words = OnceLock::new();
            self.sum_up(config);
        }
        self
    }

    /// Whether the same comes of building it anew.
    pub fn is_as_built(&self, links: &Links, config: &Config, now: Timestamp) -> bool {
        let anew = Self::build(self.rows.clone(), links, config, now);
        (anew.fingerprint, anew.older, anew.files) == (self.fingerprint, self.older.clone(), self.files)
    }

    /// Whether what is dated at a moment is not seen yet.
    pub fn is_to_come(&self, at: Timestamp) -> bool {
        self.until.is_some_and(|until| at > until)
    }

    /// Leaves of comments what is not dated after "now".
    pub fn keep_what_may_be_seen(&self, comments: &mut Vec<Comment<'_>>) {
        comments.retain(|comment| !comment.publish.is_some_and(|publish| self.is_to_come(publish)));
    }

    /// The row of a source.
    pub fn row_of(&self, path: &str) -> Option<u32> {
        find_row(&self.rows, path)
    }

    /// Whether a source cannot be read, so that nobody knows what it would be.
    pub fn is_broken(&self, path: &str) -> bool {
        self.broken.iter().any(|one| one.holds(path))
    }

    /// Whether a file of the output folder may be made of a source that cannot be read: it is called so, is beside it, or
    /// is the list of its section.
    pub fn may_be_of_broken(&self, file: &str) -> bool {
        let mut broken = self.broken.iter().filter(|one| one.path.starts_with("content/"));
        broken.any(|one| {
            let mut folders = file.strip_suffix(".html").unwrap_or(file).split('/').filter(|part| *part != "index");
            folders.any(|part| one.names.iter().any(|name| name == part)) || {
                let section = one.path["content/".len()..].split_once('/').map_or("", |(section, _)| section);
                file.strip_suffix("/index.html").is_some_and(|list| list.rsplit('/').next() == Some(section))
            }
        })
    }

    /// Whether a visible text shows a file or links to it.
    pub fn is_named(&self, row: u32) -> bool {
        self.named.binary_search(&row).is_ok()
    }

    /// Whether only withheld articles, or withheld updates of live coverage, name a file.
    pub fn is_held_back(&self, row: u32) -> bool {
        self.held.binary_search(&row).is_ok()
    }

    /// The row of the same file where it really is: another one if it lies behind a symbolic link.
    pub fn real(&self, row: u32) -> u32 {
        self.behind_links.get(&row).copied().unwrap_or(row)
    }

    /// The texts that are published from the folders of withheld bundles: for each the row of the bundle, that of the
    /// first text, and how many others there are.
    pub fn texts_beside_bundles(&self) -> Vec<(u32, u32, usize)> {
        hidden::beside_bundles(&self.rows, &self.roles)
    }

    /// What a row turned out to be.
    pub fn role(&self, row: u32) -> Role {
        self.roles[row as usize]
    }

    /// Whether search engines are to know the address of what has this role.
    pub fn is_for_search_engines(&self, role: Role) -> bool {
        match role {
            Role::Article(id) => !self.article(id).is_elsewhere && !self.article(id).noindex,
            Role::Page(at) => {
                let page = &self.pages[at as usize];
                !page.noindex && !page.url.ends_with("/404.html")
            }
            Role::Withheld | Role::Hidden | Role::Other => false,
        }
    }

    /// The entry in a row that is known to hold one, as far as it may be seen.
    pub fn entry(&self, row: u32) -> Box<Entry<'_>> {
        let mut entry = entry_in(&self.rows[row as usize]);
        keep_what_has_been(&mut entry, self.until);
        entry
    }

    /// A visible article.
    pub fn article(&self, id: ArticleId) -> &Article {
        &self.articles[id as usize]
    }

    /// The articles of the news sitemap, newest first: those that are new enough, were published here
    /// first, are not paid for and may be found by search engines.
    pub fn news(&self) -> Vec<ArticleId> {
        let is_news = |id: &ArticleId| {
            let article = self.article(*id);
            timeline::is_for_news_sitemap(article.kind, article.is_elsewhere || article.noindex)
        };
        let new = self.editions.iter().flat_map(|edition| (edition.news_from..edition.articles.end).rev());
        let mut news: Vec<ArticleId> = new.filter(is_news).collect();
        if self.editions.len() > 1 {
            news.sort_by_key(|id| std::cmp::Reverse(self.article(*id).date));
        }
        news
    }
}

/// The key of a site path in [`Index::withheld`].
pub fn address_key(site_path: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(site_path.as_bytes())
}

/// The fingerprint of all sources that are neither articles nor pages nor the theme's, those that must not be visible
/// among them, of those that cannot be read, and of which comments are dated after `until`; and when the first of these
/// comes.
fn files_beside(
    rows: &[Row],
    roles: &[Role],
    broken: &[Broken],
    until: Option<Timestamp>,
) -> (Fingerprint, Option<Timestamp>) {
    let mut fingerprint = Fingerprinter::new("files");
    broken.iter().for_each(|one| _ = fingerprint.text(&one.path));
    let is_beside = |role: &Role| matches!(role, Role::Other | Role::Hidden);
    for (row, role) in rows.iter().zip(roles).filter(|(_, role)| is_beside(role)) {
        if !row.path.starts_with("themes/") {
            fingerprint.text(&row.path).part(&row.content).number((*role == Role::Hidden).into());
        }
    }
    let mut first: Option<Timestamp> = None;
    timeline::of_comments(rows, until.unwrap_or(Timestamp(i64::MAX)), |row, at, _, _| {
        let is_visible = |row: u32| matches!(roles[row as usize], Role::Article(_) | Role::Page(_));
        // Those of others come with their article, at the earliest.
        if !timeline::articles_of(rows, &row.path).any(is_visible) {
            return;
        }
        fingerprint.text(&row.path).number(at.0 as u64);
        first = first.into_iter().chain([at]).min();
    });
    (fingerprint.finish(), first)
}

/// Leaves of an entry what is not dated after `until`: corrections, and that it was updated. What corrections name is
/// named by the entry, or withheld. (Updates of live coverage are [`Live`]'s.)
fn keep_what_has_been(entry: &mut Entry<'_>, until: Option<Timestamp>) {
    let has_been = |at: &Timestamp| until.is_none_or(|until| *at <= until);
    entry.corrections.retain_mut(|correction| {
        let is_kept = correction.date.as_ref().is_none_or(has_been);
        let named = std::mem::take(&mut correction.mentions).into_iter();
        entry.mentions.extend(named.map(|one| if is_kept { one } else { Mention { how: Naming::Withheld, ..one } }));
        is_kept
    });
    entry.core.updated = entry.core.updated.filter(has_been);
}

/// The entry in a row that is known to hold one.
fn entry_in(row: &Row) -> Box<Entry<'_>> {
    match row.record() {
        Record::Entry(entry) | Record::LeftOut(entry) => entry,
        other => unreachable!("{} holds an entry, not {other:?}", row.path),
    }
}
