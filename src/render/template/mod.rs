//! What templates call and what they are given: functions and filters, the values of a page, and the pieces of it that
//! Markdown is rendered to.

pub(crate) mod ads;
pub(crate) mod body;
pub(crate) mod comments;
pub(crate) mod context;
pub(crate) mod embed;
pub(crate) mod engine;
pub(crate) mod fragment;
pub(crate) mod front;
pub(crate) mod functions;
pub(crate) mod image;
pub(crate) mod listing;
