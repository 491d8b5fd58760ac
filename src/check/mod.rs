//! The checker: what a careful editor would notice before the readers do.
//!
//! A user of the pipeline that publishes nothing. It takes the first four stages as a build does, renders
//! every page in memory, and lets each family of rules look: at the sources, where a finding has its line,
//! and at the rendered pages, where a link is what a reader's browser sees. One file for each family; the
//! table is [`checks`](crate::config::checks).

mod article;
mod external;
mod front;
mod hosting;
mod images;
mod keys;
mod links;
mod nesting;
mod pages;
mod prose;
pub mod report;
mod statements;
mod terms;
pub mod theme;
mod translations;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::article::record::Record;
use crate::article::time::Timestamp;
use crate::article::{self as stage, Lines};
use crate::config::checks::{Checks, Level, Rule};
use crate::config::{Config, Overrides};
use crate::diagnostic::{Diagnostic, MOST_OF_FILE, Place, Severity, fold, left_out};
use crate::index::{Happening, Index, Role, timeline};
use crate::pipeline::stages::{self, Stages};
use crate::plan::{Output, Plan};
use crate::render::Renderer;
use crate::source::{Links, Reader};
use crate::theme::Theme;
use prose::Prose;

/// What is to be checked.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What overrides `site.yaml`.
    pub overrides: Overrides,
    /// The moment as of which the site is checked.
    pub now: Timestamp,
    /// Whether addresses outside the site are asked for.
    pub external: bool,
}

/// Something that a rule found, or that `build` would report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What it is.
    pub diagnostic: Diagnostic,
    /// The rule; none if `build` reports it too.
    pub rule: Option<Rule>,
}

impl Finding {
    /// The name of the rule: `build` for what a build reports.
    pub fn id(&self) -> &'static str {
        self.rule.map_or("build", Rule::id)
    }
}

/// What was checked and found.
#[derive(Debug, Default)]
pub struct Report {
    /// Everything found, errors first, by file and line.
    pub findings: Vec<Finding>,
    /// Visible articles, as a build counts them.
    pub articles: usize,
    /// Pages that were rendered.
    pub pages: usize,
    /// Addresses outside the site: how many there are.
    pub outside: usize,
    /// How many of them were asked for; the others were known from the last time.
    pub asked: usize,
    /// How long it took.
    pub took: Duration,
}

impl Report {
    /// The number of errors and of warnings.
    pub fn count(&self) -> (usize, usize) {
        let errors = self.findings.iter().filter(|one| one.diagnostic.is_error()).count();
        (errors, self.findings.len() - errors)
    }
}

/// Collects findings at the levels that the site wants.
struct Findings<'a> {
    checks: &'a Checks,
    found: Vec<Finding>,
    /// The file that they are about, if it is one, and how many of each rule it has.
    file: Option<(&'a str, FxHashMap<Rule, usize>)>,
}

/// A place, or how to find it. To find one takes time in proportion to its file.
trait Where {
    fn place(self) -> Place;
}

impl Where for Place {
    fn place(self) -> Place {
        self
    }
}

impl<F: FnOnce() -> Place> Where for F {
    fn place(self) -> Place {
        self()
    }
}

impl<'a> Findings<'a> {
    fn new(checks: &'a Checks) -> Self {
        Self { checks, found: Vec::new(), file: None }
    }

    /// Findings about one file: of each rule at most [`MOST_OF_FILE`].
    fn of_file(checks: &'a Checks, path: &'a str) -> Self {
        Self { checks, found: Vec::new(), file: Some((path, FxHashMap::default())) }
    }

    /// Whether the file has as many findings of the rule as are told.
    fn is_full(&self, rule: Rule) -> bool {
        self.file.as_ref().is_some_and(|(_, told)| told.get(&rule).is_some_and(|told| *told > MOST_OF_FILE))
    }

    fn wants(&self, rule: Rule) -> bool {
        self.checks.level(rule) != Level::Off
    }

    fn add(&mut self, rule: Rule, place: impl Where, message: impl Into<String>, hint: impl Into<String>) {
        self.add_on_pages(rule, place, message, hint, 1);
    }

    /// Adds what concerns many pages.
    fn add_on_pages(
        &mut self,
        rule: Rule,
        place: impl Where,
        message: impl Into<String>,
        hint: impl Into<String>,
        pages: u32,
    ) {
        let Some(severity) = self.checks.level(rule).severity() else { return };
        if self.is_full(rule) {
            return;
        }
        let mut diagnostic = Diagnostic { severity, pages, ..Diagnostic::error(message).hint(hint) };
        match &mut self.file {
            Some((path, told)) => {
                let number = told.entry(rule).or_default();
                *number += 1;
                let is_one_more = *number > MOST_OF_FILE;
                diagnostic = if is_one_more { left_out(path) } else { diagnostic.at(place.place()) };
            }
            None => diagnostic = diagnostic.at(place.place()),
        }
        self.found.push(Finding { diagnostic, rule: Some(rule) });
    }
}

/// What the families of rules may look at.
struct Site<'a> {
    reader: &'a Reader,
    config: &'a Config,
    index: &'a Index,
    theme: Option<&'a Theme>,
    now: Timestamp,
}

impl Site<'_> {
    /// The text of a content file.
    fn text(&self, path: &str) -> Option<String> {
        stage::body_text(self.reader, &self.index.rows[self.index.row_of(path)? as usize]).ok()
    }
}

/// A content file, read.
struct Piece<'a> {
    path: &'a str,
    text: &'a str,
    role: Role,
    record: &'a Record<'a>,
    lines: Lines<'a>,
    prose: Prose<'a>,
}

/// Checks the site in the folder `root`.
///
/// `told` is called with a sentence on what is being done, for the patient.
pub fn check(root: &Path, options: &Options, told: &(dyn Fn(&str) + Sync)) -> Report {
    let began = Instant::now();
    let mut report = Report::default();
    if let Err(problems) = run(root, options, told, &mut report) {
        report.findings.extend(problems.into_iter().map(|diagnostic| Finding { diagnostic, rule: None }));
    }
    report.findings = in_order(std::mem::take(&mut report.findings));
    report.took = began.elapsed();
    report
}

/// Fills the report; what stops the build also stops the rules that need its later stages.
fn run(
    root: &Path,
    options: &Options,
    told: &(dyn Fn(&str) + Sync),
    report: &mut Report,
) -> Result<(), Vec<Diagnostic>> {
    let config = Arc::new(Config::load(root, &options.overrides)?);
    let layers = crate::theme::layers(root, &config.settings.theme).map_err(|problem| vec![problem])?;
    let stages = stages::load(root, &config, layers);
    let theme = stages.theme(&config);
    let Stages { reader, layers, mut articles } = stages;
    let mut problems = std::mem::take(&mut articles.diagnostics);
    problems.extend(config.warnings.iter().cloned());
    problems.extend(crate::pipeline::output_of_site(root, &config).err());
    problems.extend(crate::publish::check_log_folder(root).err());
    // What is checked is about to be published.
    problems.extend(config.is_local.iter().map(|one| Diagnostic { severity: Severity::Error, ..one.clone() }));

    let mut index = Index::build(articles.rows, &articles.links, &config, options.now);
    index.broken = std::mem::take(&mut articles.broken);
    let checks = &config.settings.check;
    let look = |index: &Index, theme: Option<&Theme>, findings: &mut Findings<'_>, report: &mut Report| {
        let site = Site { reader: &reader, config: &config, index, theme, now: options.now };
        report.articles = site.index.articles.len();
        look_at_sources(&site, findings);
    };
    let mut findings = Findings::new(checks);
    let theme = match theme {
        Ok(theme) => theme,
        Err(more) => {
            look(&index, None, &mut findings, report);
            report.findings = findings.found;
            problems.extend(more);
            return Err(problems);
        }
    };
    look(&index, Some(&theme), &mut findings, report);
    let given = (&theme, layers);
    let to_come = problems_to_come(&index, &articles.links, &config, given, &reader, options.now);
    let plan = Plan::build(&index, &config, &theme)
        .inspect(|plan| problems.extend(plan.problems(&reader, &index, &config)))
        .inspect(|plan| problems.extend(plan.warnings(&reader, &index, &config)))
        .map_err(|collisions| collisions.iter().map(|one| one.diagnostic(&reader, &index.rows)).collect());
    // Links to withheld articles stay in these pages, so that they can be reported; nothing here is published.
    index.withheld.clear();
    let renderer =
        plan.and_then(|plan| Renderer::new(Arc::clone(&reader), Arc::clone(&config), index, plan, theme, None));
    match renderer.map(Arc::new) {
        Ok(renderer) => {
            problems.extend(crate::pipeline::site_file::warnings(&renderer));
            let site = Site {
                reader: &reader,
                config: &config,
                index: &renderer.index,
                theme: Some(&renderer.theme),
                now: options.now,
            };
            let pages = pages::render(&renderer, options.external);
            report.pages = pages.all.len();
            links::check(&site, &renderer, &pages, &mut findings);
            hosting::check(&site, &renderer, &mut findings);
            if options.external {
                (report.outside, report.asked) = external::check(&site, &renderer, &pages, &mut findings, told);
            }
            problems.extend(pages.problems);
        }
        Err(more) => problems.extend(more),
    }
    let told = |problem: Diagnostic| {
        let message = format!("{TO_COME}{}", problem.message);
        Diagnostic { severity: Severity::Warning, message, ..problem }
    };
    let to_come: Vec<Diagnostic> = to_come.into_iter().filter(|one| !problems.contains(one)).map(told).collect();
    problems.extend(to_come);
    report.findings = findings.found;
    Err(problems)
}

/// What a warning begins with that is about a build to come.
const TO_COME: &str = "once the embargo ends, nothing can be published: ";

/// What would stop the builds that publish what is yet to come, today's mistakes among it: addresses that it shares with
/// something else, or else what is wrong in the pages that it changes.
fn problems_to_come(
    today: &Index,
    links: &Links,
    config: &Config,
    (theme, layers): (&Theme, Vec<String>),
    reader: &Arc<Reader>,
    now: Timestamp,
) -> Vec<Diagnostic> {
    if config.future || Plan::build(today, config, theme).is_err() {
        return Vec::new();
    }
    let mut moments = timeline(&today.rows, config, now);
    moments.retain(|one| matches!(one.event, Happening::Published | Happening::LiveUpdate | Happening::Correction));
    if moments.is_empty() {
        return Vec::new();
    }
    let changed: FxHashSet<String> = moments.into_iter().map(|one| one.path).collect();
    let config = Config { future: true, ..config.clone() };
    let index = Index::build(today.rows.clone(), links, &config, now);
    match Plan::build(&index, &config, theme) {
        Ok(plan) => problems_of(&changed, today, index, plan, config, layers, reader),
        Err(collisions) => collisions.iter().map(|one| one.diagnostic(reader, &index.rows)).collect(),
    }
}

/// What is wrong in `plan`, and in its pages whose sources are withheld today or `changed` by what is yet to come.
fn problems_of(
    changed: &FxHashSet<String>,
    today: &Index,
    index: Index,
    plan: Plan,
    config: Config,
    layers: Vec<String>,
    reader: &Arc<Reader>,
) -> Vec<Diagnostic> {
    let is_of_list = |path: &String| stage::may_be_of_section(path) || path.starts_with("content/authors/");
    let has_lists = changed.iter().any(is_of_list);
    let is_changed = |output: &Output| match output {
        Output::Article(_) | Output::Page(_) => plan
            .own_row(*output, &index)
            .is_some_and(|row| today.role(row) == Role::Withheld || changed.contains(&*index.rows[row as usize].path)),
        // They show what the files of sections and profiles say.
        Output::Listing(_, 0) => has_lists,
        _ => false,
    };
    let pages: Vec<Output> = plan.outputs.iter().filter(|output| is_changed(output)).copied().collect();
    let mut problems = plan.problems(reader, &index, &config);
    if let Ok(theme) = Theme::load(reader, layers, &index.rows, &config) {
        match Renderer::new(Arc::clone(reader), Arc::new(config), index, plan, theme, None).map(Arc::new) {
            Ok(renderer) => problems.par_extend(
                pages.into_par_iter().flat_map_iter(|page| renderer.render(page).err().unwrap_or_default()),
            ),
            Err(more) => problems.extend(more),
        }
    }
    problems.retain(Diagnostic::is_error);
    problems
}

/// Every content file by itself, then what only all of them together show.
fn look_at_sources(site: &Site<'_>, findings: &mut Findings<'_>) {
    let known_keys = keys::Known::of(site);
    let checks = findings.checks;
    let rows = site.index.rows.par_iter().enumerate().with_min_len(32);
    let each: Vec<Vec<Finding>> = rows
        .filter(|(_, row)| stage::is_markdown(&row.path))
        .map(|(number, row)| {
            let mut findings = Findings::of_file(checks, &row.path);
            let record = row.record();
            let Ok(text) = stage::body_text(site.reader, row) else { return Vec::new() };
            let Some(start) = record.body_start().filter(|_| !matches!(record, Record::Ad(_))) else {
                return Vec::new();
            };
            let piece = Piece {
                path: &row.path,
                text: &text,
                role: site.index.role(number as u32),
                record: &record,
                lines: Lines::of(&row.path, &text),
                prose: Prose::of(&text, start as usize, site.config.settings.markdown),
            };
            keys::check(&piece, &known_keys, &mut findings);
            images::check(site, &piece, &mut findings);
            links::check_source(site, &piece, &mut findings);
            nesting::check(site, &piece, &mut findings);
            prose::check(site, &piece, &mut findings);
            front::check(site, &piece, &mut findings);
            if let Record::Entry(entry) = &record {
                article::check(site, &piece, entry, &mut findings);
            }
            findings.found
        })
        .collect();
    findings.found.extend(each.into_iter().flatten());
    keys::gather(findings);
    article::check_titles(site, findings);
    terms::check(site, findings);
    translations::check(site, findings);
    statements::check(site, findings);
}

/// Errors first, by place. What a page shows is often what its source has shown already, with more to say
/// about it, and what `build` says of a place is often what a rule says: each is said once. Whether it is the same, the
/// rule knows or the message shows; an error stands behind no warning.
fn in_order(all: Vec<Finding>) -> Vec<Finding> {
    let (ruled, built): (Vec<Finding>, Vec<Finding>) = all.into_iter().partition(|one| one.rule.is_some());
    let place = |one: &Diagnostic| {
        let place = one.place.as_ref().filter(|place| place.line > 0)?;
        Some((place.path.clone(), place.line, place.column))
    };
    let is_of_both = |rule: Option<Rule>| {
        matches!(rule, Some(Rule::MissingImage | Rule::DeadLink | Rule::DeadAnchor | Rule::MissingAlt))
    };
    let said = AsBuilt::of(&built);
    let mut known: FxHashMap<_, Vec<(Option<Rule>, Severity, String)>> = FxHashMap::default();
    let mut levels: FxHashMap<String, (Option<Rule>, Severity)> = FxHashMap::default();
    let mut ordered: Vec<Finding> = Vec::with_capacity(ruled.len());
    for mut one in ruled {
        let is_of_both = is_of_both(one.rule);
        if is_of_both {
            said.improve(&mut one.diagnostic);
            levels.insert(one.diagnostic.message.clone(), (one.rule, one.diagnostic.severity));
        }
        let Some(place) = place(&one.diagnostic) else {
            ordered.push(one);
            continue;
        };
        let here = known.entry(place).or_default();
        let is_new = !is_of_both || !here.iter().any(|(rule, ..)| *rule == one.rule);
        here.push((one.rule.filter(|_| is_of_both), one.diagnostic.severity, one.diagnostic.message.clone()));
        if is_new {
            ordered.push(one);
        }
    }
    let is_new = |one: &Diagnostic| {
        let here = place(one).and_then(|place| known.get(&place));
        let is_it = |(rule, severity, message): &(Option<Rule>, Severity, String)| {
            *severity <= one.severity && (rule.is_some() || *message == one.message)
        };
        // Of what is to come no rule has said anything.
        one.message.starts_with(TO_COME) || here.is_none_or(|here| !here.iter().any(is_it))
    };
    let (again, built): (Vec<Diagnostic>, Vec<Diagnostic>) =
        built.into_iter().map(|one| one.diagnostic).filter(is_new).partition(|one| levels.contains_key(&one.message));
    // The same in another place is as bad there.
    ordered.extend(again.into_iter().map(|one| {
        let (rule, severity) = levels[&one.message];
        Finding { diagnostic: Diagnostic { severity, ..one }, rule }
    }));
    ordered.extend(fold(built).into_iter().map(|diagnostic| Finding { diagnostic, rule: None }));
    ordered.sort_by(|a, b| {
        let key = |one: &Finding| (one.diagnostic.severity, one.diagnostic.place.clone(), one.rule);
        key(a).cmp(&key(b)).then_with(|| a.cmp(b))
    });
    ordered.dedup();
    ordered
}

/// What a build says, by file and message. It sees a reference where it is written, and may know what was meant; a rule
/// looks for it in the text.
struct AsBuilt<'f>(FxHashMap<(&'f str, &'f str), Vec<&'f Diagnostic>>);

impl<'f> AsBuilt<'f> {
    fn of(built: &'f [Finding]) -> Self {
        let mut all: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for one in built.iter().map(|one| &one.diagnostic) {
            if let Some(place) = one.place.as_ref().filter(|place| place.line > 0) {
                all.entry((&*place.path, &*one.message)).or_default().push(one);
            }
        }
        Self(all)
    }

    /// Gives what a rule says the place and the cure that the build knows.
    fn improve(&self, one: &mut Diagnostic) {
        let Some(path) = one.place.as_ref().map(|place| &*place.path) else { return };
        let Some(said) = self.0.get(&(path, &*one.message)) else { return };
        let same = *said.iter().find(|built| built.place == one.place).unwrap_or(&said[0]);
        one.place.clone_from(&same.place);
        let is_cure = |hint: &Option<String>| hint.as_ref().is_some_and(|hint| hint.starts_with("did you mean"));
        if is_cure(&same.hint) && !is_cure(&one.hint) {
            one.hint.clone_from(&same.hint);
        }
    }
}
