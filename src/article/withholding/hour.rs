//! Times of day in a key of their own: `embargo_time: "18:00"` beside `embargo: 2026-11-27`.

use jiff::tz::TimeZone;

use super::super::keys;
use super::super::time::{Timestamp, clock, day_alone};
use super::words::{Bound, WithholdingKind, how, stem};
use crate::yaml::{Entry, Node};

/// A day joined with the time in another key: `embargo: 2026-11-27` beside `embargo_time: "18:00"`; with `minute: 30` and
/// `tz: America/New_York`, if they are there. `Err` is the other key if its value is not a time; `None` means that there is
/// no such key, or that the value has a time of its own.
pub(super) fn with_time<'e>(folded: &str, value: &Node, beside: &'e [Entry]) -> Option<Result<Node, &'e Entry>> {
    let text = value.text()?;
    let time = beside.iter().find(|other| is_time_of(other, folded));
    let zone = beside.iter().find(|other| is_zone_of(other, folded));
    let day = (time.is_some() || zone.is_some()).then(|| day_alone(text)).flatten();
    let (Some(time), Some(day)) = (time, day) else {
        // The zone of a time that stands with its day.
        let zone = zone.filter(|zone| zone.value.text().is_some_and(|said| !text.ends_with(said)))?;
        Timestamp::parse(text, &TimeZone::UTC).ok()?;
        let whole = format!("{text} {}", zone.value.text()?);
        let is_read = Timestamp::parse(&whole, &TimeZone::UTC).is_ok();
        return Some(if is_read { Ok(Node::text_of(whole, value.mark)) } else { Err(zone) });
    };
    let said = time.value.text()?;
    match clock(said).or_else(|| number(&keys::fold(time.name()), said, beside)) {
        Some(clock) if clock.starts_with("00:00:00") && zone.is_none() => None,
        Some(clock) => {
            let zone = zone.and_then(|zone| Some((zone, zone.value.text()?)));
            let whole = zone.map_or_else(|| format!("{day}T{clock}"), |(_, zone)| format!("{day} {clock} {zone}"));
            let unread = zone.filter(|_| Timestamp::parse(&whole, &TimeZone::UTC).is_err());
            Some(unread.map_or(Ok(Node::text_of(whole, value.mark)), |(zone, _)| Err(zone)))
        }
        // A value with a date of its own needs no other day.
        None => Some(Err(time)).filter(|_| !said.trim().is_empty() && Timestamp::parse(said, &TimeZone::UTC).is_err()),
    }
}

/// A time as a number: an hour, perhaps beside its minute; or what YAML 1.1 makes of `18:00:00` without quotation marks.
fn number(folded: &str, said: &str, beside: &[Entry]) -> Option<String> {
    let number: u32 = said.trim().parse().ok()?;
    let minute = beside.iter().find(|other| matches!(&*keys::fold(other.name()), "minute" | "minutes"));
    let minute: u32 = minute.and_then(|minute| minute.value.text()?.trim().parse().ok()).unwrap_or_default();
    match number {
        0..24 if !folded.ends_with("time") => Some(format!("{number:02}:{minute:02}:00")),
        3600..86400 => Some(format!("{:02}:{:02}:{:02}", number / 3600, number / 60 % 60, number % 60)),
        _ => None,
    }
}

/// Whether a key gives the zone of the time behind another one, which is folded.
fn is_zone_of(zone: &Entry, folded: &str) -> bool {
    // Hardly a key does.
    let name = zone.name();
    if !matches!(name.as_bytes().last(), Some(b'e' | b'z' | b'E' | b'Z')) {
        return false;
    }
    let zone = keys::fold(name);
    let Some(of) = ["timezone", "tz", "zone"].iter().find_map(|end| zone.strip_suffix(end)) else { return false };
    of.is_empty() && Bound::of(folded).is_some()
        || !of.is_empty() && (of == folded || of == stem(folded) || is_same(stem(of), stem(folded)))
}

/// The date of an article, with the time that stands beside it: `date: 2026-11-27` and `time: "18:00"`.
pub(in crate::article) fn date_with_time(value: &Node, beside: &[Entry]) -> Option<Node> {
    with_time("date", value, beside)?.ok()
}

/// How keys for times of day end, in several languages.
const TIMES: [&str; 7] = ["time", "uhrzeit", "hour", "heure", "hora", "ora", "at"];

/// Whether a key, folded, is a time of the day, or its zone, and does not say of what.
pub(super) fn is_whole_time(folded: &str) -> bool {
    TIMES.contains(&folded) || matches!(folded, "timezone" | "tz" | "zone")
}

/// Whether a key gives the time of the day behind another one, which is folded.
pub(super) fn is_time_of(time: &Entry, folded: &str) -> bool {
    // Hardly a key does.
    let name = time.name().as_bytes();
    let last = name.last_chunk().map(|last: &[u8; 2]| last.map(|byte| byte.to_ascii_lowercase()));
    if !last.is_some_and(|last| matches!(&last, b"me" | b"it" | b"ur" | b"re" | b"ra" | b"at")) {
        return false;
    }
    let is_end = |end: &&str| {
        let at = name.len().checked_sub(end.len());
        at.is_some_and(|at| name[at..].eq_ignore_ascii_case(end.as_bytes()))
    };
    let Some(end) = TIMES.iter().find(|end| is_end(end)) else { return false };
    let time = keys::fold(time.name());
    let Some(of) = time.strip_suffix(end) else { return false };
    // With a word before it, `at` says that a moment is behind it.
    if *end == "at" && !of.is_empty() {
        return false;
    }
    // `time` stands beside one day only.
    let is_start = || {
        Bound::of(folded) == Some(Bound::Start)
            || matches!(how(folded), Some(WithholdingKind::Shows | WithholdingKind::Until))
    };
    let is_day = of.is_empty() && !is_whole_time(folded) && is_start();
    is_day
        || !of.is_empty() && (of == folded || of == stem(folded) || is_same(stem(of), stem(folded)) && folded != time)
}

fn is_same(stem: &str, other: &str) -> bool {
    !stem.is_empty() && stem == other
}

/// Whether a key holds the time of day of another key beside it. That one reports a time that is not valid.
pub(super) fn is_time_of_another(folded: &str, value: &Node, beside: &[Entry]) -> bool {
    let Some(of) = folded.strip_suffix("time") else { return false };
    let is_day = |value: &Node| value.text().and_then(day_alone).is_some();
    let is_its_day = |other: &Entry| {
        let day = keys::fold(other.name());
        *day != *folded
            && (of == day || of == stem(&day) || is_same(stem(of), stem(&day)))
            && (is_day(&other.value)
                || other.value.entries().is_some_and(|parts| parts.iter().any(|part| is_day(&part.value))))
    };
    value.text().is_some_and(|text| Timestamp::parse(text, &TimeZone::UTC).is_err()) && beside.iter().any(is_its_day)
}
