//! The preview's desk at `/_courant/`: what is withheld, what is due next, comments that wait, what the checker finds,
//! and the [`rewind`] of a page.
//!
//! It shows what readers must not see, and it changes files. So it answers only this machine, unless the user says
//! otherwise, and it takes forms only with the token that its own pages have. It decides nothing itself: states come
//! from the index, findings from the checker, and comments go to the desk of [`crate::comments`].

mod page;
mod rewind;

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Form, Query, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::preview::Preview;
use crate::article::time::Timestamp;
use crate::check;
use crate::comments::desk::Moderation;
use crate::comments::inbox::is_id;
use crate::config::{Config, Overrides};
use crate::diagnostic::Diagnostic;
use crate::pipeline::Failure;
use crate::pipeline::frames::Frames;

/// The address of the desk.
pub const ADDRESS: &str = "/_courant/";

/// What the desk's own pages may load: nothing but what this server sends.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The site that a preview shows, and who may see its desk.
#[derive(Clone, Debug)]
pub struct Newsroom {
    /// The site's folder.
    pub root: PathBuf,
    /// What the preview shows that readers do not see.
    pub overrides: Overrides,
    /// Tells the time.
    pub clock: fn() -> Timestamp,
    /// Whether other machines may use the desk.
    pub is_shared: bool,
}

/// The desk.
#[derive(Debug)]
pub(super) struct NewsDesk {
    room: Newsroom,
    /// What forms of the desk have, so that no other page can send one.
    token: String,
    work: Mutex<Work>,
}

/// What the desk knows of the site since the last build.
#[derive(Debug)]
struct Work {
    /// As readers see it.
    published: Frames,
    /// As the preview shows it.
    shown: Frames,
    checked: Checked,
}

/// What is known of the checker's findings.
#[derive(Debug, Default)]
enum Checked {
    #[default]
    Never,
    Running {
        /// Whether the site has been built since it began.
        is_old: bool,
    },
    Done {
        report: Arc<check::Report>,
        /// Whether the site has been built since.
        is_old: bool,
    },
}

impl NewsDesk {
    pub(super) fn new(room: Newsroom) -> Self {
        let mut bytes = [0; 16];
        // Without random numbers there is no token, and a form without one is refused.
        let token = match getrandom::fill(&mut bytes) {
            Ok(()) => format!("{:032x}", u128::from_ne_bytes(bytes)),
            Err(_) => String::new(),
        };
        let work = Mutex::new(Work::of(&room, Checked::Never));
        Self { room, token, work }
    }

    /// A build came to its end: the sources may be other ones.
    pub(super) fn forget(&self) {
        let mut work = self.work();
        let checked = match std::mem::take(&mut work.checked) {
            Checked::Never => Checked::Never,
            Checked::Running { .. } => Checked::Running { is_old: true },
            Checked::Done { report, .. } => Checked::Done { report, is_old: true },
        };
        *work = Work::of(&self.room, checked);
    }

    fn work(&self) -> MutexGuard<'_, Work> {
        // A panic in one request leaves nothing that the next could not read anew.
        self.work.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        (self.room.clock)()
    }

    fn config(&self) -> Result<Config, Vec<Diagnostic>> {
        Config::load(&self.room.root, &Overrides::default())
    }

    /// Runs the checker aside, unless it runs.
    fn check(preview: &Arc<Preview>) {
        let desk = preview.desk();
        {
            let mut work = desk.work();
            if matches!(work.checked, Checked::Running { .. }) {
                return;
            }
            work.checked = Checked::Running { is_old: false };
        }
        let preview = Arc::clone(preview);
        std::thread::spawn(move || {
            let desk = preview.desk();
            let options = check::Options { now: desk.now(), ..check::Options::default() };
            let report = Arc::new(check::check(&desk.room.root, &options, &|_| {}));
            let mut work = desk.work();
            let is_old = matches!(work.checked, Checked::Running { is_old: true });
            work.checked = Checked::Done { report, is_old };
            drop(work);
            preview.tell_desk();
        });
    }

    /// Publishes or deletes a waiting comment.
    fn decide(&self, decision: &Decision) -> Result<(), Vec<Diagnostic>> {
        let config = self.config()?;
        let problems = |failure| match failure {
            Failure::Site(problems) => problems,
            Failure::Machine(problem) => vec![problem],
        };
        let mut desk = Moderation::open(&self.room.root, &config).map_err(problems)?;
        match decision.then {
            Then::Approve => desk.approve(&decision.id, None).map(drop).map_err(problems),
            Then::Reject => desk.reject(&decision.id).map_err(problems),
        }
    }
}

impl Work {
    fn of(room: &Newsroom, checked: Checked) -> Self {
        let as_readers = Overrides { drafts: false, future: false, ..room.overrides.clone() };
        let shown = Frames::new(&room.root, room.overrides.clone());
        Self { published: Frames::new(&room.root, as_readers), shown, checked }
    }
}

/// What an editor says of a waiting comment.
#[derive(Debug, Deserialize)]
struct Decision {
    token: String,
    id: String,
    then: Then,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Then {
    Approve,
    Reject,
}

/// A form without a choice.
#[derive(Debug, Deserialize)]
struct Token {
    token: String,
}

/// A source and a line in it.
#[derive(Debug, Deserialize)]
struct Source {
    path: String,
    #[serde(default)]
    line: u32,
}

/// The desk's paths.
pub(super) fn router(preview: &Arc<Preview>) -> Router<Arc<Preview>> {
    Router::new()
        .route(ADDRESS, get(desk))
        .route("/_courant/source", get(source))
        .route("/_courant/decide", post(decide))
        .route("/_courant/check", post(check_again))
        .route("/_courant/rewind", get(rewind::page))
        .route("/_courant/at/{moment}/", get(rewind::frame))
        .route("/_courant/at/{moment}/{*page}", get(rewind::frame))
        .layer(middleware::from_fn_with_state(Arc::clone(preview), only_here))
}

/// Lets in this machine, and others if the user wants that.
async fn only_here(State(preview): State<Arc<Preview>>, request: Request<Body>, next: Next) -> Response {
    if may_use(&preview, &request) {
        return next.run(request).await;
    }
    let text = "The desk answers only the machine that it runs on, at localhost or 127.0.0.1, and through no tunnel.\n\
        If others should use it, start the preview with: courant serve --share-desk\n";
    (StatusCode::FORBIDDEN, text).into_response()
}

/// Whether a request may see what is on the desk: it comes from this machine, or the user lets in others.
pub(super) fn may_use(preview: &Preview, request: &Request<Body>) -> bool {
    is_from_here(request) || preview.desk().room.is_shared
}

/// Whether a request comes from this machine. What a tunnel or a proxy on this machine passes on comes from elsewhere: it
/// names the host that was asked for, or for whom it asks.
fn is_from_here(request: &Request<Body>) -> bool {
    const PASSED_ON: [&str; 7] = [
        "forwarded",
        "via",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-real-ip",
        "cf-connecting-ip",
    ];
    let peer = request.extensions().get::<ConnectInfo<std::net::SocketAddr>>();
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    peer.is_some_and(|ConnectInfo(peer)| peer.ip().to_canonical().is_loopback())
        && host.parse().is_ok_and(|host: Authority| is_name_of_this_machine(host.host()))
        && !PASSED_ON.iter().any(|name| request.headers().contains_key(*name))
}

/// Whether a host is this machine as it calls itself.
fn is_name_of_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let is_name = || host == "localhost" || host.ends_with(".localhost");
    address.map_or_else(|_| is_name(), |address| address.to_canonical().is_loopback())
}

/// Whether a form comes from a page of the desk.
fn is_ours(preview: &Preview, headers: &HeaderMap, token: &str) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let host = text(header::HOST).unwrap_or_default();
    let is_same_origin = text(header::ORIGIN)
        .is_none_or(|origin| origin.split_once("://").is_some_and(|(_, authority)| authority == host));
    let expected = &preview.desk().token;
    is_same_origin && !expected.is_empty() && token == expected
}

/// The answer to a form from elsewhere, or from a page of a preview that has ended.
fn refused() -> Response {
    (StatusCode::FORBIDDEN, "This form is not from this desk. Open the desk again and repeat it there.\n")
        .into_response()
}

async fn desk(State(preview): State<Arc<Preview>>) -> Response {
    aside(move || page::desk(&preview)).await
}

async fn source(State(preview): State<Arc<Preview>>, Query(Source { path, line }): Query<Source>) -> Response {
    aside(move || page::source(&preview, &path, line)).await
}

async fn decide(State(preview): State<Arc<Preview>>, headers: HeaderMap, Form(decision): Form<Decision>) -> Response {
    if !is_ours(&preview, &headers, &decision.token) || !is_id(&decision.id) {
        return refused();
    }
    aside(move || match preview.desk().decide(&decision) {
        Ok(()) => Redirect::to("/_courant/#comments").into_response(),
        Err(problems) => page::problems(&problems),
    })
    .await
}

async fn check_again(
    State(preview): State<Arc<Preview>>,
    headers: HeaderMap,
    Form(Token { token }): Form<Token>,
) -> Response {
    if !is_ours(&preview, &headers, &token) {
        return refused();
    }
    NewsDesk::check(&preview);
    Redirect::to("/_courant/#findings").into_response()
}

/// Runs what reads files on a thread for that.
async fn aside(work: impl FnOnce() -> Response + Send + 'static) -> Response {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| (StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")).into_response())
}

/// A page of the desk's own.
fn answer(status: StatusCode, html: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        // Without a referrer a browser would hide the origin of a form, too.
        (header::REFERRER_POLICY, "same-origin"),
    ];
    (status, headers, html).into_response()
}
