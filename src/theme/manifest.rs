//! `theme.yaml`, and the versions of the interface between themes and the program.
//!
//! A theme says for which version it was made (`api: 1`). The version grows only when a theme that was right
//! would no longer be: a variable, function, component or file name that is gone or means something else.
//! What is added leaves it as it is. [`CHANGES`] tells theme authors what to do at each step, and the message
//! about a theme that is too old carries those of the steps between.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;

use super::settings::Values;
use crate::config::key_place;
use crate::diagnostic::Diagnostic;
use crate::yaml;

/// The version of the theme interface that this program speaks.
pub const API: u32 = 1;

/// The oldest version whose themes still work.
pub const OLDEST_API: u32 = 1;

/// What a theme's author has to change at each version, the oldest version first.
pub const CHANGES: &[(u32, &[&str])] = &[(
    1,
    &[
        "say `api: 1` in theme.yaml",
        "templates are `front.html`, `article.html`, `page.html`, `listing.html` and `404.html`, with the subjects `listing`, `article` and `page`",
    ],
)];

/// `theme.yaml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Manifest {
    /// The name that people read.
    pub name: String,
    /// One sentence on what it is like.
    pub description: String,
    /// The theme's own version.
    pub version: Option<String>,
    /// Who made it.
    pub author: Option<String>,
    /// The version of the interface that it is made for.
    pub api: Option<u32>,
    /// The theme whose files it has where it has none of its own.
    pub extends: Option<String>,
    /// Its settings and their defaults.
    pub settings: serde_json::Map<String, serde_json::Value>,
    /// What settings may be where the type of the default does not say it all.
    pub values: BTreeMap<String, Values>,
}

impl Manifest {
    /// Reads `text`, the whole text of the file `file`.
    ///
    /// # Errors
    /// It is no manifest, or one for another version of the interface.
    pub fn read(file: &str, text: &str) -> Result<Self, Diagnostic> {
        // A key of a newer version must not hide that the theme is for a newer version.
        let manifest: Result<Self, _> = yaml::from_str(text);
        let api = match &manifest {
            Ok(manifest) => manifest.api,
            Err(_) => yaml::from_str::<Version>(text).ok().and_then(|version| version.api),
        };
        if let Some((message, hint)) = api.and_then(mismatch) {
            return Err(Diagnostic::error(message).at(key_place(file, text, "api")).hint(hint));
        }
        manifest.map_err(|error| error.diagnostic(file, text))
    }
}

/// What is read of a manifest that cannot be read.
#[derive(Deserialize)]
struct Version {
    api: Option<u32>,
}

/// Why a theme for the version `api` cannot be used, and what to do; none if it can.
fn mismatch(api: u32) -> Option<(String, String)> {
    if (OLDEST_API..=API).contains(&api) {
        return None;
    }
    let program = env!("CARGO_PKG_VERSION");
    let message =
        format!("the theme is made for version {api} of the theme interface; this program speaks version {API}");
    if api > API {
        return Some((
            message,
            format!("install a newer courant (this is {program}), or an older version of the theme with `api: {API}`"),
        ));
    }
    let mut hint = format!("update the theme, then write `api: {API}`:");
    for (version, changes) in CHANGES.iter().filter(|(version, _)| *version > api) {
        let _ = write!(hint, " since version {version}, {};", changes.join("; "));
    }
    Some((message, hint.trim_end_matches(';').to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_has_its_notes() {
        let versions: Vec<u32> = CHANGES.iter().map(|(version, _)| *version).collect();
        assert_eq!(versions, (1..=API).collect::<Vec<_>>());
        assert!(CHANGES.iter().all(|(_, changes)| !changes.is_empty()));
    }

    #[test]
    fn a_theme_for_another_version_is_told_what_to_do() {
        let newer = Manifest::read("theme.yaml", "name: x\nskies: blue\napi: 9\n").expect_err("too new");
        assert!(newer.message.contains("version 9") && newer.hint.expect("a hint").contains("install a newer courant"));
        assert_eq!(newer.place.expect("a place").line, 3);
        let older = Manifest::read("theme.yaml", "api: 0\n").expect_err("too old").hint.expect("a hint");
        assert!(older.contains("since version 1") && older.contains("`api: 1`"), "{older}");
        assert!(Manifest::read("theme.yaml", "name: x\n").is_ok(), "silence means this version");
    }
}
