//! Page builders that keep what they say as JSON: Divi 5 in the settings of blocks, Elementor in a field.
//!
//! There is no list of their widgets here. What readers saw is told from settings by how it looks: HTML, sentences, and
//! whatever stands where such builders keep content. Bounded by the depth of the JSON, which its parser bounds.

use serde_json::{Map, Value};

use crate::import::body::{escaped, escaped_attribute};

/// A text with this many words is a sentence, not a setting.
const SENTENCE: usize = 4;

/// The texts and images of some settings, as HTML; empty if they have none.
pub(super) fn said(settings: &Value) -> String {
    let mut html = String::new();
    look("", settings, false, &mut html);
    html
}

fn look(key: &str, value: &Value, is_content: bool, html: &mut String) {
    match value {
        Value::Object(map) => {
            if image(map, html) {
                return;
            }
            for (key, value) in map.iter().filter(|(key, _)| !is_setting(key)) {
                look(key, value, is_content || key == "innerContent", html);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| look(key, value, is_content, html)),
        Value::String(text) => add(key, text.trim(), is_content, html),
        _ => {}
    }
}

/// Whether a key names something that readers do not see.
fn is_setting(key: &str) -> bool {
    let small = key.to_lowercase();
    let words = ["css", "style", "class", "font", "color", "colour", "icon", "url", "link", "id", "type", "animation"];
    key.starts_with('_') || words.iter().any(|word| small == *word || small.ends_with(&format!("_{word}")))
}

/// Writes the image that a map is, if it is one.
fn image(map: &Map<String, Value>, html: &mut String) -> bool {
    let src = ["src", "url"].iter().find_map(|key| map.get(*key)?.as_str());
    let src = src.filter(|src| {
        (src.starts_with("http") || src.starts_with('/'))
            && crate::original::Format::of_name(src.split(['?', '#']).next().unwrap_or_default()).is_some()
    });
    let Some(src) = src else { return false };
    let alt = map.get("alt").and_then(Value::as_str).unwrap_or_default();
    html.push_str(&format!("<p><img src=\"{}\" alt=\"{}\"></p>\n", escaped_attribute(src), escaped_attribute(alt)));
    true
}

fn add(key: &str, text: &str, is_content: bool, html: &mut String) {
    let is_html = text.contains("</") || text.contains("<br") || text.contains("<img");
    let is_address = text.starts_with("http") || text.starts_with('/') || text.starts_with("field_");
    let is_rule = text.contains(['{', ';']) && !text.contains("</");
    let has_words = text.chars().any(char::is_alphabetic);
    let words = text.split_whitespace().filter(|word| word.starts_with(char::is_alphabetic)).count();
    let is_named = matches!(key, "title" | "text" | "heading" | "caption" | "editor" | "content") && words > 1;
    if text.is_empty() || !has_words || is_address || is_rule {
        return;
    }
    if is_html && text.trim_start().starts_with('<') {
        html.extend([text, "\n"]);
    } else if is_html || words >= SENTENCE || is_named || is_content {
        let text = if is_html { text.to_owned() } else { escaped(text) };
        html.extend(["<p>", &text, "</p>\n"]);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_readers_saw_is_told_from_settings() {
        for (settings, expected) in [
            (json!({"content": {"innerContent": {"desktop": {"value": "<p>Divi</p>"}}}}), "<p>Divi</p>\n"),
            (json!({"title": {"innerContent": {"desktop": {"value": "Ferry"}}}}), "<p>Ferry</p>\n"),
            (
                json!({"image": {"innerContent": {"desktop": {"value": {"src": "/u/a.jpg", "alt": "A"}}}}}),
                "<p><img src=\"/u/a.jpg\" alt=\"A\"></p>\n",
            ),
            (json!([{"elements": [{"settings": {"editor": "One <b>two</b>"}}]}]), "<p>One <b>two</b></p>\n"),
            (
                json!({"data": {"lead": "The ferry sails at six.", "_lead": "field_12"}}),
                "<p>The ferry sails at six.</p>\n",
            ),
            (json!({"layout": "full width", "font": "Open Sans Bold Italic", "css": "a{b: c; d e f g}", "n": 7}), ""),
            (json!({"link": "https://a.example/x", "shadow": "0 0 3px 4px", "custom": "a { b: c; d: e }"}), ""),
        ] {
            assert_eq!(said(&settings), expected, "{settings}");
        }
    }
}
