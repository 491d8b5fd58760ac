//! What rendering sees of the site: nothing but the answers to questions, each of which is recorded as it is given.

use std::sync::Arc;

use crate::article::Row;
use crate::article::record::Entry;
use crate::config::{Config, LanguageId, address};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::fingerprint::Fingerprint;
use crate::index::{Article, Index, Live, Role, Teaser};
use crate::locale::Locale;
use crate::plan::{Plan, cards};
use crate::site_path;
use crate::theme::code::Spot;
use crate::theme::inline::InlineScript;
use crate::theme::texts::Texts;
use crate::theme::{Asset, Theme, errors};

use super::answers::FileBytes;
use super::seen::{Held, OfRow, Part};
use super::{Making, Planned, Question, Seen, SharedAnswers, Site, SourceId, Subject};

/// What whoever renders sees of the site.
///
/// The site itself is private, so that a read which is not recorded does not compile:
///
/// ```compile_fail,E0616
/// fn count(view: &courant::query::View) -> usize {
///     view.site.index.articles.len()
/// }
/// ```
///
/// What an answer names is read with a token, and nobody else makes one:
///
/// ```compile_fail,E0624
/// use courant::index::Article;
/// use courant::query::{Seen, View};
///
/// fn first(view: &View) -> &Article {
///     view.get(Seen::new(0))
/// }
/// ```
///
/// A question is the way that there is:
///
/// ```
/// use courant::index::Article;
/// use courant::query::{Selection, View};
///
/// fn newest(view: &View) -> Option<&Article> {
///     let articles = view.articles(Selection { limit: 1, ..Selection::default() });
///     articles.first().map(|article| view.get(*article))
/// }
/// ```
#[derive(Debug)]
pub struct View {
    pub(super) site: Arc<Site>,
    pub(super) asked: SharedAnswers,
}

impl View {
    /// A view of the site, of which nothing is asked yet.
    pub(crate) fn of(site: &Arc<Site>) -> Self {
        Self { site: Arc::clone(site), asked: SharedAnswers::default() }
    }

    /// Takes over a question that was asked elsewhere: its number here, and the answer that it has here.
    pub(crate) fn adopt(&self, question: Question, answer: Fingerprint) -> (u32, Fingerprint) {
        self.asked.record(question, || answer)
    }

    /// The shared questions asked in this build, in the order of their numbers.
    pub(crate) fn take_questions(&self) -> Vec<(Question, Fingerprint)> {
        self.asked.take()
    }

    /// Something that an answer names, or that the output in work is made from.
    pub fn get<T: Held>(&self, seen: Seen<T>) -> &T {
        T::held(&self.site, seen.number())
    }

    /// The source of it.
    pub(crate) fn row<T: OfRow>(&self, seen: Seen<T>) -> Seen<Row> {
        Seen::new(self.get(seen).row())
    }

    /// The path of a source.
    pub(crate) fn path(&self, row: Seen<Row>) -> &str {
        &self.get(row).path
    }

    /// The id of an article's source.
    pub(crate) fn source_of(&self, id: Seen<Article>) -> SourceId {
        self.site.source_of(id.at)
    }

    /// The article or page in a row, as far as it may be seen.
    pub(crate) fn entry(&self, row: Seen<Row>) -> Box<Entry<'_>> {
        self.site.index.entry(row.at)
    }

    /// The article whose source is in a row.
    pub(crate) fn article_in(&self, row: Seen<Row>) -> Option<Seen<Article>> {
        match self.site.index.role(row.at) {
            Role::Article(id) => Some(Seen::new(id)),
            _ => None,
        }
    }

    /// What other pages show of an article.
    pub(crate) fn teaser<'a>(&'a self, id: Seen<Article>, entry: &'a Entry<'a>) -> Teaser<'a> {
        self.site.index.teaser(id.at, entry, &self.site.config)
    }

    /// The live coverage that an article is.
    pub(crate) fn live(&self, id: Seen<Article>) -> Option<&Live> {
        self.site.index.live.get(&id.at)
    }

    /// The language of an article.
    pub(crate) fn language_of_article(&self, id: Seen<Article>) -> LanguageId {
        self.site.index.language_of(id.at)
    }

    /// The language of a source.
    pub(crate) fn language_of_row(&self, row: Seen<Row>) -> LanguageId {
        self.site.index.language_of_row(row.at, &self.site.config)
    }

    /// The language of what is being rendered.
    pub(crate) fn language(&self, subject: Subject) -> LanguageId {
        match subject {
            Subject::Output(Planned(output)) => self.site.plan.language(output, &self.site.index),
            Subject::Shared(language) => language,
        }
    }

    /// How a language writes.
    pub(crate) fn locale(&self, language: LanguageId) -> &Locale {
        self.site.locale(language)
    }

    /// The root-relative address of what is being rendered.
    pub(crate) fn url(&self, subject: Subject) -> String {
        let Site { config, plan, .. } = &*self.site;
        let planned = match subject {
            Subject::Output(planned) => planned,
            Subject::Shared(language) => return address::encode(config, &config.language(language).prefix),
        };
        match planned.part() {
            Part::Article(id) => self.get(id).url.to_string(),
            Part::Page(at) => self.get(at).url.to_string(),
            Part::Notice(at) => self.get(at).url.to_string(),
            Part::Coverage(id) => site_path::beside(&self.get(id).url, "live.json"),
            Part::Card(id) => site_path::beside(&self.get(id).url, cards::FILE),
            Part::File(_) | Part::Variant(..) | Part::Asset(_) => config.base_path.clone(),
            _ => address::encode(config, &plan.site_path(planned.0, config)),
        }
    }

    /// The source of what is being rendered; none for listings.
    pub(crate) fn own_row(&self, subject: Subject) -> Option<Seen<Row>> {
        match subject {
            Subject::Output(Planned(output)) => self.site.plan.own_row(output, &self.site.index).map(Seen::new),
            Subject::Shared(_) => None,
        }
    }

    /// The path of the source of what is being rendered; the site itself for listings.
    pub(crate) fn path_of(&self, subject: Subject) -> &str {
        self.own_row(subject).map_or("content/_index.md", |row| self.path(row))
    }

    /// Where the bytes of an asset of the theme are.
    pub(crate) fn bytes_of(&self, asset: Seen<Asset>) -> FileBytes<'_> {
        self.get(asset).into()
    }

    /// The fonts of the theme, and what stands for all of them.
    pub(crate) fn fonts(&self) -> (impl Iterator<Item = FileBytes<'_>>, Fingerprint) {
        (self.site.theme.fonts.iter().map(FileBytes::from), self.site.theme.fonts_fingerprint())
    }

    /// The address of an asset of the theme.
    ///
    /// # Errors
    /// There is none with this name; what was probably meant.
    pub(crate) fn asset(&self, path: &str) -> Result<&str, Option<String>> {
        let Some(asset) = self.site.theme.asset(path) else {
            return Err(did_you_mean(path, self.site.theme.assets.iter().map(|asset| asset.path.as_str())));
        };
        self.record(Question::Asset(path.into()), || Fingerprint::of(asset.site_path.as_bytes()));
        Ok(&asset.site_path)
    }

    /// A script of the theme that stands in the page.
    ///
    /// # Errors
    /// There is none with this name; what was probably meant.
    pub(crate) fn inline_script(&self, path: &str) -> Result<&InlineScript, Option<String>> {
        let scripts = &self.site.theme.inline_scripts;
        let Some(script) = scripts.get(path) else {
            return Err(did_you_mean(path, scripts.keys().map(String::as_str)));
        };
        self.record(Question::InlineScript(path.into()), || script.fingerprint);
        Ok(script)
    }

    /// The owner's HTML at a spot of every page.
    pub(crate) fn code(&self, spot: Spot) -> &str {
        let code = &self.site.theme.code;
        let html = code.at(spot);
        if !html.is_empty() {
            self.record(Question::Code(spot), || code.fingerprint(spot));
        }
        html
    }

    /// The texts of the theme in a language.
    pub(crate) fn texts(&self, language: LanguageId) -> &Texts {
        let texts = &self.site.theme.texts[language.0 as usize];
        self.record(Question::Texts(language), || Fingerprint::of_value(texts));
        texts
    }

    /// Whether the theme has an id, in its pages or components.
    pub(crate) fn is_reserved(&self, id: &str) -> bool {
        self.record(Question::ReservedIds, || Fingerprint::of_value(&self.site.reserved));
        self.site.reserved.has(id)
    }

    /// Whether an id stands in the theme's pages.
    pub(crate) fn is_reserved_by_pages(&self, id: &str) -> bool {
        self.record(Question::ReservedIds, || Fingerprint::of_value(&self.site.reserved));
        self.site.reserved.is_of_pages(id)
    }

    /// Whether the theme has a component.
    pub(crate) fn has_component(&self, name: &str) -> bool {
        let reach = self.site.theme.component_reach(name);
        self.record(Question::Component(name.into()), || reach.unwrap_or_default());
        reach.is_some()
    }

    // What follows is of templates, which the trace of every page holds with all that they reach.

    /// Which component was probably meant.
    pub(crate) fn component_hint(&self, name: &str) -> Option<String> {
        errors::component_hint(name, &self.site.theme)
    }

    /// The file of a template, if the theme has it.
    pub(crate) fn template(&self, name: &str) -> Option<&str> {
        self.site.theme.template(name).map(|template| &*template.file)
    }

    /// What is wrong with a template.
    pub(crate) fn template_errors(&self, error: &tera::Error) -> Vec<Diagnostic> {
        errors::diagnostics(error, &self.site.theme)
    }

    /// A setting of the theme that is a text.
    pub(crate) fn setting(&self, name: &str) -> Option<&str> {
        self.site.theme.settings.get(name).and_then(serde_json::Value::as_str)
    }

    /// What a language is called.
    pub(crate) fn language_name(&self, language: LanguageId) -> &str {
        self.site.theme.language_name(language)
    }

    /// Everything, for who makes something in every build.
    pub(crate) fn everything(&self, _: &Making) -> (&Config, &Index, &Plan, &Theme) {
        let Site { config, index, plan, theme, .. } = &*self.site;
        (config, index, plan, theme)
    }

    /// The house advertisement that a slot shows in a language.
    pub(crate) fn ad(
        &self,
        slot: &str,
        language: LanguageId,
        _: &Making,
    ) -> Option<(Seen<Row>, crate::article::record::Ad<'_>)> {
        let (row, ad) = self.site.index.ad_in(slot, language)?;
        Some((Seen::new(row), ad))
    }
}
