//! Which pages have a social card of their own, where it is, and which card the others show.
//!
//! An article without a photograph has its own as long as it is among the newest of these. Everything else that is
//! shared shows the card of its section or of the front page, so an archive costs nothing.

use super::{Listing, Output, Plan, Scope};
use crate::config::{Cards as Wanted, Config};
use crate::index::{ArticleId, Index};
use crate::site_path;
use crate::theme::Theme;
use crate::theme::interface::CARD_TEMPLATE;

/// The name of the file, beside the page.
pub const FILE: &str = "social-card.png";

/// The social cards of the site.
#[derive(Debug, Default)]
pub struct Cards {
    /// The articles that have one, oldest first.
    articles: Vec<ArticleId>,
    /// Whether front pages and sections have one.
    are_wanted: bool,
}

/// Whether there are cards at all.
pub fn are_wanted(config: &Config, theme: &Theme) -> bool {
    cfg!(feature = "cards") && config.settings.cards != Wanted::None && theme.template(CARD_TEMPLATE).is_some()
}

impl Cards {
    pub(super) fn of(index: &Index, config: &Config, theme: &Theme) -> Self {
        if !are_wanted(config, theme) {
            return Self::default();
        }
        let newest = match config.settings.cards {
            Wanted::None => 0,
            Wanted::Newest(count) => count as usize,
            Wanted::All => usize::MAX,
        };
        let of_language = |language| {
            let newest_first = index.edition(language).articles.clone().rev();
            newest_first.filter(|id| !index.article(*id).has_photo).take(newest)
        };
        let mut articles: Vec<ArticleId> =
            config.each_language().flat_map(|(language, _)| of_language(language)).collect();
        articles.sort_unstable();
        Self { articles, are_wanted: true }
    }

    /// Whether an article has a card of its own.
    pub fn has(&self, id: ArticleId) -> bool {
        self.articles.binary_search(&id).is_ok()
    }

    /// The cards, each beside its page.
    pub(super) fn outputs<'a>(&'a self, listings: &'a [Listing]) -> impl Iterator<Item = Output> + 'a {
        let of_listings = listings.iter().enumerate().filter(|(_, listing)| self.are_wanted && listing.has_card());
        let articles = self.articles.iter().map(|id| Output::Card(*id));
        articles.chain(of_listings.map(|(at, _)| Output::ListingCard(at as u32)))
    }
}

impl Listing {
    fn has_card(&self) -> bool {
        matches!(self.scope, Scope::Front | Scope::Section(_))
    }
}

impl Plan {
    /// The listing whose card a page shows that has none of its own and no photograph: that of its section, else that of
    /// the front page; none without cards.
    pub fn shared_card(&self, output: Output, index: &Index, config: &Config) -> Option<&Listing> {
        if !self.cards.are_wanted {
            return None;
        }
        let language = self.language(output, index);
        let section = match output {
            Output::Article(id) => index.article(id).section,
            Output::Listing(at, _) => match self.listings[at as usize].scope {
                Scope::Section(section) => Some(section),
                _ => None,
            },
            _ => None,
        };
        let of = |path: &str| self.listing(&config.language(language).path(path));
        section.and_then(|section| of(&format!("/{}/", index.sections[section as usize].name))).or_else(|| of("/"))
    }

    /// The site path of a listing's card.
    pub fn card_path(&self, listing: &Listing) -> String {
        site_path::beside(&listing.path, FILE)
    }
}
