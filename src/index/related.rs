//! Related articles: by shared series, tags, authors and words of the headline, weighted by rarity and
//! nearness in time.
//!
//! An article is compared with *older* ones only, rarity is counted among older ones only, and nearness is
//! that of the two articles. So what is related to an article never changes when a newer one appears or time
//! passes, and a new article costs its own page.
//!
//! All of it is done in whole numbers, so that the order is the same on every machine.

use super::words::WordNumber;
use super::{ArticleId, Index};
use crate::config::{Related, Taxonomy};

/// How many of the newest older articles of each term are looked at. This bounds the cost for terms that
/// every second article has, whose sharing says little anyway.
const CANDIDATES_PER_TERM: usize = 32;
/// The same for each word; there are more words than terms.
const CANDIDATES_PER_WORD: usize = 12;
/// For each article wanted so many are compared with in full.
const COMPARED: usize = 6;
/// One bit of rarity. Coarse on purpose: a sixteenth of a bit more or less, as when an old article is
/// withdrawn, shall not put others into another order.
const BIT: u32 = 16;
/// What one in eight headlines have (`the`, `after`) says nothing.
const BITS_OF_COMMON_WORDS: u32 = 3 * BIT;
/// An article that is so much older is half as fresh, a third after twice that.
const HALF_FRESH_HOURS: u64 = 90 * 24;
/// A century; what is older is not less fresh.
const OLDEST_HOURS: i64 = 100 * 366 * 24;

/// The weights in thousandths.
struct Weights {
    series: u32,
    tags: u32,
    authors: u32,
    words: u32,
    freshness: u64,
}

impl Weights {
    fn of(settings: &Related) -> Self {
        let whole = |weight: f64| (weight * 1000.0).round() as u32;
        Self {
            series: whole(settings.series),
            tags: whole(settings.tags),
            authors: whole(settings.authors),
            words: whole(settings.words),
            freshness: (settings.freshness * 1000.0).round() as u64,
        }
    }

    fn of_taxonomy(&self, taxonomy: Taxonomy) -> u32 {
        match taxonomy {
            Taxonomy::Series => self.series,
            Taxonomy::Tags => self.tags,
            Taxonomy::Authors => self.authors,
        }
    }

    /// What is left of the points of an article that is older by so many hours.
    fn aged(&self, points: u64, hours: u64) -> u64 {
        let fresh = self.freshness * HALF_FRESH_HOURS / (HALF_FRESH_HOURS + hours);
        points * (1000 - self.freshness + fresh)
    }
}

/// An older article and what it shares.
#[derive(Clone, Copy)]
struct Candidate {
    id: ArticleId,
    /// How sure it is that the two have to do with one another: a word is half of it.
    ties: u32,
    points: u64,
}

const TIES_OF_A_TERM: u32 = 2;
const TIES_OF_A_WORD: u32 = 1;
const TIES_NEEDED: u32 = 2;

/// The `count` articles most related to `id`, the most related first; ties go to the newer.
///
/// An article is related if it shares a series, a tag or an author, or two words: one word is chance.
pub fn related(index: &Index, id: ArticleId, count: usize, settings: &Related) -> Vec<ArticleId> {
    let weights = Weights::of(settings);
    // Readers of one language are led to nothing in another.
    let first = index.edition_of(id).articles.start;
    let older_articles = id - first;
    let mut candidates: Vec<Candidate> = Vec::with_capacity(512);
    // What sharing each of them is worth.
    let mut terms: Vec<(u32, u64)> = Vec::with_capacity(16);
    let mut words: Vec<(WordNumber, u64)> = Vec::with_capacity(16);
    let mut add = |older: &[ArticleId], most: usize, ties: u32, points: u64| {
        candidates.extend(older.iter().rev().take(most).map(|id| Candidate { id: *id, ties, points }));
    };
    for &number in index.terms.numbers_of(id) {
        let term = index.terms.by_number(number);
        let weight = weights.of_taxonomy(term.taxonomy);
        let older = &term.articles[..term.articles.partition_point(|other| *other < id)];
        if weight > 0 && !older.is_empty() {
            let points = u64::from(weight * rarity_of_term(older.len(), older_articles));
            terms.push((number, points));
            add(older, CANDIDATES_PER_TERM, TIES_OF_A_TERM, points);
        }
    }
    let all_words = (weights.words > 0).then(|| index.words());
    for (all, &word) in all_words.iter().flat_map(|all| all.of_article(id).iter().map(move |word| (all, word))) {
        let older = all.before(word, id);
        let older = &older[older.partition_point(|other| *other < first)..];
        let rarity = if older.is_empty() { 0 } else { rarity_of_word(older.len(), older_articles) };
        if rarity > 0 {
            let points = u64::from(weights.words * rarity);
            words.push((word, points));
            add(older, CANDIDATES_PER_WORD, TIES_OF_A_WORD, points);
        }
    }
    sum_up(&mut candidates);

    let date = index.article(id).date.0;
    let age = |candidate: &mut Candidate| {
        let hours = ((date - index.article(candidate.id).date.0) / 3600).clamp(0, OLDEST_HOURS) as u64;
        candidate.points = weights.aged(candidate.points, hours);
    };
    candidates.iter_mut().for_each(age);
    keep_best(&mut candidates, count * COMPARED);
    // The best ones get what else they share, where they are not among the newest who have it.
    for candidate in &mut candidates {
        let of_terms = shared(&terms, index.terms.numbers_of(candidate.id));
        let of_words = all_words.map_or((0, 0), |all| shared(&words, all.of_article(candidate.id)));
        candidate.ties = of_terms.0 * TIES_OF_A_TERM + of_words.0 * TIES_OF_A_WORD;
        candidate.points = of_terms.1 + of_words.1;
        age(candidate);
    }
    candidates.retain(|candidate| candidate.ties >= TIES_NEEDED);
    keep_best(&mut candidates, count);
    candidates.sort_unstable_by_key(|candidate| std::cmp::Reverse(candidate.rank()));
    candidates.into_iter().map(|candidate| candidate.id).collect()
}

impl Candidate {
    fn rank(&self) -> (u64, ArticleId) {
        (self.points, self.id)
    }
}

/// Makes one of the candidates that are the same article.
fn sum_up(candidates: &mut Vec<Candidate>) {
    // Each term and each word added a run that is already sorted. A stable sort merges runs.
    candidates.sort_by_key(|candidate| candidate.id);
    candidates.dedup_by(|next, kept| {
        let is_same = next.id == kept.id;
        if is_same {
            kept.ties += next.ties;
            kept.points += next.points;
        }
        is_same
    });
}

/// Leaves the best so many, in no order.
fn keep_best(candidates: &mut Vec<Candidate>, count: usize) {
    if (1..candidates.len()).contains(&count) {
        candidates.select_nth_unstable_by_key(count - 1, |candidate| std::cmp::Reverse(candidate.rank()));
    }
    candidates.truncate(count);
}

/// How many of `all` the other article has, and what they are worth together.
fn shared(all: &[(u32, u64)], others: &[u32]) -> (u32, u64) {
    let worth = all.iter().filter(|(number, _)| others.contains(number)).map(|(_, worth)| worth);
    worth.fold((0, 0), |(count, sum), worth| (count + 1, sum + worth))
}

/// How much it says that two articles share a term that `having` of the `older` ones have, in [`BIT`]s: one
/// bit, if all have it, and one more for each time that half as many do.
fn rarity_of_term(having: usize, older: ArticleId) -> u32 {
    log2(u64::from(older) + having as u64).saturating_sub(log2(having as u64))
}

/// The same of a word: nothing, if it is a common one.
fn rarity_of_word(having: usize, older: ArticleId) -> u32 {
    log2(u64::from(older)).saturating_sub(log2(having as u64) + BITS_OF_COMMON_WORDS)
}

/// The logarithm of a number above 0 in [`BIT`]s, straight between the powers of two.
fn log2(number: u64) -> u32 {
    let whole = number.ilog2();
    let fraction = ((number << 4) >> whole) as u32 & (BIT - 1);
    whole * BIT + fraction
}

#[cfg(test)]
mod tests {
    use super::super::OLDER;
    use super::*;
    use crate::article::Row;
    use crate::article::record::{Entry, Record};
    use crate::article::time::Timestamp;
    use crate::config::{Config, Overrides};
    use crate::fingerprint::Fingerprint;
    use crate::source::Links;

    /// An archive in the making. The number of an article is its place in it; its words are those of its
    /// headline, and terms are written `#tag`, `@author` and `/series`.
    struct Archive(Vec<(i64, String)>);

    impl Archive {
        /// So many articles, an hour apart, that have nothing in common with any other.
        fn of_others(count: i64) -> Self {
            Self((0..count).map(|number| (number, format!("other{number}"))).collect())
        }

        /// Another article, so many hours after the first.
        fn with(mut self, hour: i64, text: &str) -> Self {
            self.0.push((hour, text.into()));
            self
        }

        fn index(&self) -> Index {
            let row = |(number, (hour, text)): (usize, &(i64, String))| {
                let named = |sign| text.split(' ').filter_map(move |word| word.strip_prefix(sign).map(str::to_owned));
                let mut entry = Entry::default();
                entry.core.date = Some(Timestamp(hour * 3600));
                entry.tags = named('#').map(Into::into).collect();
                entry.authors = named('@').map(Into::into).collect();
                entry.series = named('/').next().map(Into::into);
                let words: Vec<&str> = text.split(' ').filter(|word| !word.starts_with(['#', '@', '/'])).collect();
                entry.core.title = words.join(" ").into();
                entry.slug = format!("n{number}").into();
                Row {
                    path: format!("content/n{number:06}.md").into(),
                    stamp: Default::default(),
                    content: Fingerprint::default(),
                    core: Fingerprint::of(text.as_bytes()),
                    record: Record::Entry(Box::new(entry)).encode(),
                }
            };
            let config = Config::from_text("", &Overrides::default()).expect("the defaults");
            Index::build(self.0.iter().enumerate().map(row).collect(), &Links::default(), &config, Timestamp(1 << 40))
        }

        /// What is related to the last one.
        fn related(&self, settings: &Related) -> Vec<ArticleId> {
            related(&self.index(), self.0.len() as ArticleId - 1, 4, settings)
        }
    }

    const PLAIN: Related = Related { series: 1.0, tags: 1.0, authors: 1.0, words: 1.0, freshness: 0.0 };

    #[test]
    fn an_article_that_shares_nothing_is_not_related() {
        assert_eq!(Archive::of_others(9).with(9, "#ships").related(&PLAIN), [] as [ArticleId; 0]);
    }

    #[test]
    fn a_rare_tag_says_more_than_a_common_one() {
        let archive = Archive::of_others(20)
            .with(20, "#rare #x")
            .with(21, "#common #y")
            .with(22, "#common")
            .with(23, "#common")
            .with(24, "#common #rare");
        assert_eq!(archive.related(&PLAIN), [20, 23, 22, 21]);
    }

    #[test]
    fn the_weights_say_what_counts() {
        let archive = Archive::of_others(20)
            .with(20, "/years")
            .with(21, "#ships")
            .with(22, "@ann")
            .with(23, "ferry strike")
            .with(24, "ferry strike #ships @ann /years");
        assert_eq!(
            archive.related(&Related { series: 9.0, tags: 5.0, words: 1.0, authors: 0.5, ..PLAIN }),
            [20, 21, 23, 22]
        );
        assert_eq!(archive.related(&Related { authors: 9.0, series: 0.0, words: 0.0, ..PLAIN }), [22, 21]);
        let none = Related { series: 0.0, tags: 0.0, authors: 0.0, words: 0.0, freshness: 1.0 };
        assert_eq!(archive.related(&none), [] as [ArticleId; 0]);
    }

    #[test]
    fn of_two_that_share_the_same_the_nearer_in_time_is_first() {
        let archive = Archive::of_others(9).with(10, "#ships").with(11, "#ships").with(12, "#ships");
        assert_eq!(archive.related(&PLAIN), [10, 9], "also without freshness");
    }

    #[test]
    fn freshness_is_the_time_between_the_two_articles() {
        let months = 30 * 24;
        let late = |hour| {
            Archive::of_others(20).with(20, "#ships #tugs").with(30 * months, "#ships").with(hour, "#ships #tugs")
        };
        let fresh = Related { freshness: 1.0, ..PLAIN };
        assert_eq!(late(30 * months + 1).related(&PLAIN), [20, 21], "who shares more");
        assert_eq!(late(30 * months + 1).related(&fresh), [21, 20], "a month ago rather than years ago");
        assert_eq!(late(3000 * months).related(&fresh), [20, 21], "long ago both");
    }

    #[test]
    fn one_shared_word_is_chance_and_two_are_not() {
        let archive = Archive::of_others(40)
            .with(40, "bridge repairs finished")
            .with(41, "bridge closed")
            .with(42, "repairs to the bridge");
        assert_eq!(archive.related(&PLAIN), [40]);
        let tagged = Archive::of_others(40)
            .with(40, "bridge closed #roads")
            .with(41, "rain #roads")
            .with(42, "repairs to the bridge #roads");
        assert_eq!(tagged.related(&PLAIN), [40, 41], "with a tag one counts");
    }

    #[test]
    fn common_words_say_nothing() {
        let mut archive = Archive::of_others(40);
        for hour in 40..70 {
            archive = archive.with(hour, &format!("after the storm{hour}"));
        }
        assert_eq!(archive.with(70, "after the strike").related(&PLAIN), [] as [ArticleId; 0]);
    }

    #[test]
    fn all_that_an_old_article_shares_counts_even_if_many_newer_ones_share_some_of_it() {
        let mut archive = Archive::of_others(9).with(9, "/years #ships");
        for hour in 10..200 {
            archive = archive.with(hour, &format!("#ships only{hour}"));
        }
        archive = archive.with(200, "/years").with(201, "/years #ships");
        assert_eq!(archive.related(&PLAIN)[..2], [9, 200]);
    }

    #[test]
    fn newer_articles_and_the_order_of_the_files_change_nothing() {
        let mut random = fastrand::Rng::with_seed(7);
        let mut archive = Archive(Vec::new());
        for hour in 0..300 {
            let mut text = String::new();
            for sign in ["#", "#", "@", "/", "", "", ""] {
                text += &format!(" {sign}{}", ["ships", "trade", "storm", "ferry", "tax"][random.usize(..5)]);
                text += &random.u32(..9).to_string();
            }
            archive = archive.with(hour, &text);
        }
        let settings = Related::default();
        let whole = archive.index();
        for length in [50, 151, 299] {
            let part = Archive(archive.0[..length].to_vec()).index();
            for id in 0..length as ArticleId {
                let now = related(&whole, id, 4, &settings);
                assert_eq!(related(&part, id, 4, &settings), now, "{id} of {length}");
                assert!(id < 150 || !now.is_empty(), "{id}");
            }
        }
    }

    #[test]
    fn what_is_the_same_up_to_an_article_is_known() {
        let archive = Archive::of_others(3 * OLDER as i64);
        let same = |other: &Archive| {
            let (now, then) = (other.index(), archive.index());
            now.older.iter().zip(&then.older).map(|(now, then)| now == then).collect::<Vec<_>>()
        };
        let hour = 3 * OLDER as i64;
        let changed = |number: usize| {
            let mut other = Archive(archive.0.clone());
            other.0[number].1 = "another headline".into();
            other
        };
        assert_eq!(same(&archive), [true, true, true]);
        assert_eq!(same(&Archive(archive.0.clone()).with(hour, "new")), [true, true, true], "and a fourth");
        assert_eq!(same(&changed(2 * OLDER)), [true, true, false]);
        assert_eq!(same(&changed(OLDER + 1)), [true, false, false]);
        assert_eq!(same(&Archive(archive.0[1..].to_vec())), [false, false, false]);
    }

    #[test]
    fn logarithms_grow_with_their_numbers() {
        assert_eq!([1, 2, 3, 4, 1 << 40].map(log2), [0, BIT, BIT + BIT / 2, 2 * BIT, 40 * BIT]);
        assert!((1..5000).all(|number| log2(number) <= log2(number + 1)));
    }
}
