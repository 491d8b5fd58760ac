//! Stage 4, **plan**: which outputs must exist.
//!
//! Turns the index into the list of everything that `public/` holds after the build, in the order in
//! which it is published: files, then articles and pages, then what lists them. Two sources that want one
//! address end the build here. The plan renders nothing and reads nothing.

pub mod cards;
pub(crate) mod class;
mod collision;
mod files;
mod host_file;
pub mod images;
mod listing;
pub mod paginate;
mod portable;
pub mod search;
mod twins;
mod version;

use std::borrow::Cow;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::article::front_matter::Reading;
use crate::article::record::Record;
use crate::article::{Lines, body_text, is_markdown};
use crate::config::{Config, FeedFormat, FragmentMode, Host, LanguageId, Taxonomy, address};
use crate::diagnostic::Diagnostic;
use crate::fingerprint::{Fingerprint, Fingerprinter, file_id};
use crate::index::{ArticleId, Index, PageEntry, Role, edition};
use crate::site_path;
use crate::source::Reader;
use crate::theme::Theme;
pub use class::Class;
pub use collision::Collision;
pub use host_file::HostFile;
pub use images::{Images, PlannedImage};
use listing::listings;
pub use listing::{Listing, Scope};
pub use version::Version;

/// One file that must exist in the output folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// A source as it is: from `static/`, a theme, a bundle.
    File(u32),
    /// A copy of a photograph, by their places in `Plan::images` and among its copies.
    Variant(u32, u32),
    /// The social card of an article.
    Card(ArticleId),
    /// The social card of a front page or section, by its place in `Plan::listings`.
    ListingCard(u32),
    /// An article.
    Article(ArticleId),
    /// An undated page.
    Page(u32),
    /// The notice of a withdrawn article or page, by its place in `Index::notices`.
    Notice(u32),
    /// A page of a listing; number 0 is the newest.
    Listing(u32, u32),
    /// The list of a taxonomy's terms.
    Terms(LanguageId, Taxonomy),
    /// The months of a year.
    Year(LanguageId, i16),
    /// All years.
    Archive(LanguageId),
    /// `404.html`.
    NotFound(LanguageId),
    /// The fragment that browsers or servers load.
    Fragment(LanguageId),
    /// A feed of a listing.
    Feed(u32, FeedFormat),
    /// A sitemap; 0 is `sitemap.xml`.
    Sitemap(u32),
    /// A news sitemap; 0 is `news-sitemap.xml`.
    NewsSitemap(u32),
    /// The data of live coverage, `live.json` beside the article.
    Live(ArticleId),
    /// The search page.
    Search(LanguageId),
    /// What the search has to search: `catalogue.json`.
    SearchCatalogue(LanguageId),
    /// A file of words of a segment of the search.
    SearchWords(u32, u32),
    /// A file of teasers of a segment of the search.
    SearchArticles(u32, u32),
    /// `robots.txt`.
    Robots,
    /// A file that tells a host how to serve the site.
    HostFile(HostFile),
    /// A page at an old address that leads to the new one.
    Alias(u32),
    /// An asset of the theme, by its place in `Theme::assets`.
    Asset(u32),
}

impl Output {
    /// Whether it is a page, feed or other file that is made for readers. The others are copied, or data of
    /// the search, and nobody counts them.
    pub fn is_counted(self) -> bool {
        !matches!(
            self,
            Self::File(_)
                | Self::Variant(..)
                | Self::Card(_)
                | Self::ListingCard(_)
                | Self::Asset(_)
                | Self::SearchCatalogue(_)
                | Self::SearchWords(..)
                | Self::SearchArticles(..)
        )
    }

    /// Whether a file of the site's own at the same address is published instead. Pages, listings, feeds and sitemaps
    /// say what the articles say: there a file of that name is a mistake.
    fn gives_way(self) -> bool {
        matches!(self, Self::Robots | Self::HostFile(_) | Self::NotFound(_) | Self::Asset(_) | Self::ListingCard(_))
    }
}

/// A redirect.
#[derive(Debug)]
pub struct Alias {
    /// The old address, as a site path.
    pub from: Box<str>,
    /// The row of the article or page; none where the site itself leads to its front page.
    pub row: Option<u32>,
    /// The new address, root-relative with base path.
    pub to: Box<str>,
}

/// An address for the sitemap.
#[derive(Debug)]
pub struct SitemapEntry<'a> {
    /// Root-relative with base path.
    pub url: Cow<'a, str>,
    /// When it last changed.
    pub changed: Option<crate::article::time::Timestamp>,
    /// The same in other languages, itself among them; empty if it is in one only.
    pub versions: Vec<Version>,
    /// The rows of the images that it shows.
    pub images: &'a [u32],
}

/// Most addresses a sitemap may have (sitemaps.org protocol 0.9).
pub const SITEMAP_LIMIT: usize = 50_000;

/// Most articles a news sitemap may have
/// (<https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap>).
pub const NEWS_SITEMAP_LIMIT: usize = 1000;

/// The site path of the list of corrections, below the prefix of its language.
pub const CORRECTIONS: &str = "/corrections/";

/// Everything that must exist in the output folder.
#[derive(Debug)]
pub struct Plan {
    /// The outputs in the order in which they are published.
    pub outputs: Vec<Output>,
    /// The [`file_id`] of the file of each.
    pub files: Vec<u64>,
    /// The listings.
    pub listings: Vec<Listing>,
    /// The redirects.
    pub aliases: Vec<Alias>,
    /// The photographs of which there are copies.
    pub images: Images,
    /// The social cards.
    pub cards: cards::Cards,
    /// How many sitemaps there are beside `sitemap.xml`; 0 when that holds everything.
    pub sitemaps: u32,
    /// How many news sitemaps there are beside `news-sitemap.xml`; 0 when that holds everything.
    pub news_sitemaps: u32,
    /// Whether there is a search.
    pub has_search: bool,
    /// The segments of the search, by language and then oldest first.
    pub segments: Vec<search::Segment>,
    /// The rows of files beside articles that are not published, since nothing visible names them.
    unnamed: Vec<u32>,
    /// What is told of them, and of other sources that no page shows.
    left_out: Vec<Diagnostic>,
    /// Errors about texts that seem to be copies of others.
    copies: Vec<Diagnostic>,
    /// The rows of files that may speak for the front page, a section or an author.
    speakers: Vec<u32>,
    /// Outputs that some machines cannot have, or not beside each other.
    unportable: Vec<Collision>,
    listing_by_path: FxHashMap<Box<str>, u32>,
    /// The site paths of pages that list terms, months and years; noted only where there are several languages.
    overviews: FxHashSet<Box<str>>,
}

impl Plan {
    /// Plans the site.
    ///
    /// # Errors
    /// Every pair of outputs that want one address.
    pub fn build(index: &Index, config: &Config, theme: &Theme) -> Result<Self, Vec<Collision>> {
        let listings = listings(index, config);
        let listing_by_path =
            listings.iter().enumerate().map(|(at, listing)| (listing.path.clone(), at as u32)).collect();
        let mut plan = Self {
            outputs: Vec::new(),
            files: Vec::new(),
            listings,
            aliases: Vec::new(),
            images: Images::of(index, config),
            cards: cards::Cards::of(index, config, theme),
            sitemaps: 0,
            news_sitemaps: 0,
            has_search: search::is_wanted(config, theme),
            segments: search::segments(index, config, theme),
            unnamed: Vec::new(),
            left_out: Vec::new(),
            copies: files::copies(index),
            speakers: twins::speakers(&index.rows),
            unportable: Vec::new(),
            listing_by_path,
            overviews: FxHashSet::default(),
        };
        plan.add_files(index, config, theme);
        plan.outputs.extend(plan.cards.outputs(&plan.listings));
        plan.outputs.extend((0..index.articles.len()).map(|id| Output::Article(id as ArticleId)));
        plan.outputs.extend((0..index.pages.len()).map(|at| Output::Page(at as u32)));
        plan.outputs.extend((0..index.notices.len()).map(|at| Output::Notice(at as u32)));
        plan.outputs.extend(index.live.keys().map(|id| Output::Live(*id)));
        plan.add_aliases(index, config);
        plan.add_listings(index, config);
        let addresses = plan.sitemap_len(index, config);
        if addresses > SITEMAP_LIMIT {
            plan.sitemaps = addresses.div_ceil(SITEMAP_LIMIT) as u32;
        }
        plan.outputs.extend((0..=plan.sitemaps).map(Output::Sitemap));
        let news = index.news().len();
        if news > NEWS_SITEMAP_LIMIT {
            plan.news_sitemaps = news.div_ceil(NEWS_SITEMAP_LIMIT) as u32;
        }
        plan.outputs.extend((0..=plan.news_sitemaps).map(Output::NewsSitemap));
        plan.add_search(config);
        plan.give_way(index, config, theme);
        let file = |output: &Output| {
            let path = plan.path(*output, index, config, theme);
            (file_id(&path), portable::is_odd(&path))
        };
        let (files, odd): (Vec<u64>, Vec<bool>) = plan.outputs.par_iter().with_min_len(256).map(file).unzip();
        plan.files = files;
        let collisions = collision::collisions(&plan, index, config, theme);
        if !collisions.is_empty() {
            return Err(collisions);
        }
        plan.unportable = portable::unportable(&plan, &odd, index, config, theme);
        Ok(plan)
    }

    /// Leaves out the small generated files in whose place the site has a file of its own.
    fn give_way(&mut self, index: &Index, config: &Config, theme: &Theme) {
        let has_own = |output: Output| {
            let path = self.path(output, index, config, theme);
            let rows = ["static", "content"].map(|folder| index.row_of(&format!("{folder}/{path}")));
            rows.into_iter().flatten().any(|row| self.outputs.contains(&Output::File(row)))
        };
        // A page says what is to be read where nothing is found.
        let is_page = |output: Output| {
            let path = self.path(output, index, config, theme);
            let at = |page: &PageEntry| site_path::output_path(&plain(&page.url, config)) == path;
            matches!(output, Output::NotFound(_)) && index.pages.iter().any(at)
        };
        let gives_way = |output: &Output| output.gives_way() && (has_own(*output) || is_page(*output));
        let replaced: Vec<bool> = self.outputs.iter().map(gives_way).collect();
        let mut replaced = replaced.into_iter();
        self.outputs.retain(|_| !replaced.next().unwrap_or_default());
    }

    /// Sources that are published as they are, copies of photographs, and the theme's files.
    fn add_files(&mut self, index: &Index, config: &Config, theme: &Theme) {
        let files = files::Files::of(index, config, theme);
        self.left_out = files::warnings(index, config, &files.unnamed);
        self.unnamed = files.unnamed;
        let published = files.published.into_iter().filter(|row| self.images.publishes(*row));
        self.outputs.extend(published.map(Output::File));
        for (at, photograph) in self.images.all.iter().enumerate() {
            let copies = 0..photograph.variants.len() as u32;
            self.outputs.extend(copies.map(|number| Output::Variant(at as u32, number)));
        }
        self.outputs.extend((0..theme.assets.len()).map(|at| Output::Asset(at as u32)));
    }

    fn add_aliases(&mut self, index: &Index, config: &Config) {
        let front = &config.language(LanguageId::MAIN).prefix;
        if front != "/" {
            let to = address::encode(config, front).into();
            self.outputs.push(Output::Alias(self.aliases.len() as u32));
            self.aliases.push(Alias { from: "/".into(), row: None, to });
        }
        let articles = index.articles.iter().filter(|article| article.has_aliases);
        let targets = articles
            .map(|article| (article.row, &article.url))
            .chain(index.pages.iter().map(|page| (page.row, &page.url)));
        let sections = index.sections.iter().filter_map(|section| Some((section.row?, &section.url)));
        let notices = index.notices.iter().map(|notice| (notice.row, &notice.url));
        for (row, url) in targets.chain(sections).chain(notices) {
            let aliases = match index.rows[row as usize].record() {
                Record::Entry(entry) => entry.aliases,
                Record::Section(file) => file.aliases,
                _ => continue,
            };
            if aliases.is_empty() {
                continue;
            }
            // One file may be asked for in several spellings: `/old`, `/old/`, `/old/index.html`.
            let own = plain(url, config);
            let mut known = FxHashSet::from_iter([file_id(&site_path::output_path(&own))]);
            for alias in &aliases {
                let from = site_path::of_alias(&own, alias);
                if known.insert(file_id(&site_path::output_path(&from))) {
                    self.outputs.push(Output::Alias(self.aliases.len() as u32));
                    self.aliases.push(Alias { from: from.into(), row: Some(row), to: url.clone() });
                }
            }
        }
    }

    fn add_listings(&mut self, index: &Index, config: &Config) {
        // Listing pages in the order of their newest article: pages that show the same teasers are
        // rendered close to each other.
        let mut pages: Vec<(ArticleId, Output)> = Vec::new();
        for (at, listing) in self.listings.iter().enumerate() {
            let at = at as u32;
            for number in 0..=listing.archive_pages {
                let newest = listing.page_range(index, config.settings.page_size, number).end;
                let newest = newest.checked_sub(1).and_then(|last| listing.article_at(index, last)).unwrap_or(0);
                pages.push((newest, Output::Listing(at, number)));
            }
        }
        pages.sort_by_key(|(newest, _)| *newest);
        self.outputs.extend(pages.into_iter().map(|(_, output)| output));
        for (language, _) in config.each_language() {
            self.outputs.extend(overviews(language, index, config));
            if config.settings.archives {
                let mut years: Vec<i16> =
                    edition::months_of(index, language).iter().map(|(year, _, _)| *year).collect();
                years.dedup();
                self.outputs.extend(years.into_iter().map(|year| Output::Year(language, year)));
            }
            self.outputs.push(Output::NotFound(language));
            if config.settings.fragments.latest != FragmentMode::Inline {
                self.outputs.push(Output::Fragment(language));
            }
        }
        if config.is_multilingual() {
            let is_overview =
                |output: &&Output| matches!(output, Output::Terms(..) | Output::Year(..) | Output::Archive(_));
            let overviews = self.outputs.iter().filter(is_overview);
            self.overviews = overviews.map(|output| self.site_path(*output, config).into()).collect();
        }
        for (at, listing) in self.listings.iter().enumerate() {
            self.outputs.extend(listing.feeds.iter().map(|format| Output::Feed(at as u32, *format)));
        }
        self.outputs.push(Output::Robots);
        // Cloudflare knows no rule for what is gone.
        let says_gone = !index.notices.is_empty() && !config.settings.hosting.contains(&Host::Cloudflare);
        for file in HostFile::ALL {
            let says_something = file != HostFile::Redirects || !self.aliases.is_empty() || says_gone;
            if (file.is_for(&config.settings.hosting) || file.is_of_rights(config)) && says_something {
                self.outputs.push(Output::HostFile(file));
            }
        }
    }

    fn add_search(&mut self, config: &Config) {
        if !self.has_search {
            return;
        }
        for (language, _) in config.each_language() {
            self.outputs.extend([Output::Search(language), Output::SearchCatalogue(language)]);
        }
        for (number, segment) in self.segments.iter().enumerate() {
            let number = number as u32;
            self.outputs.extend((0..segment.word_files).map(|file| Output::SearchWords(number, file)));
            self.outputs.extend((0..segment.article_files()).map(|file| Output::SearchArticles(number, file)));
        }
    }

    /// What must be mended before anything is published.
    pub fn problems(&self, reader: &Reader, index: &Index, config: &Config) -> Vec<Diagnostic> {
        let mut problems = files::problems(reader, index, config, &self.unnamed);
        problems.extend(self.copies.iter().cloned());
        problems.extend(collision::of_ids(reader, index));
        problems.extend(twins::problems(&self.speakers, reader, index, config));
        problems
    }

    /// What is told of sources that are not published, and of outputs that some machines cannot have.
    pub fn warnings(&self, reader: &Reader, index: &Index, config: &Config) -> Vec<Diagnostic> {
        let mut warnings = self.left_out.clone();
        warnings.extend(twins::warnings(&self.speakers, reader, index, config));
        warnings.extend(remarks(reader, index, config));
        warnings.extend(self.unportable.iter().map(|one| one.warning(reader, &index.rows)));
        warnings
    }

    /// A listing by its site path.
    pub fn listing(&self, path: &str) -> Option<&Listing> {
        self.listing_by_path.get(path).map(|at| &self.listings[*at as usize])
    }

    /// The file of an output, relative to the output folder, with `/` between folders.
    pub fn path(&self, output: Output, index: &Index, config: &Config, theme: &Theme) -> String {
        match output {
            Output::File(row) => file_path(index, row, config),
            Output::Asset(at) => theme.assets[at as usize].output_path(),
            Output::Article(id) => site_path::output_path(&plain(&index.article(id).url, config)),
            Output::Live(id) => plain(&site_path::beside(&index.article(id).url, "live.json"), config),
            Output::Card(id) => plain(&site_path::beside(&index.article(id).url, cards::FILE), config),
            Output::Page(at) => site_path::output_path(&plain(&index.pages[at as usize].url, config)),
            Output::Notice(at) => site_path::output_path(&plain(&index.notices[at as usize].url, config)),
            _ => site_path::output_path(&self.site_path(output, config)),
        }
    }

    /// The site path of an output that is not made from one source.
    pub fn site_path(&self, output: Output, config: &Config) -> String {
        let within = |language: LanguageId, path: &str| config.language(language).path(path);
        match output {
            Output::Listing(at, 0) => self.listings[at as usize].path.to_string(),
            Output::Listing(at, number) => self.listings[at as usize].page_path(number),
            Output::Feed(at, format) => format!("{}{}", self.listings[at as usize].path, format.file()),
            Output::Terms(language, taxonomy) => within(language, &format!("/{}/", taxonomy.name())),
            Output::Year(language, year) => within(language, &format!("/{year:04}/")),
            Output::Archive(language) => within(language, "/archive/"),
            // Servers look for it at the top.
            Output::NotFound(LanguageId::MAIN) => "/404.html".into(),
            Output::NotFound(language) => within(language, "/404.html"),
            Output::Fragment(language) => within(language, "/fragments/latest.html"),
            Output::Sitemap(0) => "/sitemap.xml".into(),
            Output::Sitemap(number) => format!("/sitemap-{number}.xml"),
            Output::NewsSitemap(0) => "/news-sitemap.xml".into(),
            Output::NewsSitemap(number) => format!("/news-sitemap-{number}.xml"),
            Output::Search(language) => within(language, search::SEARCH),
            Output::SearchCatalogue(language) => within(language, search::CATALOGUE),
            Output::SearchWords(segment, file) => {
                self.segments[segment as usize].path(&format!("words-{file}"), config)
            }
            Output::SearchArticles(segment, file) => {
                self.segments[segment as usize].path(&format!("articles-{file}"), config)
            }
            Output::ListingCard(at) => self.card_path(&self.listings[at as usize]),
            Output::Robots => "/robots.txt".into(),
            Output::HostFile(file) => format!("/{}", file.name()),
            Output::Alias(at) => self.aliases[at as usize].from.to_string(),
            Output::Variant(at, number) => {
                let photograph = &self.images.all[at as usize];
                photograph.site_path(photograph.variants[number as usize])
            }
            Output::File(_)
            | Output::Asset(_)
            | Output::Card(_)
            | Output::Article(_)
            | Output::Live(_)
            | Output::Page(_)
            | Output::Notice(_) => unreachable!("made from one source"),
        }
    }

    /// What the output is, apart from where: its kind and its parameters. A page whose own teaser or
    /// address changed is another page.
    pub fn fingerprint(&self, output: Output, index: &Index, config: &Config) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("output");
        match output {
            Output::File(_) | Output::Asset(_) => fingerprint.text("file"),
            Output::Article(id) => {
                fingerprint.text("story").part(&index.article(id).teaser).number(self.cards.has(id).into())
            }
            Output::Live(id) => fingerprint.text("live").part(&index.article(id).teaser),
            Output::Card(id) => fingerprint.text("card").part(&index.article(id).teaser),
            Output::Page(at) => {
                let page = &index.pages[at as usize];
                let path = &index.rows[page.row as usize].path;
                fingerprint.text("page").text(&page.url).text(path).number(page.changed.0 as u64)
            }
            Output::Notice(at) => {
                let notice = &index.notices[at as usize];
                fingerprint.text("notice").text(&index.rows[notice.row as usize].path);
                notice.add_to(&mut fingerprint);
                &mut fingerprint
            }
            Output::Alias(at) => {
                let language = self.language(output, index);
                fingerprint.text("alias").text(&self.aliases[at as usize].to).number(language.0.into())
            }
            Output::Listing(_, number) => fingerprint.text("listing").number(number.into()),
            Output::Feed(_, format) => fingerprint.text("feed").text(format.file()),
            Output::Sitemap(number) => fingerprint.text("sitemap").number(number.into()).number(self.sitemaps.into()),
            other => fingerprint.text(&self.site_path(other, config)),
        };
        // The log names the teller of each output, and notes it only when the output is rendered.
        if let Some(row) = class::teller(self, output, index) {
            fingerprint.text(&index.rows[row as usize].path);
        }
        fingerprint.finish()
    }

    /// The row whose bytes the output is made from.
    pub fn own_row(&self, output: Output, index: &Index) -> Option<u32> {
        match output {
            Output::File(row) => Some(row),
            Output::Article(id) | Output::Live(id) => Some(index.article(id).row),
            Output::Page(at) => Some(index.pages[at as usize].row),
            _ => None,
        }
    }

    fn sitemap_len(&self, index: &Index, config: &Config) -> usize {
        index.articles.len() + index.pages.len() + self.listings.len() + self.overviews(index, config).len()
    }

    /// Pages that list terms or months.
    fn overviews(&self, index: &Index, config: &Config) -> Vec<Output> {
        config.each_language().flat_map(|(language, _)| overviews(language, index, config)).collect()
    }

    /// The addresses of sitemap `number` (from 1; 0 is all when there is only one): articles oldest
    /// first, so that a full sitemap stays as it is, then pages, then listings.
    pub fn sitemap<'a>(&'a self, number: u32, index: &'a Index, config: &'a Config) -> Vec<SitemapEntry<'a>> {
        let total = self.sitemap_len(index, config);
        let range = match number {
            0 => 0..total,
            number => (number as usize - 1) * SITEMAP_LIMIT..total.min(number as usize * SITEMAP_LIMIT),
        };
        let articles = index.articles.len();
        let pages = articles + index.pages.len();
        let listings = pages + self.listings.len();
        let overviews = self.overviews(index, config);
        range
            .filter(|at| match *at {
                at if at < articles => index.is_for_search_engines(Role::Article(at as ArticleId)),
                at if at < pages => index.is_for_search_engines(Role::Page((at - articles) as u32)),
                _ => true,
            })
            .map(|at| {
                let versions = |output: Output| {
                    let versions = self.versions(output, index, config);
                    if versions.len() > 1 { versions } else { Vec::new() }
                };
                if at < articles {
                    let article = &index.articles[at];
                    let versions = versions(Output::Article(at as ArticleId));
                    SitemapEntry {
                        url: Cow::Borrowed(&*article.url),
                        changed: Some(article.changed),
                        versions,
                        images: &article.images,
                    }
                } else if at < pages {
                    let page = &index.pages[at - articles];
                    let changed = index.entry(page.row).core.updated;
                    let versions = versions(Output::Page((at - articles) as u32));
                    SitemapEntry { url: Cow::Borrowed(&*page.url), changed, versions, images: &page.images }
                } else if at < listings {
                    let listing = &self.listings[at - pages];
                    let shown = listing.page_range(index, config.settings.page_size, 0);
                    let changed =
                        shown.filter_map(|at| listing.article_at(index, at)).map(|id| index.article(id).changed).max();
                    let versions = versions(Output::Listing((at - pages) as u32, 0));
                    SitemapEntry {
                        url: Cow::Owned(address::encode(config, &listing.path)),
                        changed,
                        versions,
                        images: &[],
                    }
                } else {
                    let overview = overviews[at - listings];
                    let url = Cow::Owned(address::encode(config, &self.site_path(overview, config)));
                    SitemapEntry { url, changed: None, versions: versions(overview), images: &[] }
                }
            })
            .collect()
    }

    /// The articles of news sitemap `number` (from 1; 0 is all when there is only one), newest first.
    pub fn news_sitemap(&self, number: u32, index: &Index) -> Vec<ArticleId> {
        let skip = number.saturating_sub(1) as usize * NEWS_SITEMAP_LIMIT;
        let take = if number == 0 { usize::MAX } else { NEWS_SITEMAP_LIMIT };
        index.news().into_iter().skip(skip).take(take).collect()
    }
}

/// The site path behind an address of the site.
fn plain(url: &str, config: &Config) -> String {
    let path = url.strip_prefix(&*config.base_path).unwrap_or(url);
    percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned()
}

/// Where a source that is published as it is goes.
fn file_path(index: &Index, row: u32, config: &Config) -> String {
    let path = &*index.rows[row as usize].path;
    if let Some(rest) = path.strip_prefix("static/") {
        return rest.to_owned();
    }
    let url = match index.bundle_of(path) {
        Some((Role::Article(id), rest)) => Some((&index.article(id).url, rest)),
        Some((Role::Page(at), rest)) => Some((&index.pages[at as usize].url, rest)),
        _ => None,
    };
    match url {
        Some((url, rest)) => {
            let base = url.strip_prefix(&*config.base_path).unwrap_or(url);
            let folder = site_path::folder_of(base);
            let folder = percent_encoding::percent_decode_str(folder).decode_utf8_lossy();
            if folder.is_empty() { rest.to_owned() } else { format!("{folder}/{rest}") }
        }
        None => path.strip_prefix("content/").unwrap_or(path).to_owned(),
    }
}

/// The pages of a language that list terms, and the calendar.
fn overviews(language: LanguageId, index: &Index, config: &Config) -> Vec<Output> {
    let taxonomies = config.settings.taxonomies.iter().filter(|taxonomy| index.terms.has_any(language, **taxonomy));
    let mut overviews: Vec<Output> = taxonomies.map(|taxonomy| Output::Terms(language, *taxonomy)).collect();
    if config.settings.archives {
        overviews.push(Output::Archive(language));
    }
    overviews
}

/// What is to be told of files that are withheld by a key that may not be meant so.
fn remarks(reader: &Reader, index: &Index, config: &Config) -> Vec<Diagnostic> {
    let reading = Reading::of(config);
    let mut all = Vec::new();
    for (number, row) in index.rows.iter().enumerate() {
        if !matches!(index.role(number as u32), Role::Withheld | Role::Hidden) || !is_markdown(&row.path) {
            continue;
        }
        let record = row.record();
        let has_doubts = match &record {
            Record::Entry(entry) => entry.has_doubts,
            Record::Section(file) => file.has_doubts,
            Record::Author(file) => file.has_doubts,
            _ => false,
        };
        if has_doubts && let Ok(text) = body_text(reader, row) {
            all.extend(Lines::of(&row.path, &text).remarks(&record, &reading));
        }
    }
    all
}
