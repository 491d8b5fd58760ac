//! HTML in articles, and what it must not do to the page around it.

use crate::fixture::TestSite;

#[test]
fn html_that_is_not_closed_does_not_swallow_the_page_or_the_feed() {
    let open = "<div class=\"open\">\n\nText one.\n\n<b>Bold\n\nText two.\n";
    let site = TestSite::new()
        .file("site.yaml", "title: T\nbase_url: https://test.example\nfeeds: { content: full }\n")
        .article("local/open", "2026-11-20", "authors: [ann]", open)
        .article("local/many", "2026-11-19", "", "Text.\n\n</div></div></section>\n\nMore text.\n")
        .article("local/style", "2026-11-18", "", "Text.\n\n<style>\np { color: red\n")
        .article("local/noscript", "2026-11-18", "", "Hello\n\n<noscript>\n\nEnd\n")
        .article("local/template", "2026-11-18", "", "- a <template><div>\n- b\n\nEnd\n")
        .article(
            "local/live",
            "2026-11-17",
            "kind: live",
            "Intro.\n\n## One {time=2026-11-17T10:00}\n\n<div>\n\na\n\n## Two {time=2026-11-17T11:00}\n\nb\n",
        )
        .file("content/local/_index.md", format!("---\ntitle: Local\n---\n\n{open}"))
        .file("content/authors/ann.md", format!("---\nname: Ann\n---\n\n{open}"));
    let run = site.build();
    let whole = |path: &str| {
        let page = site.published(path);
        let inside = page.split_once("<main").and_then(|(_, rest)| rest.split_once("</main>")).expect("a main").0;
        for name in ["div", "section", "article", "b", "style", "noscript", "template"] {
            let count = |mark: String| {
                inside.matches(&format!("{mark}>")).count() + inside.matches(&format!("{mark} ")).count()
            };
            assert_eq!(count(format!("<{name}")), count(format!("</{name}")), "{name} in {path}");
        }
        page
    };
    let page = whole("local/open/index.html");
    assert!(page.contains("<div class=\"open\">\n<p>Text one.</p>"), "{page}");
    for path in ["local/many", "local/style", "local/live", "local", "authors/ann"] {
        whole(&format!("{path}/index.html"));
    }
    for (path, before) in
        [("local/noscript", "</noscript>\n"), ("local/template", "</template></li>\n<li>b</li>\n</ul>\n")]
    {
        let page = whole(&format!("{path}/index.html"));
        assert!(page.contains(&format!("{before}<p>End</p>")), "{page}");
    }
    let feed = site.published("feed.xml");
    assert_eq!(
        feed.matches("&lt;div class=\"open\"&gt;").count() + feed.matches("<div class=\"open\">").count(),
        1,
        "{feed}"
    );
    // What hides text behind it is told; what is closed for the writer is the business of `check`.
    let mut told = run.diagnostics();
    told.sort();
    let expected = ["noscript.md:8:1 `<noscript>`", "style.md:8:1 `<style>`", "template.md:6:5 `<template>`"];
    assert_eq!(told.len(), expected.len(), "{told:?}");
    for (one, expected) in told.iter().zip(expected) {
        assert!(one.starts_with(&format!("warning content/local/{expected} is never closed")), "{told:?}");
    }
}

#[test]
fn no_id_of_a_text_is_one_of_the_theme() {
    let site = TestSite::new().article(
        "local/x",
        "2026-11-20",
        "corrections: [{date: 2026-11-21, text: \"One[^1] [two](/local/x/).\\n\\n[^1]: Note.\"}]",
        "## Related\n\n## Top\n\n## Content\n\n## Corrections\n\nA note[^1].\n\n[^1]: Here.\n\n## Fn 1\n\n<p id=\"replies\">a</p>\n",
    );
    site.build();
    let page = site.published("local/x/index.html");
    let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(ids.contains(&"related-2") && ids.contains(&"fn-1") && ids.contains(&"corrections"), "{ids:?}");
    ids.sort_unstable();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all, "{ids:?}");
    // A template that gets an id makes the heading give it up, and the other way round.
    site.write("themes/mine/theme.yaml", "name: mine\napi: 1\nextends: broadsheet\n");
    site.write("site.yaml", "title: T\nbase_url: https://test.example\ntheme: mine\n");
    site.write("content/local/x.md", "---\ntitle: X\ndate: 2026-11-20\n---\n\n## Weather\n");
    site.build();
    assert!(site.published("local/x/index.html").contains("id=\"weather\""));
    site.write("themes/mine/templates/404.html", "<p id=\"weather\">Nothing here.</p>\n");
    site.build();
    assert!(site.published("local/x/index.html").contains("id=\"weather-2\""));
    site.assert_equals_clean("an id in a template");
}

#[test]
fn html_in_an_article_changes_nothing_of_the_page_around_it() {
    let body = "<base href=\"/\">\n\n<meta http-equiv=\"refresh\" content=\"0;url=/x/\">\n\n<link rel=\"canonical\" href=\"https://x.example/\">\n\n<title>Other</title>\n\nWords <svg role=\"img\"><title>Drawn</title></svg> <meta itemprop=\"a\" content=\"kept\">\n\n<html lang=\"xx\"><head></head><body class=\"mine\">\n";
    let site = TestSite::new().article("local/a", "2026-11-20", "", body);
    let found = site.build().diagnostics();
    let places = [(6, "base"), (8, "meta"), (10, "link"), (12, "title")].map(|(line, tag)| {
        format!("warning content/local/a.md:{line}:1 `<{tag}>` would change the whole page, so it is left out")
    });
    assert!(places.iter().all(|place| found.contains(place)), "{found:?}");
    let page = site.published("local/a/index.html");
    for gone in ["<base", "http-equiv=\"refresh\"", "x.example", "Other", "lang=\"xx\"", "class=\"mine\""] {
        assert!(!page.contains(gone), "{gone}: {page}");
    }
    assert!(page.contains("<title>Drawn</title>") && page.contains("content=\"kept\""), "{page}");
}

#[test]
fn markdown_in_an_argument_or_a_key_of_ones_own_is_read_as_in_the_body() {
    let text = "[l](zzsecret.md) [v](y.md#z) [pdf](p.pdf) ![i](q.svg) [s](/local/zzsecret/)";
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"3\"></svg>";
    let mut site = TestSite::new()
        .file("themes/own/theme.yaml", "extends: broadsheet\n")
        .file(
            "themes/own/templates/page.html",
            "<main>{{ page.content }}<i>{{ page.extra.more | markdown }}</i></main>",
        )
        .file("site.yaml", "title: T\nbase_url: https://test.example\ntheme: own\n")
        .file("content/local/p.pdf", "%PDF-1.4 x")
        .file("content/local/q.svg", svg)
        .file("content/more.pdf", "%PDF-1.4 y")
        .file(
            "content/about.md",
            "---\ntitle: About\nmore: '[y](local/y.md) [z](local/zzsecret.md) [p](more.pdf)'\n---\n",
        )
        .article("local/a", "2026-11-20", "", &format!("{{{{ <factbox title=\"t\" text=\"{text}\" /> }}}}"))
        .article("local/y", "2026-11-20", "", "## Z");
    site.write_article("local/zzsecret", "2026-11-24", "", "Words.");
    let found = site.build().diagnostics();
    assert_eq!(found, [""; 0]);
    let page = site.published("local/a/index.html");
    assert!(page.contains("<div>l <a href=\"/local/y/#z\">v</a> <a href=\"/local/p.pdf\">pdf</a> <img "), "{page}");
    assert!(page.contains("src=\"/local/q.svg\"") && page.contains("width=\"4\" height=\"3\""), "{page}");
    assert_eq!(site.published("local/p.pdf"), "%PDF-1.4 x");
    assert!(site.published("feed.xml").contains("https://test.example/local/y/#z"));
    let about = site.published("about/index.html");
    assert!(about.contains("<i><a href=\"/local/y/\">y</a> z <a href=\"/more.pdf\">p</a></i>"), "{about}");
    assert_eq!(site.published("more.pdf"), "%PDF-1.4 y");
    site.set_now("2026-11-24T00:00:00Z");
    site.build();
    assert!(site.published("local/a/index.html").contains("<a href=\"/local/zzsecret/\">l</a>"));
    assert!(site.published("about/index.html").contains("<a href=\"/local/zzsecret/\">z</a>"));
    site.assert_equals_clean("the article is published");
}
