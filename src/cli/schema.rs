//! `courant schema`.

use super::Exit;
use super::output::Output;
use crate::schema::File;
use clap::{Args, ValueEnum};

/// Flags of `courant schema`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant schema > front-matter.schema.json
  courant schema site > site.schema.json")]
pub(super) struct Schema {
    /// Of what
    #[arg(default_value = "front-matter")]
    of: Of,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Of {
    /// Articles and pages
    FrontMatter,
    /// site.yaml
    Site,
    /// A section's _index.md
    Section,
    /// A profile in content/authors/
    Author,
    /// A line of `courant import json`
    Import,
}

impl Schema {
    pub(super) fn run(self, output: &Output) -> Exit {
        let schema = match self.of {
            Of::FrontMatter => File::Entry.schema(),
            Of::Site => File::Site.schema(),
            Of::Section => File::Section.schema(),
            Of::Author => File::Author.schema(),
            Of::Import => crate::schema::import(),
        };
        // The schema is JSON for machines already; with `--json` it stands on one line.
        let text = if output.json { schema.to_string() } else { format!("{schema:#}") };
        output.document(&text);
        Exit::Fine
    }
}
