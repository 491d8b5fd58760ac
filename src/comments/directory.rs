//! The directory: which articles take replies, by their address.
//!
//! Made from the same stages as a build (sources, article, index) as of now, so that a withheld article
//! takes no replies and cannot be told from one that does not exist. What is kept is two short texts for
//! each article.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashMap;

use crate::article::time::Timestamp;
use crate::article::{self, Known};
use crate::config::Config;
use crate::index::Index;
use crate::render::theme::{self, Theme};
use crate::source;

/// The texts of the built-in theme: for themes that have none of their own.
static TEXTS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    serde_yaml::from_str(include_str!("../../themes/broadsheet/i18n/en.yaml")).expect("the texts are sound YAML")
});

/// The articles that take replies, and the words in which to speak with readers.
#[derive(Debug, Default)]
pub struct Directory {
    sources: FxHashMap<Box<str>, Box<str>>,
    texts: Arc<BTreeMap<String, String>>,
}

impl Directory {
    /// Reads the site in `root` as of `now`.
    ///
    /// Broken articles are left out: it is the build that tells of them.
    pub fn read(root: &Path, config: &Config, now: Timestamp) -> Self {
        let layers = theme::layers(root, &config.settings.theme).unwrap_or_default();
        let articles = article::read(root, source::scan(root, &layers), config, Known::default());
        let mut texts = TEXTS.clone();
        if let Ok(theme) = Theme::load(root, layers, &articles.rows, config) {
            texts.extend(theme.texts.into_iter().next().unwrap_or_default());
        }
        let index = Index::build(articles.rows, config, now);
        let takes_replies = |row: u32| index.story(row).comments.unwrap_or(true);
        let entries = index.stories.iter().filter(|entry| takes_replies(entry.row));
        let sources = entries.map(|entry| (entry.url.clone(), index.rows[entry.row as usize].path.clone())).collect();
        Self { sources, texts: Arc::new(texts) }
    }

    /// The source of the article at `address` (root-relative, with base path), if it takes replies.
    pub fn source(&self, address: &str) -> Option<&str> {
        self.sources.get(address).map(|source| &**source)
    }

    /// The words of the theme, in the site's language.
    pub(super) fn texts(&self) -> Arc<BTreeMap<String, String>> {
        Arc::clone(&self.texts)
    }
}
