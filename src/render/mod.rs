//! Stage 5, **render**: from an output of the plan to its bytes.
//!
//! A page sees the site through a [`View`] and in no other way, so what it asks is recorded in its trace. Rendering
//! reads no file but the source of the page (and of what is asked for), knows no clock, no environment, no chance, and
//! starts no work in parallel: so a page's bytes depend on its inputs and the answers in its trace, and on nothing else.

pub(crate) mod dead;
mod inspect;
mod minify;
pub mod output;
mod scope;
mod stage;
pub mod template;

use std::sync::{Arc, Mutex, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};
use tera::{Context, Tera};

use crate::article::Row;
use crate::config::{Config, LanguageId, Originals};
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;
use crate::images::{ImageProcessor, Store};
use crate::index::Article;
use crate::locale::Locale;
use crate::markdown;
use crate::original::{self, Doubt};
use crate::plan::{Output, Scope};
use crate::query::trace::PageTrace;
pub use crate::query::{Baseline, Freshness, Reason};
use crate::query::{FileBytes, Made, Maker, Making, Part, Planned, Question, Seen, Subject, View, ask};
use crate::source::Reader;
use crate::theme::interface::SEARCH_TEMPLATE;
pub use image::SIZES_SETTING;
pub use inspect::Inspector;
use output::{card, feed, head, hosts, json_ld, live, rights, search, sitemap};
use scope::Rendering;
pub use stage::{Parts, Renderer};
use template::{context, fragment, image, listing};

/// A fragment, once it is made.
type FragmentCell = OnceLock<Arc<Fragment>>;

/// Renders outputs, and knows of the site what it asks. Shared by all threads of a build.
#[derive(Debug)]
pub struct PageRenderer {
    /// Reads sources as they were in stage 2.
    reader: Arc<Reader>,
    config: Arc<Config>,
    view: View,
    /// What makes copies of photographs.
    pub desk: ImageProcessor,
    /// Where machines keep copies of photographs and cards for each other.
    store: Option<Arc<dyn Store>>,
    engine: Engine,
    /// Who draws social cards; none as long as nobody has asked for one.
    cards: OnceLock<crate::cards::CardRenderer>,
    /// The machine's fonts, if a page depends on them.
    machine_fonts: OnceLock<Fingerprint>,
    publisher: OnceLock<json_ld::Publisher>,
    /// Rendered fragments by language and name, each made by who asks first.
    fragments: Mutex<FxHashMap<(LanguageId, String), Arc<FragmentCell>>>,
    teasers: Vec<KeptTeaser>,
    bodies: Mutex<FxHashMap<Seen<Article>, Arc<Body>>>,
    /// Of articles to whose places others link.
    places: Mutex<FxHashMap<Seen<Article>, Arc<Places>>>,
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

/// A place for the teaser of one of the articles that share it.
type KeptTeaser = Mutex<Option<(Seen<Article>, tera::Value)>>;

/// How many teasers are kept as template values (a few kB each).
const TEASERS_KEPT: usize = 8192;

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
    /// What renders the pages of a site that has so many articles.
    fn new(reader: Arc<Reader>, config: Arc<Config>, view: View, articles: usize, engine: Engine) -> Self {
        let kept = articles.clamp(1, TEASERS_KEPT);
        Self {
            desk: ImageProcessor::new(Arc::clone(&reader)),
            store: None,
            cards: OnceLock::new(),
            machine_fonts: OnceLock::new(),
            reader,
            publisher: OnceLock::new(),
            config,
            view,
            engine,
            fragments: Mutex::default(),
            teasers: (0..kept).map(|_| Mutex::default()).collect(),
            bodies: Mutex::default(),
            places: Mutex::default(),
            search: search::Segments::default(),
        }
    }

    fn keep_in(&mut self, store: &Arc<dyn Store>) {
        self.desk.keep_in(Arc::clone(store));
        self.store = Some(Arc::clone(store));
    }

    /// Renders an output.
    ///
    /// # Errors
    /// What is wrong with the page; warnings are in its trace instead.
    pub fn render(self: &Arc<Self>, output: Output) -> Result<Page, Vec<Diagnostic>> {
        let (scope, planned) = Rendering::enter(self, output);
        let mut diagnostics = Vec::new();
        let bytes = self.bytes(planned, &mut diagnostics);
        dead::look_at_places(self);
        let (mut trace, mut noticed, anchors) = scope.leave();
        diagnostics.append(&mut noticed);
        if let Some(html) = bytes.as_deref().filter(|_| !anchors.is_empty()) {
            diagnostics.extend(dead::of_anchors(html, anchors));
        }
        let (warnings, errors): (Vec<_>, Vec<_>) = diagnostics.into_iter().partition(|one| !one.is_error());
        match bytes {
            Some(bytes) if errors.is_empty() => {
                trace.warnings = (!warnings.is_empty()).then(|| Box::new(warnings));
                Ok(Page { bytes, trace })
            }
            _ => Err(errors),
        }
    }

    fn bytes(self: &Arc<Self>, planned: Planned, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<u8>> {
        let subject = Subject::Output(planned);
        let settings = &self.config.settings;
        let minified = |html: Vec<u8>| {
            if settings.minify_html { minify::minified(html, settings.fragments.latest) } else { html }
        };
        let template = |name: &str, context: Context, diagnostics: &mut Vec<Diagnostic>| {
            let mut bytes = Vec::with_capacity(16 * 1024);
            match self.tera(self.view.language(subject)).render_to(name, &context, &mut bytes) {
                Ok(()) => Some(minified(bytes)),
                Err(error) => {
                    diagnostics.extend(ask::template_errors(&self.view, &error));
                    None
                }
            }
        };
        let page = |name: &str, context: Result<Context, Diagnostic>, diagnostics: &mut Vec<Diagnostic>| match context {
            Ok(context) => template(name, context, diagnostics),
            Err(problem) => {
                diagnostics.push(problem);
                None
            }
        };
        match planned.part() {
            Part::File(row) => self.published(row, diagnostics),
            // What is wrong with it is told by the pages that show it.
            Part::Variant(at, number) => {
                let variant = self.view.get(at).variants[number as usize];
                self.desk.copy(&image::request_for(self, at), variant).ok()
            }
            Part::Asset(at) => match ask::bytes_of(&self.view, at) {
                FileBytes::Row(row) => self.published(row, diagnostics),
                FileBytes::BuiltIn(asset) => Some(asset.built_in()),
            },
            Part::Card(id) => card::card(self, id),
            Part::ListingCard(listing) => card::listing_card(self, listing),
            Part::Article(id) => page("article.html", context::article_context(self, id), diagnostics),
            Part::Page(at) => page("page.html", context::page_context(self, at), diagnostics),
            Part::Notice(at) => template("page.html", context::notice_context(self, at), diagnostics),
            Part::Listing(listing, number) => {
                let is_front = self.view.get(listing).scope == Scope::Front;
                let name = if is_front { "front.html" } else { "listing.html" };
                template(name, listing::listing_context(self, listing, number), diagnostics)
            }
            Part::Feed(listing, format) => Some(feed::feed(self, listing, format)),
            Part::Coverage(id) => Some(live::live_data(self, id)),
            Part::Words(segment, file) => search::search_files(self, segment).get()?.words.get(file as usize).cloned(),
            Part::Teasers(segment, file) => {
                search::search_files(self, segment).get()?.articles.get(file as usize).cloned()
            }
            Part::Alias(at) => Some(head::redirect(self, self.view.get(at), self.view.language(subject))),
            Part::Other(output) => match output {
                Output::Terms(..) | Output::Year(..) | Output::Archive(_) => {
                    template("listing.html", listing::overview_context(self, planned), diagnostics)
                }
                Output::NotFound(_) => template("404.html", Context::new(), diagnostics),
                Output::Fragment(language) => {
                    let fragment = fragment::fragment(self, language, "latest");
                    diagnostics.extend(fragment.diagnostics.iter().cloned());
                    Some(minified(fragment.html.clone().into_bytes()))
                }
                Output::Sitemap(number) => Some(sitemap::sitemap(self, number)),
                Output::NewsSitemap(number) => Some(sitemap::news_sitemap(self, number)),
                Output::Search(language) => {
                    template(SEARCH_TEMPLATE, search::search_context(self, language), diagnostics)
                }
                Output::SearchCatalogue(language) => Some(search::catalogue(self, language)),
                Output::Robots => Some(rights::robots(self)),
                Output::HostFile(file) => {
                    let HostText(text, problems) =
                        self.view.made(Question::HostFile(file), |making| hosts::host_file(self, file, making));
                    diagnostics.extend(problems);
                    Some(text.into_bytes())
                }
                _ => unreachable!("made from one thing"),
            },
        }
    }

    /// How a language writes.
    fn locale(&self, language: LanguageId) -> &Locale {
        self.view.locale(language)
    }

    /// The template engine with the values of a language.
    fn tera(&self, language: LanguageId) -> &Tera {
        &self.engine.tera[language.0 as usize]
    }

    /// A file of the site as it is published: of photographs, drawings, films and recordings what is needed to show them.
    fn published(&self, row: Seen<Row>, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<u8>> {
        let bytes = self.read(row).map_err(|problem| diagnostics.push(problem)).ok()?;
        if self.config.settings.images.originals == Originals::Raw {
            return Some(bytes);
        }
        let path = self.view.path(row);
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

    /// The bytes of a file of the site or of the theme.
    fn file_bytes(&self, file: FileBytes<'_>) -> Result<Vec<u8>, Diagnostic> {
        match file {
            FileBytes::Row(row) => self.read(row),
            FileBytes::BuiltIn(asset) => Ok(asset.built_in()),
        }
    }

    /// The bytes of a row's source.
    fn read(&self, row: Seen<Row>) -> Result<Vec<u8>, Diagnostic> {
        let row = self.view.get(row);
        self.reader.read(&row.path, &row.content)
    }

    /// Takes over the questions that were asked where pages were rendered elsewhere, with the fingerprints of the answers
    /// there; the number of each here.
    ///
    /// # Errors
    /// One of them has another answer here already.
    pub fn adopt_questions(&self, asked: Vec<(Question, Fingerprint)>) -> Result<Vec<u32>, Box<Question>> {
        let adopt = |(question, answer): (Question, Fingerprint)| {
            let (number, known) = self.view.adopt(question.clone(), answer);
            if known == answer { Ok(number) } else { Err(Box::new(question)) }
        };
        asked.into_iter().map(adopt).collect()
    }

    /// Notes that a page that was rendered elsewhere depends on these fonts of the machine there.
    pub fn adopt_machine_fonts(&self, fonts: Fingerprint) {
        self.machine_fonts.get_or_init(|| fonts);
    }

    /// The shared questions asked in this build, in the order of their numbers. Nothing is rendered
    /// afterwards, so what was kept for that goes too.
    pub fn take_questions(&self) -> Vec<(Question, Fingerprint)> {
        self.teasers.iter().for_each(|kept| *kept.lock().expect("no panic while locked") = None);
        self.bodies.lock().expect("no panic while locked").clear();
        self.fragments.lock().expect("no panic while locked").clear();
        self.search.clear();
        self.view.take_questions()
    }
}

/// A file for hosts, and what is wrong with it.
struct HostText(String, Vec<Diagnostic>);

impl Made for HostText {
    fn fingerprint(&self) -> Fingerprint {
        with_diagnostics(&self.0, &self.1)
    }
}

impl Made for Arc<Fragment> {
    fn fingerprint(&self) -> Fingerprint {
        with_diagnostics(&self.html, &self.diagnostics)
    }
}

/// Of a text that pages share: the traces of these pages hold what is wrong with it.
fn with_diagnostics(text: &str, diagnostics: &[Diagnostic]) -> Fingerprint {
    if diagnostics.is_empty() { Fingerprint::of(text.as_bytes()) } else { Fingerprint::of_value(&(text, diagnostics)) }
}

impl Made for Arc<Body> {
    fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }
}

impl Made for Arc<Places> {
    fn fingerprint(&self) -> Fingerprint {
        self.body
    }
}

impl Maker for Arc<PageRenderer> {
    fn make(&self, question: &Question, making: &Making) -> Fingerprint {
        match question {
            Question::Fragment(language, name) => fragment::kept_fragment(self, *language, name, making).fingerprint(),
            Question::HostFile(file) => hosts::host_file(self, *file, making).fingerprint(),
            Question::MachineFonts => card::fonts_of_machine(self),
            _ => unreachable!("answered by the site"),
        }
    }
}
