//! What a person or a machine reads: diagnostics, results, progress.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, OnceLock, mpsc};
use std::time::Duration;

use clap::builder::styling::{AnsiColor, Style as Ansi};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use serde_json::json;

use super::build::{count, grouped};
use super::{Color, Exit, Global};
use crate::diagnostic::{Diagnostic, Kind, Severity, Style, cure, kinds, printable, render};
use crate::pipeline::Observer;
use crate::publish::{Progress, Work};

/// Where and how to print.
#[derive(Debug)]
pub(super) struct Output {
    style: Style,
    /// Whether results are in colour.
    is_painted: bool,
    pub(super) json: bool,
    pub(super) quiet: bool,
    pub(super) verbose: bool,
    /// The first error in writing to standard output.
    unwritten: OnceLock<io::Error>,
}

impl Output {
    pub(super) fn new(global: &Global) -> Self {
        // Whether a stream is a terminal, NO_COLOR and CLICOLOR_FORCE.
        let wants = |choice: anstream::ColorChoice| match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => choice != anstream::ColorChoice::Never,
        };
        let is_painted = wants(anstream::AutoStream::choice(&io::stdout()));
        let wants_colour = wants(anstream::AutoStream::choice(&io::stderr()));
        let style = if wants_colour { Style::Colour } else { Style::Plain };
        Self {
            style,
            is_painted,
            json: global.json,
            quiet: global.quiet,
            verbose: global.verbose,
            unwritten: OnceLock::new(),
        }
    }

    /// Writes a line to standard output. A closed pipe (`| head`) is not an error; what else fails is told at the end.
    fn out(&self, line: impl fmt::Display) {
        self.note(writeln!(io::stdout().lock(), "{line}"));
    }

    fn note(&self, written: io::Result<()>) {
        if let Err(error) = written
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            let _ = self.unwritten.set(error);
        }
    }

    /// How the command ends, now that everything is printed.
    pub(super) fn end(&self, exit: Exit) -> Exit {
        self.note(io::stdout().flush());
        let Some(error) = self.unwritten.get() else { return exit };
        let problem = Diagnostic::error(format!("cannot write to standard output: {error}"));
        let problem = problem.hint(cure(error, "run the command"));
        let _ = writeln!(io::stderr(), "{}", render(&problem, self.style));
        exit.worse(Exit::MachineFailed)
    }

    /// Prints a result; with `--json` the object instead of the text.
    pub(super) fn result(&self, text: &str, object: serde_json::Value) {
        self.line(&[(Tone::Plain, text)], object);
    }

    /// Prints a result of several parts; with `--json` the object instead of them.
    pub(super) fn line(&self, parts: &[(Tone, &str)], object: serde_json::Value) {
        let text = joined(parts, self.is_painted);
        if self.json {
            self.out(object);
        } else if !self.quiet && !text.is_empty() {
            self.out(text);
        }
    }

    /// Prints diagnostics, errors last, so that they stand next to the prompt.
    pub(super) fn diagnostics(&self, diagnostics: &[Diagnostic]) {
        self.print_all(diagnostics.iter().map(|one| (None, one)));
    }

    /// Prints why there is no result, on standard error; with `--json` nothing.
    pub(super) fn complaint(&self, parts: &[(Tone, &str)]) {
        if !self.json {
            // A closed pipe (`| head`) is not an error.
            let _ = writeln!(io::stderr(), "{}", joined(parts, self.style == Style::Colour));
        }
    }

    /// Tells a person what comes next, on standard error: standard output may be read by a script.
    pub(super) fn remark(&self, text: &str) {
        if !self.json && !self.quiet && io::stderr().is_terminal() {
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// Whether somebody is there to answer.
    pub(super) fn can_ask(&self) -> bool {
        !self.json && !self.quiet && io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Has somebody choose one of several; none if they choose nothing.
    pub(super) fn choose(&self, question: &str, among: &[&str]) -> Option<usize> {
        let mut err = io::stderr().lock();
        // Where nothing can be written, nothing can be read: the loop ends.
        let _ = writeln!(err, "{question}");
        for (number, one) in (1..).zip(among) {
            let _ = writeln!(err, "{number:>4}  {}", printable(one));
        }
        let mut answers = io::stdin().lock().lines();
        loop {
            let _ = write!(err, "A number from 1 to {}, or Enter for none: ", among.len());
            let _ = err.flush();
            let answer = answers.next()?.ok()?;
            match answer.trim().parse::<usize>() {
                Ok(number) if (1..=among.len()).contains(&number) => return Some(number - 1),
                _ if answer.trim().is_empty() => return None,
                _ => {}
            }
        }
    }

    /// Prints a table with a header. Without rows it prints nothing.
    pub(super) fn table<const N: usize>(&self, names: [&str; N], rows: impl Iterator<Item = [Cell; N]>) {
        let rows: Vec<[Cell; N]> = rows.collect();
        if rows.is_empty() || self.quiet {
            return;
        }
        let width = |text: &str| text.chars().count();
        let mut widths = names.map(width);
        for (at, cell) in rows.iter().flat_map(|row| row.iter().enumerate()) {
            widths[at] = widths[at].max(width(&cell.text));
        }
        let head = names.map(|name| Cell::toned(name, Tone::Faint));
        for row in std::iter::once(&head).chain(&rows) {
            let mut line = String::new();
            for (at, cell) in row.iter().enumerate() {
                let style = if self.is_painted { cell.tone.style() } else { Ansi::new() };
                let gap = if at + 1 < N { widths[at] - width(&cell.text) + 2 } else { 0 };
                let _ = write!(line, "{style}{}{style:#}{:gap$}", cell.text, "");
            }
            self.out(line.trim_end());
        }
    }

    /// Prints what was asked for as it is, whatever the flags say.
    pub(super) fn document(&self, text: &str) {
        self.out(text);
    }

    /// Prints findings by rule, errors last; of each rule the first [`OF_RULE`], unless all are wanted.
    pub(super) fn findings<'f>(&self, findings: impl Iterator<Item = Found<'f>>, all: bool) {
        let mut rules: BTreeMap<(Reverse<Severity>, &'static str), Vec<Found<'f>>> = BTreeMap::new();
        for (rule, one) in findings.filter(|(_, one)| one.is_error() || self.json || !self.quiet) {
            // For machines they are in the order of the files.
            let rule_of_group = if self.json { "" } else { rule };
            rules.entry((Reverse(one.severity), rule_of_group)).or_default().push((rule, one));
        }
        let most = if all || self.json || self.verbose { usize::MAX } else { OF_RULE };
        for ((_, rule), found) in rules {
            if found.len() <= most {
                found.iter().for_each(|(rule, one)| self.print(one, Some(rule)));
                continue;
            }
            let kinds = kinds(found.iter().map(|(rule, one)| (Some(*rule), *one)));
            let of_each = (OF_RULE / kinds.len()).max(1);
            let shown = kinds.iter().take(OF_RULE).flat_map(|kind| kind.all.iter().take(of_each));
            let shown = shown.inspect(|one| self.print(one, Some(rule))).count();
            let mut err = io::stderr().lock();
            // A closed pipe (`| head`) is not an error.
            for kind in kinds.iter().take(2 * FEW).filter(|_| kinds.len() > 1) {
                let _ = writeln!(err, "{}", line_of(kind));
            }
            let _ = writeln!(err, "{} more of [{rule}]: `--all` shows them\n", grouped(found.len() - shown));
        }
    }

    /// Few are printed one by one. Of many, people get the first of each kind, how many there are of it, and its cure.
    fn print_all<'f>(&self, all: impl Iterator<Item = (Option<&'static str>, &'f Diagnostic)> + Clone) {
        let warnings = all.clone().filter(|(_, one)| !one.is_error() && (self.json || !self.quiet));
        let ordered = warnings.chain(all.filter(|(_, one)| one.is_error()));
        if self.json || self.verbose || ordered.clone().count() <= FEW {
            ordered.for_each(|(rule, one)| self.print(one, rule));
            return;
        }
        let kinds = kinds(ordered);
        let of_each = (FEW / 2 / kinds.len()).clamp(1, 3);
        // With very many kinds only errors, and of those the most frequent ones.
        let first = kinds.iter().rev().take(FEW / 2).rev();
        for kind in first {
            kind.all.iter().take(of_each).for_each(|one| self.print(one, kind.rule));
        }
        let mut err = io::stderr().lock();
        let (shown, others) = kinds.split_at(kinds.len().min(2 * FEW));
        for kind in shown {
            // A closed pipe (`| head`) is not an error.
            let _ = writeln!(err, "{}", line_of(kind));
        }
        let total = kinds.iter().map(|kind| kind.all.len()).sum();
        let more = others.iter().map(|kind| kind.all.len()).sum();
        if more > 0 {
            let _ = writeln!(err, "{} of {} more", count(more, "problem"), count(others.len(), "kind"));
        }
        let kinds = count(kinds.len(), "kind");
        let _ = writeln!(err, "{} of {kinds}; `--verbose` shows each of them\n", count(total, "problem"));
    }

    /// Prints a diagnostic.
    pub(super) fn diagnostic(&self, one: &Diagnostic) {
        self.print(one, None);
    }

    fn print(&self, one: &Diagnostic, rule: Option<&'static str>) {
        if self.json {
            let place = one.place.as_ref();
            let mut object = json!({
                "event": "diagnostic",
                "severity": one.severity,
                "message": one.message,
                "hint": one.hint,
                "file": place.map(|place| &place.path),
                "line": place.map(|place| place.line).filter(|line| *line > 0),
                "column": place.map(|place| place.column).filter(|column| *column > 0),
                "text": place.map(|place| &place.text).filter(|text| !text.is_empty()),
                "pages": one.pages,
            });
            if let Some(rule) = rule {
                object["rule"] = rule.into();
            }
            self.out(object);
        } else if one.is_error() || !self.quiet {
            let named = rule.map(|rule| Diagnostic { message: format!("{} [{rule}]", one.message), ..one.clone() });
            let _ = writeln!(io::stderr().lock(), "{}\n", render(named.as_ref().unwrap_or(one), self.style));
        }
    }

    /// What tells how a build goes: a line on a terminal, unless the build is done in a moment.
    pub(super) fn progress(&self) -> Bar {
        let is_wanted = !self.json && !self.quiet && io::stderr().is_terminal();
        Bar { line: OnceLock::new(), is_wanted, is_quiet: self.quiet || self.json }
    }
}

/// The name of a rule, and what it found.
type Found<'f> = (&'static str, &'f Diagnostic);

/// Up to so many diagnostics are printed one by one.
const FEW: usize = 20;

/// So many findings of a rule are printed in full.
const OF_RULE: usize = 5;

/// One line about a kind: how many there are, what is wrong, the cure, and where the first one is.
fn line_of(kind: &Kind<'_>) -> String {
    let noun = match kind.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let rule = kind.rule.map(|rule| format!(" [{rule}]")).unwrap_or_default();
    let hint = kind.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
    let first = kind.all.first().and_then(|one| one.place.as_ref()).map(|place| format!(", first in {place}"));
    let text = format!("{}: {}{rule}{hint}{}", count(kind.all.len(), noun), kind.message, first.unwrap_or_default());
    printable(&text).replace('\n', " ")
}

/// A cell of a table.
#[derive(Debug)]
pub(super) struct Cell {
    text: String,
    tone: Tone,
}

impl Cell {
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self::toned(text, Tone::Plain)
    }

    pub(super) fn toned(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: printable(&text.into()).replace('\n', " "), tone }
    }
}

/// How a part of a line is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Good,
    Warning,
    Error,
    /// What comes next.
    Faint,
}

impl Tone {
    fn style(self) -> Ansi {
        match self {
            Self::Plain => Ansi::new(),
            Self::Good => AnsiColor::Green.on_default().bold(),
            Self::Warning => AnsiColor::Yellow.on_default().bold(),
            Self::Error => AnsiColor::Red.on_default().bold(),
            Self::Faint => Ansi::new().dimmed(),
        }
    }
}

/// The parts that say something, with dots between them.
fn joined(parts: &[(Tone, &str)], is_painted: bool) -> String {
    let mut text = String::new();
    for (tone, part) in parts.iter().filter(|(_, part)| !part.is_empty()) {
        let separator = if text.is_empty() { "" } else { " · " };
        let style = if is_painted { tone.style() } else { Ansi::new() };
        let _ = write!(text, "{separator}{style}{}{style:#}", printable(part));
    }
    text
}

/// Tells how a build goes.
pub(super) struct Bar {
    line: OnceLock<Line>,
    is_wanted: bool,
    is_quiet: bool,
}

/// A line that says what is being done and how far it is. It draws itself ten times a second, so it is there before
/// the first of many things is done.
struct Line {
    bar: ProgressBar,
    counts: Arc<Counts>,
    /// Dropped, it ends the thread that draws the line for the first time.
    _delay: mpsc::Sender<()>,
}

/// How many there are of each kind of work, and how many are done.
#[derive(Debug, Default)]
struct Counts {
    total: [AtomicUsize; Work::ALL.len()],
    done: [AtomicUsize; Work::ALL.len()],
    /// The kind whose number nobody knows, as its place and one; 0 for none.
    uncounted: AtomicUsize,
}

impl Counts {
    /// What is running now, in words: `1,204 of 10,000 pages, 3 of 40 cards`.
    fn words(&self) -> String {
        if let Some(at) = self.uncounted.load(Relaxed).checked_sub(1) {
            return match Work::ALL[at] {
                Work::Sources => "reading the sources".into(),
                _ => "publishing".into(),
            };
        }
        let mut parts = Vec::new();
        for (at, work) in Work::ALL.iter().enumerate() {
            let (done, total) = (self.done[at].load(Relaxed), self.total[at].load(Relaxed));
            let noun = match work {
                Work::Images => "images",
                Work::Cards => "cards",
                Work::Pages => "pages",
                Work::Search => "files of the search",
                Work::Files => "other files",
                Work::Deploying => "files of the target",
                Work::Sources | Work::Publishing => continue,
            };
            if done < total {
                parts.push(format!("{} of {} {noun}", grouped(done), grouped(total)));
            }
        }
        parts.join(", ")
    }
}

impl Line {
    /// A build that takes no longer needs no line.
    const DELAY: Duration = Duration::from_millis(250);
    const TICK: Duration = Duration::from_millis(100);

    fn begin() -> Self {
        let counts = Arc::new(Counts::default());
        let words = Arc::clone(&counts);
        let style = ProgressStyle::with_template("{spinner} {bar:24} {words}")
            .expect("the template is a good one")
            .with_key("words", move |_: &ProgressState, text: &mut dyn std::fmt::Write| {
                let _ = text.write_str(&words.words());
            });
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()).with_style(style);
        let (_delay, ended) = mpsc::channel::<()>();
        let shown = bar.clone();
        std::thread::spawn(move || {
            if ended.recv_timeout(Self::DELAY) == Err(mpsc::RecvTimeoutError::Timeout) {
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.enable_steady_tick(Self::TICK);
            }
        });
        Self { bar, counts, _delay }
    }

    fn next(&self, work: &[(Work, usize)]) {
        self.counts.total.iter().chain(&self.counts.done).for_each(|count| count.store(0, Relaxed));
        work.iter().for_each(|(work, total)| self.counts.total[*work as usize].store(*total, Relaxed));
        let uncounted = match work {
            [(work @ (Work::Sources | Work::Publishing), 0)] => *work as usize + 1,
            _ => 0,
        };
        self.counts.uncounted.store(uncounted, Relaxed);
        self.bar.set_position(0);
        self.bar.set_length(work.iter().map(|(_, total)| *total as u64).sum::<u64>().max(1));
    }

    fn done(&self, work: Work, number: usize) {
        self.counts.done[work as usize].fetch_add(number, Relaxed);
        self.bar.inc(number as u64);
    }
}

impl Bar {
    pub(super) fn finish(&self) {
        if let Some(line) = self.line.get() {
            line.bar.finish_and_clear();
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.finish();
    }
}

impl Progress for Bar {
    fn next(&self, work: &[(Work, usize)]) {
        if self.is_wanted {
            self.line.get_or_init(Line::begin).next(work);
        }
    }

    fn done(&self, work: Work, number: usize) {
        if let Some(line) = self.line.get() {
            line.done(work, number);
        }
    }
}

impl Observer for Bar {
    fn waiting(&self) {
        if !self.is_quiet {
            let _ = writeln!(io::stderr(), "another build of this site is running; waiting for it");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_progress_names_what_is_running() {
        let line = Line::begin();
        line.next(&[(Work::Sources, 0)]);
        assert_eq!(line.counts.words(), "reading the sources");
        line.next(&[(Work::Images, 3)]);
        assert_eq!(line.counts.words(), "0 of 3 images", "before the first one is done");
        line.next(&[(Work::Cards, 2), (Work::Pages, 10_000), (Work::Search, 0), (Work::Files, 1)]);
        line.done(Work::Pages, 1204);
        line.done(Work::Files, 1);
        assert_eq!(line.counts.words(), "0 of 2 cards, 1,204 of 10,000 pages");
        assert_eq!((line.bar.position(), line.bar.length()), (1205, Some(10_003)));
        line.next(&[(Work::Publishing, 0)]);
        assert_eq!(line.counts.words(), "publishing");
        line.next(&[(Work::Deploying, 1_300)]);
        line.done(Work::Deploying, 1_204);
        assert_eq!(line.counts.words(), "1,204 of 1,300 files of the target");
    }

    #[test]
    fn parts_of_a_line_are_painted_and_what_they_say_is_printable() {
        let parts = [(Tone::Good, "Built"), (Tone::Plain, ""), (Tone::Warning, "1 \u{1b}[2J")];
        assert_eq!(joined(&parts, false), "Built · 1 \\u{1b}[2J");
        assert_eq!(
            joined(&parts, true),
            "\u{1b}[1m\u{1b}[32mBuilt\u{1b}[0m · \u{1b}[1m\u{1b}[33m1 \\u{1b}[2J\u{1b}[0m"
        );
    }
}
