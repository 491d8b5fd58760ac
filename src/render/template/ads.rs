//! House advertisements in articles: after the lead, in the text, beside it.
//!
//! Each slot is rendered once for a language, as a fragment is, so that an end of one advertisement renders the pages
//! that show it and no others. Feeds, lists and machines never see one: only the article's own page asks.

use std::sync::Arc;

use lol_html::html_content::ContentType;
use lol_html::{RewriteStrSettings, element, rewrite_str};
use rustc_hash::FxHashSet;
use tera::{Context, Error, Kwargs, State, TeraResult, Value};

use crate::config::{AdPlace, AdSlot, LanguageId};
use crate::diagnostic::{Diagnostic, Place};
use crate::html::{Token, decoded, tokens};
use crate::markdown;
use crate::query::{Making, Subject, ask};
use crate::render::scope::{Rendering, notice};
use crate::render::template::functions::called;
use crate::render::template::{body, fragment};
use crate::render::{Fragment, PageRenderer};

/// What the names of the fragments begin with that are slots; no file of a theme has such a name.
pub(in crate::render) const SLOT: &str = "//ad/";

/// `{{ ads(place="lead") }}`: the advertisements of a place in the article, as HTML; empty if there are none.
pub(in crate::render) fn ads(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, subject) = called(&args, "ads")?;
    let name = args.must_get::<&str>("place")?;
    let Some(place) = AdPlace::ALL.into_iter().find(|place| place.name() == name) else {
        return Err(Error::message(format!("there is no place `{name}` for advertisements: use lead, text or beside")));
    };
    let html: Vec<String> = slots_of(&renderer, subject, place).into_iter().map(|(_, html)| html).collect();
    Ok(Value::safe_string(&html.concat()))
}

/// `{{ with_ads(content=article.content) }}`: the text with the advertisements that stand in it.
pub(in crate::render) fn with_ads(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, subject) = called(&args, "with_ads")?;
    let content = args.must_get::<Value>("content")?;
    let slots = slots_of(&renderer, subject, AdPlace::Text);
    if slots.is_empty() {
        return Ok(content);
    }
    Ok(Value::safe_string(&after_paragraphs(&content.to_string(), &slots)))
}

/// Puts pieces behind the paragraphs with their numbers; a paragraph in a quotation, a list or a box counts with it.
fn after_paragraphs(text: &str, pieces: &[(u32, String)]) -> String {
    const OPEN: &str = "<div id=\"//text\">";
    let mut number = 0;
    let handler = element!("div[id=\"//text\"] > p", |paragraph| {
        number += 1;
        for (_, piece) in pieces.iter().filter(|(after, _)| *after == number) {
            paragraph.after(piece, ContentType::Html);
        }
        Ok(())
    });
    let settings = RewriteStrSettings { element_content_handlers: vec![handler], ..RewriteStrSettings::new() };
    let wrapped = format!("{OPEN}{text}</div>");
    let Ok(rewritten) = rewrite_str(&wrapped, settings) else { return text.to_owned() };
    let inside = rewritten.strip_prefix(OPEN).and_then(|rest| rest.strip_suffix("</div>"));
    inside.map_or_else(|| text.to_owned(), str::to_owned)
}

/// The HTML of an advertisement with its ids below `prefix`, and what leads to them: an id stands once on a page, and the
/// article beside it may have the same footnotes and headings.
fn with_own_ids(html: &str, prefix: &str) -> String {
    const NAMING: [&str; 4] = ["for", "aria-labelledby", "aria-describedby", "aria-controls"];
    let mut ids = FxHashSet::default();
    for token in tokens(html) {
        if let Token::Start(_, attributes) = token {
            ids.extend(attributes.into_iter().filter(|(name, _)| &**name == "id").map(|(_, id)| id));
        }
    }
    if ids.is_empty() {
        return html.to_owned();
    }
    let renamed = |id: &str| if ids.contains(id) { format!("{prefix}{id}") } else { id.to_owned() };
    let handler = element!("*", |element| {
        if let Some(id) = element.get_attribute("id") {
            element.set_attribute("id", &renamed(&decoded(&id)))?;
        }
        if let Some(id) = element.get_attribute("href").as_deref().and_then(|href| href.strip_prefix('#')) {
            element.set_attribute("href", &format!("#{}", renamed(&decoded(id))))?;
        }
        for name in NAMING {
            if let Some(all) = element.get_attribute(name) {
                let all: Vec<String> = decoded(&all).split_ascii_whitespace().map(renamed).collect();
                element.set_attribute(name, &all.join(" "))?;
            }
        }
        Ok(())
    });
    let settings = RewriteStrSettings { element_content_handlers: vec![handler], ..RewriteStrSettings::new() };
    rewrite_str(html, settings).unwrap_or_else(|_| html.to_owned())
}

/// The slots of a place in the article in work that show something: after which paragraph, and what.
fn slots_of(renderer: &Arc<PageRenderer>, subject: Subject, place: AdPlace) -> Vec<(u32, String)> {
    let Some(id) = subject.article() else { return Vec::new() };
    let section = ask::section_of(&renderer.view, id).map(|section| section.name);
    let language = renderer.view.language(subject);
    let is_here = |slot: &AdSlot| {
        let names = &slot.sections;
        slot.place == place && (names.is_empty() || names.iter().any(|name| Some(&**name) == section))
    };
    let slots = renderer.config.settings.ad_slots.iter().filter(|(_, slot)| is_here(slot));
    let shown = slots.map(|(name, slot)| {
        let fragment = fragment::fragment(renderer, language, &format!("{SLOT}{name}"));
        notice(fragment.diagnostics.iter().cloned());
        (slot.after, fragment.html.clone())
    });
    shown.filter(|(_, html)| !html.is_empty()).collect()
}

/// What a slot shows in a language.
pub(in crate::render) fn make_slot(
    renderer: &Arc<PageRenderer>,
    language: LanguageId,
    slot: &str,
    making: &Making,
) -> Arc<Fragment> {
    let scope = Rendering::enter_shared(renderer, language, making);
    let mut html = String::new();
    if let Some((row, ad)) = ask::ad(&renderer.view, slot, language, making) {
        let body = markdown::sponsored(&body::render_shared_body(renderer, row, ad.body.0), &renderer.config);
        let place = renderer.config.settings.ad_slots.get(slot).map_or("", |slot| slot.place.name());
        let mut context = Context::new();
        context.insert_value("text", Value::safe_string(&body));
        context.insert_value("place", Value::from(place));
        match body::component(renderer, "ad", "{{ <ad text={text} place={place} /> }}", &context) {
            Ok(made) => {
                let number = renderer.config.settings.ad_slots.keys().position(|name| name == slot).unwrap_or(0) + 1;
                html = with_own_ids(made.trim(), &format!("ad{number}."));
            }
            Err(failure) => {
                let place = Place::file(renderer.view.path(row));
                notice([Diagnostic::error(failure.message).at(place).maybe_hint(failure.hint)]);
            }
        }
    }
    let (_, diagnostics, _) = scope.leave();
    Arc::new(Fragment { value: Value::safe_string(&html), html, diagnostics })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_an_advertisement_are_its_own() {
        assert_eq!(
            with_own_ids(
                "<h2 id=a>A</h2><a href=\"#a\">a</a> <a href=\"#top\">up</a><i aria-labelledby=\"a b\">",
                "ad1."
            ),
            "<h2 id=\"ad1.a\">A</h2><a href=\"#ad1.a\">a</a> <a href=\"#top\">up</a><i aria-labelledby=\"ad1.a b\">"
        );
    }

    #[test]
    fn only_paragraphs_of_the_text_itself_are_counted() {
        let text =
            "<p>1</p>\n<blockquote><p>in it</p></blockquote>\n<p>2 <em>x</em></p>\n<div><p>in it</p></div>\n<p>3</p>\n";
        let ad = |after: u32| [(after, "<aside>A</aside>".to_owned())];
        assert!(after_paragraphs(text, &ad(2)).contains("<em>x</em></p><aside>A</aside>\n<div>"));
        assert!(after_paragraphs(text, &ad(3)).ends_with("<p>3</p><aside>A</aside>\n"));
        assert_eq!(after_paragraphs(text, &ad(4)), text);
    }
}
