//! Each key of front matter, added and taken away alone: the site that is built on is the one that is built anew. Edits
//! that change several things at once, as in `differential`, hide what one of them fails to tell.

use courant::article::keys::{AUTHOR, ENTRY, Key, SECTION};

use crate::fixture::TestSite;

/// Values of a key, in the files of one table. A key that is missing here fails the test.
fn values(table: &str, key: &str) -> &'static [&'static str] {
    match (table, key) {
        (_, "layout" | "type") => &["other"],
        (_, "title" | "name") => &["Another name"],
        ("article" | "page", "date") => &["2026-11-02", "2030-01-01"],
        (_, "updated") => &["2026-11-20", "2026-11-23T11:00:00Z"],
        (_, "authors") => &["[ines-vale]", "[Nobody Known]", "[ines-vale, Tomas Rell]"],
        (_, "tags") => &["[ships]", "[harbour, ships]"],
        (_, "categories") => &["[World, Ships]"],
        (_, "series") => &["The harbour"],
        (_, "summary" | "description") => &["One sentence."],
        (_, "image") => &["{ src: /quay.svg, alt: The quay }", "{ src: /missing.jpg, alt: None }"],
        (_, "source") => &["Harbour Office", "{ name: The Other, url: 'https://other.example/a' }"],
        (_, "corrections") => &["[{ date: 2026-11-20, text: It was four. }]"],
        (_, "canonical") => &["https://other.example/a", "/local/b/"],
        (_, "dateline") => &["Lowen"],
        (_, "coverage") => &["{ start: 2026-11-23T08:00, end: 2026-11-23T20:00 }"],
        (_, "access") => &["subscribers"],
        (_, "kind") => &["opinion", "sponsored", "live", "satire"],
        (_, "featured" | "draft" | "noindex") => &["true"],
        (_, "related") => &["[local/b.md]"],
        (_, "published" | "comments") => &["false"],
        (_, "password") => &["secret"],
        (_, "status") => &["private", "published"],
        (_, "expires" | "expired") => &["2026-11-01", "2030-01-01"],
        (_, "withdrawn") => &["2026-11-21", "{ date: 2026-11-21, reason: It was wrong. }"],
        (_, "aliases") => &["[/old/]"],
        (_, "slug") => &["another"],
        (_, "permalink") => &["/some/where/else/"],
        (_, "id") => &["tag:test.example,2026:1"],
        (_, "language") => &["de"],
        ("section", "order") => &["1", "-5"],
        ("section", "front") => &["{ lead: local/a.md }"],
        ("author", "role") => &["Reporter"],
        ("author", "links") => &["[{ name: Home, url: 'https://ines.example/' }]"],
        ("author", "fediverse") => &["'@ines@social.example'"],
        _ => panic!("what are values of `{key}` of a file of kind {table}?"),
    }
}

fn site() -> TestSite {
    TestSite::new()
        .file(
            "site.yaml",
            "title: The Test\nbase_url: https://test.example\ncards: false\nlanguages: { en: {}, de: {} }\n\
             hosting: [cloudflare, netlify]\n",
        )
        .file("static/quay.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"3\"/>")
        .file("content/authors/ines-vale.md", "---\nname: Ines Vale\n---\nShe writes.\n")
        .file("content/authors/mara-holm.md", "---\nname: Mara Holm\n---\nShe wrote nothing yet.\n")
        .file("content/local/_index.md", "---\ntitle: Local\n---\n")
        .file("content/quiet/_index.md", "---\ntitle: Quiet\n---\nNothing happens here.\n")
        .file("content/about.md", "---\ntitle: About\n---\nWords on us.\n")
        .file("content/local/a.md", "---\ntitle: A\ndate: 2026-11-10\n---\nThe ferry sails to [b](b.md).\n")
        .file(
            "content/local/b.md",
            "---\ntitle: B\ndate: 2026-11-11\ntags: [harbour]\nauthors: [ines-vale]\n---\nThe harbour.\n",
        )
        .file(
            "content/world/c.md",
            "---\ntitle: C\ndate: 2026-11-22\nseries: The harbour\n---\nSee [a](../local/a.md).\n",
        )
}

type Table = (&'static str, &'static str, &'static [Key]);

const ARTICLE: Table = ("article", "content/local/a.md", ENTRY);
const PAGE: Table = ("page", "content/about.md", ENTRY);
const FULL_SECTION: Table = ("section", "content/local/_index.md", SECTION);
const WRITING_AUTHOR: Table = ("author", "content/authors/ines-vale.md", AUTHOR);

#[test]
fn every_key_alone_comes_and_goes_without_a_trace() {
    come_and_go(&[ARTICLE, PAGE, FULL_SECTION, WRITING_AUTHOR], 1);
}

#[test]
#[ignore = "takes a minute: cargo test --test integration keys -- --ignored"]
fn every_value_of_every_key_comes_and_goes_without_a_trace() {
    let newest = ("article", "content/world/c.md", ENTRY);
    let empty_section = ("section", "content/quiet/_index.md", SECTION);
    let silent_author = ("author", "content/authors/mara-holm.md", AUTHOR);
    come_and_go(&[ARTICLE, newest, PAGE, FULL_SECTION, empty_section, WRITING_AUTHOR, silent_author], usize::MAX);
}

/// Adds each key of the files alone, with at most so many of its values, and takes it away.
fn come_and_go(tables: &[Table], most: usize) {
    let site = site();
    site.build();
    let base = site.output();
    for &(table, path, keys) in tables {
        let before = site.read(path);
        let edits = |key: &'static Key| values(table, key.name).iter().take(most).map(|value| (key.name, *value));
        for (key, value) in keys.iter().flat_map(edits) {
            let lines = before.lines().filter(|line| !line.starts_with(&format!("{key}:")));
            let mut lines: Vec<String> = lines.map(str::to_owned).collect();
            lines.insert(1, format!("{key}: {value}"));
            site.write(path, lines.join("\n") + "\n");
            let edit = format!("`{key}: {value}` in {path}");
            let run = site.try_build(&[]);
            assert!(run.code < 2, "{edit}: {}", run.stderr);
            if run.code == 0 {
                site.assert_equals_clean(&edit);
            }
            site.write(path, &before);
            site.build();
            let now = site.output();
            let differing: Vec<&String> =
                base.keys().chain(now.keys()).filter(|path| base.get(*path) != now.get(*path)).collect();
            assert!(differing.is_empty(), "{edit} left traces in {differing:?}");
        }
    }
}
