//! How the time of a build and of a check grows with its input: twice as much of one thing, at most 2.5 times the time.
//!
//! ```text
//! cargo bench --bench growth
//! cargo bench --bench growth -- --runs 5 headings links
//! ```
//!
//! Each kind is a site that has much of one thing: headings, links, brackets that are never closed. It is built and
//! checked with n and with 2 n of them, by the program itself, in turn; the run with the least processor time
//! counts. The time for an empty site is measured first and subtracted, since it would hide quadratic growth; where
//! hardly anything is left, no ratio is given. Inputs that are refused instead (folders, tags, large files) are tested in `tests/integration/build/bounds.rs`.
#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark is outside the pipeline: it reads and writes files as it likes"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use clap::Parser;

/// The largest ratio that counts as linear.
const MOST: f64 = 2.5;

/// Measures how time grows with the input.
#[derive(Parser)]
#[command(name = "cargo bench --bench growth --")]
struct Options {
    /// Only kinds whose names contain one of these
    kinds: Vec<String>,
    /// Rounds; the fastest counts
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Where to work. Default: the system's temporary folder
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// What cargo adds
    #[arg(long, hide = true)]
    bench: bool,
}

/// Files of a site: path and text.
type Files = Vec<(String, String)>;

/// Something that a site may have much of.
struct Kind {
    name: &'static str,
    /// How many there are in the smaller site.
    size: usize,
    site: fn(usize) -> Files,
}

const fn kind(name: &'static str, size: usize, site: fn(usize) -> Files) -> Kind {
    Kind { name, size, site }
}

/// An article with more front matter and a body.
fn article(front: &str, body: &str) -> Files {
    let text = format!("---\ntitle: The tram\ndate: 2026-01-02\n{front}---\n\n{body}\n");
    vec![("content/local/tram.md".into(), text)]
}

fn body(text: &str) -> Files {
    article("", text)
}

/// The text for each number, one behind the other.
fn each(n: usize, text: impl Fn(usize) -> String) -> String {
    (0..n).map(text).collect()
}

const KINDS: &[Kind] = &[
    kind("words", 1_000_000, |n| body(&"word ".repeat(n))),
    kind("one line", 4_000_000, |n| body(&"The tram, the tram. ".repeat(n / 20))),
    kind("one word", 8_000_000, |n| body(&"w".repeat(n))),
    kind("one title", 400_000, |n| vec![("content/tram.md".into(), format!("---\ntitle: {}\n---\n", "w".repeat(n)))]),
    kind("headings", 25_000, |n| body(&each(n, |number| format!("## Stop {number}\n\nText.\n\n")))),
    kind("headings of one name", 25_000, |n| body(&"## Stop\n\nText.\n\n".repeat(n))),
    kind("footnotes", 20_000, |n| {
        let used = each(n, |number| format!("A.[^{number}]\n\n"));
        body(&(used + &each(n, |number| format!("[^{number}]: A note.\n\n"))))
    }),
    kind("notes in notes", 20_000, |n| {
        body(&("A.[^0]\n\n".to_owned() + &each(n, |number| format!("[^{number}]: See[^{}].\n\n", number + 1))))
    }),
    kind("links out", 25_000, |n| body(&each(n, |number| format!("[a](https://a.example/{number})\n")))),
    kind("links to nothing", 20_000, |n| body(&each(n, |number| format!("[a](/no/{number}/)\n")))),
    kind("links to no file", 40_000, |n| body(&each(n, |number| format!("[a](no-{number}.md)\n")))),
    kind("links to no place", 20_000, |n| body(&each(n, |number| format!("[a](#no-{number})\n")))),
    kind("links in HTML", 20_000, |n| body(&each(n, |number| format!("<a href=\"/no/{number}/\">a</a>\n")))),
    kind("bare addresses", 25_000, |n| body(&each(n, |number| format!("https://a.example/{number} ")))),
    kind("references", 20_000, |n| {
        let used = each(n, |number| format!("[r{number}] "));
        body(&(used + "\n\n" + &each(n, |number| format!("[r{number}]: /x\n"))))
    }),
    kind("embeds", 5_000, |n| body(&each(n, |number| format!("https://youtu.be/abcdef{number:05}\n\n")))),
    kind("recordings", 10_000, |n| body(&each(n, |number| format!("/media/{number}.mp3\n\n")))),
    kind("photographs that are missing", 40_000, |n| body(&each(n, |number| format!("![a](/no/{number}.jpg)\n\n")))),
    kind("components", 5_000, |n| body(&"{{ <pullquote text=\"a\" /> }}\n\n".repeat(n))),
    kind("brackets", 1_000_000, |n| body(&"[".repeat(n))),
    kind("emphasis", 50_000, |n| body(&("*_a ".repeat(n) + &"b_* ".repeat(n)))),
    kind("quotations", 100_000, |n| body(&(">".repeat(n) + "a"))),
    kind("lists", 50_000, |n| body(&("- ".repeat(n) + "a"))),
    kind("rows of a table", 20_000, |n| body(&("|a|b|\n|-|-|\n".to_owned() + &"|c|d|\n".repeat(n)))),
    kind("languages that are not closed", 100_000, |n| body(&"]{lang=".repeat(n))),
    kind("languages that are not opened", 100_000, |n| body(&("[".repeat(n) + &"]{lang=fr}".repeat(n)))),
    kind("elements", 50_000, |n| body(&"<div>\n\n".repeat(n))),
    kind("elements on one line", 400_000, |n| body(&"<div>".repeat(n))),
    kind("elements that are closed only", 50_000, |n| body(&"a</b> ".repeat(n))),
    kind("formatting that is not closed", 20_000, |n| body(&each(n, |number| format!("<p><b id=x{number}></p>\n\n")))),
    kind("aliases", 20_000, |n| {
        article(&format!("aliases: [{}]\n", each(n, |number| format!("/old/{number}/, "))), "Text.")
    }),
    kind("keys", 10_000, |n| article(&each(n, |number| format!("key{number}: x\n")), "Text.")),
    kind("keys that are there again", 10_000, |n| article(&"k: v\n".repeat(n), "Text.")),
    kind("attributes of a tag", 10_000, |n| {
        article("", &format!("<div {}>x</div>", each(n, |number| format!("a{number}=b "))))
    }),
    kind("files of a bundle", 5_000, |n| {
        let page = "---\ntitle: The tram\ndate: 2026-01-02\n---\n\n".to_owned();
        let links = each(n, |number| format!("[a](paper-{number}.pdf)\n"));
        let files = (0..n).map(|number| (format!("content/local/tram/paper-{number}.pdf"), "x".to_owned()));
        files.chain([("content/local/tram/index.md".into(), page + &links)]).collect()
    }),
    kind("articles", 1_000, |n| {
        let one = |number: usize| {
            let text = format!("---\ntitle: Tram {number}\ndate: 2026-01-02\ntags: [a, b]\n---\n\nText.\n");
            (format!("content/local/tram-{number}.md"), text)
        };
        (0..n).map(one).collect()
    }),
    kind("articles that are withheld", 10_000, |n| {
        let one = |number: usize| {
            let text = format!("---\ntitle: A secret tram {number}\ndraft: true\n---\n\nText.\n");
            (format!("content/local/tram-{number}.md"), text)
        };
        (0..n).map(one).chain(body("Text.")).collect()
    }),
    kind("articles that cannot be read", 10_000, |n| {
        (0..n).map(|number| (format!("content/local/tram-{number}.md"), "---\ntitle: a: b\n---\n".to_owned())).collect()
    }),
];

fn main() -> ExitCode {
    if std::env::args().len() == 1 {
        // `cargo test --benches` comes by without arguments and wants to be through in a moment.
        println!("nothing measured: start it with `cargo bench --bench growth`");
        return ExitCode::SUCCESS;
    }
    let options = Options::parse();
    let folder = match &options.scratch {
        Some(scratch) => tempfile::tempdir_in(scratch),
        None => tempfile::tempdir(),
    };
    let folder = folder.expect("a folder");
    let empty = write(&folder.path().join("empty"), &body("Text."));
    let floor = ["build", "check"].map(|command| fastest(options.runs.max(3), command, &[&*empty])[0]);
    println!("an article and nothing else: build {:.3} s, check {:.3} s", floor[0], floor[1]);
    println!(
        "{:32} {:>9} {:>8} {:>8} {:>6} {:>8} {:>8} {:>6}",
        "", "n", "build n", "2 n", "ratio", "check n", "2 n", "ratio"
    );
    let is_wanted = |name: &str| options.kinds.is_empty() || options.kinds.iter().any(|part| name.contains(&**part));
    let (mut worst, mut slow) = (0.0f64, Vec::new());
    for kind in KINDS.iter().filter(|kind| is_wanted(kind.name)) {
        let sites = [1, 2].map(|times| write(&folder.path().join(times.to_string()), &(kind.site)(kind.size * times)));
        print!("{:32} {:>9}", kind.name, kind.size);
        for (command, floor) in ["build", "check"].into_iter().zip(floor) {
            let seconds = fastest(options.runs, command, &[&*sites[0], &*sites[1]]);
            print!(" {:>8.3} {:>8.3}", seconds[0], seconds[1]);
            let [n, twice] = [seconds[0], seconds[1]].map(|seconds| seconds - floor);
            // A part of the floor differs from run to run.
            if twice < floor {
                print!(" {:>6}", "-");
                continue;
            }
            let ratio = twice / n;
            print!(" {ratio:>6.2}");
            worst = worst.max(ratio);
            if ratio > MOST {
                slow.push(format!("{} ({command})", kind.name));
            }
        }
        println!();
        sites.iter().for_each(|site| fs::remove_dir_all(site).expect("removed"));
    }
    println!("the largest ratio is {worst:.2}; up to {MOST} is wanted");
    println!("{}", serde_json::json!({ "bench": "growth", "largest_ratio": worst, "above": slow }));
    if slow.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Writes a site.
fn write(folder: &Path, files: &Files) -> PathBuf {
    fs::create_dir_all(folder).expect("a folder");
    fs::write(folder.join("site.yaml"), "base_url: https://test.example\n").expect("written");
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder above")).expect("a folder");
        fs::write(path, text).expect("written");
    }
    folder.to_path_buf()
}

/// The processor seconds of the fastest run of a command on each of the sites; each build is a clean one.
fn fastest(runs: u32, command: &str, sites: &[&Path]) -> Vec<f64> {
    let mut fastest = vec![f64::INFINITY; sites.len()];
    for _ in 0..runs {
        for (site, fastest) in sites.iter().zip(&mut fastest) {
            for output in ["public", ".courant"] {
                let _ = fs::remove_dir_all(site.join(output));
            }
            let mut program = Command::new(env!("CARGO_BIN_EXE_courant"));
            program.args([command, "--json", "--at", "2026-02-01", "--site"]).arg(site);
            let began = seconds();
            let status = program.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("the program runs");
            *fastest = fastest.min(seconds() - began);
            assert!(matches!(status.code(), Some(0 | 1)), "{command}: {status}");
        }
    }
    fastest
}

/// Processor seconds of all programs that were started and have ended.
#[cfg(unix)]
fn seconds() -> f64 {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("known on every Unix");
    (usage.user_time() + usage.system_time()).num_microseconds() as f64 / 1e6
}

/// Seconds since the first call: other systems count no processor time of programs that have ended.
#[cfg(not(unix))]
fn seconds() -> f64 {
    static BEGAN: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    BEGAN.elapsed().as_secs_f64()
}
