//! The front matter of an article or a page.

use super::super::fields::{Field, Fields, json};
use super::super::front::related;
use super::super::lines::Lines;
use super::super::record::{Entry, Kind, Naming, Text};
use super::super::slug::{composed, identity, of_name, slugify};
use super::super::summary::{first_heading, first_paragraph};
use super::super::time::{date_in_name, impossible_date_in_name};
use super::super::values::{
    access, attributions, canonical, corrections, coverage, doubt_coverage, image, kind, moment, refuse_withheld,
    tells_why, withdrawal,
};
use super::super::withholding::WithholdingKind;
use super::super::{keys, live, mentions, withholding};
use super::addresses::{Marks, old_addresses, read_addresses};
use super::{PathParts, Reading, add_new, comments, nearly, without_base_path};
use crate::article::permalink;
use crate::config::{Language, LanguageId, Slugs};
use crate::diagnostic::{Diagnostic, Place, did_you_mean};
use crate::source_name::is_year;
use crate::yaml;

/// The file of an entry: its text, the same with its front matter, and where in the file the text begins (bytes,
/// lines).
#[derive(Clone, Copy)]
pub(super) struct File<'a> {
    pub(super) markdown: &'a str,
    pub(super) whole: &'a str,
    pub(super) body: (u32, u32),
}

/// Reads the front matter and the text of an article or a page.
pub(super) fn entry(
    fields: &mut Fields<'_>,
    pairs: &[yaml::Entry],
    place: &PathParts<'_>,
    file: File<'_>,
    reading: &Reading<'_>,
) -> Entry<'static> {
    let mut withheld = withholding::read(fields, pairs, keys::ENTRY, reading);
    withheld.draft |= withholding::is_in_drafts(fields.path);
    let is_bundle = place.stem == "index" && place.section.is_some();
    let language = place.language.unwrap_or_default();
    let entry = Entry { body: file.body, language, is_bundle, withheld, ..Entry::default() };
    let mut said = ParsedEntry { entry, ..ParsedEntry::default() };
    for pair in pairs {
        said.read(fields, pair, pairs, place, reading);
    }
    let last = said.entry.core.date.max(said.entry.core.updated).max(said.entry.withheld.publish);
    refuse_withheld(fields, pairs, last, reading);
    doubt_coverage(fields, pairs);
    refuse_slip_of_access(fields, &said.extra, pairs);
    said.take_name(fields, pairs, place, file.markdown, reading);
    let ParsedEntry { mut entry, extra, .. } = said;
    let starts = read_text(fields, &mut entry, file, reading);
    if !extra.is_empty() {
        mentions::add_of_extra(&mut entry.mentions, &extra, reading.base_url);
        entry.extra = Text::from(serde_json::Value::Object(extra).to_string());
    }
    without_base_path(&mut entry.image, reading.base_url);
    mentions::add_written_of_entry(&mut entry, (fields.text, file.whole), &starts, reading.base_url);
    entry
}

/// Refuses a misspelled `access`: the whole article would go out to everybody.
fn refuse_slip_of_access(
    fields: &mut Fields<'_>,
    extra: &serde_json::Map<String, serde_json::Value>,
    pairs: &[yaml::Entry],
) {
    // Hardly a key is one.
    let is_slip = |name: &str| keys::slip(keys::ENTRY, name) == Some("access");
    for pair in pairs.iter().filter(|pair| extra.contains_key(pair.name()) && is_slip(pair.name())) {
        let message = format!("`{}` looks like `access`, which says who may read this", pair.name());
        fields.problem_at(pair.key.mark, message, "write `access`, or give the key another name");
    }
}

/// What front matter says, key by key.
#[derive(Default)]
struct ParsedEntry<'n> {
    entry: Entry<'static>,
    title: Option<Text<'static>>,
    /// Whether something is wrong with the title, and told.
    is_title_wrong: bool,
    slug: Option<Text<'static>>,
    categories: Vec<Text<'static>>,
    /// The keys that are not ours.
    extra: serde_json::Map<String, serde_json::Value>,
    marks: Marks<'n>,
}

impl<'n> ParsedEntry<'n> {
    /// Reads one of the `pairs`.
    fn read(
        &mut self,
        fields: &mut Fields<'_>,
        pair: &'n yaml::Entry,
        pairs: &[yaml::Entry],
        place: &PathParts<'_>,
        reading: &Reading<'_>,
    ) {
        let entry = &mut self.entry;
        let field = &Field::of(pair);
        let key = pair.name();
        if key.is_empty() {
            let message = "a key must be a word";
            fields.problem_at(pair.key.mark, message, "write `key: value`; a value that begins with `{` needs quotes");
            return;
        }
        match &*keys::fold(key) {
            "title" => {
                let told = fields.problems.len();
                self.title = fields.line(field);
                self.is_title_wrong = fields.problems.len() > told;
            }
            "date" => {
                // Of two dates nobody knows which one is meant: it is withheld until both have come.
                entry.withheld.publish = entry.withheld.publish.max(entry.core.date);
                let with_time = withholding::date_with_time(&pair.value, pairs);
                let value = with_time.as_ref().unwrap_or(&pair.value);
                entry.core.date = moment(fields, &Field { name: key.into(), key: field.key, value }, reading);
            }
            "updated" | "lastmod" | "lastmodifiedat" | "modified" => {
                entry.core.updated = entry.core.updated.max(moment(fields, field, reading));
            }
            "authors" | "author" => {
                add_new(&mut entry.authors, fields.terms(field));
            }
            // Zola has a table of them.
            "taxonomies" if pair.value.entries().is_some() => self.read_taxonomies(fields, pair),
            "tags" | "tag" => {
                let names = fields.terms(field);
                withholding::refuse_tags(fields, field, &names);
                add_new(&mut entry.tags, names);
            }
            "categories" | "category" => self.categories.extend(fields.terms(field)),
            "series" => {
                entry.series = fields.terms(field).into_iter().next();
            }
            name @ ("summary" | "excerpt" | "description") => {
                if let Some(text) = fields.line_of_markup(field)
                    && (name == "summary" || entry.core.summary.is_empty())
                {
                    entry.core.summary = text;
                }
            }
            "image" | "images" | "featuredimage" => {
                entry.image = image(fields, field).or(entry.image.take());
            }
            "source" | "sources" => {
                entry.sources.extend(attributions(fields, field));
            }
            "corrections" | "correction" => entry.corrections.extend(corrections(fields, field, reading)),
            "canonical" | "canonicalurl" => entry.canonical = canonical(fields, field),
            "dateline" => entry.dateline = fields.line(field),
            "kind" => entry.core.kind = kind(fields, field),
            "coverage" => entry.core.coverage = coverage(fields, field, reading),
            "access" => entry.core.access = access(fields, field),
            "related" if let Some(files) = related(fields, field) => entry.related.extend(files),
            "featured" => entry.core.featured = fields.boolean(field).unwrap_or_default(),
            "withdrawn" if tells_why(field) => entry.withdrawal = withdrawal(fields, field, reading),
            "permalink" if withholding::is_false(&pair.value) => entry.withheld.draft = true,
            word if let Some(how) = withholding::how(word) => {
                // Themes may show what state an article is in.
                if matches!(
                    how,
                    WithholdingKind::Status
                        | WithholdingKind::Perhaps(_)
                        | WithholdingKind::Gone
                        | WithholdingKind::Unclear
                ) {
                    self.extra.insert(key.to_owned(), json(&pair.value));
                }
            }
            old @ ("aliases" | "alias" | "redirectfrom") => {
                add_new(&mut entry.aliases, old_addresses(fields, field, old));
                self.marks.aliases.push(pair);
            }
            "slug" => {
                self.slug = fields.word(field);
                self.marks.slug = field.mark();
            }
            // Drupal has more than the address there.
            "path" | "url" if let Some(alias) = field.get("alias") => entry.permalink = fields.word(&alias),
            // In other programs `path` may name a file.
            "path" if pair.value.text().is_some_and(is_file_path) => {
                self.extra.insert(key.to_owned(), json(&pair.value));
            }
            "permalink" | "url" | "path" => {
                entry.permalink = fields.word(field);
                self.marks.permalink = field.mark();
            }
            "comments" if pair.value.items().is_some() => comments(fields, field),
            "comments" => {
                let inner = field.get("enabled").or_else(|| field.get("enable"));
                entry.comments = fields.boolean(inner.as_ref().unwrap_or(field));
            }
            "noindex" | "robotsnoindex" => entry.noindex = fields.boolean(field).unwrap_or(true),
            "id" => entry.id = fields.word(field),
            // On a site with one language it says nothing, and belongs to the owner as it always did.
            "language" | "lang" if !reading.languages.is_empty() => {
                entry.language = language_in(fields, field, place, reading.languages);
            }
            // Jekyll's and Hugo's way to choose a template; courant has one for articles.
            "layout" | "type" => entry.is_meant_as_page |= pair.value.text() == Some("page"),
            other => {
                debug_assert!(
                    matches!(other, "language" | "lang" | "related") || !keys::is_known(keys::ENTRY, other),
                    "`{other}` is in the table of keys"
                );
                self.extra.insert(key.to_owned(), json(&pair.value));
            }
        }
    }

    /// Zola's table of taxonomies.
    fn read_taxonomies(&mut self, fields: &mut Fields<'_>, table: &yaml::Entry) {
        for pair in table.value.entries().unwrap_or_default() {
            let found = fields.terms(&Field::of(pair));
            match &*keys::fold(pair.name()) {
                "authors" | "author" => add_new(&mut self.entry.authors, found),
                "categories" | "category" => self.categories.extend(found),
                "series" => self.entry.series = found.into_iter().next(),
                _ => {
                    withholding::refuse_tags(fields, &Field::of(pair), &found);
                    add_new(&mut self.entry.tags, found);
                }
            }
        }
    }

    /// Gives the entry what its path says too, or instead: date, slug, title, section and address.
    fn take_name(
        &mut self,
        fields: &mut Fields<'_>,
        pairs: &[yaml::Entry],
        place: &PathParts<'_>,
        markdown: &str,
        reading: &Reading<'_>,
    ) {
        // The name of a bundle is its folder's.
        let (section, name) = match place.folders.last() {
            _ if !self.entry.is_bundle => (place.section, place.stem),
            Some(folder) => (place.section, *folder),
            None => (None, place.section.unwrap_or_default()),
        };
        let impossible = impossible_date_in_name(name);
        let (day, name) = date_in_name(name).map_or((None, name), |(day, rest)| (Some(day), rest));
        let entry = &mut self.entry;
        let slug = read_addresses(fields, entry, self.slug.take(), &self.marks, reading.base_url);
        if entry.core.date.is_none() {
            let by_name = || {
                let value = &withholding::date_of_name(fields, day?, pairs);
                moment(fields, &Field { name: "date".into(), key: value.mark, value }, reading)
            };
            entry.core.date = entry.withheld.publish.or_else(by_name);
        }
        if let (Some(day), None) = (impossible, entry.core.date) {
            fields.problems.push(
                Diagnostic::error(format!("the date `{day}` in the file name does not exist"))
                    .at(Place::file(fields.path))
                    .hint("rename the file, or add `date: …` to its front matter"),
            );
        }
        // Middleman and Nanoc name the form that a file becomes, too: `story.html.md`.
        let name = name.strip_suffix(".html").filter(|name| !name.is_empty()).unwrap_or(name);
        entry.slug = Text::from(slugify(slug.as_deref().unwrap_or(name), reading.slugs));
        let title = self.title.take().or_else(|| first_heading(markdown).map(Text::from));
        entry.core.title = title.unwrap_or_else(|| {
            if !self.is_title_wrong {
                fields.problems.push(no_title(fields.path, fields.text, &self.extra));
            }
            Text::default()
        });
        let categories = std::mem::take(&mut self.categories);
        if let Some(pattern) = &entry.permalink {
            let folders = jekyll_folders(section, &place.folders);
            let names = folders.iter().copied().chain(categories.iter().map(|name| &**name));
            entry.permalink = permalink::with_categories(pattern, names).map(Text::from).or(entry.permalink.take());
        }
        place_in_section(entry, section, categories);
    }
}

/// The error for a missing title. It points at what may be a misspelled key or a malformed start of front matter.
fn no_title(path: &str, text: &str, others: &serde_json::Map<String, serde_json::Value>) -> Diagnostic {
    let near = others.keys().find_map(|key| Some((key, did_you_mean(key, ["title"])?)));
    if let Some((key, hint)) = near
        && let Some(place) = Lines::of(path, text).key(key)
    {
        return Diagnostic::error(super::NO_TITLE).at(place).hint(hint);
    }
    match nearly(text).filter(|_| others.is_empty()) {
        Some((at, cure)) => Diagnostic::error(format!("{}: this is not how front matter begins", super::NO_TITLE))
            .at(Place::span(path, text, at))
            .hint(cure),
        None => Diagnostic::error(super::NO_TITLE)
            .at(Place { line: 1, ..Place::file(path) })
            .hint("add `title: …` between two lines `---` at the top"),
    }
}

/// Reads what the text says: updates of live coverage, what is named, and the summary if there is none. Returns where
/// updates start.
fn read_text(fields: &mut Fields<'_>, entry: &mut Entry<'static>, file: File<'_>, reading: &Reading<'_>) -> Vec<usize> {
    let (markdown, start) = (file.markdown, file.body.0 as usize);
    // An update may be withheld, so none speaks for its article.
    let mut said = markdown;
    let mut starts = Vec::new();
    if entry.core.kind == Kind::Live && entry.core.date.is_some() {
        let coverage = live::coverage(fields, markdown, start, reading);
        (said, entry.mentions, entry.updates) = (coverage.introduction, coverage.mentions, coverage.updates);
        starts = coverage.starts;
    } else {
        live::refuse_updates(fields, markdown, start);
        entry.mentions = mentions::of_markdown(markdown, reading.base_url);
    }
    for correction in &mut entry.corrections {
        let mut named = mentions::of_markdown(&correction.text, reading.base_url);
        if correction.is_draft {
            named.iter_mut().for_each(|mention| mention.how = Naming::Withheld);
        }
        let is_dated = correction.date.is_some() && !correction.is_draft;
        if is_dated { &mut correction.mentions } else { &mut entry.mentions }.extend(named);
    }
    entry.corrections.retain(|correction| !correction.is_draft);
    let sources = entry.sources.iter().filter_map(|source| source.url.as_deref());
    let image = entry.image.iter().map(|image| &*image.src).filter(|src| src.contains("//"));
    for url in sources.chain(image) {
        mentions::add(&mut entry.mentions, url, Naming::Linked, reading.base_url);
    }
    if entry.core.summary.is_empty() {
        entry.core.summary = Text::from(first_paragraph(said));
        entry.summary_derived = !entry.core.summary.is_empty();
    }
    starts
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
fn place_in_section(entry: &mut Entry<'static>, folder: Option<&str>, mut categories: Vec<Text<'static>>) {
    let says_nothing = match folder {
        None | Some("_posts" | "_drafts" | "posts" | "post") => true,
        Some(folder) => is_year(folder),
    };
    let is_dated = entry.core.date.is_some();
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
    add_new(&mut entry.tags, categories);
    entry.category = category.filter(|name| section.as_deref() != Some(&identity(name).replace(' ', "-")));
    entry.section = section.map(Text::from);
}

/// The language that the front matter names; it must be that of the file name, if that has one.
fn language_in(
    fields: &mut Fields<'_>,
    field: &Field<'_>,
    place: &PathParts<'_>,
    languages: &[Language],
) -> LanguageId {
    let by_name = place.language.unwrap_or_default();
    let Some(tag) = fields.word(field) else { return by_name };
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
