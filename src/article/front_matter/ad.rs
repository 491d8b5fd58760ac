//! The front matter of a house advertisement: `includes/ads/<name>.md`.

use super::PathParts;
use crate::article::fields::{Field, Fields};
use crate::article::keys;
use crate::article::record::Ad;
use crate::article::{title_of_name, withholding};
use crate::diagnostic::did_you_mean;
use crate::yaml;

/// What the keys say, apart from when it may be seen.
pub(super) fn ad(
    fields: &mut Fields<'_>,
    entries: &[yaml::Entry],
    place: &PathParts<'_>,
    body: (u32, u32),
) -> Ad<'static> {
    let mut ad = Ad { body, language: place.language.unwrap_or_default(), ..Ad::default() };
    for entry in entries {
        let field = Field::of(entry);
        match &*keys::fold(entry.name()) {
            "title" => ad.title = fields.line(&field).unwrap_or_default(),
            "slot" => ad.slot = fields.line(&field).unwrap_or_default(),
            // When it may be seen is read with the rest of the words that withhold.
            "date" => {}
            name if withholding::how(name).is_some() => {}
            name => {
                let known = ["title", "slot", "date", "expires", "draft"];
                let hint = did_you_mean(name, known).unwrap_or_else(|| format!("the keys are {}", known.join(", ")));
                fields.problem(&field, format!("an advertisement has no key `{}`", entry.name()), &hint);
            }
        }
    }
    if ad.title.is_empty() {
        ad.title = title_of_name(place.stem);
    }
    ad
}
