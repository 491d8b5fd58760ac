//! The XML export of Disqus (<https://docs.disqus.com/developers/export/>): threads with the address of
//! their page, then posts, in HTML, that name their thread and the post they answer.

use std::collections::HashMap;

use super::xml::{Malformed, records};
use super::{Exported, markdown, website};

/// The published comments, and how many were left behind.
pub(super) fn read(text: &str) -> Result<(Vec<Exported>, usize), Malformed> {
    let mut threads: HashMap<String, Vec<String>> = HashMap::new();
    let mut comments = Vec::new();
    let mut left = 0;
    records(text, &["thread", "post"], |name, mut record| {
        // Inside of a post, `thread` names one; only those on their own have a link.
        if name == "thread" {
            let id = record.remove("@id").unwrap_or_default();
            let article: Vec<String> = ["link", "id"]
                .iter()
                .filter_map(|key| record.remove(*key))
                .filter(|text| !text.trim().is_empty())
                .collect();
            if !article.is_empty() {
                threads.insert(id, article);
            }
            return;
        }
        let is = |key: &str| record.get(key).is_some_and(|value| value.trim() == "true");
        let message = markdown(record.get("message").map_or("", String::as_str));
        if is("isDeleted") || is("isSpam") || message.is_empty() {
            left += 1;
            return;
        }
        let text = |key: &str| record.get(key).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let thread = text("thread@id").unwrap_or_default();
        comments.push(Exported {
            id: format!("disqus-{}", text("@id").unwrap_or_default()),
            parent: text("parent@id").map(|id| format!("disqus-{id}")),
            article: threads.get(&thread).cloned().unwrap_or_default(),
            name: text("author/name").or_else(|| text("author/username")).unwrap_or_else(|| "Anonymous".into()),
            email: String::new(),
            website: website(record.get("author/link")),
            date: text("createdAt").map(|date| if date.ends_with('Z') { date } else { format!("{date}Z") }),
            text: message,
            // What waits for approval there is marked as deleted or spam in the export.
            is_approved: true,
        });
    })?;
    Ok((comments, left))
}
