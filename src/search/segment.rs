//! The files of one segment: an inverted index, spread over word files, and the teasers of its articles.
//!
//! A word file is a JSON array of pairs: the forms of a stem, separated by spaces, and the articles that
//! have any of them. Articles are numbered from the oldest of the segment; each is written as the distance
//! from the one before, with two bits that say how much the article is about the word, in the base 64
//! digits of source maps, five bits each. A name that begins with `@` is a filter. The files are JSON since
//! all hosts send that compressed.
//!
//! Everything here depends on the articles of the segment alone: no average length and no count of the
//! whole site, which would change all files with each article.

use rustc_hash::FxHashMap;

use super::words::{self, Stems};

/// A headline says what an article is about.
pub(crate) const TITLE: u32 = 6;
/// Tags, authors and a summary that somebody wrote.
pub(crate) const ABOUT: u32 = 3;
/// Any other text.
pub(crate) const BODY: u32 = 1;

/// Words of an article that is neither short nor long.
const USUAL_LENGTH: u64 = 500;

/// Lengths count in steps of so many words, so that a sentence more does not change what is known of all
/// other words of the article.
const STEP: u64 = 200;

/// An inverted index in the making.
pub(crate) struct Builder {
    forms: FxHashMap<Box<str>, Form>,
    filters: FxHashMap<Box<str>, Vec<u32>>,
    /// Words of each article.
    lengths: Vec<u32>,
}

struct Form {
    /// The newest article that has it, and its weight there; here and not in `found`, which is one more look into memory.
    last: (u32, u32),
    /// The articles before that one.
    found: Vec<(u32, u32)>,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self { forms: FxHashMap::default(), filters: FxHashMap::default(), lengths: Vec::new() }
    }

    /// Begins the next article.
    pub(crate) fn next_article(&mut self) {
        self.lengths.push(0);
    }

    /// Adds text to the article.
    pub(crate) fn text(&mut self, text: &str, weight: u32) {
        let article = self.lengths.len() as u32 - 1;
        let mut count = 0;
        words::each(text, |word| {
            count += 1;
            let Some(form) = self.forms.get_mut(word) else {
                self.forms.insert(word.into(), Form { last: (article, weight), found: Vec::new() });
                return;
            };
            if form.last.0 == article {
                form.last.1 += weight;
            } else {
                form.found.push(std::mem::replace(&mut form.last, (article, weight)));
            }
        });
        self.lengths[article as usize] += count;
    }

    /// Notes that the article is among those of a filter, such as `@section:local`.
    pub(crate) fn filter(&mut self, name: String) {
        let article = self.lengths.len() as u32 - 1;
        self.filters.entry(name.into()).or_default().push(article);
    }

    /// The word files, of which there are so many.
    pub(crate) fn word_files(mut self, stems: &Stems, files: u32) -> Vec<Vec<u8>> {
        let mut entries: Vec<Vec<(String, String)>> = (0..files).map(|_| Vec::new()).collect();
        self.forms.values_mut().for_each(|form| form.found.push(form.last));
        let mut by_stem: Vec<(String, String, &Box<str>, &Form)> =
            self.forms.iter().map(|(text, form)| (stems.stem(text), words::fold(text), text, form)).collect();
        by_stem.sort_unstable_by(|a, b| (&a.0, &a.1, a.2).cmp(&(&b.0, &b.1, b.2)));
        for group in by_stem.chunk_by(|a, b| a.0 == b.0) {
            let mut forms: Vec<&str> = group.iter().map(|(_, form, ..)| form.as_str()).collect();
            forms.dedup();
            let postings = match group {
                [(.., only)] => self.postings(&only.found),
                _ => {
                    let mut all: Vec<(u32, u32)> =
                        group.iter().flat_map(|(.., form)| form.found.iter().copied()).collect();
                    all.sort_unstable();
                    all.dedup_by(|next, kept| {
                        let is_same = next.0 == kept.0;
                        if is_same {
                            kept.1 += next.1;
                        }
                        is_same
                    });
                    self.postings(&all)
                }
            };
            // Where any of its forms is looked up.
            let mut places: Vec<u32> = forms.iter().map(|form| words::file_of(form, files)).collect();
            places.sort_unstable();
            places.dedup();
            let forms = forms.join(" ");
            for place in places {
                entries[place as usize].push((forms.clone(), postings.clone()));
            }
        }
        let mut filters: Vec<(&Box<str>, &Vec<u32>)> = self.filters.iter().collect();
        filters.sort_unstable();
        for (name, articles) in filters {
            let found: Vec<(u32, u32)> = articles.iter().map(|article| (*article, 0)).collect();
            entries[words::file_of(name, files) as usize].push((name.to_string(), self.postings(&found)));
        }
        entries
            .into_iter()
            .map(|entries| {
                let flat: Vec<&str> = entries.iter().flat_map(|(forms, found)| [forms.as_str(), found]).collect();
                serde_json::to_vec(&flat).expect("strings serialise")
            })
            .collect()
    }

    fn postings(&self, found: &[(u32, u32)]) -> String {
        let mut digits = String::with_capacity(found.len() * 2);
        let mut next = 0;
        for (article, weight) in found {
            write(&mut digits, (article - next) << 2 | level(*weight, self.lengths[*article as usize]));
            next = article + 1;
        }
        digits
    }
}

/// How much an article is about a word, 0 to 3: BM25 with k₁ = 1.2 and b = 0.6, in integers, so that all
/// machines agree.
fn level(weight: u32, length: u32) -> u32 {
    let (weight, length) = (u64::from(weight), u64::from(length) / STEP * STEP + STEP / 2);
    let saturation = 12 * (400 + 600 * length / USUAL_LENGTH) / 1000;
    let share = weight * 10_000 / (weight * 10 + saturation).max(1);
    match share {
        0..400 => 0,
        400..600 => 1,
        600..800 => 2,
        _ => 3,
    }
}

/// A number in base 64 digits of five bits, the lowest first; the sixth bit says that more follow.
fn write(digits: &mut String, mut number: u32) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    loop {
        let more = if number > 31 { 32 } else { 0 };
        digits.push(char::from(DIGITS[(number & 31 | more) as usize]));
        number >>= 5;
        if more == 0 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_stem_share_their_articles() {
        let mut builder = Builder::new();
        for text in ["Harbour tunnels", "A tunnel", "Other", "Tunnel tunnel"] {
            builder.next_article();
            builder.text(text, TITLE);
            builder.filter("@section:local".into());
        }
        let files = builder.word_files(&Stems::of("en"), 1);
        let text = String::from_utf8(files.into_iter().next().expect("one")).expect("JSON");
        // Articles 0, 1 and 3 by distance, all on level 3.
        assert_eq!(text, r#"["harbour","D","other","L","tunnel tunnels","DDH","@section:local","AAAA"]"#);
    }

    #[test]
    fn what_a_headline_says_counts_most() {
        assert_eq!([level(BODY, 500), level(3 * BODY, 500), level(TITLE, 500)], [1, 2, 3]);
        assert!(level(BODY, 2000) < level(BODY, 500));
    }

    #[test]
    fn numbers_are_written_in_digits_of_five_bits() {
        let mut digits = String::new();
        [0, 31, 32, 1024].into_iter().for_each(|number| write(&mut digits, number));
        assert_eq!(digits, "AfgBggB");
    }
}
