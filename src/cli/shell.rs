//! `courant completions` and `courant man`: what shells and `man` know of the command line.

use clap::Args;
use clap_complete::Shell;

use super::output::Output;
use super::{Exit, command};

/// Flags of `courant completions`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant completions bash > ~/.local/share/bash-completion/completions/courant")]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self, output: &Output) -> Exit {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command(), "courant", &mut script);
        output.document(String::from_utf8_lossy(&script).trim_end());
        Exit::Fine
    }
}

/// Prints the manual page, in the format roff.
pub(super) fn man(output: &Output) -> Exit {
    let mut page = Vec::new();
    // Writing to memory does not fail.
    let _ = clap_mangen::Man::new(command()).render(&mut page);
    output.document(String::from_utf8_lossy(&page).trim_end());
    Exit::Fine
}
