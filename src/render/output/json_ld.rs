//! Structured data (schema.org) as JSON-LD, serialised from typed values.
//!
//! Required and recommended properties follow Google's documentation for `NewsArticle`,
//! `BreadcrumbList` and `ProfilePage`.

use std::borrow::Cow;
use std::sync::Arc;

use serde::Serialize;

use crate::article::Row;
use crate::article::record::{Access, Attribution, AuthorFile, Entry, Text};
use crate::article::time::Timestamp;
use crate::config::{Config, LanguageId, Taxonomy, address};
use crate::index::{Article, ImageRef};
use crate::markdown;
use crate::query::{Seen, TermName, ask};
use crate::render::PageRenderer;
use crate::render::output::head::PageMeta;
use crate::render::output::{head, search};
use crate::render::template::{body, functions, image};

const CONTEXT: &str = "https://schema.org";

/// Writes a value as a `script` element. `<` is written as an escape, so that no text can end the element.
pub(in crate::render) fn write<T: Serialize>(head: &mut String, value: &T) {
    let json = serde_json::to_string(value).expect("strings and numbers serialise");
    head.push_str("<script type=\"application/ld+json\">");
    if json.contains('<') {
        head.push_str(&json.replace('<', "\\u003c"))
    } else {
        head.push_str(&json)
    }
    head.push_str("</script>\n");
}

/// An article: `NewsArticle` and its subtypes, `LiveBlogPosting`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::render) struct NewsArticle<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'static str,
    headline: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    date_published: String,
    date_modified: String,
    /// The original elsewhere, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    main_entity_of_page: Option<String>,
    url: String,
    in_language: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    dateline: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    image: Vec<Image>,
    #[serde(skip_serializing_if = "Option::is_none")]
    article_section: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    keywords: Vec<&'a str>,
    author: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sponsor: Vec<Person<'a>>,
    publisher: &'a Publisher,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    is_based_on: Vec<Work<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    citation: Vec<Work<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    correction: Vec<Correction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage_start_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage_end_time: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    live_blog_update: Vec<Update<'a>>,
    is_accessible_for_free: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    has_part: Option<Walled>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Image {
    #[serde(rename = "@type")]
    kind: &'static str,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit_text: Option<String>,
}

/// Who wrote it: a person, or the house.
#[derive(Serialize)]
#[serde(untagged)]
enum Author<'a> {
    Person(Box<Person<'a>>),
    Publisher(&'a Publisher),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Person<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<Image>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    same_as: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    works_for: Option<&'a Publisher>,
}

/// The house: made once from `site.yaml`, for all pages.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::render) struct Publisher {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "@id")]
    id: String,
    name: String,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo: Option<Logo>,
    #[serde(skip)]
    policies: Policies,
}

/// What only the front page says of the house.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Policies {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    same_as: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publishing_principles: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    corrections_policy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ethics_policy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    masthead: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ownership_funding_info: Option<String>,
}

#[derive(Debug, Serialize)]
struct Logo {
    #[serde(rename = "@type")]
    kind: &'static str,
    url: String,
}

impl Publisher {
    /// Who publishes the site: the publisher of `site.yaml`, or the site itself. `address` is that of a link.
    pub(in crate::render) fn of(config: &Config, address: impl Fn(&str) -> String) -> Self {
        let own = config.settings.publisher.clone().unwrap_or_default();
        let link = |link: &String| config.absolute(&address(&from_front(link)));
        let front = config.absolute(&config.base_path);
        Self {
            kind: "NewsMediaOrganization",
            id: format!("{front}#publisher"),
            name: if own.name.is_empty() { config.settings.title.clone() } else { own.name },
            url: own.url.as_ref().map_or(front, link),
            logo: own.logo.as_ref().map(link).map(|url| Logo { kind: "ImageObject", url }),
            policies: Policies {
                same_as: own.same_as.iter().map(link).collect(),
                publishing_principles: own.publishing_principles.as_ref().map(link),
                corrections_policy: own.corrections_policy.as_ref().map(link),
                ethics_policy: own.ethics_policy.as_ref().map(link),
                masthead: own.masthead.as_ref().map(link),
                ownership_funding_info: own.ownership_funding_info.as_ref().map(link),
            },
        }
    }

    pub(in crate::render) fn name(&self) -> &str {
        &self.name
    }

    pub(in crate::render) fn logo_url(&self) -> Option<&str> {
        self.logo.as_ref().map(|logo| logo.url.as_str())
    }
}

/// Who publishes the site; asked for by the page in work.
pub(in crate::render) fn publisher(renderer: &PageRenderer) -> &Publisher {
    let address = |link: &str| ask::address_in(&renderer.view, LanguageId::MAIN, link);
    let has_folder = renderer.config.language(LanguageId::MAIN).prefix != "/";
    if has_folder {
        // Whether a path has the folder of the language depends on what is planned.
        for link in renderer.config.settings.publisher.iter().flat_map(crate::config::Publisher::links) {
            address(&from_front(link));
        }
    }
    renderer.publisher.get_or_init(|| match has_folder {
        true => Publisher::of(&renderer.config, address),
        false => Publisher::of(&renderer.config, |link| address::of_link(&renderer.config, link)),
    })
}

/// A link of `site.yaml` that has no slash in front begins at the front page.
pub(crate) fn from_front(link: &str) -> Cow<'_, str> {
    if crate::config::is_relative(link) { format!("/{link}").into() } else { link.into() }
}

/// The house as a block of its own, for the front page.
#[derive(Serialize)]
pub(in crate::render) struct PublisherBlock<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(flatten)]
    publisher: &'a Publisher,
    #[serde(flatten)]
    policies: &'a Policies,
}

impl<'a> PublisherBlock<'a> {
    pub(in crate::render) fn of(publisher: &'a Publisher) -> Self {
        Self { context: CONTEXT, publisher, policies: &publisher.policies }
    }
}

/// What an article is made from.
#[derive(Clone, Serialize)]
struct Work<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// `CorrectionComment`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Correction {
    #[serde(rename = "@type")]
    kind: &'static str,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
}

/// An update of live coverage, a `BlogPosting`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Update<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    headline: &'a str,
    date_published: String,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<Person<'a>>,
    #[serde(skip_serializing_if = "String::is_empty")]
    article_body: String,
}

/// The part of a page that only subscribers see
/// (<https://developers.google.com/search/docs/appearance/structured-data/paywalled-content>).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Walled {
    #[serde(rename = "@type")]
    kind: &'static str,
    is_accessible_for_free: bool,
    css_selector: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::render) struct Breadcrumbs {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'static str,
    item_list_element: Vec<Crumb>,
}

#[derive(Serialize)]
struct Crumb {
    #[serde(rename = "@type")]
    kind: &'static str,
    position: usize,
    name: String,
    /// None for the page itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::render) struct Page<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    url: String,
    in_language: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher: Option<&'a Publisher>,
    #[serde(skip_serializing_if = "Option::is_none")]
    main_entity: Option<Person<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    potential_action: Option<SearchAction>,
    /// What is said of a page that only subscribers may read.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_accessible_for_free: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    has_part: Option<Walled>,
}

/// How the site is searched (<https://schema.org/SearchAction>).
#[derive(Serialize)]
struct SearchAction {
    #[serde(rename = "@type")]
    kind: &'static str,
    target: EntryPoint,
    #[serde(rename = "query-input")]
    query_input: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EntryPoint {
    #[serde(rename = "@type")]
    kind: &'static str,
    url_template: String,
}

impl SearchAction {
    /// The search page at `url`, absolute.
    fn at(url: &str) -> Self {
        Self {
            kind: "SearchAction",
            target: EntryPoint { kind: "EntryPoint", url_template: format!("{url}?q={{search_term_string}}") },
            query_input: "required name=search_term_string",
        }
    }
}

/// The structured data of an article. Its live updates are those that its body, which is rendered
/// before the head, has.
pub(in crate::render) fn article_json_ld<'a>(
    renderer: &'a Arc<PageRenderer>,
    id: Seen<Article>,
    entry: &'a Entry<'a>,
    about: &'a PageMeta<'a>,
    updates: &'a [markdown::Update],
) -> NewsArticle<'a> {
    let config = &renderer.config;
    let article = renderer.view.get(id);
    let url = config.absolute(&article.url);
    let terms = |wanted: Taxonomy| ask::terms_of(&renderer.view, id).filter(move |term| term.taxonomy == wanted);
    let person = |term: TermName<'a>| {
        let url = (!term.url.is_empty()).then(|| config.absolute(term.url));
        Author::Person(Box::new(Person { url, ..Person::named(term.name) }))
    };
    let mut author: Vec<Author<'a>> = terms(Taxonomy::Authors).map(person).collect();
    if author.is_empty() {
        author.push(Author::Publisher(publisher(renderer)));
    }
    let moment = |at: Timestamp| at.rfc3339(&config.time_zone);
    let live = renderer.view.live(id);
    let is_free = entry.core.access == Access::Free;
    let update = |update: &'a markdown::Update| Update {
        kind: "BlogPosting",
        headline: &update.title,
        date_published: moment(update.time),
        url: format!("{url}#{}", update.id),
        author: update.author.as_deref().map(Person::named),
        // A wall around the text of the page is none around its head.
        article_body: if is_free { update.text() } else { String::new() },
    };
    let citation: Vec<Work<'a>> = entry.sources.iter().map(|source| work(renderer, source, &about.url)).collect();
    let mut is_based_on: Vec<Work<'a>> = citation.iter().filter(|work| work.url.is_some()).cloned().collect();
    let is_named = |work: &Work<'_>| work.url.as_ref() == Some(&about.canonical);
    let is_own = about.canonical == renderer.config.absolute(&about.url);
    if article.is_elsewhere && !is_own && !is_based_on.iter().any(is_named) {
        is_based_on.insert(0, Work { kind: "CreativeWork", name: None, url: Some(about.canonical.clone()) });
    }
    let corrections = entry.corrections.iter().map(|correction| {
        let html = body::short_html_elsewhere(renderer, renderer.view.row(id), &article.url, &correction.text);
        let (kind, date_published) = ("CorrectionComment", correction.date.map(moment));
        Correction { kind, text: markdown::words(&html), date_published }
    });
    NewsArticle {
        context: CONTEXT,
        kind: entry.core.kind.schema_type(),
        headline: &entry.core.title,
        description: &entry.core.summary,
        date_published: moment(article.date),
        date_modified: moment(article.changed),
        main_entity_of_page: (about.canonical != url).then(|| about.canonical.clone()),
        in_language: &config.language(about.language).tag,
        dateline: entry.dateline.as_deref(),
        image: about.image.iter().flat_map(|image| image_objects(renderer, image)).collect(),
        article_section: ask::section_of(&renderer.view, id).map(|section| section.title),
        keywords: terms(Taxonomy::Tags).map(|term| term.name).collect(),
        author,
        sponsor: entry.sponsors().iter().map(|name| Person { kind: "Organization", ..Person::named(name) }).collect(),
        publisher: publisher(renderer),
        is_based_on,
        citation,
        correction: corrections.collect(),
        coverage_start_time: live.map(|live| moment(live.start)),
        coverage_end_time: live.and_then(|live| live.end).map(moment),
        live_blog_update: updates.iter().map(update).collect(),
        is_accessible_for_free: is_free,
        has_part: wall(entry),
        url,
    }
}

/// The text of what only subscribers may read.
fn wall(entry: &Entry<'_>) -> Option<Walled> {
    let (kind, css_selector) = ("WebPageElement", ".article-body");
    (entry.core.access != Access::Free).then_some(Walled { kind, is_accessible_for_free: false, css_selector })
}

fn work<'a>(renderer: &PageRenderer, source: &'a Attribution<'a>, from: &str) -> Work<'a> {
    let link = |url: &Text<'_>| Some(renderer.config.absolute(&ask::visible_link(&renderer.view, from, url)?));
    Work { kind: "CreativeWork", name: Some(&source.name), url: source.url.as_ref().and_then(link) }
}

/// The cuts of an image that search engines ask for; the image itself where there are none.
fn image_objects(renderer: &PageRenderer, image: &ImageRef<'_>) -> Vec<Image> {
    let cuts = image::cuts_of(renderer, image);
    if cuts.is_empty() {
        return vec![image_object(renderer, image)];
    }
    let cut =
        |(url, width, height)| Image { url, width: Some(width), height: Some(height), ..image_object(renderer, image) };
    cuts.into_iter().map(cut).collect()
}

fn image_object(renderer: &PageRenderer, image: &ImageRef<'_>) -> Image {
    let plain = |text: Option<&str>| text.map(functions::plain_markdown).filter(|text| !text.is_empty());
    Image {
        kind: "ImageObject",
        url: renderer.config.absolute(&image.src),
        width: image.width,
        height: image.height,
        caption: plain(image.caption.as_deref()),
        credit_text: plain(image.credit.as_deref()),
    }
}

pub(in crate::render) fn breadcrumbs_of_article(
    renderer: &PageRenderer,
    id: Seen<Article>,
    entry: &Entry<'_>,
) -> Breadcrumbs {
    let trail = head::trail(renderer, id, entry);
    let last = trail.len();
    let crumb = |(position, (name, item)): (usize, (String, String))| {
        let item = (position < last).then_some(item);
        Crumb { kind: "ListItem", position, name, item }
    };
    let crumbs = (1..).zip(trail).map(crumb).collect();
    Breadcrumbs { context: CONTEXT, kind: "BreadcrumbList", item_list_element: crumbs }
}

pub(in crate::render) fn page_json_ld<'a>(
    renderer: &'a PageRenderer,
    entry: &Entry<'_>,
    about: &'a PageMeta<'a>,
) -> Page<'a> {
    let has_part = wall(entry);
    Page {
        is_accessible_for_free: has_part.as_ref().map(|wall| wall.is_accessible_for_free),
        has_part,
        publisher: Some(publisher(renderer)),
        ..Page::about("WebPage", renderer, about)
    }
}

pub(in crate::render) fn site_json_ld(renderer: &Arc<PageRenderer>, language: LanguageId) -> Page<'_> {
    let search = search::search_url(renderer, language).map(|url| SearchAction::at(&renderer.config.absolute(&url)));
    let language = renderer.config.language(language);
    let url = renderer.config.absolute(&address::encode(&renderer.config, &language.prefix));
    Page {
        potential_action: search,
        publisher: Some(publisher(renderer)),
        ..Page::new("WebSite", (&language.title, &language.description), url, &language.tag)
    }
}

/// The page of an author, who may have a profile.
pub(in crate::render) fn author_json_ld<'a>(
    renderer: &'a PageRenderer,
    term: Option<TermName<'_>>,
    about: &'a PageMeta<'a>,
    profile: Option<(Seen<Row>, &'a AuthorFile<'a>)>,
) -> Page<'a> {
    let url = term.map(|term| renderer.config.absolute(term.url));
    let mut person = Person { url, works_for: Some(publisher(renderer)), ..Person::named(&about.title) };
    person.description = Some(&*about.description).filter(|text| !text.is_empty());
    if let Some((row, file)) = profile {
        let is_foreign = file.language != about.language;
        person.job_title = Some(&*file.role).filter(|role| !role.is_empty() && !is_foreign);
        let image = |image| ask::image(&renderer.view, image, row, &about.url);
        person.image = file.image.as_ref().and_then(image).map(|image| image_object(renderer, &image));
        let is_elsewhere = |url: &&str| url.starts_with("https://") || url.starts_with("http://");
        let links = file.links.iter().map(|(_, url)| &**url).filter(is_elsewhere);
        person.same_as = links.filter(|link| ask::visible_link(&renderer.view, &about.url, link).is_some()).collect();
    }
    Page { main_entity: Some(person), ..Page::about("ProfilePage", renderer, about) }
}

impl<'a> Page<'a> {
    fn new(kind: &'static str, (name, description): (&'a str, &'a str), url: String, in_language: &'a str) -> Self {
        Self {
            context: CONTEXT,
            kind,
            name,
            description,
            url,
            in_language,
            publisher: None,
            main_entity: None,
            potential_action: None,
            is_accessible_for_free: None,
            has_part: None,
        }
    }

    fn about(kind: &'static str, renderer: &'a PageRenderer, about: &'a PageMeta<'a>) -> Self {
        let language = renderer.config.language(about.language);
        Self::new(kind, (&about.title, &about.description), about.canonical.clone(), &language.tag)
    }
}

impl<'a> Person<'a> {
    fn named(name: &'a str) -> Self {
        Self {
            kind: "Person",
            name,
            url: None,
            description: None,
            job_title: None,
            image: None,
            same_as: Vec::new(),
            works_for: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_end_the_script() {
        let mut head = String::new();
        write(&mut head, &"</script><b>");
        assert_eq!(head, "<script type=\"application/ld+json\">\"\\u003c/script>\\u003cb>\"</script>\n");
    }
}
