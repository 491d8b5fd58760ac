//! Listings: the front page, sections, terms and the calendar, numbered from the oldest.

mod fixture;

use fixture::TestSite;

/// A site with a small page size.
fn small() -> TestSite {
    TestSite::new().file("site.yaml", "title: The Test\nbase_url: https://test.example\npage_size: 2\n")
}

/// Adds the articles `n1` … of the section, a day each.
fn with_articles(site: TestSite, numbers: std::ops::RangeInclusive<u32>) -> TestSite {
    for number in numbers {
        add(&site, number);
    }
    site
}

fn add(site: &TestSite, number: u32) {
    let front = format!("title: Story {number}.\ntags: [ships]\nauthors: [Ann Lee]\nseries: The series");
    site.write_article(&format!("local/n{number}"), &format!("2026-10-{number:02}"), &front, "x");
}

/// The numbers of the stories that the listing at `path` lists, in order; those of boxes do not count.
fn listed(site: &TestSite, path: &str) -> Vec<u32> {
    let page = site.published(&format!("{path}index.html"));
    let main = page.split("<main").nth(1).expect("a main part").split("class=\"rail\"").next().expect("a first part");
    let rest = page.split("class=\"more\"").nth(1).unwrap_or_default();
    let numbers = |part: &str| {
        part.split(">Story ").skip(1).filter_map(|rest| rest.split('.').next()?.parse().ok()).collect::<Vec<u32>>()
    };
    [numbers(main), numbers(rest)].concat()
}

#[test]
fn a_listing_is_numbered_from_the_oldest() {
    let site = with_articles(small(), 1..=7);
    site.build();
    for listing in ["local/", "tags/ships/", "authors/ann-lee/", "series/the-series/", "2026/10/"] {
        assert_eq!(listed(&site, listing), [7, 6, 5], "{listing}");
        assert_eq!(listed(&site, &format!("{listing}page/2/")), [4, 3], "{listing}");
        assert_eq!(listed(&site, &format!("{listing}page/1/")), [2, 1], "{listing}");
        assert!(!site.has(&format!("public/{listing}page/3")), "{listing}");
    }
    let mut front = listed(&site, "");
    front.sort_unstable();
    assert_eq!(front, [5, 6, 7]);
    assert_eq!(listed(&site, "page/1/"), [2, 1]);
}

#[test]
fn a_full_page_never_changes_again() {
    let site = with_articles(small(), 1..=6);
    let settings = site.read("site.yaml");
    site.write("site.yaml", settings + "fragments: {latest: client}\n");
    site.build();
    let paths = ["page/1/index.html", "local/page/1/index.html", "tags/ships/page/1/index.html"];
    let first = paths.map(|path| site.output()[path].clone());
    for number in 7..=12 {
        add(&site, number);
        let run = site.build();
        assert!(!run.rendered().iter().any(|path| path.ends_with("page/1/")), "{:?}", run.rendered());
        assert_eq!(paths.map(|path| site.output()[path].clone()), first, "with {number} articles");
    }
    assert_eq!(listed(&site, "local/page/5/"), [10, 9]);
    assert_eq!(listed(&site, "local/"), [12, 11]);
}

#[test]
fn the_pages_of_a_listing_lead_to_each_other() {
    let site = with_articles(small(), 1..=7);
    site.build();
    let links = |path: &str| {
        let page = site.published(path);
        let link = |relation: &str| {
            let rest = page.split(&format!("<link rel=\"{relation}\" href=\"")).nth(1)?;
            Some(rest.split('"').next()?.to_owned())
        };
        (link("prev"), link("next"))
    };
    assert_eq!(links("local/index.html"), (None, Some("/local/page/2/".into())));
    assert_eq!(links("local/page/2/index.html"), (Some("/local/".into()), Some("/local/page/1/".into())));
    assert_eq!(links("local/page/1/index.html"), (Some("/local/page/2/".into()), None));
    for path in ["local/index.html", "local/page/2/index.html"] {
        let page = site.published(path);
        let body = page.split("<body>").nth(1).expect("a body");
        assert!(body.contains("href=\"/local/page/1/\"") || body.contains("href=\"/local/page/2/\""), "{path}");
    }
    // Each page is its own, and not another address of the first.
    assert!(
        site.published("local/page/1/index.html")
            .contains("<link rel=\"canonical\" href=\"https://test.example/local/page/1/\">")
    );
}

#[test]
fn the_newest_featured_article_leads_the_front_page() {
    let site = TestSite::new()
        .article("local/a", "2026-10-01", "title: First one.\nfeatured: true", "x")
        .article("local/b", "2026-10-02", "title: Second one.\nfeatured: true", "x")
        .article("local/c", "2026-10-03", "title: Third one.", "x");
    site.build();
    let front = site.published("index.html");
    let splash = front.split("class=\"splash\"").nth(1).expect("a lead").split("</article>").next().expect("its end");
    assert!(splash.contains("Second one."), "{splash}");
    let main = front.split("<main").nth(1).expect("main").split("class=\"rail\"").next().expect("a first part");
    assert_eq!(main.matches(">Second one.<").count(), 1, "the lead is not listed again");
}

#[test]
fn without_a_featured_article_the_newest_leads() {
    let site = with_articles(TestSite::new(), 1..=3);
    site.build();
    let front = site.published("index.html");
    let splash = front.split("class=\"splash\"").nth(1).expect("a lead").split("</article>").next().expect("its end");
    assert!(splash.contains("Story 3."), "{splash}");
}

#[test]
fn a_featured_article_of_an_old_page_stays_there() {
    let site = with_articles(small(), 2..=7).article("local/n1", "2026-10-01", "title: Story 1.\nfeatured: true", "x");
    site.build();
    assert_eq!(listed(&site, "page/1/"), [2, 1]);
    assert!(!listed(&site, "").contains(&1));
}

#[test]
fn terms_differ_by_their_slug_only() {
    let site = TestSite::new().article("local/a", "2026-10-01", "title: Story 1.\ntags: [Harbour]", "x").article(
        "local/b",
        "2026-10-02",
        "title: Story 2.\ntags: [harbour, Größe]",
        "x",
    );
    site.build();
    assert_eq!(listed(&site, "tags/harbour/"), [2, 1]);
    let overview = site.published("tags/index.html");
    assert_eq!(overview.matches("href=\"/tags/harbour/\"").count(), 1, "{overview}");
    assert!(overview.contains("href=\"/tags/grosse/\""));
}

#[test]
fn a_term_goes_with_its_last_article() {
    let site = TestSite::new().article("local/a", "2026-10-01", "tags: [ships]", "x").article(
        "world/b",
        "2026-10-02",
        "tags: [trade]",
        "x",
    );
    site.build();
    assert!(site.has("public/tags/trade/index.html") && site.has("public/world/index.html"));
    site.remove("content/world/b.md");
    site.build();
    assert!(!site.has("public/tags/trade") && !site.has("public/world"));
    assert!(!site.published("tags/index.html").contains("trade"));
    site.assert_equals_clean("a removal");
}

#[test]
fn the_calendar_has_years_and_months() {
    let site = TestSite::new()
        .article("local/a", "2025-12-31", "title: Story 1.", "x")
        .article("local/b", "2026-01-01", "title: Story 2.", "x")
        .article("local/c", "2026-01-31", "title: Story 3.", "x");
    site.build();
    assert_eq!(listed(&site, "2026/01/"), [3, 2]);
    assert_eq!(listed(&site, "2025/12/"), [1]);
    assert!(site.published("2026/01/index.html").contains("<h1>January 2026</h1>"));
    let year = site.published("2026/index.html");
    assert!(year.contains("href=\"/2026/01/\"") && !year.contains("href=\"/2025/12/\""));
    let archive = site.published("archive/index.html");
    assert!(archive.contains("href=\"/2026/01/\"") && archive.contains("href=\"/2025/\""));
}

#[test]
fn taxonomies_and_archives_can_be_left_out() {
    let site = TestSite::new()
        .file("site.yaml", "base_url: https://test.example\ntaxonomies: [authors]\narchives: false\n")
        .article("local/a", "2026-10-01", "tags: [ships]\nauthors: [Ann Lee]\nseries: Long", "x");
    site.build();
    assert!(site.has("public/authors/ann-lee/index.html"));
    for path in ["tags", "series", "2026", "archive"] {
        assert!(!site.has(&format!("public/{path}")), "{path}");
    }
    let page = site.published("local/a/index.html");
    for dead in ["/tags/", "/series/", "/archive/"] {
        assert!(!page.contains(&format!("href=\"{dead}")), "{dead}");
    }
    assert!(page.contains("ships"), "the tag is still told");
}

#[test]
fn no_listing_links_to_a_page_that_is_not_there() {
    for front in ["", "archives: false\nfeeds: {for: []}\n", "taxonomies: []\nfeeds: {formats: [atom]}\n"] {
        for count in [0, 1, 7] {
            let site =
                TestSite::new().file("site.yaml", format!("base_url: https://test.example\npage_size: 2\n{front}"));
            let site = if count > 0 { with_articles(site, 1..=count) } else { site };
            site.build();
            let output = site.output();
            for (path, bytes) in output.iter().filter(|(path, _)| path.ends_with(".html")) {
                let text = String::from_utf8_lossy(bytes).into_owned();
                for part in text.split("href=\"/").skip(1) {
                    let address = part.split(['"', '#', '?']).next().expect("an address");
                    let file = if address.is_empty() || address.ends_with('/') {
                        format!("{address}index.html")
                    } else {
                        address.to_owned()
                    };
                    assert!(output.contains_key(&file), "{path} links to /{address} ({front:?}, {count} articles)");
                }
            }
        }
    }
}

#[test]
fn related_articles_share_tags_and_are_never_the_article_itself() {
    let site = TestSite::new()
        .article("local/a", "2026-10-01", "title: Ships one.\ntags: [ships, trade]", "x")
        .article("world/b", "2026-10-02", "title: Ships two.\ntags: [ships, trade]", "x")
        .article("culture/c", "2026-10-03", "title: Opera.\ntags: [music]", "x")
        .article("local/d", "2026-10-04", "title: Ships three.\ntags: [ships, trade]", "x");
    site.build();
    let page = site.published("local/d/index.html");
    let related =
        page.split("class=\"related\"").nth(1).expect("related ones").split("</section>").next().expect("end");
    let (two, one) = (related.find("Ships two."), related.find("Ships one."));
    assert!(two.is_some() && two < one, "the nearer in time first: {related}");
    assert!(!related.contains("Ships three.") && !related.contains("Opera."), "{related}");
    // Only older ones are related, so a new article changes no old page.
    assert!(!site.published("local/a/index.html").contains("class=\"related\""));
}

#[test]
fn neighbours_are_the_next_ones_in_time() {
    let site = with_articles(TestSite::new(), 1..=3);
    site.build();
    let page = site.published("local/n2/index.html");
    let near = page.split("class=\"neighbours\"").nth(1).expect("neighbours").split("</nav>").next().expect("end");
    assert!(near.contains("rel=\"prev\"") && near.contains("Story 1.") && near.contains("Story 3."), "{near}");
    assert!(near.find("Story 1.") < near.find("Story 3."));
}
