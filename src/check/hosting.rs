//! The limits of the hosts that `hosting` names, told before an upload fails for them.
//!
//! Sizes are those of the sources that are published as they are: pages weigh little beside them, and copies of
//! photographs are not made yet.

use super::{Findings, Rule, Site};
use crate::config::{FILE, host_limits, key_place};
use crate::plan::Output;
use crate::render::Renderer;

/// Compares what is planned with what the hosts take.
pub(super) fn check(site: &Site<'_>, renderer: &Renderer, findings: &mut Findings<'_>) {
    let hosting = &site.config.settings.hosting;
    if hosting.is_empty() || !findings.wants(Rule::HostLimits) {
        return;
    }
    let mut measure = host_limits::Measure {
        files: renderer.plan.outputs.len(),
        redirects: renderer.plan.aliases.len(),
        ..host_limits::Measure::default()
    };
    for output in &renderer.plan.outputs {
        let Output::File(row) = *output else { continue };
        let length = site.index.rows[row as usize].stamp.length;
        measure.total += length;
        if measure.largest.as_ref().is_none_or(|(_, largest)| *largest < length) {
            measure.largest = Some((renderer.path(*output), length));
        }
    }
    for (message, hint) in host_limits::exceeded(&measure, |host| hosting.contains(&host)) {
        let place = || {
            let text = site.reader.unlisted(FILE).unwrap_or_default();
            key_place(FILE, &text, "hosting")
        };
        findings.add(Rule::HostLimits, place, message, hint);
    }
}
