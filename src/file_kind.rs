//! What files are, by their names.

/// The endings of Markdown files.
pub const MARKDOWN: [&str; 3] = [".md", ".markdown", ".mdx"];

/// The kinds of file that browsers show or that pages are built of, by their endings. Documents that a reader opens
/// by following a link (PDF, spreadsheets, archives) are not among them.
const SHOWN: [&str; 49] = [
    // Images.
    "jpg", "jpeg", "jpe", "jfif", "png", "apng", "webp", "avif", "jxl", "svg", "svgz", "gif", "bmp", "ico",
    // Films and recordings, with their subtitles.
    "mp4", "m4v", "webm", "ogv", "mov", "mp3", "m4a", "aac", "ogg", "oga", "opus", "wav", "flac", "weba", "vtt", "m3u8",
    "mpd", // Interactive graphics.
    "html", "htm", "xhtml", "css", "js", "mjs", "cjs", "wasm", "json", "geojson", "topojson", "glb", "gltf", "usdz",
    "woff", "woff2", "ttf", "otf",
];

/// Whether a file is of a kind that pages show.
pub(crate) fn is_shown(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    // Office programs mark a document that is open by a file whose name begins so.
    !name.starts_with("~$") && is_shown_ending(ending.as_bytes())
}

/// Whether files with this ending are of a kind that pages show.
pub(crate) fn is_shown_ending(ending: &[u8]) -> bool {
    SHOWN.iter().any(|shown| ending.eq_ignore_ascii_case(shown.as_bytes()))
}

/// The language of markup of a text that other programs make pages of.
pub(crate) fn markup(path: &str) -> Option<&'static str> {
    const MARKUP: [(&str, &str); 12] = [
        ("textile", "Textile"),
        ("rst", "reStructuredText"),
        ("rest", "reStructuredText"),
        ("org", "Org"),
        ("adoc", "AsciiDoc"),
        ("asciidoc", "AsciiDoc"),
        ("wiki", "the markup of a wiki"),
        ("mediawiki", "the markup of a wiki"),
        ("creole", "Creole"),
        ("haml", "Haml"),
        ("pug", "Pug"),
        ("pdc", "the Markdown of pandoc"),
    ];
    let (_, ending) = path.rsplit_once('.')?;
    MARKUP.iter().find(|(known, _)| known.eq_ignore_ascii_case(ending)).map(|(_, format)| *format)
}

/// What an address leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// A film.
    Video,
    /// A recording.
    Audio,
    /// A list of films or recordings.
    Playlist,
    /// A post.
    Post,
    /// A PDF.
    Document,
}

impl Medium {
    /// The name in templates.
    pub fn name(self) -> &'static str {
        match self {
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Playlist => "playlist",
            Self::Post => "post",
            Self::Document => "document",
        }
    }
}

/// What of an address is a file: by its ending.
pub fn medium_of_file(path: &str) -> Option<Medium> {
    let (_, ending) = path.rsplit('/').next()?.rsplit_once('.')?;
    Some(match ending.to_ascii_lowercase().as_str() {
        "mp3" | "m4a" | "aac" | "oga" | "ogg" | "opus" | "wav" | "flac" => Medium::Audio,
        "mp4" | "m4v" | "webm" | "ogv" | "mov" => Medium::Video,
        "m3u8" | "mpd" => Medium::Playlist,
        "pdf" => Medium::Document,
        _ => return None,
    })
}
