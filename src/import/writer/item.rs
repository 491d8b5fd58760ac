//! One article or page: its text, whether it is published, and what it says here compared with there.

use std::collections::{BTreeMap, BTreeSet};

use super::Writer;
use super::front_matter::{plain, with_front_matter};
use crate::article::front_matter;
use crate::article::record::Record as Read;
use crate::import::addresses::{Links, key};
use crate::import::body::{self, Composed, Explained};
use crate::import::item::{Format, Item};
use crate::import::loss::{self, Counts, Wording};
use crate::import::manifest::Put;
use crate::import::plan::Head;
use crate::import::report::LossLine;
use crate::import::{Visibility, wordpress};
use crate::pipeline::Failure;

/// An item as files, and what is to be told of it.
pub(super) struct Prepared {
    pub(super) put: Vec<Put>,
    /// The file of the item itself.
    pub(super) path: String,
    pub(super) standing: String,
    pub(super) is_published: bool,
    pub(super) is_embargoed: bool,
    pub(super) draft: Option<String>,
    pub(super) comments: [usize; 4],
    pub(super) unknown: Vec<String>,
    pub(super) dead_links: Vec<String>,
    pub(super) remarks: Vec<String>,
    pub(super) there: Counts,
    pub(super) here: Counts,
    pub(super) explained: Vec<Explained>,
    pub(super) loss: Option<LossLine>,
    pub(super) files: BTreeSet<String>,
    /// Elements of its text that are left out.
    pub(super) hidden: usize,
}

impl Writer<'_> {
    /// Writes an item and its comments.
    pub(super) fn item(&self, mut item: Item, head: &Head) -> Result<Prepared, Failure> {
        let links = &self.plan.addresses;
        let mut remarks = Vec::new();
        let (composed, there) = self.body(&item, &mut remarks);
        let Composed { mut markdown, explained, mut unknown, files, links: mut dead_links, hidden } = composed;
        dead_links.retain(|href| self.is_dead(href));
        unknown.sort();
        if is_like_front_matter(&markdown) {
            markdown.insert(0, '\n');
        }
        let mut files = files;
        let image = item.image.take().map(|mut image| {
            image.src = links.media(&image.src);
            let known = links.about(&image.src);
            if let Some(known) = known {
                for (own, known) in [
                    (&mut image.alt, &known.alt),
                    (&mut image.caption, &known.caption),
                    (&mut image.credit, &known.credit),
                ] {
                    if own.is_empty() {
                        known.clone_into(own);
                    }
                }
            }
            image
        });
        if let Some(image) = image.as_ref().filter(|image| image.src.starts_with('/')) {
            files.insert(image.src.clone());
        }
        if image.as_ref().is_some_and(|image| image.src.is_empty()) {
            remarks.push("its image is not in the export".into());
        }
        item.image = image.filter(|image| !image.src.is_empty());
        if let Some(corrections) = item.number.and_then(|number| self.shared.corrections.get(&number)) {
            item.corrections.extend(corrections.iter().cloned());
        }
        let title = title_of(&item, &markdown, &mut remarks);
        let mut front = self.front_matter(&item, head, &title, &mut remarks);
        let mut text = with_front_matter(front.clone(), &markdown);
        // What the build will read decides.
        let mut read = front_matter::read(&head.path, &text, &text, &front_matter::Reading::of(self.config));
        if read.is_err() && front.remove("extra").is_some() {
            remarks.push(
                "its other fields say something about publication that cannot be meant; they are left out".into(),
            );
            text = with_front_matter(front.clone(), &markdown);
            read = front_matter::read(&head.path, &text, &text, &front_matter::Reading::of(self.config));
        }
        let wants = |draft: bool| draft == matches!(head.standing, Visibility::Draft(_));
        let mut standing = head.standing.clone();
        match &read {
            Ok(Read::Entry(entry)) if wants(entry.withheld.draft) => {}
            Ok(Read::Entry(_)) => {
                remarks.push("its headline or a field says that it is not to be published; it is a draft here".into());
                standing = Visibility::Draft("by a word in its headline".into());
                front.insert("draft".into(), true.into());
            }
            Ok(_) => {}
            Err(problems) => {
                let first = problems.first().map_or(String::new(), |problem| problem.message.clone());
                remarks.push(format!("the build will ask for a decision: {first}"));
            }
        }
        if standing != head.standing {
            text = with_front_matter(front, &markdown);
        }
        let is_published = standing == Visibility::Published;
        let (here, loss) = self.compare(&item, head, &markdown, &there, &explained);
        let path = self.file_of(head)?;
        let mut put = vec![self.target.put(path.clone(), text.as_bytes())?];
        let comments = self.comments(std::mem::take(&mut item.comments), head, &path, &mut put)?;
        Ok(Prepared {
            put,
            path,
            standing: match &standing {
                Visibility::Published => "published".into(),
                Visibility::Embargoed => "embargoed".into(),
                Visibility::Draft(reason) => reason.clone(),
            },
            is_published,
            is_embargoed: standing == Visibility::Embargoed,
            draft: match standing {
                Visibility::Draft(reason) => Some(reason),
                _ => None,
            },
            comments,
            unknown,
            dead_links: dead_links.into_iter().collect(),
            remarks,
            there: there.counts,
            here,
            explained,
            loss,
            files,
            hidden,
        })
    }

    /// Where an item goes. One that is elsewhere now leaves its file, unless somebody has edited or removed that: then
    /// it stays with what they did. Comments that editors have approved go with it.
    fn file_of(&self, head: &Head) -> Result<String, Failure> {
        let Some(other) =
            self.known_by(head).and_then(|item| self.target.other_file(&item, &head.path).map(str::to_owned))
        else {
            return Ok(head.path.clone());
        };
        if !self.target.may_leave(&other) {
            return Ok(other);
        }
        let [from, to] = [&other, &head.path].map(|path| crate::article::comments::path_of(path));
        self.target.carry(&from, &to)?;
        Ok(head.path.clone())
    }

    /// Whether a link within the site leads to nothing that the source has. What the build lists is taken to be there,
    /// and files are told elsewhere.
    fn is_dead(&self, href: &str) -> bool {
        if href.starts_with('#') {
            return true;
        }
        if href.starts_with("/?p=") || href.starts_with("/?page_id=") {
            return true;
        }
        let key = key(href.split(['?', '#']).next().unwrap_or_default());
        let parts: Vec<&str> = key.split('/').collect();
        let is_listing = match *parts {
            ["tags" | "authors" | "series" | "page" | "feed" | "archive" | "search", ..] => true,
            [year] | [year, _] => year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()),
            _ => false,
        };
        let name = parts.last().and_then(|name| name.rsplit_once('.'));
        let is_file = name.is_some_and(|(_, ending)| !matches!(ending, "html" | "htm" | "php"));
        !key.is_empty() && !is_listing && !is_file && !self.answered.contains(&key)
    }

    /// The body as Markdown, and what it said in its source.
    fn body(&self, item: &Item, remarks: &mut Vec<String>) -> (Composed, Wording) {
        let links = &self.plan.addresses;
        let (html, notes, mut before, there) = match item.format {
            Format::Markdown => {
                let there = Wording::of_html(&loss::rendered(
                    &item.body,
                    self.config.settings.markdown,
                    &self.config.settings.embeds,
                ));
                let (markdown, files) = body::written::relinked(item.body.trim_end(), links);
                return (Composed { markdown, files, ..Composed::default() }, there);
            }
            Format::Html => (item.body.clone(), Vec::new(), Composed::default(), Wording::of_html(&item.body)),
            Format::Wordpress => wordpress::expand(item, self.shared, links),
        };
        let composed = body::compose(&html, &notes, links).unwrap_or_else(|_| {
            remarks.push("its text is nested too deep; only the words of it are kept".into());
            let text: String = crate::html::tokens(&html)
                .into_iter()
                .map(|token| match token {
                    crate::html::Token::Text(text) => text,
                    _ => " ".into(),
                })
                .collect();
            let text = body::escaped(&text.split_whitespace().collect::<Vec<&str>>().join(" "));
            body::compose(&text, &[], links).unwrap_or_default()
        });
        before.markdown = composed.markdown;
        before.explained.extend(composed.explained);
        before.explained.retain(|explained| !explained.by.is_zero());
        before.unknown.extend(composed.unknown);
        before.files.extend(composed.files);
        before.links.extend(composed.links);
        before.hidden += composed.hidden;
        (before, there)
    }

    /// Compares what an item said with what it says here.
    fn compare(
        &self,
        item: &Item,
        head: &Head,
        markdown: &str,
        there: &Wording,
        explained: &[Explained],
    ) -> (Counts, Option<LossLine>) {
        if item.format == Format::Markdown {
            return (there.counts, None);
        }
        let html = loss::rendered(markdown, self.config.settings.markdown, &self.config.settings.embeds);
        let here = Wording::of_html(&html);
        let mut expected = there.counts;
        let mut dropped = 0;
        for Explained { by, .. } in explained {
            expected += *by;
            dropped += (-by.words).max(0);
        }
        let mut difference = here.counts - expected;
        // An address in a sentence is a link here.
        if (1..=there.bare).contains(&difference.links) {
            difference.links = 0;
        }
        let (missing, mut words) = there.missing_in(&here);
        let lost = (missing - dropped).max(0);
        if difference.is_zero() && lost == 0 {
            return (here.counts, None);
        }
        if lost == 0 {
            words.clear();
        }
        let mut named: BTreeMap<&'static str, i64> =
            difference.named().into_iter().filter(|(_, number)| *number != 0).collect();
        if lost > 0 {
            named.insert("lost", -lost);
        }
        (
            here.counts,
            Some(LossLine { source: head.origin.to_string(), path: head.path.clone(), difference: named, words }),
        )
    }
}

/// The headline; where there is none, the first words.
fn title_of(item: &Item, markdown: &str, remarks: &mut Vec<String>) -> String {
    let title = plain(&item.title);
    if !title.is_empty() {
        return title;
    }
    let html = loss::rendered(markdown, crate::config::Markdown::default(), &crate::config::Embeds::default());
    let words: Vec<String> = plain(&html).split_whitespace().take(8).map(str::to_owned).collect();
    remarks.push("it has no headline; it is called by its first words".into());
    if words.is_empty() { "Untitled".into() } else { words.join(" ") }
}

fn is_like_front_matter(markdown: &str) -> bool {
    markdown.starts_with("---") || markdown.starts_with("+++")
}
