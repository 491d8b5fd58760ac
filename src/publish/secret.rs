//! What must not be said: the headlines, slugs and addresses of everything withheld, and how each is recognised.
//!
//! A secret is looked for by its anchors, words of it that stand in a page as they are however the rest is written;
//! what stands around one is then compared as readers read it (see [`reading`](super::reading)).

use std::ops::Range;
use std::sync::OnceLock;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use rustc_hash::{FxHashMap, FxHashSet};

use super::pattern_filter::{LONG, PatternFilter, SHORT, SHORTEST};
use super::reading::{Before, Gap, Letter, Letters, LettersBefore, decoded, is_in_tag, is_unspaced, letters};
use crate::article::Row;
use crate::article::is_markdown;
use crate::article::permalink;
use crate::article::record::Story;
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

/// What begins a tag or a note, or ends a line: an anchor may end with it.
const ENDS: [&str; 8] = ["<", " <", "[", "\n", " \n", "\r", "\t", "  "];

/// The same behind very short words: an anchor of three or four letters would be found everywhere.
const BEGINS: [&str; 16] =
    ["</", "<a", "<b", "<e", "<i", "<m", "<s", "<u", "<w", " <", "\n ", "\n\t", "\n\n", " \n", "\r\n", "  "];

/// So many letters behind an anchor tell which of the secrets that have it may be meant.
const NEXT: usize = 6;

/// So many headlines of visible articles tell how common words are.
const SAMPLE: usize = 2000;

/// A word that so many headlines have is rare.
const RARE: u32 = 1;

/// How far in front of an anchor the beginning of a headline is looked for, in bytes: there may be tags between.
const REACH: usize = 2048;

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

/// What finds some of the secrets, all at once.
#[derive(Debug)]
pub(super) struct Net {
    sieve: PatternFilter,
    anchors: Vec<Anchor>,
    /// By an anchor and the letters behind it: the secrets, and how many bytes of their letters stand before the anchor.
    having: FxHashMap<Trail, Vec<(u32, u32)>>,
    trails: Trails,
    /// The anchors with their [`Neighbours`].
    neighbours: Trails,
}

/// Something by which secrets are found.
#[derive(Debug)]
struct Anchor {
    /// In bytes.
    length: u32,
    /// A bit for each number of letters behind it that secrets have.
    counts: u8,
    /// A bit for each number of letters on both sides of it that [`Neighbours`] knows.
    sides: u16,
}

/// So many letters on each side of an anchor are looked at first.
const NEAREST: usize = 2;

/// The letters of ASCII nearest to an anchor, those before it from the anchor on.
#[derive(Clone, Copy, Debug, Default)]
struct Neighbours {
    before: [u8; NEAREST],
    behind: [u8; NEAREST],
}

impl Neighbours {
    /// Those in the letters of a secret, and how many there are on each side; none if one is not of ASCII.
    fn in_secret(before: &str, behind: &str) -> Option<(Self, (usize, usize))> {
        let mut neighbours = Self::default();
        let mut counts = (0, 0);
        for (place, letter) in neighbours.before.iter_mut().zip(before.chars().rev()) {
            *place = u8::try_from(letter).ok().filter(u8::is_ascii)?;
            counts.0 += 1;
        }
        for (place, letter) in neighbours.behind.iter_mut().zip(behind.chars()) {
            *place = u8::try_from(letter).ok().filter(u8::is_ascii)?;
            counts.1 += 1;
        }
        Some((neighbours, counts))
    }

    /// Those in a text around an anchor; none if what stands there is to be read as readers do.
    fn in_text(text: &[u8], anchor: Range<usize>) -> Option<Self> {
        let mut neighbours = Self::default();
        fill(&mut neighbours.behind, &mut text[anchor.end..].iter())?;
        fill(&mut neighbours.before, &mut text[..anchor.start].iter().rev())?;
        Some(neighbours)
    }

    /// The trail of an anchor with so many of its neighbours.
    fn trail(mut self, anchor: u32, (before, behind): (usize, usize)) -> Trail {
        self.before[before..].fill(0);
        self.behind[behind..].fill(0);
        let [a, b] = self.before;
        let [c, d] = self.behind;
        let letters = u32::from_le_bytes([a, b, c, d]);
        Trail((u64::from(anchor + 1) << 32 | u64::from(letters)).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// The bit of [`Anchor::sides`] for so many of them.
    const fn side((before, behind): (usize, usize)) -> u16 {
        1 << (before * (NEAREST + 1) + behind)
    }
}

/// Reads the next letters of a text, as far as there are any; none at what only readers' eyes pass over.
fn fill<'b>(letters: &mut [u8], bytes: &mut impl Iterator<Item = &'b u8>) -> Option<()> {
    for place in letters {
        *place = loop {
            match bytes.next() {
                Some(b'<' | b'>' | b'[' | b']' | 0x80..) => return None,
                Some(byte) if byte.is_ascii_alphanumeric() => break byte.to_ascii_lowercase(),
                Some(_) => {}
                None => return Some(()),
            }
        };
    }
    Some(())
}

/// An anchor and some letters behind it, hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Trail(u64);

impl Trail {
    fn of(anchor: u32) -> Self {
        Self(u64::from(anchor) + 1).on('\0')
    }

    fn on(self, letter: char) -> Self {
        Self((self.0.rotate_left(5) ^ u64::from(letter)).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }
}

/// The trails that lead on to a secret: a quick answer for nearly all others.
#[derive(Debug)]
struct Trails {
    bits: Vec<u64>,
    shift: u32,
}

impl Trails {
    fn of(all: FxHashSet<Trail>) -> Self {
        let bits = (all.len() * 16).next_power_of_two().max(64);
        let mut trails = Self { bits: vec![0; bits / 64], shift: u64::BITS - bits.trailing_zeros() };
        all.into_iter().for_each(|trail| trails.add(trail));
        trails
    }

    fn add(&mut self, trail: Trail) {
        let place = trail.0 >> self.shift;
        self.bits[place as usize / 64] |= 1 << (place % 64);
    }

    fn have(&self, trail: Trail) -> bool {
        let place = trail.0 >> self.shift;
        self.bits[place as usize / 64] & 1 << (place % 64) != 0
    }
}

impl Net {
    /// What finds the secrets with these numbers.
    pub(super) fn of(secrets: &Secrets, numbers: &[u32], renderer: &Renderer) -> Self {
        let all = &secrets.all;
        let mut common = Common::of(all, &renderer.index);
        let (mut texts, mut anchors) = (Vec::new(), Vec::new());
        let mut others: FxHashMap<String, u32> = FxHashMap::default();
        let mut having: FxHashMap<Trail, Vec<(u32, u32)>> = FxHashMap::default();
        let mut leading: FxHashSet<Trail> = FxHashSet::default();
        let mut near: FxHashSet<Trail> = FxHashSet::default();
        // What has only common words comes first: what comes behind shares them, and adds none.
        let mut told: Vec<(u32, Needles)> =
            numbers.iter().map(|number| (*number, Needles::of(&all[*number as usize], &mut common))).collect();
        told.sort_by_key(|(_, told)| std::cmp::Reverse(told.words.iter().map(|word| common.count(word.id)).min()));
        let mut of_words: Vec<Option<u32>> = vec![None; common.counts.len()];
        for (number, told) in &told {
            let mut add = |text: &str| {
                anchors.push(Anchor { length: end_of_word(text) as u32, counts: 0, sides: 0 });
                texts.push(text.to_owned());
                anchors.len() as u32 - 1
            };
            let mut own: Vec<(u32, usize, u32)> = Vec::with_capacity(2);
            for word in told.anchors(&common, &of_words) {
                let text = &told.letters[word.before as usize..][..word.length as usize];
                let anchor = *of_words[word.id as usize].get_or_insert_with(|| add(text));
                own.push((anchor, word.before as usize + text.len(), word.before));
            }
            if told.words.is_empty() {
                let mut parts = parts_of(&told.text, &common);
                if parts.is_empty() && told.letters.len() >= SHORTEST {
                    parts.push((told.letters.clone(), 0));
                }
                for (text, before) in parts {
                    let letters = letters(&text);
                    let is_there = told.letters.get(before as usize..).is_some_and(|rest| rest.starts_with(&letters));
                    let end = if is_there { before as usize + letters.len() } else { told.letters.len() };
                    let anchor = *others.entry(text.to_ascii_lowercase()).or_insert_with(|| add(&text));
                    own.push((anchor, end, before));
                }
            }
            for (anchor, end, before) in own {
                let (mut trail, mut count) = (Trail::of(anchor), 0);
                for letter in told.letters[end..].chars().take(NEXT) {
                    trail = trail.on(letter);
                    leading.insert(trail);
                    count += 1;
                }
                anchors[anchor as usize].counts |= 1 << count;
                if let Some((neighbours, counts)) =
                    Neighbours::in_secret(&told.letters[..before as usize], &told.letters[end..])
                {
                    anchors[anchor as usize].sides |= Neighbours::side(counts);
                    near.insert(neighbours.trail(anchor, counts));
                }
                having.entry(trail).or_default().push((*number, before));
            }
        }
        Self {
            sieve: PatternFilter::new(&texts),
            anchors,
            having,
            trails: Trails::of(leading),
            neighbours: Trails::of(near),
        }
    }

    /// Whether the letters next to an anchor are those of a secret: a quick answer for nearly all others.
    fn may_stand(&self, text: &[u8], number: u32, at: usize) -> bool {
        let anchor = &self.anchors[number as usize];
        let Some(neighbours) = Neighbours::in_text(text, at..at + anchor.length as usize) else { return true };
        let mut sides = anchor.sides;
        while sides != 0 {
            let side = sides.trailing_zeros() as usize;
            let counts = (side / (NEAREST + 1), side % (NEAREST + 1));
            if self.neighbours.have(neighbours.trail(number, counts)) {
                return true;
            }
            sides &= sides - 1;
        }
        false
    }

    /// Tells `check` which secrets may stand in a text: number, place of an anchor, and how many bytes of the
    /// secret's letters stand before it.
    fn find(&self, text: &[u8], mut check: impl FnMut(u32, usize, u32)) {
        self.sieve.find(text, |number, at| {
            let anchor = &self.anchors[number as usize];
            if !self.may_stand(text, number, at) {
                return;
            }
            let mut here = |count: usize, trail: Trail| {
                if anchor.counts & 1 << count != 0 {
                    let secrets = self.having.get(&trail).into_iter().flatten();
                    secrets.for_each(|(secret, before)| check(*secret, at, *before));
                }
            };
            let (mut trail, mut count) = (Trail::of(number), 0);
            here(count, trail);
            // Plain words first, and the rest as readers read it.
            let mut end = at + anchor.length as usize;
            for byte in &text[end..] {
                match byte {
                    _ if count == NEXT => return,
                    byte if byte.is_ascii_alphanumeric() => {
                        trail = trail.on(char::from(byte.to_ascii_lowercase()));
                        count += 1;
                        // Of common words, one letter behind them tells too little.
                        let is_end = anchor.counts & 1 << count != 0;
                        if (is_end || count % 2 == 0) && !self.trails.have(trail) {
                            return;
                        }
                        here(count, trail);
                    }
                    b'<' | b'[' | 0x80.. => break,
                    _ => {}
                }
                end += 1;
            }
            let with_notes = Letters::of(text, end, true);
            for mut letters in [with_notes.clone(), with_notes.without_notes()] {
                let (mut trail, mut count) = (trail, count);
                while let Some(letter) = letters.next().filter(|letter| count < NEXT && letter.gap != Gap::Break) {
                    trail = trail.on(letter.c);
                    if !self.trails.have(trail) {
                        break;
                    }
                    count += 1;
                    here(count, trail);
                }
                if !letters.has_notes() {
                    return;
                }
            }
        });
    }
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

/// An address in a text.
#[derive(Debug)]
struct Token<'t> {
    text: &'t [u8],
    stands: Stands,
}

/// Where an address stands, or what may be one.
#[derive(Clone, Copy, Debug)]
enum Stands {
    /// In a place for addresses: an attribute, or a link in Markdown.
    ForAddresses,
    /// In an attribute that says of what type something is, as `text/css` does.
    ForTypes,
    /// In another attribute.
    InAttribute,
    /// In the text.
    InText,
}

/// Attributes that hold addresses (HTML, section "Attributes"; SVG); and `url=` in `http-equiv="refresh"`.
const OF_ADDRESSES: [&str; 15] = [
    "href",
    "src",
    "srcset",
    "action",
    "formaction",
    "poster",
    "data",
    "cite",
    "url",
    "imagesrcset",
    "ping",
    "manifest",
    "longdesc",
    "background",
    "xlink:href",
];

/// Attributes that hold types of media, which look like relative addresses.
const OF_TYPES: [&str; 3] = ["type", "accept", "enctype"];

impl Stands {
    /// Where something stands in front of which there is `before`.
    fn behind(before: &[u8]) -> Self {
        if before.ends_with(b"](") {
            return Self::ForAddresses;
        }
        let before = before.strip_suffix(b"\"").or_else(|| before.strip_suffix(b"'")).unwrap_or(before);
        let Some(before) = before.trim_ascii_end().strip_suffix(b"=") else { return Self::InText };
        let before = before.trim_ascii_end();
        let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.' | b'@');
        let start = before.iter().rposition(|byte| !is_of_name(byte)).map_or(0, |before| before + 1);
        let is_one_of = |names: &[&str]| names.iter().any(|name| before[start..].eq_ignore_ascii_case(name.as_bytes()));
        match before[..start].last() {
            // A parameter of a query has the name of an attribute at times.
            Some(b'?' | b'&') => Self::InText,
            _ if is_one_of(&OF_ADDRESSES) => Self::ForAddresses,
            _ if is_one_of(&OF_TYPES) => Self::ForTypes,
            _ => Self::InAttribute,
        }
    }

    /// Whether an address without a slash in front can be meant. A single word is mostly a class, an id or a name.
    fn may_be_relative(self, address: &str) -> bool {
        match self {
            Self::ForAddresses => true,
            Self::ForTypes => false,
            Self::InAttribute => address.contains(['/', '.']),
            Self::InText => address.contains('/'),
        }
    }
}

/// Everything around `at` that can be of one address, up to a query or fragment.
fn token_around(text: &[u8], at: usize) -> Token<'_> {
    let start = text[..at].iter().rposition(|byte| !is_of_token(*byte)).map_or(0, |before| before + 1);
    let end = text[at..].iter().position(|byte| !is_of_token(*byte)).map_or(text.len(), |length| at + length);
    let end = end - text[start..end].iter().rev().take_while(|byte| matches!(byte, b'.' | b',' | b':' | b'!')).count();
    Token { text: &text[start..end.max(start)], stands: Stands::behind(&text[..start]) }
}

/// Whether an address below the base path can begin behind `before`: no longer name ends there.
pub(super) fn is_start_of_address(before: &str) -> bool {
    before.bytes().next_back().is_none_or(|byte| byte == b'/' || !is_of_token(byte))
}

/// Whether an address ends before `rest`: neither a longer name nor something below it follows.
pub(super) fn is_end_of_address(rest: &str) -> bool {
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let rest = rest.strip_prefix("index.html").unwrap_or(rest).trim_start_matches(['.', ',', ':', '!']);
    rest.bytes().next().is_none_or(|byte| !is_of_token(byte))
}

/// What may stand in an address as people write it (RFC 3986, section 2), and letters of all scripts.
fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || byte >= 0x80
        || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~' | b'%' | b':' | b'@' | b'!' | b'$' | b'+' | b',')
}

/// Whether a headline stands in a text so that an anchor of it is at `at`. `before` is how many bytes of its letters
/// stand before the anchor.
fn is_said(text: &[u8], at: usize, letters: &str, before: usize) -> bool {
    let (head, tail) = letters.split_at(before);
    if !may_follow_plainly(&text[..at], head) {
        return false;
    }
    let is_in_tag = is_in_tag(text, at);
    let may = |way: (bool, bool)| !(is_in_tag && way.0) && may_follow(&text[..at], head, way);
    let ways = [(true, false), (false, false), (true, true)].map(|way| may(way).then_some(way));
    if ways == [None; 3] {
        return false;
    }
    let mut behind = Letters::of(text, at, true);
    let mut without_notes = behind.clone().without_notes();
    let is_tail = goes_on(&mut behind, tail) || behind.has_notes() && goes_on(&mut without_notes, tail);
    is_tail && ways.into_iter().flatten().any(|way| follows(text, at, head, letters, way))
}

/// Whether what is read is `tail`, and then a word ends.
fn goes_on(read: &mut Letters<'_>, tail: &str) -> bool {
    for (number, c) in tail.chars().enumerate() {
        let fits = |letter: &Letter| letter.c == c && (number == 0 || letter.gap != Gap::Break);
        if !read.next().as_ref().is_some_and(fits) {
            return false;
        }
    }
    tail.ends_with(is_unspaced) || read.next().is_none_or(|letter| letter.gap != Gap::None)
}

/// Whether the letters at the end of `text` can be `head`, if only those behind the last tag are looked at: a quick answer
/// for nearly all anchors that stand in other sentences.
fn may_follow_plainly(text: &[u8], head: &str) -> bool {
    let mut head = head.chars().rev();
    for byte in text.iter().rev() {
        match byte {
            b'<' | b'>' | b']' | 0x80.. => return true,
            byte if byte.is_ascii_alphanumeric() => match head.next() {
                Some(c) if c == char::from(byte.to_ascii_lowercase()) => {}
                other => return other.is_none(),
            },
            _ => {}
        }
    }
    true
}

/// The same as far as it can be told from behind. It is yes in doubt.
fn may_follow(text: &[u8], head: &str, (skips_tags, skips_notes): (bool, bool)) -> bool {
    let mut before = LettersBefore::of(text, skips_tags, skips_notes);
    for c in head.chars().rev() {
        match before.next() {
            Before::Letter(letter) if letter == c => {}
            Before::Unclear => return true,
            Before::Letter(_) | Before::Break | Before::Start => return before.may_be_in_tag(),
        }
    }
    true
}

/// Whether `head` stands in the text right before `at`, with a word boundary in front of it.
fn follows(text: &[u8], at: usize, head: &str, letters: &str, skips: (bool, bool)) -> bool {
    let count = head.chars().count();
    // Mostly there are no tags between.
    let near = follows_within(text, at, (head, count), letters, skips, (64 + 2 * head.len()).min(REACH - 1));
    near.unwrap_or_else(|| follows_within(text, at, (head, count), letters, skips, REACH + head.len()).unwrap_or(false))
}

/// The same for the last `reach` bytes before `at`; none if they do not decide it.
fn follows_within(
    text: &[u8],
    at: usize,
    (head, count): (&str, usize),
    letters: &str,
    (skips_tags, skips_notes): (bool, bool),
    reach: usize,
) -> Option<bool> {
    let mut start = at.saturating_sub(reach);
    while start < at && text[start] & 0xC0 == 0x80 {
        start += 1;
    }
    if skips_tags
        && start > 0
        && let Some(edge) = memchr::memchr2(b'<', b'>', &text[start..at])
        && text[start + edge] == b'>'
    {
        start += edge + 1;
    }
    let is_far = reach >= REACH || start == 0;
    let mut before: Vec<(char, Gap)> = Vec::with_capacity(64);
    let read = Letters::of(text, start, skips_tags);
    let mut read = if skips_notes { read.without_notes() } else { read };
    loop {
        let Some(letter) = read.next().filter(|letter| letter.place.start <= at) else {
            return is_far.then_some(false);
        };
        before.push((letter.c, letter.gap));
        if letter.place.start == at {
            break;
        }
    }
    // The last one is the anchor's own first letter.
    let first = before.len().checked_sub(count + 1).filter(|first| *first > 0 || is_far)?;
    let is_same = before[first..].iter().map(|(c, _)| *c).zip(head.chars()).all(|(a, b)| a == b);
    let is_one = before[first + 1..].iter().all(|(_, gap)| *gap != Gap::Break);
    let begins = first == 0 || before[first].1 != Gap::None || letters.starts_with(is_unspaced);
    Some(is_same && is_one && begins)
}

/// A part of a text that stands as it is however the text is written, and how many bytes of the text's letters stand
/// before it.
type Part = (String, u32);

/// Words in lower case, and how many headlines have each, of those that are withheld and of some that are not.
#[derive(Debug, Default)]
struct Common {
    ids: FxHashMap<Box<str>, u32>,
    counts: Vec<u32>,
}

impl Common {
    fn of(secrets: &[Secret], index: &Index) -> Self {
        let mut common = Self::default();
        let shown = index.sample_of_headlines(SAMPLE);
        let headlines = secrets.iter().filter(|secret| secret.what == What::Headline).map(|secret| &secret.text);
        for text in headlines.chain(&shown) {
            for word in text.to_ascii_lowercase().split(|c: char| !c.is_ascii_alphanumeric()) {
                let id = common.id(word);
                common.counts[id as usize] += 1;
            }
        }
        common
    }

    fn id(&mut self, word: &str) -> u32 {
        if let Some(id) = self.ids.get(word) {
            return *id;
        }
        let id = self.counts.len() as u32;
        self.ids.insert(word.into(), id);
        self.counts.push(0);
        id
    }

    fn count(&self, id: u32) -> u32 {
        self.counts[id as usize]
    }

    fn count_of(&self, word: &str) -> u32 {
        self.ids.get(&*word.to_ascii_lowercase()).map_or(0, |id| self.count(*id))
    }
}

/// What a secret is found by.
#[derive(Debug)]
struct Needles {
    text: String,
    /// The letters of the text.
    letters: String,
    /// The words of which each may be an anchor.
    words: Vec<Word>,
}

/// A word of ASCII.
#[derive(Clone, Copy, Debug)]
struct Word {
    id: u32,
    /// How many bytes of the letters of the text stand before it.
    before: u32,
    length: u32,
}

impl Needles {
    fn of(secret: &Secret, common: &mut Common) -> Self {
        let text = secret.telling_part();
        let mut words = runs(&text, |c| c.is_ascii_alphanumeric());
        words.retain(|(word, _)| word.len() >= SHORT);
        let words = words.into_iter().map(|(mut word, before)| {
            word.make_ascii_lowercase();
            Word { id: common.id(&word), before, length: word.len() as u32 }
        });
        Self { words: words.collect(), letters: letters(&text), text }
    }

    /// One or two words that few others have, or that are anchors anyway.
    fn anchors(&self, common: &Common, of_words: &[Option<u32>]) -> Vec<Word> {
        // A rare one needs the fewest looks at the text around it, and with few letters behind it, these say little. (A
        // theme may set the first letter of all apart.)
        let mut words = self.words.clone();
        words.sort_by_cached_key(|word| {
            let is_last = self.letters.len() < word.before as usize + word.length as usize + NEXT;
            let is_known = of_words[word.id as usize].is_some();
            let looks = if is_known { 0 } else { common.count(word.id).checked_ilog2().map_or(0, |log| log + 1) };
            let looks = looks + if is_last { 2 } else { 0 } + if (word.length as usize) < LONG { 1 } else { 0 };
            (word.before == 0, looks, std::cmp::Reverse(word.length))
        });
        // A second one costs time with every page that has it.
        let is_rare = |word: &Word| common.count(word.id) <= RARE;
        words.truncate(1 + usize::from(words.get(1).is_some_and(is_rare)));
        words
    }
}

/// One or two anchors of a text without long words of ASCII, each perhaps in several forms.
fn parts_of(text: &str, common: &Common) -> Vec<Part> {
    let others = runs(text, |c| !c.is_ascii() && c.is_alphanumeric());
    let forms = others.into_iter().map(|(word, before)| forms(&word, before));
    // In one of its forms alone a word would not always be found.
    let mut anchors: Vec<Part> =
        forms.filter(|all| all.iter().all(|(form, _)| form.len() > SHORTEST)).flatten().collect();
    if anchors.is_empty() {
        anchors = pairs(text, |word| common.count_of(word));
    }
    anchors
}

/// What two neighbours of a text that has only short words may look like in a page, each in all its forms: together with
/// what stands between words, or the first of them with what begins a tag or ends a line. (A short word alone stands
/// everywhere.)
fn pairs(text: &str, how_common: impl Fn(&str) -> u32) -> Vec<Part> {
    let words = runs(text, char::is_alphanumeric);
    let mut pairs: Vec<usize> = (1..words.len()).collect();
    let common = |word: &str| how_common(word).checked_ilog2();
    pairs.sort_by_key(|second| {
        let (first, second) = (&words[second - 1].0, &words[*second].0);
        (first.len() < SHORT - 1, common(first).min(common(second)), std::cmp::Reverse(first.len() + second.len()))
    });
    let between = separators(text);
    let mut anchors: Vec<Part> = Vec::new();
    for second in pairs.into_iter().take(2) {
        let ((first, before), (word, _)) = (&words[second - 1], &words[second]);
        let own = between.get(second - 1).map(String::as_str);
        let gaps = own.into_iter().chain([" ", "\n", "-", "_", "+", "\u{a0}"]).map(|gap| format!("{first}{gap}{word}"));
        let ends = if first.len() + 1 < SHORT { &BEGINS[..] } else { &ENDS[..] };
        let ends = ends.iter().map(|end| format!("{first}{end}"));
        let forms = gaps.chain(ends).flat_map(|text| cased(&text));
        anchors.extend(forms.filter(|form| form.len() >= SHORT).map(|form| (form, *before)));
    }
    anchors.sort_unstable();
    anchors.dedup();
    anchors
}

/// Where an anchor ends without what ends a word in it: what follows is read from there.
fn end_of_word(anchor: &str) -> usize {
    let ends = ENDS.iter().chain(&BEGINS).filter_map(|end| anchor.strip_suffix(end)).map(str::len);
    ends.min().unwrap_or(anchor.len())
}

/// What stands between the words of a text.
fn separators(text: &str) -> Vec<String> {
    let inner = text.trim_matches(|c: char| !c.is_alphanumeric());
    inner.split(char::is_alphanumeric).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// The longest parts of a text whose characters are all of one sort.
fn runs(text: &str, is_of: impl Fn(char) -> bool) -> Vec<Part> {
    let mut runs: Vec<Part> = Vec::new();
    let mut before = 0;
    let mut is_open = false;
    for c in text.chars() {
        if is_of(c) {
            if !is_open {
                runs.push((String::new(), before));
            }
            if let Some((run, _)) = runs.last_mut() {
                run.push(c);
            }
        }
        is_open = is_of(c);
        before += match c.is_ascii() {
            true => u32::from(c.is_ascii_alphanumeric()),
            false => letters(c.encode_utf8(&mut [0; 4])).len() as u32,
        };
    }
    runs
}

/// A text as pages are searched: what looks like an escape in it is taken for one there, too.
fn plain(text: &str) -> String {
    String::from_utf8_lossy(&decoded(text.as_bytes())).into_owned()
}

/// The forms of a word that is not in Latin letters: the beginning and the end of a long one, in both cases, composed
/// and decomposed.
fn forms(word: &str, before: u32) -> Vec<Part> {
    let characters: Vec<char> = word.chars().collect();
    let mut parts = vec![&characters[..characters.len().min(4)]];
    if characters.len() > 6 {
        parts.push(&characters[characters.len() - 4..]);
    }
    let mut forms: Vec<Part> = Vec::new();
    for (number, part) in parts.into_iter().enumerate() {
        let part: String = part.iter().collect();
        let before = match number {
            0 => before,
            _ => before + (letters(word).len() - letters(&part).len()) as u32,
        };
        forms.extend(cased(&part).into_iter().map(|form| (form, before)));
    }
    forms.sort_unstable();
    forms.dedup();
    forms
}

/// A text in both cases, composed and decomposed.
fn cased(text: &str) -> Vec<String> {
    let mut forms: Vec<String> = Vec::new();
    for cased in [text.to_owned(), text.to_lowercase(), text.to_uppercase()] {
        forms.push(DecomposingNormalizerBorrowed::new_nfd().normalize(&cased).into_owned());
        forms.push(composed(&cased));
    }
    // The sieve finds letters of ASCII in any case.
    forms.sort_by_key(|form| form.to_ascii_lowercase());
    forms.dedup_by_key(|form| form.to_ascii_lowercase());
    forms
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

    fn add_story(&mut self, row: u32, story: &Story<'_>) {
        self.add_words(What::Headline, row, &story.core.title);
        for update in &story.updates {
            self.add_words(What::Headline, row, &update.title);
        }
        self.add_words(What::Slug, row, &story.slug);
        for url in addresses(&self.renderer.config, &self.renderer.index.rows[row as usize], story) {
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
                let story = index.story(file);
                let text = &*index.rows[file as usize].path;
                let url = address::encode(config, &permalink::of_story(config, text, &story));
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
                let story = index.story(number);
                withheld_bundles |= story.is_bundle;
                collection.add_story(number, &story);
            }
            Role::Story(id) if index.live.contains_key(&id) => {
                let live = &index.live[&id];
                for update in index.story(number).updates.iter().filter(|update| !live.shows(update.time)) {
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

/// The address of a withheld story, and its old ones.
fn addresses(config: &Config, row: &Row, story: &Story<'_>) -> Vec<String> {
    let own = permalink::of_story(config, &row.path, story);
    let old = story.aliases.iter().map(|alias| site_path::page_path(alias));
    std::iter::once(own).chain(old).map(|path| address::encode(config, &path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
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

    /// What texts are made of in which readers see letters, words and marks.
    const PIECES: [&str; 27] = [
        "a",
        "b",
        "é",
        "e\u{301}",
        "한",
        " ",
        "<b>",
        "</b>",
        "<P>",
        "</li>",
        "<a title=\"a<b>",
        "<a href=b>",
        "<sup>1</sup>",
        "[a]",
        "¹",
        "<wbr>",
        "<!-- a -->",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<",
        ">",
        "\u{ad}",
        "<x-y>",
        "ß",
        "&",
    ];

    #[test]
    fn the_look_from_behind_rejects_nothing_that_is_there() {
        let mut rng = fastrand::Rng::with_seed(11);
        let (mut there, mut rejected) = (0, 0);
        for _ in 0..200_000 {
            let text: String = (0..rng.usize(1..10)).map(|_| PIECES[rng.usize(..PIECES.len())]).collect();
            let head: String = (0..rng.usize(1..4)).map(|_| ["a", "b", "e", "ss"][rng.usize(..4)]).collect();
            let whole = format!("{text}x{}", ["", ">"][rng.usize(..2)]);
            for way in [(true, false), (false, false), (true, true)] {
                let is_in_tag = way.0 && is_in_tag(whole.as_bytes(), text.len());
                let may = !is_in_tag && may_follow(text.as_bytes(), &head, way);
                let is = follows(whole.as_bytes(), text.len(), &head, &format!("{head}x"), way);
                assert!(may || !is, "{head} {text} {way:?}");
                there += usize::from(is);
                rejected += usize::from(!may);
            }
        }
        assert!(there > 1000 && rejected > 100_000, "{there} {rejected}");
    }

    #[test]
    fn the_look_at_the_nearest_letters_rejects_nothing_that_is_there() {
        let mut rng = fastrand::Rng::with_seed(12);
        let (mut there, mut rejected) = (0, 0);
        for _ in 0..200_000 {
            let mut text = || -> String { (0..rng.usize(..6)).map(|_| PIECES[rng.usize(..PIECES.len())]).collect() };
            let (before, behind) = (text(), text());
            let mut letters =
                || -> String { (0..rng.usize(..4)).map(|_| ["a", "b", "e", "ss"][rng.usize(..4)]).collect() };
            let (head, tail) = (letters(), letters());
            let whole = format!("{before}x{behind}");
            let anchor = before.len()..before.len() + 1;
            let (secret, counts) = Neighbours::in_secret(&head, &tail).expect("of ASCII");
            let near = Neighbours::in_text(whole.as_bytes(), anchor);
            let may = near.is_none_or(|near| near.trail(7, counts) == secret.trail(7, counts));
            let is = is_said(whole.as_bytes(), before.len(), &format!("{head}x{tail}"), head.len());
            assert!(may || !is, "{head}x{tail} {whole}");
            there += usize::from(is);
            rejected += usize::from(!may);
        }
        assert!(there > 1000 && rejected > 5000, "{there} {rejected}");
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
