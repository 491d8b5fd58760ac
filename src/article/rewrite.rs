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

/// The text of the file `path` with one key set. `None` if its form of front matter is not one that can be added to.
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
    let is_object = parts.form == Form::Json || parts.form == Form::Yaml && text[head.clone()].starts_with('{');
    if is_object {
        let (name, value) = match parts.form {
            Form::Json => (quoted(key), value.in_quotes(": ")),
            _ => (key.to_owned(), value.in_yaml()),
        };
        let (old, inside) = match member_of(&text[head.clone()], key) {
            Ok(old) => (old, head.start + 1),
            // Braces do not stand where they should: whoever wrote this knows better.
            Err(()) => return Ok(None),
        };
        if let Some(old) = old {
            return Ok(put(head.start + old.start..head.start + old.end, &value));
        }
        let rest = &text[inside..head.end];
        let comma = if rest.trim_start().starts_with('}') { "" } else { "," };
        // Nothing may stand between the brace and the first name: only then it is front matter.
        let lead = if rest.starts_with(['\n', '\r']) { format!("{end}  ") } else { String::new() };
        return Ok(put(inside..inside, &format!("{lead}{name}: {value}{comma}")));
    }
    let old = lines_of(&text[head.clone()], key, parts.form).map(|line| head.start + line.start..head.start + line.end);
    let line = match (parts.form, value) {
        (Form::Toml, _) => format!("{key} = {}", value.in_quotes(" = ")),
        // Such lines hold no map: they become front matter between fences.
        (Form::Headers, Value::Map(_)) => {
            let kept = match old {
                Some(old) => [&text[head.start..old.start], text[old.end..head.end].trim_start()].concat(),
                None => text[head.clone()].to_owned(),
            };
            let kept = kept.trim_end();
            return Ok(put(head, &format!("---{end}{key}: {}{end}{kept}{end}---{end}", value.in_yaml())));
        }
        _ => format!("{key}: {}", value.in_yaml()),
    };
    Ok(match old {
        Some(old) => put(old, &line),
        None => put(head.start..head.start, &format!("{line}{end}")),
    })
}

/// Finds the value of a member in a JSON object or a YAML map in braces. `None` if there is no such member.
///
/// # Errors
/// It is not such an object.
fn member_of(object: &str, key: &str) -> Result<Option<Range<usize>>, ()> {
    let (mut depth, mut quote, mut is_escaped) = (0_usize, None, false);
    let (mut start, mut colon) = (1, None);
    for (at, letter) in object.char_indices() {
        if let Some(end) = quote {
            match letter {
                _ if is_escaped => is_escaped = false,
                '\\' if end == '"' => is_escaped = true,
                _ if letter == end => quote = None,
                _ => {}
            }
            continue;
        }
        match letter {
            '"' => quote = Some(letter),
            // In the middle of a word it is an apostrophe.
            '\'' if object[..at].trim_end().ends_with(['{', '[', ',', ':']) => quote = Some(letter),
            '{' | '[' => depth += 1,
            ':' if depth == 1 => colon = colon.or(Some(at)),
            ',' | '}' | ']' => {
                if depth == 1
                    && let Some(colon) = colon.take()
                    && keys::fold(object[start..colon].trim().trim_matches(['"', '\''])) == key
                {
                    let value = &object[colon + 1..at];
                    let from = colon + 1 + (value.len() - value.trim_start().len());
                    return Ok(Some(from..from + value.trim().len()));
                }
                if letter == ',' {
                    start = if depth == 1 { at + 1 } else { start };
                    continue;
                }
                depth = depth.checked_sub(1).ok_or(())?;
                if depth == 0 {
                    return Ok(None);
                }
            }
            _ => {}
        }
    }
    Err(())
}

/// The line of front matter that begins with a key, with those further in that belong to it in YAML, without its end. A
/// line further in belongs to another key, and one below the head of a table of TOML to that table.
fn lines_of(head: &str, key: &str, form: Form) -> Option<Range<usize>> {
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
            let mut end = written.len();
            let mut seen = line.len();
            for below in head[start + line.len()..].split_inclusive('\n').take_while(|_| form == Form::Yaml) {
                seen += below.len();
                if below.trim().is_empty() {
                    continue;
                } else if !below.starts_with([' ', '\t']) {
                    break;
                }
                end = seen - (below.len() - below.trim_end_matches(['\n', '\r']).len());
            }
            return Some(start..start + end);
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
            ("{\"title\": \"A\"}\nText", format!("{{{json},\"title\": \"A\"}}\nText")),
            // An object without a member is text.
            ("{}\nText", format!("---\n{yaml}\n---\n{{}}\nText")),
            ("{\n  \"title\": \"A\"\n}\nText", format!("{{\n  {json},\n  \"title\": \"A\"\n}}\nText")),
            ("---\n{title: A, x: [1]}\n---\n", format!("---\n{{{yaml},title: A, x: [1]}}\n---\n")),
            ("---\nwithdrawn:\n  date: 2026\n  reason: x\ntitle: A\n---\n", format!("---\n{yaml}\ntitle: A\n---\n")),
            ("Title: A\nDate: 2026-11-01\n\nText", format!("---\n{yaml}\nTitle: A\nDate: 2026-11-01\n---\n\nText")),
            ("# A\n\nText", format!("---\n{yaml}\n---\n# A\n\nText")),
        ] {
            assert_eq!(set(old, &parts), new, "{old:?}");
        }
    }

    #[test]
    fn an_old_value_in_an_object_gives_way_wherever_it_stands() {
        let parts = [("date", "2026-11-28T10:00:00Z"), ("reason", "Wrong.")];
        let new = r#"{ "date": "2026-11-28T10:00:00Z", "reason": "Wrong." }"#;
        for (before, old, after) in [
            (r#"{"withdrawn": "#, r#""2026-11-02""#, r#","title":"A, \"b\": {c"}"#),
            (r#"{"title":"A: }","tags":["withdrawn"], "Withdrawn" : "#, r#"{"date":"2026-11-02","reason":"}"}"#, "\n}"),
            (r#"{"params":{"withdrawn":"2025-01-01"},"withdrawn":"#, "null", "}"),
        ] {
            let text = format!("{before}{old}{after}\nText");
            assert_eq!(set(&text, &parts), format!("{before}{new}{after}\nText"));
        }
    }
}
