//! Photographs and other files: copied from a folder of uploads, or fetched from the old site.
//!
//! They keep the path that they had, so none overwrites another and links from elsewhere live. What only withheld
//! texts show stays out of `static/`, which is published as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::place;
use super::report::MediaReport;
use crate::write;

/// Where files wait that only withheld texts show.
pub(super) const WITHHELD: &str = "static-withheld";

/// The file at a path of the old site, below a folder of its uploads: the folder may be that of the site, of
/// `wp-content`, or of `uploads` itself.
pub(super) fn below(folder: &Path, path: &str) -> Option<PathBuf> {
    let path = percent_encoding::percent_decode_str(path.split(['?', '#']).next()?).decode_utf8().ok()?.into_owned();
    let path = path.trim_start_matches('/');
    let mut candidates = vec![path];
    for head in ["wp-content/uploads/", "wp-content/", "uploads/"] {
        candidates.extend(path.split_once(head).map(|(_, rest)| rest));
    }
    let mut found = candidates.into_iter().filter_map(|path| place::below(folder, path)).filter(|file| file.is_file());
    found.find(|file| {
        // A link in the folder must not lead out of it.
        let inside = || fs::canonicalize(file).ok()?.starts_with(fs::canonicalize(folder).ok()?).then_some(());
        inside().is_some()
    })
}

/// Copies what published texts show into `static/`, and what only others show beside it.
pub(super) fn copy(
    root: &Path,
    folder: Option<&Path>,
    public: &BTreeSet<String>,
    withheld: &BTreeSet<String>,
    is_trial: bool,
    report: &mut MediaReport,
) {
    report.needed = public.len();
    let mut missing: BTreeMap<String, String> = BTreeMap::new();
    for (paths, to) in [(public, "static"), (withheld, WITHHELD)] {
        for path in paths {
            let is_public = to == "static";
            if !is_public && public.contains(path) {
                continue;
            }
            let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
            let relative = format!("{to}{decoded}");
            let Some(target) = place::below(root, &relative) else {
                missing.insert(path.clone(), "not a name that every file system has".into());
                continue;
            };
            if target.is_file() {
                report.there += usize::from(is_public);
                report.withheld += usize::from(!is_public);
                continue;
            }
            let Some(source) = folder.and_then(|folder| below(folder, path)) else {
                if is_public {
                    missing.insert(path.clone(), String::new());
                }
                continue;
            };
            let copied = is_trial || {
                match fs::read(&source).and_then(|bytes| write::create(&target, &bytes)) {
                    Ok(_) => true,
                    Err(error) => {
                        missing.insert(path.clone(), error.to_string());
                        false
                    }
                }
            };
            if copied {
                report.copied += 1;
                report.there += usize::from(is_public);
                report.withheld += usize::from(!is_public);
            }
        }
    }
    report.missing = missing;
}
