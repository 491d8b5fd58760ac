//! Terms: the values of the taxonomies, and which articles have them.
//!
//! A term is known by its name ([`identity`]); its slug is only its address. Spellings of one name (`NASA`, `nasa`)
//! are one term, shown as the oldest article spells it. Names that differ are terms that differ, even if their
//! slugs would be the same: the term of the oldest article has the plain slug, and each other one adds some digits
//! made of its own name, so that a newer article never changes the address of an older term. An author with a profile
//! is known by the profile's id, which is the plain slug of nobody else, and shown as the profile says.

use rustc_hash::{FxHashMap, FxHashSet};

use super::hidden::Hidden;
use super::{ArticleId, TermRef};
use crate::article::Row;
use crate::article::language;
use crate::article::record::{Entry, Record};
use crate::article::slug::{identity, is_reserved, of_name, slugify};
use crate::article::time::Timestamp;
use crate::config::address;
use crate::config::{Config, LanguageId, Slugs, Taxonomy};
use crate::diagnostic;
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::site_path;

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
    /// Its address, root-relative with base path; empty when the taxonomy has no listings, or the author's profile is
    /// withheld.
    pub url: Box<str>,
    /// The row of the author's profile; that of the site's own language where there is none in this one.
    pub row: Option<u32>,
    /// Its articles, oldest first.
    pub articles: Vec<ArticleId>,
    key: Fingerprint,
    /// The date and the row of its oldest article.
    first: (Timestamp, u32),
    /// Whether it is an author with a profile.
    has_profile: bool,
    /// Only the name of the author may be seen, in bylines.
    is_hidden: bool,
    part: Fingerprint,
}

/// All terms, and the terms of each article.
#[derive(Debug)]
pub struct Terms {
    all: Vec<Term>,
    /// By language, then by taxonomy: terms by what their names are known by.
    by_key: Vec<[FxHashMap<Fingerprint, u32>; 3]>,
    /// By language, then by taxonomy.
    by_slug: Vec<[FxHashMap<Box<str>, u32>; 3]>,
    slugs: Slugs,
    people: People,
    /// The terms of article `i` are `of_article[starts[i]..starts[i + 1]]`.
    of_article: Vec<u32>,
    starts: Vec<u32>,
    /// By language, then by taxonomy.
    url_prefix: Vec<[Option<String>; 3]>,
}

/// The authors who have a profile, and by which names articles call them.
#[derive(Debug, Default)]
pub(super) struct People {
    all: Vec<Person>,
    /// By the identity of the id, which is the name of the file.
    by_id: FxHashMap<String, u32>,
    /// By the identity of the name in a profile; none where several have it.
    by_name: FxHashMap<String, Option<u32>>,
    /// By the words of the id, in their script: `ann-lee` is Ann Lee; none where several have them.
    by_words: FxHashMap<String, Option<u32>>,
}

/// An author who has a profile.
#[derive(Debug)]
struct Person {
    id: Box<str>,
    /// Language, row and name of each profile.
    profiles: Vec<(LanguageId, u32, Box<str>)>,
    /// The languages in which the profile is withheld; that of the site stands for all.
    hidden_in: Vec<LanguageId>,
}

impl Person {
    /// The profile in a language, or else in that of the site.
    fn profile(&self, language: LanguageId) -> Option<&(LanguageId, u32, Box<str>)> {
        let find = |wanted| self.profiles.iter().find(|(language, _, _)| *language == wanted);
        find(language).or_else(|| find(LanguageId::MAIN))
    }
}

impl People {
    /// Reads the profiles.
    pub(super) fn of(rows: &[Row], hidden: &Hidden, config: &Config) -> Self {
        let mut people = Self::default();
        let start = rows.partition_point(|row| &*row.path < "content/authors/");
        let rows = rows.iter().enumerate().skip(start);
        for (number, row) in rows.take_while(|(_, row)| row.path.starts_with("content/authors/")) {
            if !crate::article::is_markdown(&row.path) {
                continue;
            }
            let Record::Author(author) = row.record() else { continue };
            let id = id_of(&row.path, config);
            let number_of = people.all.len() as u32;
            let person = *people.by_id.entry(identity(id)).or_insert(number_of);
            if person == number_of {
                people.all.push(Person { id: id.into(), profiles: Vec::new(), hidden_in: Vec::new() });
            }
            let profile = (author.language, number as u32, author.name.0.clone().into_owned().into_boxed_str());
            people.all[person as usize].profiles.push(profile);
            if hidden.has(number as u32) || hidden.holds_file(&row.path) {
                people.all[person as usize].hidden_in.push(author.language);
            }
            note(&mut people.by_name, identity(&author.name), person);
            note(&mut people.by_words, of_name(id, Slugs::Keep), person);
        }
        people
    }

    /// Whom an article means by a name.
    fn named(&self, name: &str) -> Option<u32> {
        if self.all.is_empty() {
            return None;
        }
        let known_by = identity(name);
        let by_name = || self.by_name.get(&known_by).copied().flatten();
        let by_words = || self.by_words.get(&of_name(name, Slugs::Keep)).copied().flatten();
        self.by_id.get(&known_by).copied().or_else(by_name).or_else(by_words)
    }

    /// What a name is known by.
    fn key(&self, taxonomy: Taxonomy, name: &str) -> Fingerprint {
        match self.person(taxonomy, name) {
            Some(person) => Fingerprinter::new("person").text(&identity(&person.id)).finish(),
            None => Fingerprint::of(identity(name).as_bytes()),
        }
    }

    fn person(&self, taxonomy: Taxonomy, name: &str) -> Option<&Person> {
        let number = (taxonomy == Taxonomy::Authors).then(|| self.named(name)).flatten()?;
        self.all.get(number as usize)
    }
}

/// Notes whom a name means, or that it means nobody in particular.
fn note(names: &mut FxHashMap<String, Option<u32>>, name: String, person: u32) {
    let known = names.entry(name).or_insert(Some(person));
    if *known != Some(person) {
        *known = None;
    }
}

/// The id of the author whose profile is the file `path`.
fn id_of<'p>(path: &'p str, config: &Config) -> &'p str {
    let name = path.rsplit('/').next().unwrap_or(path);
    language::stem(name, config).0
}

/// The terms of one article, by what their names are known by: the names are looked at again only for
/// a term that no older article has.
pub(super) struct Keys(Box<[(Taxonomy, Fingerprint)]>);

/// Keys of names that were met before, those of authors apart: an archive uses the same names again and again.
#[derive(Default)]
pub(super) struct KeysOfNames([FxHashMap<Box<str>, Fingerprint>; 2]);

/// The names of an article's terms, each taxonomy in the order of the front matter.
fn names<'a>(entry: &'a Entry<'_>) -> impl Iterator<Item = (Taxonomy, &'a str)> {
    let authors = entry.writers().iter().map(|name| (Taxonomy::Authors, &**name));
    let tags = entry.tags.iter().map(|name| (Taxonomy::Tags, &**name));
    authors.chain(tags).chain(entry.series.iter().map(|name| (Taxonomy::Series, &**name)))
}

impl Term {
    /// The fingerprint of what teasers show of it.
    pub(super) fn part(&self) -> &Fingerprint {
        &self.part
    }
}

impl Keys {
    pub(super) fn of(entry: &Entry<'_>, people: &People, known: &mut KeysOfNames) -> Self {
        let mut keys = Vec::with_capacity(entry.authors.len() + entry.tags.len() + 1);
        for (taxonomy, name) in names(entry) {
            let known = &mut known.0[usize::from(taxonomy == Taxonomy::Authors)];
            let key = match known.get(name) {
                Some(key) => *key,
                None => {
                    let key = people.key(taxonomy, name);
                    known.insert(name.into(), key);
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

impl Terms {
    /// All terms.
    pub fn iter(&self) -> std::slice::Iter<'_, Term> {
        self.all.iter()
    }

    pub(super) fn new(people: People, config: &Config) -> Self {
        let prefix = |(_, language): (LanguageId, &crate::config::Language)| {
            let folder =
                |taxonomy: Taxonomy| address::encode(config, &language.path(&format!("/{}/", taxonomy.name())));
            Taxonomy::ALL.map(|taxonomy| config.has(taxonomy).then(|| folder(taxonomy)))
        };
        let url_prefix: Vec<_> = config.each_language().map(prefix).collect();
        Self {
            all: Vec::new(),
            by_key: url_prefix.iter().map(|_| Default::default()).collect(),
            by_slug: url_prefix.iter().map(|_| Default::default()).collect(),
            slugs: config.settings.slugs,
            people,
            of_article: Vec::new(),
            starts: vec![0],
            url_prefix,
        }
    }

    /// Adds the terms of the next article, which is `entry` of the date and row `from`.
    pub(super) fn add<'a>(
        &mut self,
        id: ArticleId,
        language: LanguageId,
        keys: &Keys,
        from: (Timestamp, u32),
        entry: impl Fn() -> Box<Entry<'a>>,
    ) {
        for (taxonomy, key) in &keys.0 {
            let number = match self.by_key[language.0 as usize][*taxonomy as usize].get(key) {
                Some(number) => *number,
                None => {
                    let entry = entry();
                    let mut all = names(&entry).filter(|(other, _)| other == taxonomy);
                    let (_, name) = all
                        .find(|(taxonomy, name)| self.people.key(*taxonomy, name) == *key)
                        .expect("the key was made of one of the names");
                    self.new_term(language, *taxonomy, *key, from, name)
                }
            };
            let term = &mut self.all[number as usize];
            term.articles.push(id);
            self.of_article.push(number);
        }
        self.starts.push(self.of_article.len() as u32);
    }

    fn new_term(
        &mut self,
        language: LanguageId,
        taxonomy: Taxonomy,
        key: Fingerprint,
        first: (Timestamp, u32),
        name: &str,
    ) -> u32 {
        let person = self.people.person(taxonomy, name);
        let profile = person.and_then(|person| person.profile(language));
        let is_hidden =
            person.is_some_and(|person| person.hidden_in.iter().any(|of| *of == LanguageId::MAIN || *of == language));
        let slug = match person {
            Some(person) => slugify(&person.id, self.slugs),
            None => of_name(&identity(name), self.slugs),
        };
        let term = Term {
            language,
            taxonomy,
            slug: slug.into(),
            name: profile.map_or_else(|| name.into(), |(_, _, name)| name.clone()),
            url: "".into(),
            row: profile.filter(|_| !is_hidden).map(|(_, row, _)| *row),
            articles: Vec::new(),
            key,
            first,
            has_profile: person.is_some(),
            is_hidden,
            part: Fingerprint::default(),
        };
        let number = self.all.len() as u32;
        self.by_key[language.0 as usize][taxonomy as usize].insert(key, number);
        self.all.push(term);
        number
    }

    /// Gives each name its own slug, the same in all languages, and each term its address.
    pub(super) fn finish(&mut self) {
        self.of_article.shrink_to_fit();
        for taxonomy in Taxonomy::ALL {
            let of_profiles = self.people.all.iter().filter(|_| taxonomy == Taxonomy::Authors);
            let of_profiles = of_profiles.map(|person| slugify(&person.id, self.slugs)).collect();
            let own = own_slugs(self.all.iter().filter(|term| term.taxonomy == taxonomy), &of_profiles);
            for term in self.all.iter_mut().filter(|term| term.taxonomy == taxonomy) {
                if let Some(slug) = own.get(&term.key) {
                    term.slug = slug.as_str().into();
                }
            }
        }
        for (number, term) in self.all.iter_mut().enumerate() {
            let (language, taxonomy) = (term.language.0 as usize, term.taxonomy as usize);
            if let Some(prefix) = self.url_prefix[language][taxonomy].as_ref().filter(|_| !term.is_hidden) {
                term.url = format!("{}/", site_path::below(prefix, &term.slug)).into();
            }
            let mut part = Fingerprinter::new(term.taxonomy.name());
            part.part(&Fingerprint::of_value(&TermRef::of(term))).text(&term.slug);
            term.part = part.finish();
            term.articles.shrink_to_fit();
            self.by_slug[language][taxonomy].insert(term.slug.clone(), number as u32);
        }
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
        let numbers = &self.by_slug[language.0 as usize][taxonomy as usize];
        numbers.get(slug).map(|number| &self.all[*number as usize])
    }

    /// A term by a name as an article could write it, or else by its slug.
    pub fn find(&self, language: LanguageId, taxonomy: Taxonomy, name: &str) -> Option<&Term> {
        let numbers = &self.by_key[language.0 as usize][taxonomy as usize];
        let by_name = numbers.get(&self.people.key(taxonomy, name)).map(|number| &self.all[*number as usize]);
        by_name.or_else(|| self.get(language, taxonomy, name))
    }

    /// How the author with a name or id is printed, and the address of their page if there is one: somebody with a
    /// profile, or whom an article names.
    pub fn byline(&self, language: LanguageId, name: &str) -> Option<(&str, Option<&str>)> {
        if let Some(term) = self.find(language, Taxonomy::Authors, name) {
            return Some((&term.name, Some(&*term.url).filter(|url| !url.is_empty())));
        }
        let (_, _, name) = self.people.person(Taxonomy::Authors, name)?.profile(language)?;
        Some((name, None))
    }

    /// The id of the author who was probably meant by a name that nobody has.
    pub fn nearest_author(&self, language: LanguageId, name: &str) -> Option<&str> {
        let is_author = |term: &&Term| term.taxonomy == Taxonomy::Authors && term.language == language;
        let terms = self.all.iter().filter(is_author).map(|term| &*term.slug);
        diagnostic::nearest(name, self.people.all.iter().map(|person| &*person.id).chain(terms))
    }

    /// The author whose profile is the file `path`.
    pub fn author_of(&self, language: LanguageId, path: &str, config: &Config) -> Option<&Term> {
        let numbers = &self.by_key[language.0 as usize][Taxonomy::Authors as usize];
        let number = numbers.get(&self.people.key(Taxonomy::Authors, id_of(path, config)))?;
        Some(&self.all[*number as usize])
    }

    /// Whether articles in this language have a term of the taxonomy.
    pub fn has_any(&self, language: LanguageId, taxonomy: Taxonomy) -> bool {
        !self.by_key[language.0 as usize][taxonomy as usize].is_empty()
    }

    /// The terms of an article, in the order of its front matter.
    pub fn of_article(&self, id: ArticleId) -> impl Iterator<Item = &Term> {
        self.numbers_of(id).iter().map(|number| &self.all[*number as usize])
    }

    pub(super) fn numbers_of(&self, id: ArticleId) -> &[u32] {
        &self.of_article[self.starts[id as usize] as usize..self.starts[id as usize + 1] as usize]
    }

    pub(super) fn by_number(&self, number: u32) -> &Term {
        &self.all[number as usize]
    }
}

/// The slugs that are not the plain ones of their names, by what the names are known by. Those of profiles are nobody
/// else's.
fn own_slugs<'t>(
    terms: impl Iterator<Item = &'t Term>,
    of_profiles: &FxHashSet<String>,
) -> FxHashMap<Fingerprint, String> {
    let mut first: FxHashMap<Fingerprint, &Term> = FxHashMap::default();
    for term in terms {
        let known = first.entry(term.key).or_insert(term);
        if term.first < known.first {
            *known = term;
        }
    }
    let mut all: Vec<&Term> = first.into_values().collect();
    let order = |term: &&'t Term| (&term.slug, !term.has_profile, term.first, &term.name);
    all.sort_unstable_by(|a, b| order(a).cmp(&order(b)));
    let mut taken: FxHashSet<String> = all.iter().map(|term| term.slug.to_string()).collect();
    let mut own = FxHashMap::default();
    let mut last = None;
    for Term { slug, key, has_profile, .. } in all {
        let is_taken = last.replace(slug) == Some(slug) || !has_profile && of_profiles.contains(&**slug);
        if is_taken || is_reserved(slug) {
            let digits = key.to_string();
            let longer = |length: usize| format!("{slug}-{}", &digits[..length]);
            let free = (4..=digits.len()).map(longer).find(|slug| taken.insert(slug.clone()));
            own.insert(*key, free.expect("thirty-two digits tell all names apart"));
        }
    }
    own
}
