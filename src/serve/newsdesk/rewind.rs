//! Rewind: a page as it was, and as it will be.
//!
//! The slider stops at each moment of the timeline, from thirty days ago to thirty days ahead. Each stop shows the page as
//! `courant build --at` would publish it; a script outlines what changed since the stop before, with the reason.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::{Query, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use html_escape::encode_text;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::json;

use super::page::{document, problems};
use super::{answer, aside};
use crate::article::time::Timestamp;
use crate::diagnostic::Diagnostic;
use crate::index::{Moment, short};
use crate::serve::file;
use crate::serve::preview::Preview;

/// How far the slider reaches to either side, in seconds.
const REACH: i64 = 30 * 24 * 60 * 60;

/// Where the frames are.
const AT: &str = "/_courant/at/";

/// What may be done with a frame: this server's own pages show it.
const POLICY: &str = "frame-ancestors 'self'";

/// Which page.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    page: String,
}

/// The slider.
pub(super) async fn page(State(preview): State<Arc<Preview>>, Query(Asked { page }): Query<Asked>) -> Response {
    aside(move || slider(&preview, &page)).await
}

fn slider(preview: &Preview, page: &str) -> Response {
    let desk = preview.desk();
    let now = desk.now();
    let zone = preview.state().zone.clone();
    let page = if page.starts_with('/') { page.to_owned() } else { preview.base() };
    let (from, to) = (Timestamp(now.0.saturating_sub(REACH)), Timestamp(now.0.saturating_add(REACH)));
    let moments = match desk.work().published.moments(from, to) {
        Ok(moments) => moments,
        Err(found) => return problems(&found),
    };
    let stops = stops(&moments, from, now, &zone);
    let at_now = stops.iter().position(|stop| stop["now"] == true).unwrap_or(0);
    let data = json!({ "page": page, "stops": stops }).to_string();
    let mut main = String::new();
    let _ = write!(
        main,
        "<form class=\"rewind\"><button type=\"button\" id=\"back\" aria-label=\"One step back\">‹</button>\
        <input id=\"when\" type=\"range\" min=\"0\" max=\"{}\" value=\"{at_now}\" aria-label=\"Moment\">\
        <button type=\"button\" id=\"on\" aria-label=\"One step on\">›</button>\
        <button type=\"button\" id=\"now\">Now</button></form>\n\
        <p id=\"told\" role=\"status\"></p>\n<ul id=\"why\"></ul>\n\
        <iframe id=\"frame\" title=\"The page at this moment\"></iframe>\n\
        <script type=\"application/json\" id=\"stops\">{}</script>\n",
        stops.len().saturating_sub(1),
        data.replace('<', "\\u003c"),
    );
    let html = document(&format!("Rewind {page}"), &format!("Rewind: {page}"), &main, &["rewind.js"]);
    answer(StatusCode::OK, html)
}

/// The moments at which something happens, with what happens, and today.
fn stops(moments: &[Moment], from: Timestamp, now: Timestamp, zone: &TimeZone) -> Vec<serde_json::Value> {
    let mut at: BTreeMap<Timestamp, Vec<&Moment>> = BTreeMap::from([(from, Vec::new()), (now, Vec::new())]);
    for moment in moments {
        at.entry(moment.at).or_default().push(moment);
    }
    let stop = |(at, moments): (Timestamp, Vec<&Moment>)| {
        let what: Vec<_> = moments
            .iter()
            .map(|moment| json!({ "words": moment.event.words(), "title": moment.title, "file": moment.path }))
            .collect();
        json!({ "at": at.rfc3339(&TimeZone::UTC), "told": short(at, zone), "now": at == now, "what": what })
    };
    at.into_iter().map(stop).collect()
}

/// A page as of a moment, with exactly the bytes that a build would publish; other files as they are.
pub(super) async fn frame(State(preview): State<Arc<Preview>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let Some((moment, rest)) = path.strip_prefix(AT).and_then(|path| path.split_once('/')) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // Two slashes, or a slash and a backslash, would lead to another host.
    let (moment, address) = (moment.to_owned(), format!("/{}", rest.trim_start_matches(['/', '\\'])));
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    aside(move || {
        let moment = percent_encoding::percent_decode_str(&moment).decode_utf8_lossy().into_owned();
        let at = match Timestamp::parse(&moment, &TimeZone::UTC) {
            Ok(at) => at,
            Err(problem) => return (StatusCode::BAD_REQUEST, format!("{problem}\n")).into_response(),
        };
        let file = file::path_of(&preview.state(), &address);
        let Some(file) = file.filter(|file| file.ends_with(".html")) else {
            return Redirect::temporary(&(address + &query)).into_response();
        };
        let made = preview.desk().work().published.page(&file, at);
        match made {
            Ok(Some(html)) => whole(StatusCode::OK, html),
            Ok(None) => whole(StatusCode::NOT_FOUND, without_page("<p>At this moment there is no such page.</p>")),
            Err(found) => whole(StatusCode::UNPROCESSABLE_ENTITY, unshown(&found)),
        }
    })
    .await
}

fn whole(status: StatusCode, html: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    (status, headers, html).into_response()
}

/// What stands in a frame that has no page.
fn without_page(told: &str) -> Vec<u8> {
    format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>No page</title>\n\
        <meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"stylesheet\" href=\"/_courant/desk.css\">\n\
        <body><main>{told}</main></body></html>\n"
    )
    .into_bytes()
}

/// Why a moment cannot be shown.
fn unshown(found: &[Diagnostic]) -> Vec<u8> {
    let items: String = found.iter().map(|one| format!("<li>{}</li>", encode_text(&one.message))).collect();
    without_page(&format!("<p>A build as of this moment would fail:</p><ul>{items}</ul>"))
}
