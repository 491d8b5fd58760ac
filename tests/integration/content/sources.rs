//! Where the news comes from: sources, syndication, place; and kinds of articles with their labels.

use crate::fixture::TestSite;
use serde_json::{Value, json};

fn article_of(page: &str) -> Value {
    page.split("<script type=\"application/ld+json\">")
        .skip(1)
        .map(|rest| serde_json::from_str::<Value>(rest.split("</script>").next().expect("an end")).expect("JSON"))
        .find(|one| one.get("headline").is_some())
        .expect("an article")
}

fn published(front: &str, body: &str) -> String {
    let site = TestSite::new().file("content/gazette.md", "---\ntitle: Gazette\n---\n").article(
        "local/x",
        "2026-11-20",
        front,
        body,
    );
    let run = site.build();
    assert_eq!(run.number("warnings"), 0, "{:?}", run.diagnostics());
    site.published("local/x/index.html")
}

/// The text of the page without its tags, white space folded.
fn words(page: &str) -> String {
    let mut text = String::new();
    let mut is_tag = false;
    for c in page.chars() {
        match c {
            '<' => is_tag = true,
            '>' => is_tag = false,
            c if !is_tag => text.push(c),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn one_source_is_a_visible_line_and_in_the_structured_data() {
    let page = published("source: { name: Harbour & Gazette, url: \"https://gazette.example/a?b&c\" }", "x");
    assert!(words(&page).contains("Source: Harbour &amp; Gazette"), "{page}");
    assert!(page.contains("href=\"https://gazette.example/a?b&amp;c\" rel=\"external\""), "{page}");
    let work = json!([{"@type": "CreativeWork", "name": "Harbour & Gazette", "url": "https://gazette.example/a?b&c"}]);
    let article = article_of(&page);
    assert_eq!((&article["isBasedOn"], &article["citation"]), (&work, &work));
}

#[test]
fn several_sources_are_one_line() {
    let page = published("source: [Town Hall, { name: Gazette, url: /gazette/ }, \"Own notes\"]", "x");
    assert!(words(&page).contains("Sources: Town Hall, Gazette and Own notes"), "{page}");
    let article = article_of(&page);
    let names: Vec<&Value> = article["citation"].as_array().expect("a list").iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["Town Hall", "Gazette", "Own notes"]);
    assert_eq!(
        article["isBasedOn"],
        json!([{"@type": "CreativeWork", "name": "Gazette", "url": "https://test.example/gazette/"}])
    );
    let none = published("", "x");
    assert!(!words(&none).contains("Source") && article_of(&none).get("citation").is_none());
}

#[test]
fn sources_are_listed_as_the_language_lists() {
    for (language, line) in [("de", "Quellen: A, B und C"), ("ja", "出典： A、B、C"), ("ar", "المصادر: A وB وC")]
    {
        let site = TestSite::new().file("site.yaml", format!("base_url: https://test.example\nlanguage: {language}\n"));
        let site = site.article("local/x", "2026-11-20", "source: [A, {name: B, url: /b/}, C]", "x");
        site.build();
        let page = words(&site.published("local/x/index.html"));
        assert!(page.contains(line), "{language}: {page}");
    }
}

#[test]
fn a_republished_article_names_its_first_address() {
    let page = published("canonical: https://gazette.example/first/", "x");
    assert!(page.contains("<link rel=\"canonical\" href=\"https://gazette.example/first/\">"));
    assert!(page.contains("<meta property=\"og:url\" content=\"https://gazette.example/first/\">"));
    assert!(words(&page).contains("First published at gazette.example/first/"), "{page}");
    let article = article_of(&page);
    assert_eq!(article["mainEntityOfPage"], "https://gazette.example/first/");
    assert_eq!(article["url"], "https://test.example/local/x/");
    assert_eq!(article["isBasedOn"], json!([{"@type": "CreativeWork", "url": "https://gazette.example/first/"}]));
    // A source with the same address is that work.
    let page =
        published("canonical: https://g.example/first/\nsource: { name: G, url: 'https://g.example/first/' }", "x");
    assert_eq!(article_of(&page)["isBasedOn"].as_array().map(Vec::len), Some(1));
    // The own address says nothing new.
    let page = published("canonical: https://test.example/local/x/", "x");
    assert!(!words(&page).contains("First published") && article_of(&page).get("isBasedOn").is_none());
    let site = TestSite::new().article("local/x", "2026-11-20", "canonical: gazette", "x");
    assert_eq!(site.try_build(&[]).diagnostics(), ["error content/local/x.md:4:12 `gazette` is not an address"]);
}

#[test]
fn the_place_stands_before_the_date() {
    let page = published("dateline: Port Merrow", "x");
    let words = words(&page);
    assert!(words.contains("Port Merrow, 20 Nov 2026") && !words.contains("2026, 00:00"), "{page}");
    assert_eq!(article_of(&page)["dateline"], "Port Merrow");
}

#[test]
fn every_kind_has_its_type_and_its_label() {
    for (kind, schema, label) in [
        ("analysis", "AnalysisNewsArticle", "Analysis"),
        ("opinion", "OpinionNewsArticle", "Opinion"),
        ("review", "ReviewNewsArticle", "Review"),
        ("background", "BackgroundNewsArticle", "Background"),
        ("live", "LiveBlogPosting", "Live"),
        ("sponsored", "AdvertiserContentArticle", "Sponsored"),
        ("satire", "SatiricalArticle", "Satire"),
    ] {
        let site = TestSite::new().article("local/x", "2026-11-20", &format!("kind: {kind}"), "x");
        site.build();
        let page = site.published("local/x/index.html");
        assert_eq!(article_of(&page)["@type"], schema);
        for path in ["local/x/index.html", "index.html", "local/index.html"] {
            let shown = site.published(path);
            let mut labels = shown.split("<span class=\"kind\">").skip(1);
            assert!(labels.any(|rest| rest.starts_with(&format!("{label}</span>"))), "{path}: {shown}");
        }
    }
    let site = TestSite::new().article("local/x", "2026-11-20", "kind: report", "x");
    site.build();
    let page = site.published("local/x/index.html");
    assert_eq!(article_of(&page)["@type"], "ReportageNewsArticle");
    assert!(!page.contains("class=\"kind\""), "plain news carries no label");
    site.write("site.yaml", "base_url: https://test.example\ntheme_settings: {label_reports: true}\n");
    site.build();
    assert!(site.published("local/x/index.html").contains("<span class=\"kind\">Report</span>"));
}

#[test]
fn an_advertiser_is_no_author() {
    let front = "kind: sponsored\nauthors: [Lagoon Yard, Pier & Co]";
    let site = TestSite::new().article("local/x", "2026-11-20", front, "x").article("local/y", "2026-11-19", "", "y");
    site.build();
    let page = site.published("local/x/index.html");
    assert!(page.contains("Paid for by <span>Lagoon Yard</span> and <span>Pier &amp; Co</span>"), "{page}");
    assert!(!page.contains("By <") && !page.contains("rel=\"author\"") && !page.contains("name=\"author\""), "{page}");
    let data = article_of(&page);
    assert_eq!(data["author"][0]["@type"], "NewsMediaOrganization");
    assert_eq!(data["sponsor"][1]["name"], "Pier & Co");
    assert!(site.published("index.html").contains("<span>Lagoon Yard, Pier &amp; Co</span>"));
    assert!(!site.published("feed.xml").contains("Lagoon Yard"));
    assert!(!site.has("authors/lagoon-yard/index.html"));
    site.write_article("local/x", "2026-11-20", "kind: sponsored\nauthors: [Rope Works]", "x");
    site.build();
    assert!(site.published("index.html").contains("<span>Rope Works</span>"));
    site.assert_equals_clean("another advertiser");
    site.write_article("local/x", "2026-11-20", "authors: [Rope Works]", "x");
    site.build();
    assert!(site.published("local/x/index.html").contains("By <a href=\"/authors/rope-works/\" rel=\"author\">"));
    site.assert_equals_clean("a report");
}

#[test]
fn links_of_sponsored_articles_say_that_they_are_paid_for() {
    let body = "[a](https://shop.example/a) https://shop.example/bare <a href=\"HTTPS://shop.example/raw\" rel=\"nofollow\">b</a>\n[own](https://test.example/x/) [path](/local/y/) [mail](mailto:a@shop.example) [rel](//shop.example/c)\n\n{{ <embed url=\"https://shop.example/card\" title=\"Card\" /> }}";
    let front = "kind: sponsored\nsource: { name: Shop, url: 'https://shop.example/' }";
    let site = TestSite::new().article("local/x", "2026-11-20", front, body).article("local/y", "2026-11-19", "", "y");
    site.build();
    let relations = |page: &str, href: &str| {
        let rest = page.split(&format!("href=\"{href}\"")).nth(1).unwrap_or_else(|| panic!("{href} in {page}"));
        let tag = rest.split('>').next().expect("an end");
        tag.split("rel=\"").nth(1).map(|rest| rest.split('"').next().expect("an end").to_owned()).unwrap_or_default()
    };
    let page = site.published("local/x/index.html");
    for (href, expected) in [
        ("https://shop.example/a", "sponsored"),
        ("https://shop.example/bare", "sponsored"),
        ("HTTPS://shop.example/raw", "nofollow sponsored"),
        ("//shop.example/c", "sponsored"),
        ("https://shop.example/card", "external sponsored"),
        ("https://shop.example/", "external sponsored"),
        ("https://test.example/x/", ""),
        ("mailto:a@shop.example", ""),
    ] {
        assert_eq!(relations(&page, href), expected, "{href}");
    }
    let feed = site.published("atom.xml");
    assert!(
        feed.contains("href=\"https://shop.example/a\" rel=\"sponsored\"")
            || feed.contains("rel=&quot;sponsored&quot;"),
        "{feed}"
    );
    site.write_article("local/x", "2026-11-20", "", body);
    site.build();
    assert_eq!(relations(&site.published("local/x/index.html"), "https://shop.example/a"), "");
    site.assert_equals_clean("another kind");
}
