//! Words: how text is cut into what a reader may search for.
//!
//! The script of the search page does the same with what a reader types (`words` in the theme's
//! `search.js`); the two must agree, so the rules are few. A word is a run of letters, digits and marks in
//! lower case, without accents. Scripts that put no spaces between words give pairs of neighbouring
//! characters instead. A word's stem is known here alone: word files hold all forms of a stem together, so
//! the script needs no grammar of any language.

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup};
use pagefind_stem::{Algorithm, Stemmer};

/// Longer runs are no words: addresses, keys, rows of signs.
const LONGEST: usize = 40;

/// It says where a word may break, and is no part of it.
const SOFT_HYPHEN: char = '\u{AD}';

/// How many characters of a word say in which file it is. Words that begin like this can be found while
/// they are typed.
const HEAD: usize = 4;

/// Calls `found` with each word of a text, in lower case, with its accents.
pub(crate) fn each(text: &str, mut found: impl FnMut(&str)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        while at < bytes.len() && bytes[at].is_ascii_alphanumeric() {
            at += 1;
        }
        if at < bytes.len() && !bytes[at].is_ascii() {
            let run = text[start..].find(|c| !is_of_word(c)).map_or(text.len(), |length| start + length);
            if run > start {
                of_any_script(&text[start..run], &mut found);
                at = run;
            } else {
                at += text[at..].chars().next().map_or(1, char::len_utf8);
            }
        } else if at == start {
            at += 1;
        } else if at - start <= LONGEST {
            let mut lower = [0; LONGEST];
            let lower = &mut lower[..at - start];
            lower.copy_from_slice(&bytes[start..at]);
            lower.make_ascii_lowercase();
            let word = std::str::from_utf8(lower).expect("ASCII");
            if !is_letter(word) {
                found(word);
            }
        }
    }
}

/// A single letter is what an apostrophe cuts off.
fn is_letter(word: &str) -> bool {
    word.len() == 1 && word.as_bytes()[0].is_ascii_lowercase()
}

fn of_any_script(run: &str, found: &mut impl FnMut(&str)) {
    let mut lower = run.to_lowercase();
    lower.retain(|c| c != SOFT_HYPHEN);
    let mut rest = lower.as_str();
    while let Some(first) = rest.chars().next() {
        let is_unspaced = is_unspaced(first);
        let end = rest.find(|c| self::is_unspaced(c) != is_unspaced).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        rest = after;
        if is_unspaced {
            pairs(&fold(part), found);
        } else if part.chars().nth(LONGEST).is_none() && !is_letter(part) {
            found(part);
        }
    }
}

/// Pairs of neighbouring characters; a character that is alone by itself.
fn pairs(run: &str, found: &mut impl FnMut(&str)) {
    let ends: Vec<usize> = run.char_indices().map(|(at, _)| at).chain([run.len()]).collect();
    if ends.len() == 2 {
        found(run);
    }
    ends.windows(3).for_each(|ends| found(&run[ends[0]..ends[2]]));
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric()
        || c == SOFT_HYPHEN
        || c >= '\u{300}' && GeneralCategoryGroup::Mark.contains(CodePointMapData::<GeneralCategory>::new().get(c))
}

/// Whether a character belongs to a script without spaces: Thai, Lao, Burmese, Khmer, Chinese, Japanese,
/// Korean. The same ranges stand in `search.js`.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1100}'..='\u{11FF}' | '\u{1780}'..='\u{17FF}'
        | '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9F}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// Whether readers leave the character out when they type: accents, the vowels of Hebrew and Arabic, the stroke that makes
/// an Arabic word longer, and the space of compatibility forms. The same characters stand in `search.js`.
fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5BD}' | '\u{5BF}' | '\u{5C1}' | '\u{5C2}' | '\u{5C4}' | '\u{5C5}' | '\u{5C7}'
        | '\u{610}'..='\u{61A}' | '\u{640}' | '\u{64B}'..='\u{65F}' | '\u{670}' | ' ')
}

/// A lower-case word without accents, as a reader may type it.
pub(crate) fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_owned();
    }
    let plain: String =
        DecomposingNormalizerBorrowed::new_nfkd().normalize(word).chars().filter(|c| !is_accent(*c)).collect();
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(&plain);
    let mut folded = String::with_capacity(composed.len());
    for c in composed.chars() {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ł' => folded.push('l'),
            'þ' => folded.push_str("th"),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            c => folded.push(c),
        }
    }
    folded
}

/// The file, of a power of two, in which a word is looked up.
pub(crate) fn file_of(word: &str, files: u32) -> u32 {
    // Names of filters begin with a sign that no word has, and are looked up whole.
    let head = if word.starts_with('@') { usize::MAX } else { HEAD };
    let mut hash = 0x811C_9DC5_u32;
    let mut units = [0; 2];
    for c in word.chars().take(head) {
        for unit in c.encode_utf16(&mut units) {
            hash = (hash ^ u32::from(*unit)).wrapping_mul(0x0100_0193);
        }
    }
    (hash ^ hash >> 15) & (files - 1)
}

/// Finds the stems of words of one language.
pub(crate) struct Stems(Option<Stemmer>);

impl Stems {
    /// For a language, a BCP 47 tag. Words of languages without a stemmer are their own stems.
    pub(crate) fn of(language: &str) -> Self {
        let name = language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        Self(algorithm(&name).map(Stemmer::create))
    }

    /// The folded stem of a word in lower case.
    pub(crate) fn stem(&self, word: &str) -> String {
        match &self.0 {
            Some(stemmer) if !word.bytes().any(|byte| byte.is_ascii_digit()) => fold(&stemmer.stem(word)),
            _ => fold(word),
        }
    }
}

fn algorithm(language: &str) -> Option<Algorithm> {
    Some(match language {
        "ar" => Algorithm::Arabic,
        "ca" => Algorithm::Catalan,
        "da" => Algorithm::Danish,
        "de" => Algorithm::German,
        "el" => Algorithm::Greek,
        "en" => Algorithm::English,
        "eo" => Algorithm::Esperanto,
        "es" => Algorithm::Spanish,
        "et" => Algorithm::Estonian,
        "eu" => Algorithm::Basque,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "ga" => Algorithm::Irish,
        "hi" => Algorithm::Hindi,
        "hu" => Algorithm::Hungarian,
        "hy" => Algorithm::Armenian,
        "id" => Algorithm::Indonesian,
        "it" => Algorithm::Italian,
        "lt" => Algorithm::Lithuanian,
        "ne" => Algorithm::Nepali,
        "nl" => Algorithm::Dutch,
        "nb" | "nn" | "no" => Algorithm::Norwegian,
        "pl" => Algorithm::Polish,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "sr" => Algorithm::Serbian,
        "sv" => Algorithm::Swedish,
        "ta" => Algorithm::Tamil,
        "tr" => Algorithm::Turkish,
        "yi" => Algorithm::Yiddish,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        each(text, |word| all.push(fold(word)));
        all
    }

    #[test]
    fn words_are_in_lower_case_and_without_accents() {
        assert_eq!(
            words("The Café, l’étape n° 7 – STRASSE/Straße"),
            ["the", "cafe", "etape", "7", "strasse", "strasse"]
        );
        assert_eq!(words("Łódź ЁЛКА ΟΔΟΣ"), ["lodz", "елка", "οδοσ"]);
        assert_eq!(words("don't 2nd x y2k"), ["don", "2nd", "y2k"]);
        assert_eq!(words(&"a".repeat(41)), Vec::<String>::new());
    }

    #[test]
    fn what_readers_do_not_type_is_no_part_of_a_word() {
        assert_eq!(words("Donau\u{AD}dampf\u{AD}schifffahrt"), ["donaudampfschifffahrt"]);
        assert_eq!(words("مُشَكَّل أحمد كتــاب"), ["مشكل", "احمد", "كتاب"]);
        assert_eq!(words("שָׁלוֹם"), ["שלום"]);
    }

    #[test]
    fn scripts_without_spaces_are_cut_into_pairs() {
        assert_eq!(words("東京都は2026年。港"), ["東京", "京都", "都は", "2026", "年", "港"]);
        assert_eq!(words("ガス"), ["ガス"]);
        assert_eq!(words("서울시"), ["서울", "울시"]);
    }

    #[test]
    fn forms_of_a_word_have_one_stem() {
        let english = Stems::of("en-GB");
        assert_eq!(english.stem("tunnels"), english.stem("tunnelled"));
        assert_eq!(english.stem("2nd"), "2nd");
        let german = Stems::of("de");
        assert_eq!(german.stem("häuser"), german.stem("häusern"));
        assert_eq!(Stems::of("ja").stem("tunnels"), "tunnels");
    }

    #[test]
    fn the_script_finds_the_same_file() {
        // The same numbers are asserted of `search.js` in tests/browsers/search.rs.
        assert_eq!(
            [file_of("harbour", 64), file_of("harbor", 64), file_of("東京", 64)],
            [file_of("harb", 64), file_of("harb", 64), file_of("東京", 64)]
        );
        assert_eq!(file_of("anything", 1), 0);
    }
}
