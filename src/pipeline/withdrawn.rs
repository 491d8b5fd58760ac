//! Withdrawn articles that are still public after a build that published nothing.
//!
//! A build that fails leaves the output folder as it was, and so leaves public what an editor has just
//! withdrawn. This module finds those pages, and removes them when that is all that can be done.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use rustc_hash::FxHashSet;

use super::Options;
use crate::article::permalink;
use crate::article::record::Record;
use crate::article::time::Timestamp;
use crate::article::withholding::speaks_of_withholding;
use crate::article::{self, Broken, Known, LARGEST_TEXT, Row, is_markdown};
use crate::config::address;
use crate::config::{Config, FeedContent};
use crate::diagnostic::Diagnostic;
use crate::fingerprint::{Fingerprint, file_id};
use crate::index::{Index, Role, variants};
use crate::plan::Class;
use crate::publish::{self, BuildLog, FolderError, OutputFolder};
use crate::query::Question;
use crate::query::trace::{Trace, Traces};
use crate::site_path;
use crate::source;
use crate::theme;

/// The files of pages in the output folder whose articles or pages are withheld now, or deleted. Of sources with
/// errors those are among them whose front matter has a word that withholds: `draft: ture`.
pub fn still_public(root: &Path, options: &Options) -> Vec<String> {
    look(root, options).map(|(_, _, found)| found.pages).unwrap_or_default()
}

/// A page that readers can get somewhere.
#[derive(Clone, Copy, Debug)]
pub struct Published<'p> {
    /// Its file.
    pub path: &'p str,
    /// The [number](crate::fingerprint::file_id) of the source that it tells of.
    pub origin: u64,
    /// The bytes of that source; none if they are not known.
    pub source: Fingerprint,
}

/// Those of `pages` whose articles or pages are withheld now, or deleted. As [`still_public`], but of what a target holds
/// wherever it is.
pub fn among(root: &Path, options: &Options, pages: &[Published<'_>]) -> Vec<String> {
    let config = Config::in_spite_of_mistakes(root, &options.overrides);
    let layers = theme::layers(root, &config.settings.theme).unwrap_or_default();
    let articles = article::read(root, source::scan(root, &layers), &config, Known::default());
    let is_meant = |one: &Broken| beginning(root, &one.path).is_ok_and(|text| speaks_of_withholding(&text));
    let (meant, broken): (Vec<Broken>, Vec<Broken>) = articles.broken.into_iter().partition(is_meant);
    // What cannot be listed may be there.
    let is_whole = !is_unlisted(root, &broken);
    let known: FxHashSet<u64> = articles
        .rows
        .iter()
        .map(|row| &row.path)
        .chain(meant.iter().map(|one| &one.path))
        .map(|path| file_id(path))
        .collect();
    let index = Index::build_beside(meant, articles.rows, &articles.links, &config, options.now);
    let is_visible = |row: &usize| matches!(index.role(*row as u32), Role::Article(_) | Role::Page(_));
    let visible: Vec<&Row> = (0..index.rows.len()).filter(is_visible).map(|row| &index.rows[row]).collect();
    // What has only a mistake in it withdraws nothing.
    let broken = broken.iter().map(|one| file_id(&one.path));
    let origins: FxHashSet<u64> = visible.iter().map(|row| file_id(&row.path)).chain(broken).collect();
    let contents: FxHashSet<Fingerprint> = visible.iter().map(|row| row.content).collect();
    let is_gone = |page: &&Published<'_>| {
        (is_whole || known.contains(&page.origin))
            && !origins.contains(&page.origin)
            && !contents.contains(&page.source)
    };
    pages.iter().filter(is_gone).map(|page| page.path.to_owned()).collect()
}

/// Whether there are texts that could not be listed.
fn is_unlisted(root: &Path, broken: &[Broken]) -> bool {
    !root.join("content").is_dir() || broken.iter().any(|one| root.join(&*one.path).is_dir())
}

/// Removes the pages that [`still_public`] finds and the files that belong to them. Returns the files of the pages.
///
/// # Errors
/// The machine failed.
pub(super) fn withdraw(root: &Path, options: &Options) -> Result<Vec<String>, FolderError> {
    let _lock = publish::lock(root, || ())?;
    let Some((folder, log, Withdrawn { pages, files: beside })) = look(root, options) else { return Ok(Vec::new()) };
    if pages.is_empty() {
        return Ok(pages);
    }
    let mut files: FxHashSet<String> = folder.files()?.into_iter().collect();
    files.extend(log.traces.pages.iter().flat_map(|trace| folder.kept_files(trace)));
    let is_withdrawn = |file: &&String| belongs_to(file, &pages, &files) || beside.contains(without_encoding(file));
    let mut withdrawn: Vec<&String> = files.iter().filter(is_withdrawn).collect();
    withdrawn.sort_unstable();
    if !withdrawn.is_empty() {
        // What lists them still shows them: the next build has to look at everything.
        folder.interrupt();
    }
    for file in withdrawn {
        folder.remove(file)?;
    }
    Ok(pages.into_iter().filter(|page| files.contains(page)).collect())
}

/// Whether a file is one of `pages`, a compressed copy of one, or lies beside one and no other page.
fn belongs_to(file: &str, pages: &[String], files: &FxHashSet<String>) -> bool {
    let is_withdrawn = |page: &str| pages.iter().any(|other| other == page);
    let plain = without_encoding(file);
    let page_of = |slash: usize| site_path::pages_of(&file[..slash]).find(|page| files.contains(page));
    is_withdrawn(plain)
        || memchr::memrchr_iter(b'/', file.as_bytes()).find_map(page_of).is_some_and(|page| is_withdrawn(&page))
}

/// The file of which another one is a compressed copy, or itself.
fn without_encoding(file: &str) -> &str {
    file.strip_suffix(".gz").or_else(|| file.strip_suffix(".br")).unwrap_or(file)
}

/// The message about pages that were removed although the build failed.
pub(super) fn withdrawal(pages: &[String]) -> Diagnostic {
    Diagnostic::warning(format!("only withdrawals were published: {}", addresses(pages))).hint(
        "pages that list them are as they were until the errors are mended, and feeds with their whole text are gone",
    )
}

/// Files of pages as addresses for people, in one line.
pub fn addresses(pages: &[String]) -> String {
    let address = |page: &String| format!("/{}", page.strip_suffix("index.html").unwrap_or(page));
    pages.iter().map(address).collect::<Vec<_>>().join(", ")
}

/// A source as far as a text may reach.
fn beginning(root: &Path, path: &str) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    File::open(root.join(path))?.take(LARGEST_TEXT).read_to_end(&mut text)?;
    Ok(text)
}

/// What is withdrawn and in the output folder.
struct Withdrawn {
    /// The files of pages.
    pages: Vec<String>,
    /// What belongs to them and lies elsewhere: copies of their photographs, files beside them, feeds with their text.
    files: FxHashSet<String>,
}

fn look(root: &Path, options: &Options) -> Option<(OutputFolder, BuildLog, Withdrawn)> {
    // A broken configuration hides nothing: who is withheld hardly depends on it.
    let config = Config::in_spite_of_mistakes(root, &options.overrides);
    let output = options.output.clone().unwrap_or_else(|| root.join(&config.settings.output));
    let folder = OutputFolder::open(root, &output, &config.settings.keep).ok()?;
    let mut log = BuildLog::read(&BuildLog::path(root, folder.root()));
    let is_of_folder = log.is_there && folder.generation() == Some(log.head.generation);
    let mut unsure = Traces::default();
    if !is_of_folder {
        // It does not tell what is in the folder, but what may be.
        unsure = std::mem::take(&mut log.traces);
    }
    let written = if is_of_folder { &log.traces } else { &unsure };
    let layers = theme::layers(root, &config.settings.theme).unwrap_or_default();
    // What was read with another configuration has other languages, times and addresses.
    let known = if log.head.origin == super::origin(&log.head, &config, &layers, &folder).0 {
        Known { rows: log.rows.clone(), started: log.head.started }
    } else {
        Known::default()
    };
    let articles = article::read(root, source::scan(root, &layers), &config, known);
    let broken = articles.broken.clone();
    if !root.join("content").is_dir() {
        return None;
    }
    // What has only a mistake in it withdraws nothing.
    let speaks = |path: &str| beginning(root, path).is_ok_and(|text| speaks_of_withholding(&text));
    let meant = articles.broken.into_iter().filter(|one| speaks(&one.path)).collect();
    let index = Index::build_beside(meant, articles.rows, &articles.links, &config, options.now);

    let is_visible = |row: u32| matches!(index.role(row), Role::Article(_) | Role::Page(_));
    let visible: FxHashSet<Fingerprint> = (0..index.rows.len() as u32)
        .filter(|row| is_visible(*row))
        .map(|row| index.rows[row as usize].content)
        .collect();
    let is_withdrawn = |row: &Row| is_withdrawn(row, root, &index, &broken, &config, options.now);
    let (gone, kept): (Vec<&Row>, Vec<&Row>) =
        log.rows.iter().filter(|row| is_markdown(&row.path)).partition(|row| is_withdrawn(row));
    let (old, mut still) = (redirects_to(&gone, written), redirects_to(&kept, written));
    if !old.is_empty() {
        let rows = (0..index.rows.len() as u32).filter(|row| is_visible(*row)).map(|row| &index.rows[row as usize]);
        still.extend(old_addresses(rows, &config).iter().map(|path| site_path::output_path(path)));
    }
    let contents = |rows: Vec<&Row>| rows.into_iter().map(|row| row.content).collect::<FxHashSet<Fingerprint>>();
    let (gone, kept) = (contents(gone), contents(kept));
    let pages_of = |is_of: &dyn Fn(&Fingerprint) -> bool| {
        let traces = log.traces.pages.iter().filter(|trace| is_of(&trace.page.source));
        traces.map(|trace| trace.path.to_string()).filter(|path| site_path::is_page(path)).collect::<Vec<_>>()
    };
    let mut found = pages_of(&|source| gone.contains(source) && !visible.contains(source));
    let of_others: FxHashSet<String> = pages_of(&|source| kept.contains(source)).into_iter().collect();
    let taken: FxHashSet<&str> =
        index.articles.iter().map(|article| &*article.url).chain(index.pages.iter().map(|page| &*page.url)).collect();
    // A notice that the last build published stands where the article was.
    let of_nobody = |path: &str| {
        let mut traces = log.traces.pages.iter().filter(|trace| &*trace.path == path);
        traces.any(|trace| trace.page.source == Fingerprint::default())
    };
    let told: FxHashSet<String> =
        index.notices.iter().flat_map(|notice| told_at(&index, notice.row, &config)).collect();
    let is_told = |path: &str| told.contains(path) && of_nobody(&site_path::output_path(path));
    let withheld = index.withheld.values().filter(|path| !taken.contains(&*address::encode(&config, path)));
    // Of a section whose only visible articles have mistakes nothing is withdrawn.
    let has_mistakes = |path: &str| {
        let name = path.trim_end_matches('/').rsplit('/').next();
        let is_inside = |one: &Broken| one.path.rsplit('/').skip(1).any(|folder| Some(folder) == name);
        broken.iter().any(is_inside) && of_nobody(&site_path::output_path(path))
    };
    let withheld = withheld.filter(|path| !is_told(path) && !has_mistakes(path));
    found.extend(withheld.map(|path| site_path::output_path(path)).filter(|path| !of_others.contains(path)));
    let is_free = |file: &&String| {
        let path = format!("/{}", file.strip_suffix("index.html").unwrap_or(file));
        !taken.contains(&*address::encode(&config, &path)) && !is_told(&path)
    };
    let old = old.difference(&still).filter(is_free);
    found.extend(old.filter(|path| !of_others.contains(*path)).cloned());
    found.extend(profiles(&log, written, &index, &config, |path| {
        !broken.iter().any(|one| one.holds(path)) || speaks(path)
    }));
    // In a folder that is left alone somebody else's file may have the address of an article.
    let is_ours = |path: &String| {
        let trace = log.traces.of_file(path);
        trace.map_or(!is_of_folder, |trace| folder.kept_files(trace).contains(path))
    };
    found.retain(|path| folder.stamp(path).is_some() && (!folder.is_kept(path) || is_ours(path)));
    found.sort_unstable();
    found.dedup();
    let mut files = files_of(&log, &index, &broken, &config);
    files.extend(feeds_with(&found, &log, &folder, &config));
    Some((folder, log, Withdrawn { pages: found, files }))
}

/// Whether a text that the last build knew is withheld or deleted now.
fn is_withdrawn(row: &Row, root: &Path, index: &Index, broken: &[Broken], config: &Config, now: Timestamp) -> bool {
    match index.row_of(&row.path) {
        Some(number) => index.role(number) == Role::Withheld,
        None if !broken.iter().any(|one| one.holds(&row.path)) => true,
        // With the mistakes of the configuration it cannot be read, but it has been.
        None => beginning(root, &row.path).is_ok_and(|text| match row.record() {
            Record::Entry(entry) if Fingerprint::of(&text) == row.content => {
                entry.withheld.holds(now, config.drafts, config.future)
            }
            _ => speaks_of_withholding(&text),
        }),
    }
}

/// The pages of authors whose profiles the last build showed, and which are withheld or deleted now; `is_gone` says so of
/// those that are not read.
fn profiles(
    log: &BuildLog,
    written: &Traces,
    index: &Index,
    config: &Config,
    is_gone: impl Fn(&str) -> bool,
) -> Vec<String> {
    let mut found = Vec::new();
    for row in log.rows.iter().filter(|row| row.path.starts_with("content/authors/")) {
        let Record::Author(file) = row.record() else { continue };
        let is_gone = index.row_of(&row.path).map_or_else(|| is_gone(&row.path), |now| index.role(now) == Role::Hidden);
        if !is_gone || file.withheld.holds(Timestamp(log.head.now), config.drafts, config.future) {
            continue;
        }
        let is_asked = |question: &Question| matches!(question, Question::Profile(path) if *path == row.path);
        let asks = |trace: &&Trace| {
            let shared = trace.page.shared.iter().filter_map(|number| written.questions.get(*number as usize));
            shared.chain(&trace.page.own).any(|(question, _)| is_asked(question))
        };
        let of_author = |trace: &&Trace| {
            trace.class == Class::Listing
                && site_path::is_page(&trace.path)
                && trace.path.split('/').any(|part| part == "authors")
        };
        let pages = written.pages.iter().filter(of_author).filter(asks);
        found.extend(pages.map(|trace| trace.path.to_string()));
    }
    found
}

/// The files of the output folder that are made from files which are withheld now, or deleted: they and their copies, as
/// the last build knew them.
fn files_of(log: &BuildLog, index: &Index, broken: &[Broken], config: &Config) -> FxHashSet<String> {
    let is_hidden = |number: u32| {
        let bundle = index.bundle_of(&index.rows[number as usize].path);
        index.role(number) == Role::Hidden
            || index.is_held_back(number)
            || matches!(bundle, Some((Role::Withheld | Role::Other, _)))
    };
    let copies = |row: &Row| match row.record() {
        Record::File(Some(file)) => variants::name(row, &file, config),
        _ => None,
    };
    let is_shown = |number: &u32| !is_markdown(&index.rows[*number as usize].path) && !is_hidden(*number);
    let shown: FxHashSet<Fingerprint> =
        (0..index.rows.len() as u32).filter(is_shown).map(|number| index.rows[number as usize].content).collect();
    let is_gone = |row: &&Row| {
        row.path.starts_with("content/")
            && !is_markdown(&row.path)
            && !shown.contains(&row.content)
            && index.row_of(&row.path).map_or_else(|| !broken.iter().any(|one| one.holds(&row.path)), &is_hidden)
    };
    let gone: Vec<&Row> = log.rows.iter().filter(is_gone).collect();
    let contents: FxHashSet<Fingerprint> = gone.iter().map(|row| row.content).collect();
    let names: Vec<String> = gone.iter().filter_map(|row| copies(row)).collect();
    let is_copy = |path: &str| {
        let name = path.strip_prefix("pictures/");
        let is_of = |name: &str, of: &String| name.strip_prefix(&**of).is_some_and(|rest| rest.starts_with('-'));
        name.is_some_and(|name| names.iter().any(|of| is_of(name, of)))
    };
    let made = log.traces.pages.iter().filter(|trace| {
        !site_path::is_page(&trace.path) && (contents.contains(&trace.page.source) || is_copy(&trace.path))
    });
    made.map(|trace| trace.path.to_string()).collect()
}

/// The feeds that carry the whole text of one of the pages.
fn feeds_with(pages: &[String], log: &BuildLog, folder: &OutputFolder, config: &Config) -> Vec<String> {
    const FEEDS: [&str; 3] = ["feed.xml", "atom.xml", "feed.json"];
    if pages.is_empty() || config.settings.feeds.content != FeedContent::Full {
        return Vec::new();
    }
    let address = |page: &String| {
        config.absolute(&address::encode(config, &format!("/{}", page.strip_suffix("index.html").unwrap_or(page))))
    };
    let addresses: Vec<String> = pages.iter().map(address).collect();
    let carries = |path: &&str| {
        let is_feed = FEEDS.contains(&path.rsplit('/').next().unwrap_or_default());
        let text = if is_feed { std::fs::read(folder.root().join(path)).unwrap_or_default() } else { Vec::new() };
        let text = String::from_utf8_lossy(&text);
        // XML has `&` and quotation marks as entities.
        let plain = html_escape::decode_html_entities(&text);
        addresses.iter().any(|one| text.contains(one) || plain.contains(one))
    };
    log.traces.pages.iter().map(|trace| &*trace.path).filter(carries).map(str::to_owned).collect()
}

/// The pages at old addresses that led to some sources. What the log has written is asked, since the configuration may
/// have another `permalink` and other languages now.
fn redirects_to(rows: &[&Row], written: &Traces) -> FxHashSet<String> {
    let sources: FxHashSet<u64> = rows.iter().map(|row| file_id(&row.path)).collect();
    let traces = written.pages.iter().filter(|trace| trace.class == Class::Redirect && sources.contains(&trace.origin));
    traces.map(|trace| trace.path.to_string()).collect()
}

/// The site paths that lead to articles and pages.
fn old_addresses<'r>(rows: impl Iterator<Item = &'r Row>, config: &Config) -> FxHashSet<String> {
    let of = |row: &Row| match row.record() {
        Record::Entry(entry) if !entry.aliases.is_empty() => {
            let own = permalink::of_entry(config, &row.path, &entry);
            entry.aliases.iter().map(|alias| site_path::of_alias(&own, alias)).collect()
        }
        _ => Vec::new(),
    };
    rows.flat_map(of).collect()
}

/// The site paths of a notice, and of what leads to it.
fn told_at(index: &Index, row: u32, config: &Config) -> Vec<String> {
    let entry = index.entry(row);
    let own = permalink::of_entry(config, &index.rows[row as usize].path, &entry);
    let old = entry.aliases.iter().map(|alias| site_path::of_alias(&own, alias));
    old.chain([own.clone()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_withdrawn_page_takes_its_own_files_and_leaves_the_pages_below_it() {
        let all = [
            "index.html",
            "about/index.html",
            "about/index.html.br",
            "about/plan.svg",
            "about/team/index.html",
            "about/team/photos/one.jpg",
            "plain.html",
            "plain.html.gz",
            "plain.svg",
        ];
        let files: FxHashSet<String> = all.iter().map(|file| (*file).to_owned()).collect();
        let pages = ["about/index.html".to_owned(), "plain.html".to_owned()];
        let gone: Vec<&str> = all.into_iter().filter(|file| belongs_to(file, &pages, &files)).collect();
        let wanted = ["about/index.html", "about/index.html.br", "about/plan.svg", "plain.html", "plain.html.gz"];
        assert_eq!(gone, wanted);
    }
}
