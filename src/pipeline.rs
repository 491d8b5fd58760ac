//! The build: six stages, in order, each made from the one before.
//!
//! There is one build. A "full" build is this one with an empty log.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::article::time::Timestamp;
use crate::article::{self, Articles, Known};
use crate::config::{Config, Overrides};
use crate::diagnostic::{Diagnostic, fold};
use crate::fingerprint::Fingerprinter;
use crate::index::{Index, timeline};
use crate::plan::{Output, Plan};
use crate::publish::{self, BuildLog, FolderError, Head, Origin, OutputFolder, Progress};
use crate::render::theme::{self, Theme};
use crate::render::trace::Traces;
use crate::render::{Reason, Renderer};
use crate::source;

/// What a build is asked to do.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What overrides `site.yaml`.
    pub overrides: Overrides,
    /// The output folder; the configuration's when not given.
    pub output: Option<PathBuf>,
    /// The moment as of which the site is built.
    pub now: Timestamp,
    /// Build the rest when some files are broken.
    pub keep_going: bool,
    /// Warnings are errors.
    pub strict: bool,
    /// Render everything again afterwards and compare.
    pub verify: bool,
    /// Tell of each page in [`Report::details`].
    pub explain: bool,
    /// Files of the output folder that somebody is looking at: they are rendered before all others, and
    /// [`Observer::ready`] is told.
    pub first: Vec<String>,
}

/// What a build did.
#[derive(Debug, Default)]
pub struct Report {
    /// Visible articles.
    pub articles: usize,
    /// Planned pages (without files that are copied).
    pub pages: usize,
    /// Pages rendered.
    pub rendered: usize,
    /// Files written.
    pub written: usize,
    /// Files removed.
    pub removed: usize,
    /// Which ones, if [`Options::explain`] asked for it.
    pub details: Details,
    /// Everything noticed.
    pub diagnostics: Vec<Diagnostic>,
    /// How long it took.
    pub took: Duration,
    /// How long each stage took, in their order.
    pub stages: Vec<(&'static str, Duration)>,
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
}

impl Report {
    /// Whether there is an error among the diagnostics.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Why nothing was published.
#[derive(Debug)]
pub enum Failure {
    /// The site has errors; all of them.
    Site(Vec<Diagnostic>),
    /// The machine failed: disk full, no permission.
    Machine(Diagnostic),
}

impl From<FolderError> for Failure {
    fn from(error: FolderError) -> Self {
        Self::Machine(error.diagnostic())
    }
}

/// Somebody who is told how the build goes on.
pub trait Observer: Progress {
    /// Another build of the site is running; this one waits.
    fn waiting(&self) {}

    /// One of the files of [`Options::first`] is rendered and will have these bytes, unless another page of
    /// this build is wrong.
    fn ready(&self, path: &str, bytes: &[u8]) {
        let _ = (path, bytes);
    }
}

/// What may have changed since the last build of a [`Session`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Changes {
    /// Anything: all folders are listed.
    #[default]
    Unknown,
    /// Only these files and folders, relative to the site's folder, `/` between folders.
    Paths(BTreeSet<String>),
}

/// A site that is built again and again: what one build knew stays in memory for the next.
#[derive(Debug)]
pub struct Session {
    root: PathBuf,
}

impl Session {
    /// A session of the site in the folder `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Builds the site.
    ///
    /// # Errors
    /// As [`build`].
    pub fn build(&mut self, changes: &Changes, options: &Options, observer: &dyn Observer) -> Result<Report, Failure> {
        let _ = changes;
        build(&self.root, options, observer)
    }

    /// The next moment at which the output changes without an edit, as the last build saw it.
    pub fn next_moment(&self) -> Option<Timestamp> {
        None
    }
}

/// Builds the site in the folder `root`.
///
/// # Errors
/// The site has errors (and `keep_going` is not asked for), or the machine failed. The output folder is
/// then as it was.
pub fn build(root: &Path, options: &Options, observer: &dyn Observer) -> Result<Report, Failure> {
    let began = Instant::now();
    let mut stages = Vec::new();
    let mut last = began;
    let mut lap = |name: &'static str| {
        stages.push((name, last.elapsed()));
        last = Instant::now();
    };
    let config = Config::load(root, &options.overrides).map_err(Failure::Site)?;
    let layers = theme::layers(root, &config.settings.theme).map_err(|problem| Failure::Site(vec![problem]))?;
    let output = options.output.clone().unwrap_or_else(|| root.join(&config.settings.output));
    // The lock comes first: a build that waits must see the folder as the other one left it.
    let _lock = publish::lock(root, || observer.waiting())?;
    let mut folder =
        OutputFolder::open(root, &output, &config.settings.keep).map_err(|problem| Failure::Site(vec![problem]))?;

    let log_path = BuildLog::path(root, folder.root());
    let read_log = || {
        let log = BuildLog::read(&log_path);
        let program = publish::program(&log.head);
        (log, program)
    };
    let ((mut log, (program, program_stamp)), sources) = rayon::join(read_log, || source::scan(root, &layers));
    let started = sources.started;
    let mut origin = Fingerprinter::new("origin");
    origin.part(&config.fingerprint);
    layers.iter().for_each(|layer| {
        origin.text(layer);
    });
    let origin = Origin { program, config: origin.finish(), output: folder.root().display().to_string() };
    let is_same_origin = log.is_there && log.head.origin == origin;
    folder.begin(log.is_there).map_err(Failure::from)?;

    lap("sources");
    let known = if is_same_origin {
        Known { rows: std::mem::take(&mut log.rows), started: log.head.started }
    } else {
        Known::default()
    };
    let mut articles = article::read(root, sources, &config, known);
    lap("article");
    let mut traces = Traces::new(std::mem::take(&mut log.traces), std::mem::take(&mut log.queries), log.head.index);
    if is_same_origin && is_nothing_due(&articles, &folder, &traces, &log.head, options) {
        let mut report =
            Report { articles: log.head.articles as usize, pages: log.head.pages as usize, ..Report::default() };
        let warnings = traces.pages.iter().flat_map(|trace| trace.page.warnings()).cloned();
        report.diagnostics = fold(config.warnings.into_iter().chain(articles.diagnostics).chain(warnings).collect());
        if !options.strict || report.diagnostics.is_empty() {
            folder.end()?;
            report.took = began.elapsed();
            return Ok(report);
        }
        folder.end()?;
        return Err(Failure::Site(report.diagnostics));
    }
    if !is_same_origin {
        // Nothing rendered by another program or configuration is fresh; what is on disk may still be right.
        traces.queries.clear();
        traces.pages.iter_mut().for_each(|trace| trace.page = Default::default());
    }

    let mut diagnostics = std::mem::take(&mut articles.diagnostics);
    diagnostics.extend(config.warnings.iter().cloned());
    let give_up = |folder: &OutputFolder, mut diagnostics: Vec<Diagnostic>, problems: Vec<Diagnostic>| {
        diagnostics.extend(problems);
        if let Err(error) = folder.end() {
            diagnostics.push(error.diagnostic());
        }
        Failure::Site(fold(diagnostics))
    };
    let theme = match Theme::load(root, layers, &articles.rows, &config) {
        Ok(theme) => theme,
        Err(problems) => return Err(give_up(&folder, diagnostics, problems)),
    };
    let index = Index::build(articles, &config, options.now);
    lap("index");
    let plan = match Plan::build(&index, &config, &theme) {
        Ok(plan) => plan,
        Err(problems) => return Err(give_up(&folder, diagnostics, problems)),
    };
    lap("plan");
    let first_query = traces.queries.len() as u32;
    let renderer = match Renderer::new(root.to_path_buf(), Arc::new(config), index, plan, theme, first_query) {
        Ok(renderer) => Arc::new(renderer),
        Err(problems) => return Err(give_up(&folder, diagnostics, problems)),
    };
    let staged = match publish::stage(&renderer, &folder, traces, observer) {
        Ok(staged) => staged,
        Err(error) => {
            // What is staged only takes up room; that it cannot be cleared is no news after the error.
            let _ = folder.end();
            return Err(error.into());
        }
    };
    lap("render");
    diagnostics.extend(staged.diagnostics.iter().cloned());
    let is_refused = diagnostics.iter().any(|one| one.is_error() || options.strict);
    if is_refused && !options.keep_going {
        return Err(give_up(&folder, diagnostics, Vec::new()));
    }
    let published = publish::publish(&renderer, &folder, &staged)?;
    let last_write = Instant::now();
    lap("publish");
    if options.verify {
        diagnostics.extend(publish::verify(&renderer, &folder));
    }

    let is_page = |output: &&Output| !matches!(output, Output::File(_) | Output::Asset(_));
    let mut report = Report {
        articles: renderer.index.stories.len(),
        pages: renderer.plan.outputs.iter().filter(is_page).count(),
        rendered: published.rendered.len(),
        written: published.written,
        removed: published.removed,
        diagnostics: fold(diagnostics),
        ..Report::default()
    };
    report.details.rendered = published.rendered;
    let head = Head {
        origin,
        program_stamp,
        started,
        now: options.now.0,
        articles: report.articles as u64,
        pages: report.pages as u64,
        index: renderer.index.fingerprint,
        has_errors: report.has_errors(),
    };
    staged.write_log(&renderer, head, &log_path)?;
    publish::remove_orphans(root, &log_path);
    if report.written > 0 {
        publish::wait_for_clock(last_write);
    }
    folder.end()?;
    lap("log");
    report.took = began.elapsed();
    report.stages = stages;
    Ok(report)
}

/// Whether this build has the same sources as the last one, no moment has passed between them, and the
/// output folder is as it was left: then every page is fresh, since all answers are made from these.
fn is_nothing_due(articles: &Articles, folder: &OutputFolder, traces: &Traces, last: &Head, options: &Options) -> bool {
    if !articles.unchanged || last.has_errors || folder.must_be_walked() || options.verify || folder.was_interrupted() {
        return false;
    }
    let (from, to) = (last.now.min(options.now.0), last.now.max(options.now.0));
    let is_quiet =
        from == to || timeline(&articles.rows, Timestamp(from)).first().is_none_or(|moment| moment.at.0 > to);
    is_quiet && publish::is_untouched(folder, traces)
}
