//! What comes after a deployment: commands and pings that receive what changed.
//!
//! Whoever was not reached is remembered in the record with all that they have missed, and is told with the next
//! deployment, from whatever machine.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::public::Public;
use super::release::Release;
use super::target::{Got, Store};
use super::told::Told;
use super::{Options, command, record};
use crate::config::{DeployTarget, Ping};
use crate::diagnostic::Diagnostic;
use crate::pipeline::Failure;

/// Who is told: the names of the two pings cannot be commands.
const INDEXNOW: &str = " indexnow";
const WEBSUB: &str = " websub";

/// Between two pings for one address, in seconds.
const PAUSE: i64 = 10 * 60;

/// At most so many addresses are in one request (<https://www.indexnow.org/documentation>).
const MOST_ADDRESSES: usize = 10_000;

/// What those who are told have missed.
#[derive(Debug)]
pub(super) struct Untold {
    settings: DeployTarget,
    memory: Memory,
    /// The memory as the record has it; none if the record has lost it.
    noted: Option<Memory>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Memory {
    /// What each has missed.
    missed: BTreeMap<String, Told>,
    /// When IndexNow was told of an address, in seconds since 1970.
    pinged: BTreeMap<String, i64>,
}

impl Untold {
    /// What the record remembers in this file.
    ///
    /// # Errors
    /// The store does not answer.
    pub(super) fn read(store: &dyn Store, file: Option<&str>, settings: &DeployTarget) -> Result<Self, Failure> {
        let noted: Option<Memory> = match file.map(|name| store.get(name, None)).transpose()? {
            Some(Got::File(bytes, _)) => serde_json::from_slice(&bytes).ok(),
            Some(_) => None,
            None => Some(Memory::default()),
        };
        let mut this = Self { settings: settings.clone(), memory: noted.clone().unwrap_or_default(), noted };
        let everybody = this.everybody();
        for (who, told) in std::mem::take(&mut this.memory.missed) {
            if everybody.contains(&who) {
                this.memory.missed.entry(who).or_default().add(told);
            } else if ![INDEXNOW, WEBSUB].contains(&&*who) {
                // A command that failed was mended in `site.yaml`, where nobody says which one it is now.
                for command in &settings.after {
                    this.memory.missed.entry(command.clone()).or_default().add(told.clone());
                }
            }
        }
        Ok(this)
    }

    /// The message for a record that remembers nothing any more.
    pub(super) fn problem(&self) -> Option<Diagnostic> {
        let problem =
            Diagnostic::error("the record does not say any more which addresses the commands of `after` have missed");
        self.noted.is_none().then(|| problem.hint("purge all of the site by hand if one of them purges a cache"))
    }

    /// Whether the record remembers something else.
    pub(super) fn has_changed(&self) -> bool {
        self.noted.as_ref() != Some(&self.memory)
    }

    fn everybody(&self) -> Vec<String> {
        let Ping { indexnow, websub, .. } = &self.settings.ping;
        let mut all = self.settings.after.clone();
        all.extend(indexnow.as_ref().map(|_| INDEXNOW.to_owned()));
        all.extend(websub.as_ref().map(|_| WEBSUB.to_owned()));
        all
    }

    /// Adds what is about to change: also after a crash everybody is told.
    pub(super) fn add(&mut self, told: &Told) {
        for who in self.everybody() {
            self.memory.missed.entry(who).or_default().add(told.clone());
        }
        self.memory.missed.retain(|_, told| !told.is_empty());
    }

    /// Writes it into the store. Returns the name of the file; none if there is nothing to remember.
    ///
    /// # Errors
    /// The store cannot be written.
    pub(super) fn write(&mut self, store: &dyn Store, generation: u64) -> Result<Option<String>, Failure> {
        self.noted = Some(self.memory.clone());
        if self.memory == Memory::default() {
            return Ok(None);
        }
        let name = format!("untold-{generation}-{}", record::random_name());
        record::write(store, &name, &serde_json::to_vec(&self.memory).expect("text is JSON"))?;
        Ok(Some(name))
    }

    /// Tells everybody what they have missed. Returns what did not work.
    pub(super) fn tell(&mut self, name: &str, site: &Path, release: &Release, options: &Options) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        for (who, told) in std::mem::take(&mut self.memory.missed) {
            if told.is_empty() {
                continue;
            }
            let result = match &*who {
                INDEXNOW | WEBSUB if !options.pings => {
                    // Not told on purpose.
                    continue;
                }
                INDEXNOW => self.indexnow(&told, release, options.clock.now()),
                WEBSUB => self.websub(&told).map(|()| Told::default()),
                command => command::run(command, site, &told.json(name, release)).map(|()| Told::default()),
            };
            match result {
                Ok(rest) if rest.is_empty() => {}
                Ok(rest) => {
                    self.memory.missed.insert(who, rest);
                }
                Err(problem) => {
                    problems.push(problem);
                    self.memory.missed.insert(who, told);
                }
            }
        }
        let now = options.clock.now();
        self.memory.pinged.retain(|_, at| (now - *at).abs() < PAUSE);
        problems
    }

    /// Tells search engines of pages that are new, changed or gone. Returns what it is too early for.
    fn indexnow(&mut self, told: &Told, release: &Release, now: i64) -> Result<Told, Diagnostic> {
        let Some(key) = &self.settings.ping.indexnow else { return Ok(Told::default()) };
        let pages: BTreeSet<&String> =
            told.new.iter().chain(&told.changed).chain(&told.removed).filter(|address| is_page(address)).collect();
        let (mut due, mut rest) = (Vec::new(), Told::default());
        for address in pages {
            match self.memory.pinged.get(address) {
                // Also of one whose clock is ahead.
                Some(at) if (now - at).abs() < PAUSE => {
                    rest.changed.insert(address.clone());
                }
                _ => due.push(address.clone()),
            }
        }
        let config = &release.config;
        let host = url::Url::parse(&config.base_url).ok().and_then(|url| url.host_str().map(str::to_owned));
        for some in due.chunks(MOST_ADDRESSES) {
            let body = json!({
                "host": host,
                "key": key,
                "keyLocation": config.absolute(&config.address(&format!("/{key}.txt"))),
                "urlList": some,
            });
            let endpoint = &self.settings.ping.indexnow_endpoint;
            Public::new().post(endpoint, "application/json; charset=utf-8", body.to_string().as_bytes())?;
        }
        self.memory.pinged.extend(due.into_iter().map(|address| (address, now)));
        Ok(rest)
    }

    /// Tells the hub of feeds that changed (<https://www.w3.org/TR/websub/#publishing>).
    fn websub(&self, told: &Told) -> Result<(), Diagnostic> {
        let Some(hub) = &self.settings.ping.websub else { return Ok(()) };
        let is_feed = |address: &&String| {
            let name = address.rsplit('/').next().unwrap_or_default();
            matches!(name, "feed.xml" | "atom.xml" | "feed.json")
        };
        for feed in told.new.iter().chain(&told.changed).filter(is_feed) {
            let mut body = url::form_urlencoded::Serializer::new(String::new());
            body.append_pair("hub.mode", "publish").append_pair("hub.url", feed);
            Public::new().post(hub, "application/x-www-form-urlencoded", body.finish().as_bytes())?;
        }
        Ok(())
    }
}

/// Whether the address is that of a page, in the form in which readers know it. Nobody looks for the page that stands
/// for missing ones.
fn is_page(address: &str) -> bool {
    let is_of_folder = address.ends_with("/index.html");
    address.ends_with('/') || address.ends_with(".html") && !is_of_folder && !address.ends_with("/404.html")
}
