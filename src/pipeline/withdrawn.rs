//! Withdrawn articles that are still public after a build that published nothing.
//!
//! A build that fails leaves the output folder as it was, and so leaves public what an editor has just
//! withdrawn. This tells which pages these are, and removes them when that is all that can be done.

use std::path::Path;

use rustc_hash::FxHashSet;

use super::Options;
use crate::article::{self, Known, is_markdown};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::index::{Index, Role};
use crate::plan::address;
use crate::publish::{self, BuildLog, FolderError, OutputFolder};
use crate::render::theme;
use crate::source;

/// The files of pages in the output folder whose articles or pages are withheld now, or deleted. Sources with
/// errors are not among them: nobody knows what they are meant to be.
pub fn still_public(root: &Path, options: &Options) -> Vec<String> {
    let (folder, found) = look(root, options).unzip();
    found.filter(|_| folder.is_some()).unwrap_or_default()
}

/// Removes what [`still_public`] tells, with everything that stands beside it. Returns the files of the pages.
///
/// # Errors
/// The machine failed.
pub(super) fn withdraw(root: &Path, options: &Options) -> Result<Vec<String>, FolderError> {
    let _lock = publish::lock(root, || ())?;
    let Some((folder, pages)) = look(root, options) else { return Ok(Vec::new()) };
    if pages.is_empty() {
        return Ok(pages);
    }
    // What lists them still shows them: the next build has to look at everything.
    folder.interrupt();
    let folders: Vec<&str> = pages.iter().filter_map(|page| page.strip_suffix("index.html")).collect();
    let beside = |file: &str| folders.iter().any(|folder| !folder.is_empty() && file.starts_with(folder));
    for file in folder.files()?.iter().filter(|file| pages.contains(file) || beside(file)) {
        folder.remove(file)?;
    }
    Ok(pages)
}

/// What is said of pages that were removed although the build failed.
pub(super) fn withdrawal(pages: &[String]) -> Diagnostic {
    Diagnostic::warning(format!("only withdrawals were published: {}", addresses(pages)))
        .hint("pages that list them are as they were until the errors are mended")
}

/// Files of pages as addresses for people, in one line.
pub fn addresses(pages: &[String]) -> String {
    let address = |page: &String| format!("/{}", page.strip_suffix("index.html").unwrap_or(page));
    pages.iter().map(address).collect::<Vec<_>>().join(", ")
}

fn look(root: &Path, options: &Options) -> Option<(OutputFolder, Vec<String>)> {
    // A broken configuration hides nothing: who is withheld hardly depends on it.
    let config = Config::load(root, &options.overrides).or_else(|_| Config::from_text("", &options.overrides)).ok()?;
    let output = options.output.clone().unwrap_or_else(|| root.join(&config.settings.output));
    let folder = OutputFolder::open(root, &output, &config.settings.keep).ok()?;
    let log = BuildLog::read(&BuildLog::path(root, folder.root()));
    let is_of_folder = log.is_there && folder.generation() == Some(log.head.generation);
    let layers = theme::layers(root, &config.settings.theme).unwrap_or_default();
    let known = Known { rows: log.rows.clone(), started: log.head.started };
    let articles = article::read(root, source::scan(root, &layers), &config, known);
    let broken: FxHashSet<Box<str>> = articles.broken.into_iter().collect();
    let index = Index::build(articles.rows, &config, options.now);

    let mut found: Vec<String> = Vec::new();
    let is_visible = |row: u32| matches!(index.role(row), Role::Story(_) | Role::Page(_));
    let visible: FxHashSet<Fingerprint> = (0..index.rows.len() as u32)
        .filter(|row| is_visible(*row))
        .map(|row| index.rows[row as usize].content)
        .collect();
    if is_of_folder {
        let is_withdrawn = |path: &str| match index.row_of(path) {
            Some(row) => index.role(row) == Role::Withheld,
            None => !broken.contains(path),
        };
        let withdrawn: FxHashSet<Fingerprint> = log
            .rows
            .iter()
            .filter(|row| is_markdown(&row.path) && is_withdrawn(&row.path))
            .map(|row| row.content)
            .filter(|content| !visible.contains(content))
            .collect();
        let pages = log.traces.pages.iter().filter(|trace| withdrawn.contains(&trace.page.source));
        found.extend(pages.map(|trace| trace.path.to_string()).filter(|path| path.ends_with(".html")));
    }
    let taken: FxHashSet<&str> =
        index.stories.iter().map(|entry| &*entry.url).chain(index.pages.iter().map(|page| &*page.url)).collect();
    let withheld = index.withheld.values().filter(|path| !taken.contains(&*address::encode(&config, path)));
    found.extend(withheld.map(|path| address::output_path(path)));
    found.retain(|path| folder.stamp(path).is_some());
    found.sort_unstable();
    found.dedup();
    Some((folder, found))
}
