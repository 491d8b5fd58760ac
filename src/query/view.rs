//! What rendering sees of the site: nothing but the answers to questions, each of which is recorded as it is given.

use std::sync::Arc;

use super::seen::{Held, OfRow, Part};
use super::{Making, Planned, Question, Seen, SharedAnswers, Site, SourceId, Subject};
use crate::article::Row;
use crate::article::record::Entry;
use crate::config::{Config, LanguageId, address};
use crate::fingerprint::Fingerprint;
use crate::index::{Article, Index, Live, Role, Teaser, edition, teaser};
use crate::locale::Locale;
use crate::plan::{Plan, cards};
use crate::site_path;
use crate::theme::Theme;

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
/// use courant::query::{Selection, View, ask};
///
/// fn newest(view: &View) -> Option<&Article> {
///     let articles = ask::articles(view, Selection { limit: 1, ..Selection::default() });
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
        teaser::teaser(&self.site.index, id.at, entry, &self.site.config)
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
        edition::language_of_row(&self.site.index, row.at, &self.site.config)
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

    /// Everything, for who makes something in every build.
    pub(crate) fn everything(&self, _: &Making) -> (&Config, &Index, &Plan, &Theme) {
        let Site { config, index, plan, theme, .. } = &*self.site;
        (config, index, plan, theme)
    }
}
