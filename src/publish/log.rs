//! The build log: what the last build knew, so that this one need not find it out again.
//!
//! One file in `.courant/` for each output folder. A log that is missing, damaged, from another version or
//! another folder is an empty log, and an empty log only costs time. `.courant/` may be deleted at any
//! moment.
//!
//! The file is its magic and then segments. The first one, the base, holds everything; each later one holds
//! what one build changed. A base is written beside the old file and renamed, while the pages are still
//! being rendered, so that a million traces are never in memory; a change is appended with a single write.
//! When the changes have grown to a quarter of the base, the next build writes a new base.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use object::elf::{ELF_NOTE_GNU, FileHeader64, NT_GNU_BUILD_ID};
use object::read::elf::{FileHeader, ProgramHeader};
use object::{Endianness, ReadCache};
use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::folder::dangling;
use super::{FolderError, Searched};
use crate::article::{Row, RowChanges};
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::index::WithheldCounts;
use crate::query::Question;
use crate::query::trace::{Generation, Trace, TraceChanges, Traces};
use crate::render::Baseline;
use crate::source::Stamp;

/// The folder of logs and caches, in the site's folder.
pub const LOG_FOLDER: &str = ".courant";

/// The first bytes of a log; the number grows with its format.
const MAGIC: &[u8; 16] = b"courant log 008\n";

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
    /// The sources, sorted by path.
    pub rows: Vec<Row>,
    /// The pages.
    pub traces: Traces,
    /// Whether there was a log at all.
    pub is_there: bool,
    /// The file as it was read.
    pub file: LogFile,
}

/// A log's file, as far as writing on depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogFile {
    /// Its stamp: another one shows that another process has written it.
    pub stamp: Stamp,
    /// Bytes of the base.
    base: u64,
}

impl LogFile {
    /// Whether the file at `path` is still the one that was read or written.
    pub fn is_still(&self, path: &Path) -> bool {
        fs::metadata(path).is_ok_and(|metadata| Stamp::of_output(&metadata) == self.stamp)
    }
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
    /// Where symbolic links lead.
    pub links: Fingerprint,
    /// The moment as of which the site was built, seconds since 1970.
    pub now: i64,
    /// The next moment at which the output changes without an edit.
    pub next: Option<i64>,
    /// Visible articles.
    pub articles: u64,
    /// What is withheld.
    pub withheld: WithheldCounts,
    /// Pages.
    pub pages: u64,
    /// What is in the output folder.
    pub generation: Generation,
    /// What all answers were made from.
    pub ground: Baseline,
    /// Whether it went on in spite of errors: then they are to be found again.
    pub has_errors: bool,
    /// What the plan and the leak scan warned of, which is on no page.
    pub warnings: Vec<Diagnostic>,
    /// What stood in folders that are left alone at the addresses of what is withheld: each path in the output folder,
    /// and the stamp of the file, if there was one.
    pub at_kept: Vec<(String, Option<Stamp>)>,
    /// The text of `site.yaml`, at whose lines they may point.
    pub settings: Fingerprint,
    /// What the leak scan has looked for.
    pub searched: Searched,
    /// Which run of the machine wrote it: after a power failure the end of the file may be missing.
    pub boot: Fingerprint,
    /// The fonts of the machine, if a page depends on them.
    pub fonts: Option<Fingerprint>,
}

/// What one build changed.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Changes {
    pub(super) rows: RowChanges,
    pub(super) traces: TraceChanges,
}

/// The end of a segment: what it is made of. It is followed by its own length and checksum.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Tail {
    pub(super) head: Head,
    pub(super) parts: Vec<Part>,
    /// Where the segment begins.
    start: u64,
}

/// Bytes with a checksum: so many items that they fit into memory several times.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Part {
    kind: Kind,
    length: u64,
    checksum: Fingerprint,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Kind {
    Rows,
    Traces,
    Questions,
    Changes,
}

/// How many rows, traces or questions a part holds.
const PART_ITEMS: usize = 1024;

/// The length and the checksum behind a tail.
const TRAILER: u64 = 4 + 16;

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

    fn decode(mut file: File) -> Option<Self> {
        let Segments { stamp, base, base_end, later } = Segments::of(&mut file)?;
        let mut log = Self { is_there: true, file: LogFile { stamp, base: base_end }, ..Self::default() };
        let (mut pages, mut questions) = (Vec::new(), Vec::new());
        decode_parts(&mut file, &base.parts, |decoded: Decoded<Trace>| match decoded {
            Decoded::Rows(mut some) => log.rows.append(&mut some),
            Decoded::Traces(mut some) => pages.append(&mut some),
            Decoded::Questions(mut some) => questions.append(&mut some),
        })?;
        log.traces = Traces::new(pages, questions);
        log.head = base.head;
        for segment in later {
            let changes = segment.changes(&mut file)?;
            changes.rows.apply(&mut log.rows);
            log.traces.apply(changes.traces)?;
            log.head = segment.head;
        }
        Some(log)
    }
}

/// What a log is made of.
pub(super) struct Segments {
    stamp: Stamp,
    pub(super) base: Tail,
    /// Where the base ends.
    base_end: u64,
    /// What later builds changed, in their order.
    pub(super) later: Vec<Tail>,
}

impl Segments {
    pub(super) fn of(file: &mut File) -> Option<Self> {
        let metadata = file.metadata().ok()?;
        let mut magic = [0; MAGIC.len()];
        file.read_exact(&mut magic).ok()?;
        if magic != *MAGIC {
            return None;
        }
        let mut segments = Vec::new();
        let (mut end, mut base_end) = (metadata.len(), 0);
        while end > MAGIC.len() as u64 {
            let tail = tail_before(file, end)?;
            base_end = std::mem::replace(&mut end, tail.start);
            segments.push(tail);
        }
        let base = segments.pop()?;
        segments.reverse();
        Some(Self { stamp: Stamp::of_output(&metadata), base, base_end, later: segments })
    }
}

impl Tail {
    /// What a build changed, from a segment that is no base.
    pub(super) fn changes(&self, file: &mut File) -> Option<Changes> {
        let [part] = self.parts[..] else { return None };
        file.seek(io::SeekFrom::Start(self.start)).ok()?;
        postcard::from_bytes(&part.read(file)?).ok()
    }
}

/// Hands out the parts of a base in their order.
pub(super) fn decode_parts<T: DeserializeOwned + Send>(
    file: &mut File,
    parts: &[Part],
    mut take: impl FnMut(Decoded<T>),
) -> Option<()> {
    file.seek(io::SeekFrom::Start(MAGIC.len() as u64)).ok()?;
    // A few parts at a time: the bytes of all of them would double the memory.
    for few in parts.chunks(4 * rayon::current_num_threads()) {
        let bytes: Option<Vec<_>> = few.iter().map(|part| part.read_unchecked(file)).collect();
        let decoded: Option<Vec<Decoded<T>>> =
            few.par_iter().zip(bytes?).map(|(part, bytes)| part.decode(&bytes)).collect();
        decoded?.into_iter().for_each(&mut take);
    }
    Some(())
}

/// Items of a part; a trace is read as a `T`.
pub(super) enum Decoded<T> {
    Rows(Vec<Row>),
    Traces(Vec<T>),
    Questions(Vec<(Question, Fingerprint)>),
}

impl Part {
    fn of(kind: Kind, bytes: &[u8]) -> Self {
        Self { kind, length: bytes.len() as u64, checksum: Fingerprint::of(bytes) }
    }

    fn read_unchecked(&self, file: &mut File) -> Option<Vec<u8>> {
        let mut bytes = vec![0; usize::try_from(self.length).ok()?];
        file.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }

    fn read(&self, file: &mut File) -> Option<Vec<u8>> {
        self.read_unchecked(file).filter(|bytes| Fingerprint::of(bytes) == self.checksum)
    }

    fn decode<T: DeserializeOwned>(&self, bytes: &[u8]) -> Option<Decoded<T>> {
        if Fingerprint::of(bytes) != self.checksum {
            return None;
        }
        match self.kind {
            Kind::Rows => postcard::from_bytes(bytes).ok().map(Decoded::Rows),
            Kind::Traces => postcard::from_bytes(bytes).ok().map(Decoded::Traces),
            Kind::Questions => postcard::from_bytes(bytes).ok().map(Decoded::Questions),
            Kind::Changes => None,
        }
    }
}

/// The tail of the segment that ends at `end`, whose checksum is right.
fn tail_before(file: &mut File, end: u64) -> Option<Tail> {
    file.seek(io::SeekFrom::Start(end.checked_sub(TRAILER)?)).ok()?;
    let mut trailer = [0; TRAILER as usize];
    file.read_exact(&mut trailer).ok()?;
    let (size, checksum) = trailer.split_at(4);
    let size = u32::from_le_bytes(size.try_into().ok()?);
    let at = end.checked_sub(TRAILER + u64::from(size))?;
    file.seek(io::SeekFrom::Start(at)).ok()?;
    let mut bytes = vec![0; size as usize];
    file.read_exact(&mut bytes).ok()?;
    if Fingerprint::of(&bytes).bytes() != checksum {
        return None;
    }
    let tail: Tail = postcard::from_bytes(&bytes).ok()?;
    let length: u64 = tail.parts.iter().map(|part| part.length).sum();
    (tail.start >= MAGIC.len() as u64 && tail.start + length == at).then_some(tail)
}

fn encode<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    postcard::to_stdvec(value).expect("encoding into memory does not fail")
}

/// A base that is being written. Threads hand in traces while they render.
#[derive(Debug)]
pub struct Writer {
    path: PathBuf,
    temporary: PathBuf,
    waiting: Vec<Mutex<Waiting>>,
    base: Mutex<Base>,
}

/// What one thread has handed in.
#[derive(Debug, Default)]
struct Waiting {
    /// Traces that do not fill a part yet.
    traces: Vec<Trace>,
    /// Of all traces.
    generation: Generation,
}

#[derive(Debug)]
struct Base {
    file: BufWriter<File>,
    parts: Vec<Part>,
    length: u64,
}

impl Base {
    fn add(&mut self, kind: Kind, bytes: &[u8]) -> io::Result<()> {
        self.parts.push(Part::of(kind, bytes));
        self.length += bytes.len() as u64;
        self.file.write_all(bytes)
    }
}

impl Writer {
    /// Begins a base that will stand at `path`.
    ///
    /// # Errors
    /// The machine failed.
    pub fn create(path: &Path) -> Result<Self, FolderError> {
        let temporary = path.with_extension("log.new");
        let begin = || {
            let mut file = BufWriter::with_capacity(1 << 18, File::create(&temporary)?);
            file.write_all(MAGIC)?;
            Ok(Base { file, parts: Vec::new(), length: MAGIC.len() as u64 })
        };
        let base = begin().map_err(|error| FolderError::new("write", path, error))?;
        let waiting = (0..=rayon::current_num_threads()).map(|_| Mutex::default()).collect();
        Ok(Self { path: path.to_path_buf(), temporary, waiting, base: Mutex::new(base) })
    }

    /// Takes a trace.
    ///
    /// # Errors
    /// The machine failed.
    pub(super) fn trace(&self, trace: Trace) -> Result<(), FolderError> {
        // The first place is for callers that are no threads of the pool.
        let thread = rayon::current_thread_index().map_or(0, |at| at + 1);
        let full = {
            let mut waiting = self.waiting[thread].lock().expect("no panic while locked");
            waiting.generation.add(&trace);
            waiting.traces.push(trace);
            if waiting.traces.len() < PART_ITEMS / 4 {
                return Ok(());
            }
            std::mem::take(&mut waiting.traces)
        };
        self.add(Kind::Traces, &full)
    }

    /// What the folder holds whose traces were handed in.
    pub(super) fn generation(&self) -> Generation {
        let each = self.waiting.iter().map(|waiting| waiting.lock().expect("no panic while locked").generation);
        each.fold(Generation::default(), Generation::plus)
    }

    fn add<T: Serialize>(&self, kind: Kind, items: &[T]) -> Result<(), FolderError> {
        let bytes = encode(items);
        let mut base = self.base.lock().expect("no panic while locked");
        base.add(kind, &bytes).map_err(|error| FolderError::new("write", &self.path, error))
    }

    /// Writes traces that are in memory, in their order.
    pub(super) fn traces(&self, traces: &[Trace]) -> Result<(), FolderError> {
        self.add_all(Kind::Traces, traces)
    }

    fn add_all<T: Serialize + Sync>(&self, kind: Kind, items: &[T]) -> Result<(), FolderError> {
        let mut base = self.base.lock().expect("no panic while locked");
        for few in items.chunks(2 * rayon::current_num_threads() * PART_ITEMS) {
            let encoded: Vec<Vec<u8>> = few.par_chunks(PART_ITEMS).map(encode).collect();
            for bytes in encoded {
                base.add(kind, &bytes).map_err(|error| FolderError::new("write", &self.path, error))?;
            }
        }
        Ok(())
    }

    /// Completes the base and puts it into place.
    ///
    /// # Errors
    /// The machine failed; the old log is still there.
    pub(super) fn finish(
        mut self,
        head: &Head,
        rows: &[Row],
        questions: &[(Question, Fingerprint)],
    ) -> Result<LogFile, FolderError> {
        for waiting in std::mem::take(&mut self.waiting) {
            self.add(Kind::Traces, &waiting.into_inner().expect("no panic while locked").traces)?;
        }
        self.add_all(Kind::Rows, rows)?;
        self.add_all(Kind::Questions, questions)?;
        let base = self.base.get_mut().expect("no panic while locked");
        let tail = Tail { head: head.clone(), parts: std::mem::take(&mut base.parts), start: MAGIC.len() as u64 };
        let mut end = || {
            let tail = sealed(&tail);
            base.file.write_all(&tail)?;
            base.file.flush()?;
            fs::rename(&self.temporary, &self.path)?;
            let stamp = Stamp::of_output(&base.file.get_ref().metadata()?);
            Ok(LogFile { stamp, base: base.length + tail.len() as u64 })
        };
        end().map_err(|error| FolderError::new("write", &self.path, error))
    }
}

impl Drop for Writer {
    /// Removes what a build that was given up has written; after `finish` there is nothing.
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.temporary);
    }
}

/// A tail with its length and checksum.
fn sealed(tail: &Tail) -> Vec<u8> {
    let mut bytes = encode(tail);
    let checksum = Fingerprint::of(&bytes);
    let size = bytes.len() as u32;
    bytes.extend(size.to_le_bytes());
    bytes.extend(checksum.bytes());
    bytes
}

/// Appends what a build changed to the log `path`. False if a new base is due instead, or if the file is
/// not the one that was read.
///
/// # Errors
/// The machine failed; the log is then damaged, which is to say empty.
pub(super) fn append(path: &Path, log: &mut LogFile, head: &Head, changes: &Changes) -> Result<bool, FolderError> {
    let bytes = encode(changes);
    let mut write = || {
        let mut file = match File::options().append(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        let start = log.stamp.length;
        let is_due = start + bytes.len() as u64 - log.base > log.base / 4 + (64 << 10);
        if is_due || Stamp::of_output(&file.metadata()?) != log.stamp {
            return Ok(false);
        }
        let tail = Tail { head: head.clone(), parts: vec![Part::of(Kind::Changes, &bytes)], start };
        let mut bytes = bytes.clone();
        bytes.extend(sealed(&tail));
        file.write_all(&bytes)?;
        log.stamp = Stamp::of_output(&file.metadata()?);
        Ok(true)
    };
    write().map_err(|error| FolderError::new("write", path, error))
}

/// Notes that sources have other stamps and the same bytes, so that the next build need not read them. If
/// that cannot be appended, it will read them.
///
/// # Errors
/// The machine failed.
pub fn note_stamps(path: &Path, log: &mut LogFile, head: &Head, rows: RowChanges) -> Result<(), FolderError> {
    append(path, log, head, &Changes { rows, traces: TraceChanges::default() }).map(|_| ())
}

/// Which run of the machine this is; known on Linux only, elsewhere all are one.
pub fn boot() -> Fingerprint {
    fs::read("/proc/sys/kernel/random/boot_id").map(|id| Fingerprint::of(&id)).unwrap_or_default()
}

/// The fingerprint of the running program, taken from the log if its file is the one that wrote it.
pub fn program(known: &Head) -> (Fingerprint, Stamp) {
    let Ok(path) = std::env::current_exe() else { return (Fingerprint::default(), Stamp::default()) };
    let stamp = fs::metadata(&path).map(|metadata| Stamp::of_source(&metadata)).unwrap_or_default();
    if stamp != Stamp::default() && known.program_stamp == stamp && stamp.is_trusted(known.started) {
        return (known.origin.program, stamp);
    }
    let content = build_id(&path).or_else(|| Fingerprint::of_file(&path).ok()).unwrap_or_default();
    let mut program = Fingerprinter::new(env!("CARGO_PKG_VERSION"));
    (program.part(&content).finish(), stamp)
}

/// The build ID that the linker wrote into a program of Linux, a hash of all of it. Other systems and some linkers write
/// none.
fn build_id(program: &Path) -> Option<Fingerprint> {
    let bytes = ReadCache::new(File::open(program).ok()?);
    let header = FileHeader64::<Endianness>::parse(&bytes).ok()?;
    let endian = header.endian().ok()?;
    for segment in header.program_headers(endian, &bytes).ok()? {
        let Some(mut notes) = segment.notes(endian, &bytes).ok()? else { continue };
        while let Some(note) = notes.next().ok()? {
            if note.name() == ELF_NOTE_GNU && note.n_type(endian) == NT_GNU_BUILD_ID {
                return Some(Fingerprint::of(note.desc()));
            }
        }
    }
    None
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

/// Looks whether there is a folder for the log, or can be.
///
/// # Errors
/// Something else has its name.
pub fn check_log_folder(site: &Path) -> Result<(), Diagnostic> {
    let folder = site.join(LOG_FOLDER);
    let what = match dangling(&folder) {
        Some(target) => format!("a symbolic link to {}, which is not there", target.display()),
        None if folder.exists() && !folder.is_dir() => "a file".to_owned(),
        None => return Ok(()),
    };
    Err(Diagnostic::error(format!("`{LOG_FOLDER}` is {what}; courant keeps its build log in a folder of this name"))
        .at(Place::file(LOG_FOLDER))
        .hint("rename or remove it; what courant writes there can be made again"))
}

/// Removes what a killed build left half-written: each such file is written beside its place under a name that
/// ends with `.new`, and no other build is running.
pub fn remove_half_written(site: &Path, _lock: &Lock) {
    let folder = walkdir::WalkDir::new(site.join(LOG_FOLDER)).max_depth(2).follow_links(false);
    for entry in folder.into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
        if entry.path().extension().is_some_and(|ending| ending == "new") {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Removes the logs of output folders that are gone.
pub fn remove_orphans(site: &Path, current: &Path) {
    let Ok(entries) = fs::read_dir(site.join(LOG_FOLDER)) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let is_log = path.extension().is_some_and(|ending| ending == "log") && path != current;
        let output_of = |path: &Path| {
            let mut file = File::open(path).ok()?;
            let end = file.metadata().ok()?.len();
            Some(tail_before(&mut file, end)?.head.origin.output)
        };
        if is_log && output_of(&path).is_none_or(|output| !Path::new(&output).exists()) {
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::LanguageId;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_program_has_a_build_id_and_other_files_have_none() {
        let program = std::env::current_exe().expect("running");
        assert_eq!(build_id(&program).map(|id| id != Fingerprint::of(b"")), Some(true));
        assert_eq!(build_id(Path::new(file!())), None);
        assert_eq!(build_id(Path::new("/nowhere")), None);
    }

    fn row(path: &str) -> Row {
        Row {
            path: path.into(),
            stamp: Stamp { length: 3, modified: 4, file: 5 },
            content: Fingerprint::of(b"a"),
            core: Fingerprint::default(),
            record: Box::new([1, 2, 3]),
        }
    }

    fn trace(path: &str) -> Trace {
        let page = crate::query::trace::PageTrace { shared: Box::new([1, 0]), ..Default::default() };
        Trace { path: path.into(), page, ..Trace::default() }
    }

    fn write_base(path: &Path) -> (Head, LogFile) {
        let head = Head { origin: Origin { output: "/x".into(), ..Origin::default() }, now: 7, ..Head::default() };
        let questions = [
            (Question::Menu(LanguageId::MAIN), Fingerprint::of(b"m")),
            (Question::Sections(LanguageId::MAIN), Fingerprint::of(b"s")),
        ];
        let writer = Writer::create(path).expect("created");
        writer.trace(trace("a/index.html")).expect("taken");
        let file = writer.finish(&head, &[row("content/a.md"), row("content/c.md")], &questions).expect("written");
        (head, file)
    }

    fn write_change(path: &Path, head: &Head, file: &mut LogFile) -> bool {
        let changes = Changes {
            rows: RowChanges { set: vec![row("content/b.md")], gone: vec!["content/c.md".into()] },
            traces: TraceChanges {
                set: vec![(1, trace("b/index.html"))],
                vacated: vec![0],
                questions: vec![(1, Question::Sections(LanguageId::MAIN), Fingerprint::of(b"t"))],
            },
        };
        append(path, file, &Head { now: 8, ..head.clone() }, &changes).expect("the machine works")
    }

    #[test]
    fn a_log_comes_back_with_what_was_appended() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.log");
        let (head, mut file) = write_base(&path);
        let back = BuildLog::read(&path);
        assert!(back.is_there);
        assert_eq!((back.file, back.head.now, &*back.rows[0].record), (file, 7, &[1u8, 2, 3][..]));
        assert_eq!(
            (&*back.traces.pages[0].path, &back.traces.questions[0].0),
            ("a/index.html", &Question::Menu(LanguageId::MAIN))
        );

        assert!(write_change(&path, &head, &mut file));
        let back = BuildLog::read(&path);
        assert_eq!((back.file, back.head.now), (file, 8));
        assert_eq!(back.rows.iter().map(|row| &*row.path).collect::<Vec<_>>(), ["content/a.md", "content/b.md"]);
        assert_eq!(back.traces.pages.iter().map(|trace| &*trace.path).collect::<Vec<_>>(), ["", "b/index.html"]);
        assert_eq!(back.traces.questions[1].1, Fingerprint::of(b"t"));
        let outputs = super::super::Outputs::read(&path);
        assert!(outputs.is_there && outputs.head.now == 8);
        assert_eq!(outputs.rows.iter().map(|row| &*row.path).collect::<Vec<_>>(), ["content/a.md", "content/b.md"]);
        assert_eq!(outputs.files.iter().map(|file| &*file.path).collect::<Vec<_>>(), ["", "b/index.html"]);
    }

    #[test]
    fn a_log_that_somebody_else_wrote_on_is_not_appended_to() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.log");
        let (head, mut file) = write_base(&path);
        let mut other = file;
        assert!(write_change(&path, &head, &mut other));
        assert!(!write_change(&path, &head, &mut file));
        fs::remove_file(&path).expect("there");
        assert!(!write_change(&path, &head, &mut other));
    }

    #[test]
    fn what_a_killed_build_left_half_written_goes() {
        let site = tempfile::tempdir().expect("a folder");
        let path = |name: &str| site.path().join(LOG_FOLDER).join(name);
        fs::create_dir_all(path("images")).expect("a folder");
        let lock = lock(site.path(), || panic!("nobody else builds")).expect("the lock");
        for name in ["build-1.log.new", "images/abc.77-1.new", "images/abc", "build-1.log"] {
            fs::write(path(name), "x").expect("written");
        }
        remove_half_written(site.path(), &lock);
        let is_there =
            ["build-1.log.new", "images/abc.77-1.new", "images/abc", "build-1.log"].map(|name| path(name).exists());
        assert_eq!(is_there, [false, false, true, true]);
    }

    #[test]
    fn a_damaged_log_is_an_empty_log() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.log");
        assert!(!BuildLog::read(&path).is_there);
        let (head, mut file) = write_base(&path);
        let base = file.base as usize;
        write_change(&path, &head, &mut file);
        let good = fs::read(&path).expect("there");
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0x40;
            fs::write(&path, &bad).expect("written");
            assert!(!BuildLog::read(&path).is_there && !super::super::Outputs::read(&path).is_there, "byte {at}");
            fs::write(&path, &good[..at]).expect("written");
            // Without its last segment it is the log of the build before, whose traces are as true.
            assert_eq!(BuildLog::read(&path).is_there, at == base, "cut at {at}");
        }
    }
}
