//! The head of an export: the site, authors, categories and tags; and the old addresses of what lists articles.

use std::io;

use rustc_hash::{FxHashMap, FxHashSet};

use super::wxr::Element;
use crate::import::item::{Author, Record, Section, Site};
use crate::import::{Destination, Reading, Visibility, place};

/// A category.
#[derive(Clone, Debug, Default)]
pub(super) struct Term {
    pub(super) id: u64,
    pub(super) slug: String,
    pub(super) parent: String,
    pub(super) name: String,
    pub(super) description: String,
}

/// What the head of an export says.
#[derive(Debug, Default)]
pub(super) struct Terms {
    /// By their slug.
    pub(super) categories: FxHashMap<String, Term>,
    /// Slug and name.
    pub(super) tags: Vec<(String, String)>,
    /// The id by the login.
    pub(super) authors: FxHashMap<String, String>,
    /// Names of menus, by their slug.
    pub(super) menus: Vec<(String, String)>,
}

impl Terms {
    pub(super) fn category_of(&self, id: u64) -> Option<&Term> {
        self.categories.values().find(|term| term.id == id)
    }
}

/// The id of an author, by the login.
pub(super) fn author_id(login: &str) -> String {
    let login = login.split('@').next().unwrap_or_default();
    place::slug(login)
}

/// Takes an element of the channel.
pub(super) fn element(element: Element, terms: &mut Terms, reading: &mut Reading<'_>) {
    let text = |key: &str| element.texts.get(key).map(|text| text.trim().to_owned()).unwrap_or_default();
    let own = element.text.trim();
    let site: &mut Site = &mut reading.site;
    match &*element.name {
        "title" if site.title.is_empty() => own.clone_into(&mut site.title),
        "description" if site.description.is_empty() => own.clone_into(&mut site.description),
        "language" if site.language.is_empty() => site.language = own.replace('_', "-"),
        "link" if site.url.is_empty() => own.trim_end_matches('/').clone_into(&mut site.url),
        "wp:base_blog_url" if !own.is_empty() => own.trim_end_matches('/').clone_into(&mut site.url),
        "wp:author" => {
            let login = text("wp:author_login");
            let id = author_id(&login);
            if id.is_empty() {
                return;
            }
            let first_last = format!("{} {}", text("wp:author_first_name"), text("wp:author_last_name"));
            let name = [text("wp:author_display_name"), first_last.trim().to_owned(), login.clone()];
            let name =
                name.into_iter().find(|name| !name.is_empty() && !name.contains('@')).unwrap_or_else(|| id.clone());
            terms.authors.insert(login, id.clone());
            let author = Author { id, name, biography: text("wp:author_description"), ..Author::default() };
            // It is kept in memory, which does not fail.
            let _ = reading.record(Record::Author(author));
        }
        "wp:category" => {
            let term = Term {
                id: text("wp:term_id").parse().unwrap_or_default(),
                slug: text("wp:category_nicename"),
                parent: text("wp:category_parent"),
                name: text("wp:cat_name"),
                description: text("wp:category_description"),
            };
            terms.categories.insert(term.slug.clone(), term);
        }
        "wp:tag" => terms.tags.push((text("wp:tag_slug"), text("wp:tag_name"))),
        "wp:term" if text("wp:term_taxonomy") == "nav_menu" => {
            terms.menus.push((text("wp:term_slug"), text("wp:term_name")))
        }
        _ => {}
    }
}

/// Sections of categories that articles have, and old addresses of what lists articles.
pub(super) fn finish(terms: &Terms, reading: &mut Reading<'_>) -> io::Result<()> {
    let used: FxHashSet<String> =
        reading.heads.iter().filter(|head| !head.is_page).map(|head| head.section.clone()).collect();
    let mut categories: Vec<&Term> = terms.categories.values().collect();
    categories.sort_by(|a, b| (a.id, &a.slug).cmp(&(b.id, &b.slug)));
    let mut destinations = Vec::new();
    for term in categories {
        let mut path = term.slug.clone();
        let mut parent = terms.categories.get(&term.parent);
        for _ in 0..8 {
            let Some(above) = parent else { break };
            path = format!("{}/{path}", above.slug);
            parent = terms.categories.get(&above.parent);
        }
        let name = reading.section_name(&term.slug);
        let old = format!("/category/{path}/");
        if used.contains(&name) {
            let section = Section {
                slug: term.slug.clone(),
                title: term.name.clone(),
                description: term.description.clone(),
                aliases: Vec::new(),
            };
            if !reading.options.sections.contains_key(&term.slug) {
                reading.record(Record::Section(section))?;
            }
            destinations.push((old, Destination::Section(name.clone())));
            destinations.push((format!("/?cat={}", term.id), Destination::Section(name)));
        } else {
            destinations.push((old, Destination::Tag(term.name.clone())));
            destinations.push((format!("/?cat={}", term.id), Destination::Tag(term.name.clone())));
        }
    }
    for (slug, name) in &terms.tags {
        destinations.push((format!("/tag/{slug}/"), Destination::Tag(name.clone())));
    }
    let mut logins: Vec<(&String, &String)> = terms.authors.iter().collect();
    logins.sort();
    for (_, id) in logins {
        destinations.push((format!("/author/{id}/"), Destination::Author(id.clone())));
    }
    let public: Vec<&crate::import::plan::Head> =
        reading.heads.iter().filter(|head| !head.is_page && head.standing == Visibility::Published).collect();
    let mut days: FxHashSet<(i16, i8, i8)> = FxHashSet::default();
    for day in public.iter().filter_map(|head| head.date).map(|date| date.day(&reading.zone)) {
        days.insert(day);
    }
    let mut days: Vec<(i16, i8, i8)> = days.into_iter().collect();
    days.sort_unstable();
    let has_days = public.iter().any(|head| {
        head.date.is_some_and(|date| {
            let (year, month, day) = date.day(&reading.zone);
            head.url.contains(&format!("/{year:04}/{month:02}/{day:02}/"))
        })
    });
    for (year, month, day) in days {
        destinations.push((format!("/{year:04}/"), Destination::Month(year, None)));
        destinations.push((format!("/{year:04}/{month:02}/"), Destination::Month(year, Some(month))));
        if has_days {
            destinations.push((format!("/{year:04}/{month:02}/{day:02}/"), Destination::Month(year, Some(month))));
        }
    }
    // The build has pages of these names itself, but for the last ones: its first page is longer.
    let (own, theirs) = ((public.len() / 10).saturating_sub(1), public.len().div_ceil(10));
    for number in own.max(1) + 1..=theirs {
        destinations.push((format!("/page/{number}/"), Destination::Path("/archive/".into())));
    }
    reading.destinations.extend(destinations);
    Ok(())
}
