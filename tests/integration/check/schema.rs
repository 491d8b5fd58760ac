//! The schemas that editors are given: they accept what the program accepts, and refuse what it refuses.

use crate::fixture::TestSite;
use boon::{Compiler, Schemas};
use serde_json::{Value, json};

/// The schema that the program prints.
fn schema(of: &str) -> Value {
    let run = TestSite::empty().run(&["schema", of]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    serde_json::from_str(&run.stdout).expect("JSON")
}

/// What the schema says of the YAML; nothing if it is fine.
fn said(schema: &Value, yaml: &str) -> Option<String> {
    let value: Value = courant::yaml::from_str(yaml).expect("YAML");
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.add_resource("schema.json", schema.clone()).expect("a resource");
    let index = compiler.compile("schema.json", &mut schemas).expect("a good schema");
    schemas.validate(&value, index).err().map(|error| error.to_string())
}

fn front_matter(text: &str) -> String {
    let mut parts = text.trim_start_matches('\u{FEFF}').trim_start().splitn(3, "---\n");
    parts.next();
    parts.next().unwrap_or_default().to_owned()
}

fn sample(folder: &str) -> Vec<(String, String)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = crate::fixture::tree(&root.join(folder));
    let markdown = files.into_iter().filter(|(path, _)| path.ends_with(".md") || path.ends_with(".markdown"));
    markdown.map(|(path, bytes)| (path, String::from_utf8(bytes).expect("text").replace("\r\n", "\n"))).collect()
}

#[test]
fn the_schemas_accept_every_file_of_the_sample_site() {
    let (entry, section, author) = (schema("front-matter"), schema("section"), schema("author"));
    let files = sample("content");
    assert!(files.len() > 20);
    for (path, text) in files {
        let of = match &path {
            path if path.ends_with("_index.md") => &section,
            path if path.starts_with("authors/") => &author,
            _ => &entry,
        };
        assert_eq!(said(of, &front_matter(&text)), None, "{path}");
    }
    let site = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/site.yaml")).expect("a file");
    assert_eq!(said(&schema("site"), &site), None);
}

#[test]
fn the_schema_of_articles_accepts_archives_and_refuses_mistakes() {
    let entry = schema("front-matter");
    for good in [
        "{}",
        "title: 2019\nslug: 42\nweight: 3",
        "authors:\n  - name: Ada\n  - Bo\ntags: a, b\ncategories: c",
        "image: null\nimages: [a.jpg]\nfeatured_image: a.jpg",
        "image: { src: a.jpg, alt: x, caption: y, credit: z }",
        "source: [{ name: A, url: 'https://a.example' }, B]\ncorrections: [x, { date: 2026-01-01, text: y }]",
        "published: false\ndraft: yes\nfeatured: 'on'",
        "expiryDate: 2026-11-20 07:30:00 +0100\nlastmod: 20 Nov 2026",
        "coverage: { start: 2026-11-20T10:00 }\nkind: live\naccess: subscribers",
        "date: 1795156200\nexpires: never",
        "date: 2026-11-01\nembargo: lifted",
        "embargo: { until: 2027-01-01 }\ndraft: 1\nfeatured: 0",
    ] {
        assert_eq!(said(&entry, good), None, "{good}");
        if good.contains("embargo") || good.contains("expires") {
            let site = TestSite::new().file("content/local/a.md", format!("---\ntitle: T\n{good}\n---\n"));
            assert_eq!(site.try_build(&[]).code, 0, "{good}");
        }
    }
    for bad in [
        "kind: reprot",
        "date: soon",
        "draft: perhaps",
        "image: { alt: without a file }",
        "source: { url: nowhere }",
        "corrections: [{ date: 2026-01-01 }]",
        "coverage: { begin: 2026-01-01 }",
        "access: nobody",
        "title: [a]",
        "- a",
    ] {
        assert!(said(&entry, bad).is_some(), "{bad}");
        // The program is of the same opinion.
        let site = TestSite::new()
            .file("content/local/a.md", format!("---\ntitle: T\n{}\n---\n", bad.trim_start_matches("title: [a]")));
        if bad != "title: [a]" && bad != "- a" {
            assert_eq!(site.try_build(&[]).code, 1, "{bad}");
        }
    }
    // Themes of other programs have keys of their own, which do not stop a build; editors underline them.
    assert!(said(&entry, "image: { src: a.jpg, credits: x }").is_some());
}

#[test]
fn the_schema_of_sections_knows_what_is_placed() {
    let section = schema("section");
    for good in [
        "front: null",
        "front: { lead: local/a.md, top: local/b.md, blocks: [] }",
        "front: { lead: { article: a.md, title: Short, image: a.jpg, until: 2026-11-28T06:00 }, top: [a.md, { article: b.md }] }",
        "front: { packages: [{ title: A, lead: a.md, articles: [b.md], from: 2026-11-28 }] }",
        "front: { blocks: [{ section: local, count: 3, layout: grid }, { kind: opinion }, { tag: a, title: A }] }",
        "front: { notice: { text: A, url: /a/, kind: breaking, until: 2999-01-01 } }",
    ] {
        assert_eq!(said(&section, good), None, "{good}");
        let site = TestSite::new().file("content/_index.md", format!("---\n{good}\n---\n"));
        assert_eq!(site.try_build(&[]).code, 0, "{good}");
    }
    for bad in [
        "front: a.md",
        "front: { leed: a.md }",
        "front: { lead: { title: A } }",
        "front: { top: [{ article: a.md, untill: 2026-11-28 }] }",
        "front: { top: [{ article: a.md, until: soon }] }",
        "front: { packages: [{ lead: a.md }] }",
        "front: { blocks: [{ count: 3 }] }",
        "front: { blocks: [{ section: a, tag: b }] }",
        "front: { blocks: [{ section: a, layout: wide }] }",
        "front: { blocks: [{ section: a, count: 99 }] }",
        "front: { notice: { text: A, kind: urgent } }",
    ] {
        assert!(said(&section, bad).is_some(), "{bad}");
        let site = TestSite::new().file("content/_index.md", format!("---\n{bad}\n---\n"));
        assert_eq!(site.try_build(&[]).code, 1, "{bad}");
    }
}

#[test]
fn the_schema_of_the_configuration_refuses_what_the_program_refuses() {
    let site = schema("site");
    for good in [
        "title: T\npage_size: 20\nfeeds: { for: [site, tags], formats: [rss], limit: 5 }",
        "check: { dead-link: warning, missing-alt: off, known_keys: [a] }\ntheme_settings: { label_reports: true, masthead: 1884 }",
        "publisher: { name: N, sameAs: ['https://a.example'], corrections_policy: /c/ }\nfragments: { latest: ssi }",
        "menu: [{ title: A, url: / }, { title: B, url: /b/, footer: true }]",
        "related: { tags: 2, words: 0, freshness: 0.25 }",
        "title: 2019\ndescription: 42",
    ] {
        assert_eq!(said(&site, good), None, "{good}");
        assert_eq!(TestSite::new().file("site.yaml", good).try_build(&[]).code, 0, "{good}");
    }
    for bad in [
        "titel: T",
        "page_size: many",
        "feeds: { formats: [atm] }",
        "check: { dead-lnk: off }",
        "check: { dead-link: fatal }",
        "publisher: { url: x }",
        "menu: [{ title: A }]",
        "slugs: none",
        "related: { tags: -1 }",
        "related: { words: 101 }",
        "related: { freshness: 2 }",
        "related: { topics: 1 }",
    ] {
        assert!(said(&site, bad).is_some(), "{bad}");
        assert_eq!(TestSite::new().file("site.yaml", bad).try_build(&[]).code, 1, "{bad}");
    }
}

#[test]
fn every_key_is_explained() {
    fn keys_without_a_word(schema: &Value, path: &str, found: &mut Vec<String>) {
        match schema {
            Value::Object(map) => {
                for (name, property) in map.get("properties").and_then(Value::as_object).into_iter().flatten() {
                    let is_explained = property["description"].as_str().is_some_and(|text| text.ends_with('.'));
                    if !is_explained && property != &json!({}) {
                        found.push(format!("{path}.{name}"));
                    }
                }
                map.iter().for_each(|(name, value)| keys_without_a_word(value, &format!("{path}/{name}"), found));
            }
            Value::Array(items) => items.iter().for_each(|item| keys_without_a_word(item, path, found)),
            _ => {}
        }
    }
    for of in ["site", "front-matter", "section", "author"] {
        let schema = schema(of);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        let mut found = Vec::new();
        keys_without_a_word(&schema, of, &mut found);
        assert_eq!(found, [""; 0]);
    }
}

#[test]
fn the_keys_of_the_documentation_have_a_schema() {
    let writing = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/writing.md")).expect("a page");
    let table =
        writing.split("<!-- generated: front-matter -->").nth(1).and_then(|rest| rest.split("<!-- end -->").next());
    let rows = table.expect("a table").lines().filter(|line| line.starts_with("| `"));
    let names = rows.flat_map(|row| row.split('|').skip(1).take(2).flat_map(|cell| cell.split('`').skip(1).step_by(2)));
    let keys: Vec<&str> = names.collect();
    assert!(keys.len() > 30, "{keys:?}");
    let schema = schema("front-matter");
    let unknown: Vec<_> = keys.into_iter().filter(|key| schema["properties"].get(key).is_none()).collect();
    assert_eq!(unknown, [""; 0]);
}

#[test]
fn a_new_site_has_its_schemas_wired_up() {
    let site = TestSite::empty();
    assert_eq!(site.run(&["init", "news", "--editor", "vscode"]).code, 0);
    assert!(site.read("news/site.yaml").starts_with("# yaml-language-server: $schema=.vscode/site.schema.json\n"));
    let settings: Value = serde_json::from_str(&site.read("news/.vscode/settings.json")).expect("JSON");
    for (path, _) in settings["yaml.schemas"].as_object().expect("a map") {
        assert_eq!(serde_json::from_str::<Value>(&site.read(&format!("news/{path}"))).expect("JSON"), schema("site"));
    }
    let snippets: Value = serde_json::from_str(&site.read("news/.vscode/article.code-snippets")).expect("JSON");
    let kinds = snippets["Article"]["body"].to_string();
    let all = courant::article::record::Kind::ALL.map(|kind| kind.name()).join(",");
    assert!(kinds.contains(&format!("|{all}|")), "{kinds}");
    assert_eq!(said(&schema("site"), &site.read("news/site.yaml")), None);
    let address = ["--base-url", "https://news.example"];
    assert_eq!(site.run(&[&["check", "--site", "news", "--strict"], &address[..]].concat()).code, 0);
}
