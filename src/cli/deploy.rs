//! `courant deploy`.

use std::time::Instant;

use clap::Args;
use serde_json::json;

use super::build::{self, count, grouped};
use super::output::{Bar, Output, Tone};
use super::{Exit, Global, failed};
use crate::config::DeployTarget;
use crate::deploy::{self, Clock, Observer, Options, Report};
use crate::pipeline::{self, Failure};
use crate::publish::{Progress as _, Work};

/// Flags of `courant deploy`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant deploy --dry-run         what would be sent and removed
  courant deploy                   to the only target of site.yaml
  courant deploy live --confirm    and wait until withdrawn pages are gone there
  courant deploy live --check      is there what was deployed?")]
pub(super) struct Deploy {
    /// Which target of `deploy` in site.yaml (default: the only one)
    name: Option<String>,
    /// Say what would be done, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Allow this many files to be removed (default: `max_removals` of site.yaml)
    #[arg(long, value_name = "N")]
    max_removals: Option<usize>,
    /// Take over a target that has no record of this site, or a damaged one
    #[arg(long)]
    adopt: bool,
    /// List the target and compare it with what was deployed to it
    #[arg(long)]
    check: bool,
    /// Write and remove what `--check` finds missing or changed
    #[arg(long)]
    repair: bool,
    /// With --repair: remove files that courant did not put there
    #[arg(long, requires = "repair")]
    remove_foreign: bool,
    /// Wait until withdrawn pages are gone from their public addresses
    #[arg(long)]
    confirm: bool,
    /// Warn of what exceeds the limits of hosts, also of those that `hosting` does not name
    #[arg(long)]
    host_limits: bool,
    /// Tell neither search engines nor hubs
    #[arg(long)]
    no_ping: bool,
    /// Requests at the same time
    #[arg(long, value_name = "N", default_value_t = 16)]
    jobs: usize,
}

/// Says on the terminal what is going on.
struct Reporter<'a> {
    output: &'a Output,
    bar: Bar,
}

impl Observer for Reporter<'_> {
    fn waiting(&self, what: &str) {
        self.output.remark(&format!("{what}; waiting for it"));
    }

    fn begins(&self, files: usize) {
        self.output.remark(&format!("writing and removing {}", count(files, "file")));
        self.bar.next(&[(Work::Deploying, files)]);
    }

    fn done(&self) {
        self.bar.done(Work::Deploying, 1);
    }
}

impl Deploy {
    /// A deployment to a target as it is, without options.
    pub(super) fn plain(name: Option<String>) -> Self {
        Self {
            name,
            dry_run: false,
            max_removals: None,
            adopt: false,
            check: false,
            repair: false,
            remove_foreign: false,
            confirm: false,
            host_limits: false,
            no_ping: false,
            jobs: 16,
        }
    }

    /// Builds for the target, from what is there, and deploys to it.
    pub(super) fn with_build(
        self,
        global: &Global,
        output: &Output,
        built: pipeline::Options,
        store: build::StoreReport<'_>,
    ) -> Exit {
        let (name, target, options) = match self.target(global, output) {
            Ok(found) => found,
            Err(exit) => return exit,
        };
        let progress = output.progress();
        let told = Reporter { output, bar: output.progress() };
        let result = deploy::build(&global.site, (&name, &target), built.clone(), &options, (&progress, &told));
        progress.finish();
        told.bar.finish();
        drop(store);
        match result {
            Ok((report, deployed)) => {
                output.diagnostics(&report.diagnostics);
                output.diagnostics(&deployed.diagnostics);
                if built.explain {
                    build::reasons(&report, output);
                    list(&deployed, false, output);
                }
                output.result("", build::summary_event(&report));
                summary(&deployed, &self, options.clock, output);
                let has_errors = report.has_errors() || deployed.diagnostics.iter().any(|one| one.is_error());
                if has_errors { Exit::SiteHasErrors } else { Exit::Fine }
            }
            Err(stopped) => build::refused_with(&stopped.failure, || stopped.still_public.clone(), output),
        }
    }

    /// The target with the options of its deployment.
    ///
    /// # Errors
    /// There is no such target, which was said.
    pub(super) fn target(&self, global: &Global, output: &Output) -> Result<(String, DeployTarget, Options), Exit> {
        let (name, target) = match deploy::find(&global.site, self.name.as_deref()) {
            Ok(found) => found,
            Err(Failure::Site(problems)) => {
                output.diagnostics(&problems);
                let config = crate::config::Config::load(&global.site, &crate::config::Overrides::default());
                if config.is_err() {
                    return Err(Exit::SiteHasErrors);
                }
                build::failed_before(output);
                return Err(Exit::WrongUsage);
            }
            Err(failure) => return Err(failed(output, &failure)),
        };
        let options = Options {
            dry_run: self.dry_run,
            max_removals: self.max_removals,
            adopt: self.adopt,
            check: self.check,
            repair: self.repair,
            remove_foreign: self.remove_foreign,
            confirm: self.confirm,
            host_limits: self.host_limits,
            pings: !self.no_ping,
            jobs: self.jobs.clamp(1, 256),
            clock: Clock { start: jiff::Timestamp::now().as_second(), began: Instant::now() },
            environment,
        };
        Ok((name, target, options))
    }

    pub(super) fn run(self, global: &Global, output: &Output) -> Exit {
        let (name, target, options) = match self.target(global, output) {
            Ok(found) => found,
            Err(exit) => return exit,
        };
        let clock = options.clock;
        let told = Reporter { output, bar: output.progress() };
        let result = deploy::deploy(&global.site, (&name, &target), &options, &told);
        told.bar.finish();
        match result {
            Ok(report) => {
                output.diagnostics(&report.diagnostics);
                if self.dry_run || output.verbose {
                    list(&report, self.dry_run, output);
                }
                drift(&report, output);
                summary(&report, &self, clock, output);
                let is_adrift = self.check && !self.repair && !report.drift.is_empty();
                let has_errors = report.diagnostics.iter().any(|one| one.is_error());
                if is_adrift || has_errors { Exit::SiteHasErrors } else { Exit::Fine }
            }
            Err(stopped) => {
                let exit = failed(output, &stopped.failure);
                let public = build::told_public(stopped.still_public, output);
                let errors = match &*stopped.failure {
                    Failure::Site(problems) => problems.len(),
                    Failure::Machine(_) => 1,
                };
                output
                    .result("", json!({ "event": "failed", "errors": errors, "warnings": 0, "still_public": public }));
                exit
            }
        }
    }
}

/// Where credentials may stand, and the part of a build that an engine asks for; nothing else depends on the environment.
#[expect(clippy::disallowed_methods, reason = "credentials and parts are given by the environment, never by site.yaml")]
pub(super) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Names each file, in the order of the phases.
fn list(report: &Report, is_dry: bool, output: &Output) {
    let all = [
        ("withdrawn", "withdraw", &report.withdrawn),
        ("new", "add", &report.new),
        ("changed", "change", &report.changed),
        ("removed", "remove", &report.removed),
    ];
    for (done, todo, paths) in all {
        for path in paths {
            let word = if is_dry { todo } else { done };
            output.result(&format!("{word:>9} /{path}"), json!({ "event": "step", "action": todo, "path": path }));
        }
    }
}

fn drift(report: &Report, output: &Output) {
    let drift = &report.drift;
    let all = [("foreign", &drift.foreign), ("missing", &drift.missing), ("changed", &drift.changed)];
    for (what, paths) in all {
        for path in paths {
            output.result(&format!("{what:>9} /{path}"), json!({ "event": "drift", "what": what, "path": path }));
        }
    }
}

fn summary(report: &Report, flags: &Deploy, clock: Clock, output: &Output) {
    let seconds = clock.began.elapsed().as_secs_f64();
    let [new, changed, withdrawn, removed] =
        [&report.new, &report.changed, &report.withdrawn, &report.removed].map(Vec::len);
    let is_unchanged = new + changed + withdrawn + removed == 0;
    let odd = report.drift.foreign.len() + report.drift.missing.len() + report.drift.changed.len();
    let is_looked_at = is_unchanged && (flags.check || flags.repair);
    let first = match (flags.dry_run, is_unchanged) {
        _ if is_looked_at && odd == 0 => format!("{} holds what was deployed", report.target),
        _ if is_looked_at => format!("{} differs from what was deployed: {}", report.target, count(odd, "file")),
        (_, true) => format!("{} is up to date in {seconds:.2} s", report.target),
        (true, false) => format!("{} would change", report.target),
        (false, false) => format!("Deployed to {} in {seconds:.2} s", report.target),
    };
    let mut parts = vec![(if is_looked_at && odd > 0 { Tone::Plain } else { Tone::Good }, first)];
    for (number, word) in [(withdrawn, "withdrawn"), (new, "new"), (changed, "changed"), (removed, "removed")] {
        parts.extend((number > 0).then(|| (Tone::Plain, format!("{} {word}", grouped(number)))));
    }
    if !is_looked_at {
        parts.push((Tone::Plain, format!("{} unchanged", grouped(report.unchanged))));
    }
    let parts: Vec<(Tone, &str)> = parts.iter().map(|(tone, text)| (*tone, text.as_str())).collect();
    let event = json!({
        "event": "deployed",
        "target": report.target,
        "dry_run": flags.dry_run,
        "generation": report.generation,
        "new": new,
        "changed": changed,
        "withdrawn": withdrawn,
        "removed": removed,
        "unchanged": report.unchanged,
        "requests": report.requests,
        "seconds": seconds,
        "peak_memory_bytes": build::peak_memory(),
    });
    output.line(&parts, event);
}
