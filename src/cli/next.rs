//! `courant next`: the timeline, for people, for machines, for `cron`, and as an answer for a script.

use clap::Args;
use jiff::tz::TimeZone;
use jiff::{SpanRelativeTo, Unit};
use serde_json::json;

use super::build::{count, grouped, moment, moment_of};
use super::output::{Cell, Output, Tone};
use super::{Exit, Global};
use crate::article::time::Timestamp;
use crate::config::{Config, Overrides};
use crate::diagnostic::Diagnostic;
use crate::index::{Happening, Moment, away, short, timeline};
use crate::pipeline::stages;

/// Flags of `courant next`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  courant next                what is due, soonest first
  courant next --within 15m   is a build needed soon? The exit code tells
  courant next --cron         the schedule of a year for cron")]
pub(super) struct Next {
    /// As of this moment (default: now)
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// What has become due since this moment, instead of what will; the exit code is 1 if nothing has
    #[arg(long, value_name = "TIME", conflicts_with = "within")]
    since: Option<String>,
    /// Only what is due within this time, such as 15m, 2h or 1d; the exit code is 1 if nothing is
    #[arg(long, value_name = "DURATION")]
    within: Option<String>,
    /// List the moments of drafts, too, as if they were published; no build changes anything at them
    #[arg(long, conflicts_with_all = ["since", "within", "cron"])]
    drafts: bool,
    /// List when articles leave the news sitemap, too (`--within`, `--since`, `--cron` and `--json` always do)
    #[arg(long)]
    all: bool,
    /// Print a cron schedule in UTC: a line for each minute at which a build is needed in the next year
    #[arg(long, conflicts_with = "since")]
    cron: bool,
}

impl Next {
    pub(super) fn run(self, global: &Global, output: &Output) -> Exit {
        match self.answer(global, output) {
            Ok(exit) => exit,
            Err(problem) => {
                output.diagnostic(&problem);
                Exit::WrongUsage
            }
        }
    }

    /// # Errors
    /// A flag has no meaning.
    fn answer(&self, global: &Global, output: &Output) -> Result<Exit, Box<Diagnostic>> {
        let now = moment(self.at.as_deref(), global)?;
        let since = match &self.since {
            Some(text) => moment_of("--since", text, global)?,
            None => now,
        };
        let last = match &self.within {
            Some(text) => Some(Timestamp(now.0.saturating_add(seconds(text)?))),
            None => self.since.is_some().then_some(now),
        };
        let is_question = last.is_some();
        let overrides = Overrides { drafts: self.drafts, ..Overrides::default() };
        let config = match Config::load(&global.site, &overrides) {
            Ok(config) => config,
            Err(problems) => {
                output.diagnostics(&problems);
                return Ok(unanswered(is_question));
            }
        };
        let articles = stages::load(&global.site, &config, Vec::new()).articles;
        output.diagnostics(&articles.diagnostics);
        let mut moments = timeline(&articles.rows, &config, since);
        if let Some(last) = last {
            moments.retain(|moment| moment.at <= last);
        }
        if self.cron {
            print_cron(&moments, now, output);
        } else {
            let nothing = match (&self.within, &self.since) {
                (Some(within), _) => format!("nothing is due within {}", within.trim()),
                (None, Some(since)) => format!("nothing has become due since {}", since.trim()),
                (None, None) => "nothing is due: the site changes only when you edit it".into(),
            };
            let is_for_people = !is_question && !output.json;
            let all = moments.len();
            if is_for_people && !self.all {
                moments.retain(|moment| moment.event != Happening::LeavesNewsSitemap);
            }
            print(&moments, now, &nothing, &config, output);
            if moments.len() < all {
                let told = match all - moments.len() {
                    1 => "1 article leaves the news sitemap; `--all` shows when".to_owned(),
                    more => format!("{} articles leave the news sitemap; `--all` shows when", grouped(more)),
                };
                output.line(&[(Tone::Faint, &told)], json!({}));
            }
        }
        if articles.diagnostics.iter().any(Diagnostic::is_error) {
            return Ok(unanswered(is_question));
        }
        Ok(if is_question && moments.is_empty() { Exit::SiteHasErrors } else { Exit::Fine })
    }
}

/// How a command ends whose site has errors. As an answer, 1 would mean that nothing is due.
fn unanswered(is_question: bool) -> Exit {
    if is_question { Exit::WrongUsage } else { Exit::SiteHasErrors }
}

/// Prints the moments, or the sentence `nothing`.
fn print(moments: &[Moment], now: Timestamp, nothing: &str, config: &Config, output: &Output) {
    if output.json {
        for Moment { at, event, path, title } in moments {
            let at = at.rfc3339(&config.time_zone);
            output.result("", json!({ "event": event.name(), "at": at, "path": path, "title": title }));
        }
        return;
    }
    let row = |moment: &Moment| {
        [
            Cell::plain(short(moment.at, &config.time_zone)),
            Cell::plain(away(moment.at.0 - now.0)),
            Cell::plain(moment.event.words()),
            Cell::plain(&moment.title),
            Cell::plain(&moment.path),
        ]
    };
    output.table(["MOMENT", "", "WHAT HAPPENS", "HEADLINE", "FILE"], moments.iter().map(row));
    if moments.is_empty() {
        output.result(nothing, json!({}));
    } else if output.verbose {
        output.result(&count(moments.len(), "moment"), json!({}));
    }
}

/// The minutes of the next year at which a build is needed, as `cron` has them: minute, hour, day, month,
/// any day of the week (crontab(5)). `cron` knows no years and no seconds, so later moments are left out,
/// and one within a minute is rounded up.
fn print_cron(moments: &[Moment], now: Timestamp, output: &Output) {
    const YEAR: i64 = 365 * 24 * 60 * 60;
    let minute = |moment: &Moment| Timestamp((moment.at.0 + 59).div_euclid(60) * 60);
    let mut minutes: Vec<Timestamp> = moments.iter().map(minute).filter(|at| at.0 <= now.0 + YEAR).collect();
    minutes.dedup();
    for at in minutes {
        let time = TimeZone::UTC.to_datetime(at.to_jiff());
        let cron = format!("{} {} {} {} *", time.minute(), time.hour(), time.day(), time.month());
        output.result(&cron, json!({ "event": "cron", "at": at.rfc3339(&TimeZone::UTC), "cron": cron }));
    }
}

/// The seconds in a duration such as `15m`, `2h 30m`, `1d` or `PT15M`; a day has 24 hours.
fn seconds(text: &str) -> Result<i64, Diagnostic> {
    let problem = || {
        Diagnostic::error(format!("--within: `{text}` is not a duration"))
            .hint("write a duration such as 15m, 2h or 1d")
    };
    let span: jiff::Span = text.trim().parse().map_err(|_| problem())?;
    let total = span.total((Unit::Second, SpanRelativeTo::days_are_24_hours())).map_err(|_| problem())?;
    if total < 0.0 { Err(problem()) } else { Ok(total as i64) }
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, expected) in [("15m", 900), ("2h", 7200), ("1d", 86_400), ("1h 30min", 5400), ("PT15M", 900)] {
            assert_eq!(seconds(text).ok(), Some(expected), "{text}");
        }
        for text in ["", "soon", "15", "-1h"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
