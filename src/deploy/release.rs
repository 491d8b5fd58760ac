//! The release: what is ready to go out, read from the log of the last build.
//!
//! It hashes nothing anew: the log knows the path and the bytes of every output. It refuses an output folder that is
//! not what the sources say now, and it proves each file while it reads it.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::files::Files;
use super::headers::Remembered;
use super::manifest::Entry;
use crate::article::Row;
use crate::article::record::Record;
use crate::article::time::Timestamp;
use crate::config::address;
use crate::config::{Config, DeployTarget, FILE, Overrides, Precompress};
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::{Fingerprint, Fingerprinter, Running, file_id};
use crate::pipeline::{self, Failure};
use crate::plan::Class;
use crate::publish::{BuildLog, Held, OutputFolder, Outputs};
use crate::query::trace::Written;
use crate::source::{self, Sources, Stamp};
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
    pub(super) files: Files<Planned>,
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
            // What is built with `--base-url` is not deployed.
            let problem = Diagnostic::error(problem.message.clone()).at(Place::file(FILE));
            return Err(Failure::site(
                problem.hint("set `base_url: https://your.domain` in site.yaml, and build again"),
            ));
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
        let log_path = BuildLog::path(root, folder.root());
        let (log, sources) = rayon::join(|| Outputs::read(&log_path), || source::scan(root, &layers));
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
        if held.map_or(log.head.now, |held| held.now.0) > now.0 {
            return Err(refusal("the last build was made as of a moment that is yet to come"));
        }
        if let Some(next) = log.head.next.filter(|next| *next <= now.0) {
            let at = config.time_zone.to_datetime(Timestamp(next).to_jiff());
            let at = at.strftime("%Y-%m-%d %H:%M").to_string();
            return Err(refusal(&format!("the site has changed by itself since the last build, at {at}")));
        }
        if let Some(path) = changed_source(root, sources, &log.rows, log.head.started) {
            let problem = Diagnostic::error("this file has changed since the last build");
            return Err(Failure::site(problem.at(Place::file(path)).hint(BUILD)));
        }
        let mut memory = has_headers.then(|| Remembered::new(target));
        let mut files = Vec::with_capacity(log.files.len());
        for written in log.files.into_iter().filter(|written| !written.path.is_empty()) {
            for (path, mut entry, body) in entries_of(written) {
                if let Some(memory) = &mut memory {
                    entry.headers = memory.fingerprint(&path, entry.class);
                }
                let body = body.map_or(Body::File, Body::Copy);
                files.push((path, Planned { entry, body }));
            }
        }
        let files = files.into_iter().collect();
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
        if !self.files.contains_key(&path) {
            self.files.change(vec![(path, Planned { entry, body: Body::Text(key.clone()) })], Vec::new());
        }
    }

    /// The sources that the last build has read, withheld ones among them.
    pub(super) fn sources(&self) -> FxHashSet<u64> {
        self.rows.iter().map(|row| file_id(&row.path)).collect()
    }

    /// Those of these sources that are articles which tell of a correction.
    pub(super) fn corrected(&self, among: &FxHashSet<u64>) -> FxHashSet<u64> {
        if among.is_empty() {
            return FxHashSet::default();
        }
        let has_corrections = |row: &&Row| match row.record() {
            Record::Entry(entry) => !entry.corrections.is_empty(),
            _ => false,
        };
        let articles = self.rows.iter().filter(|row| among.contains(&file_id(&row.path)));
        articles.filter(has_corrections).map(|row| file_id(&row.path)).collect()
    }

    /// The bytes of a file, which are those that the build wrote. What may be large is [opened](Self::open) instead.
    ///
    /// # Errors
    /// The file is another one than the build wrote.
    pub(super) fn body(&self, path: &str) -> Result<Vec<u8>, Failure> {
        let mut parts = self.open(path)?;
        parts.next(usize::MAX).map(Option::unwrap_or_default)
    }

    /// Hands out a file part by part. The last part comes only if all of them are what the build wrote.
    ///
    /// # Errors
    /// The file is another one than the build wrote.
    pub(super) fn open(&self, path: &str) -> Result<Parts, Failure> {
        let place = self.folder.join(path);
        let planned = self.files.get(path).ok_or_else(|| changed(&place))?;
        if let Body::Text(text) = &planned.body {
            return Ok(Parts::of_text(text.clone()));
        }
        let file = File::open(&place).map_err(|_| changed(&place))?;
        let length = file.metadata().map_err(|_| changed(&place))?.len();
        let wanted = match planned.body {
            Body::Copy(stamp) => Wanted::Stamp(stamp),
            _ => Wanted::Content(planned.entry.content),
        };
        if length != planned.entry.length {
            return Err(changed(&place));
        }
        Ok(Parts { source: Source::File(file), place, left: length, hash: Running::new(), wanted })
    }

    /// Reads a file as a whole, and keeps nothing of it.
    ///
    /// # Errors
    /// The file is another one than the build wrote.
    pub(super) fn prove(&self, path: &str) -> Result<(), Failure> {
        let mut parts = self.open(path)?;
        while parts.next(PIECE)?.is_some() {}
        Ok(())
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
        if is_there { Ok(()) } else { self.prove(path) }
    }

    /// Whether the file at this path takes the place of one that is not public any more, and tells of no article or page
    /// itself: a notice.
    pub(super) fn is_notice(&self, path: &str) -> bool {
        self.files.get(path).is_some_and(|planned| planned.entry.class == Class::Entry && planned.entry.origin == 0)
    }

    /// Whether a page may name one of these files. A doubt says that it does.
    pub(super) fn may_name<'p>(&self, page: &str, mut files: impl Iterator<Item = &'p str>) -> bool {
        let Ok(text) = self.body(page) else { return true };
        files.any(|file| {
            let name = file.rsplit('/').next().unwrap_or_default();
            let address = address::encode(&self.config, &format!("/{file}"));
            let encoded = address.rsplit('/').next().unwrap_or_default();
            [name, encoded].into_iter().any(|name| memchr::memmem::find(&text, name.as_bytes()).is_some())
        })
    }
}

/// Bytes of a piece of which nothing is kept.
const PIECE: usize = 1 << 20;

/// A file part by part.
pub(super) struct Parts {
    source: Source,
    place: PathBuf,
    /// Bytes that are still to come.
    left: u64,
    hash: Running,
    wanted: Wanted,
}

enum Source {
    File(File),
    Text(Option<String>),
}

/// By what a file is known.
enum Wanted {
    Content(Fingerprint),
    Stamp(Stamp),
}

impl Parts {
    fn of_text(text: String) -> Self {
        let wanted = Wanted::Content(Fingerprint::of(text.as_bytes()));
        Self { source: Source::Text(Some(text)), place: PathBuf::new(), left: 0, hash: Running::new(), wanted }
    }

    /// Bytes that are still to come.
    pub(super) fn left(&self) -> u64 {
        match &self.source {
            Source::Text(text) => text.as_ref().map_or(0, |text| text.len() as u64),
            Source::File(_) => self.left,
        }
    }

    /// The next part, of this many bytes unless it is the last one; none after that.
    ///
    /// # Errors
    /// The file is another one than the build wrote.
    pub(super) fn next(&mut self, size: usize) -> Result<Option<Vec<u8>>, Failure> {
        let file = match &mut self.source {
            Source::Text(text) => return Ok(text.take().map(String::into_bytes)),
            Source::File(file) => file,
        };
        if self.left == 0 {
            return Ok(None);
        }
        let length = self.left.min(size as u64);
        let mut part = Vec::with_capacity(length as usize);
        file.take(length).read_to_end(&mut part).map_err(|_| changed(&self.place))?;
        self.hash.update(&part);
        self.left -= length;
        if part.len() as u64 != length || self.left == 0 && !self.is_right() {
            return Err(changed(&self.place));
        }
        Ok(Some(part))
    }

    /// Whether everything that was read is what the build wrote, and nothing follows.
    fn is_right(&mut self) -> bool {
        let Source::File(file) = &mut self.source else { return true };
        let is_end = file.read(&mut [0]).is_ok_and(|read| read == 0);
        is_end
            && match self.wanted {
                Wanted::Content(content) => self.hash.finish() == content,
                Wanted::Stamp(stamp) => file.metadata().is_ok_and(|metadata| Stamp::of_output(&metadata) == stamp),
            }
    }
}

/// A file is not the one that the build wrote.
fn changed(place: &Path) -> Failure {
    Failure::site(
        Diagnostic::error("this file is not the one that the last build wrote")
            .at(Place::file(place.display().to_string()))
            .hint(BUILD),
    )
}

const BUILD: &str = "run `courant build`, then deploy again";

fn refusal(message: &str) -> Failure {
    Failure::site(Diagnostic::error(format!("{message}, so there is nothing to deploy")).hint(BUILD))
}

/// The files of one output, as a manifest tells of them; of a compressed copy with its stamp.
pub(super) fn entries_of(written: Written) -> impl Iterator<Item = (Box<str>, Entry, Option<Stamp>)> {
    let entry = Entry {
        content: written.content,
        length: written.stamp.length,
        class: written.class,
        origin: written.origin,
        source: if written.origin == 0 { Fingerprint::NONE } else { written.source },
        ..Entry::default()
    };
    let copies: Vec<_> = written
        .precompressed()
        .iter()
        .map(|(encoding, stamp)| {
            let mut content = Fingerprinter::new("copy");
            content.part(&written.content).text(encoding.ending()).number(written.recipe()).number(stamp.length);
            let entry = Entry { content: content.finish(), length: stamp.length, ..entry.clone() };
            (encoding.path(&written.path).into(), entry, Some(*stamp))
        })
        .collect();
    copies.into_iter().chain([(written.path, entry, None)])
}

/// The configuration with which the folder was built: that of `site.yaml`, apart from compressed copies, which may
/// have been asked for on the command line.
fn same_config(
    root: &Path,
    config: Config,
    log: &Outputs,
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

/// One of the sources that is another one than in the last build, which began at `started`.
fn changed_source(root: &Path, sources: Sources, rows: &[Row], started: i64) -> Option<Box<str>> {
    let sources = sources.into_sorted();
    // Both are in the order of paths.
    let mut rows = rows.iter().peekable();
    for source in sources {
        match rows.next_if(|row| row.path <= source.path) {
            Some(row) if row.path == source.path => {
                let is_same = row.stamp == source.stamp && row.stamp.is_trusted(started)
                    || Fingerprint::of_file(&root.join(&*source.path)).is_ok_and(|content| content == row.content);
                if !is_same {
                    return Some(source.path);
                }
            }
            Some(gone) => return Some(gone.path.clone()),
            None => return Some(source.path),
        }
    }
    rows.next().map(|row| row.path.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(folder: &tempfile::TempDir, bytes: &[u8], wanted: &[u8]) -> Parts {
        let place = folder.path().join("file");
        fs::write(&place, bytes).expect("written");
        let wanted = Wanted::Content(Fingerprint::of(wanted));
        let source = Source::File(File::open(&place).expect("there"));
        Parts { source, place, left: bytes.len() as u64, hash: Running::new(), wanted }
    }

    /// All parts of this size, or none if one of them failed.
    fn all(mut parts: Parts, size: usize) -> Option<Vec<Vec<u8>>> {
        std::iter::from_fn(|| parts.next(size).transpose()).collect::<Result<_, _>>().ok()
    }

    #[test]
    fn a_file_is_handed_out_part_by_part() {
        let folder = tempfile::tempdir().expect("a folder");
        for (size, wanted) in [(4, vec!["abcd", "efgh", "ij"]), (5, vec!["abcde", "fghij"]), (99, vec!["abcdefghij"])] {
            let wanted: Vec<Vec<u8>> = wanted.into_iter().map(|part| part.as_bytes().to_vec()).collect();
            assert_eq!(all(parts(&folder, b"abcdefghij", b"abcdefghij"), size), Some(wanted));
        }
        assert_eq!(all(parts(&folder, b"", b""), 4), Some(Vec::new()));
        assert_eq!(all(Parts::of_text("key".into()), 2), Some(vec![b"key".to_vec()]));
    }

    #[test]
    fn the_last_part_of_a_file_that_changed_never_comes() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut other = parts(&folder, b"abcdefghij", b"abcdefghiX");
        assert!(other.next(4).is_ok() && other.next(4).is_ok());
        assert!(other.next(4).is_err());
        // It becomes shorter or longer while it goes up.
        for now in [&b"abcde"[..], b"abcdefghijk", b"XXXXXXXXXX"] {
            let mut changing = parts(&folder, b"abcdefghij", b"abcdefghij");
            assert!(changing.next(4).is_ok());
            fs::write(folder.path().join("file"), now).expect("written");
            assert!(changing.next(4).and_then(|_| changing.next(4)).is_err(), "{now:?}");
        }
    }
}
