//! Traces: what was recorded when a page was rendered.

use serde::{Deserialize, Serialize};

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
    /// What was worth a warning: repeated as long as the page is fresh.
    pub warnings: Vec<Diagnostic>,
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
    /// Sorted by path.
    pub pages: Vec<Trace>,
    /// The queries that the traces number, with the fingerprints of their answers.
    pub queries: Vec<(Query, Fingerprint)>,
}

impl Traces {
    /// The trace of a file.
    pub fn get(&self, path: &str) -> Option<&Trace> {
        self.pages.binary_search_by(|trace| (*trace.path).cmp(path)).ok().map(|at| &self.pages[at])
    }
}
