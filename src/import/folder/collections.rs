//! Collections of Jekyll: folders of texts besides its posts. Those that it writes into its site have pages here.

use std::collections::BTreeMap;

use super::Settings;
use super::pages::slug_of_jekyll;
use crate::import::Door;
use crate::source_name::is_markdown_name;

/// The collections that have pages: their names, with the patterns of their addresses.
#[derive(Debug, Default)]
pub(super) struct Collections {
    patterns: BTreeMap<String, String>,
    /// The folder in which they stand, with a slash behind it; empty for the site's own.
    folder: String,
}

impl Collections {
    pub(super) fn of(door: Door, settings: &Settings) -> Self {
        let mut patterns = BTreeMap::new();
        let all = settings.map.get("collections").and_then(|all| all.as_object()).filter(|_| door == Door::Jekyll);
        for (name, one) in all.into_iter().flatten() {
            let is_plain = !name.is_empty() && !name.contains(['/', '.']) && !matches!(&**name, "posts" | "drafts");
            if is_plain && one["output"].as_bool() == Some(true) {
                let given = one["permalink"].as_str().unwrap_or("/:collection/:path:output_ext");
                patterns.insert(name.clone(), given.to_owned());
            }
        }
        let folder = settings.text(&["collections_dir"]);
        let folder = Some(folder.trim_matches('/')).filter(|folder| !folder.is_empty() && *folder != ".");
        Self { patterns, folder: folder.map(|folder| format!("{folder}/")).unwrap_or_default() }
    }

    /// The name of the collection of a file, and its path within.
    fn find<'p>(&self, path: &'p str) -> Option<(&'p str, &'p str)> {
        let (folder, rest) = path.strip_prefix(&*self.folder)?.split_once('/')?;
        let name = folder.strip_prefix('_')?;
        self.patterns.contains_key(name).then_some((name, rest))
    }

    /// The path of a file within its collection.
    pub(super) fn inside<'p>(&self, path: &'p str) -> Option<&'p str> {
        self.find(path).map(|(_, rest)| rest)
    }

    /// Where a file goes; none for a text without a page.
    pub(super) fn place(&self, path: &str) -> Option<String> {
        let (name, rest) = self.find(path)?;
        if is_markdown_name(rest) {
            return Some(format!("content/{name}/{rest}"));
        }
        let is_shown = crate::original::Format::of_name(rest).is_some();
        is_shown.then(|| format!("static/{name}/{rest}"))
    }

    /// The address of a text, unless its pattern needs more than its name.
    pub(super) fn address(&self, path: &str) -> Option<String> {
        let (name, rest) = self.find(path).filter(|(_, rest)| is_markdown_name(rest))?;
        let stem = rest.rsplit_once('.').map_or(rest, |(stem, _)| stem);
        let last = stem.rsplit('/').next().unwrap_or_default();
        let (title, slug) = (slug_of_jekyll(last, true), slug_of_jekyll(last, false));
        let mut address = self.patterns.get(name)?.clone();
        for (theirs, ours) in [
            (":output_ext", ".html"),
            (":collection", name),
            (":path", stem),
            (":title", &*title),
            (":slug", &*slug),
            (":name", &*slug),
        ] {
            address = address.replace(theirs, ours);
        }
        (address.starts_with('/') && !address.contains(':')).then_some(address)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn collections_that_are_written_have_places_and_addresses() {
        let map = json!({"collections_dir": "stuff", "collections": {
            "cooks": {"output": true}, "notes": {"output": false}, "towns": {"output": true, "permalink": "/t/:name/"},
        }});
        let settings = Settings { map: map.as_object().cloned().unwrap_or_default() };
        let all = Collections::of(Door::Jekyll, &settings);
        assert_eq!(all.place("stuff/_cooks/a/ann.md").as_deref(), Some("content/cooks/a/ann.md"));
        assert_eq!(all.address("stuff/_cooks/a/ann.md").as_deref(), Some("/cooks/a/ann.html"));
        assert_eq!(all.address("stuff/_towns/skerry.md").as_deref(), Some("/t/skerry/"));
        for other in ["_cooks/ann.md", "stuff/_notes/a.md", "stuff/cooks/ann.md", "stuff/_cooks"] {
            assert_eq!(all.place(other), None, "{other}");
        }
        assert_eq!(all.place("stuff/_cooks/data.txt"), None);
    }
}
