//! Teasers: what other pages may show of an article.
//!
//! A teaser is composed of parts, and each part has one `Serialize`: it makes the value that templates
//! see, and it makes the fingerprint. `Article::teaser` is the fingerprint of the parts' fingerprints. So
//! whatever a template can see of another article is in the answer that its page is checked against.

use std::borrow::Cow;

use serde::Serialize;

use super::{ArticleId, Index, LiveRef, Section, Term, image_row, images, is_kept, variants};
use crate::article::Row;
use crate::article::record::{Entry, Image, Record};
use crate::config::{Config, Taxonomy};
use crate::fingerprint::{Fingerprint, Fingerprinter};

/// What other pages may show of an article, as templates see it.
#[derive(Debug, Serialize)]
pub struct Teaser<'a> {
    /// The headline.
    pub title: &'a str,
    /// Root-relative address.
    pub url: &'a str,
    /// Absolute address.
    pub permalink: String,
    /// RFC 3339.
    pub date: Option<String>,
    /// RFC 3339.
    pub updated: Option<String>,
    /// Its section.
    pub section: Option<SectionRef<'a>>,
    /// Who wrote it.
    pub authors: Vec<AuthorRef<'a>>,
    /// Who paid for it, if it is sponsored.
    pub sponsors: Vec<&'a str>,
    /// Its tags.
    pub tags: Vec<TermRef<'a>>,
    /// Its series.
    pub series: Option<TermRef<'a>>,
    /// Plain text.
    pub summary: &'a str,
    /// Its image.
    pub image: Option<ImageRef<'a>>,
    /// `report`, `opinion` …
    pub kind: &'static str,
    /// `free` or `subscribers`.
    pub access: &'static str,
    /// Its live coverage, if it is any.
    pub live: Option<LiveRef>,
    /// Whether it is to lead.
    pub featured: bool,
    /// The language of the article.
    pub lang: &'a str,
}

/// The fingerprint of a teaser with this core and these other parts.
pub(super) fn fingerprint(core: &Fingerprint, beside: &Fingerprint) -> Fingerprint {
    Fingerprinter::new("teaser").part(core).part(beside).finish()
}

/// A section as teasers show it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct SectionRef<'a> {
    /// The folder's name.
    pub name: &'a str,
    /// The title.
    pub title: &'a str,
    /// Root-relative address.
    pub url: &'a str,
}

impl<'a> SectionRef<'a> {
    /// The section as teasers show it.
    pub fn of(section: &'a Section) -> Self {
        Self { name: &section.name, title: &section.title, url: &section.url }
    }
}

/// An author as teasers show them.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct AuthorRef<'a> {
    /// The slug.
    pub id: &'a str,
    /// The name.
    pub name: &'a str,
    /// Root-relative address; empty without author listings.
    pub url: &'a str,
}

/// A tag or series as teasers show it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct TermRef<'a> {
    /// The name.
    pub name: &'a str,
    /// Root-relative address; empty without listings.
    pub url: &'a str,
}

impl<'a> TermRef<'a> {
    /// The term as teasers show it.
    pub fn of(term: &'a Term) -> Self {
        Self { name: &term.name, url: &term.url }
    }
}

/// An image as teasers show it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ImageRef<'a> {
    /// Root-relative or absolute address: of the largest copy, if there are copies.
    pub src: String,
    /// What it shows.
    pub alt: Cow<'a, str>,
    /// What is said below it.
    pub caption: Option<Cow<'a, str>>,
    /// Who made it.
    pub credit: Option<Cow<'a, str>>,
    /// Pixels of what is at `src`, when the file is part of the site.
    pub width: Option<u32>,
    /// Pixels of what is at `src`, when the file is part of the site.
    pub height: Option<u32>,
    /// What the names of its copies begin with.
    pub picture: Option<String>,
    /// The point that must be seen, in hundredths of its width and height.
    pub focus: Option<(u8, u8)>,
    /// Whether nothing of it may be cut off.
    pub whole: bool,
}

impl<'a> ImageRef<'a> {
    /// The image of the source `path`, which is published at `url`; none if there is no such image.
    pub fn of(image: &'a Image<'_>, path: &str, url: &str, rows: &'a [Row], config: &Config) -> Option<Self> {
        let src = &*image.src;
        let is_elsewhere = src.contains("://") || src.starts_with("//") || src.starts_with("data:");
        let row = (!is_elsewhere).then(|| image_row(rows, path, src)).flatten().map(|row| &rows[row as usize]);
        let file = row.and_then(|row| match row.record() {
            Record::File(file) => file,
            _ => None,
        });
        let address = match row {
            Some(row) => file_address(&row.path, path, url, config),
            None if is_elsewhere => src.to_owned(),
            None if is_kept(config, src) => crate::config::address::of_link(config, src),
            None => return None,
        };
        let mut this = Self {
            src: address,
            alt: Cow::Borrowed(&image.alt),
            caption: image.caption.as_deref().map(Cow::Borrowed),
            credit: image.credit.as_deref().map(Cow::Borrowed),
            focus: image.focus,
            whole: image.is_whole,
            ..Self::default()
        };
        let (Some(row), Some(file)) = (row, file) else { return Some(this) };
        (this.width, this.height) = (Some(file.width), Some(file.height));
        this.picture = variants::name(row, &file, config);
        if let Some(name) = &this.picture
            && let Some((site_path, width, height)) = variants::standing_copy(name, &file, config)
        {
            this.src = crate::config::address::encode(config, &site_path);
            (this.width, this.height) = (Some(width), Some(height));
        }
        // What the photographer wrote into the file counts where the article says nothing.
        if this.alt.is_empty() {
            this.alt = file.alt.map(|alt| alt.0).unwrap_or_default();
        }
        this.caption = this.caption.or_else(|| file.caption.map(|caption| caption.0));
        this.credit = this.credit.or_else(|| file.credit.map(|credit| credit.0));
        Some(this)
    }
}

/// The address of the file `file` as seen from the source `path`: beside `url`, when it is in its bundle
/// ([`Index::beside`] tells beside what); else where files of `static/` and `content/` are.
pub fn file_address(file: &str, path: &str, url: &str, config: &Config) -> String {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_bundle = super::is_bundle_text(path, &config.bundle_names);
    let base = url.strip_prefix(&*config.base_path).unwrap_or(url);
    if is_bundle
        && folder.contains('/')
        && let Some(rest) = file.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'))
    {
        let parent = crate::site_path::folder_of(base);
        let slash = if parent.is_empty() { "" } else { "/" };
        return format!(
            "{}{parent}{slash}{}",
            config.base_path,
            crate::config::address::encode(config, rest).strip_prefix(&*config.base_path).unwrap_or(rest)
        );
    }
    let site_path = file.strip_prefix("static/").or_else(|| file.strip_prefix("content/")).unwrap_or(file);
    crate::config::address::encode(config, site_path)
}

/// An image named in the source `path`, whose page is published at `url`. There is none if the file does not exist or
/// belongs to the bundle of something withheld: its metadata is as secret as the image.
pub(crate) fn image<'a>(
    index: &'a Index,
    image: &'a Image<'_>,
    path: &str,
    url: &str,
    config: &Config,
) -> Option<ImageRef<'a>> {
    let is_hidden = image_row(&index.rows, path, &image.src)
        .is_some_and(|row| images::is_hidden(row, &index.rows, &index.roles, &index.bundle_names));
    if is_hidden { None } else { ImageRef::of(image, path, index.beside(path, url), &index.rows, config) }
}

/// The teaser of an article, from its decoded record.
pub(crate) fn teaser<'a>(index: &'a Index, id: ArticleId, entry: &'a Entry<'a>, config: &'a Config) -> Teaser<'a> {
    let article = index.article(id);
    let zone = &config.time_zone;
    let (mut authors, mut tags, mut series) = (Vec::new(), Vec::new(), None);
    for term in index.terms.of_article(id) {
        match term.taxonomy {
            Taxonomy::Authors => authors.push(AuthorRef { id: &term.slug, name: &term.name, url: &term.url }),
            Taxonomy::Tags => tags.push(TermRef::of(term)),
            Taxonomy::Series => series = Some(TermRef::of(term)),
        }
    }
    let path = &*index.rows[article.row as usize].path;
    let live = index.live.get(&id);
    Teaser {
        title: &entry.core.title,
        url: &article.url,
        permalink: config.absolute(&article.url),
        date: Some(article.date.rfc3339(zone)),
        updated: entry.core.updated.max(live.and_then(|live| live.newest)).map(|updated| updated.rfc3339(zone)),
        section: article.section.map(|section| SectionRef::of(&index.sections[section as usize])),
        authors,
        sponsors: entry.sponsors().iter().map(|name| &**name).collect(),
        tags,
        series,
        summary: &entry.core.summary,
        image: entry.image.as_ref().and_then(|one| image(index, one, path, &article.url, config)),
        kind: entry.core.kind.name(),
        access: entry.core.access.name(),
        live: live.map(|live| LiveRef::of(live, config)),
        featured: entry.core.featured,
        lang: &config.language(index.language_of(id)).tag,
    }
}
