//! The build: six stages, in order, each made from the one before.
//!
//! There is one build. A "full" build is this one with an empty log. [`stages`] has the first of them for everybody who
//! does not build.

mod attempt;
pub mod frames;
mod session;
pub(crate) mod site_file;
pub mod stages;
pub mod withdrawn;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::article::time::Timestamp;
use crate::config::Overrides;
use crate::diagnostic::Diagnostic;
use crate::images::Store;
use crate::index::WithheldCounts;
pub use crate::publish::Details;
use crate::publish::{FolderError, Held, Pages, Progress};
use crate::source::Reader;
#[cfg(feature = "deploy")]
pub(crate) use attempt::configuration;
pub(crate) use attempt::origin;
pub(crate) use attempt::output_of_site;
use attempt::{Attempt, Done, Stop};
use session::Previous;
pub use session::{Changes, Session};

/// What a build is asked to do.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What overrides `site.yaml`.
    pub overrides: Overrides,
    /// The output folder; the configuration's when not given.
    pub output: Option<PathBuf>,
    /// The moment as of which the site is built.
    pub now: Timestamp,
    /// Build the rest when some files are broken.
    pub keep_going: bool,
    /// Warnings are errors.
    pub strict: bool,
    /// Render everything again afterwards and compare.
    pub verify: bool,
    /// Tell of each page in [`Report::details`].
    pub explain: bool,
    /// Files of the output folder that somebody is looking at: they are rendered before all others, and
    /// [`Progress::ready`] is told.
    pub first: Vec<String>,
    /// Pages that were rendered elsewhere: then nothing is rendered here.
    pub pages: Option<Arc<dyn Pages>>,
    /// What stands for the output folder if its files are elsewhere.
    pub held: Option<Arc<Held>>,
    /// Where machines keep copies of photographs and cards for each other.
    pub store: Option<Arc<dyn Store>>,
}

/// What a build did.
#[derive(Debug, Default)]
pub struct Report {
    /// Visible articles.
    pub articles: usize,
    /// Articles and pages that are withheld.
    pub withheld: WithheldCounts,
    /// Planned pages (without files that are copied and data of the search).
    pub pages: usize,
    /// Pages rendered.
    pub rendered: usize,
    /// Files written.
    pub written: usize,
    /// Files removed.
    pub removed: usize,
    /// Photographs decoded, to make copies of them.
    pub decoded: usize,
    /// Which ones, if [`Options::explain`] asked for it.
    pub details: Details,
    /// Everything noticed.
    pub diagnostics: Vec<Diagnostic>,
    /// How long it took.
    pub took: Duration,
    /// How long each stage took, in their order.
    pub stages: Vec<(&'static str, Duration)>,
}

impl Report {
    /// Whether there is an error among the diagnostics.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Why nothing was published, or a command did not do what it was asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Failure {
    /// The site has errors; all of them.
    Site(Vec<Diagnostic>),
    /// The machine failed: disk full, no permission.
    Machine(Diagnostic),
}

impl Failure {
    /// The site has one error.
    pub fn site(problem: Diagnostic) -> Self {
        Self::Site(vec![problem])
    }
}

impl From<FolderError> for Failure {
    fn from(error: FolderError) -> Self {
        Self::Machine(error.diagnostic())
    }
}

/// Somebody who is told how the build goes on.
pub trait Observer: Progress {
    /// Another build of the site is running; this one waits.
    fn waiting(&self) {}
}

/// Builds the site in the folder `root` once.
///
/// # Errors
/// The site has errors (and `keep_going` is not asked for), or the machine failed. The output folder is
/// then as it was.
pub fn build(root: &Path, options: &Options, observer: &dyn Observer) -> Result<Report, Failure> {
    Session::new(root).build(&Changes::Unknown, options, observer)
}

/// The six stages.
///
/// What is published was on disk as a whole: a source that changes meanwhile ends the attempt.
fn attempt(
    reader: &Arc<Reader>,
    previous: Option<Previous>,
    changes: &Changes,
    options: &Options,
    observer: &dyn Observer,
) -> Result<Done, Stop> {
    let mut attempt = Attempt::begin(reader, previous, options, observer)?;

    let found = attempt.sources(changes);
    let mut articles = attempt.articles(found);
    if attempt.is_nothing_due(&articles) {
        return attempt.leave(articles);
    }
    let theme = attempt.theme(&mut articles)?;
    let (index, mut reusable) = attempt.index(articles, &theme);
    let plan = attempt.plan(&index, &theme, &mut reusable)?;
    let renderer = attempt.renderer(index, plan, theme, reusable)?;
    let staged = attempt.render(&renderer)?;
    attempt.publish(renderer, staged)
}
