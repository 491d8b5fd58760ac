//! What pages say that the whole site must know before the first is written: entries of the menu, and which other
//! pages are withheld with them. And what the configuration says of pages: defaults of Jekyll, addresses of Hugo.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use serde_json::{Map, Value, json};

use super::Found;
use super::dates::Dates;
use super::left::cascades;
use super::settings::{Settings, parsed};
use crate::article::slug::is_mark;
use crate::article::time::{Timestamp, date_in_name};
use crate::config::Slugs;
use crate::import::{Door, encoding};
use crate::source_name::is_markdown_name;

/// What is known of all pages.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// Entries of the main menu, as Hugo's configuration has them.
    pub(super) menu: Vec<Value>,
    /// Addresses of pages of Hugo, by the paths of their files without `content/` and endings.
    addresses: BTreeMap<String, String>,
    /// Patterns of pages that a `cascade` of a section withholds.
    pub(super) withheld: Vec<String>,
    /// Files whose `cascade` is read here, for the build does not.
    pub(super) cascading: BTreeSet<String>,
    /// Of Jekyll: paths, types and values that pages have unless they say otherwise.
    defaults: Vec<(String, String, Map<String, Value>)>,
}

impl Pages {
    pub(super) fn of(door: Door, root: &Path, files: &[Found], settings: &Settings, dates: &Dates) -> Self {
        let mut this = Self::default();
        match door {
            Door::Hugo => this.read_hugo(root, files, settings, dates),
            Door::Jekyll => this.read_jekyll(root, settings),
            _ => {}
        }
        this
    }

    fn read_hugo(&mut self, root: &Path, files: &[Found], settings: &Settings, dates: &Dates) {
        let known = files.iter().filter_map(|file| Some((file.path.as_ref()?, &*file.there)));
        for (path, there) in known.filter(|(path, _)| path.starts_with("content/") && is_markdown_name(path)) {
            let Some(head) = read(root, there).and_then(|text| head(&text)) else { continue };
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let is_of_section = path.rsplit('/').next().is_some_and(|name| name.starts_with("_index."));
            if is_of_section && let Some(cascade) = head.get("cascade") {
                let (targeted, whole): (Vec<String>, Vec<String>) =
                    cascades(Some(cascade), dates.names()).into_iter().partition(|one| !one.is_empty());
                let has_target = |one: &Value| one.get("_target").or_else(|| one.get("target")).is_some();
                let is_targeted = match cascade {
                    Value::Array(all) => all.iter().any(has_target),
                    one => has_target(one),
                };
                // The build reads no targets, and no keys that only this site has.
                if (is_targeted || dates.are_in(cascade)) && !(targeted.is_empty() && whole.is_empty()) {
                    // Without a path it means some pages below; which ones is not read, so all are withheld.
                    self.withheld.extend(targeted);
                    self.withheld.extend((!whole.is_empty()).then(|| folder.to_owned()));
                    self.cascading.insert(path.clone());
                }
            }
            let address = address_in_menu(settings, dates, (path, &root.join(there)), &head);
            self.addresses.insert(name_of(path).to_owned(), address.clone());
            self.add_menu(address, &head);
        }
    }

    /// The entries of the main menu that a page of Hugo makes of itself.
    fn add_menu(&mut self, address: String, head: &Map<String, Value>) {
        let Some(menu) = head.get("menu").or_else(|| head.get("menus")) else { return };
        let said = match menu {
            Value::String(name) if name == "main" => json!({}),
            Value::Array(names) if names.iter().any(|name| name == "main") => json!({}),
            Value::Object(menus) => match menus.get("main") {
                Some(entry) => entry.clone(),
                None => return,
            },
            _ => return,
        };
        let text = |key: &str| head.get(key).and_then(Value::as_str).map(str::to_owned);
        let mut entry = json!({
            "name": text("linkTitle").or_else(|| text("title")),
            "url": address,
            "weight": head.get("weight").cloned().unwrap_or_default(),
        });
        if let (Some(entry), Some(said)) = (entry.as_object_mut(), said.as_object()) {
            entry.extend(said.clone());
        }
        self.menu.push(entry);
    }

    /// The address of the page that an entry of a menu names; nothing for none.
    pub(super) fn address(&self, page: &str) -> String {
        let known = self.addresses.get(page.trim_matches('/')).cloned();
        known.unwrap_or_else(|| page.to_owned())
    }

    fn read_jekyll(&mut self, root: &Path, settings: &Settings) {
        for one in settings.map.get("defaults").and_then(Value::as_array).into_iter().flatten() {
            let text = |key: &str| one["scope"][key].as_str().unwrap_or_default().trim_matches('/').to_owned();
            if let Some(values) = one["values"].as_object() {
                self.defaults.push((text("path"), text("type"), values.clone()));
            }
        }
        // The longer path counts more.
        self.defaults.sort_by_key(|(path, ..)| path.len());
        let names = ["_data/navigation.yml", "_data/navigation.yaml"];
        let navigation = names.iter().find_map(|name| Some((name, read(root, name)?)));
        if let Some((name, text)) = navigation
            && let Ok(Some(node)) = parsed(name, &text)
        {
            let all = crate::article::json(&node);
            let main = all.get("main").unwrap_or(&all).as_array().cloned().unwrap_or_default();
            for entry in main {
                let children = entry.get("children").or_else(|| entry.get("sublinks")).and_then(Value::as_array);
                let title = entry.get("title").cloned().unwrap_or_default();
                let children: Vec<Value> = children.into_iter().flatten().cloned().collect();
                self.menu.push(entry);
                for mut child in children {
                    child["parent"] = title.clone();
                    self.menu.push(child);
                }
            }
        }
        for name in settings.map.get("header_pages").and_then(Value::as_array).into_iter().flatten() {
            let Some(name) = name.as_str() else { continue };
            let Some(head) = read(root, name).and_then(|text| head(&text)) else { continue };
            let text = |key: &str| head.get(key).and_then(Value::as_str).map(str::to_owned);
            let url = text("permalink").unwrap_or_else(|| page_of_jekyll(settings, name));
            self.menu.push(json!({ "title": text("title"), "url": url }));
        }
    }

    /// What a page of Jekyll has by the defaults of its site, and does not say itself.
    pub(super) fn defaults_of(&self, path: &str, text: &str) -> Map<String, Value> {
        const KEYS: [&str; 9] =
            ["author", "authors", "category", "categories", "tags", "image", "permalink", "description", "comments"];
        let own = if self.defaults.is_empty() { return Map::new() } else { head(text).unwrap_or_default() };
        let kind = match path {
            path if path.split('/').any(|part| part == "_posts") => "posts",
            path if path.split('/').any(|part| part == "_drafts") => "drafts",
            path if path.starts_with('_') => path.split('/').next().unwrap_or_default().trim_start_matches('_'),
            _ => "pages",
        };
        let is_meant = |scope: &str, of: &str| {
            let is_within = scope.is_empty()
                || path.strip_prefix(scope).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            is_within && (of.is_empty() || of == kind || kind == "drafts" && of == "posts")
        };
        let mut given = Map::new();
        for (_, _, values) in self.defaults.iter().filter(|(scope, of, _)| is_meant(scope, of)) {
            let values = values.iter().filter(|(key, _)| KEYS.contains(&key.as_str()));
            given.extend(values.map(|(key, value)| (key.clone(), value.clone())));
        }
        let says = |key: &str| own.keys().any(|known| known.trim_end_matches('s') == key.trim_end_matches('s'));
        given.retain(|key, _| {
            !(says(key) || key.starts_with("categor") && own.keys().any(|own| own.starts_with("categor")))
        });
        given
    }
}

/// The address of a page of Jekyll that gives none: with the ending of its file, unless addresses of the site end with
/// a slash.
pub(super) fn page_of_jekyll(settings: &Settings, path: &str) -> String {
    let style = settings.text(&["permalink"]);
    let is_pretty = style == "pretty" || style.ends_with('/');
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    match stem.strip_suffix("index").filter(|folder| folder.is_empty() || folder.ends_with('/')) {
        Some(folder) => crate::site_path::page_path(folder),
        None if is_pretty => crate::site_path::page_path(&format!("{stem}/")),
        None => format!("/{stem}.html"),
    }
}

/// A pattern of Jekyll with the name of a post in it, which keeps its case: what it says, or what its file is called
/// behind the day. None if the pattern has no place for it, or if `slug` is the same.
pub(super) fn named_by_jekyll(pattern: &str, path: &str, head: &Map<String, Value>, slug: &str) -> Option<String> {
    const CATEGORIES: &str = ":slugified_categories";
    let file = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(stem, _)| stem)?;
    let name = head.get("slug").and_then(Value::as_str).or_else(|| file.splitn(4, '-').nth(3))?;
    let (title, own) = (slug_of_jekyll(name, true), slug_of_jekyll(name, false));
    if title == slug && own == slug {
        return None;
    }
    // Only the name of the categories begins like that of the slug.
    let parts = pattern.split(CATEGORIES).map(|part| part.replace(":title", &title).replace(":slug", &own));
    let filled = parts.collect::<Vec<String>>().join(CATEGORIES);
    (filled != pattern).then_some(filled)
}

/// A name as Jekyll makes an address of it: as a title, with its case and some signs, or as a slug.
pub(super) fn slug_of_jekyll(name: &str, is_title: bool) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            _ if is_title && "._~!$&'()+,;=@".contains(c) => slug.push(c),
            _ if c.is_alphanumeric() && is_title => slug.push(c),
            _ if c.is_alphanumeric() => slug.extend(c.to_lowercase()),
            _ if !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    let slug = slug.strip_prefix('-').unwrap_or(&slug);
    slug.strip_suffix('-').unwrap_or(slug).to_owned()
}

/// The day, or moment, at the beginning of a name as Zola reads it, and what stands behind it.
pub(super) fn moment_in_name(name: &str) -> Option<(&str, &str)> {
    let (_, rest) = date_in_name(name)?;
    let Some(time) = rest.strip_prefix('T') else { return Some((&name[..10.min(name.len())], rest)) };
    let time = time.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | '.'));
    let behind =
        time.strip_prefix('Z').or_else(|| time.get("+00:00".len()..).filter(|_| time.starts_with(['+', '-'])))?;
    let moment = &name[..name.len() - behind.len()];
    let rest = behind.strip_prefix(' ').unwrap_or(behind).strip_prefix(['-', '_'])?;
    moment.parse::<jiff::Timestamp>().is_ok().then_some((moment, rest))
}

/// A name as Zola makes an address of it.
pub(super) fn slug_of_zola(name: &str, settings: &Settings) -> String {
    match &*settings.text(&["slugify.paths"]) {
        "off" => name.to_owned(),
        "safe" => name.replace(|c: char| "<>:\"/\\|?*#()[]{}\n\r\t".contains(c), "").trim().replace(' ', "_"),
        _ => crate::article::slug::slugify(&name.replace(['_', '\'', '’'], "-"), Slugs::Transliterate),
    }
}

/// A name, title or path as Hugo makes an address of it (`paths.Sanitize`).
pub(super) fn slug_of_hugo(name: &str, settings: &Settings) -> String {
    let mut name = name.to_owned();
    if settings.is_set("removePathAccents") {
        let apart = DecomposingNormalizerBorrowed::new_nfd().normalize(&name).into_owned();
        let plain: String = apart.chars().filter(|c| !is_mark(*c)).collect();
        name = ComposingNormalizerBorrowed::new_nfc().normalize(&plain).into_owned();
    }
    let mut slug = String::with_capacity(name.len());
    let mut is_behind_blank = false;
    for c in name.chars() {
        if c.is_alphanumeric() || is_mark(c) || "._#+~-@/".contains(c) {
            if std::mem::take(&mut is_behind_blank) && c != '-' {
                slug.push('-');
            }
            slug.push(c);
        } else if c.is_whitespace() && !slug.is_empty() && !slug.ends_with('-') {
            is_behind_blank = true;
        }
    }
    let slug = if settings.is_set("disablePathToLower") { slug } else { slug.to_lowercase() };
    slug.replace('#', "%23")
}

/// The address that Hugo gives a page which does not say it: by the pattern of its section, else by its path. `file` is
/// where it is.
pub(super) fn address_of_hugo(
    settings: &Settings,
    dates: &Dates,
    (path, file): (&str, &Path),
    head: &Map<String, Value>,
    day: Option<(i16, i8, i8)>,
) -> Option<String> {
    let inside = path.strip_prefix("content/")?;
    let (folder, file_name) = inside.rsplit_once('/').unwrap_or(("", inside));
    let mut folders: Vec<&str> = folder.split('/').filter(|folder| !folder.is_empty()).collect();
    let mut name = stem_of_hugo(file_name, settings);
    if name == "_index" {
        return Some(crate::site_path::page_path(&format!("{}/", slug_of_hugo(folder, settings))));
    }
    if name == "index" {
        name = folders.pop()?;
    }
    if let Some((_, rest)) = date_in_name(name).filter(|_| dates.are_of_name(head, file)) {
        name = rest;
    }
    let text = |key: &str| head.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    let (slug, title) = (text("slug"), text("title").unwrap_or(name));
    let by_path = || format!("{}/{}/", folders.join("/"), slug.unwrap_or(name));
    let address = by_pattern(settings, &folders, day, [name, title, slug.unwrap_or(name), slug.unwrap_or(title)]);
    let address = slug_of_hugo(&address.unwrap_or_else(by_path), settings);
    let section = folders.first().copied().unwrap_or_default();
    let is_ugly = match settings.get("uglyURLs") {
        Some(Value::Object(sections)) => sections.get(section) == Some(&Value::Bool(true)),
        other => other == Some(&Value::Bool(true)),
    };
    let address = if is_ugly { format!("{}.html", address.trim_end_matches('/')) } else { address };
    Some(crate::site_path::page_path(&format!("/{}", address.trim_start_matches('/'))))
}

/// The pattern of a section of Hugo, filled: with the name of a file, its title, its slug or name, and its slug or title.
/// None without one, or where the pattern has something that is not known here.
fn by_pattern(
    settings: &Settings,
    folders: &[&str],
    day: Option<(i16, i8, i8)>,
    [name, title, slug_or_name, slug_or_title]: [&str; 4],
) -> Option<String> {
    let section = *folders.first()?;
    let all = settings.get("permalinks")?;
    let pattern = all.get("page").and_then(|pages| pages.get(section)).or_else(|| all.get(section))?.as_str()?;
    // A page without a date is of the first day that there is, for Hugo.
    let (year, month, day) = day.unwrap_or((1, 1, 1));
    let date = jiff::civil::Date::new(year, month, day).ok()?;
    let dated = |format: &str| date.strftime(format).to_string();
    // A value of a part of the path has no slash.
    let part = |text: &str| text.replace('/', "-");
    let mut address = pattern.to_owned();
    // Longer names first: one may begin with another.
    for (theirs, value) in [
        (":slugorcontentbasename", part(slug_or_name)),
        (":slugorfilename", part(slug_or_name)),
        (":contentbasename", part(name)),
        (":filename", part(name)),
        (":sections", folders.join("/")),
        (":section", section.to_owned()),
        (":yearday", date.day_of_year().to_string()),
        (":year", dated("%Y")),
        (":monthname", dated("%B")),
        (":month", dated("%m")),
        (":weekdayname", dated("%A")),
        (":weekday", dated("%w")),
        (":day", dated("%d")),
        (":title", part(title)),
        (":slug", part(slug_or_title)),
    ] {
        address = address.replace(theirs, &value.replace(':', ""));
    }
    (!address.contains(':')).then_some(address)
}

/// The name of a file of Hugo without its ending and its language.
fn stem_of_hugo<'n>(file: &'n str, settings: &Settings) -> &'n str {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let languages = settings.get("languages").and_then(Value::as_object);
    let is_language = |tag: &str| {
        languages.is_some_and(|all| all.keys().any(|known| known.eq_ignore_ascii_case(tag)))
            || settings.text(&["defaultContentLanguage"]).eq_ignore_ascii_case(tag)
    };
    stem.rsplit_once('.').filter(|(_, tag)| is_language(tag)).map_or(stem, |(stem, _)| stem)
}

/// The path of a file of Hugo as links of menus name it.
fn name_of(path: &str) -> &str {
    let path = path.trim_start_matches("content/");
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let folder = ["_index", "index"].iter().find_map(|name| stem.strip_suffix(name));
    folder.filter(|folder| folder.is_empty() || folder.ends_with('/')).unwrap_or(stem).trim_matches('/')
}

/// The address of a page of Hugo, known before its text is read.
fn address_in_menu(settings: &Settings, dates: &Dates, from: (&str, &Path), head: &Map<String, Value>) -> String {
    let text = |key: &str| head.get(key).and_then(Value::as_str);
    if let Some(url) = text("url") {
        return if url.contains("//") { url.to_owned() } else { format!("/{}", url.trim_start_matches('/')) };
    }
    let zone = jiff::tz::TimeZone::get(&settings.text(&["timeZone"])).unwrap_or(jiff::tz::TimeZone::UTC);
    let date = ["date", "publishDate", "lastmod"].iter().find_map(|key| Timestamp::parse(text(key)?, &zone).ok());
    address_of_hugo(settings, dates, from, head, date.map(|date| date.day(&zone))).unwrap_or_default()
}

fn read(root: &Path, path: &str) -> Option<String> {
    let bytes = std::fs::read(root.join(path)).ok()?;
    Some(encoding::text(&bytes).0)
}

/// The front matter of a text, and nothing where it cannot be read: the build says so.
pub(super) fn head(text: &str) -> Option<Map<String, Value>> {
    let text = text.trim_start_matches('\u{feff}');
    let (name, head) = match text.get(..3)? {
        json if json.starts_with('{') => ("head.json", text),
        "---" => ("head.yaml", text[3..].split("\n---").next()?),
        "+++" => ("head.toml", text[3..].split("\n+++").next()?),
        _ => return None,
    };
    let node = parsed(name, head).ok()??;
    match crate::article::json(&node) {
        Value::Object(map) => Some(map),
        _ => None,
    }
}
