//! Drift: what a target holds that is not what was deployed to it, because somebody else wrote to it.

use std::collections::BTreeSet;

use super::delta::Delta;
use super::manifest::{Entry, Manifest};
use super::record::{HEAD, Record};
use super::release::Release;
use super::{Observer, Options, Place, Report, STATE, Stopped};
use crate::diagnostic::Diagnostic;
use crate::pipeline::Failure;
use crate::pipeline::withdrawn::addresses;
use crate::site_path;

/// How a target differs from what was deployed to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drift {
    /// Files that courant did not put there.
    pub foreign: Vec<String>,
    /// Files that are gone.
    pub missing: Vec<String>,
    /// Files that are others.
    pub changed: Vec<String>,
}

impl Drift {
    /// Whether there is any.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The fewest and the most files at which a deployment looks in passing. A request each: the small number is for
/// small deployments.
const FEWEST: usize = 2;
const MOST: usize = 20;

/// How the target differs from the manifest; none if it cannot be listed.
fn drift(place: &Place, manifest: &Manifest) -> Result<Option<Drift>, Failure> {
    let Some(there) = place.target.list()? else { return Ok(None) };
    // Another site may have a part of the target as its own, which its record shows.
    let record = format!("/{STATE}/{HEAD}");
    let others: Vec<&str> = there.keys().filter_map(|path| path.strip_suffix(&*record)).collect();
    let is_of_others =
        |path: &str| others.iter().any(|other| path.strip_prefix(other).is_some_and(|rest| rest.starts_with('/')));
    let foreign = there.keys().filter(|path| !manifest.files.contains_key(path) && !is_of_others(path));
    let foreign = foreign.cloned().collect();
    let mut drift = Drift { foreign, ..Drift::default() };
    for (path, entry) in &manifest.files {
        match there.get(&**path) {
            None => drift.missing.push(path.to_string()),
            Some(tag) if **tag != *entry.tag => drift.changed.push(path.to_string()),
            Some(_) => {}
        }
    }
    Ok(Some(drift))
}

/// Files that neither the manifest nor the site knows, and that the delta does not remove.
pub(super) fn strays(
    place: &Place,
    delta: &Delta,
    manifest: &Manifest,
    release: &Release,
) -> Result<Vec<String>, Failure> {
    let removed: BTreeSet<&str> = delta.removed.iter().map(|path| &**path).collect();
    let mut all = drift(place, manifest)?.unwrap_or_default().foreign;
    all.retain(|path| !release.files.contains_key(path) && !removed.contains(&**path));
    Ok(all)
}

/// The message about files of which nobody knows who put them there, since the record was not complete.
pub(super) fn unknown(files: &[String]) -> Option<Diagnostic> {
    let pages: Vec<String> = files.iter().filter(|path| site_path::is_page(path)).take(MOST).cloned().collect();
    let named = if pages.is_empty() { &files[..files.len().min(MOST)] } else { &pages };
    let problem = Diagnostic::error(format!(
        "the record was not complete, so the target may still show what was withdrawn: {} of its files are not part of \
         the site, such as {}",
        files.len(),
        addresses(named)
    ));
    (!files.is_empty()).then(|| problem.hint("`courant deploy --repair --remove-foreign` removes all of them"))
}

/// Compares the target with the record, and mends it if that is asked for.
pub(super) fn look_for_drift(
    place: &Place,
    release: &Release,
    mut record: Record,
    options: &Options,
    observer: &dyn Observer,
) -> Result<Report, Stopped> {
    let Some(drift) = drift(place, &record.manifest)? else {
        let problem = Diagnostic::error(format!("nobody can tell what the target `{}` holds", place.name));
        let problem = problem.hint("only folders, buckets and SSH targets can be looked at");
        return Err(Failure::site(problem).into());
    };
    let generation = record.head.as_ref().map_or(0, |head| head.generation);
    let mut report = Report { target: place.name.clone(), generation, ..Report::default() };
    if options.repair && !options.dry_run {
        for path in drift.missing.iter().chain(&drift.changed) {
            if let Some(entry) = record.manifest.files.get_mut(path) {
                entry.content = Entry::UNKNOWN;
                record.is_guessed = true;
            }
        }
        let foreign: &[String] = if options.remove_foreign { &drift.foreign } else { &[] };
        report = place.attempt(record, release, foreign, options, observer)?.ok_or_else(super::conflict)?;
    }
    Ok(Report { drift, requests: place.requests(), ..report })
}

/// Files at random: how many were looked at, and which of them are others or missing.
#[derive(Default)]
struct Sample {
    seen: BTreeSet<u64>,
    wrong: Vec<String>,
    missing: usize,
}

impl Sample {
    /// Looks at so many files that are not `touched`.
    fn of(place: &Place, held: &Manifest, wanted: usize, touched: &BTreeSet<&str>) -> Self {
        let mut sample = Self::default();
        let others = held.files.len() - touched.iter().filter(|path| held.files.contains_key(path)).count();
        // Some of the tries hit what is touched, or what was seen.
        for _ in 0..4 * wanted {
            if sample.seen.len() == wanted.min(others) {
                break;
            }
            let at = u64::from_str_radix(&super::random_name(), 16).unwrap_or_default() % held.files.len() as u64;
            let (path, entry) = held.files.at(at as usize);
            if touched.contains(path) || !sample.seen.insert(at) {
                continue;
            }
            match place.target.tag(path) {
                // What does not answer now is told when it is written to.
                Err(_) => {}
                Ok(Some(tag)) if *tag == *entry.tag => {}
                Ok(tag) => {
                    sample.missing += usize::from(tag.is_none());
                    sample.wrong.push(format!("/{path}"));
                }
            }
        }
        sample
    }
}

/// Whether the target holds these files, by some of them.
pub(super) fn is_there(place: &Place, held: &Manifest) -> bool {
    let sample = Sample::of(place, held, MOST, &BTreeSet::new());
    !sample.seen.is_empty() && sample.wrong.is_empty()
}

/// Looks at some files that a deployment does not touch.
///
/// # Errors
/// The target has lost them: to write only what changed would make half a site.
pub(super) fn sample(place: &Place, delta: &Delta, held: &Manifest) -> Result<Option<Diagnostic>, Failure> {
    let is_remote = place.requests() > 0;
    // Who loses files loses the record with them. An unchanged site costs one request.
    if delta.is_empty() && is_remote && place.is_beside {
        return Ok(None);
    }
    let wanted = if is_remote { (delta.puts.len() / 10).clamp(FEWEST, MOST) } else { MOST };
    let gone = delta.withdrawn.iter().chain(&delta.removed);
    let touched = delta.puts.iter().map(|(_, path)| path).chain(gone).map(|path| &**path).collect();
    let sample = Sample::of(place, held, wanted, &touched);
    let Sample { seen, wrong, missing } = &sample;
    if missing * 2 > seen.len() {
        let problem = Diagnostic::error(format!(
            "the target `{}` has lost its files: {missing} of {} that were looked at are not there, such as {}",
            place.name,
            seen.len(),
            wrong[0]
        ));
        let hint =
            "see that it is there and mounted; after `courant build`, `courant deploy --repair` uploads them again";
        return Err(Failure::site(problem.hint(hint)));
    }
    Ok((!wrong.is_empty()).then(|| {
        Diagnostic::warning(format!(
            "{} of {} files that were looked at are not what was deployed: {}",
            wrong.len(),
            seen.len(),
            wrong.join(", ")
        ))
        .hint("somebody else writes to the target; `courant deploy --check` lists all such files")
    }))
}
