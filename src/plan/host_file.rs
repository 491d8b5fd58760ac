//! Files that tell a host how to serve the site, and crawlers what they may do, by their names.

use crate::config::Host;

/// A file for hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum HostFile {
    /// `_headers`: headers of answers.
    Headers,
    /// `_redirects`: old addresses.
    Redirects,
    /// `.nojekyll`: no file is left out or changed.
    NoJekyll,
    /// `license.xml`: what may be done with the texts.
    License,
}

impl HostFile {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Headers, Self::Redirects, Self::NoJekyll, Self::License];

    /// Its name in the output folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Headers => "_headers",
            Self::Redirects => "_redirects",
            Self::NoJekyll => ".nojekyll",
            Self::License => "license.xml",
        }
    }

    /// Whether one of the hosts reads it.
    pub fn is_for(self, hosts: &[Host]) -> bool {
        hosts.iter().any(|host| match self {
            Self::Headers | Self::Redirects => matches!(host, Host::Netlify | Host::Cloudflare),
            Self::NoJekyll => *host == Host::Github,
            // It depends on the rights.
            Self::License => false,
        })
    }
}
