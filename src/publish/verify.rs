//! `--verify`: everything is rendered again and compared with the folder.

use std::sync::{Arc, Mutex};

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::folder::OutputFolder;
use super::leak::{LeakScan, Searched};
use super::precompressed::Compression;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::file_id;
use crate::render::Renderer;

/// Renders everything again, compares it with the folder, and searches all of it for what is withheld.
///
/// # Errors
/// Every file that is missing, different or too many, and everything that gives away what is withheld.
pub fn verify(renderer: &Arc<Renderer>, folder: &OutputFolder, compression: Option<&Compression>) -> Vec<Diagnostic> {
    let outputs = &renderer.plan.outputs;
    let nothing = Searched::default();
    let leaks = LeakScan::new(renderer, &nothing);
    let precompressed: Mutex<FxHashSet<u64>> = Mutex::default();
    let wrong = |path: &str| {
        Diagnostic::error(format!("the published /{path} is not what its sources make"))
            .hint("delete the folder `.courant` and build again; please report this")
    };
    let mut problems: Vec<Diagnostic> = outputs
        .par_iter()
        .with_min_len(16)
        .flat_map_iter(|output| {
            let path = renderer.path(*output);
            match renderer.render(*output) {
                Ok(page) => {
                    leaks.passes(*output, &page.bytes);
                    let mut found = Vec::new();
                    if folder.holds(&path, &page.bytes).is_none() {
                        found.push(wrong(&path));
                    }
                    if let Some(compression) = compression {
                        for encoding in compression.wanted(&path, page.bytes.len()) {
                            let Some(packed) = compression.compress(encoding, &page.bytes) else { continue };
                            let path = encoding.path(&path);
                            if folder.holds(&path, &packed).is_none() {
                                found.push(wrong(&path));
                            }
                            precompressed.lock().expect("no panic while locked").insert(file_id(&path));
                        }
                    }
                    found
                }
                Err(problems) => problems,
            }
        })
        .collect();
    let mut planned = precompressed.into_inner().expect("no panic while locked");
    planned.extend(&renderer.plan.files);
    match folder.files() {
        Ok(files) => {
            for path in files.into_iter().filter(|path| !planned.contains(&file_id(path))) {
                problems
                    .extend(leaks.check_foreign(&path, &std::fs::read(folder.root().join(&path)).unwrap_or_default()));
                problems.push(
                    Diagnostic::error(format!("the output folder holds /{path}, which is not planned"))
                        .hint("move files of your own to `static/`, or name them under `keep:` in site.yaml"),
                );
            }
        }
        Err(error) => problems.push(Diagnostic::error(error.to_string())),
    }
    problems.extend(leaks.finish().1);
    problems
}
