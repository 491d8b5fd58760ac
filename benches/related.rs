//! What it costs to know the related articles of all articles, as a clean build and a build with a new
//! article must.
//!
//! ```text
//! cargo bench --bench related -- --articles 100000
//! ```
//!
//! In memory and on one thread. The floor is the same loop with the cheapest question there is, the four
//! articles before; the index is made with and without words, since they must cost it nothing.
#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark is outside the pipeline: it reads and writes files as it likes"
)]

#[allow(dead_code, reason = "the benchmark of builds uses the rest")]
mod corpus;

use std::hint::black_box;
use std::time::Instant;

use clap::Parser;
use courant::article::Row;
use courant::article::record::{Entry, Record};
use courant::article::time::Timestamp;
use courant::config::{Config, Overrides};
use courant::fingerprint::Fingerprint;
use courant::index::{ArticleId, Index, related};
use courant::source::Links;

use corpus::Corpus;

/// Measures the questions for related articles.
#[derive(Parser)]
#[command(name = "cargo bench --bench related --")]
struct Options {
    /// Articles in the corpus.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(100..=2_000_000))]
    articles: u32,
    /// Rounds; figures are medians over them.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Another number invents another corpus.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What cargo adds.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    if std::env::args().len() == 1 {
        // `cargo test --benches` comes by without arguments and wants to be through in a moment.
        println!("nothing measured: start it with `cargo bench --bench related -- --articles 100000`");
        return;
    }
    let options = Options::parse();
    let corpus = Corpus::new(options.articles as usize, options.seed, true);
    let rows: Vec<Row> = (0..options.articles as usize).map(|number| row(&corpus, number)).collect();
    let with_words = Config::from_text("", &Overrides::default()).expect("the defaults");
    let without = Config::from_text("related: {words: 0}", &Overrides::default()).expect("a weight");
    let now = Timestamp(i64::MAX / 2);

    println!("{} articles, medians of {}", options.articles, options.runs);
    let mut index_seconds = Vec::new();
    for (name, config) in [("index", &with_words), ("index, words: 0", &without)] {
        index_seconds.push(median(
            options.runs,
            || rows.clone(),
            |rows| Index::build(rows, &Links::default(), config, now),
        ));
        println!("{name:32} {:8.1} ms", index_seconds[index_seconds.len() - 1] * 1e3);
    }
    let index = Index::build(rows, &Links::default(), &with_words, now);
    let all = 0..index.articles.len() as ArticleId;
    let floor = median(
        options.runs,
        || (),
        |()| all.clone().map(|id| black_box((id.saturating_sub(4)..id).collect::<Vec<_>>()).len()).sum::<usize>(),
    );
    let first = Instant::now();
    black_box(related(&index, all.end - 1, 4, &with_words.settings.related));
    println!("{:32} {:8.1} ms", "first question (words in order)", first.elapsed().as_secs_f64() * 1e3);
    for (name, config) in [("related", &with_words), ("related, words: 0", &without)] {
        let ask = |id| black_box(related(&index, id, 4, &config.settings.related)).len();
        let seconds = median(options.runs, || (), |()| all.clone().map(ask).sum::<usize>());
        println!(
            "{name:32} {:8.1} ms {:8.2} µs an article {:6.0} × the floor of {:.1} ms",
            seconds * 1e3,
            seconds * 1e6 / f64::from(options.articles),
            seconds / floor,
            floor * 1e3
        );
    }
}

/// The median of the seconds that `work` takes; `prepare` is not counted.
fn median<I, O>(runs: u32, prepare: impl Fn() -> I, work: impl Fn(I) -> O) -> f64 {
    let mut seconds: Vec<f64> = (0..runs)
        .map(|_| {
            let input = prepare();
            let start = Instant::now();
            let output = black_box(work(input));
            let took = start.elapsed().as_secs_f64();
            drop(output);
            took
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

/// The row of an article of the corpus, with what its front matter says of what relates it.
fn row(corpus: &Corpus, number: usize) -> Row {
    let article = corpus.article(number);
    let line = |key: &str| {
        let mut lines = article.markdown.lines();
        lines.find_map(|line| line.strip_prefix(key)).expect("the corpus has this key").trim()
    };
    // Lists are of texts in double quotes, which contain none.
    let list = |key: &str| line(key).split('"').skip(1).step_by(2).map(|name| name.to_owned().into()).collect();
    let mut entry = Entry::default();
    entry.core.title = line("title:").trim_matches('"').to_owned().into();
    entry.core.summary = line("summary:").trim_matches('"').to_owned().into();
    entry.core.date = line("date:").parse::<jiff::Timestamp>().ok().map(|date| Timestamp(date.as_second()));
    (entry.authors, entry.tags) = (list("authors:"), list("tags:"));
    entry.slug = format!("n{number}").into();
    Row {
        path: format!("content/local/n{number:07}.md").into(),
        stamp: Default::default(),
        content: Fingerprint::default(),
        core: Fingerprint::default(),
        record: Record::Entry(Box::new(entry)).encode(),
    }
}
