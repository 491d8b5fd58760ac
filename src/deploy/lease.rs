//! The lease: who may deploy.
//!
//! It stands in the head of the record, which is only written under the condition that it is still the one that was
//! read. It ends by itself unless it is renewed, so a deployment that died keeps nobody out for long; and one that
//! cannot renew its lease stops before anybody else may begin.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::record::{HEAD, Head, Held};
use super::target::{If, Store};
use crate::diagnostic::Diagnostic;
use crate::pipeline::Failure;

/// The moment, in seconds since 1970: that of the start of the command, and how long ago that was.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// Seconds since 1970 when the command began.
    pub start: i64,
    /// The same moment.
    pub began: Instant,
}

impl Clock {
    /// Now.
    pub fn now(&self) -> i64 {
        self.start + self.began.elapsed().as_secs() as i64
    }
}

/// A lease that is held.
pub(super) struct Lease<'a> {
    store: &'a dyn Store,
    clock: Clock,
    length: Duration,
    holder: String,
    /// Whether others are kept out by a promise, since the store knows no conditions.
    is_exclusive: bool,
    state: Mutex<State>,
}

struct State {
    head: Head,
    tag: String,
    renewed: Instant,
    is_lost: bool,
}

impl<'a> Lease<'a> {
    /// Takes the lease by writing `head` in place of the one with this tag, or of none.
    ///
    /// # Errors
    /// The store cannot be written. `Ok(None)` means that somebody else was faster.
    pub(super) fn take(
        store: &'a dyn Store,
        mut head: Head,
        tag: Option<&str>,
        holder: &str,
        (clock, length, is_exclusive): (Clock, Duration, bool),
    ) -> Result<Option<Self>, Failure> {
        let renewed = Instant::now();
        let until = clock.now() + store.ahead() + length.as_secs() as i64;
        head.lease = Some(Held { holder: holder.to_owned(), until });
        let only = if is_exclusive { If::Any } else { tag.map_or(If::Absent, If::Is) };
        let Some(tag) = store.put(HEAD, &head.bytes(), only)? else { return Ok(None) };
        let state = Mutex::new(State { head, tag, renewed, is_lost: false });
        Ok(Some(Self { store, clock, length, holder: holder.to_owned(), is_exclusive, state }))
    }

    /// Whether it is still held.
    ///
    /// # Errors
    /// It is lost, or may be soon.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let state = self.state.lock().expect("no panic while locked");
        if state.is_lost || state.renewed.elapsed() > self.length * 2 / 3 && !self.is_exclusive {
            return Err(lost());
        }
        Ok(())
    }

    /// Renews it again and again until the other end of the channel is dropped.
    pub(super) fn keep(&self, until: &Receiver<()>) {
        while until.recv_timeout(self.length / 4) == Err(RecvTimeoutError::Timeout) {
            // What fails now may work the next time; `check` ends the work in time.
            let _ = self.renew();
        }
    }

    fn renew(&self) -> Result<(), Failure> {
        let mut state = self.state.lock().expect("no panic while locked").head.clone();
        let until = self.clock.now() + self.store.ahead() + self.length.as_secs() as i64;
        state.lease = Some(Held { holder: self.holder.clone(), until });
        self.write(state)
    }

    /// Writes the head in place of the one that was written before.
    ///
    /// # Errors
    /// The store cannot be written, or somebody else has written the head.
    pub(super) fn write(&self, mut head: Head) -> Result<(), Failure> {
        let began = Instant::now();
        let tag = self.state.lock().expect("no panic while locked").tag.clone();
        let only = if self.is_exclusive { If::Any } else { If::Is(&tag) };
        let bytes = head.bytes();
        let written = self.store.put(HEAD, &bytes, only)?;
        let mut state = self.state.lock().expect("no panic while locked");
        match written {
            Some(tag) => {
                state.head = head;
                state.tag = tag;
                state.renewed = began;
                Ok(())
            }
            None => {
                state.is_lost = true;
                Err(lost())
            }
        }
    }

    /// The head as it was written last, and its tag.
    pub(super) fn head(&self) -> (Head, String) {
        let state = self.state.lock().expect("no panic while locked");
        (state.head.clone(), state.tag.clone())
    }

    /// Gives it up after a failure: the intent stays, so the next deployment mends what this one has begun. What fails
    /// here follows from that failure.
    pub(super) fn give_up(&self) {
        let (head, _) = self.head();
        if self.check().is_ok() {
            let _ = self.write(Head { lease: None, ..head });
        }
    }
}

fn lost() -> Failure {
    Failure::Machine(
        Diagnostic::error("the deployment was silent for too long, so another one may have begun")
            .hint("deploy again; `lease` in site.yaml says how long is too long"),
    )
}
