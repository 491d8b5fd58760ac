//! What a target and a store can do. Neither decides anything: what goes where and in which order is settled before.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Read as _, Write as _};

use serde_json::Value;

use super::failed;
use super::manifest::Entry;
use super::release::Release;
use crate::config::DeployTarget;
use crate::pipeline::Failure;

/// What is done with one file.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'a> {
    /// It is uploaded.
    Put(&'a str, &'a Entry),
    /// It is removed, if it is there.
    Remove(&'a str),
}

impl<'a> Step<'a> {
    /// The file.
    pub(super) fn path(&self) -> &'a str {
        match self {
            Self::Put(path, _) | Self::Remove(path) => path,
        }
    }
}

/// What those who carry out steps work with.
pub(super) struct Work<'a> {
    /// Where the bytes are.
    pub(super) release: &'a Release,
    /// The settings of the target.
    pub(super) settings: &'a DeployTarget,
    /// Is told of each step that is done, by its place, with the tag of the file.
    pub(super) done: &'a (dyn Fn(usize, &str) -> Result<(), Failure> + Sync),
    /// Fails when the work must end: somebody else deploys now.
    pub(super) may_go_on: &'a (dyn Fn() -> Result<(), Failure> + Sync),
}

/// Where a site goes.
pub(super) trait Target: Sync {
    /// Whether it keeps headers of files.
    fn has_headers(&self) -> bool {
        false
    }

    /// Whether each step counts as soon as it is done. Otherwise all of them count in the end, and a deployment that
    /// was interrupted begins again.
    fn acknowledges(&self) -> bool {
        true
    }

    /// Prepares for the deployment of this generation.
    ///
    /// # Errors
    /// The target cannot be written.
    fn begin(&self, _generation: u64) -> Result<(), Failure> {
        Ok(())
    }

    /// What lies where files are to be written: in the place of folders above them, in folders in their place, and
    /// at their own place if that is asked of a file (`true`).
    ///
    /// # Errors
    /// The target does not answer.
    fn in_the_way(&self, _files: &[(&str, bool)]) -> Result<Vec<String>, Failure> {
        Ok(Vec::new())
    }

    /// Carries out steps, in any order.
    ///
    /// # Errors
    /// One of them failed. Others may have been carried out.
    fn carry_out(&self, steps: &[Step<'_>], work: &Work<'_>) -> Result<(), Failure>;

    /// All steps are carried out. `told` is what changed, for programs.
    ///
    /// # Errors
    /// The target cannot be written.
    fn finish(&self, _told: &Value) -> Result<(), Failure> {
        Ok(())
    }

    /// The tag of a file; none if it is not there.
    ///
    /// # Errors
    /// The target does not answer.
    fn tag(&self, path: &str) -> Result<Option<String>, Failure>;

    /// All files with their tags, without the record; none if the target cannot list them.
    ///
    /// # Errors
    /// The target does not answer.
    fn list(&self) -> Result<Option<BTreeMap<String, String>>, Failure>;
}

/// The folders in which files lie, and those above.
pub(super) fn folders_above<'p>(files: &[(&'p str, bool)]) -> BTreeSet<&'p str> {
    let folders = |path: &'p str| memchr::memchr_iter(b'/', path.as_bytes()).map(move |slash| &path[..slash]);
    files.iter().flat_map(|(path, _)| folders(path)).collect()
}

/// What a store answers to a question for a file.
#[derive(Debug)]
pub(super) enum Got {
    /// The file with its tag.
    File(Vec<u8>, String),
    /// It is the one that the asker knows.
    Same,
    /// It is not there.
    Nothing,
}

/// When a file is written.
#[derive(Clone, Copy, Debug)]
pub(super) enum If<'a> {
    /// In any case.
    Any,
    /// If there is no such file.
    Absent,
    /// If its tag is still this one.
    Is(&'a str),
}

/// Where the record of what was deployed lies: small files that are written as a whole, under conditions.
pub(super) trait Store: Sync {
    /// Reads a file, unless its tag is `known`.
    ///
    /// # Errors
    /// The store does not answer.
    fn get(&self, name: &str, known: Option<&str>) -> Result<Got, Failure>;

    /// Writes a file and returns its tag; none if the condition does not hold.
    ///
    /// # Errors
    /// The store does not answer, or cannot be written.
    fn put(&self, name: &str, bytes: &[u8], only: If<'_>) -> Result<Option<String>, Failure>;

    /// Writes a file that may be large, from its beginning.
    ///
    /// # Errors
    /// The store cannot be written, or the file cannot be read.
    fn put_file(&self, name: &str, file: &mut File) -> Result<(), Failure> {
        let mut bytes = Vec::new();
        let read = file.read_to_end(&mut bytes);
        read.map_err(failed("read", name))?;
        self.put(name, &bytes, If::Any).map(|_| ())
    }

    /// Reads a file that may be large into another one. False if it is not there.
    ///
    /// # Errors
    /// The store does not answer, or the other file cannot be written.
    fn fetch(&self, name: &str, to: &mut File) -> Result<bool, Failure> {
        let Got::File(bytes, _) = self.get(name, None)? else { return Ok(false) };
        to.write_all(&bytes).map(|()| true).map_err(failed("write", name))
    }

    /// Removes a file, if it is there.
    ///
    /// # Errors
    /// The store does not answer.
    fn remove(&self, name: &str) -> Result<(), Failure>;

    /// How far the clock of the store is ahead of this machine's, in seconds, as far as that is known.
    fn ahead(&self) -> i64 {
        0
    }
}
