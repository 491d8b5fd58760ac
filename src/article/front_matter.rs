//! Front matter: the YAML at the head of a Markdown file, in the spellings of Jekyll, Hugo and
//! WordPress exports, as one fixed form.

use jiff::tz::TimeZone;
use rustc_hash::FxHashSet;

use super::fields::{Field, Fields, json};
use super::record::{AuthorFile, Kind, Naming, Picture, Record, SectionFile, Story, Text};
use super::slug::{composed, identity, of_name, slugify};
use super::summary::{first_heading, first_paragraph};
use super::time::{date_in_name, impossible_date_in_name, start_of_day};
use super::values::{
    access, attributions, canonical, corrections, coverage, kind, links, moment, picture, refuse_withheld,
};
use super::withholding::How;
use super::{headers, keys, language, lines, live, mentions, remarks, withholding};
use crate::article::permalink;
use crate::config::{Config, Language, LanguageId, Slugs};
use crate::diagnostic::{Diagnostic, Place, did_you_mean};
use crate::site_path;
use crate::source::{is_marked_headline, without_markdown_ending};
use crate::yaml::{self, Entry, Mark, Node};

/// What reading a file depends on besides the file.
pub struct Reading<'a> {
    /// The zone of dates without an offset.
    pub zone: &'a TimeZone,
    /// How slugs are made.
    pub slugs: Slugs,
    /// The languages that names of files may have.
    pub languages: &'a [Language],
    /// The address of the front page: what begins with it names a file of the site.
    pub base_url: &'a str,
}

impl<'a> Reading<'a> {
    /// What the configuration says.
    pub fn of(config: &'a Config) -> Self {
        Self {
            zone: &config.time_zone,
            slugs: config.settings.slugs,
            languages: language::declared(config),
            base_url: &config.base_url,
        }
    }
}

/// The settings with which the tests of this stage read files.
#[cfg(test)]
pub(super) const READING: Reading<'_> =
    Reading { zone: &TimeZone::UTC, slugs: Slugs::Transliterate, languages: &[], base_url: "https://paper.example" };

/// How front matter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Yaml,
    Toml,
    Json,
    /// `Title: …` lines up to a blank one, as Pelican and MultiMarkdown have them.
    Headers,
}

/// A file as head and body.
pub(super) struct Parts {
    form: Form,
    /// Where the front matter stands; empty if there is none.
    head: std::ops::Range<usize>,
    /// Lines before it.
    head_line: usize,
    /// Where the Markdown begins.
    pub(super) body: usize,
    /// Lines before the Markdown.
    body_line: usize,
}

/// Reads the content file `path` (`content/…`) with the text `text`: that of the file, or the Markdown in `whole`, line
/// by line.
///
/// # Errors
/// Everything that is wrong with the file's front matter.
pub fn read<'t>(path: &str, text: &'t str, whole: &str, reading: &Reading<'_>) -> Result<Record<'t>, Vec<Diagnostic>> {
    let parts = split(path, text).map_err(|problem| vec![problem])?;
    let (head, losses) = parts.head(path, text).map_err(|problem| vec![problem])?;
    let entries = head.entries().unwrap_or_default();
    let mut fields = Fields::new(path, text);
    let has_doubts = !withholding::duplicates(&mut fields, &head).is_empty()
        || !losses.is_empty()
        || lines::has_doubtful_aliases(entries)
        || !lines::spelt_twice(entries).is_empty();
    let place = PathParts::of(path, reading.languages);
    withholding::refuse_stray(&mut fields, parts.body, parts.head.end > 0, reading);
    if !super::is_html(path) {
        remarks::refuse_in_body(&mut fields, parts.body);
    }
    let body = (parts.body as u32, parts.body_line as u32);
    let markdown = &text[parts.body..];
    // `index.md` at the top is Jekyll's file of the front page.
    let is_of_section = place.stem == "_index" || place.stem.starts_with("_index.");
    let record = if is_of_section || place.stem == "index" && place.section.is_none() {
        // That of the front page speaks for the whole site, and its other keys for its own text.
        let is_of_site = |entry: &Entry| place.section.is_none() && keys::fold(entry.name()) == "cascade";
        let (cascade, own): (Vec<Entry>, Vec<Entry>) = entries.iter().cloned().partition(is_of_site);
        let withheld = withholding::read(&mut fields, &own, keys::SECTION, reading);
        let cascade = withholding::read(&mut fields, &cascade, keys::SECTION, reading);
        refuse_withheld(&mut fields, &own, None, reading);
        let mut file = section(&mut fields, entries, markdown, body, reading);
        mentions::add_written(&mut file.mentions, None, whole, reading.base_url);
        let has_doubts = has_doubts || fields.has_doubts();
        Record::Section(SectionFile { withheld, cascade, has_doubts, ..file })
    } else if place.section == Some("authors") && place.folders.is_empty() && path.starts_with("content/authors/") {
        let withheld = withholding::read(&mut fields, entries, keys::AUTHOR, reading);
        refuse_withheld(&mut fields, entries, None, reading);
        let mut file = author(&mut fields, entries, &place, markdown, body, reading);
        mentions::add_written(&mut file.mentions, file.image.as_ref(), whole, reading.base_url);
        let has_doubts = has_doubts || fields.has_doubts();
        Record::Author(AuthorFile { withheld, has_doubts, ..file })
    } else {
        let mut story = story(&mut fields, entries, &place, (markdown, whole), body, reading);
        story.has_doubts = has_doubts || fields.has_doubts() || is_marked_headline(&story.core.title);
        Record::Story(Box::new(story))
    };
    if fields.problems.is_empty() { Ok(record) } else { Err(fields.problems) }
}

impl Parts {
    /// The front matter, a map or nothing; and what in it may have been meant as words and is none.
    ///
    /// # Errors
    /// It cannot be read, is too large, or is something else.
    fn head(&self, path: &str, text: &str) -> Result<(Node, Vec<yaml::Error>), Diagnostic> {
        let head = &text[self.head.clone()];
        if head.len() > MAX_BYTES {
            return Err(Diagnostic::error(format!("the front matter has {} bytes", head.len()))
                .at(Place::span(path, text, self.head.start..self.head.start + 1))
                .hint(format!("keep it below {MAX_BYTES} bytes; text belongs below it")));
        }
        if let Some(at) = headers::doubtful_line_end(head).filter(|_| self.form == Form::Headers) {
            let at = self.head.start + at;
            let message = "a character that ends no line here stands between these words";
            return Err(Diagnostic::error(message)
                .at(Place::span(path, text, at..at + 1))
                .hint("let each line end with a line feed, as editors of text do it"));
        }
        let node = match self.form {
            Form::Yaml => Node::parse_front_matter(head, self.head_line),
            Form::Toml => Node::parse_toml(head, self.head_line).map(|node| (node, Vec::new())),
            Form::Json => match Node::parse_json(head, self.head_line) {
                Ok((_, end)) if !head[end..].trim().is_empty() => {
                    let start = self.head.start + end + head[end..].len() - head[end..].trim_start().len();
                    return Err(Diagnostic::error("front matter in JSON is one object, and this stands behind it")
                        .at(Place::span(path, text, start..start + 1))
                        .hint("move it into the object"));
                }
                node => node.map(|(node, _)| (node, Vec::new())),
            },
            Form::Headers => Ok((headers::read(head, self.head_line), Vec::new())),
        };
        let (node, losses) = node.map_err(|error| error.diagnostic(path, text))?;
        if node.entries().is_none() && !node.is_null() {
            return Err(Diagnostic::error("front matter must be a list of `key: value` lines")
                .at(node.mark.place(path, text))
                .hint("begin with `title: …`"));
        }
        Ok((node, losses))
    }
}

/// The front matter of the file `path` with the text `text`.
///
/// # Errors
/// It cannot be read.
pub(super) fn head(path: &str, text: &str) -> Result<(Node, Vec<yaml::Error>), Diagnostic> {
    split(path, text)?.head(path, text)
}

/// The largest front matter that is read.
const MAX_BYTES: usize = 16 << 20;

/// A path under `content/` taken apart.
struct PathParts<'a> {
    /// The first folder that is not a year or a month, or the year if every folder is one.
    section: Option<&'a str>,
    /// The folders below it.
    folders: Vec<&'a str>,
    /// The file name without its ending and its language.
    stem: &'a str,
    /// The language in the file name.
    language: Option<LanguageId>,
}

impl<'a> PathParts<'a> {
    fn of(path: &'a str, languages: &[Language]) -> Self {
        let mut folders: Vec<&str> = path.split('/').skip(1).collect();
        let file = folders.pop().unwrap_or_default();
        let (stem, language) = language::split(without_markdown_ending(file).unwrap_or(file), languages);
        let in_time = folders_of_time(&folders);
        // The folder of a bundle names the article.
        if folders.len() > in_time + usize::from(stem == "index") {
            folders.drain(..in_time);
        }
        let section = (!folders.is_empty()).then(|| folders.remove(0));
        Self { section, folders, stem, language }
    }
}

/// Guesses the last part of the address of a file that cannot be read, from its name and its plain lines.
pub(super) fn likely_names(path: &str, text: &str, reading: &Reading<'_>) -> Vec<String> {
    let place = PathParts::of(path, reading.languages);
    let stem = if place.stem == "index" { place.folders.last().copied().or(place.section) } else { Some(place.stem) };
    let stem = stem.unwrap_or_default();
    let name = date_in_name(stem).map_or(stem, |(_, rest)| rest);
    let said = text.lines().take(MOST_LINES).filter_map(|line| {
        let (key, value) = line.split_once([':', '='])?;
        let is_address = matches!(&*keys::fold(key.trim()), "slug" | "permalink" | "url" | "path" | "aliases");
        let value = value.trim().trim_matches(['"', '\'', '[', ']', '/']);
        is_address.then(|| value.rsplit('/').next().unwrap_or_default())
    });
    let mut names: Vec<String> = said.chain([name]).map(|name| slugify(name, reading.slugs)).collect();
    names.retain(|name| !name.is_empty());
    names
}

/// Lines of a broken file that are looked at for what its address may be.
const MOST_LINES: usize = 100;

/// Whether a folder or a category is a year.
pub fn is_year(name: &str) -> bool {
    name.len() == 4 && name.starts_with(['1', '2']) && name.bytes().all(|byte| byte.is_ascii_digit())
}

/// How many of the folders from the first on are a year, its month and its day.
fn folders_of_time(folders: &[&str]) -> usize {
    let is_number = |folder: &str, last: u8| {
        (1..=2).contains(&folder.len()) && folder.parse::<u8>().is_ok_and(|number| (1..=last).contains(&number))
    };
    let Some((_, deeper)) = folders.split_first().filter(|(year, _)| is_year(year)) else { return 0 };
    1 + deeper.iter().zip([12, 31]).take_while(|(folder, last)| is_number(folder, *last)).count()
}

/// Finds the front matter: behind a byte order mark and blank lines, between `---` and `---` or `...`, between two
/// `+++`, an object in JSON, or lines `Title: …`.
pub(super) fn split(path: &str, text: &str) -> Result<Parts, Diagnostic> {
    let mut at = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let mut line = 0;
    let next_line =
        |from: usize| memchr::memchr(b'\n', &text.as_bytes()[from..]).map_or(text.len(), |end| from + end + 1);
    let none = |body: usize, body_line: usize| Parts { form: Form::Yaml, head: 0..0, head_line: 0, body, body_line };
    let (first, first_line) = loop {
        if at >= text.len() {
            return Ok(none(text.len(), line));
        }
        let end = next_line(at);
        if !text[at..end].trim().is_empty() {
            break (at, line);
        }
        at = end;
        line += 1;
    };
    let end = next_line(first);
    let fence = text[first..end].trim_end();
    if fence == "{" || fence.starts_with("{\"") {
        let rest = &text[first..];
        let (_, length) = Node::parse_json(rest, first_line).map_err(|error| error.diagnostic(path, text))?;
        let body = next_line(first + length);
        let body_line = first_line + memchr::memchr_iter(b'\n', &text.as_bytes()[first..body]).count();
        return Ok(Parts { form: Form::Json, head: first..first + length, head_line: first_line, body, body_line });
    }
    // Eleventy and Hexo name the language behind the fence.
    let language = fence.strip_prefix("---").map(|language| language.trim().to_ascii_lowercase());
    let (form, fence) = match language.as_deref() {
        Some("" | "yaml" | "yml") => (Form::Yaml, "---"),
        Some("toml") => (Form::Toml, "---"),
        Some("json") => (Form::Json, "---"),
        None if fence == "+++" => (Form::Toml, fence),
        _ => {
            refuse_foreign(path, text, first, language.as_deref())?;
            let Some(found) = headers::find(&text[first..]) else { return Ok(none(first, first_line)) };
            let form = if found.is_yaml { Form::Yaml } else { Form::Headers };
            let (head, body) = (first..first + found.end, first + found.body);
            let body_line = first_line + memchr::memchr_iter(b'\n', &text.as_bytes()[first..body]).count();
            return Ok(Parts { form, head, head_line: first_line, body, body_line });
        }
    };
    let mut at = end;
    let mut line = first_line + 1;
    while at < text.len() {
        let next = next_line(at);
        let row = text[at..next].trim_end();
        if row == fence || row == "..." && form == Form::Yaml {
            return Ok(Parts { form, head: end..at, head_line: first_line + 1, body: next, body_line: line + 1 });
        }
        at = next;
        line += 1;
    }
    Err(Diagnostic::error("the front matter is never closed")
        .at(Place::span(path, text, first..first + 3))
        .hint(format!("put a line `{fence}` between the front matter and the text")))
}

/// Refuses front matter in a language that is not read: what it withholds would be published as text.
fn refuse_foreign(path: &str, text: &str, first: usize, language: Option<&str>) -> Result<(), Diagnostic> {
    let mut rows = text[first..].lines().take(100);
    let is_word = |word: &str| (1..=12).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_named = language.is_some_and(is_word) && rows.clone().skip(1).any(|row| row.trim_end() == "---");
    // Hexo ends an object without braces so.
    if !is_named && !rows.any(|row| row.trim_end() == ";;;") {
        return Ok(());
    }
    let end = text[first..].find('\n').map_or(text.len(), |end| first + end);
    Err(Diagnostic::error("front matter in this form is not read")
        .at(Place::span(path, text, first..first + text[first..end].trim_end().len()))
        .hint("write it as `key: value` lines between two lines `---`, or as JSON between `---json` and `---`"))
}

fn section(
    fields: &mut Fields<'_>,
    entries: &[Entry],
    markdown: &str,
    body: (u32, u32),
    reading: &Reading<'_>,
) -> SectionFile<'static> {
    let mut file = SectionFile {
        body,
        has_body: !markdown.trim().is_empty(),
        mentions: mentions::of_markdown(markdown, reading.base_url),
        ..SectionFile::default()
    };
    for entry in entries {
        let field = Field::of(entry);
        match &*keys::fold(entry.name()) {
            "title" => file.title = fields.line(&field),
            "description" | "summary" | "intro" => file.description = fields.line(&field).unwrap_or_default(),
            "order" | "weight" => file.order = fields.integer(&field).or(file.order),
            // The address of a section is that of its folder; another one leads there.
            old @ ("aliases" | "alias" | "redirectfrom" | "permalink" | "url" | "path") => {
                let mut paths = old_addresses(fields, &field, old);
                paths.iter_mut().for_each(|path| read_path(fields, path, Given::Old(&[entry]), reading.base_url));
                add_new(&mut file.aliases, paths);
            }
            _ => {}
        }
    }
    file
}

fn author(
    fields: &mut Fields<'_>,
    entries: &[Entry],
    place: &PathParts<'_>,
    markdown: &str,
    body: (u32, u32),
    reading: &Reading<'_>,
) -> AuthorFile<'static> {
    let language = place.language.unwrap_or_default();
    let mentions = mentions::of_markdown(markdown, reading.base_url);
    let mut file = AuthorFile { body, language, mentions, ..AuthorFile::default() };
    for entry in entries {
        let field = Field::of(entry);
        match &*keys::fold(entry.name()) {
            "name" | "title" => file.name = fields.line(&field).unwrap_or_default(),
            "role" | "position" => file.role = fields.line(&field).unwrap_or_default(),
            "description" | "summary" | "bio" => file.description = fields.line(&field).unwrap_or_default(),
            "image" | "picture" | "photo" | "avatar" => file.image = picture(fields, &field),
            "links" => file.links = links(fields, &field),
            _ => {}
        }
    }
    without_base_path(&mut file.image, reading.base_url);
    let portrait = file.image.iter().map(|image| &image.src).filter(|src| src.contains("//"));
    for url in file.links.iter().map(|(_, url)| url).chain(portrait) {
        mentions::add(&mut file.mentions, url, Naming::Linked, reading.base_url);
    }
    if file.name.is_empty() {
        file.name = Text::from(place.stem.replace(['-', '_'], " "));
    }
    file
}

/// A picture may be named with the base path, as in a link.
fn without_base_path(picture: &mut Option<Picture<'static>>, base_url: &str) {
    if let Some(picture) = picture
        && picture.src.starts_with('/')
        && let Some(own) = site_path::own_path(base_url, &picture.src)
    {
        picture.src = Text::from(own.to_owned());
    }
}

/// Where the keys stand that make addresses.
#[derive(Default)]
struct Marks<'n> {
    slug: Mark,
    permalink: Mark,
    aliases: Vec<&'n Entry>,
}

/// Reads the addresses that front matter gives, and the slug, which it returns: decoded, and refused if they cannot be
/// files of the site.
fn read_addresses(
    fields: &mut Fields<'_>,
    story: &mut Story<'static>,
    slug: Option<Text<'static>>,
    marks: &Marks<'_>,
    base_url: &str,
) -> Option<Text<'static>> {
    story.aliases.iter_mut().for_each(|path| read_path(fields, path, Given::Old(&marks.aliases), base_url));
    if let Some(path) = &mut story.permalink {
        read_path(fields, path, Given::Own(marks.permalink), base_url);
    }
    let given = slug?;
    let decoded = site_path::decode(&given);
    let plain = decoded.as_deref().unwrap_or(&given).to_owned();
    let message = match decoded {
        Err(message) => format!("the slug `{}` is {message}", &*given),
        Ok(plain) if plain.contains("..") || plain.contains(['/', '\\']) => format!("the slug `{}` is a path", &*given),
        Ok(plain) if site_path::is_encoded_twice(&plain) => {
            format!("the slug `{}` is a path that is encoded twice", &*given)
        }
        Ok(_) => return Some(Text::from(plain)),
    };
    let hint = "a slug is one name, such as `harbour-tunnel`; use `permalink` for a whole address";
    fields.problem_at(marks.slug, message, hint);
    Some(given)
}

/// Which address of a page front matter gives.
#[derive(Clone, Copy)]
enum Given<'a> {
    /// Its own, perhaps as a pattern, at this place.
    Own(Mark),
    /// An old one, in one of these entries.
    Old(&'a [&'a Entry]),
}

/// Reads a path that front matter gives.
fn read_path(fields: &mut Fields<'_>, path: &mut Text<'static>, from: Given<'_>, base_url: &str) {
    if let Some(own) = site_path::own_path(base_url, path) {
        *path = Text::from(own.to_owned());
    }
    // An old address may climb to a folder above that of the page; where that is, only the plan knows.
    let above = match from {
        Given::Own(_) => 0,
        Given::Old(_) => path.len() - path.trim_start_matches("../").len(),
    };
    let read = site_path::read(&path[above..]).map(std::borrow::Cow::into_owned);
    match (read, from) {
        (Ok(plain), Given::Own(mark)) if permalink::unknown_part(&plain).is_some() => {
            let part = permalink::unknown_part(&plain).unwrap_or_default();
            let message = format!("an address has no part `{part}`");
            fields.problem_at(mark, message, "the parts are {section}, {slug}, {yyyy}, {mm} and {dd}");
        }
        (Ok(plain), Given::Own(mark)) if site_path::names_no_page(&plain) => {
            let message = format!("`{plain}` is the address of a file, and this becomes a page");
            let slash = if plain.starts_with('/') { "" } else { "/" };
            let hint = format!(
                "write `{plain}/`, or a name that ends with `.html`; a file of your own goes to `static{slash}{plain}`"
            );
            fields.problem_at(mark, message, &hint);
        }
        (Ok(plain), _) => *path = Text::from(format!("{}{}", &path[..above], composed(&plain))),
        (Err(message), from) if fields.has_room() => {
            let mark = match from {
                Given::Own(mark) => mark,
                Given::Old(entries) => {
                    entries.iter().find_map(|entry| lines::among(&entry.value, path)).unwrap_or_default()
                }
            };
            let message = format!("`{}` is {message}", &**path);
            let hint = if path.contains('?') {
                "hosts of files do not tell addresses apart by what follows `?`: take it away, and redirect it on the host"
            } else {
                "write a path of the site, such as `/2026/old-name/`"
            };
            fields.problem_at(mark, message, hint);
        }
        (Err(_), _) => {}
    }
}

/// The old addresses in an entry. Jekyll's begin at the front page.
fn old_addresses(fields: &mut Fields<'_>, field: &Field<'_>, key: &str) -> Vec<Text<'static>> {
    // No static host answers a query (`?p=12`, WordPress); the build tells of it.
    let names = fields.names(field).into_iter().filter(|name| !lines::is_query(name));
    let is_relative = |name: &str| !name.starts_with('/') && !name.contains([':', '\\']);
    let from_front = |name: Text<'static>| {
        if key == "redirectfrom" && is_relative(&name) { Text::from(format!("/{}", &*name)) } else { name }
    };
    names.map(from_front).collect()
}

fn story(
    fields: &mut Fields<'_>,
    entries: &[Entry],
    place: &PathParts<'_>,
    (markdown, whole): (&str, &str),
    body: (u32, u32),
    reading: &Reading<'_>,
) -> Story<'static> {
    let is_bundle = place.stem == "index" && place.section.is_some();
    // The name of a bundle is its folder's.
    let (section, name) = if is_bundle {
        match place.folders.last() {
            Some(folder) => (place.section, *folder),
            None => (None, place.section.unwrap_or_default()),
        }
    } else {
        (place.section, place.stem)
    };
    let impossible = impossible_date_in_name(name);
    let (day, name) = match date_in_name(name) {
        Some((day, rest)) => (Some(day), rest),
        None => (None, name),
    };
    let language = place.language.unwrap_or_default();
    let mut withheld = withholding::read(fields, entries, keys::STORY, reading);
    withheld.draft |= withholding::is_in_drafts(fields.path);
    let mut story = Story { body, language, is_bundle, withheld, ..Story::default() };
    let mut title = None;
    let mut slug = None;
    let mut category_names = Vec::new();
    let mut extra = serde_json::Map::new();
    let mut marks = Marks::default();
    for entry in entries {
        let field = &Field::of(entry);
        let key = entry.name();
        if key.is_empty() {
            let message = "a key must be a word";
            fields.problem_at(entry.key.mark, message, "write `key: value`; a value that begins with `{` needs quotes");
            continue;
        }
        match &*keys::fold(key) {
            "title" => title = fields.line(field),
            "date" => {
                // Of two dates nobody knows which one is meant: it is withheld until both have come.
                story.withheld.publish = story.withheld.publish.max(story.core.date);
                let with_time = withholding::date_with_time(&entry.value, entries);
                let value = with_time.as_ref().unwrap_or(&entry.value);
                story.core.date = moment(fields, &Field { name: key.into(), key: field.key, value }, reading);
            }
            "updated" | "lastmod" | "lastmodifiedat" | "modified" => {
                story.core.updated = story.core.updated.max(moment(fields, field, reading));
            }
            "authors" | "author" => {
                add_new(&mut story.authors, fields.terms(field));
            }
            // Zola has a table of them.
            "taxonomies" if entry.value.entries().is_some() => {
                for entry in entry.value.entries().unwrap_or_default() {
                    let found = fields.terms(&Field::of(entry));
                    match &*keys::fold(entry.name()) {
                        "authors" | "author" => add_new(&mut story.authors, found),
                        "categories" | "category" => category_names.extend(found),
                        "series" => story.series = found.into_iter().next(),
                        _ => {
                            withholding::refuse_tags(fields, &Field::of(entry), &found);
                            add_new(&mut story.tags, found);
                        }
                    }
                }
            }
            "tags" | "tag" => {
                let names = fields.terms(field);
                withholding::refuse_tags(fields, field, &names);
                add_new(&mut story.tags, names);
            }
            "categories" | "category" => category_names.extend(fields.terms(field)),
            "series" => {
                story.series = fields.terms(field).into_iter().next();
            }
            name @ ("summary" | "excerpt" | "description") => {
                if let Some(text) = fields.line_of_markup(field)
                    && (name == "summary" || story.core.summary.is_empty())
                {
                    story.core.summary = text;
                }
            }
            "image" | "images" | "featuredimage" => {
                story.image = picture(fields, field).or(story.image.take());
            }
            "source" | "sources" => {
                story.sources.extend(attributions(fields, field));
            }
            "corrections" | "correction" => story.corrections.extend(corrections(fields, field, reading)),
            "canonical" | "canonicalurl" => story.canonical = canonical(fields, field),
            "dateline" => story.dateline = fields.line(field),
            "kind" => story.core.kind = kind(fields, field),
            "coverage" => story.core.coverage = coverage(fields, field, reading),
            "access" => story.core.access = access(fields, field),
            "featured" => story.core.featured = fields.boolean(field).unwrap_or_default(),
            "permalink" if withholding::is_false(&entry.value) => story.withheld.draft = true,
            word if let Some(how) = withholding::how(word) => {
                // Themes may show what state an article is in.
                if matches!(how, How::Status | How::Perhaps(_) | How::Gone | How::Unclear) {
                    extra.insert(key.to_owned(), json(&entry.value));
                }
            }
            old @ ("aliases" | "alias" | "redirectfrom") => {
                add_new(&mut story.aliases, old_addresses(fields, field, old));
                marks.aliases.push(entry);
            }
            "slug" => {
                slug = fields.line(field);
                marks.slug = field.mark();
            }
            // Drupal has more than the address there.
            "path" | "url" if let Some(alias) = field.get("alias") => story.permalink = fields.line(&alias),
            // In other programs `path` may name a file.
            "path" if entry.value.text().is_some_and(is_file_path) => {
                extra.insert(key.to_owned(), json(&entry.value));
            }
            "permalink" | "url" | "path" => {
                story.permalink = fields.line(field);
                marks.permalink = field.mark();
            }
            "comments" if entry.value.items().is_some() => comments(fields, field),
            "comments" => {
                let inner = field.get("enabled").or_else(|| field.get("enable"));
                story.comments = fields.boolean(inner.as_ref().unwrap_or(field));
            }
            "id" => story.id = fields.line(field),
            // On a site with one language it says nothing, and belongs to the owner as it always did.
            "language" | "lang" if !reading.languages.is_empty() => {
                story.language = language_in(fields, field, place, reading.languages);
            }
            // Jekyll's and Hugo's way to choose a template; courant has one for articles.
            "layout" | "type" => story.is_meant_as_page |= entry.value.text() == Some("page"),
            other => {
                debug_assert!(
                    matches!(other, "language" | "lang") || !keys::is_known(keys::STORY, other),
                    "`{other}` is in the table of keys"
                );
                extra.insert(key.to_owned(), json(&entry.value));
            }
        }
    }
    let last = story.core.date.max(story.core.updated).max(story.withheld.publish);
    refuse_withheld(fields, entries, last, reading);
    let slug = read_addresses(fields, &mut story, slug, &marks, reading.base_url);
    if story.core.date.is_none() {
        story.core.date = story.withheld.publish.or_else(|| day.and_then(|day| start_of_day(day, reading.zone)));
    }
    if let (Some(day), None) = (impossible, story.core.date) {
        fields.problems.push(
            Diagnostic::error(format!("the date `{day}` in the file name does not exist"))
                .at(Place::file(fields.path))
                .hint("rename the file, or add `date: …` to its front matter"),
        );
    }
    // Middleman and Nanoc name the form that a file becomes, too: `story.html.md`.
    let name = name.strip_suffix(".html").filter(|name| !name.is_empty()).unwrap_or(name);
    let name_slug = slugify(slug.as_deref().unwrap_or(name), reading.slugs);
    story.slug = Text::from(name_slug);
    story.core.title = title.or_else(|| first_heading(markdown).map(Text::from)).unwrap_or_else(|| {
        let place = Place { line: 1, ..Place::file(fields.path) };
        fields.problems.push(
            Diagnostic::error("there is no title").at(place).hint("add `title: …` between two lines `---` at the top"),
        );
        Text::default()
    });
    if let Some(pattern) = &story.permalink {
        let folders = jekyll_folders(section, &place.folders);
        let names = folders.iter().copied().chain(category_names.iter().map(|name| &**name));
        story.permalink = permalink::with_categories(pattern, names).map(Text::from).or(story.permalink.take());
    }
    place_in_section(&mut story, section, category_names);
    // An update may be withheld, so none speaks for its article.
    let mut said = markdown;
    let mut starts = Vec::new();
    if story.core.kind == Kind::Live && story.core.date.is_some() {
        let coverage = live::coverage(fields, markdown, body.0 as usize, reading);
        (said, story.mentions, story.updates) = (coverage.introduction, coverage.mentions, coverage.updates);
        starts = coverage.starts;
    } else {
        live::refuse_updates(fields, markdown, body.0 as usize);
        story.mentions = mentions::of_markdown(markdown, reading.base_url);
    }
    for correction in &mut story.corrections {
        let mut named = mentions::of_markdown(&correction.text, reading.base_url);
        if correction.is_draft {
            named.iter_mut().for_each(|mention| mention.how = Naming::Withheld);
        }
        let is_dated = correction.date.is_some() && !correction.is_draft;
        if is_dated { &mut correction.mentions } else { &mut story.mentions }.extend(named);
    }
    story.corrections.retain(|correction| !correction.is_draft);
    let sources = story.sources.iter().filter_map(|source| source.url.as_deref());
    let picture = story.image.iter().map(|image| &*image.src).filter(|src| src.contains("//"));
    for url in sources.chain(picture) {
        mentions::add(&mut story.mentions, url, Naming::Linked, reading.base_url);
    }
    if story.core.summary.is_empty() {
        story.core.summary = Text::from(first_paragraph(said));
        story.summary_derived = !story.core.summary.is_empty();
    }
    if !extra.is_empty() {
        mentions::add_of_extra(&mut story.mentions, &extra, reading.base_url);
        story.extra = Text::from(serde_json::Value::Object(extra).to_string());
    }
    without_base_path(&mut story.image, reading.base_url);
    mentions::add_written_of_story(&mut story, (fields.text, whole), &starts, reading.base_url);
    story
}

/// `comments` with the comments of readers, as Jekyll's importers write them. They are left out, and so are their mail
/// addresses.
pub(super) fn comments(fields: &mut Fields<'_>, field: &Field<'_>) {
    if field.value.items().is_some() {
        let file = super::replies::path_of(fields.path);
        let file = file.rsplit('/').next().unwrap_or_default();
        let message = "comments in front matter are not read; they are left out".to_owned();
        fields.doubts.push((field.key, message, format!("write them into `{file}` beside this file")));
    }
}

/// Whether a path names a file that is not a page.
fn is_file_path(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').is_some_and(|(_, ending)| !matches!(ending, "html" | "htm" | "") && !ending.contains(' '))
}

/// The folders that are categories in Jekyll: all above `_posts`; else the section.
fn jekyll_folders<'f>(section: Option<&'f str>, folders: &[&'f str]) -> Vec<&'f str> {
    let all: Vec<&str> = section.into_iter().chain(folders.iter().copied()).collect();
    match all.iter().position(|folder| matches!(*folder, "_posts" | "_drafts")) {
        Some(posts) => all[..posts].to_vec(),
        None => section.filter(|name| !matches!(*name, "posts" | "post") && !is_year(name)).into_iter().collect(),
    }
}

/// The section is the first folder. Where that says nothing (Jekyll's `_posts`, a year, the top of `content/`),
/// it is the first category; other categories are tags, unless they repeat the section.
fn place_in_section(story: &mut Story<'static>, folder: Option<&str>, mut categories: Vec<Text<'static>>) {
    let says_nothing = match folder {
        None | Some("_posts" | "_drafts" | "posts" | "post") => true,
        Some(folder) => is_year(folder),
    };
    let is_dated = story.core.date.is_some();
    let by_category = (says_nothing && is_dated).then(|| categories.iter().position(|name| !is_year(name))).flatten();
    let category = by_category.map(|first| categories.remove(first));
    let section = match (&category, folder) {
        (Some(name), _) => Some(of_name(name, Slugs::Transliterate)),
        (None, Some(folder)) if is_year(folder) => is_dated.then(|| "posts".to_owned()),
        (None, Some(_)) if says_nothing && is_dated => Some("posts".to_owned()),
        (None, folder) => folder.map(str::to_owned),
    };
    let repeats = |name: &str| match (&category, &section) {
        (Some(category), _) => identity(category) == identity(name),
        // The folder is called like the category, or has its words.
        (None, Some(folder)) => {
            *folder == composed(name) || name.is_ascii() && *folder == of_name(name, Slugs::Transliterate)
        }
        (None, None) => false,
    };
    categories.retain(|name| !repeats(name));
    add_new(&mut story.tags, categories);
    story.category = category.filter(|name| section.as_deref() != Some(&identity(name).replace(' ', "-")));
    story.section = section.map(Text::from);
}

fn add_new(names: &mut Vec<Text<'static>>, more: Vec<Text<'static>>) {
    if names.is_empty() {
        *names = more;
        return;
    }
    let known: FxHashSet<Text<'static>> = names.iter().cloned().collect();
    names.extend(more.into_iter().filter(|name| !known.contains(name)));
}

/// The language that the front matter names; it must be that of the file name, if that has one.
fn language_in(
    fields: &mut Fields<'_>,
    field: &Field<'_>,
    place: &PathParts<'_>,
    languages: &[Language],
) -> LanguageId {
    let by_name = place.language.unwrap_or_default();
    let Some(tag) = fields.line(field) else { return by_name };
    let Some(language) = languages.iter().position(|language| language.tag.eq_ignore_ascii_case(&tag)) else {
        let tags = || languages.iter().map(|language| language.tag.as_str());
        let hint = did_you_mean(&tag, tags()).unwrap_or_else(|| {
            format!(
                "the languages of this site are {}; others are added to `languages` in site.yaml",
                tags().collect::<Vec<_>>().join(", ")
            )
        });
        fields.problem(field, format!("the site has no language `{}`", &*tag), &hint);
        return by_name;
    };
    let language = LanguageId(language as u8);
    if let Some(other) = place.language.filter(|other| *other != language) {
        let other = &languages[other.0 as usize].tag;
        let message = format!("`{}` is `{}`, and the file name says `{other}`", field.name, &*tag);
        fields.problem(field, message, "rename the file, or remove the key");
    }
    language
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::time::Timestamp;

    fn read_story(path: &str, text: &'static str) -> Story<'static> {
        match read(path, text, text, &READING) {
            Ok(Record::Story(story)) => *story,
            other => panic!("a story, not {other:?}"),
        }
    }

    fn problems(text: &'static str) -> Vec<Diagnostic> {
        read("content/local/a.md", text, text, &READING).expect_err("errors")
    }

    fn names(names: &[Text<'_>]) -> Vec<String> {
        names.iter().map(|name| name.to_string()).collect()
    }

    #[test]
    fn a_jekyll_post_is_read_as_it_is() {
        let story = read_story(
            "content/_posts/2019-05-07-my-first-post.markdown",
            "\u{FEFF}\r\n---\r\nlayout: post\r\ntitle: \"Bread &amp; butter\"\r\ncategories: baking bread\r\nauthor: Ada\r\nredirect_from: /old/\r\n---\r\nHello *there*.\r\n",
        );
        assert_eq!(&*story.core.title, "Bread & butter");
        assert_eq!(&*story.slug, "my-first-post");
        assert_eq!(story.core.date, Timestamp::parse("2019-05-07", &TimeZone::UTC).ok());
        assert_eq!(story.section.as_deref(), Some("baking"));
        assert_eq!(names(&story.tags), ["bread"]);
        assert_eq!(names(&story.authors), ["Ada"]);
        assert_eq!(names(&story.aliases), ["/old/"]);
        assert_eq!(&*story.core.summary, "Hello there.");
        assert_eq!(story.body.1, 8);
    }

    #[test]
    fn hugo_and_wordpress_spellings_mean_the_same() {
        let story = read_story(
            "content/world/x.md",
            "---\ntitle: 2019\nslug: 42\ndate: \"2024-01-13T00:00:00.000Z\"\nlastmod: 2024-02-01\nauthors:\n  - name: Ada\n  - Bo\ncategories: [World, Trade]\ntags: ships, ports\nimage: null\npublished: false\nexcerpt: 'A <b>short</b> text'\nweight: 3\n---\n",
        );
        assert_eq!(&*story.core.title, "2019");
        assert_eq!(&*story.slug, "42");
        assert!(story.core.updated.is_some() && story.withheld.draft && story.image.is_none());
        assert_eq!(names(&story.authors), ["Ada", "Bo"]);
        assert_eq!(names(&story.tags), ["ships", "ports", "Trade"]);
        assert_eq!(story.section.as_deref(), Some("world"));
        assert_eq!(&*story.core.summary, "A short text");
        assert_eq!(&*story.extra, r#"{"weight":3}"#);
    }

    #[test]
    fn what_wordpress_hides_is_withheld() {
        for text in [
            "---\ntitle: A\nstatus: draft\n---\n",
            "---\ntitle: A\nstatus: private\n---\n",
            "---\ntitle: A\npost_status: Pending\n---\n",
            "---\ntitle: A\nstatus: trash\n---\n",
        ] {
            assert!(read_story("content/posts/x.md", text).withheld.draft, "{text}");
        }
        for (text, extra) in [
            ("---\ntitle: A\nstatus: publish\n---\n", r#"{"status":"publish"}"#),
            ("---\ntitle: A\nStatus: Live\n---\n", r#"{"Status":"Live"}"#),
        ] {
            let story = read_story("content/posts/x.md", text);
            assert!(!story.withheld.draft, "{text}");
            assert_eq!(&*story.extra, extra);
        }
    }

    #[test]
    fn pictures_of_other_programs_are_read() {
        for text in [
            "---\ntitle: A\nfeaturedImage: /a.jpg\n---\n",
            "---\ntitle: A\nimage: { path: /a.jpg, thumbnail: /b.jpg, width: 2 }\n---\n",
        ] {
            let picture = read_story("content/posts/x.md", text).image.expect("a picture");
            assert_eq!(&*picture.src, "/a.jpg");
        }
    }

    #[test]
    fn a_summary_knows_whether_it_was_written() {
        let derived = |text| read_story("content/local/a.md", text).summary_derived;
        assert!(derived("---\ntitle: A\n---\n\nFirst.\n"));
        assert!(derived("---\ntitle: A\nsummary: \"\"\n---\n\nFirst.\n"));
        assert!(!derived("---\ntitle: A\nexcerpt: Given.\n---\n\nFirst.\n"));
        assert!(!derived("---\ntitle: A\n---\n"));
    }

    #[test]
    fn without_a_date_it_is_a_page() {
        assert_eq!(read_story("content/about.md", "---\ntitle: About\n---\n").core.date, None);
        let untitled = read_story("content/about.md", "# About us\n\nText.\n");
        assert_eq!(&*untitled.core.title, "About us");
    }

    #[test]
    fn a_bundle_is_named_by_its_folder() {
        let story = read_story("content/local/2026-11-03-tunnel/index.md", "---\ntitle: A\n---\n");
        assert!(story.is_bundle && story.core.date.is_some());
        assert_eq!((&*story.slug, story.section.as_deref()), ("tunnel", Some("local")));
    }

    #[test]
    fn every_problem_of_a_file_is_reported() {
        let all =
            problems("---\ndate: 2026-02-30\nkind: reprot\nslug: ../../x\naliases: [a/../up]\nfeatured: maybe\n---\n");
        let messages: Vec<&str> = all.iter().map(|one| one.message.as_str()).collect();
        assert_eq!(all.len(), 6, "{messages:?}");
        assert!(messages.contains(&"unknown kind `reprot`") && messages.contains(&"there is no title"));
        let date = all
            .iter()
            .find(|one| one.message.contains("2026-02-30"))
            .and_then(|one| one.place.as_ref())
            .expect("a place");
        assert_eq!((date.line, date.column), (2, 7));
    }

    #[test]
    fn toml_json_and_headers_say_the_same() {
        for text in [
            "+++\ntitle = \"A: b\"\ndate = 2024-01-05T10:00:00Z\ntags = [\"x\", \"1.10\"]\ndraft = true\nversion = 1.10\n[image]\nsrc = \"/a.jpg\"\n+++\nFirst.\n",
            "{\n  \"title\": \"A: b\",\n  \"date\": \"2024-01-05T10:00:00Z\", \"tags\": [\"x\", \"1.10\"],\n  \"draft\": true, \"version\": 1.10,\n  \"image\": {\"src\": \"/a.jpg\"}\n}\nFirst.\n",
            "{\"title\": \"A: b\", \"date\": \"2024-01-05 10:00\", \"tags\": [\"x\", \"1.10\"], \"Draft\": true, \"version\": 1.10, \"image\": \"/a.jpg\"}\n\nFirst.\n",
            "---json\n{\n  \"title\": \"A: b\", \"date\": \"2024-01-05 10:00\", \"tags\": [\"x\", \"1.10\"],\n \"draft\": true, \"version\": 1.10, \"image\": \"/a.jpg\"\n}\n---\nFirst.\n",
            "Title: A: b\nDate: 2024-01-05 10:00\nTags: x,\n  1.10\nStatus: draft\nImage: /a.jpg\nversion: 1.10\n\nFirst.\n",
            "title: \"A: b\"\ndate: 2024-01-05 10:00\ntags:\n- x\n- 1.10\ndraft: true\nimage: /a.jpg\nversion: 1.10\n---\nFirst.\n",
        ] {
            let story = read_story("content/local/a.md", text);
            assert_eq!((&*story.core.title, &*story.core.summary), ("A: b", "First."), "{text}");
            assert_eq!(story.core.date, Timestamp::parse("2024-01-05T10:00:00Z", &TimeZone::UTC).ok(), "{text}");
            assert_eq!(names(&story.tags), ["x", "1.10"], "{text}");
            assert!(story.withheld.draft, "{text}");
            assert_eq!(story.image.as_ref().map(|image| &*image.src), Some("/a.jpg"), "{text}");
            assert!(story.extra.contains(r#""version":"1.10""#), "{text}");
        }
        for text in
            ["Note: this is text.\n\n# A\n", "Source: somebody\n\n# A\n", "{{ <box /> }}\n\n# A\n", "{ x }\n# A\n"]
        {
            assert!(split("a.md", text).is_ok_and(|parts| parts.head.is_empty()), "{text}");
        }
        let zola = read_story("content/local/a.md", "+++\ntitle = \"A\"\n[taxonomies]\ntags = [\"x\"]\n+++\n");
        assert_eq!(names(&zola.tags), ["x"]);
    }

    #[test]
    fn unclosed_and_foreign_front_matter_is_named() {
        assert_eq!(problems("---\ntitle: A\n")[0].message, "the front matter is never closed");
        assert_eq!(problems("+++\ntitle = 'A'\n")[0].message, "the front matter is never closed");
        let toml = &problems("+++\ntitle = 'A'\ndate = = 1\n+++\n")[0];
        assert_eq!(toml.place.as_ref().map(|at| at.line), Some(3));
        let json = &problems("{\n  \"title\": \"A\",\n  \"x\": ?\n}\nText.\n")[0];
        assert_eq!(json.place.as_ref().map(|at| at.line), Some(3));
        let date = &problems("{\n  \"title\": \"A\",\n  \"date\": \"soon\"\n}\n")[0];
        assert_eq!(date.place.as_ref().map(|at| (at.line, at.column, at.length)), Some((3, 11, 6)));
        assert_eq!(problems("---\ntitle: \"A\ndate: 2026-01-01\n---\n")[0].place.as_ref().map(|at| at.line), Some(2));
        for text in [
            "---js\n{ title: \"A\", draft: true }\n---\n",
            "--- coffee\ntitle: 'A'\n---\n",
            "\"title\": \"A\",\n\"draft\": true\n;;;\n",
            ";;;\n\"title\": \"A\"\n;;;\n",
        ] {
            assert_eq!(problems(text)[0].message, "front matter in this form is not read", "{text}");
        }
        let second = &problems("---json\n{\"title\": \"A\"}\n{\"draft\": true}\n---\n")[0];
        assert_eq!(second.place.as_ref().map(|at| (at.line, at.column)), Some((3, 1)));
        assert!(problems("---\ntitle: a: b\n---\n")[0].hint.as_deref().is_some_and(|hint| hint.contains("quotes")));
        assert!(problems("---\ntitle: A\n\ttags: x\n---\n")[0].place.as_ref().is_some_and(|place| place.line == 3));
    }
}
