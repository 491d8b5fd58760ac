//! Links: to other articles by their file, to paths of the site, and bare addresses in text.

use std::borrow::Cow;
use std::ops::Range;

use linkify::{LinkFinder, LinkKind};
use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use super::raw::Comments;
use super::{Body, Purpose, Target, reference};
use crate::config::Config;
use crate::config::address;
use crate::diagnostic::Diagnostic;
use crate::html::{Token, later_end, tokens};
use crate::html_addresses;
use crate::site_path;
use crate::source_name::is_markdown_name;

/// Where a link leads; none if it must become plain text.
pub(super) fn link<'a>(body: &mut Body<'a>, dest: &CowStr<'a>, range: &Range<usize>) -> Option<CowStr<'a>> {
    if body.surroundings.is_elsewhere(dest) {
        return Some(dest.clone());
    }
    if site_path::is_script(dest) {
        refuse_script(body, dest, range);
        return None;
    }
    let link = resolve(body, dest, range)?;
    if leads_to_withheld(body, &link) {
        return None;
    }
    if linked_file(body.source.path, dest).is_none() {
        reference::look_at_reference(body, &link, Purpose::Link, range);
    } else {
        reference::look_at_place(body, &link, range);
    }
    Some(link)
}

pub(super) fn refuse_script(body: &mut Body<'_>, address: &str, range: &Range<usize>) {
    let place = body.place(range);
    let message = format!("the address `{address}` would run a script");
    let hint = "write a path of the site, or an address that begins with https://";
    body.rendered.diagnostics.push(Diagnostic::error(message).at(place).hint(hint));
}

/// The HTML without addresses that run scripts, in whatever attribute they stand.
pub(super) fn without_scripts(body: &mut Body<'_>, html: String) -> String {
    let Some((rewritten, address)) = html_addresses::without_scripts(&html) else { return html };
    let start = body.markdown.find(&address).unwrap_or_default();
    body.warn(
        &(start..start + 1),
        format!("the address `{address}` would run a script; it is left out"),
        "write a path of the site, or an address that begins with https://",
    );
    rewritten
}

/// Whether an address as it stands in the page is that of a withheld article, or of a withheld update of live coverage.
pub(super) fn leads_to_withheld(body: &mut Body<'_>, href: &str) -> bool {
    let is_here = href.strip_prefix('#').is_some_and(|id| body.ids.has(&decoded(id)));
    // What is looked up is asked, so it is not looked up in vain.
    let place = if is_here { None } else { body.surroundings.place(href) };
    let found = [body.surroundings.address(href), place];
    body.addresses.extend(found.iter().flatten().map(|(key, _)| *key));
    found.into_iter().flatten().any(|(_, is_withheld)| is_withheld)
}

fn decoded(text: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy()
}

/// The HTML with the addresses that it must have, and without those that lead to what is withheld; the words of such
/// a link stay.
pub(super) fn with_own_addresses(body: &mut Body<'_>, html: String) -> String {
    use lol_html::{RewriteStrSettings, element, rewrite_str};
    let others = &body.raw.addresses;
    let base = body.surroundings.base_path();
    let own = element!(html_addresses::SELECTOR, |element| {
        let mut withheld = Vec::new();
        html_addresses::follow(element, |name, address| {
            if others.get(address) == Some(&None) {
                withheld.push(name.to_owned());
            }
        });
        if element.tag_name() == "a" && withheld.iter().any(|name| name == "href" || name == "xlink:href") {
            element.remove_and_keep_content();
            return Ok(());
        }
        withheld.iter().for_each(|name| element.remove_attribute(name));
        html_addresses::replace(element, |address| others.get(address).cloned().flatten());
        Ok(())
    });
    let styles = html_addresses::in_styles(|address| html_addresses::below_base(address, base));
    let settings = RewriteStrSettings {
        element_content_handlers: if body.raw.has_styles { vec![own, styles] } else { vec![own] },
        ..RewriteStrSettings::new()
    };
    rewrite_str(&html, settings).unwrap_or(html)
}

/// Where the content file that an address names is published; none if it names no Markdown file.
pub(super) fn named_file(body: &Body<'_>, dest: &str) -> Option<Target> {
    let path = body.surroundings.within_site(dest).unwrap_or(dest);
    let target = |path: &str| {
        let file = linked_file(body.source.path, path)?;
        Some(file.map_or(Target::Missing, |file| body.surroundings.target(&file)))
    };
    match target(path)? {
        Target::Missing => {
            let base = body.surroundings.base_path().trim_end_matches('/');
            let below = path.strip_prefix(base).filter(|rest| !base.is_empty() && rest.starts_with('/'));
            Some(below.and_then(target).unwrap_or(Target::Missing))
        }
        found => Some(found),
    }
}

fn resolve<'a>(body: &mut Body<'a>, dest: &CowStr<'a>, range: &Range<usize>) -> Option<CowStr<'a>> {
    if let Some(id) = dest.strip_prefix('#').and_then(|id| body.ids.instead_of(id)) {
        return Some(format!("#{id}").into());
    }
    if dest.is_empty() || dest.starts_with('#') {
        return Some(dest.clone());
    }
    let (path, rest) = path_and_rest(dest);
    if let Some(target) = named_file(body, dest) {
        return match target {
            Target::Address(address) => Some(format!("{address}{rest}").into()),
            Target::Withheld => None,
            Target::Missing => {
                body.warn(
                    range,
                    format!("the link leads to `{path}`, which does not exist"),
                    "write the path of the file from this file, or from `/` for the content folder",
                );
                None
            }
        };
    }
    if has_scheme(dest) || dest.starts_with("//") {
        return Some(dest.clone());
    }
    // A file whose name has what would be a query or a fragment.
    if rest.contains('.')
        && let Some(file) = body.surroundings.file(body.source.path, dest)
        && !file.address.is_empty()
    {
        return Some(file.address.into());
    }
    if path.starts_with('/') {
        let below = html_addresses::below_base(dest, body.surroundings.base_path());
        return Some(below.map_or_else(|| dest.clone(), Into::into));
    }
    match body.surroundings.file(body.source.path, path) {
        Some(file) => Some(format!("{}{rest}", file.address).into()),
        // Browsers would take what stands before the colon for a scheme (RFC 3986, section 4.2).
        None if path.split('/').next().is_some_and(|first| first.contains(':')) => Some(format!("./{dest}").into()),
        None => Some(dest.clone()),
    }
}

/// Whether some HTML has an attribute that runs a script.
pub(super) fn may_run_script(html: &str) -> bool {
    tokens(html).iter().any(|token| match token {
        Token::Start(tag, all) => all.iter().any(|(name, value)| html_addresses::runs_script(tag, name, value)),
        _ => false,
    })
}

/// Whether browsers may take something in the HTML for a comment: `<!-- … -->`, and what is markup of nothing they know,
/// as `<?php … ?>`, `<![CDATA[ … ]]>` and `</ … >` (HTML, section 13.2.5.42).
pub(super) fn may_have_comments(html: &str) -> bool {
    memchr::memchr_iter(b'<', html.as_bytes()).any(|at| match html.as_bytes().get(at + 1) {
        Some(b'!' | b'?') => true,
        Some(b'/') => !html.as_bytes().get(at + 2).is_some_and(u8::is_ascii_alphabetic),
        _ => false,
    })
}

/// The HTML without comments: what writers tell each other is not for readers. Includes of fragments stay: servers
/// resolve them.
pub(super) fn without_comments(html: String) -> String {
    use lol_html::html_content::ContentType;
    use lol_html::{RewriteStrSettings, doc_comments, doc_text, doctype, rewrite_str, text};
    let last_ends = ["?>", "]]>"].map(|end| (end, html.rfind(end)));
    let comment_end = std::cell::Cell::new(None);
    let remove = doc_comments!(|comment| {
        let text = comment.text();
        let behind = comment.source_location().bytes().end;
        let is_behind = |end: &&str| last_ends.iter().any(|(one, last)| one == end && *last >= Some(behind));
        comment_end.set(later_end(&text).filter(is_behind));
        if !text.starts_with("#include ") {
            comment.remove();
        }
        Ok(())
    });
    let of_comment = doc_text!(|chunk| {
        if let Some(end) = comment_end.get().filter(|_| !chunk.as_str().is_empty()) {
            let behind = chunk.as_str().split_once(end).map(|(_, behind)| behind.to_owned());
            comment_end.set(behind.is_none().then_some(end));
            chunk.replace(&behind.unwrap_or_default(), ContentType::Html);
        }
        Ok(())
    });
    let of_document = doctype!(|doctype| {
        doctype.remove();
        Ok(())
    });
    // A browser that runs scripts takes these for text, and so does the library.
    let mut whole = String::new();
    let of_text = text!("noscript", move |chunk| {
        whole.push_str(chunk.as_str());
        if chunk.last_in_text_node() {
            let content = std::mem::take(&mut whole);
            let shown = Comments::default().remove(content.as_str().into(), &content);
            chunk.replace(&shown, ContentType::Html);
        } else {
            chunk.remove();
        }
        Ok(())
    });
    let settings = RewriteStrSettings {
        document_content_handlers: vec![remove, of_comment, of_document],
        element_content_handlers: vec![of_text],
        ..RewriteStrSettings::new()
    };
    rewrite_str(&html, settings).unwrap_or_else(|_| html.clone())
}

/// The HTML without elements that would change the whole page.
pub(super) fn without_document_elements(html: String) -> String {
    use lol_html::{RewriteStrSettings, element, rewrite_str};
    let is_drawing = std::cell::Cell::new(false);
    let drawn = element!("svg title", |_| {
        is_drawing.set(true);
        Ok(())
    });
    let remove = element!("base, title, meta, link", |element| {
        let name = element.tag_name();
        let value = |wanted: &str| element.get_attribute(wanted);
        let (itemprop, rel) = (value("itemprop"), value("rel"));
        let value = |wanted: &str| if wanted == "rel" { rel.as_deref() } else { itemprop.as_deref() };
        let is_of_document = match &*name {
            "base" => true,
            "title" => !is_drawing.take(),
            _ => super::reference::is_of_document(&name, value),
        };
        if is_of_document {
            element.remove();
        }
        Ok(())
    });
    let settings = RewriteStrSettings { element_content_handlers: vec![drawn, remove], ..RewriteStrSettings::new() };
    rewrite_str(&html, settings).unwrap_or(html)
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

/// The path in an address, and its query or fragment. No fragment is called as Markdown files are, so their names may
/// have a `#`.
pub fn path_and_rest(dest: &str) -> (&str, &str) {
    let (path, rest) = dest.split_at(dest.find(['#', '?']).unwrap_or(dest.len()));
    if rest.starts_with('#') && is_markdown_name(rest) && !is_markdown_name(path) { (dest, "") } else { (path, rest) }
}

/// The content file that a link in the file `from` names: none if it names no Markdown file, none within if
/// it leaves the site.
pub fn linked_file(from: &str, dest: &str) -> Option<Option<String>> {
    let (path, _) = path_and_rest(dest);
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    if !is_markdown_name(&decoded) || has_scheme(dest) || dest.starts_with("//") {
        return None;
    }
    Some(match decoded.strip_prefix('/') {
        Some(rooted) => Some(format!("content/{}", rooted.strip_prefix("content/").unwrap_or(rooted))),
        None => crate::index::resolve(from, &decoded),
    })
}

/// Schemes with which addresses begin that have no `//`, and those that people write without it.
#[rustfmt::skip]
const SCHEMES: [&str; 28] = [
    "http", "https", "ftp", "file", "mailto", "tel", "sms", "data", "javascript", "vbscript",
    "livescript", "blob", "about", "cid", "mid", "geo", "magnet", "urn", "doi", "news", "xmpp",
    "sip", "sips", "skype", "matrix", "bitcoin", "webcal", "view-source",
];

/// Whether it begins with a scheme (RFC 3986, section 3.1). A name with an ending, as `Figure:1.png`, is that of a file,
/// unless the scheme is one that people know.
pub(super) fn has_scheme(dest: &str) -> bool {
    let Some((scheme, rest)) = site_path::scheme(dest) else { return false };
    let is_file = || {
        let name = rest.split(['?', '#']).next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        (1..=8).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    rest.starts_with("//") || SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known)) || !is_file()
}

/// Whether there may be an address in running text: one that is not the target of a link or the value of an attribute.
pub(super) fn has_bare_addresses(markdown: &str) -> bool {
    let bytes = markdown.as_bytes();
    let is_bare = |at: usize| {
        let before = |count: usize| at.checked_sub(count).map(|at| bytes[at]);
        match before(1) {
            Some(b'(') => before(2) != Some(b']'),
            Some(b'"' | b'\'') => before(2) != Some(b'='),
            Some(b'<' | b'=' | b'/' | b'.') => false,
            _ => true,
        }
    };
    memchr::memmem::find_iter(bytes, b"http").any(|at| {
        is_bare(at) && bytes[at + 4..].starts_with(b"://") || is_bare(at) && bytes[at + 4..].starts_with(b"s://")
    }) || memchr::memmem::find_iter(bytes, b"www.").any(is_bare)
        || memchr::memchr_iter(b'@', bytes).any(|at| at > 0 && bytes[at - 1].is_ascii_alphanumeric())
}

/// The addresses in a text, and where each of them leads: `https://…`, `www.…` and e-mail, as GFM has them.
pub(crate) fn bare_addresses(text: &str) -> Vec<(Range<usize>, String)> {
    let mut finder = LinkFinder::new();
    finder.url_must_have_scheme(false).kinds(&[LinkKind::Url, LinkKind::Email]);
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(link) = finder.links(&text[from..]).next() {
        let start = from + link.start();
        let words = within_sentence(link.as_str());
        let dest = match link.kind() {
            LinkKind::Email => Some(format!("mailto:{words}")),
            _ if words.starts_with("http://") || words.starts_with("https://") => Some(words.to_owned()),
            _ if words.starts_with("www.") => Some(format!("http://{words}")),
            _ => None,
        };
        from = start + words.len().max(1);
        found.extend(dest.map(|dest| (start..from, dest)));
        from = text.ceil_char_boundary(from);
    }
    found
}

/// The part of an address that is no punctuation of the sentence around it. Chinese and Japanese sentences go on
/// behind their punctuation without a blank, so nothing behind it belongs to the address.
fn within_sentence(address: &str) -> &str {
    let is_cjk = |c: char| matches!(u32::from(c), 0x3000..=0x3004 | 0x3008..=0x3020 | 0x3030 | 0xFE10..=0xFE6F | 0xFF01..=0xFF0F | 0xFF1A..=0xFF20 | 0xFF3B..=0xFF40 | 0xFF5B..=0xFF65);
    let end = address.find(is_cjk).unwrap_or(address.len());
    address[..end].trim_end_matches(|c: char| !c.is_ascii() && is_punctuation(c))
}

fn is_punctuation(c: char) -> bool {
    use icu_properties::CodePointMapData;
    use icu_properties::props::{GeneralCategory, GeneralCategoryGroup};
    GeneralCategoryGroup::Punctuation.contains(CodePointMapData::<GeneralCategory>::new().get(c))
}

/// A piece of text as it is written, and as it is set: the parser makes typographic quotes, dashes and ellipses, which
/// an address has not.
#[derive(Default)]
pub(super) struct Words<'a> {
    pub(super) written: String,
    /// Where in the text something else is set, how long it is there, and what is set.
    set: Vec<(usize, usize, CowStr<'a>)>,
}

impl<'a> Words<'a> {
    /// Adds the text of an event, which stands in the Markdown as `source`.
    pub(super) fn push(&mut self, text: &CowStr<'a>, source: &str) {
        let is_mark = |mark: char| !source.is_empty() && source.chars().all(|c| c == mark);
        if **text != *source && ['-', '.', '"', '\''].into_iter().any(is_mark) {
            self.set.push((self.written.len(), source.len(), text.clone()));
            self.written.push_str(source);
        } else {
            self.written.push_str(text);
        }
    }

    /// Takes back what must stand as it is written, and turns quotes that face the wrong way. `before` stands
    /// before it in the Markdown; `is_open` says whether a quotation is open.
    pub(super) fn mend(&mut self, before: Option<char>, is_open: &mut bool) {
        let written = &self.written;
        let mut verbatim: Option<(Range<usize>, Range<usize>)> = None;
        self.set.retain_mut(|(at, length, set)| {
            let before = written[..*at].chars().next_back().or(before);
            let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            match written.as_bytes()[*at] {
                b'"' => {
                    // Inches and seconds.
                    if is_digit(before) && !*is_open {
                        return false;
                    }
                    // Behind a word or a sentence a quotation ends, if one has begun.
                    let ends = |c: char| c.is_alphanumeric() || ".,!?…)]}*_~`>。！？".contains(c);
                    if *is_open && before.is_some_and(ends) {
                        *set = "”".into();
                    }
                    *is_open = &**set == "“";
                    true
                }
                b'\'' => {
                    // Feet and minutes, but not thousands.
                    let digits = written[*at + 1..].bytes().take_while(u8::is_ascii_digit).count();
                    !(is_digit(before) && digits > 0 && digits != 3)
                }
                _ => {
                    let (token, inside) =
                        verbatim.take().filter(|(token, _)| token.contains(at)).unwrap_or_else(|| {
                            let token = token_at(written, *at);
                            let inside = verbatim_part(&written[token.clone()]);
                            (token.clone(), token.start + inside.start..token.start + inside.end)
                        });
                    let stays = inside.contains(at) && at.saturating_add(*length) < inside.end;
                    verbatim = Some((token, inside));
                    !stays
                }
            }
        });
    }

    /// A part of the text as it is set.
    fn set(&self, range: Range<usize>) -> String {
        let mut text = String::with_capacity(range.len());
        let mut from = range.start;
        let first = self.set.partition_point(|(at, _, _)| *at < range.start);
        for (at, length, set) in &self.set[first..] {
            if at + length > range.end {
                break;
            }
            text.push_str(&self.written[from..*at]);
            text.push_str(set);
            from = at + length;
        }
        text.push_str(&self.written[from..range.end]);
        text
    }

    /// Passes the text on, its addresses, if there may be any, as they are written, and as links if they may be. In the place of an address
    /// that must not be seen there are three dots.
    pub(super) fn write(
        &self,
        may_link: Option<bool>,
        out: &mut Vec<Event<'a>>,
        mut is_withheld: impl FnMut(&str) -> bool,
    ) {
        let mut from = 0;
        let addresses = may_link.map_or_else(Vec::new, |_| bare_addresses(&self.written));
        for (range, dest) in addresses {
            if from < range.start {
                out.push(Event::Text(self.set(from..range.start).into()));
            }
            let words = Event::Text(self.written[range.clone()].to_owned().into());
            if is_withheld(&dest) {
                out.push(Event::Text("…".into()));
            } else if may_link == Some(true) {
                let (dest_url, title, id) = (dest.into(), "".into(), "".into());
                out.push(Event::Start(Tag::Link { link_type: LinkType::Autolink, dest_url, title, id }));
                out.extend([words, Event::End(TagEnd::Link)]);
            } else {
                out.push(words);
            }
            from = range.end;
        }
        if from < self.written.len() {
            out.push(Event::Text(self.set(from..self.written.len()).into()));
        }
    }
}

/// Whether the parser may have set what must stand as it is written, or a quote the wrong way.
pub(super) fn may_misset(markdown: &str) -> bool {
    let bytes = markdown.as_bytes();
    let is_word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80);
    let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let is_end = |byte: Option<&u8>| byte.is_some_and(|byte| b"*_~`>.,!?)]}".contains(byte));
    let before = |at: usize| at.checked_sub(1).and_then(|at| bytes.get(at));
    memchr::memchr2_iter(b'"', b'\'', bytes).any(|at| {
        let behind = bytes.get(at + 1);
        match bytes[at] {
            b'"' => is_digit(before(at)) || (is_word(before(at)) || is_end(before(at))) && is_word(behind),
            _ => is_digit(before(at)) && is_digit(behind),
        }
    }) || memchr::memmem::find_iter(bytes, b"--").any(|at| is_word(bytes.get(at + 2)))
        || memchr::memmem::find_iter(bytes, b"...").any(|at| is_word(bytes.get(at + 3)))
}

/// The characters without blanks around a place.
fn token_at(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].char_indices().rev().find(|(_, c)| c.is_whitespace());
    let end = text[at..].find(char::is_whitespace).map_or(text.len(), |length| at + length);
    start.map_or(0, |(at, c)| at + c.len_utf8())..end
}

/// The part of a token that is no running text: an address, a path, an option of a program, a checksum.
fn verbatim_part(token: &str) -> Range<usize> {
    if let Some(at) = token.find("://") {
        let is_of_scheme = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '+' | '.');
        return at - token[..at].chars().rev().take_while(is_of_scheme).count()..token.len();
    }
    let start = token.len() - token.trim_start_matches(['(', '[', '"', '\'', '“', '„', '«']).len();
    let inside = &token[start..];
    let is_option =
        || inside.strip_prefix("--").is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()));
    let is_path = || ["/", "./", "../", "~/"].iter().any(|root| inside.starts_with(root));
    let is_host = |host: &str| {
        host.rsplit_once('.')
            .is_some_and(|(_, top)| top.len() > 1 && top.bytes().all(|byte| byte.is_ascii_alphabetic()))
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
            && !host.contains("..")
    };
    let is_address = || inside.split_once('/').is_some_and(|(host, _)| is_host(host)) || inside.contains("xn--");
    // The time `10:30--11:00` is none, and neither is the last word before a colon.
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_lowercase())
            && scheme.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let is_named = || {
        inside.split_once(':').is_some_and(|(scheme, rest)| {
            is_scheme(scheme)
                && rest.is_ascii()
                && rest.starts_with(|c: char| c.is_ascii_alphanumeric())
                && (scheme.contains(|c: char| c.is_ascii_digit()) || rest.contains(['/', '@']))
        })
    };
    if is_option() || is_path() || is_address() || is_named() { start..token.len() } else { 0..0 }
}
