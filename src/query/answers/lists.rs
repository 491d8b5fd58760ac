//! Lists: articles that templates choose, pages of listings, neighbours, sections, menus, terms and months.

use serde::Serialize;

use super::{Answer, Plain, teasers};
use crate::config::address::{self, site_path_of};
use crate::config::{LanguageId, MenuItem, MenuLink, Taxonomy};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::index::{Article, ArticleId, CorrectionEntry, SectionRef, Term, address_key, related};
use crate::plan::{Listing, Output, Scope};
use crate::query::{Planned, Question, Seen, Selection, Site, Subject, View};

/// A page of a listing: its articles, newest first, and its neighbours.
#[derive(Debug)]
pub(crate) struct ListingPage<'a> {
    listing: &'a Listing,
    /// The article that leads the front page; not among `articles`.
    pub(crate) lead: Option<Seen<Article>>,
    /// The others.
    pub(crate) articles: Vec<Seen<Article>>,
    /// In the list of corrections, those on this page.
    pub(crate) corrections: Vec<Seen<CorrectionEntry>>,
    /// The address of the page with newer articles.
    pub(crate) newer: Option<String>,
    /// The address of the page with older articles.
    pub(crate) older: Option<String>,
}

impl Answer for ListingPage<'_> {
    fn fingerprint(&self, site: &Site) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("listing");
        fingerprint.number(self.lead.is_some().into());
        for id in self.lead.iter().chain(&self.articles) {
            fingerprint.part(&site.index.articles[id.number()].teaser);
        }
        if self.listing.scope == Scope::Corrections {
            fingerprint.part(&self.corrections.fingerprint(site));
        }
        fingerprint.text(self.newer.as_deref().unwrap_or("")).text(self.older.as_deref().unwrap_or(""));
        fingerprint.part(&site.of_listing(self.listing)).finish()
    }
}

/// Articles.
impl Answer for Vec<Seen<Article>> {
    fn fingerprint(&self, site: &Site) -> Fingerprint {
        teasers("stories", site, self.iter().copied())
    }
}

/// The next newer and the next older article.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Neighbours {
    pub(crate) newer: Option<Seen<Article>>,
    pub(crate) older: Option<Seen<Article>>,
}

impl Answer for Neighbours {
    fn fingerprint(&self, site: &Site) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("neighbours");
        for one in [self.newer, self.older] {
            match one {
                Some(id) => fingerprint.number(1).part(&site.index.articles[id.number()].teaser),
                None => fingerprint.number(0),
            };
        }
        fingerprint.finish()
    }
}

/// A row of a list of terms, months or years.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CountRow {
    name: String,
    title: String,
    url: String,
    count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    children: Option<Vec<CountRow>>,
}

/// What pages show of a term.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TermName<'a> {
    pub(crate) language: LanguageId,
    pub(crate) taxonomy: Taxonomy,
    pub(crate) slug: &'a str,
    pub(crate) name: &'a str,
    /// Root-relative; empty without listings.
    pub(crate) url: &'a str,
    /// The path of the file that says more of it.
    pub(crate) file: Option<&'a str>,
}

impl Site {
    fn term_name<'a>(&'a self, term: &'a Term) -> TermName<'a> {
        TermName {
            language: term.language,
            taxonomy: term.taxonomy,
            slug: &term.slug,
            name: &term.name,
            url: &term.url,
            file: term.row.map(|row| &*self.index.rows[row as usize].path),
        }
    }

    /// Articles chosen by a template, newest first.
    pub(super) fn select(&self, selection: &Selection) -> Vec<Seen<Article>> {
        Seen::all(self.selected(selection))
    }

    fn selected(&self, selection: &Selection) -> Vec<ArticleId> {
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
        let fits = |id: &ArticleId| {
            let article = index.article(*id);
            section.is_none_or(|section| article.section == Some(section))
                && terms.iter().all(|term| term.articles.binary_search(id).is_ok())
                && selection.kind.as_deref().is_none_or(|kind| article.kind.name() == kind)
                && selection.featured.is_none_or(|featured| article.featured == featured)
        };
        // The shortest list that holds all candidates.
        let shortest = terms.iter().map(|term| &term.articles).min_by_key(|articles| articles.len());
        let (skip, take) = (selection.offset as usize, selection.limit as usize);
        match (shortest, section) {
            (Some(articles), _) => articles.iter().rev().copied().filter(fits).skip(skip).take(take).collect(),
            (None, Some(section)) => index.sections[section as usize]
                .articles
                .iter()
                .rev()
                .copied()
                .filter(fits)
                .skip(skip)
                .take(take)
                .collect(),
            (None, None) => index.edition(language).articles.clone().rev().filter(fits).skip(skip).take(take).collect(),
        }
    }
    /// A page of a listing.
    pub(super) fn listing_page<'a>(&self, listing: &'a Listing, number: u32) -> ListingPage<'a> {
        let range = listing.page_range(&self.index, self.config.settings.page_size, number);
        let mut articles: Vec<ArticleId> = range.rev().filter_map(|at| listing.article_at(&self.index, at)).collect();
        let address = |number: u32| address::encode(&self.config, &listing.page_path(number));
        let (newer, older) = match (number, listing.archive_pages) {
            (0, 0) => (None, None),
            (0, pages) => (None, Some(address(pages))),
            (number, pages) => {
                let newer = if number == pages { 0 } else { number + 1 };
                (Some(address(newer)), (number > 1).then(|| address(number - 1)))
            }
        };
        let lead = (listing.scope == Scope::Front && number == 0 && !articles.is_empty()).then(|| {
            let at = articles.iter().position(|id| self.index.article(*id).featured).unwrap_or(0);
            Seen::new(articles.remove(at))
        });
        let corrections = match listing.scope {
            Scope::Corrections => self.corrections_on(listing, number),
            _ => Vec::new(),
        };
        ListingPage { listing, lead, articles: Seen::all(articles), corrections, newer, older }
    }

    /// What a listing's head says: its title and description, and whether there is a file that says more
    /// (what the file says is a question of its own).
    pub(super) fn of_listing(&self, listing: &Listing) -> Fingerprint {
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
    pub(super) fn neighbours(&self, id: ArticleId) -> Neighbours {
        let all = &self.index.edition_of(id).articles;
        let newer = (id + 1 < all.end).then_some(id + 1);
        Neighbours { newer: newer.map(Seen::new), older: (id > all.start).then(|| Seen::new(id - 1)) }
    }

    /// The next newer and the next older part of the article's series.
    pub(super) fn series_neighbours(&self, id: ArticleId) -> Neighbours {
        let Some(term) = self.index.terms.of_article(id).find(|term| term.taxonomy == Taxonomy::Series) else {
            return Neighbours { newer: None, older: None };
        };
        let at = term.articles.partition_point(|other| *other < id);
        let newer = term.articles.get(at + 1).copied();
        Neighbours {
            newer: newer.map(Seen::new),
            older: at.checked_sub(1).map(|before| Seen::new(term.articles[before])),
        }
    }

    /// The articles related to another one, so many.
    pub(super) fn related(&self, id: ArticleId, count: u32) -> Vec<Seen<Article>> {
        Seen::all(related(&self.index, id, count as usize, &self.config.settings.related))
    }

    /// The articles that an editor related to another one by hand, as far as they may be seen.
    pub(super) fn related_by_hand(&self, id: ArticleId) -> Vec<Seen<Article>> {
        let language = self.index.language_of(id);
        let entry = self.index.entry(self.index.article(id).row);
        let mut all: Vec<ArticleId> = Vec::new();
        for written in &entry.related {
            let other = self.index.article_placed(written, language, &self.config);
            all.extend(other.filter(|other| *other != id && !all.contains(other)));
        }
        Seen::all(all)
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
            let path = site_path_of(&self.config, "/", address);
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
        terms.sort_by(|a, b| (b.articles.len(), &a.name, &a.slug).cmp(&(a.articles.len(), &b.name, &b.slug)));
        if limit > 0 {
            terms.truncate(limit as usize);
        }
        let counted = |term: &&Term| CountRow {
            name: term.slug.to_string(),
            title: term.name.to_string(),
            url: term.url.to_string(),
            count: term.articles.len(),
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
}

impl View {
    /// Articles chosen by a template, newest first.
    pub fn articles(&self, selection: Selection) -> Vec<Seen<Article>> {
        let articles = self.site.select(&selection);
        self.ask(Question::Articles(Box::new(selection)), articles)
    }

    /// A page of a listing.
    pub(crate) fn listing_page(&self, listing: Seen<Listing>, number: u32) -> ListingPage<'_> {
        let listing = self.get(listing);
        self.ask(Question::Listing(listing.path.clone(), number), self.site.listing_page(listing, number))
    }

    /// The next newer and the next older article.
    pub(crate) fn neighbours(&self, id: Seen<Article>) -> Neighbours {
        self.ask(Question::Neighbours(self.source_of(id)), self.site.neighbours(id.at))
    }

    /// The next newer and the next older part of the article's series.
    pub(crate) fn series_neighbours(&self, id: Seen<Article>) -> Neighbours {
        self.ask(Question::SeriesNeighbours(self.source_of(id)), self.site.series_neighbours(id.at))
    }

    /// The articles related to another one, so many.
    pub(crate) fn related(&self, id: Seen<Article>, count: u32) -> Vec<Seen<Article>> {
        self.ask(Question::Related(self.source_of(id), count), self.site.related(id.at, count))
    }

    /// The articles that an editor related to another one by hand, so many.
    pub(crate) fn related_by_hand(&self, id: Seen<Article>, count: usize) -> Vec<Seen<Article>> {
        if self.entry(self.row(id)).related.is_empty() {
            return Vec::new();
        }
        let mut all = self.ask(Question::RelatedByHand(self.source_of(id)), self.site.related_by_hand(id.at));
        all.truncate(count);
        all
    }

    /// All sections, with their descriptions.
    pub(crate) fn sections(&self, language: LanguageId) -> Vec<(SectionRef<'_>, &str)> {
        self.ask(Question::Sections(language), Plain(self.site.sections(language))).0
    }

    /// The navigation.
    pub(crate) fn menu(&self, language: LanguageId) -> Vec<MenuItem> {
        self.ask(Question::Menu(language), Plain(self.site.menu(language))).0
    }

    /// The terms of a taxonomy: the most used first. A limit of 0 is none.
    pub(crate) fn terms(&self, language: LanguageId, taxonomy: Taxonomy, limit: u32) -> Vec<CountRow> {
        let terms = Plain(self.site.terms(language, taxonomy, limit));
        self.ask(Question::Terms(language, taxonomy, limit), terms).0
    }

    /// What the page in work lists that is a list of terms, of months or of years.
    pub(crate) fn overview(&self, planned: Planned) -> Vec<CountRow> {
        match planned.output() {
            Output::Terms(language, taxonomy) => self.terms(language, taxonomy, 0),
            Output::Year(language, year) => {
                self.ask(Question::Year(language, year), Plain(self.site.months_of(language, year))).0
            }
            _ => {
                let language = self.language(Subject::Output(planned));
                self.ask(Question::Archive(language), Plain(self.site.years(language))).0
            }
        }
    }

    /// The term that a listing is of.
    pub(crate) fn term_of(&self, listing: Seen<Listing>) -> Option<TermName<'_>> {
        let listing = self.get(listing);
        let Scope::Term(taxonomy, slug) = &listing.scope else { return None };
        let term = self.site.index.terms.get(listing.language, *taxonomy, slug)?;
        Some(self.site.term_name(term))
    }

    /// The section that a listing is of, its description, and the path of the file that says so.
    pub(crate) fn section_listed(&self, listing: Seen<Listing>) -> Option<(SectionRef<'_>, &str, Option<&str>)> {
        let Scope::Section(section) = self.get(listing).scope else { return None };
        let section = &self.site.index.sections[section as usize];
        let file = section.row.map(|row| &*self.site.index.rows[row as usize].path);
        Some((SectionRef::of(section), &section.description, file))
    }

    /// The front page of a language.
    pub(crate) fn front_page(&self, language: LanguageId) -> Option<&Listing> {
        self.site.plan.front(language, &self.site.config)
    }

    /// The terms of an article.
    pub(crate) fn terms_of(&self, id: Seen<Article>) -> impl Iterator<Item = TermName<'_>> {
        self.site.index.terms.of_article(id.at).map(|term| self.site.term_name(term))
    }

    /// The section of an article.
    pub(crate) fn section_of(&self, id: Seen<Article>) -> Option<SectionRef<'_>> {
        let section = self.get(id).section?;
        Some(SectionRef::of(&self.site.index.sections[section as usize]))
    }

    /// An author who has a file, by the slug.
    pub(crate) fn author(&self, language: LanguageId, slug: &str, _: &super::super::Making) -> Option<TermName<'_>> {
        let term = self.site.index.terms.get(language, Taxonomy::Authors, slug)?;
        Some(self.site.term_name(term)).filter(|term| term.file.is_some())
    }
}
