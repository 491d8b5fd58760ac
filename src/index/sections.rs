//! Sections: the first folders of articles, what their own files say, and their order.

use rustc_hash::{FxHashMap, FxHashSet};

use super::hidden::Hidden;
use super::{Role, Section, entry_in};
use crate::article::record::{Record, SectionFile, Text};
use crate::article::{Row, language, title_of_name};
use crate::config::{Config, LanguageId, address};
use crate::source_name::{is_year, without_markdown_ending};

/// The sections of each language: every first folder that has an article in it, and every first folder with an
/// `_index.md` in it (but those of authors and corrections, which are listings of their own). Left out are hidden
/// ones, and those of which nothing is visible because it is withheld: their site paths are the second value.
///
/// `called` are the categories after which sections are called, each that of its oldest article.
pub(super) fn sections<'a>(
    rows: &[Row],
    roles: &[Role],
    used: impl Iterator<Item = (LanguageId, &'a str)>,
    of_pages: impl Iterator<Item = (LanguageId, &'a str)>,
    called: &FxHashMap<(LanguageId, &str), &str>,
    hidden: &Hidden,
    config: &Config,
) -> (Vec<Section>, Vec<String>) {
    let mut files: FxHashMap<(LanguageId, &str), u32> = FxHashMap::default();
    let mut names: Vec<(LanguageId, &str)> = used.collect();
    let with_pages: FxHashSet<(LanguageId, &str)> = of_pages.collect();
    let mut silent: Vec<(LanguageId, String)> = Vec::new();
    for (row, _) in rows.iter().zip(roles).filter(|(_, role)| **role == Role::Withheld) {
        let entry = entry_in(row);
        silent.extend(entry.section.map(|section| (entry.language, section.0.into_owned())));
    }
    silent.sort_unstable();
    silent.dedup();
    names.sort_unstable();
    names.dedup();
    silent.retain(|(language, name)| {
        let key = (*language, name.as_str());
        names.binary_search(&key).is_err() && !with_pages.contains(&key)
    });
    for (number, row) in rows.iter().enumerate() {
        let Some((folder, file)) = row.path.strip_prefix("content/").and_then(|rest| rest.split_once('/')) else {
            continue;
        };
        let Some(stem) = without_markdown_ending(file).filter(|stem| stem.starts_with("_index")) else { continue };
        if let ("_index", language) = language::split(stem, language::declared(config)) {
            let language = language.unwrap_or_default();
            if roles[number] == Role::Hidden || hidden.has_section(folder, language) {
                silent.push((language, folder.to_owned()));
                continue;
            }
            files.entry((language, folder)).or_insert(number as u32);
            let is_silent = silent.iter().any(|(of, name)| *of == language && name == folder);
            if !matches!(folder, "authors" | "corrections") && !is_year(folder) && !is_silent {
                names.push((language, folder));
            }
        }
    }
    names.sort_unstable();
    names.dedup();
    let read = |row: u32| match rows[row as usize].record() {
        Record::Section(file) => file,
        _ => SectionFile::default(),
    };
    let path = |name: &str, language: LanguageId| config.language(language).path(&format!("/{name}/"));
    let mut sections: Vec<Section> = names
        .into_iter()
        .map(|(language, name)| {
            let category = called.get(&(language, name)).map(|name| Text::from((*name).to_owned()));
            let row = files.get(&(language, name)).copied();
            let own = row.map(read).unwrap_or_default();
            // What is not said in this language, and needs no words of it.
            let main = match files.get(&(LanguageId::MAIN, name)) {
                Some(main) if language != LanguageId::MAIN => read(*main),
                _ => SectionFile::default(),
            };
            Section {
                title: own
                    .title
                    .or(main.title)
                    .unwrap_or_else(|| category.unwrap_or_else(|| title_of_name(name)))
                    .0
                    .into(),
                description: own.description.0.into(),
                order: own.order.or(main.order),
                row,
                url: address::encode(config, &path(name, language)).into(),
                has_text: own.has_body || with_pages.contains(&(language, name)),
                name: name.into(),
                language,
                articles: Vec::new(),
            }
        })
        .collect();
    let order = |section: &Section| (section.language, section.order.unwrap_or(i64::MAX));
    sections.sort_by(|a, b| (order(a), &a.title, &a.name).cmp(&(order(b), &b.title, &b.name)));
    let silent = silent.into_iter().filter(|(_, name)| !matches!(&**name, "authors" | "corrections"));
    (sections, silent.map(|(language, name)| path(&name, language)).collect())
}
