//! The desk: an editor's decisions on waiting comments.
//!
//! Approving writes the comment into the article's file first and takes it out of the inbox then. Cut short
//! between the two, it is in both places; approving it again finds its id in the file and only takes it
//! out. So a comment is never lost and never there twice. Desks of two editors wait for each other.
//!
//! The file of the lock names the file that is being written, so the next desk removes what a killed one left.

use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::addresses::Addresses;
use super::approved::{self, Approved};
use super::inbox::{FOLDER, Inbox, Waiting};
use crate::article::front_matter::{self, Reading};
use crate::article::record::Record;
use crate::article::{comments, is_markdown};
use crate::config::Config;
use crate::diagnostic::{self, Diagnostic, Place, did_you_mean};
use crate::pipeline::Failure;
use crate::write;

/// The desk of one site. It holds a lock until it is dropped.
#[derive(Debug)]
pub struct Moderation<'a> {
    pub(super) root: PathBuf,
    pub(super) config: &'a Config,
    pub(super) inbox: Inbox,
    addresses: Option<Addresses>,
    lock: File,
}

/// What became of an approved comment.
#[derive(Debug)]
pub struct Outcome {
    /// The file it is in, relative to the site's folder.
    pub file: String,
    /// Whether it was in there before.
    pub was_there: bool,
}

impl<'a> Moderation<'a> {
    /// Opens the desk, and waits for one that is open.
    ///
    /// # Errors
    /// The machine failed.
    pub fn open(root: &Path, config: &'a Config) -> Result<Self, Failure> {
        let inbox = Inbox::of(root);
        let lock = || {
            inbox.make()?;
            let path = inbox.folder().join(".lock");
            let mut file = File::options().create(true).truncate(false).read(true).write(true).open(path)?;
            match file.lock() {
                // A file system without locks: editors must take turns themselves.
                Err(error) if error.kind() != io::ErrorKind::Unsupported => return Err(error),
                _ => {}
            }
            let mut left = String::new();
            // What cannot be read was not written by a desk.
            let _ = file.read_to_string(&mut left);
            if left.ends_with(".yaml") && is_below(&left) {
                let _ = fs::remove_file(write::temporary(&root.join(&left)));
            }
            Ok(file)
        };
        let lock = lock().map_err(machine)?;
        Ok(Self { root: root.to_path_buf(), config, inbox, addresses: None, lock })
    }

    /// Notes that the file `path` (relative to the site's folder) is about to be replaced.
    pub(super) fn note(&self, path: &str) -> Result<(), Failure> {
        let mut lock = &self.lock;
        let mut note = || {
            lock.set_len(0)?;
            lock.rewind()?;
            lock.write_all(path.as_bytes())
        };
        note().map_err(machine)
    }

    /// Publishes the comment `id` under its article, or under the article in the source `to`.
    ///
    /// # Errors
    /// The comment does not exist, its article is gone, its comments file is broken, or the file system fails.
    pub fn approve(&mut self, id: &str, to: Option<&str>) -> Result<Outcome, Failure> {
        let waiting = self.inbox.read(id)?;
        let source = self.article(&waiting, to).map_err(Failure::site)?;
        let file = comments::path_of(&source);
        let comment = Approved {
            id: waiting.id,
            name: waiting.name,
            date: Some(waiting.date).filter(|date| !date.is_empty()),
            url: waiting.website,
            in_reply_to: waiting.in_reply_to,
            text: waiting.text,
        };
        self.note(&file)?;
        let added = approved::append(&self.root, &file, &[comment], &self.config.time_zone)?;
        self.inbox.remove(id).map_err(machine)?;
        Ok(Outcome { file, was_there: added == 0 })
    }

    /// Throws the comment `id` away, for good.
    ///
    /// # Errors
    /// The machine failed.
    pub fn reject(&self, id: &str) -> Result<(), Failure> {
        self.inbox.remove(id).map_err(machine)
    }

    /// The source of the article that a comment belongs to.
    fn article(&mut self, waiting: &Waiting, to: Option<&str>) -> Result<String, Diagnostic> {
        let is_article = |source: &str| {
            let text = || fs::read_to_string(self.root.join(source)).ok();
            let is_dated = |text: String| match front_matter::read(source, &text, &text, &Reading::of(self.config)) {
                Ok(Record::Entry(entry)) => entry.core.date.is_some(),
                Ok(_) => false,
                // The next build reports its mistakes.
                Err(_) => true,
            };
            is_markdown(source) && is_below(source) && text().is_some_and(is_dated)
        };
        if let Some(source) = to.or(waiting.source.as_deref())
            && is_article(source)
        {
            return Ok(source.to_owned());
        }
        if let Some(to) = to {
            return Err(Diagnostic::error(format!("there is no article {to}"))
                .hint("name its file from the site's folder, such as content/local/tunnel.md"));
        }
        // It was moved since the comment came; its address may still be known.
        let addresses = self.addresses.get_or_insert_with(|| Addresses::read(&self.root, self.config));
        addresses.source(&waiting.article).map(str::to_owned).ok_or_else(|| {
            Diagnostic::error(format!("no article has the address {}", waiting.article))
                .at(Place::file(format!("{FOLDER}/{}.yaml", waiting.id)))
                .hint("say where it belongs with `--to content/…`, or reject it")
        })
    }
}

/// The ids that `wanted` mean: whole ids, or any part of one that no other id has.
///
/// # Errors
/// Each that means none, or several; or the machine failed.
pub fn find(inbox: &Inbox, wanted: &[String]) -> Result<Vec<String>, Failure> {
    let ids = all(inbox)?;
    let mut found = Vec::new();
    let mut problems = Vec::new();
    for wanted in wanted {
        if ids.contains(wanted) {
            found.push(wanted.clone());
            continue;
        }
        let mut fitting = ids.iter().filter(|id| id.contains(wanted.as_str()));
        match (fitting.next(), fitting.count()) {
            (Some(id), 0) => found.push(id.clone()),
            (Some(_), more) => problems.push(
                Diagnostic::error(format!("`{wanted}` means {} comments", more + 1)).hint("write more of the id"),
            ),
            (None, _) => problems.push(
                Diagnostic::error(format!("no comment `{wanted}` is waiting"))
                    .hint("`courant comments list` shows those that are")
                    .maybe_hint(did_you_mean(wanted, ids.iter().map(String::as_str))),
            ),
        }
    }
    found.dedup();
    if problems.is_empty() { Ok(found) } else { Err(Failure::Site(problems)) }
}

/// The ids of all waiting comments, oldest first.
///
/// # Errors
/// The machine failed.
pub fn all(inbox: &Inbox) -> Result<Vec<String>, Failure> {
    inbox.ids().map_err(machine)
}

fn machine(error: io::Error) -> Failure {
    Failure::Machine(diagnostic::machine("use the inbox", FOLDER, &error))
}

/// Whether a path stays in the site: the inbox may be written by other programs.
fn is_below(path: &str) -> bool {
    path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}
