//! Joining: every part is there once, all are of one build, and that is the build of this folder; then it is published.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use rustc_hash::FxHashSet;

use super::identity::{Given, Identity};
use super::made::parse;
use super::pack::{Pack, Slot};
use super::share::Share;
use crate::article::time::Timestamp;
use crate::connections;
use crate::deploy::{Depot, Here};
use crate::diagnostic::{Diagnostic, Place, machine};
use crate::fingerprint::Fingerprint;
use crate::pipeline::{self, Failure, Observer, Options, Report};
use crate::publish::{FolderError, Pages, Searched};
use crate::query::trace::Encoding;
use crate::render::{Page, Renderer};

/// Which parts are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// How many there must be; 0 if there are none.
    pub of: u32,
    /// Those that are missing.
    pub missing: Vec<u32>,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.of, &*self.missing) {
            (0, _) => write!(f, "there are no parts"),
            (of, []) => write!(f, "all {of} parts are there"),
            (of, missing) => {
                let names: Vec<String> = missing.iter().take(20).map(u32::to_string).collect();
                let more = if missing.len() > names.len() { ", …" } else { "" };
                let is = if missing.len() == 1 { "is" } else { "are" };
                write!(f, "{} of {of} parts {is} missing: {}{more}", missing.len(), names.join(", "))
            }
        }
    }
}

/// Looks which parts are there, by their names.
///
/// # Errors
/// The depot does not answer, or holds parts that do not belong together.
pub fn status(depot: &Depot) -> Result<Status, Failure> {
    parts(depot).map(|(status, _)| status)
}

/// The parts by their numbers: name and fingerprint of each.
type Names = BTreeMap<u32, (String, String)>;

fn parts(depot: &Depot) -> Result<(Status, Names), Failure> {
    let refuse = |message: String, hint: &str| Err(Failure::site(Diagnostic::error(message).hint(hint)));
    let mut names = Names::new();
    let mut of: Option<(u32, String)> = None;
    for name in depot.list()? {
        let Some((share, content)) = parse(&name) else { continue };
        match &of {
            Some((known, other)) if *known != share.of() => {
                let message = format!("`{other}` is one of {known} parts, and `{name}` one of {}", share.of());
                return refuse(message, "remove those of another build, or give each build a place of its own");
            }
            _ => of = Some((share.of(), name.clone())),
        }
        if let Some((other, _)) = names.get(&share.number()) {
            let message = format!("part {share} is there twice with different bytes: `{other}` and `{name}`");
            return refuse(message, "remove both and make the part again; if they differ again, please report this");
        }
        names.insert(share.number(), (name, content));
    }
    let of = of.map_or(0, |(of, _)| of);
    let missing = (1..=of).filter(|number| !names.contains_key(number)).collect();
    Ok((Status { of, missing }, names))
}

/// Joins the parts in a depot to the build of the site in `root`. `options` say how it is published. What is built is
/// what the parts say: their moment and their overrides take the place of those in `options` as soon as they are known.
///
/// # Errors
/// Parts are missing or do not belong together, the site has errors, or the machine failed. Nothing is published then.
pub fn join(root: &Path, depot: &Depot, options: &mut Options, observer: &dyn Observer) -> Result<Report, Failure> {
    let (status, names) = parts(depot)?;
    if status.of == 0 || !status.missing.is_empty() {
        let problem = Diagnostic::error(status.to_string()).at(Place::file(depot.address()));
        return Err(Failure::site(problem.hint("make them with `courant build --part`, then join again")));
    }
    let mut packs = Vec::with_capacity(names.len());
    for (number, (name, content)) in names {
        let mut fetched = Fetched::open(depot, &name, &content, Share::new(number, status.of))?;
        if packs.len() >= connections::open_files() / 4 {
            fetched.pack.close();
        }
        packs.push(fetched);
    }
    let first = &packs[0].pack.segment.given;
    if let Some(other) = packs.iter().find(|other| other.pack.segment.given != *first) {
        return Err(Failure::site(of_other_build(other, "another moment or other options", &packs[0].name)));
    }
    let given = first.clone();
    (options.overrides, options.now) = (given.overrides(), Timestamp(given.now));
    let pages: Arc<dyn Pages> = Arc::new(Packs { packs, given, found: RwLock::default() });
    pipeline::build(root, &Options { pages: Some(pages), ..options.clone() }, observer)
}

fn of_other_build(part: &Fetched, what: &str, than: &str) -> Diagnostic {
    let share = part.pack.segment.share;
    Diagnostic::error(format!("part {share} (`{}`) is of another build: it has {what} than {than}", part.name))
        .hint("make all parts of one state of the site, with the same program and `--at`")
}

/// A pack on this machine.
#[derive(Debug)]
struct Fetched {
    name: String,
    pack: Pack,
    /// Kept as long as it is read.
    _here: Here,
}

impl Fetched {
    fn open(depot: &Depot, name: &str, content: &str, share: Option<Share>) -> Result<Self, Failure> {
        let damaged = || {
            Failure::site(
                Diagnostic::error(format!("`{name}` is damaged, or was made by another version of courant"))
                    .at(Place::file(depot.address()))
                    .hint("remove it, and make the part again"),
            )
        };
        let here = depot.fetch(name)?.ok_or_else(damaged)?;
        let cannot = |error: std::io::Error| Failure::Machine(machine("read", here.path().display(), &error));
        let content = Fingerprint::of_file(here.path()).map_err(cannot).map(|is| (is, is.to_string() == content))?;
        let pack = if content.1 { Pack::open(here.path(), content.0).map_err(cannot)? } else { None };
        let pack = pack.filter(|pack| Some(pack.segment.share) == share).ok_or_else(damaged)?;
        Ok(Self { name: name.to_owned(), pack, _here: here })
    }
}

/// Where an output is: in which pack, and where in it.
type At = (u32, Slot);

/// Where each output of a plan is, and the numbers that the questions of each pack have in the build that joins.
type Found = (Vec<At>, Vec<Vec<u32>>);

/// The pages of all parts.
#[derive(Debug)]
struct Packs {
    packs: Vec<Fetched>,
    given: Given,
    /// Of the attempt under way: one that begins again, since a source has changed, numbers anew.
    found: RwLock<Arc<Found>>,
}

impl Packs {
    fn found(&self) -> Arc<Found> {
        Arc::clone(&self.found.read().expect("no panic while locked"))
    }

    fn at(&self, found: &Found, number: usize) -> Result<(&Fetched, usize, Slot), FolderError> {
        let (pack, slot) = *found.0.get(number).ok_or_else(|| lost(number))?;
        Ok((&self.packs[pack as usize], pack as usize, slot))
    }

    /// Where each output of a plan with so many is; the name of a part that does not fit, if there is one.
    fn slots(&self, outputs: usize) -> Result<Vec<At>, &Fetched> {
        let mut slots: Vec<Option<At>> = vec![None; outputs];
        for (at, part) in self.packs.iter().enumerate() {
            for slot in &part.pack.segment.slots {
                match slots.get_mut(slot.number as usize) {
                    Some(place @ None) => *place = Some((at as u32, *slot)),
                    _ => return Err(part),
                }
            }
        }
        slots.into_iter().collect::<Option<Vec<At>>>().ok_or(&self.packs[0])
    }
}

impl Pages for Packs {
    fn admit(&self, renderer: &Arc<Renderer>) -> Result<(), Vec<Diagnostic>> {
        let own = Identity::of(renderer, Timestamp(self.given.now));
        let mut problems = Vec::new();
        for part in &self.packs {
            let what = match &part.pack.segment.identity {
                Some(identity) => own.difference(identity),
                None => Some("errors that this one does not have, and so other sources or another theme"),
            };
            problems.extend(what.map(|what| of_other_build(part, what, "this folder")));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let slots = self
            .slots(renderer.plan.outputs.len())
            .map_err(|part| vec![of_other_build(part, "another division", "the plan")])?;
        let mut numbers = Vec::with_capacity(self.packs.len());
        let (mut told, mut broken) = (Vec::new(), FxHashSet::default());
        for part in &self.packs {
            let segment = &part.pack.segment;
            match renderer.adopt_questions(segment.questions.clone()) {
                Ok(own) => numbers.push(own),
                Err(query) => {
                    let message = format!(
                        "part {} (`{}`) was made where something else was the answer to a question: {query}",
                        segment.share, part.name
                    );
                    problems.push(Diagnostic::error(message).hint("make all parts on machines with the same fonts"));
                }
            }
            if let Some(fonts) = segment.fonts {
                renderer.adopt_machine_fonts(fonts);
            }
            let [some, all] = &segment.broken;
            told.extend(some);
            broken.extend(all);
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        renderer.adopt_broken_images(&broken, &told);
        *self.found.write().expect("no panic while locked") = Arc::new((slots, numbers));
        Ok(())
    }

    fn searched(&self) -> (Searched, Vec<Diagnostic>) {
        let mut all = Searched::default();
        let mut told = Vec::new();
        for part in &self.packs {
            let (searched, problems) = part.pack.segment.searched.clone();
            all = all.and(searched);
            told.extend(problems);
        }
        (all, told)
    }

    fn page(&self, number: usize) -> Result<Result<Page, Vec<Diagnostic>>, FolderError> {
        let found = self.found();
        let (part, pack, slot) = self.at(&found, number)?;
        part.pack.page(&slot, &found.1[pack]).map_err(|error| FolderError::new("read", &part.pack.path, error))
    }

    fn precompressed(&self, number: usize, encoding: Encoding) -> Result<Option<Vec<u8>>, FolderError> {
        let (part, _, slot) = self.at(&self.found(), number)?;
        part.pack.precompressed(&slot, encoding).map_err(|error| FolderError::new("read", &part.pack.path, error))
    }
}

fn lost(number: usize) -> FolderError {
    let error = std::io::Error::new(std::io::ErrorKind::NotFound, format!("no part has the output {number}"));
    FolderError::new("join", PathBuf::new(), error)
}
