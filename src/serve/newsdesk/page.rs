//! The pages of the desk as HTML.

use std::fmt::Write as _;
use std::fs;

use axum::http::StatusCode;
use axum::response::Response;
use html_escape::{encode_double_quoted_attribute, encode_text};
use jiff::tz::TimeZone;
use url::form_urlencoded;

use super::{Checked, NewsDesk, answer};
use crate::article::time::Timestamp;
use crate::comments::desk as moderation;
use crate::comments::inbox::{Inbox, Waiting};
use crate::diagnostic::{Diagnostic, Place};
use crate::index::{Happening, Item, Moment, State, away, short};
use crate::serve::preview::Preview;

/// Rows of a list; the command named below it has the others.
const MOST: usize = 100;

/// How far ahead the desk looks, in seconds.
const AHEAD: i64 = 30 * 24 * 60 * 60;

/// Characters of a comment that are shown at once.
const MOST_OF_COMMENT: usize = 2000;

/// The whole desk.
pub(super) fn desk(preview: &std::sync::Arc<Preview>) -> Response {
    let desk = preview.desk();
    let now = desk.now();
    let zone = preview.state().zone.clone();
    let is_first = matches!(desk.work().checked, Checked::Never);
    if is_first {
        NewsDesk::check(preview);
    }
    let mut work = desk.work();
    let known: Result<_, Vec<Diagnostic>> = (|| {
        let ahead = Timestamp(now.0.saturating_add(AHEAD));
        let items = work.published.inventory(now)?;
        // An address of what is withheld leads somewhere only where the preview shows it.
        let shows_withheld = desk.room.overrides.drafts || desk.room.overrides.future;
        let shown = if shows_withheld { work.shown.inventory(now)? } else { Vec::new() };
        Ok((items, shown, work.published.moments(now, ahead)?))
    })();
    let (items, shown, moments) = match known {
        Ok(known) => known,
        Err(found) => {
            drop(work);
            return problems(&found);
        }
    };
    let mut main = String::new();
    open_pages(&mut main, preview);
    withheld(&mut main, &items, &shown, now, &zone);
    due(&mut main, &moments, now, &zone);
    comments(&mut main, desk);
    findings(&mut main, &work.checked, &desk.token);
    drop(work);
    let title = preview.title();
    answer(StatusCode::OK, document("Desk", &title, &main, &["desk.js"]))
}

/// What is wrong, where the desk cannot show what it should.
pub(super) fn problems(found: &[Diagnostic]) -> Response {
    let mut main = String::from("<section><h2>The site has errors</h2>\n<ol class=\"findings\">\n");
    found.iter().for_each(|one| finding(&mut main, one, "build"));
    main.push_str("</ol>\n</section>\n");
    answer(StatusCode::UNPROCESSABLE_ENTITY, document("Desk", "Errors", &main, &["desk.js"]))
}

/// The text of a source with the numbers of its lines.
pub(super) fn source(preview: &Preview, path: &str, line: u32) -> Response {
    let desk = preview.desk();
    let is_there = path == crate::config::FILE || desk.work().published.has_source(path).unwrap_or(false);
    let text = is_there.then(|| fs::read(desk.room.root.join(path)).ok()).flatten();
    let Some(text) = text.and_then(|bytes| String::from_utf8(bytes).ok()) else {
        let main = format!("<p><code>{}</code> is not a text of this site.</p>\n", encode_text(path));
        return answer(StatusCode::NOT_FOUND, document(path, path, &main, &[]));
    };
    let mut main = String::from("<pre class=\"source\" tabindex=\"0\">");
    for (number, of_text) in (1..).zip(text.lines()) {
        let is_meant = if number == line { " class=\"meant\"" } else { "" };
        let _ = writeln!(main, "<span id=\"L{number}\"{is_meant}><b>{number}</b> {}</span>", encode_text(of_text));
    }
    main.push_str("</pre>\n");
    answer(StatusCode::OK, document(path, path, &main, &[]))
}

/// A page of the desk with `main` in it.
pub(super) fn document(title: &str, heading: &str, main: &str, scripts: &[&str]) -> String {
    let mut head = String::new();
    for script in scripts {
        let _ = writeln!(head, "<script type=\"module\" src=\"/_courant/{script}\"></script>");
    }
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
        <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
        <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title} – courant</title>\n\
        <link rel=\"stylesheet\" href=\"/_courant/desk.css\">\n{head}</head>\n<body>\n\
        <header><h1>{heading}</h1><nav><a href=\"/_courant/\">Desk</a></nav></header>\n\
        <main>\n{main}</main>\n</body>\n</html>\n",
        title = encode_text(title),
        heading = encode_text(heading),
    )
}

fn quoted(text: &str) -> String {
    encode_double_quoted_attribute(text).into_owned()
}

/// A link into the text of a source.
fn link_to_file(path: &str, line: u32) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("path", path);
    let (mut place, mut shown) = (String::new(), path.to_owned());
    if line > 0 {
        query.append_pair("line", &line.to_string());
        place = format!("#L{line}");
        shown = format!("{path}:{line}");
    }
    format!(
        "<a class=\"file\" href=\"/_courant/source?{}{place}\">{}</a>",
        quoted(&query.finish()),
        encode_text(&shown)
    )
}

fn link_to_rewind(address: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("page", address).finish();
    format!("/_courant/rewind?{}", quoted(&query))
}

/// A cell with a headline, which leads to its page if there is one.
fn headline(title: &str, url: Option<&str>) -> String {
    match url {
        Some(url) => format!("<a href=\"{}\">{}</a>", quoted(url), encode_text(title)),
        None => encode_text(title).into_owned(),
    }
}

/// What is said below a list that is cut.
fn more(main: &mut String, all: usize, command: &str) {
    if all > MOST {
        let _ = writeln!(main, "<p class=\"more\">{} more: <code>{command}</code></p>", all - MOST);
    }
}

fn open_pages(main: &mut String, preview: &Preview) {
    let mut open = preview.open_pages();
    if open.is_empty() {
        open.push(preview.base());
    }
    main.push_str("<section id=\"open\"><h2>Open in a browser</h2>\n<ul>\n");
    for address in open {
        let _ = writeln!(
            main,
            "<li><a href=\"{0}\">{1}</a> <a class=\"act\" href=\"{2}\">Rewind</a></li>",
            quoted(&address),
            encode_text(&address),
            link_to_rewind(&address)
        );
    }
    main.push_str("</ul>\n</section>\n");
}

fn withheld(main: &mut String, items: &[Item], shown: &[Item], now: Timestamp, zone: &TimeZone) {
    let mut withheld: Vec<&Item> = items.iter().filter(|item| item.state != State::Published).collect();
    withheld.sort_by_key(|item| (std::cmp::Reverse(item.state().1), &item.path));
    main.push_str("<section id=\"withheld\"><h2>Withheld</h2>\n");
    if withheld.is_empty() {
        main.push_str("<p class=\"nothing\">Nothing: readers see every article and page.</p>\n</section>\n");
        return;
    }
    main.push_str(
        "<table>\n<thead><tr><th>State</th><th>Moment</th><th>Headline</th><th>Author</th><th>File</th></tr></thead>\n<tbody>\n",
    );
    for item in withheld.iter().take(MOST) {
        let (state, at) = item.state();
        let at = at.map(|at| format!("{} <small>{}</small>", short(at, zone), away(at.0 - now.0))).unwrap_or_default();
        let url = shown.iter().find(|one| one.path == item.path).and_then(|one| one.url.as_deref());
        let _ = writeln!(
            main,
            "<tr><td><span class=\"state {state}\">{state}</span></td><td>{at}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            headline(&item.title, url),
            encode_text(&item.authors.join(", ")),
            link_to_file(&item.path, 0),
        );
    }
    main.push_str("</tbody>\n</table>\n");
    more(main, withheld.len(), "courant list withheld");
    main.push_str("</section>\n");
}

fn due(main: &mut String, moments: &[Moment], now: Timestamp, zone: &TimeZone) {
    let moments: Vec<&Moment> = moments.iter().filter(|moment| moment.event != Happening::LeavesNewsSitemap).collect();
    main.push_str("<section id=\"due\"><h2>Due in the next 30 days</h2>\n");
    if moments.is_empty() {
        main.push_str("<p class=\"nothing\">Nothing: the site changes only when you edit it.</p>\n</section>\n");
        return;
    }
    main.push_str(
        "<table>\n<thead><tr><th>Moment</th><th>What happens</th><th>Headline</th><th>File</th></tr></thead>\n<tbody>\n",
    );
    for moment in moments.iter().take(MOST) {
        let _ = writeln!(
            main,
            "<tr><td>{} <small>{}</small></td><td>{}</td><td>{}</td><td>{}</td></tr>",
            short(moment.at, zone),
            away(moment.at.0 - now.0),
            moment.event.words(),
            encode_text(&moment.title),
            link_to_file(&moment.path, 0),
        );
    }
    main.push_str("</tbody>\n</table>\n");
    more(main, moments.len(), "courant next");
    main.push_str("</section>\n");
}

fn comments(main: &mut String, desk: &NewsDesk) {
    let inbox = Inbox::of(&desk.room.root);
    let ids = moderation::all(&inbox).unwrap_or_default();
    main.push_str("<section id=\"comments\"><h2>Comments waiting for approval</h2>\n");
    if ids.is_empty() {
        main.push_str("<p class=\"nothing\">None.</p>\n");
    }
    for id in ids.iter().take(MOST) {
        match inbox.read(id) {
            Ok(waiting) => comment(main, &waiting, &desk.token),
            Err(_) => {
                let _ = writeln!(main, "<p>The file of <code>{}</code> cannot be read.</p>", encode_text(id));
            }
        }
    }
    more(main, ids.len(), "courant comments list");
    main.push_str("</section>\n");
}

fn comment(main: &mut String, waiting: &Waiting, token: &str) {
    let Waiting { id, article, source, name, email, date, text, .. } = waiting;
    let cut = text.char_indices().nth(MOST_OF_COMMENT).map(|(at, _)| at);
    let text = cut.map_or_else(|| text.clone(), |at| format!("{} …", &text[..at]));
    let from = if email.is_empty() { String::new() } else { format!(" <small>{}</small>", encode_text(email)) };
    let file = source.as_deref().map(|source| link_to_file(source, 0)).unwrap_or_default();
    // Who sends a comment says what it is about.
    let is_of_site = article.starts_with('/') && !article[1..].starts_with(['/', '\\']);
    let about = headline(article, Some(article.as_str()).filter(|_| is_of_site));
    let _ = writeln!(
        main,
        "<article><h3 id=\"c-{id}\">{name}{from}</h3>\n<p class=\"about\">{date} on {about} {file}</p>\n\
        <p class=\"text\">{text}</p>\n<form method=\"post\" action=\"/_courant/decide\">\
        <input type=\"hidden\" name=\"token\" value=\"{token}\"><input type=\"hidden\" name=\"id\" value=\"{id}\">\
        <button name=\"then\" value=\"approve\" id=\"a-{id}\" aria-describedby=\"c-{id}\">Approve</button> \
        <button name=\"then\" value=\"reject\" id=\"r-{id}\" aria-describedby=\"c-{id}\">Reject</button></form></article>",
        name = encode_text(name),
        date = encode_text(date),
        text = encode_text(&text),
    );
}

fn findings(main: &mut String, checked: &Checked, token: &str) {
    main.push_str("<section id=\"findings\"><h2>Findings of <code>check</code></h2>\n");
    let (told, word) = match checked {
        Checked::Never | Checked::Running { .. } => ("<p class=\"nothing\">Checking …</p>\n".to_owned(), None),
        Checked::Done { report, is_old } => {
            let mut told = String::new();
            if report.findings.is_empty() {
                told.push_str("<p class=\"nothing\">Nothing is wrong.</p>\n");
            } else {
                told.push_str("<ol class=\"findings\">\n");
                report.findings.iter().take(MOST).for_each(|one| finding(&mut told, &one.diagnostic, one.id()));
                told.push_str("</ol>\n");
                more(&mut told, report.findings.len(), "courant check");
            }
            if *is_old {
                told.push_str("<p class=\"more\">The site has changed since.</p>\n");
            }
            (told, Some("Check again"))
        }
    };
    main.push_str(&told);
    if let Some(word) = word {
        let _ = writeln!(
            main,
            "<form method=\"post\" action=\"/_courant/check\"><input type=\"hidden\" name=\"token\" value=\"{token}\">\
            <button id=\"check\">{word}</button></form>"
        );
    }
    main.push_str("</section>\n");
}

fn finding(main: &mut String, one: &Diagnostic, id: &str) {
    let kind = if one.is_error() { "error" } else { "warning" };
    let place = match &one.place {
        Some(Place { path, line, .. }) => link_to_file(path, *line),
        None => String::new(),
    };
    let hint = one.hint.as_deref().map(|hint| format!("<br><small>{}</small>", encode_text(hint))).unwrap_or_default();
    let _ = writeln!(
        main,
        "<li><span class=\"state {kind}\">{kind}</span> {} <code>{}</code><br>{place}{hint}</li>",
        encode_text(&one.message),
        encode_text(id),
    );
}
