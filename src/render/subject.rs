//! The values of templates: `article`, `page` and `listing`, teasers, fragments and comments.

use crate::render::ads;
use crate::render::dead;
use crate::render::embed;
use crate::render::functions;
use crate::render::image;
use std::sync::{Arc, OnceLock};

use tera::{Context, Map, Value};

use super::dead::ids_in;
use super::image::Look;
use super::scope::{self, Rendering, keep_anchors, keep_live_updates, notice};
use super::{BODIES_KEPT, Body, Fragment, PageRenderer, Places};
use crate::article::record::{AuthorFile, Entry, Image, Kind, Record};
use crate::article::summary::without_tags;
use crate::article::{Lines, Row, body_and_loss, body_text, keys, language, title_of_name};
use crate::config::address;
use crate::config::checks::{Level, Rule};
use crate::config::{FeedScope, FragmentMode, LanguageId, Taxonomy};
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;
use crate::html_addresses;
use crate::index::{Article, CorrectionEntry, Notice, PageEntry, address_key};
use crate::markdown::{self, Byline, Destination, FileInfo, Purpose, Rendered, Source, Surroundings, Target, TocEntry};
use crate::plan::{Listing, Output, Scope};
use crate::query::{
    FRONT_FILES, Making, Part, Planned, Question, Seen, Selection, Subject, TermName, end_of_body, subject,
};
use crate::site_path;
use crate::source::is_marked_headline;

/// Words a minute, for reading times.
const READING_SPEED: u32 = 220;

/// The title of a notice where a theme has no words for it.
pub(super) const WITHDRAWN: &str = "This article has been withdrawn";

/// What the names of the fragments begin with that are profiles of authors; no file of a theme has such a name.
const PROFILE: &str = "//profile/";

/// The file above the list of corrections, likewise.
const CORRECTIONS_FILES: [&str; 1] = ["content/corrections/_index"];

/// A teaser as a template value. Recently used ones are kept.
pub(super) fn teaser_value(renderer: &PageRenderer, id: Seen<Article>) -> Value {
    let kept = &renderer.teasers[id.number() % renderer.teasers.len()];
    if let Some((known, value)) = &*kept.lock().expect("no panic while locked")
        && *known == id
    {
        return value.clone();
    }
    let entry = renderer.view.entry(renderer.view.row(id));
    let value = Value::from_serializable(&renderer.view.teaser(id, &entry));
    *kept.lock().expect("no panic while locked") = Some((id, value.clone()));
    value
}

/// Teasers as a template value.
pub(super) fn teaser_values(renderer: &PageRenderer, ids: &[Seen<Article>]) -> Value {
    Value::from(ids.iter().map(|id| teaser_value(renderer, *id)).collect::<Vec<_>>())
}

/// The context of an article's page. The body comes first, so that its questions lead the trace.
pub(super) fn article_context(renderer: &Arc<PageRenderer>, id: Seen<Article>) -> Result<Context, Diagnostic> {
    let (article, row) = (renderer.view.get(id), renderer.view.row(id));
    let entry = renderer.view.entry(row);
    let mut body = render_body(renderer, row, &article.url, entry.body.0, &entry.core.title, true)?;
    end_of_body();
    notice(std::mem::take(&mut body.diagnostics));
    keep_live_updates(std::mem::take(&mut body.updates));
    keep_anchors(std::mem::take(&mut body.anchors));
    warn_of_slips(renderer, row, &entry);
    if let Some(image) = &entry.image {
        image::check_image(renderer, row, &article.url, image);
    }
    let zone = &renderer.config.time_zone;
    let mut map = Map::with_capacity(24);
    let teaser = teaser_value(renderer, id);
    map.extend(teaser.as_map().expect("a teaser is a map").iter().map(|(key, value)| (key.clone(), value.clone())));
    add_body(&mut map, &body);
    map.insert("summary_derived".into(), Value::from(entry.summary_derived));
    let sources = entry.sources.iter().map(|source| {
        let mut map = Map::new();
        map.insert("name".into(), Value::from(&*source.name));
        let url = source.url.as_deref().and_then(|url| dead::followed_link(renderer, row, &article.url, url));
        map.insert("url".into(), url.map_or_else(Value::none, Value::from));
        Value::from(map)
    });
    map.insert("sources".into(), Value::from(sources.collect::<Vec<_>>()));
    let corrections = entry.corrections.iter().map(|correction| {
        let mut map = Map::new();
        map.insert("date".into(), correction.date.map_or_else(Value::none, |date| Value::from(date.rfc3339(zone))));
        map.insert("text".into(), Value::safe_string(&short_html(renderer, row, &article.url, &correction.text)));
        Value::from(map)
    });
    map.insert("corrections".into(), Value::from(corrections.collect::<Vec<_>>()));
    map.insert("dateline".into(), entry.dateline.as_deref().map_or_else(Value::none, Value::from));
    let canonical = entry.canonical.as_deref().filter(|_| article.is_elsewhere);
    let canonical = canonical.and_then(|canonical| dead::followed_link(renderer, row, &article.url, canonical));
    let canonical = canonical.map(|canonical| renderer.config.absolute(&canonical));
    map.insert("canonical".into(), canonical.map_or_else(Value::none, Value::from));
    let live_data = renderer.view.live(id).map(|_| site_path::beside(&article.url, "live.json"));
    map.insert("live_data".into(), live_data.map_or_else(Value::none, Value::from));
    map.insert("comments_enabled".into(), Value::from(entry.comments.unwrap_or(true)));
    map.insert("extra".into(), extra(&entry));
    let mut context = Context::new();
    context.insert_value("article", Value::from(map));
    Ok(context)
}

/// The context of a page.
pub(super) fn page_context(renderer: &Arc<PageRenderer>, at: Seen<PageEntry>) -> Result<Context, Diagnostic> {
    let (page, row) = (renderer.view.get(at), renderer.view.row(at));
    let entry = renderer.view.entry(row);
    let mut body = render_body(renderer, row, &page.url, entry.body.0, &entry.core.title, true)?;
    end_of_body();
    notice(std::mem::take(&mut body.diagnostics));
    keep_anchors(std::mem::take(&mut body.anchors));
    warn_of_slips(renderer, row, &entry);
    warn_of_missing_date(renderer, row, &entry);
    if let Some(image) = &entry.image {
        image::check_image(renderer, row, &page.url, image);
    }
    // The head has it; here it is told where it leads.
    if let Some(canonical) = &entry.canonical {
        dead::followed_link(renderer, row, &page.url, canonical);
    }
    let mut map = Map::with_capacity(16);
    map.insert("title".into(), Value::from(&*entry.core.title));
    map.insert("url".into(), Value::from(&*page.url));
    map.insert("permalink".into(), Value::from(renderer.config.absolute(&page.url)));
    map.insert("summary".into(), Value::from(&*entry.core.summary));
    map.insert("summary_derived".into(), Value::from(entry.summary_derived));
    let updated =
        entry.core.updated.map_or_else(Value::none, |updated| Value::from(updated.rfc3339(&renderer.config.time_zone)));
    map.insert("updated".into(), updated);
    map.insert("image".into(), image_value(renderer, entry.image.as_ref(), row, &page.url));
    map.insert("extra".into(), extra(&entry));
    add_body(&mut map, &body);
    let mut context = Context::new();
    context.insert_value("page", Value::from(map));
    Ok(context)
}

/// The context of the notice of a withdrawn article or page: a page that says so, and nothing of the article.
pub(super) fn notice_context(renderer: &Arc<PageRenderer>, at: Seen<Notice>) -> Context {
    let notice = renderer.view.get(at);
    let date = notice.date.rfc3339(&renderer.config.time_zone);
    let shown = functions::shown_date(renderer.locale(notice.language), &date, "date").unwrap_or_default();
    let reason = short_html_elsewhere(renderer, renderer.view.row(at), &notice.url, &notice.reason);
    let words = text_or(renderer, "withdrawn_on", "Withdrawn on {date}.");
    let (before, behind) = words.split_once("{date}").unwrap_or((&words, ""));
    let [before, behind, shown] = [before, behind, &shown].map(|text| html_escape::encode_text(text).into_owned());
    let html = format!("<p>{reason}</p>\n<p>{before}<time datetime=\"{date}\">{shown}</time>{behind}</p>\n");
    let mut map = Map::with_capacity(16);
    map.insert("title".into(), Value::from(text_or(renderer, "withdrawn_title", WITHDRAWN)));
    map.insert("url".into(), Value::from(&*notice.url));
    map.insert("permalink".into(), Value::from(renderer.config.absolute(&notice.url)));
    map.insert("summary".into(), Value::from(""));
    map.insert("summary_derived".into(), Value::from(false));
    map.insert("updated".into(), Value::none());
    map.insert("image".into(), Value::none());
    map.insert("extra".into(), Value::from(Map::new()));
    add_body(&mut map, &Rendered { html, ..Rendered::default() });
    let mut context = Context::new();
    context.insert_value("page", Value::from(map));
    context
}

/// The context of a page of a listing.
pub(super) fn listing_context(renderer: &Arc<PageRenderer>, seen: Seen<Listing>, number: u32) -> Context {
    let page = renderer.view.listing_page(seen, number);
    let listing = renderer.view.get(seen);
    let heading = heading(renderer, seen);
    let mut map = Map::with_capacity(20);
    map.insert("kind".into(), Value::from(kind_of(&listing.scope)));
    map.insert("title".into(), Value::from(heading.title));
    map.insert("description".into(), Value::from(heading.description));
    map.insert(
        "intro".into(),
        Value::safe_string(&if number == 0 { intro(renderer, heading.row) } else { String::new() }),
    );
    map.insert("url".into(), Value::from(address::encode(&renderer.config, &listing.path)));
    map.insert("corrections".into(), correction_values(renderer, &page.corrections));
    map.insert("items".into(), teaser_values(renderer, &page.articles));
    map.insert("lead".into(), page.lead.map_or_else(Value::none, |id| teaser_value(renderer, id)));
    map.insert("number".into(), Value::from(number));
    map.insert("newer".into(), page.newer.map_or_else(Value::none, Value::from));
    map.insert("older".into(), page.older.map_or_else(Value::none, Value::from));
    map.insert("feeds".into(), feed_links(renderer, listing));
    map.insert("author".into(), heading.author);
    map.insert("terms".into(), Value::from(Vec::<Value>::new()));
    let mut context = Context::new();
    context.insert_value("listing", Value::from(map));
    context
}

/// The context of a list of terms or months.
pub(super) fn overview_context(renderer: &Arc<PageRenderer>, planned: Planned) -> Context {
    let rows = renderer.view.overview(planned);
    let (kind, title) = match planned.output() {
        Output::Terms(_, taxonomy) => ("terms", text_or(renderer, taxonomy.name(), &title_of_name(taxonomy.name()))),
        Output::Year(language, year) => ("year", renderer.locale(language).year(year)),
        _ => ("archive", text_or(renderer, "archive", "Archive")),
    };
    let mut map = Map::with_capacity(20);
    map.insert("kind".into(), Value::from(kind));
    map.insert("title".into(), Value::from(title));
    map.insert("description".into(), Value::from(""));
    map.insert("intro".into(), Value::from(""));
    map.insert("url".into(), Value::from(renderer.view.url(Subject::Output(planned))));
    map.insert("items".into(), Value::from(Vec::<Value>::new()));
    map.insert("corrections".into(), Value::from(Vec::<Value>::new()));
    map.insert("number".into(), Value::from(0));
    map.insert("feeds".into(), Value::from(Vec::<Value>::new()));
    for name in ["lead", "newer", "older", "author"] {
        map.insert(name.into(), Value::none());
    }
    map.insert("terms".into(), Value::from_serializable(&rows));
    let mut context = Context::new();
    context.insert_value("listing", Value::from(map));
    context
}

/// What stands at the head of a listing.
pub(super) fn heading(renderer: &Arc<PageRenderer>, seen: Seen<Listing>) -> Heading {
    let mut heading = Heading::new();
    let listing = renderer.view.get(seen);
    match &listing.scope {
        Scope::Front => {
            let language = renderer.config.language(listing.language);
            heading.title = language.title.clone();
            heading.description = language.description.clone();
            add_file(renderer, &mut heading, ask_file_in(renderer, &FRONT_FILES, listing.language));
        }
        Scope::Section(_) => {
            let (section, description, file) = renderer.view.section_listed(seen).expect("of a section");
            heading.title = section.title.to_owned();
            heading.description = description.to_owned();
            heading.row = file
                .and_then(|file| ask_profile(renderer, file))
                .filter(|row| matches!(renderer.view.get(*row).record(), Record::Section(file) if file.has_body));
        }
        Scope::Term(..) => {
            let term = renderer.view.term_of(seen).expect("planned from the index");
            heading.title = term.name.to_owned();
            if term.taxonomy == Taxonomy::Authors {
                add_author(renderer, &mut heading, &term);
            }
        }
        Scope::Month(year, month) => heading.title = renderer.locale(listing.language).month(*year, *month),
        Scope::Corrections => {
            heading.title = text_or(renderer, "corrections", "Corrections");
            add_file(renderer, &mut heading, ask_file_in(renderer, &CORRECTIONS_FILES, listing.language));
        }
    }
    heading
}

/// What the file of a listing says of it.
fn add_file(renderer: &PageRenderer, heading: &mut Heading, row: Option<Seen<Row>>) {
    let Some(row) = row else { return };
    let Record::Section(file) = renderer.view.get(row).record() else { return };
    if let Some(title) = file.title {
        heading.title = title.to_string();
    }
    if !file.description.is_empty() {
        heading.description = file.description.to_string();
    }
    heading.row = file.has_body.then_some(row);
}

fn add_author(renderer: &Arc<PageRenderer>, heading: &mut Heading, term: &TermName<'_>) {
    let mut map = Map::with_capacity(8);
    let profile = term.file.and_then(|file| ask_profile(renderer, file));
    let mut file = match profile.map(|row| renderer.view.get(row).record()) {
        Some(Record::Author(file)) => file,
        _ => AuthorFile::default(),
    };
    let is_foreign = file.language != term.language;
    if is_foreign {
        (file.role, file.description) = Default::default();
    }
    let bio =
        profile.filter(|_| !is_foreign).map(|row| render_shared_body(renderer, row, file.body.0)).unwrap_or_default();
    heading.description =
        if file.description.is_empty() { without_tags(&bio).trim().to_owned() } else { file.description.to_string() };
    let link = |(title, url): &(crate::article::record::Text<'_>, crate::article::record::Text<'_>)| {
        let mut map = Map::new();
        map.insert("title".into(), Value::from(&**title));
        map.insert("url".into(), Value::from(dead::followed_link(renderer, profile?, term.url, url)?));
        Some(Value::from(map))
    };
    map.insert("id".into(), Value::from(term.slug));
    map.insert("name".into(), Value::from(term.name));
    map.insert("role".into(), Value::from(&*file.role));
    map.insert("bio".into(), Value::safe_string(&bio));
    map.insert("links".into(), Value::from(file.links.iter().filter_map(link).collect::<Vec<_>>()));
    let image = profile.map_or_else(Value::none, |row| image_value(renderer, file.image.as_ref(), row, term.url));
    map.insert("image".into(), image);
    heading.author = Value::from(map);
}

/// An image as a template value; its file is asked for.
fn image_value(renderer: &PageRenderer, image: Option<&Image<'_>>, row: Seen<Row>, url: &str) -> Value {
    let Some(image) = image else { return Value::none() };
    image::check_image(renderer, row, url, image);
    let image = renderer.view.image(image, row, url);
    image.map_or_else(Value::none, |image| Value::from_serializable(&image))
}

/// Real archives have keys of their own, and a build keeps silent about them; a slip of the pen, a letter
/// away from a key that there is, is another matter.
fn warn_of_slips(renderer: &PageRenderer, row: Seen<Row>, entry: &Entry<'_>) {
    let has_slip = || {
        let extra: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&entry.extra).unwrap_or_default();
        extra.keys().any(|name| keys::slip(keys::ENTRY, name).is_some())
    };
    if !entry.has_doubts && (entry.extra.is_empty() || !has_slip()) {
        return;
    }
    notice_of(renderer, row, |lines| lines.doubts().into_iter().chain(lines.slips()).collect());
    if is_marked_headline(&entry.core.title) {
        notice_of(renderer, row, |lines| {
            let message = "the headline begins as if the article were to be withheld, and readers see it so";
            let hint = "add `draft: true` to withhold it, or remove the word from the headline";
            vec![Diagnostic::warning(message).at(lines.value(&["title"])).hint(hint)]
        });
    }
}

/// Notices what is to be said about the front matter in a row.
fn notice_of(renderer: &PageRenderer, row: Seen<Row>, warnings: fn(&Lines<'_>) -> Vec<Diagnostic>) {
    let row = renderer.view.get(row);
    let Ok(text) = body_text(&renderer.reader, row) else { return };
    notice(warnings(&Lines::of(&row.path, &text)));
}

/// Who forgets the date of an article finds it in no list, and its embargo with it.
fn warn_of_missing_date(renderer: &PageRenderer, row: Seen<Row>, entry: &Entry<'_>) {
    let Some(section) = entry.section.as_deref().filter(|_| !entry.is_meant_as_page) else { return };
    let selection =
        Selection { language: entry.language, section: Some(section.to_owned()), limit: 1, ..Selection::default() };
    let ids = renderer.view.articles(selection);
    let row = renderer.view.get(row);
    let Some(text) = (!ids.is_empty()).then(|| body_text(&renderer.reader, row).ok()).flatten() else { return };
    notice([Diagnostic::warning("this file has no date, so it is a page and in no list of articles")
        .at(Lines::of(&row.path, &text).value(&["title"]))
        .hint("add `date: …`; if it is meant to be a page, add `layout: page`")]);
}

/// The file that `src` means in the source `path`, asked for by the page in work.
pub(super) fn ask_file(renderer: &PageRenderer, path: &str, url: &str, src: &str) -> Option<FileInfo> {
    renderer.view.file_info(renderer.view.file(path, src)?, path, url)
}

/// The row of a file whose text the page in work shows.
fn ask_profile(renderer: &PageRenderer, path: &str) -> Option<Seen<Row>> {
    let row = renderer.view.profile(path);
    let has_doubts = |row: &Seen<Row>| match renderer.view.get(*row).record() {
        Record::Section(file) => file.has_doubts,
        Record::Author(file) => file.has_doubts,
        _ => false,
    };
    if let Some(row) = row.filter(has_doubts) {
        notice_of(renderer, row, |lines| lines.doubts());
    }
    row
}

/// The row of the first of these files that is there in the language.
fn ask_file_in(renderer: &PageRenderer, stems: &[&str], language: LanguageId) -> Option<Seen<Row>> {
    stems
        .iter()
        .find_map(|stem| language::file_in(stem, language, &renderer.config, |path| ask_profile(renderer, path)))
}

fn intro(renderer: &Arc<PageRenderer>, row: Option<Seen<Row>>) -> String {
    let Some(row) = row else { return String::new() };
    match renderer.view.get(row).record() {
        Record::Section(file) => render_shared_body(renderer, row, file.body.0),
        _ => String::new(),
    }
}

/// The body of a file that is neither an article nor a page, rendered as part of the page in work.
pub(super) fn render_shared_body(renderer: &Arc<PageRenderer>, row: Seen<Row>, start: u32) -> String {
    match render_body(renderer, row, "", start, "", true) {
        Ok(body) => {
            notice(body.diagnostics);
            keep_anchors(body.anchors);
            body.html
        }
        Err(problem) => {
            notice([problem]);
            String::new()
        }
    }
}

/// Renders the Markdown of a row, with or without a search for what deserves a warning.
pub(super) fn render_body(
    renderer: &Arc<PageRenderer>,
    row: Seen<Row>,
    url: &str,
    start: u32,
    title: &str,
    warns: bool,
) -> Result<Rendered, Diagnostic> {
    let file = renderer.view.get(row);
    let path = &*file.path;
    let (text, loss) = body_and_loss(&renderer.reader, file)?;
    let start = text.floor_char_boundary((start as usize).min(text.len()));
    let id = renderer.view.article_in(row);
    let live = id.and_then(|id| renderer.view.live(id)).map(|live| markdown::Coverage {
        zone: &renderer.config.time_zone,
        start: live.start,
        newest: live.newest,
    });
    let has_lead = matches!(file.record(), Record::Entry(entry) if entry.image.is_some());
    let source = Source { path, text: &text, start, title, live, is_short: false, has_lead };
    let surroundings =
        Asking { renderer: renderer, url, row, path, language: renderer.view.language_of_row(row), warns };
    let mut rendered =
        markdown::render(source, renderer.config.settings.markdown, renderer.config.settings.slugs, &surroundings);
    rendered.diagnostics.extend(loss);
    if id.is_some_and(|id| renderer.view.get(id).kind == Kind::Sponsored) {
        rendered.html = markdown::sponsored(&rendered.html, &renderer.config);
    }
    Ok(rendered)
}

/// Short Markdown in a template: of the source that calls a component, or of the one that the page in work shows, as
/// in its body.
pub(super) fn template_markdown(renderer: &Arc<PageRenderer>, subject: Subject, text: &str) -> String {
    let own = || match subject {
        Subject::Output(planned) if matches!(planned.part(), Part::Article(_) | Part::Page(_)) => {
            Some((renderer.view.own_row(subject)?, renderer.view.url(subject)))
        }
        _ => None,
    };
    match scope::calling_source().or_else(own) {
        Some((row, url)) => short_html(renderer, row, &url, text),
        None => functions::own_markdown(renderer, renderer.view.language(subject), text),
    }
}

/// Short Markdown of an article's front matter as HTML for the article's own page, its links as in the article's body.
pub(super) fn short_html(renderer: &Arc<PageRenderer>, row: Seen<Row>, url: &str, text: &str) -> String {
    let Some(rendered) = short_markdown(renderer, row, url, text, true) else {
        return functions::inline_markdown(text);
    };
    let mut anchors = rendered.anchors;
    if !rendered.diagnostics.is_empty() || !anchors.is_empty() {
        let row = renderer.view.get(row);
        let file = body_text(&renderer.reader, row).unwrap_or_default();
        let place = |place: Option<&Place>| place_in_front_matter(&row.path, &file, text, place);
        notice(rendered.diagnostics.into_iter().map(|one| {
            let at = place(one.place.as_ref());
            one.at(at)
        }));
        anchors.iter_mut().for_each(|one| one.place = place(Some(&one.place)));
        keep_anchors(anchors);
    }
    without_paragraph(&rendered.html)
}

/// The same for another page, which says nothing of mistakes: it is not rendered again when their lines move. Places
/// of the article, and what lies beside it, are named as on the article's page.
pub(super) fn short_html_elsewhere(renderer: &Arc<PageRenderer>, row: Seen<Row>, url: &str, text: &str) -> String {
    short_markdown(renderer, row, url, text, false)
        .map_or_else(|| functions::inline_markdown(text), |rendered| without_paragraph(&rendered.html))
}

/// None if nothing in the text needs to know the site.
fn short_markdown(
    renderer: &Arc<PageRenderer>,
    row: Seen<Row>,
    url: &str,
    text: &str,
    warns: bool,
) -> Option<Rendered> {
    if !["](", "][", "://", "www.", "[^"].iter().any(|mark| text.contains(mark)) {
        return None;
    }
    let path = renderer.view.path(row);
    let source = Source { path, text, start: 0, title: "", live: None, is_short: true, has_lead: true };
    let settings = crate::config::Markdown { raw_html: false, ..renderer.config.settings.markdown };
    let surroundings =
        Asking { renderer: renderer, url, row, path, language: renderer.view.language_of_row(row), warns };
    Some(markdown::render(source, settings, renderer.config.settings.slugs, &surroundings))
}

/// Corrections as template values, newest first: date, text as HTML, and the article's teaser.
pub(super) fn correction_values(renderer: &Arc<PageRenderer>, corrections: &[Seen<CorrectionEntry>]) -> Value {
    let value = |correction: &Seen<CorrectionEntry>| {
        let id = renderer.view.corrected(*correction);
        let (article, row) = (renderer.view.get(id), renderer.view.row(id));
        let entry = renderer.view.entry(row);
        let made = &entry.corrections[renderer.view.get(*correction).number as usize];
        let date = made.date.map(|date| Value::from(date.rfc3339(&renderer.config.time_zone)));
        let mut map = Map::new();
        map.insert("date".into(), date.unwrap_or_else(Value::none));
        map.insert(
            "text".into(),
            Value::safe_string(&rooted_html(
                short_html_elsewhere(renderer, row, &article.url, &made.text),
                &renderer.config.origin,
                &renderer.config.absolute(&article.url),
            )),
        );
        map.insert("article".into(), teaser_value(renderer, id));
        Value::from(map)
    };
    Value::from(corrections.iter().rev().map(value).collect::<Vec<_>>())
}

/// The body of an article for feeds, with absolute addresses; asked for by the page in work.
pub(super) fn body_for_feed(renderer: &Arc<PageRenderer>, id: Seen<Article>) -> Arc<Body> {
    let body = renderer.view.made(Question::Body(renderer.view.source_of(id)), |_| {
        let known = renderer.bodies.lock().expect("no panic while locked").get(&id).cloned();
        known.unwrap_or_else(|| {
            let body = Arc::new(make_body_for_feed(renderer, id));
            let mut bodies = renderer.bodies.lock().expect("no panic while locked");
            if bodies.len() >= BODIES_KEPT {
                bodies.clear();
            }
            bodies.insert(id, Arc::clone(&body));
            body
        })
    });
    // Warnings belong to the article's own page; an error must not vanish with it.
    notice(body.diagnostics.iter().filter(|one| one.is_error()).cloned());
    body
}

/// The ids in the body of an article; asked for by the page in work.
pub(super) fn ids_of_body(renderer: &Arc<PageRenderer>, id: Seen<Article>) -> Arc<Places> {
    renderer.view.made(Question::Body(renderer.view.source_of(id)), |_| {
        let known = renderer.places.lock().expect("no panic while locked").get(&id).cloned();
        known.unwrap_or_else(|| {
            let (rendered, _, body) = shared_body(renderer, id);
            // Of a body that cannot be rendered its own page tells.
            let ids = rendered.map(|rendered| ids_in(rendered.html.as_bytes())).unwrap_or_default();
            let places = Arc::new(Places { ids, body });
            renderer.places.lock().expect("no panic while locked").insert(id, Arc::clone(&places));
            places
        })
    })
}

fn make_body_for_feed(renderer: &Arc<PageRenderer>, id: Seen<Article>) -> Body {
    let (rendered, mut diagnostics, fingerprint) = shared_body(renderer, id);
    let mut updates = Vec::new();
    let html = match rendered {
        Ok(rendered) => {
            let page = renderer.config.absolute(&renderer.view.get(id).url);
            let html = markdown::absolute_body(&rendered, &page);
            diagnostics.extend(rendered.diagnostics);
            updates = rendered.updates;
            html
        }
        Err(problem) => {
            diagnostics.push(problem);
            String::new()
        }
    };
    Body { html, updates, fingerprint, diagnostics }
}

/// The body of an article for other pages than its own, what was noticed, and its fingerprint.
fn shared_body(
    renderer: &Arc<PageRenderer>,
    id: Seen<Article>,
) -> (Result<Rendered, Diagnostic>, Vec<Diagnostic>, Fingerprint) {
    let row = renderer.view.row(id);
    let entry = renderer.view.entry(row);
    let scope = Rendering::enter_body(renderer, id);
    let rendered = render_body(renderer, row, &renderer.view.get(id).url, entry.body.0, &entry.core.title, false);
    let (fingerprint, diagnostics) = scope.leave_body(id);
    (rendered, diagnostics, fingerprint)
}

/// A fragment; asked for by the page in work.
pub(super) fn fragment(renderer: &Arc<PageRenderer>, language: LanguageId, name: &str) -> Arc<Fragment> {
    renderer
        .view
        .made(Question::Fragment(language, name.into()), |making| kept_fragment(renderer, language, name, making))
}

/// A fragment, rendered once a build.
pub(super) fn kept_fragment(
    renderer: &Arc<PageRenderer>,
    language: LanguageId,
    name: &str,
    making: &Making,
) -> Arc<Fragment> {
    let cell = {
        let mut fragments = renderer.fragments.lock().expect("no panic while locked");
        Arc::clone(fragments.entry((language, name.to_owned())).or_default())
    };
    cell.get_or_init(|| make_fragment(renderer, language, name, making));
    FragmentCell::get(cell)
}

/// The profile of an author for the pages of their articles; rendered once a build, as fragments are.
pub(super) fn profile_for_page(renderer: &Arc<PageRenderer>, language: LanguageId, id: &str) -> Value {
    fragment(renderer, language, &format!("{PROFILE}{id}")).value.clone()
}

/// What is wrong with a profile, its own page tells.
fn make_profile(renderer: &Arc<PageRenderer>, language: LanguageId, id: &str, making: &Making) -> Arc<Fragment> {
    let scope = Rendering::enter_shared(renderer, language, making);
    let value = renderer.view.author(language, id, making).map_or_else(Value::none, |term| {
        let mut heading = Heading::new();
        add_author(renderer, &mut heading, &term);
        let mut map = heading.author.as_map().cloned().unwrap_or_default();
        map.insert("url".into(), Value::from(term.url));
        Value::from(map)
    });
    scope.leave();
    let html = serde_json::to_string(&value).unwrap_or_default();
    Arc::new(Fragment { value, html, diagnostics: Vec::new() })
}

fn make_fragment(renderer: &Arc<PageRenderer>, language: LanguageId, name: &str, making: &Making) -> Arc<Fragment> {
    if let Some(slot) = name.strip_prefix(ads::SLOT) {
        return ads::make_slot(renderer, language, slot, making);
    }
    if let Some(id) = name.strip_prefix(PROFILE) {
        return make_profile(renderer, language, id, making);
    }
    let scope = Rendering::enter_shared(renderer, language, making);
    let mut html = Vec::new();
    let result = renderer.tera(language).render_to(&format!("fragments/{name}.html"), &Context::new(), &mut html);
    let (_, mut diagnostics, _) = scope.leave();
    if let Err(error) = result {
        diagnostics.extend(renderer.view.template_errors(&error));
    }
    let html = String::from_utf8_lossy(&html).trim().to_owned();
    Arc::new(Fragment { value: Value::safe_string(&html), html, diagnostics })
}

/// What a page shows for a fragment.
pub(super) fn fragment_for_page(
    renderer: &Arc<PageRenderer>,
    language: LanguageId,
    name: &str,
) -> Result<Value, String> {
    let mode = if name == "latest" { renderer.config.settings.fragments.latest } else { FragmentMode::Inline };
    if mode == FragmentMode::Inline {
        let fragment = fragment(renderer, language, name);
        if fragment.html.is_empty() && !has_fragment(renderer, name) {
            return Err(format!("the theme has no fragment `fragments/{name}.html`"));
        }
        notice(fragment.diagnostics.iter().cloned());
        if name == "header" && !renderer.config.language(language).menu.is_empty() {
            return Ok(Value::safe_string(&with_current(renderer, &fragment.html)));
        }
        return Ok(fragment.value.clone());
    }
    if !has_fragment(renderer, name) {
        return Err(format!("the theme has no fragment `fragments/{name}.html`"));
    }
    let within = renderer.config.language(language);
    let address = address::encode(&renderer.config, &within.path(&format!("/fragments/{name}.html")));
    let html = if mode == FragmentMode::Client {
        let words = html_escape::encode_text(&text_or(renderer, "latest_posts", "Latest Posts")).into_owned();
        let front = address::encode(&renderer.config, &within.prefix);
        format!("<div class=\"fragment\" data-fragment=\"{address}\"><a href=\"{front}\">{words}</a></div>")
    } else {
        format!("<!--#include virtual=\"{address}\" -->")
    };
    Ok(Value::safe_string(&html))
}

/// The header with the entry of its menu marked that leads to the page in work, or to the section of its article.
fn with_current(renderer: &PageRenderer, html: &str) -> String {
    let Some(subject) = subject() else { return html.to_owned() };
    let own = renderer.view.url(subject);
    let section = subject.article().and_then(|id| renderer.view.section_of(id)).map(|section| section.url);
    let (before, menu) = html.split_at(html.find("<nav").unwrap_or(html.len()));
    let (menu, behind) = menu.split_at(menu.find("</nav>").unwrap_or(menu.len()));
    let mut menu = menu.to_owned();
    for (url, mark) in [(Some(&*own), "page"), (section, "true")] {
        let Some(url) = url.map(html_escape::encode_double_quoted_attribute) else { continue };
        menu = menu.replace(&format!("<a href=\"{url}\">"), &format!("<a href=\"{url}\" aria-current=\"{mark}\">"));
    }
    format!("{before}{menu}{behind}")
}

fn has_fragment(renderer: &PageRenderer, name: &str) -> bool {
    renderer.view.template(&format!("fragments/{name}.html")).is_some()
}

/// Renders a call of the component `name`.
pub(super) fn component(
    renderer: &Arc<PageRenderer>,
    name: &str,
    call: &str,
    context: &Context,
) -> Result<String, markdown::Failure> {
    if !renderer.view.has_component(name) {
        return Err(markdown::Failure {
            message: format!("there is no component `{name}`"),
            hint: renderer.view.component_hint(name),
        });
    }
    renderer.tera(language_in_work(renderer)).render_str(call, context, true).map_err(|error| {
        let diagnostics = renderer.view.template_errors(&error);
        let (message, meant) = match diagnostics.into_iter().next() {
            Some(first) => (first.message, first.hint.filter(|hint| hint.starts_with("did you mean"))),
            None => (error.to_string(), None),
        };
        let arguments = renderer.tera(language_in_work(renderer)).get_component_definition(name).map(|definition| {
            let names: Vec<&str> = definition.args().iter().map(tera::ComponentArg::name).collect();
            format!("`{name}` has the arguments {}", names.join(", "))
        });
        markdown::Failure { message: format!("the component `{name}`: {message}"), hint: meant.or(arguments) }
    })
}

/// A text of the theme in the language of the page in work, which asks for it.
pub(super) fn text_or(renderer: &PageRenderer, key: &str, otherwise: &str) -> String {
    let texts = renderer.view.texts(language_in_work(renderer));
    texts.get(key, None).unwrap_or(otherwise).to_owned()
}

/// The language of the page in work; that of the site, if there is none.
pub(super) fn language_in_work(renderer: &PageRenderer) -> LanguageId {
    subject().map(|subject| renderer.view.language(subject)).unwrap_or_default()
}

/// The feeds of a listing as template value.
fn feed_links(renderer: &PageRenderer, listing: &Listing) -> Value {
    let links = feeds_of(renderer, listing).into_iter().map(|(title, url, media_type)| {
        let mut map = Map::new();
        map.insert("title".into(), Value::from(title));
        map.insert("url".into(), Value::from(url));
        map.insert("type".into(), Value::from(media_type));
        Value::from(map)
    });
    Value::from(links.collect::<Vec<_>>())
}

/// The feeds of a listing: name of the format, address, media type.
pub(super) fn feeds_of(renderer: &PageRenderer, listing: &Listing) -> Vec<(&'static str, String, &'static str)> {
    let formats = listing.feeds.iter();
    formats
        .map(|format| {
            (
                format.title(),
                address::encode(&renderer.config, &format!("{}{}", listing.path, format.file())),
                format.media_type(),
            )
        })
        .collect()
}

/// Whether the site as a whole has feeds.
pub(super) fn has_site_feed(renderer: &PageRenderer) -> bool {
    renderer.config.settings.feeds.scopes.contains(&FeedScope::Site)
}

/// What stands at the head of a listing.
pub(super) struct Heading {
    pub(super) title: String,
    pub(super) description: String,
    /// The row of an introduction.
    row: Option<Seen<Row>>,
    author: Value,
}

impl Heading {
    fn new() -> Self {
        Self { title: String::new(), description: String::new(), row: None, author: Value::none() }
    }
}

/// A fragment in the making.
#[derive(Debug, Default)]
pub(super) struct FragmentCell(OnceLock<Arc<Fragment>>);

impl FragmentCell {
    fn get_or_init(&self, make: impl FnOnce() -> Arc<Fragment>) {
        self.0.get_or_init(make);
    }

    fn get(cell: Arc<Self>) -> Arc<Fragment> {
        Arc::clone(cell.0.get().expect("initialised by the caller"))
    }
}

pub(super) fn kind_of(scope: &Scope) -> &'static str {
    match scope {
        Scope::Front => "front",
        Scope::Section(_) => "section",
        Scope::Term(taxonomy, _) => taxonomy.singular(),
        Scope::Month(..) => "month",
        Scope::Corrections => "corrections",
    }
}

fn add_body(map: &mut Map, body: &Rendered) {
    let entry = |entry: &TocEntry| {
        let mut map = Map::new();
        map.insert("level".into(), Value::from(entry.level));
        map.insert("id".into(), Value::from(entry.id.as_str()));
        map.insert("title".into(), Value::from(entry.title.as_str()));
        Value::from(map)
    };
    map.insert("content".into(), Value::safe_string(&body.html));
    map.insert("toc".into(), Value::from(body.toc.iter().map(entry).collect::<Vec<_>>()));
    map.insert("words".into(), Value::from(body.words));
    map.insert("reading_minutes".into(), Value::from(body.words.div_ceil(READING_SPEED).max(1)));
}

fn extra(entry: &Entry<'_>) -> Value {
    if entry.extra.is_empty() {
        return Value::from(Map::new());
    }
    let json: serde_json::Value = serde_json::from_str(&entry.extra).expect("written by the front matter reader");
    Value::from_serializable(&json)
}

/// HTML without the one paragraph that it is.
fn without_paragraph(html: &str) -> String {
    let html = html.trim_end();
    let inside = html.strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>"));
    inside.filter(|inside| !inside.contains("<p>")).unwrap_or(html).to_owned()
}

/// The place in the file `path` of a place in `text`, which is a value of its front matter: where the line stands that has
/// it, or else the value.
fn place_in_front_matter(path: &str, file: &str, text: &str, place: Option<&Place>) -> Place {
    let line = place.and_then(|place| text.lines().nth((place.line as usize).saturating_sub(1)));
    if let (Some(place), Some(line)) = (place, line.map(str::trim).filter(|line| !line.is_empty()))
        && let Some(at) = file.find(line)
    {
        let indent =
            text.lines().nth(place.line as usize - 1).map_or(0, |whole| whole.len() - whole.trim_start().len());
        let before = line.char_indices().nth((place.column as usize).saturating_sub(1 + indent));
        let start = at + before.map_or(0, |(at, _)| at);
        let length = line[start - at..].chars().take(place.length as usize).map(char::len_utf8).sum::<usize>();
        return Place::span(path, file, start..start + length);
    }
    Lines::of(path, file).value(&["corrections.text", "correction.text", "corrections", "correction"])
}

/// HTML whose relative addresses, which are those of the page at the absolute address `page`, begin at the front page of
/// the host.
fn rooted_html(html: String, origin: &str, page: &str) -> String {
    use lol_html::{RewriteStrSettings, element, rewrite_str};
    let Some(page) = url::Url::parse(page).ok().filter(|_| html.contains('=')) else { return html };
    let rooted = |address: &str| {
        let is_relative = !address.starts_with('/') && !address.is_empty() && url::Url::parse(address).is_err();
        let joined = page.join(address).ok().filter(|_| is_relative)?;
        joined.as_str().strip_prefix(origin).map(str::to_owned)
    };
    let handler = element!(html_addresses::SELECTOR, |element| {
        html_addresses::replace(element, rooted);
        Ok(())
    });
    let settings = RewriteStrSettings { element_content_handlers: vec![handler], ..RewriteStrSettings::new() };
    rewrite_str(&html, settings).unwrap_or(html)
}

/// What a body asks, recorded for the page in work.
struct Asking<'a> {
    renderer: &'a Arc<PageRenderer>,
    url: &'a str,
    row: Seen<Row>,
    /// The source, and its language.
    path: &'a str,
    language: LanguageId,
    /// Whether somebody wants to hear of what is only a warning.
    warns: bool,
}

impl Surroundings for Asking<'_> {
    fn target(&self, path: &str) -> Target {
        let renderer = self.renderer;
        let language = language::followed(self.path, self.language, path, &renderer.config);
        renderer.view.target(path, language)
    }

    fn address(&self, href: &str) -> Option<(u64, bool)> {
        let key = address_key(&address::site_path_of(&self.renderer.config, self.url, href)?);
        Some((key, self.renderer.view.is_withheld(key)))
    }

    fn within_site<'h>(&self, href: &'h str) -> Option<&'h str> {
        if href.contains("//") { address::within_site(&self.renderer.config, href) } else { None }
    }

    fn is_elsewhere(&self, href: &str) -> bool {
        address::is_plainly_elsewhere(&self.renderer.config, href)
    }

    fn wants_slips(&self) -> bool {
        self.warns && self.renderer.config.settings.check.level(Rule::StrayMarkup) != Level::Off
    }

    fn wants_anchors(&self) -> bool {
        let is_own_page = |subject: Subject| match subject {
            Subject::Output(planned) => match planned.part() {
                Part::Article(_) | Part::Page(_) => self.renderer.view.url(subject) == self.url,
                Part::Listing(..) => self.url.is_empty(),
                _ => false,
            },
            Subject::Shared(_) => false,
        };
        self.warns
            && self.renderer.config.settings.check.level(Rule::DeadAnchor) != Level::Off
            && subject().is_some_and(is_own_page)
    }

    fn destination(&self, href: &str, purpose: Purpose) -> Option<Destination> {
        // A body that stands on several pages has no address of its own to begin from.
        let is_relative = !href.starts_with('/') && !href.contains("://");
        // A feed asks what the page asks: the fingerprint of its body is made from the answers of the page.
        if self.url.is_empty() && is_relative { None } else { self.renderer.view.destination(self.url, href, purpose) }
    }

    fn files_at(&self, href: &str) -> Option<Vec<u64>> {
        let is_relative = !href.starts_with('/') && !href.contains("://");
        if self.url.is_empty() && is_relative { None } else { self.renderer.view.files_at(self.url, href) }
    }

    fn asked_for(&self, files: &[u64]) {
        self.renderer.view.asked_for(files);
    }

    fn asked_about(&self, addresses: &[u64]) {
        self.renderer.view.asked_about(addresses);
    }

    fn file(&self, path: &str, src: &str) -> Option<FileInfo> {
        ask_file(&self.renderer, path, self.url, src)
    }

    fn is_file(&self) -> bool {
        !self.url.is_empty() && !self.url.ends_with('/')
    }

    fn is_published(&self, path: &str) -> bool {
        self.renderer.view.is_published(path)
    }

    fn nearest(&self, path: &str, src: &str) -> Option<String> {
        self.renderer.view.nearest_image(path, src)
    }

    fn photograph(
        &self,
        path: &str,
        src: &str,
        alt: &str,
        title: &str,
        is_lazy: bool,
    ) -> Result<Option<String>, (String, String)> {
        let sizes = image::sizes_in_body(&self.renderer);
        let look = Look { alt, title, sizes, is_lazy, has_placeholder: true, ..Look::default() };
        image::shown_photograph(&self.renderer, path, src, &look)
    }

    fn is_reserved(&self, id: &str) -> bool {
        self.renderer.view.is_reserved(id)
    }

    fn is_reserved_by_pages(&self, id: &str) -> bool {
        self.renderer.view.is_reserved_by_pages(id)
    }

    fn component(&self, name: &str, call: &str) -> Result<String, markdown::Failure> {
        scope::called_in(self.row, self.url, || component(&self.renderer, name, call, &Context::new()))
    }

    fn embed(&self, path: &str, address: &str) -> Option<Result<String, markdown::Failure>> {
        embed::embed(&self.renderer, path, self.url, address)
    }

    fn author(&self, name: &str) -> Result<Byline, Option<String>> {
        self.renderer.view.byline(self.language, name)
    }

    fn text(&self, key: &str, otherwise: &str) -> String {
        text_or(&self.renderer, key, otherwise)
    }

    fn base_path(&self) -> &str {
        &self.renderer.config.base_path
    }

    fn date(&self, moment: &str, format: &str) -> String {
        functions::shown_date(self.renderer.locale(self.language), moment, format).unwrap_or_else(|_| moment.to_owned())
    }
}
