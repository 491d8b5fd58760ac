//! A site that is built again and again: what one build knew stays in memory for the next.
//!
//! It is the same build. What is in memory stands for the log, and the changed paths for the listing of all
//! folders; a stage whose input is the same gives the value that it gave before.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use super::attempt::{Done, Stop};
use super::{Failure, Observer, Options, Report, attempt, withdrawn};
use crate::article::Row;
use crate::article::time::Timestamp;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::index::{Shown, timeline};
use crate::publish::{BuildLog, Head, LogFile};
use crate::query::trace::Traces;
use crate::render::Parts;
use crate::source::{Links, Reader};

/// What may have changed since the last build of a [`Session`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Changes {
    /// Anything: all folders are listed.
    #[default]
    Unknown,
    /// Only these files and folders, relative to the site's folder, `/` between folders.
    Paths(BTreeSet<String>),
}

/// A site that is built again and again.
#[derive(Debug)]
pub struct Session {
    root: PathBuf,
    previous: Option<Previous>,
}

/// What the last build knew, from memory or from its log.
#[derive(Debug, Default)]
pub(super) struct Previous {
    /// Whether there was one.
    pub(super) is_there: bool,
    pub(super) head: Head,
    pub(super) file: LogFile,
    /// None if they went into the log while they were made; there they can be read.
    pub(super) traces: Option<Traces>,
    /// The sources, while no index holds them.
    pub(super) rows: Vec<Row>,
    /// None as long as there was nothing to do.
    pub(super) parts: Option<Parts>,
    /// What was noticed in the sources.
    pub(super) noticed: Vec<Diagnostic>,
    /// The symbolic links among the sources.
    pub(super) links: Links,
    /// What would be withheld without [`Overrides`](crate::config::Overrides).
    pub(super) shown: Vec<(String, Shown)>,
}

impl Previous {
    /// What the log at `path` tells.
    pub(super) fn read(path: &Path) -> Self {
        let BuildLog { head, rows, traces, is_there, file } = BuildLog::read(path);
        Self { is_there, head, rows, traces: Some(traces), file, ..Self::default() }
    }

    /// The same with the rows out of the index, and with the traces. `path` is that of the log.
    pub(super) fn recalled(mut self, path: &Path) -> Self {
        if let Some(parts) = &mut self.parts {
            self.rows = std::mem::take(&mut parts.index.rows);
        }
        self.traces.get_or_insert_with(|| BuildLog::read(path).traces);
        self
    }

    /// Whether no moment of the timeline lies between the last build and this one.
    pub(super) fn is_quiet(&self, rows: &[Row], config: &Config, now: Timestamp) -> bool {
        if now.0 < self.head.now {
            return timeline(rows, config, now).first().is_none_or(|moment| moment.at.0 > self.head.now);
        }
        self.head.next.is_none_or(|next| now.0 < next)
    }
}

impl Session {
    /// A session of the site in the folder `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), previous: None }
    }

    /// The next moment at which the output changes without an edit, as the last build saw it. None also
    /// after a build that failed.
    pub fn next_moment(&self) -> Option<Timestamp> {
        self.previous.as_ref()?.head.next.map(Timestamp)
    }

    /// Builds the site.
    ///
    /// # Errors
    /// As [`build`](super::build). The next build then lists all folders, whatever its `changes` are.
    pub fn build(&mut self, changes: &Changes, options: &Options, observer: &dyn Observer) -> Result<Report, Failure> {
        match run(&self.root, self.previous.take(), changes, options, observer) {
            Ok((report, previous)) => {
                self.previous = previous;
                Ok(report)
            }
            // The rest cannot be built, but what is withdrawn goes.
            Err(Failure::Site(mut problems)) if options.keep_going => {
                let pages = withdrawn::withdraw(&self.root, options)?;
                problems.extend((!pages.is_empty()).then(|| withdrawn::withdrawal(&pages)));
                Err(Failure::Site(problems))
            }
            Err(failure) => Err(failure),
        }
    }
}

/// How often a build begins again because a source changed under its hands.
const RESTARTS: usize = 3;

/// Builds the site from sources that hold still: what is published was on disk as a whole.
fn run(
    root: &Path,
    mut previous: Option<Previous>,
    changes: &Changes,
    options: &Options,
    observer: &dyn Observer,
) -> Result<Done, Failure> {
    let began = Instant::now();
    let mut restarts = 0..RESTARTS;
    loop {
        let reader = Arc::new(Reader::new(root));
        // What a build that was given up has learnt is as good as nothing.
        let changes = if restarts.start == 0 { changes } else { &Changes::Unknown };
        let result = attempt(&reader, previous.take(), changes, options, observer);
        let changed = reader.changed();
        match result {
            Ok((mut report, previous)) => {
                report.took = began.elapsed();
                return Ok((report, previous));
            }
            Err(Stop::Failure(failure)) if changed.is_empty() || matches!(failure, Failure::Machine(_)) => {
                return Err(failure);
            }
            Err(_) if restarts.next().is_some() => {}
            Err(_) => return Err(Failure::Site(never_still(&changed, root))),
        }
    }
}

/// What is said of sources, or of an output folder, that changed during every attempt.
fn never_still(changed: &BTreeSet<String>, root: &Path) -> Vec<Diagnostic> {
    if changed.is_empty() {
        return vec![
            Diagnostic::error("the output folder was removed each time the site was built")
                .at(Place::file(root.display().to_string()))
                .hint("stop whatever removes it, and build again"),
        ];
    }
    let error = |path: &String| {
        Diagnostic::error(format!("this file changed during each of {} attempts to build the site", RESTARTS + 1))
            .at(Place::file(path))
            .hint("stop whatever writes to it, or move it out of the site, and build again")
    };
    changed.iter().map(error).collect()
}
