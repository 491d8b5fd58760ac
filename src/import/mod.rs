//! `courant import`: a site from elsewhere as a site of courant.
//!
//! Readers, one for each kind of source, give [records](item) of one type; one writer makes files of them. It runs in
//! two passes: the first reads everything and keeps what is small, the second writes item by item, since links,
//! images and addresses of an item depend on items that come later.
//!
//! What is published never grows: only what everybody could read there becomes visible here, and each file is read
//! with the reader of the build before it is written. Nothing is written outside the target.

mod addresses;
mod body;
mod encoding;
mod fetch;
mod folder;
pub mod item;
mod json;
mod loss;
mod manifest;
mod media;
pub mod parity;
mod place;
mod plan;
mod redirect_list;
mod redirects;
pub mod report;
mod spool;
mod wordpress;
mod writer;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufReader};
use std::path::PathBuf;

use jiff::tz::TimeZone;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::article::time::Timestamp;
use crate::diagnostic::{self, Diagnostic, Place};
use crate::pipeline::Failure;
use crate::source_name;
use item::{Author, Item, Media, Record, Section, Site};
use plan::Head;
use report::Report;

/// Where a site comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Exports of WordPress (WXR).
    Wordpress,
    /// JSON Lines of the import type.
    Json,
    /// A folder of Jekyll.
    Jekyll,
    /// A folder of Hugo.
    Hugo,
    /// A folder of Zola.
    Zola,
}

impl Door {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wordpress => "wordpress",
            Self::Json => "json",
            Self::Jekyll => "jekyll",
            Self::Hugo => "hugo",
            Self::Zola => "zola",
        }
    }
}

/// What an import is asked to do.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The folder of the site.
    pub into: PathBuf,
    /// A folder with the uploads of the old site.
    pub media: Option<PathBuf>,
    /// Fetch images and files from the old site.
    pub does_download: bool,
    /// Say what would be done, and write nothing.
    pub is_trial: bool,
    /// Overwrite files that somebody has edited since the last import.
    pub force: bool,
    /// Types of posts besides `post` and `page` that are published as they were.
    pub types: Vec<String>,
    /// New names of sections, by the old ones.
    pub sections: BTreeMap<String, String>,
    /// The time zone; guessed from the dates when it is not given.
    pub timezone: Option<String>,
    /// A file of redirects that the old site had.
    pub redirects: Option<PathBuf>,
    /// Show images that are not here from where they are.
    pub has_hotlinks: bool,
    /// Another address of the front page than the old one.
    pub base_url: Option<String>,
    /// The moment of the import: what is dated later is not public.
    pub now: Timestamp,
}

/// Whether an item is visible here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Visibility {
    /// Everybody may read it.
    Published,
    /// Everybody may read it from its date on.
    Embargoed,
    /// Nobody; the reason.
    Draft(String),
}

/// An old address that leads to something other than an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    Section(String),
    Tag(String),
    Author(String),
    /// A year, or a month of it.
    Month(i16, Option<i8>),
    Path(String),
    /// It is given up: nothing here lists the same.
    Nothing,
}

/// What all bodies need to know.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    /// Blocks that several posts share, by their number.
    pub(crate) blocks: FxHashMap<u64, String>,
    /// The files of an item in their order: paths here.
    pub(crate) children: FxHashMap<u64, Vec<String>>,
    /// Items that are not public, by their number.
    pub(crate) withheld: FxHashSet<u64>,
    /// Corrections that stand beside their items, by the number of the item.
    pub(crate) corrections: FxHashMap<u64, Vec<item::Correction>>,
}

/// The first pass: records as they come.
pub(crate) struct Reading<'o> {
    pub(crate) options: &'o Options,
    pub(crate) report: Report,
    spool: spool::Spool,
    heads: Vec<Head>,
    pub(crate) site: Site,
    sections: BTreeMap<String, Section>,
    authors: BTreeMap<String, Author>,
    media: Vec<Media>,
    pub(crate) shared: Shared,
    /// Old addresses of listings.
    pub(crate) destinations: Vec<(String, Destination)>,
    visible: Visible,
    zone: TimeZone,
    /// What exports of WordPress said so far.
    state: wordpress::State,
}

/// What published articles have.
#[derive(Debug, Default)]
pub(crate) struct Visible {
    tags: FxHashSet<String>,
    authors: FxHashSet<String>,
    months: BTreeSet<(i16, i8)>,
}

impl<'o> Reading<'o> {
    fn new(options: &'o Options) -> io::Result<Self> {
        let zone = options.timezone.as_deref().and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC);
        Ok(Self {
            options,
            report: Report::default(),
            spool: spool::Spool::new()?,
            heads: Vec::new(),
            site: Site::default(),
            sections: BTreeMap::new(),
            authors: BTreeMap::new(),
            media: Vec::new(),
            shared: Shared::default(),
            destinations: Vec::new(),
            visible: Visible::default(),
            state: wordpress::State::default(),
            zone,
        })
    }

    /// Takes a record.
    pub(crate) fn record(&mut self, record: Record) -> io::Result<()> {
        match record {
            Record::Site(site) => {
                if let Ok(zone) = TimeZone::get(&site.timezone)
                    && self.options.timezone.is_none()
                    && !site.timezone.is_empty()
                {
                    self.zone = zone;
                }
                self.site = site;
            }
            Record::Section(mut section) => {
                section.slug = self.section_name(&section.slug);
                if !section.slug.is_empty() {
                    let slug = section.slug.clone();
                    let known = self.sections.entry(slug).or_default();
                    if known.title.is_empty() {
                        let aliases = std::mem::take(&mut known.aliases);
                        *known = section;
                        known.aliases.extend(aliases);
                    } else {
                        known.aliases.extend(section.aliases);
                    }
                }
            }
            Record::Author(author) => {
                if !author.id.is_empty() {
                    self.authors.entry(author.id.clone()).or_insert(author);
                }
            }
            Record::Media(media) => self.media.push(media),
            Record::Article(mut item) => {
                item.section = self.section_name(&item.section);
                self.head(&item, false);
                self.spool.add(&Record::Article(item))?;
            }
            Record::Page(item) => {
                self.head(&item, true);
                self.spool.add(&Record::Page(item))?;
            }
        }
        Ok(())
    }

    /// The name of a section as a folder.
    fn section_name(&self, given: &str) -> String {
        let mapped = self.options.sections.get(given).map_or(given, String::as_str);
        let slug = place::slug(mapped);
        if slug.is_empty() || source_name::can_be_section(&slug) && !plan::is_reserved(&slug) {
            return slug;
        }
        format!("section-{slug}")
    }

    /// Decides whether an item is visible here, and counts it if it was there. A draft may be judged once more.
    pub(crate) fn judge(&mut self, at: usize, item: &Item, is_page: bool) {
        let standing = standing(item, is_page, self.options, &self.zone);
        let was_public = self.was_public(item);
        self.report.published_there += usize::from(was_public);
        if standing == Visibility::Published && !is_page {
            self.visible.tags.extend(item.tags.iter().cloned());
            self.visible.authors.extend(item.authors.iter().cloned());
        }
        (self.heads[at].standing, self.heads[at].was_public) = (standing, was_public);
    }

    fn head(&mut self, item: &Item, is_page: bool) {
        let date = item.date.as_deref().and_then(|date| Timestamp::parse(date, &self.zone).ok());
        self.heads.push(Head {
            is_page,
            number: item.number,
            local_date: item.date.clone().filter(|date| {
                !date.ends_with('Z') && !date.get(19..).is_some_and(|offset| offset.starts_with(['+', '-']))
            }),
            date,
            updated: item.updated.clone(),
            slug: item.slug.clone(),
            title_slug: if item.slug.is_empty() { item.title.clone() } else { String::new() },
            section: item.section.clone(),
            url: item.url.clone(),
            id: crate::text::plain_line(&item.id),
            aliases: item.aliases.clone(),
            origin: item.origin.clone(),
            ..Head::default()
        });
        self.judge(self.heads.len() - 1, item, is_page);
    }

    /// Whether everybody could read the item where it comes from.
    fn was_public(&self, item: &Item) -> bool {
        let date = item.date.as_deref().and_then(|date| Timestamp::parse(date, &self.zone).ok());
        matches!(&*item.status, "publish" | "published")
            && item.password.is_empty()
            && date.is_none_or(|date| date <= self.options.now)
            && (item.kind_there.is_empty()
                || matches!(&*item.kind_there, "post" | "page")
                || self.options.types.contains(&item.kind_there))
    }

    /// Notes what of the source cannot be read. `place` is a file, or a file and a line.
    pub(crate) fn lost(&mut self, place: &str, what: String) {
        self.report.repairs.push(report::Line { source: place.to_owned(), what: what.clone() });
        let of_line = place.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse::<u32>().ok()?)));
        let place = match of_line {
            Some((file, line)) => Place { path: file.to_owned(), line, column: 1, length: 1, text: String::new() },
            None => Place::file(place),
        };
        self.problem(Diagnostic::error(what).at(place).hint("export it again, or correct the file, and import again"));
    }

    /// Notes what is wrong with the source.
    pub(crate) fn problem(&mut self, problem: Diagnostic) {
        self.report.problems.push(problem);
    }
}

/// Whether a status shows an item to everybody, now or at its date.
pub(crate) fn can_be_public(status: &str) -> bool {
    matches!(status, "publish" | "published" | "future")
}

/// Whether an item is visible here. Only what is plainly published there is.
fn standing(item: &Item, is_page: bool, options: &Options, zone: &TimeZone) -> Visibility {
    let draft = |reason: &str| Visibility::Draft(reason.to_owned());
    if !item.password.is_empty() {
        return draft("with a password");
    }
    let kind = item.kind_there.as_str();
    if !matches!(kind, "" | "post" | "page") && !options.types.iter().any(|one| one == kind) {
        return Visibility::Draft(format!("of the type {kind}"));
    }
    match item.expires.as_deref().map(|end| Timestamp::parse(end, zone)) {
        Some(Err(_)) => return draft("with an end that cannot be read"),
        Some(Ok(end)) if end <= options.now => return draft("expired"),
        _ => {}
    }
    let date = item.date.as_deref().map(|date| Timestamp::parse(date, zone));
    let is_later = matches!(date, Some(Ok(date)) if date > options.now);
    match (&*item.status, date) {
        (_, Some(Err(_))) => draft("with a date that cannot be read"),
        ("publish" | "published" | "future", Some(Ok(_))) if is_later => Visibility::Embargoed,
        ("future", _) => draft("scheduled there, and never published"),
        ("publish" | "published", None) if !is_page => draft("without a date"),
        ("publish" | "published", _) => Visibility::Published,
        ("", _) => draft("without a status"),
        (status, _) => Visibility::Draft(crate::text::plain_line(status)),
    }
}

/// Imports some sources into a site.
///
/// # Errors
/// A source is not there, the options do not make sense, or the machine failed. What was written before stays, and the
/// import may be given again.
pub fn import(door: Door, sources: &[PathBuf], options: &Options, tell: &dyn Fn(&str)) -> Result<Report, Failure> {
    if let Some(name) = options.timezone.as_deref().filter(|name| TimeZone::get(name).is_err()) {
        let hint = "write a name of the IANA database, such as Europe/Copenhagen";
        return Err(Failure::site(Diagnostic::error(format!("there is no time zone `{name}`")).hint(hint)));
    }
    if matches!(door, Door::Jekyll | Door::Hugo | Door::Zola) {
        let [source] = sources else {
            return Err(Failure::site(Diagnostic::error("one folder is one site").hint("name one folder")));
        };
        return folder::import(door, source, options);
    }
    let spooled = |error: io::Error| Failure::Machine(diagnostic::machine("write", "the scratch file", &error));
    let mut reading = Reading::new(options).map_err(spooled)?;
    door.name().clone_into(&mut reading.report.format);
    for source in sources {
        let name =
            source.file_name().map_or_else(|| source.display().to_string(), |name| name.to_string_lossy().into_owned());
        tell(&format!("reading {name}"));
        reading.report.sources.push(name.clone());
        let shown = source.display().to_string();
        let read = match door {
            Door::Json => File::open(source).and_then(|file| json::read(&name, BufReader::new(file), &mut reading)),
            _ => wordpress::read(&name, source, &mut reading),
        };
        read.map_err(|error| unreadable(&shown, &error))?;
    }
    if door == Door::Wordpress {
        wordpress::finish(&mut reading).map_err(spooled)?;
    }
    if let Some(list) = &options.redirects {
        let name = list.display().to_string();
        let text = std::fs::read(list).map_err(|error| unreadable(&name, &error))?;
        let (pairs, left) = redirect_list::read(&String::from_utf8_lossy(&text));
        let pairs = pairs.into_iter().map(|(from, to)| (from, Destination::Path(to)));
        reading.destinations.splice(0..0, pairs);
        if left > 0 {
            reading.report.remark(
                name,
                format!("{left} redirects are patterns, or lead nowhere; write them as rules for your host"),
            );
        }
    }
    tell(&format!("writing {} articles and pages", reading.heads.len()));
    writer::write(reading)
}

fn unreadable(name: &str, error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::IsADirectory | io::ErrorKind::InvalidData => Failure::site(
            Diagnostic::error(format!("cannot read this source: {error}"))
                .at(Place::file(name))
                .hint("name the file of the export"),
        ),
        _ => Failure::Machine(diagnostic::machine("read", name, error)),
    }
}
