//! Data beside articles, in which other programs withhold them.

use std::ops::Range;

use super::hour::{Day, with_time};
use super::{Fields, Reading, is_false, is_key_of_sale, is_sold, is_tag, said};
use crate::article::keys;
use crate::article::time::Timestamp;
use crate::yaml::{Entry, Mark, Node};

/// Where data beside an article, as Eleventy, Nikola and their like have it, says that something is to be withheld: a
/// key in JSON, in JavaScript, in YAML, in TOML or on a line `.. status: draft`. `is_to_come` is whether a moment is.
pub fn wish_in_data(text: &str, reading: &Reading<'_>, is_to_come: impl Fn(Timestamp) -> bool) -> Option<Range<usize>> {
    let is_script = ["module.exports", "export default"].iter().any(|word| text.contains(word));
    // Nikola's lines begin with two dots.
    let plain = format!("\n{text}").replace("\n.. ", "\n   ");
    let parsed = || Node::parse(&plain[1..], 0).ok().filter(|node| node.entries().is_some());
    let node = Some(()).filter(|()| !is_script).and_then(|()| parsed().or_else(|| Node::parse_toml(text, 0).ok()));
    if let Some(entries) = node.as_ref().and_then(Node::entries) {
        let entry = wish_among(entries, reading, &is_to_come)?;
        let line =
            text.split_inclusive('\n').take((entry.key.mark.line as usize).saturating_sub(1)).map(str::len).sum();
        let skipped = text[line..].chars().take((entry.key.mark.column as usize).saturating_sub(1)).map(char::len_utf8);
        let at = line + skipped.sum::<usize>();
        let at = at + text[at..].find(entry.name())?;
        return Some(at..at + entry.name().len());
    }
    let mut from = 0;
    text.split_inclusive(['{', '}', ',', ';', '\n']).find_map(|part| {
        let start = from;
        from += part.len();
        let (name, value) = part.split_once([':', '='])?;
        let name = name.trim_matches(|c: char| !c.is_alphanumeric());
        let value = value.split(" #").next().unwrap_or_default().split(" //").next().unwrap_or_default();
        let value = value.trim_matches(|c: char| c.is_whitespace() || "\"'`,;}".contains(c));
        // A function may say no more than that.
        let value = value.rsplit("=> ").next().unwrap_or_default();
        let is_null = matches!(value, "" | "null" | "~");
        let value = if is_null { Node::null() } else { Node::text_of(value, Mark::default()) };
        let entry = Entry { key: Node::text_of(name, Mark::default()), value };
        let at = start + part.find(name)?;
        wish_among(std::slice::from_ref(&entry), reading, &is_to_come).map(|_| at..at + name.len())
    })
}

/// The first key of data that withholds, or may, on whatever level.
fn wish_among<'e>(
    entries: &'e [Entry],
    reading: &Reading<'_>,
    is_to_come: &impl Fn(Timestamp) -> bool,
) -> Option<&'e Entry> {
    entries.iter().find_map(|entry| {
        let within = entry.value.entries().and_then(|inner| wish_among(inner, reading, is_to_come));
        within.or_else(|| Some(entry).filter(|entry| is_wish_in_data(entry, entries, reading, is_to_come)))
    })
}

fn is_wish_in_data(
    entry: &Entry,
    beside: &[Entry],
    reading: &Reading<'_>,
    is_to_come: &impl Fn(Timestamp) -> bool,
) -> bool {
    let value = &entry.value;
    let folded = keys::fold(entry.name());
    let names = || value.items().unwrap_or(std::slice::from_ref(value)).iter().filter_map(Node::text);
    match &*folded {
        "permalink" => is_false(value),
        "tags" | "tag" => names().flat_map(|text| text.split(',')).any(|name| is_tag(name.trim())),
        "date" => {
            let whole = match with_time(Day::of_date(), value, beside) {
                Some(Ok(whole)) => Some(whole),
                Some(Err(_)) => return true,
                None => None,
            };
            let date = whole.as_ref().unwrap_or(value).text().map(|text| Timestamp::beginning(text, reading.zone));
            date.and_then(Result::ok).is_some_and(is_to_come)
        }
        _ => {
            let mut fields = Fields::new("", "");
            let said = said(&mut fields, entry, beside, reading);
            let is_sold = || is_key_of_sale(&folded) && is_sold(&folded, value);
            said.draft
                || said.expires.is_some()
                || said.publish.is_some_and(is_to_come)
                || !fields.problems.is_empty()
                || is_sold()
        }
    }
}
