//! Drift: what a target holds that is not what was deployed to it, because somebody else wrote to it.

use std::collections::BTreeSet;

use super::delta::Delta;
use super::manifest::{Entry, Manifest};
use super::record::{HEAD, Record};
use super::release::Release;
use super::told::Told;
use super::{Observer, Options, Place, Report, STATE, Stopped};
use crate::diagnostic::Diagnostic;
use crate::pipeline::Failure;

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

fn drift(place: &Place, manifest: &Manifest) -> Result<Drift, Failure> {
    let Some(there) = place.target.list()? else {
        let problem = Diagnostic::error(format!("nobody can tell what the target `{}` holds", place.name));
        return Err(Failure::site(problem.hint("only folders, buckets and SSH targets can be looked at")));
    };
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
    Ok(drift)
}

/// Compares the target with the record, and mends it if that is asked for.
pub(super) fn look_for_drift(
    place: &Place,
    release: &Release,
    mut record: Record,
    options: &Options,
    observer: &dyn Observer,
) -> Result<Report, Stopped> {
    let drift = drift(place, &record.manifest)?;
    let generation = record.head.as_ref().map_or(0, |head| head.generation);
    let mut report = Report { target: place.name.clone(), generation, drift, ..Report::default() };
    if options.repair && !options.dry_run {
        for path in report.drift.missing.iter().chain(&report.drift.changed) {
            if let Some(entry) = record.manifest.files.get_mut(path) {
                entry.content = Entry::UNKNOWN;
            }
        }
        record.is_guessed = true;
        let grace = place.settings.assets_grace.duration().as_secs() as i64;
        let mut delta = Delta::of(&record.manifest, release, options.clock.now(), grace);
        if options.remove_foreign {
            let foreign = report.drift.foreign.iter().filter(|path| !release.files.contains_key(path));
            delta.removed.extend(foreign.map(|path| path.as_str().into()));
        } else {
            place.spare(&delta, &record, release, options)?;
        }
        place.allow(&delta, &record, options)?;
        if !delta.is_empty() {
            let told = Told::of(&delta, &record.manifest, release);
            let drift = std::mem::take(&mut report.drift);
            report = Report { drift, ..place.report(&delta, &record, release) };
            let deployed = place.carry_out(&delta, record, release, &told, options, observer)?;
            let deployed = deployed.ok_or_else(super::conflict)?;
            report.generation = deployed.head.as_ref().map_or(0, |head| head.generation);
        }
    }
    report.requests = place.requests();
    Ok(report)
}

/// Looks at some files that a deployment did not write, at random.
pub(super) fn sample(place: &Place, delta: &Delta, held: &Manifest) -> Option<Diagnostic> {
    let is_remote = place.requests() > 0;
    let wanted = if is_remote { (delta.puts.len() / 10).clamp(FEWEST, MOST) } else { MOST };
    let written: BTreeSet<&str> = delta.puts.iter().map(|(_, path)| &**path).collect();
    let others = held.files.len().saturating_sub(written.len());
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    // Some of the tries hit what was written, or what was seen.
    for _ in 0..4 * wanted {
        if seen.len() == wanted.min(others) {
            break;
        }
        let at = u64::from_str_radix(&super::random_name(), 16).unwrap_or_default() % held.files.len() as u64;
        let (path, entry) = held.files.at(at as usize);
        // A target that does not answer now took everything a moment ago, so a missing answer is not drift.
        if !written.contains(path)
            && seen.insert(at)
            && place.target.tag(path).is_ok_and(|tag| tag.as_deref() != Some(&*entry.tag))
        {
            wrong.push(format!("/{path}"));
        }
    }
    (!wrong.is_empty()).then(|| {
        Diagnostic::warning(format!(
            "{} of {} files that were looked at are not what was deployed: {}",
            wrong.len(),
            seen.len(),
            wrong.join(", ")
        ))
        .hint("somebody else writes to the target; `courant deploy --check` lists all such files")
    })
}
