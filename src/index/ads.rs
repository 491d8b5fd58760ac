//! House advertisements: which of them may be seen, and which one a slot shows.
//!
//! An advertisement is not an article and in no list. The one idea: what begins and ends are moments of the timeline as
//! those of articles are, so no page shows one a minute too long.

use super::timeline::Happening;
use super::{Index, Role};
use crate::article::record::{Ad, Record};
use crate::article::time::Timestamp;
use crate::article::{FOLDER_OF_ADS, Row, is_ad};
use crate::config::{Config, LanguageId};

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

/// Tells `found` every moment after `now` at which one begins or ends.
pub(super) fn moments<'r>(
    rows: &'r [Row],
    config: &Config,
    now: Timestamp,
    mut found: impl FnMut(&'r Row, Timestamp, Happening, &str),
) {
    for (_, row, ad) in all(rows).filter(|(_, _, ad)| !ad.withheld.draft || config.drafts) {
        let begins = ad.withheld.publish.filter(|_| !config.future);
        for (at, happening) in [(begins, Happening::Published), (ad.withheld.expires, Happening::Expired)] {
            if let Some(at) = at.filter(|at| *at > now) {
                found(row, at, happening, &ad.title);
            }
        }
    }
}

impl Index {
    /// The row of the advertisement that a slot shows in a language: of several the one that began last.
    pub fn ad_in(&self, slot: &str, language: LanguageId) -> Option<(u32, Ad<'_>)> {
        let visible = all(&self.rows).filter(|(number, _, _)| self.role(*number) != Role::Hidden);
        let fitting = visible.filter(|(_, _, ad)| &*ad.slot == slot && ad.language == language);
        fitting.max_by_key(|(number, _, ad)| (ad.withheld.publish, *number)).map(|(number, _, ad)| (number, ad))
    }

    /// All advertisements that name none of these slots, by their rows.
    pub fn ads_without_slot(&self, is_slot: impl Fn(&str) -> bool) -> Vec<(u32, String)> {
        all(&self.rows).filter(|(_, _, ad)| !is_slot(&ad.slot)).map(|(row, _, ad)| (row, ad.slot.to_string())).collect()
    }
}
