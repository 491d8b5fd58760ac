//! The theme: its assets, texts, components and templates.

use crate::config::LanguageId;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::fingerprint::Fingerprint;
use crate::query::answers::FileBytes;
use crate::query::{Question, Seen, View};
use crate::theme::code::Spot;
use crate::theme::inline::InlineScript;
use crate::theme::texts::Texts;
use crate::theme::{Asset, errors};

/// Where the bytes of an asset of the theme are.
pub(crate) fn bytes_of(view: &View, asset: Seen<Asset>) -> FileBytes<'_> {
    view.get(asset).into()
}

/// The fonts of the theme, and what stands for all of them.
pub(crate) fn fonts(view: &View) -> (impl Iterator<Item = FileBytes<'_>>, Fingerprint) {
    (view.site.theme.fonts.iter().map(FileBytes::from), view.site.theme.fonts_fingerprint())
}

/// The address of an asset of the theme.
///
/// # Errors
/// There is none with this name; what was probably meant.
pub(crate) fn asset<'a>(view: &'a View, path: &str) -> Result<&'a str, Option<String>> {
    let Some(asset) = view.site.theme.asset(path) else {
        return Err(did_you_mean(path, view.site.theme.assets.iter().map(|asset| asset.path.as_str())));
    };
    view.record(Question::Asset(path.into()), || Fingerprint::of(asset.site_path.as_bytes()));
    Ok(&asset.site_path)
}

/// A script of the theme that stands in the page.
///
/// # Errors
/// There is none with this name; what was probably meant.
pub(crate) fn inline_script<'a>(view: &'a View, path: &str) -> Result<&'a InlineScript, Option<String>> {
    let scripts = &view.site.theme.inline_scripts;
    let Some(script) = scripts.get(path) else {
        return Err(did_you_mean(path, scripts.keys().map(String::as_str)));
    };
    view.record(Question::InlineScript(path.into()), || script.fingerprint);
    Ok(script)
}

/// The owner's HTML at a spot of every page.
pub(crate) fn code(view: &View, spot: Spot) -> &str {
    let code = &view.site.theme.code;
    // Its file may be empty, for now.
    if spot.path(&view.site.config).is_some() {
        view.record(Question::Code(spot), || code.fingerprint(spot));
    }
    code.at(spot)
}

/// The texts of the theme in a language.
pub(crate) fn texts(view: &View, language: LanguageId) -> &Texts {
    let texts = &view.site.theme.texts[language.0 as usize];
    view.record(Question::Texts(language), || Fingerprint::of_value(texts));
    texts
}

/// Whether the theme has an id, in its pages or components.
pub(crate) fn is_reserved(view: &View, id: &str) -> bool {
    view.record(Question::ReservedIds, || Fingerprint::of_value(&view.site.reserved));
    view.site.reserved.has(id)
}

/// Whether an id stands in the theme's pages.
pub(crate) fn is_reserved_by_pages(view: &View, id: &str) -> bool {
    view.record(Question::ReservedIds, || Fingerprint::of_value(&view.site.reserved));
    view.site.reserved.is_of_pages(id)
}

/// Whether the theme has a component.
pub(crate) fn has_component(view: &View, name: &str) -> bool {
    let reach = view.site.theme.component_reach(name);
    view.record(Question::Component(name.into()), || reach.unwrap_or_default());
    reach.is_some()
}

// What follows is of templates, of which the trace of every page holds all that they reach, and of what every template
// can see.

/// Which component was probably meant.
pub(crate) fn component_hint(view: &View, name: &str) -> Option<String> {
    errors::component_hint(name, &view.site.theme)
}

/// The file of a template, if the theme has it.
pub(crate) fn template<'a>(view: &'a View, name: &str) -> Option<&'a str> {
    view.site.theme.template(name).map(|template| &*template.file)
}

/// What is wrong with a template.
pub(crate) fn template_errors(view: &View, error: &tera::Error) -> Vec<Diagnostic> {
    errors::diagnostics(error, &view.site.theme)
}

/// A setting of the theme that is a text.
pub(crate) fn setting<'a>(view: &'a View, name: &str) -> Option<&'a str> {
    view.site.theme.settings.get(name).and_then(serde_json::Value::as_str)
}

/// What a language is called.
pub(crate) fn language_name(view: &View, language: LanguageId) -> &str {
    view.site.theme.language_name(language)
}
