//! The configuration: `site.yaml`, with every default filled in.
//!
//! Reads one file into one value. An unknown key is an error with a suggestion; a folder without
//! `site.yaml` has the defaults. What the command line overrides is applied here too, so that
//! everything later sees one configuration and one fingerprint of it.

mod settings;

use std::fs;
use std::path::Path;

use jiff::tz::TimeZone;

use crate::diagnostic::{Diagnostic, Place, did_you_mean};
use crate::fingerprint::{Fingerprint, Fingerprinter};
pub use settings::{
    Comments, FeedContent, FeedFormat, FeedScope, Feeds, FragmentMode, Fragments, Markdown, MenuItem, Publisher,
    Settings, Slugs, Taxonomy,
};

/// The name of the configuration file.
pub const FILE: &str = "site.yaml";

/// What the command line may override.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--base-url`.
    pub base_url: Option<String>,
    /// `--drafts`: drafts are published.
    pub drafts: bool,
    /// `--future`: embargoed articles are published.
    pub future: bool,
}

/// The configuration of a site.
#[derive(Debug)]
pub struct Config {
    /// The keys of `site.yaml`.
    pub settings: Settings,
    /// Scheme, host and path of the front page, without a slash at the end.
    pub base_url: String,
    /// The path of `base_url`, with a slash at both ends: `/` or `/blog/`.
    pub base_path: String,
    /// Scheme and host of `base_url`: what stands before a root-relative address.
    pub origin: String,
    /// The time zone dates without an offset are read in, and all dates are shown in.
    pub time_zone: TimeZone,
    /// Drafts are published.
    pub drafts: bool,
    /// Embargoed articles are published.
    pub future: bool,
    /// Everything above as a fingerprint.
    pub fingerprint: Fingerprint,
    /// What could be better.
    pub warnings: Vec<Diagnostic>,
}

/// The address used while `base_url` is not set.
const DEFAULT_BASE_URL: &str = "http://localhost:4000";

impl Config {
    /// Reads `site.yaml` in `root`.
    pub fn load(root: &Path, overrides: &Overrides) -> Result<Self, Vec<Diagnostic>> {
        let text = match fs::read(root.join(FILE)) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => text,
                Err(_) => {
                    return Err(vec![Diagnostic::error("the configuration is not UTF-8 text").at(Place::file(FILE))]);
                }
            },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                if !root.join("content").is_dir() {
                    return Err(vec![
                        Diagnostic::error("there is no site here: neither `site.yaml` nor a folder `content`")
                            .at(Place::file(root.display().to_string()))
                            .hint("make one with `courant init .`, or name its folder with `--site DIR`"),
                    ]);
                }
                String::new()
            }
            Err(error) => {
                return Err(vec![
                    Diagnostic::error(format!("cannot read the configuration: {error}")).at(Place::file(FILE)),
                ]);
            }
        };
        Self::from_text(&text, overrides)
    }

    /// Reads the text of a `site.yaml`.
    pub fn from_text(text: &str, overrides: &Overrides) -> Result<Self, Vec<Diagnostic>> {
        let settings: Settings =
            if text.trim().is_empty() || text.lines().all(|line| line.trim_start().starts_with('#')) {
                Settings::default()
            } else {
                serde_yaml::from_str(text).map_err(|error| vec![yaml_diagnostic(FILE, text, 0, &error)])?
            };
        let mut problems = Vec::new();
        let mut warnings = Vec::new();
        let key = |key: &str| key_place(text, key);

        let time_zone = TimeZone::get(&settings.timezone).unwrap_or_else(|_| {
            problems.push(
                Diagnostic::error(format!("unknown time zone `{}`", settings.timezone))
                    .at(key("timezone"))
                    .hint("use an IANA name such as `Europe/Berlin` or `UTC`"),
            );
            TimeZone::UTC
        });
        let given = overrides.base_url.clone().or_else(|| settings.base_url.clone());
        if given.is_none() {
            warnings.push(
                Diagnostic::warning(format!(
                    "`base_url` is not set; addresses in feeds and sitemaps begin with {DEFAULT_BASE_URL}"
                ))
                .at(Place::file(FILE))
                .hint("add `base_url: https://your.domain` to site.yaml, or give `--base-url`"),
            );
        }
        let base_url = given.unwrap_or_else(|| DEFAULT_BASE_URL.into()).trim_end_matches('/').to_owned();
        let (origin, base_path) = match split_url(&base_url) {
            Some(parts) => parts,
            None => {
                problems.push(
                    Diagnostic::error(format!("`base_url` is not an address: {base_url}"))
                        .at(key("base_url"))
                        .hint("write scheme and host, as in `https://news.example` or `https://host.example/blog`"),
                );
                (String::new(), "/".into())
            }
        };
        for problem in settings.problems() {
            problems.push(Diagnostic::error(problem.message).at(key(problem.key)).hint(problem.hint));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut fingerprint = Fingerprinter::new("config");
        fingerprint.text(text).text(&base_url).number(overrides.drafts.into()).number(overrides.future.into());
        Ok(Self {
            base_url,
            base_path,
            origin,
            time_zone,
            drafts: overrides.drafts,
            future: overrides.future,
            fingerprint: fingerprint.finish(),
            warnings,
            settings,
        })
    }

    /// Whether the taxonomy has listings.
    pub fn has(&self, taxonomy: Taxonomy) -> bool {
        self.settings.taxonomies.contains(&taxonomy)
    }

    /// The root-relative address (base path included) of a site path such as `/tags/`.
    pub fn address(&self, site_path: &str) -> String {
        format!("{}{}", self.base_path, site_path.trim_start_matches('/'))
    }

    /// The absolute address of a root-relative one.
    pub fn absolute(&self, address: &str) -> String {
        if address.starts_with('/') && !address.starts_with("//") {
            format!("{}{address}", self.origin)
        } else {
            address.to_owned()
        }
    }
}

/// `https://host:1/a/b` as `https://host:1` and `/a/b/`.
fn split_url(url: &str) -> Option<(String, String)> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let host = rest.split('/').next()?;
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '"' | '<' | '>' | '?' | '#' | '\\');
    if host.is_empty() || !url.chars().all(is_plain) || rest.split('/').any(|part| part == "..") {
        return None;
    }
    let origin = &url[..url.len() - rest.len() + host.len()];
    let path = rest[host.len()..].trim_matches('/');
    Some((origin.to_owned(), if path.is_empty() { "/".into() } else { format!("/{path}/") }))
}

/// The place of a key of `site.yaml`.
fn key_place(text: &str, key: &str) -> Place {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        if trimmed.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(':')) {
            let start = at + line.len() - trimmed.len();
            return Place::span(FILE, text, start..start + key.len());
        }
        at += line.len();
    }
    Place::file(FILE)
}

/// A YAML error as a diagnostic. `text` is the whole file `path`; the YAML in it begins after
/// `lines_before` lines.
pub fn yaml_diagnostic(path: &str, text: &str, lines_before: usize, error: &serde_yaml::Error) -> Diagnostic {
    let full = error.to_string();
    // "…: message at line 3 column 5": the place is drawn, not told.
    let mut message = match full.rfind(" at line ") {
        Some(at) if error.location().is_some() => full[..at].to_owned(),
        _ => full,
    };
    let mut hint = None;
    if let Some((_, rest)) = message.split_once("unknown field `")
        && let Some((name, rest)) = rest.split_once('`')
    {
        let known: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
        hint = did_you_mean(name, known.iter().copied()).or_else(|| Some(format!("known keys: {}", known.join(", "))));
        message = format!("unknown key `{name}`");
    } else if message.contains("unknown variant `") {
        hint = message.split_once(", expected ").map(|(_, expected)| format!("use {expected}"));
    } else if message.contains("found character that cannot start any token") {
        hint = Some("YAML is indented with spaces, not tabs; a value that begins with @, ` or % needs quotes".into());
    } else if message.contains("mapping values are not allowed") {
        hint = Some("a value that contains a colon followed by a space needs quotes".into());
    } else if message.contains("repetition limit") {
        hint = Some("write the values out instead of using aliases (`*name`)".into());
    } else if message.contains("control characters are not allowed") {
        hint = Some("remove the invisible control character".into());
    } else if message.contains("duplicate entry") {
        hint = Some("keep one of the two".into());
    }
    let place = match error.location() {
        Some(location) => Place::at(path, text, location.line() + lines_before, location.column()),
        None => Place { line: lines_before as u32 + 1, ..Place::file(path) },
    };
    Diagnostic::error(message).at(place).maybe_hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> Config {
        Config::from_text(text, &Overrides::default()).expect("a good configuration")
    }

    fn problem(text: &str) -> Diagnostic {
        Config::from_text(text, &Overrides::default()).expect_err("a bad configuration").remove(0)
    }

    #[test]
    fn an_empty_file_is_all_defaults() {
        let config = config("# nothing yet\n");
        assert_eq!(config.settings.theme, "broadsheet");
        assert_eq!(config.settings.page_size, 10);
        assert_eq!(config.base_path, "/");
    }

    #[test]
    fn a_site_may_live_under_a_path() {
        let config = config("base_url: https://host.example/blog/\n");
        assert_eq!(config.base_path, "/blog/");
        assert_eq!(config.address("/tags/"), "/blog/tags/");
        assert_eq!(config.absolute("/blog/tags/"), "https://host.example/blog/tags/");
    }

    #[test]
    fn an_unknown_key_names_its_place_and_the_cure() {
        let problem = problem("title: A\nbase_ulr: https://a.example\n");
        assert_eq!(problem.message, "unknown key `base_ulr`");
        assert_eq!(problem.hint.as_deref(), Some("did you mean `base_url`?"));
        let place = problem.place.expect("a place");
        assert_eq!((place.line, place.column), (2, 1));
    }

    #[test]
    fn values_are_checked() {
        assert!(problem("timezone: Mars/Olympus\n").message.contains("unknown time zone"));
        assert!(problem("base_url: news.example\n").message.contains("not an address"));
        assert!(problem("page_size: 0\n").message.contains("page_size"));
        assert!(problem("permalink: /{section}/{nme}/\n").message.contains("{nme}"));
        assert!(problem("output: ../elsewhere\n").message.contains("output"));
    }
}
