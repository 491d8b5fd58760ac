//! `site.yaml`.

use serde_json::{Map, Value, json};

use super::front_matter::{insert, plain};
use crate::article::slug::of_name;
use crate::config::Slugs;
use crate::import::Destination;
use crate::import::addresses::{Links, key};
use crate::import::item::{MenuEntry, Site};
use crate::import::plan::Plan;
use crate::import::report::Line;
use crate::yaml;

/// The text of `site.yaml`.
pub(super) fn site_yaml(
    url: &str,
    site: &Site,
    plan: &Plan,
    zone: &str,
    is_wordpress: bool,
    destinations: &[(String, Destination)],
    remarks: &mut Vec<Line>,
) -> String {
    let mut map = Map::new();
    insert(&mut map, "title", plain(&site.title));
    insert(&mut map, "description", plain(&site.description));
    insert(&mut map, "base_url", url.trim_end_matches('/'));
    let is_tag = !site.language.is_empty() && site.language.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    insert(&mut map, "language", if is_tag { site.language.as_str() } else { "" });
    insert(&mut map, "timezone", zone);
    insert(&mut map, "permalink", plan.pattern.clone());
    if plan.slugs == Slugs::Keep {
        map.insert("slugs".into(), "keep".into());
    }
    let tag_at = |url: &str| {
        destinations.iter().find_map(|(from, to)| match to {
            Destination::Tag(name) if key(from) == key(url) => Some(format!("/tags/{}/", of_name(name, plan.slugs))),
            _ => None,
        })
    };
    let mut entry = |entry: &MenuEntry| {
        let (title, url) = (plain(&entry.title), plan.addresses.link(&entry.url));
        let url = plan.renamed.get(url.trim_matches('/')).map_or(url, |section| format!("/{section}/"));
        let is_link = (url.starts_with('/') || url.starts_with("http")) && !url.contains("/?");
        if title.is_empty() || !is_link {
            let what = format!("an entry of the menu leads nowhere here: {title} ({})", entry.url);
            remarks.push(Line { source: String::new(), what });
            return None;
        }
        let url = tag_at(&url).unwrap_or(url);
        Some(json!({ "title": title, "url": url }))
    };
    let mut with_children = |one: &MenuEntry| {
        let mut made = entry(one)?;
        let children: Vec<Value> = one.children.iter().filter_map(&mut entry).collect();
        if !children.is_empty() {
            made["children"] = children.into();
        }
        Some(made)
    };
    let menu: Vec<Value> = site.menu.iter().filter_map(&mut with_children).collect();
    if !menu.is_empty() {
        map.insert("menu".into(), menu.into());
    }
    // Blocks that Markdown cannot say stay HTML.
    let mut markdown = Map::new();
    markdown.insert("raw_html".into(), true.into());
    if is_wordpress {
        // WordPress sets quotes and dashes when it shows a post.
        markdown.insert("smart_punctuation".into(), true.into());
    }
    map.insert("markdown".into(), markdown.into());
    yaml::to_string(&map).unwrap_or_default()
}
