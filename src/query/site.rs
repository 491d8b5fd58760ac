//! The site as questions see it: everything that the stages before have made.
//!
//! Its fields are for the [answers](super::answers) alone. Nothing outside of `query` reads them.

use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use super::SourceId;
use super::freshness::Baseline;
use super::ids::ReservedIds;
use crate::config::{Config, LanguageId, address};
use crate::fingerprint::{Fingerprint, Fingerprinter, file_id};
use crate::index::{ArticleId, Index, Live, address_key};
use crate::locale::Locale;
use crate::plan::{Output, Plan, Scope};
use crate::theme::Theme;
use crate::theme::interface::PAGE_TEMPLATES;

/// Configuration, index, plan and theme, and what is found in them fast.
#[derive(Debug)]
pub struct Site {
    pub(super) config: Arc<Config>,
    pub(super) index: Arc<Index>,
    pub(super) plan: Arc<Plan>,
    pub(super) theme: Arc<Theme>,
    /// The ids in the theme's templates.
    pub(super) reserved: ReservedIds,
    /// How each language of the site writes.
    pub(super) locales: Vec<Locale>,
    /// What each of [`PAGE_TEMPLATES`] can reach.
    reach: [Fingerprint; 7],
    by_source: OnceLock<FxHashMap<SourceId, ArticleId>>,
    /// The articles by their files.
    by_file: OnceLock<FxHashMap<u64, ArticleId>>,
    /// The planned files, by [`file_id`].
    planned: OnceLock<FxHashSet<u64>>,
    /// The places of withheld updates of live coverage, by their keys.
    withheld_places: OnceLock<FxHashSet<u64>>,
}

impl Site {
    /// The site that these stages have made.
    pub fn new(config: Arc<Config>, index: Arc<Index>, plan: Arc<Plan>, theme: Arc<Theme>) -> Self {
        Self {
            reserved: ReservedIds::of(&theme.templates),
            locales: config.languages.iter().map(|language| Locale::new(&language.tag)).collect(),
            reach: PAGE_TEMPLATES.map(|name| theme.reach(name)),
            config,
            index,
            plan,
            theme,
            by_source: OnceLock::new(),
            by_file: OnceLock::new(),
            planned: OnceLock::new(),
            withheld_places: OnceLock::new(),
        }
    }

    /// What all answers are made from.
    pub fn baseline(&self) -> Baseline {
        Baseline {
            index: self.index.fingerprint,
            older: self.index.older.clone(),
            files: self.index.files,
            planned: self.planned_sum(),
        }
    }

    /// A number that stands for all files that are planned, whatever their order, and for what cannot be read.
    pub(super) fn planned_sum(&self) -> u64 {
        let broken = self.index.broken.iter().map(|one| file_id(&format!("{}\n{:?}", one.path, one.names)));
        self.plan.files.iter().copied().chain(broken).fold(0, u64::wrapping_add)
    }

    /// Whether an id stands in the theme's pages.
    pub(crate) fn is_id_of_theme(&self, id: &str) -> bool {
        self.reserved.is_of_pages(id)
    }

    /// How a language writes.
    pub(super) fn locale(&self, language: LanguageId) -> &Locale {
        &self.locales[language.0 as usize]
    }

    /// Whether a file of the output folder is planned.
    pub(super) fn is_planned(&self, file: u64) -> bool {
        self.planned.get_or_init(|| self.plan.files.iter().copied().collect()).contains(&file)
    }

    /// The visible article in a source.
    pub(super) fn article_of(&self, source: SourceId) -> Option<ArticleId> {
        let by_source = self
            .by_source
            .get_or_init(|| (0..self.index.articles.len() as ArticleId).map(|id| (self.source_of(id), id)).collect());
        by_source.get(&source).copied()
    }

    /// The visible article whose page is a file of the output folder.
    pub(super) fn article_at(&self, file: u64) -> Option<ArticleId> {
        let by_file = self.by_file.get_or_init(|| {
            let planned = self.plan.outputs.iter().zip(&self.plan.files);
            let articles = planned.filter_map(|(output, file)| match output {
                Output::Article(id) => Some((*file, *id)),
                _ => None,
            });
            articles.collect()
        });
        by_file.get(&file).copied()
    }

    /// The places of withheld updates, each by the [key](address_key) of `/local/storm/#the-id`.
    pub(super) fn withheld_places(&self) -> &FxHashSet<u64> {
        self.withheld_places.get_or_init(|| {
            let of = |(id, live): (&ArticleId, &Live)| {
                let article = self.index.article(*id);
                let entry = self.index.entry(article.row);
                let (shown, withheld): (Vec<_>, Vec<_>) =
                    entry.updates.iter().partition(|update| live.shows(update.time));
                let withheld = withheld.iter().filter(|one| shown.iter().all(|other| other.id != one.id));
                let path = address::site_path_of(&self.config, "", &article.url).unwrap_or_default();
                withheld.map(|update| address_key(&format!("{path}#{}", &*update.id))).collect::<Vec<_>>()
            };
            self.index.live.iter().flat_map(of).collect()
        })
    }

    /// The id of an article's source.
    pub(super) fn source_of(&self, id: ArticleId) -> SourceId {
        SourceId::of(self.path_of(id))
    }

    /// The path of an article's source.
    pub(super) fn path_of(&self, id: ArticleId) -> &str {
        &self.index.rows[self.index.article(id).row as usize].path
    }

    /// The path of an output's file.
    pub(super) fn path(&self, output: Output) -> String {
        self.plan.path(output, &self.index, &self.config, &self.theme)
    }

    /// The fingerprint of everything that the output's template can reach.
    pub(super) fn template_reach(&self, output: Output) -> Fingerprint {
        let at = match output {
            Output::Article(_) => 0,
            Output::Page(_) | Output::Notice(_) => 1,
            Output::Listing(at, _) if self.plan.listings[at as usize].scope == Scope::Front => 2,
            Output::Listing(..) | Output::Terms(..) | Output::Year(..) | Output::Archive(_) => 3,
            Output::NotFound(_) => 4,
            Output::Search(_) => 5,
            Output::Card(_) | Output::ListingCard(_) => 6,
            _ => return Fingerprint::default(),
        };
        self.reach[at]
    }

    /// The fingerprint of the source that the output is made from.
    pub(super) fn own_content(&self, output: Output) -> Fingerprint {
        match output {
            Output::Asset(at) => self.theme.assets[at as usize].fingerprint,
            _ => self
                .plan
                .own_row(output, &self.index)
                .map_or_else(Fingerprint::default, |row| self.index.rows[row as usize].content),
        }
    }

    /// The beginning of the fingerprint of an article's body.
    pub(super) fn begin_body(&self, id: ArticleId) -> Fingerprinter {
        let article = self.index.article(id);
        let mut fingerprint = Fingerprinter::new("body");
        fingerprint.part(&self.index.rows[article.row as usize].content).part(&article.teaser);
        fingerprint
    }
}
