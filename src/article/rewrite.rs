//! One key set in the front matter of a file, and every other byte left as it was.
//!
//! The text is not taken apart and put together again: one line is inserted at the head of the front matter, or the one
//! line is replaced that has the key already. Whether the file then says what it should is not decided here: the caller
//! reads it as a build would.

use std::ops::Range;

use super::front_matter::{Form, split};
use super::keys;
use crate::diagnostic::Diagnostic;

/// A value of front matter.
#[derive(Debug)]
pub enum Value<'a> {
    /// A moment.
    Moment(&'a str),
    /// A map of names to texts; its first is a moment.
    Map(&'a [(&'a str, &'a str)]),
}

impl Value<'_> {
    fn in_yaml(&self) -> String {
        match self {
            Self::Moment(moment) => (*moment).to_owned(),
            Self::Map(parts) => {
                let parts = parts.iter().enumerate().map(|(number, (name, text))| match number {
                    0 => format!("{name}: {text}"),
                    _ => format!("{name}: {}", quoted(text)),
                });
                format!("{{ {} }}", parts.collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// In TOML or JSON, with what stands between a name and its value.
    fn in_quotes(&self, between: &str) -> String {
        match self {
            Self::Moment(moment) => quoted(moment),
            Self::Map(parts) => {
                let name = |name: &str| if between == ": " { quoted(name) } else { name.to_owned() };
                let parts = parts.iter().map(|(key, text)| format!("{}{between}{}", name(key), quoted(text)));
                format!("{{ {} }}", parts.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// A text between quotation marks: JSON's escapes are those of YAML and TOML, too. What JSON alone takes as it is (YAML
/// ends a line at U+2028, TOML refuses U+007F) is written as such an escape.
fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    let mut all = String::with_capacity(json.len());
    for letter in json.chars() {
        match letter {
            '\u{7F}'..='\u{9F}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' => {
                all.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            _ => all.push(letter),
        }
    }
    all
}

/// The text of the file `path` with one key set. `None` if its form of front matter cannot hold the value.
///
/// # Errors
/// The front matter cannot be read.
pub fn with_key(path: &str, text: &str, key: &str, value: &Value<'_>) -> Result<Option<String>, Diagnostic> {
    let parts = split(path, text)?;
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let head = parts.head.clone();
    let put = |range: Range<usize>, new: &str| Some([&text[..range.start], new, &text[range.end..]].concat());
    if head.end == 0 {
        let start = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        let line = format!("---{end}{key}: {}{end}---{end}", value.in_yaml());
        return Ok(put(start..start, &line));
    }
    let old = line_of(&text[head.clone()], key, parts.form).map(|line| head.start + line.start..head.start + line.end);
    let line = match parts.form {
        Form::Yaml => format!("{key}: {}", value.in_yaml()),
        Form::Toml => format!("{key} = {}", value.in_quotes(" = ")),
        Form::Json if old.is_none() => {
            let inside = head.start + 1;
            let rest = text[inside..head.end].trim_start();
            let comma = if rest.starts_with('}') { "" } else { "," };
            let new = format!("{}: {}{comma}", quoted(key), value.in_quotes(": "));
            let is_on_lines = text[inside..].starts_with(['\n', '\r']);
            let new = if is_on_lines { format!("{end}  {new}") } else { format!(" {new}") };
            return Ok(put(inside..inside, &new));
        }
        Form::Json | Form::Headers => return Ok(None),
    };
    Ok(match old {
        Some(old) => put(old, &line),
        None => put(head.start..head.start, &format!("{line}{end}")),
    })
}

/// The line of front matter that begins with a key, without its end. A line further in belongs to another key, and one
/// below the head of a table of TOML to that table.
fn line_of(head: &str, key: &str, form: Form) -> Option<Range<usize>> {
    let mut start = 0;
    for line in head.split_inclusive('\n') {
        if form == Form::Toml && line.trim_start().starts_with('[') {
            break;
        }
        if form == Form::Yaml && line.starts_with([' ', '\t']) {
            start += line.len();
            continue;
        }
        let written = line.trim_end_matches(['\n', '\r']);
        let name = written.split([':', '=']).next().unwrap_or_default().trim().trim_matches(['"', '\'']);
        if name.len() < written.len() && keys::fold(name) == key {
            return Some(start..start + written.len());
        }
        start += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str, parts: &[(&str, &str)]) -> String {
        with_key("content/a.md", text, "withdrawn", &Value::Map(parts)).expect("it is read").expect("there is room")
    }

    #[test]
    fn one_line_is_all_that_changes() {
        let parts = [("date", "2026-11-28T10:00:00Z"), ("reason", "A \"wrong\" name: Ann.")];
        let yaml = r#"withdrawn: { date: 2026-11-28T10:00:00Z, reason: "A \"wrong\" name: Ann." }"#;
        let toml = r#"withdrawn = { date = "2026-11-28T10:00:00Z", reason = "A \"wrong\" name: Ann." }"#;
        let json = r#""withdrawn": { "date": "2026-11-28T10:00:00Z", "reason": "A \"wrong\" name: Ann." }"#;
        for (old, new) in [
            ("---\ntitle: A # note\n---\n\nText", format!("---\n{yaml}\ntitle: A # note\n---\n\nText")),
            ("\u{FEFF}---\r\ntitle: A\r\n---\r\nText", format!("\u{FEFF}---\r\n{yaml}\r\ntitle: A\r\n---\r\nText")),
            ("---\ntitle: A\nwithdrawn: 2026\nx: 1\n---\n", format!("---\ntitle: A\n{yaml}\nx: 1\n---\n")),
            ("+++\ntitle = 'A'\n[extra]\n+++\n", format!("+++\n{toml}\ntitle = 'A'\n[extra]\n+++\n")),
            ("{\"title\": \"A\"}\nText", format!("{{ {json},\"title\": \"A\"}}\nText")),
            ("{\n  \"title\": \"A\"\n}\nText", format!("{{\n  {json},\n  \"title\": \"A\"\n}}\nText")),
            ("# A\n\nText", format!("---\n{yaml}\n---\n# A\n\nText")),
        ] {
            assert_eq!(set(old, &parts), new, "{old:?}");
        }
        let headers = with_key("content/a.md", "Title: A\nDate: 2026-11-01\n\nText", "withdrawn", &Value::Map(&parts));
        assert!(headers.expect("it is read").is_none(), "such lines hold no map");
    }
}
