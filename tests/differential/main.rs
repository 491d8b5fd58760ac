//! The proof: after any sequence of edits, an incremental build equals a clean one, byte for byte.
//!
//! Each sequence is made from a seed; `world` has the edits, and `machines` has the same proof for builds that many
//! machines make. A failure prints both; what broke gets a test of its own, by its name.
//! `cargo test --release --test differential -- --ignored` runs long sequences.

#[path = "../fixture/mod.rs"]
mod fixture;
#[cfg(all(feature = "deploy", feature = "images"))]
mod machines;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use courant::article::time::Timestamp;
use courant::pipeline::{Changes, Observer, Options, Session};
use courant::publish::{Progress, Work};
use fixture::TestSite;
use fixture::served::Served;
use world::{World, date};

/// Ends a run early when one of its sequences fails.
struct EndOnFailure<'a>(&'a AtomicU64);

impl Drop for EndOnFailure<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.store(u64::MAX / 2, Ordering::Relaxed);
        }
    }
}

/// Runs so many sequences, some of them at a time, and says which and how many edits they were.
fn for_long(sequences: u64, at_a_time: usize, run: impl Fn(u64) -> usize + Sync) {
    let (from, began) = (fastrand::u64(1000..1_000_000_000), std::time::Instant::now());
    println!("seeds from {from}");
    let (next, done, edits) = (AtomicU64::new(from), AtomicU64::new(0), AtomicUsize::new(0));
    let worker = || {
        let _end = EndOnFailure(&next);
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= from + sequences {
                break;
            }
            edits.fetch_add(run(seed), Ordering::Relaxed);
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            if done.is_multiple_of(20) {
                println!("{done} of {sequences} sequences in {} s", began.elapsed().as_secs());
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..at_a_time {
            scope.spawn(worker);
        }
    });
    let edits = edits.into_inner();
    println!("seeds {from} to {}: {edits} edits in {} s", from + sequences - 1, began.elapsed().as_secs());
}

/// As all sequences: how many edits there were.
fn sequence(seed: u64, steps: usize) -> usize {
    let mut world = World::new(seed);
    for step in 0..steps {
        if step > 0 {
            for _ in 0..world.rng.usize(1..3) {
                let what = world.edit();
                let _ = writeln!(world.log, "{step}: {what}");
            }
        }
        if world.rng.u8(..4) == 0 {
            let what = world.restore_or_keep();
            let _ = writeln!(world.log, "{step}: {what}");
        }
        let jobs = if world.rng.bool() { "1" } else { "8" };
        let run = world.site.try_build(&["--jobs", jobs]);
        assert_eq!(run.code, 0, "seed {seed}\n{}{}{}", world.log, run.stdout, run.stderr);
        world.site.assert_equals_clean_and_says_so(&run, &format!("seed {seed}\n{}", world.log));
        let again = world.site.build();
        assert_eq!(
            again.number("rendered"),
            0,
            "seed {seed}: the second build renders {:?}\n{}",
            again.rendered(),
            world.log
        );
    }
    world.edits
}

/// The same in one process that is told what changed, as the preview is.
fn session(seed: u64, steps: usize) -> usize {
    struct Nobody;
    impl Progress for Nobody {}
    impl Observer for Nobody {}

    let mut world = World::new(seed);
    let mut session = Session::new(world.site.root());
    let mut options = Options { explain: true, ..Options::default() };
    let sources = |world: &World| {
        let mut tree = fixture::tree(world.site.root());
        tree.retain(|path, _| !path.starts_with("public/") && !path.starts_with(".courant/"));
        tree
    };
    let mut before = (sources(&world), world.site.output());
    for step in 0..steps {
        if step > 0 {
            for _ in 0..world.rng.usize(0..4) {
                let what = world.edit();
                let _ = writeln!(world.log, "{step}: {what}");
            }
        }
        let after = (sources(&world), world.site.output());
        let paths = before.0.keys().chain(after.0.keys()).filter(|path| before.0.get(*path) != after.0.get(*path));
        let mut paths: BTreeSet<String> = paths.cloned().collect();
        if world.rng.u8(..4) == 0 {
            // Some systems tell of folders only.
            paths = paths
                .iter()
                .filter_map(|path| Some(path.rsplit_once('/')?.0.to_owned()))
                .chain(["site.yaml".into()])
                .collect();
        }
        // Whoever edits the output folder is not heard of; the server asks to look at everything.
        let changes = if before.1 == after.1 { Changes::Paths(paths) } else { Changes::Unknown };
        options.now = Timestamp(date(world.minutes).parse::<jiff::Timestamp>().expect("a moment").as_second());
        let context = format!("seed {seed}, step {step}, {changes:?}\n{}", world.log);
        let report = session.build(&changes, &options, &Nobody).unwrap_or_else(|error| panic!("{context}{error:?}"));
        world.site.assert_equals_clean(&context);
        let after = world.site.output();
        let told: BTreeSet<&String> = report.details.written.iter().chain(&report.details.removed).collect();
        let names = before.1.keys().chain(after.keys()).filter(|name| !name.starts_with(".courant"));
        if matches!(changes, Changes::Paths(_)) {
            for name in names.filter(|name| before.1.get(*name) != after.get(*name)) {
                assert!(told.contains(name), "{context}{name} changed, and the report does not say so");
            }
        }
        let nothing = Changes::Paths(BTreeSet::new());
        let again = session.build(&nothing, &options, &Nobody).unwrap_or_else(|error| panic!("{context}{error:?}"));
        assert_eq!((again.rendered, again.written, again.removed), (0, 0, 0), "{context}");
        before = (sources(&world), after);
    }
    world.edits
}

#[test]
fn a_session_that_is_told_what_changed_equals_a_clean_build() {
    std::thread::scope(|scope| {
        for part in [[101, 102, 103, 104], [105, 106, 107, 108]] {
            scope.spawn(move || part.iter().map(|seed| session(*seed, 14)).sum::<usize>());
        }
    });
}

#[test]
#[ignore = "takes many minutes: cargo test --release --test differential -- --ignored"]
fn a_session_equals_a_clean_build_for_long() {
    for_long(200, 2, |seed| session(seed, 40));
}

/// Somebody who edits while the site is being built.
struct Editor {
    world: Mutex<World>,
    /// After so many rendered pages; never, if negative.
    edits_at: Mutex<Vec<usize>>,
    rendered: AtomicUsize,
    step: usize,
}

impl Progress for Editor {
    fn done(&self, work: Work, number: usize) {
        if work == Work::Images {
            return;
        }
        let done = self.rendered.fetch_add(number, Ordering::Relaxed) + number;
        let is_now = {
            let mut edits_at = self.edits_at.lock().expect("no panic");
            let before = edits_at.len();
            edits_at.retain(|at| *at > done);
            before > edits_at.len()
        };
        if is_now {
            let mut world = self.world.lock().expect("no panic");
            let what = world.edit();
            let _ = writeln!(world.log, "{}, during the build: {what}", self.step);
        }
    }
}

impl Observer for Editor {}

/// Edits come between builds and during them: what such a build publishes is whole, and the next build equals a
/// clean one.
fn edited_during_builds(seed: u64, steps: usize) -> usize {
    let mut world = World::new(seed);
    world.is_inside_build = true;
    let mut editor =
        Editor { world: Mutex::new(world), edits_at: Mutex::default(), rendered: AtomicUsize::default(), step: 0 };
    let root = editor.world.get_mut().expect("no panic").site.root().to_path_buf();
    for step in 0..steps {
        editor.step = step;
        let world = editor.world.get_mut().expect("no panic");
        for _ in 0..world.rng.usize(0..3) {
            let what = world.edit();
            let _ = writeln!(world.log, "{step}: {what}");
        }
        if world.rng.u8(..4) == 0 {
            let what = world.restore_or_keep();
            let _ = writeln!(world.log, "{step}: {what}");
        }
        let edits = world.rng.usize(0..4);
        let edits: Vec<usize> = (0..edits).map(|_| world.rng.usize(1..30)).collect();
        let minutes = world.minutes;
        *editor.edits_at.get_mut().expect("no panic") = edits;
        *editor.rendered.get_mut() = 0;
        let now = Timestamp(date(minutes).parse::<jiff::Timestamp>().expect("a moment").as_second());
        let options = Options { now, ..Options::default() };
        let built = courant::pipeline::build(&root, &options, &editor);
        let world = editor.world.get_mut().expect("no panic");
        let context = format!("seed {seed}\n{}", world.log);
        built.unwrap_or_else(|error| panic!("{context}{error:?}"));
        let run = world.site.try_build(&[]);
        assert_eq!(run.code, 0, "{context}{}{}", run.stdout, run.stderr);
        world.site.assert_equals_clean(&context);
    }
    editor.world.get_mut().expect("no panic").edits
}

#[test]
fn edits_during_builds_equal_a_clean_build() {
    std::thread::scope(|scope| {
        for part in [[301, 302], [303, 304]] {
            scope.spawn(move || part.iter().map(|seed| edited_during_builds(*seed, 10)).sum::<usize>());
        }
    });
}

#[test]
#[ignore = "takes many minutes: cargo test --release --test differential -- --ignored"]
fn edits_during_builds_equal_a_clean_build_for_long() {
    for_long(200, 2, |seed| edited_during_builds(seed, 40));
}

/// The same with the real watcher: after any sequence of events the folder equals a clean build.
fn served(seed: u64, steps: usize) -> usize {
    let mut world = World::new(seed);
    world.tampers = false;
    let mut served = Served::start(&world.site, &[]);
    for step in 0..steps {
        for _ in 0..world.rng.usize(1..4) {
            let what = world.edit();
            let _ = writeln!(world.log, "{step}: {what}");
            // Some edits come while a build is running.
            std::thread::sleep(Duration::from_millis(world.rng.u64(..80)));
        }
        served.quiet();
        // A busy machine may need longer to see an edit; what is stale for good stays so.
        let mut looks = 0;
        while let Some(difference) = world.site.difference_now() {
            looks += 1;
            assert!(looks < 10, "after seed {seed}\n{}: {difference}", world.log);
            served.quiet();
        }
    }
    world.edits
}

#[test]
fn a_served_site_equals_a_clean_build() {
    std::thread::scope(|scope| {
        for seed in [201, 202, 203] {
            scope.spawn(move || served(seed, 8));
        }
    });
}

#[test]
#[ignore = "takes many minutes: cargo test --release --test differential -- --ignored"]
fn a_served_site_equals_a_clean_build_for_long() {
    // Most of the time it waits for quiet.
    for_long(140, 6, |seed| served(seed, 40));
}

#[test]
fn random_edits_equal_a_clean_build() {
    let seeds: Vec<u64> = (1..=10).collect();
    std::thread::scope(|scope| {
        for part in seeds.chunks(5) {
            scope.spawn(move || part.iter().map(|seed| sequence(*seed, 14)).sum::<usize>());
        }
    });
}

#[test]
#[ignore = "takes many minutes: cargo test --release --test differential -- --ignored"]
fn random_edits_equal_a_clean_build_for_long() {
    for_long(200, 2, |seed| sequence(seed, 40));
}

/// Builds of one site are the same with 1 and 8 threads, in two processes, and when the files were made
/// in another order.
#[test]
fn builds_are_deterministic() {
    let world = World::new(77);
    let one = world.site.clean_build();
    assert_eq!(one, world.site.clean_build());
    let world_with_jobs = |jobs: &str| {
        let site = World::new(77).site.flag("--jobs").flag(jobs);
        site.clean_build()
    };
    assert_eq!(one, world_with_jobs("1"));
    assert_eq!(one, world_with_jobs("8"));
    let backwards = TestSite::empty().at(&date(world.minutes));
    let files: BTreeMap<String, Vec<u8>> = fixture::tree(world.site.root());
    for (path, bytes) in files.iter().rev() {
        backwards.write(path, bytes);
    }
    assert_eq!(one, backwards.clean_build());
}

#[test]
fn warnings_name_the_file_in_which_an_article_is_now() {
    let site = TestSite::new().article("local/a", "2026-11-20", "permalink: /x/\nid: x", "[gone](/nope/)");
    site.build();
    std::fs::rename(site.path("content/local/a.md"), site.path("content/local/b.md")).expect("renamed");
    let run = site.build();
    assert!(run.diagnostics().iter().all(|one| one.contains("content/local/b.md")), "{:?}", run.diagnostics());
    site.assert_equals_clean_and_says_so(&run, "the new name");
}

#[test]
fn a_list_whose_file_hides_with_time_alone_is_rendered_again() {
    for folder in ["content/corrections", "content/authors", "content/local", "content"] {
        let mut site = TestSite::new()
            .article(
                "local/a",
                "2026-11-20",
                "authors: [Ines Vale]\ncorrections: [{date: 2026-11-21, text: It was two.}]",
                "x",
            )
            .file(
                &format!("{folder}/_index.md"),
                "---\ntitle: Ours\ndescription: What we do.\nexpires: 2026-12-02\n---\n\nWords.\n",
            )
            .at("2026-12-01T00:00:00Z");
        site.build();
        site.set_now("2026-12-03T00:00:00Z");
        site.build();
        site.assert_equals_clean(folder);
    }
}
