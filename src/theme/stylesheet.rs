//! Stylesheets that are templates, made once for the whole site.
//!
//! Not a way to give a page a style of its own. The one idea: what a setting of the theme changes (a colour,
//! a density) is settled when the theme is loaded, so no page needs a `style` attribute and the
//! `Content-Security-Policy` none of its exceptions. A stylesheet is a template that stands directly in
//! `templates/` and ends with `.css`; those in folders below are parts of others. It knows the value `site`, with
//! the settings, and the engine's own filters and functions: nothing of articles, so it never becomes stale by them. What
//! comes out is an asset like any other, with its fingerprint in its name.

use std::borrow::Cow;
use std::collections::BTreeSet;

use tera::{Context, Tera};

use super::compile::add;
use super::site::site;
use super::{Asset, Theme, errors};
use crate::config::{Config, LanguageId};
use crate::diagnostic::Diagnostic;

/// A stylesheet that was made.
pub(super) struct Stylesheet {
    /// The asset.
    pub(super) asset: Asset,
    /// The name of the template that it was made from.
    pub(super) template: String,
}

/// Makes the stylesheets of a theme.
///
/// # Errors
/// Everything that is wrong with their templates.
pub(super) fn render(theme: &Theme, config: &Config) -> Result<Vec<Stylesheet>, Vec<Diagnostic>> {
    let templates = theme.templates.iter().filter(|template| template.is_stylesheet());
    let paths: BTreeSet<&str> = templates
        .clone()
        .filter_map(|template| template.name.split_once('/'))
        .map(|(_, path)| path)
        .filter(|path| !path.contains('/'))
        .collect();
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let mut tera = Tera::new();
    let prefixes: Vec<Cow<'static, str>> = theme.layers.iter().map(|layer| Cow::Owned(format!("{layer}/"))).collect();
    tera.set_fallback_prefixes(prefixes).map_err(|error| errors::diagnostics(&error, theme))?;
    tera.global_context().insert_value("site", site(theme, config, LanguageId::MAIN));
    add(&mut tera, templates, theme).map_err(|problems| problems.into_iter().map(explained).collect::<Vec<_>>())?;
    let mut made = Vec::new();
    let mut problems = Vec::new();
    for path in paths {
        match tera.render(path, &Context::new()) {
            Ok(text) => made.push(Stylesheet {
                asset: Asset::stylesheet(path, text),
                template: theme.template(path).map(|template| template.name.clone()).unwrap_or_default(),
            }),
            Err(error) => problems.extend(errors::diagnostics(&error, theme)),
        }
    }
    if problems.is_empty() { Ok(made) } else { Err(problems) }
}

/// The functions of pages are known to whoever writes themes, so their absence needs a reason.
fn explained(problem: Diagnostic) -> Diagnostic {
    if problem.message.starts_with("unknown function") || problem.message.starts_with("unknown filter") {
        return problem
            .hint("a stylesheet is made once for the whole site and knows only `site`, with the theme's settings");
    }
    problem
}
