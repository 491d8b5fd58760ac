//! How a language writes dates, times, numbers, lists and plurals, and in which direction: from the data of the
//! Unicode CLDR, by ICU4X.
//!
//! Not texts; those are the theme's. The one idea: a site has few languages and few days, so each formatter is made
//! once, and each day and each minute of the day is written once, however many pages show it.
//!
//! Plain `en` is written as newspapers outside of America write it (`23 November 2026, 14:05`); `en-US` as
//! they do there.

use std::fmt;
use std::sync::OnceLock;

use icu_calendar::{Date, Iso};
use icu_datetime::fieldsets::{T, Y, YM, YMD, YMDE};
use icu_datetime::input::{DateTime, Time};
use icu_datetime::{DateTimeFormatter, NoCalendarFormatter};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_list::ListFormatter;
use icu_list::options::{ListFormatterOptions, ListLength};
use icu_locale::{LocaleDirectionality, LocaleExpander, TransformResult};
use icu_plurals::{PluralCategory, PluralRuleType, PluralRules};

/// The years whose days are kept once they are written.
const YEARS: std::ops::Range<i16> = 1900..2100;
const DAYS: usize = 12 * 31;
const MINUTES: usize = 24 * 60;

/// What a date is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `23 November 2026`.
    Date,
    /// `23 November 2026, 14:05`.
    DateTime,
    /// `14:05`.
    Time,
    /// `23 Nov 2026`.
    Short,
    /// `23 Nov 2026, 14:05`.
    ShortDateTime,
    /// `Monday, 23 November 2026`.
    Full,
    /// `November 2026`.
    Month,
    /// `2026`; in Japanese `2026年`.
    Year,
}

impl Form {
    /// The forms by their names in templates.
    pub const NAMES: [(&'static str, Self); 8] = [
        ("date", Self::Date),
        ("datetime", Self::DateTime),
        ("time", Self::Time),
        ("short", Self::Short),
        ("short_datetime", Self::ShortDateTime),
        ("full", Self::Full),
        ("month", Self::Month),
        ("year", Self::Year),
    ];

    /// The form of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, form)| *form)
    }
}

/// The names of the plural categories of CLDR.
pub const PLURALS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// A day and a minute of it, where the site is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    year: i16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
}

impl Moment {
    /// Reads the local part of a moment as RFC 3339 has it; a day alone begins at midnight.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let number = |from: usize, to: usize| {
            let digits = bytes.get(from..to)?;
            digits.iter().try_fold(0_i16, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i16::from(byte - b'0')))
        };
        let is = |at: usize, byte: u8| bytes.get(at) == Some(&byte);
        if !(is(4, b'-') && is(7, b'-')) {
            return None;
        }
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute) = match bytes.len() {
            10 => (0, 0),
            _ if (is(10, b'T') || is(10, b' ')) && is(13, b':') => (number(11, 13)?, number(14, 16)?),
            _ => return None,
        };
        let is_good = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60;
        let small = |number: i16| number as u8;
        is_good.then(|| Self { year, month: small(month), day: small(day), hour: small(hour), minute: small(minute) })
    }
}

/// Texts that are written at most once.
type TextCache = Box<[OnceLock<Box<str>>]>;

/// How one language writes.
pub struct Locale {
    /// Whether it runs from right to left.
    pub is_right_to_left: bool,
    date: DateTimeFormatter<YMD>,
    short: DateTimeFormatter<YMD>,
    full: DateTimeFormatter<YMDE>,
    month: DateTimeFormatter<YM>,
    year: DateTimeFormatter<Y>,
    time: NoCalendarFormatter<T>,
    number: DecimalFormatter,
    list: ListFormatter,
    plurals: PluralRules,
    /// What stands between day and time, and whether the time comes first.
    glue: (String, bool),
    days: Vec<OnceLock<TextCache>>,
    short_days: Vec<OnceLock<TextCache>>,
    minutes: TextCache,
}

impl fmt::Debug for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Locale").field("is_right_to_left", &self.is_right_to_left).finish_non_exhaustive()
    }
}

/// The locale of a tag; that of no language in particular for what is no tag.
fn locale(tag: &str) -> icu_locale::Locale {
    let tag = if tag.eq_ignore_ascii_case("en") { "en-GB" } else { tag };
    icu_locale::Locale::try_from_str(tag).unwrap_or(icu_locale::Locale::UNKNOWN)
}

/// Whether CLDR knows the language of a tag.
pub fn is_known(tag: &str) -> bool {
    let Ok(locale) = icu_locale::Locale::try_from_str(tag) else { return false };
    let mut language = icu_locale::LanguageIdentifier::UNKNOWN;
    language.language = locale.id.language;
    LocaleExpander::new_extended().maximize(&mut language) == TransformResult::Modified
}

/// Whether a language is written from right to left.
pub fn is_right_to_left(tag: &str) -> bool {
    LocaleDirectionality::new_extended().is_right_to_left(&locale(tag).id)
}

/// Which of the [`PLURALS`] a number takes in a language.
pub fn plural(rules: &PluralRules, count: i64) -> &'static str {
    match rules.category_for(count.unsigned_abs()) {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    }
}

/// The plural rules of a language.
pub fn plural_rules(tag: &str) -> PluralRules {
    let rules = PluralRules::try_new((&locale(tag)).into(), PluralRuleType::Cardinal.into());
    rules.expect("the data is compiled in, for languages that it does not know, too")
}

impl Locale {
    /// How the language of this tag writes.
    pub fn new(tag: &str) -> Self {
        // The data is compiled in, and what it does not know is written as in no language in particular.
        const HAS_DATA: &str = "the data is compiled in";
        let locale = locale(tag);
        let list = ListFormatterOptions::default().with_length(ListLength::Wide);
        let mut this = Self {
            is_right_to_left: is_right_to_left(tag),
            date: DateTimeFormatter::try_new((&locale).into(), YMD::long()).expect(HAS_DATA),
            short: DateTimeFormatter::try_new((&locale).into(), YMD::medium()).expect(HAS_DATA),
            full: DateTimeFormatter::try_new((&locale).into(), YMDE::long()).expect(HAS_DATA),
            month: DateTimeFormatter::try_new((&locale).into(), YM::long()).expect(HAS_DATA),
            year: DateTimeFormatter::try_new((&locale).into(), Y::long()).expect(HAS_DATA),
            time: NoCalendarFormatter::try_new((&locale).into(), T::hm()).expect(HAS_DATA),
            number: DecimalFormatter::try_new((&locale).into(), Default::default()).expect(HAS_DATA),
            list: ListFormatter::try_new_and((&locale).into(), list).expect(HAS_DATA),
            plurals: plural_rules(tag),
            glue: (" ".to_owned(), false),
            days: YEARS.map(|_| OnceLock::new()).collect(),
            short_days: YEARS.map(|_| OnceLock::new()).collect(),
            minutes: (0..MINUTES).map(|_| OnceLock::new()).collect(),
        };
        // CLDR's sentences say “at”; its shorter form, which lines of small print want, has a comma or a space.
        let both = DateTimeFormatter::try_new((&locale).into(), YMD::medium().with_time_hm()).expect(HAS_DATA);
        if let (Some(date), Ok(time)) = (iso(2026, 11, 23), Time::try_new(14, 5, 0, 0)) {
            let whole = both.format(&DateTime { date, time }).to_string();
            let (date, time) = (this.short.format(&date).to_string(), this.time.format(&time).to_string());
            let between = |first: &str, second: &str| Some(whole.strip_prefix(first)?.strip_suffix(second)?.to_owned());
            if let Some(glue) = between(&date, &time) {
                this.glue = (glue, false);
            } else if let Some(glue) = between(&time, &date) {
                this.glue = (glue, true);
            }
        }
        this
    }

    /// A moment as readers see it; none if there is no such day.
    pub fn moment(&self, moment: Moment, form: Form) -> Option<String> {
        let Moment { year, month, day, .. } = moment;
        match form {
            Form::Date => self.day(moment),
            Form::Short => self.short_day(moment),
            Form::Time => self.minute(moment),
            Form::DateTime => self.with_time(self.day(moment)?, moment),
            Form::ShortDateTime => self.with_time(self.short_day(moment)?, moment),
            Form::Full => Some(self.full.format(&iso(year, month, day)?).to_string()),
            Form::Month => Some(self.month.format(&iso(year, month, day)?).to_string()),
            Form::Year => Some(self.year.format(&iso(year, month, day)?).to_string()),
        }
    }

    fn with_time(&self, date: String, moment: Moment) -> Option<String> {
        let (time, (glue, time_first)) = (self.minute(moment)?, &self.glue);
        Some(if *time_first { [time, glue.clone(), date] } else { [date, glue.clone(), time] }.concat())
    }

    fn day(&self, moment: Moment) -> Option<String> {
        written(&self.days, &self.date, moment)
    }

    fn short_day(&self, moment: Moment) -> Option<String> {
        written(&self.short_days, &self.short, moment)
    }

    fn minute(&self, Moment { hour, minute, .. }: Moment) -> Option<String> {
        let write = || Some(self.time.format(&Time::try_new(hour, minute, 0, 0).ok()?).to_string().into_boxed_str());
        kept(&self.minutes[usize::from(hour) * 60 + usize::from(minute)], write)
    }

    /// A calendar month: `November 2026`.
    pub fn month(&self, year: i16, month: i8) -> String {
        let date = u8::try_from(month).ok().and_then(|month| iso(year, month, 1));
        date.map_or_else(|| format!("{year:04}-{month:02}"), |date| self.month.format(&date).to_string())
    }

    /// A year: `2026`.
    pub fn year(&self, year: i16) -> String {
        iso(year, 1, 1).map_or_else(|| year.to_string(), |date| self.year.format(&date).to_string())
    }

    /// A whole number: `1,234`.
    pub fn integer(&self, number: i64) -> String {
        self.number.format(&Decimal::from(number)).to_string()
    }

    /// A number with a fraction, as many digits as it has: `1,234.5`. None for what is no number.
    pub fn fraction(&self, number: f64) -> Option<String> {
        let number: Decimal = number.to_string().parse().ok()?;
        Some(self.number.format(&number).to_string())
    }

    /// What stands before each of the names of a list: nothing before the first, then as in `A, B and C`.
    pub fn list_separators(&self, names: &[&str]) -> Vec<String> {
        // The words of a list may depend on the names (`Juan e Ignacio`), so these are asked for with them.
        const END: char = '\u{2}';
        let ended = names.iter().map(|name| format!("{name}{END}"));
        let whole = self.list.format_to_string(ended);
        let parts = whole.split(END).zip(names);
        parts.map(|(part, name)| part.strip_suffix(name).unwrap_or(", ").to_owned()).collect()
    }

    /// Which of the [`PLURALS`] a number takes.
    pub fn plural(&self, count: i64) -> &'static str {
        plural(&self.plurals, count)
    }
}

fn iso(year: i16, month: u8, day: u8) -> Option<Date<Iso>> {
    Date::try_new_iso(i32::from(year), month, day).ok()
}

/// A day as the formatter writes it, kept among those of its year.
fn written(
    years: &[OnceLock<TextCache>],
    formatter: &DateTimeFormatter<YMD>,
    Moment { year, month, day, .. }: Moment,
) -> Option<String> {
    let write = || Some(formatter.format(&iso(year, month, day)?).to_string().into_boxed_str());
    if !YEARS.contains(&year) {
        return write().map(String::from);
    }
    let days = years[(year - YEARS.start) as usize].get_or_init(|| (0..DAYS).map(|_| OnceLock::new()).collect());
    kept(&days[(usize::from(month) - 1) * 31 + usize::from(day) - 1], write)
}

/// What is in the cell, written at most once.
fn kept(cell: &OnceLock<Box<str>>, write: impl FnOnce() -> Option<Box<str>>) -> Option<String> {
    if let Some(known) = cell.get() {
        return Some(known.to_string());
    }
    let written = write()?;
    Some(cell.get_or_init(|| written).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(tag: &str, form: Form) -> String {
        let moment = Moment::parse("2026-11-03T14:05:00+01:00").expect("a moment");
        let locale = Locale::new(tag);
        let first = locale.moment(moment, form).expect("there is such a day");
        assert_eq!(locale.moment(moment, form), Some(first.clone()), "what is kept is what was written");
        first.replace(['\u{a0}', '\u{202f}'], " ")
    }

    #[test]
    fn a_date_is_written_as_the_language_writes_it() {
        for (tag, date, both) in [
            ("en", "3 November 2026", "3 November 2026, 14:05"),
            ("en-US", "November 3, 2026", "November 3, 2026, 2:05 PM"),
            ("de", "3. November 2026", "3. November 2026, 14:05"),
            ("fr", "3 novembre 2026", "3 novembre 2026, 14:05"),
            ("es", "3 de noviembre de 2026", "3 de noviembre de 2026, 14:05"),
            ("ja", "2026年11月3日", "2026年11月3日 14:05"),
            ("ar", "3 نوفمبر 2026", "3 نوفمبر 2026، 2:05 م"),
        ] {
            assert_eq!((shown(tag, Form::Date), shown(tag, Form::DateTime)), (date.into(), both.into()), "{tag}");
        }
        for (tag, short) in [
            ("en", "3 Nov 2026, 14:05"),
            ("en-US", "Nov 3, 2026, 2:05 PM"),
            ("de", "03.11.2026, 14:05"),
            ("ja", "2026/11/03 14:05"),
        ] {
            assert_eq!(shown(tag, Form::ShortDateTime), short, "{tag}");
            assert!(short.starts_with(&shown(tag, Form::Short)), "{tag}");
        }
        assert_eq!(Locale::new("de").month(2026, 3), "März 2026");
        assert_eq!(Locale::new("ja").year(2026), "2026年");
        assert_eq!(shown("fr", Form::Full), "mardi 3 novembre 2026");
    }

    #[test]
    fn a_moment_is_a_day_or_a_day_with_a_time() {
        for good in ["2026-11-03", "2026-11-03T14:05", "2026-11-03T14:05:59.5Z", "0999-01-31 00:00:00"] {
            assert!(Moment::parse(good).is_some(), "{good}");
        }
        for bad in ["", "soon", "2026-13-01", "2026-11-03T24:00", "2026-11-03Tx", "2026/11/03", "2026-11-3"] {
            assert_eq!(Moment::parse(bad), None, "{bad}");
        }
        let no_day = Moment::parse("2026-02-31").expect("digits");
        assert_eq!(Locale::new("en").moment(no_day, Form::Date), None);
    }

    #[test]
    fn numbers_lists_and_plurals_are_those_of_the_language() {
        assert_eq!(["en", "de", "ar-EG"].map(|tag| Locale::new(tag).integer(1234)), ["1,234", "1.234", "١٬٢٣٤"]);
        assert_eq!(Locale::new("de").fraction(2.5).as_deref(), Some("2,5"));
        let list = |tag: &str, names: &[&str]| {
            let list_separators = Locale::new(tag).list_separators(names);
            list_separators.iter().zip(names).map(|(joint, name)| format!("{joint}{name}")).collect::<String>()
        };
        assert_eq!(list("en", &["A", "B", "C"]), "A, B and C");
        assert_eq!(list("es", &["Juan", "Ignacio"]), "Juan e Ignacio");
        assert_eq!(list("ja", &["山田", "鈴木"]), "山田、鈴木");
        assert_eq!(list("ar", &["أ", "ب"]), "أ وب");
        assert_eq!(list("de", &["A"]), "A");
        let plurals = |tag: &str| [0, 1, 2, 3, 11, 100].map(|count| Locale::new(tag).plural(count));
        assert_eq!(plurals("ar"), ["zero", "one", "two", "few", "many", "other"]);
        assert_eq!(plurals("fr"), ["one", "one", "other", "other", "other", "other"]);
    }

    #[test]
    fn every_language_writes_every_form() {
        const TAGS: &str = "af am ar ar-EG as ast az be bg bn bn-IN br bs ca cs cy da de de-AT de-CH el en en-AU en-CA \
            en-GB en-IN en-US es es-419 es-AR es-MX et eu fa fa-AF fi fil fr fr-CA fr-CH ga gd gl gsw gu ha he hi hr \
            hu hy id ig is it it-CH ja ka kk km kn ko ky lo lt lv mk ml mn mr mr-Latn ms my ne nl nn no or pa pl ps pt \
            pt-BR pt-PT ro ru sa sat sd si sk sl so sq sr sr-Latn sv sw ta te th ti tk tr uk ur ur-IN uz vi yo zh \
            zh-Hans zh-Hant zh-HK zh-TW zu xx";
        for tag in TAGS.split_whitespace() {
            for form in [
                Form::Date,
                Form::Time,
                Form::DateTime,
                Form::Short,
                Form::ShortDateTime,
                Form::Full,
                Form::Month,
                Form::Year,
            ] {
                assert!(!shown(tag, form).is_empty(), "{tag} {form:?}");
            }
        }
        assert_eq!(Locale::new("pt-BR").month(2026, 3), "março de 2026");
    }

    #[test]
    fn languages_are_known_with_their_direction() {
        for known in ["en", "de-AT", "zh-Hant", "gsw", "yi"] {
            assert!(is_known(known), "{known}");
        }
        for unknown in ["xx", "deutsch", "", "e"] {
            assert!(!is_known(unknown), "{unknown}");
        }
        let directions = ["ar", "he", "fa", "ur", "ckb", "yi", "az-Arab", "en", "ja", "az", "xx"].map(is_right_to_left);
        assert_eq!(directions, [true, true, true, true, true, true, true, false, false, false, false]);
    }
}
