//! `courant images`: the copies of photographs, without a build.

use std::sync::Arc;

use clap::Args;
use serde_json::json;

#[cfg(feature = "deploy")]
use super::build::{StoreReport, shelf};
use super::build::{count, moment, set_jobs};
use super::output::{Output, Tone};
use super::{Exit, Global, failed, understood};
use crate::config::Overrides;
use crate::images::Store;
use crate::pipeline::frames::{Copies, Frames};

/// Flags of `courant images`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant images            makes the missing copies; interrupt it whenever you like
  courant images --future   with those of embargoed articles
  courant images --jobs 1   leaves the other processors to other work")]
pub(super) struct Images {
    /// Include the images of drafts
    #[arg(long)]
    drafts: bool,
    /// Include the images of articles dated in the future
    #[arg(long)]
    future: bool,
    /// As of this moment (default: now)
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Worker threads (default: one for each processor)
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
}

impl Images {
    pub(super) fn run(self, global: &Global, output: &Output) -> Exit {
        let Some(now) = understood(moment(self.at.as_deref(), global), output) else { return Exit::WrongUsage };
        set_jobs(self.jobs);
        let overrides = Overrides { drafts: self.drafts, future: self.future, ..Overrides::default() };
        #[cfg(feature = "deploy")]
        let shelf = shelf(global);
        #[cfg(feature = "deploy")]
        let (store, told) = (shelf.clone().map(|shelf| shelf as Arc<dyn Store>), StoreReport(shelf, global, output));
        #[cfg(not(feature = "deploy"))]
        let store: Option<Arc<dyn Store>> = None;
        let progress = output.progress();
        let made = Frames::new(&global.site, overrides).copies(now, store.as_ref(), &progress);
        progress.finish();
        #[cfg(feature = "deploy")]
        drop(told);
        let Copies { photographs, decoded, problems } = match made {
            Ok(copies) => copies,
            Err(failure) => return failed(output, &failure),
        };
        output.diagnostics(&problems);
        let text = match decoded {
            0 => format!("{}: every copy is there", count(photographs, "photograph")),
            _ => format!("{}: copies of {decoded} were made", count(photographs, "photograph")),
        };
        output
            .line(&[(Tone::Good, &text)], json!({ "event": "images", "photographs": photographs, "decoded": decoded }));
        if problems.is_empty() { Exit::Fine } else { Exit::SiteHasErrors }
    }
}
