//! A body that was Markdown already: it stays as it was written, but for addresses of the old host, those in raw HTML
//! too.

use std::collections::{BTreeMap, BTreeSet};

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::html_addresses;
use crate::import::addresses::Links;

/// The Markdown with addresses as they are here, and the files that it shows or names.
pub(in crate::import) fn relinked(text: &str, links: &dyn Links) -> (String, BTreeSet<String>) {
    let mut files = BTreeSet::new();
    let mut edits: BTreeMap<usize, (usize, String)> = BTreeMap::new();
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        let (old, new, is_image) = match event {
            // A tag of a block may go on in its next line.
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => {
                note_html(text, range, links, &mut files, &mut edits);
                continue;
            }
            Event::Start(Tag::Link { dest_url, .. }) => (dest_url.to_string(), links.link(&dest_url), false),
            Event::Start(Tag::Image { dest_url, .. }) => (dest_url.to_string(), links.media(&dest_url), true),
            _ => continue,
        };
        note_file(&new, &mut files);
        let written = &text[range.clone()];
        let can_stand = !new.is_empty() && !new.contains([' ', '(', ')', '<', '>', '\n']);
        // The address of a link stands behind its words, in which there may be images.
        let found = if is_image { written.find(&old) } else { written.rfind(&old) };
        if let Some(at) = found.filter(|_| can_stand && written.starts_with(['[', '!']) && new != old) {
            edits.insert(range.start + at, (old.len(), new));
        }
    }
    let (mut result, mut from) = (String::with_capacity(text.len()), 0);
    for (at, (length, new)) in edits.into_iter().filter(|(_, (length, _))| *length > 0) {
        if at >= from {
            result.push_str(&text[from..at]);
            result.push_str(&new);
            from = at + length;
        }
    }
    result.push_str(&text[from..]);
    (result, files)
}

fn note_file(path: &str, files: &mut BTreeSet<String>) {
    let has_ending = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    if has_ending && path.starts_with('/') {
        files.insert(path.split(['?', '#']).next().unwrap_or_default().to_owned());
    }
}

/// Raw HTML: a block, or a tag of a sentence. Only tags with an address that changes are written anew.
fn note_html(
    text: &str,
    range: Range<usize>,
    links: &dyn Links,
    files: &mut BTreeSet<String>,
    edits: &mut BTreeMap<usize, (usize, String)>,
) {
    use lol_html::{RewriteStrSettings, element, rewrite_str};
    let written = &text[range.clone()];
    let change = element!(html_addresses::SELECTOR, |element| {
        let is_link = element.tag_name() == "a";
        html_addresses::replace(element, |old| {
            let new = if is_link { links.link(old) } else { links.media(old) };
            note_file(&new, files);
            (new != old && !new.is_empty()).then_some(new)
        });
        Ok(())
    });
    let settings = RewriteStrSettings { element_content_handlers: vec![change], ..RewriteStrSettings::new() };
    if let Some(new) = rewrite_str(written, settings).ok().filter(|new| new != written) {
        edits.insert(range.start, (range.len(), new));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::Town;
    use super::*;

    #[test]
    fn only_addresses_of_the_old_host_change() {
        for (text, expected) in [
            ("*a* [b](https://paper.example/b/ \"t\") c", "*a* [b](/b/ \"t\") c"),
            ("[![x](https://paper.example/u/a.jpg)](https://paper.example/u/a.jpg)", "[![x](/u/a.jpg)](/u/a.jpg)"),
            ("`https://paper.example/` https://paper.example/", "`https://paper.example/` https://paper.example/"),
            ("[b](https://other.example/)", "[b](https://other.example/)"),
            (
                "<img src='https://paper.example/u/a.jpg' alt=x>\n\na <a href=\"https://paper.example/b/\">b</a>",
                "<img src=\"/u/a.jpg\" alt=x>\n\na <a href=\"/b/\">b</a>",
            ),
            ("<img\n  src=\"https://paper.example/u/a.jpg\">", "<img src=\"/u/a.jpg\">"),
            (
                "> <figure>\n> <img src=\"https://paper.example/u/a.jpg\" srcset=\"https://paper.example/u/a.jpg 2x\">",
                "> <figure>\n> <img src=\"/u/a.jpg\" srcset=\"/u/a.jpg 2x\">",
            ),
            (
                "<img src=/u/a.jpg> <br/> <!-- https://paper.example/ -->",
                "<img src=/u/a.jpg> <br/> <!-- https://paper.example/ -->",
            ),
            ("- [é](https://paper.example/é/)\n\n> [a](https://paper.example/a/)", "- [é](/é/)\n\n> [a](/a/)"),
        ] {
            assert_eq!(relinked(text, &Town).0, expected);
        }
        let (_, files) = relinked("![x](https://paper.example/u/a.jpg) [d](/u/b.pdf?x) [e](/e/)", &Town);
        assert_eq!(files.into_iter().collect::<Vec<_>>(), ["/u/a.jpg", "/u/b.pdf"]);
    }
}
