//! The delta: what leads from what a target holds to what it should hold, in the order in which it is done.
//!
//! A pure function of the manifest, the release and the moment. The one idea: a file that vanished since its article
//! was withdrawn goes before anything is written, and everything else that vanished goes after everything is written.
//! A notice takes the place of its article in that first phase, unless it names a file that has yet to go up: then the
//! article goes first, and the notice follows with the other pages.
//!
//! Feeds, listings and the search may carry sentences of what is withdrawn. So a deployment that withdraws something
//! brings them before the pages that only changed: with another theme these can be many, and one of them may fail.

use std::cmp::Ordering;
use std::iter::Peekable;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::manifest::{Entry, Manifest};
use super::release::{Planned, Release};
use crate::fingerprint::Fingerprint;
use crate::plan::Class;
use crate::site_path;

/// A part of a deployment. Each begins when the one before is acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// Withdrawn pages and their files are removed, and notices take the place of pages.
    Withdrawals,
    /// Files that pages name.
    Files,
    /// New articles and pages, which listings are about to name; when something is withdrawn.
    Fresh,
    /// What lists articles and was there before; when something is withdrawn.
    Traces,
    /// Removes search data that the catalogue no longer names; only when something is withdrawn.
    OldData,
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
    pub(super) const ALL: [Self; 9] = [
        Self::Withdrawals,
        Self::Files,
        Self::Fresh,
        Self::Traces,
        Self::OldData,
        Self::Entries,
        Self::Listings,
        Self::Redirects,
        Self::Removals,
    ];

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
    /// How many of them, from the first, are removed as soon as nothing names them.
    pub(super) early: usize,
    /// Files that stay for a while after they left the site.
    pub(super) leaving: Vec<Box<str>>,
    /// Files that left the site, and are part of it again with the same bytes.
    pub(super) returning: Vec<Box<str>>,
    /// Files whose bytes now belong to another article or page: only their entries are written anew.
    pub(super) reassigned: Vec<Box<str>>,
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
        // Hardly ever needed: what tells of the same source as before has not lost it.
        let tellers = LazyLock::new(|| Tellers::of(release, held));
        let mut delta = Self::default();
        let both = Both { held: held.files.iter().peekable(), planned: release.files.iter().peekable() };
        let mut gone: FxHashSet<&str> = FxHashSet::default();
        let mut changed = Vec::new();
        for (path, there, planned) in both {
            let has_lost = there.is_some_and(|there| {
                planned.is_none_or(|planned| planned.entry.origin != there.origin) && tellers.has_lost(there)
            });
            match (there, planned) {
                _ if has_lost => {
                    gone.insert(path);
                    changed.push((path, there, planned));
                }
                (Some(there), Some(planned)) if there.is_same(&planned.entry) && there.left == 0 => {
                    delta.unchanged += 1;
                }
                _ => changed.push((path, there, planned)),
            }
        }
        // After an interruption nobody knows what was meant to be withdrawn first.
        let is_unknown = |there: &Option<&Entry>| there.is_some_and(|there| there.content == Entry::UNKNOWN);
        let is_urgent = !gone.is_empty() || changed.iter().any(|(_, there, _)| is_unknown(there));
        for (path, there, planned) in changed {
            if let Some(there) = there {
                delta.leave(path, there, planned, (&gone, held, &tellers), (now, grace));
            }
            if let Some(planned) = planned {
                delta.take(path, there, planned, gone.contains(path));
            }
        }
        delta.replace_at_once(held, release);
        if is_urgent {
            delta.hurry(held);
        }
        delta
    }

    /// Moves whatever may quote withdrawn pages ahead of pages that only changed.
    fn hurry(&mut self, held: &Manifest) {
        for (phase, path) in &mut self.puts {
            match (*phase, self.new.contains(path)) {
                (Phase::Entries, true) => *phase = Phase::Fresh,
                (Phase::Listings, false) => *phase = Phase::Traces,
                _ => {}
            }
        }
        let is_data = |path: &str| held.files.get(path).is_some_and(|entry| entry.class == Class::Data);
        self.removed.sort_by_key(|path| !is_data(path));
        self.early = self.removed.iter().take_while(|path| is_data(path)).count();
    }

    /// What becomes of a file that is not as it should be.
    fn leave(
        &mut self,
        path: &str,
        there: &Entry,
        planned: Option<&Planned>,
        (gone, held, tellers): (&FxHashSet<&str>, &Manifest, &Tellers),
        (now, grace): (i64, i64),
    ) {
        if gone.contains(path) {
            // The same bytes tell of something else now: they stay.
            if !planned.is_some_and(|planned| there.is_same(&planned.entry)) {
                self.withdrawn.push(path.into());
                self.counted += usize::from(!tellers.withholds(there) && planned.is_none());
            }
        } else if planned.is_none() {
            match nearest_page(path, held) {
                Some(page) if gone.contains(&*page) => {
                    self.withdrawn.push(path.into());
                    let is_withheld = held.files.get(&page).is_some_and(|page| tellers.withholds(page));
                    self.counted += usize::from(!is_withheld);
                }
                // What an interrupted deployment may have left could be anything.
                _ if there.content == Entry::UNKNOWN => self.withdrawn.push(path.into()),
                _ => self.let_go(path, there, !gone.is_empty(), now, grace),
            }
        }
    }

    /// What becomes of a file that is not there as it should be.
    fn take(&mut self, path: &str, there: Option<&Entry>, planned: &Planned, is_gone: bool) {
        let phase = Phase::of(planned.entry.class);
        match there {
            None => {
                self.new.insert(path.into());
                self.puts.push((phase, path.into()));
            }
            Some(there) if !there.is_same(&planned.entry) => self.puts.push((phase, path.into())),
            // Whoever builds without a state does not even have the bytes.
            Some(_) if is_gone => self.reassigned.push(path.into()),
            Some(there) if there.left != 0 => self.returning.push(path.into()),
            Some(_) => self.unchanged += 1,
        }
    }

    /// Lets notices take the place of their articles, if they name only what is there.
    fn replace_at_once(&mut self, held: &Manifest, release: &Release) {
        let is_there = |path: &str| held.files.get(path).is_some_and(|entry| entry.content != Entry::UNKNOWN);
        let files: Vec<Box<str>> = self.puts_of(Phase::Files).filter(|path| !is_there(path)).map(Into::into).collect();
        let is_ready =
            |path: &str| release.is_notice(path) && !release.may_name(path, files.iter().map(|file| &**file));
        let (notices, withdrawn): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.withdrawn).into_iter().partition(|path| is_ready(path));
        self.withdrawn = withdrawn;
        let notices: FxHashSet<Box<str>> = notices.into_iter().collect();
        for (phase, path) in &mut self.puts {
            if notices.contains(path) {
                *phase = Phase::Withdrawals;
            }
        }
    }

    /// Pages of which readers must not get what the target holds.
    pub(super) fn withdrawn_pages(&self) -> impl Iterator<Item = &str> {
        let removed = self.withdrawn.iter().map(|path| &**path);
        removed.chain(self.puts_of(Phase::Withdrawals)).filter(|path| site_path::is_page(path))
    }

    /// Lets go of a file that is no longer part of the site.
    fn let_go(&mut self, path: &str, entry: &Entry, is_withdrawing: bool, now: i64, grace: i64) {
        let is_kept = matches!(entry.class, Class::Fingerprinted | Class::Variant) && grace > 0;
        if entry.class == Class::Variant && is_withdrawing {
            // Perhaps an image of what is withdrawn, or one that was taken out of it before.
            self.withdrawn.push(path.into());
        } else if is_kept && (entry.left == 0 || entry.left > now) {
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
            && self.reassigned.is_empty()
    }

    /// The files that a phase writes.
    pub(super) fn puts_of(&self, phase: Phase) -> impl Iterator<Item = &str> {
        self.puts.iter().filter(move |(of, _)| *of == phase).map(|(_, path)| &**path)
    }
}

/// What a target holds and what it should hold, side by side in the order of paths.
struct Both<'m, H: Iterator<Item = (&'m Box<str>, &'m Entry)>, P: Iterator<Item = (&'m Box<str>, &'m Planned)>> {
    held: Peekable<H>,
    planned: Peekable<P>,
}

impl<'m, H: Iterator<Item = (&'m Box<str>, &'m Entry)>, P: Iterator<Item = (&'m Box<str>, &'m Planned)>> Iterator
    for Both<'m, H, P>
{
    type Item = (&'m str, Option<&'m Entry>, Option<&'m Planned>);

    fn next(&mut self) -> Option<Self::Item> {
        let order = match (self.held.peek(), self.planned.peek()) {
            (Some((held, _)), Some((planned, _))) => held.cmp(planned),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return None,
        };
        let held = if order.is_le() { self.held.next() } else { None };
        let planned = if order.is_ge() { self.planned.next() } else { None };
        let path = held.map(|(path, _)| path).or(planned.map(|(path, _)| path))?;
        Some((path, held.map(|(_, entry)| entry), planned.map(|(_, planned)| planned)))
    }
}

/// Which sources the release tells of.
struct Tellers {
    origins: FxHashSet<u64>,
    /// Sources of what the target holds that only have another name now. What stands beside an article knows its number,
    /// and not its bytes.
    renamed: FxHashSet<u64>,
    sources: FxHashSet<u64>,
}

impl Tellers {
    fn of(release: &Release, held: &Manifest) -> Self {
        let entries = || release.files.values().map(|planned| &planned.entry).filter(|entry| entry.origin != 0);
        let contents: FxHashSet<Fingerprint> =
            entries().map(|entry| entry.source).filter(|source| *source != Fingerprint::NONE).collect();
        Self {
            origins: entries().map(|entry| entry.origin).collect(),
            renamed: held
                .files
                .values()
                .filter(|there| contents.contains(&there.source))
                .map(|there| there.origin)
                .collect(),
            sources: release.sources(),
        }
    }

    /// Whether the file tells of an article or page that is not public any more. One whose source only has another
    /// name is not meant.
    fn has_lost(&self, entry: &Entry) -> bool {
        entry.origin != 0 && !self.origins.contains(&entry.origin) && !self.renamed.contains(&entry.origin)
    }

    /// Whether the source of the file is still there: then somebody withholds it on purpose.
    fn withholds(&self, entry: &Entry) -> bool {
        self.sources.contains(&entry.origin)
    }
}

/// The page beside which a file lies, or of which it is a compressed copy.
fn nearest_page(path: &str, held: &Manifest) -> Option<String> {
    let plain = path.strip_suffix(".gz").or_else(|| path.strip_suffix(".br")).unwrap_or(path);
    if plain != path && held.files.contains_key(plain) {
        return Some(plain.to_owned());
    }
    memchr::memrchr_iter(b'/', path.as_bytes())
        .find_map(|slash| site_path::pages_of(&path[..slash]).find(|page| held.files.contains_key(page)))
}
