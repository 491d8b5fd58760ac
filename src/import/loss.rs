//! The loss meter: what a text says, counted in its source and in what readers here will see.
//!
//! Words as a multiset, and the numbers of links, images, players, cells of tables and headings. A difference that a
//! reader (of an import) can explain is told beside it; any other is a loss, and a line of the report.

use std::ops::{Add, AddAssign, Sub};
use std::rc::Rc;

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::config::{Markdown, Slugs};
use crate::html::tree::Node;
use crate::html::{Token, tokens};
use crate::markdown::{self, Failure, FileInfo, Source, Surroundings, Target};

/// How many of each there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Words.
    pub words: i64,
    /// Links.
    pub links: i64,
    /// Images.
    pub images: i64,
    /// Players: recordings, films, frames and cards.
    pub players: i64,
    /// Cells of tables.
    pub cells: i64,
    /// Headings.
    pub headings: i64,
}

impl Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            words: self.words + other.words,
            links: self.links + other.links,
            images: self.images + other.images,
            players: self.players + other.players,
            cells: self.cells + other.cells,
            headings: self.headings + other.headings,
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Counts {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            words: self.words - other.words,
            links: self.links - other.links,
            images: self.images - other.images,
            players: self.players - other.players,
            cells: self.cells - other.cells,
            headings: self.headings - other.headings,
        }
    }
}

impl Counts {
    /// Whether nothing is counted.
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }

    /// The numbers with their names.
    pub fn named(&self) -> [(&'static str, i64); 6] {
        [
            ("words", self.words),
            ("links", self.links),
            ("images", self.images),
            ("players", self.players),
            ("cells", self.cells),
            ("headings", self.headings),
        ]
    }

    /// The words of a plain text.
    pub(super) fn of_text(text: &str) -> Self {
        Self { words: words(text).count() as i64, ..Self::default() }
    }

    /// What stands in some nodes.
    pub(super) fn of_nodes(nodes: &[Rc<Node>]) -> Self {
        let html: String = nodes.iter().map(crate::html::tree::outer_html).collect();
        Wording::of_html(&html).counts
    }
}

/// The words of a text: letters and digits side by side. Of scripts without spaces each run is one.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// What a text says.
#[derive(Clone, Debug, Default)]
pub(super) struct Wording {
    pub(super) counts: Counts,
    /// Each word, and how often.
    pub(super) words: FxHashMap<String, i64>,
    /// Addresses that stand in the text without being links.
    pub(super) bare: i64,
}

impl Wording {
    /// What a piece of HTML says. What scripts and styles hold is no text.
    pub(super) fn of_html(html: &str) -> Self {
        let mut said = Self::default();
        let mut silent = 0_u32;
        let mut links = 0_u32;
        // Two links side by side are two words.
        let mut is_behind_link = false;
        let mut text = String::new();
        for token in tokens(html) {
            match token {
                Token::Start(name, attributes) => {
                    let has = |wanted: &str| {
                        attributes.iter().any(|(name, value)| **name == *wanted && !value.trim().is_empty())
                    };
                    match &*name {
                        "script" | "style" | "template" | "noscript" => silent += 1,
                        "a" if has("href") => {
                            if is_behind_link {
                                text.push(' ');
                            }
                            said.counts.links += 1;
                            links += 1;
                        }
                        "img" => said.counts.images += 1,
                        "iframe" | "audio" | "video" | "courant-embed" => said.counts.players += 1,
                        "td" | "th" => said.counts.cells += 1,
                        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => said.counts.headings += 1,
                        _ => {}
                    }
                    // The number of a note stands right behind its word.
                    if !super::body::is_inline(&name) || matches!(&*name, "br" | "img" | "sup" | "sub") {
                        text.push(' ');
                    }
                }
                Token::End(name) => {
                    is_behind_link = *name == *"a";
                    if *name == *"a" {
                        links = links.saturating_sub(1);
                    }
                    if matches!(&*name, "script" | "style" | "template" | "noscript") {
                        silent = silent.saturating_sub(1);
                    }
                    if !super::body::is_inline(&name) || matches!(&*name, "sup" | "sub") {
                        text.push(' ');
                    }
                }
                Token::Text(words) if silent == 0 => {
                    is_behind_link = false;
                    if links == 0 {
                        said.bare += (words.matches("://").count() + words.matches("www.").count()) as i64;
                    }
                    text.push_str(&words);
                }
                Token::Text(_) => {}
            }
        }
        said.add_words(&text);
        said
    }

    pub(super) fn add_words(&mut self, text: &str) {
        for word in words(text) {
            self.counts.words += 1;
            match self.words.get_mut(word) {
                Some(number) => *number += 1,
                None => {
                    self.words.insert(word.to_owned(), 1);
                }
            }
        }
    }

    /// Words of this that `other` has not, and how many there are of them.
    pub(super) fn missing_in(&self, other: &Self) -> (i64, Vec<String>) {
        let missing = |(word, number): (&String, &i64)| {
            let missing = number - other.words.get(word).copied().unwrap_or_default();
            (missing > 0).then(|| (word.clone(), missing))
        };
        let mut all: Vec<(String, i64)> = self.words.iter().filter_map(missing).collect();
        all.sort_unstable();
        let lost = all.iter().map(|(_, missing)| missing).sum();
        let some = all.into_iter().map(|(word, _)| word).take(8).collect();
        (lost, some)
    }
}

/// What readers will see of a Markdown text, as the build makes it.
pub(super) fn rendered(markdown: &str, settings: Markdown, embeds: &crate::config::Embeds) -> String {
    let source = Source {
        path: "content/import.md",
        text: markdown,
        start: 0,
        title: "",
        live: None,
        is_short: false,
        has_lead: false,
    };
    markdown::render(source, settings, Slugs::Keep, &Everything { embeds }).html
}

/// A site in which everything is there.
struct Everything<'a> {
    embeds: &'a crate::config::Embeds,
}

impl Surroundings for Everything<'_> {
    fn target(&self, path: &str) -> Target {
        Target::Address(path.to_owned())
    }

    fn address(&self, _: &str) -> Option<(u64, bool)> {
        None
    }

    fn asked_about(&self, _: &[u64]) {}

    fn wants_slips(&self) -> bool {
        false
    }

    fn file(&self, _: &str, src: &str) -> Option<FileInfo> {
        Some(FileInfo { address: src.to_owned(), ..FileInfo::default() })
    }

    fn component(&self, name: &str, call: &str) -> Result<String, Failure> {
        let element = match name {
            "audio" | "video" => "<audio></audio>",
            "photo" => "<img>",
            _ => "",
        };
        let said = ["title", "caption", "credit", "text", "by"].iter().filter_map(|argument| {
            let (_, behind) = call.split_once(&format!(" {argument}="))?;
            let quote = behind.chars().next()?;
            behind[quote.len_utf8()..].split_once(quote).map(|(text, _)| text)
        });
        let mut html = format!("<figure>{element}");
        said.for_each(|text| html.extend(["<p>", text, "</p>"]));
        Ok(html + "</figure>")
    }

    fn embed(&self, _: &str, address: &str) -> Option<Result<String, Failure>> {
        let is_file = address.starts_with('/');
        (is_file || crate::render::template::embed::recognise(address, self.embeds).is_some())
            .then(|| Ok("<iframe></iframe>".into()))
    }

    fn text(&self, _: &str, _: &str) -> String {
        String::new()
    }

    fn base_path(&self) -> &str {
        "/"
    }

    fn date(&self, moment: &str, _: &str) -> String {
        moment.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_things_are_counted() {
        let said = Wording::of_html(
            "<h2>One two</h2><p>th<b>ree</b><br>four <a href=x>five</a><img src=y></p><script>six</script><td>a<td>b",
        );
        let expected = Counts { words: 7, links: 1, images: 1, players: 0, cells: 2, headings: 1 };
        assert_eq!(said.counts, expected);
        let other = Wording::of_html("One two three four");
        assert_eq!(said.missing_in(&other), (3, vec!["a".into(), "b".into(), "five".into()]));
    }

    #[test]
    fn what_is_rendered_is_what_the_build_makes() {
        let html = rendered(
            "## A\n\n![x](/a.jpg \"b\")\n\n{{ <pullquote text=\"c d\" by='e' /> }}\n\nf.[^1]\n\n[^1]: g",
            Markdown::default(),
            &crate::config::Embeds::default(),
        );
        let said = Wording::of_html(&html);
        assert_eq!((said.counts.headings, said.counts.images), (1, 1), "{html}");
        for word in ["A", "b", "c", "d", "e", "f", "g"] {
            assert!(said.words.contains_key(word), "{word}: {html}");
        }
    }
}
