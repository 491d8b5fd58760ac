//! Compares a headline or slug with the text around one of its anchors, as readers see that text.

use crate::publish::reading::{Before, Gap, Letter, Letters, LettersBefore, is_in_tag, is_unspaced};

/// How far in front of an anchor the beginning of a headline is looked for, in bytes: there may be tags between.
const REACH: usize = 2048;

/// Whether a headline stands in a text so that an anchor of it is at `at`. `before` is how many bytes of its letters
/// stand before the anchor.
pub(super) fn is_said(text: &[u8], at: usize, letters: &str, before: usize) -> bool {
    let (head, tail) = letters.split_at(before);
    if !may_follow_plainly(&text[..at], head) {
        return false;
    }
    let is_in_tag = is_in_tag(text, at);
    let may = |way: (bool, bool)| !(is_in_tag && way.0) && may_follow(&text[..at], head, way);
    let ways = [(true, false), (false, false), (true, true)].map(|way| may(way).then_some(way));
    if ways == [None; 3] {
        return false;
    }
    let mut behind = Letters::of(text, at, true);
    let mut without_notes = behind.clone().without_notes();
    let is_tail = goes_on(&mut behind, tail) || behind.has_notes() && goes_on(&mut without_notes, tail);
    is_tail && ways.into_iter().flatten().any(|way| follows(text, at, head, letters, way))
}

/// Whether what is read is `tail`, and then a word ends.
fn goes_on(read: &mut Letters<'_>, tail: &str) -> bool {
    for (number, c) in tail.chars().enumerate() {
        let fits = |letter: &Letter| letter.c == c && (number == 0 || letter.gap != Gap::Break);
        if !read.next().as_ref().is_some_and(fits) {
            return false;
        }
    }
    tail.ends_with(is_unspaced) || read.next().is_none_or(|letter| letter.gap != Gap::None)
}

/// Whether the letters at the end of `text` can be `head`, if only those behind the last tag are looked at: a quick answer
/// for nearly all anchors that stand in other sentences.
fn may_follow_plainly(text: &[u8], head: &str) -> bool {
    let mut head = head.chars().rev();
    for byte in text.iter().rev() {
        match byte {
            b'<' | b'>' | b']' | 0x80.. => return true,
            byte if byte.is_ascii_alphanumeric() => match head.next() {
                Some(c) if c == char::from(byte.to_ascii_lowercase()) => {}
                other => return other.is_none(),
            },
            _ => {}
        }
    }
    true
}

/// The same as far as it can be told from behind. It is yes in doubt.
fn may_follow(text: &[u8], head: &str, (skips_tags, skips_notes): (bool, bool)) -> bool {
    let mut before = LettersBefore::of(text, skips_tags, skips_notes);
    for c in head.chars().rev() {
        match before.next() {
            Before::Letter(letter) if letter == c => {}
            Before::Unclear => return true,
            Before::Letter(_) | Before::Break | Before::Start => return before.may_be_in_tag(),
        }
    }
    true
}

/// Whether `head` stands in the text right before `at`, with a word boundary in front of it.
fn follows(text: &[u8], at: usize, head: &str, letters: &str, skips: (bool, bool)) -> bool {
    let count = head.chars().count();
    // Mostly there are no tags between.
    let near = follows_within(text, at, (head, count), letters, skips, (64 + 2 * head.len()).min(REACH - 1));
    near.unwrap_or_else(|| follows_within(text, at, (head, count), letters, skips, REACH + head.len()).unwrap_or(false))
}

/// The same for the last `reach` bytes before `at`; none if they do not decide it.
fn follows_within(
    text: &[u8],
    at: usize,
    (head, count): (&str, usize),
    letters: &str,
    (skips_tags, skips_notes): (bool, bool),
    reach: usize,
) -> Option<bool> {
    let mut start = at.saturating_sub(reach);
    while start < at && text[start] & 0xC0 == 0x80 {
        start += 1;
    }
    if skips_tags
        && start > 0
        && let Some(edge) = memchr::memchr2(b'<', b'>', &text[start..at])
        && text[start + edge] == b'>'
    {
        start += edge + 1;
    }
    let is_far = reach >= REACH || start == 0;
    let mut before: Vec<(char, Gap)> = Vec::with_capacity(64);
    let read = Letters::of(text, start, skips_tags);
    let mut read = if skips_notes { read.without_notes() } else { read };
    loop {
        let Some(letter) = read.next().filter(|letter| letter.place.start <= at) else {
            return is_far.then_some(false);
        };
        before.push((letter.c, letter.gap));
        if letter.place.start == at {
            break;
        }
    }
    // The last one is the anchor's own first letter.
    let first = before.len().checked_sub(count + 1).filter(|first| *first > 0 || is_far)?;
    let is_same = before[first..].iter().map(|(c, _)| *c).zip(head.chars()).all(|(a, b)| a == b);
    let is_one = before[first + 1..].iter().all(|(_, gap)| *gap != Gap::Break);
    let begins = first == 0 || before[first].1 != Gap::None || letters.starts_with(is_unspaced);
    Some(is_same && is_one && begins)
}

/// What texts are made of in which readers see letters, words and marks.
#[cfg(test)]
pub(super) const PIECES: [&str; 27] = [
    "a",
    "b",
    "é",
    "e\u{301}",
    "한",
    " ",
    "<b>",
    "</b>",
    "<P>",
    "</li>",
    "<a title=\"a<b>",
    "<a href=b>",
    "<sup>1</sup>",
    "[a]",
    "¹",
    "<wbr>",
    "<!-- a -->",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<",
    ">",
    "\u{ad}",
    "<x-y>",
    "ß",
    "&",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_look_from_behind_rejects_nothing_that_is_there() {
        let mut rng = fastrand::Rng::with_seed(11);
        let (mut there, mut rejected) = (0, 0);
        for _ in 0..200_000 {
            let text: String = (0..rng.usize(1..10)).map(|_| PIECES[rng.usize(..PIECES.len())]).collect();
            let head: String = (0..rng.usize(1..4)).map(|_| ["a", "b", "e", "ss"][rng.usize(..4)]).collect();
            let whole = format!("{text}x{}", ["", ">"][rng.usize(..2)]);
            for way in [(true, false), (false, false), (true, true)] {
                let is_in_tag = way.0 && is_in_tag(whole.as_bytes(), text.len());
                let may = !is_in_tag && may_follow(text.as_bytes(), &head, way);
                let is = follows(whole.as_bytes(), text.len(), &head, &format!("{head}x"), way);
                assert!(may || !is, "{head} {text} {way:?}");
                there += usize::from(is);
                rejected += usize::from(!may);
            }
        }
        assert!(there > 1000 && rejected > 100_000, "{there} {rejected}");
    }
}
