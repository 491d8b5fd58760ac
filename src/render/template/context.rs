//! The values `article` and `page` of templates, and teasers.

use std::sync::Arc;

use tera::{Context, Map, Value};

use crate::article::record::{Access, Entry, Image};
use crate::article::{Lines, Row, body_text, keys};
use crate::diagnostic::Diagnostic;
use crate::index::{Article, Notice, PageEntry};
use crate::markdown::{Rendered, TocEntry};
use crate::query::{Seen, Selection, ask, end_of_body};
use crate::render::scope::{keep_anchors, keep_live_updates, notice};
use crate::render::template::{body, context_of, functions, image, map_of};
use crate::render::{PageRenderer, dead};
use crate::site_path;
use crate::source_name::is_marked_headline;

/// Words a minute, for reading times.
const READING_SPEED: u32 = 220;

/// The title of a notice where a theme has no words for it.
pub(in crate::render) const WITHDRAWN: &str = "This article has been withdrawn";

/// A teaser as a template value. Recently used ones are kept.
pub(in crate::render) fn teaser_value(renderer: &PageRenderer, id: Seen<Article>) -> Value {
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
pub(in crate::render) fn teaser_values(renderer: &PageRenderer, ids: &[Seen<Article>]) -> Value {
    Value::from(ids.iter().map(|id| teaser_value(renderer, *id)).collect::<Vec<_>>())
}

/// The context of an article's page. The body comes first, so that its questions lead the trace.
pub(in crate::render) fn article_context(
    renderer: &Arc<PageRenderer>,
    id: Seen<Article>,
) -> Result<Context, Diagnostic> {
    let (article, row) = (renderer.view.get(id), renderer.view.row(id));
    let entry = renderer.view.entry(row);
    let body = body_of_page(renderer, row, &article.url, &entry)?;
    let zone = &renderer.config.time_zone;
    let mut map = Map::with_capacity(24);
    let teaser = teaser_value(renderer, id);
    map.extend(teaser.as_map().expect("a teaser is a map").iter().map(|(key, value)| (key.clone(), value.clone())));
    add_body(&mut map, &body);
    map.insert("summary_derived".into(), Value::from(entry.summary_derived));
    let sources = entry.sources.iter().map(|source| {
        let url = source.url.as_deref().and_then(|url| dead::followed_link(renderer, row, &article.url, url));
        map_of([("name", (&*source.name).into()), ("url", url.into())])
    });
    map.insert("sources".into(), Value::from(sources.collect::<Vec<_>>()));
    let corrections = entry.corrections.iter().map(|correction| {
        let text = body::short_html(renderer, row, &article.url, &correction.text);
        map_of([("date", correction.date.map(|date| date.rfc3339(zone)).into()), ("text", Value::safe_string(&text))])
    });
    map.insert("corrections".into(), Value::from(corrections.collect::<Vec<_>>()));
    map.insert("dateline".into(), Value::from(entry.dateline.as_deref()));
    let canonical = entry.canonical.as_deref().filter(|_| article.is_elsewhere);
    let canonical = canonical.and_then(|canonical| dead::followed_link(renderer, row, &article.url, canonical));
    let canonical = canonical.map(|canonical| renderer.config.absolute(&canonical));
    map.insert("canonical".into(), Value::from(canonical));
    let live_data = renderer.view.live(id).map(|_| site_path::beside(&article.url, "live.json"));
    map.insert("live_data".into(), Value::from(live_data));
    map.insert("comments_enabled".into(), Value::from(entry.comments.unwrap_or(true)));
    map.insert("extra".into(), extra(&entry));
    Ok(context_of("article", map))
}

/// The body of an article or page for its own page, which tells what is wrong with it and with its front matter.
fn body_of_page(
    renderer: &Arc<PageRenderer>,
    row: Seen<Row>,
    url: &str,
    entry: &Entry<'_>,
) -> Result<Rendered, Diagnostic> {
    let mut body = body::render_body(renderer, row, url, entry.body.0, &entry.core.title, true)?;
    end_of_body();
    notice(std::mem::take(&mut body.diagnostics));
    keep_live_updates(std::mem::take(&mut body.updates));
    keep_anchors(std::mem::take(&mut body.anchors));
    warn_of_slips(renderer, row, entry);
    if renderer.view.article_in(row).is_none() {
        warn_of_missing_date(renderer, row, entry);
    }
    if let Some(image) = &entry.image {
        image::check_image(renderer, row, url, image);
    }
    Ok(body)
}

/// The context of a page.
pub(in crate::render) fn page_context(
    renderer: &Arc<PageRenderer>,
    at: Seen<PageEntry>,
) -> Result<Context, Diagnostic> {
    let (page, row) = (renderer.view.get(at), renderer.view.row(at));
    let entry = renderer.view.entry(row);
    let body = body_of_page(renderer, row, &page.url, &entry)?;
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
    let updated = entry.core.updated.map(|updated| updated.rfc3339(&renderer.config.time_zone));
    map.insert("updated".into(), Value::from(updated));
    map.insert("access".into(), Value::from(entry.core.access.name()));
    map.insert("image".into(), image_value(renderer, entry.image.as_ref(), row, &page.url));
    map.insert("extra".into(), extra(&entry));
    add_body(&mut map, &body);
    Ok(context_of("page", map))
}

/// The context of the notice of a withdrawn article or page: a page that says so, and nothing of the article.
pub(in crate::render) fn notice_context(renderer: &Arc<PageRenderer>, at: Seen<Notice>) -> Context {
    let notice = renderer.view.get(at);
    let date = notice.date.rfc3339(&renderer.config.time_zone);
    let shown = functions::shown_date(renderer.locale(notice.language), &date, "date").unwrap_or_default();
    let reason = body::short_html_elsewhere(renderer, renderer.view.row(at), &notice.url, &notice.reason);
    let words = body::text_or(renderer, "withdrawn_on", "Withdrawn on {date}.");
    let (before, behind) = words.split_once("{date}").unwrap_or((&words, ""));
    let [before, behind, shown] = [before, behind, &shown].map(|text| html_escape::encode_text(text).into_owned());
    let reason = body::paragraphs("", &reason);
    let html = format!("{reason}<p>{before}<time datetime=\"{date}\">{shown}</time>{behind}</p>\n");
    let mut map = Map::with_capacity(16);
    map.insert("title".into(), Value::from(body::text_or(renderer, "withdrawn_title", WITHDRAWN)));
    map.insert("url".into(), Value::from(&*notice.url));
    map.insert("permalink".into(), Value::from(renderer.config.absolute(&notice.url)));
    map.insert("summary".into(), Value::from(""));
    map.insert("summary_derived".into(), Value::from(false));
    map.insert("updated".into(), Value::none());
    map.insert("access".into(), Value::from(Access::Free.name()));
    map.insert("image".into(), Value::none());
    map.insert("extra".into(), Value::from(Map::new()));
    add_body(&mut map, &Rendered { html, ..Rendered::default() });
    context_of("page", map)
}

/// An image as a template value; its file is asked for.
pub(super) fn image_value(renderer: &PageRenderer, image: Option<&Image<'_>>, row: Seen<Row>, url: &str) -> Value {
    let Some(image) = image else { return Value::none() };
    image::check_image(renderer, row, url, image);
    Value::from(ask::image(&renderer.view, image, row, url).map(|image| Value::from_serializable(&image)))
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
pub(super) fn notice_of(renderer: &PageRenderer, row: Seen<Row>, warnings: fn(&Lines<'_>) -> Vec<Diagnostic>) {
    let row = renderer.view.get(row);
    let Ok(text) = body_text(&renderer.reader, row) else { return };
    notice(warnings(&Lines::of(&row.path, &text)));
}

/// Who forgets the date of an article finds it in no list, and its embargo with it.
fn warn_of_missing_date(renderer: &PageRenderer, row: Seen<Row>, entry: &Entry<'_>) {
    let Some(section) = entry.section.as_deref().filter(|_| !entry.is_meant_as_page) else { return };
    let selection =
        Selection { language: entry.language, section: Some(section.to_owned()), limit: 1, ..Selection::default() };
    let ids = ask::articles(&renderer.view, selection);
    let row = renderer.view.get(row);
    let Some(text) = (!ids.is_empty()).then(|| body_text(&renderer.reader, row).ok()).flatten() else { return };
    notice([Diagnostic::warning("this file has no date, so it is a page and in no list of articles")
        .at(Lines::of(&row.path, &text).value(&["title"]))
        .hint("add `date: …`; if it is meant to be a page, add `layout: page`")]);
}

fn add_body(map: &mut Map, body: &Rendered) {
    let entry = |entry: &TocEntry| {
        map_of([
            ("level", entry.level.into()),
            ("id", entry.id.as_str().into()),
            ("title", entry.title.as_str().into()),
        ])
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
