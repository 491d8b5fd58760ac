//! Where the files are that texts name: a path in a text leads to the row of a source.

use std::path::Path;

use crate::article::Row;
use crate::article::slug::{composed, decomposed};
use crate::config::Config;
use crate::original::Format;

/// The row of a source.
pub(super) fn find_row(rows: &[Row], path: &str) -> Option<u32> {
    // What lies outside `content/` stands at the end, and is little: searching from there touches only that.
    let mut start = 0;
    if path > "content0" {
        let mut step = 1;
        while step < rows.len() && &*rows[rows.len() - step].path > path {
            step *= 2;
        }
        start = rows.len().saturating_sub(step);
    }
    let find = |path: &str| rows[start..].binary_search_by(|row| (*row.path).cmp(path)).ok();
    // A letter with an accent may be one character or two, in the name of a file and in what names it.
    let otherwise = || {
        let form = composed(path);
        find(&form).or_else(|| find(&decomposed(path)))
    };
    find(path).or_else(|| if path.is_ascii() { None } else { otherwise() }).map(|at| (start + at) as u32)
}

/// The row of the image `src` of the source `path`, if it is a file of the site.
///
/// A path with a slash in front is looked for in `static/`, then in `content/`; another one beside the
/// source, then in `static/`. It may be the name of the file (`Quay #2.jpg`) or an address of it (`Quay%20%232.jpg?a`).
pub fn image_row(rows: &[Row], path: &str, src: &str) -> Option<u32> {
    let find = |src: &str| match src.strip_prefix('/') {
        Some(rooted) => {
            find_row(rows, &format!("static/{rooted}")).or_else(|| find_row(rows, &format!("content/{rooted}")))
        }
        None => {
            // Nothing else is published under an address that the text could have.
            let beside = resolve(path, src).filter(|path| path.starts_with("content/") || path.starts_with("static/"));
            beside.and_then(|path| find_row(rows, &path)).or_else(|| find_row(rows, &format!("static/{src}")))
        }
    };
    let plain = &src[..src.find(['?', '#']).unwrap_or(src.len())];
    let by_address = || {
        let decoded = percent_encoding::percent_decode_str(plain).decode_utf8().ok()?;
        (decoded != src).then(|| find(&decoded)).flatten()
    };
    find(src).or_else(by_address)
}

/// What `src`, which is no file, was probably meant to be in the source `path`: an image in the same folder whose
/// name differs in case, ending, or a letter or two.
pub fn nearest_image(rows: &[Row], path: &str, src: &str) -> Option<String> {
    let decoded = percent_encoding::percent_decode_str(src).decode_utf8().ok()?;
    let src = decoded.split(['?', '#']).next().unwrap_or_default();
    let kind = |name: &str| {
        let medium = || crate::file_kind::medium_of_file(name).map(|medium| medium.name());
        if Format::of_name(name).is_some() { Some("image") } else { medium() }
    };
    let wanted_kind = Some(kind(src)?);
    let (folder, name) = src.rsplit_once('/').unwrap_or(("", src));
    let folders = match src.strip_prefix('/') {
        Some(_) => [format!("static{folder}/"), format!("content{folder}/")],
        None if folder.is_empty() => [format!("{}/", resolve(path, "")?), "static/".to_owned()],
        None => [format!("{}/", resolve(path, folder)?), format!("static/{folder}/")],
    };
    let stem = |name: &str| name.rsplit_once('.').map_or_else(String::new, |(stem, _)| stem.to_owned());
    let wanted = name.to_lowercase();
    let mut near: Vec<(usize, &str)> = Vec::new();
    for folder in &folders {
        let start = rows.partition_point(|row| *row.path < **folder);
        let inside = rows[start..].iter().map_while(|row| row.path.strip_prefix(folder.as_str()));
        for given in inside.filter(|rest| !rest.contains('/') && kind(rest) == wanted_kind) {
            let lower = given.to_lowercase();
            let distance = if stem(&lower) == stem(&wanted) { 0 } else { strsim::osa_distance(&lower, &wanted) };
            if distance <= (stem(&wanted).chars().count() / 2).min(2) {
                near.push((distance, given));
            }
        }
    }
    let (_, nearest) = near.into_iter().min()?;
    Some(format!("{}{nearest}", &src[..src.len() - name.len()]))
}

/// Whether a path with a slash in front, which is no file of `static/` or `content/`, leads to a file that the owner
/// keeps in the output folder.
pub(crate) fn is_kept(config: &Config, src: &str) -> bool {
    let Some(rooted) = src.strip_prefix('/') else { return false };
    let rooted = rooted.split(['?', '#']).next().unwrap_or_default();
    let mut kept = config.settings.keep.iter();
    kept.any(|kept| if kept.ends_with('/') { rooted.starts_with(kept.as_str()) } else { rooted == kept })
}

/// The path `relative` as seen from the file `path`; none if it leaves the site.
pub fn resolve(path: &str, relative: &str) -> Option<String> {
    let folder = Path::new(path).parent()?.to_str()?;
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}
