//! The export of WordPress (WXR): items with the address of their page, and comments inside of them, in a
//! mixture of HTML and line breaks.

use super::xml::{Malformed, Record, records};
use super::{Exported, website};

/// The comments that are published or wait for approval, and how many were left behind.
pub(super) fn read(text: &str) -> Result<(Vec<Exported>, usize), Malformed> {
    let mut comments: Vec<Exported> = Vec::new();
    // Comments end before their item does, and only then its address is known.
    let mut of_item: Vec<Exported> = Vec::new();
    let mut left = 0;
    records(text, &["item", "comment"], |name, record| {
        if name == "comment" {
            match comment(&record) {
                Some(comment) => of_item.push(comment),
                None => left += 1,
            }
            return;
        }
        let text = |key: &str| record.get(key).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let article: Vec<String> = ["link", "post_name"].iter().filter_map(|key| text(key)).collect();
        comments.extend(of_item.drain(..).map(|comment| Exported { article: article.clone(), ..comment }));
    })?;
    Ok((comments, left))
}

fn comment(record: &Record) -> Option<Exported> {
    let text = |key: &str| record.get(key).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    // Pingbacks and trackbacks are not what readers wrote.
    if !matches!(text("comment_type").as_deref(), None | Some("comment")) {
        return None;
    }
    let is_approved = match text("comment_approved").as_deref() {
        Some("1") => true,
        Some("0") => false,
        _ => return None,
    };
    Some(Exported {
        id: format!("wp-{}", text("comment_id")?),
        parent: text("comment_parent").filter(|id| id != "0").map(|id| format!("wp-{id}")),
        article: Vec::new(),
        name: text("comment_author").unwrap_or_else(|| "Anonymous".into()),
        email: text("comment_author_email").unwrap_or_default(),
        website: website(record.get("comment_author_url")),
        // Of comments that were made by other programs WordPress sometimes knows the local time only.
        date: text("comment_date_gmt")
            .filter(|date| !date.starts_with("0000"))
            .map(|date| format!("{}Z", date.replacen(' ', "T", 1)))
            .or_else(|| text("comment_date").map(|date| date.replacen(' ', "T", 1))),
        text: Some(super::markdown_of_lines(&text("comment_content")?)).filter(|text| !text.is_empty())?,
        is_approved,
    })
}
