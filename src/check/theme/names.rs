//! Names that do not exist: variables and fields, functions and arguments, components, texts, settings,
//! files.
//!
//! The engine finds an unknown function or filter wherever it stands, but a field only when it is shown on a
//! page. `{% if article.sumary %}` is false to it on every page. So each template is read, and each path in
//! it is followed through what the sample site's pages see. Where a value may be anything nothing is said.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::shape::Shape;
use crate::config::LanguageId;
use crate::diagnostic::{Diagnostic, Place, did_you_mean};
use crate::plan::Output;
use crate::render::{Inspector, Renderer};
use crate::theme::Template;
use crate::theme::interface::{ANY, FUNCTIONS, OUR_FILTERS};
use crate::theme::tokens::{self, Kind, Piece, Token};

/// Words of the language that are no variables.
const WORDS: [&str; 6] = ["true", "false", "none", "True", "False", "None"];

/// Functions whose values have fields, as they are called to see which.
const PROBES: [(&str, &str); 17] = [
    ("articles", "articles()"),
    ("neighbours", "neighbours()"),
    ("related", "related()"),
    ("front", "front()"),
    ("sections", "sections()"),
    ("terms", "terms(taxonomy=\"tags\")"),
    ("menu", "menu()"),
    ("languages", "languages()"),
    ("colophon", "colophon()"),
    ("share", "share()"),
    ("profile", "profile(id=article.authors[0].id)"),
    ("series_neighbours", "series_neighbours()"),
    ("embed", "embed(url=\"https://www.youtube.com/watch?v=aqz-KE-bpKQ\")"),
    ("image", "image(src=\"/mark.svg\")"),
    ("comments", "comments()"),
    ("corrections", "corrections()"),
    ("search_url", "search_url()"),
];

/// The values that no other template variable shares: what pages give their templates.
const SUBJECTS: [&str; 7] = ["article", "page", "listing", "search", "site", "lang", "dir"];

/// So often a component is read again for what its callers give it: a component in a component in a …
const ROUNDS: usize = 5;

/// What templates can name.
#[derive(Debug, Default)]
pub(super) struct Known {
    variables: BTreeMap<String, Shape>,
    functions: BTreeMap<&'static str, Shape>,
}

impl Known {
    /// Adds what the pages of a site see.
    pub(super) fn look(&mut self, renderer: &Arc<Renderer>, outputs: impl Iterator<Item = Output>) {
        let expressions: Vec<&str> = SUBJECTS.into_iter().chain(PROBES.map(|(_, call)| call)).collect();
        let mut inspector = Inspector::new(renderer);
        for output in outputs {
            for (at, value) in inspector.values(output, &expressions).into_iter().enumerate() {
                let Some(shape) = value.as_ref().map(Shape::of) else { continue };
                let known = match SUBJECTS.get(at) {
                    Some(name) => self.variables.entry((*name).to_owned()).or_default(),
                    None => self.functions.entry(PROBES[at - SUBJECTS.len()].0).or_default(),
                };
                *known = std::mem::take(known).merge(shape);
            }
        }
        // What the site's owner writes there is theirs.
        for name in ["article", "page"] {
            if let Some(Shape::Map(fields)) = self.variables.get_mut(name) {
                fields.insert("extra".into(), Shape::Any);
            }
        }
    }
}

#[cfg(test)]
impl Known {
    /// The fields of all values: `article.title` and `title`.
    pub(super) fn fields(&self) -> impl Iterator<Item = (String, String)> {
        let of = |(value, shape): (&String, &Shape)| {
            shape.fields().map(|name| (format!("{value}.{name}"), name.to_owned())).collect::<Vec<_>>()
        };
        self.variables.iter().flat_map(of)
    }
}

/// What templates name, and what of it does not exist.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// What is wrong.
    pub(super) problems: Vec<Diagnostic>,
    /// Keys of texts.
    pub(super) texts: BTreeSet<String>,
    /// What keys of texts begin with that are put together.
    pub(super) text_beginnings: BTreeSet<String>,
    /// Settings.
    pub(super) settings: BTreeSet<String>,
    /// Every text in quotes: names of templates and files among them.
    pub(super) literals: BTreeSet<String>,
}

/// Reads all templates of a site's theme.
pub(super) fn read(renderer: &Arc<Renderer>, known: &Known) -> Names {
    let mut parameters = BTreeMap::new();
    let bound = renderer.theme.templates.iter().flat_map(|template| bound(&template.source)).collect();
    for _ in 0..ROUNDS {
        let mut reader = Reader::new(renderer, known, &bound, parameters.clone());
        renderer.theme.templates.iter().for_each(|template| reader.template(template));
        let is_final = reader.seen == parameters;
        parameters = reader.seen;
        if is_final {
            return reader.names;
        }
    }
    // Callers that give ever more: nothing is known for sure.
    let mut reader = Reader::new(renderer, known, &bound, parameters);
    renderer.theme.templates.iter().for_each(|template| reader.template(template));
    reader.names
}

/// The names that a template gives to values outside of components.
fn bound(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    for piece in tokens::read(source) {
        let Piece::Tag(tokens) = piece else { continue };
        match tokens.first().and_then(Token::name) {
            Some("set" | "set_global") => names.extend(tokens.get(1).and_then(Token::name)),
            Some("for") => names.extend(
                tokens[1..]
                    .iter()
                    .map_while(|token| match token.name() {
                        Some("in") => None,
                        name => Some(name),
                    })
                    .flatten(),
            ),
            _ => {}
        }
    }
    names.into_iter().map(str::to_owned).collect()
}

/// The arguments that components were called with.
type Parameters = BTreeMap<String, BTreeMap<String, Shape>>;

struct Reader<'a> {
    renderer: &'a Arc<Renderer>,
    known: &'a Known,
    bound: &'a BTreeSet<String>,
    /// Of the components that were read before, and of those read now as well.
    parameters: Parameters,
    seen: Parameters,
    names: Names,
    template: &'a Template,
    /// Loops and components, the innermost last; a component (true) sees nothing outside.
    scopes: Vec<(bool, BTreeMap<String, Shape>)>,
}

impl<'a> Reader<'a> {
    fn new(renderer: &'a Arc<Renderer>, known: &'a Known, bound: &'a BTreeSet<String>, parameters: Parameters) -> Self {
        Self {
            renderer,
            known,
            bound,
            seen: parameters.clone(),
            parameters,
            names: Names::default(),
            template: &renderer.theme.templates[0],
            scopes: Vec::new(),
        }
    }

    fn template(&mut self, template: &'a Template) {
        self.template = template;
        self.scopes = vec![(false, BTreeMap::new())];
        for piece in tokens::read(&template.source) {
            match piece {
                Piece::Text(..) => {}
                Piece::Print(tokens) => {
                    self.value(&tokens);
                }
                Piece::Tag(tokens) => self.tag(&tokens),
            }
        }
    }

    fn tag(&mut self, tokens: &[Token<'a>]) {
        let Some(first) = tokens.first() else { return };
        let rest = &tokens[1..];
        match first.name() {
            Some("for") => {
                let at = rest.iter().position(|token| token.is("in")).unwrap_or(rest.len());
                let list = self.value(rest.get(at + 1..).unwrap_or_default());
                let mut names: Vec<&str> = rest[..at].iter().filter_map(Token::name).collect();
                let loop_fields = ["index", "index0", "first", "last", "length"];
                let mut scope = BTreeMap::from([("loop".to_owned(), Shape::plain_map(&loop_fields))]);
                if let [one] = names[..] {
                    scope.insert(one.to_owned(), list.item());
                } else {
                    names.drain(..).for_each(|name| {
                        scope.insert(name.to_owned(), Shape::Any);
                    });
                }
                self.scopes.push((false, scope));
            }
            Some("component") => {
                // `name.of-it(a, b: string = "x", @c) {…}`
                let open = rest.iter().position(|token| token.is("(")).unwrap_or(rest.len());
                let name = self.text(rest, 0..open).to_owned();
                let known = self.parameters.get(&name).cloned().unwrap_or_default();
                let mut scope = BTreeMap::from([("body".to_owned(), Shape::Any)]);
                if let Some(component) = self.renderer.component_info(&name) {
                    for argument in component.args() {
                        let default = argument.default().map(Shape::of).unwrap_or_default();
                        let given = match known.get(argument.name()) {
                            _ if argument.is_implicit() => Shape::Any,
                            Some(given) => given.clone().merge(default),
                            None => default,
                        };
                        scope.insert(argument.name().to_owned(), given);
                    }
                    scope.extend(component.rest_param().map(|rest| (rest.to_owned(), Shape::Any)));
                }
                self.scopes.push((true, scope));
            }
            Some("endfor" | "endcomponent") => {
                if self.scopes.len() > 1 {
                    self.scopes.pop();
                }
            }
            Some(word @ ("set" | "set_global")) => {
                let Some(name) = rest.first().and_then(Token::name) else { return };
                let is_one = rest.get(1).is_some_and(|token| token.is("="));
                let shape = if is_one { self.value(&rest[2..]) } else { Shape::Plain };
                let at = match word {
                    "set" => self.scopes.len() - 1,
                    _ => self.scopes.iter().rposition(|(is_component, _)| *is_component).unwrap_or(0),
                };
                let known = self.scopes[at].1.entry(name.to_owned()).or_default();
                *known = std::mem::take(known).merge(shape);
            }
            Some("if" | "elif" | "filter") => {
                self.value(rest);
            }
            Some("extends" | "include") => self.note_literals(rest),
            Some(_) => {}
            None => {
                self.value(tokens);
            }
        }
    }

    /// Reads an expression; what is wrong in it is noted, and what it gives is returned.
    fn value(&mut self, tokens: &[Token<'a>]) -> Shape {
        let mut shape = Shape::Unseen;
        let mut part = Shape::Unseen;
        // Whether the value is that of one of the parts, and whether a condition is being read.
        let (mut is_choice, mut is_condition) = (true, false);
        let mut is_operand = false;
        let mut at = 0;
        while at < tokens.len() {
            let token = &tokens[at];
            match token.kind {
                Kind::Name("or") => {
                    shape = if is_condition { shape } else { shape.merge(part) };
                    (part, is_operand) = (Shape::Unseen, false);
                }
                Kind::Name("if") if is_operand => {
                    (shape, part, is_operand, is_condition) = (shape.merge(part), Shape::Unseen, false, true);
                }
                Kind::Name("else") if is_condition => (part, is_operand, is_condition) = (Shape::Unseen, false, false),
                Kind::Name("and" | "not" | "in") => {
                    is_choice &= is_condition;
                    is_operand = false;
                }
                Kind::Name("is") => {
                    is_choice &= is_condition;
                    at += usize::from(tokens.get(at + 1).is_some_and(|token| token.is("not"))) + 1;
                }
                Kind::Mark("|") => {
                    at += 1;
                    let (filter, end) = self.filter(tokens, at);
                    part = filtered(filter, part);
                    at = end;
                    continue;
                }
                Kind::Mark("<") if !is_operand => {
                    at = self.component(tokens, at);
                    (part, is_operand) = (Shape::Plain, true);
                    continue;
                }
                Kind::Mark("..." | "," | ":" | "=") => {
                    is_choice = false;
                    is_operand = false;
                }
                Kind::Mark("(" | "[" | "{") if !is_operand => {
                    let end = closing(tokens, at);
                    let inside = tokens.get(at + 1..end).unwrap_or_default();
                    let start = match token.kind {
                        Kind::Mark("(") => self.value(inside),
                        Kind::Mark("[") => self.list(inside),
                        _ => {
                            self.value(inside);
                            Shape::Any
                        }
                    };
                    (part, at) = self.path(start, tokens, end + 1, token.at.start);
                    is_operand = true;
                    continue;
                }
                // The arguments of a test.
                Kind::Mark("(") => {
                    let end = closing(tokens, at);
                    self.arguments(tokens.get(at + 1..end).unwrap_or_default());
                    at = end;
                }
                Kind::Mark(_) => {
                    is_choice &= is_condition;
                    is_operand = false;
                }
                Kind::Number | Kind::Text(_) => {
                    if let Kind::Text(text) = token.kind {
                        self.names.literals.insert(text.to_owned());
                    }
                    (part, is_operand) = (Shape::Plain, true);
                }
                Kind::Name(name) if WORDS.contains(&name) => (part, is_operand) = (Shape::Unseen, true),
                Kind::Name(name) => {
                    let (start, next) = if tokens.get(at + 1).is_some_and(|token| token.is("(")) {
                        self.call(name, tokens, at)
                    } else {
                        (self.variable(name, tokens, at), at + 1)
                    };
                    (part, at) = self.path(start, tokens, next, token.at.start);
                    is_operand = true;
                    continue;
                }
            }
            at += 1;
        }
        if is_choice { shape.merge(part) } else { Shape::Any }
    }

    /// `[a, b]` or `[x.y for x in list if …]`, without the brackets.
    fn list(&mut self, tokens: &[Token<'a>]) -> Shape {
        let at = top_level(tokens).find(|at| tokens[*at].is("for"));
        let Some(at) = at else {
            let is_spread = top_level(tokens).any(|at| tokens[at].is("..."));
            let parts = top_level(tokens).filter(|at| tokens[*at].is(",")).chain([tokens.len()]);
            let (mut start, mut shape) = (0, Shape::Unseen);
            for end in parts {
                shape = shape.merge(self.value(&tokens[start..end]));
                start = (end + 1).min(tokens.len());
            }
            return if is_spread { Shape::Any } else { Shape::list(shape) };
        };
        let rest = &tokens[at + 1..];
        let of = rest.iter().position(|token| token.is("in")).unwrap_or(rest.len());
        let end = top_level(rest).find(|at| rest[*at].is("if")).unwrap_or(rest.len());
        let list = self.value(rest.get(of + 1..end).unwrap_or_default());
        let names: Vec<&str> = rest[..of].iter().filter_map(Token::name).collect();
        let item = if names.len() == 1 { list.item() } else { Shape::Any };
        let scope = names.into_iter().map(|name| (name.to_owned(), item.clone())).collect();
        self.scopes.push((false, scope));
        self.value(rest.get(end + 1..).unwrap_or_default());
        let shape = self.value(&tokens[..at]);
        self.scopes.pop();
        Shape::list(shape)
    }

    /// What follows a value: fields and indices, from the token `at` on.
    fn path(&mut self, mut shape: Shape, tokens: &[Token<'a>], mut at: usize, start: usize) -> (Shape, usize) {
        while let Some(token) = tokens.get(at) {
            if token.is(".") || token.is("?.") {
                let Some(field) = tokens.get(at + 1) else { break };
                let Some(name) = field.name() else { break };
                shape = self.field(&shape, name, field.at.clone(), start, &tokens[at + 2..]);
                at += 2;
            } else if token.is("[") || token.is("?[") {
                let end = closing(tokens, at);
                let inside = tokens.get(at + 1..end).unwrap_or_default();
                shape = match inside {
                    [Token { kind: Kind::Text(name), at }] => {
                        self.field(&shape, name, at.clone(), start, &tokens[(end + 1).min(tokens.len())..])
                    }
                    _ if top_level(inside).any(|at| inside[at].is(":")) => {
                        self.value(inside);
                        shape
                    }
                    _ => {
                        self.value(inside);
                        shape.item()
                    }
                };
                at = end + 1;
            } else {
                break;
            }
        }
        (shape, at)
    }

    fn field(&mut self, shape: &Shape, name: &str, at: Range<usize>, start: usize, after: &[Token<'a>]) -> Shape {
        let before = self.template.source[start..at.start].trim_end_matches(['.', '?', '[', '"', '\'']);
        if before == "site.settings" {
            self.names.settings.insert(name.to_owned());
        }
        if let Some(field) = shape.field(name) {
            return field;
        }
        if may_be_absent(after) {
            return Shape::Any;
        }
        let problem = if before == "site.settings" {
            Diagnostic::error(format!("the theme has no setting `{name}`")).hint(
                did_you_mean(name, shape.fields())
                    .unwrap_or_else(|| format!("add `{name}` with its default to `settings:` in theme.yaml")),
            )
        } else {
            let fields: Vec<&str> = shape.fields().collect();
            Diagnostic::error(format!("`{before}` has no field `{name}`")).hint(
                did_you_mean(name, fields.iter().copied())
                    .unwrap_or_else(|| format!("the fields are {}", fields.join(", "))),
            )
        };
        self.note(problem, at);
        Shape::Any
    }

    fn variable(&mut self, name: &str, tokens: &[Token<'a>], at: usize) -> Shape {
        for (is_component, scope) in self.scopes.iter().rev() {
            if let Some(shape) = scope.get(name) {
                return shape.clone();
            }
            if *is_component {
                break;
            }
        }
        let is_component = self.scopes.iter().any(|(is_component, _)| *is_component);
        let is_of_page = matches!(name, "article" | "page" | "listing" | "search");
        if let Some(shape) = self.known.variables.get(name)
            && !(is_component && is_of_page)
        {
            return shape.clone();
        }
        let after = &tokens[at + 1..];
        if name.starts_with("__") || may_be_absent(after) || !is_component && self.bound.contains(name) {
            return Shape::Any;
        }
        let (message, names): (_, Vec<String>) = if is_component {
            let inside = self.scopes.iter().rev().take_while(|(is_component, _)| !is_component);
            let own = self.scopes.iter().rev().find(|(is_component, _)| *is_component);
            let names = inside.chain(own).flat_map(|(_, scope)| scope.keys().cloned());
            (format!("there is no variable `{name}` in this component"), names.filter(|name| name != "body").collect())
        } else {
            let names = self.known.variables.keys().chain(self.scopes.iter().flat_map(|(_, scope)| scope.keys()));
            (format!("there is no variable `{name}`"), names.cloned().collect())
        };
        let hint = did_you_mean(name, names.iter().map(String::as_str)).unwrap_or_else(|| {
            let known = names.join(", ");
            if is_component && is_of_page {
                format!("a component sees its arguments only: add an argument `{name}`, and give it where it is called")
            } else {
                format!("the variables here are {known}")
            }
        });
        self.note(Diagnostic::error(message).hint(hint), tokens[at].at.clone());
        Shape::Any
    }

    /// A call of a function, whose name is the token `at`; gives its value and the token after it.
    fn call(&mut self, name: &str, tokens: &[Token<'a>], at: usize) -> (Shape, usize) {
        let end = closing(tokens, at + 1);
        let arguments = self.arguments(tokens.get(at + 2..end).unwrap_or_default());
        // The engine knows which functions there are.
        if let Some((_, known)) = FUNCTIONS.iter().find(|(function, _)| *function == name) {
            self.know_arguments(&format!("{name}()"), known, &arguments);
        }
        let literal = |wanted: &str| {
            let (_, value) = arguments.iter().find(|(argument, _)| argument.name() == Some(wanted))?;
            match *value {
                [Token { kind: Kind::Text(text), at }] => Some((*text, at.clone(), true)),
                [Token { kind: Kind::Text(text), at }, next, ..] if next.is("~") => Some((*text, at.clone(), false)),
                _ => None,
            }
        };
        let theme = &self.renderer.theme;
        match name {
            "t" => match literal("key") {
                Some((key, _, false)) => {
                    self.names.text_beginnings.insert(key.to_owned());
                }
                Some((key, place, true)) => {
                    self.names.texts.insert(key.to_owned());
                    let texts = &theme.texts[LanguageId::MAIN.0 as usize];
                    if texts.get(key, None).is_none() {
                        let hint = did_you_mean(key, texts.keys())
                            .unwrap_or_else(|| "add it to `i18n/en.yaml` of the theme, as `key: text`".into());
                        self.note(Diagnostic::error(format!("the theme has no text `{key}`")).hint(hint), place);
                    }
                }
                None => {}
            },
            "asset" => {
                if let Some((path, place, true)) = literal("path")
                    && theme.asset(path).is_none()
                {
                    let hint = did_you_mean(path, theme.assets.iter().map(|asset| asset.path.as_str()))
                        .unwrap_or_else(|| format!("put the file into the theme as `static/{path}`"));
                    self.note(Diagnostic::error(format!("the theme has no file `static/{path}`")).hint(hint), place);
                }
            }
            "inline_script" => {
                if let Some((path, place, true)) = literal("path")
                    && !theme.inline_scripts.contains_key(path)
                {
                    let hint = did_you_mean(path, theme.inline_scripts.keys().map(String::as_str))
                        .unwrap_or_else(|| format!("put the script into the theme as `static/inline/{path}`"));
                    let problem = Diagnostic::error(format!("the theme has no file `static/inline/{path}`"));
                    self.note(problem.hint(hint), place);
                }
            }
            "fragment" => {
                if let Some((name, place, true)) = literal("name")
                    && theme.template(&format!("fragments/{name}.html")).is_none()
                {
                    let names = theme.templates.iter().filter_map(|template| {
                        template.name.split_once("/fragments/").and_then(|(_, file)| file.strip_suffix(".html"))
                    });
                    let hint = did_you_mean(name, names)
                        .unwrap_or_else(|| format!("add the template `fragments/{name}.html`"));
                    let problem = Diagnostic::error(format!("the theme has no fragment `fragments/{name}.html`"));
                    self.note(problem.hint(hint), place);
                }
            }
            _ => {}
        }
        (self.known.functions.get(name).cloned().unwrap_or(Shape::Any), end + 1)
    }

    /// The name of a filter, which is the token `at`, and the token after the filter.
    fn filter(&mut self, tokens: &[Token<'a>], at: usize) -> (&'a str, usize) {
        let name = tokens.get(at).and_then(Token::name).unwrap_or_default();
        if !tokens.get(at + 1).is_some_and(|token| token.is("(")) {
            return (name, at + 1);
        }
        let end = closing(tokens, at + 1);
        let arguments = self.arguments(tokens.get(at + 2..end).unwrap_or_default());
        if let Some((_, known)) = OUR_FILTERS.iter().find(|(filter, _)| *filter == name) {
            self.know_arguments(&format!("the filter `{name}`"), known, &arguments);
        }
        (name, end + 1)
    }

    /// Reads `a=1, b=x`; gives each name with the tokens of its value.
    fn arguments<'t>(&mut self, tokens: &'t [Token<'a>]) -> Vec<(&'t Token<'a>, &'t [Token<'a>])> {
        let mut found = Vec::new();
        let mut start = 0;
        for end in top_level(tokens).filter(|at| tokens[*at].is(",")).chain([tokens.len()]).collect::<Vec<_>>() {
            let part = &tokens[start..end];
            if let [name, equals, value @ ..] = part
                && name.name().is_some()
                && equals.is("=")
            {
                self.value(value);
                found.push((name, value));
            } else {
                self.value(part);
            }
            start = (end + 1).min(tokens.len());
        }
        found
    }

    fn know_arguments(&mut self, what: &str, known: &[&str], given: &[(&Token<'a>, &[Token<'a>])]) {
        if known.contains(&ANY) {
            return;
        }
        for (name, _) in given {
            let text = name.name().unwrap_or_default();
            if !known.contains(&text) {
                let hint = did_you_mean(text, known.iter().copied()).unwrap_or_else(|| match known {
                    [] => "it has none".into(),
                    known => format!("the arguments are {}", known.join(", ")),
                });
                self.note(Diagnostic::error(format!("{what} has no argument `{text}`")).hint(hint), name.at.clone());
            }
        }
    }

    /// A call of a component, which begins with the token `at`; gives the token after it.
    fn component(&mut self, tokens: &[Token<'a>], at: usize) -> usize {
        let mut end = at + 2;
        while tokens.get(end).is_some_and(|token| token.is(".") || token.is("-")) {
            end += 2;
        }
        let name = self.text(tokens, at + 1..end).to_owned();
        let place = tokens.get(at + 1).map_or(0..0, |token| token.at.start..token.at.start + name.len());
        let mut given: BTreeSet<String> = BTreeSet::new();
        let mut has_all = false;
        let definition = self.renderer.component_info(&name);
        let arguments: Vec<String> =
            definition.iter().flat_map(|one| one.args()).map(|one| one.name().to_owned()).collect();
        let takes_any = definition.as_ref().is_none_or(|one| one.rest_param().is_some());
        while let Some(token) = tokens.get(end) {
            if token.is("/>") || token.is(">") {
                has_all |= token.is(">");
                end += 1;
                break;
            }
            let named = token.name().filter(|_| tokens.get(end + 1).is_some_and(|token| token.is("=")));
            if named.is_some() {
                end += 2;
            }
            let (inside, next) = match tokens.get(end) {
                Some(open) if open.is("{") => {
                    let close = closing(tokens, end);
                    (tokens.get(end + 1..close).unwrap_or_default(), close + 1)
                }
                Some(_) => (&tokens[end..end + 1], end + 1),
                None => break,
            };
            end = next;
            let shape = self.value(inside);
            // `a={x}`, `{x}` for `x={x}`, `{...all}`.
            let argument = match (named, inside) {
                (Some(name), _) => name,
                (None, [one]) if one.name().is_some() => one.name().unwrap_or_default(),
                _ => {
                    has_all = true;
                    continue;
                }
            };
            given.insert(argument.to_owned());
            if !takes_any && !arguments.iter().any(|known| known == argument) {
                let hint = did_you_mean(argument, arguments.iter().map(String::as_str))
                    .unwrap_or_else(|| format!("the arguments are {}", arguments.join(", ")));
                let problem = Diagnostic::error(format!("there is no argument `{argument}` in the component `{name}`"));
                self.note(problem.hint(hint), token.at.clone());
            }
            let known = self.seen.entry(name.clone()).or_default().entry(argument.to_owned()).or_default();
            *known = std::mem::take(known).merge(shape);
        }
        if let Some(definition) = definition
            && !has_all
        {
            for argument in definition.args().iter().filter(|one| one.is_required() && !given.contains(one.name())) {
                let argument = argument.name();
                let problem =
                    Diagnostic::error(format!("the argument `{argument}` of the component `{name}` is missing"));
                self.note(problem.hint(format!("write `<{name} {argument}={{…}} … />`")), place.clone());
            }
        }
        end
    }

    fn note_literals(&mut self, tokens: &[Token<'a>]) {
        for token in tokens {
            if let Kind::Text(text) = token.kind {
                self.names.literals.insert(text.to_owned());
            }
        }
    }

    /// The text of some tokens that stand beside each other.
    fn text(&self, tokens: &[Token<'a>], range: Range<usize>) -> &'a str {
        let Some(inside) = tokens.get(range.start..range.end.min(tokens.len())) else { return "" };
        match (inside.first(), inside.last()) {
            (Some(first), Some(last)) => &self.template.source[first.at.start..last.at.end],
            _ => "",
        }
    }

    fn note(&mut self, problem: Diagnostic, at: Range<usize>) {
        let place = Place::span(self.template.file.as_str(), &self.template.source, at);
        self.names.problems.push(problem.at(place));
    }
}

/// Whether what follows a path says that there may be nothing: `is defined`, `| default(…)`.
fn may_be_absent(after: &[Token<'_>]) -> bool {
    let word = |at: usize| after.get(at).and_then(Token::name);
    match after.first() {
        Some(token) if token.is("is") => matches!(word(1), Some("defined" | "undefined")) || word(2) == Some("defined"),
        Some(token) if token.is("|") => word(1) == Some("default"),
        _ => false,
    }
}

/// What a filter makes of a value.
fn filtered(filter: &str, of: Shape) -> Shape {
    match filter {
        "first" | "last" | "nth" => of.item(),
        "sort" | "reverse" | "unique" => of,
        "group_by" => {
            Shape::list(Shape::Map(BTreeMap::from([("key".to_owned(), Shape::Plain), ("items".to_owned(), of)])))
        }
        _ => Shape::Any,
    }
}

/// The token that closes the bracket at `at`.
fn closing(tokens: &[Token<'_>], at: usize) -> usize {
    let mut depth = 0_usize;
    for (number, token) in tokens.iter().enumerate().skip(at) {
        match token.kind {
            Kind::Mark("(" | "[" | "{" | "?[") => depth += 1,
            Kind::Mark(")" | "]" | "}") => {
                depth -= 1;
                if depth == 0 {
                    return number;
                }
            }
            _ => {}
        }
    }
    tokens.len()
}

/// The tokens that stand in no bracket.
fn top_level<'t>(tokens: &'t [Token<'_>]) -> impl Iterator<Item = usize> + 't {
    let mut depth = 0_i32;
    tokens.iter().enumerate().filter_map(move |(at, token)| {
        let is_closing = matches!(token.kind, Kind::Mark(")" | "]" | "}"));
        if is_closing {
            depth -= 1;
        }
        let is_outside = depth == 0 && !is_closing;
        if matches!(token.kind, Kind::Mark("(" | "[" | "{" | "?[")) {
            depth += 1;
        }
        is_outside.then_some(at)
    })
}
