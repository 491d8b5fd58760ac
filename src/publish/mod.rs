//! Stage 6, **publish**: from bytes to the output folder.
//!
//! Rendered pages are written to a staging folder first; when every page is there and nothing is wrong,
//! they are moved into place: files, then articles, then what lists them, then removals. So a failed
//! build leaves the folder as it was, and a reader never sees half a page. A file whose bytes are the
//! same is not touched.

mod folder;
mod log;

use std::num::NonZeroU32;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::plan::Output;
use crate::render::trace::{PageTrace, Trace, Traces};
use crate::render::{Freshness, Reason, Renderer};
use crate::source::Stamp;
pub use folder::{FolderError, OutputFolder};
use log::Numbering;
pub use log::{BuildLog, Head, LOG_FOLDER, Lock, Origin, lock, program, remove_orphans};

/// The place of an output's old trace, why it is stale (if it is), and whether the file that the trace
/// tells of is there.
type Checked = (Option<u32>, Option<Stale>, bool);

/// Why an output is stale; none stands for [`Reason::New`], which all pages of a clean build have.
type Stale = Option<Box<Reason>>;

/// What became of one output.
#[derive(Debug)]
struct Done {
    output: Output,
    /// Its trace in the last build, by its place.
    old: Option<u32>,
    /// None if it was fresh: then the old trace is still true.
    rendered: Option<Box<Rendered>>,
}

#[derive(Debug)]
struct Rendered {
    page: PageTrace,
    stamp: Stamp,
    content: Fingerprint,
    /// The number under which its bytes are staged, plus one; none if the file on disk has them already.
    staged: Option<NonZeroU32>,
    reason: Stale,
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
    let checked: Vec<Checked> = outputs
        .par_iter()
        .with_min_len(64)
        .map(|output| {
            let path = renderer.path(*output);
            let Some(at) = traces.find(&path) else { return (None, Some(None), false) };
            let trace = &traces.pages[at as usize];
            let is_there = !folder.was_empty() && folder.stamp(&path) == Some(trace.stamp);
            let reason = freshness.check(*output, &trace.page).or((!is_there).then_some(Reason::Tampered));
            (Some(at), reason.map(|reason| Some(Box::new(reason))), is_there)
        })
        .collect();
    let stale = checked.iter().filter(|(_, reason, _)| reason.is_some()).count();
    let finished = AtomicUsize::new(0);
    let problems: Mutex<Vec<Diagnostic>> = Mutex::default();
    let failure: OnceLock<FolderError> = OnceLock::new();
    let done: Vec<Option<Done>> = checked
        .into_par_iter()
        .enumerate()
        .with_min_len(1)
        .with_max_len(64)
        .map(|(number, (old, reason, is_there))| {
            let output = outputs[number];
            let Some(reason) = reason else { return Some(Done { output, old, rendered: None }) };
            if failure.get().is_some() {
                return None;
            }
            let page = match renderer.render(output) {
                Ok(page) => page,
                Err(found) => {
                    problems.lock().expect("no panic while locked").extend(found);
                    return None;
                }
            };
            let content = Fingerprint::of(&page.bytes);
            let path = renderer.path(output);
            let unchanged = match old.map(|at| &traces.pages[at as usize]) {
                Some(old) if is_there => (old.content == content).then_some(old.stamp),
                _ if folder.was_empty() => None,
                _ => folder.holds(&path, &page.bytes),
            };
            let (stamp, staged) = match unchanged {
                Some(stamp) => (stamp, None),
                None => match folder.stage(number as u32, &path, &page.bytes) {
                    Ok(stamp) => (stamp, NonZeroU32::new(number as u32 + 1)),
                    Err(error) => {
                        let _ = failure.set(error);
                        return None;
                    }
                },
            };
            progress.pages(finished.fetch_add(1, Ordering::Relaxed) + 1, stale);
            let rendered = Rendered { page: page.trace, stamp, content, staged, reason };
            Some(Done { output, old, rendered: Some(Box::new(rendered)) })
        })
        .collect();
    if let Some(error) = failure.into_inner() {
        return Err(error);
    }
    let mut diagnostics = problems.into_inner().expect("no panic while locked");
    let done: Vec<Done> = done.into_iter().flatten().collect();
    for one in &done {
        diagnostics.extend(one.page(&traces).warnings().iter().cloned());
    }
    Ok(Staged { done, diagnostics, traces })
}

impl Done {
    /// The trace that is true now.
    fn page<'a>(&'a self, traces: &'a Traces) -> &'a PageTrace {
        match (&self.rendered, self.old) {
            (Some(rendered), _) => &rendered.page,
            (None, Some(at)) => &traces.pages[at as usize].page,
            (None, None) => unreachable!("only what has a trace is fresh"),
        }
    }

    fn staged(&self) -> Option<u32> {
        self.rendered.as_ref().and_then(|rendered| rendered.staged).map(|number| number.get() - 1)
    }
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
            .filter(|one| group(one.output) == wanted)
            .filter_map(|one| Some((one.staged()?, one.output)))
            .try_for_each(|(number, output)| folder.place(number, &renderer.path(output)))?;
    }
    let is_rendered = |output: Output| !matches!(output, Output::File(_) | Output::Asset(_));
    let rendered = staged
        .done
        .iter()
        .filter(|one| is_rendered(one.output))
        .filter_map(|one| {
            Some((renderer.path(one.output), one.rendered.as_ref()?.reason.as_deref().cloned().unwrap_or(Reason::New)))
        })
        .collect();
    let written = staged.done.iter().filter(|one| one.staged().is_some()).count();
    let removed = remove_unplanned(renderer, folder, staged)?;
    Ok(Published { rendered, written, removed })
}

/// Removes what courant wrote and no longer plans. When the log does not tell what it wrote, everything
/// in the folder that is neither planned nor kept counts.
fn remove_unplanned(renderer: &Renderer, folder: &OutputFolder, staged: &Staged) -> Result<usize, FolderError> {
    let found: Vec<String> = if folder.must_be_walked() {
        let planned: FxHashSet<u64> = staged.done.iter().map(|one| hash(&renderer.path(one.output))).collect();
        folder.files()?.into_iter().filter(|path| !planned.contains(&hash(path))).collect()
    } else {
        let mut is_planned = vec![false; staged.traces.pages.len()];
        staged.done.iter().filter_map(|one| one.old).for_each(|at| is_planned[at as usize] = true);
        let old = staged.traces.pages.iter().zip(is_planned);
        old.filter(|(_, is_planned)| !is_planned).map(|(trace, _)| trace.path.to_string()).collect()
    };
    let mut removed = 0;
    for path in found {
        if folder.remove(&path)? {
            removed += 1;
        }
    }
    Ok(removed)
}

impl Staged {
    /// Writes the log of this build.
    ///
    /// # Errors
    /// The machine failed; the old log is still there.
    pub fn write_log(self, renderer: &Renderer, head: Head, path: &Path) -> Result<(), FolderError> {
        let Self { mut done, mut traces, .. } = self;
        let mut queries = std::mem::take(&mut traces.queries);
        let asked = renderer.take_queries();
        let may_repeat = !queries.is_empty();
        if may_repeat {
            queries.extend(asked);
        } else {
            queries = asked;
        }
        let mut numbering = Numbering::new(&queries, may_repeat);
        for one in &mut done {
            match (&mut one.rendered, one.old) {
                (Some(rendered), _) => numbering.renumber(&mut rendered.page.queries),
                (None, Some(at)) => numbering.renumber(&mut traces.pages[at as usize].page.queries),
                (None, None) => unreachable!("only what has a trace is fresh"),
            }
        }
        let pages = done.par_iter().map(|one| match (&one.rendered, one.old) {
            (Some(rendered), _) => Trace {
                path: renderer.path(one.output).into(),
                page: rendered.page.clone(),
                stamp: rendered.stamp,
                content: rendered.content,
            },
            (None, at) => traces.pages[at.expect("renumbered above") as usize].clone(),
        });
        log::write(path, head, &renderer.index.rows, pages, &numbering)
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
    let planned: FxHashSet<u64> = outputs.iter().map(|output| hash(&renderer.path(*output))).collect();
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

/// Waits until the file system's clock has moved on since the last write, so that a file changed by
/// somebody else after this build has another modification time. The clock's grain is 10 ms at most.
pub fn wait_for_clock(last_write: std::time::Instant) {
    let grain = std::time::Duration::from_millis(11);
    std::thread::sleep(grain.saturating_sub(last_write.elapsed()));
}
