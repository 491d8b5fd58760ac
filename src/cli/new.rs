//! `courant new "Headline"`: an article with its front matter filled in.

use std::fs;
use std::io::Write;

use clap::Args;
use serde_json::json;

use super::output::Output;
use super::{Exit, Global};
use crate::article::slug::slugify;
use crate::article::time::Timestamp;
use crate::config::{Config, Overrides};
use crate::diagnostic::{Diagnostic, did_you_mean};

/// Flags of `courant new`.
#[derive(Debug, Args)]
pub(super) struct New {
    /// The headline
    headline: String,
    /// The section: a folder of `content/` (default: the first by name, or `news`)
    #[arg(long, value_name = "NAME")]
    section: Option<String>,
    /// Who writes it: the id of a profile, or a name; may be given several times
    #[arg(long = "author", value_name = "ID")]
    authors: Vec<String>,
    /// Publish it with the next build, instead of writing a draft
    #[arg(long)]
    publish: bool,
    /// Make a folder for the article and its pictures
    #[arg(long)]
    bundle: bool,
}

impl New {
    pub(super) fn run(self, global: &Global, output: &Output) -> Exit {
        let config = match Config::load(&global.site, &Overrides::default()) {
            Ok(config) => config,
            Err(problems) => {
                output.diagnostics(&problems);
                return Exit::SiteHasErrors;
            }
        };
        let title = crate::article::plain_line(&self.headline);
        if title.is_empty() {
            output.diagnostic(&Diagnostic::error("the headline is empty").hint("write `courant new \"A headline\"`"));
            return Exit::WrongUsage;
        }
        let known = sections(global);
        let section = match &self.section {
            Some(name) => {
                if name.contains(['/', '\\']) || name.starts_with(['.', '_']) || name.is_empty() {
                    output.diagnostic(
                        &Diagnostic::error(format!("`{name}` cannot be a section"))
                            .hint("a section is the name of a folder of `content/`"),
                    );
                    return Exit::WrongUsage;
                }
                if !known.contains(name) && !known.is_empty() {
                    let hint = did_you_mean(name, known.iter().map(String::as_str))
                        .unwrap_or_else(|| format!("the sections are {}", known.join(", ")));
                    output.diagnostic(&Diagnostic::warning(format!("the section `{name}` is a new one")).hint(hint));
                }
                name.clone()
            }
            None => known.into_iter().next().unwrap_or_else(|| "news".into()),
        };
        let slug = slugify(&title, config.settings.slugs);
        let relative = if self.bundle {
            format!("content/{section}/{slug}/index.md")
        } else {
            format!("content/{section}/{slug}.md")
        };
        let path = global.site.join(&relative);
        let now = Timestamp(jiff::Timestamp::now().as_second()).rfc3339(&config.time_zone);
        let quoted = serde_json::to_string(&title).expect("text serialises");
        let authors = self
            .authors
            .iter()
            .map(|name| serde_json::to_string(name).expect("text serialises"))
            .collect::<Vec<_>>()
            .join(", ");
        let text = format!(
            "---\ntitle: {quoted}\ndate: {now}\nauthors: [{authors}]\ntags: []\nsummary: \"\"\n# image: {{ src: picture.jpg, alt: What it shows, credit: Who made it }}\n# source: {{ name: Where it comes from, url: \"https://…\" }}\ndraft: {}\n---\n\n",
            !self.publish,
        );
        let write = || -> std::io::Result<()> {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::File::create_new(&path)?.write_all(text.as_bytes())
        };
        match write() {
            Ok(()) => {
                output.result(&relative, json!({ "event": "created", "path": relative }));
                Exit::Fine
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                output.diagnostic(
                    &Diagnostic::error(format!("{relative} exists already"))
                        .hint("choose another headline, or edit that file"),
                );
                Exit::SiteHasErrors
            }
            Err(error) => {
                output.diagnostic(
                    &Diagnostic::error(format!("cannot write {relative}: {error}"))
                        .hint("check the folder's permissions"),
                );
                Exit::MachineFailed
            }
        }
    }
}

/// The sections there are, by name.
fn sections(global: &Global) -> Vec<String> {
    let Ok(entries) = fs::read_dir(global.site.join("content")) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name != "authors" && !name.starts_with(['.', '_']))
        .collect();
    names.sort();
    names
}
