//! The withdrawal of an article or page: one key in its front matter.
//!
//! Nothing else in the file changes, down to the byte. What is written is read as a build would read it before the file
//! is replaced: the article is withheld from that moment on, readers are told the reason, and the rest is what it was.

use std::fs;
use std::path::Path;

use super::{Failure, in_turn};
use crate::article;
use crate::article::front_matter::{self, Reading};
use crate::article::record::{Entry, Record};
use crate::article::rewrite::{self, Value};
use crate::article::time::Timestamp;
use crate::config::Config;
use crate::diagnostic::{self, Diagnostic, Place};
use crate::text::text_of;

/// A withdrawal to be written.
#[derive(Debug)]
pub struct Withdraw {
    /// Why, for readers; short Markdown. Without a reason there is no notice.
    pub reason: Option<String>,
    /// From when on it is withheld.
    pub time: Timestamp,
    /// The present moment.
    pub now: Timestamp,
}

impl Withdraw {
    /// Writes it into the article or page `path` of the site in `root`.
    ///
    /// # Errors
    /// The file is neither, or what is to be written would say something else as well.
    pub fn write(&self, root: &Path, path: &str, config: &Config) -> Result<(), Failure> {
        let reason = self.reason.as_deref().map(str::trim);
        if reason.is_some_and(str::is_empty) {
            return Err(Failure::usage("the reason is empty", "say why, for readers; or leave out `--reason`"));
        }
        if !article::is_markdown(path) {
            return Err(not_an_article(path).into());
        }
        let file = root.join(path);
        let turn = in_turn(&file, path)?;
        let bytes =
            fs::read(&file).map_err(|error| Failure::Machine(Box::new(diagnostic::machine("read", path, &error))))?;
        let old = text_of(path, &bytes).map_err(first)?;
        let before = entry(path, old, config)?;
        // Midnight is written out: a day alone would be another moment where the time zone changes.
        let time = self.time.rfc3339(&config.time_zone);
        let parts = [("date", time.as_str()), ("reason", reason.unwrap_or_default())];
        let value = if reason.is_some() { Value::Map(&parts) } else { Value::Moment(&time) };
        let by_hand = || {
            let hint = format!("write it by hand: `withdrawn: {{ date: {time}, reason: … }}` in the front matter");
            Diagnostic::error("the key cannot be set without changing something else").at(Place::file(path)).hint(hint)
        };
        let new = rewrite::with_key(path, old, "withdrawn", &value)?.ok_or_else(by_hand)?;
        let after = entry(path, &new, config).map_err(|_| by_hand())?;
        self.takes_nothing_back(path, (&before, &after), config)?;
        let says_so = after.withheld.expires.is_some_and(|expires| expires <= self.time)
            && after.withdrawal.as_ref().map(|one| (one.date, &*one.reason))
                == reason.map(|reason| (self.time, reason));
        if !says_so || !is_same(&before, after) {
            return Err(by_hand().into());
        }
        turn.replace(new.as_bytes()).map_err(|error| Failure::machine(path, &error))
    }
}

impl Withdraw {
    /// A second withdrawal publishes nothing again, and takes no reason from readers.
    fn takes_nothing_back(
        &self,
        path: &str,
        pair: (&Entry<'_>, &Entry<'_>),
        config: &Config,
    ) -> Result<(), Diagnostic> {
        let (before, after) = pair;
        let refuse = |message: String, hint: String| Err(Diagnostic::error(message).at(Place::file(path)).hint(hint));
        let is_later = |since: &Timestamp| self.time > self.now && after.withheld.expires > Some(*since);
        if let Some(since) = before.withheld.expires.filter(is_later) {
            let since = since.rfc3339(&config.time_zone);
            return refuse(
                format!("this is withdrawn from {since} on; a later moment would publish it until then"),
                format!("give `--at {since}`, or change `withdrawn` in the file"),
            );
        }
        if before.withdrawal.is_some() && self.reason.is_none() {
            return refuse(
                "this gives readers a reason, which would be lost".to_owned(),
                "give `--reason`, or take `reason` out of `withdrawn` in the file".to_owned(),
            );
        }
        Ok(())
    }
}

fn first(mut problems: Vec<Diagnostic>) -> Failure {
    problems.remove(0).into()
}

/// Whether both say the same, but for the withdrawal.
fn is_same<'t>(before: &Entry<'t>, mut after: Entry<'t>) -> bool {
    after.withheld.expires = before.withheld.expires;
    after.withdrawal.clone_from(&before.withdrawal);
    after.body = before.body;
    after.has_doubts = before.has_doubts;
    *before == after
}

/// What a file says that is an article or page.
fn entry<'t>(path: &str, text: &'t str, config: &Config) -> Result<Entry<'t>, Failure> {
    match front_matter::read(path, text, text, &Reading::of(config)).map_err(first)? {
        Record::Entry(entry) => Ok(*entry),
        _ => Err(not_an_article(path).into()),
    }
}

fn not_an_article(path: &str) -> Diagnostic {
    let hint = if path.starts_with("content/") && path.ends_with(".md") {
        "an `_index.md` and a profile are withheld by `draft: true`"
    } else {
        "articles and pages are the Markdown files in `content`; take other files away"
    };
    Diagnostic::error("this is neither an article nor a page").at(Place::file(path)).hint(hint)
}
