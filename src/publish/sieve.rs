//! A sieve for many patterns: finds thousands of headlines and addresses in a page at the speed of memory.
//!
//! Every pattern is longer than a block and a step, so wherever it stands, one of its blocks begins at a
//! multiple of the step. So only those places are looked at, each with one bit of a table; what passes is
//! compared in full. (An automaton reads every byte and takes as long as the rest of a clean build; this
//! takes a twentieth of it.)

use aho_corasick::AhoCorasick;
use rustc_hash::FxHashMap;

/// The places that are looked at.
const STEP: usize = 4;

/// Patterns in blocks of `N` bytes.
#[derive(Debug)]
struct Blocks<const N: usize> {
    /// A bit for the hash of every block.
    table: Vec<u64>,
    /// By how much a hash is shifted to be a place in the table.
    shift: u32,
    /// The patterns that have the block, and where in them.
    of_block: FxHashMap<[u8; N], Vec<(u32, u32)>>,
}

/// All patterns.
#[derive(Debug)]
pub(super) struct Sieve {
    patterns: Vec<String>,
    long: Option<Blocks<8>>,
    short: Option<Blocks<4>>,
    /// For what is shorter than a block and a step: hardly anything.
    tiny: Option<(AhoCorasick, Vec<u32>)>,
}

impl Sieve {
    pub(super) fn new(patterns: Vec<String>) -> Self {
        let numbers = |fits: &dyn Fn(usize) -> bool| -> Vec<u32> {
            (0..patterns.len() as u32).filter(|number| fits(patterns[*number as usize].len())).collect()
        };
        let long = numbers(&|length| length >= least::<8>());
        let short = numbers(&|length| (least::<4>()..least::<8>()).contains(&length));
        let tiny = numbers(&|length| length < least::<4>());
        let automaton = (!tiny.is_empty()).then(|| {
            let few = tiny.iter().map(|number| &patterns[*number as usize]);
            (AhoCorasick::new(few).expect("fewer patterns than there are numbers"), tiny)
        });
        Self { long: Blocks::new(&patterns, &long), short: Blocks::new(&patterns, &short), tiny: automaton, patterns }
    }

    /// Tells `found` the number and the place of every pattern that stands in `bytes`.
    pub(super) fn find(&self, bytes: &[u8], mut found: impl FnMut(u32, usize)) {
        if let Some(blocks) = &self.long {
            blocks.find(&self.patterns, bytes, &mut found);
        }
        if let Some(blocks) = &self.short {
            blocks.find(&self.patterns, bytes, &mut found);
        }
        if let Some((automaton, numbers)) = &self.tiny {
            for hit in automaton.find_overlapping_iter(bytes) {
                found(numbers[hit.pattern().as_usize()], hit.start());
            }
        }
    }

    /// The length of a pattern in bytes.
    pub(super) fn length(&self, number: u32) -> usize {
        self.patterns[number as usize].len()
    }
}

/// How long a pattern must be so that one of its blocks begins at a multiple of the step, wherever it stands.
const fn least<const N: usize>() -> usize {
    N + STEP - 1
}

impl<const N: usize> Blocks<N> {
    fn new(patterns: &[String], numbers: &[u32]) -> Option<Self> {
        if numbers.is_empty() {
            return None;
        }
        let blocks = |number: u32| patterns[number as usize].as_bytes().windows(N);
        let mut count: FxHashMap<&[u8], u32> = FxHashMap::default();
        for number in numbers {
            blocks(*number).for_each(|block| *count.entry(block).or_default() += 1);
        }
        // A bit for each block in about thirty: hardly any page passes by chance.
        let bits = (numbers.len() * STEP * 32).next_power_of_two().clamp(1 << 12, 1 << 21);
        let shift = 64 - bits.trailing_zeros();
        let mut this = Self { table: vec![0; bits / 64], shift, of_block: FxHashMap::default() };
        for number in numbers {
            // The blocks that the fewest other patterns have; late ones, since addresses begin alike.
            let all: Vec<&[u8]> = blocks(*number).collect();
            let most = |start: usize| all[start..start + STEP].iter().map(|block| count[*block]).max();
            let start = (0..=all.len() - STEP).rev().min_by_key(|start| most(*start)).expect("long enough");
            for (at, block) in all.iter().enumerate().skip(start).take(STEP) {
                let block: &[u8; N] = (*block).try_into().expect("as long as a block");
                let place = this.place(block);
                this.table[place / 64] |= 1 << (place % 64);
                this.of_block.entry(*block).or_default().push((*number, at as u32));
            }
        }
        Some(this)
    }

    fn place(&self, block: &[u8; N]) -> usize {
        let mut word = [0; 8];
        word[..N].copy_from_slice(block);
        // Fibonacci hashing: the upper bits of a product with 2^64 divided by the golden ratio.
        (u64::from_le_bytes(word).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift) as usize
    }

    fn find(&self, patterns: &[String], bytes: &[u8], found: &mut impl FnMut(u32, usize)) {
        let mut at = 0;
        while let Some(block) = bytes.get(at..at + N) {
            let block: &[u8; N] = block.try_into().expect("as long as a block");
            let place = self.place(block);
            if self.table[place / 64] & 1 << (place % 64) != 0 {
                for (number, offset) in self.of_block.get(block).into_iter().flatten() {
                    let pattern = patterns[*number as usize].as_bytes();
                    let start = at.checked_sub(*offset as usize);
                    if let Some(start) = start.filter(|start| bytes[*start..].starts_with(pattern)) {
                        found(*number, start);
                    }
                }
            }
            at += STEP;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_found_wherever_it_stands() {
        let patterns: Vec<String> = [
            "/a/",
            "/ab/cd",
            "/abc/de",
            "/local/x/",
            "/local/ab/",
            "/local/abc/",
            "The harbour tunnel opens",
            "tunnel opens",
        ]
        .map(str::to_owned)
        .to_vec();
        let sieve = Sieve::new(patterns.clone());
        for before in 0..9 {
            for after in 0..9 {
                for pattern in &patterns {
                    let text = format!("{}{pattern}{}", "x".repeat(before), "y".repeat(after));
                    let mut found = Vec::new();
                    sieve.find(text.as_bytes(), |number, at| found.push((patterns[number as usize].as_str(), at)));
                    let mut expected: Vec<(&str, usize)> = patterns
                        .iter()
                        .flat_map(|one| text.match_indices(one.as_str()).map(|(at, _)| (one.as_str(), at)))
                        .collect();
                    found.sort_unstable();
                    expected.sort_unstable();
                    assert_eq!(found, expected, "{text}");
                }
            }
        }
    }

    #[test]
    fn random_texts_are_searched_as_the_standard_library_does() {
        let mut rng = fastrand::Rng::with_seed(7);
        for _ in 0..200 {
            let mut text = |length: usize| -> String { (0..length).map(|_| rng.char('a'..='c')).collect() };
            let patterns: Vec<String> = (1..40).map(|number| text(1 + number % 20)).collect();
            let page = text(400);
            let sieve = Sieve::new(patterns.clone());
            let mut found = Vec::new();
            sieve.find(page.as_bytes(), |number, at| found.push((number, at)));
            let all =
                |pattern: &str| (0..page.len()).filter(|at| page[*at..].starts_with(pattern)).collect::<Vec<usize>>();
            let mut expected: Vec<(u32, usize)> = Vec::new();
            for (number, pattern) in patterns.iter().enumerate() {
                expected.extend(all(pattern).into_iter().map(|at| (number as u32, at)));
            }
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected);
        }
    }
}
