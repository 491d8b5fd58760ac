//! Scripts that stand in the pages themselves: the files in a theme's `static/inline/`.
//!
//! A script that must run before the page is painted cannot be a file of its own. Everything else that
//! looks like a script is refused by the `Content-Security-Policy` that courant writes; these few are let
//! in by the hash of their text. So the text in the page is exactly the text that is hashed here: it goes
//! through no template, and nothing may rewrite it afterwards.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;

/// Where they are in a theme.
pub const FOLDER: &str = "static/inline/";

/// A script of the theme for the pages themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlineScript {
    /// What stands between `<script>` and `</script>`.
    pub text: String,
    /// The fingerprint of the text.
    pub fingerprint: Fingerprint,
}

impl InlineScript {
    /// Takes the text of `file`.
    ///
    /// # Errors
    /// The file is no script, or has text that would end its element or change how it is read (HTML
    /// Standard, "Restrictions for contents of script elements").
    pub fn new(file: &str, text: &str) -> Result<Self, Vec<Diagnostic>> {
        if !file.trim_end_matches(" (built in)").ends_with(".js") {
            return Err(vec![
                Diagnostic::error("`static/inline/` is for scripts")
                    .at(Place::file(file))
                    .hint("move the file to `static/`, where files are published as they are"),
            ]);
        }
        let lower = text.to_ascii_lowercase();
        let refused = ["</script", "<script", "<!--"].into_iter().filter_map(|mark| Some((mark, lower.find(mark)?)));
        let problems: Vec<Diagnostic> = refused
            .map(|(mark, at)| {
                Diagnostic::error(format!("`{mark}` cannot stand in a script inside a page"))
                    .at(Place::span(file, text, at..at + mark.len()))
                    .hint(format!("write it in two parts, as in `\"<\" + \"{}\"`", &mark[1..]))
            })
            .collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        // Browsers read every end of line as `\n` before they hash.
        let text = text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned();
        Ok(Self { fingerprint: Fingerprint::of(text.as_bytes()), text })
    }

    /// The source expression that lets it in: `'sha256-…'` (Content Security Policy Level 3, section 2.3.1).
    pub fn source_expression(&self) -> String {
        source_expression(&self.text)
    }
}

/// The source expression that lets a text in.
pub fn source_expression(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_hash_is_that_of_the_specification() {
        // The example of Content Security Policy Level 2, section 4.2.5.
        let script = InlineScript::new("a.js", "\r\nalert('Hello, world.');\r\n").expect("a script");
        assert_eq!(script.text, "alert('Hello, world.');");
        assert_eq!(script.source_expression(), "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='");
    }

    #[test]
    fn what_would_end_the_element_is_refused() {
        let problems = InlineScript::new("a.js", "a = 1\nb = '</SCRIPT>'").expect_err("refused");
        let place = problems[0].place.as_ref().expect("a place");
        assert_eq!((problems.len(), place.line, place.column), (1, 2, 6));
        assert!(InlineScript::new("a.css", "b").is_err());
    }
}
