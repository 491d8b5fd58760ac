//! The configuration: `site.yaml`, with every default filled in.
//!
//! Reads one file into one value. An unknown key is an error with a suggestion; a folder without
//! `site.yaml` has the defaults. What the command line overrides is applied here too, so that
//! everything later sees one configuration and one fingerprint of it.

pub mod address;
mod ads;
mod base_url;
mod cards;
pub mod checks;
pub mod code;
mod deploy;
mod embeds;
mod headers;
pub mod host_limits;
mod images;
mod languages;
pub mod menus;
mod newsletter;
mod rights;
mod settings;

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;
use std::{fs, io};

use jiff::tz::TimeZone;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::yaml::{self, Entry, Node};
pub use ads::{AdPlace, AdSlot, AdSlots};
use base_url::BaseUrl;
pub use cards::Cards;
pub use deploy::{CacheRule, Deploy, DeployTarget, Location, Ping, Redirects, Span};
pub use embeds::{EmbedProvider, Embeds};
pub use headers::{Headers, Host};
pub use images::{ImageFormat, Images, Originals, Quality};
pub use languages::{Language, LanguageId, LanguageSettings, Languages};
pub use menus::{Footer, InText, MenuItem, MenuLink, Menus};
pub use newsletter::{Newsletter, Share};
pub use rights::{Rights, Robots};
pub(crate) use settings::is_relative;
pub use settings::{
    Comments, FeedContent, FeedFormat, FeedScope, Feeds, FieldNames, FragmentMode, Fragments, Markdown, Precompress,
    Publisher, Related, Search, Settings, Slugs, Taxonomy,
};

/// The name of the configuration file.
pub const FILE: &str = "site.yaml";

/// The path at which the comment receiver listens.
pub const RECEIVER: &str = "/_courant/comments";

/// What the command line may override.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--base-url`.
    pub base_url: Option<String>,
    /// `--drafts`: drafts are published.
    pub drafts: bool,
    /// `--future`: embargoed articles are published.
    pub future: bool,
    /// `--precompress`.
    pub precompress: Option<Precompress>,
    /// The preview takes comments itself, under [`RECEIVER`].
    pub takes_comments: bool,
}

/// The configuration of a site.
#[derive(Clone, Debug)]
pub struct Config {
    /// The keys of `site.yaml`.
    pub settings: Settings,
    /// Scheme, host and path of the front page, without a slash at the end.
    pub base_url: String,
    /// The path of `base_url`, percent-encoded, with a slash at both ends: `/` or `/blog/`.
    pub base_path: String,
    /// Scheme and host of `base_url`: what stands before a root-relative address.
    pub origin: String,
    /// The time zone dates without an offset are read in, and all dates are shown in.
    pub time_zone: TimeZone,
    /// The languages of the site, its own one first; there is always one.
    pub languages: Vec<Language>,
    /// Whether `site.yaml` has `languages`: then names of files may end with one.
    pub declares_languages: bool,
    /// The names that the text of a bundle may have, those of the site's own language first.
    pub bundle_names: Vec<String>,
    /// Drafts are published.
    pub drafts: bool,
    /// Embargoed articles are published.
    pub future: bool,
    /// Everything above as a fingerprint.
    pub fingerprint: Fingerprint,
    /// The text of `site.yaml` as a fingerprint: where warnings about it point.
    pub text: Fingerprint,
    /// What could be better.
    pub warnings: Vec<Diagnostic>,
    /// The warning that addresses of the site lead to the machine that builds it.
    pub is_local: Option<Diagnostic>,
}

/// The settings without those of `courant check`, `courant new` and `courant deploy`, in one spelling: a remark in the file or
/// another order of the keys is no other configuration.
fn what_a_build_sees<'a>(settings: &Settings, text: &'a str) -> Cow<'a, str> {
    let settings =
        Settings { check: Default::default(), default_section: None, deploy: Default::default(), ..settings.clone() };
    // The text itself is as good, only more careful.
    serde_json::to_string(&settings).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The address used while `base_url` is not set.
const DEFAULT_BASE_URL: &str = "http://localhost:4000";

impl Config {
    /// Looks whether there is a site in `root`.
    ///
    /// # Errors
    /// There is neither a configuration nor content.
    pub fn find(root: &Path) -> Result<(), Box<Diagnostic>> {
        if root.join(FILE).exists() || root.join("content").is_dir() {
            return Ok(());
        }
        let problem = Diagnostic::error("there is no site here: neither `site.yaml` nor a folder `content`")
            .at(Place::file(root.display().to_string()));
        Err(Box::new(match misnamed(root) {
            Some((name, cure)) => problem.hint(format!("{cure}: `{name}` is not read")),
            None => problem.hint("make one with `courant init .`, or name its folder with `--site DIR`"),
        }))
    }

    /// Reads `site.yaml` in `root`.
    pub fn load(root: &Path, overrides: &Overrides) -> Result<Self, Vec<Diagnostic>> {
        let text = match read_regular(&root.join(FILE)) {
            Ok(bytes) => crate::text::text_of(FILE, &bytes)?.to_owned(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Self::find(root).map_err(|problem| vec![*problem])?;
                String::new()
            }
            Err(error) => {
                return Err(vec![
                    Diagnostic::error(format!("cannot read the configuration: {error}"))
                        .at(Place::file(FILE))
                        .hint("check its permissions, and where it leads if it is a link"),
                ]);
            }
        };
        let mut config = Self::from_text(&text, overrides)?;
        config.warnings.extend(
            misnamed(root).map(|(name, cure)| {
                Diagnostic::warning(format!("`{name}` is not read")).at(Place::file(name)).hint(cure)
            }),
        );
        if !root.join("content").is_dir() {
            config.warnings.push(
                Diagnostic::warning("there is no folder `content`, so the site has no articles")
                    .at(Place::file(root.display().to_string()))
                    .hint("make it, or name the folder of the site with `--site DIR`"),
            );
        }
        Ok(config)
    }

    /// Reads the text of a `site.yaml`.
    pub fn from_text(text: &str, overrides: &Overrides) -> Result<Self, Vec<Diagnostic>> {
        let (settings, problems) = read(text);
        // The other keys may have mistakes of other kinds.
        let Some(settings) = settings else { return Err(problems) };
        let (config, problems) = Self::of(settings, problems, text, overrides);
        if problems.is_empty() { Ok(config) } else { Err(problems) }
    }

    /// What `site.yaml` says apart from its mistakes, for whoever has to go on in spite of them.
    pub fn in_spite_of_mistakes(root: &Path, overrides: &Overrides) -> Self {
        let bytes = read_regular(&root.join(FILE)).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let settings = read(&text).0.or_else(|| read(&sound_parts(&text)).0);
        let mut settings = settings.unwrap_or_default();
        settings.deploy.retain_sound();
        Self::of(settings, Vec::new(), &text, overrides).0
    }

    /// Puts a configuration together from settings in which there are `problems`. Returns all that there are; a value
    /// with a mistake becomes its default.
    fn of(
        mut settings: Settings,
        mut problems: Vec<Diagnostic>,
        text: &str,
        overrides: &Overrides,
    ) -> (Self, Vec<Diagnostic>) {
        let is_whole = problems.is_empty();
        let comments = &mut settings.comments;
        comments.action.take_if(|action| action.trim().is_empty());
        if overrides.takes_comments {
            comments.action = Some(RECEIVER.into());
        }
        settings.precompress = overrides.precompress.unwrap_or(settings.precompress);
        let key = |key: &str| key_place(FILE, text, key);

        let time_zone = TimeZone::get(&settings.timezone).unwrap_or_else(|_| {
            problems.push(
                Diagnostic::error(format!("unknown time zone `{}`", settings.timezone))
                    .at(key("timezone"))
                    .hint("use an IANA name such as `Europe/Berlin` or `UTC`"),
            );
            TimeZone::UTC
        });
        let given = overrides.base_url.clone().or_else(|| settings.base_url.clone());
        let BaseUrl { origin, path: base_path, is_local } =
            BaseUrl::parse(given.as_deref().unwrap_or(DEFAULT_BASE_URL)).unwrap_or_else(|| {
                let given = given.as_deref().unwrap_or_default();
                problems.push(match &overrides.base_url {
                    Some(_) => no_address(format!("`--base-url {given}` is not an address")),
                    None => no_address(format!("`base_url` is not an address: {given}")).at(key("base_url")),
                });
                BaseUrl { origin: String::new(), path: "/".into(), is_local: false }
            });
        let base_url = format!("{origin}{}", base_path.trim_end_matches('/'));
        let is_local = is_local.then(|| {
            let place = if overrides.base_url.is_some() { Place::file(FILE) } else { key("base_url") };
            unreachable_address(&origin, given.is_some().then_some(place))
        });
        for name in keys_with_control_characters(&settings) {
            problems.push(
                Diagnostic::error(format!("`{name}` has an invisible control character"))
                    .at(key(&name))
                    .hint("remove it; no feed may contain it"),
            );
        }
        match crate::site_path::read(&settings.permalink) {
            Ok(decoded) => settings.permalink = decoded.into_owned(),
            Err(wrong) => {
                problems.push(
                    Diagnostic::error(format!("`permalink` is {wrong}"))
                        .at(key("permalink"))
                        .hint("write a path such as `/{section}/{yyyy}/{slug}/`"),
                );
                settings.permalink = Settings::default().permalink;
            }
        }
        for problem in settings.problems() {
            if problem.key == "permalink" {
                settings.permalink = Settings::default().permalink;
            }
            let part = problem.part.as_deref().filter(|part| !part.is_empty());
            let part = part.and_then(|part| value_in(text, &problem.key, part));
            let place = part.map_or_else(|| key(&problem.key), |span| Place::span(FILE, text, span));
            problems.push(Diagnostic::error(problem.message).at(place).hint(problem.hint));
        }
        let (languages, wrong) = languages::languages(&settings);
        // Without a key that cannot be read the languages may look wrong.
        for problem in wrong.into_iter().filter(|_| is_whole) {
            problems.push(Diagnostic::error(problem.message).at(key(&problem.key)).hint(problem.hint));
        }
        let declares_languages = !settings.languages.0.is_empty();
        let config = Self {
            fingerprint: fingerprint(&settings, text, &base_url, overrides),
            base_url,
            base_path,
            origin,
            time_zone,
            bundle_names: languages::bundle_names(&languages, declares_languages),
            languages,
            declares_languages,
            drafts: overrides.drafts,
            future: overrides.future,
            text: Fingerprint::of(text.as_bytes()),
            warnings: Vec::new(),
            is_local,
            settings,
        };
        (config, problems)
    }

    /// What a build warns of.
    pub fn warnings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.warnings.iter().chain(&self.is_local)
    }

    /// A language of the site.
    pub fn language(&self, id: LanguageId) -> &Language {
        &self.languages[id.0 as usize]
    }

    /// The languages of the site with their numbers.
    pub fn each_language(&self) -> impl Iterator<Item = (LanguageId, &Language)> {
        self.languages.iter().enumerate().map(|(at, language)| (LanguageId(at as u8), language))
    }

    /// Whether there is more than one language.
    pub fn is_multilingual(&self) -> bool {
        self.languages.len() > 1
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

/// That readers cannot reach the site's address, which `place` gives, if anything does.
fn unreachable_address(origin: &str, place: Option<Place>) -> Diagnostic {
    let subject = "addresses in feeds and sitemaps begin";
    match place {
        None => Diagnostic::warning(format!("`base_url` is not set; {subject} with {DEFAULT_BASE_URL}"))
            .at(Place::file(FILE))
            .hint("add `base_url: https://your.domain` to site.yaml, or give `--base-url`"),
        Some(place) => Diagnostic::warning(format!("readers cannot reach {origin}, with which {subject}"))
            .at(place)
            .hint("set `base_url` to the address under which readers find the site"),
    }
}

/// The error of a front page without an address.
fn no_address(message: String) -> Diagnostic {
    Diagnostic::error(message)
        .hint("write scheme and host, as in `https://news.example` or `https://host.example/blog`")
}

/// The address of the front page that the command line gives.
///
/// # Errors
/// It is not an address.
pub fn given_base_url(given: Option<String>) -> Result<Option<String>, Diagnostic> {
    match given {
        Some(given) if BaseUrl::parse(&given).is_none() => {
            Err(no_address(format!("`--base-url {given}` is not an address")))
        }
        given => Ok(given),
    }
}

/// [`Config::fingerprint`].
fn fingerprint(settings: &Settings, text: &str, base_url: &str, overrides: &Overrides) -> Fingerprint {
    let mut fingerprint = Fingerprinter::new("config");
    fingerprint
        .text(&what_a_build_sees(settings, text))
        .text(base_url)
        .number(overrides.drafts.into())
        .number(overrides.future.into());
    for rule in checks::Rule::OF_BUILDS {
        fingerprint.number(settings.check.level(rule) as u64);
    }
    for hub in settings.deploy.hubs() {
        fingerprint.text(hub);
    }
    fingerprint.number(overrides.takes_comments.into()).number(settings.precompress as u64).finish()
}

/// Keys of `site.yaml` whose text, or text within, has a character that XML forbids.
fn keys_with_control_characters(settings: &Settings) -> Vec<String> {
    fn is_bad(value: &Value) -> bool {
        match value {
            Value::String(text) => text.contains(crate::text::is_forbidden),
            Value::Array(items) => items.iter().any(is_bad),
            Value::Object(map) => {
                map.iter().any(|(key, value)| key.contains(crate::text::is_forbidden) || is_bad(value))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }
    let Ok(Value::Object(map)) = serde_json::to_value(settings) else { return Vec::new() };
    map.iter().filter(|(_, value)| is_bad(value)).map(|(key, _)| key.clone()).collect()
}

/// A file that was meant to be the configuration, and the cure: `site.yml`, `Site.yaml`, `site.toml`.
fn misnamed(root: &Path) -> Option<(String, String)> {
    let names = fs::read_dir(root).ok()?.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let is_near = |name: &String| {
        let lower = name.to_lowercase();
        name != FILE && ["site.yaml", "site.yml", "site.toml", "site.json"].contains(&&*lower)
    };
    let name = names.filter(is_near).min()?;
    // Where case makes no other name, it has been read.
    let is_read =
        name.eq_ignore_ascii_case(FILE) && fs::canonicalize(root.join(FILE)).is_ok_and(|file| file.ends_with(&name));
    let cure = if root.join(FILE).exists() {
        format!("write its keys into `{FILE}`, and remove it")
    } else if [".yaml", ".yml"].iter().any(|ending| name.to_lowercase().ends_with(ending)) {
        format!("rename it to `{FILE}`")
    } else {
        format!("write its keys as YAML into `{FILE}`")
    };
    (!is_read).then_some((name, cure))
}

/// Reads a file; a pipe of that name would keep the build waiting for ever.
///
/// # Errors
/// It is not there, not readable, or not a regular file.
pub fn read_regular(path: &Path) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    fs::read(path)
}

/// What the text of `site.yaml` says. With mistakes: what it says without the keys that have them, if that can be
/// read, and all mistakes.
fn read(text: &str) -> (Option<Settings>, Vec<Diagnostic>) {
    let wrong = |error: yaml::Error| error.diagnostic(FILE, text);
    let node = match Node::parse(text, 0) {
        Ok(node) if node.is_null() => return (Some(Settings::default()), Vec::new()),
        Ok(node) => node,
        Err(error) => return (None, vec![wrong(error)]),
    };
    let mut problems: Vec<Diagnostic> = node.refuse_duplicates().err().map(wrong).into_iter().collect();
    let first = match node.read::<Settings>() {
        Ok(settings) if problems.is_empty() => return (Some(settings), problems),
        result => result.err(),
    };
    // Reading stops at the first mistake; each key by itself tells of its own.
    let (sound, broken): (Vec<&Entry>, Vec<&Entry>) = node.entries().unwrap_or_default().iter().partition(|entry| {
        let one = Node::map_of([*entry]);
        one.read::<Settings>().map_err(|error| problems.push(wrong(error))).is_ok()
    });
    if broken.is_empty() && problems.is_empty() {
        problems.extend(first.map(wrong));
    }
    problems.sort_by(|a, b| a.place.cmp(&b.place));
    problems.dedup();
    let mut once: Vec<&Entry> = Vec::new();
    for entry in sound {
        once.retain(|other| other.name() != entry.name());
        once.push(entry);
    }
    (Node::map_of(once).read().ok(), problems)
}

/// The keys of a YAML file that can be read each by itself.
fn sound_parts(text: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        match parts.last_mut() {
            Some(part) if !line.starts_with(char::is_alphanumeric) => part.push_str(line),
            _ => parts.push(line.to_owned()),
        }
    }
    parts.retain(|part| Node::parse(part, 0).is_ok_and(|node| node.entries().is_some()));
    parts.concat()
}

/// The place of a key in a YAML file, the shallowest one of that name; the file alone if it is not found.
pub fn key_place(path: &str, text: &str, key: &str) -> Place {
    nested_place(path, text, &[key])
}

/// The place of a key within that of another, and so on; that of the last one that is found.
pub fn nested_place(path: &str, text: &str, keys: &[&str]) -> Place {
    let mut block = 0..text.len();
    let mut place = Place::file(path);
    for key in keys {
        let Some(at) = key_in(text, block.clone(), key) else { break };
        place = Place::span(path, text, at..at + key.len());
        block = at + key.len()..end_of_block(text, at);
    }
    place
}

/// Where a key stands in a part of a YAML file: on a line of its own, the least indented one, or between braces.
fn key_in(text: &str, part: Range<usize>, key: &str) -> Option<usize> {
    let part_text = &text[part.clone()];
    let is_key = |at: usize| part_text[at + key.len()..].trim_start_matches([' ', '"', '\'']).starts_with(':');
    let found = part_text.match_indices(key).map(|(at, _)| at).filter(|at| is_key(*at));
    let indented = |at: usize| {
        let line = text[..part.start + at].rsplit('\n').next().unwrap_or_default();
        line.trim_matches([' ', '\t', '"', '\'']).is_empty().then_some(line.len())
    };
    let between = |at: usize| part_text[..at].trim_end_matches([' ', '\n', '\r', '"', '\'']).ends_with(['{', ',']);
    let own_line = found.clone().filter_map(|at| Some((indented(at)?, at))).min();
    let at = own_line.map(|(_, at)| at).or_else(|| found.clone().find(|at| between(*at)))?;
    Some(part.start + at)
}

/// Where a value stands behind one of the keys of this name, not as part of a longer one.
fn value_in(text: &str, key: &str, value: &str) -> Option<Range<usize>> {
    let is_key = |at: &usize| {
        let before = text[..*at].trim_end_matches([' ', '"', '\'']);
        let after = text[*at + key.len()..].trim_start_matches([' ', '"', '\'']);
        after.starts_with(':') && (before.is_empty() || before.ends_with(['\n', '{', ',', '-']))
    };
    let keys = text.match_indices(key).map(|(at, _)| at).filter(is_key);
    let mut blocks = keys.map(|at| at + key.len()..end_of_block(text, at));
    let is_end = |c: char| c.is_whitespace() || "\"'[]{},".contains(c);
    blocks.find_map(|block| {
        let mut found = text[block.clone()].match_indices(value).map(|(at, _)| block.start + at);
        let at = found.find(|at| {
            text[..*at].ends_with(is_end)
                && (text[at + value.len()..].is_empty() || text[at + value.len()..].starts_with(is_end))
        })?;
        Some(at..at + value.len())
    })
}

/// Where the block of the key at `at` ends: before the next line that is not indented more than its own.
fn end_of_block(text: &str, at: usize) -> usize {
    let depth = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let mut lines = text[start..].split_inclusive('\n');
    let own = lines.next().unwrap_or_default();
    let mut end = start + own.len();
    for line in lines {
        let is_text = !line.trim().is_empty() && !line.trim_start().starts_with(['#', '}', ']']);
        if is_text && depth(line) <= depth(own) {
            break;
        }
        end += line.len();
    }
    end
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

    #[test]
    fn what_would_do_nothing_or_harm_is_refused_with_its_cure() {
        for (text, message) in [
            ("language: german\n", "`german` is not the tag of a language"),
            ("language: deutsch\n", "`deutsch` is not the tag of a language"),
            ("comments: { action: x }\n", "`comments.action` is `x`, which is not an address"),
            ("comments: { action: 'http://[' }\n", "`comments.action` is `http://[`, which is not an address"),
            ("keep: ['../x']\n", "`keep` names `../x`, which is not a path in the output folder"),
            ("keep: [CNAME, /etc/]\n", "`keep` names `/etc/`, which is not a path in the output folder"),
            ("keep: ['*']\n", "`keep` names `*`, which is not a path in the output folder"),
            ("footer: { text: '[a](javascript:x)' }\n", "the address `javascript:x` would run a script"),
            (
                "newsletter: { action: /n, text: '[a](javascript:x)' }\n",
                "the address `javascript:x` would run a script",
            ),
        ] {
            let problem = problem(text);
            let place = problem.place.expect("a place");
            assert_eq!((&*problem.message, place.line, problem.hint.is_some()), (message, 1, true), "{text}");
            assert!(place.column > 0, "{text}");
        }
        config("language: de-AT\ncomments: { action: /_courant/comments }\nkeep: [CNAME, .well-known/, a/b.html]\n");
    }

    #[test]
    fn mistakes_of_all_kinds_are_told_at_once() {
        let text = "page_size: many\ntimezone: Europe/Nowhere\nlanguage: [en]\nlanguages: { en: {} }\npermalink: /{slag}/\nfeeds:\n  limit: -3\n";
        let problems = Config::from_text(text, &Overrides::default()).expect_err("wrong");
        let lines: Vec<u32> = problems.iter().filter_map(|one| Some(one.place.as_ref()?.line)).collect();
        assert_eq!(lines, [1, 3, 7, 2, 5, 5], "{problems:?}");
    }

    #[test]
    fn a_key_is_found_within_that_of_another() {
        let text = "languages:\n  de:\n    title: A\n    theme_settings: { tagline: B, accent: red }\n  en: {}\n# title: none\ntitle: C\npublisher: { name: P, \"masthead\": /m/ }\ntheme_settings:\n  masthead: D\n";
        let at = |keys: &[&str]| nested_place(FILE, text, keys).to_string();
        assert_eq!(at(&["title"]), "site.yaml:7:1", "the shallowest");
        assert_eq!(at(&["languages", "de", "title"]), "site.yaml:3:5");
        assert_eq!(at(&["languages", "de", "theme_settings", "accent"]), "site.yaml:4:35");
        assert_eq!(at(&["languages", "en", "theme_settings", "accent"]), "site.yaml:5:3", "as far as it goes");
        assert_eq!(at(&["theme_settings", "masthead"]), "site.yaml:10:3");
        assert_eq!(at(&["publisher", "masthead"]), "site.yaml:8:24");
        assert_eq!(at(&["absent"]), "site.yaml");
    }
}
