//! Pages, feeds and listings: nothing of a withheld article is in them, and no link leads to one.

use super::{SETTINGS, assert_no_secrets, assert_nowhere, site};
use crate::fixture::{NOW, TestSite};

#[test]
fn what_is_withheld_is_nowhere_in_the_output() {
    let site = site();
    let run = site.try_build(&["--verify"]);
    assert_eq!(run.code, 0, "{:?}", run.diagnostics());
    // The open article links to a missing image, and says so; that is all.
    assert_eq!(run.number("articles"), 1);
    let page = site.published("local/open/index.html");
    assert!(
        page.contains("See one, two, three, four, five and <a href=\"https://elsewhere.example/\">out</a>"),
        "{page}"
    );
    // What the reporter wrote is the address of the image, in the open article's own text.
    let shown = page.replace("secret-draft/plan.png", "");
    assert!(!shown.contains("secret"), "{shown}");
    site.write_article("local/open", "2026-11-20", "title: An open story\ntags: [ships]\nauthors: [Ann Lee]", "Words.");
    site.build();
    assert_no_secrets(&site);
    site.assert_equals_clean("the image is gone");
    // Counts know nothing of it either.
    assert!(site.published("tags/index.html").contains("<span class=\"count\">1</span>"));
}

#[test]
fn a_link_to_a_withheld_article_is_plain_text_however_its_host_is_written() {
    let mut site = TestSite::new().file("site.yaml", SETTINGS).article(
        "local/open",
        "2026-11-20",
        "",
        "[one](http://test.example/local/secret/), [two](//test.example/local/secret/), [three](https://TEST.example/local/secret/index.html) and <a href=\"HTTP://test.example/local/secret\">four</a>.",
    );
    site.write_article("local/secret", "2026-11-24", "", "Words.");
    site.build();
    let page = site.published("local/open/index.html");
    assert!(page.contains("<p>one, two, three and four.</p>"), "{page}");
    let run = site.run(&["check", "--at", NOW, "--json"]);
    let found = run.diagnostics();
    assert_eq!(
        found.iter().filter(|one| one.contains("content/local/secret.md, which is withheld")).count(),
        4,
        "{found:?}"
    );
    site.set_now("2026-11-24T00:00:00Z");
    site.build();
    assert!(site.published("local/open/index.html").contains("<a href=\"//test.example/local/secret/\">two</a>"));
    site.assert_equals_clean("the article is published");
}

#[test]
fn html_that_names_a_withheld_file_or_address_loses_it_and_follows_visible_ones() {
    let bodies = [
        "<a href=\"zzsecret.md\">x</a> <a href=\"./zzsecret.md#x\">x</a> <a href=\"/local/zzsecret.md\">x</a>",
        "<a href=\"/content/local/zzsecret.md\">x</a> <a href=\"zz&#115ecret.md\">x</a> <a href=zzbun/index.md>x</a>",
        "<a href=\"https://test.example/local/zzsecret.md\">x</a> [x](https://www.test.example/local/zzsecret.md)",
        "<a href=\"https://www.test.example/local/zzsecret/\">x</a> <a href=\"//WWW.Test.example.:443/local/zzsecret/\">x</a>",
        "<a href=\"https:\\\\test.example\\local\\zzsecret/\">x</a>",
        "<map name=\"m\"><area href=\"/local/zzsecret/\" alt=\"x\"></map>",
        "<iframe src=\"/local/zzsecret/\"></iframe><embed src=\"../zzsecret/\"><object data=\"/local/zzsecret/\"></object>",
        "<blockquote cite=\"/local/zzsecret/\">x</blockquote><svg><a xlink:href=\"/local/zzsecret/\"><text>x</text></a></svg>",
        "<form action=\"/local/zzsecret/\"><button formaction=\"zzsecret.md\">x</button></form>",
    ];
    let visible = "<a href=\"y.md?q#z\">y</a> <a href=\"/local/y.md\">y</a>\n";
    let mut site = TestSite::new()
        .file("site.yaml", SETTINGS)
        .article("local/open", "2026-11-20", "", &format!("{}\n\n{visible}", bodies.join("\n\n")))
        .article("local/y", "2026-11-20", "", "## Z");
    site.write_article("local/zzsecret", "2026-11-24", "", "Words.");
    site.write_article("local/zzbun/index", "2026-11-21", "draft: true", "Words.");
    let run = site.build();
    assert_eq!(run.diagnostics().len(), 0, "{:?}", run.diagnostics());
    for (path, bytes) in site.output() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("zz"), "{path}: {text}");
    }
    let page = site.published("local/open/index.html");
    assert!(page.contains("<a href=\"/local/y/?q#z\">y</a> <a href=\"/local/y/\">y</a>"), "{page}");
    assert!(site.published("feed.xml").contains("https://test.example/local/y/?q#z"));
    site.set_now("2026-11-24T00:00:00Z");
    site.build();
    let page = site.published("local/open/index.html");
    for shown in
        ["<area href=\"/local/zzsecret/\"", "formaction=\"/local/zzsecret/\"", "<a href=\"/local/zzsecret/#x\">"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    site.assert_equals_clean("the article is published");
}

#[test]
fn sources_and_links_of_authors_do_not_lead_to_a_withheld_article() {
    let sources = "source: [{name: A, url: /local/secret/}, {name: B, url: 'https://test.example/local/secret/'}]";
    let mut site = TestSite::new()
        .file("site.yaml", SETTINGS)
        .file(
            "content/authors/ann.md",
            "---\nname: Ann\nlinks: [{title: C, url: /local/secret/}, 'https://test.example/local/secret/']\n---\n",
        )
        .article("local/open", "2026-11-20", &format!("authors: [ann]\n{sources}"), "Words.");
    site.write_article("local/secret", "2026-11-24", "", "Words.");
    let run = site.build();
    assert_eq!(run.diagnostics(), [""; 0]);
    assert!(site.published("local/open/index.html").contains("Sources: A and B</p>"));
    for (path, bytes) in site.output() {
        assert!(!String::from_utf8_lossy(&bytes).contains("local/secret"), "{path}");
    }
    let found = site.run(&["check", "--at", NOW, "--json"]).diagnostics();
    let told = found.iter().filter(|one| one.contains("content/local/secret.md, which is withheld")).count();
    assert_eq!(told, 4, "{found:?}");
    site.set_now("2026-11-24T00:00:00Z");
    site.build();
    for path in ["local/open/index.html", "authors/ann/index.html"] {
        let page = site.published(path);
        assert!(
            page.contains("href=\"/local/secret/\"") && page.contains("\"https://test.example/local/secret/\""),
            "{path}"
        );
    }
    site.assert_equals_clean("the article is published");
}

#[test]
fn neither_the_menu_nor_a_first_publication_leads_to_a_withheld_article() {
    let mut site = TestSite::new()
        .file(
            "site.yaml",
            format!("{SETTINGS}menu: [{{title: Soon, url: /local/secret/}}, {{title: Open, url: /local/open/}}]\n"),
        )
        .article("local/secret", "2026-12-01", "", "x")
        .article("local/open", "2026-11-20", "canonical: https://test.example/local/secret/", "Words.");
    let run = site.build();
    assert_eq!(run.diagnostics(), Vec::<String>::new());
    for (path, bytes) in site.output().into_iter().filter(|(path, _)| !path.ends_with(".png")) {
        assert!(!String::from_utf8_lossy(&bytes).contains("local/secret"), "{path}");
    }
    let page = site.published("local/open/index.html");
    assert!(page.contains("rel=\"canonical\" href=\"https://test.example/local/open/\""));
    assert!(!page.contains(">Soon</a>") && page.contains(">Open</a>"));
    // It comes.
    site.set_now("2026-12-02T00:00:00Z");
    site.build();
    let page = site.published("local/open/index.html");
    assert!(page.contains("rel=\"canonical\" href=\"https://test.example/local/secret/\""));
    assert!(page.contains(">Soon</a>"));
    site.assert_equals_clean("a menu and a first publication that have waited");
}

#[test]
fn a_comment_does_not_lead_to_a_withheld_article() {
    let mut site = TestSite::new().file("site.yaml", SETTINGS).article("local/open", "2026-11-20", "", "Words.").file(
        "content/local/open.comments.yaml",
        "- {id: r1, name: Oluf, text: 'See [that](https://test.example/local/secret/), [this](https://test.example/local/open/) and https://test.example/local/secret/ now.'}\n",
    );
    site.write_article("local/secret", "2026-11-24", "", "Words.");
    site.build();
    let page = site.published("local/open/index.html");
    assert!(page.contains("<p>See that, <a href=\"https://test.example/local/open/\""), "{page}");
    assert!(page.contains("and … now."), "{page}");
    site.set_now("2026-11-24T00:00:00Z");
    site.build();
    assert!(site.published("local/open/index.html").contains("<a href=\"https://test.example/local/secret/\" rel="));
    site.assert_equals_clean("the article is published");
}

#[test]
fn an_article_comes_and_goes_with_every_moment() {
    let mut site = site();
    site.write_article("local/open", "2026-11-20", "title: An open story", "See [it](/local/secret-embargo/).");
    site.build();
    assert_no_secrets(&site);
    site.set_now("2026-11-25T00:00:00Z");
    let run = site.build();
    assert!(run.rendered().contains("local/open/"), "its link is a link now: {:?}", run.rendered());
    assert!(site.published("local/open/index.html").contains("<a href=\"/local/secret-embargo/\">it</a>"));
    assert!(site.has("public/local/secret-embargo/index.html") && site.has("public/old/secret-embargo/index.html"));
    site.assert_equals_clean("the embargo ended");
    let embargo = site.read("content/local/secret-embargo.md");
    site.write("content/local/secret-embargo.md", embargo.replace("---\n\n", "draft: true\n---\n\n"));
    site.build();
    assert_no_secrets(&site);
    site.assert_equals_clean("it was withdrawn");
}

#[cfg(unix)]
#[test]
fn links_lead_only_to_what_would_be_published_itself() {
    use std::os::unix::fs::symlink;
    let site = TestSite::new().article("local/a", "2026-11-20", "", "Text.");
    site.write(".git/config", "SECRET");
    site.write("comments/inbox/w.yaml", "SECRET");
    site.write(".courant/preview/x.html", "SECRET");
    site.write("content/.hidden/x.txt", "SECRET");
    site.write("content/local/draft.md", "---\ntitle: SECRET\ndraft: true\n---\n");
    site.write("static/.well-known/security.txt", "public");
    site.write("static/img/a.svg", "<svg width=\"1\" height=\"1\"/>");
    site.write("notes.txt", "SECRET");
    site.build();
    for (target, link) in [
        ("../.git", "static/git"),
        ("../.git/config", "static/config.txt"),
        ("../../comments/inbox", "content/local/inbox"),
        ("../../comments/inbox/w.yaml", "content/local/w.txt"),
        ("../.courant/preview", "static/preview"),
        ("../.courant", "static/log"),
        ("../public", "static/again"),
        ("../content", "static/raw"),
        ("../content/local/draft.md", "static/draft.md"),
        ("../content/.hidden", "static/hidden"),
        ("../notes.txt", "static/notes.txt"),
        ("..", "static/all"),
        ("../site.yaml", "static/site.txt"),
        ("../static/img", "content/pictures"),
        ("img", "static/same"),
    ] {
        symlink(target, site.path(link)).expect("a link");
    }
    for round in 0..3 {
        let run = site.try_build(&[]);
        assert_eq!(run.code, 0, "{:?}", run.diagnostics());
        assert_nowhere(&site, "SECRET");
        assert!(!site.has("public/again") && !site.has("public/raw"), "round {round}");
        assert!(site.has("public/pictures/a.svg") && site.has("public/same/a.svg"));
        let left_out = run.diagnostics().iter().filter(|one| one.contains("it is left out")).count();
        assert_eq!(left_out, 13, "{:?}", run.diagnostics());
    }
}

/// What lies behind a link is withheld with what it leads to, whatever the link's own folder says of it.
#[cfg(unix)]
#[test]
fn a_link_to_something_withheld_is_withheld_until_that_is_published() {
    use std::os::unix::fs::symlink;
    let later = "2026-12-01";
    let mut site = TestSite::new().article("local/a", "2026-11-20", "", "![A](photo.svg) and ![B](open.svg)");
    let photo = |name: &str| format!("<svg width=\"1\" height=\"1\"><title>{name}</title></svg>");
    site.write("content/news/secret/index.md", format!("---\ntitle: Later\ndate: {later}\n---\n"));
    site.write("content/news/secret/photo.svg", photo("SECRET"));
    site.write("content/news/open/index.md", "---\ntitle: Open\ndate: 2026-11-01\n---\n");
    site.write("content/news/open/photo.svg", photo("OPEN"));
    site.write("content/news/2026-12-01-dated.md", "---\ntitle: SECRET by name\n---\n");
    site.write("content/hidden/_index.md", "---\ntitle: Hidden\ndraft: true\n---\n");
    site.write("content/hidden/pictures/x.svg", photo("SECRET"));
    site.write("content/hidden/b.md", "---\ntitle: SECRET in a section\ndate: 2026-11-01\n---\n");
    site.write("content/news/a.comments.yaml", "- {id: a, name: A, date: 2026-11-01, text: t, email: SECRET}\n");
    site.write("content/news/draft.md", "---\ntitle: SECRET\ndraft: true\n---\n");
    site.write("content/news/notes.docx", "SECRET");
    for (target, link) in [
        ("../news/secret/photo.svg", "content/local/photo.svg"),
        ("../news/secret", "content/local/bundle"),
        ("../news/open/photo.svg", "content/local/open.svg"),
        ("../news/2026-12-01-dated.md", "content/local/plain.md"),
        ("../hidden/pictures", "content/local/pictures"),
        ("../hidden/b.md", "content/local/b.md"),
        ("../news/draft.md", "content/local/draft.html"),
        ("../news/a.comments.yaml", "content/local/a.json"),
        ("../news/notes.docx", "content/local/notes.svg"),
    ] {
        symlink(target, site.path(link)).expect("a link");
    }
    for _ in 0..2 {
        let run = site.try_build(&[]);
        assert_eq!(run.code, 0, "{:?}", run.diagnostics());
        assert_nowhere(&site, "SECRET");
        assert!(site.read("public/local/open.svg").contains("OPEN"));
    }
    site.set_now("2026-12-02T00:00:00Z");
    site.build();
    assert!(site.read("public/local/photo.svg").contains("SECRET"), "the photograph is not withheld any more");
    assert!(site.has("public/local/plain/index.html"));
    // Another target, the same bytes and the same stamp: the link alone decides.
    site.set_now("2026-11-22T00:00:00Z");
    site.build();
    std::fs::remove_file(site.path("content/local/open.svg")).expect("removed");
    symlink("../news/secret/photo.svg", site.path("content/local/open.svg")).expect("a link");
    site.build();
    assert_nowhere(&site, "SECRET");
}

#[test]
fn comments_of_writers_stay_in_the_source() {
    let notes = "Words <!-- ask Marlow --> here.\n\n<!-- x\n\nMarlow again -->\n\n> - <!-- ask Marlow --> item\n\n<div><!-- ask Marlow --><b>bold</b></div>\n\n<svg><!-- ask Marlow --></svg>\n\n<noscript><!-- ask Marlow -->Words.</noscript>\n\nEnd <b>of\n<!-- ask Marlow -->\nit</b>.";
    const OTHERS: [&str; 12] = [
        "<?php $pw = 'Marlow'; ?>",
        "<?php if ($a > 2) $pw = 'Marlow'; ?>",
        "Text <?php $a->b('Marlow'); ?> here.",
        "<div>\n<?php $a->b('Marlow'); ?>\n</div>",
        "<?note ask Marlow?>",
        "Text <?note ask Marlow?> here.",
        "<!ELEMENT Marlow>",
        "Text <!ELEMENT Marlow> here.",
        "<!DOCTYPE Marlow>",
        "<![CDATA[ask Marlow]]>",
        "Text <![CDATA[ask > Marlow]]> here.",
        "<div>\n</ ask Marlow>\n</div>",
    ];
    for raw_html in ["true", "false"] {
        let site = TestSite::new()
            .file("site.yaml", format!("{SETTINGS}markdown: {{raw_html: {raw_html}}}\n"))
            .article(
                "local/open",
                "2026-11-20",
                "corrections: [{date: 2026-11-21, text: \"So <!-- ask Marlow --> it is.\"}]",
                notes,
            )
            .article(
                "local/live",
                "2026-11-20",
                "kind: live",
                "Now.\n\n## First {time=2026-11-20T10:05}\n\nText <!-- ask Marlow --> here.",
            );
        for (number, comment) in OTHERS.iter().enumerate() {
            // Shown as text, an end tag is one.
            if raw_html == "true" || !comment.contains("</ ") {
                site.write_article(&format!("local/other-{number}"), "2026-11-20", "", &format!("{comment}\n\nEnd."));
                site.write_article(&format!("local/first-{number}"), "2026-11-20", "", &format!("First.\n\n{comment}"));
            }
        }
        site.build();
        for (path, bytes) in site.output() {
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains("Marlow"), "{path}: {text}");
            assert!(!path.ends_with(".html") || !text.contains("?>") && !text.contains("?&gt;"), "{path}: {text}");
        }
        let page = site.published("local/open/index.html");
        for shown in ["Words  here.", "item", "bold", "So  it is."] {
            assert!(page.contains(shown), "{shown}: {page}");
        }
    }
}

#[test]
fn a_comment_that_markdown_takes_for_text_is_an_error() {
    let site = TestSite::new().file("site.yaml", SETTINGS);
    let shown = [
        "Text <!-- ask Marlow\n\nmore --> here.",
        "- a <!-- ask Marlow\n- more --> b",
        "Words. <!-- ask Marlow",
        "<!-- ask Marlow\n\nand never closed.",
        "> <!-- ask Marlow\n\nmore -->",
        "| a | b |\n| - | - |\n| x <!-- ask Marlow | y |\n| z --> | z |",
        "# Head <!-- ask Marlow\nmore -->",
        "Text <?php $pw = 'Marlow';\n\n$a = 1; ?>",
        "- a <!NOTE Marlow\n- more> b",
        "Note.[^1]\n\n[^1]: Text <!-- ask Marlow\n\n    more -->",
    ];
    for body in shown {
        site.write_article("local/a", "2026-11-20", "", body);
        let run = site.try_build(&[]);
        let told = run.diagnostics();
        assert!(
            run.code == 1 && told.len() == 1 && told[0].contains("does not end in its paragraph"),
            "{body}: {told:?}"
        );
    }
    let in_a_cell = "| a | b |\n| - | - |\n| x <!-- ask Marlow | more --> | z |";
    let below = "Text.\n[//]: # (ask Marlow)";
    let defined = [
        below,
        "[//]: # \"ask\" Marlow",
        "[comment]: # ask Marlow",
        "- a\n  [x]: # (ask (b (Marlow)",
        "Text. [//]: # (ask Marlow)",
        "| a |\n| - |\n| [//]: # (Marlow) |",
        // A good one makes a link of the name of the others.
        "[//]: # (ok)\n\nText.\n[//]: # (Marlow)",
        "Text.\n[//]: # (Marlow)\n\n[//]: # (ok)",
        "[//]: # (ok)\n\n- a\n  [//]: # (Marlow)",
        "[//]: # (ok)\n\n> a\n> [//]: # (Marlow)",
        "[//]: # (ok)\n\n[//]: # (ask (Marlow)",
        "[//]: # (ok)\n\n[//]: # ask Marlow",
        "[comment]: # (ok)\n\nText.\n[comment]: # (Marlow)",
        "[TODO]: # (ok)\n\nText.\n[TODO]: # (Marlow)",
    ];
    let others = [
        (in_a_cell, "does not end in its cell"),
        ("![](x.svg \"<!-- Marlow -->\")", "stands within a link or image"),
        ("[x](https://a.example/<!--Marlow-->)", "stands within a link or image"),
        ("![Pier][r]\n\n[r]: /p.svg \"Old pier <!-- Marlow -->\"", "stands within a link or image"),
        ("![Pier][r]\n\n[r]: /p.svg\n  \"Old pier <!-- Marlow -->\"", "stands within a link or image"),
        ("Note.[^1]\n\n[^1]: ![Pier][r]\n\n    [r]: /p.svg \"Old <!-- Marlow -->\"", "stands within a link or image"),
        ("![Pier](/p.svg\n\"Old <!-- Marlow -->\")", "stands within a link or image"),
        ("![Pier](/p.svg \"Old\npier <!-- Marlow -->\")", "stands within a link or image"),
        ("![Pier](/p.svg \"Old <!-- Marlow\")", "stands within a link or image"),
        ("![Pier](/p.svg \"Old [//]: # (Marlow)\")", "stands within a link or image"),
        ("[Pier](/p.svg \"Old {# Marlow #}\")", "stands within a link or image"),
        ("![Pier](/p.svg '%% Marlow %%')", "stands within a link or image"),
        ("{{ <photo src=\"p.svg\" alt=\"x <!-- Marlow -->\" /> }}", "inside the call of a component"),
        ("{{ <pullquote text=\"x\" by=\"Ann <!-- Marlow\" /> }}", "inside the call of a component"),
        ("- a\n  {{ <embed url=\"https://a.example\" title=\"x {# Marlow #}\" /> }}", "inside the call of a component"),
        ("{{ <factbox title='%% Marlow %%' text='x' /> }}", "inside the call of a component"),
        ("![a {# Marlow #}](/p.svg)", "stands within a link or image"),
        ("![a %% Marlow %%](/p.svg)", "stands within a link or image"),
        ("![a {#Marlow#} b][r]\n\n[r]: /p.svg", "stands within a link or image"),
        ("![Pier](/p.svg '%%Marlow%%')", "stands within a link or image"),
        ("![Pier](/p.svg '{%comment%}Marlow')", "stands within a link or image"),
        ("[Pier](/p.svg '{%- comment -%}Marlow')", "stands within a link or image"),
        ("<a href=\"/\" title=\"x <!-- Marlow -->\">x</a>", "is inside an HTML attribute"),
        ("Text <img src=\"/n/p.svg\" alt=\"x {# Marlow #}\">", "is inside an HTML attribute"),
        ("<div>\n<img src=\"/n/p.svg\" alt=\"x <!-- Marlow -->\">\n</div>", "is inside an HTML attribute"),
        ("{{ <pullquote text=\"x\" by=\"{#Marlow#}\" /> }}", "inside the call of a component"),
        ("{{ <factbox title='%%Marlow%%' text='x' /> }}", "inside the call of a component"),
        ("<!--> Marlow -->", "ends where it begins"),
        ("Text <!---> Marlow --> here.", "ends where it begins"),
        ("< !-- Marlow -->", "ends where it begins"),
    ];
    for (body, message) in others.into_iter().chain(defined.map(|body| (body, "this comment is not read as one"))) {
        site.write_article("local/a", "2026-11-20", "", body);
        let run = site.try_build(&[]);
        let told = run.diagnostics();
        assert!(run.code == 1 && told.len() == 1 && told[0].contains(message), "{body}: {told:?}");
    }
    for front in [
        "corrections:\n  - text: |\n      Fix\n      [//]: # (Marlow)",
        "corrections:\n  - text: |\n      Fix <!-- Marlow\n\n      b -->",
        "corrections: 'Fix <!--> Marlow -->'",
        "correction: 'Fix [//]: # (Marlow)'",
        "summary: 'x [//]: # (Marlow)'",
        "summary: x <!-- Marlow",
        "summary: <!-- a > Marlow -->",
        "title: The port <!-- Marlow -->",
        "dateline: Port <!-- Marlow -->",
        "image: {src: x.svg, alt: x, caption: x <!-- Marlow -->}",
        "tags: [a <!-- Marlow -->]",
        "image: {src: x.svg, alt: 'x {# Marlow #}'}",
        "dateline: 'Port {#Marlow#}'",
        "title: 'The port %%Marlow%%'",
    ] {
        site.write_article("local/a", "2026-11-20", front, "Words.");
        let run = site.try_build(&[]);
        let told = run.diagnostics();
        assert!(run.code == 1 && told.len() == 1 && told[0].contains("comment"), "{front}: {told:?}");
    }
    site.write_article(
        "local/a",
        "2026-11-20",
        "title: London --> Paris\nsummary: London <!-- Marlow --> x &lt;y&gt; z",
        "Words.",
    );
    site.build();
    let page = site.published("local/a/index.html");
    assert!(page.contains("London x &lt;y&gt; z") && !page.contains("Marlow"), "{page}");
    let fine = [
        "[//]: # (ask Marlow)\n\n[//]: # (and Marlow)\n\n- [//]: # (Marlow)\n\n> [//]: # \"Marlow\"",
        "Text [a <!-- Marlow --> b](https://a.example) and [b](https://b.example) <!-- Marlow -->",
        "`<!--> a -->`",
        "[//]: # \"ask <!-- Marlow -->\"",
        "[b](https://b.example \"all {#5} of 100%\") <!-- Marlow -->",
        "50 %% of [b](https://b.example?a=%%20) and ![`{# code #}`](https://b.example/p.svg)",
        "<a href=\"https://b.example/100%25\" title=\"{#5}\">x</a> `<a title=\"<!-- x -->\">`",
        "<!-- {{ <pullquote text=\"Marlow <!-- x\" /> }} -->",
        "```\n{{ <pullquote text=\"<!-- x -->\" /> }}\n```",
        "| a | b |\n| - | - |\n| x <!-- ask \\| Marlow --> | z |",
        "Text <!-- ask | Marlow --> here.",
        "Text.\n\n[//]: # (ask Marlow)\n[comment]: # \"ask Marlow\"\n",
        "```\n[//]: # ask\n```",
        "\\[//]: # ask",
        "Note.[^1]\n\n[^1]: # Head",
        "Text <!-- ask Marlow\nmore --> here.",
        "- a <!-- ask\n  Marlow -->",
        "`<!-- code`",
        "```\n<!-- code\n```",
        "\\<!-- text",
        "<!-- ask\n\nMarlow -->",
        "Text.\n\n    <!-- code",
        "<div>\n<!-- ask\nMarlow -->\n</div>",
    ];
    for body in fine {
        site.write_article("local/a", "2026-11-20", "", body);
        let run = site.try_build(&[]);
        assert_eq!(run.code, 0, "{body}: {:?}", run.diagnostics());
        assert!(!site.published("local/a/index.html").contains("Marlow"), "{body}");
    }
}

#[test]
fn a_private_document_in_a_comment_or_in_code_is_not_published() {
    let site = TestSite::new().at(NOW).file("site.yaml", SETTINGS);
    let body = "<!-- notes in secret.docx -->\n\nWords <!-- \"secret.docx\" --> here.\n\n```\nsecret.docx\n```\n\nWords.\n\n    secret.docx\n\nsecret.docx\n\n[Open](open.docx) <a href=\"https://test.example/news/far.docx\">x</a>";
    site.write_article("news/open", "2026-11-20", "title: Open", body);
    for name in ["secret", "open", "far"] {
        site.write(&format!("content/news/{name}.docx"), "x");
    }
    site.build();
    let output = site.output();
    let files: Vec<&str> = output.keys().filter(|path| path.ends_with(".docx")).map(String::as_str).collect();
    assert_eq!(files, ["news/far.docx", "news/open.docx"]);
}

#[cfg(unix)]
#[test]
fn what_mdx_leaves_out_is_not_printed_through_a_link_called_markdown() {
    let site = TestSite::new().at(NOW).file("site.yaml", SETTINGS);
    let text = "---\ntitle: Open\ndate: 2026-11-20\n---\n\nexport const a = \"The hidden words\"\n\nText.\n";
    site.write("content/news/x.mdx", text);
    site.write("content/news/z.md", "---\ntitle: Plain\ndate: 2026-11-20\n---\n\nOther text.\n");
    for (name, target) in [("y.md", "x.mdx"), ("z.mdx", "z.md"), ("w.markdown", "z.md")] {
        std::os::unix::fs::symlink(target, site.path(&format!("content/news/{name}"))).expect("a link");
    }
    site.build();
    for (path, bytes) in site.output() {
        assert!(!String::from_utf8_lossy(&bytes).contains("hidden words"), "{path}");
    }
    assert!(!site.has("public/news/y/index.html") && site.has("public/news/w/index.html"));
}

#[test]
fn the_search_knows_no_paid_text() {
    let site = TestSite::new().file("site.yaml", SETTINGS);
    let words = |site: &TestSite| {
        let all = site.output().into_iter().filter(|(path, _)| path.contains("/words-"));
        all.map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned()).collect::<String>()
    };
    for (access, is_found) in [("free", true), ("subscribers", false), ("free", true)] {
        let front = format!("title: Harbour\nsummary: A marmot.\naccess: {access}");
        site.write_article("local/a", "2026-11-20", &front, "Zanzibar.");
        site.build();
        let words = words(&site).to_lowercase();
        assert!(words.contains("harbour") && words.contains("marmot"), "{words}");
        assert_eq!(words.contains("zanzibar"), is_found, "{access}: {words}");
        site.assert_equals_clean(access);
    }
}
