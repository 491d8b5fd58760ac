//! Approved replies: `<slug>.comments.yaml` beside `<slug>.md`.
//!
//! A list of `{id, name, date, text, url, in_reply_to}`. Other keys (an e-mail address, say) are never
//! read, so they cannot reach a page.

use jiff::tz::TimeZone;
use serde_yaml::Value;

use super::fields::Fields;
use super::record::{Reply, Text};
use super::time::Timestamp;
use crate::config::yaml_diagnostic;
use crate::diagnostic::{Diagnostic, Place};

/// Reads the replies of the file `path` with the text `text`.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(path: &str, text: &str, zone: &TimeZone) -> Result<Vec<Reply<'static>>, Vec<Diagnostic>> {
    let value: Value = serde_yaml::from_str(text).map_err(|error| vec![yaml_diagnostic(path, text, 0, &error)])?;
    let items = match value {
        Value::Null => return Ok(Vec::new()),
        Value::Sequence(items) => items,
        _ => {
            return Err(vec![
                Diagnostic::error("replies must be a list")
                    .at(Place::file(path))
                    .hint("begin each reply with `- id: …`"),
            ]);
        }
    };
    let mut fields = Fields::new(path, text, 0..text.len());
    let mut replies: Vec<Reply<'static>> = Vec::with_capacity(items.len());
    for (number, item) in items.iter().enumerate() {
        let mut line = |key: &str| item.get(key).and_then(|value| fields.line(key, value));
        let (id, name, url, answered) = (line("id"), line("name"), line("url"), line("in_reply_to"));
        let date = line("date").map(|date| Timestamp::parse(&date, zone));
        let words = item.get("text").and_then(|value| fields.block("text", value));
        let date = match date.transpose() {
            Ok(date) => date,
            Err(message) => {
                fields.problem("date", message, "write `2026-11-23T14:05:00+01:00`");
                None
            }
        };
        let (Some(name), Some(text)) = (name, words) else {
            fields.problem("name", format!("reply {} has no `name` or no `text`", number + 1), "both are needed");
            continue;
        };
        let id = id.unwrap_or_else(|| Text::from(format!("{}", number + 1)));
        if replies.iter().any(|other| other.id == id) {
            fields.problem("id", format!("two replies have the id `{}`", &*id), "ids are unique within a file");
        }
        let url = url.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        replies.push(Reply { id, name, url, date, text, in_reply_to: answered });
    }
    if fields.problems.is_empty() { Ok(replies) } else { Err(fields.problems) }
}
