//! What is made for people to go on with: a site, an article, a theme, a copy of a theme's file.
//!
//! A user of the pipeline's first stages. Nothing here takes part in a build.

pub mod article;
pub mod coverage;
pub mod eject;
pub mod init;
pub mod list;
mod newsroom;
pub mod theme;
pub mod withdraw;

use std::fs;
use std::path::Path;

use crate::diagnostic::{self, Diagnostic};
use crate::write;

/// Why nothing was written.
#[derive(Debug)]
pub enum Failure {
    /// There is nothing of the name that was given.
    Usage(Box<Diagnostic>),
    /// What was asked for cannot be.
    Wrong(Box<Diagnostic>),
    /// The machine failed.
    Machine(Box<Diagnostic>),
}

impl Failure {
    fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage(Box::new(Diagnostic::error(message).hint(hint)))
    }

    fn wrong(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Wrong(Box::new(Diagnostic::error(message).hint(hint)))
    }

    fn machine(path: impl std::fmt::Display, error: &std::io::Error) -> Self {
        Self::Machine(Box::new(diagnostic::machine("write", path, error)))
    }
}

/// Waits for the turn to replace a file that is there: commands that run at the same time lose nothing of each other.
fn in_turn(file: &Path, path: &str) -> Result<write::Turn, Failure> {
    fs::metadata(file).map_err(|error| Failure::Machine(Box::new(diagnostic::machine("read", path, &error))))?;
    write::in_turn(file).map_err(|error| Failure::machine(path, &error))
}

impl From<Diagnostic> for Failure {
    fn from(problem: Diagnostic) -> Self {
        Self::Wrong(Box::new(problem))
    }
}
