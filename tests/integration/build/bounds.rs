//! Bounds: what would take time or memory out of proportion is refused with a file, a line and a cure; what is only
//! large is built. How time grows is the matter of `benches/growth.rs`.

use std::fs::{self, File};

use crate::fixture::TestSite;

const DATE: &str = "2026-11-01";

/// Fails unless the build is refused with one error that begins so and has a hint.
fn refused(site: &TestSite, wanted: &str) {
    let run = site.build_in_time();
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    let told = run.diagnostics();
    assert!(told.len() == 1 && told[0].starts_with(wanted), "{told:?}");
    assert_eq!(run.hints().len(), 1, "{}", run.stdout);
}

/// A folder below folders, so many of them.
fn deep(top: &str, depth: usize) -> String {
    format!("{top}{}", "/d".repeat(depth))
}

#[test]
fn folders_may_be_as_deep_as_the_system_lets_them_be() {
    for (folder, file, text, is_published) in [
        ("content/local", "far.md", "---\ntitle: Far\ndate: 2026-11-01\n---\n\nText.\n", false),
        ("data", "far.json", "1", false),
        ("static", "far.txt", "x", true),
        ("themes/mine/static", "far.png", "x", true),
        ("themes/mine/templates", "far.html", "x", false),
    ] {
        let site = TestSite::new()
            .file("site.yaml", "base_url: https://test.example\ntheme: mine\n")
            .file("themes/mine/theme.yaml", "name: mine\napi: 1\nextends: broadsheet\n")
            .file(&format!("{}/{file}", deep(folder, 900)), text);
        let run = site.build_in_time();
        // No host has an address of 1,800 bytes; whatever has none may be that deep.
        assert_eq!(run.code, i32::from(is_published), "{folder}: {}{}", run.stdout, run.stderr);
        assert!(!is_published || run.diagnostics()[0].contains(" bytes; 800 are possible"), "{folder}");
        let check = site.run(&["check", "--json", "--at", crate::fixture::NOW]);
        assert!(matches!(check.code, 0 | 1), "{folder}: {}", check.stderr);
    }
}

#[test]
fn a_refused_build_clears_what_it_staged_however_deep() {
    let site = TestSite::new().file(&format!("{}/far.txt", deep("static", 380)), "x").article(
        "local/a",
        DATE,
        "",
        "{{ <nope /> }}",
    );
    for _ in 0..2 {
        assert_eq!(site.build_in_time().code, 1);
        assert!(!site.has("public/.courant-staging"));
    }
    site.write_article("local/a", DATE, "", "Good.");
    site.build();
}

#[test]
fn an_article_has_so_many_tags_and_no_more() {
    let tags = |n: usize| format!("tags: [{}]", (0..n).map(|number| format!("t{number}, ")).collect::<String>());
    let site = TestSite::new().article("local/a", DATE, &tags(4000), "Text.");
    refused(&site, "error content/local/a.md:4:1 `tags` has 4000 entries; at most 250 are possible");
    let list = |key: &str, one: &str| format!("{key}:\n{}", one.repeat(251));
    for (key, front) in [
        ("authors", tags(251).replace("tags", "authors")),
        ("categories", tags(251).replace("tags", "categories")),
        ("sources", list("sources", "- name: A\n")),
        ("corrections", list("corrections", "- text: A\n")),
    ] {
        let site = TestSite::new().article("local/a", DATE, &front, "Text.");
        refused(&site, &format!("error content/local/a.md:4:1 `{key}` has 251 entries"));
    }
    let site = TestSite::new().article("local/a", DATE, &format!("authors: [{}]", "w".repeat(50_000)), "Text.");
    refused(&site, "error content/local/a.md:4:1 `authors` has a name of 50000 characters (`wwww");
    assert_eq!(TestSite::new().article("local/a", DATE, &tags(60), "Text.").build_in_time().code, 0);
}

#[test]
fn twenty_thousand_aliases_are_pages_of_their_own() {
    let aliases: String = (0..20_000).map(|number| format!("- /old/{number}/\n")).collect();
    let site = TestSite::new().article("local/a", DATE, &format!("aliases:\n{aliases}"), "Text.");
    let run = site.build_in_time();
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(site.published("old/19999/index.html").contains("/local/a/"));
}

#[test]
fn a_file_of_nothing_but_mistakes_tells_the_first_hundred() {
    let links: String = (0..20_000).map(|number| format!("[a](no-{number}.md) ")).collect();
    let site = TestSite::new().article("local/a", DATE, "", &links);
    let run = site.build_in_time();
    let told = run.diagnostics();
    assert_eq!((run.code, told.len()), (0, 101), "{}", run.stderr);
    assert_eq!(
        told[0],
        "warning content/local/a.md there are more such mistakes in this file; the first 100 are shown"
    );
    assert!(told[1].ends_with("the link leads to `no-0.md`, which does not exist"), "{}", told[1]);
    assert!(site.published("local/a/index.html").len() > 40_000);

    // Errors are told beside warnings, however many of these there are.
    let site = TestSite::new().article("local/a", DATE, "", &format!("{links}\n\n{{{{ <nope /> }}}}"));
    let run = site.build_in_time();
    assert_eq!(run.code, 1);
    assert!(run.diagnostics().iter().any(|one| one.contains("there is no component `nope`")));

    let aliases: String = (0..5000).map(|number| format!("- /../{number}\n")).collect();
    let site = TestSite::new().article("local/a", DATE, &format!("aliases:\n{aliases}"), "Text.");
    let run = site.build_in_time();
    assert_eq!((run.code, run.diagnostics().len()), (1, 101), "{}", run.stderr);
}

#[test]
fn check_stops_reading_html_that_is_nested_without_end() {
    let site = TestSite::new().article("local/a", DATE, "", &"<div>".repeat(100_000)).article(
        "local/b",
        DATE,
        "",
        &"<div>\n\n".repeat(100_000),
    );
    let run = site.run(&["check", "--json", "--at", crate::fixture::NOW]);
    for name in ["a", "b"] {
        let place = format!("content/local/{name}.md:");
        let found = run.diagnostics().into_iter().filter(|one| one.contains(&place)).collect::<Vec<_>>();
        let is_told = |one: &String| one.ends_with("; nothing behind this is looked at");
        assert!(found.len() <= 101 && found.iter().any(is_told), "{name}: {found:?}");
    }
}

#[test]
fn a_text_has_a_largest_size_and_other_files_have_none() {
    let site = TestSite::new().article("local/a", DATE, "", "Text.");
    for path in ["content/local/dump.md", "content/local/a.comments.yaml"] {
        File::create(site.path(path)).and_then(|file| file.set_len(200_000_000)).expect("a large file");
        let wanted = format!("error {path} the file has 200000000 bytes, and a text has at most 16777216");
        refused(&site, &wanted);
        site.remove(path);
    }
    File::create(site.path("static-film.mp4")).and_then(|file| file.set_len(40_000_000)).expect("a large file");
    fs::create_dir_all(site.path("static")).expect("a folder");
    fs::rename(site.path("static-film.mp4"), site.path("static/film.mp4")).expect("moved");
    assert_eq!(site.build().code, 0);
    let line = "The tram, the tram. ".repeat(500_000);
    site.write_article("local/long", DATE, "", &line);
    assert_eq!(site.build_in_time().code, 0, "a line of 10 MB is only long");
}

#[test]
fn data_have_a_largest_size_and_depth() {
    let site = TestSite::new()
        .file("site.yaml", "base_url: https://test.example\ntheme: mine\n")
        .file("themes/mine/theme.yaml", "name: mine\napi: 1\nextends: broadsheet\n")
        .file("themes/mine/templates/404.html", "{{ data(name=\"x\") | length }}")
        .file("data/x.json", "[".repeat(100_000));
    let run = site.build_in_time();
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.diagnostics()[0].contains("nested too deeply"), "{:?}", run.diagnostics());
    File::create(site.path("data/x.json")).and_then(|file| file.set_len(200_000_000)).expect("a large file");
    let run = site.build_in_time();
    assert!(run.diagnostics()[0].contains("data/x.json the file has 200000000 bytes"), "{:?}", run.diagnostics());
}

#[test]
fn markdown_may_be_nested_and_large_as_nobody_writes_it() {
    let site = TestSite::new();
    for (name, body) in [
        ("quotes", ">".repeat(20_000) + "a"),
        ("lists", "- ".repeat(10_000) + "a"),
        ("numbers", "1. ".repeat(10_000) + "a"),
        ("brackets", "[".repeat(100_000)),
        ("images", "![".repeat(50_000) + &"](x)".repeat(50_000)),
        ("stars", "*a ".repeat(50_000) + &"b* ".repeat(50_000)),
        ("languages", "]{lang=".repeat(100_000)),
        ("spans", "[a ".repeat(50_000) + &"]{lang=fr}".repeat(50_000)),
        ("headings", "## A\n\n".repeat(100_000)),
        ("notes", (0..30_000).map(|number| format!("a[^{number}]\n\n[^{number}]: b\n\n")).collect()),
        ("links", (0..50_000).map(|number| format!("[a](/x/{number}/) ")).collect()),
        ("addresses", (0..50_000).map(|number| format!("https://a.example/{number} ")).collect()),
    ] {
        site.write_article(&format!("local/{name}"), DATE, "", &body);
    }
    let run = site.build_in_time();
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[test]
fn templates_include_one_another_so_often_and_no_more() {
    let site = TestSite::new()
        .file("site.yaml", "base_url: https://test.example\ntheme: mine\n")
        .file("themes/mine/theme.yaml", "name: mine\napi: 1\nextends: broadsheet\n")
        .file("themes/mine/templates/404.html", "{% include \"x0.html\" %}")
        .article("local/a", DATE, "", "Text.");
    let chain = |length: usize| {
        for number in 0..length {
            let text = format!("{number} {{% include \"x{}.html\" %}}", number + 1);
            site.write(&format!("themes/mine/templates/x{number}.html"), text);
        }
        site.write(&format!("themes/mine/templates/x{length}.html"), "the end");
    };
    chain(11);
    site.build();
    assert!(site.published("404.html").ends_with("the end"));
    chain(400);
    let run = site.build_in_time();
    assert_eq!(run.code, 1, "{}", run.stderr);
    let wanted = "error themes/mine/templates/404.html:1:4 more than 12 templates include one another from here";
    assert_eq!(run.diagnostics()[0], wanted);
    site.write(
        "themes/mine/templates/404.html",
        "{% if true %}".to_owned() + &"{% elif false %}\n".repeat(20_000) + "{% endif %}",
    );
    let run = site.build_in_time();
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.diagnostics()[0].ends_with("the template has more than 500 `elif`"), "{:?}", run.diagnostics());
}

#[test]
fn a_tag_has_so_many_attributes_and_no_more() {
    let tag = |count: usize| {
        let attributes: String = (0..count).map(|number| format!("a{number}=b ")).collect();
        format!("<div {attributes}>x</div>\n\n<p>Words.</p>")
    };
    let site = TestSite::new().article("local/a", DATE, "", &tag(200)).article("local/b", DATE, "", &tag(50_000));
    let run = site.build_in_time();
    let told = run.diagnostics();
    assert!(run.code == 0 && told.len() == 1, "{told:?}");
    assert!(told[0].starts_with("warning content/local/b.md:6:1 this tag has too many attributes"), "{told:?}");
    assert!(site.published("local/a/index.html").contains("<p>Words.</p>"));
    assert!(site.published("local/b/index.html").contains("&lt;p&gt;Words."));
    assert!(matches!(site.run(&["check", "--json", "--at", crate::fixture::NOW]).code, 0 | 1));
}
