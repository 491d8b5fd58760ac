//! `courant comments import`: approved replies from where the site came from.
//!
//! Reads the XML exports of Disqus and of WordPress (WXR), finds the article of each reply by its
//! address, and appends what was published there to the articles' files; what waits for approval there
//! goes to the inbox. Spam and what was deleted is left behind, and so are all e-mail and network
//! addresses of published replies. Ids are made from those of the export, so an import may be repeated.

mod disqus;
mod wordpress;
mod xml;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::addresses::Addresses;
use super::approved::{self, Approved};
use super::inbox::{Inbox, Waiting, sync_folder};
use crate::article::time::Timestamp;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};

/// A reply as an export has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Exported {
    /// Made from its id there: `disqus-12`, `wp-12`.
    id: String,
    /// The id of the reply it answers.
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
    /// Replies that were appended to articles' files.
    pub published: usize,
    /// Replies that were put into the inbox.
    pub waiting: usize,
    /// Replies that were here already.
    pub known: usize,
    /// Replies that were left behind: spam, deleted, empty.
    pub left: usize,
    /// Replies without an article here, by its address there.
    pub homeless: BTreeMap<String, usize>,
    /// What else is to be told.
    pub diagnostics: Vec<Diagnostic>,
}

/// Imports the export in `file` into the site in `root`; with `is_trial` nothing is written.
///
/// # Errors
/// The file cannot be read or is no export, or the machine failed.
pub fn import(root: &Path, config: &Config, file: &Path, is_trial: bool) -> Result<Imported, Diagnostic> {
    let name = file.display().to_string();
    let text = fs::read(file)
        .map_err(|error| Diagnostic::error(format!("cannot read this file: {error}")).at(Place::file(name.as_str())))?;
    let text = crate::article::text_of(&name, &text).map_err(|mut problems| problems.remove(0))?;
    let read = match text.get(..text.floor_char_boundary(4096)).unwrap_or_default() {
        head if head.contains("<disqus") => disqus::read(text).map(|found| ("Disqus", found)),
        head if head.contains("<rss") => wordpress::read(text).map(|found| ("WordPress", found)),
        _ => {
            return Err(Diagnostic::error("this is no export of Disqus or WordPress")
                .at(Place::file(name))
                .hint("Disqus: Community, Export; WordPress: Tools, Export, All content. Unpack the file first"));
        }
    };
    let (format, (replies, left)) = read.map_err(|(at, message)| {
        Diagnostic::error(format!("not well-formed XML: {message}")).at(Place::span(name.as_str(), text, at..at + 1))
    })?;
    let addresses = Addresses::read(root, config);
    let mut imported = Imported { format, left, ..Imported::default() };
    let mut by_article: BTreeMap<&str, (Vec<Approved>, Vec<Exported>)> = BTreeMap::new();
    for mut reply in replies {
        // `0000-00-00` and the like: a reply without a date is better than none.
        reply.date = reply.date.filter(|date| Timestamp::parse(date, &config.time_zone).is_ok());
        let Some(source) = reply.article.iter().find_map(|address| addresses.source(address)) else {
            *imported.homeless.entry(reply.article.first().cloned().unwrap_or_default()).or_default() += 1;
            continue;
        };
        let (approved, waiting) = by_article.entry(source).or_default();
        if reply.is_approved { approved.push(reply.into()) } else { waiting.push(reply) }
    }
    let inbox = Inbox::of(root);
    for (source, (mut published, waiting)) in by_article {
        published.sort_by(|a, b| (&a.date, &a.id).cmp(&(&b.date, &b.id)));
        let count = published.len();
        let file = approved::file_of(source);
        let added = if is_trial {
            approved::missing(root, &file, &published, &config.time_zone)
        } else {
            approved::append(root, &file, &published, &config.time_zone)
        };
        match added {
            Ok(added) => {
                imported.published += added;
                imported.known += count - added;
            }
            Err(problems) => imported.diagnostics.extend(problems),
        }
        let known = fs::read_to_string(root.join(approved::file_of(source))).unwrap_or_default();
        for reply in waiting {
            if inbox.file(&reply.id).exists() || known.contains(&reply.id) {
                imported.known += 1;
            } else {
                imported.waiting += 1;
                if !is_trial {
                    put(&inbox, source, reply).map_err(|error| {
                        Diagnostic::error(format!("cannot write into the inbox: {error}"))
                            .hint("check the permissions of the folder")
                    })?;
                }
            }
        }
    }
    Ok(imported)
}

fn put(inbox: &Inbox, source: &str, reply: Exported) -> std::io::Result<()> {
    let waiting = Waiting {
        id: reply.id,
        article: reply.article.into_iter().next().unwrap_or_default(),
        source: Some(source.to_owned()),
        name: reply.name,
        email: reply.email,
        website: reply.website,
        in_reply_to: reply.parent,
        date: reply.date.unwrap_or_default(),
        text: reply.text,
    };
    inbox.make()?;
    fs::write(inbox.file(&waiting.id), waiting.to_yaml())?;
    sync_folder(inbox.folder())
}

impl From<Exported> for Approved {
    fn from(reply: Exported) -> Self {
        let Exported { id, name, date, website: url, parent: in_reply_to, text, .. } = reply;
        Self { id, name, date, url, in_reply_to, text }
    }
}

/// HTML as Markdown that the page of an article shows.
fn markdown(html: &str) -> String {
    // What it cannot read is rare, and better shown than lost.
    htmd::convert(html).unwrap_or_else(|_| html.to_owned()).trim().to_owned()
}

/// The address of a page, if it is one that a link may lead to.
fn website(text: Option<&String>) -> Option<String> {
    text.filter(|url| url.starts_with("https://") || url.starts_with("http://")).cloned()
}
