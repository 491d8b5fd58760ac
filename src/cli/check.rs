//! `courant check`.

use std::io::{IsTerminal, Write};

use clap::{Args, ValueEnum};
use serde_json::json;

use super::build::{count, moment};
use super::output::Output;
use super::{Exit, Global};
use crate::check::{self, Options, Report, report};
use crate::config::Overrides;

/// Flags of `courant check`.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Ask for addresses outside the site too; what was learned is kept in .courant/ for a week
    #[arg(long)]
    external: bool,
    /// How findings are printed
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
    /// Another base_url
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
        let now = match moment(self.at.as_deref(), global) {
            Ok(now) => now,
            Err(problem) => {
                output.diagnostic(&problem);
                return Exit::WrongUsage;
            }
        };
        let options = Options {
            overrides: Overrides {
                base_url: self.base_url,
                drafts: self.drafts,
                future: self.future,
                ..Overrides::default()
            },
            now,
            external: self.external,
        };
        let is_told = !output.json && !output.quiet && std::io::stderr().is_terminal();
        let tell = |sentence: &str| {
            if is_told {
                // A reader that has gone away is no failure of ours.
                let _ = writeln!(std::io::stderr(), "{sentence}");
            }
        };
        let report = check::check(&global.site, &options, &tell);
        let site = global.site.display().to_string();
        match self.format {
            Format::Text => {
                let findings = report.findings.iter().map(|finding| (finding.id(), &finding.diagnostic));
                output.findings(findings);
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
