//! A stamp is what a file system tells about a file without reading it: length and modification time.
//!
//! Two contents can have one stamp when the second was written within the clock's grain of the first.
//! So a stamp is trusted only when it is older than the moment it was taken, by a margin.

use std::fs::Metadata;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// How much older than the listing a modification time must be to be believed: 2 seconds, the grain of
/// the coarsest file system in use (FAT) …
pub const COARSE_MARGIN_NANOSECONDS: i64 = 2_000_000_000;

/// … or, where times have fractions of a second, twice the grain of the slowest kernel clock (10 ms).
pub const FINE_MARGIN_NANOSECONDS: i64 = 20_000_000;

/// Length and modification time of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub struct Stamp {
    /// Bytes.
    pub length: u64,
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    pub modified: i64,
}

impl Stamp {
    /// The stamp of a source.
    ///
    /// Where the system has a time of last status change (Unix `ctime`), the later of the two counts: a
    /// tool that puts another file in place and keeps its modification time cannot hide that.
    pub fn of_source(metadata: &Metadata) -> Self {
        let mut stamp = Self::of_output(metadata);
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let changed = metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec());
            stamp.modified = stamp.modified.max(changed);
        }
        stamp
    }

    /// The stamp of a file that we wrote: its modification time as it stands.
    pub fn of_output(metadata: &Metadata) -> Self {
        Self { length: metadata.len(), modified: metadata.modified().map_or(0, nanoseconds) }
    }

    /// Whether the stamp, taken by a listing that began at `started`, proves that the content is still
    /// the one with the same stamp.
    pub fn is_trusted(&self, started: i64) -> bool {
        let is_fine = self.modified % 1_000_000_000 != 0;
        let margin = if is_fine { FINE_MARGIN_NANOSECONDS } else { COARSE_MARGIN_NANOSECONDS };
        self.modified < started - margin
    }
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
        let stamp = Stamp { length: 1, modified: 10_000_000_000 };
        assert!(!stamp.is_trusted(10_000_000_000));
        assert!(!stamp.is_trusted(12_000_000_000));
        assert!(stamp.is_trusted(12_000_000_001));
        let fine = Stamp { length: 1, modified: 10_000_000_007 };
        assert!(!fine.is_trusted(10_020_000_007));
        assert!(fine.is_trusted(10_020_000_008));
    }
}
