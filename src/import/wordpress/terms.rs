//! The head of an export: the site, authors, categories and tags; and the old addresses of what lists articles.

use std::io;

use rustc_hash::{FxHashMap, FxHashSet};

use super::wxr::{Element, WxrItem};
use crate::import::item::{Author, Record, Section, Site};
use crate::import::{Destination, Reading, Visibility, place};

/// A category or tag.
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
    pub(super) tags: Vec<Term>,
    /// Taxonomy and slug of other terms.
    others: Vec<(String, String)>,
    /// The id by the login.
    pub(super) authors: FxHashMap<String, String>,
}

impl Terms {
    pub(super) fn category_of(&self, id: u64) -> Option<&Term> {
        self.categories.values().find(|term| term.id == id)
    }

    pub(super) fn tag_of(&self, id: u64) -> Option<&Term> {
        self.tags.iter().find(|term| term.id == id)
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
        "wp:tag" => terms.tags.push(Term {
            id: text("wp:term_id").parse().unwrap_or_default(),
            slug: text("wp:tag_slug"),
            parent: String::new(),
            name: text("wp:tag_name"),
            description: text("wp:tag_description"),
        }),
        "wp:term" => {
            let (taxonomy, slug) = (text("wp:term_taxonomy"), text("wp:term_slug"));
            let is_listed = !matches!(&*taxonomy, "nav_menu" | "category" | "post_tag" | "author" | "");
            if is_listed && !taxonomy.starts_with("wp_") && !slug.is_empty() {
                terms.others.push((taxonomy, slug));
            }
        }
        _ => {}
    }
}

/// Categories that an item names and the head does not.
pub(super) fn note(item: &WxrItem, terms: &mut Terms) {
    for one in item.categories.iter().filter(|one| one.domain == "category" && !one.nicename.is_empty()) {
        terms.categories.entry(one.nicename.clone()).or_insert_with(|| Term {
            id: UNNUMBERED,
            slug: one.nicename.clone(),
            name: one.name.trim().to_owned(),
            ..Term::default()
        });
    }
}

/// The number of a category of which only its name is known.
pub(super) const UNNUMBERED: u64 = u64::MAX;

/// The listing of a term, as its items name it.
fn tag(term: &Term) -> Destination {
    Destination::Tag(html_escape::decode_html_entities(&term.name).into_owned())
}

/// The address of a category by its number.
fn by_number(term: &Term, to: Destination) -> Option<(String, Destination)> {
    (term.id != UNNUMBERED).then(|| (format!("/?cat={}", term.id), to))
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
            destinations.extend(by_number(term, Destination::Section(name)));
        } else {
            destinations.push((old, tag(term)));
            destinations.extend(by_number(term, tag(term)));
        }
    }
    for term in &terms.tags {
        destinations.push((format!("/tag/{}/", term.slug), tag(term)));
    }
    // Other taxonomies have no listings here.
    for (taxonomy, slug) in &terms.others {
        let path = match &**taxonomy {
            "post_format" => format!("/type/{}/", slug.trim_start_matches("post-format-")),
            _ => format!("/{taxonomy}/{slug}/"),
        };
        destinations.push((path, Destination::Nothing));
    }
    let described = terms.tags.iter().filter(|term| !term.description.is_empty()).count();
    reading.report.leave_out("descriptions of tags", described);
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
