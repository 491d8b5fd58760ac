//! The owner's own HTML in every page, and what it asks of other hosts.
//!
//! Not a template: a piece stands in the page as its file has it. The one idea: what a piece loads is read from the piece
//! itself, so the `Content-Security-Policy` lets in exactly that, inline scripts and styles by their hashes, and nothing
//! has to be said twice.

use std::collections::{BTreeMap, BTreeSet};

use super::inline::source_expression;
use crate::article::{LARGEST_TEXT, Row};
use crate::config::code::INCLUDES;
use crate::config::{self, Config, nested_place};
use crate::diagnostic::{Diagnostic, Place, did_you_mean};
use crate::fingerprint::Fingerprint;
use crate::html::{Token, open, tokens};
use crate::source::Reader;

/// Where in a page a piece stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Spot {
    /// At the end of the head.
    Head,
    /// At the end of the page.
    End,
}

impl Spot {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Head, Self::End];

    /// The key below `code`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::End => "end",
        }
    }

    /// The file that `site.yaml` names for it.
    pub(crate) fn path(self, config: &Config) -> Option<&str> {
        let code = &config.settings.code;
        match self {
            Self::Head => code.head.as_deref(),
            Self::End => code.end.as_deref(),
        }
    }
}

/// What stands in every page, and what it loads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Code {
    /// For the end of the head; empty if there is nothing.
    pub head: String,
    /// For the end of the page.
    pub end: String,
    /// What the policy has to let in.
    pub sources: Sources,
}

impl Code {
    /// The piece of a spot.
    pub fn at(&self, spot: Spot) -> &str {
        match spot {
            Spot::Head => &self.head,
            Spot::End => &self.end,
        }
    }

    /// Its fingerprint.
    pub fn fingerprint(&self, spot: Spot) -> Fingerprint {
        Fingerprint::of(self.at(spot).as_bytes())
    }

    /// Reads the files that `code` names. `rows` are all sources of the site.
    ///
    /// # Errors
    /// A file that is not there, cannot be read or leaves something open that would swallow the page.
    pub(super) fn load(reader: &Reader, rows: &[Row], config: &Config) -> Result<Self, Vec<Diagnostic>> {
        let place = |spot: Spot| {
            let text = reader.unlisted(config::FILE).unwrap_or_default();
            nested_place(config::FILE, &text, &["code", spot.name()])
        };
        let mut problems = Vec::new();
        let mut texts = [String::new(), String::new()];
        for (spot, text) in Spot::ALL.into_iter().zip(&mut texts) {
            let Some(path) = spot.path(config) else { continue };
            let Ok(at) = rows.binary_search_by(|row| (*row.path).cmp(path)) else {
                let all = rows.iter().map(|row| &*row.path).filter(|path| path.starts_with(INCLUDES));
                let message = format!("`code.{}` names `{path}`, and there is no such file", spot.name());
                let problem = Diagnostic::error(message).at(place(spot));
                problems.push(problem.hint("make the file, or remove the key").maybe_hint(did_you_mean(path, all)));
                continue;
            };
            let found = reader.read(path, &rows[at].content).map_err(|problem| vec![problem]).and_then(|bytes| {
                if bytes.len() as u64 > LARGEST_TEXT {
                    let message = format!("this file has {} bytes, and it would be part of every page", bytes.len());
                    let hint = "put scripts into `static/`, and load them by their address";
                    return Err(vec![Diagnostic::error(message).at(Place::file(path)).hint(hint)]);
                }
                crate::text::part_of(path, &bytes)
            });
            match found.and_then(|text| piece(path, &text)) {
                Ok(piece) => *text = piece,
                Err(found) => problems.extend(found),
            }
        }
        let [head, end] = texts;
        if problems.is_empty() { Ok(Self::of(config, head, end)) } else { Err(problems) }
    }

    /// The same from what is on disk now, for whoever has no [`super::Theme`]; what is wrong is left out.
    pub fn on_disk(root: &std::path::Path, config: &Config) -> Self {
        let read = |spot: Spot| {
            let path = spot.path(config)?;
            let bytes = config::read_regular(&root.join(path)).ok()?;
            piece(path, &crate::text::part_of(path, &bytes).ok()?).ok()
        };
        Self::of(config, read(Spot::Head).unwrap_or_default(), read(Spot::End).unwrap_or_default())
    }

    fn of(config: &Config, own: String, end: String) -> Self {
        let mut sources = Sources::default();
        let mut head = String::new();
        for tracker in config.settings.analytics.trackers() {
            tracker.connects.into_iter().for_each(|host| sources.add("connect-src", host));
            head.push_str(&tracker.html);
            head.push('\n');
        }
        head.push_str(&own);
        let head = head.trim_end().to_owned();
        sources.read(&head);
        sources.read(&end);
        Self { head, end, sources }
    }
}

/// The text of a file as it stands in pages.
fn piece(path: &str, text: &str) -> Result<String, Vec<Diagnostic>> {
    // Browsers read every end of line as `\n` before they hash.
    let text = text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned();
    let Some(open) = open(&text) else { return of_page(path, &text).map_or(Ok(text), |problem| Err(vec![problem])) };
    let problem = Diagnostic::error(format!("{} is not closed here, so it would swallow the page", open.name));
    Err(vec![
        problem.at(Place::span(path, &text, open.at..open.at + 1)).hint(format!("close it with `{}`", open.closing)),
    ])
}

/// What is said of a tag that each page has itself.
fn of_page(path: &str, text: &str) -> Option<Diagnostic> {
    const OF_PAGE: [&str; 5] = ["html", "head", "body", "base", "title"];
    let mut depth_of_svg = 0_u32;
    let tag = tokens(text).into_iter().find_map(|token| {
        let (name, tag) = match &token {
            Token::Start(name, _) => (name, format!("<{name}")),
            Token::End(name) => (name, format!("</{name}")),
            Token::Text(_) => return None,
        };
        // A drawing may have a title.
        match (&**name, &token) {
            ("svg", Token::Start(..)) => depth_of_svg += 1,
            ("svg", _) => depth_of_svg = depth_of_svg.saturating_sub(1),
            _ => {}
        }
        (depth_of_svg == 0 && OF_PAGE.contains(&&**name)).then_some(tag)
    })?;
    let at = text.to_ascii_lowercase().find(&tag).unwrap_or(0);
    let message = match &*tag {
        "<base" => "`<base>` would lead every link of the page elsewhere".to_owned(),
        _ => format!("`{tag}>` is a tag of the whole page, and each page has its own"),
    };
    Some(Diagnostic::error(message).at(Place::span(path, text, at..at + tag.len())).hint("remove it"))
}

/// Sources by directives of a `Content-Security-Policy` (Level 3, section 6).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources(BTreeMap<&'static str, BTreeSet<String>>);

impl Sources {
    /// Those of a directive.
    pub fn of(&self, directive: &str) -> impl Iterator<Item = &str> {
        self.0.get(directive).into_iter().flatten().map(String::as_str)
    }

    fn add(&mut self, directive: &'static str, source: String) {
        self.0.entry(directive).or_default().insert(source);
    }

    fn add_address(&mut self, directives: &[&'static str], address: &str) {
        if let Some(origin) = origin(address) {
            directives.iter().for_each(|directive| self.add(directive, origin.clone()));
        }
    }

    /// Adds what a piece of HTML loads.
    pub fn read(&mut self, html: &str) {
        let mut inline: Option<(&'static str, String)> = None;
        for token in tokens(html) {
            match token {
                Token::Start(name, attributes) => {
                    let value =
                        |key: &str| attributes.iter().find(|(name, _)| &**name == key).map(|(_, value)| value.as_str());
                    match &*name {
                        "script" if value("src").is_none() && is_script(value("type")) => {
                            inline = Some(("script-src", String::new()));
                        }
                        "style" => inline = Some(("style-src", String::new())),
                        _ => self.element(&name, &value),
                    }
                    // A script tells its server by an attribute, such as `data-host-url`.
                    for (key, value) in &attributes {
                        if &*name == "script" && key.starts_with("data-") {
                            self.add_address(&["connect-src"], value);
                        }
                    }
                }
                Token::Text(text) => {
                    if let Some((_, content)) = &mut inline {
                        content.push_str(&text);
                    }
                }
                Token::End(_) => {
                    let Some((directive, content)) = inline.take() else { continue };
                    for address in addresses(&content) {
                        let directives: &[&'static str] = match directive {
                            "script-src" => &["script-src", "connect-src", "img-src"],
                            _ => &["style-src", "font-src", "img-src"],
                        };
                        self.add_address(directives, address);
                    }
                    self.add(directive, source_expression(&content));
                }
            }
        }
    }

    /// What an element loads by its attributes.
    fn element<'v>(&mut self, name: &str, value: &dyn Fn(&str) -> Option<&'v str>) {
        let rel = value("rel").unwrap_or_default().to_ascii_lowercase();
        let directives: &[&'static str] = match name {
            // What is loaded from a host reports to it.
            "script" => &["script-src", "connect-src"],
            "img" => &["img-src"],
            "iframe" | "frame" => &["frame-src"],
            "audio" | "video" | "source" | "track" => &["media-src"],
            "form" => &["form-action"],
            "object" | "embed" => &["object-src"],
            "link" if rel.contains("stylesheet") => &["style-src"],
            "link" if rel.contains("icon") => &["img-src"],
            "link" if rel.contains("manifest") => &["manifest-src"],
            "link" if rel.contains("preload") => match value("as") {
                Some("script") => &["script-src"],
                Some("style") => &["style-src"],
                Some("font") => &["font-src"],
                Some("image") => &["img-src"],
                _ => &["connect-src"],
            },
            // Who says hello to a host means to load something from it: mostly fonts.
            "link" if rel.contains("preconnect") => &["font-src", "connect-src", "img-src"],
            _ => return,
        };
        for address in ["src", "href", "action", "data"].into_iter().filter_map(value) {
            self.add_address(directives, address);
        }
        if name == "video" {
            value("poster").into_iter().for_each(|poster| self.add_address(&["img-src"], poster));
        }
        let sets = value("srcset").unwrap_or_default().split(',').filter_map(|one| one.split_whitespace().next());
        sets.for_each(|address| self.add_address(&["img-src"], address));
    }

    /// What of these is not among `allowed`, with the directives.
    pub fn beyond<'a>(
        &'a self,
        allowed: &'a dyn Fn(&str, &str) -> bool,
    ) -> impl Iterator<Item = (&'static str, &'a str)> {
        let all = self.0.iter().flat_map(|(directive, all)| all.iter().map(|source| (*directive, source.as_str())));
        all.filter(|(directive, source)| !allowed(directive, source))
    }
}

/// Whether a browser runs the content of an element `script` of this type.
fn is_script(kind: Option<&str>) -> bool {
    kind.is_none_or(|kind| {
        let kind = kind.trim().to_ascii_lowercase();
        kind.is_empty()
            || kind == "module"
            || kind == "importmap"
            || kind == "speculationrules"
            || kind.ends_with("javascript")
            || kind.ends_with("ecmascript")
    })
}

/// Scheme, host and port of an address on another host.
pub(crate) fn origin(address: &str) -> Option<String> {
    let address = address.trim();
    let whole = if address.starts_with("//") { format!("https:{address}") } else { address.to_owned() };
    let url = url::Url::parse(&whole).ok()?;
    match url.scheme() {
        "http" | "https" | "ws" | "wss" => Some(url.origin().ascii_serialization()),
        _ => None,
    }
}

/// The absolute addresses in a script or style.
fn addresses(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.match_indices("https://").chain(text.match_indices("wss://")).map(|(at, _)| at);
    starts.map(|at| {
        let rest = &text[at..];
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ')' | '<' | '\\' | '$' | ',' | ';'));
        &rest[..end.unwrap_or(rest.len())]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(html: &str) -> Sources {
        let mut sources = Sources::default();
        sources.read(html);
        sources
    }

    fn of<'s>(sources: &'s Sources, directive: &str) -> Vec<&'s str> {
        sources.of(directive).collect()
    }

    #[test]
    fn what_a_piece_loads_is_let_in_and_nothing_else() {
        let found = sources(
            "<script async src=\"//a.example/a.js\" data-host=\"https://b.example/x\"></script>\n<link rel=preconnect href=https://f.example><link rel=stylesheet href=https://c.example/c.css><img srcset='https://i.example/1.png 1x, /own.png 2x' alt=''><iframe src=https://m.example/map></iframe><form action=https://s.example/join></form><a href=https://elsewhere.example>x</a>",
        );
        assert_eq!(of(&found, "script-src"), ["https://a.example"]);
        assert_eq!(of(&found, "connect-src"), ["https://a.example", "https://b.example", "https://f.example"]);
        assert_eq!(of(&found, "style-src"), ["https://c.example"]);
        assert_eq!(of(&found, "font-src"), ["https://f.example"]);
        assert_eq!(of(&found, "img-src"), ["https://f.example", "https://i.example"]);
        assert_eq!(of(&found, "frame-src"), ["https://m.example"]);
        assert_eq!(of(&found, "form-action"), ["https://s.example"]);
    }

    #[test]
    fn inline_scripts_and_styles_are_let_in_by_their_hashes() {
        // The example of Content Security Policy Level 2, section 4.2.5.
        let found = sources("<script>alert('Hello, world.');</script><style>a{b:url(https://i.example/x.png)}</style>");
        assert_eq!(of(&found, "script-src"), ["'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"]);
        assert!(of(&found, "style-src").iter().any(|source| source.starts_with("'sha256-")));
        assert_eq!(of(&found, "img-src"), ["https://i.example"]);
        assert_eq!(
            sources("<script type=\"application/ld+json\">{\"a\": \"https://x.example\"}</script>"),
            Sources::default()
        );
        let found = sources("<script>fetch('https://api.example/v1', {})</script>");
        assert_eq!(of(&found, "connect-src"), ["https://api.example"]);
    }

    #[test]
    fn what_would_swallow_the_page_is_refused() {
        let problems = piece("includes/end.html", "<p>x</p>\n<script>a()").expect_err("refused");
        let place = problems[0].place.as_ref().expect("a place");
        assert_eq!((place.line, place.column), (2, 1));
        for (html, line) in [
            ("<p>x</p>\n</body>", 2),
            ("<base href=\"https://x.example\">", 1),
            ("<TITLE>x</TITLE>", 1),
            ("<p>\n\n<body class=x>", 3),
        ] {
            let problems = piece("includes/end.html", html).expect_err(html);
            assert_eq!(problems[0].place.as_ref().map(|place| place.line), Some(line), "{html}");
        }
        assert!(piece("includes/end.html", "<svg><title>x</title></svg><script>\"</body>\"</script>").is_ok());
        assert!(piece("includes/end.html", "\r\n<p>x</p>\r\n").is_ok_and(|text| text == "<p>x</p>"));
    }
}
