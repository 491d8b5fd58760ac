//! Two outputs that want one address: what is said about it.
//!
//! The plan knows no files, so it hands on what collides; who reports it reads the line that says so.

use std::path::Path;

use super::address;
use crate::article::{Lines, body_text, is_markdown};
use crate::diagnostic::{Diagnostic, Place};

/// Two outputs that want one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collision {
    /// What they are.
    pub(super) names: [String; 2],
    /// The file in the output folder that both want.
    pub(super) path: String,
    /// The source that is to change.
    pub(super) source: Option<String>,
    /// Whether it wants the address as an old one of its own.
    pub(super) is_alias: bool,
    /// What to do.
    pub(super) hint: &'static str,
}

impl Collision {
    /// The error, at the line of the key that asks for the address. `root` is the site's folder.
    pub fn diagnostic(&self, root: &Path) -> Diagnostic {
        let [a, b] = &self.names;
        let address = self.path.strip_suffix("index.html").unwrap_or(&self.path);
        Diagnostic::error(format!("{a} and {b} both want the address /{address}")).at(self.place(root)).hint(self.hint)
    }

    fn place(&self, root: &Path) -> Place {
        let Some(source) = &self.source else { return Place::file(crate::config::FILE) };
        let Some(text) = is_markdown(source).then(|| body_text(root, source).ok()).flatten() else {
            return Place::file(source);
        };
        let lines = Lines::of(source, &text);
        if !self.is_alias {
            return lines.value(&["permalink", "url", "slug"]);
        }
        let keys = ["aliases", "alias", "redirect_from"];
        let asks = |alias: &&String| {
            let path = address::output_path(&address::page_path(alias));
            // It may be the folder of that name that is asked for.
            path.strip_prefix(&*self.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        match lines.texts(&keys).iter().find(asks) {
            Some(alias) => lines.value_among(&keys, alias),
            None => lines.value(&keys),
        }
    }
}
