//! Stage 1, **sources**: what is on disk.
//!
//! Lists every file of the site that can influence the output, with a stamp (length and modification
//! time). It does not read contents and knows nothing of what a file means; that is stage 2. The one
//! idea: a file is named by its path relative to the site's folder, and that name is its identity.

mod links;
mod reader;
mod stamp;

use std::fs::{self, FileType};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::WalkDir;

use crate::diagnostic::{Diagnostic, Place};
use crate::source_name::{
    Unread, folder_of_texts, is_below, is_ignored, is_ignored_source, is_in_left_out, is_index, is_markdown_name,
    is_of_editor, is_wrong_section, marked_folder, set_aside, text_kind, unread,
};
pub use links::{Link, Links};
pub use reader::{Reader, is_gone};
pub(crate) use stamp::Folder;
pub use stamp::{COARSE_MARGIN_NANOSECONDS, FINE_MARGIN_NANOSECONDS, Stamp, now_nanoseconds};

/// A file on disk that can influence the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Relative to the site's folder, `/` between folders: `content/local/tunnel.md`.
    pub path: Box<str>,
    /// Length and modification time when it was listed.
    pub stamp: Stamp,
}

/// All sources of a site, each list sorted by path.
#[derive(Debug, Default)]
pub struct Sources {
    /// Everything under `content/`.
    pub content: Vec<Source>,
    /// Everything under `static/`.
    pub statics: Vec<Source>,
    /// Everything under `data/`.
    pub data: Vec<Source>,
    /// Everything under `includes/`.
    pub includes: Vec<Source>,
    /// Everything under `themes/<name>/` of the themes in use.
    pub themes: Vec<Source>,
    /// When the listing began, in nanoseconds since 1970.
    pub started: i64,
    /// Links out of the site, unreadable folders and the like.
    pub diagnostics: Vec<Diagnostic>,
    /// The symbolic links: a change in one place shows in another.
    pub links: Links,
}

impl Sources {
    /// All of them, sorted by path.
    pub fn into_sorted(self) -> Vec<Source> {
        let mut all: Vec<Source> = self.content;
        all.extend(self.data);
        all.extend(self.includes);
        all.extend(self.statics);
        all.extend(self.themes);
        all.sort_by(|a, b| a.path.cmp(&b.path));
        all
    }
}

/// What is on disk at some paths.
#[derive(Debug, Default)]
pub struct PartialScan {
    /// The paths; what lies below them and is not among `sources` does not exist.
    pub paths: Vec<String>,
    /// The files, sorted by path.
    pub sources: Vec<Source>,
    /// Unreadable folders and the like.
    pub diagnostics: Vec<Diagnostic>,
}

/// Lists only the files at and below `paths`, which are relative to the site's folder. None if only a
/// whole [`scan`] tells: where symbolic links are.
pub fn look<'p>(root: &Path, themes: &[String], paths: impl Iterator<Item = &'p str>) -> Option<PartialScan> {
    let real_root = fs::canonicalize(root).ok()?;
    let walk = Walk { root, real_root };
    let mut looked = PartialScan::default();
    for path in paths {
        let mut parts = path.split('/');
        let is_part_of_site = match parts.next() {
            Some("content" | "static" | "data" | "includes") => true,
            Some("themes") => parts.next().is_some_and(|name| themes.iter().any(|theme| theme == name)),
            _ => false,
        };
        if !is_part_of_site {
            continue;
        }
        // What is told of a folder that is left out stands at that folder.
        let path = set_aside(path).or_else(|| marked_folder(path)).unwrap_or(path);
        looked.paths.push(path.to_owned());
        let mut found = Found::default();
        let ends: Vec<usize> = path.match_indices('/').map(|(at, _)| at).chain([path.len()]).collect();
        let mut is_there = true;
        for pair in ends.windows(2) {
            let (folder, name) = (&path[..pair[0]], &path[pair[0] + 1..pair[1]]);
            match fs::symlink_metadata(root.join(&path[..pair[1]])) {
                Ok(metadata) if metadata.is_symlink() => return None,
                Ok(_) if !is_ignored(folder, name) => {}
                _ => is_there = false,
            }
        }
        if !is_there {
            continue;
        }
        match path.rsplit_once('/') {
            Some((folder, name)) if root.join(path).is_file() => {
                file(&Folder::open(&root.join(folder)), folder, name, &mut found);
            }
            _ => {
                let is_left_out = is_in_left_out(&format!("{path}/"));
                found.diagnostics.extend(is_left_out.then(|| left_out(&root.join(path), path)).flatten());
                walk.folder(path, &mut found);
            }
        }
        if !found.links.is_empty() {
            return None;
        }
        looked.sources.append(&mut found.sources);
        looked.diagnostics.append(&mut found.diagnostics);
    }
    looked.sources.sort_by(|a, b| a.path.cmp(&b.path));
    looked.sources.dedup_by(|a, b| a.path == b.path);
    Some(looked)
}

/// Whether a path, relative to the site's folder, names a source or a folder of sources.
pub fn is_source(path: &str) -> bool {
    path == crate::config::FILE || is_below(path) && !is_ignored_source(path)
}

/// Lists the sources of the site in `root` that uses the themes `themes`.
pub fn scan(root: &Path, themes: &[String]) -> Sources {
    let started = now_nanoseconds();
    let real_root = fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
    let walk = Walk { root, real_root };
    let list = |folder: &str| {
        let mut found = Found::default();
        let real = fs::canonicalize(root.join(folder)).unwrap_or_default();
        if real.is_dir() && real != walk.real_root.join(folder) && !walk.may_lead(folder, &real) {
            // Left out with a warning, a whole folder would be a site without its articles.
            let message = if real.starts_with(&walk.real_root) {
                "this folder is a symbolic link to what is not published from there"
            } else {
                "this folder is a symbolic link that leads out of the site"
            };
            found.diagnostics.push(
                Diagnostic::error(message).at(Place::file(folder)).hint("move the folder to the place of the link"),
            );
        } else if real.is_dir() {
            walk.folder(folder, &mut found);
        } else if root.join(folder).is_symlink() {
            let problem =
                Diagnostic::error("this folder is a symbolic link that leads nowhere").at(Place::file(folder));
            found.diagnostics.push(problem.hint("let it lead to a folder of the site, or remove it"));
        }
        found.sources.sort_by(|a, b| a.path.cmp(&b.path));
        found
    };
    let ((content, statics), ((data, includes), theme_files)) = rayon::join(
        || rayon::join(|| list("content"), || list("static")),
        || {
            (
                (list("data"), list("includes")),
                themes.iter().map(|name| list(&format!("themes/{name}"))).collect::<Vec<_>>(),
            )
        },
    );
    let (mut diagnostics, mut links) = (Vec::new(), Vec::new());
    let mut keep = |found: Found| {
        diagnostics.extend(found.diagnostics);
        links.extend(found.links);
        found.sources
    };
    let content = keep(content);
    let statics = keep(statics);
    let data = keep(data);
    let includes = keep(includes);
    let themes = theme_files.into_iter().flat_map(&mut keep).collect();
    Sources { content, statics, data, includes, themes, started, diagnostics, links: Links::new(links) }
}

#[derive(Default)]
struct Found {
    sources: Vec<Source>,
    diagnostics: Vec<Diagnostic>,
    links: Vec<Link>,
}

/// Folders that are still to be listed, each with the links that were followed to it.
type Below = Vec<(String, Vec<PathBuf>)>;

struct Walk<'a> {
    root: &'a Path,
    real_root: PathBuf,
}

impl Walk<'_> {
    /// Lists `folder` and everything below, level by level: folders may be as deep as the system lets them be, and
    /// no stack grows with them.
    fn folder(&self, folder: &str, found: &mut Found) {
        let mut level = vec![(folder.to_owned(), Vec::new())];
        while !level.is_empty() {
            let listed: Vec<(Found, Below)> =
                level.into_par_iter().map(|(folder, links)| self.entries(&folder, &links)).collect();
            level = Vec::new();
            for (one, below) in listed {
                found.sources.extend(one.sources);
                found.diagnostics.extend(one.diagnostics);
                found.links.extend(one.links);
                level.extend(below);
            }
        }
    }

    /// Lists what is in `folder` itself. `links` are the real folders of the symbolic links that were followed to
    /// get here: following one of them again would never end.
    fn entries(&self, folder: &str, links: &[PathBuf]) -> (Found, Below) {
        let (mut found, mut below) = (Found::default(), Below::new());
        let handle = Folder::open(&self.root.join(folder));
        let inside = format!("{folder}/");
        // There only texts are looked for, and nothing is told.
        let (is_inside, is_aside) = (is_in_left_out(&inside), set_aside(&inside).is_some());
        for entry in WalkDir::new(self.root.join(folder)).min_depth(1).max_depth(1).follow_root_links(true) {
            let entry = match entry {
                Ok(entry) => entry,
                // Deleted while the folder was being listed.
                Err(error) if is_aside || error.io_error().is_some_and(is_gone) => continue,
                Err(error) => {
                    let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                    found.diagnostics.push(
                        Diagnostic::error(format!("cannot list this folder: {reason}"))
                            .at(Place::file(folder))
                            .hint("check its permissions"),
                    );
                    continue;
                }
            };
            let Some(name) = entry.file_name().to_str() else {
                if is_aside {
                    continue;
                }
                let shown = entry.file_name().to_string_lossy();
                found.diagnostics.push(
                    Diagnostic::error("the file name is not UTF-8")
                        .at(Place::file(format!("{folder}/{shown}")))
                        .hint("rename the file"),
                );
                continue;
            };
            if is_ignored(folder, name) {
                continue;
            }
            let path = format!("{folder}/{name}");
            let mut kind = entry.file_type();
            if is_aside && !kind.is_dir() && !kind.is_file() {
                continue;
            }
            let mut followed = links.to_vec();
            if kind.is_symlink() {
                let mut link = Link { path: path.as_str().into(), target: None };
                match self.follow(&path, links) {
                    Ok((target_kind, target)) => {
                        kind = target_kind;
                        link.target = self.relative(&target).map(Into::into);
                        found.links.push(link);
                        followed.push(target);
                    }
                    Err(diagnostic) => {
                        found.links.push(link);
                        found.diagnostics.push(diagnostic);
                        continue;
                    }
                }
            }
            if kind.is_dir() {
                let is_left_out = !is_inside && is_in_left_out(&format!("{path}/"));
                found.diagnostics.extend(is_left_out.then(|| left_out(&self.root.join(&path), &path)).flatten());
                below.push((path, followed));
            } else if kind.is_file() {
                file(&handle, folder, name, &mut found);
            } else {
                found.diagnostics.push(
                    Diagnostic::warning("not a regular file (a pipe, socket or device); it is left out")
                        .at(Place::file(path)),
                );
            }
        }
        // Sorted runs: what puts all of them in order has little left to do.
        found.sources.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        (found, below)
    }

    /// Where something real is in the site.
    fn relative(&self, real: &Path) -> Option<String> {
        let inside = real.strip_prefix(&self.real_root).ok()?.to_str()?;
        Some(inside.replace(std::path::MAIN_SEPARATOR, "/"))
    }

    /// Whether the link `path` may lead to `target`: only to what would be published, or read, in the same way without
    /// it. So it stays in its own folder of sources, or leads to `static/`, which is public as a whole. What is left
    /// out there (`.git`, hidden folders) is left out behind a link, too, and what is an article or a file of comments
    /// is one behind it; inbox, log and output are no sources. What is withheld there, the index knows.
    fn may_lead(&self, path: &str, target: &Path) -> bool {
        let Some(target) = self.relative(target) else { return false };
        let folder = |path: &str| path.split('/').next().unwrap_or_default().to_owned();
        let end = if self.root.join(&target).is_dir() { "/" } else { "" };
        let (from, to) = (folder(path), folder(&target));
        let (parent, name) = target.rsplit_once('/').unwrap_or(("", &target));
        is_below(&target)
            && (to == from || to == "static")
            && !is_ignored_source(&target)
            && set_aside(&format!("{target}{end}")).is_none()
            && unread(parent, name).is_none()
            && marked_folder(&target).is_none()
            && (to == "static" || text_kind(path) == text_kind(&target))
    }

    /// Where a symbolic link leads, if it may be followed.
    fn follow(&self, path: &str, links: &[PathBuf]) -> Result<(FileType, PathBuf), Diagnostic> {
        let link = self.root.join(path);
        let target = fs::canonicalize(&link).map_err(|_| {
            Diagnostic::warning("a symbolic link that leads nowhere, or back to itself; it is left out")
                .at(Place::file(path))
                .hint("let it lead to a file of the site, or remove it")
        })?;
        if !target.starts_with(&self.real_root) {
            return Err(Diagnostic::warning("a symbolic link that leads out of the site; it is left out")
                .at(Place::file(path))
                .hint("copy the file into the site, or move the link's target there"));
        }
        if !self.may_lead(path, &target) {
            let shown = target.strip_prefix(&self.real_root).unwrap_or(&target).display();
            return Err(Diagnostic::warning(format!(
                "a symbolic link to `{shown}`, which is not published from there; it is left out"
            ))
            .at(Place::file(path))
            .hint("link to a file in the same folder of sources or in `static/`, or copy the file"));
        }
        let parent = link.parent().and_then(|p| fs::canonicalize(p).ok()).unwrap_or_default();
        if parent.starts_with(&target) || links.contains(&target) {
            return Err(Diagnostic::warning("a symbolic link that leads back to a folder above it; it is left out")
                .at(Place::file(path))
                .hint("remove the link"));
        }
        match fs::metadata(&target) {
            Ok(metadata) => Ok((metadata.file_type(), target)),
            Err(error) => Err(Diagnostic::warning(format!("cannot follow this symbolic link: {error}"))
                .at(Place::file(path))
                .hint("check the permissions of the file to which it leads")),
        }
    }
}

/// Lists one file.
fn file(handle: &Folder, folder: &str, name: &str, found: &mut Found) {
    if is_ignored(folder, name) {
        return;
    }
    let path = format!("{folder}/{name}");
    // Of a folder that is set aside only texts are listed, for what they name.
    if set_aside(&path).is_some() && !is_markdown_name(name) {
        return;
    }
    // What is told of a folder speaks for all that is in it.
    let is_inside = is_in_left_out(&path);
    if !is_inside && is_wrong_section(folder, name) {
        // Without it the section would be public, whatever it says.
        found.diagnostics.push(
            Diagnostic::error("the file of a section is read only by the name `_index.md`")
                .at(Place::file(path))
                .hint("rename it to `_index.md`, in lower case"),
        );
        return;
    }
    if let Some(Unread { reason, cure, kind }) = unread(folder, name).filter(|_| !is_inside) {
        // The files of a bundle are withheld with its text.
        let is_bundle = is_index(name) && folder.contains('/');
        let loss = if is_bundle { ", and so are the files of its folder" } else { "" };
        // What is hidden by a dot is meant to be, and of what an editor keeps hardly anybody knows.
        if !name.starts_with('.') && !is_of_editor(name) {
            found.diagnostics.push(
                Diagnostic::warning(format!("{reason}; it is left out{loss}"))
                    .at(Place::file(&*path))
                    .hint(format!("{cure}, or move it out of `{}`", folder_of_texts(folder))),
            );
        }
        // A text is listed for what it names: that is left out with it.
        if kind.is_none() && !is_bundle {
            return;
        }
    }
    match handle.stamp_of_source(name) {
        Ok(stamp) => found.sources.push(Source { path: path.into(), stamp }),
        // It was there a moment ago: an editor's temporary file.
        Err(error) if is_gone(&error) => {}
        Err(error) => {
            found.diagnostics.push(Diagnostic::error(format!("cannot read this file: {error}")).at(Place::file(path)))
        }
    }
}

/// What is told of a folder that is left out; nothing of an empty one.
fn left_out(real: &Path, folder: &str) -> Option<Diagnostic> {
    let has_files = fs::read_dir(real).is_ok_and(|mut entries| entries.next().is_some());
    let name = folder.rsplit('/').next().unwrap_or_default();
    let plain = name.trim_start_matches('_');
    let (message, new) = if plain.len() < name.len() {
        ("a folder whose name begins with `_` is not published; it is left out", format!("rename it to `{plain}`"))
    } else {
        let message = "a folder whose name says that it is not to be published; it is left out";
        (message, "give it a plain name".to_owned())
    };
    let hint = format!("to publish what is in it, {new}; else move it out of `{}`", folder_of_texts(folder));
    has_files.then(|| Diagnostic::warning(message).at(Place::file(folder)).hint(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_left_out_is_told_at_its_place_until_it_is_gone() {
        let site = tempfile::tempdir().expect("a folder");
        let file = "content/_wip/deep/a.md";
        fs::create_dir_all(site.path().join("content/_wip/deep")).expect("made");
        fs::write(site.path().join(file), "x").expect("written");
        let look_again = || look(site.path(), &[], [file].into_iter()).expect("no links");
        let looked = look_again();
        fs::write(site.path().join("content/_wip/deep/a.json"), "x").expect("written");
        assert_eq!(looked.paths, ["content/_wip"]);
        assert_eq!(look_again().sources, looked.sources);
        assert_eq!(looked.sources.iter().map(|source| &*source.path).collect::<Vec<_>>(), [file]);
        assert_eq!(looked.diagnostics, scan(site.path(), &[]).diagnostics);
        assert_eq!(looked.diagnostics.len(), 1);
        fs::remove_dir_all(site.path().join("content/_wip")).expect("removed");
        assert!(look_again().diagnostics.is_empty());
    }
}
