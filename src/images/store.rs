//! The image store: where machines keep for each other what they made of images.
//!
//! What it holds is named by what it was made from, so nothing in it becomes wrong; and it is worth time and nothing
//! else. Who does not answer is not asked again, and bytes that are not what was put there are as good as missing.

#![cfg_attr(not(feature = "images"), allow(dead_code, reason = "without the photo desk nothing is kept"))]

use std::fmt::Debug;
use std::sync::Arc;

use crate::fingerprint::{Fingerprint, Fingerprinter};

/// Keeps files under names, for other machines too.
pub trait Store: Debug + Send + Sync {
    /// What is kept under a name; none if there is nothing, or nobody answers.
    fn get(&self, name: &str) -> Option<Vec<u8>>;

    /// Keeps something under a name, if it can.
    fn put(&self, name: &str, bytes: &[u8]);
}

/// Bytes of the checksum at the end of a file.
const CHECKSUM: usize = 16;

/// Stands for the name too: a file that was put under another name is not what was asked for.
fn checksum(key: &Fingerprint, bytes: &[u8]) -> Fingerprint {
    Fingerprinter::new("kept image").part(key).part(&Fingerprint::of(bytes)).finish()
}

/// What the store keeps under a key.
pub(crate) fn get(store: &Arc<dyn Store>, key: &Fingerprint) -> Option<Vec<u8>> {
    let mut bytes = store.get(&key.to_string())?;
    let length = bytes.len().checked_sub(CHECKSUM)?;
    if checksum(key, &bytes[..length]).bytes() != &bytes[length..] {
        return None;
    }
    bytes.truncate(length);
    Some(bytes)
}

/// Keeps something under a key.
pub(crate) fn put(store: &Arc<dyn Store>, key: &Fingerprint, bytes: &[u8]) {
    store.put(&key.to_string(), &[bytes, checksum(key, bytes).bytes()].concat());
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Mutex;

    use super::*;

    #[derive(Debug, Default)]
    struct Shelf(Mutex<BTreeMap<String, Vec<u8>>>);

    impl Store for Shelf {
        fn get(&self, name: &str) -> Option<Vec<u8>> {
            self.0.lock().unwrap().get(name).cloned()
        }

        fn put(&self, name: &str, bytes: &[u8]) {
            self.0.lock().unwrap().insert(name.to_owned(), bytes.to_vec());
        }
    }

    #[test]
    fn only_what_was_put_under_a_name_is_got_from_it() {
        let shelf = Arc::new(Shelf::default());
        let store: Arc<dyn Store> = Arc::clone(&shelf) as _;
        let [one, other] = [&b"one"[..], b"other"].map(Fingerprint::of);
        assert_eq!(get(&store, &one), None);
        put(&store, &one, b"an image");
        assert_eq!(get(&store, &one).as_deref(), Some(&b"an image"[..]));
        let kept = shelf.get(&one.to_string()).unwrap();
        store.put(&other.to_string(), &kept);
        assert_eq!(get(&store, &other), None, "another image");
        for at in 0..kept.len() {
            let mut bad = kept.clone();
            bad[at] ^= 1;
            store.put(&one.to_string(), &bad);
            assert_eq!(get(&store, &one), None, "byte {at}");
            store.put(&one.to_string(), &kept[..at]);
            assert_eq!(get(&store, &one), None, "cut at {at}");
        }
    }
}
