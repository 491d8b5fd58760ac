//! Is a page fresh? The code that decides is the code that explains.
//!
//! A page is fresh when its template's reach, its plan and its own source are the ones of its trace, and
//! every query it asked has the answer it had. (The third rule, that the file on disk is the one we wrote,
//! is the publisher's to check.) There is no invalidation: nothing says what a change affects.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::Renderer;
use super::query::{Query, SourceId};
use super::trace::{PageTrace, Traces};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::plan::Output;

/// Why a page is rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It was not there in the last build.
    New,
    /// The file is missing or is not the one that was written.
    Tampered,
    /// The template or something it reaches is another one.
    Template,
    /// Its address, kind or own teaser changed.
    Plan,
    /// Its source changed.
    Source,
    /// A query has another answer.
    Query(Box<Query>),
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::New => write!(f, "not rendered before, or the program or site.yaml changed"),
            Self::Tampered => write!(f, "the file is missing or was changed by somebody else"),
            Self::Template => write!(f, "its template changed"),
            Self::Plan => write!(f, "its teaser or address changed"),
            Self::Source => write!(f, "its source changed"),
            Self::Query(query) => write!(f, "{query} changed"),
        }
    }
}

impl std::fmt::Display for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Stories(_) => write!(f, "a selection of articles"),
            Self::Listing(path, 0) => write!(f, "the listing {path}"),
            Self::Listing(path, number) => write!(f, "page {number} of the listing {path}"),
            Self::Neighbours(_) => write!(f, "a neighbour"),
            Self::Related(..) => write!(f, "a related article"),
            Self::Sections => write!(f, "the list of sections"),
            Self::Menu => write!(f, "the menu"),
            Self::Terms(taxonomy, _) => write!(f, "the list of {}", taxonomy.name()),
            Self::Year(year) => write!(f, "the months of {year}"),
            Self::Archive => write!(f, "the calendar"),
            Self::Target(path) => write!(f, "the address of {path}"),
            Self::File(named) => write!(f, "the file {}", named.1),
            Self::Asset(path) => write!(f, "the theme's {path}"),
            Self::Data(name) => write!(f, "data/{name}"),
            Self::Texts => write!(f, "a text of the theme"),
            Self::Fragment(name) => write!(f, "the fragment {name}"),
            Self::Component(name) => write!(f, "the component {name}"),
            Self::Replies(_) => write!(f, "the replies"),
            Self::Body(_) => write!(f, "the body of an article"),
            Self::Profile(path) => write!(f, "{path}"),
            Self::Feed(path) => write!(f, "the feed of {path}"),
            Self::Sitemap(_) => write!(f, "the list of addresses"),
        }
    }
}

/// Compares the traces of the last build with the answers of this one. Each query is answered at most
/// once.
pub struct Freshness<'a> {
    renderer: &'a Arc<Renderer>,
    traces: &'a Traces,
    /// Whether the index is the one of the last build.
    is_same_index: bool,
    is_same: Vec<OnceLock<bool>>,
    bodies: OnceLock<FxHashMap<SourceId, &'a PageTrace>>,
}

impl<'a> Freshness<'a> {
    /// Begins a comparison.
    pub fn new(renderer: &'a Arc<Renderer>, traces: &'a Traces) -> Self {
        let is_same_index = renderer.index.fingerprint == traces.index;
        let is_same = std::iter::repeat_with(OnceLock::new).take(traces.queries.len()).collect();
        Self { renderer, traces, is_same_index, is_same, bodies: OnceLock::new() }
    }

    /// Why the output must be rendered; none if it is fresh.
    pub fn check(&self, output: Output, trace: &PageTrace) -> Option<Reason> {
        let renderer = self.renderer;
        if trace.plan == Fingerprint::default() {
            return Some(Reason::New);
        }
        if trace.source != renderer.own_content(output) {
            return Some(Reason::Source);
        }
        // Kind and parameters follow from the index, but for the source that an old address leads to.
        let is_same_plan = self.is_same_index && !matches!(output, Output::Alias(_));
        if !is_same_plan && trace.plan != renderer.plan.fingerprint(output, &renderer.index) {
            return Some(Reason::Plan);
        }
        if trace.template != renderer.template_reach(output) {
            return Some(Reason::Template);
        }
        let changed = trace.queries.iter().find(|number| !self.is_same(**number));
        changed.map(|number| Reason::Query(Box::new(self.traces.queries[*number as usize].0.clone())))
    }

    fn is_same(&self, number: u32) -> bool {
        let Some(cell) = self.is_same.get(number as usize) else { return false };
        *cell.get_or_init(|| {
            let (query, answer) = &self.traces.queries[number as usize];
            self.is_same_index && query.is_about_index() || self.answer_now(query) == *answer
        })
    }

    fn answer_now(&self, query: &Query) -> Fingerprint {
        match query {
            Query::Body(source) => self.body_now(*source),
            Query::Fragment(name) => self.renderer.fragment(name).fingerprint(),
            query => self.renderer.fingerprint(query),
        }
    }

    /// What the fingerprint of a body is now, if the body asks what it asked before. If its source is
    /// another one, the fingerprint is another one already.
    fn body_now(&self, source: SourceId) -> Fingerprint {
        let bodies = self.bodies.get_or_init(|| self.bodies_of_stories());
        let Some(content) = self.renderer.content_of(source) else { return Fingerprint::default() };
        let mut fingerprint = Fingerprinter::new("body");
        fingerprint.part(&content);
        let Some(trace) = bodies.get(&source) else { return Fingerprint::default() };
        for number in &trace.queries[..trace.body as usize] {
            match self.traces.queries.get(*number as usize) {
                Some((_, answer)) if self.is_same(*number) => fingerprint.part(answer),
                _ => return Fingerprint::default(),
            };
        }
        fingerprint.finish()
    }

    fn bodies_of_stories(&self) -> FxHashMap<SourceId, &'a PageTrace> {
        let renderer = self.renderer;
        let stories = renderer.index.stories.iter().enumerate();
        stories
            .filter_map(|(id, entry)| {
                let path = renderer.path(Output::Story(id as u32));
                let trace = &self.traces.pages[self.traces.find(&path)? as usize];
                Some((SourceId::of(&renderer.index.rows[entry.row as usize].path), &trace.page))
            })
            .collect()
    }
}
