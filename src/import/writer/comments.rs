//! Readers' comments: published ones beside their article, waiting ones in the inbox.

use rustc_hash::FxHashSet;

use super::Writer;
use super::front_matter::plain;
use crate::article::comments;
use crate::article::time::Timestamp;
use crate::comments::approved::{self, Approved};
use crate::comments::import::markdown_of_lines;
use crate::comments::inbox::{FOLDER, Waiting, is_id};
use crate::diagnostic::Diagnostic;
use crate::import::item::Comment;
use crate::import::manifest::Put;
use crate::import::plan::Head;
use crate::pipeline::Failure;
use crate::text::plain_line;
use crate::yaml;

impl Writer<'_> {
    /// Comments into the article's file and the inbox: published, waiting, left behind, of pages.
    pub(super) fn comments(
        &self,
        all: Vec<Comment>,
        head: &Head,
        file: &str,
        put: &mut Vec<Put>,
    ) -> Result<[usize; 4], Failure> {
        if all.is_empty() {
            return Ok([0; 4]);
        }
        let zone = &self.config.time_zone;
        let mut counts = [0; 4];
        let (mut published, mut waiting) = (Vec::new(), Vec::new());
        for comment in all {
            let text = markdown_of_lines(&comment.text);
            let id = plain_line(&comment.id);
            let is_known = matches!(&*comment.status, "approved" | "pending");
            if !is_known || text.trim().is_empty() || text.chars().count() > comments::LONGEST || !is_id(&id) {
                counts[2] += 1;
                continue;
            }
            let date = comment.date.filter(|date| Timestamp::parse(date, zone).is_ok());
            let name = Some(plain(&comment.name)).filter(|name| !name.is_empty()).unwrap_or_else(|| "Anonymous".into());
            let url = comment
                .website
                .filter(|url| url.starts_with("https://") || url.starts_with("http://"))
                .filter(|url| !url.contains(char::is_whitespace));
            let approved = Approved { id, name, date, url, in_reply_to: comment.parent, text };
            if comment.status == "approved" {
                published.push(approved)
            } else {
                waiting.push((approved, comment.email))
            }
        }
        published.sort_by(|a, b| (&a.date, &a.id).cmp(&(&b.date, &b.id)));
        let all = published.len();
        published.dedup_by(|a, b| a.id == b.id);
        counts[2] += all - published.len();
        let ids: FxHashSet<String> = published.iter().map(|one| one.id.clone()).collect();
        for one in &mut published {
            one.in_reply_to = one.in_reply_to.take().filter(|id| ids.contains(id));
        }
        if !published.is_empty() {
            let path = if head.is_page {
                format!("import-comments/{}.yaml", file.trim_start_matches("content/").trim_end_matches(".md"))
            } else {
                comments::path_of(file)
            };
            counts[if head.is_page { 3 } else { 0 }] = published.len();
            if !head.is_page && !self.target.is_ours(&path) && !self.target.is_trial() {
                // Editors have approved others meanwhile, or corrected these.
                approved::append(self.target.root(), &path, &published, zone)?;
            } else {
                let text =
                    yaml::to_string(&published).map_err(|error| Failure::site(Diagnostic::error(error.to_string())))?;
                put.push(self.target.put(path, text.as_bytes())?);
            }
        }
        for (one, email) in waiting {
            counts[1] += 1;
            let path = format!("{FOLDER}/{}.yaml", one.id);
            if ids.contains(&one.id) || self.target.was_there(&path) {
                continue;
            }
            let one = Waiting {
                id: one.id,
                article: head.address.clone(),
                source: Some(file.to_owned()),
                name: one.name,
                email,
                website: one.url,
                in_reply_to: one.in_reply_to,
                date: one.date.unwrap_or_default(),
                text: one.text,
            };
            put.push(self.target.put(path, one.to_yaml().as_bytes())?);
        }
        Ok(counts)
    }
}
