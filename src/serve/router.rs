//! HTTP: requests to answers.
//!
//! Everything of the preview itself lies under `/_courant/`; every other path is the site's. Nothing may
//! be reused without asking (`no-cache`), and asking is cheap (`ETag`). Ranges and the sending of large
//! files are `tower-http`'s.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use tower_http::services::ServeFile;
use tower_service::Service;

use super::file::{self, Found};
use super::page::{self, Page};
use super::preview::Preview;
use super::{host, live, newsdesk};
use crate::config::RECEIVER;
use crate::render::output::policy::Header;
use crate::source::Stamp;

/// So long a browser waits for a page while the site is built: most builds end before it.
const PATIENCE: Duration = Duration::from_millis(400);

/// The scripts and the stylesheet of the preview itself.
const FILES: [(&str, &str); 6] = [
    ("/_courant/desk.css", include_str!("newsdesk/desk.css")),
    ("/_courant/desk.js", include_str!("newsdesk/desk.js")),
    ("/_courant/rewind.js", include_str!("newsdesk/rewind.js")),
    ("/_courant/live.js", include_str!("live.js")),
    ("/_courant/patch.js", include_str!("patch.js")),
    ("/_courant/overlay.js", include_str!("overlay.js")),
];

/// The server's paths.
pub(super) fn router(preview: Arc<Preview>, names: host::Names) -> Router {
    let mut router = Router::new().route("/_courant/events", get(live::events));
    for (path, text) in FILES {
        router = router.route(path, get(move |headers: HeaderMap| async move { own(path, text, &headers) }));
    }
    router
        .merge(newsdesk::router(&preview))
        .route("/_courant/marks.css", get(marks))
        .route(RECEIVER, any(comments))
        .route("/_courant/{*rest}", get(|| async { (StatusCode::NOT_FOUND, "No such part of the preview.\n") }))
        .fallback(site)
        .with_state(preview)
        .layer(middleware::from_fn_with_state(names, host::check))
}

/// A form of the preview sends a comment.
async fn comments(State(preview): State<Arc<Preview>>, request: Request) -> Response {
    match tokio::task::spawn_blocking(move || preview.comments()).await {
        Ok(Ok(mut router)) => router.call(request).await.unwrap_or_else(|never| match never {}),
        Ok(Err(problem)) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{}\n", problem.message)).into_response(),
        Err(error) => failed(&error),
    }
}

/// The stylesheet that marks what is withheld wherever a page links to it.
async fn marks(State(preview): State<Arc<Preview>>) -> Response {
    let mut response = page::marks(&preview.state()).into_response();
    set(&mut response, header::CONTENT_TYPE, "text/css; charset=utf-8");
    set(&mut response, header::CACHE_CONTROL, "no-store");
    response
}

/// A file of the preview itself.
fn own(path: &str, text: &'static str, headers: &HeaderMap) -> Response {
    let tag = tag_of(&format!("{:016x}", xxhash_rust::xxh3::xxh3_64(text.as_bytes())));
    if is_known(headers, &tag, None) {
        return not_modified(&tag, None);
    }
    let mut response = text.into_response();
    let kind = if path.ends_with(".css") { "text/css; charset=utf-8" } else { "text/javascript; charset=utf-8" };
    set(&mut response, header::CONTENT_TYPE, kind);
    finish(&mut response, &tag, None);
    response
}

/// A file of the site.
async fn site(State(preview): State<Arc<Preview>>, request: Request) -> Response {
    let below = request.uri().path().strip_suffix(RECEIVER).map(str::len);
    // The form of a site under a path leads there.
    if below.is_some_and(|below| below + 1 == preview.state().base.len()) {
        return comments(State(preview), request).await;
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = (StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD.\n").into_response();
        set(&mut response, header::ALLOW, "GET, HEAD");
        return response;
    }
    let path = request.uri().path().to_owned();
    let mut progress = preview.progress();
    let patience = tokio::time::Instant::now() + PATIENCE;
    let found = loop {
        // Before the look, so that what changes after it is waited for.
        let state = *progress.borrow_and_update();
        let found = look(&preview, &path).await;
        if is_done(state) || !matches!(found, Found::Missing) {
            break found;
        }
        // A browser that goes to a page is told to wait, and looks again by itself. Whatever else asks for something
        // (a page that was ready before its stylesheet, or a script) waits.
        if wants_page(request.headers()) {
            match tokio::time::timeout_at(patience, progress.changed()).await {
                Ok(Ok(())) => continue,
                Ok(Err(_)) => break found,
                Err(_) => return unfinished(),
            }
        }
        if progress.changed().await.is_err() {
            break found;
        }
    };
    match found {
        Found::Page { path, bytes, stamp } => {
            let security = Arc::clone(&preview.state().headers);
            let status = if page::is_notice(&bytes) { StatusCode::GONE } else { StatusCode::OK };
            let made = tokio::task::spawn_blocking(move || Page::new(&preview, &path, &bytes)).await;
            made.map_or_else(|error| failed(&error), |page| answer(page, &security, status, stamp, request.headers()))
        }
        Found::File { disk, stamp } => send(disk, stamp, request).await,
        Found::Elsewhere(mut to) => {
            if let Some(query) = request.uri().query() {
                to = format!("{to}?{query}");
            }
            // Not for ever: an address may get another meaning with the next edit.
            let mut response = StatusCode::FOUND.into_response();
            set(&mut response, header::LOCATION, &to);
            set(&mut response, header::CACHE_CONTROL, "no-store");
            response
        }
        Found::Missing => {
            let security = Arc::clone(&preview.state().headers);
            let made = tokio::task::spawn_blocking(move || page::missing(&preview, &path)).await;
            made.map_or_else(
                |error| failed(&error),
                |page| answer(page, &security, StatusCode::NOT_FOUND, None, request.headers()),
            )
        }
    }
}

/// Whether a browser asks for a page to show it.
fn wants_page(headers: &HeaderMap) -> bool {
    headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).any(|all| all.contains("text/html"))
}

/// The answer to a browser whose page is not built yet: a page that looks again by itself.
fn unfinished() -> Response {
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, page::BUILDING).into_response();
    set(&mut response, header::CONTENT_TYPE, "text/html; charset=utf-8");
    set(&mut response, header::CACHE_CONTROL, "no-store");
    set(&mut response, header::RETRY_AFTER, "1");
    response
}

fn is_done(progress: super::preview::Progress) -> bool {
    progress.has_ended && !progress.is_building
}

async fn look(preview: &Arc<Preview>, path: &str) -> Found {
    let (preview, path) = (Arc::clone(preview), path.to_owned());
    tokio::task::spawn_blocking(move || file::find(&preview, &path)).await.unwrap_or(Found::Missing)
}

fn answer(page: Page, security: &[Header], status: StatusCode, stamp: Option<Stamp>, headers: &HeaderMap) -> Response {
    let tag = tag_of(&page.version);
    let date = stamp.and_then(http_date);
    if status == StatusCode::OK && is_another_version(headers, &tag) {
        return precondition_failed(&tag, date.as_deref());
    }
    let mut response = if status == StatusCode::OK && is_known(headers, &tag, date.as_deref()) {
        not_modified(&tag, date.as_deref())
    } else {
        let mut response = (status, page.html).into_response();
        set(&mut response, header::CONTENT_TYPE, "text/html; charset=utf-8");
        response
    };
    for Header { name, value } in security {
        if let Ok(name) = header::HeaderName::from_bytes(name.as_bytes()) {
            set(&mut response, name, value);
        }
    }
    finish(&mut response, &tag, date.as_deref());
    response
}

/// A file that is sent as it is.
async fn send(disk: std::path::PathBuf, stamp: Stamp, mut request: Request) -> Response {
    let tag = tag_of(&format!("{:x}-{:x}", stamp.modified, stamp.length));
    let date = http_date(stamp);
    if is_another_version(request.headers(), &tag) {
        return precondition_failed(&tag, date.as_deref());
    }
    if is_known(request.headers(), &tag, date.as_deref()) {
        return not_modified(&tag, date.as_deref());
    }
    let headers = request.headers_mut();
    let condition = headers.remove(header::IF_RANGE);
    let range = range(headers, stamp.length);
    // RFC 9110, section 13.1.5: a range of another version is of no use.
    let is_same = condition.is_none_or(|known| {
        known.as_bytes() == tag.as_bytes() || date.as_ref().is_some_and(|date| known.as_bytes() == date.as_bytes())
    });
    headers.remove(header::RANGE);
    if let (true, Some(range)) = (is_same, range) {
        headers.insert(header::RANGE, range);
    }
    for decided in [header::IF_MATCH, header::IF_MODIFIED_SINCE, header::IF_UNMODIFIED_SINCE, header::IF_NONE_MATCH] {
        headers.remove(decided);
    }
    let kind = content_type(&disk);
    match ServeFile::new(&disk).ignore_multi_range_requests(true).try_call(request).await {
        Ok(response) => {
            let mut response = response.map(Body::new);
            if response.status().is_success() {
                set(&mut response, header::CONTENT_TYPE, &kind);
            }
            finish(&mut response, &tag, date.as_deref());
            response
        }
        Err(error) => failed(&error),
    }
}

/// The one range in bytes that is asked for of a file, as `ServeFile` reads it. Other units, several ranges, and what means
/// nothing are ignored, as if no range had been asked for (RFC 9110, section 14.2).
fn range(headers: &HeaderMap, length: u64) -> Option<HeaderValue> {
    let mut all = headers.get_all(header::RANGE).iter();
    let (Some(range), None) = (all.next(), all.next()) else { return None };
    let (unit, set) = range.to_str().ok()?.split_once('=')?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (first, last) = set.trim().split_once('-')?;
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(first) || !is_number(last) {
        return None;
    }
    // A number that is too large for a machine lies behind the end of any file.
    let number = |text: &str| if text.is_empty() { None } else { Some(text.parse().unwrap_or(u64::MAX)) };
    let range = match (number(first), number(last)) {
        (Some(first), None) => format!("bytes={first}-"),
        (Some(first), Some(last)) if first <= last => format!("bytes={first}-{last}"),
        // The whole file is at most its own end.
        (None, Some(last)) if last <= length => format!("bytes=-{last}"),
        _ => return None,
    };
    HeaderValue::from_str(&range).ok()
}

fn failed(error: &dyn std::fmt::Display) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, format!("The preview cannot read this file: {error}\n")).into_response()
}

/// The type of a file by its name. Text is UTF-8, as everything that courant writes.
fn content_type(disk: &std::path::Path) -> String {
    let kind = mime_guess::from_path(disk).first_or_octet_stream();
    let is_text = kind.type_() == "text"
        || matches!(kind.subtype().as_str(), "javascript" | "json" | "xml" | "manifest+json" | "geo+json" | "ld+json")
        || kind.suffix().is_some_and(|suffix| suffix == "xml");
    if is_text { format!("{}; charset=utf-8", kind.essence_str()) } else { kind.essence_str().to_owned() }
}

fn tag_of(version: &str) -> String {
    format!("\"{version}\"")
}

/// RFC 9110, section 5.6.7.
fn http_date(stamp: Stamp) -> Option<String> {
    let seconds = u64::try_from(stamp.modified / 1_000_000_000).ok()?;
    Some(httpdate::fmt_http_date(std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds)))
}

/// Whether the client has this version (RFC 9110, section 13.2.2: with `If-None-Match`, dates do not count).
fn is_known(headers: &HeaderMap, tag: &str, date: Option<&str>) -> bool {
    let mut known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).peekable();
    if known.peek().is_some() {
        return known.flat_map(|list| list.split(',')).any(|one| {
            let one = one.trim();
            one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag
        });
    }
    let parse = |text: &str| httpdate::parse_http_date(text).ok();
    let since = headers.get(header::IF_MODIFIED_SINCE).and_then(|value| parse(value.to_str().ok()?));
    since.zip(date.and_then(parse)).is_some_and(|(since, modified)| modified <= since)
}

/// Whether the client wants another version than this one, or none (RFC 9110, section 13.1.1: weak tags are never the same).
fn is_another_version(headers: &HeaderMap, tag: &str) -> bool {
    let mut wanted = headers.get_all(header::IF_MATCH).iter().filter_map(|value| value.to_str().ok()).peekable();
    wanted.peek().is_some()
        && !wanted.flat_map(|list| list.split(',')).any(|one| matches!(one.trim(), "*") || one.trim() == tag)
}

fn precondition_failed(tag: &str, date: Option<&str>) -> Response {
    let mut response = StatusCode::PRECONDITION_FAILED.into_response();
    finish(&mut response, tag, date);
    response
}

fn not_modified(tag: &str, date: Option<&str>) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    finish(&mut response, tag, date);
    response
}

fn finish(response: &mut Response, tag: &str, date: Option<&str>) {
    set(response, header::ETAG, tag);
    set(response, header::CACHE_CONTROL, "no-cache");
    if let Some(date) = date {
        set(response, header::LAST_MODIFIED, date);
    }
    set(response, header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
}

fn set(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
