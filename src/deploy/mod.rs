//! **deploy**: the last build goes out to its readers, and no more of it than what changed.
//!
//! ```text
//! build log ─► release ─┐
//!                       ├─► delta ─► phases ─► record
//! store ─► record ──────┘
//! ```
//!
//! The log of the last build knows the path and the bytes of every output, and the record of the target knows what it
//! holds, so nothing is listed or hashed: an unchanged site costs one request. Withdrawn pages go first; a page is
//! written after the files that it names; everything else that vanished goes last.
//!
//! A deployment that is interrupted leaves its intent in the record. The next one, from whatever machine, mends what
//! it may have left, so the target ends as if it had never begun.

mod after;
pub(crate) mod apart;
mod command;
mod connection;
mod delta;
mod depot;
mod drift;
mod files;
mod folder;
mod foreign;
mod headers;
mod journal;
mod lease;
mod limits;
mod manifest;
mod public;
mod record;
mod release;
mod remote;
mod s3;
mod shelf;
mod ssh;
mod target;
mod told;

use std::fmt::Display;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};
use std::{fs, io};

use rustc_hash::FxHashSet;

use crate::article::time::Timestamp;
use crate::config::{Config, DeployTarget, FILE, Location, Overrides, key_place};
use crate::diagnostic::{self, Diagnostic, machine};
use crate::pipeline::{self, Failure};
use crate::publish::{self, Held};
use after::Untold;
use command::CommandTarget;
use delta::{Delta, Phase};
pub use depot::{Depot, Here};
pub use drift::Drift;
use folder::{FolderStore, FolderTarget};
use journal::{Done, Intent, Journal};
pub use lease::Clock;
use lease::Lease;
use manifest::{Changes, Entry, decode, encode, is_inside};
use record::{Head, Record, random_name};
use release::Release;
pub use remote::build;
use s3::Bucket;
pub use shelf::Shelf;
use ssh::Ssh;
use target::{Got, Step, Store, Target, Work};
use told::Told;

/// The folder of the record in a target.
const STATE: &str = ".courant-deploy";

/// Copies of records and what else this machine knows of its deployments, in the site's folder.
const DESK: &str = ".courant/deploy";

/// What a deployment is asked to do.
#[derive(Clone, Debug)]
pub struct Options {
    /// Only say what would be done.
    pub dry_run: bool,
    /// How many files may be removed; the target's setting when not given.
    pub max_removals: Option<usize>,
    /// Take over a target that has no record, or one of another site.
    pub adopt: bool,
    /// Compare what the target holds with the record.
    pub check: bool,
    /// Mend what `check` finds.
    pub repair: bool,
    /// With `repair`: remove files that courant did not put there.
    pub remove_foreign: bool,
    /// Wait until withdrawn pages are gone from their public addresses.
    pub confirm: bool,
    /// Tell of the limits of all hosts that the site exceeds, not only of those that it names.
    pub host_limits: bool,
    /// Whether search engines and hubs are told.
    pub pings: bool,
    /// Requests at the same time.
    pub jobs: usize,
    /// The moment.
    pub clock: Clock,
    /// Looks up a variable of the environment.
    pub environment: fn(&str) -> Option<String>,
}

impl Options {
    /// A deployment without any flag.
    pub fn new(clock: Clock, environment: fn(&str) -> Option<String>, jobs: usize) -> Self {
        Self {
            dry_run: false,
            max_removals: None,
            adopt: false,
            check: false,
            repair: false,
            remove_foreign: false,
            confirm: false,
            host_limits: false,
            pings: false,
            jobs,
            clock,
            environment,
        }
    }
}

/// What a deployment did, or would do.
#[derive(Debug, Default)]
pub struct Report {
    /// The name of the target.
    pub target: String,
    /// The generation that the target has now.
    pub generation: u64,
    /// Files written that were not there.
    pub new: Vec<String>,
    /// Files written in place of others.
    pub changed: Vec<String>,
    /// Files removed before anything was written.
    pub withdrawn: Vec<String>,
    /// Files removed afterwards.
    pub removed: Vec<String>,
    /// Files that are as they should be.
    pub unchanged: usize,
    /// What `check` found.
    pub drift: Drift,
    /// Requests made.
    pub requests: usize,
    /// What went wrong without keeping the site from its readers, and what deserves attention.
    pub diagnostics: Vec<Diagnostic>,
}

/// Why a deployment did not come to its end.
#[derive(Debug)]
pub struct Stopped {
    /// What failed.
    pub failure: Box<Failure>,
    /// Files of withdrawn pages that readers may still get from the target, as far as is known.
    pub still_public: Vec<String>,
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Self {
        Self { failure: Box::new(failure), still_public: Vec::new() }
    }
}

impl Stopped {
    /// With the withdrawn pages that are still there.
    fn at(failure: Failure, pages: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { failure: Box::new(failure), still_public: pages.into_iter().map(Into::into).collect() }
    }
}

/// Somebody who is told how a deployment goes on.
pub trait Observer: Sync {
    /// Something keeps it waiting.
    fn waiting(&self, what: &str);
    /// It begins to write and remove so many files.
    fn begins(&self, files: usize);
    /// One more of them is done.
    fn done(&self);
}

/// The target that is meant by `name`: the only one, if none is named.
///
/// # Errors
/// There is no such target.
pub fn find(root: &Path, name: Option<&str>) -> Result<(String, DeployTarget), Failure> {
    let (config, problems) = match Config::load(root, &Overrides::default()) {
        Ok(config) => (config, Vec::new()),
        // Its deployment fails, and then says what is still public there.
        Err(problems) => (Config::in_spite_of_mistakes(root, &Overrides::default()), problems),
    };
    let targets = &config.settings.deploy.0;
    let names = || targets.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let found = match name {
        Some(name) => targets.get_key_value(name),
        None if targets.len() == 1 => targets.first_key_value(),
        None => None,
    };
    found.map(|(name, target)| (name.clone(), target.clone())).ok_or_else(|| {
        if !problems.is_empty() {
            return Failure::Site(problems);
        }
        let (message, hint) = match name {
            _ if targets.is_empty() => (
                "site.yaml does not say where the site goes".to_owned(),
                "add for example `deploy: { live: { to: \"folder:///srv/news\" } }`".to_owned(),
            ),
            Some(name) => (format!("there is no target `{name}`"), format!("the targets are {}", names())),
            None => ("there are several targets".to_owned(), format!("name one of {}", names())),
        };
        let text = fs::read_to_string(root.join(FILE)).unwrap_or_default();
        Failure::site(Diagnostic::error(message).at(key_place(FILE, &text, "deploy")).hint(hint))
    })
}

/// A target, its store, and what this machine knows of them.
struct Place {
    name: String,
    settings: DeployTarget,
    target: Box<dyn Target>,
    store: Box<dyn Store>,
    /// Names the store in the copy of its record.
    address: String,
    desk: PathBuf,
    site: PathBuf,
    /// Whether the record lies where readers might get it.
    is_beside: bool,
    requests: Arc<AtomicUsize>,
}

impl Place {
    fn open(root: &Path, name: &str, settings: &DeployTarget, options: &Options) -> Result<Self, Failure> {
        let site = fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
        let desk = site.join(DESK).join(name);
        fs::create_dir_all(&desk).map_err(failed("make the folder", desk.display()))?;
        let requests = Arc::new(AtomicUsize::new(0));
        let connections = Arc::default();
        let location = settings.to.as_deref().and_then(|to| Location::parse(to, &site));
        let target: Box<dyn Target> = match (&location, &settings.command) {
            (Some(Location::Folder(folder)), _) => Box::new(FolderTarget::new(folder.clone(), settings.switch)),
            (Some(Location::S3 { bucket, prefix }), _) => {
                Box::new(Bucket::open(bucket, prefix, settings, options, &requests)?)
            }
            (Some(Location::Ssh { host, port, folder }), _) => {
                Box::new(Ssh::new((host, *port, folder), settings.switch, &connections, &requests))
            }
            (None, Some(command)) => Box::new(CommandTarget::new(command.clone(), site.clone())),
            (None, None) => return Err(unsupported(settings.to.as_deref().unwrap_or_default())),
        };
        let state = settings.state.as_deref().and_then(|state| Location::parse(state, &site));
        let store: Box<dyn Store> = match state.as_ref().or(location.as_ref()) {
            Some(Location::Folder(folder)) => {
                let folder = if state.is_some() { folder.clone() } else { folder.join(STATE) };
                Box::new(FolderStore::new(folder))
            }
            Some(Location::S3 { bucket, prefix }) => {
                let store = Bucket::open(bucket, prefix, settings, options, &requests)?;
                Box::new(if state.is_some() { store } else { store.state() })
            }
            Some(Location::Ssh { host, port, folder }) => {
                let store = Ssh::new((host, *port, folder), false, &connections, &requests);
                Box::new(if state.is_some() { store } else { store.state() })
            }
            None => Box::new(FolderStore::new(desk.join("record"))),
        };
        let place = settings.state.as_ref().or(settings.to.as_ref()).map_or("", String::as_str);
        Ok(Self {
            name: name.to_owned(),
            settings: settings.clone(),
            target,
            store,
            address: format!("{}{place}", settings.endpoint.as_deref().unwrap_or_default()),
            desk,
            site,
            is_beside: state.is_none() && location.is_some(),
            requests,
        })
    }

    /// Requests so far, of a target that is asked through the network.
    fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }

    /// Where the site goes, as the record names it. What a command does nobody knows.
    fn destination(&self) -> String {
        let to = self.settings.to.as_deref().unwrap_or_default().trim_end_matches('/');
        format!("{}{to}", self.settings.endpoint.as_deref().unwrap_or_default())
    }

    fn copy(&self) -> PathBuf {
        self.desk.join("copy")
    }

    fn journal(&self) -> PathBuf {
        self.desk.join("journal")
    }

    fn copied(&self) -> Option<Record> {
        Record::copied(&self.copy(), &self.address)
    }

    fn read(&self) -> Result<Record, Failure> {
        Record::read(&*self.store, self.copied())
    }
}

/// Makes a failure of this machine from an error of its system.
fn failed(what: &str, path: impl Display) -> impl Fn(io::Error) -> Failure {
    move |error| Failure::Machine(machine(what, &path, &error))
}

fn unsupported(address: &str) -> Failure {
    let problem = Diagnostic::error(format!("`{address}` is not a place to deploy to"));
    Failure::site(problem.at(diagnostic::Place::file(FILE)))
}

/// Deploys the last build of the site in `root` to a target.
///
/// # Errors
/// Nothing may go out, or the target cannot be written. What was written is then noted, and the next deployment goes
/// on from there.
pub fn deploy(
    root: &Path,
    (name, settings): (&str, &DeployTarget),
    options: &Options,
    observer: &dyn Observer,
) -> Result<Report, Stopped> {
    let place = Place::open(root, name, settings, options)?;
    place.deploy(root, options, None, observer)?.ok_or_else(|| conflict().into())
}

impl Place {
    /// Deploys the last build, which is in the output folder or, if that is `held` elsewhere, in what stands for it. That
    /// was made from the record with this head: there is no report if it is another one by now.
    fn deploy(
        &self,
        root: &Path,
        options: &Options,
        held: Option<(&Arc<Held>, &Head)>,
        observer: &dyn Observer,
    ) -> Result<Option<Report>, Stopped> {
        let (place, settings) = (self, &self.settings);
        // No build changes the output folder meanwhile, and this machine has one deployment at a time.
        let _lock =
            publish::lock(root, || observer.waiting("a build of this site is running")).map_err(Failure::from)?;
        let now = Timestamp(options.clock.now());
        let has_headers = place.target.has_headers();
        let (release, copied) = rayon::join(
            || Release::read(root, settings, has_headers, now, held.map(|(held, _)| held)),
            || place.copied(),
        );
        // The process ends soon: to free a million small things one by one would only take time.
        // The failure names the withdrawn pages that the target still holds.
        let refused = |failure| Stopped::at(failure, place.withdrawn_by_now(root, now));
        let release = ManuallyDrop::new(release.map_err(refused)?);
        apart::check(settings, &place.site, &release).map_err(refused)?;
        let mut copied = Some(copied);
        for _ in 0..MOST_CONFLICTS {
            let known = copied.take().unwrap_or_else(|| place.copied());
            let record = match place.settled(known, &release, options, observer) {
                Ok(record) => record,
                // What this machine knows is better than nothing.
                Err(failure) => return Err(Stopped::at(failure, place.known_withdrawn(&release, options))),
            };
            let is_same = |of: &Head| record.head.as_ref().is_some_and(|head| head.holds() == of.holds());
            if held.is_some_and(|(_, of)| !is_same(of)) {
                return Ok(None);
            }
            if options.check || options.repair {
                return drift::look_for_drift(place, &release, record, options, observer).map(Some);
            }
            if let Some(mut report) = place.attempt(record, &release, &[], options, observer)? {
                let exceeds = options.host_limits || settings.command.is_some();
                if exceeds {
                    report.diagnostics.extend(limits::exceeded(&release, options.host_limits));
                }
                report.requests = place.requests();
                return Ok(Some(report));
            }
        }
        Err(Stopped::at(conflict(), place.known_withdrawn(&release, options)))
    }

    /// The pages that the target holds and whose articles the sources withhold, or lack, at this moment: by its record
    /// or, if that cannot be read, by the copy.
    fn withdrawn_by_now(&self, root: &Path, now: Timestamp) -> Vec<String> {
        let Some(record) = self.read().ok().or_else(|| self.copied()) else { return Vec::new() };
        let options = pipeline::Options { now, ..pipeline::Options::default() };
        pipeline::withdrawn::among(root, &options, &record.manifest.pages())
    }

    /// The withdrawn pages that the target holds, by the copy of its record.
    fn known_withdrawn(&self, release: &Release, options: &Options) -> Vec<String> {
        let Some(record) = self.copied() else { return Vec::new() };
        let delta = Delta::of(&record.manifest, release, options.clock.now(), 0);
        delta.withdrawn_pages().map(str::to_owned).collect()
    }
}

/// So often another deployment may begin at the same moment.
const MOST_CONFLICTS: usize = 10;

/// How long a deployment waits for another one.
const MOST_PATIENCE: Duration = Duration::from_secs(30 * 60);

fn conflict() -> Failure {
    let problem = Diagnostic::error("another deployment of this site began at the same moment");
    Failure::Machine(problem.hint("deploy again"))
}

impl Place {
    /// Deploys and removes `foreign` files, unless somebody else is faster: then there is no report.
    fn attempt(
        &self,
        mut record: Record,
        release: &Release,
        foreign: &[String],
        options: &Options,
        observer: &dyn Observer,
    ) -> Result<Option<Report>, Stopped> {
        let grace = self.settings.assets_grace.duration().as_secs() as i64;
        let mut delta = Delta::of(&record.manifest, release, options.clock.now(), grace);
        let foreign = foreign.iter().filter(|path| !release.files.contains_key(path.as_str()));
        delta.removed.extend(foreign.map(|path| path.as_str().into()));
        self.allow(&delta, &record, options)
            .and_then(|()| if options.remove_foreign { Ok(()) } else { self.spare(&delta, &record, release, options) })
            .map_err(|failure| Stopped::at(failure, delta.withdrawn_pages()))?;
        let mut report = self.report(&delta, &record, release);
        if options.dry_run {
            return Ok(Some(report));
        }
        let not_begun = |failure| Stopped::at(failure, delta.withdrawn_pages());
        if record.head.as_ref().is_some_and(|head| head.is_incomplete) {
            report.drift.foreign = drift::strays(self, &delta, &record.manifest, release).map_err(not_begun)?;
            report.diagnostics.extend(drift::unknown(&report.drift.foreign));
        }
        let told = Told::of(&delta, &record.manifest, release);
        let file = record.head.as_ref().and_then(|head| head.untold.as_deref());
        let mut untold = Untold::read(&*self.store, file, &self.settings).map_err(not_begun)?;
        if let Some(problem) = untold.problem() {
            if self.read().map_err(not_begun)?.tag != record.tag {
                return Ok(None);
            }
            report.diagnostics.push(problem);
        }
        report.diagnostics.extend(drift::sample(self, &delta, &record.manifest).map_err(not_begun)?);
        if !delta.is_empty() || record.is_guessed || record.head.is_none() {
            untold.add(&told);
            let deployed = self.carry_out(&delta, record, release, (&told, &mut untold), options, observer)?;
            let Some(deployed) = deployed else { return Ok(None) };
            record = deployed;
            report.generation = record.head.as_ref().map_or(0, |head| head.generation);
        }
        report.diagnostics.extend(untold.tell(&self.name, &self.site, release, options));
        if untold.has_changed()
            && let Err(Failure::Machine(problem)) = self.remember(untold, &mut record)
        {
            report.diagnostics.push(problem);
        }
        if !record.is_copied {
            record.copy_to(&self.copy(), &self.address)?;
        }
        // As the release.
        std::mem::forget(record);
        if options.confirm {
            report.diagnostics.extend(public::confirm(&told));
        }
        Ok(Some(report))
    }

    /// Notes in the record who is still to be told. Whoever deploys at this moment tells them all once more.
    fn remember(&self, mut untold: Untold, record: &mut Record) -> Result<(), Failure> {
        let Some(head) = &mut record.head else { return Ok(()) };
        let name = untold.write(&*self.store, head.generation)?;
        let mut named = Head { untold: name.clone(), ..head.clone() };
        let tag = self.store.put(record::HEAD, &named.bytes(), target::If::Is(&record.tag))?;
        let stale = if tag.is_some() { head.untold.take() } else { name };
        if let Some(tag) = tag {
            (*head, record.tag, record.is_copied) = (named, tag, false);
        }
        stale.map_or(Ok(()), |stale| self.store.remove(&stale))
    }

    /// The record, when nobody else is deploying, with what an interrupted deployment may have left.
    fn settled(
        &self,
        copied: Option<Record>,
        release: &Release,
        options: &Options,
        observer: &dyn Observer,
    ) -> Result<Record, Failure> {
        let mut record = self.read_or_adopt(copied, release, options)?;
        let mut is_told = false;
        let began = Instant::now();
        let mut last = (record.tag.clone(), began);
        loop {
            let Some(head) = &record.head else { return Ok(record) };
            if record.tag != last.0 {
                last = (record.tag.clone(), Instant::now());
            }
            let done = head.intent.as_ref().map(|intent| Done::read(&self.journal(), intent)).unwrap_or_default();
            let now = options.clock.now() + self.store.ahead();
            let is_own = |holder: &str| done.holder.as_deref() == Some(holder);
            // Whoever is alive renews it, whatever the clock there says.
            let is_silent = last.1.elapsed() > self.settings.lease.duration();
            let is_over = |lease: &record::Held| is_own(&lease.holder) || lease.until < now || is_silent;
            let is_free = head.lease.as_ref().is_none_or(is_over);
            if is_free || self.settings.exclusive || options.dry_run {
                if self.settle(&mut record, options.adopt || options.check || options.repair)? {
                    return Ok(record);
                }
                record = self.read_or_adopt(self.copied(), release, options)?;
                continue;
            }
            if !std::mem::replace(&mut is_told, true) {
                observer.waiting("another deployment of this site is running");
            }
            if began.elapsed() > MOST_PATIENCE {
                return Err(Failure::Machine(
                    Diagnostic::error("another deployment of this site has been running for half an hour")
                        .hint("wait until it is done, and deploy again"),
                ));
            }
            std::thread::sleep(self.settings.lease.duration().div_f64(20.0).max(Duration::from_millis(100)));
            record = self.read_or_adopt(self.copied(), release, options)?;
        }
    }

    /// Takes into account what an interrupted deployment may have left. False if somebody else has done so meanwhile.
    ///
    /// # Errors
    /// Nobody knows what that is, unless it `may_be_lost`.
    fn settle(&self, record: &mut Record, may_be_lost: bool) -> Result<bool, Failure> {
        let Some(name) = record.head.as_ref().and_then(|head| head.intent.clone()) else { return Ok(true) };
        let intent = match self.store.get(&name, None)? {
            Got::File(bytes, _) => decode::<Intent>(&bytes),
            _ => None,
        };
        match intent {
            Some(intent) => record.settle(intent, Done::read(&self.journal(), &name)),
            None if self.read()?.head.and_then(|head| head.intent).as_ref() != Some(&name) => return Ok(false),
            None if may_be_lost => record.doubt(),
            None => return Err(record::incomplete()),
        }
        Ok(true)
    }

    /// The record, or an empty one for a target that is taken over.
    fn read_or_adopt(&self, copied: Option<Record>, release: &Release, options: &Options) -> Result<Record, Failure> {
        let site = &release.config.base_url;
        let record = match Record::read(&*self.store, copied) {
            // What cannot be read is what a new record is for.
            Err(Failure::Site(_)) if options.adopt => self.begun_anew(site)?,
            record => record?,
        };
        let hint = "`courant deploy --adopt` takes it over, with the files that courant put there; others stay";
        match &record.head {
            Some(head) if head.site == *site && head.target == self.destination() => return Ok(record),
            Some(head) if !options.adopt && head.site == *site => {
                let message = format!("the record of the target `{}` is that of {}", self.name, head.target);
                return Err(Failure::site(Diagnostic::error(message).hint(hint)));
            }
            Some(head) if !options.adopt => {
                let message = format!("the target `{}` belongs to the site {}", self.name, head.site);
                return Err(Failure::site(Diagnostic::error(message).hint(hint)));
            }
            // A command has no target that could be somebody else's.
            None if !options.adopt && self.settings.to.is_some() => {
                let message = format!("courant has not deployed to the target `{}` before", self.name);
                return Err(Failure::site(Diagnostic::error(message).hint(hint)));
            }
            _ => {}
        }
        if !options.dry_run && self.settings.to.is_some() {
            self.probe(&release.config)?;
        }
        Ok(self.adopted(record, site))
    }

    /// A new record in place of one that cannot be read. What this machine knows of it is better than nothing.
    fn begun_anew(&self, site: &str) -> Result<Record, Failure> {
        let Got::File(bytes, tag) = self.store.get(record::HEAD, None)? else { return self.read() };
        let old = Head::read(&bytes).ok();
        let stale = old.iter().flat_map(Head::names).map(str::to_owned).collect();
        let head = Some(Head { stale, ..Head::new(site, &self.destination()) });
        let mut record = Record { head, tag, ..self.remembered() };
        record.doubt();
        Ok(record)
    }

    /// The record of a target that is taken over. Files that courant put there stay known, so they go if the site
    /// lacks them.
    fn adopted(&self, record: Record, site: &str) -> Record {
        let Some(head) = &record.head else {
            let mut known = self.remembered();
            known.doubt();
            return known;
        };
        // A place may have another name by now.
        if self.is_beside || head.target == self.destination() || drift::is_there(self, &record.manifest) {
            let head = Head { site: site.to_owned(), target: self.destination(), ..head.clone() };
            return Record { head: Some(head), is_guessed: true, ..record };
        }
        let stale = head.names().map(str::to_owned).collect();
        let head = Some(Head { stale, ..Head::new(site, &self.destination()) });
        Record { head, tag: record.tag, ..Record::default() }
    }

    /// What this machine remembers of the files of the target.
    fn remembered(&self) -> Record {
        let manifest = self.copied().map(|copied| copied.manifest).unwrap_or_default();
        Record { manifest, ..Record::default() }
    }

    /// Looks whether the store keeps two deployments apart, and keeps the record from readers.
    fn probe(&self, config: &Config) -> Result<(), Failure> {
        let name = format!("probe-{}", random_name());
        // Nobody but the store can know it.
        let text = random_name();
        let store = &*self.store;
        let first = store.put(&name, text.as_bytes(), target::If::Absent)?;
        let is_public =
            self.is_beside && public::shows(&config.absolute(&config.address(&format!("{STATE}/{name}"))), &text);
        let again = store.put(&name, b"second", target::If::Absent)?;
        let other = store.put(&name, b"third", target::If::Is("\"00000000000000000000000000000000\""))?;
        store.remove(&name)?;
        if is_public {
            return Err(Failure::site(
                Diagnostic::error(format!(
                    "readers can get `{STATE}` of the target, where the record names what is not public yet"
                ))
                .hint("keep it from them, or put the record elsewhere with `state:`"),
            ));
        }
        if (first.is_none() || again.is_some() || other.is_some()) && !self.settings.exclusive {
            return Err(Failure::site(
                Diagnostic::error("this store ignores the conditions of writes, so it cannot keep two deployments apart")
                    .hint("write `exclusive: true` for this target if only one machine deploys to it, one deployment at a time"),
            ));
        }
        Ok(())
    }

    /// Refuses a delta that removes more than is allowed, or writes a file whose name no record may hold: where it would
    /// lie depends on the system, or it would take the place of the record itself.
    fn allow(&self, delta: &Delta, record: &Record, options: &Options) -> Result<(), Failure> {
        if let Some((_, path)) = delta.puts.iter().find(|(_, path)| !is_inside(path)) {
            let problem = Diagnostic::error(format!("a file with the name {path:?} cannot be deployed"));
            let hint = format!("give it a name without `\\` and line breaks; `{STATE}` is the folder of the record");
            return Err(Failure::site(problem.hint(hint)));
        }
        let held = record.manifest.files.len();
        let most = options.max_removals.or_else(|| self.settings.max_removals.of(held)).unwrap_or(usize::MAX);
        if delta.counted <= most {
            return Ok(());
        }
        let examples: Vec<String> =
            delta.withdrawn.iter().chain(&delta.removed).take(3).map(|path| format!("/{path}")).collect();
        let message = format!(
            "this would remove {} of {held} files, such as {}; at most {most} are allowed",
            delta.counted,
            examples.join(", ")
        );
        let hint = format!("if that is what you want, deploy with `--max-removals {}`", delta.counted);
        Err(Failure::site(Diagnostic::error(message).hint(hint)))
    }

    fn report(&self, delta: &Delta, record: &Record, release: &Release) -> Report {
        let is_gone = |path: &str| !release.files.contains_key(path);
        let paths =
            |all: &[Box<str>]| all.iter().filter(|path| is_gone(path)).map(|path| path.to_string()).collect::<Vec<_>>();
        let (new, changed): (Vec<_>, Vec<_>) = delta.puts.iter().partition(|(_, path)| delta.new.contains(path));
        let paths_of = |all: Vec<&(Phase, Box<str>)>| all.into_iter().map(|(_, path)| path.to_string()).collect();
        Report {
            target: self.name.clone(),
            generation: record.head.as_ref().map_or(0, |head| head.generation),
            new: paths_of(new),
            changed: paths_of(changed),
            withdrawn: paths(&delta.withdrawn),
            removed: paths(&delta.removed),
            unchanged: delta.unchanged,
            requests: self.requests(),
            ..Report::default()
        }
    }

    /// Does what the delta says, phase by phase, and commits it. Nothing is done if somebody else was faster.
    fn carry_out(
        &self,
        delta: &Delta,
        mut record: Record,
        release: &Release,
        (told, untold): (&Told, &mut Untold),
        options: &Options,
        observer: &dyn Observer,
    ) -> Result<Option<Record>, Stopped> {
        // What is not as the build left it is found before anything is touched.
        let not_begun = |failure| Stopped::at(failure, delta.withdrawn_pages());
        delta.puts.iter().try_for_each(|(_, path)| release.look_at(path)).map_err(not_begun)?;
        observer.begins(delta.puts.len() + delta.withdrawn.len() + delta.removed.len());
        let store = &*self.store;
        let holder = random_name();
        let before = &record.head.clone().unwrap_or_else(|| Head::new(&release.config.base_url, &self.destination()));
        let puts = delta.puts.iter().map(|(_, path)| (path.clone(), release.files[path].entry.clone())).collect();
        let gone = delta.withdrawn.iter().chain(&delta.removed).cloned().collect();
        let (unfinished, mut done) = std::mem::take(&mut record.unfinished);
        let mut meant = Intent { puts, gone };
        meant.add(unfinished, &mut done);
        let intent = format!("intent-{}-{holder}", before.generation + 1);
        record::write(store, &intent, &encode(&meant)).map_err(not_begun)?;
        let untold = untold.write(store, before.generation + 1).map_err(not_begun)?;
        let mut stale: Vec<String> = before.stale.iter().chain(&before.intent).chain(&before.untold).cloned().collect();
        let new: Vec<String> = [&intent].into_iter().chain(&untold).cloned().collect();
        let head = Head { intent: Some(intent.clone()), untold, stale: stale.clone(), ..before.clone() };
        let tag = record.head.as_ref().map(|_| &*record.tag);
        let length = self.settings.lease.duration();
        let settings = (options.clock, length, self.settings.exclusive);
        let Some(lease) = Lease::take(store, head, tag, &holder, settings).map_err(not_begun)? else {
            new.iter().try_for_each(|name| store.remove(name)).map_err(not_begun)?;
            return Ok(None);
        };
        let path = self.target.acknowledges().then(|| self.journal());
        stale.retain(|name| store.remove(name).is_err());
        let journal = Journal::begin(path.as_deref(), &intent, &holder, done).map_err(not_begun)?;
        let (keeping, until) = mpsc::channel();
        let done = std::thread::scope(|scope| {
            let lease_kept = &lease;
            scope.spawn(move || lease_kept.keep(&until));
            let done = self.phases(delta, release, (&lease, &journal), told, observer);
            drop(keeping);
            done
        });
        if let Err(failure) = done {
            lease.give_up();
            let done = journal.into_done();
            // Where steps do not count one by one, readers have what they had.
            let is_done = |path: &&str| self.target.acknowledges() && done.tag(path).is_some();
            return Err(Stopped::at(failure, delta.withdrawn_pages().filter(|path| !is_done(path))));
        }
        let commit = self.commit(delta, record, release, (&lease, journal), stale, options);
        let (deployed, mut left) = commit.inspect_err(|_| lease.give_up())?;
        left.push(intent);
        // What is left over means nothing; it only takes up room.
        left.iter().for_each(|name| {
            let _ = store.remove(name);
        });
        let _ = fs::remove_file(self.journal());
        Ok(Some(deployed))
    }

    fn phases(
        &self,
        delta: &Delta,
        release: &Release,
        (lease, journal): (&Lease<'_>, &Journal),
        told: &Told,
        observer: &dyn Observer,
    ) -> Result<(), Failure> {
        let (head, _) = lease.head();
        self.target.begin(head.generation + 1)?;
        for phase in Phase::ALL {
            let steps: Vec<Step<'_>> = match phase {
                Phase::Withdrawals => delta.withdrawn.iter().map(|path| Step::Remove(path)).collect(),
                Phase::OldData => delta.removed[..delta.early].iter().map(|path| Step::Remove(path)).collect(),
                Phase::Removals => delta.removed[delta.early..].iter().map(|path| Step::Remove(path)).collect(),
                _ => delta.puts_of(phase).map(|path| Step::Put(path, &release.files[path].entry)).collect(),
            };
            if steps.is_empty() && phase != Phase::Withdrawals {
                continue;
            }
            let done = |at: usize, tag: &str| {
                let step: &Step<'_> = &steps[at];
                observer.done();
                journal.note(step.path(), matches!(step, Step::Put(..)).then_some(tag))
            };
            let may_go_on = || lease.check();
            let work = Work { release, settings: &self.settings, done: &done, may_go_on: &may_go_on };
            self.target.carry_out(&steps, &work)?;
            if phase == Phase::Withdrawals {
                self.replace(delta, release, (lease, journal), observer)?;
            }
        }
        self.target.finish(&told.json(&self.name, release))
    }

    /// Lets notices take the place of withdrawn pages. Where there is no room for a notice, its page goes all the same.
    fn replace(
        &self,
        delta: &Delta,
        release: &Release,
        (lease, journal): (&Lease<'_>, &Journal),
        observer: &dyn Observer,
    ) -> Result<(), Failure> {
        let puts: Vec<Step<'_>> =
            delta.puts_of(Phase::Withdrawals).map(|path| Step::Put(path, &release.files[path].entry)).collect();
        if puts.is_empty() {
            return Ok(());
        }
        let may_go_on = || lease.check();
        let written: Mutex<FxHashSet<usize>> = Mutex::default();
        let done = |at: usize, tag: &str| {
            observer.done();
            written.lock().expect("no panic while locked").insert(at);
            journal.note(puts[at].path(), Some(tag))
        };
        let work = Work { release, settings: &self.settings, done: &done, may_go_on: &may_go_on };
        self.target.carry_out(&puts, &work).inspect_err(|_| {
            let written = written.lock().expect("no panic while locked");
            let left = puts.iter().enumerate().filter(|(at, _)| !written.contains(at));
            let left: Vec<Step<'_>> = left.map(|(_, step)| Step::Remove(step.path())).collect();
            let done = |at: usize, _: &str| journal.note(left[at].path(), None);
            // It fails for the reason that is told anyway.
            let _ = self
                .target
                .carry_out(&left, &Work { release, settings: &self.settings, done: &done, may_go_on: &may_go_on });
        })
    }

    /// Writes down what was done, as the last thing: from then on it counts.
    fn commit(
        &self,
        delta: &Delta,
        record: Record,
        release: &Release,
        (lease, journal): (&Lease<'_>, Journal),
        stale: Vec<String>,
        options: &Options,
    ) -> Result<(Record, Vec<String>), Failure> {
        let done = journal.into_done();
        let mut changes = Changes::default();
        for (_, path) in &delta.puts {
            let tag = done.tag(path).flatten().unwrap_or_default().into();
            changes.set.push((path.clone(), Entry { tag, ..release.files[path].entry.clone() }));
        }
        let put: FxHashSet<&str> = delta.puts.iter().map(|(_, path)| &**path).collect();
        let removed = delta.withdrawn.iter().chain(&delta.removed).filter(|path| !put.contains(&***path));
        changes.gone.extend(removed.cloned());
        let now = options.clock.now();
        for (path, left) in
            delta.leaving.iter().map(|path| (path, now)).chain(delta.returning.iter().map(|path| (path, 0)))
        {
            if let Some(entry) = record.manifest.files.get(path) {
                changes.set.push((path.clone(), Entry { left, ..entry.clone() }));
            }
        }
        for path in &delta.reassigned {
            if let Some(entry) = record.manifest.files.get(path) {
                changes.set.push((path.clone(), Entry { tag: entry.tag.clone(), ..release.files[path].entry.clone() }));
            }
        }
        lease.check()?;
        let (head, _) = lease.head();
        let (deployed, head, left) = record.extend(
            &*self.store,
            Head { lease: None, intent: None, stale, is_incomplete: false, ..head },
            changes,
        )?;
        lease.write(head)?;
        let (head, tag) = lease.head();
        Ok((Record { head: Some(head), tag, is_copied: false, is_guessed: false, ..deployed }, left))
    }
}
