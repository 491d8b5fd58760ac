//! The stage as the others have it: what renders pages, and beside it what was made before, which pages do not see.
//!
//! Whoever plans, publishes or checks rightly sees everything, and finds it here. What renders a page is
//! [`PageRenderer`], from which no way leads back.

use std::ops::Deref;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::image::request;
use super::template::engine;
use super::{Engine, PageRenderer};
use crate::article::Articles;
use crate::article::time::Timestamp;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::{Fingerprint, file_id};
use crate::images::{ImageRequest, Store};
use crate::index::{ArticleId, Index, Role, Shown, states};
use crate::plan::{Class, Listing, Output, Plan, PlannedImage, class};
use crate::query::trace::Traces;
use crate::query::{Baseline, Freshness, Site, View, answers};
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
    reader: Arc<Reader>,
    site: Arc<Site>,
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
            Role::Article(id) => Some((*row, file(Output::Article(id)))),
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
        let site = Site::new(Arc::clone(&config), Arc::clone(&index), Arc::clone(&plan), Arc::clone(&theme));
        let site = Arc::new(site);
        let pages =
            PageRenderer::new(Arc::clone(&reader), Arc::clone(&config), View::of(&site), index.articles.len(), engine);
        Ok(Self { config, index, plan, theme, reader, site, pages: Arc::new(pages) })
    }

    /// Looks for copies of photographs and for cards in this store too, and keeps there what is made.
    pub fn keep_in(&mut self, store: &Arc<dyn Store>) {
        Arc::get_mut(&mut self.pages).expect("nothing is rendered yet").keep_in(store);
    }

    /// What the next renderer of the site may use again; none while something is rendered.
    pub fn into_parts(self) -> Option<Parts> {
        let Self { config, index, plan, theme, reader: _, site, pages } = self;
        drop(site);
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
        let teller = class::teller(&self.plan, output, &self.index);
        let origin = teller.map_or(0, |row| file_id(&self.index.rows[row as usize].path));
        (output.class(&self.theme), origin)
    }

    /// The articles that are visible only because the configuration says so, by their path in the output
    /// folder.
    pub fn shown(&self, now: Timestamp) -> Vec<(String, Shown)> {
        let articles = states::shown(&self.index, now, &self.config).into_iter();
        articles.map(|(id, why)| (self.path(Output::Article(id)), why)).collect()
    }

    /// What all answers are made from.
    pub fn ground(&self) -> Baseline {
        self.site.baseline()
    }

    /// Compares the traces of the last build with the answers of this one.
    pub fn freshness<'a>(&'a self, traces: &'a Traces, last: &Baseline) -> Freshness<'a> {
        Freshness::new(&self.site, &self.pages, traces, last)
    }

    /// What answers are made from, for those who tell of it.
    pub(crate) fn site(&self) -> &Site {
        &self.site
    }

    /// The articles of a listing's feed, newest first.
    pub fn feed_articles(&self, listing: &Listing) -> Vec<ArticleId> {
        answers::feed_articles(&self.site, listing)
    }

    /// The text of a source, or of `site.yaml`; none if it is not text.
    pub fn source_text(&self, path: &str) -> Option<String> {
        match self.index.row_of(path).map(|row| &self.index.rows[row as usize]) {
            Some(row) => String::from_utf8(self.reader.read(&row.path, &row.content).ok()?).ok(),
            None => self.reader.unlisted(path),
        }
    }

    /// A photograph as what is wanted of it.
    pub(crate) fn order<'a>(&'a self, photograph: &PlannedImage) -> ImageRequest<'a> {
        request(&self.index.rows[photograph.row as usize], &self.config)
    }

    /// Notes that the images with the fingerprints in `broken` cannot be shown, and that pages have told so of those
    /// in `told`.
    pub fn adopt_broken_images(&self, broken: &FxHashSet<Fingerprint>, told: &[Fingerprint]) {
        told.iter().for_each(|content| self.desk.tell(*content));
        let all = self.plan.images.all.iter().map(|photograph| self.order(photograph));
        for order in all.filter(|order| broken.contains(&order.content)) {
            // Why is found out again.
            let _ = self.desk.placeholder(&order);
        }
    }

    /// Throws away drawings of social cards that are of no use any more, if anything was drawn or looked for.
    pub fn tidy_cards(&self) {
        let is_card = |output: &&Output| matches!(output, Output::Card(_) | Output::ListingCard(_));
        self.pages.keep_cards(self.plan.outputs.iter().filter(is_card).count());
    }
}
