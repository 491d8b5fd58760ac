//! Content: what becomes of front matter in the spellings of real archives, of dates, names, files
//! beside articles, and of articles that must not be visible.

mod fixture;

use std::collections::BTreeMap;

use fixture::TestSite;

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

/// The one value `key` of an article with this front matter.
fn value(front: &str, key: &str) -> String {
    let site = probing()
        .file("static/a.svg", "<svg width=\"1\" height=\"1\"/>")
        .file("content/local/x.md", format!("---\n{front}\n---\n\nFirst words.\n"));
    site.build();
    values(&site, "local/x")[key].clone()
}

/// What is told of an article with this front matter, with the cure, and whether it is published.
fn told_of(front: &str) -> (Vec<String>, bool) {
    let site = TestSite::new().file("static/a.svg", "<svg width=\"1\" height=\"1\"/>").article(
        "local/x",
        "2026-01-02",
        front,
        "Words.",
    );
    let run = site.try_build(&[]);
    let told = run.diagnostics().into_iter().zip(run.hints()).map(|(one, hint)| format!("{one}; {hint}"));
    (told.collect(), site.has("public/local/x/index.html"))
}

#[test]
fn what_other_programs_and_themes_write_is_left_out_and_told() {
    let keys = "the keys are src, alt, caption, credit, focus and crop";
    let none = "write `image: { src: tunnel.jpg, alt: … }`";
    for (front, expected) in [
        ("image: {path: /a.svg, lqip: x, alt: A}", vec![format!("4:23 unknown key `lqip` of `image`; {keys}")]),
        ("image: {feature: /a.svg, credit: A}", Vec::new()),
        ("title: T\nimages: [{src: /a.svg, title: A}]", Vec::new()),
        (
            "image: {caption: A, preview_only: true}",
            vec![
                format!("4:1 `image` has no `src`; {none}"),
                format!("4:21 unknown key `preview_only` of `image`; {keys}"),
            ],
        ),
        (
            "comments:\n- {name: Ann, text: Yes}",
            vec![
                "4:1 comments in front matter are not read; they are left out; write them into `x.comments.yaml` beside this file".to_owned(),
            ],
        ),
        ("image: {src: \"\", alt: \"\"}\nsource: {name: '', url: ''}\ncoverage: ''", Vec::new()),
        ("corrections: [{date: '', text: ''}]\nsources: []", Vec::new()),
        ("status: 1", Vec::new()),
        ("expiryDate: 0001-01-01T00:00:00Z", Vec::new()),
        ("status: true", Vec::new()),
        ("status: Publié", Vec::new()),
        ("status: veröffentlicht", Vec::new()),
        (
            "authors: [{id: jane, display_name: Jane D.}]",
            vec![
                "4:11 the name `Jane D.` is not read, since `id: jane` stands beside it; write it into the profile `content/authors/jane.md`, or remove the `id`".to_owned(),
            ],
        ),
        (
            "title: \"[DRAFT] Tunnel\"",
            vec![
                "3:8 the headline begins as if the article were to be withheld, and readers see it so; add `draft: true` to withhold it, or remove the word from the headline".to_owned(),
            ],
        ),
        (
            "title: Project # 1",
            vec!["3:16 `#` begins a comment, so `# 1` is left out; put the whole value in quotation marks".to_owned()],
        ),
    ] {
        let expected: Vec<String> =
            expected.iter().map(|one| format!("warning content/local/x.md:{one}")).collect();
        assert_eq!(told_of(front), (expected, true), "{front}");
    }
    for front in ["image: {src: /a.svg, draft: true}", "image: {scr: /a.svg}", "image: {alt: A}", "status: 0"] {
        assert!(!told_of(front).1, "{front}");
    }
}

#[test]
fn one_thing_may_be_spelled_in_many_ways() {
    let base = "title: A\ndate: 2026-01-02\n";
    for (front, key, expected) in [
        ("author: Ann Lee", "authors", "Ann Lee;"),
        ("authors: [Ann Lee, Bo]", "authors", "Ann Lee;Bo;"),
        ("authors: [{name: Ann Lee}, {name: Bo}]", "authors", "Ann Lee;Bo;"),
        ("author: {name: Ann Lee, email: a@b.example}", "authors", "Ann Lee;"),
        ("author: null", "authors", ""),
        ("tags: ships", "tags", "ships;"),
        ("tags: ships, ports", "tags", "ships;ports;"),
        ("tags: [ships, 2026, ships]", "tags", "ships;2026;"),
        ("tags:", "tags", ""),
        ("tag: ships", "tags", "ships;"),
        ("categories: [local, Trade]", "tags", "Trade;"),
        ("category: Trade", "tags", "Trade;"),
        ("categories: null", "tags", ""),
        ("series: The long story", "series", "The long story"),
        ("series: [The long story]", "series", "The long story"),
        ("lastmod: 2026-02-03", "updated", "2026-02-03T00:00:00Z"),
        ("last_modified_at: 2026-02-03 10:00", "updated", "2026-02-03T10:00:00Z"),
        ("updated: 2026-02-03T10:00:00+02:00", "updated", "2026-02-03T08:00:00Z"),
        ("description: Said.", "summary", "Said."),
        ("excerpt: '<p>Said <b>so</b>.</p>'", "summary", "Said so."),
        ("description: Not this.\nsummary: This.", "summary", "This."),
        ("summary: ''", "summary", "First words."),
        ("image: null", "image", ""),
        ("image: /a.svg", "image", "/a.svg"),
        ("image: {src: https://cdn.example/a.png, alt: x}", "image", "https://cdn.example/a.png"),
        ("images: [/a.svg]", "image", "/a.svg"),
        ("featured_image: /a.svg", "image", "/a.svg"),
        ("kind: opinion", "kind", "opinion"),
        ("source: The Gazette", "sources", "The Gazette<>;"),
        ("source: {name: G, url: 'https://g.example/'}", "sources", "G<https://g.example/>;"),
        ("sources: [G, {name: H, url: 'https://h.example/'}]", "sources", "G<>;H<https://h.example/>;"),
        ("weight: 7\nlayout: post", "extra", "7"),
    ] {
        assert_eq!(value(&format!("{base}{front}"), key), expected, "{front}");
    }
}

#[test]
fn titles_are_plain_text_however_they_are_written() {
    for (front, expected) in [
        ("title: 2019", "2019"),
        ("title: \"Bread &amp; butter\"", "Bread & butter"),
        ("title: |\n  Two\n  lines\n", "Two lines"),
        ("title: 'It''s'", "It's"),
        ("title: true", "true"),
    ] {
        assert_eq!(value(&format!("{front}\ndate: 2026-01-02"), "title"), expected, "{front}");
    }
}

#[test]
fn dates_of_every_archive_are_read_in_the_time_zone_of_the_site() {
    let site = probing().file("site.yaml", "timezone: America/New_York\ntheme: probe\nbase_url: https://t.example\n");
    let dates = [
        ("2019-05-07", "2019-05-07T00:00:00-04:00"),
        ("2019-01-07", "2019-01-07T00:00:00-05:00"),
        ("2019-05-07 14:00", "2019-05-07T14:00:00-04:00"),
        ("2019-05-07 14:00:00 -0400", "2019-05-07T14:00:00-04:00"),
        ("2019-05-07T14:00:00-0400", "2019-05-07T14:00:00-04:00"),
        ("2019-05-07T14:00:00Z", "2019-05-07T10:00:00-04:00"),
        ("\"2024-01-13T00:00:00.000Z\"", "2024-01-12T19:00:00-05:00"),
        ("18 Dec 2014", "2014-12-18T00:00:00-05:00"),
        ("December 18, 2014", "2014-12-18T00:00:00-05:00"),
    ];
    for (number, (date, _)) in dates.iter().enumerate() {
        site.write_article(&format!("local/n{number}"), date, "", "x");
    }
    site.build();
    for (number, (date, expected)) in dates.iter().enumerate() {
        assert_eq!(values(&site, &format!("local/n{number}"))["date"], *expected, "{date}");
    }
}

#[test]
fn a_moment_belongs_to_the_month_of_the_site() {
    // Half past ten in the evening in New York is November there and December in London.
    let site = TestSite::new().file("site.yaml", "timezone: America/New_York\nbase_url: https://t.example\n").article(
        "local/x",
        "2025-12-01T03:30:00Z",
        "",
        "x",
    );
    site.build();
    assert!(site.has("public/2025/11/index.html") && !site.has("public/2025/12/index.html"));
    assert!(site.published("local/x/index.html").contains("30 Nov 2025, 22:30"));
}

#[test]
fn a_file_name_may_say_the_date() {
    let site = probing()
        .file("content/local/2026-03-04-harbour.md", "---\ntitle: A\n---\n")
        .file("content/local/2026-03-04-own.md", "---\ntitle: B\ndate: 2026-05-06\n---\n");
    site.build();
    assert_eq!(values(&site, "local/harbour")["date"], "2026-03-04T00:00:00Z");
    assert_eq!(values(&site, "local/own")["date"], "2026-05-06T00:00:00Z");
}

#[test]
fn a_bundle_publishes_its_files_beside_its_page() {
    let site = TestSite::new()
        .file(
            "content/local/tunnel/index.md",
            "---\ntitle: T\ndate: 2026-01-02\nimage: {src: way.svg, alt: The way}\n---\n\n![Map](way.svg)\n\n[Table](data/table%201.csv)\n",
        )
        .file("content/local/tunnel/way.svg", "<svg width=\"30\" height=\"20\"/>")
        .file("content/local/tunnel/data/table 1.csv", "a,b\n");
    site.build();
    assert_eq!(site.published("local/tunnel/data/table 1.csv"), "a,b\n");
    assert!(site.has("public/local/tunnel/way.svg"));
    let page = site.published("local/tunnel/index.html");
    assert!(page.contains("<img src=\"/local/tunnel/way.svg\" alt=\"Map\" width=\"30\" height=\"20\""), "{page}");
    assert!(page.contains("href=\"/local/tunnel/data/table%201.csv\""), "{page}");
    // The image of the teaser has the same address on every page.
    assert!(site.published("index.html").contains("src=\"/local/tunnel/way.svg\""));
}

#[test]
fn the_files_of_a_bundle_go_where_its_slug_goes() {
    let site = TestSite::new()
        .file("content/local/2026-01-02-tunnel/index.md", "---\ntitle: T\nslug: other\n---\n\n![Map](way.svg)\n")
        .file("content/local/2026-01-02-tunnel/way.svg", "<svg width=\"30\" height=\"20\"/>");
    site.build();
    assert!(site.has("public/local/other/way.svg"));
    assert!(site.published("local/other/index.html").contains("src=\"/local/other/way.svg\""));
    assert!(!site.output().keys().any(|path| path.contains("tunnel")));
}

#[test]
fn without_a_date_it_is_a_page_and_in_no_listing() {
    let site = TestSite::new()
        .file("content/about.md", "---\ntitle: About us\n---\n\nWho we are.\n")
        .file("content/legal/imprint.md", "# Imprint\n\nWhere we are.\n")
        .article("local/x", "2026-01-02", "", "See [us](/about.md).");
    site.build();
    assert!(site.published("about/index.html").contains("<h1"));
    assert!(site.published("legal/imprint/index.html").contains("Where we are."));
    assert!(site.published("local/x/index.html").contains("<a href=\"/about/\">us</a>"));
    for path in ["index.html", "feed.xml", "archive/index.html"] {
        assert!(!site.published(path).contains("About us"), "{path}");
    }
    assert!(site.published("sitemap.xml").contains("<loc>https://test.example/about/</loc>"));
}

#[test]
fn sections_have_titles_descriptions_and_an_order() {
    let site = TestSite::new()
        .file(
            "content/zoo/_index.md",
            "---\ntitle: Animals\ndescription: What they do.\norder: 1\n---\n\nCome **in**.\n",
        )
        .article("zoo/x", "2026-01-02", "", "x")
        .article("local-news/y", "2026-01-03", "", "y");
    site.build();
    let front = site.published("index.html");
    let (animals, local) = (front.find(">Animals<").expect("named"), front.find(">Local news<").expect("named"));
    assert!(animals < local, "the order of `order`, then the alphabet");
    let section = site.published("zoo/index.html");
    assert!(section.contains("<h1>Animals</h1>") && section.contains("Come <strong>in</strong>."));
    assert!(section.contains("<meta name=\"description\" content=\"What they do.\">"));
}

#[test]
fn a_deeper_folder_does_not_change_the_section() {
    let site = probing().article("local/2026/january/x", "2026-01-02", "", "x");
    site.build();
    assert_eq!(values(&site, "local/x")["section"], "Local");
}

#[test]
fn an_author_is_a_profile_or_a_plain_name() {
    let site = TestSite::new()
        .file(
            "content/authors/ann-lee.md",
            "---\nname: Ann Lee\nrole: Editor\nlinks: [{title: Elsewhere, url: 'https://ann.example/'}]\n---\n\nShe *writes*.\n",
        )
        .article("local/x", "2026-01-02", "authors: [ann-lee, Bo Kern]", "x");
    site.build();
    let page = site.published("local/x/index.html");
    assert!(page.contains("<a href=\"/authors/ann-lee/\"") && page.contains(">Ann Lee</a>"), "{page}");
    assert!(page.contains("<a href=\"/authors/bo-kern/\"") && page.contains(">Bo Kern</a>"));
    let profile = site.published("authors/ann-lee/index.html");
    assert!(profile.contains("Editor") && profile.contains("She <em>writes</em>."));
    assert!(profile.contains("href=\"https://ann.example/\""));
    assert!(site.published("authors/bo-kern/index.html").contains("<h1>Bo Kern</h1>"));
}

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
fn the_files_of_a_bundle_whose_page_is_a_file_stand_in_a_folder_of_its_name() {
    let svg = |name: &str| format!("<svg width=\"1\" height=\"1\"><title>{name}</title></svg>");
    let body = "![One](p.svg)\n\n<img src=\"p.svg\" alt=\"Two\">\n\n[file](data.json)";
    let site = TestSite::new()
        .file("site.yaml", "base_url: https://t.example/blog/\npermalink: /{yyyy}/{mm}/{dd}/{slug}.html\n")
        .article("local/a/index", "2026-01-02", "image: p.svg", body)
        .article("local/b/index", "2026-01-02", "", body);
    for name in ["a", "b"] {
        site.write(&format!("content/local/{name}/p.svg"), svg(name));
        site.write(&format!("content/local/{name}/data.json"), "{}");
    }
    let run = site.build();
    assert_eq!(run.diagnostics(), Vec::<String>::new());
    for name in ["a", "b"] {
        let folder = format!("2026/01/02/{name}");
        assert_eq!(site.published(&format!("{folder}/p.svg")), svg(name));
        let page = site.published(&format!("{folder}.html"));
        for link in [format!("href=\"/blog/{folder}/data.json\""), format!("src=\"/blog/{folder}/p.svg\"")] {
            assert!(page.contains(&link), "{link}: {page}");
        }
        assert!(!page.contains("\"p.svg\"") && page.matches("p.svg").count() > 1, "{page}");
    }
    site.write_article("local/a/index", "2026-01-02", "slug: c", body);
    site.build();
    assert!(site.has("public/2026/01/02/c/p.svg") && !site.has("public/2026/01/02/a"));
    site.assert_equals_clean("another address");
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

/// Editors of one system put it before every text.
#[test]
fn a_byte_order_mark_is_ignored_everywhere() {
    let file = |text: &str| format!("\u{FEFF}{text}");
    let site = TestSite::new()
        .file("site.yaml", file("title: The Test\nbase_url: https://test.example\ntheme: mine\n"))
        .file("themes/mine/theme.yaml", file("name: mine\napi: 1\nextends: broadsheet\n"))
        .file("themes/mine/i18n/en.yaml", file("latest_posts: Freshly printed\ntags: Labels\n"))
        .file("themes/mine/templates/404.html", "{% set one = data(name=\"x\") %}{{ one.a }} and {{ one.b }}")
        .file("data/x.json", file("{\"a\": 1,\n\"b\": 2}"))
        .file("content/local/a.comments.yaml", file("- name: Ann\n  text: Fine\n- name: Bo\n  text: Well\n"))
        .file("content/local/_index.md", file("---\ntitle: Here\n---\n"))
        .article("local/a", "2026-11-01", "", "x");
    let run = site.try_build(&[]);
    assert_eq!(run.code, 0, "{:?}", run.diagnostics());
    assert!(site.published("local/a/index.html").contains("Well"));
    assert!(site.published("404.html").contains("1 and 2"));
}

#[test]
fn blanks_part_tags_where_they_do_in_jekyll_and_nowhere_else() {
    let site = TestSite::new().file("site.yaml", "base_url: https://test.example\n");
    let text = |front: &str| format!("---\ntitle: A story\n{front}\n---\n\nWords.\n");
    site.write(
        "content/_posts/2026-11-01-a.md",
        text("tags: ships harbour  ships\ncategories: sea news\ntag: old port"),
    );
    site.write("content/_posts/2026-11-02-b.md", text("tags: new york, boats\nauthor: Ann Lee"));
    site.write("content/local/c.md", text("date: 2026-11-03\ntags: San Francisco"));
    site.build();
    let output = site.output();
    let names = |folder: &str| -> Vec<String> {
        let below = output.keys().filter_map(|path| path.strip_prefix(folder)?.strip_suffix("/index.html"));
        below.map(str::to_owned).collect()
    };
    assert_eq!(names("tags/"), ["boats", "harbour", "new-york", "news", "old-port", "san-francisco", "ships"]);
    assert_eq!(names("authors/"), ["ann-lee"]);
    assert!(site.has("public/sea/a/index.html"));
}

#[test]
fn a_jekyll_archive_builds_as_it_is() {
    let site = archive()
        .file(
            "content/_posts/2014-12-18-first-post.markdown",
            "\u{FEFF}\r\n---\r\nlayout: post\r\ntitle:  \"Welcome to Jekyll!\"\r\ndate:   2014-12-18 14:00:00 -0400\r\ncategories: jekyll update\r\nauthor: Ada\r\nexcerpt_separator: <!--more-->\r\n---\r\n\r\nYou'll find this post.\r\n\r\n<!--more-->\r\n\r\nThe rest.\r\n",
        )
        .file("content/_posts/2019-05-07-no-front-matter.md", "# A heading\n\nText only.\n")
        .file(
            "content/_posts/2019-05-08-all.md",
            "---\ntitle: All of it\ncategories: [news, harbour]\ntags: null\nimage: null\nredirect_from:\n  - /old/all/\npublished: true\npermalink: /:categories/:year/:month/:title/\n---\n",
        )
        .file("content/_drafts/unfinished.md", "---\ntitle: Unfinished\n---\n\nText.\n")
        .file("content/index.md", "---\nlayout: home\n---\n\nWelcome *in*.\n")
        .file("content/about.md", "---\nlayout: page\ntitle: About\npermalink: /about/\n---\n\nWho.\n");
    let run = site.build();
    assert_eq!((run.number("articles"), run.number("warnings")), (3, 0), "{:?}", run.diagnostics());
    assert!(site.published("jekyll/first-post/index.html").contains("Welcome to Jekyll!"));
    assert!(site.has("public/tags/update/index.html"), "the second category is a tag");
    assert!(site.published("posts/no-front-matter/index.html").contains("A heading"));
    assert!(site.has("public/news/harbour/2019/05/all/index.html") && site.has("public/old/all/index.html"));
    assert!(site.has("public/about/index.html") && site.has("public/tags/harbour/index.html"));
    assert!(site.published("index.html").contains("Welcome <em>in</em>.") && !site.has("public/index"));
    site.write("content/_index.md", "---\ntitle: Ours\n---\n\nOur own words.\n");
    site.build();
    assert!(site.published("index.html").contains("Our own words."));
    site.assert_equals_clean("another file of the front page");
    assert!(!site.output().keys().any(|path| path.contains("unfinished")));
}

/// MDX is a program as much as a text: the text is published, a warning says what is not.
#[test]
fn an_mdx_file_is_read_as_markdown_and_a_warning_says_what_is_lost() {
    let site = TestSite::new();
    site.write(
        "content/local/a.mdx",
        "---\ntitle: A\ndate: 2026-11-01\n---\nimport Chart from './chart'\n\nexport const size = 3\n\n<Note kind=\"x\">\n    **Words** <Chart data={[1, 2]} />\n</Note>\n\n![P](p.svg) [B](b.md)\n",
    );
    site.write("content/local/p.svg", "<svg width=\"1\" height=\"1\"/>");
    site.write("content/local/b.md", "---\ntitle: B\ndate: 2026-11-01\n---\n[A](a.mdx)\n");
    site.write(
        "content/local/bundle/index.mdx",
        "---\ntitle: C\ndate: 2026-11-01\n---\n{/* a remark */}\n![Q](q.svg)\n",
    );
    site.write("content/local/bundle/q.svg", "<svg width=\"1\" height=\"1\"/>");
    let run = site.build();
    assert_eq!(
        run.diagnostics(),
        [
            "warning content/local/a.mdx:5:1 this MDX file is read as Markdown without 1 import, 1 export, the tags of `Note`, `Chart`"
        ]
    );
    let page = site.published("local/a/index.html");
    assert!(page.contains("<strong>Words</strong>") && !page.contains("<code>") && page.contains("p.svg"), "{page}");
    assert!(!page.contains("Chart") && !page.contains("import"), "{page}");
    assert!(site.published("local/b/index.html").contains("/local/a/"));
    assert!(site.has("public/local/bundle/q.svg") && !site.published("local/bundle/index.html").contains("remark"));
    site.write("content/local/a.mdx", "export const metadata = { title: 'A', draft: true }\n\n# A\n");
    site.remove("content/local/b.md");
    let run = site.try_build(&[]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.diagnostics(),
        ["error content/local/a.mdx:1:39 `draft` in the JavaScript of an MDX file withholds nothing: it is not run"]
    );
}

#[test]
fn lists_and_names_of_other_programs_are_read() {
    let site = TestSite::new();
    site.write("content/_posts/2026-11-01-a.md", "---\ntitle: A\ncategories:\n- [Sports, Baseball]\n- News\n---\n");
    site.write("content/news/2026-11-02-b.html.md", "---\ntitle: B\ntags: [{label: Harbour, permalink: /t}]\n---\n");
    site.write(
        "content/news/c.md",
        "---\ntitle: C\ndate: 2026-11-03\nredirect_from: [\"?p=12\", /old/, \"/?p=13\"]\n---\n",
    );
    let run = site.build();
    let query = "has a query, which no static host answers; it is left out";
    assert_eq!(
        run.diagnostics(),
        [
            format!("warning content/news/c.md:4:17 the old address `?p=12` {query}"),
            format!("warning content/news/c.md:4:33 the old address `/?p=13` {query}"),
        ]
    );
    let obsidian = TestSite::new().article("news/d", "2026-11-04", "aliases: [Other Name, old, /a b/]", "x").build();
    assert_eq!(
        obsidian.diagnostics(),
        ["warning content/news/d.md:4:11 the alias `Other Name` looks like a name; it makes a page that is called so"]
    );
    assert!(obsidian.hints()[0].contains("`/other-name/`"), "{:?}", obsidian.hints());
    for page in ["sports/a", "tags/baseball", "tags/news", "news/b", "tags/harbour", "old"] {
        assert!(site.has(&format!("public/{page}/index.html")), "{page}");
    }
}

#[test]
fn a_text_that_is_not_read_says_what_it_is_and_how_it_would_be_read() {
    let site = archive();
    for (path, message, cure) in [
        ("news/_x.md", "a Markdown file that is part of others", "give it a name without `_`"),
        ("news/x.MD", "a Markdown file whose ending is not read", "end with `.md`"),
        ("news/x.textile", "a text in Textile, which is not read; it is left out", "pandoc"),
        ("news/x.rst", "a text in reStructuredText, which is not read; it is left out", "pandoc"),
        ("news/x.org", "a text in Org, which is not read; it is left out", "pandoc"),
        ("news/x.adoc", "a text in AsciiDoc, which is not read; it is left out", "pandoc"),
    ] {
        site.write(&format!("content/{path}"), "---\ntitle: A\ndate: 2026-01-02\n---\n\nText.\n");
        let run = site.build();
        let said = run.diagnostics();
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].starts_with(&format!("warning content/{path} {message}")), "{said:?}");
        assert!(run.hints()[0].contains(cure), "{:?}", run.hints());
        site.remove(&format!("content/{path}"));
    }
}

#[test]
fn the_name_of_an_author_is_read_in_the_forms_of_wordpress() {
    let site = TestSite::new();
    for (name, author, expected) in [
        ("a", "author:\n  display_name: Ad Min\n  login: admin", "Ad Min"),
        ("b", "author:\n  login: bo\n  first_name: Bo\n  last_name: Kern", "Bo Kern"),
        ("c", "author:\n  login: cy\n  email: cy@x.example", "cy"),
        ("d", "author: John Smith, Jr.", "John Smith, Jr."),
    ] {
        site.write_article(&format!("local/{name}"), "2026-01-02", author, "x");
        site.build();
        let page = site.published(&format!("local/{name}/index.html"));
        assert!(page.contains(&format!(">{expected}</a>")), "{expected}: {page}");
    }
}

#[test]
fn a_hugo_archive_builds_as_it_is() {
    let site = archive()
        .file("content/_index.md", "---\ntitle: My site\n---\n")
        .file("content/posts/_index.md", "---\ntitle: Posts\n---\n")
        .file(
            "content/posts/my-first/index.md",
            "---\ntitle: \"My First\"\ndate: 2024-01-13T00:00:00.000Z\nlastmod: 2024-02-01T10:00:00+01:00\ndraft: false\nauthors:\n  - name: Ada\ncategories: [\"News\", \"Sea\"]\ntags: [a, b]\ndescription: Short.\nimages: [cover.svg]\nweight: 10\ntoc: true\n---\n\nIntro.\n\n<!--more-->\n\nMore.\n",
        )
        .file("content/posts/my-first/cover.svg", "<svg width=\"2\" height=\"1\"/>")
        .file("content/posts/old.md", "---\ntitle: Old\ndate: 2018-01-01\nexpiryDate: 2019-01-01\n---\n")
        .file("content/posts/next.md", "---\ntitle: Next\npublishDate: 2030-01-01\n---\n")
        .file("content/posts/work.md", "---\ntitle: Work\ndate: 2024-01-01\ndraft: true\n---\n")
        .file("content/about/index.md", "---\ntitle: About\nurl: /about-us/\naliases: [/about.html]\n---\n\nWho.\n");
    let run = site.build();
    assert_eq!((run.number("articles"), run.number("warnings")), (1, 0), "{:?}", run.diagnostics());
    let page = site.published("news/my-first/index.html");
    assert!(page.contains("Short.") && page.contains("src=\"/news/my-first/cover.svg\""), "{page}");
    assert!(site.has("public/news/my-first/cover.svg") && site.has("public/tags/sea/index.html"));
    assert!(site.has("public/about-us/index.html") && site.has("public/about.html"));
}

#[test]
fn a_wordpress_export_builds_as_it_is() {
    let site = archive().file(
        "content/post/2012-03-04-hello.md",
        "---\ntitle: 'Hello &#8211; world &amp; all'\nauthor: admin\ntype: post\ndate: 2012-03-04T05:06:07+00:00\nurl: /2012/03/hello/\nexcerpt: \"<p>In <em>short</em></p>\"\ncategories:\n  - Uncategorized\ntags:\n  - \"a, b\"\n---\n<p>Body with <a href=\"http://old.example/\">HTML</a>.</p>\n",
    );
    let run = site.build();
    assert_eq!(run.number("warnings"), 0, "{:?}", run.diagnostics());
    let page = site.published("2012/03/hello/index.html");
    assert!(page.contains("Hello – world &amp; all") && page.contains("In short"), "{page}");
    assert!(page.contains("<p>Body with <a href=\"http://old.example/\">HTML</a>.</p>"));
}

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
fn an_article_shows_what_its_front_matter_says() {
    let site = TestSite::new().article(
        "local/x",
        "2026-11-20T07:30:00Z",
        "title: The headline\nsummary: The lead.\nupdated: 2026-11-21T09:00:00Z\nsource: {name: Harbour Gazette, url: 'https://gazette.example/'}\ncorrections: [{date: 2026-11-21, text: It is *2.1* km.}]\nkind: analysis\ntags: [ships]\nimage: {src: https://cdn.example/a.jpg, alt: A ship, caption: At sea, credit: Bo}",
        "The body.",
    );
    site.build();
    let page = site.published("local/x/index.html");
    for part in [
        ">The headline</h1>",
        "The lead.",
        "<time datetime=\"2026-11-20T07:30:00Z\">20 Nov 2026, 07:30</time>",
        "<time datetime=\"2026-11-21T09:00:00Z\">",
        "Source: <a href=\"https://gazette.example/\"",
        "It is <em>2.1</em> km.",
        "Analysis",
        "href=\"/tags/ships/\"",
        "alt=\"A ship\"",
        "At sea",
        "Bo",
        "<div class=\"article-body\"><p>The body.</p>\n</div>",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert_eq!(page.matches("<h1").count(), 1);
}

#[test]
fn a_summary_taken_from_the_text_is_not_shown_twice() {
    let site = TestSite::new()
        .article("local/x", "2026-01-02", "", "Words of the text.")
        .file("content/about.md", "---\ntitle: About\n---\n\nWords of the page.\n");
    site.build();
    let body = |path: &str| site.published(path).split("<body>").nth(1).expect("a body").to_owned();
    assert_eq!(body("local/x/index.html").matches("Words of the text.").count(), 1);
    assert_eq!(body("about/index.html").matches("Words of the page.").count(), 1);
    assert!(
        site.published("local/x/index.html").contains("<meta name=\"description\" content=\"Words of the text.\">")
    );
}

#[test]
fn folders_of_years_and_months_say_nothing_about_a_section() {
    let dated = |more: &str| format!("---\ntitle: A\ndate: 2019-07-01\n{more}---\n\nx\n");
    let site = archive()
        .file("content/2019/a.md", dated("categories: [Trade]\n"))
        .file("content/2019/07/b.md", dated("categories: [\"2019\", C++]\n"))
        .file("content/2019/7/31/c.md", dated(""))
        .file("content/2019/07/d/index.md", dated(""))
        .file("content/2019/local/e.md", dated(""))
        .file("content/2019/07/local/f/index.md", dated(""))
        .file("content/local/2019/g.md", dated(""))
        .file("content/2019/_index.md", "---\ntitle: The year\n---\n")
        .file("content/2020s/h.md", dated(""))
        .file("content/2019/about.md", "---\ntitle: About the year\n---\n");
    site.build();
    for path in [
        "trade/a",
        "c-plus-plus/b",
        "posts/c",
        "posts/d",
        "local/e",
        "local/f",
        "local/g",
        "2020s/h",
        "2019/about",
        "2019",
        "2019/07",
        "tags/2019",
    ] {
        assert!(site.has(&format!("public/{path}/index.html")), "{path}");
    }
    let front = site.published("index.html");
    assert!(front.contains("href=\"/local/\"") && !front.contains("href=\"/2019/\">The year"), "{front}");
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
fn a_readme_in_content_is_left_out_with_a_remark() {
    let text = "---\ntitle: A\ndate: 2026-01-02\n---\n\nx\n";
    let site = archive()
        .file("content/README.md", "# For us\n")
        .file("content/local/Readme.de.markdown", text)
        .file("content/local/readme.md", text)
        .file("content/local/readme-first.md", text)
        .file("content/local/license.md", text)
        .file("static/README.md", "mine");
    let run = site.build();
    let left = |path: &str| {
        format!(
            "warning {path} a file of this name is for those who look at the files, not for readers; it is left out"
        )
    };
    assert_eq!(run.diagnostics(), [left("content/README.md"), left("content/local/Readme.de.markdown")]);
    assert!(site.has("public/local/license/index.html"));
    assert!(site.has("public/local/readme/index.html") && site.has("public/local/readme-first/index.html"));
    assert!(site.has("public/README.md") && !site.has("public/readme") && !site.has("public/local/readme-de"));
    assert_eq!(site.build().diagnostics().len(), 2, "it is said again when nothing is to be done");
    let notes =
        ["AGENTS", "CLAUDE", "CONTRIBUTING", "LICENSE", "CHANGELOG", "TODO"].map(|name| format!("content/{name}.md"));
    notes.iter().for_each(|path| site.write(path, text));
    let told = site.build().diagnostics();
    for path in &notes {
        assert!(told.contains(&left(path)), "{path}: {told:?}");
    }
    assert!(!site.has("public/agents") && !site.has("public/license") && !site.has("public/todo"));
}

#[test]
fn a_page_of_ones_own_is_the_one_where_nothing_is_found() {
    let site = archive().article("local/x", "2026-01-02", "", "x");
    site.build();
    let (before, generated) = (site.output(), site.published("404.html"));
    for (path, front) in [("content/404.md", ""), ("content/lost.md", "permalink: /404.html\n")] {
        site.write(path, format!("---\ntitle: Lost\n{front}---\n\nThe page went ashore.\n"));
        assert_eq!(site.build().diagnostics(), [""; 0]);
        let page = site.published("404.html");
        assert!(page.contains("The page went ashore.") && page != generated);
        assert!(!site.published("sitemap.xml").contains("404") && !site.has("public/404/index.html"));
        site.assert_equals_clean("an own 404.html");
        site.remove(path);
        site.build();
        assert_eq!(site.output(), before);
    }
}

#[test]
fn a_file_of_ones_own_replaces_the_generated_one() {
    let site = archive().file("site.yaml", "base_url: https://test.example\nhosting: [netlify, github]\n").article(
        "local/x",
        "2026-01-02",
        "aliases: [/old/]",
        "x",
    );
    site.build();
    let (before, page) = (site.output(), site.published("local/x/index.html"));
    let own = [
        "robots.txt",
        "ads.txt",
        "humans.txt",
        "404.html",
        "favicon.ico",
        "site.webmanifest",
        "_headers",
        "_redirects",
        ".nojekyll",
        "assets/icon.svg",
    ];
    for file in own {
        site.write(&format!("static/{file}"), format!("mine: {file}"));
    }
    let run = site.build();
    assert_eq!(run.diagnostics(), [""; 0]);
    for file in own {
        assert_eq!(site.published(file), format!("mine: {file}"));
    }
    site.assert_equals_clean("own files");
    // Browsers are told that a file with a fingerprint in its address is another one.
    let icon = |page: &str| page.split("assets/icon.svg?v=").nth(1).map(|rest| rest[..8].to_owned());
    assert!(icon(&page).is_some() && icon(&page) != icon(&site.published("local/x/index.html")));
    site.remove("static");
    site.build();
    assert_eq!(site.output(), before);
    // What the articles say is not replaced.
    for file in ["sitemap.xml", "feed.xml", "local/x/index.html", "index.html", "tags/index.html"] {
        site.write(&format!("static/{file}"), "mine");
        site.write_article("local/y", "2026-01-03", "tags: [a]", "x");
        let run = site.try_build(&[]);
        assert!(
            run.code == 1 && run.diagnostics()[0].contains("both want the address"),
            "{file}: {:?}",
            run.diagnostics()
        );
        site.remove("static");
    }
}

#[test]
fn what_other_machines_cannot_have_is_a_warning() {
    let site = archive()
        .article("News/a", "2026-01-02", "permalink: /n/Foo/", "x")
        .article("news/b", "2026-01-03", "permalink: /N/foo/", "x")
        .article("news/con", "2026-01-04", "", "x")
        .article("news/c", "2026-01-05", "aliases: [/end./x/, /Lpt1.html, /News/C/, /NEWS/c/]", "x")
        .article("news/conx", "2026-01-06", "slug: com10", "x");
    let run = site.build();
    let said = run.diagnostics().join("\n");
    for part in [
        "content/news/con.md:2:8 Windows cannot have a file or folder called `con`, as in /news/con/",
        "content/news/c.md:4:11 Windows cannot have a file or folder called `end.`, as in /end./x/",
        "content/news/c.md:4:21 Windows cannot have a file or folder called `Lpt1.html`, as in /Lpt1.html",
        "content/news/b.md:4:12 the addresses of content/News/a.md and content/news/b.md differ in nothing but case: /n/Foo/ and /N/foo/",
        "the addresses of content/news/c.md and the alias of content/news/c.md differ in nothing but case: /news/c/ and /NEWS/c/",
        "the section `News`",
    ] {
        assert!(said.contains(part), "{part} in\n{said}");
    }
    assert_eq!(
        said.matches("the section `News`").count(),
        1,
        "feeds and pages of a section are not told apart: {said}"
    );
    assert!(!said.contains("com10"), "{said}");
    assert_eq!(site.build().diagnostics().join("\n"), said, "it is said again when nothing is to be done");
    assert_eq!(site.try_build(&["--strict"]).code, 1);
}

#[test]
fn a_section_made_of_a_category_is_called_like_it() {
    let site = probing();
    for (number, (category, section, title)) in [
        ("C++", "c-plus-plus", "C++"),
        ("政治", "zheng-zhi", "政治"),
        ("Größe & Co", "grosse-co", "Größe & Co"),
        ("baking bread", "baking-bread", "Baking bread"),
        ("World", "world", "World"),
    ]
    .into_iter()
    .enumerate()
    {
        let front = format!("---\ntitle: A\ndate: 2026-01-02\ncategories: [\"{category}\"]\n---\n\nx\n");
        site.write(&format!("content/_posts/n{number}.md"), front);
        site.build();
        assert_eq!(values(&site, &format!("{section}/n{number}"))["section"].replace("&amp;", "&"), title);
    }
}

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
fn a_headline_keeps_the_words_that_stand_in_braces() {
    let body = "## Müller {CDU}\n\nx\n\n## Rooms {hidden}\n\nx\n\n## Seats {onmouseover=alert(1)}\n\nx\n\n## Costs {#price}\n\nx";
    let site = TestSite::new().article("local/a", "2026-01-02", "", body);
    let told = site.build().diagnostics();
    let page = site.published("local/a/index.html");
    for heading in [
        "<h2 id=\"muller-cdu\">Müller {CDU}</h2>",
        "<h2 id=\"rooms-hidden\">Rooms {hidden}</h2>",
        ">Seats {onmouseover=alert(1)}</h2>",
        "<h2 id=\"price\">Costs</h2>",
    ] {
        assert!(page.contains(heading), "{heading}: {page}");
    }
    assert!(told.len() == 1 && told[0].contains("readers see `{onmouseover=alert(1)}`"), "{told:?}");
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
    let found = site.run(&["check", "--json", "--at", fixture::NOW]);
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
    let found = site.run(&["check", "--json", "--at", fixture::NOW]);
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
    let hints = |run: &fixture::Run| {
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
    let found = site.run(&["check", "--json", "--at", fixture::NOW]);
    let told = hints(&found);
    assert!(cures.iter().all(|cure| told.iter().any(|one| one == cure)), "{told:?}");
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

/// Two spellings of one key are one list, or one of them counts and the build says which.
#[test]
fn a_key_in_two_spellings_loses_nothing_without_a_word() {
    let front = "correction: One was wrong\ncorrections: [Two was wrong]\nsource: {name: Source one}\nsources: [Source two]\n\
                 modified: 2026-11-05\nupdated: 2026-11-09\nlastmod: 2026-11-07";
    let site = TestSite::new().article("local/a", "2026-11-01", front, "x");
    assert_eq!(site.build().diagnostics(), [""; 0]);
    let page = site.published("local/a/index.html");
    for words in ["One was wrong", "Two was wrong", "Source one", "Source two", "2026-11-09"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    for (front, told) in [
        ("image: /a.svg\nfeatured_image: /b.svg", Some(("featured_image", "image"))),
        ("canonical_url: /x/\ncanonical: /y/", Some(("canonical", "canonical_url"))),
        ("url: /x/\npermalink: /y/", Some(("permalink", "url"))),
        ("image: /a.svg\nimages: [/a.svg]", None),
        ("image: {src: /a.svg, alt: A}\nfeatured_image: \"\"", None),
    ] {
        let site = TestSite::new().article("local/a", "2026-11-01", front, "x");
        for name in ["a", "b"] {
            site.write(
                &format!("static/{name}.svg"),
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3\" height=\"2\"/>",
            );
        }
        let all = site.build().diagnostics();
        let one = all.iter().find(|one| one.contains("means the same"));
        let expected = told.map(|(again, first)| {
            format!("warning content/local/a.md:5:1 `{again}` means the same as `{first}` in line 4, and says something else; this one counts")
        });
        assert_eq!(one, expected.as_ref(), "{front}: {all:?}");
    }
}

#[test]
fn a_raised_number_in_a_headline_stays_raised_wherever_it_is_told() {
    let site = TestSite::new().file(
        "content/local/a.md",
        "---\ndate: 2026-11-20\n---\n\n# 10<sup>6</sup> euros\n\nWords.\n\n## 10<SUP>*7*</SUP> more\n",
    );
    site.build();
    for (path, bytes) in site.output().into_iter().filter(|(path, _)| path.ends_with(".html") || path.ends_with(".xml"))
    {
        assert!(!String::from_utf8_lossy(&bytes).contains("106 euros"), "{path}");
    }
    let page = site.published("local/a/index.html");
    assert!(page.contains("<title>10⁶ euros") && page.contains("\"headline\":\"10⁶ euros\""), "{page}");
    assert!(!page.contains("10<sup>6</sup>"), "the heading repeats the headline: {page}");
}
