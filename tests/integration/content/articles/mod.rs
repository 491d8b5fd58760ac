//! Articles: front matter, addresses, links, and what may be seen of them.

mod addresses;
mod front_matter;
mod html;
mod links;
mod other_programs;
mod places;
mod visibility;

use std::collections::BTreeMap;

use crate::fixture::TestSite;

/// A template that says what an article's values are, a line each.
const PROBE: &str = r#"title={{ article.title | safe }}
date={{ article.date }}
updated={{ article.updated or "" }}
url={{ article.url | safe }}
section={{ article.section.title if article.section else "" }}
authors={% for one in article.authors %}{{ one.name | safe }};{% endfor %}
tags={% for one in article.tags %}{{ one.name | safe }};{% endfor %}
series={{ article.series.name if article.series else "" }}
summary={{ article.summary | safe }}
derived={{ article.summary_derived }}
image={{ article.image.src if article.image else "" }}
kind={{ article.kind }}
extra={{ article.extra.weight or "" }}
sources={% for one in article.sources %}{{ one.name | safe }}<{{ one.url or "" }}>;{% endfor %}
"#;

/// A site of which only the address is configured.
fn archive() -> TestSite {
    TestSite::empty().file("site.yaml", "base_url: https://test.example\n")
}

fn probing() -> TestSite {
    TestSite::new()
        .file("themes/probe/theme.yaml", "name: probe\napi: 1\nextends: broadsheet\n")
        .file("themes/probe/templates/article.html", PROBE)
        .file("site.yaml", "title: T\nbase_url: https://test.example\ntheme: probe\n")
}

/// The values of the article at `path`.
fn values(site: &TestSite, path: &str) -> BTreeMap<String, String> {
    let text = site.published(&format!("{path}/index.html"));
    text.lines().filter_map(|line| line.split_once('=')).map(|(key, value)| (key.into(), value.into())).collect()
}
