//! Addresses of the site that lead nowhere: a warning where they are written, whoever wrote them there.
//!
//! What will be published is not the body's to know, so it asks; the answer is recorded, and a page that is added or
//! removed elsewhere brings the warning of this one up to date.

use std::ops::Range;

use html5ever::LocalName;

use super::linking::{self, has_scheme, path_and_rest};
use super::not_found::nowhere;
use super::{Anchor, Body, Target};
use crate::diagnostic::MOST_OF_FILE;
use crate::html::{Token, place_of, tokens};
use crate::html_addresses;
use crate::site_path;

/// Where an address leads within the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The files that are served for it, by [`file_id`](crate::fingerprint::file_id).
    pub files: Vec<u64>,
    /// Whether one of them is published.
    pub is_published: bool,
}

/// What an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To be followed, or to be played.
    Link,
    /// To be shown.
    Image,
}

/// Looks whether something is published at an address as it stands in the page.
pub(super) fn look_at_reference(body: &mut Body<'_>, href: &str, purpose: Purpose, range: &Range<usize>) {
    let path = &href[..href.find(['#', '?']).unwrap_or(href.len())];
    if path.is_empty() {
        look_at_anchor(body, href, Vec::new(), range);
        return;
    }
    let Some(destination) = body.surroundings.destination(href, purpose) else { return };
    body.files.extend(&destination.files);
    if destination.is_published || linking::leads_to_withheld(body, href) {
        if destination.is_published && purpose == Purpose::Link {
            look_at_anchor(body, href, destination.files, range);
        }
        return;
    }
    let meant = below_twice(body, href).or_else(|| meant_file(body, href));
    body.tell(range, nowhere(href, purpose, meant));
}

/// Looks at a link to a Markdown file, which is published.
pub(super) fn look_at_place(body: &mut Body<'_>, href: &str, range: &Range<usize>) {
    if href.contains('#')
        && let Some(files) = body.surroundings.files_at(href)
    {
        look_at_anchor(body, href, files, range);
    }
}

/// Looks at a link to a place of the page, or of that in one of `files`. What the body does not have the rest of the
/// page may have.
fn look_at_anchor(body: &mut Body<'_>, href: &str, files: Vec<u64>, range: &Range<usize>) {
    let id = href.split_once('#').map_or("", |(_, id)| id);
    if matches!(id, "" | "top") || id.starts_with(":~:") {
        return;
    }
    let id = percent_encoding::percent_decode_str(id).decode_utf8_lossy();
    let is_here = || files.is_empty() && body.ids.has(&id);
    if !is_here() && body.rendered.anchors.len() < MOST_OF_FILE && body.surroundings.wants_anchors() {
        let (href, id, place) = (href.to_owned(), id.into_owned(), body.place(range));
        body.rendered.anchors.push(Anchor { href, files, id, place });
    }
}

/// Looks at an address that becomes a link by itself, somewhere in the text of this range.
pub(super) fn look_at_bare_address(body: &mut Body<'_>, address: &str, range: &Range<usize>) {
    if address.starts_with("http") && !body.surroundings.is_elsewhere(address) {
        let place = place_of(&body.markdown[range.clone()], address);
        let place = place.map_or_else(|| range.clone(), |at| range.start + at.start..range.start + at.end);
        look_at_reference(body, address, Purpose::Link, &place);
    }
}

/// The file that an address in HTML, at which there is none, was probably meant to be: one that an image in
/// Markdown would find, or one that is called nearly so.
fn meant_file(body: &mut Body<'_>, href: &str) -> Option<String> {
    let (path, base) = (body.source.path, body.surroundings.base_path());
    let src = site_path::without_base(base, body.surroundings.within_site(href).unwrap_or(href));
    let found = |src: &str| {
        let address = body.surroundings.file(path, src)?.address;
        Some(site_path::without_base(base, &address).to_owned()).filter(|address| !address.is_empty())
    };
    found(src).or_else(|| {
        let near = body.surroundings.nearest(path, src)?;
        let destination = body.surroundings.destination(&near, Purpose::Image);
        let is_published = destination.as_ref().is_some_and(|one| one.is_published);
        body.files.extend(destination.into_iter().flat_map(|one| one.files));
        if is_published { Some(near) } else { found(&near) }
    })
}

/// The address with the base path twice, if something is published there: a section may be called as the folder of
/// the site is.
fn below_twice(body: &mut Body<'_>, href: &str) -> Option<String> {
    let base = body.surroundings.base_path();
    site_path::behind_base(base, href)?;
    let meant = format!("{}{href}", base.trim_end_matches('/'));
    let destination = body.surroundings.destination(&meant, Purpose::Link)?;
    body.files.extend(destination.files);
    destination.is_published.then_some(meant)
}

/// Looks at the addresses in HTML, which is written at this place, or made by what is written there.
pub(super) fn look_at_references(body: &mut Body<'_>, html: &str, range: &Range<usize>) {
    if memchr::memchr(b'=', html.as_bytes()).is_some() {
        tokens(html).iter().for_each(|token| look_at_tag(body, token, range));
    }
}

/// The same of one tag.
pub(super) fn look_at_tag(body: &mut Body<'_>, token: &Token, range: &Range<usize>) {
    let Token::Start(name, attributes) = token else { return };
    look_at_document_element(body, name, attributes, range);
    for (attribute, value) in attributes {
        let purpose = match (&**name, &**attribute) {
            // Who receives a form is a program.
            (_, "action" | "formaction") | ("link", _) => None,
            ("img" | "image", _) | (_, "srcset" | "imagesrcset" | "poster" | "style") => Some(Purpose::Image),
            _ => Some(Purpose::Link),
        };
        for part in html_addresses::within(name, attribute, value) {
            let address = &value[part];
            let encoded = if &**attribute == "style" { address.into() } else { site_path::encoded(address) };
            if encoded != address {
                body.raw.addresses.insert(address.to_owned(), Some(encoded.into_owned()));
            }
            if body.surroundings.is_elsewhere(address) {
                continue;
            }
            let own = own_address(body, address);
            if let Some(purpose) = purpose.filter(|_| own != Some(Target::Withheld)) {
                let place = place_of(&body.markdown[range.clone()], address);
                let place = place.map_or_else(|| range.clone(), |at| range.start + at.start..range.start + at.end);
                let href = match &own {
                    Some(Target::Address(other)) => other,
                    _ => address,
                };
                look_at_reference(body, href, purpose, &place);
            }
            match own {
                Some(Target::Address(other)) => body.raw.addresses.insert(address.to_owned(), Some(other)),
                Some(Target::Withheld) => body.raw.addresses.insert(address.to_owned(), None),
                Some(Target::Missing) | None => None,
            };
        }
    }
}

/// What an address in HTML must become, if it cannot stay as it is: that of the article whose file it names, one
/// below the base path, or nothing.
fn own_address(body: &mut Body<'_>, address: &str) -> Option<Target> {
    if address.is_empty() || address.starts_with('#') {
        return linking::leads_to_withheld(body, address).then_some(Target::Withheld);
    }
    if let Some(target) = linking::named_file(body, address) {
        let (_, rest) = path_and_rest(address);
        return Some(match target {
            Target::Address(other) => {
                let whole = format!("{other}{rest}");
                let is_withheld = !rest.is_empty() && linking::leads_to_withheld(body, &whole);
                if is_withheld { Target::Withheld } else { Target::Address(whole) }
            }
            other => other,
        });
    }
    let is_relative = || !address.starts_with('/') && !has_scheme(address);
    if body.surroundings.is_file() && is_relative() {
        let (path, rest) = path_and_rest(address);
        if let Some(file) = body.surroundings.file(body.source.path, path).filter(|file| !file.address.is_empty()) {
            return Some(Target::Address(format!("{}{rest}", file.address)));
        }
    }
    let below = html_addresses::below_base(address, body.surroundings.base_path());
    if linking::leads_to_withheld(body, below.as_deref().unwrap_or(address)) {
        return Some(Target::Withheld);
    }
    below.map(Target::Address)
}

/// Tells of an element that would change the whole page, and so is left out.
fn look_at_document_element(body: &mut Body<'_>, name: &str, attributes: &[(LocalName, String)], range: &Range<usize>) {
    let value = |wanted: &str| attributes.iter().find(|(name, _)| &**name == wanted).map(|(_, value)| &**value);
    let is_of_document = match name {
        "base" => true,
        "title" => !body.raw.is_drawing(),
        "meta" | "link" => is_of_document(name, value),
        _ => false,
    };
    if is_of_document {
        body.raw.has_document_elements = true;
        let tag = format!("<{name}");
        let within = body.markdown[range.clone()].to_ascii_lowercase();
        let at = range.start + within.find(&tag).unwrap_or(0);
        body.warn(
            &(at..range.end),
            format!("`{tag}>` would change the whole page, so it is left out"),
            "remove it; what stands in the head of pages is for `site.yaml`, front matter and the theme to say",
        );
    }
}

/// Whether a `meta` or `link` says something of the whole page: all but properties of microdata, and what browsers may
/// load in the middle of a text (HTML, section 4.2.4).
pub(super) fn is_of_document<'v>(name: &str, value: impl Fn(&str) -> Option<&'v str>) -> bool {
    let loads = |rel: &str| {
        let mut words = rel.split_ascii_whitespace();
        words.all(|word| {
            let known = ["stylesheet", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch"];
            known.iter().any(|one| word.eq_ignore_ascii_case(one))
        })
    };
    value("itemprop").is_none() && !(name == "link" && value("rel").is_some_and(loads))
}
