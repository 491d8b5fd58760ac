//! The inbox: comments that wait for an editor, one YAML file each in `comments/inbox/`.
//!
//! The folder is private: it holds e-mail addresses, is no source of the build, and belongs into
//! `.gitignore`. Files whose names begin with a dot are not comments (half-written ones, the lock).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::diagnostic::{self, Diagnostic, Place};
use crate::pipeline::Failure;
use crate::write::sync_folder;
use crate::yaml;

/// The folder of waiting comments, relative to the site's.
pub const FOLDER: &str = "comments/inbox";

/// A comment that waits for an editor: the contents of its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Unique; begins with the moment, so that names sort by time: `20261123-140500-9f86d081884c7d65`.
    pub id: String,
    /// The address of the article, root-relative with base path: `/local/tunnel/`.
    pub article: String,
    /// The source of the article when the comment came: `content/local/tunnel.md`. The address may change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Who wrote it.
    pub name: String,
    /// Their e-mail address. It stays in this file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// Their page, with scheme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// The id of the approved comment it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<String>,
    /// When it came, RFC 3339.
    pub date: String,
    /// What they wrote: Markdown.
    pub text: String,
}

impl Waiting {
    /// The contents of its file.
    pub fn to_yaml(&self) -> String {
        yaml::to_string(self).expect("text serialises")
    }
}

/// The folder of waiting comments.
#[derive(Clone, Debug)]
pub struct Inbox {
    folder: PathBuf,
}

impl Inbox {
    /// The inbox of the site in `root`.
    pub fn of(root: &Path) -> Self {
        Self { folder: root.join(FOLDER) }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file of the comment `id`.
    pub fn file(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.yaml"))
    }

    /// Makes the folder, durably.
    ///
    /// # Errors
    /// The machine failed.
    pub fn make(&self) -> io::Result<()> {
        if self.folder.is_dir() {
            return Ok(());
        }
        fs::create_dir_all(&self.folder)?;
        // The entry of a folder is only as durable as the folder that holds it.
        self.folder.ancestors().skip(1).take(2).try_for_each(sync_folder)
    }

    /// The ids of all waiting comments, oldest first.
    ///
    /// # Errors
    /// The folder is there and cannot be listed.
    pub fn ids(&self) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut ids = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            let id = name.to_str().and_then(|name| name.strip_suffix(".yaml")).filter(|id| is_id(id));
            ids.extend(id.map(str::to_owned));
        }
        ids.sort_unstable();
        Ok(ids)
    }

    /// Reads the comment `id`.
    ///
    /// # Errors
    /// It is not waiting any more, its file was changed into something else, or the machine failed.
    pub fn read(&self, id: &str) -> Result<Waiting, Failure> {
        let place = format!("{FOLDER}/{id}.yaml");
        let bytes = fs::read(self.file(id)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                Failure::site(Diagnostic::error("this comment is not waiting any more").at(Place::file(place.as_str())))
            }
            _ => Failure::Machine(diagnostic::machine("read", &place, &error)),
        })?;
        let text = crate::text::text_of(&place, &bytes).map_err(Failure::Site)?;
        let mut waiting: Waiting =
            yaml::from_str(text).map_err(|error| Failure::site(error.diagnostic(&place, text)))?;
        // The name of the file is what commands are given; a copy under another name is another comment.
        waiting.id = id.to_owned();
        Ok(waiting)
    }

    /// Removes the comment `id`, durably. One that is not there is removed already.
    ///
    /// # Errors
    /// The machine failed.
    pub fn remove(&self, id: &str) -> io::Result<()> {
        match fs::remove_file(self.file(id)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        sync_folder(&self.folder)
    }
}

/// Whether `text` may be the id of a comment: letters, digits and `-_.`, no dot in front.
pub fn is_id(text: &str) -> bool {
    (1..=100).contains(&text.len())
        && !text.starts_with('.')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}
