//! The manifest of an import: which files it wrote, with the hash of each.
//!
//! By it a second run knows what nobody has edited since. That is updated; what somebody has edited stays, and the
//! difference is told.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::place;
use crate::diagnostic;
use crate::fingerprint::Fingerprint;
use crate::pipeline::Failure;
use crate::write;

/// Its name in the site's folder.
pub(super) const FILE: &str = "import-manifest.json";

#[derive(Debug, Default, Serialize, Deserialize)]
struct Manifest {
    version: u32,
    files: BTreeMap<String, String>,
    /// The files of items, by what the items are known by.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    items: BTreeMap<String, String>,
}

/// The site into which an import is written.
#[derive(Debug)]
pub(super) struct Target {
    root: PathBuf,
    known: BTreeMap<String, String>,
    items: BTreeMap<String, String>,
    force: bool,
    is_trial: bool,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is new.
    Created,
    /// It is another one than the last import wrote.
    Updated,
    /// It is as it was.
    Unchanged,
    /// Somebody has edited it, so it stays. What differs.
    Kept(String),
    /// Somebody has removed it since the last import, so it stays away.
    Removed,
    /// Its path would leave the target, or is one that not every file system has.
    Refused,
}

/// A file that was put into the site.
#[derive(Clone, Debug)]
pub(super) struct Put {
    pub(super) path: String,
    pub(super) fate: Outcome,
    hash: String,
}

fn hash(bytes: &[u8]) -> String {
    Fingerprint::of(bytes).bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Target {
    /// Opens the folder, which need not be there yet.
    ///
    /// # Errors
    /// The machine failed.
    pub(super) fn open(root: &Path, force: bool, is_trial: bool) -> Result<Self, Failure> {
        let read = match fs::read(root.join(FILE)) {
            // A damaged manifest knows nothing: then all files are somebody's.
            Ok(bytes) => serde_json::from_slice::<Manifest>(&bytes).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Manifest::default(),
            Err(error) => return Err(Failure::Machine(diagnostic::machine("read", FILE, &error))),
        };
        Ok(Self { root: root.to_path_buf(), known: read.files, items: read.items, force, is_trial })
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn is_trial(&self) -> bool {
        self.is_trial
    }

    /// Whether the import has written the file before and nobody has edited it since, or it is not there.
    pub(super) fn is_ours(&self, path: &str) -> bool {
        match fs::read(self.root.join(path)) {
            Ok(bytes) => self.force || self.known.get(path) == Some(&hash(&bytes)),
            Err(_) => true,
        }
    }

    /// Whether the import has written the file before, and somebody has removed it since.
    pub(super) fn was_there(&self, path: &str) -> bool {
        self.known.contains_key(path) && !self.root.join(path).exists()
    }

    /// The file that an earlier import gave an item, if it is another one than `path`.
    pub(super) fn other_file(&self, item: &str, path: &str) -> Option<&str> {
        self.items.get(item).map(String::as_str).filter(|other| *other != path)
    }

    /// Whether an item may leave its file for another one: nobody has edited or removed it.
    pub(super) fn may_leave(&self, path: &str) -> bool {
        self.force || self.is_unedited(path)
    }

    /// Moves a file that somebody has edited, unless something is at the other place.
    ///
    /// # Errors
    /// The machine failed.
    pub(super) fn carry(&self, from: &str, to: &str) -> Result<(), Failure> {
        let [Some(old), Some(new)] = [from, to].map(|path| place::below(&self.root, path)) else { return Ok(()) };
        if self.is_trial || !old.exists() || self.is_ours(from) || new.exists() {
            return Ok(());
        }
        let moved = new.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::rename(&old, &new));
        moved.map_err(|error| Failure::Machine(diagnostic::machine("move", from, &error)))
    }

    /// Whether a file of an earlier import is as that wrote it.
    pub(super) fn is_unedited(&self, path: &str) -> bool {
        self.root.join(path).exists() && self.known.contains_key(path) && self.is_ours(path)
    }

    /// Removes files that earlier imports wrote and nobody has edited, unless this import wrote them, too. Those that
    /// were removed.
    ///
    /// # Errors
    /// The machine failed.
    pub(super) fn remove(
        &mut self,
        paths: impl IntoIterator<Item = String>,
        now: &FxHashSet<String>,
    ) -> Result<Vec<String>, Failure> {
        let mut removed = Vec::new();
        for path in paths {
            let Some(file) = place::below(&self.root, &path) else { continue };
            if now.contains(&path) || !self.is_unedited(&path) {
                continue;
            }
            if !self.is_trial {
                fs::remove_file(&file)
                    .map_err(|error| Failure::Machine(diagnostic::machine("remove", &path, &error)))?;
            }
            self.known.remove(&path);
            removed.push(path);
        }
        Ok(removed)
    }

    /// Puts a file into the site, unless somebody has edited what is there.
    ///
    /// # Errors
    /// The machine failed.
    pub(super) fn put(&self, path: String, bytes: &[u8]) -> Result<Put, Failure> {
        let new = hash(bytes);
        let Some(file) = place::below(&self.root, &path) else {
            return Ok(Put { path, fate: Outcome::Refused, hash: new });
        };
        let failed = |error: &io::Error| Failure::Machine(diagnostic::machine("write", &path, error));
        let old = match fs::read(&file) {
            Ok(old) => Some(old),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(&error)),
        };
        let fate = match old {
            None if !self.force && self.known.contains_key(&path) => Outcome::Removed,
            None if self.is_trial => Outcome::Created,
            None => write::create(&file, bytes).map(|_| Outcome::Created).map_err(|error| failed(&error))?,
            Some(old) if old == bytes => Outcome::Unchanged,
            Some(old) if self.force || self.known.get(&path) == Some(&hash(&old)) => {
                if !self.is_trial {
                    write::replace(&file, bytes).map_err(|error| failed(&error))?;
                }
                Outcome::Updated
            }
            Some(old) => {
                let difference = difference(&String::from_utf8_lossy(&old), &String::from_utf8_lossy(bytes));
                let hash = self.known.get(&path).cloned().unwrap_or_default();
                return Ok(Put { path, fate: Outcome::Kept(difference), hash });
            }
        };
        Ok(Put { path, fate, hash: new })
    }

    /// Writes the manifest, with what `put` wrote. Files of earlier imports that are no longer made stay in it.
    ///
    /// # Errors
    /// The machine failed.
    pub(super) fn close(
        mut self,
        put: impl Iterator<Item = (String, String)>,
        items: impl IntoIterator<Item = (String, String)>,
    ) -> Result<(), Failure> {
        self.items.extend(items);
        self.known.extend(put.filter(|(_, hash)| !hash.is_empty()));
        if self.is_trial {
            return Ok(());
        }
        let manifest = Manifest { version: 1, files: self.known, items: self.items };
        json(&self.root.join(FILE), &manifest)
            .map_err(|error| Failure::Machine(diagnostic::machine("write", FILE, &error)))
    }

    /// Files of earlier imports that are not among those of this one.
    pub(super) fn gone<'t>(&'t self, now: &'t FxHashSet<String>) -> impl Iterator<Item = &'t str> {
        self.known.keys().map(String::as_str).filter(|path| !now.contains(*path) && self.root.join(path).exists())
    }
}

/// Writes a value as JSON, unless the file says it already. Nothing of the file is in memory: for a large site it has
/// hundreds of megabytes.
///
/// # Errors
/// The machine failed.
pub(super) fn json(path: &Path, value: &impl Serialize) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let temporary = write::temporary(path);
    let made = (|| {
        let mut file = BufWriter::with_capacity(256 << 10, File::create(&temporary)?);
        serde_json::to_writer_pretty(&mut file, value)?;
        file.write_all(b"\n")?;
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        if is_same(&temporary, path)? {
            return fs::remove_file(&temporary);
        }
        file.sync_all()?;
        fs::rename(&temporary, path)
    })();
    made.inspect_err(|_| {
        // It only takes up room; the first error is the one to tell.
        let _ = fs::remove_file(&temporary);
    })
}

/// Whether two files say the same.
fn is_same(one: &Path, other: &Path) -> io::Result<bool> {
    let (one, other) = match (File::open(one), File::open(other)) {
        (_, Err(error)) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        (one, other) => (one?, other?),
    };
    if one.metadata()?.len() != other.metadata()?.len() {
        return Ok(false);
    }
    let (mut one, mut other) = (BufReader::new(one).bytes(), BufReader::new(other).bytes());
    loop {
        match (one.next().transpose()?, other.next().transpose()?) {
            (None, None) => return Ok(true),
            (a, b) if a != b => return Ok(false),
            _ => {}
        }
    }
}

impl Put {
    /// What the manifest keeps of it.
    pub(super) fn entry(self) -> (String, String) {
        (self.path, if self.fate == Outcome::Refused { String::new() } else { self.hash })
    }
}

/// Lines of a difference that are told.
const LINES: usize = 20;

/// The lines between the common beginning and end of two texts, the old ones with `-`, the new ones with `+`.
fn difference(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let end = old[start..].iter().rev().zip(new[start..].iter().rev()).take_while(|(a, b)| a == b).count();
    let lines = |lines: &[&str], mark: char| lines.iter().map(|line| format!("{mark} {line}")).collect::<Vec<String>>();
    let mut all = lines(&old[start..old.len() - end], '-');
    all.extend(lines(&new[start..new.len() - end], '+'));
    let left = all.len().saturating_sub(LINES);
    all.truncate(LINES);
    if left > 0 {
        all.push(format!("… {left} more lines"));
    }
    all.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_edited_is_written_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let open = |force| Target::open(folder.path(), force, false).expect("opened");
        let put = |target: &Target, text: &str| target.put("content/a.md".into(), text.as_bytes()).expect("put");
        let target = open(false);
        let first = put(&target, "one\n");
        assert_eq!(first.fate, Outcome::Created);
        target.close([first.entry()].into_iter(), []).expect("closed");
        assert_eq!(put(&open(false), "one\n").fate, Outcome::Unchanged);
        let target = open(false);
        let second = put(&target, "two\n");
        assert_eq!(second.fate, Outcome::Updated);
        target.close([second.entry()].into_iter(), []).expect("closed");
        fs::write(folder.path().join("content/a.md"), "edited\n").expect("written");
        let target = open(false);
        let third = put(&target, "three\n");
        assert_eq!(third.fate, Outcome::Kept("- edited\n+ three".into()));
        target.close([third.entry()].into_iter(), []).expect("closed");
        assert_eq!(fs::read_to_string(folder.path().join("content/a.md")).expect("there"), "edited\n");
        assert_eq!(put(&open(true), "three\n").fate, Outcome::Updated);
        assert_eq!(open(false).put("../x".into(), b"x").expect("put").fate, Outcome::Refused);
    }
}
