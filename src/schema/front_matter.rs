//! The schemas of front matter, from the tables of keys.
//!
//! They accept whatever the reader accepts: other spellings, one word where a list could stand, and keys of
//! the owner's. They refuse what the reader refuses: a kind that there is not, an image without a file.

use serde_json::{Map, Value, json};

use crate::article::keys::{AUTHOR, ENTRY, IMAGE, Key, SECTION, Shape};
use crate::article::record::{Access, Kind};
use crate::article::withholding::OVER;

pub(super) fn entry() -> Value {
    whole("Front matter of an article or page", ENTRY)
}

pub(super) fn section() -> Value {
    whole("Front matter of a section (_index.md)", SECTION)
}

pub(super) fn author() -> Value {
    whole("Front matter of an author (authors/<id>.md)", AUTHOR)
}

fn whole(title: &str, keys: &[Key]) -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": ["object", "null"],
        "properties": properties(keys),
        // Keys of the owner's own are kept for themes.
        "additionalProperties": true,
    })
}

fn properties(keys: &[Key]) -> Map<String, Value> {
    let mut properties = Map::new();
    for key in keys {
        properties.insert(key.name.to_owned(), described(key.shape, key.meaning));
        for also in key.also {
            properties.insert(
                (*also).to_owned(),
                described(shape_of(key, also), &format!("Another spelling of `{}`. {}", key.name, key.meaning)),
            );
        }
    }
    properties
}

/// What stands behind another spelling of a key: an embargo may be lifted, and a date may not.
fn shape_of(key: &Key, also: &str) -> Shape {
    if also.starts_with("embargo") { Shape::Until } else { key.shape }
}

pub(super) fn described(shape: Shape, meaning: &str) -> Value {
    let mut schema = of(shape);
    schema["description"] = meaning.into();
    schema
}

/// What a value of that shape may be. Null is an absent value.
fn of(shape: Shape) -> Value {
    let text = || json!({ "type": ["string", "number", "boolean", "null"] });
    // A number is seconds since 1970.
    let date = || json!({ "type": ["string", "number", "null"], "pattern": "^\\s*$|[0-9]" });
    let one_or_more =
        |one: Value| json!({ "anyOf": [text(), one, { "type": "array", "items": { "anyOf": [text(), one] } }] });
    match shape {
        Shape::Text => text(),
        Shape::Date => date(),
        Shape::Until => json!({ "anyOf": [date(), { "enum": OVER }, { "type": "object" }] }),
        Shape::Boolean => json!({
            "enum": [true, false, null, "true", "false", "yes", "no", "on", "off", "1", "0", 1, 0, ""],
        }),
        Shape::Integer => json!({ "type": ["integer", "null"] }),
        Shape::Names => {
            let any = json!([{ "required": ["id"] }, { "required": ["name"] }, { "required": ["title"] }]);
            one_or_more(json!({ "type": "object", "anyOf": any }))
        }
        Shape::Image => {
            let mut known = properties(IMAGE);
            for other in ["width", "height", "title"] {
                known.insert(other.to_owned(), json!({}));
            }
            if let Some(focus) = known.get_mut("focus").and_then(serde_json::Value::as_object_mut) {
                focus.remove("type");
                let point = json!({ "type": "array", "minItems": 2, "maxItems": 2 });
                focus.insert("anyOf".into(), json!([{ "type": ["string", "null"] }, point]));
            }
            let files = ["src", "url", "path", "file"].map(|name| json!({ "required": [name] }));
            let image = json!({
                "type": "object",
                "properties": known,
                "additionalProperties": false,
                "anyOf": [files[0], files[1], files[2], files[3], { "maxProperties": 0 }],
            });
            json!({ "anyOf": [text(), image, { "type": "array", "items": text() }] })
        }
        Shape::Sources => one_or_more(json!({
            "type": "object",
            "properties": {
                "name": described(Shape::Text, "Who published it."),
                "title": described(Shape::Text, "Another spelling of `name`."),
                "url": {
                    "description": "Where: an address, or a path of the site.",
                    "type": ["string", "null"],
                    "pattern": "^\\s*(https?://|/|$)",
                },
            },
            "anyOf": [{ "required": ["name"] }, { "required": ["title"] }, { "required": ["url"] }],
        })),
        Shape::Corrections => one_or_more(json!({
            "type": "object",
            "properties": {
                "date": described(Shape::Date, "When it was put right."),
                "text": described(Shape::Text, "What was wrong, and what is right; short Markdown."),
            },
            "required": ["text"],
        })),
        Shape::Kind => {
            let names = Kind::ALL.iter().map(|kind| Some(kind.name())).chain([None]);
            json!({ "enum": names.collect::<Vec<_>>(), "default": Kind::default().name() })
        }
        Shape::Access => {
            let names = Access::ALL.iter().map(|access| Some(access.name())).chain([None]);
            json!({ "enum": names.collect::<Vec<_>>(), "default": Access::default().name() })
        }
        Shape::Coverage => json!({
            "type": ["object", "null"],
            "properties": {
                "start": described(Shape::Date, "When it begins."),
                "end": described(Shape::Date, "When it ends."),
            },
            "additionalProperties": false,
        }),
        Shape::Withdrawal => {
            let notice = json!({
                "type": "object",
                "properties": {
                    "date": described(Shape::Date, "When it was withdrawn."),
                    "reason": described(Shape::Text, "Why, for readers; short Markdown."),
                },
                "required": ["date"],
            });
            json!({ "anyOf": [text(), notice] })
        }
        Shape::Links => json!({ "type": ["string", "array", "object", "null"] }),
        Shape::Articles => json!({ "anyOf": [text(), { "type": "array" }, { "type": "object" }] }),
        Shape::Front => super::front::front(),
        Shape::Anything => json!({}),
    }
}
