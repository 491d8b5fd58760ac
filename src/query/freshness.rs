//! Is a page fresh? The code that decides is the code that explains.
//!
//! A page is fresh when its template's reach, its plan and its own source are the ones of its trace, and
//! every question it asked has the answer it had. (The third rule, that the file on disk is the one we wrote,
//! is the publisher's to check.) There is no invalidation: nothing says what a change affects.

use std::fmt;
use std::sync::OnceLock;

use super::trace::{PageTrace, Traces};
use super::{Dependence, Making, Question, Site, SourceId};
use crate::fingerprint::{Fingerprint, file_id};
use crate::index::{ArticleId, OLDER};
use crate::plan::Output;
use crate::source_name::is_below;

/// Who makes what several pages share.
pub(crate) trait Maker: Sync {
    /// What stands for it in traces.
    fn make(&self, question: &Question, making: &Making) -> Fingerprint;
}

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
    /// A question has another answer.
    Answer(Box<Question>),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::New => write!(f, "not rendered before, or the program or site.yaml changed"),
            Self::Tampered => write!(f, "the file is missing or was changed by somebody else"),
            Self::Template => write!(f, "its template changed"),
            Self::Plan => write!(f, "its teaser or address changed"),
            Self::Source => write!(f, "its source changed"),
            Self::Answer(question) => write!(f, "{question} changed"),
        }
    }
}

/// What all answers of the last build were made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Baseline {
    /// The index.
    pub index: Fingerprint,
    /// Its articles: the first [`OLDER`], twice as many, and so on.
    pub older: Vec<Fingerprint>,
    /// All sources that are neither articles nor pages nor the theme's.
    pub files: Fingerprint,
    /// The files that were planned: the sum of their ids.
    pub planned: u64,
}

/// Compares the traces of the last build with the answers of this one. Shared questions are answered at
/// most once; those that ask about what is the same as a whole need no answer.
pub struct Freshness<'a> {
    site: &'a Site,
    maker: &'a dyn Maker,
    traces: &'a Traces,
    is_same_index: bool,
    /// Articles below this number are the same, and in the same order.
    same_articles: ArticleId,
    is_same_files: bool,
    is_same_plan: bool,
    is_same: Vec<OnceLock<bool>>,
}

impl<'a> Freshness<'a> {
    /// Begins a comparison.
    pub(crate) fn new(site: &'a Site, maker: &'a dyn Maker, traces: &'a Traces, last: &Baseline) -> Self {
        let is_same_index = site.index.fingerprint == last.index;
        let same = site.index.older.iter().zip(&last.older).take_while(|(now, then)| now == then).count();
        Self {
            site,
            maker,
            traces,
            is_same_index,
            same_articles: (same * OLDER) as ArticleId,
            is_same_plan: site.planned_sum() == last.planned,
            is_same_files: is_same_index && site.index.files == last.files,
            is_same: std::iter::repeat_with(OnceLock::new).take(traces.questions.len()).collect(),
        }
    }

    /// Whether a warning of the last build is about a source that is not there any more: it may have another name now.
    fn tells_of_what_is_gone(&self, trace: &PageTrace) -> bool {
        let mut places = trace.warnings().iter().filter_map(|warning| warning.place.as_ref());
        places.any(|place| is_below(&place.path) && self.site.index.row_of(&place.path).is_none())
    }

    /// Why the output must be rendered; none if it is fresh.
    pub fn check(&self, output: Output, trace: &PageTrace) -> Option<Reason> {
        let site = self.site;
        if trace.plan == Fingerprint::default() {
            return Some(Reason::New);
        }
        if trace.source != site.own_content(output) || !self.is_same_files && self.tells_of_what_is_gone(trace) {
            return Some(Reason::Source);
        }
        // Kind and parameters follow from the index, but for the source that an old address leads to.
        let is_same_plan = self.is_same_index && !matches!(output, Output::Alias(_));
        if !is_same_plan && trace.plan != site.plan.fingerprint(output, &site.index, &site.config) {
            return Some(Reason::Plan);
        }
        if trace.template != site.template_reach(output) {
            return Some(Reason::Template);
        }
        let shared = || trace.shared.iter().find(|number| !self.is_same_shared(**number));
        let changed = match trace.own.iter().find(|(question, answer)| !self.is_same(question, answer)) {
            Some((question, _)) => question,
            None => match self.traces.questions.get(*shared()? as usize) {
                Some((question, _)) => question,
                None => return Some(Reason::New),
            },
        };
        Some(Reason::Answer(Box::new(changed.clone())))
    }

    fn is_same_shared(&self, number: u32) -> bool {
        let Some(cell) = self.is_same.get(number as usize) else { return false };
        *cell.get_or_init(|| {
            let (question, answer) = &self.traces.questions[number as usize];
            self.is_same(question, answer)
        })
    }

    fn is_same(&self, question: &Question, answer: &Fingerprint) -> bool {
        let is_ground_same = match question.depends_on() {
            Dependence::Index => self.is_same_index,
            Dependence::Older(source) => self.is_same_index || self.is_same_up_to(source),
            Dependence::Files => self.is_same_files,
            Dependence::Planned => self.is_same_plan,
            Dependence::Anything => false,
        };
        // In debug builds, and so in tests, a question that depends on more than it declares is found out.
        debug_assert!(!is_ground_same || self.answer_now(question) == *answer, "{question} depends on more");
        is_ground_same || self.answer_now(question) == *answer
    }

    fn is_same_up_to(&self, source: SourceId) -> bool {
        self.same_articles > 0 && self.site.article_of(source).is_some_and(|id| id < self.same_articles)
    }

    fn answer_now(&self, question: &Question) -> Fingerprint {
        match question {
            Question::Body(source) => self.body_now(*source),
            question => self.site.fingerprint(question).unwrap_or_else(|| self.maker.make(question, &Making(()))),
        }
    }

    /// What the fingerprint of a body is now, if the body asks what it asked before. If its source is
    /// another one, the fingerprint is another one already.
    fn body_now(&self, source: SourceId) -> Fingerprint {
        let Some(id) = self.site.article_of(source) else { return Fingerprint::default() };
        let Some(slot) = self.traces.find(file_id(&self.site.path(Output::Article(id)))) else {
            return Fingerprint::default();
        };
        let trace = &self.traces.pages[slot as usize].page;
        let mut fingerprint = self.site.begin_body(id);
        for number in &trace.shared[..trace.body.0 as usize] {
            match self.traces.questions.get(*number as usize) {
                Some((_, answer)) if self.is_same_shared(*number) => fingerprint.part(answer),
                _ => return Fingerprint::default(),
            };
        }
        for (question, answer) in &trace.own[..trace.body.1 as usize] {
            if !self.is_same(question, answer) {
                return Fingerprint::default();
            }
            fingerprint.part(answer);
        }
        fingerprint.finish()
    }
}
