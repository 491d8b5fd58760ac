//! A command as a target, for hosts with an uploader of their own; and commands that run afterwards.
//!
//! A command receives what changed as JSON on its standard input, and runs in the folder of the site. It is the
//! owner's, from `site.yaml`, so it runs in a shell.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::target::{Step, Target, Work};
use crate::diagnostic::Diagnostic;
use crate::pipeline::Failure;

/// A command as a target.
#[derive(Debug)]
pub(super) struct CommandTarget {
    command: String,
    site: PathBuf,
}

impl CommandTarget {
    /// The command of the site in the folder `site`.
    pub(super) fn new(command: String, site: PathBuf) -> Self {
        Self { command, site }
    }
}

impl Target for CommandTarget {
    fn acknowledges(&self) -> bool {
        false
    }

    fn carry_out(&self, steps: &[Step<'_>], work: &Work<'_>) -> Result<(), Failure> {
        // The command looks at the files itself.
        for (at, step) in steps.iter().enumerate() {
            if let Step::Put(path, _) = step {
                work.release.look_at(path)?;
            }
            (work.done)(at, "")?;
        }
        Ok(())
    }

    fn finish(&self, told: &Value) -> Result<(), Failure> {
        run(&self.command, &self.site, told).map_err(Failure::Machine)
    }

    fn tag(&self, _: &str) -> Result<Option<String>, Failure> {
        Ok(Some(String::new()))
    }

    fn list(&self) -> Result<Option<BTreeMap<String, String>>, Failure> {
        Ok(None)
    }
}

/// Runs a command in a shell, in the folder `site`, with JSON on its standard input. What it prints goes to standard
/// error.
///
/// # Errors
/// It cannot run, or fails.
pub(super) fn run(command: &str, site: &Path, told: &Value) -> Result<(), Diagnostic> {
    let failed = |how: String| {
        Diagnostic::error(format!("the command `{command}` {how}"))
            .hint("run it by hand to see why; the next deployment runs it again")
    };
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut child = Command::new(shell)
        .args([flag, command])
        .current_dir(site)
        .stdin(Stdio::piped())
        .stdout(std::io::stderr())
        .spawn()
        .map_err(|error| failed(format!("cannot be run: {error}")))?;
    if let Some(mut input) = child.stdin.take() {
        // A command that does not care what changed may end before it has read it.
        let _ = writeln!(input, "{told}");
    }
    let status = child.wait().map_err(|error| failed(format!("cannot be waited for: {error}")))?;
    match status.code() {
        Some(0) => Ok(()),
        Some(code) => Err(failed(format!("ended with {code}"))),
        None => Err(failed("was ended by a signal".into())),
    }
}
