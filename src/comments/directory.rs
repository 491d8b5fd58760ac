//! The directory: which articles take comments, by their address.
//!
//! It comes from the same stages as a build (sources, article, index) as of now, so a withheld article takes no
//! comments and looks like one that does not exist. It keeps two short texts for each article.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashMap;

use crate::article::time::Timestamp;
use crate::config::{Config, LanguageId};
use crate::index::{Article, Index, edition};
use crate::pipeline::stages;
use crate::theme::texts::{Forms, Texts};
use crate::theme::{self};

/// The texts of the built-in theme: for themes that have none of their own.
static BUILT_IN: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let text = include_str!("../../themes/broadsheet/i18n/en.yaml");
    let forms: Forms = crate::yaml::from_str(text).expect("the texts are sound YAML");
    let texts = Texts::of(std::iter::once(("en", &forms)));
    texts.plain().map(|(key, text)| (key.to_owned(), text.to_owned())).collect()
});

/// The articles that take comments, and the words in which to speak with readers.
#[derive(Debug, Default)]
pub struct Directory {
    sources: FxHashMap<Box<str>, (Box<str>, LanguageId)>,
    /// By language.
    texts: Vec<Arc<BTreeMap<String, String>>>,
}

impl Directory {
    /// Reads the site in `root` as of `now`.
    ///
    /// Broken articles are left out: it is the build that tells of them.
    pub fn read(root: &Path, config: &Config, now: Timestamp) -> Self {
        let layers = theme::layers(root, &config.settings.theme).unwrap_or_default();
        let stages = stages::load(root, config, layers);
        let theme = stages.theme(config).ok();
        let texts = (0..config.languages.len()).map(|language| {
            let mut texts = BUILT_IN.clone();
            let own = theme.iter().flat_map(|theme| theme.texts[language].plain());
            texts.extend(own.map(|(key, text)| (key.to_owned(), text.to_owned())));
            Arc::new(texts)
        });
        let texts = texts.collect();
        let articles = stages.articles;
        let index = Index::build(articles.rows, &articles.links, config, now);
        let takes_comments = |row: u32| index.entry(row).comments.unwrap_or(true);
        let open = index.articles.iter().filter(|article| takes_comments(article.row));
        let source = |article: &Article| {
            let path = index.rows[article.row as usize].path.clone();
            (article.url.clone(), (path, edition::language_of_row(&index, article.row, config)))
        };
        Self { sources: open.map(source).collect(), texts }
    }

    /// The source of the article at `address` (root-relative, with base path), if it takes comments.
    pub fn source(&self, address: &str) -> Option<&str> {
        self.sources.get(address).map(|(source, _)| &**source)
    }

    /// The language of the article at `address`; that of the site, if there is none.
    pub(super) fn language(&self, address: &str) -> LanguageId {
        self.sources.get(address).map_or(LanguageId::MAIN, |(_, language)| *language)
    }

    /// The words of the theme in a language.
    pub(super) fn texts(&self, language: LanguageId) -> Arc<BTreeMap<String, String>> {
        self.texts.get(language.0 as usize).map(Arc::clone).unwrap_or_default()
    }
}
