//! What changes on disk, as the system tells it.
//!
//! Knows nothing of builds: it turns events of the file system into [`Signal`]s about sources. Access to a
//! file is not asked for (reading a site of 100,000 articles would overflow the system's queue), and the
//! output folder is not watched, so courant never hears itself. The one idea: when in doubt, say "anything
//! may have changed". A full scan costs milliseconds, a lost edit costs trust.
//!
//! There is no debouncer crate here, because those that exist wake up many times a second to look at
//! their clock; [`super::rebuild_loop`] waits for quiet by blocking on the channel.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::time::Duration;

use notify::event::{CreateKind, EventKind, ModifyKind, RenameMode};
use notify::{Config, ErrorKind, Event, EventKindMask, RecommendedWatcher, RecursiveMode, Watcher};
use walkdir::WalkDir;

use super::poll::Poll;
use crate::source;
use crate::source_name;

/// The folder that the inbox of comments is in ([`crate::comments::inbox::FOLDER`]).
pub(super) const COMMENTS: &str = "comments";

/// Something that the rebuild loop should know of.
#[derive(Debug)]
pub enum Signal {
    /// These files or folders, relative to the site's folder, were written, made, renamed or removed.
    Changed {
        /// With `/` between folders.
        paths: Vec<String>,
        /// Whether a folder came: what it holds was not reported, file by file.
        is_new_folder: bool,
    },
    /// An entry of the site's own folder that is no source changed: perhaps the output folder.
    Beside(String),
    /// The folder of comments that wait changed.
    Inbox,
    /// Anything may have changed.
    Unknown,
    /// A folder of sources came or went, or events were lost: the watches must be set again.
    Lost,
    /// The system cannot watch; why.
    Unwatchable(String),
    /// There are symbolic links among the sources; where they lead.
    Links(Vec<PathBuf>),
    /// The work is over.
    Stop,
}

/// How changes are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchMode {
    /// The system tells; when it cannot, by looking.
    Notified,
    /// By looking at all sources again and again: for folders of another machine.
    Polling,
}

/// Hears of changes until it is dropped.
#[derive(Debug)]
pub(super) struct Watch {
    root: PathBuf,
    signals: Sender<Signal>,
    told: Option<RecommendedWatcher>,
    /// The folders that are watched with all that is below them.
    whole: BTreeSet<PathBuf>,
    looking: Option<Poll>,
}

impl Watch {
    /// Begins to watch the site in `root`, which is absolute and without links.
    pub(super) fn start(root: &Path, how: WatchMode, signals: Sender<Signal>) -> Self {
        let mut this = Self { root: root.to_path_buf(), signals, told: None, whole: BTreeSet::new(), looking: None };
        match how {
            WatchMode::Notified => this.set(),
            WatchMode::Polling => this.look(),
        }
        this
    }

    /// Sets all watches anew.
    pub(super) fn set(&mut self) {
        if self.looking.is_some() {
            return;
        }
        self.told = None;
        match self.try_set() {
            Ok(watcher) => {
                self.told = Some(watcher);
                self.watch_inbox();
                self.whole = source_name::FOLDERS.iter().map(|folder| self.root.join(folder)).collect();
                self.find_links(source_name::FOLDERS.iter().map(|folder| self.root.join(folder)).collect());
            }
            Err(error) => {
                let _ = self.signals.send(Signal::Unwatchable(reason(&error)));
            }
        }
    }

    /// Watches the folder of comments that wait, if there is one. Without it the preview is only less talkative.
    pub(super) fn watch_inbox(&mut self) {
        if let Some(watcher) = &mut self.told {
            let _ = watcher.watch(&self.root.join(COMMENTS), RecursiveMode::Recursive);
        }
    }

    /// Finds changes by looking from now on.
    pub(super) fn look(&mut self) {
        self.told = None;
        self.looking.get_or_insert_with(|| Poll::start(&self.root, self.signals.clone()));
    }

    /// Also watches what links lead to. What cannot be watched is seen by nobody, so it is said.
    pub(super) fn follow(&mut self, targets: &[PathBuf]) {
        let Some(watcher) = &mut self.told else { return };
        for target in targets {
            // A file is watched by its folder: most editors put another file in its place.
            let is_folder = target.is_dir();
            let place = if is_folder { target.as_path() } else { target.parent().unwrap_or(target) };
            // The watcher takes a second wish for the place of the first: what is below would be seen no longer.
            let is_whole = self.whole.contains(place) || is_folder && self.whole.insert(place.to_path_buf());
            let mode = if is_whole { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
            if place != self.root
                && let Err(error) = watcher.watch(place, mode)
            {
                let _ = self.signals.send(Signal::Unwatchable(reason(&error)));
                return;
            }
        }
    }

    /// Looks for symbolic links in these files and folders, aside: it need not delay anything.
    pub(super) fn find_links(&self, places: Vec<PathBuf>) {
        let signals = self.signals.clone();
        std::thread::spawn(move || {
            let entries = places.iter().flat_map(|place| WalkDir::new(place).into_iter().flatten());
            let links = entries.filter(walkdir::DirEntry::path_is_symlink);
            let targets: Vec<PathBuf> = links.filter_map(|link| std::fs::canonicalize(link.path()).ok()).collect();
            if !targets.is_empty() {
                let _ = signals.send(Signal::Links(targets));
            }
        });
    }

    fn try_set(&self) -> notify::Result<RecommendedWatcher> {
        let (root, signals) = (self.root.clone(), self.signals.clone());
        let handler = move |event: notify::Result<Event>| {
            for signal in signals_of(&root, event) {
                // Nobody listens any more when the program ends.
                let _ = signals.send(signal);
            }
        };
        let config = Config::default().with_event_kinds(EventKindMask::CORE).with_fsevent_latency(Duration::ZERO);
        let mut watcher = RecommendedWatcher::new(handler, config)?;
        watcher.watch(&self.root, RecursiveMode::NonRecursive)?;
        for folder in source_name::FOLDERS {
            let folder = self.root.join(folder);
            match watcher.watch(&folder, RecursiveMode::Recursive) {
                Err(error) if matches!(error.kind, ErrorKind::PathNotFound) => {}
                Err(error) if !folder.is_dir() => drop(error),
                done => done?,
            }
        }
        Ok(watcher)
    }
}

/// What an event means.
fn signals_of(root: &Path, event: notify::Result<Event>) -> Vec<Signal> {
    let event = match event {
        Ok(event) => event,
        // A folder that cannot be entered: the scan reports it with its name.
        Err(error) if matches!(error.kind, ErrorKind::PathNotFound | ErrorKind::WatchNotFound) => return Vec::new(),
        Err(error) if matches!(error.kind, ErrorKind::MaxFilesWatch) => {
            return vec![Signal::Unwatchable(reason(&error))];
        }
        Err(_) => return vec![Signal::Unknown],
    };
    if event.need_rescan() {
        return vec![Signal::Lost];
    }
    if matches!(event.kind, EventKind::Access(_)) {
        return Vec::new();
    }
    let mut signals = Vec::new();
    let mut paths = Vec::new();
    for path in &event.paths {
        let Ok(relative) = path.strip_prefix(root) else {
            // Behind a link.
            signals.push(Signal::Unknown);
            continue;
        };
        let Some(relative) = relative.to_str() else {
            signals.push(Signal::Unknown);
            continue;
        };
        let relative = relative.replace('\\', "/");
        if relative.is_empty() {
            // The site's folder itself was moved or removed.
            if matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))) {
                signals.push(Signal::Lost);
            }
        } else if Path::new(&relative).starts_with(COMMENTS) {
            signals.push(Signal::Inbox);
        } else if source::is_source(&relative) {
            // The watch of a top folder does not follow it when it is replaced by another.
            let comes_or_goes = matches!(
                event.kind,
                EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))
            );
            if comes_or_goes && source_name::FOLDERS.contains(&relative.as_str()) {
                signals.push(Signal::Lost);
            }
            // Each time that a text is written an editor writes its copy, too; the next build of all sources looks at that.
            if !source_name::is_of_editor(&relative) {
                paths.push(relative);
            }
        } else if !relative.contains('/') {
            signals.push(Signal::Beside(relative));
        } else if !source_name::is_ignored_source(&relative) {
            signals.push(Signal::Unknown);
        }
    }
    if !paths.is_empty() {
        let comes = matches!(
            event.kind,
            EventKind::Create(CreateKind::Folder | CreateKind::Any)
                | EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Both | RenameMode::Any))
        );
        let is_new_folder = comes && paths.iter().any(|path| root.join(path).is_dir());
        signals.push(Signal::Changed { paths, is_new_folder });
    }
    signals
}

/// Why the system cannot watch, and what to do about it.
fn reason(error: &notify::Error) -> String {
    match &error.kind {
        ErrorKind::MaxFilesWatch => {
            "the system allows too few watched folders (`sysctl fs.inotify.max_user_watches=524288` allows more)".into()
        }
        ErrorKind::Io(error) if error.raw_os_error() == Some(24) => {
            "the system allows too few watchers (`sysctl fs.inotify.max_user_instances=1024` allows more)".into()
        }
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use notify::event::{DataChange, Flag, RemoveKind};

    use super::*;

    fn signals(kind: EventKind, path: &str) -> Vec<Signal> {
        signals_of(Path::new("/site"), Ok(Event::new(kind).add_path(Path::new("/site").join(path))))
    }

    const WRITTEN: EventKind = EventKind::Modify(ModifyKind::Data(DataChange::Any));

    #[test]
    fn a_source_that_is_written_has_changed() {
        for path in ["content/local/a.md", "static/.well-known/x", "themes/own/theme.yaml", "data/a.yaml", "site.yaml"]
        {
            let signals = signals(WRITTEN, path);
            assert!(matches!(&signals[..], [Signal::Changed { paths, .. }] if paths == &[path]), "{path}: {signals:?}");
        }
    }

    #[test]
    fn what_editors_leave_behind_is_no_signal() {
        for path in
            ["content/.a.md.swp", "themes/own/a.html~", "content/.git/index", "content/4913", "themes/own/.DS_Store"]
        {
            assert!(signals(WRITTEN, path).is_empty(), "{path}");
        }
    }

    #[test]
    fn lost_events_and_exchanged_folders_set_the_watches_anew() {
        let lost = signals_of(Path::new("/site"), Ok(Event::new(EventKind::Other).set_flag(Flag::Rescan)));
        assert!(matches!(lost[..], [Signal::Lost]), "{lost:?}");
        let removed = signals(EventKind::Remove(RemoveKind::Folder), "content");
        assert!(matches!(removed[..], [Signal::Lost, Signal::Changed { .. }]), "{removed:?}");
        let gone = signals(EventKind::Remove(RemoveKind::Folder), "");
        assert!(matches!(gone[..], [Signal::Lost]), "{gone:?}");
    }

    #[test]
    fn too_few_watches_are_a_reason_with_its_cure() {
        let signals = signals_of(Path::new("/site"), Err(notify::Error::new(ErrorKind::MaxFilesWatch)));
        let [Signal::Unwatchable(reason)] = &signals[..] else { panic!("{signals:?}") };
        assert!(reason.contains("fs.inotify.max_user_watches"), "{reason}");
    }

    #[test]
    fn what_lies_beside_the_sources_is_told_apart() {
        assert!(
            matches!(&signals(EventKind::Remove(RemoveKind::Folder), "public")[..], [Signal::Beside(name)] if name == "public")
        );
        let elsewhere = Event::new(WRITTEN).add_path("/elsewhere/a.md".into());
        assert!(matches!(signals_of(Path::new("/site"), Ok(elsewhere))[..], [Signal::Unknown]));
    }
}
