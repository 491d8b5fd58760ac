//! The table of rules: what `courant check` looks for, how bad it is by default, and what it means.
//!
//! Nothing but data: the table in docs/editing.md, `site.yaml`'s key `check`, its schema and SARIF all restate it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::diagnostic::Severity;

/// How bad it is when a rule is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The exit code is 1.
    Error,
    /// It is told; `--strict` makes the exit code 1.
    Warning,
    /// Nobody looks.
    Off,
}

impl Level {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Off];

    /// The word in `site.yaml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Off => "off",
        }
    }

    /// The severity of a finding; none if there is to be none.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Off => None,
        }
    }
}

macro_rules! rules {
    ($($variant:ident $id:literal $level:ident $meaning:literal,)*) => {
        /// A rule of `courant check`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $(#[doc = $meaning] $variant,)*
        }

        impl Rule {
            /// All rules, in the order of the table in docs/editing.md.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in `site.yaml` and in findings.
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// How bad it is unless `site.yaml` says otherwise.
            pub fn default_level(self) -> Level {
                match self { $(Self::$variant => Level::$level,)* }
            }

            /// What breaks it, in one sentence.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }
    };
}

rules! {
    DeadLink "dead-link" Error "A link leads to a page or file of the site that does not exist.",
    DeadAnchor "dead-anchor" Warning "A link leads to a place (`#…`) that its page does not have.",
    WithheldLink "withheld-link" Error "A link leads to an article that is a draft, embargoed or expired; the build makes it plain text.",
    DeadPlace "dead-place" Error "A front page or `related` names an article, a section or a tag that does not exist; the place goes to another article.",
    WithheldPlace "withheld-place" Warning "A front page or `related` names an article that is withheld; its place goes to another one.",
    DeadExternalLink "dead-external-link" Warning "An address outside the site does not answer, or says that there is nothing (only with `--external`).",
    MissingImage "missing-image" Error "The file of an image does not exist.",
    MissingAlt "missing-alt" Warning "An image has no words for those who do not see it.",
    MissingCredit "missing-credit" Warning "An image does not say who made it.",
    SmallImage "small-image" Warning "The image of an article is narrower than 1,200 pixels, which Google Discover asks for.",
    MissingSummary "missing-summary" Warning "An article has no summary of its own.",
    MissingSource "missing-source" Warning "An article names neither a source nor an author: nobody stands for it.",
    HeadlineLength "headline-length" Warning "A headline is longer than 110 characters, so search engines and phones cut it.",
    DuplicateTitle "duplicate-title" Warning "Two articles have the same headline.",
    ImpossibleDate "impossible-date" Warning "An update or correction lies in the future or before the article, or an article expires before it is published.",
    UnknownKey "unknown-key" Warning "Front matter has a key that neither courant nor the theme reads.",
    SimilarTerms "similar-terms" Warning "Two tags, authors or series are spelled nearly alike.",
    OrphanTranslation "orphan-translation" Warning "A translation (`name.de.md`) stands without the article it translates (`name.md`).",
    StrayMarkup "stray-markup" Warning "Something looks like markup and is text for readers: `#Heading`, `[gallery ids=1]`, an address with blanks; or readers do not see a footnote or a cell of a table; or a link has no address.",
    HtmlNesting "html-nesting" Warning "HTML in an article is not nested properly: a browser will guess what was meant.",
    AdsTxt "ads-txt" Warning "A line of `static/ads.txt` is not what the IAB's ads.txt 1.1 knows, so buyers skip it.",
    SecurityTxt "security-txt" Warning "`security.txt` breaks RFC 9116: nobody to tell, expired, or a field that is not known.",
    TrustTxt "trust-txt" Warning "A line of `trust.txt` is not what JournalList's trust.txt knows.",
    HostLimits "host-limits" Warning "The site has more files, larger ones or more redirects than a host of `hosting` takes.",
}

impl Rule {
    /// Those that a build looks at, too.
    pub const OF_BUILDS: [Self; 4] = [Self::DeadLink, Self::DeadAnchor, Self::MissingImage, Self::StrayMarkup];

    /// The rule of that name.
    pub fn find(id: &str) -> Option<Self> {
        Self::ALL.iter().find(|rule| rule.id() == id).copied()
    }
}

impl Serialize for Rule {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

/// The key `check` of `site.yaml`: a level for each rule that is to have another one, and two lists.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Checks {
    /// Levels that are not the default.
    #[serde(flatten)]
    pub levels: BTreeMap<Rule, Level>,
    /// Keys of front matter that are known here although neither courant nor the theme reads them.
    pub known_keys: Vec<String>,
    /// Beginnings of outside addresses that `--external` leaves alone.
    pub ignore_links: Vec<String>,
}

impl Checks {
    /// The level of a rule.
    pub fn level(&self, rule: Rule) -> Level {
        self.levels.get(&rule).copied().unwrap_or_else(|| rule.default_level())
    }
}

/// The keys of `check` that are no rules, with what they mean.
pub const LISTS: [(&str, &str); 2] = [
    ("known_keys", "Keys of front matter that `unknown-key` accepts."),
    ("ignore_links", "Beginnings of outside addresses that `courant check --external` leaves alone."),
];

impl<'de> Deserialize<'de> for Checks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Checks;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_unit<E: de::Error>(self) -> Result<Checks, E> {
                Ok(Checks::default())
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Checks, M::Error> {
                let mut checks = Checks::default();
                while let Some(key) = map.next_key::<Key>()? {
                    match key {
                        Key::Level(rule) => {
                            checks.levels.insert(rule, map.next_value::<Answer>()?.0);
                        }
                        Key::KnownKeys => checks.known_keys = map.next_value()?,
                        Key::IgnoreLinks => checks.ignore_links = map.next_value()?,
                    }
                }
                Ok(checks)
            }
        }

        deserializer.deserialize_map(Reader)
    }
}

/// A key of `check`. What is wrong with it is said while it is read, so that it is said at its line.
enum Key {
    Level(Rule),
    KnownKeys,
    IgnoreLinks,
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl Visitor<'_> for Reader {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a rule")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Key, E> {
                // serde wants the names for its message, and for ever.
                static NAMES: LazyLock<Vec<&str>> = LazyLock::new(|| {
                    Rule::ALL.iter().map(|rule| rule.id()).chain(LISTS.map(|(name, _)| name)).collect()
                });
                match (Rule::find(text), text) {
                    (Some(rule), _) => Ok(Key::Level(rule)),
                    (None, "known_keys") => Ok(Key::KnownKeys),
                    (None, "ignore_links") => Ok(Key::IgnoreLinks),
                    (None, other) => Err(E::unknown_field(other, &NAMES)),
                }
            }
        }

        deserializer.deserialize_str(Reader)
    }
}

/// A level; YAML 1.1 editors write `off` as `false`.
struct Answer(Level);

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl Visitor<'_> for Reader {
            type Value = Answer;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`error`, `warning` or `off`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Answer, E> {
                let level = Level::ALL.into_iter().find(|level| level.name() == text);
                level.map(Answer).ok_or_else(|| E::unknown_variant(text, &["error", "warning", "off"]))
            }

            fn visit_bool<E: de::Error>(self, yes: bool) -> Result<Answer, E> {
                if yes { Err(E::invalid_value(de::Unexpected::Bool(yes), &self)) } else { Ok(Answer(Level::Off)) }
            }
        }

        deserializer.deserialize_any(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_found_by_its_id() {
        for rule in Rule::ALL {
            assert_eq!(Rule::find(rule.id()), Some(*rule));
            assert!(rule.meaning().ends_with('.') && !rule.id().contains('_'));
        }
        assert_eq!(Rule::find("no-such-rule"), None);
    }

    #[test]
    fn levels_are_read_and_the_others_keep_their_default() {
        let checks: Checks =
            crate::yaml::from_str("dead-link: warning\nmissing-alt: off\nknown_keys: [weight]").expect("good");
        assert_eq!(checks.level(Rule::DeadLink), Level::Warning);
        assert_eq!(checks.level(Rule::MissingAlt), Level::Off);
        assert_eq!(checks.level(Rule::WithheldLink), Level::Error);
        assert_eq!(checks.known_keys, ["weight"]);
    }
}
