//! `courant check --parity`: what became of each address of the old site, after a build.
//!
//! The addresses are those of an import's report, of a sitemap, or one a line. It looks only at the output folder,
//! as a host does.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use super::addresses::key;
use crate::config::Config;
use crate::diagnostic::{self, Diagnostic, Place};
use crate::pipeline::Failure;
use crate::site_path;

/// What became of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// A page or file is published at it.
    Same,
    /// It leads to one.
    Redirect,
    /// It is withheld, or was given up.
    Gone,
    /// Only a rule of the host can answer it, and no file here holds one.
    Host,
    /// Nothing answers it.
    Missing,
}

impl Class {
    /// What people read.
    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "the same",
            Self::Redirect => "lead on",
            Self::Gone => "gone by choice",
            Self::Host => "need a rule of the host",
            Self::Missing => "missing",
        }
    }
}

/// An old address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Address {
    /// As it was given.
    pub old: String,
    /// What became of it.
    pub class: Class,
}

/// Looks for each address of a list.
///
/// # Errors
/// The list cannot be read, or the site has not been built.
pub fn check(root: &Path, config: &Config, list: &Path) -> Result<Vec<Address>, Failure> {
    let name = list.display().to_string();
    let bytes = fs::read(list).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::IsADirectory => Failure::site(
            Diagnostic::error(format!("cannot read this list: {error}"))
                .at(Place::file(name.as_str()))
                .hint("name import-report.json, a sitemap, or a file with an address on each line"),
        ),
        _ => Failure::Machine(diagnostic::machine("read", &name, &error)),
    })?;
    let output = root.join(&config.settings.output);
    if !output.is_dir() {
        return Err(Failure::site(
            Diagnostic::error("the site has not been built yet")
                .at(Place::file(config.settings.output.as_str()))
                .hint("run `courant build` first"),
        ));
    }
    let text = String::from_utf8_lossy(&bytes);
    let listed = listed(&text);
    let rules = rules(&output, config);
    let mut found = Vec::with_capacity(listed.len());
    for (old, is_gone) in listed {
        let class = class_of(&old, is_gone, &output, config, &rules);
        found.push(Address { old, class });
    }
    Ok(found)
}

/// The addresses of a list, and whether each was given up on purpose.
fn listed(text: &str) -> Vec<(String, bool)> {
    let mut all: BTreeMap<String, bool> = BTreeMap::new();
    let trimmed = text.trim_start_matches('\u{feff}').trim_start();
    if trimmed.starts_with('{')
        && let Ok(report) = serde_json::from_str::<Value>(trimmed)
    {
        let list = |key: &str| report[key].as_array().cloned().unwrap_or_default();
        for answer in list("addresses") {
            if let Some(old) = answer["old"].as_str() {
                all.insert(old.to_owned(), answer["how"] == "gone");
            }
        }
        for item in list("items") {
            let is_gone = item["new"].is_null();
            if let Some(old) = item["old"].as_str().filter(|old| !old.is_empty()) {
                all.insert(old.to_owned(), is_gone);
            }
        }
    } else if trimmed.starts_with('<') {
        for part in trimmed.split("<loc>").skip(1) {
            let address =
                html_escape::decode_html_entities(part.split("</loc>").next().unwrap_or_default().trim()).into_owned();
            all.insert(address.trim_start_matches("<![CDATA[").trim_end_matches("]]>").to_owned(), false);
        }
    } else {
        for line in trimmed.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            all.insert(line.split_whitespace().next().unwrap_or_default().to_owned(), false);
        }
    }
    all.into_iter().collect()
}

/// The paths that `_redirects` of the output answers, below that of the site; and beginnings of those with a `*`.
fn rules(output: &Path, config: &Config) -> Vec<String> {
    let text = fs::read_to_string(output.join("_redirects")).unwrap_or_default();
    let rules = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut words = line.split_whitespace();
        let from = below(config, words.next()?);
        // Netlify writes parameters behind the path: `/ p=12 /new/`.
        let query: Vec<&str> =
            words.clone().take_while(|word| !word.starts_with('/') && !word.contains("://")).collect();
        words.nth(query.len())?;
        Some(if query.is_empty() { from.to_owned() } else { format!("{from}?{}", query.join("&")) })
    });
    rules.collect()
}

/// A path without that of the site.
fn below<'p>(config: &Config, path: &'p str) -> &'p str {
    let base = config.base_path.trim_end_matches('/');
    path.strip_prefix(base).filter(|rest| rest.starts_with('/')).unwrap_or(path)
}

fn class_of(old: &str, is_gone: bool, output: &Path, config: &Config, rules: &[String]) -> Class {
    let path = old.split_once("://").map_or(old, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
    let path = below(config, path.split('#').next().unwrap_or_default());
    let has_rule = || {
        rules.iter().any(|rule| match rule.strip_suffix('*') {
            Some(start) => path.starts_with(start),
            None => rule == path || !rule.contains('?') && !path.contains('?') && key(rule) == key(path),
        })
    };
    if path.contains('?') {
        return match () {
            () if has_rule() => Class::Redirect,
            () if is_gone => Class::Gone,
            () => Class::Host,
        };
    }
    if let Some(class) = published(output, path, config, 0) {
        return class;
    }
    match () {
        () if has_rule() => Class::Redirect,
        () if is_gone => Class::Gone,
        // Feeds are asked for by programs, which read no page that leads on.
        () if path.trim_end_matches('/').ends_with("/feed") || path.contains("/feed/") => Class::Host,
        () => Class::Missing,
    }
}

/// What the output folder has at a path; redirects are followed.
fn published(output: &Path, path: &str, config: &Config, depth: usize) -> Option<Class> {
    let decoded = site_path::decode(path).ok()?;
    let plain = decoded.trim_start_matches('/');
    let candidates = [
        plain.to_owned(),
        site_path::output_path(&format!("/{}/", plain.trim_end_matches('/'))),
        format!("{plain}.html"),
    ];
    let file = candidates
        .iter()
        .filter(|path| !path.is_empty())
        .filter_map(|path| super::place::below(output, path))
        .find(|file| file.is_file())?;
    if file.extension().is_none_or(|ending| ending != "html" && ending != "htm") {
        return Some(Class::Same);
    }
    let html = fs::read_to_string(&file).ok()?;
    let head = &html[..html.floor_char_boundary(4096)];
    let Some((_, behind)) = head.split_once("http-equiv=\"refresh\" content=\"") else { return Some(Class::Same) };
    let to = behind.split('"').next()?.split_once("url=")?.1;
    let to = html_escape::decode_html_entities(to);
    if to.contains("://") {
        return Some(Class::Redirect);
    }
    // A redirect that leads nowhere answers nothing.
    let to = below(config, to.split(['?', '#']).next().unwrap_or_default());
    (depth < 8).then(|| published(output, to, config, depth + 1)).flatten().map(|_| Class::Redirect)
}
