//! What must not be said: the headlines, slugs and addresses of everything withheld, and how each is recognised.
//!
//! A secret is looked for by its anchors, words of it that stand in a page as they are however the rest is written;
//! what stands around one is then compared as readers read it (see [`reading`](super::reading)).

mod anchors;
mod headline;
mod net;
mod token;

use super::reading::{is_unspaced, letters};
use anchors::plain;
use headline::is_said;
use icu_normalizer::ComposingNormalizerBorrowed;
use rustc_hash::FxHashSet;
use std::ops::Range;
use std::sync::OnceLock;
use token::{Token, is_of_token, token_around};

pub(super) use net::Net;
pub(super) use token::{is_end_of_address, is_start_of_address};

use crate::article::Row;
use crate::article::is_markdown;
use crate::article::permalink;
use crate::article::record::Entry;
use crate::config::Config;
use crate::config::address;
use crate::fingerprint::file_id;
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::index::{Index, Role, file_address};
use crate::render::Renderer;
use crate::site_path;

/// Headlines with fewer words, or fewer characters, are said by chance.
const FEWEST_WORDS: usize = 3;

const FEWEST_CHARACTERS: usize = 12;

/// The same for scripts that put no spaces between words.
const FEWEST_UNSPACED: usize = 8;

/// Something that must not be said.
#[derive(Debug)]
pub(super) struct Secret {
    pub(super) what: What,
    /// A headline; or an address, root-relative with base path.
    pub(super) text: String,
    /// The letters of a headline or slug; the path of an address, below the base path, without slashes at its ends, in
    /// lower case.
    pub(super) letters: String,
    /// The source that is withheld.
    pub(super) row: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Headline,
    Slug,
    Address,
}

impl Secret {
    pub(super) fn name(&self) -> String {
        match self.what {
            What::Headline => format!("the headline “{}”", self.text),
            What::Slug => format!("the slug `{}`", self.text),
            What::Address => format!("the address {}", self.text),
        }
    }
}

/// All secrets.
#[derive(Debug)]
pub(super) struct Secrets {
    pub(super) all: Vec<Secret>,
    /// Host, and base path with a slash at both ends, in lower case.
    host: String,
    base: String,
}

impl Secrets {
    /// None if nothing is withheld that is worth a search.
    pub(super) fn of(renderer: &Renderer) -> Option<Self> {
        let all = secrets(renderer);
        if all.is_empty() {
            return None;
        }
        let origin = &renderer.config.origin;
        let host = origin.find("//").map_or("", |at| &origin[at + 2..]).to_lowercase();
        let base = renderer.config.base_path.to_lowercase();
        Some(Self { all, host, base })
    }

    /// By number: what the next build knows a secret by.
    pub(super) fn ids(&self, index: &Index) -> Vec<Fingerprint> {
        let id = |secret: &Secret| {
            let mut id = Fingerprinter::new("secret");
            id.number(secret.what as u64).text(&secret.letters).text(&index.rows[secret.row as usize].path);
            id.text(&self.host).text(&self.base).finish()
        };
        self.all.iter().map(id).collect()
    }

    /// The secrets that stand in a [`decoded`](super::reading::decoded) text, each once. `path` is the file of the
    /// output folder that it is in; `is_planned` tells whether such a file is published.
    pub(super) fn hits(&self, net: &Net, text: &[u8], path: &str, is_planned: &dyn Fn(&str) -> bool) -> Vec<u32> {
        let mut found: Vec<u32> = Vec::new();
        let check = |number: u32, at: usize, before: u32| {
            let secret = &self.all[number as usize];
            let is_hit = || match secret.what {
                What::Headline | What::Slug => is_said(text, at, &secret.letters, before as usize),
                What::Address => {
                    let token = token_around(text, at);
                    self.leads(&token, path).is_some_and(|(lead, plain)| lead == secret.letters && !is_planned(&plain))
                }
            };
            if !found.contains(&number) && is_hit() {
                found.push(number);
            }
        };
        net.find(text, check);
        found
    }

    /// What of some hits is told: the slug is a part of the address and mostly of the headline.
    pub(super) fn told(&self, found: &[u32]) -> Vec<u32> {
        let is_told = |number: &u32| {
            let secret = &self.all[*number as usize];
            let others = found.iter().map(|other| &self.all[*other as usize]);
            secret.what != What::Slug || !others.into_iter().any(|one| one.what != What::Slug && one.row == secret.row)
        };
        let mut told: Vec<u32> = found.iter().copied().filter(is_told).collect();
        told.sort_unstable();
        told
    }

    /// Where in a plain text the first address stands that leads from the file `path` to a secret one.
    pub(super) fn address_in(&self, text: &str, secret: &Secret, path: &str) -> Option<Range<usize>> {
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(start) = bytes[at..].iter().position(|byte| is_of_token(*byte)).map(|found| at + found) {
            let token = token_around(bytes, start);
            at = start + bytes[start..].iter().take_while(|byte| is_of_token(**byte)).count();
            if self.leads(&token, path).is_some_and(|(lead, _)| lead == secret.letters) {
                return Some(start..start + token.text.len());
            }
        }
        None
    }

    /// The path below the base path to which an address leads that stands in the file `path`, in lower case and
    /// without slashes at its ends; and the file that this is, in its own case.
    fn leads(&self, token: &Token<'_>, path: &str) -> Option<(String, String)> {
        let whole = std::str::from_utf8(token.text).ok()?;
        let behind_host = |text: &str| {
            let (host, rest) = text.split_at(text.find('/').unwrap_or(text.len()));
            site_path::is_same_host(host, &self.host).then(|| rest.to_owned())
        };
        let address = match whole.split_once("//") {
            Some((scheme, rest)) if scheme.is_empty() || scheme.ends_with(':') => behind_host(rest)?,
            _ => behind_host(whole).unwrap_or_else(|| whole.to_owned()),
        };
        let is_rooted = address.starts_with('/');
        if !is_rooted && !token.stands.may_be_relative(&address) {
            return None;
        }
        let from = format!("{}{path}", self.base);
        let folder = if is_rooted { "" } else { from.rsplit_once('/').map_or("", |(folder, _)| folder) };
        let mut parts: Vec<&str> = Vec::new();
        for part in folder.split('/').chain(address.split('/')) {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop();
                }
                part => parts.push(part),
            }
        }
        let whole = format!("/{}/", parts.join("/"));
        let inside = whole.get(self.base.len()..).filter(|_| whole.to_lowercase().starts_with(&self.base))?;
        let inside = inside.trim_end_matches('/');
        let inside = inside.strip_suffix("/index.html").unwrap_or(inside);
        let is_file = inside.ends_with(".html") || inside.ends_with(".htm");
        let plain = if is_file { inside.to_owned() } else { format!("{inside}/index.html") };
        Some((composed(inside).to_lowercase(), plain))
    }
}

impl Secret {
    /// The part in which its anchors are.
    fn telling_part(&self) -> String {
        match self.what {
            What::Headline | What::Slug => plain(&self.text),
            What::Address => self.letters.rsplit('/').next().unwrap_or_default().to_owned(),
        }
    }
}

fn composed(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned()
}

/// Whether a headline says something that hardly anybody says by chance.
fn is_telling(title: &str) -> bool {
    // A syllable says as much as two letters.
    let weight = |c: char| 1 + usize::from(is_unspaced(c) || matches!(u32::from(c), 0xAC00..=0xD7A3));
    let characters: usize = title.chars().filter(|c| c.is_alphanumeric()).map(weight).sum();
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let unspaced = title.chars().filter(|c| is_unspaced(*c)).count();
    unspaced >= FEWEST_UNSPACED
        || characters >= FEWEST_CHARACTERS
            // Dates stand on every page.
            && words.filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit())).count() >= FEWEST_WORDS
}

/// Collects secrets.
struct Collection<'a> {
    renderer: &'a Renderer,
    secrets: Vec<Secret>,
    seen: FxHashSet<String>,
    /// Looked at only if there is something withheld.
    planned: OnceLock<FxHashSet<u64>>,
}

impl Collection<'_> {
    fn add_words(&mut self, what: What, row: u32, text: &str) {
        if is_telling(text) {
            let letters = letters(&plain(text));
            if self.seen.insert(letters.clone()) {
                self.secrets.push(Secret { what, text: text.to_owned(), letters, row });
            }
        }
    }

    fn add_address(&mut self, row: u32, url: String) {
        let config = &self.renderer.config;
        let path = url.strip_prefix(&*config.base_path).unwrap_or(&url);
        let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
        let letters = composed(path.trim_matches('/')).to_lowercase();
        let letters = letters.strip_suffix("/index.html").unwrap_or(&letters).to_owned();
        let plan = &self.renderer.plan;
        let planned = self.planned.get_or_init(|| plan.files.iter().copied().collect());
        if letters.len() > 3 && !planned.contains(&file_id(&site_path::output_path(&path))) {
            self.secrets.push(Secret { what: What::Address, text: url, letters, row });
        }
    }

    fn add_entry(&mut self, row: u32, entry: &Entry<'_>) {
        self.add_words(What::Headline, row, &entry.core.title);
        for update in &entry.updates {
            self.add_words(What::Headline, row, &update.title);
        }
        self.add_words(What::Slug, row, &entry.slug);
        for url in addresses(&self.renderer.config, &self.renderer.index.rows[row as usize], entry) {
            self.add_address(row, url);
        }
    }

    /// The addresses of a file in the bundle of something withheld.
    fn add_file(&mut self, path: &str) {
        let (index, config) = (&self.renderer.index, &self.renderer.config);
        if let Some((Role::Withheld, rest)) = index.bundle_of(path) {
            let bundle = &path[..path.len() - rest.len()];
            let texts = config.bundle_names.iter().filter_map(|name| index.row_of(&format!("{bundle}{name}")));
            for file in texts {
                let entry = index.entry(file);
                let text = &*index.rows[file as usize].path;
                let url = address::encode(config, &permalink::of_entry(config, text, &entry));
                self.add_address(file, file_address(path, text, &url, config));
            }
        }
    }
}

/// Everything that must not be said and is worth a search.
fn secrets(renderer: &Renderer) -> Vec<Secret> {
    let index = &renderer.index;
    let mut collection =
        Collection { renderer, secrets: Vec::new(), seen: FxHashSet::default(), planned: OnceLock::new() };
    let mut withheld_bundles = false;
    for number in 0..index.rows.len() as u32 {
        match index.role(number) {
            Role::Withheld => {
                let entry = index.entry(number);
                withheld_bundles |= entry.is_bundle;
                collection.add_entry(number, &entry);
            }
            Role::Article(id) if index.live.contains_key(&id) => {
                let live = &index.live[&id];
                for update in index.entry(number).updates.iter().filter(|update| !live.shows(update.time)) {
                    collection.add_words(What::Headline, number, &update.title);
                }
            }
            _ => {}
        }
    }
    if withheld_bundles {
        let files = index.rows.iter().filter(|row| row.path.starts_with("content/") && !is_markdown(&row.path));
        files.for_each(|row| collection.add_file(&row.path));
    }
    collection.secrets
}

/// The address of a withheld entry, and its old ones.
fn addresses(config: &Config, row: &Row, entry: &Entry<'_>) -> Vec<String> {
    let own = permalink::of_entry(config, &row.path, entry);
    let old = entry.aliases.iter().map(|alias| site_path::page_path(alias));
    std::iter::once(own).chain(old).map(|path| address::encode(config, &path)).collect()
}

#[cfg(test)]
mod tests {
    use super::anchors::{Common, Needles, Part, Word, parts_of};
    use super::*;
    use crate::publish::pattern_filter::PatternFilter;
    use crate::publish::reading::decoded;

    #[test]
    fn only_telling_headlines_are_searched_for() {
        for title in
            ["Harbour tunnel opens early", "港のトンネルが早く開く", "3 ships sink at noon", "대통령 탄핵안 국회 통과"]
        {
            assert!(is_telling(title), "{title}");
        }
        for title in ["Storm", "Election night", "About us now", "20 November 2026", "1 2 3 4 5 6 7 8 9 10 11 12", "港"]
        {
            assert!(!is_telling(title), "{title}");
        }
    }

    /// Whether a headline is found in a text by its anchors.
    fn finds(title: &str, text: &str) -> bool {
        let text = decoded(text.as_bytes());
        let secret = Secret { what: What::Headline, text: title.to_owned(), letters: letters(&plain(title)), row: 0 };
        let mut common = Common::default();
        let told = Needles::of(&secret, &mut common);
        let of_words = vec![None; common.counts.len()];
        let part = |word: Word| (told.letters[word.before as usize..][..word.length as usize].to_owned(), word.before);
        let words: Vec<Part> = told.anchors(&common, &of_words).into_iter().map(part).collect();
        let anchors = if words.is_empty() { parts_of(&told.text, &common) } else { words };
        let texts: Vec<String> = anchors.iter().map(|(anchor, _)| anchor.clone()).collect();
        assert!(!texts.is_empty(), "{title}");
        let mut is_found = false;
        PatternFilter::new(&texts).find(&text, |anchor, at| {
            is_found |= is_said(&text, at, &letters(&plain(title)), anchors[anchor as usize].1 as usize);
        });
        is_found
    }

    #[test]
    fn a_headline_is_found_however_it_is_written() {
        let title = "The harbour’s “tunnel” & co open early";
        for text in [
            "The harbour's \"tunnel\" & co open early",
            "x The harbour&#x27;s &quot;tunnel&quot; &amp; co\n  open early.",
            "THE HARBOUR’S ‘TUNNEL’ & CO OPEN EARLY!",
            "<p>The <em>harbour’s</em> <a href=\"https://x.example/a/very/long/address\">“tunnel” &amp; co</a> open early</p>",
            "<img alt=\"The harbour&#39;s &quot;tunnel&quot; &amp; co open early\" src=x>",
            "{\"title\":\"The harbour\\u2019s \\\"tunnel\\\" \\u0026 co open\\nearly\"}",
            "<a href=\"/pictures/the-harbours-tunnel-co-open-early-0a1b2c-480.avif\">",
            "<title>The har&shy;bour’s “tun\u{ad}nel” &amp;&nbsp;co open early</title>",
            "&lt;b&gt;The harbour&lt;/b&gt;&amp;rsquo;s tunnel &amp;amp; co open early",
            "&#84;&#104;&#101; &#104;arbour&#115; tunnel co open early",
            "The h<b>arbour</b>’s tunnel co open early",
            "The harbour’s t<wbr>unnel co open early",
            "The har<wbr>bo<!-- -->ur’s tun<WBR/>nel co op<wbr>en ear<wbr>ly",
            "The<sup>[1]</sup> harbour’s<sup><a href=\"#n1\">2</a></sup> tunnel[3]<a href=\"#4\">4</a> co¹ open early<sup>5</sup>",
            "<sup>1</sup>The harbour’s tunnel co open early¹",
            "<p>The harbour’s <!-- so long a comment that the words in front of it are far away from those behind it --> tunnel co open early",
            "#TheHarboursTunnelCoOpenEarly",
        ] {
            assert!(finds(title, text), "{text}");
        }
        for text in [
            "Bathe harbour’s “tunnel” & co open early",
            "The harbour’s “tunnel” & co open earlyish",
            "The harbour’s “tunnel” & co opens early",
            "<li>The harbour’s</li><li>tunnel co open early</li>",
            "The harbour’s tunnel",
        ] {
            assert!(!finds(title, text), "{text}");
        }
    }

    #[test]
    fn headlines_in_all_scripts_are_found() {
        for (title, text) in [
            ("港のトンネルが早く開く", "<p>今日は港のトンネルが<b>早く開く</b>そうです</p>"),
            ("港のトンネルが早く開く", "\\u6e2f\\u306e\\u30c8\\u30f3\\u30cd\\u30eb\\u304c\\u65e9\\u304f\\u958b\\u304f"),
            ("Тоннель в гавани откроют", "ТОННЕЛЬ В&nbsp;ГАВАНИ ОТКРОЮТ"),
            ("Größte Überschwemmung seit Jahren", "Gro\u{308}ßte U\u{308}berschwemmung seit Jahren"),
            ("Größte Überschwemmung seit Jahren", "Gr&ouml;&szlig;te &Uuml;berschwemmung seit Jahren"),
            ("항구 터널이 일찍 열린다", "\u{1112}\u{1161}\u{11bc}\u{1100}\u{116e} 터널이 일찍 열린다"),
            ("Man hit by a car on A1", "man hit by&nbsp;a car on A1"),
            ("Cat sat on a mat", "<p>The cat\nsat on a mat.</p>"),
            ("Man hit by a car on A1", "<b>Man</b> <b>hit</b> <b>by</b> <b>a</b> <b>car</b> <b>on</b> <b>A1</b>"),
            ("Man hit by a car on A1", "\n  Man\n  hit\r\n  by\n\ta\n\tcar<br>\n  on\n  A1"),
            ("Gold, oil, corn: who won what?", "<i>Gold</i>,<i>oil</i>,<i>corn</i>:<i>who</i><i>won</i><i>what</i>"),
            ("Giá xăng dầu giảm", "<b>GIÁ</b> <b>Xăng</b><wbr> <b>da\u{302}\u{300}u</b> <b>giảm</b>"),
            ("港のトンネルが早く開く", "<ruby>港<rt>みなと</rt></ruby>のトンネルが早く開く"),
            ("Gold, oil, corn: who won what?", "<p>Gold, oil, corn: who won what?</p>"),
            ("Rot, grün, gelb: wer hat Mut?", "ROT, GRÜN, GELB: WER HAT MUT?"),
            ("Rot, grün, gelb: wer hat Mut?", "rot-grün-gelb-wer-hat-mut"),
            ("Giá xăng dầu giảm mạnh từ hôm nay", "<p>Giá xăng dầu giảm mạnh từ hôm nay</p>"),
            ("Giá xăng dầu giảm mạnh từ hôm nay", "GIÁ XĂNG DẦU GIẢM MẠNH TỪ HÔM NAY"),
            ("Giá xăng dầu giảm", "Gia\u{301} xa\u{306}ng da\u{302}\u{300}u gia\u{309}m"),
            ("Ο πρωθυπουργός ανακοινώνει εκλογές", "Ο ΠΡΩΘΥΠΟΥΡΓΌΣ ΑΝΑΚΟΙΝΏΝΕΙ ΕΚΛΟΓΈΣ"),
            ("Größte Überschwemmung seit Jahren", "GRÖSSTE ÜBERSCHWEMMUNG SEIT JAHREN"),
            ("Yağışlı hava yarın başlıyor", "YAĞIŞLI HAVA YARIN BAŞLIYOR"),
            ("대통령 탄핵안 국회 통과", "<b>대통령</b> 탄핵안 국회\n통과"),
            ("Bug in C:\\new\\temp folder deletes files", "<p>Bug in C:\\new\\temp folder deletes files</p>"),
            ("Bug in C:\\new\\temp folder deletes files", "\"Bug in C:\\\\new\\\\temp folder deletes files\""),
        ] {
            assert!(finds(title, text), "{title}");
        }
    }
}
