//! Room for a bounded number of guests, in total and from each network.
//!
//! When the room is full, the guest that has waited longest for its client makes room for the next. A guest
//! at work stays, unless it has been at work for longer than [`PATIENCE`]: work takes milliseconds, so such a
//! guest holds its place on purpose. If everybody is at work, the next guest is refused at once.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// How long a guest at work keeps its place in a full room.
const PATIENCE: Duration = Duration::from_secs(5);

/// What one subscriber has: an IPv4 address, or the upper 64 bits of an IPv6 one (RFC 6177).
pub fn network(address: IpAddr) -> u64 {
    match address.to_canonical() {
        IpAddr::V4(address) => u64::from(address.to_bits()),
        IpAddr::V6(address) => (address.to_bits() >> 64) as u64,
    }
}

/// A bounded number of guests.
#[derive(Debug)]
pub struct Room {
    most: usize,
    from_one: usize,
    guests: Mutex<Guests>,
}

#[derive(Debug, Default)]
struct Guests {
    /// The number of the next guest.
    next: u64,
    /// In the order in which they came. There are a few hundred at most, so they are searched.
    all: Vec<Guest>,
}

#[derive(Debug)]
struct Guest {
    number: u64,
    network: u64,
    is_at_work: bool,
    /// Since when it is at work, or waits.
    since: Instant,
    must_leave: Arc<Notify>,
}

/// A place in a room, held until it is dropped.
#[derive(Debug)]
pub struct Place {
    room: Arc<Room>,
    number: u64,
    must_leave: Arc<Notify>,
}

impl Room {
    /// Room for `most` guests, and for `from_one` of each network.
    pub fn new(most: usize, from_one: usize) -> Arc<Self> {
        Arc::new(Self { most, from_one, guests: Mutex::default() })
    }

    /// A place for a guest, who waits for its client at first. None if the room is full of guests at work.
    pub fn admit(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        self.admit_at(network(address), Instant::now())
    }

    fn admit_at(self: &Arc<Self>, network: u64, now: Instant) -> Option<Place> {
        let mut guests = self.guests();
        let from_one = guests.all.iter().filter(|guest| guest.network == network).count();
        if from_one >= self.from_one && !guests.dismiss(now, |guest| guest.network == network) {
            return None;
        }
        if guests.all.len() >= self.most && !guests.dismiss(now, |_| true) {
            return None;
        }
        let number = guests.next;
        guests.next += 1;
        let must_leave = Arc::new(Notify::new());
        let leave = Arc::clone(&must_leave);
        guests.all.push(Guest { number, network, is_at_work: false, since: now, must_leave });
        Some(Place { room: Arc::clone(self), number, must_leave: leave })
    }

    /// Asks the guest that has waited longest to leave.
    pub fn make_room(&self) {
        self.guests().dismiss(Instant::now(), |_| true);
    }

    fn guests(&self) -> MutexGuard<'_, Guests> {
        self.guests.lock().expect("no panic while locked")
    }
}

impl Guests {
    /// Takes the place from the guest that has waited longest. False if all of them are at work.
    fn dismiss(&mut self, now: Instant, may_leave: impl Fn(&Guest) -> bool) -> bool {
        let all = self.all.iter().enumerate().filter(|(_, guest)| {
            may_leave(guest) && (!guest.is_at_work || now.saturating_duration_since(guest.since) > PATIENCE)
        });
        let Some((at, _)) = all.min_by_key(|(_, guest)| (guest.is_at_work, guest.since)) else { return false };
        // A permit is stored, so a guest that does not listen yet leaves as soon as it does.
        self.all.remove(at).must_leave.notify_one();
        true
    }
}

impl Place {
    /// The guest is at work, and no longer waits for its client.
    pub fn works(&self) {
        self.is(true);
    }

    /// The guest waits for its client.
    pub fn waits(&self) {
        self.is(false);
    }

    fn is(&self, is_at_work: bool) {
        let mut guests = self.room.guests();
        if let Some(guest) = guests.all.iter_mut().find(|guest| guest.number == self.number) {
            guest.is_at_work = is_at_work;
            guest.since = Instant::now();
        }
    }

    /// Done when the guest must leave, because its place was given to another one.
    pub async fn must_leave(&self) {
        self.must_leave.notified().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.room.guests().all.retain(|guest| guest.number != self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn numbers(room: &Room) -> Vec<u64> {
        room.guests().all.iter().map(|guest| guest.number).collect()
    }

    #[test]
    fn a_subscriber_is_one_address_or_one_network() {
        assert_eq!(network(address("2001:db8:1:2::1")), network(address("2001:db8:1:2:ffff::9")));
        assert_ne!(network(address("2001:db8:1:2::1")), network(address("2001:db8:1:3::1")));
        assert_eq!(network(address("::ffff:192.0.2.1")), network(address("192.0.2.1")));
    }

    #[test]
    fn the_guest_that_has_waited_longest_makes_room() {
        let room = Room::new(3, 3);
        let places: Vec<_> = (0..3).map(|_| room.admit(address("192.0.2.1")).expect("a place")).collect();
        places[0].works();
        places[1].works();
        places[1].waits();
        let next = room.admit(address("192.0.2.9")).expect("a place");
        assert_eq!(numbers(&room), [0, 1, 3], "the third waits longer than the second, and the first is at work");
        drop(places);
        assert_eq!(numbers(&room), [next.number], "who was dismissed is not missed twice");
    }

    #[test]
    fn a_network_takes_places_from_itself_only() {
        let room = Room::new(10, 2);
        let other = room.admit(address("192.0.2.1")).expect("a place");
        let crowd: Vec<_> =
            (1..=5).map(|number| room.admit(address(&format!("2001:db8::{number}"))).expect("a place")).collect();
        assert_eq!(numbers(&room), [other.number, crowd[3].number, crowd[4].number]);
    }

    #[test]
    fn a_room_full_of_work_refuses_and_work_without_end_gives_way() {
        let room = Room::new(2, 2);
        let (one, two) = (room.admit(address("192.0.2.1")), room.admit(address("192.0.2.2")));
        let (one, two) = (one.expect("a place"), two.expect("a place"));
        one.works();
        two.works();
        assert!(room.admit(address("192.0.2.3")).is_none());
        let later = Instant::now() + PATIENCE + Duration::from_millis(1);
        assert!(room.admit_at(3, later).is_some());
        assert_eq!(numbers(&room), [two.number]);
    }
}
