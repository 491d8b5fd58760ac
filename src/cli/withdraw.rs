//! `courant withdraw FILE`: an article is withheld, and readers may be told why.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::build::moment;
use super::check::path_in_site;
use super::output::{Output, Tone};
use super::{Exit, Global, configuration, refused, understood};
use crate::config::Overrides;
use crate::scaffold::withdraw;

/// Flags of `courant withdraw`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant withdraw content/local/tunnel.md --reason \"The documents were forged.\"
  courant withdraw content/local/tunnel.md
  courant withdraw content/local/tunnel.md --reason \"The film's licence has ended.\" --at 2026-12-01")]
pub(super) struct Withdraw {
    /// The file of the article or page
    file: PathBuf,
    /// The reason, in Markdown, for a notice that readers find at the address
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// When the article is withdrawn (default: now)
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

impl Withdraw {
    pub(super) fn run(self, global: &Global, output: &Output) -> Exit {
        let found = moment(self.at.as_deref(), global).and_then(|at| Ok((at, path_in_site(global, &self.file)?)));
        let Some((time, path)) = understood(found, output) else { return Exit::WrongUsage };
        let Some(config) = configuration(global, &Overrides::default(), output) else { return Exit::SiteHasErrors };
        let has_notice = self.reason.is_some();
        let now = moment(None, global).unwrap_or(time);
        match (withdraw::Withdraw { reason: self.reason, time, now }).write(&global.site, &path, &config) {
            Ok(()) => {
                let at = time.rfc3339(&config.time_zone);
                let object = json!({ "event": "withdrawn", "path": path, "at": at, "notice": has_notice });
                let next = if time > now { "the first build after that" } else { "the next build" };
                let from = format!("withdrawn from {at}; {next} takes it down, and from the host once it is deployed");
                output.line(&[(Tone::Good, &path), (Tone::Plain, &from)], object);
                Exit::Fine
            }
            Err(failure) => refused(&failure, output),
        }
    }
}
