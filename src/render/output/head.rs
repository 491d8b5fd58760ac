//! `head()`: everything in a page's head that machines read, from typed values.
//!
//! Title, description, canonical address, OpenGraph and X card, feeds, neighbours of listings, and
//! JSON-LD. A theme adds its stylesheet and is done.

use std::fmt::Write as _;
use std::sync::Arc;

use html_escape::{encode_double_quoted_attribute as attribute, encode_text};

use crate::article::Row;
use crate::article::record::{Entry, Record};
use crate::config::{Config, LanguageId, Taxonomy, address};
use crate::index::{Article, ImageRef};
use crate::original::Format;
use crate::plan::{Listing, Output, Scope, Version};
use crate::query::{CardRef, Part, Planned, Seen, Subject, ask};
use crate::render::output::{json_ld, rights};
use crate::render::template::{body, context, image, listing};
use crate::render::{PageRenderer, scope};

/// The name by which the head of a notice says when its article was withdrawn, for those who answer with its status.
pub(crate) const WITHDRAWN: &str = "withdrawn";

/// What a page says of itself.
pub(in crate::render) struct PageMeta<'a> {
    pub(in crate::render) title: String,
    pub(in crate::render) description: String,
    pub(in crate::render) language: LanguageId,
    /// Root-relative.
    pub(in crate::render) url: String,
    /// The address under which search engines are to know it, absolute.
    pub(in crate::render) canonical: String,
    pub(in crate::render) image: Option<ImageRef<'a>>,
    /// The social card, if no photograph is shared.
    pub(in crate::render) card: Option<CardRef>,
    pub(in crate::render) is_article: bool,
    /// Whether search engines are asked not to list it.
    pub(in crate::render) noindex: bool,
}

/// The head of a page that search engines are not to show.
fn unlisted_head(title: &str, site: &str, robots: &str) -> String {
    let (title, site) = (encode_text(title), encode_text(site));
    format!("<title>{title} | {site}</title>\n<meta name=\"robots\" content=\"{robots}\">\n")
}

/// What an article or page says of itself.
fn meta_of<'a>(
    renderer: &'a PageRenderer,
    entry: &'a Entry<'_>,
    row: Seen<Row>,
    planned: Planned,
    url: String,
) -> PageMeta<'a> {
    let image = entry.image.as_ref().and_then(|image| ask::image(&renderer.view, image, row, &url));
    PageMeta {
        title: entry.core.title.to_string(),
        description: entry.core.summary.to_string(),
        canonical: canonical(renderer, entry.canonical.as_deref(), &url),
        language: renderer.view.language(Subject::Output(planned)),
        url,
        card: card_beside(renderer, image.as_ref(), planned, &entry.core.title),
        image,
        is_article: matches!(planned.part(), Part::Article(_)),
        noindex: entry.noindex,
    }
}

/// What a list of articles, terms or months says of itself.
fn meta_of_list(
    renderer: &PageRenderer,
    (title, description): (String, String),
    language: LanguageId,
    url: String,
    card: Option<CardRef>,
) -> PageMeta<'static> {
    let canonical = renderer.config.absolute(&url);
    PageMeta { title, description, language, url, canonical, image: None, card, is_article: false, noindex: false }
}

/// The elements of the page's head.
pub(in crate::render) fn head(renderer: &Arc<PageRenderer>, subject: Subject) -> String {
    let config = &renderer.config;
    let language = renderer.view.language(subject);
    let site = &config.language(language).title;
    let url = renderer.view.url(subject);
    let mut head = String::with_capacity(4096);
    let Subject::Output(planned) = subject else { return head };
    match planned.part() {
        Part::Article(id) => {
            let row = renderer.view.row(id);
            let entry = renderer.view.entry(row);
            let about = meta_of(renderer, &entry, row, planned, url);
            common(renderer, &mut head, &about, &format!("{} | {site}", about.title));
            article_properties(renderer, &mut head, id);
            feed_elements(renderer, &mut head, language, None);
            version_links(renderer, &mut head, planned);
            let updates = scope::live_updates();
            json_ld::write(&mut head, &json_ld::article_json_ld(renderer, id, &entry, &about, &updates));
            json_ld::write(&mut head, &json_ld::breadcrumbs_of_article(renderer, id, &entry));
        }
        Part::Page(at) => {
            let row = renderer.view.row(at);
            let entry = renderer.view.entry(row);
            let about = meta_of(renderer, &entry, row, planned, url);
            common(renderer, &mut head, &about, &format!("{} | {site}", about.title));
            feed_elements(renderer, &mut head, language, None);
            version_links(renderer, &mut head, planned);
            json_ld::write(&mut head, &json_ld::page_json_ld(renderer, &entry, &about));
        }
        Part::Listing(listing, number) => {
            let card = card_beside(renderer, None, planned, "");
            listing_head(renderer, &mut head, planned, listing, number, (url, card));
        }
        Part::Other(Output::NotFound(_)) => {
            head = unlisted_head(&body::text_or(renderer, "not_found_title", "Page not found"), site, "noindex");
        }
        Part::Notice(at) => {
            let date = renderer.view.get(at).date.rfc3339(&config.time_zone);
            head = unlisted_head(&body::text_or(renderer, "withdrawn_title", context::WITHDRAWN), site, "noindex");
            let _ = writeln!(head, "<meta name=\"{WITHDRAWN}\" content=\"{date}\">");
        }
        Part::Other(Output::Search(_)) => {
            head = unlisted_head(&body::text_or(renderer, "search", "Search"), site, "noindex, follow");
            feed_elements(renderer, &mut head, language, None);
        }
        Part::Other(output @ (Output::Terms(..) | Output::Year(..) | Output::Archive(_))) => {
            let title = listing::overview_title(renderer, output);
            let card = card_beside(renderer, None, planned, &title);
            let about = meta_of_list(renderer, (title, String::new()), language, url, card);
            common(renderer, &mut head, &about, &format!("{} | {site}", about.title));
            feed_elements(renderer, &mut head, language, None);
            version_links(renderer, &mut head, planned);
        }
        _ => {}
    }
    head
}

/// The address under which search engines are to know the page at `url`; its own, where front matter names none, or one
/// of something withheld.
fn canonical(renderer: &PageRenderer, named: Option<&str>, url: &str) -> String {
    let named = named.and_then(|named| ask::visible_link(&renderer.view, url, named));
    let address = renderer.config.absolute(named.as_deref().unwrap_or(url));
    // One of another site is as it was typed, and programs read it that want a URI.
    let is_written = !address.is_ascii() && named.is_some();
    let whole = if is_written { url::Url::parse(&address).ok() } else { None };
    whole.map_or(address, String::from)
}

fn listing_head(
    renderer: &Arc<PageRenderer>,
    head: &mut String,
    planned: Planned,
    seen: Seen<Listing>,
    number: u32,
    (url, card): (String, Option<CardRef>),
) {
    let listing = renderer.view.get(seen);
    let site = &renderer.config.language(listing.language).title;
    let heading = listing::heading(renderer, seen);
    let about = meta_of_list(renderer, (heading.title, heading.description), listing.language, url, card);
    let page = match number {
        0 => String::new(),
        number => {
            let words = body::text_or(renderer, "page_number", "Page {number}");
            format!(" ({})", words.replace("{number}", &renderer.locale(listing.language).integer(number.into())))
        }
    };
    let title = match listing.scope {
        Scope::Front if about.title == *site => format!("{site}{page}"),
        _ => format!("{}{page} | {site}", about.title),
    };
    common(renderer, head, &about, &title);
    let page = ask::listing_page(&renderer.view, seen, number);
    for (relation, link) in [("prev", page.newer), ("next", page.older)] {
        if let Some(link) = link {
            let _ = writeln!(head, "<link rel=\"{relation}\" href=\"{}\">", attribute(&link));
        }
    }
    feed_elements(renderer, head, listing.language, Some(seen));
    if number == 0 {
        version_links(renderer, head, planned);
    }
    if listing.scope == Scope::Front {
        json_ld::write(head, &json_ld::site_json_ld(renderer, listing.language));
        json_ld::write(head, &json_ld::PublisherBlock::of(json_ld::publisher(renderer)));
    } else if let Scope::Term(Taxonomy::Authors, _) = &listing.scope {
        let term = ask::term_of(&renderer.view, seen);
        let row = term.and_then(|term| ask::profile(&renderer.view, term.file?));
        let file = row.map(|row| (row, renderer.view.get(row).record()));
        let profile = match &file {
            Some((row, Record::Author(file))) => Some((*row, file)),
            _ => None,
        };
        json_ld::write(head, &json_ld::author_json_ld(renderer, term, &about, profile));
    }
}

/// What is shared in the place of a photograph: a social card, or the publisher's logo. No network shows an SVG.
fn card_beside(
    renderer: &PageRenderer,
    image: Option<&ImageRef<'_>>,
    planned: Planned,
    title: &str,
) -> Option<CardRef> {
    let is_drawing = |address: &str| Format::of_name(address) == Some(Format::Svg);
    if image.is_some_and(|image| !is_drawing(&image.src)) {
        return None;
    }
    ask::card(&renderer.view, planned, title).or_else(|| {
        let publisher = json_ld::publisher(renderer);
        let address = publisher.logo_url().filter(|logo| !is_drawing(logo))?.to_owned();
        Some(CardRef { address, alt: publisher.name().to_owned(), size: None })
    })
}

fn common(renderer: &PageRenderer, head: &mut String, about: &PageMeta<'_>, title: &str) {
    let language = renderer.config.language(about.language);
    let site = &language.title;
    let canonical = &about.canonical;
    let description = if about.description.is_empty() { &language.description } else { &about.description };
    let _ = writeln!(head, "<title>{}</title>", encode_text(title));
    let mut meta = |kind: &str, name: &str, content: &str| {
        if !content.is_empty() {
            let _ = writeln!(head, "<meta {kind}=\"{name}\" content=\"{}\">", attribute(content));
        }
    };
    meta("name", "description", description);
    meta("name", "robots", if about.noindex { "noindex" } else { "max-image-preview:large" });
    for (name, content) in rights::reservation(renderer) {
        meta("name", name, &content);
    }
    meta("property", "og:type", if about.is_article { "article" } else { "website" });
    meta("property", "og:site_name", site);
    meta("property", "og:title", &about.title);
    meta("property", "og:description", description);
    meta("property", "og:url", canonical);
    meta("property", "og:locale", &language.tag.replace('-', "_"));
    let of_image = |image: &ImageRef<'_>| {
        // The widest cut is the one closest to what social networks show.
        let cut = image::cuts_of(renderer, image).into_iter().next();
        let (address, size) = match cut {
            Some((address, width, height)) => (address, Some((width, height))),
            None => (renderer.config.absolute(&image.src), image.width.zip(image.height)),
        };
        CardRef { address, alt: image.alt.to_string(), size }
    };
    let shared = about.card.clone().or_else(|| about.image.as_ref().map(of_image));
    if let Some(CardRef { address, alt, size }) = shared {
        meta("property", "og:image", &address);
        meta("property", "og:image:alt", &alt);
        if let Some((width, height)) = size {
            meta("property", "og:image:width", &width.to_string());
            meta("property", "og:image:height", &height.to_string());
        }
    }
    let is_large = about.card.as_ref().map_or(about.image.is_some(), |card| card.size.is_some());
    meta("name", "twitter:card", if is_large { "summary_large_image" } else { "summary" });
    let _ = writeln!(head, "<link rel=\"canonical\" href=\"{}\">", attribute(canonical));
}

fn article_properties(renderer: &PageRenderer, head: &mut String, id: Seen<Article>) {
    let article = renderer.view.get(id);
    let zone = &renderer.config.time_zone;
    let mut meta = |name: &str, content: &str| {
        let _ = writeln!(head, "<meta property=\"article:{name}\" content=\"{}\">", attribute(content));
    };
    meta("published_time", &article.date.rfc3339(zone));
    if article.changed > article.date {
        meta("modified_time", &article.changed.rfc3339(zone));
    }
    if let Some(section) = ask::section_of(&renderer.view, id) {
        meta("section", section.title);
    }
    for term in ask::terms_of(&renderer.view, id) {
        match term.taxonomy {
            Taxonomy::Authors if term.url.is_empty() => meta("author", term.name),
            Taxonomy::Authors => meta("author", &renderer.config.absolute(term.url)),
            Taxonomy::Tags => meta("tag", term.name),
            Taxonomy::Series => {}
        }
    }
    // One for each author, in the order of the byline. Mastodon credits one of them so far; its API has a list
    // (<https://github.com/mastodon/mastodon/pull/30398>).
    for author in ask::terms_of(&renderer.view, id).filter(|term| term.taxonomy == Taxonomy::Authors) {
        if let Some(account) = ask::account(&renderer.view, &author) {
            let _ = writeln!(head, "<meta name=\"fediverse:creator\" content=\"{}\">", attribute(&account));
        }
    }
}

/// The feeds of the site in the first of its formats, and those of a listing in all of them.
fn feed_elements(renderer: &PageRenderer, head: &mut String, language: LanguageId, listing: Option<Seen<Listing>>) {
    let site = &renderer.config.language(language).title;
    let count = if listing.is_some() { usize::MAX } else { 1 };
    let mut links = |name: &str, listing: &Listing| {
        for (format, url, media_type) in listing::feeds_of(renderer, listing).into_iter().take(count) {
            let title = format!("{name} ({format})");
            let _ = writeln!(
                head,
                "<link rel=\"alternate\" type=\"{media_type}\" title=\"{}\" href=\"{}\">",
                attribute(&title),
                attribute(&url)
            );
        }
    };
    if listing::has_site_feed(renderer)
        && let Some(front) = ask::front_page(&renderer.view, language)
    {
        links(site, front);
    }
    let listing = listing.map(|seen| (seen, renderer.view.get(seen)));
    if let Some((seen, listing)) = listing.filter(|(_, listing)| listing.scope != Scope::Front) {
        let name = match &listing.scope {
            Scope::Section(_) => {
                ask::section_listed(&renderer.view, seen).map_or("", |(section, _, _)| section.title).to_owned()
            }
            Scope::Term(..) => ask::term_of(&renderer.view, seen).map_or("", |term| term.name).to_owned(),
            Scope::Corrections => body::text_or(renderer, "corrections", "Corrections"),
            _ => String::new(),
        };
        links(&name, listing);
    }
}

/// The page in other languages, itself among them
/// (<https://developers.google.com/search/docs/specialty/international/localized-versions>): only addresses
/// under which search engines are to know the pages.
fn version_links(renderer: &PageRenderer, head: &mut String, planned: Planned) {
    let own = renderer.view.language(Subject::Output(planned));
    let versions = ask::versions(&renderer.view, planned);
    for (tag, url) in alternates(&versions, own, &renderer.config) {
        let url = renderer.config.absolute(url);
        let _ = writeln!(head, "<link rel=\"alternate\" hreflang=\"{}\" href=\"{}\">", attribute(tag), attribute(&url));
    }
    if versions.len() > 1 {
        for version in versions.iter().filter(|version| version.language != own) {
            let locale = renderer.config.language(version.language).tag.replace('-', "_");
            let _ = writeln!(head, "<meta property=\"og:locale:alternate\" content=\"{}\">", attribute(&locale));
        }
    }
}

/// The page at an old address: it leads to the new one at once, also without JavaScript.
pub(in crate::render) fn redirect(
    renderer: &PageRenderer,
    alias: &crate::plan::Alias,
    language: LanguageId,
) -> Vec<u8> {
    let to = attribute(&alias.to).into_owned();
    let canonical = attribute(&renderer.config.absolute(&alias.to)).into_owned();
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{to}</title>\n<link rel=\"canonical\" href=\"{canonical}\">\n<meta name=\"robots\" content=\"noindex\">\n<meta http-equiv=\"refresh\" content=\"0; url={to}\">\n</head>\n<body>\n<p><a href=\"{to}\">{to}</a></p>\n</body>\n</html>\n",
        attribute(&renderer.config.language(language).tag),
    )
    .into_bytes()
}

/// Breadcrumbs of an article as names and absolute addresses.
pub(in crate::render) fn trail(renderer: &PageRenderer, id: Seen<Article>, entry: &Entry<'_>) -> Vec<(String, String)> {
    let language = renderer.config.language(renderer.view.language_of_article(id));
    let front = address::encode(&renderer.config, &language.prefix);
    let mut trail = vec![(language.title.clone(), renderer.config.absolute(&front))];
    if let Some(section) = ask::section_of(&renderer.view, id) {
        trail.push((section.title.to_owned(), renderer.config.absolute(section.url)));
    }
    trail.push((entry.core.title.to_string(), renderer.config.absolute(&renderer.view.get(id).url)));
    trail
}

/// What `hreflang` says of a page in the language `own`: the languages that search engines are to know it in, and
/// the one for everybody else, which is that of the site. Nothing, if that is one language only.
pub(in crate::render) fn alternates<'a>(
    versions: &'a [Version],
    own: LanguageId,
    config: &'a Config,
) -> Vec<(&'a str, &'a str)> {
    let known = || versions.iter().filter(|version| version.is_canonical);
    if known().count() < 2 || !known().any(|version| version.language == own) {
        return Vec::new();
    }
    let tag = |version: &Version| config.language(version.language).tag.as_str();
    let mut all: Vec<(&str, &str)> = known().map(|version| (tag(version), version.url.as_str())).collect();
    let main = known().find(|version| version.language == LanguageId::MAIN);
    all.extend(main.map(|version| ("x-default", version.url.as_str())));
    all
}
