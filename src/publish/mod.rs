//! Stage 6, **publish**: from bytes to the output folder.
//!
//! Rendered pages are written to a staging folder first; when every page is there and nothing is wrong,
//! they are moved into place: files, then articles, then what lists them, then removals. So a failed
//! build leaves the folder as it was, and a reader never sees half a page. A file whose bytes are the
//! same is not touched.

mod folder;
mod leak;
mod log;
mod outputs;
mod pattern_filter;
mod place;
mod precompressed;
mod progress;
mod reading;
mod record;
mod secret;
mod stage;
mod textual;
mod verify;

use crate::index::{Role, Shown};
use crate::plan::Output;
use crate::render::{Reason, Renderer};
pub use folder::{FolderError, Held, OutputFolder, PREVIEW_FOLDER};
pub use leak::{LeakScan, Searched};
pub use log::{
    BuildLog, Head, LOG_FOLDER, Lock, LogFile, Origin, Writer, boot, check_log_folder, lock, note_stamps, program,
    remove_half_written, remove_orphans,
};
pub use outputs::Outputs;
pub use place::publish;
pub use precompressed::Compression;
pub use progress::{Progress, Work};
pub use record::Record;
pub use stage::{Check, Pages, Staged, is_untouched, prepare_images, stage, untold_images, work_on};
pub use verify::verify;

/// What a build did to the output folder.
#[derive(Debug, Default)]
pub struct Published {
    /// Pages rendered.
    pub rendered: usize,
    /// Files written.
    pub written: usize,
    /// Files removed.
    pub removed: usize,
    /// Which ones, if that was asked for.
    pub details: Details,
}

/// What became of each output. All paths are relative to the output folder.
#[derive(Debug, Default)]
pub struct Details {
    /// Pages rendered, with the reason of each.
    pub rendered: Vec<(String, Reason)>,
    /// Files written, copied ones too.
    pub written: Vec<String>,
    /// Files removed.
    pub removed: Vec<String>,
    /// Pages of articles whose address changed: from, to.
    pub moved: Vec<(String, String)>,
    /// Pages of articles that would be withheld, had the options not asked for them.
    pub shown: Vec<(String, Shown)>,
}

impl Details {
    /// Notes which of the articles and pages that stood `before` in a row and a file have moved.
    pub fn follow(&mut self, before: Vec<(u32, String)>, renderer: &Renderer) {
        for (row, from) in before {
            let to = match renderer.index.role(row) {
                Role::Article(id) => renderer.path(Output::Article(id)),
                Role::Page(at) => renderer.path(Output::Page(at)),
                Role::Withheld | Role::Hidden | Role::Other => continue,
            };
            if from != to {
                self.moved.push((from, to));
            }
        }
    }
}

/// Waits until the file system's clock has moved on since the last write, so that a file changed by
/// somebody else after this build has another modification time. The clock's grain is 10 ms at most.
pub fn wait_for_clock(last_write: std::time::Instant) {
    let grain = std::time::Duration::from_millis(11);
    std::thread::sleep(grain.saturating_sub(last_write.elapsed()));
}
