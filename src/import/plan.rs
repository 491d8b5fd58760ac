//! Which file an item becomes, and its address: decided for all items before the first is written.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::addresses::{self, Addresses, Known, key};
use super::item::Origin;
use super::place;
use super::report::Report;
use super::{Reading, Visibility};
use crate::article::time::{Timestamp, date_in_name};
use crate::config::Slugs;
use crate::site_path;

/// What is known of an item before it is read for the second time.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) is_page: bool,
    pub(crate) number: Option<u64>,
    pub(crate) date: Option<Timestamp>,
    /// The date as it is written, if its offset is that of the site, whose zone may not have been known yet.
    pub(crate) local_date: Option<String>,
    pub(crate) updated: Option<String>,
    pub(crate) slug: String,
    /// What a slug is made of where there is none.
    pub(crate) title_slug: String,
    pub(crate) section: String,
    pub(crate) url: String,
    pub(crate) aliases: Vec<String>,
    /// Old addresses that no page can answer: those with a query, or with signs that no page of ours has.
    pub(crate) rules: Vec<String>,
    pub(crate) standing: Visibility,
    pub(crate) was_public: bool,
    pub(crate) origin: Origin,
    /// The old path; empty if it had none.
    pub(crate) old: String,
    /// Its file.
    pub(crate) path: String,
    /// Its address, not encoded.
    pub(crate) address: String,
    /// Whether the address must stand in its front matter.
    pub(crate) has_permalink: bool,
    /// Whether the slug must.
    pub(crate) has_slug: bool,
    /// Its id in feeds; empty if another item has it.
    pub(crate) id: String,
    /// Whether another item is the same.
    pub(crate) is_double: bool,
}

impl Default for Head {
    fn default() -> Self {
        Self {
            is_page: false,
            number: None,
            date: None,
            local_date: None,
            updated: None,
            slug: String::new(),
            title_slug: String::new(),
            section: String::new(),
            url: String::new(),
            aliases: Vec::new(),
            rules: Vec::new(),
            standing: Visibility::Draft(String::new()),
            was_public: false,
            origin: Origin::default(),
            old: String::new(),
            path: String::new(),
            address: String::new(),
            has_permalink: false,
            has_slug: false,
            id: String::new(),
            is_double: false,
        }
    }
}

/// The section of what has none.
pub(super) const DEFAULT_SECTION: &str = "news";

/// Addresses of pages that the build makes itself.
const RESERVED: [&str; 9] = ["tags", "authors", "series", "archive", "search", "corrections", "page", "assets", "feed"];

/// Whether the build makes pages at an address of this name itself.
pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name) || crate::source_name::is_year(name)
}

/// What is decided for all items.
pub(super) struct Plan {
    pub(super) addresses: Addresses,
    pub(super) pattern: String,
    pub(super) slugs: Slugs,
    /// Sections that were given another name, by the old one.
    pub(super) renamed: BTreeMap<String, String>,
}

/// Decides files and addresses of all items.
pub(super) fn plan(reading: &mut Reading<'_>) -> Plan {
    let mut addresses = Addresses {
        base: reading.site.url.trim_end_matches('/').to_owned(),
        folder: reading.options.media.clone(),
        has_hotlinks: reading.options.has_hotlinks,
        ..Addresses::default()
    };
    hosts(reading, &mut addresses);
    mark_doubles(&mut reading.heads, &mut reading.report);
    for head in &mut reading.heads {
        if let Some(date) = head.local_date.take().and_then(|date| Timestamp::parse(&date, &reading.zone).ok()) {
            head.date = Some(date);
            if head.standing == Visibility::Published && date > reading.options.now {
                head.standing = Visibility::Embargoed;
            }
        }
        let own = addresses.own(&head.url).filter(|_| !head.url.is_empty());
        let own = own
            .filter(|path| !path.contains('?') && *path != "/")
            .map(|path| path.split('#').next().unwrap_or_default());
        head.old = own.unwrap_or_default().to_owned();
        let given = place::slug(&head.slug);
        let of_address =
            || place::slug(key(&head.old).rsplit('/').next().unwrap_or_default().trim_end_matches(".html"));
        head.slug = [given, of_address(), place::slug(&head.title_slug)]
            .into_iter()
            .find(|slug| !slug.is_empty())
            .unwrap_or_else(|| {
                format!("{}-{}", if head.is_page { "page" } else { "article" }, head.number.unwrap_or(head.origin.line))
            });
        if head.section.is_empty() {
            DEFAULT_SECTION.clone_into(&mut head.section);
        }
    }
    let slugs = if reading.heads.iter().all(|head| head.slug.is_ascii()) { Slugs::Transliterate } else { Slugs::Keep };
    let renamed = rename_sections(reading);
    let given = Some(reading.site.permalink.clone()).filter(|pattern| pattern.contains("{slug}"));
    let pattern = given.or_else(|| {
        let public = reading
            .heads
            .iter()
            .filter(|head| !head.is_page && !head.old.is_empty() && !matches!(head.standing, Visibility::Draft(_)));
        addresses::pattern(public.map(|head| Known {
            path: &head.old,
            slug: &head.slug,
            section: &head.section,
            day: head.date.map(|date| date.day(&reading.zone)),
        }))
    });
    let pattern = pattern.unwrap_or_else(|| "/{section}/{slug}/".into());
    claim(reading, &pattern);
    for head in reading.heads.iter().filter(|head| !head.is_double) {
        if let Some(number) = head.number {
            addresses.by_number.insert(number, head.address.clone());
        }
        if !head.old.is_empty() && key(&head.old) != key(&head.address) {
            addresses.moved.insert(key(&head.old), head.address.clone());
        }
    }
    images(reading, &mut addresses);
    old_addresses(reading, &mut addresses);
    Plan { addresses, pattern, slugs, renamed }
}

/// Hosts of the old site's files, besides its own.
fn hosts(reading: &Reading<'_>, addresses: &mut Addresses) {
    let Some(own) = url::Url::parse(&addresses.base).ok().and_then(|url| url.host_str().map(str::to_owned)) else {
        return;
    };
    let mut hosts: FxHashMap<String, usize> = FxHashMap::default();
    for media in &reading.media {
        if let Some(host) = url::Url::parse(&media.url).ok().and_then(|url| url.host_str().map(str::to_owned)) {
            *hosts.entry(host).or_default() += 1;
        }
    }
    let name = own.strip_suffix(".wordpress.com").map(|name| format!("{name}.files.wordpress.com"));
    let many = reading.media.len() / 2;
    let mut all: Vec<String> =
        hosts.into_iter().filter(|(host, number)| *host != own && *number > many).map(|(host, _)| host).collect();
    all.extend(name);
    all.sort();
    all.dedup();
    addresses.hosts = all;
}

/// Of items with one number the one that was changed last counts.
fn mark_doubles(heads: &mut [Head], report: &mut Report) {
    let mut known: FxHashMap<u64, usize> = FxHashMap::default();
    for at in 0..heads.len() {
        let Some(number) = heads[at].number else { continue };
        let Some(other) = known.insert(number, at) else { continue };
        let older = if heads[other].updated > heads[at].updated { at } else { other };
        if older == at {
            known.insert(number, other);
        }
        heads[older].is_double = true;
        report.published_there -= usize::from(heads[older].was_public);
        report.leave_out("the same item in an older version", 1);
    }
}

/// A section whose address is that of a page gets another one.
fn rename_sections(reading: &mut Reading<'_>) -> BTreeMap<String, String> {
    let pages: FxHashSet<String> =
        reading.heads.iter().filter(|head| !head.old.is_empty()).map(|head| key(&head.old)).collect();
    let used: FxHashSet<&str> = reading.heads.iter().filter(|head| !head.is_page).map(|head| &*head.section).collect();
    let mut renamed = BTreeMap::new();
    let mut used: Vec<&str> = used.into_iter().collect();
    used.sort_unstable();
    for section in used.into_iter().filter(|section| pages.contains(*section)) {
        let mut name = format!("{section}-articles");
        while pages.contains(&name) {
            name.push_str("-x");
        }
        renamed.insert(section.to_owned(), name);
    }
    for head in &mut reading.heads {
        if let Some(name) = renamed.get(&head.section).filter(|_| !head.is_page) {
            name.clone_into(&mut head.section);
        }
    }
    for (old, new) in &renamed {
        if let Some(mut section) = reading.sections.remove(old) {
            new.clone_into(&mut section.slug);
            reading.sections.insert(new.clone(), section);
        }
        reading
            .report
            .remark("", format!("the section `{old}` would have the address of a page; it is called `{new}` here"));
    }
    renamed
}

/// Gives each item its file and its address. Those that had an address keep it; of two, the older one.
fn claim(reading: &mut Reading<'_>, pattern: &str) {
    let zone = reading.zone.clone();
    let heads = &mut reading.heads;
    let mut order: Vec<usize> = (0..heads.len()).filter(|at| !heads[*at].is_double).collect();
    order.sort_by_key(|at| {
        let head = &heads[*at];
        let rank = match head.standing {
            Visibility::Published => 0,
            Visibility::Embargoed => 1,
            Visibility::Draft(_) => 2,
        };
        (rank, head.old.is_empty(), head.date.unwrap_or_default(), *at)
    });
    let mut addresses: FxHashSet<String> = FxHashSet::default();
    addresses.extend(heads.iter().filter(|head| !head.is_page).map(|head| head.section.clone()));
    addresses.insert(String::new());
    let mut paths: FxHashSet<String> = FxHashSet::default();
    let mut ids: FxHashSet<String> = FxHashSet::default();
    for at in order {
        let head = &mut heads[at];
        if !head.id.is_empty() && !ids.insert(head.id.clone()) {
            head.id.clear();
        }
        let day = head.date.map(|date| date.day(&zone));
        let wanted = usable(&head.old);
        let of = |slug: &str, head: &Head| match (head.is_page, day) {
            (false, Some(_)) => addresses::fill(pattern, &head.section, slug, day),
            // A draft without a date is a page until it has one.
            (false, None) => format!("/{}/{slug}/", head.section),
            (true, _) => format!("/{slug}/"),
        };
        let first = wanted.clone().unwrap_or_else(|| of(&head.slug, head));
        head.address = first.clone();
        let mut number = 1;
        while is_reserved(key(&head.address).as_str()) || !addresses.insert(key(&head.address)) {
            number += 1;
            let slug = format!("{}-{number}", place::cut(&head.slug, place::LONGEST - 8));
            head.address = of(&slug, head);
        }
        if number > 1 {
            let slug = format!("{}-{number}", place::cut(&head.slug, place::LONGEST - 8));
            head.slug = slug;
            reading.report.remark(
                head.origin.to_string(),
                format!("`{first}` has an older item; this one is at `{}`", head.address),
            );
        } else if wanted.is_none() && !head.old.is_empty() {
            reading.report.remark(
                head.origin.to_string(),
                format!("`{}` cannot be an address here; it is at `{}`", head.old, head.address),
            );
        }
        path_of(head, day, &mut paths);
        let stem =
            head.path.rsplit('/').next().and_then(|name| name.strip_suffix(".md")).unwrap_or_default().to_owned();
        head.has_slug =
            stem != head.slug || date_in_name(&stem).is_some() || stem.starts_with(|c: char| c.is_ascii_digit());
        let given = if head.is_page || day.is_none() {
            let folder = head.path.trim_start_matches("content/").rsplit_once('/').map_or("", |(folder, _)| folder);
            site_path::page_path(&format!("{folder}/{}", head.slug))
        } else {
            addresses::fill(pattern, &head.section, &head.slug, day)
        };
        head.has_permalink = given != head.address;
    }
}

/// An old path as the address of a page here; none if it cannot be one.
fn usable(old: &str) -> Option<String> {
    if old.is_empty() || old.ends_with("/feed/") || old.contains("//") {
        return None;
    }
    let path = site_path::read(old).ok()?;
    let page = site_path::page_path(&path);
    (!page.contains([':', '{', '}', '*']) && !site_path::names_no_page(&page) && !key(&page).is_empty()).then_some(page)
}

/// The file of an item: an article in its section by year, a page where its address is.
fn path_of(head: &mut Head, day: Option<(i16, i8, i8)>, paths: &mut FxHashSet<String>) {
    let folder = if head.is_page {
        let old = usable(&head.old).unwrap_or_default();
        let key = key(&old);
        let mut parts: Vec<String> = key.split('/').map(place::slug).filter(|part| !part.is_empty()).collect();
        parts.pop();
        parts.truncate(12);
        // The folder of profiles is another one.
        if parts.first().is_some_and(|first| first == "authors" || first.starts_with('_')) {
            parts.insert(0, "pages".into());
        }
        parts.join("/")
    } else {
        match day {
            Some((year, ..)) => format!("{}/{year:04}", head.section),
            None => head.section.clone(),
        }
    };
    let folder = if folder.is_empty() { "content".to_owned() } else { format!("content/{folder}") };
    let stem = match &*head.slug {
        "index" | "_index" | "authors" | "readme" | "license" | "changelog" | "todo" | "agents" | "contributing" => {
            format!("{}-page", head.slug)
        }
        slug if slug.starts_with('_') => format!("page{slug}"),
        slug => slug.to_owned(),
    };
    let mut path = format!("{folder}/{stem}.md");
    let mut number = 1;
    while !paths.insert(path.to_lowercase()) {
        number += 1;
        path = format!("{folder}/{}-{number}.md", place::cut(&stem, place::LONGEST - 8));
    }
    head.path = path;
}

/// What is known of images and files: by path, by number, by their own pages, and by the item that they belong to.
fn images(reading: &mut Reading<'_>, addresses: &mut Addresses) {
    let heads: FxHashMap<u64, usize> = reading
        .heads
        .iter()
        .enumerate()
        .filter(|(_, head)| !head.is_double)
        .filter_map(|(at, head)| Some((head.number?, at)))
        .collect();
    let mut children: BTreeMap<u64, Vec<(i64, u64, String)>> = BTreeMap::new();
    for media in std::mem::take(&mut reading.media) {
        let Some(path) = super::addresses::Links::media(&OnlyHosts(addresses), &media.url).into() else { continue };
        let mut path: String = path;
        if addresses.has_hotlinks && !addresses.is_there(&path) {
            path.clone_from(&media.url);
        }
        if let Some(number) = media.number {
            addresses.media_by_number.insert(number, path.clone());
            if let Some(parent) = media.parent {
                children.entry(parent).or_default().push((media.order, number, path.clone()));
            }
        }
        let page = addresses
            .own(&media.page)
            .filter(|page| !media.page.is_empty() && !page.contains('?') && *page != "/")
            .map(str::to_owned);
        if let Some(page) = page {
            addresses.media_pages.insert(key(&page), path.clone());
            let parent = media.parent.and_then(|parent| heads.get(&parent)).map(|at| &mut reading.heads[*at]);
            match parent {
                Some(parent) => parent.aliases.push(page),
                None if media.parent.is_none() => {
                    reading.destinations.push((page, super::Destination::Path(path.clone())))
                }
                // Nothing is known of the post it belonged to, so it may not have been public.
                None => reading.destinations.push((page, super::Destination::Nothing)),
            }
        }
        addresses.media.insert(path, media);
    }
    let withheld = reading.heads.iter().filter(|head| head.standing != Visibility::Published);
    reading.shared.withheld = withheld.filter_map(|head| head.number).collect();
    for (number, mut files) in children {
        files.sort();
        reading.shared.children.insert(number, files.into_iter().map(|(_, _, path)| path).collect());
    }
}

/// Files of hosts that are known, without looking for originals.
struct OnlyHosts<'a>(&'a Addresses);

impl addresses::Links for OnlyHosts<'_> {
    fn link(&self, href: &str) -> String {
        href.to_owned()
    }

    fn media(&self, src: &str) -> String {
        let src = src.trim();
        let path = self.0.own(src).map(str::to_owned).or_else(|| {
            let (_, rest) = src.split_once("//")?;
            let (host, path) = rest.split_at(rest.find('/')?);
            self.0.hosts.iter().any(|own| own == host).then(|| path.to_owned())
        });
        path.map_or_else(|| src.to_owned(), |path| path.split(['?', '#']).next().unwrap_or_default().to_owned())
    }

    fn about(&self, _: &str) -> Option<&super::item::Media> {
        None
    }

    fn is_image_itself(&self, _: &str, _: &str) -> bool {
        false
    }

    fn is_card(&self, _: &str) -> bool {
        false
    }
}

/// Old addresses of items as paths that nothing else has.
fn old_addresses(reading: &mut Reading<'_>, addresses: &mut Addresses) {
    let mut taken: FxHashSet<String> =
        reading.heads.iter().filter(|head| !head.is_double).map(|head| key(&head.address)).collect();
    taken.extend(reading.heads.iter().filter(|head| !head.is_page).map(|head| head.section.clone()));
    for head in reading.heads.iter_mut().filter(|head| !head.is_double) {
        let mut given = std::mem::take(&mut head.aliases);
        if !head.old.is_empty() && key(&head.old) != key(&head.address) {
            given.insert(0, head.old.clone());
        }
        given.extend(Some(head.url.clone()).filter(|url| url.contains('?')));
        // By its number it is known anyway.
        let own = head
            .number
            .map(|number| if head.is_page { format!("/?page_id={number}") } else { format!("/?p={number}") });
        for alias in given {
            let path = match addresses.own(&alias) {
                Some(path) => path.to_owned(),
                None if alias.contains("//") => continue,
                None => format!("/{}", alias.trim_start_matches('/')),
            };
            let path = path.split('#').next().unwrap_or_default().replace("&amp;", "&");
            let Some(page) = usable(&path).filter(|_| !path.contains('?')) else {
                let is_rule =
                    !path.contains("//") && !path.ends_with("/feed/") && path != "/" && own.as_ref() != Some(&path);
                if is_rule && !addresses.queries.contains_key(&path) {
                    addresses.queries.insert(path.clone(), head.address.clone());
                    head.rules.push(path);
                }
                continue;
            };
            let is_made = is_reserved(&key(&page));
            if !is_made && taken.insert(key(&page)) {
                addresses.moved.entry(key(&page)).or_insert_with(|| head.address.clone());
                head.aliases.push(page);
            }
        }
    }
}
