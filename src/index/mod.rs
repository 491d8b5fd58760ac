//! Stage 3, **index**: all teasers, and who belongs to what.
//!
//! Takes the rows of stage 2 and one moment ("now"), leaves out what is withheld, and puts the rest in
//! order: by language, then oldest first, ties by path. So each language has its articles, and all that is
//! made of them, in one piece, and whoever stays within that piece (its [`Edition`]) meets no other language. Everything that asks about other articles (listings, neighbours,
//! feeds) is answered from here, and what is withheld is simply not here. It knows no pages and no HTML.

mod categories;
mod corrections;
mod edition;
mod hidden;
mod live;
mod pictures;
mod related;
mod states;
mod teaser;
mod terms;
mod timeline;
pub mod variants;
mod words;
mod written;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::article::front_matter::is_year;
use crate::article::permalink;
use crate::article::record::{Kind, Mention, Naming, Record, Reply, SectionFile, Story, Text, Withheld};
use crate::article::slug::{composed, decomposed};
use crate::article::time::Timestamp;
use crate::article::withholding::is_in_drafts;
use crate::article::{Broken, Row, is_markdown, language, title_of_name};
use crate::config::address;
use crate::config::{Config, LanguageId, Taxonomy};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::original::Format;
use crate::site_path;
use crate::source::{Links, marked_folder, without_markdown_ending};
pub use corrections::CorrectionEntry;
pub use edition::Edition;
use hidden::Hidden;
pub use live::{Live, LiveRef, LiveState};
pub use pictures::{PictureRole, PictureUse};
pub use related::related;
pub use states::{Shown, State, WithheldCounts};
pub use teaser::{AuthorRef, ImageRef, SectionRef, Teaser, TermRef, file_address};
pub use terms::{Term, Terms};
pub use timeline::{Happening, Moment, NEWS_SITEMAP_SECONDS, timeline};
use words::Words;
use written::Written;

/// So many articles share a fingerprint of themselves and all older ones.
pub const OLDER: usize = 1024;

/// The number of a visible article: its place in the order of languages and dates. Of two articles in one
/// language the newer one has the higher number.
pub type StoryId = u32;

/// A visible article.
#[derive(Debug)]
pub struct Entry {
    /// Its row.
    pub row: u32,
    /// Its section, if it has one.
    pub section: Option<u16>,
    /// When it was published.
    pub date: Timestamp,
    /// The later of publication and update.
    pub changed: Timestamp,
    /// Its address, root-relative with base path.
    pub url: Box<str>,
    /// The fingerprint of its teaser.
    pub teaser: Fingerprint,
    /// What kind of article it is.
    pub kind: Kind,
    /// Whether it is to lead.
    pub featured: bool,
    /// Whether it has old addresses.
    pub has_aliases: bool,
    /// Whether it has an id of its own in feeds.
    pub has_id: bool,
    /// Whether it was published first elsewhere.
    pub is_elsewhere: bool,
    /// Whether it has a picture that can be shown outside of browsers, where no drawing (SVG) is.
    pub has_photo: bool,
}

/// A visible page (undated).
#[derive(Debug)]
pub struct PageEntry {
    /// Its row.
    pub row: u32,
    /// Its language.
    pub language: LanguageId,
    /// Its address, root-relative with base path.
    pub url: Box<str>,
    /// When it was last changed, if that is known; else 1970.
    pub changed: Timestamp,
}

/// A section in one language.
#[derive(Debug)]
pub struct Section {
    /// The folder's name, which is also the last part of its address.
    pub name: Box<str>,
    /// Its language.
    pub language: LanguageId,
    /// Its title.
    pub title: Box<str>,
    /// One sentence, plain text.
    pub description: Box<str>,
    /// Where it stands among the sections; none is last.
    pub order: Option<i64>,
    /// The row of its `_index.md`.
    pub row: Option<u32>,
    /// Its address, root-relative with base path.
    pub url: Box<str>,
    /// Whether there is something to see but articles: text of its own, or pages.
    pub has_text: bool,
    /// Its articles, oldest first.
    pub stories: Vec<StoryId>,
}

impl Section {
    /// Whether there is anything to see.
    pub fn has_anything(&self) -> bool {
        self.has_text || !self.stories.is_empty()
    }
}

/// What a row turned out to be in this build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A visible article.
    Story(StoryId),
    /// A visible page, by its place in `Index::pages`.
    Page(u32),
    /// An article or page that must not be visible.
    Withheld,
    /// The file of a section or an author, or a file published as it is, that must not be visible.
    Hidden,
    /// Anything else.
    Other,
}

/// All visible teasers, in order.
#[derive(Debug)]
pub struct Index {
    /// The rows of stage 2, sorted by path.
    pub rows: Vec<Row>,
    /// Visible articles, by language and then oldest first.
    pub stories: Vec<Entry>,
    /// Visible pages, by path.
    pub pages: Vec<PageEntry>,
    /// What belongs to each language of the site.
    pub editions: Vec<Edition>,
    /// Sections that have articles or an `_index.md`, by language and in their order.
    pub sections: Vec<Section>,
    /// The terms of each taxonomy.
    pub terms: Terms,
    /// The words of headlines, from the moment somebody asks.
    words: OnceLock<Words>,
    /// Articles by language and calendar month, oldest first.
    pub months: Vec<(i16, i8, Range<StoryId>)>,
    /// All corrections, by language and then oldest first.
    pub corrections: Vec<CorrectionEntry>,
    /// Live coverage, by article.
    pub live: BTreeMap<StoryId, Live>,
    /// The site paths of withheld articles and pages, and their old ones, by [`address_key`].
    pub withheld: FxHashMap<u64, Box<str>>,
    /// The photographs that visible texts name, by their rows.
    pub pictures: Vec<PictureUse>,
    /// The rows of all files that visible texts name.
    named: Box<[u32]>,
    /// The rows of files that only withheld articles, or withheld updates of live coverage, name.
    held: Box<[u32]>,
    /// The sources that cannot be read.
    pub broken: Vec<Broken>,
    /// Of everything above but the rows: whatever is answered from the index alone is the same as long as
    /// this is.
    pub fingerprint: Fingerprint,
    /// Of the first [`OLDER`] articles, of twice as many, and so on: whatever is answered from an article and
    /// older ones alone is the same as long as the one that includes it is.
    pub older: Vec<Fingerprint>,
    /// Of all sources that are neither stories nor the theme's: whatever is answered from them and the index
    /// is the same as long as this is.
    pub files: Fingerprint,
    /// What is dated later is not seen yet; none if everything is.
    until: Option<Timestamp>,
    /// The first moment after "now" at which another index would come of the same rows.
    pub next: Option<Timestamp>,
    /// The role of each row.
    roles: Vec<Role>,
    /// [`Config::bundle_names`].
    bundle_names: Vec<String>,
    /// The rows that lie behind a symbolic link, and those of the same files where they really are.
    behind_links: BTreeMap<u32, u32>,
}

/// What an article's file says about the time in which it is visible.
fn is_visible(story: &Story<'_>, now: Timestamp, config: &Config) -> bool {
    let withheld = Withheld { publish: Some(starts(story)), ..story.withheld };
    !withheld.holds(now, config.drafts, config.future)
}

/// From when on an article may be seen.
fn starts(story: &Story<'_>) -> Timestamp {
    story.core.date.max(story.withheld.publish).unwrap_or(Timestamp(i64::MIN))
}

/// What is read from one story's record, in parallel, before anything is put in order.
struct Seed {
    row: u32,
    language: LanguageId,
    date: Option<Timestamp>,
    changed: Timestamp,
    url: Box<str>,
    section: Option<Box<str>>,
    category: Option<Box<str>>,
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
    pictures: Box<[PictureUse]>,
    kind: Kind,
    featured: bool,
    has_aliases: bool,
    has_id: bool,
    is_elsewhere: bool,
    live: Option<Box<Live>>,
    corrections: Box<[(Timestamp, Fingerprint)]>,
}

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
        let until = (!config.future).then_some(now);
        let next = AtomicI64::new(i64::MAX);
        let hidden = Hidden::of(&rows, config, now, config.drafts, config.future).with_broken(&broken, config);
        hidden::moments(&rows, config, now, |_, at, _, _| {
            next.fetch_min(at.0, Ordering::Relaxed);
        });
        let people = terms::People::of(&rows, &hidden, config);
        let mut seeds: Vec<Option<Seed>> = rows
            .par_iter()
            .enumerate()
            .with_min_len(1024)
            .map_init(terms::KeysOfNames::default, |keys, (number, row)| {
                match is_markdown(&row.path).then(|| row.record()) {
                    Some(Record::Story(mut story)) => {
                        timeline::each(&story, row, config, now, |at, _, _| {
                            next.fetch_min(at.0, Ordering::Relaxed);
                        });
                        keep_what_has_been(&mut story, until);
                        let is_visible = is_visible(&story, now, config) && !hidden.holds(&row.path, &story);
                        is_visible.then(|| seed(number as u32, row, &story, &written, config, now, (&people, keys)))
                    }
                    _ => None,
                }
            })
            .collect();
        let next = Some(next.into_inner()).filter(|at| *at < i64::MAX).map(Timestamp);
        let mut roles: Vec<Role> = rows
            .iter()
            .zip(&seeds)
            .enumerate()
            .map(|(number, (row, seed))| match seed {
                None if is_story(row) => Role::Withheld,
                None if hidden.has(number as u32) || hidden.holds_file(&row.path) => Role::Hidden,
                None if !config.drafts && is_in_drafts(&row.path) => Role::Hidden,
                None if marked_folder(&row.path).is_some() => Role::Hidden,
                _ => Role::Other,
            })
            .collect();
        for (row, real) in &behind_links {
            if matches!(roles[*real as usize], Role::Withheld | Role::Hidden) {
                seeds[*row as usize] = None;
                roles[*row as usize] = if is_story(&rows[*row as usize]) { Role::Withheld } else { Role::Hidden };
            }
        }
        hidden::with_bundles(&rows, &broken, &mut roles, |row| seeds[row].is_some());
        let mut dated = Vec::with_capacity(seeds.len());
        let mut pages = Vec::new();
        let mut of_pages: Vec<(LanguageId, Box<str>)> = Vec::new();
        let mut named = Vec::new();
        for mut seed in seeds.into_iter().flatten() {
            named.extend(std::mem::take(&mut seed.pictures));
            match seed.date {
                Some(date) => dated.push((date, seed)),
                None => {
                    roles[seed.row as usize] = Role::Page(pages.len() as u32);
                    of_pages.extend(seed.section.map(|section| (seed.language, section)));
                    let changed = seed.changed;
                    pages.push(PageEntry { row: seed.row, language: seed.language, url: seed.url, changed });
                }
            }
        }
        // Rows are sorted by path, so their numbers break ties by path.
        dated.sort_unstable_by_key(|(date, seed)| (seed.language, *date, seed.row));
        categories::separate(&mut dated, |language, name| {
            let path =
                language::file_in(&format!("content/{name}/_index"), language, config, |path| find_row(&rows, path));
            match rows[path? as usize].record() {
                Record::Section(file) => file.title.map(|title| title.to_string()),
                _ => None,
            }
        });
        let mut editions = edition::editions(&dated, config, now);
        let used = dated.iter().filter_map(|(_, seed)| Some((seed.language, seed.section.as_deref()?)));
        let called = dated
            .iter()
            .rev()
            .filter_map(|(_, seed)| Some(((seed.language, seed.section.as_deref()?), seed.category.as_deref()?)));
        let seen = of_pages.iter().map(|(language, name)| (*language, &**name));
        let (mut sections, silent) = sections(&rows, &roles, used, seen, &called.collect(), &hidden, config);
        let section_parts: Vec<Fingerprint> =
            sections.iter().map(|section| Fingerprint::of_value(&SectionRef::of(section))).collect();
        let mut by_name: Vec<FxHashMap<Box<str>, u16>> = vec![FxHashMap::default(); editions.len()];
        for (number, section) in sections.iter().enumerate() {
            by_name[section.language.0 as usize].insert(section.name.clone(), number as u16);
        }
        for (at, edition) in editions.iter_mut().enumerate() {
            let place =
                |first: usize| sections.partition_point(|section| usize::from(section.language.0) < first) as u16;
            edition.sections = place(at)..place(at + 1);
        }
        let mut terms = Terms::new(people, config);
        let mut months: Vec<(i16, i8, Range<StoryId>)> = Vec::new();
        let mut live = BTreeMap::new();
        let mut corrections = Vec::new();
        for (number, (date, seed)) in dated.iter_mut().enumerate() {
            let id = number as StoryId;
            roles[seed.row as usize] = Role::Story(id);
            let by_name = &by_name[seed.language.0 as usize];
            seed.in_section = seed.section.as_deref().and_then(|name| by_name.get(name).copied());
            if let Some(section) = seed.in_section {
                sections[section as usize].stories.push(id);
            }
            terms.add(id, seed.language, &seed.terms, (*date, seed.row), || story_in(&rows[seed.row as usize]));
            let (year, month, _) = date.day(&config.time_zone);
            match months.last_mut() {
                Some((y, m, range))
                    if (*y, *m) == (year, month) && editions[seed.language.0 as usize].stories.start < id =>
                {
                    range.end = id + 1;
                }
                _ => months.push((year, month, id..id + 1)),
            }
            for (number, (at, part)) in seed.corrections.iter().enumerate() {
                let number = u16::try_from(number).unwrap_or(u16::MAX);
                corrections.push(CorrectionEntry { at: *at, story: id, number, part: *part });
            }
            if let Some(coverage) = seed.live.take() {
                live.insert(id, *coverage);
            }
        }
        terms.finish();
        for (row, real) in &behind_links {
            let is_file = roles[*row as usize] == Role::Other && !is_markdown(&rows[*row as usize].path);
            if is_file && pictures::is_hidden(*real, &rows, &roles, &config.bundle_names) {
                roles[*row as usize] = Role::Hidden;
            }
        }
        named.extend(pictures::of_others(&rows, &roles));
        named.extend(pictures::of_withheld(&written, &roles));
        named.extend(pictures::of_broken(&written, &broken));
        let named = pictures::sorted(named, &rows, &roles, &config.bundle_names, &behind_links);
        // Only the order needed one hand; what the teasers say can be summed up by many.
        // A picture in the bundle of something withheld is not there yet.
        let is_hidden = |seed: &Seed| {
            seed.image_row.is_some_and(|row| pictures::is_hidden(row, &rows, &roles, &config.bundle_names))
        };
        let teaser = |id: StoryId, seed: &Seed| {
            let mut teaser = Fingerprinter::new("teaser");
            teaser.part(&rows[seed.row as usize].core).part(&seed.own);
            if let Some(section) = seed.in_section {
                teaser.number(1).part(&section_parts[section as usize]);
            }
            terms.of_story(id).for_each(|term| {
                teaser.part(term.part());
            });
            if let Some(image) = &seed.image {
                teaser.number(if is_hidden(seed) { 3 } else { 2 }).part(image);
            }
            teaser.finish()
        };
        let stories: Vec<Entry> = dated
            .into_par_iter()
            .enumerate()
            .with_min_len(1024)
            .map(|(id, (date, seed))| Entry {
                teaser: teaser(id as StoryId, &seed),
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
            })
            .collect();
        // The later in the file is the newer one of a day.
        let language_of = |id: StoryId| editions.partition_point(|edition| edition.stories.end <= id);
        corrections.sort_by_key(|correction: &CorrectionEntry| {
            (language_of(correction.story), correction.at, correction.story, correction.number)
        });
        for edition in &mut editions {
            let Range { start, end } = edition.stories;
            let place = |first: StoryId| months.partition_point(|(_, _, range)| range.start < first);
            edition.months = place(start)..place(end);
            let count = |first: StoryId| corrections.iter().filter(|correction| correction.story < first).count();
            edition.corrections = count(start)..count(end);
        }
        let mut fingerprint = Fingerprinter::new("index");
        let summed_up = |some: &[Entry]| {
            let mut fingerprint = Fingerprinter::new("some");
            for entry in some {
                fingerprint.text(&rows[entry.row as usize].path).part(&entry.teaser);
            }
            fingerprint.finish()
        };
        let mut older: Vec<Fingerprint> = stories.par_chunks(OLDER).map(summed_up).collect();
        for end in 1..older.len() {
            older[end] = Fingerprinter::new("older").part(&older[end - 1]).part(&older[end]).finish();
        }
        fingerprint.part(&older.last().copied().unwrap_or_default());
        for page in &pages {
            let row = &rows[page.row as usize];
            fingerprint.text(&row.path).text(&page.url).number(page.language.0.into()).part(&row.core);
            fingerprint.number(page.changed.0 as u64);
        }
        for section in &sections {
            fingerprint.part(&Fingerprint::of_value(&SectionRef::of(section))).text(&section.description);
            fingerprint.number(section.language.0.into()).number(section.row.is_some().into());
            fingerprint.number(section.has_anything().into());
        }
        for (language, _) in config.each_language() {
            for author in terms.of(language, Taxonomy::Authors) {
                fingerprint.text(author.row.map_or("", |row| &*rows[row as usize].path));
            }
        }
        for correction in &corrections {
            fingerprint.number(correction.story.into()).part(&correction.part);
        }
        for picture in &named.pictures {
            let row = &rows[picture.row as usize];
            fingerprint.text(&row.path).part(&row.content).text(&format!("{:?}", picture.role));
        }
        for row in &named.held {
            fingerprint.number(1).text(&rows[*row as usize].path);
        }
        let fingerprint = fingerprint.finish();
        let (files, to_come) = files(&rows, &roles, until);
        let next = next.into_iter().chain(to_come).min();
        let mut withheld = withheld(&rows, &roles, config);
        withheld.extend(silent.into_iter().map(|path| (address_key(&path), path.into_boxed_str())));
        Self {
            rows,
            stories,
            pages,
            editions,
            sections,
            terms,
            words: OnceLock::new(),
            months,
            corrections,
            live,
            withheld,
            broken,
            pictures: named.pictures,
            named: named.files,
            held: named.held,
            fingerprint,
            older,
            files,
            until,
            next,
            roles,
            bundle_names: config.bundle_names.clone(),
            behind_links,
        }
    }

    /// About so many headlines of visible articles, from all of its time.
    pub fn sample_of_headlines(&self, count: usize) -> Vec<String> {
        let step = (self.stories.len() / count).max(1);
        let rows = self.stories.iter().step_by(step).map(|entry| &self.rows[entry.row as usize]);
        rows.map(|row| story_in(row).core.title.0.into_owned()).collect()
    }

    fn words(&self) -> &Words {
        let title = |id: StoryId| story_in(&self.rows[self.entry(id).row as usize]).core.title.0;
        self.words.get_or_init(|| Words::of(self.stories.len() as StoryId, title))
    }

    /// Whether it was made from so many rows.
    pub fn has_rows(&self, count: usize) -> bool {
        self.roles.len() == count
    }

    /// The same index after a change that it does not see ([`Change::Beside`](crate::article::Change)):
    /// `rows` are the same sources, with other bytes.
    pub fn with_rows(mut self, rows: Vec<Row>) -> Self {
        debug_assert_eq!(rows.len(), self.roles.len());
        let (files, to_come) = files(&rows, &self.roles, self.until);
        self.files = files;
        self.next = self.next.into_iter().chain(to_come).min();
        self.rows = rows;
        self
    }

    /// Whether what is dated at a moment is not seen yet.
    pub fn is_to_come(&self, at: Timestamp) -> bool {
        self.until.is_some_and(|until| at > until)
    }

    /// Leaves of replies what is not dated after "now".
    pub fn keep_what_may_be_seen(&self, replies: &mut Vec<Reply<'_>>) {
        replies.retain(|reply| !reply.publish.is_some_and(|publish| self.is_to_come(publish)));
    }

    /// The row of a source.
    pub fn row_of(&self, path: &str) -> Option<u32> {
        find_row(&self.rows, path)
    }

    /// Whether a source cannot be read, so that nobody knows what it would be.
    pub fn is_broken(&self, path: &str) -> bool {
        self.broken.iter().any(|one| *one.path == *path)
    }

    /// Whether a file of the output folder may be made of a source that cannot be read: it is called so, is beside it, or
    /// is the list of its section.
    pub fn may_be_of_broken(&self, file: &str) -> bool {
        let mut broken = self.broken.iter().filter(|one| one.path.starts_with("content/"));
        broken.any(|one| {
            let mut folders = file.strip_suffix(".html").unwrap_or(file).split('/').filter(|part| *part != "index");
            folders.any(|part| one.names.iter().any(|name| name == part)) || {
                let section = one.path["content/".len()..].split_once('/').map_or("", |(section, _)| section);
                file.strip_suffix("/index.html").is_some_and(|list| list.rsplit('/').next() == Some(section))
            }
        })
    }

    /// Whether a visible text shows a file or links to it.
    pub fn is_named(&self, row: u32) -> bool {
        self.named.binary_search(&row).is_ok()
    }

    /// Whether only withheld articles, or withheld updates of live coverage, name a file.
    pub fn is_held_back(&self, row: u32) -> bool {
        self.held.binary_search(&row).is_ok()
    }

    /// The row of the same file where it really is: another one if it lies behind a symbolic link.
    pub fn real(&self, row: u32) -> u32 {
        self.behind_links.get(&row).copied().unwrap_or(row)
    }

    /// The texts that are published from the folders of withheld bundles: for each the row of the bundle, that of the
    /// first text, and how many others there are.
    pub fn texts_beside_bundles(&self) -> Vec<(u32, u32, usize)> {
        hidden::beside_bundles(&self.rows, &self.roles)
    }

    /// What a row turned out to be.
    pub fn role(&self, row: u32) -> Role {
        self.roles[row as usize]
    }

    /// The story in a row that is known to hold one, as far as it may be seen.
    pub fn story(&self, row: u32) -> Box<Story<'_>> {
        let mut story = story_in(&self.rows[row as usize]);
        keep_what_has_been(&mut story, self.until);
        story
    }

    /// A visible article.
    pub fn entry(&self, id: StoryId) -> &Entry {
        &self.stories[id as usize]
    }

    /// The articles of the news sitemap, newest first: those that are new enough, were published here
    /// first and are not paid for.
    pub fn news(&self) -> Vec<StoryId> {
        let is_news = |id: &StoryId| {
            let entry = self.entry(*id);
            timeline::is_for_news_sitemap(entry.kind, entry.is_elsewhere)
        };
        let new = self.editions.iter().flat_map(|edition| (edition.news_from..edition.stories.end).rev());
        let mut news: Vec<StoryId> = new.filter(is_news).collect();
        if self.editions.len() > 1 {
            news.sort_by_key(|id| std::cmp::Reverse(self.entry(*id).date));
        }
        news
    }

    /// The bundle that a file of the content folder belongs to, as the role of its `index.md` and the
    /// file's path below it.
    pub fn bundle_of<'p>(&self, path: &'p str) -> Option<(Role, &'p str)> {
        bundle_of(&self.rows, &self.roles, &self.bundle_names, path)
    }

    /// The address of the article or page beside which the files of the bundle of the source `path` are
    /// published: `url`, its own, unless the bundle has another visible text in a language before its own.
    pub fn beside<'a>(&'a self, path: &str, url: &'a str) -> &'a str {
        if self.editions.len() < 2 || !is_bundle_text(path, &self.bundle_names) {
            return url;
        }
        match self.bundle_of(path) {
            Some((Role::Story(id), _)) => &self.entry(id).url,
            Some((Role::Page(at), _)) => &self.pages[at as usize].url,
            _ => url,
        }
    }
}

/// Whether a source is the text of a bundle.
pub fn is_bundle_text(path: &str, names: &[String]) -> bool {
    path.rsplit_once('/').is_some_and(|(folder, file)| folder.contains('/') && names.iter().any(|name| name == file))
}

/// As [`Index::beside`], while there is no index yet.
fn beside(rows: &[Row], path: &str, url: &str, config: &Config, now: Timestamp) -> String {
    if !config.is_multilingual() || !is_bundle_text(path, &config.bundle_names) {
        return url.to_owned();
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let texts = config.bundle_names.iter().filter_map(|name| find_row(rows, &format!("{folder}/{name}")));
    let mut visible = texts.filter_map(|row| match rows[row as usize].record() {
        Record::Story(story) if is_visible(&story, now, config) => {
            Some(address::encode(config, &permalink::of_story(config, &rows[row as usize].path, &story)))
        }
        _ => None,
    });
    visible.next().unwrap_or_else(|| url.to_owned())
}

fn bundle_of<'p>(rows: &[Row], roles: &[Role], names: &[String], path: &'p str) -> Option<(Role, &'p str)> {
    let mut end = path.len();
    while let Some(slash) = path[..end].rfind('/') {
        let folder = &path[..slash];
        if !folder.contains('/') {
            return None;
        }
        let texts = names.iter().filter_map(|name| find_row(rows, &format!("{folder}/{name}")));
        let mut withheld = None;
        for role in texts.map(|row| roles[row as usize]) {
            if matches!(role, Role::Story(_) | Role::Page(_)) {
                return Some((role, &path[slash + 1..]));
            }
            withheld.get_or_insert(role);
        }
        if let Some(role) = withheld {
            return Some((role, &path[slash + 1..]));
        }
        end = slash;
    }
    None
}

/// The key of a site path in [`Index::withheld`].
pub fn address_key(site_path: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(site_path.as_bytes())
}

fn withheld(rows: &[Row], roles: &[Role], config: &Config) -> FxHashMap<u64, Box<str>> {
    let paths = |(row, _): (&Row, &Role)| {
        let story = story_in(row);
        let own = permalink::of_story(config, &row.path, &story);
        let mut paths: Vec<String> = story.aliases.iter().map(|alias| site_path::of_alias(&own, alias)).collect();
        paths.push(own);
        paths.into_iter().map(|path| (address_key(&path), path.into_boxed_str())).collect::<Vec<_>>()
    };
    let all = rows.par_iter().zip(roles).with_min_len(256).filter(|(_, role)| **role == Role::Withheld);
    all.flat_map_iter(paths).collect()
}

/// The fingerprint of all sources that are neither stories nor the theme's, and of which replies are dated after `until`;
/// and when the first of these comes.
fn files(rows: &[Row], roles: &[Role], until: Option<Timestamp>) -> (Fingerprint, Option<Timestamp>) {
    let mut fingerprint = Fingerprinter::new("files");
    for (row, _) in rows.iter().zip(roles).filter(|(_, role)| **role == Role::Other) {
        if !row.path.starts_with("themes/") {
            fingerprint.text(&row.path).part(&row.content);
        }
    }
    let mut first: Option<Timestamp> = None;
    timeline::of_replies(rows, until.unwrap_or(Timestamp(i64::MAX)), |row, at, _, _| {
        let is_visible = |row: u32| matches!(roles[row as usize], Role::Story(_) | Role::Page(_));
        // Those of others come with their article, at the earliest.
        if !timeline::articles_of(rows, &row.path).any(is_visible) {
            return;
        }
        fingerprint.text(&row.path).number(at.0 as u64);
        first = first.into_iter().chain([at]).min();
    });
    (fingerprint.finish(), first)
}

/// Whether a row holds an article or a page.
fn is_story(row: &Row) -> bool {
    is_markdown(&row.path) && matches!(row.record(), Record::Story(_) | Record::LeftOut(_))
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

/// Leaves of a story what is not dated after `until`: corrections, and that it was updated. What corrections name is
/// named by the story, or withheld. (Updates of live coverage are [`Live`]'s.)
fn keep_what_has_been(story: &mut Story<'_>, until: Option<Timestamp>) {
    let has_been = |at: &Timestamp| until.is_none_or(|until| *at <= until);
    story.corrections.retain_mut(|correction| {
        let is_kept = correction.date.as_ref().is_none_or(has_been);
        let named = std::mem::take(&mut correction.mentions).into_iter();
        story.mentions.extend(named.map(|one| if is_kept { one } else { Mention { how: Naming::Withheld, ..one } }));
        is_kept
    });
    story.core.updated = story.core.updated.filter(has_been);
}

/// The story in a row that is known to hold one.
fn story_in(row: &Row) -> Box<Story<'_>> {
    match row.record() {
        Record::Story(story) | Record::LeftOut(story) => story,
        other => unreachable!("{} holds a story, not {other:?}", row.path),
    }
}

fn find_row(rows: &[Row], path: &str) -> Option<u32> {
    // What lies outside `content/` stands at the end, and is little: searching from there touches only that.
    let mut start = 0;
    if path > "content0" {
        let mut step = 1;
        while step < rows.len() && &*rows[rows.len() - step].path > path {
            step *= 2;
        }
        start = rows.len().saturating_sub(step);
    }
    let find = |path: &str| rows[start..].binary_search_by(|row| (*row.path).cmp(path)).ok();
    // A letter with an accent may be one character or two, in the name of a file and in what names it.
    let otherwise = || {
        let form = composed(path);
        find(&form).or_else(|| find(&decomposed(path)))
    };
    find(path).or_else(|| if path.is_ascii() { None } else { otherwise() }).map(|at| (start + at) as u32)
}

fn seed(
    number: u32,
    row: &Row,
    story: &Story<'_>,
    written: &Written<'_>,
    config: &Config,
    now: Timestamp,
    (people, keys): (&terms::People, &mut terms::KeysOfNames),
) -> Seed {
    let rows = written.rows;
    let url = address::encode(config, &permalink::of_story(config, &row.path, story)).into_boxed_str();
    let image = story.image.as_ref().and_then(|picture| {
        let beside = beside(rows, &row.path, &url, config, now);
        ImageRef::of(picture, &row.path, &beside, rows, config).map(|image| Fingerprint::of_value(&image))
    });
    let changed = story.core.date.max(story.core.updated).unwrap_or_default();
    let changed = story.corrections.iter().filter_map(|correction| correction.date).fold(changed, Ord::max);
    let live = Live::of(story, now, config);
    let changed = live.and_then(|live| live.newest).map_or(changed, |newest| newest.max(changed));
    let mut own = Fingerprinter::new("own");
    if let Some(live) = &live {
        own.part(&Fingerprint::of_value(&LiveRef::of(live, config)));
    }
    // A file may move and keep its address: the id in feeds and relative links follow its path.
    own.text(&url)
        .text(&row.path)
        .number(changed.0 as u64)
        .text(story.id.as_deref().unwrap_or(""))
        .number(story.language.0.into());
    Seed {
        row: number,
        language: story.language,
        date: story.core.date,
        changed,
        section: story.section.as_deref().map(Into::into),
        category: story.category.as_deref().map(Into::into),
        in_section: None,
        terms: terms::Keys::of(story, people, keys),
        own: own.finish(),
        has_photo: image.is_some()
            && story.image.as_ref().is_some_and(|picture| Format::of_name(&picture.src) != Some(Format::Svg)),
        image,
        image_row: story.image.as_ref().and_then(|picture| picture_row(rows, &row.path, &picture.src)),
        pictures: pictures::of_story(story, &row.path, written, |time| live.is_some_and(|live| live.shows(time))),
        url,
        kind: story.core.kind,
        featured: story.core.featured,
        has_aliases: !story.aliases.is_empty(),
        has_id: story.id.is_some(),
        is_elsewhere: is_elsewhere(story, row, config),
        live: live.map(Box::new),
        corrections: corrections::of(story),
    }
}

/// Whether a story was published first at another address than its own.
fn is_elsewhere(story: &Story<'_>, row: &Row, config: &Config) -> bool {
    let Some(canonical) = &story.canonical else { return false };
    let own = config.absolute(&address::encode(config, &permalink::of_story(config, &row.path, story)));
    config.absolute(&address::of_link(config, canonical)) != own
}

/// The sections of each language: every first folder that has an article in it, and every first folder with an
/// `_index.md` in it (but those of authors and corrections, which are listings of their own). Left out are hidden
/// ones, and those of which nothing is visible because it is withheld: their site paths are the second value.
///
/// `called` are the categories after which sections are called, each that of its oldest article.
fn sections<'a>(
    rows: &[Row],
    roles: &[Role],
    used: impl Iterator<Item = (LanguageId, &'a str)>,
    of_pages: impl Iterator<Item = (LanguageId, &'a str)>,
    called: &FxHashMap<(LanguageId, &str), &str>,
    hidden: &Hidden,
    config: &Config,
) -> (Vec<Section>, Vec<String>) {
    let mut files: FxHashMap<(LanguageId, &str), u32> = FxHashMap::default();
    let mut names: Vec<(LanguageId, &str)> = used.collect();
    let with_pages: FxHashSet<(LanguageId, &str)> = of_pages.collect();
    let mut silent: Vec<(LanguageId, String)> = Vec::new();
    for (row, _) in rows.iter().zip(roles).filter(|(_, role)| **role == Role::Withheld) {
        let story = story_in(row);
        silent.extend(story.section.map(|section| (story.language, section.0.into_owned())));
    }
    silent.sort_unstable();
    silent.dedup();
    names.sort_unstable();
    names.dedup();
    silent.retain(|(language, name)| {
        let key = (*language, name.as_str());
        names.binary_search(&key).is_err() && !with_pages.contains(&key)
    });
    for (number, row) in rows.iter().enumerate() {
        let Some((folder, file)) = row.path.strip_prefix("content/").and_then(|rest| rest.split_once('/')) else {
            continue;
        };
        let Some(stem) = without_markdown_ending(file).filter(|stem| stem.starts_with("_index")) else { continue };
        if let ("_index", language) = language::split(stem, language::declared(config)) {
            let language = language.unwrap_or_default();
            if roles[number] == Role::Hidden || hidden.has_section(folder, language) {
                silent.push((language, folder.to_owned()));
                continue;
            }
            files.entry((language, folder)).or_insert(number as u32);
            let is_silent = silent.iter().any(|(of, name)| *of == language && name == folder);
            if !matches!(folder, "authors" | "corrections") && !is_year(folder) && !is_silent {
                names.push((language, folder));
            }
        }
    }
    names.sort_unstable();
    names.dedup();
    let read = |row: u32| match rows[row as usize].record() {
        Record::Section(file) => file,
        _ => SectionFile::default(),
    };
    let path = |name: &str, language: LanguageId| config.language(language).path(&format!("/{name}/"));
    let mut sections: Vec<Section> = names
        .into_iter()
        .map(|(language, name)| {
            let category = called.get(&(language, name)).map(|name| Text::from((*name).to_owned()));
            let row = files.get(&(language, name)).copied();
            let own = row.map(read).unwrap_or_default();
            // What is not said in this language, and needs no words of it.
            let main = match files.get(&(LanguageId::MAIN, name)) {
                Some(main) if language != LanguageId::MAIN => read(*main),
                _ => SectionFile::default(),
            };
            Section {
                title: own
                    .title
                    .or(main.title)
                    .unwrap_or_else(|| category.unwrap_or_else(|| title_of_name(name)))
                    .0
                    .into(),
                description: own.description.0.into(),
                order: own.order.or(main.order),
                row,
                url: address::encode(config, &path(name, language)).into(),
                has_text: own.has_body || with_pages.contains(&(language, name)),
                name: name.into(),
                language,
                stories: Vec::new(),
            }
        })
        .collect();
    let order = |section: &Section| (section.language, section.order.unwrap_or(i64::MAX));
    sections.sort_by(|a, b| (order(a), &a.title, &a.name).cmp(&(order(b), &b.title, &b.name)));
    let silent = silent.into_iter().filter(|(_, name)| !matches!(&**name, "authors" | "corrections"));
    (sections, silent.map(|(language, name)| path(&name, language)).collect())
}

/// The row of the picture `src` of the source `path`, if it is a file of the site.
///
/// A path with a slash in front is looked for in `static/`, then in `content/`; another one beside the
/// source, then in `static/`. It may be the name of the file (`Quay #2.jpg`) or an address of it (`Quay%20%232.jpg?a`).
pub fn picture_row(rows: &[Row], path: &str, src: &str) -> Option<u32> {
    let find = |src: &str| match src.strip_prefix('/') {
        Some(rooted) => {
            find_row(rows, &format!("static/{rooted}")).or_else(|| find_row(rows, &format!("content/{rooted}")))
        }
        None => find_row(rows, &resolve(path, src)?).or_else(|| find_row(rows, &format!("static/{src}"))),
    };
    let plain = &src[..src.find(['?', '#']).unwrap_or(src.len())];
    let by_address = || {
        let decoded = percent_encoding::percent_decode_str(plain).decode_utf8().ok()?;
        (decoded != src).then(|| find(&decoded)).flatten()
    };
    find(src).or_else(by_address)
}

/// What `src`, which is no file, was probably meant to be in the source `path`: a picture in the same folder whose
/// name differs in case, ending, or a letter or two.
pub fn nearest_picture(rows: &[Row], path: &str, src: &str) -> Option<String> {
    let decoded = percent_encoding::percent_decode_str(src).decode_utf8().ok()?;
    let src = decoded.split(['?', '#']).next().unwrap_or_default();
    let kind = |name: &str| {
        let medium = || crate::file_kind::medium_of_file(name).map(|medium| medium.name());
        if Format::of_name(name).is_some() { Some("picture") } else { medium() }
    };
    let wanted_kind = Some(kind(src)?);
    let (folder, name) = src.rsplit_once('/').unwrap_or(("", src));
    let folders = match src.strip_prefix('/') {
        Some(_) => [format!("static{folder}/"), format!("content{folder}/")],
        None if folder.is_empty() => [format!("{}/", resolve(path, "")?), "static/".to_owned()],
        None => [format!("{}/", resolve(path, folder)?), format!("static/{folder}/")],
    };
    let stem = |name: &str| name.rsplit_once('.').map_or_else(String::new, |(stem, _)| stem.to_owned());
    let wanted = name.to_lowercase();
    let mut near: Vec<(usize, &str)> = Vec::new();
    for folder in &folders {
        let start = rows.partition_point(|row| *row.path < **folder);
        let inside = rows[start..].iter().map_while(|row| row.path.strip_prefix(folder.as_str()));
        for given in inside.filter(|rest| !rest.contains('/') && kind(rest) == wanted_kind) {
            let lower = given.to_lowercase();
            let distance = if stem(&lower) == stem(&wanted) { 0 } else { strsim::osa_distance(&lower, &wanted) };
            if distance <= (stem(&wanted).chars().count() / 2).min(2) {
                near.push((distance, given));
            }
        }
    }
    let (_, nearest) = near.into_iter().min()?;
    Some(format!("{}{nearest}", &src[..src.len() - name.len()]))
}

/// Whether a path with a slash in front, which is no file of `static/` or `content/`, leads to a file that the owner
/// keeps in the output folder.
pub(crate) fn is_kept(config: &Config, src: &str) -> bool {
    let Some(rooted) = src.strip_prefix('/') else { return false };
    let rooted = rooted.split(['?', '#']).next().unwrap_or_default();
    let mut kept = config.settings.keep.iter();
    kept.any(|kept| if kept.ends_with('/') { rooted.starts_with(kept.as_str()) } else { rooted == kept })
}

/// The path `relative` as seen from the file `path`; none if it leaves the site.
pub fn resolve(path: &str, relative: &str) -> Option<String> {
    let folder = Path::new(path).parent()?.to_str()?;
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}
