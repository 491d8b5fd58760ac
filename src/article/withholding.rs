//! Withholding: which keys of front matter keep something from the site, in the spellings of Jekyll, Hugo, WordPress,
//! Ghost and their like.
//!
//! The list of words is closed and fails closed: a key that is one edit away from one of them, or a value of one that
//! is not understood, is an error, since whoever wrote it relies on it.

use serde::{Deserialize, Serialize};

use super::fields::{Field, Fields};
use super::front_matter::Reading;
use super::keys;
use super::time::Timestamp;
use super::values::moment;
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
}

/// The words, folded. `date` stands elsewhere, since it says more than when something is withheld.
const WORDS: &[(&str, How)] = &[
    ("draft", How::Hides),
    ("drafts", How::Hides),
    ("isdraft", How::Hides),
    ("private", How::Hides),
    ("isprivate", How::Hides),
    ("hidden", How::Hides),
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
    ("releasedate", How::Until),
    ("visiblefrom", How::Until),
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
    ("status", How::Status),
    ("poststatus", How::Status),
    ("visibility", How::Status),
    ("password", How::Secret),
    ("postpassword", How::Secret),
    ("build", How::Build),
];

/// Values of a status that withhold.
const HIDING: [&str; 24] = [
    "archived",
    "autodraft",
    "confidential",
    "draft",
    "embargo",
    "embargoed",
    "expired",
    "future",
    "hidden",
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
    "trash",
    "unlisted",
    "unpublished",
    "withdrawn",
    "withheld",
];

/// Values of a status that show.
const SHOWING: [&str; 6] = ["publish", "published", "public", "live", "final", "updated"];

/// Keys that are one edit away from a word and mean something else.
const FREE: [&str; 9] = ["craft", "crafts", "data", "dated", "dates", "graft", "rate", "stats", "statue"];

/// How a key, folded, withholds.
pub fn how(folded: &str) -> Option<How> {
    WORDS.iter().find(|(word, _)| *word == folded).map(|(_, how)| *how)
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
            None if !keys::is_known(table, &folded) => refuse_slip(fields, entry, &folded, reading),
            None => {}
        }
    }
    withheld
}

fn apply(withheld: &mut Withheld, how: How, fields: &mut Fields<'_>, field: &Field<'_>, reading: &Reading<'_>) {
    if field.value.is_null() || field.value.text().is_some_and(|text| text.trim().is_empty()) {
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
        How::Secret => withheld.draft |= truth != Some(false),
        How::Build => {
            let is_never = |key: &str| {
                let said = field.get(key).and_then(|part| part.value.text().map(str::to_lowercase));
                said.is_some_and(|said| matches!(&*said, "never" | "false"))
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
    if !(3..=16).contains(&folded.len()) || FREE.contains(&folded) || how(folded).is_some() {
        return None;
    }
    // Words of four letters have too many neighbours that mean something else.
    let date = ["dae", "daet", "dat", "dte", "dtae"].contains(&folded).then_some("date");
    let near = |(word, how): &&(&str, How)| {
        *how != How::Build && word.len().abs_diff(folded.len()) <= 1 && strsim::osa_distance(word, folded) == 1
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
