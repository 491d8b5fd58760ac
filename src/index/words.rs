//! The words of headlines, and which articles have them.
//!
//! For related articles only. It knows words by their hashes: two words in four thousand millions that are
//! taken for one cost nothing but a strange neighbour. A text of a language that writes no spaces is cut
//! into pairs of characters, since a whole clause is no word that another headline has too.

use std::ops::{Deref, Range};

use xxhash_rust::xxh3::xxh3_64;

use super::ArticleId;
use crate::article::slug::is_mark;

/// A word, by its hash.
type Word = u32;

/// The number of a word that more than one headline has.
pub(super) type WordNumber = u32;

/// Which articles have a word and which words an article has: about eight bytes for each word of each
/// headline. Words that one headline has relate nothing and are not here.
#[derive(Debug)]
pub(super) struct Words {
    /// The articles of each word, oldest first.
    articles: Lists,
    /// The words of each article.
    of_article: Lists,
}

/// Lists of numbers, one behind the other: list `i` is `all[starts[i]..starts[i + 1]]`.
#[derive(Debug)]
struct Lists {
    all: Vec<u32>,
    starts: Vec<u32>,
}

impl Lists {
    fn get(&self, number: u32) -> &[u32] {
        let at = number as usize;
        &self.all[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

impl Words {
    /// The words of the headlines of so many articles.
    pub(super) fn of<H: Deref<Target = str>>(count: ArticleId, headline: impl Fn(ArticleId) -> H + Sync) -> Self {
        let part = |ids: Range<ArticleId>| {
            let mut pairs = Vec::with_capacity(ids.len() * 10);
            let mut words = Vec::new();
            for id in ids {
                of_headline(&headline(id), &mut words);
                pairs.extend(words.iter().map(|word| u64::from(*word) << 32 | u64::from(id)));
            }
            pairs.sort_unstable();
            pairs
        };
        // Threads of its own, not rayon's: a worker that waits for its helpers begins another page, which
        // would ask for the words that are being made.
        let threads = std::thread::available_parallelism().map_or(1, |count| count.get() as u32);
        let each = count.div_ceil(threads).max(1024);
        let part = &part;
        let parts: Vec<Vec<u64>> = std::thread::scope(|scope| {
            let starts = (0..count).step_by(each as usize);
            let running: Vec<_> =
                starts.map(|first| scope.spawn(move || part(first..count.min(first + each)))).collect();
            running
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        });
        let mut pairs = parts.concat();
        drop(parts);
        // It finds that the parts are in order and only merges them.
        pairs.sort();
        let of_word = || pairs.chunk_by(|a, b| a >> 32 == b >> 32).filter(|same| same.len() > 1);

        let mut articles = Lists { all: Vec::with_capacity(pairs.len()), starts: vec![0] };
        let mut ends = vec![0_u32; count as usize + 1];
        for same in of_word() {
            articles.all.extend(same.iter().map(|pair| *pair as ArticleId));
            articles.starts.push(articles.all.len() as u32);
            same.iter().for_each(|pair| ends[*pair as u32 as usize + 1] += 1);
        }
        articles.all.shrink_to_fit();
        for id in 1..ends.len() {
            ends[id] += ends[id - 1];
        }
        let mut of_article = Lists { all: vec![0; articles.all.len()], starts: ends.clone() };
        for (number, same) in of_word().enumerate() {
            for pair in same {
                let end = &mut ends[*pair as u32 as usize];
                of_article.all[*end as usize] = number as WordNumber;
                *end += 1;
            }
        }
        Self { articles, of_article }
    }

    /// The words of an article's headline.
    pub(super) fn of_article(&self, id: ArticleId) -> &[WordNumber] {
        self.of_article.get(id)
    }

    /// The articles before `id` whose headlines have the word, oldest first.
    pub(super) fn before(&self, word: WordNumber, id: ArticleId) -> &[ArticleId] {
        let all = self.articles.get(word);
        &all[..all.partition_point(|other| *other < id)]
    }
}

/// The distinct words of a headline: letters and digits in lower case, without single characters, which
/// are articles and what an apostrophe cuts off (`l’étape`, `Merrow's`).
fn of_headline(headline: &str, words: &mut Vec<Word>) {
    words.clear();
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
        let (mut of_a, mut of_b) = (Vec::new(), Vec::new());
        of_headline(a, &mut of_a);
        of_headline(b, &mut of_b);
        of_a.iter().filter(|word| of_b.contains(word)).count()
    }

    #[test]
    fn words_are_the_same_in_capitals_quotation_marks_and_with_an_apostrophe() {
        assert_eq!(shared("“Tunnel” opens", "The TUNNEL, at last"), 1);
        assert_eq!(shared("Merrow's ferry", "Ferry to Merrow"), 2);
        assert_eq!(shared("À l’étape", "L'ÉTAPE"), 1);
        assert_eq!(shared("A day in B", "B: a year"), 0, "single letters are no words");
        assert_eq!(shared("ferry ferry", "ferry"), 1);
        assert_eq!(shared("…", "…"), 0);
    }

    #[test]
    fn text_without_spaces_is_compared_by_pairs_of_characters() {
        assert_eq!(shared("港口隧道开通", "新隧道"), 1);
        assert_eq!(shared("港口", "口港"), 0);
        assert_eq!(shared("ท่าเรือใหม่", "ท่าเรือเก่า"), 6);
    }

    #[test]
    fn the_articles_of_a_word_are_those_before() {
        let headlines = ["ferry late", "storm", "ferry again", "no late ferry"];
        let words = Words::of(4, |id| headlines[id as usize]);
        assert_eq!(words.of_article(1), [] as [WordNumber; 0], "no other headline has it");
        let [a, b] = words.of_article(0) else { panic!("two words") };
        let mut lists = [words.before(*a, 3), words.before(*b, 3)];
        lists.sort_unstable();
        assert_eq!(lists, [&[0][..], &[0, 2]], "late; ferry");
        assert_eq!(words.before(*a, 0), [] as [ArticleId; 0]);
    }
}
