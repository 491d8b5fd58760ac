//! `courant schema`.

use super::Exit;
use super::output::Output;
use crate::schema::File;
use clap::{Args, ValueEnum};

/// Flags of `courant schema`.
#[derive(Debug, Args)]
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
}

impl Schema {
    pub(super) fn run(self, output: &Output) -> Exit {
        let file = match self.of {
            Of::FrontMatter => File::Story,
            Of::Site => File::Site,
            Of::Section => File::Section,
            Of::Author => File::Author,
        };
        // The schema is JSON for machines already; with `--json` it stands on one line.
        let text = if output.json { file.schema().to_string() } else { file.text() };
        output.document(text.trim_end());
        Exit::Fine
    }
}
