//! Related articles: by shared series, tags and authors, weighted by rarity and nearness in time.
//!
//! An article is compared with *older* ones only, and rarity is counted among older ones only. So what
//! is related to an article never changes when a newer one appears, and a new article costs its own page.

use rustc_hash::FxHashMap;

use super::{Index, StoryId};
use crate::config::Taxonomy;

/// How many of the newest older articles of each term are looked at. This bounds the cost for terms that
/// every second article has, whose sharing says little anyway.
const CANDIDATES_PER_TERM: usize = 48;

/// The `count` articles most related to `id`, the most related first; ties go to the newer.
pub fn related(index: &Index, id: StoryId, count: usize) -> Vec<StoryId> {
    let older_articles = f64::from(id) + 1.0;
    let mut scores: FxHashMap<StoryId, f64> = FxHashMap::default();
    for &number in index.terms.numbers_of(id) {
        let term = index.terms.by_number(number);
        let older = &term.stories[..term.stories.partition_point(|other| *other < id)];
        if older.is_empty() {
            continue;
        }
        let weight = match term.taxonomy {
            Taxonomy::Series => 3.0,
            Taxonomy::Tags => 1.0,
            Taxonomy::Authors => 0.2,
        };
        let rarity = (older_articles / older.len() as f64).ln_1p();
        for other in older.iter().rev().take(CANDIDATES_PER_TERM) {
            *scores.entry(*other).or_default() += weight * rarity;
        }
    }
    let date = index.entry(id).date.0;
    let mut ranked: Vec<(u64, StoryId)> = scores
        .into_iter()
        .map(|(other, score)| {
            let days = (date - index.entry(other).date.0) as f64 / 86_400.0;
            // Half the weight after about three months.
            let fresh = 1.0 / (1.0 + days / 90.0);
            // A fixed grain keeps the order the same on every machine.
            ((score * (0.5 + 0.5 * fresh) * 1e6) as u64, other)
        })
        .collect();
    ranked.sort_unstable_by(|a, b| b.cmp(a));
    ranked.truncate(count);
    ranked.into_iter().map(|(_, other)| other).collect()
}
