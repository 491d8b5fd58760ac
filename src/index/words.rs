//! The words of headlines, and which articles have them.
//!
//! For related articles only. It knows words by their hashes: two words in four thousand millions that are
//! taken for one cost nothing but a strange neighbour. A text of a language that writes no spaces is cut
//! into pairs of characters, since a whole clause is no word that another headline has too.

use std::ops::Range;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

use super::StoryId;
use crate::article::slug::is_mark;

/// A word, by its hash.
pub(super) type Word = u32;

/// The words of all headlines: about eight bytes for each word of each headline.
#[derive(Debug)]
pub(super) struct Words {
    /// The words of article `i` are `of_story[starts[i]..starts[i + 1]]`, in the order of their hashes.
    of_story: Vec<Word>,
    starts: Vec<u32>,
    /// Made when the first page asks: a theme may show no related articles.
    postings: OnceLock<Postings>,
}

/// The articles of each word that more than one headline has.
#[derive(Debug)]
struct Postings {
    ranges: FxHashMap<Word, Range<u32>>,
    /// Of each word, oldest first.
    stories: Vec<StoryId>,
}

impl Words {
    pub(super) fn new() -> Self {
        Self { of_story: Vec::new(), starts: vec![0], postings: OnceLock::new() }
    }

    /// Adds the words of the next article.
    pub(super) fn add(&mut self, words: &[Word]) {
        self.of_story.extend_from_slice(words);
        self.starts.push(self.of_story.len() as u32);
    }

    pub(super) fn finish(&mut self) {
        self.of_story.shrink_to_fit();
    }

    /// The words of an article's headline.
    pub(super) fn of(&self, id: StoryId) -> &[Word] {
        &self.of_story[self.starts[id as usize] as usize..self.starts[id as usize + 1] as usize]
    }

    /// The articles before `id` whose headlines have the word, oldest first.
    pub(super) fn before(&self, word: Word, id: StoryId) -> &[StoryId] {
        let postings = self.postings.get_or_init(|| Postings::of(self));
        let Some(range) = postings.ranges.get(&word) else { return &[] };
        let all = &postings.stories[range.start as usize..range.end as usize];
        &all[..all.partition_point(|other| *other < id)]
    }
}

impl Postings {
    /// Counts, then fills: each list is as long as it must be, and nothing is sorted.
    fn of(words: &Words) -> Self {
        let mut counts: FxHashMap<Word, u32> = FxHashMap::default();
        for word in &words.of_story {
            *counts.entry(*word).or_default() += 1;
        }
        let mut end = 0;
        let mut ranges: FxHashMap<Word, Range<u32>> = FxHashMap::default();
        for word in &words.of_story {
            // In the order of the articles, so that the place of a list is the same in each run.
            if let Some(count) = counts.remove(word).filter(|count| *count > 1) {
                ranges.insert(*word, end..end);
                end += count;
            }
        }
        let mut stories = vec![0; end as usize];
        for (id, bounds) in words.starts.windows(2).enumerate() {
            for word in &words.of_story[bounds[0] as usize..bounds[1] as usize] {
                if let Some(range) = ranges.get_mut(word) {
                    stories[range.end as usize] = id as StoryId;
                    range.end += 1;
                }
            }
        }
        Self { ranges, stories }
    }
}

/// The distinct words of a headline: letters and digits in lower case, without single characters, which
/// are articles and what an apostrophe cuts off (`l’étape`, `Merrow's`).
pub(super) fn of_headline(headline: &str) -> Box<[Word]> {
    let mut words = Vec::with_capacity(12);
    let mut word = String::new();
    let mut length = 0;
    let mut last_unspaced = None;
    for c in headline.chars().chain([' ']) {
        let unspaced = is_unspaced(c).then_some(c);
        if let (Some(first), Some(second)) = (last_unspaced, unspaced) {
            words.push(hash(String::from_iter([first, second]).as_bytes()));
        }
        last_unspaced = unspaced;
        if unspaced.is_none() && (c.is_alphanumeric() || is_mark(c)) {
            length += 1;
            if c.is_ascii() {
                word.push(c.to_ascii_lowercase());
            } else {
                word.extend(c.to_lowercase());
            }
            continue;
        }
        if length > 1 {
            words.push(hash(word.as_bytes()));
        }
        word.clear();
        length = 0;
    }
    words.sort_unstable();
    words.dedup();
    words.into_boxed_slice()
}

fn hash(word: &[u8]) -> Word {
    xxh3_64(word) as Word
}

/// Whether the character is of a script that puts no spaces between words.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}' // Thai, Lao
        | '\u{1000}'..='\u{109F}' // Burmese
        | '\u{1780}'..='\u{17FF}' // Khmer
        | '\u{3041}'..='\u{30FF}' // Hiragana, Katakana
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' // Han
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(a: &str, b: &str) -> usize {
        let (a, b) = (of_headline(a), of_headline(b));
        a.iter().filter(|word| b.contains(word)).count()
    }

    #[test]
    fn words_are_the_same_in_capitals_quotation_marks_and_with_an_apostrophe() {
        assert_eq!(shared("“Tunnel” opens", "The TUNNEL, at last"), 1);
        assert_eq!(shared("Merrow's ferry", "Ferry to Merrow"), 2);
        assert_eq!(shared("À l’étape", "L'ÉTAPE"), 1);
        assert_eq!(shared("A day in B", "B: a year"), 0, "single letters are no words");
        assert_eq!(shared("ferry ferry", "ferry"), 1);
        assert_eq!(of_headline("…").len(), 0);
    }

    #[test]
    fn text_without_spaces_is_compared_by_pairs_of_characters() {
        assert_eq!(shared("港口隧道开通", "新隧道"), 1);
        assert_eq!(shared("港口", "口港"), 0);
        assert_eq!(shared("ท่าเรือใหม่", "ท่าเรือเก่า"), 6);
    }

    #[test]
    fn the_articles_of_a_word_are_those_before() {
        let mut words = Words::new();
        for headline in ["ferry late", "storm", "ferry again", "no ferry"] {
            words.add(&of_headline(headline));
        }
        words.finish();
        assert_eq!(words.before(hash(b"ferry"), 3), [0, 2]);
        assert_eq!(words.before(hash(b"ferry"), 0), [] as [StoryId; 0]);
        assert_eq!(words.before(hash(b"storm"), 3), [] as [StoryId; 0], "no other headline has it");
        assert_eq!(words.of(1), [hash(b"storm")]);
    }
}
