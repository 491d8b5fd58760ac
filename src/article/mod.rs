//! Stage 2, **article**: from a file to what is known of it.
//!
//! Reads every source whose content is not known from the last build, and keeps one [`Row`] for each: its
//! stamp, the fingerprint of its bytes, and its [`Record`], encoded. It does not know other sources;
//! whether an entry is visible, and under which address, is decided in stages 3 and 4. Bodies are not kept.

pub mod calls;
pub mod comments;
mod fields;
pub mod front;
pub mod front_matter;
mod headers;
pub mod headings;
pub mod keys;
pub mod language;
mod lines;
pub mod live;
mod mdx;
mod mentions;
pub mod parts;
pub mod passage;
pub mod permalink;
mod photo;
pub mod record;
mod remarks;
pub mod rewrite;
pub mod slug;
pub mod summary;
pub mod time;
pub mod values;
pub mod withholding;

use std::fs;
use std::path::Path;

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::file_kind::markup;
use crate::fingerprint::Fingerprint;
use crate::source::{Links, PartialScan, Reader, Source, Sources, Stamp, is_gone};
use crate::source_name::{self, LeftOut, is_index, left_out_text};
use crate::text::text_of;
pub use fields::json;
use front_matter::Reading;
pub use lines::Lines;
use record::{Mention, Record, Text};

/// A source and what is known of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// The path of the source.
    pub path: Box<str>,
    /// The stamp under which it was read.
    pub stamp: Stamp,
    /// The fingerprint of its bytes.
    pub content: Fingerprint,
    /// The fingerprint of the teaser's core, for articles and pages.
    pub core: Fingerprint,
    /// The record, encoded.
    #[serde(with = "serde_bytes")]
    pub record: Box<[u8]>,
}

impl Row {
    /// The record.
    pub fn record(&self) -> Record<'_> {
        record::decode(&self.record)
    }
}

/// All sources, read. Sorted by path.
#[derive(Debug, Default)]
pub struct Articles {
    /// A row for each source.
    pub rows: Vec<Row>,
    /// What is wrong with them.
    pub diagnostics: Vec<Diagnostic>,
    /// The rows that are not those of the last build, if only by their stamp.
    pub changed: Vec<u32>,
    /// Sources of the last build that are gone.
    pub gone: Vec<Box<str>>,
    /// Sources that are there and cannot be read as what they are; their errors are among the diagnostics.
    pub broken: Vec<Broken>,
    /// The largest change among them.
    pub change: Change,
    /// When the listing began.
    pub started: i64,
    /// The symbolic links among the sources.
    pub links: Links,
}

impl Articles {
    /// What changed, for the log.
    pub fn changes(&self) -> RowChanges {
        let set = self.changed.iter().map(|at| self.rows[*at as usize].clone()).collect();
        RowChanges { set, gone: self.gone.clone() }
    }
}

/// How far a source is another one than in the last build.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Not at all.
    #[default]
    None,
    /// It was written anew with the same bytes.
    Stamp,
    /// Other bytes, but nothing that the index is made from: the body of an article, a template, comments.
    Beside,
    /// Nothing but the headline or the summary of an article or page, and where its body begins.
    Wording,
    /// Anything.
    Record,
}

/// What one build changed in the rows.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct RowChanges {
    /// Rows that are new or another, sorted by path.
    pub set: Vec<Row>,
    /// Paths of sources that are gone.
    pub gone: Vec<Box<str>>,
}

impl RowChanges {
    /// Makes what was changed true. `rows` are sorted by path, before and after.
    pub fn apply(self, rows: &mut Vec<Row>) {
        let find = |rows: &[Row], path: &str| rows.binary_search_by(|row| (*row.path).cmp(path));
        let mut new = Vec::new();
        for row in self.set {
            match find(rows, &row.path) {
                Ok(at) => rows[at] = row,
                Err(_) => new.push(row),
            }
        }
        if !self.gone.is_empty() {
            let gone: FxHashSet<usize> = self.gone.iter().filter_map(|path| find(rows, path).ok()).collect();
            let mut at = 0..;
            rows.retain(|_| at.next().is_none_or(|at| !gone.contains(&at)));
        }
        if !new.is_empty() {
            rows.append(&mut new);
            // Two sorted runs: this is one merge.
            rows.sort_by(|a, b| a.path.cmp(&b.path));
        }
    }
}

/// What the last build knew.
#[derive(Debug, Default)]
pub struct Known {
    /// Its rows, sorted by path.
    pub rows: Vec<Row>,
    /// When its listing began.
    pub started: i64,
}

/// Reads the sources that the last build did not know.
pub fn read(root: &Path, mut sources: Sources, config: &Config, known: Known) -> Articles {
    let started = sources.started;
    let mut diagnostics = std::mem::take(&mut sources.diagnostics);
    let links = std::mem::take(&mut sources.links);
    let mut gone = Vec::new();
    let mut before = known.rows.into_iter().peekable();
    let pairs: Vec<(Source, Option<Row>)> = sources
        .into_sorted()
        .into_iter()
        .map(|source| {
            gone.extend(std::iter::from_fn(|| before.next_if(|row| row.path < source.path)).map(|row| row.path));
            let row = before.next_if(|row| row.path == source.path);
            (source, row)
        })
        .collect();
    gone.extend(before.map(|row| row.path));
    let reading = Reading::of(config);
    let read: Vec<Read> = pairs
        .into_par_iter()
        .with_min_len(16)
        .map(|(source, row)| match row {
            Some(row) if row.stamp == source.stamp && row.stamp.is_trusted(known.started) => {
                Read::Row(row, Change::None)
            }
            row => read_one(root, source, row.as_ref(), &reading),
        })
        .collect();
    let broken = Broken::unlisted(&diagnostics, &reading);
    let mut articles = Articles { gone, started, links, broken, ..Articles::default() };
    articles.rows.reserve_exact(read.len());
    for result in read {
        match result {
            Read::Row(row, change) => {
                if change != Change::None {
                    articles.changed.push(articles.rows.len() as u32);
                    articles.change = articles.change.max(change);
                }
                articles.rows.push(row);
            }
            Read::Broken(path, problems) => {
                articles.change = Change::Record;
                articles.broken.push(*path);
                diagnostics.extend(problems);
            }
            Read::Gone(path) => articles.gone.push(path),
        }
    }
    if !articles.gone.is_empty() {
        articles.change = Change::Record;
    }
    articles.diagnostics = diagnostics;
    articles
}

/// Reads only what was looked at; everything else is as in `known`.
pub fn read_again(root: &Path, looked: PartialScan, config: &Config, known: Known) -> Articles {
    let Known { mut rows, started } = known;
    let mut diagnostics = looked.diagnostics;
    let is_there = |path: &str| looked.sources.binary_search_by(|source| (*source.path).cmp(path)).is_ok();
    let mut gone: Vec<Box<str>> = Vec::new();
    for path in &looked.paths {
        let below = format!("{path}/");
        let start = rows.partition_point(|row| *row.path < *below);
        let inside = rows[start..].iter().take_while(|row| row.path.starts_with(&below));
        let itself = rows.binary_search_by(|row| (*row.path).cmp(path)).ok().map(|at| &rows[at]);
        gone.extend(inside.chain(itself).filter(|row| !is_there(&row.path)).map(|row| row.path.clone()));
    }
    gone.sort_unstable();
    gone.dedup();
    let reading = Reading::of(config);
    let find = |rows: &[Row], path: &str| rows.binary_search_by(|row| (*row.path).cmp(path)).ok();
    let read: Vec<Read> = looked
        .sources
        .into_par_iter()
        .map(|source| {
            let row = find(&rows, &source.path).map(|at| &rows[at]);
            read_one(root, source, row, &reading)
        })
        .collect();
    let mut change = Change::None;
    let (mut set, mut broken) = (Vec::new(), Broken::unlisted(&diagnostics, &reading));
    for result in read {
        match result {
            Read::Row(row, one) => {
                change = change.max(one);
                if one != Change::None {
                    set.push(row);
                }
            }
            // The row of the last build is out of date.
            Read::Broken(path, problems) => {
                gone.push(path.path.clone());
                broken.push(*path);
                diagnostics.extend(problems);
            }
            Read::Gone(path) => gone.push(path),
        }
    }
    if !gone.is_empty() {
        change = Change::Record;
    }
    let paths: Vec<Box<str>> = set.iter().map(|row| row.path.clone()).collect();
    let changes = RowChanges { set, gone };
    let gone = changes.gone.clone();
    changes.apply(&mut rows);
    let changed = paths.iter().filter_map(|path| find(&rows, path)).map(|at| at as u32).collect();
    Articles { rows, diagnostics, changed, gone, broken, change, started, links: Links::default() }
}

/// A source that cannot be read as what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Its path.
    pub path: Box<str>,
    /// What one of the last parts of its address may be, as far as that can be told.
    pub names: Vec<String>,
    /// The files that it names; `None` if it could not be opened.
    pub mentions: Option<Vec<Mention<'static>>>,
}

impl Broken {
    fn of(path: Box<str>, bytes: Option<&[u8]>, reading: &Reading<'_>) -> Box<Self> {
        let text = String::from_utf8_lossy(bytes.unwrap_or_default());
        let is_text = is_markdown(&path);
        let names = if is_text { front_matter::likely_names(&path, &text, reading) } else { Vec::new() };
        let mentions = (!is_text || bytes.is_some()).then(|| {
            let mut mentions = Vec::new();
            mentions::add_written(&mut mentions, None, if is_text { &text } else { "" }, reading.base_url);
            mentions
        });
        Box::new(Self { path, names, mentions })
    }

    /// The texts, and the folders of texts, that stage 1 could not even list.
    fn unlisted(diagnostics: &[Diagnostic], reading: &Reading<'_>) -> Vec<Self> {
        let errors = diagnostics.iter().filter(|one| one.is_error());
        let paths = errors.filter_map(|one| one.place.as_ref()).map(|place| &*place.path);
        let texts = paths.filter(|path| *path == "content" || path.starts_with("content/"));
        let of = |path: &str| {
            let broken = *Self::of(path.into(), None, reading);
            // A folder is a part of the addresses of what is in it.
            let names = path.rsplit('/').next().filter(|_| !is_markdown(path)).map(str::to_owned);
            Self { names: broken.names.into_iter().chain(names).collect(), ..broken }
        };
        texts.map(of).collect()
    }

    /// Whether it is this source, or the folder around it.
    pub fn holds(&self, path: &str) -> bool {
        path.strip_prefix(&*self.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether it may withhold the whole site.
    pub fn may_speak_for_site(&self) -> bool {
        let name = self.path.strip_prefix("content/").filter(|name| !name.contains('/'));
        &*self.path == "content"
            || may_be_of_section(&self.path) && name.is_some()
            || name.is_some_and(is_index) && is_markdown(&self.path)
    }
}

/// What reading a source came to.
enum Read {
    /// The row, and how much it changed.
    Row(Row, Change),
    /// It cannot be read as what it is.
    Broken(Box<Broken>, Vec<Diagnostic>),
    /// It was deleted after it was listed.
    Gone(Box<str>),
}

/// Bytes of the largest text that is parsed. Ten novels are smaller; what is larger is a mistake, such as a dump of a
/// database, and would take memory of many times its size.
pub const LARGEST_TEXT: u64 = 16 << 20;

/// Reads one source; how far it is another than the known one.
fn read_one(root: &Path, source: Source, known: Option<&Row>, reading: &Reading<'_>) -> Read {
    let is_text = (is_markdown(&source.path) || is_comments(&source.path) || is_ad(&source.path))
        && left_out_text(&source.path).is_none();
    if is_text && source.stamp.length > LARGEST_TEXT {
        let problem = Diagnostic::error(format!(
            "the file has {} bytes, and a text has at most {LARGEST_TEXT}",
            source.stamp.length
        ));
        let problem = problem.at(Place::file(&*source.path)).hint("split it, or move it to `static/`");
        return Read::Broken(Broken::of(source.path, None, reading), vec![problem]);
    }
    let bytes = match fs::read(root.join(&*source.path)) {
        Ok(bytes) => bytes,
        Err(error) if is_gone(&error) => return Read::Gone(source.path),
        Err(error) => {
            let problem = Diagnostic::error(format!("cannot read this file: {error}"))
                .at(Place::file(&*source.path))
                .hint("check its permissions");
            return Read::Broken(Broken::of(source.path, None, reading), vec![problem]);
        }
    };
    let path = source.path.clone();
    match row_of(source, &bytes, known, reading) {
        Ok((row, change)) => Read::Row(row, change),
        Err(problems) => Read::Broken(Broken::of(path, Some(&bytes), reading), problems),
    }
}

fn row_of(
    source: Source,
    bytes: &[u8],
    known: Option<&Row>,
    reading: &Reading<'_>,
) -> Result<(Row, Change), Vec<Diagnostic>> {
    let path = &*source.path;
    let content = Fingerprint::of(bytes);
    if let Some(row) = known
        && row.content == content
    {
        let change = if row.stamp == source.stamp { Change::None } else { Change::Stamp };
        return Ok((Row { stamp: source.stamp, ..row.clone() }, change));
    }
    let mut core = Fingerprint::default();
    let record = if let Some(why) = left_out_text(path) {
        left_out(path, bytes, why, reading)
    } else if is_ad(path) {
        let text = text_of(path, bytes)?;
        front_matter::read(path, text, text, reading)?.encode()
    } else if is_markdown(path) {
        let text = text_of(path, bytes)?;
        let mdx = mdx::is_mdx(path).then(|| mdx::Mdx::read(path, text));
        let problems = mdx.as_ref().map(|mdx| mdx.problems(path, text)).unwrap_or_default();
        if !problems.is_empty() {
            return Err(problems);
        }
        let record = front_matter::read(path, mdx.as_ref().map_or(text, |mdx| &mdx.text), text, reading)?;
        if let Record::Entry(entry) = &record {
            core = Fingerprint::of_value(&entry.core);
        }
        record.encode()
    } else if is_comments(path) {
        let text = text_of(path, bytes)?;
        let mut comments = comments::read(path, text, reading.zone)?;
        comments.retain(|comment| !comment.is_withheld);
        let latest = comments.iter().filter_map(|comment| comment.publish).max();
        Record::Comments(latest, comments).encode()
    } else if is_with_front_matter(path, bytes) || path.starts_with("content/") && markup(path).is_some() {
        left_out(path, bytes, LeftOut::Other, reading)
    } else if path.starts_with("content/") || path.starts_with("static/") {
        let parts = parts::read(path, bytes, reading.base_url);
        parts.map_or_else(|| Record::File(photo::read(path, bytes)), Record::List).encode()
    } else {
        Record::File(photo::read(path, bytes)).encode()
    };
    let is_beside =
        ["themes/", "data/", "includes/"].iter().any(|folder| path.starts_with(folder)) || is_comments(path);
    let is_beside = is_beside && !is_ad(path);
    let is_entry = core != Fingerprint::default();
    let change = match known {
        Some(row) if is_beside || is_entry && row.record == record => Change::Beside,
        Some(row) if is_entry && differs_in_wording(&row.record, &record) => Change::Wording,
        _ => Change::Record,
    };
    Ok((Row { path: source.path, stamp: source.stamp, content, core, record }, change))
}

/// Whether two records of an entry are the same but for [`Change::Wording`].
fn differs_in_wording(known: &[u8], now: &[u8]) -> bool {
    let (Record::Entry(mut known), Record::Entry(now)) = (record::decode(known), record::decode(now)) else {
        return false;
    };
    known.core.title.clone_from(&now.core.title);
    known.core.summary.clone_from(&now.core.summary);
    known.body = now.body;
    known == now
}

/// The record of a text that is not read, encoded. It withholds what it names; one whose name says that it is not to be
/// published is withheld as a draft is. Its mistakes are not reported.
fn left_out(path: &str, bytes: &[u8], why: LeftOut, reading: &Reading<'_>) -> Box<[u8]> {
    if bytes.len() as u64 > LARGEST_TEXT || is_comments(path) {
        return Record::Unread(Vec::new()).encode();
    }
    let whole = String::from_utf8_lossy(bytes);
    if why == LeftOut::Marked {
        let mdx = mdx::is_mdx(path).then(|| mdx::Mdx::read(path, &whole));
        let text = mdx.as_ref().map_or(&*whole, |mdx| &mdx.text);
        if let Ok(Record::Entry(entry)) = front_matter::read(path, text, &whole, reading) {
            return Record::LeftOut(entry).encode();
        }
    }
    let mut mentions = Vec::new();
    mentions::add_written(&mut mentions, None, &whole, reading.base_url);
    Record::Unread(mentions).encode()
}

/// Whether the file is Markdown of the content folder.
pub fn is_markdown(path: &str) -> bool {
    path.starts_with("content/") && source_name::is_markdown_name(path)
}

/// Whether a file is a house advertisement.
pub fn is_ad(path: &str) -> bool {
    path.starts_with(source_name::FOLDER_OF_ADS) && source_name::is_markdown_name(path)
}

/// Whether a file is called as that of a section is, or nearly so: `_index.md`, `_Index.de.md`.
pub fn may_be_of_section(path: &str) -> bool {
    let name = path.strip_prefix("content/").and_then(|rest| rest.rsplit('/').next());
    name.and_then(|name| name.split('.').next()).is_some_and(|stem| stem.eq_ignore_ascii_case("_index"))
}

/// Whether the file is HTML, by its name.
pub fn is_html(path: &str) -> bool {
    let ending = path.rsplit('.').next().unwrap_or_default();
    ["html", "htm", "xhtml"].iter().any(|html| ending.eq_ignore_ascii_case(html))
}

/// Whether the file is HTML or plain text of the content folder with front matter, as Jekyll reads it. Published as it is,
/// it would show its front matter, and what that withholds.
fn is_with_front_matter(path: &str, bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes).trim_ascii_start();
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
    path.starts_with("content/") && (is_html(path) || path.ends_with(".txt")) && matches!(first, b"---" | b"+++")
}

/// Whether the file holds the comments on an article.
pub fn is_comments(path: &str) -> bool {
    path.starts_with("content/") && path.ends_with(source_name::COMMENTS)
}

/// The text of a content file, read again for its body.
///
/// # Errors
/// The file is not what it was in stage 2.
pub fn body_text(reader: &Reader, row: &Row) -> Result<String, Diagnostic> {
    Ok(body_and_loss(reader, row)?.0)
}

/// As [`body_text`], with a warning of what the file has and its page has not.
///
/// # Errors
/// The file is not what it was in stage 2.
pub fn body_and_loss(reader: &Reader, row: &Row) -> Result<(String, Option<Diagnostic>), Diagnostic> {
    let text = String::from_utf8(reader.read(&row.path, &row.content)?).map_err(|error| {
        let problems = text_of(&row.path, error.as_bytes()).expect_err("the bytes are not UTF-8");
        problems.into_iter().next().expect("one problem")
    })?;
    if !mdx::is_mdx(&row.path) {
        return Ok((text, None));
    }
    let mdx = mdx::Mdx::read(&row.path, &text);
    let warning = mdx.warning(&row.path, &text);
    Ok((mdx.text, warning))
}

/// A name made of a folder or slug: `local-news` is `Local news`.
pub fn title_of_name(name: &str) -> Text<'static> {
    let words = name.replace(['-', '_'], " ");
    let mut characters = words.chars();
    let first = characters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    Text::from(first + characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_that_is_deleted_before_it_is_read_was_never_there() {
        let site = tempfile::tempdir().expect("a folder");
        fs::create_dir(site.path().join("content")).expect("a folder");
        fs::write(site.path().join("content/a.md"), "---\ntitle: A\n---\n").expect("written");
        let config = Config::from_text("", &crate::config::Overrides::default()).expect("a configuration");
        let known = read(site.path(), crate::source::scan(site.path(), &[]), &config, Known::default()).rows;
        assert_eq!(known.len(), 1);
        let sources = crate::source::scan(site.path(), &[]);
        fs::remove_file(site.path().join("content/a.md")).expect("removed");
        let articles = read(site.path(), sources, &config, Known { rows: known, started: 0 });
        assert!(articles.rows.is_empty() && articles.diagnostics.is_empty(), "{articles:?}");
        assert_eq!((&*articles.gone, articles.change), (&[Box::from("content/a.md")][..], Change::Record));
    }

    #[test]
    fn only_headline_and_summary_are_wording() {
        let site = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(site.path().join("content/n")).expect("a folder");
        let config = Config::from_text("", &crate::config::Overrides::default()).expect("a configuration");
        let read = |text: &str, known: Known| {
            fs::write(site.path().join("content/n/a.md"), text).expect("written");
            read(site.path(), crate::source::scan(site.path(), &[]), &config, known)
        };
        let text = "---\ntitle: Ferry\ndate: 2026-11-01\n---\nIt sails.\n\nAt noon.\n";
        let change = |to: &str| {
            let rows = read(text, Known::default()).rows;
            read(to, Known { rows, started: 0 }).change
        };
        for (from, to, expected) in [
            ("At noon", "At one", Change::Beside),
            ("Ferry", "The ferry", Change::Wording),
            ("It sails", "It waits", Change::Wording),
            ("Ferry\n", "Ferry\nslug: ship\n", Change::Record),
            ("Ferry\n", "Ferry\nfeatured: true\n", Change::Record),
            ("2026-11-01", "2026-11-02", Change::Record),
            ("At noon", "[At noon](b.pdf)", Change::Record),
        ] {
            assert_eq!(change(&text.replace(from, to)), expected, "{from} → {to}");
        }
    }

    #[test]
    fn the_first_bad_byte_is_named() {
        let problems = text_of("a.md", b"ok\nbad \xff here").expect_err("not UTF-8");
        let place = problems[0].place.as_ref().expect("a place");
        assert_eq!((place.line, place.column), (2, 5));
    }
}
