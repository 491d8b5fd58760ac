//! What a site has that a new article can belong to: its sections and its authors.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::article::record::Record;
use crate::article::slug::{identity, slugify};
use crate::article::time::Timestamp;
use crate::article::{self, Known, language};
use crate::config::Config;
use crate::source;
use crate::source_name::can_be_section;

/// The sections and authors of a site.
pub(super) struct Newsroom {
    /// The names of the sections' folders.
    pub(super) sections: BTreeSet<String>,
    /// The section of the newest article, drafts among them; an article at the top of `content/` has none.
    pub(super) newest: Option<Option<String>>,
    /// The authors with a profile, or those whom articles name if no one has one; who wrote last comes first.
    pub(super) authors: Vec<Author>,
    /// Everyone whom an article names.
    named: BTreeSet<String>,
}

/// An author.
pub(super) struct Author {
    /// What front matter calls them.
    pub(super) id: String,
    /// What readers call them.
    pub(super) name: String,
}

impl Newsroom {
    /// Reads the articles of the site. What is wrong with one of them is no reason not to write the next.
    pub(super) fn read(root: &Path, config: &Config) -> Self {
        let mut sources = source::scan(root, &[]);
        sources.content.retain(|source| article::is_markdown(&source.path));
        sources.statics.clear();
        sources.data.clear();
        let rows = article::read(root, sources, config, Known::default()).rows;
        let (mut sections, mut newest) = (BTreeSet::new(), None);
        let mut profiles = Vec::new();
        // When each author wrote last, and in which spelling.
        let mut named: BTreeMap<String, (Timestamp, String)> = BTreeMap::new();
        for row in &rows {
            match row.record() {
                Record::Entry(entry) => {
                    let Some(date) = entry.core.date else { continue };
                    let section = entry.section.as_deref().map(str::to_owned);
                    sections.extend(section.clone());
                    newest = newest.max(Some((date, section)));
                    for author in entry.writers() {
                        let wrote = (date, author.to_string());
                        let last = named.entry(identity(author)).or_insert_with(|| wrote.clone());
                        *last = wrote.max(std::mem::take(last));
                    }
                }
                Record::Section(_) => {
                    let folder = row.path.strip_prefix("content/").and_then(|path| path.split_once('/'));
                    sections.extend(folder.filter(|(_, file)| !file.contains('/')).map(|(name, _)| name.to_owned()));
                }
                Record::Author(author) => {
                    let id = language::stem(&row.path, config).0.trim_start_matches("content/authors/");
                    // With a dot it is a translation.
                    if !id.contains('.') && profiles.iter().all(|other: &Author| other.id != id) {
                        profiles.push(Author { id: id.to_owned(), name: author.name.to_string() });
                    }
                }
                _ => {}
            }
        }
        sections.retain(|name| can_be_section(name));
        let wrote = |author: &Author| {
            let spellings = [&author.id, &author.name].map(|spelling| named.get(&identity(spelling)));
            spellings.into_iter().flatten().map(|(date, _)| *date).max()
        };
        let mut authors = profiles;
        if authors.is_empty() {
            authors.extend(named.values().map(|(_, name)| Author { id: name.clone(), name: name.clone() }));
        }
        authors.sort_by_cached_key(|author| (std::cmp::Reverse(wrote(author)), author.id.clone()));
        let named = named.into_keys().collect();
        Self { sections, newest: newest.map(|(_, section)| section), authors, named }
    }

    /// The folder of the section that is called `name`, and whether there is one.
    pub(super) fn section(&self, name: &str, root: &Path, config: &Config) -> (String, bool) {
        let slug = |name: &str| slugify(name, config.settings.slugs);
        if self.sections.contains(name) || root.join("content").join(name).is_dir() {
            return (name.to_owned(), true);
        }
        let wanted = slug(name);
        match self.sections.iter().find(|section| slug(section) == wanted) {
            Some(section) => (section.clone(), true),
            None => {
                let is_there = root.join("content").join(&wanted).is_dir();
                (wanted, is_there)
            }
        }
    }

    /// Whether somebody here is called so.
    pub(super) fn knows(&self, author: &str) -> bool {
        let wanted = identity(author);
        let is = |spelling: &String| identity(spelling) == wanted;
        self.named.contains(&wanted) || self.authors.iter().any(|author| is(&author.id) || is(&author.name))
    }
}
