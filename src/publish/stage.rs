//! Finds the stale outputs and renders them into the staging folder.

use std::borrow::Cow;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, OnceLock};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::folder::{FolderError, OutputFolder};
use super::leak::{LeakScan, Searched};
use super::log::Writer;
use super::precompressed::Compression;
use super::progress::{Progress, Work};
use super::textual::holds_text;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::{Fingerprint, file_id};
use crate::images::{FOLDER, ImageRequest};
use crate::plan::Output;
use crate::query::trace::{Encoding, PrecompressedFiles, Trace, Traces};
use crate::render::{Baseline, Freshness, Page, Reason, Renderer};
use crate::source::Stamp;
use crate::variant::Variant;

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

pub(super) const NO_SLOT: u32 = u32::MAX;

/// What became of one output.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Its page is wrong, or the machine failed before.
    Failed,
    /// The old trace in this slot is still true.
    Fresh(u32),
    /// Rendered; its trace is in the new log already.
    Logged { staged: Files, precompressed: Files },
    /// Rendered; its trace goes into the log when everything is published.
    Rendered(Box<Rendered>),
}

impl Outcome {
    pub(super) fn staged(&self) -> Files {
        match self {
            Self::Failed | Self::Fresh(_) => Files::default(),
            Self::Logged { staged, .. } => *staged,
            Self::Rendered(rendered) => rendered.staged,
        }
    }

    /// The compressed copies that the output has after the build.
    pub(super) fn precompressed(&self, traces: &Traces) -> Files {
        match self {
            Self::Failed => Files::default(),
            Self::Fresh(slot) => Files::companions_of(&traces.pages[*slot as usize]),
            Self::Logged { precompressed, .. } => *precompressed,
            Self::Rendered(rendered) => Files::companions_of(&rendered.trace),
        }
    }

    pub(super) fn slot(&self) -> Option<u32> {
        match self {
            Self::Fresh(slot) => Some(*slot),
            Self::Rendered(rendered) => (rendered.slot != NO_SLOT).then_some(rendered.slot),
            Self::Failed | Self::Logged { .. } => None,
        }
    }
}

#[derive(Debug)]
pub(super) struct Rendered {
    pub(super) slot: u32,
    pub(super) trace: Trace,
    pub(super) staged: Files,
    pub(super) reason: Reason,
}

/// Some of the files of one output: itself and its compressed copies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Files(u8);

impl Files {
    const ITSELF: Self = Self(1);

    fn add(&mut self, encoding: Encoding) {
        self.0 |= 2 << encoding as u8;
    }

    fn has_itself(self) -> bool {
        self.0 & 1 == 1
    }

    pub(super) fn has(self, encoding: Encoding) -> bool {
        self.0 & 2 << encoding as u8 != 0
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// What the names of these have behind that of the output.
    pub(super) fn endings(self) -> impl Iterator<Item = &'static str> {
        let precompressed = Encoding::ALL.into_iter().filter(move |encoding| self.has(*encoding));
        self.has_itself().then_some("").into_iter().chain(precompressed.map(Encoding::ending))
    }

    fn companions_of(trace: &Trace) -> Self {
        let mut files = Self::default();
        trace.precompressed().iter().for_each(|(encoding, _)| files.add(*encoding));
        files
    }
}

/// Everything rendered, and nothing moved into place yet.
#[derive(Debug)]
pub struct Staged {
    pub(super) fates: Vec<Outcome>,
    /// Errors and warnings of all pages.
    pub diagnostics: Vec<Diagnostic>,
    /// What the leak scan looked for, and what it has to say.
    pub searched: (Searched, Vec<Diagnostic>),
    pub(super) traces: Traces,
    pub(super) writer: Option<Writer>,
}

/// Pages that were rendered before, elsewhere, for the same plan. Nothing is rendered where these are.
pub trait Pages: Debug + Send + Sync {
    /// Looks whether they belong to the plan of `renderer`, and tells it what was asked for them.
    ///
    /// # Errors
    /// They do not.
    fn admit(&self, renderer: &Arc<Renderer>) -> Result<(), Vec<Diagnostic>>;

    /// What the leak scan has found in them.
    fn searched(&self) -> (Searched, Vec<Diagnostic>);

    /// The page of an output, by its number in the plan; or what is wrong with it.
    ///
    /// # Errors
    /// The machine failed.
    fn page(&self, number: usize) -> Result<Result<Page, Vec<Diagnostic>>, FolderError>;

    /// The compressed copy of an output; none if it was not worth it.
    ///
    /// # Errors
    /// The machine failed.
    fn precompressed(&self, number: usize, encoding: Encoding) -> Result<Option<Vec<u8>>, FolderError>;
}

/// How stale outputs are found.
#[derive(Debug)]
pub struct Check<'a> {
    /// What the answers of the last build were made from.
    pub ground: Baseline,
    /// Whether the files in the folder are looked at; else they are as they were left.
    pub looks_at_files: bool,
    /// What the leak scan of the last build has looked for.
    pub searched: &'a Searched,
    /// Files that are rendered before all others.
    pub first: &'a [String],
    /// How compressed copies are made, if the site has any.
    pub compression: Option<&'a Compression>,
    /// Where the pages come from that are not rendered here.
    pub pages: Option<&'a dyn Pages>,
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
    let staging = Staging {
        renderer,
        folder,
        traces: &traces,
        check,
        writer: writer.as_ref(),
        progress,
        freshness: renderer.freshness(&traces, &check.ground),
        leaks: LeakScan::new(renderer, check.searched),
        problems: Mutex::default(),
        failure: OnceLock::new(),
    };
    if let Some(pages) = check.pages {
        staging.leaks.take_over(pages.searched());
    }
    // Somebody waits for these: they come even before the others are looked at.
    let early = staging.early();
    let fates = staging.all(&early);
    let Staging { problems, failure, leaks, .. } = staging;
    if let Some(error) = failure.into_inner() {
        return Err(error);
    }
    let mut diagnostics = problems.into_inner().expect("no panic while locked");
    diagnostics.extend(untold_images(renderer));
    for fate in &fates {
        if let Outcome::Fresh(slot) = fate {
            diagnostics.extend(traces.pages[*slot as usize].page.warnings().iter().cloned());
        }
    }
    let searched = leaks.finish();
    diagnostics.extend(searched.1.iter().cloned());
    Ok(Staged { fates, diagnostics, searched, traces, writer })
}

/// The outputs that were rendered before all others, by number.
type Early = FxHashMap<usize, Mutex<Option<Outcome>>>;

/// Stages what is stale.
struct Staging<'a> {
    renderer: &'a Arc<Renderer>,
    folder: &'a OutputFolder,
    traces: &'a Traces,
    check: &'a Check<'a>,
    writer: Option<&'a Writer>,
    progress: &'a dyn Progress,
    freshness: Freshness<'a>,
    leaks: LeakScan<'a>,
    problems: Mutex<Vec<Diagnostic>>,
    /// Why the machine failed.
    failure: OnceLock<FolderError>,
}

impl Staging<'_> {
    /// The outputs that are to come first.
    fn early(&self) -> Early {
        let early = self.check.first.iter().filter_map(|path| {
            let file = file_id(path);
            let number = self.renderer.plan.files.iter().position(|other| *other == file)?;
            Some((number, Mutex::new(Some(self.render(number, self.verdict(number), true)))))
        });
        early.collect()
    }

    /// What becomes of each output.
    fn all(&self, early: &Early) -> Vec<Outcome> {
        let outputs = &self.renderer.plan.outputs;
        let all = (0..outputs.len()).into_par_iter();
        if self.traces.pages.is_empty() {
            // A clean build has nothing to compare.
            self.prepare_images(|_| true);
            self.progress.next(&work_on(outputs.iter().copied()));
            return all.with_max_len(64).map(|number| self.finish(number, self.verdict(number), early)).collect();
        }
        let verdicts: Vec<Verdict> = all.with_min_len(64).map(|number| self.verdict(number)).collect();
        self.prepare_images(|number| verdicts[number].reason.is_some());
        let stale = outputs.iter().zip(&verdicts).filter(|(_, verdict)| verdict.reason.is_some());
        self.progress.next(&work_on(stale.map(|(output, _)| *output)));
        let numbered = verdicts.into_par_iter().enumerate().with_max_len(64);
        numbered.map(|(number, verdict)| self.finish(number, verdict, early)).collect()
    }

    fn prepare_images(&self, is_stale: impl Fn(usize) -> bool) {
        // Those who rendered the pages have made the copies.
        if self.check.pages.is_none() {
            let prepared = prepare_images(self.renderer, is_stale, self.progress);
            if let Err(error) = prepared {
                let _ = self.failure.set(error);
            }
        }
    }

    /// The page of an output: rendered now, or taken from where it was rendered.
    fn page(&self, number: usize) -> Result<Result<Page, Vec<Diagnostic>>, FolderError> {
        match self.check.pages {
            Some(pages) => pages.page(number),
            None => Ok(self.renderer.render(self.renderer.plan.outputs[number])),
        }
    }

    fn verdict(&self, number: usize) -> Verdict {
        let Some(slot) = self.traces.find(self.renderer.plan.files[number]) else {
            return Verdict { slot: NO_SLOT, is_there: false, reason: Some(Box::new(Reason::New)) };
        };
        let (folder, looks_at_files) = (self.folder, self.check.looks_at_files);
        let trace = &self.traces.pages[slot as usize];
        let is_there = !folder.was_empty() && (!looks_at_files || folder.stamp(&trace.path) == Some(trace.stamp));
        let is_whole = is_there
            && (!looks_at_files || trace.precompressed.is_none() || is_whole(folder, trace))
            && self.check.compression.is_none_or(|compression| compression.is_complete(trace));
        let reason = self.freshness.check(self.renderer.plan.outputs[number], &trace.page);
        let reason = reason.or((!is_whole).then_some(Reason::Tampered));
        Verdict { slot, is_there, reason: reason.map(Box::new) }
    }

    fn finish(&self, number: usize, verdict: Verdict, early: &Early) -> Outcome {
        if let Some(fate) = early.get(&number).and_then(|fate| fate.lock().expect("no panic while locked").take()) {
            return fate;
        }
        let fate = self.render(number, verdict, false);
        if !matches!(fate, Outcome::Fresh(_)) {
            self.progress.done(Work::on(self.renderer.plan.outputs[number]), 1);
        }
        fate
    }

    fn render(&self, number: usize, verdict: Verdict, is_first: bool) -> Outcome {
        let output = self.renderer.plan.outputs[number];
        let Verdict { slot, is_there, reason: Some(reason) } = verdict else {
            let may_stay = self.leaks.may_stay(output, |path| self.text_of_fresh(output, path).map(Cow::Owned));
            return if may_stay { Outcome::Fresh(verdict.slot) } else { Outcome::Failed };
        };
        if self.failure.get().is_some() {
            return Outcome::Failed;
        }
        let page = match self.page(number) {
            Ok(Ok(page)) => page,
            Ok(Err(found)) => {
                self.problems.lock().expect("no panic while locked").extend(found);
                return Outcome::Failed;
            }
            Err(error) => {
                let _ = self.failure.set(error);
                return Outcome::Failed;
            }
        };
        if !page.trace.warnings().is_empty() {
            self.problems.lock().expect("no panic while locked").extend(page.trace.warnings().iter().cloned());
        }
        let content = Fingerprint::of(&page.bytes);
        let path = self.renderer.path(output);
        let unchanged = match self.traces.pages.get(slot as usize) {
            Some(old) if is_there => self.is_as_it_was(old, content, output).then_some(old.stamp),
            _ if self.folder.was_empty() => None,
            _ => self.folder.holds(&path, &page.bytes),
        };
        let is_published = match unchanged {
            // Whoever rendered them has searched them, and leaves out what gives something away.
            _ if self.check.pages.is_some() => true,
            None => self.leaks.passes(output, &page.bytes),
            Some(_) => {
                self.leaks.may_stay(output, |path| holds_text(path, &page.bytes).then_some(Cow::Borrowed(&page.bytes)))
            }
        };
        if !is_published {
            return Outcome::Failed;
        }
        if is_first {
            self.progress.ready(&path, &page.bytes);
        }
        self.keep(number, page, RenderedPage { slot, path, content, unchanged, reason }).unwrap_or_else(|error| {
            let _ = self.failure.set(error);
            Outcome::Failed
        })
    }

    /// Whether a file with these bytes need not be written. One that is elsewhere may have headers there, by its class.
    fn is_as_it_was(&self, old: &Trace, content: Fingerprint, output: Output) -> bool {
        old.content == content && (!self.folder.is_held() || old.class == self.renderer.going_out(output).0)
    }

    /// What the file of a fresh page holds if it is a file of text. One that is elsewhere is made again: it is the same.
    fn text_of_fresh(&self, output: Output, path: &str) -> Option<Vec<u8>> {
        if !self.folder.is_held() {
            return self.folder.text(path);
        }
        let bytes = self.renderer.render(output).ok()?.bytes;
        holds_text(path, &bytes).then_some(bytes)
    }

    /// Stages a page, unless the folder has it, and its compressed copies.
    fn keep(&self, number: usize, page: Page, kept: RenderedPage) -> Result<Outcome, FolderError> {
        let RenderedPage { slot, path, content, unchanged, reason } = kept;
        let stamp = match unchanged {
            Some(stamp) => stamp,
            None => self.folder.stage(number as u32, "", &path, &page.bytes)?,
        };
        let output = self.renderer.plan.outputs[number];
        let old = self.traces.pages.get(slot as usize).filter(|old| self.is_as_it_was(old, content, output));
        let (precompressed, mut staged) = self.precompressed(number as u32, &path, &page.bytes, old)?;
        if unchanged.is_none() {
            staged.0 |= Files::ITSELF.0;
        }
        let (class, origin) = self.renderer.going_out(output);
        let trace = Trace { path: path.into(), page: page.trace, stamp, content, precompressed, class, origin };
        let precompressed = Files::companions_of(&trace);
        match self.writer {
            Some(writer) => writer.trace(trace).map(|()| Outcome::Logged { staged, precompressed }),
            None => Ok(Outcome::Rendered(Box::new(Rendered { slot, trace, staged, reason: *reason }))),
        }
    }

    /// Stages the compressed copies of a file that are not there as they must be. `old` is the trace of a file that
    /// has the same bytes.
    fn precompressed(
        &self,
        number: u32,
        path: &str,
        bytes: &[u8],
        old: Option<&Trace>,
    ) -> Result<(Option<Box<PrecompressedFiles>>, Files), FolderError> {
        let Some(compression) = self.check.compression else { return Ok((None, Files::default())) };
        let known = old.and_then(|old| old.precompressed.as_ref()).filter(|known| known.recipe == compression.recipe);
        let mut made = PrecompressedFiles { recipe: compression.recipe, tried: Vec::new(), files: Vec::new() };
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
            let packed = match self.check.pages {
                Some(pages) => pages.precompressed(number as usize, encoding)?,
                None => compression.compress(encoding, bytes),
            };
            let Some(packed) = packed else { continue };
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

/// What is known of a rendered page that may be published.
struct RenderedPage {
    slot: u32,
    path: String,
    content: Fingerprint,
    /// The stamp of the file, if the folder holds it with these bytes.
    unchanged: Option<Stamp>,
    reason: Box<Reason>,
}

/// Whether a file and its compressed copies are the ones that were written.
fn is_whole(folder: &OutputFolder, trace: &Trace) -> bool {
    let is_there = |(encoding, stamp): &(Encoding, _)| folder.stamp(&encoding.path(&trace.path)) == Some(*stamp);
    folder.stamp(&trace.path) == Some(trace.stamp) && trace.precompressed().iter().all(is_there)
}

/// Whether every file of the last build is still the one that was written.
pub fn is_untouched(folder: &OutputFolder, traces: &Traces) -> bool {
    let written = traces.pages.par_iter().with_min_len(256).filter(|trace| !trace.path.is_empty());
    written.all(|trace| is_whole(folder, trace))
}

/// How many outputs there are of each kind.
pub fn work_on(outputs: impl Iterator<Item = Output>) -> [(Work, usize); Work::ALL.len()] {
    let mut work = Work::ALL.map(|work| (work, 0));
    outputs.for_each(|output| work[Work::on(output) as usize].1 += 1);
    work
}

/// Has the photo desk make what stale outputs need, before the pages are rendered: many copies of one
/// photograph cost one look at it.
///
/// # Errors
/// The machine failed: the copies cannot be kept.
pub fn prepare_images(
    renderer: &Renderer,
    is_stale: impl Fn(usize) -> bool,
    progress: &dyn Progress,
) -> Result<(), FolderError> {
    let mut orders: Vec<(ImageRequest<'_>, Vec<Variant>)> = Vec::new();
    let mut last = None;
    for (number, output) in renderer.plan.outputs.iter().enumerate() {
        // The copies of a photograph follow each other in the plan.
        let Output::Variant(at, copy) = output else { continue };
        if !is_stale(number) {
            continue;
        }
        let photograph = &renderer.plan.images.all[*at as usize];
        if last != Some(*at) {
            last = Some(*at);
            orders.push((renderer.order(photograph), Vec::new()));
        }
        let (_, copies) = orders.last_mut().expect("pushed above");
        copies.push(photograph.variants[*copy as usize]);
    }
    let begins = |total| progress.next(&[(Work::Images, total)]);
    let prepared = renderer.desk.prepare(&orders, &begins, &|number| progress.done(Work::Images, number));
    prepared.map_err(|error| FolderError::new("keep copies of photographs in", FOLDER, error))
}

/// What is wrong with photographs whose pages are as they were, and so have nothing to tell.
pub fn untold_images(renderer: &Renderer) -> Vec<Diagnostic> {
    let untold = renderer.plan.images.all.iter().filter_map(|photograph| {
        let order = renderer.order(photograph);
        let problem = renderer.desk.untold(&order)?;
        Some(
            Diagnostic::error(format!("this image cannot be shown: {}", problem.message))
                .at(crate::diagnostic::Place::file(order.path))
                .hint(problem.hint),
        )
    });
    untold.collect()
}
