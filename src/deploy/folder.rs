//! A folder of this machine as a target, and as a store of the record.
//!
//! A file is written beside its place and renamed, so readers never get half of it. With `switch` each deployment
//! gets a folder of its own in `releases`, made of hard links to the last one, and the link `current` is exchanged at
//! the end: all of it appears in one moment.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;
use walkdir::WalkDir;

use super::release::Parts;
use super::remote::wait_for;
use super::target::{Got, If, Step, Store, Target, Work, folders_above};
use super::{STATE, failed};
use crate::fingerprint::Fingerprint;
use crate::pipeline::Failure;
use crate::source::Stamp;

/// The link to what readers get, with `switch`.
const CURRENT: &str = "current";

/// The folder of all deployments, with `switch`.
const RELEASES: &str = "releases";

/// The file with the names of those folders in it that courant has made: others may keep theirs there. It does not lie
/// with the record, which may get lost.
pub(super) const MADE: &str = ".courant-releases";

/// A folder as a target.
#[derive(Debug)]
pub(super) struct FolderTarget {
    root: PathBuf,
    switches: bool,
    /// The folder of the deployment that runs.
    release: OnceLock<PathBuf>,
}

impl FolderTarget {
    /// The folder `root`; `switches` as the setting says.
    pub(super) fn new(root: PathBuf, switches: bool) -> Self {
        Self { root, switches, release: OnceLock::new() }
    }

    /// Where files are written.
    fn folder(&self) -> PathBuf {
        match self.release.get() {
            Some(release) => release.clone(),
            None if self.switches => self.root.join(CURRENT),
            None => self.root.clone(),
        }
    }

    /// Writes a file part by part, and puts it into its place when all of it is there.
    fn put(&self, path: &str, parts: Parts) -> Result<String, Failure> {
        let target = self.root.join(path);
        let fail = failed("write", target.display());
        let waiting = self.root.join(STATE).join("waiting");
        fs::create_dir_all(&waiting).map_err(&fail)?;
        // A hard link of the last deployment is replaced, not written to.
        let temporary = waiting.join(Fingerprint::of(path.as_bytes()).to_string());
        let written =
            write_all(&temporary, parts, &fail).and_then(|()| self.put_in_place(&temporary, path).map_err(&fail));
        if written.is_err() {
            // On a full disk half a file is only in the way.
            let _ = fs::remove_file(&temporary);
        }
        written
    }

    fn put_in_place(&self, temporary: &Path, path: &str) -> io::Result<String> {
        let target = self.folder().join(path);
        make_folder(target.parent().unwrap_or(&self.root))?;
        if fs::symlink_metadata(&target).is_ok_and(|metadata| metadata.is_dir()) {
            fs::remove_dir_all(&target)?;
        }
        fs::rename(temporary, &target)?;
        tag(&target)?.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        let root = self.folder();
        let target = root.join(path);
        if let Err(error) = fs::remove_file(&target) {
            // A folder or a file of somebody else is in the way: what we wrote is not there.
            let is_gone = matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory);
            if !is_gone && !target.is_dir() {
                return Err(error);
            }
        }
        let mut above = target.parent();
        while let Some(folder) = above.filter(|folder| *folder != root && folder.starts_with(&root)) {
            // Fails if it is not empty, which is what is wanted.
            if fs::remove_dir(folder).is_err() {
                break;
            }
            above = folder.parent();
        }
        Ok(())
    }

    /// The folders of deployments that courant has made.
    fn made(&self) -> io::Result<Vec<String>> {
        match fs::read_to_string(self.root.join(MADE)) {
            Ok(text) => Ok(text.lines().filter(|name| is_release(name)).map(str::to_owned).collect()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    fn note(&self, made: &[String]) -> io::Result<()> {
        let lines: String = made.iter().map(|name| format!("{name}\n")).collect();
        crate::write::replace(&self.root.join(MADE), lines.as_bytes())
    }

    /// A folder for the deployment of this generation. Readers may be in the one with the plain name, if a deployment
    /// was ended after the exchange of the link and before its record; or it is somebody else's.
    fn new_release(&self, generation: u64) -> io::Result<PathBuf> {
        let releases = self.root.join(RELEASES);
        let current = fs::read_link(self.root.join(CURRENT)).unwrap_or_default();
        let mut made = self.made()?;
        let mut name = generation.to_string();
        while current.file_name().is_some_and(|current| *current == *name)
            || !made.contains(&name) && fs::symlink_metadata(releases.join(&name)).is_ok()
        {
            name.push_str(AGAIN);
        }
        if !made.contains(&name) {
            made.push(name.clone());
            self.note(&made)?;
        }
        Ok(releases.join(name))
    }

    /// Fills the folder of a deployment with links to what readers have now; files of others are among it.
    fn link_all(&self, release: &Path) -> io::Result<()> {
        let current = self.root.join(CURRENT);
        if release.exists() {
            fs::remove_dir_all(release)?;
        }
        fs::create_dir_all(release)?;
        if !current.is_dir() {
            return Ok(());
        }
        for entry in WalkDir::new(&current).follow_root_links(true).min_depth(1) {
            let entry = entry?;
            let from = entry.path();
            let to = release.join(from.strip_prefix(&current).unwrap_or(from));
            if entry.file_type().is_dir() {
                fs::create_dir(&to)?;
            } else {
                fs::hard_link(from, &to).or_else(|_| fs::copy(from, &to).map(|_| ()))?;
            }
        }
        Ok(())
    }

    /// Lets readers have the deployment that is complete.
    fn switch(&self, release: &Path) -> io::Result<()> {
        let name = release.file_name().unwrap_or_default().to_string_lossy();
        let link = self.root.join(STATE).join("next");
        let _ = fs::remove_file(&link);
        let to = Path::new(RELEASES).join(&*name);
        #[cfg(unix)]
        std::os::unix::fs::symlink(&to, &link)?;
        #[cfg(windows)]
        std::os::windows::fs::symlink_dir(&to, &link)?;
        fs::rename(&link, self.root.join(CURRENT))?;
        // Older ones may hold what was withdrawn.
        let mut made = self.made()?;
        made.retain(|one| {
            let remove = || fs::remove_dir_all(self.root.join(RELEASES).join(one));
            *one == name || remove().is_err_and(|error| error.kind() != io::ErrorKind::NotFound)
        });
        self.note(&made)
    }
}

impl Target for FolderTarget {
    fn acknowledges(&self) -> bool {
        !self.switches
    }

    fn begin(&self, generation: u64) -> Result<(), Failure> {
        let prepare = || {
            fs::create_dir_all(self.root.join(STATE))?;
            if self.switches {
                let release = self.new_release(generation)?;
                self.link_all(&release)?;
                let _ = self.release.set(release);
            }
            Ok(())
        };
        prepare().map_err(failed("write", self.root.display()))
    }

    fn in_the_way(&self, files: &[(&str, bool)]) -> Result<Vec<String>, Failure> {
        let root = self.folder();
        let is_file = |folder: &&str| fs::symlink_metadata(root.join(folder)).is_ok() && !root.join(folder).is_dir();
        let mut found: Vec<String> = folders_above(files).into_iter().filter(is_file).map(str::to_owned).collect();
        for (path, is_asked) in files {
            match fs::symlink_metadata(root.join(path)) {
                Ok(metadata) if metadata.is_dir() => {
                    for entry in WalkDir::new(root.join(path)) {
                        let entry = entry.map_err(|error| failed("list", root.join(path).display())(error.into()))?;
                        found.extend((!entry.file_type().is_dir()).then(|| within(&root, entry.path())));
                    }
                }
                Ok(_) if *is_asked => found.push((*path).to_owned()),
                _ => {}
            }
        }
        Ok(found)
    }

    fn carry_out(&self, steps: &[Step<'_>], work: &Work<'_>) -> Result<(), Failure> {
        for (at, step) in steps.iter().enumerate() {
            (work.may_go_on)()?;
            match step {
                Step::Put(path, _) => {
                    let tag = self.put(path, work.release.open(path)?)?;
                    (work.done)(at, &tag)?;
                }
                Step::Remove(path) => {
                    self.remove(path).map_err(failed("write", self.root.join(path).display()))?;
                    (work.done)(at, "")?;
                }
            }
        }
        Ok(())
    }

    fn finish(&self, _: &Value) -> Result<(), Failure> {
        let Some(release) = self.release.get() else { return Ok(()) };
        self.switch(release).map_err(failed("exchange the link in", self.root.display()))
    }

    fn tag(&self, path: &str) -> Result<Option<String>, Failure> {
        let target = self.folder().join(path);
        tag(&target).map_err(failed("read", target.display()))
    }

    fn list(&self) -> Result<Option<BTreeMap<String, String>>, Failure> {
        let root = self.folder();
        let mut files = BTreeMap::new();
        if fs::symlink_metadata(&root).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            return Ok(Some(files));
        }
        let walk = WalkDir::new(&root).follow_root_links(true).min_depth(1);
        let walk = walk.into_iter().filter_entry(|entry| entry.depth() != 1 || entry.file_name() != STATE);
        for entry in walk {
            let entry = entry.map_err(|error| failed("list", root.display())(error.into()))?;
            if entry.file_type().is_dir() {
                continue;
            }
            let path = within(&root, entry.path());
            let tag = self.tag(&path)?.unwrap_or_default();
            files.insert(path, tag);
        }
        Ok(Some(files))
    }
}

/// What the name of a folder ends with that is not the first one of its generation.
pub(super) const AGAIN: &str = "-again";

/// Whether courant gives a deployment a folder of this name.
pub(super) fn is_release(name: &str) -> bool {
    let generation = name.trim_end_matches(AGAIN);
    !generation.is_empty() && generation.bytes().all(|byte| byte.is_ascii_digit())
}

/// A path within a folder, as manifests have it.
fn within(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// Writes all parts into a file.
fn write_all(file: &Path, mut parts: Parts, fail: &dyn Fn(io::Error) -> Failure) -> Result<(), Failure> {
    let mut file = File::create(file).map_err(fail)?;
    while let Some(part) = parts.next(PART)? {
        file.write_all(&part).map_err(fail)?;
    }
    Ok(())
}

/// Bytes of a part, of which one is in memory.
const PART: usize = 1 << 20;

/// Length and modification time: what tells that a file is still the one that was written.
fn tag(path: &Path) -> io::Result<Option<String>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => {
            let stamp = Stamp::of_output(&metadata);
            Ok(Some(format!("{}-{}", stamp.length, stamp.modified)))
        }
        Ok(_) => Ok(None),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Makes a folder; a file that has the name of one above gives way.
fn make_folder(folder: &Path) -> io::Result<()> {
    match fs::create_dir_all(folder) {
        Err(error) if matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory) => {
            let file = folder.ancestors().find(|above| above.is_file());
            file.map_or(Err(error), fs::remove_file)?;
            fs::create_dir_all(folder)
        }
        made => made,
    }
}

/// A folder as a store of the record.
#[derive(Debug)]
pub(super) struct FolderStore {
    folder: PathBuf,
}

impl FolderStore {
    /// The folder; it need not be there.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn read(&self, name: &str) -> Result<Option<(Vec<u8>, String)>, Failure> {
        let path = self.folder.join(name);
        match fs::read(&path) {
            Ok(bytes) => {
                let tag = Fingerprint::of(&bytes).to_string();
                Ok(Some((bytes, tag)))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed("read", path.display())(error)),
        }
    }
}

impl Store for FolderStore {
    fn get(&self, name: &str, known: Option<&str>) -> Result<Got, Failure> {
        Ok(match self.read(name)? {
            None => Got::Nothing,
            Some((_, tag)) if Some(&*tag) == known => Got::Same,
            Some((bytes, tag)) => Got::File(bytes, tag),
        })
    }

    fn put(&self, name: &str, bytes: &[u8], only: If<'_>) -> Result<Option<String>, Failure> {
        let path = self.folder.join(name);
        let lock = || {
            fs::create_dir_all(&self.folder)?;
            let file = File::options().create(true).truncate(false).write(true).open(self.folder.join("lock"))?;
            wait_for(&file).map(|()| file)
        };
        let _lock = lock().map_err(failed("write", path.display()))?;
        let holds = match only {
            If::Any => true,
            If::Absent => self.read(name)?.is_none(),
            If::Is(tag) => self.read(name)?.is_some_and(|(_, is)| is == tag),
        };
        if !holds {
            return Ok(None);
        }
        crate::write::replace(&path, bytes).map_err(failed("write", path.display()))?;
        Ok(Some(Fingerprint::of(bytes).to_string()))
    }

    fn remove(&self, name: &str) -> Result<(), Failure> {
        let path = self.folder.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("remove", path.display())(error)),
            _ => Ok(()),
        }
    }
}
