//! The front as readers see it: what is placed on a page and may be seen now, and what fills the places that are free.
//!
//! A pure function of the index and of what the editor wrote. No article stands on a page twice: places go to the lead,
//! to the top stories, to packages and to blocks, in this order, and what is left is the rest. A place whose article is
//! withheld, or whose time has not come or is over, goes to the newest article that nobody has placed.

use rustc_hash::FxHashSet;

use super::hidden::Hidden;
use super::timeline::{self, Happening};
use super::{ArticleId, Index, LiveState, Role, edition, entry_in, find_row};
use crate::article::front::{Announcement, Block, Front, Package, Placed, Selected, Window, sources_of};
use crate::article::record::{Kind, Record, SectionFile};
use crate::article::time::Timestamp;
use crate::article::{Row, language};
use crate::config::{Config, LanguageId, Taxonomy};
use crate::source_name::without_markdown_ending;

/// A page that has a front.
#[derive(Clone, Copy, Debug)]
pub struct Surface<'s> {
    /// Its language.
    pub language: LanguageId,
    /// Its section, by its place in [`Index::sections`]; none is the front page.
    pub section: Option<u16>,
    /// What it lists, newest first.
    pub listed: &'s [ArticleId],
}

/// An article in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlacedArticle<'f> {
    /// Which.
    pub article: ArticleId,
    /// How it was placed; none fills a free place.
    pub placed: Option<&'f Placed<'f>>,
}

impl PlacedArticle<'_> {
    fn filling(article: ArticleId) -> Self {
        Self { article, placed: None }
    }
}

/// A package with what may be seen of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedPackage<'f> {
    /// The package.
    pub package: &'f Package<'f>,
    /// The first article.
    pub lead: PlacedArticle<'f>,
    /// The others.
    pub articles: Vec<PlacedArticle<'f>>,
}

/// What stands on a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placement<'f> {
    /// What leads it; none if there is no article.
    pub lead: Option<PlacedArticle<'f>>,
    /// As many top stories as there are places for them.
    pub top: Vec<PlacedArticle<'f>>,
    /// The packages of which something may be seen.
    pub packages: Vec<PlacedPackage<'f>>,
    /// The blocks that have articles; none leaves them to the theme.
    pub blocks: Option<Vec<(&'f Block<'f>, Vec<ArticleId>)>>,
    /// What is announced.
    pub notice: Option<&'f Announcement<'f>>,
    /// What the page lists and does not stand above, newest first.
    pub rest: Vec<ArticleId>,
}

/// The row of the article that a path of front matter means, for readers of a language.
pub(crate) fn row_placed(index: &Index, written: &str, language: LanguageId, config: &Config) -> Option<u32> {
    let wanted = config.is_multilingual().then_some(language);
    sources_of(written).iter().find_map(|path| edition::linked(index, path, wanted, config))
}

/// The visible article to which a path in front matter refers, if it is in this language.
pub(crate) fn article_placed(index: &Index, written: &str, language: LanguageId, config: &Config) -> Option<ArticleId> {
    match index.role(row_placed(index, written, language, config)?) {
        Role::Article(id) if index.language_of(id) == language => Some(id),
        _ => None,
    }
}

/// Whether a window is open.
fn is_open(index: &Index, window: Window) -> bool {
    window.is_open(index.now, index.until.is_none())
}

/// What stands on a page, of what `front` places there.
pub(crate) fn desk<'f>(index: &Index, front: &'f Front<'f>, surface: Surface<'_>, config: &Config) -> Placement<'f> {
    let standing = |placed: &'f Placed<'f>| {
        let article =
            is_open(index, placed.window).then(|| article_placed(index, &placed.article, surface.language, config));
        Some(PlacedArticle { article: article.flatten()?, placed: Some(placed) })
    };
    let mut filling = Filling::of(index, front, surface, config);
    let mut desk = Placement { lead: front.lead.as_ref().and_then(standing), ..Placement::default() };
    desk.lead = desk.lead.or_else(|| filling.lead()).inspect(|lead| _ = filling.taken.insert(lead.article));
    for placed in &front.top {
        let own = standing(placed).filter(|own| filling.taken.insert(own.article));
        desk.top.extend(own.or_else(|| filling.next()));
    }
    for package in front.packages.iter().filter(|package| is_open(index, package.window)) {
        let all = package.lead.iter().chain(&package.articles).filter_map(standing);
        let mut all = all.filter(|one| filling.taken.insert(one.article));
        if let Some(lead) = all.next() {
            desk.packages.push(PlacedPackage { package, lead, articles: all.collect() });
        }
    }
    desk.blocks = front.blocks.as_ref().map(|blocks| {
        let filled = blocks.iter().map(|block| (block, filling.block(block)));
        filled.filter(|(_, articles)| !articles.is_empty()).collect()
    });
    desk.notice = front.notice.as_ref().filter(|notice| is_open(index, notice.window));
    desk.rest = surface.listed.iter().copied().filter(|id| !filling.taken.contains(id)).collect();
    desk
}

/// What fills the places that are free.
struct Filling<'i> {
    index: &'i Index,
    surface: Surface<'i>,
    /// What stands on the page.
    taken: FxHashSet<ArticleId>,
    /// What is placed by hand somewhere on the page, and the first of it.
    by_hand: FxHashSet<ArticleId>,
    first: Option<ArticleId>,
    /// All articles that may stand there, oldest first.
    all: Vec<ArticleId>,
}

impl<'i> Filling<'i> {
    fn of(index: &'i Index, front: &Front<'_>, surface: Surface<'i>, config: &Config) -> Self {
        let open = front.placed().filter(|(placed, around)| is_open(index, placed.window) && is_open(index, *around));
        let by_hand: Vec<ArticleId> =
            open.filter_map(|(placed, _)| article_placed(index, &placed.article, surface.language, config)).collect();
        let all = match surface.section {
            Some(section) => index.sections[section as usize].articles.clone(),
            None => index.edition(surface.language).articles.clone().collect(),
        };
        let first = by_hand.first().copied();
        Self { index, surface, taken: FxHashSet::default(), by_hand: by_hand.into_iter().collect(), first, all }
    }

    /// What leads where nothing is placed: live coverage that runs, what is marked to lead, the newest article. What is
    /// paid for does not.
    fn lead(&self) -> Option<PlacedArticle<'static>> {
        let index = self.index;
        let is_free = |id: &ArticleId| !self.by_hand.contains(id);
        let runs = |id: &ArticleId| index.live.get(id).is_some_and(|live| live.state == LiveState::Running);
        let live = index.live.keys().rev().filter(|id| runs(id) && self.all.binary_search(id).is_ok());
        let featured = self.surface.listed.iter().filter(|id| index.article(**id).featured);
        let unpaid = self.all.iter().rev().filter(|id| index.article(**id).kind != Kind::Sponsored);
        let free = live.chain(featured).chain(unpaid).find(|id| is_free(id));
        free.copied().or(self.first).or(self.all.last().copied()).map(PlacedArticle::filling)
    }

    /// The newest article that is not placed; nothing that is paid for.
    fn next(&mut self) -> Option<PlacedArticle<'static>> {
        let is_free = |id: &ArticleId| {
            !self.taken.contains(id) && !self.by_hand.contains(id) && self.index.article(*id).kind != Kind::Sponsored
        };
        let next = self.all.iter().rev().copied().find(is_free)?;
        self.taken.insert(next);
        Some(PlacedArticle::filling(next))
    }

    /// The newest articles of a block; what is paid for comes last.
    fn block(&mut self, block: &Block<'_>) -> Vec<ArticleId> {
        let (index, language) = (self.index, self.surface.language);
        let of_term = |articles: &[ArticleId]| -> Vec<ArticleId> {
            articles.iter().copied().filter(|id| self.all.binary_search(id).is_ok()).collect()
        };
        let candidates = match &block.of {
            Selected::Section(name) => {
                edition::section(index, language, name).map(|(_, section)| section.articles.clone()).unwrap_or_default()
            }
            Selected::Tag(name) => {
                index.terms.find(language, Taxonomy::Tags, name).map(|term| of_term(&term.articles)).unwrap_or_default()
            }
            Selected::Kind(kind) => self.all.iter().copied().filter(|id| index.article(*id).kind == *kind).collect(),
        };
        let free = candidates.into_iter().rev().filter(|id| !self.taken.contains(id));
        let mut articles: Vec<ArticleId> = free.take(block.count.into()).collect();
        articles.sort_by_key(|id| index.article(*id).kind == Kind::Sponsored);
        self.taken.extend(&articles);
        articles
    }
}

/// Whether a source may have a front: the file of the front page, or of a section.
fn is_of_front(path: &str) -> bool {
    let Some(path) = path.strip_prefix("content/") else { return false };
    let name = path.rsplit('/').next().unwrap_or_default();
    name.starts_with("_index.") && path.matches('/').count() < 2 || !path.contains('/') && name.starts_with("index.")
}

/// The files that place something.
fn files(rows: &[Row]) -> impl Iterator<Item = (u32, &Row, SectionFile<'_>)> {
    let is_file = |row: &Row| is_of_front(&row.path) && without_markdown_ending(&row.path).is_some();
    let all = rows.iter().zip(0_u32..).filter(move |(row, _)| is_file(row));
    all.filter_map(|(row, number)| match row.record() {
        Record::Section(file) if file.front.is_some() => Some((number, row, file)),
        _ => None,
    })
}

/// Tells `found` every moment after `now` at which something takes its place on a page or leaves it. `drafts` are the
/// files that nobody sees until they are edited.
pub(super) fn moments<'r>(
    rows: &'r [Row],
    config: &Config,
    drafts: &Hidden,
    now: Timestamp,
    mut found: impl FnMut(&'r Row, Timestamp, Happening, &str),
) {
    for (number, row, file) in files(rows) {
        let Some(front) = file.front.as_deref().filter(|_| !drafts.has(number)) else { continue };
        let from = file.withheld.publish.filter(|_| !config.future);
        let of_file = Window { from, until: file.withheld.expires };
        let mut tell = |window: Window, begins: Happening, ends: Happening, title: &str| {
            let window = window.within(of_file);
            let from = window.from.filter(|_| !config.future);
            for (at, event) in [(from, begins), (window.until, ends)] {
                if let Some(at) = at.filter(|at| *at > now) {
                    found(row, at, event, title);
                }
            }
        };
        let (begins, ends) = (Happening::PlaceBegins, Happening::PlaceEnds);
        for (placed, around) in front.placed() {
            let may_be_seen = |at: Timestamp| {
                let mut all = rows_placed(rows, &placed.article, config).peekable();
                all.peek().is_none() || all.any(|row| timeline::may_show(&rows[row as usize], config, drafts, at))
            };
            let around = Window { from: around.from.filter(|_| !config.future), ..around };
            let mut window = placed.window.within(around);
            window.from = window.from.filter(|at| may_be_seen(*at));
            window.until = window.until.filter(|at| may_be_seen(Timestamp(at.0.saturating_sub(1))));
            tell(window, begins, ends, placed.title.as_deref().unwrap_or(&placed.article));
        }
        front.packages.iter().for_each(|package| tell(package.window, begins, ends, &package.title));
        if let Some(notice) = &front.notice {
            tell(notice.window, Happening::NoticeBegins, Happening::NoticeEnds, &notice.text);
        }
    }
}

/// The rows that a path of front matter may mean, in any language.
fn rows_placed<'r>(rows: &'r [Row], written: &str, config: &'r Config) -> impl Iterator<Item = u32> {
    let of_path = move |path: String| find_row(rows, &path).into_iter().chain(language::siblings(rows, &path, config));
    sources_of(written).into_iter().flat_map(of_path)
}

/// The images and files that the front in the source `path` names, each with whether readers see it at `now`.
pub(super) fn named<'f>(
    file: &'f SectionFile<'_>,
    path: &str,
    (rows, roles): (&[Row], &[Role]),
    config: &Config,
    now: Timestamp,
) -> Vec<(&'f str, bool)> {
    let Some(front) = file.front.as_deref().filter(|_| is_of_front(path)) else { return Vec::new() };
    let is_open = |window: Window| window.is_open(now, config.future);
    let is_visible = |row: u32, language: LanguageId| {
        matches!(roles[row as usize], Role::Article(_)) && entry_in(&rows[row as usize]).language == language
    };
    let language = language::of_name(path, config);
    let may_be_seen = |written: &str| rows_placed(rows, written, config).any(|row| is_visible(row, language));
    let images = front.placed().filter_map(|(placed, around)| {
        let src = &*placed.image.as_ref()?.src;
        Some((src, is_open(placed.window) && is_open(around) && may_be_seen(&placed.article)))
    });
    let link = front.notice.iter().filter_map(|notice| Some((notice.url.as_deref()?, is_open(notice.window))));
    images.chain(link).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_the_front_page_and_of_sections_have_a_front() {
        for path in ["content/_index.md", "content/_index.de.md", "content/local/_index.md", "content/index.md"] {
            assert!(is_of_front(path), "{path}");
        }
        for path in ["content/local/index.md", "content/local/deep/_index.md", "content/local/a.md", "static/_index.md"]
        {
            assert!(!is_of_front(path), "{path}");
        }
    }
}
