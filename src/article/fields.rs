//! The fields of front matter: typed, forgiving access to YAML values that remembers where each stands.
//!
//! Real archives spell one thing in many ways (a string, a list, a list of maps, null). The forms are
//! told apart here, once; what has no clear meaning is an error at the value's line.

use serde_yaml::{Mapping, Value};

use super::record::Text;
use crate::diagnostic::{Diagnostic, Place};

/// A mapping in a file, and what has been found wrong with it.
pub(super) struct Fields<'a> {
    pub(super) path: &'a str,
    /// The whole file.
    pub(super) text: &'a str,
    /// Where the YAML stands in it.
    pub(super) yaml: std::ops::Range<usize>,
    pub(super) problems: Vec<Diagnostic>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(path: &'a str, text: &'a str, yaml: std::ops::Range<usize>) -> Self {
        Self { path, text, yaml, problems: Vec::new() }
    }

    /// Notes an error at a key.
    pub(super) fn problem(&mut self, key: &str, message: impl Into<String>, hint: &str) {
        let place = self.place(key);
        self.problems.push(Diagnostic::error(message).at(place).hint(hint));
    }

    /// Notes an error in the name of a key.
    pub(super) fn wrong_key(&mut self, key: &str, message: impl Into<String>, hint: &str) {
        let range = self.key(key);
        let place = Place::span(self.path, self.text, self.yaml.start + range.start..self.yaml.start + range.end);
        self.problems.push(Diagnostic::error(message).at(place).hint(hint));
    }

    /// Where a key stands in the YAML. `a.b` is the key `b` behind the key `a`.
    fn key(&self, key: &str) -> std::ops::Range<usize> {
        let yaml = &self.text[self.yaml.clone()];
        let mut from = 0;
        let mut range = 0..0;
        for (depth, part) in key.split('.').enumerate() {
            let Some(found) = find_key(&yaml[from..], part, depth == 0) else { break };
            range = from + found.start..from + found.end;
            from = range.end;
        }
        range
    }

    /// The place of a key's value, or of the key.
    pub(super) fn place(&self, key: &str) -> Place {
        let yaml = &self.text[self.yaml.clone()];
        let mut range = self.key(key);
        let rest = yaml[range.end..].lines().next().unwrap_or("");
        let value = rest.trim_start_matches(['"', '\'']).trim_start_matches(':').trim();
        if !value.is_empty() && !value.starts_with(['|', '>', '#', '&', '[', '{']) {
            let start = range.end + rest.find(value).unwrap_or(0);
            range = start..start + value.len();
        }
        Place::span(self.path, self.text, self.yaml.start + range.start..self.yaml.start + range.end)
    }

    /// The place of one value among those of a key, whichever of `keys` it is; of the key if the value is
    /// written in another way (escaped, say).
    pub(super) fn place_of_value(&self, keys: &[&str], value: &str) -> Place {
        let yaml = &self.text[self.yaml.clone()];
        let found = keys.iter().filter_map(|key| find_key(yaml, key, true)).find_map(|key| {
            let is_whole = |at: usize| yaml[..at].ends_with([' ', ',', '[', '"', '\'', '\n']);
            let mut all = yaml[key.end..].match_indices(value).map(|(at, _)| key.end + at);
            let at = all.find(|at| is_whole(*at))?;
            Some(self.yaml.start + at..self.yaml.start + at + value.len())
        });
        match found {
            Some(range) => Place::span(self.path, self.text, range),
            None => self.place(keys.iter().find(|key| find_key(yaml, key, true).is_some()).unwrap_or(&"")),
        }
    }

    /// One line of plain text: numbers and booleans as they are written, entities decoded, white space
    /// folded. Null and empty text are none.
    pub(super) fn line(&mut self, key: &str, value: &Value) -> Option<Text<'static>> {
        match self.scalar(key, value) {
            Some(text) => {
                let text = plain_line(&text);
                (!text.is_empty()).then(|| Text::from(text))
            }
            None => None,
        }
    }

    /// Text with its line breaks.
    pub(super) fn block(&mut self, key: &str, value: &Value) -> Option<Text<'static>> {
        let text = self.scalar(key, value)?;
        let text = clean(text.trim());
        (!text.is_empty()).then(|| Text::from(text))
    }

    fn scalar(&mut self, key: &str, value: &Value) -> Option<String> {
        match value {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(yes) => Some(yes.to_string()),
            Value::Tagged(tagged) => self.scalar(key, &tagged.value),
            Value::Sequence(_) | Value::Mapping(_) => {
                self.problem(key, format!("`{key}` must be text"), "write it on one line, in quotes if it has a colon");
                None
            }
        }
    }

    /// Yes or no.
    pub(super) fn boolean(&mut self, key: &str, value: &Value) -> Option<bool> {
        match value {
            Value::Null => None,
            Value::Bool(yes) => Some(*yes),
            Value::String(text) if matches!(text.to_lowercase().as_str(), "true" | "yes" | "on" | "1") => Some(true),
            Value::String(text) if matches!(text.to_lowercase().as_str(), "false" | "no" | "off" | "0" | "") => {
                Some(false)
            }
            _ => {
                self.problem(key, format!("`{key}` must be true or false"), "write `true` or `false`");
                None
            }
        }
    }

    /// Several names: a string with commas, a list, a list of maps with a `name`, or null.
    pub(super) fn names(&mut self, key: &str, value: &Value) -> Vec<Text<'static>> {
        let mut names: Vec<Text<'static>> = Vec::new();
        let mut add = |name: Option<Text<'static>>| {
            if let Some(name) = name
                && !names.contains(&name)
            {
                names.push(name);
            }
        };
        match value {
            Value::String(text) if text.contains(',') => {
                text.split(',').for_each(|part| add(self.line(key, &Value::String(part.into()))));
            }
            Value::Sequence(items) => {
                for item in items {
                    match item {
                        Value::Mapping(map) => add(self.named(key, map)),
                        other => add(self.line(key, other)),
                    }
                }
            }
            Value::Mapping(map) => add(self.named(key, map)),
            other => add(self.line(key, other)),
        }
        names
    }

    fn named(&mut self, key: &str, map: &Mapping) -> Option<Text<'static>> {
        for name in ["id", "name", "title"] {
            if let Some(value) = map.get(name) {
                return self.line(key, value);
            }
        }
        self.problem(key, format!("an entry of `{key}` has no `name`"), "write a list of names");
        None
    }
}

/// Where `key` stands at the beginning of a line of `yaml`, without its colon.
pub(super) fn find_key(yaml: &str, key: &str, top: bool) -> Option<std::ops::Range<usize>> {
    let mut at = 0;
    for line in yaml.split_inclusive('\n') {
        let trimmed = line.trim_start_matches([' ', '-', '{', '"', '\'']);
        let start = at + line.len() - trimmed.len();
        let is_indented = line.starts_with([' ', '-']);
        if !(top && is_indented)
            && trimmed.strip_prefix(key).is_some_and(|rest| rest.trim_start_matches(['"', '\'', ' ']).starts_with(':'))
        {
            return Some(start..start + key.len());
        }
        // `{ name: A, url: B }` on one line.
        if !top && let Some(inside) = line.find(&format!("{key}:")) {
            return Some(at + inside..at + inside + key.len());
        }
        at += line.len();
    }
    None
}

/// Plain text on one line: HTML entities decoded, control characters and surplus white space gone.
pub fn plain_line(text: &str) -> String {
    let decoded = if text.contains('&') { html_escape::decode_html_entities(text) } else { text.into() };
    let mut line = String::with_capacity(decoded.len());
    for word in decoded.split(|c: char| c.is_whitespace() || is_forbidden(c)).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Text without the characters that XML 1.0 (section 2.2) forbids.
pub fn clean(text: &str) -> String {
    if has_forbidden(text) { text.replace(is_forbidden, "") } else { text.to_owned() }
}

/// Whether there is a character that [`is_forbidden`].
pub fn has_forbidden(text: &str) -> bool {
    // Without a branch in the loop a whole body is looked at in a fraction of a microsecond; only text with
    // a suspicious byte (a control character, or the first byte of a forbidden one) is read by character.
    let suspicious = |byte: u8| {
        (byte < 0x20) & (byte != b'\n') & (byte != b'\r') & (byte != b'\t') | matches!(byte, 0x7F | 0xC2 | 0xEF)
    };
    text.bytes().fold(false, |found, byte| found | suspicious(byte)) && text.contains(is_forbidden)
}

/// Whether XML 1.0 forbids the character, or it is a control character that no text needs.
pub fn is_forbidden(c: char) -> bool {
    matches!(c, '\u{0}'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_that_of_the_value() {
        let text = "---\ntitle: A\nsource:\n  name: B\n  url: nowhere\n---\n";
        let fields = Fields::new("a.md", text, 4..text.len() - 4);
        let place = fields.place("source.url");
        assert_eq!((place.line, place.column, place.length), (5, 8, 7));
        assert_eq!(fields.place("title").column, 8);
    }

    #[test]
    fn plain_text_is_one_clean_line() {
        assert_eq!(plain_line(" Tom &amp; Jerry\n &lt;3 \u{7}x\n"), "Tom & Jerry <3 x");
    }
}
