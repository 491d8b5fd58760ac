//! What those who render may ask of the site. Each function answers, and records the question with what stands for the
//! answer. Nothing is recorded of what every trace holds anyhow (templates), or what hangs on an answer that was
//! recorded (the terms of an article, the size of an image).

mod addresses;
mod cards;
mod feeds;
mod files;
mod front;
mod lists;
mod search;
mod theme;

pub(crate) use addresses::*;
pub(crate) use cards::*;
pub(crate) use feeds::*;
pub(crate) use files::*;
pub(crate) use front::*;
pub use lists::articles;
pub(crate) use lists::*;
pub(crate) use search::*;
pub(crate) use theme::*;
