//! What templates see, for those who check themes: the values of expressions and the arguments of components.
//!
//! Nothing that is published is made here.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tera::{ComponentInfo, Context, Kwargs, State, Tera, Value};

use super::PageRenderer;
use super::scope::Rendering;
use crate::config::LanguageId;
use crate::diagnostic::Diagnostic;
use crate::plan::Output;
use crate::query::{Part, Planned, Subject, ask};
use crate::render::output::search;
use crate::render::template::{context, listing};

/// Finds the values of expressions of the template language.
pub struct Inspector<'a> {
    renderer: &'a Arc<PageRenderer>,
    /// An engine for each language, with the function `keep`. Copying one takes longer than rendering a page.
    engines: BTreeMap<LanguageId, Tera>,
    kept: Arc<Mutex<Option<Value>>>,
}

impl<'a> Inspector<'a> {
    /// An inspector of what `renderer` renders.
    pub fn new(renderer: &'a Arc<PageRenderer>) -> Self {
        Self { renderer, engines: BTreeMap::new(), kept: Arc::default() }
    }

    /// The values of expressions, as the template of `output` sees them; none for one that has no value there.
    pub fn values(&mut self, output: Output, expressions: &[&str]) -> Vec<Option<Value>> {
        let (scope, planned) = Rendering::enter(self.renderer, output);
        let context = context(self.renderer, planned);
        let language = self.renderer.view.language(Subject::Output(planned));
        let engine = self.engines.entry(language).or_insert_with(|| {
            let mut engine = self.renderer.tera(language).clone();
            let kept = Arc::clone(&self.kept);
            engine.register_function("keep", move |args: Kwargs, _: &State| {
                *kept.lock().expect("no panic while locked") = args.iter().next().map(|(_, value)| value.clone());
                Value::none()
            });
            engine
        });
        let value = |expression: &&str| {
            engine.render_str(&format!("{{{{ keep(value={expression}) }}}}"), &context, true).ok()?;
            self.kept.lock().expect("no panic while locked").take()
        };
        let values = expressions.iter().map(value).collect();
        let _ = scope.leave();
        values
    }
}

impl PageRenderer {
    /// Renders `text`, a template, as if it stood in the page `output`.
    ///
    /// # Errors
    /// Everything that is wrong with it, or with what it calls.
    pub fn render_text(self: &Arc<Self>, output: Output, text: &str) -> Result<String, Vec<Diagnostic>> {
        let (scope, planned) = Rendering::enter(self, output);
        let language = self.view.language(Subject::Output(planned));
        let result = self.tera(language).render_str(text, &Context::new(), true);
        let (_, diagnostics, _) = scope.leave();
        match result {
            Err(error) => {
                let told = diagnostics.into_iter().filter(Diagnostic::is_error);
                Err(ask::template_errors(&self.view, &error).into_iter().chain(told).collect())
            }
            Ok(_) if diagnostics.iter().any(Diagnostic::is_error) => Err(diagnostics),
            Ok(html) => Ok(html),
        }
    }

    /// The arguments of a component.
    pub fn component_info(&self, name: &str) -> Option<ComponentInfo> {
        self.tera(LanguageId::MAIN).get_component_definition(name)
    }
}

fn context(renderer: &Arc<PageRenderer>, planned: Planned) -> Context {
    match planned.part() {
        Part::Article(id) => context::article_context(renderer, id).unwrap_or_default(),
        Part::Page(at) => context::page_context(renderer, at).unwrap_or_default(),
        Part::Notice(at) => context::notice_context(renderer, at),
        Part::Listing(listing, number) => listing::listing_context(renderer, listing, number),
        Part::Other(Output::Search(language)) => search::search_context(renderer, language),
        Part::Other(Output::Terms(..) | Output::Year(..) | Output::Archive(_)) => {
            listing::overview_context(renderer, planned)
        }
        _ => Context::new(),
    }
}
