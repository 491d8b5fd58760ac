//! The build log: what the last build knew, so that this one need not find it out again.
//!
//! One file in `.courant/` for each output folder. It is written beside itself and renamed; a log that is
//! missing, damaged, from another version or another folder is an empty log, and an empty log only costs
//! time. `.courant/` may be deleted at any moment.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::FolderError;
use crate::article::Row;
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::render::query::Query;
use crate::render::trace::Trace;
use crate::source::Stamp;

/// The folder of logs and caches, in the site's folder.
pub const LOG_FOLDER: &str = ".courant";

/// The first bytes of a log; the number grows with its format.
const MAGIC: &[u8; 16] = b"courant log 002\n";

/// What everything in a log depends on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Origin {
    /// The program.
    pub program: Fingerprint,
    /// The configuration and the theme's settings.
    pub config: Fingerprint,
    /// The output folder.
    pub output: String,
}

/// What the last build knew.
#[derive(Debug, Default)]
pub struct BuildLog {
    /// What it depends on.
    pub head: Head,
    /// The sources.
    pub rows: Vec<Row>,
    /// The pages.
    pub traces: Vec<Trace>,
    /// The queries that the traces number.
    pub queries: Vec<(Query, Fingerprint)>,
    /// Whether there was a log at all.
    pub is_there: bool,
}

/// The head of a log.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Head {
    /// What everything depends on.
    pub origin: Origin,
    /// The program's file, so that it need not be hashed again.
    pub program_stamp: Stamp,
    /// When the listing of the sources began, nanoseconds since 1970.
    pub started: i64,
    /// The moment as of which the site was built, seconds since 1970.
    pub now: i64,
    /// Visible articles.
    pub articles: u64,
    /// Pages.
    pub pages: u64,
    /// The fingerprint of the index.
    pub index: Fingerprint,
    /// Whether it went on in spite of errors: then they are to be found again.
    pub has_errors: bool,
}

/// A part of a log: rows, traces or queries, so many that they fit into memory several times.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Part {
    kind: Kind,
    length: u64,
    checksum: Fingerprint,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Kind {
    Rows,
    Traces,
    Queries,
}

/// How many rows, traces or queries a part holds.
const PART_ITEMS: usize = 1024;

impl BuildLog {
    /// Where the log for an output folder is.
    pub fn path(site: &Path, output: &Path) -> PathBuf {
        let name = Fingerprint::of(output.as_os_str().as_encoded_bytes()).to_string();
        site.join(LOG_FOLDER).join(format!("build-{}.log", &name[..16]))
    }

    /// Reads a log. Whatever is wrong with it, the answer is an empty one.
    pub fn read(path: &Path) -> Self {
        File::open(path).ok().and_then(Self::decode).unwrap_or_default()
    }

    /// A log is its magic, the parts, the head with the length and checksum of each part, and a trailer:
    /// the head's length and checksum.
    fn decode(mut file: File) -> Option<Self> {
        let (head, parts) = head_of(&mut file)?;
        let mut log = Self { head, is_there: true, ..Self::default() };
        file.seek(io::SeekFrom::Start(0)).ok()?;
        let mut magic = [0; MAGIC.len()];
        file.read_exact(&mut magic).ok()?;
        if magic != *MAGIC {
            return None;
        }
        // A few parts at a time: the bytes of all of them would double the memory.
        for few in parts.chunks(2 * rayon::current_num_threads()) {
            let mut buffers = Vec::with_capacity(few.len());
            for part in few {
                let mut bytes = vec![0; usize::try_from(part.length).ok()?];
                file.read_exact(&mut bytes).ok()?;
                buffers.push((part, bytes));
            }
            let decoded: Option<Vec<Decoded>> =
                buffers.into_par_iter().map(|(part, bytes)| decode_part(part, &bytes)).collect();
            for one in decoded? {
                match one {
                    Decoded::Rows(mut rows) => log.rows.append(&mut rows),
                    Decoded::Traces(mut traces) => log.traces.append(&mut traces),
                    Decoded::Queries(mut queries) => log.queries.append(&mut queries),
                }
            }
        }
        Some(log)
    }
}

enum Decoded {
    Rows(Vec<Row>),
    Traces(Vec<Trace>),
    Queries(Vec<(Query, Fingerprint)>),
}

fn decode_part(part: &Part, bytes: &[u8]) -> Option<Decoded> {
    if Fingerprint::of(bytes) != part.checksum {
        return None;
    }
    match part.kind {
        Kind::Rows => postcard::from_bytes(bytes).ok().map(Decoded::Rows),
        Kind::Traces => postcard::from_bytes(bytes).ok().map(Decoded::Traces),
        Kind::Queries => postcard::from_bytes(bytes).ok().map(Decoded::Queries),
    }
}

/// The head of a log, whose checksum is right, and the list of its parts.
fn head_of(file: &mut File) -> Option<(Head, Vec<Part>)> {
    let length = file.metadata().ok()?.len();
    file.seek(io::SeekFrom::Start(length.checked_sub(20)?)).ok()?;
    let mut trailer = [0; 20];
    file.read_exact(&mut trailer).ok()?;
    let (size, checksum) = trailer.split_at(4);
    let size = u32::from_le_bytes(size.try_into().ok()?);
    file.seek(io::SeekFrom::Start(length.checked_sub(20 + u64::from(size))?)).ok()?;
    let mut head = vec![0; size as usize];
    file.read_exact(&mut head).ok()?;
    if Fingerprint::of(&head).bytes() != checksum {
        return None;
    }
    postcard::from_bytes(&head).ok()
}

/// Writes a log beside the old one and renames it.
///
/// # Errors
/// The machine failed; the old log is still there.
pub(super) fn write(
    path: &Path,
    head: Head,
    rows: &[Row],
    traces: impl IndexedParallelIterator<Item = Trace> + Clone,
    queries: &Numbering<'_>,
) -> Result<(), FolderError> {
    let temporary = path.with_extension("log.new");
    let write = || -> io::Result<()> {
        let mut parts: Vec<Part> = Vec::new();
        let mut file = BufWriter::with_capacity(1 << 18, File::create(&temporary)?);
        file.write_all(MAGIC)?;
        let mut add = |kind: Kind, bytes: Vec<u8>| {
            parts.push(Part { kind, length: bytes.len() as u64, checksum: Fingerprint::of(&bytes) });
            file.write_all(&bytes)
        };
        let few = 2 * rayon::current_num_threads() * PART_ITEMS;
        for few in rows.chunks(few) {
            let encoded: Vec<Vec<u8>> = few.par_chunks(PART_ITEMS).map(encode).collect();
            encoded.into_iter().try_for_each(|bytes| add(Kind::Rows, bytes))?;
        }
        for start in (0..traces.len()).step_by(few) {
            let few = traces.clone().skip(start).take(few);
            let encoded: Vec<Vec<u8>> = few.chunks(PART_ITEMS).map(|traces| encode(&traces)).collect();
            encoded.into_iter().try_for_each(|bytes| add(Kind::Traces, bytes))?;
        }
        queries.kept.chunks(PART_ITEMS).try_for_each(|few| {
            let few: Vec<&(Query, Fingerprint)> = few.iter().map(|at| &queries.all[*at as usize]).collect();
            add(Kind::Queries, encode(&few))
        })?;
        let encoded = postcard::to_stdvec(&(&head, &parts)).map_err(io::Error::other)?;
        file.write_all(&encoded)?;
        file.write_all(&(encoded.len() as u32).to_le_bytes())?;
        file.write_all(Fingerprint::of(&encoded).bytes())?;
        file.flush()?;
        fs::rename(&temporary, path)
    };
    write().map_err(|error| FolderError::new("write", path, error))
}

fn encode<T: Serialize>(items: &[T]) -> Vec<u8> {
    postcard::to_stdvec(items).expect("encoding into memory does not fail")
}

/// Renumbers queries so that only those remain that a trace numbers, each once.
pub(super) struct Numbering<'a> {
    all: &'a [(Query, Fingerprint)],
    new: Vec<u32>,
    kept: Vec<u32>,
    /// Where the queries of two builds are put together, the same one may stand in both.
    known: Option<FxHashMap<&'a Query, u32>>,
}

impl<'a> Numbering<'a> {
    const UNSEEN: u32 = u32::MAX;

    pub(super) fn new(all: &'a [(Query, Fingerprint)], may_repeat: bool) -> Self {
        Self { all, new: vec![Self::UNSEEN; all.len()], kept: Vec::new(), known: may_repeat.then(FxHashMap::default) }
    }

    /// Gives the queries of a trace their new numbers.
    pub(super) fn renumber(&mut self, numbers: &mut [u32]) {
        for number in numbers {
            let at = *number as usize;
            if self.new[at] == Self::UNSEEN {
                let next = self.kept.len() as u32;
                let new = match &mut self.known {
                    Some(known) => *known.entry(&self.all[at].0).or_insert(next),
                    None => next,
                };
                if new == next {
                    self.kept.push(at as u32);
                }
                self.new[at] = new;
            }
            *number = self.new[at];
        }
    }
}

/// The fingerprint of the running program, taken from the log if its file is the one that wrote it.
pub fn program(known: &Head) -> (Fingerprint, Stamp) {
    let Ok(path) = std::env::current_exe() else { return (Fingerprint::default(), Stamp::default()) };
    let stamp = fs::metadata(&path).map(|metadata| Stamp::of_source(&metadata)).unwrap_or_default();
    if stamp != Stamp::default() && known.program_stamp == stamp && stamp.is_trusted(known.started) {
        return (known.origin.program, stamp);
    }
    let content = fs::read(&path).map(|bytes| Fingerprint::of(&bytes)).unwrap_or_default();
    let mut program = Fingerprinter::new(env!("CARGO_PKG_VERSION"));
    (program.part(&content).finish(), stamp)
}

/// The lock that keeps two builds of one site apart; it ends when it is dropped.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held, not used")] File);

/// Takes the lock of the site in `site`, and waits for it if another build has it. `waiting` is called
/// before waiting.
///
/// # Errors
/// The machine failed.
pub fn lock(site: &Path, waiting: impl FnOnce()) -> Result<Lock, FolderError> {
    let folder = site.join(LOG_FOLDER);
    fs::create_dir_all(&folder).map_err(|error| FolderError::new("make the folder", &folder, error))?;
    let path = folder.join("lock");
    let open = || File::options().create(true).truncate(false).write(true).open(&path);
    let file = open().map_err(|error| FolderError::new("write", &path, error))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(fs::TryLockError::WouldBlock) => {
            waiting();
            file.lock().map_err(|error| FolderError::new("lock", &path, error))?;
        }
        // A file system without locks: builds are then the user's to keep apart.
        Err(fs::TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
        Err(fs::TryLockError::Error(error)) => return Err(FolderError::new("lock", path, error)),
    }
    Ok(Lock(file))
}

/// Removes the logs of output folders that are gone.
pub fn remove_orphans(site: &Path, current: &Path) {
    let Ok(entries) = fs::read_dir(site.join(LOG_FOLDER)) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let is_log = path.extension().is_some_and(|ending| ending == "log") && path != current;
        if is_log
            && File::open(&path)
                .ok()
                .and_then(|mut file| head_of(&mut file))
                .is_none_or(|(head, _)| !Path::new(&head.origin.output).exists())
        {
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write_one(path: &Path) {
        let head = Head { origin: Origin { output: "/x".into(), ..Origin::default() }, now: 7, ..Head::default() };
        let row = Row {
            path: "content/a.md".into(),
            stamp: Stamp { length: 3, modified: 4 },
            content: Fingerprint::of(b"a"),
            core: Fingerprint::default(),
            record: Box::new([1, 2, 3]),
        };
        let mut page = crate::render::PageTrace { queries: Box::new([2, 0, 2]), ..Default::default() };
        let queries = [
            (Query::Menu, Fingerprint::of(b"m")),
            (Query::Texts, Fingerprint::default()),
            (Query::Sections, Fingerprint::of(b"s")),
        ];
        let mut numbering = Numbering::new(&queries, true);
        numbering.renumber(&mut page.queries);
        let traces = vec![Trace { path: "a/index.html".into(), page, ..Trace::default() }];
        write(path, head, &[row], traces.par_iter().cloned(), &numbering).expect("written");
    }

    #[test]
    fn a_log_comes_back_without_unused_queries() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.log");
        write_one(&path);
        let back = BuildLog::read(&path);
        assert!(back.is_there);
        assert_eq!((back.head.now, &*back.rows[0].record, &*back.rows[0].path), (7, &[1u8, 2, 3][..], "content/a.md"));
        assert_eq!(back.queries, [(Query::Sections, Fingerprint::of(b"s")), (Query::Menu, Fingerprint::of(b"m"))]);
        assert_eq!(&*back.traces[0].page.queries, [0, 1, 0]);
    }

    #[test]
    fn a_damaged_log_is_an_empty_log() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.log");
        assert!(!BuildLog::read(&path).is_there);
        write_one(&path);
        let good = fs::read(&path).expect("there");
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0x40;
            fs::write(&path, &bad).expect("written");
            assert!(!BuildLog::read(&path).is_there, "byte {at}");
            fs::write(&path, &good[..at]).expect("written");
            assert!(!BuildLog::read(&path).is_there, "cut at {at}");
        }
    }
}
