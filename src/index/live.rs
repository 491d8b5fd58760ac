//! Live coverage as of "now": whether it runs, and which of its updates may be seen.
//!
//! An update dated in the future is withheld like an article is. What pages see of "now" is the moment of
//! the newest visible update, so they change when an update does and at no other moment.

use serde::Serialize;

use crate::article::record::{Entry, Kind};
use crate::article::time::Timestamp;
use crate::config::Config;

/// How far live coverage has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LiveState {
    /// It has not begun.
    Upcoming,
    /// It runs.
    Running,
    /// It has ended.
    Over,
}

/// Live coverage of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Live {
    /// How far it has come.
    pub state: LiveState,
    /// When it begins.
    pub start: Timestamp,
    /// When it ends, if that is known.
    pub end: Option<Timestamp>,
    /// The moment of the newest visible update; later ones are withheld.
    pub newest: Option<Timestamp>,
}

impl Live {
    /// The live coverage of an article as of `now`, if it has any.
    pub(super) fn of(entry: &Entry<'_>, now: Timestamp, config: &Config) -> Option<Self> {
        let (start, end) = span(entry)?;
        let state = match end {
            Some(end) if end <= now => LiveState::Over,
            _ if start > now => LiveState::Upcoming,
            _ => LiveState::Running,
        };
        let is_visible = |time: &Timestamp| *time <= now || config.future;
        let newest = entry.updates.iter().map(|update| update.time).filter(is_visible).max();
        Some(Self { state, start, end, newest })
    }

    /// Whether an update of that moment may be seen.
    pub fn shows(&self, time: Timestamp) -> bool {
        self.newest.is_some_and(|newest| time <= newest)
    }
}

/// When the live coverage of an article begins and ends. `None` for other articles.
pub(super) fn span(entry: &Entry<'_>) -> Option<(Timestamp, Option<Timestamp>)> {
    if entry.core.kind != Kind::Live {
        return None;
    }
    let date = entry.core.date?;
    let coverage = entry.core.coverage.unwrap_or_default();
    Some((coverage.start.unwrap_or(date), coverage.end))
}

/// Live coverage as teasers show it.
#[derive(Debug, Serialize)]
pub struct LiveRef {
    /// How far it has come.
    pub state: LiveState,
    /// RFC 3339.
    pub start: String,
    /// RFC 3339.
    pub end: Option<String>,
    /// The moment of the newest update, RFC 3339.
    pub newest: Option<String>,
}

impl LiveRef {
    /// The coverage as teasers show it.
    pub fn of(live: &Live, config: &Config) -> Self {
        let text = |at: Timestamp| at.rfc3339(&config.time_zone);
        Self { state: live.state, start: text(live.start), end: live.end.map(text), newest: live.newest.map(text) }
    }
}
