//! The value `listing` of templates.

use std::sync::Arc;

use tera::{Context, Map, Value};

use crate::article::record::{AuthorFile, Record, Text};
use crate::article::summary::without_tags;
use crate::article::{Row, language, title_of_name};
use crate::config::{FeedFormat, FeedScope, LanguageId, Taxonomy, address};
use crate::index::CorrectionEntry;
use crate::plan::{Listing, Output, Scope};
use crate::query::{FRONT_FILES, Planned, Seen, Subject, TermName, ask};
use crate::render::template::{body, context, context_of, map_of};
use crate::render::{PageRenderer, dead};

/// The file above the list of corrections.
const CORRECTIONS_FILES: [&str; 1] = ["content/corrections/_index"];

/// The context of a page of a listing.
pub(in crate::render) fn listing_context(renderer: &Arc<PageRenderer>, seen: Seen<Listing>, number: u32) -> Context {
    let page = ask::listing_page(&renderer.view, seen, number);
    let listing = renderer.view.get(seen);
    let heading = heading(renderer, seen);
    let mut map = Map::with_capacity(20);
    map.insert("kind".into(), Value::from(kind_of(&listing.scope)));
    map.insert("title".into(), Value::from(heading.title));
    map.insert("description".into(), Value::from(heading.description));
    let intro = if number == 0 { intro(renderer, heading.row) } else { String::new() };
    map.insert("intro".into(), Value::safe_string(&intro));
    map.insert("url".into(), Value::from(address::encode(&renderer.config, &listing.path)));
    map.insert("corrections".into(), correction_values(renderer, &page.corrections));
    map.insert("items".into(), context::teaser_values(renderer, &page.articles));
    map.insert("lead".into(), Value::from(page.lead.map(|id| context::teaser_value(renderer, id))));
    map.insert("number".into(), Value::from(number));
    map.insert("newer".into(), Value::from(page.newer));
    map.insert("older".into(), Value::from(page.older));
    map.insert("feeds".into(), feed_links(renderer, listing));
    map.insert("author".into(), heading.author);
    map.insert("terms".into(), Value::from(Vec::<Value>::new()));
    context_of("listing", map)
}

/// The context of a list of terms or months.
pub(in crate::render) fn overview_context(renderer: &Arc<PageRenderer>, planned: Planned) -> Context {
    let rows = ask::overview(&renderer.view, planned);
    let kind = match planned.output() {
        Output::Terms(..) => "terms",
        Output::Year(..) => "year",
        _ => "archive",
    };
    let mut map = Map::with_capacity(20);
    map.insert("kind".into(), Value::from(kind));
    map.insert("title".into(), Value::from(overview_title(renderer, planned.output())));
    map.insert("description".into(), Value::from(""));
    map.insert("intro".into(), Value::from(""));
    map.insert("url".into(), Value::from(renderer.view.url(Subject::Output(planned))));
    map.insert("number".into(), Value::from(0));
    for name in ["items", "corrections", "feeds"] {
        map.insert(name.into(), Value::from(Vec::<Value>::new()));
    }
    for name in ["lead", "newer", "older", "author"] {
        map.insert(name.into(), Value::none());
    }
    map.insert("terms".into(), Value::from_serializable(&rows));
    context_of("listing", map)
}

/// The title of a list of terms or months.
pub(in crate::render) fn overview_title(renderer: &PageRenderer, output: Output) -> String {
    match output {
        Output::Terms(_, taxonomy) => body::text_or(renderer, taxonomy.name(), &title_of_name(taxonomy.name())),
        Output::Year(language, year) => renderer.locale(language).year(year),
        _ => body::text_or(renderer, "archive", "Archive"),
    }
}

/// What stands at the head of a listing.
pub(in crate::render) fn heading(renderer: &Arc<PageRenderer>, seen: Seen<Listing>) -> Heading {
    let mut heading = Heading::new();
    let listing = renderer.view.get(seen);
    match &listing.scope {
        Scope::Front => {
            let language = renderer.config.language(listing.language);
            heading.title = language.title.clone();
            heading.description = language.description.clone();
            add_file(renderer, &mut heading, ask_file_in(renderer, &FRONT_FILES, listing.language));
        }
        Scope::Section(_) => {
            let (section, description, file) = ask::section_listed(&renderer.view, seen).expect("of a section");
            heading.title = section.title.to_owned();
            heading.description = description.to_owned();
            heading.row = file
                .and_then(|file| ask_profile(renderer, file))
                .filter(|row| matches!(renderer.view.get(*row).record(), Record::Section(file) if file.has_body));
        }
        Scope::Term(..) => {
            let term = ask::term_of(&renderer.view, seen).expect("planned from the index");
            heading.title = term.name.to_owned();
            if term.taxonomy == Taxonomy::Authors {
                add_author(renderer, &mut heading, &term);
            }
        }
        Scope::Month(year, month) => heading.title = renderer.locale(listing.language).month(*year, *month),
        Scope::Corrections => {
            heading.title = body::text_or(renderer, "corrections", "Corrections");
            add_file(renderer, &mut heading, ask_file_in(renderer, &CORRECTIONS_FILES, listing.language));
        }
    }
    heading
}

/// What the file of a listing says of it.
fn add_file(renderer: &PageRenderer, heading: &mut Heading, row: Option<Seen<Row>>) {
    let Some(row) = row else { return };
    let Record::Section(file) = renderer.view.get(row).record() else { return };
    if let Some(title) = file.title {
        heading.title = title.to_string();
    }
    if !file.description.is_empty() {
        heading.description = file.description.to_string();
    }
    heading.row = file.has_body.then_some(row);
}

pub(super) fn add_author(renderer: &Arc<PageRenderer>, heading: &mut Heading, term: &TermName<'_>) {
    let profile = term.file.and_then(|file| ask_profile(renderer, file));
    let mut file = match profile.map(|row| renderer.view.get(row).record()) {
        Some(Record::Author(file)) => file,
        _ => AuthorFile::default(),
    };
    let is_foreign = file.language != term.language;
    if is_foreign {
        (file.role, file.description) = Default::default();
    }
    let bio = profile
        .filter(|_| !is_foreign)
        .map(|row| body::render_shared_body(renderer, row, file.body.0))
        .unwrap_or_default();
    heading.description =
        if file.description.is_empty() { without_tags(&bio).trim().to_owned() } else { file.description.to_string() };
    let link = |(title, url): &(Text<'_>, Text<'_>)| {
        let url = dead::followed_link(renderer, profile?, term.url, url)?;
        Some(map_of([("title", (&**title).into()), ("url", url.into())]))
    };
    let links: Vec<Value> = file.links.iter().filter_map(link).collect();
    let image = profile.map(|row| context::image_value(renderer, file.image.as_ref(), row, term.url));
    heading.author = map_of([
        ("id", term.slug.into()),
        ("name", term.name.into()),
        ("role", (&*file.role).into()),
        ("bio", Value::safe_string(&bio)),
        ("links", links.into()),
        ("image", image.into()),
    ]);
}

/// The row of a file whose text the page in work shows.
fn ask_profile(renderer: &PageRenderer, path: &str) -> Option<Seen<Row>> {
    let row = ask::profile(&renderer.view, path);
    let has_doubts = |row: &Seen<Row>| match renderer.view.get(*row).record() {
        Record::Section(file) => file.has_doubts,
        Record::Author(file) => file.has_doubts,
        _ => false,
    };
    if let Some(row) = row.filter(has_doubts) {
        context::notice_of(renderer, row, |lines| lines.doubts());
    }
    row
}

/// The row of the first of these files that is there in the language.
fn ask_file_in(renderer: &PageRenderer, stems: &[&str], language: LanguageId) -> Option<Seen<Row>> {
    stems
        .iter()
        .find_map(|stem| language::file_in(stem, language, &renderer.config, |path| ask_profile(renderer, path)))
}

fn intro(renderer: &Arc<PageRenderer>, row: Option<Seen<Row>>) -> String {
    let Some(row) = row else { return String::new() };
    match renderer.view.get(row).record() {
        Record::Section(file) => body::render_shared_body(renderer, row, file.body.0),
        _ => String::new(),
    }
}

/// Corrections as template values, newest first: date, text as HTML, and the article's teaser.
pub(in crate::render) fn correction_values(
    renderer: &Arc<PageRenderer>,
    corrections: &[Seen<CorrectionEntry>],
) -> Value {
    let value = |correction: &Seen<CorrectionEntry>| {
        let id = ask::corrected(&renderer.view, *correction);
        let (article, row) = (renderer.view.get(id), renderer.view.row(id));
        let entry = renderer.view.entry(row);
        let made = &entry.corrections[renderer.view.get(*correction).number as usize];
        let html = body::short_html_elsewhere(renderer, row, &article.url, &made.text);
        let page = renderer.config.absolute(&article.url);
        map_of([
            ("date", made.date.map(|date| date.rfc3339(&renderer.config.time_zone)).into()),
            ("text", Value::safe_string(&body::rooted_html(html, &renderer.config.origin, &page))),
            ("article", context::teaser_value(renderer, id)),
        ])
    };
    Value::from(corrections.iter().rev().map(value).collect::<Vec<_>>())
}

/// The feeds of a listing as template value.
fn feed_links(renderer: &PageRenderer, listing: &Listing) -> Value {
    let links = feeds_of(renderer, listing).into_iter().map(|(title, url, media_type)| {
        map_of([("title", title.into()), ("url", url.into()), ("type", media_type.into())])
    });
    Value::from(links.collect::<Vec<_>>())
}

/// The feeds of a listing: name of the format, address, media type.
pub(in crate::render) fn feeds_of(
    renderer: &PageRenderer,
    listing: &Listing,
) -> Vec<(&'static str, String, &'static str)> {
    let feed = |format: &FeedFormat| {
        let address = address::encode(&renderer.config, &format!("{}{}", listing.path, format.file()));
        (format.title(), address, format.media_type())
    };
    listing.feeds.iter().map(feed).collect()
}

/// Whether the site as a whole has feeds.
pub(in crate::render) fn has_site_feed(renderer: &PageRenderer) -> bool {
    renderer.config.settings.feeds.scopes.contains(&FeedScope::Site)
}

/// What stands at the head of a listing.
pub(in crate::render) struct Heading {
    pub(in crate::render) title: String,
    pub(in crate::render) description: String,
    /// The row of an introduction.
    row: Option<Seen<Row>>,
    pub(super) author: Value,
}

impl Heading {
    pub(super) fn new() -> Self {
        Self { title: String::new(), description: String::new(), row: None, author: Value::none() }
    }
}

pub(in crate::render) fn kind_of(scope: &Scope) -> &'static str {
    match scope {
        Scope::Front => "front",
        Scope::Section(_) => "section",
        Scope::Term(taxonomy, _) => taxonomy.singular(),
        Scope::Month(..) => "month",
        Scope::Corrections => "corrections",
    }
}
