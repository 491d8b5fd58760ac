//! The manifest: what a target holds, by path.
//!
//! Not what it should hold (that is the [release](super::release)), and not how it is kept there (that is the
//! [record](super::record)). An entry says what was uploaded under which headers, and what the store answered.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::files::Files;
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::pipeline::withdrawn::Published;
use crate::plan::Class;
use crate::site_path;

/// A file of the target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Its bytes; [`Entry::UNKNOWN`] when an interrupted deployment may have left any.
    pub(super) content: Fingerprint,
    /// Its headers.
    pub(super) headers: Fingerprint,
    /// Bytes.
    pub(super) length: u64,
    /// How it goes out.
    pub(super) class: Class,
    /// The number of the source that it tells of; 0 if there is none.
    pub(super) origin: u64,
    /// The bytes of that source, by which it is found again when it has another name.
    pub(super) source: Fingerprint,
    /// What the store answered: the ETag, for instance. It means nothing but that the file is still the same.
    pub(super) tag: Box<str>,
    /// Since when no page names it, in seconds since 1970; 0 as long as it is part of the site.
    pub(super) left: i64,
}

impl Entry {
    /// The content of a file that nobody knows.
    pub(super) const UNKNOWN: Fingerprint = Fingerprint::NONE;

    /// Whether the other one has the same bytes and headers.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.content == other.content && self.headers == other.headers && self.content != Self::UNKNOWN
    }

    fn sum(&self, path: &str) -> u128 {
        let mut sum = Fingerprinter::new("deployed");
        sum.text(path).part(&self.content).part(&self.headers).text(&self.tag).number(self.left as u64);
        u128::from_le_bytes(*sum.finish().bytes())
    }
}

/// What a target holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    /// Its files, by their path in the output folder.
    pub(super) files: Files<Entry>,
}

/// What one deployment changed in a manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Changes {
    /// Files that are new or another.
    pub(super) set: Vec<(Box<str>, Entry)>,
    /// Files that are gone.
    pub(super) gone: Vec<Box<str>>,
}

impl Manifest {
    /// The pages in it, as what each tells of.
    pub(super) fn pages(&self) -> Vec<Published<'_>> {
        let pages = self.files.iter().filter(|(path, entry)| entry.origin != 0 && site_path::is_page(path));
        pages.map(|(path, entry)| Published { path, origin: entry.origin, source: entry.source }).collect()
    }

    /// A number that stands for all of it.
    pub(super) fn root(&self) -> String {
        let sum = self.files.iter().fold(0_u128, |sum, (path, entry)| sum.wrapping_add(entry.sum(path)));
        format!("{sum:032x}")
    }

    /// Makes what a deployment changed true.
    pub(super) fn apply(&mut self, changes: Changes) {
        if self.files.is_empty() {
            // What is sorted already becomes a map at once.
            self.files = changes.set.into_iter().collect();
            return;
        }
        self.files.change(changes.set, changes.gone);
    }

    /// The root hash after changes that are still to be applied; `root` is the one before. No path occurs twice among
    /// them.
    pub(super) fn root_after(&self, root: &str, changes: &Changes) -> Option<String> {
        let root = u128::from_str_radix(root, 16).ok()?;
        let sum = |path: &str| self.files.get(path).map_or(0, |entry| entry.sum(path));
        let paths = changes.set.iter().map(|(path, _)| path).chain(&changes.gone);
        let before = paths.fold(0_u128, |all, path| all.wrapping_add(sum(path)));
        let after = changes.set.iter().fold(0_u128, |all, (path, entry)| all.wrapping_add(entry.sum(path)));
        Some(format!("{:032x}", root.wrapping_sub(before).wrapping_add(after)))
    }

    /// All of it, as changes to nothing.
    pub(super) fn as_changes(&self) -> Everything<'_> {
        Everything { set: self.files.iter().map(|(path, entry)| (&**path, entry)).collect(), gone: Vec::new() }
    }
}

/// A manifest, encoded as [`Changes`] to nothing are.
#[derive(Debug, Serialize)]
pub(super) struct Everything<'m> {
    set: Vec<(&'m str, &'m Entry)>,
    gone: Vec<&'m str>,
}

/// The first bytes of what is encoded; the number grows with the format.
const MAGIC: &[u8] = b"courant deploy 1\n";

/// A value as bytes with a checksum.
pub(super) fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    let mut bytes = postcard::to_extend(value, MAGIC.to_vec()).expect("encoding into memory does not fail");
    let checksum = Fingerprint::of(&bytes);
    bytes.extend(checksum.bytes());
    bytes
}

/// The value that [`encode`] has encoded; none if the bytes are damaged or of another version.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let (whole, checksum) = bytes.split_at_checked(bytes.len().checked_sub(16)?)?;
    if Fingerprint::of(whole).bytes() != checksum {
        return None;
    }
    postcard::from_bytes(whole.strip_prefix(MAGIC)?).ok()
}

/// Whether a path stays in the target: it is relative, and no part of it leads elsewhere. What is read from a store
/// may have been written by anybody.
pub(super) fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && !path.contains(['\\', '\0', '\n', '\r'])
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
        && path.split('/').next() != Some(super::STATE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(content: &str) -> Entry {
        Entry { content: Fingerprint::of(content.as_bytes()), tag: "t".into(), ..Entry::default() }
    }

    fn manifest(files: &[(&str, &str)]) -> Manifest {
        Manifest { files: files.iter().map(|(path, content)| ((*path).into(), entry(content))).collect() }
    }

    #[test]
    fn changes_lead_from_one_manifest_to_the_other() {
        let (one, other) = (manifest(&[("a", "1"), ("b", "2")]), manifest(&[("b", "3"), ("c", "4")]));
        let set = other.files.iter().map(|(path, entry)| (path.clone(), entry.clone())).collect();
        let mut applied = one.clone();
        let changes = Changes { set, gone: vec!["a".into()] };
        assert_eq!(one.root_after(&one.root(), &changes), Some(other.root()));
        applied.apply(changes);
        assert_eq!(applied, other);
        assert_eq!(applied.root(), other.root());
        assert_ne!(one.root(), other.root());
    }

    #[test]
    fn damaged_bytes_are_nothing() {
        let whole = manifest(&[("a", "1"), ("b", "2")]);
        let good = encode(&whole.as_changes());
        let mut read = Manifest::default();
        read.apply(decode(&good).expect("read"));
        assert_eq!(read, whole);
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 1;
            assert!(decode::<Changes>(&bad).is_none(), "byte {at}");
            assert!(decode::<Changes>(&good[..at]).is_none(), "cut at {at}");
        }
    }

    #[test]
    fn no_path_leads_out_of_the_target() {
        for good in ["index.html", "a/b.html", ".nojekyll", "a/.courant-deploy"] {
            assert!(is_inside(good), "{good}");
        }
        for bad in ["", "/etc/passwd", "../x", "a/../../x", "a//b", "a/./b", "a\\b", ".courant-deploy/head", "a\nb"] {
            assert!(!is_inside(bad), "{bad}");
        }
    }
}
