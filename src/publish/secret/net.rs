//! What finds many secrets at once: their anchors, and quick answers for what only looks like one.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Secrets;
use super::anchors::{Common, Needles, end_of_word, parts_of};
use crate::publish::pattern_filter::{PatternFilter, SHORTEST};
use crate::publish::reading::{Gap, Letters, letters};
use crate::render::Renderer;

/// So many letters behind an anchor tell which of the secrets that have it may be meant.
pub(super) const NEXT: usize = 6;

/// What finds some of the secrets, all at once.
#[derive(Debug)]
pub(in crate::publish) struct Net {
    sieve: PatternFilter,
    anchors: Vec<Anchor>,
    /// By an anchor and the letters behind it: the secrets, and how many bytes of their letters stand before the anchor.
    having: FxHashMap<Trail, Vec<(u32, u32)>>,
    trails: Trails,
    /// The anchors with their [`Neighbours`].
    neighbours: Trails,
}

/// Something by which secrets are found.
#[derive(Debug)]
struct Anchor {
    /// In bytes.
    length: u32,
    /// A bit for each number of letters behind it that secrets have.
    counts: u8,
    /// A bit for each number of letters on both sides of it that [`Neighbours`] knows.
    sides: u16,
}

/// So many letters on each side of an anchor are looked at first.
const NEAREST: usize = 2;

/// The letters of ASCII nearest to an anchor, those before it from the anchor on.
#[derive(Clone, Copy, Debug, Default)]
struct Neighbours {
    before: [u8; NEAREST],
    behind: [u8; NEAREST],
}

impl Neighbours {
    /// Those in the letters of a secret, and how many there are on each side; none if one is not of ASCII.
    fn in_secret(before: &str, behind: &str) -> Option<(Self, (usize, usize))> {
        let mut neighbours = Self::default();
        let mut counts = (0, 0);
        for (place, letter) in neighbours.before.iter_mut().zip(before.chars().rev()) {
            *place = u8::try_from(letter).ok().filter(u8::is_ascii)?;
            counts.0 += 1;
        }
        for (place, letter) in neighbours.behind.iter_mut().zip(behind.chars()) {
            *place = u8::try_from(letter).ok().filter(u8::is_ascii)?;
            counts.1 += 1;
        }
        Some((neighbours, counts))
    }

    /// Those in a text around an anchor; none if what stands there is to be read as readers do.
    fn in_text(text: &[u8], anchor: Range<usize>) -> Option<Self> {
        let mut neighbours = Self::default();
        fill(&mut neighbours.behind, &mut text[anchor.end..].iter())?;
        fill(&mut neighbours.before, &mut text[..anchor.start].iter().rev())?;
        Some(neighbours)
    }

    /// The trail of an anchor with so many of its neighbours.
    fn trail(mut self, anchor: u32, (before, behind): (usize, usize)) -> Trail {
        self.before[before..].fill(0);
        self.behind[behind..].fill(0);
        let [a, b] = self.before;
        let [c, d] = self.behind;
        let letters = u32::from_le_bytes([a, b, c, d]);
        Trail((u64::from(anchor + 1) << 32 | u64::from(letters)).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// The bit of [`Anchor::sides`] for so many of them.
    const fn side((before, behind): (usize, usize)) -> u16 {
        1 << (before * (NEAREST + 1) + behind)
    }
}

/// Reads the next letters of a text, as far as there are any; none at what only readers' eyes pass over.
fn fill<'b>(letters: &mut [u8], bytes: &mut impl Iterator<Item = &'b u8>) -> Option<()> {
    for place in letters {
        *place = loop {
            match bytes.next() {
                Some(b'<' | b'>' | b'[' | b']' | 0x80..) => return None,
                Some(byte) if byte.is_ascii_alphanumeric() => break byte.to_ascii_lowercase(),
                Some(_) => {}
                None => return Some(()),
            }
        };
    }
    Some(())
}

/// An anchor and some letters behind it, hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Trail(u64);

impl Trail {
    fn of(anchor: u32) -> Self {
        Self(u64::from(anchor) + 1).on('\0')
    }

    fn on(self, letter: char) -> Self {
        Self((self.0.rotate_left(5) ^ u64::from(letter)).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }
}

/// The trails that lead on to a secret: a quick answer for nearly all others.
#[derive(Debug)]
struct Trails {
    bits: Vec<u64>,
    shift: u32,
}

impl Trails {
    fn of(all: FxHashSet<Trail>) -> Self {
        let bits = (all.len() * 16).next_power_of_two().max(64);
        let mut trails = Self { bits: vec![0; bits / 64], shift: u64::BITS - bits.trailing_zeros() };
        all.into_iter().for_each(|trail| trails.add(trail));
        trails
    }

    fn add(&mut self, trail: Trail) {
        let place = trail.0 >> self.shift;
        self.bits[place as usize / 64] |= 1 << (place % 64);
    }

    fn have(&self, trail: Trail) -> bool {
        let place = trail.0 >> self.shift;
        self.bits[place as usize / 64] & 1 << (place % 64) != 0
    }
}

impl Net {
    /// What finds the secrets with these numbers.
    pub(in crate::publish) fn of(secrets: &Secrets, numbers: &[u32], renderer: &Renderer) -> Self {
        let all = &secrets.all;
        let mut common = Common::of(all, &renderer.index);
        let (mut texts, mut anchors) = (Vec::new(), Vec::new());
        let mut others: FxHashMap<String, u32> = FxHashMap::default();
        let mut having: FxHashMap<Trail, Vec<(u32, u32)>> = FxHashMap::default();
        let mut leading: FxHashSet<Trail> = FxHashSet::default();
        let mut near: FxHashSet<Trail> = FxHashSet::default();
        // What has only common words comes first: what comes behind shares them, and adds none.
        let mut told: Vec<(u32, Needles)> =
            numbers.iter().map(|number| (*number, Needles::of(&all[*number as usize], &mut common))).collect();
        told.sort_by_key(|(_, told)| std::cmp::Reverse(told.words.iter().map(|word| common.count(word.id)).min()));
        let mut of_words: Vec<Option<u32>> = vec![None; common.counts.len()];
        for (number, told) in &told {
            let mut add = |text: &str| {
                anchors.push(Anchor { length: end_of_word(text) as u32, counts: 0, sides: 0 });
                texts.push(text.to_owned());
                anchors.len() as u32 - 1
            };
            let mut own: Vec<(u32, usize, u32)> = Vec::with_capacity(2);
            for word in told.anchors(&common, &of_words) {
                let text = &told.letters[word.before as usize..][..word.length as usize];
                let anchor = *of_words[word.id as usize].get_or_insert_with(|| add(text));
                own.push((anchor, word.before as usize + text.len(), word.before));
            }
            if told.words.is_empty() {
                let mut parts = parts_of(&told.text, &common);
                if parts.is_empty() && told.letters.len() >= SHORTEST {
                    parts.push((told.letters.clone(), 0));
                }
                for (text, before) in parts {
                    let letters = letters(&text);
                    let is_there = told.letters.get(before as usize..).is_some_and(|rest| rest.starts_with(&letters));
                    let end = if is_there { before as usize + letters.len() } else { told.letters.len() };
                    let anchor = *others.entry(text.to_ascii_lowercase()).or_insert_with(|| add(&text));
                    own.push((anchor, end, before));
                }
            }
            for (anchor, end, before) in own {
                let (mut trail, mut count) = (Trail::of(anchor), 0);
                for letter in told.letters[end..].chars().take(NEXT) {
                    trail = trail.on(letter);
                    leading.insert(trail);
                    count += 1;
                }
                anchors[anchor as usize].counts |= 1 << count;
                if let Some((neighbours, counts)) =
                    Neighbours::in_secret(&told.letters[..before as usize], &told.letters[end..])
                {
                    anchors[anchor as usize].sides |= Neighbours::side(counts);
                    near.insert(neighbours.trail(anchor, counts));
                }
                having.entry(trail).or_default().push((*number, before));
            }
        }
        Self {
            sieve: PatternFilter::new(&texts),
            anchors,
            having,
            trails: Trails::of(leading),
            neighbours: Trails::of(near),
        }
    }

    /// Whether the letters next to an anchor are those of a secret: a quick answer for nearly all others.
    fn may_stand(&self, text: &[u8], number: u32, at: usize) -> bool {
        let anchor = &self.anchors[number as usize];
        let Some(neighbours) = Neighbours::in_text(text, at..at + anchor.length as usize) else { return true };
        let mut sides = anchor.sides;
        while sides != 0 {
            let side = sides.trailing_zeros() as usize;
            let counts = (side / (NEAREST + 1), side % (NEAREST + 1));
            if self.neighbours.have(neighbours.trail(number, counts)) {
                return true;
            }
            sides &= sides - 1;
        }
        false
    }

    /// Tells `check` which secrets may stand in a text: number, place of an anchor, and how many bytes of the
    /// secret's letters stand before it.
    pub(super) fn find(&self, text: &[u8], mut check: impl FnMut(u32, usize, u32)) {
        self.sieve.find(text, |number, at| {
            let anchor = &self.anchors[number as usize];
            if !self.may_stand(text, number, at) {
                return;
            }
            let mut here = |count: usize, trail: Trail| {
                if anchor.counts & 1 << count != 0 {
                    let secrets = self.having.get(&trail).into_iter().flatten();
                    secrets.for_each(|(secret, before)| check(*secret, at, *before));
                }
            };
            let (mut trail, mut count) = (Trail::of(number), 0);
            here(count, trail);
            // Plain words first, and the rest as readers read it.
            let mut end = at + anchor.length as usize;
            for byte in &text[end..] {
                match byte {
                    _ if count == NEXT => return,
                    byte if byte.is_ascii_alphanumeric() => {
                        trail = trail.on(char::from(byte.to_ascii_lowercase()));
                        count += 1;
                        // Of common words, one letter behind them tells too little.
                        let is_end = anchor.counts & 1 << count != 0;
                        if (is_end || count % 2 == 0) && !self.trails.have(trail) {
                            return;
                        }
                        here(count, trail);
                    }
                    b'<' | b'[' | 0x80.. => break,
                    _ => {}
                }
                end += 1;
            }
            let with_notes = Letters::of(text, end, true);
            for mut letters in [with_notes.clone(), with_notes.without_notes()] {
                let (mut trail, mut count) = (trail, count);
                while let Some(letter) = letters.next().filter(|letter| count < NEXT && letter.gap != Gap::Break) {
                    trail = trail.on(letter.c);
                    if !self.trails.have(trail) {
                        break;
                    }
                    count += 1;
                    here(count, trail);
                }
                if !letters.has_notes() {
                    return;
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::secret::headline::{PIECES, is_said};

    #[test]
    fn the_look_at_the_nearest_letters_rejects_nothing_that_is_there() {
        let mut rng = fastrand::Rng::with_seed(12);
        let (mut there, mut rejected) = (0, 0);
        for _ in 0..200_000 {
            let mut text = || -> String { (0..rng.usize(..6)).map(|_| PIECES[rng.usize(..PIECES.len())]).collect() };
            let (before, behind) = (text(), text());
            let mut letters =
                || -> String { (0..rng.usize(..4)).map(|_| ["a", "b", "e", "ss"][rng.usize(..4)]).collect() };
            let (head, tail) = (letters(), letters());
            let whole = format!("{before}x{behind}");
            let anchor = before.len()..before.len() + 1;
            let (secret, counts) = Neighbours::in_secret(&head, &tail).expect("of ASCII");
            let near = Neighbours::in_text(whole.as_bytes(), anchor);
            let may = near.is_none_or(|near| near.trail(7, counts) == secret.trail(7, counts));
            let is = is_said(whole.as_bytes(), before.len(), &format!("{head}x{tail}"), head.len());
            assert!(may || !is, "{head}x{tail} {whole}");
            there += usize::from(is);
            rejected += usize::from(!may);
        }
        assert!(there > 1000 && rejected > 5000, "{there} {rejected}");
    }
}
