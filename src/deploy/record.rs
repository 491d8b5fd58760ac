//! The record: what was deployed to a target, as its store keeps it.
//!
//! A small `head` names a base, which holds everything, and segments, each of which holds what one deployment
//! changed. The head is only ever written under the condition that nobody else has written it, so it is also the
//! lease that keeps two deployments apart, and names the intent of the one that is running. So one request tells
//! all of it. Files that the head does not name mean nothing.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::failed;
use super::journal::{Done, Intent};
use super::manifest::{Changes, Entry, Manifest, decode, encode, is_inside};
use super::target::{Got, Store};
use crate::diagnostic::Diagnostic;
use crate::pipeline::Failure;

/// The name of the head.
pub(super) const HEAD: &str = "head";

/// The format of the record; a program that knows only older ones refuses it.
const FORMAT: u32 = 1;

/// So many segments are read one by one; then the next deployment writes a base.
const MOST_SEGMENTS: usize = 32;

/// What a record is made of, as the file `head` says it in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    /// Of the record.
    pub(super) format: u32,
    /// The address of the site.
    pub(super) site: String,
    /// Where it was deployed to: a record that lies elsewhere outlives a change of `to`.
    pub(super) target: String,
    /// How often was deployed.
    pub(super) generation: u64,
    /// What stands for the manifest.
    pub(super) root: String,
    /// The file that holds everything; none before the first deployment is complete.
    pub(super) base: Option<String>,
    /// Files that hold what later deployments changed.
    pub(super) segments: Vec<String>,
    /// The file that says what the deployment is doing that runs, or was interrupted. All that differs from base and
    /// segments is in it.
    pub(super) intent: Option<String>,
    /// Files that mean nothing any more and may still be there. They name what is not public.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) stale: Vec<String>,
    /// The file that says who has not been told of what changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) untold: Option<String>,
    /// Whether the target may hold files of deployments that no file of the record names any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) is_incomplete: bool,
    /// Who is deploying.
    pub(super) lease: Option<Held>,
    /// The file with the log of a build, from which machines without a state go on. It may be of an older build: a page
    /// counts as known if the target holds what the log says of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) log: Option<String>,
    /// Makes each head another one.
    pub(super) nonce: String,
}

/// Who is deploying.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Held {
    /// A number that belongs to one run of the program.
    pub(super) holder: String,
    /// Until when, in seconds since 1970, unless it is renewed.
    pub(super) until: i64,
}

impl Head {
    /// The head of a record that holds nothing.
    pub(super) fn new(site: &str, target: &str) -> Self {
        Self {
            format: FORMAT,
            site: site.to_owned(),
            target: target.to_owned(),
            generation: 0,
            root: Manifest::default().root(),
            base: None,
            segments: Vec::new(),
            intent: None,
            stale: Vec::new(),
            untold: None,
            is_incomplete: false,
            lease: None,
            log: None,
            nonce: String::new(),
        }
    }

    /// The text of the file; each is another one.
    pub(super) fn bytes(&mut self) -> Vec<u8> {
        self.nonce = random_name();
        serde_json::to_vec_pretty(self).expect("a head is JSON")
    }

    /// What tells two states of a target apart.
    pub(super) fn holds(&self) -> (&str, Option<&str>) {
        (&self.root, self.intent.as_deref())
    }

    /// The files that it names.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let single = [&self.base, &self.intent, &self.untold, &self.log].into_iter().flatten();
        single.chain(&self.segments).chain(&self.stale).map(String::as_str)
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Self, Failure> {
        let damaged = |message: &str| {
            Failure::site(Diagnostic::error(format!("the record of what was deployed {message}")).hint(ADOPT))
        };
        /// What all versions have.
        #[derive(Deserialize)]
        struct Any {
            format: u32,
        }
        match serde_json::from_slice(bytes) {
            Ok(Any { format: FORMAT }) => serde_json::from_slice(bytes)
                .ok()
                .filter(|head: &Self| head.names().all(is_name))
                .ok_or_else(|| damaged("is damaged")),
            Ok(_) => Err(damaged("was written by another version of courant")),
            Err(_) => Err(damaged("is damaged")),
        }
    }
}

/// Whether a file of the record may have this name. Whoever can write to a target can write the head, too, and its
/// names become paths, and words of scripts on another machine.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name != HEAD && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// A name that nobody else chooses.
pub(super) fn random_name() -> String {
    let mut bytes = [0_u8; 8];
    // Without randomness the moment is as good: two deployments of one target hardly begin in the same nanosecond.
    if getrandom::fill(&mut bytes).is_err() {
        bytes = jiff::Timestamp::now().as_nanosecond().to_le_bytes()[..8].try_into().unwrap_or_default();
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What was deployed to a target.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    /// Its head; none if there is no record.
    pub(super) head: Option<Head>,
    /// The tag of the head.
    pub(super) tag: String,
    /// What the target holds.
    pub(super) manifest: Manifest,
    /// Whether the copy on this machine is the same.
    pub(super) is_copied: bool,
    /// What the copy lacks, if it has everything else.
    pub(super) lacking: Option<Changes>,
    /// Whether it says something that is not in the store, such as what an interrupted deployment may have left.
    pub(super) is_guessed: bool,
    /// What interrupted deployments meant to do since the last one that came to its end, and have done.
    pub(super) unfinished: (Intent, Done),
}

/// A record as it lies in `.courant/deploy`, and behind it what each later deployment changed: to write all of it for
/// one edit would take longer than everything else. Each part has its length in front. A part that is damaged makes the
/// copy worthless, which only costs time.
#[derive(Serialize, Deserialize)]
struct Copy<M> {
    /// Which store it is of.
    place: String,
    tag: String,
    head: String,
    changes: M,
}

/// The first part, with its length, and the rest.
fn split_part(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)
}

impl Record {
    /// Reads the record, most of it from what this machine has `copied` if that is still true.
    ///
    /// # Errors
    /// The store does not answer, or the record is damaged.
    pub(super) fn read(store: &dyn Store, copied: Option<Self>) -> Result<Self, Failure> {
        let known = copied.as_ref().map(|copied| &*copied.tag);
        match (store.get(HEAD, known)?, copied) {
            (Got::Same, Some(copied)) => Ok(copied),
            (Got::File(bytes, tag), copied) => Self::fetch(store, Head::read(&bytes)?, tag, copied),
            _ => Ok(Self::default()),
        }
    }

    /// The record as this machine has it in the file `copy`. `place` says which store it is.
    pub(super) fn copied(copy: &Path, place: &str) -> Option<Self> {
        let bytes = fs::read(copy).ok()?;
        let (mut manifest, mut last) = (Manifest::default(), None);
        let mut rest = &*bytes;
        while !rest.is_empty() {
            let (part, behind) = split_part(rest)?;
            let part = decode::<Copy<Changes>>(part).filter(|copy| copy.place == place)?;
            manifest.apply(part.changes);
            (last, rest) = (Some((part.head, part.tag)), behind);
        }
        let (head, tag) = last?;
        let head = Head::read(head.as_bytes()).ok()?;
        Some(Self { head: Some(head), tag, manifest, is_copied: true, ..Self::default() })
    }

    /// Fetches what the copy does not have.
    fn fetch(store: &dyn Store, head: Head, tag: String, copied: Option<Self>) -> Result<Self, Failure> {
        let copied = copied.and_then(|copied| {
            let known = copied.head?;
            let is_older = known.base == head.base && head.segments.starts_with(&known.segments);
            is_older.then_some((known.segments.len(), copied.manifest))
        });
        let (known, mut manifest) = match copied {
            Some((known, manifest)) => (known, manifest),
            None => {
                let mut manifest = Manifest::default();
                if let Some(base) = &head.base {
                    manifest.apply(part(store, base)?);
                }
                (0, manifest)
            }
        };
        for segment in &head.segments[known..] {
            manifest.apply(part(store, segment)?);
        }
        if manifest.root() != head.root || !manifest.files.keys().all(|path| is_inside(path)) {
            return Err(incomplete());
        }
        Ok(Self { head: Some(head), tag, manifest, ..Self::default() })
    }

    /// Writes the copy. Without it the next deployment asks the store, so a failure only costs time.
    pub(super) fn copy_to(&self, copy: &Path, place: &str) -> Result<(), Failure> {
        let Some(head) = &self.head else { return Ok(()) };
        let head = serde_json::to_string(head).expect("a head is JSON");
        let (place, tag) = (place.to_owned(), self.tag.clone());
        let is_complete = match &self.lacking {
            Some(changes) => {
                add_part(copy, &part_of(&Copy { place: place.clone(), tag: tag.clone(), head: head.clone(), changes }))
            }
            None => Ok(false),
        };
        let write =
            || crate::write::replace(copy, &part_of(&Copy { place, tag, head, changes: self.manifest.as_changes() }));
        // What cannot be added is written anew.
        if is_complete.unwrap_or_default() { Ok(()) } else { write() }.map_err(failed("write", copy.display()))
    }

    /// Takes into account what a deployment has done that did not come to its end. Of what it only meant to do,
    /// nobody knows whether it was done.
    pub(super) fn settle(&mut self, mut intent: Intent, done: Done) {
        self.is_guessed = true;
        intent.puts.retain(|(path, _)| is_inside(path));
        intent.gone.retain(|path| is_inside(path));
        let unknown = |manifest: &Manifest, path: &str, entry: Entry| {
            // Who was withdrawn before stays known by what the target held.
            Entry { content: Entry::UNKNOWN, ..manifest.files.get(path).cloned().unwrap_or(entry) }
        };
        let mut changes = Changes::default();
        for (path, entry) in &intent.puts {
            let entry = match done.tag(path) {
                Some(Some(tag)) => Entry { tag: tag.into(), ..entry.clone() },
                _ => unknown(&self.manifest, path, entry.clone()),
            };
            changes.set.push((path.clone(), entry));
        }
        self.manifest.apply(std::mem::take(&mut changes));
        for path in &intent.gone {
            match done.tag(path) {
                Some(None) => changes.gone.push(path.clone()),
                Some(Some(_)) => {}
                None => changes.set.push((path.clone(), unknown(&self.manifest, path, Entry::default()))),
            }
        }
        self.manifest.apply(changes);
        self.unfinished = (intent, done);
    }

    /// Does not trust the record any more: each of its files may be another one by now, and others may be there.
    pub(super) fn doubt(&mut self) {
        let puts = self.manifest.files.iter().map(|(path, entry)| (path.clone(), entry.clone())).collect();
        self.settle(Intent { puts, gone: Vec::new() }, Done::default());
        if let Some(head) = &mut self.head {
            head.is_incomplete = true;
        }
    }

    /// Makes changes, and writes the file that holds them, or everything if that is due or nobody knows what was there.
    /// Returns the record with the head that names it, and the files that mean nothing any more.
    ///
    /// # Errors
    /// The store cannot be written.
    pub(super) fn extend(
        mut self,
        store: &dyn Store,
        mut head: Head,
        changes: Changes,
    ) -> Result<(Self, Head, Vec<String>), Failure> {
        head.generation += 1;
        let name = |kind: &str| format!("{kind}-{}-{}", head.generation, random_name());
        let is_small = (changes.set.len() + changes.gone.len()) * 4 <= self.manifest.files.len() + 64;
        let may_grow = head.base.is_some() && head.segments.len() < MOST_SEGMENTS && !self.is_guessed;
        let mut stale = Vec::new();
        self.lacking = (is_small && self.is_copied && !self.is_guessed).then(|| changes.clone());
        if is_small && may_grow {
            let segment = name("segment");
            write(store, &segment, &encode(&changes))?;
            head.segments.push(segment);
            let root = self.manifest.root_after(&head.root, &changes);
            self.manifest.apply(changes);
            head.root = root.unwrap_or_else(|| self.manifest.root());
            debug_assert_eq!(head.root, self.manifest.root(), "no path is twice among the changes");
        } else {
            let base = name("base");
            self.manifest.apply(changes);
            head.root = self.manifest.root();
            write(store, &base, &encode(&self.manifest.as_changes()))?;
            stale.extend(head.base.replace(base));
            stale.append(&mut head.segments);
        }
        Ok((self, head, stale))
    }
}

/// A part of a copy.
fn part_of<M: Serialize>(copy: &Copy<M>) -> Vec<u8> {
    let bytes = encode(copy);
    let mut part = (bytes.len() as u64).to_le_bytes().to_vec();
    part.extend(bytes);
    part
}

/// Adds a part to a copy. False if the copy has grown by a quarter.
fn add_part(copy: &Path, part: &[u8]) -> io::Result<bool> {
    let mut file = File::options().read(true).append(true).open(copy)?;
    let mut length = [0; 8];
    file.read_exact(&mut length)?;
    let base = u64::from_le_bytes(length) + 8;
    let added = (file.metadata()?.len() + part.len() as u64).saturating_sub(base);
    let may_grow = added <= base / 4 + (64 << 10);
    if may_grow {
        file.write_all(part)?;
    }
    Ok(may_grow)
}

/// Writes a file that nobody else writes.
pub(super) fn write(store: &dyn Store, name: &str, bytes: &[u8]) -> Result<(), Failure> {
    store.put(name, bytes, super::target::If::Any).map(|_| ())
}

fn part(store: &dyn Store, name: &str) -> Result<Changes, Failure> {
    match store.get(name, None)? {
        Got::File(bytes, _) => decode(&bytes).ok_or_else(incomplete),
        _ => Err(incomplete()),
    }
}

/// A part of the record is missing or damaged.
pub(super) fn incomplete() -> Failure {
    Failure::site(Diagnostic::error("the record of what was deployed is not complete").hint(ADOPT))
}

const ADOPT: &str = "deploy with `--adopt`: that uploads everything, begins a new record, and names what else is there";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_names_files_of_the_record_and_nothing_else() {
        let read = |name: &str| {
            let mut head = Head::new("https://paper.example", "folder:live");
            head.segments = vec!["segment-2-0a".into(), name.into()];
            Head::read(&head.bytes()).is_ok()
        };
        for good in ["base-1-0a1b", "log-12-ff", "intent-3-0a"] {
            assert!(read(good), "{good}");
        }
        for bad in ["", "head", "../../x", "a/b", "$(touch x)", "x'; touch y #", "a b", ".", "\"", "a\nb"] {
            assert!(!read(bad), "{bad:?}");
        }
    }
}
