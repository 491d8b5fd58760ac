//! The build: six stages, in order, each made from the one before.
//!
//! There is one build. A "full" build is this one with an empty log.

pub mod withdrawn;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::article::time::Timestamp;
use crate::article::{self, Articles, Broken, Change, Known, Row, RowChanges};
use crate::cards;
use crate::config::{Config, Overrides};
use crate::diagnostic::{Diagnostic, Place, fold};
use crate::fingerprint::Fingerprinter;
use crate::index::{Index, Shown, WithheldCounts, timeline};
use crate::plan::Plan;
pub use crate::publish::Details;
use crate::publish::{
    self, BuildLog, Compression, FolderError, Head, LogFile, Origin, OutputFolder, Progress, Work, Writer,
};
use crate::render::theme::{self, Theme};
use crate::render::trace::Traces;
use crate::render::{Parts, Renderer};
use crate::source::{self, Links, Reader, Stamp};

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
    /// [`Progress::ready`] is told.
    pub first: Vec<String>,
}

/// What a build did.
#[derive(Debug, Default)]
pub struct Report {
    /// Visible articles.
    pub articles: usize,
    /// Articles and pages that are withheld.
    pub withheld: WithheldCounts,
    /// Planned pages (without files that are copied and data of the search).
    pub pages: usize,
    /// Pages rendered.
    pub rendered: usize,
    /// Files written.
    pub written: usize,
    /// Files removed.
    pub removed: usize,
    /// Photographs decoded, to make copies of them.
    pub decoded: usize,
    /// Which ones, if [`Options::explain`] asked for it.
    pub details: Details,
    /// Everything noticed.
    pub diagnostics: Vec<Diagnostic>,
    /// How long it took.
    pub took: Duration,
    /// How long each stage took, in their order.
    pub stages: Vec<(&'static str, Duration)>,
}

impl Report {
    /// Whether there is an error among the diagnostics.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Why nothing was published, or a command did not do what it was asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Failure {
    /// The site has errors; all of them.
    Site(Vec<Diagnostic>),
    /// The machine failed: disk full, no permission.
    Machine(Diagnostic),
}

impl Failure {
    /// The site has one error.
    pub fn site(problem: Diagnostic) -> Self {
        Self::Site(vec![problem])
    }
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

/// Builds the site in the folder `root` once.
///
/// # Errors
/// The site has errors (and `keep_going` is not asked for), or the machine failed. The output folder is
/// then as it was.
pub fn build(root: &Path, options: &Options, observer: &dyn Observer) -> Result<Report, Failure> {
    Session::new(root).build(&Changes::Unknown, options, observer)
}

/// A site that is built again and again: what one build knew stays in memory for the next.
///
/// It is the same build. What is in memory stands for the log, and the changed paths for the listing of all
/// folders; a stage whose input is the same gives the value that it gave before.
#[derive(Debug)]
pub struct Session {
    root: PathBuf,
    memory: Option<Memory>,
}

/// What the next build of a session need not find out.
#[derive(Debug)]
struct Memory {
    head: Head,
    file: LogFile,
    /// None if they went into the log while they were made; there they can be read.
    traces: Option<Traces>,
    /// The sources, while no index holds them.
    rows: Vec<Row>,
    /// None as long as there was nothing to do.
    parts: Option<Parts>,
    /// What was noticed in the sources.
    noticed: Vec<Diagnostic>,
    /// The symbolic links among the sources.
    links: Links,
    /// What would be withheld without [`Overrides`].
    shown: Vec<(String, Shown)>,
}

/// What the last build knew, from memory or from the log.
#[derive(Debug, Default)]
struct Last {
    is_there: bool,
    head: Head,
    file: LogFile,
    rows: Vec<Row>,
    traces: Traces,
    parts: Option<Parts>,
    noticed: Vec<Diagnostic>,
    links: Links,
    shown: Vec<(String, Shown)>,
}

impl Last {
    fn read(path: &Path) -> Self {
        let BuildLog { head, rows, traces, is_there, file } = BuildLog::read(path);
        Self { is_there, head, rows, traces, file, ..Self::default() }
    }

    fn remember(memory: Memory, path: &Path) -> Self {
        let Memory { head, file, traces, mut rows, mut parts, noticed, links, shown } = memory;
        if let Some(parts) = &mut parts {
            rows = std::mem::take(&mut parts.index.rows);
        }
        let traces = traces.unwrap_or_else(|| BuildLog::read(path).traces);
        Self { is_there: true, head, file, rows, traces, parts, noticed, links, shown }
    }

    /// Whether no moment of the timeline lies between the last build and this one.
    fn is_quiet(&self, rows: &[Row], config: &Config, now: Timestamp) -> bool {
        if now.0 < self.head.now {
            return timeline(rows, config, now).first().is_none_or(|moment| moment.at.0 > self.head.now);
        }
        self.head.next.is_none_or(|next| now.0 < next)
    }
}

/// What stage 1 has found.
enum Found {
    /// Everything there is.
    All(source::Sources),
    /// Everything there is at some paths.
    Some(source::Looked),
}

impl Session {
    /// A session of the site in the folder `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), memory: None }
    }

    /// The next moment at which the output changes without an edit, as the last build saw it. None also
    /// after a build that failed.
    pub fn next_moment(&self) -> Option<Timestamp> {
        self.memory.as_ref()?.head.next.map(Timestamp)
    }

    /// Builds the site.
    ///
    /// # Errors
    /// As [`build`]. The next build then lists all folders, whatever its `changes` are.
    pub fn build(&mut self, changes: &Changes, options: &Options, observer: &dyn Observer) -> Result<Report, Failure> {
        let memory = self.memory.take();
        match run(&self.root, memory, changes, options, observer) {
            Ok((report, memory)) => {
                self.memory = memory;
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

/// A build that takes longer than this looks at its sources once more before it publishes.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(2);

/// Why an attempt to build published nothing.
enum Stop {
    Failure(Failure),
    /// The output folder was taken away while the site was being built.
    FolderIsGone,
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<FolderError> for Stop {
    fn from(error: FolderError) -> Self {
        Self::Failure(error.into())
    }
}

/// Builds the site from sources that hold still: what is published was on disk as a whole.
fn run(
    root: &Path,
    mut memory: Option<Memory>,
    changes: &Changes,
    options: &Options,
    observer: &dyn Observer,
) -> Result<(Report, Option<Memory>), Failure> {
    let began = Instant::now();
    let mut restarts = 0..RESTARTS;
    loop {
        let reader = Arc::new(Reader::new(root));
        // What a build that was given up has learnt is as good as nothing.
        let changes = if restarts.start == 0 { changes } else { &Changes::Unknown };
        let result = attempt(&reader, memory.take(), changes, options, observer, began);
        let changed = reader.changed();
        match result {
            Ok(done) => return Ok(done),
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

/// Notes in `reader` which sources are not on disk any more as stage 1 listed them.
fn look_again(reader: &Reader, layers: &[String], rows: &[Row], broken: &[Broken]) {
    let now = source::scan(reader.root(), layers).into_sorted();
    let mut rows = rows.iter().peekable();
    for source in now {
        while let Some(row) = rows.next_if(|row| row.path < source.path) {
            reader.note(&row.path);
        }
        match rows.next_if(|row| row.path == source.path) {
            Some(row) if row.stamp == source.stamp => {}
            None if broken.iter().any(|one| one.path == source.path) => {}
            _ => {
                reader.note(&source.path);
            }
        }
    }
    rows.for_each(|row| {
        reader.note(&row.path);
    });
}

/// This build has the same sources as the last one, no moment has passed between them, and the output
/// folder is as it was left: then every page is fresh, since all answers are made from these.
fn nothing_is_due(last: Last, articles: Articles, log_path: &Path) -> Result<(Report, Memory), Failure> {
    let Last { mut head, mut file, traces, mut parts, links, shown, .. } = last;
    if !articles.changed.is_empty() {
        head.started = articles.started;
        publish::note_stamps(log_path, &mut file, &head, articles.changes())?;
    }
    let warnings = traces.pages.iter().flat_map(|trace| trace.page.warnings()).cloned();
    let mut report = Report {
        articles: head.articles as usize,
        withheld: head.withheld,
        pages: head.pages as usize,
        diagnostics: articles.diagnostics.iter().chain(&head.warnings).cloned().chain(warnings).collect(),
        ..Report::default()
    };
    report.details.shown.clone_from(&shown);
    let (mut rows, noticed) = (articles.rows, articles.diagnostics);
    if let Some(parts) = &mut parts {
        parts.index.rows = std::mem::take(&mut rows);
    }
    Ok((report, Memory { head, file, traces: Some(traces), rows, parts, noticed, links, shown }))
}

/// What a build with this configuration depends on, and the stamp of the program. `last` is what the last build knew.
fn origin(last: &Head, config: &Config, layers: &[String], folder: &OutputFolder) -> (Origin, Stamp) {
    let (program, stamp) = publish::program(last);
    let mut origin = Fingerprinter::new("origin");
    origin.part(&config.fingerprint);
    layers.iter().for_each(|layer| {
        origin.text(layer);
    });
    (Origin { program, config: origin.finish(), output: folder.root().display().to_string() }, stamp)
}

fn attempt(
    reader: &Arc<Reader>,
    memory: Option<Memory>,
    changes: &Changes,
    options: &Options,
    observer: &dyn Observer,
    began: Instant,
) -> Result<(Report, Option<Memory>), Stop> {
    let began_at = Instant::now();
    let root = reader.root();
    let mut stages = Vec::new();
    let mut last_lap = began_at;
    let mut lap = |name: &'static str| {
        stages.push((name, last_lap.elapsed()));
        last_lap = Instant::now();
    };
    let config = Config::load(root, &options.overrides).map_err(Failure::Site)?;
    let layers = theme::layers(root, &config.settings.theme).map_err(|problem| Failure::Site(vec![problem]))?;
    let output = options.output.clone().unwrap_or_else(|| root.join(&config.settings.output));
    publish::check_log_folder(root).map_err(Failure::site)?;
    // The lock comes first: a build that waits must see the folder as the other one left it.
    let lock = publish::lock(root, || observer.waiting())?;
    observer.next(&[(Work::Sources, 0)]);
    let mut folder =
        OutputFolder::open(root, &output, &config.settings.keep).map_err(|problem| Failure::Site(vec![problem]))?;

    let log_path = BuildLog::path(root, folder.root());
    // Another process may have built the site since.
    let is_of_folder = |head: &Head| folder.generation() == Some(head.generation);
    let memory = memory
        .filter(|memory| memory.file.is_still(&log_path) && !folder.was_interrupted() && is_of_folder(&memory.head));
    let (mut last, found) = match memory {
        Some(memory) => (Last::remember(memory, &log_path), None),
        None => {
            let (last, sources) = rayon::join(|| Last::read(&log_path), || source::scan(root, &layers));
            // A log of another state of the folder does not tell what is in it.
            let last = if is_of_folder(&last.head) { last } else { Last::default() };
            (last, Some(Found::All(sources)))
        }
    };
    let (origin, program_stamp) = origin(&last.head, &config, &layers, &folder);
    let is_same_origin = last.is_there && last.head.origin == origin;
    let boot = publish::boot();
    folder.begin(last.is_there && last.head.boot == boot)?;
    if folder.was_interrupted() {
        publish::remove_half_written(root, &lock);
    }
    let found = found.unwrap_or_else(|| {
        let looked = match changes {
            Changes::Paths(paths) if is_same_origin && last.links.is_empty() && !last.head.has_errors => {
                source::look(root, &layers, paths.iter().map(String::as_str))
            }
            _ => None,
        };
        looked.map_or_else(|| Found::All(source::scan(root, &layers)), Found::Some)
    });
    lap("sources");

    let known = if is_same_origin {
        Known { rows: std::mem::take(&mut last.rows), started: last.head.started }
    } else {
        last.parts = None;
        Known::default()
    };
    let looks_at_files = matches!(found, Found::All(_));
    let mut articles = match found {
        Found::All(sources) => article::read(root, sources, &config, known),
        Found::Some(looked) => {
            let is_old = |one: &Diagnostic| {
                let path = one.place.as_ref().map_or("", |place| &*place.path);
                !looked.paths.iter().any(|looked| path == looked || path.starts_with(&format!("{looked}/")))
            };
            let mut noticed: Vec<Diagnostic> = std::mem::take(&mut last.noticed).into_iter().filter(is_old).collect();
            let mut articles = article::read_again(root, looked, &config, known);
            noticed.append(&mut articles.diagnostics);
            Articles { diagnostics: noticed, ..articles }
        }
    };
    let links = std::mem::take(&mut articles.links);
    if links.fingerprint() != last.head.links {
        articles.change = Change::Record;
    }
    lap("article");
    // What would be withheld only the index knows.
    let shows_withheld = options.explain && (options.overrides.drafts || options.overrides.future);
    let is_quiet = is_same_origin && last.is_quiet(&articles.rows, &config, options.now);
    if is_quiet
        && articles.change <= Change::Stamp
        && (last.head.warnings.is_empty() || last.head.settings == config.text)
        && !(last.head.has_errors || folder.must_be_walked() || options.verify || folder.was_interrupted())
        && (!looks_at_files || publish::is_untouched(&folder, &last.traces))
        && (!shows_withheld || last.parts.is_some())
        && last.head.fonts.is_none_or(|fonts| fonts == cards::machine())
    {
        let last = Last { links, ..last };
        let (mut report, memory) = nothing_is_due(last, articles, &log_path)?;
        folder.end()?;
        report.diagnostics = fold(config.warnings().cloned().chain(report.diagnostics).collect());
        if options.strict && !report.diagnostics.is_empty() {
            return Err(Failure::Site(report.diagnostics).into());
        }
        report.took = began.elapsed();
        report.stages = stages;
        return Ok((report, Some(memory)));
    }
    if !is_same_origin {
        // Nothing rendered by another program or configuration is fresh; what is on disk may still be right.
        last.traces.queries.clear();
        last.traces.pages.iter_mut().for_each(|trace| trace.page = Default::default());
    }

    let noticed = std::mem::take(&mut articles.diagnostics);
    let mut diagnostics = noticed.clone();
    diagnostics.extend(config.warnings().cloned());
    let give_up = |folder: &OutputFolder, mut diagnostics: Vec<Diagnostic>, problems: Vec<Diagnostic>| {
        diagnostics.extend(problems);
        if let Err(error) = folder.give_up() {
            diagnostics.push(error.diagnostic());
        }
        Stop::Failure(Failure::Site(fold(diagnostics)))
    };
    let theme = match Theme::load(reader, layers.clone(), &articles.rows, &config) {
        Ok(theme) => theme,
        Err(problems) => return Err(give_up(&folder, diagnostics, problems)),
    };
    // A log that is written anew needs no changes.
    let changes = if is_same_origin { articles.changes() } else { RowChanges::default() };
    let before = last.parts.as_ref().map(|parts| parts.addresses(&articles)).unwrap_or_default();
    let (index, kept_plan, engine) = match last.parts {
        // What cannot be read withholds, and leaves no row that could change.
        Some(parts) if is_quiet && articles.change <= Change::Beside && !last.head.has_errors => {
            let plan = theme.has_same_files(&parts.theme).then_some(parts.plan);
            (parts.index.with_rows(articles.rows), plan, Some(parts.engine))
        }
        parts => {
            let broken = std::mem::take(&mut articles.broken);
            let index = Index::build_beside(broken, articles.rows, &links, &config, options.now);
            (index, None, parts.map(|parts| parts.engine))
        }
    };
    lap("index");
    let plan = match kept_plan.map_or_else(|| Plan::build(&index, &config, &theme), Ok) {
        Ok(plan) => plan,
        Err(collisions) => {
            let problems = collisions.iter().map(|one| one.diagnostic(reader, &index.rows)).collect();
            return Err(give_up(&folder, diagnostics, problems));
        }
    };
    let problems = plan.problems(reader, &index, &config);
    if !problems.is_empty() {
        return Err(give_up(&folder, diagnostics, problems));
    }
    let mut warnings = plan.warnings(reader, &index, &config);
    lap("plan");
    let renderer = match Renderer::new(Arc::clone(reader), Arc::new(config), index, plan, theme, engine) {
        Ok(renderer) => Arc::new(renderer),
        Err(problems) => {
            diagnostics.extend(warnings);
            return Err(give_up(&folder, diagnostics, problems));
        }
    };
    warnings.extend(renderer.warnings());
    diagnostics.extend(warnings.iter().cloned());
    let compression = Compression::of(&renderer, &origin.program);
    let check = publish::Check {
        ground: last.head.ground,
        looks_at_files,
        searched: &last.head.searched,
        first: &options.first,
        compression: compression.as_ref(),
    };
    let writer = (!is_same_origin).then(|| Writer::create(&log_path)).transpose();
    let writer = writer.inspect_err(|_| {
        // As below.
        let _ = folder.give_up();
    })?;
    let mut staged = match publish::stage(&renderer, &folder, last.traces, &check, writer, observer) {
        Ok(staged) => staged,
        Err(_) if !folder.is_intact() => return Err(Stop::FolderIsGone),
        Err(error) => {
            // What is staged only takes up room; that it cannot be cleared is no news after the error.
            let _ = folder.give_up();
            return Err(error.into());
        }
    };
    lap("render");
    diagnostics.extend(staged.diagnostics.iter().cloned());
    let is_refused = diagnostics.iter().any(|one| one.is_error() || options.strict);
    if began_at.elapsed() > LOOK_AGAIN_AFTER {
        look_again(reader, &layers, &renderer.index.rows, &renderer.index.broken);
    }
    // Of the file of the front page nobody knows whether it withholds the whole site.
    let may_go_on = options.keep_going && !renderer.index.broken.iter().any(Broken::may_speak_for_site);
    if is_refused && !may_go_on || !reader.changed().is_empty() {
        return Err(give_up(&folder, diagnostics, Vec::new()));
    }
    if !folder.is_intact() {
        return Err(Stop::FolderIsGone);
    }
    observer.next(&[(Work::Publishing, 0)]);
    let generation = staged.generation(last.head.generation);
    let mut published = match publish::publish(&renderer, &folder, &staged, options.explain) {
        Ok(published) => published,
        Err(error) => {
            folder.interrupt();
            return Err(error.into());
        }
    };
    folder.mark(generation)?;
    published.details.follow(before, &renderer);
    let last_write = Instant::now();
    lap("publish");
    if options.verify {
        diagnostics.extend(publish::verify(&renderer, &folder, compression.as_ref()));
    }

    let mut report = Report {
        articles: renderer.index.stories.len(),
        withheld: renderer.index.withheld_counts(options.now),
        pages: renderer.plan.outputs.iter().filter(|output| output.is_counted()).count(),
        rendered: published.rendered,
        written: published.written,
        removed: published.removed,
        decoded: renderer.desk.decoded(),
        details: published.details,
        diagnostics: fold(diagnostics),
        ..Report::default()
    };
    if shows_withheld {
        report.details.shown = renderer.shown(options.now);
    }
    let (searched, told) = std::mem::take(&mut staged.searched);
    warnings.extend(told.into_iter().filter(|one| !one.is_error()));
    let head = Head {
        origin,
        program_stamp,
        started: articles.started,
        links: links.fingerprint(),
        now: options.now.0,
        next: renderer.index.next.map(|next| next.0),
        articles: report.articles as u64,
        withheld: report.withheld,
        pages: report.pages as u64,
        generation,
        ground: renderer.ground(),
        has_errors: report.has_errors(),
        warnings,
        settings: renderer.config.text,
        searched,
        boot,
        fonts: renderer.machine_fonts(),
    };
    let record = publish::Record { head: head.clone(), rows: &renderer.index.rows, changes, file: last.file };
    let (file, traces) = staged.write_log(&renderer, record, &log_path)?;
    if looks_at_files {
        publish::remove_orphans(root, &log_path);
        let all = renderer.plan.photographs.all.iter();
        renderer.tidy_cards();
        renderer.desk.tidy(all.map(|one| (renderer.order(one), &*one.derivatives)));
    }
    if report.written > 0 && looks_at_files {
        publish::wait_for_clock(last_write);
    }
    folder.end()?;
    lap("log");
    report.took = began.elapsed();
    report.stages = stages;
    let shown = report.details.shown.clone();
    let memory = Arc::try_unwrap(renderer).ok().map(|renderer| {
        let parts = Some(renderer.into_parts());
        Memory { head, file, traces, rows: Vec::new(), parts, noticed, links, shown }
    });
    Ok((report, memory))
}
