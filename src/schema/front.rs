//! The schema of the key `front`: what is placed on a page.

use serde_json::{Map, Value, json};

use crate::article::front::{Layout, MOST_IN_BLOCK, Tone, USUAL_COUNT};
use crate::article::keys::Shape;
use crate::article::record::Kind;

use super::front_matter::described;

/// A map with these keys and no others.
fn closed(properties: &[(&str, Value)], required: &[&str]) -> Value {
    let properties: Map<String, Value> =
        properties.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// One of some words.
fn words(all: &[&str], meaning: &str) -> Value {
    let mut all: Vec<Value> = all.iter().map(|word| (*word).into()).collect();
    all.push(Value::Null);
    json!({ "enum": all, "description": meaning })
}

/// One, or a list.
fn list(one: &Value, meaning: &str) -> Value {
    json!({ "anyOf": [{ "type": "array", "items": one }, one, { "type": "null" }], "description": meaning })
}

pub(super) fn front() -> Value {
    let text = |meaning| described(Shape::Text, meaning);
    let from = ("from", described(Shape::Date, "From when on it stands there."));
    let until = ("until", described(Shape::Date, "From then on it does not stand there any more."));
    let file = json!({ "type": "string", "description": "The file of the article, such as local/tunnel.md." });
    let placed = json!({ "anyOf": [file, closed(
        &[
            ("article", file.clone()),
            ("title", text("Another headline for this place.")),
            ("image", described(Shape::Image, "Another image for this place.")),
            from.clone(),
            until.clone(),
        ],
        &["article"],
    )] });
    let package = closed(
        &[
            ("title", text("What its articles are about.")),
            ("lead", json!({ "anyOf": [placed, { "type": "null" }], "description": "The first of its articles." })),
            ("articles", list(&placed, "Its other articles.")),
            from.clone(),
            until.clone(),
        ],
        &["title"],
    );
    let mut block = closed(
        &[
            ("section", text("The folder of a section: its newest articles.")),
            ("kind", words(&Kind::ALL.map(Kind::name), "A kind of articles: the newest ones.")),
            ("tag", text("A tag: the newest articles with it.")),
            ("title", text("What stands above it, if it is not the name.")),
            (
                "count",
                json!({
                    "type": "integer",
                    "minimum": 1,
                    "maximum": MOST_IN_BLOCK,
                    "default": USUAL_COUNT,
                    "description": "How many articles it has at most.",
                }),
            ),
            ("layout", words(&Layout::ALL.map(Layout::name), "How it is shown.")),
        ],
        &[],
    );
    block["oneOf"] = json!([{ "required": ["section"] }, { "required": ["kind"] }, { "required": ["tag"] }]);
    let notice = closed(
        &[
            ("text", text("One sentence.")),
            ("url", text("Where it leads.")),
            ("kind", words(&Tone::ALL.map(Tone::name), "What is breaking must have an end.")),
            from,
            until,
        ],
        &["text"],
    );
    let mut front = closed(
        &[
            ("lead", json!({ "anyOf": [placed, { "type": "null" }], "description": "What leads the page." })),
            ("top", list(&placed, "The top stories.")),
            ("packages", list(&package, "Articles that belong together.")),
            ("blocks", list(&block, "The newest articles of a section, of a kind or with a tag.")),
            ("notice", json!({ "anyOf": [notice, { "type": "null" }], "description": "Announced above everything." })),
        ],
        &[],
    );
    front["type"] = json!(["object", "null"]);
    front
}
