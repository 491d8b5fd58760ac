//! Stage 5, **render**: from an output of the plan to its bytes.
//!
//! The renderer knows the index, the plan and the theme, and answers questions about them; what is asked
//! while a page is rendered is recorded in that page's trace. It reads no file but the source of the page
//! (and of bodies that are asked for), knows no clock, no environment, no chance, and starts no work in
//! parallel: so a page's bytes depend on its inputs and the answers in its trace, and on nothing else.

mod ads;
mod answer;
mod card;
pub(crate) mod dead;
pub mod embed;
mod engine;
mod feed;
mod fresh;
mod front;
pub mod functions;
pub(crate) mod head;
pub mod hosts;
mod ids;
mod image;
mod inspect;
mod json_ld;
mod live;
mod minify;
pub mod policy;
pub mod replies;
mod rights;
mod scope;
mod search;
mod sitemap;
mod stage;
mod subject;

use std::sync::{Arc, Mutex, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};
use tera::{Context, Tera};

use crate::config::{Config, LanguageId, Originals};
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;
use crate::images::{ImageProcessor, Store};
use crate::index::{Index, StoryId};
use crate::locale::Locale;
use crate::markdown;
use crate::original::{self, Doubt};
use crate::plan::{Output, Plan};
use crate::query::trace::PageTrace;
use crate::query::{Question, SharedAnswers, SourceId};
use crate::source::Reader;
use crate::theme::interface::{PAGE_TEMPLATES, SEARCH_TEMPLATE};
use crate::theme::{Asset, Theme, errors};
pub use fresh::{Baseline, Freshness, Reason};
pub use image::SIZES_SETTING;
pub use scope::Rendering;
pub use stage::{Parts, Renderer};

/// Renders outputs, and knows of the site what it asks. Shared by all threads of a build.
#[derive(Debug)]
pub struct PageRenderer {
    /// Reads sources as they were in stage 2.
    reader: Arc<Reader>,
    /// The configuration.
    pub config: Arc<Config>,
    /// The teasers.
    pub index: Arc<Index>,
    /// The outputs.
    pub plan: Arc<Plan>,
    /// The templates and assets.
    pub theme: Arc<Theme>,
    /// What makes copies of photographs.
    pub desk: ImageProcessor,
    /// Where machines keep copies of photographs and cards for each other.
    store: Option<Arc<dyn Store>>,
    engine: Engine,
    /// Who draws social cards; none as long as nobody has asked for one.
    cards: OnceLock<crate::cards::CardRenderer>,
    /// The machine's fonts, if a page depends on them.
    machine_fonts: OnceLock<Fingerprint>,
    publisher: json_ld::Publisher,
    /// The ids in the theme's templates.
    reserved: ids::ReservedIds,
    /// How each language of the site writes.
    locales: Vec<Locale>,
    /// What each of [`PAGE_TEMPLATES`] can reach.
    reach: [Fingerprint; 7],
    questions: SharedAnswers,
    /// Rendered fragments by language and name: HTML, or what went wrong.
    fragments: Mutex<FxHashMap<(LanguageId, String), Arc<subject::FragmentCell>>>,
    teasers: Vec<Mutex<Option<(StoryId, tera::Value)>>>,
    bodies: Mutex<FxHashMap<StoryId, Arc<Body>>>,
    by_source: OnceLock<FxHashMap<SourceId, StoryId>>,
    /// The articles by their files.
    by_file: OnceLock<FxHashMap<u64, StoryId>>,
    /// Of articles to whose places others link.
    places: Mutex<FxHashMap<StoryId, Arc<Places>>>,
    /// The planned files, by [`crate::fingerprint::file_id`].
    planned: OnceLock<FxHashSet<u64>>,
    search: search::Segments,
}

/// The template engine with all templates of a theme: one for each language, which differ in the values that
/// every template has.
#[derive(Debug)]
pub struct Engine {
    tera: Vec<Tera>,
    /// [`Theme::source`].
    source: Fingerprint,
}

#[derive(Debug)]
struct Fragment {
    html: String,
    /// The same for templates: a copy costs nothing.
    value: tera::Value,
    diagnostics: Vec<Diagnostic>,
}

/// A rendered body, for feeds.
#[derive(Debug)]
struct Body {
    html: String,
    updates: Vec<markdown::Update>,
    fingerprint: Fingerprint,
    diagnostics: Vec<Diagnostic>,
}

/// How many teasers are kept as template values (a few kB each).
const TEASERS_KEPT: usize = 2048;

/// The ids in the body of an article, and the fingerprint of that.
#[derive(Debug)]
struct Places {
    ids: FxHashSet<String>,
    body: Fingerprint,
}

/// How many bodies are kept for feeds that share them.
const BODIES_KEPT: usize = 512;

/// The bytes of an output, and what they were made from.
#[derive(Debug)]
pub struct Page {
    /// What is to be written.
    pub bytes: Vec<u8>,
    /// The questions and inputs.
    pub trace: PageTrace,
}

impl PageRenderer {
    /// Whether an id stands in the theme's pages.
    pub(crate) fn is_id_of_theme(&self, id: &str) -> bool {
        self.reserved.is_of_pages(id)
    }

    /// What renders the outputs of `plan`.
    fn new(
        reader: Arc<Reader>,
        config: Arc<Config>,
        index: Arc<Index>,
        plan: Arc<Plan>,
        theme: Arc<Theme>,
        engine: Engine,
    ) -> Self {
        let reach = PAGE_TEMPLATES.map(|name| theme.reach(name));
        let kept = index.stories.len().clamp(1, TEASERS_KEPT);
        let mut renderer = Self {
            desk: ImageProcessor::new(Arc::clone(&reader)),
            store: None,
            cards: OnceLock::new(),
            machine_fonts: OnceLock::new(),
            reader,
            publisher: json_ld::Publisher::of(&config, str::to_owned),
            reserved: ids::ReservedIds::of(&theme.templates),
            locales: config.languages.iter().map(|language| Locale::new(&language.tag)).collect(),
            config,
            index,
            plan,
            theme,
            engine,
            reach,
            questions: SharedAnswers::default(),
            fragments: Mutex::default(),
            teasers: (0..kept).map(|_| Mutex::default()).collect(),
            bodies: Mutex::default(),
            by_source: OnceLock::new(),
            by_file: OnceLock::new(),
            places: Mutex::default(),
            planned: OnceLock::new(),
            search: search::Segments::default(),
        };
        // Whether a path has the folder of the site's own language depends on what is planned.
        renderer.publisher =
            json_ld::Publisher::of(&renderer.config, |link| renderer.address_in(LanguageId::MAIN, link));
        renderer
    }

    fn keep_in(&mut self, store: &Arc<dyn Store>) {
        self.desk.keep_in(Arc::clone(store));
        self.store = Some(Arc::clone(store));
    }

    /// What all answers are made from.
    pub fn ground(&self) -> Baseline {
        Baseline {
            index: self.index.fingerprint,
            older: self.index.older.clone(),
            files: self.index.files,
            planned: self.planned_sum(),
        }
    }

    /// A number that stands for all files that are planned, whatever their order, and for what cannot be read.
    fn planned_sum(&self) -> u64 {
        let broken =
            self.index.broken.iter().map(|one| crate::fingerprint::file_id(&format!("{}\n{:?}", one.path, one.names)));
        self.plan.files.iter().copied().chain(broken).fold(0, u64::wrapping_add)
    }

    /// Renders an output.
    ///
    /// # Errors
    /// What is wrong with the page; warnings are in its trace instead.
    pub fn render(self: &Arc<Self>, output: Output) -> Result<Page, Vec<Diagnostic>> {
        let scope = Rendering::enter(self, output);
        let mut diagnostics = Vec::new();
        let bytes = self.bytes(output, &mut diagnostics);
        self.look_at_places();
        let (asked, mut recorded) = scope.leave();
        diagnostics.append(&mut recorded);
        if let Some(html) = bytes.as_deref().filter(|_| !asked.anchors.is_empty()) {
            diagnostics.extend(dead::of_anchors(html, asked.anchors));
        }
        let (warnings, errors): (Vec<_>, Vec<_>) = diagnostics.into_iter().partition(|one| !one.is_error());
        match bytes {
            Some(bytes) if errors.is_empty() => {
                let trace = PageTrace {
                    template: self.template_reach(output),
                    plan: self.plan.fingerprint(output, &self.index, &self.config),
                    source: self.own_content(output),
                    shared: asked.shared.iter().map(|(number, _)| *number).collect(),
                    own: asked.own.into_boxed_slice(),
                    body: asked.body,
                    warnings: (!warnings.is_empty()).then(|| Box::new(warnings)),
                };
                Ok(Page { bytes, trace })
            }
            _ => Err(errors),
        }
    }

    fn bytes(self: &Arc<Self>, output: Output, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<u8>> {
        let template = |name: &str, context: Context, diagnostics: &mut Vec<Diagnostic>| {
            let mut bytes = Vec::with_capacity(16 * 1024);
            match self.tera(self.plan.language(output, &self.index)).render_to(name, &context, &mut bytes) {
                Ok(()) if self.config.settings.minify_html => {
                    Some(minify::minified(bytes, self.config.settings.fragments.latest))
                }
                Ok(()) => Some(bytes),
                Err(error) => {
                    diagnostics.extend(errors::diagnostics(&error, &self.theme));
                    None
                }
            }
        };
        match output {
            Output::File(row) => self.published(row, diagnostics),
            // What is wrong with it is told by the pages that show it.
            Output::Variant(at, number) => {
                let photograph = &self.plan.images.all[at as usize];
                self.desk.copy(&self.order(photograph), photograph.variants[number as usize]).ok()
            }
            Output::Asset(at) => {
                let asset = &self.theme.assets[at as usize];
                match asset.row {
                    Some(row) => self.published(row, diagnostics),
                    None => Some(asset.built_in()),
                }
            }
            Output::Card(id) => self.card(id),
            Output::ListingCard(at) => self.listing_card(at),
            Output::Story(id) => match self.story_context(id) {
                Ok(context) => template("article.html", context, diagnostics),
                Err(problem) => {
                    diagnostics.push(problem);
                    None
                }
            },
            Output::Page(at) => match self.page_context(at) {
                Ok(context) => template("page.html", context, diagnostics),
                Err(problem) => {
                    diagnostics.push(problem);
                    None
                }
            },
            Output::Notice(at) => template("page.html", self.notice_context(at), diagnostics),
            Output::Listing(at, number) => {
                let listing = &self.plan.listings[at as usize];
                let name =
                    if matches!(listing.scope, crate::plan::Scope::Front) { "front.html" } else { "listing.html" };
                template(name, self.listing_context(listing, number), diagnostics)
            }
            Output::Terms(..) | Output::Year(..) | Output::Archive(_) => {
                template("listing.html", self.overview_context(output), diagnostics)
            }
            Output::NotFound(_) => template("404.html", Context::new(), diagnostics),
            Output::Fragment(language) => {
                let fragment = self.fragment(language, "latest");
                scope::record(self, Question::Fragment(language, "latest".into()), || fragment.fingerprint());
                diagnostics.extend(fragment.diagnostics.iter().cloned());
                let html = fragment.html.clone().into_bytes();
                let latest = self.config.settings.fragments.latest;
                Some(if self.config.settings.minify_html { minify::minified(html, latest) } else { html })
            }
            Output::Feed(at, format) => Some(self.feed(&self.plan.listings[at as usize], format)),
            Output::Sitemap(number) => Some(self.sitemap(number)),
            Output::NewsSitemap(number) => Some(self.news_sitemap(number)),
            Output::Live(id) => Some(self.live_data(id)),
            Output::Search(language) => template(SEARCH_TEMPLATE, self.search_context(language), diagnostics),
            Output::SearchCatalogue(language) => Some(self.catalogue(language)),
            Output::SearchWords(..) | Output::SearchArticles(..) => Some(self.search_file(output)),
            Output::Robots => Some(self.robots()),
            Output::HostFile(file) => {
                let (text, problems) = self.host_file(file);
                scope::record(self, Question::HostFile(file), || Fingerprint::of(text.as_bytes()));
                diagnostics.extend(problems);
                Some(text.into_bytes())
            }
            Output::Alias(at) => Some(self.redirect(output, &self.plan.aliases[at as usize])),
        }
    }

    /// How a language writes.
    fn locale(&self, language: LanguageId) -> &Locale {
        &self.locales[language.0 as usize]
    }

    /// The template engine with the values of a language.
    fn tera(&self, language: LanguageId) -> &Tera {
        &self.engine.tera[language.0 as usize]
    }

    /// A file of the site as it is published: of photographs, drawings, films and recordings what is needed to show them.
    fn published(&self, row: u32, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<u8>> {
        let bytes = self.read(row).map_err(|problem| diagnostics.push(problem)).ok()?;
        if self.config.settings.images.originals == Originals::Raw {
            return Some(bytes);
        }
        let path = &*self.index.rows[row as usize].path;
        let clean = original::clean(path, bytes);
        if clean.doubt.is_none() && original::says_more(&clean.bytes) {
            let message = "an image in this file (`data:`) says more than it shows, perhaps where it was taken";
            diagnostics
                .push(Diagnostic::warning(message).at(Place::file(path)).hint("export it anew without metadata"));
        }
        let message = match clean.doubt {
            None => return Some(clean.bytes),
            Some(Doubt::Format(name)) => {
                format!("this file may say where it was taken: courant cannot clean its format ({name})")
            }
            Some(Doubt::Damaged) => {
                "this file is damaged or of an unknown format, so it may still say where it was taken".to_owned()
            }
        };
        diagnostics.push(Diagnostic::warning(message).at(Place::file(path)).hint(
            "save it in another format (JPEG, MP4), or set `images: { originals: raw }` in site.yaml to publish all files as they are",
        ));
        Some(clean.bytes)
    }

    /// A static file of the theme.
    fn asset_bytes(&self, asset: &Asset) -> Result<Vec<u8>, Diagnostic> {
        match asset.row {
            Some(row) => self.read(row),
            None => Ok(asset.built_in()),
        }
    }

    /// The bytes of a row's source.
    fn read(&self, row: u32) -> Result<Vec<u8>, Diagnostic> {
        let row = &self.index.rows[row as usize];
        self.reader.read(&row.path, &row.content)
    }

    /// The text of a source, or of `site.yaml`; none if it is not text.
    pub fn source_text(&self, path: &str) -> Option<String> {
        match self.index.row_of(path) {
            Some(row) => String::from_utf8(self.read(row).ok()?).ok(),
            None => self.reader.unlisted(path),
        }
    }

    /// The fingerprint of everything that the output's template can reach.
    fn template_reach(&self, output: Output) -> Fingerprint {
        let at = match output {
            Output::Story(_) => 0,
            Output::Page(_) | Output::Notice(_) => 1,
            Output::Listing(at, _) if self.plan.listings[at as usize].scope == crate::plan::Scope::Front => 2,
            Output::Listing(..) | Output::Terms(..) | Output::Year(..) | Output::Archive(_) => 3,
            Output::NotFound(_) => 4,
            Output::Search(_) => 5,
            Output::Card(_) | Output::ListingCard(_) => 6,
            _ => return Fingerprint::default(),
        };
        self.reach[at]
    }

    /// The fingerprint of the source that the output is made from.
    fn own_content(&self, output: Output) -> Fingerprint {
        match output {
            Output::Asset(at) => self.theme.assets[at as usize].fingerprint,
            _ => self
                .plan
                .own_row(output, &self.index)
                .map_or_else(Fingerprint::default, |row| self.index.rows[row as usize].content),
        }
    }

    /// The path of an output's file.
    pub fn path(&self, output: Output) -> String {
        self.plan.path(output, &self.index, &self.config, &self.theme)
    }

    /// Takes over the questions that were asked where pages were rendered elsewhere, with the fingerprints of the answers
    /// there; the number of each here.
    ///
    /// # Errors
    /// One of them has another answer here already.
    pub fn adopt_questions(&self, asked: Vec<(Question, Fingerprint)>) -> Result<Vec<u32>, Box<Question>> {
        let adopt = |(question, answer): (Question, Fingerprint)| {
            let (number, known) = self.questions.record(question.clone(), || answer);
            if known == answer { Ok(number) } else { Err(Box::new(question)) }
        };
        asked.into_iter().map(adopt).collect()
    }

    /// Notes that a page that was rendered elsewhere depends on these fonts of the machine there.
    pub fn adopt_machine_fonts(&self, fonts: Fingerprint) {
        self.machine_fonts.get_or_init(|| fonts);
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

    /// The shared questions asked in this build, in the order of their numbers. Nothing is rendered
    /// afterwards, so what was kept for that goes too.
    pub fn take_questions(&self) -> Vec<(Question, Fingerprint)> {
        self.teasers.iter().for_each(|kept| *kept.lock().expect("no panic while locked") = None);
        self.bodies.lock().expect("no panic while locked").clear();
        self.fragments.lock().expect("no panic while locked").clear();
        self.search.clear();
        self.questions.take()
    }
}
