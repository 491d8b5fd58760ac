//! How far a build is, told to whoever watches.

use crate::plan::Output;

/// What takes time in a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Looking at the sources and reading those that are new.
    Sources,
    /// Making copies of photographs.
    Images,
    /// Drawing social cards.
    Cards,
    /// Rendering pages and feeds.
    Pages,
    /// Writing what the search reads.
    Search,
    /// Taking over files as they are.
    Files,
    /// Moving everything into place.
    Publishing,
    /// Writing and removing files of a target.
    Deploying,
}

impl Work {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::Sources,
        Self::Images,
        Self::Cards,
        Self::Pages,
        Self::Search,
        Self::Files,
        Self::Publishing,
        Self::Deploying,
    ];

    /// The kind of an output.
    pub fn on(output: Output) -> Self {
        match output {
            Output::Card(_) | Output::ListingCard(_) => Self::Cards,
            Output::SearchCatalogue(_) | Output::SearchWords(..) | Output::SearchArticles(..) => Self::Search,
            Output::File(_) | Output::Asset(_) | Output::Variant(..) => Self::Files,
            _ => Self::Pages,
        }
    }
}

/// Tells somebody what a build is doing, and how far it is.
pub trait Progress: Sync {
    /// What is done next, before it begins, and how many there are of each kind; 0 where nobody knows.
    fn next(&self, work: &[(Work, usize)]) {
        let _ = work;
    }

    /// So many more of them are done.
    fn done(&self, work: Work, number: usize) {
        let _ = (work, number);
    }

    /// One of the files that were asked for first is rendered and will have these bytes, unless another
    /// page of this build is wrong.
    fn ready(&self, path: &str, bytes: &[u8]) {
        let _ = (path, bytes);
    }
}
