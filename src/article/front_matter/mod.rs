//! Front matter: the YAML at the head of a Markdown file, in the spellings of Jekyll, Hugo and
//! WordPress exports, as one fixed form.

mod ad;
mod addresses;
mod entry;
mod split;

use jiff::tz::TimeZone;
use rustc_hash::FxHashSet;

use addresses::{Given, old_addresses, read_path};
use entry::{File, entry};
use split::nearly;
pub(super) use split::{Form, head, split};

use super::fields::{Field, Fields};
use super::front::front;
use super::record::{Ad, AuthorFile, Image, Naming, Record, SectionFile, Text};
use super::slug::slugify;
use super::time::date_in_name;
use super::values::{account, image, links, refuse_withheld};
use super::{headers, keys, language, lines, mentions, remarks, withholding};
use crate::config::{Config, Language, LanguageId, Slugs};
use crate::diagnostic::Diagnostic;
use crate::site_path;
use crate::source_name::{is_marked_headline, is_year, without_markdown_ending};
use crate::yaml;

/// The error of a text without a title or heading.
pub(crate) const NO_TITLE: &str = "there is no title";

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
    /// The settings of a site.
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
        let is_of_site = |pair: &yaml::Entry| place.section.is_none() && keys::fold(pair.name()) == "cascade";
        let (cascade, own): (Vec<yaml::Entry>, Vec<yaml::Entry>) = entries.iter().cloned().partition(is_of_site);
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
    } else if super::is_ad(path) {
        let withheld = withholding::read(&mut fields, entries, keys::AD, reading);
        refuse_withheld(&mut fields, entries, None, reading);
        let mut ad = ad::ad(&mut fields, entries, &place, body);
        mentions::add_written(&mut ad.mentions, None, whole, reading.base_url);
        Record::Ad(Ad { withheld, ..ad })
    } else {
        let mut entry = entry(&mut fields, entries, &place, File { markdown, whole, body }, reading);
        entry.has_doubts = has_doubts || fields.has_doubts() || is_marked_headline(&entry.core.title);
        Record::Entry(Box::new(entry))
    };
    if fields.problems.is_empty() { Ok(record) } else { Err(fields.problems) }
}

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

/// How many of the folders from the first on are a year, its month and its day.
fn folders_of_time(folders: &[&str]) -> usize {
    let is_number = |folder: &str, last: u8| {
        (1..=2).contains(&folder.len()) && folder.parse::<u8>().is_ok_and(|number| (1..=last).contains(&number))
    };
    let Some((_, deeper)) = folders.split_first().filter(|(year, _)| is_year(year)) else { return 0 };
    1 + deeper.iter().zip([12, 31]).take_while(|(folder, last)| is_number(folder, *last)).count()
}

fn section(
    fields: &mut Fields<'_>,
    entries: &[yaml::Entry],
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
            "front" => {
                file.front = front(fields, &field, reading);
                let placed = file.front.iter_mut().flat_map(|front| front.placed_mut());
                placed.for_each(|placed| without_base_path(&mut placed.image, reading.base_url));
            }
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
    entries: &[yaml::Entry],
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
            "image" | "picture" | "photo" | "avatar" => file.image = image(fields, &field),
            "links" => file.links = links(fields, &field),
            "fediverse" | "mastodon" => file.fediverse = account(fields, &field),
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

/// An image may be named with the base path, as in a link.
fn without_base_path(image: &mut Option<Image<'static>>, base_url: &str) {
    if let Some(image) = image
        && image.src.starts_with('/')
        && let Some(own) = site_path::own_path(base_url, &image.src)
    {
        image.src = Text::from(own.to_owned());
    }
}

/// `comments` with the readers' comments, as Jekyll's importers write them. They are left out, and so are their mail
/// addresses.
pub(super) fn comments(fields: &mut Fields<'_>, field: &Field<'_>) {
    if field.value.items().is_some() {
        let file = super::comments::path_of(fields.path);
        let file = file.rsplit('/').next().unwrap_or_default();
        let message = "comments in front matter are not read; they are left out".to_owned();
        fields.doubts.push((field.key, message, format!("write them into `{file}` beside this file")));
    }
}

fn add_new(names: &mut Vec<Text<'static>>, more: Vec<Text<'static>>) {
    if names.is_empty() {
        *names = more;
        return;
    }
    let known: FxHashSet<Text<'static>> = names.iter().cloned().collect();
    names.extend(more.into_iter().filter(|name| !known.contains(name)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::record::Entry;
    use crate::article::time::Timestamp;

    fn read_entry(path: &str, text: &'static str) -> Entry<'static> {
        match read(path, text, text, &READING) {
            Ok(Record::Entry(entry)) => *entry,
            other => panic!("an entry, not {other:?}"),
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
        let entry = read_entry(
            "content/_posts/2019-05-07-my-first-post.markdown",
            "\u{FEFF}\r\n---\r\nlayout: post\r\ntitle: \"Bread &amp; butter\"\r\ncategories: baking bread\r\nauthor: Ada\r\nredirect_from: /old/\r\n---\r\nHello *there*.\r\n",
        );
        assert_eq!(&*entry.core.title, "Bread & butter");
        assert_eq!(&*entry.slug, "my-first-post");
        assert_eq!(entry.core.date, Timestamp::parse("2019-05-07", &TimeZone::UTC).ok());
        assert_eq!(entry.section.as_deref(), Some("baking"));
        assert_eq!(names(&entry.tags), ["bread"]);
        assert_eq!(names(&entry.authors), ["Ada"]);
        assert_eq!(names(&entry.aliases), ["/old/"]);
        assert_eq!(&*entry.core.summary, "Hello there.");
        assert_eq!(entry.body.1, 8);
    }

    #[test]
    fn hugo_and_wordpress_spellings_mean_the_same() {
        let entry = read_entry(
            "content/world/x.md",
            "---\ntitle: 2019\nslug: 42\ndate: \"2024-01-13T00:00:00.000Z\"\nlastmod: 2024-02-01\nauthors:\n  - name: Ada\n  - Bo\ncategories: [World, Trade]\ntags: ships, ports\nimage: null\npublished: false\nexcerpt: 'A <b>short</b> text'\nweight: 3\n---\n",
        );
        assert_eq!(&*entry.core.title, "2019");
        assert_eq!(&*entry.slug, "42");
        assert!(entry.core.updated.is_some() && entry.withheld.draft && entry.image.is_none());
        assert_eq!(names(&entry.authors), ["Ada", "Bo"]);
        assert_eq!(names(&entry.tags), ["ships", "ports", "Trade"]);
        assert_eq!(entry.section.as_deref(), Some("world"));
        assert_eq!(&*entry.core.summary, "A short text");
        assert_eq!(&*entry.extra, r#"{"weight":3}"#);
    }

    #[test]
    fn what_wordpress_hides_is_withheld() {
        for text in [
            "---\ntitle: A\nstatus: draft\n---\n",
            "---\ntitle: A\nstatus: private\n---\n",
            "---\ntitle: A\npost_status: Pending\n---\n",
            "---\ntitle: A\nstatus: trash\n---\n",
        ] {
            assert!(read_entry("content/posts/x.md", text).withheld.draft, "{text}");
        }
        for (text, extra) in [
            ("---\ntitle: A\nstatus: publish\n---\n", r#"{"status":"publish"}"#),
            ("---\ntitle: A\nStatus: Live\n---\n", r#"{"Status":"Live"}"#),
        ] {
            let entry = read_entry("content/posts/x.md", text);
            assert!(!entry.withheld.draft, "{text}");
            assert_eq!(&*entry.extra, extra);
        }
    }

    #[test]
    fn images_of_other_programs_are_read() {
        for text in [
            "---\ntitle: A\nfeaturedImage: /a.jpg\n---\n",
            "---\ntitle: A\nimage: { path: /a.jpg, thumbnail: /b.jpg, width: 2 }\n---\n",
        ] {
            let image = read_entry("content/posts/x.md", text).image.expect("an image");
            assert_eq!(&*image.src, "/a.jpg");
        }
    }

    #[test]
    fn a_summary_knows_whether_it_was_written() {
        let derived = |text| read_entry("content/local/a.md", text).summary_derived;
        assert!(derived("---\ntitle: A\n---\n\nFirst.\n"));
        assert!(derived("---\ntitle: A\nsummary: \"\"\n---\n\nFirst.\n"));
        assert!(!derived("---\ntitle: A\nexcerpt: Given.\n---\n\nFirst.\n"));
        assert!(!derived("---\ntitle: A\n---\n"));
    }

    #[test]
    fn without_a_date_it_is_a_page() {
        assert_eq!(read_entry("content/about.md", "---\ntitle: About\n---\n").core.date, None);
        let untitled = read_entry("content/about.md", "# About us\n\nText.\n");
        assert_eq!(&*untitled.core.title, "About us");
    }

    #[test]
    fn a_bundle_is_named_by_its_folder() {
        let entry = read_entry("content/local/2026-11-03-tunnel/index.md", "---\ntitle: A\n---\n");
        assert!(entry.is_bundle && entry.core.date.is_some());
        assert_eq!((&*entry.slug, entry.section.as_deref()), ("tunnel", Some("local")));
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
            let entry = read_entry("content/local/a.md", text);
            assert_eq!((&*entry.core.title, &*entry.core.summary), ("A: b", "First."), "{text}");
            assert_eq!(entry.core.date, Timestamp::parse("2024-01-05T10:00:00Z", &TimeZone::UTC).ok(), "{text}");
            assert_eq!(names(&entry.tags), ["x", "1.10"], "{text}");
            assert!(entry.withheld.draft, "{text}");
            assert_eq!(entry.image.as_ref().map(|image| &*image.src), Some("/a.jpg"), "{text}");
            assert!(entry.extra.contains(r#""version":"1.10""#), "{text}");
        }
        for text in
            ["Note: this is text.\n\n# A\n", "Source: somebody\n\n# A\n", "{{ <box /> }}\n\n# A\n", "{ x }\n# A\n"]
        {
            assert!(split("a.md", text).is_ok_and(|parts| parts.head.is_empty()), "{text}");
        }
        let zola = read_entry("content/local/a.md", "+++\ntitle = \"A\"\n[taxonomies]\ntags = [\"x\"]\n+++\n");
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
