//! `code` and `analytics` of `site.yaml`: the owner's own HTML in every page, and who counts readers.
//!
//! Not what the HTML says; `theme::code` reads it. The one idea: a page asks no other host unless it is named here, so
//! that the `Content-Security-Policy` can follow from these keys alone.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::settings::Problem;
use crate::source_name;

/// Pieces of HTML of the owner's own, files of `includes/`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Code {
    /// The file for the end of the head of every page, such as `includes/head.html`.
    pub head: Option<String>,
    /// The file for the end of every page, such as `includes/end.html`.
    pub end: Option<String>,
}

/// The folder of such files.
pub const INCLUDES: &str = "includes/";

impl Code {
    pub(super) fn problems(&self, tell: &mut dyn FnMut(Problem)) {
        for (key, path) in [("head", &self.head), ("end", &self.end)] {
            let Some(path) = path else { continue };
            let is_below = path.strip_prefix(INCLUDES).is_some_and(|rest| !rest.is_empty());
            // An advertisement has its own time, and would be shown with its front matter.
            let is_below = is_below && !path.starts_with(source_name::FOLDER_OF_ADS);
            if !is_below || path.split('/').any(|part| part.is_empty() || part.starts_with('.')) {
                let message = format!("`code.{key}` is `{path}`, which is not a file of `includes/`");
                let hint = format!("put the HTML into `includes/{key}.html`, and write that path");
                tell(Problem::of(key, message, hint));
            }
        }
    }
}

/// Services that count readers. Each gets the script that its documentation gives, and the policy lets it in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Analytics {
    /// Plausible Analytics.
    pub plausible: Option<Plausible>,
    /// GoatCounter.
    pub goatcounter: Option<GoatCounter>,
    /// Umami.
    pub umami: Option<Umami>,
    /// Matomo.
    pub matomo: Option<Matomo>,
}

/// Plausible Analytics (<https://plausible.io/docs/plausible-script>).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plausible {
    /// The domain under which the site is known there, such as `news.example`.
    pub domain: String,
    /// The server, for those who run their own.
    #[serde(default = "plausible_server")]
    pub server: String,
}

fn plausible_server() -> String {
    "https://plausible.io".into()
}

/// GoatCounter (<https://www.goatcounter.com/help/csp>).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GoatCounter {
    /// The code of the site there: `news` for `news.goatcounter.com`.
    #[serde(default)]
    pub code: Option<String>,
    /// The server, for those who run their own.
    #[serde(default)]
    pub server: Option<String>,
}

/// Umami (<https://umami.is/docs/tracker-configuration>).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Umami {
    /// The id of the website there.
    pub website: String,
    /// The server, for those who run their own.
    #[serde(default)]
    pub server: Option<String>,
}

/// Matomo (<https://developer.matomo.org/guides/tracking-javascript-guide>).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Matomo {
    /// The address of Matomo, such as `https://stats.news.example`.
    pub server: String,
    /// The number of the site there.
    pub site: u32,
    /// Whether it may set cookies.
    #[serde(default)]
    pub cookies: bool,
}

/// An element `script` for a service, and what it asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tracker {
    /// The elements for the head.
    pub html: String,
    /// Other hosts than that of the script to which it sends.
    pub connects: Vec<String>,
}

impl Analytics {
    /// The elements of all services that are set.
    pub fn trackers(&self) -> Vec<Tracker> {
        let attribute = |text: &str| html_escape::encode_double_quoted_attribute(text).into_owned();
        let base = |server: &str| attribute(server.trim_end_matches('/'));
        let mut all = Vec::new();
        if let Some(Plausible { domain, server }) = &self.plausible {
            let html = format!(
                "<script defer data-domain=\"{}\" src=\"{}/js/script.js\"></script>",
                attribute(domain),
                base(server)
            );
            all.push(Tracker { html, connects: Vec::new() });
        }
        if let Some(counter) = &self.goatcounter {
            let (script, count) = match (&counter.server, &counter.code) {
                (Some(server), _) => (base(server), base(server)),
                (None, code) => {
                    let code = code.as_deref().unwrap_or_default();
                    ("https://gc.zgo.at".to_owned(), format!("https://{}.goatcounter.com", attribute(code)))
                }
            };
            let html = format!("<script data-goatcounter=\"{count}/count\" async src=\"{script}/count.js\"></script>");
            all.push(Tracker { html, connects: Vec::new() });
        }
        if let Some(Umami { website, server }) = &self.umami {
            let (server, connects) = match server {
                Some(server) => (base(server), Vec::new()),
                // The script of the hosted service sends to hosts of its own.
                None => {
                    let gateways = ["https://api-gateway.umami.dev", "https://gateway.umami.is"];
                    ("https://cloud.umami.is".to_owned(), gateways.map(str::to_owned).to_vec())
                }
            };
            let html = format!(
                "<script defer src=\"{server}/script.js\" data-website-id=\"{}\"></script>",
                attribute(website)
            );
            all.push(Tracker { html, connects });
        }
        if let Some(Matomo { server, site, cookies }) = &self.matomo {
            let server = server.trim_end_matches('/');
            let quiet = if *cookies { "" } else { "_paq.push([\"disableCookies\"]);" };
            // An address that `problems` let pass has no quote.
            let html = format!(
                "<script>var _paq=window._paq=window._paq||[];{quiet}_paq.push([\"setTrackerUrl\",\"{server}/matomo.php\"],[\"setSiteId\",\"{site}\"],[\"trackPageView\"],[\"enableLinkTracking\"])</script>\n<script async src=\"{}/matomo.js\"></script>",
                base(server)
            );
            all.push(Tracker { html, connects: Vec::new() });
        }
        all
    }

    pub(super) fn problems(&self, tell: &mut dyn FnMut(Problem)) {
        let mut problem = |key: &str, message: String, hint: &str| tell(Problem::of(key, message, hint));
        let servers = [
            ("plausible", self.plausible.as_ref().map(|one| &one.server)),
            ("goatcounter", self.goatcounter.as_ref().and_then(|one| one.server.as_ref())),
            ("umami", self.umami.as_ref().and_then(|one| one.server.as_ref())),
            ("matomo", self.matomo.as_ref().map(|one| &one.server)),
        ];
        for (name, server) in servers.into_iter().filter_map(|(name, server)| Some((name, server?))) {
            if !is_server(server) {
                let message = format!("`analytics.{name}.server` is `{server}`, which is not the address of a server");
                problem(name, message, "write scheme and host, as in `https://stats.news.example`");
            }
        }
        let is_name = |text: &str| {
            !text.is_empty()
                && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ',' | ':' | '/'))
        };
        if let Some(one) = self.plausible.as_ref().filter(|one| !is_name(&one.domain)) {
            let message = format!("`analytics.plausible.domain` is `{}`", one.domain);
            problem("plausible", message, "write the domain as Plausible shows it, such as `news.example`");
        }
        if let Some(one) = &self.goatcounter {
            let is_code =
                |code: &String| !code.is_empty() && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            if one.server.is_none() && !one.code.as_ref().is_some_and(is_code) {
                let message = match &one.code {
                    Some(code) => format!("`analytics.goatcounter.code` is `{code}`"),
                    None => "`analytics.goatcounter` has neither `code` nor `server`".to_owned(),
                };
                problem("goatcounter", message, "write `code: news` if your counter is at news.goatcounter.com");
            }
        }
        if let Some(one) = self.umami.as_ref().filter(|one| !is_name(&one.website)) {
            let message = format!("`analytics.umami.website` is `{}`", one.website);
            problem("umami", message, "write the website's id, as the tracking code in Umami has it");
        }
    }
}

/// Whether it is scheme and host of a server, perhaps with a path, and nothing that would end an attribute or a string.
fn is_server(address: &str) -> bool {
    let is_plain = address.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '/' | '.' | '-' | '_' | '~'));
    is_plain
        && url::Url::parse(address)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some())
}
