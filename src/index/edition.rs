//! Editions: what belongs to one language, as pieces of the index's lists; and sources in several languages.
//!
//! The index is in order of languages, so an edition is a few ranges and costs nothing. Which files are one
//! text in several languages is read from their names when somebody asks, since they stand beside each other.

use std::ops::Range;

use super::build::Dated;
use super::{ArticleId, CorrectionEntry, Index, Month, NEWS_SITEMAP_SECONDS, Role, Section};
use crate::article::language;
use crate::article::record::{Record, is_unread};
use crate::article::time::Timestamp;
use crate::config::{Config, LanguageId};

/// What belongs to one language: pieces of the lists of the [`Index`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edition {
    /// Its articles, oldest first.
    pub articles: Range<ArticleId>,
    /// Its sections.
    pub sections: Range<u16>,
    /// Its calendar months.
    pub months: Range<usize>,
    /// Its corrections.
    pub corrections: Range<usize>,
    /// The first of its articles that is new enough for the news sitemap.
    pub news_from: ArticleId,
}

impl Index {
    /// What belongs to a language.
    pub fn edition(&self, language: LanguageId) -> &Edition {
        &self.editions[language.0 as usize]
    }

    /// The language of an article.
    pub fn language_of(&self, id: ArticleId) -> LanguageId {
        LanguageId(self.editions.partition_point(|edition| edition.articles.end <= id) as u8)
    }

    /// The edition that an article belongs to.
    pub fn edition_of(&self, id: ArticleId) -> &Edition {
        self.edition(self.language_of(id))
    }
}

/// The sections of a language, in their order, with their places among all.
pub(crate) fn sections_of(index: &Index, language: LanguageId) -> impl Iterator<Item = (u16, &Section)> {
    index.edition(language).sections.clone().map(|at| (at, &index.sections[at as usize]))
}

/// A section by its name.
pub(crate) fn section<'a>(index: &'a Index, language: LanguageId, name: &str) -> Option<(u16, &'a Section)> {
    sections_of(index, language).find(|(_, section)| &*section.name == name)
}

/// The months of a language, oldest first.
pub(crate) fn months_of(index: &Index, language: LanguageId) -> &[Month] {
    &index.months[index.edition(language).months.clone()]
}

/// The articles of a language since the beginning of a year; without a year all.
pub(crate) fn articles_since(index: &Index, language: LanguageId, year: Option<i16>) -> Range<ArticleId> {
    let Range { start, end } = index.edition(language).articles;
    let first = year.map_or(start, |since| {
        let months = months_of(index, language);
        months.iter().find(|(year, _, _)| *year >= since).map_or(end, |(_, _, range)| range.start)
    });
    first..end
}

/// The visible files that say the same as the source `path` in other languages, itself among them if it is
/// visible, the site's own language first.
pub(crate) fn versions(index: &Index, path: &str, config: &Config) -> Vec<(LanguageId, u32)> {
    let language = |row: u32| match index.role(row) {
        Role::Article(id) => Some(index.language_of(id)),
        Role::Page(at) => Some(index.pages[at as usize].language),
        Role::Withheld | Role::Hidden | Role::Other => None,
    };
    let siblings = language::siblings(&index.rows, path, config);
    let mut versions: Vec<(LanguageId, u32)> = siblings.filter_map(|row| Some((language(row)?, row))).collect();
    versions.sort_unstable();
    versions.dedup_by_key(|(language, _)| *language);
    versions
}

/// The row that a link to the Markdown file `path` means. With a language it is that of the file in it, if
/// that is visible and the link names none; a file that is there in other languages only is one of these.
pub(crate) fn linked(index: &Index, path: &str, language: Option<LanguageId>, config: &Config) -> Option<u32> {
    let is_read = |row: &u32| !is_unread(&index.rows[*row as usize].record);
    let named = index.row_of(path).filter(is_read);
    let Some(wanted) = language else { return named };
    let versions = versions(index, path, config);
    if language::stem(path, config).1.is_none()
        && let Some((_, row)) = versions.iter().find(|(language, _)| *language == wanted)
    {
        return Some(*row);
    }
    named
        .or_else(|| versions.first().map(|(_, row)| *row))
        .or_else(|| language::siblings(&index.rows, path, config).find(is_read))
}

/// The language of a Markdown file.
pub(crate) fn language_of_row(index: &Index, row: u32, config: &Config) -> LanguageId {
    match index.role(row) {
        Role::Article(id) => index.language_of(id),
        Role::Page(at) => index.pages[at as usize].language,
        Role::Withheld | Role::Hidden | Role::Other => match index.rows[row as usize].record() {
            Record::Entry(entry) | Record::LeftOut(entry) => entry.language,
            _ => language::of_name(&index.rows[row as usize].path, config),
        },
    }
}

/// The address of a visible article or page.
pub(crate) fn url_of(index: &Index, row: u32) -> Option<&str> {
    match index.role(row) {
        Role::Article(id) => Some(&index.article(id).url),
        Role::Page(at) => Some(&index.pages[at as usize].url),
        Role::Withheld | Role::Hidden | Role::Other => None,
    }
}

/// The articles of each language; all else of an edition comes later. `dated` is in order.
pub(super) fn editions(dated: &[Dated], config: &Config, now: Timestamp) -> Vec<Edition> {
    let place = |is_before: &dyn Fn(&Dated) -> bool| dated.partition_point(is_before) as ArticleId;
    let edition = |(language, _): (LanguageId, &crate::config::Language)| {
        let start = place(&|(_, seed)| seed.language < language);
        let end = place(&|(_, seed)| seed.language <= language);
        let is_old = |(date, seed): &Dated| {
            seed.language < language || seed.language == language && date.0 + NEWS_SITEMAP_SECONDS <= now.0
        };
        Edition { articles: start..end, news_from: place(&is_old), ..Edition::default() }
    };
    config.each_language().map(edition).collect()
}

/// Gives each edition its sections, which are in order of languages.
pub(super) fn set_sections(editions: &mut [Edition], sections: &[Section]) {
    let place = |first: usize| sections.partition_point(|section| usize::from(section.language.0) < first) as u16;
    for (at, edition) in editions.iter_mut().enumerate() {
        edition.sections = place(at)..place(at + 1);
    }
}

/// Gives each edition its months and corrections, which are in order of languages.
pub(super) fn set_months_and_corrections(editions: &mut [Edition], months: &[Month], corrections: &[CorrectionEntry]) {
    for edition in editions {
        let Range { start, end } = edition.articles;
        let place = |first: ArticleId| months.partition_point(|(_, _, range)| range.start < first);
        edition.months = place(start)..place(end);
        let count = |first: ArticleId| corrections.iter().filter(|correction| correction.article < first).count();
        edition.corrections = count(start)..count(end);
    }
}
