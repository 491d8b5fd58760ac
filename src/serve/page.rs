//! A page as the preview sends it: with the script of the live update, a ribbon on what would be
//! withheld, and, as nginx does it, with fragments put in.
//!
//! Nothing of this is in the output folder. The version is a hash of all that is sent, so a browser that
//! has the version has the page.

use std::path::Path;

use jiff::tz::TimeZone;
use memchr::memmem;
use xxhash_rust::xxh3::xxh3_64;

use super::file::{self, Found};
use super::preview::{Forms, Preview, State, address};
use crate::comments::receiver::form_query;
use crate::config::{Config, RECEIVER};
use crate::index::Shown;
use crate::plan::HostFile;
use crate::render::output::head::WITHDRAWN;
use crate::render::output::policy::{Header, POLICY, security_headers};
use crate::theme;
use crate::theme::inline::source_expression;

/// The security headers of the published site, with the styles of what the preview adds let in.
pub(super) fn headers(root: &Path, config: &Config) -> Vec<Header> {
    let scripts = theme::layers(root, &config.settings.theme).map(|layers| theme::inline_scripts(root, &layers));
    let code = theme::code::Code::on_disk(root, config);
    let mut headers = security_headers(config, scripts.unwrap_or_default().iter(), &code.sources);
    if let Some(header) = headers.iter_mut().find(|header| header.name == POLICY) {
        // An attribute `style` is let in by its hash only together with this word (section 6.7.3.3).
        let mut ours = "style-src 'self' 'unsafe-hashes'".to_owned();
        for style in [RIBBON, OFFER, NOTHING] {
            ours.push(' ');
            ours.push_str(&source_expression(style));
        }
        header.value = header.value.replacen("style-src 'self'", &ours, 1);
        // Where no host is told of the policy, a page works in spite of it, here as there; the browser's
        // console tells what it would refuse.
        if !HostFile::Headers.is_for(&config.settings.hosting) {
            header.name.push_str("-Report-Only");
        }
    }
    headers
}

/// A page as it is sent.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) html: Vec<u8>,
    /// Sixteen hexadecimal digits.
    pub(super) version: String,
}

/// What is at an address, as the preview sends it; none if it is no page.
pub(super) fn at(preview: &Preview, address: &str) -> Option<Page> {
    match file::find(preview, address) {
        Found::Page { path, bytes, .. } => Some(Page::new(preview, &path, &bytes)),
        Found::Missing => Some(missing(preview, address)),
        Found::File { .. } | Found::Elsewhere(_) => None,
    }
}

/// The page for an address that leads nowhere.
pub(super) fn missing(preview: &Preview, address: &str) -> Page {
    match file::not_found(preview, address) {
        Some(bytes) => Page::new(preview, "404.html", &bytes),
        None if preview.has_front_page() => Page::new(preview, "404.html", NOTHING_HERE.as_bytes()),
        None => Page::new(preview, "404.html", NOTHING_BUILT.as_bytes()),
    }
}

impl Page {
    /// The page `bytes` from `path` of the output folder.
    pub(super) fn new(preview: &Preview, path: &str, bytes: &[u8]) -> Self {
        let mut html = included(preview, bytes);
        if is_whole(&html) {
            let state = preview.state();
            let mut ribbon = state.withheld.get(path).map(|why| ribbon(*why, &state.zone)).unwrap_or_default();
            if !state.withheld.is_empty() {
                let version = xxh3_64(marks(&state).as_bytes());
                ribbon += &format!("<link rel=\"stylesheet\" href=\"/_courant/marks.css?{version:x}\">\n");
            }
            match &state.forms {
                Forms::None if is_article(&html) => ribbon += &offer(&state.base, path),
                Forms::To(action) => to_itself(&mut html, action, &state.base),
                Forms::None | Forms::Here => {}
            }
            drop(state);
            let version = xxh3_64(&[&html, ribbon.as_bytes()].concat());
            let version = format!("{version:016x}");
            let added = format!(
                "{ribbon}<script type=\"module\" src=\"/_courant/live.js\" data-courant data-version=\"{version}\"></script>\n"
            );
            let at = memmem::rfind(&html, b"</body>").unwrap_or(html.len());
            html.splice(at..at, added.into_bytes());
            return Self { html, version };
        }
        let version = format!("{:016x}", xxh3_64(&html));
        Self { html, version }
    }
}

/// Whether it is a document, and not a fragment that a script fetches.
fn is_whole(html: &[u8]) -> bool {
    let start = html[..html.len().min(1024)].to_ascii_lowercase();
    memmem::find(&start, b"<!doctype").is_some() || memmem::find(&start, b"<html").is_some()
}

/// With the files that `<!--#include virtual="…" -->` names, as a web server does it for `latest: ssi`.
fn included(preview: &Preview, html: &[u8]) -> Vec<u8> {
    const BEGIN: &[u8] = b"<!--#include virtual=\"";
    const END: &[u8] = b"\" -->";
    let mut whole = Vec::with_capacity(html.len() + 512);
    let mut rest = html;
    while let Some(at) = memmem::find(rest, BEGIN) {
        let (before, named) = (&rest[..at], &rest[at + BEGIN.len()..]);
        let Some(end) = memmem::find(named, END) else { break };
        whole.extend_from_slice(before);
        let address = std::str::from_utf8(&named[..end]).unwrap_or_default();
        if let Found::Page { bytes, .. } = file::find(preview, address) {
            whole.extend_from_slice(&bytes);
        }
        rest = &named[end + END.len()..];
    }
    whole.extend_from_slice(rest);
    whole
}

/// Whether `head()` says that it is an article.
fn is_article(html: &[u8]) -> bool {
    memmem::find(html, b"<meta property=\"og:type\" content=\"article\">").is_some()
}

/// Whether `head()` says that it is the notice of a withdrawn article.
pub(super) fn is_notice(html: &[u8]) -> bool {
    memmem::find(html, format!("<meta name=\"{WITHDRAWN}\" content=\"").as_bytes()).is_some()
}

/// A way to the form of the preview's own receiver, for sites that have no form yet.
fn offer(base: &str, path: &str) -> String {
    let query = html_escape::encode_double_quoted_attribute(&form_query(&address(base, path))).into_owned();
    format!("<a id=\"courant-reply\" href=\"{RECEIVER}?{query}\" style=\"{OFFER}\">Leave a Reply (preview only)</a>\n")
}

/// Sends forms to the preview instead of the receiver or service of the published site.
fn to_itself(html: &mut Vec<u8>, action: &str, base: &str) {
    const BEGIN: &[u8] = b"action=\"";
    let ours = format!("{}{}", base.trim_end_matches('/'), RECEIVER);
    let mut from = 0;
    while let Some(at) = memmem::find(&html[from..], BEGIN).map(|at| from + at + BEGIN.len()) {
        let end = html[at..].iter().position(|byte| *byte == b'"').map_or(html.len(), |end| at + end);
        from = end;
        let is_theirs =
            std::str::from_utf8(&html[at..end]).is_ok_and(|found| html_escape::decode_html_entities(found) == action);
        if is_theirs {
            html.splice(at..end, ours.bytes());
            from = at + ours.len();
        }
    }
}

/// A stylesheet with a word before each link that leads to something withheld. It is before the link, because many
/// themes lay `::after` of a headline's link over the whole teaser; and what a theme says of `::before` does not count.
pub(super) fn marks(state: &State) -> String {
    let mut css = String::new();
    for (path, why) in &state.withheld {
        let address = address(&state.base, path).replace(['"', '\\', '\n'], "");
        let word = match why {
            Shown::Draft => "Draft",
            Shown::Embargoed(_) => "Embargoed",
        };
        css += &format!(
            "a[href=\"{address}\"]:not(:has(img, picture, svg))::before {{ {MARK} content: \"{word}\" !important }}\n"
        );
    }
    css
}

/// How the word before a link looks.
const MARK: &str = "all: initial !important; display: inline-block !important; margin-inline-end: .5em !important; \
    padding: .1em .45em !important; border-radius: .25em !important; background: #9c1c1c !important; \
    color: #fff !important; font: 600 .75rem/1.4 system-ui, sans-serif !important; vertical-align: middle !important;";

fn ribbon(why: Shown, zone: &TimeZone) -> String {
    let text = match why {
        Shown::Draft => "Draft".to_owned(),
        Shown::Embargoed(until) => {
            format!("Embargoed until {}", zone.to_datetime(until.to_jiff()).strftime("%-d %B %Y, %H:%M"))
        }
    };
    format!("<div id=\"courant-ribbon\" role=\"note\" style=\"{RIBBON}\">{text}</div>\n")
}

const RIBBON: &str = "all:initial;position:fixed;z-index:2147483000;bottom:0;left:0;\
    padding:.3rem 1rem;border-radius:0 .4rem 0 0;background:#9c1c1c;color:#fff;\
    font:600 .9rem/1.4 system-ui,sans-serif;text-align:center;box-shadow:0 1px 4px #0006;pointer-events:none";

const OFFER: &str = "all:initial;position:fixed;z-index:2147483000;bottom:0;right:0;\
    padding:.4rem 1rem;border-radius:.4rem 0 0 0;background:#1a1916;color:#fff;\
    font:600 .9rem/1.5 system-ui,sans-serif;text-decoration:underline;cursor:pointer;box-shadow:0 1px 4px #0006";

/// While the site is built, for a browser whose page is not there yet. It looks again every second.
pub(super) const BUILDING: &str = "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Building …</title>\n\
    <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\n\
    <meta http-equiv=\"refresh\" content=\"1\">\n\
    <body style=\"font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem\">\n\
    <h1>The site is being built</h1><p><progress aria-label=\"Building\"></progress></p>\n\
    <p>This page appears here as soon as it is ready.</p>\n</body></html>\n";

/// The style of the two pages below.
const NOTHING: &str = "font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem";

const NOTHING_HERE: &str = "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Not found</title>\n\
    <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\n\
    <body style=\"font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem\">\n\
    <h1>Nothing is here</h1><p>The site has no page at this address, and no <code>404.html</code>.</p>\n</body></html>\n";

const NOTHING_BUILT: &str = "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Not built yet</title>\n\
    <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\n\
    <body style=\"font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem\">\n\
    <h1>Nothing is built yet</h1><p>The site appears here as soon as it can be built.</p>\n</body></html>\n";
