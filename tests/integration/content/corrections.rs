//! Corrections: on the article, in its structured data, on a page and in feeds of their own, and as an
//! update of the article's entry in feeds.

use crate::fixture::TestSite;
use serde_json::Value;

const SETTINGS: &str = "title: The Test\nbase_url: https://test.example\npage_size: 2\nfragments: {latest: client}\n";

fn site() -> TestSite {
    TestSite::new()
        .file("site.yaml", SETTINGS)
        .article(
            "local/tunnel",
            "2026-11-01",
            "title: The tunnel & the bridge\ncorrections:\n  - { date: 2026-11-05, text: It is *two* <km>. }\n  - { date: 2026-11-03T10:00:00Z, text: \"The [bridge](bridge.md) is old.\" }",
            "Words.",
        )
        .article("local/bridge", "2026-11-02", "title: The bridge\ncorrections: Undated.", "Words.")
        .article("local/plain", "2026-11-04", "", "Words.")
}

fn entries(feed: &str) -> Vec<atom_syndication::Entry> {
    feed.parse::<atom_syndication::Feed>().expect("an Atom feed").entries().to_vec()
}

#[test]
fn corrections_stand_on_the_article_where_the_theme_wants_them() {
    let site = site();
    site.build();
    let page = site.published("local/tunnel/index.html");
    let body = page.find("class=\"article-body\"").expect("a body");
    let shown = page.find("It is <em>two</em> &lt;km&gt;.").expect("a correction");
    assert!(shown < body, "before the text");
    assert!(page.contains("<time datetime=\"2026-11-05T00:00:00Z\">5 November 2026</time>"), "{page}");
    assert!(page.contains("The <a href=\"/local/bridge/\">bridge</a> is old."), "its links are those of the article");
    site.write("site.yaml", format!("{SETTINGS}theme_settings: {{corrections_place: bottom}}\n"));
    site.build();
    let page = site.published("local/tunnel/index.html");
    assert!(page.find("It is <em>two</em>") > page.find("class=\"article-body\""), "after it");
}

#[test]
fn corrections_are_in_the_structured_data() {
    let site = site();
    site.build();
    let page = site.published("local/tunnel/index.html");
    let json = page.split("application/ld+json\">").nth(1).and_then(|rest| rest.split("</script>").next());
    let article: Value = serde_json::from_str(json.expect("a block")).expect("JSON");
    let made = article["correction"].as_array().expect("a list");
    assert_eq!(made[0]["@type"], "CorrectionComment");
    assert_eq!(made[0]["text"], "It is two <km>.");
    assert_eq!(made[0]["datePublished"], "2026-11-05T00:00:00Z");
    assert_eq!(made[1]["text"], "The bridge is old.");
    assert_eq!(article["dateModified"], "2026-11-05T00:00:00Z");
    assert!(page.contains("property=\"article:modified_time\" content=\"2026-11-05T00:00:00Z\""));
}

#[test]
fn all_corrections_are_listed_newest_first_with_their_articles() {
    let site = site().file(
        "content/corrections/_index.md",
        "---\ntitle: What we got wrong\ndescription: And put right.\n---\n\nWrite to [us](/about.md).\n",
    );
    site.write("content/about.md", "---\ntitle: About\n---\n");
    let run = site.build();
    assert_eq!(run.number("warnings"), 0, "{:?}", run.diagnostics());
    let page = site.published("corrections/index.html");
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is not in {page}"));
    assert!(at("<h1>What we got wrong</h1>") < at("Write to <a href=\"/about/\">us</a>."));
    assert!(at("<em>two</em>") < at("is old."), "newest first");
    assert!(at("is old.") < at("Undated."), "without a date it is as old as the article");
    assert!(page.contains("<a href=\"/local/tunnel/\">The tunnel &amp; the bridge</a>"));
    // It is found from every page and in the sitemap, and is no section.
    let front = site.published("index.html");
    assert!(front.contains("<a href=\"/corrections/\">Corrections</a>"));
    assert_eq!(front.matches("href=\"/corrections/\"").count(), 1, "not in the menu");
    assert!(site.published("sitemap.xml").contains("<loc>https://test.example/corrections/</loc>"));
    assert!(page.contains("href=\"/corrections/feed.xml\"") && !site.has("public/corrections/atom.xml"));
    site.assert_equals_clean("a file above the list");
    site.remove("content/corrections");
    site.build();
    assert!(site.published("corrections/index.html").contains("<h1>Corrections</h1>"));
    site.assert_equals_clean("no file above the list");
}

#[test]
fn the_links_of_a_correction_lead_to_its_article_from_everywhere() {
    let text = "See [costs](#costs), [more](more/), [all](/all/) and [web](https://a.example/x).";
    let site = TestSite::new().file("site.yaml", SETTINGS.replace("example\n", "example/blog/\n")).article(
        "local/tunnel",
        "2026-11-01",
        &format!("corrections: [{{ date: 2026-11-05, text: \"{text}\" }}]"),
        "## Costs\n\nWords.",
    );
    site.try_build(&[]);
    let page = site.published("local/tunnel/index.html");
    assert!(page.contains("<a href=\"#costs\">") && page.contains("<a href=\"more/\">"), "{page}");
    let list = site.published("corrections/index.html");
    for link in ["/blog/local/tunnel/#costs", "/blog/local/tunnel/more/", "/blog/all/", "https://a.example/x"] {
        assert!(list.contains(&format!("<a href=\"{link}\"")), "{link}: {list}");
    }
}

#[test]
fn what_is_wrong_in_a_correction_is_told_at_its_line() {
    let site = TestSite::new().file("site.yaml", SETTINGS).article(
        "local/tunnel",
        "2026-11-01",
        "corrections:\n  - date: 2026-11-05\n    text: It is [two](two.md) and [x](#nowhere).",
        "Words.",
    );
    let run = site.build();
    let told = run.diagnostics();
    assert_eq!(
        told,
        [
            "warning content/local/tunnel.md:6:17 the link leads to `two.md`, which does not exist",
            "warning content/local/tunnel.md:6:35 the link leads to `#nowhere`, and the page has no `nowhere`",
        ],
    );
    let script = "corrections: \"No [x](javascript:a).\"";
    let site = TestSite::new().file("site.yaml", SETTINGS).article("local/tunnel", "2026-11-01", script, "Words.");
    let told = site.try_build(&[]).diagnostics();
    assert_eq!(told, ["error content/local/tunnel.md:4:18 the address `javascript:a` would run a script"]);
}

#[test]
fn long_lists_have_numbered_pages() {
    let site = site();
    for number in 0..5 {
        site.write_article(
            &format!("local/n{number}"),
            &format!("2026-10-0{}", number + 1),
            &format!("corrections: [{{date: 2026-10-1{number}, text: Number {number}.}}]"),
            "x",
        );
    }
    site.build();
    let first = site.published("corrections/page/1/index.html");
    assert!(first.contains("Number 0.") && first.contains("Number 1.") && !first.contains("Number 2."));
    assert!(site.published("corrections/index.html").contains("href=\"/corrections/page/3/\" rel=\"next\""));
    site.assert_equals_clean("numbered pages");
}

#[test]
fn without_corrections_there_is_no_list() {
    let site = TestSite::new().file("site.yaml", SETTINGS).article("local/plain", "2026-11-04", "", "Words.");
    site.build();
    assert!(!site.has("public/corrections"));
    assert!(!site.published("index.html").contains("/corrections/"));
    // An article's corrections go with it.
    site.write_article("local/secret", "2026-11-04", "draft: true\ncorrections: Secret.", "x");
    site.build();
    assert!(!site.has("public/corrections"));
}

#[test]
fn the_feed_of_corrections_has_an_item_for_each() {
    let site = site();
    site.build();
    let read = || rss::Channel::read_from(site.published("corrections/feed.xml").as_bytes()).expect("RSS");
    let feed = read();
    let ids_of = |feed: &rss::Channel| -> Vec<String> {
        feed.items().iter().filter_map(|item| item.guid().map(|guid| guid.value().to_owned())).collect()
    };
    let ids = ids_of(&feed);
    let expected =
        ["local/tunnel#correction-2026-11-05-", "local/tunnel#correction-2026-11-03-", "local/bridge#correction-"];
    for (id, expected) in ids.iter().zip(expected) {
        assert!(id.starts_with(&format!("tag:test.example,2000:{expected}")), "{id}");
    }
    assert_eq!(ids.len(), 3);
    let all = feed.items();
    assert_eq!(all[0].title(), Some("Correction: The tunnel & the bridge"));
    assert_eq!(all[0].link(), Some("https://test.example/local/tunnel/#corrections"));
    assert_eq!(all[0].pub_date(), Some("Thu, 05 Nov 2026 00:00:00 +0000"));
    assert!(all[1].content().is_some_and(|html| {
        html.contains("The <a href=\"https://test.example/local/bridge/\">bridge</a> is old.")
    }));
    assert_eq!((feed.title(), feed.last_build_date()), ("Corrections | The Test", all[0].pub_date()));
    assert_eq!(all[0].description(), Some("It is two &lt;km&gt;."));
    // A correction that is added keeps the ids of the others, wherever it is written.
    let text = site.read("content/local/tunnel.md");
    site.write(
        "content/local/tunnel.md",
        text.replace("corrections:\n", "corrections:\n  - { date: 2026-11-06, text: Newest. }\n"),
    );
    site.build();
    let now = ids_of(&read());
    assert!(ids.iter().all(|id| now.contains(id)) && now.len() == 4, "{now:?}");
}

#[test]
fn in_the_feeds_of_articles_a_correction_is_an_update_and_no_new_item() {
    let site = site();
    let text = site.read("content/local/tunnel.md");
    let from = text.find("corrections:").expect("corrections");
    let to = text[from..].find("---").expect("an end") + from;
    let without = format!("{}{}", &text[..from], &text[to..]);
    site.write("content/local/tunnel.md", &without);
    site.build();
    let before = entries(&site.published("atom.xml"));
    site.write("content/local/tunnel.md", &text);
    site.build();
    let after = entries(&site.published("atom.xml"));
    let ids = |all: &[atom_syndication::Entry]| all.iter().map(|entry| entry.id().to_owned()).collect::<Vec<_>>();
    assert_eq!(ids(&before), ids(&after), "the same items in the same order");
    let of =
        |all: &[atom_syndication::Entry]| all.iter().find(|entry| entry.id().ends_with("tunnel")).expect("it").clone();
    let (old, new) = (of(&before), of(&after));
    assert_eq!(old.published(), new.published());
    assert!(new.updated() > old.updated());
    let html = new.content().and_then(|content| content.value()).expect("content").to_owned();
    assert!(html.starts_with("<p><strong>Correction</strong> (5 November 2026): It is <em>two</em>"), "{html}");
    let json: Value = serde_json::from_str(&site.published("feed.json")).expect("JSON");
    let item = json["items"]
        .as_array()
        .expect("items")
        .iter()
        .find(|item| item["url"] == "https://test.example/local/tunnel/");
    let item = item.expect("an item");
    assert_eq!(
        (&item["date_published"], &item["date_modified"]),
        (&"2026-11-01T00:00:00Z".into(), &"2026-11-05T00:00:00Z".into())
    );
    let rss = rss::Channel::read_from(site.published("feed.xml").as_bytes()).expect("RSS");
    let item = rss.items().iter().find(|item| item.title() == Some("The tunnel & the bridge")).expect("an item");
    assert_eq!(item.pub_date(), Some("Sun, 01 Nov 2026 00:00:00 +0000"));
    assert_eq!(item.extensions()["atom"]["updated"][0].value(), Some("2026-11-05T00:00:00Z"));
    let plain = rss.items().iter().find(|item| item.title() == Some("Story of plain")).expect("an item");
    assert!(!plain.extensions().contains_key("atom"), "nothing was changed");
}

#[test]
fn a_page_of_the_same_address_is_a_collision_with_a_cure() {
    let site = site().file("content/corrections.md", "---\ntitle: Our policy\n---\n");
    let run = site.try_build(&[]);
    assert_eq!(
        run.diagnostics(),
        [
            "error content/corrections.md:2:8 content/corrections.md and the generated corrections/index.html both want the address /corrections/"
        ]
    );
    assert!(run.hints()[0].contains("content/corrections/_index.md"), "{:?}", run.hints());
}

#[test]
fn what_is_dated_in_the_future_is_seen_from_then_on() {
    let mut site = TestSite::new().at("2026-11-23T12:00:00Z").file("site.yaml", SETTINGS).article(
        "local/tunnel",
        "2026-11-01",
        "title: The tunnel\nupdated: 2026-11-25T08:00:00Z\ncorrections:\n  - { date: 2026-11-24T08:00:00Z, text: \"It is tomorrow. ![x](map.svg)\" }\n  - { date: 2026-11-05, text: It was earlier. }",
        "Words.",
    );
    site.write("content/local/map.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3\" height=\"2\"/>");
    site.write("content/about.md", "---\ntitle: About\nlastmod: 2026-11-26T08:00:00Z\n---\n\nWords.\n");
    site.write("themes/child/theme.yaml", "name: child\napi: 1\nextends: broadsheet\n");
    site.write("themes/child/templates/page.html", "<p>{{ page.updated | default(value=\"never\") }}</p>");
    site.write("site.yaml", format!("{SETTINGS}theme: child\n"));
    let seen = |site: &TestSite| {
        let output = site.output();
        let text = output.values().map(|bytes| String::from_utf8_lossy(bytes)).collect::<String>();
        ["It was earlier", "It is tomorrow", "2026-11-24T08", "2026-11-25T08", "2026-11-26T08"]
            .map(|part| text.contains(part))
    };
    site.build();
    assert_eq!(seen(&site), [true, false, false, false, false]);
    let next = site.run(&["next", "--at", "2026-11-23T12:00:00Z"]).stdout;
    for (at, words, path) in [
        ("2026-11-24", "correction published", "content/local/tunnel.md"),
        ("2026-11-25", "marked as updated", "content/local/tunnel.md"),
        ("2026-11-26", "marked as updated", "content/about.md"),
    ] {
        let is_it = |line: &str| line.starts_with(at) && line.contains(words) && line.contains(path);
        assert!(next.lines().any(is_it), "{next}");
    }
    for (now, told) in [
        ("2026-11-24T07:59:59Z", [true, false, false, false, false]),
        ("2026-11-24T08:00:00Z", [true, true, true, false, false]),
        ("2026-11-25T08:00:00Z", [true, true, true, true, false]),
        ("2026-11-26T08:00:00Z", [true, true, true, true, true]),
        ("2026-11-23T12:00:00Z", [true, false, false, false, false]),
    ] {
        site.set_now(now);
        site.build();
        assert_eq!(seen(&site), told, "{now}");
        assert_eq!(site.has("public/local/map.svg"), told[1], "what only a correction names waits with it: {now}");
        site.assert_equals_clean(now);
    }
    assert_eq!(site.try_build(&["--future"]).code, 0);
    assert_eq!(seen(&site), [true; 5]);
}

/// The list of corrections and the feeds show texts of articles, but are not rendered again when a line moves in one.
#[test]
fn a_mistake_in_a_correction_is_told_at_the_line_where_it_is_now() {
    let site = TestSite::new();
    for more in ["", "dateline: Port Merrow\n", "dateline: Port Merrow\nfeatured: true\n"] {
        let front = format!("summary: S.\n{more}corrections:\n  - {{date: 2026-11-03, text: 'See [x](/nowhere/).'}}\n");
        site.write_article("local/a", "2026-11-02", &front, "Words.");
        let run = site.build();
        assert_eq!(run.diagnostics().len(), 1, "{:?}", run.diagnostics());
        site.assert_equals_clean_and_says_so(&run, more);
    }
}
