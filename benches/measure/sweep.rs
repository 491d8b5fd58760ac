//! Empties pages while they are being written, so that a site can be built whose output no file system here holds.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

/// How long a page is left alone, since courant writes it in one go and asks for its stamp.
const AGE: Duration = Duration::from_secs(1);

/// Empties the pages of articles below `output` until `is_done`.
pub(crate) fn sweep(output: &Path, is_done: &AtomicBool) -> io::Result<()> {
    // A clean build writes everything here, and moves it at the end.
    let staging = output.join(".courant-staging");
    let mut seen = HashSet::new();
    while !is_done.load(Ordering::Relaxed) {
        let old = SystemTime::now() - AGE;
        // `/{section}/{yyyy}/{slug}/index.html`
        for folder in folders(&staging).iter().flat_map(|section| folders(section)).flat_map(|year| folders(&year)) {
            let page = folder.join("index.html");
            if !seen.contains(&folder) && fs::metadata(&page).is_ok_and(|page| page.modified().is_ok_and(|at| at < old))
            {
                File::options().write(true).open(&page)?.set_len(0)?;
                seen.insert(folder);
            }
        }
        thread::sleep(AGE);
    }
    Ok(())
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|entry| entry.path()).collect()
}
