//! Jekyll, Hugo and Zola: sites that are folders of Markdown already.
//!
//! The build reads their Markdown and their front matter as they are. What is added here is what stands elsewhere: the
//! configuration, addresses that follow from it, and shortcodes, Liquid and attributes that have a meaning here. All
//! others stay as they are written, and are told with file and line.

mod collections;
mod dates;
mod layout;
mod left;
mod pages;
mod raw_html;
mod settings;
mod shortcodes;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Component, Path};
use std::sync::Arc;

use pages::Pages;
use rustc_hash::FxHashSet;
use serde_json::{Map, Value};
use settings::{Pattern, Settings, parsed};
use walkdir::WalkDir;

use super::addresses::{Addresses, Links};
use super::body::written;
use super::manifest::{self, Put, Target};
use super::report::{Line, Moved, Report};
use super::{Door, Options, encoding, place, report};
use crate::article::front_matter;
use crate::article::front_matter::NO_TITLE;
use crate::article::record::{Entry, Record};
use crate::article::time::date_in_name;
use crate::article::title_of_name;
use crate::config::{Config, LanguageId, Overrides};
use crate::diagnostic::{self, Diagnostic, Place};
use crate::pipeline::Failure;
use crate::source_name::is_markdown_name;
use crate::yaml;

/// The largest file that is copied.
const LARGEST: u64 = 256 << 20;

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
    let Some(settings) = Settings::read(door, root)? else { return Err(missing("its configuration is not there")) };
    let target = Target::open(&options.into, options.force, options.is_trial)?;
    let root = &below(root, &settings.text(&["source"]), door);
    let layout = layout::Layout::of(door, &settings);
    let mut report =
        Report { format: door.name().into(), sources: vec![root.display().to_string()], ..Report::default() };
    let files: Vec<Found> = listed(door, root, &mut report)
        .into_iter()
        .map(|(there, entry)| Found { path: layout.path(&there), there, entry })
        .collect();
    let dates = dates::Dates::of(door, &settings);
    let pages = Pages::of(door, root, &files, &settings, &dates);
    let mut left = left::Left::of(door, &settings, dates.names());
    left.withheld.extend(pages.withheld.iter().cloned());
    let pattern = settings::pattern(door, &settings);
    let text = settings::site_yaml(door, &settings, &pattern, &pages, options);
    let mut walk = Walk {
        door,
        root,
        report,
        target,
        put: Vec::new(),
        pattern,
        collections: collections::Collections::of(door, &settings),
        at: String::new(),
        left,
        dates,
        pages,
        settings,
        renamed: BTreeMap::new(),
        bundles: FxHashSet::default(),
        hidden: Vec::new(),
        config: None,
        options,
    };
    walk.put(crate::config::FILE.into(), text.as_bytes())?;
    let effective = fs::read_to_string(options.into.join(crate::config::FILE)).unwrap_or(text);
    walk.config = Some(Arc::new(Config::from_text(&effective, &Overrides::default()).map_err(Failure::Site)?));
    walk.files(files)?;
    walk.withhold_sections();
    walk.authors()?;
    walk.tell_taxonomies();
    if door == Door::Hugo && walk.settings.is_set("enableEmoji") {
        walk.report
            .remark("", "`enableEmoji` made signs of names such as `:smile:`; here they stay as they are written");
    }
    let Walk { mut target, put, mut report, .. } = walk;
    let now = put.iter().map(|put| put.path.clone()).collect();
    // A folder is all of its site: what is not in it any longer was taken back.
    let gone: Vec<String> = target.gone(&now).map(str::to_owned).collect();
    report.files.moved = target.remove(gone, &now)?;
    report.files.gone = target.gone(&now).map(str::to_owned).collect();
    for path in &report.files.gone {
        let what = format!("it is no longer in the source; it has been edited here, so it stays: {path}");
        report.remarks.push(Line { source: String::new(), what });
    }
    if !options.is_trial {
        manifest::json(&options.into.join(report::FILE), &report)
            .map_err(|error| Failure::Machine(diagnostic::machine("write", report::FILE, &error)))?;
    }
    target.close(put.into_iter().map(Put::entry), [])?;
    Ok(report)
}

/// A file of the folder.
struct Found {
    /// Where it is.
    there: String,
    /// The name by which it is known here; none if it is no part of the site.
    path: Option<String>,
    entry: walkdir::DirEntry,
}

/// The folder in which Jekyll is told to look for its site.
fn below(root: &Path, source: &str, door: Door) -> std::path::PathBuf {
    let source = Path::new(source);
    let is_within = source.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if door == Door::Jekyll && is_within { root.join(source) } else { root.to_path_buf() }
}

/// The files of a folder, but for those that its tool or others have made. What cannot be read is told.
fn listed(door: Door, root: &Path, report: &mut Report) -> Vec<(String, walkdir::DirEntry)> {
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
    let walk = WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(|entry| {
        entry.depth() == 0 || !entry.file_name().to_str().is_some_and(|name| is_left(name, entry.depth()))
    });
    let mut files = Vec::new();
    for entry in walk {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(root).display().to_string();
                report.refuse(&path, "this cannot be read, so it is left out");
                continue;
            }
        };
        let path = entry.path().strip_prefix(root).unwrap_or(entry.path());
        match path.to_str() {
            _ if !entry.file_type().is_file() => {}
            Some(path) => files.push((path.replace(std::path::MAIN_SEPARATOR, "/"), entry)),
            None => report.refuse(&path.display().to_string(), "its name is not UTF-8, so it is left out"),
        }
    }
    files
}

struct Walk<'a> {
    door: Door,
    root: &'a Path,
    report: Report,
    target: Target,
    put: Vec<Put>,
    pattern: Pattern,
    collections: collections::Collections,
    /// The file that is being taken, where it is in the old folder.
    at: String,
    left: left::Left,
    dates: dates::Dates,
    pages: Pages,
    settings: Settings,
    /// Texts of `content/` that have another name here, with that.
    renamed: BTreeMap<String, String>,
    /// Folders of Hugo that hold a page and what belongs to it.
    bundles: FxHashSet<String>,
    /// Folders that the files of their sections withhold, with the language of these.
    hidden: Vec<(String, LanguageId)>,
    config: Option<Arc<Config>>,
    options: &'a Options,
}

impl Walk<'_> {
    fn put(&mut self, path: String, bytes: &[u8]) -> Result<(), Failure> {
        let put = self.target.put(path, bytes)?;
        self.report.add(&put);
        self.put.push(put);
        Ok(())
    }

    /// Takes each file of the folder.
    fn files(&mut self, files: Vec<Found>) -> Result<(), Failure> {
        let failed =
            |path: &Path, error: &io::Error| Failure::Machine(diagnostic::machine("read", path.display(), error));
        let door = self.door;
        if door == Door::Hugo {
            let paths = files.iter().filter_map(|found| found.path.as_deref());
            let folders = paths.filter_map(|path| path.rsplit_once('/').filter(|(_, name)| is_index(name)));
            let folders = folders.map(|(folder, _)| folder.to_owned());
            self.bundles = folders.filter(|folder| Path::new(folder).starts_with("content")).collect();
        }
        self.rename(&files);
        for Found { there, path, entry } in files {
            let inside = self.collections.inside(&there).unwrap_or(&there);
            let is_left = self.left.excludes(door, inside);
            self.at.clone_from(&there);
            let path = path.filter(|_| !is_left);
            let Some((path, to)) = path.and_then(|path| self.place(&path).map(|to| (path, to))) else {
                self.leave(&there);
                continue;
            };
            let size = entry.metadata().map_or(0, |metadata| metadata.len());
            if size > LARGEST {
                self.report.remark(there, "this file is larger than 256 MiB; copy it yourself");
                continue;
            }
            let bytes = fs::read(entry.path()).map_err(|error| failed(entry.path(), &error))?;
            if to.starts_with("content/") && is_markdown_name(&to) {
                let (text, is_repaired) = encoding::text(&bytes);
                if is_repaired {
                    let what = "bytes that are not UTF-8, read as Windows-1252".into();
                    self.report.repairs.push(Line { source: there, what });
                }
                self.text(&path, to, text)?;
            } else {
                // What stands beside a page goes where that goes.
                let (folder, name) = to.rsplit_once('/').unwrap_or(("", &to));
                let is_beside = folder.starts_with("content/");
                self.put(if is_beside { format!("{}/{name}", place::portable(folder)) } else { to }, &bytes)?;
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
            self.report.leave_out(&format!("in {first}/"), 1);
        } else if !is_own && (is_markdown_name(path) || path.ends_with(".html")) {
            self.report.leave_out(path, 1);
        }
    }

    /// Where a file goes; none for one that is the tool's own.
    fn place(&self, path: &str) -> Option<String> {
        let first = path.split('/').next().unwrap_or_default();
        let is_file = !path.contains('/');
        match self.door {
            Door::Jekyll => match first {
                _ if path.split('/').any(|part| matches!(part, "_posts" | "_drafts")) => {
                    let is_html = path.ends_with(".html") && self.has_front_matter();
                    let stem = path.trim_end_matches(".html");
                    Some(if is_html { format!("content/{stem}.md") } else { format!("content/{path}") })
                }
                _ if self.collections.inside(path).is_some() => self.collections.place(path),
                _ if first.starts_with('_') && self.left.includes(path) => {
                    let is_text = is_markdown_name(path);
                    let is_shown = crate::original::Format::of_name(path).is_some();
                    is_text
                        .then(|| format!("content/{}", path.trim_start_matches('_')))
                        .or_else(|| is_shown.then(|| format!("static/{path}")))
                }
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
                _ if is_markdown_name(path) => (path != "index.md").then(|| format!("content/{path}")),
                _ if path.ends_with(".html") && self.has_front_matter() => None,
                _ => Some(format!("static/{path}")),
            },
            // A page that is written in HTML becomes one in Markdown.
            _ if first == "content" && path.ends_with(".html") && self.has_front_matter() => {
                Some(format!("{}.md", path.trim_end_matches(".html")))
            }
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

    fn has_front_matter(&self) -> bool {
        fs::read_to_string(self.root.join(&self.at)).is_ok_and(|text| text.starts_with("---"))
    }

    /// A Markdown file: its shortcodes, and its address.
    fn text(&mut self, from: &str, to: String, text: String) -> Result<(), Failure> {
        let Some(config) = self.config.clone() else { return Ok(()) };
        let mut text = self.adapted(from, &text, &config);
        let reading = front_matter::Reading::of(&config);
        let mut read = front_matter::read(&to, &text, &text, &reading);
        let lacks_title = |problems: &Vec<Diagnostic>| problems.iter().any(|one| one.message.starts_with(NO_TITLE));
        if read.as_ref().is_err_and(lacks_title) {
            // The tool calls it by its file, or not at all.
            let stem = from.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default();
            let folder = from.rsplit('/').nth(1).unwrap_or_default();
            let name = date_in_name(stem).map_or(stem, |(_, name)| name);
            let title = title_of_name(if name == "index" { folder } else { name });
            text = with_key(&text, "title", &Value::from(&*title));
            self.report.remark(&self.at, "it has no headline; it is called by its file");
            read = front_matter::read(&to, &text, &text, &reading);
        }
        let mut decided = Decided { standing: "broken", ..Decided::default() };
        let mut body = text.len();
        let mut problem = None;
        match read {
            Ok(Record::Entry(entry)) => {
                body = entry.body.0 as usize;
                match self.decide(from, &to, &text, &entry, &config) {
                    Some(found) => decided = found,
                    None => return Ok(()),
                }
            }
            Ok(Record::Section(file)) => {
                decided.standing = "other";
                let holds = |withheld: crate::article::withholding::Withheld| {
                    withheld.holds(self.options.now, config.drafts, config.future)
                };
                let folder = to.rsplit_once('/').map_or("", |(folder, _)| folder);
                if holds(file.cascade) || holds(file.withheld) && folder != "content" {
                    self.hidden.push((format!("{folder}/"), crate::article::language::of_name(&to, &config)));
                }
            }
            Ok(_) => decided.standing = "other",
            Err(problems) => problem = problems.into_iter().next(),
        }
        // Links to the site itself become paths, in raw HTML too.
        let (own, _) = written::relinked(&text[body..], &OwnHost(&config, &self.renamed));
        text.replace_range(body.., &own);
        let path = self.renamed.get(&to).cloned().unwrap_or_else(|| to.clone());
        if path != to {
            self.report.remark(&self.at, format!("not every file system has a file of this name; here it is {path}"));
            if let Some(date) =
                decided.date.filter(|_| !pages::head(&text).is_some_and(|head| head.contains_key("date")))
            {
                text = with_key(&text, "date", &date.into());
            }
        }
        if let Some(problem) = problem {
            self.report.remark(&self.at, format!("the build will ask for a decision: {}", problem.message));
        }
        if let Some(address) = decided.address {
            text = with_key(&text, "permalink", &address.into());
        }
        if decided.is_withheld {
            text = with_key(&text, "draft", &true.into());
        }
        if decided.standing != "other" {
            self.report.items.push(Moved {
                source: self.at.clone(),
                path: path.clone(),
                old: decided.new.clone().unwrap_or_default(),
                aliases: Vec::new(),
                new: decided.new,
                standing: decided.standing.to_owned(),
            });
        }
        self.put(path, text.as_bytes())
    }

    /// Gives texts whose names not every file system has others that no file has. Their pages keep their addresses.
    fn rename(&mut self, files: &[Found]) {
        let names: FxHashSet<&str> = files.iter().filter_map(|found| found.path.as_deref()).collect();
        for found in files {
            let Some(path) = found.path.as_deref().filter(|path| place::portable(path) != *path) else { continue };
            self.at.clone_from(&found.there);
            let Some(to) = self.place(path).filter(|to| to.starts_with("content/") && is_markdown_name(to)) else {
                continue;
            };
            let portable = place::portable(&to);
            let folder = portable.rfind('/').map_or(0, |at| at + 1);
            let dot = portable[folder..].find('.').map_or(portable.len(), |at| folder + at);
            let numbered = (2..).map(|number| format!("{}-{number}{}", &portable[..dot], &portable[dot..]));
            let is_taken = |one: &String| {
                let inside = one.strip_prefix("content/").unwrap_or(one);
                names.contains(&**one) || names.contains(inside) || self.renamed.values().any(|other| other == one)
            };
            let is_bundle = is_index(&portable[folder..]);
            let free = std::iter::once(portable.clone()).chain(numbered).find(|one| is_bundle || !is_taken(one));
            self.renamed.insert(to, free.unwrap_or(portable));
        }
    }

    /// A text whose tool-specific syntax is rewritten so that it means the same in courant.
    fn adapted(&mut self, from: &str, text: &str, config: &Config) -> String {
        let mut unknown: Vec<(u64, String)> = Vec::new();
        let mut silent = 0;
        let mut text = text.to_owned();
        if raw_html::is_unseen(self.door, &self.settings) && !from.ends_with(".html") {
            let at = text.len() - body_of(&text).len();
            let (body, pieces) = raw_html::without(&text[at..]);
            text.replace_range(at.., &body);
            self.report.leave_out(raw_html::LEFT_OUT, pieces);
        }
        let mut text = shortcodes::translated(self.door, &text, &mut unknown, &mut silent);
        self.report.leave_out("comments that readers did not see", silent);
        for (line, name) in unknown {
            self.report.unknown(name, &format!("{}:{line}", self.at));
        }
        if from.ends_with(".html") {
            let (made, hidden) = html_as_markdown(&text, &OwnHost(config, &self.renamed));
            self.report.leave_out(super::body::HIDDEN, hidden);
            text = made;
        }
        let is_of_section = from.rsplit('/').next().is_some_and(|name| name.starts_with("_index."));
        let says = |key: &str| pages::head(&text).and_then(|head| head.get(key).cloned());
        if self.door == Door::Zola && is_of_section && says("render") == Some(Value::Bool(false)) {
            // Its pages are published there, and would be withheld here.
            text = without_body(&without_keys(&text, &["render"]));
            self.report.remark(
                &self.at,
                "this section had no page of its own (`render = false`); here it has one with its title and list, and its text is left out",
            );
        } else if self.door == Door::Zola && is_of_section && says("redirect_to").is_some() {
            text = without_body(&text);
            self.report.remark(&self.at, "this section led elsewhere (`redirect_to`); its text is left out");
        }
        if self.door == Door::Zola
            && let Some(aliases) = pages::head(&text).and_then(|mut head| head.remove("aliases"))
            && let aliases = settings::list(&aliases)
            && aliases.iter().any(|alias| !alias.starts_with('/'))
        {
            // There they begin at the front page, and here beside their page.
            let aliases: Vec<String> =
                aliases.iter().map(|alias| format!("/{}", alias.trim_start_matches('/'))).collect();
            text = with_key(&without_keys(&text, &["aliases"]), "aliases", &aliases.into());
        }
        if self.pages.cascading.contains(from) {
            text = without_keys(&text, &["cascade"]);
            self.report
                .remark(&self.at, "its `cascade` withholds pages: they are drafts here, and the key is left out");
        }
        let stem = from.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(stem, _)| stem);
        let has_date = || pages::head(&text).is_some_and(|head| head.contains_key("date"));
        if let Some((moment, _)) = pages::moment_in_name(stem).filter(|(moment, _)| moment.contains('T'))
            && self.door == Door::Zola
            && !has_date()
        {
            text = with_key(&text, "date", &moment.into());
        }
        for (key, value) in self.dates.of_page(&text, &self.root.join(&self.at)) {
            text = with_key(&text, key, &value);
        }
        for (key, value) in self.pages.defaults_of(from, &text) {
            text = with_key(&text, &key, &value);
        }
        text
    }

    /// Whether a page is published, and where; none if the build makes that page itself.
    fn decide(&mut self, from: &str, to: &str, text: &str, entry: &Entry<'_>, config: &Config) -> Option<Decided> {
        let own = crate::article::permalink::of_entry(config, to, entry);
        let mut address = self.address(from, to, text, entry, config).filter(|address| *address != own);
        let at = super::addresses::key(address.as_deref().unwrap_or(&own));
        if super::plan::is_reserved(&at) {
            if text[entry.body.0 as usize..].trim().is_empty() {
                self.report.leave_out(&format!("/{at}/, which is made here anyway"), 1);
                return None;
            }
            self.report.remark(&self.at, format!("/{at}/ is an address of courant; this page is at /{at}-page/"));
            address = Some(format!("/{at}-page/"));
        }
        if place::portable(to) != to && (address.is_some() || entry.permalink.is_none() || self.door == Door::Jekyll) {
            // Another name would give it another address.
            let by_pattern = |given: &String| if is_path(given) { None } else { filled(to, text, given, config) };
            let given = address.as_ref().and_then(by_pattern).or(address.filter(|given| is_path(given)));
            address = Some(given.unwrap_or_else(|| own.clone()));
        }
        let is_withheld = !entry.withheld.draft
            && (self.left.withholds(self.door, from, says_published(text)) || self.is_of_bundle(from));
        let now = self.options.now;
        let is_later = entry.withheld.publish.max(entry.core.date).is_some_and(|start| start > now && !config.future);
        let is_over = entry.withheld.expires.is_some_and(|end| end <= now);
        if entry.core.date.is_none() {
            self.report.pages += 1
        } else {
            self.report.articles += 1
        }
        let mut new = None;
        let standing = if entry.withheld.draft || is_withheld {
            *self.report.drafts.entry("draft".into()).or_default() += 1;
            "draft"
        } else if is_over {
            *self.report.drafts.entry("expired".into()).or_default() += 1;
            "expired"
        } else if is_later {
            self.report.embargoed += 1;
            if self.publishes_ahead() {
                self.report.published_there += 1;
                self.report.remark(&self.at, "its date is still to come: it was published there, and waits here");
            }
            "embargoed"
        } else {
            self.report.published_there += 1;
            self.report.published_here += 1;
            new = match &address {
                Some(path) if is_path(path) => Some(path.clone()),
                Some(pattern) => filled(to, text, pattern, config).or(Some(own)),
                None => Some(own),
            };
            "published"
        };
        let date = entry.core.date.map(|date| date.rfc3339(&config.time_zone));
        Some(Decided { address, is_withheld, standing, new, date })
    }

    /// Whether the old tool publishes what has a date in the future.
    fn publishes_ahead(&self) -> bool {
        match self.door {
            Door::Hugo => self.settings.is_set("buildFuture"),
            Door::Jekyll => self.settings.is_set("future"),
            _ => true,
        }
    }

    /// Takes back what was counted of pages that the file of their section withholds.
    fn withhold_sections(&mut self) {
        let Some(config) = self.config.clone() else { return };
        let language = |path: &str| crate::article::language::of_name(path, &config);
        let is_below = |path: &str| {
            let of = |(folder, of): &&(String, LanguageId)| {
                path.starts_with(&**folder) && (*of == LanguageId::MAIN || *of == language(path))
            };
            self.hidden.iter().find(of).is_some()
        };
        for item in self.report.items.iter_mut().filter(|item| item.new.is_some() && is_below(&item.path)) {
            (item.new, item.old) = (None, String::new());
            "in a section that is withheld".clone_into(&mut item.standing);
            self.report.published_here -= 1;
            self.report.published_there -= 1;
            *self.report.drafts.entry(item.standing.clone()).or_default() += 1;
        }
    }

    /// The address that a page had, if its front matter does not say it.
    fn address(&self, from: &str, to: &str, text: &str, entry: &Entry<'_>, config: &Config) -> Option<String> {
        if entry.permalink.is_some() && self.door != Door::Jekyll {
            return None;
        }
        let by_path = |slug: String| {
            let folder = to.trim_start_matches("content/").rsplit_once('/').map_or("", |(folder, _)| folder);
            let above = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
            let folder = if entry.is_bundle { above } else { folder };
            crate::site_path::page_path(&format!("{folder}/{slug}"))
        };
        let is_page_of_jekyll = || self.left.includes(from) || !from.split('/').any(|part| part.starts_with('_'));
        let has_language = config.is_multilingual() && entry.language != LanguageId::MAIN;
        match (self.door, entry.core.date) {
            (Door::Jekyll, Some(_)) if self.collections.inside(from).is_none() => self.of_post(from, text, entry),
            (Door::Jekyll, _) if entry.permalink.is_some() => None,
            (Door::Jekyll, _) if self.collections.inside(from).is_some() => self.collections.address(from),
            (Door::Jekyll, None) if is_page_of_jekyll() => Some(pages::page_of_jekyll(&self.settings, from)),
            // The address of a translation stands below that of its language.
            _ if has_language => None,
            (Door::Hugo, date) => {
                let head = pages::head(text).unwrap_or_default();
                let day = date.map(|date| date.day(&config.time_zone));
                let file = self.root.join(&self.at);
                pages::address_of_hugo(&self.settings, &self.dates, (from, &file), &head, day)
            }
            (Door::Zola, _) => Some(by_path(self.slug_of_zola(to, text, entry))),
            _ => None,
        }
    }

    /// The pattern that must stand in the front matter of a post of Jekyll.
    fn of_post(&self, from: &str, text: &str, entry: &Entry<'_>) -> Option<String> {
        let head = pages::head(text).unwrap_or_default();
        let site = self.settings.text(&["permalink"]);
        let own = head.get("permalink").and_then(Value::as_str);
        let given = own.or(Some(&*site)).filter(|given| !given.is_empty()).unwrap_or("date");
        let pattern = crate::article::permalink::pattern_of_jekyll(given);
        let filled =
            pages::named_by_jekyll(pattern, from, &head, &entry.slug).map(|filled| match filled.contains(':') {
                true => filled,
                false => crate::site_path::page_path(&filled),
            });
        let by_site = || match &self.pattern {
            Pattern::Each(style) if own.is_none() => Some(style.clone()),
            _ => None,
        };
        filled.or_else(by_site)
    }

    /// The last part of the address of a page of Zola.
    fn slug_of_zola(&self, to: &str, text: &str, entry: &Entry<'_>) -> String {
        let head = pages::head(text).unwrap_or_default();
        let mut parts = to.trim_end_matches(".md").rsplit('/').skip(usize::from(entry.is_bundle));
        let name = parts.next().unwrap_or_default();
        let keeps_dates = self.settings.is_set("slugify.paths_keep_dates");
        let plain = pages::moment_in_name(name).filter(|_| !keeps_dates).map_or(name, |(_, rest)| rest);
        pages::slug_of_zola(head.get("slug").and_then(Value::as_str).unwrap_or(plain), &self.settings)
    }
}

/// What is decided of a page.
#[derive(Debug, Default)]
struct Decided {
    /// The address that must stand in its front matter.
    address: Option<String>,
    /// Whether it must say that it is a draft.
    is_withheld: bool,
    standing: &'static str,
    /// Where it is; none if it is withheld.
    new: Option<String>,
    date: Option<String>,
}

impl Walk<'_> {
    /// Profiles of the authors that a site of Jekyll keeps in `_data/authors.yml`.
    fn authors(&mut self) -> Result<(), Failure> {
        let names = ["_data/authors.yml", "_data/authors.yaml", "_data/authors.json"];
        let found = names.into_iter().find_map(|name| Some((name, fs::read_to_string(self.root.join(name)).ok()?)));
        let found = found.filter(|_| self.door == Door::Jekyll);
        let Some((name, text)) = found else { return Ok(()) };
        let Ok(Some(node)) = parsed(name, &text) else { return Ok(()) };
        let Value::Object(all) = crate::article::json(&node) else { return Ok(()) };
        for (id, one) in all {
            let id = place::slug(&id);
            let text = |keys: &[&str]| keys.iter().find_map(|key| one.get(*key)?.as_str()).unwrap_or_default();
            let name = text(&["name", "display_name"]);
            if id.is_empty() || name.is_empty() {
                continue;
            }
            let mut head = Map::from_iter([("name".to_owned(), Value::from(name))]);
            for (key, value) in [
                ("role", text(&["role", "position", "title"])),
                ("description", text(&["bio", "description"])),
                ("image", text(&["avatar", "image", "picture"])),
            ] {
                if !value.is_empty() {
                    head.insert(key.into(), value.into());
                }
            }
            let text = format!("---\n{}---\n", yaml::to_string(&head).unwrap_or_default());
            self.put(format!("content/authors/{id}.md"), text.as_bytes())?;
            self.report.authors += 1;
        }
        Ok(())
    }

    /// Tells which taxonomies of the old site have no listings here.
    fn tell_taxonomies(&mut self) {
        let known = ["tags", "tag", "categories", "category", "authors", "author", "series"];
        let all: Vec<String> = match self.settings.map.get("taxonomies") {
            Some(Value::Object(map)) => map.values().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(Value::Array(list)) => {
                list.iter().filter_map(|one| one.get("name")?.as_str()).map(str::to_owned).collect()
            }
            _ => Vec::new(),
        };
        for name in all.iter().filter(|name| !known.contains(&&***name)) {
            self.report
                .remark("", format!("the taxonomy `{name}` has no listings here; its terms stay in front matter"));
        }
    }
}

/// Whether an address is a path: anything else is one of Jekyll's patterns, or its name.
fn is_path(address: &str) -> bool {
    address.starts_with('/') && !address.contains(':')
}

/// The address that a page has by a pattern of Jekyll.
fn filled(to: &str, text: &str, pattern: &str, config: &Config) -> Option<String> {
    let text = with_key(text, "permalink", &pattern.into());
    match front_matter::read(to, &text, &text, &front_matter::Reading::of(config)) {
        Ok(Record::Entry(entry)) => Some(crate::article::permalink::of_entry(config, to, &entry)),
        _ => None,
    }
}

/// An HTML text as Markdown, with its front matter unchanged, and how much of it readers did not see.
fn html_as_markdown(text: &str, links: &dyn Links) -> (String, usize) {
    let end = text.strip_prefix("---").and_then(|rest| rest.find("\n---").map(|at| "---".len() + at + "\n---".len()));
    let (head, body) = text.split_at(end.unwrap_or_default());
    match super::body::compose(body, &[], links) {
        Ok(composed) if end.is_some() => (format!("{head}\n\n{}\n", composed.markdown), composed.hidden),
        _ => (text.to_owned(), 0),
    }
}

/// What stands behind the front matter of a text.
fn body_of(text: &str) -> &str {
    let plain = text.trim_start_matches('\u{feff}');
    let fence = match plain.get(..3) {
        Some("+++") => "\n+++",
        Some("---") => "\n---",
        _ if plain.starts_with('{') => {
            let end = crate::yaml::Node::parse_json(plain, 0).map(|(_, end)| end);
            return end.ok().and_then(|end| plain.get(end..)).unwrap_or(text);
        }
        _ => return text,
    };
    plain[3..].split_once(fence).map_or("", |(_, body)| body)
}

/// The front matter of a text alone.
fn without_body(text: &str) -> String {
    format!("{}\n", &text[..text.len() - body_of(text).len()])
}

/// A text without some keys of its front matter, which is written anew.
fn without_keys(text: &str, keys: &[&str]) -> String {
    let Some(mut head) = pages::head(text) else { return text.to_owned() };
    head.retain(|key, _| !keys.contains(&key.as_str()));
    format!("---\n{}---{}", yaml::to_string(&head).unwrap_or_default(), body_of(text))
}

/// Addresses of the site's own host as paths, and texts by the names that they have here.
struct OwnHost<'a>(&'a Config, &'a BTreeMap<String, String>);

impl Links for OwnHost<'_> {
    fn link(&self, href: &str) -> String {
        let base = Addresses { base: self.0.base_url.trim_end_matches('/').to_owned(), ..Addresses::default() };
        let is_whole = href.contains("//") && !self.0.base_url.is_empty();
        self.renamed(base.own(href).filter(|_| is_whole).unwrap_or(href))
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

impl OwnHost<'_> {
    /// A link to a text that has another name here.
    fn renamed(&self, href: &str) -> String {
        let (path, fragment) = href.split_at(href.find('#').unwrap_or(href.len()));
        let decoded = crate::site_path::decode(path).unwrap_or_default();
        let (folder, name) = decoded.rsplit_once('/').unwrap_or(("", &decoded));
        let is_it = |old: &&String| old.rsplit('/').next() == Some(name);
        let found = self.1.iter().find(|(old, _)| is_it(old) && !href.contains("://") && !name.is_empty());
        let Some(new) = found.and_then(|(_, new)| new.rsplit('/').next()) else { return href.to_owned() };
        let folder: String = folder
            .split_inclusive('/')
            .map(|part| match part.trim_end_matches('/') {
                "" | "." | ".." => part.to_owned(),
                plain => place::portable(plain) + "/",
            })
            .collect();
        let slash = if decoded.contains('/') && !folder.ends_with('/') { "/" } else { "" };
        format!("{folder}{slash}{new}{fragment}").replace(' ', "%20")
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
