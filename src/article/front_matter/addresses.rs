//! The addresses that front matter gives: permalinks, slugs, and old ones.

use super::super::fields::{Field, Fields};
use super::super::lines;
use super::super::record::{Entry, Text};
use super::super::slug::composed;
use crate::article::permalink;
use crate::site_path;
use crate::yaml::{self, Mark};

/// Where the keys stand that make addresses.
#[derive(Default)]
pub(super) struct Marks<'n> {
    pub(super) slug: Mark,
    pub(super) permalink: Mark,
    pub(super) aliases: Vec<&'n yaml::Entry>,
}

/// Reads the addresses that front matter gives, and the slug, which it returns: decoded, and refused if they cannot be
/// files of the site.
pub(super) fn read_addresses(
    fields: &mut Fields<'_>,
    entry: &mut Entry<'static>,
    slug: Option<Text<'static>>,
    marks: &Marks<'_>,
    base_url: &str,
) -> Option<Text<'static>> {
    entry.aliases.iter_mut().for_each(|path| read_path(fields, path, Given::Old(&marks.aliases), base_url));
    if let Some(path) = &mut entry.permalink {
        read_path(fields, path, Given::Own(marks.permalink), base_url);
    }
    let given = slug?;
    let decoded = site_path::decode(&given);
    let plain = decoded.as_deref().unwrap_or(&given).to_owned();
    let message = match decoded {
        Err(message) => format!("the slug `{}` is {message}", &*given),
        Ok(plain) if plain.contains("..") || plain.contains(['/', '\\']) => format!("the slug `{}` is a path", &*given),
        Ok(plain) if site_path::is_encoded_twice(&plain) => {
            format!("the slug `{}` is a path that is encoded twice", &*given)
        }
        Ok(_) => return Some(Text::from(plain)),
    };
    let hint = "a slug is one name, such as `harbour-tunnel`; use `permalink` for a whole address";
    fields.problem_at(marks.slug, message, hint);
    Some(given)
}

/// Which address of a page front matter gives.
#[derive(Clone, Copy)]
pub(super) enum Given<'a> {
    /// Its own, perhaps as a pattern, at this place.
    Own(Mark),
    /// An old one, in one of these entries.
    Old(&'a [&'a yaml::Entry]),
}

/// Reads a path that front matter gives.
pub(super) fn read_path(fields: &mut Fields<'_>, path: &mut Text<'static>, from: Given<'_>, base_url: &str) {
    if let Some(own) = site_path::own_path(base_url, path) {
        *path = Text::from(own.to_owned());
    }
    // An old address may climb to a folder above that of the page; where that is, only the plan knows.
    let above = match from {
        Given::Own(_) => 0,
        Given::Old(_) => path.len() - path.trim_start_matches("../").len(),
    };
    let read = site_path::read(&path[above..]).map(std::borrow::Cow::into_owned);
    match (read, from) {
        (Ok(plain), Given::Own(mark)) if permalink::unknown_part(&plain).is_some() => {
            let part = permalink::unknown_part(&plain).unwrap_or_default();
            let message = format!("an address has no part `{part}`");
            fields.problem_at(mark, message, "the parts are {section}, {slug}, {yyyy}, {mm} and {dd}");
        }
        (Ok(plain), Given::Own(mark)) if site_path::names_no_page(&plain) => {
            let message = format!("`{plain}` is the address of a file, and this becomes a page");
            let slash = if plain.starts_with('/') { "" } else { "/" };
            let hint = format!(
                "write `{plain}/`, or a name that ends with `.html`; a file of your own goes to `static{slash}{plain}`"
            );
            fields.problem_at(mark, message, &hint);
        }
        (Ok(plain), _) => *path = Text::from(format!("{}{}", &path[..above], composed(&plain))),
        (Err(message), from) if fields.has_room() => {
            let mark = match from {
                Given::Own(mark) => mark,
                Given::Old(entries) => {
                    entries.iter().find_map(|entry| lines::among(&entry.value, path)).unwrap_or_default()
                }
            };
            let message = format!("`{}` is {message}", &**path);
            let hint = if path.contains('?') {
                "hosts of files do not tell addresses apart by what follows `?`: take it away, and redirect it on the host"
            } else {
                "write a path of the site, such as `/2026/old-name/`"
            };
            fields.problem_at(mark, message, hint);
        }
        (Err(_), _) => {}
    }
}

/// The old addresses in an entry. Jekyll's begin at the front page.
pub(super) fn old_addresses(fields: &mut Fields<'_>, field: &Field<'_>, key: &str) -> Vec<Text<'static>> {
    // No static host answers a query (`?p=12`, WordPress); the build tells of it.
    let names = fields.names(field).into_iter().filter(|name| !lines::is_query(name));
    let is_relative = |name: &str| !name.starts_with('/') && !name.contains([':', '\\']);
    let from_front = |name: Text<'static>| {
        if key == "redirectfrom" && is_relative(&name) { Text::from(format!("/{}", &*name)) } else { name }
    };
    names.map(from_front).collect()
}
