//! What a name, or a headline, says of a text that is not to be published: `HOLD x`, `x (draft)`, `x.embargo`.

use crate::text::compatible;

/// The marks.
const MARKS: &str = "draft,drafts,embargo,embargoed,under embargo,hold,on hold,onhold,legal hold,kill,spike,spiked,wip,\
     work in progress,unpublished,withheld,trash,do not print,do not publish,do not release,do not run,do not use,\
     dont print,dont publish,dont release,dont run,dont use,donotpublish,dontpublish,not for publication,\
     not for release,not yet published,off record,off the record,gesperrt bis,nicht ver\u{f6}ffentlichen,\
     nicht veroeffentlichen,ne pas publier,no publicar,non pubblicare,n\u{e3}o publicar,niet publiceren,\
     nie publikowa\u{107},publicera inte,ikke publiser,не публиковать,не публікувати";

/// Marks that are the first word of many a headline, too: `KILLED: three miners`.
const NEWS: &str =
    "confidential,deleted,held,hidden,killed,private,pulled,retracted,secret,trashed,unreleased,withdrawn";

/// Marks in other languages: what front matter knows, too.
pub const FOREIGN: &str = "bozza,borrador,brouillon,ebauche,\u{e9}bauche,entwurf,kladde,koncept,luonnos,rascunho,\
     sperrfrist,sperrvermerk,szkic,taslak,unver\u{f6}ffentlicht,unveroeffentlicht,utkast,wersja robocza,черновик,чернетка,下書き,草稿,초안,\
     مسودة,טיוטה";

fn marks() -> impl Iterator<Item = &'static str> {
    MARKS.split(',').chain(FOREIGN.split(',')).chain(NEWS.split(','))
}

/// The words of a name, whatever stands between them.
pub(super) fn words(name: &str) -> Vec<&str> {
    let is_between = |c: char| !c.is_alphanumeric() && !is_apostrophe(c);
    name.split(is_between).filter(|word| !word.is_empty()).collect()
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}')
}

fn is_same(words: &[&str], mark: &str) -> bool {
    begins(words, mark) == Some(words.len())
}

/// How many of the words are the mark, if they begin with it.
fn begins(words: &[&str], mark: &str) -> Option<usize> {
    let is_same = |word: &str, known: &str| match known.is_ascii() {
        true => word.eq_ignore_ascii_case(known),
        // Arabic and Hebrew write the article as a part of the word.
        false => word.to_lowercase().trim_start_matches("ال").trim_start_matches('ה') == known,
    };
    let is_word = |word: &str, known: &str| {
        is_same(without_number(word), known)
            || word.contains(is_apostrophe) && is_same(&word.replace(is_apostrophe, ""), known)
    };
    let mut of_mark = mark.split(' ');
    let count = words.iter().zip(&mut of_mark).take_while(|(word, known)| is_word(word, known)).count();
    (count == mark.split(' ').count()).then_some(count)
}

/// A word without the version or day that is glued to it: `draft2`, `draftv2`, `embargo20261201`.
fn without_number(word: &str) -> &str {
    let plain = word.trim_end_matches(|c: char| c.is_ascii_digit());
    if plain.len() == word.len() { word } else { plain.strip_suffix(['v', 'V']).unwrap_or(plain) }
}

/// Whether words are in upper case, or in a script that has none.
fn is_loud(words: &[&str]) -> bool {
    let is_letter = |c: char| c.is_alphabetic() && !c.is_lowercase();
    words.iter().all(|word| without_number(word).chars().all(|c| is_letter(c) || is_apostrophe(c)))
}

pub(super) fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a name is nothing but one of the marks, in whatever case.
pub fn is_mark(name: &str) -> bool {
    let words = words(name);
    marks().any(|mark| is_same(&words, mark))
}

/// Whether the name of a text, without its ending, or of a folder says that it is not to be published: in upper case as
/// the first or last word (behind dates and numbers), or beside words in lower case; in brackets; behind a dot. Else
/// these are words like others: a draft law, the draft of a league, `BANKS HOLD STEADY`.
pub fn is_marked(stem: &str) -> bool {
    let stem = &*compatible(stem);
    let is_in_brackets = || in_brackets(stem).any(says_so);
    stem.split('.').skip(1).any(is_marked_ending) || is_in_brackets() || loud_mark(without_language(stem)).is_some()
}

/// What stands in the brackets of a name.
pub(super) fn in_brackets(stem: &str) -> impl Iterator<Item = &str> {
    stem.split(OPENING).skip(1).map(|part| part.split([')', ']', '}', '】', '〕']).next().unwrap_or(part))
}

const OPENING: [char; 5] = ['(', '[', '{', '【', '〔'];

/// Whether what stands behind a dot is a mark, with what may be beside it: `draft`, `draft-2`, `embargo-2026-12-01`,
/// `hold-for-legal`, `v2-draft`. Behind a dot and a blank an ordinary sentence goes on.
pub(super) fn is_marked_ending(part: &str) -> bool {
    let is_label = || {
        let words = words(part);
        let is_end = |mark: &str| {
            let count = mark.split(' ').count();
            begins(&words, mark).is_some() || words.len() > count && is_same(&words[words.len() - count..], mark)
        };
        !part.contains(' ') && words.len() <= 3 && MARKS.split(',').chain(FOREIGN.split(',')).any(is_end)
    };
    is_mark(part) || !part.starts_with(' ') && says_so(part) || is_label()
}

/// The words around a mark in upper case.
fn loud_mark(stem: &str) -> Option<Vec<&str>> {
    // Hardly a name has a word in upper case.
    if stem.is_ascii()
        && !stem
            .as_bytes()
            .windows(3)
            .any(|bytes| bytes.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b' ' || *byte == b'\''))
    {
        return None;
    }
    let all = words(stem);
    let first = all.iter().position(|word| !is_number(word))?;
    let last = all.iter().rposition(|word| !is_number(word))?;
    let words = &all[first..=last];
    let stands_out = words.iter().any(|word| word.chars().any(char::is_lowercase));
    (0..words.len()).find_map(|at| {
        let rest = &words[at..];
        let count = marks().filter_map(|mark| begins(rest, mark)).max()?;
        let counts = is_loud(&rest[..count]) && (at == 0 || rest.len() == count || stands_out);
        counts.then(|| [&words[..at], &rest[count..]].concat())
    })
}

/// Whether a text in brackets is a mark, alone or with what it may have beside it: `draft v3`, `hold for Sunday`,
/// `hold, legal`, `first draft`, `embargo Dec 1`, `do not publish before noon`. Draft laws and draft beer are something
/// else.
fn says_so(inside: &str) -> bool {
    const BEFORE: &str = "1st,2nd,3rd,bajo,early,final,first,fourth,initial,latest,my,new,old,onder,preliminary,press,rough,\
         second,sob,sotto,sous,still,third,under,unedited,unter,working";
    const BEHIND: &str = "bis,before,fino,for,hasta,jusqu,legal,pending,til,till,to,tot,until,version,yet";
    let is_one_of = |all: &str, word: &str| all.split(',').any(|one| one.eq_ignore_ascii_case(word));
    let part = inside.split([',', ';', ':', '\u{2013}', '\u{2014}']).next().unwrap_or(inside);
    let words = words(part.split(" - ").next().unwrap_or(part));
    let before = words.iter().take_while(|word| is_one_of(BEFORE, word)).count();
    let rest = &words[before..];
    let found = marks().filter_map(|mark| Some((begins(rest, mark)?, mark))).max_by_key(|(count, _)| *count);
    let Some((count, mark)) = found else { return false };
    // `jusqu'au`, `v2`, and a day behind its month.
    let is_behind = |word: &str| {
        let word = word.split(is_apostrophe).next().unwrap_or_default();
        is_one_of(BEHIND, word) || is_number(word.trim_start_matches(['v', 'V']))
    };
    let is_day = |word: &&str| (1..=2).contains(&word.bytes().take_while(u8::is_ascii_digit).count());
    let has = |all: &[&str]| all.iter().any(|part| mark.contains(part));
    match rest[count..] {
        [] => true,
        _ if mark.contains(' ') && has(&["publ", "публ", "ffentl"]) => true,
        [first] => is_behind(first) || is_one_of(BEFORE, first),
        [first, second, ..] => is_behind(first) || has(&["embargo", "hold", "sperr"]) && is_day(&second),
    }
}

/// Whether a name, without its ending, is a mark and nothing else but the word `index`.
pub(super) fn is_marked_index(stem: &str) -> bool {
    let stem = &*compatible(stem);
    let is_index = |words: &[&str]| matches!(words, [word] if word.eq_ignore_ascii_case("index"));
    let outside = stem.split(OPENING).next().unwrap_or(stem);
    loud_mark(stem).is_some_and(|rest| is_index(&rest)) || is_marked(stem) && is_index(&words(outside))
}

/// A name without the language at its end: `x` of `x.de` and `x.pt-BR`.
pub(super) fn without_language(stem: &str) -> &str {
    stem.rsplit_once('.').filter(|(_, end)| is_locale(end)).map_or(stem, |(stem, _)| stem)
}

/// Whether a word is a language, or one of a country: `en-US`.
pub fn is_locale(name: &str) -> bool {
    let (language, country) = name.split_once(['-', '_']).unwrap_or((name, "US"));
    language.len() == 2
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && (2..=4).contains(&country.len())
        && country.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Whether a headline begins with a wish to withhold that readers would see: `[DRAFT] …`, `HOLD: …`, `DO NOT RUN - …`.
pub fn is_marked_headline(title: &str) -> bool {
    let inside = title.strip_prefix(['[', '(']);
    let ends: &[&str] = if inside.is_some() { &["]", ")"] } else { &[":", " - ", " \u{2013} ", " \u{2014} "] };
    let inside = inside.unwrap_or(title);
    let Some(end) = ends.iter().filter_map(|end| inside.find(end)).min() else { return false };
    let words = words(&inside[..end]);
    is_loud(&words) && MARKS.split(',').chain(FOREIGN.split(',')).any(|mark| is_same(&words, mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headline_that_begins_as_if_it_were_withheld_is_told_from_news() {
        for title in ["[DRAFT] Tunnel", "HOLD: Tunnel", "DO NOT PUBLISH: x", "DRAFT - x", "OFF THE RECORD: x"] {
            assert!(is_marked_headline(title), "{title}");
        }
        for title in
            ["KILLED: three miners", "Hold: the line", "HOLD THE LINE", "Draft - a law", "SECRET: how it works"]
        {
            assert!(!is_marked_headline(title), "{title}");
        }
    }
}
