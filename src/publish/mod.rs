//! Stage 6, **publish**: from bytes to the output folder.
//!
//! Rendered pages are written to a staging folder first; when every page is there and nothing is wrong,
//! they are moved into place: files, then articles, then what lists them, then removals. So a failed
//! build leaves the folder as it was, and a reader never sees half a page. A file whose bytes are the
//! same is not touched.

mod folder;
mod log;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::plan::Output;
use crate::render::query::Query;
use crate::render::trace::{PageTrace, Trace, Traces};
use crate::render::{Freshness, Reason, Renderer};
use crate::source::Stamp;
pub use folder::{FolderError, OutputFolder};
pub use log::{BuildLog, Head, LOG_FOLDER, Lock, Origin, lock, program, remove_orphans};

/// What became of one output.
#[derive(Debug)]
struct Done {
    output: Output,
    page: PageTrace,
    stamp: Stamp,
    content: Fingerprint,
    /// The number under which its bytes are staged.
    staged: Option<u32>,
    reason: Option<Reason>,
    /// The trace of the last build that is still true.
    known: Option<u32>,
}

/// Everything rendered, and nothing moved into place yet.
#[derive(Debug)]
pub struct Staged {
    done: Vec<Done>,
    /// Errors and warnings of all pages.
    pub diagnostics: Vec<Diagnostic>,
    traces: Traces,
}

/// What a build did to the output folder.
#[derive(Debug, Default)]
pub struct Published {
    /// Pages rendered, with the reason of each.
    pub rendered: Vec<(String, Reason)>,
    /// Files written.
    pub written: usize,
    /// Files removed.
    pub removed: usize,
}

/// Tells somebody how far the work is.
pub trait Progress: Sync {
    /// So many pages of so many are done.
    fn pages(&self, done: usize, total: usize);
}

/// Finds the stale outputs and renders them into the staging folder.
///
/// # Errors
/// The machine failed: disk full, no permission.
pub fn stage(
    renderer: &Arc<Renderer>,
    folder: &OutputFolder,
    traces: Traces,
    progress: &dyn Progress,
) -> Result<Staged, FolderError> {
    let freshness = Freshness::new(renderer, &traces);
    let outputs = &renderer.plan.outputs;
    let checked: Vec<(Option<u32>, Option<Reason>, bool)> = outputs
        .par_iter()
        .with_min_len(64)
        .map(|output| {
            let path = renderer.path(*output);
            let known = traces.find(&path);
            let Some(at) = known else { return (None, Some(Reason::New), false) };
            let trace = &traces.pages[at as usize];
            let is_there = !folder.was_empty() && folder.stamp(&path) == Some(trace.stamp);
            let reason = freshness.check(*output, &trace.page).or((!is_there).then_some(Reason::Tampered));
            (Some(at), reason, is_there)
        })
        .collect();
    let stale = checked.iter().filter(|(_, reason, _)| reason.is_some()).count();
    let finished = AtomicUsize::new(0);
    let results: Vec<Result<Done, PageFailure>> = checked
        .into_par_iter()
        .enumerate()
        .with_min_len(1)
        .with_max_len(64)
        .map(|(number, (known, reason, is_there))| {
            let output = outputs[number];
            let old = known.map(|at| &traces.pages[at as usize]);
            let Some(reason) = reason else {
                let old = old.expect("only what has a trace is fresh");
                return Ok(Done {
                    output,
                    page: PageTrace::default(),
                    stamp: old.stamp,
                    content: old.content,
                    staged: None,
                    reason: None,
                    known,
                });
            };
            let page = renderer.render(output).map_err(PageFailure::Site)?;
            let content = Fingerprint::of(&page.bytes);
            let path = renderer.path(output);
            let unchanged = match old {
                Some(old) if is_there => (old.content == content).then_some(old.stamp),
                _ if folder.was_empty() => None,
                _ => folder.holds(&path, &page.bytes),
            };
            let (stamp, staged) = match unchanged {
                Some(stamp) => (stamp, None),
                None => (folder.stage(number as u32, &path, &page.bytes).map_err(PageFailure::Machine)?, Some(number as u32)),
            };
            progress.pages(finished.fetch_add(1, Ordering::Relaxed) + 1, stale);
            Ok(Done { output, page: page.trace, stamp, content, staged, reason: Some(reason), known: None })
        })
        .collect();
    let mut done = Vec::with_capacity(results.len());
    let mut diagnostics = Vec::new();
    for result in results {
        match result {
            Ok(one) => {
                let warnings = match one.known {
                    Some(at) => &traces.pages[at as usize].page.warnings,
                    None => &one.page.warnings,
                };
                diagnostics.extend(warnings.iter().cloned());
                done.push(one);
            }
            Err(PageFailure::Site(problems)) => diagnostics.extend(problems),
            Err(PageFailure::Machine(error)) => return Err(error),
        }
    }
    Ok(Staged { done, diagnostics, traces })
}

enum PageFailure {
    Site(Vec<Diagnostic>),
    Machine(FolderError),
}

/// Moves what is staged into place and removes what is not planned any more.
///
/// # Errors
/// The machine failed. What was moved is whole; the next build repairs the rest.
pub fn publish(renderer: &Renderer, folder: &OutputFolder, staged: &Staged) -> Result<Published, FolderError> {
    let group = |output: Output| match output {
        Output::File(_) | Output::Asset(_) => 0,
        Output::Story(_) | Output::Page(_) => 1,
        _ => 2,
    };
    let groups = if folder.was_empty() { 0..0 } else { 0..3 };
    if folder.was_empty() {
        folder.place_all()?;
    }
    for wanted in groups {
        staged
            .done
            .par_iter()
            .with_min_len(16)
            .filter(|one| one.staged.is_some() && group(one.output) == wanted)
            .try_for_each(|one| folder.place(one.staged.expect("filtered"), &renderer.path(one.output)))?;
    }
    let is_rendered = |output: Output| !matches!(output, Output::File(_) | Output::Asset(_));
    let rendered = staged
        .done
        .iter()
        .filter(|one| is_rendered(one.output))
        .filter_map(|one| Some((renderer.path(one.output), one.reason.clone()?)))
        .collect();
    let written = staged.done.iter().filter(|one| one.staged.is_some()).count();
    let removed = remove_unplanned(renderer, folder, staged)?;
    Ok(Published { rendered, written, removed })
}

/// Removes what courant wrote and no longer plans. When the log does not tell what it wrote, everything
/// in the folder that is neither planned nor kept counts.
fn remove_unplanned(renderer: &Renderer, folder: &OutputFolder, staged: &Staged) -> Result<usize, FolderError> {
    let needs_planned = folder.must_be_walked() || !staged.traces.pages.is_empty();
    if !needs_planned {
        return Ok(0);
    }
    let is_same_set = !folder.must_be_walked()
        && staged.traces.pages.len() == staged.done.len()
        && staged.done.iter().all(|one| one.known.is_some());
    if is_same_set {
        return Ok(0);
    }
    let planned: rustc_hash::FxHashSet<u64> = staged.done.iter().map(|one| hash(&renderer.path(one.output))).collect();
    let found = if folder.must_be_walked() {
        folder.files()?
    } else {
        staged.traces.pages.iter().map(|trace| trace.path.to_string()).collect()
    };
    let mut removed = 0;
    for path in found {
        if !planned.contains(&hash(&path)) && folder.remove(&path)? {
            removed += 1;
        }
    }
    Ok(removed)
}

impl Staged {
    /// The traces of this build, and the queries that they number.
    pub fn into_traces(self, renderer: Renderer) -> (Vec<Trace>, Vec<(Query, Fingerprint)>, Vec<crate::article::Row>) {
        let Self { done, mut traces, .. } = self;
        let mut pages: Vec<Trace> = Vec::with_capacity(done.len());
        for one in done {
            let page = match one.known {
                Some(at) => std::mem::take(&mut traces.pages[at as usize].page),
                None => one.page,
            };
            pages.push(Trace { path: renderer.path(one.output).into(), page, stamp: one.stamp, content: one.content });
        }
        drop(traces.pages);
        let (fresh, index) = renderer.into_parts();
        let mut queries = traces.queries;
        queries.extend(fresh);
        (pages, queries, index.rows)
    }
}

/// Whether every file of the last build is still the one that was written.
pub fn is_untouched(folder: &OutputFolder, traces: &Traces) -> bool {
    traces.pages.par_iter().with_min_len(256).all(|trace| folder.stamp(&trace.path) == Some(trace.stamp))
}

/// Renders everything again and compares it with the folder.
///
/// # Errors
/// Every file that is missing, different or too many.
pub fn verify(renderer: &Arc<Renderer>, folder: &OutputFolder) -> Vec<Diagnostic> {
    let outputs = &renderer.plan.outputs;
    let mut problems: Vec<Diagnostic> = outputs
        .par_iter()
        .with_min_len(16)
        .flat_map_iter(|output| {
            let path = renderer.path(*output);
            match renderer.render(*output) {
                Ok(page) if folder.holds(&path, &page.bytes).is_some() => Vec::new(),
                Ok(_) => vec![
                    Diagnostic::error(format!("the published /{path} is not what its sources make"))
                        .hint("delete the folder `.courant` and build again; please report this"),
                ],
                Err(problems) => problems,
            }
        })
        .collect();
    let planned: rustc_hash::FxHashSet<u64> = outputs.iter().map(|output| hash(&renderer.path(*output))).collect();
    match folder.files() {
        Ok(files) => problems.extend(files.into_iter().filter(|path| !planned.contains(&hash(path))).map(|path| {
            Diagnostic::error(format!("the output folder holds /{path}, which is not planned"))
                .hint("move files of your own to `static/`, or name them under `keep:` in site.yaml")
        })),
        Err(error) => problems.push(Diagnostic::error(error.to_string())),
    }
    problems
}

fn hash(path: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(path.as_bytes())
}

/// Whether `path` lies in `folder` or is it, as far as names tell.
pub(crate) fn lies_in(path: &Path, folder: &Path) -> bool {
    path.starts_with(folder)
}

/// Waits until the file system's clock has moved on since the last write, so that a file changed by
/// somebody else after this build has another modification time. The clock's grain is 10 ms at most.
pub fn wait_for_clock(last_write: std::time::Instant) {
    let grain = std::time::Duration::from_millis(11);
    std::thread::sleep(grain.saturating_sub(last_write.elapsed()));
}
