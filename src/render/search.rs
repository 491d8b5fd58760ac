//! The search: its page, the catalogue of its segments, and the files of each segment.
//!
//! There is no server: the reader's browser loads the catalogue, then of the newest segments the one file in
//! which the word must stand, the teasers of what was found, and older segments until there is enough to
//! show. All files of a segment ask one question, which is answered by the sources of its
//! articles; a segment in which nothing changed is not read. When one article changed, the segment is made
//! again in memory, and the files with other bytes are written.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use serde::Serialize;
use tera::{Context, Map, Value};

use super::PageRenderer;
use super::scope::{notice, record};
use crate::article::body_text;
use crate::article::live::time_of;
use crate::config::address;
use crate::config::{LanguageId, Taxonomy};
use crate::diagnostic::Diagnostic;
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::index::{SectionRef, StoryId};
use crate::plan::Output;
use crate::plan::search::{CATALOGUE, SEARCH, Segment};
use crate::query::Question;
use crate::search::segment::{ABOUT, BODY, Builder, TITLE};
use crate::search::text;
use crate::search::words::Stems;

/// Authors that a reader can choose from: a longer list would be a load of its own.
const AUTHORS: usize = 200;

/// Segments whose files are kept while they are being written.
const KEPT: usize = 8;

/// The files of a segment.
#[derive(Debug)]
struct Files {
    words: Vec<Vec<u8>>,
    articles: Vec<Vec<u8>>,
    problems: Vec<Diagnostic>,
}

/// The segments whose files are being written: made by who asks first, dropped when all have been taken.
#[derive(Debug, Default)]
pub(super) struct Segments(Mutex<BTreeMap<u32, CachedSegment>>);

#[derive(Debug, Default)]
struct CachedSegment {
    files: Arc<OnceLock<Files>>,
    taken: u32,
}

impl Segments {
    /// The cell of a segment that has so many files.
    fn cell(&self, number: u32, files: u32) -> Arc<OnceLock<Files>> {
        let mut kept = self.0.lock().expect("no panic while locked");
        if kept.len() >= KEPT && !kept.contains_key(&number) {
            // The one that is farthest from being done, most likely: outputs come in order.
            kept.pop_last();
        }
        let segment = kept.entry(number).or_default();
        segment.taken += 1;
        let cell = Arc::clone(&segment.files);
        if segment.taken >= files {
            kept.remove(&number);
        }
        cell
    }

    /// Drops everything.
    pub(super) fn clear(&self) {
        self.0.lock().expect("no panic while locked").clear();
    }
}

/// `catalogue.json`.
#[derive(Serialize)]
struct Catalogue<'a> {
    /// Newest first: name, articles, word files, articles in a file of teasers, version, and of each year in it
    /// the first article.
    segments: Vec<CatalogueSegment<'a>>,
}

/// A segment in the catalogue. Tuples, for the sake of its size.
type CatalogueSegment<'a> = (&'a str, usize, u32, usize, String, Vec<(i16, u32)>);

/// An article among the results.
#[derive(Serialize)]
struct Found<'a>(&'a str, &'a str, String, &'a str, Vec<&'a str>, &'a str);

impl PageRenderer {
    /// The context of the search page.
    pub(super) fn search_context(self: &Arc<Self>, language: LanguageId) -> Context {
        record(self, Question::SearchFilters(language), || self.of_search_filters(language));
        let within = self.config.language(language);
        let entry = |pairs: &[(&str, &str)]| {
            let mut map = Map::new();
            pairs.iter().for_each(|(key, value)| {
                map.insert((*key).to_owned().into(), Value::from(*value));
            });
            Value::from(map)
        };
        let sections = self.sections(language);
        let sections: Vec<Value> =
            sections.iter().map(|(section, _)| entry(&[("name", section.name), ("title", section.title)])).collect();
        let authors: Vec<Value> =
            self.search_authors(language).iter().map(|(id, name)| entry(&[("name", id), ("title", name)])).collect();
        let years: Vec<Value> = self.search_years(language).into_iter().map(Value::from).collect();
        let mut map = Map::new();
        map.insert("url".into(), Value::from(address::encode(&self.config, &within.path(SEARCH))));
        map.insert("catalogue".into(), Value::from(address::encode(&self.config, &within.path(CATALOGUE))));
        map.insert("sections".into(), Value::from(sections));
        map.insert("authors".into(), Value::from(authors));
        map.insert("years".into(), Value::from(years));
        let mut context = Context::new();
        context.insert_value("search", Value::from(map));
        context
    }

    /// The address of the search page of a language, root-relative; none if there is no search.
    pub(super) fn search_url(self: &Arc<Self>, language: LanguageId) -> Option<String> {
        record(self, Question::HasSearch, || self.of_has_search());
        self.plan.has_search.then(|| address::encode(&self.config, &self.config.language(language).path(SEARCH)))
    }

    /// Whether there is a search.
    pub(super) fn of_has_search(&self) -> Fingerprint {
        Fingerprint::of(&[self.plan.has_search.into()])
    }

    /// What a reader can choose from.
    pub(super) fn of_search_filters(&self, language: LanguageId) -> Fingerprint {
        let sections: Vec<SectionRef<'_>> = self.sections(language).into_iter().map(|(section, _)| section).collect();
        Fingerprint::of_value(&(sections, self.search_authors(language), self.search_years(language)))
    }

    /// The authors with the most articles, by name: id and name.
    fn search_authors(&self, language: LanguageId) -> Vec<(&str, &str)> {
        let mut authors = self.index.terms.of(language, Taxonomy::Authors);
        authors.sort_by(|a, b| (b.stories.len(), &a.slug).cmp(&(a.stories.len(), &b.slug)));
        authors.truncate(AUTHORS);
        authors.sort_by(|a, b| (&a.name, &a.slug).cmp(&(&b.name, &b.slug)));
        authors.into_iter().map(|author| (&*author.slug, &*author.name)).collect()
    }

    /// The years with articles that can be found, newest first.
    fn search_years(&self, language: LanguageId) -> Vec<i16> {
        let first = self.segments_of(language).next().map_or(StoryId::MAX, |segment| segment.stories.start);
        let months = self.index.months_of(language).iter().rev().filter(|(_, _, range)| range.end > first);
        let mut years: Vec<i16> = months.map(|(year, _, _)| *year).collect();
        years.dedup();
        years
    }

    /// What the files of a segment are made from.
    pub(super) fn of_segment(&self, language: LanguageId, name: &str) -> Fingerprint {
        self.segments_of(language)
            .find(|segment| *segment.name == *name)
            .map_or_else(Fingerprint::default, |segment| self.of_articles(segment))
    }

    fn of_articles(&self, segment: &Segment) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("segment");
        fingerprint.number(segment.word_files.into());
        for id in segment.stories.clone() {
            let entry = self.index.entry(id);
            fingerprint.part(&entry.teaser).part(&self.index.rows[entry.row as usize].content);
        }
        fingerprint.finish()
    }

    /// What the catalogue is made from.
    pub(super) fn of_catalogue(&self, language: LanguageId) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("catalogue");
        for segment in self.segments_of(language) {
            fingerprint.text(&segment.name).part(&self.of_articles(segment));
        }
        fingerprint.part(&Fingerprint::of_value(&self.search_years(language))).finish()
    }

    fn segments_of(&self, language: LanguageId) -> impl DoubleEndedIterator<Item = &Segment> {
        self.plan.segments.iter().filter(move |segment| segment.language == language)
    }

    /// The bytes of `catalogue.json`.
    pub(super) fn catalogue(self: &Arc<Self>, language: LanguageId) -> Vec<u8> {
        record(self, Question::SearchCatalogue(language), || self.of_catalogue(language));
        let segments = self.segments_of(language).rev().map(|segment| {
            let mut years: Vec<(i16, u32)> = Vec::new();
            for (year, _, months) in self.index.months_of(language) {
                let first = months.start.max(segment.stories.start);
                let is_here = first < months.end.min(segment.stories.end);
                if is_here && years.last().is_none_or(|(last, _)| last != year) {
                    years.push((*year, first - segment.stories.start));
                }
            }
            let version = self.of_articles(segment).short();
            (&*segment.name, segment.len(), segment.word_files, segment.per_file, version, years)
        });
        let catalogue = Catalogue { segments: segments.collect() };
        serde_json::to_vec(&catalogue).expect("strings and numbers serialise")
    }

    /// The bytes of a file of a segment: its words, or the teasers of its articles.
    pub(super) fn search_file(self: &Arc<Self>, output: Output) -> Vec<u8> {
        let (number, is_words, file) = match output {
            Output::SearchWords(segment, file) => (segment, true, file),
            Output::SearchArticles(segment, file) => (segment, false, file),
            _ => unreachable!("only files of segments are asked for"),
        };
        let segment = &self.plan.segments[number as usize];
        record(self, Question::Segment(segment.language, segment.name.clone()), || self.of_articles(segment));
        let cell = self.search.cell(number, segment.word_files + segment.article_files());
        let files = cell.get_or_init(|| self.make_segment(segment));
        notice(files.problems.iter().cloned());
        let all = if is_words { &files.words } else { &files.articles };
        all[file as usize].clone()
    }

    fn make_segment(&self, segment: &Segment) -> Files {
        let mut builder = Builder::new();
        let mut articles = Vec::with_capacity(segment.article_files() as usize);
        let mut problems = Vec::new();
        let mut lines: Vec<String> = Vec::with_capacity(segment.per_file);
        for id in segment.stories.clone() {
            lines.push(self.add_article(&mut builder, id, &mut problems));
            if lines.len() == segment.per_file || id + 1 == segment.stories.end {
                articles.push(format!("[{}]\n", lines.join(",\n")).into_bytes());
                lines.clear();
            }
        }
        let stems = Stems::of(&self.config.language(segment.language).tag);
        Files { words: builder.word_files(&stems, segment.word_files), articles, problems }
    }

    /// Adds an article to the index. What results show of it, as JSON.
    fn add_article(&self, builder: &mut Builder, id: StoryId, problems: &mut Vec<Diagnostic>) -> String {
        let entry = self.index.entry(id);
        let story = self.index.story(entry.row);
        builder.next_article();
        builder.text(&story.core.title, TITLE);
        if !story.summary_derived {
            builder.text(&story.core.summary, ABOUT);
        }
        let mut authors: Vec<&str> = Vec::new();
        for term in self.index.terms.of_story(id) {
            builder.text(&term.name, ABOUT);
            if term.taxonomy == Taxonomy::Authors {
                authors.push(&term.name);
                builder.filter(format!("@author:{}", term.slug));
            }
        }
        let section = entry.section.map(|section| &self.index.sections[section as usize]);
        if let Some(section) = section {
            builder.filter(format!("@section:{}", section.name));
        }
        let (markdown, mut body) = (self.config.settings.markdown, |text: &str| builder.text(text, BODY));
        for correction in &story.corrections {
            text::of(&correction.text, markdown, &|_| true, &mut body);
        }
        match body_text(&self.reader, &self.index.rows[entry.row as usize]) {
            Ok(text) => {
                let start = text.floor_char_boundary((story.body.0 as usize).min(text.len()));
                let live = self.index.live.get(&id);
                let shows = |time: &str| match live {
                    Some(live) => time_of(time, &self.config.time_zone).is_ok_and(|time| live.shows(time)),
                    None => true,
                };
                text::of(&text[start..], markdown, &shows, body);
            }
            Err(problem) => problems.push(problem),
        }
        let date = entry.date.rfc3339(&self.config.time_zone);
        let title = section.map_or("", |section| &*section.title);
        let found = Found(&entry.url, &story.core.title, date, title, authors, &story.core.summary);
        serde_json::to_string(&found).expect("strings serialise")
    }
}
