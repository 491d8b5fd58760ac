//! What social cards cost: a build of articles without photographs, with cards and without.
//!
//! ```text
//! cargo bench --bench cards -- --articles 1000
//! ```
//!
//! The floor is the same build with `cards: false`. Every headline is another one, so every card is drawn; then
//! once more into an empty folder, with the cards of the cache, and once without any change.
#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark is outside the pipeline: it reads and writes files as it likes"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use clap::Parser;

/// Measures social cards.
#[derive(Debug, Parser)]
struct Arguments {
    /// Articles
    #[arg(long, default_value_t = 1000)]
    articles: u32,
    /// Where to work
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// What cargo adds
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    if std::env::args().len() == 1 {
        // `cargo test --benches` comes by without arguments and wants to be through in a moment.
        println!("nothing measured: start it with `cargo bench --bench cards -- --articles 1000`");
        return;
    }
    let arguments = Arguments::parse();
    let folder = match &arguments.scratch {
        Some(scratch) => tempfile::tempdir_in(scratch),
        None => tempfile::tempdir(),
    };
    let folder = folder.expect("a folder");
    let words = ["harbour", "tunnel", "council", "opens", "votes", "a", "year", "early", "herring", "after", "storm"];
    let mut rng = fastrand::Rng::with_seed(1);
    fs::create_dir_all(folder.path().join("content/local")).expect("a folder");
    for number in 0..arguments.articles {
        let count = rng.usize(5..14);
        let title: Vec<&str> = (0..count).map(|_| words[rng.usize(..words.len())]).collect();
        let text = format!("---\ntitle: Story {number} {}\ndate: 2026-01-02\n---\nWords.\n", title.join(" "));
        fs::write(folder.path().join(format!("content/local/s{number}.md")), text).expect("written");
    }
    let without = build(folder.path(), "cards: false");
    fs::remove_dir_all(folder.path().join(".courant")).expect("removed");
    fs::remove_dir_all(folder.path().join("public")).expect("removed");
    let cold = build(folder.path(), "cards: all");
    let unchanged = build(folder.path(), "cards: all");
    fs::remove_dir_all(folder.path().join("public")).expect("removed");
    let cached = build(folder.path(), "cards: all");
    let count = f64::from(arguments.articles);
    let cards: Vec<u64> = (0..arguments.articles)
        .map(|number| folder.path().join(format!("public/local/s{number}/social-card.png")))
        .map(|card| fs::metadata(card).expect("a card").len())
        .collect();
    let bytes = cards.iter().sum::<u64>() as f64;
    println!("without cards              {without:>9.2} s   (the floor)");
    println!(
        "cold                       {cold:>9.2} s   ({:.1} ms more for each card)",
        (cold - without) / count * 1e3
    );
    println!("from the cache             {cached:>9.2} s   ({:.2} × the floor)", cached / without);
    println!("nothing changed            {unchanged:>9.2} s");
    println!("bytes                      {:>9.2} MB  ({:.1} kB each)", bytes / 1e6, bytes / count / 1e3);
}

/// Seconds of one build with this line in `site.yaml`.
fn build(site: &Path, line: &str) -> f64 {
    fs::write(site.join("site.yaml"), format!("base_url: https://test.example\n{line}\n")).expect("written");
    let began = Instant::now();
    let run = Command::new(env!("CARGO_BIN_EXE_courant"))
        .current_dir(site)
        .args(["build", "--json", "--at", "2026-02-01T00:00:00Z"])
        .output()
        .expect("the program runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
    began.elapsed().as_secs_f64()
}
