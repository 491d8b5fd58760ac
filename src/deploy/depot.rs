//! A depot: a folder or a bucket in which machines leave whole files for each other.
//!
//! Not a target: nobody reads a site from it, and it has no record. A file is there as a whole or not at all.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tempfile::{NamedTempFile, TempPath};

use super::lease::Clock;
use super::s3::Bucket;
use super::target::{Got, If, Store as _, Target as _};
use super::{Options, apart, failed};
use crate::config::{DeployTarget, Location};
use crate::diagnostic::Diagnostic;
use crate::pipeline::Failure;
use crate::site_path;

/// Requests at the same time.
const JOBS: usize = 16;

/// Where machines leave files for each other.
pub struct Depot {
    address: String,
    location: Location,
    /// The service of a bucket, if it is not Amazon's.
    endpoint: Option<String>,
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
    Copy(TempPath),
}

impl Here {
    /// Where it is.
    pub fn path(&self) -> &Path {
        match self {
            Self::Itself(path) => path,
            Self::Copy(path) => path,
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

    /// The same, in which each request must be answered within this time, with all its repetitions.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_within(
        address: &str,
        base: &Path,
        environment: fn(&str) -> Option<String>,
        patience: Option<Duration>,
    ) -> Result<Self, Failure> {
        let location = match Location::parse(address, base) {
            None if !address.is_empty() && !has_scheme(address) => Some(Location::Folder(base.join(address))),
            location => location,
        };
        let mut endpoint = None;
        let place = match &location {
            Some(Location::Folder(folder)) => Place::Folder(folder.clone()),
            Some(Location::S3 { bucket, prefix }) => {
                endpoint = endpoint_of(environment)?;
                let settings = DeployTarget { endpoint: endpoint.clone(), ..DeployTarget::default() };
                let clock = Clock { start: jiff::Timestamp::now().as_second(), began: Instant::now() };
                let options = Options::new(clock, environment, JOBS);
                Place::Bucket(Bucket::open(bucket, prefix, &settings, &options, &Arc::default())?.within(patience))
            }
            _ => {
                let problem = Diagnostic::error(format!("`{address}` is not a place for files of other machines"));
                return Err(Failure::site(problem.hint("name a folder, or `s3://BUCKET/PREFIX`")));
            }
        };
        let location = location.expect("nothing else is a place");
        Ok(Self { address: address.to_owned(), location, endpoint, place })
    }

    /// Whether it is where a target of the site in `root` has its files, or among them.
    pub fn is_within(&self, target: &DeployTarget, root: &Path) -> bool {
        let of_target = target.to.as_deref().and_then(|to| Location::parse(to, root));
        let is_same_service = matches!(self.place, Place::Folder(_)) || self.endpoint == target.endpoint;
        is_same_service && of_target.is_some_and(|of_target| apart::is_within(&self.location, &of_target))
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
                    Err(error) => return Err(failed("list", folder.display())(error)),
                };
                let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
                let mut names =
                    names.collect::<io::Result<BTreeSet<String>>>().map_err(failed("list", folder.display()))?;
                names.retain(|name| !name.starts_with('.'));
                Ok(names)
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
        made.map_err(failed("write into", at.display()))
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
                put().map_err(failed("write", path.display()))
            }
            Place::Bucket(bucket) => {
                let begin = file.as_file_mut().seek(SeekFrom::Start(0));
                begin.map_err(failed("read", file.path().display()))?;
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
                    .map_err(failed("write", path.display()))
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
                Err(error) => Err(failed("read", folder.join(name).display())(error)),
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
                Ok(bucket.fetch(name, file.as_file_mut())?.then(|| Here::Copy(file.into_temp_path())))
            }
        }
    }
}

/// Whether an address begins as `s3:` does: a folder of such a name is hardly meant. A single letter is a drive.
fn has_scheme(address: &str) -> bool {
    site_path::scheme(address).is_some_and(|(scheme, _)| scheme.len() > 1)
}

/// The service that the environment names.
///
/// # Errors
/// It is not an address.
fn endpoint_of(environment: fn(&str) -> Option<String>) -> Result<Option<String>, Failure> {
    let mut named = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"].into_iter();
    let Some((name, endpoint)) = named.find_map(|name| Some((name, environment(name)?))) else { return Ok(None) };
    let url = url::Url::parse(&endpoint).ok();
    if !url.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
        let problem = Diagnostic::error(format!("{name} is `{endpoint}`, which is not an address"));
        return Err(Failure::Machine(problem.hint("write it with scheme and host, as in `https://s3.example`")));
    }
    Ok(Some(endpoint))
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
