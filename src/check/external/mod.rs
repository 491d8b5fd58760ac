//! The rule about links out of the site: that there is still something.
//!
//! The only part of courant that asks the network, and only for `--external`. It is a guest elsewhere: one
//! request at a time and host, a pause between two, `HEAD` before `GET`, and nothing asked again within a week that
//! answered well. `robots.txt` speaks to crawlers, which follow links; these addresses a person has written.

mod ask;
mod memory;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use url::Url;

use super::links::places;
use super::pages::Pages;
use super::{Findings, Rule, Site};
use crate::render::Renderer;
use ask::Host;
use memory::Memory;
pub(super) use memory::Verdict;

/// Hosts that are asked at the same time. The work is waiting, so this is no matter of processors.
const HOSTS_AT_ONCE: usize = 16;

/// Looks at the links out of the site. Returns how many there are, and how many were asked for.
pub(super) fn check(
    site: &Site<'_>,
    renderer: &Arc<Renderer>,
    pages: &Pages,
    findings: &mut Findings<'_>,
    told: &(dyn Fn(&str) + Sync),
) -> (usize, usize) {
    if !findings.wants(Rule::DeadExternalLink) {
        return (0, 0);
    }
    let ignored = &site.config.settings.check.ignore_links;
    let is_wanted = |href: &str| !ignored.iter().any(|start| href.starts_with(start.as_str()));
    // Links that differ only in their fragment are one address.
    let mut addresses: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut verdicts: BTreeMap<String, Verdict> = BTreeMap::new();
    for (number, (href, _)) in pages.outside.iter().enumerate().filter(|(_, (href, _))| is_wanted(href)) {
        let written = if href.starts_with("//") { format!("https:{href}") } else { href.to_string() };
        let address = match Url::parse(&written) {
            Ok(mut address) if address.host_str().is_some() => {
                address.set_fragment(None);
                address.to_string()
            }
            _ => {
                verdicts.insert(written.clone(), Verdict::Dead("is not an address".into()));
                written
            }
        };
        addresses.entry(address).or_default().push(number);
    }

    let mut memory = Memory::read(site.reader.root());
    let mut hosts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for address in addresses.keys() {
        if verdicts.contains_key(address) {
            continue;
        }
        match memory.verdict(address, site.now) {
            Some(known) => {
                verdicts.insert(address.clone(), known);
            }
            None => {
                let origin = Url::parse(address).map(|address| address.origin().ascii_serialization());
                hosts.entry(origin.unwrap_or_default()).or_default().push(address.clone());
            }
        }
    }
    let wanted: usize = hosts.values().map(Vec::len).sum();
    if wanted > 0 {
        told(&format!("asking {} hosts for {wanted} addresses, one at a time and host", hosts.len()));
    }
    let answers = ask_all(hosts.into_iter().collect());
    let asked = answers.len();
    for (address, verdict) in answers {
        // Who is offline is not to be told so for an hour.
        if !verdict.is_about_host() {
            memory.learn(&address, &verdict, site.now);
        }
        verdicts.insert(address, verdict);
    }
    memory.write(site.reader.root(), |address| addresses.contains_key(address));

    let dead = verdicts.iter().filter_map(|(address, verdict)| match verdict {
        Verdict::Dead(why) => Some((address, why)),
        _ => None,
    });
    let dead = dead.flat_map(|(address, why)| {
        let numbers = addresses.get(address).into_iter().flatten();
        numbers.map(move |number| (address, why, *number))
    });
    let dead: Vec<_> = dead.collect();
    let of = |number: usize| (&*pages.outside[number].0, &*pages.outside[number].1);
    let all: Vec<(&str, &[u32])> = dead.iter().map(|(_, _, number)| of(*number)).collect();
    for (((address, why, _), (href, _)), found) in dead.iter().zip(&all).zip(places(renderer, pages, &all)) {
        for (place, count) in found {
            findings.add_on_pages(
                Rule::DeadExternalLink,
                place,
                format!("{href} {why}"),
                format!("correct the address, or link to a copy: https://web.archive.org/web/{address}"),
                count,
            );
        }
    }
    (addresses.len(), asked)
}

/// Asks for all addresses, some hosts at a time. What was not asked for after all is left out.
fn ask_all(hosts: Vec<(String, Vec<String>)>) -> Vec<(String, Verdict)> {
    let agent = ask::agent();
    let next = AtomicUsize::new(0);
    let answers: Mutex<Vec<(String, Verdict)>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..HOSTS_AT_ONCE.min(hosts.len()) {
            scope.spawn(|| {
                while let Some((origin, addresses)) = hosts.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mut host = Host::new(&agent, origin);
                    for address in addresses {
                        if let Some(verdict) = host.ask(address) {
                            answers.lock().expect("no panic while locked").push((address.clone(), verdict));
                        }
                    }
                }
            });
        }
    });
    answers.into_inner().expect("no panic while locked")
}
