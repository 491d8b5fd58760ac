//! Jekyll, Hugo and Zola: sites that are folders of Markdown already.
//!
//! The build reads their Markdown and their front matter as they are. What is added here is what stands elsewhere: the
//! configuration, addresses that follow from it, and shortcodes, Liquid and attributes that have a meaning here. All
//! others stay as they are written, and are told with file and line.

mod collections;
mod left;
mod shortcodes;

use std::fs;
use std::io;
use std::path::Path;

use rustc_hash::FxHashSet;
use serde_json::{Map, Value, json};
use walkdir::WalkDir;

use super::addresses::{Addresses, Links};
use super::body::written;
use super::manifest::{self, Put, Target};
use super::report::{Line, Moved, Report};
use super::{Door, Options, encoding, report};
use crate::article::front_matter;
use crate::article::front_matter::NO_TITLE;
use crate::article::record::Record;
use crate::article::time::date_in_name;
use crate::article::title_of_name;
use crate::config::{Config, Overrides};
use crate::diagnostic::{self, Diagnostic, Place};
use crate::pipeline::Failure;
use crate::source::is_markdown_name;
use crate::yaml::{self, Node};

/// The largest file that is copied.
const LARGEST: u64 = 256 << 20;

/// What the configuration of the old site says.
#[derive(Debug, Default)]
struct Settings {
    map: Map<String, Value>,
}

impl Settings {
    /// A text under one of some keys; a dot leads into a map.
    fn text(&self, keys: &[&str]) -> String {
        let find = |key: &str| {
            let mut value = self.map.get(key.split('.').next()?)?;
            for part in key.split('.').skip(1) {
                value = value.get(part)?;
            }
            value.as_str().map(str::to_owned)
        };
        keys.iter().find_map(|key| find(key)).unwrap_or_default()
    }

    /// Adds what Hugo's configuration has in files of their own: `menus.toml` is `menus`.
    fn add_parts(&mut self, root: &Path) -> Result<(), Failure> {
        const FOLDER: &str = "config/_default";
        let all = fs::read_dir(root.join(FOLDER)).into_iter().flatten().flatten();
        let mut names: Vec<String> = all.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
        for name in names {
            let Some((key, _)) = name.split_once('.').filter(|(key, _)| !matches!(*key, "hugo" | "config")) else {
                continue;
            };
            if let Ok(text) = fs::read_to_string(root.join(FOLDER).join(&name))
                && let Some(node) = parsed(&format!("{FOLDER}/{name}"), &text)?
            {
                self.map.entry(key.to_owned()).or_insert_with(|| crate::article::json(&node));
            }
        }
        Ok(())
    }
}

/// A file of a configuration; none if its name says that it is something else.
fn parsed(name: &str, text: &str) -> Result<Option<Node>, Failure> {
    let parsed = match name.rsplit('.').next() {
        Some("toml") => Node::parse_toml(text, 0),
        Some("json") => Node::parse_json(text, 0).map(|(node, _)| node),
        Some("yaml" | "yml") => Node::parse(text, 0),
        _ => return Ok(None),
    };
    parsed.map(Some).map_err(|error| Failure::site(error.diagnostic(name, text)))
}

/// Whether a file of Hugo is the page of its folder.
fn is_index(name: &str) -> bool {
    name.starts_with("index.") && is_markdown_name(name)
}

/// Imports a folder.
///
/// # Errors
/// It is not there or has no configuration of its tool, or the machine failed.
pub(super) fn import(door: Door, root: &Path, options: &Options) -> Result<Report, Failure> {
    let missing = |what: &str| {
        Failure::site(
            Diagnostic::error(format!("this is no site of {}: {what}", door.name()))
                .at(Place::file(root.display().to_string()))
                .hint("name the folder of the site, with its configuration"),
        )
    };
    if !root.is_dir() {
        return Err(missing("there is no such folder"));
    }
    let names: &[&str] = match door {
        Door::Jekyll => &["_config.yml", "_config.yaml", "_config.toml"],
        Door::Hugo => &[
            "hugo.toml",
            "hugo.yaml",
            "hugo.yml",
            "hugo.json",
            "config.toml",
            "config.yaml",
            "config.yml",
            "config.json",
            "config/_default/hugo.toml",
            "config/_default/config.toml",
        ],
        _ => &["zola.toml", "config.toml"],
    };
    let Some((name, text)) = names.iter().find_map(|name| Some((*name, fs::read_to_string(root.join(name)).ok()?)))
    else {
        return Err(missing("its configuration is not there"));
    };
    let Some(node) = parsed(name, &text)? else { return Err(missing("its configuration is not there")) };
    let map = match crate::article::json(&node) {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    let mut settings = Settings { map };
    if door == Door::Hugo {
        settings.add_parts(root)?;
    }
    let target = Target::open(&options.into, options.force, options.is_trial)?;
    let mut walk = Walk {
        door,
        root,
        report: Report { format: door.name().into(), sources: vec![root.display().to_string()], ..Report::default() },
        target,
        put: Vec::new(),
        pattern: pattern(door, &settings),
        collections: collections::Collections::of(door, &settings),
        left: left::Left::of(door, &settings),
        bundles: FxHashSet::default(),
        config: None,
        options,
    };
    let text = walk.site_yaml(&settings);
    walk.put(crate::config::FILE.into(), text.as_bytes())?;
    let effective = fs::read_to_string(options.into.join(crate::config::FILE)).unwrap_or(text);
    walk.config = Some(Config::from_text(&effective, &Overrides::default()).map_err(Failure::Site)?);
    walk.files()?;
    let Walk { target, put, report, .. } = walk;
    if !options.is_trial {
        manifest::json(&options.into.join(report::FILE), &report)
            .map_err(|error| Failure::Machine(diagnostic::machine("write", report::FILE, &error)))?;
    }
    target.close(put.into_iter().map(Put::entry))?;
    Ok(report)
}

/// How articles are addressed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Pattern {
    /// By one pattern of ours.
    Site(String),
    /// By one of Jekyll, which each article is given.
    Each(String),
    /// By their path, as Hugo and Zola do it.
    Path,
}

fn pattern(door: Door, settings: &Settings) -> Pattern {
    let ours = |pattern: &str| {
        let mut pattern = pattern.to_owned();
        for (theirs, ours) in [
            (":year", "{yyyy}"),
            (":month", "{mm}"),
            (":day", "{dd}"),
            (":title", "{slug}"),
            (":slug", "{slug}"),
            (":contentbasename", "{slug}"),
            (":filename", "{slug}"),
            (":section", "{section}"),
            (":output_ext", ".html"),
        ] {
            pattern = pattern.replace(theirs, ours);
        }
        (pattern.starts_with('/') && pattern.contains("{slug}") && !pattern.contains(':')).then_some(pattern)
    };
    match door {
        Door::Jekyll => {
            let given = settings.text(&["permalink"]);
            let given = if given.is_empty() { "date".to_owned() } else { given };
            ours(&given).map_or(Pattern::Each(given), Pattern::Site)
        }
        Door::Hugo => {
            let of = |section: &str| {
                [format!("permalinks.page.{section}"), format!("permalinks.{section}")]
                    .into_iter()
                    .map(|key| settings.text(&[&key]))
                    .find(|text| !text.is_empty())
            };
            ["posts", "post", "blog", "news", "articles"]
                .iter()
                .find_map(|section| of(section))
                .and_then(|given| ours(&given))
                .map_or(Pattern::Path, Pattern::Site)
        }
        _ => Pattern::Path,
    }
}

struct Walk<'a> {
    door: Door,
    root: &'a Path,
    report: Report,
    target: Target,
    put: Vec<Put>,
    pattern: Pattern,
    collections: collections::Collections,
    left: left::Left,
    /// Folders of Hugo that hold a page and what belongs to it.
    bundles: FxHashSet<String>,
    config: Option<Config>,
    options: &'a Options,
}

impl Walk<'_> {
    fn put(&mut self, path: String, bytes: &[u8]) -> Result<(), Failure> {
        let put = self.target.put(path, bytes)?;
        self.report.files.add(&put);
        self.put.push(put);
        Ok(())
    }

    fn site_yaml(&self, settings: &Settings) -> String {
        let mut map = Map::new();
        let mut insert = |key: &str, text: String| {
            if !text.trim().is_empty() {
                map.insert(key.to_owned(), text.into());
            }
        };
        insert("title", settings.text(&["title", "name"]));
        insert("description", settings.text(&["description", "params.description", "tagline"]));
        let base = settings.text(&["url", "baseURL", "baseurl", "base_url"]);
        let below = if self.door == Door::Jekyll { settings.text(&["baseurl"]) } else { String::new() };
        let base =
            if base.starts_with("http") { format!("{}{below}", base.trim_end_matches('/')) } else { String::new() };
        insert("base_url", base.trim_end_matches('/').to_owned());
        let language = settings
            .text(&["lang", "locale", "languageCode", "defaultContentLanguage", "default_language"])
            .replace('_', "-");
        insert(
            "language",
            if language.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') { language } else { String::new() },
        );
        let zone = self.options.timezone.clone().unwrap_or_else(|| settings.text(&["timezone", "timeZone"]));
        insert("timezone", if jiff::tz::TimeZone::get(&zone).is_ok() { zone } else { String::new() });
        if let Pattern::Site(pattern) = &self.pattern {
            insert("permalink", pattern.clone());
        }
        if self.door != Door::Jekyll {
            insert("slugs", "keep".into());
        }
        let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
        let menu = settings.map.get("menus").or_else(|| settings.map.get("menu")).and_then(|menus| menus.get("main"));
        let mut entries: Vec<(i64, Value)> = Vec::new();
        for entry in list(menu).into_iter().chain(list(settings.map.get("navigation"))) {
            let text =
                |keys: &[&str]| keys.iter().find_map(|key| entry.get(*key)?.as_str()).unwrap_or_default().to_owned();
            let (title, url) = (text(&["name", "title"]), text(&["url", "pageRef", "link"]));
            let is_link = url.starts_with('/') || url.starts_with("http");
            if !title.is_empty() && is_link {
                let weight = entry.get("weight").and_then(Value::as_i64).unwrap_or_default();
                entries.push((weight, json!({ "title": title, "url": url })));
            }
        }
        entries.sort_by_key(|(weight, _)| *weight);
        let menu: Vec<Value> = entries.into_iter().map(|(_, entry)| entry).collect();
        if !menu.is_empty() {
            map.insert("menu".into(), menu.into());
        }
        yaml::to_string(&map).unwrap_or_default()
    }

    /// Takes each file of the folder.
    fn files(&mut self) -> Result<(), Failure> {
        let failed =
            |path: &Path, error: &io::Error| Failure::Machine(diagnostic::machine("read", path.display(), error));
        let door = self.door;
        let is_left = |name: &str, depth: usize| {
            let is_made = match name {
                "node_modules" => true,
                "_site" => depth == 1,
                "public" | "themes" | "resources" => depth == 1 && door != Door::Jekyll,
                "bundle" | "cache" | "gems" | "ruby" => depth == 2 && door == Door::Jekyll,
                _ => false,
            };
            is_made || name.starts_with('.') && name != ".well-known"
        };
        let walk = WalkDir::new(self.root).sort_by_file_name().into_iter().filter_entry(|entry| {
            entry.depth() == 0 || !entry.file_name().to_str().is_some_and(|name| is_left(name, entry.depth()))
        });
        let files: Vec<walkdir::DirEntry> =
            walk.filter_map(Result::ok).filter(|entry| entry.file_type().is_file()).collect();
        let named = |entry: walkdir::DirEntry| {
            let path = entry.path().strip_prefix(self.root).ok().and_then(Path::to_str)?.replace('\\', "/");
            Some((path, entry))
        };
        let files: Vec<(String, walkdir::DirEntry)> = files.into_iter().filter_map(named).collect();
        if door == Door::Hugo {
            let folders = files.iter().filter_map(|(path, _)| path.rsplit_once('/').filter(|(_, name)| is_index(name)));
            let folders = folders.map(|(folder, _)| folder.to_owned());
            self.bundles = folders.filter(|folder| Path::new(folder).starts_with("content")).collect();
        }
        for (path, entry) in files {
            let inside = self.collections.inside(&path).unwrap_or(&path);
            let to = self.place(&path).filter(|_| !self.left.excludes(door, inside));
            let Some(to) = to else {
                self.leave(&path);
                continue;
            };
            let size = entry.metadata().map_or(0, |metadata| metadata.len());
            if size > LARGEST {
                self.report.remark(path, "this file is larger than 256 MiB; copy it yourself");
                continue;
            }
            let bytes = fs::read(entry.path()).map_err(|error| failed(entry.path(), &error))?;
            if to.starts_with("content/") && is_markdown_name(&path) {
                let (text, is_repaired) = encoding::text(&bytes);
                if is_repaired {
                    let what = "bytes that are not UTF-8, read as Windows-1252".into();
                    self.report.repairs.push(Line { source: path.clone(), what });
                }
                self.text(&path, to, text)?;
            } else {
                self.put(to, &bytes)?;
            }
        }
        Ok(())
    }

    /// Counts a file that is left out, by its folder, unless it is plainly the tool's own.
    fn leave(&mut self, path: &str) {
        let first = path.split('/').next().unwrap_or_default();
        let is_own =
            matches!(first, "_layouts" | "_includes" | "_sass" | "layouts" | "archetypes" | "templates" | "sass");
        if !is_own && path.contains('/') {
            *self.report.left_out.entry(format!("in {first}/")).or_default() += 1;
        } else if !is_own && (is_markdown_name(path) || path.ends_with(".html")) {
            *self.report.left_out.entry(path.to_owned()).or_default() += 1;
        }
    }

    /// Where a file goes; none for one that is the tool's own.
    fn place(&self, path: &str) -> Option<String> {
        let first = path.split('/').next().unwrap_or_default();
        let is_file = !path.contains('/');
        match self.door {
            Door::Jekyll => match first {
                "_posts" | "_drafts" => Some(format!("content/{path}")),
                _ if self.collections.inside(path).is_some() => self.collections.place(path),
                "_data" => Some(format!("data/{}", path.trim_start_matches("_data/"))),
                _ if first.starts_with('_')
                    || is_file
                        && matches!(
                            path,
                            "Gemfile"
                                | "Gemfile.lock"
                                | "Rakefile"
                                | "README.md"
                                | "LICENSE"
                                | "feed.xml"
                                | "sitemap.xml"
                                | "atom.xml"
                        )
                    || path.ends_with(".gemspec")
                    || path.ends_with(".scss")
                    || path.ends_with(".sass") =>
                {
                    None
                }
                _ if path.contains("/_posts/") || path.contains("/_drafts/") => Some(format!("content/{path}")),
                _ if is_markdown_name(path) => (path != "index.md").then(|| format!("content/{path}")),
                _ if path.ends_with(".html") && self.has_front_matter(path) => None,
                _ => Some(format!("static/{path}")),
            },
            _ => match first {
                "content" if path == "content/_index.md" && self.door == Door::Zola => Some(path.to_owned()),
                "content" | "static" | "data" => Some(path.to_owned()),
                "assets" if self.door == Door::Hugo && crate::original::Format::of_name(path).is_some() => {
                    Some(format!("static/{}", path.trim_start_matches("assets/")))
                }
                _ => None,
            },
        }
    }

    /// Whether a Markdown file of Hugo belongs to the page beside it: below a folder with an `index.md`, other texts do
    /// not become pages.
    fn is_of_bundle(&self, path: &str) -> bool {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        if name.starts_with("_index.") {
            return false;
        }
        // The page itself does not belong to it; one in a folder below does.
        let mut above = Path::new(folder).ancestors().skip(usize::from(is_index(name)));
        above.any(|above| above.to_str().is_some_and(|above| self.bundles.contains(above)))
    }

    fn has_front_matter(&self, path: &str) -> bool {
        fs::read_to_string(self.root.join(path)).is_ok_and(|text| text.starts_with("---"))
    }

    /// A Markdown file: its shortcodes, and its address.
    fn text(&mut self, from: &str, to: String, text: String) -> Result<(), Failure> {
        let mut unknown: Vec<(u64, String)> = Vec::new();
        let mut text = shortcodes::translated(self.door, &text, &mut unknown);
        for (line, name) in unknown {
            self.report.unknown(name, &format!("{from}:{line}"));
        }
        let Some(config) = &self.config else { return Ok(()) };
        let reading = front_matter::Reading::of(config);
        let mut read = front_matter::read(&to, &text, &text, &reading);
        let lacks_title = |problems: &Vec<Diagnostic>| problems.iter().any(|one| one.message == NO_TITLE);
        if read.as_ref().is_err_and(lacks_title) {
            // The tool calls it by its file, or not at all.
            let stem = from.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default();
            let folder = from.rsplit('/').nth(1).unwrap_or_default();
            let name = date_in_name(stem).map_or(stem, |(_, name)| name);
            let title = title_of_name(if name == "index" { folder } else { name });
            text = with_key(&text, "title", &Value::from(&*title));
            self.report.remark(from, "it has no headline; it is called by its file");
            read = front_matter::read(&to, &text, &text, &reading);
        }
        let (mut new, mut standing) = (None, "broken".to_owned());
        let mut problem = None;
        match read {
            Ok(Record::Story(story)) => {
                let body = story.body.0 as usize;
                let of_collection = self.collections.address(from).filter(|_| story.permalink.is_none());
                let address = match (&self.pattern, story.core.date, &story.permalink) {
                    _ if of_collection.is_some() => of_collection,
                    (Pattern::Each(style), Some(_), None) => Some(style.clone()),
                    (Pattern::Path, Some(_), None) => {
                        let folder =
                            to.trim_start_matches("content/").rsplit_once('/').map_or("", |(folder, _)| folder);
                        let folder = if story.is_bundle {
                            folder.rsplit_once('/').map_or("", |(folder, _)| folder)
                        } else {
                            folder
                        };
                        let address = crate::site_path::page_path(&format!("{folder}/{}", &*story.slug));
                        let own = crate::article::permalink::of_story(config, &to, &story);
                        (own != address).then_some(address)
                    }
                    _ => None,
                };
                let is_withheld = !story.withheld.draft
                    && (self.left.withholds(self.door, from, says_published(&text)) || self.is_of_bundle(from));
                let (is_draft, is_page) = (story.withheld.draft || is_withheld, story.core.date.is_none());
                let is_later = story.withheld.publish.is_some_and(|publish| publish > self.options.now);
                if is_page {
                    self.report.pages += 1
                } else {
                    self.report.articles += 1
                }
                standing = if is_draft {
                    "draft"
                } else if is_later {
                    "embargoed"
                } else {
                    "published"
                }
                .to_owned();
                if is_draft {
                    *self.report.drafts.entry("draft".into()).or_default() += 1;
                } else if is_later {
                    self.report.embargoed += 1;
                } else {
                    self.report.published_there += 1;
                    self.report.published_here += 1;
                    let own = crate::article::permalink::of_story(config, &to, &story);
                    new = Some(
                        address
                            .clone()
                            .filter(|address| address.starts_with('/') && !address.contains(':'))
                            .unwrap_or(own),
                    );
                }
                // What is the site's own is known by its path, in raw HTML too.
                let (own, _) = written::relinked(&text[body..], &OwnHost(config));
                text.replace_range(body.., &own);
                if let Some(address) = address {
                    text = with_key(&text, "permalink", &address.into());
                }
                if is_withheld {
                    text = with_key(&text, "draft", &true.into());
                }
            }
            Ok(_) => standing = "other".into(),
            Err(problems) => problem = problems.into_iter().next(),
        }
        if let Some(problem) = problem {
            self.report.remark(from, format!("the build will ask for a decision: {}", problem.message));
        }
        if standing != "other" {
            let old = new.clone().unwrap_or_default();
            self.report.items.push(Moved {
                source: from.to_owned(),
                path: to.clone(),
                old,
                aliases: Vec::new(),
                new,
                standing,
            });
        }
        self.put(to, text.as_bytes())
    }
}

/// Addresses of the site's own host as paths.
struct OwnHost<'a>(&'a Config);

impl Links for OwnHost<'_> {
    fn link(&self, href: &str) -> String {
        let base = Addresses { base: self.0.base_url.trim_end_matches('/').to_owned(), ..Addresses::default() };
        let is_whole = href.contains("//") && !self.0.base_url.is_empty();
        base.own(href).filter(|_| is_whole).unwrap_or(href).to_owned()
    }

    fn media(&self, src: &str) -> String {
        self.link(src)
    }

    fn about(&self, _: &str) -> Option<&super::item::Media> {
        None
    }

    fn is_image_itself(&self, _: &str, _: &str) -> bool {
        false
    }

    fn is_card(&self, _: &str) -> bool {
        false
    }
}

/// Whether a page says itself that it is published, as Jekyll reads it.
fn says_published(text: &str) -> bool {
    let head = text.strip_prefix("---").and_then(|rest| rest.split("\n---").next()).unwrap_or_default();
    head.lines()
        .any(|line| line.split_once(':').is_some_and(|(key, value)| key == "published" && value.trim() == "true"))
}

/// A text with one more key in its front matter.
fn with_key(text: &str, key: &str, value: &Value) -> String {
    let (fence, line) = match text.trim_start_matches('\u{feff}') {
        start if start.starts_with("+++") => ("+++", format!("{key} = {value}")),
        start if start.starts_with("---") => ("---", format!("{key}: {value}")),
        start if start.starts_with('{') => return text.replacen('{', &format!("{{\n  \"{key}\": {value},"), 1),
        _ => return format!("---\n{key}: {value}\n---\n\n{text}"),
    };
    // The new value replaces the old one.
    let is_before = |line: &str| {
        let (word, rest) = line.split_at(line.find([':', '=', ' ', '\t']).unwrap_or(line.len()));
        word.trim_matches(['"', '\'']).eq_ignore_ascii_case(key) && rest.trim_start().starts_with([':', '='])
    };
    let (start, rest) = text.split_once(fence).unwrap_or_default();
    let (head, body) = rest.split_at(rest.find(&format!("\n{fence}")).unwrap_or_default());
    let head: String = head.split_inclusive('\n').filter(|line| !is_before(line)).collect();
    format!("{start}{fence}\n{line}{head}{body}")
}
