//! Limits of hosts, told before an upload fails for them.

use super::release::Release;
use crate::config::host_limits::{self, Measure};
use crate::diagnostic::Diagnostic;
use crate::plan::Class;

/// What the release has too much of for the hosts of the configuration, or for any host if `all` of them count.
pub(super) fn exceeded(release: &Release, all: bool) -> Vec<Diagnostic> {
    let hosting = &release.config.settings.hosting;
    let entries = || release.files.iter().map(|(path, planned)| (path, &planned.entry));
    let largest = entries().max_by_key(|(_, entry)| entry.length);
    let measure = Measure {
        files: release.files.len(),
        largest: largest.map(|(path, entry)| (path.to_string(), entry.length)),
        total: entries().map(|(_, entry)| entry.length).sum(),
        redirects: entries().filter(|(_, entry)| entry.class == Class::Redirect).count(),
    };
    let found = host_limits::exceeded(&measure, |host| all || hosting.contains(&host));
    found.into_iter().map(|(message, hint)| Diagnostic::warning(message).hint(hint)).collect()
}
