//! The build log: what the last build knew, so that this one need not find it out again.
//!
//! One file in `.courant/` for each output folder. It is written beside itself and renamed; a log that is
//! missing, damaged, from another version or another folder is an empty log, and an empty log only costs
//! time. `.courant/` may be deleted at any moment.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use super::FolderError;
use crate::article::Row;
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::render::query::Query;
use crate::render::trace::Trace;
use crate::source::Stamp;

/// The folder of logs and caches, in the site's folder.
pub const LOG_FOLDER: &str = ".courant";

/// The first bytes of a log; the number grows with its format.
const MAGIC: &[u8; 16] = b"courant log 001\n";

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
    /// How long each part is.
    pub(crate) lengths: [u64; 3],
}

impl BuildLog {
    /// Where the log for an output folder is.
    pub fn path(site: &Path, output: &Path) -> PathBuf {
        let name = Fingerprint::of(output.as_os_str().as_encoded_bytes()).to_string();
        site.join(LOG_FOLDER).join(format!("build-{}.log", &name[..16]))
    }

    /// Reads a log. Whatever is wrong with it, the answer is an empty one.
    pub fn read(path: &Path) -> Self {
        let Ok(bytes) = fs::read(path) else { return Self::default() };
        Self::decode(&bytes).unwrap_or_default()
    }

    /// A log is its magic, the three parts, the head, and a trailer: the head's length and the checksum of
    /// everything before.
    fn decode(bytes: &[u8]) -> Option<Self> {
        let (body, checksum) = bytes.split_at_checked(bytes.len().checked_sub(16)?)?;
        let mut hasher = Xxh3::new();
        hasher.update(body);
        if hasher.digest128().to_le_bytes() != checksum {
            return None;
        }
        let rest = body.strip_prefix(MAGIC)?;
        let (rest, length) = rest.split_at_checked(rest.len().checked_sub(4)?)?;
        let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
        let (rest, head) = rest.split_at_checked(rest.len().checked_sub(length)?)?;
        let head: Head = postcard::from_bytes(head).ok()?;
        let (rows, rest) = rest.split_at_checked(head.lengths[0] as usize)?;
        let (traces, queries) = rest.split_at_checked(head.lengths[1] as usize)?;
        let (rows, (traces, queries)) = rayon::join(
            || postcard::from_bytes(rows).ok(),
            || (postcard::from_bytes(traces).ok(), postcard::from_bytes(queries).ok()),
        );
        Some(Self { head, rows: rows?, traces: traces?, queries: queries?, is_there: true })
    }

    /// Writes the log.
    ///
    /// # Errors
    /// The machine failed; the old log is still there.
    pub fn write(mut self, path: &Path) -> Result<(), FolderError> {
        self.drop_unused_queries();
        let temporary = path.with_extension("log.new");
        let mut write = || -> io::Result<()> {
            let file = BufWriter::with_capacity(1 << 20, File::create(&temporary)?);
            let mut out = Hashed { file, hasher: Xxh3::new(), written: 0 };
            out.write_all(MAGIC)?;
            let mut end = |out: &mut Hashed, part: usize| {
                self.head.lengths[part] =
                    out.written - MAGIC.len() as u64 - self.head.lengths[..part].iter().sum::<u64>();
            };
            stream(&self.rows, &mut out)?;
            end(&mut out, 0);
            stream(&self.traces, &mut out)?;
            end(&mut out, 1);
            stream(&self.queries, &mut out)?;
            end(&mut out, 2);
            let head = postcard::to_stdvec(&self.head).map_err(io::Error::other)?;
            out.write_all(&head)?;
            out.write_all(&(head.len() as u32).to_le_bytes())?;
            let checksum = out.hasher.digest128().to_le_bytes();
            out.file.write_all(&checksum)?;
            out.file.flush()?;
            fs::rename(&temporary, path)
        };
        write().map_err(|error| FolderError::new("write", path, error))
    }

    /// Renumbers the queries so that only those remain that a trace numbers, each once.
    fn drop_unused_queries(&mut self) {
        const UNSEEN: u32 = u32::MAX;
        let mut renumbered = vec![UNSEEN; self.queries.len()];
        let mut kept: Vec<(Query, Fingerprint)> = Vec::new();
        let mut known: FxHashMap<Query, u32> = FxHashMap::default();
        for trace in &mut self.traces {
            for number in &mut trace.page.queries {
                let new = &mut renumbered[*number as usize];
                if *new == UNSEEN {
                    let (query, answer) = &self.queries[*number as usize];
                    *new = *known.entry(query.clone()).or_insert_with(|| {
                        kept.push((query.clone(), *answer));
                        kept.len() as u32 - 1
                    });
                }
                *number = *new;
            }
        }
        self.queries = kept;
    }
}

/// Counts and hashes what goes through to a file.
struct Hashed {
    file: BufWriter<File>,
    hasher: Xxh3,
    written: u64,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.hasher.update(bytes);
        self.written += bytes.len() as u64;
        self.file.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Writes a list in the encoding that reads back as one, item by item.
fn stream<T: Serialize>(items: &[T], out: &mut Hashed) -> io::Result<()> {
    let mut buffer = postcard::to_stdvec(&items.len()).map_err(io::Error::other)?;
    for item in items {
        buffer = postcard::to_extend(item, buffer).map_err(io::Error::other)?;
        if buffer.len() > 1 << 16 {
            out.write_all(&buffer)?;
            buffer.clear();
        }
    }
    out.write_all(&buffer)
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
        if is_log && head_of(&path).is_none_or(|head| !Path::new(&head.origin.output).exists()) {
            let _ = fs::remove_file(path);
        }
    }
}

/// Only the head of a log, without its checksum being looked at.
fn head_of(path: &Path) -> Option<Head> {
    let mut file = File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    file.seek(io::SeekFrom::Start(length.checked_sub(20)?)).ok()?;
    let mut size = [0; 4];
    io::Read::read_exact(&mut file, &mut size).ok()?;
    let size = u32::from_le_bytes(size);
    file.seek(io::SeekFrom::Start(length.checked_sub(20 + u64::from(size))?)).ok()?;
    let mut head = vec![0; size as usize];
    io::Read::read_exact(&mut file, &mut head).ok()?;
    postcard::from_bytes(&head).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> BuildLog {
        BuildLog {
            head: Head { origin: Origin { output: "/x".into(), ..Origin::default() }, now: 7, ..Head::default() },
            rows: vec![Row {
                path: "content/a.md".into(),
                stamp: Stamp { length: 3, modified: 4 },
                content: Fingerprint::of(b"a"),
                core: Fingerprint::default(),
                record: Box::new([1, 2, 3]),
            }],
            traces: vec![Trace {
                path: "a/index.html".into(),
                page: crate::render::PageTrace { queries: Box::new([2, 0, 2]), ..Default::default() },
                ..Trace::default()
            }],
            queries: vec![
                (Query::Menu, Fingerprint::of(b"m")),
                (Query::Texts, Fingerprint::default()),
                (Query::Sections, Fingerprint::of(b"s")),
            ],
            is_there: true,
        }
    }

    #[test]
    fn a_log_comes_back_without_unused_queries() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.log");
        log().write(&path).expect("written");
        let back = BuildLog::read(&path);
        assert!(back.is_there);
        assert_eq!((back.head.now, &*back.rows[0].record, &*back.rows[0].path), (7, &[1u8, 2, 3][..], "content/a.md"));
        assert_eq!(back.queries, [(Query::Sections, Fingerprint::of(b"s")), (Query::Menu, Fingerprint::of(b"m"))]);
        assert_eq!(&*back.traces[0].page.queries, [0, 1, 0]);
        assert_eq!(head_of(&path).map(|head| head.origin.output), Some("/x".into()));
    }

    #[test]
    fn a_damaged_log_is_an_empty_log() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.log");
        assert!(!BuildLog::read(&path).is_there);
        log().write(&path).expect("written");
        let good = fs::read(&path).expect("there");
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0x40;
            fs::write(&path, &bad).expect("written");
            assert!(!BuildLog::read(&path).is_there, "byte {at}");
            assert!(BuildLog::decode(&good[..at]).is_none());
        }
    }
}
