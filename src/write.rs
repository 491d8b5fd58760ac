//! Writes files of the site's own for commands: whole, or not at all.
//!
//! Not for the output folder and the log, which a build writes in its own way (`publish`).

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Where [`replace`] writes before it renames. The dot keeps the file out of builds that run meanwhile; the name
/// is always the same, so that a later command finds what a killed one left.
pub fn temporary(path: &Path) -> PathBuf {
    let path = behind_links(path);
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".tmp");
    path.with_file_name(name)
}

/// The turn to replace a file: whoever else wants to waits until it ends.
#[derive(Debug)]
pub struct Turn {
    path: PathBuf,
    temporary: PathBuf,
    file: File,
}

/// Waits for the turn to replace a file. What is read from now on is what will be replaced.
///
/// # Errors
/// The machine failed.
pub fn in_turn(path: &Path) -> io::Result<Turn> {
    let (path, temporary) = (behind_links(path), temporary(path));
    loop {
        let file = File::options().create(true).truncate(false).write(true).open(&temporary)?;
        match file.lock() {
            // A file system without locks: people must take turns themselves.
            Err(error) if error.kind() != io::ErrorKind::Unsupported => return Err(error),
            _ => {}
        }
        // Else the one before has renamed or removed it.
        let own = same_file::Handle::from_file(file.try_clone()?)?;
        if same_file::Handle::from_path(&temporary).is_ok_and(|there| there == own) {
            return Ok(Turn { path, temporary, file });
        }
    }
}

impl Turn {
    /// Replaces the file by another of the same permissions, or makes it: written beside it, waited for, renamed. A
    /// link stays a link.
    ///
    /// # Errors
    /// The machine failed; the file is then as it was.
    pub fn replace(mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.write_all(bytes)?;
        if let Ok(metadata) = fs::metadata(&self.path) {
            self.file.set_permissions(metadata.permissions())?;
        }
        self.file.sync_all()?;
        fs::rename(&self.temporary, &self.path)?;
        // The name is another one's from here on.
        self.temporary.clear();
        sync_folder(self.path.parent().unwrap_or(Path::new(".")))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.temporary.as_os_str().is_empty() {
            // It only takes up room.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

/// Replaces a file, in turn with others: [`Turn::replace`].
///
/// # Errors
/// The machine failed; the file is then as it was.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    in_turn(path)?.replace(bytes)
}

/// Makes a file that must not be there yet, and its folders. Gives what was made, for [`remove`].
///
/// # Errors
/// The file is there, or the machine failed; nothing that was made stays.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<Vec<PathBuf>> {
    let mut made: Vec<PathBuf> = Vec::new();
    let mut write = || {
        // Mostly the folder is there, so it is not asked for.
        let mut file = match File::create_new(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let parents = path.ancestors().skip(1).take_while(|folder| !folder.as_os_str().is_empty());
                made = parents.take_while(|folder| !folder.exists()).map(Path::to_path_buf).collect();
                made.reverse();
                if let Some(folder) = path.parent() {
                    fs::create_dir_all(folder)?;
                }
                File::create_new(path)?
            }
            other => other?,
        };
        made.push(path.to_path_buf());
        file.write_all(bytes)
    };
    match write() {
        Ok(()) => Ok(made),
        Err(error) => {
            remove(&made);
            Err(error)
        }
    }
}

/// Removes what [`create`] made, as far as nobody else has put something into it.
pub fn remove(made: &[PathBuf]) {
    for path in made.iter().rev() {
        // What cannot be removed stays; the error that led here is the one to tell.
        let _ = if path.is_dir() { fs::remove_dir(path) } else { fs::remove_file(path) };
    }
}

/// Waits until the entries of a folder are on the disk.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    // Elsewhere a folder cannot be opened as a file, and renames are durable by themselves (NTFS).
    if cfg!(unix) {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn behind_links(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_made_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a/b/c.md");
        let made = create(&path, b"x").expect("made");
        assert_eq!(made.len(), 3, "{made:?}");
        assert!(create(&path, b"y").is_err_and(|error| error.kind() == io::ErrorKind::AlreadyExists));
        assert_eq!(fs::read(&path).expect("there"), b"x");
        remove(&made);
        assert!(fs::read_dir(folder.path()).expect("a folder").next().is_none());
        assert!(create(&folder.path().join("a").join("n".repeat(300)), b"x").is_err());
        assert!(fs::read_dir(folder.path()).expect("a folder").next().is_none());
    }

    #[test]
    fn many_who_add_to_a_file_lose_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        fs::write(&path, "").expect("written");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..10 {
                        let turn = in_turn(&path).expect("a turn");
                        let text = fs::read_to_string(&path).expect("there");
                        turn.replace(format!("{text}x").as_bytes()).expect("replaced");
                    }
                });
            }
        });
        assert_eq!(fs::read_to_string(&path).expect("there"), "x".repeat(80));
        drop(in_turn(&path).expect("a turn that is not used"));
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_replaced_link_stays_a_link() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").expect("written");
        std::os::unix::fs::symlink(&file, &link).expect("a link");
        replace(&link, b"new").expect("replaced");
        assert!(link.is_symlink() && fs::read(&file).expect("there") == b"new");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2);
    }
}
