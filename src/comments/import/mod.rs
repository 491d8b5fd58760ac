//! `courant comments import`: approved comments from where the site came from.
//!
//! Reads the XML exports of Disqus and of WordPress (WXR), finds the article of each comment by its
//! address, and appends what was published there to the articles' files; what waits for approval there
//! goes to the inbox. Spam and what was deleted is left behind, and so are all e-mail and network
//! addresses of published comments. Ids are made from those of the export, so an import may be repeated.

mod disqus;
mod wordpress;
mod xml;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use rustc_hash::FxHashSet;

use super::addresses::Addresses;
use super::approved::{self, Approved};
use super::desk::Moderation;
use super::inbox::{FOLDER, Waiting};
use crate::article::comments::{self, LONGEST};
use crate::article::time::Timestamp;
use crate::diagnostic::{self, Diagnostic, Place};
use crate::html::autop;
use crate::html::to_markdown::{self, Otherwise};
use crate::pipeline::Failure;
use crate::write;

/// A comment as an export has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Exported {
    /// Made from its id there: `disqus-12`, `wp-12`.
    id: String,
    /// The id of the comment it answers.
    parent: Option<String>,
    /// Addresses of its article, the best first.
    article: Vec<String>,
    name: String,
    email: String,
    website: Option<String>,
    /// RFC 3339.
    date: Option<String>,
    /// Markdown.
    text: String,
    /// Whether it was published there.
    is_approved: bool,
}

/// What an import did.
#[derive(Debug, Default)]
pub struct Imported {
    /// `Disqus` or `WordPress`.
    pub format: &'static str,
    /// Comments that were appended to articles' files.
    pub published: usize,
    /// Comments that were put into the inbox.
    pub waiting: usize,
    /// Comments that were here already.
    pub known: usize,
    /// Comments that were left behind: spam, deleted, empty.
    pub left: usize,
    /// Comments without an article here, by its address there.
    pub unmatched: BTreeMap<String, usize>,
    /// What else is to be told.
    pub diagnostics: Vec<Diagnostic>,
}

/// Imports the export in `file` into the site of the desk; with `is_trial` nothing is written.
///
/// # Errors
/// The file is not there or is no export, or the machine failed.
pub fn import(desk: &Moderation<'_>, file: &Path, is_trial: bool) -> Result<Imported, Failure> {
    let (root, config) = (&*desk.root, desk.config);
    let name = file.display().to_string();
    let text = fs::read(file).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::IsADirectory => Failure::site(
            Diagnostic::error(format!("cannot read this file: {error}"))
                .at(Place::file(name.as_str()))
                .hint("name the unpacked export"),
        ),
        _ => Failure::Machine(diagnostic::machine("read", &name, &error)),
    })?;
    let text = crate::text::text_of(&name, &text).map_err(Failure::Site)?;
    let read = match text.get(..text.floor_char_boundary(4096)).unwrap_or_default() {
        head if head.contains("<disqus") => disqus::read(text).map(|found| ("Disqus", found)),
        head if head.contains("<rss") => wordpress::read(text).map(|found| ("WordPress", found)),
        _ => {
            return Err(Failure::site(
                Diagnostic::error("this is no export of Disqus or WordPress")
                    .at(Place::file(name))
                    .hint("Disqus: Community, Export; WordPress: Tools, Export, All content. Unpack the file first"),
            ));
        }
    };
    let (format, (comments, left)) = read.map_err(|(at, message)| {
        let place = Place::span(name.as_str(), text, at..at + 1);
        Failure::site(Diagnostic::error(format!("not well-formed XML: {message}")).at(place))
    })?;
    let addresses = Addresses::read(root, config);
    let mut imported = Imported { format, left, ..Imported::default() };
    let mut by_article: BTreeMap<&str, (Vec<Approved>, Vec<Exported>)> = BTreeMap::new();
    for mut comment in comments {
        // `0000-00-00` and the like: a comment without a date is better than none.
        if comment.text.chars().count() > LONGEST {
            imported.left += 1;
            imported.diagnostics.push(
                Diagnostic::warning(format!(
                    "the comment `{}` is longer than {LONGEST} characters; it is left behind",
                    comment.id
                ))
                .at(Place::file(name.as_str())),
            );
            continue;
        }
        comment.date = comment.date.filter(|date| Timestamp::parse(date, &config.time_zone).is_ok());
        let Some(source) = comment.article.iter().find_map(|address| addresses.source(address)) else {
            *imported.unmatched.entry(comment.article.first().cloned().unwrap_or_default()).or_default() += 1;
            continue;
        };
        let (approved, waiting) = by_article.entry(source).or_default();
        if comment.is_approved { approved.push(comment.into()) } else { waiting.push(comment) }
    }
    for (source, (mut published, waiting)) in by_article {
        published.sort_by(|a, b| (&a.date, &a.id).cmp(&(&b.date, &b.id)));
        let count = published.len();
        let file = comments::path_of(source);
        let added = if is_trial {
            approved::missing(root, &file, &published, &config.time_zone)
        } else {
            desk.note(&file)?;
            approved::append(root, &file, &published, &config.time_zone)
        };
        match added {
            Ok(added) => {
                imported.published += added;
                imported.known += count - added;
            }
            Err(Failure::Site(problems)) => imported.diagnostics.extend(problems),
            Err(failure) => return Err(failure),
        }
        let known = if waiting.is_empty() { FxHashSet::default() } else { ids_in(desk, &file) };
        for comment in waiting {
            if desk.inbox.file(&comment.id).exists() || known.contains(&comment.id) {
                imported.known += 1;
            } else {
                imported.waiting += 1;
                if !is_trial {
                    put(desk, source, comment)?;
                }
            }
        }
    }
    Ok(imported)
}

/// The ids of the comments in the file `path`, if it is there and sound.
fn ids_in(desk: &Moderation<'_>, path: &str) -> FxHashSet<String> {
    let text = fs::read_to_string(desk.root.join(path)).unwrap_or_default();
    let known = comments::read(path, &text, &desk.config.time_zone).unwrap_or_default();
    known.iter().map(|comment| comment.id.to_string()).collect()
}

fn put(desk: &Moderation<'_>, source: &str, comment: Exported) -> Result<(), Failure> {
    let waiting = Waiting {
        id: comment.id,
        article: comment.article.into_iter().next().unwrap_or_default(),
        source: Some(source.to_owned()),
        name: comment.name,
        email: comment.email,
        website: comment.website,
        in_reply_to: comment.parent,
        date: comment.date.unwrap_or_default(),
        text: comment.text,
    };
    let path = format!("{FOLDER}/{}.yaml", waiting.id);
    desk.note(&path)?;
    write::replace(&desk.inbox.file(&waiting.id), waiting.to_yaml().as_bytes())
        .map_err(|error| Failure::Machine(diagnostic::machine("write", path, &error)))
}

impl From<Exported> for Approved {
    fn from(comment: Exported) -> Self {
        let Exported { id, name, date, website: url, parent: in_reply_to, text, .. } = comment;
        Self { id, name, date, url, in_reply_to, text }
    }
}

/// HTML as Markdown that the page of an article shows.
pub(crate) fn markdown(html: &str) -> String {
    // What is nested too deep is rare, and better shown than lost.
    to_markdown::markdown(html, Otherwise::Text).unwrap_or_else(|_| html.to_owned())
}

/// What readers write in WordPress, a mixture of HTML and line breaks, as Markdown.
pub(crate) fn markdown_of_lines(text: &str) -> String {
    // Most comments are plain sentences, which Markdown says as they are.
    let is_plain =
        |c: char| c.is_alphanumeric() || matches!(c, ' ' | ',' | ';' | '?' | '"' | '\'' | '’' | '“' | '”' | '…');
    let is_sentence = |word: &str| word.strip_suffix(['.', '!', ':']).unwrap_or(word).chars().all(is_plain);
    let is_paragraph = |text: &str| {
        text.starts_with(char::is_alphabetic) && text.split(' ').all(|word| is_sentence(word) && !word.is_empty())
    };
    if text.split("\n\n").all(is_paragraph) {
        return text.to_owned();
    }
    markdown(&autop::autop(text))
}

/// The address of a page, if it is one that a link may lead to.
fn website(text: Option<&String>) -> Option<String> {
    text.filter(|url| url.starts_with("https://") || url.starts_with("http://")).cloned()
}
