//! A cache of images: one file for each in a folder of `.courant/`, named by what it was made from.
//!
//! A file ends with the checksum of what stands before it, and is written beside and renamed: one that is
//! damaged is as good as missing. Nothing ever becomes wrong here, so only what is old and of no use any
//! more is thrown away.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use rustc_hash::FxHashSet;

use super::store::{self, Store};
use crate::fingerprint::Fingerprint;

/// How long a copy is kept that no build wanted: a branch, a draft, a setting may come back.
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Bytes of the checksum.
const CHECKSUM: usize = 16;

/// Images that were made before.
#[derive(Debug)]
pub struct Cache(PathBuf, Option<Arc<dyn Store>>);

impl Cache {
    /// The cache in a folder, which need not be there yet.
    pub fn new(folder: PathBuf) -> Self {
        Self(folder, None)
    }

    /// Looks into this store for what is not in the folder, and keeps there what is written.
    pub fn keep_in(&mut self, store: Arc<dyn Store>) {
        self.1 = Some(store);
    }

    fn path(&self, key: &Fingerprint) -> PathBuf {
        self.0.join(key.to_string())
    }

    /// Whether something of that name is there; it may be damaged.
    pub(super) fn has(&self, key: &Fingerprint) -> bool {
        self.path(key).is_file() || self.get(key).is_some()
    }

    /// What was made under a name; none if it is missing or damaged.
    pub fn read(&self, key: &Fingerprint) -> Option<Vec<u8>> {
        self.read_here(key).or_else(|| self.get(key))
    }

    /// What the store has, which is in the folder from then on.
    fn get(&self, key: &Fingerprint) -> Option<Vec<u8>> {
        let bytes = store::get(self.1.as_ref()?, key)?;
        // What cannot be kept here is fetched again.
        let _ = self.write_here(key, &bytes);
        Some(bytes)
    }

    fn read_here(&self, key: &Fingerprint) -> Option<Vec<u8>> {
        let path = self.path(key);
        let mut bytes = fs::read(&path).ok()?;
        let length = bytes.len().checked_sub(CHECKSUM)?;
        if Fingerprint::of(&bytes[..length]).bytes() != &bytes[length..] {
            return None;
        }
        bytes.truncate(length);
        Some(bytes)
    }

    /// Keeps something under a name.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, key: &Fingerprint, bytes: &[u8]) -> io::Result<()> {
        if let Some(kept_in) = &self.1 {
            store::put(kept_in, key, bytes);
        }
        self.write_here(key, bytes)
    }

    fn write_here(&self, key: &Fingerprint, bytes: &[u8]) -> io::Result<()> {
        // Two builds may make the same copy at the same moment, and two threads of one.
        static WRITTEN: AtomicU64 = AtomicU64::new(0);
        fs::create_dir_all(&self.0)?;
        let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
        let beside = self.0.join(format!("{key}.{}-{number}.new", std::process::id()));
        let write = || {
            let mut file = File::create(&beside)?;
            file.write_all(bytes)?;
            file.write_all(Fingerprint::of(bytes).bytes())?;
            drop(file);
            fs::rename(&beside, self.path(key))
        };
        write().inspect_err(|_| {
            let _ = fs::remove_file(&beside);
        })
    }

    /// Removes what was written longest ago, if there is more than `most`.
    pub fn bound(&self, most: usize) {
        let Ok(entries) = fs::read_dir(&self.0) else { return };
        let age = |entry: fs::DirEntry| Some((entry.metadata().ok()?.modified().ok()?, entry.path()));
        let mut files: Vec<_> = entries.flatten().filter_map(age).collect();
        files.sort_unstable();
        let surplus = files.len().saturating_sub(most);
        for (_, path) in files.drain(..surplus) {
            let _ = fs::remove_file(path);
        }
    }

    /// Removes what is not among `keys` and has not been written for [`KEPT`].
    #[expect(clippy::disallowed_methods, reason = "how old a file of the cache is changes nothing that is published")]
    pub(super) fn tidy(&self, keys: &FxHashSet<Fingerprint>) {
        let Ok(entries) = fs::read_dir(&self.0) else { return };
        let wanted: FxHashSet<String> = keys.iter().map(Fingerprint::to_string).collect();
        let now = SystemTime::now();
        for entry in entries.flatten() {
            let is_wanted = entry.file_name().to_str().is_some_and(|name| wanted.contains(name));
            let age = entry.metadata().and_then(|metadata| metadata.modified()).map(|at| now.duration_since(at));
            // Builds wait for each other, so what is still being written belongs to a process that is gone.
            let is_left = entry.file_name().to_str().is_some_and(|name| name.ends_with(".new"));
            if is_left || !is_wanted && age.is_ok_and(|age| age.is_ok_and(|age| age > KEPT)) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_damaged_is_missing() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().to_path_buf());
        let key = Fingerprint::of(b"key");
        assert_eq!(cache.read(&key), None);
        cache.write(&key, b"an image").expect("it can be written");
        assert_eq!(cache.read(&key).as_deref(), Some(&b"an image"[..]));
        fs::write(cache.path(&key), b"a pict").expect("it can be written");
        assert_eq!(cache.read(&key), None);
    }

    #[test]
    fn threads_may_write_the_same_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().to_path_buf());
        let key = Fingerprint::of(b"key");
        let bytes = vec![7; 100_000];
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..50).for_each(|_| cache.write(&key, &bytes).expect("it can be written")));
            }
        });
        assert_eq!(cache.read(&key), Some(bytes));
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing is left beside it");
    }

    #[test]
    fn of_too_much_the_oldest_goes() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().to_path_buf());
        let keys = [&b"a"[..], b"b", b"c"].map(Fingerprint::of);
        for key in keys {
            cache.write(&key, b"x").expect("it can be written");
        }
        let file = File::options().write(true).open(cache.path(&keys[1])).expect("it is there");
        file.set_modified(SystemTime::UNIX_EPOCH).expect("times can be set");
        cache.bound(3);
        assert!(keys.iter().all(|key| cache.has(key)));
        cache.bound(2);
        assert_eq!(keys.map(|key| cache.has(&key)), [true, false, true]);
    }

    #[test]
    fn only_what_is_old_and_unwanted_goes() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().to_path_buf());
        let [wanted, young, old] = [&b"a"[..], b"b", b"c"].map(Fingerprint::of);
        for key in [wanted, young, old] {
            cache.write(&key, b"x").expect("it can be written");
        }
        for key in [wanted, old] {
            let file = File::options().write(true).open(cache.path(&key)).expect("it is there");
            file.set_modified(SystemTime::UNIX_EPOCH).expect("times can be set");
        }
        cache.tidy(&FxHashSet::from_iter([wanted]));
        assert!(cache.has(&wanted) && cache.has(&young) && !cache.has(&old));
    }
}
