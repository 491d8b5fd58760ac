//! The languages of a site: `languages` in `site.yaml`, with every default filled in.
//!
//! A site has one or more. The first is its own (`language`); each further one has a front page, listings
//! and feeds of its own below its prefix. Everything later names a language by its place in this list.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::menus::{Footer, MenuItem, Menus};
use super::newsletter::Newsletter;
use super::settings::{Problem, Settings};
use crate::file_kind::MARKDOWN;

/// A language of the site, by its place in [`Config::languages`](super::Config::languages).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LanguageId(pub u8);

impl LanguageId {
    /// The language of the site itself, `language` in `site.yaml`.
    pub const MAIN: Self = Self(0);
}

/// The site in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language {
    /// The tag, as `site.yaml` writes it: `de`, `pt-BR`.
    pub tag: String,
    /// What the language calls itself; none leaves it to the theme's texts.
    pub name: Option<String>,
    /// The name of the site.
    pub title: String,
    /// One sentence about the site.
    pub description: String,
    /// The entries of the navigation; the sections when it is empty.
    pub menu: Vec<MenuItem>,
    /// What stands at the foot of each page.
    pub footer: Footer,
    /// The newsletter's form.
    pub newsletter: Newsletter,
    /// The site path of its front page: `/` or `/de/`.
    pub prefix: String,
    /// Theme settings that differ in this language.
    pub theme_settings: serde_json::Map<String, serde_json::Value>,
}

impl Language {
    /// Its tag as names of files have it: `pt-BR`, `pt-br`, `PT-BR`, `Pt-BR`, and each with `_`.
    pub fn spellings(&self) -> Vec<String> {
        let (first, rest) = self.tag.split_at(1);
        let mut all = vec![self.tag.clone(), self.tag.to_ascii_lowercase(), self.tag.to_ascii_uppercase()];
        all.push(first.to_ascii_uppercase() + rest);
        all.extend(all.clone().into_iter().filter(|tag| tag.contains('-')).map(|tag| tag.replace('-', "_")));
        all.sort();
        all.dedup();
        all
    }

    /// A site path in this language: `/de/archive/` for `/archive/`.
    pub fn path(&self, site_path: &str) -> String {
        format!("{}{}", self.prefix, site_path.trim_start_matches('/'))
    }
}

/// What `site.yaml` says of one language.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LanguageSettings {
    /// What the language calls itself, for the language switch; `Deutsch` for `de` where the theme knows it.
    pub name: Option<String>,
    /// The name of the site in this language.
    pub title: Option<String>,
    /// One sentence about the site, for feeds and search engines.
    pub description: Option<String>,
    /// The entries of the navigation; the sections when there are none.
    pub menu: Option<Vec<MenuItem>>,
    /// The menus of the bar and of the foot of each page.
    pub menus: Option<Menus>,
    /// What stands at the foot of each page.
    pub footer: Option<Footer>,
    /// The words of the newsletter's box, and its form where it is another one.
    pub newsletter: Option<Newsletter>,
    /// The folder below which everything in this language has its address; its tag when not given, and none for the
    /// language of the site.
    pub prefix: Option<String>,
    /// Theme settings that differ in this language, such as the tagline. Stylesheets are shared, so they see only those
    /// of the site.
    pub theme_settings: serde_json::Map<String, serde_json::Value>,
}

/// The value of `languages`, in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Languages(pub Vec<(String, LanguageSettings)>);

impl Serialize for Languages {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(tag, settings)| (tag, settings)))
    }
}

impl<'de> Deserialize<'de> for Languages {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Languages;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of languages, such as `de: { title: … }`")
            }

            fn visit_unit<E>(self) -> Result<Languages, E> {
                Ok(Languages::default())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Languages, A::Error> {
                let mut languages = Languages::default();
                while let Some((tag, settings)) = map.next_entry::<String, Option<LanguageSettings>>()? {
                    languages.0.push((tag, settings.unwrap_or_default()));
                }
                Ok(languages)
            }
        }
        deserializer.deserialize_any(InOrder)
    }
}

impl JsonSchema for Languages {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Languages".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let language = generator.subschema_for::<LanguageSettings>();
        let whole = serde_json::json!({
            "type": ["object", "null"],
            "propertyNames": { "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$" },
            "additionalProperties": { "anyOf": [language, { "type": "null" }] },
        });
        Schema::try_from(whole).expect("an object is a schema")
    }
}

/// How the tag of a language is written.
pub(super) const LANGUAGE_CURE: &str = "use a tag such as `en`, `de-AT` or `zh-Hant`";

/// Whether a tag is that of a language.
pub(super) fn is_language(tag: &str) -> bool {
    is_tag(tag) && crate::locale::is_known(tag)
}

/// Whether a tag has the form of one: a language, then script, region or variant (BCP 47).
fn is_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// All languages of a site, the main one first.
///
/// # Errors
/// Tags that are none, and prefixes that are none or are there twice.
pub(super) fn languages(settings: &Settings) -> (Vec<Language>, Vec<Problem>) {
    let main = |given: &LanguageSettings| Language {
        tag: settings.language.clone(),
        name: given.name.clone(),
        title: given.title.clone().unwrap_or_else(|| settings.title.clone()),
        description: given.description.clone().unwrap_or_else(|| settings.description.clone()),
        menu: {
            let menus = given.menus.clone().unwrap_or_default();
            let whole = settings.menus.joined(Some(&settings.menu), &[]);
            menus.joined(given.menu.as_deref(), &whole)
        },
        footer: given.footer.clone().unwrap_or_default().over(&settings.footer),
        newsletter: given.newsletter.clone().unwrap_or_default().over(&settings.newsletter, true),
        prefix: "/".into(),
        theme_settings: given.theme_settings.clone(),
    };
    let declared = &settings.languages.0;
    if declared.is_empty() {
        return (vec![main(&LanguageSettings::default())], Vec::new());
    }
    let mut problems = Vec::new();
    let mut problem = |key: &str, message: String, hint: String| problems.push(Problem::of(key, message, hint));
    let is_main = |tag: &str| tag.eq_ignore_ascii_case(&settings.language);
    if !declared.iter().any(|(tag, _)| is_main(tag)) {
        let own = &settings.language;
        problem(
            "languages",
            format!("`languages` does not have the site's own language `{own}`"),
            format!("add `{own}: {{}}` to it, or set `language` to one of {}", listed(declared)),
        );
    }
    if declared.len() > usize::from(u8::MAX) {
        problem("languages", format!("`languages` has {} languages", declared.len()), "keep 255 of them".into());
    }
    let mut all: Vec<Language> = Vec::with_capacity(declared.len());
    let (first, others): (Vec<_>, Vec<_>) = declared.iter().partition(|(tag, _)| is_main(tag));
    for (tag, given) in first.into_iter().chain(others) {
        if !is_language(tag) {
            problem(tag, format!("`{tag}` is not the tag of a language"), LANGUAGE_CURE.into());
            continue;
        }
        if all.iter().any(|other| other.tag.eq_ignore_ascii_case(tag)) {
            problem(tag, format!("the language `{tag}` is there twice"), "keep one of the two".into());
            continue;
        }
        let default = if is_main(tag) { String::new() } else { tag.to_ascii_lowercase() };
        let folder = given.prefix.clone().unwrap_or(default);
        let folder = folder.trim_matches('/');
        let folder = match crate::site_path::read(folder) {
            Ok(folder) => folder,
            Err(wrong) => {
                let hint = "name a folder, such as `de`".into();
                problem("prefix", format!("the prefix of the language `{tag}` is {wrong}"), hint);
                continue;
            }
        };
        let prefix = if folder.is_empty() { "/".to_owned() } else { format!("/{folder}/") };
        if let Some(other) = all.iter().find(|other| other.prefix == prefix) {
            let message = format!("the languages `{}` and `{tag}` have the same prefix `{prefix}`", other.tag);
            problem(tag, message, "give one of them another `prefix`".into());
            continue;
        }
        all.push(if is_main(tag) {
            Language { prefix, ..main(given) }
        } else {
            Language {
                tag: tag.clone(),
                name: given.name.clone(),
                title: given.title.clone().unwrap_or_else(|| settings.title.clone()),
                description: given.description.clone().unwrap_or_default(),
                // A menu in another language is of no use to its readers; its sections are.
                menu: given.menus.clone().unwrap_or_default().joined(given.menu.as_deref(), &[]),
                footer: given.footer.clone().unwrap_or_default(),
                newsletter: given.newsletter.clone().unwrap_or_default().over(&settings.newsletter, false),
                prefix,
                theme_settings: given.theme_settings.clone(),
            }
        });
    }
    if all.is_empty() {
        all.push(main(&LanguageSettings::default()));
    }
    (all, problems)
}

fn listed(declared: &[(String, LanguageSettings)]) -> String {
    declared.iter().map(|(tag, _)| format!("`{tag}`")).collect::<Vec<_>>().join(", ")
}

/// The names that the file of a bundle may have, those of the site's own language first.
pub(super) fn bundle_names(languages: &[Language], is_declared: bool) -> Vec<String> {
    let mut names = Vec::from(MARKDOWN.map(|ending| format!("index{ending}")));
    for language in languages.iter().filter(|_| is_declared) {
        for tag in language.spellings() {
            names.extend(MARKDOWN.map(|ending| format!("index.{tag}{ending}")));
        }
    }
    names
}
