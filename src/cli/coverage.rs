//! `courant coverage ARTICLE "Headline"`: an update of live coverage, with its time.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::build::moment;
use super::check::path_in_site;
use super::output::{Output, Tone};
use super::{Exit, Global, configuration, refused, understood};
use crate::config::Overrides;
use crate::scaffold::coverage::NewUpdate;

/// Flags of `courant coverage`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant coverage content/local/storm.md \"The bridge reopens\"
  courant coverage content/local/storm.md \"Trams run again\" --text \"Line 4 first.\"
  courant coverage content/local/storm.md \"The mayor speaks\" --at 2026-11-28T18:00")]
pub(super) struct Coverage {
    /// The file of the article, which has `kind: live`
    article: PathBuf,
    /// The heading of the update
    headline: String,
    /// The text of the update, in Markdown
    #[arg(long, value_name = "MARKDOWN", default_value = "", hide_default_value = true)]
    text: String,
    /// When it is published (default: now)
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

impl Coverage {
    pub(super) fn run(self, global: &Global, output: &Output) -> Exit {
        let found = moment(self.at.as_deref(), global).and_then(|at| Ok((at, path_in_site(global, &self.article)?)));
        let Some((time, path)) = understood(found, output) else { return Exit::WrongUsage };
        let Some(config) = configuration(global, &Overrides::default(), output) else { return Exit::SiteHasErrors };
        let update = NewUpdate { headline: self.headline, text: self.text, time };
        match update.append(&global.site, &path, &config) {
            Ok(line) => {
                let at = time.rfc3339(&config.time_zone);
                let object = json!({ "event": "updated", "path": path, "line": line, "at": at });
                output.line(&[(Tone::Good, &format!("{path}:{line}")), (Tone::Plain, &at)], object);
                Exit::Fine
            }
            Err(failure) => refused(&failure, output),
        }
    }
}
