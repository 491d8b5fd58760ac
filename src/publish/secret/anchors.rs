//! Anchors: the words by which a secret is found. Few other secrets have them, and pages show them unchanged.

use icu_normalizer::DecomposingNormalizerBorrowed;
use rustc_hash::FxHashMap;

use super::net::NEXT;
use super::{Secret, What, composed};
use crate::index::Index;
use crate::publish::pattern_filter::{LONG, SHORT, SHORTEST};
use crate::publish::reading::{decoded, letters};

/// What begins a tag or a note, or ends a line: an anchor may end with it.
const ENDS: [&str; 8] = ["<", " <", "[", "\n", " \n", "\r", "\t", "  "];

/// The same behind very short words: an anchor of three or four letters would be found everywhere.
const BEGINS: [&str; 16] =
    ["</", "<a", "<b", "<e", "<i", "<m", "<s", "<u", "<w", " <", "\n ", "\n\t", "\n\n", " \n", "\r\n", "  "];

/// So many headlines of visible articles tell how common words are.
const SAMPLE: usize = 2000;

/// A word that so many headlines have is rare.
const RARE: u32 = 1;

/// A part of a text that stands as it is however the text is written, and how many bytes of the text's letters stand
/// before it.
pub(super) type Part = (String, u32);

/// Words in lower case, and how many headlines have each, of those that are withheld and of some that are not.
#[derive(Debug, Default)]
pub(super) struct Common {
    ids: FxHashMap<Box<str>, u32>,
    pub(super) counts: Vec<u32>,
}

impl Common {
    pub(super) fn of(secrets: &[Secret], index: &Index) -> Self {
        let mut common = Self::default();
        let shown = index.sample_of_headlines(SAMPLE);
        let headlines = secrets.iter().filter(|secret| secret.what == What::Headline).map(|secret| &secret.text);
        for text in headlines.chain(&shown) {
            for word in text.to_ascii_lowercase().split(|c: char| !c.is_ascii_alphanumeric()) {
                let id = common.id(word);
                common.counts[id as usize] += 1;
            }
        }
        common
    }

    fn id(&mut self, word: &str) -> u32 {
        if let Some(id) = self.ids.get(word) {
            return *id;
        }
        let id = self.counts.len() as u32;
        self.ids.insert(word.into(), id);
        self.counts.push(0);
        id
    }

    pub(super) fn count(&self, id: u32) -> u32 {
        self.counts[id as usize]
    }

    fn count_of(&self, word: &str) -> u32 {
        self.ids.get(&*word.to_ascii_lowercase()).map_or(0, |id| self.count(*id))
    }
}

/// What a secret is found by.
#[derive(Debug)]
pub(super) struct Needles {
    pub(super) text: String,
    /// The letters of the text.
    pub(super) letters: String,
    /// The words of which each may be an anchor.
    pub(super) words: Vec<Word>,
}

/// A word of ASCII.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    pub(super) id: u32,
    /// How many bytes of the letters of the text stand before it.
    pub(super) before: u32,
    pub(super) length: u32,
}

impl Needles {
    pub(super) fn of(secret: &Secret, common: &mut Common) -> Self {
        let text = secret.telling_part();
        let mut words = runs(&text, |c| c.is_ascii_alphanumeric());
        words.retain(|(word, _)| word.len() >= SHORT);
        let words = words.into_iter().map(|(mut word, before)| {
            word.make_ascii_lowercase();
            Word { id: common.id(&word), before, length: word.len() as u32 }
        });
        Self { words: words.collect(), letters: letters(&text), text }
    }

    /// One or two words that few others have, or that are anchors anyway.
    pub(super) fn anchors(&self, common: &Common, of_words: &[Option<u32>]) -> Vec<Word> {
        // A rare one needs the fewest looks at the text around it, and with few letters behind it, these say little. (A
        // theme may set the first letter of all apart.)
        let mut words = self.words.clone();
        words.sort_by_cached_key(|word| {
            let is_last = self.letters.len() < word.before as usize + word.length as usize + NEXT;
            let is_known = of_words[word.id as usize].is_some();
            let looks = if is_known { 0 } else { common.count(word.id).checked_ilog2().map_or(0, |log| log + 1) };
            let looks = looks + if is_last { 2 } else { 0 } + if (word.length as usize) < LONG { 1 } else { 0 };
            (word.before == 0, looks, std::cmp::Reverse(word.length))
        });
        // A second one costs time with every page that has it.
        let is_rare = |word: &Word| common.count(word.id) <= RARE;
        words.truncate(1 + usize::from(words.get(1).is_some_and(is_rare)));
        words
    }
}

/// One or two anchors of a text without long words of ASCII, each perhaps in several forms.
pub(super) fn parts_of(text: &str, common: &Common) -> Vec<Part> {
    let others = runs(text, |c| !c.is_ascii() && c.is_alphanumeric());
    let forms = others.into_iter().map(|(word, before)| forms(&word, before));
    // In one of its forms alone a word would not always be found.
    let mut anchors: Vec<Part> =
        forms.filter(|all| all.iter().all(|(form, _)| form.len() > SHORTEST)).flatten().collect();
    if anchors.is_empty() {
        anchors = pairs(text, |word| common.count_of(word));
    }
    anchors
}

/// What two neighbours of a text that has only short words may look like in a page, each in all its forms: together with
/// what stands between words, or the first of them with what begins a tag or ends a line. (A short word alone stands
/// everywhere.)
fn pairs(text: &str, how_common: impl Fn(&str) -> u32) -> Vec<Part> {
    let words = runs(text, char::is_alphanumeric);
    let mut pairs: Vec<usize> = (1..words.len()).collect();
    let common = |word: &str| how_common(word).checked_ilog2();
    pairs.sort_by_key(|second| {
        let (first, second) = (&words[second - 1].0, &words[*second].0);
        (first.len() < SHORT - 1, common(first).min(common(second)), std::cmp::Reverse(first.len() + second.len()))
    });
    let between = separators(text);
    let mut anchors: Vec<Part> = Vec::new();
    for second in pairs.into_iter().take(2) {
        let ((first, before), (word, _)) = (&words[second - 1], &words[second]);
        let own = between.get(second - 1).map(String::as_str);
        let gaps = own.into_iter().chain([" ", "\n", "-", "_", "+", "\u{a0}"]).map(|gap| format!("{first}{gap}{word}"));
        let ends = if first.len() + 1 < SHORT { &BEGINS[..] } else { &ENDS[..] };
        let ends = ends.iter().map(|end| format!("{first}{end}"));
        let forms = gaps.chain(ends).flat_map(|text| cased(&text));
        anchors.extend(forms.filter(|form| form.len() >= SHORT).map(|form| (form, *before)));
    }
    anchors.sort_unstable();
    anchors.dedup();
    anchors
}

/// Where an anchor ends without what ends a word in it: what follows is read from there.
pub(super) fn end_of_word(anchor: &str) -> usize {
    let ends = ENDS.iter().chain(&BEGINS).filter_map(|end| anchor.strip_suffix(end)).map(str::len);
    ends.min().unwrap_or(anchor.len())
}

/// What stands between the words of a text.
fn separators(text: &str) -> Vec<String> {
    let inner = text.trim_matches(|c: char| !c.is_alphanumeric());
    inner.split(char::is_alphanumeric).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// The longest parts of a text whose characters are all of one sort.
fn runs(text: &str, is_of: impl Fn(char) -> bool) -> Vec<Part> {
    let mut runs: Vec<Part> = Vec::new();
    let mut before = 0;
    let mut is_open = false;
    for c in text.chars() {
        if is_of(c) {
            if !is_open {
                runs.push((String::new(), before));
            }
            if let Some((run, _)) = runs.last_mut() {
                run.push(c);
            }
        }
        is_open = is_of(c);
        before += match c.is_ascii() {
            true => u32::from(c.is_ascii_alphanumeric()),
            false => letters(c.encode_utf8(&mut [0; 4])).len() as u32,
        };
    }
    runs
}

/// A text as pages are searched: what looks like an escape in it is taken for one there, too.
pub(super) fn plain(text: &str) -> String {
    String::from_utf8_lossy(&decoded(text.as_bytes())).into_owned()
}

/// The forms of a word that is not in Latin letters: the beginning and the end of a long one, in both cases, composed
/// and decomposed.
fn forms(word: &str, before: u32) -> Vec<Part> {
    let characters: Vec<char> = word.chars().collect();
    let mut parts = vec![&characters[..characters.len().min(4)]];
    if characters.len() > 6 {
        parts.push(&characters[characters.len() - 4..]);
    }
    let mut forms: Vec<Part> = Vec::new();
    for (number, part) in parts.into_iter().enumerate() {
        let part: String = part.iter().collect();
        let before = match number {
            0 => before,
            _ => before + (letters(word).len() - letters(&part).len()) as u32,
        };
        forms.extend(cased(&part).into_iter().map(|form| (form, before)));
    }
    forms.sort_unstable();
    forms.dedup();
    forms
}

/// A text in both cases, composed and decomposed.
fn cased(text: &str) -> Vec<String> {
    let mut forms: Vec<String> = Vec::new();
    for cased in [text.to_owned(), text.to_lowercase(), text.to_uppercase()] {
        forms.push(DecomposingNormalizerBorrowed::new_nfd().normalize(&cased).into_owned());
        forms.push(composed(&cased));
    }
    // The sieve finds letters of ASCII in any case.
    forms.sort_by_key(|form| form.to_ascii_lowercase());
    forms.dedup_by_key(|form| form.to_ascii_lowercase());
    forms
}
