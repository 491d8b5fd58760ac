//! `newsletter` and `share` of `site.yaml`: a form below articles and on the front page, and links with which readers
//! pass an article on. Neither loads anything from another host.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::settings::{Problem, Settings};

/// The box with which readers subscribe to the newsletter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Newsletter {
    /// The address the form is sent to, as the service that sends the newsletter gives it; without one there is no box.
    pub action: Option<String>,
    /// The name under which the form sends the reader's e-mail address; `email` when not given.
    pub field: Option<String>,
    /// Further hidden fields that the service wants.
    pub hidden: BTreeMap<String, String>,
    /// The title of the box.
    pub title: Option<String>,
    /// What the newsletter is and how often it comes, with links and emphasis as in Markdown.
    pub text: Option<String>,
}

impl Newsletter {
    /// With what is not given taken from another one: in another language all but the words.
    pub(super) fn over(self, other: &Self, is_same_language: bool) -> Self {
        let words =
            |own: Option<String>, other: &Option<String>| own.or_else(|| other.clone().filter(|_| is_same_language));
        Self {
            action: self.action.or_else(|| other.action.clone()),
            field: self.field.or_else(|| other.field.clone()),
            hidden: if self.hidden.is_empty() { other.hidden.clone() } else { self.hidden },
            title: words(self.title, &other.title),
            text: words(self.text, &other.text),
        }
    }
}

/// A way to pass an article on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Share {
    /// A mail.
    Email,
    /// Mastodon: a page asks for the reader's server.
    Mastodon,
    /// Bluesky.
    Bluesky,
    /// Facebook.
    Facebook,
    /// WhatsApp.
    Whatsapp,
    /// Telegram.
    Telegram,
    /// LinkedIn.
    Linkedin,
    /// X, formerly Twitter.
    X,
}

impl Share {
    /// The name in `site.yaml` and of its icon, and the one for readers; a mail is called in their language.
    pub fn names(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Email => ("mail", None),
            Self::Mastodon => ("mastodon", Some("Mastodon")),
            Self::Bluesky => ("bluesky", Some("Bluesky")),
            Self::Facebook => ("facebook", Some("Facebook")),
            Self::Whatsapp => ("whatsapp", Some("WhatsApp")),
            Self::Telegram => ("telegram", Some("Telegram")),
            Self::Linkedin => ("linkedin", Some("LinkedIn")),
            Self::X => ("x", Some("X")),
        }
    }

    /// The address that passes on the page at the absolute address `page` with this title.
    pub fn address(self, page: &str, title: &str) -> String {
        let encoded =
            |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
        let (url, title, both) = (encoded(page), encoded(title), encoded(&format!("{title} {page}")));
        match self {
            Self::Email => format!("mailto:?subject={title}&body={url}"),
            Self::Mastodon => format!("https://share.joinmastodon.org/#text={both}"),
            Self::Bluesky => format!("https://bsky.app/intent/compose?text={both}"),
            Self::Facebook => format!("https://www.facebook.com/sharer/sharer.php?u={url}"),
            Self::Whatsapp => format!("https://wa.me/?text={both}"),
            Self::Telegram => format!("https://t.me/share/url?url={url}&text={title}"),
            Self::Linkedin => format!("https://www.linkedin.com/sharing/share-offsite/?url={url}"),
            Self::X => format!("https://x.com/intent/post?url={url}&text={title}"),
        }
    }
}

/// Whether a form can be sent to an address.
pub(super) fn takes_forms(action: &str) -> bool {
    action.starts_with('/') || url::Url::parse(action).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// What is wrong with the newsletter's form.
pub(super) fn problems(settings: &Settings, tell: &mut dyn FnMut(Problem)) {
    let languages = settings.languages.0.iter().filter_map(|(_, one)| one.newsletter.as_ref());
    for form in languages.clone().chain([&settings.newsletter]) {
        if let Some(action) = form.action.as_deref().filter(|action| !takes_forms(action)) {
            let message = format!("`newsletter.action` is `{action}`, which is not an address");
            let hint = "write the address that the form of your newsletter service has as its `action`";
            tell(Problem::of("newsletter", message, hint).about(action));
        }
    }
    let names: Vec<&str> = settings.share.iter().map(|way| way.names().0).collect();
    if let Some(twice) = (1..names.len()).find(|at| names[..*at].contains(&names[*at])) {
        let message = format!("`share` names `{}` twice", if names[twice] == "mail" { "email" } else { names[twice] });
        tell(Problem::of("share", message, "remove one of the two"));
    }
    let has_form = settings.newsletter.action.is_some();
    if !has_form && settings.newsletter != Newsletter::default() {
        let message = "`newsletter` has no `action`, so there is nothing to send the form to".to_owned();
        let hint = "write the address that the form of your newsletter service has as its `action`";
        tell(Problem::of("newsletter", message, hint));
    }
}
