//! The check of a theme: read, then tried on sites from everything to nothing.
//!
//! What a build says of a theme it says of the pages that the site happens to have. Here every page
//! template, and every fragment and component that it calls, is rendered with an article that has every
//! feature and with one that has none, in listings of no, one and many entries, in both directions of
//! writing and with each setting both ways.

mod files;
mod names;
mod sample;
mod shape;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use tera::ComponentArgType;

use crate::article::time::Timestamp;
use crate::config::{self, Config, Overrides};
use crate::diagnostic::{Diagnostic, Place, fold};
use crate::index::Index;
use crate::pipeline::stages::{self, Stages};
use crate::plan::{Output, Plan};
use crate::render::Renderer;
use crate::source;
use crate::theme;
use crate::theme::settings::{self, Files, Layer};
use sample::Sample;

/// What was checked and found.
#[derive(Debug, Default)]
pub struct Report {
    /// Everything found, errors first, by file and line.
    pub findings: Vec<Diagnostic>,
    /// The theme and those that it extends, itself first.
    pub layers: Vec<String>,
    /// Templates that were read.
    pub templates: usize,
    /// Components that there are.
    pub components: usize,
    /// Pages that were rendered.
    pub pages: usize,
    /// How long it took.
    pub took: Duration,
}

impl Report {
    /// The number of errors and of warnings.
    pub fn count(&self) -> (usize, usize) {
        let errors = self.findings.iter().filter(|one| one.is_error()).count();
        (errors, self.findings.len() - errors)
    }
}

/// Checks the theme `name` of the site in `root`.
pub fn check(root: &Path, name: &str) -> Report {
    let began = Instant::now();
    let mut report = Report::default();
    let problems = run(root, name, &mut report).unwrap_or_else(|problems| problems);
    report.findings.extend(problems);
    report.findings = in_order(std::mem::take(&mut report.findings));
    report.took = began.elapsed();
    report
}

fn run(root: &Path, name: &str, report: &mut Report) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    // A theme can be checked where there is no site, or one with errors of its own.
    let config = Config::load(root, &Overrides::default()).ok();
    let own = config.as_ref().map(|config| config.settings.clone()).unwrap_or_default();
    let uses_it = own.theme == name;
    report.layers = theme::layers(root, name).map_err(|mut problem| {
        // Another theme than that of the site was asked for by its name.
        problem.place.take_if(|place| !uses_it && &*place.path == config::FILE);
        vec![problem]
    })?;
    let layers = report.layers.clone();
    let manifests = theme::manifests(root, &layers).map_err(|problem| vec![problem])?;
    let defaults = settings::defaults(&manifests);
    let mut problems = match &config {
        Some(config) if uses_it => of_site(root, config, &layers, &manifests),
        _ => Vec::new(),
    };
    let tries_own = uses_it && problems.is_empty();
    let mut known = names::Known::default();
    let mut full = None;
    for sample in Sample::ALL {
        if sample == Sample::Own && !tries_own
            || sample == Sample::Turned && !defaults.iter().any(|(_, value)| value.is_boolean())
        {
            continue;
        }
        let folder = tempfile::tempdir().map_err(|error| machine(&error))?;
        sample.write(folder.path(), root, &layers, &own, &defaults).map_err(|error| machine(&error))?;
        let renderer = renderer(folder.path()).map_err(|problems| about_theme(problems, sample))?;
        let renderer = Arc::new(renderer);
        let outputs = pages(&renderer);
        report.pages += outputs.len();
        let each: Vec<Vec<Diagnostic>> = outputs
            .par_iter()
            .map(|output| match renderer.render(*output) {
                Ok(page) => page.trace.warnings().to_vec(),
                Err(problems) => problems,
            })
            .collect();
        problems.extend(about_theme(each.into_iter().flatten().collect(), sample));
        if matches!(sample, Sample::Full | Sample::Own) {
            known.look(&renderer, outputs.into_iter());
        }
        if sample == Sample::Full {
            problems.extend(components(&renderer));
            report.templates = renderer.theme.templates.len();
            report.components = renderer.theme.component_names().count();
            // The folder stays until the end, since pages are read from it.
            full = Some((renderer, folder));
        }
    }
    let Some((renderer, _folder)) = full else { return Ok(problems) };
    let found = names::read(&renderer, &known);
    problems.extend(files::check(root, &renderer, &found));
    problems.extend(found.problems);
    Ok(problems)
}

/// What is wrong with the settings that the site gives the theme: told here, at the lines of its own file.
fn of_site(root: &Path, config: &Config, layers: &[String], manifests: &[Layer]) -> Vec<Diagnostic> {
    let sources = source::scan(root, layers);
    let paths: BTreeSet<&str> = sources.statics.iter().chain(&sources.content).map(|source| &*source.path).collect();
    let all = || paths.iter().map(|path| (*path).to_owned()).collect();
    settings::check_site(root, config, manifests, Files { has: &|path| paths.contains(path), all: &all })
}

fn machine(error: &std::io::Error) -> Vec<Diagnostic> {
    vec![Diagnostic::error(format!("cannot write the site that the theme is tried on: {error}"))]
}

/// The stages of a build up to the renderer.
fn renderer(root: &Path) -> Result<Renderer, Vec<Diagnostic>> {
    let config = Arc::new(Config::load(root, &Overrides::default())?);
    let layers = theme::layers(root, &config.settings.theme).map_err(|problem| vec![problem])?;
    let stages = stages::load(root, &config, layers);
    let theme = stages.theme(&config)?;
    let Stages { reader, articles, .. } = stages;
    let index = Index::build(articles.rows, &articles.links, &config, Timestamp(sample::NOW));
    let plan = Plan::build(&index, &config, &theme)
        .map_err(|collisions| collisions.iter().map(|one| one.diagnostic(&reader, &index.rows)).collect::<Vec<_>>())?;
    Renderer::new(reader, config, index, plan, theme, None)
}

/// The outputs that templates make.
fn pages(renderer: &Renderer) -> Vec<Output> {
    let is_page = |output: &Output| {
        matches!(
            output,
            Output::Article(_)
                | Output::Page(_)
                | Output::Notice(_)
                | Output::Listing(..)
                | Output::Terms(..)
                | Output::Year(..)
                | Output::Archive(_)
                | Output::Search(_)
                | Output::NotFound(_)
                | Output::Fragment(_)
        )
    };
    renderer.plan.outputs.iter().copied().filter(is_page).collect()
}

/// What is wrong on a page of a sample site; what the theme is not to blame for is told with the site.
fn about_theme(problems: Vec<Diagnostic>, sample: Sample) -> Vec<Diagnostic> {
    let told = |mut one: Diagnostic| {
        let is_of_theme = one.place.as_ref().is_none_or(|place| place.path.starts_with("themes/"));
        if !is_of_theme {
            one.message = format!("{} (on {})", one.message, sample.name());
        }
        one
    };
    problems.into_iter().map(told).collect()
}

/// Calls every component that an article can call, as an article does.
fn components(renderer: &Arc<Renderer>) -> Vec<Diagnostic> {
    let Some(output) = renderer.plan.outputs.iter().find(|output| matches!(output, Output::Article(_))) else {
        return Vec::new();
    };
    let mut problems = Vec::new();
    for name in renderer.theme.component_names() {
        let Some(component) = renderer.component_info(name) else { continue };
        // Articles give texts, numbers and truth values.
        let value = |kind: Option<ComponentArgType>, name: &str| match kind? {
            ComponentArgType::String => Some(match name {
                "url" | "href" => "\"https://elsewhere.example/\"".to_owned(),
                "src" | "poster" => "\"/mark.svg\"".to_owned(),
                _ => "\"Words & more words\"".to_owned(),
            }),
            ComponentArgType::Bool => Some("{true}".to_owned()),
            ComponentArgType::Integer | ComponentArgType::Number => Some("{3}".to_owned()),
            ComponentArgType::Float => Some("{1.5}".to_owned()),
            _ => None,
        };
        let wanted: Vec<(&str, Option<String>, bool)> = component
            .args()
            .iter()
            .filter(|one| !one.is_implicit() && one.name() != "body")
            .map(|one| (one.name(), value(one.arg_type(), one.name()), one.is_required()))
            .collect();
        if wanted.is_empty() || wanted.iter().any(|(_, value, is_required)| *is_required && value.is_none()) {
            continue;
        }
        for with_all in [true, false] {
            let arguments = wanted.iter().filter(|(_, _, is_required)| with_all || *is_required);
            let arguments: String =
                arguments.filter_map(|(name, value, _)| Some(format!(" {name}={}", value.as_ref()?))).collect();
            if let Err(found) = renderer.render_text(*output, &format!("{{{{ <{name}{arguments} /> }}}}")) {
                let template =
                    renderer.theme.component(name).map_or_else(String::new, |template| template.file.clone());
                problems.extend(found.into_iter().map(|one| match &one.place {
                    Some(place) if place.path.starts_with("themes/") => one,
                    _ => one.at(Place::file(template.as_str())),
                }));
            }
        }
    }
    problems
}

/// Errors first, by place. What the engine says of a place is not said again by the reader of names.
fn in_order(all: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut ordered: Vec<Diagnostic> = Vec::new();
    for one in fold(all) {
        let is_same = |other: &Diagnostic| match (&one.place, &other.place) {
            (Some(a), Some(b)) => a.line > 0 && (&a.path, a.line, a.column) == (&b.path, b.line, b.column),
            _ => false,
        };
        if !ordered.iter().any(is_same) {
            ordered.push(one);
        }
    }
    // How many pages of the sample sites have it is no news.
    ordered.iter_mut().for_each(|one| one.pages = 1);
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::interface::{FILTERS, FUNCTIONS, OUR_FILTERS, TESTS};

    const REFERENCE: &str = include_str!("../../../docs/themes.md");

    /// Whether a table of the reference has a row about this.
    fn has_row(name: &str) -> bool {
        REFERENCE.lines().any(|line| line.split('|').nth(1).is_some_and(|cell| cell.contains(&format!("`{name}`"))))
    }

    #[test]
    fn the_reference_knows_every_function_filter_test_setting_component_and_field() {
        let root = tempfile::tempdir().expect("a folder");
        let layers = theme::layers(root.path(), "wire").expect("layers");
        let defaults = settings::defaults(&theme::manifests(root.path(), &layers).expect("they are built in"));
        let own = crate::config::Settings::default();
        Sample::Full.write(root.path(), root.path(), &layers, &own, &defaults).expect("written");
        let renderer = Arc::new(renderer(root.path()).expect("a renderer"));
        let mut missing = Vec::new();
        let functions = FUNCTIONS.iter().map(|(name, _)| format!("{name}()"));
        let rows = functions
            .chain(OUR_FILTERS.iter().map(|(name, _)| (*name).to_owned()))
            .chain(defaults.keys().cloned())
            .chain(renderer.theme.component_names().map(str::to_owned))
            .chain(renderer.theme.templates.iter().filter_map(|template| {
                let name = template.name.split_once('/').expect("a layer").1;
                (!name.starts_with("components/")).then(|| name.to_owned())
            }));
        missing.extend(rows.filter(|name| !has_row(name)));
        let names = FILTERS.iter().chain(&TESTS).map(|name| format!("`{name}`"));
        missing.extend(names.filter(|name| !REFERENCE.contains(name.as_str())));
        let css = renderer.theme.asset("site.css").expect("a stylesheet").built_in();
        let css = String::from_utf8(css).expect("text");
        let properties = css.lines().filter_map(|line| line.trim_start().strip_prefix("--")?.split_once(':'));
        missing.extend(properties.map(|(name, _)| format!("--{name}")).filter(|name| !has_row(name)));
        let mut known = names::Known::default();
        known.look(&renderer, pages(&renderer).into_iter());
        missing.extend(
            known
                .fields()
                .filter(|(path, name)| {
                    !has_row(path)
                        && !REFERENCE.lines().any(|line| {
                            line.starts_with("| `page`")
                                && line.contains(&format!("`{name}`"))
                                && path.starts_with("page.")
                        })
                })
                .map(|(path, _)| path),
        );
        assert!(missing.is_empty(), "docs/themes.md says nothing of {missing:?}");
    }
}
