//! Components in Markdown: a paragraph whose lines are calls such as `{{ <video src="…" /> }}`.
//!
//! The call has the syntax of templates and is rendered by the template engine. Other braces are text.

use std::borrow::Cow;
use std::ops::Range;

use super::linking::has_scheme;
use super::not_found::missing;
use super::{Body, raw};
use crate::article::calls::component_name;
use crate::diagnostic::Diagnostic;
use crate::file_kind::medium_of_file;

/// Why a component could not be rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// Renders the paragraph if it consists of component calls; whether it did.
pub(super) fn component_paragraph(body: &mut Body<'_>, range: &Range<usize>) -> bool {
    let text = &body.markdown[range.clone()];
    if !text.trim_start().starts_with("{{") {
        return false;
    }
    let mut calls = Vec::new();
    let mut at = range.start;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_matches(|c: char| c.is_whitespace() || body.nested > 0 && c == '>');
        if !trimmed.is_empty() {
            let Some(name) = component_name(trimmed) else {
                warn_of_broken_call(body, range);
                return false;
            };
            let start = at + line.find(trimmed).unwrap_or(0);
            calls.push((name, trimmed, start..start + trimmed.len()));
        }
        at += line.len();
    }
    for (name, call, range) in calls {
        if let Some((twice, at)) = twice(call) {
            let message = format!("`{twice}` is given twice, so only the last one would be shown");
            let problem = Diagnostic::error(message).hint("keep one of the two");
            body.tell(&(range.start + at.start..range.start + at.end), problem);
            continue;
        }
        let Some(call) = with_addresses(body, name, call, &range) else { continue };
        match body.surroundings.component(name, &call) {
            Ok(html) => raw::component_html(body, &html, &range),
            Err(failure) => {
                body.tell(&range, Diagnostic::error(failure.message).maybe_hint(failure.hint));
            }
        }
    }
    true
}

/// The call of a player with the addresses of the files that it names; none if what it is to play is not there.
fn with_addresses<'c>(body: &mut Body<'_>, name: &str, call: &'c str, range: &Range<usize>) -> Option<Cow<'c, str>> {
    if name == "photo"
        && let Some(value) = argument_of(call, "src")
    {
        let src = &call[value.clone()];
        let is_elsewhere = src.is_empty() || src.contains('\\') || has_scheme(src) || src.starts_with("//");
        if !is_elsewhere
            && body.surroundings.file(body.source.path, src).is_none()
            && !(src.starts_with('/') && body.surroundings.is_published(src))
        {
            if !body.surroundings.is_unreadable(body.source.path, src) {
                let nearest = body.surroundings.nearest(body.source.path, src);
                body.tell(&(range.start + value.start..range.start + value.end), missing("image", src, nearest));
            }
            return None;
        }
    }
    let Some((_, names)) = PLAYERS.iter().find(|(player, _)| *player == name) else { return Some(call.into()) };
    let mut resolved = String::new();
    let mut from = 0;
    let mut given: Vec<_> =
        names.iter().filter_map(|argument| Some((argument_of(call, argument)?, argument))).collect();
    given.sort_by_key(|(value, _)| value.start);
    for (value, argument) in given {
        let src = &call[value.clone()];
        // A name may have what else begins a query or a fragment.
        let ends = || src.rmatch_indices(['?', '#']).map(|(end, _)| end).take(8);
        let ends = || std::iter::once(src.len()).chain(ends());
        let is_file = argument == &"poster" || ends().any(|end| medium_of_file(&src[..end]).is_some());
        if !is_file || src.contains('\\') || has_scheme(src) || src.starts_with("//") {
            continue;
        }
        let address = ends().find_map(|end| {
            let file = body.surroundings.file(body.source.path, &src[..end])?;
            Some(format!("{}{}", file.address, &src[end..]))
        });
        match address {
            Some(address) => {
                resolved.push_str(&call[from..value.start]);
                resolved.push_str(&address);
                from = value.end;
            }
            // Files that are kept or generated are no sources.
            None if src.starts_with('/') && body.surroundings.is_published(src) => {}
            None => {
                let nearest = body.surroundings.nearest(body.source.path, src);
                let at = range.start + value.start..range.start + value.end;
                let what = if *argument == "poster" { "image" } else { "file" };
                if !body.surroundings.is_unreadable(body.source.path, src) {
                    body.tell(&at, missing(what, src, nearest));
                }
                if *argument != "poster" {
                    return None;
                }
                resolved.push_str(&call[from..value.start]);
                from = value.end;
            }
        }
    }
    Some(if from == 0 { call.into() } else { (resolved + &call[from..]).into() })
}

/// So many bytes before a tag are looked at for the braces in which it stands.
const LONGEST_CALL: usize = 5000;

/// Whether the tag at this place stands in the braces of what looks like a call, within other text: that is text.
pub(super) fn is_in_call(markdown: &str, at: usize) -> bool {
    let before = &markdown[markdown.ceil_char_boundary(at.saturating_sub(LONGEST_CALL))..at];
    let Some(start) = before.rfind("{{") else { return false };
    let inside = &before[start + 2..];
    let is_first = inside.trim_start().is_empty();
    let end = markdown.floor_char_boundary(at + LONGEST_CALL);
    let is_closed = || {
        let behind = &markdown[at..end];
        behind.find("}}").is_some_and(|close| !behind[..close].contains("\n\n"))
    };
    let is_begun = || begins_tag(inside) && !inside.contains("}}") && !inside.contains("\n\n");
    markdown[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && (is_first || is_begun() && is_closed())
}

/// HTML in which what looks like calls is text; none if there is nothing of the kind.
pub(super) fn calls_as_text(html: &str) -> Option<String> {
    let mut shown = String::new();
    let mut from = 0;
    for (at, _) in html.match_indices("{{") {
        if at < from || !begins_tag(&html[at + 2..]) {
            continue;
        }
        let end = html[at..].find("}}").map_or(html.len(), |end| at + end);
        shown.push_str(&html[from..at]);
        shown.push_str(&html_escape::encode_text(&html[at..end]));
        from = end;
    }
    (from > 0).then(|| shown + &html[from..])
}

/// Whether a tag begins here, behind white space.
fn begins_tag(text: &str) -> bool {
    let inside = text.trim_start().strip_prefix('<');
    inside.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// How a call is written.
pub(super) const COMPONENT_CURE: &str =
    "write it on a line of its own, as in `{{ <pullquote text=\"…\" /> }}`; in a text `\\n` is a new line";

/// Warns of a paragraph that begins like a call and is not one, so readers see it as text.
fn warn_of_broken_call(body: &mut Body<'_>, range: &Range<usize>) {
    let text = body.markdown[range.clone()].trim_start().trim_start_matches("{{").trim_start();
    if text.strip_prefix('<').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic())) {
        body.warn(
            range,
            "this looks like a component call but is not valid, so readers see it as text".into(),
            COMPONENT_CURE,
        );
    }
}

/// The components that play files or lead to them, and their arguments that name some.
const PLAYERS: [(&str, &[&str]); 3] = [("audio", &["src"]), ("video", &["src", "poster"]), ("embed", &["url"])];

/// The name of the first argument that a call has twice, and its place. Those of texts in quotation marks count: what
/// stands in braces is a value of the template engine.
fn twice(call: &str) -> Option<(&str, Range<usize>)> {
    let bytes = call.as_bytes();
    let mut names: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(found) = memchr::memchr3(b'"', b'\'', b'`', &bytes[at..]) {
        let start = at + found;
        let before = call[at..start].trim_end().strip_suffix('=').map(str::trim_end).unwrap_or_default();
        let name = before.rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default();
        if !name.is_empty() && names.contains(&name) {
            let place = name.as_ptr() as usize - call.as_ptr() as usize;
            return Some((name, place..place + name.len()));
        }
        names.push(name);
        at = start + 1 + memchr::memchr(bytes[start], &bytes[start + 1..])? + 1;
    }
    None
}

/// Where the text stands that a call gives to an argument.
fn argument_of(call: &str, name: &str) -> Option<Range<usize>> {
    let bytes = call.as_bytes();
    let mut at = 0;
    while let Some(found) = memchr::memchr3(b'"', b'\'', b'`', &bytes[at..]) {
        let start = at + found + 1;
        let end = start + memchr::memchr(bytes[start - 1], &bytes[start..])?;
        let before = call[..start - 1].trim_end().strip_suffix('=').map(str::trim_end);
        if before.and_then(|before| before.strip_suffix(name)).is_some_and(|rest| rest.ends_with(char::is_whitespace)) {
            return Some(start..end);
        }
        at = end + 1;
    }
    None
}
