//! The delta: what leads from what a target holds to what it should hold, in the order in which it is done.
//!
//! A pure function of the manifest, the release and the moment. The one idea: a file that vanished since its article
//! was withdrawn goes before anything is written, and everything else that vanished goes after everything is written.

use rustc_hash::FxHashSet;

use super::manifest::{Entry, Manifest};
use super::release::Release;
use crate::fingerprint::Fingerprint;
use crate::plan::Class;

/// A part of a deployment. Each begins when the one before is acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// Withdrawn pages and their files are removed.
    Withdrawals,
    /// Files that pages name.
    Files,
    /// Articles and pages.
    Entries,
    /// What lists them.
    Listings,
    /// Old addresses.
    Redirects,
    /// Everything else that is no longer part of the site is removed.
    Removals,
}

impl Phase {
    /// All of them, in order.
    pub(super) const ALL: [Self; 6] =
        [Self::Withdrawals, Self::Files, Self::Entries, Self::Listings, Self::Redirects, Self::Removals];

    /// When a file of this class is written.
    fn of(class: Class) -> Self {
        match class {
            Class::File | Class::Fingerprinted | Class::Variant | Class::Data => Self::Files,
            Class::Entry => Self::Entries,
            Class::Listing => Self::Listings,
            Class::Redirect => Self::Redirects,
        }
    }
}

/// What has to be done.
#[derive(Debug, Default)]
pub(super) struct Delta {
    /// Files that are removed first.
    pub(super) withdrawn: Vec<Box<str>>,
    /// Files that are written, with the phase of each; sorted by path.
    pub(super) puts: Vec<(Phase, Box<str>)>,
    /// Files that are removed last.
    pub(super) removed: Vec<Box<str>>,
    /// Files that stay for a while after they left the site.
    pub(super) leaving: Vec<Box<str>>,
    /// Files that left the site, and are part of it again with the same bytes.
    pub(super) returning: Vec<Box<str>>,
    /// How many removals count towards the limit.
    pub(super) counted: usize,
    /// Files that are new to the target, among `puts`.
    pub(super) new: FxHashSet<Box<str>>,
    /// Files that are as they should be.
    pub(super) unchanged: usize,
}

impl Delta {
    /// What leads from `held` to the release at the moment `now`; files with a fingerprint in their name stay for
    /// `grace` seconds.
    pub(super) fn of(held: &Manifest, release: &Release, now: i64, grace: i64) -> Self {
        let tellers = Tellers::of(release);
        let mut delta = Self::default();
        let gone: FxHashSet<&str> =
            held.files.iter().filter(|(_, entry)| tellers.has_lost(entry)).map(|(path, _)| &**path).collect();
        for (path, entry) in &held.files {
            let planned = release.files.get(path);
            if gone.contains(&**path) {
                delta.withdrawn.push(path.clone());
                delta.counted += usize::from(!tellers.withholds(entry) && planned.is_none());
            } else if planned.is_none() {
                match nearest_page(path, held) {
                    Some(page) if gone.contains(&*page) => {
                        delta.withdrawn.push(path.clone());
                        let is_withheld = held.files.get(&*page).is_some_and(|page| tellers.withholds(page));
                        delta.counted += usize::from(!is_withheld);
                    }
                    // What an interrupted deployment may have left could be anything.
                    _ if entry.content == Entry::UNKNOWN => delta.withdrawn.push(path.clone()),
                    _ => delta.let_go(path, entry, !gone.is_empty(), now, grace),
                }
            }
        }
        for (path, planned) in &release.files {
            let phase = Phase::of(planned.entry.class);
            match held.files.get(path) {
                None => {
                    delta.new.insert(path.clone());
                    delta.puts.push((phase, path.clone()));
                }
                Some(entry) if !entry.is_same(&planned.entry) || gone.contains(&**path) => {
                    delta.puts.push((phase, path.clone()));
                }
                Some(entry) if entry.left != 0 => delta.returning.push(path.clone()),
                Some(_) => delta.unchanged += 1,
            }
        }
        delta
    }

    /// Lets go of a file that is no longer part of the site.
    fn let_go(&mut self, path: &str, entry: &Entry, is_withdrawing: bool, now: i64, grace: i64) {
        let is_kept = matches!(entry.class, Class::Fingerprinted | Class::Variant) && grace > 0;
        if entry.class == Class::Variant && entry.left == 0 && is_withdrawing {
            // Perhaps an image of what is withdrawn.
            self.withdrawn.push(path.into());
        } else if is_kept && entry.left == 0 {
            self.leaving.push(path.into());
        } else if !is_kept || now - entry.left >= grace {
            self.removed.push(path.into());
            self.counted += usize::from(!is_kept);
        }
    }

    /// Whether the target holds what it should.
    pub(super) fn is_empty(&self) -> bool {
        self.withdrawn.is_empty()
            && self.puts.is_empty()
            && self.removed.is_empty()
            && self.leaving.is_empty()
            && self.returning.is_empty()
    }

    /// The files of a phase that is not one of removals.
    pub(super) fn puts_of(&self, phase: Phase) -> impl Iterator<Item = &str> {
        self.puts.iter().filter(move |(of, _)| *of == phase).map(|(_, path)| &**path)
    }
}

/// Which sources the release tells of.
struct Tellers {
    origins: FxHashSet<u64>,
    contents: FxHashSet<Fingerprint>,
    sources: FxHashSet<u64>,
}

impl Tellers {
    fn of(release: &Release) -> Self {
        let entries = || release.files.values().map(|planned| &planned.entry).filter(|entry| entry.origin != 0);
        Self {
            origins: entries().map(|entry| entry.origin).collect(),
            contents: entries().map(|entry| entry.source).filter(|source| *source != Fingerprint::NONE).collect(),
            sources: release.sources(),
        }
    }

    /// Whether the file tells of an article or page that is not public any more. One whose source only has another
    /// name is not meant.
    fn has_lost(&self, entry: &Entry) -> bool {
        entry.origin != 0
            && !self.origins.contains(&entry.origin)
            && (entry.source == Fingerprint::NONE || !self.contents.contains(&entry.source))
    }

    /// Whether the source of the file is still there: then somebody withholds it on purpose.
    fn withholds(&self, entry: &Entry) -> bool {
        self.sources.contains(&entry.origin)
    }
}

/// The page in whose folder a file lies, or of which it is a compressed copy.
fn nearest_page(path: &str, held: &Manifest) -> Option<String> {
    let plain = path.strip_suffix(".gz").or_else(|| path.strip_suffix(".br")).unwrap_or(path);
    if plain != path && held.files.contains_key(plain) {
        return Some(plain.to_owned());
    }
    memchr::memrchr_iter(b'/', path.as_bytes()).find_map(|slash| {
        let page = format!("{}index.html", &path[..=slash]);
        held.files.contains_key(&*page).then_some(page)
    })
}
