//! `cards` of `site.yaml`: which articles have a social card of their own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which articles without a photograph have a social card of their own. Everything else shows the card of its section or
/// of the front page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cards {
    /// None, and nothing else has a card: `false`.
    None,
    /// So many of each language, the newest: a number, or `true` for 200.
    Newest(u32),
    /// All: `all`.
    All,
}

impl Default for Cards {
    fn default() -> Self {
        Self::Newest(200)
    }
}

impl Serialize for Cards {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_bool(false),
            Self::Newest(count) => serializer.serialize_u32(*count),
            Self::All => serializer.serialize_str("all"),
        }
    }
}

impl<'de> Deserialize<'de> for Cards {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl serde::de::Visitor<'_> for Visitor {
            type Value = Cards;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("true, false, `all`, or how many of the newest articles")
            }

            fn visit_bool<E>(self, value: bool) -> Result<Cards, E> {
                Ok(if value { Cards::default() } else { Cards::None })
            }

            fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Cards, E> {
                u32::try_from(value)
                    .map(Cards::Newest)
                    .map_err(|_| E::invalid_value(serde::de::Unexpected::Unsigned(value), &self))
            }

            fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Cards, E> {
                if value == "all" {
                    return Ok(Cards::All);
                }
                Err(E::invalid_value(serde::de::Unexpected::Str(value), &self))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

/// [`Cards`] as they may be written.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "only its schema is used")]
pub(super) enum CardsOr {
    Enabled(bool),
    Newest(u32),
    All(AllCards),
}

#[derive(JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(dead_code, reason = "only its schema is used")]
pub(super) enum AllCards {
    All,
}
