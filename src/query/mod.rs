//! Questions: the only way in which a page being rendered learns anything of the rest of the site.
//!
//! A question is what was asked; its answer has a fingerprint. A page's trace holds the questions it asked, and the page
//! is fresh as long as they have the same answers. The [`Site`] is private to this folder: those who render have a
//! [`View`] of it, where to ask is to record.

pub(crate) mod answers;
pub mod ask;
mod frame;
mod freshness;
mod ids;
mod question;
mod seen;
mod shared;
mod site;
pub mod trace;
mod view;

pub(crate) use answers::{
    CardRef, FRONT_FILES, FileBytes, FrontArticle, FrontPage, Listed, Made, Neighbours, TermName,
};
pub(crate) use frame::{Entered, depth, end_of_body, subject};
pub(crate) use freshness::Maker;
pub use freshness::{Baseline, Freshness, Reason};
pub(crate) use question::Dependence;
pub use question::{Question, Selection, SourceId};
pub use seen::{Held, Making, OfRow, Planned, Seen};
pub(crate) use seen::{Part, Subject};
pub(crate) use shared::SharedAnswers;
pub use site::Site;
pub use view::View;
