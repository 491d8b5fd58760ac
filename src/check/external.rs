//! Outside links: not yet.
use super::pages::Pages;
use super::{Findings, Site};
use crate::render::Renderer;
use std::sync::Arc;
pub(super) fn check(
    _: &Site<'_>,
    _: &Arc<Renderer>,
    _: &Pages,
    _: &mut Findings<'_>,
    _: &(dyn Fn(&str) + Sync),
) -> (usize, usize) {
    (0, 0)
}
