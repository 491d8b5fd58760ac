//! Answers: what a query is answered with, and the fingerprint of that.
//!
//! Each question has one function that computes the answer from the index, the plan and the theme; the
//! template function that asks it records the query first. `Renderer::fingerprint` computes the same
//! answers again when the next build compares.

use std::ops::Range;

use crate::article::record::Record;
use crate::config::Taxonomy;
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::index::{Role, SectionRef, StoryId, Term, file_address, picture_row, related};
use crate::plan::{CORRECTIONS, Listing, Scope, address};

use super::Renderer;
use super::markdown::{FileInfo, Target};
use super::query::{Query, Selection, SourceId};
use super::trace::file_id;

/// A page of a listing: its articles, newest first, and its neighbours.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ListingPage {
    /// The article that leads the front page; not among `stories`.
    pub(super) lead: Option<StoryId>,
    pub(super) stories: Vec<StoryId>,
    pub(super) newer: Option<String>,
    pub(super) older: Option<String>,
}

/// A row of a list of terms, months or years.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(super) struct Counted {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) url: String,
    pub(super) count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) children: Option<Vec<Counted>>,
}

impl Renderer {
    /// The fingerprint of the answer to a query. Bodies are answered by [`super::fresh`].
    pub(super) fn fingerprint(&self, query: &Query) -> Fingerprint {
        match query {
            Query::Stories(selection) => self.of_stories(&self.select(selection)),
            Query::Listing(path, number) => self
                .plan
                .listing(path)
                .map_or_else(Fingerprint::default, |listing| self.of_listing_page(listing, *number)),
            Query::Neighbours(source) => {
                self.story_of(*source).map_or_else(Fingerprint::default, |id| self.of_neighbours(id))
            }
            Query::Related(source, count) => self
                .story_of(*source)
                .map_or_else(Fingerprint::default, |id| self.of_stories(&self.related(id, *count))),
            Query::Sections => Fingerprint::of_value(&self.sections()),
            Query::Menu => Fingerprint::of_value(&self.menu()),
            Query::Terms(taxonomy, limit) => Fingerprint::of_value(&self.terms(*taxonomy, *limit)),
            Query::Year(year) => Fingerprint::of_value(&self.months_of(*year)),
            Query::Archive => Fingerprint::of_value(&self.years()),
            Query::Withheld(addresses) => self.of_withheld(addresses),
            Query::Target(path) => of_target(&self.target(path)),
            Query::File(named) => self.of_file(self.file_row(&named.0, &named.1)),
            Query::Asset(path) => self
                .theme
                .asset(path)
                .map_or_else(Fingerprint::default, |asset| Fingerprint::of(asset.site_path.as_bytes())),
            Query::InlineScript(path) => {
                self.theme.inline_scripts.get(&**path).map_or_else(Fingerprint::default, |script| script.fingerprint)
            }
            Query::Data(name) => {
                self.data_row(name).map_or_else(Fingerprint::default, |row| self.index.rows[row as usize].content)
            }
            Query::Texts => Fingerprint::of_value(&self.theme.texts),
            // What is rendered for several pages is answered where it is rendered.
            Query::Fragment(_) | Query::Body(_) => Fingerprint::default(),
            Query::Component(name) => self.theme.component_reach(name).unwrap_or_default(),
            Query::Replies(source) => self.of_replies(*source),
            Query::Profile(path) => {
                self.index.row_of(path).map_or_else(Fingerprint::default, |row| self.index.rows[row as usize].content)
            }
            Query::Feed(path) => {
                self.plan.listing(path).map_or_else(Fingerprint::default, |listing| self.of_feed(listing))
            }
            Query::Corrections(limit) => self.of_corrections(self.newest_corrections(*limit as usize)),
            Query::Sitemap(number) => self.of_sitemap(*number),
            Query::NewsSitemap(number) => self.of_news_sitemap(*number),
        }
    }

    /// Articles chosen by a template, newest first.
    pub(super) fn select(&self, selection: &Selection) -> Vec<StoryId> {
        let index = &self.index;
        let section =
            selection.section.as_deref().map(|name| index.sections.iter().position(|section| &*section.name == name));
        if section == Some(None) {
            return Vec::new();
        }
        let section = section.flatten().map(|at| at as u16);
        let mut terms: Vec<&Term> = Vec::new();
        for (taxonomy, slug) in &selection.terms {
            match index.terms.get(*taxonomy, slug) {
                Some(term) => terms.push(term),
                None => return Vec::new(),
            }
        }
        let fits = |id: &StoryId| {
            let entry = index.entry(*id);
            section.is_none_or(|section| entry.section == Some(section))
                && terms.iter().all(|term| term.stories.binary_search(id).is_ok())
                && selection.kind.as_deref().is_none_or(|kind| entry.kind.name() == kind)
                && selection.featured.is_none_or(|featured| entry.featured == featured)
        };
        // The shortest list that holds all candidates.
        let shortest = terms.iter().map(|term| &term.stories).min_by_key(|stories| stories.len());
        let (skip, take) = (selection.offset as usize, selection.limit as usize);
        match (shortest, section) {
            (Some(stories), _) => stories.iter().rev().copied().filter(fits).skip(skip).take(take).collect(),
            (None, Some(section)) => index.sections[section as usize]
                .stories
                .iter()
                .rev()
                .copied()
                .filter(fits)
                .skip(skip)
                .take(take)
                .collect(),
            (None, None) => (0..index.stories.len() as StoryId).rev().filter(fits).skip(skip).take(take).collect(),
        }
    }

    /// A page of a listing.
    pub(super) fn listing_page(&self, listing: &Listing, number: u32) -> ListingPage {
        let range = listing.page_range(&self.index, self.config.settings.page_size, number);
        let mut stories: Vec<StoryId> = range.rev().filter_map(|at| listing.story_at(&self.index, at)).collect();
        let address = |number: u32| address::encode(&self.config, &listing.page_path(number));
        let (newer, older) = match (number, listing.archive_pages) {
            (0, 0) => (None, None),
            (0, pages) => (None, Some(address(pages))),
            (number, pages) => {
                let newer = if number == pages { 0 } else { number + 1 };
                (Some(address(newer)), (number > 1).then(|| address(number - 1)))
            }
        };
        let lead = (listing.scope == Scope::Front && number == 0 && !stories.is_empty()).then(|| {
            let at = stories.iter().position(|id| self.index.entry(*id).featured).unwrap_or(0);
            stories.remove(at)
        });
        ListingPage { lead, stories, newer, older }
    }

    fn of_listing_page(&self, listing: &Listing, number: u32) -> Fingerprint {
        let page = self.listing_page(listing, number);
        let mut fingerprint = Fingerprinter::new("listing");
        fingerprint.number(page.lead.is_some().into());
        for id in page.lead.iter().chain(&page.stories) {
            fingerprint.part(&self.index.entry(*id).teaser);
        }
        if listing.scope == Scope::Corrections {
            let range = listing.page_range(&self.index, self.config.settings.page_size, number);
            fingerprint.part(&self.of_corrections(range));
        }
        fingerprint.text(page.newer.as_deref().unwrap_or("")).text(page.older.as_deref().unwrap_or(""));
        fingerprint.part(&self.of_listing(listing));
        fingerprint.finish()
    }

    /// What a listing's head says: its title and description, and whether there is a file that says more
    /// (what the file says is a query of its own).
    fn of_listing(&self, listing: &Listing) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("head");
        match &listing.scope {
            Scope::Front | Scope::Month(..) | Scope::Corrections => {}
            Scope::Section(section) => {
                let section = &self.index.sections[*section as usize];
                fingerprint.part(&Fingerprint::of_value(&SectionRef::of(section))).text(&section.description);
                fingerprint.number(section.row.is_some().into());
            }
            Scope::Term(taxonomy, slug) => {
                if let Some(term) = self.index.terms.get(*taxonomy, slug) {
                    fingerprint.text(&term.name).text(&term.url).number(term.row.is_some().into());
                }
            }
        }
        fingerprint.finish()
    }

    /// The next newer and the next older article.
    pub(super) fn neighbours(&self, id: StoryId) -> (Option<StoryId>, Option<StoryId>) {
        ((id + 1 < self.index.stories.len() as StoryId).then_some(id + 1), id.checked_sub(1))
    }

    pub(super) fn of_neighbours(&self, id: StoryId) -> Fingerprint {
        let (newer, older) = self.neighbours(id);
        let mut fingerprint = Fingerprinter::new("neighbours");
        for one in [newer, older] {
            match one {
                Some(id) => fingerprint.number(1).part(&self.index.entry(id).teaser),
                None => fingerprint.number(0),
            };
        }
        fingerprint.finish()
    }

    pub(super) fn of_stories(&self, ids: &[StoryId]) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("stories");
        ids.iter().for_each(|id| {
            fingerprint.part(&self.index.entry(*id).teaser);
        });
        fingerprint.finish()
    }

    /// The articles related to another one, so many.
    pub(super) fn related(&self, id: StoryId, count: u32) -> Vec<StoryId> {
        related(&self.index, id, count as usize, &self.config.settings.related)
    }

    /// All sections as name, title, address and description.
    pub(super) fn sections(&self) -> Vec<(SectionRef<'_>, &str)> {
        self.index.sections.iter().map(|section| (SectionRef::of(section), &*section.description)).collect()
    }

    /// The navigation as titles and addresses.
    pub(super) fn menu(&self) -> Vec<(String, String)> {
        if self.config.settings.menu.is_empty() {
            return self
                .index
                .sections
                .iter()
                .map(|section| (section.title.to_string(), section.url.to_string()))
                .collect();
        }
        let address = |url: &str| address::of_link(&self.config, url);
        self.config.settings.menu.iter().map(|item| (item.title.clone(), address(&item.url))).collect()
    }

    /// The terms of a taxonomy: the most used first. A limit of 0 is none.
    pub(super) fn terms(&self, taxonomy: Taxonomy, limit: u32) -> Vec<Counted> {
        let mut terms = self.index.terms.of(taxonomy);
        terms.sort_by(|a, b| (b.stories.len(), &a.name, &a.slug).cmp(&(a.stories.len(), &b.name, &b.slug)));
        if limit > 0 {
            terms.truncate(limit as usize);
        }
        let counted = |term: &&Term| Counted {
            name: term.slug.to_string(),
            title: term.name.to_string(),
            url: term.url.to_string(),
            count: term.stories.len(),
            children: None,
        };
        terms.iter().map(counted).collect()
    }

    /// The months of a year, newest first.
    pub(super) fn months_of(&self, year: i16) -> Vec<Counted> {
        let months = self.index.months.iter().rev().filter(|(y, _, _)| *y == year);
        months
            .map(|(year, month, range)| Counted {
                name: format!("{year:04}-{month:02}"),
                title: month_title(*year, *month),
                url: address::encode(&self.config, &format!("/{year:04}/{month:02}/")),
                count: range.len(),
                children: None,
            })
            .collect()
    }

    /// The years with their months, newest first.
    pub(super) fn years(&self) -> Vec<Counted> {
        let mut years: Vec<i16> = self.index.months.iter().rev().map(|(year, _, _)| *year).collect();
        years.dedup();
        years
            .into_iter()
            .map(|year| {
                let children = self.months_of(year);
                Counted {
                    name: format!("{year:04}"),
                    title: format!("{year}"),
                    url: address::encode(&self.config, &format!("/{year:04}/")),
                    count: children.iter().map(|month| month.count).sum(),
                    children: Some(children),
                }
            })
            .collect()
    }

    /// Where a content file is published.
    pub fn target(&self, path: &str) -> Target {
        let Some(row) = self.index.row_of(path) else { return Target::Missing };
        match self.index.role(row) {
            Role::Story(id) => Target::Address(self.index.entry(id).url.to_string()),
            Role::Page(at) => Target::Address(self.index.pages[at as usize].url.to_string()),
            Role::Withheld => Target::Withheld,
            Role::Other => match self.index.rows[row as usize].record() {
                Record::Section(_) => {
                    let folder = path.strip_prefix("content/").and_then(|rest| rest.rsplit_once('/'));
                    match folder {
                        Some(("corrections", _)) if self.plan.listing(CORRECTIONS).is_some() => {
                            Target::Address(address::encode(&self.config, CORRECTIONS))
                        }
                        None => Target::Address(self.config.base_path.clone()),
                        Some((name, _)) => self
                            .index
                            .section(name)
                            .map_or(Target::Missing, |section| Target::Address(section.url.to_string())),
                    }
                }
                Record::Author(_) => {
                    let stem = path
                        .rsplit('/')
                        .next()
                        .unwrap_or_default()
                        .trim_end_matches(".markdown")
                        .trim_end_matches(".md");
                    let slug = crate::article::slug::slugify(stem, self.config.settings.slugs);
                    let term = self.index.terms.get(Taxonomy::Authors, &slug);
                    term.filter(|term| !term.url.is_empty())
                        .map_or(Target::Missing, |term| Target::Address(term.url.to_string()))
                }
                _ => Target::Missing,
            },
        }
    }

    /// Whether an address, by its key, is that of a withheld article, and nothing else is published there.
    pub(super) fn is_withheld(&self, address: u64) -> bool {
        self.index.withheld.get(&address).is_some_and(|path| {
            let file = file_id(&address::output_path(path));
            !self.plan.files.contains(&file)
        })
    }

    pub(super) fn of_withheld(&self, addresses: &[u64]) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("withheld");
        for address in addresses {
            fingerprint.number(self.is_withheld(*address).into());
        }
        fingerprint.finish()
    }

    /// The file that `src` means in the source `path`, if it is published.
    pub(super) fn file_row(&self, path: &str, src: &str) -> Option<u32> {
        let row = picture_row(&self.index.rows, path, src)?;
        let file = &*self.index.rows[row as usize].path;
        let is_withheld = matches!(self.index.bundle_of(file), Some((Role::Withheld | Role::Other, _)));
        (!is_withheld).then_some(row)
    }

    /// A file that is published as it is, as seen from the source `from` at `url`.
    pub(super) fn file_info(&self, row: u32, from: &str, url: &str) -> Option<FileInfo> {
        let row = &self.index.rows[row as usize];
        match row.record() {
            Record::File(size) => Some(FileInfo { address: file_address(&row.path, from, url, &self.config), size }),
            _ => None,
        }
    }

    pub(super) fn of_file(&self, row: Option<u32>) -> Fingerprint {
        let Some(row) = row.map(|row| &self.index.rows[row as usize]) else { return Fingerprint::default() };
        Fingerprinter::new("file").text(&row.path).part(&Fingerprint::of(&row.record)).finish()
    }

    /// The row of the data file `name`: `data/<name>.yaml`, `.yml` or `.json`.
    pub(super) fn data_row(&self, name: &str) -> Option<u32> {
        ["yaml", "yml", "json"].iter().find_map(|ending| self.index.row_of(&format!("data/{name}.{ending}")))
    }

    /// The row of the replies to the story in the source `path`.
    pub(super) fn replies_row(&self, path: &str) -> Option<u32> {
        let stem = path.strip_suffix(".md").or_else(|| path.strip_suffix(".markdown"))?;
        self.index.row_of(&format!("{stem}.comments.yaml"))
    }

    fn of_replies(&self, source: SourceId) -> Fingerprint {
        let path = self.story_of(source).map(|id| &*self.index.rows[self.index.entry(id).row as usize].path);
        let row = path.and_then(|path| self.replies_row(path));
        row.map_or_else(Fingerprint::default, |row| Fingerprint::of(&self.index.rows[row as usize].record))
    }

    /// The articles of a feed, newest first.
    pub fn feed_stories(&self, listing: &Listing) -> Vec<StoryId> {
        let count = listing.len(&self.index);
        let limit = self.config.settings.feeds.limit;
        (count.saturating_sub(limit)..count).rev().filter_map(|at| listing.story_at(&self.index, at)).collect()
    }

    /// What a feed says of its listing, and its articles.
    pub(super) fn of_feed(&self, listing: &Listing) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("feed");
        fingerprint.part(&self.of_listing(listing)).part(&self.of_stories(&self.feed_stories(listing)));
        if listing.scope == Scope::Corrections {
            fingerprint.part(&self.of_corrections(self.newest_corrections(self.config.settings.feeds.limit)));
        }
        fingerprint.finish()
    }

    /// The newest so many corrections, as places in the index.
    pub(super) fn newest_corrections(&self, limit: usize) -> Range<usize> {
        let count = self.index.corrections.len();
        count.saturating_sub(limit)..count
    }

    /// What corrections say, and their articles.
    pub(super) fn of_corrections(&self, range: Range<usize>) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("corrections");
        for correction in &self.index.corrections[range] {
            fingerprint.part(&correction.part).number(correction.number.into());
            fingerprint.part(&self.index.entry(correction.story).teaser);
        }
        fingerprint.finish()
    }

    fn of_sitemap(&self, number: u32) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("sitemap");
        for listed in self.plan.sitemap(number, &self.index, &self.config) {
            fingerprint.text(&listed.url).number(listed.changed.map_or(u64::MAX, |changed| changed.0 as u64));
        }
        fingerprint.finish()
    }

    fn of_news_sitemap(&self, number: u32) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("news sitemap");
        fingerprint.number(self.plan.news_sitemaps.into());
        for id in self.plan.news_sitemap(number, &self.index) {
            fingerprint.part(&self.index.entry(id).teaser);
        }
        fingerprint.finish()
    }

    /// The visible article in a source.
    pub(super) fn story_of(&self, source: SourceId) -> Option<StoryId> {
        let by_source = self.by_source.get_or_init(|| {
            let stories = self.index.stories.iter().enumerate();
            stories
                .map(|(id, entry)| (SourceId::of(&self.index.rows[entry.row as usize].path), id as StoryId))
                .collect()
        });
        by_source.get(&source).copied()
    }

    /// The id of an article's source.
    pub(super) fn source_of(&self, id: StoryId) -> SourceId {
        SourceId::of(&self.index.rows[self.index.entry(id).row as usize].path)
    }
}

pub(super) fn of_target(target: &Target) -> Fingerprint {
    let mut fingerprint = Fingerprinter::new("target");
    match target {
        Target::Address(address) => fingerprint.text(address),
        Target::Withheld => fingerprint.number(0),
        Target::Missing => fingerprint.number(1),
    };
    fingerprint.finish()
}

/// A month as a title: `November 2026`.
pub(super) fn month_title(year: i16, month: i8) -> String {
    match jiff::civil::Date::new(year, month, 1) {
        Ok(date) => date.strftime("%B %Y").to_string(),
        Err(_) => format!("{year:04}-{month:02}"),
    }
}
