//! Questions: the only way in which a page being rendered learns anything of the rest of the site.
//!
//! A question is what was asked; its answer has a fingerprint. A page's trace holds the questions it asked, and the page
//! is fresh as long as they have the same answers. Here stands what is known of questions and stored of answers; who
//! answers them is the [renderer](crate::render::Renderer).

mod question;
mod shared;
pub mod trace;

pub(crate) use question::Dependence;
pub use question::{Question, Selection, SourceId};
pub(crate) use shared::SharedAnswers;
