//! The same proof for builds that one machine does not make alone: after any edit they equal the clean build of one.
//!
//! - **Parts**, made in any order on machines of their own, with a log of some earlier build or without, and joined
//!   where there is a state of earlier builds.
//! - **A machine without a state**, which deploys to a target that knows of some earlier build.
//! - **A store of images** that all of them share, and that loses and damages what it holds.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use courant::article::time::Timestamp;
use courant::config::{Config, Overrides};
use courant::deploy::{self, Clock, Shelf};
use courant::diagnostic::Diagnostic;
use courant::pipeline::{self, Options, Report};
use courant::publish::BuildLog;
use fastrand::Rng;

use crate::fixture::machines::Nobody;
use crate::fixture::{self, Run, TestSite, difference, symlink};
use crate::for_long;
use crate::world::{World, date};

/// Where the image store of a site lies in its folder.
const STORE: &str = "store";

/// What the machines of a sequence have in common.
struct Shared {
    folder: tempfile::TempDir,
    /// Log of the target at some earlier moment.
    old_log: Option<Vec<u8>>,
    /// The address of the site in the target; empty if there is none.
    address: String,
}

impl Shared {
    fn new() -> Self {
        let folder = fixture::folder();
        fs::create_dir(folder.path().join(STORE)).expect("a folder");
        Self { folder, old_log: None, address: String::new() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn target(&self) -> PathBuf {
        self.path("target")
    }

    /// Says in `site.yaml` what the machines share, unless it does already.
    fn settle(&self, site: &TestSite) {
        let settings = site.read("site.yaml");
        if settings.contains("away:") {
            return;
        }
        // A build without the store has the same settings: each machine has another folder under this name, or a link.
        let settings = settings.replace("images: {", &format!("images: {{store: 'folder:{STORE}', "));
        let target = self.target();
        let away = format!("away: {{to: 'folder://{}', assets_grace: 0s, max_removals: 100%}}", target.display());
        let settings = match settings.contains("deploy: {") {
            true => settings.replace("deploy: {", &format!("deploy: {{{away}, ")),
            false => format!("{settings}deploy: {{{away}}}\n"),
        };
        site.write("site.yaml", settings);
    }

    /// Whether the target holds this site. One that was moved to another address goes to an empty target.
    fn has(&mut self, site: &TestSite) -> bool {
        let settings = site.read("site.yaml");
        let address = settings.lines().find(|line| line.starts_with("base_url: ")).expect("an address");
        if self.address == address {
            return true;
        }
        self.address = address.to_owned();
        let _ = fs::remove_dir_all(self.target());
        false
    }

    /// A machine that has the sources of a site and the store.
    fn machine(&self, site: &TestSite) -> TestSite {
        let machine = site.other_machine();
        symlink(&self.path(STORE), &machine.path(STORE));
        machine
    }

    /// The store loses some of what it holds, and damages some.
    fn spoil_store(&self, rng: &mut Rng) -> String {
        let files: Vec<_> = fixture::tree(&self.path(STORE)).into_iter().collect();
        let (mut lost, mut damaged) = (0, 0);
        for (name, bytes) in &files {
            let path = self.path(STORE).join(name);
            let bad = match rng.u8(..12) {
                0 => {
                    fs::remove_file(path).expect("removed");
                    lost += 1;
                    continue;
                }
                1 => bytes[..rng.usize(..=bytes.len())].to_vec(),
                2 => files[rng.usize(..files.len())].1.clone(),
                3 if !bytes.is_empty() => {
                    let mut bad = bytes.clone();
                    bad[rng.usize(..bytes.len())] ^= 1 << rng.u8(..8);
                    bad
                }
                _ => continue,
            };
            fs::write(path, bad).expect("written");
            damaged += 1;
        }
        format!("of {} files the store lost {lost} and damaged {damaged}", files.len())
    }

    /// The target has an older log, a damaged one or none.
    fn spoil_log(&mut self, rng: &mut Rng) -> String {
        let record = self.target().join(".courant-deploy");
        let mut names = fixture::tree(&record).into_keys().filter(|name| name.starts_with("log-"));
        let Some(log) = names.next_back().map(|name| record.join(name)) else { return "there is no log yet".into() };
        let bytes = fs::read(&log).expect("readable");
        match (rng.u8(..4), self.old_log.take()) {
            (0, _) => {
                fs::remove_file(log).expect("removed");
                "the target lost its log".into()
            }
            (1, _) => {
                fs::write(log, &bytes[..rng.usize(..bytes.len())]).expect("written");
                "the log of the target is cut".into()
            }
            (_, Some(old)) => {
                fs::write(log, old).expect("written");
                "the log of the target is an older one".into()
            }
            (_, None) => {
                self.old_log = Some(bytes);
                "kept the log of the target".into()
            }
        }
    }

    /// A moment for everything that is deployed: the program itself has only the clock of the machine, and these sites are
    /// of other moments.
    fn options(now: Timestamp) -> deploy::Options {
        deploy::Options::new(Clock { start: now.0, began: Instant::now() }, |_| None, 4)
    }

    /// Builds on a machine with the store, and deploys what it has built. The log that the target has is an older one from
    /// then on.
    fn build_and_deploy(&self, site: &TestSite, now: Timestamp) {
        let machine = self.machine(site);
        let built = pipeline::build(machine.root(), &Options { now, ..Options::default() }, &Nobody);
        assert!(built.is_ok(), "{built:?}");
        let (name, target) = deploy::find(machine.root(), Some("away")).expect("a target");
        // Only the first one needs that, and others may say it.
        let options = deploy::Options { adopt: true, ..Self::options(now) };
        let deployed = deploy::deploy(machine.root(), (&name, &target), &options, &Nobody).expect("deployed");
        assert_eq!(deployed.diagnostics, []);
    }

    /// Builds and deploys on a machine that has the sources of `site`, and the store.
    fn build_from_afresh(&self, site: &TestSite, rng: &mut Rng, now: Timestamp, context: &str) -> Report {
        let machine = self.machine(site);
        if rng.bool() {
            // As if unpacked from an archive that knows no times.
            let files = walkdir::WalkDir::new(machine.root()).into_iter().flatten();
            for file in files.filter(|file| file.file_type().is_file()) {
                let file = File::options().append(true).open(file.path()).expect("a file");
                file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1)).expect("times can be set");
            }
        }
        let root = machine.root();
        let (name, target) = deploy::find(root, Some("away")).expect("a target");
        let shelf = Shelf::of(root, &Config::in_spite_of_mistakes(root, &Overrides::default()), |_| None);
        let shelf = Arc::new(shelf.expect("a store"));
        let built = Options { now, explain: true, store: Some(Arc::clone(&shelf) as _), ..Options::default() };
        let options = Self::options(now);
        let (report, deployed) = deploy::build(root, (&name, &target), built, &options, (&Nobody, &Nobody))
            .unwrap_or_else(|stopped| panic!("{context}{stopped:?}"));
        assert_eq!((deployed.diagnostics, shelf.problem(root)), (vec![], None), "{context}");
        assert!(!machine.has("public"), "{context}there is an output folder");
        report
    }
}

/// What was said, as [`Run::diagnostics`] says it, in order.
fn said(diagnostics: &[Diagnostic]) -> Vec<String> {
    let said = diagnostics.iter().map(|one| {
        let severity = if one.is_error() { "error" } else { "warning" };
        let place = one.place.as_ref().map_or("-".to_owned(), ToString::to_string);
        format!("{severity} {place} {}", one.message)
    });
    sorted(said.collect())
}

fn sorted(mut all: Vec<String>) -> Vec<String> {
    all.sort();
    all
}

/// A log that parts find beside the packs: that of some earlier build of the site, whole or damaged, or none.
fn log_of_parts(world: &mut World) -> Option<Vec<u8>> {
    let root = fs::canonicalize(world.site.root()).expect("there");
    let mut log = fs::read(BuildLog::path(&root, &root.join("public"))).ok().filter(|log| !log.is_empty())?;
    match world.rng.u8(..5) {
        0 => return None,
        1 => log.truncate(world.rng.usize(..log.len())),
        2 => {
            let at = world.rng.usize(..log.len());
            log[at] ^= 1 << world.rng.u8(..8);
        }
        _ => {}
    }
    Some(log)
}

/// Makes all parts of a build on other machines, and joins them on that of `world`.
fn join_parts(world: &mut World, shared: &Shared, context: &str) -> Run {
    let of = world.rng.usize(1..=7);
    let mut numbers: Vec<usize> = (1..=of).collect();
    let twice = world.rng.usize(1..=of);
    numbers.extend(world.rng.bool().then_some(twice));
    world.rng.shuffle(&mut numbers);
    let packs = shared.path("packs");
    let at = date(world.minutes);
    let machine = shared.machine(&world.site);
    fs::create_dir_all(&packs).expect("a folder");
    if let Some(log) = log_of_parts(world) {
        fs::write(packs.join("log"), log).expect("written");
    }
    for number in numbers {
        if world.rng.bool() && machine.has(".courant") {
            // Yet another machine.
            machine.remove(".courant");
        }
        let (share, jobs) = (format!("{number}/{of}"), world.rng.usize(1..6).to_string());
        let mut command = machine.command();
        command.args(["build", "--json", "--part", &share, "--at", &at, "--jobs", &jobs, "--to"]).arg(&packs);
        let run = Run::of(command.output().expect("the program runs"));
        assert_eq!(run.code, 0, "{context}part {share}: {}{}", run.stdout, run.stderr);
        assert!(!machine.has("public"), "{context}part {share} published something");
    }
    let packed = fixture::tree(&packs).into_keys().filter(|name| name != "log").count();
    assert_eq!(packed, of, "{context}a part that is made twice is one file");
    let jobs = world.rng.usize(1..6).to_string();
    let mut command = world.site.command();
    let run =
        Run::of(command.args(["join", "--json", "--jobs", &jobs]).arg(&packs).output().expect("the program runs"));
    assert_eq!(run.code, 0, "{context}join: {}{}", run.stdout, run.stderr);
    fs::remove_dir_all(&packs).expect("removed");
    run
}

/// As all sequences: how many edits there were. Each step is deployed by a machine without a state, or by one that has
/// built the whole site; and either made in parts, or built on a machine that has nothing but the store.
fn machines(seed: u64, steps: usize) -> usize {
    let mut world = World::new(seed);
    let mut shared = Shared::new();
    symlink(&shared.path(STORE), &world.site.path(STORE));
    for step in 0..steps {
        if step > 0 {
            for _ in 0..world.rng.usize(1..4) {
                let what = world.edit();
                let _ = writeln!(world.log, "{step}: {what}");
            }
            let what = shared.spoil_store(&mut world.rng);
            let _ = writeln!(world.log, "{step}: {what}");
        }
        if world.rng.u8(..4) == 0 {
            let what = world.restore_or_keep();
            let _ = writeln!(world.log, "{step}: {what}");
        }
        if world.rng.u8(..4) == 0 {
            let what = shared.spoil_log(&mut world.rng);
            let _ = writeln!(world.log, "{step}: {what}");
        }
        shared.settle(&world.site);
        let now = Timestamp(date(world.minutes).parse::<jiff::Timestamp>().expect("a moment").as_second());
        let clean = world.site.other_machine();
        let built = clean.build();
        let (wanted, wanted_words) = (clean.public(), sorted(built.diagnostics()));
        let context = format!("seed {seed}, step {step}\n{}", world.log);
        let compare = |what: &str, files: &_| {
            if let Some(difference) = difference(files, &wanted) {
                panic!("{context}{what}: {difference}");
            }
        };

        if !shared.has(&world.site) || world.rng.u8(..6) == 0 {
            shared.build_and_deploy(&world.site, now);
            let _ = writeln!(world.log, "{step}: deployed by a machine with a state");
            compare("deployed", &TestSite::deployed(&shared.target()));
        } else {
            let report = shared.build_from_afresh(&world.site, &mut world.rng, now, &context);
            compare("a machine without a state", &TestSite::deployed(&shared.target()));
            assert_eq!(said(&report.diagnostics), wanted_words, "{context}a machine without a state");
            if world.rng.u8(..4) == 0 {
                let again = shared.build_from_afresh(&world.site, &mut world.rng, now, &context);
                assert_eq!(
                    (&again.details.rendered[..], again.written, again.removed),
                    (&[][..], 0, 0),
                    "{context}another machine without a state"
                );
            }
        }
        if world.rng.bool() {
            let run = join_parts(&mut world, &shared, &context);
            assert_eq!(sorted(run.diagnostics()), wanted_words, "{context}what is joined");
            world.site.assert_is_built_as(&clean, &format!("{context}parts"));
        } else {
            let machine = shared.machine(&world.site);
            let run = machine.build();
            compare("a machine with the store", &machine.public());
            assert_eq!(sorted(run.diagnostics()), wanted_words, "{context}a machine with the store");
        }
    }
    world.edits
}

#[test]
fn many_machines_equal_a_clean_build() {
    std::thread::scope(|scope| {
        for part in [[401, 402], [403, 404]] {
            scope.spawn(move || part.iter().map(|seed| machines(*seed, 8)).sum::<usize>());
        }
    });
}

#[test]
#[ignore = "takes many minutes: cargo test --release --test differential -- --ignored"]
fn many_machines_equal_a_clean_build_for_long() {
    for_long(200, 2, |seed| machines(seed, 40));
}
