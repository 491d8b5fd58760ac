//! Values that other programs wrap into maps and lists.

use super::words::{WithholdingKind, is_hiding};
use crate::source_name::is_locale;
use crate::yaml::{Entry, Node};

/// The scalars in a value that a program wraps into maps: Notion's `{ type: select, select: { name: Draft } }`, and
/// `{ value: draft }`. Of a list it is the first that hides, else each one. None where the value is a scalar.
pub(super) fn wrapped(value: &Node, how: WithholdingKind) -> Vec<&Node> {
    let is_strict = match how {
        WithholdingKind::Build => return Vec::new(),
        WithholdingKind::Perhaps(_) | WithholdingKind::Gone | WithholdingKind::Unclear => false,
        _ => true,
    };
    let mut all = Vec::new();
    if value.text().is_none() {
        unwrap(value, is_strict, 0, &mut all);
    }
    match all.iter().position(|node| node.text().is_some_and(is_hiding)) {
        Some(hiding) => vec![all[hiding]],
        None => all,
    }
}

fn unwrap<'n>(value: &'n Node, is_strict: bool, depth: usize, all: &mut Vec<&'n Node>) {
    /// The types of properties in Notion that can say something of publication.
    const TYPES: [&str; 8] =
        ["select", "status", "checkbox", "date", "multi_select", "rich_text", "formula", "last_edited_time"];
    /// What holds the text of such a property.
    const TEXTS: [&str; 7] = ["name", "value", "label", "plain_text", "start", "string", "boolean"];
    if depth > 4 || value.text().is_some() || value.is_null() {
        all.extend(Some(value).filter(|value| depth < 5 && !value.is_null()));
        return;
    }
    if let Some(items) = value.items() {
        return items.iter().for_each(|item| unwrap(item, is_strict, depth + 1, all));
    }
    // Contentful has a value for each language.
    if let Some(entries) = value.entries().filter(|entries| entries.iter().all(|entry| is_locale(entry.name()))) {
        return entries.iter().for_each(|entry| unwrap(&entry.value, true, depth + 1, all));
    }
    let get = |names: &[&str]| names.iter().find_map(|name| value.get(name));
    let texts = || get(&TEXTS[..if depth > 0 { 7 } else { 3 }]).filter(|_| is_strict || depth > 0);
    if let Some(inner) = get(&TYPES).or_else(texts) {
        unwrap(inner, true, depth + 1, all);
    }
}

/// What a map says that is a name and a value: `{ name: Status, value: Draft }`.
pub(super) fn pair(map: &Node) -> Option<Entry> {
    let get = |names: &[&str]| names.iter().find_map(|name| map.get(name));
    let key = get(&["name", "key", "field", "property"]).filter(|name| name.text().is_some())?;
    Some(Entry { key: key.clone(), value: get(&["value"])?.clone() })
}
