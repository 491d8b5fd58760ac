//! Whether articles and pages are published, and if not, why: for those who write them, never for readers.

use super::{ArticleId, Hidden, Index, Notice, Role, entry_in, starts};
use crate::article::record::Entry;
use crate::article::time::Timestamp;
use crate::config::Config;

/// Whether an article or page is published, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Readers see it.
    Published,
    /// It is a draft, or belongs to a withheld section or bundle.
    Draft,
    /// It may be seen from this moment on.
    Embargoed(Timestamp),
    /// It has not been seen since this moment.
    Expired(Timestamp),
    /// Readers are told that it was withdrawn at this moment.
    Withdrawn(Timestamp),
}

/// Why an article would be withheld from the published site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// It is a draft.
    Draft,
    /// It may be seen from this moment on.
    Embargoed(Timestamp),
}

/// How many articles and pages are withheld.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct WithheldCounts {
    /// Drafts, and what belongs to a withheld section or bundle.
    pub drafts: usize,
    /// Those that begin later.
    pub embargoed: usize,
    /// Those that have expired.
    pub expired: usize,
    /// When the first embargo ends.
    pub next: Option<Timestamp>,
}

/// The state at `now` of the article or page in a row; none if the row holds neither.
pub(crate) fn state(index: &Index, row: u32, now: Timestamp) -> Option<State> {
    match index.role(row) {
        Role::Article(_) | Role::Page(_) => return Some(State::Published),
        Role::Withheld => {}
        Role::Hidden | Role::Other => return None,
    }
    if let Some(notice) = notice_of(index, row) {
        return Some(State::Withdrawn(notice.date));
    }
    let entry = entry_in(&index.rows[row as usize]);
    let start = starts(&entry);
    Some(match entry.withheld.expires {
        Some(expires) if expires <= now => State::Expired(expires),
        _ if !entry.withheld.draft && start > now => State::Embargoed(start),
        _ => State::Draft,
    })
}

/// The notice of what was withdrawn from a row.
pub(crate) fn notice_of(index: &Index, row: u32) -> Option<&Notice> {
    let at = index.notices.binary_search_by_key(&row, |notice| notice.row).ok()?;
    Some(&index.notices[at])
}

/// Counts what is withheld at `now`.
pub(crate) fn withheld_counts(index: &Index, now: Timestamp) -> WithheldCounts {
    let mut counts = WithheldCounts::default();
    let withheld = (0..index.rows.len() as u32).filter(|row| index.role(*row) == Role::Withheld);
    for state in withheld.filter_map(|row| state(index, row, now)) {
        match state {
            State::Published => {}
            State::Draft => counts.drafts += 1,
            State::Expired(_) | State::Withdrawn(_) => counts.expired += 1,
            State::Embargoed(start) => {
                counts.embargoed += 1;
                counts.next = Some(counts.next.map_or(start, |next| next.min(start)));
            }
        }
    }
    counts
}

/// The visible articles that are drafts or begin after `now`.
pub(crate) fn shown(index: &Index, now: Timestamp, config: &Config) -> Vec<(ArticleId, Shown)> {
    let hidden = Hidden::of(&index.rows, config, now, false, false);
    let why = |path: &str, entry: &Entry<'_>| match starts(entry) {
        _ if entry.withheld.draft || hidden.holds(path, entry) => Some(Shown::Draft),
        start => (start > now).then_some(Shown::Embargoed(start)),
    };
    let roles = index.rows.iter().zip(&index.roles);
    let articles = roles.filter_map(|(row, role)| match role {
        Role::Article(id) => Some((*id, why(&row.path, &entry_in(row))?)),
        _ => None,
    });
    articles.collect()
}
