//! The stage as the others have it: what renders pages, and beside it what was made before, which pages do not see.
//!
//! Whoever plans, publishes or checks rightly sees everything, and finds it here. What renders a page is
//! [`PageRenderer`], from which no way leads back.

use std::ops::Deref;
use std::sync::Arc;

use super::{Engine, PageRenderer, engine};
use crate::article::Articles;
use crate::article::time::Timestamp;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::file_id;
use crate::images::Store;
use crate::index::{Index, Role, Shown};
use crate::plan::{Class, Output, Plan};
use crate::source::Reader;
use crate::theme::Theme;

/// Renders the outputs of a plan. Shared by all threads of a build.
#[derive(Debug)]
pub struct Renderer {
    /// The configuration.
    pub config: Arc<Config>,
    /// The teasers.
    pub index: Arc<Index>,
    /// The outputs.
    pub plan: Arc<Plan>,
    /// The templates and assets.
    pub theme: Arc<Theme>,
    pages: Arc<PageRenderer>,
}

impl Deref for Renderer {
    type Target = Arc<PageRenderer>;

    fn deref(&self) -> &Arc<PageRenderer> {
        &self.pages
    }
}

/// What a renderer was made from, for the next one.
#[derive(Debug)]
pub struct Parts {
    /// The configuration.
    pub config: Arc<Config>,
    /// The teasers.
    pub index: Index,
    /// The outputs.
    pub plan: Plan,
    /// The templates and assets.
    pub theme: Theme,
    /// The template engine.
    pub engine: Engine,
}

impl Parts {
    /// The rows and files of the articles and pages that have changed, as they were; none unless the rows
    /// are the same.
    pub fn addresses(&self, articles: &Articles) -> Vec<(u32, String)> {
        if !articles.gone.is_empty() || !self.index.has_rows(articles.rows.len()) {
            return Vec::new();
        }
        let file = |output| self.plan.path(output, &self.index, &self.config, &self.theme);
        let old = |row: &u32| match self.index.role(*row) {
            Role::Story(id) => Some((*row, file(Output::Story(id)))),
            Role::Page(at) => Some((*row, file(Output::Page(at)))),
            Role::Withheld | Role::Hidden | Role::Other => None,
        };
        articles.changed.iter().filter_map(old).collect()
    }
}

impl Renderer {
    /// Takes what the stages before have made. `engine` is the one of a renderer before this one.
    ///
    /// # Errors
    /// Everything that is wrong with the templates.
    pub fn new(
        reader: Arc<Reader>,
        config: Arc<Config>,
        index: Index,
        plan: Plan,
        theme: Theme,
        engine: Option<Engine>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let engine = match engine.filter(|engine| engine.source == theme.source) {
            Some(engine) => engine,
            None => Engine { tera: engine::load(&theme, &config)?, source: theme.source },
        };
        let (index, plan, theme) = (Arc::new(index), Arc::new(plan), Arc::new(theme));
        let site = (Arc::clone(&config), Arc::clone(&index), Arc::clone(&plan), Arc::clone(&theme));
        let pages = Arc::new(PageRenderer::new(reader, site.0, site.1, site.2, site.3, engine));
        Ok(Self { config, index, plan, theme, pages })
    }

    /// Looks for copies of photographs and for cards in this store too, and keeps there what is made.
    pub fn keep_in(&mut self, store: &Arc<dyn Store>) {
        Arc::get_mut(&mut self.pages).expect("nothing is rendered yet").keep_in(store);
    }

    /// What the next renderer of the site may use again; none while something is rendered.
    pub fn into_parts(self) -> Option<Parts> {
        let Self { config, index, plan, theme, pages } = self;
        let engine = Arc::into_inner(pages)?.engine;
        let (index, plan, theme) = (Arc::into_inner(index)?, Arc::into_inner(plan)?, Arc::into_inner(theme)?);
        Some(Parts { config, index, plan, theme, engine })
    }

    /// The path of an output's file.
    pub fn path(&self, output: Output) -> String {
        self.plan.path(output, &self.index, &self.config, &self.theme)
    }

    /// How an output goes out, and the [`file_id`] of the source that it tells of; 0 if there is no such source.
    pub fn going_out(&self, output: Output) -> (Class, u64) {
        let teller = self.plan.teller(output, &self.index);
        let origin = teller.map_or(0, |row| file_id(&self.index.rows[row as usize].path));
        (output.class(&self.theme), origin)
    }

    /// The articles that are visible only because the configuration says so, by their path in the output
    /// folder.
    pub fn shown(&self, now: Timestamp) -> Vec<(String, Shown)> {
        let stories = self.index.shown(now, &self.config).into_iter();
        stories.map(|(id, why)| (self.path(Output::Story(id)), why)).collect()
    }
}
