//! Which files visible texts name: the photographs that they show, and as what; files of every kind that they link
//! to; and those that only withheld texts name.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::bundles::bundle_of;
use super::written::Written;
use super::{Role, front, image_row, resolve};
use crate::article::parts::{WHATEVER, is_meant, is_only_part, may_be_part};
use crate::article::record::{Entry, Image, Mention, Naming, Record, is_unread};
use crate::article::time::Timestamp;
use crate::article::{Broken, Row};
use crate::config::Config;
use crate::file_kind::is_shown;
use crate::original::Format;
use crate::site_path::decode;
use crate::source_name::is_marked;
use crate::variant::{Focus, MIDDLE};

/// A file that a text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ImageUse {
    /// The row of its file.
    pub row: u32,
    /// As what.
    pub role: ImageRole,
}

/// As what a file is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ImageRole {
    /// It is shown.
    Shown,
    /// It is the image of an article, to be cut around this point.
    Lead(Focus),
    /// There is a link to the file.
    Linked,
    /// It is a part of a film or model that is published.
    Part,
    /// A withheld article names it, a withheld update of live coverage, or a film or model that is held back.
    HeldBack,
}

/// What the index knows of files that texts name.
pub(super) struct Named {
    /// The photographs that visible texts name, each once in each role, by their rows.
    pub(super) images: Vec<ImageUse>,
    /// The rows of all files that visible texts name.
    pub(super) files: Box<[u32]>,
    /// The rows of files that only withheld texts name.
    pub(super) held: Box<[u32]>,
}

/// What an entry in the source `path` names. `shows` is whether an update of that moment is visible.
pub(super) fn of_entry(
    entry: &Entry<'_>,
    path: &str,
    written: &Written<'_>,
    shows: impl Fn(Timestamp) -> bool,
) -> Box<[ImageUse]> {
    let shows = &shows;
    let updates = |visible: bool| {
        let updates = entry.updates.iter().filter(move |update| shows(update.time) == visible);
        updates.flat_map(|update| &update.mentions)
    };
    let lead = entry.image.as_ref().map(|image| {
        let cut = ImageRole::Lead(image.focus.unwrap_or(MIDDLE));
        (image, if image.is_whole { ImageRole::Shown } else { cut })
    });
    let mut named = of(lead, entry.mentions.iter().chain(updates(true)), path, written.rows);
    let withheld = entry.mentions.iter().filter(|mention| mention.how == Naming::Withheld);
    let held = updates(false).chain(withheld).flat_map(|mention| written.named(path, &mention.src));
    named.extend(held.map(|row| ImageUse { row, role: ImageRole::HeldBack }));
    named.into()
}

/// The images among what a text names, each once, in the order of the text. `only` is the one that everybody sees
/// where the rest is for subscribers.
pub(super) fn seen(named: &[ImageUse], rows: &[Row], only: Option<Option<u32>>) -> Box<[u32]> {
    let is_image = |row: u32| Format::of_name(&rows[row as usize].path).is_some();
    let mut seen: Vec<u32> = Vec::new();
    for one in named.iter().filter(|one| matches!(one.role, ImageRole::Shown | ImageRole::Lead(_))) {
        if only.is_none_or(|only| only == Some(one.row)) && is_image(one.row) && !seen.contains(&one.row) {
            seen.push(one.row);
            if seen.len() == MOST_SEEN {
                break;
            }
        }
    }
    seen.into()
}

/// Most images that a sitemap may name of a page
/// (<https://developers.google.com/search/docs/crawling-indexing/sitemaps/image-sitemaps>).
const MOST_SEEN: usize = 1000;

/// What the files of sections and authors name.
pub(super) fn of_others(written: &Written<'_>, roles: &[Role], config: &Config, now: Timestamp) -> Vec<ImageUse> {
    let rows = written.rows;
    let mut all = Vec::new();
    for (row, role) in rows.iter().zip(roles) {
        if *role != Role::Other || !crate::article::is_markdown(&row.path) {
            continue;
        }
        match row.record() {
            Record::Section(file) => {
                all.extend(of(None, file.mentions.iter(), &row.path, rows));
                for (src, is_seen) in front::named(&file, &row.path, (rows, roles), config, now) {
                    // An image for something withheld is withheld with it.
                    let role = if is_seen { ImageRole::Shown } else { ImageRole::HeldBack };
                    all.extend(written.named_anywhere(&row.path, src).into_iter().map(|row| ImageUse { row, role }));
                }
            }
            Record::Author(file) => {
                let portrait = file.image.as_ref().map(|image| (image, ImageRole::Shown));
                all.extend(of(portrait, file.mentions.iter(), &row.path, rows));
            }
            _ => {}
        }
    }
    all
}

/// What withheld articles, profiles, files of sections, and texts that are not read, name in the content folder.
pub(super) fn of_withheld(written: &Written<'_>, roles: &[Role]) -> Vec<ImageUse> {
    let rows = written.rows;
    let is_withheld = |role: Role| matches!(role, Role::Withheld | Role::Hidden);
    let is_left_out = |row: &Row| is_unread(&row.record);
    let all = rows.par_iter().zip(roles).with_min_len(256);
    let withheld = all.filter(|(row, role)| is_withheld(**role) || is_left_out(row));
    let named = withheld.flat_map_iter(|(row, _)| {
        let image = |image: &Option<Image<'_>>| image.as_ref().map(|image| image.src.to_string());
        let (image, mentions) = match row.record() {
            Record::Entry(entry) | Record::LeftOut(entry) => {
                let updates = entry.updates.into_iter().flat_map(|update| update.mentions);
                let corrections = entry.corrections.into_iter().flat_map(|correction| correction.mentions);
                (image(&entry.image), updates.chain(corrections).chain(entry.mentions).collect())
            }
            Record::Author(file) => (image(&file.image), file.mentions),
            Record::Section(file) => (None, file.mentions),
            Record::Ad(ad) => (None, ad.mentions),
            Record::Unread(mentions) => (None, mentions),
            Record::Comments(..) | Record::File(_) | Record::List(_) => return Vec::new(),
        };
        let srcs = image.iter().map(String::as_str).chain(mentions.iter().map(|mention| &*mention.src));
        let named = srcs.flat_map(|src| written.named(&row.path, src));
        named.map(|row| ImageUse { row, role: ImageRole::HeldBack }).collect()
    });
    named.collect()
}

/// What texts name that cannot be read; all that lies beside one of which nobody knows what it says.
pub(super) fn of_broken(written: &Written<'_>, broken: &[Broken]) -> Vec<ImageUse> {
    let mut all = Vec::new();
    for Broken { path, mentions, .. } in broken {
        match mentions {
            Some(mentions) => all.extend(mentions.iter().flat_map(|mention| written.named(path, &mention.src))),
            None => {
                let folder = path.rfind('/').map_or("", |end| &path[..=end]);
                let start = written.rows.partition_point(|row| *row.path < *folder);
                let beside = written.rows[start..].iter().take_while(|row| row.path.starts_with(folder)).zip(start..);
                let files = beside.filter(|(row, _)| !crate::article::is_markdown(&row.path));
                all.extend(files.map(|(_, row)| row as u32));
            }
        }
    }
    all.into_iter().map(|row| ImageUse { row, role: ImageRole::HeldBack }).collect()
}

/// The parts of a film or model, by their rows.
struct Parts {
    /// Those that are published with it.
    shown: Vec<u32>,
    /// Those that are held back with it: whatever it may mean.
    meant: Vec<u32>,
}

impl Parts {
    fn of(list: &Row, written: &Written<'_>) -> Self {
        let rows = written.rows;
        let mut parts = Self { shown: Vec::new(), meant: Vec::new() };
        let Record::List(names) = list.record() else { return parts };
        for name in names {
            if !name.contains('*') {
                parts.shown.extend(image_row(rows, &list.path, &name));
                parts.meant.extend(written.named_anywhere(&list.path, &name));
                continue;
            }
            let plain = name.split(['?', '#']).next().unwrap_or_default();
            let plain = &*decode(plain).unwrap_or(plain.into());
            let rooted = plain.strip_prefix('/').map(|rooted| format!("content/{rooted}"));
            let Some(pattern) = rooted.or_else(|| resolve(&list.path, plain)) else { continue };
            let is_whatever = &*name == WHATEVER;
            let may_be = |path: &str| may_be_part(&list.path, path);
            // A list that cannot be read publishes nothing that may be anybody's.
            let is_shown =
                |path: &str| if is_whatever { is_only_part(&list.path, path) } else { may_be(path) || is_shown(path) };
            let folder = pattern.find('*').and_then(|star| pattern[..star].rfind('/')).map_or(0, |slash| slash + 1);
            let start = rows.partition_point(|row| *row.path < pattern[..folder]);
            let inside = rows[start..].iter().zip(start as u32..);
            let inside = inside.take_while(|(row, _)| row.path.starts_with(&pattern[..folder]));
            for (row, number) in inside.filter(|(row, _)| is_meant(&pattern, &row.path)) {
                parts.meant.extend((!is_whatever || may_be(&row.path)).then_some(number));
                // No more than what can be a part lies where it says.
                let is_there = row.path.matches('/').count() == pattern.matches('/').count();
                parts.shown.extend((is_there && is_shown(&row.path)).then_some(number));
            }
        }
        parts
    }
}

/// What films and models name, by whether they are published themselves: those in `named` that only something withheld
/// names are not, and neither are those that only such a one names.
pub(super) fn of_lists(
    written: &Written<'_>,
    roles: &[Role],
    named: &[ImageUse],
    bundle_names: &[String],
    behind_links: &BTreeMap<u32, u32>,
) -> Vec<ImageUse> {
    let rows = written.rows;
    let is_list = |row: &u32| crate::article::parts::is_list(&rows[*row as usize].path);
    let lists: Vec<u32> = (0..rows.len() as u32).filter(is_list).collect();
    if lists.is_empty() {
        return Vec::new();
    }
    let place = |row: u32| lists.binary_search(&row).ok();
    let (mut is_seen, mut is_held) = (vec![false; lists.len()], vec![false; lists.len()]);
    for one in named {
        if let Some(at) = place(one.row) {
            if one.role == ImageRole::HeldBack { is_held[at] = true } else { is_seen[at] = true }
        }
    }
    let parts: Vec<Parts> = lists.iter().map(|row| Parts::of(&rows[*row as usize], written)).collect();
    let mut is_below = vec![false; lists.len()];
    for (at, parts) in parts.iter().enumerate() {
        let others = parts.meant.iter().filter_map(|row| place(*row)).filter(|other| *other != at);
        others.for_each(|other| is_below[other] = true);
    }
    let is_closed = |at: usize| {
        let is_held_back = |row: u32| place(row).is_some_and(|real| is_held[real] && !is_seen[real]);
        is_hidden(lists[at], rows, roles, bundle_names)
            || behind_links
                .get(&lists[at])
                .is_some_and(|real| is_held_back(*real) || is_hidden(*real, rows, roles, bundle_names))
    };
    let is_open = |at: usize| {
        let path = &*rows[lists[at] as usize].path;
        let name = path.rsplit('/').next().unwrap_or_default();
        !path.starts_with("content/")
            || !is_closed(at) && (is_seen[at] || !is_held[at] && !is_below[at] && !is_marked(name))
    };
    let mut is_published: Vec<bool> = (0..lists.len()).map(is_open).collect();
    let mut open: Vec<usize> = (0..lists.len()).filter(|at| is_published[*at]).collect();
    while let Some(at) = open.pop() {
        for other in parts[at].shown.iter().filter_map(|row| place(*row)) {
            if !is_published[other] && !is_closed(other) {
                is_published[other] = true;
                open.push(other);
            }
        }
    }
    let uses = parts.iter().enumerate().flat_map(|(at, parts)| {
        let (all, role) =
            if is_published[at] { (&parts.shown, ImageRole::Part) } else { (&parts.meant, ImageRole::HeldBack) };
        all.iter().filter(move |row| place(**row) != Some(at)).map(move |row| ImageUse { row: *row, role })
    });
    uses.collect()
}

/// Puts what is named in order, without what belongs to something withheld. `behind_links` are files and what they
/// really are: that is held back with the link that leads to it.
pub(super) fn sorted(
    mut all: Vec<ImageUse>,
    rows: &[Row],
    roles: &[Role],
    bundle_names: &[String],
    behind_links: &BTreeMap<u32, u32>,
) -> Named {
    all.sort_unstable();
    all.dedup();
    let (mut files, mut held) = (Vec::new(), Vec::new());
    for uses in all.chunk_by(|a, b| a.row == b.row) {
        if uses.iter().all(|one| one.role == ImageRole::HeldBack) {
            held.push(uses[0].row);
        } else if !is_hidden(uses[0].row, rows, roles, bundle_names) {
            files.push(uses[0].row);
        }
    }
    let real = held.iter().filter_map(|row| behind_links.get(row).copied());
    held.extend(real.filter(|row| files.binary_search(row).is_err()).collect::<Vec<_>>());
    held.sort_unstable();
    held.dedup();
    all.retain(|one| {
        let is_photograph = || Format::of_name(&rows[one.row as usize].path).is_some_and(Format::is_photographic);
        let counts = match one.role {
            ImageRole::HeldBack | ImageRole::Part => false,
            ImageRole::Lead(_) => true,
            ImageRole::Shown | ImageRole::Linked => is_photograph(),
        };
        counts && files.binary_search(&one.row).is_ok()
    });
    Named { images: all, files: files.into(), held: held.into() }
}

/// Whether a file belongs to the bundle of something that is not visible.
pub(super) fn is_hidden(row: u32, rows: &[Row], roles: &[Role], bundle_names: &[String]) -> bool {
    if roles[row as usize] == Role::Hidden {
        return true;
    }
    let bundle = bundle_of(rows, roles, bundle_names, &rows[row as usize].path);
    matches!(bundle, Some((Role::Withheld | Role::Other, _)))
}

fn of<'a>(
    image: Option<(&'a Image<'_>, ImageRole)>,
    mentions: impl Iterator<Item = &'a Mention<'a>>,
    path: &str,
    rows: &[Row],
) -> Vec<ImageUse> {
    let image = image.map(|(image, role)| (&*image.src, role));
    let seen = mentions.filter_map(|mention| match mention.how {
        Naming::Shown => Some((&*mention.src, ImageRole::Shown)),
        Naming::Linked => Some((&*mention.src, ImageRole::Linked)),
        Naming::Written | Naming::Withheld => None,
    });
    let named = image.into_iter().chain(seen);
    named.filter_map(|(src, role)| Some(ImageUse { row: image_row(rows, path, src)?, role })).collect()
}
