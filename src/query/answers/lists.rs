//! Lists: articles that templates choose, pages of listings, neighbours, sections, menus, terms and months.

use serde::Serialize;

use super::{Answer, teasers};
use crate::config::address::{self, site_path_of};
use crate::config::{LanguageId, MenuItem, MenuLink, Taxonomy};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::index::{self, Article, ArticleId, CorrectionEntry, SectionRef, Term, address_key, edition, front};
use crate::plan::{Listing, Scope};
use crate::query::{Seen, Selection, Site, answers};

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
        fingerprint.part(&of_listing(site, self.listing)).finish()
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

pub(in crate::query) fn term_name<'a>(site: &'a Site, term: &'a Term) -> TermName<'a> {
    TermName {
        language: term.language,
        taxonomy: term.taxonomy,
        slug: &term.slug,
        name: &term.name,
        url: &term.url,
        file: term.row.map(|row| &*site.index.rows[row as usize].path),
    }
}

/// Articles chosen by a template, newest first.
pub(in crate::query) fn select(site: &Site, selection: &Selection) -> Vec<Seen<Article>> {
    Seen::all(selected(site, selection))
}

fn selected(site: &Site, selection: &Selection) -> Vec<ArticleId> {
    let index = &site.index;
    let language = selection.language;
    let section = selection.section.as_deref().map(|name| edition::section(index, language, name).map(|(at, _)| at));
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
        (None, Some(section)) => {
            index.sections[section as usize].articles.iter().rev().copied().filter(fits).skip(skip).take(take).collect()
        }
        (None, None) => index.edition(language).articles.clone().rev().filter(fits).skip(skip).take(take).collect(),
    }
}

/// A page of a listing.
pub(in crate::query) fn listing_page<'a>(site: &Site, listing: &'a Listing, number: u32) -> ListingPage<'a> {
    let range = listing.page_range(&site.index, site.config.settings.page_size, number);
    let mut articles: Vec<ArticleId> = range.rev().filter_map(|at| listing.article_at(&site.index, at)).collect();
    let address = |number: u32| address::encode(&site.config, &listing.page_path(number));
    let (newer, older) = match (number, listing.archive_pages) {
        (0, 0) => (None, None),
        (0, pages) => (None, Some(address(pages))),
        (number, pages) => {
            let newer = if number == pages { 0 } else { number + 1 };
            (Some(address(newer)), (number > 1).then(|| address(number - 1)))
        }
    };
    let lead = (listing.scope == Scope::Front && number == 0 && !articles.is_empty()).then(|| {
        let at = articles.iter().position(|id| site.index.article(*id).featured).unwrap_or(0);
        Seen::new(articles.remove(at))
    });
    let corrections = match listing.scope {
        Scope::Corrections => answers::corrections_on(site, listing, number),
        _ => Vec::new(),
    };
    ListingPage { listing, lead, articles: Seen::all(articles), corrections, newer, older }
}

/// What a listing's head says: its title and description, and whether there is a file that says more
/// (what the file says is a question of its own).
pub(in crate::query) fn of_listing(site: &Site, listing: &Listing) -> Fingerprint {
    let mut fingerprint = Fingerprinter::new("head");
    match &listing.scope {
        Scope::Front | Scope::Month(..) | Scope::Corrections => {}
        Scope::Section(section) => {
            let section = &site.index.sections[*section as usize];
            fingerprint.part(&Fingerprint::of_value(&SectionRef::of(section))).text(&section.description);
            fingerprint.number(section.row.is_some().into());
        }
        Scope::Term(taxonomy, slug) => {
            if let Some(term) = site.index.terms.get(listing.language, *taxonomy, slug) {
                fingerprint.text(&term.name).text(&term.url);
                fingerprint.text(term.row.map_or("", |row| &*site.index.rows[row as usize].path));
            }
        }
    }
    fingerprint.finish()
}

/// The next newer and the next older article.
pub(in crate::query) fn neighbours(site: &Site, id: ArticleId) -> Neighbours {
    let all = &site.index.edition_of(id).articles;
    let newer = (id + 1 < all.end).then_some(id + 1);
    Neighbours { newer: newer.map(Seen::new), older: (id > all.start).then(|| Seen::new(id - 1)) }
}

/// The next newer and the next older part of the article's series.
pub(in crate::query) fn series_neighbours(site: &Site, id: ArticleId) -> Neighbours {
    let Some(term) = site.index.terms.of_article(id).find(|term| term.taxonomy == Taxonomy::Series) else {
        return Neighbours { newer: None, older: None };
    };
    let at = term.articles.partition_point(|other| *other < id);
    let newer = term.articles.get(at + 1).copied();
    Neighbours { newer: newer.map(Seen::new), older: at.checked_sub(1).map(|before| Seen::new(term.articles[before])) }
}

/// The articles related to another one, so many.
pub(in crate::query) fn related(site: &Site, id: ArticleId, count: u32) -> Vec<Seen<Article>> {
    Seen::all(index::related(&site.index, id, count as usize, &site.config.settings.related))
}

/// The articles that an editor related to another one by hand, as far as they may be seen.
pub(in crate::query) fn related_by_hand(site: &Site, id: ArticleId) -> Vec<Seen<Article>> {
    let language = site.index.language_of(id);
    let entry = site.index.entry(site.index.article(id).row);
    let mut all: Vec<ArticleId> = Vec::new();
    for written in &entry.related {
        let other = front::article_placed(&site.index, written, language, &site.config);
        all.extend(other.filter(|other| *other != id && !all.contains(other)));
    }
    Seen::all(all)
}

/// All sections as name, title, address and description.
pub(in crate::query) fn sections(site: &Site, language: LanguageId) -> Vec<(SectionRef<'_>, &str)> {
    let sections = edition::sections_of(&site.index, language).filter(|(_, section)| section.has_anything());
    sections.map(|(_, section)| (SectionRef::of(section), &*section.description)).collect()
}

/// The navigation, without what leads to something withheld: the sections where only the foot of the page has
/// entries of its own.
pub(in crate::query) fn menu(site: &Site, language: LanguageId) -> Vec<MenuItem> {
    let menu = &site.config.language(language).menu;
    let is_visible = |address: &str| {
        let path = site_path_of(&site.config, "/", address);
        path.is_none_or(|path| !answers::is_withheld(site, address_key(&path)))
    };
    let address = |url: &str| Some(answers::address_in(site, language, url)).filter(|url| is_visible(url));
    let items = menu.iter().filter_map(|item| {
        let children =
            item.children.iter().filter_map(|child| Some(MenuLink { url: address(&child.url)?, ..child.clone() }));
        let children: Vec<MenuLink> = children.collect();
        // The first of what is left stands for what is withheld.
        let url = address(&item.url).or_else(|| (!children.is_empty()).then(String::new))?;
        Some(MenuItem { url, children, ..item.clone() })
    });
    if !menu.iter().all(|item| item.footer) {
        return items.collect();
    }
    let sections = edition::sections_of(&site.index, language).filter(|(_, section)| section.has_anything());
    let sections = sections.map(|(_, section)| (section.title.to_string(), section.url.to_string()));
    sections.map(|(title, url)| MenuItem { title, url, footer: false, children: Vec::new() }).chain(items).collect()
}

/// The terms of a taxonomy: the most used first. A limit of 0 is none.
pub(in crate::query) fn terms(site: &Site, language: LanguageId, taxonomy: Taxonomy, limit: u32) -> Vec<CountRow> {
    let mut terms = site.index.terms.of(language, taxonomy);
    terms.retain(|term| taxonomy != Taxonomy::Authors || !term.url.is_empty() || !site.config.has(taxonomy));
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
pub(in crate::query) fn months_of(site: &Site, language: LanguageId, year: i16) -> Vec<CountRow> {
    let within = site.config.language(language);
    let months = edition::months_of(&site.index, language).iter().rev().filter(|(y, _, _)| *y == year);
    months
        .map(|(year, month, range)| CountRow {
            name: format!("{year:04}-{month:02}"),
            title: site.locale(language).month(*year, *month),
            url: address::encode(&site.config, &within.path(&format!("/{year:04}/{month:02}/"))),
            count: range.len(),
            children: None,
        })
        .collect()
}

/// The years with their months, newest first.
pub(in crate::query) fn years(site: &Site, language: LanguageId) -> Vec<CountRow> {
    let within = site.config.language(language);
    let mut years: Vec<i16> =
        edition::months_of(&site.index, language).iter().rev().map(|(year, _, _)| *year).collect();
    years.dedup();
    years
        .into_iter()
        .map(|year| {
            let children = months_of(site, language, year);
            CountRow {
                name: format!("{year:04}"),
                title: site.locale(language).year(year),
                url: address::encode(&site.config, &within.path(&format!("/{year:04}/"))),
                count: children.iter().map(|month| month.count).sum(),
                children: Some(children),
            }
        })
        .collect()
}
