//! From the sources of templates to those that the engine knows: every syntax error at once, and what would overflow the
//! engine's stack.

use std::collections::BTreeSet;

use tera::{ErrorKind, Tera};

use super::errors::{at_text, diagnostics};
use super::{Template, Theme};
use crate::diagnostic::{Diagnostic, Place};

/// Compiles templates.
///
/// # Errors
/// Every syntax error of every template, and names that do not exist.
pub(crate) fn add<'a>(
    tera: &mut Tera,
    templates: impl Iterator<Item = &'a Template> + Clone,
    theme: &Theme,
) -> Result<(), Vec<Diagnostic>> {
    // Each template above it would say the same.
    if let Some(deep) = templates.clone().find_map(|template| too_deep(template, theme)) {
        return Err(vec![deep]);
    }
    let templates = || templates.clone().map(|template| (template.name.as_str(), template.source.as_str()));
    let Err(error) = tera.add_raw_templates(templates()) else { return Ok(()) };
    // The engine stops at the first syntax error; each template by itself tells of its own.
    let mut problems = Vec::new();
    for (name, source) in templates() {
        if let Err(error) = Tera::new().add_raw_template(name, source)
            && matches!(error.kind(), ErrorKind::SyntaxError(_))
        {
            problems.extend(diagnostics(&error, theme));
        }
    }
    if problems.is_empty() {
        problems = diagnostics(&error, theme);
    }
    Err(problems)
}

/// How many templates may include one another in a row. The engine calls itself for each, on the small stack of a
/// thread.
const MOST_INCLUDED: usize = 12;

/// How many `elif` a template may have: the engine's parser calls itself for each.
const MOST_ELIF: usize = 500;

/// What would overflow the engine's stack.
fn too_deep(template: &Template, theme: &Theme) -> Option<Diagnostic> {
    let (name, source) = (&*template.name, &*template.source);
    if let Some((at, elif)) = source.match_indices("elif").nth(MOST_ELIF) {
        let place = Place::span(template.file.as_str(), source, at..at + elif.len());
        let problem = Diagnostic::error(format!("the template has more than {MOST_ELIF} `elif`")).at(place);
        return Some(problem.hint("put what differs into a file in `data/` and look it up"));
    }
    let mut level = BTreeSet::from([name]);
    for _ in 0..=MOST_INCLUDED {
        let sources = level.iter().filter_map(|name| theme.template(name));
        level = sources.flat_map(|template| included(&template.source)).collect();
        let is_itself = |included: &&str| theme.template(included).is_some_and(|template| template.name == name);
        // The engine tells of circles.
        if level.is_empty() || level.iter().any(is_itself) {
            return None;
        }
    }
    let message = format!("more than {MOST_INCLUDED} templates include one another from here");
    Some(at_text(theme, name, "include", &message).hint("put what they have in common into fewer templates"))
}

/// The templates that a template includes.
fn included(source: &str) -> impl Iterator<Item = &str> {
    source.split("{%").skip(1).filter_map(|tag| {
        let name = tag.trim_start_matches('-').trim_start().strip_prefix("include")?.trim_start();
        let quote = name.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
        name[1..].split(quote).next()
    })
}
