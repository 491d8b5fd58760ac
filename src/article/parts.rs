//! What a film or a model consists of: the files that a playlist (HLS, RFC 8216), a manifest (DASH, ISO/IEC 23009-1) or
//! a glTF file (2.0) names.
//!
//! Parts are published with the file that lists them, and held back with it. So what cannot be read precisely names all
//! files of its folder that may be parts: such a list publishes no more than others do, and withholds more.

use std::path::Path;

use quick_xml::events::Event;

use super::record::Text;
use crate::file_kind::is_shown;
use crate::site_path::own_path;

/// The kinds of lists, and what may be a part of one that cannot be read.
const LISTS: [(&str, &[&str]); 3] =
    [("m3u8", &["*.m4s", "*.ts"]), ("mpd", &["*.m4s", "*.ts"]), ("gltf", &["*.bin", "*.ktx2"])];

/// Bytes of the largest list that is read. Ten hours of film in parts of two seconds are one megabyte.
const LARGEST: usize = 16 << 20;

/// Whether a file lists the parts of another one, by its name.
pub fn is_list(path: &str) -> bool {
    all_of_kind(path).is_some()
}

fn all_of_kind(path: &str) -> Option<&'static [&'static str]> {
    let ending = Path::new(path).extension()?.to_str()?;
    LISTS.iter().find(|(kind, _)| ending.eq_ignore_ascii_case(kind)).map(|(_, all)| *all)
}

/// The addresses that a list names, as written or as patterns in which `*` matches anything. `None` if the file is not a
/// list.
pub(super) fn read(path: &str, bytes: &[u8], base_url: &str) -> Option<Vec<Text<'static>>> {
    let all = all_of_kind(path)?;
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= LARGEST);
    let text = text.map(|text| text.trim_start_matches('\u{FEFF}'));
    let read = match text.zip(all.first()) {
        Some((text, &"*.bin")) => of_model(text),
        Some((text, _)) if text.starts_with("#EXTM3U") => Some(of_playlist(text)),
        Some((text, _)) if text.trim_start().starts_with('<') => of_manifest(text),
        _ => None,
    };
    let mut names = read.unwrap_or_else(|| all.iter().map(|one| (*one).to_owned()).collect());
    names.retain_mut(|name| {
        let own = own_path(base_url, name).map(str::to_owned);
        if let Some(own) = own {
            *name = own;
            return true;
        }
        !name.contains("://") && !name.starts_with("//") && !name.starts_with("data:") && !name.is_empty()
    });
    names.sort_unstable();
    names.dedup();
    Some(names.into_iter().map(Text::from).collect())
}

/// Lines that are no tags, and the attributes `URI` of tags.
fn of_playlist(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !line.starts_with('#') {
            names.push(with_stars(line, "{$", '}'));
            continue;
        }
        let uris = line.split("URI=\"").skip(1).filter_map(|rest| rest.split('"').next());
        names.extend(uris.map(|uri| with_stars(uri, "{$", '}')));
    }
    names
}

/// The addresses in a manifest, each in every folder that a `BaseURL` names. `None` if it is not well-formed.
fn of_manifest(text: &str) -> Option<Vec<String>> {
    const NAMING: [&str; 5] = ["media", "initialization", "index", "sourceURL", "href"];
    let mut reader = quick_xml::Reader::from_str(text);
    let (mut names, mut bases, mut is_in_base) = (Vec::new(), Vec::new(), false);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) | Event::Empty(tag) => {
                is_in_base = tag.local_name().as_ref() == "BaseURL";
                bases.extend(is_in_base.then(String::new));
                for attribute in tag.attributes() {
                    let attribute = attribute.ok()?;
                    if NAMING.contains(&attribute.key.local_name().as_ref()) {
                        names.push(with_stars(&html_escape::decode_html_entities(&attribute.value), "$", '$'));
                    }
                }
            }
            Event::Text(text) if is_in_base => bases.last_mut()?.push_str(&text),
            Event::CData(text) if is_in_base => bases.last_mut()?.push_str(&text),
            Event::GeneralRef(name) if is_in_base => bases.last_mut()?.push_str(&format!("&{};", &*name)),
            Event::End(_) => is_in_base = false,
            Event::Eof => break,
            _ => {}
        }
    }
    let bases: Vec<String> =
        bases.iter().map(|base| html_escape::decode_html_entities(base.trim()).into_owned()).collect();
    let (folders, files): (Vec<String>, Vec<String>) = bases.into_iter().partition(|base| base.ends_with('/'));
    let folders = std::iter::once(String::new()).chain(folders);
    Some(
        folders
            .flat_map(|base| names.iter().map(move |name| format!("{base}{name}")).collect::<Vec<_>>())
            .chain(files)
            .collect(),
    )
}

/// The values of all keys `uri`. `None` if the text is not JSON.
fn of_model(text: &str) -> Option<Vec<String>> {
    fn walk(value: &serde_json::Value, names: &mut Vec<String>) {
        match value {
            serde_json::Value::Array(items) => items.iter().for_each(|item| walk(item, names)),
            serde_json::Value::Object(map) => {
                for (key, value) in map {
                    match value.as_str() {
                        Some(uri) if key == "uri" => names.push(uri.to_owned()),
                        _ => walk(value, names),
                    }
                }
            }
            _ => {}
        }
    }
    let mut names = Vec::new();
    walk(&serde_json::from_str(text).ok()?, &mut names);
    Some(names)
}

/// An address with a star for each of its variables.
fn with_stars(address: &str, open: &str, close: char) -> String {
    let mut plain = String::with_capacity(address.len());
    let mut rest = address;
    while let Some((before, behind)) = rest.split_once(open) {
        plain.push_str(before);
        plain.push('*');
        rest = behind.split_once(close).map_or("", |(_, rest)| rest);
    }
    plain + rest
}

/// Whether a file may be a part of something, by its name.
pub fn may_be_part(path: &str) -> bool {
    let ending = Path::new(path).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let mut all = LISTS.iter().flat_map(|(_, all)| *all);
    is_shown(path) || all.any(|one| one["*.".len()..].eq_ignore_ascii_case(ending))
}

/// Whether a path matches a pattern, whatever the case.
pub fn is_meant(pattern: &str, path: &str) -> bool {
    let (pattern, path) = (pattern.to_lowercase(), path.to_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        let at = if parts.peek().is_none() { rest.len().checked_sub(part.len()) } else { rest.find(part) };
        match at {
            Some(at) if rest.get(at..).is_some_and(|rest| rest.starts_with(part)) => rest = &rest[at + part.len()..],
            _ => return false,
        }
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(path: &str, text: &str) -> Vec<String> {
        let names = read(path, text.as_bytes(), "https://t.example").expect("a list");
        names.iter().map(|name| name.to_string()).collect()
    }

    #[test]
    fn a_list_names_its_parts() {
        let playlist = "#EXTM3U\n#EXT-X-MAP:URI=\"init.mp4\"\n#EXTINF:4,\na 1.ts\nhttps://t.example/n/b.ts\nhttps://c.example/c.ts\n{$id}.ts\n";
        assert_eq!(names("x.m3u8", playlist), ["*.ts", "/n/b.ts", "a 1.ts", "init.mp4"]);
        let manifest = "<MPD><BaseURL>low/</BaseURL><BaseURL>whole.mp4</BaseURL><SegmentTemplate media=\"s-$Number%05d$.m4s?a&amp;b\" initialization=\"i.mp4\"/></MPD>";
        let expected = ["i.mp4", "low/i.mp4", "low/s-*.m4s?a&b", "s-*.m4s?a&b", "whole.mp4"];
        assert_eq!(names("x.MPD", manifest), expected);
        let model = r#"{"buffers": [{"uri": "a.bin"}, {"uri": "data:,x"}], "images": [{"uri": "t.png"}]}"#;
        assert_eq!(names("x.gltf", model), ["a.bin", "t.png"]);
        assert_eq!(names("x.gltf", "{}"), [""; 0]);
        for (path, text) in [("x.m3u8", "x"), ("x.mpd", "<MPD><a></MPD>")] {
            assert_eq!(names(path, text), ["*.m4s", "*.ts"], "{path}");
        }
        assert_eq!(names("x.gltf", "{"), ["*.bin", "*.ktx2"]);
        assert!(read("x.mp4", b"x", "").is_none());
    }

    #[test]
    fn a_pattern_means_what_begins_and_ends_so() {
        for (pattern, path) in [("a.ts", "a.ts"), ("*.ts", "b/a.ts"), ("s-*-*.m4s", "s-1-2.m4s"), ("*.m4s", "a.M4S")] {
            assert!(is_meant(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [("a.ts", "ba.ts"), ("*.ts", "a.tsx"), ("s-*-*.m4s", "s-1.m4s"), ("aa*aa", "aaa")] {
            assert!(!is_meant(pattern, path), "{pattern} {path}");
        }
    }
}
