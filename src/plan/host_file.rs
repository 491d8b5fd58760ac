//! Files that tell a host how to serve the site, and crawlers what they may do, by their names.

use crate::config::{Config, Host, Rights};

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
    /// `.well-known/tdmrep.json`: that rights are reserved, for whoever owns the root of a host.
    Reservation,
}

impl HostFile {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Headers, Self::Redirects, Self::NoJekyll, Self::License, Self::Reservation];

    /// Its name in the output folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::Headers => "_headers",
            Self::Redirects => "_redirects",
            Self::NoJekyll => ".nojekyll",
            Self::License => "license.xml",
            Self::Reservation => ".well-known/tdmrep.json",
        }
    }

    /// Whether one of the hosts reads it.
    pub fn is_for(self, hosts: &[Host]) -> bool {
        hosts.iter().any(|host| match self {
            Self::Headers | Self::Redirects => matches!(host, Host::Netlify | Host::Cloudflare),
            Self::NoJekyll => *host == Host::Github,
            // It depends on the rights.
            Self::License | Self::Reservation => false,
        })
    }

    /// Whether the statement of rights wants it.
    pub fn is_of_rights(self, config: &Config) -> bool {
        let rights = config.settings.rights.as_ref();
        match self {
            Self::License => rights.is_some(),
            // Only one at the root of the host counts.
            Self::Reservation => rights.is_some_and(Rights::reserves) && config.base_path == "/",
            _ => false,
        }
    }
}
