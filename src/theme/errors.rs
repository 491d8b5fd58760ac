//! The engine's errors as diagnostics at the template's lines, in the words of those who write templates, with what was
//! probably meant.

use std::collections::BTreeSet;

use tera::ErrorKind;

use super::{Template, Theme, interface};
use crate::diagnostic::{Diagnostic, Place, did_you_mean};

/// The message of a function that has told itself what is wrong, at a better place.
pub(crate) const TOLD: &str = "this has been told";

/// An error of the engine as diagnostics at the template's lines.
pub(crate) fn diagnostics(error: &tera::Error, theme: &Theme) -> Vec<Diagnostic> {
    match error.kind() {
        ErrorKind::RenderingError(report) if report.message().ends_with(TOLD) => Vec::new(),
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
        problems.extend(theme.endless_components().map(|(template, name, called, at)| {
            let place = Place::span(template.file.as_str(), &template.source, at..at + 1 + called.len());
            let way = if called == name { String::new() } else { format!(" by way of `{called}`") };
            Diagnostic::error(format!("the component `{name}` calls itself{way}"))
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
pub(crate) fn suggestion(message: &str) -> (String, Option<String>) {
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

pub(super) fn at_text(theme: &Theme, name: &str, text: &str, message: &str) -> Diagnostic {
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
        let names: Vec<&str> = interface::FUNCTIONS.iter().map(|(name, _)| *name).collect();
        return did_you_mean(name, names.iter().copied())
            .or_else(|| Some(format!("the functions are {}", names.join(", "))));
    }
    if let Some(name) = quoted("Unknown filter") {
        let ours = interface::OUR_FILTERS.iter().map(|(name, _)| *name);
        return did_you_mean(name, ours.chain(interface::FILTERS));
    }
    if let Some(name) = quoted("Unknown test") {
        return did_you_mean(name, interface::TESTS)
            .or_else(|| Some(format!("the tests are {}", interface::TESTS.join(", "))));
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
pub(crate) fn component_hint(name: &str, theme: &Theme) -> Option<String> {
    did_you_mean(name, theme.component_names()).or_else(|| {
        Some(format!("the components of the theme are {}", theme.component_names().collect::<Vec<_>>().join(", ")))
    })
}

pub(crate) fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) if characters.clone().next().is_some_and(char::is_lowercase) => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => text.to_owned(),
    }
}
