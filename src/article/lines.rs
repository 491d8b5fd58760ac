//! The front matter of a file as text: where each key stands, for those who point at it.

use std::ops::Range;

use serde_yaml::{Mapping, Value};

use super::fields::{Fields, find_key};
use super::front_matter::split;
use super::keys;
use crate::diagnostic::{Diagnostic, Place};

/// The lines of a content file's front matter.
pub struct Lines<'t> {
    fields: Fields<'t>,
}

impl<'t> Lines<'t> {
    /// The front matter of the file `path` with the text `text`; a file without one has no lines.
    pub fn of(path: &'t str, text: &'t str) -> Self {
        let yaml = split(path, text).map_or(0..0, |parts| parts.yaml);
        Self { fields: Fields::new(path, text, yaml) }
    }

    /// Where one of the keys stands, without its value.
    pub fn key(&self, key: &str) -> Option<Place> {
        let found = find_key(self.yaml(), key, true)?;
        Some(self.span(found))
    }

    /// The place of the value of the first of `keys` that is there (`image.src` is the key `src` behind the
    /// key `image`); the title's if none is, since a key that is missing belongs below it.
    pub fn value(&self, keys: &[&str]) -> Place {
        let is_there = |key: &&&str| find_key(self.yaml(), key.split('.').next().unwrap_or(key), true).is_some();
        match keys.iter().find(is_there).copied().or_else(|| Some("title").filter(|title| is_there(&title))) {
            Some(key) => self.fields.place(key),
            None => Place::span(self.fields.path, self.fields.text, 0..0),
        }
    }

    /// The place of one value among those of a key, whichever of `keys` it is.
    pub fn value_among(&self, keys: &[&str], value: &str) -> Place {
        if keys.iter().any(|key| find_key(self.yaml(), key, true).is_some()) {
            self.fields.place_of_value(keys, value)
        } else {
            self.value(&[])
        }
    }

    /// A warning for each unknown key that is a slip of the pen ([`keys::slip`]).
    pub fn slips(&self) -> Vec<Diagnostic> {
        let mapping = self.mapping();
        let names = mapping.keys().filter_map(Value::as_str);
        let slips = names.filter_map(|name| Some((name, keys::slip(keys::STORY, name)?)));
        slips
            .filter_map(|(name, meant)| {
                let place = self.key(name)?;
                let hint = format!("did you mean `{meant}`?");
                Some(Diagnostic::warning(format!("unknown key `{name}`")).at(place).hint(hint))
            })
            .collect()
    }

    /// The texts behind the keys, of lists each one.
    pub fn texts(&self, keys: &[&str]) -> Vec<String> {
        let mapping = self.mapping();
        let mut texts = Vec::new();
        for value in keys.iter().filter_map(|key| mapping.get(*key)) {
            match value {
                Value::Sequence(items) => texts.extend(items.iter().filter_map(Value::as_str).map(str::to_owned)),
                Value::String(text) => texts.extend(text.split(',').map(|part| part.trim().to_owned())),
                _ => {}
            }
        }
        texts
    }

    /// The keys and values; empty if they cannot be read.
    pub fn mapping(&self) -> Mapping {
        match serde_yaml::from_str(self.yaml()) {
            Ok(Value::Mapping(mapping)) => mapping,
            _ => Mapping::new(),
        }
    }

    fn yaml(&self) -> &'t str {
        &self.fields.text[self.fields.yaml.clone()]
    }

    fn span(&self, range: Range<usize>) -> Place {
        let start = self.fields.yaml.start;
        Place::span(self.fields.path, self.fields.text, start + range.start..start + range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_missing_belongs_below_the_title() {
        let lines = Lines::of("a.md", "---\ndate: 2026-01-01\ntitle: A\ntags: [b, c]\n---\n\ntitle: no\n");
        assert_eq!(lines.value(&["summary", "description"]).line, 3);
        assert_eq!(lines.key("tags").map(|place| (place.line, place.column, place.length)), Some((4, 1, 4)));
        assert_eq!(lines.value_among(&["tag", "tags"], "c").column, 11);
        assert!(lines.key("slug").is_none());
        assert_eq!(Lines::of("a.md", "text").value(&["x"]).line, 1);
    }
}
