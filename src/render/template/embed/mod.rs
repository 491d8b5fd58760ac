//! Embeds: films, recordings and posts elsewhere, known by their address alone.
//!
//! An address says which host it is, what is there, and where that host has a player for other sites. Nobody
//! is asked, neither when the site is built nor when a page is read: a player is loaded when the reader
//! asks for it. So the hosts known here are also those that the `Content-Security-Policy` lets a page
//! frame.

mod address;

use std::sync::Arc;

pub(crate) use address::recognise;
use tera::{Context, Value};

use crate::article::title_of_name;
use crate::config::{EmbedProvider, Embeds};
use crate::file_kind::{Medium, medium_of_file};
use crate::markdown::Failure;
use crate::query::ask;
use crate::render::PageRenderer;
use crate::render::template::{body, map_of};

/// What is at an address elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Embed {
    /// The address, as it was written.
    pub url: String,
    /// What offers it.
    pub provider: EmbedProvider,
    /// The name of the host for readers: that of the company, or the host itself.
    pub name: String,
    /// The host of the address, without `www.`.
    pub host: String,
    /// What it is.
    pub medium: Medium,
    /// The shape of its player.
    pub shape: Shape,
    /// What the reader's browser loads when asked to; none if there is nothing to load.
    pub player: Option<Player>,
}

/// The shape of a player: the theme has a size for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// 16 : 9.
    Wide,
    /// 9 : 16.
    Tall,
    /// A bar of buttons.
    Bar,
    /// A list or a post: of some height, to be scrolled in.
    List,
}

impl Shape {
    /// The name in templates.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Wide => "wide",
            Self::Tall => "tall",
            Self::Bar => "bar",
            Self::List => "list",
        }
    }
}

/// A player that is loaded on demand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Player {
    /// The element that shows it: `iframe`, `audio` or `video`.
    pub element: &'static str,
    /// Its address.
    pub url: String,
    /// The host that it is loaded from.
    pub host: String,
}

/// The hosts whose players a page may load, as sources of `frame-src`.
pub(crate) fn frame_sources(settings: &Embeds) -> Vec<String> {
    if !settings.enabled {
        return Vec::new();
    }
    let mut sources = Vec::new();
    for provider in &settings.providers {
        let host = match provider {
            EmbedProvider::Youtube => "https://www.youtube-nocookie.com",
            EmbedProvider::Vimeo => "https://player.vimeo.com",
            EmbedProvider::Bluesky => "https://embed.bsky.app",
            EmbedProvider::X => "https://platform.twitter.com",
            EmbedProvider::Instagram => "https://www.instagram.com",
            EmbedProvider::Soundcloud => "https://w.soundcloud.com",
            EmbedProvider::Mastodon => {
                sources.extend(settings.mastodon.iter().map(|host| format!("https://{host}")));
                continue;
            }
            EmbedProvider::Files => continue,
        };
        sources.push(host.to_owned());
    }
    sources
}

/// The HTML of what is at the address that stands alone in a paragraph of the source `path`, which is
/// published at `url`; none if it is to be a link like any other.
pub(in crate::render) fn embed(
    renderer: &Arc<PageRenderer>,
    path: &str,
    url: &str,
    address: &str,
) -> Option<Result<String, Failure>> {
    let settings = &renderer.config.settings.embeds;
    let own = own_path(renderer, address);
    if let Some(own) = own
        && settings.enabled
        && settings.providers.contains(&EmbedProvider::Files)
        && let Some(medium) = medium_of_file(without_query(own))
    {
        let file = body::ask_file(renderer, path, url, own).map(|file| file.address);
        // A whole address of this site is one, whoever publishes the file; a word with a dot may be just that.
        let file = match file {
            Some(file) => format!("{file}{}", &own[without_query(own).len()..]),
            None if own.len() < address.len() => address.to_owned(),
            None => return None,
        };
        let component = match medium {
            Medium::Audio => "audio",
            Medium::Video | Medium::Playlist => "video",
            _ => "embed",
        };
        return embed_component(renderer, component, &file, &title_of_file(own));
    }
    let embed = recognise(address, settings).filter(|_| own.is_none())?;
    let title = match embed.provider {
        EmbedProvider::Files => title_of_file(address),
        _ => label(renderer, &embed),
    };
    embed_component(renderer, "embed", address, &title)
}

/// None if the theme has no such component.
fn embed_component(
    renderer: &Arc<PageRenderer>,
    name: &str,
    address: &str,
    title: &str,
) -> Option<Result<String, Failure>> {
    let mut context = Context::new();
    context.insert_value("address", Value::from(address));
    context.insert_value("title", Value::from(title));
    let argument = if name == "embed" { "url" } else { "src" };
    let call = format!("{{{{ <{name} {argument}={{address}} title={{title}} /> }}}}");
    let has_component = ask::has_component(&renderer.view, name);
    let result = body::component(renderer, name, &call, &context);
    has_component.then_some(result)
}

/// An address of this site as a path of it; a path is one already.
fn own_path<'a>(renderer: &PageRenderer, address: &'a str) -> Option<&'a str> {
    if !address.contains("://") {
        return Some(address);
    }
    let rest = crate::config::address::within_origin(&renderer.config, address)?;
    let inside = rest.strip_prefix(&*renderer.config.base_path)?;
    Some(&rest[rest.len() - inside.len() - 1..])
}

/// What it is and where: `Video on YouTube`.
fn label(renderer: &PageRenderer, embed: &Embed) -> String {
    let (key, otherwise) = match embed.medium {
        Medium::Video => ("embed_video", "Video on {name}"),
        Medium::Audio => ("embed_audio", "Audio on {name}"),
        Medium::Playlist => ("embed_playlist", "Playlist on {name}"),
        Medium::Post => ("embed_post", "Post on {name}"),
        Medium::Document => ("embed_document", "PDF document on {name}"),
    };
    body::text_or(renderer, key, otherwise).replace("{name}", &embed.name)
}

/// What is at an address, for components; none if that is not known.
pub(in crate::render) fn embed_value(renderer: &PageRenderer, address: &str) -> Value {
    if let Some(own) = own_path(renderer, address) {
        if medium_of_file(without_query(own)) != Some(Medium::Document) {
            return Value::none();
        }
        return map_of([
            ("provider", EmbedProvider::Files.name().into()),
            ("host", "".into()),
            ("medium", Medium::Document.name().into()),
            ("shape", Shape::Wide.name().into()),
            ("label", body::text_or(renderer, "embed_pdf", "PDF document").into()),
            ("player", Value::none()),
        ]);
    }
    let Some(embed) = recognise(address, &renderer.config.settings.embeds) else { return Value::none() };
    let label = label(renderer, &embed);
    let player = |Player { element, url, host }| {
        map_of([("element", Value::from(element)), ("url", url.into()), ("host", host.into())])
    };
    map_of([
        ("provider", embed.provider.name().into()),
        ("host", embed.host.into()),
        ("medium", embed.medium.name().into()),
        ("shape", embed.shape.name().into()),
        ("label", label.into()),
        ("player", embed.player.map(player).into()),
    ])
}

/// The path in an address: what stands before its query and fragment.
fn without_query(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or_default()
}

/// A file's name as words: `harbour-under-water.mp3` is `Harbour under water`.
fn title_of_file(address: &str) -> String {
    let name = without_query(address).rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    title_of_name(&percent_encoding::percent_decode_str(stem).decode_utf8_lossy()).to_string()
}

#[cfg(test)]
mod tests;
