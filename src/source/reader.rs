//! Reads sources again after stage 2.
//!
//! The one idea: what is rendered is what was fingerprinted. Stage 2 took a fingerprint of every source;
//! whoever needs the bytes later gets exactly those, or an error that makes the build start again.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;

/// The only way to the bytes of a source after stage 2.
#[derive(Debug, Default)]
pub struct Reader {
    root: PathBuf,
    changed: Mutex<BTreeSet<String>>,
}

impl Reader {
    /// A reader of the sources of the site in `root`.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_path_buf(), changed: Mutex::default() }
    }

    /// The site's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The bytes of the source `path`, whose fingerprint was `content` in stage 2.
    ///
    /// # Errors
    /// The file has other bytes now, is gone, or cannot be read. It is then among [`Self::changed`].
    pub fn read(&self, path: &str, content: &Fingerprint) -> Result<Vec<u8>, Diagnostic> {
        match fs::read(self.root.join(path)) {
            Ok(bytes) if Fingerprint::of(&bytes) == *content => Ok(bytes),
            Ok(_) => Err(self.note(path)),
            Err(error) if is_gone(&error) => Err(self.note(path)),
            Err(error) => {
                self.note(path);
                Err(Diagnostic::error(format!("cannot read this file: {error}"))
                    .at(Place::file(path))
                    .hint("check its permissions"))
            }
        }
    }

    /// Compares bytes that were read in another way with the fingerprint of stage 2.
    pub fn compare(&self, path: &str, bytes: &[u8], content: &Fingerprint) {
        if Fingerprint::of(bytes) != *content {
            self.note(path);
        }
    }

    /// Notes that a source is not what it was in stage 2.
    pub fn note(&self, path: &str) -> Diagnostic {
        self.changed.lock().expect("no panic while locked").insert(path.to_owned());
        Diagnostic::error("this file changed while the site was being built").at(Place::file(path)).hint("build again")
    }

    /// The sources that are not what they were in stage 2, as far as anyone has noticed.
    pub fn changed(&self) -> BTreeSet<String> {
        self.changed.lock().expect("no panic while locked").clone()
    }

    /// The text of a file that is not listed among the sources, such as `site.yaml`; for messages only.
    pub fn unlisted(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.root.join(path)).ok()
    }
}

/// Whether an error says that a file that was there is not there any more.
pub fn is_gone(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_bytes_of_stage_2_are_given_out() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("a.md"), "one").expect("written");
        let reader = Reader::new(folder.path());
        let content = Fingerprint::of(b"one");
        assert_eq!(reader.read("a.md", &content).expect("the same"), b"one");
        assert!(reader.changed().is_empty());
        fs::write(folder.path().join("a.md"), "two").expect("written");
        assert!(reader.read("a.md", &content).is_err());
        assert!(reader.read("gone.md", &content).is_err());
        assert_eq!(Vec::from_iter(reader.changed()), ["a.md", "gone.md"]);
    }
}
