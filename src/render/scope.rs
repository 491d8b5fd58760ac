//! Which page is being rendered, and what it has asked so far.
//!
//! Template functions and components get no context from the engine, so the page in work is kept for the
//! thread while it is rendered. Pages nest: a page may need a fragment or a body, whose questions are its
//! own business; the outer page records only that it needed it.

use std::cell::RefCell;
use std::hash::Hash;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::PageRenderer;
use crate::config::LanguageId;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::markdown::{Anchor, Update};
use crate::plan::Output;
use crate::query::Question;

/// What is being rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// An output of the plan.
    Output(Output),
    /// A fragment or a body in this language, which belongs to no page.
    Shared(LanguageId),
}

struct Scope {
    renderer: Arc<PageRenderer>,
    subject: Subject,
    shared: Once<u32>,
    own: Once<Question>,
    body: (u32, u32),
    diagnostics: Vec<Diagnostic>,
    updates: Rc<[Update]>,
    anchors: Vec<Anchor>,
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
    /// The source in whose text a component is called, the address of its page, and how many scopes there are.
    static SOURCE: RefCell<Option<(String, String, usize)>> = const { RefCell::new(None) };
    static SCOPES: RefCell<Vec<Scope>> = const { RefCell::new(Vec::new()) };
}

/// The page in work on this thread. Dropping it leaves the page, also when a template panics.
pub struct Rendering {
    is_left: bool,
}

impl Rendering {
    /// Begins to render an output.
    pub(super) fn enter(renderer: &Arc<PageRenderer>, output: Output) -> Self {
        Self::push(renderer, Subject::Output(output))
    }

    /// Begins to render something that several pages share.
    pub(super) fn enter_shared(renderer: &Arc<PageRenderer>, language: LanguageId) -> Self {
        Self::push(renderer, Subject::Shared(language))
    }

    fn push(renderer: &Arc<PageRenderer>, subject: Subject) -> Self {
        SCOPES.with_borrow_mut(|scopes| {
            scopes.push(Scope {
                renderer: Arc::clone(renderer),
                subject,
                shared: Once::default(),
                own: Once::default(),
                body: (0, 0),
                diagnostics: Vec::new(),
                updates: Rc::default(),
                anchors: Vec::new(),
            });
        });
        Self { is_left: false }
    }

    /// Ends it: what was asked, and what was noticed.
    pub(super) fn leave(mut self) -> (Asked, Vec<Diagnostic>) {
        self.is_left = true;
        let scope = SCOPES.with_borrow_mut(|scopes| scopes.pop().expect("entered before"));
        let Scope { shared, own, body, anchors, diagnostics, .. } = scope;
        (Asked { shared: shared.asked, own: own.asked, body, anchors }, diagnostics)
    }
}

/// The questions of a page, each list in the order in which they were first asked.
pub(super) struct Asked {
    /// Numbers in the question table, with the answers.
    pub(super) shared: Vec<(u32, Fingerprint)>,
    /// Those that stand in the page's own trace.
    pub(super) own: Vec<(Question, Fingerprint)>,
    /// How many of each the body asked, which come first.
    pub(super) body: (u32, u32),
    /// Links to places that the page must have.
    pub(super) anchors: Vec<Anchor>,
}

impl Asked {
    /// The answers: those of shared questions first.
    pub(super) fn answers(&self) -> impl Iterator<Item = &Fingerprint> {
        self.shared.iter().map(|(_, answer)| answer).chain(self.own.iter().map(|(_, answer)| answer))
    }
}

impl Drop for Rendering {
    fn drop(&mut self) {
        if !self.is_left {
            SCOPES.with_borrow_mut(|scopes| scopes.pop());
        }
    }
}

/// The renderer and subject of the page in work; none outside of a rendering.
pub(super) fn current() -> Option<(Arc<PageRenderer>, Subject)> {
    SCOPES.with_borrow(|scopes| scopes.last().map(|scope| (Arc::clone(&scope.renderer), scope.subject)))
}

/// Renders a component that the source `path` calls, which is shown at `url`.
pub(super) fn called_in<T>(path: &str, url: &str, render: impl FnOnce() -> T) -> T {
    let depth = SCOPES.with_borrow(Vec::len);
    let before = SOURCE.replace(Some((path.to_owned(), url.to_owned(), depth)));
    let rendered = render();
    SOURCE.set(before);
    rendered
}

/// The source that calls the component in work, and the address of its page. What a component shares with other pages,
/// such as a fragment, no source calls.
pub(super) fn calling_source() -> Option<(String, String)> {
    let (path, url, depth) = SOURCE.with_borrow(Clone::clone)?;
    (depth == SCOPES.with_borrow(Vec::len)).then_some((path, url))
}

/// Asks something of the page in work, if there is one, without holding on to it.
pub(super) fn with_page<T>(ask: impl FnOnce(&PageRenderer, Subject) -> T) -> Option<T> {
    SCOPES.with_borrow(|scopes| scopes.last().map(|scope| ask(&scope.renderer, scope.subject)))
}

/// Notes that the page in work asked `question`, and what the answer was. The next build compares it with
/// [`PageRenderer::fingerprint`], which is the same in all but what is rendered for several pages.
pub(super) fn record(renderer: &PageRenderer, question: Question, answer: impl FnOnce() -> Fingerprint) {
    let asked = cfg!(debug_assertions).then(|| question.clone());
    let answer = || {
        let answer = answer();
        if let Some(asked) = asked.filter(|asked| !matches!(asked, Question::Body(_) | Question::Fragment(..))) {
            assert_eq!(answer, renderer.fingerprint(&asked), "{asked:?} has two answers");
        }
        answer
    };
    if question.is_own() {
        let is_known = SCOPES.with_borrow(|scopes| scopes.last().is_none_or(|scope| scope.own.has(&question)));
        if !is_known {
            // The answer may be the work of another rendering, so nothing is borrowed meanwhile.
            let answer = answer();
            SCOPES.with_borrow_mut(|scopes| scopes.last_mut().expect("seen above").own.add(question, answer));
        }
        return;
    }
    let (number, answer) = renderer.questions.record(question, answer);
    SCOPES.with_borrow_mut(|scopes| {
        if let Some(scope) = scopes.last_mut()
            && !scope.shared.has(&number)
        {
            scope.shared.add(number, answer);
        }
    });
}

/// Says that what was asked so far was asked by the body.
pub(super) fn end_of_body() {
    SCOPES.with_borrow_mut(|scopes| {
        if let Some(scope) = scopes.last_mut() {
            scope.body = (scope.shared.asked.len() as u32, scope.own.asked.len() as u32);
        }
    });
}

/// Keeps the live updates that the body of the page in work has, for its head.
pub(super) fn keep_live_updates(updates: Vec<Update>) {
    SCOPES.with_borrow_mut(|scopes| {
        if let Some(scope) = scopes.last_mut() {
            scope.updates = updates.into();
        }
    });
}

/// Keeps links to places that the page in work must have, until all of it is there.
pub(super) fn keep_anchors(anchors: Vec<Anchor>) {
    SCOPES.with_borrow_mut(|scopes| {
        if let Some(scope) = scopes.last_mut() {
            scope.anchors.extend(anchors);
        }
    });
}

/// Takes those of them that lead to other pages.
pub(super) fn anchors_elsewhere() -> Vec<Anchor> {
    SCOPES.with_borrow_mut(|scopes| {
        scopes
            .last_mut()
            .map_or_else(Vec::new, |scope| scope.anchors.extract_if(.., |one| !one.files.is_empty()).collect())
    })
}

/// The live updates in the body of the page in work.
pub(super) fn live_updates() -> Rc<[Update]> {
    SCOPES.with_borrow(|scopes| scopes.last().map(|scope| Rc::clone(&scope.updates)).unwrap_or_default())
}

/// Notes something for the user.
pub(super) fn notice(diagnostics: impl IntoIterator<Item = Diagnostic>) {
    SCOPES.with_borrow_mut(|scopes| {
        if let Some(scope) = scopes.last_mut() {
            scope.diagnostics.extend(diagnostics);
        }
    });
}
