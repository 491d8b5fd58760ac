//! Live coverage: updates from headings, its structured data, and what an open page does with them.

use crate::fixture::TestSite;
use crate::fixture::sites::{COVERAGE as FRONT, UPDATES as BODY, with_coverage as site};
use serde_json::{Value, json};

fn position(page: &str, text: &str) -> usize {
    page.find(text).unwrap_or_else(|| panic!("{text} is not in {page}"))
}

#[test]
fn updates_are_headings_with_a_time_and_stand_newest_first() {
    let site = site();
    let run = site.build();
    assert_eq!(run.number("warnings"), 0, "{:?}", run.diagnostics());
    let page = site.published("local/storm/index.html");
    let body = position(&page, "class=\"article-body\"");
    let at = |text: &str| position(&page[body..], text);
    assert!(at("What we know.") < at("reopens</h2>"), "the introduction stays in front");
    assert!(at("<p>Trams <a href=\"/local/trams/\">run</a>.</p>") < at("The bridge is <em>closed</em></h2>"));
    assert!(at("closed</em></h2>") < at("No trams.") && at("No trams.") < at("Wind."));
    // Each has an anchor and its time.
    for (id, moment, shown) in [("open", "11:05", "11:05"), ("the-bridge-is-closed", "09:05", "09:05")] {
        assert!(page.contains(&format!("<section class=\"live-update\" id=\"{id}\">")), "{page}");
        assert!(page.contains(&format!(
            "<a class=\"live-time\" href=\"#{id}\"><time datetime=\"2026-11-23T{moment}:00+01:00\">{shown}</time></a>"
        )));
    }
    assert_eq!(
        page.matches("time=").count(),
        page.matches("datetime=").count(),
        "no attribute that HTML does not know"
    );
    assert!(page.contains("<h2 class=\"big\">"));
    // On another day the date is told.
    let later = format!("{BODY}\n## Over {{time=2026-11-24T00:10}}\n\nDone.\n");
    site.write_article("local/storm", "2026-11-23T07:30:00", FRONT, &later);
    let site = site.at("2026-11-25T00:00:00Z");
    site.build();
    assert!(site.published("local/storm/index.html").contains(">24 November 2026, 00:10</time>"));
}

#[test]
fn key_events_stand_above_the_updates_and_an_update_says_who_wrote_it() {
    let body = "What we know.\n\n## Closed {time=2026-11-23T09:05 .key author=ann-lee}\n\nNo trams.\n\n\
                ## Rain {time=2026-11-23T10:05 author=ines-vale}\n\nWet.\n\n## Open {time=2026-11-23T11:05 .key}\n\nTrams.\n\n\
                ## Secret {time=2026-11-23T23:05 .key}\n\nLater.\n";
    let site = site().file("content/authors/ann-lee.md", "---\nname: Ann Lee\n---\nShe rows.\n");
    site.write_article("local/storm", "2026-11-23T07:30:00", FRONT, body);
    site.write_article("local/rows", "2026-11-20", "authors: [ann-lee]", "Words.");
    let mut site = site.at("2026-11-23T12:00:00Z");
    site.build();
    let page = site.published("local/storm/index.html");
    let keys = page.split("class=\"live-key\"").nth(1).and_then(|rest| rest.split("</nav>").next()).expect("a list");
    assert!(position(keys, "href=\"#open\"") < position(keys, "href=\"#closed\""), "{keys}");
    assert!(!keys.contains("Rain") && !page.contains("Secret"), "{keys}");
    assert!(position(&page, "What we know.") < position(&page, "class=\"live-key\""));
    assert!(position(&page, "class=\"live-key\"") < position(&page, "class=\"live-updates\""));
    assert!(
        page.contains("<p class=\"live-author\">By <a href=\"/authors/ann-lee/\" rel=\"author\">Ann Lee</a></p>"),
        "{page}"
    );
    assert_eq!(page.matches("live-author").count(), 1, "nobody is called Ines Vale here: {page}");
    assert!(page.contains("\"author\":{\"@type\":\"Person\",\"name\":\"Ann Lee\"}"), "{page}");
    // Another name in the profile is another name below the update.
    site.write("content/authors/ann-lee.md", "---\nname: Ann L. Lee\n---\nShe rows.\n");
    site.build();
    site.assert_equals_clean("an author of an update is called otherwise");
    site.set_now("2026-11-23T22:10:00Z");
    site.build();
    site.assert_equals_clean("an update is due");
}

#[test]
fn the_name_of_nobody_is_not_printed_below_an_update_and_the_build_says_who_was_meant() {
    let body = "What we know.\n\n## Closed {time=2026-11-23T09:05 author=an-lee}\n\nNo trams.\n\n\
                ## Rain {time=2026-11-23T10:05 author=osk-mcbride}\n\nWet.\n\n## Wind {time=2026-11-23T11:05 author=bo-kern}\n\nGusts.\n";
    let site = site().file("content/authors/ann-lee.md", "---\nname: Ann Lee\n---\nShe rows.\n");
    site.write_article("local/storm", "2026-11-23T07:30:00", FRONT, body);
    // Somebody without a profile whom an article names, and who is spelt as there.
    site.write_article("local/rows", "2026-11-20", "authors: [Bo KERN]", "Words.");
    let site = site.at("2026-11-23T12:00:00Z");
    let told = |name: &str, line: usize| {
        format!("warning content/local/storm.md:{line}:1 there is no author `{name}`, so the update has no byline")
    };
    let run = site.try_build(&[]);
    let first = "content/local/storm.md".to_owned();
    let line = |text: &str| site.read(&first).lines().position(|line| line.contains(text)).expect("there") + 1;
    assert_eq!(run.diagnostics(), [told("an-lee", line("Closed")), told("osk-mcbride", line("Rain"))]);
    assert_eq!(run.hints()[0], "did you mean `ann-lee`?");
    assert_eq!(run.hints()[1], "add the profile `content/authors/osk-mcbride.md`, or take `author=` out");
    let page = site.published("local/storm/index.html");
    assert_eq!(page.matches("live-author").count(), 1, "{page}");
    assert!(page.contains("rel=\"author\">Bo KERN</a></p>"), "{page}");
    assert!(!page.contains("Mcbride") && !page.contains("An Lee"), "{page}");
    // As soon as there is a profile, the byline is there.
    site.write("content/authors/osk-mcbride.md", "---\nname: Osk McBride\n---\nHe sails.\n");
    let run = site.try_build(&[]);
    assert_eq!(run.diagnostics(), [told("an-lee", line("Closed"))]);
    assert!(site.published("local/storm/index.html").contains("By Osk McBride</p>"));
    site.assert_equals_clean("an author of an update has a profile now");
}

#[test]
fn a_heading_with_a_time_where_nothing_is_withheld_is_an_error() {
    let site = site();
    site.write_article("local/other", "2026-11-20", "", "Words.\n\n## Head {time=2026-11-23T19:05}\n\nToo early.");
    site.write(
        "content/page.md",
        "---\ntitle: A page\nkind: live\n---\n\n## Head {time=2026-11-23T19:05}\n\nToo early.",
    );
    let run = site.try_build(&[]);
    let wanted = ["content/local/other.md:8:1", "content/page.md:6:1"];
    assert_eq!(run.diagnostics(), wanted.map(|at| format!("error {at} only live coverage has headings with a time")));
    assert!(run.hints().iter().all(|hint| hint.contains("add `kind: live`")), "{:?}", run.hints());
    assert!(!site.has("public/local/other/index.html"));
    site.write_article(
        "local/other",
        "2026-11-20",
        "",
        "Words.\n\n> ## Head {time=2026-11-23T19:05}\n\n## At any time {#time}\n",
    );
    site.remove("content/page.md");
    assert_eq!(
        site.build().diagnostics(),
        ["warning content/local/other.md:8:3 only live coverage has headings with a time"]
    );
}

#[test]
fn wrong_times_and_coverage_are_errors_at_their_lines() {
    let site = TestSite::new()
        .article("local/a", "2026-11-20", "kind: live", "## One {time=yesterday}\n\nx\n\n## Two {time}\n\ny")
        .article("local/b", "2026-11-20", "coverage: { start: 2026-11-20, end: 2026-11-19 }", "x")
        .article("local/c", "2026-11-20", "coverage: { begin: 2026-11-20 }", "x")
        .article("local/d", "2026-11-20", "coverage: soon", "x");
    let run = site.try_build(&[]);
    let messages: Vec<String> = run.diagnostics();
    for (start, end) in [
        ("error content/local/a.md:7:1", "`yesterday` is not a date"),
        ("error content/local/a.md:11:8", "`{time}` is not read as the time of an update"),
        ("error content/local/b.md:4:", "the coverage ends before it starts"),
        ("error content/local/c.md:4:", "unknown key `begin` of `coverage`"),
        ("error content/local/d.md:4:", "`coverage` has no `start` and no `end`"),
    ] {
        assert!(messages.iter().any(|one| one.starts_with(start) && one.ends_with(end)), "{start} {end}: {messages:?}");
    }
}

#[test]
fn the_structured_data_has_the_coverage_and_every_update() {
    let site = site();
    site.build();
    let page = site.published("local/storm/index.html");
    let json = page.split("application/ld+json\">").nth(1).and_then(|rest| rest.split("</script>").next());
    let article: Value = serde_json::from_str(json.expect("a block")).expect("JSON");
    assert_eq!(article["@type"], "LiveBlogPosting");
    assert_eq!(article["coverageStartTime"], "2026-11-23T08:00:00+01:00");
    assert_eq!(article["coverageEndTime"], "2026-11-23T20:00:00+01:00");
    assert_eq!(article["dateModified"], "2026-11-23T11:05:00+01:00");
    assert_eq!(
        article["liveBlogUpdate"],
        json!([
            {"@type": "BlogPosting", "headline": "The bridge reopens", "datePublished": "2026-11-23T11:05:00+01:00",
             "url": "https://test.example/local/storm/#open", "articleBody": "Trams run."},
            {"@type": "BlogPosting", "headline": "The bridge is closed", "datePublished": "2026-11-23T09:05:00+01:00",
             "url": "https://test.example/local/storm/#the-bridge-is-closed", "articleBody": "No trams. Why Wind."},
        ])
    );
}

#[test]
fn the_structured_data_of_an_update_is_what_readers_read() {
    let site = site().file("static/v.mp4", "film");
    let player =
        "<style>.x{color:red}</style>\n\n<script>alert(1)</script>\n\n{{ <video src=\"/v.mp4\" title=\"Ferry\" /> }}";
    let text =
        format!("Intro.\n\n## {{time=2026-11-23T09:00}}\n\nText.\n\n{player}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n");
    site.write_article("local/film", "2026-11-23T07:30:00", "title: Film\nkind: live", &text);
    site.build();
    let page = site.published("local/film/index.html");
    let json = page.split("application/ld+json\">").nth(1).and_then(|rest| rest.split("</script>").next());
    let article: Value = serde_json::from_str(json.expect("a block")).expect("JSON");
    let update = &article["liveBlogUpdate"][0];
    assert!(update.get("headline").is_none(), "{update}");
    assert_eq!(update["articleBody"], "Text. Ferry a b 1 2");
}

#[test]
fn the_structured_data_of_an_update_has_no_numbers_of_footnotes() {
    let site = site();
    site.write_article(
        "local/notes",
        "2026-11-23T07:30:00",
        "title: Notes\nkind: live",
        "Intro.\n\n## One {time=2026-11-23T09:00}\n\nIt is high.[^a] And *higher*.[^b]\n\n[^a]: A.\n[^b]: B.\n",
    );
    site.build();
    let page = site.published("local/notes/index.html");
    assert!(page.contains("\"articleBody\":\"It is high. And higher.\""), "{page}");
}

#[test]
fn the_data_that_a_page_asks_for_is_small_and_says_how_far_it_is() {
    let mut site = site();
    site.build();
    let data = |site: &TestSite| serde_json::from_str::<Value>(&site.published("local/storm/live.json")).expect("JSON");
    assert_eq!(
        data(&site),
        json!({
            "state": "running",
            "end": "2026-11-23T20:00:00+01:00",
            "updates": [
                {"id": "open", "time": "2026-11-23T11:05:00+01:00", "title": "The bridge reopens"},
                {"id": "the-bridge-is-closed", "time": "2026-11-23T09:05:00+01:00", "title": "The bridge is closed"},
            ],
        })
    );
    assert!(site.published("local/storm/index.html").contains("data-live=\"/local/storm/live.json\""));
    assert!(!site.has("public/local/other/live.json"));
    for (now, state, badge) in [
        ("2026-11-23T06:45:00Z", "upcoming", "kind"),
        ("2026-11-23T07:00:00Z", "running", "kind"),
        ("2026-11-23T19:00:00Z", "over", "kind kind-over"),
    ] {
        site.set_now(now);
        site.build();
        assert_eq!(data(&site)["state"], state);
        let page = site.published("local/storm/index.html");
        assert!(page.contains(&format!("live-bar is-{state}")), "{now}: {page}");
        let word = if badge.ends_with("over") { "As it happened" } else { "Live" };
        assert!(page.contains(&format!("<span class=\"{badge}\">{word}</span>")), "{now}");
        assert_eq!(page.contains("live."), state != "over" || page.contains("live.json"));
        // Everything is there without a script, and the script is only where it has work.
        assert_eq!(page.contains("<script src=\"/assets/live."), state != "over", "{now}");
        site.assert_equals_clean(now);
    }
}

#[test]
fn an_update_renders_what_shows_the_article_and_nothing_else() {
    let site = site();
    site.write("site.yaml", "base_url: https://test.example\ntimezone: Europe/Berlin\nfragments: {latest: client}\nfeeds: {formats: [atom]}\nsearch: false\n");
    site.write_article("local/old", "2026-11-19", "", "Words.");
    site.build();
    site.write_article("local/storm", "2026-11-23T07:30:00", FRONT, &BODY.replace("No trams.", "No trams at all."));
    let run = site.build();
    let pages: Vec<String> = run.rendered().into_iter().collect();
    // Words of an update: the page, its data, and the feeds that carry the article.
    assert_eq!(pages, ["atom.xml", "local/atom.xml", "local/storm/", "local/storm/live.json"]);
    assert_eq!(run.number("written"), 3, "the data is the same");
    let body = format!("{BODY}\n## Calm {{time=2026-11-23T12:00}}\n\nGood.\n");
    site.write_article("local/storm", "2026-11-23T07:30:00", FRONT, &body);
    let run = site.build();
    assert!(!run.rendered().contains("local/old/"), "{:?}", run.rendered());
    assert!(run.rendered().contains("sitemap.xml") && run.rendered().contains("news-sitemap.xml"));
    site.assert_equals_clean("an update");
}

#[test]
fn an_article_without_updates_may_be_live_too() {
    let site = TestSite::new().article("local/storm", "2026-11-23T07:30:00", "kind: live", "It begins soon.").article(
        "local/file",
        "2026-11-23T07:30:00",
        "kind: live\npermalink: /a/b.html",
        "## A {time=2026-11-23T08:00}\n\nx",
    );
    site.build();
    let page = site.published("local/storm/index.html");
    assert!(page.contains("It begins soon.") && !page.contains("live-updates"));
    assert!(site.published("local/storm/live.json").contains("\"updates\":[]"));
    assert!(site.published("a/b.html").contains("data-live=\"/a/b.html.live.json\""));
    assert!(site.published("a/b.html.live.json").contains("running"));
    site.assert_equals_clean("a file's address");
}

/// What is meant to withhold an update and is not read would be published.
#[test]
fn a_heading_that_is_meant_to_wait_is_an_error() {
    for heading in [
        "Bridge {2026-11-27T18:00}",
        "Bridge {published=2026-11-27T18:00}",
        "Bridge {uhrzeit=18:00}",
        "Bridge {.draft}",
    ] {
        let site =
            TestSite::new().article("local/a", "2026-11-01", "kind: live", &format!("Now.\n\n## {heading}\n\nText."));
        let list = &heading[heading.find('{').expect("a list")..];
        let message = format!("error content/local/a.md:9:11 `{list}` is not read as the time of an update");
        assert_eq!(site.try_build(&[]).diagnostics(), [message]);
    }
    let body =
        "Now.\n\n<!--\n## Bridge {time=2026-11-02T18:00}\n\nSecret.\n-->\n\n## Rail {time=2026-11-02T17:00}\n\nText.";
    let site = TestSite::new().article("local/a", "2026-11-01", "kind: live", body);
    site.build();
    let page = site.published("local/a/index.html");
    assert!(page.contains("Rail") && !page.contains("Bridge") && !page.contains("Secret"), "{page}");
}

#[test]
fn coverage_adds_an_update_and_leaves_the_rest_of_the_file_as_it_was() {
    let site = site();
    for ending in ["", "\n", "\n\n"] {
        let path = "content/local/storm.md";
        let before = format!("{}{ending}", site.read(path).trim_end());
        site.write(path, &before);
        let at = "2026-11-23T12:00";
        let run = site.run(&["coverage", path, "Trams *run*", "--text", "Line 4.\n\nLine 5.", "--at", at]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let after = site.read(path);
        let added = after.strip_prefix(before.trim_end()).expect("the rest is as it was");
        assert_eq!(
            added.trim_start_matches('\n'),
            "## Trams *run* {time=2026-11-23T12:00:00+01:00}\n\nLine 4.\n\nLine 5.\n"
        );
        let line = after.lines().count() - 4;
        assert!(run.stdout.starts_with(&format!("{path}:{line} ")), "{}", run.stdout);
        site.write(path, &before);
    }
    site.write("content/local/storm.md", site.read("content/local/storm.md").replace('\n', "\r\n"));
    let run = site.run(&["coverage", "content/local/storm.md", "Now", "--at", "2026-11-23T12:00"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let text = site.read("content/local/storm.md");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "lines end as they did");
    let site = site.at("2026-11-23T12:30:00Z");
    site.build();
    assert!(site.published("local/storm/index.html").contains("Now</h2>"));
}

#[test]
fn coverage_writes_nothing_that_would_not_be_an_update() {
    let site = site();
    let path = "content/local/storm.md";
    site.write(path, format!("{}\n```\na log\n", site.read(path)));
    let before = site.read(path);
    let at = ["--at", "2026-11-23T12:00"];
    for (arguments, code, told) in [
        (&["coverage", path, "Now"][..], 1, "is not read as the time of an update"),
        (&["coverage", "content/local/other.md", "Now"], 1, "this is not live coverage"),
        (&["coverage", "content/local/nobody.md", "Now"], 2, "there is no `content/local/nobody.md`"),
        (&["coverage", path, "  "], 2, "the headline is empty"),
    ] {
        let run = site.run(&[arguments, &at].concat());
        assert_eq!(run.code, code, "{}", run.stderr);
        assert!(run.stderr.contains(told), "{}", run.stderr);
    }
    assert_eq!(site.read(path), before);
    site.write(path, before.replace("```\na log\n", ""));
    let before = site.read(path);
    for update in [&["Now", "--text", "```\ncode"][..], &["Second {#x}"]] {
        let run = site.run(&[&["coverage", path], update, &at].concat());
        assert!(run.code == 1 && run.stderr.contains("would not be read as one"), "{update:?}: {}", run.stderr);
    }
    assert_eq!(site.read(path), before);
}
