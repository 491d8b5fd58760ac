//! Many diagnostics as few kinds: what says the same of another place, another name or another number is one kind.
//!
//! The first build of an archive may find one mistake in thousands of files. Nobody reads thousands of lines; how many
//! there are of each kind, where the first ones are, and what to do is what helps.

use rustc_hash::FxHashMap;

use super::{Diagnostic, Severity};

/// Diagnostics that say the same of different places.
#[derive(Debug)]
pub struct Kind<'d> {
    /// Error or warning.
    pub severity: Severity,
    /// The rule of `check` that found them.
    pub rule: Option<&'static str>,
    /// What is wrong, with `…` for what differs.
    pub message: String,
    /// What to do about most of them.
    pub hint: Option<String>,
    /// All of them, in their order.
    pub all: Vec<&'d Diagnostic>,
}

/// The kinds among diagnostics: warnings before errors, of each the most frequent first.
pub fn kinds<'d>(all: impl Iterator<Item = (Option<&'static str>, &'d Diagnostic)>) -> Vec<Kind<'d>> {
    let mut kinds: Vec<Kind<'d>> = Vec::new();
    let mut known: FxHashMap<(Severity, Option<&'static str>, String), usize> = FxHashMap::default();
    for (rule, one) in all {
        let message = shape(&one.message);
        let number = *known.entry((one.severity, rule, message)).or_insert_with_key(|(severity, rule, message)| {
            kinds.push(Kind {
                severity: *severity,
                rule: *rule,
                message: message.clone(),
                hint: None,
                all: Vec::new(),
            });
            kinds.len() - 1
        });
        kinds[number].all.push(one);
    }
    for kind in &mut kinds {
        // What all say alike stays as it is: a number or a name that does not differ is part of the message.
        if kind.all.iter().all(|one| one.message == kind.all[0].message) {
            kind.message.clone_from(&kind.all[0].message);
        }
        kind.hint = usual_hint(&kind.all);
    }
    kinds.sort_by_key(|kind| (std::cmp::Reverse(kind.severity), std::cmp::Reverse(kind.all.len())));
    kinds
}

/// The hint that most of them have; of hints that differ only in names and numbers, what they have in common.
fn usual_hint(all: &[&Diagnostic]) -> Option<String> {
    let mut counts: FxHashMap<String, (usize, usize)> = FxHashMap::default();
    for (number, hint) in all.iter().enumerate().filter_map(|(number, one)| Some((number, one.hint.as_deref()?))) {
        counts.entry(shape(hint)).or_insert((0, number)).0 += 1;
    }
    let usual = counts.into_iter().max_by_key(|(_, (count, first))| (*count, std::cmp::Reverse(*first)));
    let (shaped, (_, first)) = usual?;
    let hint = all[first].hint.clone()?;
    let is_one = all.iter().filter_map(|one| one.hint.as_ref()).all(|other| *other == hint || shape(other) != shaped);
    Some(if is_one { hint } else { shaped })
}

/// A sentence without what differs from place to place: `…` for what stands in backticks, for paths, names of files
/// and numbers.
fn shape(sentence: &str) -> String {
    let mut shaped = String::with_capacity(sentence.len());
    for (number, part) in sentence.split('`').enumerate() {
        if number % 2 == 1 {
            shaped.push_str("`…`");
            continue;
        }
        for (number, word) in part.split(' ').enumerate() {
            if number > 0 {
                shaped.push(' ');
            }
            let bare = word.trim_end_matches([',', ';', ':', '.', ')', '?', '!']);
            let differs = bare.contains(|c: char| c.is_ascii_digit() || matches!(c, '/' | '.' | '_'));
            if differs {
                shaped.push('…');
                shaped.push_str(&word[bare.len()..]);
            } else {
                shaped.push_str(word);
            }
        }
    }
    shaped
}

#[cfg(test)]
mod tests {
    use super::super::Place;
    use super::*;

    #[test]
    fn what_differs_only_in_names_and_numbers_is_one_kind() {
        let one = |tag: &str, line: u32| {
            Diagnostic::error(format!("the tag `{tag}` of news/{tag}.md, line {line}, is too long"))
                .at(Place { line, ..Place::file("content/a.md") })
                .hint("shorten it")
        };
        let all = [one("a", 3), Diagnostic::warning("nothing is dated"), one("b", 17), Diagnostic::error("other")];
        let found = kinds(all.iter().map(|one| (None, one)));
        let told: Vec<(&str, usize)> = found.iter().map(|kind| (&*kind.message, kind.all.len())).collect();
        assert_eq!(told, [("nothing is dated", 1), ("the tag `…` of …, line …, is too long", 2), ("other", 1)]);
        assert_eq!(found[1].hint.as_deref(), Some("shorten it"));
        assert_eq!(found[1].all[0].place.as_ref().map(|place| place.line), Some(3));
    }

    #[test]
    fn a_kind_has_the_hint_of_most_and_says_what_all_say() {
        let one = |hint: &str| Diagnostic::error("`date` has 3 parts").hint(hint);
        let all = [one("did you mean `a`?"), one("write `b`"), one("did you mean `c`?")];
        let found = kinds(all.iter().map(|one| (Some("rule"), one)));
        assert_eq!((found.len(), &*found[0].message), (1, "`date` has 3 parts"));
        assert_eq!(found[0].hint.as_deref(), Some("did you mean `…`?"));
    }
}
