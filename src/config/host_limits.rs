//! What hosts take at most, as their documentation says, and what of a site is more than that.
//!
//! Only a table and a comparison: `check` measures what is planned, `deploy` what was built.

use super::Host;

/// How large a site is.
#[derive(Clone, Debug, Default)]
pub struct Measure {
    /// The number of its files.
    pub files: usize,
    /// The largest file: its path in the output folder, and its bytes.
    pub largest: Option<(String, u64)>,
    /// Bytes of all files.
    pub total: u64,
    /// The number of old addresses that lead on.
    pub redirects: usize,
}

/// What a host takes.
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

/// <https://developers.cloudflare.com/pages/platform/limits/>, <https://docs.github.com/en/pages/getting-started-with-github-pages/github-pages-limits>.
const HOSTS: [Limits; 2] = [
    Limits {
        host: Host::Cloudflare,
        name: "Cloudflare Pages",
        files: 20_000,
        file: 25 << 20,
        site: u64::MAX,
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

/// The limits that the site exceeds, each as a message with its cure. `counts` selects the hosts.
pub fn exceeded(measure: &Measure, counts: impl Fn(Host) -> bool) -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    for limits in HOSTS.iter().filter(|limits| counts(limits.host)) {
        let name = limits.name;
        if measure.files > limits.files {
            let more = if limits.host == Host::Cloudflare { " (100,000 if you pay)" } else { "" };
            found.push((
                format!("{name} takes {} files{more}, and the site has {}", limits.files, measure.files),
                "deploy to a bucket, or leave out what has many files: `archives`, `feeds.for`, `images`",
            ));
        }
        if let Some((path, length)) = measure.largest.as_ref().filter(|(_, length)| *length > limits.file) {
            let message = format!("{name} takes files of {} MiB, and /{path} has {}", limits.file >> 20, length >> 20);
            found.push((message, "put it on another host"));
        }
        if measure.total > limits.site {
            let has = measure.total as f64 / f64::from(1 << 30);
            let message = format!("{name} takes {} GiB, and the site has {has:.1}", limits.site >> 30);
            found.push((message, "put images and films on another host"));
        }
        if measure.redirects > limits.redirects {
            let message =
                format!("{name} takes {} redirects, and the site has {}", limits.redirects, measure.redirects);
            found.push((message, "older ones stay pages that lead on, which works everywhere"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_named_with_what_it_does_not_take() {
        let large =
            Measure { files: 20_001, largest: Some(("film.mp4".into(), 101 << 20)), total: 2 << 30, redirects: 1 };
        let told =
            |host: Host| exceeded(&large, |one| one == host).into_iter().map(|(told, _)| told).collect::<Vec<_>>();
        assert_eq!(
            told(Host::Cloudflare),
            [
                "Cloudflare Pages takes 20000 files (100,000 if you pay), and the site has 20001",
                "Cloudflare Pages takes files of 25 MiB, and /film.mp4 has 101"
            ]
        );
        assert_eq!(
            told(Host::Github),
            [
                "GitHub Pages takes files of 100 MiB, and /film.mp4 has 101",
                "GitHub Pages takes 1 GiB, and the site has 2.0"
            ]
        );
        assert!(told(Host::Netlify).is_empty());
        assert!(exceeded(&Measure::default(), |_| true).is_empty());
    }
}
