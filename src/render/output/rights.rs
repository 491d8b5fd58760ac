//! What crawlers may do: `robots.txt` (RFC 9309), `license.xml` (RSL 1.0, <https://rslstandard.org/rsl>) and the
//! reservation of rights (TDMRep, <https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/>), in the head
//! of pages and in a file at the root of the host. All of it follows from one statement in `site.yaml`.
//!
//! TDMRep advises one of its techniques. Here are two that say the same: only the file reaches images and feeds, and
//! only the head reaches a site that does not own the root of its host, and copies of pages that lie elsewhere.

use std::fmt::Write as _;

use html_escape::{encode_double_quoted_attribute as attribute, encode_text};

use crate::config::{Rights, address};
use crate::plan::HostFile;
use crate::render::PageRenderer;

/// The property by which rights are reserved.
const RESERVATION: &str = "tdm-reservation";

/// `robots.txt`: who is turned away, and where the licence and the sitemaps are.
pub(in crate::render) fn robots(renderer: &PageRenderer) -> Vec<u8> {
    let settings = &renderer.config.settings;
    let mut text = String::new();
    // Behind a group it could count as that group's (RSL 1.0, section 4.4).
    if settings.rights.is_some() {
        let _ = writeln!(text, "License: {}\n", own_address(renderer, &format!("/{}", HostFile::License.name())));
    }
    let denied = settings.robots.denied(settings.rights.as_ref());
    for name in &denied {
        let _ = writeln!(text, "User-agent: {name}");
    }
    if !denied.is_empty() {
        text.push_str("Disallow: /\n\n");
    }
    text.push_str("User-agent: *\nAllow: /\n\n");
    for path in ["/sitemap.xml", "/news-sitemap.xml"] {
        let _ = writeln!(text, "Sitemap: {}", own_address(renderer, path));
    }
    text.into_bytes()
}

/// An address as a setting has it, absolute.
fn own_address(renderer: &PageRenderer, written: &str) -> String {
    match written.starts_with('/') {
        true => renderer.config.absolute(&address::encode(&renderer.config, written)),
        false => written.to_owned(),
    }
}

/// `license.xml`.
pub(in crate::render) fn license_file(renderer: &PageRenderer) -> String {
    let settings = &renderer.config.settings;
    let Some(Rights { license, training, answers, contact }) = &settings.rights else { return String::new() };
    let mut text =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rsl xmlns=\"https://rslstandard.org/rsl\">\n".to_owned();
    let _ = writeln!(text, "<content url=\"{}\">\n<license>", attribute(&renderer.config.base_path));
    let uses = [("search", true), ("ai-index", *answers), ("ai-input", *answers), ("ai-train", *training)];
    for (element, is_allowed) in [("permits", true), ("prohibits", false)] {
        let named: Vec<&str> =
            uses.iter().filter(|(_, allowed)| *allowed == is_allowed).map(|(name, _)| *name).collect();
        // At most one element of each type, with spaces between its values (RSL 1.0, sections 3.5 and 3.6).
        if !named.is_empty() {
            let _ = writeln!(text, "<{element} type=\"usage\">{}</{element}>", named.join(" "));
        }
    }
    text.push_str("</license>\n");
    if let Some(contact) = contact {
        let kind = if contact.contains('@') { "contactEmail" } else { "contactUrl" };
        let contact = own_address(renderer, contact);
        let owner = settings.publisher.as_ref().map_or(&settings.title, |publisher| &publisher.name);
        let (contact, owner) = (attribute(&contact), encode_text(owner));
        let _ = writeln!(text, "<copyright type=\"organization\" {kind}=\"{contact}\">{owner}</copyright>");
    }
    if let Some(license) = license {
        let _ = writeln!(text, "<terms>{}</terms>", encode_text(&own_address(renderer, license)));
    }
    text.push_str("</content>\n</rsl>\n");
    text
}

/// `.well-known/tdmrep.json` (TDMRep, section "TDM File on the Origin Server"): one rule for everything.
pub(in crate::render) fn reservation_file(renderer: &PageRenderer) -> String {
    let mut rule = serde_json::Map::from_iter([("location".to_owned(), "/".into())]);
    for (name, value) in reservation(renderer) {
        let value = if name == RESERVATION { serde_json::Value::from(1) } else { value.into() };
        rule.insert(name.to_owned(), value);
    }
    format!("{}\n", serde_json::Value::from(vec![serde_json::Value::from(rule)]))
}

/// What the head of a page says of the rights, as names and contents.
pub(in crate::render) fn reservation(renderer: &PageRenderer) -> Vec<(&'static str, String)> {
    let Some(rights) = renderer.config.settings.rights.as_ref().filter(|rights| rights.reserves()) else {
        return Vec::new();
    };
    let mut all = vec![(RESERVATION, "1".to_owned())];
    all.extend(rights.license.as_deref().map(|license| ("tdm-policy", own_address(renderer, license))));
    all
}
