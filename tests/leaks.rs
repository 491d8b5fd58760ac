//! Nothing leaks: what is withheld is nowhere in the output, and a scan makes sure of it.

mod fixture;

use std::io::Cursor;

use fixture::{NOW, TestSite};

const SETTINGS: &str = "title: The Test\nbase_url: https://test.example\ncomments: {action: /reply/}\n";

/// A site in which four articles are withheld, each for another reason, with everything that an article
/// can have.
fn site() -> TestSite {
    let site = TestSite::new().file("site.yaml", SETTINGS).article(
        "local/open",
        "2026-11-20",
        "title: An open story\ntags: [ships]\nauthors: [Ann Lee]",
        "See [one](secret-draft/index.md), [two](/local/secret-embargo/), [three](https://test.example/local/secret-expired/#x), [four](../secret-withdrawn/), <a href=\"/old/secret-draft/\">five</a> and [out](https://elsewhere.example/).\n\n![Image](secret-draft/plan.png)",
    );
    for (name, front) in [
        ("draft", "draft: true"),
        ("embargo", "publishDate: 2026-11-25T00:00:00Z"),
        ("expired", "expires: 2026-11-22"),
        ("withdrawn", "published: false"),
        ("private", "status: private"),
    ] {
        let path = if name == "draft" { "local/secret-draft/index".into() } else { format!("local/secret-{name}") };
        site.write_article(
            &path,
            "2026-11-21",
            &format!("title: The secret {name} of the harbour\ntags: [ships, hidden-{name}]\nauthors: [Secret Writer {name}]\nseries: Secret series {name}\nsummary: Secret summary {name}.\nimage: {{src: plan.png, alt: Secret plan {name}}}\naliases: [/old/secret-{name}/]\nsource: Secret source {name}\ncorrections: [{{date: 2026-11-21, text: Secret correction {name}.}}]\n{front}"),
            &format!("Secret words {name}."),
        );
        site.write(
            &format!("content/{path}.comments.yaml"),
            format!("- {{name: Secret Reader {name}, text: Secret reply {name}.}}\n"),
        );
    }
    site.write("content/local/secret-draft/plan.png", "an image");
    site.write("content/secret-page.md", "---\ntitle: A secret page of ours\ndraft: true\n---\n\nSecret words page.\n");
    site
}

fn assert_no_secrets(site: &TestSite) {
    for (path, bytes) in site.output() {
        assert!(!path.to_lowercase().contains("secret") && !path.contains("hidden"), "{path}");
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for word in ["secret", "hidden-", "plan.png"] {
            if let Some(at) = text.find(word) {
                let from = text.floor_char_boundary(at.saturating_sub(80));
                panic!("{path}: {}", &text[from..text.ceil_char_boundary((at + 80).min(text.len()))]);
            }
        }
    }
}

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

/// A JPEG of the sample site; its caption and credit stand in the file.
const PHOTO: &[u8] = include_bytes!("../content/images/herring-on-ice.jpg");

#[test]
fn an_image_of_a_withheld_bundle_is_nowhere_and_neither_is_what_is_written_into_it() {
    let image = "image: {src: secret-draft/plan.jpg, alt: A plan}";
    let mut site = TestSite::new()
        .file("site.yaml", format!("{SETTINGS}images: {{widths: [480], formats: [original]}}\n"))
        .file("content/local/secret-draft/plan.jpg", PHOTO)
        .article("local/secret-draft/index", "2026-11-24", "title: The secret draft of the harbour", "Words.")
        .article("local/open", "2026-11-20", &format!("title: An open story\n{image}\nauthors: [ann]"), "Words.")
        .file("content/authors/ann.md", "---\nname: Ann\nimage: ../local/secret-draft/plan.jpg\n---\n")
        .file("content/local/page.md", format!("---\ntitle: A page\n{image}\n---\n"));
    site.build();
    let written = "Tomas Rell";
    for (path, bytes) in site.output() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("plan-") && !text.contains("plan.jpg") && !text.contains(written), "{path}");
        assert!(!path.contains("plan"), "{path}");
    }
    let run = site.run(&["check", "--at", NOW, "--json"]);
    for place in ["content/authors/ann.md:3:8", "content/local/open.md:4:14", "content/local/page.md:3:14"] {
        let told = format!("error {place} the image");
        let found = run.diagnostics().into_iter().find(|one| one.starts_with(&told));
        assert!(found.is_some_and(|one| one.ends_with("belongs to an article that is withheld")), "{place}");
    }
    site.set_now("2026-11-24T00:00:00Z");
    site.build();
    for path in ["local/open/index.html", "index.html", "feed.json", "authors/ann/index.html", "local/page/index.html"]
    {
        assert!(site.published(path).contains("plan-"), "{path}");
    }
    assert!(site.published("local/open/index.html").contains(written));
    site.assert_equals_clean("the bundle is published");
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
fn an_address_of_another_scheme_is_a_leak_too() {
    let site = leaking();
    site.write(
        "themes/child/templates/page.html",
        "<a href=\"http://test.example/local/{{ page.extra.more }}/\">x</a>",
    );
    site.write("content/about.md", "---\ntitle: About\nmore: tunnel\n---\n");
    let run = site.try_build(&[]);
    assert_eq!((run.code, run.diagnostics().len()), (1, 1), "{:?}", run.diagnostics());
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
fn a_reply_does_not_lead_to_a_withheld_article() {
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

/// A site whose template puts two names together that make a withheld headline.
fn leaking() -> TestSite {
    TestSite::new()
        .file("site.yaml", format!("{SETTINGS}theme: child\n"))
        .file("themes/child/theme.yaml", "name: child\napi: 1\nextends: broadsheet\n")
        .file("themes/child/templates/page.html", "<p>{{ page.title }} {{ page.extra.more }} early</p>")
        .file("content/about.md", "---\ntitle: The harbour\nmore: tunnel opens\n---\n")
        .article("local/open", "2026-11-20", "", "Words.")
        .article("local/tunnel", "2026-11-24", "title: The harbour tunnel opens early", "Words.")
}

#[test]
fn a_leak_through_generated_parts_keeps_the_build_from_publishing() {
    let mut site = leaking();
    let run = site.try_build(&[]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.diagnostics(),
        [
            "error content/local/tunnel.md /about/ would give away the headline “The harbour tunnel opens early” of content/local/tunnel.md, which is withheld"
        ]
    );
    assert!(!site.has("public/index.html"), "nothing is published");
    // Going on in spite of it leaves the page out.
    assert_eq!(site.try_build(&["--keep-going"]).code, 1);
    assert!(site.has("public/local/open/index.html") && !site.has("public/about/index.html"));
    // A page that was fine and now would leak is removed, and nothing is moved before that is known.
    site.write("content/about.md", "---\ntitle: The harbour\nmore: bridge opens\n---\n");
    site.build();
    assert!(site.has("public/about/index.html"));
    site.write("content/about.md", "---\ntitle: The harbour\nmore: tunnel opens\n---\n");
    let before = site.output();
    assert_eq!(site.try_build(&[]).code, 1);
    assert_eq!(site.output(), before);
    // Once the article is published there is nothing to give away.
    site.set_now("2026-11-24T00:00:00Z");
    site.build();
    assert!(site.published("about/index.html").contains("The harbour tunnel opens early"));
}

#[test]
fn an_address_that_only_a_template_makes_is_a_leak() {
    let site = leaking();
    site.write("themes/child/templates/page.html", "<a href=\"/local/{{ page.extra.more }}/\">x</a>");
    site.write("content/about.md", "---\ntitle: About\nmore: tunnel\n---\n");
    let run = site.try_build(&[]);
    assert_eq!(
        run.diagnostics(),
        [
            "error content/local/tunnel.md /about/ would give away the address /local/tunnel/ of content/local/tunnel.md, which is withheld"
        ]
    );
    // A longer address is another one.
    site.write("content/about.md", "---\ntitle: About\nmore: tunnel-two\n---\n");
    assert_eq!(site.try_build(&[]).code, 0);
}

#[test]
fn what_a_visible_source_says_itself_is_a_warning_at_its_line() {
    let site = TestSite::new()
        .file("site.yaml", SETTINGS)
        .article("local/tunnel", "2026-11-24", "title: The harbour’s “tunnel” & co open early", "Words.")
        .article("local/other", "2026-11-24", "title: Seven ships sink at noon", "Words.")
        .article("local/gulls", "2026-11-24", "title: Four gulls stole the mace", "Words.")
        .article(
            "local/open",
            "2026-11-20",
            "",
            "We hear that\n*The harbour's \"tunnel\" & co open early* is coming.\n\nIt will be at `https://test.example/local/tunnel/`.",
        )
        .article("local/sum", "2026-11-19", "summary: Seven ships sink at noon, we hear.", "Words.")
        .file("static/notes.txt", "x\nSeven ships sink at noon\n")
        .file("static/film.mp4", "Seven ships sink at noon");
    site.write(
        "site.yaml",
        format!("{SETTINGS}markdown: {{smart_punctuation: true}}\nmenu:\n  - {{title: Front, url: /}}\n  - {{title: Four gulls stole the mace, url: /local/}}\n"),
    );
    let run = site.build();
    let mut found = run.diagnostics();
    found.sort();
    assert_eq!(
        found,
        [
            "warning content/local/open.md:7:2 this gives away the headline “The harbour’s “tunnel” & co open early” of content/local/tunnel.md, which is withheld",
            "warning content/local/open.md:9:37 this gives away the address /local/tunnel/ of content/local/tunnel.md, which is withheld",
            "warning content/local/sum.md:4:10 this gives away the headline “Seven ships sink at noon” of content/local/other.md, which is withheld",
            "warning site.yaml:7:13 this gives away the headline “Four gulls stole the mace” of content/local/gulls.md, which is withheld",
            "warning static/notes.txt:2:1 this gives away the headline “Seven ships sink at noon” of content/local/other.md, which is withheld",
        ]
    );
    let run = site.try_build(&["--strict"]);
    assert_eq!((run.code, run.diagnostics().len()), (1, 5), "what is kept still says it");
    let run = site.try_build(&["--verify"]);
    assert_eq!((run.code, run.number("warnings")), (0, 5), "all is scanned: {:?}", run.diagnostics());
}

#[test]
fn a_warning_names_the_file_that_the_page_is_made_from_and_the_words_in_it() {
    let site = TestSite::new()
        .file("site.yaml", SETTINGS)
        .file("content/about.md", "---\ntitle: About\n---\n\nSee `/local/tunnel/plan.jpg`.\n")
        .file("content/authors/ann.md", "---\nname: Ann\n---\n\nSee `https://test.example/local/tunnel/`.\n")
        .file("content/local/_index.md", "---\ntitle: Local\n---\n\nSoon: The harbour tunnel opens early.\n")
        .article("local/tunnel", "2026-11-24", "title: The harbour tunnel opens early", "Words.")
        .article("local/open", "2026-11-20", "authors: [ann]", "Words.");
    let mut found = site.build().diagnostics();
    found.sort();
    assert_eq!(
        found,
        [
            "warning content/authors/ann.md:5:27 this gives away the address /local/tunnel/ of content/local/tunnel.md, which is withheld",
            "warning content/local/_index.md:5:7 this gives away the headline “The harbour tunnel opens early” of content/local/tunnel.md, which is withheld",
        ]
    );
}

#[test]
fn words_that_are_said_anyway_are_no_leak() {
    let site = TestSite::new()
        .file("site.yaml", SETTINGS)
        .article("local/one", "2026-11-20", "title: The weekly market report", "Words.")
        .article("local/two", "2026-11-27", "title: The weekly market report", "Words.")
        .article("local/short", "2026-11-27", "title: Words", "x")
        .article("local/date", "2026-11-27", "title: 20 November 2026", "x")
        .article("local/form", "2026-11-27", "title: Your email address will not be published", "x")
        .article("local/part", "2026-11-27", "title: Three words more", "x")
        // As the page of a tag is titled.
        .article("local/tagged", "2026-11-20", "tags: [harbour storm]", "Words.")
        .article("local/wolf", "2026-11-27", "title: Harbour storm - The Test", "x")
        .article("local/open", "2026-11-20", "", "Words. Threethree words moreover.")
        // An old address is visible again.
        .article("local/new", "2026-11-20", "aliases: [/local/moved/]", "See [it](/local/moved/).")
        .article("local/moved", "2026-11-27", "title: Moved and withheld now", "x");
    let run = site.build();
    assert_eq!(run.diagnostics(), [""; 0]);
    assert!(site.published("local/new/index.html").contains("href=\"/local/moved/\""));
}

#[test]
fn a_withheld_update_of_live_coverage_does_not_leak() {
    let mut site = TestSite::new().at(NOW).file("site.yaml", SETTINGS).article(
        "local/storm",
        "2026-11-23T08:00:00Z",
        "title: Storm\nkind: live",
        "Intro.\n\n## It goes over the hills {time=2026-11-23T13:00}\n\nSecret words.\n\n## It comes from the sea {time=2026-11-23T09:00}\n\nWind.",
    );
    site.build();
    for (path, bytes) in site.output() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("over the hills") && !text.contains("Secret words"), "{path}");
    }
    site.set_now("2026-11-23T13:00:00Z");
    site.build();
    for path in ["local/storm/index.html", "local/storm/live.json", "feed.xml"] {
        assert!(site.published(path).contains("over the hills"), "{path}");
    }
    site.assert_equals_clean("an update is published");
}

#[test]
fn what_only_a_withheld_update_names_is_withheld_with_it() {
    let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3\" height=\"2\"/>";
    let mut photograph = Cursor::new(Vec::new());
    let image = image::RgbImage::from_fn(900, 600, |x, y| image::Rgb([x as u8, y as u8, 90]));
    image.write_to(&mut photograph, image::ImageFormat::Jpeg).expect("encoded");
    let body = "![Now](now.svg)\n\n## It goes over the hills {time=2026-11-23T13:00}\n\n![Hills](hills.jpg) ![Map](map.svg) ![Now](now.svg)\n\n\
                {{ <video src=\"clip.mp4\" title=\"Hills\" /> }}\n\n[all of it][list]\n\n\
                ## It comes from the sea {time=2026-11-23T09:00}\n\n![Sea](sea.svg)\n\n[list]: places/list.pdf\n";
    let mut site = TestSite::new().at(NOW).file("site.yaml", SETTINGS);
    site.write_article("local/storm/index", "2026-11-23T08:00:00Z", "title: Storm\nkind: live", body);
    for (name, bytes) in [
        ("hills.jpg", photograph.get_ref().as_slice()),
        ("map.svg", drawing.as_bytes()),
        ("now.svg", drawing.as_bytes()),
        ("sea.svg", drawing.as_bytes()),
        ("nobody.svg", drawing.as_bytes()),
        ("clip.mp4", b"film"),
        ("places/list.pdf", b"%PDF-1.4"),
    ] {
        site.write(&format!("content/local/storm/{name}"), bytes);
    }
    assert_eq!(site.build().diagnostics(), [""; 0]);
    let of_storm = |site: &TestSite| {
        let files = site.output().into_keys().filter(|path| !path.ends_with("html") && !path.ends_with("json"));
        let files = files.filter(|path| path.starts_with("local/storm/") || path.starts_with("pictures/"));
        files.map(|path| path.rsplit('/').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of_storm(&site), ["nobody.svg", "now.svg", "sea.svg", "social-card.png"]);
    site.set_now("2026-11-23T13:00:00Z");
    site.build();
    let now = of_storm(&site);
    for name in ["hills.jpg", "map.svg", "clip.mp4", "list.pdf"] {
        assert!(now.iter().any(|one| one == name), "{name}: {now:?}");
    }
    assert!(now.iter().any(|one| one.ends_with(".avif")), "its copies: {now:?}");
    site.assert_equals_clean("an update is published, with what it shows");
}

#[test]
fn an_image_that_something_visible_shows_is_not_held_back_with_an_update() {
    let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3\" height=\"2\"/>";
    let late = "## Late {time=2026-11-23T13:00}\n\n![A](a.png) ![B](b.svg) ![C](c.svg)\n\n";
    let mut png = Cursor::new(Vec::new());
    image::RgbImage::new(3, 2).write_to(&mut png, image::ImageFormat::Png).expect("encoded");
    let site = TestSite::new()
        .at(NOW)
        .file("site.yaml", format!("{SETTINGS}languages: {{ en: {{}}, de: {{}} }}\n"))
        .article("local/storm/index", "2026-11-23T08:00:00Z", "title: Storm\nkind: live\nimage: c.svg", late)
        .article(
            "local/storm/index.de",
            "2026-11-23T08:00:00Z",
            "title: Sturm\nkind: live",
            &format!("![B](b.svg)\n\n{late}"),
        )
        .article("local/other", "2026-11-23T08:00:00Z", "title: Other", "![A](storm/a.png)")
        .file("content/local/storm/a.png", png.get_ref())
        .file("content/local/storm/b.svg", drawing)
        .file("content/local/storm/c.svg", drawing);
    site.build();
    for name in ["a.png", "b.svg", "c.svg"] {
        assert!(site.has(&format!("public/local/storm/{name}")), "{name}");
    }
}

#[test]
fn a_withheld_update_is_neither_the_summary_nor_in_the_search() {
    let mut site = TestSite::new().file("site.yaml", SETTINGS).article(
        "local/storm",
        "2026-11-23T08:00:00Z",
        "title: Storm\nkind: live",
        "## Zirconia {time=2026-11-23T13:00}\n\nZirconium words.[^a]\n\n> Zirconate\n\n## Zirconyl\n\n[^a]: Zirconic\n\n## It comes {time=2026-11-23T09:00}\n\nWind.",
    );
    site.build();
    for (path, bytes) in site.output() {
        assert!(!String::from_utf8_lossy(&bytes).to_lowercase().contains("zircon"), "{path}");
    }
    let words = |site: &TestSite| {
        let files = site.output().into_iter().filter(|(path, _)| path.contains("/words-"));
        files.map(|(_, bytes)| String::from_utf8(bytes).expect("text")).collect::<String>()
    };
    assert!(words(&site).contains("\"wind\""), "{}", words(&site));
    site.set_now("2026-11-23T13:00:00Z");
    site.build();
    assert!(words(&site).contains("\"zirconi"), "{}", words(&site));
    site.assert_equals_clean("the update is published");
}

#[test]
fn verify_also_scans_files_that_do_not_belong_there() {
    let site = TestSite::new().file("site.yaml", SETTINGS).article(
        "local/tunnel",
        "2026-11-24",
        "title: The harbour tunnel opens early",
        "Words.",
    );
    site.build();
    site.write("public/backup/index.html", "<h1>The harbour tunnel opens early</h1>");
    let run = site.try_build(&["--verify"]);
    assert!(
        run.diagnostics().iter().any(|one| one.contains("/backup/ would give away the headline")),
        "{:?}",
        run.diagnostics()
    );
    assert_eq!(run.code, 1);
}

#[test]
fn thousands_of_withheld_articles_are_one_search() {
    let site = TestSite::new().file("site.yaml", SETTINGS).article("local/open", "2026-11-20", "", "Words.");
    for number in 0..2000 {
        site.write_article(
            &format!("local/w{number}"),
            "2027-01-01",
            &format!("title: Secret headline number {number} waits"),
            "x",
        );
    }
    let run = site.build();
    assert_eq!((run.number("articles"), run.number("warnings")), (1, 0));
    assert_eq!(site.try_build(&["--verify"]).code, 0);
}

/// Writes files when so many pages have been rendered.
struct Meanwhile<F: Fn() + Sync>(F, std::sync::Once);

impl<F: Fn() + Sync> courant::publish::Progress for Meanwhile<F> {
    fn done(&self, _: courant::publish::Work, _: usize) {
        self.1.call_once(&self.0);
    }
}

impl<F: Fn() + Sync> courant::pipeline::Observer for Meanwhile<F> {}

/// What a build in this process is asked to do.
fn options() -> courant::pipeline::Options {
    let now = NOW.parse::<jiff::Timestamp>().expect("a moment").as_second();
    courant::pipeline::Options { now: courant::article::time::Timestamp(now), ..courant::pipeline::Options::default() }
}

/// Builds in this process, while somebody does something as soon as the first page has been rendered.
fn build_while(site: &TestSite, something: impl Fn() + Sync) -> Result<courant::pipeline::Report, String> {
    let options = courant::pipeline::Options { verify: true, ..options() };
    let observer = Meanwhile(something, std::sync::Once::new());
    courant::pipeline::build(site.root(), &options, &observer).map_err(|failure| format!("{failure:?}"))
}

fn assert_nowhere(site: &TestSite, word: &str) {
    for (path, bytes) in site.output() {
        assert!(!bytes.windows(word.len()).any(|window| window == word.as_bytes()), "{path} says {word}");
    }
}

#[test]
fn an_article_that_becomes_a_draft_during_the_build_is_not_published() {
    let site = TestSite::new();
    let names: Vec<String> = (0..40).map(|number| format!("story-{number}")).collect();
    for name in &names {
        site.write_article(&format!("local/{name}"), "2026-11-20", "", "Nothing yet.");
    }
    let old: Vec<String> = names.iter().map(|name| site.read(&format!("content/local/{name}.md"))).collect();
    let withhold = || {
        for name in &names {
            let front = "reason: SECRETREASON of some length\ndraft: true";
            site.write_article(&format!("local/{name}"), "2026-11-20", front, "SECRETBODY, which nobody may see.");
        }
    };
    let report = build_while(&site, withhold).expect("a build of drafts");
    assert_eq!(report.articles, 0, "the build began again");
    assert_nowhere(&site, "SECRET");
    assert_nowhere(&site, "Nothing yet");
    site.assert_equals_clean("withheld during the build");
    for (name, text) in names.iter().zip(&old) {
        site.write(&format!("content/local/{name}.md"), text);
    }
    site.build();
    assert_nowhere(&site, "SECRET");
    site.assert_equals_clean("the old bytes are back");
}

#[test]
fn what_is_copied_and_what_stands_beside_has_one_content_in_a_build() {
    let site = TestSite::new().file("data/facts.yaml", "number: 1\n");
    site.write("themes/own/theme.yaml", "name: own\nextends: broadsheet\n");
    site.write("themes/own/templates/404.html", "{% set facts = data(name=\"facts\") %}{{ facts.number }}");
    site.write("site.yaml", "title: T\nbase_url: https://test.example\ntheme: own\n");
    for number in 0..20 {
        site.write(&format!("static/file-{number}.txt"), "old");
        site.write_article(&format!("local/s{number}"), "2026-11-20", "", "Text.");
        site.write(&format!("content/local/s{number}.comments.yaml"), "- {id: a, name: A, text: old words}\n");
    }
    let change = || {
        for number in 0..20 {
            site.write(&format!("static/file-{number}.txt"), "new and longer");
            site.write(&format!("content/local/s{number}.comments.yaml"), "- {id: a, name: A, text: new words}\n");
        }
        site.write("data/facts.yaml", "number: 2\n");
        site.write("content/authors/new.md", "---\nname: New\n---\n");
    };
    let report = build_while(&site, change).expect("a build");
    assert!(!report.has_errors(), "{:?}", report.diagnostics);
    site.build();
    site.assert_equals_clean("changed during the build");
}

#[test]
fn a_source_that_never_holds_still_publishes_nothing_and_is_named() {
    struct Restless<'a>(&'a TestSite, std::sync::atomic::AtomicU32);
    impl courant::publish::Progress for Restless<'_> {
        fn done(&self, _: courant::publish::Work, _: usize) {
            let number = self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            for name in 0..40 {
                self.0.write_article(&format!("local/s{name}"), "2026-11-20", "", &format!("Version {number}."));
            }
        }
    }
    impl courant::pipeline::Observer for Restless<'_> {}
    let site = TestSite::new();
    for name in 0..40 {
        site.write_article(&format!("local/s{name}"), "2026-11-20", "", "First.");
    }
    let observer = Restless(&site, std::sync::atomic::AtomicU32::new(0));
    let failure = courant::pipeline::build(site.root(), &options(), &observer).expect_err("nothing holds still");
    let courant::pipeline::Failure::Site(problems) = failure else { panic!("{failure:?}") };
    assert!(problems[0].message.contains("changed during each of 4 attempts"), "{problems:?}");
    assert!(problems[0].place.as_ref().is_some_and(|place| place.path.starts_with("content/local/s")));
    assert!(site.output().keys().all(|path| path.starts_with(".courant")), "{:?}", site.output().keys());
}

#[test]
fn an_old_log_never_keeps_a_withdrawn_page_alive() {
    let site = TestSite::new().article("local/first", "2026-11-20", "", "Text.");
    site.build();
    let kept = tempfile::tempdir().expect("a folder");
    let keep = |name: &str| fixture::keep(&site.path(name), &kept.path().join(name));
    let restore = |name: &str| fixture::keep(&kept.path().join(name), &site.path(name));
    keep(".courant");
    keep("public");
    site.write_article("local/second", "2026-11-21", "", "Text.");
    site.build();
    assert!(site.has("public/local/second/index.html"));
    // The log of a moment at which the page did not exist, without its folder.
    site.remove("content/local/second.md");
    restore(".courant");
    site.build();
    assert!(!site.has("public/local/second/index.html"), "the log is older than the folder");
    site.assert_equals_clean("an old log");
    // With its folder it is worth something.
    site.write_article("local/third", "2026-11-22", "", "Text.");
    site.build();
    restore(".courant");
    restore("public");
    site.remove("content/local/third.md");
    let run = site.build();
    site.assert_equals_clean("an old log with its folder");
    assert_eq!(run.number("rendered"), 0, "{:?}", run.rendered());
    // The folder laid over a newer one: only the withheld article tells of its page.
    site.write_article("local/fourth", "2026-11-22", "", "Text.");
    site.build();
    let copied =
        std::process::Command::new("cp").arg("-a").arg(kept.path().join("public/.")).arg(site.path("public")).status();
    assert!(copied.expect("cp runs").success());
    restore(".courant");
    site.write_article("local/fourth", "2026-11-22", "draft: true", "Text.");
    site.build();
    assert!(!site.has("public/local/fourth/index.html"), "a folder made of two");
}

#[test]
fn a_log_that_was_cut_cleanly_is_not_trusted() {
    let site = TestSite::new();
    for number in 0..30 {
        site.write_article(&format!("local/s{number}"), "2026-11-20", "", "Text.");
    }
    site.build();
    let log = || {
        let logs = std::fs::read_dir(site.path(".courant")).expect("a folder").flatten().map(|entry| entry.path());
        logs.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "log")).expect("a log")
    };
    let base = std::fs::metadata(log()).expect("there").len();
    site.write_article("local/late", "2026-11-21", "", "Text.");
    site.build();
    assert!(std::fs::metadata(log()).expect("there").len() > base, "it was appended to");
    let file = std::fs::File::options().write(true).open(log()).expect("opened");
    file.set_len(base).expect("cut");
    site.remove("content/local/late.md");
    site.build();
    assert!(!site.has("public/local/late/index.html"));
    site.assert_equals_clean("a log without its end");
}

#[test]
fn a_failed_build_names_the_withdrawn_pages_that_are_still_public() {
    let site = TestSite::new();
    for name in ["stays", "drafted", "deleted", "broken", "expired"] {
        site.write_article(&format!("local/{name}"), "2026-11-20", "", "Text.");
    }
    site.build();
    let before = site.output();
    site.write_article("local/stays", "2026-11-20", "", "Text, edited.");
    site.write_article("local/drafted", "2026-11-20", "draft: true", "Text.");
    site.write_article("local/expired", "2026-11-20", "expires: 2026-11-22", "Text.");
    site.remove("content/local/deleted.md");
    site.write("content/local/broken.md", "---\ntitle: A\ndraft: ture\n---\n");
    let run = site.build_as_a_person(&[]);
    assert_eq!(run.code, 1);
    let last = run.stderr.lines().last().unwrap_or_default();
    assert_eq!(last, "withdrawn, but still public: /local/broken/, /local/deleted/, /local/drafted/, /local/expired/");
    site.write("content/local/broken.md", "---\ntitle: [\n---\n");
    let run = site.build_as_a_person(&[]);
    let last = run.stderr.lines().last().unwrap_or_default();
    assert_eq!(last, "withdrawn, but still public: /local/deleted/, /local/drafted/, /local/expired/");
    assert!(site.output() == before, "nothing was touched");
    // A broken configuration hides none of them.
    site.write("content/local/broken.md", "---\ntitle: Good again\ndate: 2026-11-20\n---\n");
    let good = site.read("site.yaml");
    site.write("site.yaml", format!("{good}titel: x\n"));
    let run = site.build_as_a_person(&[]);
    assert!(
        run.stderr.ends_with("still public: /local/deleted/, /local/drafted/, /local/expired/\n"),
        "{}",
        run.stderr
    );
    assert!(site.output() == before, "nothing was touched");
    let run = site.build_as_a_person(&["--keep-going"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("only withdrawals were published: /local/deleted/"), "{}", run.stderr);
    for name in ["deleted", "drafted", "expired"] {
        assert!(!site.has(&format!("public/local/{name}")), "{name}");
    }
    assert!(site.has("public/local/stays/index.html"));
    site.write("site.yaml", good);
    site.build();
    site.assert_equals_clean("the configuration is mended");
}

#[test]
fn no_mistake_in_the_configuration_hides_what_is_withdrawn_or_takes_anything_else_away() {
    let good = "title: T\nbase_url: https://test.example/blog\noutput: out\ntimezone: Europe/Berlin\ntheme: own\n\
                permalink: /{slug}/\nlanguages: {en: {}, de: {}}\n";
    let now = "2026-11-23T12:00:00Z";
    let extra = [("nonsense: 1\n", "nonsense"), ("menu: [\n", "menu"), ("title: \"x\n", "title")];
    let mistakes: Vec<String> = extra
        .map(|(line, _)| format!("{good}{line}"))
        .into_iter()
        .chain([
            format!("menu: [{{\n{good}"),
            good.replace("https://test.example/blog", "test"),
            good.replace("{slug}", "{slag}"),
            good.replace("Europe/Berlin", "Europe/Berlind"),
            good.replace("theme: own", "theme: [own]"),
            good.replace("de: {}", "de: {titel: x}"),
            good.replace("{en: {}, de: {}}", "[en, de]"),
            good.replace("title: T", "title T"),
        ])
        .collect();
    for mistake in mistakes {
        let site = TestSite::new()
            .at(now)
            .file("site.yaml", good)
            .file("themes/own/theme.yaml", "name: own\napi: 1\nextends: broadsheet\n");
        for name in ["a", "a.de", "b", "b.de", "c"] {
            site.write_article(&format!("local/{name}"), "2026-11-20", "draft: false", "Text.");
        }
        // The address of a draft without the permalink is that of a visible article.
        site.write_article("local/d", "2026-11-20", "permalink: /local/e/", "Text.");
        site.write_article("local/e", "2026-11-20", "draft: true", "Text.");
        site.build();
        let before = fixture::tree(&site.path("out"));
        for name in ["a.de", "b"] {
            site.write_article(&format!("local/{name}"), "2026-11-20", "draft: true", "Text.");
        }
        site.remove("content/local/c.md");
        site.write("site.yaml", &mistake);
        let run = site.build_as_a_person(&[]);
        assert_eq!(run.code, 1, "{mistake}: {}", run.stderr);
        let last = run.stderr.lines().last().unwrap_or_default();
        assert_eq!(last, "withdrawn, but still public: /b/, /c/, /de/a/", "{mistake}: {}", run.stderr);
        assert_eq!(fixture::tree(&site.path("out")), before, "{mistake}");
        site.build_as_a_person(&["--keep-going"]);
        for (page, is_there) in
            [("a", true), ("b", false), ("c", false), ("de/a", false), ("de/b", true), ("local/e", true)]
        {
            assert_eq!(site.has(&format!("out/{page}/index.html")), is_there, "{page} {mistake}");
        }
    }
}

#[test]
fn an_address_that_is_too_long_stops_the_build_at_its_key_and_withdrawals_are_named() {
    let site = TestSite::new().article("local/gone", "2026-11-20", "", "Text.");
    site.write_article("local/tagged", "2026-11-20", "tags: [short]", "Text.");
    site.build();
    let before = site.output();
    site.write_article("local/gone", "2026-11-20", "draft: true", "Text.");
    let long = "a".repeat(300);
    let deep = format!("/{}/", ["folder"; 150].join("/"));
    for (front, line, what) in [
        (format!("slug: {long}"), 4, "300 bytes"),
        (format!("tags: [short, {long}]"), 4, "300 bytes"),
        (format!("permalink: {deep}"), 4, "bytes; 800 are possible"),
        (format!("aliases: [/x/, {deep}]"), 4, "bytes; 800 are possible"),
    ] {
        site.write_article("local/tagged", "2026-11-20", &front, "Text.");
        let run = site.try_build(&[]);
        assert_eq!(run.code, 1, "{front}");
        let wanted = format!("error content/local/tagged.md:{line}:");
        let told = run.diagnostics();
        assert!(told.iter().any(|one| one.starts_with(&wanted) && one.contains(what)), "{front}: {told:?}");
        assert!(site.output() == before, "{front}");
        assert!(site.build_as_a_person(&[]).stderr.ends_with("still public: /local/gone/\n"));
    }
}

#[cfg(unix)]
#[test]
fn withdrawn_pages_go_before_anything_else_happens() {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65534;
    let site =
        TestSite::new().article("local/gone", "2026-11-20", "", "Text.").article("news/a", "2026-11-20", "", "x");
    site.build();
    site.write_article("local/gone", "2026-11-20", "draft: true", "Text.");
    site.write_article("news/a", "2026-11-20", "", "edited");
    let folder = site.path("public/news/a");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_courant"));
    let elsewhere = tempfile::tempdir().expect("a folder");
    if nix::unistd::geteuid().is_root() {
        // Nothing stops root, so somebody else builds, with a program that they can reach.
        let program = elsewhere.path().join("courant");
        fs::copy(env!("CARGO_BIN_EXE_courant"), &program).expect("copied");
        fs::set_permissions(elsewhere.path(), Permissions::from_mode(0o755)).expect("set");
        for entry in walkdir::WalkDir::new(site.root()).into_iter().flatten().filter(|entry| entry.path() != folder) {
            chown(entry.path(), Some(NOBODY), Some(NOBODY)).expect("given away");
        }
        command = std::process::Command::new(program);
        command.uid(NOBODY).gid(NOBODY);
    }
    fs::set_permissions(&folder, Permissions::from_mode(0o555)).expect("set");
    let output = command.current_dir(site.root()).args(["build", "--at", NOW]).output().expect("the program runs");
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).expect("set");
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(site.published("news/a/index.html").contains('x'), "it could not be replaced");
    assert!(!site.has("public/local/gone/index.html"), "gone, although the build failed");
    site.build();
    site.assert_equals_clean("the folder can be written again");
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

/// The paths of published files, but those that are made for the site.
fn published_files(site: &TestSite) -> Vec<String> {
    let mine = |path: &String| ["local/", "press/", "files/"].iter().any(|folder| path.starts_with(folder));
    let is_page = |path: &String| path.ends_with("index.html") || path.ends_with(".xml") || path.ends_with("feed.json");
    let is_card = |path: &String| path.ends_with("social-card.png");
    site.output().into_keys().filter(|path| mine(path) && !is_page(path) && !is_card(path)).collect()
}

#[test]
fn what_a_reporter_worked_with_is_not_published_unless_something_links_to_it() {
    let private = [
        "story.docx",
        "notes for Jane.txt",
        "~$story.docx",
        "~$photo.png",
        "x.tmp",
        "sums.xlsx",
        "Re: leak.eml",
        "layers.psd",
        "draft.odt",
        "draft.pages",
        "report.pdf",
        "contacts.csv",
        "app.icns",
        "code.ts",
        "source.heic",
        "phone.vcf",
        "mail.msg",
        "backup.zip",
        "PHOTO.CR2",
        "LICENSE",
    ];
    let site = TestSite::new().file("site.yaml", SETTINGS).article("local/open/index", "2026-11-20", "", "Words.");
    for name in private {
        site.write(&format!("content/local/open/{name}"), "private");
        site.write(&format!("content/local/{name}"), "private");
        site.write(&format!("static/files/{name}"), "the owner wants it");
    }
    // A model and a film in parts; without what they are parts of, such files are anybody's.
    for name in ["model.gltf", "model.bin", "model.usdz", "live/film.m3u8", "live/one.ts", "live/two.M4S"] {
        site.write(&format!("content/local/open/{name}"), "x");
    }
    for name in ["drawn.svg", "film.mp4", "data.json", "chart.js"] {
        site.write(&format!("content/local/open/{name}"), "<svg/>");
    }
    let run = site.build();
    let kept: Vec<String> = private.iter().map(|name| format!("files/{name}")).collect();
    let mut expected: Vec<String> =
        ["chart.js", "data.json", "drawn.svg", "film.mp4", "model.gltf", "model.bin", "model.usdz"]
            .iter()
            .chain(&["live/film.m3u8", "live/one.ts", "live/two.M4S"])
            .map(|name| format!("local/open/{name}"))
            .collect();
    expected.extend(kept);
    expected.sort();
    assert_eq!(published_files(&site), expected);
    let told = run.diagnostics();
    for name in private {
        for folder in ["local", "local/open"] {
            let warning =
                format!("warning content/{folder}/{name} this file is not published: no visible page links to it");
            assert!(told.contains(&warning), "{name}: {told:?}");
        }
    }
    // Of what is published, one has a name that Windows refuses.
    let private_ones = told.iter().filter(|one| one.contains("this file is not published"));
    assert_eq!((private_ones.count(), told.len()), (2 * private.len(), 2 * private.len() + 1), "{told:?}");
    // A build that has nothing to do says so too.
    let again = site.build();
    assert_eq!((again.number("written"), again.diagnostics()), (0, told));
    assert_eq!(site.try_build(&["--strict"]).code, 1);
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
fn the_file_of_a_section_in_a_language_that_the_site_has_not_withholds_where_there_are_no_languages() {
    let site = TestSite::new()
        .file("site.yaml", SETTINGS)
        .article("news/a", "2026-11-20", "", "Words.")
        .file("content/news/_index.de.md", "---\ntitle: News\ndraft: true\n---\n");
    let run = site.build();
    assert!(run.diagnostics()[0].contains("the site has no language `de`"), "{:?}", run.diagnostics());
    assert!(!site.has("public/news"));
    site.write("site.yaml", format!("{SETTINGS}languages: {{en: {{}}, fr: {{}}}}\n"));
    let run = site.build();
    assert!(run.diagnostics()[0].contains("what it says counts nowhere"), "{:?}", run.diagnostics());
    assert!(site.has("public/news/a/index.html"));
    site.assert_equals_clean("languages");
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
fn data_for_the_templates_of_eleventy_stays_where_it_is() {
    let site = TestSite::new().file("site.yaml", SETTINGS).article("local/open", "2026-11-20", "", "Words.").article(
        "local/chart/index",
        "2026-11-20",
        "",
        "<script>fetch('index.json')</script>",
    );
    for name in
        ["local.json", "open.json", "local.11tydata.js", "open.11tydata.json", "chart/index.json", "chart/a.json"]
    {
        site.write(&format!("content/local/{name}"), "{\"layout\": \"private\"}");
    }
    let run = site.build();
    // A script of the page reads the one, and the other belongs to no text.
    assert_eq!(published_files(&site), ["local/chart/a.json", "local/chart/index.json"]);
    let told = run.diagnostics();
    assert_eq!(told.iter().filter(|one| one.contains("courant reads no data of articles")).count(), 4, "{told:?}");
}

#[test]
fn a_document_that_a_visible_page_names_is_published_however_it_is_named() {
    let site = TestSite::new()
        .file(
            "site.yaml",
            format!("{SETTINGS}menu:\n  - {{title: Kit, url: /press/menu.pdf}}\npublisher: {{name: P, logo: /press/logo.ai}}\n"),
        )
        .article("local/open", "2026-11-20", "attachment: b.docx\nsource: {name: S, url: /press/source.pdf}\ncorrections: [{date: 2026-11-21, text: \"See [it](corrected.odt).\"}]", "[a](a.xlsx) and [b](</local/notes for Jane.txt>) and <a href=\"quoted.eml\">c</a>, <a href=plain.txt>d</a>.\n\nembedded.pdf\n")
        .file("content/local/_index.md", "---\ntitle: Local\n---\n\n[s](section.pdf)\n")
        .file("content/authors/ann.md", "---\nname: Ann\nlinks: [{title: CV, url: /press/cv.pdf}]\n---\n");
    let named = [
        "local/a.xlsx",
        "local/b.docx",
        "local/corrected.odt",
        "local/embedded.pdf",
        "local/notes for Jane.txt",
        "local/plain.txt",
        "local/quoted.eml",
        "local/section.pdf",
        "press/cv.pdf",
        "press/logo.ai",
        "press/menu.pdf",
        "press/source.pdf",
    ];
    for path in named {
        site.write(&format!("content/{path}"), "public");
    }
    let run = site.build();
    assert_eq!(published_files(&site), named, "{:?}", run.diagnostics());
    assert!(!run.diagnostics().iter().any(|one| one.contains("not published")), "{:?}", run.diagnostics());
}

#[test]
fn what_cannot_be_read_withholds_all_that_it_may_withhold_when_the_build_goes_on() {
    const ARTICLE: &str = "---\ntitle: Plain\ndate: 2026-11-20\n---\n\nWords.\n";
    let good = [
        ("local/_index.md", "---\ntitle: Local\n---\n"),
        ("local/plain.md", ARTICLE),
        ("local/bundle/index.md", "---\ntitle: Bundle\ndate: 2026-11-20\n---\n\n![Photo](photo.svg)\n"),
        ("local/shot.md", "---\ntitle: Shot\ndate: 2026-11-20\n---\n\n![Shot](shot.svg)\n"),
        ("world/open.md", ARTICLE),
        ("world/deep/deep.md", ARTICLE),
    ];
    let all = [
        "local/plain/index.html",
        "local/bundle/photo.svg",
        "local/bundle/unnamed.svg",
        "local/shot.svg",
        "local/chart.svg",
        "world/open/index.html",
        "world/deep/index.html",
    ];
    let local = &all[..5];
    let bad: &[(&str, &str, &[&str])] = &[
        ("local/_index.md", "---\ndraft: true\norder: first\n---\n", local),
        ("local/_index.md", "---\ntitle: [\ndraft: true\n---\n", local),
        ("local/_index.md", "---\nembargo: Monday\n---\n", local),
        ("local/_index.md", "---\ncascade: {target: {kind: page}, draft: true}\n---\n", local),
        ("local/_Index.md", "---\ndraft: true\n---\n", local),
        ("world/deep/_index.md", "---\ndraft: ture\n---\n", &["world/deep/index.html"]),
        ("local/bundle/index.md", "---\ntitle: B\ndraft: true\nupdated: soon\n---\n", &all[1..3]),
        ("local/bundle/index.md", "---\ntitle: B\ndate: 2026-11-20\n---\n\nText <!-- open\n", &all[1..3]),
        ("local/shot.md", "---\ntitle: S\nembargo: Monday\n---\n\n![Shot](shot.svg)\n", &all[3..4]),
        ("local/shot.md", "---\ntitle: S\ndarft: true\nimage: shot.svg\n---\n", &all[3..4]),
        ("content/_index.md", "---\ncascade: {draft: true}\nembargo: Monday\n---\n", &[]),
    ];
    for (path, text, withheld) in bad {
        let site = TestSite::new().file("site.yaml", SETTINGS);
        for (path, text) in good {
            site.write(&format!("content/{path}"), text);
        }
        for path in all.iter().filter(|path| path.ends_with(".svg")) {
            site.write(&format!("content/{path}"), "<svg/>");
        }
        let is_there = |path: &str| site.has(&format!("public/{path}"));
        let is_of_site = withheld.is_empty();
        let path = if is_of_site { (*path).to_owned() } else { format!("content/{path}") };
        let was = site.has(&path).then(|| site.read(&path));
        if !path.contains("_Index") {
            site.build();
            assert!(all.iter().all(|path| is_there(path)), "{path}");
        } else {
            site.remove("content/local/_index.md");
        }
        let before = site.output();
        site.write(&path, text);
        assert_eq!(site.try_build(&["--keep-going"]).code, 1, "{path}: {text}");
        let after = site.output();
        if is_of_site {
            assert_eq!(before, after);
            site.remove("public");
            assert_eq!(site.try_build(&["--keep-going"]).code, 1);
            assert!(!site.has("public/index.html"));
        } else {
            let missing: Vec<&str> = all.into_iter().filter(|path| !is_there(path)).collect();
            assert_eq!(missing, *withheld, "{path}: {text}");
            assert!(is_there("world/open/index.html"));
            site.remove("public");
            assert_eq!(site.try_build(&["--keep-going"]).code, 1);
            assert_eq!(site.output(), after, "{path}: {text}");
        }
        match was {
            Some(text) => site.write(&path, text),
            None => site.remove(&path),
        }
        site.build();
        assert!(all.iter().all(|path| is_there(path)), "{path}");
        site.assert_equals_clean(&path);
    }
}

#[test]
fn a_file_that_only_a_withheld_article_names_comes_and_goes_with_it() {
    let mut site = TestSite::new()
        .file("site.yaml", SETTINGS)
        .article("local/open", "2026-11-20", "", "![Both](both.svg)")
        .article(
            "local/secret",
            "2026-11-24",
            "image: lead.svg",
            "[plan](plan.pdf) ![Plan](plan.svg) ![Both](both.svg)",
        );
    for name in ["plan.pdf", "plan.svg", "lead.svg", "both.svg", "nobody.svg"] {
        site.write(&format!("content/local/{name}"), "<svg/>");
    }
    // What waits for its article needs no warning.
    assert_eq!(site.build().diagnostics(), [""; 0]);
    assert_eq!(published_files(&site), ["local/both.svg", "local/nobody.svg"]);
    site.set_now("2026-11-24T00:00:00Z");
    site.build();
    assert_eq!(
        published_files(&site),
        ["local/both.svg", "local/lead.svg", "local/nobody.svg", "local/plan.pdf", "local/plan.svg"]
    );
    site.assert_equals_clean("the article is published");
    let open = site.read("content/local/secret.md");
    site.write("content/local/secret.md", open.replace("---\n\n", "draft: true\n---\n\n"));
    site.build();
    assert_eq!(published_files(&site), ["local/both.svg", "local/nobody.svg"]);
    site.assert_equals_clean("it is withdrawn");
}

#[test]
fn an_output_folder_that_is_removed_during_the_build_is_made_again() {
    let site = TestSite::new();
    for number in 0..20 {
        site.write_article(&format!("local/s{number}"), "2026-11-20", "", "Text.");
    }
    for round in 0..2 {
        let report = build_while(&site, || site.remove("public")).expect("a build");
        assert!(!report.has_errors(), "round {round}: {:?}", report.diagnostics);
        site.assert_equals_clean(&format!("removed during the build, round {round}"));
        site.write_article("local/s1", "2026-11-20", "", "Other text.");
    }
}

/// Front matter that asks for withholding in the words of many programs.
const WISHES: &[&str] = &[
    "publish: {date: 2027-01-01}",
    "publish: {from: 2027-01-01}",
    "publishing: {date: 2027-01-01}",
    "publication: {date: 2027-01-01}",
    "schedule: {start: 2027-01-01}",
    "schedule: {date: 2027-01-01}",
    "timing: {from: 2027-01-01}",
    "press_embargo: 2027-01-01",
    "embargolift: 2027-01-01",
    "publish_ts: 2027-01-01",
    "online_from: 2027-01-01",
    "held_until: 2027-01-01",
    "held: true",
    "pending: true",
    "rejected: true",
    "is_live: false",
    "go_live: false",
    "is_pending: true",
    "fields: {status: {en-US: draft}}",
    "sys: {publishedVersion: null}",
    "_id: drafts.a7",
    "first_published_at: null",
    "datepublish: 2027-01-01",
    "wp:post_password: x",
    "wp:status: draft",
    "app:draft: yes",
    "post_date_gmt: '0000-00-00 00:00:00'",
    "email_only: true",
    "state: [draft]",
    "flags: [draft]",
    "params.draft: true",
    "extra.publishDate: 2027-01-01",
    "entwurf: true",
    "Brouillon: oui\ndraft: true",
    "下書き: true",
    "sperrfrist: 2027-01-01",
    "sperrfrist: true",
    "underembargo: true",
    "release_date: false",
    "visible_from: false",
    "embargo_until: true",
    "veröffentlicht: false",
    "status: Entwurf",
    "permalink: no",
    "Draft: true",
    "DRAFT: True",
    "drafts: true",
    "is_draft: yes",
    "is-draft: 'true'",
    "draft: draft",
    "Date: 2027-01-01",
    "embargo: true",
    "embargoed: 2027-01-01",
    "embargo-until: 2027-01-01",
    "publish: false",
    "Published: no",
    "published: 2027-01-01",
    "published: draft",
    "publication_date: 2027-01-01",
    "publishDate: 2027-01-01",
    "publish-date: 2027-01-01",
    "published_at: 2027-01-01",
    "pubDate: 2027-01-01",
    "publishDate: false",
    "expiryDate: 2026-01-01",
    "Expiry_Date: 2026-01-01",
    "expired: true",
    "unpublish_date: 2026-01-01",
    "unpublished: true",
    "private: true",
    "hidden: true",
    "unlisted: true",
    "status: draft",
    "status: embargoed",
    "status: Auto-Draft",
    "status: scheduled",
    "post_status: future",
    "visibility: private",
    "Visibility: Hidden",
    "password: x",
    "post_password: '1'",
    "build: {render: never}",
    "permalink: false",
    "headless: true",
    "<<: {draft: true}",
    "defaults: &base {draft: true}\n<<: *base",
    "a: &a {draft: true}\nb: &b {kind: report}\n<<: [*b, *a]",
    "withdrawn: true",
    "public: false",
    // What nobody sees in a key, and letters of another width.
    "\u{a0}draft: true",
    "\u{200b}draft: true",
    "draft\u{200b}: true",
    "dra\u{ad}ft: true",
    "draft\u{200e}: true",
    "\u{3000}draft: true",
    "\u{ff44}\u{ff52}\u{ff41}\u{ff46}\u{ff54}: true",
    // The words of other programs.
    "enabled: false",
    "postDate: 2027-01-01",
    "publishedAt: null",
    "published_at: ''",
    "state: draft",
    "workflow: In review",
    "is_hidden: true",
    "render: false",
    "routable: false",
    "embargo-until-date: 2027-01-01",
    "embargoed_til: 2027-01-01",
    "not_before: 2027-01-01",
    "go_live: 2027-01-01",
    "do_not_publish: true",
    "noPublish: true",
    "online: false",
    "hold: true",
    "spiked: true",
    "archived: true",
    "deleted: true",
    "wip: true",
    "listed: false",
    "password: 0",
    "publish_status: draft",
    "isPublic: false",
    "is_visible: false",
    "dg-publish: false",
    "publish_time: 2027-01-01",
    "publishFrom: 2027-01-01",
    "draft_until: 2027-01-01",
    "hidden_until: 2027-01-01",
    "hidden_from: 2026-01-01",
    "valid_until: 2026-11-10",
    "expires_on_date: 2026-11-10",
    "build: {render: link}",
    "params: {draft: true}",
    "extra:\n  expiryDate: 2026-01-01",
    "extra: {publishDate: false}",
    "params: {published_at: null}",
    "metadata: {status: draft}",
    // In maps of other programs.
    "params: {status: wip}",
    "workflow: {state: draft}",
    "workflow: {status: draft}",
    "params: {cms: {draft: true}}",
    "options: {draft: true}",
    "sanity: {status: in progress}",
    "params: {embargo_lift: 2027-01-01}",
    "eleventyComputed: {permalink: false}",
    "eleventyComputed: {draft: true}",
    // Keys of other programs, and keys that name a state.
    "pubDatetime: 2027-05-01T00:00:00Z",
    "moderation_state: draft",
    "wp_post_status: draft",
    "first_published_at: 2027-01-01",
    "articleStatus: embargoed",
    "workflow-status: draft",
    "editorial_status: draft",
    "review_status: draft",
    "stage: draft",
    "phase: draft",
    "draft_status: in progress",
    // A word of withholding beside others.
    "under_embargo: true",
    "underEmbargo: yes",
    "embargo_lift: 2027-01-01",
    "embargo_lifts: 2027-01-01",
    "lift_embargo: 2027-01-01",
    "to_be_published: 2027-01-01",
    "draftMode: true",
    "on_hold: true",
    "trash: true",
    "removed: true",
    "killed: true",
    "pulled: true",
    "spike: true",
    "deleted: 2026-05-01",
    "deleted_at: 2026-05-01",
    "active: false",
    "disabled: true",
    "go-live-date: 2027-01-01",
    "takedown: 2026-05-01",
    "do_not_publish_until: 2027-01-01",
    "embargo_expires: 2027-01-01",
    "withdrawn_at: 2026-01-01",
    "offline_from: 2026-01-01",
    "approved: false",
    "ready: no",
    "workflow: {stage: editing}",
    "schedule: {publish: 2027-01-01}",
    "status: in legal review",
    "article_status: draft 2",
    "wp: {post_status: pending}",
    // Values that a program wraps into maps.
    "properties: {Status: {id: x, type: select, select: {id: y, name: Draft, color: red}}}",
    "properties: {Status: {type: status, status: {name: In progress}}}",
    "properties: {Status: {status: {name: Not started}}}",
    "properties: {Tags: {multi_select: []}, \"Publish date\": {type: date, date: {start: 2027-01-01, end: null}}}",
    "properties: {Publication Status: {multi_select: [{name: News}, {name: Draft}]}}",
    "properties: [{name: Status, value: Draft}, {name: Size, value: 3}]",
    "properties: {Status: {rich_text: [{type: text, plain_text: draft}]}}",
    "Status: {select: {name: Draft}}",
    "status: {value: draft}",
    "status: [draft]",
    "in_trash: true",
    "is_archived: true",
    "taxonomies: {tags: [a], draft: true}",
    "taxonomies: {tags: [a]}\ndraft: true # for now",
    // Of several values, the one that withholds most.
    "embargo: [2026-11-01, 2027-01-01]",
    "draft: [false, true]",
    "press_embargo: [2026-11-01, 2027-01-01]",
    "expires: [2027-01-01, 2026-01-01]",
    // A time of the day that stands beside its day.
    "embargo: 2026-11-23\nembargo_time: \"18:00\"",
    "embargo: {date: 2026-11-23, time: \"18:00\"}",
    "go_live_date: 2026-11-23\ngo_live_time: 6 pm",
    "publish: {date: 2026-11-23, time: \"18:00\"}",
    "schedule: {date: 2026-11-23, time: 18.00 Uhr}",
    "schedule: {start_date: 2026-11-23, start_time: \"18:00\"}",
    "publishDate: 2026-11-23\npublishTime: \"18:00\"",
    "Date: 2026-11-23\ntime: \"18:00\"",
    "press_embargo: 2026-11-23\npress_embargo_time: \"18:00\"",
    "embargo: 2026-11-23\ntime: \"18:00\"",
    // Maps that say when something is published.
    "schedule: {start_date: 2027-01-01}",
    "schedule: {startDate: 2027-01-01}",
    "schedule: {starts_at: 2027-01-01}",
    "schedule: {day: 2027-01-01}",
    "schedule: {start: {date: 2027-01-01}}",
    "schedule: {start: [2026-01-01, 2027-01-01]}",
    "schedule: [{start: 2027-01-01}]",
    "schedule: {unpublish: 2026-02-01}",
    "timing: {live_at: 2027-01-01}",
    "cms: {publishing: {startDate: 2027-01-01}}",
    "planning: {scheduling: {planned_publish_date: 2027-01-01}}",
    "press_embargo: {until: 2027-01-01}",
    // Moments in maps behind keys that have one themselves.
    "embargo: {until: 2027-01-01}",
    "embargo: {date: 2027-01-01}",
    "embargo: {from: 2026-01-01, until: 2027-01-01, note: for the press}",
    "embargo: {from: 2026-01-01, expires: 2027-01-01}",
    "embargo: {press: 2027-01-01}",
    "embargo: [{until: 2026-01-01}, {until: {date: 2027-01-01}}]",
    "embargo: {until: 2026-11-23, time: \"18:00\"}",
    "embargo: {until: 2026-11-23}\nembargo_time: \"18:00\"",
    "embargo: {date: 2026-01-01, time: \"18:00\", draft: true}",
    "params: {embargo: {until: 2027-01-01}}",
    "published: {from: 2027-01-01}",
    "expires: {on: 2026-02-01}",
    "expires: {date: 2026-11-22, time: \"06:00\"}",
    // A moment for each language.
    "publication: {de: 2027-01-01}",
    "publication: {de: 2027-01-01, note: x}",
    "schedule: {en: 2026-01-01, de-AT: {start: 2027-01-01}}",
    "press_embargo: {de: 2027-01-01}",
    // States, in other languages and with decorations, too.
    "approval: pending",
    "moderation: pending",
    "review: pending",
    "released: false",
    "release: false",
    "state: \"📝 Draft\"",
    "stage: 1 - Draft",
    "workflow_step: draft",
    "estado: borrador",
    "stato: bozza",
    "état: brouillon",
    "etat: brouillon",
    "zustand: entwurf",
    "workflow: [Draft]",
    "kill: true",
    "off_the_record: true",
    "dont_publish: true",
    // More words of other programs.
    "StopPublish: 2026-02-01",
    "publish_stop: 2026-02-01",
    "stop_publishing: 2026-02-01",
    "offTime: 2026-02-01",
    "onTime: 2027-01-01",
    "pubstatus: withheld",
    "pubstatus: canceled",
    "params: {pubstatus: cancelled}",
    "state: recalled",
    "state: queued",
    "state: 0",
    "isDelisted: true",
    "ignored: true",
    "first_publication_date: null",
    "security: private",
    "available: false",
    "internal_only: true",
    "workInProgress: true",
    "entwurf: ja",
    "brouillon: oui",
    "borrador: sí",
    "veröffentlicht: nein",
    "veroeffentlicht: nein",
    "gepubliceerd: nee",
    "draft: ja",
    "gesperrt: true",
    "sperrvermerk: ja",
    "freigegeben: false",
    "fecha_publicación: 2027-01-01",
    "fecha_publicacion: 2027-01-01",
    "unpublish: 2026-02-01",
    "withdrawn: 2026-01-01",
    // Times in parts.
    "embargo: {date: 2026-11-23, hour: 18, minute: 30}",
    "embargo: {date: 2026-11-23, time: \"11:00\", tz: America/New_York}",
    "embargo: 2026-11-23\nembargo_time: \"11:00\"\nembargo_timezone: America/New_York",
    "schedule: {date: 2026-11-23, hour: \"18:00\"}",
    "schedule: {on: 2026-11-23, at: \"18:00\"}",
    "Date: 2026-11-23\nhour: \"18:00\"",
    "Date: 2026-11-23\nheure: 18h00",
    "Date: 2026-11-23\ntime: 64800",
    // Brothers of other words.
    "schedule: {up: 2027-01-01}",
    "schedule: {launch: 2027-01-01}",
    "schedules: [{start: 2027-01-01}]",
    "dont_publish_before: 2027-01-01",
    "nonpublic: true",
    "unreleased: true",
    "legal: hold",
    "pub_start: 2027-01-01",
];

#[test]
fn every_wish_to_withhold_is_understood() {
    let site = TestSite::new().article("local/open", "2026-11-01", "", "x");
    for (number, wish) in WISHES.iter().enumerate() {
        let date = if wish.starts_with("Date") { "" } else { "date: 2026-11-01\n" };
        let text = format!("---\ntitle: Secret number {number}\n{date}{wish}\n---\n\nSecret words.\n");
        site.write(&format!("content/local/secret-{number}.md"), text);
    }
    let run = site.try_build(&["--verify"]);
    assert_eq!((run.code, run.diagnostics()), (0, Vec::new()), "{}", run.stderr);
    assert_no_secrets(&site);
}

#[test]
fn what_shows_is_published() {
    for front in [
        "audience: everyone",
        "premium: true\naccess: subscribers",
        "paid: false",
        "tags: [league draft, Drafts]",
        "publish_to_facebook: false",
        "auto_publish: true",
        "print_publication_date: 2027-01-01",
        "published_by: Ines Vale",
        "publish: {date: 2026-01-01}",
        "publication: {name: Harbour Gazette}",
        "draft_number: 3",
        "is_live: true",
        "go_live: true",
        "publish_date: true",
        "sperrfrist: false",
        "wp:status: publish",
        "_id: a7",
        "fields: {status: {en-US: published}}",
        "unpublishable: false",
        "valid_till: 2027-01-01",
        "secret: false",
        "ispiration: true",
        "published_count: 12",
        "Draft: false",
        "published: true",
        "published: 2026-01-01",
        "publish_date: 2026-01-01",
        "status: Published",
        "status: public",
        "visibility: public",
        "expires: 2027-01-01",
        "embargo: 2026-01-01",
        "embargo: false",
        "password: ''",
        "private:",
        "build: {render: always}",
        "status: final",
        "rate: 5",
        "data: true",
        "dated: 2026-01-01",
        "stats: true",
        "<<: {draft: true}\ndraft: false",
        "state: Texas",
        "release: v2.0",
        "hide: [toc, nav]",
        "render: {engine: md}",
        "cover: {hidden: true}",
        "showPublishDate: true",
        "publisher: Someone",
        "first_published_on: 2019-01-01",
        "postDate: 2019-01-01",
        "extra: {status: sold, publishDate: 2019-01-01}",
        "public_date: 2019-01-01",
        "bold: true",
        "online: https://x.example",
        "a: &a {draft: true}\nb: &b {draft: false}\n<<: [*b, *a]",
        "image: {src: https://x.example/a.jpg, alt: A}",
        "gallery: {private: true, status: pending, items: [{draft: true}]}",
        "data: {private: 12, public: 30, published: Penguin}",
        "book: {published: 2027-03-01, publisher: Penguin}",
        "params: {cover: {hidden: true}, hide_date: true, bill_status: pending}",
        "extra: {show_until: 2026-01-01, archive: true}",
        "show_date: true",
        "options: [{label: a, disabled: true}]",
        "fields: [{name: a, hidden: true}]",
        "comment_status: hidden",
        "pubDatetime: 2026-05-01",
        "live: true",
        "archive: false",
        "removed: the lid",
        "stage: Main stage",
        "deleted_at: null",
        "params: {deep: {status: sold, draft: false}}",
        "embargo_lifted: 2026-01-01",
        "properties: {Status: {select: {name: Done}}, Published: {checkbox: true}, Archived: {checkbox: false}}",
        "status: {value: published}",
        "live: {start: 2027-01-01}",
        "stage: {name: Draft House Stage}",
        "hold: 12",
        "killed: 12 people",
        "held: Berlin",
        "on_time: true",
        "show_reading_time: true",
        "paid_time: 3",
        "reading_time: 5 min",
        "time: 5 min",
        "publishDate: 2026-11-01\ntime: 5 min",
        "time: soon",
        "event_date: 2027-01-01\nevent_time: 7 pm",
        "schedule: {start: \"09:00\", end: \"17:00\"}",
        "schedule: {day: Monday}",
        "schedule: [{date: 2027-01-01, name: Talk}]",
        "show_on: homepage",
        "display_after: 3",
        "published_date_format: \"%Y\"",
        "embargo_note: lifted",
        "archive_date: 2019-05-01",
        "published_in: Gazette",
        "expires: 9999-12-31",
        "expires: 9999-12-31T23:59:59Z",
        "visible_to: all",
        "publish_to: [web, print]",
        "release: March 2026",
        "stage: With",
        "review: {rating: 5}",
        "review: true",
        "book_review: none",
        "approval: 45%",
        "moderation: true",
        "order_status: shipped",
        "signed_off: true",
        "legal_approved: true",
        "status: 4 - Published",
        "pubstatus: usable",
        "event_status: canceled",
        "embargo: {until: 2026-01-01, note: for the press}",
        "embargo: {until: null}",
        "published: {from: 2026-01-01, until: 2027-01-01, by: Ann}",
        "publication: {de: 2026-01-01, en: Gazette}",
        "publication: {no: 12, id: 4711}",
        "starttime: 2027-01-01\nlocation: Town hall",
        "starttime: 2027-01-01\nevent_name: Fair",
        "starttime: 2027-01-01\nlayout: event",
        "start_time: 2027-01-01",
        "starttime: \"18:00\"",
        "starttime: 0\nendtime: 0",
        "params: {killed: 12 people}",
        "entwurf: nein",
        "draft: nein",
        "security: high",
        "available: now",
        "effective: immediately",
        "state: 5",
        "type: draughts",
        "published: true",
        "embargo: 2026-11-23\nembargo_time: \"06:00\"",
        "originally_published_on: Medium",
        "embargo: [2026-11-01, 2026-11-02]",
        "status: [published]",
        "press_embargo: none",
        "acf: {draft: true}\ndraft: false",
        "extra: {display_until: 2026-01-01}",
        // What is of something else.
        "hide_date: true",
        "hidePublishDate: true",
        "date_hidden: true",
        "event_status: scheduled",
        "match_status: scheduled",
        "bill_status: draft",
        "state: Pending Oreille",
        "comments: {enabled: false}",
        "republish: false",
        "nfl_draft: true",
        "kind: review\nrelease_date: 2027-03-01",
        "director: Ann\nrelease_date: 2027-03-01",
        "isbn: 1\navailable: 2027-01-01",
        "schedule: [{date: 2027-01-01, opponent: Arsenal}]",
        "schedule: [{day: 2027-01-01, what: Final}]",
        "sources: [{name: Ann, published: 2026-01-01}]",
        "categories: [{name: Local}, {name: Sea}]",
        "authors: [{name: Ann, status: staff}]",
        "series: {name: Ann, status: ongoing}",
        "schedule: Mondays at 6",
        "paywall: none",
        "hour: lunch",
        "timezone: Europe/Berlin",
        "live: {start: 2027-01-01, end: 2027-01-02}",
        "params: {show: false}",
        "recalled: the lid",
        "legal: Smith & Co",
        "subscription: https://x.example",
        "tier: 2",
        "running_on: empty",
        // What says nothing, or that everybody may see it.
        "embargo: {}",
        "embargo: []",
        "embargo:",
        "embargo: lifted",
        "embargo: none",
        "expires: never",
        "visibility: everyone",
        "access: public",
        "access: Subscribers",
        "access: 1",
        // A time that has come, in its zone.
        "embargo: {date: 2026-11-22, time: \"11:00\", tz: UTC}",
    ] {
        let site = TestSite::new().article("local/a", "2026-11-01", front, "x");
        let run = site.try_build(&[]);
        assert_eq!((run.code, run.diagnostics()), (0, Vec::new()), "{front}");
        assert!(site.has("public/local/a/index.html"), "{front}");
    }
}

#[test]
fn what_a_program_wraps_into_maps_withholds_and_is_told_where_it_may_be_of_something_else() {
    for (front, key) in [
        ("properties: {Published: {type: checkbox, checkbox: false}}", "properties.Published"),
        ("properties: {Archived: {type: checkbox, checkbox: true}}", "properties.Archived"),
        ("acf: {status: {value: draft, label: Draft}}", "acf.status"),
    ] {
        let site = TestSite::new().article("local/a", "2026-11-01", front, "x");
        let run = site.build();
        let told = format!("`{key}` withholds this file");
        assert!(
            run.diagnostics().len() == 1 && run.diagnostics()[0].ends_with(&told),
            "{front}: {:?}",
            run.diagnostics()
        );
        assert!(!site.has("public/local/a/index.html"), "{front}");
    }
}

#[test]
fn what_looks_like_withholding_and_is_not_understood_is_an_error() {
    for (front, message) in [
        ("legal_embargo: true", "4:1 `legal_embargo` looks like a wish to withhold this file"),
        ("working_draft: true", "4:1 `working_draft` looks like a wish to withhold this file"),
        ("depublished: true", "4:1 `depublished` looks like a wish to withhold this file"),
        ("publishable: no", "4:1 `publishable` looks like a wish to withhold this file"),
        ("ok_to_publish: no", "4:1 `ok_to_publish` looks like a wish to withhold this file"),
        ("publish_approved: false", "4:1 `publish_approved` looks like a wish to withhold this file"),
        ("auto_publish: false", "4:1 `auto_publish` looks like a wish to withhold this file"),
        ("darft: true", "4:1 `darft` looks like `draft`, which can withhold this file"),
        ("raft: yes", "4:1 `raft` looks like `draft`, which can withhold this file"),
        ("priate: true", "4:1 `priate` looks like `private`, which can withhold this file"),
        ("publised: false", "4:1 `publised` looks like `published`, which can withhold this file"),
        ("embargod: true", "4:1 `embargod` looks like a wish to withhold this file"),
        ("Expries: 2027-01-01", "4:1 `Expries` looks like `expires`, which can withhold this file"),
        ("staus: draft", "4:1 `staus` looks like `status`, which can withhold this file"),
        ("visibilty: public", "4:1 `visibilty` looks like `visibility`, which can withhold this file"),
        (
            "is_really_draft: true\nnot_yet_published: true",
            "5:1 `not_yet_published` looks like a wish to withhold this file",
        ),
        ("publicVisibility: none", "4:1 `publicVisibility` looks like a wish to withhold this file"),
        ("dr\u{430}ft: true", "4:1 `dr\u{430}ft` looks like `draft`, which can withhold this file"),
        ("embargo: 27-01-01", "4:10 the year of the date `27-01-01` has fewer than four digits"),
        ("embargo: 15 Jan 27", "4:10 the year of the date `15 Jan 27` has fewer than four digits"),
        ("params: {draft: \"y\"}", "4:17 `params.draft` must be true or false"),
        ("params: {embargo: next week}", "4:19 `next week` is not a date"),
        ("extra: {draft: maybe}", "4:16 `extra.draft` must be true or false"),
        ("params: {darft: true}", "4:10 `params.darft` looks like `draft`, which can withhold this file"),
        ("never_publish: true", "4:1 `never_publish` looks like a wish to withhold this file"),
        ("ready_to_publish: false", "4:1 `ready_to_publish` looks like a wish to withhold this file"),
        ("embargo_lifted: false", "4:1 `embargo_lifted` looks like a wish to withhold this file"),
        ("hide_from_lists: true", "4:1 `hide_from_lists` looks like a wish to withhold this file"),
        ("embargo_active: true", "4:1 `embargo_active` looks like a wish to withhold this file"),
        ("hasEmbargo: yes", "4:1 `hasEmbargo` looks like a wish to withhold this file"),
        ("hold_publication: true", "4:1 `hold_publication` looks like a wish to withhold this file"),
        ("archive: true", "4:1 `archive` may mean that this file is withheld"),
        ("retracted: yes", "4:1 `retracted` may mean that this file is withheld"),
        ("desk_status: pending", "4:1 `desk_status` looks like a wish to withhold this file"),
        ("tags: [harbour, draft]", "4:17 the tag `draft` may mean that this file is withheld"),
        ("tags: private, mathjax", "4:7 the tag `private` may mean that this file is withheld"),
        ("status: developing", "4:9 `status` has a value that neither shows nor withholds"),
        ("status: {a: draft}", "4:1 `status` has a value that neither shows nor withholds"),
        ("draft: maybe", "4:8 `draft` must be true or false"),
        ("embargo: soon", "4:10 `soon` is not a date"),
        ("published: soon", "4:12 `soon` is not a date"),
        ("<<: draft", "4:1 `<<` needs a map, such as `<<: *base`"),
        ("draft: false\nDraft: true", "5:1 `draft: false` in line 4 and `Draft: true` contradict each other"),
        ("expires: 2027-01-01\nexpires: 2026-12-01", "5:1 "),
        ("press_embargo: 01.12.2026", "4:16 `01.12.2026` is not a date"),
        ("press_embargo: Monday 6am", "4:16 `Monday 6am` is not a date"),
        ("press_embargo: 2026-12", "4:16 the date `2026-12` has no day"),
        ("hold_until: 1/1/2027", "4:13 `1/1/2027` is not a date"),
        ("hold_until: further notice", "4:13 `further notice` is not a date"),
        ("show_from: 01/12/2026", "4:12 `01/12/2026` is not a date"),
        ("release: 01.12.2026", "4:10 `01.12.2026` is not a date"),
        ("post_date: 01/12/2026", "4:12 `01/12/2026` is not a date"),
        ("remove_after: 01.02.2026", "4:15 `01.02.2026` is not a date"),
        ("schedule: {start: 01/12/2026}", "4:19 `01/12/2026` is not a date"),
        ("schedule: {start: 2026-12-01 6 Uhr}", "4:19 `2026-12-01 6 Uhr` is not a date"),
        ("embargo: [2026-11-20, soon]", "`soon` is not a date"),
        ("params: {expires: 01.02.2026}", "4:19 `01.02.2026` is not a date"),
        ("acf: {press_embargo: 01.12.2026}", "4:22 `01.12.2026` is not a date"),
        ("embargo: 2026-11-27\nembargo_time: evening", "5:1 `embargo_time` is not a time of day: `evening`"),
        ("schedule: {date: 2026-11-27, time: 25:00}", "4:30 `time` is not a time of day: `25:00`"),
        ("embargo_time: \"18:00\"", "4:15 `18:00` is a time of the day, and says no day"),
        ("embargo: {date: 2026-11-27, time: evening}", "4:29 `time` is not a time of day: `evening`"),
        ("hold: legal", "4:1 `hold` may mean that this file is withheld"),
        ("cms: {hold: legal}", "4:7 `cms.hold` may mean that this file is withheld"),
        ("params: {cms: {killed: by legal}}", "4:16 `params.cms.killed` may mean that this file is withheld"),
        ("workflow: {stage: with lawyers}", "4:12 `workflow.stage` may mean that this file is withheld"),
        ("params: {visible_to: members}", "`params.visible_to` has a value that neither shows nor withholds"),
        ("embargo: {until: soon}", "4:18 `soon` is not a date"),
        ("embargo: {note: x}", "4:1 `embargo`"),
        ("publication: {de: 01.12.2026}", "4:19 `01.12.2026` is not a date"),
        ("starttime: 01.12.2026", "4:12 `01.12.2026` is not a date"),
        ("hold: Sunday", "4:1 `hold` may mean that this file is withheld"),
        ("hold: y", "4:1 `hold` may mean that this file is withheld"),
        ("killed: legal", "4:1 `killed` may mean that this file is withheld"),
        ("spiked: by legal", "4:1 `spiked` may mean that this file is withheld"),
        ("pulled: yes - legal", "4:1 `pulled` may mean that this file is withheld"),
        ("wip: x", "4:1 `wip` may mean that this file is withheld"),
        ("legal_hold: true", "4:1 `legal_hold` looks like a wish to withhold this file"),
        ("not_for_release: yes", "4:1 `not_for_release` looks like a wish to withhold this file"),
        ("embargo_hour: 18", "4:15 `18` is not a date"),
        ("extra: {hidden: 2027-01-01}", "4:17 `extra.hidden` must be true or false, and `2027-01-01` is a date"),
        ("do_not_run: true", "4:1 `do_not_run` looks like a wish to withhold this file"),
        ("legal_review: pending", "4:1 `legal_review` looks like a wish to withhold this file"),
        ("in_review: true", "4:1 `in_review` looks like a wish to withhold this file"),
        ("needs_review: true", "4:1 `needs_review` looks like a wish to withhold this file"),
        ("legal_approved: false", "4:1 `legal_approved` looks like a wish to withhold this file"),
        ("signed_off: false", "4:1 `signed_off` looks like a wish to withhold this file"),
        ("editorial_status: needs edit", "4:1 `editorial_status` looks like a wish to withhold this file"),
        ("story_status: needs edit", "4:1 `story_status` looks like a wish to withhold this file"),
        ("stage: with lawyers", "4:1 `stage` may mean that this file is withheld"),
        ("type: draft", "4:1 `type` may mean that this file is withheld"),
        ("visible_to: [members]", "`visible_to` has a value that neither shows nor withholds"),
        ("hidden: 2027-01-01", "4:9 `hidden` must be true or false, and `2027-01-01` is a date"),
        ("archivedatt: 2026-02-01", "4:1 `archivedatt` looks like `expires`"),
        // In maps of other programs as at the top.
        ("cms: {needs_review: true}", "4:7 `cms.needs_review` looks like a wish to withhold this file"),
        ("meta: {legal_approved: false}", "4:8 `meta.legal_approved` looks like a wish to withhold this file"),
        ("params: {status: with lawyers}", "`params.status` has a value that neither shows nor withholds"),
        ("ghost: {visibility: paid}", "`ghost.visibility` has a value that neither shows nor withholds"),
        ("params: {internal: true}", "4:10 `params.internal` may mean that this file is withheld"),
        ("params: {retracted: true}", "4:10 `params.retracted` may mean that this file is withheld"),
        ("acf: {embargo: Monday}", "4:16 `Monday` is not a date"),
        ("newsroom: {press_embargo: Monday}", "4:27 `Monday` is not a date"),
        ("embargo: {date: 2026-11-20, time: \"11:00\", tz: Nowhere/Land}", "`tz` is not a time of day"),
        // Brothers of other words.
        ("publish: {date: tomorrow}", "4:17 `tomorrow` is not a date"),
        ("schedule: Monday", "4:11 `Monday` is not a date"),
        ("schedule: 2027-01-01/2028-01-01", "4:11 the date `2027-01-01/2028-01-01` does not exist"),
        ("hold_for: Sunday", "4:11 `Sunday` is not a date"),
        ("hold_for_legal: true", "4:1 `hold_for_legal` looks like a wish to withhold this file"),
        ("recalled: true", "4:1 `recalled` may mean that this file is withheld"),
        ("do_not_use: true", "4:1 `do_not_use` looks like a wish to withhold this file"),
        ("legal_cleared: false", "4:1 `legal_cleared` looks like a wish to withhold this file"),
        ("approve: false", "4:1 `approve` looks like a wish to withhold this file"),
        ("awaiting_legal: true", "4:1 `awaiting_legal` looks like a wish to withhold this file"),
        ("show: false", "4:1 `show` looks like a wish to withhold this file"),
        ("live: {until: 2026-02-01}", "4:1 `live` looks like a wish to withhold this file"),
        ("tags: [Draft]", "4:8 the tag `Draft` may mean that this file is withheld"),
        ("taxonomies: {tags: [draft]}", "the tag `draft` may mean that this file is withheld"),
        // Entries, whose text would be published.
        ("corrections: [{text: x, embargo: Monday}]", "4:34 `Monday` is not a date"),
        ("corrections: [{text: x, hold: legal}]", "4:25 `hold` may mean that this file is withheld"),
        ("corrections: [{text: x, draft: legal}]", "`draft` must be true or false"),
        ("corrections: [{text: x, status: unclear}]", "`status` has a value that neither shows nor withholds"),
        ("corrections: [{text: x, darft: true}]", "`darft` looks like `draft`"),
        ("corrections: [{text: x, needs_review: true}]", "`needs_review` looks like a wish to withhold"),
        ("corrections: [{text: x, internal: true}]", "`internal` may mean that this file is withheld"),
    ] {
        let site = TestSite::new().file("content/a.md", format!("---\ntitle: A\ndate: 2026-11-01\n{front}\n---\nx\n"));
        let run = site.try_build(&[]);
        let told = run.diagnostics().join("\n");
        assert!(run.code == 1 && told.starts_with("error content/a.md:") && told.contains(message), "{front}: {told}");
        assert!(!site.has("public/a/index.html"), "{front}");
    }
    let run = TestSite::new().article("local/a", "2026-11-01", "statsu: busy", "x").try_build(&[]);
    assert_eq!(run.diagnostics(), ["warning content/local/a.md:4:1 unknown key `statsu`"]);
}

/// Who follows the cure must not give away what is sold.
#[test]
fn the_cure_for_what_is_sold_is_not_to_publish_it() {
    for front in [
        "visibility: members",
        "visibility: paid",
        "status: paid-members only",
        "audience: only_paid",
        "premium: true",
        "isPaid: yes",
        "params: {paywall: true}",
        "premium: true\naccess:",
        "isAccessibleForFree: false",
        "subscription: required",
        "paywall: metered",
        "member_only: true",
        "tier: paid",
        "login_required: true",
    ] {
        let run = TestSite::new().article("local/a", "2026-11-01", front, "x").try_build(&[]);
        let hints = run.hints().join("\n");
        assert!(run.code == 1 && hints.contains("`access: subscribers`"), "{front}: {hints}");
        assert!(!hints.contains("write `published`"), "{front}: {hints}");
    }
}

/// A cure names a key of the documentation, in its spelling.
#[test]
fn the_cure_for_a_slip_names_a_key_that_is_documented() {
    for (front, cure) in [
        ("press_embargo: 01.12.2026", "write `2026-12-01`"),
        ("archivedatt: 2026-02-01", "write `expires`, or give the key another name"),
        ("goliveatt: 2027-01-01", "write `publishDate`, or give the key another name"),
        ("embargo: 2026-11-27\nembargo_time: evening", "write hours and minutes, as in `18:00`"),
        ("date: 9999-12-31T23:59:59Z", "the last day is `9999-12-30`; what never ends needs no date"),
        (
            "visible_to: members",
            "write `access: subscribers`, and let the host ask for the subscription; or withhold it by `draft: true`",
        ),
        (
            "hidden: 2027-01-01",
            "write it behind `embargo` to withhold the file until then, or behind `expires` to do so from then on",
        ),
    ] {
        let site = TestSite::new().file("content/a.md", format!("---\ntitle: A\n{front}\n---\nx\n"));
        let run = site.try_build(&[]);
        assert_eq!((run.code, run.hints()), (1, vec![cure.to_owned()]), "{front}: {:?}", run.diagnostics());
    }
}

/// What is withheld although other programs would not do so, or by a key that may mean something else, is told.
#[test]
fn what_may_not_be_meant_to_withhold_is_told() {
    let file = |path: &str, front: &str| {
        let date = if path.contains("_index") { "" } else { "date: 2026-11-01\n" };
        TestSite::new()
            .article("news/b", "2026-11-01", "", "x")
            .file(path, format!("---\ntitle: A\n{date}{front}\n---\nx\n"))
    };
    for (front, message) in [
        ("hold_until: 2027-01-01", "4:1 `hold_until` withholds this file until 2027-01-01"),
        ("fields: {published: {en-US: false}}", "4:10 `fields.published` withholds this file"),
        ("depublish_at: 2026-02-01", "4:1 `depublish_at` withholds this file from 2026-02-01"),
        ("publish: {until: 2026-02-01}", "4:11 `publish.until` withholds this file from 2026-02-01"),
        ("show_from: 2027-01-01", "4:1 `show_from` withholds this file until 2027-01-01"),
        ("displayFrom: 2027-01-01", "4:1 `displayFrom` withholds this file until 2027-01-01"),
        ("show_until: 2026-02-01", "4:1 `show_until` withholds this file from 2026-02-01"),
        ("active_until: 2026-02-01", "4:1 `active_until` withholds this file from 2026-02-01"),
        ("remove_after: 2026-02-01", "4:1 `remove_after` withholds this file from 2026-02-01"),
        ("embargo_removed_on: 2027-01-01", "4:1 `embargo_removed_on` withholds this file until 2027-01-01"),
        ("params: [{draft: true}]", "4:11 `params.draft` withholds this file"),
        ("header: {visible: false}", "4:10 `header.visible` withholds this file"),
        ("params: {hidden: true}", "4:10 `params.hidden` withholds this file"),
        ("goes_live: 2027-01-01", "4:1 `goes_live` withholds this file until 2027-01-01"),
        ("removalDate: 2026-02-01", "4:1 `removalDate` withholds this file from 2026-02-01"),
        ("album: {status: unpublished}", "4:9 `album.status` withholds this file"),
        ("not_live_before: 2027-01-01", "4:1 `not_live_before` withholds this file until 2027-01-01"),
        ("build: {list: local}", "4:1 `build` withholds this file; elsewhere it only leaves it out of lists"),
        ("_build: {list: never}", "4:1 `_build` withholds this file; elsewhere it only leaves it out of lists"),
        (
            "eleventyExcludeFromCollections: true",
            "4:1 `eleventyExcludeFromCollections` withholds this file; elsewhere it only leaves it out of lists",
        ),
        (
            "eleventy: {excludeFromCollections: true}",
            "4:12 `eleventy.excludeFromCollections` withholds this file; elsewhere it only leaves it out of lists",
        ),
        ("_discoverable: no", "4:1 `_discoverable` withholds this file; elsewhere it only leaves it out of lists"),
        ("album: {draft: true}", "4:9 `album.draft` withholds this file"),
        ("album: {cover: {unpublished: true}}", "4:17 `album.cover.unpublished` withholds this file"),
        ("album: {embargo: 2027-01-01}", "4:9 `album.embargo` withholds this file"),
        ("schedule: {end_date: 2026-02-01}", "4:12 `schedule.end_date` withholds this file from 2026-02-01"),
        ("schedule: {stop_at: 2026-02-01}", "4:12 `schedule.stop_at` withholds this file from 2026-02-01"),
        ("schedule: {finish: {date: 2026-02-01}}", "4:21 `schedule.finish.date` withholds this file from 2026-02-01"),
        ("extra: {hold_until: 2027-01-01}", "4:9 `extra.hold_until` withholds this file until 2027-01-01"),
        ("extra: {show_from: 2027-01-01}", "4:9 `extra.show_from` withholds this file until 2027-01-01"),
        ("extra: {remove_after: 2026-02-01}", "4:9 `extra.remove_after` withholds this file from 2026-02-01"),
        ("kill_date: 2026-02-01", "4:1 `kill_date` withholds this file from 2026-02-01"),
        ("starttime: 2027-01-01", "4:1 `starttime` withholds this file until 2027-01-01"),
        ("starttime: 2027-01-01\nplaceholder: event", "4:1 `starttime` withholds this file until 2027-01-01"),
        ("endtime: 2026-02-01", "4:1 `endtime` withholds this file from 2026-02-01"),
        ("typo3: {starttime: 2027-01-01}", "4:9 `typo3.starttime` withholds this file until 2027-01-01"),
        ("visible: {until: 2026-02-01}", "4:11 `visible.until` withholds this file from 2026-02-01"),
        (
            "published: {from: 2026-01-01, until: 2026-02-01}",
            "4:31 `published.until` withholds this file from 2026-02-01",
        ),
        ("album: {embargo: {until: 2027-01-01}}", "4:19 `album.embargo` withholds this file"),
        ("take_down_at: 2026-02-01", "4:1 `take_down_at` withholds this file from 2026-02-01"),
        ("pull_on: 2026-02-01", "4:1 `pull_on` withholds this file from 2026-02-01"),
        ("sunset: 2026-02-01", "4:1 `sunset` withholds this file from 2026-02-01"),
        ("run_on: 2027-01-01", "4:1 `run_on` withholds this file until 2027-01-01"),
        ("schedule: {remove: 2026-02-01}", "4:12 `schedule.remove` withholds this file from 2026-02-01"),
        ("draft_date: 2027-01-01", "4:1 `draft_date` withholds this file until 2027-01-01"),
        ("release_date: 2027-01-01", "4:1 `release_date` withholds this file"),
        ("available: 2027-01-01", "4:1 `available` withholds this file"),
        ("live: false", "4:1 `live` withholds this file"),
        ("live: 2027-01-01", "4:1 `live` withholds this file"),
        ("release: 2027-01-01", "4:1 `release` withholds this file"),
        ("release_on: 2027-01-01", "4:1 `release_on` withholds this file"),
        ("release_date: 2026-11-23\nrelease_time: \"18:00\"", "4:1 `release_date` withholds this file"),
        ("effective: 2027-01-01", "4:1 `effective` withholds this file until 2027-01-01"),
        (
            "make_discoverable: false",
            "4:1 `make_discoverable` withholds this file; elsewhere it only leaves it out of lists",
        ),
        ("\"app:control\": {\"app:draft\": yes}", "4:17 `app:control.app:draft` withholds this file"),
        ("draft: false\nacf: {embargo_until: 2027-01-01}", "5:7 `acf.embargo_until` withholds this file"),
        ("published: true\nacf: {embargo: 2027-01-01}", "5:7 `acf.embargo` withholds this file"),
        ("published: 2026-01-01\nacf: {press_embargo: 2027-01-01}", "5:7 `acf.press_embargo` withholds this file"),
    ] {
        let site = file("content/news/a.md", front);
        let run = site.build();
        assert_eq!(run.diagnostics(), [format!("warning content/news/a.md:{message}")], "{front}");
        assert!(!site.has("public/news/a/index.html"), "{front}");
        assert_eq!(site.build().diagnostics(), run.diagnostics(), "{front}");
    }
    for front in ["render: false", "build: {render: never}", "build: {list: never}", "headless: true"] {
        let site = file("content/news/_index.md", front);
        let key = front.split(':').next().unwrap_or_default();
        let message = format!("3:1 `{key}` withholds the whole section, with all that is in it");
        if key == "headless" {
            let site = TestSite::new()
                .article("news/a", "2026-11-20", "", "x")
                .file("content/_index.md", "---\ntitle: T\nheadless: true\n---\n\nWords.\n");
            let told = site.build().diagnostics();
            let message = "`headless` withholds the text of the front page, and nothing else";
            assert_eq!(told, [format!("warning content/_index.md:3:1 {message}")]);
            assert!(site.has("public/news/a/index.html"));
        }
        assert_eq!(site.build().diagnostics(), [format!("warning content/news/_index.md:{message}")], "{front}");
        assert!(!site.has("public/news/b/index.html"), "{front}");
    }
}

/// Lines that other programs end in another way would be part of the headline, and withhold nothing.
#[test]
fn headers_whose_lines_end_in_another_way_are_an_error() {
    for end in ["\r", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}"] {
        let text = ["Title: One two three", "Date: 2026-01-01", "Status: draft", "", "body"].join(end);
        let site = TestSite::new().article("local/open", "2026-11-01", "", "x").file("content/local/a.md", text);
        let run = site.try_build(&[]);
        let told = run.diagnostics();
        assert_eq!((run.code, told.len()), (1, 1), "{end:?}: {told:?}");
        assert!(told[0].contains("a character that ends no line here"), "{end:?}: {told:?}");
    }
    let text = "Title: One\u{2028}two three\r\nDate: 2026-11-01\r\n\r\nbody\r\n";
    let site = TestSite::new().file("content/local/a.md", text);
    site.build();
    assert!(site.published("local/a/index.html").contains("One two three"));
}

/// A file whose name says when it is to be published, in one of the ways in which people write it.
#[test]
fn a_date_in_a_file_name_withholds_however_it_is_written() {
    let site = TestSite::new().article("news/open", "2026-11-01", "", "x");
    for name in [
        "2027-05-07-a.md",
        "2027-05-07 Future post.md",
        "2027-05-07 - b.md",
        "2027-05-07\u{2013}c.md",
        "2027-5-7-d.md",
        "20270507-e.md",
        "2027.05.07-f.md",
        "2027_05_07_g.md",
        "2027-05-07T0800-h.md",
        "2027-05-07 i/index.md",
        "2027-5-7 j/index.md",
    ] {
        site.write(&format!("content/news/{name}"), "---\ntitle: Secret words\n---\nSecret words.\n");
    }
    let run = site.build();
    assert_eq!(run.number("articles"), 1, "{:?}", run.diagnostics());
    assert_no_secrets(&site);
}

/// Front matter that is not where it belongs is text, and text withholds nothing: so it is an error.
#[test]
fn what_would_withhold_and_stands_outside_the_front_matter_is_an_error() {
    for text in [
        "---\ntitle: A\ndate: 2026-11-01\n---\n---\ndraft: true\n---\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\n\n---\ntitle: A\ndraft: true\n---\n",
        "---\ntitle: A\ndate: 2026-11-01\n...\ndraft: true\n---\n",
        "Title: A\n\n----\n\nStatus: draft\n\n----\n",
        "title: A\n---\n_hidden: yes\n---\n",
        "# A\n\n---\ndate: 2026-11-02\ndraft: true\n---\n",
        "# A\n\nStatus: Draft\nDate: November 20, 2026\n",
        "# A\n\n+++\ndraft = true\n+++\n",
        "# A\n\n{\"draft\": true}\n",
        "<!-- x -->\n---\ntitle: A\ndraft: true\n---\n# A\n",
        "\u{2014}\ntitle: A\ndraft: true\n\u{2014}\n# A\n",
        "\u{200b}---\ntitle: A\ndraft: true\n---\n# A\n",
        "+++ #c\ntitle = 'A'\ndraft = true\n+++\n# A\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\n {\"draft\": true, \"title\":\"k\"}\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\n<!-- draft: true -->\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\nText.\n---\ndraft: true\n---\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\nText.\n\n<!-- more -->\n\n---\ntitle: B\n\nstatus: draft\n---\nText.\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\nText.\n\n+++\ndraft = true\n+++\n",
        "# A\n\n{\"title\": \"A\", \"draft\": true}\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\n# One two three\n\nStatus: Draft\nPublished: No\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\nOne two three\n=====\n\nStatus: Draft\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\n\ndraft:: true\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\n\n[draft:: true]\n",
        "# A\n\ndraft:: true\n",
        "Status: draft\u{2028}Title: A\u{2028}\u{2028}Text.\n",
    ] {
        for path in ["content/local/a.md", "content/local/_index.md", "content/authors/ann.md"] {
            let site = TestSite::new().article("local/open", "2026-11-01", "author: ann", "x").file(path, text);
            let run = site.try_build(&[]);
            let told = run.diagnostics().join("\n");
            // A profile has a `title` of its own, and a section may be a draft by these lines.
            let is_withheld =
                run.code == 0 && !site.output().values().any(|bytes| String::from_utf8_lossy(bytes).contains("draft"));
            assert!(told.contains("stands outside the front matter") || is_withheld, "{path} {text}: {told}");
        }
    }
    for text in [
        "---\ntitle: A\ndate: 2026-11-01\n---\n\nThe status: draft law passes.\n\nStatus: draft\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\n\nPublished: 2019-01-01\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\n\n# One\n\nText.\n\n## Two\n\nStatus: draft\n",
        "---yaml\ntitle: A\ndate: 2026-11-01\n---\n\nText.\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\n\nWrite:\n\n```yaml\n---\ndraft: true\n---\n```\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\n\nText.\n\n---\n\nStatus: draft, they say\n\n---\n",
    ] {
        let site = TestSite::new().file("content/local/a.md", text);
        let run = site.try_build(&[]);
        assert_eq!((run.code, run.diagnostics()), (0, Vec::new()), "{text}");
    }
}

#[test]
fn hugos_cascade_withholds_a_section() {
    for front in [
        "cascade:\n  draft: true",
        "cascade:\n- private: true",
        "cascade: {build: {render: never}}",
        "cascade: {params: {draft: true}}",
        "cascade: {date: 2027-01-01}",
        "cascade: {extra: {draft: true}}",
        "cascade: {moderation_state: draft}",
    ] {
        let site = TestSite::new()
            .article("plans/secret", "2026-11-01", "title: Secret words", "x")
            .file("content/plans/_index.md", format!("---\ntitle: Plans\n{front}\n---\n"));
        site.build();
        assert_no_secrets(&site);
    }
    let told = |front: &str| {
        let text = format!("---\ntitle: Plans\n{front}\n---\n");
        TestSite::new().file("content/plans/_index.md", text).try_build(&[]).diagnostics().join("\n")
    };
    for front in ["cascade: draft", "cascade.draft: true", "cascades: {draft: true}"] {
        assert!(told(front).contains("is not read as a cascade"), "{front}: {}", told(front));
    }
    let slip = "error content/plans/_index.md:3:11 `darft` looks like `draft`, which can withhold this file";
    assert_eq!(told("cascade: {darft: true}"), slip);
    let front = "cascade:\n- _target: {path: /plans/a*}\n  draft: true";
    let run =
        TestSite::new().file("content/plans/_index.md", format!("---\ntitle: Plans\n{front}\n---\n")).try_build(&[]);
    assert_eq!(
        run.diagnostics(),
        ["error content/plans/_index.md:4:3 this `cascade` withholds some pages only, which courant does not read"]
    );
}

#[test]
fn the_cascade_of_the_front_page_withholds_the_whole_site() {
    let about = "---\ntitle: A secret page of theirs\n---\n\nSecret.\n";
    for (name, front) in [
        ("_index.md", "cascade: {draft: true}"),
        ("_index.md", "cascade:\n- params: {draft: true}"),
        ("_index.md", "cascade: {publishDate: 2027-01-01}"),
        ("_index.md", "cascade: {date: 2027-01-01}"),
        ("index.md", "cascade: {expiryDate: 2026-01-01}"),
    ] {
        let mut site = TestSite::new()
            .article("local/secret", "2026-11-01", "title: Secret words\nauthors: [ann]", "![x](secret.svg)")
            .file("content/local/secret.svg", DRAWING)
            .file("content/about.md", about)
            .file("content/authors/ann.md", "---\nname: Ann\nrole: Secret role\n---\n")
            .file("content/plans/_index.md", "---\ntitle: Secret plans\n---\n\nSecret.\n")
            .file(&format!("content/{name}"), format!("---\ntitle: Home\n{front}\n---\n"));
        let run = site.try_build(&["--verify"]);
        assert_eq!(run.code, 0, "{front}: {}", run.stderr);
        assert_no_secrets(&site);
        if front.contains("2027") {
            site.set_now("2027-01-01T00:00:00Z");
            site.build();
            assert!(site.has("public/local/secret/index.html") && site.has("public/plans/index.html"), "{front}");
            site.assert_equals_clean("the whole site is published");
        }
    }
    // A language has its own, and what stands beside the cascade is of the front page only.
    let site = TestSite::new()
        .file("site.yaml", format!("{SETTINGS}language: en\nlanguages: {{en: {{}}, de: {{}}}}\n"))
        .article("local/open", "2026-11-01", "", "x")
        .article("local/a.de", "2026-11-01", "title: Secret words", "x")
        .file("content/_index.de.md", "---\ntitle: Start\ncascade: {draft: true}\n---\n")
        .file("content/_index.md", "---\ntitle: Home\ndraft: true\n---\n\nSecret.\n");
    site.build();
    assert_no_secrets(&site);
    assert!(site.has("public/local/open/index.html"));
    assert_eq!(site.run(&["check", "--json"]).diagnostics().iter().filter(|one| one.contains("cascade")).count(), 0);
}

/// Jekyll, Hugo, Astro, editors and version control keep texts by their names from being published.
#[test]
fn names_that_withhold_are_heard() {
    let site = TestSite::new().article("local/open", "2026-11-01", "", "x");
    for path in [
        "news/_drafts/x.md",
        "_posts/_drafts/x.md",
        "news/_drafts/b/index.md",
        "_drafts/index.md",
        "_Drafts/x.md",
        "authors/_drafts/x.md",
        "news/_x.md",
        "_partials/x.md",
        "news/_private/x.mdx",
        "news/x (conflicted copy 2026-11-02).md",
        "news/x.sync-conflict-20261102-1.md",
        "news/x.bak.md",
        "news/x.orig.md",
        "news/x.REMOTE.123.md",
        "news/Copy of x.md",
        "news/x - Copy (2).md",
        "news/~$x.md",
        "news/x.draft.md",
        "news/x.embargoed.de.md",
        "news/DRAFT x.md",
        "news/x (draft).md",
        "news/x [Embargo].md",
        "news/HOLD x.md",
        "news/x.HOLD.md",
        "news/SPIKED x.md",
        "news/KILL x.md",
        "news/DO NOT PUBLISH x.md",
        "news/x - NOT FOR PUBLICATION.md",
        "news/OFF RECORD x.md",
        "news/HOLD-c/index.md",
        "news/x (1).md",
        "news/story HOLD till Sunday.md",
        "news/x (embargoed until 2027).md",
        "news/x (hold for Sunday).md",
        "news/x-DRAFT-v3.md",
        "news/OFF-THE-RECORD x.md",
        "news/x copy 2.md",
        "news/x - Kopie.md",
        "news/x - Kopie (2).md",
        "news/Kopie von x.md",
        "news/x (copie).md",
        "news/x - conflicted copy 2026-11-27.md",
        "news/x (Case Conflict).md",
        "news/x (in Konflikt stehende Kopie von Ann 2026-11-27).md",
        "news/x_BACKUP_123.md",
        "news/x_LOCAL_123.md",
        "HOLD/x.md",
        "news/HOLD for Sunday/x.md",
        "news/KILL/deep/_index.md",
        "news/x (draft)/a.mdx",
        "DRAFTS/x.md",
        "news/~x.md",
        "news/x~.md",
        "_wip/x.md",
        "news/_embargo/b/index.md",
        "__drafts/x.md",
        "_recipes/x.md",
        "_Posts/x.md",
        "news/b/_unpublished/x.md",
        // Behind a date or a number.
        "news/2026-11-02-HOLD-MAYOR.md",
        "news/2026-11-02 HOLD MAYOR RESIGNS.md",
        "news/20261102 HOLD MAYOR.md",
        "news/01 HOLD MAYOR.md",
        "news/2026-11-02-HOLD-X/x.md",
        // Before the language.
        "news/x (draft).de.md",
        "news/x [draft].de.md",
        "news/x (draft v3).pt-BR.md",
        "news/x (1).de.md",
        "news/x copy.de.md",
        "news/x - Kopie.de.md",
        "news/x.bak.de.md",
        // Several words in brackets, and brackets anywhere.
        "news/x (off the record).md",
        "news/x (do not publish).md",
        "news/x (not-for-publication).md",
        "news/x (on hold).md",
        "news/x (legal hold).md",
        "news/x (under embargo).md",
        "news/Stories (on hold)/x.md",
        "news/(draft) x.md",
        "news/[Draft] x.md",
        "news/x (hold) v2.md",
        "news/x (hold, legal).md",
        "news/x (first draft).md",
        "news/DONT PUBLISH x.md",
        "news/DON'T PUBLISH x.md",
        "news/DO NOT RUN x.md",
        "news/NOT FOR RELEASE x.md",
        "news/WITHDRAWN x.md",
        "news/RETRACTED x.md",
        "news/DELETED x.md",
        "news/PULLED x.md",
        "news/ONHOLD x.md",
        "news/SECRET x.md",
    ] {
        site.write(&format!("content/{path}"), "---\ntitle: Secret words\ndate: 2026-11-01\n---\nSecret words.\n");
    }
    for path in [
        "_drafts/y.html",
        "_drafts/y.json",
        "_drafts/b/y.svg",
        "news/_Drafts/y.svg",
        "_layouts/d.html",
        "_data/s.json",
        "_sass/a/x.css",
        "_site/index.html",
        "_includes/a.svg",
    ] {
        site.write(&format!("content/{path}"), "<svg width=\"1\" height=\"1\"><title>Secret words</title></svg>");
    }
    #[cfg(unix)]
    fixture::symlink(std::path::Path::new("nowhere"), &site.path("content/_data/link"));
    site.write("content/HOLD/x.comments.yaml", "Secret words");
    site.write("content/HOLD/data.json", "\"Secret words\"");
    for path in [
        "news/hold the line.md",
        "news/kill bill.md",
        "news/The law (draft law).md",
        "news/In (2019).md",
        "news/BANKS HOLD STEADY.md",
        "news/Photocopy.md",
        "news/local_123.md",
        "news/In (a draft beer).md",
        "news/2026-11-02-BANKS HOLD STEADY 2.md",
    ] {
        site.write(&format!("content/{path}"), "---\ntitle: Plain\ndate: 2026-11-01\n---\nPlain words.\n");
    }
    let run = site.try_build(&[]);
    assert_eq!(run.code, 0, "{:?}", run.diagnostics());
    for name in [
        "hold-the-line",
        "kill-bill",
        "the-law-draft-law",
        "in-2019",
        "banks-hold-steady",
        "photocopy",
        "local_123",
        "in-a-draft-beer",
        "banks-hold-steady-2",
    ] {
        assert!(site.has(&format!("public/news/{name}/index.html")), "{name}");
    }
    assert_no_secrets(&site);
    assert_eq!(
        run.diagnostics().iter().filter(|one| one.contains("it is left out")).count(),
        92,
        "{:?}",
        run.diagnostics()
    );
    let told = "warning content/_site a folder whose name begins with `_` is not published; it is left out";
    assert!(run.diagnostics().contains(&told.to_owned()), "{:?}", run.diagnostics());
}

/// Whatever keeps a text from being published keeps what only it names, too.
#[test]
fn what_only_a_text_that_is_left_out_names_is_withheld_with_it() {
    let names = [
        "HOLD s.md",
        "s.draft.md",
        "s (draft).md",
        "s-HOLD.mdx",
        "DO NOT PUBLISH s.md",
        "s copy.md",
        "~s.md",
        "_s.md",
        ".s.md",
        "README.md",
        "s.mkd",
        "s.md.bak",
        "s.MD",
        "s.rst",
        "s.html",
        "s.md~",
        "#s.md#",
        "s.md.HOLD",
        "s.md.draft",
        "s.md.1",
        "s.txt",
        "HOLD.md",
        "HOLD/s.md",
        "x (draft)/index.md",
        "_wip/s.md",
        "_s/index.md",
        "_includes/s.mdx",
    ];
    let site = TestSite::new().article("local/open", "2026-11-01", "", "x");
    let folder = |number: usize| format!("content/local/n{number}");
    for (number, name) in names.iter().enumerate() {
        let image = if name.contains('/') { "../p.svg" } else { "p.svg" };
        let text = format!("---\ntitle: Hidden\ndraft: true\n---\n\n![x]({image}) ![x](/local/shared.svg)\n");
        site.write(&format!("{}/{name}", folder(number)), text);
        site.write(&format!("{}/p.svg", folder(number)), DRAWING);
    }
    site.write("content/local/shared.svg", DRAWING);
    site.write("content/local/HOLD q.svg", DRAWING);
    site.write("content/local/2026-11-02-HOLD-Q.svg", DRAWING);
    site.write("content/local/n0/e.md", "---\ntitle: Broken\n---\n\nWords.\n");
    site.build();
    let images = |site: &TestSite| {
        let output = site.output();
        let all = output.keys().filter(|path| path.ends_with(".svg") && path.starts_with("local/"));
        all.map(|path| path.trim_start_matches("local/").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(images(&site), [""; 0]);
    // What a visible text names is published, and what nothing names.
    site.write_article("local/open", "2026-11-01", "", "![x](shared.svg) ![x](<HOLD q.svg>)");
    site.write("content/local/n1/s.draft.md", "---\ntitle: Hidden\n---\n\nWords.\n");
    site.write("content/local/n1/e.md", "---\ntitle: Open\n---\n\nWords.\n");
    site.remove("content/local/n5/s copy.md");
    site.build();
    assert_eq!(images(&site), ["HOLD q.svg", "n1/p.svg", "n5/p.svg", "shared.svg"]);
    site.assert_equals_clean("texts that are left out come and go");
}

/// The name of a text withholds its headline and its address as `draft: true` does.
#[test]
fn a_text_whose_name_withholds_it_is_a_secret() {
    let front = "title: Mayor resigns over tunnel contract\nslug: mayor-resigns";
    let told = |path: &str, flags: &[&str]| {
        let site = TestSite::new().article(&format!("local/{path}"), "2026-11-01", front, "x").article(
            "local/open",
            "2026-11-01",
            "",
            &format!("[Mayor resigns over tunnel contract](<{path}.md>) and [it](/local/mayor-resigns/)"),
        );
        let run = site.try_build(flags);
        let page = site.published("local/open/index.html");
        assert!(!page.contains("mayor-resigns") && !page.contains("HOLD"), "{path}: {page}");
        assert!(!site.has("public/local/mayor-resigns"));
        run.diagnostics().into_iter().filter(|one| !one.contains("left out")).collect::<Vec<_>>()
    };
    let message = "this gives away the headline “Mayor resigns over tunnel contract”";
    for (path, flags) in [("HOLD s", &[][..]), ("HOLD s", &["--drafts", "--future"]), ("HOLD/s", &[])] {
        let told = told(path, flags);
        assert!(told.len() == 1 && told[0].contains(message), "{path}: {told:?}");
    }
}

/// A file that would withhold a section withholds nothing by a name that is not read.
#[test]
fn the_file_of_a_section_by_a_name_that_is_not_read_is_an_error() {
    for name in ["_Index.md", "_INDEX.md", "_index.MD", "_Index.de.md", "_index.mdown"] {
        let site = TestSite::new()
            .article("hu/a", "2026-11-01", "", "x")
            .file(&format!("content/hu/{name}"), "---\ntitle: Hu\nDraft: yes\n---\n");
        let run = site.try_build(&[]);
        let message = "the file of a section is read only by the name `_index.md`";
        assert_eq!((run.code, run.diagnostics()), (1, vec![format!("error content/hu/{name} {message}")]));
    }
}

#[test]
fn a_folder_that_is_public_against_its_name_is_told_once() {
    let site = TestSite::new();
    for path in ["drafts/a", "drafts/b", "news/Private/c", "news/draft-law", "wip/d", "trash/e", "Off the record/f"] {
        site.write_article(path, "2026-11-01", if path == "wip/d" { "draft: true" } else { "" }, "x");
    }
    let told = site.build().diagnostics();
    assert_eq!(
        told,
        [
            "warning content/Off the record a folder called `Off the record` is published",
            "warning content/drafts a folder called `drafts` is published",
            "warning content/news/Private a folder called `Private` is published",
            "warning content/trash a folder called `trash` is published",
        ]
    );
    site.remove("content/trash/e.md");
    site.remove("content/Off the record/f.md");
    site.remove("content/drafts/a.md");
    site.remove("content/drafts/b.md");
    site.write_article("_set/e", "2026-11-01", "", "x");
    assert_eq!(site.build().diagnostics().len(), 2);
    site.remove("content/_set/e.md");
    assert_eq!(site.build().diagnostics().len(), 1);
}

/// Eleventy and Nikola read what withholds a text from a file beside it, which courant does not.
#[test]
fn data_beside_articles_that_withholds_something_is_an_error() {
    for (name, text, place) in [
        ("el.json", r#"{"layout": "a", "draft": true}"#, "1:18 `draft`"),
        ("el.json", "{\n  \"eleventyComputed\": {\"permalink\": false}\n}", "2:25 `permalink`"),
        ("a.json", r#"{"eleventyExcludeFromCollections":true}"#, "1:3 `eleventyExcludeFromCollections`"),
        ("a.11tydata.json", r#"{"status": "draft"}"#, "1:3 `status`"),
        ("el.11tydata.js", "module.exports = {\n  permalink: false,\n};", "2:3 `permalink`"),
        ("a.meta", ".. title: A\n.. status: draft\n", "2:4 `status`"),
        ("a.md.meta", "title: A\nstatus: draft\n", "2:1 `status`"),
        ("a.yaml", "title: A\ndraft: true\n", "2:1 `draft`"),
        ("a.yml", "published: false", "1:1 `published`"),
        ("a.toml", "title = \"A\"\ndraft = true\n", "2:1 `draft`"),
        ("el.yaml", "draft: true", "1:1 `draft`"),
        ("a.yaml", "publishDate: 2027-01-01", "1:1 `publishDate`"),
        ("a.json", "{\"date\": \"2027-01-01T10:00\"}", "1:3 `date`"),
        ("a.toml", "published_at = null", "1:1 `published_at`"),
        ("a.md.yaml", "draft: true", "1:1 `draft`"),
        ("a.meta.yaml", "draft: true", "1:1 `draft`"),
        ("meta.yaml", "draft: true", "1:1 `draft`"),
        ("_meta.yaml", "draft: true", "1:1 `draft`"),
        ("defaults.yaml", "draft: true", "1:1 `draft`"),
        ("section.yaml", "draft: true", "1:1 `draft`"),
        ("_index.yaml", "draft: true", "1:1 `draft`"),
        ("_index.json", "{\"draft\": true}", "1:3 `draft`"),
        ("a.yaml", "title: A\ndraft: true # comment\n", "2:1 `draft`"),
        ("a.yaml", "title: A\ndraft:\n  true\n", "2:1 `draft`"),
        ("a.yaml", "embargo: Monday\n", "1:1 `embargo`"),
        ("a.yaml", "press_embargo: 2027-01-01\n", "1:1 `press_embargo`"),
        ("a.yaml", "schedule: 2027-01-01\n", "1:1 `schedule`"),
        ("a.yaml", "hold: legal\n", "1:1 `hold`"),
        ("a.yaml", "date: 2026-11-23\ntime: \"18:00\"\n", "1:1 `date`"),
        ("a.toml", "moderation_state = \"draft\" # x\n", "1:1 `moderation_state`"),
        ("a.json", r#"{"needs_review": true}"#, "1:3 `needs_review`"),
        ("a.json", r#"{"tags": "draft"}"#, "1:3 `tags`"),
        ("a.json", r#"{"premium": true}"#, "1:3 `premium`"),
        ("a.meta", ".. title: A\n.. tags: draft, x\n", "2:4 `tags`"),
        ("a.11tydata.js", "module.exports = {\n  draft: true, // soon\n};", "2:3 `draft`"),
        ("a.11tydata.js", "module.exports = {\n  permalink: () => false,\n};", "2:3 `permalink`"),
    ] {
        let site = TestSite::new().article("el/a", "2026-11-01", "", "x").file(&format!("content/el/{name}"), text);
        let run = site.try_build(&[]);
        let message =
            format!("error content/el/{name}:{place} withholds nothing here: courant does not read this file");
        assert_eq!((run.code, run.diagnostics()), (1, vec![message]), "{name}");
        let harmless = "{\"layout\": \"post.njk\", \"draft\": false, \"date\": \"2026-01-01\"}";
        site.write(&format!("content/el/{name}"), harmless);
        let told = site.build().diagnostics();
        let message = "courant reads no data of articles from files beside them; it is left out";
        assert_eq!(told, [format!("warning content/el/{name} {message}")], "{name}");
    }
}

#[test]
fn a_reply_that_is_marked_is_not_shown() {
    let marks = [
        "draft: true",
        "status: pending",
        "approved: false",
        "hidden: true",
        "spam: true",
        "deleted: true",
        "published: false",
        "comment_approved: \"0\"",
        "moderation: pending",
        "approved: pending",
        "moderation_state: draft",
        "params: {draft: true}",
        "publish: 2027-01-01",
        "date: 2027-01-01",
        "press_embargo: 2027-01-01",
        "date: 2026-11-23, time: \"18:00\"",
    ];
    let mut replies = String::from("- {id: open, name: Ann, text: Fine}\n");
    for (number, mark) in marks.iter().enumerate() {
        replies.push_str(&format!("- {{id: r{number}, name: Bob, text: Secret words, {mark}}}\n"));
    }
    let mut site =
        TestSite::new().article("local/a", "2026-11-01", "", "x").file("content/local/a.comments.yaml", "[]");
    site.build();
    site.write("content/local/a.comments.yaml", &replies);
    site.build();
    assert_no_secrets(&site);
    assert!(site.published("local/a/index.html").contains("Fine"));
    site.set_now("2027-01-01T00:00:00Z");
    site.build();
    assert_eq!(site.published("local/a/index.html").matches("Secret words").count(), 4);
    site.assert_equals_clean("replies are published at their moment");
    for mark in ["embargo: Monday", "state: awaiting moderation", "hold: legal", "internal: true", "status: unclear"] {
        site.write("content/local/a.comments.yaml", format!("- {{name: Bob, text: Words, {mark}}}\n"));
        assert_eq!(site.try_build(&[]).code, 1, "{mark}");
    }
}

/// Replies are found by the name of their article's file.
#[test]
fn replies_that_belong_to_no_article_are_told() {
    for (replies, article, meant) in [
        ("a", "a/index", "a/index"),
        ("a", "2026-01-02-a", "2026-01-02-a"),
        ("a/index", "a", "../a"),
        ("harbour-tunel", "harbour-tunnel", "harbour-tunnel"),
    ] {
        let cure = format!("did you mean `{meant}.comments.yaml`?");
        let site = TestSite::new()
            .article(&format!("local/{article}"), "2026-11-01", "", "x")
            .file(&format!("content/local/{replies}.comments.yaml"), "- {id: a, name: Ann, text: Fine}\n");
        let run = site.build();
        let message = "these replies belong to no article, so nobody sees them: it was renamed, or is not there";
        assert_eq!(run.diagnostics(), [format!("warning content/local/{replies}.comments.yaml {message}")]);
        assert_eq!(run.hints(), [cure]);
        let path = |name: &str| site.path(&format!("content/local/{name}.comments.yaml"));
        std::fs::rename(path(replies), path(article)).expect("renamed");
        assert_eq!(site.build().diagnostics(), [""; 0], "{replies}");
    }
}

/// Only articles have replies: those beside anything else would be lost without a word.
#[test]
fn replies_to_what_is_no_article_are_told() {
    let cure = "add a `date` to its front matter to make it an article, or move them out of `content/`";
    for (stem, front, message, cure) in [
        (
            "local/a",
            "title: A",
            "nobody sees these replies: only articles have some, and `content/local/a.md` is none",
            cure,
        ),
        (
            "about",
            "title: A",
            "nobody sees these replies: only articles have some, and `content/about.md` is none",
            cure,
        ),
        (
            "local/_index",
            "title: A",
            "nobody sees these replies: only articles have some, and `content/local/_index.md` is none",
            "move them out of `content/`",
        ),
        (
            "authors/ann",
            "name: Ann",
            "nobody sees these replies: only articles have some, and `content/authors/ann.md` is none",
            "move them out of `content/`",
        ),
        (
            "local/b.md",
            "title: B",
            "these replies belong to no article, so nobody sees them: it was renamed, or is not there",
            "did you mean `b.comments.yaml`?",
        ),
    ] {
        let site = TestSite::new()
            .article("local/other", "2026-11-01", "authors: [Ann]", "x")
            .file(&format!("content/{stem}.comments.yaml"), "- {id: a, name: Ann, text: Fine}\n");
        site.write(&format!("content/{}.md", stem.trim_end_matches(".md")), format!("---\n{front}\n---\n\nWords.\n"));
        let run = site.build();
        let told = format!("warning content/{stem}.comments.yaml {message}");
        let number = run
            .diagnostics()
            .iter()
            .position(|one| *one == told)
            .unwrap_or_else(|| panic!("{stem}: {:?}", run.diagnostics()));
        assert_eq!(run.hints()[number], cure);
        site.write(&format!("content/{stem}.md"), format!("---\n{front}\ndraft: true\n---\n\nWords.\n"));
        site.build();
        site.assert_equals_clean(stem);
    }
}

/// An entry of a list may have a key that withholds it.
#[test]
fn an_entry_that_is_marked_is_not_published() {
    let marks = [
        "status: pending",
        "draft: true",
        "published: false",
        "embargo: 2027-01-01",
        "publish_on: 2027-01-01",
        "embargo: {until: 2027-01-01}",
        "embargo: 2026-12-31, embargo_time: \"23:00\"",
        "moderation_state: draft",
        "params: {draft: true}",
        "press_embargo: 2027-01-01",
        "hold_until: 2027-01-01",
    ];
    let entries: Vec<String> = marks
        .iter()
        .map(|mark| format!("- {{date: 2026-11-02, {mark}, text: \"Secret words ![x](secret.svg)\"}}\n"))
        .collect();
    let front = format!("corrections:\n- {{date: 2026-11-02, text: Fine}}\n{}", entries.concat());
    let mut site = TestSite::new().article("local/a", "2026-11-01", &front, "x");
    site.build();
    assert_no_secrets(&site);
    assert!(site.published("local/a/index.html").contains("Fine"));
    site.set_now("2027-01-01T00:00:00Z");
    site.build();
    assert_eq!(site.published("corrections/index.html").matches("Secret words").count(), 6);
    site.assert_equals_clean("corrections are published at their moment");
    for (entry, place, message) in [
        ("{date: 2026-11-02, embargo: soon, text: x}", "4:43", "`soon` is not a date"),
        ("{date: 2026-11-02, embargo: {until: soon}, text: x}", "4:51", "`soon` is not a date"),
    ] {
        let front = format!("corrections: [{entry}]");
        let told = TestSite::new().article("local/a", "2026-11-01", &front, "x").try_build(&[]).diagnostics();
        assert_eq!(told, [format!("error content/local/a.md:{place} {message}")], "{entry}");
    }
    for (front, place, key) in [
        ("source: {name: Ann, confidential: true}", "4:21", "confidential"),
        ("source: {name: Ann, anonymous: true}", "4:21", "anonymous"),
        ("sources: [{name: Ann, public: false}]", "4:23", "public"),
        ("authors: [{name: Ann, hidden: true}]", "4:23", "hidden"),
        ("tags: [{name: Ann, draft: true}]", "4:20", "draft"),
        ("categories: [{name: Local}, {name: Ann, confidential: true}]", "4:41", "confidential"),
        ("sources: [{name: Ann, published: 2027-01-01}]", "4:23", "published"),
        ("sources: [{name: Ann, scheduled: 2027-01-01}]", "4:23", "scheduled"),
        ("authors: [{name: Ann, press_embargo: 2027-01-01}]", "4:23", "press_embargo"),
        ("tags: [{name: Ann, valid_from: 2027-01-01}]", "4:20", "valid_from"),
        ("series: {name: Ann, embargo: Monday}", "4:21", "embargo"),
        ("sources: [{name: Ann, name_withheld: true}]", "4:23", "name_withheld"),
        ("sources: [{name: Ann, not_for_attribution: true}]", "4:23", "not_for_attribution"),
        ("image: {src: https://x.example/a.jpg, draft: true}", "4:39", "draft"),
    ] {
        let told = TestSite::new().article("local/a", "2026-11-01", front, "x").try_build(&[]).diagnostics();
        let name = front.split(':').next().unwrap_or_default();
        let message = format!("`{key}` withholds nothing in `{name}`: the entry would be published");
        assert_eq!(told, [format!("error content/local/a.md:{place} {message}")], "{front}");
    }
    let open = "sources: [{name: Ann, public: true, published: 2026-11-01}]\nauthors: [{name: Bo, hidden: false}]";
    TestSite::new().article("local/a", "2026-11-01", open, "x").build();
}

/// The folders change places: every path has the file of another one, of the same length and time.
#[cfg(unix)]
#[test]
fn files_that_change_places_are_told_apart() {
    let site = TestSite::new();
    let when = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000);
    for (folder, draft) in [("p", "no "), ("q", "yes")] {
        let path = format!("content/{folder}/z.md");
        site.write(&path, format!("---\ntitle: Z\ndate: 2026-11-01\ndraft: {draft}\n---\nText.\n"));
        let file = std::fs::File::options().write(true).open(site.path(&path)).expect("there");
        file.set_modified(when).expect("the time is set");
    }
    site.build();
    assert!(site.has("public/p/z/index.html"));
    for (from, to) in [("p", "t"), ("q", "p"), ("t", "q")] {
        std::fs::rename(site.path(&format!("content/{from}")), site.path(&format!("content/{to}"))).expect("renamed");
    }
    site.build();
    assert!(!site.has("public/p/z/index.html") && site.has("public/q/z/index.html"));
    site.assert_equals_clean("two folders changed places");
}

#[test]
fn of_two_dates_the_later_one_withholds() {
    let site = TestSite::new().article("local/secret", "2027-01-01", "date: 2026-01-01", "x");
    let run = site.try_build(&[]);
    assert!(run.code == 0 && !site.has("public/local/secret/index.html"), "{}", run.stderr);
}

/// A section with everything that hiding it hides.
fn with_hidden_section(front: &str) -> TestSite {
    TestSite::new()
        .article("local/open", "2026-11-01", "authors: [ann]", "See [it](/secret/) and [that](../secret/about.md).")
        .file(
            "content/secret/_index.md",
            format!("---\ntitle: Secret section\ndescription: Secret plan\n{front}\n---\n\nSecret.\n"),
        )
        .article("secret/story", "2026-11-02", "title: A secret story of theirs\ntags: [secret]", "Secret.")
        .article("secret/deep/story-2", "2026-11-02", "title: Another secret story here", "Secret.")
        .file("content/secret/about.md", "---\ntitle: A secret page of theirs\n---\n\nSecret.\n")
        .file("content/secret/plan.csv", "secret")
        .file(
            "content/_posts/2026-11-03-by-category.md",
            "---\ntitle: Secret by its category\ncategory: Secret\n---\nSecret.\n",
        )
}

#[test]
fn a_withheld_section_withholds_what_is_in_it() {
    for front in ["draft: true", "date: 2027-01-01", "Expires: 2026-01-01", "status: private"] {
        let site = with_hidden_section(front);
        let run = site.try_build(&["--verify"]);
        assert_eq!(run.code, 0, "{front}: {}", run.stderr);
        assert_no_secrets(&site);
        let shown = site.try_build(&["--drafts", "--future"]);
        assert_eq!(shown.code, 0, "{}", shown.stderr);
        assert_eq!(site.has("public/secret/index.html"), !front.starts_with("Expires"), "{front}");
    }
    let site = with_hidden_section("date: 2026-11-20");
    site.build();
    assert!(site.has("public/secret/story/index.html") && site.has("public/secret/about/index.html"));
}

#[test]
fn a_section_of_which_all_is_withheld_is_nowhere() {
    let site = TestSite::new()
        .article("local/open", "2026-11-01", "", "See [them](/secret/).")
        .file("content/secret/_index.md", "---\ntitle: Secret section\ndescription: Secret plan\n---\n")
        .article("secret/story", "2027-11-02", "title: A secret story of theirs", "Secret.");
    let run = site.try_build(&["--verify"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_no_secrets(&site);
}

#[test]
fn of_a_withheld_profile_only_the_name_is_left() {
    for front in ["draft: true", "expires: 2026-01-01", "date: 2027-01-01"] {
        let profile = format!(
            "---\nname: Ann Lee\nrole: Secret role\nimage: secret.svg\nlinks: {{Secret: https://secret.example}}\n{front}\n---\n\nSecret life.\n"
        );
        let site = TestSite::new()
            .article("local/open", "2026-11-01", "authors: [ann-lee, Bo]", "x")
            .article(
                "local/second",
                "2026-11-02",
                "authors: [ann-lee]",
                "See [her](../authors/ann-lee.md), [her](/authors/ann-lee/).",
            )
            .file("content/authors/ann-lee.md", profile)
            .file("content/authors/secret.svg", "<svg width=\"1\" height=\"1\"/>");
        let run = site.try_build(&["--verify"]);
        assert_eq!(run.code, 0, "{front}: {}", run.stderr);
        assert_no_secrets(&site);
        let page = site.published("local/open/index.html");
        assert!(page.contains("Ann Lee") && !page.contains("/authors/ann-lee/"), "{page}");
        assert!(site.has("public/authors/bo/index.html") && !site.has("public/authors/ann-lee"), "{front}");
        assert!(!site.published("authors/index.html").contains("Ann Lee"));
        assert!(!site.has("public/authors/secret.svg"), "{front}");
    }
}

#[test]
fn sections_and_profiles_come_and_go_with_time() {
    let mut site = with_hidden_section("date: 2026-11-24\nexpires: 2026-11-26")
        .file("content/authors/ann.md", "---\nname: Ann Lee\nexpires: 2026-11-25\n---\n\nHer life.\n");
    let expected = [
        ("2026-11-23", false, true),
        ("2026-11-24", true, true),
        ("2026-11-25", true, false),
        ("2026-11-26", false, false),
    ];
    for (day, section, profile) in expected {
        site.set_now(&format!("{day}T12:00:00Z"));
        let run = site.try_build(&["--verify"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert_eq!(site.has("public/secret/story/index.html"), section, "{day}");
        assert_eq!(site.has("public/secret/index.html"), section, "{day}");
        assert_eq!(site.has("public/authors/ann/index.html"), profile, "{day}");
    }
    let next = site.run(&["next", "--at", "2026-11-23T12:00:00Z"]).stdout;
    assert!(next.contains("Secret section") && next.contains("Ann Lee"), "{next}");
}

#[test]
fn an_article_without_a_date_among_dated_ones_is_told() {
    let site = TestSite::new()
        .article("local/open", "2026-11-01", "", "x")
        .file("content/local/undated.md", "---\ntitle: Undated\n---\nx\n")
        .file("content/local/meant.md", "---\ntitle: Meant\nlayout: page\n---\nx\n")
        .file("content/help/how.md", "---\ntitle: How\n---\nx\n")
        .file("content/about.md", "---\ntitle: About\n---\nx\n");
    let told = "warning content/local/undated.md:2:8 this file has no date, so it is a page and in no list of articles";
    for _ in 0..2 {
        assert_eq!(site.try_build(&[]).diagnostics(), [told]);
    }
    site.remove("content/local/open.md");
    assert_eq!(site.try_build(&[]).diagnostics(), Vec::<String>::new());
}

/// Template code around the parts of a headline, so that no source has it as a whole.
fn whispering(template: &str) -> TestSite {
    let site = leaking();
    site.write("themes/child/templates/page.html", template);
    site
}

#[test]
fn a_headline_is_a_leak_however_a_template_writes_it() {
    for template in [
        "<p>{{ page.title }}\n{{ page.extra.more }}&nbsp;early</p>",
        "<p>{{ page.title }} <em>{{ page.extra.more }}</em> <a href=\"/x/\">early</a></p>",
        "<h1>{{ page.title | upper }} {{ page.extra.more | upper }} EARLY</h1>",
        "<p>{{ page.title }} tun&shy;nel op\u{ad}ens early</p>",
        "<p>&#84;he {{ page.title | replace(from=\"The \", to=\"\") }} {{ page.extra.more }} early</p>",
        "<img alt=\"“{{ page.title }}” — {{ page.extra.more }} early\" src=\"x.svg\">",
        "<script type=\"application/json\">{\"t\":\"{{ page.title }}\\n{{ page.extra.more }} \\u0065arly\"}</script>",
        "<p>{{ page.title }}<sup><a href=\"#1\">[1]</a></sup> {{ page.extra.more }}[2] early¹</p>",
        "<p>{{ page.title | replace(from=\"b\", to=\"<wbr>b\") | safe }} tun<wbr>nel o<!-- -->pens ear<wbr>ly</p>",
        "<p>{{ page.title }} &lt;b&gt;{{ page.extra.more }}&lt;/b&gt; early</p>",
        "<img src=\"/pictures/the-harbour-{{ page.extra.more | slugify }}-early-0123456789ab-480.avif\">",
    ] {
        let run = whispering(template).try_build(&[]);
        let found = run.diagnostics();
        let told =
            "error content/local/tunnel.md /about/ would give away the headline “The harbour tunnel opens early”";
        assert!(run.code == 1 && found.iter().any(|one| one.starts_with(told)), "{template}: {found:?}");
    }
    for template in [
        // Two texts, or a part of longer words.
        "<ul><li>{{ page.title }}</li><li>{{ page.extra.more }} early</li></ul>",
        "<p>{{ page.title }} {{ page.extra.more }} earlyish</p>",
    ] {
        let run = whispering(template).try_build(&[]);
        assert_eq!((run.code, run.diagnostics()), (0, Vec::new()), "{template}");
    }
}

#[test]
fn a_headline_of_short_words_is_a_leak_with_tags_or_line_breaks_between_all_of_them() {
    for template in [
        "<b>{{ page.title }}</b> <i>hit</i> <b>by</b> <i>a</i> <b>car</b>",
        "<p>{{ page.title }}\n  hit\n\tby<br>\n a\n\n car",
    ] {
        let site = whispering(template);
        site.write("content/about.md", "---\ntitle: Man\n---\n");
        site.write_article("local/tunnel", "2026-11-24", "title: Man hit by a car", "Words.");
        let found = site.try_build(&[]).diagnostics();
        let told = "error content/local/tunnel.md /about/ would give away the headline “Man hit by a car”";
        assert!(found.iter().any(|one| one.starts_with(told)), "{template}: {found:?}");
    }
}

#[test]
fn an_address_is_a_leak_however_a_template_writes_it() {
    for template in [
        "<a href=\"../local/{{ page.extra.more }}/\">x</a>",
        "<a href=\"/LOCAL/{{ page.extra.more }}\">x</a>",
        "<a href=\"HTTPS://TEST.example/local/{{ page.extra.more }}/index.html?a=b#c\">x</a>",
        "<a href=\"/local/%74{{ page.extra.more | replace(from=\"tu\", to=\"u\") }}/\">x</a>",
        "<a href=\"/local/&#116;{{ page.extra.more | replace(from=\"tu\", to=\"u\") }}/\">x</a>",
        "<script>{\"u\":\"https:\\/\\/test.example\\/local\\/{{ page.extra.more }}\\/\"}</script>",
        "<p>test.example/local/{{ page.extra.more }}.</p>",
        "<a href=\"./../x/../local/{{ page.extra.more }}/\">x</a>",
        "<base href=\"/local/\"><p title=\"/local/{{ page.extra.more }}\">x</p>",
    ] {
        let site = whispering(template);
        site.write("content/about.md", "---\ntitle: About\nmore: tunnel\n---\n");
        let run = site.try_build(&[]);
        let found = run.diagnostics();
        let told = "error content/local/tunnel.md /about/ would give away the address /local/tunnel/";
        assert!(run.code == 1 && found.iter().any(|one| one.starts_with(told)), "{template}: {found:?}");
    }
    for template in [
        "<a href=\"tunnel/\">x</a>",
        "<p>A {{ page.extra.more }}/bridge</p>",
        "<a href=\"https://other.example/local/tunnel/\">x</a>",
    ] {
        let site = whispering(template);
        site.write("content/about.md", "---\ntitle: About\nmore: tunnel\n---\n");
        let run = site.try_build(&[]);
        assert_eq!((run.code, run.diagnostics()), (0, Vec::new()), "{template}");
    }
}

#[test]
fn a_word_is_an_address_only_where_addresses_stand() {
    let names = "menu summary latest content headline follow sections canonical alternate icon meta tools skip robots \
                 stylesheet button breadcrumb news false main polite list search text en";
    let site = TestSite::new().file("site.yaml", SETTINGS).article("news/open", "2026-11-20", "", "Words.");
    for name in names.split(' ') {
        site.write_article(&format!("news/{name}"), "2026-11-20", "draft: true", "Words.");
        site.write(&format!("content/{name}.md"), format!("---\ntitle: {name}\ndraft: true\n---\n"));
    }
    // What a type of media looks like.
    for name in ["text/css", "text/javascript", "image/svg+xml", "application/rss+xml", "application/atom+xml"] {
        site.write_article(name, "2026-11-20", "draft: true", "Words.");
    }
    let run = site.try_build(&[]);
    assert_eq!((run.code, run.diagnostics()), (0, Vec::new()));
    for (template, is_leak) in [
        ("<a href=\"MORE\">x</a>", true),
        ("<a href = 'MORE'>x</a>", true),
        ("<a HREF=MORE>x</a>", true),
        ("<img srcset=\"MORE 2x\">", true),
        ("<video poster=MORE>", true),
        ("<object data=\"MORE\"></object>", true),
        ("<q cite=\"MORE\">x</q>", true),
        ("<form action=\"MORE\"><button formaction=\"MORE\">x</button></form>", true),
        ("<svg><use xlink:href=\"MORE\"/></svg>", true),
        ("<meta http-equiv=\"refresh\" content=\"0; url=MORE\">", true),
        ("<p>[x](MORE)</p>", true),
        ("<p class=\"MORE/\">x</p>", true),
        ("<p class=\"./MORE\">x</p>", true),
        ("<p class=\"MORE\" id=MORE data-action='MORE' aria-label = \"MORE\">MORE x=MORE</p>", false),
        ("<a href=\"https://other.example/?url=MORE&amp;href=MORE\">x</a>", false),
        ("<script>var x = 'MORE', y=\"MORE\"; z(MORE)</script>", false),
    ] {
        let site = whispering(&template.replace("MORE", "{{ page.extra.more }}"));
        site.write("content/about.md", "---\ntitle: About\nmore: tunnel\npermalink: /local/about.html\n---\n");
        let run = site.try_build(&[]);
        let found = run.diagnostics();
        let told = "error content/local/tunnel.md /local/about.html would give away the address /local/tunnel/";
        let is_told = run.code == 1 && found.iter().any(|one| one.starts_with(told));
        let is_silent = run.code == 0 && found.is_empty();
        assert!(if is_leak { is_told } else { is_silent }, "{template}: {found:?}");
    }
}

#[test]
fn a_part_of_longer_words_says_nothing() {
    let told = "error content/local/crash.md /about/ would give away the headline “Man dies in crash”";
    for (front, body) in [
        ("title: Woman dies in crash", "Words."),
        ("title: Man dies in crashes", "Words."),
        ("", "A woman dies in crashes often."),
        ("slug: woman-dies-in-crash", "Words."),
        ("summary: Woman dies in crash", "Words."),
    ] {
        let site = whispering("<p>{{ page.title }} {{ page.extra.more }}</p>");
        site.write("content/about.md", "---\ntitle: Man dies\nmore: in crash\n---\n");
        site.write_article("local/crash", "2026-11-24", "title: Man dies in crash", "Words.");
        site.write_article("local/open", "2026-11-20", front, body);
        let run = site.try_build(&[]);
        let found = run.diagnostics();
        assert!(run.code == 1 && found.len() == 1 && found[0].starts_with(told), "{front} {body}: {found:?}");
    }
    // Whole words say it; the mark is below them.
    for (front, body, place) in [
        ("title: A man dies in crash", "Words.", None),
        ("", "A woman dies in crashes. A man dies in crash.", Some("6:28")),
        ("summary: A woman dies in crash. A man dies in crash.", "Words.", Some("4:35")),
        // A text of 77 bytes: its length is the code of a letter.
        (&*format!("summary: Man dies in crash {}", "x".repeat(59)), "Words.", Some("4:10")),
    ] {
        let site = whispering("<p>{{ page.title }} {{ page.extra.more }}</p>");
        site.write("content/about.md", "---\ntitle: Man dies\nmore: in crash\n---\n");
        site.write_article("local/crash", "2026-11-24", "title: Man dies in crash", "Words.");
        site.write_article("local/open", "2026-11-20", front, body);
        let run = site.try_build(&[]);
        let told = "this gives away the headline “Man dies in crash” of content/local/crash.md, which is withheld";
        let wanted: Vec<String> =
            place.iter().map(|place| format!("warning content/local/open.md:{place} {told}")).collect();
        assert_eq!(run.diagnostics(), wanted, "{front} {body}");
    }
}

#[test]
fn what_the_sites_own_theme_says_is_a_warning_at_its_line() {
    let told =
        "this gives away the headline “The harbour tunnel opens early” of content/local/tunnel.md, which is withheld";
    let words = "The harbour tunnel opens early";
    let shown = "<p>x</p>\n<p>{{ site.settings.more }} {{ t(key=\"more\") }}</p>";
    for (file, text, place) in [
        ("templates/404.html", format!("<p>x</p>\n<p>{words}</p>"), "2:4"),
        ("templates/404.html", format!("{{# {words}\n#}}<p>{words}</p>"), "2:6"),
        ("i18n/en.yaml", format!("more: {words}\n"), "1:7"),
        ("theme.yaml", format!("name: child\napi: 1\nextends: broadsheet\nsettings:\n  more: {words}\n"), "5:9"),
    ] {
        let site = leaking();
        site.remove("content/about.md");
        site.write("themes/child/templates/404.html", shown);
        site.write("themes/child/i18n/en.yaml", "more: x\n");
        site.write("themes/child/theme.yaml", "name: child\napi: 1\nextends: broadsheet\nsettings:\n  more: x\n");
        site.write(&format!("themes/child/{file}"), text);
        let run = site.try_build(&[]);
        assert_eq!(
            (run.code, run.diagnostics()),
            (0, vec![format!("warning themes/child/{file}:{place} {told}")]),
            "{file}"
        );
    }
    // What no page shows accounts for nothing.
    for (file, text) in [
        ("templates/404.html", format!("{{# {words} #}}<p>x</p>")),
        ("templates/404.html", format!("{{#- x -#}}<p>x</p>{{#-\n{words}\n-#}}")),
        ("static/notes.js", format!("// {words}")),
    ] {
        let site = leaking();
        site.write(&format!("themes/child/{file}"), text);
        let run = site.try_build(&[]);
        let error = "error content/local/tunnel.md /about/ would give away the headline";
        assert!(run.diagnostics().iter().any(|one| one.starts_with(error)), "{file}: {:?}", run.diagnostics());
    }
}

#[test]
fn a_slug_of_a_withheld_article_in_the_name_of_an_image_is_told() {
    let slug = "mayor-resigns-over-tunnel";
    let site = TestSite::new()
        .file("site.yaml", SETTINGS)
        .article("local/secret", "2026-11-24", &format!("title: A sad day for the town hall\nslug: {slug}"), "Words.")
        .article("local/open", "2026-11-20", "", &format!("Words.\n\n![A street](/{slug}.svg)"))
        .file(&format!("static/{slug}.svg"), "<svg/>")
        .file(&format!("static/{slug}-2.mp4"), "film");
    let mut found = site.build().diagnostics();
    found.sort();
    let told = format!("this gives away the slug `{slug}` of content/local/secret.md, which is withheld");
    assert_eq!(
        found,
        [
            format!("warning content/local/open.md:8:14 {told}"),
            format!("warning static/{slug}-2.mp4 {told}"),
            format!("warning static/{slug}.svg {told}")
        ]
    );
}

#[test]
fn every_file_of_text_is_read() {
    let title = "The harbour tunnel opens early";
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(title.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let site = TestSite::new().file("site.yaml", SETTINGS).article(
        "local/tunnel",
        "2026-11-24",
        &format!("title: {title}"),
        "x",
    );
    let read = ["vtt", "srt", "geojson", "jsonl", "yaml", "rss", "xhtml", "ics", "tsv", "map", "tex", "log", "unknown"];
    for ending in read {
        site.write(&format!("static/a.{ending}"), "x\nTHE HARBOUR\nTunnel opens early\n");
    }
    site.write("static/b.txt", utf16);
    site.write("static/c.png", title);
    let mut told: Vec<String> = read.map(|ending| format!("warning static/a.{ending}:2:1")).to_vec();
    told.push("warning static/b.txt".into());
    told.sort();
    let told: Vec<String> = told
        .iter()
        .map(|place| {
            format!("{place} this gives away the headline “{title}” of content/local/tunnel.md, which is withheld")
        })
        .collect();
    let mut found = site.build().diagnostics();
    found.sort();
    assert_eq!(found, told);
}

#[test]
fn what_a_visible_source_says_in_other_words_is_a_warning_at_its_line() {
    let site = TestSite::new()
        .file("site.yaml", SETTINGS)
        .article("local/tunnel", "2026-11-24", "title: The harbour tunnel opens early", "Words.")
        .article("local/ships", "2026-11-24", "title: Seven ships sink at noon", "Words.")
        .article(
            "local/open",
            "2026-11-20",
            "",
            "So THE [harbour *tunnel*](https://x.example/a) opens\nearly.\n\n`../tunnel/`\n\nSeven&nbsp;ships sink at&nbsp;noon.",
        )
        .article("local/said", "2026-11-24", "title: The weekly market report", "Words.")
        .article("local/visible", "2026-11-20", "title: THE WEEKLY MARKET REPORT!", "Words.");
    let mut found = site.build().diagnostics();
    found.sort();
    assert_eq!(
        found,
        [
            "warning content/local/open.md:11:1 this gives away the headline “Seven ships sink at noon” of content/local/ships.md, which is withheld",
            "warning content/local/open.md:6:4 this gives away the headline “The harbour tunnel opens early” of content/local/tunnel.md, which is withheld",
            "warning content/local/open.md:9:2 this gives away the address /local/tunnel/ of content/local/tunnel.md, which is withheld",
        ]
    );
}

/// A drawing as a file that pages show.
const DRAWING: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3\" height=\"2\"/>";

#[test]
fn an_image_of_a_draft_is_held_back_however_its_name_is_written() {
    let in_front = [
        "image: https://test.example/news/NAME.svg",
        "images: [a.png, NAME.svg]",
        "image: a.svg\nfeatured_image: NAME.svg",
        "featured_image: NAME.svg\nimage: a.svg",
        "image: {src: a.svg, thumbnail: NAME.svg}",
        "gallery: \"a.png, NAME.svg\"",
        "cover: \"[[NAME.svg]]\"",
        "summary: \"![a](NAME.svg)\"",
        "image: NAME.SVG",
    ];
    let in_body = [
        "![a](https://test.example/news/NAME.svg)",
        "![[NAME.svg]]",
        "{% include image.html src=\"NAME.svg\" %}",
        "{{% img NAME.svg %}}",
        "![a](NAME.svg =100x20)",
        "- NAME.svg",
        "[1]: NAME.svg",
        "<p style=\"background:url(NAME.svg)\">x</p>",
        ".\\NAME.svg",
        "/content/news/NAME.svg",
        "![a](../NAME.svg)",
        "<!-- NAME.svg -->",
        "Words _NAME.svg_.",
        "![a](../NEWS/Name.svg)",
    ];
    let in_jsx = [
        "import z from './NAME.svg'\n\nText.",
        "Text <Figure src=\"./NAME.svg\" />",
        "export const hero = require('./NAME.svg')\n\nText.",
        "export const hero = './NAME.svg'\n\nText.",
    ];
    let site = TestSite::new().at(NOW).file("site.yaml", SETTINGS).file("content/news/a.svg", DRAWING);
    site.write_article("news/open", "2026-11-20", "title: Open", "![a](a.svg)");
    let fronts = in_front.iter().map(|front| (format!("\n{front}"), String::new(), "md"));
    let bodies = in_body.iter().map(|body| (String::new(), (*body).to_owned(), "md"));
    let scripts = in_jsx.iter().map(|body| (String::new(), (*body).to_owned(), "mdx"));
    let all: Vec<_> = fronts.chain(bodies).chain(scripts).collect();
    for (number, (front, body, ending)) in all.iter().enumerate() {
        let name = |text: &str| text.replace("NAME", &format!("s{number}")).replace("Name", &format!("S{number}"));
        let text = format!("---\ntitle: Draft\ndate: 2026-11-20\ndraft: true{}\n---\n\n{}\n", name(front), name(body));
        site.write(&format!("content/news/d{number}.{ending}"), text);
        site.write(&format!("content/news/s{number}.svg"), DRAWING);
    }
    let odd = "![](secret name (1).svg) and gro\u{308}\u{df}e.svg and 圖片.svg";
    site.write("content/news/odd.md", format!("---\ntitle: Odd\ndraft: true\n---\n{odd}\n"));
    for name in ["secret name (1)", "gr\u{f6}\u{df}e", "圖片"] {
        site.write(&format!("content/news/{name}.svg"), DRAWING);
    }
    site.build();
    let output = site.output();
    let shown: Vec<&String> =
        output.keys().filter(|path| path.starts_with("news/") && path.ends_with(".svg")).collect();
    let told: Vec<_> = shown
        .iter()
        .map(|path| {
            let number = path.trim_start_matches("news/s").trim_end_matches(".svg").parse::<usize>();
            number.ok().and_then(|number| all.get(number))
        })
        .collect();
    assert_eq!(shown, ["news/a.svg"], "{told:?}");
}

#[test]
fn what_something_visible_shows_is_not_held_back_with_a_draft() {
    let named = [
        "![x](https://test.example/news/NAME.svg)",
        "<p style=\"background:url(NAME.svg)\">x</p>",
        "<img srcset=\"NAME.svg 1x, a.png 2x\" src=\"NAME.svg\" alt=\"\">",
        "![x](NAME.svg)",
    ];
    let site = TestSite::new().at(NOW).file("site.yaml", SETTINGS);
    for (number, body) in named.iter().enumerate() {
        let body = body.replace("NAME", &format!("s{number}"));
        site.write_article(&format!("news/open{number}"), "2026-11-20", "title: Open", &body);
        site.write_article(&format!("news/draft{number}"), "2026-11-20", "title: Draft\ndraft: true", &body);
        site.write(&format!("content/news/s{number}.svg"), DRAWING);
    }
    site.write_article(
        "news/o",
        "2026-11-20",
        "title: Open\ngallery: \"s9.svg, s8.svg\"\nimage: https://test.example/news/s7.svg",
        "x",
    );
    site.write_article("news/d", "2026-11-20", "title: Open\ndraft: true", "s7.svg s8.svg s9.svg");
    for number in 7..10 {
        site.write(&format!("content/news/s{number}.svg"), DRAWING);
    }
    site.build();
    let count = site.output().keys().filter(|path| path.starts_with("news/") && path.ends_with(".svg")).count();
    assert_eq!(count, named.len() + 3);
}

#[test]
fn a_withheld_update_holds_back_what_it_names_beside_it() {
    let body = "Intro.\n\n## Now {time=2026-11-23T09:00}\n\n{% include now.svg %}\n\n## Late {time=2026-11-23T13:00}\n\n{% include late.svg %}";
    let mut site = TestSite::new().at(NOW).file("site.yaml", SETTINGS);
    site.write_article("local/storm", "2026-11-23T08:00:00Z", "title: Storm\nkind: live", body);
    for name in ["now", "late"] {
        site.write(&format!("content/local/{name}.svg"), DRAWING);
    }
    site.build();
    assert_eq!(["now", "late"].map(|name| site.has(&format!("public/local/{name}.svg"))), [true, false]);
    site.set_now("2026-11-23T13:00:00Z");
    site.build();
    assert!(site.has("public/local/late.svg"));
    site.assert_equals_clean("an update is published, with what lies beside it");
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

#[cfg(unix)]
#[test]
fn an_image_that_only_a_draft_names_through_a_link_is_held_back_where_it_is() {
    let site = TestSite::new().at(NOW).file("site.yaml", SETTINGS);
    site.write_article("pub/x", "2026-11-20", "title: Draft\ndraft: true", "![a](secret.svg) ![b](both.svg)");
    site.write_article("news/open", "2026-11-20", "title: Open", "![b](both.svg)");
    for name in ["secret.svg", "both.svg"] {
        site.write(&format!("content/news/{name}"), DRAWING);
        std::os::unix::fs::symlink(format!("../news/{name}"), site.path(&format!("content/pub/{name}")))
            .expect("a link");
    }
    site.build();
    let output = site.output();
    let shown: Vec<&str> =
        output.keys().map(String::as_str).filter(|path| path.contains(".svg") && !path.contains("assets")).collect();
    assert_eq!(shown, ["news/both.svg"]);
}

#[test]
fn the_files_of_a_bundle_whose_text_is_not_read_are_withheld() {
    let draft = "---\ntitle: Draft\ndraft: true\n---\n\nHidden words.\n";
    let open = "---\ntitle: Open\n---\n\nText.\n";
    let site = TestSite::new().at(NOW).file("site.yaml", SETTINGS);
    for (folder, name, text) in [
        ("a", "index.MD", open),
        ("b", "index.mdown", draft),
        ("c", "index.md.bak", open),
        ("d", "Index.md", draft),
        ("e", "index.de.md", draft),
        ("f", "index.html", draft),
        ("g", "index.md", open),
        ("g", "index.md.bak", draft),
        ("i", "HOLD index.md", open),
        ("j", "index (draft).md", open),
        ("k", "HOLD.md", open),
        ("l", "index.md~", open),
        ("m", "index.txt", open),
        ("n", "#index.md#", open),
        ("o", "a/index.md", open),
        ("o", "HOLD.md", open),
        ("h", "index.html", "<p>An interactive graphic</p>"),
    ] {
        site.write(&format!("content/news/{folder}/{name}"), text);
        site.write(&format!("content/news/{folder}/in/image.svg"), DRAWING);
    }
    let images = |site: &TestSite| {
        let output = site.output();
        let images = output.keys().filter_map(|path| path.strip_suffix("/in/image.svg"));
        images.map(|path| path.trim_start_matches("news/").to_owned()).collect::<Vec<_>>()
    };
    let run = site.build();
    assert_eq!(images(&site), ["g", "h", "o"]);
    assert!(site.has("public/news/h/index.html") && !site.has("public/news/f/index.html"));
    let told = run.diagnostics().into_iter().filter(|one| one.contains("left out")).collect::<Vec<_>>();
    assert_eq!(told.len(), 10, "{told:?}");
    assert!(
        told.contains(
            &"warning content/news/f/index.html front matter of an HTML file is not read; it is left out".to_owned()
        ),
        "{told:?}"
    );
    site.remove("content/news/g/index.md");
    site.build();
    assert_eq!(images(&site), ["h", "o"]);
    site.assert_equals_clean("a bundle lost its text");
}

#[test]
fn an_article_in_the_folder_of_a_withheld_bundle_is_told() {
    let site = TestSite::new().at(NOW).file("site.yaml", SETTINGS);
    site.write_article("news/b/index", "2026-11-20", "title: Draft\ndraft: true", "Words.");
    for name in ["part2", "part3"] {
        site.write_article(&format!("news/b/{name}"), "2026-11-20", &format!("title: {name}"), "Words.");
    }
    let told = site.build().diagnostics();
    let message = "this bundle is withheld, and `content/news/b/part2.md` and 1 more in this folder are published";
    assert_eq!(told, [format!("warning content/news/b/index.md {message}")]);
}

#[test]
fn what_is_withheld_now_is_looked_for_in_pages_and_files_that_are_kept() {
    let title = "The harbour tunnel opens early";
    let error = |where_: &str| {
        format!(
            "error content/local/tunnel.md /{where_} would give away the headline “{title}” of content/local/tunnel.md, which is withheld"
        )
    };
    let warning = |place: &str| {
        format!("warning {place} this gives away the headline “{title}” of content/local/tunnel.md, which is withheld")
    };
    let mut site = leaking();
    site.remove("content/local/tunnel.md");
    site.build();
    // The new draft changes no page.
    site.write_article("local/tunnel", "2026-11-20", &format!("title: {title}\ndraft: true"), "Words.");
    let before = site.output();
    let run = site.try_build(&[]);
    assert_eq!((run.code, run.diagnostics()), (1, vec![error("about/")]));
    assert_eq!(site.output(), before);
    // The page goes if the build goes on.
    assert_eq!(site.try_build(&["--keep-going"]).diagnostics(), [error("about/")]);
    assert!(!site.has("public/about/index.html"));
    assert_eq!(site.try_build(&[]).diagnostics(), [error("about/")], "it is found again");
    site.remove("content/local/tunnel.md");
    site.remove("content/about.md");
    // What a visible source says is a warning, in each build as in a clean one.
    site.write_article("local/old", "2026-11-20", "", &format!("We heard: {title}."));
    site.write("static/notes.txt", format!("x\n{title}\n"));
    site.write("static/the-harbour-tunnel-opens-early.mp4", "film");
    assert_eq!(site.build().diagnostics(), Vec::<String>::new());
    let told = [
        warning("content/local/old.md:6:11"),
        warning("static/notes.txt:2:1"),
        warning("static/the-harbour-tunnel-opens-early.mp4"),
    ];
    site.write_article("local/tunnel", "2026-11-20", &format!("title: {title}\nexpires: 2026-11-24"), "Words.");
    assert_eq!(site.build().diagnostics(), Vec::<String>::new());
    site.set_now("2026-11-24T00:00:00Z");
    assert_eq!(site.build().diagnostics(), told, "with the moment at which it expires");
    for (after, rendered) in
        [("nothing", None), ("another page", Some("local/new")), ("a page of its own", Some("local/old"))]
    {
        if let Some(path) = rendered {
            site.write_article(path, "2026-11-20", "", &format!("We heard: {title}."));
        }
        let mut told = told.to_vec();
        if rendered.is_some() {
            told.insert(0, warning("content/local/new.md:6:11"));
        }
        assert_eq!(site.build().diagnostics(), told, "after {after}");
        assert_eq!(site.try_build(&["--strict"]).code, 1, "after {after}");
    }
    site.remove("content/local/tunnel.md");
    assert_eq!(site.build().diagnostics(), Vec::<String>::new());
}

#[test]
fn a_folder_without_its_log_is_searched_as_a_whole() {
    let site = leaking();
    site.write("themes/child/templates/page.html", "<p>x</p>");
    site.write("static/notes.txt", "The harbour tunnel opens early");
    let told = site.build().diagnostics();
    assert_eq!(told.len(), 1, "{told:?}");
    std::fs::remove_dir_all(site.path(".courant")).expect("the log");
    assert_eq!(site.build().diagnostics(), told);
}
