//! The template engine: Tera with the theme's templates and our functions and filters, once for each language.

use std::borrow::Cow;

use tera::{Tera, Value};

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::locale;
use crate::render::template::functions;
use crate::theme::Theme;
use crate::theme::compile::add;
use crate::theme::errors::diagnostics;
use crate::theme::site::site;

/// Compiles the theme's templates, for each language of the site.
///
/// # Errors
/// Every syntax error of every template, and names that do not exist.
pub(in crate::render) fn load(theme: &Theme, config: &Config) -> Result<Vec<Tera>, Vec<Diagnostic>> {
    let mut tera = Tera::new();
    // What is drawn is escaped as what is shown.
    tera.autoescape_on(vec![".html", ".htm", ".xml", ".svg"]);
    functions::register(&mut tera);
    let prefixes: Vec<Cow<'static, str>> = theme.layers.iter().map(|layer| Cow::Owned(format!("{layer}/"))).collect();
    tera.set_fallback_prefixes(prefixes).map_err(|error| diagnostics(&error, theme))?;
    let pages = theme.templates.iter().filter(|template| !template.is_stylesheet());
    add(&mut tera, pages, theme)?;
    let each = config.each_language().map(|(language, there)| {
        let mut tera = tera.clone();
        tera.global_context().insert_value("site", site(theme, config, language));
        tera.global_context().insert_value("lang", Value::from(there.tag.as_str()));
        let direction = if locale::is_right_to_left(&there.tag) { "rtl" } else { "ltr" };
        tera.global_context().insert_value("dir", Value::from(direction));
        tera
    });
    Ok(each.collect())
}
