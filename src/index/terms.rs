//! Terms: the values of the taxonomies, and which articles have them.
//!
//! A term is known by its slug. Spellings with one slug (`Covid-19`, `covid 19`) are one term, shown as
//! the oldest article spells it; an author with a profile is shown as the profile says.

use rustc_hash::FxHashMap;

use super::{StoryId, TermRef};
use crate::article::Row;
use crate::article::record::{Record, Story};
use crate::article::slug::slugify;
use crate::config::{Config, Taxonomy};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::plan::address;

/// One value of a taxonomy.
#[derive(Debug)]
pub struct Term {
    /// Its taxonomy.
    pub taxonomy: Taxonomy,
    /// Its id and the last part of its address.
    pub slug: Box<str>,
    /// How it is shown.
    pub name: Box<str>,
    /// Its address, root-relative with base path; empty when the taxonomy has no listings.
    pub url: Box<str>,
    /// The row of the author's profile.
    pub row: Option<u32>,
    /// Its articles, oldest first.
    pub stories: Vec<StoryId>,
    part: Fingerprint,
}

/// All terms, and the terms of each article.
#[derive(Debug)]
pub struct Terms {
    all: Vec<Term>,
    by_slug: [FxHashMap<Box<str>, u32>; 3],
    profiles: FxHashMap<Box<str>, (u32, Box<str>)>,
    /// The terms of article `i` are `of_story[starts[i]..starts[i + 1]]`.
    of_story: Vec<u32>,
    starts: Vec<u32>,
    url_prefix: [Option<String>; 3],
}

/// The names of one article's terms with their slugs.
pub(super) struct Names(Vec<(Taxonomy, Box<str>, Option<Box<str>>)>);

impl Names {
    pub(super) fn of(story: &Story<'_>, config: &Config) -> Self {
        let slugs = config.settings.slugs;
        let lists = [(Taxonomy::Authors, &story.authors[..]), (Taxonomy::Tags, &story.tags[..])];
        let mut names = Vec::with_capacity(story.authors.len() + story.tags.len() + 1);
        let mut add = |taxonomy, name: &str| {
            let slug = slugify(name, slugs).into_boxed_str();
            if !names.iter().any(|(t, s, _)| *t == taxonomy && *s == slug) {
                let name = (*slug != *name).then(|| name.into());
                names.push((taxonomy, slug, name));
            }
        };
        for (taxonomy, list) in lists {
            list.iter().for_each(|name| add(taxonomy, name));
        }
        if let Some(series) = &story.series {
            add(Taxonomy::Series, series);
        }
        Self(names)
    }
}

impl Terms {
    pub(super) fn new(rows: &[Row], config: &Config) -> Self {
        let mut profiles = FxHashMap::default();
        let start = rows.partition_point(|row| &*row.path < "content/authors/");
        for (number, row) in rows.iter().enumerate().skip(start) {
            if !row.path.starts_with("content/authors/") {
                break;
            }
            if crate::article::is_markdown(&row.path)
                && let Record::Author(author) = row.record()
            {
                let stem = row.path["content/authors/".len()..].trim_end_matches(".markdown").trim_end_matches(".md");
                profiles.insert(
                    slugify(stem, config.settings.slugs).into_boxed_str(),
                    (number as u32, author.name.0.into_owned().into_boxed_str()),
                );
            }
        }
        let url_prefix = Taxonomy::ALL
            .map(|taxonomy| config.has(taxonomy).then(|| address::encode(config, &format!("/{}/", taxonomy.name()))));
        Self {
            all: Vec::new(),
            by_slug: Default::default(),
            profiles,
            of_story: Vec::new(),
            starts: vec![0],
            url_prefix,
        }
    }

    /// Adds the terms of the next article to its teaser.
    pub(super) fn add(&mut self, id: StoryId, names: &Names, teaser: &mut Fingerprinter) {
        for (taxonomy, slug, name) in &names.0 {
            let number = match self.by_slug[*taxonomy as usize].get(&**slug) {
                Some(number) => *number,
                None => self.new_term(*taxonomy, slug, name.as_deref().unwrap_or(slug)),
            };
            let term = &mut self.all[number as usize];
            term.stories.push(id);
            teaser.part(&term.part);
            self.of_story.push(number);
        }
        self.starts.push(self.of_story.len() as u32);
    }

    fn new_term(&mut self, taxonomy: Taxonomy, slug: &str, name: &str) -> u32 {
        let profile = (taxonomy == Taxonomy::Authors).then(|| self.profiles.get(slug)).flatten();
        let url = match &self.url_prefix[taxonomy as usize] {
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
        self.by_slug[taxonomy as usize].insert(slug.into(), number);
        self.all.push(term);
        number
    }

    pub(super) fn finish(&mut self) {
        self.of_story.shrink_to_fit();
        self.all.iter_mut().for_each(|term| term.stories.shrink_to_fit());
    }

    /// All terms of a taxonomy that articles have, by slug.
    pub fn of(&self, taxonomy: Taxonomy) -> Vec<&Term> {
        let mut terms: Vec<&Term> = self.all.iter().filter(|term| term.taxonomy == taxonomy).collect();
        terms.sort_by(|a, b| a.slug.cmp(&b.slug));
        terms
    }

    /// A term by its slug.
    pub fn get(&self, taxonomy: Taxonomy, slug: &str) -> Option<&Term> {
        self.by_slug[taxonomy as usize].get(slug).map(|number| &self.all[*number as usize])
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

    /// The author's profile: its row and name.
    pub fn profile(&self, slug: &str) -> Option<u32> {
        self.profiles.get(slug).map(|(row, _)| *row)
    }
}
