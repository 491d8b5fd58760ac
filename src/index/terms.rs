//! Terms: the values of the taxonomies, and which articles have them.
//!
//! A term is known by its slug. Spellings with one slug (`Covid-19`, `covid 19`) are one term, shown as
//! the oldest article spells it; an author with a profile is shown as the profile says.

use rustc_hash::FxHashMap;

use super::{StoryId, TermRef};
use crate::article::Row;
use crate::article::language;
use crate::article::record::{Record, Story};
use crate::article::slug::slugify;
use crate::config::{Config, LanguageId, Slugs, Taxonomy};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::plan::address;

/// One value of a taxonomy.
#[derive(Debug)]
pub struct Term {
    /// Its language.
    pub language: LanguageId,
    /// Its taxonomy.
    pub taxonomy: Taxonomy,
    /// Its id and the last part of its address.
    pub slug: Box<str>,
    /// How it is shown.
    pub name: Box<str>,
    /// Its address, root-relative with base path; empty when the taxonomy has no listings.
    pub url: Box<str>,
    /// The row of the author's profile; that of the site's own language where there is none in this one.
    pub row: Option<u32>,
    /// Its articles, oldest first.
    pub stories: Vec<StoryId>,
    part: Fingerprint,
}

/// All terms, and the terms of each article.
#[derive(Debug)]
pub struct Terms {
    all: Vec<Term>,
    /// By language, then by taxonomy.
    by_key: Vec<[FxHashMap<Fingerprint, u32>; 3]>,
    slugs: Slugs,
    /// By language.
    profiles: Vec<Profiles>,
    /// The terms of article `i` are `of_story[starts[i]..starts[i + 1]]`.
    of_story: Vec<u32>,
    starts: Vec<u32>,
    /// By language, then by taxonomy.
    url_prefix: Vec<[Option<String>; 3]>,
}

/// Profiles of authors by their slugs: row and name.
type Profiles = FxHashMap<Box<str>, (u32, Box<str>)>;

/// The terms of one article, by the fingerprints of their slugs: the names are looked at again only for
/// a term that no older article has.
pub(super) struct Keys(Box<[(Taxonomy, Fingerprint)]>);

/// Keys of names that were met before: an archive uses the same names again and again.
#[derive(Default)]
pub(super) struct KeysOfNames(FxHashMap<Box<str>, Fingerprint>);

/// The names of an article's terms, each taxonomy in the order of the front matter.
fn names<'a>(story: &'a Story<'_>) -> impl Iterator<Item = (Taxonomy, &'a str)> {
    let authors = story.authors.iter().map(|name| (Taxonomy::Authors, &**name));
    let tags = story.tags.iter().map(|name| (Taxonomy::Tags, &**name));
    authors.chain(tags).chain(story.series.iter().map(|name| (Taxonomy::Series, &**name)))
}

impl Term {
    /// The fingerprint of what teasers show of it.
    pub(super) fn part(&self) -> &Fingerprint {
        &self.part
    }
}

impl Keys {
    pub(super) fn of(story: &Story<'_>, config: &Config, known: &mut KeysOfNames) -> Self {
        let mut keys = Vec::with_capacity(story.authors.len() + story.tags.len() + 1);
        for (taxonomy, name) in names(story) {
            let key = match known.0.get(name) {
                Some(key) => *key,
                None => {
                    let key = key_of(&slugify(name, config.settings.slugs));
                    known.0.insert(name.into(), key);
                    key
                }
            };
            let key = (taxonomy, key);
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        Self(keys.into_boxed_slice())
    }
}

fn key_of(slug: &str) -> Fingerprint {
    Fingerprint::of(slug.as_bytes())
}

impl Terms {
    pub(super) fn new(rows: &[Row], config: &Config) -> Self {
        let mut profiles = vec![FxHashMap::default(); config.languages.len()];
        let start = rows.partition_point(|row| &*row.path < "content/authors/");
        for (number, row) in rows.iter().enumerate().skip(start) {
            if !row.path.starts_with("content/authors/") {
                break;
            }
            if crate::article::is_markdown(&row.path)
                && let Record::Author(author) = row.record()
            {
                let name = &row.path["content/authors/".len()..];
                let stem = language::without_ending(name).unwrap_or(name);
                let (stem, _) = language::split(stem, language::declared(config));
                profiles[author.language.0 as usize].insert(
                    slugify(stem, config.settings.slugs).into_boxed_str(),
                    (number as u32, author.name.0.into_owned().into_boxed_str()),
                );
            }
        }
        let prefix = |(_, language): (LanguageId, &crate::config::Language)| {
            let folder =
                |taxonomy: Taxonomy| address::encode(config, &language.path(&format!("/{}/", taxonomy.name())));
            Taxonomy::ALL.map(|taxonomy| config.has(taxonomy).then(|| folder(taxonomy)))
        };
        let url_prefix: Vec<_> = config.each_language().map(prefix).collect();
        Self {
            all: Vec::new(),
            by_key: url_prefix.iter().map(|_| Default::default()).collect(),
            slugs: config.settings.slugs,
            profiles,
            of_story: Vec::new(),
            starts: vec![0],
            url_prefix,
        }
    }

    /// Adds the terms of the next article, which is `story`.
    pub(super) fn add<'a>(
        &mut self,
        id: StoryId,
        language: LanguageId,
        keys: &Keys,
        story: impl Fn() -> Box<Story<'a>>,
    ) {
        for (taxonomy, key) in &keys.0 {
            let number = match self.by_key[language.0 as usize][*taxonomy as usize].get(key) {
                Some(number) => *number,
                None => {
                    let story = story();
                    let slugs = self.slugs;
                    let mut all = names(&story).map(|(taxonomy, name)| (taxonomy, name, slugify(name, slugs)));
                    let (_, name, slug) = all
                        .find(|(other, _, slug)| other == taxonomy && key_of(slug) == *key)
                        .expect("the key was made of one of the names");
                    self.new_term(language, *taxonomy, &slug, name)
                }
            };
            let term = &mut self.all[number as usize];
            term.stories.push(id);
            self.of_story.push(number);
        }
        self.starts.push(self.of_story.len() as u32);
    }

    fn new_term(&mut self, language: LanguageId, taxonomy: Taxonomy, slug: &str, name: &str) -> u32 {
        let profile = if taxonomy == Taxonomy::Authors { self.profile_in(language, slug) } else { None };
        let url = match &self.url_prefix[language.0 as usize][taxonomy as usize] {
            Some(prefix) => {
                let encoded = percent_encoding::utf8_percent_encode(slug, percent_encoding::NON_ALPHANUMERIC);
                // Slugs have no reserved character but letters outside ASCII.
                let encoded = if slug.is_ascii() {
                    slug.to_owned()
                } else {
                    encoded.to_string().replace("%2D", "-").replace("%5F", "_")
                };
                format!("{prefix}{encoded}/")
            }
            None => String::new(),
        };
        let mut term = Term {
            language,
            taxonomy,
            slug: slug.into(),
            name: profile.map_or_else(|| name.into(), |(_, name)| name.clone()),
            url: url.into(),
            row: profile.map(|(row, _)| *row),
            stories: Vec::new(),
            part: Fingerprint::default(),
        };
        let mut part = Fingerprinter::new(taxonomy.name());
        part.part(&Fingerprint::of_value(&TermRef::of(&term)));
        term.part = part.finish();
        let number = self.all.len() as u32;
        self.by_key[language.0 as usize][taxonomy as usize].insert(key_of(slug), number);
        self.all.push(term);
        number
    }

    pub(super) fn finish(&mut self) {
        self.of_story.shrink_to_fit();
        self.all.iter_mut().for_each(|term| term.stories.shrink_to_fit());
    }

    /// All terms of a taxonomy that articles have, by slug.
    pub fn of(&self, language: LanguageId, taxonomy: Taxonomy) -> Vec<&Term> {
        let is_one = |term: &&Term| term.taxonomy == taxonomy && term.language == language;
        let mut terms: Vec<&Term> = self.all.iter().filter(is_one).collect();
        terms.sort_by(|a, b| a.slug.cmp(&b.slug));
        terms
    }

    /// A term by its slug.
    pub fn get(&self, language: LanguageId, taxonomy: Taxonomy, slug: &str) -> Option<&Term> {
        let numbers = &self.by_key[language.0 as usize][taxonomy as usize];
        numbers.get(&key_of(slug)).map(|number| &self.all[*number as usize])
    }

    /// Whether articles in this language have a term of the taxonomy.
    pub fn has_any(&self, language: LanguageId, taxonomy: Taxonomy) -> bool {
        !self.by_key[language.0 as usize][taxonomy as usize].is_empty()
    }

    /// The terms of an article, in the order of its front matter.
    pub fn of_story(&self, id: StoryId) -> impl Iterator<Item = &Term> {
        self.numbers_of(id).iter().map(|number| &self.all[*number as usize])
    }

    pub(super) fn numbers_of(&self, id: StoryId) -> &[u32] {
        &self.of_story[self.starts[id as usize] as usize..self.starts[id as usize + 1] as usize]
    }

    pub(super) fn by_number(&self, number: u32) -> &Term {
        &self.all[number as usize]
    }

    /// The author's profile in any language: its row.
    pub fn profile(&self, slug: &str) -> Option<u32> {
        self.profiles.iter().find_map(|profiles| profiles.get(slug)).map(|(row, _)| *row)
    }

    /// The author's profile in a language, or else in that of the site: its row and name.
    fn profile_in(&self, language: LanguageId, slug: &str) -> Option<&(u32, Box<str>)> {
        self.profiles[language.0 as usize].get(slug).or_else(|| self.profiles[0].get(slug))
    }
}
