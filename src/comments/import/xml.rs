//! XML as records: the elements that matter, each with the text of everything below it by path.
//!
//! Read as a stream, so that an export of any size takes the memory of one record.

use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// The text below an element, by path: `author/name`; attributes as `thread@id`. Prefixes are left out.
pub(super) type Record = HashMap<String, String>;

/// Where it went wrong in the text, in bytes, and how.
pub(super) type Malformed = (usize, String);

/// Calls `visit` with the name of each element of `names` and its record, as it ends. An element of
/// `names` within another is a record of its own, and ends first.
pub(super) fn records(text: &str, names: &[&str], mut visit: impl FnMut(&str, Record)) -> Result<(), Malformed> {
    let mut reader = Reader::from_str(text);
    // The records that are open: name, path within, texts.
    let mut open: Vec<(String, Vec<String>, Record)> = Vec::new();
    loop {
        let event = reader.read_event().map_err(|error| (reader.error_position() as usize, error.to_string()))?;
        match event {
            Event::Start(element) => {
                let name = element.local_name().as_ref().to_owned();
                if names.contains(&name.as_str()) {
                    // Where it stands inside of another one, that one knows its attributes, too.
                    if let Some((_, path, record)) = open.last_mut() {
                        let path = path.iter().map(String::as_str).chain([name.as_str()]).collect::<Vec<_>>().join("/");
                        attributes(&element, &path, record);
                    }
                    let mut record = Record::new();
                    attributes(&element, "", &mut record);
                    open.push((name, Vec::new(), record));
                } else if let Some((_, path, record)) = open.last_mut() {
                    path.push(name);
                    attributes(&element, &path.join("/"), record);
                }
            }
            Event::Empty(element) => {
                let name = element.local_name().as_ref().to_owned();
                if let Some((_, path, record)) = open.last_mut() {
                    path.push(name);
                    attributes(&element, &path.join("/"), record);
                    path.pop();
                }
            }
            Event::End(element) => {
                let is_record = open
                    .last()
                    .is_some_and(|(name, path, _)| path.is_empty() && element.local_name().as_ref() == name.as_str());
                if is_record && let Some((name, _, record)) = open.pop() {
                    visit(&name, record);
                } else if let Some((_, path, _)) = open.last_mut() {
                    path.pop();
                }
            }
            Event::Text(words) => add(&mut open, &words),
            Event::CData(words) => add(&mut open, &words),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(character)) => add(&mut open, character.encode_utf8(&mut [0; 4])),
                _ => add(&mut open, &html_escape::decode_html_entities(&format!("&{};", &*reference))),
            },
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn add(open: &mut [(String, Vec<String>, Record)], words: &str) {
    if let Some((_, path, record)) = open.last_mut()
        && !path.is_empty()
    {
        record.entry(path.join("/")).or_default().push_str(words);
    }
}

fn attributes(element: &BytesStart<'_>, path: &str, record: &mut Record) {
    for attribute in element.attributes().flatten() {
        let key = format!("{path}@{}", attribute.key.local_name().as_ref());
        record.insert(key, html_escape::decode_html_entities(&*attribute.value).into_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_texts_by_path_and_one_within_another_is_its_own() {
        let text =
            "<x><a n:id='1'><b>p &amp; <![CDATA[<q>]]></b><c n:id='2'/><d><e>f</e></d><a id='3'><b>g</b></a></a></x>";
        let mut found = Vec::new();
        records(text, &["a"], |name, record| {
            let mut pairs: Vec<_> = record.into_iter().map(|(key, value)| format!("{key}={value}")).collect();
            pairs.sort();
            found.push(format!("{name}: {}", pairs.join(" ")));
        })
        .expect("well-formed");
        assert_eq!(found, ["a: @id=3 b=g", "a: @id=1 a@id=3 b=p & <q> c@id=2 d/e=f"]);
        assert!(records("<x><a></x>", &["a"], |_, _| {}).is_err());
    }
}
