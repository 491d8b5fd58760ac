//! axe (npm `axe-core`), which looks for barriers in a page. It is looked for where `.ci/run` puts it; where it is not,
//! outside of `CI`, it is skipped, with a word.

use std::path::{Path, PathBuf};

use super::reader::Reader;

/// Its source; none if it is not on this machine and need not be.
pub fn source() -> Option<String> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(target).join("npm/node_modules/axe-core/axe.min.js");
    let found = std::fs::read_to_string(&file).ok();
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "no axe: npm install --prefix target/npm axe-core");
        println!("skipped: there is no axe on this machine (npm install --prefix target/npm axe-core)");
    }
    found
}

impl Reader {
    /// What axe finds in the open page, in which its source runs already.
    pub fn barriers(&self) -> Vec<String> {
        let found = self.value(
            "axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations.map((one) => \
             one.id + ': ' + one.nodes.slice(0, 3).map((node) => node.html.slice(0, 120) + ' ' + node.failureSummary).join(' | ')))",
        );
        serde_json::from_value(found).expect("a list of texts")
    }
}
