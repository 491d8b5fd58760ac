//! The output folder: wholly owned by courant, marked as its own, and never left by a path.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rustc_hash::{FxHashMap, FxHashSet};
use walkdir::WalkDir;

use super::textual::{HEAD, holds_text, may_hold_text};
use crate::article::time::Timestamp;
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::{Fingerprint, file_id};
use crate::plan::HostFile;
use crate::query::trace::{Generation, Trace};
use crate::source::{Folder, Stamp};

/// The file that marks a folder as written by courant.
const MARK: &str = ".courant";
/// Where pages wait until all are rendered.
const STAGING: &str = ".courant-staging";
/// The folder into which a preview with `--drafts` or `--future` is built, in the site's folder: what is
/// withheld never gets into a folder that is published.
pub const PREVIEW_FOLDER: &str = ".courant/preview";
const MARK_TEXT: &str = "This folder is written by courant: what is not part of the site is removed from it.\nPut files of your own into `static/`.\n";

/// What stands in the mark before the [`Generation`].
const GENERATION: &str = "Generation: ";

/// The machine failed.
#[derive(Debug)]
pub struct FolderError {
    what: String,
    path: PathBuf,
    error: io::Error,
}

impl fmt::Display for FolderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {} {}: {}", self.what, self.path.display(), self.error)
    }
}

impl FolderError {
    /// What could not be done with which file, and why.
    pub fn new(what: &str, path: impl Into<PathBuf>, error: io::Error) -> Self {
        Self { what: what.to_owned(), path: path.into(), error }
    }

    /// The same as a diagnostic.
    pub fn diagnostic(&self) -> Diagnostic {
        let hint = crate::diagnostic::cure(&self.error, "build");
        Diagnostic::error(self.to_string()).hint(hint)
    }
}

/// Where a symbolic link leads, if nothing is there.
pub(super) fn dangling(path: &Path) -> Option<PathBuf> {
    fs::read_link(path).ok().filter(|_| !path.exists())
}

/// An output folder most of whose files are elsewhere: where readers get them. What a build writes lies in a folder of
/// this machine, and nothing else does.
#[derive(Debug, Default)]
pub struct Held {
    /// The folder.
    pub folder: PathBuf,
    /// What the log calls it, on whatever machine.
    pub name: String,
    /// What the last build left, as its log tells.
    pub generation: Option<Generation>,
    /// The files that are elsewhere as that build wrote them, by their [`file_id`](crate::fingerprint::file_id), with
    /// the stamps in its log.
    pub files: FxHashMap<u64, Stamp>,
    /// The moment of this build: the log may be that of an earlier one, or of a machine whose clock is ahead.
    pub now: Timestamp,
}

/// The output folder of a build.
#[derive(Debug)]
pub struct OutputFolder {
    root: PathBuf,
    keep: Vec<String>,
    was_empty: bool,
    was_interrupted: bool,
    is_log_trusted: bool,
    generation: Option<Generation>,
    /// The symbolic links in folders of pages, by the folder: what is behind them is not in this folder.
    links: Mutex<FxHashMap<u64, Box<[String]>>>,
    /// The folder, open, once it is there.
    handle: Option<Folder>,
    /// What is elsewhere, if not all of it is here.
    held: Option<Arc<Held>>,
    /// Folders that are known to exist and to be folders.
    made: Mutex<FxHashSet<u64>>,
}

impl OutputFolder {
    /// Takes the folder `output` for the site in `site`.
    ///
    /// # Errors
    /// The folder contains or lies in the sources, or holds what courant did not write.
    pub fn open(site: &Path, output: &Path, keep: &[String]) -> Result<Self, Diagnostic> {
        let refuse = |message: String, hint: &str| {
            Err(Diagnostic::error(message).at(Place::file(output.display().to_string())).hint(hint))
        };
        let real_site = fs::canonicalize(site).unwrap_or_else(|_| site.to_path_buf());
        let root = real_path(output);
        if real_site.starts_with(&root) || root.parent().is_none() {
            return refuse("the output folder contains the site's sources".into(), "choose a folder such as `public`");
        }
        for folder in ["content", "themes", "static", "data", "includes", ".courant", ".git", "comments"] {
            // The preview's own folder holds what must never be in a folder that is published.
            let is_preview = root == real_path(&real_site.join(PREVIEW_FOLDER));
            if !is_preview && root.starts_with(real_path(&real_site.join(folder))) {
                return refuse(format!("the output folder lies in `{folder}`"), "choose a folder such as `public`");
            }
        }
        let other = root.parent().filter(|other| **other != real_site && other.join(crate::config::FILE).is_file());
        if let Some(other) = other
            && root.join(MARK).exists()
        {
            return refuse(
                format!("the output folder belongs to the site in {}", other.display()),
                "choose a folder of this site, such as `public`",
            );
        }
        if let Some(target) = dangling(output) {
            return refuse(
                format!("the output folder is a symbolic link to {}, which is not there", target.display()),
                "make that folder, or remove the link",
            );
        }
        if root.exists() && !root.is_dir() {
            return refuse("the output folder is a file".into(), "remove the file or choose another folder");
        }
        let mut this = Self {
            root,
            keep: keep.to_vec(),
            was_empty: true,
            was_interrupted: false,
            generation: None,
            is_log_trusted: true,
            links: Mutex::default(),
            handle: None,
            held: None,
            made: Mutex::default(),
        };
        let mark = fs::read_to_string(this.root.join(MARK)).unwrap_or_default();
        this.generation = mark.lines().find_map(|line| line.strip_prefix(GENERATION)?.parse().ok());
        let Ok(entries) = fs::read_dir(&this.root) else { return Ok(this) };
        let mut is_marked = false;
        let mut foreign = None;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            match name.as_str() {
                MARK => is_marked = true,
                STAGING => this.was_interrupted = true,
                name if this.is_kept(name) || this.is_kept(&format!("{name}/")) => {}
                name => {
                    this.was_empty = false;
                    foreign = Some(name.to_owned());
                }
            }
        }
        if let (Some(name), false) = (foreign, is_marked || this.was_interrupted) {
            return refuse(
                format!("the output folder holds files that courant did not write (`{name}`)"),
                "choose an empty folder, or empty this one yourself; files to be left alone go under `keep:` in site.yaml",
            );
        }
        Ok(this)
    }

    /// Takes a folder whose files are elsewhere. Nothing of an earlier build is in it.
    pub fn of_held(held: &Arc<Held>) -> Self {
        Self {
            root: held.folder.clone(),
            keep: Vec::new(),
            was_empty: held.files.is_empty(),
            was_interrupted: false,
            generation: held.generation,
            is_log_trusted: true,
            links: Mutex::default(),
            handle: None,
            held: Some(Arc::clone(held)),
            made: Mutex::default(),
        }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What the log calls it.
    pub fn name(&self) -> String {
        self.held.as_ref().map_or_else(|| self.root.display().to_string(), |held| held.name.clone())
    }

    /// Whether most of its files are elsewhere.
    pub fn is_held(&self) -> bool {
        self.held.is_some()
    }

    fn elsewhere(&self, path: &str) -> Option<Stamp> {
        self.held.as_ref()?.files.get(&file_id(path)).copied()
    }

    /// Marks the folder and clears what an interrupted build left. `is_log_trusted` says whether the log
    /// tells what the last build wrote.
    ///
    /// # Errors
    /// The machine failed.
    pub fn begin(&mut self, is_log_trusted: bool) -> Result<(), FolderError> {
        // What is elsewhere was compared with the log.
        self.is_log_trusted = (is_log_trusted || self.held.is_some()) && !self.was_interrupted;
        let staging = self.root.join(STAGING);
        fs::create_dir_all(&staging).map_err(|error| FolderError::new("make the folder", &staging, error))?;
        // The folder itself stays: without it nobody would know of the interruption if this build is killed, too.
        self.clear_staging()?;
        let mark = self.root.join(MARK);
        if !mark.exists() {
            fs::write(&mark, MARK_TEXT).map_err(|error| FolderError::new("write", &mark, error))?;
        }
        self.handle = Some(Folder::open(&self.root));
        Ok(())
    }

    /// What the folder holds, if its mark says so.
    pub fn generation(&self) -> Option<Generation> {
        self.generation
    }

    /// Notes what the folder holds now.
    ///
    /// # Errors
    /// The machine failed.
    pub fn mark(&self, generation: Generation) -> Result<(), FolderError> {
        if self.generation == Some(generation) {
            return Ok(());
        }
        let mark = self.root.join(MARK);
        fs::write(&mark, format!("{MARK_TEXT}{GENERATION}{generation}\n"))
            .map_err(|error| FolderError::new("write", &mark, error))
    }

    /// Whether nobody has removed the folder since [`Self::begin`].
    pub fn is_intact(&self) -> bool {
        self.root.join(MARK).exists() && self.root.join(STAGING).is_dir()
    }

    /// Leaves the folder as an interrupted build does, so that the next one looks at everything in it. What fails
    /// here follows from the failure that is being reported.
    pub fn interrupt(&self) {
        let _ = fs::create_dir_all(self.root.join(STAGING));
        let mark = self.root.join(MARK);
        if !mark.exists() {
            let _ = fs::write(mark, MARK_TEXT);
        }
    }

    fn clear_staging(&self) -> Result<(), FolderError> {
        let staging = self.root.join(STAGING);
        let clear = || {
            for entry in fs::read_dir(&staging)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    fs::remove_dir_all(entry.path())?;
                } else {
                    fs::remove_file(entry.path())?;
                }
            }
            Ok(())
        };
        clear().map_err(|error| FolderError::new("clear", &staging, error))
    }

    /// Clears the staging folder: the build is given up. If the one before was interrupted, what it left
    /// is still there, so the empty staging folder stays and tells the next build.
    ///
    /// # Errors
    /// The machine failed.
    pub fn give_up(&self) -> Result<(), FolderError> {
        if self.was_interrupted { self.clear_staging() } else { self.end() }
    }

    /// Clears the staging folder: the build is complete.
    ///
    /// # Errors
    /// The machine failed.
    pub fn end(&self) -> Result<(), FolderError> {
        let staging = self.root.join(STAGING);
        match fs::remove_dir_all(&staging) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(FolderError::new("clear", staging, error)),
        }
    }

    /// Whether only a walk tells what is in the folder.
    pub fn must_be_walked(&self) -> bool {
        (!self.is_log_trusted || self.was_interrupted) && !self.was_empty
    }

    /// Whether the last build did not come to its end.
    pub fn was_interrupted(&self) -> bool {
        self.was_interrupted
    }

    /// Whether nothing of the site was in the folder when it was opened.
    pub fn was_empty(&self) -> bool {
        self.was_empty
    }

    /// The stamp of a file; none if it is missing, no regular file, or behind a link.
    pub fn stamp(&self, path: &str) -> Option<Stamp> {
        if self.is_behind_link(path) {
            return None;
        }
        let here = match &self.handle {
            Some(handle) => handle.stamp_of_output(path),
            None => Folder::open(&self.root).stamp_of_output(path),
        };
        here.or_else(|| self.elsewhere(path))
    }

    /// Whether one of the folders above is a symbolic link. A folder is listed once for all that is below it: that costs
    /// a fraction of looking at each folder of a page.
    fn is_behind_link(&self, path: &str) -> bool {
        let mut folder = "";
        path.match_indices('/').any(|(at, _)| {
            let name = path[folder.len()..at].trim_start_matches('/');
            let mut links = self.links.lock().expect("no panic while locked");
            let here = links.entry(file_id(folder)).or_insert_with(|| links_in(&self.root.join(folder)));
            folder = &path[..at];
            here.iter().any(|link| link == name)
        })
    }

    /// A link gave way: the folders are listed again.
    fn forget_links(&self) {
        self.links.lock().expect("no panic while locked").clear();
    }

    /// The stamp of a file if it has exactly these bytes.
    pub fn holds(&self, path: &str, bytes: &[u8]) -> Option<Stamp> {
        let stamp = self.stamp(path)?;
        (stamp.length == bytes.len() as u64 && fs::read(self.root.join(path)).ok()? == bytes).then_some(stamp)
    }

    /// What a file holds if it is a file of text.
    pub(super) fn text(&self, path: &str) -> Option<Vec<u8>> {
        let mut file = may_hold_text(path).then(|| File::open(self.root.join(path)).ok()).flatten()?;
        let mut bytes = Vec::new();
        (&mut file).take(HEAD as u64).read_to_end(&mut bytes).ok()?;
        if !holds_text(path, &bytes) {
            return None;
        }
        file.read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    /// Writes bytes to the staging folder: under a number and an ending, or, when the output folder was
    /// empty, under their own path, so that whole folders can be moved into place.
    pub(super) fn stage(&self, number: u32, ending: &str, path: &str, bytes: &[u8]) -> Result<Stamp, FolderError> {
        let path = if self.was_empty {
            let path = self.root.join(STAGING).join(path);
            self.make_folder(path.parent().unwrap_or(&self.root))?;
            path
        } else {
            self.staged(number, ending)
        };
        let write = || {
            let mut file = File::create(&path)?;
            file.write_all(bytes)?;
            file.metadata()
        };
        let metadata = write().map_err(|error| FolderError::new("write", &self.root, error))?;
        Ok(Stamp::of_output(&metadata))
    }

    /// Whether what is staged as `path` has the bytes of the file that stands there.
    pub(super) fn has_staged(&self, number: u32, path: &str) -> bool {
        let staged = if self.was_empty { self.root.join(STAGING).join(path) } else { self.staged(number, "") };
        let read = |file: &Path| fs::read(file).ok();
        read(&staged).is_some_and(|bytes| read(&self.root.join(path)) == Some(bytes))
    }

    fn staged(&self, number: u32, ending: &str) -> PathBuf {
        self.root.join(STAGING).join(format!("{number:x}{ending}"))
    }

    /// Moves what is staged under a number and an ending to its path.
    pub(super) fn place(&self, number: u32, ending: &str, path: &str) -> Result<(), FolderError> {
        debug_assert!(!self.was_empty, "placed as a whole");
        let target = self.root.join(path);
        let fail = |error| FolderError::new("write", &target, error);
        let parent = target.parent().unwrap_or(&self.root);
        self.make_folder(parent)?;
        match put(&self.staged(number, ending), &target) {
            Ok(()) => Ok(()),
            // A folder stands where the plan wants a file: the plan has nothing below it.
            Err(_) if target.is_dir() => {
                fs::remove_dir_all(&target).map_err(fail)?;
                fs::rename(self.staged(number, ending), &target).map_err(fail)
            }
            Err(error) => Err(fail(error)),
        }
    }

    /// Moves everything staged into the output folder, which was empty: the front page last.
    pub(super) fn place_all(&self) -> Result<(), FolderError> {
        let staging = self.root.join(STAGING);
        move_entries(&staging, &self.root).map_err(|error| FolderError::new("write", &self.root, error))
    }

    /// Refuses to write where something of the owner's is to be left alone. `is_ours` says of the file itself whether it is
    /// what we wrote, or what we would write.
    ///
    /// # Errors
    /// There is a link or a file in the place of a folder, a folder in that of the file, or another file.
    pub(super) fn leave_kept_alone(&self, path: &str, is_ours: impl FnOnce() -> bool) -> Result<(), FolderError> {
        if self.is_held() {
            return Ok(());
        }
        let kind = |name: &str| fs::symlink_metadata(self.root.join(name)).ok().map(|metadata| metadata.file_type());
        let refuse = |name: &str, what: &str| {
            let reason = format!("`{name}` is {what}, and `keep` in site.yaml says to leave it alone");
            Err(FolderError::new("write", self.root.join(path), io::Error::other(reason)))
        };
        for (at, _) in path.match_indices('/') {
            let folder = &path[..at];
            match Some(folder).filter(|folder| self.is_kept(folder)).and_then(kind) {
                Some(kind) if kind.is_symlink() => return refuse(folder, "a symbolic link"),
                Some(kind) if kind.is_file() => return refuse(folder, "a file"),
                _ => {}
            }
        }
        let below = format!("{path}/");
        let is_below = |keep: &&str| keep.starts_with(&below);
        let kept = self.keep.iter().map(|keep| keep.trim_start_matches('/')).find(is_below);
        if let Some(kept) = kept.filter(|kept| kind(kept.trim_end_matches('/')).is_some()) {
            return refuse(kept, "there");
        }
        if self.is_kept(path) && kind(path).is_some_and(|kind| kind.is_file()) && !is_ours() {
            return refuse(path, "a file that courant did not write");
        }
        Ok(())
    }

    /// Makes a folder inside the output folder; whatever else has its name gives way.
    ///
    /// From the top down: a link further up would lead out of the output folder, and what is written
    /// below it would be somebody else's.
    fn make_folder(&self, folder: &Path) -> Result<(), FolderError> {
        // By the hash of the name: there may be a million folders.
        let name = |folder: &Path| xxhash_rust::xxh3::xxh3_64(folder.as_os_str().as_encoded_bytes());
        let is_made = |folder: &Path| {
            folder == self.root || self.made.lock().expect("no panic while locked").contains(&name(folder))
        };
        // Not by a call for each folder above: there may be a thousand, and threads have small stacks.
        let missing: Vec<&Path> = folder.ancestors().take_while(|folder| !is_made(folder)).collect();
        for folder in missing.into_iter().rev() {
            self.make_one_folder(folder)?;
            self.made.lock().expect("no panic while locked").insert(name(folder));
        }
        Ok(())
    }

    fn make_one_folder(&self, folder: &Path) -> Result<(), FolderError> {
        let fail = |error| FolderError::new("make the folder", folder, error);
        // Another thread may be making the same folder: what counts is that it is there afterwards.
        let make = || match fs::create_dir(folder) {
            Err(_) if is_real_folder(folder) => Ok(()),
            made => made,
        };
        if make().is_err() {
            match fs::remove_file(folder) {
                Err(error) if error.kind() != io::ErrorKind::NotFound && !is_real_folder(folder) => {
                    return Err(fail(error));
                }
                _ => make().map_err(fail)?,
            }
            self.forget_links();
        }
        Ok(())
    }

    /// Removes a file and the folders that it leaves empty; whether it was there. The caller knows that it is not to be
    /// [kept](Self::is_kept).
    ///
    /// # Errors
    /// The machine failed.
    pub fn remove(&self, path: &str) -> Result<bool, FolderError> {
        if is_reserved(path) {
            return Ok(false);
        }
        if self.elsewhere(path).is_some() {
            // Whoever brings the site to its readers removes it there.
            return Ok(true);
        }
        let target = self.root.join(path);
        let mut above: Vec<&Path> = target.ancestors().skip(1).take_while(|folder| *folder != self.root).collect();
        above.reverse();
        if let Some(other) = above.into_iter().find(|folder| !is_real_folder(folder)) {
            // Gone, or behind a link: what is there is not ours, but nobody is to get to it from here.
            let is_link = fs::symlink_metadata(other).is_ok_and(|metadata| metadata.is_symlink());
            let name = other.strip_prefix(&self.root).unwrap_or(other).to_string_lossy().replace('\\', "/");
            if !is_link || self.is_kept(&name) {
                return Ok(false);
            }
            fs::remove_file(other).map_err(|error| FolderError::new("remove", other, error))?;
            self.forget_links();
            return Ok(true);
        }
        match fs::remove_file(&target) {
            Ok(()) => {}
            Err(_) if !fs::symlink_metadata(&target).is_ok_and(|metadata| !metadata.is_dir()) => return Ok(false),
            Err(error) => return Err(FolderError::new("remove", target, error)),
        }
        let mut folder = target.parent();
        while let Some(empty) = folder.filter(|folder| *folder != self.root && folder.starts_with(&self.root)) {
            // Fails if it is not empty, which is what is wanted.
            if fs::remove_dir(empty).is_err() {
                break;
            }
            folder = empty.parent();
        }
        Ok(true)
    }

    /// Every file in the folder that is not kept, relative, with `/` between folders.
    ///
    /// # Errors
    /// The machine failed.
    pub fn files(&self) -> Result<Vec<String>, FolderError> {
        let mut files = Vec::new();
        let walk = WalkDir::new(&self.root)
            .min_depth(1)
            .follow_links(false)
            .into_iter()
            .filter_entry(|entry| entry.depth() != 1 || entry.file_name().to_str() != Some(STAGING));
        for entry in walk {
            let entry = entry.map_err(|error| FolderError::new("list", &self.root, error.into()))?;
            let relative = entry.path().strip_prefix(&self.root).unwrap_or(entry.path());
            let path = relative.to_string_lossy().replace('\\', "/");
            if !entry.file_type().is_dir() && !self.is_kept(&path) {
                files.push(path);
            }
        }
        Ok(files)
    }

    /// The files of an output in a folder that is left alone, as far as they are still the ones that we wrote: somebody
    /// else's may stand in their place. A copy of the folder has other times and the same bytes.
    pub(crate) fn kept_files(&self, trace: &Trace) -> Vec<String> {
        if trace.path.is_empty() || !self.is_kept(&trace.path) {
            return Vec::new();
        }
        let path = &*trace.path;
        let is_same = |stamp: Stamp| {
            let is_as_written = || Fingerprint::of_file(&self.root.join(path)).is_ok_and(|is| is == trace.content);
            stamp == trace.stamp || stamp.length == trace.stamp.length && is_as_written()
        };
        let is_ours = self.stamp(path).is_some_and(is_same);
        let copies = trace.precompressed().iter().map(|(encoding, stamp)| (encoding.path(path), stamp));
        // Of a compressed copy we know no bytes, but what it was made from.
        let copies = copies.filter(|(copy, wrote)| {
            self.stamp(copy).is_some_and(|stamp| stamp == **wrote || is_ours && stamp.length == wrote.length)
        });
        let copies: Vec<String> = copies.map(|(copy, _)| copy).collect();
        is_ours.then(|| path.to_owned()).into_iter().chain(copies).collect()
    }

    /// Whether a file of which the log does not tell that we wrote it is not ours to touch. What we write for hosts into a
    /// folder of the owner's (`.well-known/`) is ours all the same.
    pub fn is_kept(&self, path: &str) -> bool {
        let is_for_hosts = || HostFile::ALL.iter().any(|file| file.name() == path);
        is_reserved(path)
            || self.keep.iter().any(|keep| {
                let keep = keep.trim_start_matches('/');
                // A link in the place of a folder has its name without the slash.
                keep.trim_end_matches('/') == path || keep.ends_with('/') && path.starts_with(keep) && !is_for_hosts()
            })
    }
}

/// Whether a path in the output folder is never a page's.
fn is_reserved(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    matches!(first, ".git" | ".gitignore" | ".gitkeep" | MARK | STAGING)
}

/// Moves a file to its place; what stood there is gone.
///
/// ext4 writes a file that is renamed over another one to the disk at once (`auto_da_alloc`), 2 ms each.
/// Exchanging the two is as atomic and waits for nothing; what a power failure then takes is seen by its
/// length.
fn put(staged: &Path, target: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, staged, CWD, target, RenameFlags::EXCHANGE).is_ok() {
            // A folder that stood there goes with the staging folder.
            let _ = fs::remove_file(staged);
            return Ok(());
        }
    }
    // Nothing stands there, or the file system knows no exchange.
    fs::rename(staged, target)
}

/// Moves what is in `from` to `to`, folders first. A folder that is there already (one to be kept) takes
/// the entries of the other.
fn move_entries(from: &Path, to: &Path) -> io::Result<()> {
    let mut entries: Vec<(bool, PathBuf)> = Vec::new();
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        entries.push((!entry.file_type()?.is_dir(), entry.path()));
    }
    entries.sort();
    for (is_file, path) in entries {
        let Some(name) = path.file_name() else { continue };
        let target = to.join(name);
        match fs::symlink_metadata(&target) {
            Ok(metadata) if metadata.is_dir() && !is_file => move_entries(&path, &target)?,
            _ => fs::rename(&path, &target)?,
        }
    }
    Ok(())
}

/// The names of the symbolic links in a folder.
fn links_in(folder: &Path) -> Box<[String]> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let links = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_symlink()));
    links.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// Whether it is a folder, and not a link to one.
fn is_real_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir())
}

/// The path without links and dots, also when its end does not exist yet.
fn real_path(path: &Path) -> PathBuf {
    if let Ok(real) = fs::canonicalize(path) {
        return real;
    }
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    match (absolute.parent(), absolute.file_name()) {
        (Some(parent), Some(name)) => real_path(parent).join(name),
        _ => absolute,
    }
}
