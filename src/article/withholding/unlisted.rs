//! Keys that are not in the list of words, and may be made of them: `press_embargo`, `legal_review`, `do_not_run`.

use super::key::{hides, is_end, is_of, is_plain_key, is_state, is_timed, is_unread, is_unread_schedule, is_wish};
use super::value::{apply, is_false, is_one_of, is_over, truth};
use super::words::{
    AWAITED, BESIDE, Bound, HIDES, PAID, SHOWING, SOLD, STATED, STRONG, SUBJECTS, WithholdingKind, bare, is_hiding,
    is_listed, is_plain, is_waiting,
};
use super::{Hearing, Level, Withheld, is_map, meant};
use crate::article::fields::{Field, Fields};
use crate::article::front_matter::Reading;
use crate::article::keys;
use crate::article::time::{Timestamp, cure, is_like_day};
use crate::yaml::Node;

/// Hears a key that is not in the list of words, and may be made of them. What a day is in its map, if that says when
/// the file is published.
pub(super) fn hear_unknown(
    hearing: &mut Hearing<'_, '_, '_>,
    field: &Field<'_>,
    (name, folded): (&str, &str),
    level: Level,
) -> Option<Bound> {
    if is_key_of_sale(folded) && is_sold(folded, field.value) {
        hearing.sold.push((field.key, field.name.to_string()));
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
            items.iter().for_each(|item| hear_words(hearing, &words, &field.item(item), folded, is_within));
        }
        Some(_) => {}
        None => hear_words(hearing, &words, field, folded, is_within),
    }
    None
}

/// Hears a value behind a key of these words.
pub(super) fn hear_words(
    hearing: &mut Hearing<'_, '_, '_>,
    words: &[String],
    field: &Field<'_>,
    folded: &str,
    is_within: bool,
) {
    if hear_state(hearing, words, field, folded, is_within)
        || hear_moment(hearing, words, field, is_within)
        || hear_approval(hearing, words, field, is_within)
    {
        return;
    }
    // A theme may hide the date of an article, and not the article.
    let is_display = || has(words, &["hide", "hidden", "visible", "visibility"]);
    if is_display() && has(words, &["date", "dates", "time"]) && field.value.text().and_then(truth).is_some() {
        return;
    }
    if is_plain_key(words) && field.value.text().and_then(truth).is_some_and(|truth| hides(words, truth)) {
        return hearing.refuse(field);
    }
    let counts = !is_within || words.iter().any(|word| is_plain(word)) && !is_display();
    if counts && is_wish(words) && looks_like_withholding(field.value, hearing.reading) {
        hearing.refuse(field);
    } else if let Some(meant) = meant(folded)
        && looks_like_withholding(field.value, hearing.reading)
    {
        let message = format!("`{}` looks like `{meant}`, which can withhold this file", field.name);
        let hint = format!("write `{meant}`, or give the key another name");
        hearing.fields.problem_at(field.key, message, &hint);
    }
}

/// Refuses a key by which something waits, or is not approved or meant to be published: `legal_review: pending`,
/// `needs_review: true`, `signed_off: false`, `legal_hold: true`, `do_not_run: true`. Whether it is one.
pub(super) fn hear_approval(
    hearing: &mut Hearing<'_, '_, '_>,
    words: &[String],
    field: &Field<'_>,
    is_within: bool,
) -> bool {
    let (Some(said), Some(last)) = (field.value.text(), words.last()) else { return false };
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
        (is_within || has(words, &["await", "awaiting", "awaits", "need", "needs", "pending", "requires"]))
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
        has(words, &["dont", "never", "not"])
            && words.len() > 1
            && words.iter().all(|word| ALL.contains(&word.as_str()))
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
    let is_of_comments = || has(words, &["comment", "comments", "ping", "reply", "replies"]);
    let is_refused = is_refused && !is_of_comments();
    if is_refused {
        hearing.refuse(field);
    }
    is_refused
}

/// Reads a key that names the state of something: `moderation_state: draft`.
pub(super) fn hear_state(
    hearing: &mut Hearing<'_, '_, '_>,
    words: &[String],
    field: &Field<'_>,
    folded: &str,
    is_within: bool,
) -> bool {
    let is_of_comments = || ["comment", "comments", "ping"].iter().any(|word| folded.starts_with(word));
    let is_of_event = || words.iter().any(|word| is_listed(word, SUBJECTS));
    if !is_state(words, folded) || is_of_comments() || is_of_event() {
        return false;
    }
    let Some(said) = field.value.text().filter(|text| is_hiding(text) || is_waiting(text)) else { return false };
    let Some((_, of)) = words.split_last() else { return false };
    let is_of_file = !of.is_empty() && of.iter().all(|word| is_of([&STRONG, &BESIDE, &STATED], word));
    if is_of_file && is_hiding(said) {
        hearing.withheld.draft = true;
    } else if is_of_file || is_hiding(said) && (!is_within || is_plain(&said.to_lowercase())) {
        hearing.refuse(field);
    }
    true
}

/// Reads a date behind a key of several words: until it comes the file is withheld, or from then on.
pub(super) fn hear_moment(
    hearing: &mut Hearing<'_, '_, '_>,
    words: &[String],
    field: &Field<'_>,
    is_within: bool,
) -> bool {
    let (is_wish, is_timed) = (is_wish(words), || is_timed(words));
    let Some(text) = field.value.text().filter(|_| is_wish || is_plain_key(words) || is_timed()) else {
        return false;
    };
    let (is_end, is_timed) = (is_end(words), is_timed());
    // What a map of a theme shows for a while is another thing.
    let is_another = is_within && is_end && !has(words, &["delete", "hold", "kill", "removal", "remove", "takedown"]);
    if is_another && !is_wish && !is_plain_key(words) {
        return false;
    }
    let parse = if is_end { Timestamp::parse } else { Timestamp::beginning };
    match parse(text, hearing.reading.zone) {
        Ok(date) => {
            let is_of_league = words.iter().all(|word| matches!(&**word, "draft" | "date"));
            hearing.bound(is_end, date, field, !is_wish && (is_end || is_timed) || is_of_league);
        }
        Err(message) if is_unread(words, text, is_wish || is_timed) || is_unread_schedule(words, text) => {
            hearing.fields.problem(field, message, &cure(text));
        }
        Err(_) => return false,
    }
    true
}

/// Hears a word in a map that is nobody's: only where it, or the state that it names, speaks of publication and of
/// nothing else.
pub(super) fn hear_plain(hearing: &mut Hearing<'_, '_, '_>, how: WithholdingKind, folded: &str, field: &Field<'_>) {
    let is_plain_state = matches!(how, WithholdingKind::Status | WithholdingKind::Perhaps(None))
        && field.value.text().is_some_and(|text| is_plain(&keys::fold(text)));
    if !is_plain(folded) && !is_plain_state {
        return;
    }
    if how == WithholdingKind::Until && refuse_unread_embargo(hearing, folded, field) {
        return;
    }
    let mut said = Withheld::default();
    apply(&mut said, how, &mut Fields::new("", ""), field, hearing.reading);
    said.publish = said.publish.filter(|_| folded.contains("embargo"));
    said.expires = None;
    if said != Withheld::default() {
        hearing.elsewhere.push((field.key, field.name.to_string(), said));
    }
}

/// Hears the moment behind a key of several words in a map that is nobody's: `press_embargo`.
pub(super) fn hear_embargo_elsewhere(hearing: &mut Hearing<'_, '_, '_>, name: &str, folded: &str, field: &Field<'_>) {
    if folded.contains("embargo")
        && !refuse_unread_embargo(hearing, name, field)
        && field.value.text().is_some_and(is_like_day)
    {
        hear_plain(hearing, WithholdingKind::Until, folded, field);
    }
}

/// Refuses the moment of an embargo that cannot be read. Whether it is one.
pub(super) fn refuse_unread_embargo(hearing: &mut Hearing<'_, '_, '_>, name: &str, field: &Field<'_>) -> bool {
    let Some(text) = field.value.text().filter(|text| !is_over(text)) else { return false };
    let Err(message) = Timestamp::parse(text, hearing.reading.zone) else { return false };
    let is_unread = is_unread(&keys::words(name), text, true);
    if is_unread {
        hearing.fields.problem(field, message, &cure(text));
    }
    is_unread
}

/// Refuses what is meant as a day and cannot be read. Whether it is.
pub(super) fn refuse_unread_day(hearing: &mut Hearing<'_, '_, '_>, field: &Field<'_>) -> bool {
    let Some(text) = field.value.text().filter(|text| is_like_day(text)) else { return false };
    let Err(message) = Timestamp::parse(text, hearing.reading.zone) else { return false };
    hearing.fields.problem(field, message, &cure(text));
    true
}

pub(super) fn looks_like_withholding(value: &Node, reading: &Reading<'_>) -> bool {
    let Some(text) = value.text() else { return false };
    truth(text).is_some_and(|_| text.len() > 1)
        || is_hiding(text)
        || is_one_of(&SHOWING, text)
        || Timestamp::parse(text, reading.zone).is_ok()
}

pub(super) fn is_key_of_sale(folded: &str) -> bool {
    is_listed(folded.strip_prefix("is").unwrap_or(folded), SOLD)
}

/// Whether the value of one of [`SOLD`] says that an article is.
pub(super) fn is_sold(folded: &str, value: &Node) -> bool {
    if folded.ends_with("accessibleforfree") {
        return is_false(value);
    }
    let said = |text: &str| {
        let is_walled = matches!(&*bare(text), "required" | "hard" | "metered");
        is_one_of(&PAID, text) || folded != "audience" && (is_walled || truth(text) == Some(true))
    };
    value.text().is_some_and(said)
}

fn has(words: &[String], any: &[&str]) -> bool {
    words.iter().any(|word| any.contains(&word.as_str()))
}
