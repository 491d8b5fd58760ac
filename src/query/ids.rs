//! The ids that a theme's templates have, so that no heading of an article gets one of them.
//!
//! Read from the text of the templates: an id that is made of a value (`reply-{{ reply.id }}`) stands for all that begin
//! like it.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::theme::Template;

/// The ids in the templates of a theme.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct ReservedIds {
    /// Those in the pages around a body.
    pages: BTreeSet<String>,
    /// What ids there begin with that are made of values.
    beginnings: BTreeSet<String>,
    /// Those in components.
    components: BTreeSet<String>,
    /// What ids there begin with that are made of values.
    component_beginnings: BTreeSet<String>,
}

impl ReservedIds {
    /// Those in the templates.
    pub(super) fn of(templates: &[Template]) -> Self {
        let mut ids = Self::default();
        for template in templates.iter().filter(|template| template.name.ends_with(".html")) {
            let is_component = template.name.contains("/components/");
            for id in attributes(&template.source) {
                match id.split_once(['{', '}']) {
                    None if is_component => ids.components.insert(id.to_owned()),
                    None => ids.pages.insert(id.to_owned()),
                    Some(("", _)) => false,
                    Some((beginning, _)) if is_component => ids.component_beginnings.insert(beginning.to_owned()),
                    Some((beginning, _)) => ids.beginnings.insert(beginning.to_owned()),
                };
            }
        }
        ids
    }

    /// Whether the id stands in the pages around a body.
    pub(super) fn is_of_pages(&self, id: &str) -> bool {
        self.pages.contains(id) || has_beginning(&self.beginnings, id)
    }

    /// Whether the theme has the id anywhere.
    pub(super) fn has(&self, id: &str) -> bool {
        self.is_of_pages(id) || self.components.contains(id) || has_beginning(&self.component_beginnings, id)
    }
}

/// Whether an id may be made of one of these beginnings and a value, which is one word, as the id of a comment is.
fn has_beginning(beginnings: &BTreeSet<String>, id: &str) -> bool {
    let rest = beginnings.iter().filter_map(|beginning| id.strip_prefix(beginning.as_str()));
    rest.into_iter().any(|rest| !rest.is_empty() && !rest.contains('-'))
}

/// The values of the attributes `id` in a template.
fn attributes(source: &str) -> impl Iterator<Item = &str> {
    source.match_indices("id=").filter_map(|(at, _)| {
        let is_name = source[..at].ends_with(|c: char| c.is_ascii_whitespace());
        let rest = &source[at + "id=".len()..];
        let quote = rest.chars().next().filter(|c| is_name && matches!(c, '"' | '\''))?;
        rest[1..].split(quote).next()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_from_the_templates() {
        let template =
            |name: &str, source: &str| Template { name: name.into(), source: source.into(), file: name.into() };
        let ids = ReservedIds::of(&[
            template(
                "t/article.html",
                "<h2 class=x id=\"related\" data-id=\"no\"><p id='reply-{{ reply.id }}'><i id=\"{{ id }}\">",
            ),
            template("t/components/poll.html", "{% component poll() %}<div id=\"poll\"><p id=\"vote-{{ id }}\">"),
            template("t/styles/a.css", " id=\"css\""),
        ]);
        assert!(ids.is_of_pages("related") && ids.is_of_pages("reply-5x"));
        for free in ["no", "css", "reply-to-the-mayor", "poll", "{{ id }}"] {
            assert!(!ids.is_of_pages(free), "{free}");
        }
        assert!(ids.has("poll") && !ids.has("no"));
        assert!(ids.has("vote-r1") && !ids.is_of_pages("vote-r1") && !ids.has("vote-for-us") && !ids.has("vote-"));
    }
}
