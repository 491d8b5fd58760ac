//! Addresses of the site that lead nowhere: a warning where they are written, whoever wrote them there.
//!
//! What will be published is not the body's to know, so it asks; the answer is recorded, and a page that is added or
//! removed elsewhere brings the warning of this one up to date.

use std::ops::Range;

use super::{Body, linking};
use crate::article::html::{Token, place_of, tokens};
use crate::render::addresses;

/// Where an address leads within the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The files that are served for it, by [`file_id`](crate::render::trace::file_id).
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
    Picture,
}

impl<'a> Body<'a> {
    /// Looks whether something is published at an address as it stands in the page.
    pub(super) fn look_at_reference(&mut self, href: &str, purpose: Purpose, range: &Range<usize>) {
        let path = &href[..href.find(['#', '?']).unwrap_or(href.len())];
        if path.is_empty() {
            return;
        }
        let Some(destination) = self.surroundings.destination(href, purpose) else { return };
        self.files.extend(destination.files);
        if destination.is_published || self.leads_to_withheld(href) {
            return;
        }
        match purpose {
            Purpose::Picture => self.warn(
                range,
                format!("there is no picture `{href}`"),
                "put the file into `static/`, or correct the address",
            ),
            Purpose::Link => self.warn(
                range,
                format!("the link leads to `{href}`, which does not exist"),
                "correct the address; links to Markdown files (`../local/tunnel.md`) follow their article",
            ),
        }
    }

    /// Looks at the addresses in HTML, which is written at this place, or made by what is written there.
    pub(super) fn look_at_references(&mut self, html: &str, range: &Range<usize>) {
        if linking::may_refer(html) {
            tokens(html).iter().for_each(|token| self.look_at_tag(token, range));
        }
    }

    /// The same of one tag.
    pub(super) fn look_at_tag(&mut self, token: &Token, range: &Range<usize>) {
        let Token::Start(name, attributes) = token else { return };
        for (attribute, value) in attributes {
            let purpose = match (&**name, &**attribute) {
                // Who receives a form is a program.
                (_, "action" | "formaction") | ("link", _) => continue,
                ("img" | "image", _) | (_, "srcset" | "imagesrcset" | "poster") => Purpose::Picture,
                _ => Purpose::Link,
            };
            for part in addresses::within(name, attribute, value) {
                let address = &value[part];
                let place = place_of(&self.markdown[range.clone()], address);
                let place = place.map_or_else(|| range.clone(), |at| range.start + at.start..range.start + at.end);
                let below = addresses::below_base(address, self.surroundings.base_path());
                self.look_at_reference(below.as_deref().unwrap_or(address), purpose, &place);
            }
        }
    }
}
