//! From the path of a request to a file of the output folder, and to nothing outside it.
//!
//! Does what a static host does: a folder is its `index.html`, an address without its slash is sent to
//! the one with it, and what is missing is the nearest `404.html`. The one idea: a path is taken apart
//! before it is decoded, so that nothing encoded can become a separator, and what it leads to on disk
//! must lie in the output folder when all links are followed.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use percent_encoding::percent_decode_str;

use super::preview::{Preview, State};
use crate::source::Stamp;

/// What the path of a request leads to.
#[derive(Debug)]
pub(super) enum Found {
    /// An HTML page, by its path in the output folder.
    Page {
        path: String,
        bytes: Arc<[u8]>,
        /// None if it is not on disk yet.
        stamp: Option<Stamp>,
    },
    /// Any other file.
    File { disk: PathBuf, stamp: Stamp },
    /// Another address of the same.
    Elsewhere(String),
    /// Nothing.
    Missing,
}

/// Finds what the path of a request leads to. `path` is as it was sent: percent-encoded.
pub(super) fn find(preview: &Preview, path: &str) -> Found {
    let (wanted, folder) = {
        let state = preview.state();
        let Some(rest) = below_base(&state, path) else {
            let is_front = path == "/" || below_base(&state, &format!("{path}/")) == Some("");
            return if is_front { Found::Elsewhere(state.base.clone()) } else { Found::Missing };
        };
        let Some(wanted) = decode(rest) else { return Found::Missing };
        let wanted = if wanted.is_empty() || wanted.ends_with('/') { wanted + "index.html" } else { wanted };
        if let Some(bytes) = state.ahead.get(&wanted) {
            return Found::Page { path: wanted, bytes: Arc::clone(bytes), stamp: None };
        }
        if state.ahead.contains_key(&format!("{wanted}/index.html")) {
            return Found::Elsewhere(with_slash(&state, &wanted));
        }
        (wanted, state.folder.clone())
    };
    // Only what lies in the output folder when all links are followed.
    let Some(folder) = folder.and_then(|folder| fs::canonicalize(folder).ok()) else { return Found::Missing };
    let disk = fs::canonicalize(folder.join(&wanted)).ok().filter(|disk| disk.starts_with(&folder));
    let Some((disk, metadata)) = disk.and_then(|disk| Some((fs::metadata(&disk).ok()?, disk))).map(|(a, b)| (b, a))
    else {
        preview.sees(&wanted, None);
        return Found::Missing;
    };
    if metadata.is_dir() {
        let has_page = disk.join("index.html").is_file();
        return if has_page { Found::Elsewhere(with_slash(&preview.state(), &wanted)) } else { Found::Missing };
    }
    if !metadata.is_file() {
        return Found::Missing;
    }
    let stamp = Stamp::of_output(&metadata);
    preview.sees(&wanted, Some(stamp));
    if !wanted.ends_with(".html") && !wanted.ends_with(".htm") {
        return Found::File { disk, stamp };
    }
    match fs::read(&disk) {
        Ok(bytes) => Found::Page { path: wanted, bytes: bytes.into(), stamp: Some(stamp) },
        Err(_) => Found::Missing,
    }
}

/// The path in the output folder that an address names, whether there is such a file or not.
pub(super) fn path_of(state: &State, address: &str) -> Option<String> {
    let path = decode(below_base(state, address)?)?;
    Some(if path.is_empty() || path.ends_with('/') { path + "index.html" } else { path })
}

/// The page for addresses that lead nowhere: the nearest `404.html`, from the folder of the address upwards.
pub(super) fn not_found(preview: &Preview, path: &str) -> Option<Arc<[u8]>> {
    let state = preview.state();
    let decoded = below_base(&state, path).and_then(decode).unwrap_or_default();
    let mut folder = decoded.as_str();
    loop {
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        let page = if folder.is_empty() { "404.html".to_owned() } else { format!("{folder}/404.html") };
        if let Some(bytes) = state.ahead.get(&page) {
            return Some(Arc::clone(bytes));
        }
        let root = fs::canonicalize(state.folder.as_ref()?).ok()?;
        let disk = fs::canonicalize(root.join(&page)).ok().filter(|disk| disk.starts_with(&root));
        if let Some(bytes) = disk.and_then(|disk| fs::read(disk).ok()) {
            return Some(bytes.into());
        }
        if folder.is_empty() {
            return None;
        }
    }
}

/// The address with a slash at its end. Made from the decoded path, so that it begins with one slash and
/// leads to this site only.
fn with_slash(state: &State, path: &str) -> String {
    crate::site_path::below(&state.base, &format!("{path}/"))
}

/// What of a path lies below the base path, however both are encoded.
fn below_base<'p>(state: &State, path: &'p str) -> Option<&'p str> {
    let depth = state.base.matches('/').count();
    let (end, _) = path.match_indices('/').nth(depth.checked_sub(1)?)?;
    let (base, rest) = path.split_at(end + 1);
    percent_decode_str(base).eq(percent_decode_str(&state.base)).then_some(rest)
}

/// The path below the base path, decoded; none if no file may have it.
fn decode(rest: &str) -> Option<String> {
    let mut path = String::with_capacity(rest.len());
    let mut parts = rest.split('/').peekable();
    while let Some(part) = parts.next() {
        let part = percent_decode_str(part).decode_utf8().ok()?;
        let is_last = parts.peek().is_none();
        if part.is_empty() && !is_last || part.contains(['/', '\\', '\0']) || is_of_drive(&part) || is_private(&part) {
            return None;
        }
        path.push_str(&part);
        if !is_last {
            path.push('/');
        }
    }
    Some(path)
}

/// Whether a name would be a drive or a stream of Windows. Elsewhere a colon is a sign like any other.
fn is_of_drive(name: &str) -> bool {
    cfg!(windows) && name.contains(':')
}

/// Names that are not part of any site: ways up, and what courant and git keep in the output folder.
/// (Other names with a dot, such as `.well-known`, are.)
fn is_private(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    matches!(name.as_str(), "." | ".." | ".git" | ".gitignore" | ".gitkeep") || name.starts_with(".courant")
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn a_path_leads_down_or_nowhere() {
        assert_eq!(decode("local/tunnel/").as_deref(), Some("local/tunnel/"));
        assert_eq!(decode("tags/gr%C3%B6%C3%9Fe/").as_deref(), Some("tags/größe/"));
        assert_eq!(decode(".well-known/security.txt").as_deref(), Some(".well-known/security.txt"));
        for path in
            ["../site.yaml", "a/../../b", "%2e%2e/site.yaml", "a%2f..%2fb", "a//b", "..%5csite.yaml", "a%00", "%ff"]
        {
            assert_eq!(decode(path), None, "{path}");
        }
        assert_eq!(decode("C:/a").is_none(), cfg!(windows));
        for path in [".courant", ".Courant", ".courant-staging/0", ".git/config", "a/.GIT/config"] {
            assert_eq!(decode(path), None, "{path}");
        }
    }
}
