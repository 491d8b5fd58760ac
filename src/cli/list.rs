//! `courant list`: where each article is, for those who write and edit them.

use std::cmp::Reverse;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::build::{count, grouped, moment};
use super::output::{Cell, Output, Tone};
use super::{Exit, Global, configuration, understood};
use crate::config::{Config, Overrides};
use crate::diagnostic::Diagnostic;
use crate::index::{Index, Item, State, inventory, short};
use crate::pipeline::stages;

/// Flags of `courant list`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant list                            every article and page, the newest first
  courant list drafts                     what is not published yet
  courant list embargoed --section local  what will appear in one section
  courant list --author \"Ann Lee\" --json  for a script, one object a line")]
pub(super) struct List {
    /// Which of them (default: all)
    state: Option<Wanted>,
    /// Only those of this section, by the name of its folder
    #[arg(long, value_name = "NAME")]
    section: Option<String>,
    /// Only those of this author, by id or name
    #[arg(long, value_name = "NAME")]
    author: Option<String>,
    /// The most to list
    #[arg(long, short = 'n', value_name = "NUMBER")]
    limit: Option<usize>,
    /// As of this moment (default: now)
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Wanted {
    /// Not published yet
    Drafts,
    /// To appear at a later moment
    Embargoed,
    /// Published, and to disappear at a later moment
    Expiring,
    /// No longer published
    Expired,
    /// Taken back, with a notice for readers
    Withdrawn,
    /// Drafts, embargoed, expired and withdrawn ones
    Withheld,
    /// Readers see them
    Published,
}

impl Wanted {
    /// What these are called in a sentence.
    fn words(self) -> &'static str {
        match self {
            Self::Drafts => "no drafts",
            Self::Embargoed => "nothing is embargoed",
            Self::Expiring => "nothing is going to expire",
            Self::Expired => "nothing has expired",
            Self::Withdrawn => "nothing is withdrawn with a notice",
            Self::Withheld => "nothing is withheld",
            Self::Published => "nothing is published",
        }
    }

    fn has(self, line: &Item) -> bool {
        match self {
            Self::Drafts => line.state == State::Draft,
            Self::Embargoed => matches!(line.state, State::Embargoed(_)),
            Self::Expiring => line.is_expiring(),
            Self::Expired => matches!(line.state, State::Expired(_)),
            Self::Withdrawn => matches!(line.state, State::Withdrawn(_)),
            Self::Withheld => line.state != State::Published,
            Self::Published => line.state == State::Published,
        }
    }
}

impl List {
    pub(super) fn run(self, global: &Global, output: &Output) -> Exit {
        let Some(now) = understood(moment(self.at.as_deref(), global), output) else { return Exit::WrongUsage };
        let Some(config) = configuration(global, &Overrides::default(), output) else { return Exit::SiteHasErrors };
        let mut articles = stages::load(&global.site, &config, Vec::new()).articles;
        let errors: Vec<Diagnostic> = articles.diagnostics.drain(..).filter(Diagnostic::is_error).collect();
        let index = Index::build_beside(articles.broken, articles.rows, &articles.links, &config, now);
        let mut lines = inventory(&index, &config, now);
        lines.retain(|line| self.wants(line));
        // Where something is due, the next moment comes first.
        match self.state {
            Some(Wanted::Embargoed | Wanted::Expiring) => lines.sort_by_key(|line| line.state().1),
            _ => lines.sort_by_key(|line| Reverse(line.state().1)),
        }
        let found = lines.len();
        lines.truncate(self.limit.unwrap_or(usize::MAX));
        print(&lines, &config, output);
        output.diagnostics(&errors);
        if !output.json {
            let told = match self.state {
                Some(state) if found == 0 => state.words().to_owned(),
                None if found == 0 => "no articles".to_owned(),
                _ if found > lines.len() => format!("{} more", grouped(found - lines.len())),
                _ => count(found, "entry"),
            };
            output.line(&[(Tone::Faint, &told)], json!({}));
        }
        if errors.is_empty() { Exit::Fine } else { Exit::SiteHasErrors }
    }

    fn wants(&self, line: &Item) -> bool {
        let is = |wanted: &String, name: &str| wanted.to_lowercase() == name.to_lowercase();
        self.state.is_none_or(|state| state.has(line))
            && self.section.as_ref().is_none_or(|name| line.section.as_ref().is_some_and(|of| is(name, of)))
            && self.author.as_ref().is_none_or(|name| line.authors.iter().any(|author| is(name, author)))
    }
}

fn print(lines: &[Item], config: &Config, output: &Output) {
    let zone = &config.time_zone;
    if output.json {
        for line in lines {
            let (state, at) = line.state();
            let at = at.map(|at| at.rfc3339(zone));
            let date = line.date.map(|date| date.rfc3339(zone));
            let object = json!({
                "event": "entry",
                "state": state,
                "at": at,
                "date": date,
                "title": line.title,
                "authors": line.authors,
                "section": line.section,
                "path": line.path,
                "url": line.url,
            });
            output.result("", object);
        }
        return;
    }
    let row = |line: &Item| {
        let (state, at) = line.state();
        let tone = match line.state {
            State::Published if line.is_expiring() => Tone::Warning,
            State::Published => Tone::Good,
            State::Embargoed(_) => Tone::Warning,
            State::Draft | State::Expired(_) | State::Withdrawn(_) => Tone::Faint,
        };
        let section = line.section.clone().unwrap_or_default();
        [
            Cell::toned(state, tone),
            Cell::plain(at.map(|at| short(at, zone)).unwrap_or_default()),
            Cell::plain(section),
            Cell::plain(line.authors.join(", ")),
            Cell::plain(&line.title),
            Cell::plain(&line.path),
        ]
    };
    output.table(["STATE", "SINCE/UNTIL", "SECTION", "AUTHOR", "HEADLINE", "FILE"], lines.iter().map(row));
}
