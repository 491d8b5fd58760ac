//! What changed, for programs: the JSON that commands receive on their standard input.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::delta::{Delta, Phase};
use super::manifest::Manifest;
use super::release::Release;
use crate::config::Config;
use crate::config::address;

/// Addresses that changed. Of a folder both forms are there: `/local/tunnel/` and `/local/tunnel/index.html`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Told {
    /// Addresses that were not there before.
    pub(super) new: BTreeSet<String>,
    /// Addresses with another content.
    pub(super) changed: BTreeSet<String>,
    /// Addresses that are gone.
    pub(super) removed: BTreeSet<String>,
    /// Of the changed ones, articles that tell of a correction, and notices in the place of withdrawn ones: caches must
    /// drop what they have.
    pub(super) corrected: BTreeSet<String>,
    /// Of the removed ones, those that were withdrawn.
    pub(super) withdrawn: BTreeSet<String>,
}

impl Told {
    /// What a delta changes in what the target holds.
    pub(super) fn of(delta: &Delta, held: &Manifest, release: &Release) -> Self {
        let mut told = Self::default();
        let is_change = |(phase, path): &&(Phase, Box<str>)| *phase == Phase::Entries && !delta.new.contains(path);
        let origins = delta.puts.iter().filter(is_change).map(|(_, path)| release.files[path].entry.origin);
        let corrected = release.corrected(&origins.collect());
        let withdrawn: BTreeSet<&str> = delta.withdrawn.iter().map(|path| &**path).collect();
        for (phase, path) in &delta.puts {
            let both = addresses(&release.config, path);
            if delta.new.contains(path) {
                told.new.extend(both);
                continue;
            }
            let origin = release.files[path].entry.origin;
            let is_notice = || *phase == Phase::Withdrawals || withdrawn.contains(&**path);
            if *phase == Phase::Entries && corrected.contains(&origin) || is_notice() {
                told.corrected.extend(both.clone());
            }
            told.changed.extend(both);
        }
        let is_gone = |path: &str| !release.files.contains_key(path) && held.files.contains_key(path);
        for path in delta.withdrawn.iter().filter(|path| is_gone(path)) {
            told.withdrawn.extend(addresses(&release.config, path));
        }
        for path in delta.removed.iter().filter(|path| is_gone(path)) {
            told.removed.extend(addresses(&release.config, path));
        }
        told.removed.extend(told.withdrawn.iter().cloned());
        told
    }

    /// Whether nothing changed.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds what a later deployment changed. An address that was removed and has come back counts as changed; one that is
    /// gone now counts as removed only.
    pub(super) fn add(&mut self, later: Self) {
        for address in later.new.iter().chain(&later.changed) {
            if self.removed.remove(address) {
                self.withdrawn.remove(address);
                self.changed.insert(address.clone());
            }
        }
        for address in &later.removed {
            for there in [&mut self.new, &mut self.changed, &mut self.corrected] {
                there.remove(address);
            }
        }
        self.new.extend(later.new);
        self.changed.extend(later.changed);
        self.removed.extend(later.removed);
        self.corrected.extend(later.corrected);
        self.withdrawn.extend(later.withdrawn);
    }

    /// As commands receive it.
    pub(super) fn json(&self, name: &str, release: &Release) -> Value {
        json!({
            "target": name,
            "site": release.config.base_url,
            "output": release.folder.display().to_string(),
            "new": self.new,
            "changed": self.changed,
            "removed": self.removed,
            "corrected": self.corrected,
            "withdrawn": self.withdrawn,
        })
    }
}

/// The addresses of a file of the output folder: of the page of a folder both forms.
pub(super) fn addresses(config: &Config, path: &str) -> Vec<String> {
    let absolute = |path: &str| config.absolute(&address::encode(config, &format!("/{path}")));
    let mut all: Vec<String> = path
        .strip_suffix("index.html")
        .filter(|folder| folder.is_empty() || folder.ends_with('/'))
        .map(absolute)
        .into_iter()
        .collect();
    all.push(absolute(path));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(new: &[&str], changed: &[&str], removed: &[&str]) -> Told {
        let set = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<BTreeSet<_>>();
        let (removed, withdrawn) = (set(removed), set(removed));
        Told { new: set(new), changed: set(changed), removed, withdrawn, ..Told::default() }
    }

    #[test]
    fn who_has_missed_several_deployments_is_told_what_is_true_now() {
        let mut all = told(&["/a/"], &["/b/"], &["/c/"]);
        all.add(told(&["/c/"], &["/d/"], &["/a/", "/b/"]));
        assert_eq!(all, told(&["/c/"], &["/c/", "/d/"], &["/a/", "/b/"]));
        all.add(told(&["/a/"], &[], &["/c/"]));
        assert_eq!(all, told(&["/a/"], &["/a/", "/d/"], &["/b/", "/c/"]));
    }
}
