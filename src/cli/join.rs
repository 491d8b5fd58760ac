//! `courant join`, and `courant build --part`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::build::{self, count, set_jobs};
use super::deploy::{Deploy, environment};
use super::output::{Output, Tone};
use super::{Exit, Global, failed, understood};
use crate::config::{Config, Overrides};
use crate::deploy::Depot;
use crate::parts::{self, Share};
use crate::pipeline;

/// Flags of `courant join`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant build --part 3/16 --at 2026-11-26T10:00:00Z --to s3://builds/b42   one of 16 parts
  courant join s3://builds/b42 --status                                      which parts have arrived
  courant join s3://builds/b42 --deploy live                                 join them and deploy the site")]
pub(super) struct Join {
    /// Where the parts are: a folder or s3://BUCKET/PREFIX
    place: String,
    /// Only report which parts are missing; the exit code is 1 if any are
    #[arg(long)]
    status: bool,
    /// Deploy afterwards: to this target of `deploy` in site.yaml
    #[arg(long, value_name = "TARGET", conflicts_with = "output")]
    deploy: Option<String>,
    /// The output folder (default: `output` of site.yaml, which is `public`)
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Publish the rest when some files are broken; the exit code is still 1
    #[arg(long)]
    keep_going: bool,
    /// Publish nothing when there are warnings
    #[arg(long)]
    strict: bool,
    /// Worker threads (default: one for each processor)
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
}

impl Join {
    pub(super) fn run(self, global: &Global, output: &Output) -> Exit {
        set_jobs(self.jobs);
        let depot = match Depot::open(&self.place, Path::new(""), environment) {
            Ok(depot) => depot,
            Err(failure) => {
                let exit = failed(output, &failure).worse(Exit::WrongUsage);
                build::failed_before(output);
                return exit;
            }
        };
        if self.status {
            return status(&depot, output);
        }
        let folder = self.output.clone();
        let Some(now) = understood(build::moment(None, global), output) else { return Exit::WrongUsage };
        let deploy = self.deploy.map(|target| Deploy::plain(Some(target)));
        // What cannot be deployed is not joined either. Errors of site.yaml are told by the join.
        let is_readable = Config::load(&global.site, &Overrides::default()).is_ok();
        if let Some(Err(exit)) = deploy.as_ref().filter(|_| is_readable).map(|deploy| deploy.target(global, output)) {
            return exit;
        }
        let mut options = pipeline::Options {
            // As long as no part says another moment.
            now,
            output: self.output,
            keep_going: self.keep_going,
            strict: self.strict,
            ..pipeline::Options::default()
        };
        let progress = output.progress();
        let result = parts::join(&global.site, &depot, &mut options, &progress);
        progress.finish();
        match result {
            Ok(report) => {
                output.diagnostics(&report.diagnostics);
                build::summary(&report, options.now, global, folder.as_deref(), output);
                if report.has_errors() {
                    return Exit::SiteHasErrors;
                }
                deploy.map_or(Exit::Fine, |deploy| deploy.run(global, output))
            }
            Err(failure) => build::refused(&failure, global, &options, output),
        }
    }
}

/// Says which parts are there.
fn status(depot: &Depot, output: &Output) -> Exit {
    match parts::status(depot) {
        Ok(status) => {
            let is_complete = status.of > 0 && status.missing.is_empty();
            let event = json!({ "event": "parts", "of": status.of, "missing": status.missing });
            output.line(&[(if is_complete { Tone::Good } else { Tone::Warning }, &status.to_string())], event);
            if is_complete { Exit::Fine } else { Exit::SiteHasErrors }
        }
        Err(failure) => failed(output, &failure),
    }
}

/// Makes the part of a build that is meant by `part`.
pub(super) fn part(
    global: &Global,
    output: &Output,
    part: &str,
    to: String,
    options: &pipeline::Options,
    told: build::StoreReport<'_>,
) -> Exit {
    let share = match part {
        "auto" => Share::of_environment(&environment),
        named => named.parse(),
    };
    let Some(share) = understood(share, output) else { return Exit::WrongUsage };
    let options = parts::Options {
        overrides: options.overrides.clone(),
        now: options.now,
        share,
        to,
        environment,
        store: options.store.clone(),
    };
    let progress = output.progress();
    let result = parts::make(&global.site, &options, &progress);
    progress.finish();
    drop(told);
    match result {
        Ok(made) => {
            output.diagnostics(&made.diagnostics);
            let errors = made.diagnostics.iter().filter(|one| one.is_error()).count();
            let seconds = made.took.as_secs_f64();
            let first = format!("Made part {share}, {}, in {seconds:.2} s", count(made.outputs, "file"));
            let mut parts = vec![(Tone::Good, first)];
            parts.extend((errors > 0).then(|| (Tone::Error, count(errors, "error"))));
            let parts: Vec<(Tone, &str)> = parts.iter().map(|(tone, text)| (*tone, text.as_str())).collect();
            let event = json!({
                "event": "part",
                "part": share.number(),
                "of": share.of(),
                "name": made.name,
                "bytes": made.bytes,
                "files": made.outputs,
                "pages": made.pages,
                "decoded": made.decoded,
                "errors": errors,
                "seconds": seconds,
                "peak_memory_bytes": build::peak_memory(),
            });
            output.line(&parts, event);
            if errors > 0 { Exit::SiteHasErrors } else { Exit::Fine }
        }
        Err(failure) => failed(output, &failure),
    }
}
