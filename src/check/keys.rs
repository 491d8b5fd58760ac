//! Unknown keys of front matter: what was probably meant, and where.
//!
//! A key is known when courant reads it, when a template of the theme says `extra.key`, or when `site.yaml`
//! lists it. One that resembles a known key is reported in each file; any other, which archives have in
//! thousands, once.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::{Findings, Piece, Rule, Site};
use crate::article::keys::{self, Key};
use crate::article::record::Record;

/// Keys that are known although courant does not read them.
pub(super) struct Known(FxHashSet<String>);

impl Known {
    pub(super) fn of(site: &Site<'_>) -> Self {
        let mut known: FxHashSet<String> = site.config.settings.check.known_keys.iter().cloned().collect();
        for template in site.theme.iter().flat_map(|theme| &theme.templates) {
            for (at, _) in template.source.match_indices("extra") {
                let rest = &template.source[at + "extra".len()..];
                let name = match rest.as_bytes().first() {
                    Some(b'.') => rest[1..].split(|c: char| !(c.is_alphanumeric() || c == '_')).next(),
                    Some(b'[') => rest[1..].trim_start_matches(['"', '\'']).split(['"', '\'']).next(),
                    _ => None,
                };
                known.extend(name.filter(|name| !name.is_empty()).map(str::to_owned));
            }
        }
        // What other programs keep for themes, and imports do, and why an import made a draft.
        known.extend(["extra", "import_note"].map(str::to_owned));
        Self(known)
    }
}

/// The unknown keys of a file.
fn unknown(piece: &Piece<'_>, known: &Known) -> (&'static [Key], Vec<String>) {
    let table = match piece.record {
        // Hardly any file has an unknown key, and the record knows.
        Record::Entry(entry) if entry.extra.is_empty() => return (keys::ENTRY, Vec::new()),
        Record::Entry(_) => keys::ENTRY,
        Record::Section(_) => keys::SECTION,
        Record::Author(_) => keys::AUTHOR,
        Record::Comments(..)
        | Record::File(_)
        | Record::List(_)
        | Record::LeftOut(_)
        | Record::Unread(_)
        | Record::Ad(_) => {
            return (keys::ENTRY, Vec::new());
        }
    };
    // Of a section and a profile these withhold, and say nothing else.
    let is_heard = |name: &str| !std::ptr::eq(table, keys::ENTRY) && matches!(&*keys::fold(name), "cascade" | "date");
    // A time of the day beside its day, and what withholds by its words.
    let is_read = |name: &str| keys::is_read(name, piece.lines.names());
    let names = piece.lines.names().filter(|name| !keys::is_known(table, name) && !is_heard(name) && !is_read(name));
    (table, names.filter(|name| !known.0.contains(*name)).map(str::to_owned).collect())
}

/// Looks at one file.
pub(super) fn check(piece: &Piece<'_>, known: &Known, findings: &mut Findings<'_>) {
    if !findings.wants(Rule::UnknownKey) {
        return;
    }
    let (table, names) = unknown(piece, known);
    for name in names {
        if findings.is_full(Rule::UnknownKey) {
            break;
        }
        let place = piece.lines.key(&name).unwrap_or_else(|| piece.lines.value(&[]));
        let hint = keys::suggestion(table, &name).unwrap_or_else(|| {
            format!("themes see it as `extra.{name}`; to keep it, add it to `check: {{ known_keys: [{name}] }}` in site.yaml")
        });
        findings.add(Rule::UnknownKey, place, format!("unknown key `{name}`"), hint);
    }
}

/// Folds the unknown keys that resemble nothing into one finding each, at the first file that has it.
pub(super) fn gather(findings: &mut Findings<'_>) {
    let is_stranger = |one: &super::Finding| {
        one.rule == Some(Rule::UnknownKey)
            && one.diagnostic.hint.as_deref().is_some_and(|hint| !hint.starts_with("did you mean"))
    };
    let (strangers, rest) = std::mem::take(&mut findings.found).into_iter().partition(is_stranger);
    findings.found = rest;
    let strangers: Vec<super::Finding> = strangers;
    let mut first: BTreeMap<String, super::Finding> = BTreeMap::new();
    for one in strangers {
        match first.get_mut(&one.diagnostic.message) {
            Some(known) => known.diagnostic.pages += 1,
            None => {
                first.insert(one.diagnostic.message.clone(), one);
            }
        }
    }
    findings.found.extend(first.into_values());
}
