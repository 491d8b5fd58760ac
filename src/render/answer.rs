//! Answers: what a question is answered with, and the fingerprint of that.
//!
//! Each question has one function that computes the answer from the index, the plan and the theme; the
//! template function that asks it records the question first. `PageRenderer::fingerprint` computes the same
//! answers again when the next build compares.

use std::ops::Range;

use crate::article::record::Record;
use crate::article::{language, replies};
use crate::config::address;
use crate::config::checks::{Level, Rule};
use crate::config::{LanguageId, MenuItem, MenuLink, Taxonomy};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::index::{
    Role, SectionRef, StoryId, Term, address_key, file_address, image_row, is_kept, nearest_image, related,
};
use crate::plan::{CORRECTIONS, Listing, Output, Scope, Version};
use crate::site_path;

use super::PageRenderer;
use super::scope::record;
use crate::fingerprint::file_id;
use crate::markdown::{Byline, Destination, FileInfo, Purpose, Target};
use crate::query::{Question, Selection, SourceId};

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
pub(super) struct CountRow {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) url: String,
    pub(super) count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) children: Option<Vec<CountRow>>,
}

impl PageRenderer {
    /// The fingerprint of the answer to a question. Bodies are answered by [`super::fresh`].
    pub(super) fn fingerprint(&self, question: &Question) -> Fingerprint {
        match question {
            Question::Stories(selection) => self.of_stories(&self.select(selection)),
            Question::Listing(path, number) => self
                .plan
                .listing(path)
                .map_or_else(Fingerprint::default, |listing| self.of_listing_page(listing, *number)),
            Question::Neighbours(source) => {
                self.story_of(*source).map_or_else(Fingerprint::default, |id| self.of_neighbours(id))
            }
            Question::SeriesNeighbours(source) => self.story_of(*source).map_or_else(Fingerprint::default, |id| {
                let (newer, older) = self.series_neighbours(id);
                self.of_pair(newer, older)
            }),
            Question::Related(source, count) => self
                .story_of(*source)
                .map_or_else(Fingerprint::default, |id| self.of_stories(&self.related(id, *count))),
            Question::RelatedByHand(source) => self
                .story_of(*source)
                .map_or_else(Fingerprint::default, |id| self.of_stories(&self.related_by_hand(id))),
            Question::Front(path) => {
                self.plan.listing(path).map_or_else(Fingerprint::default, |listing| self.of_front(listing))
            }
            Question::Sections(language) => Fingerprint::of_value(&self.sections(*language)),
            Question::Menu(language) => Fingerprint::of_value(&self.menu(*language)),
            Question::Terms(language, taxonomy, limit) => {
                Fingerprint::of_value(&self.terms(*language, *taxonomy, *limit))
            }
            Question::Year(language, year) => Fingerprint::of_value(&self.months_of(*language, *year)),
            Question::Archive(language) => Fingerprint::of_value(&self.years(*language)),
            Question::Withheld(addresses) => self.of_withheld(addresses),
            Question::Published(files) => self.of_published(files),
            Question::Target(path, language) => of_target(&self.target(path, *language)),
            Question::Versions(of) => Fingerprint::of_value(&self.versions_of(of)),
            Question::Address(language, path) => Fingerprint::of(self.address_in(*language, path).as_bytes()),
            Question::File(named) => self.of_file(&named.0, &named.1),
            Question::Asset(path) => self
                .theme
                .asset(path)
                .map_or_else(Fingerprint::default, |asset| Fingerprint::of(asset.site_path.as_bytes())),
            Question::InlineScript(path) => {
                self.theme.inline_scripts.get(&**path).map_or_else(Fingerprint::default, |script| script.fingerprint)
            }
            Question::Code(spot) => self.theme.code.fingerprint(*spot),
            Question::Data(name) => {
                self.data_row(name).map_or_else(Fingerprint::default, |row| self.index.rows[row as usize].content)
            }
            Question::Texts(language) => Fingerprint::of_value(&self.theme.texts[language.0 as usize]),
            Question::ReservedIds => Fingerprint::of_value(&self.reserved),
            // What is rendered for several pages is answered where it is rendered.
            Question::Fragment(..) | Question::Body(_) => Fingerprint::default(),
            Question::Component(name) => self.theme.component_reach(name).unwrap_or_default(),
            Question::Replies(source) => self.of_replies(*source),
            Question::Profile(path) => self.of_profile(path),
            Question::Account(language, author) => Fingerprint::of_value(&self.account(*language, author)),
            Question::Byline(language, name) => Fingerprint::of_value(&self.byline(*language, name)),
            Question::Feed(path) => {
                self.plan.listing(path).map_or_else(Fingerprint::default, |listing| self.of_feed(listing))
            }
            Question::Corrections(language, limit) => {
                self.of_corrections(self.newest_corrections(*language, *limit as usize))
            }
            Question::HasSearch => self.of_has_search(),
            Question::SearchFilters(language) => self.of_search_filters(*language),
            Question::SearchCatalogue(language) => self.of_catalogue(*language),
            Question::Segment(language, name) => self.of_segment(*language, name),
            Question::Sitemap(number) => self.of_sitemap(*number),
            Question::HostFile(file) => Fingerprint::of(self.host_file(*file).0.as_bytes()),
            Question::NewsSitemap(number) => self.of_news_sitemap(*number),
            Question::Card => self.of_card(),
            Question::ListingCard(path) => {
                self.plan.listing(path).map_or_else(Fingerprint::default, |listing| self.of_listing_card(listing))
            }
            Question::Bytes(path) => self.of_bytes(path),
            Question::MachineFonts => self.of_machine_fonts(),
            Question::StoryIn(file) => self.of_story_in(*file),
        }
    }

    /// Articles chosen by a template, newest first.
    pub(super) fn select(&self, selection: &Selection) -> Vec<StoryId> {
        let index = &self.index;
        let language = selection.language;
        let section = selection.section.as_deref().map(|name| index.section(language, name).map(|(at, _)| at));
        if section == Some(None) {
            return Vec::new();
        }
        let section = section.flatten();
        let mut terms: Vec<&Term> = Vec::new();
        for (taxonomy, name) in &selection.terms {
            match index.terms.find(language, *taxonomy, name) {
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
            (None, None) => index.edition(language).stories.clone().rev().filter(fits).skip(skip).take(take).collect(),
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
            fingerprint.part(&self.of_corrections(self.corrections_on(listing, number)));
        }
        fingerprint.text(page.newer.as_deref().unwrap_or("")).text(page.older.as_deref().unwrap_or(""));
        fingerprint.part(&self.of_listing(listing));
        fingerprint.finish()
    }

    /// What a listing's head says: its title and description, and whether there is a file that says more
    /// (what the file says is a question of its own).
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
                if let Some(term) = self.index.terms.get(listing.language, *taxonomy, slug) {
                    fingerprint.text(&term.name).text(&term.url);
                    fingerprint.text(term.row.map_or("", |row| &*self.index.rows[row as usize].path));
                }
            }
        }
        fingerprint.finish()
    }

    /// The next newer and the next older article.
    pub(super) fn neighbours(&self, id: StoryId) -> (Option<StoryId>, Option<StoryId>) {
        let all = &self.index.edition_of(id).stories;
        ((id + 1 < all.end).then_some(id + 1), (id > all.start).then(|| id - 1))
    }

    pub(super) fn of_neighbours(&self, id: StoryId) -> Fingerprint {
        let (newer, older) = self.neighbours(id);
        self.of_pair(newer, older)
    }

    /// The next newer and the next older part of the article's series.
    pub(super) fn series_neighbours(&self, id: StoryId) -> (Option<StoryId>, Option<StoryId>) {
        let Some(term) = self.index.terms.of_story(id).find(|term| term.taxonomy == Taxonomy::Series) else {
            return (None, None);
        };
        let at = term.stories.partition_point(|other| *other < id);
        (term.stories.get(at + 1).copied(), at.checked_sub(1).map(|before| term.stories[before]))
    }

    pub(super) fn of_pair(&self, newer: Option<StoryId>, older: Option<StoryId>) -> Fingerprint {
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
    pub(super) fn sections(&self, language: LanguageId) -> Vec<(SectionRef<'_>, &str)> {
        let sections = self.index.sections_of(language).filter(|(_, section)| section.has_anything());
        sections.map(|(_, section)| (SectionRef::of(section), &*section.description)).collect()
    }

    /// The navigation, without what leads to something withheld: the sections where only the foot of the page has
    /// entries of its own.
    pub(super) fn menu(&self, language: LanguageId) -> Vec<MenuItem> {
        let menu = &self.config.language(language).menu;
        let is_visible = |address: &str| {
            let path = address::site_path_of(&self.config, "/", address);
            path.is_none_or(|path| !self.is_withheld(address_key(&path)))
        };
        let address = |url: &str| Some(self.address_in(language, url)).filter(|url| is_visible(url));
        let items = menu.iter().filter_map(|item| {
            let children =
                item.children.iter().filter_map(|child| Some(MenuLink { url: address(&child.url)?, ..child.clone() }));
            let mut children: Vec<MenuLink> = children.collect();
            let url = match address(&item.url) {
                Some(url) => url,
                // The first of what is left stands for what is withheld.
                None if children.is_empty() => return None,
                None => {
                    return Some(MenuItem {
                        url: String::new(),
                        children: std::mem::take(&mut children),
                        ..item.clone()
                    });
                }
            };
            Some(MenuItem { url, children, ..item.clone() })
        });
        if !menu.iter().all(|item| item.footer) {
            return items.collect();
        }
        let sections = self.index.sections_of(language).filter(|(_, section)| section.has_anything());
        let sections = sections.map(|(_, section)| (section.title.to_string(), section.url.to_string()));
        sections.map(|(title, url)| MenuItem { title, url, footer: false, children: Vec::new() }).chain(items).collect()
    }

    /// The terms of a taxonomy: the most used first. A limit of 0 is none.
    pub(super) fn terms(&self, language: LanguageId, taxonomy: Taxonomy, limit: u32) -> Vec<CountRow> {
        let mut terms = self.index.terms.of(language, taxonomy);
        terms.retain(|term| taxonomy != Taxonomy::Authors || !term.url.is_empty() || !self.config.has(taxonomy));
        terms.sort_by(|a, b| (b.stories.len(), &a.name, &a.slug).cmp(&(a.stories.len(), &b.name, &b.slug)));
        if limit > 0 {
            terms.truncate(limit as usize);
        }
        let counted = |term: &&Term| CountRow {
            name: term.slug.to_string(),
            title: term.name.to_string(),
            url: term.url.to_string(),
            count: term.stories.len(),
            children: None,
        };
        terms.iter().map(counted).collect()
    }

    /// The months of a year, newest first.
    pub(super) fn months_of(&self, language: LanguageId, year: i16) -> Vec<CountRow> {
        let within = self.config.language(language);
        let months = self.index.months_of(language).iter().rev().filter(|(y, _, _)| *y == year);
        months
            .map(|(year, month, range)| CountRow {
                name: format!("{year:04}-{month:02}"),
                title: self.locale(language).month(*year, *month),
                url: address::encode(&self.config, &within.path(&format!("/{year:04}/{month:02}/"))),
                count: range.len(),
                children: None,
            })
            .collect()
    }

    /// The years with their months, newest first.
    pub(super) fn years(&self, language: LanguageId) -> Vec<CountRow> {
        let within = self.config.language(language);
        let mut years: Vec<i16> = self.index.months_of(language).iter().rev().map(|(year, _, _)| *year).collect();
        years.dedup();
        years
            .into_iter()
            .map(|year| {
                let children = self.months_of(language, year);
                CountRow {
                    name: format!("{year:04}"),
                    title: self.locale(language).year(year),
                    url: address::encode(&self.config, &within.path(&format!("/{year:04}/"))),
                    count: children.iter().map(|month| month.count).sum(),
                    children: Some(children),
                }
            })
            .collect()
    }

    /// Where a content file is published. With a language it is the file in that language, if there is one, whatever
    /// the language of the file that is named.
    pub fn target(&self, path: &str, language: Option<LanguageId>) -> Target {
        let Some(row) = self.index.linked(path, language, &self.config) else {
            // The error in it is told; that links to it lead nowhere only follows from that.
            return if self.index.is_broken(path) { Target::Withheld } else { Target::Missing };
        };
        let is_plain = language::stem(path, &self.config).1.is_none();
        self.target_of_row(row, language.filter(|_| is_plain))
    }

    /// Where the file in a row is published; a section or an author preferably in this language.
    fn target_of_row(&self, row: u32, wanted: Option<LanguageId>) -> Target {
        let path = &*self.index.rows[row as usize].path;
        let own = language::of_name(path, &self.config);
        let languages = || wanted.into_iter().chain([own]);
        let within = |language: LanguageId, path: &str| self.config.language(language).path(path);
        match self.index.role(row) {
            Role::Story(id) => Target::Address(self.index.entry(id).url.to_string()),
            Role::Page(at) => Target::Address(self.index.pages[at as usize].url.to_string()),
            Role::Withheld | Role::Hidden => Target::Withheld,
            Role::Other => match self.index.rows[row as usize].record() {
                Record::Section(_) => {
                    let folder = path.strip_prefix("content/").and_then(|rest| rest.rsplit_once('/'));
                    let address = match folder {
                        None => {
                            let language = wanted.unwrap_or(own);
                            Some(address::encode(&self.config, &self.config.language(language).prefix))
                        }
                        Some((name, _)) => languages().find_map(|language| {
                            let corrections = within(language, CORRECTIONS);
                            if name == "corrections" && self.plan.listing(&corrections).is_some() {
                                return Some(address::encode(&self.config, &corrections));
                            }
                            self.index.section(language, name).map(|(_, section)| section.url.to_string())
                        }),
                    };
                    address.map_or(Target::Missing, Target::Address)
                }
                Record::Author(_) => {
                    let mut terms =
                        languages().filter_map(|language| self.index.terms.author_of(language, path, &self.config));
                    terms
                        .find(|term| !term.url.is_empty())
                        .map_or(Target::Missing, |term| Target::Address(term.url.to_string()))
                }
                _ => Target::Missing,
            },
        }
    }

    /// The languages in which something is published: a source, or what lists something at a path without prefix.
    pub(super) fn versions_of(&self, of: &str) -> Vec<Version> {
        if of.starts_with('/') {
            self.plan.versions_of_path(of, &self.config)
        } else {
            self.plan.versions_of_source(of, &self.index, &self.config)
        }
    }

    /// A link that the configuration or a template gives, as an address: a path of the site in this language, if
    /// something is published there in it.
    pub(super) fn address_in(&self, language: LanguageId, link: &str) -> String {
        let there = self.path_in(language, site_path::without_base(&self.config.base_path, link));
        match there {
            Some(there) => address::of_site_link(&self.config, &there),
            None => address::of_link(&self.config, link),
        }
    }

    /// A path of the site in this language, if something is published there in it; else none.
    pub(super) fn path_in(&self, language: LanguageId, link: &str) -> Option<String> {
        let within = self.config.language(language);
        if within.prefix == "/" || !link.starts_with('/') || link.starts_with("//") {
            return None;
        }
        let there = within.path(link);
        let path = site_path::decode(&there[..there.find(['?', '#']).unwrap_or(there.len())]).ok()?;
        self.is_planned(file_id(&site_path::output_path(&path))).then_some(there)
    }

    /// Whether a file of the output folder is planned.
    fn is_planned(&self, file: u64) -> bool {
        self.planned.get_or_init(|| self.plan.files.iter().copied().collect()).contains(&file)
    }

    /// Whether something is published at a path of the site, or kept there by the owner; asked for by the page in work.
    pub(super) fn ask_published(&self, path: &str) -> bool {
        let path = site_path::without_base(&self.config.base_path, path);
        let decoded = percent_encoding::percent_decode_str(path.split(['?', '#']).next().unwrap_or_default());
        let decoded = decoded.decode_utf8_lossy();
        if is_kept(&self.config, &decoded) {
            return true;
        }
        let file = file_id(&site_path::output_path(&decoded));
        record(self, Question::Published([file].into()), || self.of_published(&[file]));
        self.is_planned(file)
    }

    /// Whether an address, by its key, is that of a withheld article, and nothing else is published there.
    pub(super) fn is_withheld(&self, address: u64) -> bool {
        self.index.withheld.get(&address).is_some_and(|path| {
            let file = file_id(&site_path::output_path(path));
            !self.is_planned(file)
        })
    }

    /// A link that front matter gives on the page at `from`, as an address; none if it leads to something
    /// withheld. Asked for by the page in work.
    pub(super) fn visible_link(&self, from: &str, link: &str) -> Option<String> {
        let address = address::of_link(&self.config, link);
        let Some(path) = address::site_path_of(&self.config, from, &address) else { return Some(address) };
        let key = address_key(&path);
        record(self, Question::Withheld([key].into()), || self.of_withheld(&[key]));
        (!self.is_withheld(key)).then_some(address)
    }

    /// An address of `site.yaml` as a page in a language links to it; none if what is there is withheld. Asked for by the
    /// page in work.
    pub(super) fn own_link(&self, language: LanguageId, link: &str) -> Option<String> {
        let address = self.address_in(language, link);
        record(self, Question::Address(language, link.into()), || Fingerprint::of(address.as_bytes()));
        let Some(path) = address::site_path_of(&self.config, "/", &address) else { return Some(address) };
        let key = address_key(&path);
        record(self, Question::Withheld([key].into()), || self.of_withheld(&[key]));
        (!self.is_withheld(key)).then_some(address)
    }

    pub(super) fn of_withheld(&self, addresses: &[u64]) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("withheld");
        for address in addresses {
            fingerprint.number(self.is_withheld(*address).into());
        }
        fingerprint.finish()
    }

    pub(super) fn of_published(&self, files: &[u64]) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("published");
        for file in files {
            let is_planned = self.is_planned(*file);
            fingerprint.number(is_planned.into());
            if !is_planned {
                // Which of them it may be the names tell, and those are not known here.
                self.index.broken.iter().for_each(|one| _ = fingerprint.text(&one.path).text(&one.names.join("/")));
            }
        }
        fingerprint.finish()
    }

    /// Where an address leads within the site from the page at `url`; none if it leads out of it, to what the owner
    /// keeps in the output folder, or if nobody wants to know.
    pub(super) fn destination(&self, url: &str, href: &str, purpose: Purpose) -> Option<Destination> {
        let rule = match purpose {
            Purpose::Link => Rule::DeadLink,
            Purpose::Image => Rule::MissingImage,
        };
        if self.config.settings.check.level(rule) == Level::Off {
            return None;
        }
        let served = address::served_files(&self.config, url, href)?;
        let is_kept = |path: &String| {
            let mut kept = self.config.settings.keep.iter();
            kept.any(|kept| if kept.ends_with('/') { path.starts_with(kept.as_str()) } else { path == kept })
        };
        if served.iter().any(is_kept) {
            return None;
        }
        let files: Vec<u64> = served.iter().map(|path| file_id(path)).collect();
        let is_published = files.iter().any(|file| self.is_planned(*file))
            || served.iter().any(|path| self.index.may_be_of_broken(path));
        Some(Destination { files, is_published })
    }

    /// The file that `src` means in the source `path`, if it is published.
    pub(super) fn file_row(&self, path: &str, src: &str) -> Option<u32> {
        let row = image_row(&self.index.rows, path, site_path::without_base(&self.config.base_path, src))?;
        let file = &*self.index.rows[row as usize].path;
        let is_withheld = matches!(self.index.bundle_of(file), Some((Role::Withheld | Role::Other, _)));
        (!is_withheld && self.index.role(row) != Role::Hidden).then_some(row)
    }

    /// What `src`, which is no file of the source `path`, was probably meant to be.
    pub(super) fn nearest_image(&self, path: &str, src: &str) -> Option<String> {
        let base = &*self.config.base_path;
        let plain = site_path::without_base(base, src);
        // The base path may be the name of a folder, too.
        if plain.len() < src.len() && image_row(&self.index.rows, path, src).is_some() {
            return Some(format!("{}{src}", base.trim_end_matches('/')));
        }
        nearest_image(&self.index.rows, path, plain)
    }

    /// A file that is published as it is, as seen from the source `from` at `url`.
    pub(super) fn file_info(&self, row: u32, from: &str, url: &str) -> Option<FileInfo> {
        let row = &self.index.rows[row as usize];
        match row.record() {
            Record::Unread(_) => {
                let address = file_address(&row.path, from, self.index.beside(from, url), &self.config);
                Some(FileInfo { address, ..FileInfo::default() })
            }
            Record::File(file) => {
                let address = file_address(&row.path, from, self.index.beside(from, url), &self.config);
                let mut info = FileInfo { address, ..FileInfo::default() };
                if let Some(file) = file {
                    info.size = Some((file.width, file.height));
                    info.caption = file.caption.map(|caption| caption.0.into_owned());
                    info.credit = file.credit.map(|credit| credit.0.into_owned());
                    info.alt = file.alt.map(|alt| alt.0.into_owned());
                }
                Some(info)
            }
            _ => None,
        }
    }

    /// What a file is; of one in a bundle of several languages, also beside which text it is published.
    pub(super) fn of_file(&self, from: &str, src: &str) -> Fingerprint {
        let Some(number) = self.file_row(from, src) else {
            // What may have been meant is told.
            let nearest = self.nearest_image(from, src);
            return nearest.map_or_else(Fingerprint::default, |nearest| Fingerprint::of(nearest.as_bytes()));
        };
        let row = &self.index.rows[number as usize];
        let mut fingerprint = Fingerprinter::new("file");
        fingerprint.text(&row.path).part(&Fingerprint::of(&row.record)).text(self.index.beside(from, ""));
        if let Some(photograph) = self.plan.images.of_row(number) {
            // The name holds the hash of the bytes.
            fingerprint.text(&photograph.name);
        }
        fingerprint.finish()
    }

    /// The row of the data file `name`: `data/<name>.yaml`, `.yml` or `.json`.
    pub(super) fn data_row(&self, name: &str) -> Option<u32> {
        ["yaml", "yml", "json"].iter().find_map(|ending| self.index.row_of(&format!("data/{name}.{ending}")))
    }

    /// The row of the replies to the story in the source `path`.
    pub(super) fn replies_row(&self, path: &str) -> Option<u32> {
        self.index.row_of(&replies::path_of(path))
    }

    /// The row of the file of a profile or a list, unless it is withheld.
    pub(super) fn profile_row(&self, path: &str) -> Option<u32> {
        self.index.row_of(path).filter(|row| self.index.role(*row) != Role::Hidden)
    }

    pub(super) fn of_profile(&self, path: &str) -> Fingerprint {
        self.profile_row(path).map_or_else(Fingerprint::default, |row| self.index.rows[row as usize].content)
    }

    /// The account in the Fediverse of the author with this slug; none without a profile that may be seen.
    fn account(&self, language: LanguageId, author: &str) -> Option<String> {
        let row = self.index.terms.get(language, Taxonomy::Authors, author)?.row?;
        match self.index.rows[row as usize].record() {
            Record::Author(file) => file.fediverse.map(|account| account.to_string()),
            _ => None,
        }
    }

    /// The account in the Fediverse of an author; asked for by the page in work.
    pub(super) fn ask_account(&self, author: &Term) -> Option<String> {
        let account = self.account(author.language, &author.slug);
        record(self, Question::Account(author.language, author.slug.clone()), || Fingerprint::of_value(&account));
        account
    }

    /// The author whom an update of live coverage names, or what was probably meant.
    fn byline(&self, language: LanguageId, name: &str) -> Result<Byline, Option<String>> {
        let terms = &self.index.terms;
        let byline =
            terms.byline(language, name).map(|(name, url)| Byline { name: name.into(), url: url.map(Into::into) });
        byline.ok_or_else(|| terms.nearest_author(language, name).map(Into::into))
    }

    /// The same; asked for by the page in work.
    pub(super) fn ask_byline(&self, language: LanguageId, name: &str) -> Result<Byline, Option<String>> {
        let byline = self.byline(language, name);
        record(self, Question::Byline(language, name.into()), || Fingerprint::of_value(&byline));
        byline
    }

    fn of_replies(&self, source: SourceId) -> Fingerprint {
        let path = self.story_of(source).map(|id| &*self.index.rows[self.index.entry(id).row as usize].path);
        let row = path.and_then(|path| self.replies_row(path));
        let Some(row) = row.map(|row| &self.index.rows[row as usize]) else { return Fingerprint::default() };
        let mut fingerprint = Fingerprinter::new("replies");
        fingerprint.part(&Fingerprint::of(&row.record));
        // Some may be still to come.
        if let Record::Replies(_, mut replies) = row.record() {
            self.index.keep_what_may_be_seen(&mut replies);
            fingerprint.number(replies.len() as u64);
        }
        fingerprint.finish()
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
            fingerprint.part(
                &self.of_corrections(self.newest_corrections(listing.language, self.config.settings.feeds.limit)),
            );
        }
        fingerprint.finish()
    }

    /// The newest so many corrections, as places in the index.
    pub(super) fn newest_corrections(&self, language: LanguageId, limit: usize) -> Range<usize> {
        let Range { start, end } = self.index.edition(language).corrections;
        end.saturating_sub(limit).max(start)..end
    }

    /// The corrections on a page of their list, as places in the index.
    pub(super) fn corrections_on(&self, listing: &Listing, number: u32) -> Range<usize> {
        let start = self.index.edition(listing.language).corrections.start;
        let range = listing.page_range(&self.index, self.config.settings.page_size, number);
        start + range.start..start + range.end
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
            for version in &listed.versions {
                fingerprint.number(version.language.0.into()).text(&version.url);
                fingerprint.number(version.is_canonical.into());
            }
            let images = self.images_on(&listed);
            fingerprint.number(images.len() as u64);
            for image in images {
                fingerprint.text(&image);
            }
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

    /// The visible article whose page is a file of the output folder; asked for by the page in work.
    pub(super) fn ask_story_in(&self, file: u64) -> Option<StoryId> {
        record(self, Question::StoryIn(file), || self.of_story_in(file));
        self.story_in(file)
    }

    fn of_story_in(&self, file: u64) -> Fingerprint {
        Fingerprint::of_value(&self.story_in(file).map(|id| self.source_of(id)))
    }

    fn story_in(&self, file: u64) -> Option<StoryId> {
        let by_file = self.by_file.get_or_init(|| {
            let planned = self.plan.outputs.iter().zip(&self.plan.files);
            let stories = planned.filter_map(|(output, file)| match output {
                Output::Story(id) => Some((*file, *id)),
                _ => None,
            });
            stories.collect()
        });
        by_file.get(&file).copied()
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
