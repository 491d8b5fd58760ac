//! The configuration: `site.yaml`, with every default filled in.
//!
//! Reads one file into one value. An unknown key is an error with a suggestion; a folder without
//! `site.yaml` has the defaults. What the command line overrides is applied here too, so that
//! everything later sees one configuration and one fingerprint of it.

mod languages;
mod pictures;
mod settings;

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;
use std::{fs, io};

use jiff::tz::TimeZone;

use crate::diagnostic::{Diagnostic, Place, did_you_mean};
use crate::fingerprint::{Fingerprint, Fingerprinter};
pub use languages::{Language, LanguageId, LanguageSettings, Languages};
pub use pictures::{Originals, PictureFormat, Pictures, Quality};
pub use settings::{
    Cards, CardsFor, Comments, EmbedProvider, Embeds, FeedContent, FeedFormat, FeedScope, Feeds, FieldNames,
    FragmentMode, Fragments, Headers, Host, Markdown, MenuItem, Precompress, Publisher, Related, Search, Settings,
    Slugs, Taxonomy,
};

/// The name of the configuration file.
pub const FILE: &str = "site.yaml";

/// The path at which the receiver of replies listens.
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
    /// The preview takes replies itself: under [`RECEIVER`], for sites that name no other service.
    pub takes_replies: bool,
}

/// The configuration of a site.
#[derive(Clone, Debug)]
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
    /// What could be better.
    pub warnings: Vec<Diagnostic>,
}

/// The settings without those that only `courant check` reads, in one spelling: a remark in the file or
/// another order of the keys is no other configuration.
fn what_a_build_sees<'a>(settings: &Settings, text: &'a str) -> Cow<'a, str> {
    let settings = Settings { check: Default::default(), ..settings.clone() };
    // What was read from YAML can be written as YAML; the text itself is as good, only more careful.
    serde_yaml::to_string(&settings).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The address used while `base_url` is not set.
const DEFAULT_BASE_URL: &str = "http://localhost:4000";

impl Config {
    /// Reads `site.yaml` in `root`.
    pub fn load(root: &Path, overrides: &Overrides) -> Result<Self, Vec<Diagnostic>> {
        let text = match read_regular(&root.join(FILE)) {
            Ok(bytes) => crate::article::text_of(FILE, &bytes)?.to_owned(),
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
        let mut config = Self::from_text(&text, overrides)?;
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
        let mut problems = Vec::new();
        let mut settings: Settings =
            if text.trim().is_empty() || text.lines().all(|line| line.trim_start().starts_with('#')) {
                Settings::default()
            } else {
                serde_yaml::from_str(text).or_else(|error| {
                    problems = yaml_problems(text, &error);
                    // The other keys may have mistakes of other kinds.
                    without_lines(text, &problems).ok_or_else(|| std::mem::take(&mut problems))
                })?
            };
        let is_whole = problems.is_empty();
        let replies = &mut settings.comments;
        replies.action.take_if(|action| action.trim().is_empty());
        if overrides.takes_replies && replies.action.as_deref().is_none_or(|action| action.ends_with(RECEIVER)) {
            replies.action = Some(RECEIVER.into());
        }
        settings.precompress = overrides.precompress.unwrap_or(settings.precompress);
        let mut warnings = Vec::new();
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
                let problem = match &overrides.base_url {
                    Some(given) => Diagnostic::error(format!("`--base-url {given}` is not an address")),
                    None => Diagnostic::error(format!("`base_url` is not an address: {base_url}")).at(key("base_url")),
                };
                problems.push(
                    problem.hint("write scheme and host, as in `https://news.example` or `https://host.example/blog`"),
                );
                (String::new(), "/".into())
            }
        };
        for name in keys_with_control_characters(&settings) {
            problems.push(
                Diagnostic::error(format!("`{name}` has an invisible control character"))
                    .at(key(&name))
                    .hint("remove it; no feed may contain it"),
            );
        }
        for problem in settings.problems() {
            problems.push(Diagnostic::error(problem.message).at(key(&problem.key)).hint(problem.hint));
        }
        let (languages, wrong) = languages::languages(&settings);
        // Without a key that cannot be read the languages may look wrong.
        for problem in wrong.into_iter().filter(|_| is_whole) {
            problems.push(Diagnostic::error(problem.message).at(key(&problem.key)).hint(problem.hint));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut fingerprint = Fingerprinter::new("config");
        fingerprint
            .text(&what_a_build_sees(&settings, text))
            .text(&base_url)
            .number(overrides.drafts.into())
            .number(overrides.future.into());
        fingerprint.number(overrides.takes_replies.into()).number(settings.precompress as u64);
        let declares_languages = !settings.languages.0.is_empty();
        Ok(Self {
            base_url,
            base_path,
            origin,
            time_zone,
            bundle_names: languages::bundle_names(&languages, declares_languages),
            languages,
            declares_languages,
            drafts: overrides.drafts,
            future: overrides.future,
            fingerprint: fingerprint.finish(),
            warnings,
            settings,
        })
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

/// Keys of `site.yaml` whose text, or text within, has a character that XML forbids.
fn keys_with_control_characters(settings: &Settings) -> Vec<String> {
    fn is_bad(value: &serde_yaml::Value) -> bool {
        use serde_yaml::Value;
        match value {
            Value::String(text) => text.contains(crate::article::is_forbidden),
            Value::Sequence(items) => items.iter().any(is_bad),
            Value::Mapping(map) => map.iter().any(|(key, value)| is_bad(key) || is_bad(value)),
            Value::Tagged(tagged) => is_bad(&tagged.value),
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }
    let Ok(serde_yaml::Value::Mapping(map)) = serde_yaml::to_value(settings) else { return Vec::new() };
    map.iter().filter(|(_, value)| is_bad(value)).filter_map(|(key, _)| Some(key.as_str()?.to_owned())).collect()
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

/// The lines at which top-level keys begin, and behind the last one the number of all lines.
fn starts_of_keys(lines: &[&str]) -> Vec<usize> {
    let begins_key = |line: &str| !line.starts_with([' ', '\t', '#', '-', '\r', '\n', ']', '}']);
    (0..lines.len()).filter(|at| begins_key(lines[*at])).chain([lines.len()]).collect()
}

/// What the text of `site.yaml` says without the keys that have problems; none if it still cannot be read.
fn without_lines(text: &str, problems: &[Diagnostic]) -> Option<Settings> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let is_wrong =
        |line: usize| problems.iter().filter_map(|one| one.place.as_ref()).any(|at| at.line as usize == line + 1);
    let keys = starts_of_keys(&lines);
    let sound = keys.windows(2).map(|key| key[0]..key[1]).filter(|key| !key.clone().any(is_wrong));
    serde_yaml::from_str(&sound.map(|key| lines[key].concat()).collect::<String>()).ok()
}

/// Everything that is wrong with the text of `site.yaml`, of which the reader found `first`.
///
/// The reader stops at the first error; each key by itself, at its own line, tells of its own.
fn yaml_problems(text: &str, first: &serde_yaml::Error) -> Vec<Diagnostic> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut problems = vec![yaml_diagnostic(FILE, text, 0, first)];
    // Text that is no YAML at all would only be cut into more of it.
    if serde_yaml::from_str::<serde_yaml::Mapping>(text).is_ok() {
        for key in starts_of_keys(&lines).windows(2) {
            if let Err(error) = serde_yaml::from_str::<Settings>(&lines[key[0]..key[1]].concat())
                && !error.to_string().contains("unknown anchor")
            {
                problems.push(yaml_diagnostic(FILE, text, key[0], &error));
            }
        }
    }
    problems.sort_by(|a, b| a.place.cmp(&b.place));
    problems.dedup();
    problems
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

/// A YAML error as a diagnostic. `text` is the whole file `path`; the YAML in it begins after
/// `lines_before` lines.
pub fn yaml_diagnostic(path: &str, text: &str, lines_before: usize, error: &serde_yaml::Error) -> Diagnostic {
    let full = error.to_string();
    // "…: message at line 3 column 5, while … at line 1 column 2": the place is drawn, not told, and the
    // lines are those of the YAML alone.
    let mut message = match full.find(" at line ").or_else(|| full.find(" at position ")) {
        Some(at) => full[..at].to_owned(),
        None => full.clone(),
    };
    let mut place = match error.location() {
        Some(location) => Place::at(path, text, location.line() + lines_before, location.column()),
        None => Place { line: lines_before as u32 + 1, ..Place::file(path) },
    };
    let mut hint = None;
    if let Some((_, rest)) = message.split_once("unknown field `")
        && let Some((name, rest)) = rest.split_once('`')
    {
        let known: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
        hint = did_you_mean(name, known.iter().copied()).or_else(|| Some(format!("known keys: {}", known.join(", "))));
        message = format!("unknown key `{name}`");
    } else if let Some((key, rest)) = message.split_once("unknown variant `") {
        let (given, rest) = rest.split_once("`, expected ").unwrap_or((rest, ""));
        let known = rest.split('`').skip(1).step_by(2);
        hint = did_you_mean(given, known).or_else(|| Some(format!("use {rest}")));
        message = format!("{key}`{given}` is not a value of this key");
    } else if let Some((key, rest)) = message.split_once("invalid type: ") {
        let (given, wanted) = rest.split_once(", expected ").unwrap_or((rest, ""));
        let wanted = plain_type(wanted);
        message = format!("{key}{} where {wanted} should be", plain_type(given));
        hint = Some(format!("write {wanted}"));
    } else if text
        .lines()
        .nth(place.line.saturating_sub(1) as usize)
        .is_some_and(|line| line.trim_start_matches(' ').starts_with('\t'))
    {
        message = "a tab where YAML wants spaces".into();
        hint = Some("indent with spaces".into());
    } else if full.contains("while scanning a quoted scalar") {
        message = "a quotation mark that is never closed".into();
        hint = Some("close it, or leave both out".into());
        place = opening_quote(path, text, lines_before, &full).unwrap_or(place);
    } else if message.contains("found character that cannot start any token") {
        message = "a value cannot begin with this character".into();
        hint = Some("put the value in quotes".into());
    } else if message.contains("mapping values are not allowed") {
        message = "a colon where there cannot be one".into();
        hint = Some("a value that contains a colon followed by a space needs quotes".into());
    } else if message.contains("repetition limit") {
        message = "the aliases (`*name`) repeat far too much".into();
        hint = Some("write the values out instead of using aliases".into());
    } else if message.contains("recursion limit") {
        message = "the value is nested too deeply".into();
        hint = Some("lists and maps may be nested about a hundred times".into());
    } else if message.contains("control characters are not allowed") {
        message = "an invisible control character".into();
        hint = Some("remove it".into());
        place = control_character(path, text, lines_before).unwrap_or(place);
    } else if let Some(key) = duplicate_key(&message) {
        place = second_key(path, text, place.line.max(1) as usize, &key).unwrap_or(place);
        message = format!("the key `{key}` is there twice");
        hint = Some("keep one of the two".into());
    }
    Diagnostic::error(message).at(place).maybe_hint(hint)
}

/// What a reporter calls the type that the YAML reader names.
fn plain_type(name: &str) -> String {
    match name {
        "usize" | "u32" | "u64" | "i64" => "a whole number".into(),
        "a boolean" => "`true` or `false`".into(),
        "a string" => "text".into(),
        "sequence" | "a sequence" => "a list".into(),
        "map" | "a map" => "`key: value` lines".into(),
        "unit value" => "nothing".into(),
        other if other.starts_with("struct ") => "`key: value` lines".into(),
        other => {
            let value = ["string \"", "integer `", "floating point `", "boolean `"];
            match value.iter().find_map(|kind| other.strip_prefix(kind)) {
                Some(value) => format!("`{}`", value.trim_end_matches(['"', '`'])),
                None => other.to_owned(),
            }
        }
    }
}

/// The place at which a quoted text begins that `full`, the YAML reader's words, says is never closed.
fn opening_quote(path: &str, text: &str, lines_before: usize, full: &str) -> Option<Place> {
    let (_, rest) = full.split_once("while scanning a quoted scalar at line ")?;
    let (line, column) = rest.split_once(" column ")?;
    let column = column.split(|c: char| !c.is_ascii_digit()).next()?;
    Some(Place::at(path, text, line.parse::<usize>().ok()? + lines_before, column.parse().ok()?))
}

/// The place of the first character behind `lines_before` lines that YAML forbids.
fn control_character(path: &str, text: &str, lines_before: usize) -> Option<Place> {
    let is_forbidden = |c: char| crate::article::is_forbidden(c) && c != '\u{85}';
    let mut lines = text.lines().enumerate().skip(lines_before);
    lines.find_map(|(number, line)| {
        let before = line.chars().position(is_forbidden)?;
        Some(Place::at(path, text, number + 1, before + 1))
    })
}

fn duplicate_key(message: &str) -> Option<String> {
    let rest = message.split_once("duplicate entry with key ").or_else(|| message.split_once("duplicate field "))?.1;
    Some(rest.trim_matches(['"', '`']).to_owned())
}

/// Where a key stands for the second time in the lines from `from` on, at the same depth.
fn second_key(path: &str, text: &str, from: usize, key: &str) -> Option<Place> {
    let depth = |line: &str| {
        let rest = line.trim_start_matches([' ', '-']);
        let is_key = rest.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(':'));
        is_key.then(|| line.len() - rest.len())
    };
    let mut found = text.lines().enumerate().skip(from - 1).filter_map(|(at, line)| Some((at, depth(line)?)));
    let (_, first) = found.next()?;
    let (line, before) = found.find(|(_, depth)| *depth == first)?;
    Some(Place::at(path, text, line + 1, before + 1))
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
