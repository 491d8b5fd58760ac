//! The value `site` of templates: everything that follows from the configuration and the theme's settings alone.

use serde::Serialize;
use tera::Value;

use super::{Theme, settings};
use crate::config::address;
use crate::config::{
    Comments, Config, FeedFormat, FeedScope, FieldNames, FragmentMode, Language, LanguageId, Newsletter,
};

/// The value `site` of templates: everything that follows from the configuration alone.
#[derive(Serialize)]
struct Site<'a> {
    title: &'a str,
    description: &'a str,
    language: &'a str,
    base_url: &'a str,
    url: &'a str,
    settings: &'a serde_json::Map<String, serde_json::Value>,
    publisher: Option<&'a crate::config::Publisher>,
    fragments: FragmentModes,
    comments: Option<CommentForm<'a>>,
    newsletter: Option<NewsletterForm<'a>>,
    has_menu: bool,
    archives: bool,
    feeds: Vec<FeedLink>,
}

/// Where comments are sent.
#[derive(Serialize)]
struct CommentForm<'a> {
    action: String,
    fields: &'a FieldNames,
    hidden: Vec<HiddenField<'a>>,
}

/// Where readers subscribe.
#[derive(Serialize)]
struct NewsletterForm<'a> {
    action: String,
    field: &'a str,
    hidden: Vec<HiddenField<'a>>,
    title: Option<&'a str>,
    text: Option<&'a str>,
}

fn newsletter_form<'a>(config: &Config, language: &'a Language) -> Option<NewsletterForm<'a>> {
    let Newsletter { action, field, hidden, title, text } = &language.newsletter;
    Some(NewsletterForm {
        action: address::of_link(config, action.as_deref()?),
        field: field.as_deref().unwrap_or("email"),
        hidden: hidden.iter().map(|(name, value)| HiddenField { name, value }).collect(),
        title: title.as_deref(),
        text: text.as_deref(),
    })
}

#[derive(Serialize)]
struct HiddenField<'a> {
    name: &'a str,
    value: &'a str,
}

/// A feed of the site as a whole.
#[derive(Serialize)]
struct FeedLink {
    title: &'static str,
    url: String,
    #[serde(rename = "type")]
    media_type: &'static str,
}

fn site_feeds(config: &Config, language: &Language) -> Vec<FeedLink> {
    let feeds = &config.settings.feeds;
    if !feeds.scopes.contains(&FeedScope::Site) {
        return Vec::new();
    }
    let link = |format: &FeedFormat| FeedLink {
        title: format.title(),
        url: address::encode(config, &language.path(format.file())),
        media_type: format.media_type(),
    };
    feeds.formats.iter().map(link).collect()
}

#[derive(Serialize)]
struct FragmentModes {
    latest: FragmentMode,
}

fn comment_form(config: &Config) -> Option<CommentForm<'_>> {
    let Comments { action, fields, hidden } = &config.settings.comments;
    let hidden = hidden.iter().map(|(name, value)| HiddenField { name, value }).collect();
    Some(CommentForm { action: address::of_link(config, action.as_deref()?), fields, hidden })
}

/// The value `site` in a language.
pub(crate) fn site(theme: &Theme, config: &Config, language: LanguageId) -> Value {
    let language = config.language(language);
    let front = address::encode(config, &language.prefix);
    let mut merged = theme.settings.clone();
    settings::lay(&mut merged, &language.theme_settings);
    Value::from_serializable(&Site {
        title: &language.title,
        description: &language.description,
        language: &language.tag,
        base_url: &config.base_url,
        url: &front,
        settings: &merged,
        publisher: config.settings.publisher.as_ref(),
        fragments: FragmentModes { latest: config.settings.fragments.latest },
        comments: comment_form(config),
        newsletter: newsletter_form(config, language),
        has_menu: language.menu.iter().any(|item| !item.footer),
        archives: config.settings.archives,
        feeds: site_feeds(config, language),
    })
}
