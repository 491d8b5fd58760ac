//! What a deployment means to do, and what it has done.
//!
//! The intent goes to the store before anything else, so whoever deploys next knows what may have changed. The journal
//! lies on this machine and notes each file that the target has acknowledged; after a crash the same machine goes on
//! where it was.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::failed;
use super::manifest::Entry;
use crate::pipeline::Failure;

/// What a deployment means to do.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Intent {
    /// Files that it writes.
    pub(super) puts: Vec<(Box<str>, Entry)>,
    /// Files that it removes.
    pub(super) gone: Vec<Box<str>>,
}

impl Intent {
    /// Adds what an earlier deployment meant to do, and takes from its `done` what this one does once more: readers may
    /// have everything that was written since the last deployment that came to its end.
    pub(super) fn add(&mut self, earlier: Self, done: &mut Done) {
        let mut own: FxHashSet<Box<str>> = self.puts.iter().map(|(path, _)| path.clone()).collect();
        self.puts.extend(earlier.puts.into_iter().filter(|(path, _)| !own.contains(path)));
        own.extend(self.gone.iter().cloned());
        self.gone.extend(earlier.gone.into_iter().filter(|path| !own.contains(path)));
        done.files.retain(|path, _| !own.contains(path));
    }
}

/// What a deployment has done.
#[derive(Clone, Debug, Default)]
pub(super) struct Done {
    /// By path the tag of a file that was written; none of one that was removed.
    files: FxHashMap<Box<str>, Option<String>>,
    /// Who has done it.
    pub(super) holder: Option<String>,
}

impl Done {
    /// Reads the journal of the deployment with this intent. Any other journal is an empty one.
    pub(super) fn read(path: &Path, intent: &str) -> Self {
        let text = fs::read_to_string(path).unwrap_or_default();
        let mut lines = text.split_inclusive('\n');
        let first: Option<(String, String)> = lines.next().and_then(|line| serde_json::from_str(line).ok());
        let Some((_, holder)) = first.filter(|(name, _)| name == intent) else { return Self::default() };
        // A last line without its end was being written.
        let whole = lines.filter(|line| line.ends_with('\n'));
        let files = whole.map_while(|line| serde_json::from_str(line).ok()).collect();
        Self { files, holder: Some(holder) }
    }

    /// What is known of a file: nothing, that it was removed, or that it was written and has this tag.
    pub(super) fn tag(&self, path: &str) -> Option<Option<&str>> {
        self.files.get(path).map(Option::as_deref)
    }

    /// Notes what was done with a file.
    pub(super) fn note(&mut self, path: &str, tag: Option<&str>) {
        self.files.insert(path.into(), tag.map(str::to_owned));
    }
}

/// The journal of the deployment that runs.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: Mutex<(Option<File>, Done)>,
}

impl Journal {
    /// Begins the journal at `path` with what was `done` before; without a path it is only kept in memory.
    ///
    /// # Errors
    /// The machine failed.
    pub(super) fn begin(path: Option<&Path>, intent: &str, holder: &str, done: Done) -> Result<Self, Failure> {
        let begin = |path: &Path| {
            let mut text = line(&(intent, holder));
            text.extend(done.files.iter().map(|note| line(&note)));
            let mut file = File::create(path)?;
            file.write_all(text.as_bytes())?;
            Ok(file)
        };
        let file = path.map(|path| begin(path).map_err(failed("write", path.display()))).transpose()?;
        Ok(Self { path: path.unwrap_or(Path::new("")).to_path_buf(), file: Mutex::new((file, done)) })
    }

    /// Notes what was done with a file.
    ///
    /// # Errors
    /// The machine failed.
    pub(super) fn note(&self, path: &str, tag: Option<&str>) -> Result<(), Failure> {
        let mut file = self.file.lock().expect("no panic while locked");
        file.1.note(path, tag);
        let Some(file) = &mut file.0 else { return Ok(()) };
        file.write_all(line(&(path, tag)).as_bytes()).map_err(failed("write", self.path.display()))
    }

    /// Everything that was done.
    pub(super) fn into_done(self) -> Done {
        self.file.into_inner().expect("no panic while locked").1
    }
}

fn line<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("text is JSON") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_tells_what_was_acknowledged_and_no_more() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal");
        let mut before = Done::default();
        before.note("before.html", Some("0"));
        let journal = Journal::begin(Some(&path), "intent-1", "me", before).expect("begun");
        journal.note("a\tb.html", Some("1")).expect("noted");
        journal.note("c.html", None).expect("noted");
        let mut text = fs::read_to_string(&path).expect("there");
        text.push_str("[\"d.html\",\"2\"]");
        fs::write(&path, text).expect("written");
        let done = Done::read(&path, "intent-1");
        assert_eq!(done.holder.as_deref(), Some("me"));
        assert_eq!(
            ["before.html", "a\tb.html", "c.html", "d.html"].map(|path| done.tag(path)),
            [Some(Some("0")), Some(Some("1")), Some(None), None]
        );
        assert_eq!(Done::read(&path, "intent-2").tag("c.html"), None);
    }
}
