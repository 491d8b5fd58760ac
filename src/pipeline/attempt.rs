//! One attempt to build the site: each stage with what goes around it.
//!
//! The order of the stages is not here; [`attempt`](super::attempt) shows it. An attempt that is given up leaves
//! everything as it was: because of an error, or because a source changed under its hands.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::session::{Changes, Previous};
use super::{Failure, Observer, Options, Report, site_file};
use crate::article::{self, Articles, Broken, Change, Known, Row, RowChanges, is_markdown};
use crate::cards;
use crate::config::{Config, FILE, key_place};
use crate::diagnostic::{Diagnostic, Place, fold};
use crate::fingerprint::{Fingerprint, Fingerprinter, file_id};
use crate::index::{Index, states};
use crate::plan::Plan;
use crate::publish::{
    self, BuildLog, Compression, FolderError, Head, Lock, Origin, OutputFolder, Published, Staged, Work, Writer,
};
use crate::render::output::policy::refused;
use crate::render::{Engine, Renderer};
use crate::site_path::output_path;
use crate::source::{self, Links, Reader, Stamp};
use crate::theme::settings::faint;
use crate::theme::{self, Theme};

/// A build that takes longer than this looks at its sources once more before it publishes.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(2);

/// What an attempt did, and what the next build need not find out.
pub(super) type Done = (Report, Option<Previous>);

/// Why an attempt to build published nothing.
pub(super) enum Stop {
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

/// What stage 1 has found.
pub(super) enum Found {
    /// Everything there is.
    All(source::Sources),
    /// Everything there is at some paths.
    Some(source::PartialScan),
}

/// An attempt under way.
pub(super) struct Attempt<'a> {
    reader: &'a Arc<Reader>,
    options: &'a Options,
    observer: &'a dyn Observer,
    began: Instant,
    last_lap: Instant,
    laps: Vec<(&'static str, Duration)>,
    config: Arc<Config>,
    layers: Vec<String>,
    #[expect(dead_code, reason = "held until the attempt ends")]
    lock: Lock,
    folder: OutputFolder,
    log_path: PathBuf,
    previous: Previous,
    /// Everything there is, if it was listed while the log was read.
    listed: Option<source::Sources>,
    origin: Origin,
    program_stamp: Stamp,
    boot: Fingerprint,
    /// Whether the last build had the same program, configuration and folder.
    is_same_origin: bool,
    /// Whether the files of the folder are looked at; else they are as they were left.
    looks_at_files: bool,
    /// Whether no moment of the timeline lies between the last build and this one.
    is_quiet: bool,
    links: Links,
    /// When the sources were read.
    started: i64,
    /// What the log is told of the sources.
    changes: RowChanges,
    /// The files that articles and pages had whose sources have changed.
    before: Vec<(u32, String)>,
    /// What was noticed in the sources.
    noticed: Vec<Diagnostic>,
    /// What the theme, the plan and the renderer warn of.
    warnings: Vec<Diagnostic>,
    /// What stands in folders that are left alone at the addresses of what is withheld.
    at_kept: Vec<(String, Option<Stamp>)>,
    /// Everything noticed.
    diagnostics: Vec<Diagnostic>,
}

/// What the stages of the last build made and this one may use.
#[derive(Default)]
pub(super) struct Reusable {
    plan: Option<Plan>,
    engine: Option<Engine>,
}

impl<'a> Attempt<'a> {
    /// Reads the configuration, takes the lock, opens the output folder and recalls the last build.
    pub(super) fn begin(
        reader: &'a Arc<Reader>,
        previous: Option<Previous>,
        options: &'a Options,
        observer: &'a dyn Observer,
    ) -> Result<Self, Stop> {
        let began = Instant::now();
        let root = reader.root();
        let config = Config::load(root, &options.overrides).map_err(Failure::Site)?;
        let layers = theme::layers(root, &config.settings.theme).map_err(Failure::site)?;
        publish::check_log_folder(root).map_err(Failure::site)?;
        // The lock comes first: a build that waits must see the folder as the other one left it.
        let lock = publish::lock(root, || observer.waiting())?;
        observer.next(&[(Work::Sources, 0)]);
        let mut folder = match &options.held {
            Some(held) => OutputFolder::of_held(held),
            None => match &options.output {
                Some(output) => OutputFolder::open(root, output, &config.settings.keep),
                None => output_of_site(root, &config),
            }
            .map_err(Failure::site)?,
        };

        let log_path = BuildLog::path(root, folder.root());
        // Another process may have built the site since.
        let is_of_folder = |head: &Head| folder.generation() == Some(head.generation);
        let is_known = |previous: &Previous| previous.file.is_still(&log_path) && is_of_folder(&previous.head);
        let (previous, listed) = match previous.filter(|known| is_known(known) && !folder.was_interrupted()) {
            Some(previous) => (previous.recalled(&log_path), None),
            None => {
                let (previous, sources) = rayon::join(|| Previous::read(&log_path), || source::scan(root, &layers));
                // A log of another state of the folder does not tell what is in it.
                let previous = if is_of_folder(&previous.head) { previous } else { Previous::default() };
                (previous, Some(sources))
            }
        };
        let had_texts = || match previous.is_there {
            true => previous.rows.iter().any(|row| is_markdown(&row.path)),
            false => folder.generation().is_some(),
        };
        if !root.join("content").is_dir() && had_texts() {
            return Err(Failure::site(content_is_gone()).into());
        }
        let (origin, program_stamp) = origin(&previous.head, &config, &layers, &folder);
        let boot = publish::boot();
        folder.begin(previous.is_there && previous.head.boot == boot)?;
        if folder.was_interrupted() {
            publish::remove_half_written(root, &lock);
        }
        Ok(Self {
            reader,
            options,
            observer,
            began,
            last_lap: began,
            laps: Vec::new(),
            // What was rendered elsewhere is taken as a whole.
            is_same_origin: options.pages.is_none() && previous.is_there && previous.head.origin == origin,
            config: Arc::new(config),
            layers,
            lock,
            folder,
            log_path,
            previous,
            listed,
            origin,
            program_stamp,
            boot,
            looks_at_files: true,
            is_quiet: false,
            links: Links::default(),
            started: 0,
            changes: RowChanges::default(),
            before: Vec::new(),
            noticed: Vec::new(),
            warnings: Vec::new(),
            at_kept: Vec::new(),
            diagnostics: Vec::new(),
        })
    }

    /// Notes how long a stage took.
    fn lap(&mut self, stage: &'static str) {
        self.laps.push((stage, self.last_lap.elapsed()));
        self.last_lap = Instant::now();
    }

    /// Tells what belongs to no page, now and in builds that have nothing to do.
    fn warn(&mut self, found: Vec<Diagnostic>) {
        self.warnings.extend(found.iter().cloned());
        self.diagnostics.extend(found);
    }

    /// Clears what is staged, and tells everything that is wrong.
    fn give_up(&mut self, problems: Vec<Diagnostic>) -> Stop {
        let mut diagnostics = std::mem::take(&mut self.diagnostics);
        diagnostics.extend(problems);
        if let Err(error) = self.folder.give_up() {
            diagnostics.push(error.diagnostic());
        }
        Stop::Failure(Failure::Site(fold(diagnostics)))
    }

    /// Clears what is staged, after the machine failed: that it cannot be cleared is no news then.
    fn machine_failed(&self, error: FolderError) -> Stop {
        let _ = self.folder.give_up();
        error.into()
    }

    /// Stage 1: everything on disk, or what is at the paths that may have changed.
    pub(super) fn sources(&mut self, changes: &Changes) -> Found {
        let (root, Previous { links, head, .. }) = (self.reader.root(), &self.previous);
        let found = match (self.listed.take(), changes) {
            (Some(sources), _) => Found::All(sources),
            (None, Changes::Paths(paths)) if self.is_same_origin && links.is_empty() && !head.has_errors => {
                let looked = source::look(root, &self.layers, paths.iter().map(String::as_str));
                looked.map_or_else(|| Found::All(source::scan(root, &self.layers)), Found::Some)
            }
            (None, _) => Found::All(source::scan(root, &self.layers)),
        };
        self.looks_at_files = matches!(found, Found::All(_));
        self.lap("sources");
        found
    }

    /// Stage 2: a record of each source.
    pub(super) fn articles(&mut self, found: Found) -> Articles {
        let (root, previous) = (self.reader.root(), &mut self.previous);
        let known = if self.is_same_origin {
            Known { rows: std::mem::take(&mut previous.rows), started: previous.head.started }
        } else {
            previous.parts = None;
            Known::default()
        };
        let mut articles = match found {
            Found::All(sources) => article::read(root, sources, &self.config, known),
            Found::Some(looked) => {
                let is_old = |one: &Diagnostic| {
                    let path = one.place.as_ref().map_or("", |place| &*place.path);
                    !looked.paths.iter().any(|looked| path == looked || path.starts_with(&format!("{looked}/")))
                };
                let mut noticed = std::mem::take(&mut previous.noticed);
                noticed.retain(is_old);
                let mut articles = article::read_again(root, looked, &self.config, known);
                noticed.append(&mut articles.diagnostics);
                Articles { diagnostics: noticed, ..articles }
            }
        };
        self.links = std::mem::take(&mut articles.links);
        if self.links.fingerprint() != previous.head.links {
            articles.change = Change::Record;
        }
        self.is_quiet = self.is_same_origin && previous.is_quiet(&articles.rows, &self.config, self.options.now);
        self.lap("article");
        articles
    }

    /// Whether the report tells what would be withheld without overrides. Only the index knows.
    fn shows_withheld(&self) -> bool {
        let Options { explain, overrides, .. } = self.options;
        *explain && (overrides.drafts || overrides.future)
    }

    /// Whether this build has the same sources as the last one, no moment has passed between them, and the output
    /// folder is as it was left: then every page is fresh, since all answers are made from these.
    pub(super) fn is_nothing_due(&self, articles: &Articles) -> bool {
        let Previous { head, traces, parts, .. } = &self.previous;
        let is_untouched = || traces.as_ref().is_some_and(|traces| publish::is_untouched(&self.folder, traces));
        self.is_quiet
            && articles.change <= Change::Stamp
            && (head.warnings.is_empty() || head.settings == self.config.text)
            && head.at_kept.iter().all(|(path, stamp)| self.folder.stamp(path) == *stamp)
            && !(head.has_errors || self.folder.must_be_walked())
            && !(self.options.verify || self.folder.was_interrupted())
            && (!self.looks_at_files || is_untouched())
            && (!self.shows_withheld() || parts.is_some())
            && head.fonts.is_none_or(|fonts| fonts == cards::machine())
    }

    /// Leaves the output as it is.
    pub(super) fn leave(mut self, articles: Articles) -> Result<Done, Stop> {
        let Previous { mut head, mut file, traces, mut parts, shown, .. } = std::mem::take(&mut self.previous);
        if !articles.changed.is_empty() {
            head.started = articles.started;
            publish::note_stamps(&self.log_path, &mut file, &head, articles.changes())?;
        }
        let pages = traces.iter().flat_map(|traces| &traces.pages);
        let warnings = pages.flat_map(|trace| trace.page.warnings());
        let told = self.config.warnings().chain(&articles.diagnostics).chain(&head.warnings).chain(warnings);
        let mut report = Report {
            articles: head.articles as usize,
            withheld: head.withheld,
            pages: head.pages as usize,
            diagnostics: fold(told.cloned().collect()),
            stages: self.laps,
            ..Report::default()
        };
        report.details.shown.clone_from(&shown);
        let (mut rows, noticed) = (articles.rows, articles.diagnostics);
        if let Some(parts) = &mut parts {
            parts.index.rows = std::mem::take(&mut rows);
        }
        self.folder.end()?;
        if self.options.strict && !report.diagnostics.is_empty() {
            return Err(Failure::Site(report.diagnostics).into());
        }
        let previous = Previous { is_there: true, head, file, traces, rows, parts, noticed, links: self.links, shown };
        Ok((report, Some(previous)))
    }

    /// The theme, from the sources.
    pub(super) fn theme(&mut self, articles: &mut Articles) -> Result<Theme, Stop> {
        self.noticed = std::mem::take(&mut articles.diagnostics);
        self.diagnostics = self.noticed.clone();
        self.diagnostics.extend(self.config.warnings().cloned());
        let theme = Theme::load(self.reader, self.layers.clone(), &articles.rows, &self.config);
        let theme = theme.map_err(|problems| self.give_up(problems))?;
        self.warn(refused(&theme, &self.config));
        self.warn(faint(self.reader.root(), &self.config, &theme.settings));
        Ok(theme)
    }

    /// Stage 3: the teasers.
    pub(super) fn index(&mut self, mut articles: Articles, theme: &Theme) -> (Index, Reusable) {
        self.started = articles.started;
        // A log that is written anew needs no changes.
        self.changes = if self.is_same_origin { articles.changes() } else { RowChanges::default() };
        let parts = self.previous.parts.take();
        self.before = parts.as_ref().map(|parts| parts.addresses(&articles)).unwrap_or_default();
        let made = match parts {
            // What cannot be read withholds, and leaves no row that could change.
            Some(parts) if self.is_quiet && articles.change <= Change::Wording && !self.previous.head.has_errors => {
                let plan = theme.is_same_to_plan(&parts.theme).then_some(parts.plan);
                let index = parts.index.with_rows(articles.rows, &articles.changed, &self.config, self.options.now);
                debug_assert!(
                    index.is_as_built(&self.links, &self.config, self.options.now),
                    "more than wording changed"
                );
                (index, Reusable { plan, engine: Some(parts.engine) })
            }
            parts => {
                let (broken, now) = (std::mem::take(&mut articles.broken), self.options.now);
                let index = Index::build_beside(broken, articles.rows, &self.links, &self.config, now);
                (index, Reusable { plan: None, engine: parts.map(|parts| parts.engine) })
            }
        };
        self.lap("index");
        made
    }

    /// Stage 4: which files.
    pub(super) fn plan(&mut self, index: &Index, theme: &Theme, reusable: &mut Reusable) -> Result<Plan, Stop> {
        let plan = match reusable.plan.take().map_or_else(|| Plan::build(index, &self.config, theme), Ok) {
            Ok(plan) => plan,
            Err(collisions) => {
                let problems = collisions.iter().map(|one| one.diagnostic(self.reader, &index.rows)).collect();
                return Err(self.give_up(problems));
            }
        };
        let problems = plan.problems(self.reader, index, &self.config);
        if !problems.is_empty() {
            return Err(self.give_up(problems));
        }
        self.warn(plan.warnings(self.reader, index, &self.config));
        let strangers = self.strangers(index, &plan);
        self.warn(strangers);
        self.lap("plan");
        Ok(plan)
    }

    /// Files that are left alone at the addresses of what is withheld. Without a log nobody knows whose they are.
    fn strangers(&mut self, index: &Index, plan: &Plan) -> Vec<Diagnostic> {
        let withheld = index.withheld.values().map(|path| output_path(path)).filter(|path| self.folder.is_kept(path));
        self.at_kept = withheld.map(|path| (path.clone(), self.folder.stamp(&path))).collect();
        self.at_kept.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let is_ours = |path: &String| {
            let traces = self.previous.traces.as_ref();
            let trace = traces.and_then(|all| all.of_file(path));
            trace.is_some_and(|trace| self.folder.kept_files(trace).contains(path))
        };
        let there = self.at_kept.iter().filter(|(_, stamp)| stamp.is_some()).map(|(path, _)| path.clone());
        let mut strangers: Vec<String> = there.filter(|path| !is_ours(path)).collect();
        strangers.retain(|path| !plan.files.contains(&file_id(path)));
        let told = strangers.into_iter().map(|path| {
            Diagnostic::warning("a file that `keep` leaves alone has the address of something withheld")
                .at(Place::file(self.folder.root().join(path).display().to_string()))
                .hint("remove it if it shows what is withheld, or give one of them another address")
        });
        told.collect()
    }

    /// What renders pages.
    pub(super) fn renderer(
        &mut self,
        index: Index,
        plan: Plan,
        theme: Theme,
        reusable: Reusable,
    ) -> Result<Arc<Renderer>, Stop> {
        let (reader, config) = (Arc::clone(self.reader), Arc::clone(&self.config));
        let mut renderer = match Renderer::new(reader, config, index, plan, theme, reusable.engine) {
            Ok(renderer) => renderer,
            Err(problems) => return Err(self.give_up(problems)),
        };
        if let Some(store) = &self.options.store {
            renderer.keep_in(store);
        }
        self.warn(site_file::warnings(&renderer));
        self.warn(site_file::stray_ads(&renderer));
        self.warn(site_file::second_data(&renderer));
        Ok(Arc::new(renderer))
    }

    /// Stage 5: the bytes of what is stale, beside the files that they are to become.
    pub(super) fn render(&mut self, renderer: &Arc<Renderer>) -> Result<Staged, Stop> {
        if let Some(problems) = self.options.pages.as_ref().and_then(|pages| pages.admit(renderer).err()) {
            return Err(self.give_up(problems));
        }
        let compression = Compression::of(renderer, &self.origin.program);
        let check = publish::Check {
            ground: std::mem::take(&mut self.previous.head.ground),
            looks_at_files: self.looks_at_files,
            searched: &self.previous.head.searched,
            first: &self.options.first,
            compression: compression.as_ref(),
            pages: self.options.pages.as_deref(),
        };
        let mut traces = self.previous.traces.take().unwrap_or_default();
        if !self.is_same_origin {
            // Nothing rendered by another program or configuration is fresh; what is on disk may still be right.
            traces.questions.clear();
            traces.pages.iter_mut().for_each(|trace| trace.page = Default::default());
        }
        let writer = (!self.is_same_origin).then(|| Writer::create(&self.log_path)).transpose();
        let writer = writer.map_err(|error| self.machine_failed(error))?;
        let staged = match publish::stage(renderer, &self.folder, traces, &check, writer, self.observer) {
            Ok(staged) => staged,
            Err(_) if !self.folder.is_intact() => return Err(Stop::FolderIsGone),
            Err(error) => return Err(self.machine_failed(error)),
        };
        self.lap("render");
        self.diagnostics.extend(staged.diagnostics.iter().cloned());
        let is_refused = self.diagnostics.iter().any(|one| one.is_error() || self.options.strict);
        if self.began.elapsed() > LOOK_AGAIN_AFTER {
            look_again(self.reader, &self.layers, &renderer.index.rows, &renderer.index.broken);
        }
        // Of the file of the front page nobody knows whether it withholds the whole site.
        let may_go_on = self.options.keep_going && !renderer.index.broken.iter().any(Broken::may_speak_for_site);
        if is_refused && !may_go_on || !self.reader.changed().is_empty() {
            return Err(self.give_up(Vec::new()));
        }
        if !self.folder.is_intact() {
            return Err(Stop::FolderIsGone);
        }
        Ok(staged)
    }

    /// Stage 6: the files in their places, and the log of it.
    pub(super) fn publish(mut self, renderer: Arc<Renderer>, mut staged: Staged) -> Result<Done, Stop> {
        self.observer.next(&[(Work::Publishing, 0)]);
        let generation = staged.generation(self.previous.head.generation);
        let mut published = match publish::publish(&renderer, &self.folder, &staged, self.options.explain) {
            Ok(published) => published,
            Err(error) => {
                self.folder.interrupt();
                return Err(error.into());
            }
        };
        self.folder.mark(generation)?;
        published.details.follow(std::mem::take(&mut self.before), &renderer);
        let last_write = Instant::now();
        self.lap("publish");
        if self.options.verify {
            let compression = Compression::of(&renderer, &self.origin.program);
            let mut found = publish::verify(&renderer, &self.folder, compression.as_ref());
            // What the leak scan has told is no second finding.
            let is_told = |one: &Diagnostic| {
                self.diagnostics.iter().any(|told| told.message == one.message && told.place == one.place)
            };
            found.retain(|one| !is_told(one));
            self.diagnostics.extend(found);
        }
        let mut report = self.report(&renderer, published);
        let (searched, told) = std::mem::take(&mut staged.searched);
        self.warnings.extend(told.into_iter().filter(|one| !one.is_error()));
        let head = Head {
            origin: self.origin,
            program_stamp: self.program_stamp,
            started: self.started,
            links: self.links.fingerprint(),
            now: self.options.now.0,
            next: renderer.index.next.map(|next| next.0),
            articles: report.articles as u64,
            withheld: report.withheld,
            pages: report.pages as u64,
            generation,
            ground: renderer.ground(),
            has_errors: report.has_errors(),
            warnings: self.warnings,
            at_kept: self.at_kept,
            settings: renderer.config.text,
            searched,
            boot: self.boot,
            fonts: renderer.machine_fonts(),
        };
        let (changes, file) = (self.changes, self.previous.file);
        let record = publish::Record { head: head.clone(), rows: &renderer.index.rows, changes, file };
        let (file, traces) = staged.write_log(&renderer, record, &self.log_path)?;
        if self.looks_at_files {
            publish::remove_orphans(self.reader.root(), &self.log_path);
            let all = renderer.plan.images.all.iter();
            renderer.tidy_cards();
            renderer.desk.tidy(all.map(|one| (renderer.order(one), &*one.variants)));
            if report.written > 0 {
                publish::wait_for_clock(last_write);
            }
        }
        self.folder.end()?;
        self.laps.push(("log", self.last_lap.elapsed()));
        report.stages = self.laps;
        let shown = report.details.shown.clone();
        let (noticed, links, rows) = (self.noticed, self.links, Vec::new());
        let parts = Arc::into_inner(renderer).and_then(Renderer::into_parts);
        let previous = parts.map(|parts| {
            let parts = Some(parts);
            Previous { is_there: true, head, file, traces, rows, parts, noticed, links, shown }
        });
        Ok((report, previous))
    }

    fn report(&mut self, renderer: &Renderer, published: Published) -> Report {
        let now = self.options.now;
        let mut report = Report {
            articles: renderer.index.articles.len(),
            withheld: states::withheld_counts(&renderer.index, now),
            pages: renderer.plan.outputs.iter().filter(|output| output.is_counted()).count(),
            rendered: published.rendered,
            written: published.written,
            removed: published.removed,
            decoded: renderer.desk.decoded(),
            details: published.details,
            diagnostics: fold(std::mem::take(&mut self.diagnostics)),
            ..Report::default()
        };
        if self.shows_withheld() {
            report.details.shown = renderer.shown(now);
        }
        report
    }
}

/// The output folder that `site.yaml` names. Nothing is written.
///
/// # Errors
/// It cannot be one, at the line that names it.
pub(crate) fn output_of_site(root: &Path, config: &Config) -> Result<OutputFolder, Diagnostic> {
    OutputFolder::open(root, &root.join(&config.settings.output), &config.settings.keep).map_err(|problem| {
        match place_of_output(root) {
            Some(place) => problem.at(place),
            None => problem,
        }
    })
}

/// Where `site.yaml` names the output folder, if it does.
fn place_of_output(root: &Path) -> Option<Place> {
    let text = std::fs::read_to_string(root.join(FILE)).ok()?;
    Some(key_place(FILE, &text, "output")).filter(|place| place.line > 0)
}

/// That the folder of all articles is missing: hardly anybody removes a whole site so.
fn content_is_gone() -> Diagnostic {
    Diagnostic::error("there is no folder `content`, but the last build published what was in it")
        .at(Place::file("content"))
        .hint("bring the folder back; to publish a site without articles, make it, and leave it empty")
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

/// What a build with this configuration depends on, and the stamp of the program. `last` is what the last build knew.
pub(crate) fn origin(last: &Head, config: &Config, layers: &[String], folder: &OutputFolder) -> (Origin, Stamp) {
    let (program, stamp) = publish::program(last);
    (Origin { program, config: configuration(config, layers), output: folder.name() }, stamp)
}

/// The configuration and the layers of the theme, as [`Origin`] has them: what sources are read with.
pub(crate) fn configuration(config: &Config, layers: &[String]) -> Fingerprint {
    let mut origin = Fingerprinter::new("origin");
    origin.part(&config.fingerprint);
    layers.iter().for_each(|layer| {
        origin.text(layer);
    });
    origin.finish()
}
