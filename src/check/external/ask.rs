//! Asking one host for its addresses, politely.

use std::io::ErrorKind;
use std::net::IpAddr;
use std::thread::sleep;
use std::time::Duration;

use ureq::http::Response;
use ureq::{Agent, Body, Error};
use url::Url;

use super::Verdict;

/// Between two requests to one host.
const PAUSE: Duration = Duration::from_secs(1);

/// After so many requests in a row that were not answered in time, a host is not asked any more.
const MOST_LATE: u32 = 4;

/// What asks. It follows redirects, and gives up after 20 seconds.
pub(super) fn agent() -> Agent {
    Agent::config_builder()
        .user_agent(concat!("courant/", env!("CARGO_PKG_VERSION"), " (link checker of a news site)"))
        .timeout_global(Some(Duration::from_secs(20)))
        .timeout_connect(Some(Duration::from_secs(10)))
        .http_status_as_error(false)
        .max_redirects(8)
        .max_idle_connections(HOST_CONNECTIONS)
        .build()
        .into()
}

/// Connections that are kept open; each host is asked by one thread.
const HOST_CONNECTIONS: usize = super::HOSTS_AT_ONCE;

/// One host, while it is asked.
pub(super) struct Host<'a> {
    agent: &'a Agent,
    pause: Duration,
    has_been_asked: bool,
    /// Why nothing more is asked: the host cannot be reached.
    unreachable: Option<Verdict>,
    /// It has had enough.
    is_weary: bool,
    /// So many requests in a row were not answered in time.
    late: u32,
}

impl<'a> Host<'a> {
    pub(super) fn new(agent: &'a Agent, origin: &str) -> Self {
        // The own machine needs no courtesy.
        let host = Url::parse(origin).ok().and_then(|origin| origin.host_str().map(str::to_owned)).unwrap_or_default();
        let is_here = host == "localhost"
            || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        let pause = if is_here { Duration::ZERO } else { PAUSE };
        Self { agent, pause, has_been_asked: false, unreachable: None, is_weary: false, late: 0 }
    }

    /// What is at the address; none if the host has had enough.
    pub(super) fn ask(&mut self, address: &str) -> Option<Verdict> {
        if self.unreachable.is_some() {
            return self.unreachable.clone();
        }
        if self.is_weary {
            return None;
        }
        self.wait();
        // Many servers answer `HEAD` wrongly or not at all: only `GET` proves that there is nothing.
        let verdict = self.judge(address, self.agent.head(address).call());
        match verdict {
            Some(Verdict::Dead(_)) if self.unreachable.is_none() => {
                self.wait();
                self.judge(address, self.agent.get(address).call())
            }
            verdict => verdict,
        }
    }

    fn wait(&mut self) {
        if std::mem::replace(&mut self.has_been_asked, true) {
            sleep(self.pause);
        }
    }

    /// What an answer says; none if it says nothing about the address.
    fn judge(&mut self, address: &str, answer: Result<Response<Body>, Error>) -> Option<Verdict> {
        let dead = |why: &str| Some(Verdict::Dead(why.to_owned()));
        self.late = if matches!(answer, Err(Error::Timeout(_))) { self.late + 1 } else { 0 };
        match answer {
            Ok(response) => match response.status().as_u16() {
                // There is something, only not for everybody, or not for robots.
                200..=399 | 401 | 402 | 403 | 405 | 406 | 407 | 451 | 999 => Some(Verdict::Alive),
                429 | 503 => {
                    self.is_weary = true;
                    None
                }
                status => Some(Verdict::Dead(format!("answers {status}{}", meaning(status)))),
            },
            Err(Error::HostNotFound) => self.give_up(address, "the host does not exist"),
            Err(Error::ConnectionFailed) => self.give_up(address, "the host refuses the connection"),
            Err(Error::Io(error)) if error.kind() == ErrorKind::ConnectionRefused => {
                self.give_up(address, "the host refuses the connection")
            }
            Err(Error::Timeout(_)) if self.late < MOST_LATE => dead("does not answer in time"),
            Err(Error::Timeout(_)) => self.give_up(address, "the host does not answer in time"),
            Err(Error::TooManyRedirects | Error::RedirectFailed) => dead("leads from one address to the next for ever"),
            Err(error @ (Error::Tls(_) | Error::Rustls(_))) => {
                Some(Verdict::Dead(format!("has no valid certificate: {error}")))
            }
            Err(error) => Some(Verdict::Dead(format!("cannot be read: {error}"))),
        }
    }

    /// Notes that the host cannot be reached: nothing more is asked. If only the one cannot to which the address leads,
    /// the address alone is dead.
    fn give_up(&mut self, address: &str, why: &str) -> Option<Verdict> {
        self.wait();
        let answer = self.agent.head(address).config().max_redirects(0).build().call();
        if answer.is_ok_and(|answer| answer.status().is_redirection()) {
            return Some(Verdict::Dead(format!("leads to a host that cannot be reached: {why}")));
        }
        self.unreachable = Some(Verdict::unreachable(why));
        self.unreachable.clone()
    }
}

/// What a status says, for those who do not know them by heart.
fn meaning(status: u16) -> &'static str {
    match status {
        404 => ": there is nothing",
        410 => ": it was removed",
        500..=599 => ": the server fails",
        _ => "",
    }
}
