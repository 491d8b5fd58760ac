//! The headers under which a store serves a file: its type, and for how long it may be kept.

use rustc_hash::FxHashMap;

use crate::config::{CacheRule, DeployTarget, Redirects};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::plan::Class;

/// The headers of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Headers {
    /// `Content-Type`.
    pub(super) content_type: String,
    /// `Cache-Control`.
    pub(super) cache_control: String,
    /// Whether a redirect of the store leads on, instead of the page.
    pub(super) redirects: bool,
}

/// A name that changes with its bytes: a year, as long as caches go.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Pages and feeds: browsers ask each time; caches between them and the store may keep them for a minute.
const BRIEFLY: &str = "public, max-age=0, s-maxage=60";

/// Images and the like, which seldom change under one name.
const AN_HOUR: &str = "public, max-age=3600";

impl Headers {
    /// The headers of the file `path` of the output folder.
    pub(super) fn of(path: &str, class: Class, target: &DeployTarget) -> Self {
        let ruled = target.cache.iter().find(|rule| fits(rule, path)).map(|rule| rule.value.trim());
        let cache_control = ruled.unwrap_or(match class {
            Class::Fingerprinted | Class::Variant => FOR_EVER,
            Class::Entry | Class::Listing | Class::Redirect | Class::Data => BRIEFLY,
            Class::File => AN_HOUR,
        });
        Self {
            content_type: content_type(path),
            cache_control: cache_control.to_owned(),
            redirects: class == Class::Redirect && path.ends_with(".html") && target.redirects == Redirects::Object,
        }
    }

    /// What stands for them.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        let mut all = Fingerprinter::new("headers");
        all.text(&self.content_type).text(&self.cache_control).number(self.redirects.into()).finish()
    }
}

/// Fingerprints of headers, each made once: most files of a site are called alike.
pub(super) struct Remembered<'t> {
    target: &'t DeployTarget,
    known: FxHashMap<(Box<str>, Class), Fingerprint>,
}

impl<'t> Remembered<'t> {
    /// Those of files of a target.
    pub(super) fn new(target: &'t DeployTarget) -> Self {
        Self { target, known: FxHashMap::default() }
    }

    /// What stands for the headers of the file `path`.
    pub(super) fn fingerprint(&mut self, path: &str, class: Class) -> Fingerprint {
        let make = || Headers::of(path, class, self.target).fingerprint();
        // But for the rules of the target, which look at the whole path, the name decides.
        if !self.target.cache.is_empty() {
            return make();
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        *self.known.entry((name.into(), class)).or_insert_with(make)
    }
}

/// Whether the path, with a slash in front, fits the rule, in which a star stands for anything.
fn fits(rule: &CacheRule, path: &str) -> bool {
    let mut parts = rule.path.trim_start_matches('/').split('*');
    let Some(rest) = path.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, between)) = parts.split_last() else { return rest.is_empty() };
    let mut rest = rest;
    for part in between {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// The media type of a file by its name; text is UTF-8.
fn content_type(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    match name {
        "_headers" | "_redirects" | "CNAME" => return "text/plain; charset=utf-8".into(),
        "feed.xml" => return "application/rss+xml; charset=utf-8".into(),
        "atom.xml" => return "application/atom+xml; charset=utf-8".into(),
        "feed.json" => return "application/feed+json; charset=utf-8".into(),
        // The licence of the statement of rights (RSL 1.0).
        "license.xml" => return "application/rsl+xml; charset=utf-8".into(),
        _ => {}
    }
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let is_text = kind.type_() == "text"
        || matches!(kind.subtype().as_str(), "javascript" | "json" | "xml")
        || kind.suffix().is_some_and(|suffix| matches!(suffix.as_str(), "xml" | "json"));
    if is_text { format!("{}; charset=utf-8", kind.essence_str()) } else { kind.essence_str().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(rules: &[(&str, &str)]) -> DeployTarget {
        let rule = |(path, value): &(&str, &str)| CacheRule { path: (*path).into(), value: (*value).into() };
        DeployTarget { cache: rules.iter().map(rule).collect(), ..DeployTarget::default() }
    }

    #[test]
    fn the_first_rule_that_fits_wins() {
        let target = target(&[("/feed.xml", "a"), ("/*.xml", "b"), ("/media/*/big-*.jpg", "c"), ("local/*", "d")]);
        let of = |path: &str| Headers::of(path, Class::File, &target).cache_control;
        assert_eq!([of("feed.xml"), of("sitemap.xml"), of("tags/a/feed.xml")], ["a", "b", "b"]);
        assert_eq!([of("media/x/y/big-1.jpg"), of("media/big-1.jpg")], ["c", AN_HOUR]);
        assert_eq!([of("local/x/index.html"), of("local")], ["d", AN_HOUR]);
    }

    #[test]
    fn what_has_a_fingerprint_in_its_name_may_be_kept_and_pages_may_not() {
        let target = target(&[]);
        let of = |class| Headers::of("x", class, &target).cache_control;
        assert_eq!(of(Class::Fingerprinted), FOR_EVER);
        assert_eq!([of(Class::Entry), of(Class::Listing), of(Class::Redirect)], [BRIEFLY; 3]);
    }

    #[test]
    fn types_are_those_that_readers_expect() {
        let of = |path| content_type(path);
        assert_eq!(of("a/index.html"), "text/html; charset=utf-8");
        assert_eq!(of("assets/site.css"), "text/css; charset=utf-8");
        assert_eq!(of("a/map.svg"), "image/svg+xml; charset=utf-8");
        assert_eq!(of("a/photo.jpg"), "image/jpeg");
        assert_eq!(of("feed.xml"), "application/rss+xml; charset=utf-8");
        assert_eq!(of("license.xml"), "application/rsl+xml; charset=utf-8");
        assert_eq!(of(".well-known/tdmrep.json"), "application/json; charset=utf-8");
        assert_eq!(of("index.html.br"), "application/octet-stream");
        assert_eq!(of(".nojekyll"), "application/octet-stream");
    }
}
