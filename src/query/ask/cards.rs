//! Social cards.

use crate::config::address;
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::plan::{Listing, cards as plan};
use crate::query::answers::{Answer as _, CardRef, FileBytes, ListingCard};
use crate::query::{Part, Planned, Question, Seen, Site, View, answers};
use crate::{cards, site_path};

/// Records that the page in work depends on what cards are drawn with.
pub(crate) fn drawn_with(view: &View) -> Fingerprint {
    view.ask(Question::Card, answers::card(&view.site))
}

/// The card that the page in work shows: its own, or that of its section or front page; none where there are no
/// cards.
pub(crate) fn card(view: &View, planned: Planned, title: &str) -> Option<CardRef> {
    let drawn_with = drawn_with(view);
    let Site { config, index, plan, .. } = &*view.site;
    if let Part::Article(id) = planned.part()
        && plan.cards.has(id.at)
    {
        let article = view.get(id);
        let mut version = Fingerprinter::new("version");
        version.part(&drawn_with).part(&article.teaser);
        version.text(&config.language(index.language_of(id.at)).title);
        let address = site_path::beside(&article.url, plan::FILE);
        let address = format!("{}?v={}", config.absolute(&address), version.finish().short());
        return Some(CardRef { address, alt: title.to_owned(), size: Some(cards::SIZE) });
    }
    let listing = plan.shared_card(planned.output(), index, config)?;
    let card = view.ask(Question::ListingCard(listing.path.clone()), answers::listing_card(&view.site, listing));
    let address = config.absolute(&address::encode(config, &plan.card_path(listing)));
    let address = format!("{address}?v={}", card.fingerprint(&view.site).short());
    Some(CardRef { address, alt: card.title, size: Some(cards::SIZE) })
}

/// What is on the card of a listing.
pub(crate) fn listing_card(view: &View, listing: Seen<Listing>) -> ListingCard {
    let listing = view.get(listing);
    view.ask(Question::ListingCard(listing.path.clone()), answers::listing_card(&view.site, listing))
}

/// A file that a card shows, and the fingerprint of its bytes.
pub(crate) fn bytes_in_card<'a>(view: &'a View, href: &str) -> (Option<FileBytes<'a>>, Fingerprint) {
    let file = view.ask(Question::Bytes(href.into()), answers::bytes_in_card(&view.site, href));
    (file.as_ref().map(|file| file.bytes), file.fingerprint(&view.site))
}
