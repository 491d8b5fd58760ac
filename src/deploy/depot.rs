//! A depot: a folder or a bucket in which machines leave whole files for each other.
//!
//! Not a target: nobody reads a site from it, and it has no record. A file is there as a whole or not at all.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use tempfile::NamedTempFile;

use super::Options;
use super::lease::Clock;
use super::s3::Bucket;
use super::target::{Got, If, Store as _, Target as _};
use crate::config::{DeployTarget, Location, Span};
use crate::diagnostic::{Diagnostic, machine};
use crate::pipeline::Failure;

/// Requests at the same time.
const JOBS: usize = 16;

/// Where machines leave files for each other.
pub struct Depot {
    address: String,
    place: Place,
}

enum Place {
    Folder(PathBuf),
    Bucket(Bucket),
}

impl std::fmt::Debug for Depot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Depot({})", self.address)
    }
}

/// A file of a depot on this machine. One that was fetched is gone when this is dropped.
#[derive(Debug)]
pub enum Here {
    /// The file itself.
    Itself(PathBuf),
    /// A copy.
    Copy(NamedTempFile),
}

impl Here {
    /// Where it is.
    pub fn path(&self) -> &Path {
        match self {
            Self::Itself(path) => path,
            Self::Copy(file) => file.path(),
        }
    }
}

impl Depot {
    /// The depot at an address: `s3://…`, or a folder, relative to `base`. `environment` looks up variables: credentials,
    /// and `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL` for a service that is not Amazon's.
    ///
    /// # Errors
    /// It is not an address, or there are no credentials.
    pub fn open(address: &str, base: &Path, environment: fn(&str) -> Option<String>) -> Result<Self, Failure> {
        Self::open_within(address, base, environment, None)
    }

    /// The same, in which each request must be answered within this time.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_within(
        address: &str,
        base: &Path,
        environment: fn(&str) -> Option<String>,
        timeout: Option<Span>,
    ) -> Result<Self, Failure> {
        let place = match Location::parse(address, base) {
            Some(Location::Folder(folder)) => Place::Folder(folder),
            Some(Location::S3 { bucket, prefix }) => {
                let endpoint = environment("AWS_ENDPOINT_URL_S3").or_else(|| environment("AWS_ENDPOINT_URL"));
                let timeout = timeout.unwrap_or_else(|| DeployTarget::default().timeout);
                let settings = DeployTarget { endpoint, timeout, ..DeployTarget::default() };
                let clock = Clock { start: jiff::Timestamp::now().as_second(), began: Instant::now() };
                let options = Options::new(clock, environment, JOBS);
                Place::Bucket(Bucket::open(&bucket, &prefix, &settings, &options, &Arc::default())?)
            }
            None if !address.contains("://") && !address.is_empty() => Place::Folder(base.join(address)),
            _ => {
                let problem = Diagnostic::error(format!("`{address}` is not a place for files of other machines"));
                return Err(Failure::site(problem.hint("name a folder, or `s3://BUCKET/PREFIX`")));
            }
        };
        Ok(Self { address: address.to_owned(), place })
    }

    /// The folder, if it is one.
    pub fn folder(&self) -> Option<&Path> {
        match &self.place {
            Place::Folder(folder) => Some(folder),
            Place::Bucket(_) => None,
        }
    }

    /// How it was addressed.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The names of all files, in order. Those of files that are still being written begin with a dot, and do not
    /// count.
    ///
    /// # Errors
    /// The depot does not answer.
    pub fn list(&self) -> Result<BTreeSet<String>, Failure> {
        match &self.place {
            Place::Folder(folder) => {
                let entries = match fs::read_dir(folder) {
                    Ok(entries) => entries,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
                    Err(error) => return Err(Failure::Machine(machine("list", folder.display(), &error))),
                };
                let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
                Ok(names.filter(|name| !name.starts_with('.')).collect())
            }
            Place::Bucket(bucket) => Ok(bucket.list()?.unwrap_or_default().into_keys().collect()),
        }
    }

    /// A file to be written for this depot.
    ///
    /// # Errors
    /// The machine failed.
    pub fn temporary(&self) -> Result<NamedTempFile, Failure> {
        let made = match &self.place {
            // Beside its place, so that it can be renamed.
            Place::Folder(folder) => fs::create_dir_all(folder)
                .and_then(|()| tempfile::Builder::new().prefix(".").suffix(".new").tempfile_in(folder)),
            Place::Bucket(_) => NamedTempFile::new(),
        };
        let at = self.folder().map_or_else(std::env::temp_dir, Path::to_path_buf);
        made.map_err(|error| Failure::Machine(machine("write into", at.display(), &error)))
    }

    /// Puts a file that was written into its place, as a whole.
    ///
    /// # Errors
    /// The depot cannot be written.
    pub fn put_file(&self, name: &str, mut file: NamedTempFile) -> Result<(), Failure> {
        match &self.place {
            Place::Folder(folder) => {
                let path = folder.join(name);
                let put = || {
                    file.as_file().sync_all()?;
                    readable(file.as_file())?;
                    file.persist(&path).map(|_| ()).map_err(|error| error.error)
                };
                put().map_err(|error| Failure::Machine(machine("write", path.display(), &error)))
            }
            Place::Bucket(bucket) => {
                let begin = file.as_file_mut().seek(SeekFrom::Start(0));
                begin.map_err(|error| Failure::Machine(machine("read", file.path().display(), &error)))?;
                bucket.put_file(name, file.as_file_mut())
            }
        }
    }

    /// Puts bytes into a place, as a whole.
    ///
    /// # Errors
    /// The depot cannot be written.
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        match &self.place {
            Place::Folder(folder) => {
                let mut file = self.temporary()?;
                let path = folder.join(name);
                io::Write::write_all(file.as_file_mut(), bytes)
                    .and_then(|()| readable(file.as_file()))
                    .and_then(|()| file.persist(&path).map(|_| ()).map_err(|error| error.error))
                    .map_err(|error| Failure::Machine(machine("write", path.display(), &error)))
            }
            Place::Bucket(bucket) => bucket.put(name, bytes, If::Any).map(|_| ()),
        }
    }

    /// The bytes of a file; none if there is no such file.
    ///
    /// # Errors
    /// The depot does not answer.
    pub fn get(&self, name: &str) -> Result<Option<Vec<u8>>, Failure> {
        match &self.place {
            Place::Folder(folder) => match fs::read(folder.join(name)) {
                Ok(bytes) => Ok(Some(bytes)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(Failure::Machine(machine("read", folder.join(name).display(), &error))),
            },
            Place::Bucket(bucket) => Ok(match bucket.get(name, None)? {
                Got::File(bytes, _) => Some(bytes),
                Got::Same | Got::Nothing => None,
            }),
        }
    }

    /// A file on this machine; none if there is no such file.
    ///
    /// # Errors
    /// The depot does not answer, or the machine failed.
    pub fn fetch(&self, name: &str) -> Result<Option<Here>, Failure> {
        match &self.place {
            Place::Folder(folder) => Ok(Some(folder.join(name)).filter(|path| path.is_file()).map(Here::Itself)),
            Place::Bucket(bucket) => {
                let mut file = self.temporary()?;
                Ok(bucket.fetch(name, file.as_file_mut())?.then_some(Here::Copy(file)))
            }
        }
    }
}

/// Other users of a shared disk may join: a temporary file is its owner's alone.
fn readable(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    let _ = file;
    Ok(())
}
