//! From the rows of stage 2 and one moment to the [`Index`].
//!
//! Records are read by all processors at once, and so is what teasers say summed up. Between the two stands what needs
//! one hand: the order, and who belongs to what.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::ads;
use super::bundles::beside;
use super::files::{find_row, image_row};
use super::hidden::{self, Hidden};
use super::sections::sections;
use super::written::Written;
use super::{
    Article, ArticleId, CorrectionEntry, Edition, ImageRef, ImageUse, Index, Live, LiveRef, Month, OLDER, PageEntry,
    Role, Section, SectionRef, Terms, address_key, categories, corrections, edition, entry_in, files_beside, front,
    images, is_visible, keep_what_has_been, notices, teaser, terms, timeline, until,
};
use crate::article::permalink;
use crate::article::record::{Access, Entry, Kind, Record};
use crate::article::time::Timestamp;
use crate::article::withholding::is_in_drafts;
use crate::article::{Broken, Row, is_markdown, language};
use crate::config::address;
use crate::config::{Config, LanguageId, Taxonomy};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::original::Format;
use crate::site_path;
use crate::source::Links;
use crate::source_name::marked_folder;

impl Index {
    /// Puts the articles in order as of `now`.
    pub fn build(rows: Vec<Row>, links: &Links, config: &Config, now: Timestamp) -> Self {
        Self::build_beside(Vec::new(), rows, links, config, now)
    }

    /// The same, without what sources may withhold that cannot be read: their sections, their bundles, and the files that
    /// they name.
    pub fn build_beside(broken: Vec<Broken>, rows: Vec<Row>, links: &Links, config: &Config, now: Timestamp) -> Self {
        let behind_links = behind_links(&rows, links);
        let written = Written::new(&rows);
        let until = until(config, now);
        let hidden = Hidden::of(&rows, config, now, config.drafts, config.future).with_broken(&broken, config);
        let people = terms::People::of(&rows, &hidden, config);
        let (mut seeds, next) = seeds(&rows, &written, &hidden, &people, config, now);
        let mut roles = first_roles(&rows, &mut seeds, &hidden, &behind_links, config);
        hidden::with_bundles(&rows, &broken, &mut roles, |row| seeds[row].is_some());
        ads::hide(&rows, &mut roles, config, now);
        let Parted { mut dated, pages, with_pages, mut named } = Parted::of(seeds, &mut roles, &rows, config);
        let mut editions = edition::editions(&dated, config, now);
        let (mut sections, silent) = {
            let used = dated.iter().filter_map(|(_, seed)| seed.section());
            // The oldest comes last, so its name is the one that is kept.
            let called = dated.iter().rev().filter_map(|(_, seed)| Some((seed.section()?, seed.category.as_deref()?)));
            let called = called.collect();
            let seen = with_pages.iter().map(|(language, name)| (*language, &**name));
            sections(&rows, &roles, used, seen, &called, &hidden, config)
        };
        edition::set_sections(&mut editions, &sections);
        let Placed { terms, months, live, corrections } =
            Placed::of(&mut dated, Terms::new(people, config), &mut sections, &mut roles, (&rows, &editions, config));
        edition::set_months_and_corrections(&mut editions, &months, &corrections);
        hide_behind_links(&rows, &mut roles, &behind_links, config);
        named.extend(images::of_others(&written, &roles, config, now));
        named.extend(images::of_withheld(&written, &roles));
        named.extend(images::of_broken(&written, &broken));
        named.extend(images::of_lists(&written, &roles, &named, &config.bundle_names, &behind_links));
        let named = images::sorted(named, &rows, &roles, &config.bundle_names, &behind_links);
        let articles = articles(dated, &rows, &roles, &sections, &terms, config);
        let (notices, next_notice) = notices::of(&rows, &roles, &hidden, config, now);
        let (files, to_come) = files_beside(&rows, &roles, &broken, until);
        let mut withheld = withheld(&rows, &roles, config);
        withheld.extend(silent.into_iter().map(|path| (address_key(&path), path.into_boxed_str())));
        let mut index = Self {
            rows,
            articles,
            pages,
            notices,
            editions,
            sections,
            terms,
            words: OnceLock::new(),
            months,
            corrections,
            live,
            withheld,
            broken,
            images: named.images,
            named: named.files,
            held: named.held,
            fingerprint: Fingerprint::default(),
            older: Vec::new(),
            files,
            now,
            until,
            next: next.into_iter().chain(to_come).chain(next_notice).min(),
            roles,
            bundle_names: config.bundle_names.clone(),
            behind_links,
        };
        index.sum_up(config);
        index
    }

    /// Makes [`Index::older`] and [`Index::fingerprint`] those of what is in the index.
    pub(super) fn sum_up(&mut self, config: &Config) {
        self.older = older(&self.articles, &self.rows, &self.named);
        self.fingerprint = self.summed_up(config);
    }

    fn summed_up(&self, config: &Config) -> Fingerprint {
        let path = |row: u32| &*self.rows[row as usize].path;
        let mut fingerprint = Fingerprinter::new("index");
        for notice in &self.notices {
            fingerprint.text(path(notice.row));
            notice.add_to(&mut fingerprint);
        }
        fingerprint.part(&self.older.last().copied().unwrap_or_default());
        // Destructured, so that a new field does not compile until it is considered here.
        for page in &self.pages {
            let PageEntry { row, language, url, changed, noindex, images } = page;
            fingerprint.text(path(*row)).text(url).number(language.0.into()).number((*noindex).into());
            fingerprint.part(&self.rows[*row as usize].core).number(changed.0 as u64);
            add_images(&mut fingerprint, images, &self.rows, &self.named);
        }
        for section in &self.sections {
            // The name, the title and the address are in the reference; the order is that of the sections.
            let Section { name: _, language, title: _, description, order: _, row, url: _, has_text, articles } =
                section;
            fingerprint.part(&Fingerprint::of_value(&SectionRef::of(section))).text(description);
            fingerprint.number(language.0.into()).text(row.map_or("", path));
            fingerprint.number((*has_text).into()).number(articles.len() as u64);
        }
        for (language, _) in config.each_language() {
            for author in self.terms.of(language, Taxonomy::Authors) {
                fingerprint.part(author.part()).text(author.row.map_or("", path));
            }
        }
        for correction in &self.corrections {
            fingerprint.number(correction.article.into()).part(&correction.part);
        }
        for image in &self.images {
            let content = &self.rows[image.row as usize].content;
            fingerprint.text(path(image.row)).part(content).text(&format!("{:?}", image.role));
        }
        for row in &self.held {
            fingerprint.number(1).text(path(*row));
        }
        fingerprint.finish()
    }
}

/// What one record contributes to the index. Records are read in parallel, and ordered afterwards.
pub(super) struct UnorderedEntry {
    row: u32,
    pub(super) language: LanguageId,
    date: Option<Timestamp>,
    changed: Timestamp,
    url: Box<str>,
    pub(super) section: Option<Box<str>>,
    pub(super) category: Option<Box<str>>,
    in_section: Option<u16>,
    terms: terms::Keys,
    /// Of everything in the teaser that is neither its core nor a reference to something with a
    /// fingerprint of its own.
    own: Fingerprint,
    image: Option<Fingerprint>,
    /// The file of the image.
    image_row: Option<u32>,
    /// Whether the image is something else than a drawing.
    has_photo: bool,
    images: Box<[ImageUse]>,
    /// The files of the images that everybody sees.
    seen: Box<[u32]>,
    kind: Kind,
    featured: bool,
    has_aliases: bool,
    has_id: bool,
    is_elsewhere: bool,
    noindex: bool,
    live: Option<Box<Live>>,
    corrections: Box<[(Timestamp, Fingerprint)]>,
}

/// An article with the moment by which it is sorted.
pub(super) type Dated = (Timestamp, Box<UnorderedEntry>);

impl UnorderedEntry {
    /// Its section, in its language.
    fn section(&self) -> Option<(LanguageId, &str)> {
        Some((self.language, self.section.as_deref()?))
    }
}

/// What all visible entries say, by row; and the first moment at which one of the rows says something else.
fn seeds(
    rows: &[Row],
    written: &Written<'_>,
    hidden: &Hidden,
    people: &terms::People,
    config: &Config,
    now: Timestamp,
) -> (Vec<Option<Box<UnorderedEntry>>>, Option<Timestamp>) {
    let until = until(config, now);
    let next = AtomicI64::new(i64::MAX);
    hidden::moments(rows, config, now, |_, at, _, _| {
        next.fetch_min(at.0, Ordering::Relaxed);
    });
    front::moments(rows, config, &Hidden::of_drafts(rows, config), now, |_, at, _, _| {
        next.fetch_min(at.0, Ordering::Relaxed);
    });
    ads::moments(rows, config, now, |_, at, _, _| {
        next.fetch_min(at.0, Ordering::Relaxed);
    });
    let seed = |keys: &mut terms::KeysOfNames, (number, row): (usize, &Row)| {
        let Record::Entry(mut entry) = is_markdown(&row.path).then(|| row.record())? else { return None };
        timeline::each(&entry, row, config, now, |at, _, _| {
            next.fetch_min(at.0, Ordering::Relaxed);
        });
        keep_what_has_been(&mut entry, until);
        let is_visible = is_visible(&entry, now, config) && !hidden.holds(&row.path, &entry);
        // On its own: a million of them are sorted and go one by one.
        is_visible.then(|| Box::new(seed(number as u32, row, &entry, written, config, now, (people, keys))))
    };
    let seeds = rows.par_iter().enumerate().with_min_len(1024).map_init(terms::KeysOfNames::default, seed).collect();
    (seeds, Some(next.into_inner()).filter(|at| *at < i64::MAX).map(Timestamp))
}

fn seed(
    number: u32,
    row: &Row,
    entry: &Entry<'_>,
    written: &Written<'_>,
    config: &Config,
    now: Timestamp,
    (people, keys): (&terms::People, &mut terms::KeysOfNames),
) -> UnorderedEntry {
    let rows = written.rows;
    let url = address::encode(config, &permalink::of_entry(config, &row.path, entry)).into_boxed_str();
    let image = entry.image.as_ref().and_then(|image| {
        let beside = beside(rows, &row.path, &url, config, now);
        ImageRef::of(image, &row.path, &beside, rows, config).map(|image| Fingerprint::of_value(&image))
    });
    let changed = entry.core.date.max(entry.core.updated).unwrap_or_default();
    let changed = entry.corrections.iter().filter_map(|correction| correction.date).fold(changed, Ord::max);
    let live = Live::of(entry, now, config);
    let changed = live.and_then(|live| live.newest).map_or(changed, |newest| newest.max(changed));
    let mut own = Fingerprinter::new("own");
    if let Some(live) = &live {
        own.part(&Fingerprint::of_value(&LiveRef::of(live, config)));
    }
    for sponsor in entry.sponsors() {
        own.text(sponsor);
    }
    // A file may move and keep its address: the id in feeds and relative links follow its path.
    own.text(&url)
        .text(&row.path)
        .number(changed.0 as u64)
        .text(entry.id.as_deref().unwrap_or(""))
        .number(entry.language.0.into());
    let image_row = entry.image.as_ref().and_then(|image| image_row(rows, &row.path, &image.src));
    let images = images::of_entry(entry, &row.path, written, |time| live.as_ref().is_some_and(|live| live.shows(time)));
    UnorderedEntry {
        row: number,
        language: entry.language,
        date: entry.core.date,
        changed,
        section: entry.section.as_deref().map(Into::into),
        category: entry.category.as_deref().map(Into::into),
        in_section: None,
        terms: terms::Keys::of(entry, people, keys),
        own: own.finish(),
        has_photo: image.is_some()
            && entry.image.as_ref().is_some_and(|image| Format::of_name(&image.src) != Some(Format::Svg)),
        image,
        image_row,
        seen: images::seen(&images, rows, (entry.core.access == Access::Subscribers).then_some(image_row)),
        images,
        url,
        kind: entry.core.kind,
        featured: entry.core.featured,
        has_aliases: !entry.aliases.is_empty(),
        has_id: entry.id.is_some(),
        is_elsewhere: is_elsewhere(entry, row, config),
        noindex: entry.noindex,
        live: live.map(Box::new),
        corrections: corrections::of(entry),
    }
}

/// Whether an article was published first at another address than its own.
pub(super) fn is_elsewhere(entry: &Entry<'_>, row: &Row, config: &Config) -> bool {
    let Some(canonical) = &entry.canonical else { return false };
    let own = config.absolute(&address::encode(config, &permalink::of_entry(config, &row.path, entry)));
    config.absolute(&address::of_link(config, canonical)) != own
}

/// What is withheld and hidden. What lies behind a link to something withheld or hidden is so, too.
fn first_roles(
    rows: &[Row],
    seeds: &mut [Option<Box<UnorderedEntry>>],
    hidden: &Hidden,
    behind_links: &BTreeMap<u32, u32>,
    config: &Config,
) -> Vec<Role> {
    let role = |(number, (row, seed)): (usize, (&Row, &Option<Box<UnorderedEntry>>))| match seed {
        None if is_entry(row) => Role::Withheld,
        None if hidden.has(number as u32) || hidden.holds_file(&row.path) => Role::Hidden,
        None if !config.drafts && is_in_drafts(&row.path) => Role::Hidden,
        None if marked_folder(&row.path).is_some() => Role::Hidden,
        _ => Role::Other,
    };
    let mut roles: Vec<Role> = rows.iter().zip(&*seeds).enumerate().map(role).collect();
    for (row, real) in behind_links {
        if matches!(roles[*real as usize], Role::Withheld | Role::Hidden) {
            seeds[*row as usize] = None;
            roles[*row as usize] = if is_entry(&rows[*row as usize]) { Role::Withheld } else { Role::Hidden };
        }
    }
    roles
}

/// Hides files behind links whose real files are hidden with their bundle.
fn hide_behind_links(rows: &[Row], roles: &mut [Role], behind_links: &BTreeMap<u32, u32>, config: &Config) {
    for (row, real) in behind_links {
        let is_file = roles[*row as usize] == Role::Other && !is_markdown(&rows[*row as usize].path);
        if is_file && images::is_hidden(*real, rows, roles, &config.bundle_names) {
            roles[*row as usize] = Role::Hidden;
        }
    }
}

/// Whether a row holds an article or a page.
fn is_entry(row: &Row) -> bool {
    is_markdown(&row.path) && matches!(row.record(), Record::Entry(_) | Record::LeftOut(_))
}

/// The rows that lie behind symbolic links, and those of the same files where they really are.
fn behind_links(rows: &[Row], links: &Links) -> BTreeMap<u32, u32> {
    let mut linked = BTreeMap::new();
    for (path, target) in links.followed() {
        let behind = |rest: &str| find_row(rows, &format!("{target}{rest}"));
        linked.extend(find_row(rows, path).and_then(|row| Some((row, behind("")?))));
        let folder = format!("{path}/");
        let start = rows.partition_point(|row| *row.path < *folder);
        let inside = rows[start..].iter().zip(start as u32..).map_while(|(row, number)| {
            row.path.strip_prefix(path).filter(|rest| rest.starts_with('/')).map(|rest| (number, rest))
        });
        linked.extend(inside.filter_map(|(number, rest)| Some((number, behind(rest)?))));
    }
    linked
}

/// What is visible, articles apart from pages.
struct Parted {
    /// Articles, by language and then oldest first.
    dated: Vec<Dated>,
    pages: Vec<PageEntry>,
    /// The sections in which there are pages.
    with_pages: Vec<(LanguageId, Box<str>)>,
    /// What all of them name.
    named: Vec<ImageUse>,
}

impl Parted {
    fn of(seeds: Vec<Option<Box<UnorderedEntry>>>, roles: &mut [Role], rows: &[Row], config: &Config) -> Self {
        let mut dated = Vec::with_capacity(seeds.len());
        let (mut pages, mut with_pages, mut named) = (Vec::new(), Vec::new(), Vec::new());
        for mut seed in seeds.into_iter().flatten() {
            named.extend(std::mem::take(&mut seed.images));
            match seed.date {
                Some(date) => dated.push((date, seed)),
                None => {
                    roles[seed.row as usize] = Role::Page(pages.len() as u32);
                    with_pages.extend(seed.section.map(|section| (seed.language, section)));
                    let UnorderedEntry { row, language, url, changed, noindex, seen: images, .. } = *seed;
                    pages.push(PageEntry { row, language, url, changed, noindex, images });
                }
            }
        }
        // Rows are sorted by path, so their numbers break ties by path.
        dated.sort_by_cached_key(|(date, seed)| (seed.language, *date, seed.row));
        categories::separate(&mut dated, |language, name| {
            let path =
                language::file_in(&format!("content/{name}/_index"), language, config, |path| find_row(rows, path));
            match rows[path? as usize].record() {
                Record::Section(file) => file.title.map(|title| title.to_string()),
                _ => None,
            }
        });
        Self { dated, pages, with_pages, named }
    }
}

/// Who belongs to what.
struct Placed {
    terms: Terms,
    months: Vec<Month>,
    live: BTreeMap<ArticleId, Live>,
    /// By language and then oldest first.
    corrections: Vec<CorrectionEntry>,
}

impl Placed {
    /// Gives each article its number and puts it into its section, terms and month.
    fn of(
        dated: &mut [Dated],
        mut terms: Terms,
        sections: &mut [Section],
        roles: &mut [Role],
        (rows, editions, config): (&[Row], &[Edition], &Config),
    ) -> Self {
        let mut by_name: Vec<FxHashMap<Box<str>, u16>> = vec![FxHashMap::default(); editions.len()];
        for (number, section) in sections.iter().enumerate() {
            by_name[section.language.0 as usize].insert(section.name.clone(), number as u16);
        }
        let (mut months, mut corrections): (Vec<Month>, _) = (Vec::new(), Vec::new());
        let mut live = BTreeMap::new();
        for (number, (date, seed)) in dated.iter_mut().enumerate() {
            let id = number as ArticleId;
            roles[seed.row as usize] = Role::Article(id);
            let by_name = &by_name[seed.language.0 as usize];
            seed.in_section = seed.section.as_deref().and_then(|name| by_name.get(name).copied());
            if let Some(section) = seed.in_section {
                sections[section as usize].articles.push(id);
            }
            terms.add(id, seed.language, &seed.terms, (*date, seed.row), || entry_in(&rows[seed.row as usize]));
            let (year, month, _) = date.day(&config.time_zone);
            let first = editions[seed.language.0 as usize].articles.start;
            match months.last_mut() {
                Some((y, m, range)) if (*y, *m) == (year, month) && first < id => range.end = id + 1,
                _ => months.push((year, month, id..id + 1)),
            }
            corrections.extend(seed.corrections.iter().zip(0_usize..).map(|((at, part), number)| CorrectionEntry {
                at: *at,
                article: id,
                number: u16::try_from(number).unwrap_or(u16::MAX),
                part: *part,
            }));
            if let Some(coverage) = seed.live.take() {
                live.insert(id, *coverage);
            }
        }
        terms.finish();
        // The later in the file is the newer one of a day.
        let language = |id: ArticleId| editions.partition_point(|edition| edition.articles.end <= id);
        corrections.sort_by_key(|one: &CorrectionEntry| (language(one.article), one.at, one.article, one.number));
        Self { terms, months, live, corrections }
    }
}

/// What is kept of each article, with the fingerprint of its teaser.
fn articles(
    dated: Vec<Dated>,
    rows: &[Row],
    roles: &[Role],
    sections: &[Section],
    terms: &Terms,
    config: &Config,
) -> Vec<Article> {
    let section_parts: Vec<Fingerprint> =
        sections.iter().map(|section| Fingerprint::of_value(&SectionRef::of(section))).collect();
    // An image in the bundle of something withheld is not there yet.
    let is_hidden = |seed: &UnorderedEntry| {
        seed.image_row.is_some_and(|row| images::is_hidden(row, rows, roles, &config.bundle_names))
    };
    let beside_core = |id: ArticleId, seed: &UnorderedEntry| {
        let mut beside = Fingerprinter::new("beside core");
        beside.part(&seed.own);
        if let Some(section) = seed.in_section {
            beside.number(1).part(&section_parts[section as usize]);
        }
        terms.of_article(id).for_each(|term| {
            beside.part(term.part());
        });
        if let Some(image) = &seed.image {
            beside.number(if is_hidden(seed) { 3 } else { 2 }).part(image);
        }
        beside.finish()
    };
    let article = |(id, (date, seed)): (usize, Dated)| {
        let beside_core = beside_core(id as ArticleId, &seed);
        Article {
            teaser: teaser::fingerprint(&rows[seed.row as usize].core, &beside_core),
            beside_core,
            has_photo: seed.has_photo && !is_hidden(&seed),
            row: seed.row,
            section: seed.in_section,
            date,
            changed: seed.changed,
            url: seed.url,
            kind: seed.kind,
            featured: seed.featured,
            has_aliases: seed.has_aliases,
            has_id: seed.has_id,
            is_elsewhere: seed.is_elsewhere,
            noindex: seed.noindex,
            images: seed.seen,
        }
    };
    dated.into_par_iter().enumerate().with_min_len(1024).map(article).collect()
}

/// [`Index::older`].
fn older(articles: &[Article], rows: &[Row], named: &[u32]) -> Vec<Fingerprint> {
    let summed_up = |some: &[Article]| {
        let mut fingerprint = Fingerprinter::new("some");
        for article in some {
            // Destructured, so that a new field does not compile until it is considered here.
            #[rustfmt::skip]
            let Article {
                row, teaser, has_aliases, has_id, is_elsewhere, noindex, has_photo, images,
                // The teaser says these.
                beside_core: _, section: _, date: _, changed: _, url: _, kind: _, featured: _,
            } = article;
            let flags = [has_aliases, has_id, is_elsewhere, noindex, has_photo];
            let flags = flags.iter().fold(0, |sum, flag| sum << 1 | u64::from(**flag));
            fingerprint.text(&rows[*row as usize].path).part(teaser).number(flags);
            add_images(&mut fingerprint, images, rows, named);
        }
        fingerprint.finish()
    };
    let mut older: Vec<Fingerprint> = articles.par_chunks(OLDER).map(summed_up).collect();
    for end in 1..older.len() {
        older[end] = Fingerprinter::new("older").part(&older[end - 1]).part(&older[end]).finish();
    }
    older
}

/// Adds which of some images there are; `named` are the files that visible texts name, in order.
fn add_images(fingerprint: &mut Fingerprinter, images: &[u32], rows: &[Row], named: &[u32]) {
    let visible = images.iter().filter(|row| named.binary_search(row).is_ok());
    visible.for_each(|row| _ = fingerprint.number(1).text(&rows[*row as usize].path));
}

/// [`Index::withheld`].
fn withheld(rows: &[Row], roles: &[Role], config: &Config) -> FxHashMap<u64, Box<str>> {
    let paths = |(row, _): (&Row, &Role)| {
        let entry = entry_in(row);
        let own = permalink::of_entry(config, &row.path, &entry);
        let mut paths: Vec<String> = entry.aliases.iter().map(|alias| site_path::of_alias(&own, alias)).collect();
        paths.push(own);
        paths.into_iter().map(|path| (address_key(&path), path.into_boxed_str())).collect::<Vec<_>>()
    };
    let all = rows.par_iter().zip(roles).with_min_len(256).filter(|(_, role)| **role == Role::Withheld);
    all.flat_map_iter(paths).collect()
}
