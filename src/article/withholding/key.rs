//! What a key of several words says: whether it speaks of withholding, of a state, of a moment, and of which end of the
//! time in which something is shown.

use super::super::time::{is_like_day, is_like_moment, is_weekday};
use super::words::{BESIDE, CHANNELS, ENDS, HIDES, MOMENTS, SHOWING, STRONG, TIMED, TIMES, is_hiding, is_plain};
use super::{is_one_of, truth};

/// Whether a key speaks of withholding and of nothing else, by its words: `is_public`, `draftStatus`.
pub(super) fn is_wish(words: &[String]) -> bool {
    let is_strong = |word: &String| STRONG.contains(&word.as_str());
    words.iter().any(is_strong) && words.iter().all(|word| is_strong(word) || BESIDE.contains(&word.as_str()))
}

/// Whether a word is in one of these lists.
pub(super) fn is_of<const N: usize>(lists: [&[&str]; N], word: &str) -> bool {
    lists.iter().any(|all| all.contains(&word))
}

/// Whether a key names a state: `moderation_state`.
pub(super) fn is_state(words: &[String], folded: &str) -> bool {
    let is_last = |word: &String| matches!(&**word, "status" | "state" | "stage" | "phase" | "step");
    words.last().is_some_and(is_last) || folded.ends_with("status")
}

/// Whether a key says when something is shown or taken away: `show_from`, `removalDate`.
pub(super) fn is_timed(words: &[String]) -> bool {
    let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
    let is_date = || has(&["date"]) && has(&["hold", "kill", "live", "removal", "remove", "takedown"]);
    let is_all = || words.iter().all(|word| is_of([&STRONG, &BESIDE, &TIMED], word));
    // Plone and TYPO3 say so when something is published.
    matches!(words, [word] if matches!(&**word, "effective" | "starttime" | "endtime" | "sunset"))
        || has(&TIMED) && (has(&TIMES) || is_date()) && is_all()
}

/// Whether a text behind a key that says when the file is published is to be a moment and cannot be read.
pub(super) fn is_unread(words: &[String], text: &str, is_whole: bool) -> bool {
    let last = words.last().map_or("", |word| word);
    let is_moment = MOMENTS.contains(&last)
        || last == "for"
        || last.contains("embargo")
        || matches!(last, "effective" | "starttime" | "endtime");
    if !is_moment || text.trim().is_empty() || truth(text).is_some() || is_hiding(text) || is_one_of(&SHOWING, text) {
        return false;
    }
    let is_until = || words.iter().any(|word| matches!(&**word, "until" | "till" | "til"));
    let holds = || (is_until() || last == "for") && words.iter().any(|word| HIDES.contains(&&**word));
    let is_embargo = || words.iter().any(|word| word.contains("embargo"));
    is_embargo() || holds() || if is_whole { is_like_moment(text) } else { is_like_day(text) }
}

/// Whether a text behind a key such as `schedule` is to be a moment, or a time between two, and cannot be read. A day of
/// the week may be that of a column.
pub(super) fn is_unread_schedule(words: &[String], text: &str) -> bool {
    let is_it = matches!(words, [word] if matches!(&**word, "schedule" | "scheduling" | "publication" | "timing"));
    let begins_with_day = || text.trim().get(..10).is_some_and(is_like_day);
    is_it && (is_like_moment(text) || is_relative(text) || begins_with_day() || is_weekday(text))
}

/// Whether a text names a moment by what is today: `tomorrow`, `next Monday`.
pub(in crate::article) fn is_relative(text: &str) -> bool {
    const NEAR: [&str; 9] = ["asap", "demain", "later", "mañana", "morgen", "next", "soon", "tomorrow", "tonight"];
    let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    NEAR.contains(&&*first)
}

/// Whether a key speaks of publication in one of its words, and of no channel or document of its own: `press_embargo`,
/// `working_draft`, and not `publish_to_facebook`.
pub(super) fn is_plain_key(words: &[String]) -> bool {
    let is_other = |word: &str| word.starts_with("publisher") || word.starts_with("republish");
    // A league drafts its players.
    let is_of_league = || {
        let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
        has(&["draft"]) && has(&["nfl", "nba", "wnba", "nhl", "mlb", "mls", "afl", "league", "mock", "pick", "picks"])
    };
    words.iter().any(|word| is_plain(word) && !is_other(word))
        && !is_of_league()
        && !words.iter().any(|word| CHANNELS.contains(&word.as_str()))
}

/// Whether `true`, or `false`, behind such a key would withhold.
pub(super) fn hides(words: &[String], truth: bool) -> bool {
    let is_negated = |word: &str| ["un", "de", "non"].iter().any(|start| word.starts_with(start)) && is_plain(word);
    let is_hiding = words.iter().any(|word| {
        let word = word.as_str();
        word.contains("draft")
            || word.contains("embargo")
            || is_negated(word)
            || matches!(word, "not" | "dont" | "no" | "never")
    });
    truth == is_hiding
}

/// Whether the date behind a key of several words is the end of the time in which the file is shown.
pub(super) fn is_end(words: &[String]) -> bool {
    let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
    let hides = has(&HIDES) || has(&["not", "dont", "no", "never"]);
    // `embargo until` ends the time in which it is withheld, `visible until` that in which it is shown.
    let is_until = has(&["until", "till", "til", "before", "end", "ends", "stop", "stops"]);
    let is_from = has(&["from", "after", "on", "at", "start", "starts"]) && !has(&["embargo", "embargoed", "hold"]);
    if words.iter().any(|word| word.contains("unpublish") || word.contains("depublish")) {
        return true;
    }
    if hides { is_from && !is_until } else { is_until || has(&ENDS) }
}
