//! An update at the end of live coverage: a heading with its time, and what stands below it.
//!
//! Nothing else in the file changes. What is written is read as a build would read it before the file is replaced, so
//! that no update can be lost between them.

use std::fs;
use std::path::Path;

use super::{Failure, in_turn};
use crate::article::front_matter::{self, Reading};
use crate::article::record::{Kind, Record};
use crate::article::time::Timestamp;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::text::{plain_line, text_of};

/// An update to be appended.
#[derive(Debug)]
pub struct NewUpdate {
    /// Its heading.
    pub headline: String,
    /// The Markdown below it; may be empty.
    pub text: String,
    /// When it is published.
    pub time: Timestamp,
}

impl NewUpdate {
    /// Appends it to the article `path` of the site in `root`. Gives the line of its heading.
    ///
    /// # Errors
    /// The file is not live coverage, or what is to be written would not be read as one update.
    pub fn append(&self, root: &Path, path: &str, config: &Config) -> Result<usize, Failure> {
        let headline = plain_line(&self.headline);
        if headline.is_empty() {
            return Err(Failure::usage("the headline is empty", "write `courant coverage FILE \"What happened\"`"));
        }
        let file = root.join(path);
        let turn = in_turn(&file, path)?;
        let bytes = fs::read(&file)
            .map_err(|error| Failure::Machine(Box::new(crate::diagnostic::machine("read", path, &error))))?;
        let old = text_of(path, &bytes).map_err(first)?;
        let before = updates(path, old, config)?;
        let end = if old.contains("\r\n") { "\r\n" } else { "\n" };
        // Midnight is written out: a day alone would be another moment.
        let time = self.time.rfc3339(&config.time_zone);
        let mut new = String::with_capacity(old.len() + headline.len() + self.text.len() + 64);
        new.push_str(old);
        while !new.is_empty() && !new.ends_with(&format!("{end}{end}")) {
            new.push_str(end);
        }
        let line = new.matches('\n').count() + 1;
        new.push_str(&format!("## {headline} {{time={time}}}{end}"));
        let text = self.text.trim();
        if !text.is_empty() {
            let lines: Vec<&str> = text.lines().collect();
            new.push_str(&format!("{end}{}{end}", lines.join(end)));
        }
        let after = updates(path, &new, config)?;
        // Another update must be possible below it.
        let next = format!("{new}{end}## {headline} {{time={time}}}{end}");
        let next = updates(path, &next, config).map_or(0, |all| all.len());
        let is_read = |(at, title): &(Timestamp, String)| *at == self.time && !title.contains(['{', '}']);
        if after.len() != before.len() + 1 || next != after.len() + 1 || !after.last().is_some_and(is_read) {
            let message = "the update would not be read as one: something above it or in it is not closed, or it has attributes in braces";
            return Err(Diagnostic::error(message).at(Place::file(path)).hint("write it into the file by hand").into());
        }
        turn.replace(new.as_bytes()).map_err(|error| Failure::machine(path, &error))?;
        Ok(line)
    }
}

fn first(mut problems: Vec<Diagnostic>) -> Failure {
    problems.remove(0).into()
}

/// The times and headings of the updates of a file that is live coverage, in its order.
fn updates(path: &str, text: &str, config: &Config) -> Result<Vec<(Timestamp, String)>, Failure> {
    match front_matter::read(path, text, text, &Reading::of(config)).map_err(first)? {
        Record::Entry(entry) if entry.core.kind == Kind::Live => {
            Ok(entry.updates.iter().map(|update| (update.time, update.title.to_string())).collect())
        }
        _ => Err(Diagnostic::error("this is not live coverage")
            .at(Place::file(path))
            .hint("add `kind: live` and a `date` to its front matter")
            .into()),
    }
}
