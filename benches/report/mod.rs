//! Gathers what was measured and prints it: a table for people, one line of JSON for programs.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::corpus::Written;
use crate::measure::{Cost, Kind, Survey};

pub(crate) struct Report {
    articles: u32,
    runs: u32,
    place: String,
    corpus: Value,
    notes: Vec<String>,
    series: Vec<Series>,
    surveys: Vec<(&'static str, Survey)>,
}

/// The same measurement, once per round.
struct Series {
    key: &'static str,
    label: String,
    costs: Vec<Cost>,
    /// What courant said of itself, parallel to `costs`; empty for others.
    summaries: Vec<Value>,
}

/// A ratio of two medians and the value it should have.
struct Ratio {
    label: &'static str,
    of: (&'static str, &'static str),
    /// Shown as 1/x.
    inverse: bool,
    target: &'static str,
}

const RATIOS: [Ratio; 7] = [
    Ratio {
        label: "Hugo / courant, defaults",
        of: ("hugo", "defaults"),
        inverse: false,
        target: "at least 2.5, in memory",
    },
    Ratio { label: "Hugo / courant, plain", of: ("hugo", "clean"), inverse: false, target: "at least 8, in memory" },
    Ratio { label: "clean build / cp -r", of: ("clean", "cp"), inverse: false, target: "at most 1.5, on a disk" },
    Ratio { label: "clean build / written by 2 threads", of: ("clean", "write_2"), inverse: false, target: "" },
    Ratio {
        label: "nothing changed / clean build",
        of: ("unchanged", "clean"),
        inverse: true,
        target: "at most 1/20, at 100,000",
    },
    Ratio {
        label: "one body edited / clean build",
        of: ("body_edited", "clean"),
        inverse: true,
        target: "at most 1/15, at 100,000",
    },
    Ratio {
        label: "one new article / clean build",
        of: ("new_article", "clean"),
        inverse: true,
        target: "at most 1/15, at 100,000",
    },
];

impl Series {
    fn seconds(&self) -> f64 {
        median(self.costs.iter().map(|cost| cost.seconds)).unwrap_or(f64::NAN)
    }

    fn range(&self) -> (f64, f64) {
        let seconds = self.costs.iter().map(|cost| cost.seconds);
        seconds.fold((f64::INFINITY, 0.0), |(low, high), s| (low.min(s), high.max(s)))
    }

    fn cpu_seconds(&self) -> Option<f64> {
        median(self.costs.iter().filter_map(|cost| cost.cpu_seconds))
    }

    fn peak_bytes(&self) -> Option<f64> {
        median(self.costs.iter().filter_map(|cost| cost.peak_bytes).map(|bytes| bytes as f64))
    }

    /// The noisiest run.
    fn others(&self) -> Option<f64> {
        self.costs.iter().filter_map(|cost| cost.others).reduce(f64::max)
    }

    /// Rendered pages of each run, as courant said.
    fn rendered(&self) -> Vec<u64> {
        self.summaries.iter().filter_map(|summary| summary["rendered"].as_u64()).collect()
    }
}

impl Report {
    pub(crate) fn new(articles: u32, runs: u32, place: &str, corpus: &Written) -> Report {
        Report {
            articles,
            runs,
            place: place.to_owned(),
            corpus: json!({ "bytes": corpus.bytes, "shortest": corpus.words.0, "longest": corpus.words.1 }),
            notes: Vec::new(),
            series: Vec::new(),
            surveys: Vec::new(),
        }
    }

    /// One measured run; `summary` is the last line of courant's `--json`.
    pub(crate) fn add(&mut self, key: &'static str, label: &str, cost: Cost, summary: Option<Value>) {
        eprintln!("  {label}: {:.3} s", cost.seconds);
        let at = self.series.iter().position(|series| series.key == key).unwrap_or_else(|| {
            self.series.push(Series { key, label: label.to_owned(), costs: Vec::new(), summaries: Vec::new() });
            self.series.len() - 1
        });
        self.series[at].costs.push(cost);
        self.series[at].summaries.extend(summary);
    }

    /// A line above the table; the same one is kept once.
    pub(crate) fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Looks at what `program` wrote, the first time it is asked.
    pub(crate) fn survey<E>(
        &mut self,
        program: &'static str,
        look: impl FnOnce() -> Result<Survey, E>,
    ) -> Result<(), E> {
        if self.surveyed(program).is_none() {
            self.surveys.push((program, look()?));
        }
        Ok(())
    }

    pub(crate) fn surveyed(&self, program: &str) -> Option<&Survey> {
        self.surveys.iter().find(|(name, _)| *name == program).map(|(_, survey)| survey)
    }

    fn find(&self, key: &str) -> Option<&Series> {
        self.series.iter().find(|series| series.key == key)
    }

    fn ratio(&self, of: (&str, &str)) -> Option<f64> {
        Some(self.find(of.0)?.seconds() / self.find(of.1)?.seconds())
    }

    pub(crate) fn print(&self) {
        let mut text = self.heading();
        text.push_str(&self.table());
        text.push_str(&self.ratios());
        text.push_str(&self.outputs());
        println!("{text}\n{}", self.json());
    }

    fn heading(&self) -> String {
        let processors = std::thread::available_parallelism().map_or(0, usize::from);
        let mut text = format!(
            "courant {}: {} articles of {} to {} words, {} of Markdown; {}, {processors} processors, median of {}\n",
            env!("CARGO_PKG_VERSION"),
            grouped(u64::from(self.articles)),
            self.corpus["shortest"],
            self.corpus["longest"],
            megabytes(self.corpus["bytes"].as_f64()),
            self.place,
            self.runs,
        );
        for note in &self.notes {
            let _ = writeln!(text, "{note}");
        }
        text
    }

    fn table(&self) -> String {
        let mut text = format!(
            "\n{:<36}{:>10}{:>20}{:>9}{:>11}{:>8}  {}\n",
            "", "wall s", "min – max", "cpu s", "peak", "others", "pages rendered"
        );
        for series in &self.series {
            let (low, high) = series.range();
            let rendered: Vec<String> = series.rendered().iter().map(|count| grouped(*count)).collect();
            let _ = writeln!(
                text,
                "{:<36}{:>10.3}{:>20}{:>9}{:>11}{:>8}  {}",
                series.label,
                series.seconds(),
                format!("{low:.3} – {high:.3}"),
                series.cpu_seconds().map_or_else(String::new, |s| format!("{s:.2}")),
                megabytes(series.peak_bytes()),
                series.others().map_or_else(String::new, |share| format!("{:.0} %", share * 100.0)),
                rendered.join("  "),
            );
        }
        text.push_str(
            "(others: what other programs and the kernel's writing back took of the machine in the noisiest run)\n",
        );
        text
    }

    fn ratios(&self) -> String {
        let mut text = String::from("\n");
        for Ratio { label, of, inverse, target } in RATIOS {
            let Some(ratio) = self.ratio(of) else { continue };
            let value = if inverse { format!("1/{:.1}", 1.0 / ratio) } else { format!("{ratio:.2}") };
            let target = if target.is_empty() { String::new() } else { format!("  (target: {target})") };
            let _ = writeln!(text, "{label:<36}{value:>10}{target}");
        }
        if let Some(clean) = self.find("clean") {
            let _ = writeln!(
                text,
                "{:<36}{:>10.1}  (target: at 1,000,000 at most 1.3 times that at 10,000)",
                "microseconds per article, clean",
                clean.seconds() * 1e6 / f64::from(self.articles)
            );
        }
        text
    }

    /// What was written, and where the two sites are not the same.
    fn outputs(&self) -> String {
        if self.surveys.is_empty() {
            return String::new();
        }
        let mut text = format!("\n{:<36}", "output files");
        for (program, _) in &self.surveys {
            let _ = write!(text, "{program:>12}");
        }
        text.push('\n');
        let mut row = |label: &str, value: &dyn Fn(&Survey) -> String| {
            let _ = write!(text, "{label:<36}");
            for (_, survey) in &self.surveys {
                let _ = write!(text, "{:>12}", value(survey));
            }
            text.push('\n');
        };
        for kind in Kind::ALL {
            row(kind.plural(), &|survey| grouped(survey.size(kind).0));
        }
        row("all files", &|survey| grouped(survey.total().0));
        row("all bytes", &|survey| megabytes(Some(survey.total().1 as f64)));
        row("bytes per article page", &|survey| format!("{:.0}", survey.bytes_per_article()));
        if let (Some(defaults), Some(plain)) = (self.surveyed("defaults"), self.surveyed("courant")) {
            let times = defaults.total().1 as f64 / plain.total().1 as f64;
            let _ = writeln!(text, "{:<36}{times:>12.2}  (target: at most 2.2)", "bytes, defaults / plain");
        }
        if let (Some(courant), Some(hugo)) = (self.surveyed("courant"), self.surveyed("hugo")) {
            let more = (courant.bytes_per_article() / hugo.bytes_per_article() - 1.0) * 100.0;
            let verdict = if more.abs() <= 10.0 { "within a tenth" } else { "NOT within a tenth" };
            let _ = writeln!(text, "article page against Hugo's: {more:+.1} % of the bytes, {verdict}");
            for kind in Kind::ALL {
                for (one, other, name) in [(courant, hugo, "courant"), (hugo, courant, "Hugo")] {
                    let (count, first) = one.missing_in(other, kind);
                    if count > 0 {
                        let count = grouped(count as u64);
                        let _ = writeln!(text, "only in {name}: {count} {}: {} …", kind.plural(), first.join(" "));
                    }
                }
            }
        }
        text
    }

    fn json(&self) -> Value {
        let series: Map<String, Value> = self
            .series
            .iter()
            .map(|series| {
                let (low, high) = series.range();
                let own_peak =
                    series.summaries.iter().filter_map(|summary| summary["peak_memory_bytes"].as_u64()).max();
                let value = json!({
                    "seconds": series.seconds(), "min": low, "max": high, "runs": series.costs.len(),
                    "cpu_seconds": series.cpu_seconds(), "peak_bytes": series.peak_bytes(), "others": series.others(),
                    "rendered": series.rendered(), "reported_peak_bytes": own_peak,
                });
                (series.key.to_owned(), value)
            })
            .collect();
        let ratios: Map<String, Value> = RATIOS
            .iter()
            .filter_map(|ratio| Some((format!("{}/{}", ratio.of.0, ratio.of.1), json!(self.ratio(ratio.of)?))))
            .collect();
        let outputs: Map<String, Value> = self
            .surveys
            .iter()
            .map(|(program, survey)| {
                let kinds: Map<String, Value> = Kind::ALL
                    .iter()
                    .map(|kind| (kind.plural().replace(' ', "_"), json!(survey.size(*kind).0)))
                    .collect();
                let (files, bytes) = survey.total();
                let value = json!({
                    "files": files, "bytes": bytes, "bytes_per_article": survey.bytes_per_article(), "kinds": kinds,
                });
                ((*program).to_owned(), value)
            })
            .collect();
        json!({
            "bench": "build", "version": env!("CARGO_PKG_VERSION"), "articles": self.articles, "runs": self.runs,
            "file_system": self.place, "corpus": self.corpus, "notes": self.notes, "series": series, "ratios": ratios,
            "outputs": outputs,
        })
    }
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        n if n % 2 == 1 => Some(values[middle]),
        _ => Some(f64::midpoint(values[middle - 1], values[middle])),
    }
}

fn megabytes(bytes: Option<f64>) -> String {
    bytes.map_or_else(String::new, |bytes| format!("{:.1} MB", bytes / 1e6))
}

/// 1234567 as 1,234,567.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
