//! From records to the files of a site: the second pass.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use serde_json::{Map, Value, json};

use super::addresses::{Addresses, Links, key};
use super::body::{self, Composed, Explained};
use super::item::{Comment, Format, Item, Record};
use super::loss::{self, Counts, Wording};
use super::manifest::{self, Put, Target};
use super::plan::{Head, Plan};
use super::report::{Line, LossLine, Moved, Report};
use super::{Reading, Shared, Visibility, fetch, media, plan, redirects, report, spool, wordpress};
use crate::article::front_matter;
use crate::article::record::Record as Read;
use crate::article::replies;
use crate::article::time::Timestamp;
use crate::comments::approved::{self, Approved};
use crate::comments::import as comments;
use crate::comments::inbox::{FOLDER, Waiting, is_id};
use crate::config::{Config, Overrides, Slugs};
use crate::diagnostic::{self, Diagnostic};
use crate::pipeline::Failure;
use crate::text::plain_line;
use crate::yaml;

/// So many items are in memory at a time.
const BATCH: usize = 256;

/// The file that keeps out of version control what is private or can be made again.
const IGNORED: (&str, &[u8]) = (".gitignore", b"/public/\n/.courant/\n/comments/inbox/\n");

/// The most tags, authors and corrections that an article may have.
const MOST_NAMES: usize = 250;

/// Writes the site, and says what was done.
pub(super) fn write(mut reading: Reading<'_>) -> Result<Report, Failure> {
    let plan = plan::plan(&mut reading);
    let target = Target::open(&reading.options.into, reading.options.force, reading.options.is_trial)?;
    let Reading {
        options,
        mut report,
        spool,
        heads,
        site,
        sections,
        authors,
        shared,
        destinations,
        mut visible,
        zone,
        ..
    } = reading;
    for head in heads.iter().filter(|head| head.standing == Visibility::Published && !head.is_page) {
        if let Some((year, month, _)) = head.date.map(|date| date.day(&zone)) {
            visible.months.insert((year, month));
        }
    }
    let mut files = Written::default();
    let is_wordpress = report.format == "wordpress";
    let text = site_yaml(
        options.base_url.as_deref().unwrap_or(&site.url),
        &site,
        &plan,
        zone.iana_name().unwrap_or("UTC"),
        is_wordpress,
    );
    files.add(target.put(crate::config::FILE.into(), text.as_bytes())?, &mut report);
    // What waits in the inbox has addresses of people, and is not to be shared.
    if !target.root().join(IGNORED.0).exists() || target.is_ours(IGNORED.0) {
        files.add(target.put(IGNORED.0.into(), IGNORED.1)?, &mut report);
    }
    let effective = std::fs::read_to_string(target.root().join(crate::config::FILE)).unwrap_or_else(|_| text.clone());
    let config = Config::from_text(&effective, &Overrides::default()).map_err(Failure::Site)?;
    let used: BTreeSet<&str> =
        heads.iter().filter(|head| !head.is_page && !head.is_double).map(|head| &*head.section).collect();
    let redirects = redirects::resolve(destinations, &visible, &plan, &used, &heads, &config);
    let writer = Writer {
        plan: &plan,
        shared: &shared,
        config: &config,
        target: &target,
        heads: &heads,
        has_authors: authors.keys().cloned().collect(),
        answered: answered(&heads, &plan.addresses, &redirects),
    };
    for (section, aliases) in &redirects.sections {
        let known = sections.get(*section);
        let title = known.map(|known| plain(&known.title)).filter(|title| !title.is_empty());
        let title = title.unwrap_or_else(|| crate::article::title_of_name(section).to_string());
        let mut front = Map::new();
        front.insert("title".into(), title.into());
        let description = known.map(|known| plain(&known.description)).filter(|text| !text.is_empty());
        insert(&mut front, "description", description.unwrap_or_default());
        insert_list(&mut front, "aliases", aliases.iter().cloned());
        let text = with_front_matter(front, "");
        files.add(target.put(format!("content/{section}/_index.md"), text.as_bytes())?, &mut report);
    }
    report.sections = redirects.sections.len();
    for author in authors.values() {
        let text = writer.profile(author);
        files.add(target.put(format!("content/authors/{}.md", author.id), text.as_bytes())?, &mut report);
        report.authors += 1;
    }
    writer.items(spool, &mut report, &mut files)?;
    for (path, bytes) in redirects.files(&config) {
        files.add(target.put(path, &bytes)?, &mut report);
    }
    report.addresses = redirects.answers;
    report.addresses.extend(writer.answers());
    report.addresses.sort();
    report.addresses.dedup();
    let withheld: BTreeSet<String> = files.withheld.difference(&files.public).cloned().collect();
    media::copy(target.root(), options.media.as_deref(), &files.public, &withheld, options.is_trial, &mut report.media);
    if options.does_download && !options.is_trial {
        let fetched = fetch::fetch(&plan.addresses.base, &target.root().join("static"), &mut report.media.missing);
        report.media.there += fetched;
        report.media.copied += fetched;
    }
    report.files.gone = {
        let now: FxHashSet<&str> = files.put.iter().map(|put| put.path.as_str()).collect();
        target.gone(&now).map(str::to_owned).collect()
    };
    if !options.is_trial {
        manifest::json(&target.root().join(report::FILE), &report)
            .map_err(|error| Failure::Machine(diagnostic::machine("write", report::FILE, &error)))?;
    }
    target.close(files.put.into_iter().map(Put::entry))?;
    Ok(report)
}

/// What was put into the site.
#[derive(Default)]
struct Written {
    put: Vec<Put>,
    /// Files that published texts show or name, and those that others do.
    public: BTreeSet<String>,
    withheld: BTreeSet<String>,
}

impl Written {
    fn add(&mut self, put: Put, report: &mut Report) {
        report.files.add(&put);
        self.put.push(put);
    }
}

/// What writing an item needs.
struct Writer<'a> {
    plan: &'a Plan,
    shared: &'a Shared,
    config: &'a Config,
    target: &'a Target,
    heads: &'a [Head],
    /// Ids of authors that have a profile.
    has_authors: FxHashSet<String>,
    /// Addresses at which something is, or was, by their keys.
    answered: FxHashSet<String>,
}

/// Addresses of items and listings, old and new ones.
fn answered(heads: &[Head], addresses: &Addresses, redirects: &redirects::Redirects<'_>) -> FxHashSet<String> {
    let of_heads = heads.iter().flat_map(|head| {
        [&head.address, &head.old].into_iter().chain(&head.aliases).map(|path| key(path)).collect::<Vec<_>>()
    });
    let of_listings = redirects.answers.iter().filter(|one| one.new.is_some()).map(|one| key(&one.old));
    let sections = redirects.sections.keys().map(|section| (*section).to_owned());
    let known = addresses.moved.keys().chain(addresses.media_pages.keys()).cloned();
    of_heads.chain(of_listings).chain(sections).chain(known).collect()
}

/// An item as files, and what is to be told of it.
struct Prepared {
    put: Vec<Put>,
    standing: String,
    is_published: bool,
    is_embargoed: bool,
    draft: Option<String>,
    comments: [usize; 4],
    unknown: Vec<String>,
    dead_links: Vec<String>,
    remarks: Vec<String>,
    there: Counts,
    here: Counts,
    explained: Vec<Explained>,
    loss: Option<LossLine>,
    files: BTreeSet<String>,
}

impl Writer<'_> {
    /// Writes all items, in batches.
    fn items(&self, spool: spool::Spool, report: &mut Report, files: &mut Written) -> Result<(), Failure> {
        let spooled = |error: io::Error| Failure::Machine(diagnostic::machine("read", "the scratch file", &error));
        let mut reader = spool.read().map_err(spooled)?;
        let mut at = 0;
        loop {
            let mut batch: Vec<(usize, Vec<u8>)> = Vec::with_capacity(BATCH);
            while batch.len() < BATCH
                && let Some(bytes) = reader.next().map_err(spooled)?
            {
                batch.push((at, bytes));
                at += 1;
            }
            if batch.is_empty() {
                return Ok(());
            }
            let prepared: Vec<Result<Option<Prepared>, Failure>> = batch
                .par_iter()
                .with_max_len(4)
                .map(|(at, bytes)| {
                    let head = &self.heads[*at];
                    if head.is_double {
                        return Ok(None);
                    }
                    match spool::record(bytes).map_err(spooled)? {
                        Record::Article(item) | Record::Page(item) => self.item(*item, head).map(Some),
                        _ => Ok(None),
                    }
                })
                .collect();
            for ((at, _), prepared) in batch.iter().zip(prepared) {
                if let Some(prepared) = prepared? {
                    self.note(&self.heads[*at], prepared, report, files);
                }
            }
        }
    }

    /// Notes in the report what became of an item.
    fn note(&self, head: &Head, prepared: Prepared, report: &mut Report, files: &mut Written) {
        let place = head.origin.to_string();
        if head.is_page {
            report.pages += 1
        } else {
            report.articles += 1
        }
        report.published_here += usize::from(prepared.is_published);
        report.embargoed += usize::from(prepared.is_embargoed);
        if let Some(reason) = prepared.draft {
            *report.drafts.entry(reason).or_default() += 1;
        }
        let [published, waiting, left, of_pages] = prepared.comments;
        report.comments += published;
        report.comments_waiting += waiting;
        report.comments_left += left;
        report.comments_of_pages += of_pages;
        for unknown in prepared.unknown {
            report.unknown(unknown, &place);
        }
        for href in prepared.dead_links.into_iter().filter(|_| prepared.is_published) {
            report.dead_link(href, &place);
        }
        report.remarks.extend(prepared.remarks.into_iter().map(|what| Line { source: place.clone(), what }));
        let loss = &mut report.loss;
        loss.items += 1;
        loss.there += prepared.there;
        loss.here += prepared.here;
        match (&prepared.loss, prepared.explained.is_empty()) {
            (None, true) => loss.exact += 1,
            (None, false) => loss.explained += 1,
            (Some(_), _) => {}
        }
        for Explained { why, by } in prepared.explained {
            *loss.reasons.entry(why.to_owned()).or_default() += by;
        }
        if let Some(line) = prepared.loss {
            loss.words_lost += -line.difference.get("lost").copied().unwrap_or_default();
            loss.lines.push(line);
        }
        let used = if prepared.is_published { &mut files.public } else { &mut files.withheld };
        used.extend(prepared.files);
        for put in prepared.put {
            files.add(put, report);
        }
        report.items.push(Moved {
            source: place,
            path: head.path.clone(),
            old: head.old.clone(),
            aliases: head.aliases.clone(),
            new: prepared.is_published.then(|| head.address.clone()),
            standing: prepared.standing,
        });
    }

    /// Writes an item and its comments.
    fn item(&self, mut item: Item, head: &Head) -> Result<Prepared, Failure> {
        let links = &self.plan.addresses;
        let mut remarks = Vec::new();
        let (composed, there) = self.body(&item, &mut remarks);
        let Composed { mut markdown, explained, mut unknown, files, links: mut dead_links } = composed;
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
            Ok(Read::Story(story)) if wants(story.withheld.draft) => {}
            Ok(Read::Story(_)) => {
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
        let mut put = vec![self.target.put(head.path.clone(), text.as_bytes())?];
        let comments = self.comments(std::mem::take(&mut item.comments), head, &mut put)?;
        Ok(Prepared {
            put,
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
        })
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

    fn front_matter(&self, item: &Item, head: &Head, title: &str, remarks: &mut Vec<String>) -> Map<String, Value> {
        let links = &self.plan.addresses;
        let mut front = Map::new();
        front.insert("title".into(), title.into());
        let zone = &self.config.time_zone;
        let date = item.date.as_deref().filter(|date| Timestamp::parse(date, zone).is_ok());
        if !head.is_page || matches!(head.standing, Visibility::Embargoed) {
            insert(&mut front, "date", date.unwrap_or_default());
        }
        let updated = item
            .updated
            .as_deref()
            .filter(|updated| Timestamp::parse(updated, zone).is_ok_and(|updated| Some(updated) > head.date));
        insert(&mut front, "updated", updated.unwrap_or_default());
        let names = |names: &[String]| {
            let mut seen = FxHashSet::default();
            let named = names.iter().map(|name| plain(name)).filter(|name| !name.is_empty() && name.len() <= 500);
            named.filter(|name| seen.insert(name.to_lowercase())).take(MOST_NAMES).collect::<Vec<String>>()
        };
        if item.tags.len() > MOST_NAMES {
            remarks.push(format!("of its {} tags the first {MOST_NAMES} are kept", item.tags.len()));
        }
        insert_names(&mut front, "authors", names(&item.authors), &self.has_authors);
        insert_names(&mut front, "tags", names(&item.tags), &FxHashSet::default());
        insert(&mut front, "series", plain(&item.series));
        insert(&mut front, "summary", plain(&item.summary));
        if let Some(image) = item.image.as_ref().filter(|image| !image.src.is_empty()) {
            let mut map = Map::new();
            insert(&mut map, "src", image.src.clone());
            insert(&mut map, "alt", plain(&image.alt));
            insert(&mut map, "caption", plain(&image.caption));
            insert(&mut map, "credit", plain(&image.credit));
            front.insert("image".into(), map.into());
        }
        if let Some(source) = item.source.as_ref().filter(|source| !source.name.is_empty()) {
            let mut map = Map::new();
            insert(&mut map, "name", plain(&source.name));
            insert(&mut map, "url", source.url.clone());
            front.insert("source".into(), map.into());
        }
        let corrections = item.corrections.iter().take(MOST_NAMES).map(|correction| {
            let mut map = Map::new();
            insert(&mut map, "date", correction.date.clone());
            insert(&mut map, "text", comments::markdown(&correction.text));
            Value::from(map)
        });
        let corrections: Vec<Value> = corrections.collect();
        if !corrections.is_empty() {
            front.insert("corrections".into(), corrections.into());
        }
        let canonical = links.own(&item.canonical).map_or_else(
            || item.canonical.clone(),
            |path| format!("{}{path}", self.config.base_url.trim_end_matches('/')),
        );
        let is_own = !item.canonical.is_empty() && links.own(&item.canonical).is_some();
        insert(&mut front, "canonical", if is_own { "" } else { &*canonical });
        insert(&mut front, "kind", item.kind.clone());
        if item.featured {
            front.insert("featured".into(), true.into());
        }
        if let Visibility::Draft(reason) = &head.standing {
            front.insert("draft".into(), true.into());
            front.insert("import_note".into(), format!("imported as a draft: {reason}").into());
        }
        insert_list(&mut front, "aliases", head.aliases.iter().cloned());
        if head.has_slug {
            front.insert("slug".into(), head.slug.clone().into());
        }
        if head.has_permalink {
            front.insert("permalink".into(), head.address.clone().into());
        }
        if item.comments_open == Some(false) && !head.is_page {
            front.insert("comments".into(), false.into());
        }
        insert(&mut front, "id", head.id.clone());
        if self.config.languages.iter().any(|language| language.tag.eq_ignore_ascii_case(&item.language))
            && self.config.is_multilingual()
        {
            insert(&mut front, "language", item.language.clone());
        }
        if !item.extra.is_empty() {
            front.insert("extra".into(), Value::Object(item.extra.clone()));
        }
        front
    }

    /// Comments into the article's file and the inbox: published, waiting, left behind, of pages.
    fn comments(&self, all: Vec<Comment>, head: &Head, put: &mut Vec<Put>) -> Result<[usize; 4], Failure> {
        if all.is_empty() {
            return Ok([0; 4]);
        }
        let zone = &self.config.time_zone;
        let mut counts = [0; 4];
        let (mut published, mut waiting) = (Vec::new(), Vec::new());
        for comment in all {
            let text = comments::markdown_of_lines(&comment.text);
            let id = plain_line(&comment.id);
            let is_known = matches!(&*comment.status, "approved" | "pending");
            if !is_known || text.trim().is_empty() || text.chars().count() > replies::LONGEST || !is_id(&id) {
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
        published.dedup_by(|a, b| a.id == b.id);
        let ids: FxHashSet<String> = published.iter().map(|one| one.id.clone()).collect();
        for one in &mut published {
            one.in_reply_to = one.in_reply_to.take().filter(|id| ids.contains(id));
        }
        if !published.is_empty() {
            let path = if head.is_page {
                format!("import-comments/{}.yaml", head.path.trim_start_matches("content/").trim_end_matches(".md"))
            } else {
                replies::path_of(&head.path)
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
                source: Some(head.path.clone()),
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

    fn profile(&self, author: &super::item::Author) -> String {
        let mut front = Map::new();
        front.insert(
            "name".into(),
            Some(plain(&author.name)).filter(|name| !name.is_empty()).unwrap_or_else(|| author.id.clone()).into(),
        );
        insert(&mut front, "role", plain(&author.role));
        insert(&mut front, "image", self.plan.addresses.media(&author.image));
        insert_list(&mut front, "links", author.links.iter().filter(|link| link.starts_with("http")).cloned());
        let text = body::compose(&author.biography, &[], &self.plan.addresses)
            .map(|composed| composed.markdown)
            .unwrap_or_default();
        with_front_matter(front, &text)
    }

    /// What answers the old addresses of items.
    fn answers(&self) -> Vec<super::report::Answer> {
        let mut answers = Vec::new();
        for head in self.heads.iter().filter(|head| !head.is_double) {
            let new = (head.standing == Visibility::Published).then(|| head.address.clone());
            let mut add = |old: String, how: &'static str| {
                let how = if new.is_some() { how } else { "gone" };
                answers.push(super::report::Answer { old, new: new.clone(), how });
            };
            if let Some(number) = head.number.filter(|_| head.was_public) {
                let name = if head.is_page { "page_id" } else { "p" };
                add(format!("/?{name}={number}"), "rule");
            }
            if head.was_public {
                head.aliases.iter().for_each(|alias| add(alias.clone(), "redirect"));
            }
            if head.was_public && new.is_none() && !head.old.is_empty() {
                add(head.old.clone(), "gone");
            }
        }
        answers
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

/// Text or HTML as one line of text.
fn plain(text: &str) -> String {
    if !text.contains('<') {
        return plain_line(text);
    }
    let mut line = String::new();
    for token in crate::html::tokens(text) {
        match token {
            crate::html::Token::Text(text) => line.push_str(&text),
            crate::html::Token::Start(name, _) | crate::html::Token::End(name)
                if !body::is_inline(&name) || *name == *"br" =>
            {
                line.push(' ')
            }
            _ => {}
        }
    }
    plain_line(&body::escaped(&line))
}

fn is_like_front_matter(markdown: &str) -> bool {
    markdown.starts_with("---") || markdown.starts_with("+++")
}

fn insert(map: &mut Map<String, Value>, key: &str, text: impl Into<String>) {
    let text = text.into();
    if !text.is_empty() {
        map.insert(key.to_owned(), text.into());
    }
}

fn insert_list(map: &mut Map<String, Value>, key: &str, list: impl Iterator<Item = String>) {
    let list: Vec<Value> = list.map(Value::from).collect();
    if !list.is_empty() {
        map.insert(key.to_owned(), list.into());
    }
}

/// Names as a list; one with a comma is a map, so nothing takes it for several.
fn insert_names(map: &mut Map<String, Value>, key: &str, names: Vec<String>, ids: &FxHashSet<String>) {
    let value = |name: String| {
        if name.contains([',', ';']) && !ids.contains(&name) { json!({ "name": name }) } else { Value::from(name) }
    };
    let list: Vec<Value> = names.into_iter().map(value).collect();
    if !list.is_empty() {
        map.insert(key.to_owned(), list.into());
    }
}

fn with_front_matter(front: Map<String, Value>, markdown: &str) -> String {
    let head = yaml::to_string(&front).unwrap_or_default();
    let body = crate::text::clean(markdown.trim_end());
    if body.is_empty() { format!("---\n{head}---\n") } else { format!("---\n{head}---\n\n{body}\n") }
}

/// The text of `site.yaml`.
fn site_yaml(url: &str, site: &super::item::Site, plan: &Plan, zone: &str, is_wordpress: bool) -> String {
    let mut map = Map::new();
    insert(&mut map, "title", plain(&site.title));
    insert(&mut map, "description", plain(&site.description));
    insert(&mut map, "base_url", url.trim_end_matches('/'));
    let is_tag = !site.language.is_empty() && site.language.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    insert(&mut map, "language", if is_tag { site.language.as_str() } else { "" });
    insert(&mut map, "timezone", zone);
    insert(&mut map, "permalink", plan.pattern.clone());
    if plan.slugs == Slugs::Keep {
        map.insert("slugs".into(), "keep".into());
    }
    let entry = |entry: &super::item::MenuEntry| {
        let (title, url) = (plain(&entry.title), plan.addresses.link(&entry.url));
        let url = plan.renamed.get(url.trim_matches('/')).map_or(url, |section| format!("/{section}/"));
        let is_link = (url.starts_with('/') || url.starts_with("http")) && !url.contains("/?");
        (!title.is_empty() && is_link).then(|| json!({ "title": title, "url": url }))
    };
    let with_children = |one: &super::item::MenuEntry| {
        let mut made = entry(one)?;
        let children: Vec<Value> = one.children.iter().filter_map(entry).collect();
        if !children.is_empty() {
            made["children"] = children.into();
        }
        Some(made)
    };
    let menu: Vec<Value> = site.menu.iter().filter_map(with_children).collect();
    if !menu.is_empty() {
        map.insert("menu".into(), menu.into());
    }
    // Blocks that Markdown cannot say stay HTML.
    let mut markdown = Map::new();
    markdown.insert("raw_html".into(), true.into());
    if is_wordpress {
        // WordPress sets quotes and dashes when it shows a post.
        markdown.insert("smart_punctuation".into(), true.into());
    }
    map.insert("markdown".into(), markdown.into());
    yaml::to_string(&map).unwrap_or_default()
}

/// What redirects need of addresses.
pub(super) fn own_path(addresses: &Addresses, href: &str) -> Option<String> {
    addresses.own(href).map(str::to_owned)
}
