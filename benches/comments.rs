//! How many comments a second the receiver acknowledges, against what the disk can do; and how long others wait
//! while a server is attacked.
//!
//! ```text
//! cargo bench --bench comments -- --comments 10000 --readers 64
//! cargo bench --bench comments -- --attacks
//! ```
//!
//! An attack comes from one address, as the good request does that is timed meanwhile, so that is the worst case.
//!
//! Each round sends all comments from so many readers at once, each over one connection, to
//! `courant comments serve`; every one is acknowledged after its file and its folder are on the disk. The floor
//! is the same number of threads that write such files the plain way: temporary file, fsync, rename, fsync
//! of the folder, one comment after the other, without HTTP. Both in turn, on the same disk; medians.

#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark is outside the pipeline: it reads and writes files as it likes"
)]

#[path = "../tests/receiver/mod.rs"]
mod receiver;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::Parser;
use receiver::{Receiver, client, comment};

/// Measures the comment receiver.
#[derive(Debug, Parser)]
struct Arguments {
    /// Comments in each round
    #[arg(long, default_value_t = 10_000)]
    comments: usize,
    /// Readers that send at the same time
    #[arg(long, default_value_t = 64)]
    readers: usize,
    /// Rounds
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Attack the receiver and the preview instead
    #[arg(long)]
    attacks: bool,
    /// Where to work, on a disk. Default: the system's temporary folder
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// What cargo adds
    #[arg(long, hide = true)]
    bench: bool,
}

const ARTICLE: &str = "/local/tunnel/";

fn main() {
    if std::env::args().len() == 1 {
        // `cargo test --benches` comes by without arguments and wants to be through in a moment.
        println!("nothing measured: start it with `cargo bench --bench comments -- --comments 10000`");
        return;
    }
    let arguments = Arguments::parse();
    let folder = match &arguments.scratch {
        Some(scratch) => tempfile::tempdir_in(scratch),
        None => tempfile::tempdir(),
    };
    let folder = folder.expect("a folder");
    if arguments.attacks {
        attacks(folder.path());
        return;
    }
    let (mut received, mut plain, mut memory) = (Vec::new(), Vec::new(), 0);
    for run in 0..arguments.runs.max(1) {
        let site = folder.path().join(format!("site-{run}"));
        write_site(&site);
        let (rate, peak) = receive(&site, &arguments);
        received.push(rate);
        memory = memory.max(peak);
        plain.push(write(&folder.path().join(format!("plain-{run}")), &arguments));
    }
    let (received, plain) = (median(received), median(plain));
    println!("comments acknowledged      {received:>8.0} a second   (wanted: 2,000)");
    println!("plain files, no HTTP       {plain:>8.0} a second");
    println!("ratio                      {:>8.2}", received / plain);
    println!("receiver's peak memory     {:>8.1} MB", memory as f64 / 1024.0);
    println!(
        "{}",
        serde_json::json!({
            "bench": "comments", "comments": arguments.comments, "readers": arguments.readers,
            "acknowledged_per_second": received.round(), "plain_per_second": plain.round(),
            "ratio": received / plain, "peak_memory_kb": memory,
        })
    );
}

fn write_site(site: &Path) {
    fs::create_dir_all(site.join("content/local")).expect("a folder");
    fs::write(site.join("site.yaml"), "base_url: https://test.example\n").expect("written");
    fs::write(site.join("content/local/tunnel.md"), "---\ntitle: T\ndate: 2026-01-02\n---\nWords.\n").expect("written");
}

/// Attacks a receiver and a preview of their own, each in one way, and tells how long a good request takes meanwhile.
fn attacks(folder: &Path) {
    let good = |receiver: &Receiver| {
        // What attacks has begun.
        std::thread::sleep(Duration::from_millis(300));
        let began = Instant::now();
        assert_eq!(receiver.send(&comment(ARTICLE, "A good one.")).status, 303);
        began.elapsed()
    };
    let receiver = |name: &str, flags: &[&str]| {
        let site = folder.join(name);
        write_site(&site);
        let mut command = Command::new(env!("CARGO_BIN_EXE_courant"));
        command.current_dir(&site);
        let receiver = Receiver::start(command, flags);
        assert_eq!(receiver.send(&comment(ARTICLE, "The first.")).status, 303);
        receiver
    };
    let tell = |what: &str, waited: Duration| println!("{what:48} {:>8.3} s", waited.as_secs_f64());

    let nested = receiver("nested", &[]);
    let waited = std::thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| {
                let text = ">".repeat(20_000);
                let mut fields = comment(ARTICLE, &text);
                fields.retain(|(name, _)| *name != "seconds");
                nested.send(&fields)
            });
        }
        good(&nested)
    });
    tell("receiver: 12 previews of 20,000 `>`", waited);
    let slow = receiver("slow", &[]);
    let held: Vec<TcpStream> = (0..256).map(|_| slow.begin("")).collect();
    tell("receiver: 256 forms that do not go on", good(&slow));
    drop(held);
    let many = receiver("many", &["--address-header", "x-forwarded-for"]);
    let held: Vec<TcpStream> =
        (0..256).map(|number| many.begin(&format!("X-Forwarded-For: 192.0.2.{number}\r\n"))).collect();
    tell("receiver: the same from 256 addresses", good(&many));
    drop(held);
    let idle = receiver("idle", &[]);
    let held: Vec<TcpStream> = (0..900).map(|_| idle.connect()).collect();
    tell("receiver: 900 idle connections", good(&idle));
    drop(held);
    tell("preview: 900 open pages that hear nothing", preview(&folder.join("preview")));
}

/// How long the preview takes for a page while others are open.
fn preview(site: &Path) -> Duration {
    write_site(site);
    let mut command = Command::new(env!("CARGO_BIN_EXE_courant"));
    command.current_dir(site).args(["serve", "--port", "0", "--json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program runs");
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok);
    let mut events = lines.filter_map(|line| serde_json::from_str::<serde_json::Value>(&line).ok());
    let url = events.find_map(|event| Some(event["url"].as_str()?.to_owned())).expect("it serves");
    events.find(|event| event["event"] == "summary").expect("it is built");
    let host = url.trim_start_matches("http://").trim_end_matches('/');
    let open = |_| {
        let mut stream = TcpStream::connect(host).expect("a connection");
        write!(stream, "GET /_courant/events?page=/ HTTP/1.1\r\nHost: {host}\r\n\r\n").expect("sent");
        stream
    };
    let held: Vec<TcpStream> = (0..900).map(open).collect();
    std::thread::sleep(Duration::from_millis(300));
    let began = Instant::now();
    let status = client().get(format!("{url}local/tunnel/")).call().expect("an answer").status();
    let waited = began.elapsed();
    drop(held);
    child.kill().and_then(|()| child.wait()).expect("ended");
    assert_eq!(status, 200);
    waited
}

/// Comments a second, and the receiver's peak memory in kilobytes.
fn receive(site: &Path, arguments: &Arguments) -> (f64, u64) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_courant"));
    command.current_dir(site);
    let receiver = Receiver::start(command, &["--per-minute", "0", "--waiting", "10000000"]);
    // The first one waits until the site is read.
    assert_eq!(receiver.send(&comment(ARTICLE, "The first.")).status, 303);
    let began = Instant::now();
    std::thread::scope(|scope| {
        for reader in 0..arguments.readers {
            let receiver = &receiver;
            scope.spawn(move || {
                let client = client();
                for number in share(arguments, reader) {
                    let text = text(number);
                    let request = client.post(&receiver.url).header("origin", "https://test.example");
                    let mut answer = request.send_form(comment(ARTICLE, &text)).expect("an answer");
                    assert_eq!(answer.status(), 303);
                    // A connection whose answer was read to its end is used again.
                    answer.body_mut().read_to_vec().expect("an end");
                }
            });
        }
    });
    let rate = arguments.comments as f64 / began.elapsed().as_secs_f64();
    let stored = fs::read_dir(site.join("comments/inbox")).expect("an inbox").flatten();
    let stored = stored.filter(|entry| entry.path().extension().is_some_and(|ending| ending == "yaml")).count();
    assert_eq!(stored, arguments.comments + 1, "every acknowledged comment is a file");
    (rate, receiver.memory().unwrap_or_default())
}

/// Files a second, written the plain way.
fn write(folder: &Path, arguments: &Arguments) -> f64 {
    fs::create_dir_all(folder).expect("a folder");
    let began = Instant::now();
    std::thread::scope(|scope| {
        for reader in 0..arguments.readers {
            scope.spawn(move || {
                for number in share(arguments, reader) {
                    let temporary = folder.join(format!(".{number}.tmp"));
                    let mut file = File::create(&temporary).expect("a file");
                    let yaml = format!(
                        "id: {number}\narticle: {ARTICLE}\nname: Oluf from Lowen\nemail: oluf@secret.example\ntext: {}\n",
                        text(number)
                    );
                    file.write_all(yaml.as_bytes()).and_then(|()| file.sync_all()).expect("written");
                    fs::rename(&temporary, folder.join(format!("{number}.yaml"))).expect("renamed");
                    File::open(folder).and_then(|folder| folder.sync_all()).expect("on the disk");
                }
            });
        }
    });
    arguments.comments as f64 / began.elapsed().as_secs_f64()
}

fn share(arguments: &Arguments, reader: usize) -> impl Iterator<Item = usize> {
    (reader..arguments.comments).step_by(arguments.readers)
}

/// About 400 bytes, each time others.
fn text(number: usize) -> String {
    format!("Comment {number}. {}", "I timed it twice, and it was four minutes both times. ".repeat(7))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
