//! `courant next`: the timeline.

use clap::Args;
use serde_json::json;

use super::build::{count, moment};
use super::output::Output;
use super::{Exit, Global};
use crate::article::{self, Known};
use crate::config::{Config, Overrides};
use crate::index::timeline;
use crate::source;

/// Flags of `courant next`.
#[derive(Debug, Args)]
pub(super) struct Next {
    /// As of this moment (default: now)
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

impl Next {
    pub(super) fn run(self, global: &Global, output: &Output) -> Exit {
        let now = match moment(self.at.as_deref(), global) {
            Ok(now) => now,
            Err(problem) => {
                output.diagnostic(&problem);
                return Exit::WrongUsage;
            }
        };
        let config = match Config::load(&global.site, &Overrides::default()) {
            Ok(config) => config,
            Err(problems) => {
                output.diagnostics(&problems);
                return Exit::SiteHasErrors;
            }
        };
        let articles = article::read(&global.site, source::scan(&global.site, &[]), &config, Known::default());
        output.diagnostics(&articles.diagnostics);
        let moments = timeline(&articles.rows, now);
        for moment in &moments {
            let at = moment.at.rfc3339(&config.time_zone);
            let path = &moment.path;
            output.result(
                &format!("{at}  {:<9}  {path}  {}", moment.event, moment.title),
                json!({ "event": moment.event, "at": at, "path": path, "title": moment.title }),
            );
        }
        if moments.is_empty() && !output.json {
            output.result("nothing is due: the site changes only when you edit it", json!({}));
        } else if output.verbose && !output.json {
            output.result(&count(moments.len(), "moment"), json!({}));
        }
        if articles.diagnostics.iter().any(crate::diagnostic::Diagnostic::is_error) {
            Exit::SiteHasErrors
        } else {
            Exit::Fine
        }
    }
}
