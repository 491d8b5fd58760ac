//! What a film or a model consists of: the files that a playlist (HLS, RFC 8216), a manifest (DASH, ISO/IEC 23009-1) or
//! a glTF file (2.0) names.
//!
//! Parts are published with the file that lists them, and held back with it. So what cannot be read precisely names all
//! files of its folder that may be parts: such a list publishes no more than others do, and withholds more.

use std::collections::BTreeSet;
use std::path::Path;
use std::rc::Rc;

use quick_xml::events::Event;

use super::record::Text;
use crate::file_kind::{Medium, medium_of_file};
use crate::original::Format;
use crate::site_path::own_path;

/// The endings of lists.
const LISTS: [&str; 3] = ["m3u8", "mpd", "gltf"];

/// What a list names that cannot be read: whatever may be a part of it.
pub const WHATEVER: &str = "*";

/// Bytes of the largest list that is read. Ten hours of film in parts of two seconds are one megabyte.
const LARGEST: usize = 16 << 20;

/// Bytes of the addresses to which the names of a manifest may come, each with each base.
const MOST_ADDRESSES: usize = 4 * LARGEST;

fn has_ending(path: &str, endings: &[&str]) -> bool {
    let ending = Path::new(path).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    endings.iter().any(|one| ending.eq_ignore_ascii_case(one))
}

/// Whether a file lists the parts of another one, by its name.
pub fn is_list(path: &str) -> bool {
    has_ending(path, &LISTS)
}

/// The addresses that a list names, as written or as patterns in which `*` matches anything. `None` if the file is not a
/// list.
pub(super) fn read(path: &str, bytes: &[u8], base_url: &str) -> Option<Vec<Text<'static>>> {
    if !is_list(path) {
        return None;
    }
    // In another encoding most of a list can be read, too.
    let text = (bytes.len() <= LARGEST).then(|| String::from_utf8_lossy(bytes).replace('\u{FFFD}', "*"));
    let text = text.as_deref().map_or("", |text| text.trim_start_matches('\u{FEFF}').trim_start());
    let read = match text {
        _ if has_ending(path, &["gltf"]) => of_model(text),
        _ if text.starts_with('<') => of_manifest(text),
        _ if has_ending(path, &["m3u8"]) => Some(of_playlist(text)),
        _ => None,
    };
    let mut names = read.unwrap_or_else(|| vec![WHATEVER.to_owned()]);
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
    // Without its first line it may be anything.
    let mut names: Vec<String> = (!text.starts_with("#EXTM3U")).then(|| WHATEVER.to_owned()).into_iter().collect();
    for line in text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty()) {
        if !line.starts_with('#') {
            names.push(with_stars(line, "{$", '}'));
            continue;
        }
        let uris = line.split("URI=\"").skip(1).filter_map(|rest| rest.split('"').next());
        names.extend(uris.map(|uri| with_stars(uri, "{$", '}')));
    }
    names
}

/// The bases of an element of a manifest: those of the element around it, and its own, which are resolved against these.
#[derive(Clone, Default)]
struct Bases {
    around: Rc<Vec<String>>,
    own: Rc<Vec<String>>,
}

impl Bases {
    /// Those of an element in this one.
    fn within(&self) -> Self {
        let around = if self.own.is_empty() { &self.around } else { &self.own };
        Self { around: Rc::clone(around), own: Rc::default() }
    }
}

/// The addresses in a manifest, each below every base that its elements have. What an element has speaks for those in it,
/// so a name may be meant below any base. `None` if it is not well-formed, or comes to too many addresses.
fn of_manifest(text: &str) -> Option<Vec<String>> {
    const NAMING: [&str; 6] = ["media", "initialization", "index", "sourceURL", "bitstreamSwitching", "href"];
    let mut reader = quick_xml::Reader::from_str(text);
    let (mut names, mut all, mut base) = (BTreeSet::new(), BTreeSet::from([String::new()]), None::<String>);
    let mut open = vec![Bases { around: Rc::new(vec![String::new()]), own: Rc::default() }];
    let mut size = 0;
    loop {
        let event = reader.read_event().ok()?;
        if let Event::Start(tag) | Event::Empty(tag) = &event {
            for attribute in tag.attributes() {
                let attribute = attribute.ok()?;
                if NAMING.contains(&attribute.key.local_name().as_ref()) {
                    names.insert(with_stars(&html_escape::decode_html_entities(&attribute.value), "$", '$'));
                }
            }
        }
        match event {
            Event::Start(tag) if tag.local_name().as_ref() == "BaseURL" => base = Some(String::new()),
            Event::Start(_) => open.push(open.last()?.within()),
            Event::Text(text) => base.iter_mut().for_each(|base| base.push_str(&text)),
            Event::CData(text) => base.iter_mut().for_each(|base| base.push_str(&text)),
            Event::GeneralRef(name) => base.iter_mut().for_each(|base| base.push_str(&format!("&{};", &*name))),
            Event::End(_) => match base.take() {
                Some(base) => {
                    let base = html_escape::decode_html_entities(base.trim());
                    let bases = open.last_mut()?;
                    for around in &*bases.around {
                        let whole = resolved(around, &base);
                        size += whole.len() + 1;
                        if size > MOST_ADDRESSES / 64 {
                            return None;
                        }
                        all.insert(whole.clone());
                        Rc::make_mut(&mut bases.own).push(whole);
                    }
                }
                None => _ = open.pop(),
            },
            Event::Eof if open.len() > 1 || base.is_some() => return None,
            Event::Eof => break,
            _ => {}
        }
    }
    let written: usize = names.iter().map(String::len).sum();
    if size * names.len() + written * all.len() > MOST_ADDRESSES {
        return None;
    }
    let below_each = |name: &String| all.iter().map(|base| resolved(base, name)).collect::<Vec<_>>();
    let below: Vec<String> = names.iter().flat_map(below_each).collect();
    Some(below.into_iter().chain(all.into_iter().filter(|base| !base.ends_with('/'))).collect())
}

/// An address as it is meant at a base, but for folders that it leaves.
fn resolved(base: &str, address: &str) -> String {
    if address.starts_with('/') || address.contains("://") {
        return address.to_owned();
    }
    let path = &base[..base.find(['?', '#']).unwrap_or(base.len())];
    let folder = &path[..path.rfind('/').map_or(0, |slash| slash + 1)];
    if address.is_empty() { base.to_owned() } else { format!("{folder}{address}") }
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

/// Whether a file is a part of such a list and nothing else, by their names.
pub fn is_only_part(list: &str, path: &str) -> bool {
    has_ending(path, if has_ending(list, &["gltf"]) { &["bin", "ktx2"] } else { &["m4s", "ts"] })
}

/// Whether a file may be a part of such a list, by their names.
pub fn may_be_part(list: &str, path: &str) -> bool {
    let is_film = || matches!(medium_of_file(path), Some(Medium::Video | Medium::Audio)) || has_ending(path, &["vtt"]);
    is_only_part(list, path) || if has_ending(list, &["gltf"]) { Format::of_name(path).is_some() } else { is_film() }
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
        assert_eq!(names("x.m3u8", "x"), [WHATEVER, "x"]);
        assert_eq!(names("x.mpd", "<MPD><a></MPD>"), [WHATEVER]);
        assert_eq!(names("x.gltf", "{"), [WHATEVER]);
        assert!(read("x.mp4", b"x", "").is_none());
    }

    #[test]
    fn each_base_of_a_manifest_is_resolved_against_those_around_it() {
        let manifest = "<MPD><BaseURL>a/</BaseURL><BaseURL>https://t.example/b/index</BaseURL><Period><AdaptationSet>\
             <BaseURL><![CDATA[low/]]></BaseURL><SegmentTemplate media=\"$Number$.m4s\"/><Representation>\
             <BaseURL>one.mp4</BaseURL></Representation></AdaptationSet><BaseURL/></Period></MPD>";
        let names = names("x.mpd", manifest);
        for name in ["a/low/one.mp4", "/b/low/one.mp4", "a/low/*.m4s", "/b/low/*.m4s", "a/*.m4s", "*.m4s"] {
            assert!(names.iter().any(|one| one == name), "{name}: {names:?}");
        }
        assert!(!names.iter().any(|name| name == "low/one.mp4"), "{names:?}");
    }

    #[test]
    fn a_list_in_another_encoding_or_behind_blank_lines_is_read() {
        let read = |path: &str, bytes: &[u8]| {
            let names = read(path, bytes, "https://t.example").expect("a list");
            names.iter().map(|name| name.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(read("x.m3u8", b"\n #EXTM3U\r# \xe9\rs\xe9-1.mp4\r"), ["s*-1.mp4"]);
        assert_eq!(read("x.mpd", b"\n<MPD><!-- \xe9 --><BaseURL>one.mp4</BaseURL></MPD>"), ["one.mp4"]);
        assert_eq!(read("x.mpd", b"<\0M\0P\0D\0"), [WHATEVER]);
    }

    #[test]
    fn a_manifest_that_comes_to_too_many_addresses_names_whatever_may_be_a_part() {
        let base = format!("<BaseURL>{}/</BaseURL>", "a".repeat(100));
        let deep = format!("{}{}", format!("<P>{base}{base}").repeat(40), "</P>".repeat(40));
        assert_eq!(names("x.mpd", &deep), [WHATEVER]);
        let wide = format!("<P>{}{}</P>", base.repeat(5000), "<S media=\"b$Number$\"/>".repeat(10));
        assert!(names("x.mpd", &wide).len() > 1);
        let names_of: String = (0..5000).map(|number| format!("<S media=\"{number}\"/>")).collect();
        let bases: String =
            (0..5000).map(|number| format!("<BaseURL>{number}/{base}</BaseURL>", base = "b".repeat(20))).collect();
        assert_eq!(names("x.mpd", &format!("<P>{bases}{names_of}</P>")), [WHATEVER]);
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
