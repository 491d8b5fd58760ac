//! Approved comments: `<slug>.comments.yaml` beside `<slug>.md`.
//!
//! A list of `{id, name, date, text, url, in_reply_to}`. Other keys (an e-mail address, say) are never
//! read, so they cannot reach a page.

use jiff::tz::TimeZone;
use rustc_hash::FxHashSet;

use super::fields::{Field, Fields};
use super::front_matter::Reading;
use super::keys;
use super::record::{Comment, Text};
use super::time::Timestamp;
use super::withholding::{self, Withheld, WithholdingKind};
use crate::config::Slugs;
use crate::diagnostic::Diagnostic;
use crate::source_name::{COMMENTS, without_markdown_ending};
use crate::yaml::{Node, value_mark};

/// Characters of a comment, at most. Readers may send 20,000; other programs let them write more.
pub const LONGEST: usize = 100_000;

/// The path of the comments on the article in the source `article`, relative to the site's folder.
pub fn path_of(article: &str) -> String {
    format!("{}{COMMENTS}", without_markdown_ending(article).unwrap_or(article))
}

/// What moderators write of a comment that nobody is to read, as a key or as a state.
const REFUSED: &str = "banned,blocked,flagged,junk,rejected,spam";

/// Words of keys with the state of a comment.
const STATES: &str = "approval,comment,commentstatus,disqus,moderation,review,state,status,wp";

/// Whether somebody has marked a comment so that readers do not see it (`draft: true`, `approved: false`, `isSpam: true`,
/// `state: flagged`), and from when on they may.
fn marks(fields: &mut Fields<'_>, comment: &Node, reading: &Reading<'_>) -> (bool, Option<Timestamp>) {
    let (mut is_withheld, mut publish) = (false, None);
    let is_one_of = |all: &str, word: &str| all.split(',').any(|one| one == word);
    let is_refused = |said: &str| {
        is_one_of(REFUSED, said) || withholding::is_hiding(said) || withholding::truth(said) == Some(false)
    };
    let entries = comment.entries().unwrap_or_default();
    for entry in entries {
        let said = entry.value.text().unwrap_or_default().trim().to_lowercase();
        // `wp:comment_approved` is a key of WordPress.
        let name = entry.name().rsplit([':', '.']).next().unwrap_or_default();
        let folded = keys::fold(name);
        let words = keys::words(name);
        let last = words.last().map_or("", String::as_str);
        let last = if words.len() == 1 { folded.strip_prefix("is").unwrap_or(&folded) } else { last };
        let is_approval = matches!(last, "approved" | "accepted") || &*folded == "commentapproved";
        let is_state = matches!(last, "commentstatus" | "moderation" | "state" | "status")
            && words.iter().all(|word| is_one_of(STATES, word));
        let said = match () {
            () if (is_approval || is_state) && matches!(&*said, "approved" | "approve" | "accepted" | "1") => {
                Withheld::default()
            }
            // What WordPress writes of a comment on an article in the trash.
            () if is_approval && said == "post-trashed" || is_state && is_refused(&said) => {
                Withheld { draft: true, ..Withheld::default() }
            }
            // In WordPress it says also whether there may be more of them.
            () if &*folded == "commentstatus" => Withheld::default(),
            () if is_approval => withholding::said_of_comment(fields, entry, WithholdingKind::Shows, reading),
            () if is_one_of(REFUSED, last) => {
                withholding::said_of_comment(fields, entry, WithholdingKind::Hides, reading)
            }
            () => withholding::said(fields, entry, entries, reading),
        };
        is_withheld |= said.draft || said.expires.is_some();
        publish = publish.max(said.publish);
    }
    (is_withheld, publish)
}

/// Reads the comments of the file `path` with the text `text`.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(path: &str, text: &str, zone: &TimeZone) -> Result<Vec<Comment<'static>>, Vec<Diagnostic>> {
    let value = Node::parse(text, 0).map_err(|error| vec![error.diagnostic(path, text)])?;
    if value.is_null() {
        return Ok(Vec::new());
    }
    let Some(items) = value.items() else {
        return Err(vec![
            Diagnostic::error("comments must be a list")
                .at(value.mark.place(path, text))
                .hint("begin each comment with `- id: …`"),
        ]);
    };
    let mut fields = Fields::new(path, text);
    let reading = Reading { zone, slugs: Slugs::Transliterate, languages: &[], base_url: "" };
    let mut comments: Vec<Comment<'static>> = Vec::with_capacity(items.len());
    let mut ids: FxHashSet<Text<'static>> = FxHashSet::default();
    for (number, item) in items.iter().enumerate() {
        let field = |key: &str| item.entry(key).map(Field::of);
        let mut line = |key: &str| field(key).and_then(|field| fields.line(&field));
        let (id, name, url, answered) = (line("id"), line("name"), line("url"), line("in_reply_to"));
        let whole = item.entry("date").and_then(|date| withholding::date_with_time(&date.value, item.entries()?));
        let whole = whole.as_ref().and_then(Node::text).map(|text| Text::from(text.to_owned()));
        let date = whole.or_else(|| line("date")).map(|date| Timestamp::beginning(&date, zone));
        let words = field("text").and_then(|field| fields.block(&field));
        let mark = |key: &str| item.entry(key).map_or(item.mark, |entry| value_mark(entry.key.mark, &entry.value));
        let date = match date.transpose() {
            Ok(date) => date,
            Err(message) => {
                fields.problem_at(mark("date"), message, "write `2026-11-23T14:05:00+01:00`");
                None
            }
        };
        let (Some(name), Some(text)) = (name, words) else {
            let message = format!("comment {} has no `name` or no `text`", number + 1);
            fields.problem_at(mark("name"), message, "both are needed");
            continue;
        };
        let id = id.unwrap_or_else(|| Text::from(format!("{}", number + 1)));
        if !ids.insert(id.clone()) {
            fields.problem_at(
                mark("id"),
                format!("two comments have the id `{}`", &*id),
                "ids are unique within a file",
            );
        }
        if text.len() > LONGEST && text.chars().count() > LONGEST {
            let message = format!("the comment `{}` is longer than {LONGEST} characters", &*id);
            fields.problem_at(mark("text"), message, "shorten it");
        }
        let url = url.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        let (is_withheld, publish) = marks(&mut fields, item, &reading);
        let publish = publish.max(date);
        comments.push(Comment { id, name, url, date, publish, text, in_reply_to: answered, is_withheld });
    }
    if fields.problems.is_empty() { Ok(comments) } else { Err(fields.problems) }
}
