//! A build on a machine without a state: the log and the manifest of the target stand for the output folder.
//!
//! A page is fresh when its inputs and answers are those of the log, and the manifest says that the target holds what
//! the log says was written. Only what is not fresh is rendered, and nothing else is written to this machine. The log is
//! worth time and nothing more: one that is missing, or of another build, leads to the same site.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::headers::Remembered;
use super::manifest::{Entry, Manifest};
use super::record::{Head, Record, random_name};
use super::release::entries_of;
use super::target::If;
use super::{MOST_CONFLICTS, Observer, Options, Place, Report, Stopped, conflict, failed, record};
use crate::article::time::Timestamp;
use crate::config::DeployTarget;
use crate::diagnostic::Diagnostic;
use crate::pipeline::{self, Failure};
use crate::publish::{BuildLog, Held, Outputs};

/// What a build writes before it goes out, among what this machine knows of the target.
const NEW: &str = "new";

/// Builds the site in `root` and deploys it to a target, from which it takes what was built before.
///
/// # Errors
/// As those of a build and of a deployment.
pub fn build(
    root: &Path,
    (name, settings): (&str, &DeployTarget),
    built: pipeline::Options,
    options: &Options,
    (build_observer, observer): (&dyn pipeline::Observer, &dyn Observer),
) -> Result<(pipeline::Report, Report), Stopped> {
    if settings.to.is_none() {
        let problem =
            Diagnostic::error(format!("the target `{name}` is a command, which uploads a whole output folder"));
        return Err(Failure::site(problem.hint("run `courant build`, then `courant deploy`")).into());
    }
    let place = Place::open(root, name, settings, options)?;
    let _alone = place.alone(observer)?;
    for _ in 0..MOST_CONFLICTS {
        let record = place.known()?;
        let Some(head) = &record.head else {
            let problem = Diagnostic::error(format!("courant has not deployed to the target `{name}` before"));
            let hint = "run `courant build` and `courant deploy --adopt` once, which take it over";
            return Err(Failure::site(problem.hint(hint)).into());
        };
        let folder = place.desk.join(NEW);
        clear(&folder)?;
        let log = BuildLog::path(&place.site, &folder);
        place.fetch_log(head, &log)?;
        let held = Arc::new(place.held(&folder, &log, &record.manifest, built.now));
        let built = pipeline::Options { held: Some(Arc::clone(&held)), output: None, ..built.clone() };
        let report = pipeline::build(root, &built, build_observer).map_err(|failure| {
            // What the target holds counts, not an output folder of this machine.
            Stopped::at(failure, pipeline::withdrawn::among(root, &built, &record.manifest.pages()))
        });
        let done = report.and_then(|report| {
            let Some(deployed) = place.deploy(root, options, Some((&held, head)), observer)? else { return Ok(None) };
            // Without news the log in the store is as good.
            if head.log.is_none() || report.rendered + report.written + report.removed > 0 {
                place.put_log(&log)?;
            }
            Ok(Some((report, deployed)))
        });
        // Neither is of use to anybody here.
        clear(&folder)?;
        let _ = fs::remove_file(&log);
        // Somebody else has deployed meanwhile: what the target held then it may not hold now.
        if let Some(done) = done.transpose() {
            return done;
        }
    }
    Err(conflict().into())
}

/// Waits for the lock of a file. The file system may know no locks: then others are the user's to keep apart.
pub(super) fn wait_for(file: &File) -> io::Result<()> {
    file.lock().or_else(|error| if error.kind() == io::ErrorKind::Unsupported { Ok(()) } else { Err(error) })
}

fn clear(folder: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(folder) {
        Err(error) if folder.exists() => Err(failed("clear", folder.display())(error)),
        _ => Ok(()),
    }
}

impl Place {
    /// Waits until no other build on this machine is writing for this target.
    fn alone(&self, observer: &dyn Observer) -> Result<File, Failure> {
        let path = self.desk.join("lock");
        let lock = || {
            let file = File::options().create(true).truncate(false).write(true).open(&path)?;
            if file.try_lock().is_err() {
                observer.waiting("another build for this target is running");
                wait_for(&file)?;
            }
            Ok(file)
        };
        lock().map_err(failed("lock", path.display()))
    }

    /// The record, in which nothing is certain that a deployment is doing at this moment, or was doing when it was
    /// interrupted.
    fn known(&self) -> Result<Record, Failure> {
        loop {
            let mut record = self.read()?;
            if self.settle(&mut record, false)? {
                return Ok(record);
            }
        }
    }

    /// Fetches the log that the record names; without one there is none.
    fn fetch_log(&self, head: &Head, log: &Path) -> Result<(), Failure> {
        let _ = fs::remove_file(log);
        let Some(name) = &head.log else { return Ok(()) };
        let mut file = File::create(log).map_err(failed("write", log.display()))?;
        if !self.store.fetch(name, &mut file)? {
            let _ = fs::remove_file(log);
        }
        Ok(())
    }

    /// The files that the target holds with the bytes of the log and the headers of the configuration, for a build as of
    /// `now`.
    fn held(&self, folder: &Path, log: &Path, manifest: &Manifest, now: Timestamp) -> Held {
        let log = Outputs::read(log);
        let mut headers = self.target.has_headers().then(|| Remembered::new(&self.settings));
        let mut is_there = |path: &str, entry: &Entry| {
            let headers = headers.as_mut().map_or(entry.headers, |headers| headers.fingerprint(path, entry.class));
            let wanted = Entry { headers, ..entry.clone() };
            manifest.files.get(path).is_some_and(|there| there.is_same(&wanted))
        };
        let mut files = rustc_hash::FxHashMap::default();
        for written in log.files.into_iter().filter(|written| !written.path.is_empty()) {
            let own = written.stamp;
            for (path, entry, stamp) in entries_of(written) {
                if is_there(&path, &entry) {
                    files.insert(crate::fingerprint::file_id(&path), stamp.unwrap_or(own));
                }
            }
        }
        let name = format!("deployed to {}", self.destination());
        let generation = log.is_there.then_some(log.head.generation);
        Held { folder: folder.to_path_buf(), name, generation, files, now }
    }

    /// Puts the log into the store, and names it in the record, unless somebody else has deployed meanwhile.
    fn put_log(&self, log: &Path) -> Result<(), Failure> {
        let record = self.read()?;
        let Some(head) = record.head.filter(|head| head.lease.is_none() && head.intent.is_none()) else {
            return Ok(());
        };
        let name = format!("log-{}-{}", head.generation, random_name());
        self.store.put_file(&name, &mut File::open(log).map_err(failed("read", log.display()))?)?;
        let old = head.log.clone();
        let mut named = Head { log: Some(name.clone()), ..head };
        let is_named = self.store.put(record::HEAD, &named.bytes(), If::Is(&record.tag))?.is_some();
        // What nobody names only takes up room.
        if let Some(stale) = if is_named { old } else { Some(name) } {
            let _ = self.store.remove(&stale);
        }
        Ok(())
    }
}
