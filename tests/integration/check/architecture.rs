//! The layers of the source: a module knows those below it, and none above.
//!
//! Every path that begins with `crate::` counts, not only those in `use`; tests within the source do not.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// From the lowest to the highest. A module may name those in front of it.
const LAYERS: [&str; 37] = [
    "diagnostic",
    "text",
    "original",
    "fingerprint",
    "file_kind",
    "variant",
    "html",
    "site_path",
    "html_addresses",
    "yaml",
    "locale",
    "source_name",
    "write",
    "connections",
    "config",
    "source",
    "article",
    "images",
    "index",
    "theme",
    "plan",
    "cards",
    "markdown",
    "search",
    "query",
    "render",
    "publish",
    "pipeline",
    "check",
    "comments",
    "deploy",
    "parts",
    "import",
    "schema",
    "scaffold",
    "serve",
    "cli",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The modules that a text names behind `crate::`, without comments and tests.
fn named(text: &str) -> BTreeSet<String> {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let items = text.split("\n\n").filter(|item| !item.contains("#[cfg(test)]\n"));
    let text = items.collect::<Vec<&str>>().join("\n\n");
    let code: Vec<&str> = text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
    let code = code.join("\n");
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut modules = BTreeSet::new();
    for (_, behind) in code.match_indices("crate::").map(|(at, path)| (at, &code[at + path.len()..])) {
        match behind.strip_prefix('{') {
            Some(group) => {
                let group = &group[..group.find("};").unwrap_or(group.len())];
                modules.extend(group.split([',', '{', '}', '\n']).map(|part| {
                    let part = part.trim();
                    part[..part.find(|c| !is_of_name(c)).unwrap_or(part.len())].to_owned()
                }));
            }
            None => {
                modules.insert(behind[..behind.find(|c| !is_of_name(c)).unwrap_or(behind.len())].to_owned());
            }
        }
    }
    modules
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| *layer == module)
}

/// The modules above `module` that a text names.
fn above(module: &str, text: &str) -> Vec<String> {
    let own = layer(module);
    named(text).into_iter().filter(|other| layer(other) > own).collect()
}

#[test]
fn no_module_knows_one_above_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    for file in files {
        let path = file.strip_prefix(&root).expect("below").with_extension("");
        let module = path.iter().next().expect("a name").to_str().expect("UTF-8").to_owned();
        if matches!(&*module, "lib" | "main") {
            continue;
        }
        assert!(layer(&module).is_some(), "`{module}` has no place among the layers");
        let text = fs::read_to_string(&file).expect("text");
        let above = above(&module, &text);
        assert!(above.is_empty(), "{}: `{module}` names {above:?} above it", file.display());
    }
}

/// Types by which everything could be read, without a question.
const EVERYTHING: [&str; 3] = ["Index", "Plan", "Site"];

#[test]
fn what_renders_pages_names_nothing_but_views() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/render");
    let mut files = Vec::new();
    sources(&root, &mut files);
    // The stage itself is for those who publish and check; no page gets hold of it.
    for file in files.into_iter().filter(|file| !file.ends_with("stage.rs")) {
        let text = fs::read_to_string(&file).expect("text").replace("FeedScope::Site", "");
        let words: BTreeSet<&str> = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
        let named: Vec<&&str> = EVERYTHING.iter().filter(|name| words.contains(*name)).collect();
        assert!(named.is_empty(), "{} names {named:?}", file.display());
    }
}

#[test]
fn a_planted_violation_is_found() {
    assert_eq!(above("plan", "use crate::publish::log;"), ["publish"]);
    assert_eq!(above("article", "fn f() -> crate::index::Row {}"), ["index"]);
    assert_eq!(above("config", "use crate::{\n    diagnostic::Place,\n    render::{head, Renderer},\n};"), ["render"]);
    assert!(above("render", "use crate::plan::Plan; // not crate::serve").is_empty());
    assert!(above("plan", "#[cfg(test)]\nmod tests { use crate::serve; }").is_empty());
}
