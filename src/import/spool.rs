//! The spool: items on disk between the pass that reads them and the pass that writes them.
//!
//! What must wait for later items (images, shared blocks, the pattern of all addresses) waits here, so an export of
//! any size takes the memory of its index.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};

use super::item::Record;

/// Records that are being written.
#[derive(Debug)]
pub(super) struct Spool {
    file: BufWriter<File>,
}

/// Records that are read again, in order.
#[derive(Debug)]
pub(super) struct Reader {
    file: BufReader<File>,
    line: Vec<u8>,
}

impl Spool {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { file: BufWriter::with_capacity(1 << 20, tempfile::tempfile()?) })
    }

    pub(super) fn add(&mut self, record: &Record) -> io::Result<()> {
        let bytes = serde_json::to_vec(record).map_err(io::Error::other)?;
        self.file.write_all(&(bytes.len() as u64).to_le_bytes())?;
        self.file.write_all(&bytes)
    }

    pub(super) fn read(self) -> io::Result<Reader> {
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        io::Seek::rewind(&mut file)?;
        Ok(Reader { file: BufReader::with_capacity(1 << 20, file), line: Vec::new() })
    }
}

impl Reader {
    /// The next record as its bytes; none behind the last one.
    pub(super) fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut length = [0; 8];
        match self.file.read_exact(&mut length) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        }
        self.line.resize(u64::from_le_bytes(length) as usize, 0);
        self.file.read_exact(&mut self.line)?;
        Ok(Some(std::mem::take(&mut self.line)))
    }
}

/// A record from its bytes in the spool.
pub(super) fn record(bytes: &[u8]) -> io::Result<Record> {
    serde_json::from_slice(bytes).map_err(io::Error::other)
}
