//! How much an address may send: a leaky bucket each, in a table of fixed size.
//!
//! The generic cell rate algorithm (ITU-T I.371) needs one number for each bucket: the moment at which it
//! would be empty. The addresses themselves are kept nowhere: a slot is found by a hash with a key that
//! this process drew at its start and never writes down. Two addresses in one slot share it, which is
//! what a bounded table costs.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::connections::network;

/// Slots in the table: 512 KiB.
const SLOTS: usize = 1 << 16;

/// The limit for each address.
#[derive(Debug)]
pub(super) struct Rate {
    /// Between two of them, in the long run; zero: no limit.
    interval: Duration,
    /// As many may come at once before the rate counts.
    burst: u32,
    began: Instant,
    key: RandomState,
    /// Nanoseconds after `began` at which each bucket is empty.
    empty_at: Box<[AtomicU64]>,
}

impl Rate {
    /// So many a minute from each address, and `burst` at once; 0: no limit.
    pub(super) fn per_minute(number: u32, burst: u32) -> Self {
        let interval = if number == 0 { Duration::ZERO } else { Duration::from_secs(60) / number };
        let slots = if number == 0 { 1 } else { SLOTS };
        Self {
            interval,
            burst,
            began: Instant::now(),
            key: RandomState::new(),
            empty_at: (0..slots).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    /// Counts one from `address`, or says how long it has to wait.
    pub(super) fn admit(&self, address: IpAddr) -> Result<(), Duration> {
        self.admit_at(address, self.began.elapsed())
    }

    fn admit_at(&self, address: IpAddr, now: Duration) -> Result<(), Duration> {
        if self.interval.is_zero() {
            return Ok(());
        }
        let slot = self.key.hash_one(network(address)) as usize % self.empty_at.len();
        let (now, interval) = (now.as_nanos() as u64, self.interval.as_nanos() as u64);
        let full = interval * u64::from(self.burst - 1);
        let admit = |empty_at: u64| (empty_at <= now + full).then(|| empty_at.max(now) + interval);
        match self.empty_at[slot].fetch_update(Ordering::Relaxed, Ordering::Relaxed, admit) {
            Ok(_) => Ok(()),
            Err(empty_at) => Err(Duration::from_nanos(empty_at.saturating_sub(now + full))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_burst_is_admitted_and_then_one_each_interval() {
        let rate = Rate::per_minute(6, 5);
        let (one, at) = (address("192.0.2.1"), Duration::from_secs);
        for _ in 0..5 {
            assert_eq!(rate.admit_at(one, at(100)), Ok(()));
        }
        assert_eq!(rate.admit_at(one, at(100)), Err(Duration::from_secs(10)));
        assert_eq!(rate.admit_at(one, at(110)), Ok(()));
        assert!(rate.admit_at(one, at(111)).is_err());
        assert_eq!(rate.admit_at(one, at(1000)), Ok(()), "a quiet address is new again");
    }

    #[test]
    fn without_a_limit_everything_is_admitted() {
        let rate = Rate::per_minute(0, 5);
        assert!((0..1000).all(|_| rate.admit_at(address("192.0.2.1"), Duration::ZERO).is_ok()));
    }
}
