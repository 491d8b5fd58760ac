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

use tera::{Context, Map, Value};

/// A map of template values.
pub(super) fn map_of<const N: usize>(fields: [(&'static str, Value); N]) -> Value {
    Value::from(Map::from_iter(fields.map(|(name, value)| (name.into(), value))))
}

/// What a template is given that has one subject: `article`, `page`, `listing` or `search`.
pub(super) fn context_of(subject: &'static str, fields: Map) -> Context {
    let mut context = Context::new();
    context.insert_value(subject, Value::from(fields));
    context
}
