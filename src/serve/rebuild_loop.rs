//! The rebuild loop of a preview: it waits for changes, builds and reports, until it is told to stop.
//!
//! One burst of changes is one build: editors write a file in several steps, and `git checkout` thousands
//! of files. So a round begins when it has been quiet for [`QUIET`], or after [`PATIENCE`] at the latest.
//! What changes during a build waits in the channel and is built next.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use super::preview::{Place, Preview};
use super::watch::{Signal, Watch, WatchMode};
use crate::article::time::Timestamp;
use crate::comments::inbox::{Inbox, Waiting};
use crate::config::Config;
use crate::pipeline::{Changes, Failure, Observer, Options, Report, Session};
use crate::publish::{Progress, Work};

/// How long it must be quiet before a build begins: the steps of one save are less than 2 ms apart.
const QUIET: Duration = Duration::from_millis(12);
/// How long a burst may keep a build waiting.
const PATIENCE: Duration = Duration::from_millis(250);
/// A folder that came is looked at once more after this time: what is written into it in its first
/// moment, before the system has been asked to watch it, is reported by nobody.
const SECOND_LOOK: Duration = Duration::from_millis(300);
/// After a failure of the machine (a full disk, a folder removed under its feet) the build is tried again:
/// soon at first, and then after twice the time, …
const RETRY: Duration = Duration::from_millis(200);
/// … but never later than this.
const LAST_RETRY: Duration = Duration::from_secs(10);
/// The clock is looked at this often while a moment is due: it may be set, or the machine may have slept.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// What the rebuild loop reports.
#[derive(Debug)]
pub enum Event<'a> {
    /// The system cannot watch, for this reason; changes are found by looking.
    Polling(&'a str),
    /// These comments came, and wait for an editor.
    Comments(&'a [Waiting]),
    /// A build begins because of these files; none: because of the time, or because it is the first.
    Begins(&'a [String]),
    /// The site is built.
    Built {
        /// What changed; empty if that is not known.
        changed: &'a [String],
        /// What was done.
        report: &'a Report,
    },
    /// The site could not be built.
    Failed {
        /// What changed; empty if that is not known.
        changed: &'a [String],
        /// Why.
        failure: &'a Failure,
    },
}

/// Who is told, and knows the time.
pub trait PreviewHost {
    /// The moment as of which the next build is made.
    fn now(&self) -> Timestamp;
    /// Who is told how one build goes on.
    fn observer(&self) -> Box<dyn Observer + '_>;
    /// Something happened.
    fn told(&self, news: &Event<'_>);
}

/// A site that is built again whenever it changes.
#[derive(Debug)]
pub struct RebuildLoop {
    root: PathBuf,
    session: Session,
    options: Options,
    signals: Receiver<Signal>,
    sender: Sender<Signal>,
    watch: Watch,
    preview: Option<Arc<Preview>>,
    /// The ids of comments that wait, where somebody wants to know of new ones.
    waiting: BTreeSet<String>,
    /// What to look at again, and when. A later look does not stand for one before: the folders are others.
    looks: Vec<(Instant, Changes)>,
    /// How long to wait after the next failure of the machine.
    retry: Duration,
}

/// What one waiting came to.
enum Waited {
    Round(Round),
    Stop,
}

/// What a build is told.
#[derive(Default)]
struct Round {
    changes: Changes,
    /// What the user did; empty for a second look, or when nobody did anything.
    changed: Vec<String>,
}

impl RebuildLoop {
    /// A loop for the site in `root`. Watching begins at once, so that no edit during the first build is lost.
    pub fn new(root: &Path, options: Options, how: WatchMode) -> Self {
        let (sender, signals) = mpsc::channel();
        let root = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
        let watch = Watch::start(&root, how, sender.clone());
        let session = Session::new(&root);
        let waiting = BTreeSet::new();
        Self { root, session, options, signals, sender, watch, preview: None, waiting, looks: Vec::new(), retry: RETRY }
    }

    /// Where signals from elsewhere go: a server that found a strange file, somebody who says stop.
    pub fn sender(&self) -> Sender<Signal> {
        self.sender.clone()
    }

    /// Shows what is built.
    pub fn show(&mut self, preview: Arc<Preview>) {
        self.options.explain = true;
        self.preview = Some(preview);
        self.waiting = self.new_comments().into_iter().map(|waiting| waiting.id).collect();
    }

    /// The path of the front page: `/` or `/blog/`.
    pub fn base(&self) -> String {
        self.place().map_or_else(|| "/".into(), |place| place.config.base_path)
    }

    /// Builds and waits, until it is told to stop.
    pub fn run(&mut self, desk: &dyn PreviewHost) {
        let mut round = Round::default();
        loop {
            self.round(round, desk);
            round = match self.wait(desk) {
                Waited::Round(round) => round,
                Waited::Stop => return,
            };
        }
    }

    fn round(&mut self, Round { changes, changed }: Round, desk: &dyn PreviewHost) {
        desk.told(&Event::Begins(&changed));
        self.options.now = desk.now();
        if let Some(preview) = &self.preview {
            self.options.first = preview.begin(self.place());
        }
        let result = {
            let observer = desk.observer();
            let onlooker = BuildObserver { observer: &*observer, preview: self.preview.as_deref() };
            self.session.build(&changes, &self.options, &onlooker)
        };
        match &result {
            Ok(report) => {
                self.retry = RETRY;
                if let Some(preview) = &self.preview {
                    preview.built(report);
                }
                desk.told(&Event::Built { changed: &changed, report });
            }
            Err(failure) => {
                if matches!(failure, Failure::Machine(_)) {
                    self.looks.push((Instant::now() + self.retry, Changes::Unknown));
                    self.retry = LAST_RETRY.min(self.retry * 2);
                }
                if let Some(preview) = &self.preview {
                    preview.failed(failure);
                }
                desk.told(&Event::Failed { changed: &changed, failure });
            }
        }
    }

    /// Where the site is shown: the output folder and the base path. A broken configuration leaves them
    /// as they were.
    fn place(&self) -> Option<Place> {
        let config = Config::load(&self.root, &self.options.overrides).ok()?;
        let folder = self.options.output.clone().unwrap_or_else(|| self.root.join(&config.settings.output));
        Some(Place { root: self.root.clone(), folder, config })
    }

    /// Waits until something changes or a moment comes, and then until it is quiet.
    fn wait(&mut self, desk: &dyn PreviewHost) -> Waited {
        let mut burst = Burst::default();
        loop {
            let signal = match self.sleep(&burst, desk) {
                None => match self.signals.recv() {
                    Ok(signal) => signal,
                    Err(_) => return Waited::Stop,
                },
                Some(time) => match self.signals.recv_timeout(time) {
                    Ok(signal) => signal,
                    Err(RecvTimeoutError::Disconnected) => return Waited::Stop,
                    Err(RecvTimeoutError::Timeout) => {
                        if let Some(round) = self.end(&mut burst, desk) {
                            return Waited::Round(round);
                        }
                        continue;
                    }
                },
            };
            if matches!(signal, Signal::Stop) {
                return Waited::Stop;
            }
            self.take(signal, &mut burst, desk);
        }
    }

    /// How long to sleep; none: until something happens.
    fn sleep(&self, burst: &Burst, desk: &dyn PreviewHost) -> Option<Duration> {
        if let Some(first) = burst.began {
            return Some(QUIET.min(PATIENCE.saturating_sub(first.elapsed())));
        }
        let look = self.looks.iter().map(|(when, _)| when.saturating_duration_since(Instant::now())).min();
        let moment = self.session.next_moment().map(|moment| {
            let seconds = moment.0.saturating_sub(desk.now().0);
            // The clock is read in whole seconds.
            Duration::from_secs(u64::try_from(seconds).unwrap_or(0)).min(LONGEST_SLEEP)
        });
        look.into_iter().chain(moment).min()
    }

    /// The sleep is over: what is to be built, if anything.
    fn end(&mut self, burst: &mut Burst, desk: &dyn PreviewHost) -> Option<Round> {
        if burst.began.is_some() {
            let burst = std::mem::take(burst);
            if burst.has_new_folder {
                let folders = burst.paths.iter().filter(|path| self.root.join(path).is_dir()).cloned().collect();
                self.looks.push((Instant::now() + SECOND_LOOK, Changes::Paths(folders)));
            }
            let places = burst.paths.iter().map(|path| self.root.join(path));
            let places: Vec<PathBuf> =
                places.filter(|place| place.is_symlink() || burst.has_new_folder && place.is_dir()).collect();
            if !places.is_empty() {
                self.watch.find_links(places);
            }
            let changed = burst.paths.iter().cloned().collect();
            let changes = if burst.is_unknown { Changes::Unknown } else { Changes::Paths(burst.paths) };
            return Some(Round { changes, changed });
        }
        let now = Instant::now();
        let due = self.looks.iter().position(|(when, _)| *when <= now);
        if let Some((_, changes)) = due.map(|at| self.looks.swap_remove(at)) {
            return Some(Round { changes, changed: Vec::new() });
        }
        let is_due = self.session.next_moment().is_some_and(|moment| moment <= desk.now());
        is_due.then(|| Round { changes: Changes::Paths(BTreeSet::new()), changed: Vec::new() })
    }

    /// The comments that wait and were not told of. One that cannot be read yet is told of with the next.
    fn new_comments(&self) -> Vec<Waiting> {
        let inbox = Inbox::of(&self.root);
        let ids = inbox.ids().unwrap_or_default();
        ids.iter().filter(|id| !self.waiting.contains(*id)).filter_map(|id| inbox.read(id).ok()).collect()
    }

    fn look_at_inbox(&mut self, desk: &dyn PreviewHost) {
        let Some(preview) = &self.preview else { return };
        preview.tell_desk();
        let new = self.new_comments();
        if !new.is_empty() {
            self.waiting.extend(new.iter().map(|waiting| waiting.id.clone()));
            desk.told(&Event::Comments(&new));
        }
    }

    fn take(&mut self, signal: Signal, burst: &mut Burst, desk: &dyn PreviewHost) {
        match signal {
            Signal::Inbox => {
                self.watch.watch_inbox();
                self.look_at_inbox(desk);
            }
            Signal::Changed { paths, is_new_folder } => {
                burst.begin();
                burst.paths.extend(paths);
                burst.has_new_folder |= is_new_folder;
            }
            Signal::Beside(name) => {
                let is_output = self
                    .place()
                    .is_some_and(|place| place.folder.starts_with(self.root.join(name)) && !place.folder.exists());
                if is_output {
                    burst.unknown();
                }
            }
            Signal::Unknown => burst.unknown(),
            Signal::Lost => {
                self.watch.set();
                burst.unknown();
            }
            Signal::Unwatchable(reason) => {
                desk.told(&Event::Polling(&reason));
                self.watch.look();
                burst.unknown();
            }
            Signal::Links(targets) => {
                self.watch.follow(&targets);
                // What changed behind a link before it was followed.
                burst.unknown();
            }
            Signal::Stop => unreachable!("handled by the one who waits"),
        }
    }
}

/// Changes that belong together.
#[derive(Debug, Default)]
struct Burst {
    began: Option<Instant>,
    paths: BTreeSet<String>,
    is_unknown: bool,
    has_new_folder: bool,
}

impl Burst {
    fn begin(&mut self) {
        self.began.get_or_insert_with(Instant::now);
    }

    fn unknown(&mut self) {
        self.begin();
        self.is_unknown = true;
    }
}

/// Hands on how the build goes, and shows pages that are ready.
struct BuildObserver<'a> {
    observer: &'a dyn Observer,
    preview: Option<&'a Preview>,
}

impl Progress for BuildObserver<'_> {
    fn next(&self, work: &[(Work, usize)]) {
        self.observer.next(work);
    }

    fn done(&self, work: Work, number: usize) {
        self.observer.done(work, number);
    }

    fn ready(&self, path: &str, bytes: &[u8]) {
        if let Some(preview) = self.preview {
            preview.ready(path, bytes);
        }
    }
}

impl Observer for BuildObserver<'_> {
    fn waiting(&self) {
        self.observer.waiting();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nobody is told, and the time stands still.
    struct Nobody;

    impl Observer for Nobody {}

    impl Progress for Nobody {}

    impl PreviewHost for Nobody {
        fn now(&self) -> Timestamp {
            Timestamp(0)
        }

        fn observer(&self) -> Box<dyn Observer + '_> {
            Box::new(Self)
        }

        fn told(&self, _: &Event<'_>) {}
    }

    #[test]
    fn each_new_folder_is_looked_at_again() {
        let site = tempfile::tempdir().expect("a folder");
        let mut rebuild_loop = RebuildLoop::new(site.path(), Options::default(), WatchMode::Polling);
        let folders = ["content/one", "content/two"].map(str::to_owned);
        for folder in &folders {
            std::fs::create_dir_all(site.path().join(folder)).expect("a folder");
            let mut burst = Burst::default();
            let came = Signal::Changed { paths: vec![folder.clone()], is_new_folder: true };
            rebuild_loop.take(came, &mut burst, &Nobody);
            assert!(rebuild_loop.end(&mut burst, &Nobody).is_some());
        }
        assert!(rebuild_loop.end(&mut Burst::default(), &Nobody).is_none(), "not yet");
        std::thread::sleep(SECOND_LOOK + Duration::from_millis(20));
        let mut looked_at = BTreeSet::new();
        while let Some(round) = rebuild_loop.end(&mut Burst::default(), &Nobody) {
            let Changes::Paths(paths) = round.changes else { panic!("folders") };
            looked_at.extend(paths);
        }
        assert_eq!(looked_at, BTreeSet::from(folders));
    }
}
