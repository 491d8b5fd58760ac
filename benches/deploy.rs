//! How long it takes to deploy one edit of a large site, beside tools that compare every file.
//!
//! ```text
//! cargo bench --bench deploy -- --articles 100000 --stores target/stores --aws aws
//! ```
//!
//! The store is `moto_server` on loopback. `aws s3 sync` and `rclone sync --checksum` bring the same edit to a bucket of
//! their own, in turn with courant; medians. What courant's own build of the edit takes is printed beside it and does
//! not count.

#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark is outside the pipeline: it reads and writes files as it likes"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
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
    /// What cargo adds
    #[arg(long, hide = true)]
    bench: bool,
}

const BODY: &str = "The ferry leaves at six, and the harbour master says that it will not wait for anybody. ";

/// Makes the command that brings the site to a bucket.
type Sync = Box<dyn Fn() -> Command>;

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
    let courant = |words: &[&str]| timed(command(Path::new(env!("CARGO_BIN_EXE_courant")), &site).args(words));
    println!("first build      {:>8.2} s", courant(&["build", "--quiet"]).as_secs_f64());
    println!("first deployment {:>8.2} s", courant(&["deploy", "--quiet", "--adopt", "--jobs", "32"]).as_secs_f64());
    let rclone = arguments.stores.join("bin/rclone");
    let mut others: Vec<(&str, Sync)> = Vec::new();
    let target =
        format!(":s3,provider=Other,endpoint='{}',access_key_id=key,secret_access_key=secret:rclone", server.address());
    let own = site.clone();
    others.push((
        "rclone sync --checksum",
        Box::new(move || {
            let mut sync = command(&rclone, &own);
            sync.args(["sync", "--checksum", "--transfers", "32", "--exclude", ".courant", "public", &target]);
            sync
        }),
    ));
    if let Some(aws) = arguments.aws.clone() {
        let (own, address) = (site.clone(), server.address());
        others.push((
            "aws s3 sync",
            Box::new(move || {
                let mut sync = command(&aws, &own);
                sync.args([
                    "--endpoint-url",
                    &address,
                    "s3",
                    "sync",
                    "--only-show-errors",
                    "--exclude",
                    ".courant",
                    "public",
                    "s3://aws",
                ]);
                sync
            }),
        ));
    }
    for (name, sync) in &others {
        println!("first {name:<22} {:>8.2} s", timed(&mut sync()).as_secs_f64());
    }
    let mut deployments = Vec::new();
    let mut builds = Vec::new();
    let mut theirs: Vec<Vec<Duration>> = others.iter().map(|_| Vec::new()).collect();
    for run in 0..arguments.runs.max(1) {
        write_article(&site, arguments.articles / 2 + run, &format!("Edited in run {run}. "));
        builds.push(courant(&["build", "--quiet"]));
        deployments.push(courant(&["deploy", "--quiet"]));
        for ((_, sync), took) in others.iter().zip(&mut theirs) {
            took.push(timed(&mut sync()));
        }
    }
    let unchanged = courant(&["deploy", "--quiet"]);
    let own = median(deployments);
    println!("build of one edit     {:>8.2} s", median(builds));
    println!("deploy one edit       {own:>8.3} s   (wanted: 0.5 s with 100,000 articles)");
    println!("deploy nothing        {:>8.3} s", unchanged.as_secs_f64());
    for ((name, _), took) in others.iter().zip(theirs) {
        let took = median(took);
        println!("{name:<22}{took:>8.2} s   {:.0} × as long (wanted: 20)", took / own);
    }
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
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
    assert!(status.success(), "{command:?} failed");
    began.elapsed()
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
        for bucket in ["courant", "rclone", "aws"] {
            while ureq::put(format!("{}/{bucket}", this.address())).send_empty().is_err() {
                assert!(began.elapsed() < Duration::from_secs(60), "moto_server does not start");
                std::thread::sleep(Duration::from_millis(100));
            }
        }
        this
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
