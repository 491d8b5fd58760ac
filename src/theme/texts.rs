//! The words of a theme: `i18n/<language>.yaml`.
//!
//! A text is one line, or, where it depends on a number, one for each plural category that its language has
//! (`one`, `few`, `other` …, as CLDR names them). A text that a language lacks is taken from the next one in its
//! chain, and keeps the plural rules of the language that it is in.

use std::collections::BTreeMap;
use std::sync::Arc;

use icu_plurals::PluralRules;
use serde::{Deserialize, Serialize};

use crate::locale;

/// A text in all its forms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Form {
    One(String),
    /// By plural category.
    Several(BTreeMap<String, String>),
}

/// One file of texts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Forms(BTreeMap<String, Form>);

impl Forms {
    /// What the language calls itself.
    pub(crate) fn name(&self) -> Option<String> {
        match self.0.get("language_name")? {
            Form::One(name) => Some(name.clone()),
            Form::Several(_) => None,
        }
    }

    /// Texts with plurals that have no `other`, or categories that there are not.
    pub(crate) fn wrong_plurals(&self) -> impl Iterator<Item = (&str, String)> {
        self.0.iter().filter_map(|(key, form)| {
            let Form::Several(forms) = form else { return None };
            if let Some(unknown) = forms.keys().find(|name| !locale::PLURALS.contains(&name.as_str())) {
                return Some((key.as_str(), format!("`{unknown}` is not a plural category")));
            }
            (!forms.contains_key("other")).then(|| (key.as_str(), format!("`{key}` has no form `other`")))
        })
    }
}

/// The texts that serve the readers of one language.
#[derive(Debug, Default)]
pub struct Texts(BTreeMap<String, Text>);

#[derive(Debug)]
struct Text {
    form: Form,
    /// Those of the language that it is in.
    plurals: Arc<PluralRules>,
}

impl Serialize for Texts {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, text)| (key, &text.form)))
    }
}

impl Texts {
    /// Puts files together, the nearest first, each with the tag of its language.
    pub fn of<'a>(files: impl Iterator<Item = (&'a str, &'a Forms)>) -> Self {
        let mut all = BTreeMap::new();
        let mut known: BTreeMap<&str, Arc<PluralRules>> = BTreeMap::new();
        for (tag, forms) in files {
            let plurals = known.entry(tag).or_insert_with(|| Arc::new(locale::plural_rules(tag)));
            for (key, form) in &forms.0 {
                let text = || Text { form: form.clone(), plurals: Arc::clone(plurals) };
                all.entry(key.clone()).or_insert_with(text);
            }
        }
        Self(all)
    }

    /// A text for a number; without one it is the form for any number.
    pub fn get(&self, key: &str, count: Option<i64>) -> Option<&str> {
        let text = self.0.get(key)?;
        match &text.form {
            Form::One(text) => Some(text),
            Form::Several(forms) => {
                let category = count.map_or("other", |count| locale::plural(&text.plurals, count));
                forms.get(category).or_else(|| forms.get("other")).map(String::as_str)
            }
        }
    }

    /// All forms of a text, for scripts: JSON of plural categories and texts.
    pub(crate) fn forms(&self, key: &str) -> Option<String> {
        let forms = match &self.0.get(key)?.form {
            Form::One(text) => &BTreeMap::from([("other".to_owned(), text.clone())]),
            Form::Several(forms) => forms,
        };
        Some(serde_json::to_string(forms).expect("strings serialise"))
    }

    /// The keys.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The texts as they are without a number.
    pub fn plain(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.keys().filter_map(|key| Some((key.as_str(), self.get(key, None)?)))
    }
}

/// The languages whose texts serve readers of a language, the nearest first: `de-AT`, `de`, `en`.
pub(super) fn chain(tag: &str) -> Vec<&str> {
    let mut chain = vec![tag];
    let mut rest = tag;
    while let Some((before, _)) = rest.rsplit_once('-') {
        chain.push(before);
        rest = before;
    }
    if rest != "en" {
        chain.push("en");
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_a_form_for_each_number() {
        let read = |text: &str| crate::yaml::from_str::<Forms>(text).expect("texts");
        let polish = read("news: {one: '{count} wiadomość', few: '{count} wiadomości', other: '{count} wiadomości!'}");
        let english = read("news: {one: one, other: many}\nhome: Home\nnew: {one: a new one, other: new ones}");
        let texts = Texts::of([("pl", &polish), ("en", &english)].into_iter());
        let news = [1, 2, 5].map(|count| texts.get("news", Some(count)));
        assert_eq!(news, ["{count} wiadomość", "{count} wiadomości", "{count} wiadomości!"].map(Some));
        assert_eq!((texts.get("home", Some(3)), texts.get("nothing", None)), (Some("Home"), None));
        assert_eq!(texts.get("new", Some(1)), Some("a new one"), "the rules are those of the language of the text");
        assert_eq!(texts.forms("home").as_deref(), Some(r#"{"other":"Home"}"#));
        let wrong = read("a: {one: x}\nb: {two: x, other: y}\nc: {single: x, other: y}");
        assert_eq!(wrong.wrong_plurals().map(|(key, _)| key).collect::<Vec<_>>(), ["a", "c"]);
    }

    #[test]
    fn a_language_falls_back_to_its_base_and_then_to_english() {
        assert_eq!(chain("de-AT"), ["de-AT", "de", "en"]);
        assert_eq!(chain("zh-Hant-HK"), ["zh-Hant-HK", "zh-Hant", "zh", "en"]);
        assert_eq!((chain("en-US"), chain("en")), (vec!["en-US", "en"], vec!["en"]));
    }
}
