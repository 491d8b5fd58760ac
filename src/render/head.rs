//! `head()`: everything in a page's head that machines read, from typed values.
//!
//! Title, description, canonical address, OpenGraph and X card, feeds, neighbours of listings, and
//! JSON-LD. A theme adds its stylesheet and is done.

use std::fmt::Write as _;
use std::sync::Arc;

use html_escape::{encode_double_quoted_attribute as attribute, encode_text};

use super::scope;
use super::{PageRenderer, json_ld, subject};
use crate::article::record::{Entry, Record};
use crate::config::address;
use crate::config::{Config, LanguageId, Taxonomy};
use crate::index::{Article, ImageRef};
use crate::original::Format;
use crate::plan::{Listing, Output, Scope, Version};
use crate::query::{CardRef, Part, Planned, Seen, Subject};

/// The name by which the head of a notice says when its article was withdrawn, for those who answer with its status.
pub(crate) const WITHDRAWN: &str = "withdrawn";

/// What a page says of itself.
pub(super) struct PageMeta<'a> {
    pub(super) title: String,
    pub(super) description: String,
    pub(super) language: LanguageId,
    /// Root-relative.
    pub(super) url: String,
    /// The address under which search engines are to know it, absolute.
    pub(super) canonical: String,
    pub(super) image: Option<ImageRef<'a>>,
    /// The social card, if no photograph is shared.
    pub(super) card: Option<CardRef>,
    pub(super) is_article: bool,
    /// Whether search engines are asked not to list it.
    pub(super) noindex: bool,
}

/// The head of a page that search engines are not to show.
fn unlisted_head(title: &str, site: &str, robots: &str) -> String {
    let (title, site) = (encode_text(title), encode_text(site));
    format!("<title>{title} | {site}</title>\n<meta name=\"robots\" content=\"{robots}\">\n")
}

impl PageRenderer {
    /// The elements of the page's head.
    pub(super) fn head(self: &Arc<Self>, subject: Subject) -> String {
        let config = &self.config;
        let language = self.view.language(subject);
        let site = &config.language(language).title;
        let url = self.view.url(subject);
        let mut head = String::with_capacity(4096);
        let Subject::Output(planned) = subject else { return head };
        match planned.part() {
            Part::Article(id) => {
                let row = self.view.row(id);
                let entry = self.view.entry(row);
                let image = entry.image.as_ref().and_then(|image| self.view.image(image, row, &url));
                let about = PageMeta {
                    title: entry.core.title.to_string(),
                    description: entry.core.summary.to_string(),
                    canonical: self.canonical(entry.canonical.as_deref(), &url),
                    language,
                    url,
                    card: self.card_beside(image.as_ref(), planned, &entry.core.title),
                    image,
                    is_article: true,
                    noindex: entry.noindex,
                };
                self.common(&mut head, &about, &format!("{} | {site}", about.title));
                self.article_properties(&mut head, id);
                self.feed_elements(&mut head, language, None);
                self.version_links(&mut head, planned);
                let updates = scope::live_updates();
                json_ld::write(&mut head, &self.article_json_ld(id, &entry, &about, &updates));
                json_ld::write(&mut head, &self.breadcrumbs_of_article(id, &entry));
            }
            Part::Page(at) => {
                let row = self.view.row(at);
                let entry = self.view.entry(row);
                let image = entry.image.as_ref().and_then(|image| self.view.image(image, row, &url));
                let about = PageMeta {
                    title: entry.core.title.to_string(),
                    description: entry.core.summary.to_string(),
                    canonical: self.canonical(entry.canonical.as_deref(), &url),
                    language,
                    url,
                    card: self.card_beside(image.as_ref(), planned, &entry.core.title),
                    image,
                    is_article: false,
                    noindex: entry.noindex,
                };
                self.common(&mut head, &about, &format!("{} | {site}", about.title));
                self.feed_elements(&mut head, language, None);
                self.version_links(&mut head, planned);
                json_ld::write(&mut head, &self.page_json_ld(&about));
            }
            Part::Listing(listing, number) => {
                let card = self.card_beside(None, planned, "");
                self.listing_head(&mut head, planned, listing, number, (url, card));
            }
            Part::Other(Output::NotFound(_)) => {
                head = unlisted_head(&self.text_or("not_found_title", "Page not found"), site, "noindex");
            }
            Part::Notice(at) => {
                let date = self.view.get(at).date.rfc3339(&config.time_zone);
                head = unlisted_head(&self.text_or("withdrawn_title", subject::WITHDRAWN), site, "noindex");
                let _ = writeln!(head, "<meta name=\"{WITHDRAWN}\" content=\"{date}\">");
            }
            Part::Other(Output::Search(_)) => {
                head = unlisted_head(&self.text_or("search", "Search"), site, "noindex, follow");
                self.feed_elements(&mut head, language, None);
            }
            Part::Other(output @ (Output::Terms(..) | Output::Year(..) | Output::Archive(_))) => {
                let title = match output {
                    Output::Terms(_, taxonomy) => {
                        self.text_or(taxonomy.name(), &crate::article::title_of_name(taxonomy.name()))
                    }
                    Output::Year(_, year) => self.locale(language).year(year),
                    _ => self.text_or("archive", "Archive"),
                };
                let about = PageMeta {
                    description: String::new(),
                    canonical: config.absolute(&url),
                    language,
                    url,
                    card: self.card_beside(None, planned, &title),
                    image: None,
                    is_article: false,
                    noindex: false,
                    title,
                };
                self.common(&mut head, &about, &format!("{} | {site}", about.title));
                self.feed_elements(&mut head, language, None);
                self.version_links(&mut head, planned);
            }
            _ => {}
        }
        head
    }

    /// The address under which search engines are to know the page at `url`; its own, where front matter names none, or one
    /// of something withheld.
    fn canonical(&self, named: Option<&str>, url: &str) -> String {
        let named = named.and_then(|named| self.view.visible_link(url, named));
        self.config.absolute(named.as_deref().unwrap_or(url))
    }

    fn listing_head(
        self: &Arc<Self>,
        head: &mut String,
        planned: Planned,
        seen: Seen<Listing>,
        number: u32,
        (url, card): (String, Option<CardRef>),
    ) {
        let listing = self.view.get(seen);
        let site = &self.config.language(listing.language).title;
        let heading = self.heading(seen);
        let about = PageMeta {
            title: heading.title,
            description: heading.description,
            canonical: self.config.absolute(&url),
            language: listing.language,
            url,
            image: None,
            card,
            is_article: false,
            noindex: false,
        };
        let page = match number {
            0 => String::new(),
            number => {
                let words = self.text_or("page_number", "Page {number}");
                format!(" ({})", words.replace("{number}", &self.locale(listing.language).integer(number.into())))
            }
        };
        let title = match listing.scope {
            Scope::Front if about.title == *site => format!("{site}{page}"),
            _ => format!("{}{page} | {site}", about.title),
        };
        self.common(head, &about, &title);
        let page = self.view.listing_page(seen, number);
        for (relation, link) in [("prev", page.newer), ("next", page.older)] {
            if let Some(link) = link {
                let _ = writeln!(head, "<link rel=\"{relation}\" href=\"{}\">", attribute(&link));
            }
        }
        self.feed_elements(head, listing.language, Some(seen));
        if number == 0 {
            self.version_links(head, planned);
        }
        if listing.scope == Scope::Front {
            json_ld::write(head, &self.site_json_ld(listing.language));
            json_ld::write(head, &json_ld::PublisherBlock::of(self.publisher()));
        } else if let Scope::Term(Taxonomy::Authors, _) = &listing.scope {
            let term = self.view.term_of(seen);
            let row = term.and_then(|term| self.view.profile(term.file?));
            let file = row.map(|row| (row, self.view.get(row).record()));
            let profile = match &file {
                Some((row, Record::Author(file))) => Some((*row, file)),
                _ => None,
            };
            json_ld::write(head, &self.author_json_ld(term, &about, profile));
        }
    }

    /// What is shared in the place of a photograph: a social card, or the publisher's logo. No network shows an SVG.
    fn card_beside(&self, image: Option<&ImageRef<'_>>, planned: Planned, title: &str) -> Option<CardRef> {
        let is_drawing = |address: &str| Format::of_name(address) == Some(Format::Svg);
        if image.is_some_and(|image| !is_drawing(&image.src)) {
            return None;
        }
        self.view.card(planned, title).or_else(|| {
            let publisher = self.publisher();
            let address = publisher.logo_url().filter(|logo| !is_drawing(logo))?.to_owned();
            Some(CardRef { address, alt: publisher.name().to_owned(), size: None })
        })
    }

    fn common(&self, head: &mut String, about: &PageMeta<'_>, title: &str) {
        let language = self.config.language(about.language);
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
        for (name, content) in self.reservation() {
            meta("name", name, &content);
        }
        meta("property", "og:type", if about.is_article { "article" } else { "website" });
        meta("property", "og:site_name", site);
        meta("property", "og:title", &about.title);
        meta("property", "og:description", description);
        meta("property", "og:url", canonical);
        meta("property", "og:locale", &language.tag.replace('-', "_"));
        if let Some(card) = &about.card {
            meta("property", "og:image", &card.address);
            meta("property", "og:image:alt", &card.alt);
            if let Some((width, height)) = card.size {
                meta("property", "og:image:width", &width.to_string());
                meta("property", "og:image:height", &height.to_string());
            }
        } else if let Some(image) = &about.image {
            // The widest cut is the one closest to what social networks show.
            let cut = self.cuts_of(image).into_iter().next();
            let size = cut.as_ref().map(|(_, width, height)| (*width, *height)).or(image.width.zip(image.height));
            let address = cut.map_or_else(|| self.config.absolute(&image.src), |(address, _, _)| address);
            meta("property", "og:image", &address);
            meta("property", "og:image:alt", &image.alt);
            if let Some((width, height)) = size {
                meta("property", "og:image:width", &width.to_string());
                meta("property", "og:image:height", &height.to_string());
            }
        }
        let is_large = about.card.as_ref().map_or(about.image.is_some(), |card| card.size.is_some());
        meta("name", "twitter:card", if is_large { "summary_large_image" } else { "summary" });
        let _ = writeln!(head, "<link rel=\"canonical\" href=\"{}\">", attribute(canonical));
    }

    fn article_properties(&self, head: &mut String, id: Seen<Article>) {
        let article = self.view.get(id);
        let zone = &self.config.time_zone;
        let mut meta = |name: &str, content: &str| {
            let _ = writeln!(head, "<meta property=\"article:{name}\" content=\"{}\">", attribute(content));
        };
        meta("published_time", &article.date.rfc3339(zone));
        if article.changed > article.date {
            meta("modified_time", &article.changed.rfc3339(zone));
        }
        if let Some(section) = self.view.section_of(id) {
            meta("section", section.title);
        }
        for term in self.view.terms_of(id) {
            match term.taxonomy {
                Taxonomy::Authors if term.url.is_empty() => meta("author", term.name),
                Taxonomy::Authors => meta("author", &self.config.absolute(term.url)),
                Taxonomy::Tags => meta("tag", term.name),
                Taxonomy::Series => {}
            }
        }
        // One for each author, in the order of the byline. Mastodon credits one of them so far; its API has a list
        // (<https://github.com/mastodon/mastodon/pull/30398>).
        for author in self.view.terms_of(id).filter(|term| term.taxonomy == Taxonomy::Authors) {
            if let Some(account) = self.view.account(&author) {
                let _ = writeln!(head, "<meta name=\"fediverse:creator\" content=\"{}\">", attribute(&account));
            }
        }
    }

    /// The feeds of the site in the first of its formats, and those of a listing in all of them.
    fn feed_elements(&self, head: &mut String, language: LanguageId, listing: Option<Seen<Listing>>) {
        let site = &self.config.language(language).title;
        let count = if listing.is_some() { usize::MAX } else { 1 };
        let mut links = |name: &str, listing: &Listing| {
            for (format, url, media_type) in self.feeds_of(listing).into_iter().take(count) {
                let title = format!("{name} ({format})");
                let _ = writeln!(
                    head,
                    "<link rel=\"alternate\" type=\"{media_type}\" title=\"{}\" href=\"{}\">",
                    attribute(&title),
                    attribute(&url)
                );
            }
        };
        if self.has_site_feed()
            && let Some(front) = self.view.front_page(language)
        {
            links(site, front);
        }
        let listing = listing.map(|seen| (seen, self.view.get(seen)));
        if let Some((seen, listing)) = listing.filter(|(_, listing)| listing.scope != Scope::Front) {
            let name = match &listing.scope {
                Scope::Section(_) => {
                    self.view.section_listed(seen).map_or("", |(section, _, _)| section.title).to_owned()
                }
                Scope::Term(..) => self.view.term_of(seen).map_or("", |term| term.name).to_owned(),
                Scope::Corrections => self.text_or("corrections", "Corrections"),
                _ => String::new(),
            };
            links(&name, listing);
        }
    }

    /// The page in other languages, itself among them
    /// (<https://developers.google.com/search/docs/specialty/international/localized-versions>): only addresses
    /// under which search engines are to know the pages.
    fn version_links(&self, head: &mut String, planned: Planned) {
        let own = self.view.language(Subject::Output(planned));
        let versions = self.view.versions(planned);
        for (tag, url) in alternates(&versions, own, &self.config) {
            let url = self.config.absolute(url);
            let _ =
                writeln!(head, "<link rel=\"alternate\" hreflang=\"{}\" href=\"{}\">", attribute(tag), attribute(&url));
        }
        if versions.len() > 1 {
            for version in versions.iter().filter(|version| version.language != own) {
                let locale = self.config.language(version.language).tag.replace('-', "_");
                let _ = writeln!(head, "<meta property=\"og:locale:alternate\" content=\"{}\">", attribute(&locale));
            }
        }
    }

    /// The page at an old address: it leads to the new one at once, also without JavaScript.
    pub(super) fn redirect(&self, alias: &crate::plan::Alias, language: LanguageId) -> Vec<u8> {
        let to = attribute(&alias.to).into_owned();
        let canonical = attribute(&self.config.absolute(&alias.to)).into_owned();
        format!(
            "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{to}</title>\n<link rel=\"canonical\" href=\"{canonical}\">\n<meta name=\"robots\" content=\"noindex\">\n<meta http-equiv=\"refresh\" content=\"0; url={to}\">\n</head>\n<body>\n<p><a href=\"{to}\">{to}</a></p>\n</body>\n</html>\n",
            attribute(&self.config.language(language).tag),
        )
        .into_bytes()
    }

    /// Breadcrumbs of an article as names and absolute addresses.
    pub(super) fn trail(&self, id: Seen<Article>, entry: &Entry<'_>) -> Vec<(String, String)> {
        let language = self.config.language(self.view.language_of_article(id));
        let front = address::encode(&self.config, &language.prefix);
        let mut trail = vec![(language.title.clone(), self.config.absolute(&front))];
        if let Some(section) = self.view.section_of(id) {
            trail.push((section.title.to_owned(), self.config.absolute(section.url)));
        }
        trail.push((entry.core.title.to_string(), self.config.absolute(&self.view.get(id).url)));
        trail
    }
}

/// What `hreflang` says of a page in the language `own`: the languages that search engines are to know it in, and
/// the one for everybody else, which is that of the site. Nothing, if that is one language only.
pub(super) fn alternates<'a>(versions: &'a [Version], own: LanguageId, config: &'a Config) -> Vec<(&'a str, &'a str)> {
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
