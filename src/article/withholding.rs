//! Withholding: which keys of front matter keep something from the site, in the spellings of Jekyll, Hugo, WordPress,
//! Ghost and their like.
//!
//! The list of words is closed and fails closed: a key that is one edit away from one of them, or a value of one that
//! is not understood, is an error, since whoever wrote it relies on it.

mod data;
mod hour;
mod key;
mod moments;
mod stray;
mod words;
mod wrapped;

use serde::{Deserialize, Serialize};

use super::fields::{Field, Fields};
use super::front_matter::Reading;
use super::keys;
use super::lines;
use super::record::Text;
use super::time::{Timestamp, cure, is_like_day, is_like_moment};
use super::values::moment;
use crate::source::is_locale;
use crate::yaml::{Entry, Mark, Node};
pub use data::wish_in_data;
pub(super) use hour::date_with_time;
use hour::{is_time_of_another, is_whole_time, with_time};
pub(super) use key::is_relative;
use key::{hides, is_end, is_of, is_plain_key, is_state, is_timed, is_unread, is_unread_schedule, is_wish};
pub(super) use stray::refuse_stray;
use words::{
    AWAITED, BESIDE, Bound, CONTAINERS, EVERYBODY, FREE, HIDES, NEWSROOM, OF_WORKS, PAID, PUBLICATION, SHOWING, SOLD,
    STATED, STRONG, SUBJECTS, TAGS, WAITING, WORDS, bare, is_listed, is_plain,
};
pub use words::{WithholdingKind, how};
pub(super) use words::{is_hiding, is_waiting, is_word_that_hides};
use wrapped::{pair, wrapped};

/// What a file says about the time in which it may be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Withheld {
    /// Not to be published.
    pub draft: bool,
    /// Not to be published before.
    pub publish: Option<Timestamp>,
    /// Not to be published from then on.
    pub expires: Option<Timestamp>,
}

impl Withheld {
    /// Whether it may not be seen at `now`. Drafts, and what is yet to come, may be published on demand.
    pub fn holds(&self, now: Timestamp, drafts: bool, future: bool) -> bool {
        let is_future = self.publish.is_some_and(|publish| publish > now);
        let is_expired = self.expires.is_some_and(|expires| expires <= now);
        self.draft && !drafts || is_future && !future || is_expired
    }
}

/// Where a key stands.
#[derive(Clone, Copy)]
enum Level {
    /// In the front matter of a file with these keys.
    Top(&'static [keys::Key]),
    /// In the `cascade` of a section, which speaks for everything below it.
    Cascade,
    /// In a map in which another program keeps such keys. An unknown key there belongs to that program, unless it is
    /// about publication.
    Container {
        /// What a day in it is, if the map says when something is published: `schedule: { start: … }`.
        publication: Option<Bound>,
    },
    /// In any other map: there only words count that mean nothing else.
    Elsewhere,
}

impl Level {
    const CONTAINER: Self = Self::Container { publication: None };
    const PUBLICATION: Self = Self::Container { publication: Some(Bound::Start) };

    /// The level of what is in the value of a key that stands on this one.
    fn below(self, folded: &str, is_container: bool, is_map: bool) -> Self {
        match self {
            _ if folded == "scheduling" && is_map => Self::PUBLICATION,
            Self::Elsewhere => Self::Elsewhere,
            _ if is_container && PUBLICATION.contains(&folded) => Self::PUBLICATION,
            _ if is_container => Self::CONTAINER,
            _ => Self::Elsewhere,
        }
    }
}

/// Where a key stands, and beside which others.
#[derive(Clone, Copy)]
struct Spot<'e> {
    level: Level,
    depth: usize,
    beside: &'e [Entry],
}

impl<'e> Spot<'e> {
    fn at(self, level: Level) -> Self {
        Self { level, ..self }
    }

    fn below(self, level: Level, beside: &'e [Entry]) -> Self {
        Self { level, depth: self.depth + 1, beside: few(beside) }
    }
}

/// The keys of a map, unless they are more than anybody writes: each is compared with each.
fn few(entries: &[Entry]) -> &[Entry] {
    if entries.len() > 500 { &[] } else { entries }
}

/// The cure for a key in a map that may say something of another thing.
const OF_ANOTHER: &str =
    "write `draft: true` at the top of the front matter; if it says something else, give the key another name";

/// So deep are maps looked into.
const DEPTH: usize = 8;

/// What the front matter says about the time in which the file may be seen.
pub(super) fn read(
    fields: &mut Fields<'_>,
    entries: &[Entry],
    table: &'static [keys::Key],
    reading: &Reading<'_>,
) -> Withheld {
    let mut hearing = Hearing::of(fields, reading);
    for entry in entries {
        if std::ptr::eq(table, keys::SECTION) {
            hearing.refuse_cascade(entry);
        }
        hearing.hear(entry, &Field::of(entry), Spot { level: Level::Top(table), depth: 0, beside: few(entries) });
    }
    hearing.hear_elsewhere(entries);
    let says_who = || entries.iter().any(|entry| keys::fold(entry.name()) == "access" && !entry.value.says_nothing());
    if !hearing.sold.is_empty() && keys::is_known(table, "access") && !says_who() {
        hearing.refuse_what_is_sold();
    }
    hearing.withheld
}

/// Refuses the tags by which Nikola withholds an article. Where they are meant as tags, they can have more words.
pub(super) fn refuse_tags(fields: &mut Fields<'_>, field: &Field<'_>, names: &[Text<'_>]) {
    if let Some(name) = names.iter().find(|name| is_tag(name)) {
        let message = format!("the tag `{}` may mean that this file is withheld", &**name);
        let hint = "write `draft: true` to withhold it, or give the tag another name, such as `league draft`";
        fields.problem_at(lines::among(field.value, name).unwrap_or(field.key), message, hint);
    }
}

fn is_tag(name: &str) -> bool {
    TAGS.iter().any(|tag| name.eq_ignore_ascii_case(tag))
}

/// The reading of keys that withhold.
struct Hearing<'h, 'f, 'r> {
    withheld: Withheld,
    /// What maps of no known name say: the places and names of the keys.
    elsewhere: Vec<(Mark, String, Withheld)>,
    /// The places and names of keys by which only those are to read it who pay.
    sold: Vec<(Mark, String)>,
    fields: &'h mut Fields<'f>,
    reading: &'h Reading<'r>,
}

impl<'h, 'f, 'r> Hearing<'h, 'f, 'r> {
    fn of(fields: &'h mut Fields<'f>, reading: &'h Reading<'r>) -> Self {
        Self { withheld: Withheld::default(), elsewhere: Vec::new(), sold: Vec::new(), fields, reading }
    }

    /// Hears one key: `field` is it with its whole name.
    fn hear(&mut self, entry: &Entry, field: &Field<'_>, spot: Spot<'_>) {
        let (spot, name) = match entry.name().rsplit_once(['.', ':']) {
            // `params.draft` and `wp:post_password` count as keys in a map.
            Some((_, name)) if matches!(spot.level, Level::Top(_)) && !name.is_empty() => {
                (spot.at(Level::CONTAINER), name)
            }
            // Atom has `app:draft` within `app:control`.
            _ => (spot, entry.name().rsplit(':').next().filter(|name| !name.is_empty()).unwrap_or(entry.name())),
        };
        let folded = keys::fold(name);
        // An empty map is what programs leave where nothing was filled in. Of a draft some write null in one of theirs.
        if field.value.text().is_none() && field.value.says_nothing() && !CONTAINERS.contains(&&*folded) {
            return;
        }
        if is_time_of_another(&folded, &entry.value, spot.beside)
            || is_time_of_an_event(name, spot.beside)
            || is_of_a_work(&folded, spot.beside)
        {
            return;
        }
        // `time` at the top may be how long it takes to read, and `at` a place.
        let is_of_reading =
            |time: &Entry| !matches!(spot.level, Level::Container { .. }) && is_whole_time(&keys::fold(time.name()));
        if let Some(date) = moments::date_of_withdrawal(field, &folded, spot.level) {
            return self.hear_withdrawal(field, date);
        }
        let own = with_time(&folded, &entry.value, spot.beside)
            .filter(|found| !found.as_ref().is_err_and(|time| is_of_reading(time)));
        let is_container = is_map(field.value) && CONTAINERS.contains(&&*folded);
        match own {
            Some(Ok(value)) => return self.hear_value(entry, field, &value, spot),
            Some(Err(time)) if self.is_moment(name, &folded, spot.level) => self.refuse_time(time),
            _ => {}
        }
        if let Level::Container { publication: Some(of) } = spot.level
            && self.hear_bound((name, &folded), field, of, spot)
        {
            return;
        }
        self.withheld.draft |= is_draft_by_id(entry.name(), field);
        if !is_container && let Some(how) = how(&folded) {
            if self.hear_moments(how, entry, field, spot) {
                return;
            }
            let values = wrapped(field.value, how);
            if !values.is_empty() {
                return values.into_iter().for_each(|value| self.hear_value(entry, field, value, spot));
            }
        }
        let below = match how(&folded) {
            Some(how) => self
                .hear_known(how, field, &folded, is_container, spot.level)
                .then(|| spot.level.below(&folded, is_container, is_map(field.value))),
            None => self.hear_other(entry, field, (name, &folded), is_container, spot.level),
        };
        if let Some(below) = below {
            self.hear_below(entry, field, below, is_container, spot);
        }
    }

    /// Hears a key with another value than it has.
    fn hear_value(&mut self, entry: &Entry, field: &Field<'_>, value: &Node, spot: Spot<'_>) {
        let plain = Entry { key: entry.key.clone(), value: value.clone() };
        self.hear(&plain, &Field { name: field.name.clone(), key: field.key, value }, spot);
    }

    /// Whether a key is one of those that are heard as moments.
    fn is_moment(&self, name: &str, folded: &str, level: Level) -> bool {
        let of_publication = matches!(level, Level::Container { publication: Some(_) }) && Bound::of(folded).is_some();
        let is_heard = |how: WithholdingKind| {
            !matches!(
                how,
                WithholdingKind::Status
                    | WithholdingKind::Secret
                    | WithholdingKind::Build
                    | WithholdingKind::Hides
                    | WithholdingKind::Unclear
            )
        };
        let words = || keys::words(name);
        of_publication || how(folded).map_or_else(|| is_wish(&words()) || is_plain_key(&words()), is_heard)
    }

    /// Hears a key of the list of words. Whether what is below it is to be heard, too.
    fn hear_known(
        &mut self,
        how: WithholdingKind,
        field: &Field<'_>,
        folded: &str,
        is_container: bool,
        level: Level,
    ) -> bool {
        let is_map = is_map(field.value);
        match (how, level) {
            (_, Level::Elsewhere) => {
                self.hear_plain(how, folded, field);
                return true;
            }
            (WithholdingKind::Build, Level::Top(_) | Level::Cascade) => {
                self.apply(how, field);
                self.tell_what_it_withholds(folded, field, level);
                return is_map;
            }
            (WithholdingKind::Perhaps(_), Level::Top(_)) if is_map && is_shown_until(field) => self.refuse(field),
            (WithholdingKind::Perhaps(_) | WithholdingKind::Gone | WithholdingKind::Unclear, _) if is_map => {
                return true;
            }
            _ if is_container => return true,
            (_, Level::Top(_) | Level::Cascade) => {
                let before = self.withheld;
                self.apply(how, field);
                let is_told = self.withheld.publish != before.publish || folded == "live" && self.withheld != before;
                if OF_WORKS.contains(&folded) && is_told {
                    self.remark(field, format!("`{}` withholds this file", field.name), OF_ANOTHER.to_owned());
                }
                self.tell_what_it_withholds(folded, field, level);
            }
            (_, Level::Container { .. }) if is_plain(folded) && folded != "published" => self.apply(how, field),
            (_, Level::Container { .. }) if folded == "excludefromcollections" => {
                self.apply(how, field);
                self.tell_what_it_withholds(folded, field, level);
            }
            (_, Level::Container { .. }) => self.apply_silently(how, field),
        }
        false
    }

    /// Hears any other key. The level of what is below it, if that is to be heard, too.
    fn hear_other(
        &mut self,
        entry: &Entry,
        field: &Field<'_>,
        (name, folded): (&str, &str),
        is_container: bool,
        level: Level,
    ) -> Option<Level> {
        match level {
            Level::Elsewhere => self.hear_embargo_elsewhere(name, folded, field),
            Level::Cascade if folded == "cascade" => {}
            Level::Cascade if folded == "date" => {
                self.until(field);
                return None;
            }
            // Of an article it is the date that readers see, too.
            Level::Top(table) if folded == "date" && !keys::is_known(table, "date") => {
                self.until(field);
                return None;
            }
            Level::Top(_) if folded == "cascade" => {
                self.cascade(field);
                return None;
            }
            Level::Top(table) if keys::is_known(table, folded) => {
                // Bludit names the state so.
                if folded == "type" && field.value.text().is_some_and(|text| is_plain(text) && is_hiding(text)) {
                    self.apply(WithholdingKind::Unclear, field);
                }
                return None;
            }
            Level::Container { .. } if keys::is_known(keys::ENTRY, folded) => {
                // Eleventy leaves out what has no address.
                self.withheld.draft |= folded == "permalink" && is_false(&entry.value);
                return None;
            }
            _ => {
                let publication = self.hear_unknown(field, (name, folded), level);
                if publication.is_some() {
                    return Some(Level::Container { publication });
                }
            }
        }
        Some(level.below(folded, is_container, is_map(field.value)))
    }

    /// Hears what is in a map or in the maps of a list.
    fn hear_below(&mut self, entry: &Entry, field: &Field<'_>, below: Level, is_container: bool, spot: Spot<'_>) {
        if spot.depth == DEPTH {
            return;
        }
        let entries = entry.value.entries().unwrap_or_default();
        for part in entries {
            self.hear(part, &field.within(part), spot.below(below, entries));
        }
        let is_of_publication = matches!(below, Level::Container { publication: Some(_) });
        // Lists of maps are of other things, such as images, except where a program keeps its own.
        for map in entry.value.items().filter(|_| is_container || is_of_publication).unwrap_or_default() {
            if let Some(pair) = pair(map) {
                self.hear(&pair, &field.within(&pair), spot.below(below, &[]));
            }
            let entries = map.entries().unwrap_or_default();
            let below = if is_of_publication && !is_of_an_event(entries) { below } else { Level::Elsewhere };
            for part in entries {
                self.hear(part, &field.within(part), spot.below(below, entries));
            }
        }
    }

    /// Hears a key of a map that says when something is published: a moment, or a language. Whether it is one.
    fn hear_bound(&mut self, (name, folded): (&str, &str), field: &Field<'_>, of: Bound, spot: Spot<'_>) -> bool {
        let of_language = || is_locale(name).then_some(Bound::Start);
        let Some(bound) = Bound::of(folded).or_else(of_language) else { return false };
        let of = if of == Bound::Start { bound } else { of };
        let is_end = of == Bound::End;
        let level = Level::Container { publication: Some(of) };
        if spot.depth == DEPTH {
            return true;
        }
        if let Some(text) = field.value.text() {
            match Timestamp::parse(text, self.reading.zone) {
                Ok(date) => self.bound(is_end, date, field, is_end),
                Err(message) if is_like_moment(text) || is_relative(text) => {
                    self.fields.problem(field, message, &cure(text));
                }
                Err(_) => return false,
            }
        }
        for item in field.value.items().unwrap_or(std::slice::from_ref(field.value)) {
            if item.text().is_some() && field.value.items().is_some() {
                self.hear_bound((name, folded), &field.item(item), of, spot.below(level, &[]));
            }
            let entries = item.entries().filter(|entries| !is_of_an_event(entries)).unwrap_or_default();
            for part in entries {
                self.hear(part, &field.within(part), spot.below(level, entries));
            }
        }
        true
    }

    /// Withholds the file until a moment, or from then on.
    fn bound(&mut self, is_end: bool, date: Timestamp, field: &Field<'_>, is_told: bool) {
        if is_end {
            self.withheld.expires = self.withheld.expires.into_iter().chain([date]).min();
        } else {
            self.withheld.publish = self.withheld.publish.max(Some(date));
        }
        if is_told {
            let when = if is_end { "from" } else { "until" };
            let message =
                format!("`{}` withholds this file {when} {}", field.name, field.value.text().unwrap_or_default());
            let word = if is_end { "expires" } else { "date" };
            self.remark(field, message, format!("write `{word}` if it is meant to, else give the key another name"));
        }
    }

    /// Hears a key that is not in the list of words, and may be made of them. What a day is in its map, if that says when
    /// the file is published.
    fn hear_unknown(&mut self, field: &Field<'_>, (name, folded): (&str, &str), level: Level) -> Option<Bound> {
        if is_key_of_sale(folded) && is_sold(folded, field.value) {
            self.sold.push((field.key, field.name.to_string()));
        }
        let is_within = matches!(level, Level::Container { .. });
        let words = keys::words(name);
        if is_map(field.value) {
            let hides = || words.iter().any(|word| HIDES.contains(&&**word));
            let of = || if hides() { Bound::Lift } else { Bound::Start };
            return (is_wish(&words) || folded.contains("embargo")).then(of);
        }
        match field.value.items() {
            // Hardly a list is of states or of moments.
            Some(items) if is_wish(&words) || is_plain_key(&words) || is_state(&words, folded) || is_timed(&words) => {
                items.iter().for_each(|item| self.hear_words(&words, &field.item(item), folded, is_within));
            }
            Some(_) => {}
            None => self.hear_words(&words, field, folded, is_within),
        }
        None
    }

    /// Hears a value behind a key of these words.
    fn hear_words(&mut self, words: &[String], field: &Field<'_>, folded: &str, is_within: bool) {
        if self.hear_state(words, field, folded, is_within)
            || self.hear_moment(words, field, is_within)
            || self.hear_approval(words, field, is_within)
        {
            return;
        }
        // A theme may hide the date of an article, and not the article.
        let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
        let is_display = || has(&["hide", "hidden", "visible", "visibility"]);
        if is_display() && has(&["date", "dates", "time"]) && field.value.text().and_then(truth).is_some() {
            return;
        }
        if is_plain_key(words) && field.value.text().and_then(truth).is_some_and(|truth| hides(words, truth)) {
            return self.refuse(field);
        }
        let counts = !is_within || words.iter().any(|word| is_plain(word)) && !is_display();
        if counts && is_wish(words) && looks_like_withholding(field.value, self.reading) {
            self.refuse(field);
        } else if let Some(meant) = meant(folded)
            && looks_like_withholding(field.value, self.reading)
        {
            let message = format!("`{}` looks like `{meant}`, which can withhold this file", field.name);
            let hint = format!("write `{meant}`, or give the key another name");
            self.fields.problem_at(field.key, message, &hint);
        }
    }

    /// Refuses a key by which something waits, or is not approved or meant to be published: `legal_review: pending`,
    /// `needs_review: true`, `signed_off: false`, `legal_hold: true`, `do_not_run: true`. Whether it is one.
    fn hear_approval(&mut self, words: &[String], field: &Field<'_>, is_within: bool) -> bool {
        let (Some(said), Some(last)) = (field.value.text(), words.last()) else { return false };
        let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
        let is_approval = || matches!(&**last, "approved" | "approval" | "released" | "review" | "moderation");
        let is_given = || {
            let is_signed = last == "off" && words.iter().rev().nth(1).is_some_and(|word| word == "signed");
            // A theme may show this or that; at the top it is the article.
            let is_shown = || words.len() == 1 && last == "show" && !is_within;
            is_signed || matches!(&**last, "approve" | "approved" | "approval" | "cleared" | "released") || is_shown()
        };
        let awaits = || {
            let said = bare(said);
            AWAITED.contains(&&*said) || ["pending", "await"].iter().any(|word| said.starts_with(word))
        };
        let is_needed = || {
            let is_within = words.len() == 2 && matches!(&*words[0], "in" | "to" | "under");
            (is_within || has(&["await", "awaiting", "awaits", "need", "needs", "pending", "requires"]))
                && matches!(
                    &**last,
                    "approval"
                        | "check"
                        | "clearance"
                        | "edit"
                        | "editing"
                        | "legal"
                        | "moderation"
                        | "review"
                        | "reviewed"
                )
        };
        let is_stopped = || {
            const ALL: [&str; 17] = [
                "air", "be", "display", "do", "dont", "ever", "for", "never", "not", "post", "print", "release", "run",
                "show", "until", "use", "yet",
            ];
            has(&["dont", "never", "not"]) && words.len() > 1 && words.iter().all(|word| ALL.contains(&word.as_str()))
        };
        let is_refused = match truth(said) {
            Some(true) => {
                let is_held = || words[0] == "hold" && matches!(&*words[1], "for" | "until" | "pending");
                words.len() > 1 && (matches!(&**last, "hold" | "kill" | "spike") || is_held())
                    || is_needed()
                    || is_stopped()
            }
            Some(false) => is_given(),
            None => is_approval() && awaits(),
        };
        let is_of_comments = || has(&["comment", "comments", "ping", "reply", "replies"]);
        let is_refused = is_refused && !is_of_comments();
        if is_refused {
            self.refuse(field);
        }
        is_refused
    }

    /// Refuses what says that an article is only for those who pay, where the file does not say who may read it.
    fn refuse_what_is_sold(&mut self) {
        for (mark, name) in std::mem::take(&mut self.sold) {
            let message = format!("`{name}` may mean that only subscribers are to read this");
            let hint = "add `access: subscribers`, and let the host ask for the subscription; or add `access: free`";
            self.fields.problem_at(mark, message, hint);
        }
    }

    /// Reads a key that names the state of something: `moderation_state: draft`.
    fn hear_state(&mut self, words: &[String], field: &Field<'_>, folded: &str, is_within: bool) -> bool {
        let is_of_comments = || ["comment", "comments", "ping"].iter().any(|word| folded.starts_with(word));
        let is_of_event = || words.iter().any(|word| is_listed(word, SUBJECTS));
        if !is_state(words, folded) || is_of_comments() || is_of_event() {
            return false;
        }
        let Some(said) = field.value.text().filter(|text| is_hiding(text) || is_waiting(text)) else { return false };
        let Some((_, of)) = words.split_last() else { return false };
        let is_of_file = !of.is_empty() && of.iter().all(|word| is_of([&STRONG, &BESIDE, &STATED], word));
        if is_of_file && is_hiding(said) {
            self.withheld.draft = true;
        } else if is_of_file || is_hiding(said) && (!is_within || is_plain(&said.to_lowercase())) {
            self.refuse(field);
        }
        true
    }

    /// Reads a date behind a key of several words: until it comes the file is withheld, or from then on.
    fn hear_moment(&mut self, words: &[String], field: &Field<'_>, is_within: bool) -> bool {
        let (is_wish, is_timed) = (is_wish(words), || is_timed(words));
        let Some(text) = field.value.text().filter(|_| is_wish || is_plain_key(words) || is_timed()) else {
            return false;
        };
        let (is_end, is_timed) = (is_end(words), is_timed());
        let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
        // What a map of a theme shows for a while is another thing.
        let is_another = is_within && is_end && !has(&["delete", "hold", "kill", "removal", "remove", "takedown"]);
        if is_another && !is_wish && !is_plain_key(words) {
            return false;
        }
        match Timestamp::parse(text, self.reading.zone) {
            Ok(date) => {
                let is_of_league = words.iter().all(|word| matches!(&**word, "draft" | "date"));
                self.bound(is_end, date, field, !is_wish && (is_end || is_timed) || is_of_league);
            }
            Err(message) if is_unread(words, text, is_wish || is_timed) || is_unread_schedule(words, text) => {
                self.fields.problem(field, message, &cure(text));
            }
            Err(_) => return false,
        }
        true
    }

    /// Hears a word in a map that is nobody's: only where it, or the state that it names, speaks of publication and of
    /// nothing else.
    fn hear_plain(&mut self, how: WithholdingKind, folded: &str, field: &Field<'_>) {
        let is_plain_state = matches!(how, WithholdingKind::Status | WithholdingKind::Perhaps(None))
            && field.value.text().is_some_and(|text| is_plain(&keys::fold(text)));
        if !is_plain(folded) && !is_plain_state {
            return;
        }
        if how == WithholdingKind::Until && self.refuse_unread_embargo(folded, field) {
            return;
        }
        let mut said = Withheld::default();
        apply(&mut said, how, &mut Fields::new("", ""), field, self.reading);
        said.publish = said.publish.filter(|_| folded.contains("embargo"));
        said.expires = None;
        if said != Withheld::default() {
            self.elsewhere.push((field.key, field.name.to_string(), said));
        }
    }

    /// Hears the moment behind a key of several words in a map that is nobody's: `press_embargo`.
    fn hear_embargo_elsewhere(&mut self, name: &str, folded: &str, field: &Field<'_>) {
        if folded.contains("embargo")
            && !self.refuse_unread_embargo(name, field)
            && field.value.text().is_some_and(is_like_day)
        {
            self.hear_plain(WithholdingKind::Until, folded, field);
        }
    }

    /// Refuses the moment of an embargo that cannot be read. Whether it is one.
    fn refuse_unread_embargo(&mut self, name: &str, field: &Field<'_>) -> bool {
        let Some(text) = field.value.text().filter(|text| !is_over(text)) else { return false };
        let Err(message) = Timestamp::parse(text, self.reading.zone) else { return false };
        let is_unread = is_unread(&keys::words(name), text, true);
        if is_unread {
            self.fields.problem(field, message, &cure(text));
        }
        is_unread
    }

    /// Refuses what is meant as a day and cannot be read. Whether it is.
    fn refuse_unread_day(&mut self, field: &Field<'_>) -> bool {
        let Some(text) = field.value.text().filter(|text| is_like_day(text)) else { return false };
        let Err(message) = Timestamp::parse(text, self.reading.zone) else { return false };
        self.fields.problem(field, message, &cure(text));
        true
    }

    fn hear_elsewhere(&mut self, entries: &[Entry]) {
        if self.elsewhere.is_empty() || self.withheld.draft {
            return;
        }
        // A map may be no more than what a merge key takes from: of a draft, what the file says of itself counts.
        let is_said = entries.iter().any(|entry| matches!(&*keys::fold(entry.name()), "draft" | "published"));
        for (mark, name, said) in std::mem::take(&mut self.elsewhere) {
            if is_said && said.publish.is_none() {
                continue;
            }
            self.withheld.draft |= said.draft && !is_said;
            self.withheld.publish = self.withheld.publish.max(said.publish);
            self.fields.remarks.push((mark, format!("`{name}` withholds this file"), OF_ANOTHER.to_owned()));
        }
    }

    /// Tells of a key by which other programs leave less out than courant does.
    fn tell_what_it_withholds(&mut self, folded: &str, field: &Field<'_>, level: Level) {
        let is_section = matches!(level, Level::Top(table) if std::ptr::eq(table, keys::SECTION));
        let mut said = Withheld::default();
        if is_section && matches!(folded, "render" | "build" | "headless") {
            apply(
                &mut said,
                how(folded).unwrap_or(WithholdingKind::Hides),
                &mut Fields::new("", ""),
                field,
                self.reading,
            );
            if said.draft {
                let what = match self.fields.path.rsplit_once('/') {
                    Some(("content", _)) => "the text of the front page, and nothing else",
                    _ => "the whole section, with all that is in it",
                };
                let message = format!("`{}` withholds {what}", field.name);
                let hint = "write `draft: true` if it is meant to; else remove the key: courant has no section without its page";
                self.remark(field, message, hint.to_owned());
            }
            return;
        }
        let is_list_only = match folded {
            "build" => build_says(field, "render", &["never", "false", "link"]).is_none(),
            "eleventyexcludefromcollections" | "excludefromcollections" | "discoverable" | "makediscoverable" => true,
            _ => false,
        };
        if is_list_only {
            apply(
                &mut said,
                how(folded).unwrap_or(WithholdingKind::Hides),
                &mut Fields::new("", ""),
                field,
                self.reading,
            );
        }
        if said.draft {
            let what = if matches!(level, Level::Cascade) { "the whole section" } else { "this file" };
            let message = format!("`{}` withholds {what}; elsewhere it only leaves it out of lists", field.name);
            self.remark(field, message, "write `draft: true` if it is meant to; else remove the key".to_owned());
        }
    }

    /// Refuses a `cascade` in a form that is not read: `cascade: draft`, `cascade.draft: true`, `cascades`.
    fn refuse_cascade(&mut self, entry: &Entry) {
        let name = entry.name();
        let is_text = || entry.value.text().is_some() && !entry.value.says_nothing();
        if name.starts_with("cascade.") || name == "cascades" || name == "cascade" && is_text() {
            let message = format!("`{name}` is not read as a cascade, and may withhold a section");
            let hint = "write `cascade: { draft: true }`, or give the key another name";
            self.fields.problem_at(entry.key.mark, message, hint);
        }
    }

    /// Reads Hugo's `cascade`: a map, or a list of maps. One that is meant for some pages only is refused.
    fn cascade(&mut self, field: &Field<'_>) {
        for map in field.value.items().unwrap_or(std::slice::from_ref(field.value)) {
            let before = self.withheld;
            let entries = map.entries().unwrap_or_default();
            for entry in entries {
                self.hear(entry, &Field::of(entry), Spot { level: Level::Cascade, depth: 1, beside: few(entries) });
            }
            let target = entries.iter().find(|entry| keys::fold(entry.name()) == "target");
            if let Some(target) = target.filter(|_| self.withheld != before) {
                let message = "this `cascade` withholds some pages only, which courant does not read";
                self.fields.problem_at(target.key.mark, message, "write `draft` or `expires` into these pages");
            }
        }
    }

    fn until(&mut self, field: &Field<'_>) {
        self.withheld.publish = self.withheld.publish.max(moment(self.fields, field, self.reading));
    }

    fn apply(&mut self, how: WithholdingKind, field: &Field<'_>) {
        apply(&mut self.withheld, how, self.fields, field, self.reading);
    }

    /// Problems of keys that are not courant's are not told, but for the reason why something is withheld; and that one
    /// withholds which may be of something else is told.
    fn apply_silently(&mut self, how: WithholdingKind, field: &Field<'_>) {
        let is_day = || field.value.text().is_some_and(is_like_day);
        match how {
            // Other programs sell houses and call that a status, too.
            WithholdingKind::Status
                if field.value.text().is_some_and(|text| is_waiting(text) || is_one_of(&PAID, text)) =>
            {
                return refuse_state(self.fields, field, is_one_of(&PAID, field.value.text().unwrap_or_default()));
            }
            WithholdingKind::Status | WithholdingKind::Secret | WithholdingKind::Build => {}
            // Themes list an article in their archive.
            WithholdingKind::Unclear if keys::fold(&field.name).ends_with("archive") => return,
            WithholdingKind::Hides if is_day() => return self.apply(how, field),
            _ if self.refuse_unread_day(field) => return,
            _ => {}
        }
        let was_draft = std::mem::take(&mut self.withheld.draft);
        let mut silent = Fields::new("", "");
        let is_told = matches!(how, WithholdingKind::Gone | WithholdingKind::Perhaps(_) | WithholdingKind::Unclear);
        let fields = if is_told { &mut *self.fields } else { &mut silent };
        apply(&mut self.withheld, how, fields, field, self.reading);
        if self.withheld.draft
            && matches!(
                how,
                WithholdingKind::Hides
                    | WithholdingKind::Shows
                    | WithholdingKind::Gone
                    | WithholdingKind::Perhaps(Some(_))
            )
        {
            self.remark(field, format!("`{}` withholds this file", field.name), OF_ANOTHER.to_owned());
        }
        self.withheld.draft |= was_draft;
    }

    fn refuse(&mut self, field: &Field<'_>) {
        let message = format!("`{}` looks like a wish to withhold this file, and is not known", field.name);
        let hint = "write `draft: true` to withhold it, or give the key another name";
        self.fields.problem_at(field.key, message, hint);
    }

    /// Refuses a key beside a day that is to say the time of that day, and does not.
    fn refuse_time(&mut self, time: &Entry) {
        let said = time.value.text().unwrap_or_default();
        let message = format!("`{}` is not a time of day: `{said}`", time.name());
        self.fields.problem_at(time.key.mark, message, "write hours and minutes, as in `18:00`");
    }

    fn remark(&mut self, field: &Field<'_>, message: String, hint: String) {
        self.fields.remarks.push((field.key, message, hint));
    }
}

/// Whether a value is a map, or a list with maps.
fn is_map(value: &Node) -> bool {
    let is_one = |value: &Node| value.entries().is_some();
    is_one(value) || value.items().is_some_and(|items| items.iter().any(is_one))
}

/// Whether a map of a list is of an event and not of a publication.
fn is_of_an_event(entries: &[Entry]) -> bool {
    const KEYS: &str = "away,description,event,home,journal,label,location,match,name,opponent,place,\
         publisher,round,speaker,team,teams,text,title,venue,what,where";
    entries.iter().any(|entry| is_listed(&keys::fold(entry.name()), KEYS))
}

/// Whether a day is that of a work that is reviewed, by the keys beside it.
fn is_of_a_work(folded: &str, beside: &[Entry]) -> bool {
    const WORK: &str = "artist,cast,developer,director,genre,isbn,itemreviewed,pages,platform,rating,runtime,studio";
    let is_of_it = |other: &Entry| {
        let name = keys::fold(other.name());
        WORK.split(',').any(|word| name.starts_with(word))
            || name == "kind" && other.value.text().is_some_and(|kind| bare(kind) == "review")
    };
    OF_WORKS.contains(&folded) && beside.iter().any(is_of_it)
}

/// Whether a key of TYPO3 says when an event is, by the keys beside it, and not when a file is published.
fn is_time_of_an_event(name: &str, beside: &[Entry]) -> bool {
    const EVENT: [&str; 5] = ["event", "location", "place", "speaker", "venue"];
    const KINDS: [&str; 5] = ["category", "kind", "layout", "template", "type"];
    let is_of_it = |other: &Entry| {
        let words = keys::words(other.name());
        let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
        has(&EVENT) || has(&KINDS) && other.value.text().is_some_and(|said| bare(said) == "event")
    };
    matches!(name, "starttime" | "endtime") && beside.iter().any(is_of_it)
}

/// Whether a name of JavaScript that is not run would withhold a file, or might: `value` is what is behind it, if that
/// is a text or a word.
pub(super) fn may_withhold(name: &str, value: Option<&str>) -> bool {
    let is = |word: &str| value == Some(word);
    let hides = || value.is_some_and(is_hiding);
    let shows = || value.is_some_and(|value| is_one_of(&SHOWING, value));
    match how(&keys::fold(name)) {
        None | Some(WithholdingKind::Unclear) => false,
        Some(WithholdingKind::Hides | WithholdingKind::Secret | WithholdingKind::Until | WithholdingKind::From) => {
            !["false", "null", "undefined"].into_iter().any(is)
        }
        Some(WithholdingKind::Shows) => !is("true") && !shows(),
        Some(WithholdingKind::Status) => !shows(),
        Some(WithholdingKind::Build) => true,
        Some(WithholdingKind::Gone) => is("true") || hides(),
        Some(WithholdingKind::Perhaps(by)) => hides() || by.is_some_and(|by| is(if by { "true" } else { "false" })),
    }
}

/// Whether a source lies in Jekyll's folder of drafts, on whatever level.
pub fn is_in_drafts(path: &str) -> bool {
    // Hardly a path has a name that begins with an underscore.
    path.contains("/_")
        && path
            .split('/')
            .rev()
            .skip(1)
            .any(|folder| ["_drafts", "_draft"].iter().any(|name| folder.eq_ignore_ascii_case(name)))
}

/// Longer names are text before a colon, in bytes. A line may have millions of them.
const LONGEST_NAME: usize = 1000;

/// Whether one of the first lines of a file that cannot be read has a key that withholds, or nearly one.
pub fn speaks_of_withholding(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    text.lines().take(100).any(|line| {
        let name = line.split([':', '=']).next().unwrap_or_default().trim();
        if name.len() == line.trim_end().len() || name.len() > LONGEST_NAME {
            return false;
        }
        let folded = keys::fold(name);
        how(&folded).is_some() || meant(&folded).is_some() || is_wish(&keys::words(name))
    })
}

/// Whether a line of text would withhold a file if it stood in the front matter. In text any words may stand before a
/// colon, so here only the keys of the list count.
pub(super) fn withholds(name: &str, value: &Node, reading: &Reading<'_>) -> bool {
    let Some(how) = how(&keys::fold(name)) else { return false };
    let mut withheld = Withheld::default();
    let field = Field { name: name.into(), key: Mark::default(), value };
    apply(&mut withheld, how, &mut Fields::new("", ""), &field, reading);
    withheld.draft
        || withheld.expires.is_some()
        || withheld.publish.is_some() && keys::fold(name).starts_with("embargo")
}

/// What a key says beside others that stand elsewhere than at the top of front matter, and no less than there: in an entry
/// of a list, in data beside an article, in the braces of a heading. Doubts are errors.
pub(super) fn said(fields: &mut Fields<'_>, entry: &Entry, beside: &[Entry], reading: &Reading<'_>) -> Withheld {
    let mut hearing = Hearing::of(fields, reading);
    hearing.hear(entry, &Field::of(entry), Spot { level: Level::Top(keys::ITEM), depth: 0, beside: few(beside) });
    hearing.hear_elsewhere(beside);
    hearing.withheld
}

/// Whether a key says when something is published, and not until when it is withheld: of a source, that is its own date.
pub(super) fn is_date_of_publication(name: &str) -> bool {
    how(&keys::fold(name)) == Some(WithholdingKind::Shows)
}

/// Whether this is Sanity's name for a document that is not published: `_id: drafts.…`.
fn is_draft_by_id(name: &str, field: &Field<'_>) -> bool {
    name == "_id" && field.value.text().is_some_and(|id| id.starts_with("drafts."))
}

/// What Hugo's `build` says behind one of its keys, if it is one of these words.
fn build_says<'w>(field: &Field<'_>, key: &str, words: &[&'w str]) -> Option<&'w str> {
    let said = field.get(key)?.value.text()?.to_lowercase();
    words.iter().copied().find(|word| *word == said)
}

fn apply(
    withheld: &mut Withheld,
    how: WithholdingKind,
    fields: &mut Fields<'_>,
    field: &Field<'_>,
    reading: &Reading<'_>,
) {
    // The key itself, without the map in which it stands.
    let name = keys::fold(field.name.rsplit(['.', ':']).next().unwrap_or_default());
    if field.value.is_null() || field.value.text().is_some_and(|text| text.trim().is_empty()) {
        // What Strapi, Ghost, Storyblok and Contentful write of a draft.
        let is_moment = matches!(
            &*name,
            "publishedat" | "publishedon" | "firstpublishedat" | "firstpublicationdate" | "publishedversion"
        );
        withheld.draft |= is_moment && field.value.is_null() || name == "publishedat";
        return;
    }
    if field.value.text().is_some_and(|text| text.starts_with("0000-00-00"))
        && !matches!(how, WithholdingKind::From | WithholdingKind::Gone)
    {
        // What WordPress writes of a draft.
        withheld.draft = true;
        return;
    }
    let text = field.value.text().unwrap_or_default();
    let (truth, is_hiding) = (truth(text), is_hiding(text));
    match how {
        WithholdingKind::Until | WithholdingKind::From if is_over(text) => {}
        WithholdingKind::Hides => {
            withheld.draft |= is_hiding || truth.or_else(|| yes_or_no(fields, field)).unwrap_or_default()
        }
        WithholdingKind::Shows => match truth {
            Some(shows) => withheld.draft |= !shows,
            None if is_hiding => withheld.draft = true,
            None if is_one_of(&SHOWING, text) => {}
            None => withheld.publish = withheld.publish.max(moment(fields, field, reading)),
        },
        WithholdingKind::Until => match truth {
            Some(yes) => withheld.draft |= yes,
            None if is_hiding => withheld.draft = true,
            None => withheld.publish = withheld.publish.max(moment(fields, field, reading)),
        },
        WithholdingKind::From => match truth {
            Some(yes) => withheld.draft |= yes,
            // What programs write for never.
            None if text.trim().starts_with("9999-12-31") => {}
            None => {
                let moment = moment(fields, field, reading);
                withheld.expires = withheld.expires.into_iter().chain(moment).min();
            }
        },
        // The words of ninjs, where `status` may be of an event.
        WithholdingKind::Status
            if is_hiding || name.starts_with("pub") && matches!(&*bare(text), "canceled" | "cancelled") =>
        {
            withheld.draft = true;
        }
        WithholdingKind::Status if is_one_of(&SHOWING, text) || is_everybody(text) || truth == Some(true) => {}
        WithholdingKind::Status => refuse_state(fields, field, is_one_of(&PAID, text)),
        WithholdingKind::Secret => {
            withheld.draft |= !matches!(field.value.text(), Some("false" | "False" | "FALSE" | "no"))
        }
        WithholdingKind::Gone if is_hiding || truth.is_some() => withheld.draft |= is_hiding || truth == Some(true),
        WithholdingKind::Gone if name == "visibleto" && is_everybody(text) => {}
        WithholdingKind::Gone if name == "visibleto" && day_of(text, reading).is_none() => {
            refuse_state(fields, field, true)
        }
        WithholdingKind::Gone => {
            refuse_unclear(fields, field, &name, reading);
            withheld.expires = withheld.expires.into_iter().chain(day_of(text, reading)).min();
        }
        WithholdingKind::Unclear if is_hiding || truth == Some(true) => refuse_as_unclear(fields, field),
        WithholdingKind::Unclear => {}
        // Joomla's numbers.
        WithholdingKind::Perhaps(_) if name == "state" && matches!(text, "0" | "-2") => withheld.draft = true,
        WithholdingKind::Perhaps(by) if is_hiding || truth.is_some() => withheld.draft |= is_hiding || truth == by,
        WithholdingKind::Perhaps(_) => {
            refuse_unclear(fields, field, &name, reading);
            withheld.publish = withheld.publish.max(day_of(text, reading));
        }
        WithholdingKind::Build => {
            withheld.draft |= build_says(field, "render", &["never", "false", "link"]).is_some()
                || build_says(field, "list", &["never", "false", "local"]).is_some();
        }
    }
}

/// Whether a value says that no embargo or end applies.
fn is_over(text: &str) -> bool {
    matches!(&*bare(text), "none" | "lifted" | "over" | "ended" | "na" | "nil" | "never")
}

/// Whether a text says that everybody is meant.
pub(super) fn is_everybody(text: &str) -> bool {
    EVERYBODY.contains(&&*bare(text))
}

/// Whether a map says until when something is shown.
fn is_shown_until(field: &Field<'_>) -> bool {
    let is_until = |part: &Entry| matches!(&*keys::fold(part.name()), "until" | "till" | "til" | "through");
    field.value.entries().is_some_and(|parts| parts.iter().any(is_until))
}

fn day_of(text: &str, reading: &Reading<'_>) -> Option<Timestamp> {
    Timestamp::parse(text, reading.zone).ok()
}

/// Whether a key withholds that has no date behind it. Where it has one, nobody knows whether it begins or ends something.
fn yes_or_no(fields: &mut Fields<'_>, field: &Field<'_>) -> Option<bool> {
    let Some(day) = field.value.text().filter(|text| is_like_day(text)) else { return fields.boolean(field) };
    let message = format!("`{}` must be true or false, and `{day}` is a date", field.name);
    let hint = "write it behind `embargo` to withhold the file until then, or behind `expires` to do so from then on";
    fields.problem(field, message, hint);
    None
}

/// Refuses a word that is no state, or shows the file to some readers only.
fn refuse_state(fields: &mut Fields<'_>, field: &Field<'_>, is_of_some: bool) {
    let message = format!("`{}` has a value that neither shows nor withholds", field.name);
    let hint = if is_of_some {
        "write `access: subscribers`, and let the host ask for the subscription; or withhold it by `draft: true`"
    } else {
        "write `published` or `draft`; a state of your own needs a key of another name"
    };
    fields.problem(field, message, hint);
}

/// Refuses a value that may be of another thing, or the reason why the file is withheld: `hold: legal`,
/// `stage: with lawyers`; and a day that cannot be read.
fn refuse_unclear(fields: &mut Fields<'_>, field: &Field<'_>, name: &str, reading: &Reading<'_>) {
    let Some(text) = field.value.text().map(str::trim) else { return };
    if day_of(text, reading).is_some() {
        return;
    }
    let is_data = || text.starts_with(|c: char| c.is_ascii_digit() || c == '/') || text.contains("://");
    if is_like_day(text) {
        _ = moment(fields, field, reading);
    } else if NEWSROOM.contains(&name) && !is_data() || WAITING.contains(&name) && is_waiting(text) {
        refuse_as_unclear(fields, field);
    }
}

fn refuse_as_unclear(fields: &mut Fields<'_>, field: &Field<'_>) {
    let message = format!("`{}` may mean that this file is withheld, or something else", field.name);
    fields.problem_at(field.key, message, "write `draft: true` to withhold it, or give the key another name");
}

fn truth(text: &str) -> Option<bool> {
    let text = text.trim();
    if text.len() > 5 {
        return None;
    }
    match &*text.to_lowercase() {
        "true" | "yes" | "on" | "1" => Some(true),
        "false" | "no" | "off" | "0" => Some(false),
        "ja" | "oui" | "si" | "sí" | "sì" | "sim" => Some(true),
        "nein" | "non" | "nee" | "não" | "nao" => Some(false),
        _ => None,
    }
}

/// Whether a value says no.
pub(super) fn is_false(value: &Node) -> bool {
    value.text().is_some_and(|text| !text.starts_with(|c: char| c.is_ascii_digit()) && truth(text) == Some(false))
}

fn is_key_of_sale(folded: &str) -> bool {
    is_listed(folded.strip_prefix("is").unwrap_or(folded), SOLD)
}

/// Whether the value of one of [`SOLD`] says that an article is.
fn is_sold(folded: &str, value: &Node) -> bool {
    if folded.ends_with("accessibleforfree") {
        return is_false(value);
    }
    let said = |text: &str| {
        let is_walled = matches!(&*bare(text), "required" | "hard" | "metered");
        is_one_of(&PAID, text) || folded != "audience" && (is_walled || truth(text) == Some(true))
    };
    value.text().is_some_and(said)
}

fn is_one_of(words: &[&str], text: &str) -> bool {
    words.contains(&&*bare(text))
}

/// The word from which a key is one edit away.
pub fn meant(folded: &str) -> Option<&'static str> {
    let letters = folded.chars().count();
    if !(3..=16).contains(&letters) || FREE.contains(&folded) || how(folded).is_some() {
        return None;
    }
    // Words of four letters have too many neighbours that mean something else.
    let date = ["dae", "daet", "dat", "dte", "dtae"].contains(&folded).then_some("date");
    let near = |(word, how): &&(&str, WithholdingKind)| {
        !matches!(
            how,
            WithholdingKind::Build | WithholdingKind::Perhaps(_) | WithholdingKind::Gone | WithholdingKind::Unclear
        ) && word.len().abs_diff(letters) <= 1
            && strsim::osa_distance(word, folded) == 1
    };
    date.or_else(|| WORDS.iter().find(near).map(|(word, how)| documented(word, *how)))
}

/// The key that a user knows for a word: itself as the table of keys spells it, or the one that does the same.
fn documented(word: &'static str, how: WithholdingKind) -> &'static str {
    let spelled = keys::names(keys::ENTRY).find(|name| keys::fold(name) == word);
    spelled.unwrap_or(match how {
        WithholdingKind::From | WithholdingKind::Gone => "expires",
        WithholdingKind::Until => "embargo",
        WithholdingKind::Shows if matches!(word, "public" | "visible") => "published",
        WithholdingKind::Shows => "publishDate",
        WithholdingKind::Status => "status",
        WithholdingKind::Hides
        | WithholdingKind::Secret
        | WithholdingKind::Build
        | WithholdingKind::Perhaps(_)
        | WithholdingKind::Unclear => "draft",
    })
}

fn looks_like_withholding(value: &Node, reading: &Reading<'_>) -> bool {
    let Some(text) = value.text() else { return false };
    truth(text).is_some_and(|_| text.len() > 1)
        || is_hiding(text)
        || is_one_of(&SHOWING, text)
        || Timestamp::parse(text, reading.zone).is_ok()
}

/// Tells of keys that are there twice: where both withhold and say different things, with an error, since nobody can
/// know which one is meant. Else the last one counts, as in Jekyll; returns these: the later key, and the line of the
/// earlier one.
pub(super) fn duplicates(fields: &mut Fields<'_>, head: &Node) -> Vec<(Mark, String, u32)> {
    let mut slips = Vec::new();
    let fold = |depth: usize, key| if depth == 0 { keys::fold(key) } else { key.into() };
    head.duplicates(&fold, &mut |depth, first, again| {
        let folded = keys::fold(again.name());
        let withholds = depth == 0 && how(&folded).is_some();
        if withholds && !first.value.is_same(&again.value) {
            let said = |entry: &Entry| format!("`{}: {}`", entry.name(), entry.value.text().unwrap_or("…"));
            let message =
                format!("{} in line {} and {} contradict each other", said(first), first.key.mark.line, said(again));
            fields.problem_at(again.key.mark, message, "keep one of the two");
        } else {
            slips.push((again.key.mark, again.name().to_owned(), first.key.mark.line));
        }
    });
    slips
}
