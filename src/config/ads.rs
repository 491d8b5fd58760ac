//! `ad_slots` of `site.yaml`: where house advertisements may stand. What stands there, the files in `includes/ads/` say.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::settings::Problem;

/// The places for advertisements, by their names.
pub type AdSlots = BTreeMap<String, AdSlot>;

/// A place for advertisements in articles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdSlot {
    /// Where it is.
    pub place: AdPlace,
    /// Of a place in the text: after so many paragraphs. A text with fewer has none.
    #[serde(default = "third")]
    pub after: u32,
    /// The sections whose articles have it, by the names of their folders; all when there are none.
    #[serde(default)]
    pub sections: Vec<String>,
}

fn third() -> u32 {
    3
}

/// Where in an article an advertisement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AdPlace {
    /// Below headline and image, above the text.
    Lead,
    /// In the text, between two paragraphs.
    Text,
    /// Beside the text; on a narrow screen below it.
    Beside,
}

impl AdPlace {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Lead, Self::Text, Self::Beside];

    /// The word in `site.yaml` and templates.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Text => "text",
            Self::Beside => "beside",
        }
    }
}

pub(super) fn problems(slots: &AdSlots, tell: &mut dyn FnMut(Problem)) {
    for (name, slot) in slots {
        if slot.after == 0 {
            let message = format!("`after` of the slot `{name}` is 0");
            tell(Problem::of(name, message, "write 1 for after the first paragraph, or `place: lead`"));
        }
    }
}
