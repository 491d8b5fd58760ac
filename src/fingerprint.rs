//! A fingerprint is 128 bits that stand for some bytes: equal fingerprints, equal bytes.
//!
//! The hash is XXH3-128: stable across platforms, processes and releases, and as fast as memory. It is
//! not cryptographic; everything that is fingerprinted belongs to the site's owner. Whatever has a
//! variable length is hashed with its length in front, so that `["ab", "c"]` and `["a", "bc"]` differ.

use std::fmt;
use std::fs::File;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3, xxh3_64, xxh3_128};

/// 128 bits of XXH3 over length-prefixed bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Default)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// Stands for nothing: no bytes have it but by chance, one in 2^128.
    pub const NONE: Self = Self([0; 16]);

    /// The fingerprint of one run of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(xxh3_128(bytes).to_le_bytes())
    }

    /// The fingerprint of what a file holds, as [`of`](Self::of) gives it, read piece by piece.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn of_file(path: &Path) -> io::Result<Self> {
        let mut hash = Running::new();
        io::copy(&mut File::open(path)?, &mut hash.0)?;
        Ok(hash.finish())
    }

    /// The fingerprint of a value's `Serialize`, through the length-prefixed Postcard encoding.
    pub fn of_value<T: Serialize + ?Sized>(value: &T) -> Self {
        // Encoding into memory cannot fail for the types of this crate: none has an unsized sequence.
        let bytes = postcard::to_stdvec(value).expect("a value of ours serialises");
        Self::of(&bytes)
    }

    /// The first 8 hexadecimal digits: what a fingerprinted file name carries.
    pub fn short(&self) -> String {
        self.to_string()[..8].to_owned()
    }

    /// The fingerprint as bytes, to be hashed into another one.
    pub fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// The fingerprint of one run of bytes that comes piece by piece, as [`Fingerprint::of`] gives it.
pub struct Running(Xxh3);

impl Running {
    /// Of no bytes so far.
    #[expect(clippy::new_without_default, reason = "it begins something")]
    pub fn new() -> Self {
        Self(Xxh3::new())
    }

    /// Adds a piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The fingerprint of everything added so far.
    pub fn finish(&self) -> Fingerprint {
        Fingerprint(self.0.digest128().to_le_bytes())
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.finish(), f)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Builds one fingerprint from several parts.
///
/// Most are made of less than 240 bytes, which the hash takes at once and much faster than piece by piece;
/// the result is the same.
pub struct Fingerprinter {
    few: [u8; Self::FEW],
    length: usize,
    many: Option<Box<Xxh3>>,
}

impl Fingerprinter {
    const FEW: usize = 240;

    /// Starts a fingerprint of the kind `domain`: two kinds never collide by having the same parts.
    pub fn new(domain: &str) -> Self {
        let mut this = Self { few: [0; Self::FEW], length: 0, many: None };
        this.text(domain);
        this
    }

    fn update(&mut self, bytes: &[u8]) {
        if let Some(many) = &mut self.many {
            many.update(bytes);
        } else if let Some(place) = self.few.get_mut(self.length..self.length + bytes.len()) {
            place.copy_from_slice(bytes);
            self.length += bytes.len();
        } else {
            let mut many = Box::new(Xxh3::new());
            many.update(&self.few[..self.length]);
            many.update(bytes);
            self.many = Some(many);
        }
    }

    /// Adds text, length first.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.number(text.len() as u64);
        self.update(text.as_bytes());
        self
    }

    /// Adds a number.
    pub fn number(&mut self, number: u64) -> &mut Self {
        self.update(&number.to_le_bytes());
        self
    }

    /// Adds a fingerprint.
    pub fn part(&mut self, part: &Fingerprint) -> &mut Self {
        self.update(&part.0);
        self
    }

    /// The fingerprint of everything added so far.
    pub fn finish(&self) -> Fingerprint {
        match &self.many {
            Some(many) => Fingerprint(many.digest128().to_le_bytes()),
            None => Fingerprint::of(&self.few[..self.length]),
        }
    }
}

/// The name of a file of the output folder in maps with a million of them.
pub fn file_id(path: &str) -> u64 {
    xxh3_64(path.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_on_disk_never_changes() {
        assert_eq!(Fingerprint::of(b"courant").to_string(), "60cf739baab51c1f7bf82d28470c3b9d");
    }

    #[test]
    fn piece_by_piece_or_at_once_is_the_same() {
        for length in [0, 1, 200, 223, 224, 225, 300, 5000] {
            let text = "x".repeat(length);
            let mut all = 0_u64.to_le_bytes().to_vec();
            all.extend((length as u64).to_le_bytes());
            all.extend(text.as_bytes());
            all.extend(7_u64.to_le_bytes());
            let pieces = Fingerprinter::new("").text(&text).number(7).finish();
            assert_eq!(pieces, Fingerprint::of(&all), "{length} bytes");
        }
    }

    #[test]
    fn a_file_has_the_fingerprint_of_its_bytes() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        for length in [0, 100, 8 << 10, (8 << 10) + 1, 1 << 20] {
            let bytes: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            std::fs::write(&path, &bytes).expect("written");
            assert_eq!(Fingerprint::of_file(&path).expect("readable"), Fingerprint::of(&bytes), "{length} bytes");
        }
        assert!(Fingerprint::of_file(&folder.path().join("none")).is_err());
    }

    #[test]
    fn where_one_part_ends_matters() {
        let one = Fingerprinter::new("x").text("ab").text("c").finish();
        let two = Fingerprinter::new("x").text("a").text("bc").finish();
        assert_ne!(one, two);
        assert_ne!(Fingerprinter::new("y").finish(), Fingerprinter::new("z").finish());
    }
}
