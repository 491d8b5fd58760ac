//! The image store in a depot: `images.store` of `site.yaml`.
//!
//! The first failure is the last request: a store that does not answer must not cost more than what it saves.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::{Depot, apart};
use crate::config::{Config, FILE, key_place};
use crate::diagnostic::Diagnostic;
use crate::images::Store;
use crate::pipeline::Failure;

/// How long each request may take, and by how much all of them together may be slower than what is [`FAIR`].
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a request may take that saves, or will save another machine, the making of a copy.
const FAIR: Duration = Duration::from_millis(500);

/// Keeps what was made of images for all machines.
#[derive(Debug)]
pub struct Shelf {
    depot: Option<Depot>,
    is_down: AtomicBool,
    /// The time beyond what is fair.
    lost: Mutex<Duration>,
    problem: Mutex<Option<Diagnostic>>,
}

impl Shelf {
    /// The store that the site in `root` has, if it has one.
    pub fn of(root: &Path, config: &Config, environment: fn(&str) -> Option<String>) -> Option<Self> {
        let address = config.settings.images.store.as_deref()?;
        let depot = Depot::open_within(address, root, environment, Some(PATIENCE));
        let mut shelf =
            Self { depot: None, is_down: AtomicBool::new(false), lost: Mutex::default(), problem: Mutex::default() };
        match depot {
            Ok(depot) => match depot.folder() {
                Some(folder) if apart::is_of_site(folder, root, &root.join(&config.settings.output)) => {
                    let problem = Diagnostic::error(format!("{} belongs to the site itself", folder.display()));
                    shelf.give_up(Failure::site(problem));
                }
                _ => shelf.depot = Some(depot),
            },
            Err(failure) => shelf.give_up(failure),
        }
        Some(shelf)
    }

    /// Why nothing more was got and kept, if something failed.
    pub fn problem(&self, root: &Path) -> Option<Diagnostic> {
        let why = self.problem.lock().expect("no panic while locked").clone()?;
        let text = std::fs::read_to_string(root.join(FILE)).unwrap_or_default();
        let message = format!("the image store was not used: {}", why.message);
        let problem = Diagnostic::warning(message).at(key_place(FILE, &text, "store"));
        Some(problem.hint("what it does not have is made here, which only takes longer"))
    }

    fn give_up(&self, failure: Failure) {
        self.is_down.store(true, Ordering::Relaxed);
        let problem = match failure {
            Failure::Site(mut problems) => problems.pop(),
            Failure::Machine(problem) => Some(problem),
        };
        let mut known = self.problem.lock().expect("no panic while locked");
        *known = known.take().or(problem);
    }

    fn ask<T>(&self, ask: impl FnOnce(&Depot) -> Result<T, Failure>) -> Option<T> {
        let depot = self.depot.as_ref().filter(|_| !self.is_down.load(Ordering::Relaxed))?;
        let began = Instant::now();
        let answer = ask(depot).map_err(|failure| self.give_up(failure)).ok();
        let mut lost = self.lost.lock().expect("no panic while locked");
        *lost += began.elapsed().saturating_sub(FAIR);
        if *lost > PATIENCE {
            self.give_up(Failure::Machine(Diagnostic::error("it answers too slowly")));
        }
        answer
    }
}

impl Store for Shelf {
    fn get(&self, name: &str) -> Option<Vec<u8>> {
        self.ask(|depot| depot.get(name)).flatten()
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        self.ask(|depot| depot.put(name, bytes));
    }
}
