//! The identity of a build: what its pages are made from. Parts of one build have the same, and no others may be joined.

use serde::{Deserialize, Serialize};

use crate::article::time::Timestamp;
use crate::config::{Overrides, Precompress};
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::publish::{self, Head};
use crate::render::Renderer;

/// What a part was asked for: whoever joins takes it from the parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Given {
    /// The moment, in seconds since 1970.
    pub(super) now: i64,
    base_url: Option<String>,
    drafts: bool,
    future: bool,
    precompress: Option<Precompress>,
}

impl Given {
    pub(super) fn of(overrides: &Overrides, now: Timestamp) -> Self {
        let Overrides { base_url, drafts, future, precompress, takes_comments: _ } = overrides.clone();
        Self { now: now.0, base_url, drafts, future, precompress }
    }

    /// The overrides.
    pub(super) fn overrides(&self) -> Overrides {
        let Self { base_url, drafts, future, precompress, .. } = self.clone();
        Overrides { base_url, drafts, future, precompress, takes_comments: false }
    }
}

/// What the pages of a build are made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Identity {
    program: Fingerprint,
    config: Fingerprint,
    theme: Fingerprint,
    moment: i64,
    /// The sources.
    rows: Fingerprint,
    plan: Fingerprint,
}

impl Identity {
    /// The identity of the build that `renderer` is for.
    pub(super) fn of(renderer: &Renderer, now: Timestamp) -> Self {
        let mut config = Fingerprinter::new("configuration");
        config.part(&renderer.config.fingerprint);
        renderer.theme.layers.iter().for_each(|layer| {
            config.text(layer);
        });
        let mut theme = Fingerprinter::new("theme");
        theme.part(&renderer.theme.fingerprint).part(&renderer.theme.source);
        let mut rows = Fingerprinter::new("rows");
        for row in &renderer.index.rows {
            rows.text(&row.path).part(&row.content);
        }
        for broken in &renderer.index.broken {
            rows.text(&broken.path);
        }
        let mut plan = Fingerprinter::new("plan");
        for (output, file) in renderer.plan.outputs.iter().zip(&renderer.plan.files) {
            plan.number(*file).part(&renderer.plan.fingerprint(*output, &renderer.index, &renderer.config));
        }
        Self {
            program: publish::program(&Head::default()).0,
            config: config.finish(),
            theme: theme.finish(),
            moment: now.0,
            rows: rows.finish(),
            plan: plan.finish(),
        }
    }

    /// In what another build differs; none if it does not.
    pub(super) fn difference(&self, other: &Self) -> Option<&'static str> {
        [
            (self.program != other.program, "another program"),
            (self.moment != other.moment, "another moment"),
            (self.config != other.config, "another configuration"),
            (self.theme != other.theme, "another theme"),
            (self.rows != other.rows, "other sources"),
            (self.plan != other.plan, "another plan"),
        ]
        .into_iter()
        .find_map(|(differs, what)| differs.then_some(what))
    }
}
