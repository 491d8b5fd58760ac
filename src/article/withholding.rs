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
mod unlisted;
mod value;
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
use crate::source_name::is_locale;
use crate::yaml::{Entry, Mark, Node};
pub use data::wish_in_data;
use hour::{Day, is_time_of_another, refuse_time, with_time};
pub(super) use hour::{date_of_name, date_with_time, is_read_beside};
pub(super) use key::is_relative;
use key::{is_plain_key, is_wish};
pub(super) use stray::refuse_stray;
use unlisted::{is_key_of_sale, is_sold};
pub(crate) use value::OVER;
use value::{apply, build_says, is_one_of, is_shown_until, refuse_state};
pub(super) use value::{is_everybody, is_false, truth};
use words::{Bound, CONTAINERS, FREE, OF_WORKS, PAID, PUBLICATION, SHOWING, TAGS, WORDS, bare, is_listed, is_plain};
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
    if !keys::is_known(table, "access") {
        hearing.refuse_wall(entries);
    } else if !says_who() {
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
        if let Some(date) = moments::date_of_withdrawal(field, &folded, spot.level) {
            return self.hear_withdrawal(field, date);
        }
        let is_moment = || self.is_moment(name, &folded, spot.level);
        let is_among_others = !matches!(spot.level, Level::Container { .. });
        let day = Day { name, folded: &folded, is_moment: &is_moment, is_among_others };
        let own = with_time(day, &entry.value, spot.beside);
        let is_container = is_map(field.value) && CONTAINERS.contains(&&*folded);
        match own {
            Some(Ok(value)) => return self.hear_value(entry, field, &value, spot),
            Some(Err(time)) if self.is_moment(name, &folded, spot.level) => refuse_time(self.fields, time),
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
        let of_publication = match level {
            Level::Container { publication } => publication.is_some() && Bound::of(folded).is_some(),
            Level::Top(_) | Level::Cascade => folded == "date",
            Level::Elsewhere => false,
        };
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
                unlisted::hear_plain(self, how, folded, field);
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
            Level::Elsewhere => unlisted::hear_embargo_elsewhere(self, name, folded, field),
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
                // The key of courant counts at the top only.
                if folded == "access" && field.value.text().is_some_and(|text| is_one_of(&PAID, text)) {
                    self.sold.push((field.key, field.name.to_string()));
                }
                return None;
            }
            _ => {
                let publication = unlisted::hear_unknown(self, field, (name, folded), level);
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
            let parse = if is_end { Timestamp::parse } else { Timestamp::beginning };
            match parse(text, self.reading.zone) {
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

    /// Refuses what says that an article is only for those who pay, where the file does not say who may read it.
    fn refuse_what_is_sold(&mut self) {
        for (mark, name) in std::mem::take(&mut self.sold) {
            let message = format!("`{name}` may mean that only subscribers are to read this");
            let hint = "add `access: subscribers`, and let the host ask for the subscription; or add `access: free`";
            self.fields.problem_at(mark, message, hint);
        }
    }

    /// Refuses what says that only those are to read something who pay, in the file of a section, a profile or an
    /// advertisement: it would say so of nothing.
    fn refuse_wall(&mut self, entries: &[Entry]) {
        let maps = |cascade: &Entry| cascade.value.items().unwrap_or(std::slice::from_ref(&cascade.value)).to_vec();
        let cascade = entries.iter().filter(|entry| keys::fold(entry.name()) == "cascade").flat_map(maps);
        let within: Vec<Entry> = cascade.flat_map(|map| map.entries().unwrap_or_default().to_vec()).collect();
        let is_wall = |entry: &&Entry| {
            let is_free = entry.value.text().is_some_and(|text| is_everybody(text) || bare(text) == "free");
            keys::fold(entry.name()) == "access" && !entry.value.says_nothing() && !is_free
        };
        let walls = entries.iter().chain(&within).filter(is_wall);
        self.sold.extend(walls.map(|entry| (entry.key.mark, entry.name().to_owned())));
        for (mark, name) in std::mem::take(&mut self.sold) {
            let message = format!("`{name}` has no effect here: only articles and pages can be for subscribers");
            let hint = "write `access: subscribers` into the front matter of each of them, and remove the key here";
            self.fields.problem_at(mark, message, hint);
        }
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
            _ if unlisted::refuse_unread_day(self, field) => return,
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

/// What a key of moderation says of a comment, by the words that count everywhere. Doubts are errors.
pub(super) fn said_of_comment(
    fields: &mut Fields<'_>,
    entry: &Entry,
    how: WithholdingKind,
    reading: &Reading<'_>,
) -> Withheld {
    let (mut withheld, field) = (Withheld::default(), Field::of(entry));
    let values = wrapped(field.value, how);
    if values.is_empty() && field.value.text().is_none() && !field.value.says_nothing() {
        fields.problem(&field, format!("`{}` must be true or false", field.name), "write `true` or `false`");
    }
    for value in values.into_iter().chain(field.value.text().map(|_| field.value)) {
        apply(&mut withheld, how, fields, &field.item(value), reading);
    }
    withheld
}

/// Whether the words of a key name a moment or a state that withholds. A misspelled key of the list does not count.
pub(super) fn is_wish_by_name(name: &str) -> bool {
    let (words, folded) = (keys::words(name), keys::fold(name));
    (is_wish(&words) || is_plain_key(&words) || key::is_timed(&words) || key::is_state(&words, &folded))
        && meant(&folded).is_none()
}

/// Whether a key, folded, may say something about when an entry of a list is seen.
pub(super) fn is_heard(folded: &str) -> bool {
    how(folded).is_some() || keys::is_known(keys::ITEM, folded) || hour::is_whole_time(folded)
}

/// Whether a key says when something is published, and not until when it is withheld: of a source, that is its own date.
pub(super) fn is_date_of_publication(name: &str) -> bool {
    how(&keys::fold(name)) == Some(WithholdingKind::Shows)
}

/// Whether this is Sanity's name for a document that is not published: `_id: drafts.…`.
fn is_draft_by_id(name: &str, field: &Field<'_>) -> bool {
    name == "_id" && field.value.text().is_some_and(|id| id.starts_with("drafts."))
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
