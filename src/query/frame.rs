//! What is being rendered on this thread, and what it has asked so far.
//!
//! Renderings nest: a page may need a fragment or a body, whose questions are its own business; the outer page records
//! only that it needed it.

use std::cell::RefCell;
use std::hash::Hash;

use rustc_hash::FxHashSet;

use super::seen::{Planned, Seen, Subject};
use super::trace::PageTrace;
use super::{Making, Question, View, ask};
use crate::config::LanguageId;
use crate::fingerprint::Fingerprint;
use crate::index::Article;
use crate::plan::Output;

struct Frame {
    subject: Subject,
    shared: Once<u32>,
    own: Once<Question>,
    body: (u32, u32),
    /// Addresses and files of which somebody has seen what they are, and of which the question is still to be recorded.
    peeked: [FxHashSet<u64>; 2],
}

/// Questions with their answers, in the order in which they were first asked.
struct Once<Q> {
    asked: Vec<(Q, Fingerprint)>,
    /// The same questions, once there are [`MANY`].
    known: FxHashSet<Q>,
}

/// Nearly all pages ask fewer questions, and looking through those is faster than hashing.
const MANY: usize = 64;

impl<Q> Default for Once<Q> {
    fn default() -> Self {
        Self { asked: Vec::new(), known: FxHashSet::default() }
    }
}

impl<Q: Clone + Eq + Hash> Once<Q> {
    fn has(&self, question: &Q) -> bool {
        if self.known.is_empty() {
            self.asked.iter().any(|(asked, _)| asked == question)
        } else {
            self.known.contains(question)
        }
    }

    fn add(&mut self, question: Q, answer: Fingerprint) {
        self.asked.push((question, answer));
        if self.asked.len() > MANY {
            let behind = &self.asked[self.known.len()..];
            self.known.extend(behind.iter().map(|(question, _)| question.clone()));
        }
    }
}

thread_local! {
    static FRAMES: RefCell<Vec<Frame>> = const { RefCell::new(Vec::new()) };
}

/// What is looked up one by one and recorded together.
#[derive(Clone, Copy)]
pub(super) enum Peek {
    /// Addresses, by their keys: are they those of withheld articles?
    Withheld = 0,
    /// Files, by their ids: are they published?
    Published = 1,
}

/// Something is being rendered. Dropping it ends that, also when a template panics.
pub(crate) struct Entered {
    is_left: bool,
}

impl Entered {
    fn push(subject: Subject) -> Self {
        FRAMES.with_borrow_mut(|frames| {
            frames.push(Frame {
                subject,
                shared: Once::default(),
                own: Once::default(),
                body: (0, 0),
                peeked: Default::default(),
            });
        });
        Self { is_left: false }
    }

    fn pop(mut self, view: &View) -> Frame {
        // Whoever looked something up and did not say so has asked all the same.
        for (peek, keys) in [Peek::Withheld, Peek::Published].into_iter().zip(take_peeked()) {
            if !keys.is_empty() {
                let mut keys: Vec<u64> = keys.into_iter().collect();
                keys.sort_unstable();
                match peek {
                    Peek::Withheld => ask::withheld(view, &keys),
                    Peek::Published => ask::published(view, &keys),
                }
            }
        }
        self.is_left = true;
        FRAMES.with_borrow_mut(|frames| frames.pop().expect("entered before"))
    }

    /// Ends the rendering of an output: what it was made from.
    pub(crate) fn leave(self, view: &View) -> PageTrace {
        let Frame { subject, shared, own, body, .. } = self.pop(view);
        let Subject::Output(Planned(output)) = subject else { return PageTrace::default() };
        PageTrace {
            template: view.site.template_reach(output),
            plan: view.site.plan.fingerprint(output, &view.site.index, &view.site.config),
            source: view.site.own_content(output),
            shared: shared.asked.iter().map(|(number, _)| *number).collect(),
            own: own.asked.into_boxed_slice(),
            body,
            warnings: None,
        }
    }

    /// Ends the rendering of an article's body for other pages: its fingerprint, made from what it asked.
    pub(crate) fn leave_body(self, view: &View, id: Seen<Article>) -> Fingerprint {
        let Frame { shared, own, .. } = self.pop(view);
        let mut fingerprint = view.site.begin_body(id.number() as u32);
        let shared = shared.asked.iter().map(|(_, answer)| answer);
        shared.chain(own.asked.iter().map(|(_, answer)| answer)).for_each(|answer| _ = fingerprint.part(answer));
        fingerprint.finish()
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        if !self.is_left {
            FRAMES.with_borrow_mut(|frames| frames.pop());
        }
    }
}

fn take_peeked() -> [FxHashSet<u64>; 2] {
    FRAMES
        .with_borrow_mut(|frames| frames.last_mut().map(|frame| std::mem::take(&mut frame.peeked)).unwrap_or_default())
}

/// Changes what is known of what is being rendered, if anything is.
fn with_innermost(change: impl FnOnce(&mut Frame)) {
    FRAMES.with_borrow_mut(|frames| {
        if let Some(frame) = frames.last_mut() {
            change(frame);
        }
    });
}

/// Says that what was asked so far was asked by the body.
pub(crate) fn end_of_body() {
    with_innermost(|frame| frame.body = (frame.shared.asked.len() as u32, frame.own.asked.len() as u32));
}

/// What is being rendered; none outside of a rendering.
pub(crate) fn subject() -> Option<Subject> {
    FRAMES.with_borrow(|frames| frames.last().map(|frame| frame.subject))
}

/// How many renderings nest.
pub(crate) fn depth() -> usize {
    FRAMES.with_borrow(Vec::len)
}

/// Notes that somebody has seen the answer to a part of a question that is recorded later.
pub(super) fn peek(what: Peek, keys: &[u64]) {
    with_innermost(|frame| frame.peeked[what as usize].extend(keys));
}

/// Notes that it is recorded.
pub(super) fn end_of_peek(what: Peek, keys: &[u64]) {
    with_innermost(|frame| {
        let peeked = &mut frame.peeked[what as usize];
        keys.iter().for_each(|key| _ = peeked.remove(key));
    });
}

impl View {
    /// Begins to render an output.
    pub(crate) fn enter(&self, output: Output) -> (Entered, Planned) {
        let planned = Planned(output);
        (Entered::push(Subject::Output(planned)), planned)
    }

    /// Begins to render the body of an article for other pages.
    pub(crate) fn enter_body(&self, id: Seen<Article>) -> Entered {
        Entered::push(Subject::Shared(self.language_of_article(id)))
    }

    /// Begins to make something in a language that is shared by its bytes. What is asked for it is forgotten.
    pub(crate) fn enter_shared(&self, language: LanguageId, _: &Making) -> Entered {
        Entered::push(Subject::Shared(language))
    }

    /// Notes that what is being rendered asked `question`, and what stands for the answer. The next build compares it
    /// with [`Site::fingerprint`](super::Site), which is the same in all but what is made for several pages.
    pub(super) fn record(&self, question: Question, answer: impl FnOnce() -> Fingerprint) {
        let asked = cfg!(debug_assertions).then(|| question.clone());
        let answer = || {
            let answer = answer();
            if let Some(asked) = asked
                && let Some(again) = self.site.fingerprint(&asked)
            {
                assert_eq!(answer, again, "{asked:?} has two answers");
            }
            answer
        };
        if question.is_own() {
            let is_known = FRAMES.with_borrow(|frames| frames.last().is_none_or(|frame| frame.own.has(&question)));
            if !is_known {
                // The answer may be the work of another rendering, so nothing is borrowed meanwhile.
                let answer = answer();
                FRAMES.with_borrow_mut(|frames| frames.last_mut().expect("seen above").own.add(question, answer));
            }
            return;
        }
        let (number, answer) = self.asked.record(question, answer);
        with_innermost(|frame| {
            if !frame.shared.has(&number) {
                frame.shared.add(number, answer);
            }
        });
    }
}
