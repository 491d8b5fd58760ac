//! Stage 6, **publish**: from bytes to the output folder.
//!
//! Rendered pages are written to a staging folder first; when every page is there and nothing is wrong,
//! they are moved into place: files, then articles, then what lists them, then removals. So a failed
//! build leaves the folder as it was, and a reader never sees half a page. A file whose bytes are the
//! same is not touched.

mod companion;
mod folder;
mod leak;
mod log;
mod reading;
mod secret;
mod sieve;
mod textual;

use std::borrow::Cow;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::article::{Row, RowChanges};
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::fingerprint::file_id;
use crate::index::{Role, Shown};
use crate::pictures::Order;
use crate::plan::Output;
use crate::render::query::Query;
use crate::render::trace::{Companions, Encoding, Generation, Trace, TraceChanges, Traces};
use crate::render::{Freshness, Ground, Reason, Renderer};
use crate::site_path;
use crate::variant::Derivative;
pub use companion::Compression;
pub use folder::{FolderError, OutputFolder, PREVIEW_FOLDER};
use leak::LeakScan;
pub use leak::Searched;
pub use log::{
    BuildLog, Head, LOG_FOLDER, Lock, LogFile, Origin, Writer, boot, check_log_folder, lock, note_stamps, program,
    remove_half_written, remove_orphans,
};
use textual::holds_text;

/// What the check of an output found.
#[derive(Debug)]
struct Verdict {
    /// The slot of its old trace; [`NO_SLOT`] if it has none.
    slot: u32,
    /// Whether the file that the trace tells of is there.
    is_there: bool,
    /// Why it must be rendered; none if it is fresh.
    reason: Option<Box<Reason>>,
}

const NO_SLOT: u32 = u32::MAX;

/// What became of one output.
#[derive(Debug)]
enum Fate {
    /// Its page is wrong, or the machine failed before.
    Failed,
    /// The old trace in this slot is still true.
    Fresh(u32),
    /// Rendered; its trace is in the new log already.
    Logged { staged: Files, companions: Files },
    /// Rendered; its trace goes into the log when everything is published.
    Rendered(Box<Rendered>),
}

#[derive(Debug)]
struct Rendered {
    slot: u32,
    trace: Trace,
    staged: Files,
    reason: Reason,
}

/// Some of the files of one output: itself and its companions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Files(u8);

impl Files {
    const ITSELF: Self = Self(1);

    fn add(&mut self, encoding: Encoding) {
        self.0 |= 2 << encoding as u8;
    }

    fn has_itself(self) -> bool {
        self.0 & 1 == 1
    }

    fn has(self, encoding: Encoding) -> bool {
        self.0 & 2 << encoding as u8 != 0
    }

    fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// What the names of these have behind that of the output.
    fn endings(self) -> impl Iterator<Item = &'static str> {
        let companions = Encoding::ALL.into_iter().filter(move |encoding| self.has(*encoding));
        self.has_itself().then_some("").into_iter().chain(companions.map(Encoding::ending))
    }

    fn companions_of(trace: &Trace) -> Self {
        let mut files = Self::default();
        trace.companions().iter().for_each(|(encoding, _)| files.add(*encoding));
        files
    }
}

/// Everything rendered, and nothing moved into place yet.
#[derive(Debug)]
pub struct Staged {
    fates: Vec<Fate>,
    /// Errors and warnings of all pages.
    pub diagnostics: Vec<Diagnostic>,
    /// What the leak scan looked for, and what it has to say.
    pub searched: (Searched, Vec<Diagnostic>),
    traces: Traces,
    writer: Option<Writer>,
}

/// Stages what is stale.
struct Stage<'a> {
    folder: &'a OutputFolder,
    compression: Option<&'a Compression>,
}

impl Stage<'_> {
    /// Stages the companions of a file that are not there as they must be. `old` is the trace of a file that
    /// has the same bytes.
    fn companions(
        &self,
        number: u32,
        path: &str,
        bytes: &[u8],
        old: Option<&Trace>,
    ) -> Result<(Option<Box<Companions>>, Files), FolderError> {
        let Some(compression) = self.compression else { return Ok((None, Files::default())) };
        let known = old.and_then(|old| old.companions.as_ref()).filter(|known| known.recipe == compression.recipe);
        let mut made = Companions { recipe: compression.recipe, tried: Vec::new(), files: Vec::new() };
        let mut staged = Files::default();
        for encoding in compression.wanted(path, bytes.len()) {
            made.tried.push(encoding);
            let path = encoding.path(path);
            let stamp = known.and_then(|known| known.files.iter().find(|(known, _)| *known == encoding));
            match (known, stamp) {
                // It was tried, and was not worth it.
                (Some(known), None) if known.tried.contains(&encoding) && !self.folder.was_empty() => continue,
                (_, Some((_, stamp))) if self.folder.stamp(&path) == Some(*stamp) && !self.folder.was_empty() => {
                    made.files.push((encoding, *stamp));
                    continue;
                }
                _ => {}
            }
            let Some(packed) = compression.compress(encoding, bytes) else { continue };
            let there = if self.folder.was_empty() { None } else { self.folder.holds(&path, &packed) };
            let stamp = match there {
                Some(stamp) => stamp,
                None => {
                    staged.add(encoding);
                    self.folder.stage(number, encoding.ending(), &path, &packed)?
                }
            };
            made.files.push((encoding, stamp));
        }
        Ok(((!made.tried.is_empty()).then(|| Box::new(made)), staged))
    }
}

/// Whether a file and its companions are the ones that were written.
fn is_whole(folder: &OutputFolder, trace: &Trace) -> bool {
    let is_there = |(encoding, stamp): &(Encoding, _)| folder.stamp(&encoding.path(&trace.path)) == Some(*stamp);
    folder.stamp(&trace.path) == Some(trace.stamp) && trace.companions().iter().all(is_there)
}

/// What a build did to the output folder.
#[derive(Debug, Default)]
pub struct Published {
    /// Pages rendered.
    pub rendered: usize,
    /// Files written.
    pub written: usize,
    /// Files removed.
    pub removed: usize,
    /// Which ones, if that was asked for.
    pub details: Details,
}

/// What became of each output. All paths are relative to the output folder.
#[derive(Debug, Default)]
pub struct Details {
    /// Pages rendered, with the reason of each.
    pub rendered: Vec<(String, Reason)>,
    /// Files written, copied ones too.
    pub written: Vec<String>,
    /// Files removed.
    pub removed: Vec<String>,
    /// Pages of articles whose address changed: from, to.
    pub moved: Vec<(String, String)>,
    /// Pages of articles that would be withheld, had the options not asked for them.
    pub shown: Vec<(String, Shown)>,
}

impl Details {
    /// Notes which of the articles and pages that stood `before` in a row and a file have moved.
    pub fn follow(&mut self, before: Vec<(u32, String)>, renderer: &Renderer) {
        for (row, from) in before {
            let to = match renderer.index.role(row) {
                Role::Story(id) => renderer.path(Output::Story(id)),
                Role::Page(at) => renderer.path(Output::Page(at)),
                Role::Withheld | Role::Hidden | Role::Other => continue,
            };
            if from != to {
                self.moved.push((from, to));
            }
        }
    }
}

/// What takes time in a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Looking at the sources and reading those that are new.
    Sources,
    /// Making copies of photographs.
    Pictures,
    /// Drawing social cards.
    Cards,
    /// Rendering pages and feeds.
    Pages,
    /// Writing what the search reads.
    Search,
    /// Taking over files as they are.
    Files,
    /// Moving everything into place.
    Publishing,
}

impl Work {
    /// All kinds.
    pub const ALL: [Self; 7] =
        [Self::Sources, Self::Pictures, Self::Cards, Self::Pages, Self::Search, Self::Files, Self::Publishing];

    fn on(output: Output) -> Self {
        match output {
            Output::Card(_) | Output::ListingCard(_) => Self::Cards,
            Output::SearchCatalogue(_) | Output::SearchWords(..) | Output::SearchArticles(..) => Self::Search,
            Output::File(_) | Output::Asset(_) | Output::Derivative(..) => Self::Files,
            _ => Self::Pages,
        }
    }
}

/// Tells somebody what a build is doing, and how far it is.
pub trait Progress: Sync {
    /// What is done next, before it begins, and how many there are of each kind; 0 where nobody knows.
    fn next(&self, work: &[(Work, usize)]) {
        let _ = work;
    }

    /// So many more of them are done.
    fn done(&self, work: Work, number: usize) {
        let _ = (work, number);
    }

    /// One of the files that were asked for first is rendered and will have these bytes, unless another
    /// page of this build is wrong.
    fn ready(&self, path: &str, bytes: &[u8]) {
        let _ = (path, bytes);
    }
}

/// How stale outputs are found.
#[derive(Debug)]
pub struct Check<'a> {
    /// What the answers of the last build were made from.
    pub ground: Ground,
    /// Whether the files in the folder are looked at; else they are as they were left.
    pub looks_at_files: bool,
    /// What the leak scan of the last build has looked for.
    pub searched: &'a Searched,
    /// Files that are rendered before all others.
    pub first: &'a [String],
    /// How companions are made, if the site has any.
    pub compression: Option<&'a Compression>,
}

/// Finds the stale outputs and renders them into the staging folder. If there is a `writer`, no old trace
/// counts, and the new ones go to it as they are made.
///
/// # Errors
/// The machine failed: disk full, no permission.
pub fn stage(
    renderer: &Arc<Renderer>,
    folder: &OutputFolder,
    traces: Traces,
    check: &Check<'_>,
    writer: Option<Writer>,
    progress: &dyn Progress,
) -> Result<Staged, FolderError> {
    let outputs = &renderer.plan.outputs;
    let freshness = Freshness::new(renderer, &traces, &check.ground);
    let staging = Stage { folder, compression: check.compression };
    let verdict = |number: usize| {
        let Some(slot) = traces.find(renderer.plan.files[number]) else {
            return Verdict { slot: NO_SLOT, is_there: false, reason: Some(Box::new(Reason::New)) };
        };
        let trace = &traces.pages[slot as usize];
        let is_there = !folder.was_empty() && (!check.looks_at_files || folder.stamp(&trace.path) == Some(trace.stamp));
        let is_whole = is_there
            && (!check.looks_at_files || trace.companions.is_none() || is_whole(folder, trace))
            && check.compression.is_none_or(|compression| compression.is_complete(trace));
        let reason = freshness.check(outputs[number], &trace.page).or((!is_whole).then_some(Reason::Tampered));
        Verdict { slot, is_there, reason: reason.map(Box::new) }
    };
    let problems: Mutex<Vec<Diagnostic>> = Mutex::default();
    let failure: OnceLock<FolderError> = OnceLock::new();
    let leaks = LeakScan::new(renderer, check.searched);
    let render = |number: usize, verdict: Verdict, is_first: bool| -> Fate {
        let Verdict { slot, is_there, reason: Some(reason) } = verdict else {
            let may_stay = leaks.may_stay(outputs[number], |path| folder.text(path).map(Cow::Owned));
            return if may_stay { Fate::Fresh(verdict.slot) } else { Fate::Failed };
        };
        if failure.get().is_some() {
            return Fate::Failed;
        }
        let output = outputs[number];
        let page = match renderer.render(output) {
            Ok(page) => page,
            Err(found) => {
                problems.lock().expect("no panic while locked").extend(found);
                return Fate::Failed;
            }
        };
        if !page.trace.warnings().is_empty() {
            problems.lock().expect("no panic while locked").extend(page.trace.warnings().iter().cloned());
        }
        let content = Fingerprint::of(&page.bytes);
        let path = renderer.path(output);
        let unchanged = match traces.pages.get(slot as usize) {
            Some(old) if is_there => (old.content == content).then_some(old.stamp),
            _ if folder.was_empty() => None,
            _ => folder.holds(&path, &page.bytes),
        };
        let is_published = match unchanged {
            None => leaks.passes(output, &page.bytes),
            Some(_) => {
                leaks.may_stay(output, |path| holds_text(path, &page.bytes).then_some(Cow::Borrowed(&page.bytes)))
            }
        };
        if !is_published {
            return Fate::Failed;
        }
        if is_first {
            progress.ready(&path, &page.bytes);
        }
        let keep = || {
            let stamp = match unchanged {
                Some(stamp) => stamp,
                None => folder.stage(number as u32, "", &path, &page.bytes)?,
            };
            let old = traces.pages.get(slot as usize).filter(|old| old.content == content);
            let (companions, mut staged) = staging.companions(number as u32, &path, &page.bytes, old)?;
            if unchanged.is_none() {
                staged.0 |= Files::ITSELF.0;
            }
            let (class, origin) = renderer.going_out(output);
            let trace = Trace { path: path.into(), page: page.trace, stamp, content, companions, class, origin };
            let companions = Files::companions_of(&trace);
            match &writer {
                Some(writer) => writer.trace(trace).map(|()| Fate::Logged { staged, companions }),
                None => Ok(Fate::Rendered(Box::new(Rendered { slot, trace, staged, reason: *reason }))),
            }
        };
        let kept = keep();
        kept.unwrap_or_else(|error| {
            let _ = failure.set(error);
            Fate::Failed
        })
    };
    // Somebody waits for these: they come even before the others are looked at.
    let early: FxHashMap<usize, Mutex<Option<Fate>>> = check
        .first
        .iter()
        .filter_map(|path| {
            let file = file_id(path);
            let number = renderer.plan.files.iter().position(|other| *other == file)?;
            Some((number, Mutex::new(Some(render(number, verdict(number), true)))))
        })
        .collect();
    let finish = |number: usize, verdict: Verdict| {
        if let Some(fate) = early.get(&number).and_then(|fate| fate.lock().expect("no panic while locked").take()) {
            return fate;
        }
        let fate = render(number, verdict, false);
        if !matches!(fate, Fate::Fresh(_)) {
            progress.done(Work::on(outputs[number]), 1);
        }
        fate
    };
    let all = 0..outputs.len();
    let fates: Vec<Fate> = if traces.pages.is_empty() {
        // A clean build has nothing to compare.
        prepare_pictures(renderer, |_| true, progress);
        progress.next(&work_on(outputs.iter().copied()));
        all.into_par_iter().with_max_len(64).map(|number| finish(number, verdict(number))).collect()
    } else {
        let verdicts: Vec<Verdict> = all.into_par_iter().with_min_len(64).map(verdict).collect();
        prepare_pictures(renderer, |number| verdicts[number].reason.is_some(), progress);
        let stale = outputs.iter().zip(&verdicts).filter(|(_, verdict)| verdict.reason.is_some());
        progress.next(&work_on(stale.map(|(output, _)| *output)));
        let numbered = verdicts.into_par_iter().enumerate().with_max_len(64);
        numbered.map(|(number, verdict)| finish(number, verdict)).collect()
    };
    if let Some(error) = failure.into_inner() {
        return Err(error);
    }
    let mut diagnostics = problems.into_inner().expect("no panic while locked");
    diagnostics.extend(untold_pictures(renderer));
    for fate in &fates {
        if let Fate::Fresh(slot) = fate {
            let slot = *slot as usize;
            diagnostics.extend(traces.pages[slot].page.warnings().iter().cloned());
        }
    }
    let searched = leaks.finish();
    diagnostics.extend(searched.1.iter().cloned());
    Ok(Staged { fates, diagnostics, searched, traces, writer })
}

/// How many outputs there are of each kind.
fn work_on(outputs: impl Iterator<Item = Output>) -> [(Work, usize); Work::ALL.len()] {
    let mut work = Work::ALL.map(|work| (work, 0));
    outputs.for_each(|output| work[Work::on(output) as usize].1 += 1);
    work
}

/// Has the photo desk make what stale outputs need, before the pages are rendered: many copies of one
/// photograph cost one look at it.
fn prepare_pictures(renderer: &Renderer, is_stale: impl Fn(usize) -> bool, progress: &dyn Progress) {
    let mut orders: Vec<(Order<'_>, Vec<Derivative>)> = Vec::new();
    let mut last = None;
    for (number, output) in renderer.plan.outputs.iter().enumerate() {
        // The copies of a photograph follow each other in the plan.
        let Output::Derivative(at, copy) = output else { continue };
        if !is_stale(number) {
            continue;
        }
        let photograph = &renderer.plan.photographs.all[*at as usize];
        if last != Some(*at) {
            last = Some(*at);
            orders.push((renderer.order(photograph), Vec::new()));
        }
        let (_, copies) = orders.last_mut().expect("pushed above");
        copies.push(photograph.derivatives[*copy as usize]);
    }
    let begins = |total| progress.next(&[(Work::Pictures, total)]);
    renderer.desk.prepare(&orders, &begins, &|number| progress.done(Work::Pictures, number));
}

/// What is wrong with photographs whose pages are as they were, and so have nothing to tell.
fn untold_pictures(renderer: &Renderer) -> Vec<Diagnostic> {
    let untold = renderer.plan.photographs.all.iter().filter_map(|photograph| {
        let order = renderer.order(photograph);
        let problem = renderer.desk.untold(&order)?;
        Some(
            Diagnostic::error(format!("this picture cannot be shown: {}", problem.message))
                .at(crate::diagnostic::Place::file(order.path))
                .hint(problem.hint),
        )
    });
    untold.collect()
}

impl Fate {
    fn staged(&self) -> Files {
        match self {
            Self::Failed | Self::Fresh(_) => Files::default(),
            Self::Logged { staged, .. } => *staged,
            Self::Rendered(rendered) => rendered.staged,
        }
    }

    /// The companions that the output has after the build.
    fn companions(&self, traces: &Traces) -> Files {
        match self {
            Self::Failed => Files::default(),
            Self::Fresh(slot) => Files::companions_of(&traces.pages[*slot as usize]),
            Self::Logged { companions, .. } => *companions,
            Self::Rendered(rendered) => Files::companions_of(&rendered.trace),
        }
    }

    fn slot(&self) -> Option<u32> {
        match self {
            Self::Fresh(slot) => Some(*slot),
            Self::Rendered(rendered) => (rendered.slot != NO_SLOT).then_some(rendered.slot),
            Self::Failed | Self::Logged { .. } => None,
        }
    }
}

/// Moves what is staged into place and removes what is not planned any more. `explain` asks for the
/// details.
///
/// # Errors
/// The machine failed. What was moved is whole; the next build repairs the rest.
pub fn publish(
    renderer: &Renderer,
    folder: &OutputFolder,
    staged: &Staged,
    explain: bool,
) -> Result<Published, FolderError> {
    let outputs = &renderer.plan.outputs;
    let group = |output: Output| match output {
        Output::File(_) | Output::Derivative(..) | Output::Card(_) | Output::ListingCard(_) | Output::Asset(_) => 0,
        Output::Story(_) | Output::Page(_) => 1,
        _ => 2,
    };
    let all = || outputs.iter().zip(&staged.fates).enumerate();
    // A source that was renamed: its page is removed here and new there.
    let new: FxHashMap<Fingerprint, &str> = all()
        .filter_map(|(_, (_, fate))| match fate {
            Fate::Rendered(rendered) if rendered.slot == NO_SLOT => Some(&rendered.trace),
            _ => None,
        })
        .filter(|trace| trace.page.source != Fingerprint::default())
        .map(|trace| (trace.page.source, &*trace.path))
        .collect();
    let (first, last) = in_order(renderer, staged, &new, unplanned(renderer, folder, staged)?);
    let mut withdrawn = Vec::new();
    if folder.was_empty() {
        folder.place_all()?;
    } else {
        withdrawn = remove_all(folder, first)?;
        let placed: Vec<(usize, Output, Files)> = all()
            .map(|(number, (output, fate))| (number, *output, fate.staged()))
            .filter(|(_, _, staged)| !staged.is_empty())
            .collect();
        for wanted in 0..3 {
            placed.par_iter().with_min_len(16).filter(|(_, output, _)| group(*output) == wanted).try_for_each(
                |(number, output, staged)| {
                    let path = renderer.path(*output);
                    staged
                        .endings()
                        .try_for_each(|ending| folder.place(*number as u32, ending, &format!("{path}{ending}")))
                },
            )?;
        }
    }
    let mut published = Published::default();
    for (_, (output, fate)) in all() {
        let is_rendered = output.is_counted() && matches!(fate, Fate::Logged { .. } | Fate::Rendered(_));
        published.rendered += usize::from(is_rendered);
        let staged = fate.staged();
        published.written += staged.len();
        if explain && is_rendered {
            let reason = if let Fate::Rendered(rendered) = fate { rendered.reason.clone() } else { Reason::New };
            published.details.rendered.push((renderer.path(*output), reason));
        }
        if explain && !staged.is_empty() {
            let path = renderer.path(*output);
            published.details.written.extend(staged.endings().map(|ending| format!("{path}{ending}")));
        }
    }
    for path in withdrawn.into_iter().chain(remove_all(folder, last)?) {
        published.removed += 1;
        if explain {
            let old = staged.traces.find(file_id(&path)).map(|slot| &staged.traces.pages[slot as usize]);
            let is_page = |path: &str| path.ends_with(".html");
            if let Some(to) = old.and_then(|old| new.get(&old.page.source)).filter(|to| is_page(&path) && is_page(to)) {
                published.details.moved.push((path.clone(), (*to).to_owned()));
            }
            published.details.removed.push(path);
        }
    }
    Ok(published)
}

/// Removes files; the ones that were there.
fn remove_all(folder: &OutputFolder, paths: Vec<String>) -> Result<Vec<String>, FolderError> {
    let mut removed = Vec::with_capacity(paths.len());
    for path in paths {
        if folder.remove(&path)? {
            removed.push(path);
        }
    }
    Ok(removed)
}

/// Divides what is to be removed: what is withdrawn goes before anything else happens, and the rest when
/// everything else has happened, since pages may still refer to it. Withdrawn is what was made from one source,
/// with all that stands beside it, and whatever nobody knows; but what has only moved is not.
fn in_order(
    renderer: &Renderer,
    staged: &Staged,
    new: &FxHashMap<Fingerprint, &str>,
    paths: Vec<String>,
) -> (Vec<String>, Vec<String>) {
    let trace = |path: &str| staged.traces.find(file_id(path)).map(|slot| &staged.traces.pages[slot as usize]);
    let is_withdrawn = |path: &str| {
        trace(path).is_none_or(|old| {
            old.page.source != Fingerprint::default()
                && !new.contains_key(&old.page.source)
                && !path.starts_with("assets/")
        })
    };
    let folders: FxHashSet<&str> = paths
        .iter()
        .filter(|path| is_withdrawn(path))
        .filter_map(|path| path.strip_suffix("index.html"))
        .filter(|folder| !folder.is_empty())
        .collect();
    let is_beside =
        |path: &str| memchr::memrchr_iter(b'/', path.as_bytes()).any(|slash| folders.contains(&path[..=slash]));
    let is_old_address = |path: &str| {
        let site_path = format!("/{}", path.strip_suffix("index.html").unwrap_or(path));
        renderer.index.withheld.contains_key(&crate::index::address_key(&site_path))
    };
    let (first, last): (Vec<usize>, Vec<usize>) = (0..paths.len()).partition(|at| {
        let path = &*paths[*at];
        is_withdrawn(path) || is_beside(path) || is_old_address(path)
    });
    let take = |some: Vec<usize>| some.into_iter().map(|at| paths[at].clone()).collect();
    (take(first), take(last))
}

/// The files that the folder will have. A page that failed is not among them, as after a clean build.
fn planned(renderer: &Renderer, staged: &Staged) -> FxHashSet<u64> {
    let files = renderer.plan.files.iter().zip(&staged.fates);
    let mut planned: FxHashSet<u64> =
        files.filter(|(_, fate)| !matches!(fate, Fate::Failed)).map(|(file, _)| *file).collect();
    for (output, fate) in renderer.plan.outputs.iter().zip(&staged.fates) {
        let companions = fate.companions(&staged.traces);
        if !companions.is_empty() {
            let path = renderer.path(*output);
            planned.extend(companions.endings().map(|ending| file_id(&format!("{path}{ending}"))));
        }
    }
    planned
}

/// What courant wrote and no longer plans. When the log does not tell what it wrote, everything in the
/// folder that is neither planned nor kept counts.
fn unplanned(renderer: &Renderer, folder: &OutputFolder, staged: &Staged) -> Result<Vec<String>, FolderError> {
    if folder.must_be_walked() || holds_more_than_the_log_tells(renderer, folder, staged) {
        let planned = planned(renderer, staged);
        return Ok(folder.files()?.into_iter().filter(|path| !planned.contains(&file_id(path))).collect());
    }
    if staged.traces.pages.is_empty() {
        return Ok(Vec::new());
    }
    let mut gone = Vec::new();
    let is_logged = staged.writer.is_some();
    let mut is_planned = vec![false; staged.traces.pages.len()];
    for (file, fate) in renderer.plan.files.iter().zip(&staged.fates) {
        let slot = if is_logged && !matches!(fate, Fate::Failed) { staged.traces.find(*file) } else { fate.slot() };
        if let Some(slot) = slot {
            is_planned[slot as usize] = true;
            let old = &staged.traces.pages[slot as usize];
            if old.companions.is_some() {
                let now = fate.companions(&staged.traces);
                let lost = old.companions().iter().filter(|(encoding, _)| !now.has(*encoding));
                gone.extend(lost.map(|(encoding, _)| encoding.path(&old.path)));
            }
        }
    }
    let old = staged.traces.pages.iter().zip(is_planned);
    for (trace, _) in old.filter(|(trace, is_planned)| !is_planned && !trace.path.is_empty()) {
        gone.push(trace.path.to_string());
        gone.extend(trace.companions().iter().map(|(encoding, _)| encoding.path(&trace.path)));
    }
    // What had the name of a companion may be a file of the site now, and the other way round.
    if !gone.is_empty() {
        let planned = planned(renderer, staged);
        gone.retain(|path| !planned.contains(&file_id(path)));
    }
    Ok(gone)
}

/// Whether there is a page of something withheld that the log does not know: then the folder was put together from
/// several states of itself, and only a walk finds all that does not belong there.
fn holds_more_than_the_log_tells(renderer: &Renderer, folder: &OutputFolder, staged: &Staged) -> bool {
    let is_unknown = |path: &str| staged.traces.find(file_id(path)).is_none() && folder.stamp(path).is_some();
    !folder.was_empty() && renderer.index.withheld.values().any(|path| is_unknown(&site_path::output_path(path)))
}

/// What the log is written from, beside the traces.
#[derive(Debug)]
pub struct Record<'a> {
    /// Its new head.
    pub head: Head,
    /// All sources.
    pub rows: &'a [Row],
    /// What changed in them.
    pub changes: RowChanges,
    /// The file as it was read.
    pub file: LogFile,
}

impl Staged {
    /// What the folder will hold when everything is published; `before` is what it held.
    pub fn generation(&self, before: Generation) -> Generation {
        if let Some(writer) = &self.writer {
            return writer.generation();
        }
        let mut generation = before;
        let mut is_kept = vec![false; self.traces.pages.len()];
        for fate in &self.fates {
            match fate {
                Fate::Fresh(slot) => is_kept[*slot as usize] = true,
                Fate::Rendered(rendered) => generation.add(&rendered.trace),
                Fate::Failed | Fate::Logged { .. } => {}
            }
        }
        let old = self.traces.pages.iter().zip(is_kept);
        old.filter(|(trace, is_kept)| !is_kept && !trace.path.is_empty())
            .for_each(|(trace, _)| generation.remove(trace));
        generation
    }

    /// Writes the log of this build, whose file is `path`. The traces come back if they are in memory.
    ///
    /// # Errors
    /// The machine failed.
    pub fn write_log(
        self,
        renderer: &Renderer,
        record: Record<'_>,
        path: &Path,
    ) -> Result<(LogFile, Option<Traces>), FolderError> {
        let Self { fates, mut traces, writer, .. } = self;
        let Record { head, rows, changes, mut file } = record;
        let asked = renderer.take_queries();
        if let Some(writer) = writer {
            return Ok((writer.finish(&head, rows, &asked)?, None));
        }
        let mut set = TraceChanges::default();
        let numbers = number_queries(&traces, asked, &mut set);
        let mut is_taken = vec![false; traces.pages.len()];
        let mut free = None;
        for fate in fates {
            if let Some(slot) = fate.slot() {
                is_taken[slot as usize] = true;
            }
            if let Fate::Rendered(rendered) = fate {
                let Rendered { slot, mut trace, .. } = *rendered;
                trace.page.shared.iter_mut().for_each(|number| *number = numbers[*number as usize]);
                let slot = match slot {
                    NO_SLOT => free.get_or_insert_with(|| traces.free()).next().expect("the slots do not end"),
                    slot => slot,
                };
                set.set.push((slot, trace));
            }
        }
        drop(free);
        set.set.sort_unstable_by_key(|(slot, _)| *slot);
        let vacated = traces.pages.iter().zip(is_taken).enumerate();
        set.vacated = vacated
            .filter(|(_, (trace, is_taken))| !is_taken && !trace.path.is_empty())
            .map(|(slot, _)| slot as u32)
            .collect();
        // When most of it is new, it is shorter to write everything.
        let is_small = set.set.len() + set.vacated.len() <= 64 + traces.pages.len() / 8
            && changes.set.len() + changes.gone.len() <= 64 + rows.len() / 8;
        let changes = log::Changes { rows: changes, traces: set };
        let is_appended = is_small && log::append(path, &mut file, &head, &changes)?;
        traces.apply(changes.traces).expect("the changes are those of these traces");
        if !is_appended {
            traces.compact();
            let writer = Writer::create(path)?;
            writer.traces(&traces.pages)?;
            file = writer.finish(&head, rows, &traces.queries)?;
        }
        Ok((file, Some(traces)))
    }
}

/// Gives the queries that were asked in this build their numbers among those of the log.
fn number_queries(traces: &Traces, asked: Vec<(Query, Fingerprint)>, changes: &mut TraceChanges) -> Vec<u32> {
    if asked.is_empty() {
        return Vec::new();
    }
    let known: FxHashMap<&Query, u32> =
        traces.queries.iter().enumerate().map(|(number, (query, _))| (query, number as u32)).collect();
    let mut next = traces.queries.len() as u32;
    let mut numbers = Vec::with_capacity(asked.len());
    for (query, answer) in asked {
        let number = known.get(&query).copied().unwrap_or_else(|| {
            next += 1;
            next - 1
        });
        numbers.push(number);
        if traces.queries.get(number as usize).is_none_or(|(_, old)| *old != answer) {
            changes.queries.push((number, query, answer));
        }
    }
    numbers
}

/// Whether every file of the last build is still the one that was written.
pub fn is_untouched(folder: &OutputFolder, traces: &Traces) -> bool {
    let written = traces.pages.par_iter().with_min_len(256).filter(|trace| !trace.path.is_empty());
    written.all(|trace| is_whole(folder, trace))
}

/// Renders everything again, compares it with the folder, and searches all of it for what is withheld.
///
/// # Errors
/// Every file that is missing, different or too many, and everything that gives away what is withheld.
pub fn verify(renderer: &Arc<Renderer>, folder: &OutputFolder, compression: Option<&Compression>) -> Vec<Diagnostic> {
    let outputs = &renderer.plan.outputs;
    let nothing = Searched::default();
    let leaks = LeakScan::new(renderer, &nothing);
    let companions: Mutex<FxHashSet<u64>> = Mutex::default();
    let wrong = |path: &str| {
        Diagnostic::error(format!("the published /{path} is not what its sources make"))
            .hint("delete the folder `.courant` and build again; please report this")
    };
    let mut problems: Vec<Diagnostic> = outputs
        .par_iter()
        .with_min_len(16)
        .flat_map_iter(|output| {
            let path = renderer.path(*output);
            match renderer.render(*output) {
                Ok(page) => {
                    leaks.passes(*output, &page.bytes);
                    let mut found = Vec::new();
                    if folder.holds(&path, &page.bytes).is_none() {
                        found.push(wrong(&path));
                    }
                    if let Some(compression) = compression {
                        for encoding in compression.wanted(&path, page.bytes.len()) {
                            let Some(packed) = compression.compress(encoding, &page.bytes) else { continue };
                            let path = encoding.path(&path);
                            if folder.holds(&path, &packed).is_none() {
                                found.push(wrong(&path));
                            }
                            companions.lock().expect("no panic while locked").insert(file_id(&path));
                        }
                    }
                    found
                }
                Err(problems) => problems,
            }
        })
        .collect();
    let mut planned = companions.into_inner().expect("no panic while locked");
    planned.extend(&renderer.plan.files);
    match folder.files() {
        Ok(files) => {
            for path in files.into_iter().filter(|path| !planned.contains(&file_id(path))) {
                problems
                    .extend(leaks.check_foreign(&path, &std::fs::read(folder.root().join(&path)).unwrap_or_default()));
                problems.push(
                    Diagnostic::error(format!("the output folder holds /{path}, which is not planned"))
                        .hint("move files of your own to `static/`, or name them under `keep:` in site.yaml"),
                );
            }
        }
        Err(error) => problems.push(Diagnostic::error(error.to_string())),
    }
    problems.extend(leaks.finish().1);
    problems
}

/// Waits until the file system's clock has moved on since the last write, so that a file changed by
/// somebody else after this build has another modification time. The clock's grain is 10 ms at most.
pub fn wait_for_clock(last_write: std::time::Instant) {
    let grain = std::time::Duration::from_millis(11);
    std::thread::sleep(grain.saturating_sub(last_write.elapsed()));
}
