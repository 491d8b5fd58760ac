//! A stamp is what a file system tells about a file without reading it: length, modification time, and which file it is.
//!
//! Two contents can have one stamp when the second was written within the clock's grain of the first.
//! So a stamp is trusted only when it is older than the moment it was taken, by a margin.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// How much older than the listing a modification time must be to be believed: 2 seconds, the grain of
/// the coarsest file system in use (FAT) …
pub const COARSE_MARGIN_NANOSECONDS: i64 = 2_000_000_000;

/// … or, where times have fractions of a second, twice the grain of the slowest kernel clock (10 ms).
pub const FINE_MARGIN_NANOSECONDS: i64 = 20_000_000;

/// Length and modification time of a file, and which file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub struct Stamp {
    /// Bytes.
    pub length: u64,
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    pub modified: i64,
    /// Of sources, device and number of the file, where the system has them: a folder that takes the place of another
    /// one, or a link that leads elsewhere, changes no time.
    pub file: u64,
}

impl Stamp {
    /// The stamp of a source.
    ///
    /// Where the system has a time of last status change (Unix `ctime`), the later of the two counts: a
    /// tool that puts another file in place and keeps its modification time cannot hide that.
    pub fn of_source(metadata: &Metadata) -> Self {
        let stamp = Self::of_output(metadata);
        #[cfg(unix)]
        let stamp = {
            use std::os::unix::fs::MetadataExt;
            let changed = metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec());
            let file = number_of(metadata.dev(), metadata.ino());
            Self { modified: stamp.modified.max(changed), file, ..stamp }
        };
        stamp
    }

    /// The stamp of a file that we wrote: its modification time as it stands.
    pub fn of_output(metadata: &Metadata) -> Self {
        Self { length: metadata.len(), modified: metadata.modified().map_or(0, nanoseconds), file: 0 }
    }

    /// Whether the stamp, taken by a listing that began at `started`, proves that the content is still
    /// the one with the same stamp.
    pub fn is_trusted(&self, started: i64) -> bool {
        let is_fine = self.modified % 1_000_000_000 != 0;
        let margin = if is_fine { FINE_MARGIN_NANOSECONDS } else { COARSE_MARGIN_NANOSECONDS };
        self.modified < started.saturating_sub(margin)
    }
}

/// A folder in which many files are looked at. Where the system lets us, it is held open, so that the way
/// to it is gone only once.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    #[cfg(unix)]
    handle: Option<fs::File>,
}

impl Folder {
    /// Opens a folder. If that fails, each file is looked at by its whole path.
    pub(crate) fn open(path: &Path) -> Self {
        Self {
            path: path.to_path_buf(),
            #[cfg(unix)]
            handle: fs::File::open(path).ok(),
        }
    }

    /// The stamp of a source; links are followed.
    pub(crate) fn stamp_of_source(&self, name: &str) -> io::Result<Stamp> {
        #[cfg(unix)]
        if let Some(handle) = &self.handle {
            let found = rustix::fs::statat(handle, name, rustix::fs::AtFlags::empty())?;
            let changed = join(found.st_ctime, found.st_ctime_nsec as i64);
            let modified = join(found.st_mtime, found.st_mtime_nsec as i64);
            let file = number_of(found.st_dev, found.st_ino);
            return Ok(Stamp { length: found.st_size as u64, modified: modified.max(changed), file });
        }
        Ok(Stamp::of_source(&fs::metadata(self.path.join(name))?))
    }

    /// The stamp of a file that we wrote; none if it is missing, no regular file, or a link.
    pub(crate) fn stamp_of_output(&self, name: &str) -> Option<Stamp> {
        #[cfg(unix)]
        if let Some(handle) = &self.handle {
            let found = rustix::fs::statat(handle, name, rustix::fs::AtFlags::SYMLINK_NOFOLLOW).ok()?;
            let is_file = rustix::fs::FileType::from_raw_mode(found.st_mode).is_file();
            let modified = join(found.st_mtime, found.st_mtime_nsec as i64);
            return is_file.then_some(Stamp { length: found.st_size as u64, modified, file: 0 });
        }
        let metadata = fs::symlink_metadata(self.path.join(name)).ok()?;
        metadata.is_file().then(|| Stamp::of_output(&metadata))
    }
}

/// Seconds and nanoseconds as nanoseconds.
#[cfg(unix)]
fn join(seconds: i64, nanoseconds: i64) -> i64 {
    seconds.saturating_mul(1_000_000_000).saturating_add(nanoseconds)
}

/// Device and number of a file as one number.
#[cfg(unix)]
fn number_of(device: u64, number: u64) -> u64 {
    device.rotate_left(40) ^ number
}

fn nanoseconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_nanos()).unwrap_or(i64::MAX),
    }
}

/// The clock, to be compared with modification times only; no page ever sees it.
pub fn now_nanoseconds() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "stamps are compared with the clock that made them")]
    nanoseconds(SystemTime::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_as_young_as_the_listing_proves_nothing() {
        let stamp = Stamp { length: 1, modified: 10_000_000_000, file: 0 };
        assert!(!stamp.is_trusted(10_000_000_000));
        assert!(!stamp.is_trusted(12_000_000_000));
        assert!(stamp.is_trusted(12_000_000_001));
        let fine = Stamp { length: 1, modified: 10_000_000_007, file: 0 };
        assert!(!fine.is_trusted(10_020_000_007));
        assert!(fine.is_trusted(10_020_000_008));
    }
}
