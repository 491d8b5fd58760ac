//! Making one part: the first stages of every build, then the outputs of one share, into one pack.
//!
//! It takes no lock and touches no output folder, so that any number of parts may run on one disk.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::Options;
use super::identity::{Given, Identity};
use super::pack::{PackWriter, Segment};
use crate::article::Known;
use crate::config::Config;
use crate::deploy::{Depot, apart};
use crate::diagnostic::{Diagnostic, Place, fold, machine};
use crate::fingerprint::Fingerprint;
use crate::index::Index;
use crate::pipeline::stages::{self, Stages};
use crate::pipeline::{Failure, Observer, configuration};
use crate::plan::{Output, Plan};
use crate::publish::{
    Compression, FolderError, Head, LeakScan, Outputs as Log, Searched, Work, prepare_images, program, work_on,
};
use crate::query::trace::Encoding;
use crate::render::{Page, Renderer};
use crate::source::Reader;
use crate::theme;

/// Bytes of outputs that are made at the same time, as far as that is known before.
const AT_ONCE: u64 = 32 << 20;

/// What an output counts whose length nobody knows before.
const USUAL: u64 = 128 << 10;

/// The name of a build log beside the packs.
const LOG: &str = "log";

/// What a part did.
#[derive(Debug, Default)]
pub struct Made {
    /// The name of the pack.
    pub name: String,
    /// Its bytes.
    pub bytes: u64,
    /// Outputs in it.
    pub outputs: usize,
    /// Pages among them.
    pub pages: usize,
    /// Photographs decoded.
    pub decoded: usize,
    /// What was noticed in the sources, and in the pages of this share.
    pub diagnostics: Vec<Diagnostic>,
    /// How long it took.
    pub took: Duration,
}

impl Made {
    /// Whether there is an error among the diagnostics.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Makes a part of the site in `root`. One with errors leaves a pack, too: whoever joins tells them all.
///
/// # Errors
/// The machine failed, or a source changed meanwhile; then there is no pack.
pub fn make(root: &Path, options: &Options, observer: &dyn Observer) -> Result<Made, Failure> {
    let began = Instant::now();
    let depot = Depot::open(&options.to, Path::new(""), options.environment)?;
    apart(root, &Config::in_spite_of_mistakes(root, &options.overrides), &depot)?;
    observer.next(&[(Work::Sources, 0)]);
    let file = depot.temporary()?;
    let at = file.path().display().to_string();
    let cannot = |error: io::Error| Failure::Machine(machine("write", &at, &error));
    let clone = file.as_file().try_clone().map_err(cannot)?;
    let mut pack = PackWriter::new(BufWriter::with_capacity(1 << 18, clone)).map_err(cannot)?;
    let mut made = Made::default();
    let mut segment = Segment::empty(options.share, Given::of(&options.overrides, options.now));
    let mut questions = Vec::new();
    match renderer(root, options, &depot) {
        Ok((renderer, reader, noticed)) => {
            made.diagnostics = noticed;
            let share = Outputs::of(&renderer, options);
            (made.outputs, made.pages) = share.counts();
            share.prepare(observer).map_err(|error| Failure::Machine(error.diagnostic()))?;
            segment.searched = share.render(&mut pack, &mut made.diagnostics, observer).map_err(cannot)?;
            made.diagnostics.extend(segment.searched.1.iter().cloned());
            if let Some(changed) = reader.changed().first() {
                let problem = Diagnostic::error("this file changed while the part was being made");
                return Err(Failure::site(problem.at(Place::file(changed)).hint("run the part again")));
            }
            made.decoded = renderer.desk.decoded();
            segment.identity = Some(Identity::of(&renderer, options.now));
            segment.broken = renderer.desk.broken();
            segment.fonts = renderer.machine_fonts();
            questions = renderer.take_questions();
        }
        // Whoever joins finds the same.
        Err(problems) => made.diagnostics = problems,
    }
    pack.finish(&questions, segment).map_err(cannot)?;
    let content = Fingerprint::of_file(file.path()).map_err(cannot)?;
    made.bytes = file.as_file().metadata().map_err(cannot)?.len();
    made.name = name(options.share, content);
    depot.put_file(&made.name, file)?;
    made.diagnostics = fold(made.diagnostics);
    made.took = began.elapsed();
    Ok(made)
}

/// The name of a pack.
fn name(share: super::Share, content: Fingerprint) -> String {
    format!("part-{:05}-of-{:05}-{content}.pack", share.number(), share.of())
}

/// Which part a name is of, and the fingerprint of its bytes; none if it is no pack.
pub(super) fn parse(name: &str) -> Option<(super::Share, String)> {
    let (number, rest) = name.strip_prefix("part-")?.strip_suffix(".pack")?.split_once("-of-")?;
    let (of, content) = rest.split_once('-')?;
    let is_content = content.len() == 32 && content.bytes().all(|byte| byte.is_ascii_hexdigit());
    let share = super::Share::new(number.parse().ok()?, of.parse().ok()?)?;
    is_content.then(|| (share, content.to_owned()))
}

/// Refuses a place from which readers are served, or a folder of sources.
pub(super) fn apart(root: &Path, config: &Config, depot: &Depot) -> Result<(), Failure> {
    let output = root.join(&config.settings.output);
    if depot.folder().is_some_and(|folder| apart::is_of_site(folder, root, &output)) {
        let problem = Diagnostic::error(format!("the parts cannot lie in {}", depot.address()));
        return Err(Failure::site(problem.hint("name a folder that is neither published nor one of sources")));
    }
    let mut targets = config.settings.deploy.0.iter();
    if let Some((name, _)) = targets.find(|(_, target)| depot.is_within(target, root)) {
        let message = format!("the parts cannot lie in {}, which belongs to the target `{name}`", depot.address());
        return Err(Failure::site(Diagnostic::error(message).hint("name a place from which no readers are served")));
    }
    Ok(())
}

/// What renders, what it reads, and what was noticed on the way.
type Ready = (Arc<Renderer>, Arc<Reader>, Vec<Diagnostic>);

/// Stages 1 to 4, and what renders.
///
/// # Errors
/// The site has errors that end every build.
fn renderer(root: &Path, options: &Options, depot: &Depot) -> Result<Ready, Vec<Diagnostic>> {
    let config = Config::load(root, &options.overrides)?;
    let layers = theme::layers(root, &config.settings.theme).map_err(|problem| vec![problem])?;
    let known = known(depot, &config, &layers);
    let stages = stages::load_with(root, &config, layers, known);
    let theme = stages.theme(&config);
    let Stages { reader, mut articles, .. } = stages;
    let mut noticed = std::mem::take(&mut articles.diagnostics);
    noticed.extend(config.warnings().cloned());
    let stop = |mut noticed: Vec<Diagnostic>, problems: Vec<Diagnostic>| {
        noticed.extend(problems);
        Err(noticed)
    };
    let theme = match theme {
        Ok(theme) => theme,
        Err(problems) => return stop(noticed, problems),
    };
    let broken = std::mem::take(&mut articles.broken);
    let index = Index::build_beside(broken, articles.rows, &articles.links, &config, options.now);
    let plan = match Plan::build(&index, &config, &theme) {
        Ok(plan) => plan,
        Err(collisions) => {
            let problems = collisions.iter().map(|one| one.diagnostic(&reader, &index.rows)).collect();
            return stop(noticed, problems);
        }
    };
    let problems = plan.problems(&reader, &index, &config);
    if !problems.is_empty() {
        return stop(noticed, problems);
    }
    match Renderer::new(Arc::clone(&reader), Arc::new(config), index, plan, theme, None) {
        Ok(mut renderer) => {
            if let Some(store) = &options.store {
                renderer.keep_in(store);
            }
            Ok((Arc::new(renderer), reader, noticed))
        }
        Err(problems) => stop(noticed, problems),
    }
}

/// What the log in a depot knows of the sources, if this program wrote it for this configuration. A log is worth time
/// and nothing more, so one that cannot be had is none.
fn known(depot: &Depot, config: &Config, layers: &[String]) -> Known {
    let Ok(Some(file)) = depot.fetch(LOG) else { return Known::default() };
    let Log { head, rows, .. } = Log::read(file.path());
    let is_of_this =
        head.origin.program == program(&Head::default()).0 && head.origin.config == configuration(config, layers);
    // The stamps are those of another machine and prove nothing here: what is known is told by its bytes.
    if is_of_this { Known { rows, started: i64::MIN } } else { Known::default() }
}

/// The outputs of a share.
struct Outputs<'a> {
    renderer: &'a Arc<Renderer>,
    numbers: Vec<u32>,
}

/// An output with its compressed copies.
type Rendered = (u32, Result<Page, Vec<Diagnostic>>, [Option<Vec<u8>>; 2]);

impl<'a> Outputs<'a> {
    fn of(renderer: &'a Arc<Renderer>, options: &Options) -> Self {
        let all = 0..renderer.plan.outputs.len();
        let numbers = all.filter(|number| options.share.has(renderer, *number)).map(|number| number as u32).collect();
        Self { renderer, numbers }
    }

    fn output(&self, number: u32) -> Output {
        self.renderer.plan.outputs[number as usize]
    }

    /// How many there are, and how many of them are pages.
    fn counts(&self) -> (usize, usize) {
        let pages = self.numbers.iter().filter(|number| self.output(**number).is_counted());
        (self.numbers.len(), pages.count())
    }

    /// Makes the copies of photographs.
    fn prepare(&self, observer: &dyn Observer) -> Result<(), FolderError> {
        let own: BTreeSet<u32> = self.numbers.iter().copied().collect();
        prepare_images(self.renderer, |number| own.contains(&(number as u32)), observer)
    }

    /// Makes them, and writes them in the order of the plan. Gives what the leak scan has found.
    fn render(
        &self,
        pack: &mut PackWriter<BufWriter<File>>,
        diagnostics: &mut Vec<Diagnostic>,
        observer: &dyn Observer,
    ) -> io::Result<(Searched, Vec<Diagnostic>)> {
        let renderer = self.renderer;
        let compression = Compression::of(renderer, &program(&Head::default()).0);
        let nothing = Searched::default();
        let leaks = LeakScan::new(renderer, &nothing);
        observer.next(&work_on(self.numbers.iter().map(|number| self.output(*number))));
        let one = |number: &u32| self.one(*number, &leaks, compression.as_ref(), observer);
        for some in self.batches() {
            let rendered: Vec<Rendered> = some.par_iter().with_max_len(1).map(one).collect();
            for (number, page, precompressed) in rendered {
                match &page {
                    Ok(page) => diagnostics.extend(page.trace.warnings().iter().cloned()),
                    Err(problems) => diagnostics.extend(problems.iter().cloned()),
                }
                pack.add(number, page, precompressed)?;
            }
        }
        let (searched, mut told) = leaks.finish();
        told.sort_unstable();
        Ok((searched.findings(), told))
    }

    fn one(
        &self,
        number: u32,
        leaks: &LeakScan<'_>,
        compression: Option<&Compression>,
        observer: &dyn Observer,
    ) -> Rendered {
        let output = self.output(number);
        // What gives away something withheld is in no pack; the scan tells why.
        let page = self
            .renderer
            .render(output)
            .and_then(|page| if leaks.passes(output, &page.bytes) { Ok(page) } else { Err(Vec::new()) });
        let mut precompressed = [None, None];
        if let (Some(compression), Ok(page)) = (compression, &page) {
            for encoding in compression.wanted(&self.renderer.path(output), page.bytes.len()) {
                precompressed[encoding as usize] = compression.compress(encoding, &page.bytes);
            }
        }
        observer.done(Work::on(output), 1);
        (number, page, precompressed)
    }

    /// The outputs, so many at a time that they fit into memory.
    fn batches(&self) -> Vec<&[u32]> {
        let mut batches = Vec::new();
        let (mut begin, mut bytes) = (0, 0);
        for (at, number) in self.numbers.iter().enumerate() {
            let length = match self.output(*number) {
                Output::File(row) => self.renderer.index.rows[row as usize].stamp.length.max(USUAL),
                _ => USUAL,
            };
            if bytes + length > AT_ONCE && at > begin {
                batches.push(&self.numbers[begin..at]);
                (begin, bytes) = (at, 0);
            }
            bytes += length;
        }
        batches.extend((begin < self.numbers.len()).then(|| &self.numbers[begin..]));
        batches
    }
}

const _: () = assert!(Encoding::Gzip as usize == 0 && Encoding::Brotli as usize == 1);

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::config::Overrides;
    use crate::pipeline;
    use crate::publish::{BuildLog, Progress};

    struct Quiet;
    impl Progress for Quiet {}
    impl Observer for Quiet {}

    #[test]
    fn a_log_is_known_to_the_program_and_the_configuration_that_wrote_it() {
        let site = tempfile::tempdir().expect("a folder");
        let root = fs::canonicalize(site.path()).expect("there");
        let settings = root.join("site.yaml");
        fs::create_dir_all(root.join("content/local")).expect("a folder");
        fs::create_dir_all(root.join("work")).expect("a folder");
        fs::write(&settings, "title: The Paper\nbase_url: https://paper.example\n").expect("written");
        fs::write(root.join("content/local/a.md"), "---\ntitle: A\ndate: 2025-05-01\n---\n\nIt sails.\n")
            .expect("written");
        let depot = Depot::open("work", &root, |_| None).expect("a folder");
        let articles = || {
            let config = Config::load(&root, &Overrides::default()).expect("right");
            let layers = theme::layers(&root, &config.settings.theme).expect("built in");
            let known = known(&depot, &config, &layers);
            known.rows.iter().filter(|row| row.path.starts_with("content/")).count()
        };
        assert_eq!(articles(), 0, "there is no log");
        pipeline::build(&root, &pipeline::Options::default(), &Quiet).expect("built");
        let bytes = fs::read(BuildLog::path(&root, &root.join("public"))).expect("a log");
        fs::write(root.join("work/log"), &bytes).expect("written");
        assert_eq!(articles(), 1);
        fs::write(root.join("work/log"), &bytes[..bytes.len() - 1]).expect("written");
        assert_eq!(articles(), 0, "it is damaged");
        fs::write(root.join("work/log"), &bytes).expect("written");
        fs::write(&settings, "title: The Post\nbase_url: https://paper.example\n").expect("written");
        assert_eq!(articles(), 0, "it is of another configuration");
    }
}
