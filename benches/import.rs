//! How long an import takes: an export of WordPress, made here, into a site, and that site built.
//!
//! `cargo bench --bench import -- --articles 100000 --comments 500000`. With `--against COMMAND` another program imports
//! the same export in the same run; `{}` in the command is the export, and it runs in an empty folder. With `--try` the
//! export is also tried, up to the moment at which its front page answers.
#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark is outside the pipeline: it reads and writes files as it likes"
)]

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Words of which texts are made.
const WORDS: [&str; 32] = [
    "harbour",
    "ferry",
    "council",
    "winter",
    "the",
    "of",
    "a",
    "and",
    "bridge",
    "storm",
    "market",
    "herring",
    "tram",
    "island",
    "mayor",
    "budget",
    "school",
    "night",
    "sound",
    "pier",
    "lighthouse",
    "report",
    "vote",
    "price",
    "sails",
    "opens",
    "closes",
    "new",
    "old",
    "first",
    "last",
    "long",
];

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| arguments.iter().position(|one| one == name).and_then(|at| arguments.get(at + 1)).cloned();
    let number = |name: &str, otherwise: usize| value(name).and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let (articles, comments) = (number("--articles", 10_000), number("--comments", 50_000));
    let folder = tempfile::tempdir()?;
    let export = folder.path().join("export.xml");
    write(&export, articles, comments)?;
    let size = export.metadata()?.len() as f64 / 1e6;
    println!("{articles} articles, {comments} comments, {size:.0} MB");
    let program = env!("CARGO_BIN_EXE_courant");
    let site = folder.path().join("site");
    let ours =
        run("import", Command::new(program).arg("import").arg("wordpress").arg(&export).arg("--into").arg(&site))?;
    run("again", Command::new(program).arg("import").arg("wordpress").arg(&export).arg("--into").arg(&site))?;
    run("build", Command::new(program).arg("build").arg("--site").arg(&site))?;
    if arguments.iter().any(|one| one == "--try") {
        try_it(program, &export)?;
    }
    if let Some(other) = value("--against") {
        let other = other.replace("{}", &export.display().to_string());
        let empty = tempfile::tempdir()?;
        let theirs = run("against", Command::new("sh").arg("-c").arg(&other).current_dir(empty.path()))?;
        // A program that fails may say that it did not.
        let files = walkdir::WalkDir::new(empty.path()).into_iter().flatten().filter(|one| one.file_type().is_file());
        let files = files.count();
        println!("{:>8}  {:.1} times as long, {files} files", "", theirs.as_secs_f64() / ours.as_secs_f64());
    }
    Ok(())
}

/// Tries an export: how long it takes until its front page answers at the port of the preview.
fn try_it(program: &str, export: &Path) -> io::Result<()> {
    let scratch = tempfile::tempdir()?;
    let began = Instant::now();
    let mut command = Command::new(program);
    command.args(["import", "wordpress"]).arg(export).arg("--try").env("TMPDIR", scratch.path()).env("BROWSER", "true");
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let mut answer = String::new();
    while !answer.contains("200 OK") && child.try_wait()?.is_none() && began.elapsed() < Duration::from_secs(600) {
        std::thread::sleep(Duration::from_millis(20));
        if let Ok(mut stream) = TcpStream::connect("127.0.0.1:4000") {
            let _ = stream.set_read_timeout(Some(Duration::from_secs(60)));
            stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost:4000\r\nConnection: close\r\n\r\n")?;
            let mut bytes = Vec::new();
            let _ = stream.read_to_end(&mut bytes);
            answer = String::from_utf8_lossy(&bytes[..bytes.len().min(64)]).into_owned();
        }
    }
    let took = began.elapsed();
    child.kill()?;
    let status = child.wait()?;
    let answer = answer.lines().next().unwrap_or("no answer");
    println!("{:>8}  {:8.2} s  {answer}, {status}", "try", took.as_secs_f64());
    Ok(())
}

/// Runs a command, and prints how long it took and the memory that it needed.
fn run(name: &str, command: &mut Command) -> io::Result<Duration> {
    let began = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let mut peak = 0;
    let status = loop {
        // What Linux knows of a process that still runs.
        let known = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line =
            known.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse::<u64>().ok());
        peak = peak.max(line.unwrap_or_default());
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let took = began.elapsed();
    println!("{name:>8}  {:8.2} s  {:6} MB  {status}", took.as_secs_f64(), peak / 1024);
    Ok(took)
}

/// Writes an export.
fn write(path: &Path, articles: usize, comments: usize) -> io::Result<()> {
    let mut rng = fastrand::Rng::with_seed(16);
    let mut out = BufWriter::new(File::create(path)?);
    writeln!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<rss version=\"2.0\" xmlns:wp=\"http://wordpress.org/export/1.2/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:excerpt=\"http://wordpress.org/export/1.2/excerpt/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>The Skerry Post</title><link>https://skerry.example</link><wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://skerry.example</wp:base_blog_url>"
    )?;
    let mut comment = 0;
    for number in 0..articles {
        let at = 1_200_000_000 + number as i64 * (500_000_000 / articles.max(1) as i64);
        let date = jiff::Timestamp::from_second(at).map_err(io::Error::other)?;
        // Other programs read the date from here.
        let published = date.strftime("%a, %d %b %Y %H:%M:%S +0000");
        let (day, date) = (date.strftime("%Y/%m/%d"), date.strftime("%Y-%m-%d %H:%M:%S"));
        let title = words(&mut rng, 6);
        write!(
            out,
            "<item><title>{title}</title><link>https://skerry.example/{day}/article-{number}/</link><pubDate>{published}</pubDate><dc:creator>author-{}</dc:creator><guid>https://skerry.example/?p={number}</guid><content:encoded><![CDATA[",
            number % 40
        )?;
        for part in 0..8 {
            match part {
                3 => write!(out, "<!-- wp:heading -->\n<h2>{}</h2>\n<!-- /wp:heading -->\n", words(&mut rng, 4))?,
                5 => write!(
                    out,
                    "<!-- wp:image -->\n<figure><img src=\"https://skerry.example/wp-content/uploads/{number}-300x200.jpg\" alt=\"{}\"/><figcaption>{}</figcaption></figure>\n<!-- /wp:image -->\n",
                    words(&mut rng, 3),
                    words(&mut rng, 8)
                )?,
                _ => write!(
                    out,
                    "<!-- wp:paragraph -->\n<p>{} <a href=\"https://skerry.example/?p={}\">{}</a>, <strong>{}</strong>.</p>\n<!-- /wp:paragraph -->\n",
                    words(&mut rng, 40),
                    rng.usize(..articles),
                    words(&mut rng, 2),
                    words(&mut rng, 2)
                )?,
            }
        }
        write!(
            out,
            "]]></content:encoded><excerpt:encoded></excerpt:encoded><wp:post_id>{number}</wp:post_id><wp:post_date>{date}</wp:post_date><wp:post_date_gmt>{date}</wp:post_date_gmt><wp:post_name>article-{number}</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type><wp:post_password></wp:post_password><category domain=\"category\" nicename=\"section-{}\">Section {}</category><category domain=\"post_tag\" nicename=\"tag-{}\">Tag {}</category>",
            number % 8,
            number % 8,
            number % 300,
            number % 300
        )?;
        while comment * articles < (number + 1) * comments {
            comment += 1;
            write!(
                out,
                "<wp:comment><wp:comment_id>{comment}</wp:comment_id><wp:comment_author>Reader {}</wp:comment_author><wp:comment_author_email>r@x.example</wp:comment_author_email><wp:comment_date_gmt>{date}</wp:comment_date_gmt><wp:comment_content><![CDATA[{}.\n\n{}?]]></wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_type>comment</wp:comment_type><wp:comment_parent>0</wp:comment_parent></wp:comment>",
                comment % 5000,
                words(&mut rng, 20),
                words(&mut rng, 10)
            )?;
        }
        writeln!(out, "</item>")?;
    }
    writeln!(out, "</channel></rss>")?;
    out.flush()
}

fn words(rng: &mut fastrand::Rng, number: usize) -> String {
    let words: Vec<&str> = (0..number).map(|_| WORDS[rng.usize(..WORDS.len())]).collect();
    words.join(" ")
}
