//! The settings of a theme: which there are, what they may be, and what `site.yaml` makes of them.
//!
//! Not how a template uses them. The one idea: a setting has the type of its default, and `values` in theme.yaml
//! says what a type cannot, so a wrong value is an error where it was written, and no template has to look.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::manifest::Manifest;
use crate::config::{self, Config, nested_place, read_regular};
use crate::diagnostic::{Diagnostic, did_you_mean};

/// What a setting may be, beyond the type of its default.
///
/// Among the values of a list, and in place of one, `colour` stands for any colour such as `#0b6e4f`, and `file` for
/// the path of a file of `static/` or `content/`. An empty text is always allowed where the default is one.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Values {
    /// One word.
    One(String),
    /// Any of these.
    Several(Vec<String>),
}

/// Any colour, in hexadecimal digits.
const COLOUR: &str = "colour";

/// The path of a file that is published.
const FILE: &str = "file";

impl Values {
    fn words(&self) -> &[String] {
        match self {
            Self::One(word) => std::slice::from_ref(word),
            Self::Several(words) => words,
        }
    }
}

/// The manifest of a layer of a theme, and where it was read.
#[derive(Debug)]
pub struct Layer {
    /// Its file, for messages.
    pub file: String,
    /// The text of the file.
    pub text: String,
    /// What it says.
    pub manifest: Manifest,
}

/// The settings of some layers, the nearest one first, and their defaults.
pub fn defaults(layers: &[Layer]) -> Map<String, Value> {
    let mut settings = Map::new();
    for layer in layers.iter().rev() {
        lay(&mut settings, &layer.manifest.settings);
    }
    settings
}

/// Lays some settings over others. A key without a value leaves what is there, and where there is a text a number
/// (`masthead: 1884`) becomes one.
pub(super) fn lay(settings: &mut Map<String, Value>, over: &Map<String, Value>) {
    for (key, value) in over {
        let below = settings.get(key);
        if value.is_null() && below.is_some() {
            continue;
        }
        let is_text = below.is_some_and(Value::is_string) && (value.is_number() || value.is_boolean());
        let value = if is_text { Value::String(plain(value)) } else { value.clone() };
        settings.insert(key.clone(), value);
    }
}

/// A value in one line, as messages and texts show it.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| serde_json::to_string(value).unwrap_or_default(), str::to_owned)
}

/// The files of a site that settings may name.
#[derive(Clone, Copy)]
pub struct Files<'a> {
    /// Whether the source of this path exists.
    pub has: &'a dyn Fn(&str) -> bool,
    /// The paths of all sources.
    pub all: &'a dyn Fn() -> Vec<String>,
}

/// Everything that is wrong with what `site.yaml` says of settings of a theme, whose layers come the nearest one first:
/// names that no layer has, and values that they cannot have.
pub fn check_site(root: &Path, config: &Config, layers: &[Layer], files: Files<'_>) -> Vec<Diagnostic> {
    let known = names(layers);
    let site = (None, &config.settings.theme_settings);
    let languages = config.settings.languages.0.iter().map(|(tag, given)| (Some(&**tag), &given.theme_settings));
    let mut problems = Vec::new();
    for (tag, settings) in std::iter::once(site).chain(languages) {
        for (name, value) in each(settings) {
            let problem = if known.contains(name) {
                wrong(name, value, layers, files)
            } else {
                Some(unknown(name, config, &known))
            };
            problems.extend(problem.map(|problem| (tag, name, problem)));
        }
    }
    if problems.is_empty() {
        return Vec::new();
    }
    let text = read_regular(&root.join(config::FILE)).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let placed = |(tag, name, problem): (Option<&str>, &str, Diagnostic)| {
        let keys: Vec<&str> = tag.map_or_else(Vec::new, |tag| vec!["languages", tag]);
        problem.at(nested_place(config::FILE, &text, &[&keys[..], &["theme_settings", name]].concat()))
    };
    problems.into_iter().map(placed).collect()
}

/// Everything that is wrong with what the layers, the nearest one first, say of settings.
pub fn check_layers(layers: &[Layer], files: Files<'_>) -> Vec<Diagnostic> {
    let known = names(layers);
    let mut problems = Vec::new();
    for (at, layer) in layers.iter().enumerate() {
        let place = |parent: &str, name: &str| nested_place(&layer.file, &layer.text, &[parent, name]);
        for (name, value) in each(&layer.manifest.settings) {
            let problem = wrong(name, value, &layers[at..], files);
            problems.extend(problem.map(|problem| problem.at(place("settings", name))));
        }
        let unknown = layer.manifest.values.keys().filter(|name| !known.contains(name.as_str()));
        problems.extend(unknown.map(|name| {
            Diagnostic::error(format!("`values` names `{name}`, which is no setting"))
                .at(place("values", name))
                .hint("write it with its default under `settings:`")
                .maybe_hint(did_you_mean(name, known.iter().copied()))
        }));
    }
    problems
}

fn each(settings: &Map<String, Value>) -> impl Iterator<Item = (&str, &Value)> {
    settings.iter().map(|(name, value)| (name.as_str(), value))
}

fn names(layers: &[Layer]) -> BTreeSet<&str> {
    layers.iter().flat_map(|layer| each(&layer.manifest.settings)).map(|(name, _)| name).collect()
}

/// A setting that no layer has: without a word from us it would do nothing.
fn unknown(name: &str, config: &Config, known: &BTreeSet<&str>) -> Diagnostic {
    Diagnostic::error(format!("the theme `{}` has no setting `{name}`", config.settings.theme))
        .hint("a setting that a theme reads stands with its default under `settings:` in its theme.yaml")
        .maybe_hint(did_you_mean(name, known.iter().copied()))
}

/// What is wrong with the value of a setting.
fn wrong(name: &str, value: &Value, layers: &[Layer], files: Files<'_>) -> Option<Diagnostic> {
    // Who has a setting first says what it is: the farthest layer.
    let default = layers.iter().rev().find_map(|layer| layer.manifest.settings.get(name))?;
    if value.is_null() || default.is_null() || value == default {
        return None;
    }
    let text = &*plain(value);
    let problem = |wanted: &str| {
        Diagnostic::error(format!("the setting `{name}` is `{text}`")).hint(format!("it can be {wanted}"))
    };
    if let Some(wanted) = another_type(value, default) {
        return Some(match default {
            Value::Number(number) => problem(&format!("{wanted}, such as {number}")),
            _ => problem(wanted),
        });
    }
    let words = layers.iter().find_map(|layer| layer.manifest.values.get(name))?.words();
    let is_allowed = |word: &String| match word.as_str() {
        COLOUR => is_colour(text),
        FILE => text.contains("://") || is_file(text, files),
        word => word == text,
    };
    if text.is_empty() && default.as_str() == Some("") || words.iter().any(is_allowed) {
        return None;
    }
    if words.iter().any(|word| word == FILE) {
        let all = (files.all)();
        let paths = all.iter().filter_map(|path| path.strip_prefix("static").or(path.strip_prefix("content")));
        let missing = Diagnostic::error(format!("the setting `{name}` names `{text}`, and there is no such file"))
            .hint("put the file into `static/`, and write its path from there: static/images/x.svg is `/images/x.svg`")
            .maybe_hint(did_you_mean(text, paths));
        return Some(missing);
    }
    let plain = words.iter().filter(|word| *word != COLOUR);
    let mut wanted: Vec<String> = plain.clone().cloned().collect();
    wanted.extend(words.iter().any(|word| word == COLOUR).then(|| "a colour such as \"#0b6e4f\"".to_owned()));
    let last = wanted.pop().unwrap_or_default();
    let wanted = if wanted.is_empty() { last } else { format!("{} or {last}", wanted.join(", ")) };
    Some(problem(&wanted).maybe_hint(did_you_mean(text, plain.map(String::as_str))))
}

/// What a value should be that has another type than the default.
fn another_type(value: &Value, default: &Value) -> Option<&'static str> {
    match default {
        Value::Bool(_) => (!value.is_boolean()).then_some("true or false"),
        Value::Number(number) if number.is_u64() => (!value.is_u64()).then_some("a whole number from 0 on"),
        Value::Number(_) => (!value.is_number()).then_some("a number"),
        // What looks like a number or a truth may well be meant as words: `masthead: 1884`.
        Value::String(_) => (value.is_array() || value.is_object()).then_some("a text"),
        Value::Array(_) => (!value.is_array()).then_some("a list"),
        Value::Object(_) => (!value.is_object()).then_some("a map"),
        Value::Null => None,
    }
}

/// Whether it is `#rgb` or `#rrggbb`.
fn is_colour(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or_default();
    matches!(digits.len(), 3 | 6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What can hardly be read: pairs of colours whose contrast is below what WCAG 2.2 asks of texts (section 1.4.3, level AA).
pub fn faint(root: &Path, config: &Config, settings: &Map<String, Value>) -> Vec<Diagnostic> {
    const ENOUGH: f64 = 4.5;
    let colour = |name: &str| settings.get(name).and_then(Value::as_str).filter(|text| is_colour(text));
    let has_own = colour("paper").is_some() || colour("ink").is_some();
    let (paper, ink) = (colour("paper").unwrap_or("#fffefb"), colour("ink").unwrap_or("#1a1916"));
    let mut pairs = Vec::new();
    if has_own {
        pairs.push((if colour("ink").is_some() { "ink" } else { "paper" }, ink, "paper", paper));
        pairs.extend(colour("accent").map(|accent| ("accent", accent, "paper", paper)));
    }
    if let (Some(paper), Some(ink)) = (colour("paper_dark"), colour("ink_dark")) {
        pairs.push(("ink_dark", ink, "paper_dark", paper));
    }
    let faint = pairs.into_iter().filter(|(_, one, _, other)| contrast(one, other) < ENOUGH);
    let text = read_regular(&root.join(config::FILE)).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let told =
        faint.filter(|(key, ..)| config.settings.theme_settings.contains_key(*key)).map(|(key, one, on, other)| {
            let ratio = (contrast(one, other) * 10.0).floor() / 10.0;
            Diagnostic::warning(format!(
                "`{key}` {one} on `{on}` {other} has a contrast of {ratio} to 1, and texts need {ENOUGH}"
            ))
            .at(nested_place(config::FILE, &text, &["theme_settings", key]))
            .hint("make one of them darker or the other lighter")
        });
    told.collect()
}

/// The contrast of two colours (WCAG 2.2, "contrast ratio").
fn contrast(one: &str, other: &str) -> f64 {
    let luminance = |colour: &str| {
        let digits = colour.trim_start_matches('#');
        let width = digits.len() / 3;
        let channel = |at: usize| {
            let part = digits.get(at * width..(at + 1) * width).unwrap_or_default();
            let whole = if width == 1 { part.repeat(2) } else { part.to_owned() };
            let value = f64::from(u8::from_str_radix(&whole, 16).unwrap_or_default()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2)
    };
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Whether a source has the address `path`.
fn is_file(path: &str, files: Files<'_>) -> bool {
    let path = path.trim_start_matches('/');
    ["static", "content"].into_iter().any(|folder| (files.has)(&format!("{folder}/{path}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        assert!((contrast("#000", "#ffffff") - 21.0).abs() < 0.01);
        assert!((contrast("#777777", "#fff") - 4.48).abs() < 0.01);
    }

    #[test]
    fn colours_are_three_or_six_digits() {
        assert!(["#abc", "#0B6E4F"].iter().all(|text| is_colour(text)));
        assert!(["", "#", "abc", "#ab", "#12345", "#ggg", "red"].iter().all(|text| !is_colour(text)));
    }
}
