//! What Google News reads: the news sitemap, publisher, authors, paywall, structured data.

use crate::fixture::sites::sample;
use crate::fixture::{NOW, TestSite};
use quick_xml::events::Event;
use serde_json::{Value, json};

fn site() -> TestSite {
    TestSite::new().file(
        "site.yaml",
        "title: The \"Test\" & Co\nbase_url: https://test.example\nlanguage: de-AT\ntimezone: Europe/Vienna\n",
    )
}

/// The elements of an XML file as `path text`, the file being well-formed.
fn elements(xml: &str) -> Vec<(String, String)> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut path, mut found, mut text) = (Vec::<String>::new(), Vec::new(), String::new());
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(start) => {
                path.push(String::from_utf8_lossy(start.name().as_ref().as_bytes()).into_owned());
                text.clear();
            }
            Event::End(_) => {
                found.push((path.join(" "), std::mem::take(&mut text)));
                path.pop();
            }
            Event::Text(part) => text.push_str(&part),
            Event::GeneralRef(name) => text.push_str(match &*name {
                "amp" => "&",
                "lt" => "<",
                "gt" => ">",
                "quot" => "\"",
                "apos" => "'",
                other => panic!("{other}"),
            }),
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(path.is_empty(), "{path:?}");
    found
}

fn texts(xml: &str, name: &str) -> Vec<String> {
    elements(xml).into_iter().filter(|(path, _)| path.ends_with(name)).map(|(_, text)| text).collect()
}

#[test]
fn the_news_sitemap_holds_the_articles_of_the_last_two_days() {
    let mut site = site()
        .article("local/new", "2026-11-23T10:00:00", "title: 'New & \"fresh\" <b>'\nupdated: 2026-11-23T11:00:00", "x")
        .article("local/edge", "2026-11-21T13:00:01", "title: One second left", "x")
        .article("local/out", "2026-11-21T13:00:00", "title: Two days old", "x")
        .article("local/future", "2026-11-24", "title: Tomorrow", "x")
        .article("local/paid", "2026-11-23", "title: Paid\nkind: sponsored", "x")
        .article("local/theirs", "2026-11-23", "title: Theirs\ncanonical: https://elsewhere.example/x", "x")
        .article("local/ours", "2026-11-22", "title: Ours\ncanonical: https://test.example/local/ours/", "x")
        .file("content/about.md", "---\ntitle: About\n---\n");
    site.build();
    let xml = site.published("news-sitemap.xml");
    assert!(xml.contains("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">"));
    assert_eq!(
        texts(&xml, "url loc"),
        ["https://test.example/local/new/", "https://test.example/local/ours/", "https://test.example/local/edge/"]
    );
    assert_eq!(texts(&xml, "news:title"), ["New & \"fresh\" <b>", "Ours", "One second left"]);
    assert_eq!(texts(&xml, "news:publication news:name"), ["The \"Test\" & Co"; 3]);
    assert_eq!(texts(&xml, "news:publication news:language"), ["de"; 3]);
    // The original date, with its zone; an update does not change it.
    assert_eq!(
        texts(&xml, "news:publication_date"),
        ["2026-11-23T10:00:00+01:00", "2026-11-22T00:00:00+01:00", "2026-11-21T13:00:01+01:00"]
    );
    assert_eq!(texts(&xml, "lastmod")[0], "2026-11-23T11:00:00+01:00");
    // Required children, in the order of the schema (sitemap-news 0.9).
    let order: Vec<String> = elements(&xml)
        .into_iter()
        .filter_map(|(path, _)| path.strip_prefix("urlset url news:news ").map(str::to_owned))
        .take(5)
        .collect();
    assert_eq!(
        order,
        [
            "news:publication news:name",
            "news:publication news:language",
            "news:publication",
            "news:publication_date",
            "news:title"
        ]
    );
    // Only that file changes when an article gets too old.
    site.set_now("2026-11-23T12:00:01Z");
    let run = site.build();
    assert_eq!(run.rendered().into_iter().collect::<Vec<_>>(), ["news-sitemap.xml"]);
    assert_eq!(texts(&site.published("news-sitemap.xml"), "news:title"), ["New & \"fresh\" <b>", "Ours"]);
    site.assert_equals_clean("an article left the news sitemap");
    // A site without news has an empty one.
    site.set_now("2026-12-24T12:00:00Z");
    site.build();
    assert!(texts(&site.published("news-sitemap.xml"), "url loc").is_empty());
    site.assert_equals_clean("all left the news sitemap");
    let robots = site.published("robots.txt");
    assert!(robots.contains("\nSitemap: https://test.example/news-sitemap.xml\n"), "{robots}");
}

#[test]
fn republished_articles_are_in_no_sitemap_but_on_the_site() {
    let site = site().article("local/theirs", "2026-11-23", "canonical: https://elsewhere.example/x", "x").article(
        "local/own",
        "2026-11-23",
        "",
        "x",
    );
    site.build();
    for file in ["sitemap.xml", "news-sitemap.xml"] {
        let xml = site.published(file);
        assert!(xml.contains("/local/own/") && !xml.contains("/local/theirs/"), "{file}");
    }
    assert!(site.published("index.html").contains("/local/theirs/"));
}

#[test]
fn a_news_sitemap_is_split_at_a_thousand_articles() {
    let mut site = TestSite::new().file(
        "site.yaml",
        "base_url: https://test.example\ntaxonomies: []\narchives: false\ncards: false\npage_size: 1000\nfeeds: {formats: []}\ntheme_settings: {show_related: false}\n",
    );
    for number in 0..1001 {
        site.write_article(
            &format!("local/n{number}"),
            &format!("2026-11-23T0{}:{:02}:00Z", number / 600, number / 10 % 60),
            "",
            "x",
        );
    }
    site.build();
    let index = site.published("news-sitemap.xml");
    assert!(index.contains("<sitemapindex"));
    assert_eq!(
        texts(&index, "sitemap loc"),
        ["https://test.example/news-sitemap-1.xml", "https://test.example/news-sitemap-2.xml"]
    );
    let part = |number: u32| texts(&site.published(&format!("news-sitemap-{number}.xml")), "url loc").len();
    assert_eq!((part(1), part(2)), (1000, 1));
    // An hour and a half later the oldest have left, and one file is enough.
    site.set_now("2026-11-25T00:00:00Z");
    site.build();
    assert!(site.published("news-sitemap.xml").contains("<urlset") && !site.has("public/news-sitemap-1.xml"));
}

/// The blocks of JSON-LD.
fn json_ld(page: &str) -> Vec<Value> {
    page.split("<script type=\"application/ld+json\">")
        .skip(1)
        .map(|rest| serde_json::from_str(rest.split("</script>").next().expect("an end")).expect("JSON"))
        .collect()
}

fn article_of(page: &str) -> Value {
    json_ld(page).into_iter().find(|one| one.get("headline").is_some()).expect("an article")
}

const PUBLISHER: &str = "publisher:\n  name: Test House\n  logo: /logo.png\n  same_as: [https://social.example/@test]\n  publishing_principles: /about/#principles\n  correctionsPolicy: /corrections/\n  ethics_policy: https://house.example/ethics\n  masthead: /team/\n  ownershipFundingInfo: /about/#owners\n";

#[test]
fn the_publisher_says_who_it_is_on_the_front_page_and_on_every_article() {
    for (base, at) in [("https://test.example", ""), ("https://host.example/blog", "/blog")] {
        let site = TestSite::new()
            .file("site.yaml", format!("title: The Test\nbase_url: {base}\n{PUBLISHER}"))
            .article("local/x", "2026-11-23", "", "x");
        site.build();
        let origin = base.trim_end_matches("/blog");
        let publisher = json!({
            "@type": "NewsMediaOrganization",
            "@id": format!("{base}/#publisher"),
            "name": "Test House",
            "url": format!("{base}/"),
            "logo": {"@type": "ImageObject", "url": format!("{origin}{at}/logo.png")},
        });
        // The rest is known by the `@id`.
        let mut whole = json!({
            "@context": "https://schema.org",
            "sameAs": ["https://social.example/@test"],
            "publishingPrinciples": format!("{origin}{at}/about/#principles"),
            "correctionsPolicy": format!("{origin}{at}/corrections/"),
            "ethicsPolicy": "https://house.example/ethics",
            "masthead": format!("{origin}{at}/team/"),
            "ownershipFundingInfo": format!("{origin}{at}/about/#owners"),
        });
        whole.as_object_mut().expect("a map").extend(publisher.as_object().expect("a map").clone());
        assert_eq!(article_of(&site.published("local/x/index.html"))["publisher"], publisher);
        let front = json_ld(&site.published("index.html"));
        let own = front.iter().find(|one| one["@type"] == "NewsMediaOrganization").expect("the publisher");
        assert_eq!(*own, whole);
        assert_eq!(front[0]["publisher"], publisher);
    }
}

#[test]
fn search_engines_may_show_large_images() {
    let site = site().article("local/x", "2026-11-23", "", "x").file("content/about.md", "---\ntitle: About\n---\n");
    site.build();
    for path in ["local/x/index.html", "index.html", "about/index.html", "local/index.html"] {
        assert!(site.published(path).contains("<meta name=\"robots\" content=\"max-image-preview:large\">"), "{path}");
    }
}

#[test]
fn the_page_of_an_author_is_a_profile() {
    let site = site()
        .file("static/ann.svg", "<svg/>")
        .file(
            "content/authors/ann-lee.md",
            "---\nname: Ann Lee\nrole: Editor\ndescription: She writes.\nimage: {src: /ann.svg, alt: Ann}\nlinks: [{title: Here, url: /about/}, {title: There, url: 'https://social.example/@ann'}]\n---\n",
        )
        .article("local/x", "2026-11-23", "authors: [ann-lee, Bo Kern]", "x");
    site.build();
    let blocks = json_ld(&site.published("authors/ann-lee/index.html"));
    let page = blocks.iter().find(|one| one["@type"] == "ProfilePage").expect("a profile");
    assert_eq!((&page["url"], &page["inLanguage"]), (&json!("https://test.example/authors/ann-lee/"), &json!("de-AT")));
    let person = &page["mainEntity"];
    for (key, expected) in [
        ("@type", json!("Person")),
        ("name", json!("Ann Lee")),
        ("url", json!("https://test.example/authors/ann-lee/")),
        ("description", json!("She writes.")),
        ("jobTitle", json!("Editor")),
        ("sameAs", json!(["https://social.example/@ann"])),
    ] {
        assert_eq!(person[key], expected, "{key}");
    }
    assert_eq!(person["image"]["url"], "https://test.example/ann.svg");
    assert_eq!(person["worksFor"]["@type"], "NewsMediaOrganization");
    // Without a profile there is still a name.
    let blocks = json_ld(&site.published("authors/bo-kern/index.html"));
    assert_eq!(blocks[0]["mainEntity"]["name"], "Bo Kern");
    assert!(blocks[0]["mainEntity"].get("jobTitle").is_none());
    // The profile changes: its page, and the pages that name the author.
    site.write("content/authors/ann-lee.md", "---\nname: Ann Lee\nrole: Editor in chief\n---\n");
    let run = site.build();
    assert!(run.rendered().contains("authors/ann-lee/"));
    assert!(site.published("authors/ann-lee/index.html").contains("\"jobTitle\":\"Editor in chief\""));
    site.assert_equals_clean("a new role");
}

#[test]
fn what_subscribers_pay_for_is_marked_and_not_given_away_in_feeds() {
    let site = site()
        .article(
            "local/paid",
            "2026-11-23",
            "access: subscribers\nsummary: What it is about.",
            "The whole secret story.",
        )
        .article("local/free", "2026-11-22", "access: free", "A free story.");
    let run = site.build();
    assert_eq!(run.number("warnings"), 0);
    let page = site.published("local/paid/index.html");
    let article = article_of(&page);
    assert_eq!(article["isAccessibleForFree"], false);
    assert_eq!(
        article["hasPart"],
        json!({"@type": "WebPageElement", "isAccessibleForFree": false, "cssSelector": ".article-body"})
    );
    assert_eq!(page.matches("class=\"article-body\"").count(), 1);
    assert!(page.contains("data-access=\"subscribers\"") && page.contains("Für Abonnenten"));
    for feed in ["feed.xml", "atom.xml", "feed.json"] {
        let text = site.published(feed);
        assert!(!text.contains("secret story") && text.contains("What it is about."), "{feed}");
        assert!(text.contains("A free story."), "{feed}");
    }
    // Nor does the head of live coverage.
    let live = "kind: live\ncoverage: { start: 2026-11-23 }\naccess: subscribers\nsummary: What it is about.";
    site.write_article(
        "local/live",
        "2026-11-23",
        live,
        "Intro.\n\n## Result {time=2026-11-23T08:00}\n\nThe secret number.",
    );
    site.build();
    let page = site.published("local/live/index.html");
    assert_eq!((page.matches("The secret number.").count(), page.matches("\"liveBlogUpdate\"").count()), (1, 1));
    let free = site.published("local/free/index.html");
    assert_eq!(article_of(&free)["isAccessibleForFree"], true);
    assert!(article_of(&free).get("hasPart").is_none() && !free.contains("data-access"));
    site.write_article("local/odd", "2026-11-22", "access: subscriber", "x");
    let run = site.try_build(&[]);
    assert_eq!(run.diagnostics(), ["error content/local/odd.md:4:9 unknown access `subscriber`"]);
    assert_eq!(run.hints(), ["did you mean `subscribers`?"]);
}

/// Fails unless the structured data has what Google requires and recommends, each of the right type.
fn assert_valid(page: &str, path: &str) {
    let is_address = |value: &Value| value.as_str().is_some_and(|url| url::Url::parse(url).is_ok());
    let is_date = |value: &Value| value.as_str().is_some_and(|date| date.parse::<jiff::Timestamp>().is_ok());
    let is_text = |value: &Value| value.as_str().is_some_and(|text| !text.trim().is_empty());
    let blocks = json_ld(page);
    let article = blocks.iter().find(|one| one.get("headline").is_some()).unwrap_or_else(|| panic!("{path}"));
    assert_eq!(article["@context"], "https://schema.org", "{path}");
    assert!(is_text(&article["@type"]) && is_text(&article["headline"]) && is_text(&article["inLanguage"]), "{path}");
    assert!(is_date(&article["datePublished"]) && is_date(&article["dateModified"]), "{path}");
    let moment = |key: &str| article[key].as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok());
    assert!(moment("dateModified") >= moment("datePublished"), "{path}");
    assert!(is_address(&article["url"]), "{path}");
    assert!(article.get("mainEntityOfPage").is_none_or(|one| is_address(one) && *one != article["url"]), "{path}");
    let authors = article["author"].as_array().expect("authors");
    assert!(!authors.is_empty(), "{path}");
    for author in authors {
        assert!(["Person", "NewsMediaOrganization"].contains(&author["@type"].as_str().expect("a type")), "{path}");
        assert!(is_text(&author["name"]) && (author.get("url").is_none() || is_address(&author["url"])), "{path}");
    }
    let publisher = &article["publisher"];
    assert!(publisher["@type"] == "NewsMediaOrganization" && is_text(&publisher["name"]), "{path}");
    assert!(is_address(&publisher["url"]), "{path}");
    for image in article.get("image").and_then(Value::as_array).into_iter().flatten() {
        assert!(image["@type"] == "ImageObject" && is_address(&image["url"]), "{path}");
    }
    for key in ["isBasedOn", "citation"] {
        for work in article.get(key).and_then(Value::as_array).into_iter().flatten() {
            assert_eq!(work["@type"], "CreativeWork", "{path}");
            assert!(work.get("url").is_none_or(is_address), "{path}");
        }
    }
    for correction in article.get("correction").and_then(Value::as_array).into_iter().flatten() {
        assert!(correction["@type"] == "CorrectionComment" && is_text(&correction["text"]), "{path}");
        assert!(correction.get("datePublished").is_none_or(is_date), "{path}");
    }
    if article["@type"] == "LiveBlogPosting" {
        assert!(is_date(&article["coverageStartTime"]), "{path}");
        for update in article.get("liveBlogUpdate").and_then(Value::as_array).into_iter().flatten() {
            assert!(update["@type"] == "BlogPosting" && is_text(&update["headline"]), "{path}");
            assert!(is_date(&update["datePublished"]) && is_address(&update["url"]), "{path}");
        }
    }
    assert!(article["isAccessibleForFree"].is_boolean(), "{path}");
    let crumbs = blocks.iter().find(|one| one["@type"] == "BreadcrumbList").expect("breadcrumbs");
    assert!(crumbs["itemListElement"].as_array().is_some_and(|items| items.len() >= 2), "{path}");
}

/// Text as YAML, to which U+2028 is the end of a line.
fn quoted(text: &str) -> String {
    json!(text).to_string().replace('\u{2028}', "\\u2028")
}

#[test]
fn the_structured_data_of_every_article_is_valid() {
    let mut site = site().at(NOW);
    let hard = "</script><!-- \\\" & ' \u{2028} 漢字 🗞";
    let value = hard.replace("<!--", "&lt;!--");
    let kinds = ["report", "analysis", "opinion", "review", "background", "live", "sponsored", "satire"];
    for (number, kind) in kinds.iter().enumerate() {
        let time = if *kind == "live" { " {time=2026-11-23T05:05}" } else { "" };
        let front = format!(
            "title: {}\nkind: {kind}\nauthors: [{}]\ntags: [{}]\nsource: [{{name: S, url: /x/}}, Plain]\ncorrections: [{{date: 2026-11-22, text: \"It was *two* <b>.\"}}, Undated.]\nimage: {{src: 'https://images.example/a b.jpg', alt: a}}\ncanonical: /elsewhere/\n",
            quoted(&format!("{value} {kind}")),
            quoted(&format!("A {value}")),
            quoted("t' & <x>"),
        );
        site.write_article(
            &format!("local/{kind}"),
            &format!("2026-11-2{}", number % 3),
            &front,
            &format!("Words {}.\n\n## Head{time}\n\nMore.\n", hard.replace("<!--", "\\<!--")),
        );
    }
    site.write("content/bare.md", "---\ntitle: Bare\ndate: 0001-01-02\n---\n");
    site.write("content/last.md", "---\ntitle: Last\ndate: 9999-12-30T12:00:00Z\n---\n");
    site = site.flag("--future");
    let run = site.try_build(&[]);
    assert_eq!(run.code, 0, "{:?}", run.diagnostics());
    let seen = assert_articles_valid(&site);
    assert_eq!(seen, 10);
}

/// Looks at the structured data of every article that was published, and says how many there are.
fn assert_articles_valid(site: &TestSite) -> usize {
    let mut seen = 0;
    for (path, bytes) in site.output() {
        let page = String::from_utf8_lossy(&bytes);
        if path.ends_with("index.html") && page.contains("og:type\" content=\"article\"") {
            assert_valid(&page, &path);
            seen += 1;
        }
    }
    seen
}

#[test]
fn the_structured_data_of_the_sample_site_is_valid() {
    let site = sample();
    site.build();
    let seen = assert_articles_valid(&site);
    assert!(seen > 20, "{seen}");
}

#[test]
fn the_structured_data_of_the_archive_of_the_benchmark_is_valid() {
    let corpus = crate::corpus::Corpus::new(300, 7, true);
    let site = TestSite::empty().at(NOW).file("site.yaml", "base_url: https://test.example\n");
    for number in 0..300 {
        let article = corpus.article(number);
        site.write(&format!("content/{}", article.path.display()), article.markdown);
    }
    site.build();
    assert_eq!(assert_articles_valid(&site), 300);
}
