//! Links: to other articles by their file, to paths of the site, and bare addresses in text.

use std::ops::Range;

use linkify::{LinkFinder, LinkKind};
use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use super::{Body, Target};
use crate::config::Config;
use crate::plan::address;
use crate::render::addresses;

impl<'a> Body<'a> {
    /// Where a link leads; none if it must become plain text.
    pub(super) fn link(&mut self, dest: &CowStr<'a>, range: &Range<usize>) -> Option<CowStr<'a>> {
        let link = self.resolve(dest, range)?;
        (!self.leads_to_withheld(&link)).then_some(link)
    }

    /// Whether an address as it stands in the page is that of a withheld article.
    fn leads_to_withheld(&mut self, href: &str) -> bool {
        let Some((key, is_withheld)) = self.surroundings.address(href) else { return false };
        self.addresses.insert(key);
        is_withheld
    }

    /// The HTML with addresses below the base path, and without links to withheld articles, of which the words stay.
    pub(super) fn with_own_addresses(&mut self, html: String) -> String {
        use lol_html::{RewriteStrSettings, element, rewrite_str};
        let base = self.surroundings.base_path();
        let rooted = (base != "/").then(|| {
            element!(addresses::SELECTOR, move |element| {
                addresses::replace(element, |address| addresses::below_base(address, base));
                Ok(())
            })
        });
        let strip = element!("a[href]", |element| {
            let href = element.get_attribute("href").unwrap_or_default();
            if self.leads_to_withheld(html_escape::decode_html_entities(href.trim()).as_ref()) {
                element.remove_and_keep_content();
            }
            Ok(())
        });
        let handlers = rooted.into_iter().chain([strip]).collect();
        let settings = RewriteStrSettings { element_content_handlers: handlers, ..RewriteStrSettings::new() };
        rewrite_str(&html, settings).unwrap_or(html)
    }

    fn resolve(&mut self, dest: &CowStr<'a>, range: &Range<usize>) -> Option<CowStr<'a>> {
        if dest.is_empty() || dest.starts_with('#') || has_scheme(dest) || dest.starts_with("//") {
            return Some(dest.clone());
        }
        let cut = dest.find(['#', '?']).unwrap_or(dest.len());
        let (path, rest) = dest.split_at(cut);
        if let Some(file) = linked_file(self.source.path, dest) {
            return match file.map(|file| self.surroundings.target(&file)).unwrap_or(Target::Missing) {
                Target::Address(address) => Some(format!("{address}{rest}").into()),
                Target::Withheld => None,
                Target::Missing => {
                    self.warn(
                        range,
                        format!("the link leads to `{path}`, which does not exist"),
                        "write the path of the file from this file, or from `/` for the content folder",
                    );
                    None
                }
            };
        }
        // A file whose name has what would be a query or a fragment.
        if rest.contains('.')
            && let Some(file) = self.surroundings.file(self.source.path, dest)
            && !file.address.is_empty()
        {
            return Some(file.address.into());
        }
        if let Some(rooted) = path.strip_prefix('/') {
            let base = self.surroundings.base_path();
            return Some(if base == "/" { dest.clone() } else { format!("{base}{rooted}{rest}").into() });
        }
        match self.surroundings.file(self.source.path, path) {
            Some(file) => Some(format!("{}{rest}", file.address).into()),
            None => Some(dest.clone()),
        }
    }
}

/// Whether some HTML may have a link in it.
pub(super) fn may_link(html: &str) -> bool {
    memchr::memmem::find(html.as_bytes(), b"<a").is_some() || memchr::memmem::find(html.as_bytes(), b"<A").is_some()
}

/// HTML whose links out of the site say that they are paid for: `rel="sponsored"`
/// (<https://developers.google.com/search/docs/crawling-indexing/qualify-outbound-links>), however they
/// were written.
pub fn sponsored(html: &str, config: &Config) -> String {
    use lol_html::{RewriteStrSettings, element, rewrite_str};
    let mark = element!("a[href]", move |element| {
        let href = element.get_attribute("href").unwrap_or_default();
        let href = href.trim();
        let lower = href.get(..8).unwrap_or(href).to_ascii_lowercase();
        let is_outside = lower.starts_with("https://") || lower.starts_with("http://") || lower.starts_with("//");
        if is_outside && address::within_origin(config, href).is_none() {
            let given = element.get_attribute("rel").unwrap_or_default();
            if !given.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("sponsored")) {
                element.set_attribute("rel", format!("{given} sponsored").trim())?;
            }
        }
        Ok(())
    });
    let settings = RewriteStrSettings { element_content_handlers: vec![mark], ..RewriteStrSettings::new() };
    rewrite_str(html, settings).unwrap_or_else(|_| html.to_owned())
}

/// The content file that a link in the file `from` names: none if it names no Markdown file, none within if
/// it leaves the site.
pub fn linked_file(from: &str, dest: &str) -> Option<Option<String>> {
    let path = dest.split(['#', '?']).next().unwrap_or_default();
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let is_markdown = decoded.ends_with(".md") || decoded.ends_with(".markdown");
    if !is_markdown || has_scheme(dest) || dest.starts_with("//") {
        return None;
    }
    Some(match decoded.strip_prefix('/') {
        Some(rooted) => Some(format!("content/{}", rooted.strip_prefix("content/").unwrap_or(rooted))),
        None => crate::index::resolve(from, &decoded),
    })
}

/// Whether it begins with a scheme (RFC 3986, section 3.1).
pub(super) fn has_scheme(dest: &str) -> bool {
    let Some(colon) = dest.find(':') else { return false };
    dest.starts_with(|c: char| c.is_ascii_alphabetic())
        && dest[..colon].chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// Whether there may be an address in running text: one that is not behind `(`, `<` or a quote.
pub(super) fn has_bare_addresses(markdown: &str) -> bool {
    let bytes = markdown.as_bytes();
    let is_bare = |at: usize| at == 0 || !matches!(bytes[at - 1], b'(' | b'<' | b'"' | b'\'' | b'=' | b'/' | b'.');
    memchr::memmem::find_iter(bytes, b"http").any(|at| {
        is_bare(at) && bytes[at + 4..].starts_with(b"://") || is_bare(at) && bytes[at + 4..].starts_with(b"s://")
    }) || memchr::memmem::find_iter(bytes, b"www.").any(is_bare)
        || memchr::memchr_iter(b'@', bytes).any(|at| at > 0 && bytes[at - 1].is_ascii_alphanumeric())
}

/// Passes text on with its addresses as links, as GFM does (`https://…`, `www.…`, e-mail).
pub(super) fn link_bare_addresses(text: &str, out: &mut Vec<Event<'_>>) {
    let mut finder = LinkFinder::new();
    finder.url_must_have_scheme(false).kinds(&[LinkKind::Url, LinkKind::Email]);
    for span in finder.spans(text) {
        let words = span.as_str().to_owned();
        let dest = match span.kind() {
            Some(LinkKind::Email) => Some(format!("mailto:{words}")),
            Some(LinkKind::Url) if words.starts_with("http://") || words.starts_with("https://") => Some(words.clone()),
            Some(LinkKind::Url) if words.starts_with("www.") => Some(format!("http://{words}")),
            _ => None,
        };
        match dest {
            Some(dest) => {
                out.push(Event::Start(Tag::Link {
                    link_type: LinkType::Autolink,
                    dest_url: dest.into(),
                    title: "".into(),
                    id: "".into(),
                }));
                out.push(Event::Text(words.into()));
                out.push(Event::End(TagEnd::Link));
            }
            None => out.push(Event::Text(words.into())),
        }
    }
}
