//! Times of day and zones in a key of their own: `embargo_time: "18:00"` beside `embargo: 2026-11-27`.
//!
//! What stands beside a day and cannot be read is an error at its key: without it the day would begin at midnight.

use jiff::civil;
use jiff::tz::TimeZone;

use super::super::fields::Fields;
use super::super::keys;
use super::super::time::{Timestamp, clock, day_alone, has_zone, is_like_clock, offset_meant, zone_of};
use super::key::{is_end, is_wish};
use super::words::{Bound, WithholdingKind, how, stem};
use crate::text::compatible;
use crate::yaml::{Entry, Mark, Node};

/// The days that a time or a zone may belong to.
#[derive(Clone, Copy)]
pub(super) struct Day<'k> {
    /// The key of the day, as it is written.
    pub(super) name: &'k str,
    /// The same, folded.
    pub(super) folded: &'k str,
    /// Whether it says when something is seen, by more than the list of words.
    pub(super) is_moment: &'k dyn Fn() -> bool,
    /// Whether `time` beside it may say how long it takes to read something, `at` where, and `zone` which part of town.
    pub(super) is_among_others: bool,
}

/// A moment joined with the time and the zone in other keys: `embargo: 2026-11-27` beside `embargo_time: "18:00"`; with
/// `minute: 30` and `tz: America/New_York`, if they are there. `Err` is the other key if its value cannot be read; `None`
/// means that no key says more than the value itself.
pub(super) fn with_time<'e>(day: Day<'_>, value: &Node, beside: &'e [Entry]) -> Option<Result<Node, &'e Entry>> {
    let text = value.text()?;
    let says = |other: &&Entry| {
        let is_nothing = other.value.text().map_or(other.value.says_nothing(), |said| said.trim().is_empty());
        !(is_nothing || day.is_among_others && is_of_another_thing(other))
    };
    let zone = beside.iter().filter(|other| is_zone_of(other.name(), day)).find(says);
    let mut times = beside.iter().filter(|other| is_time_of(other.name(), day, beside)).filter(says).peekable();
    if zone.is_none() && times.peek().is_none() {
        return None;
    }
    Timestamp::parse(text, &TimeZone::UTC).ok()?;
    let zone = match zone.filter(|_| !has_zone(text)) {
        Some(zone) => match zone.value.text().and_then(zone_of) {
            Some(read) => Some(read),
            None => return Some(Err(zone)),
        },
        None => None,
    };
    let mut said: Option<(String, Option<TimeZone>)> = None;
    for time in times.filter(|_| day_alone(text).is_some()) {
        let Some(found) = day_alone(text).and_then(|day| on(day, time, beside, zone.as_ref())) else {
            return Some(Err(time));
        };
        // Of several times, the latest withholds most.
        let moment = |(text, zone): &(String, Option<TimeZone>)| {
            Timestamp::parse(text, zone.as_ref().unwrap_or(&TimeZone::UTC)).ok()
        };
        if said.as_ref().is_none_or(|said| moment(said) < moment(&found)) {
            said = Some(found);
        }
    }
    let (text, zone) = match said {
        Some((text, zone)) => (text, zone),
        None => (text.to_owned(), Some(zone?)),
    };
    let whole = match zone {
        Some(zone) => Timestamp::beginning(&text, &zone).ok()?.rfc3339(&zone),
        None => text,
    };
    Some(Ok(Node::text_of(whole, value.mark)))
}

/// The moment of a day at the time that is behind a key, and the zone in which to read it. None if that is not a time.
fn on(day: civil::Date, time: &Entry, beside: &[Entry], zone: Option<&TimeZone>) -> Option<(String, Option<TimeZone>)> {
    let said = compatible(time.value.text()?.trim()).into_owned();
    let at = |clock: String, zone: Option<TimeZone>| (format!("{day}T{clock}"), zone);
    let read = |said: &str| clock(said).or_else(|| number(&keys::fold(time.name()), said, beside));
    let found = match (read(&said), said.rsplit_once(' ')) {
        (Some(clock), _) => at(clock, zone.cloned()),
        (None, Some((clock, zone))) if let (Some(clock), Some(zone)) = (read(clock), zone_of(zone)) => {
            at(clock, Some(zone))
        }
        // What has a date of its own may be of another day.
        _ => {
            let moment = Timestamp::parse(&said, &TimeZone::UTC).ok()?;
            let own = TimeZone::UTC.to_datetime(moment.to_jiff()).date();
            (if own == day { said } else { day.to_string() }, zone.cloned())
        }
    };
    Timestamp::parse(&found.0, found.1.as_ref().unwrap_or(&TimeZone::UTC)).ok().map(|_| found)
}

/// A time as a number: an hour, perhaps beside its minute; or what YAML 1.1 makes of `18:00:00` without quotation marks.
fn number(folded: &str, said: &str, beside: &[Entry]) -> Option<String> {
    let number: u32 = said.trim().parse().ok()?;
    let minute = beside.iter().find(|other| matches!(&*keys::fold(other.name()), "minute" | "minutes"));
    let minute: u32 = minute.map_or(Some(0), |minute| minute.value.text()?.trim().parse().ok())?;
    match number {
        0..24 if !folded.ends_with("time") => Some(format!("{number:02}:{minute:02}:00")),
        3600..86400 => Some(format!("{:02}:{:02}:{:02}", number / 3600, number / 60 % 60, number % 60)),
        _ => None,
    }
}

/// Names of zones.
const ZONES: [&str; 3] = ["timezone", "tz", "zone"];

/// The date in the name of a file, with the time from its front matter.
pub(in crate::article) fn date_of_name(fields: &mut Fields<'_>, day: civil::Date, entries: &[Entry]) -> Node {
    let plain = Node::text_of(day.to_string(), Mark::default());
    match with_time(Day::of_date(), &plain, entries) {
        Some(Ok(whole)) => whole,
        Some(Err(time)) => {
            refuse_time(fields, time);
            plain
        }
        None => plain,
    }
}

/// Whether a key gives the zone of the time behind another one.
fn is_zone_of(zone: &str, day: Day<'_>) -> bool {
    // Hardly a key does.
    if zone.as_bytes().last().is_none_or(|last| last.is_ascii() && !b"eEzZ".contains(last)) {
        return false;
    }
    let zone = keys::fold(zone);
    let Some(of) = ZONES.iter().find_map(|end| zone.strip_suffix(end)) else { return false };
    match of {
        "" => Bound::of(day.folded).is_some() || (day.is_moment)(),
        of => of == day.folded || of == stem(day.folded) || is_same(stem(of), stem(day.folded)),
    }
}

/// The date of an article, with the time that stands beside it: `date: 2026-11-27` and `time: "18:00"`. What cannot be
/// read of it the hearing of the key tells.
pub(in crate::article) fn date_with_time(value: &Node, beside: &[Entry]) -> Option<Node> {
    with_time(Day::of_date(), value, beside)?.ok()
}

impl Day<'static> {
    /// The key `date` of an article or an entry.
    pub(super) fn of_date() -> Self {
        Self { name: "date", folded: "date", is_moment: &|| true, is_among_others: true }
    }
}

/// How keys for times of day end, in several languages.
const TIMES: [&str; 10] = ["time", "uhrzeit", "zeit", "hour", "heure", "hora", "orario", "ora", "tijd", "at"];

/// Whether a key, folded, is a time of the day, or its zone, and does not say of what.
pub(super) fn is_whole_time(folded: &str) -> bool {
    TIMES.contains(&folded) || ZONES.contains(&folded)
}

/// Whether a key that does not say of what it is speaks of another thing than the time of a day: `time: 5 min`,
/// `at: Town hall`, `zone: Harbour`.
fn is_of_another_thing(other: &Entry) -> bool {
    let said = other.value.text().unwrap_or_default();
    match &*keys::fold(other.name()) {
        "at" => !is_like_clock(said),
        "zone" => zone_of(said).is_none() && !said.contains('/') && said != said.to_uppercase(),
        name => is_whole_time(name) && is_length(said),
    }
}

/// Whether a text says how long something takes: `5 min`, `1 hour`, `PT5M`.
fn is_length(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    let mut words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let is_of_minutes = |word: &str| ["min", "sec", "sek"].iter().any(|unit| word.starts_with(unit));
    let is_of_hours = || text.as_bytes().get(1).is_some_and(|byte| !byte.is_ascii_digit() && *byte != b':');
    text.starts_with("pt") && text.contains(|c: char| c.is_ascii_digit())
        || text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '~' | '<'))
            && words.next().is_some_and(|word| {
                is_of_minutes(word)
                    || is_of_hours() && ["hour", "hr", "stunde"].iter().any(|unit| word.starts_with(unit))
            })
}

/// Whether a key gives the time of the day behind another one.
pub(super) fn is_time_of(name: &str, day: Day<'_>, beside: &[Entry]) -> bool {
    let Some(time) = time_name(name) else { return false };
    let (of, folded) = (&*time.of, day.folded);
    // `time` stands beside one day only, and ends nothing.
    let is_start = || {
        Bound::of(folded) == Some(Bound::Start)
            || match how(folded) {
                Some(how) => !matches!(how, WithholdingKind::From | WithholdingKind::Gone) && (day.is_moment)(),
                None => (day.is_moment)() && !is_end(&keys::words(day.name)),
            }
    };
    if of.is_empty() {
        return !is_whole_time(folded) && is_start();
    }
    is_of(of, folded) && folded != time.folded
        || folded == "date"
            && is_of_publication(name, of)
            && !beside.iter().any(|other| is_of(of, &keys::fold(other.name())) && day_alone_behind(other))
}

/// The name of a time, folded, and what stands before the word for a time in it.
struct TimeName {
    folded: String,
    of: String,
}

fn time_name(name: &str) -> Option<TimeName> {
    // Hardly a key is one.
    let bytes = name.as_bytes();
    let last = bytes.last_chunk().map(|last: &[u8; 2]| last.map(|byte| byte.to_ascii_lowercase()))?;
    if last.is_ascii() && !matches!(&last, b"me" | b"it" | b"ur" | b"re" | b"ra" | b"io" | b"jd" | b"at") {
        return None;
    }
    let folded = keys::fold(name).into_owned();
    let end = TIMES.iter().find(|end| folded.ends_with(**end))?;
    let of = folded[..folded.len() - end.len()].to_owned();
    // With a word before it, `at` says that a moment is behind it.
    (*end != "at" || of.is_empty()).then_some(TimeName { folded, of })
}

/// Whether what stands before the word for a time in a key names this day.
fn is_of(of: &str, day: &str) -> bool {
    of == day || of == stem(day) || is_same(stem(of), stem(day))
}

fn day_alone_behind(entry: &Entry) -> bool {
    entry.value.text().and_then(day_alone).is_some()
}

/// Whether the time in a key is that of the publication, and so of the date where no other day has its name:
/// `release_time: "18:00"`, `publication_time`.
fn is_of_publication(name: &str, of: &str) -> bool {
    const PUBLISHED: [&str; 10] =
        ["article", "golive", "launch", "live", "post", "posted", "release", "released", "sperr", "story"];
    let words = || keys::words(name);
    PUBLISHED.contains(&of) || how(&keys::fold(name)).is_none() && is_wish(&words()) && !is_end(&words())
}

fn is_same(stem: &str, other: &str) -> bool {
    !stem.is_empty() && stem == other
}

/// Whether a key holds the time of day of another key beside it. That one reports a time that is not valid.
pub(super) fn is_time_of_another(folded: &str, value: &Node, beside: &[Entry]) -> bool {
    let Some(of) = folded.strip_suffix("time") else { return false };
    let is_its_day = |other: &Entry| {
        let day = keys::fold(other.name());
        *day != *folded
            && is_of(of, &day)
            && (day_alone_behind(other)
                || other.value.entries().is_some_and(|parts| parts.iter().any(day_alone_behind)))
    };
    value.text().is_some_and(|text| Timestamp::parse(text, &TimeZone::UTC).is_err()) && beside.iter().any(is_its_day)
}

/// Whether a key is read beside others of these names: the time of a day, its minute, its zone.
pub(in crate::article) fn is_read_beside<'n>(name: &str, mut others: impl Iterator<Item = &'n str>) -> bool {
    let folded = keys::fold(name);
    let is_of_day = |other_name: &str| {
        let other = keys::fold(other_name);
        let is_moment = || &*other == "date" || how(&other).is_some() || is_wish(&keys::words(other_name));
        let day = Day { name: other_name, folded: &other, is_moment: &is_moment, is_among_others: true };
        is_time_of(name, day, &[]) || is_zone_of(name, day)
    };
    matches!(&*folded, "minute" | "minutes") || others.any(|other| other != name && is_of_day(other))
}

/// Refuses a time or a zone that cannot be read.
pub(super) fn refuse_time(fields: &mut Fields<'_>, time: &Entry) {
    let said = time.value.text();
    let shown = said.map(|said| format!(": `{said}`")).unwrap_or_default();
    let is_zone = ZONES.iter().any(|end| keys::fold(time.name()).ends_with(end));
    let what = if is_zone { "a time zone" } else { "a time of day" };
    let hint = match said.and_then(offset_meant) {
        Some(offset) if is_zone => {
            format!("write the name of the zone, as in `Europe/Berlin`, or its offset: `\"{offset}\"`")
        }
        Some(offset) => format!("write the offset of the zone behind hours and minutes, as in `18:00{offset}`"),
        None if is_zone => {
            "write the name of the zone, as in `Europe/Berlin`, or its offset, as in `\"+01:00\"`".to_owned()
        }
        None if is_whole_time(&keys::fold(time.name())) => {
            "write hours and minutes, as in `18:00`; what says something else needs a key of another name".to_owned()
        }
        None => "write hours and minutes, as in `18:00`".to_owned(),
    };
    let message = format!("`{}` is not {what}{shown}", time.name());
    // It may stand beside several days.
    let place = fields.place(time.key.mark);
    if !fields.problems.iter().any(|told| told.message == message && told.place.as_ref() == Some(&place)) {
        fields.problem_at(time.key.mark, message, &hint);
    }
}
