//! `courant init [DIR]`: a site that looks like a paper, to be written over.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::json;

use super::output::{Output, Tone};
use super::{Exit, Global, refused};
use crate::diagnostic::{Diagnostic, Place};
use crate::scaffold::init::NewSite;

/// Flags of `courant init`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant init my-news
  courant init my-news --theme wire --editor vscode")]
pub(super) struct Init {
    /// The folder to make; it may exist if it is empty but for hidden files (default: this one)
    dir: Option<PathBuf>,
    /// The look of the site: one of the themes that `courant theme list` shows
    #[arg(long, value_name = "NAME", default_value = "broadsheet")]
    theme: String,
    /// Write what helps this editor with front matter and site.yaml, too
    #[arg(long, value_name = "NAME")]
    editor: Option<Editor>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Editor {
    /// `.vscode/`: schemas, settings and a snippet
    Vscode,
}

impl Init {
    pub(super) fn run(self, global: &Global, output: &Output) -> Exit {
        let dir = self.dir.as_deref().unwrap_or(&global.site);
        let site = NewSite { theme: self.theme, for_vscode: self.editor == Some(Editor::Vscode) };
        let kept = match site.write(dir) {
            Ok(kept) => kept,
            Err(failure) => return refused(&failure, output),
        };
        for name in kept {
            let hint = if name == ".gitignore" {
                "it should name `/public/`, `/.courant/` and `/comments/inbox/`, which are not to be shared"
            } else {
                "to see what courant would write, run `courant init` in a new folder"
            };
            let problem = Diagnostic::warning("this file was here, and is as it was");
            output.diagnostic(&problem.at(Place::file(name)).hint(hint));
        }
        tell(dir, output);
        Exit::Fine
    }
}

/// Says what was made and what comes next.
fn tell(dir: &Path, output: &Output) {
    let shown = dir.display().to_string();
    let made = if dir == Path::new(".") { "A new site, here".to_owned() } else { format!("A new site in {shown}") };
    output.line(&[(Tone::Good, &made)], json!({ "event": "created", "path": shown }));
    if output.json {
        return;
    }
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '\\' | '.' | '-' | '_' | ':' | '~');
    let quoted = if shown.chars().all(is_plain) { shown } else { format!("\"{shown}\"") };
    let enter = if dir == Path::new(".") { String::new() } else { format!("\n  cd {quoted}") };
    let next = format!(
        "{enter}\n  courant serve --open         # shows it in the browser, and every change at once\n  courant new \"A headline\"     # writes your first article, a draft\n  courant build                # makes the site for readers, in public/"
    );
    output.result(&next, json!({}));
}
