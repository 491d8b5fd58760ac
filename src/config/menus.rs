//! `menus`, `social` and `footer` of `site.yaml`: where the bar and the foot of each page lead.

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::languages::Language;
use super::settings::{Problem, Settings};

/// An entry of the navigation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MenuItem {
    /// What it says.
    pub title: String,
    /// Where it leads: a path of the site, or an address elsewhere.
    pub url: String,
    /// Whether it stands only at the foot of each page.
    #[serde(default)]
    pub footer: bool,
    /// Entries that unfold below it; it leads to its own address from there.
    #[serde(default)]
    pub children: Vec<MenuLink>,
}

impl MenuItem {
    /// Its address and those of its children.
    pub fn urls(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.url).chain(self.children.iter().map(|child| &child.url)).map(String::as_str)
    }
}

/// An entry that has no others below it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MenuLink {
    /// What it says.
    pub title: String,
    /// Where it leads: a path of the site, or an address elsewhere.
    pub url: String,
}

/// The menus of the site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Menus {
    /// The entries of the bar; `menu` is the short form. The sections when it is empty.
    pub main: Option<Vec<MenuItem>>,
    /// The entries that stand only at the foot of each page.
    pub footer: Option<Vec<MenuLink>>,
}

impl Menus {
    /// One list of `menu` or `menus.main` and `menus.footer`; those of `otherwise` where nothing is given.
    pub(super) fn joined(&self, short: Option<&[MenuItem]>, otherwise: &[MenuItem]) -> Vec<MenuItem> {
        let (foot, bar): (Vec<MenuItem>, Vec<MenuItem>) = otherwise.iter().cloned().partition(|item| item.footer);
        let mut all = self.main.clone().or_else(|| short.map(<[MenuItem]>::to_vec)).unwrap_or(bar);
        match &self.footer {
            Some(links) => all.extend(links.iter().map(|link| MenuItem {
                title: link.title.clone(),
                url: link.url.clone(),
                footer: true,
                children: Vec::new(),
            })),
            None if short.is_none() => all.extend(foot),
            None => {}
        }
        all
    }

    /// Every address in it.
    pub(super) fn urls(&self) -> impl Iterator<Item = &str> {
        let main = self.main.iter().flatten().flat_map(MenuItem::urls);
        main.chain(self.footer.iter().flatten().map(|link| link.url.as_str()))
    }
}

/// What stands at the foot of each page beside menus and feeds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Footer {
    /// A short text, with links and emphasis as in Markdown.
    pub text: String,
    /// The address of the page that says who answers for the site, such as `/imprint/`.
    pub imprint: Option<String>,
}

impl Footer {
    /// With what is not given taken from another one.
    pub(super) fn over(&self, other: &Self) -> Self {
        Self {
            text: if self.text.is_empty() { other.text.clone() } else { self.text.clone() },
            imprint: self.imprint.clone().or_else(|| other.imprint.clone()),
        }
    }
}

/// A page of the paper elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SocialLink<'a> {
    /// Its address.
    pub url: &'a str,
    /// The icon: a network such as `mastodon`, `mail`, `feed`, or `globe`.
    pub icon: &'static str,
    /// What readers call it: the network, or the host.
    pub name: String,
}

/// Hosts of networks, with their icons and names.
const NETWORKS: [(&str, &str, &str); 20] = [
    ("bsky.app", "bluesky", "Bluesky"),
    ("discord.gg", "discord", "Discord"),
    ("facebook.com", "facebook", "Facebook"),
    ("github.com", "github", "GitHub"),
    ("instagram.com", "instagram", "Instagram"),
    ("linkedin.com", "linkedin", "LinkedIn"),
    ("mastodon.online", "mastodon", "Mastodon"),
    ("mastodon.social", "mastodon", "Mastodon"),
    ("reddit.com", "reddit", "Reddit"),
    ("signal.group", "signal", "Signal"),
    ("t.me", "telegram", "Telegram"),
    ("telegram.me", "telegram", "Telegram"),
    ("threads.com", "threads", "Threads"),
    ("threads.net", "threads", "Threads"),
    ("tiktok.com", "tiktok", "TikTok"),
    ("twitter.com", "x", "X"),
    ("wa.me", "whatsapp", "WhatsApp"),
    ("whatsapp.com", "whatsapp", "WhatsApp"),
    ("x.com", "x", "X"),
    ("youtube.com", "youtube", "YouTube"),
];

/// What an address of `social` is.
pub fn social_link(url: &str) -> SocialLink<'_> {
    if let Some(address) = url.strip_prefix("mailto:") {
        return SocialLink { url, icon: "mail", name: address.to_owned() };
    }
    let parsed = url::Url::parse(url).ok();
    let host = parsed.as_ref().and_then(url::Url::host_str).unwrap_or(url).to_owned();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let is_of = |domain: &str| host == domain || host.ends_with(&format!(".{domain}"));
    if let Some((_, icon, name)) = NETWORKS.iter().find(|(domain, _, _)| is_of(domain)) {
        return SocialLink { url, icon, name: (*name).to_owned() };
    }
    // Mastodon has many hosts, and accounts on all of them have such addresses.
    let path = parsed.as_ref().map_or("", url::Url::path);
    if path.strip_prefix("/@").is_some_and(|name| !name.is_empty() && !name.contains('/')) {
        return SocialLink { url, icon: "mastodon", name: format!("Mastodon ({host})") };
    }
    SocialLink { url, icon: "globe", name: host.to_owned() }
}

/// An address in a short text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InText {
    /// Of a link.
    Link(String),
    /// Of an image.
    Image(String),
}

/// The addresses in a short text in Markdown.
pub(super) fn shown_in(text: &str) -> Vec<InText> {
    let parser = Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH);
    let shown = parser.filter_map(|event| match event {
        Event::Start(Tag::Link { link_type: LinkType::Email, .. }) => None,
        Event::Start(Tag::Link { dest_url, .. }) => Some(InText::Link(dest_url.into_string())),
        Event::Start(Tag::Image { dest_url, .. }) => Some(InText::Image(dest_url.into_string())),
        _ => None,
    });
    shown.collect()
}

/// What is wrong with menus, addresses elsewhere and the foot of the page.
pub(super) fn problems(settings: &Settings, tell: &mut dyn FnMut(Problem)) {
    let both = |menu: bool, menus: &Menus| menu && menus.main.is_some();
    let languages = || settings.languages.0.iter();
    if both(!settings.menu.is_empty(), &settings.menus)
        || languages().any(|(_, one)| both(one.menu.is_some(), one.menus.as_ref().unwrap_or(&Menus::default())))
    {
        let message = "`menu` and `menus.main` are the same thing, and both are given".to_owned();
        tell(Problem::of("menus", message, "keep `menus.main`, and remove `menu`"));
    }
    for url in &settings.social {
        let is_elsewhere = url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https" | "mailto"));
        if !is_elsewhere {
            let message = format!("`{url}` in `social` is not an address");
            let hint = "write the whole address of your page there, as in `https://social.example/@paper`";
            tell(Problem::of("social", message, hint).about(url));
        }
    }
    let footers = languages().filter_map(|(_, one)| one.footer.as_ref()).chain([&settings.footer]);
    for imprint in footers.filter_map(|footer| footer.imprint.as_deref()) {
        if !imprint.starts_with('/') && !imprint.contains("://") {
            let page = imprint.trim_start_matches("content/").trim_end_matches(".md");
            let message = format!("`footer.imprint` is `{imprint}`, which is not the address of a page");
            let hint = format!("write the address of the page, such as `/{page}/`");
            tell(Problem::of("imprint", message, hint).about(imprint));
        }
    }
}

impl Language {
    /// Every address of its menu.
    pub fn menu_urls(&self) -> impl Iterator<Item = &str> {
        self.menu.iter().flat_map(MenuItem::urls)
    }

    /// The address of the imprint, and what its short texts link to and show: these links may name Markdown files.
    pub fn own_links(&self) -> impl Iterator<Item = InText> {
        let imprint = self.footer.imprint.iter().map(|imprint| InText::Link(imprint.clone()));
        let texts = [Some(&self.footer.text), self.newsletter.text.as_ref()];
        imprint.chain(texts.into_iter().flatten().flat_map(|text| shown_in(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_elsewhere_is_known_by_its_host() {
        for (url, icon, name) in [
            ("https://www.facebook.com/paper", "facebook", "Facebook"),
            ("https://m.youtube.com/@paper", "youtube", "YouTube"),
            ("https://news.example/@paper", "mastodon", "Mastodon (news.example)"),
            ("https://club.example/paper", "globe", "club.example"),
            ("https://notx.com/paper", "globe", "notx.com"),
            ("mailto:desk@paper.example", "mail", "desk@paper.example"),
        ] {
            assert_eq!(social_link(url), SocialLink { url, icon, name: name.into() });
        }
    }
}
