//! Front matter of articles, pages and profiles. The YAML library writes it.

use rustc_hash::FxHashSet;
use serde_json::{Map, Value, json};

use super::Writer;
use crate::article::time::Timestamp;
use crate::comments::import as comments;
use crate::import::Visibility;
use crate::import::addresses::Links;
use crate::import::body;
use crate::import::item::{Author, Correction, Item};
use crate::import::plan::Head;
use crate::text::plain_line;
use crate::yaml;

/// The most tags, authors and corrections that an article may have.
const MOST_NAMES: usize = 250;

/// The longest name of a tag or author, in bytes.
const LONGEST: usize = 500;

impl Writer<'_> {
    pub(super) fn front_matter(
        &self,
        item: &Item,
        head: &Head,
        title: &str,
        remarks: &mut Vec<String>,
    ) -> Map<String, Value> {
        let links = &self.plan.addresses;
        let mut front = Map::new();
        front.insert("title".into(), title.into());
        let zone = &self.config.time_zone;
        let date = item.date.as_deref().filter(|date| Timestamp::parse(date, zone).is_ok());
        if !head.is_page || matches!(head.standing, Visibility::Embargoed) {
            insert(&mut front, "date", date.unwrap_or_default());
        }
        let updated = item
            .updated
            .as_deref()
            .filter(|updated| Timestamp::parse(updated, zone).is_ok_and(|updated| Some(updated) > head.date));
        insert(&mut front, "updated", updated.unwrap_or_default());
        insert(&mut front, "expires", item.expires.as_deref().unwrap_or_default());
        let names = |names: &[String]| {
            let mut seen = FxHashSet::default();
            let named = names.iter().map(|name| plain(name)).filter(|name| !name.is_empty() && name.len() <= LONGEST);
            named.filter(|name| seen.insert(name.to_lowercase())).take(MOST_NAMES).collect::<Vec<String>>()
        };
        for (what, all) in
            [("tags", item.tags.len()), ("authors", item.authors.len()), ("corrections", item.corrections.len())]
        {
            if all > MOST_NAMES {
                remarks.push(format!("of its {all} {what} the first {MOST_NAMES} are kept"));
            }
        }
        if item.tags.iter().chain(&item.authors).any(|name| plain(name).len() > LONGEST) {
            remarks.push(format!("a tag or author with a name of more than {LONGEST} bytes is left out"));
        }
        insert_names(&mut front, "authors", names(&item.authors), &self.has_authors);
        insert_names(&mut front, "tags", names(&item.tags), &FxHashSet::default());
        insert(&mut front, "series", plain(&item.series));
        insert(&mut front, "summary", plain(&item.summary));
        if let Some(image) = item.image.as_ref().filter(|image| !image.src.is_empty()) {
            let mut map = Map::new();
            insert(&mut map, "src", image.src.clone());
            insert(&mut map, "alt", plain(&image.alt));
            insert(&mut map, "caption", plain(&image.caption));
            insert(&mut map, "credit", plain(&image.credit));
            front.insert("image".into(), map.into());
        }
        if let Some(source) = item.source.as_ref().filter(|source| !source.name.is_empty()) {
            let mut map = Map::new();
            insert(&mut map, "name", plain(&source.name));
            insert(&mut map, "url", source.url.clone());
            front.insert("source".into(), map.into());
        }
        let corrections: Vec<Value> = item.corrections.iter().take(MOST_NAMES).map(correction).collect();
        if !corrections.is_empty() {
            front.insert("corrections".into(), corrections.into());
        }
        let canonical = links.own(&item.canonical).map_or_else(
            || item.canonical.clone(),
            |path| format!("{}{path}", self.config.base_url.trim_end_matches('/')),
        );
        let is_own = !item.canonical.is_empty() && links.own(&item.canonical).is_some();
        insert(&mut front, "canonical", if is_own { "" } else { &*canonical });
        if item.noindex {
            front.insert("noindex".into(), true.into());
        }
        insert(&mut front, "kind", item.kind.clone());
        if item.featured {
            front.insert("featured".into(), true.into());
        }
        if let Visibility::Draft(reason) = &head.standing {
            front.insert("draft".into(), true.into());
            front.insert("import_note".into(), format!("imported as a draft: {reason}").into());
        }
        insert_list(&mut front, "aliases", head.aliases.iter().cloned());
        if head.has_slug {
            front.insert("slug".into(), head.slug.clone().into());
        }
        if head.has_permalink {
            front.insert("permalink".into(), head.address.clone().into());
        }
        if item.comments_open == Some(false) && !head.is_page {
            front.insert("comments".into(), false.into());
        }
        insert(&mut front, "id", head.id.clone());
        if self.config.languages.iter().any(|language| language.tag.eq_ignore_ascii_case(&item.language))
            && self.config.is_multilingual()
        {
            insert(&mut front, "language", item.language.clone());
        }
        if !item.extra.is_empty() {
            front.insert("extra".into(), Value::Object(item.extra.clone()));
        }
        front
    }

    pub(super) fn profile(&self, author: &Author) -> String {
        let mut front = Map::new();
        front.insert(
            "name".into(),
            Some(plain(&author.name)).filter(|name| !name.is_empty()).unwrap_or_else(|| author.id.clone()).into(),
        );
        insert(&mut front, "role", plain(&author.role));
        insert(&mut front, "image", self.plan.addresses.media(&author.image));
        insert_list(&mut front, "links", author.links.iter().filter(|link| link.starts_with("http")).cloned());
        let text = body::compose(&author.biography, &[], &self.plan.addresses)
            .map(|composed| composed.markdown)
            .unwrap_or_default();
        with_front_matter(front, &text)
    }
}

/// Text or HTML as one line of text.
///
/// The build decodes entities once more, so what readers saw as one is written as `&amp;…`.
pub(super) fn plain(text: &str) -> String {
    let line = decoded(text);
    let has_entity = line.contains('&') && html_escape::decode_html_entities(&line) != line;
    if has_entity { line.replace('&', "&amp;") } else { line }
}

fn decoded(text: &str) -> String {
    if !text.contains('<') {
        return plain_line(text);
    }
    let mut line = String::new();
    for token in crate::html::tokens(&body::without_hidden(text)) {
        match token {
            crate::html::Token::Text(text) => line.push_str(&text),
            crate::html::Token::Start(name, _) | crate::html::Token::End(name)
                if !body::is_inline(&name) || *name == *"br" =>
            {
                line.push(' ')
            }
            _ => {}
        }
    }
    plain_line(&body::escaped(&line))
}

pub(super) fn insert(map: &mut Map<String, Value>, key: &str, text: impl Into<String>) {
    let text = text.into();
    if !text.is_empty() {
        map.insert(key.to_owned(), text.into());
    }
}

pub(super) fn insert_list(map: &mut Map<String, Value>, key: &str, list: impl Iterator<Item = String>) {
    let list: Vec<Value> = list.map(Value::from).collect();
    if !list.is_empty() {
        map.insert(key.to_owned(), list.into());
    }
}

/// Names as a list; one with a comma is a map, so nothing takes it for several.
pub(super) fn insert_names(map: &mut Map<String, Value>, key: &str, names: Vec<String>, ids: &FxHashSet<String>) {
    let value = |name: String| {
        if name.contains([',', ';']) && !ids.contains(&name) { json!({ "name": name }) } else { Value::from(name) }
    };
    let list: Vec<Value> = names.into_iter().map(value).collect();
    if !list.is_empty() {
        map.insert(key.to_owned(), list.into());
    }
}

pub(super) fn with_front_matter(front: Map<String, Value>, markdown: &str) -> String {
    let head = yaml::to_string(&front).unwrap_or_default();
    let body = crate::text::clean(markdown.trim_end());
    if body.is_empty() { format!("---\n{head}---\n") } else { format!("---\n{head}---\n\n{body}\n") }
}

fn correction(correction: &Correction) -> Value {
    let mut map = Map::new();
    insert(&mut map, "date", correction.date.clone());
    insert(&mut map, "text", comments::markdown(&correction.text));
    map.into()
}
