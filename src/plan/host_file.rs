//! Files that tell a host how to serve the site, by their names.

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
}

impl HostFile {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Headers, Self::Redirects, Self::NoJekyll];

    /// Its name in the output folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Headers => "_headers",
            Self::Redirects => "_redirects",
            Self::NoJekyll => ".nojekyll",
        }
    }

    /// Whether one of the hosts reads it.
    pub fn is_for(self, hosts: &[Host]) -> bool {
        hosts.iter().any(|host| match self {
            Self::Headers | Self::Redirects => matches!(host, Host::Netlify | Host::Cloudflare),
            Self::NoJekyll => *host == Host::Github,
        })
    }
}
