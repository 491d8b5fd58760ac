//! Moments in a map behind a key that otherwise has one itself: `embargo: { until: 2027-01-01 }`.

use super::hour::{Day, is_time_of, refuse_time, with_time};
use super::words::{Bound, WithholdingKind};
use super::{DEPTH, Field, Hearing, Level, Spot};
use crate::article::keys;
use crate::article::time::{Timestamp, day_alone, is_like_day};
use crate::article::values::moment_of_end;
use crate::source_name::is_locale;
use crate::yaml::{Entry, Node};

impl Hearing<'_, '_, '_> {
    /// Hears a withdrawal that readers are told of.
    pub(super) fn hear_withdrawal(&mut self, field: &Field<'_>, date: Option<&Node>) {
        let date = date.filter(|date| !date.says_nothing());
        let date = date.map(|value| Field { name: field.name.clone(), key: field.key, value });
        match date.and_then(|date| moment_of_end(self.fields, &date, self.reading)) {
            Some(date) => self.withheld.expires = self.withheld.expires.into_iter().chain([date]).min(),
            // Without a date, somebody means it all the same.
            None => self.withheld.draft = true,
        }
    }

    /// Hears the moments in the maps behind a key as if they stood behind it themselves, and their other keys as those of
    /// a map of another program. Whether there are any.
    pub(super) fn hear_moments(
        &mut self,
        how: WithholdingKind,
        entry: &Entry,
        field: &Field<'_>,
        spot: Spot<'_>,
    ) -> bool {
        let is_heard = matches!(how, WithholdingKind::Shows | WithholdingKind::Until | WithholdingKind::From)
            && spot.depth < DEPTH;
        let maps = entry.value.items().unwrap_or(std::slice::from_ref(&entry.value));
        let is_one = |part: &Entry| is_moment(how, part);
        if !is_heard || !maps.iter().flat_map(|map| map.entries().unwrap_or_default()).any(is_one) {
            return false;
        }
        for parts in maps.iter().filter_map(Node::entries) {
            let level = if matches!(spot.level, Level::Elsewhere) { Level::Elsewhere } else { Level::CONTAINER };
            let inner = spot.below(level, parts);
            for part in parts {
                if !is_one(part) {
                    self.hear(part, &field.within(part), inner);
                } else if !parts.iter().any(|day| is_one(day) && is_its_time(part, day)) {
                    self.hear_moment_within(how, entry, field, (part, inner.beside), spot);
                }
            }
        }
        true
    }

    /// Hears one of them, with the time that stands beside it.
    fn hear_moment_within(
        &mut self,
        how: WithholdingKind,
        entry: &Entry,
        field: &Field<'_>,
        (part, beside): (&Entry, &[Entry]),
        spot: Spot<'_>,
    ) {
        let folded = keys::fold(part.name());
        let of = |name, folded| with_time(of_moment(name, folded), &part.value, beside);
        let time = of(part.name(), &folded).or_else(|| of("date", "date"));
        if let Some(Err(time)) = time {
            refuse_time(self.fields, time);
        }
        let value = time.and_then(Result::ok).unwrap_or_else(|| part.value.clone());
        let is_end = how == WithholdingKind::Shows && Bound::of(&folded) == Some(Bound::End);
        let within = Field { name: field.within(part).name, key: part.key.mark, value: &value };
        let is_told = is_end && !matches!(spot.level, Level::Elsewhere);
        if is_told && self.hear_bound((part.name(), &folded), &within, Bound::End, spot) {
            return;
        }
        let key = if is_end { Node::text_of("expires", part.key.mark) } else { entry.key.clone() };
        let field = Field { name: field.name.clone(), ..within };
        self.hear(&Entry { key, value: value.clone() }, &field, Spot { depth: spot.depth + 1, ..spot });
    }
}

/// The value of `date` in `withdrawn: { date: …, reason: … }`, if a key of an article is such a map.
pub(super) fn date_of_withdrawal<'n>(field: &'n Field<'_>, folded: &str, level: Level) -> Option<Option<&'n Node>> {
    let is_of_entry = matches!(level, Level::Top(table) if std::ptr::eq(table, keys::ENTRY));
    let has_reason = is_of_entry && folded == "withdrawn" && field.get("reason").is_some();
    has_reason.then(|| field.get("date").map(|date| date.value))
}

/// Whether a key of the map says when that of the map ends or begins. Of an embargo every moment does.
fn is_moment(how: WithholdingKind, part: &Entry) -> bool {
    let is_day = || part.value.text().is_some_and(is_like_day) && !is_locale(part.name());
    Bound::of(&keys::fold(part.name())).is_some() || how == WithholdingKind::Until && is_day()
}

/// A day in a map of moments, in which nothing else has a time.
fn of_moment<'k>(name: &'k str, folded: &'k str) -> Day<'k> {
    Day { name, folded, is_moment: &|| true, is_among_others: false }
}

/// Whether a key is the time of the day behind another one.
fn is_its_time(time: &Entry, day: &Entry) -> bool {
    let is_moment = || {
        let said = time.value.text().unwrap_or_default();
        Timestamp::parse(said, &jiff::tz::TimeZone::UTC).is_ok()
    };
    let folded = keys::fold(day.name());
    let mut of = [of_moment(day.name(), &folded), of_moment("date", "date")].into_iter();
    let is_of_it = of.any(|day| is_time_of(time.name(), day, &[]));
    is_of_it && day.value.text().and_then(day_alone).is_some() && !is_moment()
}
