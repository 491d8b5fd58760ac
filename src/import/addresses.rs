//! Old addresses: where what stood at one is now.
//!
//! Links in texts are rewritten by what is known of the old site; what remains is answered by permalinks, aliases,
//! pages that lead on, and rules for hosts.

use std::path::PathBuf;

use rustc_hash::FxHashMap;

use super::item::Media;
use crate::config::Embeds;
use crate::site_path::is_same_host;

/// What a body may ask about addresses.
pub(super) trait Links {
    /// A link as it is written here.
    fn link(&self, href: &str) -> String;
    /// The address of an image or recording as it is written here.
    fn media(&self, src: &str) -> String;
    /// What is known of the file at an address as it is written here.
    fn about(&self, src: &str) -> Option<&Media>;
    /// Whether a link from an image leads to that image.
    fn is_image_itself(&self, href: &str, src: &str) -> bool;
    /// Whether an address alone in a paragraph becomes a card.
    fn is_card(&self, url: &str) -> bool;
}

/// What is known of the old site's addresses.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    /// Its front page: scheme, host, and a path without a slash at its end.
    pub(super) base: String,
    /// Hosts of its files.
    pub(super) hosts: Vec<String>,
    /// Where what had a number there is here.
    pub(super) by_number: FxHashMap<u64, String>,
    /// Where what had a path there is here, if that is elsewhere; by [`key`].
    pub(super) moved: FxHashMap<String, String>,
    /// Where what had an address there that no page can have is here, by that address with its query.
    pub(super) queries: FxHashMap<String, String>,
    /// Files by their path here.
    pub(super) media: FxHashMap<String, Media>,
    /// Files by their number there: the path here.
    pub(super) media_by_number: FxHashMap<u64, String>,
    /// Pages of files, by [`key`]: the path of the file.
    pub(super) media_pages: FxHashMap<String, String>,
    /// The folder in which originals may be looked for.
    pub(super) folder: Option<PathBuf>,
    /// Whether images that are not in the folder are shown from where they are.
    pub(super) has_hotlinks: bool,
    pub(super) embeds: Embeds,
}

/// What tells one path from another: decoded, without slashes at its ends.
pub(super) fn key(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    percent_encoding::percent_decode_str(path).decode_utf8_lossy().trim_matches('/').to_owned()
}

impl Addresses {
    /// The path of an address of the old site, below its front page, with query and fragment.
    pub(super) fn own<'h>(&self, href: &'h str) -> Option<&'h str> {
        let host = |url: &'h str| {
            let (scheme, rest) = url.split_once("//")?;
            if !matches!(&*scheme.to_ascii_lowercase(), "" | "http:" | "https:") {
                return None;
            }
            Some(rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len())))
        };
        let base = self.base.split_once("//").map(|(_, rest)| rest).unwrap_or_default();
        let (base_host, base_path) = base.split_at(base.find('/').unwrap_or(base.len()));
        let path = if href.starts_with('/') && !href.starts_with("//") {
            href
        } else {
            let (found, path) = host(href)?;
            if base_host.is_empty() || !is_same_host(found, base_host) {
                return None;
            }
            path
        };
        let path = path
            .strip_prefix(base_path)
            .filter(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
            .unwrap_or(path);
        Some(if path.is_empty() { "/" } else { path })
    }

    /// The path of a file of the old site, wherever it was served from.
    fn own_file(&self, src: &str) -> Option<String> {
        if let Some(path) = self.own(src) {
            return Some(path.to_owned());
        }
        let (_, rest) = src.split_once("//")?;
        let (host, path) = rest.split_at(rest.find('/')?);
        // Jetpack's host of images: https://i0.wp.com/paper.example/wp-content/…
        if host.ends_with(".wp.com") && host.starts_with('i') {
            let inner = format!("https:/{path}");
            return self.own_file(&inner);
        }
        self.hosts.iter().any(|own| is_same_host(own, host)).then(|| path.to_owned())
    }

    /// Where a file was, by its path here: the address that the source gives, if that is of a host of the old site.
    pub(super) fn there(&self, path: &str) -> String {
        let given = self.media.get(path).map(|media| media.url.as_str()).filter(|url| url.contains("://"));
        match given.filter(|url| self.own_file(url).as_deref() == Some(path)) {
            Some(url) => url.to_owned(),
            None => format!("{}{path}", self.base),
        }
    }

    /// Whether the folder of originals has a file.
    pub(super) fn is_there(&self, path: &str) -> bool {
        let Some(folder) = &self.folder else { return false };
        super::media::below(folder, path).is_some_and(|file| file.is_file())
    }

    /// The original of an image: without the size that WordPress writes into the name of a copy.
    fn original(&self, path: &str) -> String {
        let is_known = |path: &str| self.media.contains_key(path);
        let Some((stem, ending)) = path.rsplit_once('.') else { return path.to_owned() };
        let is_image =
            ["jpg", "jpeg", "png", "gif", "webp", "avif", "heic"].iter().any(|one| ending.eq_ignore_ascii_case(one));
        if !is_image {
            return path.to_owned();
        }
        let plain = if is_known(path) { stem } else { without_size(stem) };
        let scaled = plain.strip_suffix("-scaled");
        let candidates = [
            scaled.map(|stem| format!("{stem}.{ending}")),
            Some(format!("{plain}.{ending}")),
            Some(format!("{plain}-scaled.{ending}")),
        ];
        let found = candidates.iter().flatten().find(|path| is_known(path) || self.is_there(path));
        if let Some(found) = found {
            // The original of a scaled image, unless only the scaled one is there.
            return match scaled {
                Some(stem) if self.folder.is_none() => format!("{stem}.{ending}"),
                _ => found.clone(),
            };
        }
        match scaled {
            Some(stem) if !self.is_there(path) => format!("{stem}.{ending}"),
            // A name that only looks like one with a size is a file of its own.
            _ if self.is_there(path) => path.to_owned(),
            _ => format!("{plain}.{ending}"),
        }
    }
}

/// A name without `-300x200` at its end.
fn without_size(stem: &str) -> &str {
    let Some((plain, size)) = stem.rsplit_once('-') else { return stem };
    let is_number = |text: &str| (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    match size.split_once('x') {
        Some((width, height))
            if is_number(width) && is_number(height) && !plain.ends_with('/') && !plain.is_empty() =>
        {
            plain
        }
        _ => stem,
    }
}

/// The value of a parameter in the query of an address.
fn parameter<'h>(href: &'h str, name: &str) -> Option<&'h str> {
    let query = href.split_once('?')?.1.split('#').next()?;
    query.split('&').find_map(|pair| pair.strip_prefix("amp;").unwrap_or(pair).strip_prefix(name)?.strip_prefix('='))
}

impl Links for Addresses {
    fn link(&self, href: &str) -> String {
        let href = href.trim();
        let Some(path) = self.own(href) else {
            return self
                .own_file(href)
                .map_or_else(|| href.to_owned(), |path| self.original(path.split('?').next().unwrap_or_default()));
        };
        let fragment = path.split_once('#').map(|(_, fragment)| format!("#{fragment}")).unwrap_or_default();
        if let Some(known) = self.queries.get(&path.split('#').next().unwrap_or_default().replace("&amp;", "&")) {
            return format!("{known}{fragment}");
        }
        for name in ["p", "page_id", "attachment_id"] {
            if let Some(number) = parameter(path, name).and_then(|number| number.parse::<u64>().ok()) {
                let known = self.by_number.get(&number).or_else(|| self.media_by_number.get(&number));
                return known.map_or_else(|| path.to_owned(), |known| format!("{known}{fragment}"));
            }
        }
        if path.contains("/wp-content/uploads/") || path.contains("/files/") {
            return self.media(href);
        }
        match self.moved.get(&key(path)) {
            Some(new) => format!("{new}{fragment}"),
            None => path.to_owned(),
        }
    }

    fn media(&self, src: &str) -> String {
        let src = src.trim();
        if let Some(number) = parameter(src, "attachment_id").and_then(|number| number.parse::<u64>().ok()) {
            return self.media_by_number.get(&number).cloned().unwrap_or_default();
        }
        match self.own_file(src) {
            Some(path) => {
                let path = self.original(path.split(['?', '#']).next().unwrap_or_default());
                if self.has_hotlinks && !self.is_there(&path) && src.contains("//") { src.to_owned() } else { path }
            }
            None => src.to_owned(),
        }
    }

    fn about(&self, src: &str) -> Option<&Media> {
        self.media.get(src)
    }

    fn is_image_itself(&self, href: &str, src: &str) -> bool {
        let page = self.own(href).unwrap_or(href);
        href == src || self.media(href) == src || self.media_pages.get(&key(page)).is_some_and(|file| file == src)
    }

    fn is_card(&self, url: &str) -> bool {
        if let Some(path) = self.own(url) {
            return crate::file_kind::medium_of_file(path.split(['?', '#']).next().unwrap_or_default()).is_some();
        }
        crate::render::template::embed::recognise(url, &self.embeds).is_some()
    }
}

/// What is known of an article's address there, to find the pattern of all.
#[derive(Clone, Debug)]
pub(super) struct Known<'a> {
    pub(super) path: &'a str,
    pub(super) slug: &'a str,
    pub(super) section: &'a str,
    pub(super) day: Option<(i16, i8, i8)>,
}

/// How many of a hundred addresses a pattern must give to be that of the site.
const ENOUGH: usize = 95;

/// The pattern that gives at least [`ENOUGH`] of a hundred addresses.
pub(super) fn pattern<'a>(known: impl Iterator<Item = Known<'a>>) -> Option<String> {
    let mut patterns: FxHashMap<String, usize> = FxHashMap::default();
    let mut all = 0;
    for one in known {
        all += 1;
        if let Some(pattern) = pattern_of(&one) {
            *patterns.entry(pattern).or_default() += 1;
        }
    }
    let mut patterns: Vec<(String, usize)> = patterns.into_iter().collect();
    patterns.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    patterns.into_iter().next().filter(|(_, number)| number * 100 >= all * ENOUGH).map(|(pattern, _)| pattern)
}

fn pattern_of(one: &Known<'_>) -> Option<String> {
    let path = one.path.split(['?', '#']).next()?;
    let ending = if path.ends_with(".html") { ".html" } else { "/" };
    let path = percent_encoding::percent_decode_str(path.strip_suffix(".html").unwrap_or(path)).decode_utf8().ok()?;
    let mut pattern = String::new();
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    for (at, part) in parts.iter().enumerate() {
        let has = |name: &str| pattern.contains(name);
        let (year, month, day) = one
            .day
            .map(|(year, month, day)| (format!("{year:04}"), format!("{month:02}"), format!("{day:02}")))
            .unwrap_or_default();
        let part = if at + 1 == parts.len() && *part == one.slug {
            "{slug}"
        } else if *part == year && !has("{yyyy}") {
            "{yyyy}"
        } else if *part == month && has("{yyyy}") && !has("{mm}") {
            "{mm}"
        } else if *part == day && has("{mm}") && !has("{dd}") {
            "{dd}"
        } else if *part == one.section && !has("{section}") {
            "{section}"
        } else {
            part
        };
        pattern.push('/');
        pattern.push_str(part);
    }
    let literal = pattern
        .replace("{slug}", "")
        .replace("{yyyy}", "")
        .replace("{mm}", "")
        .replace("{dd}", "")
        .replace("{section}", "");
    (pattern.ends_with("{slug}") && !literal.contains(['{', '}', ':'])).then(|| pattern + ending)
}

/// The address that a pattern gives.
pub(super) fn fill(pattern: &str, section: &str, slug: &str, day: Option<(i16, i8, i8)>) -> String {
    let (year, month, day) = day.unwrap_or_default();
    let path = pattern
        .replace("{section}", section)
        .replace("{slug}", slug)
        .replace("{yyyy}", &format!("{year:04}"))
        .replace("{mm}", &format!("{month:02}"))
        .replace("{dd}", &format!("{day:02}"));
    crate::site_path::page_path(&path.replace("//", "/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses() -> Addresses {
        let mut this = Addresses {
            base: "https://paper.example/blog".into(),
            hosts: vec!["files.paper.example".into()],
            ..Addresses::default()
        };
        this.by_number.insert(7, "/local/ferry/".into());
        this.moved.insert("2019/old".into(), "/local/new/".into());
        this.media.insert("/wp-content/uploads/a-300x200.jpg".into(), Media::default());
        let elsewhere = Media { url: "https://files.paper.example/2008/d.jpg".into(), ..Media::default() };
        this.media.insert("/2008/d.jpg".into(), elsewhere);
        let stranger = Media { url: "https://other.example/e.jpg".into(), ..Media::default() };
        this.media.insert("/e.jpg".into(), stranger);
        this
    }

    #[test]
    fn links_to_the_old_host_are_paths_here() {
        let links = addresses();
        for (href, expected) in [
            ("https://paper.example/blog/about/#x", "/about/#x"),
            ("http://www.paper.example/blog/?p=7#c", "/local/ferry/#c"),
            ("https://paper.example/blog/?p=8", "/?p=8"),
            ("//paper.example/blog/2019/old", "/local/new/"),
            ("https://other.example/2019/old", "https://other.example/2019/old"),
            ("mailto:a@paper.example", "mailto:a@paper.example"),
            ("#top", "#top"),
            ("https://paper.example", "/"),
        ] {
            assert_eq!(links.link(href), expected, "{href}");
        }
    }

    #[test]
    fn images_are_their_originals() {
        let links = addresses();
        for (src, expected) in [
            ("https://paper.example/blog/wp-content/uploads/b-300x200.jpg?w=3", "/wp-content/uploads/b.jpg"),
            ("https://paper.example/blog/wp-content/uploads/a-300x200.jpg", "/wp-content/uploads/a-300x200.jpg"),
            (
                "https://i0.wp.com/paper.example/blog/wp-content/uploads/c-scaled.jpg?resize=1",
                "/wp-content/uploads/c.jpg",
            ),
            ("https://files.paper.example/2008/d.jpg?w=300", "/2008/d.jpg"),
            ("https://other.example/e-300x200.jpg", "https://other.example/e-300x200.jpg"),
        ] {
            assert_eq!(links.media(src), expected, "{src}");
        }
    }

    #[test]
    fn a_file_is_fetched_from_where_it_was_on_hosts_of_the_site() {
        let links = addresses();
        for (path, expected) in [
            ("/wp-content/uploads/b.jpg", "https://paper.example/blog/wp-content/uploads/b.jpg"),
            ("/2008/d.jpg", "https://files.paper.example/2008/d.jpg"),
            ("/e.jpg", "https://paper.example/blog/e.jpg"),
        ] {
            assert_eq!(links.there(path), expected);
        }
    }

    #[test]
    fn a_pattern_counts_if_it_gives_nearly_all_addresses() {
        let known =
            |path: &'static str, slug: &'static str| Known { path, slug, section: "local", day: Some((2019, 4, 9)) };
        let dated = [known("/2019/04/09/a/", "a"), known("/2019/04/09/b", "b")];
        assert_eq!(pattern(dated.iter().cloned()).as_deref(), Some("/{yyyy}/{mm}/{dd}/{slug}/"));
        assert_eq!(
            pattern([known("/news/local/a.html", "a")].into_iter()).as_deref(),
            Some("/news/{section}/{slug}.html")
        );
        assert_eq!(pattern(dated.into_iter().chain([known("/c/", "c")])), None);
        assert_eq!(pattern([known("/archives/12", "a")].into_iter()), None);
        assert_eq!(fill("/{yyyy}/{mm}/{slug}/", "", "a", Some((2019, 4, 9))), "/2019/04/a/");
    }
}
