//! Which page is being rendered, and what it has asked so far.
//!
//! Template functions and components get no context from the engine, so the page in work is kept for the
//! thread while it is rendered. Pages nest: a page may need a fragment or a body, whose queries are its
//! own business; the outer page records only that it needed it.

use std::cell::RefCell;
use std::sync::Arc;

use super::Renderer;
use super::query::Query;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::plan::Output;

/// What is being rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// An output of the plan.
    Output(Output),
    /// A fragment or a body, which belongs to no page.
    Shared,
}

struct Scope {
    renderer: Arc<Renderer>,
    subject: Subject,
    queries: Vec<u32>,
    answers: Vec<Fingerprint>,
    body: u32,
    diagnostics: Vec<Diagnostic>,
}

thread_local! {
    static SCOPES: RefCell<Vec<Scope>> = const { RefCell::new(Vec::new()) };
}

/// The page in work on this thread. Dropping it leaves the page, also when a template panics.
pub struct Rendering {
    is_left: bool,
}

impl Rendering {
    /// Begins to render an output.
    pub(super) fn enter(renderer: &Arc<Renderer>, output: Output) -> Self {
        Self::push(renderer, Subject::Output(output))
    }

    /// Begins to render something that several pages share.
    pub(super) fn enter_shared(renderer: &Arc<Renderer>) -> Self {
        Self::push(renderer, Subject::Shared)
    }

    fn push(renderer: &Arc<Renderer>, subject: Subject) -> Self {
        SCOPES.with_borrow_mut(|scopes| {
            scopes.push(Scope {
                renderer: Arc::clone(renderer),
                subject,
                queries: Vec::new(),
                answers: Vec::new(),
                body: 0,
                diagnostics: Vec::new(),
            });
        });
        Self { is_left: false }
    }

    /// Ends it: the queries in the order in which they were first asked, how many the body asked, and
    /// what was noticed.
    pub(super) fn leave(mut self) -> (Vec<u32>, u32, Vec<Diagnostic>) {
        self.is_left = true;
        let scope = SCOPES.with_borrow_mut(|scopes| scopes.pop().expect("entered before"));
        (scope.queries, scope.body, scope.diagnostics)
    }

    /// Ends it: the answers in the order in which they were asked for, and what was noticed.
    pub(super) fn leave_with_answers(mut self) -> (Vec<Fingerprint>, Vec<Diagnostic>) {
        self.is_left = true;
        let scope = SCOPES.with_borrow_mut(|scopes| scopes.pop().expect("entered before"));
        (scope.answers, scope.diagnostics)
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
pub(super) fn current() -> Option<(Arc<Renderer>, Subject)> {
    SCOPES.with_borrow(|scopes| scopes.last().map(|scope| (Arc::clone(&scope.renderer), scope.subject)))
}

/// Notes that the page in work asked `query`.
pub(super) fn record(renderer: &Renderer, query: Query, answer: impl FnOnce() -> Fingerprint) {
    let (number, answer) = renderer.queries.record(query, answer);
    SCOPES.with_borrow_mut(|scopes| {
        if let Some(scope) = scopes.last_mut()
            && !scope.queries.contains(&number)
        {
            scope.queries.push(number);
            scope.answers.push(answer);
        }
    });
}

/// Says that what was asked so far was asked by the body.
pub(super) fn end_of_body() {
    SCOPES.with_borrow_mut(|scopes| {
        if let Some(scope) = scopes.last_mut() {
            scope.body = scope.queries.len() as u32;
        }
    });
}

/// Notes something for the user.
pub(super) fn notice(diagnostics: impl IntoIterator<Item = Diagnostic>) {
    SCOPES.with_borrow_mut(|scopes| {
        if let Some(scope) = scopes.last_mut() {
            scope.diagnostics.extend(diagnostics);
        }
    });
}
