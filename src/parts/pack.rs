//! A pack: what one part has made, in one file.
//!
//! ```text
//! magic · records and bytes of the outputs · segment · its length and checksum
//! ```
//!
//! The same share of the same build gives the same bytes, whatever the number of threads: outputs stand in the order of
//! the plan, and nothing in it depends on when or how fast they were made. So the name of a pack has the fingerprint of
//! its bytes, and the same part twice is one file.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::identity::{Given, Identity};
use super::share::Share;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::publish::Searched;
use crate::query::Question;
use crate::query::trace::Encoding;
use crate::query::trace::PageTrace;
use crate::render::Page;
use crate::source::Stamp;

/// The first bytes of a pack; the number grows with its format.
const MAGIC: &[u8] = b"courant part 001\n";

/// The length and the checksum behind a segment.
const TRAILER: u64 = 8 + 16;

/// What one part tells of itself, beside its pages.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Segment {
    pub(super) share: Share,
    pub(super) given: Given,
    /// None if the site has errors before any page is rendered. Whoever joins finds the same.
    pub(super) identity: Option<Identity>,
    /// The outputs of this share, by their number in the plan.
    pub(super) slots: Vec<Slot>,
    /// What was asked, in the order of the numbers in the traces.
    pub(super) questions: Vec<(Question, Fingerprint)>,
    /// What the leak scan has found, and what is wrong with it.
    pub(super) searched: (Searched, Vec<Diagnostic>),
    /// Images that cannot be shown: those of which a page has told, and all.
    pub(super) broken: [Vec<Fingerprint>; 2],
    /// The fonts of the machine, if something depends on them.
    pub(super) fonts: Option<Fingerprint>,
}

impl Segment {
    /// That of a part without pages.
    pub(super) fn empty(share: Share, given: Given) -> Self {
        Self {
            share,
            given,
            identity: None,
            slots: Vec::new(),
            questions: Vec::new(),
            searched: Default::default(),
            broken: Default::default(),
            fonts: None,
        }
    }
}

/// Where in the pack an output is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Slot {
    /// The number of the output in the plan.
    pub(super) number: u32,
    at: u64,
    /// Bytes of the record, of the file, and of its compressed copies, in the order of [`Encoding::ALL`]; 0 if it has none.
    lengths: (u32, u64, [u64; 2]),
}

impl Slot {
    /// Whether it ends before this byte of the pack.
    fn is_within(&self, end: u64) -> bool {
        let (record, length, [gzip, brotli]) = self.lengths;
        let lengths = [u64::from(record), length, gzip, brotli];
        lengths.into_iter().try_fold(self.at, u64::checked_add).is_some_and(|last| last <= end)
    }
}

/// What stands before the bytes of an output.
#[derive(Debug, Serialize, Deserialize)]
enum Record {
    Page {
        trace: Box<PageTrace>,
        content: Fingerprint,
    },
    /// The page has errors.
    Wrong(Vec<Diagnostic>),
}

/// A pack that is being written.
#[derive(Debug)]
pub(super) struct PackWriter<W: Write> {
    file: W,
    length: u64,
    slots: Vec<Slot>,
    /// The numbers that the questions have in the pack, and those that they had while pages were rendered.
    numbers: FxHashMap<u32, u32>,
}

impl<W: Write> PackWriter<W> {
    pub(super) fn new(mut file: W) -> io::Result<Self> {
        file.write_all(MAGIC)?;
        Ok(Self { file, length: MAGIC.len() as u64, slots: Vec::new(), numbers: FxHashMap::default() })
    }

    /// Adds an output: its page, or what is wrong with it. They come in the order of the plan.
    pub(super) fn add(
        &mut self,
        number: u32,
        page: Result<Page, Vec<Diagnostic>>,
        precompressed: [Option<Vec<u8>>; 2],
    ) -> io::Result<()> {
        let (record, bytes) = match page {
            Ok(Page { bytes, mut trace }) => {
                for number in &mut trace.shared {
                    let next = self.numbers.len() as u32;
                    *number = *self.numbers.entry(*number).or_insert(next);
                }
                (Record::Page { trace: Box::new(trace), content: Fingerprint::of(&bytes) }, bytes)
            }
            Err(problems) => (Record::Wrong(problems), Vec::new()),
        };
        let record = encode(&record);
        let precompressed = precompressed.map(Option::unwrap_or_default);
        let at = self.length;
        for part in [&record, &bytes, &precompressed[0], &precompressed[1]] {
            self.file.write_all(part)?;
            self.length += part.len() as u64;
        }
        let lengths = (record.len() as u32, bytes.len() as u64, precompressed.map(|one| one.len() as u64));
        self.slots.push(Slot { number, at, lengths });
        Ok(())
    }

    /// Completes the pack. `questions` are in the order of the numbers that they had while pages were rendered.
    pub(super) fn finish(mut self, questions: &[(Question, Fingerprint)], mut segment: Segment) -> io::Result<W> {
        let mut kept: Vec<(u32, u32)> = self.numbers.into_iter().map(|(old, new)| (new, old)).collect();
        kept.sort_unstable();
        segment.questions = kept.into_iter().map(|(_, old)| questions[old as usize].clone()).collect();
        segment.slots = self.slots;
        let bytes = encode(&segment);
        self.file.write_all(&bytes)?;
        self.file.write_all(&(bytes.len() as u64).to_le_bytes())?;
        self.file.write_all(Fingerprint::of(&bytes).bytes())?;
        self.file.flush()?;
        Ok(self.file)
    }
}

fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_stdvec(value).expect("encoding into memory does not fail")
}

/// A pack that was read.
#[derive(Debug)]
pub(super) struct Pack {
    pub(super) path: PathBuf,
    /// None if it is opened whenever something is read.
    file: Option<File>,
    stamp: Stamp,
    pub(super) segment: Segment,
}

impl Pack {
    /// Opens a pack, and looks whether its bytes have this fingerprint. None if it is damaged or of another version.
    pub(super) fn open(path: &Path, content: Fingerprint) -> io::Result<Option<Self>> {
        if Fingerprint::of_file(path)? != content {
            return Ok(None);
        }
        let mut file = File::open(path)?;
        let mut magic = vec![0; MAGIC.len()];
        let stamp = Stamp::of_output(&file.metadata()?);
        let length = stamp.length;
        let Some(end) = length.checked_sub(TRAILER).filter(|end| *end >= MAGIC.len() as u64) else { return Ok(None) };
        file.read_exact(&mut magic)?;
        file.seek(SeekFrom::Start(end))?;
        let mut trailer = [0; TRAILER as usize];
        file.read_exact(&mut trailer)?;
        let (size, checksum) = trailer.split_at(8);
        let size = u64::from_le_bytes(size.try_into().unwrap_or_default());
        let Some(at) = end.checked_sub(size).filter(|_| magic == MAGIC) else { return Ok(None) };
        file.seek(SeekFrom::Start(at))?;
        let mut bytes = vec![0; usize::try_from(size).unwrap_or_default()];
        file.read_exact(&mut bytes)?;
        if Fingerprint::of(&bytes).bytes() != checksum {
            return Ok(None);
        }
        let segment = postcard::from_bytes::<Segment>(&bytes).ok();
        // A checksum says that nothing was lost, and not that whoever wrote it meant well.
        let segment = segment.filter(|segment| segment.slots.iter().all(|slot| slot.is_within(at)));
        Ok(segment.map(|segment| Self { path: path.to_path_buf(), file: Some(file), stamp, segment }))
    }

    /// Closes the file, which is opened whenever something is read: a process may have so many open and no more.
    pub(super) fn close(&mut self) {
        self.file = None;
    }

    /// The page in a slot, or what is wrong with it; the questions in its trace have the `numbers` of whoever reads.
    pub(super) fn page(&self, slot: &Slot, numbers: &[u32]) -> io::Result<Result<Page, Vec<Diagnostic>>> {
        let (record, length, _) = slot.lengths;
        let bytes = self.read(slot.at, u64::from(record) + length)?;
        let (record, bytes) = bytes.split_at(record as usize);
        match postcard::from_bytes(record).map_err(|_| damaged())? {
            Record::Wrong(problems) => Ok(Err(problems)),
            Record::Page { mut trace, content } => {
                for number in &mut trace.shared {
                    *number = *numbers.get(*number as usize).ok_or_else(damaged)?;
                }
                // The file was right when it was opened.
                if Fingerprint::of(bytes) != content {
                    return Err(damaged());
                }
                Ok(Ok(Page { bytes: bytes.to_vec(), trace: *trace }))
            }
        }
    }

    /// The compressed copy of the page in a slot.
    pub(super) fn precompressed(&self, slot: &Slot, encoding: Encoding) -> io::Result<Option<Vec<u8>>> {
        let (record, length, precompressed) = slot.lengths;
        let own = precompressed[encoding as usize];
        let before = if encoding as usize == 0 { 0 } else { precompressed[0] };
        let at = slot.at + u64::from(record) + length + before;
        if own == 0 { Ok(None) } else { self.read(at, own).map(Some) }
    }

    fn read(&self, at: u64, length: u64) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; usize::try_from(length).map_err(|_| damaged())?];
        if let Some(file) = &self.file {
            read_at(file, &mut bytes, at)?;
        } else {
            let file = File::open(&self.path)?;
            if Stamp::of_output(&file.metadata()?) != self.stamp {
                return Err(damaged());
            }
            read_at(&file, &mut bytes, at)?;
        }
        Ok(bytes)
    }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "it has changed since it was opened")
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, bytes, at)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                bytes = &mut bytes[read..];
                at += read as u64;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::time::Timestamp;
    use crate::config::Overrides;

    #[test]
    fn a_pack_whose_outputs_would_lie_outside_of_it_is_refused() {
        let open = |slot: Slot| {
            let share = Share::new(1, 1).unwrap();
            let segment = Segment::empty(share, Given::of(&Overrides::default(), Timestamp(0)));
            let mut writer = PackWriter::new(Vec::new()).unwrap();
            writer.slots.push(slot);
            let bytes = writer.finish(&[], segment).unwrap();
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), &bytes).unwrap();
            Pack::open(file.path(), Fingerprint::of(&bytes)).unwrap().is_some()
        };
        let slot = |at, record, length, precompressed| Slot { number: 0, at, lengths: (record, length, precompressed) };
        assert!(open(slot(0, 1, 1, [1, 1])));
        for lengths in [(u32::MAX, 0, [0, 0]), (0, u64::MAX, [0, 0]), (1, 1 << 50, [0, 0]), (0, 0, [0, 1 << 50])] {
            assert!(!open(slot(3, lengths.0, lengths.1, lengths.2)), "{lengths:?}");
        }
        assert!(!open(slot(u64::MAX, 1, 0, [0, 0])));
    }
}
