//! Which themes there are.

use std::path::Path;

use crate::config::{Config, Overrides};
use crate::diagnostic::Diagnostic;
use crate::theme;
use crate::theme::manifest::Manifest;

/// A theme that a site can have.
#[derive(Debug)]
pub struct Entry {
    /// The name that `site.yaml` calls it by.
    pub name: String,
    /// Whether the program has it in it.
    pub is_built_in: bool,
    /// How many files the site has of it in `themes/`.
    pub own_files: usize,
    /// Whether the site uses it.
    pub is_active: bool,
    /// What its `theme.yaml` says, or why it cannot be used.
    pub manifest: Result<Manifest, Box<Diagnostic>>,
}

/// The themes of the site in `root`, in the order of their names. Without a site only those in the program,
/// and those in `themes/`.
pub fn list(root: &Path) -> Vec<Entry> {
    let active = active(root);
    let entry = |name: String| Entry {
        is_built_in: theme::is_built_in(&name),
        own_files: theme::own_files(root, &name).len(),
        is_active: active.as_deref() == Some(name.as_str()),
        manifest: theme::manifest(root, &name).map(Option::unwrap_or_default).map_err(Box::new),
        name,
    };
    theme::available(root).into_iter().map(entry).collect()
}

/// The theme that the site uses; none without a site, or with one that cannot be read.
pub fn active(root: &Path) -> Option<String> {
    Config::load(root, &Overrides::default()).ok().map(|config| config.settings.theme)
}
