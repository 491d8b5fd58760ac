//! Where a tool is told to look for what it publishes: folders of other names, folders of a language, languages that
//! are switched off. All others of this importer know files by the names that they would have otherwise.

use serde_json::Value;

use super::settings::{Languages, Settings, list};
use crate::import::Door;
use crate::source_name;

/// The folders of a site.
#[derive(Debug, Default)]
pub(super) struct Layout {
    door: Option<Door>,
    /// Folders with a slash behind them, the longest first: what they stand for, and the tag of their language; that of
    /// the site's own is empty.
    folders: Vec<(String, String, String)>,
    /// Folders that stand for themselves no longer.
    replaced: Vec<&'static str>,
    /// Tags of languages that are not published.
    disabled: Vec<String>,
    /// Of Jekyll: the folder of posts and collections, with a slash; empty for the site's own.
    collections: String,
}

/// A path with a slash behind it; none for that of the site itself.
fn folder(path: &str) -> Option<String> {
    let path = path.trim_start_matches("./").trim_matches('/');
    (!path.is_empty() && path != ".").then(|| format!("{path}/"))
}

impl Layout {
    pub(super) fn of(door: Door, settings: &Settings) -> Self {
        let mut this = Self { door: Some(door), ..Self::default() };
        match door {
            Door::Hugo => this.read_hugo(settings),
            Door::Jekyll => this.collections = folder(&settings.text(&["collections_dir"])).unwrap_or_default(),
            _ => {}
        }
        this
    }

    fn read_hugo(&mut self, settings: &Settings) {
        const KINDS: [(&str, &str); 4] =
            [("content/", "contentDir"), ("static/", "staticDir"), ("data/", "dataDir"), ("assets/", "assetDir")];
        let languages = Languages::of(Door::Hugo, settings);
        self.disabled.clone_from(&languages.disabled);
        for (kind, key) in KINDS {
            let given: Vec<String> = settings.get(key).map(list).unwrap_or_default();
            let given =
                given.iter().filter_map(|given| folder(given)).map(|given| (given, kind.to_owned(), String::new()));
            self.folders.extend(given);
        }
        for mount in
            settings.get("module").map(|module| &module["mounts"]).and_then(Value::as_array).into_iter().flatten()
        {
            let text = |key: &str| mount[key].as_str().and_then(folder);
            let (Some(source), Some(target)) = (text("source"), text("target")) else { continue };
            let tag = mount["lang"].as_str().map(|tag| languages.suffix(tag)).unwrap_or_default();
            self.folders.push((source, target, tag));
        }
        let is_of = |target: &str, kind: &str| target.starts_with(kind);
        let replaced = KINDS
            .iter()
            .map(|(kind, _)| *kind)
            .filter(|kind| self.folders.iter().any(|(_, target, tag)| is_of(target, kind) && tag.is_empty()));
        self.replaced.extend(replaced.collect::<Vec<&str>>());
        // Where each language has a folder of its own, that of the site is none's.
        let has_own = |tag: &str| languages.folders.iter().any(|(_, own)| own == tag);
        if !languages.folders.is_empty() && has_own("") && languages.others.iter().all(|(tag, _)| has_own(tag)) {
            self.replaced.push("content/");
        }
        for (source, tag) in languages.folders {
            self.folders.push((source, "content/".into(), tag));
        }
        self.folders.sort_by_key(|(source, ..)| std::cmp::Reverse(source.len()));
    }

    /// The path of a file as if the tool were told nothing; none if it is no part of the site.
    pub(super) fn path(&self, path: &str) -> Option<String> {
        let found = self.door.and_then(|door| match door {
            Door::Hugo => self.path_of_hugo(path),
            Door::Jekyll => self.path_of_jekyll(path),
            _ => Some(path.to_owned()),
        });
        found.filter(|path| !self.is_disabled(path))
    }

    fn path_of_hugo(&self, path: &str) -> Option<String> {
        let found = self.folders.iter().find(|(source, ..)| path.starts_with(&**source));
        let Some((source, target, tag)) = found else {
            return (!self.replaced.iter().any(|kind| path.starts_with(kind))).then(|| path.to_owned());
        };
        let rest = &path[source.len()..];
        let with_tag = || rest.rsplit_once('.').map(|(stem, ending)| format!("{target}{stem}.{tag}.{ending}"));
        let is_text = source_name::is_markdown_name(rest) || rest.ends_with(".html");
        let is_of_language = !tag.is_empty() && target.starts_with("content/");
        if is_of_language && (is_text || self.disabled.contains(tag)) {
            return with_tag();
        }
        Some(format!("{target}{rest}"))
    }

    /// Posts are read in the folder of the collections only.
    fn path_of_jekyll(&self, path: &str) -> Option<String> {
        if path.split('/').any(|part| matches!(part, "_posts" | "_drafts")) {
            return path.strip_prefix(&*self.collections).map(str::to_owned);
        }
        Some(path.to_owned())
    }

    /// Whether the name of a file is of a language that is switched off.
    fn is_disabled(&self, path: &str) -> bool {
        let tag = path.rsplit('/').next().and_then(|name| name.rsplit('.').nth(1)).unwrap_or_default();
        path.starts_with("content/") && self.disabled.iter().any(|one| one.eq_ignore_ascii_case(tag))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn layout(door: Door, map: &Value) -> Layout {
        Layout::of(door, &Settings { map: map.as_object().cloned().unwrap_or_default() })
    }

    #[test]
    fn what_a_tool_reads_is_what_its_configuration_names() {
        let hugo = |map: Value, path: &str| layout(Door::Hugo, &map).path(path);
        let one = json!({"contentDir": "texts/", "staticDir": ["files", "more"]});
        for (path, expected) in [
            ("texts/posts/a.md", Some("content/posts/a.md")),
            ("content/posts/a.md", None),
            ("files/a.jpg", Some("static/a.jpg")),
            ("more/b.jpg", Some("static/b.jpg")),
            ("static/c.jpg", None),
            ("data/d.yaml", Some("data/d.yaml")),
        ] {
            assert_eq!(hugo(one.clone(), path).as_deref(), expected, "{path}");
        }
        let mounts = json!({"module": {"mounts": [{"source": "docs", "target": "content/docs"}, {"source": "content", "target": "content"}]}});
        assert_eq!(hugo(mounts.clone(), "docs/a.md").as_deref(), Some("content/docs/a.md"));
        assert_eq!(hugo(mounts, "content/a.md").as_deref(), Some("content/a.md"));
        assert_eq!(hugo(json!({"contentdir": "texts"}), "content/a.md"), None);
    }

    #[test]
    fn languages_that_are_switched_off_are_no_part_of_the_site() {
        let map = json!({
            "disableLanguages": ["de"],
            "languages": {
                "en": {"contentDir": "content/en"}, "de": {}, "da": {"contentDir": "content/da"},
                "fr": {"disabled": true, "contentDir": "content/fr"},
            },
        });
        let of = |path: &str| layout(Door::Hugo, &map).path(path);
        for (path, expected) in [
            ("content/en/a.md", Some("content/a.md")),
            ("content/da/a.md", Some("content/a.da.md")),
            ("content/en/a.de.md", None),
            ("content/fr/a.md", None),
            ("content/fr/a.jpg", None),
            ("content/a.md", None),
        ] {
            assert_eq!(of(path).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn posts_of_jekyll_are_read_in_the_folder_of_its_collections_only() {
        let of = |path: &str| layout(Door::Jekyll, &json!({"collections_dir": "stuff"})).path(path);
        assert_eq!(of("stuff/_posts/2019-01-02-a.md").as_deref(), Some("_posts/2019-01-02-a.md"));
        assert_eq!((of("_posts/2019-01-02-a.md"), of("about.md").as_deref()), (None, Some("about.md")));
    }
}
