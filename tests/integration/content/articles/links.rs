//! Links and files that articles name, found or told.

use crate::fixture::TestSite;

#[test]
fn a_link_to_a_file_may_have_a_number_sign_in_its_name() {
    let site = TestSite::new()
        .article("local/a", "2026-01-02", "", "[d](<größe #1.md>) [e](<gone #1.md>) [f](c.md#part)")
        .file("content/local/größe #1.md", "---\ntitle: D\ndate: 2026-01-02\nslug: d\n---\n\nD\n")
        .article("local/c", "2026-01-02", "", "## Part");
    let told = site.build().diagnostics();
    let page = site.published("local/a/index.html");
    assert!(page.contains("<a href=\"/local/d/\">d</a> e <a href=\"/local/c/#part\">f</a>"), "{page}");
    assert!(told.len() == 1 && told[0].contains("the link leads to `gone #1.md`, which does not exist"), "{told:?}");
}

#[test]
fn links_to_files_are_checked_at_their_place() {
    let site = TestSite::new()
        .article("local/x", "2026-01-02", "", "Good: [y](../world/y.md#costs).\n\nBad: [z](z.md).")
        .article("world/y", "2026-01-02", "", "## Costs {#costs}\n");
    let run = site.build();
    assert_eq!(run.diagnostics(), ["warning content/local/x.md:8:6 the link leads to `z.md`, which does not exist"]);
    assert!(site.published("local/x/index.html").contains("<a href=\"/world/y/#costs\">y</a>"));
    assert_eq!(site.try_build(&["--strict"]).code, 1);
}

#[test]
fn players_find_their_files_as_images_do() {
    let body = "{{ <audio src=\"t.mp3\" title=\"x\" /> }}\n\n{{ <video poster=\"pic.png\" src=\"v.mp4\" title=\"x\" /> }}\n\n\
                {{ <video src=\"/m/v #1 50%.mp4\" title=\"src\" /> }}\n\n{{ <embed url=\"/m/d #1 50%.pdf\" title=\"x\" /> }}\n\n\
                {{ <embed url=\"/m/d #1 50%.pdf#page=2\" /> }}\n\n{{ <audio src=\"tt.mp3\" title=\"gone\" /> }}\n\n\
                {{ <video src=\"v.mp4\" title=\"bare\" poster=\"/no.png\" /> }}";
    let site = TestSite::new().article("news/a", "2026-01-02", "", body);
    for file in ["content/news/t.mp3", "content/news/v.mp4", "static/m/v #1 50%.mp4", "static/m/d #1 50%.pdf"] {
        site.write(file, "x");
    }
    site.write("content/news/pic.png", b"x");
    let told = site.build().diagnostics();
    for path in ["news/a/index.html", "feed.xml"] {
        let page = site.published(path);
        for address in [
            "/news/t.mp3",
            "/news/v.mp4",
            "/news/pic.png",
            "/m/v%20%231%2050%25.mp4",
            "/m/d%20%231%2050%25.pdf",
            "/m/d%20%231%2050%25.pdf#page=2",
        ] {
            assert!(
                page.contains(&format!("{address}\"")) || page.contains(&format!("{address}&quot;")),
                "{address}: {page}"
            );
        }
        assert!(!page.contains("gone") && !page.contains("no.png") && page.contains("bare"), "{page}");
    }
    let wanted = ["16:16 there is no file `tt.mp3`", "18:44 there is no image `/no.png`"];
    for message in wanted {
        assert!(told.iter().any(|one| one.contains(message)), "{message}: {told:?}");
    }
}

#[test]
fn what_leads_nowhere_is_told_by_the_build_until_it_leads_somewhere() {
    let site = TestSite::new().article(
        "local/a",
        "2026-11-20",
        "",
        "A [dead](/news/no-such/) link, [one](other/) and [its own](https://test.example/gone/?x#y).\n\n<p><a href=\"/local/b/\">b</a> <img src=\"/nope.jpg\" alt=\"\"></p>\n\n[up](../) [feed](/feed.xml) [mail](mailto:a@a.example) <a@a.example> [far](https://a.example/x/) [here](#) [top](/)",
    );
    let gone = |column: u32, line: u32, what: &str| {
        format!("warning content/local/a.md:{line}:{column} {what}, which does not exist")
    };
    let wanted = [
        gone(3, 6, "the link leads to `/news/no-such/`"),
        gone(32, 6, "the link leads to `other/`"),
        gone(50, 6, "the link leads to `https://test.example/gone/?x#y`"),
        gone(13, 8, "the link leads to `/local/b/`"),
        "warning content/local/a.md:8:40 there is no image `/nope.jpg`".to_owned(),
    ];
    assert_eq!(site.build().diagnostics(), wanted);
    assert_eq!(site.try_build(&["--strict"]).code, 1);
    let found = site.run(&["check", "--json", "--at", crate::fixture::NOW]);
    let of_build = found.diagnostic_events().into_iter().filter(|one| one["rule"] == "build").count();
    assert_eq!(of_build, 0, "each is said once: {}", found.stdout);

    site.write_article("local/b", "2026-11-21", "", "Text.");
    site.write("static/nope.jpg", "x");
    assert_eq!(site.build().diagnostics(), wanted[..3]);
    site.remove("content/local/b.md");
    let again = site.build();
    assert_eq!(again.diagnostics(), wanted[..4]);
    assert!(again.rendered().contains("local/a/"));
    assert_eq!(site.build().number("rendered"), 0);
    // A draft is withheld, and a link to it is plain text without a warning, as ever.
    site.write_article("local/b", "2026-11-21", "draft: true", "Text.");
    assert_eq!(site.build().diagnostics(), wanted[..3]);
    site.write("site.yaml", "title: T\nbase_url: https://test.example\ncheck: { dead-link: off }\n");
    assert_eq!(site.build().number("warnings"), 0);
}

#[test]
fn addresses_in_css_are_below_the_base_path_and_absolute_in_feeds() {
    let body = "<div style=\"background:url(/st.png)\">x</div>\n\n<style>p { background: url(\"/st.png\") }</style>\n";
    let site = TestSite::new()
        .file("site.yaml", "title: T\nbase_url: https://test.example/b\n")
        .file("static/st.png", "x")
        .article("local/a", "2026-11-20", "", body);
    assert_eq!(site.build().diagnostics(), [""; 0]);
    let page = site.published("local/a/index.html");
    assert!(page.contains("style=\"background:url(/b/st.png)\"") && page.contains("url(\"/b/st.png\")"), "{page}");
    let feed = site.published("feed.xml");
    assert!(feed.contains("url(https://test.example/b/st.png)"), "{feed}");
}

/// Names of files from a Mac have letters with accents as two characters; what people type has them as one.
#[test]
fn a_file_is_found_in_either_normal_form() {
    let (nfc, nfd) = ("\u{e9}", "e\u{301}");
    for (file, text) in [(nfd, nfc), (nfc, nfd), (nfd, "%C3%A9")] {
        let site = TestSite::new()
            .article("local/a", "2026-11-01", "", &format!("![a]({text}.svg) [b]({text}.md)"))
            .article(&format!("local/{file}"), "2026-11-02", "title: B", "x");
        site.write(&format!("content/local/{file}.svg"), "<svg width=\"3\" height=\"2\"/>");
        let run = site.build();
        assert_eq!(run.diagnostics(), [""; 0], "{file} {text}");
        let page = site.published("local/a/index.html");
        assert!(page.contains("<img") && page.contains("/local/e/"), "{page}");
    }
}

#[test]
fn what_leads_nowhere_is_told_wherever_it_is_written() {
    let own = "https://test.example/gone";
    let site = TestSite::new()
        .file("site.yaml", "title: T\nbase_url: https://test.example\nmenu:\n- { title: A, url: /menu/ }\npublisher: { name: P, logo: /logo.png, masthead: /masthead/ }\n")
        .file("content/authors/jo.md", "---\nname: Jo\nlinks: [{ title: x, url: /profile/ }]\n---\n")
        .file("content/local/a.comments.yaml", "- name: R\n  date: 2026-11-22\n  text: 'See https://test.example/reply/ there'\n")
        .article("local/a", "2026-11-20", "authors: jo\nsource: { name: S, url: /source/ }\ncanonical: https://test.example/first/", &format!("[a](#nope) [b](#costs) [c](#content) [t](#top) <a href=\"#raw\">d</a> <i id=\"i\"></i> [i](#i) n[^1]\n\n{own}/1\n\nSee {own}/2.\n\n## Costs\n\n[^1]: Note [x](#fnref-1) [y](#fn-2)"));
    let wanted = [
        "warning content/authors/jo.md:3:26 the link leads to `/profile/`, which does not exist",
        "warning content/local/a.comments.yaml:3:14 the link leads to `https://test.example/reply/`, which does not exist",
        "warning content/local/a.md:5:25 the link leads to `/source/`, which does not exist",
        "warning content/local/a.md:6:12 the link leads to `https://test.example/first/`, which does not exist",
        "warning content/local/a.md:9:1 the link leads to `#nope`, and the page has no `nope`",
        "warning content/local/a.md:9:57 the link leads to `#raw`, and the page has no `raw`",
        "warning content/local/a.md:11:1 the link leads to `https://test.example/gone/1`, which does not exist",
        "warning content/local/a.md:13:5 the link leads to `https://test.example/gone/2`, which does not exist",
        "warning content/local/a.md:17:26 the link leads to `#fn-2`, and the page has no `fn-2`",
        "warning site.yaml:4:20 the link leads to `/menu/`, which does not exist",
        "warning site.yaml:5:29 there is no image `/logo.png`",
        "warning site.yaml:5:50 the link leads to `/masthead/`, which does not exist",
    ];
    let sorted = |mut found: Vec<String>| {
        found.sort();
        found
    };
    let expected = sorted(wanted.iter().map(ToString::to_string).collect());
    assert_eq!(sorted(site.build().diagnostics()), expected);
    assert_eq!(site.build().number("rendered"), 0);
    assert_eq!(sorted(site.build().diagnostics()), expected, "nothing is to be done");
    assert_eq!(site.try_build(&["--strict"]).code, 1);
    // Each is told once, whether a rule tells it or the build.
    let found = site.run(&["check", "--json", "--at", crate::fixture::NOW]);
    let mut told: Vec<String> =
        found.diagnostics().into_iter().map(|one| one.replacen("error", "warning", 1)).collect();
    told.retain(|one| one.contains("exist") || one.contains("has no `") || one.contains("no image"));
    assert_eq!(sorted(told), expected);

    // What is added elsewhere takes the warnings with it, as in a clean build.
    for path in ["menu", "masthead", "profile", "source", "reply", "first"] {
        site.write(&format!("content/{path}.md"), "---\ntitle: T\n---\n");
    }
    site.write("static/logo.png", "x");
    assert_eq!(site.build().diagnostics().len(), 5);
    site.remove("content/menu.md");
    site.remove("content/source.md");
    assert_eq!(sorted(site.build().diagnostics()).len(), 7);
    site.write("site.yaml", site.read("site.yaml") + "check: { dead-link: off, dead-anchor: off }\n");
    assert_eq!(site.build().diagnostics(), [""; 0]);
}

/// A link to a place of another article is told as long as that article does not have it.
#[test]
fn a_place_that_another_article_does_not_have_is_told_by_the_build() {
    let site = TestSite::new()
        .file("site.yaml", "title: T\nbase_url: https://test.example/blog\n")
        .article("local/tunnel", "2026-11-01", "", "## Costs\n\nA note[^1]. <a name=\"map\"></a>\n\n[^1]: The note.\n")
        .article(
            "local/a",
            "2026-11-02",
            "corrections: [{date: 2026-11-02, text: 'See [it](tunnel.md#gone).'}]",
            "[a](tunnel.md#cost) [b](/local/tunnel/#time)\n\n[c](tunnel.md#costs) [d](/blog/local/tunnel/#map) [e](tunnel.md#fn-1) [f](tunnel.md#top) [g](tunnel.md#:~:text=x) [h](/local/#x) [i](tunnel.md#related)\n",
        );
    let told = |site: &TestSite| site.build().diagnostics();
    let warning = |place: &str, id: &str| {
        format!(
            "warning content/local/a.md:{place} the link leads to `/blog/local/tunnel/#{id}`, and the page has no `{id}`"
        )
    };
    assert_eq!(told(&site), [warning("4:45", "gone"), warning("7:1", "cost"), warning("7:21", "time")]);
    assert_eq!(site.try_build(&["--strict"]).code, 1);
    site.write_article(
        "local/tunnel",
        "2026-11-01",
        "",
        "## Cost\n\n## Time\n\n[back](a.md#gone) <a name=\"map\"></a>\n",
    );
    let all = told(&site);
    assert!(all.iter().any(|one| one.contains("local/tunnel.md:10:1") && one.ends_with("has no `gone`")), "{all:?}");
    assert!(all.contains(&warning("9:1", "costs")) && !all.contains(&warning("7:1", "cost")), "{all:?}");
    site.assert_equals_clean("headings change");
    assert_eq!(told(&site), all);
    // What is a page for itself, or a listing, is not looked at, and an article that comes in its place is.
    site.remove("content/local/tunnel.md");
    site.write("content/local/tunnel.md", "---\ntitle: A page\n---\n");
    assert_eq!(told(&site).iter().filter(|one| one.contains("has no `")).count(), 0);
    site.write_article("local/tunnel", "2026-11-01", "", "Nothing.");
    assert!(told(&site).contains(&warning("7:1", "cost")));
}

#[test]
fn a_name_with_a_colon_is_no_scheme() {
    let svg = "<svg width=\"3\" height=\"2\"/>";
    let site = TestSite::new()
        .file("content/local/Bild:1.svg", svg)
        .file("content/local/Liste:1.pdf", "x")
        .file("content/local/Teil:1.md", "---\ntitle: Part\ndate: 2026-11-20\n---\n## X\n")
        .article("local/a", "2026-11-20", "", "![x](Bild:1.svg) [f](Liste:1.pdf) [t](Teil:1.md#x) [m](mailto:a@b.example) [o](zotero:select)\n\n![y](Bild:2.svg)\n\n[y](Bild:2.svg)");
    let found: Vec<String> = site.build().diagnostics().into_iter().filter(|one| !one.contains("Windows")).collect();
    assert_eq!(
        found,
        [
            "warning content/local/a.md:8:1 there is no image `Bild:2.svg`",
            "warning content/local/a.md:10:1 the link leads to `./Bild:2.svg`, which does not exist",
        ]
    );
    let page = site.published("local/a/index.html");
    for part in [
        "src=\"/local/Bild:1.svg\"",
        "href=\"/local/Liste:1.pdf\"",
        "href=\"/local/teil-1/#x\"",
        "href=\"mailto:a@b.example\"",
        "href=\"zotero:select\"",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[test]
fn an_image_in_html_that_is_missing_comes_with_the_cure_of_one_in_markdown() {
    let svg = "<svg width=\"3\" height=\"2\"/>";
    let html = "<img src=\"quai.svg\" alt=\"\">\n<img src=\"quay.svg\" alt=\"\">\n<img src=\"/harbor.svg\" alt=\"\">\n<video src=\"tramm.mp4\" poster=\"other.jpg\"></video>\n";
    let site = TestSite::new()
        .file("content/local/quay.svg", svg)
        .file("content/local/tram.mp4", "x")
        .file("static/harbour.svg", svg)
        .article("local/a", "2026-11-20", "", html)
        .file("content/local/b/quay.svg", svg)
        .file("content/local/b/index.md", "---\ntitle: B\ndate: 2026-11-20\n---\n\n<img src=\"quai.svg\" alt=\"\">\n");
    let hints = |run: &crate::fixture::Run| {
        let of = |one: &serde_json::Value| {
            format!("{}:{} {}", one["line"], one["column"], one["hint"].as_str().unwrap_or_default())
        };
        run.diagnostic_events().into_iter().map(of).collect::<Vec<_>>()
    };
    let run = site.build();
    let cures = [
        "6:11 did you mean `/local/quay.svg`?",
        "7:11 did you mean `/local/quay.svg`?",
        "8:11 did you mean `/harbour.svg`?",
        "9:13 did you mean `/local/tram.mp4`?",
        "9:32 put the file into `static/`, or correct the address",
        "6:11 did you mean `quay.svg`?",
    ];
    assert_eq!(hints(&run), cures, "{}", run.stdout);
    let found = site.run(&["check", "--json", "--at", crate::fixture::NOW]);
    let told = hints(&found);
    assert!(cures.iter().all(|cure| told.iter().any(|one| one == cure)), "{told:?}");
}

#[test]
fn links_in_short_texts_of_the_site_are_resolved_and_checked() {
    let text = "[ok](/local/good.md#costs) [s](/local/secret-plans.md) [gone](/local/gone.md) [dead](/nowhere/) [x](https://x.example)";
    let site = TestSite::new()
        .article("local/good", "2026-01-02", "slug: better", "## Costs")
        .article("local/secret-plans", "2026-01-02", "draft: true", "x")
        .file("content/about.md", "---\ntitle: About\n---\n\nx\n")
        .file(
            "site.yaml",
            format!(
                "title: T\nbase_url: https://t.example\nfooter:\n  text: '{text}'\n  imprint: /about.md\nnewsletter:\n  action: /n\n  text: '[terms](/terms.md)'\nrights:\n  license: /licence/\n"
            ),
        );
    let told = site.build().diagnostics();
    let at = "warning site.yaml";
    assert_eq!(
        told,
        [
            format!("{at}:4:72 the link leads to `/local/gone.md`, which does not exist"),
            format!("{at}:4:95 the link leads to `/nowhere/`, which does not exist"),
            format!("{at}:8:18 the link leads to `/terms.md`, which does not exist"),
            format!("{at}:10:12 the link leads to `/licence/`, which does not exist"),
        ]
    );
    let page = site.published("local/better/index.html");
    assert!(page.contains("<a href=\"/local/better/#costs\">ok</a> s gone <a href=\"/nowhere/\">dead</a>"), "{page}");
    assert!(!page.contains("secret-plans") && page.contains("href=\"/about/\""), "{page}");
}

#[test]
fn a_photo_that_is_not_there_is_left_out_and_told_at_its_place() {
    let site =
        TestSite::new().article("local/a", "2026-01-02", "", "One.\n\n{{ <photo alt=\"x\" src=\"nope.jpg\" /> }}");
    assert_eq!(site.build().diagnostics(), ["warning content/local/a.md:8:24 there is no image `nope.jpg`"]);
    let page = site.published("local/a/index.html");
    assert!(!page.contains("class=\"photo\"") && !page.contains("nope"), "{page}");
}
