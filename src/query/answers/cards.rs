//! Social cards: whether there are any, what is on them, and under which address they are shared.
//!
//! The address changes with the teaser, the template and the fonts, since social networks keep what they have fetched.

use super::Answer;
use crate::article::Row;
use crate::article::record::Record;
use crate::cards;
use crate::config::{LanguageId, address};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::plan::{Listing, Scope, cards as plan};
use crate::query::seen::Part;
use crate::query::{Planned, Question, Seen, Site, View};
use crate::site_path;
use crate::theme::Asset;
use crate::theme::interface::CARD_TEMPLATE;

/// A card that a page shows.
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
        fingerprint.part(&site.card()).text(&self.title).text(&self.description);
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
pub(super) struct CardFile<'a> {
    bytes: FileBytes<'a>,
    content: Fingerprint,
}

impl Answer for CardFile<'_> {
    fn fingerprint(&self, _: &Site) -> Fingerprint {
        self.content
    }
}

/// The source from which paths in cards are seen.
const FRONT: &str = "content/_index.md";

impl Site {
    /// What all cards are drawn with.
    pub(super) fn card(&self) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("card");
        fingerprint.number(plan::are_wanted(&self.config, &self.theme).into());
        fingerprint.part(&self.theme.reach(CARD_TEMPLATE)).part(&self.theme.fonts_fingerprint());
        fingerprint.finish()
    }

    /// What is on the card of a listing.
    pub(super) fn listing_card(&self, listing: &Listing) -> ListingCard {
        let language = listing.language;
        if let Scope::Section(section) = listing.scope {
            let section = &self.index.sections[section as usize];
            let (title, description) = (section.title.to_string(), section.description.to_string());
            return ListingCard { language, title, description };
        }
        let own = self.config.language(language);
        let file = self.front_file(language).map(|row| self.index.rows[row as usize].record());
        let (title, description) = match &file {
            Some(Record::Section(file)) => (file.title.as_deref(), &*file.description),
            _ => (None, ""),
        };
        let description = if description.is_empty() { &*own.description } else { description };
        let title = title.unwrap_or(&own.title).to_owned();
        ListingCard { language, title, description: description.to_owned() }
    }

    /// What a path in a card means: with a slash in front a file of the site, without a file of the theme.
    pub(super) fn bytes_in_card(&self, href: &str) -> Option<CardFile<'_>> {
        if href.starts_with('/') {
            let row = self.file_row(FRONT, href)?;
            let content = self.index.rows[row as usize].content;
            return Some(CardFile { bytes: FileBytes::Row(Seen::new(row)), content });
        }
        self.theme.asset(href).map(|asset| CardFile { bytes: asset.into(), content: asset.fingerprint })
    }
}

impl View {
    /// Records that the page in work depends on what cards are drawn with.
    pub(crate) fn ask_cards(&self) -> Fingerprint {
        self.ask(Question::Card, self.site.card())
    }

    /// The card that the page in work shows: its own, or that of its section or front page; none where there are no
    /// cards.
    pub(crate) fn card(&self, planned: Planned, title: &str) -> Option<CardRef> {
        let drawn_with = self.ask_cards();
        let Site { config, index, plan, .. } = &*self.site;
        if let Part::Article(id) = planned.part()
            && plan.cards.has(id.at)
        {
            let article = self.get(id);
            let mut version = Fingerprinter::new("version");
            version.part(&drawn_with).part(&article.teaser);
            version.text(&config.language(index.language_of(id.at)).title);
            let address = site_path::beside(&article.url, plan::FILE);
            let address = format!("{}?v={}", config.absolute(&address), version.finish().short());
            return Some(CardRef { address, alt: title.to_owned(), size: Some(cards::SIZE) });
        }
        let listing = plan.shared_card(planned.output(), index, config)?;
        let card = self.ask(Question::ListingCard(listing.path.clone()), self.site.listing_card(listing));
        let address = config.absolute(&address::encode(config, &plan.card_path(listing)));
        let address = format!("{address}?v={}", card.fingerprint(&self.site).short());
        Some(CardRef { address, alt: card.title, size: Some(cards::SIZE) })
    }

    /// What is on the card of a listing.
    pub(crate) fn listing_card(&self, listing: Seen<Listing>) -> ListingCard {
        let listing = self.get(listing);
        self.ask(Question::ListingCard(listing.path.clone()), self.site.listing_card(listing))
    }

    /// A file that a card shows, and the fingerprint of its bytes.
    pub(crate) fn bytes_in_card(&self, href: &str) -> (Option<FileBytes<'_>>, Fingerprint) {
        let file = self.ask(Question::Bytes(href.into()), self.site.bytes_in_card(href));
        (file.as_ref().map(|file| file.bytes), file.fingerprint(&self.site))
    }
}
