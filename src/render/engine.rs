//! The template engine: Tera with the theme's templates, our functions and filters, and its errors as
//! diagnostics.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::Serialize;
use tera::{ErrorKind, Tera, Value};

use super::functions;
use super::settings;
use super::theme::{Template, Theme};
use crate::config::address;
use crate::config::{Comments, Config, FeedFormat, FeedScope, FieldNames, FragmentMode, Language, LanguageId};
use crate::diagnostic::{Diagnostic, Place, did_you_mean};
use crate::locale;

/// The value `site` of templates: everything that follows from the configuration alone.
#[derive(Serialize)]
struct Site<'a> {
    title: &'a str,
    description: &'a str,
    language: &'a str,
    base_url: &'a str,
    url: &'a str,
    settings: &'a serde_json::Map<String, serde_json::Value>,
    publisher: Option<&'a crate::config::Publisher>,
    fragments: FragmentModes,
    comments: Option<CommentForm<'a>>,
    archives: bool,
    feeds: Vec<FeedLink>,
}

/// Where replies are sent.
#[derive(Serialize)]
struct CommentForm<'a> {
    action: String,
    fields: &'a FieldNames,
    hidden: Vec<HiddenField<'a>>,
}

#[derive(Serialize)]
struct HiddenField<'a> {
    name: &'a str,
    value: &'a str,
}

/// A feed of the site as a whole.
#[derive(Serialize)]
struct FeedLink {
    title: &'static str,
    url: String,
    #[serde(rename = "type")]
    media_type: &'static str,
}

fn site_feeds(config: &Config, language: &Language) -> Vec<FeedLink> {
    let feeds = &config.settings.feeds;
    if !feeds.scopes.contains(&FeedScope::Site) {
        return Vec::new();
    }
    let link = |format: &FeedFormat| FeedLink {
        title: format.title(),
        url: address::encode(config, &language.path(format.file())),
        media_type: format.media_type(),
    };
    feeds.formats.iter().map(link).collect()
}

#[derive(Serialize)]
struct FragmentModes {
    latest: FragmentMode,
}

fn comment_form(config: &Config) -> Option<CommentForm<'_>> {
    let Comments { action, fields, hidden } = &config.settings.comments;
    let hidden = hidden.iter().map(|(name, value)| HiddenField { name, value }).collect();
    Some(CommentForm { action: address::of_link(config, action.as_deref()?), fields, hidden })
}

/// Compiles the theme's templates, for each language of the site.
///
/// # Errors
/// Every syntax error of every template, and names that do not exist.
pub(super) fn load(theme: &Theme, config: &Config) -> Result<Vec<Tera>, Vec<Diagnostic>> {
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

/// The value `site` in a language.
pub(super) fn site(theme: &Theme, config: &Config, language: LanguageId) -> Value {
    let language = config.language(language);
    let front = address::encode(config, &language.prefix);
    let mut merged = theme.settings.clone();
    settings::lay(&mut merged, &language.theme_settings);
    Value::from_serializable(&Site {
        title: &language.title,
        description: &language.description,
        language: &language.tag,
        base_url: &config.base_url,
        url: &front,
        settings: &merged,
        publisher: config.settings.publisher.as_ref(),
        fragments: FragmentModes { latest: config.settings.fragments.latest },
        comments: comment_form(config),
        archives: config.settings.archives,
        feeds: site_feeds(config, language),
    })
}

/// Compiles templates.
///
/// # Errors
/// Every syntax error of every template, and names that do not exist.
pub(super) fn add<'a>(
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

/// An error of the engine as diagnostics at the template's lines.
pub(super) fn diagnostics(error: &tera::Error, theme: &Theme) -> Vec<Diagnostic> {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let (line, column) = (report.span().start_line, report.span().start_col + 1);
            vec![at(theme, report.filename(), line, column, report.message())]
        }
        ErrorKind::MissingParent { current, parent } => {
            let message = format!("the template extends `{parent}`, which does not exist");
            let hint = template_hint(parent, theme).unwrap_or_else(|| "add it, or extend another one".into());
            vec![at_text(theme, current, parent, &message).hint(hint)]
        }
        ErrorKind::CircularExtend { tpl, inheritance_chain } => {
            let chain = chain(inheritance_chain, tpl);
            vec![at_text(theme, tpl, "extends", &format!("the template extends itself: {chain}")).hint(
                "to change a template of the parent theme, extend it by its full name, as in `broadsheet/404.html`",
            )]
        }
        ErrorKind::CircularInclude { tpl, include_chain } => {
            let chain = chain(include_chain, tpl);
            vec![
                at_text(theme, tpl, "include", &format!("the template includes itself: {chain}"))
                    .hint("remove one of these `include` lines"),
            ]
        }
        other => reports(&other.to_string(), theme),
    }
}

/// `a → b → a`: the engine leaves out the end where it is the beginning.
fn chain(names: &[String], first: &str) -> String {
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    if names.len() < 2 {
        names = vec![first, first];
    }
    names.join(" → ")
}

fn template_hint(name: &str, theme: &Theme) -> Option<String> {
    let plain = theme.templates.iter().filter_map(|template| template.name.split_once('/').map(|(_, name)| name));
    did_you_mean(name, plain.chain(theme.templates.iter().map(|template| &*template.name)))
}

/// The block of a parent that was probably meant, or all that there are.
fn block_hint(name: &str, template: &str, theme: &Theme) -> Option<String> {
    let path = template.split_once('/').map_or(template, |(_, path)| path);
    // Blocks of the files of this path in all layers, and of the base of all pages.
    let is_parent = |other: &&Template| {
        other.name != template
            && other.name.split_once('/').is_some_and(|(_, other)| other == path || other == "base.html")
    };
    let sources = theme.templates.iter().filter(is_parent).map(|template| &*template.source);
    let names: BTreeSet<&str> =
        sources.flat_map(tags).filter(|(tag, ..)| *tag == "block").map(|(_, name, _)| name).collect();
    did_you_mean(name, names.iter().copied()).or_else(|| {
        (!names.is_empty()).then(|| format!("the blocks are {}", names.into_iter().collect::<Vec<_>>().join(", ")))
    })
}

/// The tags of a template, `{% block main %}`: the first word, the second one, and the line.
fn tags(source: &str) -> impl Iterator<Item = (&str, &str, usize)> {
    source.match_indices("{%").map(|(at, _)| {
        let mut words = source[at + 2..].trim_start_matches('-').split_whitespace();
        let mut word = || words.next().unwrap_or_default();
        (word(), word(), source[..at].matches('\n').count() + 1)
    })
}

/// The last tag of a template that is opened and not closed.
fn unclosed(source: &str) -> Option<(&str, usize)> {
    let mut open = Vec::new();
    for (tag, _, line) in tags(source) {
        match tag {
            "block" | "if" | "for" | "component" | "filter" | "raw" => open.push((tag, line)),
            _ => {
                if let Some(closed) = tag.strip_prefix("end")
                    && open.last().is_some_and(|(last, _)| *last == closed)
                {
                    open.pop();
                }
            }
        }
    }
    open.pop()
}

/// Errors that the engine has only as text, one or several blocks of
/// `error: message` and `--> template:line:column`.
fn reports(text: &str, theme: &Theme) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut message = None;
    for line in text.lines() {
        if let Some(found) = line.strip_prefix("error: ") {
            message = Some(found);
        } else if let (Some(place), Some(found)) = (line.trim_start().strip_prefix("--> "), message) {
            let mut parts = place.rsplitn(3, ':');
            let column = parts.next().and_then(|part| part.parse().ok()).unwrap_or(1);
            let line = parts.next().and_then(|part| part.parse().ok()).unwrap_or(1);
            problems.push(at(theme, parts.next().unwrap_or_default(), line, column, found));
            message = None;
        }
    }
    if problems.is_empty() && text.contains("recursion depth for components") {
        problems.extend(theme.endless_components().map(|(template, name, at)| {
            let place = Place::span(template.file.as_str(), &template.source, at..at + 1 + name.len());
            Diagnostic::error(format!("the component `{name}` calls itself"))
                .at(place)
                .hint("call it under a condition that ends, or remove the call")
        }));
    }
    if problems.is_empty() {
        problems.push(Diagnostic::error(lower_first(text.trim_end_matches('.'))));
    }
    problems
}

fn at(theme: &Theme, name: &str, line: usize, column: usize, message: &str) -> Diagnostic {
    let (message, suggestion) = suggestion(message.trim_end_matches('.'));
    let template = theme.templates.iter().find(|template| template.name == name);
    let place = match template {
        Some(template) => Place::at(template.file.as_str(), &template.source, line, column),
        None => Place::file(name),
    };
    Diagnostic::error(lower_first(&message))
        .at(place)
        .maybe_hint(suggestion.or_else(|| hint(&message, template, theme)))
}

/// The engine's messages, and those of our functions, go on with what was probably meant or with a list of
/// what there is: that is a hint, not part of what is wrong.
pub(super) fn suggestion(message: &str) -> (String, Option<String>) {
    if let Some((message, meant)) = message.split_once("; did you mean ") {
        return (message.to_owned(), Some(format!("did you mean {meant}")));
    }
    let of_list = |given: Option<&str>, what: &str, list: &str| {
        let names: Vec<&str> = list.split(", ").map(|name| name.trim_matches('`')).collect();
        let meant = given.and_then(|given| did_you_mean(given, names.iter().copied()));
        meant.unwrap_or_else(|| format!("the {what} are {}", names.join(", ")))
    };
    for what in ["variables", "fields"] {
        if let Some((message, list)) = message.split_once(&format!(". Available {what}: ")) {
            return (message.to_owned(), Some(of_list(message.split('`').nth(1), what, list)));
        }
    }
    if let Some((given, list)) = message
        .strip_prefix("Unknown argument(s) ")
        .and_then(|rest| rest.split_once(" in component call. Possible argument(s) are: "))
    {
        let given = given.trim_matches('`');
        return (format!("there is no argument `{given}`"), Some(of_list(Some(given), "arguments", list)));
    }
    if let Some(rest) = message.strip_prefix("Argument `")
        && let (Some(name), true) = (rest.split('`').next(), rest.ends_with(" missing"))
    {
        return (format!("the argument `{name}` is missing"), None);
    }
    wrong_type(message).unwrap_or_else(|| (message.to_owned(), None))
}

/// What the engine says of values of a wrong type, in the words of those who write templates, and how a right one is
/// written.
fn wrong_type(message: &str) -> Option<(String, Option<String>)> {
    let message = message.trim_end_matches('`');
    if let Some(rest) = message.strip_prefix("Invalid type for the value, expected `") {
        let (needed, given) = rest.split_once("` but got `")?;
        return Some((format!("{} is needed, and this is {}", plain_type(needed), plain_type(given)), None));
    }
    if let Some(rest) = message.strip_prefix("Component argument `") {
        let (name, rest) = rest.split_once("` (type: `")?;
        let (given, needed) = rest.split_once("`) does not match expected type: `")?;
        let (given, needed) = (plain_type(given), plain_type(needed));
        // What stands in quotation marks is text; values of other types stand in braces.
        let value = match needed {
            "a number" | "a whole number" => Some("2"),
            "true or false" => Some("true"),
            _ => None,
        };
        let hint = value.map(|value| format!("write it as `{name}={{{value}}}`"));
        return Some((format!("the argument `{name}` is {given} here, and {needed} is needed"), hint));
    }
    if let Some(rest) = message.strip_prefix("Value `") {
        let (value, _) = rest.split_once("` is out of range for `")?;
        return Some((format!("the number {value} is too small or too large here"), None));
    }
    if let Some(given) = message.strip_prefix("Iteration not possible on type `") {
        return Some((format!("`for` goes through lists and maps, and this is {}", plain_type(given)), None));
    }
    let (operator, given) = message.split_once(" requires both operands to be numbers, found `")?;
    let (left, right) = given.split_once("` and `")?;
    Some((format!("{operator} needs two numbers, and these are {} and {}", plain_type(left), plain_type(right)), None))
}

/// What those who write templates call a type of the engine.
fn plain_type(name: &str) -> &str {
    match name {
        "string" | "&str" | "String" => "text",
        "bool" => "true or false",
        "integer" | "i8" | "i16" | "i32" | "i64" | "i128" | "isize" | "u8" | "u16" | "u32" | "u64" | "u128"
        | "usize" => "a whole number",
        "float" | "f32" | "f64" | "number" | "Number" => "a number",
        "array" | "&[Value]" | "Vec<Value>" => "a list",
        "map" | "map/struct" | "Map" => "a map",
        other => other,
    }
}

fn at_text(theme: &Theme, name: &str, text: &str, message: &str) -> Diagnostic {
    let template = theme.templates.iter().find(|template| template.name == name).or_else(|| theme.template(name));
    let place = match template {
        Some(template) => match template.source.find(text) {
            Some(at) => Place::span(template.file.as_str(), &template.source, at..at + text.len()),
            None => Place::file(template.file.as_str()),
        },
        None => Place::file(name),
    };
    Diagnostic::error(message).at(place)
}

/// What a template author probably meant.
fn hint(message: &str, template: Option<&Template>, theme: &Theme) -> Option<String> {
    let quoted = |kind: &str| message.strip_prefix(kind).and_then(|rest| rest.split('`').nth(1));
    if let Some(name) = quoted("Unknown function") {
        let names: Vec<&str> = functions::FUNCTIONS.iter().map(|(name, _)| *name).collect();
        return did_you_mean(name, names.iter().copied())
            .or_else(|| Some(format!("the functions are {}", names.join(", "))));
    }
    if let Some(name) = quoted("Unknown filter") {
        let ours = functions::OUR_FILTERS.iter().map(|(name, _)| *name);
        return did_you_mean(name, ours.chain(functions::FILTERS));
    }
    if let Some(name) = quoted("Unknown test") {
        return did_you_mean(name, functions::TESTS)
            .or_else(|| Some(format!("the tests are {}", functions::TESTS.join(", "))));
    }
    if let Some(name) = quoted("Unknown component") {
        return component_hint(name, theme);
    }
    if let Some(name) = quoted("Unknown template") {
        return template_hint(name, theme);
    }
    if let (Some(name), Some(template)) = (quoted("Block "), template) {
        return block_hint(name, &template.name, theme);
    }
    if message.contains("nexpected end of input") {
        if let Some((tag, line)) = template.and_then(|template| unclosed(&template.source)) {
            return Some(format!("the `{tag}` in line {line} is not closed: write `{{% end{tag} %}}`"));
        }
        return Some("something is not closed: a block, an `if`, a `for`, or a pair of braces".into());
    }
    if message.contains("is not defined") || message.contains("undefined") {
        return Some("what holds it may be none: ask before, as in `{% if article.image %}`".into());
    }
    None
}

/// The component that was probably meant, or all there are.
pub(super) fn component_hint(name: &str, theme: &Theme) -> Option<String> {
    did_you_mean(name, theme.component_names()).or_else(|| {
        Some(format!("the components of the theme are {}", theme.component_names().collect::<Vec<_>>().join(", ")))
    })
}

pub(super) fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) if characters.clone().next().is_some_and(char::is_lowercase) => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => text.to_owned(),
    }
}
