//! How long it takes to deploy one edit of a large site, beside tools that compare every file.
//!
//! ```text
//! cargo bench --bench deploy -- --articles 100000 --stores target/stores --aws aws
//! ```
//!
//! The store is `moto_server` on loopback. After each edit and its build, `aws s3 sync` and `rclone sync --checksum` are
//! asked what they would bring to courant's own bucket, which lacks just that edit, and then courant brings it there.
//! The others run with `--dryrun` and `--dry-run`: they list and compare everything, as they must, and are spared the
//! upload. So their buckets need not be filled first, and what is left out counts in their favour, as does rclone's
//! `--fast-list`. ETags are the MD5 sums that rclone expects. One that is not done within `--limit` is stopped, and counts
//! as that long. Medians. What courant's own build of the edit takes is printed beside it and does not count.
//!
//! With `--courant` an optimised program is measured that is there already:
//! `cargo bench --profile dev --bench deploy -- --courant target/release/courant` links nothing else.

#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark is outside the pipeline: it reads and writes files as it likes"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use clap::Parser;

/// Measures deployments.
#[derive(Debug, Parser)]
struct Arguments {
    /// Articles of the site
    #[arg(long, default_value_t = 10_000)]
    articles: usize,
    /// Edits
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// The folder whose `bin` has `moto_server` and `rclone`, as `.ci/run` makes it
    #[arg(long, value_name = "DIR", default_value = "target/stores")]
    stores: PathBuf,
    /// The program `aws`; without it, it is not measured
    #[arg(long, value_name = "PATH")]
    aws: Option<PathBuf>,
    /// The program to measure (default: the one that cargo has built for this)
    #[arg(long, value_name = "PATH")]
    courant: Option<PathBuf>,
    /// Seconds after which another tool is stopped
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    limit: u64,
    /// What cargo adds
    #[arg(long, hide = true)]
    bench: bool,
}

const BODY: &str = "The ferry leaves at six, and the harbour master says that it will not wait for anybody. ";

/// A tool that compares every file.
struct Other {
    name: &'static str,
    command: Command,
    times: Vec<Took>,
}

/// How long a tool took, or that it was stopped after this time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Took {
    time: Duration,
    is_stopped: bool,
}

fn main() {
    if std::env::args().len() == 1 {
        // `cargo test --benches` comes by without arguments and wants to be through in a moment.
        println!("nothing measured: start it with `cargo bench --bench deploy -- --articles 10000`");
        return;
    }
    let arguments = Arguments::parse();
    let folder = tempfile::tempdir().expect("a folder");
    let server = Store::start(&arguments.stores);
    let site = folder.path().join("site");
    write_site(&site, arguments.articles, &server.address());
    let built = PathBuf::from(env!("CARGO_BIN_EXE_courant"));
    let program = fs::canonicalize(arguments.courant.as_ref().unwrap_or(&built)).expect("the program is there");
    let courant = |words: &[&str]| timed(command(&program, &site).args(words));
    println!("first build         {:>8.2} s", courant(&["build", "--quiet"]).as_secs_f64());
    let first = courant(&["deploy", "--quiet", "--adopt", "--jobs", "32"]).as_secs_f64();
    println!("first deployment    {first:>8.2} s   {} files", count_files(&site.join("public")));
    let mut others = others(&arguments, &server.address(), &site);
    let said = folder.path().join("said");
    let (mut deployments, mut builds) = (Vec::new(), Vec::new());
    for run in 0..arguments.runs.max(1) {
        let number = arguments.articles / 2 + run;
        write_article(&site, number, &format!("Edited in run {run}. "));
        builds.push(courant(&["build", "--quiet"]));
        for other in &mut others {
            let took = within(Duration::from_secs(arguments.limit), &mut other.command, &said);
            let page = format!("/a{number}/index.html");
            let finds = fs::read_to_string(&said).expect("text").contains(&page);
            assert!(took.is_stopped || finds, "{} does not find the edit of {page}", other.name);
            other.times.push(took);
            server.settle();
        }
        deployments.push(courant(&["deploy", "--quiet"]));
    }
    let unchanged = courant(&["deploy", "--quiet"]);
    let own = median(deployments).as_secs_f64();
    println!("build of one edit   {:>8.2} s", median(builds).as_secs_f64());
    println!("deploy one edit     {own:>8.3} s   (wanted: 0.5 s with 100,000 articles)");
    println!("deploy nothing      {:>8.3} s", unchanged.as_secs_f64());
    for other in others {
        let Took { time, is_stopped } = median(other.times);
        let (more, stopped) = if is_stopped { ("more than ", ", stopped") } else { ("", "") };
        let (time, times) = (time.as_secs_f64(), time.as_secs_f64() / own);
        println!("{:<23}{time:>5.1} s   {more}{times:.0} × as long{stopped} (wanted: 20)", other.name);
    }
}

/// The other tools, each looking at courant's own bucket.
fn others(arguments: &Arguments, address: &str, site: &Path) -> Vec<Other> {
    let mut rclone = command(&arguments.stores.canonicalize().expect("a folder").join("bin/rclone"), site);
    let target = format!(":s3,provider=Other,endpoint='{address}',access_key_id=key,secret_access_key=secret:courant");
    rclone.args(["sync", "--checksum", "--dry-run", "--fast-list", "--transfers", "32", "--checkers", "32"]);
    rclone.args(["--exclude", "/.courant", "--exclude", "/.courant-deploy/**", "public", &target]);
    let mut all = vec![Other { name: "rclone sync --checksum", command: rclone, times: Vec::new() }];
    if let Some(program) = &arguments.aws {
        let mut aws = command(program, site);
        aws.args(["--endpoint-url", address, "s3", "sync", "--dryrun", "--exclude", ".courant*"]);
        aws.args(["public", "s3://courant"]);
        all.push(Other { name: "aws s3 sync", command: aws, times: Vec::new() });
    }
    all
}

/// Runs a command for at most so long. What it says goes to the file `said`.
fn within(limit: Duration, command: &mut Command, said: &Path) -> Took {
    let file = fs::File::create(said).expect("written");
    command.stdout(file.try_clone().expect("a handle")).stderr(file);
    let began = Instant::now();
    let mut child = command.spawn().expect("the program runs");
    while began.elapsed() < limit {
        if let Some(status) = child.try_wait().expect("waited for") {
            expect_success(status, command);
            return Took { time: began.elapsed(), is_stopped: false };
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().and_then(|()| child.wait()).expect("stopped");
    Took { time: limit, is_stopped: true }
}

fn count_files(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    entries.map(|entry| if entry.path().is_dir() { count_files(&entry.path()) } else { 1 }).sum()
}

fn expect_success(status: ExitStatus, command: &Command) {
    assert!(status.success(), "{command:?} failed");
}

fn median<T: Copy + Ord>(mut all: Vec<T>) -> T {
    all.sort_unstable();
    all[all.len() / 2]
}

fn command(program: &Path, site: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(site).stdout(Stdio::null());
    command.env("AWS_ACCESS_KEY_ID", "key").env("AWS_SECRET_ACCESS_KEY", "secret").env("AWS_REGION", "us-east-1");
    command
}

fn timed(command: &mut Command) -> Duration {
    let began = Instant::now();
    let status = command.status().expect("the program runs");
    let took = began.elapsed();
    expect_success(status, command);
    took
}

fn write_site(site: &Path, articles: usize, address: &str) {
    let settings = format!(
        "base_url: https://test.example\ncards: false\nsearch: false\nfeeds: {{ content: summary }}\ndeploy: {{ live: {{ to: \"s3://courant\", endpoint: \"{address}\" }} }}\n"
    );
    fs::create_dir_all(site).expect("a folder");
    fs::write(site.join("site.yaml"), settings).expect("written");
    (0..articles).for_each(|number| write_article(site, number, ""));
}

fn write_article(site: &Path, number: usize, first: &str) {
    let folder = site.join(format!("content/s{}", number % 8));
    fs::create_dir_all(&folder).expect("a folder");
    let day = number % 28 + 1;
    let (month, year) = (number / 28 % 12 + 1, 2000 + number / 336 % 24);
    let text = format!(
        "---\ntitle: Article {number}\ndate: {year}-{month:02}-{day:02}\ntags: [t{}]\nsummary: Number {number}.\n---\n\n{first}{}\n",
        number % 100,
        BODY.repeat(12)
    );
    fs::write(folder.join(format!("a{number}.md")), text).expect("written");
}

/// The store, until it is dropped.
struct Store {
    child: Child,
    port: u16,
}

impl Store {
    fn start(stores: &Path) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("bound").port();
        drop(listener);
        let mut command = Command::new(stores.join("bin/moto_server"));
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
        let this = Self { child: command.spawn().expect("moto_server runs: .ci/run installs it"), port };
        let began = Instant::now();
        while ureq::put(format!("{}/courant", this.address())).send_empty().is_err() {
            assert!(began.elapsed() < Duration::from_secs(60), "moto_server does not start");
            std::thread::sleep(Duration::from_millis(100));
        }
        this
    }

    /// Waits until it is done with what a tool has asked for that was stopped: that is nobody else's time.
    fn settle(&self) {
        let (began, mut quick) = (Instant::now(), 0);
        while quick < 5 && began.elapsed() < Duration::from_secs(120) {
            let asked = Instant::now();
            let _ = ureq::head(format!("{}/courant/404.html", self.address())).call();
            quick = if asked.elapsed() < Duration::from_millis(50) { quick + 1 } else { 0 };
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
