//! From records to the files of a site: the second pass.
//!
//! Items are prepared side by side, a batch at a time, and noted in their order, so two imports are the same. What an
//! item, its front matter, its comments and the site itself become stands in the modules below.

mod comments;
mod front_matter;
mod item;
mod site;

use std::collections::BTreeSet;
use std::io;

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use serde_json::Map;

use super::addresses::{Addresses, key};
use super::body::{self, Explained};
use super::item::{Record, Section};
use super::manifest::{self, Outcome, Put, Target};
use super::plan::{Head, Plan};
use super::report::{Line, Moved, Report};
use super::{Reading, Shared, Visibility, fetch, media, plan, redirects, report, spool};
use crate::config::{Config, Overrides};
use crate::diagnostic;
use crate::pipeline::Failure;
use front_matter::{insert, insert_list, plain, with_front_matter};
use item::Prepared;
use site::site_yaml;

/// So many items are in memory at a time.
const BATCH: usize = 256;

/// The file that keeps out of version control what is private or can be made again.
const IGNORED: (&str, &[u8]) = (".gitignore", b"/public/\n/.courant/\n/comments/inbox/\n");

/// Writes the site, and says what was done.
pub(super) fn write(mut reading: Reading<'_>) -> Result<Report, Failure> {
    let plan = plan::plan(&mut reading);
    let mut target = Target::open(&reading.options.into, reading.options.force, reading.options.is_trial)?;
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
        &destinations,
        &mut report.remarks,
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
    let mut redirects = redirects::resolve(destinations, &visible, &plan, &used, &heads, &config);
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
        let text = section_file(section, sections.get(*section), aliases.iter().cloned());
        files.add(target.put(format!("content/{section}/_index.md"), text.as_bytes())?, &mut report);
    }
    report.sections = redirects.sections.len();
    for author in authors.values() {
        let text = writer.profile(author);
        files.add(target.put(format!("content/authors/{}.md", author.id), text.as_bytes())?, &mut report);
        report.authors += 1;
    }
    writer.items(spool, &mut report, &mut files)?;
    let hidden: BTreeSet<String> = files.withheld.union(&files.embargoed).cloned().collect();
    files.public.extend(unseen_files(&heads, &plan.addresses, &hidden));
    redirects.forget(&hidden.difference(&files.public).cloned().collect());
    for (path, bytes) in redirects.files(&config) {
        files.add(target.put(path, &bytes)?, &mut report);
    }
    report.addresses = redirects.answers;
    report.addresses.extend(writer.answers());
    report.addresses.sort();
    report.addresses.dedup();
    let uses = [&files.public, &files.embargoed, &files.withheld];
    let missing = media::copy(target.root(), options.media.as_deref(), uses, options.is_trial, &mut report.media);
    for (folder, mut missing) in missing {
        if options.does_download && !options.is_trial {
            let addresses = &plan.addresses;
            let address = |path: &str| addresses.there(path);
            let fetched = fetch::fetch(&addresses.base, &address, &target.root().join(folder), &mut missing);
            report.media.there += fetched;
            report.media.copied += fetched;
        }
        report.media.missing.extend(missing);
    }
    let now: FxHashSet<String> = files.put.iter().map(|put| put.path.clone()).collect();
    // What an item has left behind would be published beside it, or although it is withheld now.
    let left = files.items.iter().filter_map(|(item, path)| target.other_file(item, path)).flat_map(with_comments);
    report.files.moved = target.remove(left.collect::<Vec<String>>(), &now)?;
    report.files.gone = target.gone(&now).map(str::to_owned).collect();
    if !options.is_trial {
        manifest::json(&target.root().join(report::FILE), &report)
            .map_err(|error| Failure::Machine(diagnostic::machine("write", report::FILE, &error)))?;
    }
    target.close(files.put.into_iter().map(Put::entry), files.items)?;
    Ok(report)
}

/// The files of an item.
fn with_comments(path: &str) -> [String; 2] {
    [path.to_owned(), crate::article::comments::path_of(path)]
}

/// The file of a section, with what the export says of it.
fn section_file(name: &str, known: Option<&Section>, aliases: impl Iterator<Item = String>) -> String {
    let title = known.map(|known| plain(&known.title)).filter(|title| !title.is_empty());
    let title = title.unwrap_or_else(|| crate::article::title_of_name(name).to_string());
    let mut front = Map::new();
    front.insert("title".into(), title.into());
    insert(&mut front, "description", known.map(|known| plain(&known.description)).unwrap_or_default());
    insert_list(&mut front, "aliases", aliases);
    with_front_matter(front, "")
}

/// What was put into the site.
#[derive(Default)]
struct Written {
    put: Vec<Put>,
    /// Files that texts show or name: those of published texts, of embargoed ones, and of all others.
    public: BTreeSet<String>,
    embargoed: BTreeSet<String>,
    withheld: BTreeSet<String>,
    /// The files of items, by what the items are known by.
    items: Vec<(String, String)>,
}

impl Written {
    fn add(&mut self, put: Put, report: &mut Report) {
        report.add(&put);
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

/// Files that no text shows, but that everybody could get: they belong to something that is published, or to nothing.
/// Links from elsewhere lead to them. What a withheld text shows is not among them.
fn unseen_files(heads: &[Head], addresses: &Addresses, withheld: &BTreeSet<String>) -> Vec<String> {
    let withheld: FxHashSet<String> = withheld.iter().map(|path| key(path)).collect();
    let published = heads.iter().filter(|head| !head.is_double && head.standing == Visibility::Published);
    let published: FxHashSet<u64> = published.filter_map(|head| head.number).collect();
    let was_public = |parent: Option<u64>| parent.is_none_or(|parent| published.contains(&parent));
    let all = addresses.media.iter().filter(|(path, media)| path.starts_with('/') && was_public(media.parent));
    all.map(|(path, _)| path.clone()).filter(|path| !withheld.contains(&key(path))).collect()
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
        report.leave_out(body::HIDDEN, prepared.hidden);
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
        let used = match (prepared.is_published, prepared.is_embargoed) {
            (true, _) => &mut files.public,
            (_, true) => &mut files.embargoed,
            _ => &mut files.withheld,
        };
        used.extend(prepared.files);
        if let Some(item) = self.known_by(head) {
            files.items.push((item, prepared.path.clone()));
        }
        for put in prepared.put {
            if put.path == prepared.path && matches!(put.fate, Outcome::Kept(_)) && !prepared.is_published {
                let what = "it is not published there; its file has been edited here, so that stays as it is";
                report.remark(&place, format!("{what}: {}", put.path));
            }
            files.add(put, report);
        }
        report.items.push(Moved {
            source: place,
            path: prepared.path,
            old: head.old.clone(),
            aliases: head.aliases.clone(),
            new: prepared.is_published.then(|| head.address.clone()),
            standing: prepared.standing,
        });
    }

    /// By what an item is known from one import to the next.
    fn known_by(&self, head: &Head) -> Option<String> {
        head.number.map(|number| format!("{}/?p={number}", self.plan.addresses.base))
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
                head.rules.iter().for_each(|old| add(old.clone(), "rule"));
            }
            if head.was_public && new.is_none() && !head.old.is_empty() {
                add(head.old.clone(), "gone");
            }
        }
        answers
    }
}

/// What redirects need of addresses.
pub(super) fn own_path(addresses: &Addresses, href: &str) -> Option<String> {
    addresses.own(href).map(str::to_owned)
}
