//! Listings: the front page, sections, terms and the calendar, numbered from the oldest.

use crate::fixture::TestSite;

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

/// The numbers of the articles that the listing at `path` lists, in order; those of boxes do not count.
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
fn a_name_in_another_case_or_normal_form_is_the_same_term() {
    let site = TestSite::new()
        .article("local/a", "2026-10-01", "title: Story 1.\ntags: [Harbour, Größe]", "x")
        .article("local/b", "2026-10-02", "title: Story 2.\ntags: [harbour, \"Gro\u{308}ße\", HARBOUR]", "x");
    site.build();
    assert_eq!(listed(&site, "tags/harbour/"), [2, 1]);
    assert_eq!(listed(&site, "tags/grosse/"), [2, 1]);
    let overview = site.published("tags/index.html");
    assert_eq!(overview.matches("href=\"/tags/harbour/\"").count(), 1, "{overview}");
    assert!(overview.contains("href=\"/tags/grosse/\""));
}

/// The addresses of the terms that the page of the article links to, with their names.
fn terms(site: &TestSite, path: &str) -> Vec<(String, String)> {
    let page = site.published(&format!("{path}/index.html"));
    let links =
        page.split("<a ").skip(1).filter(|link| link.contains("rel=\"tag\"") || link.contains("rel=\"author\""));
    let parts = links.map(|link| {
        let href = link.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an address");
        let name = link.split('>').nth(1).and_then(|rest| rest.split('<').next()).expect("a name");
        (href.to_owned(), name.to_owned())
    });
    let mut all: Vec<_> = parts.collect();
    all.sort();
    all.dedup();
    all
}

#[test]
fn names_that_differ_are_terms_that_differ() {
    let site = TestSite::new();
    let names = [
        "C",
        "C++",
        "C#",
        "李明",
        "黎明",
        "Größe",
        "Grosse",
        ".NET",
        "NET",
        "A+",
        "A-",
        "half-life",
        "half life",
        "aux",
    ];
    for (number, name) in names.iter().enumerate() {
        let front = format!("title: Story {number}.\ntags: [\"{name}\"]\nauthors: [\"{name}\"]");
        site.write_article(&format!("local/n{number}"), &format!("2026-10-{:02}", number + 1), &front, "x");
    }
    site.build();
    let mut addresses = Vec::new();
    for (number, name) in names.iter().enumerate() {
        let terms = terms(&site, &format!("local/n{number}"));
        assert_eq!(terms.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(), [*name, *name], "{terms:?}");
        for (address, _) in terms {
            assert_eq!(listed(&site, address.trim_start_matches('/')), [number as u32], "{address}");
            addresses.push(address);
        }
        let feed = site.published("feed.xml");
        let (creator, category) = (format!("<dc:creator>{name}</dc:creator>"), format!("<category>{name}</category>"));
        assert!(feed.contains(&creator) && feed.contains(&category), "{name}");
        assert!(site.published(&format!("local/n{number}/index.html")).contains(&format!("\"name\":\"{name}\"")));
    }
    for wanted in ["/tags/c/", "/tags/c-plus-plus/", "/tags/c-sharp/", "/authors/li-ming/", "/tags/a-plus/"] {
        assert!(addresses.iter().any(|address| address == wanted), "{wanted}: {addresses:?}");
    }
    addresses.sort();
    addresses.dedup();
    assert_eq!(addresses.len(), 2 * names.len());
}

#[test]
fn a_new_name_changes_no_address_of_an_older_one() {
    let site = TestSite::new().article("local/a", "2026-10-02", "tags: [李明]\nauthors: [李明]", "x");
    site.build();
    let first = terms(&site, "local/a");
    assert_eq!(
        first.iter().map(|(address, _)| address.as_str()).collect::<Vec<_>>(),
        ["/authors/li-ming/", "/tags/li-ming/"]
    );
    let mut known = vec![(String::from("local/a"), first)];
    for (number, name) in ["黎明", "Li Ming", "礼明"].iter().enumerate() {
        let path = format!("local/b{number}");
        let front = format!("tags: [{name}]\nauthors: [{name}]");
        site.write_article(&path, &format!("2026-10-{:02}", number + 3), &front, "x");
        site.build();
        site.assert_equals_clean(name);
        for (path, terms_before) in &known {
            assert_eq!(&terms(&site, path), terms_before, "after {name}");
        }
        known.push((path.clone(), terms(&site, &path)));
    }
    // Who was first is gone: the next one has the plain address, and the others keep theirs.
    site.remove("content/local/a.md");
    site.build();
    site.assert_equals_clean("a removal");
    assert_eq!(terms(&site, "local/b0")[0].0, "/authors/li-ming/");
    assert_eq!(terms(&site, "local/b2"), known[3].1);
}

#[test]
fn a_profile_is_found_by_its_id_or_its_name_and_by_nothing_that_only_sounds_alike() {
    let site = TestSite::new()
        .file("content/authors/li-ming.md", "---\nname: 李明\n---\n")
        .file("content/authors/jurgen-mull.md", "---\nname: Jürgen Müll\n---\n")
        .file("content/authors/two.md", "---\nname: Same Name\n---\n")
        .file("content/authors/too.md", "---\nname: Same Name\n---\n");
    for (number, (name, address, shown)) in [
        ("li-ming", "/authors/li-ming/", "李明"),
        ("李明", "/authors/li-ming/", "李明"),
        ("Li Ming", "/authors/li-ming/", "李明"),
        ("jürgen müll", "/authors/jurgen-mull/", "Jürgen Müll"),
        ("two", "/authors/two/", "Same Name"),
        ("too", "/authors/too/", "Same Name"),
        ("Same Name", "/authors/same-name/", "Same Name"),
    ]
    .into_iter()
    .enumerate()
    {
        let path = format!("local/n{number}");
        site.write_article(&path, &format!("2026-10-{:02}", number + 1), &format!("authors: [\"{name}\"]"), "x");
        site.build();
        assert_eq!(terms(&site, &path), [(address.to_owned(), shown.to_owned())], "{name}");
    }
    site.write_article("local/x", "2026-11-01", "authors: [黎明]", "x");
    site.build();
    let other = terms(&site, "local/x");
    assert_eq!(other[0].1, "黎明");
    assert_ne!(other[0].0, "/authors/li-ming/");
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
    let site = TestSite::new();
    for number in 1..=3 {
        site.write_article(
            &format!("local/n{number}"),
            &format!("2026-10-{number:02}"),
            &format!("title: Story {number}."),
            "x",
        );
    }
    site.build();
    let page = site.published("local/n2/index.html");
    let near = page.split("class=\"neighbours\"").nth(1).expect("neighbours").split("</nav>").next().expect("end");
    assert!(near.contains("rel=\"prev\"") && near.contains("Story 1.") && near.contains("Story 3."), "{near}");
    assert!(near.find("Story 1.") < near.find("Story 3."));
}

#[test]
fn a_neighbour_in_the_same_series_stands_below_an_article_once() {
    let site = with_articles(TestSite::new(), 1..=3);
    site.build();
    let page = site.published("local/n2/index.html");
    for part in ["class=\"neighbour-older\"", "class=\"neighbour-newer\""] {
        assert_eq!(page.matches(part).count(), 1, "{part}");
    }
}

/// A section may be called after a category: then its page, menus and breadcrumbs have that name, and no other one.
#[test]
fn categories_whose_slugs_are_one_are_different_sections() {
    let site = TestSite::new();
    for (name, day, category) in
        [("a", 1, "李明"), ("b", 2, "黎明"), ("c", 3, "Café"), ("d", 4, "Cafe!"), ("e", 5, "CAFÉ")]
    {
        site.write(
            &format!("content/_posts/2026-11-0{day}-{name}.md"),
            format!("---\ntitle: Story {name}\ncategories: [\"{category}\"]\n---\n\nText.\n"),
        );
    }
    site.write("content/cafe/_index.md", "---\ntitle: cafe!\n---\n");
    site.build();
    let section_of = |page: &str| {
        let page = site.published(page);
        let list = page.split("BreadcrumbList").nth(1).expect("breadcrumbs").to_owned();
        list.split("\"name\":\"").nth(2).expect("a section").split('"').next().unwrap_or_default().to_owned()
    };
    for (page, name) in
        [("li-ming/a", "李明"), ("li-ming/b", "黎明"), ("cafe/c", "Café"), ("cafe/d", "cafe!"), ("cafe/e", "Café")]
    {
        assert_eq!(section_of(&format!("{page}/index.html")), name, "{page}");
    }
    let front = site.published("index.html");
    for name in ["李明", "黎明", "Café", "cafe!"] {
        assert!(front.contains(name), "{name}");
    }
    assert!(site.published("cafe/index.html").contains("Story d"));
    site.assert_equals_clean("the first build");
}

/// The id of a profile is explicit, so no older article and no other name takes its address.
#[test]
fn a_profile_keeps_the_address_of_its_id() {
    for (id, name, guest) in [("ines-vale", "Ines Vale", "Inès Vale"), ("li-ming", "李明", "黎明")] {
        let address = format!("/authors/{id}/");
        let site = TestSite::new()
            .file(&format!("content/authors/{id}.md"), format!("---\nname: {name}\n---\n\nMy words.\n"))
            .article("local/guest", "2019-10-02", &format!("authors: [{guest}]"), "x");
        site.build();
        let of_guest = terms(&site, "local/guest");
        assert_ne!(of_guest[0].0, address);
        site.write_article("local/own", "2026-10-02", &format!("authors: [{id}]"), "x");
        site.build();
        let of_profile = terms(&site, "local/own");
        assert_eq!(of_profile, [(address, name.to_owned())]);
        assert_eq!(terms(&site, "local/guest"), of_guest);
    }
}
