//! Fragments of a page that several pages share, and profiles of authors.

use std::sync::Arc;

use tera::{Context, Value};

use crate::config::{FragmentMode, LanguageId, address};
use crate::query::{Making, Question, ask, subject};
use crate::render::scope::{Rendering, notice};
use crate::render::template::{ads, body, listing};
use crate::render::{Fragment, PageRenderer};

/// What the names of the fragments begin with that are profiles of authors; no file of a theme has such a name.
const PROFILE: &str = "//profile/";

/// A fragment; asked for by the page in work.
pub(in crate::render) fn fragment(renderer: &Arc<PageRenderer>, language: LanguageId, name: &str) -> Arc<Fragment> {
    renderer
        .view
        .made(Question::Fragment(language, name.into()), |making| kept_fragment(renderer, language, name, making))
}

/// A fragment, rendered once a build.
pub(in crate::render) fn kept_fragment(
    renderer: &Arc<PageRenderer>,
    language: LanguageId,
    name: &str,
    making: &Making,
) -> Arc<Fragment> {
    let cell = {
        let mut fragments = renderer.fragments.lock().expect("no panic while locked");
        Arc::clone(fragments.entry((language, name.to_owned())).or_default())
    };
    Arc::clone(cell.get_or_init(|| make_fragment(renderer, language, name, making)))
}

/// The profile of an author for the pages of their articles; rendered once a build, as fragments are.
pub(in crate::render) fn profile_for_page(renderer: &Arc<PageRenderer>, language: LanguageId, id: &str) -> Value {
    fragment(renderer, language, &format!("{PROFILE}{id}")).value.clone()
}

/// What is wrong with a profile, its own page tells.
fn make_profile(renderer: &Arc<PageRenderer>, language: LanguageId, id: &str, making: &Making) -> Arc<Fragment> {
    let scope = Rendering::enter_shared(renderer, language, making);
    let value = Value::from(ask::author(&renderer.view, language, id, making).map(|term| {
        let mut heading = listing::Heading::new();
        listing::add_author(renderer, &mut heading, &term);
        let mut map = heading.author.as_map().cloned().unwrap_or_default();
        map.insert("url".into(), Value::from(term.url));
        Value::from(map)
    }));
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
        diagnostics.extend(ask::template_errors(&renderer.view, &error));
    }
    let html = String::from_utf8_lossy(&html).trim().to_owned();
    Arc::new(Fragment { value: Value::safe_string(&html), html, diagnostics })
}

/// What a page shows for a fragment.
pub(in crate::render) fn fragment_for_page(
    renderer: &Arc<PageRenderer>,
    language: LanguageId,
    name: &str,
) -> Result<Value, String> {
    let mode = if name == "latest" { renderer.config.settings.fragments.latest } else { FragmentMode::Inline };
    let missing = || {
        let file = format!("fragments/{name}.html");
        ask::template(&renderer.view, &file).is_none().then(|| format!("the theme has no fragment `{file}`"))
    };
    if mode == FragmentMode::Inline {
        let fragment = fragment(renderer, language, name);
        if let Some(missing) = fragment.html.is_empty().then(missing).flatten() {
            return Err(missing);
        }
        notice(fragment.diagnostics.iter().cloned());
        if name == "header" && !renderer.config.language(language).menu.is_empty() {
            return Ok(Value::safe_string(&with_current(renderer, &fragment.html)));
        }
        return Ok(fragment.value.clone());
    }
    if let Some(missing) = missing() {
        return Err(missing);
    }
    let within = renderer.config.language(language);
    let address = address::encode(&renderer.config, &within.path(&format!("/fragments/{name}.html")));
    let html = if mode == FragmentMode::Client {
        let words = html_escape::encode_text(&body::text_or(renderer, "latest_posts", "Latest Posts")).into_owned();
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
    let section = subject.article().and_then(|id| ask::section_of(&renderer.view, id)).map(|section| section.url);
    let (before, menu) = html.split_at(html.find("<nav").unwrap_or(html.len()));
    let (menu, behind) = menu.split_at(menu.find("</nav>").unwrap_or(menu.len()));
    let mut menu = menu.to_owned();
    for (url, mark) in [(Some(&*own), "page"), (section, "true")] {
        let Some(url) = url.map(html_escape::encode_double_quoted_attribute) else { continue };
        menu = menu.replace(&format!("<a href=\"{url}\">"), &format!("<a href=\"{url}\" aria-current=\"{mark}\">"));
    }
    format!("{before}{menu}{behind}")
}
