//! Outputs that not every machine can have: names that Windows keeps for itself, and addresses that differ in nothing
//! but case or Unicode normal form, which are one file on many hosts.
//!
//! Such a site can be built here, so it is warned of.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::{Collision, Output, Plan, Scope, collision};
use crate::article::slug::{composed, is_reserved};
use crate::config::Config;
use crate::fingerprint::file_id;
use crate::index::Index;
use crate::theme::Theme;

/// Whether an output at this path is worth a second look.
pub(super) fn is_odd(path: &str) -> bool {
    path.bytes().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii()) || path.split('/').any(is_impossible)
}

/// Whether Windows has no file or folder of this name.
fn is_impossible(name: &str) -> bool {
    name.ends_with(['.', ' ']) || name.contains([':', '*', '?', '"', '<', '>', '|']) || is_reserved(name)
}

/// What is to be said of the outputs that are `odd`.
pub(super) fn unportable(plan: &Plan, odd: &[bool], index: &Index, config: &Config, theme: &Theme) -> Vec<Collision> {
    let mut found = Vec::new();
    if !odd.contains(&true) {
        return found;
    }
    let path_of = |output: Output| plan.path(output, index, config, theme);
    let asks = |path: &str, a: Output, b: Output, hint: &'static str, message: String| {
        let collision = collision::collision(plan, path, a, b, index, config, theme);
        Collision {
            hint: hint.into(),
            message,
            row: collision.row.or_else(|| section_row(plan, b, index)),
            ..collision
        }
    };
    let mut by_folded: FxHashMap<u64, Output> =
        plan.files.iter().zip(&plan.outputs).map(|(file, output)| (*file, *output)).collect();
    let mut known: BTreeSet<String> = BTreeSet::new();
    // A section is told before its pages; what stands beside a page has nothing to add.
    let rank = |output: &Output| match output {
        Output::Card(_) | Output::ListingCard(_) | Output::Live(_) | Output::Variant(..) => None,
        Output::Listing(_, 0) => Some(0),
        Output::Article(_) | Output::Page(_) | Output::Notice(_) | Output::Alias(_) => Some(1),
        _ => Some(2),
    };
    let all = plan.outputs.iter().zip(odd).filter(|(_, is_odd)| **is_odd);
    let mut all: Vec<(u8, Output)> = all.filter_map(|(output, _)| Some((rank(output)?, *output))).collect();
    all.sort_by_key(|(rank, _)| *rank);
    for (output, path) in all.into_iter().map(|(_, output)| (output, path_of(output))) {
        for (start, name) in parts(&path).filter(|(_, name)| is_impossible(name)) {
            if known.insert(path[..start + name.len()].to_owned()) {
                let hint = "give it another `slug`, `permalink` or name";
                let message = format!("Windows cannot have a file or folder called `{name}`, as in {}", shown(&path));
                found.push(asks(&path, output, output, hint, message));
            }
        }
        let folded = composed(&path).to_lowercase();
        if folded == path {
            continue;
        }
        let other = *by_folded.entry(file_id(&folded)).or_insert(output);
        let other_path = path_of(other);
        if other == output || leads_to_same(plan, other, output) {
            continue;
        }
        // A folder that is there twice is told once.
        let end =
            parts(&path).zip(parts(&other_path)).find(|(a, b)| a != b).map(|((start, name), _)| start + name.len());
        if known.insert(path[..end.unwrap_or(path.len())].to_owned()) {
            let [a, b] = [other, output].map(|output| collision::describe(plan, output, index, config, theme));
            let (one, two) = (shown(&other_path), shown(&path));
            let difference = match composed(&other_path) == composed(&path) {
                true => "look the same and are written with different Unicode characters",
                false => "differ in nothing but case",
            };
            let message = format!("the addresses of {a} and {b} {difference}: {one} and {two}");
            let hint = "many hosts have one file for both: give one of them another name";
            found.push(asks(&path, other, output, hint, message));
        }
    }
    found
}

/// What makes a folder a section: its `_index.md`, or its first article.
fn section_row(plan: &Plan, output: Output, index: &Index) -> Option<u32> {
    let Output::Listing(at, _) = output else { return None };
    let Scope::Section(section) = plan.listings[at as usize].scope else { return None };
    let section = &index.sections[usize::from(section)];
    section.row.or_else(|| Some(index.article(*section.articles.first()?).row))
}

/// Whether both are old addresses of one page.
fn leads_to_same(plan: &Plan, a: Output, b: Output) -> bool {
    match (a, b) {
        (Output::Alias(a), Output::Alias(b)) => plan.aliases[a as usize].to == plan.aliases[b as usize].to,
        _ => false,
    }
}

/// The folders and the file of a path, with where each begins.
fn parts(path: &str) -> impl Iterator<Item = (usize, &str)> {
    path.split('/').map(|part| (part.as_ptr() as usize - path.as_ptr() as usize, part))
}

fn shown(path: &str) -> String {
    format!("/{}", path.strip_suffix("index.html").unwrap_or(path))
}

#[cfg(test)]
mod tests {
    #[test]
    fn windows_has_no_names_with_its_own_marks() {
        assert!(["a:b", "a*b", "a?b", "a|b", "a."].into_iter().all(super::is_impossible));
        assert!(!super::is_impossible("a-b"));
    }
}
