//! `courant build`.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::tz::TimeZone;
use serde_json::json;

#[cfg(feature = "deploy")]
use super::deploy::Deploy;
use super::output::{Output, Tone};
use super::{Exit, Global, understood};
use crate::article::time::Timestamp;
use crate::config::{Config, Overrides, Precompress, given_base_url};
#[cfg(feature = "deploy")]
use crate::deploy::Shelf;
use crate::diagnostic::Diagnostic;
use crate::pipeline::{Changes, Failure, Options, Report, Session, withdrawn};
use crate::serve::WatchMode;
#[cfg(feature = "deploy")]
use std::sync::Arc;

/// Flags of `courant build`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant build                                  the site for readers, in public/
  courant build --strict                         nothing is published while there are warnings
  courant build --drafts --output /tmp/preview   what the site would be with all drafts
  courant build --explain                        why each page was rendered")]
pub(super) struct Build {
    /// Publish drafts too
    #[arg(long)]
    drafts: bool,
    /// Publish articles dated in the future too
    #[arg(long)]
    future: bool,
    /// Build as of this moment, such as 2026-11-23T14:00 (default: now)
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// The output folder (default: `output` of site.yaml, which is `public`)
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// The address of the front page (default: `base_url` of site.yaml)
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Write compressed copies (.gz, .br) beside files of text: fast, balanced or best
    #[arg(long, value_name = "LEVEL", num_args = 0..=1, require_equals = true, default_missing_value = "balanced")]
    precompress: Option<Precompress>,
    /// Say why each page was rendered
    #[arg(long)]
    explain: bool,
    /// Then render every page again in memory and compare it with the output folder
    #[arg(long)]
    verify: bool,
    /// Publish the rest when some files are broken; the exit code is still 1
    #[arg(long)]
    keep_going: bool,
    /// Publish nothing when there are warnings
    #[arg(long)]
    strict: bool,
    /// Build again whenever something changes, until Ctrl-C
    #[arg(long, conflicts_with = "verify")]
    watch: bool,
    /// With --watch: poll for changes, for network drives
    #[arg(long, requires = "watch")]
    poll: bool,
    /// Build one part of the site, for `courant join`: K/N, or `auto` for what Slurm, Kubernetes, AWS Batch,
    /// Nomad or a CI says; needs --at and --to
    #[cfg(feature = "deploy")]
    #[arg(long, value_name = "K/N", requires_all = ["at", "to"],
        conflicts_with_all = ["output", "explain", "verify", "watch", "keep_going", "strict"])]
    part: Option<String>,
    /// With --part: where the part is stored, a folder or s3://BUCKET/PREFIX
    #[cfg(feature = "deploy")]
    #[arg(long, value_name = "PLACE", requires = "part")]
    to: Option<String>,
    /// Deploy straight to this target of `deploy` in site.yaml. The earlier build is taken from there and only what changed
    /// is rendered, so a fresh machine will do; the output folder is left alone
    #[cfg(feature = "deploy")]
    #[arg(long, value_name = "TARGET", conflicts_with_all = ["output", "verify", "watch", "part", "keep_going", "drafts",
        "future", "base_url"])]
    deploy: Option<String>,
    /// Worker threads (default: one for each processor)
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
}

/// Makes the pool of worker threads as large as the user wishes.
pub(super) fn set_jobs(jobs: Option<usize>) {
    if let Some(jobs) = jobs {
        let built = rayon::ThreadPoolBuilder::new().num_threads(jobs.clamp(1, 1024)).build_global();
        debug_assert!(built.is_ok(), "the pool is built once, before it is used");
    }
}

impl Build {
    pub(super) fn run(self, global: &Global, output: &Output) -> Exit {
        set_jobs(self.jobs);
        let Some(now) = understood(moment(self.at.as_deref(), global), output) else { return Exit::WrongUsage };
        let Some(base_url) = understood(given_base_url(self.base_url), output) else { return Exit::WrongUsage };
        let folder = self.output.clone();
        let is_first = folder.is_none() && !published_before(global);
        let options = Options {
            overrides: Overrides {
                base_url,
                drafts: self.drafts,
                future: self.future,
                precompress: self.precompress,
                takes_comments: false,
            },
            output: self.output,
            now,
            keep_going: self.keep_going,
            strict: self.strict,
            verify: self.verify,
            explain: self.explain || output.verbose,
            first: Vec::new(),
            pages: None,
            held: None,
            store: None,
        };
        #[cfg(feature = "deploy")]
        let shelf = shelf(global);
        #[cfg(feature = "deploy")]
        let options = Options { store: shelf.clone().map(|shelf| shelf as _), ..options };
        #[cfg(feature = "deploy")]
        let told = StoreReport(shelf, global, output);
        #[cfg(feature = "deploy")]
        if let (Some(part), Some(to)) = (&self.part, self.to) {
            return super::join::part(global, output, part, to, &options, told);
        }
        #[cfg(feature = "deploy")]
        if let Some(target) = self.deploy {
            return Deploy::plain(Some(target)).with_build(global, output, options, told);
        }
        if self.watch {
            let how = if self.poll { WatchMode::Polling } else { WatchMode::Notified };
            return super::serve::watch(global, output, options, self.at.map(|_| now), how);
        }
        let progress = output.progress();
        let mut session = Session::new(&global.site);
        let result = session.build(&Changes::Unknown, &options, &progress);
        // The process ends soon: to free a million small things one by one would only take time.
        std::mem::forget(session);
        progress.finish();
        #[cfg(feature = "deploy")]
        drop(told);
        match result {
            Ok(report) => {
                output.diagnostics(&report.diagnostics);
                if self.explain || output.verbose {
                    reasons(&report, output);
                }
                if output.verbose && !output.json {
                    for (name, took) in &report.stages {
                        output.result(&format!("{name:>8} {:8.3} s", took.as_secs_f64()), json!({}));
                    }
                }
                summary(&report, now, global, folder.as_deref(), output);
                if is_first && !output.json {
                    let next = "`courant serve --open` shows it; any static host takes the folder";
                    output.line(&[(Tone::Faint, next)], json!({}));
                }
                let is_refused = report.has_errors() || options.strict && !report.diagnostics.is_empty();
                if is_refused { Exit::SiteHasErrors } else { Exit::Fine }
            }
            Err(failure) => refused(&failure, global, &options, output),
        }
    }
}

/// Says why nothing was published, and what is still public that should not be.
pub(super) fn refused(failure: &Failure, global: &Global, options: &Options, output: &Output) -> Exit {
    refused_with(failure, || withdrawn::still_public(&global.site, options), output)
}

/// The same, with the withdrawn pages that are public.
pub(super) fn refused_with(failure: &Failure, public: impl FnOnce() -> Vec<String>, output: &Output) -> Exit {
    match failure {
        Failure::Site(diagnostics) => {
            output.diagnostics(diagnostics);
            let errors = diagnostics.iter().filter(|one| one.is_error()).count();
            let warnings = diagnostics.len() - errors;
            let counted = if errors > 0 {
                count(errors, "error")
            } else {
                format!("{} under --strict", count(warnings, "warning"))
            };
            output.complaint(&[(Tone::Error, &format!("{counted}; nothing was published"))]);
            let public = told_public(public(), output);
            output.result(
                "",
                json!({ "event": "failed", "errors": errors, "warnings": warnings, "still_public": public }),
            );
            Exit::SiteHasErrors
        }
        Failure::Machine(problem) => {
            output.diagnostic(problem);
            let public = told_public(public(), output);
            output.result("", json!({ "event": "failed", "errors": 1, "warnings": 0, "still_public": public }));
            Exit::MachineFailed
        }
    }
}

/// Says to machines that nothing was begun, for the one reason that was told.
#[cfg(feature = "deploy")]
pub(super) fn failed_before(output: &Output) {
    let nothing: [&str; 0] = [];
    output.result("", json!({ "event": "failed", "errors": 1, "warnings": 0, "still_public": nothing }));
}

/// The image store of the site.
#[cfg(feature = "deploy")]
pub(super) fn shelf(global: &Global) -> Option<Arc<Shelf>> {
    let config = Config::in_spite_of_mistakes(&global.site, &Overrides::default());
    Shelf::of(&global.site, &config, super::deploy::environment).map(Arc::new)
}

/// Says when it is dropped that the image store was not there. That is no warning of the build: what it made is the same.
#[cfg(feature = "deploy")]
pub(super) struct StoreReport<'a>(pub(super) Option<Arc<Shelf>>, pub(super) &'a Global, pub(super) &'a Output);

#[cfg(feature = "deploy")]
impl Drop for StoreReport<'_> {
    fn drop(&mut self) {
        if let Some(problem) = self.0.as_ref().and_then(|shelf| shelf.problem(&self.1.site)) {
            self.2.diagnostic(&problem);
        }
    }
}

/// Says why each page was rendered.
pub(super) fn reasons(report: &Report, output: &Output) {
    for (path, reason) in &report.details.rendered {
        output.result(
            &format!("rendered /{path}: {reason}"),
            json!({ "event": "rendered", "path": path, "reason": reason.to_string() }),
        );
    }
}

/// Whether there is an output folder already.
fn published_before(global: &Global) -> bool {
    Config::load(&global.site, &Overrides::default())
        .is_ok_and(|config| global.site.join(config.settings.output).exists())
}

/// Names the withdrawn pages that are public after a failure, in the last line.
pub(super) fn told_public(pages: Vec<String>, output: &Output) -> Vec<String> {
    if !pages.is_empty() {
        let addresses = withdrawn::addresses(&pages);
        output.complaint(&[(Tone::Error, &format!("withdrawn, but still public: {addresses}"))]);
    }
    pages
}

/// `--at`, or the clock: the only place that reads it.
pub(super) fn moment(at: Option<&str>, global: &Global) -> Result<Timestamp, Diagnostic> {
    match at {
        Some(text) => moment_of("--at", text, global),
        None => Ok(Timestamp(jiff::Timestamp::now().as_second())),
    }
}

/// The moment that is the value of `flag`.
pub(super) fn moment_of(flag: &str, text: &str, global: &Global) -> Result<Timestamp, Diagnostic> {
    // A broken site.yaml is reported by the build; here only its time zone matters.
    let zone = Config::load(&global.site, &Overrides::default()).map_or(TimeZone::UTC, |config| config.time_zone);
    Timestamp::parse(text, &zone)
        .map_err(|message| Diagnostic::error(format!("{flag}: {message}")).hint(crate::article::time::cure(text)))
}

/// What was built, what is withheld and what is wrong, in one line; the counts of files with `--verbose`.
pub(super) fn summary(report: &Report, now: Timestamp, global: &Global, folder: Option<&Path>, output: &Output) {
    let seconds = report.took.as_secs_f64();
    let errors = report.diagnostics.iter().filter(|one| one.is_error()).count();
    let warnings = report.diagnostics.len() - errors;
    let config = Config::load(&global.site, &Overrides::default()).ok();
    let folder = match (folder, &config) {
        (Some(folder), _) => folder.display().to_string(),
        (None, Some(config)) => config.settings.output.clone(),
        (None, None) => "the output folder".to_owned(),
    };
    let folder = folder.trim_end_matches('/');
    let zone = config.as_ref().map_or(TimeZone::UTC, |config| config.time_zone.clone());
    let mut parts = vec![(
        Tone::Good,
        if report.written + report.removed == 0 {
            format!("{folder}/ is up to date: {} in {seconds:.2} s", count(report.articles, "article"))
        } else {
            format!("Built {} → {folder}/ in {seconds:.2} s", count(report.articles, "article"))
        },
    )];
    if output.verbose {
        let [rendered, written, removed] = [report.rendered, report.written, report.removed].map(grouped);
        let pages = count(report.pages, "page");
        parts.push((Tone::Plain, format!("{pages}: {rendered} rendered, {written} written, {removed} removed")));
    }
    parts.push((Tone::Plain, withheld(report, now, &zone)));
    parts.extend((errors > 0).then(|| (Tone::Error, count(errors, "error"))));
    parts.extend((warnings > 0).then(|| (Tone::Warning, count(warnings, "warning"))));
    let parts: Vec<(Tone, &str)> = parts.iter().map(|(tone, text)| (*tone, text.as_str())).collect();
    output.line(&parts, summary_event(report));
}

/// What is withheld, and until when the first embargo lasts.
fn withheld(report: &Report, now: Timestamp, zone: &TimeZone) -> String {
    let counts = report.withheld;
    let mut parts = Vec::new();
    parts.extend((counts.drafts > 0).then(|| count(counts.drafts, "draft")));
    if let Some(next) = counts.next {
        let until = zone.to_datetime(next.to_jiff());
        let is_soon = next.0 - now.0 < 6 * 24 * 60 * 60;
        let until = until.strftime(if is_soon { "%a %H:%M" } else { "%Y-%m-%d %H:%M" });
        let first = if counts.embargoed > 1 { ", the first" } else { "" };
        parts.push(format!("{} embargoed{first} until {until}", grouped(counts.embargoed)));
    }
    parts.extend((counts.expired > 0).then(|| format!("{} expired", grouped(counts.expired))));
    parts.join(", ")
}

/// The summary for machines.
pub(super) fn summary_event(report: &Report) -> serde_json::Value {
    let errors = report.diagnostics.iter().filter(|one| one.is_error()).count();
    json!({
        "event": "summary",
        "articles": report.articles,
        "drafts": report.withheld.drafts,
        "embargoed": report.withheld.embargoed,
        "expired": report.withheld.expired,
        "pages": report.pages,
        "rendered": report.rendered,
        "written": report.written,
        "removed": report.removed,
        "decoded": report.decoded,
        "warnings": report.diagnostics.len() - errors,
        "errors": errors,
        "seconds": report.took.as_secs_f64(),
        "peak_memory_bytes": peak_memory(),
    })
}

/// The most memory the process has had resident; known on Linux only.
pub(super) fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
}

/// `1 page`, `1,208 pages`, `2 entries`, `2 addresses`.
pub(super) fn count(number: usize, noun: &str) -> String {
    let number_text = grouped(number);
    match noun.strip_suffix("ry") {
        _ if number == 1 => format!("{number_text} {noun}"),
        Some(stem) => format!("{number_text} {stem}ries"),
        None if noun.ends_with('s') => format!("{number_text} {noun}es"),
        None => format!("{number_text} {noun}s"),
    }
}

pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_read_like_words() {
        assert_eq!(count(1, "page"), "1 page");
        assert_eq!(count(0, "page"), "0 pages");
        assert_eq!(count(1_208, "page"), "1,208 pages");
        assert_eq!(count(1_000_000, "article"), "1,000,000 articles");
        assert_eq!(count(1, "entry"), "1 entry");
        assert_eq!(count(2, "entry"), "2 entries");
        assert_eq!(count(2, "old address"), "2 old addresses");
    }
}
