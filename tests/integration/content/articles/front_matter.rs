//! Front matter in the spellings of real archives.

use super::{probing, values};
use crate::fixture::TestSite;

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
fn a_list_in_quotation_marks_is_a_list() {
    let site =
        TestSite::new().article("local/a", "2026-11-20", "authors: \"[Ines, Bo]\"\ntags: '[harbour, \"bus\"]'", "x");
    site.build();
    assert!(site.has("public/authors/ines/index.html") && site.has("public/authors/bo/index.html"));
    assert!(site.has("public/tags/harbour/index.html") && site.has("public/tags/bus/index.html"));
}

#[test]
fn a_name_that_begins_like_the_copies_of_an_editor_has_a_cure_that_works() {
    let site = TestSite::new().article("local/a", "2026-11-20", "", "x").article("local/#metoo", "2026-11-20", "", "x");
    let run = site.build();
    assert_eq!(run.hints(), ["give it a name without `#` in front, or move it out of `content/`"]);
    assert!(run.diagnostics()[0].contains("content/local/#metoo.md"), "{:?}", run.diagnostics());
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

#[test]
fn what_was_meant_as_front_matter_is_told_at_its_line_with_the_cure() {
    let rest = "title: Hello\ndate: 2026-01-02\n---\n\nText\n";
    for (text, place, cure) in [
        (format!(" ---\n{rest}"), "1:1", "remove what stands before the mark"),
        (format!("\n\u{feff}---\n{rest}"), "2:1", "remove what stands before the mark"),
        (format!("\u{feff}\u{feff}---\n{rest}"), "1:1", "remove what stands before the mark"),
        (format!("----\n{rest}"), "1:1", "three plain hyphens"),
        (format!("\u{2014}\n{rest}"), "1:1", "three plain hyphens"),
        (format!("--- # comment\n{rest}"), "1:1", "leave nothing behind the three marks"),
        (format!("%YAML 1.1\n---\n{rest}"), "1:1", "remove this line"),
        (format!("<!-- x -->\n---\n{rest}"), "1:1", "put the comment behind the front matter"),
        (format!("```yaml\n---\n{rest}```\n"), "1:1", "remove the marks of code"),
        (format!("---\n{rest}").replace('\n', "\r"), "1:1", "line feeds"),
        ("---\ndate: 2026-01-02\ntilte: Hello\n---\n\nText\n".into(), "3:1", "did you mean `title`?"),
    ] {
        let site = TestSite::new().file("content/local/a.md", &text);
        let run = site.try_build(&[]);
        let told = run.diagnostics();
        let wanted = format!("error content/local/a.md:{place} there is no title");
        assert!(told.len() == 1 && told[0].starts_with(&wanted), "{text:?}: {told:?}");
        assert!(run.hints()[0].contains(cure), "{text:?}: {:?}", run.hints());
    }
    for (text, told, cure) in [
        ("title: [a, b]\n", "2:1 `title` must be text", ""),
        (
            "title: A\ndraft = true\ndate: 2026-01-02\n",
            "3:1 a line of TOML",
            "write `draft: true`; TOML stands between two lines `+++`",
        ),
        ("title: A\ntags: [x]\na = 1\nb = 2\n", "5:1 a line of TOML", "write `b: 2`"),
        ("title = \"A\"\ndraft = true\n", "2:1 front matter must be", "TOML stands between two lines `+++`"),
    ] {
        let site = TestSite::new().file("content/local/a.md", format!("---\n{text}---\n\nText\n"));
        let run = site.try_build(&[]);
        let found = run.diagnostics();
        let wanted = format!("error content/local/a.md:{told}");
        assert!(found.len() == 1 && found[0].starts_with(&wanted), "{text}: {found:?}");
        assert!(run.hints()[0].contains(cure), "{text}: {:?}", run.hints());
    }
    for (text, cure) in [
        ("{\n  \"title\": \"A\",\n}\n\nText", "remove the comma"),
        ("{\n  \"title\": \"A\", \"tags\": [\"a\",]\n}\n\nText", "remove the comma"),
        ("---\n%YAML 1.1\ntitle: A\n---\n\nText", "remove this line"),
        ("+++\ntitle: A\n+++\n\nText", "YAML, with its colons"),
        ("{\n  \"title\": \"A,\n}\n\nText", "close the quotation mark"),
        ("+++\ntitle = A\n+++\n\nText", "quotation marks"),
        ("+++\ntitle = \"A\"\ntitle = \"B\"\n+++\n\nText", "keep one of the two"),
    ] {
        let run = TestSite::new().file("content/local/a.md", text).try_build(&[]);
        assert!(run.hints().first().is_some_and(|hint| hint.contains(cure)), "{text}: {}", run.stdout);
    }
}

/// Word processors turn the quotation marks of YAML into typographic ones. No name and no address has such marks around
/// it; a headline may.
#[test]
fn typographic_quotation_marks_around_names_and_addresses_are_none_of_them() {
    let site = TestSite::new().file(
        "content/n/a.md",
        "---\ntitle: “We go on”\ndate: 2026-11-01\nauthors: [“Ann Lee”]\ntags: [„Harbour“, ‘Sea’]\npermalink: “/my/slug/”\naliases: [“/old/”]\ncanonical: “https://a.example/”\n---\n\nWords.\n",
    );
    assert_eq!(site.build().diagnostics(), Vec::<String>::new());
    assert!(site.has("public/my/slug/index.html") && site.has("public/old/index.html"));
    assert!(site.has("public/authors/ann-lee/index.html") && site.has("public/tags/harbour/index.html"));
    let page = site.published("my/slug/index.html");
    assert!(page.contains("“We go on”") && page.contains("href=\"https://a.example/\""));
    assert!(!page.contains("“Ann Lee”") && !page.contains("Harbour“") && !page.contains("‘Sea’"), "{page}");
    let site = TestSite::new().file("site.yaml", "base_url: https://t.example\nmenu: [{title: N, url: “/n/”}]\n");
    assert_eq!(site.try_build(&[]).hints(), ["remove the quotation marks, or write straight ones: `\"/n/\"`"]);
}

/// What a mistake would lose without a word is told at its place.
#[test]
fn what_would_be_lost_without_a_word_is_told() {
    for (path, front, body, told) in [
        (
            "authors/ann",
            "name: Ann\nlinks: [{titel: M, url: https://a.example/}]",
            "",
            "error 3:10 unknown key `titel` of `links`",
        ),
        (
            "authors/ann",
            "name: Ann\nlinks: [{title: M, ulr: https://a.example/}]",
            "",
            "error 3:9 an entry of `links` has no `url`",
        ),
        ("_index", "title: T\nfront: {packages: [{title: P}]}", "", "error 3:20 `front.packages` has no article"),
        (
            "_index",
            "title: T\nfront: {packages: [{title: P, articles: []}]}",
            "",
            "error 3:20 `front.packages` has no article",
        ),
        ("n/a", "title: A\ncorrections: true", "", "error 3:14 a correction has no `text`"),
        ("n/a", "title: A\ncorrections: [2026-11-02]", "", "error 3:15 a correction has no `text`"),
        (
            "n/a",
            "title: A\ndate: 2026-11-01\ncoverage: {start: 2026-11-01}",
            "",
            "warning 4:1 `coverage` has no effect",
        ),
        ("n/a", "title: A\nacces: subscribers", "", "error 3:1 `acces` looks like `access`"),
        ("n/a", "title: A", "{{ <pullquote text=\"first\" text=\"second\" /> }}", "error 4:28 `text` is given twice"),
        ("n/a", "title: A", "Words.\n\n```\ncode", "warning 6:1 this code never ends"),
    ] {
        let site = TestSite::new().file(&format!("content/{path}.md"), format!("---\n{front}\n---\n{body}\n"));
        let run = site.try_build(&[]);
        let (severity, rest) = told.split_once(' ').expect("two words");
        let wanted = format!("{severity} content/{path}.md:{rest}");
        let found = run.diagnostics();
        assert!(found.iter().any(|one| one.starts_with(&wanted)), "{front}: {found:?}");
        assert_eq!(run.code, i32::from(severity == "error"), "{front}: {found:?}");
    }
    for front in ["access: free", "ａccess: subscribers", "acces: 3"] {
        let site = TestSite::new().file("content/n/a.md", format!("---\ntitle: A\n{front}\n---\nx\n"));
        assert_eq!(site.try_build(&[]).code, i32::from(front.starts_with("acces:")), "{front}");
    }
}
