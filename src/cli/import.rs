//! `courant import`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::build::{count, moment};
use super::output::{Output, Tone};
use super::serve::Serve;
use super::{Exit, Global, failed, understood};
use crate::diagnostic::{self, Diagnostic};
use crate::import::report::Report;
use crate::import::{self, Door, Options};
use crate::write;

/// Flags of `courant import`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant import wordpress export.xml --into my-news --dry-run   what would come, and what not
  courant import wordpress export.xml --into my-news --download  with its images
  courant import hugo ../old-site --into my-news --try           look at it first")]
pub(super) struct Import {
    /// Where the site comes from
    from: From,
    /// The exports: several files of one site are one import
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<PathBuf>,
    /// The folder of the new site (default: that of `--site`)
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// Copy images and files from this folder of uploads
    #[arg(long, value_name = "DIR")]
    media: Option<PathBuf>,
    /// Fetch images and files from the old site: from its host only, two at a time
    #[arg(long, conflicts_with = "media")]
    download: bool,
    /// Say what would be done, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Overwrite files that were edited since the last import, and restore those that were removed
    #[arg(long)]
    force: bool,
    /// Publish posts of these types too, as they were; all other types become drafts
    #[arg(long, value_name = "TYPE", value_delimiter = ',')]
    types: Vec<String>,
    /// Another name for a section, as in uncategorized=news; may be given several times
    #[arg(long = "section-map", value_name = "OLD=NEW", value_delimiter = ',', value_parser = pair)]
    sections: Vec<(String, String)>,
    /// Make a scratch site of it, and open that in the browser with the loss meter on each page
    #[arg(long = "try", conflicts_with_all = ["into", "dry_run", "force"])]
    is_try: bool,
    /// Redirects that the old site had: Redirection's JSON or CSV, Yoast's CSV, or .htaccess
    #[arg(long, value_name = "FILE")]
    redirects: Option<PathBuf>,
    /// The time zone of the site, such as Europe/Copenhagen (default: the one in which its dates agree)
    #[arg(long, value_name = "ZONE")]
    timezone: Option<String>,
    /// Import as of this moment: what is dated later is not public (default: now)
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

/// The kind of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum From {
    /// Exports of WordPress (WXR): .xml, .xml.gz or .zip
    Wordpress,
    /// JSON Lines, as `courant schema import` describes them
    Json,
    /// The folder of a Jekyll site
    Jekyll,
    /// The folder of a Hugo site
    Hugo,
    /// The folder of a Zola site
    Zola,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (old, new) = text.split_once('=').ok_or("write OLD=NEW")?;
    Ok((old.trim().to_owned(), new.trim().to_owned()))
}

impl Import {
    pub(super) fn run(self, global: &Global, output: &Arc<Output>) -> Exit {
        let Some(now) = understood(moment(self.at.as_deref(), global), output) else { return Exit::WrongUsage };
        let into = if self.is_try {
            match tempfile::Builder::new().prefix("courant-try-").tempdir() {
                Ok(folder) => folder.keep(),
                Err(error) => {
                    output.diagnostic(&diagnostic::machine("make", "a scratch folder", &error));
                    return Exit::MachineFailed;
                }
            }
        } else {
            self.into.unwrap_or_else(|| global.site.clone())
        };
        let options = Options {
            into: into.clone(),
            media: self.media,
            does_download: self.download,
            is_trial: self.dry_run,
            force: self.force,
            types: self.types,
            redirects: self.redirects,
            sections: self.sections.into_iter().collect::<BTreeMap<_, _>>(),
            timezone: self.timezone,
            base_url: self.is_try.then(|| "http://localhost:4000".into()),
            has_hotlinks: self.is_try,
            now,
        };
        if let Some(folder) = options.media.as_deref().filter(|folder| !folder.is_dir()) {
            let problem = Diagnostic::error(format!("there is no folder {}", folder.display()));
            output.diagnostic(&problem.hint("name the folder of uploads: wp-content/uploads of the old site"));
            return Exit::WrongUsage;
        }
        let door = match self.from {
            From::Wordpress => Door::Wordpress,
            From::Json => Door::Json,
            From::Jekyll => Door::Jekyll,
            From::Hugo => Door::Hugo,
            From::Zola => Door::Zola,
        };
        let is_told = !output.json && !output.quiet && std::io::stderr().is_terminal();
        let tell = |sentence: &str| {
            if is_told {
                // A closed pipe (`| head`) is not an error.
                let _ = writeln!(std::io::stderr(), "{sentence}");
            }
        };
        let report = match import::import(door, &self.sources, &options, &tell) {
            Ok(report) => report,
            Err(failure) => return failed(output, &failure),
        };
        output.diagnostics(&report.problems);
        table(&report, output);
        if self.is_try {
            return show(&report, &into, global, output);
        }
        if !self.dry_run && !output.json {
            let shown = into.display().to_string();
            let site = if shown == "." { String::new() } else { format!(" --site {shown}") };
            let next = format!(
                "`courant build{site}` makes the site, `courant check{site} --parity {}` looks for every old address",
                into.join("import-report.json").display()
            );
            output.line(&[(Tone::Faint, &next)], json!({}));
        }
        if report.problems.iter().any(Diagnostic::is_error) { Exit::SiteHasErrors } else { Exit::Fine }
    }
}

/// Shows a scratch site in the browser, with the loss meter on each page.
fn show(report: &Report, into: &Path, global: &Global, output: &Arc<Output>) -> Exit {
    let mut page =
        String::from("---\ntitle: What came across\npermalink: /import-report/\n---\n\n| | |\n| --- | --- |\n");
    for (name, text) in report.rows() {
        let text = text.replace(['|', '\\', '<', '[', '{'], " ");
        let _ = writeln!(page, "| {name} | {text} |");
    }
    let tagline = serde_json::Value::from(report.meter());
    let written = write::replace(&into.join("content/import-report.md"), page.as_bytes()).and_then(|()| {
        let config = into.join(crate::config::FILE);
        let text = std::fs::read_to_string(&config)?;
        write::replace(&config, format!("{text}theme_settings:\n  tagline: {tagline}\n").as_bytes())
    });
    if let Err(error) = written {
        output.diagnostic(&diagnostic::machine("write", into.display(), &error));
        return Exit::MachineFailed;
    }
    output.result(
        &format!(
            "  a scratch site in {}: /import-report/ has this table; delete the folder when you have seen it",
            into.display()
        ),
        json!({ "event": "tried", "path": into, "meter": report.meter() }),
    );
    let global = Global { site: into.to_path_buf(), ..global.clone() };
    Serve::opened(4000).run(&global, output)
}

/// The report as a table; for machines as one object.
fn table(report: &Report, output: &Output) {
    let first = format!("{} published there, {} published here", report.published_there, report.published_here);
    let tone = if report.published_there == report.published_here { Tone::Good } else { Tone::Warning };
    let mut object = json!({
        "event": "imported", "format": report.format, "published_there": report.published_there, "published_here": report.published_here,
        "articles": report.articles, "pages": report.pages, "drafts": report.drafts.values().sum::<usize>(), "embargoed": report.embargoed,
        "comments": report.comments, "waiting": report.comments_waiting, "left": report.comments_left,
        "words_lost": report.loss.words_lost, "unexplained": report.loss.lines.len(), "created": report.files.created,
        "updated": report.files.updated, "unchanged": report.files.unchanged, "kept": report.files.kept.keys().collect::<Vec<_>>(),
        "removed": report.files.removed,
    });
    object["meter"] = report.meter().into();
    output.line(&[(tone, &first)], object);
    if output.json {
        return;
    }
    let rows = report.rows();
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    for (name, text) in rows {
        output.result(&format!("  {name:width$}  {text}"), json!({}));
    }
    for (path, difference) in report.files.kept.iter().take(5) {
        output.result(&format!("\n  {path} was edited here, and stays; the import has:\n{difference}"), json!({}));
    }
    let more = report.files.kept.len().saturating_sub(5);
    if more > 0 {
        output.result(&format!("  and {} more", count(more, "edited file")), json!({}));
    }
}
