//! The language in a file's name: `tunnel.de.md` is `tunnel.md` in German.
//!
//! Only the tags that `site.yaml` declares count, so `release.v2.md` stays what it is, and a site that
//! declares none has none in its names.

use super::Row;
use crate::config::{Config, Language, LanguageId};
use crate::file_kind::MARKDOWN;
use crate::source_name::without_markdown_ending;

/// A name or path without its ending as what is before the language, and the language.
pub fn split<'p>(stem: &'p str, declared: &[Language]) -> (&'p str, Option<LanguageId>) {
    if declared.is_empty() {
        return (stem, None);
    }
    let Some((rest, tag)) = stem.rsplit_once('.') else { return (stem, None) };
    match place(tag, declared) {
        Some(language) if !rest.is_empty() && !rest.ends_with('/') => (rest, Some(language)),
        _ => (stem, None),
    }
}

/// The language that a tag names, whatever its case (RFC 5646, section 2.1.1), with `-` or `_`. The tag of a region
/// (`de_AT`) names the language itself where no tag of the site is nearer.
pub fn place(tag: &str, declared: &[Language]) -> Option<LanguageId> {
    let is = |language: &Language, tag: &str| language.tag.eq_ignore_ascii_case(tag);
    let plain = tag.replace('_', "-");
    let whole = || declared.iter().position(|language| is(language, &plain));
    let at = declared.iter().position(|language| is(language, tag)).or_else(whole).or_else(|| {
        let (base, region) = plain.split_once('-')?;
        let is_region = region.len() == 2 && region.bytes().all(|byte| byte.is_ascii_alphabetic());
        is_region.then(|| declared.iter().position(|language| is(language, base))).flatten()
    })?;
    Some(LanguageId(at as u8))
}

/// The languages that names of files may have.
pub fn declared(config: &Config) -> &[Language] {
    if config.declares_languages { &config.languages } else { &[] }
}

/// The path of a Markdown file without its ending and language, and the language.
pub fn stem<'p>(path: &'p str, config: &Config) -> (&'p str, Option<LanguageId>) {
    split(without_markdown_ending(path).unwrap_or(path), declared(config))
}

/// The language in which a link from the source `from`, which is in the language `own`, to the Markdown file `to` goes
/// on if it can: its own, unless it leads to the same text in another one. None where there is one language only.
pub fn followed(from: &str, own: LanguageId, to: &str, config: &Config) -> Option<LanguageId> {
    (config.is_multilingual() && stem(from, config).0 != stem(to, config).0).then_some(own)
}

/// The language of the Markdown file `path` by its name; that of the site when the name has none.
pub fn of_name(path: &str, config: &Config) -> LanguageId {
    stem(path, config).1.unwrap_or(LanguageId::MAIN)
}

/// The language in the name of a section's file (`_index.en.md`), if the site does not have it.
pub fn unknown_of_section<'p>(path: &'p str, config: &Config) -> Option<&'p str> {
    let (stem, language) = stem(path, config);
    if language.is_none() { stem.rsplit('/').next()?.strip_prefix("_index.") } else { None }
}

/// The rows of all files that are the Markdown file `path` in some language, itself among them.
///
/// They stand close to each other, since rows are sorted by path.
pub fn siblings<'r>(rows: &'r [Row], path: &str, config: &'r Config) -> impl Iterator<Item = u32> + use<'r> {
    let declared = declared(config);
    let prefix = format!("{}.", stem(path, config).0);
    let start = rows.partition_point(|row| *row.path < *prefix);
    let near = rows[start..]
        .iter()
        .zip(start as u32..)
        .map_while(move |(row, number)| row.path.strip_prefix(&*prefix).map(|rest| (number, rest)));
    near.filter_map(move |(number, rest)| {
        let is_ending = MARKDOWN.iter().any(|ending| ending[1..] == *rest);
        let rest = if is_ending { "" } else { without_markdown_ending(rest)? };
        (rest.is_empty() || place(rest, declared).is_some()).then_some(number)
    })
}

/// The first of the files `stem` in this language that is there, as `find` knows: `_index.de.md`. The files of the
/// site's own language may go without a tag.
pub fn file_in<T>(stem: &str, language: LanguageId, config: &Config, find: impl Fn(&str) -> Option<T>) -> Option<T> {
    paths_in(stem, language, config).iter().find_map(|path| find(path))
}

/// The paths that the file `stem` may have in this language, the first one that is there counts.
pub fn paths_in(stem: &str, language: LanguageId, config: &Config) -> Vec<String> {
    let mut paths = Vec::new();
    if language == LanguageId::MAIN {
        paths.extend(MARKDOWN.map(|ending| format!("{stem}{ending}")));
    }
    if config.declares_languages {
        for tag in config.language(language).spellings() {
            paths.extend(MARKDOWN.map(|ending| format!("{stem}.{tag}{ending}")));
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;

    #[test]
    fn only_declared_tags_are_languages() {
        let text = "language: en\nlanguages: {en: {}, de: {}, pt-BR: }\n";
        let config = Config::from_text(text, &Overrides::default()).expect("good");
        let split = |stem| split(stem, declared(&config));
        assert_eq!(split("content/local/tunnel.de"), ("content/local/tunnel", Some(LanguageId(1))));
        assert_eq!(split("tunnel.pt-BR"), ("tunnel", Some(LanguageId(2))));
        assert_eq!(split("tunnel.pt-br"), ("tunnel", Some(LanguageId(2))));
        assert_eq!(split("tunnel.pt_BR"), ("tunnel", Some(LanguageId(2))));
        assert_eq!(split("tunnel.de_AT"), ("tunnel", Some(LanguageId(1))));
        assert_eq!(split("tunnel.DE"), ("tunnel", Some(LanguageId(1))));
        assert_eq!(split("tunnel.en"), ("tunnel", Some(LanguageId::MAIN)));
        for stem in ["release.v2", "tunnel.fr", "content/local/.de", "tunnel", "de"] {
            assert_eq!(split(stem), (stem, None));
        }
    }
}
