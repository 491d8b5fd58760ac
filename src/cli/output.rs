//! What a person or a machine reads: diagnostics, results, progress.

use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use super::build::count;
use super::{Color, Global};
use crate::diagnostic::{Diagnostic, Kind, Severity, Style, kinds, printable, render};
use crate::pipeline::Observer;
use crate::publish::Progress;

/// Where and how to print.
#[derive(Debug)]
pub(super) struct Output {
    style: Style,
    pub(super) json: bool,
    pub(super) quiet: bool,
    pub(super) verbose: bool,
}

impl Output {
    pub(super) fn new(global: &Global) -> Self {
        let wants_colour = match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never,
        };
        let style = if wants_colour { Style::Colour } else { Style::Plain };
        Self { style, json: global.json, quiet: global.quiet, verbose: global.verbose }
    }

    /// Prints a result; with `--json` the object instead of the text.
    pub(super) fn result(&self, text: &str, object: serde_json::Value) {
        let mut out = io::stdout().lock();
        // A reader that has gone away (`| head`) is no failure of ours.
        let _ = if self.json {
            writeln!(out, "{object}")
        } else if self.quiet || text.is_empty() {
            Ok(())
        } else {
            writeln!(out, "{}", printable(text))
        };
    }

    /// Prints diagnostics, errors last, so that they stand next to the prompt.
    pub(super) fn diagnostics(&self, diagnostics: &[Diagnostic]) {
        self.print_all(diagnostics.iter().map(|one| (None, one)));
    }

    /// Tells a person what comes next, on standard error: standard output may be read by a script.
    pub(super) fn remark(&self, text: &str) {
        if !self.json && !self.quiet && io::stderr().is_terminal() {
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// Prints what was asked for as it is, whatever the flags say.
    pub(super) fn document(&self, text: &str) {
        // A reader that has gone away (`| head`) is no failure of ours.
        let _ = writeln!(io::stdout().lock(), "{text}");
    }

    /// Prints findings with the names of their rules, errors last.
    pub(super) fn findings<'f>(&self, findings: impl Iterator<Item = (&'static str, &'f Diagnostic)> + Clone) {
        self.print_all(findings.map(|(rule, one)| (Some(rule), one)));
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
            // A reader that has gone away (`| head`) is no failure of ours.
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
            let _ = writeln!(io::stdout().lock(), "{object}");
        } else if one.is_error() || !self.quiet {
            let named = rule.map(|rule| Diagnostic { message: format!("{} [{rule}]", one.message), ..one.clone() });
            let _ = writeln!(io::stderr().lock(), "{}\n", render(named.as_ref().unwrap_or(one), self.style));
        }
    }

    /// A progress bar, on a terminal, once the work takes longer than half a second.
    pub(super) fn progress(&self) -> Bar {
        let is_wanted = !self.json && !self.quiet && io::stderr().is_terminal();
        Bar { began: Instant::now(), bar: Mutex::new(None), is_wanted, is_quiet: self.quiet || self.json }
    }
}

/// Up to so many diagnostics are printed one by one.
const FEW: usize = 20;

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

/// A progress bar that appears late.
pub(super) struct Bar {
    began: Instant,
    bar: Mutex<Option<ProgressBar>>,
    is_wanted: bool,
    is_quiet: bool,
}

impl Bar {
    const DELAY: Duration = Duration::from_millis(500);

    pub(super) fn finish(&self) {
        if let Some(bar) = self.bar.lock().expect("no panic while locked").take() {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Bar {
    fn pictures(&self, done: usize, total: usize) {
        if !self.is_wanted || self.began.elapsed() < Self::DELAY {
            return;
        }
        let Ok(mut bar) = self.bar.try_lock() else { return };
        let bar_of_pictures = bar.get_or_insert_with(|| {
            let style = ProgressStyle::with_template("{bar:32} {human_pos} of {human_len} pictures, {eta} left")
                .expect("the template is a good one");
            ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::stderr()).with_style(style)
        });
        bar_of_pictures.set_position(done as u64);
        if done == total
            && let Some(done) = bar.take()
        {
            // The next bar is of pages.
            done.finish_and_clear();
        }
    }

    fn pages(&self, done: usize, total: usize) {
        if !self.is_wanted || !done.is_multiple_of(64) || self.began.elapsed() < Self::DELAY {
            return;
        }
        let Ok(mut bar) = self.bar.try_lock() else { return };
        let bar = bar.get_or_insert_with(|| {
            let style = ProgressStyle::with_template("{bar:32} {human_pos} of {human_len} pages, {eta} left")
                .expect("the template is a good one");
            ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::stderr()).with_style(style)
        });
        bar.set_position(done as u64);
    }
}

impl Observer for Bar {
    fn waiting(&self) {
        if !self.is_quiet {
            let _ = writeln!(io::stderr(), "another build of this site is running; waiting for it");
        }
    }
}
