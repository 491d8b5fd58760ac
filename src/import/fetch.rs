//! Fetching images and files from the old site: only when asked to, only from that site, two at a time.
//!
//! What is there already is not fetched again, so a fetch that was interrupted goes on. robots.txt is respected,
//! addresses of private networks are refused whatever names lead there, and a redirect is followed only within the host.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use ureq::Agent;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use super::place;
use crate::{site_path, write};

/// The largest file that is fetched, in bytes.
const LARGEST: u64 = 512 << 20;

/// The largest robots.txt that is read, in bytes.
const LARGEST_RULES: u64 = 512 << 10;

/// Requests at a time.
const AT_ONCE: usize = 2;

/// A resolver that knows no private networks.
#[derive(Debug, Default)]
struct Public(DefaultResolver);

impl Resolver for Public {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.0.resolve(uri, config, timeout)?;
        if found.iter().any(|address| is_private(address.ip())) { Err(ureq::Error::HostNotFound) } else { Ok(found) }
    }
}

/// Whether an address is of this machine or of a network that is not the public one.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => {
            let [a, b, ..] = four.octets();
            four.is_private()
                || four.is_loopback()
                || four.is_link_local()
                || four.is_unspecified()
                || four.is_broadcast()
                || four.is_multicast()
                || four.is_documentation()
                || a == 0
                || a == 100 && (64..128).contains(&b)
                || a == 198 && (18..20).contains(&b)
                || a >= 240
        }
        IpAddr::V6(six) => {
            let first = six.segments()[0];
            let mapped = six.to_ipv4_mapped().or_else(|| six.to_ipv4());
            six.is_loopback()
                || six.is_unspecified()
                || six.is_multicast()
                || first & 0xfe00 == 0xfc00
                || first & 0xffc0 == 0xfe80
                || mapped.is_some_and(|four| is_private(IpAddr::V4(four)))
        }
    }
}

fn agent() -> Agent {
    let config = Agent::config_builder()
        .user_agent(concat!("courant/", env!("CARGO_PKG_VERSION"), " (import of the site's own files)"))
        .timeout_global(Some(Duration::from_secs(600)))
        .timeout_connect(Some(Duration::from_secs(10)))
        .http_status_as_error(false)
        .max_redirects(0)
        .build();
    Agent::with_parts(config, DefaultConnector::default(), Public::default())
}

/// Fetches the files at some paths into the folder `to`. `base` is the front page of the old site, and `address` says
/// where a path was. Gives how many were fetched; those that were not stay in `missing`, with the reason.
pub(super) fn fetch(
    base: &str,
    address: &(dyn Fn(&str) -> String + Sync),
    to: &Path,
    missing: &mut BTreeMap<String, String>,
) -> usize {
    let host = base
        .split_once("://")
        .map_or(base.to_owned(), |(scheme, rest)| format!("{scheme}://{}", rest.split('/').next().unwrap_or_default()));
    let agent = agent();
    let rules = read(&agent, &format!("{host}/robots.txt"), LARGEST_RULES).unwrap_or_default();
    let rules = Rules::of(&String::from_utf8_lossy(&rules));
    let all: Vec<(String, String)> = std::mem::take(missing).into_iter().collect();
    let left: Mutex<BTreeMap<String, String>> = Mutex::default();
    let (next, fetched) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((path, _)) = all.get(next.fetch_add(1, Relaxed)) {
                    match one(&agent, &address(path), path, to, &rules) {
                        Ok(()) => _ = fetched.fetch_add(1, Relaxed),
                        Err(why) => {
                            // A thread that panicked has left a map that is whole.
                            left.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(path.clone(), why);
                        }
                    }
                }
            });
        }
    });
    *missing = left.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    fetched.into_inner()
}

fn one(agent: &Agent, address: &str, path: &str, to: &Path, rules: &Rules) -> Result<(), String> {
    let asked = address.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    if rules.forbids(asked.unwrap_or(path)) {
        return Err("robots.txt forbids it".into());
    }
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let target = place::below(to, decoded.trim_start_matches('/')).ok_or("not a name that every file system has")?;
    let bytes = read(agent, address, LARGEST)?;
    write::create(&target, &bytes).map(|_| ()).map_err(|error| error.to_string())
}

/// Redirects within a host that are followed: from `http` to `https`, to `www.` and back.
const HOPS: usize = 3;

fn read(agent: &Agent, address: &str, most: u64) -> Result<Vec<u8>, String> {
    let mut address = address.to_owned();
    for _ in 0..=HOPS {
        let response = agent.get(&address).call().map_err(|error| match error {
            ureq::Error::HostNotFound => "there is no such host, or it is on a private network".to_owned(),
            other => other.to_string(),
        })?;
        match response.status().as_u16() {
            200 => {
                let mut bytes = Vec::new();
                let mut reader = response.into_body().into_with_config().limit(most + 1).reader().take(most + 1);
                reader.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
                let is_too_large = bytes.len() as u64 > most;
                return if is_too_large { Err(format!("larger than {} MiB", most >> 20)) } else { Ok(bytes) };
            }
            status @ 300..=399 => {
                let to = response.headers().get("location").and_then(|to| to.to_str().ok()).unwrap_or_default();
                address = within(&address, to).ok_or(format!("answers {status}: it leads to another host"))?;
            }
            status => return Err(format!("answers {status}")),
        }
    }
    Err("it leads on and on".into())
}

/// Where a redirect leads, unless it leaves the host.
fn within(from: &str, to: &str) -> Option<String> {
    let from = url::Url::parse(from).ok()?;
    let to = from.join(to).ok()?;
    let is_same = site_path::is_same_host(from.host_str()?, to.host_str()?) && matches!(to.scheme(), "http" | "https");
    is_same.then(|| to.into())
}

/// What robots.txt says to everybody (RFC 9309): patterns of paths, and whether they are allowed.
#[derive(Debug, Default)]
struct Rules(Vec<(String, bool)>);

impl Rules {
    fn of(text: &str) -> Self {
        let (mut rules, mut is_ours, mut was_agent) = (Vec::new(), false, false);
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match &*key.trim().to_ascii_lowercase() {
                "user-agent" => {
                    let is_meant = value == "*" || value.eq_ignore_ascii_case("courant");
                    is_ours = is_meant || was_agent && is_ours;
                    was_agent = true;
                    continue;
                }
                key @ ("allow" | "disallow") if is_ours && !value.is_empty() => {
                    rules.push((value.to_owned(), key == "allow"))
                }
                _ => {}
            }
            was_agent = false;
        }
        Self(rules)
    }

    /// Whether the longest pattern that covers a path forbids it; of two that are as long, the one that allows counts
    /// (section 2.2.2).
    fn forbids(&self, path: &str) -> bool {
        let covering = self.0.iter().filter(|(pattern, _)| covers(pattern, path));
        covering.max_by_key(|(pattern, allows)| (pattern.len(), *allows)).is_some_and(|(_, allows)| !allows)
    }
}

/// Whether a pattern covers a path: `*` stands for anything, and `$` for the end.
fn covers(pattern: &str, path: &str) -> bool {
    let (pattern, is_to_end) = pattern.strip_suffix('$').map_or((pattern, false), |pattern| (pattern, true));
    let mut parts = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut last = None;
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
        last = Some(part);
    }
    !is_to_end || rest.is_empty() || last.is_some_and(|last| rest.ends_with(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_networks_are_refused() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(is_private(private.parse().expect("an address")), "{private}");
        }
        for public in ["93.184.216.34", "2606:2800:220:1::1"] {
            assert!(!is_private(public.parse().expect("an address")), "{public}");
        }
        let folder = tempfile::tempdir().expect("a folder");
        let mut missing = BTreeMap::from([("/a.jpg".to_owned(), String::new())]);
        let address = |path: &str| format!("http://127.0.0.1:9{path}");
        assert_eq!(fetch("http://127.0.0.1:9/", &address, folder.path(), &mut missing), 0);
        assert!(missing["/a.jpg"].contains("private"), "{missing:?}");
    }

    #[test]
    fn rules_for_everybody_are_ours_and_the_longest_counts() {
        let text = "User-agent: other\nDisallow: /\n\nUser-agent: *\nDisallow: /private/ # no\nDisallow:\nDisallow: /*?s=\nDisallow: /*.pdf$\nDisallow: /up/\nAllow: /up/2019/\n";
        let rules = Rules::of(text);
        for path in ["/private/a.jpg", "/a?s=x", "/b/c.pdf", "/up/2018/a.jpg"] {
            assert!(rules.forbids(path), "{path}");
        }
        for path in ["/wp-content/uploads/a.jpg", "/a.pdfx", "/up/2019/a.jpg", "/"] {
            assert!(!rules.forbids(path), "{path}");
        }
    }

    #[test]
    fn a_redirect_is_followed_within_the_host_only() {
        let from = "http://paper.example/u/a.jpg";
        for (to, expected) in [
            ("https://paper.example/u/a.jpg", Some("https://paper.example/u/a.jpg")),
            ("https://www.paper.example/u/a.jpg", Some("https://www.paper.example/u/a.jpg")),
            ("/other.jpg", Some("http://paper.example/other.jpg")),
            ("https://elsewhere.example/a.jpg", None),
            ("file:///etc/passwd", None),
            ("//elsewhere.example/a.jpg", None),
        ] {
            assert_eq!(within(from, to).as_deref(), expected, "{to}");
        }
    }
}
