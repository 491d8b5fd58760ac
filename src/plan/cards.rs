//! Which articles have a social card, and where it is.

use crate::config::{CardsFor, Config};
use crate::index::{Index, StoryId};
use crate::render::theme::Theme;

/// The template that draws cards; a theme may do without.
pub const TEMPLATE: &str = "card.svg";

/// The name of the file, beside the article's page.
pub const FILE: &str = "social-card.png";

/// Whether there are cards at all.
pub fn are_wanted(config: &Config, theme: &Theme) -> bool {
    cfg!(feature = "cards") && config.settings.cards.enabled && theme.template(TEMPLATE).is_some()
}

/// Whether an article has one. That follows from the article alone.
pub fn has(id: StoryId, index: &Index, config: &Config, theme: &Theme) -> bool {
    let young = || index.stories_since(index.language_of(id), config.settings.cards.since);
    are_wanted(config, theme) && is_for(id, index, config) && young().contains(&id)
}

fn is_for(id: StoryId, index: &Index, config: &Config) -> bool {
    config.settings.cards.wanted == CardsFor::All || !index.entry(id).has_photo
}

/// The articles that have one.
pub(super) fn of(index: &Index, config: &Config, theme: &Theme) -> impl Iterator<Item = StoryId> {
    let languages = are_wanted(config, theme).then(|| config.each_language()).into_iter().flatten();
    let stories = languages.flat_map(|(language, _)| index.stories_since(language, config.settings.cards.since));
    stories.filter(|id| is_for(*id, index, config))
}
