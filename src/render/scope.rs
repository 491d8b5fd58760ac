//! What is being rendered on this thread, and what was noticed meanwhile.
//!
//! Template functions and components get no context from the engine, so the rendering in work is kept for the thread. What
//! it asks of the site is the [view's](crate::query::View) to note.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::PageRenderer;
use crate::article::Row;
use crate::config::LanguageId;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::index::Article;
use crate::markdown::{Anchor, Update};
use crate::plan::Output;
use crate::query::trace::PageTrace;
use crate::query::{Entered, Making, Planned, Seen, Subject, depth, subject};

struct Scope {
    renderer: Arc<PageRenderer>,
    diagnostics: Vec<Diagnostic>,
    updates: Rc<[Update]>,
    anchors: Vec<Anchor>,
}

thread_local! {
    /// The source in whose text a component is called, the address of its page, and how many renderings there are.
    static SOURCE: RefCell<Option<(Seen<Row>, String, usize)>> = const { RefCell::new(None) };
    static SCOPES: RefCell<Vec<Scope>> = const { RefCell::new(Vec::new()) };
}

/// A rendering on this thread. Dropping it ends it, also when a template panics.
pub(super) struct Rendering {
    /// None when it has ended.
    entered: Option<(Arc<PageRenderer>, Entered)>,
}

impl Rendering {
    /// Begins to render an output.
    pub(super) fn enter(renderer: &Arc<PageRenderer>, output: Output) -> (Self, Planned) {
        let (entered, planned) = renderer.view.enter(output);
        (Self::push(renderer, entered), planned)
    }

    /// Begins to render something that several pages share.
    pub(super) fn enter_shared(renderer: &Arc<PageRenderer>, language: LanguageId, making: &Making) -> Self {
        Self::push(renderer, renderer.view.enter_shared(language, making))
    }

    /// Begins to render the body of an article for other pages.
    pub(super) fn enter_body(renderer: &Arc<PageRenderer>, id: Seen<Article>) -> Self {
        Self::push(renderer, renderer.view.enter_body(id))
    }

    fn push(renderer: &Arc<PageRenderer>, entered: Entered) -> Self {
        let renderer = Arc::clone(renderer);
        let scope = Scope {
            renderer: Arc::clone(&renderer),
            diagnostics: Vec::new(),
            updates: Rc::default(),
            anchors: Vec::new(),
        };
        SCOPES.with_borrow_mut(|scopes| scopes.push(scope));
        Self { entered: Some((renderer, entered)) }
    }

    fn end<T>(mut self, leave: impl FnOnce(&PageRenderer, Entered) -> T) -> (T, Scope) {
        let (renderer, entered) = self.entered.take().expect("it ends once");
        let left = leave(&renderer, entered);
        (left, SCOPES.with_borrow_mut(|scopes| scopes.pop().expect("entered before")))
    }

    /// Ends the rendering of an output: what it was made from, what was noticed, and which places its page must have.
    pub(super) fn leave(self) -> (PageTrace, Vec<Diagnostic>, Vec<Anchor>) {
        let (trace, scope) = self.end(|renderer, entered| entered.leave(&renderer.view));
        (trace, scope.diagnostics, scope.anchors)
    }

    /// Ends the rendering of a body for other pages: its fingerprint, and what was noticed.
    pub(super) fn leave_body(self, id: Seen<Article>) -> (Fingerprint, Vec<Diagnostic>) {
        let (fingerprint, scope) = self.end(|renderer, entered| entered.leave_body(&renderer.view, id));
        (fingerprint, scope.diagnostics)
    }
}

impl Drop for Rendering {
    fn drop(&mut self) {
        if self.entered.take().is_some() {
            SCOPES.with_borrow_mut(|scopes| scopes.pop());
        }
    }
}

/// The renderer and subject of the page in work; none outside of a rendering.
pub(super) fn current() -> Option<(Arc<PageRenderer>, Subject)> {
    SCOPES.with_borrow(|scopes| Some((Arc::clone(&scopes.last()?.renderer), subject()?)))
}

/// Renders a component that the source in `row` calls, which is shown at `url`.
pub(super) fn called_in<T>(row: Seen<Row>, url: &str, render: impl FnOnce() -> T) -> T {
    let before = SOURCE.replace(Some((row, url.to_owned(), depth())));
    let rendered = render();
    SOURCE.set(before);
    rendered
}

/// The source that calls the component in work, and the address of its page. What a component shares with other pages,
/// such as a fragment, no source calls.
pub(super) fn calling_source() -> Option<(Seen<Row>, String)> {
    let (row, url, called_at) = SOURCE.with_borrow(Clone::clone)?;
    (called_at == depth()).then_some((row, url))
}

/// Asks something of the page in work, if there is one, without holding on to it.
pub(super) fn with_page<T>(ask: impl FnOnce(&PageRenderer, Subject) -> T) -> Option<T> {
    SCOPES.with_borrow(|scopes| Some(ask(&scopes.last()?.renderer, subject()?)))
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
