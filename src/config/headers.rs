//! `hosting` and `headers` of `site.yaml`: how hosts are to serve the site.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::settings::Problem;

/// A host that reads files of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Host {
    /// Netlify: `_headers` and `_redirects`.
    Netlify,
    /// Cloudflare Pages and Workers: `_headers` and `_redirects`, within their limits.
    Cloudflare,
    /// GitHub Pages: `.nojekyll`.
    Github,
}

/// Headers with which the site is to be served: by hosts that read `_headers`, and by the preview.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Headers {
    /// Sources that are added to directives of the `Content-Security-Policy`, as in
    /// `img-src: [https://images.example]`.
    pub policy: std::collections::BTreeMap<String, Vec<String>>,
    /// Further headers; one that courant writes itself is replaced, and left out if it is empty.
    pub extra: std::collections::BTreeMap<String, String>,
}

impl Headers {
    pub(super) fn problems(&self, tell: &mut dyn FnMut(Problem)) {
        let mut problem = |key: &str, message: String, hint: &str| tell(Problem::of(key, message, hint));
        for (directive, sources) in &self.policy {
            if !DIRECTIVES.contains(&directive.as_str()) {
                let hint =
                    "the directives are those with sources, such as img-src, script-src, connect-src and frame-src";
                problem("policy", format!("`headers.policy` has no directive `{directive}`"), hint);
            }
            let is_bad = |source: &&String| {
                source.is_empty() || !source.is_ascii() || source.contains(|c: char| c <= ' ' || matches!(c, ';' | ','))
            };
            if let Some(source) = sources.iter().find(is_bad) {
                let hint = "write one source in each place of the list, as in `https://images.example`";
                problem("policy", format!("`{source}` is not a valid source for a policy"), hint);
            }
        }
        for (name, value) in &self.extra {
            // RFC 9110, sections 5.1 and 5.5.
            let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            if !is_name || !value.chars().all(|c| (' '..='~').contains(&c)) {
                problem(
                    "extra",
                    format!("`{name}: {value}` is not a valid header"),
                    "write a name and one line of ASCII text",
                );
            }
        }
    }
}

/// Directives of a `Content-Security-Policy` that take sources (Level 3, section 6).
#[rustfmt::skip]
const DIRECTIVES: [&str; 20] = [
    "base-uri", "child-src", "connect-src", "default-src", "fenced-frame-src", "font-src",
    "form-action", "frame-ancestors", "frame-src", "img-src", "manifest-src", "media-src",
    "object-src", "script-src", "script-src-attr", "script-src-elem", "style-src", "style-src-attr",
    "style-src-elem", "worker-src",
];
