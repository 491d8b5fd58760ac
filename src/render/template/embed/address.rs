//! From an address to what is at it, by the forms that each host has.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use super::{Embed, Player, Shape};
use crate::config::{EmbedProvider, Embeds};
use crate::file_kind::{Medium, medium_of_file};

/// What of an address stands in the query of another one.
const IN_QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// What is at an absolute address; none if that is not known, or not wanted.
pub(crate) fn recognise(address: &str, settings: &Embeds) -> Option<Embed> {
    if !settings.enabled {
        return None;
    }
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    let full_host = url.host_str()?.to_owned();
    let host = full_host.strip_prefix("www.").unwrap_or(&full_host);
    let place = Place { url: &url, host, path: url.path_segments()?.filter(|part| !part.is_empty()).collect() };
    let (provider, found) = match host {
        "youtube.com" | "m.youtube.com" | "music.youtube.com" | "youtu.be" | "youtube-nocookie.com" => {
            (EmbedProvider::Youtube, place.youtube())
        }
        "vimeo.com" | "player.vimeo.com" => (EmbedProvider::Vimeo, place.vimeo()),
        "bsky.app" => (EmbedProvider::Bluesky, place.bluesky()),
        "x.com" | "twitter.com" | "mobile.twitter.com" | "mobile.x.com" | "m.twitter.com" => {
            (EmbedProvider::X, place.x())
        }
        "instagram.com" | "instagr.am" => (EmbedProvider::Instagram, place.instagram()),
        "soundcloud.com" | "m.soundcloud.com" | "on.soundcloud.com" => (EmbedProvider::Soundcloud, place.soundcloud()),
        _ => match place.mastodon(settings) {
            Some(found) => (EmbedProvider::Mastodon, Some(found)),
            None => (EmbedProvider::Files, place.file()),
        },
    };
    let Found { medium, shape, player } = found.filter(|_| settings.providers.contains(&provider))?;
    let player = player.and_then(|(element, player)| {
        let host = Url::parse(&player).ok()?.host_str()?.to_owned();
        Some(Player { element, url: player, host: host.strip_prefix("www.").map_or(host.clone(), str::to_owned) })
    });
    let name = provider.title().map_or_else(|| host.to_owned(), str::to_owned);
    Some(Embed { url: address.to_owned(), provider, name, host: host.to_owned(), medium, shape, player })
}

/// An address in its parts.
struct Place<'a> {
    url: &'a Url,
    /// Without `www.`.
    host: &'a str,
    path: Vec<&'a str>,
}

struct Found {
    medium: Medium,
    shape: Shape,
    player: Option<(&'static str, String)>,
}

impl Found {
    fn frame(medium: Medium, shape: Shape, player: String) -> Option<Self> {
        Some(Self { medium, shape, player: Some(("iframe", player)) })
    }

    /// A card without a player.
    fn card(medium: Medium) -> Option<Self> {
        Some(Self { medium, shape: Shape::Wide, player: None })
    }
}

impl Place<'_> {
    fn query(&self, name: &str) -> Option<String> {
        self.url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// Where to begin, in seconds: `t=90`, `t=90s`, `t=1h2m3s`, `start=90`, or the same behind `#`.
    fn start(&self) -> Option<u32> {
        let in_fragment = || {
            url::form_urlencoded::parse(self.url.fragment()?.as_bytes())
                .find(|(key, _)| key == "t")
                .map(|(_, t)| t.into_owned())
        };
        let text = self.query("t").or_else(|| self.query("start")).or_else(in_fragment)?;
        seconds(&text).filter(|seconds| *seconds > 0)
    }

    /// <https://developers.google.com/youtube/player_parameters>
    fn youtube(&self) -> Option<Found> {
        let list = self.query("list").filter(|list| {
            // "Watch later" and "liked" are the lists of whoever looks.
            is_word(list, 2..=64) && !matches!(list.as_str(), "WL" | "LL" | "LM")
        });
        let (video, shape) = match (self.host, self.path.as_slice()) {
            ("youtu.be", [video]) => (Some((*video).to_owned()), Shape::Wide),
            ("youtu.be", _) => return None,
            (_, ["watch"]) => (Some(self.query("v")?), Shape::Wide),
            (_, ["playlist"] | ["embed", "videoseries"]) => (None, Shape::Wide),
            (_, ["shorts", video]) => (Some((*video).to_owned()), Shape::Tall),
            (_, ["live" | "embed" | "v" | "e", video]) => (Some((*video).to_owned()), Shape::Wide),
            _ => return None,
        };
        if video.as_ref().is_some_and(|video| !is_word(video, 11..=11)) {
            return None;
        }
        let medium = if video.is_some() { Medium::Video } else { Medium::Playlist };
        let mut player = "https://www.youtube-nocookie.com/embed/".to_owned();
        match (&video, &list) {
            (Some(video), _) => player.push_str(video),
            (None, Some(_)) => player.push_str("videoseries"),
            (None, None) => return None,
        }
        player.push_str("?autoplay=1");
        if let Some(list) = list {
            let _ = write!(player, "&list={list}");
        }
        if let Some(start) = self.start() {
            let _ = write!(player, "&start={start}");
        }
        Found::frame(medium, shape, player)
    }

    /// <https://developer.vimeo.com/player/embedding>
    fn vimeo(&self) -> Option<Found> {
        let is_number = |text: &str| !text.is_empty() && text.len() <= 12 && text.bytes().all(|b| b.is_ascii_digit());
        let (video, hash) = match (self.host, self.path.as_slice()) {
            ("player.vimeo.com", ["video", video]) => (*video, self.query("h")),
            ("player.vimeo.com", _) => return None,
            (_, [video]) => (*video, self.query("h")),
            (_, [video, hash]) if is_number(video) => (*video, Some((*hash).to_owned())),
            (
                _,
                ["channels", _, video] | ["groups", _, "videos", video] | ["showcase" | "album", _, "video", video],
            ) => (*video, None),
            _ => return None,
        };
        if !is_number(video) || hash.as_ref().is_some_and(|hash| !is_word(hash, 4..=32)) {
            return None;
        }
        let mut player = format!("https://player.vimeo.com/video/{video}?dnt=1&autoplay=1");
        if let Some(hash) = hash {
            let _ = write!(player, "&h={hash}");
        }
        if let Some(start) = self.start() {
            let _ = write!(player, "#t={start}s");
        }
        Found::frame(Medium::Video, Shape::Wide, player)
    }

    /// The address of a public post has one form on every server (`/@user/123`), and another one by which
    /// servers know it (`/users/user/statuses/123`).
    fn mastodon(&self, settings: &Embeds) -> Option<Found> {
        let (user, post, is_here) = match self.path.as_slice() {
            [user, post] => {
                let user = user.strip_prefix('@')?;
                (user.split('@').next()?, *post, !user.contains('@'))
            }
            ["users", user, "statuses", post] => (*user, *post, true),
            _ => return None,
        };
        let is_post = (6..=24).contains(&post.len()) && post.bytes().all(|byte| byte.is_ascii_digit());
        if !is_post || !is_word(&user.replace('.', "_"), 1..=64) {
            return None;
        }
        // A post that is only seen from here has no player here.
        let host = self.url.host_str().filter(|host| is_here && settings.mastodon.iter().any(|known| known == host));
        match host {
            Some(host) => Found::frame(Medium::Post, Shape::List, format!("https://{host}/@{user}/{post}/embed")),
            None => Found::card(Medium::Post),
        }
    }

    /// <https://docs.bsky.app/docs/advanced-guides/oembed>
    fn bluesky(&self) -> Option<Found> {
        let ["profile", user, "post", post] = self.path.as_slice() else { return None };
        let is_user = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
        if user.is_empty() || user.len() > 253 || !user.chars().all(is_user) || !is_word(post, 10..=16) {
            return None;
        }
        let player = format!("https://embed.bsky.app/embed/{user}/app.bsky.feed.post/{post}");
        Found::frame(Medium::Post, Shape::List, player)
    }

    fn x(&self) -> Option<Found> {
        let post = match self.path.as_slice() {
            ["i", "web", "status", post, ..] => post,
            [user, "status" | "statuses", post, ..] if is_word(user, 1..=32) => post,
            _ => return None,
        };
        if !(1..=24).contains(&post.len()) || !post.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let player = format!("https://platform.twitter.com/embed/Tweet.html?id={post}&dnt=true");
        Found::frame(Medium::Post, Shape::List, player)
    }

    fn instagram(&self) -> Option<Found> {
        let (["p" | "reel" | "reels" | "tv", post] | [_, "p" | "reel", post]) = self.path.as_slice() else {
            return None;
        };
        if !is_word(post, 5..=64) {
            return None;
        }
        Found::frame(Medium::Post, Shape::List, format!("https://www.instagram.com/p/{post}/embed/captioned/"))
    }

    /// <https://developers.soundcloud.com/docs/api/html5-widget>
    fn soundcloud(&self) -> Option<Found> {
        if self.host == "on.soundcloud.com" {
            // A short address tells nobody but the host where it leads.
            return (self.path.len() == 1).then(|| Found::card(Medium::Audio)).flatten();
        }
        #[rustfmt::skip]
        const PAGES: [&str; 12] = [
            "discover", "stream", "you", "upload", "search", "charts", "pages", "people", "tags",
            "jobs", "terms-of-use", "settings",
        ];
        #[rustfmt::skip]
        const LISTS: [&str; 10] = [
            "tracks", "albums", "sets", "reposts", "likes", "following", "followers",
            "popular-tracks", "comments", "stations",
        ];
        let (medium, shape, path) = match self.path.as_slice() {
            [user, ..] if PAGES.contains(user) => return None,
            [user, "sets", set] => (Medium::Playlist, Shape::List, format!("{user}/sets/{set}")),
            [user, "sets", set, secret] if secret.starts_with("s-") => {
                (Medium::Playlist, Shape::List, format!("{user}/sets/{set}/{secret}"))
            }
            [_, list] if LISTS.contains(list) => return None,
            [user, track] => (Medium::Audio, Shape::Bar, format!("{user}/{track}")),
            [user, track, secret] if secret.starts_with("s-") => {
                (Medium::Audio, Shape::Bar, format!("{user}/{track}/{secret}"))
            }
            _ => return None,
        };
        let address = format!("https://soundcloud.com/{path}");
        let address = utf8_percent_encode(&address, IN_QUERY);
        let player = format!("https://w.soundcloud.com/player/?url={address}&auto_play=true&show_comments=false");
        Found::frame(medium, shape, player)
    }

    fn file(&self) -> Option<Found> {
        let medium = medium_of_file(self.url.path())?;
        let player = |element, shape| Some(Found { medium, shape, player: Some((element, self.url.to_string())) });
        match medium {
            // Only over a safe connection: anything else is refused in a page that came over one.
            Medium::Audio if self.url.scheme() == "https" => player("audio", Shape::Bar),
            Medium::Video if self.url.scheme() == "https" => player("video", Shape::Wide),
            // Browsers show a PDF only as a page of its own when its frame is closed off.
            _ => Found::card(medium),
        }
    }
}

/// Letters, digits, `-` and `_`: what ids and names consist of.
fn is_word(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// `90`, `90s`, `1m30s`, `1h2m3s` in seconds.
fn seconds(text: &str) -> Option<u32> {
    let mut total = 0u32;
    let mut number = String::new();
    for c in text.chars() {
        if c.is_ascii_digit() {
            number.push(c);
            continue;
        }
        let unit = match c {
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        total = total.checked_add(number.parse::<u32>().ok()?.checked_mul(unit)?)?;
        number.clear();
    }
    if number.is_empty() { Some(total) } else { total.checked_add(number.parse().ok()?) }
}
