//! Photographs and other files: copied from a folder of uploads, or fetched from the old site.
//!
//! They keep the path that they had, so none overwrites another and links from elsewhere live. What only withheld
//! texts show stays out of `static/`, which is published as a whole: that of embargoed articles lies in `content/`,
//! where the build holds it back until the first of them is published, and that of drafts where no build looks.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::place;
use super::report::MediaReport;
use crate::write;

/// Where files lie that published texts show, and those that embargoed ones do.
const PUBLIC: &str = "static";
const EMBARGOED: &str = "content";

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

/// Copies files to where the texts that show them need them: published texts, embargoed ones, and all others. Those of
/// the first two that are not there are given back with their folder.
pub(super) fn copy(
    root: &Path,
    folder: Option<&Path>,
    [public, embargoed, withheld]: [&BTreeSet<String>; 3],
    is_trial: bool,
    report: &mut MediaReport,
) -> [(&'static str, BTreeMap<String, String>); 2] {
    let mut missing = [(PUBLIC, BTreeMap::new()), (EMBARGOED, BTreeMap::new())];
    let later: BTreeSet<String> = embargoed.difference(public).cloned().collect();
    let never: BTreeSet<String> =
        withheld.iter().filter(|path| !public.contains(*path) && !later.contains(*path)).cloned().collect();
    report.needed = public.len() + later.len();
    for (at, (paths, to)) in [(public, PUBLIC), (&later, EMBARGOED), (&never, WITHHELD)].into_iter().enumerate() {
        for path in paths {
            let mut miss = |why: String| _ = missing.get_mut(at).map(|(_, missing)| missing.insert(path.clone(), why));
            let is_needed = to != WITHHELD;
            let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
            let below_root = |to: &str| place::below(root, &format!("{to}{decoded}"));
            let Some(target) = below_root(to) else {
                miss("not a name that every file system has".into());
                continue;
            };
            // What an earlier import put into `content/` is published there when its time has come.
            let is_there = || target.is_file() || is_needed && below_root(EMBARGOED).is_some_and(|file| file.is_file());
            if is_there() {
                report.there += usize::from(is_needed);
                report.withheld += usize::from(!is_needed);
                continue;
            }
            let Some(source) = folder.and_then(|folder| below(folder, path)) else {
                miss(String::new());
                continue;
            };
            let copied = is_trial || {
                match fs::read(&source).and_then(|bytes| write::create(&target, &bytes)) {
                    Ok(_) => true,
                    Err(error) => {
                        miss(error.to_string());
                        false
                    }
                }
            };
            if copied {
                report.copied += 1;
                report.there += usize::from(is_needed);
                report.withheld += usize::from(!is_needed);
            }
        }
    }
    missing
}
