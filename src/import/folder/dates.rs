//! Which keys of front matter are dates for Hugo: its configuration lists them under `frontmatter`.
//!
//! The build knows the usual names. Here the names of one site become those, so that what is embargoed there, or has
//! expired, is not published here.

use std::path::Path;

use serde_json::{Map, Value};

use super::pages;
use super::settings::{Settings, in_any_case, list};
use crate::article::time::date_in_name;
use crate::import::Door;

/// What dates are called here, and where Hugo looks for them unless its configuration says otherwise.
const DEFAULTS: [(&str, &[&str]); 4] = [
    ("date", &["date", "publishdate", "pubdate", "published", "lastmod", "modified"]),
    ("lastmod", &[":git", "lastmod", "modified", "date", "publishdate", "pubdate", "published"]),
    ("publishDate", &["publishdate", "pubdate", "published", "date"]),
    ("expiryDate", &["expirydate", "unpublishdate"]),
];

/// Where a site looks for dates.
#[derive(Debug, Default)]
pub(super) struct Dates {
    /// The name of a date here, and its sources in small letters; the first one that a page has counts.
    sources: Vec<(&'static str, Vec<String>)>,
    /// Keys of front matter that withhold, and that only this site has.
    names: Vec<String>,
}

impl Dates {
    pub(super) fn of(door: Door, settings: &Settings) -> Self {
        let mut this = Self::default();
        let given = settings.get("frontmatter").and_then(Value::as_object).filter(|_| door == Door::Hugo);
        for (name, defaults) in DEFAULTS {
            let Some(given) = given.and_then(|given| in_any_case(given, name)) else { continue };
            let sources = list(given).into_iter().flat_map(|source| match &*source.to_lowercase() {
                ":default" => defaults.iter().map(|&source| source.to_owned()).collect(),
                source => vec![source.to_owned()],
            });
            let sources: Vec<String> = sources.collect();
            let is_known =
                |source: &str| source.starts_with(':') || DEFAULTS.iter().any(|(_, all)| all.contains(&source));
            if matches!(name, "publishDate" | "expiryDate") {
                this.names.extend(sources.iter().filter(|source| !is_known(source)).cloned());
            }
            this.sources.push((name, sources));
        }
        this
    }

    /// Keys that withhold here, and that no other site has.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether a value has one of these keys, however deep.
    pub(super) fn are_in(&self, value: &Value) -> bool {
        match value {
            Value::Object(map) => {
                map.iter().any(|(key, value)| self.names.contains(&key.to_lowercase()) || self.are_in(value))
            }
            Value::Array(list) => list.iter().any(|value| self.are_in(value)),
            _ => false,
        }
    }

    /// Whether a page has a date by the day in its name, which is no part of its address then.
    pub(super) fn are_of_name(&self, head: &Map<String, Value>, file: &Path) -> bool {
        let first =
            |sources: &Vec<String>| sources.iter().find(|source| value_of(source, head, file).is_some()).cloned();
        self.sources.iter().any(|(_, sources)| first(sources).is_some_and(|source| source == ":filename"))
    }

    /// The dates of a page under the names that they have here, where it has them under others.
    pub(super) fn of_page(&self, text: &str, file: &Path) -> Vec<(&'static str, Value)> {
        let head = if self.sources.is_empty() { return Vec::new() } else { pages::head(text).unwrap_or_default() };
        let found = |(name, sources): &(&'static str, Vec<String>)| {
            let (source, value) = sources.iter().find_map(|source| Some((source, value_of(source, &head, file)?)))?;
            (!source.eq_ignore_ascii_case(name)).then_some((*name, value))
        };
        self.sources.iter().filter_map(found).collect()
    }
}

/// What a source says of a page. The history of versions is not read.
fn value_of(source: &str, head: &Map<String, Value>, file: &Path) -> Option<Value> {
    match source {
        ":filename" => {
            let name = file.file_stem().filter(|name| *name != "index").or_else(|| file.parent()?.file_name())?;
            let (day, _) = date_in_name(name.to_str()?)?;
            Some(Value::from(day.to_string()))
        }
        ":filemodtime" => {
            let modified = std::fs::metadata(file).and_then(|metadata| metadata.modified()).ok()?;
            Some(Value::from(jiff::Timestamp::try_from(modified).ok()?.to_string()))
        }
        _ if source.starts_with(':') => None,
        key => {
            let deeper = || in_any_case(head.get("params")?.as_object()?, key);
            in_any_case(head, key).or_else(deeper).filter(|value| !value.is_null() && *value != "").cloned()
        }
    }
}
