//! What is shown now: the output folder, and beside it what a build has ready, what is wrong, and who
//! looks at which page.
//!
//! The rebuild loop writes it, the server reads it. It holds no page but those that a running build has ready
//! and somebody looks at; they are forgotten when the build has put them into the folder.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, RwLock, RwLockReadGuard, RwLockWriteGuard};

use axum::Router;
use tokio::sync::{broadcast, watch};

use super::newsdesk::{NewsDesk, Newsroom};
use super::watch::Signal;
use crate::comments::receiver;
use crate::config::{Config, RECEIVER};
use crate::diagnostic::Diagnostic;
use crate::index::Shown;
use crate::pipeline::{Failure, Report};
use crate::render::output::policy::Header;
use crate::source::Stamp;

/// How many files are remembered as seen. More are forgotten at once; they are only a means to notice
/// that somebody else writes into the output folder.
const MOST_SEEN: usize = 10_000;

/// Something that open pages are told of.
#[derive(Debug)]
pub(super) enum Notification {
    /// The page at this path of the output folder is ready.
    Ready(String),
    /// The desk has something new: a comment came, or the checker is through.
    Desk,
    /// A build came to its end.
    Round {
        /// Files that were written, but for pages, as addresses.
        files: Vec<String>,
        /// Whether more files were written than are named.
        is_more: bool,
    },
}

/// How far the builds are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Progress {
    pub(super) is_building: bool,
    /// Whether any build came to its end.
    pub(super) has_ended: bool,
    /// How many pages the running build has ready for those who look at them.
    pub(super) ready: usize,
}

/// What is shown now.
#[derive(Debug)]
pub struct Preview {
    state: RwLock<State>,
    /// Pages that browsers show, by their path in the output folder, with the number of them.
    open: Mutex<BTreeMap<String, usize>>,
    /// The stamps of files that were sent; none for one that was missing.
    seen: Mutex<BTreeMap<String, Option<Stamp>>>,
    told: broadcast::Sender<Arc<Notification>>,
    progress: watch::Sender<Progress>,
    signals: Sender<Signal>,
    comments: Mutex<Option<Comments>>,
    desk: NewsDesk,
}

/// The comment receiver, made when somebody asks for it: it has an inbox on disk.
#[derive(Debug)]
struct Comments {
    root: PathBuf,
    config: Config,
    router: Option<Router>,
}

/// Where the comment forms lead, as the pages of the site have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Forms {
    /// Pages have none: the preview offers its own.
    None,
    /// To this receiver or service: the preview sends them to itself.
    To(String),
    /// To the preview already.
    Here,
}

impl Forms {
    fn of(config: &Config) -> Self {
        match &config.settings.comments.action {
            None => Self::None,
            Some(action) if action != RECEIVER => Self::To(action.clone()),
            Some(_) => Self::Here,
        }
    }
}

/// Where the site is shown.
#[derive(Debug)]
pub(super) struct Place {
    /// The site's folder.
    pub(super) root: PathBuf,
    /// The output folder.
    pub(super) folder: PathBuf,
    pub(super) config: Config,
}

#[derive(Debug)]
pub(super) struct State {
    /// The output folder, without links; none as long as it is not known.
    pub(super) folder: Option<PathBuf>,
    /// The path of the front page, `/` or `/blog/`.
    pub(super) base: String,
    /// The name of the site.
    pub(super) title: String,
    /// The time zone of the site.
    pub(super) zone: jiff::tz::TimeZone,
    /// Pages that the running build has ready, by their path in the output folder.
    pub(super) ahead: BTreeMap<String, Arc<[u8]>>,
    /// What is wrong.
    pub(super) problems: Arc<[Diagnostic]>,
    /// Where the comment forms lead.
    pub(super) forms: Forms,
    /// Security headers, as the published site has them, with what the preview adds to pages let in.
    pub(super) headers: Arc<[Header]>,
    /// Articles that are shown in the preview only.
    pub(super) withheld: BTreeMap<String, Shown>,
    /// Where articles went whose address changed.
    pub(super) moves: BTreeMap<String, String>,
}

impl Preview {
    /// Nothing yet. `signals` is where strange findings go.
    pub fn new(signals: Sender<Signal>, newsroom: Newsroom) -> Self {
        Self {
            desk: NewsDesk::new(newsroom),
            state: RwLock::new(State {
                folder: None,
                base: "/".into(),
                title: String::new(),
                zone: jiff::tz::TimeZone::UTC,
                ahead: BTreeMap::new(),
                problems: [].into(),
                forms: Forms::Here,
                headers: [].into(),
                withheld: BTreeMap::new(),
                moves: BTreeMap::new(),
            }),
            open: Mutex::default(),
            seen: Mutex::default(),
            told: broadcast::channel(64).0,
            progress: watch::channel(Progress::default()).0,
            signals,
            comments: Mutex::default(),
        }
    }

    pub(super) fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().expect("no panic while locked")
    }

    fn change(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().expect("no panic while locked")
    }

    pub(super) fn listen(&self) -> broadcast::Receiver<Arc<Notification>> {
        self.told.subscribe()
    }

    pub(super) fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// The address of the front page below the server's own: `/` or `/blog/`.
    pub fn base(&self) -> String {
        self.state().base.clone()
    }

    /// The name of the site.
    pub(super) fn title(&self) -> String {
        self.state().title.clone()
    }

    pub(super) fn desk(&self) -> &NewsDesk {
        &self.desk
    }

    /// Tells those who look at the desk that it has something new.
    pub fn tell_desk(&self) {
        let _ = self.told.send(Arc::new(Notification::Desk));
    }

    /// The addresses of the site's pages that browsers show.
    pub(super) fn open_pages(&self) -> Vec<String> {
        let base = self.base();
        let open = self.open.lock().expect("no panic while locked");
        open.keys().filter(|path| path.ends_with(".html")).map(|path| address(&base, path)).collect()
    }

    /// The comment receiver.
    ///
    /// # Errors
    /// It cannot be made, or nobody knows the configuration.
    pub(super) fn comments(&self) -> Result<Router, Diagnostic> {
        let mut comments = self.comments.lock().expect("no panic while locked");
        let Some(comments) = &mut *comments else {
            return Err(Diagnostic::error("the configuration has errors").hint("mend `site.yaml` first"));
        };
        if let Some(router) = &comments.router {
            return Ok(router.clone());
        }
        let router = receiver::router(comments.root.clone(), comments.config.clone(), receiver::Options::preview())?;
        Ok(comments.router.insert(router).clone())
    }

    /// Whether there is a front page to go to.
    pub(super) fn has_front_page(&self) -> bool {
        self.state().folder.as_ref().is_some_and(|folder| folder.join("index.html").is_file())
    }

    /// A build begins. Gives the paths of the pages that somebody looks at.
    pub(super) fn begin(&self, place: Option<Place>) -> Vec<String> {
        if let Some(place) = place {
            let Place { root, folder, config } = place;
            let mut comments = self.comments.lock().expect("no panic while locked");
            if comments.as_ref().is_none_or(|comments| comments.config.fingerprint != config.fingerprint) {
                *comments = Some(Comments { root, config: config.clone(), router: None });
            }
            let mut state = self.change();
            state.folder = Some(folder);
            state.forms = Forms::of(&config);
            state.base = config.base_path;
            state.title = config.settings.title;
            state.zone = config.time_zone;
        }
        self.progress.send_modify(|progress| progress.is_building = true);
        self.open.lock().expect("no panic while locked").keys().cloned().collect()
    }

    /// A page that somebody looks at is ready.
    pub(super) fn ready(&self, path: &str, bytes: &[u8]) {
        self.change().ahead.insert(path.to_owned(), bytes.into());
        self.progress.send_modify(|progress| progress.ready += 1);
        let _ = self.told.send(Arc::new(Notification::Ready(path.to_owned())));
    }

    /// A build published.
    pub(super) fn built(&self, report: &Report) {
        /// More changed files than this, and a page looks at all that it uses.
        const MOST_FILES: usize = 200;
        let details = &report.details;
        let headers = {
            let comments = self.comments.lock().expect("no panic while locked");
            comments.as_ref().map(|site| super::page::headers(&site.root, &site.config))
        };
        let errors = report.diagnostics.iter().filter(|one| one.is_error()).cloned().collect();
        let files = {
            let mut state = self.change();
            state.ahead.clear();
            state.problems = errors;
            state.headers = headers.unwrap_or_default().into();
            state.withheld = details.shown.iter().cloned().collect();
            for (from, to) in &details.moved {
                state.moves.retain(|_, end| {
                    end != from || {
                        *end = to.clone();
                        true
                    }
                });
                state.moves.insert(from.clone(), to.clone());
            }
            for path in &details.written {
                state.moves.remove(path);
            }
            // A page is told by its version; a theme's stylesheet has its fingerprint in its address.
            let is_versioned =
                |path: &str| path.starts_with("assets/") && path.ends_with(".css") || path.ends_with(".html");
            let files = details.written.iter().filter(|path| !is_versioned(path) || path.starts_with("fragments/"));
            files.take(MOST_FILES + 1).map(|path| address(&state.base, path)).collect::<Vec<_>>()
        };
        {
            let mut seen = self.seen.lock().expect("no panic while locked");
            if details.written.len() + details.removed.len() == report.written + report.removed {
                for path in details.written.iter().chain(&details.removed) {
                    seen.remove(path);
                }
            } else {
                seen.clear();
            }
        }
        self.end(Notification::Round { is_more: files.len() > MOST_FILES, files });
    }

    /// A build failed: what is in the output folder is as it was.
    pub(super) fn failed(&self, failure: &Failure) {
        {
            let mut state = self.change();
            state.ahead.clear();
            state.problems = match failure {
                Failure::Site(problems) => problems.iter().cloned().collect(),
                Failure::Machine(problem) => [problem.clone()].into(),
            };
        }
        self.seen.lock().expect("no panic while locked").clear();
        self.end(Notification::Round { files: Vec::new(), is_more: false });
    }

    fn end(&self, told: Notification) {
        self.desk.forget();
        self.progress.send_replace(Progress { is_building: false, has_ended: true, ready: 0 });
        let _ = self.told.send(Arc::new(told));
    }

    /// A browser shows the page at `path` of the output folder, until the result is dropped.
    pub(super) fn open(self: &Arc<Self>, path: String) -> Open {
        *self.open.lock().expect("no panic while locked").entry(path.clone()).or_default() += 1;
        Open { preview: Arc::clone(self), path }
    }

    /// A file of the output folder is sent, or would be if it were there. When it is not the one that
    /// was sent last time and no build wrote it, somebody else did, and the next build must look. A file
    /// that is missing is looked for once.
    pub(super) fn sees(&self, path: &str, stamp: Option<Stamp>) {
        let is_building = self.progress.borrow().is_building;
        let mut seen = self.seen.lock().expect("no panic while locked");
        if seen.len() >= MOST_SEEN {
            seen.clear();
        }
        let is_strange = match seen.get(path) {
            Some(before) => *before != stamp,
            None => stamp.is_none(),
        };
        if is_building && stamp.is_none() {
            return;
        }
        seen.insert(path.to_owned(), stamp);
        if is_strange && !is_building {
            // Nobody listens any more when the program ends.
            let _ = self.signals.send(Signal::Unknown);
        }
    }
}

/// A page that a browser shows.
#[derive(Debug)]
pub(super) struct Open {
    preview: Arc<Preview>,
    path: String,
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut open = self.preview.open.lock().expect("no panic while locked");
        if let Some(number) = open.get_mut(&self.path) {
            *number -= 1;
            if *number == 0 {
                open.remove(&self.path);
            }
        }
    }
}

/// The address of a path in the output folder, percent-encoded.
pub(super) fn address(base: &str, path: &str) -> String {
    let path = match path.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => path,
    };
    crate::site_path::below(base, path)
}
