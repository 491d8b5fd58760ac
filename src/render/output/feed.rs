//! Feeds: RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1, with whole articles and absolute addresses.
//!
//! An entry's id never changes with its slug: it is made of the host and the path of the source, or
//! given by the front matter. The feed's own date is that of its newest change, not of the build.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::Serialize;

use crate::article::record::{Access, Entry, Kind};
use crate::article::time::Timestamp;
use crate::config::{Config, FeedContent, FeedFormat, Taxonomy, address};
use crate::fingerprint::Fingerprint;
use crate::index::{Article, CorrectionEntry, ImageRef};
use crate::markdown;
use crate::plan::{Listing, Scope};
use crate::query::{Seen, TermName, ask};
use crate::render::PageRenderer;
use crate::render::template::{body, functions, listing};
use crate::source_name::without_markdown_ending;

/// One entry, before it is written in one of the formats.
struct FeedEntry {
    id: String,
    title: String,
    url: String,
    published: Timestamp,
    changed: Timestamp,
    authors: Vec<(String, Option<String>)>,
    tags: Vec<String>,
    summary: String,
    /// HTML with absolute addresses.
    content: Option<String>,
    media: Option<Media>,
}

/// The image of an entry, as Media RSS has it (<https://www.rssboard.org/media-rss>).
struct Media {
    /// Absolute.
    url: String,
    media_type: Option<&'static str>,
    size: Option<(u32, u32)>,
    /// The caption, or what the image shows.
    description: String,
    credit: String,
}

/// The namespace of Media RSS.
const MEDIA_RSS: &str = "http://search.yahoo.com/mrss/";

impl Media {
    fn of(image: &ImageRef<'_>, config: &Config) -> Self {
        let text = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(functions::plain_markdown);
        Self {
            url: config.absolute(&image.src),
            media_type: mime_guess::from_path(&*image.src).first_raw(),
            size: image.width.zip(image.height),
            description: text(image.caption.as_deref()).unwrap_or_else(|| image.alt.to_string()),
            credit: text(image.credit.as_deref()).unwrap_or_default(),
        }
    }

    /// The attributes of `media:content`.
    fn attributes(&self) -> BTreeMap<String, String> {
        let mut all = vec![("url", self.url.clone()), ("medium", "image".to_owned())];
        all.extend(self.media_type.map(|media_type| ("type", media_type.to_owned())));
        if let Some((width, height)) = self.size {
            all.extend([("width", width.to_string()), ("height", height.to_string())]);
        }
        all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// The elements in `media:content` that say something.
    fn children(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let children = [("description", &*self.description), ("credit", &*self.credit)];
        children.into_iter().filter(|(_, text)| !text.is_empty())
    }
}

/// A feed, before it is written in one of the formats.
struct Feed {
    title: String,
    description: String,
    /// Of the listing, absolute.
    url: String,
    /// Of the feed itself, absolute.
    own: String,
    changed: Option<Timestamp>,
    /// The tag of its language.
    language: String,
    entries: Vec<FeedEntry>,
}

/// The bytes of a feed.
pub(in crate::render) fn feed(renderer: &Arc<PageRenderer>, listing: Seen<Listing>, format: FeedFormat) -> Vec<u8> {
    let feed = gather(renderer, listing, format);
    match format {
        FeedFormat::Rss => rss(renderer, &feed),
        FeedFormat::Atom => atom(renderer, &feed),
        FeedFormat::Json => json_feed(renderer, &feed),
    }
}

fn gather(renderer: &Arc<PageRenderer>, seen: Seen<Listing>, format: FeedFormat) -> Feed {
    let config = &renderer.config;
    let (listing, feed) = (renderer.view.get(seen), ask::feed(&renderer.view, seen));
    let entries: Vec<FeedEntry> = if listing.scope == Scope::Corrections {
        feed.corrections.iter().rev().map(|correction| correction_entry(renderer, *correction)).collect()
    } else {
        feed.articles.into_iter().map(|id| feed_entry(renderer, id)).collect()
    };
    let heading = listing::heading(renderer, seen);
    let language = config.language(listing.language);
    let site = &language.title;
    let title = if listing.scope == Scope::Front { site.clone() } else { format!("{} | {site}", heading.title) };
    let description = if heading.description.is_empty() { &language.description } else { &heading.description };
    let path = format!("{}{}", listing.path, format.file());
    Feed {
        description: if description.is_empty() { title.clone() } else { description.clone() },
        url: config.absolute(&address::encode(config, &listing.path)),
        own: config.absolute(&address::encode(config, &path)),
        changed: entries.iter().map(|entry| entry.changed).max(),
        language: language.tag.clone(),
        entries,
        title,
    }
}

fn feed_entry(renderer: &Arc<PageRenderer>, id: Seen<Article>) -> FeedEntry {
    let config = &renderer.config;
    let (article, row) = (renderer.view.get(id), renderer.view.row(id));
    let entry = renderer.view.entry(row);
    let terms = |wanted: Taxonomy| ask::terms_of(&renderer.view, id).filter(move |term| term.taxonomy == wanted);
    let image = entry.image.as_ref().and_then(|image| ask::image(&renderer.view, image, row, &article.url));
    // What subscribers pay for is not given away in a feed.
    let is_whole = config.settings.feeds.content == FeedContent::Full && entry.core.access == Access::Free;
    let content = is_whole.then(|| {
        let body = body::body_for_feed(renderer, id);
        let mut content = feed_notes(renderer, id, &entry);
        if let Some(image) = &image {
            let src = config.absolute(&image.src);
            let (src, alt) = (markdown::attribute(&src), markdown::attribute(&image.alt));
            let _ = writeln!(content, "<p><img src=\"{src}\" alt=\"{alt}\"></p>");
        }
        content + &body.html
    });
    let author =
        |term: TermName<'_>| (term.name.to_string(), (!term.url.is_empty()).then(|| config.absolute(term.url)));
    FeedEntry {
        id: permanent_id(renderer, renderer.view.path(row), &entry),
        title: entry.core.title.to_string(),
        url: config.absolute(&article.url),
        published: article.date,
        changed: article.changed,
        authors: terms(Taxonomy::Authors).map(author).collect(),
        tags: terms(Taxonomy::Tags).map(|term| term.name.to_string()).collect(),
        summary: entry.core.summary.to_string(),
        content,
        media: image.as_ref().map(|image| Media::of(image, config)),
    }
}

/// What must stand above an article wherever it is read: that it is paid for or satire, and what in it
/// was wrong.
fn feed_notes(renderer: &Arc<PageRenderer>, id: Seen<Article>, entry: &Entry<'_>) -> String {
    let (article, row) = (renderer.view.get(id), renderer.view.row(id));
    let locale = renderer.locale(renderer.view.language_of_article(id));
    let mut notes = String::new();
    let note = match entry.core.kind {
        Kind::Sponsored => {
            Some(body::text_or(renderer, "sponsored_note", "This article was paid for by an advertiser."))
        }
        Kind::Satire => Some(body::text_or(renderer, "satire_note", "This article is satire.")),
        _ => None,
    };
    if let Some(note) = note {
        let _ = writeln!(notes, "<p><em>{}</em></p>", html_escape::encode_text(&note));
    }
    for correction in &entry.corrections {
        let label = body::text_or(renderer, "correction", "Correction");
        let date = correction.date.map(|date| date.rfc3339(&renderer.config.time_zone));
        let date = date.and_then(|date| functions::shown_date(locale, &date, "date").ok());
        let date = date.map_or_else(String::new, |date| format!(" ({date})"));
        let text = body::short_html_elsewhere(renderer, row, &article.url, &correction.text);
        let text = markdown::absolute_html(&text, &renderer.config.absolute(&article.url));
        let label = format!("<strong>{}</strong>{date}:", html_escape::encode_text(&label));
        notes.push_str(&body::paragraphs(&label, &text));
    }
    notes
}

/// A correction as an entry of the feed of corrections. Its id is made from the article's, the day and the words, so that
/// no other correction changes it, wherever it is added.
fn correction_entry(renderer: &Arc<PageRenderer>, correction: Seen<CorrectionEntry>) -> FeedEntry {
    let config = &renderer.config;
    let (id, correction) = (ask::corrected(&renderer.view, correction), renderer.view.get(correction));
    let (article, row) = (renderer.view.get(id), renderer.view.row(id));
    let entry = renderer.view.entry(row);
    let made = &entry.corrections[correction.number as usize];
    let mut id = format!("{}#correction", permanent_id(renderer, renderer.view.path(row), &entry));
    if let Some(date) = made.date {
        let (year, month, day) = date.day(&config.time_zone);
        let _ = write!(id, "-{year:04}-{month:02}-{day:02}");
    }
    let _ = write!(id, "-{}", Fingerprint::of(made.text.as_bytes()).short());
    let url = config.absolute(&article.url);
    let html = body::short_html_elsewhere(renderer, row, &article.url, &made.text);
    let summary = markdown::words(&html);
    let html = markdown::absolute_html(&html, &url);
    let headline = html_escape::encode_text(&*entry.core.title).into_owned();
    FeedEntry {
        id,
        title: format!("{}: {}", body::text_or(renderer, "correction", "Correction"), &*entry.core.title),
        url: format!("{url}#corrections"),
        published: correction.at,
        changed: correction.at,
        authors: Vec::new(),
        tags: Vec::new(),
        summary,
        content: Some(format!(
            "{}<p><a href=\"{}\">{headline}</a></p>\n",
            body::paragraphs("", &html),
            markdown::attribute(&url)
        )),
        media: None,
    }
}

/// What may stand nowhere in a URI (RFC 3986, appendix A).
const NEVER: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');
/// What may not stand in the path of one, or means something else there.
const NOT_IN_PATH: &AsciiSet = &NEVER.add(b'%').add(b'#').add(b'[').add(b']');

/// The id that an entry keeps for ever: a tag URI (RFC 4151) of the host and the source's path.
fn permanent_id(renderer: &PageRenderer, path: &str, entry: &Entry<'_>) -> String {
    if let Some(id) = &entry.id {
        // An id may have letters of any script (RFC 4287, section 4.2.6).
        let encode =
            |c: char| if c.is_ascii() { utf8_percent_encode(&c.to_string(), NEVER).to_string() } else { c.into() };
        return id.chars().map(encode).collect();
    }
    let host = renderer.config.origin.split("://").nth(1).unwrap_or("localhost");
    // An address of version 6 has colons of its own.
    let host = match host.strip_prefix('[').and_then(|host| host.split(']').next()) {
        Some(address) => address,
        None => host.split(':').next().unwrap_or(host),
    };
    let name = path.strip_prefix("content/").unwrap_or(path);
    let name = without_markdown_ending(name).unwrap_or(name);
    // A bundle keeps the id of the file that it was: `a/index.de.md` that of `a.de.md`.
    let name = match name.rsplit_once("/index") {
        Some((bundle, language)) if language.is_empty() || language.starts_with('.') => format!("{bundle}{language}"),
        _ => name.to_owned(),
    };
    format!("tag:{host},2000:{}", utf8_percent_encode(&name, NOT_IN_PATH))
}

fn rss(renderer: &PageRenderer, feed: &Feed) -> Vec<u8> {
    use rss::extension::ExtensionBuilder;
    let zone = &renderer.config.time_zone;
    let items = feed.entries.iter().map(|entry| {
        // RSS has no word for an update; Atom's is understood.
        let updated = ExtensionBuilder::default().name("atom:updated").value(Some(entry.changed.rfc3339(zone))).build();
        let mut extensions = BTreeMap::new();
        if entry.changed > entry.published {
            let updated = BTreeMap::from([("updated".to_owned(), vec![updated])]);
            extensions.insert("atom".to_owned(), updated);
        }
        if let Some(media) = &entry.media {
            let child = |(name, text): (&str, &str)| {
                let text = Some(xml(text).into_owned());
                let child = ExtensionBuilder::default().name(format!("media:{name}")).value(text).build();
                (name.to_owned(), vec![child])
            };
            let mut content = ExtensionBuilder::default();
            content.name("media:content").attrs(media.attributes());
            content.children(media.children().map(child).collect::<BTreeMap<_, _>>());
            let content = BTreeMap::from([("content".to_owned(), vec![content.build()])]);
            extensions.insert("media".to_owned(), content);
        }
        let category = |tag: &String| rss::CategoryBuilder::default().name(xml(tag).into_owned()).build();
        let creators: Vec<String> = entry.authors.iter().map(|(name, _)| xml(name).into_owned()).collect();
        let dublin_core = rss::extension::dublincore::DublinCoreExtensionBuilder::default().creators(creators).build();
        rss::ItemBuilder::default()
            .title(Some(xml(&entry.title).into_owned()))
            .link(Some(entry.url.clone()))
            .guid(Some(rss::GuidBuilder::default().value(entry.id.clone()).permalink(false).build()))
            .pub_date(Some(entry.published.rfc2822(zone)))
            .dublin_core_ext((!entry.authors.is_empty()).then_some(dublin_core))
            .categories(entry.tags.iter().map(category).collect::<Vec<_>>())
            .description(Some(as_html(&entry.summary)))
            .extensions(extensions)
            .content(entry.content.as_deref().map(|content| xml(content).into_owned()))
            .build()
    });
    let link = |attributes: &[(&str, &str)]| {
        let attributes = attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        ExtensionBuilder::default().name("atom:link").attrs(attributes.collect::<BTreeMap<_, _>>()).build()
    };
    let mut links = vec![link(&[("href", &feed.own), ("rel", "self"), ("type", FeedFormat::Rss.media_type())])];
    let hubs = renderer.config.settings.deploy.hubs();
    links.extend(hubs.into_iter().map(|hub| link(&[("href", hub), ("rel", "hub")])));
    let extensions = BTreeMap::from([("atom".to_owned(), BTreeMap::from([("link".to_owned(), links)]))]);
    let channel = rss::ChannelBuilder::default()
        .namespaces(BTreeMap::from([
            ("atom".to_owned(), "http://www.w3.org/2005/Atom".to_owned()),
            ("media".to_owned(), MEDIA_RSS.to_owned()),
        ]))
        .title(xml(&feed.title))
        .link(feed.url.clone())
        .description(as_html(&feed.description))
        .language(Some(feed.language.clone()))
        .last_build_date(feed.changed.map(|changed| changed.rfc2822(zone)))
        .generator(Some("courant".to_owned()))
        .extensions(extensions)
        .items(items.collect::<Vec<_>>())
        .build();
    let mut bytes = channel.write_to(Vec::new()).expect("writing to memory does not fail");
    bytes.push(b'\n');
    bytes
}

fn atom(renderer: &PageRenderer, feed: &Feed) -> Vec<u8> {
    use atom_syndication::extension::ExtensionBuilder;
    use atom_syndication::{
        CategoryBuilder, ContentBuilder, EntryBuilder, FeedBuilder, GeneratorBuilder, LinkBuilder, PersonBuilder, Text,
    };
    let link = |relation: &str, href: &str, media_type: &str| {
        LinkBuilder::default().rel(relation).href(href.to_owned()).mime_type(Some(media_type.to_owned())).build()
    };
    let person =
        |(name, uri): &(String, Option<String>)| PersonBuilder::default().name(xml(name)).uri(uri.clone()).build();
    let moment = |at: Timestamp| {
        let text = at.rfc3339(&renderer.config.time_zone);
        text.parse::<atom_syndication::FixedDateTime>().unwrap_or_default()
    };
    let settings = &renderer.config.settings;
    let publisher = settings.publisher.as_ref().map_or(&settings.title, |publisher| &publisher.name);
    let publisher = [(publisher.clone(), None)];
    let entries = feed.entries.iter().map(|entry| {
        let authors = if entry.authors.is_empty() { &publisher[..] } else { &entry.authors };
        let category = |tag: &String| CategoryBuilder::default().term(xml(tag)).build();
        let content = entry.content.as_deref().map(|content| {
            ContentBuilder::default()
                .content_type(Some("html".to_owned()))
                .value(Some(xml(content).into_owned()))
                .build()
        });
        let extensions = entry.media.iter().map(|media| {
            let child = |(name, text): (&str, &str)| {
                let text = Some(xml(text).into_owned());
                let child = ExtensionBuilder::default().name(format!("media:{name}")).value(text).build();
                (name.to_owned(), vec![child])
            };
            let mut content = ExtensionBuilder::default();
            // Unlike the writer of RSS, this one writes attributes of extensions as they are.
            let attributes = media.attributes().into_iter();
            let escaped = |text: &str| html_escape::encode_double_quoted_attribute(text).into_owned();
            let attributes = attributes.map(|(name, value)| (name, escaped(&value)));
            content.name("media:content").attrs(attributes.collect::<BTreeMap<_, _>>());
            content.children(media.children().map(child).collect::<BTreeMap<_, _>>());
            ("media".to_owned(), BTreeMap::from([("content".to_owned(), vec![content.build()])]))
        });
        EntryBuilder::default()
            .extensions(extensions.collect::<BTreeMap<_, _>>())
            .title(Text::plain(xml(&entry.title)))
            .id(entry.id.clone())
            .updated(moment(entry.changed))
            .published(Some(moment(entry.published)))
            .authors(authors.iter().map(person).collect::<Vec<_>>())
            .categories(entry.tags.iter().map(category).collect::<Vec<_>>())
            .links(vec![link("alternate", &entry.url, "text/html")])
            .summary((!entry.summary.is_empty()).then(|| Text::plain(xml(&entry.summary))))
            .content(content)
            .build()
    });
    let mut links =
        vec![link("self", &feed.own, FeedFormat::Atom.media_type()), link("alternate", &feed.url, "text/html")];
    let hubs = renderer.config.settings.deploy.hubs();
    links.extend(hubs.into_iter().map(|hub| LinkBuilder::default().rel("hub").href(hub.to_owned()).build()));
    let atom = FeedBuilder::default()
        .namespaces(BTreeMap::from([("media".to_owned(), MEDIA_RSS.to_owned())]))
        .title(Text::plain(xml(&feed.title)))
        .subtitle(Some(Text::plain(xml(&feed.description))))
        .id(feed.own.clone())
        .updated(moment(feed.changed.unwrap_or_default()))
        .links(links)
        .generator(Some(GeneratorBuilder::default().value("courant").build()))
        .lang(Some(feed.language.clone()))
        .entries(entries.collect::<Vec<_>>())
        .build();
    let mut bytes = atom.write_to(Vec::new()).expect("writing to memory does not fail");
    bytes.push(b'\n');
    bytes
}

fn json_feed(renderer: &PageRenderer, feed: &Feed) -> Vec<u8> {
    #[derive(Serialize)]
    struct Json<'a> {
        version: &'static str,
        title: &'a str,
        home_page_url: &'a str,
        feed_url: &'a str,
        description: &'a str,
        language: &'a str,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        hubs: Vec<Hub<'a>>,
        items: Vec<Item<'a>>,
    }
    #[derive(Serialize)]
    struct Hub<'a> {
        r#type: &'static str,
        url: &'a str,
    }
    #[derive(Serialize)]
    struct Item<'a> {
        id: &'a str,
        url: &'a str,
        title: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        content_html: Option<Cow<'a, str>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        content_text: Option<&'a str>,
        #[serde(skip_serializing_if = "str::is_empty")]
        summary: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        image: Option<&'a str>,
        date_published: String,
        date_modified: String,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        authors: Vec<Author<'a>>,
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        tags: &'a [String],
    }
    #[derive(Serialize)]
    struct Author<'a> {
        name: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        url: Option<&'a str>,
    }
    let zone = &renderer.config.time_zone;
    let items = feed.entries.iter().map(|entry| Item {
        id: &entry.id,
        url: &entry.url,
        title: &entry.title,
        content_html: entry.content.as_deref().map(xml),
        content_text: entry.content.is_none().then_some(entry.summary.as_str()),
        summary: &entry.summary,
        image: entry.media.as_ref().map(|media| &*media.url),
        date_published: entry.published.rfc3339(zone),
        date_modified: entry.changed.rfc3339(zone),
        authors: entry.authors.iter().map(|(name, url)| Author { name, url: url.as_deref() }).collect(),
        tags: &entry.tags,
    });
    let json = Json {
        version: "https://jsonfeed.org/version/1.1",
        title: &feed.title,
        home_page_url: &feed.url,
        feed_url: &feed.own,
        description: &feed.description,
        language: &feed.language,
        hubs: renderer.config.settings.deploy.hubs().into_iter().map(|url| Hub { r#type: "WebSub", url }).collect(),
        items: items.collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&json).expect("strings serialise");
    bytes.push(b'\n');
    bytes
}

/// Text without the characters that XML 1.0 forbids. (Escaping is the writers' business.)
fn xml(text: &str) -> Cow<'_, str> {
    if crate::text::has_forbidden(text) {
        Cow::Owned(text.replace(crate::text::is_forbidden, ""))
    } else {
        Cow::Borrowed(text)
    }
}

/// Plain text as HTML, which readers of RSS take a description for.
fn as_html(text: &str) -> String {
    html_escape::encode_text(&xml(text)).into_owned()
}
