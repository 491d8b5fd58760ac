//! Pages without the white space between their elements, for sites that ask for it (`minify_html`).
//!
//! What readers see stays: the text in `pre`, `textarea` and `code`, and scripts to the letter, so that their hashes
//! in the `Content-Security-Policy` hold.

use html_minifier::HTMLMinifier;

use crate::config::FragmentMode;

/// A page with less white space and without comments; what a library cannot make sense of stays as it is.
pub(super) fn minified(html: Vec<u8>, latest: FragmentMode) -> Vec<u8> {
    let mut minifier = HTMLMinifier::new();
    minifier.set_minify_js(false);
    minifier.set_minify_css(false);
    minifier.set_minify_code(false);
    // Includes for the server are comments.
    minifier.set_remove_comments(latest != FragmentMode::Ssi);
    match minifier.digest(&html).and_then(|()| minifier.into_html()) {
        Ok(less) => less,
        Err(_) => html,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(html: &str) -> String {
        String::from_utf8(minified(html.as_bytes().to_vec(), FragmentMode::Inline)).expect("text")
    }

    #[test]
    fn only_what_nobody_sees_goes() {
        assert_eq!(of("<p>\n  a   <b>b</b>\n  c</p>\n\n<!-- x -->\n<p>d</p>"), "<p>\na <b>b</b>\nc</p>\n<p>d</p>");
        for kept in ["<pre>a\n   b</pre>", "<p><code>a  b</code></p>", "<script>a  =  1; // x\n</script>"] {
            assert_eq!(of(kept), kept);
        }
        assert_eq!(of("<p>日本\n  語</p>"), "<p>日本\n語</p>");
    }

    #[test]
    fn what_is_not_html_stays_as_it_is() {
        for html in ["<p>a <!-- never closed", "a < b  c", "<"] {
            let less = of(html);
            assert!(less == html || !html.contains("<!--"), "{html} became {less}");
        }
    }

    #[test]
    fn includes_for_the_server_stay() {
        let html = "<aside>\n<!--#include virtual=\"/fragments/latest.html\" -->\n</aside>";
        let less = minified(html.as_bytes().to_vec(), FragmentMode::Ssi);
        assert!(String::from_utf8(less).expect("text").contains("<!--#include virtual=\"/fragments/latest.html\" -->"));
    }
}
