//! Times of the day that stand in a key of their own: `embargo_time: "18:00"` beside `embargo: 2026-11-27`.

use jiff::tz::TimeZone;

use super::super::keys;
use super::super::time::{Timestamp, clock, day_alone};
use super::words::{Bound, How, how, stem};
use crate::yaml::{Entry, Node};

/// A day joined with the time in another key: `embargo: 2026-11-27` beside `embargo_time: "18:00"`. `Err` is the other key
/// if its value is not a time; `None` means that there is no such key, or that the value has a time of its own.
pub(super) fn with_time<'e>(folded: &str, value: &Node, beside: &'e [Entry]) -> Option<Result<Node, &'e Entry>> {
    let text = value.text()?;
    let time = beside.iter().find(|other| is_time_of(other, folded))?;
    let day = day_alone(text)?;
    match clock(time.value.text()?) {
        Some(time) if time.starts_with("00:00:00") => None,
        Some(time) => Some(Ok(Node::text_of(format!("{day}T{time}"), value.mark))),
        // A date is no less than a time.
        None => Some(Err(time)).filter(|_| {
            let said = time.value.text().unwrap_or_default();
            !said.trim().is_empty() && Timestamp::parse(said, &TimeZone::UTC).is_err()
        }),
    }
}

/// The date of an article, with the time that stands beside it: `date: 2026-11-27` and `time: "18:00"`.
pub(in crate::article) fn date_with_time(value: &Node, beside: &[Entry]) -> Option<Node> {
    with_time("date", value, beside)?.ok()
}

/// Whether a key gives the time of the day behind another one, which is folded.
pub(super) fn is_time_of(time: &Entry, folded: &str) -> bool {
    // Hardly a key does.
    let name = time.name();
    let is_time = |end: &[u8]| end.eq_ignore_ascii_case(b"time") || end.eq_ignore_ascii_case(b"zeit");
    if !name.len().checked_sub(4).is_some_and(|at| is_time(&name.as_bytes()[at..])) {
        return false;
    }
    let time = keys::fold(name);
    let Some(of) = time.strip_suffix("time").or_else(|| time.strip_suffix("uhrzeit")) else { return false };
    // `time` stands beside one day only.
    let is_start = || Bound::of(folded) == Some(Bound::Start) || matches!(how(folded), Some(How::Shows | How::Until));
    let is_day = of.is_empty() && folded != "time" && is_start();
    is_day
        || !of.is_empty() && (of == folded || of == stem(folded) || is_same(stem(of), stem(folded)) && folded != time)
}

fn is_same(stem: &str, other: &str) -> bool {
    !stem.is_empty() && stem == other
}

/// Whether a key is no more than the time of the day behind another one, where it is told if it is none.
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
