//! `courant new "Headline"`: an article with its front matter filled in.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::output::Output;
use super::{Exit, Global, configuration, refused};
use crate::article::time::Timestamp;
use crate::config::Overrides;
use crate::scaffold::article::{Editor, NewArticle};

/// Flags of `courant new`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant new \"The ferry sails again\"                    a draft in the section used last
  courant new \"The ferry sails again\" --section local --author ann-lee
  courant new \"Die Fähre fährt wieder\" --language de --translates content/local/ferry.md")]
pub(super) struct New {
    /// The headline
    headline: String,
    /// The section, by its name or its folder in `content/` (default: `default_section` of site.yaml, or that of the newest article)
    #[arg(long, value_name = "NAME")]
    section: Option<String>,
    /// Who writes it: the id of a profile, or a name; may be given several times (default: the only author there is, or you are asked)
    #[arg(long = "author", value_name = "ID")]
    authors: Vec<String>,
    /// The language it is written in, one of `languages` in site.yaml (default: the site's own)
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// The article that it is a translation of: it is put beside it
    #[arg(long, value_name = "FILE", requires = "language", conflicts_with_all = ["section", "bundle"])]
    translates: Option<PathBuf>,
    /// Publish it with the next build, instead of writing a draft
    #[arg(long)]
    publish: bool,
    /// Make a folder for the article and its images
    #[arg(long)]
    bundle: bool,
}

impl New {
    pub(super) fn run(self, global: &Global, output: &Output) -> Exit {
        let Some(config) = configuration(global, &Overrides::default(), output) else { return Exit::SiteHasErrors };
        let is_draft = !self.publish;
        let article = NewArticle {
            headline: self.headline,
            section: self.section,
            authors: self.authors,
            language: self.language,
            translates: self.translates,
            is_draft,
            is_bundle: self.bundle,
            now: Timestamp(jiff::Timestamp::now().as_second()),
        };
        let ask = |question: &str, among: &[&str]| output.choose(question, among);
        let warn = |warning| output.diagnostic(&warning);
        let editor = Editor { ask: output.can_ask().then_some(&ask), warn: &warn };
        match article.write(&global.site, &config, &editor) {
            Ok(path) => {
                output.result(&path, json!({ "event": "created", "path": path }));
                if is_draft {
                    output.remark(
                        "It is a draft: `courant serve --open --drafts` shows it, and `draft: false` in the file publishes it.",
                    );
                }
                Exit::Fine
            }
            Err(failure) => refused(&failure, output),
        }
    }
}
