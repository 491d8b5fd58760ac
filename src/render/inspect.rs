//! What templates see, for those who check themes: the values of expressions and the arguments of components.
//!
//! Nothing that is published is made here.

use std::sync::{Arc, Mutex};

use tera::{ComponentInfo, Context, Kwargs, State, Value};

use super::PageRenderer;
use super::scope::Rendering;
use crate::config::LanguageId;
use crate::diagnostic::Diagnostic;
use crate::plan::Output;
use crate::theme::errors;

impl PageRenderer {
    /// The values of expressions of the template language, as the template of `output` sees them; none for
    /// one that has no value there.
    pub fn values(self: &Arc<Self>, output: Output, expressions: &[&str]) -> Vec<Option<Value>> {
        let scope = Rendering::enter(self, output);
        let context = self.context(output);
        let kept: Arc<Mutex<Option<Value>>> = Arc::default();
        let keep = Arc::clone(&kept);
        let mut tera = self.tera(self.plan.language(output, &self.index)).clone();
        tera.register_function("keep", move |args: Kwargs, _: &State| {
            *keep.lock().expect("no panic while locked") = args.iter().next().map(|(_, value)| value.clone());
            Value::none()
        });
        let value = |expression: &&str| {
            tera.render_str(&format!("{{{{ keep(value={expression}) }}}}"), &context, true).ok()?;
            kept.lock().expect("no panic while locked").take()
        };
        let values = expressions.iter().map(value).collect();
        let _ = scope.leave();
        values
    }

    /// Renders `text`, a template, as if it stood in the page `output`.
    ///
    /// # Errors
    /// Everything that is wrong with it, or with what it calls.
    pub fn render_text(self: &Arc<Self>, output: Output, text: &str) -> Result<String, Vec<Diagnostic>> {
        let scope = Rendering::enter(self, output);
        let result = self.tera(self.plan.language(output, &self.index)).render_str(text, &Context::new(), true);
        let (_, diagnostics) = scope.leave();
        match result {
            Err(error) => Err(errors::diagnostics(&error, &self.theme)),
            Ok(_) if diagnostics.iter().any(Diagnostic::is_error) => Err(diagnostics),
            Ok(html) => Ok(html),
        }
    }

    /// The arguments of a component.
    pub fn component_info(&self, name: &str) -> Option<ComponentInfo> {
        self.tera(LanguageId::MAIN).get_component_definition(name)
    }

    fn context(self: &Arc<Self>, output: Output) -> Context {
        match output {
            Output::Story(id) => self.story_context(id).unwrap_or_default(),
            Output::Page(at) => self.page_context(at).unwrap_or_default(),
            Output::Notice(at) => self.notice_context(at),
            Output::Search(language) => self.search_context(language),
            Output::Listing(at, number) => self.listing_context(&self.plan.listings[at as usize], number),
            Output::Terms(..) | Output::Year(..) | Output::Archive(_) => self.overview_context(output),
            _ => Context::new(),
        }
    }
}
