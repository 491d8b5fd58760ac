//! Which files hold text: those that the leak scan reads, and those that are worth a compressed copy.

/// Endings of files of text.
const TEXT: [&str; 62] = [
    "html",
    "htm",
    "xhtml",
    "xht",
    "shtml",
    "css",
    "js",
    "mjs",
    "cjs",
    "jsx",
    "ts",
    "json",
    "json5",
    "jsonl",
    "ndjson",
    "jsonld",
    "geojson",
    "topojson",
    "gltf",
    "map",
    "webmanifest",
    "xml",
    "xsl",
    "xslt",
    "xsd",
    "dtd",
    "opml",
    "rss",
    "atom",
    "rdf",
    "kml",
    "gpx",
    "svg",
    "md",
    "markdown",
    "mdx",
    "txt",
    "text",
    "rst",
    "adoc",
    "org",
    "tex",
    "bib",
    "csv",
    "tsv",
    "psv",
    "yaml",
    "yml",
    "toml",
    "ini",
    "conf",
    "log",
    "vtt",
    "srt",
    "sbv",
    "ttml",
    "lrc",
    "m3u8",
    "ics",
    "vcf",
    "po",
    "rtf",
];

/// Endings of files that become much smaller and are no text. Other fonts, images and films are compressed already.
const COMPRESSIBLE: [&str; 5] = ["wasm", "ttf", "otf", "eot", "bmp"];

fn ending(path: &str) -> &str {
    path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, ending)| ending)
}

/// Whether the name of a file says that it holds text.
fn is_text(path: &str) -> bool {
    TEXT.iter().any(|text| ending(path).eq_ignore_ascii_case(text))
}

/// Whether a compressed copy of a file is worth trying.
pub(super) fn is_compressible(path: &str) -> bool {
    is_text(path) || COMPRESSIBLE.iter().any(|other| ending(path).eq_ignore_ascii_case(other))
}

/// So many bytes of a file tell whether they are text.
pub(super) const HEAD: usize = 2048;

/// Whether a file may hold text, as far as its name tells.
pub(super) fn may_hold_text(path: &str) -> bool {
    let is_media = |kind: &str| matches!(kind, "image" | "audio" | "video" | "font");
    is_text(path) || !mime_guess::from_path(path).first().is_some_and(|kind| is_media(kind.type_().as_str()))
}

/// Whether a file holds text that readers may see: its name says so, or says nothing and its bytes look like text.
pub(super) fn holds_text(path: &str, bytes: &[u8]) -> bool {
    if is_text(path) {
        return true;
    }
    let head = &bytes[..bytes.len().min(HEAD)];
    let is_utf16 = matches!(head, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
    let is_utf8 = || match std::str::from_utf8(head) {
        Ok(text) => !text.contains('\0'),
        // A character may be cut at the end of the head.
        Err(error) => error.error_len().is_none() && !head.contains(&0),
    };
    may_hold_text(path) && (is_utf16 || is_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_leak_scan_and_compression_know_the_same_files_of_text() {
        for name in TEXT {
            let path = format!("a.b/c.{}", name.to_ascii_uppercase());
            assert!(is_compressible(&path) && holds_text(&path, b"\0"), "{name}");
        }
        for name in COMPRESSIBLE {
            assert!(is_compressible(&format!("a.{name}")) && !holds_text(&format!("a.{name}"), b"\0\xff"), "{name}");
        }
        let utf16 = b"\xFF\xFEa\0";
        for (path, bytes) in [("README", &b"Words"[..]), ("a.html/b.unknown", "Wörter".as_bytes()), ("a.foo", utf16)] {
            assert!(holds_text(path, bytes) && !is_compressible(path), "{path}");
        }
        for (path, bytes) in
            [("a.jpg", &b"Words"[..]), ("a.mp4", b"Words"), ("a.zip", b"PK\x03\x04\0"), ("a", b"\xff\xd8")]
        {
            assert!(!holds_text(path, bytes) && !is_compressible(path), "{path}");
        }
    }
}
