//! Addresses: patterns, old ones, and how they are written.

use super::archive;
use crate::fixture::TestSite;

#[test]
fn an_old_address_leads_to_the_new_one() {
    let site = TestSite::new()
        .article("local/x", "2026-01-02", "aliases: [/2026/01/old/, old.html]\nredirect_from: /older/", "x")
        .file("content/about.md", "---\ntitle: About\nalias: /who-we-are\n---\n");
    site.build();
    for path in ["2026/01/old/index.html", "local/old.html", "older/index.html"] {
        let page = site.published(path);
        assert!(page.contains("<link rel=\"canonical\" href=\"https://test.example/local/x/\">"), "{path}: {page}");
        assert!(page.contains("http-equiv=\"refresh\" content=\"0; url=/local/x/\""), "{path}");
        assert!(page.contains("<a href=\"/local/x/\">"), "{path}");
        assert!(page.contains("noindex"), "{path}");
    }
    assert!(site.published("who-we-are/index.html").contains("https://test.example/about/"));
    assert!(!site.published("sitemap.xml").contains("old"));
}

#[test]
fn an_alias_goes_with_its_article() {
    let mut site = TestSite::new().article("local/x", "2026-01-02", "aliases: [/old/]\nexpires: 2026-12-01", "x");
    site.build();
    assert!(site.has("public/old/index.html"));
    site.set_now("2026-12-01T00:00:00Z");
    site.build();
    assert!(!site.has("public/old"), "no redirect to a page that is gone");
}

#[test]
fn addresses_follow_the_pattern_of_the_site_or_of_the_article() {
    let site = TestSite::new()
        .file("site.yaml", "base_url: https://t.example\npermalink: /{yyyy}/{mm}/{dd}/{section}-{slug}.html\n")
        .article("local/a", "2026-01-02", "", "x")
        .article("local/b", "2026-01-02", "permalink: /:categories/:year/:month/:day/:title.html", "x")
        .article("local/c", "2026-01-02", "url: /some/where", "x")
        .article("local/d", "2026-01-02", "permalink: /files/d.html", "x")
        .article("local/e", "2026-01-02", "slug: other-name", "x");
    site.build();
    for path in [
        "2026/01/02/local-a.html",
        "local/2026/01/02/b.html",
        "some/where/index.html",
        "files/d.html",
        "2026/01/02/local-other-name.html",
    ] {
        assert!(site.output().contains_key(path), "{path} in {:?}", site.output().keys());
    }
    assert!(site.published("index.html").contains("href=\"/2026/01/02/local-a.html\""));
    assert!(site.published("index.html").contains("href=\"/some/where/\""));
}

#[test]
fn the_named_permalink_styles_of_jekyll_are_patterns() {
    let site = TestSite::new()
        .article("local/a", "2026-01-02", "permalink: pretty", "x")
        .article("local/b", "2026-01-02", "permalink: date", "x")
        .article("local/c", "2026-01-02", "permalink: none", "x")
        .article("local/d", "2026-01-02", "permalink: ordinal", "x");
    site.build();
    for path in ["local/2026/01/02/a/index.html", "local/2026/01/02/b.html", "local/c.html", "local/2026/002/d.html"] {
        assert!(site.output().contains_key(path), "{path} in {:?}", site.output().keys());
    }
}

#[test]
fn unicode_names_are_transliterated_or_kept() {
    let site = TestSite::new().article("local/größe-der-stadt", "2026-01-02", "tags: [Größe]", "x").article(
        "local/港",
        "2026-01-03",
        "",
        "See [it](größe-der-stadt.md) and [that](gr%C3%B6%C3%9Fe-der-stadt.md).",
    );
    site.build();
    assert!(site.has("public/local/grosse-der-stadt/index.html") && site.has("public/tags/grosse/index.html"));
    let page = site.published("local/gang/index.html");
    assert_eq!(page.matches("<a href=\"/local/grosse-der-stadt/\">").count(), 3, "two links and a neighbour: {page}");
    site.write("site.yaml", "base_url: https://test.example\nslugs: keep\n");
    site.build();
    assert!(site.has("public/local/größe-der-stadt/index.html") && site.has("public/tags/größe/index.html"));
    assert!(!site.has("public/local/gang") && !site.has("public/tags/grosse"));
    let page = site.published("local/港/index.html");
    assert!(page.contains("<a href=\"/local/gr%C3%B6%C3%9Fe-der-stadt/\">it</a>"), "{page}");
    assert!(page.contains("<link rel=\"canonical\" href=\"https://test.example/local/%E6%B8%AF/\">"), "{page}");
    assert!(site.published("sitemap.xml").contains("<loc>https://test.example/local/%E6%B8%AF/</loc>"));
}

#[test]
fn addresses_are_decoded_once_and_encoded_once() {
    let site = archive()
        .file("site.yaml", "base_url: https://test.example\nmenu: [{title: A, url: /gr%C3%B6%C3%9Fe/a/}, {title: B, url: '/größe/a/'}]\nhosting: [netlify]\n")
        .article("local/a", "2026-01-02", "permalink: /gr%C3%B6%C3%9Fe/a/\naliases: [/2019/%e6%97%a5/, /a%20b/, /100%25/, /50%/]", "x")
        .article("local/b", "2026-01-03", "slug: \"%e6%97%a5\"\nimage: \"Quay #2.svg\"", "[a](a.md) ![q](<Quay #2.svg>) ![q](Quay%20%232.svg) [p](<100% sure?.txt>)")
        .article("local/c", "2026-01-04", "url: '/größe/c d/'", "![u](Möwe%3F.svg) ![u](<Möwe?.svg>) [a](/gr%C3%B6%C3%9Fe/a/) [a](/größe/a/)");
    for file in ["Quay #2.svg", "Möwe?.svg"] {
        site.write(&format!("content/local/{file}"), "<svg width=\"3\" height=\"2\"/>");
    }
    site.write("content/local/100% sure?.txt", "x");
    let run = site.build();
    let of_windows = |one: &String| one.contains("Windows cannot have a file");
    assert_eq!(
        (run.diagnostics().len(), run.diagnostics().iter().all(of_windows)),
        (2, true),
        "{:?}",
        run.diagnostics()
    );
    for path in ["größe/a/index.html", "2019/日/index.html", "a b/index.html", "100%/index.html", "50%/index.html"] {
        assert!(site.has(&format!("public/{path}")), "{path}");
    }
    for path in
        ["local/ri/index.html", "größe/c d/index.html", "local/Quay #2.svg", "local/Möwe?.svg", "local/100% sure?.txt"]
    {
        assert!(site.has(&format!("public/{path}")), "{path}");
    }
    let b = site.published("local/ri/index.html");
    assert_eq!(
        b.split("class=\"article-body\"").nth(1).expect("a body").matches("src=\"/local/Quay%20%232.svg\"").count(),
        2,
        "{b}"
    );
    assert!(b.contains("href=\"/gr%C3%B6%C3%9Fe/a/\"") && b.contains("href=\"/local/100%25%20sure%3F.txt\""), "{b}");
    assert!(b.contains("\"url\":\"https://test.example/local/Quay%20%232.svg\""), "{b}");
    let c = site.published("größe/c d/index.html");
    assert_eq!(c.matches("src=\"/local/M%C3%B6we%3F.svg\"").count(), 2, "{c}");
    assert!(c.contains("<link rel=\"canonical\" href=\"https://test.example/gr%C3%B6%C3%9Fe/c%20d/\">"), "{c}");
    assert!(!c.contains("%25C3"), "{c}");
    let redirects = site.published("_redirects");
    for line in ["/2019/%E6%97%A5/ /gr%C3%B6%C3%9Fe/a/ 301!", "/a%20b/ ", "/100%25/ ", "/50%25/ "] {
        assert!(redirects.lines().any(|one| one.starts_with(line)), "{line}: {redirects}");
    }
    assert!(site.published("sitemap.xml").contains("<loc>https://test.example/gr%C3%B6%C3%9Fe/c%20d/</loc>"));
}

#[test]
fn an_old_address_in_several_spellings_is_one() {
    let site = archive().article(
        "local/x",
        "2026-01-02",
        "aliases: [/old, /old/, /old/index.html, /local/x/index.html, /local/x, ../old, x]\nredirect_from: [old, /old/, /old.html]",
        "x",
    );
    let run = site.build();
    assert_eq!(run.diagnostics(), [""; 0]);
    assert!(site.published("old/index.html").contains("/local/x/") && site.published("old.html").contains("/local/x/"));
    assert!(site.published("local/x/index.html").contains("<h1"));
}

#[test]
fn a_permalink_has_the_parts_of_the_pattern_of_the_site() {
    let site = TestSite::new().article("local/a", "2026-11-01", "permalink: /{yyyy}/{section}/{slug}/", "x").article(
        "local/b",
        "2026-11-01",
        "permalink: https://test.example/own/\naliases: [\"https://test.example/old/\"]",
        "x",
    );
    site.build();
    for path in ["2026/local/a", "own", "old"] {
        assert!(site.has(&format!("public/{path}/index.html")), "{path}");
    }
    for (permalink, part) in [("/{year}/{slug}/", "{year}"), ("/:y/:slug/", ":y")] {
        let run =
            TestSite::new().article("local/a", "2026-11-01", &format!("permalink: {permalink}"), "x").try_build(&[]);
        assert_eq!(run.diagnostics(), [format!("error content/local/a.md:4:12 an address has no part `{part}`")]);
    }
}

#[test]
fn an_address_that_has_the_base_path_keeps_it() {
    let body = "[b](/blog/local/b/#costs) [f](/blog/b.pdf) [front](/blog) [c](/local/b/) ![m](/blog/map.svg) [own](https://test.example/blog/local/b/) <a href=\"/blog/local/b/\">b</a>\n\n[s](/blog/deep/)\n\n{{ <photo src=\"/blog/map.svg\" alt=\"m\" /> }}\n\n[s](/deep/)";
    let site = TestSite::new()
        .file("site.yaml", "title: T\nbase_url: https://test.example/blog\nmenu: [{title: A, url: /blog/local/b/}, {title: F, url: /blog/?x}]\npublisher: {name: P, logo: '/blog/lo go#1.svg', url: /blog/}\n")
        .file("static/map.svg", "<svg width=\"3\" height=\"2\"/>")
        .file("static/lo go#1.svg", "<svg/>")
        .file("content/b.pdf", "x")
        .file("content/authors/jo.md", "---\nname: Jo\nlinks: [{title: x, url: /blog/local/b/}]\n---\n")
        .article("local/b", "2026-11-20", "aliases: [/blog/old/, /older/]\nimage: /blog/map.svg\nsource: {name: S, url: /blog/local/a/}", "## Costs")
        .article("local/c", "2026-11-20", "permalink: /blog/x/", "Text.")
        .article("blog/deep", "2026-11-20", "", "A section that is called as the folder of the site.")
        .article("local/a", "2026-11-21", "authors: jo", body);
    let run = site.build();
    // An address without the base path is never one with it, and one with it never gets it twice.
    let cure = "did you mean `/blog/blog/deep/`?";
    let found: Vec<_> = run.diagnostic_events();
    assert_eq!(found.len(), 2, "{:?}", run.diagnostics());
    assert!(found.iter().all(|one| one["hint"] == cure), "{found:?}");
    for path in ["old/index.html", "older/index.html", "x/index.html", "b.pdf", "map.svg"] {
        assert!(site.has(&format!("public/{path}")), "{path}");
    }
    for page in [
        "index.html",
        "local/a/index.html",
        "local/b/index.html",
        "authors/jo/index.html",
        "feed.xml",
        "old/index.html",
    ] {
        let html = site
            .published(page)
            .replace("/blog/blog/deep", "")
            .replace("/blog/blog/feed.xml", "")
            .replace("/blog/blog/\"", "");
        assert!(!html.contains("blog/blog"), "{page}: {html}");
    }
    let page = site.published("local/a/index.html");
    for part in [
        "<a href=\"/blog/local/b/#costs\">b",
        "href=\"/blog/b.pdf\"",
        "<a href=\"/blog\">front",
        "<a href=\"/blog/local/b/\">c",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!(page.matches("src=\"/blog/map.svg\"").count(), 2, "{page}");
    assert!(page.contains("\"url\":\"https://test.example/blog/lo%20go%231.svg\""), "{page}");
    assert!(site.published("local/b/index.html").contains("href=\"/blog/local/a/\""));
}

#[test]
fn the_base_path_may_be_written_in_letters() {
    let site = TestSite::new()
        .file("site.yaml", "title: T\nbase_url: https://test.example/größe\n")
        .article("local/b", "2026-11-20", "aliases: [/größe/old/]", "Text.")
        .article("local/a", "2026-11-21", "", "[b](/größe/local/b/) [c](/gr%C3%B6%C3%9Fe/local/b/)");
    assert_eq!(site.build().diagnostics(), [""; 0]);
    assert!(site.has("public/old/index.html"));
}

#[test]
fn old_addresses_are_read_as_the_program_read_them_that_made_them() {
    let site = archive()
        .article(
            "local/a",
            "2026-01-02",
            "aliases: [old-name, deep/er.html, ../up/, /rooted/]\nredirect_from: [of-jekyll]",
            "x",
        )
        .article("local/b", "2026-01-03", "permalink: /2019/b.html\naliases: [old-b]", "x")
        .article("_posts/c", "2026-01-04", "permalink: pretty\ncategories: [News, Local Affairs]", "x")
        .article("_posts/d", "2026-01-05", "permalink: /:categories/:title/", "x")
        .article(
            "world/_posts/e",
            "2026-01-06",
            "permalink: /:slugified_categories/:title/\ncategories: [Far Away]",
            "x",
        )
        .file("content/local/zola.md", "+++\ntitle = \"Z\"\ndate = 2026-01-07\npath = \"of/zola\"\n+++\nx\n")
        .article("local/f", "2026-01-08", "path: files/f.pdf", "x")
        .file("content/local/_index.md", "---\ntitle: Local\naliases: [/lokales/]\nurl: /old-local/\n---\n")
        .file("content/local/harbour/_index.md", "---\ntitle: Harbour\n---\n\nWhat nobody sees.\n")
        .file("content/local/empty/_index.md", "---\ntitle: Empty\n---\n");
    let run = site.build();
    assert_eq!(
        run.diagnostics(),
        [
            "warning content/local/harbour/_index.md a folder within a section has no page of its own, so what this file says is shown nowhere"
        ]
    );
    for (old, new) in [
        ("local/old-name/index.html", "/local/a/"),
        ("local/deep/er.html", "/local/a/"),
        ("up/index.html", "/local/a/"),
        ("rooted/index.html", "/local/a/"),
        ("of-jekyll/index.html", "/local/a/"),
        ("2019/old-b/index.html", "/2019/b.html"),
        ("lokales/index.html", "/local/"),
        ("old-local/index.html", "/local/"),
    ] {
        assert!(site.published(old).contains(&format!("url={new}\"")), "{old}");
    }
    for page in ["news/local affairs/2026/01/04/c", "d", "world/far-away/e", "of/zola", "local/f"] {
        assert!(site.has(&format!("public/{page}/index.html")), "{page} in {:?}", site.output().keys());
    }
}

#[test]
fn two_pages_that_want_one_old_address_are_told_at_their_lines() {
    let site = TestSite::new().article("local/a", "2026-01-02", "aliases: [old]", "x").article(
        "local/b",
        "2026-01-03",
        "aliases: [old]",
        "x",
    );
    let found = site.try_build(&[]).diagnostics();
    assert!(found.len() == 1 && found[0].starts_with("error content/local/b.md:4:11"), "{found:?}");
}
