//! PHP's serialised values, as WordPress keeps them in custom fields: as JSON.
//!
//! Bounded: nothing is nested deeper than [`DEEPEST`], and nothing is longer than its own text.

use serde_json::{Map, Value};

const DEEPEST: usize = 32;

/// The value of a text that is serialised by PHP; none if it is not.
pub(super) fn value(text: &str) -> Option<Value> {
    let looks_so = matches!(text.as_bytes(), [b'a' | b's' | b'i' | b'd' | b'b' | b'O', b':', ..]) || text == "N;";
    if !looks_so {
        return None;
    }
    let mut rest = text;
    let value = one(&mut rest, 0)?;
    rest.trim().is_empty().then_some(value)
}

fn one(rest: &mut &str, depth: usize) -> Option<Value> {
    if depth > DEEPEST {
        return None;
    }
    let kind = rest.chars().next()?;
    match kind {
        'N' => {
            *rest = rest.strip_prefix("N;")?;
            Some(Value::Null)
        }
        'b' | 'i' | 'd' => {
            let (said, after) = rest[1..].strip_prefix(':')?.split_once(';')?;
            *rest = after;
            match kind {
                'b' => Some(Value::Bool(said == "1")),
                'i' => said.parse::<i64>().ok().map(Value::from),
                _ => said.parse::<f64>().ok().map(Value::from),
            }
        }
        's' => {
            let (length, after) = rest[1..].strip_prefix(':')?.split_once(':')?;
            let length: usize = length.parse().ok()?;
            let inside = after.strip_prefix('"')?;
            // A text that was edited since has another length; then it ends at the next end.
            let end = if inside.get(length..).is_some_and(|behind| behind.starts_with("\";")) {
                length
            } else {
                inside.find("\";")?
            };
            let said = inside[..end].to_owned();
            *rest = &inside[end + 2..];
            Some(Value::String(said))
        }
        'a' => {
            let (_, after) = rest[1..].strip_prefix(':')?.split_once(":{")?;
            *rest = after;
            entries(rest, depth)
        }
        'O' => {
            // An object: its class says nothing to us.
            let (_, after) = rest[1..].strip_prefix(':')?.split_once(":{")?;
            *rest = after;
            entries(rest, depth)
        }
        _ => None,
    }
}

fn entries(rest: &mut &str, depth: usize) -> Option<Value> {
    let mut pairs: Vec<(Value, Value)> = Vec::new();
    while !rest.starts_with('}') {
        let key = one(rest, depth + 1)?;
        let value = one(rest, depth + 1)?;
        pairs.push((key, value));
    }
    *rest = &rest[1..];
    if (0..).zip(&pairs).all(|(at, (key, _))| key.as_i64() == Some(at)) {
        return Some(Value::Array(pairs.into_iter().map(|(_, value)| value).collect()));
    }
    let name = |key: Value| match key {
        Value::String(name) => name.replace('\0', ""),
        other => other.to_string(),
    };
    Some(Value::Object(pairs.into_iter().map(|(key, value)| (name(key), value)).collect::<Map<String, Value>>()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_those_of_php() {
        assert_eq!(value("a:2:{i:0;s:3:\"één\";i:1;i:7;}"), Some(json!(["één", 7])));
        assert_eq!(value("a:1:{s:1:\"k\";a:0:{}}"), Some(json!({ "k": [] })));
        assert_eq!(value("b:1;"), Some(json!(true)));
        assert_eq!(value("s:5:\"größe\";"), Some(json!("größe")));
        for other in ["hello", "a: b", "s:3:\"abc", "a:1:{i:0;", "", "i:x;"] {
            assert_eq!(value(other), None, "{other}");
        }
        assert_eq!(value(&"a:1:{i:0;".repeat(100_000)), None);
    }
}
