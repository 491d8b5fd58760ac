//! `courant check`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::build::{count, grouped, moment};
use super::output::{Cell, Output, Tone};
use super::{Exit, Global, configuration, failed, understood};
use crate::check::{self, Finding, Options, Report, report};
use crate::config::checks::Rule;
use crate::config::{Overrides, given_base_url};
use crate::diagnostic::Diagnostic;
use crate::import::parity::{self, Class};

/// Flags of `courant check`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant check                      the whole site
  courant check content/local        what is wrong in a folder
  courant check --changed            what is wrong in files that differ from the last commit
  courant check --changed=main --strict --format github   in a pull request")]
pub(super) struct Check {
    /// Only findings in these files and folders (default: the whole site)
    paths: Vec<PathBuf>,
    /// Only findings in files that git says differ from a commit, or are new
    #[arg(long, value_name = "COMMIT", num_args = 0..=1, require_equals = true, default_missing_value = "HEAD")]
    changed: Option<String>,
    /// Print every finding in full, not only the first five of each rule
    #[arg(long)]
    all: bool,
    /// Check addresses outside the site too; the answers are kept in .courant/ for a week
    #[arg(long)]
    external: bool,
    /// The format of the findings
    #[arg(long, value_name = "FORMAT", default_value = "text", conflicts_with = "json")]
    format: Format,
    /// Warnings make the exit code 1, too
    #[arg(long)]
    strict: bool,
    /// Check as if drafts were published
    #[arg(long)]
    drafts: bool,
    /// Check as if articles dated in the future were published
    #[arg(long)]
    future: bool,
    /// Check as of this moment (default: now)
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Check that each old address of this list is in the built site: import-report.json, a sitemap, or one address a line
    #[arg(long, value_name = "FILE")]
    parity: Option<PathBuf>,
    /// Check as if the site were at this address
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
}

impl Check {
    pub(super) fn run(self, global: &Global, output: &Output) -> Exit {
        let Some(now) = understood(moment(self.at.as_deref(), global), output) else { return Exit::WrongUsage };
        let Some(base_url) = understood(given_base_url(self.base_url.clone()), output) else {
            return Exit::WrongUsage;
        };
        if let Some(list) = &self.parity {
            return self.parity(list, global, output);
        }
        let options = Options {
            overrides: Overrides { base_url, drafts: self.drafts, future: self.future, ..Overrides::default() },
            now,
            external: self.external,
        };
        let is_told = !output.json && !output.quiet && std::io::stderr().is_terminal();
        let tell = |sentence: &str| {
            if is_told {
                // A closed pipe (`| head`) is not an error.
                let _ = writeln!(std::io::stderr(), "{sentence}");
            }
        };
        let Some(scope) = understood(self.scope(global), output) else { return Exit::WrongUsage };
        let mut report = check::check(&global.site, &options, &tell);
        if let Some(scope) = scope {
            let path = |finding: &Finding| finding.diagnostic.place.as_ref().map(|place| place.path.clone());
            report.findings.retain(|finding| path(finding).is_some_and(|path| is_in(&path, &scope)));
        }
        let site = global.site.display().to_string();
        match self.format {
            Format::Text => {
                let findings = report.findings.iter().map(|finding| (finding.id(), &finding.diagnostic));
                output.findings(findings, self.all);
                totals(&report, output);
                summary(&report, output);
            }
            Format::Github => {
                let lines = report.findings.iter().map(|finding| report::annotation(finding, &site));
                lines.for_each(|line| output.document(&line));
            }
            Format::Sarif => output.document(&report::sarif(&report, &site)),
        }
        let (errors, warnings) = report.count();
        if errors > 0 || self.strict && warnings > 0 { Exit::SiteHasErrors } else { Exit::Fine }
    }

    /// What became of each old address.
    fn parity(&self, list: &Path, global: &Global, output: &Output) -> Exit {
        let overrides = Overrides { base_url: self.base_url.clone(), ..Overrides::default() };
        let Some(config) = configuration(global, &overrides, output) else { return Exit::SiteHasErrors };
        let found = match parity::check(&global.site, &config, list) {
            Ok(found) => found,
            Err(failure) => return failed(output, &failure),
        };
        let of = |class: Class| found.iter().filter(move |one| one.class == class);
        for one in of(Class::Missing) {
            output.result(
                &format!("missing: {}", one.old),
                json!({ "event": "address", "old": one.old, "class": one.class }),
            );
        }
        if output.verbose || output.json {
            for one in found.iter().filter(|one| one.class != Class::Missing) {
                output.result(
                    &format!("{}: {}", one.class.name(), one.old),
                    json!({ "event": "address", "old": one.old, "class": one.class }),
                );
            }
        }
        let classes = [Class::Same, Class::Redirect, Class::Gone, Class::Host, Class::Missing];
        let counts = classes.map(|class| of(class).count());
        let parts: Vec<String> = classes
            .iter()
            .zip(counts)
            .filter(|(_, number)| *number > 0)
            .map(|(class, number)| format!("{number} {}", class.name()))
            .collect();
        output.result(
            &format!("{}: {}", count(found.len(), "old address"), parts.join(", ")),
            json!({
                "event": "parity", "same": counts[0], "redirect": counts[1], "gone": counts[2], "host": counts[3], "missing": counts[4],
            }),
        );
        if counts[4] > 0 { Exit::SiteHasErrors } else { Exit::Fine }
    }
}

impl Check {
    /// The paths whose findings are wanted, relative to the site's folder. `None` means all of them.
    ///
    /// # Errors
    /// A path is not there or outside the site; git does not answer.
    fn scope(&self, global: &Global) -> Result<Option<BTreeSet<String>>, Diagnostic> {
        let mut scope = BTreeSet::new();
        for path in &self.paths {
            scope.insert(path_in_site(global, path)?);
        }
        if let Some(commit) = &self.changed {
            scope.extend(changed_since(global, commit)?);
        }
        Ok((!self.paths.is_empty() || self.changed.is_some()).then_some(scope))
    }
}

/// Whether a file is one of some paths, or below one.
fn is_in(path: &str, scope: &BTreeSet<String>) -> bool {
    let is_below = |folder: &String| path.strip_prefix(&**folder).is_some_and(|rest| rest.starts_with('/'));
    scope.contains("") || scope.contains(path) || scope.iter().any(is_below)
}

/// The path of a file or folder in the site's folder, given as seen from here or from there.
pub(super) fn path_in_site(global: &Global, given: &Path) -> Result<String, Diagnostic> {
    let find = || {
        let root = global.site.canonicalize().ok()?;
        let file = given.canonicalize().or_else(|_| root.join(given).canonicalize()).ok()?;
        Some(file.strip_prefix(&root).ok()?.to_str()?.replace('\\', "/"))
    };
    find().ok_or_else(|| {
        Diagnostic::error(format!("there is no `{}` in this site", given.display()))
            .hint("write a path as it is in the site's folder, such as `content/local/tunnel.md`")
    })
}

/// The files of the site that differ from a commit, and those that git does not know yet.
fn changed_since(global: &Global, commit: &str) -> Result<Vec<String>, Diagnostic> {
    if commit.starts_with('-') {
        return Err(Diagnostic::error(format!("--changed: `{commit}` is not a commit")).hint("write `--changed=main`"));
    }
    let git = |arguments: &[&str]| {
        let answer = Command::new("git").env("LC_ALL", "C").arg("-C").arg(&global.site).args(arguments).output();
        let answer = answer.map_err(|error| {
            Diagnostic::error(format!("--changed: git cannot be run: {error}")).hint("install git, or name the files")
        })?;
        if !answer.status.success() {
            let said = String::from_utf8_lossy(&answer.stderr);
            if said.to_ascii_lowercase().contains("not a git repository") {
                return Err(Diagnostic::error("--changed: this folder is not under git's control")
                    .hint("name the files instead, as in `courant check content/local`"));
            }
            let said = said.lines().next().unwrap_or_default().trim_start_matches("fatal: ").to_owned();
            return Err(Diagnostic::error(format!("--changed: git says: {said}"))
                .hint("name a commit that there is, as in `--changed=main`"));
        }
        let names = String::from_utf8_lossy(&answer.stdout);
        Ok(names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect::<Vec<String>>())
    };
    let mut changed = git(&["diff", "--name-only", "--relative", "-z", commit, "--"])?;
    changed.extend(git(&["ls-files", "--others", "--exclude-standard", "-z"])?);
    Ok(changed)
}

/// How many findings there are of each rule, where that is not seen at once.
fn totals(report: &Report, output: &Output) {
    let mut rules: BTreeMap<&'static str, usize> = BTreeMap::new();
    report.findings.iter().for_each(|finding| *rules.entry(finding.id()).or_default() += 1);
    if output.json || rules.len() < 2 && report.findings.len() < 6 {
        return;
    }
    let mut rules: Vec<(&'static str, usize)> = rules.into_iter().collect();
    rules.sort_by_key(|(id, count)| (Reverse(*count), *id));
    let meaning =
        |id: &str| Rule::ALL.iter().find(|rule| rule.id() == id).map_or("What a build reports.", |rule| rule.meaning());
    let row = |(id, count): &(&'static str, usize)| {
        [Cell::plain(grouped(*count)), Cell::plain(*id), Cell::toned(meaning(id), Tone::Faint)]
    };
    output.table(["FOUND", "RULE", "WHAT IT IS ABOUT"], rules.iter().map(row));
}

fn summary(report: &Report, output: &Output) {
    let (errors, warnings) = report.count();
    let seconds = report.took.as_secs_f64();
    let outside = match report.outside {
        0 => String::new(),
        all => format!(", {} (asked for {})", count(all, "outside link"), report.asked),
    };
    let text = format!(
        "{}, {}{outside}: {}, {} in {seconds:.2} s",
        count(report.articles, "article"),
        count(report.pages, "page"),
        count(errors, "error"),
        count(warnings, "warning"),
    );
    output.result(
        &text,
        json!({
            "event": "checked",
            "articles": report.articles,
            "pages": report.pages,
            "outside": report.outside,
            "asked": report.asked,
            "errors": errors,
            "warnings": warnings,
            "seconds": seconds,
        }),
    );
}
