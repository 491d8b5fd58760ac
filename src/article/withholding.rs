//! Withholding: which keys of front matter keep something from the site, in the spellings of Jekyll, Hugo, WordPress,
//! Ghost and their like.
//!
//! The list of words is closed and fails closed: a key that is one edit away from one of them, or a value of one that
//! is not understood, is an error, since whoever wrote it relies on it.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::fields::{Field, Fields};
use super::front_matter::Reading;
use super::keys;
use super::time::Timestamp;
use super::values::moment;
use crate::diagnostic::{Diagnostic, Place};
use crate::yaml::{Entry, Mark, Node};

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

/// How a key withholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// `true` withholds.
    Hides,
    /// `false` withholds, and so does a date until it comes.
    Shows,
    /// A date withholds until it comes; `true` withholds.
    Until,
    /// A date withholds from then on; `true` withholds.
    From,
    /// A word such as `draft` withholds.
    Status,
    /// Everything withholds but nothing and `false`.
    Secret,
    /// Hugo's `build`: a map whose `render` or `list` may be `never`.
    Build,
    /// A word such as `draft` withholds, a date until it comes, and the given one of `true` and `false`. Everything
    /// else means something else.
    Perhaps(Option<bool>),
}

/// The words, folded. `date` stands elsewhere, since it says more than when something is withheld.
const WORDS: &[(&str, How)] = &[
    ("draft", How::Hides),
    ("drafts", How::Hides),
    ("isdraft", How::Hides),
    ("private", How::Hides),
    ("isprivate", How::Hides),
    ("hidden", How::Hides),
    ("ishidden", How::Hides),
    ("hide", How::Perhaps(Some(true))),
    ("hold", How::Perhaps(Some(true))),
    ("spiked", How::Perhaps(Some(true))),
    ("wip", How::Perhaps(Some(true))),
    ("archived", How::Perhaps(Some(true))),
    ("deleted", How::Perhaps(Some(true))),
    ("trashed", How::Perhaps(Some(true))),
    ("donotpublish", How::Hides),
    ("nopublish", How::Hides),
    ("eleventyexcludefromcollections", How::Hides),
    ("unlisted", How::Hides),
    ("unpublished", How::Hides),
    ("unpublish", How::Hides),
    ("withheld", How::Hides),
    ("withdrawn", How::Hides),
    ("headless", How::Hides),
    ("confidential", How::Hides),
    ("published", How::Shows),
    ("publish", How::Shows),
    ("ispublished", How::Shows),
    ("public", How::Shows),
    ("visible", How::Shows),
    ("ispublic", How::Shows),
    ("isvisible", How::Shows),
    ("listed", How::Perhaps(Some(false))),
    ("enabled", How::Perhaps(Some(false))),
    ("online", How::Perhaps(Some(false))),
    ("render", How::Perhaps(Some(false))),
    ("routable", How::Perhaps(Some(false))),
    ("discoverable", How::Perhaps(Some(false))),
    ("dgpublish", How::Shows),
    ("embargo", How::Until),
    ("embargoed", How::Until),
    ("embargountil", How::Until),
    ("embargoeduntil", How::Until),
    ("embargodate", How::Until),
    ("scheduled", How::Until),
    ("scheduledfor", How::Until),
    ("scheduledat", How::Until),
    ("publishdate", How::Until),
    ("publisheddate", How::Until),
    ("publishedat", How::Until),
    ("publishedon", How::Until),
    ("publishat", How::Until),
    ("publishon", How::Until),
    ("publishup", How::Until),
    ("publicationdate", How::Until),
    ("pubdate", How::Until),
    ("datepublished", How::Until),
    ("publishtime", How::Until),
    ("publishedtime", How::Until),
    ("publishfrom", How::Until),
    ("publishingdate", How::Until),
    ("embargountildate", How::Until),
    ("embargotil", How::Until),
    ("embargoedtil", How::Until),
    ("embargoends", How::Until),
    ("releasedate", How::Until),
    ("visiblefrom", How::Until),
    ("availablefrom", How::Until),
    ("validfrom", How::Until),
    ("notbefore", How::Until),
    ("golive", How::Until),
    ("goliveat", How::Until),
    ("expires", How::From),
    ("expire", How::From),
    ("expired", How::From),
    ("expiry", How::From),
    ("expirydate", How::From),
    ("expiration", How::From),
    ("expirationdate", How::From),
    ("expiresat", How::From),
    ("expireson", How::From),
    ("publishdown", How::From),
    ("unpublishdate", How::From),
    ("unpublishat", How::From),
    ("unpublishon", How::From),
    ("visibleuntil", How::From),
    ("availableuntil", How::From),
    ("validuntil", How::From),
    ("notafter", How::From),
    ("expiresin", How::From),
    ("status", How::Status),
    ("poststatus", How::Status),
    ("visibility", How::Status),
    ("publishstatus", How::Status),
    ("publishedstatus", How::Status),
    ("publicationstatus", How::Status),
    ("publishstate", How::Status),
    ("state", How::Perhaps(None)),
    ("workflow", How::Perhaps(None)),
    ("workflowstate", How::Perhaps(None)),
    ("postdate", How::Perhaps(None)),
    ("postdategmt", How::Perhaps(None)),
    ("release", How::Perhaps(None)),
    ("released", How::Perhaps(None)),
    ("releaseat", How::Perhaps(None)),
    ("releasedat", How::Perhaps(None)),
    ("password", How::Secret),
    ("postpassword", How::Secret),
    ("build", How::Build),
];

/// Values of a status that withhold.
const HIDING: [&str; 26] = [
    "archived",
    "autodraft",
    "confidential",
    "draft",
    "embargo",
    "embargoed",
    "expired",
    "future",
    "hidden",
    "inreview",
    "internal",
    "never",
    "none",
    "password",
    "pending",
    "pendingreview",
    "private",
    "protected",
    "review",
    "scheduled",
    "spam",
    "trash",
    "unlisted",
    "unpublished",
    "withdrawn",
    "withheld",
];

/// Values of a status that show.
const SHOWING: [&str; 6] = ["publish", "published", "public", "live", "final", "updated"];

/// Keys that are one edit away from a word and mean something else.
const FREE: [&str; 24] = [
    "bold", "craft", "crafts", "data", "dated", "dates", "enable", "fold", "gold", "graft", "guide", "list", "lists",
    "rate", "reader", "sender", "side", "stats", "statue", "tide", "tip", "vip", "wide", "zip",
];

/// Words that speak of withholding in a key of several words.
const STRONG: [&str; 38] = [
    "confidential",
    "discoverable",
    "draft",
    "drafts",
    "embargo",
    "embargoed",
    "expiration",
    "expire",
    "expired",
    "expires",
    "expiry",
    "hidden",
    "hide",
    "invisible",
    "listed",
    "offline",
    "private",
    "public",
    "publication",
    "publish",
    "published",
    "publishing",
    "schedule",
    "scheduled",
    "secret",
    "spiked",
    "trashed",
    "unlisted",
    "unpublish",
    "unpublished",
    "visibility",
    "visible",
    "wip",
    "withdraw",
    "withdrawn",
    "withheld",
    "withhold",
    "withholding",
];

/// Words that may stand beside these without another meaning.
const BESIDE: [&str; 44] = [
    "after",
    "article",
    "as",
    "at",
    "available",
    "be",
    "before",
    "begin",
    "begins",
    "content",
    "date",
    "datetime",
    "dg",
    "do",
    "down",
    "end",
    "ends",
    "entry",
    "flag",
    "for",
    "from",
    "go",
    "is",
    "item",
    "live",
    "no",
    "not",
    "now",
    "on",
    "page",
    "post",
    "ready",
    "start",
    "starts",
    "state",
    "status",
    "still",
    "story",
    "til",
    "till",
    "time",
    "until",
    "up",
    "yet",
];

/// Maps in which other programs keep what courant has at the top, folded.
const CONTAINERS: [&str; 22] = [
    "article",
    "attributes",
    "cms",
    "custom",
    "data",
    "extra",
    "fields",
    "frontmatter",
    "ghost",
    "hugo",
    "jekyll",
    "meta",
    "metadata",
    "page",
    "params",
    "post",
    "publication",
    "publishing",
    "taxonomies",
    "wordpress",
    "workflow",
    "wp",
];

/// How a key, folded, withholds.
pub fn how(folded: &str) -> Option<How> {
    static BY_WORD: LazyLock<FxHashMap<&str, How>> = LazyLock::new(|| WORDS.iter().copied().collect());
    BY_WORD.get(folded).copied()
}

/// What the front matter says about the time in which the file may be seen.
pub(super) fn read(
    fields: &mut Fields<'_>,
    entries: &[Entry],
    table: &'static [keys::Key],
    reading: &Reading<'_>,
) -> Withheld {
    let mut withheld = Withheld::default();
    for entry in entries {
        let folded = keys::fold(entry.name());
        match how(&folded) {
            Some(how) => apply(&mut withheld, how, fields, &Field::of(entry), reading),
            // Of an article it is the date that readers see, too.
            None if folded == "date" && !keys::is_known(table, "date") => {
                withheld.publish = withheld.publish.max(moment(fields, &Field::of(entry), reading));
            }
            None if folded == "cascade" => cascade(&mut withheld, fields, &Field::of(entry), reading),
            None if keys::is_known(table, &folded) => {}
            None if says_when(&mut withheld, entry, reading) => {}
            None if is_wish(entry.name()) && looks_like_withholding(&entry.value, reading) => {
                let message = format!("`{}` looks like a wish to withhold this file, and is not known", entry.name());
                let hint = "write `draft: true` to withhold it, or give the key another name";
                fields.problem_at(entry.key.mark, message, hint);
            }
            None => {
                if CONTAINERS.contains(&&*folded) {
                    within(&mut withheld, &entry.value, reading);
                }
                refuse_slip(fields, entry, &folded, reading);
            }
        }
    }
    withheld
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

/// Lines behind the front matter, or at the top of a file that has none, that are read for a wish to withhold.
const STRAY_LINES: usize = 30;

/// Refuses what would withhold the file if it stood in the front matter: in a second one, below the headline, behind a
/// comment, or in the manner of a program whose files are not read. `start` is where the text begins.
pub(super) fn refuse_stray(fields: &mut Fields<'_>, start: usize, has_head: bool, reading: &Reading<'_>) {
    let mut at = start;
    let mut is_code = false;
    for _ in 0..STRAY_LINES {
        let from = at;
        let rest = &fields.text.as_bytes()[at..];
        if rest.is_empty() {
            return;
        }
        at = memchr::memchr2(b'\n', b'\r', rest).map_or(fields.text.len(), |end| at + end + 1);
        let line = &fields.text[from..at];
        let row = line.trim();
        is_code ^= row.starts_with("```") || row.starts_with("~~~");
        let is_fence =
            row.len() <= 40 && row.chars().all(|c| matches!(c, '-' | '+' | '.' | '=' | '*' | '\u{2014}' | '{' | '}'));
        if is_code || is_fence {
            continue;
        }
        let key_end = row.as_bytes().iter().take(41).position(|byte| matches!(byte, b':' | b'='));
        let Some(end) = key_end.filter(|end| row[..*end].split_whitespace().count() <= 4) else {
            // Behind front matter only what stands right there is meant to be more of it.
            if has_head {
                return;
            }
            continue;
        };
        let name = row[..end].trim_matches(|c: char| !c.is_alphanumeric());
        if has_head && !keys::is_known(keys::STORY, name) {
            return;
        }
        let value = row[end + 1..].trim_matches(|c: char| c.is_whitespace() || "\"'`,;*_}".contains(c));
        if withholds(name, &Node::text_of(value, Mark::default()), reading) {
            let shown = row.chars().take(40).collect::<String>();
            let place = Place::span(fields.path, fields.text, from..from + line.trim_end().len());
            let hint = "write it between two lines `---` at the very top of the file; as text, put a word before it";
            let message = format!("`{shown}` stands outside the front matter, where it withholds nothing");
            fields.problems.push(Diagnostic::error(message).at(place).hint(hint));
            return;
        }
    }
}

/// Whether one of the first lines of a file that cannot be read has a key that withholds, or nearly one.
pub fn speaks_of_withholding(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    text.lines().take(100).any(|line| {
        let name = line.split([':', '=']).next().unwrap_or_default().trim();
        let folded = keys::fold(name);
        name.len() < line.trim_end().len() && (how(&folded).is_some() || meant(&folded).is_some())
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

/// Whether a key of several words speaks of withholding and of nothing else: `is_public`, `draftStatus`.
fn is_wish(name: &str) -> bool {
    let words = keys::words(name);
    let is_strong = |word: &String| STRONG.contains(&word.as_str());
    words.iter().any(is_strong) && words.iter().all(|word| is_strong(word) || BESIDE.contains(&word.as_str()))
}

/// Reads a date behind such a key: until it comes the file is withheld, or from then on.
fn says_when(withheld: &mut Withheld, entry: &Entry, reading: &Reading<'_>) -> bool {
    if !is_wish(entry.name()) {
        return false;
    }
    let Some(date) = entry.value.text().and_then(|text| Timestamp::parse(text, reading.zone).ok()) else {
        return false;
    };
    let words = keys::words(entry.name());
    let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
    let ends = has(&["expire", "expires", "expired", "expiry", "expiration", "unpublish", "unpublished", "withdraw"]);
    let hides = has(&["draft", "drafts", "embargo", "embargoed", "hidden", "hide", "private", "unlisted", "invisible"]);
    // `embargo until` ends the time in which it is withheld, `visible until` that in which it is shown.
    let is_until = has(&["until", "till", "til", "end", "ends"]);
    let is_from = has(&["from", "after", "on", "at", "start", "starts"]) && !has(&["embargo", "embargoed"]);
    let is_end = ends || if hides { is_from && !is_until } else { is_until };
    if is_end {
        withheld.expires = withheld.expires.into_iter().chain([date]).min();
    } else {
        withheld.publish = withheld.publish.max(Some(date));
    }
    true
}

/// Reads what other programs keep in a map of their own (`params`, `extra`). What is not understood there is theirs.
fn within(withheld: &mut Withheld, map: &Node, reading: &Reading<'_>) {
    for entry in map.entries().unwrap_or_default() {
        if let Some(how) = how(&keys::fold(entry.name())) {
            // Problems of keys that are not courant's are not told.
            apply(withheld, how, &mut Fields::new("", ""), &Field::of(entry), reading);
        }
    }
}

/// Reads Hugo's `cascade`, by which the file of a section speaks for everything below it: a map, or a list of maps. One
/// that is meant for some pages only is refused.
fn cascade(withheld: &mut Withheld, fields: &mut Fields<'_>, field: &Field<'_>, reading: &Reading<'_>) {
    let maps = field.value.items().unwrap_or(std::slice::from_ref(field.value));
    for map in maps {
        let before = *withheld;
        for entry in map.entries().unwrap_or_default() {
            match (how(&keys::fold(entry.name())), &*keys::fold(entry.name())) {
                (Some(how), _) => apply(withheld, how, fields, &Field::of(entry), reading),
                (None, "date") => withheld.publish = withheld.publish.max(moment(fields, &Field::of(entry), reading)),
                (None, "params") => within(withheld, &entry.value, reading),
                (None, _) => {}
            }
        }
        let target = map.entries().unwrap_or_default().iter().find(|entry| keys::fold(entry.name()) == "target");
        if let Some(target) = target.filter(|_| *withheld != before) {
            let message = "this `cascade` withholds some pages only, which courant does not read";
            fields.problem_at(target.key.mark, message, "write `draft` or `expires` into these pages");
        }
    }
}

fn apply(withheld: &mut Withheld, how: How, fields: &mut Fields<'_>, field: &Field<'_>, reading: &Reading<'_>) {
    if field.value.is_null() || field.value.text().is_some_and(|text| text.trim().is_empty()) {
        // What Strapi, Ghost and Contentful write of a draft.
        withheld.draft |= keys::fold(&field.name) == "publishedat";
        return;
    }
    let truth = field.value.text().and_then(truth);
    let is_hiding = field.value.text().is_some_and(|text| is_one_of(&HIDING, text));
    match how {
        How::Hides => withheld.draft |= is_hiding || fields.boolean(field).unwrap_or_default(),
        How::Shows => match truth {
            Some(shows) => withheld.draft |= !shows,
            None if is_hiding => withheld.draft = true,
            None if field.value.text().is_some_and(|text| is_one_of(&SHOWING, text)) => {}
            None => withheld.publish = withheld.publish.max(moment(fields, field, reading)),
        },
        How::Until => match truth {
            // `publishDate: false` is as much a wish to withhold as `embargo: true`.
            Some(yes) => withheld.draft |= yes != field.name.to_lowercase().starts_with("pub"),
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
            if !field.value.text().is_some_and(|text| is_one_of(&SHOWING, text)) {
                let message = format!("`{}` has a value that neither shows nor withholds", field.name);
                let hint = "write `published` or `draft`; a state of your own needs a key of another name";
                fields.problem(field, message, hint);
            }
        }
        How::Secret => withheld.draft |= !matches!(field.value.text(), Some("false" | "False" | "FALSE" | "no")),
        How::Perhaps(by) if is_hiding || truth.is_some() => withheld.draft |= is_hiding || truth == by,
        How::Perhaps(_) => {
            let date = field.value.text().and_then(|text| Timestamp::parse(text, reading.zone).ok());
            withheld.publish = withheld.publish.max(date);
        }
        How::Build => {
            let is_never = |key: &str| {
                let said = field.get(key).and_then(|part| part.value.text().map(str::to_lowercase));
                said.is_some_and(|said| matches!(&*said, "never" | "false" | "link"))
            };
            withheld.draft |= is_never("render") || is_never("list");
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

fn is_one_of(words: &[&str], text: &str) -> bool {
    words.contains(&&*keys::fold(text.trim()))
}

/// Refuses a key that is one edit away from a word, when its value looks like a wish to withhold. Where it does not,
/// the key is reported like any other slip.
fn refuse_slip(fields: &mut Fields<'_>, entry: &Entry, folded: &str, reading: &Reading<'_>) {
    let Some(meant) = meant(folded) else { return };
    if looks_like_withholding(&entry.value, reading) {
        let message = format!("`{}` looks like `{meant}`, which can withhold this file", entry.name());
        let hint = format!("write `{meant}`, or give the key another name");
        fields.problem_at(entry.key.mark, message, &hint);
    }
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
        !matches!(how, How::Build | How::Perhaps(_))
            && word.len().abs_diff(letters) <= 1
            && strsim::osa_distance(word, folded) == 1
    };
    date.or_else(|| WORDS.iter().find(near).map(|(word, _)| *word))
}

fn looks_like_withholding(value: &Node, reading: &Reading<'_>) -> bool {
    let Some(text) = value.text() else { return false };
    truth(text).is_some_and(|_| text.len() > 1)
        || is_one_of(&HIDING, text)
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
