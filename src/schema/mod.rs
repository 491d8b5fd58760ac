//! JSON Schema (2020-12) of the files that people write, for their editors.
//!
//! An editor that knows the schema offers the keys, explains them, and marks what is wrong while it is
//! written. The schemas are made from what reads the files: `site.yaml`'s from the settings themselves,
//! front matter's from the table of keys.

mod front;
mod front_matter;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::config::Settings;
use crate::config::checks::{Checks, LISTS, Level, Rule};

/// A file that has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    /// `site.yaml`.
    Site,
    /// The front matter of an article or page.
    Entry,
    /// The front matter of `_index.md`.
    Section,
    /// The front matter of `authors/<id>.md`.
    Author,
}

impl File {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Site, Self::Entry, Self::Section, Self::Author];

    /// The name of its schema in a folder of schemas.
    pub fn schema_name(self) -> &'static str {
        match self {
            Self::Site => "site.schema.json",
            Self::Entry => "front-matter.schema.json",
            Self::Section => "section.schema.json",
            Self::Author => "author.schema.json",
        }
    }

    /// The schema.
    pub fn schema(self) -> Value {
        match self {
            Self::Site => site(),
            Self::Entry => front_matter::entry(),
            Self::Section => front_matter::section(),
            Self::Author => front_matter::author(),
        }
    }

    /// The schema as the text of a file.
    pub fn text(self) -> String {
        serde_json::to_string_pretty(&self.schema()).expect("a schema is JSON") + "\n"
    }
}

/// The schema of a line of `courant import json`.
pub fn import() -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<crate::import::item::Record>().to_value();
    schema["title"] = "A line of an import into courant".into();
    schema["description"] =
        "A site, section, author, file, article or page, as one object on one line (JSON Lines).".into();
    schema
}

fn site() -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Settings>().to_value();
    schema["title"] = "site.yaml of courant".into();
    schema["description"] = "The configuration of a news site. All keys are optional.".into();
    // The names at schema.org are other spellings of ours.
    if let Some(properties) = schema.pointer_mut("/$defs/Publisher/properties").and_then(Value::as_object_mut) {
        let spelled: Vec<(String, Value)> =
            properties.iter().map(|(name, property)| (camel(name), property.clone())).collect();
        properties.extend(spelled);
    }
    numbers_are_text(&mut schema);
    // Descriptions are comments of the source, which are broken into lines.
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.values_mut().for_each(one_paragraph);
    }
    schema
}

/// Lets numbers stand where text may stand, as the reader of YAML does: `title: 2019`.
fn numbers_are_text(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if !map.contains_key("enum")
                && !map.contains_key("const")
                && let Some(kind) = map.get_mut("type")
            {
                match kind {
                    Value::String(name) if name == "string" => *kind = json!(["string", "number"]),
                    Value::Array(kinds) if kinds.contains(&"string".into()) && !kinds.contains(&"number".into()) => {
                        kinds.push("number".into());
                    }
                    _ => {}
                }
            }
            map.values_mut().for_each(numbers_are_text);
        }
        Value::Array(items) => items.iter_mut().for_each(numbers_are_text),
        _ => {}
    }
}

/// `same_as` as `sameAs`.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |whole, word| {
        let mut characters = word.chars();
        let initial = characters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
        whole + &initial + characters.as_str()
    })
}

/// Joins the lines of a description, which are those of the source.
fn one_paragraph(property: &mut Value) {
    if let Some(Value::String(text)) = property.get_mut("description") {
        *text = text.replace('\n', " ");
    }
}

impl JsonSchema for Checks {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Checks".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let levels = Level::ALL.map(Level::name);
        let mut properties = Map::new();
        for rule in Rule::ALL {
            let level = json!({
                "description": rule.meaning(),
                // YAML 1.1 reads `off` as `false`.
                "enum": [levels[0], levels[1], levels[2], false],
                "default": rule.default_level().name(),
            });
            properties.insert(rule.id().to_owned(), level);
        }
        for (name, meaning) in LISTS {
            let list = json!({ "description": meaning, "type": "array", "items": { "type": "string" } });
            properties.insert(name.to_owned(), list);
        }
        let whole = json!({ "type": ["object", "null"], "properties": properties, "additionalProperties": false });
        Schema::try_from(whole).expect("an object is a schema")
    }
}
