//! The leak scan: does a page that is about to be written say anything of a withheld article?
//!
//! What is withheld is not in the index, so no generated part of a page can know of it; this is the check
//! that it is so. Before a file is written its bytes are searched for the headlines and addresses of
//! everything withheld, all at once. A hit that no visible source accounts for is a leak, and the build
//! publishes nothing. A hit that a visible source wrote itself (a reporter may quote a headline that is
//! still under embargo) is a warning at that line: that is for people to judge.
//!
//! With nothing withheld there is nothing to do; with thousands it is still one pass over the page.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::sieve::Sieve;
use crate::article::record::{Record, Story};
use crate::article::{self, Row};
use crate::config::Taxonomy;
use crate::diagnostic::{Diagnostic, Place};
use crate::index::{Index, Role, file_address};
use crate::plan::{Output, Scope, address};
use crate::render::Renderer;
use crate::render::trace::file_id;

/// Headlines with fewer words, or fewer characters, are said by chance.
const FEWEST_WORDS: usize = 3;
const FEWEST_CHARACTERS: usize = 12;
/// The same for scripts that put no spaces between words.
const FEWEST_UNSPACED: usize = 8;

/// Endings of files in which there is text that readers see.
const TEXT_ENDINGS: [&str; 12] =
    ["html", "htm", "css", "js", "mjs", "json", "xml", "txt", "svg", "md", "csv", "webmanifest"];

/// Something that must not be said.
#[derive(Debug)]
struct Secret {
    what: What,
    /// A headline; or an address, root-relative with base path.
    text: String,
    /// How a source would write it, folded.
    folded: String,
    /// The source that is withheld.
    row: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Headline,
    Address,
}

/// Who accounts for a hit.
#[derive(Clone, Debug)]
enum Said {
    /// It is the headline of a visible article too, or belongs to the theme.
    Anyway,
    /// A visible source says it.
    Here(Place),
}

/// The search for what is withheld.
#[derive(Debug)]
pub(super) struct LeakScan<'a> {
    renderer: &'a Renderer,
    search: OnceLock<Option<Search>>,
}

#[derive(Debug)]
struct Search {
    secrets: Vec<Secret>,
    sieve: Sieve,
    /// Of each pattern of the sieve, the number of its secret.
    of_pattern: Vec<u32>,
    /// By secret: what the sources say that any page may show. Found out when something is hit at all.
    said: OnceLock<FxHashMap<u32, Said>>,
}

impl<'a> LeakScan<'a> {
    pub(super) fn new(renderer: &'a Renderer) -> Self {
        Self { renderer, search: OnceLock::new() }
    }

    /// What an output with these bytes would give away: errors, and warnings about sources.
    pub(super) fn check(&self, output: Output, bytes: &[u8]) -> Vec<Diagnostic> {
        let Some(search) = self.search.get_or_init(|| Search::new(self.renderer)) else { return Vec::new() };
        if matches!(output, Output::Derivative(..) | Output::Card(_)) {
            return Vec::new();
        }
        if matches!(output, Output::File(_) | Output::Asset(_)) && !is_text(&self.renderer.path(output)) {
            return Vec::new();
        }
        let hits = search.hits(bytes, &self.renderer.config.origin);
        hits.into_iter().filter_map(|secret| search.judge(self.renderer, output, secret)).collect()
    }

    /// What a file that is not planned gives away.
    pub(super) fn check_foreign(&self, path: &str, bytes: &[u8]) -> Vec<Diagnostic> {
        let Some(search) = self.search.get_or_init(|| Search::new(self.renderer)) else { return Vec::new() };
        if !is_text(path) {
            return Vec::new();
        }
        let hits = search.hits(bytes, &self.renderer.config.origin).into_iter();
        hits.map(|secret| search.leak(self.renderer, path, secret)).collect()
    }
}

fn is_text(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| TEXT_ENDINGS.contains(&ending.to_ascii_lowercase().as_str()))
}

impl Search {
    fn new(renderer: &Renderer) -> Option<Self> {
        let secrets = secrets(renderer);
        if secrets.is_empty() {
            return None;
        }
        let mut patterns: Vec<String> = Vec::with_capacity(secrets.len());
        let mut of_pattern = Vec::with_capacity(secrets.len());
        for (number, secret) in secrets.iter().enumerate() {
            for spelling in spellings(&secret.text) {
                patterns.push(spelling);
                of_pattern.push(number as u32);
            }
        }
        Some(Self { secrets, sieve: Sieve::new(patterns), of_pattern, said: OnceLock::new() })
    }

    /// The secrets that stand in some bytes as words or addresses of their own, each once.
    fn hits(&self, bytes: &[u8], origin: &str) -> Vec<u32> {
        // Whatever the scheme.
        let host = origin.find("//").map_or(origin, |at| &origin[at..]);
        let mut found = Vec::new();
        self.sieve.find(bytes, |pattern, start| {
            let secret = self.of_pattern[pattern as usize];
            let (before, after) = (&bytes[..start], &bytes[start + self.sieve.length(pattern)..]);
            let stands_alone = || match self.secrets[secret as usize].what {
                What::Headline => !ends_in_word(before) && !begins_with_word(after),
                What::Address => {
                    (before.ends_with(host.as_bytes()) || before.last().is_none_or(|byte| !is_of_path(*byte)))
                        && after.first().is_none_or(|byte| !is_of_path(*byte))
                }
            };
            if !found.contains(&secret) && stands_alone() {
                found.push(secret);
            }
        });
        found.sort_unstable();
        found
    }

    fn judge(&self, renderer: &Renderer, output: Output, number: u32) -> Option<Diagnostic> {
        let secret = &self.secrets[number as usize];
        let anywhere = self.said.get_or_init(|| self.say(renderer)).get(&number);
        if matches!(anywhere, Some(Said::Anyway)) {
            return None;
        }
        let own = own_sources(renderer, output);
        let in_own = own.iter().find_map(|path| place_in(renderer, path, &secret.folded)).map(Said::Here);
        match in_own.or_else(|| anywhere.cloned()) {
            Some(Said::Anyway) => None,
            Some(Said::Here(place)) => Some(
                Diagnostic::warning(format!(
                    "this gives away {} of {}, which is withheld",
                    secret.name(),
                    renderer.index.rows[secret.row as usize].path
                ))
                .at(place)
                .hint("reword it, or publish it together with that article"),
            ),
            None => Some(self.leak(renderer, &renderer.path(output), number)),
        }
    }

    fn leak(&self, renderer: &Renderer, path: &str, number: u32) -> Diagnostic {
        let secret = &self.secrets[number as usize];
        let address = path.strip_suffix("index.html").unwrap_or(path);
        let source = &*renderer.index.rows[secret.row as usize].path;
        Diagnostic::error(format!("/{address} would give away {} of {source}, which is withheld", secret.name()))
            .at(Place::file(source))
            .hint("if no theme or text of yours puts these words together, please report this")
    }

    /// What the sources that any page may show say of the secrets.
    fn say(&self, renderer: &Renderer) -> FxHashMap<u32, Said> {
        let folded: Vec<&str> = self.secrets.iter().map(|secret| secret.folded.as_str()).collect();
        let finder = AhoCorasick::new(&folded).expect("fewer patterns than there are numbers");
        let in_text = |text: &str| -> Vec<u32> {
            let folded = fold(text);
            finder.find_overlapping_iter(&folded).map(|hit| hit.pattern().as_u32()).collect()
        };
        let mut said: FxHashMap<u32, Said> = FxHashMap::default();
        let theme = &renderer.theme;
        let words = theme.texts.iter().flat_map(|texts| texts.all());
        let texts = theme.templates.iter().map(|template| &*template.source).chain(words);
        for text in texts {
            said.extend(in_text(text).into_iter().map(|number| (number, Said::Anyway)));
        }
        let index = &renderer.index;
        let found: Vec<(u32, Option<u32>)> = index
            .rows
            .par_iter()
            .enumerate()
            .with_min_len(64)
            .filter(|(number, row)| is_seen(index, *number as u32, row))
            .flat_map_iter(|(number, row)| {
                let title = match row.record() {
                    Record::Story(story) => in_text(&story.core.title),
                    _ => Vec::new(),
                };
                // The record holds all its texts as they are.
                let all = in_text(&String::from_utf8_lossy(&row.record));
                title
                    .into_iter()
                    .map(|one| (one, None))
                    .chain(all.into_iter().map(move |one| (one, Some(number as u32))))
            })
            .collect();
        // Headlines first, then in the order of the sources.
        for (number, row) in found.iter().filter(|(_, row)| row.is_none()).chain(&found) {
            said.entry(*number).or_insert_with(|| match row {
                None => Said::Anyway,
                Some(row) => {
                    let path = &*index.rows[*row as usize].path;
                    let folded = &self.secrets[*number as usize].folded;
                    Said::Here(place_in(renderer, path, folded).unwrap_or_else(|| Place::file(path)))
                }
            });
        }
        // Files whose text is in no record: the configuration, data, introductions and biographies.
        let files = index.rows.iter().enumerate().filter(|(number, row)| match index.role(*number as u32) {
            Role::Other if row.path.starts_with("data/") => true,
            Role::Other if article::is_markdown(&row.path) => true,
            _ => false,
        });
        for path in std::iter::once(crate::config::FILE).chain(files.map(|(_, row)| &*row.path)) {
            let Some(text) = renderer.source_text(path) else { continue };
            for number in in_text(&text) {
                let folded = &self.secrets[number as usize].folded;
                said.entry(number)
                    .or_insert_with(|| Said::Here(place_of(path, &text, folded).unwrap_or_else(|| Place::file(path))));
            }
        }
        said
    }
}

impl Secret {
    fn name(&self) -> String {
        match self.what {
            What::Headline => format!("the headline “{}”", self.text),
            What::Address => format!("the address {}", self.text),
        }
    }
}

/// Everything that must not be said and is worth a search.
fn secrets(renderer: &Renderer) -> Vec<Secret> {
    let (index, config) = (&renderer.index, &renderer.config);
    let mut secrets = Vec::new();
    let mut seen: FxHashSet<String> = FxHashSet::default();
    let mut withheld_bundles = false;
    // Looked at only if there is something withheld.
    let planned: OnceLock<FxHashSet<u64>> = OnceLock::new();
    let is_planned = |path: &str| {
        let planned = planned.get_or_init(|| renderer.plan.files.iter().copied().collect());
        planned.contains(&file_id(path))
    };
    let mut add_headline = |secrets: &mut Vec<Secret>, row: u32, title: &str| {
        if is_telling(title) && seen.insert(title.to_owned()) {
            secrets.push(Secret { what: What::Headline, text: title.to_owned(), folded: fold(title), row });
        }
    };
    let add_address = |secrets: &mut Vec<Secret>, row: u32, url: String| {
        let path = url.strip_prefix(&*config.base_path).unwrap_or(&url);
        let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
        let folded = fold(path.trim_end_matches('/'));
        if folded.len() > 3 && !is_planned(&address::output_path(&path)) {
            secrets.push(Secret { what: What::Address, text: url, folded, row });
        }
    };
    for (number, row) in index.rows.iter().enumerate() {
        let number = number as u32;
        match index.role(number) {
            Role::Withheld => {
                let story = index.story(number);
                withheld_bundles |= story.is_bundle;
                add_headline(&mut secrets, number, &story.core.title);
                for update in &story.updates {
                    add_headline(&mut secrets, number, &update.title);
                }
                for url in addresses(renderer, row, &story) {
                    add_address(&mut secrets, number, url);
                }
            }
            Role::Story(id) if index.live.contains_key(&id) => {
                let live = &index.live[&id];
                for update in index.story(number).updates.iter().filter(|update| !live.shows(update.time)) {
                    add_headline(&mut secrets, number, &update.title);
                }
            }
            _ => {}
        }
    }
    if withheld_bundles {
        for row in index.rows.iter().filter(|row| row.path.starts_with("content/") && !article::is_markdown(&row.path))
        {
            let folder = row.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            if let Some((Role::Withheld, rest)) = index.bundle_of(&row.path) {
                let bundle = &row.path[..row.path.len() - rest.len()];
                debug_assert!(folder.starts_with(bundle.trim_end_matches('/')));
                let texts = config.bundle_names.iter().filter_map(|name| index.row_of(&format!("{bundle}{name}")));
                for file in texts {
                    let story = index.story(file);
                    let path = &*index.rows[file as usize].path;
                    let url = address::encode(config, &address::of_story(config, path, &story));
                    add_address(&mut secrets, file, file_address(&row.path, path, &url, config));
                }
            }
        }
    }
    secrets
}

/// The address of a withheld story, and its old ones.
fn addresses(renderer: &Renderer, row: &Row, story: &Story<'_>) -> Vec<String> {
    let config = &renderer.config;
    let own = address::of_story(config, &row.path, story);
    let old = story.aliases.iter().map(|alias| address::page_path(alias));
    std::iter::once(own).chain(old).map(|path| address::encode(config, &path)).collect()
}

/// Whether a headline says something that hardly anybody says by chance.
fn is_telling(title: &str) -> bool {
    let characters = title.chars().filter(|c| c.is_alphanumeric()).count();
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_unspaced = |c: char| matches!(u32::from(c), 0x0E00..=0x0E7F | 0x3040..=0x30FF | 0x3400..=0x9FFF);
    let unspaced = title.chars().filter(|c| is_unspaced(*c)).count();
    unspaced >= FEWEST_UNSPACED
        || characters >= FEWEST_CHARACTERS
            // Dates stand on every page.
            && words.filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit())).count() >= FEWEST_WORDS
}

/// The spellings of a text in HTML, XML and JSON.
fn spellings(text: &str) -> Vec<String> {
    let mut all = vec![text.to_owned()];
    if !text.contains(['&', '<', '>', '"', '\'', '\\', '/']) {
        return all;
    }
    let mut add = |spelling: String| {
        if !all.contains(&spelling) {
            all.push(spelling);
        }
    };
    let html = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let quoted = html.replace('"', "&quot;");
    let xml = |text: &str| quick_xml::escape::escape(text).into_owned();
    let json = |text: &str| {
        let json = serde_json::to_string(text).expect("text serialises");
        json[1..json.len() - 1].to_owned()
    };
    let in_html = [html.clone(), quoted.clone(), quoted.replace('\'', "&#39;"), quoted.replace('\'', "&#x27;")];
    for spelling in &in_html {
        add(json(spelling));
        add(xml(spelling));
        add(spelling.clone());
    }
    add(xml(text));
    add(json(text).replace('<', "\\u003c"));
    add(json(text));
    all
}

/// Text without what differs between a source and the page made from it: the case of nothing, but entities,
/// curly quotes, dashes, marks of emphasis and white space.
fn fold(text: &str) -> String {
    let decoded = html_escape::decode_html_entities(text);
    let mut folded = String::with_capacity(decoded.len());
    for c in decoded.chars() {
        let c = match c {
            '\u{2018}' | '\u{2019}' | '\u{201A}' | '\u{201B}' => '\'',
            '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{201F}' => '"',
            '\u{2010}'..='\u{2015}' => '-',
            '\u{2026}' => '.',
            '*' | '_' | '`' | '\\' => continue,
            c if c.is_whitespace() => ' ',
            c => c,
        };
        if !(matches!(c, ' ' | '-' | '.') && folded.ends_with(c)) {
            folded.push(c);
        }
    }
    folded
}

/// The place in a source at which something folded stands first.
fn place_in(renderer: &Renderer, path: &str, folded: &str) -> Option<Place> {
    place_of(path, &renderer.source_text(path)?, folded)
}

fn place_of(path: &str, text: &str, folded: &str) -> Option<Place> {
    if !fold(text).contains(folded) {
        return None;
    }
    // It is in whatever goes on to its end, and of that in whatever begins before it.
    let mut cuts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let end = cuts.partition_point(|end| !fold(&text[..*end]).contains(folded));
    cuts.truncate(end + 1);
    let end = cuts.last().copied().unwrap_or(text.len());
    let begins = cuts.partition_point(|start| fold(&text[*start..end]).contains(folded));
    let start = begins.checked_sub(1).map_or(0, |at| cuts[at]);
    Some(Place::span(path, text, start..end))
}

/// The sources whose bodies the output shows: its own, its replies, and those of a feed.
fn own_sources(renderer: &Renderer, output: Output) -> Vec<String> {
    let path = |row: u32| renderer.index.rows[row as usize].path.to_string();
    if let Output::Asset(at) = output {
        return renderer.theme.assets[at as usize].row.map(path).into_iter().collect();
    }
    match output {
        Output::Feed(at, _) => {
            let listing = &renderer.plan.listings[at as usize];
            let stories = renderer.feed_stories(listing).into_iter();
            stories.map(|id| path(renderer.index.entry(id).row)).collect()
        }
        Output::Listing(at, _) => {
            let listing = &renderer.plan.listings[at as usize];
            let row = match &listing.scope {
                Scope::Section(section) => renderer.index.sections[usize::from(*section)].row,
                Scope::Term(Taxonomy::Authors, slug) => {
                    renderer.index.terms.get(listing.language, Taxonomy::Authors, slug).and_then(|author| author.row)
                }
                _ => None,
            };
            row.map(path).into_iter().collect()
        }
        _ => renderer.plan.own_row(output, &renderer.index).map(path).into_iter().collect(),
    }
}

/// Whether a source is seen by readers.
fn is_seen(index: &Index, number: u32, row: &Row) -> bool {
    match index.role(number) {
        Role::Story(_) | Role::Page(_) => true,
        Role::Withheld | Role::Hidden => false,
        Role::Other => {
            article::is_markdown(&row.path)
                || article::is_replies(&row.path)
                    && ["md", "markdown"].iter().any(|ending| {
                        let article = format!("{}{ending}", row.path.trim_end_matches("comments.yaml"));
                        index.row_of(&article).is_some_and(|row| index.role(row) != Role::Withheld)
                    })
        }
    }
}

fn is_of_path(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'%' | b'~')
}

fn begins_with_word(bytes: &[u8]) -> bool {
    let end = bytes.len().min(4);
    first_char(&bytes[..end]).is_some_and(char::is_alphanumeric)
}

fn ends_in_word(bytes: &[u8]) -> bool {
    let start = bytes.len().saturating_sub(4);
    let start = (start..bytes.len()).find(|at| bytes[*at] & 0xC0 != 0x80).unwrap_or(bytes.len());
    let last = std::str::from_utf8(&bytes[start..]).ok().and_then(|text| text.chars().next_back());
    last.is_some_and(char::is_alphanumeric)
}

fn first_char(bytes: &[u8]) -> Option<char> {
    let valid = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?,
    };
    valid.chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_telling_headlines_are_searched_for() {
        for title in ["Harbour tunnel opens early", "港のトンネルが早く開く", "3 ships sink at noon"] {
            assert!(is_telling(title), "{title}");
        }
        for title in ["Storm", "Election night", "About us now", "20 November 2026", "1 2 3 4 5 6 7 8 9 10 11 12", "港"]
        {
            assert!(!is_telling(title), "{title}");
        }
    }

    #[test]
    fn a_headline_is_found_however_it_is_written() {
        let all = spellings("Tom's \"ship\" & <so>");
        for spelling in [
            "Tom's \"ship\" & <so>",
            "Tom's \"ship\" &amp; &lt;so&gt;",
            "Tom's &quot;ship&quot; &amp; &lt;so&gt;",
            "Tom&#39;s &quot;ship&quot; &amp; &lt;so&gt;",
            "Tom&apos;s &quot;ship&quot; &amp; &lt;so&gt;",
            "Tom's \\\"ship\\\" & \\u003cso>",
            "Tom&apos;s &quot;ship&quot; &amp;amp; &amp;lt;so&amp;gt;",
        ] {
            assert!(all.iter().any(|one| one == spelling), "{spelling} is not in {all:?}");
        }
        assert_eq!(spellings("Plain words here").len(), 1);
    }

    #[test]
    fn a_source_and_its_page_fold_to_the_same() {
        assert_eq!(fold("It’s “so” — *so*\n  far…"), fold("It's \"so\" --- so far..."));
        assert_eq!(fold("a &amp; b"), "a & b");
    }

    #[test]
    fn words_end_where_letters_do() {
        assert!(ends_in_word("ö".as_bytes()) && !ends_in_word("a ".as_bytes()) && !ends_in_word(b""));
        assert!(begins_with_word("ß".as_bytes()) && !begins_with_word("<".as_bytes()) && !begins_with_word(b""));
    }
}
