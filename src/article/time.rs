//! Moments: how dates are read from sources, and what they are inside the program.

use std::fmt;

use jiff::civil;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

use crate::text::compatible;

/// A moment: seconds since 1970-01-01T00:00:00Z, within the years 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Reads a date as it stands in front matter or behind `--at`.
    ///
    /// RFC 3339 and its relatives, the forms of Jekyll and Hugo (`2019-05-07`, `2019-05-07 14:00`,
    /// `2019-05-07 14:00:00 -0400`), RFC 2822, `18 Dec 2014`, `December 18, 2014`. Without an offset the
    /// date is read in `zone`; without a time it is midnight.
    ///
    /// # Errors
    /// A sentence for the user: the text is no date, the day does not exist, the year is beyond 9999.
    pub fn parse(text: &str, zone: &TimeZone) -> Result<Self, String> {
        let text = text.trim();
        let moment = Self::of_any_year(text, zone)?;
        if let Some((year, _)) = without_day(text) {
            return Err(format!("the date `{text}` has no day of the year {year}"));
        }
        if has_short_year(text, moment.day(zone).0) {
            return Err(format!("the year of the date `{text}` has fewer than four digits"));
        }
        // Feeds, sitemaps and JSON-LD know no year before 1, in no zone.
        let first_year = moment.day(zone).0.min(moment.day(&TimeZone::UTC).0);
        if first_year < 1 { Err(format!("the date `{text}` lies before the year 1")) } else { Ok(moment) }
    }

    /// The moment from which on something may be seen: the second that has wholly begun, where [`parse`](Self::parse)
    /// drops a fraction, and of an hour that comes twice the second one.
    ///
    /// # Errors
    /// As of [`parse`](Self::parse).
    pub fn beginning(text: &str, zone: &TimeZone) -> Result<Self, String> {
        let moment = Self::parse(text, zone)?;
        let begun = Self(moment.0 + i64::from(has_fraction(text.trim())));
        Ok(if has_zone(text) { begun } else { begun.repeated(zone) })
    }

    /// The later of the two moments at which clocks in `zone` show this time, in the hour that they repeat in autumn.
    fn repeated(self, zone: &TimeZone) -> Self {
        let ambiguous = zone.to_ambiguous_timestamp(zone.to_datetime(self.to_jiff()));
        let later = ambiguous.is_ambiguous().then(|| ambiguous.later().ok()).flatten();
        later.map_or(self, |later| self.max(Self(later.as_second())))
    }

    fn of_any_year(text: &str, zone: &TimeZone) -> Result<Self, String> {
        Self::of_usual_form(text, zone).or_else(|error| {
            let of = |plain: String| Self::of_usual_form(&plain, zone).ok();
            let moment = match plainer(text) {
                Some(Plainer::Seconds(seconds)) => Some(Self(seconds)),
                Some(Plainer::Text(plain)) => of(plain),
                None => None,
            };
            moment.or_else(|| of(in_plain_words(text)?)).ok_or(error)
        })
    }

    fn of_usual_form(text: &str, zone: &TimeZone) -> Result<Self, String> {
        if let Some(offset) = impossible_offset(text) {
            return Err(format!("the offset `{offset}` of the date `{text}` does not exist"));
        }
        // RFC 9557: the zone stands behind the date.
        if let Some((date, name)) = text.strip_suffix(']').and_then(|text| text.split_once('[')) {
            let zone = TimeZone::get(name).map_err(|_| format!("the zone `{name}` of the date is not known"))?;
            return Self::of_usual_form(date.trim_end(), &zone);
        }
        if let Ok(exact) = text.parse::<jiff::Timestamp>() {
            return Ok(Self(exact.as_second()));
        }
        if let Ok(local) = text.parse::<civil::DateTime>() {
            return Self::local(local, zone);
        }
        if let Some(exact) = spoken_offset(text).and_then(|text| text.parse::<jiff::Timestamp>().ok()) {
            return Ok(Self(exact.as_second()));
        }
        const WITH_OFFSET: [&str; 10] = [
            "%Y-%m-%d %H:%M:%S %z",
            "%Y-%m-%d %H:%M:%S%z",
            "%Y-%m-%d %H:%M:%S %:z",
            "%Y-%m-%d %H:%M %z",
            "%Y-%m-%dT%H:%M:%S%z",
            "%a, %d %b %Y %H:%M:%S %z",
            "%d %b %Y %H:%M:%S %z",
            "%d %b %Y %H:%M %z",
            "%d %B %Y %H:%M %z",
            "%b %d %Y %H:%M:%S %z",
        ];
        for format in WITH_OFFSET {
            if let Ok(moment) = BrokenDownTime::parse(format, text).and_then(|parts| parts.to_timestamp()) {
                return Ok(Self(moment.as_second()));
            }
        }
        const LOCAL: [&str; 15] = [
            "%Y-%m-%d %H:%M",
            "%Y-%m-%dT%H:%M",
            "%Y/%m/%d %H:%M:%S",
            "%Y/%m/%d %H:%M",
            "%d %b %Y %H:%M",
            "%B %d, %Y %H:%M",
            "%B %d, %Y %I:%M %p",
            "%Y-%m-%d %I:%M %p",
            "%Y-%m-%d %I:%M:%S %p",
            "%B %d, %Y %I:%M:%S %p",
            "%Y%m%d%H%M",
            "%Y%m%d%H%M%S",
            "%d %B %Y %H:%M",
            "%b %d %Y %H:%M:%S",
            "%b %d %H:%M:%S %Y",
        ];
        for format in LOCAL {
            if let Ok(local) = BrokenDownTime::parse(format, text).and_then(|parts| parts.to_datetime()) {
                return Self::local(local, zone);
            }
        }
        const DAYS: [&str; 9] = [
            "%Y-%m-%d",
            "%Y/%m/%d",
            "%d %b %Y",
            "%d %B %Y",
            "%b %d, %Y",
            "%B %d, %Y",
            "%b %d %Y",
            "%B %d %Y",
            "%a, %d %b %Y",
        ];
        for format in DAYS {
            if let Ok(day) = BrokenDownTime::parse(format, text).and_then(|parts| parts.to_date()) {
                return Self::local(day.to_datetime(civil::Time::midnight()), zone);
            }
        }
        let is_numeric = !text.contains(|c: char| c.is_alphabetic() && !matches!(c, 'T' | 'Z'));
        let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
        let (first, second, third) = (numbers.next(), numbers.next(), numbers.next());
        match (first, second, third) {
            (Some(year), Some(_), Some(_)) if is_numeric && text.starts_with(year) && year.len() > 4 => {
                Err(format!("the date `{text}` lies beyond the year 9999"))
            }
            (Some(year), Some(_), Some(_)) if is_numeric && text.starts_with(year) && year.len() == 4 => {
                Err(format!("the date `{text}` does not exist"))
            }
            _ if clock(text).is_some() => Err(format!("`{text}` is a time of the day, and says no day")),
            _ => Err(format!("`{text}` is not a date")),
        }
        .map_err(|error| match (without_day(text), abbreviation(text)) {
            (Some((year, _)), _) => format!("the date `{text}` has no day of the year {year}"),
            (_, Some((_, zone))) => format!("`{zone}` in the date `{text}` may mean several time zones"),
            _ => error,
        })
    }

    fn local(local: civil::DateTime, zone: &TimeZone) -> Result<Self, String> {
        zone.to_timestamp(local)
            .map(|moment| Self(moment.as_second()))
            // The last day of the year 9999 is another year in some zone.
            .map_err(|_| format!("the date `{local}` lies beyond the year 9999"))
    }

    /// The same moment for the library.
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_second(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// Year, month and day in `zone`.
    pub fn day(self, zone: &TimeZone) -> (i16, i8, i8) {
        let date = zone.to_datetime(self.to_jiff()).date();
        (date.year(), date.month(), date.day())
    }

    /// RFC 3339 with the offset of `zone` at that moment: `2026-11-20T07:30:00+01:00`.
    ///
    /// Written digit by digit: every article has half a dozen of them.
    pub fn rfc3339(self, zone: &TimeZone) -> String {
        let moment = self.to_jiff();
        let offset = whole_minutes(zone.to_offset(moment));
        let local = offset.to_datetime(moment);
        let mut text = String::with_capacity(25);
        let two = |text: &mut String, number: i8| {
            text.push(char::from(b'0' + (number / 10).unsigned_abs()));
            text.push(char::from(b'0' + (number % 10).unsigned_abs()));
        };
        let year = local.year();
        two(&mut text, (year / 100) as i8);
        two(&mut text, (year % 100) as i8);
        for (mark, number) in [
            ('-', local.month()),
            ('-', local.day()),
            ('T', local.hour()),
            (':', local.minute()),
            (':', local.second()),
        ] {
            text.push(mark);
            two(&mut text, number);
        }
        let minutes = offset.seconds() / 60;
        if minutes == 0 {
            text.push('Z');
        } else {
            text.push(if minutes < 0 { '-' } else { '+' });
            two(&mut text, (minutes.abs() / 60) as i8);
            text.push(':');
            two(&mut text, (minutes.abs() % 60) as i8);
        }
        text
    }

    /// RFC 2822 with the offset of `zone`, for RSS: `Fri, 20 Nov 2026 07:30:00 +0100`.
    pub fn rfc2822(self, zone: &TimeZone) -> String {
        let moment = self.to_jiff();
        let zone = TimeZone::fixed(whole_minutes(zone.to_offset(moment)));
        moment.to_zoned_datetime(zone).strftime("%a, %d %b %Y %H:%M:%S %z").to_string()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_jiff())
    }
}

/// The offset, or the next one of whole minutes: formats have no seconds in offsets, which there were before standard
/// time (+00:53:28 in Berlin). A midnight stays on its day.
fn whole_minutes(offset: Offset) -> Offset {
    match offset.seconds().rem_euclid(60) {
        0 => offset,
        over => Offset::from_seconds(offset.seconds() - over + 60).unwrap_or(offset),
    }
}

/// An offset at the end of a date that is farther from UTC than 14 hours, as far as any zone is (XML Schema 1.1, part 2,
/// section 3.3.7.2).
fn impossible_offset(text: &str) -> Option<&str> {
    let (_, time) = text.split_once([':', 'T'])?;
    let offset = &time[time.rfind(['+', '-'])?..];
    let offset = offset.split(' ').next().unwrap_or_default();
    let digits: String = offset.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = digits.split_at_checked(2)?;
    let minutes = hours.parse::<u32>().ok()? * 60 + minutes.get(..2).unwrap_or("0").parse::<u32>().ok()?;
    (minutes > 14 * 60).then_some(offset)
}

/// A date of an archive in a form that is read.
enum Plainer {
    /// Seconds since 1970.
    Seconds(i64),
    Text(String),
}

/// Whether a moment has a fraction of a second, behind a time of the day or behind seconds since 1970.
fn has_fraction(text: &str) -> bool {
    let milliseconds = text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() == 13;
    milliseconds && !text.ends_with("000")
        || text.match_indices(['.', ',']).any(|(at, _)| {
            let digits = text[..at].bytes().rev().take_while(u8::is_ascii_digit).count();
            let is_behind_seconds = digits == 2 && text[..at - 2].ends_with(':') || digits >= 6;
            let fraction = text[at + 1..].bytes().take_while(u8::is_ascii_digit);
            is_behind_seconds && fraction.into_iter().any(|digit| digit != b'0')
        })
}

/// Forms that programs have printed by mistake: `2024-1-5`, `2023-2-07T9:05:00Z`, `2015-03-17 14:00:00 -4`,
/// `2023-01-29 18:30:22 2023 -0800`, and seconds or milliseconds since 1970.
fn plainer(text: &str) -> Option<Plainer> {
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    if matches!(seconds.len(), 9 | 10 | 13) && is_digits(seconds) && is_digits(fraction) {
        let number: i64 = seconds.parse().ok()?;
        return Some(Plainer::Seconds(if seconds.len() > 10 { number / 1000 } else { number }));
    }
    let end = text.find([' ', 'T', '_']).unwrap_or(text.len());
    let (day, rest) = text.split_at(end);
    let parts: Vec<&str> = day.split(['-', '/']).collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let [year, month, of_month] = parts[..] else { return None };
    if year.len() != 4 || month.len() > 2 || of_month.len() > 2 || !parts.iter().all(is_number) {
        return None;
    }
    let mut plain = format!("{year}-{month:0>2}-{of_month:0>2}");
    let mut words = rest.get(1..).unwrap_or_default().split_ascii_whitespace();
    if let Some(time) = words.next() {
        plain.push(if rest.starts_with('T') { 'T' } else { ' ' });
        plain.push_str(&two_digits(time));
    }
    for word in words.filter(|word| *word != year) {
        plain.push(' ');
        match word.strip_prefix(['+', '-']) {
            // The hours of an offset alone, or its hours in one digit.
            Some(hours) if matches!(hours.len(), 1 | 2) && is_number(&hours) => {
                plain.push_str(&format!("{}{hours:0>2}:00", &word[..1]));
            }
            Some(hours) if matches!(hours.split_once(':'), Some((hour, _)) if hour.len() == 1) => {
                plain.push_str(&format!("{}0{hours}", &word[..1]));
            }
            _ => plain.push_str(word),
        }
    }
    (plain != text).then_some(Plainer::Text(plain))
}

/// A time with two digits for each number: `4:5:6`, `14.30`.
fn two_digits(time: &str) -> String {
    let end = time.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.')).unwrap_or(time.len());
    let (time, zone) = time.split_at(end);
    let separator = if time.contains(':') { ':' } else { '.' };
    let parts: Vec<String> = time.split(separator).map(|part| format!("{part:0>2}")).collect();
    parts.join(":") + zone
}

/// A year and a month without a day: `March 2015`, `2015-03`, `03/2015`. A year alone has no month, either.
fn without_day(text: &str) -> Option<(i16, Option<i8>)> {
    let parts: Vec<&str> = text.split([' ', '-', '/', '.', ',']).filter(|part| !part.is_empty()).collect();
    let year = |part: &str| if part.len() == 4 { part.parse::<i16>().ok().filter(|year| *year >= 1000) } else { None };
    let month = |part: &str| match part.parse::<i8>() {
        Ok(number) => (part.len() <= 2 && (1..=12).contains(&number)).then_some(number),
        Err(_) => ["%B", "%b"].iter().find_map(|form| BrokenDownTime::parse(form, part).ok()?.month()),
    };
    match parts[..] {
        [one] => year(one).map(|year| (year, None)),
        [one, two] => {
            let pair = |a, b| Some((year(a)?, Some(month(b)?)));
            pair(one, two).or_else(|| pair(two, one))
        }
        _ => None,
    }
}

/// A date that ends with an abbreviation of a time zone, taken apart: `2015-03-17 14:00 EST`.
fn abbreviation(text: &str) -> Option<(&str, &str)> {
    let (date, zone) = text.rsplit_once(' ')?;
    let is_zone = (2..=5).contains(&zone.len()) && zone.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_known = matches!(zone, "AM" | "PM" | "UTC" | "GMT");
    (is_zone && !is_known && Timestamp::of_any_year(date, &TimeZone::UTC).is_ok()).then_some((date, zone))
}

/// The offset that an abbreviation mostly stands for.
fn usual_offset(zone: &str) -> Option<&'static str> {
    Some(match zone {
        "WET" => "+00:00",
        "CET" | "MEZ" | "BST" | "WEST" => "+01:00",
        "CEST" | "MESZ" | "EET" | "SAST" => "+02:00",
        "EEST" | "MSK" => "+03:00",
        "IST" => "+05:30",
        "HKT" | "SGT" | "AWST" => "+08:00",
        "JST" | "KST" => "+09:00",
        "AEST" => "+10:00",
        "AEDT" => "+11:00",
        "NZST" => "+12:00",
        "NZDT" => "+13:00",
        "EDT" => "-04:00",
        "EST" | "CDT" => "-05:00",
        "CST" | "MDT" => "-06:00",
        "MST" | "PDT" => "-07:00",
        "PST" => "-08:00",
        "HST" => "-10:00",
        _ => return None,
    })
}

/// Whether a moment says by itself in which zone it is.
pub(super) fn has_zone(text: &str) -> bool {
    let elsewhere = TimeZone::fixed(Offset::constant(1));
    Timestamp::parse(text, &TimeZone::UTC).is_ok_and(|here| Timestamp::parse(text, &elsewhere) == Ok(here))
}

/// The zone that a text names: by its name in the database, or by its offset. An abbreviation may mean several.
pub(super) fn zone_of(text: &str) -> Option<TimeZone> {
    let text = text.trim();
    let plain = text.to_lowercase();
    let offset = |text: &str| match text {
        "" | "z" => Some(TimeZone::UTC),
        _ => {
            let offset = offset(text)?;
            let number = |range: std::ops::Range<usize>| offset.get(range)?.parse::<i32>().ok();
            let minutes = number(1..3)? * 60 + number(4..6)?;
            let seconds = minutes * if offset.starts_with('-') { -60 } else { 60 };
            (minutes <= 14 * 60).then(|| Offset::from_seconds(seconds).ok()).flatten().map(TimeZone::fixed)
        }
    };
    let is_abbreviation = || (2..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    match plain.strip_prefix("utc").or_else(|| plain.strip_prefix("gmt")) {
        Some(behind) => offset(behind.trim_start()),
        None if plain == "z" || plain.starts_with(['+', '-']) => offset(&plain),
        None if text.is_empty() || is_abbreviation() => None,
        None => TimeZone::get(text).ok(),
    }
}

/// The offset that the abbreviation of a zone at the end of a text mostly stands for.
pub(super) fn offset_meant(text: &str) -> Option<&'static str> {
    usual_offset(&text.split_whitespace().next_back()?.to_uppercase())
}

/// Whether a text is meant as a time of the day, also where [`clock`] cannot read it: `18-30`, `noon`, `1830`.
pub(super) fn is_like_clock(text: &str) -> bool {
    let text = compatible(text.trim()).to_lowercase();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let behind = text[digits..].trim_start();
    let is_hour = || {
        behind.starts_with([':', '.', '-'])
            || ["a.m", "am", "h", "o'clock", "p.m", "pm", "uhr"].iter().any(|word| {
                behind.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphabetic()))
            })
    };
    match digits {
        1..=4 => behind.is_empty() || is_hour(),
        _ => ["midday", "midnight", "mittag", "mitternacht", "noon"].contains(&&*text),
    }
}

/// What to write instead of a date that cannot be read.
pub fn cure(text: &str) -> String {
    let text = text.trim();
    if let Some((year, month)) = without_day(text) {
        return format!("add the day, as in `{year}-{:02}-01`", month.unwrap_or(1));
    }
    if let Some((date, zone)) = abbreviation(text)
        && let Ok(moment) = Timestamp::parse(date, &TimeZone::UTC)
    {
        let local = TimeZone::UTC.to_datetime(moment.to_jiff());
        return match usual_offset(zone) {
            Some(offset) => format!("write the offset from UTC, which `{zone}` mostly stands for: `{local}{offset}`"),
            None => format!("write the offset of `{zone}` from UTC behind the time, as in `{local}+01:00`"),
        };
    }
    if clock(text).is_some() {
        return "write the day and the time as one value, such as `2026-11-21T18:00`".into();
    }
    let day = text.split([' ', 'T', ',']).next().unwrap_or_default();
    if day == "9999-12-31" {
        return "the last day is `9999-12-30`; what never ends needs no date".into();
    }
    let time = text[day.len()..].trim_start_matches([' ', 'T', ',']);
    let of_day = |zone: &TimeZone| Timestamp::parse(day, zone).ok().map(|at| zone.to_datetime(at.to_jiff()).date());
    if let (Some(day), false) = (of_day(&TimeZone::UTC), time.is_empty()) {
        // Without its time the day would begin at midnight.
        let hour = time.bytes().take_while(u8::is_ascii_digit).count();
        return match (&time[..hour], day.tomorrow()) {
            ("24", Ok(next)) => format!("write `{next}`, which begins with that midnight"),
            _ => format!("write the time as `00:00` to `23:59` behind the day, as in `{day}T18:00`"),
        };
    }
    let time = if time.starts_with(|c: char| c.is_ascii_digit()) { format!(" {time}") } else { String::new() };
    if let Some(day) = meant(text) {
        return format!("write `{day}{time}`");
    }
    let numbers: Vec<i16> = day.split(['.', '/', '-']).filter_map(|part| part.parse().ok()).collect();
    let date = |year, month: i16, day: i16| civil::Date::new(year, month as i8, day as i8).ok();
    let either = match numbers[..] {
        [a, b, year] if year >= 1000 && (1..=12).contains(&a) && (1..=12).contains(&b) => {
            date(year, a, b).zip(date(year, b, a))
        }
        _ => None,
    };
    if let Some((one, other)) = either {
        return format!("write `{one}{time}` or `{other}{time}`");
    }
    match numbers[..] {
        [year, month, day] if year >= 1000 && (1..=12).contains(&month) && (1..=31).contains(&day) => {
            match date(year, month, 1).map(civil::Date::last_of_month) {
                Some(last) if day > i16::from(last.day()) => {
                    format!("write a day of that month; the last one is `{last}`")
                }
                _ => format!(
                    "write `{year}-{month:02}-{day:02}`, or add a time as in `{year}-{month:02}-{day:02}T14:05:00+01:00`"
                ),
            }
        }
        _ => "write `2026-11-23` or `2026-11-23T14:05:00+01:00`".into(),
    }
}

/// Whether a text is meant as a day, whatever stands behind it: three numbers, one of them a year. `2.0.1` is a version.
pub(super) fn is_like_day(text: &str) -> bool {
    match &numbers_of_day(text)[..] {
        [year, month, day] if year.len() == 4 => month.len() <= 2 && day.len() <= 2,
        [day, month, year] => day.len() <= 2 && month.len() <= 2 && (year.len() == 4 || text.contains('/')),
        _ => false,
    }
}

/// Whether a text is meant as a moment: [a day](is_like_day), a month of a year, or the name of a day or a month with a
/// number.
pub(super) fn is_like_moment(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    let is_name = |word: &str| {
        let is_begun = |name: &str| word.chars().count() >= 3 && name.starts_with(word);
        MONTHS.iter().copied().chain([WEEKDAYS]).any(|names| names.split_whitespace().any(is_begun))
    };
    let is_named = || text.split(|c: char| !c.is_alphabetic()).any(is_name);
    is_like_day(&text)
        || numbers_of_day(&text).len() == 3
        || matches!(without_day(&text), Some((_, Some(_))))
        || text.contains(|c: char| c.is_ascii_digit()) && is_named()
}

/// Whether a text is nothing but the name of a day of the week.
pub(super) fn is_weekday(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    WEEKDAYS.split_whitespace().any(|day| day == text)
}

/// The numbers at the beginning of a text, of four digits at most, with one character between them.
fn numbers_of_day(text: &str) -> Vec<&str> {
    let day = text.trim().split([' ', 'T', 't', ',']).next().unwrap_or_default();
    let Some(separator) = day.chars().find(|c| matches!(c, '.' | '/' | '-')) else { return Vec::new() };
    let is_number = |part: &&str| matches!(part.len(), 1..=4) && part.bytes().all(|byte| byte.is_ascii_digit());
    let numbers: Vec<&str> = day.split(separator).collect();
    if numbers.iter().all(is_number) { numbers } else { Vec::new() }
}

/// The day of a date that has no time, or midnight, which programs write for none.
pub(super) fn day_alone(text: &str) -> Option<civil::Date> {
    let moment = Timestamp::parse(text, &TimeZone::UTC).ok()?;
    let local = TimeZone::UTC.to_datetime(moment.to_jiff());
    (local.time() == civil::Time::midnight()).then(|| local.date())
}

/// A time of a day as RFC 3339 has it, perhaps with its offset: `18:00`, `6 pm`, `18.30 Uhr`, `18h30`.
pub(super) fn clock(text: &str) -> Option<String> {
    let text = compatible(text.trim()).to_lowercase();
    let (mut numbers, mut rest) = (Vec::new(), &*text);
    while numbers.len() < 3 {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        numbers.push(rest.get(..digits).filter(|_| (1..=2).contains(&digits))?.parse::<i8>().ok()?);
        rest = &rest[digits..];
        match rest.strip_prefix([':', '.', 'h']).filter(|behind| behind.starts_with(|c: char| c.is_ascii_digit())) {
            Some(behind) if numbers.len() < 3 => rest = behind,
            _ => break,
        }
    }
    if let Some(fraction) = rest.strip_prefix('.').filter(|_| numbers.len() == 3) {
        rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    let rest = rest.trim();
    let without = |names: &[&str]| names.iter().find_map(|name| rest.strip_prefix(name));
    let (half, behind) = match (without(&["a.m.", "am"]), without(&["p.m.", "pm"])) {
        (Some(behind), _) => (Some(0), behind),
        (_, Some(behind)) => (Some(12), behind),
        _ => (None, without(&["uhr", "h"]).unwrap_or(rest)),
    };
    if numbers.len() == 1 && behind.len() == rest.len() {
        return None;
    }
    let zone = match behind.trim() {
        "" => String::new(),
        "z" | "utc" | "gmt" => "Z".to_owned(),
        other => offset(other)?,
    };
    let hour = match half {
        Some(_) if !(1..=12).contains(&numbers[0]) => return None,
        Some(noon) => numbers[0] % 12 + noon,
        None => numbers[0],
    };
    let part = |index: usize| numbers.get(index).copied().unwrap_or_default();
    let time = civil::Time::new(hour, part(1), part(2), 0).ok()?;
    Some(format!("{time}{zone}"))
}

/// Whether a date has a year of one, two or three digits: `27-01-15` is no date of the year 27.
fn has_short_year(text: &str, year: i16) -> bool {
    (0..1000).contains(&year) && !text.contains(&format!("{year:04}"))
}

/// The months in English, German, French, Spanish, Italian, Portuguese and Dutch; three letters are enough of each.
const MONTHS: [&str; 12] = [
    "january januar janvier enero gennaio janeiro januari",
    "february februar février fevrier febrero febbraio fevereiro februari",
    "march märz maerz mrz mars marzo março maart mrt",
    "april avril abril aprile",
    "may mai mayo maggio maio mei",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august août aout agosto augustus",
    "september septembre septiembre settembre setembro",
    "october oktober octobre octubre ottobre outubro",
    "november novembre noviembre novembro",
    "december dezember décembre decembre diciembre dicembre dezembro",
];

/// The days of the week in the same languages.
const WEEKDAYS: &str = "monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag \
     freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves \
     viernes sábado domingo lunedì martedì mercoledì giovedì venerdì sabato domenica maandag dinsdag woensdag donderdag \
     vrijdag zaterdag zondag";

/// What stands between the parts of a date.
const BETWEEN: [&str; 12] = ["at", "on", "of", "the", "um", "uhr", "den", "le", "à", "de", "del", "om"];

/// The parts of a date, as they are found.
#[derive(Default)]
struct Parts {
    year: Option<String>,
    month: Option<usize>,
    day: Option<u8>,
    time: Option<String>,
    half: Option<&'static str>,
    zone: Option<String>,
}

/// A date as people and programs write it, in the usual form: with names of months and days, in any order that leaves one
/// reading: `Tuesday, March 5th, 2019 at 10:00 a.m.`, `5 de marzo de 2019`, `10:00 5-Mar-2019`, `2026.11.02`.
fn in_plain_words(given: &str) -> Option<String> {
    let dash = |c: char| if matches!(c, '\u{2010}'..='\u{2014}' | '\u{2212}') { '-' } else { c };
    let text: String = given.chars().map(dash).filter(|c| !matches!(c, '“' | '”' | '„')).collect();
    let text = text.split_once(" (").map_or(&*text, |(date, _)| date);
    let plain = Parts::of(&text.to_lowercase()).and_then(Parts::joined).unwrap_or_else(|| text.to_owned());
    (plain != given).then_some(plain)
}

impl Parts {
    fn of(text: &str) -> Option<Self> {
        let mut parts = Self::default();
        for word in text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()) {
            // `17-Mar-2015`.
            let is_joined = word.starts_with(|c: char| c.is_ascii_digit())
                && word.contains(char::is_alphabetic)
                && word.split('-').count() == 3;
            if is_joined {
                word.split('-').try_for_each(|word| parts.take(word))?;
            } else {
                parts.take(word)?;
            }
        }
        Some(parts)
    }

    /// Takes in one word. None if it cannot be a part of a date, or if the date has that part already.
    fn take(&mut self, word: &str) -> Option<()> {
        fn once<T>(place: &mut Option<T>, value: T) -> Option<()> {
            place.replace(value).is_none().then_some(())
        }
        let plain = word.trim_end_matches('.');
        let is_begun = |name: &str| plain.chars().count() >= 3 && name.starts_with(plain);
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let behind = &word[digits..];
        let is_named = |names: &&str| names.split(' ').any(is_begun);
        match behind {
            _ if BETWEEN.contains(&word) => Some(()),
            "am" | "a.m." if digits == 0 => once(&mut self.half, "AM"),
            "pm" | "p.m." if digits == 0 => once(&mut self.half, "PM"),
            _ if digits == 0 && word.starts_with(['+', '-']) => once(&mut self.zone, offset(word)?),
            _ if digits == 0 && word.contains('/') => once(&mut self.zone, format!("[{}]", zone_named(word)?)),
            "utc" | "gmt" | "z" if digits == 0 => once(&mut self.zone, "Z".to_owned()),
            _ if digits == 0 && (word.starts_with("utc") || word.starts_with("gmt")) => {
                once(&mut self.zone, offset(&word[3..])?)
            }
            _ if digits == 0 => match MONTHS.iter().position(is_named) {
                Some(month) => once(&mut self.month, month + 1),
                None => is_named(&WEEKDAYS).then_some(()),
            },
            "" if digits == 4 => once(&mut self.year, word.to_owned()),
            "" | "." | "st" | "nd" | "rd" | "th" | "º" | "er" if digits <= 2 => {
                once(&mut self.day, word[..digits].parse().ok()?)
            }
            "am" | "a.m." | "pm" | "p.m." if digits <= 2 => {
                once(&mut self.half, if behind.starts_with('a') { "AM" } else { "PM" })?;
                once(&mut self.time, format!("{}:00", &word[..digits]))
            }
            _ if behind.starts_with(':') => {
                let time = word.trim_end_matches(char::is_alphabetic);
                match &word[time.len()..] {
                    "" | "uhr" | "h" => {}
                    "am" => once(&mut self.half, "AM")?,
                    "pm" => once(&mut self.half, "PM")?,
                    "z" => once(&mut self.zone, "Z".to_owned())?,
                    _ => return None,
                }
                once(&mut self.time, time.to_owned())
            }
            _ if digits == 4 => {
                let separator = behind.chars().next().filter(|c| matches!(c, '.' | '-' | '/'))?;
                let mut rest = behind[1..].split(separator);
                let (month, day) = (rest.next()?.parse().ok()?, rest.next()?.parse().ok()?);
                once(&mut self.year, word[..4].to_owned())?;
                once(&mut self.month, month)?;
                once(&mut self.day, day)?;
                rest.next().is_none().then_some(())
            }
            _ => None,
        }
    }

    fn joined(self) -> Option<String> {
        let mut text = format!("{}-{:02}-{:02}", self.year?, self.month?, self.day?);
        if let Some(time) = self.time {
            let (hour, rest) = time.split_once(':')?;
            let hour: u8 = hour.parse().ok()?;
            let hour = match self.half {
                Some(_) if !(1..=12).contains(&hour) => return None,
                Some("PM") => hour % 12 + 12,
                Some(_) => hour % 12,
                None => hour,
            };
            text.push_str(&format!("T{hour:02}:{}", two_digits(rest)));
            if !rest.contains(':') {
                text.push_str(":00");
            }
            text.push_str(&self.zone.unwrap_or_default());
        }
        Some(text)
    }
}

/// `+1`, `-0400`, `+05:30` as RFC 3339 has them.
fn offset(word: &str) -> Option<String> {
    let (sign, digits) = word.split_at_checked(1).filter(|(sign, _)| matches!(*sign, "+" | "-"))?;
    let (hours, minutes) = match (digits.split_once(':'), digits.len()) {
        (Some(pair), _) => pair,
        (None, 1 | 2) => (digits, "00"),
        (None, 4) => digits.split_at(2),
        _ => return None,
    };
    let is_number = |part: &str| !part.is_empty() && part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    (is_number(hours) && is_number(minutes)).then(|| format!("{sign}{hours:0>2}:{minutes:0>2}"))
}

/// The name of a time zone, whatever its case: `Europe/Berlin`.
fn zone_named(word: &str) -> Option<String> {
    TimeZone::get(word).ok()?.iana_name().map(str::to_owned)
}

/// The day that `26.11.2026` or `11/26/2026` means, where only one reading is possible.
fn meant(text: &str) -> Option<civil::Date> {
    let day = text.split([' ', 'T', ',']).next()?;
    let separator = day.chars().find(|c| matches!(c, '.' | '/' | '-'))?;
    let mut numbers = day.split(separator).map(|part| part.parse::<i16>().ok());
    let (first, second, year) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let (day, month) = match separator {
        '.' => (first, second),
        _ if first > 12 => (first, second),
        _ if second > 12 || first == second => (second, first),
        _ => return None,
    };
    let date = civil::Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    (year >= 1000 && numbers.next().is_none()).then_some(date)
}

/// The text as RFC 3339 when its offset stands behind a space, as Ruby, Go and importers print it:
/// `2019-05-07 14:00:00 UTC`, `….000000000 Z`, `… -0400`, `… -0400 EDT`.
fn spoken_offset(text: &str) -> Option<String> {
    let is_offset = |word: &str| word.starts_with(['+', '-']) && word[1..].starts_with(|c: char| c.is_ascii_digit());
    let (head, word) = text.rsplit_once(' ')?;
    if is_offset(word) {
        return Some(format!("{}{word}", head.trim_end()));
    }
    let is_zone = (1..=5).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase());
    match head.rsplit_once(' ') {
        Some((head, offset)) if is_zone && is_offset(offset) => Some(format!("{head}{offset}")),
        _ if matches!(word, "UTC" | "GMT" | "Z") => Some(format!("{head}Z")),
        _ => None,
    }
}

/// What may stand between a date and a name, and what may stand before a time.
const BEHIND_DATE: [char; 7] = ['-', '_', ' ', '.', ',', '\u{2013}', '\u{2014}'];

/// A date at the beginning of a file name: `2026-11-23-harbour` is that day and `harbour`. So are `2026-1-3 harbour`,
/// `2026.11.23 - harbour`, `2026_11_23_harbour`, `20261123-harbour` and `2026-11-23T0900-harbour`. A name that is nothing
/// but a date, `2026-11-23`, stays the name.
pub fn date_in_name(stem: &str) -> Option<(civil::Date, &str)> {
    let (year, month, day, behind) = parts_of_date(stem)?;
    let date = civil::Date::new(year, month, day).ok()?;
    if behind.is_empty() {
        return stem.contains(['-', '.', '_']).then_some((date, stem));
    }
    let rest = behind.trim_start_matches(BEHIND_DATE);
    let is_time = rest.strip_prefix('T').is_some_and(|time| time.starts_with(|c: char| c.is_ascii_digit()));
    ((rest.len() < behind.len() || is_time) && !rest.is_empty()).then_some((date, rest))
}

/// The numbers of what looks like a date at the beginning of a name, and what stands behind it.
fn parts_of_date(stem: &str) -> Option<(i16, i8, i8, &str)> {
    let number = |text: &str, most: usize| {
        let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
        Some((text[..digits].parse::<i16>().ok()?, digits))
    };
    let (year, digits) = number(stem, 4)?;
    let rest = stem.get(4..).filter(|_| digits == 4)?;
    let small = |number: i16| i8::try_from(number).ok();
    if let Some(separator) = rest.chars().next().filter(|c| matches!(c, '-' | '.' | '_')) {
        let (month, digits) = number(&rest[1..], 2)?;
        let rest = rest[1 + digits..].strip_prefix(separator)?;
        let (day, digits) = number(rest, 2)?;
        let behind = &rest[digits..];
        return (!behind.starts_with(|c: char| c.is_ascii_digit())).then_some((
            year,
            small(month)?,
            small(day)?,
            behind,
        ));
    }
    // Eight digits may be any number: they are a date if they are one of our time.
    let ((month, of_month), (day, of_day)) = (number(rest, 2)?, number(rest.get(2..)?, 2)?);
    let is_plausible = of_month == 2 && of_day == 2 && (1900..2100).contains(&year);
    let behind = rest.get(4..).filter(|behind| is_plausible && !behind.starts_with(|c: char| c.is_ascii_digit()))?;
    Some((year, small(month)?, small(day)?, behind))
}

/// What looks like a date at the beginning of a file name and is none: `2026-02-30`.
pub fn impossible_date_in_name(stem: &str) -> Option<&str> {
    let (year, month, day, behind) = parts_of_date(stem)?;
    let written = &stem[..stem.len() - behind.len()];
    // With one digit or with dots it may be another number.
    let is_like_a_date = written.len() == 10 && written.as_bytes()[4] == b'-';
    let is_impossible = civil::Date::new(year, month, day).is_err();
    (is_like_a_date && is_impossible && behind.starts_with(BEHIND_DATE)).then_some(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> String {
        Timestamp::parse(text, &TimeZone::UTC).map_or_else(|error| error, |moment| moment.to_string())
    }

    #[test]
    fn what_begins_within_a_second_begins_with_the_next() {
        let at = |text: &str| Timestamp::beginning(text, &TimeZone::UTC).expect("a moment").0;
        let whole = at("2026-11-23T12:00:00Z");
        for text in ["2026-11-23T12:00:00.999Z", "2026-11-23 12:00:00.001", "20261123T120000.5Z", "1795435200500"] {
            assert_eq!(at(text), whole + 1, "{text}");
            assert_eq!(Timestamp::parse(text, &TimeZone::UTC).map(|at| at.0), Ok(whole), "{text}");
        }
        for text in ["2026-11-23T12:00:00.000Z", "2026-11-23 12:00", "1795435200000", "1795435200"] {
            assert_eq!(at(text), whole, "{text}");
        }
    }

    #[test]
    fn the_dates_of_real_archives_are_read() {
        for (text, moment) in [
            ("2019-05-07", "2019-05-07T00:00:00Z"),
            ("2019-05-07 14:00", "2019-05-07T14:00:00Z"),
            ("2019-05-07 14:00:00", "2019-05-07T14:00:00Z"),
            ("2019-05-07 14:00:00 -0400", "2019-05-07T18:00:00Z"),
            ("2019-05-07 14:00:00 +02:00", "2019-05-07T12:00:00Z"),
            ("2019-05-07T14:00:00-0400", "2019-05-07T18:00:00Z"),
            ("2019-05-07T14:00:00-04:00", "2019-05-07T18:00:00Z"),
            ("2024-01-13T00:00:00.000Z", "2024-01-13T00:00:00Z"),
            ("2024-01-13T09:05", "2024-01-13T09:05:00Z"),
            ("18 Dec 2014", "2014-12-18T00:00:00Z"),
            ("December 18, 2014", "2014-12-18T00:00:00Z"),
            ("Thu, 18 Dec 2014 10:00:00 +0000", "2014-12-18T10:00:00Z"),
            ("2019/05/07", "2019-05-07T00:00:00Z"),
            ("0001-01-01", "0001-01-01T00:00:00Z"),
            ("2019-05-07 14:00:00 UTC", "2019-05-07T14:00:00Z"),
            ("2012-03-04 05:06:07.000000000 Z", "2012-03-04T05:06:07Z"),
            ("2012-03-04 05:06:07.000000000 -05:00", "2012-03-04T10:06:07Z"),
            ("2019-05-07 14:00:00 +0000 UTC", "2019-05-07T14:00:00Z"),
            ("2019-05-07 14:00:00 -0400 EDT", "2019-05-07T18:00:00Z"),
            ("2019-05-07T14:00:00 +02:00", "2019-05-07T12:00:00Z"),
            ("2019-05-07 2:05 PM", "2019-05-07T14:05:00Z"),
            ("May 7, 2019 2:05 PM", "2019-05-07T14:05:00Z"),
            ("2015-03-17 14:00:00 -4", "2015-03-17T18:00:00Z"),
            ("2015-03-17 14:00:00 -04", "2015-03-17T18:00:00Z"),
            ("2015-03-17 14:00:00 +5:30", "2015-03-17T08:30:00Z"),
            ("2023-2-07T00:00:00.000Z", "2023-02-07T00:00:00Z"),
            ("2024-1-5", "2024-01-05T00:00:00Z"),
            ("2024/1/5", "2024-01-05T00:00:00Z"),
            ("2024-1-15 9:05", "2024-01-15T09:05:00Z"),
            ("2024-01-15 9:05:07 +0100", "2024-01-15T08:05:07Z"),
            ("2023-01-29 18:30:22 2023 -0800", "2023-01-30T02:30:22Z"),
            ("2015-3-7 4:5:6", "2015-03-07T04:05:06Z"),
            ("2015-03-17 14.30", "2015-03-17T14:30:00Z"),
            ("2015-03-17_14:00", "2015-03-17T14:00:00Z"),
            ("2015-03-17 2:05:06 PM", "2015-03-17T14:05:06Z"),
            ("2015-3-7 2:05 pm", "2015-03-07T14:05:00Z"),
            ("1426600800", "2015-03-17T14:00:00Z"),
            ("1426600800000", "2015-03-17T14:00:00Z"),
        ] {
            assert_eq!(utc(text), moment, "{text}");
        }
    }

    #[test]
    fn dates_of_people_and_programs_are_read() {
        for (text, moment) in [
            ("Nov 02 2026", "2026-11-02T00:00:00Z"),
            ("Jul 8 2022", "2022-07-08T00:00:00Z"),
            ("Mon Nov 02 2026 10:00:00 GMT+0100 (CET)", "2026-11-02T09:00:00Z"),
            ("Thu Nov  5 10:00:00 2026", "2026-11-05T10:00:00Z"),
            ("02 Nov 2026 10:00 GMT", "2026-11-02T10:00:00Z"),
            ("November 2nd, 2026", "2026-11-02T00:00:00Z"),
            ("2 Sept 2026", "2026-09-02T00:00:00Z"),
            ("Mar. 17, 2015", "2015-03-17T00:00:00Z"),
            ("17-Mar-2015", "2015-03-17T00:00:00Z"),
            ("17-Mar-2015 10:00", "2015-03-17T10:00:00Z"),
            ("March 17, 2015 2:05 p.m.", "2015-03-17T14:05:00Z"),
            ("2015-03-17 14:00:00 GMT", "2015-03-17T14:00:00Z"),
            ("Monday, 2 November 2026", "2026-11-02T00:00:00Z"),
            ("Sun, 02 Nov 2026 10:00:00 GMT", "2026-11-02T10:00:00Z"),
            ("2. November 2026", "2026-11-02T00:00:00Z"),
            ("2026.11.02", "2026-11-02T00:00:00Z"),
            ("2026-11-02, 10:00", "2026-11-02T10:00:00Z"),
            ("2026\u{2013}11\u{2013}02", "2026-11-02T00:00:00Z"),
            ("2026-11-02T10:00:00\u{2212}01:00", "2026-11-02T11:00:00Z"),
            ("“2026-11-02”", "2026-11-02T00:00:00Z"),
            ("2026-11-02 10:00 Z", "2026-11-02T10:00:00Z"),
            ("202611020900", "2026-11-02T09:00:00Z"),
            ("20261102090005", "2026-11-02T09:00:05Z"),
            ("March 5, 2019 at 10:00 am", "2019-03-05T10:00:00Z"),
            ("March 5, 2019, 10:00 p.m.", "2019-03-05T22:00:00Z"),
            ("5 March 2019, 10:00", "2019-03-05T10:00:00Z"),
            ("5 March, 2019", "2019-03-05T00:00:00Z"),
            ("10:00 5 March 2019", "2019-03-05T10:00:00Z"),
            ("2019-03-05 Tue 10:00", "2019-03-05T10:00:00Z"),
            ("2019-03-05 at 10:00", "2019-03-05T10:00:00Z"),
            ("2019-03-05 10PM", "2019-03-05T22:00:00Z"),
            ("2019-03-05 12:30am", "2019-03-05T00:30:00Z"),
            ("2019-03-05 10:00:00 Europe/Berlin", "2019-03-05T09:00:00Z"),
            ("2019-03-05 10:00 UTC+1", "2019-03-05T09:00:00Z"),
            ("1551780000.123", "2019-03-05T10:00:00Z"),
            ("5. März 2019", "2019-03-05T00:00:00Z"),
            ("Dienstag, 5. März 2019 um 10:00 Uhr", "2019-03-05T10:00:00Z"),
            ("5 de marzo de 2019", "2019-03-05T00:00:00Z"),
            ("le 1er août 2019", "2019-08-01T00:00:00Z"),
            ("Sat Mar 2 2019", "2019-03-02T00:00:00Z"),
            ("2026-12-01T11:30[America/New_York]", "2026-12-01T16:30:00Z"),
            ("2026-12-01T11:30-05:00[America/New_York]", "2026-12-01T16:30:00Z"),
        ] {
            assert_eq!(utc(text), moment, "{text}");
        }
        for text in [
            "27-01-01",
            "27/01/15",
            "15 Jan 27",
            "2026-12-01T11:30[Nowhere/Town]",
            "May",
            "sat down",
            "5 March 5 2019",
            "March 2019",
            "5 6 2019",
            "13:00 pm 5 March 2019",
            "5 Marchland 2019",
        ] {
            assert!(!utc(text).ends_with('Z'), "{text}: {}", utc(text));
        }
    }

    #[test]
    fn what_is_no_date_is_told_apart() {
        assert_eq!(utc("2026-02-30"), "the date `2026-02-30` does not exist");
        assert_eq!(utc("2026-11-23T25:00:00Z"), "the date `2026-11-23T25:00:00Z` does not exist");
        assert_eq!(utc("12026-01-01"), "the date `12026-01-01` lies beyond the year 9999");
        assert_eq!(utc("soon"), "`soon` is not a date");
        assert_eq!(utc("18:00"), "`18:00` is a time of the day, and says no day");
        assert_eq!(utc("2019-05-07 or 08"), "`2019-05-07 or 08` is not a date");
        assert_eq!(utc("2024-13-5"), "the date `2024-13-5` does not exist");
        assert_eq!(utc("26.11.2026"), "`26.11.2026` is not a date");
        let day = |text: &str| meant(text).map(|day| day.to_string());
        assert_eq!(day("26.11.2026").as_deref(), Some("2026-11-26"));
        assert_eq!(day("11/26/2026").as_deref(), Some("2026-11-26"));
        assert_eq!(day("26/11/2026 14:00").as_deref(), Some("2026-11-26"));
        assert_eq!((day("11/12/2026"), day("31.2.2026"), day("soon")), (None, None, None));
        assert_eq!(utc("March 2015"), "the date `March 2015` has no day of the year 2015");
        let zone = "`EST` in the date `2019-05-07 14:00:00 EST` may mean several time zones";
        assert_eq!(utc("2019-05-07 14:00:00 EST"), zone);
    }

    #[test]
    fn what_is_meant_as_a_moment_is_told_from_numbers_and_words() {
        for text in ["01.12.2026", "1/1/2027", "1/1/27", "2026-12-01 6 Uhr", "2026-13-01"] {
            assert!(is_like_day(text) && is_like_moment(text), "{text}");
        }
        for text in ["Monday 6am", "2026-12", "March 2027", "1 December", "24.12.26", "Dienstag, 8 Uhr"] {
            assert!(!is_like_day(text) && is_like_moment(text), "{text}");
        }
        for text in ["v2.0", "2.0", "3", "2026", "18:00", "legal", "12 people", "May", "https://x.example/1/2/3", ""] {
            assert!(!is_like_day(text) && !is_like_moment(text), "{text}");
        }
    }

    #[test]
    fn times_of_a_day_are_read() {
        for (text, time) in [
            ("18:00", "18:00:00"),
            ("9:05", "09:05:00"),
            ("18:00:30", "18:00:30"),
            ("18:00:00.000Z", "18:00:00Z"),
            ("18:00 +0100", "18:00:00+01:00"),
            ("6 PM", "18:00:00"),
            ("12:30 a.m.", "00:30:00"),
            ("18.30 Uhr", "18:30:00"),
            ("18h30", "18:30:00"),
            ("6 Uhr", "06:00:00"),
        ] {
            assert_eq!(clock(text).as_deref(), Some(time), "{text}");
        }
        for text in ["18", "25:00", "5 min", "1800", "soon", "18:00 CET", "13 pm", "", "1:2:3:4"] {
            assert_eq!(clock(text), None, "{text}");
        }
    }

    #[test]
    fn the_cure_of_a_date_shows_this_date_and_works() {
        for (text, cures) in [
            ("26.11.2026", "2026-11-26"),
            ("26/11/2026 14:00", "2026-11-26 14:00"),
            ("11/12/2026", "2026-11-12 or 2026-12-11"),
            ("2019-05-07 14:00:00 EST", "2019-05-07T14:00:00-05:00"),
            ("2019-05-07 14:00 CET", "2019-05-07T14:00:00+01:00"),
            ("7 May 2019 14:00 XYZ", "2019-05-07T14:00:00+01:00"),
            ("March 2015", "2015-03-01"),
            ("2015-03", "2015-03-01"),
            ("03/2015", "2015-03-01"),
            ("2015", "2015-01-01"),
            ("2026-02-30", "2026-02-28"),
            ("2026-11-23T25:00", "2026-11-23T18:00"),
            ("2026-12-01 24:00", "2026-12-02"),
            ("2026-12-31T24:00:00", "2027-01-01"),
            ("9999-12-31T23:59:59Z", "9999-12-30"),
        ] {
            assert!(Timestamp::parse(text, &TimeZone::UTC).is_err(), "{text}");
            let cure = cure(text);
            for wanted in cures.split(" or ") {
                assert!(cure.contains(&format!("`{wanted}`")), "{text}: {cure}");
                assert!(Timestamp::parse(wanted, &TimeZone::UTC).is_ok(), "{wanted}");
            }
        }
    }

    #[test]
    fn a_date_without_an_offset_is_local() {
        let zone = TimeZone::get("Europe/Berlin").expect("bundled");
        let moment = Timestamp::parse("2026-11-20 07:30", &zone).expect("a date");
        assert_eq!(moment.rfc3339(&zone), "2026-11-20T07:30:00+01:00");
        assert_eq!(moment.rfc3339(&TimeZone::UTC), "2026-11-20T06:30:00Z");
        assert_eq!(moment.rfc2822(&zone), "Fri, 20 Nov 2026 07:30:00 +0100");
        assert_eq!(moment.day(&zone), (2026, 11, 20));
    }

    #[test]
    fn offsets_that_no_zone_has_are_told() {
        for text in [
            "2019-05-07T14:00:00+25:00",
            "2019-05-07T14:00:00-1430",
            "2019-05-07 14:00:00 +1500",
            "2019-05-07 14:00 +99:00",
            "Tue, 07 May 2019 14:00:00 +2400",
        ] {
            assert!(utc(text).ends_with("does not exist") && utc(text).contains("offset"), "{}", utc(text));
        }
        assert_eq!(utc("2019-05-07T14:00:00+14:00"), "2019-05-07T00:00:00Z");
        assert_eq!(utc("2019-05-07T14:00:00-12:00"), "2019-05-08T02:00:00Z");
    }

    #[test]
    fn an_offset_with_seconds_keeps_the_moment_and_the_day() {
        for (zone, rfc3339, rfc2822) in [
            ("Europe/Berlin", "1880-05-01T00:00:32+00:54", "Sat, 01 May 1880 00:00:32 +0054"),
            ("America/New_York", "1880-05-01T00:00:02-04:56", "Sat, 01 May 1880 00:00:02 -0456"),
        ] {
            let zone = TimeZone::get(zone).expect("bundled");
            let moment = Timestamp::parse("1880-05-01", &zone).expect("a date");
            assert_eq!((moment.rfc3339(&zone).as_str(), moment.rfc2822(&zone).as_str()), (rfc3339, rfc2822));
            assert_eq!(Timestamp::parse(rfc3339, &zone), Ok(moment));
        }
    }

    #[test]
    fn a_file_name_may_begin_with_its_date() {
        assert_eq!(date_in_name("2026-11-23-harbour").map(|(_, rest)| rest), Some("harbour"));
        for (name, rest) in [
            ("2026-11-23 Future post", "Future post"),
            ("2026-11-23 - x", "x"),
            ("2026-11-23\u{2013}x", "x"),
            ("2026-11-23, x", "x"),
            ("2026-11-23T0900-x", "T0900-x"),
            ("2026.11.23-x", "x"),
            ("2026_11_23_x", "x"),
            ("20261123-x", "x"),
            ("20261123 x", "x"),
        ] {
            assert_eq!(date_in_name(name), Some((civil::date(2026, 11, 23), rest)), "{name}");
        }
        assert_eq!(date_in_name("2026-1-3-x"), Some((civil::date(2026, 1, 3), "x")));
        assert_eq!(date_in_name("2026-11-23"), Some((civil::date(2026, 11, 23), "2026-11-23")));
        for name in ["2026-11-23x", "20261123", "20261323-x", "12345678-x", "2026-11-234-x", "202611-x"] {
            assert_eq!(date_in_name(name), None, "{name}");
        }
        assert_eq!(impossible_date_in_name("2026-02-30 x"), Some("2026-02-30"));
        assert_eq!(impossible_date_in_name("2026.13.7 x"), None);
        assert_eq!(date_in_name("2026-13-23-harbour"), None);
        assert_eq!(date_in_name("größe-der-stadt"), None);
    }
}
