//! The configuration of Jekyll, Hugo and Zola, and what of it stands in `site.yaml`.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::pages::Pages;
use crate::import::{Door, Options};
use crate::pipeline::Failure;
use crate::yaml::{self, Node};

/// What the configuration of the old site says.
#[derive(Debug, Default)]
pub(super) struct Settings {
    pub(super) map: Map<String, Value>,
}

impl Settings {
    /// Reads the configuration of a tool; none if there is none.
    pub(super) fn read(door: Door, root: &Path) -> Result<Option<Self>, Failure> {
        const ENDINGS: [&str; 4] = ["toml", "yaml", "yml", "json"];
        let names: Vec<String> = match door {
            Door::Jekyll => ["yml", "yaml", "toml"].map(|ending| format!("_config.{ending}")).into(),
            Door::Hugo => HUGO_NAMES.iter().flat_map(|name| ENDINGS.map(|ending| format!("{name}.{ending}"))).collect(),
            _ => ["zola.toml", "config.toml"].map(str::to_owned).into(),
        };
        let mut this = Self::default();
        let mut is_there = match names.iter().find(|name| root.join(name).is_file()) {
            Some(name) => this.add(root, name, &[])?,
            None => false,
        };
        // It is published as of the environment `production`, whose settings come last.
        for folder in ["config/_default", "config/production"].iter().filter(|_| door == Door::Hugo) {
            let all = fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
            let mut names: Vec<String> = all.filter_map(|entry| entry.file_name().into_string().ok()).collect();
            names.sort();
            for name in names {
                let stem = name.rsplit_once('.').map_or(&*name, |(stem, _)| stem);
                let within = match stem.split_once('.') {
                    _ if HUGO_NAMES.contains(&stem) => vec![],
                    // `menus.de.toml` is about a language.
                    Some((key, language)) => vec!["languages", language, key],
                    None => vec![stem],
                };
                is_there |= this.add(root, &format!("{folder}/{name}"), &within)?;
            }
        }
        Ok(is_there.then_some(this))
    }

    /// Adds a file, `within` some maps; it counts more than what is there. Whether it is one.
    fn add(&mut self, root: &Path, name: &str, within: &[&str]) -> Result<bool, Failure> {
        let Ok(text) = fs::read_to_string(root.join(name)) else { return Ok(false) };
        let Some(node) = parsed(name, &text)? else { return Ok(false) };
        let value = within.iter().rev().fold(crate::article::json(&node), |value, key| json!({ *key: value }));
        if let Value::Object(map) = value {
            merge(&mut self.map, map);
        }
        Ok(true)
    }

    /// The value of a key, in whatever case: Hugo does not tell them apart.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        in_any_case(&self.map, key)
    }

    /// A text under one of some keys; a dot leads into a map.
    pub(super) fn text(&self, keys: &[&str]) -> String {
        keys.iter().find_map(|key| self.find(key)?.as_str()).map(str::to_owned).unwrap_or_default()
    }

    /// Whether a key is on; a dot leads into a map.
    pub(super) fn is_set(&self, key: &str) -> bool {
        self.find(key).is_some_and(|value| value == true)
    }

    fn find(&self, key: &str) -> Option<&Value> {
        let mut parts = key.split('.');
        let first = self.get(parts.next()?)?;
        parts.try_fold(first, |value, part| in_any_case(value.as_object()?, part))
    }
}

/// What files of Hugo are called that hold its whole configuration.
const HUGO_NAMES: [&str; 2] = ["hugo", "config"];

/// The value of a key, in whatever case.
pub(super) fn in_any_case<'m>(map: &'m Map<String, Value>, key: &str) -> Option<&'m Value> {
    let other = || map.iter().find(|(other, _)| other.eq_ignore_ascii_case(key)).map(|(_, value)| value);
    map.get(key).or_else(other)
}

/// Adds a map to another one, whose values give way; maps within are added likewise.
fn merge(map: &mut Map<String, Value>, more: Map<String, Value>) {
    for (key, value) in more {
        let known = map.keys().find(|known| known.eq_ignore_ascii_case(&key)).cloned().unwrap_or(key);
        match (map.get_mut(&known), value) {
            (Some(Value::Object(old)), Value::Object(new)) => merge(old, new),
            (_, value) => _ = map.insert(known, value),
        }
    }
}

/// The texts of a list, or the one that stands instead of it.
pub(super) fn list(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::String(one) => vec![one.clone()],
        _ => Vec::new(),
    }
}

/// A file of a configuration; none if its name says that it is something else.
pub(super) fn parsed(name: &str, text: &str) -> Result<Option<Node>, Failure> {
    let parsed = match name.rsplit('.').next() {
        Some("toml") => Node::parse_toml(text, 0),
        Some("json") => Node::parse_json(text, 0).map(|(node, _)| node),
        Some("yaml" | "yml") => Node::parse(text, 0),
        _ => return Ok(None),
    };
    parsed.map(Some).map_err(|error| Failure::site(error.diagnostic(name, text)))
}

/// How articles are addressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    /// By one pattern of ours.
    Site(String),
    /// By one of Jekyll, which each article is given.
    Each(String),
    /// By their path, as Hugo and Zola do it.
    Path,
}

pub(super) fn pattern(door: Door, settings: &Settings) -> Pattern {
    let ours = |pattern: &str| {
        let mut pattern = pattern.to_owned();
        for (theirs, ours) in [
            (":year", "{yyyy}"),
            (":month", "{mm}"),
            (":day", "{dd}"),
            (":title", "{slug}"),
            (":slug", "{slug}"),
            (":contentbasename", "{slug}"),
            (":filename", "{slug}"),
            (":section", "{section}"),
            (":output_ext", ".html"),
        ] {
            pattern = pattern.replace(theirs, ours);
        }
        (pattern.starts_with('/') && pattern.contains("{slug}") && !pattern.contains(':')).then_some(pattern)
    };
    match door {
        Door::Jekyll => {
            let given = settings.text(&["permalink"]);
            let given = if given.is_empty() { "date".to_owned() } else { given };
            ours(&given).map_or(Pattern::Each(given), Pattern::Site)
        }
        Door::Hugo => {
            let of = |section: &str| {
                [format!("permalinks.page.{section}"), format!("permalinks.{section}")]
                    .into_iter()
                    .map(|key| settings.text(&[&key]))
                    .find(|text| !text.is_empty())
            };
            ["posts", "post", "blog", "news", "articles"]
                .iter()
                .find_map(|section| of(section))
                .and_then(|given| ours(&given))
                .map_or(Pattern::Path, Pattern::Site)
        }
        _ => Pattern::Path,
    }
}

/// The text of `site.yaml`.
pub(super) fn site_yaml(
    door: Door,
    settings: &Settings,
    pattern: &Pattern,
    pages: &Pages,
    options: &Options,
) -> String {
    let mut map = Map::new();
    let mut insert = |key: &str, text: String| {
        if !text.trim().is_empty() {
            map.insert(key.to_owned(), text.into());
        }
    };
    insert("title", settings.text(&["title", "name"]));
    insert("description", settings.text(&["description", "params.description", "tagline"]));
    let base = settings.text(&["url", "baseURL", "baseurl", "base_url"]);
    let below = if door == Door::Jekyll { settings.text(&["baseurl"]) } else { String::new() };
    let base = if base.starts_with("http") { format!("{}{below}", base.trim_end_matches('/')) } else { String::new() };
    insert("base_url", base.trim_end_matches('/').to_owned());
    let languages = Languages::of(door, settings);
    insert("language", languages.own.clone());
    let zone = options.timezone.clone().unwrap_or_else(|| settings.text(&["timezone", "timeZone"]));
    insert("timezone", if jiff::tz::TimeZone::get(&zone).is_ok() { zone } else { String::new() });
    if let Pattern::Site(pattern) = pattern {
        insert("permalink", pattern.clone());
    }
    // Terms have slugs of their own in Zola, and pages are given theirs.
    let has_plain_slugs = matches!(&*settings.text(&["slugify.taxonomies"]), "" | "on");
    if door == Door::Hugo || door == Door::Zola && !has_plain_slugs {
        insert("slugs", "keep".into());
    }
    if !languages.others.is_empty() {
        let mut all = Map::from_iter([(languages.own.clone(), json!({}))]);
        for (tag, title) in &languages.others {
            let title = Some(title).filter(|title| !title.is_empty());
            all.insert(tag.clone(), title.map_or_else(|| json!({}), |title| json!({ "title": title })));
        }
        map.insert("languages".into(), all.into());
    }
    if sets_quotes(door, settings) {
        map.insert("markdown".into(), json!({ "smart_punctuation": true }));
    }
    let menu = menu(settings, &languages.main, pages);
    if !menu.is_empty() {
        map.insert("menu".into(), menu.into());
    }
    yaml::to_string(&map).unwrap_or_default()
}

/// Whether the tool of a site makes typographic quotes and dashes of plain ones.
fn sets_quotes(door: Door, settings: &Settings) -> bool {
    let has = |key: &str, wanted: &str| {
        settings.find(key).map(list).unwrap_or_default().iter().any(|one| one.eq_ignore_ascii_case(wanted))
    };
    match door {
        Door::Jekyll => match &*settings.text(&["markdown"]).to_lowercase() {
            "" | "kramdown" => !has("kramdown.gfm_quirks", "no_auto_typographic"),
            "redcarpet" => has("redcarpet.extensions", "smart"),
            _ => has("commonmark.options", "SMART"),
        },
        Door::Hugo => {
            const KEY: &str = "markup.goldmark.extensions.typographer";
            let is_off = settings.find(KEY) == Some(&Value::Bool(false)) || settings.is_set(&format!("{KEY}.disable"));
            !is_off
        }
        _ => settings.is_set("markdown.smart_punctuation"),
    }
}

/// The languages of a site: its own, and others with their titles.
#[derive(Debug, Default)]
pub(super) struct Languages {
    own: String,
    pub(super) others: Vec<(String, String)>,
    /// Folders of Hugo that hold the texts of a language, with its tag; that of the site's own is empty.
    pub(super) folders: Vec<(String, String)>,
    /// Tags of languages that are switched off.
    pub(super) disabled: Vec<String>,
    /// The tag of the site's own, as the configuration has it.
    main: String,
}

impl Languages {
    pub(super) fn of(door: Door, settings: &Settings) -> Self {
        let is_tag = |tag: &str| tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let given = ["lang", "locale", "languageCode", "defaultContentLanguage", "default_language"];
        let given = settings.text(&given).replace('_', "-");
        let given = if is_tag(&given) { given } else { String::new() };
        let all = settings.get("languages").and_then(Value::as_object).filter(|_| door != Door::Jekyll);
        let main = settings.text(&["defaultContentLanguage", "default_language"]);
        let main = if main.is_empty() { "en".to_owned() } else { main };
        let mut this = Self { own: given, main: main.clone(), ..Self::default() };
        this.disabled = settings.get("disableLanguages").map(list).unwrap_or_default();
        // The name of a file says the tag as the configuration has it.
        if all.is_some_and(|all| all.len() > usize::from(door == Door::Hugo)) {
            this.own.clone_from(&main);
        }
        for (tag, one) in all.into_iter().flatten().filter(|(tag, _)| is_tag(tag)) {
            let text =
                |key: &str| one.get(key).and_then(Value::as_str).unwrap_or_default().trim_matches('/').to_owned();
            let suffix = this.suffix(tag);
            let is = |key: &str| one.get(key).is_some_and(|value| value == true || value == "true");
            if is("disabled") && !suffix.is_empty() {
                this.disabled.push(tag.clone());
            }
            let folder = if text("contentDir").is_empty() { text("contentdir") } else { text("contentDir") };
            if !folder.is_empty() {
                this.folders.push((format!("{folder}/"), suffix.clone()));
            }
            if this.disabled.contains(&suffix) {
                continue;
            }
            if !suffix.is_empty() {
                this.others.push((suffix, text("title")));
            }
        }
        this
    }

    /// What stands in the name of a file for a language; nothing for the site's own.
    pub(super) fn suffix(&self, tag: &str) -> String {
        if tag == self.main { String::new() } else { tag.to_owned() }
    }
}

/// The main menu: that of the configuration, and what pages say of themselves.
fn menu(settings: &Settings, language: &str, pages: &Pages) -> Vec<Value> {
    struct Entry {
        weight: i64,
        id: String,
        parent: String,
        title: String,
        url: String,
    }
    let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
    let of_language = |key: &str| settings.find(&format!("languages.{language}.{key}"));
    let menus = ["menus", "menu"].into_iter().find_map(|key| settings.get(key).or_else(|| of_language(key)));
    let main = menus.and_then(|menus| menus.get("main"));
    // Themes of Zola have theirs under names of their own.
    let extra = settings.map.get("extra").and_then(Value::as_object);
    let of_themes = extra.into_iter().flatten().filter(|(key, _)| key.contains("menu")).map(|(_, value)| value);
    let all = [main, settings.map.get("navigation")].into_iter().flatten().chain(of_themes);
    let mut entries: Vec<Entry> = Vec::new();
    for entry in all.flat_map(|value| list(Some(value))).chain(pages.menu.iter().cloned()) {
        let text = |keys: &[&str]| keys.iter().find_map(|key| entry.get(*key)?.as_str()).unwrap_or_default().to_owned();
        let (title, url) = (text(&["name", "title"]), text(&["url", "link"]).replace("$BASE_URL", ""));
        let url = if url.is_empty() { pages.address(&text(&["pageRef"])) } else { url };
        let url = if url.is_empty() { "/".to_owned() } else { url };
        let is_link = url.starts_with('/') || url.starts_with("http");
        let is_double = entries.iter().any(|other| other.url.trim_matches('/') == url.trim_matches('/'));
        if !title.is_empty() && is_link && !is_double {
            let weight = entry.get("weight").and_then(Value::as_i64).unwrap_or_default();
            let id = text(&["identifier", "name", "title"]);
            entries.push(Entry { weight, id, parent: text(&["parent"]), title, url });
        }
    }
    entries.sort_by_key(|entry| entry.weight);
    let of = |entry: &Entry| json!({ "title": entry.title, "url": entry.url });
    let is_top = |entry: &Entry| !entries.iter().any(|other| other.id == entry.parent && other.id != entry.id);
    let tops = entries.iter().filter(|entry| entry.parent.is_empty() || is_top(entry));
    let with_children = tops.map(|top| {
        let mut made = of(top);
        let children =
            entries.iter().filter(|entry| !entry.parent.is_empty() && entry.parent == top.id && !is_top(entry));
        let children: Vec<Value> = children.map(of).collect();
        if !children.is_empty() {
            made["children"] = children.into();
        }
        made
    });
    with_children.collect()
}
