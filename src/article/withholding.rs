//! Withholding: which keys of front matter keep something from the site, in the spellings of Jekyll, Hugo, WordPress,
//! Ghost and their like.
//!
//! The list of words is closed and fails closed: a key that is one edit away from one of them, or a value of one that
//! is not understood, is an error, since whoever wrote it relies on it.

mod stray;
mod words;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::fields::{Field, Fields};
use super::front_matter::Reading;
use super::keys;
use super::lines;
use super::record::Text;
use super::time::Timestamp;
use super::values::moment;
use crate::yaml::{Entry, Mark, Node};
pub(super) use stray::{refuse_open_comments, refuse_stray};
pub(super) use words::is_hiding;
use words::{
    BESIDE, CHANNELS, CONTAINERS, ENDS, FREE, HIDES, PAID, PUBLICATION, SHOWING, SOLD, STATED, STRONG, TAGS, TIMED,
    TIMES, WORDS, is_plain,
};
pub use words::{How, how};

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
        /// Whether the map says when something is published: `schedule: { start: … }`.
        is_of_publication: bool,
    },
    /// In any other map: there only words count that mean nothing else.
    Elsewhere,
}

impl Level {
    const CONTAINER: Self = Self::Container { is_of_publication: false };
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
    let mut hearing =
        Hearing { withheld: Withheld::default(), elsewhere: Vec::new(), sold: Vec::new(), fields, reading };
    for entry in entries {
        hearing.hear(entry, &Field::of(entry), Level::Top(table), 0);
    }
    // A map may be no more than what a merge key takes from: what the file says of itself counts.
    let is_said = || entries.iter().any(|entry| matches!(&*keys::fold(entry.name()), "draft" | "published"));
    if !hearing.elsewhere.is_empty() && !hearing.withheld.draft && !is_said() {
        hearing.hear_elsewhere();
    }
    let says_who = || entries.iter().any(|entry| keys::fold(entry.name()) == "access");
    if !hearing.sold.is_empty() && keys::is_known(table, "access") && !says_who() {
        hearing.refuse_what_is_sold();
    }
    hearing.withheld
}

/// Refuses the tags by which Nikola withholds an article. Where they are meant as tags, they can have more words.
pub(super) fn refuse_tags(fields: &mut Fields<'_>, field: &Field<'_>, names: &[Text<'_>]) {
    if let Some(name) = names.iter().find(|name| TAGS.contains(&&***name)) {
        let message = format!("the tag `{}` may mean that this file is withheld", &**name);
        let hint = "write `draft: true` to withhold it, or give the tag another name, such as `league draft`";
        fields.problem_at(lines::among(field.value, name).unwrap_or(field.key), message, hint);
    }
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

impl Hearing<'_, '_, '_> {
    /// Hears one key: `field` is it with its whole name.
    fn hear(&mut self, entry: &Entry, field: &Field<'_>, level: Level, depth: usize) {
        let (level, name) = match entry.name().rsplit_once(['.', ':']) {
            // `params.draft` and `wp:post_password` count as keys in a map.
            Some((_, name)) if matches!(level, Level::Top(_)) && !name.is_empty() => (Level::CONTAINER, name),
            _ => (level, entry.name()),
        };
        let folded = keys::fold(name);
        if matches!(level, Level::Container { is_of_publication: true }) && self.hear_bound(&folded, field) {
            return;
        }
        self.withheld.draft |= is_draft_by_id(entry.name(), field);
        let is_container = is_map(field.value) && CONTAINERS.contains(&&*folded);
        if !is_container
            && let Some(how) = how(&folded)
            && let Some(value) = wrapped(field.value, how)
        {
            let plain = Entry { key: entry.key.clone(), value: value.clone() };
            let field = Field { name: field.name.clone(), key: field.key, value };
            return self.hear(&plain, &field, level, depth);
        }
        let is_map = is_map(field.value);
        match (how(&folded), level) {
            (Some(how), Level::Elsewhere) => self.hear_plain(how, &folded, field),
            (Some(How::Build), Level::Top(_) | Level::Cascade) if is_map => {
                self.apply(How::Build, field);
                self.tell_what_it_withholds(&folded, field, level);
            }
            (Some(How::Perhaps(_) | How::Gone | How::Unclear), _) if is_map => {}
            (Some(_), _) if is_container => {}
            (Some(how), Level::Top(_) | Level::Cascade) => {
                self.apply(how, field);
                return self.tell_what_it_withholds(&folded, field, level);
            }
            (Some(how), Level::Container { .. }) if is_plain(&folded) && folded != "published" => {
                return self.apply(how, field);
            }
            (Some(how), Level::Container { .. }) if folded == "excludefromcollections" => {
                self.apply(how, field);
                return self.tell_what_it_withholds(&folded, field, level);
            }
            (Some(how), Level::Container { .. }) => return self.apply_silently(how, field),
            (None, Level::Elsewhere) => {}
            (None, Level::Cascade) if folded == "cascade" => {}
            (None, Level::Cascade) if folded == "date" => return self.until(field),
            // Of an article it is the date that readers see, too.
            (None, Level::Top(table)) if folded == "date" && !keys::is_known(table, "date") => {
                return self.until(field);
            }
            (None, Level::Top(_)) if folded == "cascade" => return self.cascade(field),
            (None, Level::Top(table)) if keys::is_known(table, &folded) => return,
            (None, Level::Container { .. }) if keys::is_known(keys::STORY, &folded) => {
                // Eleventy leaves out what has no address.
                self.withheld.draft |= folded == "permalink" && is_false(&entry.value);
                return;
            }
            (None, _) => self.hear_unknown(entry, field, &folded, level),
        }
        let below = match level {
            Level::Top(_) | Level::Cascade | Level::Container { .. } if is_container => {
                Level::Container { is_of_publication: PUBLICATION.contains(&&*folded) }
            }
            _ => Level::Elsewhere,
        };
        if depth == DEPTH {
            return;
        }
        for part in entry.value.entries().unwrap_or_default() {
            self.hear(part, &field.within(part), below, depth + 1);
        }
        // Lists of maps are of other things, such as pictures, except where a program keeps its own.
        for map in entry.value.items().filter(|_| is_container).unwrap_or_default() {
            if let Some(pair) = pair(map) {
                self.hear(&pair, &field.within(&pair), below, depth + 1);
            }
            for part in map.entries().unwrap_or_default() {
                self.hear(part, &field.within(part), Level::Elsewhere, depth + 1);
            }
        }
    }

    /// Hears a key of a map that says when something is published. Whether it is one.
    fn hear_bound(&mut self, folded: &str, field: &Field<'_>) -> bool {
        let is_end = ["until", "till", "til", "to", "end", "ends", "stop", "through"].contains(&folded);
        let is_start =
            ["date", "at", "from", "on", "when", "start", "starts", "begin", "begins", "after", "time", "since"];
        if !is_end && !is_start.contains(&folded) {
            return false;
        }
        let Some(date) = field.value.text().and_then(|text| Timestamp::parse(text, self.reading.zone).ok()) else {
            return false;
        };
        self.bound(is_end, date, field, is_end);
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

    /// Hears a key that is not in the list of words, and may be made of them.
    fn hear_unknown(&mut self, entry: &Entry, field: &Field<'_>, folded: &str, level: Level) {
        let name = entry.name();
        let is_within = matches!(level, Level::Container { .. });
        if SOLD.contains(&folded.strip_prefix("is").unwrap_or(folded)) && is_sold(folded, field.value) {
            self.sold.push((field.key, field.name.to_string()));
        }
        let words = keys::words(name);
        if self.hear_state(&words, field, folded, is_within) || self.hear_moment(&words, field, is_within) {
            return;
        }
        // A theme may hide the date of an article, and not the article.
        let is_display = || words.iter().any(|word| matches!(&**word, "hide" | "hidden" | "visible" | "visibility"));
        if is_plain_key(&words) && field.value.text().and_then(truth).is_some_and(|truth| hides(&words, truth)) {
            return self.refuse(field);
        }
        let counts = !is_within || words.iter().any(|word| is_plain(word)) && !is_display();
        if counts && is_wish(&words) && looks_like_withholding(&entry.value, self.reading) {
            self.refuse(field);
        } else if let Some(meant) = meant(folded)
            && looks_like_withholding(&entry.value, self.reading)
        {
            let message = format!("`{}` looks like `{meant}`, which can withhold this file", field.name);
            let hint = format!("write `{meant}`, or give the key another name");
            self.fields.problem_at(entry.key.mark, message, &hint);
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

    /// Reads a key that names the state of something: `moderation_state: draft`.
    fn hear_state(&mut self, words: &[String], field: &Field<'_>, folded: &str, is_within: bool) -> bool {
        let Some(said) = field.value.text().filter(|text| is_hiding(text)) else { return false };
        let Some((last, of)) = words.split_last() else { return false };
        let is_state = matches!(&**last, "status" | "state" | "stage" | "phase") || folded.ends_with("status");
        let is_of_replies = || ["comment", "comments", "ping"].iter().any(|word| folded.starts_with(word));
        if !is_state || is_of_replies() {
            return false;
        }
        let is_of_file =
            |word: &String| [&STRONG[..], &BESIDE[..], &STATED[..]].iter().any(|all| all.contains(&word.as_str()));
        if !of.is_empty() && of.iter().all(is_of_file) {
            self.withheld.draft = true;
        } else if !is_within || is_plain(&said.to_lowercase()) {
            self.refuse(field);
        }
        true
    }

    /// Reads a date behind a key of several words: until it comes the file is withheld, or from then on.
    fn hear_moment(&mut self, words: &[String], field: &Field<'_>, is_within: bool) -> bool {
        let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
        let is_timed = || {
            !is_within
                && has(&TIMED)
                && (has(&TIMES) || has(&["date"]) && has(&["hold", "live", "removal", "remove", "takedown"]))
                && words
                    .iter()
                    .all(|word| [&STRONG[..], &BESIDE[..], &TIMED[..]].iter().any(|all| all.contains(&word.as_str())))
        };
        let is_wish = is_wish(words);
        if !is_wish && !is_plain_key(words) && !is_timed() {
            return false;
        }
        let Some(date) = field.value.text().and_then(|text| Timestamp::parse(text, self.reading.zone).ok()) else {
            return false;
        };
        let is_end = is_end(words);
        self.bound(is_end, date, field, !is_wish && (is_end || is_timed()));
        true
    }

    /// Hears a word in a map that is nobody's: only where it, or the state that it names, speaks of publication and of
    /// nothing else.
    fn hear_plain(&mut self, how: How, folded: &str, field: &Field<'_>) {
        let is_plain_state = matches!(how, How::Status | How::Perhaps(None))
            && field.value.text().is_some_and(|text| is_plain(&keys::fold(text)));
        if !is_plain(folded) && !is_plain_state {
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

    fn hear_elsewhere(&mut self) {
        for (mark, name, said) in std::mem::take(&mut self.elsewhere) {
            self.withheld.draft |= said.draft;
            self.withheld.publish = self.withheld.publish.max(said.publish);
            self.fields.remarks.push((mark, format!("`{name}` withholds this file"), OF_ANOTHER.to_owned()));
        }
    }

    /// Tells of a key by which other programs leave less out than courant does.
    fn tell_what_it_withholds(&mut self, folded: &str, field: &Field<'_>, level: Level) {
        let is_section = matches!(level, Level::Top(table) if std::ptr::eq(table, keys::SECTION));
        let mut said = Withheld::default();
        if is_section && matches!(folded, "render" | "build" | "headless") {
            apply(&mut said, how(folded).unwrap_or(How::Hides), &mut Fields::new("", ""), field, self.reading);
            if said.draft {
                let message = format!("`{}` withholds the whole section, with all that is in it", field.name);
                let hint = "write `draft: true` if it is meant to; else remove the key: courant has no section without its page";
                self.remark(field, message, hint.to_owned());
            }
            return;
        }
        let is_list_only = match folded {
            "build" => build_says(field, "render", &["never", "false", "link"]).is_none(),
            "eleventyexcludefromcollections" | "excludefromcollections" | "discoverable" => true,
            _ => false,
        };
        if is_list_only {
            apply(&mut said, how(folded).unwrap_or(How::Hides), &mut Fields::new("", ""), field, self.reading);
        }
        if said.draft {
            let what = if matches!(level, Level::Cascade) { "the whole section" } else { "this file" };
            let message = format!("`{}` withholds {what}; elsewhere it only leaves it out of lists", field.name);
            self.remark(field, message, "write `draft: true` if it is meant to; else remove the key".to_owned());
        }
    }

    /// Reads Hugo's `cascade`: a map, or a list of maps. One that is meant for some pages only is refused.
    fn cascade(&mut self, field: &Field<'_>) {
        for map in field.value.items().unwrap_or(std::slice::from_ref(field.value)) {
            let before = self.withheld;
            let entries = map.entries().unwrap_or_default();
            for entry in entries {
                self.hear(entry, &Field::of(entry), Level::Cascade, 1);
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

    fn apply(&mut self, how: How, field: &Field<'_>) {
        apply(&mut self.withheld, how, self.fields, field, self.reading);
    }

    /// Problems of keys that are not courant's are not told; but that one withholds which may be of something else is.
    fn apply_silently(&mut self, how: How, field: &Field<'_>) {
        let was_draft = std::mem::take(&mut self.withheld.draft);
        apply(&mut self.withheld, how, &mut Fields::new("", ""), field, self.reading);
        if self.withheld.draft && matches!(how, How::Hides | How::Shows | How::Gone | How::Perhaps(Some(_))) {
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

/// The scalar in a value that a program wraps into maps: Notion's `{ type: select, select: { name: Draft } }`, and
/// `{ value: draft }`. Of a list it is the first that hides.
fn wrapped(value: &Node, how: How) -> Option<&Node> {
    let is_strict = match how {
        How::Build => return None,
        How::Perhaps(_) | How::Gone | How::Unclear => false,
        _ => true,
    };
    let inner = unwrapped(value, is_strict, 0)?;
    (!std::ptr::eq(inner, value)).then_some(inner)
}

fn unwrapped(value: &Node, is_strict: bool, depth: usize) -> Option<&Node> {
    /// The types of properties in Notion that can say something of publication.
    const TYPES: [&str; 8] =
        ["select", "status", "checkbox", "date", "multi_select", "rich_text", "formula", "last_edited_time"];
    /// What holds the text of such a property.
    const TEXTS: [&str; 7] = ["name", "value", "label", "plain_text", "start", "string", "boolean"];
    if depth > 4 || value.text().is_some() || value.is_null() {
        return Some(value).filter(|value| depth < 5 && !value.is_null());
    }
    let hides = |node: &&Node| node.text().is_some_and(is_hiding);
    if let Some(items) = value.items() {
        let all = || items.iter().filter_map(|item| unwrapped(item, is_strict, depth + 1));
        return all().find(hides).or_else(|| all().next());
    }
    // Contentful has a value for each language.
    if let Some(entries) = value.entries().filter(|entries| entries.iter().all(|entry| is_locale(entry.name()))) {
        let all = || entries.iter().filter_map(|entry| unwrapped(&entry.value, true, depth + 1));
        return all().find(hides).or_else(|| all().next());
    }
    let get = |names: &[&str]| names.iter().find_map(|name| value.get(name));
    match get(&TYPES) {
        Some(inner) => unwrapped(inner, true, depth + 1),
        None if is_strict || depth > 0 => unwrapped(get(&TEXTS[..if depth > 0 { 7 } else { 3 }])?, true, depth + 1),
        None => None,
    }
}

/// Whether a key is a language, or one of a country: `en-US`.
fn is_locale(name: &str) -> bool {
    let (language, country) = name.split_once(['-', '_']).unwrap_or((name, "US"));
    language.len() == 2
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && (2..=4).contains(&country.len())
        && country.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// What a map says that is a name and a value: `{ name: Status, value: Draft }`.
fn pair(map: &Node) -> Option<Entry> {
    let get = |names: &[&str]| names.iter().find_map(|name| map.get(name));
    let key = get(&["name", "key", "field", "property"]).filter(|name| name.text().is_some())?;
    Some(Entry { key: key.clone(), value: get(&["value"])?.clone() })
}

/// Whether a name of JavaScript that is not run would withhold a file, or might: `value` is what is behind it, if that
/// is a text or a word.
pub(super) fn may_withhold(name: &str, value: Option<&str>) -> bool {
    let is = |word: &str| value == Some(word);
    let hides = || value.is_some_and(is_hiding);
    let shows = || value.is_some_and(|value| is_one_of(&SHOWING, value));
    match how(&keys::fold(name)) {
        None | Some(How::Unclear) => false,
        Some(How::Hides | How::Secret | How::Until | How::From) => !["false", "null", "undefined"].into_iter().any(is),
        Some(How::Shows) => !is("true") && !shows(),
        Some(How::Status) => !shows(),
        Some(How::Build) => true,
        Some(How::Gone) => is("true") || hides(),
        Some(How::Perhaps(by)) => hides() || by.is_some_and(|by| is(if by { "true" } else { "false" })),
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

/// Where data beside an article, as Eleventy, Nikola and their like have it, says that something is to be withheld: a
/// key in JSON, in JavaScript, in YAML, in TOML or on a line `.. status: draft`.
pub fn wish_in_data(text: &str, reading: &Reading<'_>) -> Option<Range<usize>> {
    let mut from = 0;
    text.split_inclusive(['{', '}', ',', ';', '\n']).find_map(|part| {
        let start = from;
        from += part.len();
        let (name, value) = part.split_once([':', '='])?;
        let name = name.trim_matches(|c: char| !c.is_alphanumeric());
        let value = value.trim_matches(|c: char| c.is_whitespace() || "\"'`,;}".contains(c));
        let is_address = keys::fold(name) == "permalink" && value == "false";
        let wishes = is_address || withholds(name, &Node::text_of(value, Mark::default()), reading);
        let at = start + part.find(name)?;
        wishes.then(|| at..at + name.len())
    })
}

/// Whether one of the first lines of a file that cannot be read has a key that withholds, or nearly one.
pub fn speaks_of_withholding(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    text.lines().take(100).any(|line| {
        let name = line.split([':', '=']).next().unwrap_or_default().trim();
        let folded = keys::fold(name);
        let is_word = || how(&folded).is_some() || meant(&folded).is_some() || is_wish(&keys::words(name));
        name.len() < line.trim_end().len() && is_word()
    })
}

/// Whether a key with this value would withhold a file for good, or from a moment to another.
pub(super) fn withholds(name: &str, value: &Node, reading: &Reading<'_>) -> bool {
    let folded = keys::fold(name);
    let Some(how) = how(&folded) else { return false };
    let mut withheld = Withheld::default();
    let field = Field { name: name.into(), key: Mark::default(), value };
    apply(&mut withheld, how, &mut Fields::new("", ""), &field, reading);
    withheld.draft || withheld.expires.is_some() || withheld.publish.is_some() && folded.starts_with("embargo")
}

/// Whether a key speaks of withholding and of nothing else, by its words: `is_public`, `draftStatus`.
fn is_wish(words: &[String]) -> bool {
    let is_strong = |word: &String| STRONG.contains(&word.as_str());
    words.iter().any(is_strong) && words.iter().all(|word| is_strong(word) || BESIDE.contains(&word.as_str()))
}

/// Whether a key speaks of publication in one of its words, and of no channel or document of its own: `press_embargo`,
/// `working_draft`, and not `publish_to_facebook`.
fn is_plain_key(words: &[String]) -> bool {
    words.iter().any(|word| is_plain(word) && !word.starts_with("publisher"))
        && !words.iter().any(|word| CHANNELS.contains(&word.as_str()))
}

/// Whether `true`, or `false`, behind such a key would withhold.
fn hides(words: &[String], truth: bool) -> bool {
    let is_negated = |word: &str| ["un", "de", "non"].iter().any(|start| word.starts_with(start)) && is_plain(word);
    let is_hiding = words.iter().any(|word| {
        let word = word.as_str();
        word.contains("draft") || word.contains("embargo") || is_negated(word) || matches!(word, "not" | "no" | "never")
    });
    truth == is_hiding
}

/// Whether this is Sanity's name for a document that is not published: `_id: drafts.…`.
fn is_draft_by_id(name: &str, field: &Field<'_>) -> bool {
    name == "_id" && field.value.text().is_some_and(|id| id.starts_with("drafts."))
}

/// Whether the date behind a key of several words is the end of the time in which the file is shown.
fn is_end(words: &[String]) -> bool {
    let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
    let hides = has(&HIDES) || has(&["not", "no", "never"]);
    // `embargo until` ends the time in which it is withheld, `visible until` that in which it is shown.
    let is_until = has(&["until", "till", "til", "before", "end", "ends"]);
    let is_from = has(&["from", "after", "on", "at", "start", "starts"]) && !has(&["embargo", "embargoed", "hold"]);
    if words.iter().any(|word| word.contains("unpublish") || word.contains("depublish")) {
        return true;
    }
    if hides { is_from && !is_until } else { is_until || has(&ENDS) }
}

/// What Hugo's `build` says behind one of its keys, if it is one of these words.
fn build_says<'w>(field: &Field<'_>, key: &str, words: &[&'w str]) -> Option<&'w str> {
    let said = field.get(key)?.value.text()?.to_lowercase();
    words.iter().copied().find(|word| *word == said)
}

fn apply(withheld: &mut Withheld, how: How, fields: &mut Fields<'_>, field: &Field<'_>, reading: &Reading<'_>) {
    // The key itself, without the map in which it stands.
    let name = keys::fold(field.name.rsplit(['.', ':']).next().unwrap_or_default());
    if field.value.is_null() || field.value.text().is_some_and(|text| text.trim().is_empty()) {
        // What Strapi, Ghost, Storyblok and Contentful write of a draft.
        let is_moment = matches!(&*name, "publishedat" | "publishedon" | "firstpublishedat" | "publishedversion");
        withheld.draft |= is_moment && field.value.is_null() || name == "publishedat";
        return;
    }
    if field.value.text().is_some_and(|text| text.starts_with("0000-00-00")) && !matches!(how, How::From | How::Gone) {
        // What WordPress writes of a draft.
        withheld.draft = true;
        return;
    }
    let truth = field.value.text().and_then(truth);
    let is_hiding = field.value.text().is_some_and(is_hiding);
    match how {
        How::Hides => withheld.draft |= is_hiding || fields.boolean(field).unwrap_or_default(),
        How::Shows => match truth {
            Some(shows) => withheld.draft |= !shows,
            None if is_hiding => withheld.draft = true,
            None if field.value.text().is_some_and(|text| is_one_of(&SHOWING, text)) => {}
            None => withheld.publish = withheld.publish.max(moment(fields, field, reading)),
        },
        How::Until => match truth {
            Some(yes) => withheld.draft |= yes,
            None if is_hiding => withheld.draft = true,
            None => withheld.publish = withheld.publish.max(moment(fields, field, reading)),
        },
        How::From => match truth {
            Some(yes) => withheld.draft |= yes,
            None => {
                let moment = moment(fields, field, reading);
                withheld.expires = withheld.expires.into_iter().chain(moment).min();
            }
        },
        How::Status if is_hiding => withheld.draft = true,
        How::Status => {
            let is = |words: &[&str]| field.value.text().is_some_and(|text| is_one_of(words, text));
            if !is(&SHOWING) {
                let message = format!("`{}` has a value that neither shows nor withholds", field.name);
                let hint = if is(&PAID) {
                    "write `access: subscribers`, and let the host ask for the subscription; or withhold it by `draft: true`"
                } else {
                    "write `published` or `draft`; a state of your own needs a key of another name"
                };
                fields.problem(field, message, hint);
            }
        }
        How::Secret => withheld.draft |= !matches!(field.value.text(), Some("false" | "False" | "FALSE" | "no")),
        How::Gone if is_hiding || truth.is_some() => withheld.draft |= is_hiding || truth == Some(true),
        How::Gone => {
            let date = field.value.text().and_then(|text| Timestamp::parse(text, reading.zone).ok());
            withheld.expires = withheld.expires.into_iter().chain(date).min();
        }
        How::Unclear if is_hiding || truth == Some(true) => {
            let message = format!("`{}` may mean that this file is withheld, or something else", field.name);
            fields.problem_at(field.key, message, "write `draft: true` to withhold it, or give the key another name");
        }
        How::Unclear => {}
        How::Perhaps(by) if is_hiding || truth.is_some() => withheld.draft |= is_hiding || truth == by,
        How::Perhaps(_) => {
            let date = field.value.text().and_then(|text| Timestamp::parse(text, reading.zone).ok());
            withheld.publish = withheld.publish.max(date);
        }
        How::Build => {
            withheld.draft |= build_says(field, "render", &["never", "false", "link"]).is_some()
                || build_says(field, "list", &["never", "false", "local"]).is_some();
        }
    }
}

fn truth(text: &str) -> Option<bool> {
    match &*text.trim().to_lowercase() {
        "true" | "yes" | "on" | "1" => Some(true),
        "false" | "no" | "off" | "0" => Some(false),
        _ => None,
    }
}

/// Whether a value says no.
pub(super) fn is_false(value: &Node) -> bool {
    value.text().is_some_and(|text| !text.starts_with(|c: char| c.is_ascii_digit()) && truth(text) == Some(false))
}

/// Whether the value of one of [`SOLD`] says that an article is.
fn is_sold(folded: &str, value: &Node) -> bool {
    let said = |text: &str| is_one_of(&PAID, text) || folded != "audience" && truth(text) == Some(true);
    value.text().is_some_and(said)
}

fn is_one_of(words: &[&str], text: &str) -> bool {
    words.contains(&&*keys::fold(text.trim()))
}

/// The word from which a key is one edit away.
pub fn meant(folded: &str) -> Option<&'static str> {
    let letters = folded.chars().count();
    if !(3..=16).contains(&letters) || FREE.contains(&folded) || how(folded).is_some() {
        return None;
    }
    // Words of four letters have too many neighbours that mean something else.
    let date = ["dae", "daet", "dat", "dte", "dtae"].contains(&folded).then_some("date");
    let near = |(word, how): &&(&str, How)| {
        !matches!(how, How::Build | How::Perhaps(_) | How::Gone | How::Unclear)
            && word.len().abs_diff(letters) <= 1
            && strsim::osa_distance(word, folded) == 1
    };
    date.or_else(|| WORDS.iter().find(near).map(|(word, _)| *word))
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
