//! What theme authors do with a theme: see which there are, begin one, take over a file, have it checked.
//!
//! A user of the pipeline. What a theme *is* the renderer knows ([`crate::render::theme`]); here it is made
//! and looked at. Nothing here takes part in a build, and only `new` and `eject` write, into `themes/`.

pub mod check;
pub mod eject;
mod files;
pub mod list;
mod names;
mod sample;
mod shape;
pub mod start;
mod template;

use std::path::Path;

use crate::diagnostic::{self, Diagnostic};
use crate::render::theme;

/// Why a theme was not written.
#[derive(Debug)]
pub enum Failure {
    /// What was asked for cannot be.
    Wrong(Box<Diagnostic>),
    /// The machine failed.
    Machine(Box<Diagnostic>),
}

impl Failure {
    fn wrong(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Wrong(Box::new(Diagnostic::error(message).hint(hint)))
    }

    fn machine(path: &str, error: &std::io::Error) -> Self {
        Self::Machine(Box::new(diagnostic::machine("write", path, error)))
    }
}

impl From<Diagnostic> for Failure {
    fn from(problem: Diagnostic) -> Self {
        Self::Wrong(Box::new(problem))
    }
}

/// The bytes of a file of the theme `layer`: the site's own file before the one in the program.
fn file(root: &Path, layer: &str, path: &str) -> Option<Vec<u8>> {
    let own = crate::config::read_regular(&root.join(format!("themes/{layer}/{path}")));
    own.ok().or_else(|| theme::built_in_file(layer, path))
}

/// The paths of the files that the site has of the theme `layer`, in order.
fn own_files(root: &Path, layer: &str) -> Vec<String> {
    files_in(&root.join("themes").join(layer))
}

/// The paths of the files below `folder`, in order; hidden ones are left out.
fn files_in(folder: &Path) -> Vec<String> {
    let is_shown = |entry: &walkdir::DirEntry| {
        entry.depth() == 0 || !entry.file_name().to_str().is_some_and(|name| name.starts_with('.'))
    };
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(is_shown);
    let files = entries.filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
    let path = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(folder).ok()?.to_str()?;
        Some(path.replace(std::path::MAIN_SEPARATOR, "/"))
    };
    files.filter_map(path).collect()
}
