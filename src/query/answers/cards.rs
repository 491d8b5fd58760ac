//! Social cards: whether there are any, what is on them, and under which address they are shared.
//!
//! The address changes with the teaser, the template and the fonts, since social networks keep what they have fetched.

use super::Answer;
use crate::article::Row;
use crate::article::record::Record;
use crate::config::LanguageId;
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::plan::{Listing, Scope, cards as plan};
use crate::query::{Seen, Site, answers};
use crate::theme::Asset;
use crate::theme::interface::CARD_TEMPLATE;

/// A card that a page shows.
#[derive(Clone)]
pub(crate) struct CardRef {
    /// Absolute.
    pub(crate) address: String,
    /// What is on it.
    pub(crate) alt: String,
    /// Pixels, of what is drawn here.
    pub(crate) size: Option<(u32, u32)>,
}

/// What is on the card of a listing.
pub(crate) struct ListingCard {
    pub(crate) language: LanguageId,
    pub(crate) title: String,
    /// Its introduction is not on the card.
    pub(crate) description: String,
}

impl Answer for ListingCard {
    fn fingerprint(&self, site: &Site) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("listing card");
        fingerprint.part(&card(site)).text(&self.title).text(&self.description);
        fingerprint.text(&site.config.language(self.language).title).finish()
    }
}

/// Where the bytes of a file are.
#[derive(Clone, Copy)]
pub(crate) enum FileBytes<'a> {
    /// In a source.
    Row(Seen<Row>),
    /// In the program.
    BuiltIn(&'a Asset),
}

impl<'a> From<&'a Asset> for FileBytes<'a> {
    fn from(asset: &'a Asset) -> Self {
        asset.row.map_or(Self::BuiltIn(asset), |row| Self::Row(Seen::new(row)))
    }
}

/// A file that a card shows.
pub(in crate::query) struct CardFile<'a> {
    pub(in crate::query) bytes: FileBytes<'a>,
    content: Fingerprint,
}

impl Answer for CardFile<'_> {
    fn fingerprint(&self, _: &Site) -> Fingerprint {
        self.content
    }
}

/// The source from which paths in cards are seen.
const FRONT: &str = "content/_index.md";

/// What all cards are drawn with.
pub(in crate::query) fn card(site: &Site) -> Fingerprint {
    let mut fingerprint = Fingerprinter::new("card");
    fingerprint.number(plan::are_wanted(&site.config, &site.theme).into());
    fingerprint.part(&site.theme.reach(CARD_TEMPLATE)).part(&site.theme.fonts_fingerprint());
    fingerprint.finish()
}

/// What is on the card of a listing.
pub(in crate::query) fn listing_card(site: &Site, listing: &Listing) -> ListingCard {
    let language = listing.language;
    if let Scope::Section(section) = listing.scope {
        let section = &site.index.sections[section as usize];
        let (title, description) = (section.title.to_string(), section.description.to_string());
        return ListingCard { language, title, description };
    }
    let own = site.config.language(language);
    let file = answers::front_file(site, language).map(|row| site.index.rows[row as usize].record());
    let (title, description) = match &file {
        Some(Record::Section(file)) => (file.title.as_deref(), &*file.description),
        _ => (None, ""),
    };
    let description = if description.is_empty() { &*own.description } else { description };
    let title = title.unwrap_or(&own.title).to_owned();
    ListingCard { language, title, description: description.to_owned() }
}

/// What a path in a card means: with a slash in front a file of the site, without a file of the theme.
pub(in crate::query) fn bytes_in_card<'a>(site: &'a Site, href: &str) -> Option<CardFile<'a>> {
    if href.starts_with('/') {
        let row = answers::file_row(site, FRONT, href)?;
        let content = site.index.rows[row as usize].content;
        return Some(CardFile { bytes: FileBytes::Row(Seen::new(row)), content });
    }
    site.theme.asset(href).map(|asset| CardFile { bytes: asset.into(), content: asset.fingerprint })
}
