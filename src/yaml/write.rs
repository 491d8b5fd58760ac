//! Writes YAML that people read and edit: block style, text as it stands where that is safe.

use serde::Serialize;
use serde_json::{Map, Value};

use super::Scalar;

/// Writes a value as YAML.
///
/// # Errors
/// The value cannot be serialised, or has a map whose keys are not text.
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String, serde_json::Error> {
    let mut out = String::new();
    match serde_json::to_value(value)? {
        Value::Object(map) if !map.is_empty() => write_map(&mut out, &map, 0),
        Value::Array(items) if !items.is_empty() => write_list(&mut out, &items, 0),
        value => {
            write_inline(&mut out, &value, 0);
            out.push('\n');
        }
    }
    Ok(out)
}

fn indent(out: &mut String, depth: usize) {
    out.extend(std::iter::repeat_n(' ', depth));
}

fn write_list(out: &mut String, items: &[Value], depth: usize) {
    for item in items {
        indent(out, depth);
        out.push_str("- ");
        let start = out.len();
        match item {
            Value::Object(map) if !map.is_empty() => {
                write_map(out, map, depth + 2);
                // The first key stands behind the dash.
                out.replace_range(start..start + depth + 2, "");
            }
            Value::Array(items) if !items.is_empty() => {
                write_list(out, items, depth + 2);
                out.replace_range(start..start + depth + 2, "");
            }
            value => {
                write_inline(out, value, depth);
                out.push('\n');
            }
        }
    }
}

fn write_map(out: &mut String, map: &Map<String, Value>, depth: usize) {
    for (key, value) in map {
        indent(out, depth);
        write_text(out, key, None);
        out.push(':');
        match value {
            Value::Object(map) if !map.is_empty() => {
                out.push('\n');
                write_map(out, map, depth + 2);
            }
            Value::Array(items) if !items.is_empty() => {
                out.push('\n');
                write_list(out, items, depth);
            }
            value => {
                out.push(' ');
                write_inline(out, value, depth);
                out.push('\n');
            }
        }
    }
}

fn write_inline(out: &mut String, value: &Value, depth: usize) {
    match value {
        Value::String(text) => write_text(out, text, Some(depth + 2)),
        other => out.push_str(&other.to_string()),
    }
}

/// Writes text: as it is, as a block with `depth` blanks before each line, or in quotation marks.
fn write_text(out: &mut String, text: &str, depth: Option<usize>) {
    // Line breaks and white space in some readers only, and what nobody sees.
    let is_odd = |c: char| {
        c.is_control() && c != '\n' || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
    };
    let is_odd = text.contains(is_odd);
    if !is_odd && is_plain(text) {
        out.push_str(text);
    } else if let Some(depth) = depth.filter(|_| !is_odd && is_block(text)) {
        out.push_str(if text.ends_with('\n') { "|" } else { "|-" });
        for line in text.lines() {
            out.push('\n');
            if !line.is_empty() {
                indent(out, depth);
                out.push_str(line);
            }
        }
    } else if !is_odd && !text.contains('\n') {
        out.push('\'');
        out.push_str(&text.replace('\'', "''"));
        out.push('\'');
    } else {
        out.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => out.extend(['\\', c]),
                '\n' => out.push_str("\\n"),
                c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') => {
                    out.push_str(&format!("\\u{:04x}", u32::from(c)));
                }
                c => out.push(c),
            }
        }
        out.push('"');
    }
}

/// Whether every reader takes it for this text without quotation marks.
fn is_plain(text: &str) -> bool {
    let is_word = ["yes", "no", "on", "off"].iter().any(|word| text.eq_ignore_ascii_case(word));
    let is_number = text.replace('_', "").parse::<f64>().is_ok() || text.starts_with("0x") || text.starts_with("0o");
    let is_safe = |c: char| c.is_alphanumeric() || " -_./,+()!?'&=;%:@#".contains(c);
    text.starts_with(|c: char| c.is_alphanumeric() || c == '/')
        && !text.ends_with([' ', ':'])
        && text.chars().all(is_safe)
        && !text.contains(": ")
        && !text.contains(" #")
        && !is_word
        && !is_number
        && matches!(Scalar::plain(text), Scalar::Text(_))
}

/// Whether it can stand as a block (`|`): several lines, none of which begins or consists of blanks where that matters.
fn is_block(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with([' ', '\n'])
        && !text.ends_with("\n\n")
        && text.lines().all(|line| line.is_empty() || !line.trim_matches(' ').is_empty())
}
