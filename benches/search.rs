//! What the search costs: the build, an edit, the disk, and the reader.
//!
//! ```text
//! cargo bench --bench search -- --articles 10000
//! ```
//!
//! The archive is the one of the other benchmarks, with the theme `broadsheet`. Builds with and without the
//! search take turns, each in a process of its own. The reader is Chromium, and the host a server here that
//! sends everything with gzip, as hosts do.
#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark is outside the pipeline: it reads and writes files as it likes"
)]

#[path = "../tests/browsers/browser/mod.rs"]
mod browser;
#[allow(dead_code, reason = "this benchmark adds no articles")]
mod corpus;
#[path = "../tests/fixture/mod.rs"]
mod fixture;
#[allow(dead_code, unused_imports, reason = "this benchmark has no floor")]
mod measure;

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, thread};

use browser::Chromium;
use clap::Parser;
use corpus::Corpus;
use flate2::{Compression, write::GzEncoder};
use serde_json::Value;
use walkdir::WalkDir;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Measures the search.
#[derive(Parser)]
#[command(name = "cargo bench --bench search --")]
struct Options {
    /// Articles of 350 to 900 words.
    #[arg(long, default_value_t = 10_000)]
    articles: usize,
    /// Rounds of builds; figures are medians over them.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Most bytes that a query may load.
    #[arg(long, default_value_t = 150_000)]
    most: u64,
    /// Where to make the working folder; it is removed at the end. Default: the system's temporary folder.
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// Leave the queries out.
    #[arg(long)]
    no_browser: bool,
    /// Leave the working folder where it is.
    #[arg(long)]
    keep: bool,
    /// What cargo adds.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().collect();
    if arguments.get(1).is_some_and(|first| first == measure::HELPER) {
        measure::help(&arguments[2..]);
        return ExitCode::SUCCESS;
    }
    if arguments.len() == 1 {
        // `cargo test --benches` comes by without arguments and wants to be through in a moment.
        println!("nothing measured: start it with `cargo bench --bench search -- --articles 10000`");
        return ExitCode::SUCCESS;
    }
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Outcome<()> {
    let folder = match &options.scratch {
        Some(scratch) => tempfile::tempdir_in(scratch)?,
        None => tempfile::tempdir()?,
    };
    let site = folder.path().join("site");
    let corpus = Corpus::new(options.articles, 1, true);
    corpus.write(&site.join("content"), thread::available_parallelism().map_or(2, usize::from))?;
    Corpus::write_images(&site.join("static"))?;
    println!("{} articles", options.articles);
    for what in ["clean build", "an old body edited", "a new body edited"] {
        let mut costs = [Vec::new(), Vec::new()];
        for round in 0..options.runs as usize {
            for (search, costs) in [false, true].into_iter().zip(&mut costs) {
                let edited = match what {
                    "clean build" => None,
                    "an old body edited" => Some(options.articles / 3 + round),
                    _ => Some(options.articles - 1 - round),
                };
                costs.push(build(&site, search, edited.map(|number| (&corpus, number)))?);
            }
        }
        let [without, with] = costs.map(median);
        println!(
            "{what}: {:.2} s and {:.2} s of processor without the search, {:.2} s and {:.2} s with it; peak {} MB, {} MB",
            without.0,
            without.1,
            with.0,
            with.1,
            without.2 >> 20,
            with.2 >> 20
        );
    }
    size(&site.join("public-true/search"))?;
    if !options.no_browser {
        queries(&site.join("public-true"), options.most)?;
    }
    if options.keep {
        println!("kept: {}", folder.keep().display());
    }
    Ok(())
}

/// Seconds, seconds of processor, and peak bytes of a build: a clean one, or the one after an edit.
fn build(site: &Path, search: bool, edit: Option<(&Corpus, usize)>) -> Outcome<(f64, f64, u64)> {
    fs::write(
        site.join("site.yaml"),
        format!("title: Bench\nbase_url: https://bench.example\nfragments: {{latest: client}}\nsearch: {search}\n"),
    )?;
    let output = site.join(format!("public-{search}"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_courant"));
    command.args(["build", "--at", "2026-12-01T12:00:00Z", "--site"]).arg(site).arg("--output").arg(&output);
    let log = site.with_extension("log");
    match edit {
        // Both outputs have logs of their own; what the other one built meanwhile is caught up with first.
        Some((corpus, number)) => {
            measure::run(&command, &log)?;
            corpus.edit_body(&site.join("content"), number)?;
        }
        None if output.exists() => fs::remove_dir_all(&output)?,
        None => {}
    }
    let cost = measure::run(&command, &log)?;
    Ok((cost.seconds, cost.cpu_seconds.unwrap_or_default(), cost.peak_bytes.unwrap_or_default()))
}

fn median(mut costs: Vec<(f64, f64, u64)>) -> (f64, f64, u64) {
    costs.sort_by(|a, b| a.0.total_cmp(&b.0));
    costs[costs.len() / 2]
}

fn size(folder: &Path) -> Outcome<()> {
    let (mut files, mut bytes, mut sent) = (0, 0, 0);
    for entry in WalkDir::new(folder) {
        let entry = entry?;
        if entry.file_type().is_file() {
            let content = fs::read(entry.path())?;
            files += 1;
            bytes += content.len();
            sent += gzip(&content)?.len();
        }
    }
    println!("search files: {files}, {:.1} MB, {:.1} MB as they are sent", bytes as f64 / 1e6, sent as f64 / 1e6);
    Ok(())
}

fn gzip(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(content)?;
    encoder.finish()
}

/// What a reader loads for queries of one to three words, of which the archive has many, some and few.
fn queries(public: &Path, most: u64) -> Outcome<()> {
    let Some(chromium) = Chromium::start() else { return Ok(()) };
    let origin = host(public.to_owned())?;
    let [many, some, few] = words(public)?;
    let mut is_too_much = false;
    for query in [many.clone(), some.clone(), few.clone(), format!("{many} {some}"), format!("{many} {some} {few}")] {
        let page = chromium.open(&format!("{origin}/search/?q={}", query.replace(' ', "+")));
        page.wait_for(
            "document.querySelector('.search-status').textContent && document.querySelector('.search-results li')",
        );
        // The sentences are loaded after the results.
        thread::sleep(std::time::Duration::from_secs(2));
        let found = page.value("document.querySelector('.search-status').textContent");
        let loaded = page.value(
            "(() => { const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]; \
             return { bytes: all.reduce((sum, one) => sum + one.encodedBodySize, 0), count: all.length }; })()",
        );
        let bytes = loaded["bytes"].as_u64().unwrap_or_default();
        is_too_much |= bytes > most;
        println!("“{query}”: {}, {bytes} bytes in {} answers", found.as_str().unwrap_or_default(), loaded["count"]);
    }
    if is_too_much { Err(format!("a query loads more than {most} bytes").into()) } else { Ok(()) }
}

/// Words that many, some and few articles of the largest segment have.
fn words(public: &Path) -> Outcome<[String; 3]> {
    let catalogue: Value = serde_json::from_slice(&fs::read(public.join("search/catalogue.json"))?)?;
    let segments = catalogue["segments"].as_array().ok_or("no segments")?;
    let largest = segments.iter().max_by_key(|segment| segment[1].as_u64()).ok_or("no segment")?;
    let name = largest[0].as_str().ok_or("no name")?;
    let mut found = Vec::new();
    for file in 0..largest[2].as_u64().unwrap_or_default() {
        let table: Vec<String> =
            serde_json::from_slice(&fs::read(public.join(format!("search/{name}/words-{file}.json")))?)?;
        for pair in table.chunks(2).filter(|pair| !pair[0].starts_with('@')) {
            found.push((pair[1].len(), pair[0].split(' ').next().unwrap_or_default().to_owned()));
        }
    }
    found.sort();
    let nth = |from_last: usize| found[found.len().saturating_sub(from_last)].1.clone();
    Ok([nth(20), nth(300), nth(found.len() / 2)])
}

/// A host that sends the files of a folder with gzip.
fn host(public: PathBuf) -> Outcome<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let origin = format!("http://{}", listener.local_addr()?);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let public = public.clone();
            thread::spawn(move || answer(&public, stream));
        }
    });
    Ok(origin)
}

fn answer(public: &Path, mut stream: TcpStream) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let request = lines.next()?.ok()?;
    // Only the first line matters; the others are read so that the client may finish.
    for line in lines {
        if line.ok()?.is_empty() {
            break;
        }
    }
    let path = request.split(' ').nth(1)?.split('?').next()?.trim_start_matches('/');
    let file = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    let media = mime_guess::from_path(&file).first_or_octet_stream();
    let (status, content) = match fs::read(public.join(&file)) {
        Ok(content) => ("200 OK", gzip(&content).ok()?),
        Err(_) => ("404 Not Found", gzip(b"").ok()?),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        content.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&content).ok()
}
