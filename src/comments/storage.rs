//! Durable storage: many comments, few waits for the disk.
//!
//! One thread writes. It takes all comments that have come while it waited for the disk (group commit):
//! writes each into a temporary file, waits for the disk for all of them at once, renames them to
//! their names, waits once for the folder, and only then tells everybody. A crash at any point leaves whole files under
//! good names, and temporary ones that nobody was told about.
//!
//! The queue is bounded: when the disk is slower than the readers, they wait.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rayon::prelude::*;
use tokio::sync::{mpsc, oneshot};

use super::inbox::Inbox;
use crate::write::sync_folder;

/// Comments in the queue; one more waits outside.
const QUEUE: usize = 1024;

/// Comments made durable together, at most.
const BATCH: usize = 256;

/// Threads that wait for the disk. File systems with a journal answer all who wait at the same time with
/// one write, so more threads than processors pay.
const WAITERS: usize = 16;

/// While others write into the inbox, a temporary file this old belongs to a process that is gone.
const ABANDONED: Duration = Duration::from_secs(3600);

struct Letter {
    id: String,
    text: String,
    stored: oneshot::Sender<io::Result<()>>,
}

/// The way into the inbox. Its thread ends with the last clone.
#[derive(Clone, Debug)]
pub struct Storage {
    queue: mpsc::Sender<Letter>,
}

impl Storage {
    /// Opens the inbox and starts the thread that writes into it.
    ///
    /// # Errors
    /// The folder cannot be made, or no thread started.
    pub fn open(inbox: &Inbox) -> io::Result<Self> {
        inbox.make()?;
        let lock = share(inbox.folder())?;
        let (queue, letters) = mpsc::channel(QUEUE);
        let waiters = rayon::ThreadPoolBuilder::new()
            .num_threads(WAITERS)
            .thread_name(|number| format!("inbox-{number}"))
            .build()
            .map_err(io::Error::other)?;
        let inbox = inbox.clone();
        std::thread::Builder::new().name("inbox".into()).spawn(move || {
            write(&inbox, letters, &waiters);
            drop(lock);
        })?;
        Ok(Self { queue })
    }

    /// Stores `text` as the file of the comment `id`; done when it is durable.
    ///
    /// # Errors
    /// The machine failed; the comment is not stored.
    pub async fn store(&self, id: String, text: String) -> io::Result<()> {
        let gone = || io::Error::other("the thread that writes has ended");
        let (stored, answer) = oneshot::channel();
        self.queue.send(Letter { id, text, stored }).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

fn write(inbox: &Inbox, mut letters: mpsc::Receiver<Letter>, waiters: &rayon::ThreadPool) {
    let mut batch = Vec::with_capacity(BATCH);
    while let Some(letter) = letters.blocking_recv() {
        batch.push(letter);
        while batch.len() < BATCH
            && let Ok(letter) = letters.try_recv()
        {
            batch.push(letter);
        }
        let written: Vec<io::Result<PathBuf>> =
            waiters.install(|| batch.par_iter().with_max_len(1).map(|letter| write_one(inbox, letter)).collect());
        let named: Vec<io::Result<()>> = written
            .into_iter()
            .zip(&batch)
            .map(|(temporary, letter)| fs::rename(temporary?, inbox.file(&letter.id)))
            .collect();
        let folder = sync_folder(inbox.folder());
        for (letter, named) in batch.drain(..).zip(named) {
            let result = match (&folder, named) {
                (Err(error), Ok(())) => Err(io::Error::new(error.kind(), error.to_string())),
                (_, named) => named,
            };
            // Who has gone away meanwhile is not told; the comment is stored nevertheless.
            let _ = letter.stored.send(result);
        }
    }
}

fn write_one(inbox: &Inbox, letter: &Letter) -> io::Result<PathBuf> {
    let path = inbox.folder().join(format!(".{}.tmp", letter.id));
    let write = || {
        let mut file = File::create_new(&path)?;
        file.write_all(letter.text.as_bytes())?;
        file.sync_all()
    };
    match write() {
        Ok(()) => Ok(path),
        Err(error) => {
            // What is half-written only takes up room; the first error is the one to tell.
            let _ = fs::remove_file(&path);
            Err(error)
        }
    }
}

/// Removes what killed processes have left half-written, and shares the lock of those that write. Whoever has the
/// lock alone knows that nobody else writes.
fn share(folder: &Path) -> io::Result<File> {
    let lock = File::options().create(true).truncate(false).write(true).open(folder.join(".receiver.lock"))?;
    let is_alone = lock.try_lock().is_ok();
    remove_abandoned(folder, if is_alone { Duration::ZERO } else { ABANDONED });
    if is_alone {
        lock.unlock()?;
    }
    match lock.lock_shared() {
        // A file system without locks: what is old enough is removed there.
        Err(error) if error.kind() != io::ErrorKind::Unsupported => Err(error),
        _ => Ok(lock),
    }
}

/// Removes temporary files that are older than `age`. Those of a desk are its own.
fn remove_abandoned(folder: &Path, age: Duration) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let is_ours = |name: &str| name.starts_with('.') && name.ends_with(".tmp") && !name.ends_with(".yaml.tmp");
    for entry in entries.flatten().filter(|entry| entry.file_name().to_str().is_some_and(is_ours)) {
        let is_old = || entry.metadata().ok()?.modified().ok()?.elapsed().ok().map(|since| since > age);
        if age.is_zero() || is_old() == Some(true) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
