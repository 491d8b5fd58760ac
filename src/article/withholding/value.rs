//! Interprets the value of a key that withholds: yes or no, a moment, a state, or something unclear.

use super::Withheld;
use super::words::{EVERYBODY, NEWSROOM, PAID, SHOWING, WAITING, WithholdingKind, bare, is_hiding, is_waiting};
use crate::article::fields::{Field, Fields};
use crate::article::front_matter::Reading;
use crate::article::keys;
use crate::article::time::{Timestamp, is_like_day};
use crate::article::values::{moment, moment_of_end};
use crate::yaml::{Entry, Node};

pub(super) fn apply(
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
                let moment = moment_of_end(fields, field, reading);
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
            withheld.publish = withheld.publish.max(Timestamp::beginning(text, reading.zone).ok());
        }
        WithholdingKind::Build => {
            withheld.draft |= build_says(field, "render", &["never", "false", "link"]).is_some()
                || build_says(field, "list", &["never", "false", "local"]).is_some();
        }
    }
}

/// What says that no embargo or end applies.
pub(crate) const OVER: [&str; 7] = ["none", "lifted", "over", "ended", "na", "nil", "never"];

/// Whether a value says that no embargo or end applies.
pub(super) fn is_over(text: &str) -> bool {
    OVER.contains(&&*bare(text))
}

/// Whether a text says that everybody is meant.
pub(in crate::article) fn is_everybody(text: &str) -> bool {
    EVERYBODY.contains(&&*bare(text))
}

/// Whether a map says until when something is shown.
pub(super) fn is_shown_until(field: &Field<'_>) -> bool {
    let is_until = |part: &Entry| matches!(&*keys::fold(part.name()), "until" | "till" | "til" | "through");
    field.value.entries().is_some_and(|parts| parts.iter().any(is_until))
}

pub(super) fn day_of(text: &str, reading: &Reading<'_>) -> Option<Timestamp> {
    Timestamp::parse(text, reading.zone).ok()
}

/// Whether a key withholds that has no date behind it. Where it has one, nobody knows whether it begins or ends something.
pub(super) fn yes_or_no(fields: &mut Fields<'_>, field: &Field<'_>) -> Option<bool> {
    let Some(day) = field.value.text().filter(|text| is_like_day(text)) else { return fields.boolean(field) };
    let message = format!("`{}` must be true or false, and `{day}` is a date", field.name);
    let hint = "write it behind `embargo` to withhold the file until then, or behind `expires` to do so from then on";
    fields.problem(field, message, hint);
    None
}

/// Refuses a word that is not a known state, or that shows the file only to some readers.
pub(super) fn refuse_state(fields: &mut Fields<'_>, field: &Field<'_>, is_of_some: bool) {
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
pub(super) fn refuse_unclear(fields: &mut Fields<'_>, field: &Field<'_>, name: &str, reading: &Reading<'_>) {
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

pub(super) fn refuse_as_unclear(fields: &mut Fields<'_>, field: &Field<'_>) {
    let message = format!("`{}` may mean that this file is withheld, or something else", field.name);
    fields.problem_at(field.key, message, "write `draft: true` to withhold it, or give the key another name");
}

pub(in crate::article) fn truth(text: &str) -> Option<bool> {
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
pub(in crate::article) fn is_false(value: &Node) -> bool {
    value.text().is_some_and(|text| !text.starts_with(|c: char| c.is_ascii_digit()) && truth(text) == Some(false))
}

pub(super) fn is_one_of(words: &[&str], text: &str) -> bool {
    words.contains(&&*bare(text))
}

/// What Hugo's `build` says behind one of its keys, if it is one of these words.
pub(super) fn build_says<'w>(field: &Field<'_>, key: &str, words: &[&'w str]) -> Option<&'w str> {
    let said = field.get(key)?.value.text()?.to_lowercase();
    words.iter().copied().find(|word| *word == said)
}
