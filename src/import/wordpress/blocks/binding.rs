//! Blocks that show something else than what stands in them: values of fields (block bindings, WordPress 6.5), and texts
//! that one post gives a block of a shared pattern (overrides, 6.6).
//!
//! Only the comment says so, and the HTML is what would be shown without it. Here it becomes what readers saw.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{comment, to_end};
use crate::import::body::{escaped, escaped_attribute};

/// Names of attributes, with their new values.
type Changes = Vec<(String, String)>;

/// A text of a post whose blocks show values of its fields.
pub(in crate::import::wordpress) fn with_fields<'t>(text: &'t str, fields: &Map<String, Value>) -> Cow<'t, str> {
    if !text.contains("\"bindings\"") {
        return Cow::Borrowed(text);
    }
    let new = |attributes: &Value| {
        let bindings = attributes["metadata"]["bindings"].as_object()?;
        let of_field = |binding: &Value| {
            let key = binding["args"]["key"].as_str().filter(|_| binding["source"] == "core/post-meta")?;
            Some(fields.get(key)?.as_str()?.to_owned())
        };
        let found = bindings.iter().filter_map(|(name, binding)| Some((name.clone(), of_field(binding)?)));
        // The value of a field is text.
        let found = found.map(|(name, value)| if name == "url" { (name, value) } else { (name, escaped(&value)) });
        Some(found.collect())
    };
    Cow::Owned(changed(text, &new))
}

/// The text of a shared pattern with what a post says in its place: `content` of its block, by the names of blocks.
pub(super) fn with_overrides(text: &str, content: &Value) -> String {
    let Some(content) = content.as_object().filter(|content| !content.is_empty()) else { return text.to_owned() };
    changed(text, &|attributes| {
        let given = content.get(attributes["metadata"]["name"].as_str()?)?;
        // The first version of overrides had the values one level deeper.
        let given = given.get("values").unwrap_or(given).as_object()?;
        Some(given.iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect())
    })
}

/// A text in which blocks have other attributes: what `new` says, by the attributes in their comments.
fn changed(text: &str, new: &dyn Fn(&Value) -> Option<Changes>) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("<!-- wp:") {
        let Some(end) = rest[at..].find("-->").map(|end| at + end + "-->".len()) else { break };
        result.push_str(&rest[..end]);
        let block = comment(&rest[at + "<!--".len()..end - "-->".len()]);
        rest = &rest[end..];
        let Some(block) = block.filter(|block| !block.is_alone) else { continue };
        if let Some(values) = new(&block.attributes) {
            let (inside, _) = to_end(rest, block.name);
            result.push_str(&values.iter().fold(inside.to_owned(), |html, (name, value)| with(&html, name, value)));
            rest = &rest[inside.len()..];
        }
    }
    result + rest
}

/// The HTML of a block with another value of an attribute.
fn with(html: &str, name: &str, value: &str) -> String {
    let range = match name {
        "content" => html.find('>').map(|at| at + 1).zip(html.rfind("</")),
        "text" => html.find("<a").and_then(|at| Some(at + html[at..].find('>')? + 1)).zip(html.rfind("</a")),
        "caption" => {
            html.find("<figcaption").and_then(|at| Some(at + html[at..].find('>')? + 1)).zip(html.rfind("</figcaption"))
        }
        "url" if html.contains("<img") => value_of(html, "src"),
        "url" => value_of(html, "href"),
        "alt" | "title" => value_of(html, name),
        _ => None,
    };
    let is_attribute = matches!(name, "url" | "alt" | "title");
    let value = if is_attribute { Cow::Owned(escaped_attribute(value)) } else { Cow::Borrowed(value) };
    match range.filter(|(start, end)| start <= end) {
        Some((start, end)) => format!("{}{value}{}", &html[..start], &html[end..]),
        None => html.to_owned(),
    }
}

/// Where the value of an attribute stands.
fn value_of(html: &str, attribute: &str) -> Option<(usize, usize)> {
    let start = html.find(&format!(" {attribute}=\""))? + attribute.len() + 3;
    Some((start, start + html[start..].find('"')?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn blocks_say_what_readers_saw() {
        let text = "<!-- wp:paragraph {\"metadata\":{\"bindings\":{\"content\":{\"source\":\"core/post-meta\",\"args\":{\"key\":\"vessel\"}}}}} -->\n<p class=\"x\">?</p>\n<!-- /wp:paragraph -->";
        let fields = json!({ "vessel": "The <Tern>" });
        let fields = fields.as_object().expect("a map");
        assert!(with_fields(text, fields).contains("<p class=\"x\">The &lt;Tern&gt;</p>"));
        assert_eq!(with_fields(text, &Map::new()), text);
        let pattern = "<!-- wp:heading {\"metadata\":{\"name\":\"Head\"}} --><h2>a <b>b</b></h2><!-- /wp:heading --><!-- wp:button {\"metadata\":{\"name\":\"Go\"}} --><div><a class=\"y\" href=\"/a/\">Go</a></div><!-- /wp:button --><!-- wp:image {\"metadata\":{\"name\":\"Picture\"}} --><figure><img src=\"/a.jpg\" alt=\"a\"/></figure><!-- /wp:image -->";
        let content = json!({
            "Head": { "content": "New <i>one</i>" },
            "Go": { "values": { "text": "Sail", "url": "/b/" } },
            "Picture": { "url": "/b.jpg", "alt": "\"b\"" },
        });
        let said = with_overrides(pattern, &content);
        for part in
            ["<h2>New <i>one</i></h2>", "<a class=\"y\" href=\"/b/\">Sail</a>", "src=\"/b.jpg\" alt=\"&quot;b&quot;\""]
        {
            assert!(said.contains(part), "{part} is not in {said}");
        }
        assert_eq!(with_overrides(pattern, &Value::Null), pattern);
    }
}
