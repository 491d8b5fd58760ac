//! The release: what is ready to go out, read from the log of the last build.
//!
//! It hashes nothing anew: the log knows the path and the bytes of every output. It refuses an output folder that is
//! not what the sources say now, and it proves each file while it reads it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::headers::Headers;
use super::manifest::Entry;
use crate::article::Row;
use crate::article::record::Record;
use crate::article::time::Timestamp;
use crate::config::{Config, DeployTarget, FILE, Overrides, Precompress};
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::{Fingerprint, Fingerprinter, file_id};
use crate::pipeline::{self, Failure};
use crate::plan::Class;
use crate::publish::{BuildLog, Held, OutputFolder};
use crate::query::trace::Trace;
use crate::source::{self, Stamp};
use crate::theme;

/// A file that goes out.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    /// What the manifest will say of it.
    pub(super) entry: Entry,
    body: Body,
}

#[derive(Clone, Debug)]
enum Body {
    /// A file of the output folder with the bytes of its entry.
    File,
    /// A compressed copy: the log knows its stamp.
    Copy(Stamp),
    /// Not in the output folder.
    Text(String),
}

/// What is ready to go out.
#[derive(Debug)]
pub(super) struct Release {
    /// The output folder.
    pub(super) folder: PathBuf,
    /// The configuration with which it was built.
    pub(super) config: Config,
    /// Its files.
    pub(super) files: BTreeMap<Box<str>, Planned>,
    rows: Vec<Row>,
}

impl Release {
    /// Reads what the last build of the site in `root` made, as of `now`, in the output folder or, if that is `held`
    /// elsewhere, in what stands for it. `has_headers` says whether the target keeps headers of files.
    ///
    /// # Errors
    /// The output is not what the sources say at this moment, or it is not meant for readers.
    pub(super) fn read(
        root: &Path,
        target: &DeployTarget,
        has_headers: bool,
        now: Timestamp,
        held: Option<&Arc<Held>>,
    ) -> Result<Self, Failure> {
        let config = Config::load(root, &Overrides::default()).map_err(Failure::Site)?;
        if let Some(problem) = &config.is_local {
            let problem = Diagnostic::error(problem.message.clone()).maybe_hint(problem.hint.clone());
            return Err(Failure::site(problem.at(Place::file(FILE))));
        }
        let layers = theme::layers(root, &config.settings.theme).map_err(Failure::site)?;
        let folder = match held {
            Some(held) => OutputFolder::of_held(held),
            None => {
                let output = root.join(&config.settings.output);
                if !output.is_dir() {
                    return Err(refusal("nothing is built yet"));
                }
                OutputFolder::open(root, &output, &config.settings.keep).map_err(Failure::site)?
            }
        };
        let log = BuildLog::read(&BuildLog::path(root, folder.root()));
        if folder.was_interrupted() {
            return Err(refusal("the last build did not come to its end"));
        }
        if !log.is_there || held.is_none() && folder.generation() != Some(log.head.generation) {
            return Err(refusal("the build log does not belong to what is in the output folder"));
        }
        if log.head.has_errors {
            return Err(refusal("the last build had errors and left pages out"));
        }
        let config = same_config(root, config, &log, &layers, &folder)?;
        if log.head.now > now.0 {
            return Err(refusal("the last build was made as of a moment that is yet to come"));
        }
        if let Some(next) = log.head.next.filter(|next| *next <= now.0) {
            let at = config.time_zone.to_datetime(Timestamp(next).to_jiff());
            let at = at.strftime("%Y-%m-%d %H:%M").to_string();
            return Err(refusal(&format!("the site has changed by itself since the last build, at {at}")));
        }
        if let Some(path) = changed_source(root, &layers, &log.rows, log.head.started) {
            let problem = Diagnostic::error("this file has changed since the last build");
            return Err(Failure::site(problem.at(Place::file(path)).hint(BUILD)));
        }
        let mut files = BTreeMap::new();
        for trace in log.traces.pages.into_iter().filter(|trace| !trace.path.is_empty()) {
            for (path, entry, body) in entries_of(&trace) {
                let body = body.map_or(Body::File, Body::Copy);
                files.insert(path, Planned { entry, body });
            }
        }
        if has_headers {
            for (path, planned) in &mut files {
                planned.entry.headers = Headers::of(path, planned.entry.class, target).fingerprint();
            }
        }
        let mut release = Self { folder: folder.root().to_path_buf(), config, files, rows: log.rows };
        release.add_key(target);
        Ok(release)
    }

    /// The file by which search engines know that a ping of IndexNow comes from the owner.
    fn add_key(&mut self, target: &DeployTarget) {
        let Some(key) = &target.ping.indexnow else { return };
        let path = format!("{key}.txt").into_boxed_str();
        let entry = Entry {
            content: Fingerprint::of(key.as_bytes()),
            length: key.len() as u64,
            class: Class::File,
            ..Entry::default()
        };
        self.files.entry(path).or_insert(Planned { entry, body: Body::Text(key.clone()) });
    }

    /// The sources that the last build has read, withheld ones among them.
    pub(super) fn sources(&self) -> FxHashSet<u64> {
        self.rows.iter().map(|row| file_id(&row.path)).collect()
    }

    /// The sources of articles that tell of a correction.
    pub(super) fn corrected(&self) -> FxHashSet<u64> {
        let has_corrections = |row: &&Row| match row.record() {
            Record::Story(story) => !story.corrections.is_empty(),
            _ => false,
        };
        let articles = self.rows.iter().filter(|row| crate::article::is_markdown(&row.path));
        articles.filter(has_corrections).map(|row| file_id(&row.path)).collect()
    }

    /// The bytes of a file, which are those that the build wrote.
    ///
    /// # Errors
    /// The file is another one than the build wrote.
    pub(super) fn body(&self, path: &str) -> Result<Vec<u8>, Failure> {
        let changed = || {
            Failure::site(
                Diagnostic::error("this file is not the one that the last build wrote")
                    .at(Place::file(self.folder.join(path).display().to_string()))
                    .hint(BUILD),
            )
        };
        let planned = self.files.get(path).ok_or_else(changed)?;
        if let Body::Text(text) = &planned.body {
            return Ok(text.clone().into_bytes());
        }
        let file = self.folder.join(path);
        let bytes = fs::read(&file).map_err(|_| changed())?;
        let is_right = match planned.body {
            Body::Copy(stamp) => fs::metadata(&file).is_ok_and(|metadata| Stamp::of_output(&metadata) == stamp),
            _ => Fingerprint::of(&bytes) == planned.entry.content,
        };
        if is_right { Ok(bytes) } else { Err(changed()) }
    }

    /// Whether the file lies in the output folder.
    pub(super) fn is_file(&self, path: &str) -> bool {
        self.files.get(path).is_some_and(|planned| !matches!(planned.body, Body::Text(_)))
    }

    /// Looks whether a file is there as the build left it, without reading it.
    ///
    /// # Errors
    /// As [`body`](Self::body).
    pub(super) fn look_at(&self, path: &str) -> Result<(), Failure> {
        let planned = &self.files[path];
        let metadata = fs::metadata(self.folder.join(path));
        let is_there = match &planned.body {
            Body::Text(_) => true,
            Body::File => metadata.is_ok_and(|metadata| metadata.len() == planned.entry.length),
            Body::Copy(stamp) => metadata.is_ok_and(|metadata| Stamp::of_output(&metadata) == *stamp),
        };
        if is_there { Ok(()) } else { self.body(path).map(|_| ()) }
    }
}

const BUILD: &str = "run `courant build`, then deploy again";

fn refusal(message: &str) -> Failure {
    Failure::site(Diagnostic::error(format!("{message}, so there is nothing to deploy")).hint(BUILD))
}

/// The files of one output, as a manifest tells of them; of a compressed copy with its stamp.
pub(super) fn entries_of(trace: &Trace) -> Vec<(Box<str>, Entry, Option<Stamp>)> {
    let entry = Entry {
        content: trace.content,
        length: trace.stamp.length,
        class: trace.class,
        origin: trace.origin,
        source: if trace.origin == 0 { Fingerprint::NONE } else { trace.page.source },
        ..Entry::default()
    };
    let mut all = Vec::with_capacity(1 + trace.precompressed().len());
    for (encoding, stamp) in trace.precompressed() {
        let mut content = Fingerprinter::new("copy");
        let recipe = trace.precompressed.as_ref().map_or(0, |precompressed| precompressed.recipe);
        content.part(&trace.content).text(encoding.ending()).number(recipe).number(stamp.length);
        let entry = Entry { content: content.finish(), length: stamp.length, ..entry.clone() };
        all.push((encoding.path(&trace.path).into(), entry, Some(*stamp)));
    }
    all.push((trace.path.clone(), entry, None));
    all
}

/// The configuration with which the folder was built: that of `site.yaml`, apart from compressed copies, which may
/// have been asked for on the command line.
fn same_config(
    root: &Path,
    config: Config,
    log: &BuildLog,
    layers: &[String],
    folder: &OutputFolder,
) -> Result<Config, Failure> {
    let (now, _) = pipeline::origin(&log.head, &config, layers, folder);
    if now == log.head.origin {
        return Ok(config);
    }
    if now.program != log.head.origin.program {
        return Err(refusal("the output folder was built by another version of courant"));
    }
    for precompress in Precompress::ALL {
        let overrides = Overrides { precompress: Some(precompress), ..Overrides::default() };
        let config = Config::load(root, &overrides).map_err(Failure::Site)?;
        if pipeline::origin(&log.head, &config, layers, folder).0 == log.head.origin {
            return Ok(config);
        }
    }
    let message = "the last build had another configuration, or options such as --drafts, --future or --base-url";
    Err(refusal(message))
}

/// A source that is another one than in the last build, which began at `started`.
fn changed_source(root: &Path, layers: &[String], rows: &[Row], started: i64) -> Option<Box<str>> {
    let sources = source::scan(root, layers).into_sorted();
    let known: FxHashMap<&str, &Row> = rows.iter().map(|row| (&*row.path, row)).collect();
    let is_same = |source: &source::Source| {
        known.get(&*source.path).is_some_and(|row| {
            row.stamp == source.stamp && row.stamp.is_trusted(started)
                || Fingerprint::of_file(&root.join(&*source.path)).is_ok_and(|content| content == row.content)
        })
    };
    if let Some(source) = sources.iter().find(|source| !is_same(source)) {
        return Some(source.path.clone());
    }
    if sources.len() == rows.len() {
        return None;
    }
    let there: FxHashSet<&str> = sources.iter().map(|source| &*source.path).collect();
    rows.iter().find(|row| !there.contains(&*row.path)).map(|row| row.path.clone())
}
