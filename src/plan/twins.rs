//! Files of content that say what another file says already, or speak for nothing.
//!
//! The front page, a section and an author have one file for each language. Of two, one would be shown and the other
//! one lost.

use rustc_hash::FxHashMap;

use crate::article::record::Record;
use crate::article::slug::identity;
use crate::article::{Lines, Row, body_text, language};
use crate::config::{Config, LanguageId};
use crate::diagnostic::{Diagnostic, Place};
use crate::index::{Index, Role};
use crate::source::Reader;
use crate::source_name::is_year;

/// For what a file speaks.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Spoken<'p> {
    FrontPage,
    /// The section in this folder.
    Section(&'p str),
    /// The author whose id has this identity.
    Author(String),
}

impl<'p> Spoken<'p> {
    /// That of a row whose path, without ending and language, is `stem`.
    fn of(row: &Row, stem: &'p str) -> Option<Self> {
        let rest = stem.strip_prefix("content/")?;
        match rest.split_once('/') {
            None if rest == "_index" => matches!(row.record(), Record::Section(_)).then_some(Self::FrontPage),
            // Jekyll's often names a layout and nothing else.
            None if rest == "index" => says_something(row).then_some(Self::FrontPage),
            Some((folder, "_index")) => matches!(row.record(), Record::Section(_)).then_some(Self::Section(folder)),
            Some(("authors", id)) if !id.contains('/') => {
                matches!(row.record(), Record::Author(_)).then(|| Self::Author(identity(id)))
            }
            _ => None,
        }
    }

    /// What it is in messages.
    fn called(&self) -> String {
        match self {
            Self::FrontPage => "the file of the front page".to_owned(),
            Self::Section(folder) => format!("the file of the section `{folder}`"),
            Self::Author(id) => format!("the profile of `{id}`"),
        }
    }
}

/// Whether the file of a section says anything that readers see.
fn says_something(row: &Row) -> bool {
    let Record::Section(file) = row.record() else { return false };
    let has_words = file.has_body || file.title.is_some() || !file.description.is_empty();
    has_words || !file.aliases.is_empty() || file.front.is_some()
}

/// The rows of files that may speak for something. The names of articles are not taken apart.
pub(super) fn speakers(rows: &[Row]) -> Vec<u32> {
    let is_near = |path: &str| {
        path.starts_with("content/authors/")
            || path.starts_with("content/index.")
            || path.starts_with("content/") && memchr::memmem::find(path.as_bytes(), b"/_index.").is_some()
    };
    (0..rows.len() as u32).filter(|row| is_near(&rows[*row as usize].path)).collect()
}

/// Those that do speak for something, with what that is and in which language.
fn spoken<'i>(
    speakers: &'i [u32],
    index: &'i Index,
    config: &'i Config,
) -> impl Iterator<Item = (u32, &'i Row, Spoken<'i>, LanguageId)> {
    speakers.iter().filter_map(|number| {
        let row = &index.rows[*number as usize];
        let (stem, language) = language::stem(&row.path, config);
        Some((*number, row, Spoken::of(row, stem)?, language.unwrap_or_default()))
    })
}

/// Where a file says what it is called.
fn place(reader: &Reader, row: &Row) -> Place {
    body_text(reader, row)
        .map_or_else(|_| Place::file(&*row.path), |text| Lines::of(&row.path, &text).value(&["title", "name"]))
}

/// Refuses the second file for one thing.
pub(super) fn problems(speakers: &[u32], reader: &Reader, index: &Index, config: &Config) -> Vec<Diagnostic> {
    let mut known = FxHashMap::default();
    let mut problems = Vec::new();
    for (_, row, spoken, language) in spoken(speakers, index, config) {
        let called = spoken.called();
        let Some(other) = known.insert((spoken, language), &*row.path) else { continue };
        let language = match config.is_multilingual() {
            true => format!(" in the language `{}`", config.language(language).tag),
            false => String::new(),
        };
        problems.push(
            Diagnostic::error(format!("{other} and {} are both {called}{language}", row.path))
                .at(place(reader, row))
                .hint("move what both say into one of them, and remove the other one"),
        );
    }
    problems
}

/// Warns of files whose text is printed nowhere, and of one that is no article though it has a date.
pub(super) fn warnings(speakers: &[u32], reader: &Reader, index: &Index, config: &Config) -> Vec<Diagnostic> {
    let seen = spoken(speakers, index, config)
        .filter(|(number, ..)| !matches!(index.role(*number), Role::Withheld | Role::Hidden));
    let warning = |row: &Row, message: &str, hint: &str| Diagnostic::warning(message).at(place(reader, row)).hint(hint);
    seen.filter_map(|(_, row, spoken, _)| match spoken {
        Spoken::FrontPage => {
            if !row.path.starts_with("content/index.") {
                return None;
            }
            let text = body_text(reader, row).ok()?;
            let date = Lines::of(&row.path, &text).key("date")?;
            Some(
                Diagnostic::warning(
                    "this is the file of the front page: it is in no list and no feed, even with a date",
                )
                .at(date)
                .hint("give it another name to make it an article, or remove its `date`"),
            )
        }
        Spoken::Section("authors") => Some(warning(
            row,
            "the list of authors has no file of its own, so what this file says is shown nowhere",
            "write it on a page, such as `content/about.md`, and remove this file",
        )),
        Spoken::Section(folder) => is_year(folder).then(|| {
            warning(
                row,
                "the folder of a year is not a section, so what this file says is shown nowhere",
                "write it on a page, such as `content/about.md`, and remove this file",
            )
        }),
        Spoken::Author(id) => (id == "index").then(|| {
            warning(
                row,
                "this is read as the profile of an author whose id is `index`, and not as a page",
                "write it on a page, such as `content/about.md`, or call it by the id of the author",
            )
        }),
    })
    .collect()
}
