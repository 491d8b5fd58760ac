//! The public side: what readers get at an address, and services that are told of it.

use std::time::{Duration, Instant};

use ureq::Agent;

use super::told::Told;
use crate::diagnostic::Diagnostic;
use crate::site_path;

/// Asks as a reader would.
pub(super) struct Public(Agent);

/// How long withdrawn pages are waited for.
const MOST_PATIENCE: Duration = Duration::from_secs(120);

impl Public {
    /// Somebody who asks.
    pub(super) fn new() -> Self {
        let agent = Agent::config_builder()
            .user_agent(concat!("courant/", env!("CARGO_PKG_VERSION")))
            .timeout_global(Some(Duration::from_secs(20)))
            .timeout_connect(Some(Duration::from_secs(5)))
            .http_status_as_error(false)
            .build();
        Self(agent.into())
    }

    /// The status of an address; none if nobody answers.
    fn status(&self, address: &str) -> Option<u16> {
        self.0.get(address).call().ok().map(|response| response.status().as_u16())
    }

    /// Sends something to a service.
    ///
    /// # Errors
    /// It does not take it.
    pub(super) fn post(&self, address: &str, content_type: &str, body: &[u8]) -> Result<(), Diagnostic> {
        let failed = |how: String| {
            Diagnostic::error(format!("{address} was not told what changed: {how}"))
                .hint("the next deployment tries again; `--no-ping` leaves it out")
        };
        match self.0.post(address).header("content-type", content_type).send(body) {
            Ok(response) if response.status().is_success() => Ok(()),
            Ok(response) => Err(failed(format!("it answers {}", response.status().as_u16()))),
            Err(error) => Err(failed(error.to_string())),
        }
    }
}

/// Whether readers get a text at an address. Some hosts answer with a page of theirs whatever is asked for.
pub(super) fn shows(address: &str, text: &str) -> bool {
    let response = Public::new().0.get(address).call().ok().filter(|response| response.status().is_success());
    response.and_then(|response| response.into_body().read_to_string().ok()).is_some_and(|body| body.contains(text))
}

/// Waits until withdrawn pages are gone. Returns those that are still there.
pub(super) fn confirm(told: &Told) -> Vec<Diagnostic> {
    let public = Public::new();
    let began = Instant::now();
    let mut problems = Vec::new();
    for address in told.withdrawn.iter().filter(|address| address.ends_with('/') || site_path::is_page(address)) {
        loop {
            let status = public.status(address);
            if matches!(status, Some(404 | 410)) {
                break;
            }
            if began.elapsed() > MOST_PATIENCE {
                let what = status.map_or("nobody answers".to_owned(), |status| format!("it answers {status}"));
                problems.push(
                    Diagnostic::error(format!("{address} was withdrawn, but is not gone: {what}"))
                        .hint("purge it from the caches between the target and the readers"),
                );
                break;
            }
            std::thread::sleep(Duration::from_secs(1));
        }
    }
    problems
}
