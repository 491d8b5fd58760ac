//! House advertisements: which of them may be seen, and which one a slot shows.
//!
//! An advertisement is not an article and in no list. The one idea: what begins and ends are moments of the timeline as
//! those of articles are, so no page shows one a minute too long.

use std::collections::BTreeMap;

use super::timeline::Happening;
use super::{Index, Role};
use crate::article::record::{Ad, Record};
use crate::article::time::Timestamp;
use crate::article::{Row, is_ad};
use crate::config::{Config, LanguageId};
use crate::source_name::FOLDER_OF_ADS;

/// The rows that hold advertisements.
fn all(rows: &[Row]) -> impl Iterator<Item = (u32, &Row, Ad<'_>)> {
    let start = rows.partition_point(|row| *row.path < *FOLDER_OF_ADS);
    let inside = rows[start..].iter().zip(start as u32..).take_while(|(row, _)| row.path.starts_with(FOLDER_OF_ADS));
    inside.filter(|(row, _)| is_ad(&row.path)).filter_map(|(row, number)| match row.record() {
        Record::Ad(ad) => Some((number, row, ad)),
        _ => None,
    })
}

/// Hides those that may not be seen at `now`.
pub(super) fn hide(rows: &[Row], roles: &mut [Role], config: &Config, now: Timestamp) {
    for (number, _, ad) in all(rows) {
        if ad.withheld.holds(now, config.drafts, config.future) {
            roles[number as usize] = Role::Hidden;
        }
    }
}

/// Tells `found` every moment after `now` at which a slot begins to show one or shows it no longer. What happens to one
/// that gives way to another, or that no slot shows, changes nothing.
pub(super) fn moments<'r>(
    rows: &'r [Row],
    config: &Config,
    now: Timestamp,
    mut found: impl FnMut(&'r Row, Timestamp, Happening, &str),
) {
    let is_in_slot = |ad: &Ad<'_>| config.settings.ad_slots.contains_key(&*ad.slot);
    let mut slots: BTreeMap<_, Vec<(u32, &Row, Ad<'_>)>> = BTreeMap::new();
    for one in all(rows).filter(|(_, _, ad)| is_in_slot(ad)) {
        slots.entry((one.2.slot.to_string(), one.2.language)).or_default().push(one);
    }
    for ads in slots.values() {
        let shown = |at: i64| {
            let at = Timestamp(at);
            let visible = ads.iter().filter(|(_, _, ad)| !ad.withheld.holds(at, config.drafts, config.future));
            visible.max_by_key(|(number, _, ad)| precedence(*number, ad)).map(|(number, _, _)| *number)
        };
        for (number, row, ad) in ads {
            let begins = ad.withheld.publish.filter(|_| !config.future);
            for (at, happening) in [(begins, Happening::Published), (ad.withheld.expires, Happening::Expired)] {
                let Some(at) = at.filter(|at| *at > now) else { continue };
                let (before, after) = (shown(at.0.saturating_sub(1)), shown(at.0));
                if before != after && [before, after].contains(&Some(*number)) {
                    found(row, at, happening, &ad.title);
                }
            }
        }
    }
}

/// Of several in one slot the one that began last is shown, of those the last by its file.
fn precedence(number: u32, ad: &Ad<'_>) -> (Option<Timestamp>, u32) {
    (ad.withheld.publish, number)
}

/// The row of the advertisement that a slot shows in a language: of several the one that began last.
pub(crate) fn ad_in<'a>(index: &'a Index, slot: &str, language: LanguageId) -> Option<(u32, Ad<'a>)> {
    let visible = all(&index.rows).filter(|(number, _, _)| index.role(*number) != Role::Hidden);
    let fitting = visible.filter(|(_, _, ad)| &*ad.slot == slot && ad.language == language);
    fitting.max_by_key(|(number, _, ad)| precedence(*number, ad)).map(|(number, _, ad)| (number, ad))
}

/// All advertisements that name none of these slots, by their rows.
pub(crate) fn ads_without_slot(index: &Index, is_slot: impl Fn(&str) -> bool) -> Vec<(u32, String)> {
    all(&index.rows).filter(|(_, _, ad)| !is_slot(&ad.slot)).map(|(row, _, ad)| (row, ad.slot.to_string())).collect()
}
