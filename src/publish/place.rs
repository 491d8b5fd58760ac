//! Moves what is staged into the output folder, and removes what is not planned any more.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Published;
use super::folder::{FolderError, OutputFolder};
use super::stage::{Files, NO_SLOT, Outcome, Staged};
use crate::fingerprint::{Fingerprint, file_id};
use crate::plan::Output;
use crate::render::{Reason, Renderer};
use crate::site_path;

/// Moves what is staged into place and removes what is not planned any more. `explain` asks for the
/// details.
///
/// # Errors
/// The machine failed. What was moved is whole; the next build repairs the rest.
pub fn publish(
    renderer: &Renderer,
    folder: &OutputFolder,
    staged: &Staged,
    explain: bool,
) -> Result<Published, FolderError> {
    let outputs = &renderer.plan.outputs;
    let group = |output: Output| match output {
        Output::File(_) | Output::Variant(..) | Output::Card(_) | Output::ListingCard(_) | Output::Asset(_) => 0,
        Output::Article(_) | Output::Page(_) | Output::Notice(_) => 1,
        _ => 2,
    };
    let all = || outputs.iter().zip(&staged.fates).enumerate();
    // A source that was renamed: its page is removed here and new there.
    let new: FxHashMap<Fingerprint, &str> = all()
        .filter_map(|(_, (_, fate))| match fate {
            Outcome::Rendered(rendered) if rendered.slot == NO_SLOT => Some(&rendered.trace),
            _ => None,
        })
        .filter(|trace| trace.page.source != Fingerprint::default())
        .map(|trace| (trace.page.source, &*trace.path))
        .collect();
    let (first, last) = in_order(renderer, staged, &new, unplanned(renderer, folder, staged)?);
    let placed: Vec<(usize, Output, Files)> = all()
        .map(|(number, (output, fate))| (number, *output, fate.staged()))
        .filter(|(_, _, staged)| !staged.is_empty())
        .collect();
    placed.iter().try_for_each(|(number, output, _)| {
        let path = renderer.path(*output);
        let is_ours = || {
            // Without a log nobody knows.
            staged.traces.pages.is_empty() && !folder.was_empty()
                || staged.traces.of_file(&path).is_some_and(|old| folder.kept_files(old).contains(&path))
                || folder.has_staged(*number as u32, &path)
        };
        folder.leave_kept_alone(&path, is_ours)
    })?;
    let withdrawn = remove_all(folder, first)?;
    if folder.was_empty() {
        folder.place_all()?;
    } else {
        for wanted in 0..3 {
            placed.par_iter().with_min_len(16).filter(|(_, output, _)| group(*output) == wanted).try_for_each(
                |(number, output, staged)| {
                    let path = renderer.path(*output);
                    staged
                        .endings()
                        .try_for_each(|ending| folder.place(*number as u32, ending, &format!("{path}{ending}")))
                },
            )?;
        }
    }
    let mut published = Published::default();
    for (_, (output, fate)) in all() {
        let is_rendered = output.is_counted() && matches!(fate, Outcome::Logged { .. } | Outcome::Rendered(_));
        published.rendered += usize::from(is_rendered);
        let staged = fate.staged();
        published.written += staged.len();
        if explain && is_rendered {
            let reason = if let Outcome::Rendered(rendered) = fate { rendered.reason.clone() } else { Reason::New };
            published.details.rendered.push((renderer.path(*output), reason));
        }
        if explain && !staged.is_empty() {
            let path = renderer.path(*output);
            published.details.written.extend(staged.endings().map(|ending| format!("{path}{ending}")));
        }
    }
    for path in withdrawn.into_iter().chain(remove_all(folder, last)?) {
        published.removed += 1;
        if explain {
            let old = staged.traces.of_file(&path);
            if let Some(to) = old
                .and_then(|old| new.get(&old.page.source))
                .filter(|to| site_path::is_page(&path) && site_path::is_page(to))
            {
                published.details.moved.push((path.clone(), (*to).to_owned()));
            }
            published.details.removed.push(path);
        }
    }
    Ok(published)
}

/// Removes files; the ones that were there.
fn remove_all(folder: &OutputFolder, paths: Vec<String>) -> Result<Vec<String>, FolderError> {
    let mut removed = Vec::with_capacity(paths.len());
    for path in paths {
        if folder.remove(&path)? {
            removed.push(path);
        }
    }
    Ok(removed)
}

/// Divides what is to be removed: what is withdrawn goes before anything else happens, and the rest when
/// everything else has happened, since pages may still refer to it. Withdrawn is what was made from one source,
/// with all that stands beside it, and whatever nobody knows; but what has only moved is not.
fn in_order(
    renderer: &Renderer,
    staged: &Staged,
    new: &FxHashMap<Fingerprint, &str>,
    paths: Vec<String>,
) -> (Vec<String>, Vec<String>) {
    let trace = |path: &str| staged.traces.of_file(path);
    let is_withdrawn = |path: &str| {
        trace(path).is_none_or(|old| {
            old.page.source != Fingerprint::default()
                && !new.contains_key(&old.page.source)
                && !path.starts_with("assets/")
        })
    };
    let folders: FxHashSet<&str> = paths
        .iter()
        .filter(|path| is_withdrawn(path) && site_path::is_page(path))
        .map(|path| site_path::folder_of(path.strip_suffix("/index.html").unwrap_or(path)))
        .collect();
    let is_beside =
        |path: &str| memchr::memrchr_iter(b'/', path.as_bytes()).any(|slash| folders.contains(&path[..slash]));
    let is_old_address = |path: &str| {
        let site_path = format!("/{}", path.strip_suffix("index.html").unwrap_or(path));
        renderer.index.withheld.contains_key(&crate::index::address_key(&site_path))
    };
    let (first, last): (Vec<usize>, Vec<usize>) = (0..paths.len()).partition(|at| {
        let path = &*paths[*at];
        is_withdrawn(path) || is_beside(path) || is_old_address(path)
    });
    let take = |some: Vec<usize>| some.into_iter().map(|at| paths[at].clone()).collect();
    (take(first), take(last))
}

/// The files that the folder will have. A page that failed is not among them, as after a clean build.
fn planned(renderer: &Renderer, staged: &Staged) -> FxHashSet<u64> {
    let files = renderer.plan.files.iter().zip(&staged.fates);
    let mut planned: FxHashSet<u64> =
        files.filter(|(_, fate)| !matches!(fate, Outcome::Failed)).map(|(file, _)| *file).collect();
    for (output, fate) in renderer.plan.outputs.iter().zip(&staged.fates) {
        let precompressed = fate.precompressed(&staged.traces);
        if !precompressed.is_empty() {
            let path = renderer.path(*output);
            planned.extend(precompressed.endings().map(|ending| file_id(&format!("{path}{ending}"))));
        }
    }
    planned
}

/// What courant wrote and no longer plans. When the log does not tell what it wrote, everything in the
/// folder that is neither planned nor kept counts.
fn unplanned(renderer: &Renderer, folder: &OutputFolder, staged: &Staged) -> Result<Vec<String>, FolderError> {
    if folder.must_be_walked() || holds_more_than_the_log_tells(renderer, folder, staged) {
        let planned = planned(renderer, staged);
        let mut files = folder.files()?;
        files.extend(staged.traces.pages.iter().flat_map(|trace| folder.kept_files(trace)));
        return Ok(files.into_iter().filter(|path| !planned.contains(&file_id(path))).collect());
    }
    if staged.traces.pages.is_empty() {
        return Ok(Vec::new());
    }
    let mut gone = Vec::new();
    let is_logged = staged.writer.is_some();
    let mut is_planned = vec![false; staged.traces.pages.len()];
    for (file, fate) in renderer.plan.files.iter().zip(&staged.fates) {
        let slot = if is_logged && !matches!(fate, Outcome::Failed) { staged.traces.find(*file) } else { fate.slot() };
        if let Some(slot) = slot {
            is_planned[slot as usize] = true;
            let old = &staged.traces.pages[slot as usize];
            if old.precompressed.is_some() {
                let now = fate.precompressed(&staged.traces);
                let lost = old.precompressed().iter().filter(|(encoding, _)| !now.has(*encoding));
                gone.extend(lost.map(|(encoding, _)| encoding.path(&old.path)));
            }
        }
    }
    let old = staged.traces.pages.iter().zip(is_planned);
    for (trace, _) in old.filter(|(trace, is_planned)| !is_planned && !trace.path.is_empty()) {
        if folder.is_kept(&trace.path) {
            gone.extend(folder.kept_files(trace));
            continue;
        }
        gone.push(trace.path.to_string());
        gone.extend(trace.precompressed().iter().map(|(encoding, _)| encoding.path(&trace.path)));
    }
    // What had the name of a compressed copy may be a file of the site now, and the other way round.
    if !gone.is_empty() {
        let planned = planned(renderer, staged);
        gone.retain(|path| !planned.contains(&file_id(path)));
    }
    Ok(gone)
}

/// Whether there is a page of something withheld that the log does not know: then the folder was put together from
/// several states of itself, and only a walk finds all that does not belong there.
fn holds_more_than_the_log_tells(renderer: &Renderer, folder: &OutputFolder, staged: &Staged) -> bool {
    let is_unknown = |path: &str| staged.traces.of_file(path).is_none() && folder.stamp(path).is_some();
    !folder.was_empty() && renderer.index.withheld.values().any(|path| is_unknown(&site_path::output_path(path)))
}
