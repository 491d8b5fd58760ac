//! Limits of hosts, told before an upload fails for them.

use super::release::Release;
use crate::config::Host;
use crate::diagnostic::Diagnostic;
use crate::plan::Class;

/// What a host takes, as its documentation says.
struct Limits {
    host: Host,
    name: &'static str,
    files: usize,
    /// Bytes of one file.
    file: u64,
    /// Bytes of all files.
    site: u64,
    redirects: usize,
}

const NONE: u64 = u64::MAX;

/// <https://developers.cloudflare.com/pages/platform/limits/>, <https://docs.github.com/en/pages/getting-started-with-github-pages/github-pages-limits>.
const HOSTS: [Limits; 2] = [
    Limits {
        host: Host::Cloudflare,
        name: "Cloudflare Pages",
        files: 20_000,
        file: 25 << 20,
        site: NONE,
        redirects: 2_000,
    },
    Limits {
        host: Host::Github,
        name: "GitHub Pages",
        files: usize::MAX,
        file: 100 << 20,
        site: 1 << 30,
        redirects: usize::MAX,
    },
];

/// What the release has too much of for the hosts of the configuration, or for any host if `all` of them count.
pub(super) fn exceeded(release: &Release, all: bool) -> Vec<Diagnostic> {
    let hosting = &release.config.settings.hosting;
    let entries = || release.files.values().map(|planned| &planned.entry);
    let total: u64 = entries().map(|entry| entry.length).sum();
    let redirects = entries().filter(|entry| entry.class == Class::Redirect).count();
    let largest = release.files.iter().max_by_key(|(_, planned)| planned.entry.length);
    let mut found = Vec::new();
    for limits in HOSTS.iter().filter(|limits| all || hosting.contains(&limits.host)) {
        let mut warn = |message: String, hint: &str| found.push(Diagnostic::warning(message).hint(hint));
        let name = limits.name;
        if release.files.len() > limits.files {
            let more = if limits.host == Host::Cloudflare { " (100,000 if you pay)" } else { "" };
            let message =
                format!("{name} takes {} files{more}, and the site has {}", limits.files, release.files.len());
            warn(message, "deploy to a bucket, or leave out what has many files: `archives`, `feeds.for`, `pictures`");
        }
        if let Some((path, planned)) = largest.filter(|(_, planned)| planned.entry.length > limits.file) {
            let (has, most) = (planned.entry.length >> 20, limits.file >> 20);
            warn(format!("{name} takes files of {most} MiB, and /{path} has {has}"), "put it on another host");
        }
        if total > limits.site {
            let message = format!("{name} takes {} GiB, and the site has {:.1}", limits.site >> 30, total as f64 / 1e9);
            warn(message, "put images and films on another host");
        }
        if redirects > limits.redirects {
            let message = format!("{name} takes {} redirects, and the site has {redirects}", limits.redirects);
            warn(message, "older ones stay pages that lead on, which works everywhere");
        }
    }
    found
}
