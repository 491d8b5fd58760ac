//! The symbolic links among the sources, and where they lead.

use crate::fingerprint::{Fingerprint, Fingerprinter};

/// A symbolic link, to a file or a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its path, relative to the site's folder.
    pub path: Box<str>,
    /// The path of what it leads to in the end, likewise; none if it is left out.
    pub target: Option<Box<str>>,
}

/// All symbolic links, sorted by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links(Vec<Link>);

impl Links {
    /// Puts links in order.
    pub(super) fn new(mut all: Vec<Link>) -> Self {
        all.sort_by(|a, b| a.path.cmp(&b.path));
        Self(all)
    }

    /// Whether there are any.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those that are followed: their paths and where they lead. What lies behind a link within a linked folder comes
    /// after that folder.
    pub fn followed(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|link| Some((&*link.path, link.target.as_deref()?)))
    }

    /// The fingerprint of all of them.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("links");
        for (path, target) in self.followed() {
            fingerprint.text(path).text(target);
        }
        fingerprint.finish()
    }
}
