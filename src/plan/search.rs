//! The segments of the search index: which articles share one set of search files.
//!
//! A segment is an interval of time, `[k·2ʲ, (k+1)·2ʲ)` seconds since 1970, so an article stays in its
//! segment whatever happens to the others, and an edit touches the files of one segment only. An interval
//! with too many articles is halved. The interval that ends with the newest article may hold few, in small
//! files, since that is where a newsroom works and readers look first; older ones hold many, in large files,
//! so that an archive is not a heap of files.

use std::ops::Range;

use crate::config::{Config, LanguageId};
use crate::index::{ArticleId, Index, edition};
use crate::theme::Theme;
use crate::theme::interface::SEARCH_TEMPLATE;

/// The path of the search page and of everything it loads, in each language.
pub const SEARCH: &str = "/search/";

/// The path of the list of segments.
pub const CATALOGUE: &str = "/search/catalogue.json";

/// Most articles of the segment with the newest one.
const NEWEST: usize = 512;

/// Most articles of an older segment, in a small and in a large archive: an edit reads all texts of a segment,
/// and a reader who looks for a rare word loads a file of each.
const OLDER: (usize, usize) = (2048, 8192);

/// Between those two, an archive has about so many segments.
const SEGMENTS: usize = 16;

/// Articles for each word file, and in each file of teasers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Sizes {
    word_file: usize,
    teaser_file: usize,
}

/// Of a segment with at most [`NEWEST`] articles.
const SMALL: Sizes = Sizes { word_file: 8, teaser_file: 16 };

/// Of all others: 100,000 articles have fewer than 2,000 files.
const LARGE: Sizes = Sizes { word_file: 128, teaser_file: 160 };

/// 2⁴⁰ seconds are 34,000 years: all dates lie in the first interval of this size, or in the one before.
const LARGEST: u32 = 40;

/// Articles that are searched by one set of files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The language of its articles.
    pub language: LanguageId,
    /// The folder of its files, made of its interval: `26-25`.
    pub name: Box<str>,
    /// Its articles.
    pub articles: Range<ArticleId>,
    /// How many files the words are spread over, a power of two.
    pub word_files: u32,
    /// Articles in one file of teasers.
    pub per_file: usize,
}

impl Segment {
    /// The site path of one of its files.
    pub fn path(&self, file: &str, config: &Config) -> String {
        config.language(self.language).path(&format!("{SEARCH}{}/{file}.json", self.name))
    }

    /// How many articles it has.
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// Whether it has none. No planned segment is empty.
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    /// How many files its teasers are in.
    pub fn article_files(&self) -> u32 {
        self.len().div_ceil(self.per_file) as u32
    }
}

/// Whether the site has a search at all.
pub(super) fn is_wanted(config: &Config, theme: &Theme) -> bool {
    config.settings.search.enabled && theme.template(SEARCH_TEMPLATE).is_some()
}

/// The segments, by language and then oldest first. None if the site has no search.
pub(super) fn segments(index: &Index, config: &Config, theme: &Theme) -> Vec<Segment> {
    if !is_wanted(config, theme) {
        return Vec::new();
    }
    let mut segments = Vec::new();
    for (language, _) in config.each_language() {
        let articles = edition::articles_since(index, language, config.settings.search.since);
        segments.extend(split(language, articles, |id| index.article(id).date.0));
    }
    segments
}

/// Splits articles of a language with the given dates into segments.
fn split(language: LanguageId, articles: Range<ArticleId>, date: impl Fn(ArticleId) -> i64) -> Vec<Segment> {
    let older = (articles.len() / SEGMENTS).next_power_of_two().clamp(OLDER.0, OLDER.1);
    let mut segments = Vec::new();
    // A stack of intervals: their articles, size and number.
    let zero = first_since(&articles, 0, &date);
    let mut stack = vec![(zero..articles.end, LARGEST, 0i64), (articles.start..zero, LARGEST, -1)];
    while let Some((part, size, number)) = stack.pop() {
        let limit = if part.end == articles.end { NEWEST } else { older };
        if part.is_empty() {
            continue;
        }
        if part.len() <= limit || size == 0 {
            let name = format!("{size}-{number}").into();
            let sizes = if part.len() <= NEWEST { SMALL } else { LARGE };
            let word_files = (part.len() / sizes.word_file).max(1).next_power_of_two() as u32;
            segments.push(Segment { language, name, articles: part, word_files, per_file: sizes.teaser_file });
            continue;
        }
        let later = number * 2 + 1;
        let middle = first_since(&part, later << (size - 1), &date);
        stack.push((middle..part.end, size - 1, later));
        stack.push((part.start..middle, size - 1, later - 1));
    }
    segments
}

/// The first article of a range that is not older than a moment; the range is in the order of dates.
fn first_since(articles: &Range<ArticleId>, moment: i64, date: impl Fn(ArticleId) -> i64) -> ArticleId {
    let (mut low, mut high) = (articles.start, articles.end);
    while low < high {
        let middle = low + (high - low) / 2;
        if date(middle) < moment {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(dates: &[i64]) -> Vec<Segment> {
        split(LanguageId::MAIN, 0..dates.len() as ArticleId, |id| dates[id as usize])
    }

    #[test]
    fn segments_follow_each_other_and_hold_everything() {
        for count in [0, 1, 500, 513, 5000, 100_000] {
            let dates: Vec<i64> = (0..count).map(|number| (number - count / 3) * 40_000).collect();
            let segments = of(&dates);
            let mut next = 0;
            for segment in &segments {
                assert_eq!(segment.articles.start, next);
                assert!(!segment.is_empty() && segment.len() <= OLDER.1);
                next = segment.articles.end;
            }
            assert_eq!(i64::from(next), count);
            assert!(segments.last().is_none_or(|newest| newest.len() <= NEWEST));
            let files: u32 = segments.iter().map(|segment| segment.word_files + segment.article_files()).sum();
            assert!(segments.len() < 40 && files < 1990, "{} segments, {files} files", segments.len());
        }
    }

    #[test]
    fn a_new_article_leaves_older_segments_as_they_are() {
        let dates: Vec<i64> = (0..20_000).map(|number| 1_400_000_000 + number * 20_000).collect();
        let before = of(&dates);
        let after = of(&dates.iter().copied().chain([1_400_000_000 + 20_000 * 20_000]).collect::<Vec<_>>());
        let same = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
        assert!(same >= before.len() - 2, "{same} of {}", before.len());
    }

    #[test]
    fn articles_of_one_second_stay_together() {
        let segments = of(&vec![1_700_000_000; 10_000]);
        assert_eq!(segments.len(), 1);
        assert_eq!((&*segments[0].name, segments[0].len()), ("0-1700000000", 10_000));
    }
}
