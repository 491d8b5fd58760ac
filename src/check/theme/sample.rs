//! The sites that a theme is tried on: one that uses every feature, and its opposites.

use std::fs;
use std::path::Path;

use rust_embed::RustEmbed;
use serde_json::{Map, Value};

use crate::article::is_markdown;
use crate::config::Settings;
use crate::theme::{file, files_in, own_files};
use crate::yaml;

/// A site whose articles have everything that an article can have.
#[derive(RustEmbed)]
#[folder = "src/check/theme/sample/"]
struct Everything;

/// The moment as of which the sample sites are built, in seconds since 1970: 23 November 2026, noon.
pub(super) const NOW: i64 = 1_795_435_200;

/// One of the sites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sample {
    /// Everything there is, with the theme's own settings.
    Full,
    /// The same with all settings that are `true` or `false` the other way round.
    Turned,
    /// The same with the language and theme settings of the site itself.
    Own,
    /// The same from right to left, with fragments that the browser loads, and without forms.
    Arabic,
    /// Many articles, in listings of many pages.
    Long,
    /// One article of a title and a date.
    Barest,
    /// No article at all.
    Empty,
}

impl Sample {
    pub(super) const ALL: [Self; 7] =
        [Self::Full, Self::Turned, Self::Own, Self::Arabic, Self::Long, Self::Barest, Self::Empty];

    /// What it is called in messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Full => "a site with everything",
            Self::Turned => "a site with everything, settings turned",
            Self::Own => "a site with everything and your settings",
            Self::Arabic => "a site from right to left",
            Self::Long => "a site with long listings",
            Self::Barest => "a site with one bare article",
            Self::Empty => "an empty site",
        }
    }

    /// Writes it into the empty folder `target`, with the theme files of the site in `root`. `defaults` are
    /// the theme's settings.
    ///
    /// # Errors
    /// The machine failed.
    pub(super) fn write(
        self,
        target: &Path,
        root: &Path,
        layers: &[String],
        settings: &Settings,
        defaults: &Map<String, Value>,
    ) -> std::io::Result<()> {
        for layer in layers {
            for path in own_files(root, layer) {
                copy(root, target, &format!("themes/{layer}/{path}"))?;
            }
        }
        // Templates may read the site's data.
        for path in files_in(&root.join("data")) {
            copy(root, target, &format!("data/{path}"))?;
        }
        // Settings may name files of the site, such as a logo.
        for name in defaults.values().chain(settings.theme_settings.values()).filter_map(Value::as_str) {
            let path = |folder: &str| format!("{folder}/{}", name.trim_start_matches('/'));
            let is_file = |path: &String| !path.contains("..") && !is_markdown(path) && root.join(path).is_file();
            if let Some(path) = ["static", "content"].map(path).iter().find(|path| is_file(path)) {
                copy(root, target, path)?;
            }
        }
        for path in Everything::iter() {
            let is_wanted = match self {
                Self::Full => true,
                Self::Turned | Self::Own | Self::Arabic => !path.ends_with(".de.md"),
                Self::Long => !path.starts_with("content/world/") && !path.ends_with(".de.md"),
                Self::Barest => path.ends_with("barest.md"),
                Self::Empty => false,
            };
            if is_wanted && *path != *"site.yaml" {
                let bytes = Everything::get(&path).map(|file| file.data).unwrap_or_default();
                write(target, &path, &bytes)?;
            }
        }
        write(target, "content/.keep", b"")?;
        if self == Self::Long {
            for number in 0..24 {
                let (day, hour) = (1 + number % 14, number % 24);
                let text = format!(
                    "---\ntitle: Story number {number} of a long list\ndate: 2026-10-{day:02}T{hour:02}:00:00Z\nauthors: [ada-quill]\ntags: [harbour]\n---\nWords.\n"
                );
                write(target, &format!("content/local/story-{number}.md"), text.as_bytes())?;
            }
        }
        let mut site = self.site(&layers[0], settings, defaults);
        // A theme without the box of latest posts cannot have the browser load it.
        let has_latest = layers.iter().any(|layer| file(root, layer, "templates/fragments/latest.html").is_some());
        if !has_latest {
            site.remove("fragments");
        }
        let site = yaml::to_string(&site).map_err(std::io::Error::other)?;
        write(target, crate::config::FILE, site.as_bytes())
    }

    /// `site.yaml`.
    fn site(self, theme: &str, own: &Settings, defaults: &Map<String, Value>) -> Map<String, Value> {
        let full = Everything::get("site.yaml").map(|file| file.data).unwrap_or_default();
        let mut site: Map<String, Value> = match self {
            Self::Barest | Self::Empty => Map::new(),
            _ => yaml::from_str(&String::from_utf8_lossy(&full)).expect("the sample is a good one"),
        };
        if self != Self::Full {
            site.remove("languages");
        }
        let mut set = |key: &str, value: Value| site.insert(key.into(), value);
        set("theme", theme.into());
        match self {
            Self::Turned => {
                set("theme_settings", turned(defaults).into());
            }
            Self::Own => {
                set("theme_settings", own.theme_settings.clone().into());
                set("language", own.language.as_str().into());
            }
            Self::Arabic => {
                set("language", "ar".into());
                set("fragments", Map::from_iter([("latest".into(), "client".into())]).into());
                set("archives", false.into());
                set("comments", Map::new().into());
                set("feeds", Map::from_iter([("for".into(), Vec::<Value>::new().into())]).into());
            }
            Self::Long => {
                set("page_size", 3.into());
            }
            Self::Full | Self::Barest | Self::Empty => {}
        }
        site
    }
}

fn turned(settings: &Map<String, Value>) -> Map<String, Value> {
    let turn = |(key, value): (&String, &Value)| match value {
        Value::Bool(value) => Some((key.clone(), Value::Bool(!value))),
        _ => None,
    };
    settings.iter().filter_map(turn).collect()
}

fn write(target: &Path, path: &str, bytes: &[u8]) -> std::io::Result<()> {
    let path = target.join(path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes)
}

fn copy(root: &Path, target: &Path, path: &str) -> std::io::Result<()> {
    write(target, path, &fs::read(root.join(path))?)
}
