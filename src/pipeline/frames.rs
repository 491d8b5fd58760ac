//! Pages as they are at other moments, and copies of photographs, without a build.
//!
//! The sources are read once. A frame is made by the later stages of a build, as of its moment and for one output, and
//! nothing is written: so a frame has the bytes that `courant build --at` publishes.

use std::mem;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Failure;
use super::stages::{self, Stages};
use crate::article::time::Timestamp;
use crate::article::{Broken, Row};
use crate::config::{Config, Overrides};
use crate::diagnostic::Diagnostic;
use crate::fingerprint::file_id;
use crate::images::Store;
use crate::index::{Index, Item, Moment, inventory, timeline};
use crate::plan::Plan;
use crate::publish::{FolderError, Progress, prepare_images, untold_images};
use crate::render::{Engine, Renderer};
use crate::source::{Links, Reader};
use crate::theme::{self, Theme};

/// A site whose pages can be seen as of any moment.
#[derive(Debug)]
pub struct Frames {
    root: PathBuf,
    overrides: Overrides,
    /// None as long as nobody has asked, and after an error.
    read: Option<Read>,
}

/// What was made of photographs.
#[derive(Debug)]
pub struct Copies {
    /// Photographs of which there are copies.
    pub photographs: usize,
    /// Photographs that were decoded, because copies were missing.
    pub decoded: usize,
    /// Photographs of which nothing can be made.
    pub problems: Vec<Diagnostic>,
}

/// What was read, and what the next frame may use again.
#[derive(Debug)]
struct Read {
    config: Arc<Config>,
    reader: Arc<Reader>,
    rows: Vec<Row>,
    broken: Vec<Broken>,
    links: Links,
    theme: Theme,
    engine: Option<Engine>,
}

impl Frames {
    /// The site in the folder `root`, with what overrides its configuration.
    pub fn new(root: &Path, overrides: Overrides) -> Self {
        Self { root: root.to_path_buf(), overrides, read: None }
    }

    /// The page in the file `path` of the output folder as of `now`. `None` if there is none at that moment.
    ///
    /// # Errors
    /// Why a build as of that moment would publish nothing, or not this page.
    pub fn page(&mut self, path: &str, now: Timestamp) -> Result<Option<Vec<u8>>, Vec<Diagnostic>> {
        let wanted = file_id(path);
        let page = self.with_renderer(now, None, |renderer| {
            let output = renderer.plan.files.iter().position(|file| *file == wanted);
            output.map(|at| renderer.render(renderer.plan.outputs[at])).transpose()
        })??;
        Ok(page.map(|page| page.bytes))
    }

    /// Makes the copies of photographs that a build as of `now` needs, as it would make them itself. Tells of how many
    /// photographs there are copies, and how many were decoded for that.
    ///
    /// # Errors
    /// Why a build as of that moment would publish nothing, or the machine failed.
    pub fn copies(
        &mut self,
        now: Timestamp,
        store: Option<&Arc<dyn Store>>,
        progress: &dyn Progress,
    ) -> Result<Copies, Failure> {
        let made = self.with_renderer(now, store, |renderer| {
            prepare_images(renderer, |_| true, progress)?;
            let photographs = renderer.plan.images.all.len();
            Ok(Copies { photographs, decoded: renderer.desk.decoded(), problems: untold_images(renderer) })
        });
        made.map_err(Failure::Site)?.map_err(|error: FolderError| Failure::Machine(error.diagnostic()))
    }

    /// Gives `work` what renders the site as of `now`.
    fn with_renderer<T>(
        &mut self,
        now: Timestamp,
        store: Option<&Arc<dyn Store>>,
        work: impl Fn(&Arc<Renderer>) -> T,
    ) -> Result<T, Vec<Diagnostic>> {
        // A source that changed since it was read is read again, once.
        for _ in 0..2 {
            let Read { config, reader, rows, broken, links, theme, engine } = self.take()?;
            let index = Index::build_beside(broken, rows, &links, &config, now);
            let plan = match Plan::build(&index, &config, &theme) {
                Ok(plan) => plan,
                Err(collisions) => {
                    return Err(collisions.iter().map(|one| one.diagnostic(&reader, &index.rows)).collect());
                }
            };
            let problems = plan.problems(&reader, &index, &config);
            if !problems.is_empty() {
                return Err(problems);
            }
            let mut renderer = Renderer::new(Arc::clone(&reader), Arc::clone(&config), index, plan, theme, engine)?;
            if let Some(store) = store {
                renderer.keep_in(store);
            }
            let renderer = Arc::new(renderer);
            let done = work(&renderer);
            if !reader.changed().is_empty() {
                continue;
            }
            if let Some(parts) = Arc::into_inner(renderer).and_then(Renderer::into_parts) {
                let (mut index, theme, engine) = (parts.index, parts.theme, Some(parts.engine));
                let (rows, broken) = (mem::take(&mut index.rows), mem::take(&mut index.broken));
                self.read = Some(Read { config, reader, rows, broken, links, theme, engine });
            }
            return Ok(done);
        }
        Err(vec![Diagnostic::error("the sources change while they are read").hint("look again in a moment")])
    }

    /// What happens after `from` and until `to`, soonest first.
    ///
    /// # Errors
    /// The site cannot be read.
    pub fn moments(&mut self, from: Timestamp, to: Timestamp) -> Result<Vec<Moment>, Vec<Diagnostic>> {
        let read = self.read()?;
        let mut moments = timeline(&read.rows, &read.config, from);
        moments.retain(|moment| moment.at <= to);
        Ok(moments)
    }

    /// Every article and page with its state as of `now`.
    ///
    /// # Errors
    /// The site cannot be read.
    pub fn inventory(&mut self, now: Timestamp) -> Result<Vec<Item>, Vec<Diagnostic>> {
        let Read { config, rows, broken, links, .. } = self.read()?;
        let mut index = Index::build_beside(mem::take(broken), mem::take(rows), links, config, now);
        let items = inventory(&index, config, now);
        (*rows, *broken) = (mem::take(&mut index.rows), mem::take(&mut index.broken));
        Ok(items)
    }

    /// Whether the site has a source of this path.
    ///
    /// # Errors
    /// The site cannot be read.
    pub fn has_source(&mut self, path: &str) -> Result<bool, Vec<Diagnostic>> {
        Ok(self.read()?.rows.iter().any(|row| *row.path == *path))
    }

    fn read(&mut self) -> Result<&mut Read, Vec<Diagnostic>> {
        let read = self.take()?;
        Ok(self.read.insert(read))
    }

    /// What was read; it is read now if it is not known.
    fn take(&mut self) -> Result<Read, Vec<Diagnostic>> {
        if let Some(read) = self.read.take() {
            return Ok(read);
        }
        let config = Arc::new(Config::load(&self.root, &self.overrides)?);
        let layers = theme::layers(&self.root, &config.settings.theme).map_err(|problem| vec![problem])?;
        let stages = stages::load(&self.root, &config, layers);
        let theme = stages.theme(&config)?;
        let Stages { reader, mut articles, .. } = stages;
        articles.diagnostics.retain(Diagnostic::is_error);
        if !articles.diagnostics.is_empty() {
            return Err(articles.diagnostics);
        }
        let (rows, broken, links) = (articles.rows, articles.broken, articles.links);
        Ok(Read { config, reader, rows, broken, links, theme, engine: None })
    }
}
