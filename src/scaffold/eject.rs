//! A file of a theme, copied into the site, where it may be changed.

use std::collections::BTreeMap;
use std::path::Path;

use super::Failure;
use super::theme as start;
use crate::diagnostic::did_you_mean;
use crate::theme;

/// A file that a theme has or inherits.
#[derive(Debug, PartialEq, Eq)]
pub struct File {
    /// The path in the theme's folder: `templates/article.html`.
    pub path: String,
    /// The theme that has it.
    pub layer: String,
    /// Whether it is a file of the site, not one in the program.
    pub is_own: bool,
}

/// Which file was copied, and where to.
#[derive(Debug)]
pub struct Copied {
    /// The theme it is from.
    pub layer: String,
    /// Where it is now, in the site's folder.
    pub path: String,
}

/// The files that count for the theme `name`, each from the layer that has it, by path.
///
/// # Errors
/// There is no such theme, or one of its layers cannot be read.
pub fn files(root: &Path, name: &str) -> Result<Vec<File>, Failure> {
    let mut files: BTreeMap<String, File> = BTreeMap::new();
    for layer in theme::layers(root, name)? {
        let own = theme::own_files(root, &layer).into_iter().map(|path| (path, true));
        for (path, is_own) in own.chain(theme::built_in_files(&layer).into_iter().map(|path| (path, false))) {
            if is_read(&path) {
                let file = || File { path: path.clone(), layer: layer.clone(), is_own };
                files.entry(path.clone()).or_insert_with(file);
            }
        }
    }
    Ok(files.into_values().collect())
}

/// Whether a file is one that a theme's child would take over.
fn is_read(path: &str) -> bool {
    ["templates/", "static/", "i18n/"].iter().any(|folder| path.starts_with(folder))
}

/// Copies the file `wanted` (a path, or enough of its end) of the theme `name`, or of a theme that it
/// extends, into the site's folder of `name`.
///
/// # Errors
/// There is no such file, several could be meant, the site has it already (unless `replaces`), or the
/// machine failed.
pub fn eject(root: &Path, name: &str, wanted: &str, replaces: bool) -> Result<Copied, Failure> {
    let files = files(root, name)?;
    let wanted = wanted.trim_start_matches("./").trim_start_matches(&format!("themes/{name}/")).trim_matches('/');
    let exact = files.iter().find(|file| file.path == wanted);
    // `article.html` is a template before it is anything else.
    let exact = exact.or_else(|| files.iter().find(|file| file.path == format!("templates/{wanted}")));
    let ends = |file: &&File| file.path.ends_with(&format!("/{wanted}"));
    let file = match exact {
        Some(file) => file,
        None => match files.iter().filter(ends).collect::<Vec<_>>()[..] {
            [one] => one,
            [] => {
                let names = files.iter().flat_map(|file| {
                    [Some(file.path.as_str()), file.path.split_once('/').map(|(_, rest)| rest)].into_iter().flatten()
                });
                let names = names.chain(files.iter().filter_map(|file| file.path.rsplit('/').next()));
                let hint = did_you_mean(wanted, names)
                    .unwrap_or_else(|| "`courant theme eject --list` shows the files there are".into());
                return Err(Failure::usage(format!("the theme `{name}` has no file `{wanted}`"), hint));
            }
            ref several => {
                let paths: Vec<&str> = several.iter().map(|file| file.path.as_str()).collect();
                let hint = format!("name one of {}", paths.join(", "));
                return Err(Failure::usage(format!("several files of `{name}` are called `{wanted}`"), hint));
            }
        },
    };
    let path = format!("themes/{name}/{}", file.path);
    let is_there = root.join(&path).exists();
    if is_there && !replaces {
        let hint = "edit that file; `--force` replaces it by the inherited one, and what you changed is lost";
        return Err(Failure::wrong(format!("the site has {path} already"), hint));
    }
    // What is replaced is not what it is replaced by.
    let source = if is_there {
        inherited(root, name, &file.path)?
    } else {
        theme::file(root, &file.layer, &file.path).map(|bytes| (file.layer.clone(), bytes))
    };
    let Some((layer, bytes)) = source else {
        let hint = "no theme that it extends has this file, so there is nothing to replace it by";
        return Err(Failure::wrong(format!("{path} is the theme's own file"), hint));
    };
    start::write(root, &path, &bytes, replaces)?;
    Ok(Copied { layer, path })
}

/// The file as it would be without the site's own one: in the program, or of the next layer that has it.
fn inherited(root: &Path, name: &str, path: &str) -> Result<Option<(String, Vec<u8>)>, Failure> {
    if let Some(bytes) = theme::built_in_file(name, path) {
        return Ok(Some((name.to_owned(), bytes)));
    }
    let layers = theme::layers(root, name)?.into_iter().skip(1);
    Ok(layers.filter_map(|layer| theme::file(root, &layer, path).map(|bytes| (layer, bytes))).next())
}
