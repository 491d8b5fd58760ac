//! `embeds` of `site.yaml`: which addresses become cards with a player.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::settings::Problem;

/// Which addresses, alone in a paragraph, become cards with a player.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Embeds {
    /// Whether addresses alone in a paragraph become cards; otherwise they stay links.
    pub enabled: bool,
    /// The hosts whose addresses become cards.
    pub providers: Vec<EmbedProvider>,
    /// The Mastodon servers whose posts can be shown in the page; posts of all others are cards that lead
    /// there.
    pub mastodon: Vec<String>,
}

impl Default for Embeds {
    fn default() -> Self {
        let hosts = ["mastodon.social", "mastodon.online", "journa.host", "newsie.social"];
        Self { enabled: true, providers: EmbedProvider::ALL.to_vec(), mastodon: hosts.map(str::to_owned).to_vec() }
    }
}

impl Embeds {
    pub(super) fn problems(&self, tell: &mut dyn FnMut(Problem)) {
        let is_host = |host: &String| {
            host.contains('.') && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
        };
        if let Some(host) = self.mastodon.iter().find(|host| !is_host(host)) {
            let message = format!("`embeds.mastodon` names `{host}`");
            tell(Problem::of("mastodon", message, "name hosts, as in `mastodon.example`"));
        }
    }
}

/// A service whose addresses can become players, or files anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EmbedProvider {
    /// YouTube: films and playlists, from youtube-nocookie.com.
    Youtube,
    /// Vimeo.
    Vimeo,
    /// Posts on Mastodon servers.
    Mastodon,
    /// Posts on Bluesky.
    Bluesky,
    /// Posts on X, formerly Twitter.
    X,
    /// Posts on Instagram.
    Instagram,
    /// Recordings and sets on SoundCloud.
    Soundcloud,
    /// Audio, video and PDF files, by their ending.
    Files,
}

impl EmbedProvider {
    /// All of them.
    #[rustfmt::skip]
    pub const ALL: [Self; 8] = [
        Self::Youtube, Self::Vimeo, Self::Mastodon, Self::Bluesky, Self::X, Self::Instagram, Self::Soundcloud,
        Self::Files,
    ];

    /// The name in `site.yaml` and templates.
    pub fn name(self) -> &'static str {
        self.names().0
    }

    /// The name for readers; files are called by their host.
    pub fn title(self) -> Option<&'static str> {
        self.names().1
    }

    fn names(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Youtube => ("youtube", Some("YouTube")),
            Self::Vimeo => ("vimeo", Some("Vimeo")),
            Self::Mastodon => ("mastodon", Some("Mastodon")),
            Self::Bluesky => ("bluesky", Some("Bluesky")),
            Self::X => ("x", Some("X")),
            Self::Instagram => ("instagram", Some("Instagram")),
            Self::Soundcloud => ("soundcloud", Some("SoundCloud")),
            Self::Files => ("files", None),
        }
    }
}
