//! Articles and pages with their states, for those who write and edit them.

use std::collections::BTreeMap;

use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::{Index, State, edition, states};
use crate::article::language;
use crate::article::record::Record;
use crate::article::time::Timestamp;
use crate::config::Config;

/// An article or page, whether readers see it or not.
#[derive(Clone, Debug)]
pub struct Item {
    /// The source.
    pub path: String,
    /// The headline.
    pub title: String,
    /// The section's folder.
    pub section: Option<String>,
    /// The names of the authors.
    pub authors: Vec<String>,
    /// Whether it is published, and if not, why.
    pub state: State,
    /// The date of publication. A page has none.
    pub date: Option<Timestamp>,
    /// The moment from which it is withheld.
    pub expires: Option<Timestamp>,
    /// The address, if readers see it.
    pub url: Option<String>,
}

impl Item {
    /// Whether readers see it until a moment that is known.
    pub fn is_expiring(&self) -> bool {
        self.state == State::Published && self.expires.is_some()
    }

    /// The name of the state, and the moment at which it began or will end.
    pub fn state(&self) -> (&'static str, Option<Timestamp>) {
        match self.state {
            State::Draft => ("draft", self.date),
            State::Embargoed(until) => ("embargoed", Some(until)),
            State::Expired(since) => ("expired", Some(since)),
            State::Withdrawn(since) => ("withdrawn", Some(since)),
            State::Published if self.expires.is_some() => ("expiring", self.expires),
            State::Published => ("published", self.date),
        }
    }
}

/// All articles and pages of an index as of `now`.
pub fn inventory(index: &Index, config: &Config, now: Timestamp) -> Vec<Item> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for row in &index.rows {
        if let Record::Author(author) = row.record() {
            let id = language::stem(&row.path, config).0.trim_start_matches("content/authors/").to_owned();
            names.entry(id).or_insert_with(|| author.name.to_string());
        }
    }
    let item = |row: u32| {
        let state = states::state(index, row, now)?;
        let entry = index.entry(row);
        let name = |id: &str| names.get(id).cloned().unwrap_or_else(|| id.to_owned());
        Some(Item {
            path: index.rows[row as usize].path.to_string(),
            title: entry.core.title.to_string(),
            section: entry.section.as_deref().map(str::to_owned),
            authors: entry.authors.iter().map(|author| name(author)).collect(),
            state,
            date: entry.core.date,
            expires: entry.withheld.expires,
            url: edition::url_of(index, row).map(str::to_owned),
        })
    };
    (0..index.rows.len() as u32).filter_map(item).collect()
}

/// A moment to the minute, `2026-11-26 06:00`; midnight is a day.
pub fn short(at: Timestamp, zone: &TimeZone) -> String {
    let time = zone.to_datetime(at.to_jiff());
    let is_day = time.time() == Time::midnight();
    time.strftime(if is_day { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M" }).to_string()
}

/// How far away a moment is, in the largest unit of which there is a whole one: `in 8 h`, `3 d ago`.
pub fn away(seconds: i64) -> String {
    let distance = seconds.unsigned_abs();
    let text = match distance {
        ..60 => "1 min".to_owned(),
        60..3600 => format!("{} min", distance / 60),
        3600..172_800 => format!("{} h", distance / 3600),
        _ => format!("{} d", distance / 86_400),
    };
    if seconds < 0 { format!("{text} ago") } else { format!("in {text}") }
}

#[cfg(test)]
mod tests {
    use super::away;

    #[test]
    fn distances_are_told_in_one_unit() {
        for (seconds, told) in [
            (0, "in 1 min"),
            (59, "in 1 min"),
            (120, "in 2 min"),
            (3599, "in 59 min"),
            (8 * 3600 + 5, "in 8 h"),
            (47 * 3600, "in 47 h"),
            (49 * 3600, "in 2 d"),
            (-7200, "2 h ago"),
        ] {
            assert_eq!(away(seconds), told);
        }
    }
}
