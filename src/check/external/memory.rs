//! What is known of outside addresses from the last time: `.courant/outside.json`.
//!
//! Like everything in `.courant/` it may be deleted, and a damaged file is an empty one.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::article::time::Timestamp;
use crate::publish::LOG_FOLDER;

/// The file, in the folder of the build log.
const FILE: &str = "outside.json";

/// For so long what is there is taken to be still there: a week.
const SECONDS_ALIVE: i64 = 7 * 24 * 3600;

/// For so long what is not there is taken to be still gone: an hour, as somebody is at it.
const SECONDS_DEAD: i64 = 3600;

/// What is known of an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::check) enum Verdict {
    /// There is something.
    Alive,
    /// There is nothing, and why: what is said behind the address.
    Dead(String),
}

impl Verdict {
    /// That the host of an address cannot be reached, and why.
    pub(super) fn unreachable(why: &str) -> Self {
        Self::Dead(format!("cannot be reached: {why}"))
    }

    /// Whether it says of the host, and nothing of the address.
    pub(super) fn is_about_host(&self) -> bool {
        matches!(self, Self::Dead(why) if why.starts_with("cannot be reached"))
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Known {
    /// Seconds since 1970.
    asked: i64,
    verdict: Verdict,
}

/// What is known of all addresses.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Memory(BTreeMap<String, Known>);

impl Memory {
    /// Reads the file of the site in `root`.
    pub(super) fn read(root: &Path) -> Self {
        let bytes = fs::read(root.join(LOG_FOLDER).join(FILE)).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// What is known of the address, if it is not too long ago.
    pub(super) fn verdict(&self, address: &str, now: Timestamp) -> Option<Verdict> {
        let known = self.0.get(address)?;
        let lasts = match known.verdict {
            Verdict::Alive => SECONDS_ALIVE,
            Verdict::Dead(_) => SECONDS_DEAD,
        };
        (0..lasts).contains(&(now.0 - known.asked)).then(|| known.verdict.clone())
    }

    /// Notes an answer.
    pub(super) fn learn(&mut self, address: &str, verdict: &Verdict, now: Timestamp) {
        self.0.insert(address.to_owned(), Known { asked: now.0, verdict: verdict.clone() });
    }

    /// Writes what is known of the addresses that are still linked to. What cannot be written is asked again
    /// the next time.
    pub(super) fn write(&mut self, root: &Path, is_linked: impl Fn(&str) -> bool) {
        self.0.retain(|address, _| is_linked(address));
        let folder = root.join(LOG_FOLDER);
        let temporary = folder.join(format!("{FILE}.new"));
        let text = serde_json::to_vec_pretty(self).expect("text and numbers serialise");
        let written = fs::create_dir_all(&folder)
            .and_then(|()| fs::write(&temporary, text))
            .and_then(|()| fs::rename(&temporary, folder.join(FILE)));
        drop(written);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_believed_for_a_week_and_what_is_not_for_an_hour() {
        let mut memory = Memory::default();
        memory.learn("https://a.example/", &Verdict::Alive, Timestamp(0));
        memory.learn("https://b.example/", &Verdict::Dead("answers 404".into()), Timestamp(0));
        let known = |address: &str, now| memory.verdict(address, Timestamp(now)).is_some();
        assert!(known("https://a.example/", SECONDS_ALIVE - 1) && !known("https://a.example/", SECONDS_ALIVE));
        assert!(known("https://b.example/", SECONDS_DEAD - 1) && !known("https://b.example/", SECONDS_DEAD));
        assert!(!known("https://a.example/", -1) && !known("https://c.example/", 0));
    }
}
