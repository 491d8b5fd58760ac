//! Changes found by looking: when the system has too few watches, or for folders of another machine
//! (network drives, containers), of which no system tells.
//!
//! Looks at the same stamps as the build does. The watcher of `notify` that polls compares modification
//! times only, so it would miss a file put back with its old time; a stamp has length and `ctime` too.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use walkdir::WalkDir;
use xxhash_rust::xxh3::Xxh3;

use super::watch::Signal;
use crate::source::Stamp;
use crate::source_name::FOLDERS;

/// How often, at least in theory …
const INTERVAL: Duration = Duration::from_millis(700);
/// … but looking takes at most this share of one processor, …
const SHARE: u32 = 10;
/// … unless an edit would then wait longer than this.
const LONGEST: Duration = Duration::from_secs(10);
/// After a change so many looks are worth a build, whatever they see: stamps of network drives may be as coarse as two
/// seconds, and what is written twice within that time, with the same length, has one stamp.
const SETTLES: u32 = 3;

/// Looks until it is dropped.
#[derive(Debug)]
pub(super) struct Poll {
    /// Its end is what the thread waits for.
    _until: mpsc::Sender<()>,
}

impl Poll {
    /// Begins to look.
    pub(super) fn start(root: &Path, signals: Sender<Signal>) -> Self {
        let (until, is_over) = mpsc::channel::<()>();
        let root = root.to_path_buf();
        std::thread::spawn(move || {
            let mut looks = Looks::default();
            let inbox = root.join(crate::comments::inbox::FOLDER);
            let mut comments = None;
            // The first look competes with the first build, so the time that it takes says nothing.
            let mut share = 0;
            loop {
                let began = Instant::now();
                let seen = look(&root);
                let pause = INTERVAL.max((began.elapsed() * share).min(LONGEST));
                share = SHARE;
                let of_inbox = fs::metadata(&inbox).and_then(|folder| folder.modified()).ok();
                if of_inbox != std::mem::replace(&mut comments, of_inbox) && signals.send(Signal::Inbox).is_err() {
                    return;
                }
                if looks.are_news(seen) && signals.send(Signal::Unknown).is_err() {
                    return;
                }
                if is_over.recv_timeout(pause) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        });
        Self { _until: until }
    }
}

/// What was seen.
#[derive(Debug, Default)]
struct Looks {
    last: Option<u64>,
    /// How many looks are still worth a build.
    unsettled: u32,
}

impl Looks {
    /// Whether something may have changed. What changed before the first look is unknown.
    fn are_news(&mut self, seen: u64) -> bool {
        if self.last.replace(seen) != Some(seen) {
            self.unsettled = SETTLES;
            return true;
        }
        let is_unsettled = self.unsettled > 0;
        self.unsettled = self.unsettled.saturating_sub(1);
        is_unsettled
    }
}

/// A hash of every path and stamp.
fn look(root: &Path) -> u64 {
    let mut hash = Xxh3::new();
    let mut add = |path: &Path, metadata: &fs::Metadata| {
        let stamp = Stamp::of_source(metadata);
        hash.update(path.as_os_str().as_encoded_bytes());
        hash.update(&stamp.length.to_le_bytes());
        hash.update(&stamp.modified.to_le_bytes());
    };
    let config = root.join(crate::config::FILE);
    if let Ok(metadata) = fs::metadata(&config) {
        add(&config, &metadata);
    }
    let folders: Vec<PathBuf> = FOLDERS.iter().map(|folder| root.join(folder)).collect();
    for folder in folders {
        let entries = WalkDir::new(folder).follow_links(true).sort_by_file_name();
        for entry in entries.into_iter().flatten().filter(|entry| !entry.file_type().is_dir()) {
            if let Ok(metadata) = entry.metadata() {
                add(entry.path(), &metadata);
            }
        }
    }
    hash.digest()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_may_change_again_under_the_same_stamp() {
        let mut looks = Looks::default();
        let news: Vec<bool> = [1, 1, 1, 1, 1, 2, 3, 3, 3, 3, 3].iter().map(|seen| looks.are_news(*seen)).collect();
        assert_eq!(news, [true, true, true, true, false, true, true, true, true, true, false]);
        assert!(INTERVAL * SETTLES >= Duration::from_secs(2), "a stamp of FAT");
    }
}
