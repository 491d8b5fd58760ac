//! The first stages of a build for everybody who does not build: the checker, the comment receiver, the tools for
//! themes.
//!
//! Nothing is known of an earlier build here but what the caller brings, and nothing is written.

use std::path::Path;
use std::sync::Arc;

use crate::article::{self, Articles, Known};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::source::{self, Reader};
use crate::theme::Theme;

/// The sources of a site, listed and read: stages 1 and 2.
#[derive(Debug)]
pub struct Stages {
    /// Reads them again as they were.
    pub reader: Arc<Reader>,
    /// The theme and those that it extends, itself first.
    pub layers: Vec<String>,
    /// What the sources say.
    pub articles: Articles,
}

/// Lists and reads the sources of the site in the folder `root`, and those of the layers of its theme.
pub fn load(root: &Path, config: &Config, layers: Vec<String>) -> Stages {
    load_with(root, config, layers, Known::default())
}

/// The same; what is `known` is not interpreted again.
pub fn load_with(root: &Path, config: &Config, layers: Vec<String>, known: Known) -> Stages {
    let articles = article::read(root, source::scan(root, &layers), config, known);
    Stages { reader: Arc::new(Reader::new(root)), layers, articles }
}

impl Stages {
    /// The theme.
    ///
    /// # Errors
    /// As [`Theme::load`].
    pub fn theme(&self, config: &Config) -> Result<Theme, Vec<Diagnostic>> {
        Theme::load(&self.reader, self.layers.clone(), &self.articles.rows, config)
    }
}
