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
use crate::source::{FOLDERS, Stamp};

/// How often, at least in theory …
const INTERVAL: Duration = Duration::from_millis(700);
/// … but looking takes at most this share of one processor.
const SHARE: u32 = 10;

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
            // What changed before the first look is unknown.
            let mut last = None;
            loop {
                let began = Instant::now();
                let seen = look(&root);
                if last.replace(seen) != Some(seen) && signals.send(Signal::Unknown).is_err() {
                    return;
                }
                if is_over.recv_timeout(INTERVAL.max(began.elapsed() * SHARE)) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        });
        Self { _until: until }
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
