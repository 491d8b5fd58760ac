//! Traces: what was recorded when a page was rendered.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::query::Query;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::source::Stamp;

/// The inputs and queries of one rendering.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageTrace {
    /// Everything the template could reach.
    pub template: Fingerprint,
    /// Kind and parameters.
    pub plan: Fingerprint,
    /// The own source's bytes.
    pub source: Fingerprint,
    /// Numbers of the queries that were asked.
    pub queries: Box<[u32]>,
    /// How many of them the body asked, which come first.
    pub body: u32,
    /// What was worth a warning: repeated as long as the page is fresh. One pointer, since there are
    /// millions of traces and hardly any warnings.
    pub warnings: Option<Box<Vec<Diagnostic>>>,
}

impl PageTrace {
    /// What was worth a warning.
    pub fn warnings(&self) -> &[Diagnostic] {
        self.warnings.as_deref().map_or(&[], Vec::as_slice)
    }
}

/// A trace with what was written.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Trace {
    /// The file, relative to the output folder.
    pub path: Box<str>,
    /// Inputs and queries.
    pub page: PageTrace,
    /// Length and modification time of what we wrote.
    pub stamp: Stamp,
    /// The bytes we wrote.
    pub content: Fingerprint,
}

/// The traces of the last build.
#[derive(Debug, Default)]
pub struct Traces {
    /// In any order.
    pub pages: Vec<Trace>,
    /// The queries that the traces number, with the fingerprints of their answers.
    pub queries: Vec<(Query, Fingerprint)>,
    /// The fingerprint of the index from which they were answered.
    pub index: Fingerprint,
    by_path: OnceLock<FxHashMap<u64, u32>>,
}

impl Traces {
    /// The traces in a log.
    pub fn new(pages: Vec<Trace>, queries: Vec<(Query, Fingerprint)>, index: Fingerprint) -> Self {
        Self { pages, queries, index, by_path: OnceLock::new() }
    }

    /// The place of a file's trace.
    pub fn find(&self, path: &str) -> Option<u32> {
        let by_path = self.by_path.get_or_init(|| {
            self.pages.iter().enumerate().map(|(at, trace)| (xxh3_64(trace.path.as_bytes()), at as u32)).collect()
        });
        let at = *by_path.get(&xxh3_64(path.as_bytes()))?;
        (*self.pages[at as usize].path == *path).then_some(at)
    }
}
