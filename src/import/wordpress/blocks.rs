//! Gutenberg: HTML between comments that say which block it is (<https://developer.wordpress.org/block-editor/>).
//!
//! The HTML says nearly everything by itself; here is only what the comments alone say: addresses of players, shared
//! blocks, images of covers, links of icons. Blocks that are made when a page is shown have nothing to import.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::Value;

use super::{Expansion, builder, shortcodes};
use crate::html::autop;
use crate::import::body::{BLANK, MORE, escaped, escaped_attribute};
use crate::import::loss::{Counts, Wording};

mod binding;

pub(super) use binding::with_fields;

/// Shared blocks may hold others.
const DEEPEST: usize = 5;

/// The comment that begins or ends a block.
struct Comment<'t> {
    name: &'t str,
    attributes: Value,
    is_end: bool,
    is_alone: bool,
}

/// What stands in `<!-- … -->`, if it is a block's.
fn comment(inside: &str) -> Option<Comment<'_>> {
    let inside = inside.trim();
    let (is_end, named) = match inside.strip_prefix('/') {
        Some(named) => (true, named),
        None => (false, inside),
    };
    let named = named.strip_prefix("wp:")?;
    let (named, is_alone) = match named.strip_suffix('/') {
        Some(named) => (named.trim_end(), true),
        None => (named, false),
    };
    let end = named.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/'))).unwrap_or(named.len());
    let (name, json) = named.split_at(end);
    let attributes = serde_json::from_str(json.trim()).unwrap_or(Value::Null);
    Some(Comment { name: name.strip_prefix("core/").unwrap_or(name), attributes, is_end, is_alone })
}

/// Whether a text has blocks.
pub(super) fn has_blocks(text: &str) -> bool {
    text.contains("<!-- wp:")
}

/// The blocks that begin in a text.
fn beginnings(text: &str) -> impl Iterator<Item = Comment<'_>> {
    text.match_indices("<!--").filter_map(|(at, start)| {
        let inside = &text[at + start.len()..];
        comment(&inside[..inside.find("-->").unwrap_or(inside.len())]).filter(|block| !block.is_end)
    })
}

/// Whether a text has a block that only some readers were shown: Jetpack's paid content, blocks of membership plug-ins,
/// and conditions that plug-ins give to any block.
pub(super) fn has_some_for_some_only(text: &str) -> bool {
    const WORDS: [&str; 4] = ["premium-content", "restrict", "member", "paywall"];
    beginnings(text).any(|block| {
        let is_of_plugin = block.name.contains('/') && WORDS.iter().any(|word| block.name.contains(word));
        is_of_plugin || has_condition(&block.attributes)
    })
}

/// Whether a plug-in shows a block under conditions: Block Visibility, Conditional Blocks, Otter, Content Control. Those
/// of the size of a screen are styles.
fn has_condition(attributes: &Value) -> bool {
    let is_set = |value: &Value| match value {
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => map.get("enabled").is_some_and(|enabled| enabled == true),
        _ => false,
    };
    let sets = attributes["blockVisibility"]["controlSets"].as_array().into_iter().flatten();
    let mut controls =
        sets.filter(|set| set["enable"] != false).filter_map(|set| set["controls"].as_object()).flatten();
    let is_condition = |(name, value): (&String, &Value)| {
        let is_empty = value.as_object().is_some_and(serde_json::Map::is_empty);
        let is_for_all = matches!(value["visibilityByRole"].as_str(), Some("all" | "public"));
        name != "screenSize" && !is_empty && !is_for_all
    };
    controls.any(is_condition)
        || ["conditionalBlocks", "otterConditions", "contentControls"].iter().any(|key| is_set(&attributes[*key]))
}

/// Whether nobody is shown a block: by WordPress itself (6.9), or by the plug-in Block Visibility.
fn is_hidden(attributes: &Value) -> bool {
    attributes["metadata"]["blockVisibility"] == false || attributes["blockVisibility"]["hideBlock"] == true
}

/// A text without the blocks that nobody is shown, and how many there were. One that does not end hides all behind it.
pub(super) fn without_hidden(text: &str) -> (Cow<'_, str>, usize) {
    if !text.contains("blockVisibility") {
        return (Cow::Borrowed(text), 0);
    }
    let (mut result, mut hidden) = (String::with_capacity(text.len()), 0);
    let mut rest = text;
    while let Some(at) = rest.find("<!--") {
        let end = rest[at..].find("-->").map_or(rest.len(), |end| at + end + "-->".len());
        let block = comment(rest[at + "<!--".len()..end].trim_end_matches("-->"));
        match block.filter(|block| !block.is_end && is_hidden(&block.attributes)) {
            Some(block) => {
                result.push_str(&rest[..at]);
                hidden += 1;
                rest = if block.is_alone { &rest[end..] } else { to_end(&rest[end..], block.name).1 };
            }
            None => {
                result.push_str(&rest[..end]);
                rest = &rest[end..];
            }
        }
    }
    (Cow::Owned(result + rest), hidden)
}

/// The numbers of the shared blocks that a text shows.
pub(super) fn shared_in(text: &str) -> Vec<u64> {
    beginnings(text)
        .filter(|block| block.name == "block")
        .filter_map(|block| block.attributes["ref"].as_u64())
        .collect()
}

/// The HTML of a text with blocks; what stands outside of them is read as a classic post is.
pub(super) fn html(text: &str, to: &mut Expansion<'_>) -> String {
    let mut html = String::with_capacity(text.len());
    write(text, to, &mut html, 0);
    html
}

fn write(text: &str, to: &mut Expansion<'_>, html: &mut String, shared: usize) {
    let mut open = 0_usize;
    let mut rest = text;
    while let Some(at) = rest.find("<!--") {
        free(&rest[..at], open, to, html);
        rest = &rest[at..];
        let end = rest.find("-->").map_or(rest.len(), |end| end + 3);
        let inside = rest[4.min(end)..end].trim_end_matches("-->");
        rest = &rest[end..];
        let Some(block) = comment(inside) else {
            special(inside, to, html);
            continue;
        };
        if block.is_end {
            open = open.saturating_sub(1);
            html.push('\n');
            continue;
        }
        if block.is_alone {
            alone(&block, to, html, shared);
            continue;
        }
        if is_embed(block.name) {
            // All of it becomes one card.
            let (inside, after) = to_end(rest, block.name);
            rest = after;
            embed(&block, inside, to, html);
            continue;
        }
        if block.name == "verse" {
            let (inside, after) = to_end(rest, block.name);
            rest = after;
            verse(inside, html);
            continue;
        }
        open += 1;
        begin(&block, rest, to, html);
    }
    free(rest, open, to, html);
}

/// Text between comments: in a block it is HTML, outside a classic post.
fn free(text: &str, open: usize, to: &mut Expansion<'_>, html: &mut String) {
    if text.trim().is_empty() {
        html.push_str(text);
        return;
    }
    let expanded = shortcodes::expand(text, to);
    if open == 0 { html.push_str(&autop::autop(&expanded)) } else { html.push_str(&expanded) }
}

/// A comment that is no block's.
pub(super) fn special(inside: &str, to: &mut Expansion<'_>, html: &mut String) {
    let said = inside.trim();
    if said == "more" || said.starts_with("more ") {
        if !std::mem::replace(&mut to.has_more, true) {
            let _ = write!(html, "\n\n<{MORE}></{MORE}>\n\n");
        }
    } else if said == "nextpage" {
        html.push_str("\n\n");
    }
}

fn is_embed(name: &str) -> bool {
    name == "embed" || name.starts_with("core-embed/") || name.starts_with("embed/")
}

/// What stands in a block, and what is behind its end. Others of its name may stand within.
fn to_end<'t>(text: &'t str, name: &str) -> (&'t str, &'t str) {
    let (mut from, mut within) = (0, 0_usize);
    while let Some(at) = text[from..].find("<!--") {
        let at = from + at;
        let end = text[at..].find("-->").map_or(text.len(), |end| at + end + 3);
        let block = comment(text[at + 4..end].trim_end_matches("-->"));
        match block.filter(|block| block.name == name && !block.is_alone) {
            Some(block) if !block.is_end => within += 1,
            Some(_) if within == 0 => return (&text[..at], &text[end..]),
            Some(_) => within -= 1,
            None => {}
        }
        from = end;
    }
    (text, "")
}

/// An embed's block as the address and the caption.
fn embed(block: &Comment<'_>, inside: &str, to: &mut Expansion<'_>, html: &mut String) {
    let given = block.attributes["url"].as_str().unwrap_or_default();
    let written =
        inside.split('>').flat_map(|part| part.split('<').next()).map(str::trim).find(|part| part.starts_with("http"));
    let url = html_escape::decode_html_entities(written.unwrap_or(given)).into_owned();
    if url.is_empty() {
        return;
    }
    html.push_str(&shortcodes::embed(&url, written.is_some(), to));
    if let Some((_, caption)) = inside.split_once("<figcaption") {
        let caption = caption.split_once('>').map_or("", |(_, caption)| caption);
        let caption = caption.split("</figcaption").next().unwrap_or_default();
        let _ = write!(html, "<p>{caption}</p>");
    }
}

/// Verses: their line breaks are theirs.
fn verse(inside: &str, html: &mut String) {
    let inside = inside.trim();
    let text = inside.strip_prefix("<pre").and_then(|rest| rest.split_once('>')).map_or(inside, |(_, text)| text);
    let text = text.trim_end().trim_end_matches("</pre>");
    for part in text.split("\n\n").filter(|part| !part.trim().is_empty()) {
        let lines: Vec<String> = part.trim_matches('\n').split('\n').map(indented).collect();
        let _ = write!(html, "<p>{}</p>", lines.join("<br>"));
    }
}

/// A line whose indentation stays when blanks at its beginning go.
fn indented(line: &str) -> String {
    let text = line.trim_start_matches([' ', '\t']);
    let blanks = line[..line.len() - text.len()].replace('\t', "    ");
    blanks.replace(' ', &BLANK.to_string()) + text
}

/// What the comment says that the HTML of the block does not.
fn begin(block: &Comment<'_>, rest: &str, to: &mut Expansion<'_>, html: &mut String) {
    match block.name {
        "cover" => {
            let inside = rest.split("<!-- ").next().unwrap_or_default();
            let url = block.attributes["url"].as_str().unwrap_or_default();
            if !url.is_empty() && !inside.contains("<img") && !inside.contains("<video") {
                to.explain("images behind texts", Counts { images: 1, ..Counts::default() });
                let _ = write!(html, "<p><img src=\"{}\" alt=\"\"></p>", escaped_attribute(url));
            }
        }
        "tab" => {
            let label = block.attributes["label"].as_str().unwrap_or_default();
            if !label.is_empty() {
                to.explain("labels of tabs", Counts { headings: 1, ..Counts::of_text(label) });
                let _ = write!(html, "<h3>{}</h3>", escaped(label));
            }
        }
        name if name.contains('/') => {
            to.unknown.push(format!("block {name}"));
            let inside = rest.split("<!-- ").next().unwrap_or_default();
            if inside.trim().is_empty() {
                settings(block, to, html);
            }
        }
        _ => {}
    }
}

/// A block that is only a comment.
fn alone(block: &Comment<'_>, to: &mut Expansion<'_>, html: &mut String, shared: usize) {
    let text = |key: &str| block.attributes[key].as_str().unwrap_or_default().to_owned();
    match block.name {
        "block" => {
            let known = block.attributes["ref"].as_u64().and_then(|number| to.shared.blocks.get(&number));
            match known.filter(|_| shared < DEEPEST) {
                Some(text) => {
                    let text = binding::with_overrides(text, &block.attributes["content"]);
                    to.explain("shared blocks", super::said(&text).counts);
                    write(&text, to, html, shared + 1);
                }
                None => to.unknown.push("a shared block that is not in the export".into()),
            }
        }
        "social-link" | "navigation-link" | "home-link" if !text("url").is_empty() => {
            let (url, service) = (text("url"), text("service"));
            let label = Some(text("label")).filter(|label| !label.is_empty()).unwrap_or(service);
            let label = if label.is_empty() { url.clone() } else { label };
            to.explain("links that a block makes", Counts { links: 1, ..Counts::of_text(&label) });
            let _ = write!(html, "<li><a href=\"{}\">{}</a></li>", escaped_attribute(&url), escaped(&label));
        }
        "more" => special("more", to, html),
        "nextpage" | "spacer" | "separator" | "footnotes" => {}
        name if is_embed(name) => embed(block, "", to, html),
        name => {
            to.unknown.push(format!("block {name}"));
            if name.contains('/') {
                settings(block, to, html);
            }
        }
    }
}

/// What a plug-in's block says in its settings instead of in HTML.
fn settings(block: &Comment<'_>, to: &mut Expansion<'_>, html: &mut String) {
    let said = builder::said(&block.attributes);
    if !said.is_empty() {
        to.explain("texts in the settings of blocks", Wording::of_html(&said).counts);
        html.push_str(&said);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_of_blocks_are_read() {
        let block = comment(" wp:image {\"id\":7,\"a\":\"b--c\"} ").expect("a block");
        assert_eq!(
            (block.name, block.attributes["id"].as_u64(), block.is_end, block.is_alone),
            ("image", Some(7), false, false)
        );
        assert!(comment(" wp:latest-posts /").is_some_and(|block| block.is_alone));
        assert!(comment(" /wp:core/image ").is_some_and(|block| block.is_end && block.name == "image"));
        assert!(comment("more").is_none());
        assert_eq!(to_end("a<!-- wp:x --><!-- /wp:x -->b<!-- /wp:x -->c", "x").1, "c");
        assert_eq!(to_end("a<!-- /wp:x -->b<!-- /wp:embed -->c", "embed"), ("a<!-- /wp:x -->b", "c"));
    }
}
