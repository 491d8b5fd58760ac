//! Which files of the content folder are published as they are.
//!
//! Beside articles lies what their writers worked with: notes, spreadsheets, letters, layered images. So a file is
//! published if it is of a kind that pages show, or if something visible names it; a list of kinds that must not get
//! out would never be complete. What belongs to something withheld is withheld with it. Everything below `static/`
//! is there because the owner wants it published.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use crate::article::front_matter::Reading;
use crate::article::record::{Record, is_unread};
use crate::article::time::date_in_name;
use crate::article::withholding::{Withheld, wish_in_data};
use crate::article::{Row, is_ad, is_comments, is_html, is_markdown, language};
use crate::config::Config;
use crate::config::address;
use crate::diagnostic::{Diagnostic, Place, nearest};
use crate::file_kind::MARKDOWN;
use crate::file_kind::{is_shown, markup};
use crate::index::{Index, Role};
use crate::site_path::own_path;
use crate::source::Reader;
use crate::source_name::{
    COMMENTS, is_mark, is_marked, left_out_text, marked_folder, originals, without_markdown_ending,
};
use crate::theme::Theme;

/// The files that are published, and those that would be if something named them.
#[derive(Debug, Default)]
pub(super) struct Files {
    pub(super) published: Vec<u32>,
    pub(super) unnamed: Vec<u32>,
}

impl Files {
    pub(super) fn of(index: &Index, config: &Config, theme: &Theme) -> Self {
        let mut files = Self::default();
        let mut elsewhere = None;
        for (number, row) in index.rows.iter().enumerate() {
            let (number, path) = (number as u32, &*row.path);
            if path.starts_with("static/") {
                files.published.push(number);
            }
            let is_hidden = || {
                index.role(number) == Role::Hidden
                    || matches!(index.bundle_of(path), Some((Role::Withheld | Role::Other, _)))
            };
            if !path.starts_with("content/") || is_markdown(path) || is_comments(path) || is_hidden() {
                continue;
            }
            let real = index.real(number);
            let is_held_back = index.is_held_back(number) || index.is_held_back(real);
            let mut is_named = || {
                let elsewhere = elsewhere.get_or_insert_with(|| Elsewhere::of(config, theme));
                index.is_named(number) || elsewhere.names(&super::file_path(index, number, config))
            };
            let is_shown = is_shown(path) && is_shown(&index.rows[real as usize].path) && !is_data(path, index);
            // What is written upon a text is written upon a photograph, too.
            let is_marked =
                || path.bytes().any(|byte| matches!(byte, b'A'..=b'Z' | b'(' | b'[' | b'{')) && is_marked(stem(path));
            if is_shown && !is_held_back && !is_marked() || is_named() {
                files.published.push(number);
            } else if !is_held_back {
                files.unnamed.push(number);
            }
        }
        files
    }
}

/// The name of a file without its ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Whether a file has data for templates, as Eleventy and Nanoc read it: for an article, or for all of a folder
/// (<https://www.11ty.dev/docs/data-template-dir/>). It may say what nobody is to read.
fn is_data(path: &str, index: &Index) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let Some((stem, ending)) = name.rsplit_once('.') else { return false };
    if stem.ends_with(".11tydata") {
        return true;
    }
    // `a.md.yaml` and `a.meta.yaml` are of `a.md`, and `_meta.yaml` of its folder.
    let plain = stem.strip_suffix(".meta").unwrap_or(stem);
    let plain = without_markdown_ending(plain).unwrap_or(plain);
    let is_json = ending.eq_ignore_ascii_case("json");
    let is_data = is_json || ["yaml", "yml", "toml"].iter().any(|data| ending.eq_ignore_ascii_case(data));
    // Graphics read JSON, whatever it is called.
    let is_of_folder = || {
        folder.rsplit('/').next() == Some(plain)
            || OF_FOLDERS.contains(&plain.trim_start_matches('_')) && (!is_json || plain.starts_with('_'))
    };
    let is_of_article = || index.row_of(&format!("{folder}/{plain}.md")).is_some();
    is_data && (is_of_folder() || is_of_article())
}

/// What data of a whole folder is called in programs that read it.
const OF_FOLDERS: [&str; 8] = ["config", "defaults", "frontmatter", "index", "matter", "meta", "metadata", "section"];

/// Whether a file has what Nikola and others read of a text: its front matter, in a file of its own.
fn is_meta(path: &str, index: &Index) -> bool {
    let stem = path.strip_suffix(".meta").map(|stem| without_markdown_ending(stem).unwrap_or(stem));
    stem.is_some_and(|stem| index.row_of(&format!("{stem}.md")).is_some())
}

/// Bytes of the largest data beside articles that is looked at.
const LARGEST_DATA: u64 = 1 << 20;

/// Refuses data of other programs beside articles that withholds something: courant does not read it.
pub(super) fn problems(reader: &Reader, index: &Index, config: &Config, unnamed: &[u32]) -> Vec<Diagnostic> {
    let reading = Reading::of(config);
    let problem = |row: &u32| {
        let row = &index.rows[*row as usize];
        let is_read_elsewhere = is_data(&row.path, index) || is_meta(&row.path, index);
        if !is_read_elsewhere || row.stamp.length > LARGEST_DATA {
            return None;
        }
        let text = String::from_utf8(reader.read(&row.path, &row.content).ok()?).ok()?;
        let wish = wish_in_data(&text, &reading, |at| index.is_to_come(at))?;
        let name = &text[wish.clone()];
        Some(
            Diagnostic::error(format!("`{name}` withholds nothing here: courant does not read this file"))
                .at(Place::span(&*row.path, &text, wish))
                .hint("write `draft: true` into the front matter of each text, or into `_index.md` for the whole folder, and remove the key here"),
        )
    };
    unnamed.iter().filter_map(problem).collect()
}

/// Refuses visible texts that seem to be copies of others, by the name of their file or of a folder above: an editor who
/// withdraws the one may not know of the other.
pub(super) fn copies(index: &Index) -> Vec<Diagnostic> {
    let is_there = |original: &str, is_text: bool| {
        let start = format!("{original}/");
        let at = index.rows.partition_point(|row| *row.path < *start);
        let is_folder = || index.rows.get(at).is_some_and(|row| row.path.starts_with(&start));
        let is_file = |ending: &&str| index.row_of(&format!("{original}{ending}")).is_some();
        if is_text { MARKDOWN.iter().any(is_file) } else { is_folder() }
    };
    let mut known: FxHashSet<&str> = FxHashSet::default();
    let mut problems = Vec::new();
    let visible = |number: usize| matches!(index.role(number as u32), Role::Article(_) | Role::Page(_));
    for (_, row) in index.rows.iter().enumerate().filter(|(number, row)| is_markdown(&row.path) && visible(*number)) {
        let slashes = row.path.match_indices('/').map(|(at, _)| at);
        for (from, to) in slashes.clone().zip(slashes.skip(1).chain([row.path.len()])) {
            let (folder, path) = (&row.path[..from], &row.path[..to]);
            let name = without_markdown_ending(&path[from + 1..]);
            let (name, is_text) = name.map_or((&path[from + 1..], false), |stem| (stem, true));
            if to < row.path.len() && !known.insert(path) {
                continue;
            }
            let mut all = originals(name).into_iter().map(|original| format!("{folder}/{original}"));
            if let Some(original) = all.find(|original| is_there(original, is_text)) {
                problems.push(
                    Diagnostic::error(format!("this seems to be a copy of `{original}`, and would be published"))
                        .at(Place::file(path))
                        .hint("remove it, or give it a name of its own"),
                );
            }
        }
    }
    problems
}

/// A warning for each folder that is published although its name says that it is not to be.
fn of_names(index: &Index) -> Vec<Diagnostic> {
    let mut folders: FxHashSet<&str> = FxHashSet::default();
    let texts = index.rows.iter().enumerate().filter(|(number, row)| {
        is_markdown(&row.path) && matches!(index.role(*number as u32), Role::Article(_) | Role::Page(_))
    });
    let mut warnings = Vec::new();
    for (_, row) in texts {
        let mut start = 0;
        for (end, _) in row.path.match_indices('/') {
            let name = &row.path[start..end];
            start = end + 1;
            if folders.insert(&row.path[..end]) && is_mark(name) {
                warnings.push(
                    Diagnostic::warning(format!("a folder called `{name}` is published"))
                        .at(Place::file(&row.path[..end]))
                        .hint("to withhold what is in it, rename it to `_drafts`; else give it another name"),
                );
            }
        }
    }
    warnings
}

/// What the configuration and the templates of the theme name.
struct Elsewhere<'a> {
    /// Site paths without the slash in front.
    paths: FxHashSet<Cow<'a, str>>,
    templates: Vec<&'a str>,
    /// What a template calls the theme's own files, which are none of the content folder.
    of_theme: FxHashSet<&'a str>,
    base_url: &'a str,
}

impl<'a> Elsewhere<'a> {
    fn of(config: &'a Config, theme: &'a Theme) -> Self {
        fn walk<'a>(value: &'a serde_json::Value, all: &mut Vec<&'a str>) {
            match value {
                serde_json::Value::String(text) => all.push(text),
                serde_json::Value::Array(items) => items.iter().for_each(|item| walk(item, all)),
                serde_json::Value::Object(map) => map.values().for_each(|item| walk(item, all)),
                _ => {}
            }
        }
        let mut all: Vec<&str> = Vec::new();
        theme.settings.values().for_each(|value| walk(value, &mut all));
        all.extend(config.languages.iter().flat_map(|language| language.menu_urls()));
        all.extend(config.settings.publisher.iter().filter_map(|publisher| publisher.logo.as_deref()));
        let templates = theme.templates.iter().filter_map(|template| Some(template.name.split_once('/')?.1));
        let scripts = theme.inline_scripts.keys().map(String::as_str);
        Self {
            paths: all.into_iter().map(|link| address::file_of_link(config, link)).collect(),
            templates: theme.templates.iter().map(|template| &*template.source).collect(),
            of_theme: theme.assets.iter().map(|asset| &*asset.path).chain(templates).chain(scripts).collect(),
            base_url: &config.base_url,
        }
    }

    fn names(&self, path: &str) -> bool {
        // Without either it is a word: of a setting, of a language, of a template.
        path.contains(['/', '.'])
            && (self.paths.contains(path) || self.templates.iter().any(|template| self.is_address_in(template, path)))
    }

    /// Whether a template has a path as a whole address: `"/map.svg"` and `url(/map.svg?2)`, but not `"/img/roadmap.svg"`.
    fn is_address_in(&self, template: &str, path: &str) -> bool {
        memchr::memmem::find_iter(template.as_bytes(), path).any(|at| {
            let (before, behind) = (&template[..at], &template[at + path.len()..]);
            let front = before.rsplit(['"', '\'', '`', '(', '=', '}', ',']).next().unwrap_or_default().trim_start();
            let is_rooted = || front == "/" || own_path(self.base_url, front) == Some("/");
            behind.starts_with(['"', '\'', '`', ')', '>', '?', '#'])
                && (front.is_empty() && !self.of_theme.contains(path) || is_rooted())
        })
    }
}

/// Whether the file is the `_index.md` of a folder below the first one.
fn is_nested_index(path: &str) -> bool {
    let Some(rest) = path.strip_prefix("content/") else { return false };
    rest.bytes().filter(|byte| *byte == b'/').count() > 1
        && rest.rsplit('/').next().is_some_and(|name| name.starts_with("_index."))
}

/// One warning for each file of a section in a language that the site does not have.
fn of_no_language(index: &Index, config: &Config) -> Vec<Diagnostic> {
    let all = index.rows.iter().filter(|row| memchr::memmem::find(row.path.as_bytes(), b"/_index.").is_some());
    all.filter(|row| matches!(row.record(), Record::Section(_)))
        .filter_map(|row| {
            let language = language::unknown_of_section(&row.path, config)?;
            let what = match row.record() {
                Record::Section(file) if !config.declares_languages && file.withheld != Withheld::default() => {
                    "it may withhold the section, and else says nothing"
                }
                _ => "what it says counts nowhere",
            };
            let message =
                format!("the site has no language `{language}`, so this is not the file of a section: {what}");
            let hint = format!("rename it to `_index.md`, or add `{language}` to `languages` in site.yaml");
            Some(Diagnostic::warning(message).at(Place::file(&*row.path)).hint(hint))
        })
        .collect()
}

/// One warning for each advertisement whose name seems to have a language that the site does not have.
fn ads_of_no_language(index: &Index, config: &Config) -> Vec<Diagnostic> {
    let ads = index.rows.iter().filter(|row| is_ad(&row.path) && matches!(row.record(), Record::Ad(_)));
    ads.filter_map(|row| {
        let (_, language) = without_markdown_ending(&row.path)?.rsplit('/').next()?.rsplit_once('.')?;
        let is_tag = language.split('-').next().is_some_and(|part| part.len() == 2)
            && language.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let is_known = config.languages.iter().any(|one| one.tag.eq_ignore_ascii_case(language));
        (is_tag && !is_known).then(|| {
            let message =
                format!("the site has no language `{language}`: this advertisement is for articles in the site's own");
            let hint = format!("rename the file, or add `{language}` to `languages` in site.yaml");
            Diagnostic::warning(message).at(Place::file(&*row.path)).hint(hint)
        })
    })
    .collect()
}

/// One warning for each file of comments on an article that is not there: they are not shown.
fn of_no_article(index: &Index) -> Vec<Diagnostic> {
    let is_there = |stem: &str| {
        let mut paths = MARKDOWN.iter().map(|ending| format!("{stem}{ending}"));
        paths.any(|path| index.row_of(&path).is_some() || index.is_broken(&path))
    };
    let comments = index.rows.iter().filter(|row| is_comments(&row.path) && marked_folder(&row.path).is_none());
    comments
        .filter_map(|row| {
            let stem = row.path.strip_suffix(COMMENTS)?;
            if is_there(stem) {
                return of_no_dated_text(index, row, stem);
            }
            let (folder, name) = stem.rsplit_once('/')?;
            let hint = match meant_by_comments(index, folder, name, is_there) {
                Some(meant) => format!("did you mean `{meant}{COMMENTS}`?"),
                None => {
                    format!("call it like the file of its article, such as `{name}.md`, or move it out of `content/`")
                }
            };
            let message = "these comments belong to no article, so nobody sees them: it was renamed, or is not there";
            Some(Diagnostic::warning(message).at(Place::file(&*row.path)).hint(hint))
        })
        .collect()
}

/// What is told of comments beside a page, a profile or the file of a section.
fn of_no_dated_text(index: &Index, comments: &Row, stem: &str) -> Option<Diagnostic> {
    let row = MARKDOWN.iter().find_map(|ending| index.row_of(&format!("{stem}{ending}")))?;
    let path = &*index.rows[row as usize].path;
    let hint = match index.role(row) {
        Role::Article(_) | Role::Withheld => return None,
        Role::Page(_) => "add a `date` to its front matter to make it an article, or move them out of `content/`",
        _ if matches!(index.rows[row as usize].record(), Record::Section(_) | Record::Author(_)) => {
            "move them out of `content/`"
        }
        _ => return None,
    };
    let message = format!("nobody sees these comments: only articles have some, and `{path}` is none");
    Some(Diagnostic::warning(message).at(Place::file(&*comments.path)).hint(hint))
}

/// The article to which the comments `name` in a folder belonged before it became a bundle, or got another name.
fn meant_by_comments(index: &Index, folder: &str, name: &str, is_there: impl Fn(&str) -> bool) -> Option<String> {
    if let Some(stem) = without_markdown_ending(name).filter(|stem| is_there(&format!("{folder}/{stem}"))) {
        return Some(stem.to_owned());
    }
    if is_there(&format!("{folder}/{name}/index")) {
        return Some(format!("{name}/index"));
    }
    if let Some((above, bundle)) = folder.rsplit_once('/').filter(|_| name == "index") {
        return is_there(&format!("{above}/{bundle}")).then(|| format!("../{bundle}"));
    }
    let start = index.rows.partition_point(|row| *row.path < *format!("{folder}/"));
    let inside = index.rows[start..].iter().map_while(|row| row.path.strip_prefix(folder)?.strip_prefix('/'));
    let names: Vec<&str> = inside.filter(|name| !name.contains('/')).filter_map(without_markdown_ending).collect();
    let undated = |name: &str| date_in_name(name).map_or_else(|| name.to_owned(), |(_, rest)| rest.to_owned());
    let is_same = |other: &&&str| undated(other) == undated(name);
    names.iter().find(is_same).copied().or_else(|| nearest(name, names.iter().copied())).map(str::to_owned)
}

/// One warning for each file that is left out, and for each withheld bundle that does not take everything with it.
pub(super) fn warnings(index: &Index, config: &Config, unnamed: &[u32]) -> Vec<Diagnostic> {
    let path = |row: u32| &*index.rows[row as usize].path;
    let warning = |row: &u32| {
        if is_data(path(*row), index) || is_meta(path(*row), index) {
            return Diagnostic::warning("courant reads no data of articles from files beside them; it is left out")
                .at(Place::file(path(*row)))
                .hint("write what it says into the front matter of the articles, and move it out of `content/`");
        }
        if let Some(format) = markup(path(*row)) {
            return Diagnostic::warning(format!("a text in {format}, which is not read; it is left out"))
                .at(Place::file(path(*row)))
                .hint("convert it to Markdown, for example with pandoc, and let its name end with `.md`");
        }
        Diagnostic::warning("this file is not published: no visible page links to it")
            .at(Place::file(path(*row)))
            .hint("link to it, move it to `static/` to publish it anyway, or keep it outside `content/`")
    };
    let texts = (0..index.rows.len() as u32).filter(|row| path(*row).starts_with("content/"));
    let is_told = |row: &u32| {
        let row = &index.rows[*row as usize];
        is_unread(&row.record)
            && markup(&row.path).is_none()
            && marked_folder(&row.path).is_none()
            && left_out_text(&row.path).is_none()
    };
    let unread = texts.filter(is_told).map(|row| {
        let kind = if is_html(path(row)) { "an HTML" } else { "a text" };
        Diagnostic::warning(format!("front matter of {kind} file is not read; it is left out"))
            .at(Place::file(path(row)))
            .hint("let its name end with `.md`, or remove its front matter")
    });
    let beside = index.texts_beside_bundles().into_iter().map(|(bundle, text, others)| {
        let more = if others > 0 { format!(" and {others} more in this folder are") } else { " is".to_owned() };
        Diagnostic::warning(format!("this bundle is withheld, and `{}`{more} published", path(text)))
            .at(Place::file(path(bundle)))
            .hint("withhold what belongs to it as well, or the whole folder: `draft: true` in an `_index.md`")
    });
    // What cannot be read may name what lies beside it.
    let is_beside_broken = |row: &&u32| {
        let folders = index.broken.iter().filter_map(|one| one.path.rsplit_once('/'));
        folders
            .into_iter()
            .any(|(folder, _)| path(**row).strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
    };
    let lost = (0..index.rows.len() as u32).filter(|row| is_nested_index(path(*row))).filter(|row| {
        let says = match index.rows[*row as usize].record() {
            Record::Section(file) => {
                file.has_body || !file.description.is_empty() || !file.aliases.is_empty() || file.front.is_some()
            }
            _ => false,
        };
        says && !matches!(index.role(*row), Role::Withheld | Role::Hidden)
    });
    let lost = lost.map(|row| {
        Diagnostic::warning("a folder within a section has no page of its own, so what this file says is shown nowhere")
            .at(Place::file(path(row)))
            .hint("call it `index.md` to make it a page, or move the folder to the top of `content/`")
    });
    let unnamed = unnamed.iter().filter(|row| !is_beside_broken(row)).map(warning).chain(lost);
    unnamed
        .chain(unread)
        .chain(beside)
        .chain(of_names(index))
        .chain(of_no_language(index, config))
        .chain(of_no_article(index))
        .chain(ads_of_no_language(index, config))
        .collect()
}
