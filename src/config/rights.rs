//! `robots` and `rights` of `site.yaml`: which crawlers are to stay away, and what may be done with the texts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::settings::Problem;

/// Which crawlers are to stay away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Robots {
    /// Crawlers that `robots.txt` turns away: `ai_training` (all known ones that gather texts to train models),
    /// `ai_answers` (those that fetch pages for answers), or names such as `ExampleBot`.
    pub deny: Vec<String>,
}

/// What may be done with the texts of the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Rights {
    /// The address of the licence or of the terms of use: a page of the site, or one elsewhere.
    pub license: Option<String>,
    /// Whether models may be trained on the texts. If not, `robots.txt` turns their crawlers away.
    pub training: bool,
    /// Whether the texts may be used for answers of models.
    pub answers: bool,
    /// Whom to ask for a licence: an e-mail address, or the address of a page.
    pub contact: Option<String>,
}

impl Default for Rights {
    fn default() -> Self {
        Self { license: None, training: false, answers: true, contact: None }
    }
}

/// Crawlers that say that they gather texts to train models.
#[rustfmt::skip]
const TRAINING: [&str; 13] = [
    "AI2Bot", "Amazonbot", "Applebot-Extended", "Bytespider", "CCBot", "ClaudeBot",
    "cohere-training-data-crawler", "Diffbot", "Google-Extended", "GPTBot", "meta-externalagent",
    "omgili", "Timpibot",
];

/// Crawlers that say that they fetch pages for answers of models.
#[rustfmt::skip]
const ANSWERS: [&str; 9] = [
    "ChatGPT-User", "Claude-SearchBot", "Claude-User", "DuckAssistBot", "meta-externalfetcher",
    "MistralAI-User", "OAI-SearchBot", "Perplexity-User", "PerplexityBot",
];

impl Robots {
    /// The crawlers that are turned away, each once; what the `rights` forbid counts as well.
    pub fn denied(&self, rights: Option<&Rights>) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for name in &self.deny {
            match &**name {
                "ai_training" => all.extend(TRAINING),
                "ai_answers" => all.extend(ANSWERS),
                name => all.push(name),
            }
        }
        all.extend(rights.filter(|rights| !rights.training).into_iter().flat_map(|_| TRAINING));
        all.extend(rights.filter(|rights| !rights.answers).into_iter().flat_map(|_| ANSWERS));
        all.sort_by_key(|name| name.to_ascii_lowercase());
        all.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
        all
    }

    pub(super) fn problems(&self, tell: &mut impl FnMut(Problem)) {
        // RFC 9309, section 2.2.1, and the digits and dots that crawlers have all the same.
        let is_name =
            |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        if let Some(name) = self.deny.iter().find(|name| !is_name(name)) {
            let hint =
                "write `ai_training`, `ai_answers`, or the name that a crawler gives itself, such as `ExampleBot`";
            tell(Problem::of("deny", format!("`{name}` is not the name of a crawler"), hint));
        }
    }
}

impl Rights {
    /// Whether text and data mining is reserved: there is no mining for models without training.
    pub fn reserves(&self) -> bool {
        !self.training
    }

    pub(super) fn problems(&self, tell: &mut impl FnMut(Problem)) {
        let is_address = |text: &str| {
            text.starts_with('/') && !text.starts_with("//")
                || text.starts_with("https://")
                || text.starts_with("http://")
        };
        let is_mail = |text: &str| {
            text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
                && !text.contains(char::is_whitespace)
        };
        if let Some(text) = self.license.as_deref().filter(|text| !is_address(text)) {
            let hint = "write a path of the site such as `/terms/`, or an address that begins with https://";
            tell(Problem::of("license", format!("`{text}` is not an address"), hint));
        }
        if let Some(text) = self.contact.as_deref().filter(|text| !is_address(text) && !is_mail(text)) {
            let hint = "write an e-mail address, or the address of a page";
            tell(Problem::of("contact", format!("`{text}` is not an address"), hint));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_rights_forbid_is_turned_away_too() {
        let robots = Robots { deny: vec!["ExampleBot".into(), "gptbot".into()] };
        assert_eq!(robots.denied(None), ["ExampleBot", "gptbot"]);
        let denied = robots.denied(Some(&Rights::default()));
        assert!(denied.contains(&"CCBot") && !denied.contains(&"ChatGPT-User"), "{denied:?}");
        let named = denied.iter().filter(|name| name.eq_ignore_ascii_case("GPTBot"));
        assert_eq!(named.count(), 1, "each once");
    }
}
