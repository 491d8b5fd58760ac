//! Files that tell a host how to serve the site: `_headers`, `_redirects` and `.nojekyll`.
//!
//! Netlify and Cloudflare Pages read the first two, with one syntax and different limits; GitHub Pages looks
//! for the third. A file of that name in `static/` is published instead of courant's.

use std::fmt::Write as _;

use crate::config::{Host, address};
use crate::diagnostic::{Diagnostic, Place};
use crate::plan::HostFile;
use crate::query::Making;
use crate::render::output::policy::security_headers;
use crate::render::output::rights;
use crate::render::{HostText, PageRenderer};
use crate::theme::Asset;

/// How long browsers keep files whose name changes with their bytes: a year, as long as caches go.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// How long they keep other files of the theme (icons, fonts): a week.
const A_WEEK: &str = "public, max-age=604800";

/// How much Cloudflare Pages reads
/// (<https://developers.cloudflare.com/pages/configuration/headers/>, …`/redirects/`).
mod cloudflare {
    /// Rules in `_headers`.
    pub(in crate::render) const RULES: usize = 100;
    /// Characters of a line in `_headers`.
    pub(in crate::render) const HEADER_LINE: usize = 2000;
    /// Lines of `_redirects` without a pattern.
    pub(in crate::render) const REDIRECTS: usize = 2000;
    /// Characters of a line in `_redirects`.
    pub(in crate::render) const REDIRECT_LINE: usize = 1000;
}

/// The text of a file for hosts, and what is wrong with it.
pub(in crate::render) fn host_file(renderer: &PageRenderer, file: HostFile, making: &Making) -> HostText {
    match file {
        HostFile::Headers => headers_file(renderer, making),
        HostFile::Redirects => HostText(redirects_file(renderer, making), Vec::new()),
        HostFile::NoJekyll => HostText(String::new(), Vec::new()),
        HostFile::License => HostText(rights::license_file(renderer), Vec::new()),
        HostFile::Reservation => HostText(rights::reservation_file(renderer), Vec::new()),
    }
}

fn is_read_by(renderer: &PageRenderer, host: Host) -> bool {
    renderer.config.settings.hosting.contains(&host)
}

fn headers_file(renderer: &PageRenderer, making: &Making) -> HostText {
    let (_, _, _, theme) = renderer.view.everything(making);
    let base = &renderer.config.base_path;
    let mut problems = Vec::new();
    // No rule sets a header that another one sets for the same address: hosts put the two together.
    let mut text = format!("{base}*\n");
    for header in security_headers(&renderer.config, theme.inline_scripts.values(), &theme.code.sources) {
        let line = format!("  {}: {}\n", header.name, header.value);
        if is_read_by(renderer, Host::Cloudflare) && line.chars().count() > cloudflare::HEADER_LINE {
            problems.push(
                Diagnostic::warning(format!(
                    "the header `{}` has {} characters; Cloudflare reads lines of up to {}",
                    header.name,
                    line.chars().count(),
                    cloudflare::HEADER_LINE
                ))
                .at(Place::file(crate::config::FILE))
                .hint("name fewer sources under `headers`, or fewer hosts under `embeds`"),
            );
        }
        text.push_str(&line);
    }
    let rules = if is_read_by(renderer, Host::Cloudflare) { cloudflare::RULES - 1 } else { usize::MAX };
    // Those that never change first: they gain most.
    let mut assets: Vec<(bool, &Asset)> =
        theme.assets.iter().map(|asset| (!asset.has_fingerprint_in_name(), asset)).collect();
    assets.sort_by_key(|(changes, _)| *changes);
    for (changes, asset) in assets.into_iter().take(rules) {
        let path = address::encode(&renderer.config, &asset.output_path());
        if path.contains(['*', ':']) {
            continue;
        }
        let _ = write!(text, "{path}\n  Cache-Control: {}\n", if changes { A_WEEK } else { FOR_EVER });
    }
    HostText(text, problems)
}

/// What is gone, and what has moved: newest articles first. If there are more than a host reads, the oldest keep their
/// pages only.
fn redirects_file(renderer: &PageRenderer, making: &Making) -> String {
    let (_, index, plan, _) = renderer.view.everything(making);
    let is_cloudflare = is_read_by(renderer, Host::Cloudflare);
    // Netlify serves the page at the old address instead, unless it is told so; Cloudflare knows no `!`
    // and needs none.
    let status = if is_cloudflare { "301" } else { "301!" };
    let (most, longest) =
        if is_cloudflare { (cloudflare::REDIRECTS, cloudflare::REDIRECT_LINE) } else { (usize::MAX, usize::MAX) };
    // What would be a pattern, or no line of its own.
    let is_plain = |from: &str, line: &str| !from.contains(['*', ':']) && !line.trim_end().contains(['\n', '\r', '#']);
    let mut text = String::new();
    // Cloudflare knows no such rules.
    for notice in index.notices.iter().filter(|_| !is_cloudflare) {
        let file = if notice.url.ends_with('/') { "index.html" } else { "" };
        let line = format!("{} {}{file} 410!\n", notice.url, notice.url);
        if is_plain(&notice.url, &line) {
            text.push_str(&line);
        }
    }
    let mut lines = 0;
    for alias in plan.aliases.iter().rev() {
        let from = address::encode(&renderer.config, &alias.from);
        let line = format!("{from} {} {status}\n", alias.to);
        if is_plain(&from, &line) && line.len() <= longest && lines < most {
            text.push_str(&line);
            lines += 1;
        }
    }
    let left = plan.aliases.len() - lines;
    if left > 0 {
        let _ = writeln!(text, "# {left} more old addresses are pages that lead on.");
    }
    text
}
