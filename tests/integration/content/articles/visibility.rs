//! Articles that must not be visible yet, or any more.

use crate::fixture::TestSite;

#[test]
fn time_publishes_and_withdraws() {
    let mut site = TestSite::new()
        .article("local/soon", "2026-11-24T08:00:00Z", "", "x")
        .article("local/short", "2026-11-20", "expires: 2026-11-25T00:00:00Z", "x")
        .article("local/later", "2026-11-01", "publishDate: 2026-11-26", "x")
        .article("local/draft", "2026-11-01", "draft: true", "x")
        .article("local/off", "2026-11-01", "published: false", "x");
    let mut there = |now: &str| {
        site.set_now(now);
        site.build();
        site.assert_equals_clean(now);
        let names = ["soon", "short", "later", "draft", "off"];
        names.into_iter().filter(|name| site.has(&format!("public/local/{name}"))).collect::<Vec<_>>()
    };
    assert_eq!(there("2026-11-24T07:59:59Z"), ["short"]);
    assert_eq!(there("2026-11-24T08:00:00Z"), ["soon", "short"], "an article appears at its second");
    assert_eq!(there("2026-11-24T23:59:59Z"), ["soon", "short"]);
    assert_eq!(there("2026-11-25T00:00:00Z"), ["soon"], "and goes at its second");
    assert_eq!(there("2026-11-26T00:00:00Z"), ["soon", "later"]);
    assert_eq!(there("2026-11-23T00:00:00Z"), ["short"], "time may also go back");
}

#[test]
fn drafts_and_embargoed_articles_are_shown_when_asked_for() {
    let site = TestSite::new().article("local/draft", "2026-11-01", "draft: true", "x").article(
        "local/soon",
        "2027-01-01",
        "",
        "x",
    );
    let there = |flags: &[&str]| {
        assert_eq!(site.try_build(flags).code, 0);
        (site.has("public/local/draft"), site.has("public/local/soon"))
    };
    assert_eq!(there(&["--drafts"]), (true, false));
    assert_eq!(there(&["--future"]), (false, true));
    assert_eq!(there(&["--drafts", "--future"]), (true, true));
    assert_eq!(there(&[]), (false, false), "and are gone again");
}

/// Every byte of the output, file names included.
fn leaks(site: &TestSite, secrets: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, bytes) in site.output() {
        for secret in secrets {
            // Two letters are in the bytes of many an image.
            let is_inside =
                !path.ends_with(".png") && bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            if path.contains(secret) || is_inside {
                found.push(format!("{secret} in {path}"));
            }
        }
    }
    found
}

#[test]
fn nothing_of_a_withheld_article_is_anywhere() {
    for (name, front) in [
        ("a draft", "draft: true"),
        ("an unpublished one", "published: false"),
        ("an expired one", "expires: 2026-11-01"),
        ("an embargoed one", "date: 2027-01-01"),
        ("one with a later publication", "publishDate: 2027-01-01"),
        ("one under embargo, said so", "embargo: 2027-01-01T06:00"),
        ("a private one", "private: true"),
    ] {
        for mode in ["inline", "client", "ssi"] {
            let date = if front.starts_with("date") { "" } else { "date: 2026-01-02\n" };
            let site = TestSite::new()
                .file("site.yaml", format!("title: T\nbase_url: https://t.example\nfragments: {{latest: {mode}}}\n"))
                .file(
                    "content/local/qqslug/index.md",
                    format!(
                        "---\ntitle: Qqtitle story\n{date}{front}\nsummary: Qqsummary\ntags: [Qqtag, shared]\nauthors: [Qqauthor]\nseries: Qqseries\naliases: [/qqalias/]\nimage: {{src: qqpicture.svg, alt: Qqalt}}\nfeatured: true\n---\n\nQqbody words.\n"
                    ),
                )
                .file("content/local/qqslug/qqpicture.svg", "<svg width=\"1\" height=\"1\"><desc>qqinside</desc></svg>")
                .file("content/local/qqslug.comments.yaml", "- {name: Qqreader, text: Qqreply}\n")
                .file("content/qqsection/only.md", format!("---\ntitle: Qqother\n{date}{front}\n---\n\nQqbody.\n"))
                .article(
                    "local/open",
                    "2026-01-03",
                    "tags: [shared]",
                    "See [the story](/local/qqslug/index.md), and [again](qqslug/index.md#part).",
                )
                .article("local/older", "2026-01-01", "tags: [shared]", "x");
            site.build();
            let secrets = ["Qq", "qq"];
            assert_eq!(leaks(&site, &secrets), Vec::<String>::new(), "{name}, {mode}");
            assert!(site.published("local/open/index.html").contains("See the story, and again."), "words stay");
        }
    }
}

#[test]
fn a_copy_of_an_article_is_not_published_as_a_file() {
    let text = "---\ntitle: Qqtitle\ndate: 2026-01-02\ndraft: true\n---\n\nQqbody.\n";
    let site = TestSite::new().article("local/open", "2026-01-03", "", "x");
    for name in
        ["a.md~", "b.MD", "c.md.bak", "d.mdown", "#e.md#", ".f.md.swp", "g.markdown.orig", ".h.md", "i.Markdown"]
    {
        site.write(&format!("content/local/{name}"), text);
        site.write(&format!("content/local/bundle/{name}"), text);
    }
    site.write("content/local/bundle/index.md", "---\ntitle: B\ndate: 2026-01-02\n---\n\n[Notes](notes.txt)\n");
    site.write("content/local/bundle/notes.txt", "published");
    let run = site.build();
    assert_eq!(leaks(&site, &["Qq"]), Vec::<String>::new());
    assert!(site.has("public/local/bundle/notes.txt"));
    let told = run.diagnostics();
    for name in ["b.MD", "c.md.bak", "d.mdown", "g.markdown.orig", "i.Markdown"] {
        assert!(told.iter().any(|one| one.contains(&format!("content/local/{name} "))), "{name} in {told:?}");
    }
}

#[test]
fn a_withdrawn_article_leaves_nothing_behind() {
    let site = TestSite::new()
        .file(
            "content/local/qqslug/index.md",
            "---\ntitle: Qqtitle\ndate: 2026-01-02\ntags: [Qqtag]\nimage: {src: qqp.svg, alt: Qqalt}\n---\n\nQqbody.\n",
        )
        .file("content/local/qqslug/qqp.svg", "<svg width=\"1\" height=\"1\"/>")
        .article("local/open", "2026-01-03", "", "See [it](/local/qqslug/index.md).");
    site.build();
    assert!(!leaks(&site, &["Qqtitle"]).is_empty(), "it is there first");
    let text = site.read("content/local/qqslug/index.md").replace("tags:", "draft: true\ntags:");
    site.write("content/local/qqslug/index.md", text);
    let run = site.build();
    assert!(run.number("removed") >= 3, "the page, the image, the tag");
    assert_eq!(leaks(&site, &["Qq", "qq"]), Vec::<String>::new());
    site.assert_equals_clean("a withdrawal");
}
