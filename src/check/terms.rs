//! Terms that are spelled nearly alike: `Covid-19` and `covid19` are two tags with two listings.
//!
//! Pairs are found by what is left of them: two terms are alike when they are the same without everything
//! but letters and digits and without accents, or when leaving out one letter of each makes them the same. Each term is put
//! under each of its remains, so a thousand terms cost a thousand times their length, not a million.

use rustc_hash::FxHashMap;

use super::{Findings, Rule, Site};
use crate::article::Lines;
use crate::article::slug::of_name;
use crate::config::{Slugs, Taxonomy};
use crate::index::Term;

/// Shorter terms have neighbours by chance: `rail` and `mail`.
const LEAST_LETTERS: usize = 7;

/// Looks at the terms of all taxonomies.
pub(super) fn check(site: &Site<'_>, findings: &mut Findings<'_>) {
    if !findings.wants(Rule::SimilarTerms) {
        return;
    }
    let languages = site.config.each_language().map(|(language, _)| language);
    for (language, taxonomy) in languages.flat_map(|language| Taxonomy::ALL.map(|taxonomy| (language, taxonomy))) {
        let terms = site.index.terms.of(language, taxonomy);
        for (a, b) in alike(&terms) {
            // The one that fewer articles have is the slip; of two alike the newer one.
            let rank = |term: &Term| (term.articles.len(), std::cmp::Reverse(term.articles.first().copied()));
            let (slip, usual) = if rank(a) <= rank(b) { (a, b) } else { (b, a) };
            let Some(newest) = slip.articles.last() else { continue };
            let row = &site.index.rows[site.index.article(*newest).row as usize];
            let Some(text) = site.text(&row.path) else { continue };
            let keys: &[&str] = match taxonomy {
                Taxonomy::Tags => &["tags", "tag", "categories", "category"],
                Taxonomy::Authors => &["authors", "author"],
                Taxonomy::Series => &["series"],
            };
            let count = |term: &Term| match term.articles.len() {
                1 => "1 article".to_owned(),
                many => format!("{many} articles"),
            };
            findings.add(
                Rule::SimilarTerms,
                Lines::of(&row.path, &text).value_among(keys, &slip.name),
                format!(
                    "the {} `{}` ({}) is spelled nearly like `{}` ({})",
                    taxonomy.singular(),
                    slip.name,
                    count(slip),
                    usual.name,
                    count(usual)
                ),
                format!("write `{}` everywhere, if both mean the same", usual.name),
            );
        }
    }
}

/// The letters and digits of a name: of Latin ones in ASCII, of others in their script, where two words may only sound
/// alike (李明, 黎明).
fn squeezed(name: &str) -> String {
    let is_latin = |c: char| !c.is_alphabetic() || matches!(u32::from(c), 0..=0x24F | 0x1E00..=0x1EFF);
    let slugs = if name.chars().all(is_latin) { Slugs::Transliterate } else { Slugs::Keep };
    of_name(name, slugs).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Pairs of terms that are alike.
fn alike<'t>(terms: &[&'t Term]) -> Vec<(&'t Term, &'t Term)> {
    let squeezed: Vec<String> = terms.iter().map(|term| squeezed(&term.name)).collect();
    let mut by_rest: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (at, name) in squeezed.iter().enumerate() {
        by_rest.entry(name.clone()).or_default().push(at);
        if name.chars().count() >= LEAST_LETTERS {
            let mut rests: Vec<String> = name
                .char_indices()
                // Digits make another thing: `budget-2025`, `budget-2026`.
                .filter(|(_, c)| !c.is_numeric())
                .map(|(start, c)| format!("{}{}", &name[..start], &name[start + c.len_utf8()..]))
                .collect();
            rests.sort();
            rests.dedup();
            for rest in rests {
                by_rest.entry(rest).or_default().push(at);
            }
        }
    }
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let mut groups: Vec<Vec<usize>> = by_rest.into_values().collect();
    groups.sort();
    for group in groups {
        for (number, a) in group.iter().enumerate() {
            for b in &group[number + 1..] {
                let is_alike = squeezed[*a] == squeezed[*b] || strsim::osa_distance(&squeezed[*a], &squeezed[*b]) == 1;
                if a != b && is_alike {
                    pairs.push((*a.min(b), *a.max(b)));
                }
            }
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs.into_iter().map(|(a, b)| (terms[a], terms[b])).collect()
}
