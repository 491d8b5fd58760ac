//! The receiver: takes the comment form over HTTP and answers with a page that works without scripts.
//!
//! [`router`] is mounted twice: by `courant serve`, so that the form works in the preview, and by
//! `courant comments serve`, for the published site. What is good is stored and answered with a redirect (303) to the article;
//! everything else with a page that keeps what was typed. The order of the checks is from cheap to dear,
//! and nothing is stored before all of them: the rate of requests is asked before anything is made of a form, and what takes
//! time (rendering, listing the inbox) is done aside, on as many threads as there are processors.
//!
//! Why a comment may be shown once more before it is sent: see `seal`. Static pages cannot tell
//! when they were opened. A small script of the theme tells it; without the script the reader sees their
//! comment on a page of the receiver and presses the button again. A robot that only fills forms never gets there.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, LOCATION, ORIGIN, REFERER, RETRY_AFTER,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use futures_util::StreamExt;
use tokio::sync::Semaphore;
use url::{Url, form_urlencoded};

use super::directory::Directory;
use super::inbox::{Inbox, Waiting};
use super::page::Page;
use super::rate::Rate;
use super::seal::{Proof, Seal};
use super::storage::Storage;
use super::submission::{BODY, Submission};
use crate::article::time::Timestamp;
use crate::config::{Config, FieldNames};
use crate::connections::Room;
use crate::diagnostic::{self, Diagnostic};
use crate::render::template::comments;

pub use crate::config::RECEIVER as PATH;

/// The fragment that readers are sent to after a comment is accepted: an id in the theme's form.
const RECEIVED: &str = "#leave-received";

/// Comments from one address that may come at once, before its rate counts.
const BURST: u32 = 5;

/// An address may make so many requests for each comment that it may send: forms that come back with a mistake,
/// comments that are shown once more, empty forms.
const REQUESTS: u32 = 10;

/// Forms that arrive at the same time; when one more comes, the one that has been arriving longest is given up.
const ARRIVING: usize = 256;

/// Of these from one network.
const ARRIVING_FROM_ONE: usize = 16;

/// As many bytes of a form are taken from who sends; what is beyond [`BODY`] is dropped.
const TAKEN: usize = 16 << 20;

/// How long a form may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(20);

/// Seconds that a form must have been open, as the theme's script counts them.
const OPEN_FOR: f64 = 3.0;

/// The site is read again at most so often because somebody names an article that is not known …
const READ_AGAIN: Duration = Duration::from_secs(2);

/// … and a large one less often, so that reading takes at most this share of a processor …
const SHARE: u32 = 10;

/// … and after so long in any case, because articles are withdrawn.
const READ_ANYWAY: Duration = Duration::from_secs(300);

/// A comment with the words of one that came within this time is that one: a button pressed twice.
const SAME_COMMENT: Duration = Duration::from_secs(600);

/// Comments that are remembered for that, at most.
const REMEMBERED: usize = 1024;

/// A full inbox is listed again at most so often: editors take comments out without telling this process.
const LIST_AGAIN: Duration = Duration::from_secs(2);

/// Who is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Readers of the published site at `base_url`.
    Public,
    /// Somebody who looks at the site under whatever address the preview has.
    Preview,
}

/// How a receiver works.
#[derive(Clone)]
pub struct Options {
    /// Who is served.
    pub audience: Audience,
    /// Comments a minute from one address in the long run; 0: no limit.
    pub per_minute: u32,
    /// Comments that may wait for an editor; more are refused.
    pub waiting: usize,
    /// The header in which a proxy names the reader's address, such as `X-Forwarded-For`. Its last entry
    /// counts, the one that the nearest proxy wrote.
    pub address_header: Option<HeaderName>,
    /// Further origins whose forms are taken, such as `https://www.news.example`.
    pub origins: Vec<String>,
    /// Told when the machine fails.
    pub report: Arc<dyn Fn(&Diagnostic) + Send + Sync>,
}

impl Options {
    /// For `courant serve`: no limits, and only from the address that is asked.
    pub fn preview() -> Self {
        Self { audience: Audience::Preview, per_minute: 0, ..Self::public() }
    }

    /// For `courant comments serve`.
    pub fn public() -> Self {
        Self {
            audience: Audience::Public,
            per_minute: 6,
            waiting: 100_000,
            address_header: None,
            origins: Vec::new(),
            report: Arc::new(|_| {}),
        }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options").field("audience", &self.audience).finish_non_exhaustive()
    }
}

/// A receiver of one site.
#[derive(Debug)]
pub struct Receiver {
    root: PathBuf,
    config: Config,
    options: Options,
    /// Where forms may come from; empty: from the address that is asked.
    origins: Vec<url::Origin>,
    /// The address of the receiver, as its own pages name it.
    action: String,
    inbox: Inbox,
    storage: Storage,
    /// Of comments that are stored.
    rate: Rate,
    /// Of requests.
    requests: Rate,
    seal: Seal,
    /// Forms that arrive.
    arriving: Arc<Room>,
    /// Threads for work that takes time.
    workers: Arc<Semaphore>,
    directory: RwLock<Option<Known>>,
    reading: tokio::sync::Mutex<()>,
    waiting: AtomicUsize,
    /// When a full inbox was listed last.
    listed: Mutex<Option<Instant>>,
    recent: Mutex<VecDeque<(u64, Instant)>>,
    hash: RandomState,
}

/// The site as it was read last.
#[derive(Clone, Debug)]
struct Known {
    directory: Arc<Directory>,
    read: Instant,
    /// How long that took.
    took: Duration,
}

/// The receiver of the site in `root` as a router with the route [`PATH`], also below the path of `base_url`.
///
/// Readers' addresses come from [`ConnectInfo`]; serve it with
/// `into_make_service_with_connect_info::<SocketAddr>()`, or all readers are one.
///
/// # Errors
/// The inbox cannot be made.
pub fn router(root: PathBuf, config: Config, options: Options) -> Result<Router, Diagnostic> {
    let receiver = Receiver::open(root, config, options)?;
    let mut router = Router::new().route(PATH, get(show).post(receive));
    // A site under a path has its form lead there; a proxy may cut the path off again.
    let below = receiver.config.address(PATH);
    if below != PATH {
        router = router.route(&below, get(show).post(receive));
    }
    Ok(router.with_state(Arc::new(receiver)))
}

/// What becomes of a form.
enum Verdict {
    /// It is answered.
    Answer(Response),
    /// It is stored first, unless it is there already.
    Take(Box<Taken>),
}

/// A good form.
struct Taken {
    form: Submission,
    letter: Waiting,
    /// A hash of what makes it this comment.
    words: u64,
    /// Whether it is stored already.
    is_known: bool,
}

/// Why a comment is not stored.
enum Refusal {
    /// A text of the theme, and what was typed if it came.
    Because(StatusCode, &'static str),
    /// Too many from one address; this long to wait.
    TooMany(Duration),
}

impl Receiver {
    fn open(root: PathBuf, config: Config, options: Options) -> Result<Self, Diagnostic> {
        let inbox = Inbox::of(&root);
        let failed = |error: std::io::Error| diagnostic::machine("open", super::inbox::FOLDER, &error);
        let storage = Storage::open(&inbox).map_err(failed)?;
        let waiting = inbox.ids().map_err(failed)?.len();
        let seal = Seal::draw().map_err(failed)?;
        let own = config.settings.comments.action.clone().filter(|action| action.contains("://"));
        let origins: Vec<url::Origin> = match options.audience {
            Audience::Preview => Vec::new(),
            Audience::Public => {
                let named = options.origins.iter().chain(own.iter()).chain([&config.base_url]);
                named.filter_map(|address| Url::parse(address).ok()).map(|address| address.origin()).collect()
            }
        };
        let action = match options.audience {
            Audience::Public => own.unwrap_or_else(|| config.address(PATH)),
            Audience::Preview => config.address(PATH),
        };
        Ok(Self {
            rate: Rate::per_minute(options.per_minute, BURST),
            requests: Rate::per_minute(options.per_minute.saturating_mul(REQUESTS), BURST * REQUESTS),
            arriving: Room::new(ARRIVING, if options.per_minute == 0 { ARRIVING } else { ARRIVING_FROM_ONE }),
            workers: Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(2, usize::from))),
            listed: Mutex::new(None),
            root,
            config,
            options,
            origins,
            action,
            inbox,
            storage,
            seal,
            directory: RwLock::new(None),
            reading: tokio::sync::Mutex::new(()),
            waiting: AtomicUsize::new(waiting),
            recent: Mutex::new(VecDeque::with_capacity(REMEMBERED)),
            hash: RandomState::new(),
        })
    }

    /// The directory, read again if it does not know `address` or is old.
    async fn directory(self: &Arc<Self>, address: Option<&str>) -> Arc<Directory> {
        let known = || self.directory.read().expect("no panic while locked").clone();
        let is_fit = |known: &Option<Known>| match known {
            Some(Known { directory, read, took }) => {
                let age = read.elapsed();
                let is_known = address.is_none_or(|address| directory.source(address).is_some());
                age < READ_AGAIN.max(*took * SHARE) || age < READ_ANYWAY && is_known
            }
            None => false,
        };
        let found = known();
        if !is_fit(&found) {
            let _reading = self.reading.lock().await;
            // Somebody else may have read it while this one waited.
            if !is_fit(&known()) {
                let this = Arc::clone(self);
                let began = Instant::now();
                let read = tokio::task::spawn_blocking(move || Directory::read(&this.root, &this.config, now())).await;
                // A panic there has been told; the old directory goes on.
                if let Ok(directory) = read {
                    let known = Known { directory: Arc::new(directory), read: Instant::now(), took: began.elapsed() };
                    *self.directory.write().expect("no panic while locked") = Some(known);
                }
            }
        }
        known().map(|known| known.directory).unwrap_or_default()
    }

    /// Does work aside that takes time, so that no other connection waits for it. None if it failed.
    async fn work<T: Send + 'static>(self: &Arc<Self>, task: impl FnOnce(&Self) -> T + Send + 'static) -> Option<T> {
        let worker = Arc::clone(&self.workers).acquire_owned().await.ok()?;
        let this = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || {
            let _worker = worker;
            task(&this)
        });
        // A panic there has been told.
        done.await.ok()
    }

    /// Whether the form comes from a page of ours: yes, no, or nobody says.
    fn is_ours(&self, headers: &HeaderMap) -> Option<bool> {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        // Browsers send `null` where a page keeps its address to itself.
        let from = text(ORIGIN).filter(|origin| *origin != "null").or_else(|| text(REFERER))?;
        let Ok(from) = Url::parse(from) else { return Some(false) };
        if self.options.audience == Audience::Preview {
            let host = from.host_str().map(|host| match from.port() {
                Some(port) => format!("{host}:{port}"),
                None => host.to_owned(),
            });
            return Some(host.is_some() && host.as_deref() == text(HOST));
        }
        Some(self.origins.contains(&from.origin()))
    }

    /// The address of a reader: the one that the web server in front names, else that of the connection.
    fn reader(&self, head: &Parts) -> IpAddr {
        let peer = head.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
        let named = self.options.address_header.as_ref().and_then(|name| {
            let last = head.headers.get_all(name).iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim();
            last.parse().ok().or_else(|| last.parse::<SocketAddr>().ok().map(|address| address.ip()))
        });
        named.or(peer.map(|peer| peer.ip())).unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))
    }

    fn is_full(&self) -> bool {
        if self.waiting.load(Ordering::Relaxed) < self.options.waiting {
            return false;
        }
        let mut listed = self.listed.lock().expect("no panic while locked");
        if listed.is_some_and(|at| at.elapsed() < LIST_AGAIN) {
            return true;
        }
        let Ok(ids) = self.inbox.ids() else { return true };
        *listed = Some(Instant::now());
        self.waiting.store(ids.len(), Ordering::Relaxed);
        ids.len() >= self.options.waiting
    }

    fn is_repeated(&self, words: u64) -> bool {
        is_among(&self.recent.lock().expect("no panic while locked"), words)
    }

    /// Remembers a comment that is about to be stored. Whether it is a new one.
    fn remember(&self, words: u64) -> bool {
        let mut recent = self.recent.lock().expect("no panic while locked");
        if is_among(&recent, words) {
            return false;
        }
        if recent.len() == REMEMBERED {
            recent.pop_front();
        }
        recent.push_back((words, Instant::now()));
        true
    }

    /// Stores a comment; if that fails, it may come again.
    async fn store(&self, letter: Waiting, words: u64) -> std::io::Result<()> {
        let stored = self.storage.store(letter.id.clone(), letter.to_yaml()).await;
        match &stored {
            Ok(()) => _ = self.waiting.fetch_add(1, Ordering::Relaxed),
            Err(_) => self.recent.lock().expect("no panic while locked").retain(|(other, _)| *other != words),
        }
        stored
    }

    fn page<'a>(&'a self, directory: &Directory, form: Option<&'a Submission>) -> Page<'a> {
        let article = form.map(|form| form.article.as_str()).filter(|article| directory.source(article).is_some());
        let language = article.map(|article| directory.language(article)).unwrap_or_default();
        let spoken = self.config.language(language);
        Page {
            texts: directory.texts(language),
            language: &spoken.tag,
            site: &spoken.title,
            action: &self.action,
            names: self.names(),
            back: article.map(|article| self.address(article)),
            form,
        }
    }

    /// The names of the fields, as the form of the site sends them.
    fn names(&self) -> &FieldNames {
        &self.config.settings.comments.fields
    }

    /// The address of an article, as readers have it.
    fn address(&self, article: &str) -> String {
        match self.options.audience {
            Audience::Public => self.config.absolute(article),
            Audience::Preview => article.to_owned(),
        }
    }

    fn answer(&self, status: StatusCode, html: String) -> Response {
        // Browsers apply `form-action` to the redirect as well, so the site itself is named.
        let policy = format!(
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' {}",
            self.config.origin
        );
        let mut response = (status, Html(html)).into_response();
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
        }
        response
    }

    fn refuse(&self, refusal: Refusal, directory: &Directory, form: Option<&Submission>) -> Response {
        let (status, text, wait) = match refusal {
            Refusal::Because(status, text) => (status, text, None),
            Refusal::TooMany(wait) => (StatusCode::TOO_MANY_REQUESTS, "reply_error_too_many", Some(wait)),
        };
        let mut response = self.answer(status, self.page(directory, form).refusal(text));
        if let Some(wait) = wait {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait.as_secs() + 1));
        }
        response
    }

    /// The proof that time has passed between the form and its coming back.
    fn proof(&self, form: &Submission, is_ours: Option<bool>) -> Proof {
        match self.seal.check(&form.sealed, now(), &form.article) {
            // What a script says counts only where a browser says which page it ran on.
            Proof::None if is_ours == Some(true) => match form.seconds.parse::<f64>() {
                Ok(seconds) if seconds >= OPEN_FOR => Proof::Good,
                _ => Proof::None,
            },
            proof => proof,
        }
    }

    /// The form in the body of a request.
    async fn hear(&self, headers: &HeaderMap, reader: IpAddr, body: Body) -> Result<Submission, Refusal> {
        const TOO_SLOW: Refusal = Refusal::Because(StatusCode::REQUEST_TIMEOUT, "reply_error_too_slow");
        let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Refusal::Because(StatusCode::UNSUPPORTED_MEDIA_TYPE, "reply_error_no_form"));
        }
        let Some(place) = self.arriving.admit(reader) else { return Err(Refusal::TooMany(ARRIVAL)) };
        let heard = tokio::select! {
            heard = read(body) => heard,
            () = place.must_leave() => return Err(TOO_SLOW),
            () = tokio::time::sleep(ARRIVAL) => return Err(TOO_SLOW),
        };
        // Before anything is made of it.
        self.requests.admit(reader).map_err(Refusal::TooMany)?;
        match heard {
            Ok(body) => Ok(Submission::parse(&body, self.names())),
            Err(Unreadable::TooLarge) => Err(Refusal::Because(StatusCode::PAYLOAD_TOO_LARGE, "reply_error_too_large")),
            Err(Unreadable::Malformed) => Err(Refusal::Because(StatusCode::BAD_REQUEST, "reply_error_no_form")),
        }
    }

    /// What becomes of a form. `is_ours` says whether it comes from a page of ours.
    fn judge(&self, mut form: Submission, directory: &Directory, is_ours: Option<bool>, reader: IpAddr) -> Verdict {
        // Sealed at most once: who is asked to wait a moment must not have to start again.
        let proof = self.proof(&form, is_ours);
        if proof == Proof::None {
            form.sealed = self.seal.seal(now(), &form.article);
        }
        let refuse = |refusal| Verdict::Answer(self.refuse(refusal, directory, Some(&form)));
        if is_ours == Some(false) {
            return refuse(Refusal::Because(StatusCode::FORBIDDEN, "reply_error_elsewhere"));
        }
        let Some(source) = directory.source(&form.article) else {
            return refuse(Refusal::Because(StatusCode::NOT_FOUND, "reply_error_no_article"));
        };
        let problems = form.problems();
        if !problems.is_empty() {
            let page = self.page(directory, Some(&form)).problems(&problems);
            return Verdict::Answer(self.answer(StatusCode::UNPROCESSABLE_ENTITY, page));
        }
        if proof != Proof::Good {
            let page = self.page(directory, Some(&form)).preview(&comments::html(&form.comment));
            return Verdict::Answer(self.answer(StatusCode::OK, page));
        }
        let words = self.hash.hash_one((&form.article, &form.email, &form.comment));
        let is_known = self.is_repeated(words);
        if !is_known {
            if let Err(wait) = self.rate.admit(reader) {
                return refuse(Refusal::TooMany(wait));
            }
            if self.is_full() {
                return refuse(Refusal::Because(StatusCode::SERVICE_UNAVAILABLE, "reply_error_full"));
            }
        }
        match self.letter(&form, source) {
            Ok(letter) => Verdict::Take(Box::new(Taken { form, letter, words, is_known })),
            Err(error) => Verdict::Answer(self.failed(&error, directory, &form)),
        }
    }

    /// The comment as it is stored.
    fn letter(&self, form: &Submission, source: &str) -> std::io::Result<Waiting> {
        let now = now();
        let moment = jiff::Timestamp::from_second(now.0).map_err(std::io::Error::other)?;
        Ok(Waiting {
            id: format!(
                "{}-{:016x}",
                moment.strftime("%Y%m%d-%H%M%S"),
                getrandom::u64().map_err(std::io::Error::other)?
            ),
            article: form.article.clone(),
            source: Some(source.to_owned()),
            name: form.name.clone(),
            email: form.email.clone(),
            website: Some(form.website.clone()).filter(|website| !website.is_empty()),
            in_reply_to: Some(form.in_reply_to.clone()).filter(|id| !id.is_empty()),
            date: now.rfc3339(&self.config.time_zone),
            text: form.comment.clone(),
        })
    }

    /// The machine failed: the comment is not stored.
    fn failed(&self, error: &std::io::Error, directory: &Directory, form: &Submission) -> Response {
        let problem = diagnostic::machine("store a comment in", super::inbox::FOLDER, error);
        (self.options.report)(&problem);
        let refusal = Refusal::Because(StatusCode::SERVICE_UNAVAILABLE, "reply_error_machine");
        self.refuse(refusal, directory, Some(form))
    }
}

fn now() -> Timestamp {
    Timestamp(jiff::Timestamp::now().as_second())
}

/// `GET`: an empty form for the article in the query, for readers whose page has none.
async fn show(State(receiver): State<Arc<Receiver>>, request: Request) -> Response {
    let (head, _) = request.into_parts();
    if let Err(wait) = receiver.requests.admit(receiver.reader(&head)) {
        return receiver.refuse(Refusal::TooMany(wait), &*receiver.directory(None).await, None);
    }
    let query = head.uri.query().unwrap_or_default().as_bytes();
    let mut form = Submission::parse(query, &FieldNames::default());
    let directory = receiver.directory(Some(&form.article)).await;
    let made = receiver.work(move |receiver| {
        if directory.source(&form.article).is_none() {
            let page = receiver.page(&directory, None).plain("reply_not_here", "reply_error_no_article");
            return receiver.answer(StatusCode::NOT_FOUND, page);
        }
        form.sealed = receiver.seal.seal(now(), &form.article);
        receiver.answer(StatusCode::OK, receiver.page(&directory, Some(&form)).plain("leave_a_reply", ""))
    });
    made.await.unwrap_or_else(|| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// Why the body of a request is not read.
enum Unreadable {
    TooLarge,
    /// Its pieces are not what HTTP demands, or it ended before its end.
    Malformed,
}

/// A form, which may not be larger than [`BODY`]. It is heard to its end, or to that of all patience: a browser that
/// still sends when the connection is closed shows an error of its own instead of the answer (RFC 9112, section 9.6).
async fn read(body: Body) -> Result<Vec<u8>, Unreadable> {
    let mut pieces = body.into_data_stream();
    let (mut kept, mut length) = (Vec::new(), 0);
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Unreadable::Malformed)?;
        length += piece.len();
        if length <= BODY {
            kept.extend_from_slice(&piece);
        } else if length > TAKEN {
            break;
        }
    }
    if length <= BODY { Ok(kept) } else { Err(Unreadable::TooLarge) }
}

/// `POST`: a comment.
async fn receive(State(receiver): State<Arc<Receiver>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let reader = receiver.reader(&head);
    let form = match receiver.hear(&head.headers, reader, body).await {
        Ok(form) => form,
        Err(refusal) => return receiver.refuse(refusal, &*receiver.directory(None).await, None),
    };
    let directory = receiver.directory(Some(&form.article)).await;
    let is_ours = receiver.is_ours(&head.headers);
    let known = Arc::clone(&directory);
    let verdict = receiver.work(move |receiver| receiver.judge(form, &known, is_ours, reader)).await;
    let Taken { form, letter, words, is_known } = match verdict {
        Some(Verdict::Take(taken)) => *taken,
        Some(Verdict::Answer(response)) => return response,
        None => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    // Another with the same words may have come since they were looked up. From here on the comment is stored even if the
    // reader presses the button again, which closes the connection.
    if !is_known && receiver.remember(words) {
        let aside = Arc::clone(&receiver);
        let stored = tokio::spawn(async move { aside.store(letter, words).await }).await;
        if let Err(error) = stored.unwrap_or_else(|error| Err(std::io::Error::other(error))) {
            return receiver.failed(&error, &directory, &form);
        }
    }
    let location = receiver.address(&form.article) + RECEIVED;
    match HeaderValue::from_str(&location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response(),
        // Addresses are percent-encoded, so this is for a `base_url` that is not; the comment is stored.
        Err(_) => receiver.answer(StatusCode::OK, receiver.page(&directory, None).plain("reply_received", "")),
    }
}

/// Whether these words came a short while ago.
fn is_among(recent: &VecDeque<(u64, Instant)>, words: u64) -> bool {
    recent.iter().any(|(other, at)| *other == words && at.elapsed() < SAME_COMMENT)
}

/// The query that asks the receiver for an empty form for an article.
pub fn form_query(article: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair("article", article).finish()
}
