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

use crate::article::body_text;
use crate::article::live::time_of;
use crate::article::record::Access;
use crate::config::{LanguageId, Taxonomy, address};
use crate::diagnostic::Diagnostic;
use crate::index::Article;
use crate::plan::search::{CATALOGUE, SEARCH, Segment};
use crate::query::{Seen, ask};
use crate::render::PageRenderer;
use crate::render::scope::notice;
use crate::render::template::{context_of, map_of};
use crate::search::segment::{ABOUT, BODY, Builder, TITLE};
use crate::search::text;
use crate::search::words::Stems;

/// Segments whose files are kept while they are being written.
const KEPT: usize = 8;

/// The files of a segment.
#[derive(Debug)]
pub(in crate::render) struct Files {
    pub(in crate::render) words: Vec<Vec<u8>>,
    pub(in crate::render) articles: Vec<Vec<u8>>,
    problems: Vec<Diagnostic>,
}

/// The segments whose files are being written: made by who asks first, dropped when all have been taken.
#[derive(Debug, Default)]
pub(in crate::render) struct Segments(Mutex<BTreeMap<usize, CachedSegment>>);

#[derive(Debug, Default)]
struct CachedSegment {
    files: Arc<OnceLock<Files>>,
    taken: u32,
}

impl Segments {
    /// The cell of a segment that has so many files.
    fn cell(&self, number: usize, files: u32) -> Arc<OnceLock<Files>> {
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
    pub(in crate::render) fn clear(&self) {
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

/// The context of the search page.
pub(in crate::render) fn search_context(renderer: &Arc<PageRenderer>, language: LanguageId) -> Context {
    let filters = ask::search_filters(&renderer.view, language);
    let within = renderer.config.language(language);
    let entry = |name: &str, title: &str| map_of([("name", name.into()), ("title", title.into())]);
    let sections: Vec<Value> = filters.sections.iter().map(|one| entry(one.name, one.title)).collect();
    let authors: Vec<Value> = filters.authors.iter().map(|(id, name)| entry(id, name)).collect();
    let mut map = Map::new();
    map.insert("url".into(), Value::from(address::encode(&renderer.config, &within.path(SEARCH))));
    map.insert("catalogue".into(), Value::from(address::encode(&renderer.config, &within.path(CATALOGUE))));
    map.insert("sections".into(), Value::from(sections));
    map.insert("authors".into(), Value::from(authors));
    map.insert("years".into(), Value::from(filters.years));
    context_of("search", map)
}

/// The address of the search page of a language, root-relative; none if there is no search.
pub(in crate::render) fn search_url(renderer: &Arc<PageRenderer>, language: LanguageId) -> Option<String> {
    ask::has_search(&renderer.view)
        .then(|| address::encode(&renderer.config, &renderer.config.language(language).path(SEARCH)))
}

/// The bytes of `catalogue.json`.
pub(in crate::render) fn catalogue(renderer: &Arc<PageRenderer>, language: LanguageId) -> Vec<u8> {
    let segments = ask::catalogue(&renderer.view, language).into_iter().map(|one| {
        let segment = one.segment;
        (&*segment.name, segment.len(), segment.word_files, segment.per_file, one.version.short(), one.years)
    });
    let catalogue = Catalogue { segments: segments.collect() };
    serde_json::to_vec(&catalogue).expect("strings and numbers serialise")
}

/// The files of a segment: their words, and the teasers of their articles.
pub(in crate::render) fn search_files(renderer: &PageRenderer, segment: Seen<Segment>) -> Arc<OnceLock<Files>> {
    let articles = ask::articles_in(&renderer.view, segment);
    let (number, segment) = (segment.number(), renderer.view.get(segment));
    let cell = renderer.search.cell(number, segment.word_files + segment.article_files());
    let files = cell.get_or_init(|| make_segment(renderer, segment, articles));
    notice(files.problems.iter().cloned());
    cell
}

fn make_segment(renderer: &PageRenderer, segment: &Segment, ids: impl Iterator<Item = Seen<Article>>) -> Files {
    let mut builder = Builder::new();
    let mut articles = Vec::with_capacity(segment.article_files() as usize);
    let mut problems = Vec::new();
    let mut lines: Vec<String> = Vec::with_capacity(segment.per_file);
    for (at, id) in (1..).zip(ids) {
        lines.push(add_article(renderer, &mut builder, id, &mut problems));
        if lines.len() == segment.per_file || at == segment.len() {
            articles.push(format!("[{}]\n", lines.join(",\n")).into_bytes());
            lines.clear();
        }
    }
    let stems = Stems::of(&renderer.config.language(segment.language).tag);
    Files { words: builder.word_files(&stems, segment.word_files), articles, problems }
}

/// Adds an article to the index. What results show of it, as JSON.
fn add_article(
    renderer: &PageRenderer,
    builder: &mut Builder,
    id: Seen<Article>,
    problems: &mut Vec<Diagnostic>,
) -> String {
    let (article, row) = (renderer.view.get(id), renderer.view.row(id));
    let entry = renderer.view.entry(row);
    builder.next_article();
    builder.text(&entry.core.title, TITLE);
    // Of a paid article nothing can be found but what lists show of it.
    let is_free = entry.core.access == Access::Free;
    if !entry.summary_derived || !is_free {
        builder.text(&entry.core.summary, ABOUT);
    }
    let mut authors: Vec<&str> = Vec::new();
    for term in ask::terms_of(&renderer.view, id) {
        builder.text(term.name, ABOUT);
        if term.taxonomy == Taxonomy::Authors {
            authors.push(term.name);
            builder.filter(format!("@author:{}", term.slug));
        }
    }
    let section = ask::section_of(&renderer.view, id);
    if let Some(section) = section {
        builder.filter(format!("@section:{}", section.name));
    }
    let (markdown, mut body) = (renderer.config.settings.markdown, |text: &str| builder.text(text, BODY));
    for correction in entry.corrections.iter().filter(|_| is_free) {
        text::of(&correction.text, markdown, &|_| true, &mut body);
    }
    match body_text(&renderer.reader, renderer.view.get(row)) {
        Ok(_) if !is_free => {}
        Ok(text) => {
            let start = text.floor_char_boundary((entry.body.0 as usize).min(text.len()));
            let live = renderer.view.live(id);
            let shows = |time: &str| match live {
                Some(live) => time_of(time, &renderer.config.time_zone).is_ok_and(|time| live.shows(time)),
                None => true,
            };
            text::of(&text[start..], markdown, &shows, body);
        }
        Err(problem) => problems.push(problem),
    }
    let date = article.date.rfc3339(&renderer.config.time_zone);
    let title = section.map_or("", |section| section.title);
    let found = Found(&article.url, &entry.core.title, date, title, authors, &entry.core.summary);
    serde_json::to_string(&found).expect("strings serialise")
}
