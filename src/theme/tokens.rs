//! The tokens of a template, with their places: what it reaches is read from them, and names that do not exist.
//!
//! The engine reads templates too, and says what is wrong with their syntax; but it keeps to itself what it
//! read. This reader takes a template that the engine has accepted, so it may be generous.

use std::ops::Range;

/// A template's tags, and the text between them.
#[derive(Debug)]
pub(crate) enum Piece<'t> {
    /// Text that is written as it is, and where it begins.
    Text(&'t str, usize),
    /// `{{ … }}`.
    Print(Vec<Token<'t>>),
    /// `{% … %}`.
    Tag(Vec<Token<'t>>),
}

/// A token of a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token<'t> {
    pub(crate) kind: Kind<'t>,
    pub(crate) at: Range<usize>,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind<'t> {
    /// A name or word.
    Name(&'t str),
    /// A text between quotes, without them.
    Text(&'t str),
    Number,
    /// One or more characters that mean something together.
    Mark(&'static str),
}

impl<'t> Token<'t> {
    /// The name that it is.
    pub(crate) fn name(&self) -> Option<&'t str> {
        match self.kind {
            Kind::Name(name) => Some(name),
            _ => None,
        }
    }

    /// Whether it is this mark.
    pub(crate) fn is(&self, mark: &str) -> bool {
        self.kind == Kind::Name(mark) || matches!(self.kind, Kind::Mark(known) if known == mark)
    }
}

/// Longer ones first.
const MARKS: [&str; 35] = [
    "...", "?.", "?[", "==", "!=", "<=", ">=", "//", "**", "</", "/>", ".", ",", ":", "|", "~", "=", "<", ">", "(",
    ")", "[", "]", "{", "}", "+", "-", "*", "/", "%", "!", "@", "?", ";", "&",
];

/// Reads a template.
pub(crate) fn read(source: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < source.len() {
        let is_mark = |at: &usize| matches!(source.as_bytes().get(at + 1), Some(b'{' | b'%' | b'#'));
        let braces = memchr::memchr_iter(b'{', &source.as_bytes()[at..]);
        let Some(start) = braces.map(|brace| at + brace).find(is_mark) else { break };
        if start > at {
            pieces.push(Piece::Text(&source[at..start], at));
        }
        if source[start..].starts_with("{#") {
            at = source[start..].find("#}").map_or(source.len(), |length| start + length + 2);
            continue;
        }
        let is_print = source[start..].starts_with("{{");
        // `{{-` takes away the white space before it.
        let inside = start + 2 + usize::from(source[start + 2..].starts_with('-'));
        let (tokens, end) = tokens(source, inside, if is_print { "}}" } else { "%}" });
        at = end;
        if !is_print && tokens.first().is_some_and(|token| token.is("raw")) {
            at = source[at..].find("endraw").map_or(source.len(), |length| at + length);
            at = source[at..].find("%}").map_or(source.len(), |length| at + length + 2);
            continue;
        }
        pieces.push(if is_print { Piece::Print(tokens) } else { Piece::Tag(tokens) });
    }
    if at < source.len() {
        pieces.push(Piece::Text(&source[at..], at));
    }
    pieces
}

/// What a template has to do with others.
pub(crate) struct References<'t> {
    /// Everything between quotation marks; names of templates are among it.
    pub(crate) literals: Vec<&'t str>,
    /// What stands behind a `<`: the components that are called, and more.
    pub(crate) calls: Vec<&'t str>,
    /// The components that it defines.
    pub(crate) definitions: Vec<&'t str>,
}

impl<'t> References<'t> {
    /// Reads a template.
    pub(crate) fn of(source: &'t str) -> Self {
        let mut references = Self { literals: Vec::new(), calls: Vec::new(), definitions: Vec::new() };
        for piece in read(source) {
            let (tokens, is_tag) = match &piece {
                Piece::Text(..) => continue,
                Piece::Print(tokens) => (tokens, false),
                Piece::Tag(tokens) => (tokens, true),
            };
            let name_behind = |token: &Token<'_>| component_name(&source[token.at.end..]);
            references
                .definitions
                .extend(tokens.first().filter(|first| is_tag && first.is("component")).map(name_behind));
            for token in tokens {
                match token.kind {
                    Kind::Text(text) => references.literals.push(text),
                    Kind::Mark("<") => references.calls.push(name_behind(token)),
                    _ => {}
                }
            }
        }
        references
    }
}

/// The name at the beginning of what stands in a tag.
fn component_name(rest: &str) -> &str {
    let rest = rest.trim_start();
    let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    rest[..rest.find(|c| !is_of_name(c)).unwrap_or(rest.len())].trim_end_matches(['.', '-'])
}

/// The tokens from `at` up to `end` (outside of texts and braces), and where the text after it begins.
fn tokens<'t>(source: &'t str, mut at: usize, end: &str) -> (Vec<Token<'t>>, usize) {
    let mut tokens = Vec::new();
    let mut braces = 0_u32;
    while let Some(first) = source[at..].chars().next() {
        let rest = &source[at..];
        if braces == 0 {
            if rest.starts_with(end) {
                return (tokens, at + end.len());
            }
            if rest.starts_with('-') && rest[1..].starts_with(end) {
                return (tokens, at + 1 + end.len());
            }
        }
        let length = if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        } else if matches!(first, '"' | '\'' | '`') {
            let inside = &rest[1..];
            let length = closing(inside, first);
            tokens.push(Token { kind: Kind::Text(&inside[..length]), at: at..at + length + 2 });
            at = (at + length + 2).min(source.len());
            continue;
        } else if first.is_alphabetic() || first == '_' {
            let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            tokens.push(Token { kind: Kind::Name(&rest[..length]), at: at..at + length });
            length
        } else if first.is_ascii_digit() {
            let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            tokens.push(Token { kind: Kind::Number, at: at..at + length });
            length
        } else if let Some(mark) = MARKS.iter().find(|mark| rest.starts_with(**mark)) {
            match *mark {
                "{" => braces += 1,
                "}" => braces = braces.saturating_sub(1),
                _ => {}
            }
            tokens.push(Token { kind: Kind::Mark(mark), at: at..at + mark.len() });
            mark.len()
        } else {
            first.len_utf8()
        };
        at += length;
    }
    (tokens, source.len())
}

/// Where the quote that ends a text stands.
fn closing(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, character) in text.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if character == quote => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_and_comments_and_raw_text_are_not() {
        let source = "a {#- {{ no }} -#}b{{- x?.y ~ \"}}\" -}}{% raw %}{{ no }}{% endraw %}{%- if not z %}";
        let pieces = read(source);
        let tokens: Vec<&Token<'_>> = pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Print(tokens) | Piece::Tag(tokens) => Some(tokens),
                Piece::Text(..) => None,
            })
            .flatten()
            .collect();
        let names: Vec<&str> = tokens.iter().filter_map(|token| token.name()).collect();
        assert_eq!(names, ["x", "y", "if", "not", "z"]);
        assert!(tokens.iter().any(|token| token.kind == Kind::Text("}}")));
        assert!(tokens.iter().all(|token| token.name().is_none_or(|name| &source[token.at.clone()] == name)));
        assert!(matches!(pieces[0], Piece::Text("a ", 0)));
    }

    #[test]
    fn what_a_template_reaches_is_read_from_its_tags() {
        let long = "a/".repeat(150);
        let source = format!(
            "{{% extends \"base.html\" %}}{{%- include '{long}b.html' -%}}{{{{ <ui.card title=`x` /> }}}}{{{{ < box /> }}}}{{% <\nframe %}}\
             {{# {{{{ <old /> }}}} {{% include \"old.html\" %}}{{% component gone() %}} #}}it's <b>"
        );
        let references = References::of(&source);
        assert_eq!(references.literals, ["base.html", &format!("{long}b.html"), "x"]);
        assert_eq!(references.calls, ["ui.card", "box", "frame"]);
        assert!(references.definitions.is_empty());
        let components = "{%- component card(title: string) %}…{% endcomponent card %}{% component  my-box\n( ) %}";
        assert_eq!(References::of(components).definitions, ["card", "my-box"]);
    }

    #[test]
    fn braces_of_arguments_do_not_end_a_tag() {
        let pieces = read("{{ <card a={x} b={{ c: 1 }} /> }}rest");
        assert!(matches!(pieces[1], Piece::Text("rest", 33)), "{pieces:?}");
    }
}
