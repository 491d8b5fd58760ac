//! The file of approved comments, `<slug>.comments.yaml`: appended to, never rewritten.
//!
//! The file belongs to the editors: their comments, their order and their way to write YAML stay as they
//! are. A comment is added as text behind what stands there, and the result is read again with the reader
//! of the build: unless it holds exactly what it held before and the new comments, nothing is written. A
//! comment whose id is there already is not added again, so whatever was cut short may be done once more.

use std::fs;
use std::io;
use std::path::Path;

use jiff::tz::TimeZone;
use rustc_hash::FxHashSet;
use serde::Serialize;

use crate::article::comments;
use crate::article::record::Comment;
use crate::diagnostic::{self, Diagnostic, Place};
use crate::pipeline::Failure;
use crate::write;
use crate::yaml::{self, Node};

/// An approved comment: everything that readers will see. It has no field for an e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Approved {
    /// Unique within its file.
    pub id: String,
    /// Who wrote it.
    pub name: String,
    /// When, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Their page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The id of the comment it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<String>,
    /// What they wrote: Markdown.
    pub text: String,
}

/// Appends comments to the file `path` (relative to `root`), durably, and gives the number of those that
/// were not there yet.
///
/// # Errors
/// The file is broken, or is written in a way to which nothing can be appended; the machine failed. The file is
/// then as it was.
pub fn append(root: &Path, path: &str, new: &[Approved], zone: &TimeZone) -> Result<usize, Failure> {
    let target = root.join(path);
    let old = text_in(&target, path)?;
    let known = comments::read(path, &old, zone).map_err(Failure::Site)?;
    let ids: FxHashSet<&str> = known.iter().map(|comment| &*comment.id).collect();
    let missing: Vec<&Approved> = new.iter().filter(|comment| !ids.contains(&*comment.id)).collect();
    if missing.is_empty() {
        return Ok(0);
    }
    let text = with(&old, &missing)
        .filter(|text| comments::read(path, text, zone).is_ok_and(|after| is_as_wished(&known, &missing, &after)));
    let Some(text) = text else {
        return Err(Failure::site(
            Diagnostic::error("a comment cannot be appended to this file as it is written")
                .at(Place::file(path))
                .hint("write it as a list whose entries begin with `- id: …`"),
        ));
    };
    write::replace(&target, text.as_bytes()).map_err(|error| failed(path, "write", &error))?;
    Ok(missing.len())
}

/// The number of comments that [`append`] would append.
///
/// # Errors
/// The file is broken, or the machine failed.
pub fn missing(root: &Path, path: &str, new: &[Approved], zone: &TimeZone) -> Result<usize, Failure> {
    let known = comments::read(path, &text_in(&root.join(path), path)?, zone).map_err(Failure::Site)?;
    let ids: FxHashSet<&str> = known.iter().map(|comment| &*comment.id).collect();
    Ok(new.iter().filter(|comment| !ids.contains(&*comment.id)).count())
}

/// The text of the file `path`, which is at `target`; none yet is an empty one.
fn text_in(target: &Path, path: &str) -> Result<String, Failure> {
    match fs::read(target) {
        Ok(bytes) => Ok(crate::text::text_of(path, &bytes).map_err(Failure::Site)?.to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(failed(path, "read", &error)),
    }
}

fn failed(path: &str, what: &str, error: &io::Error) -> Failure {
    Failure::Machine(diagnostic::machine(what, path, error))
}

/// Appends comments to the text of a comments file. `None` if `old` is not a list.
fn with(old: &str, new: &[&Approved]) -> Option<String> {
    let value = Node::parse(old, 0).ok()?;
    let block = yaml::to_string(new).ok()?;
    let mut text = old.to_owned();
    let first = old.lines().find(|line| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with('#') && !line.starts_with("---") && !line.starts_with('%')
    });
    if value.is_null() || first.is_some_and(|line| line.trim_start().starts_with("- ") || line.trim() == "-") {
        let indent: String = first.unwrap_or_default().chars().take_while(|c| *c == ' ').collect();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        for line in block.lines() {
            if !line.is_empty() {
                text.push_str(&indent);
            }
            text.push_str(line);
            text.push('\n');
        }
    } else {
        // `[{ id: … }]`: JSON is YAML, too.
        // … but for these, which are line breaks or white space in YAML only.
        let escaped = |json: String| {
            json.replace('\u{85}', "\\u0085")
                .replace('\u{2028}', "\\u2028")
                .replace('\u{2029}', "\\u2029")
                .replace('\u{feff}', "\\ufeff")
        };
        let items: Result<Vec<String>, _> =
            new.iter().map(|comment| serde_json::to_string(comment).map(escaped)).collect();
        let is_empty = value.items()?.is_empty();
        let items = format!("{}{}", if is_empty { "" } else { ", " }, items.ok()?.join(",\n  "));
        text.insert_str(text.rfind(']')?, &items);
    }
    Some(if old.contains("\r\n") { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text })
}

/// Whether the file holds what it held, and the new comments behind it.
fn is_as_wished(before: &[Comment<'_>], new: &[&Approved], after: &[Comment<'_>]) -> bool {
    after.len() == before.len() + new.len()
        && after.starts_with(before)
        && after[before.len()..].iter().zip(new).all(|(read, wished)| {
            *read.id == *wished.id
                && *read.text == *crate::text::clean(wished.text.trim())
                && *read.name == *crate::text::plain_line(&wished.name)
                && read.in_reply_to.as_deref() == wished.in_reply_to.as_deref()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comment(id: &str, text: &str) -> Approved {
        Approved { id: id.into(), name: "Bo".into(), date: None, url: None, in_reply_to: None, text: text.into() }
    }

    fn appended(old: &str) -> String {
        with(old, &[&comment("n", "One\n\ntwo: #3")]).expect("a list")
    }

    #[test]
    fn what_stands_there_stays_to_the_byte() {
        let new = "- id: n\n  name: Bo\n  text: |-\n    One\n\n    two: #3\n";
        for (old, between) in [
            ("", ""),
            ("# Nothing yet\n", ""),
            ("# Mine\n- {id: a, name: A, text: x}   # kept\n", ""),
            ("- id: a\n  name: A\n  text: |\n    x", "\n"),
            ("---\n- id: a\n  name: A\n  text: >+\n    x\n\n\n# the end\n", ""),
        ] {
            assert_eq!(appended(old), format!("{old}{between}{new}"));
        }
    }

    #[test]
    fn an_indented_list_stays_indented() {
        let text = appended("  - id: a\n    name: A\n    text: x\n");
        assert!(text.ends_with("  - id: n\n    name: Bo\n    text: |-\n      One\n\n      two: #3\n"), "{text}");
    }

    #[test]
    fn other_ways_to_write_a_list_are_kept() {
        let text = appended("[\n  { id: a, name: A, text: x } # first\n]\n");
        let value: serde_json::Value = yaml::from_str(&text).expect("YAML");
        assert_eq!(value[1]["text"], "One\n\ntwo: #3");
        assert!(appended("[]\n").starts_with("[{\"id\":\"n\""));
        let windows = appended("- id: a\r\n  name: A\r\n  text: x\r\n");
        assert!(windows.starts_with("- id: a\r\n") && !windows.replace("\r\n", "").contains('\n'));
    }

    #[test]
    fn whatever_a_reader_writes_comes_back() {
        const PARTS: [&str; 34] = [
            " ", "  ", "\n", "\n\n", "\t", "#", ": ", ":", "- ", "---", "...", "'", "\"", "|", ">", "&a", "*a", "{",
            "}", "[", "]", "%", "@", "`", "\\", "~", "null", "1e3", "yes", "é", "\u{2028}", "\u{85}", "\u{feff}",
            "word",
        ];
        let folder = tempfile::TempDir::new().expect("a folder");
        let mut random = fastrand::Rng::with_seed(7);
        for (round, start) in
            ["", "# mine\n", "- {id: a, name: A, text: x}\n", "[{id: a, name: A, text: x}]\n"].iter().enumerate()
        {
            let path = format!("{round}.comments.yaml");
            fs::write(folder.path().join(&path), start).expect("written");
            for number in 0..150 {
                let mut text =
                    |most| (0..random.usize(1..most)).map(|_| PARTS[random.usize(..PARTS.len())]).collect::<String>();
                let comment = Approved {
                    name: format!("N{}", text(6)),
                    text: format!("{}.", text(20)),
                    ..comment(&format!("r{number}"), "")
                };
                let added = append(folder.path(), &path, std::slice::from_ref(&comment), &TimeZone::UTC);
                assert_eq!(added, Ok(1), "{comment:?}");
                assert_eq!(append(folder.path(), &path, &[comment], &TimeZone::UTC), Ok(0));
            }
            assert!(
                fs::read_to_string(folder.path().join(&path)).expect("text").starts_with(start.trim_end_matches("]\n"))
            );
        }
    }
}
