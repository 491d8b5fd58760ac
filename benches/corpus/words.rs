//! The invented language of the corpus: words made of syllables, and the people, places, tags and
//! newspapers that are named with them.
//!
//! Nothing here means anything. What matters is that it has the shape of news: few words are very
//! frequent and short, most are rare and longer.

use std::collections::HashSet;

/// A small generator of pseudo-random numbers (SplitMix64). Ours, because the corpus must be the
/// same bytes in ten years, and crates reserve the right to change their sequences.
pub(crate) struct Random(u64);

impl Random {
    /// The stream of numbers that belongs to `seed` and `number`, independent of all others.
    pub(crate) fn new(seed: u64, number: u64) -> Random {
        let mut random = Random(seed ^ number.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        random.0 ^= random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// True in `percent` of a hundred cases.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// A number below `bound`, the small ones far more often: the first percent gets a fifth.
    pub(crate) fn skewed(&mut self, bound: usize) -> usize {
        let scale = 1 << 20;
        let u = self.below(scale) as u128;
        ((u * u * u * bound as u128) >> 60) as usize
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

const ONSETS: [&str; 22] =
    ["b", "br", "d", "dr", "f", "h", "k", "kl", "l", "m", "n", "pl", "r", "s", "st", "t", "tr", "v", "w", "y", "", ""];
const NUCLEI: [&str; 12] = ["a", "e", "i", "o", "u", "a", "e", "i", "o", "a", "ea", "ou"];
const CODAS: [&str; 12] = ["", "", "", "", "", "n", "l", "r", "s", "nd", "st", "m"];

/// Everything that can be named in the corpus.
pub(crate) struct Vocabulary {
    /// Lower case, the frequent ones first.
    pub(crate) words: Vec<String>,
    pub(crate) authors: Vec<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) places: Vec<String>,
    /// Name and address of the papers that articles quote.
    pub(crate) papers: Vec<(String, String)>,
}

impl Vocabulary {
    pub(crate) fn invent(seed: u64) -> Vocabulary {
        let mut random = Random::new(seed, u64::MAX);
        let mut seen = HashSet::new();
        let mut words = distinct(&mut random, &mut seen, 70, 1, 1);
        words.extend(distinct(&mut random, &mut seen, 700, 1, 2));
        words.extend(distinct(&mut random, &mut seen, 4200, 2, 3));
        let names = distinct(&mut random, &mut seen, 110, 2, 3);
        let places: Vec<String> = distinct(&mut random, &mut seen, 90, 2, 3).iter().map(|w| capitalised(w)).collect();
        let authors = (0..40).map(|i| format!("{} {}", capitalised(&names[i]), capitalised(&names[40 + i]))).collect();
        let mut tags = distinct(&mut random, &mut seen, 200, 2, 3);
        for tag in tags.iter_mut().step_by(4) {
            tag.push(' ');
            tag.push_str(&words[random.below(words.len())]);
        }
        let papers = (0..24)
            .map(|i| {
                let kind = ["Gazette", "Chronicle", "Messenger", "Evening Post"][i % 4];
                (format!("{} {kind}", places[i]), format!("https://{}.example.com", places[i].to_lowercase()))
            })
            .collect();
        Vocabulary { words, authors, tags, places, papers }
    }
}

/// `count` words of `low` to `high` syllables that nobody has used yet.
fn distinct(random: &mut Random, seen: &mut HashSet<String>, count: usize, low: usize, high: usize) -> Vec<String> {
    let mut words = Vec::with_capacity(count);
    while words.len() < count {
        let mut word = String::new();
        for _ in 0..random.between(low, high) {
            word.push_str(ONSETS[random.below(ONSETS.len())]);
            word.push_str(NUCLEI[random.below(NUCLEI.len())]);
        }
        word.push_str(CODAS[random.below(CODAS.len())]);
        if word.len() > 1 && seen.insert(word.clone()) {
            words.push(word);
        }
    }
    words
}

pub(crate) fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
