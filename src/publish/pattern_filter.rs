//! A sieve for many anchors: finds thousands of words in a page at nearly the speed of memory, whatever their case.
//!
//! Every anchor is longer than a block and a step, so wherever it stands, one of its blocks begins at a
//! multiple of the step. So only those places are looked at, each with one bit of a small table for all blocks; what
//! passes is looked for in the larger tables, and then compared in full. (An automaton reads every byte and takes as long
//! as the rest of a clean build.)

use rustc_hash::FxHashMap;

/// The shortest anchor, in bytes.
pub(super) const SHORTEST: usize = 3;

/// Anchors of so many bytes need a look at every other byte only.
pub(super) const SHORT: usize = 5;

/// Anchors of so many bytes are found soonest.
pub(super) const LONG: usize = 7;

/// Anchors in blocks of `N` bytes, of which those are looked at that begin at a multiple of `STEP`.
#[derive(Debug)]
struct Blocks<const N: usize, const STEP: usize> {
    /// A bit for the hash of every block.
    table: Vec<u64>,
    /// By how much a hash is shifted to be a place in the table.
    shift: u32,
    /// By the upper bits of the hash of a block: where its anchors begin in `within`, and the next ones'.
    starts: Vec<u32>,
    /// By how much a hash is shifted to be a place in `starts`.
    start_shift: u32,
    within: Vec<Within>,
}

/// An anchor that has a block.
#[derive(Debug)]
struct Within {
    block: u64,
    /// The first eight bytes of the anchor, with zeros behind a shorter one.
    head: u64,
    number: u32,
    /// Where in it the block stands.
    offset: u32,
}

impl Within {
    fn new(block: u64, number: u32, offset: usize, anchor: &[u8]) -> Self {
        let mut head = Window::default();
        let length = anchor.len().min(head.len());
        head[..length].copy_from_slice(&anchor[..length]);
        Self { block, head: u64::from_le_bytes(head), number, offset: offset as u32 }
    }

    /// Whether the anchor stands at a place.
    fn stands(&self, anchors: &Anchors, bytes: &[u8], start: usize) -> bool {
        // Nearly all that does not stand there begins otherwise. The head of a short anchor ends with zeros, and no
        // folded byte is zero.
        let head = bytes.get(start..).and_then(<[u8]>::first_chunk::<8>).map(|head| folded(*head));
        let differs = |head: u64| (head ^ self.head) & (u64::MAX >> (self.head.leading_zeros() & !7)) != 0;
        if head.is_some_and(differs) {
            return false;
        }
        let anchor = anchors.get(self.number);
        let done = if head.is_some() { anchor.len().min(8) } else { 0 };
        bytes
            .get(start + done..start + anchor.len())
            .is_some_and(|there| there.iter().zip(&anchor[done..]).all(|(a, b)| fold(*a) == *b))
    }
}

/// The bytes of all anchors, folded.
#[derive(Debug)]
struct Anchors {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Anchors {
    fn of(anchors: &[String]) -> Self {
        let mut all = Self { bytes: Vec::new(), ends: vec![0] };
        for anchor in anchors {
            all.bytes.extend(anchor.bytes().map(fold));
            all.ends.push(all.bytes.len() as u32);
        }
        all
    }

    fn get(&self, number: u32) -> &[u8] {
        &self.bytes[self.ends[number as usize] as usize..self.ends[number as usize + 1] as usize]
    }
}

/// All anchors.
#[derive(Debug)]
pub(super) struct PatternFilter {
    anchors: Anchors,
    long: Option<Blocks<6, 2>>,
    short: Option<Blocks<4, 2>>,
    tiny: Option<Blocks<3, 1>>,
    gate: Gate,
}

/// Whether a block of `long` or `short` may begin with four bytes: a bit for each place, few enough for the fastest memory.
struct Gate(Box<[u64; 1 << (GATE - 6)]>);

/// The places in a gate, as a power of two: 32 kilobytes.
const GATE: u32 = 18;

impl Gate {
    fn place(four: u32) -> (usize, u32) {
        let place = four.wrapping_mul(0x9E37_79B9) >> (u32::BITS - GATE);
        ((place >> 6) as usize, place & 63)
    }

    fn of(blocks: impl Iterator<Item = u64>) -> Self {
        let places: Box<[u64]> = vec![0; 1 << (GATE - 6)].into();
        let mut gate: Box<[u64; 1 << (GATE - 6)]> = places.try_into().expect("as many as there are");
        for block in blocks {
            let (word, bit) = Self::place(block as u32);
            gate[word] |= 1 << bit;
        }
        Self(gate)
    }

    /// One if it is open, else zero.
    #[inline(always)]
    fn is_open(&self, four: u32) -> usize {
        let (word, bit) = Self::place(four);
        (self.0[word] >> bit) as usize & 1
    }
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Gate({})", self.0.iter().map(|word| word.count_ones()).sum::<u32>())
    }
}

/// So few anchors are found in one pass: hardly any page has their blocks, short as they are.
const FEW: usize = 256;

/// Letters of ASCII in lower case. Other bytes may become the same, which the comparison in full finds out.
const fn fold(byte: u8) -> u8 {
    byte | 0x20
}

/// Eight bytes, of which a block is the first few.
type Window = [u8; 8];

/// The bytes of a window, each [`fold`]ed.
const fn folded(window: Window) -> u64 {
    u64::from_le_bytes(window) | u64::from_le_bytes([fold(0); 8])
}

impl PatternFilter {
    /// A sieve for anchors of at least [`SHORTEST`] bytes.
    pub(super) fn new(anchors: &[String]) -> Self {
        let count = anchors.len();
        let anchors = Anchors::of(anchors);
        let is_long = |length: usize| length >= LONG && count > FEW;
        let numbers = |fits: &dyn Fn(usize) -> bool| -> Vec<u32> {
            (0..count as u32).filter(|number| fits(anchors.get(*number).len())).collect()
        };
        let long = Blocks::<6, 2>::new(&anchors, &numbers(&is_long));
        let short = Blocks::<4, 2>::new(&anchors, &numbers(&|length| length >= SHORT && !is_long(length)));
        let blocks = long.iter().flat_map(Blocks::blocks).chain(short.iter().flat_map(Blocks::blocks));
        let gate = Gate::of(blocks);
        Self { long, short, tiny: Blocks::new(&anchors, &numbers(&|length| length < SHORT)), gate, anchors }
    }

    /// Tells `found` the number and the place of every anchor that stands in `bytes`.
    pub(super) fn find(&self, bytes: &[u8], mut found: impl FnMut(u32, usize)) {
        let anchors = &self.anchors;
        let mut look = |at: usize, window: Window| {
            if let Some(long) = self.long.as_ref().filter(|long| long.passes(window)) {
                long.compare(anchors, bytes, (window, at), &mut found);
            }
            if let Some(short) = self.short.as_ref().filter(|short| short.passes(window)) {
                short.compare(anchors, bytes, (window, at), &mut found);
            }
        };
        // The places are gathered first: whether a gate is open cannot be foreseen, and a branch would cost more than all
        // else. Two windows of six bytes are in each eight.
        let mut places = [0; BATCH];
        let mut count = 0;
        windows::<4>(bytes, |at, window| {
            let folded = folded(window);
            places[count] = at;
            count += self.gate.is_open(folded as u32);
            places[count] = at + 2;
            count += self.gate.is_open((folded >> 16) as u32);
            if count >= BATCH - 1 {
                places[..count].iter().for_each(|at| look(*at, window_at(bytes, *at)));
                count = 0;
            }
        });
        places[..count].iter().for_each(|at| look(*at, window_at(bytes, *at)));
        if let Some(tiny) = &self.tiny {
            tiny.find(anchors, bytes, &mut found);
        }
    }
}

/// So many places are gathered before they are looked at.
const BATCH: usize = 512;

/// What begins at a place, with zeros behind the last bytes.
fn window_at(bytes: &[u8], at: usize) -> Window {
    bytes.get(at..).and_then(<[u8]>::first_chunk::<8>).copied().unwrap_or_else(|| {
        let mut window = Window::default();
        let rest = bytes.get(at..).unwrap_or_default();
        window[..rest.len()].copy_from_slice(rest);
        window
    })
}

/// Gives `look` what begins at each multiple of the step, with zeros behind the last bytes.
#[inline(always)]
fn windows<const STEP: usize>(bytes: &[u8], mut look: impl FnMut(usize, Window)) {
    let whole = bytes.len().checked_sub(8).map_or(0, |last| (last / STEP + 1) * STEP);
    let mut rest = [0; 16];
    rest[..bytes.len() - whole].copy_from_slice(&bytes[whole..]);
    for (part, start) in [(bytes, 0), (&rest, whole)] {
        let mut at = 0;
        while at + 8 <= part.len() {
            look(start + at, part[at..at + 8].try_into().expect("eight bytes"));
            at += STEP;
        }
    }
}

impl<const N: usize, const STEP: usize> Blocks<N, STEP> {
    fn new(anchors: &Anchors, numbers: &[u32]) -> Option<Self> {
        if numbers.is_empty() {
            return None;
        }
        let blocks = |number: u32| anchors.get(number).windows(N);
        let mut count: FxHashMap<&[u8], u32> = FxHashMap::default();
        for number in numbers {
            blocks(*number).for_each(|block| *count.entry(block).or_default() += 1);
        }
        let mut within: Vec<Within> = Vec::with_capacity(numbers.len() * STEP);
        for number in numbers {
            // The blocks that the fewest other anchors have, and of these the first: words end alike.
            let all: Vec<&[u8]> = blocks(*number).collect();
            let most = |start: usize| all[start..start + STEP].iter().map(|block| count[*block]).max();
            let start = (0..=all.len() - STEP).min_by_key(|start| most(*start)).expect("long enough");
            for (at, block) in all.iter().enumerate().skip(start).take(STEP) {
                let mut window = Window::default();
                window[..N].copy_from_slice(block);
                within.push(Within::new(u64::from_le_bytes(window), *number, at, anchors.get(*number)));
            }
        }
        within.sort_unstable_by_key(|within| (hash(within.block), within.number));
        let shift = |places: usize| 64 - places.trailing_zeros();
        // A bit for each block in about thirty: hardly any page passes by chance.
        let bits = (numbers.len() * STEP * 32).next_power_of_two().clamp(1 << 12, 1 << 21);
        let mut table = vec![0; bits / 64];
        let buckets = within.len().next_power_of_two().max(2);
        let start_shift = shift(buckets);
        let bucket = |within: &Within| hash(within.block) >> start_shift;
        for one in &within {
            let place = (hash(one.block) >> shift(bits)) as usize;
            table[place / 64] |= 1 << (place % 64);
        }
        let start = |number: usize| within.partition_point(|within| bucket(within) < number as u64) as u32;
        let starts = (0..=buckets).map(start).collect();
        Some(Self { table, shift: shift(bits), starts, start_shift, within })
    }

    /// The block with which a window begins.
    #[inline(always)]
    fn block(window: Window) -> u64 {
        folded(window) & (u64::MAX >> (64 - 8 * N))
    }

    /// Whether an anchor may have the block with which a window begins.
    #[inline(always)]
    fn passes(&self, window: Window) -> bool {
        let place = (hash(Self::block(window)) >> self.shift) as usize;
        self.table[place / 64] & 1 << (place % 64) != 0
    }

    /// The blocks that are looked for.
    fn blocks(&self) -> impl Iterator<Item = u64> {
        self.within.iter().map(|within| within.block)
    }

    fn find(&self, anchors: &Anchors, bytes: &[u8], found: &mut impl FnMut(u32, usize)) {
        windows::<STEP>(bytes, |at, window| {
            if self.passes(window) {
                self.compare(anchors, bytes, (window, at), found);
            }
        });
    }

    /// Tells `found` the anchors that stand around a block of theirs.
    #[inline(never)]
    fn compare(
        &self,
        anchors: &Anchors,
        bytes: &[u8],
        (window, at): (Window, usize),
        found: &mut impl FnMut(u32, usize),
    ) {
        let block = Self::block(window);
        let bucket = (hash(block) >> self.start_shift) as usize;
        let all = &self.within[self.starts[bucket] as usize..self.starts[bucket + 1] as usize];
        for within in all.iter().filter(|within| within.block == block) {
            let start = at.checked_sub(within.offset as usize);
            if let Some(start) = start.filter(|start| within.stands(anchors, bytes, *start)) {
                found(within.number, start);
            }
        }
    }
}

/// Fibonacci hashing: the upper bits of a product with 2^64 divided by the golden ratio.
const fn hash(block: u64) -> u64 {
    block.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_anchor_is_found_wherever_it_stands_and_in_any_case() {
        let anchors = ["sea", "quay", "ships", "tunnel", "harbour", "Überfahrt", "a/b/c"].map(str::to_owned);
        let sieve = PatternFilter::new(&anchors);
        for before in 0..9 {
            for after in 0..9 {
                for anchor in &anchors {
                    for anchor in [anchor.clone(), anchor.to_ascii_uppercase()] {
                        let text = format!("{}{anchor}{}", "x".repeat(before), "y".repeat(after));
                        let mut found = Vec::new();
                        sieve.find(text.as_bytes(), |number, at| found.push((anchors[number as usize].as_str(), at)));
                        let lower = text.to_ascii_lowercase();
                        let mut expected: Vec<(&str, usize)> = anchors
                            .iter()
                            .flat_map(|one| {
                                lower
                                    .match_indices(&one.to_ascii_lowercase())
                                    .map(|(at, _)| (one.as_str(), at))
                                    .collect::<Vec<_>>()
                            })
                            .collect();
                        found.sort_unstable();
                        expected.sort_unstable();
                        assert_eq!(found, expected, "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn random_texts_are_searched_as_the_standard_library_does() {
        let mut rng = fastrand::Rng::with_seed(7);
        for round in 0..200 {
            let mut text = |length: usize| -> String { (0..length).map(|_| rng.char('a'..='c')).collect() };
            let anchors: Vec<String> =
                (0..[40, FEW + 40][round % 2]).map(|number| text(SHORTEST + number % 12)).collect();
            let page = text(400);
            let sieve = PatternFilter::new(&anchors);
            let mut found = Vec::new();
            sieve.find(page.as_bytes(), |number, at| found.push((number, at)));
            let all =
                |anchor: &str| (0..page.len()).filter(|at| page[*at..].starts_with(anchor)).collect::<Vec<usize>>();
            let mut expected: Vec<(u32, usize)> = Vec::new();
            for (number, anchor) in anchors.iter().enumerate() {
                expected.extend(all(anchor).into_iter().map(|at| (number as u32, at)));
            }
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected);
        }
    }
}
