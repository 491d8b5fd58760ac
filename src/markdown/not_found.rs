//! What is told of addresses and files that are not there.

use super::Purpose;
use crate::diagnostic::Diagnostic;

/// What is told of an address at which nothing is published; `meant` is what may have been meant.
pub(crate) fn nowhere(href: &str, purpose: Purpose, meant: Option<String>) -> Diagnostic {
    let message = match purpose {
        Purpose::Image => format!("there is no image `{href}`"),
        Purpose::Link => format!("the link leads to `{href}`, which does not exist"),
    };
    let cure = || cure_of_dead(href, purpose).to_owned();
    Diagnostic::warning(message).hint(meant.map_or_else(cure, |meant| format!("did you mean `{meant}`?")))
}

/// What to do about an address at which nothing is published.
pub(crate) fn cure_of_dead(href: &str, purpose: Purpose) -> &'static str {
    let path = &href[..href.find(['?', '#']).unwrap_or(href.len())];
    let ending = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending);
    match (purpose, ending) {
        (Purpose::Image, _) => "put the file into `static/`, or correct the address",
        (Purpose::Link, None | Some("html" | "htm" | "md" | "mdx")) => {
            "correct the address; links to Markdown files (`../local/tunnel.md`) follow their article"
        }
        (Purpose::Link, Some(_)) => "put the file beside the article or into `static/`, or correct the address",
    }
}

/// What is told of a file, such as an image, that does not exist, and is left out; `nearest` is what may have been meant.
pub(crate) fn missing(what: &str, src: &str, nearest: Option<String>) -> Diagnostic {
    if nearest.as_deref() == Some(src) {
        return Diagnostic::warning(format!("the {what} `{src}` belongs to something that is withheld"))
            .hint("copy it beside this article, or into `static/`");
    }
    let hint = nearest.map_or_else(
        || "put the file beside the article, or write its path in `static/` with a slash in front".to_owned(),
        |nearest| format!("did you mean `{nearest}`?"),
    );
    Diagnostic::warning(format!("there is no {what} `{src}`")).hint(hint)
}
