//! Folders that belong to the site itself: what is written there would be read as a source, or published.
//!
//! Paths are compared as they really are. A link that leads into such a folder is such a folder.

use std::fs;
use std::path::{Path, PathBuf};

use super::STATE;
use super::release::Release;
use crate::config::{DeployTarget, FILE, Location, key_place};
use crate::diagnostic::Diagnostic;
use crate::pipeline::Failure;

/// The folders of sources.
const SOURCES: [&str; 6] = ["content", "static", "data", "themes", "includes", "comments"];

/// Folders of the site that no reader may be served from.
const CLOSED: [&str; 2] = [".courant", ".git"];

/// Whether files of another purpose may not lie in a folder: it is the site in `root`, one of its folders of sources,
/// its `output`, or in one of these.
pub(crate) fn is_of_site(folder: &Path, root: &Path, output: &Path) -> bool {
    let folder = real(folder);
    let own = SOURCES.map(|name| root.join(name)).into_iter().chain([output.to_path_buf()]);
    own.map(|own| real(&own)).any(|own| folder.starts_with(own)) || folder == real(root)
}

/// A path without links; what is not there yet lies in what is.
fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let there =
        path.ancestors().find_map(|above| Some((fs::canonicalize(above).ok()?, path.strip_prefix(above).ok()?)));
    there.map_or_else(|| path.clone(), |(above, rest)| above.join(rest))
}

/// Refuses a target or a record among the sources, or in the output folder; and a record that readers would get with
/// the site.
pub(super) fn check(settings: &DeployTarget, site: &Path, release: &Release) -> Result<(), Failure> {
    let text = || fs::read_to_string(site.join(FILE)).unwrap_or_default();
    let place = |address: &Option<String>| address.as_deref().and_then(|address| Location::parse(address, site));
    let [to, state] = [place(&settings.to), place(&settings.state)];
    for (key, location) in [("to", &to), ("state", &state)] {
        let Some(Location::Folder(folder)) = location else { continue };
        let is_closed =
            || key == "to" && CLOSED.iter().any(|closed| real(folder).starts_with(real(&site.join(closed))));
        // What is built straight into a target leaves the output folder alone, and so must the target.
        let outputs = [release.folder.clone(), site.join(&release.config.settings.output)];
        let is_own = outputs.iter().any(|output| is_of_site(folder, site, output));
        if real(site).starts_with(real(folder)) || is_own || is_closed() {
            let message = format!("`{key}` is the folder {}, which belongs to the site itself", real(folder).display());
            let problem = Diagnostic::error(message).at(key_place(FILE, &text(), key));
            return Err(Failure::site(problem.hint("name a folder from which readers are served")));
        }
    }
    if let (Some(to), Some(state)) = (to, state)
        && is_within(&state, &to)
    {
        let problem = Diagnostic::error("`state` lies in `to`, where readers could get the record")
            .at(key_place(FILE, &text(), "state"))
            .hint(format!("name another place, or leave `state` out: `{STATE}` of the target holds it then"));
        return Err(Failure::site(problem));
    }
    Ok(())
}

/// Whether a place is another one, or in it, and not where the record lies that has no place of its own.
pub(super) fn is_within(inner: &Location, outer: &Location) -> bool {
    let is_within = |rest: &Path| rest.components().next().is_none_or(|first| first.as_os_str() != STATE);
    match (inner, outer) {
        (Location::Folder(inner), Location::Folder(outer)) => {
            real(inner).strip_prefix(real(outer)).is_ok_and(is_within)
        }
        (Location::S3 { bucket, prefix }, Location::S3 { bucket: other, prefix: above }) => {
            bucket == other && prefix.strip_prefix(&**above).is_some_and(|rest| is_within(Path::new(rest)))
        }
        (Location::Ssh { host, port, folder }, Location::Ssh { host: other, port: its, folder: above }) => {
            (host, port) == (other, its) && Path::new(folder).strip_prefix(above).is_ok_and(is_within)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_within_the_target_is_found_wherever_it_is() {
        let within = |state: &str, to: &str| {
            let place = |address| Location::parse(address, Path::new("/site")).unwrap();
            is_within(&place(state), &place(to))
        };
        for (state, to) in [
            ("folder:live", "folder:live"),
            ("folder:live/state", "folder:live/"),
            ("s3://news/state", "s3://news"),
            ("s3://news/a/b", "s3://news/a/"),
            ("ssh://web/srv/news/state", "ssh://web/srv/news"),
        ] {
            assert!(within(state, to), "{state} in {to}");
        }
        for (state, to) in [
            ("folder:live-state", "folder:live"),
            ("folder:live/.courant-deploy", "folder:live"),
            ("s3://news-state", "s3://news"),
            ("s3://news/ab", "s3://news/a"),
            ("ssh://other/srv/news/state", "ssh://web/srv/news"),
            ("folder:state", "s3://news"),
        ] {
            assert!(!within(state, to), "{state} in {to}");
        }
    }
}
