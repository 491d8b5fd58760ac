//! Bundles: folders with a text, `index.md`, whose other files belong to it.

use super::files::find_row;
use super::{Index, Role, is_visible};
use crate::article::Row;
use crate::article::permalink;
use crate::article::record::Record;
use crate::article::time::Timestamp;
use crate::config::{Config, address};

impl Index {
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
            Some((Role::Article(id), _)) => &self.article(id).url,
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
pub(super) fn beside(rows: &[Row], path: &str, url: &str, config: &Config, now: Timestamp) -> String {
    if !config.is_multilingual() || !is_bundle_text(path, &config.bundle_names) {
        return url.to_owned();
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let texts = config.bundle_names.iter().filter_map(|name| find_row(rows, &format!("{folder}/{name}")));
    let mut visible = texts.filter_map(|row| match rows[row as usize].record() {
        Record::Entry(entry) if is_visible(&entry, now, config) => {
            Some(address::encode(config, &permalink::of_entry(config, &rows[row as usize].path, &entry)))
        }
        _ => None,
    });
    visible.next().unwrap_or_else(|| url.to_owned())
}

/// As [`Index::bundle_of`], while there is no index yet.
pub(super) fn bundle_of<'p>(rows: &[Row], roles: &[Role], names: &[String], path: &'p str) -> Option<(Role, &'p str)> {
    let mut end = path.len();
    while let Some(slash) = path[..end].rfind('/') {
        let folder = &path[..slash];
        if !folder.contains('/') {
            return None;
        }
        let texts = names.iter().filter_map(|name| find_row(rows, &format!("{folder}/{name}")));
        let mut withheld = None;
        for role in texts.map(|row| roles[row as usize]) {
            if matches!(role, Role::Article(_) | Role::Page(_)) {
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
