//! What the last build left in the output folder, read from its log for those who only want to know that.
//!
//! Not what a build goes on from: that is the whole [log](super::log). Inputs and questions, which are most of it, are
//! passed over without being kept.

use std::fs::File;
use std::path::Path;

use super::log::{Decoded, Head, Segments, decode_parts};
use crate::article::Row;
use crate::query::trace::Written;

/// What a build left in the output folder, by its log, without what each page depends on.
#[derive(Debug, Default)]
pub struct Outputs {
    /// As [`BuildLog::head`](super::BuildLog::head).
    pub head: Head,
    /// As [`BuildLog::rows`](super::BuildLog::rows).
    pub rows: Vec<Row>,
    /// The files that were written, by slots; those without a path are vacant.
    pub files: Vec<Written>,
    /// As [`BuildLog::is_there`](super::BuildLog::is_there).
    pub is_there: bool,
}

impl Outputs {
    /// Reads a log as [`BuildLog::read`](super::BuildLog::read) does, in less time.
    pub fn read(path: &Path) -> Self {
        File::open(path).ok().and_then(Self::decode).unwrap_or_default()
    }

    fn decode(mut file: File) -> Option<Self> {
        let Segments { base, later, .. } = Segments::of(&mut file)?;
        let (mut rows, mut files) = (Vec::new(), Vec::new());
        decode_parts(&mut file, &base.parts, |decoded: Decoded<Written>| match decoded {
            Decoded::Rows(mut some) => rows.append(&mut some),
            Decoded::Traces(mut some) => files.append(&mut some),
            Decoded::Questions(_) => {}
        })?;
        let mut head = base.head;
        for segment in later {
            let changes = segment.changes(&mut file)?;
            changes.rows.apply(&mut rows);
            changes.traces.apply_to(&mut files)?;
            head = segment.head;
        }
        Some(Self { head, rows, files, is_there: true })
    }
}
