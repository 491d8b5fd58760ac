//! The search: what is in its files, what an edit costs, and the page in a real browser.

mod browser;
mod fixture;

use std::collections::{BTreeMap, BTreeSet};

use browser::{Chromium, Page};
use fixture::TestSite;
use fixture::served::Served;
use serde_json::Value;

/// Articles of two sections, two years and two authors.
fn site() -> TestSite {
    TestSite::new()
        .article(
            "local/tunnel",
            "2026-11-20",
            "title: Harbour tunnel opens\nauthors: [Ines Vale]\nsummary: The first tram ran.",
            "A long text about other things. Below it, the ferries of the old harbour still sail at night.",
        )
        .article(
            "local/ferry",
            "2026-11-10",
            "title: The ferry stays\nauthors: [Tomas Rell]\nsummary: It sails.",
            "The ferry crosses the harbour.\n\n<!-- an unseen remark -->",
        )
        .article(
            "world/cafe",
            "2025-03-01",
            "title: A Café in Žalmora\nauthors: [Ines Vale]\nsummary: Coffee.",
            "Two ferries, three cafés, and 東京都の港.",
        )
}

/// All that the search files say, as JSON values by path.
fn files(site: &TestSite) -> Vec<(String, Value)> {
    let is_data = |path: &String| path.starts_with("search/") && path.ends_with(".json");
    let all = site.output().into_iter().filter(|(path, _)| is_data(path));
    all.map(|(path, bytes)| (path, serde_json::from_slice(&bytes).expect("JSON"))).collect()
}

/// How many articles can be found.
fn counted(catalogue: &Value) -> u64 {
    catalogue["segments"].as_array().expect("a list").iter().map(|segment| segment[1].as_u64().expect("a count")).sum()
}

/// The search files that are others than before.
fn changed(site: &TestSite, before: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let all = site.output().into_iter().filter(|(path, bytes)| before.get(path) != Some(bytes));
    all.map(|(path, _)| path).filter(|path| path.starts_with("search/")).collect()
}

/// The words and filters that can be found.
fn words(site: &TestSite) -> BTreeSet<String> {
    let tables = files(site).into_iter().filter(|(path, _)| path.contains("/words-"));
    let entries = tables.flat_map(|(_, table)| {
        table
            .as_array()
            .expect("a list")
            .iter()
            .step_by(2)
            .map(|one| one.as_str().expect("text").to_owned())
            .collect::<Vec<_>>()
    });
    entries.flat_map(|forms| forms.split(' ').map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn what_readers_see_can_be_found_and_nothing_else() {
    let site = site();
    site.build();
    let words = words(&site);
    for word in ["tunnel", "opens", "tram", "ferries", "cafe", "zalmora", "東京", "@section:local", "@author:ines-vale"]
    {
        assert!(words.contains(word), "{word} is missing in {words:?}");
    }
    for word in ["unseen", "remark", "café", "date", "summary"] {
        assert!(!words.contains(word), "{word}");
    }
}

#[test]
fn no_word_is_in_the_search_that_is_on_no_page() {
    let site = TestSite::new()
        .article("local/quits", "2027-01-01", "title: The mayor quits", "x")
        .article(
            "local/a",
            "2026-11-20",
            "corrections:\n  - {date: 2026-11-21, text: \"Wrong, see [this](quits.md) <!-- source Ostrowsky -->.\"}\n  - \"See [that](unwritten.png), ![port](hidden.svg) and [there][x].\\n\\n[x]: https://undercover.example/behind\"\n  - \"Le [mot juste]{lang=fr}. At https://test.example/local/quits/ today.\"",
            "Words.\n\nAt https://test.example/local/quits/ and <https://test.example/local/quits/>, www.shown.example/path?a=unsaid.",
        )
        .file("content/local/hidden.svg", "<svg/>")
        .file("content/local/unwritten.png", "x");
    site.build();
    let pages = site.output().into_iter().filter(|(path, _)| path.ends_with(".html"));
    let mut pages = pages.map(|(_, bytes)| String::from_utf8(bytes).expect("text").to_lowercase()).collect::<String>();
    for tag in
        pages.split('<').skip(1).map(|tag| tag.split('>').next().expect("one")).map(str::to_owned).collect::<Vec<_>>()
    {
        pages = pages.replacen(&format!("<{tag}>"), " ", 1);
    }
    let words = words(&site);
    for word in words.iter().filter(|word| !word.starts_with('@')) {
        assert!(pages.contains(word), "{word}");
    }
    for word in ["wrong", "port", "juste", "shown", "test"] {
        assert!(words.contains(word), "{word}: {words:?}");
    }
    for (path, bytes) in site.output() {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        assert!(!text.contains("quits") && !text.contains("{lang"), "{path}: {text}");
    }
}

#[test]
fn an_edit_of_a_body_writes_few_files_and_no_other_segment() {
    let site = TestSite::new();
    // So many that there are several segments.
    for number in 0..700 {
        let date = format!("20{:02}-{:02}-{:02}", 10 + number / 60, 1 + number / 5 % 12, 1 + number % 28);
        site.write_article(&format!("local/n{number}"), &date, "summary: Short.", &format!("Word{number} and more."));
    }
    site.build();
    let catalogue: Value = serde_json::from_str(&site.published("search/catalogue.json")).expect("JSON");
    let segments = catalogue["segments"].as_array().expect("a list").len();
    assert!(segments > 1);
    assert_eq!(counted(&catalogue), 700);
    let before = site.output();
    site.write_article("local/n3", "2010-01-04", "summary: Short.", "Word3 and otherwise.");
    let run = site.build();
    let data = changed(&site, &before);
    let folders: BTreeSet<&str> = data.iter().filter_map(|path| path.split('/').nth(1)).collect();
    // Three words came or went.
    assert!(data.len() <= 5 && folders.len() == 2, "{data:?}");
    assert!(run.rendered().is_empty() || !run.rendered().iter().any(|page| page.starts_with("search")));
    site.assert_equals_clean("the edit");
    assert_eq!(site.build().number("written"), 0);
}

#[test]
fn a_reply_or_an_image_touches_no_search_file() {
    let site = site().file("static/map.svg", "<svg width=\"3\" height=\"2\"/>");
    site.build();
    let before = site.output();
    site.write("content/local/ferry.comments.yaml", "- {name: A Reader, text: Splendid.}\n");
    site.build();
    assert_eq!(changed(&site, &before), Vec::<String>::new());
    assert!(!words(&site).contains("splendid"));
}

#[test]
fn a_site_may_do_without_or_with_the_newest_years_only() {
    let site = site();
    let settings = site.read("site.yaml");
    site.write("site.yaml", format!("{settings}search: {{since: 2026}}\n"));
    site.build();
    assert!(!words(&site).contains("cafe") && words(&site).contains("tunnel"));
    assert!(!site.published("search/index.html").contains("2025"));
    site.write("site.yaml", format!("{settings}search: false\n"));
    site.build();
    assert!(!site.has("public/search"));
    assert!(!site.published("index.html").contains("/search/"));
    site.assert_equals_clean("no search");
    site.write("site.yaml", format!("{settings}search: {{from: 2026}}\n"));
    let run = site.try_build(&[]);
    assert!(run.code == 1 && format!("{:?}", run.diagnostics()).contains("from"), "{:?}", run.diagnostics());
}

#[test]
fn the_page_is_for_readers_and_not_for_search_engines() {
    let site = site();
    site.build();
    let page = site.published("search/index.html");
    assert!(page.contains("content=\"noindex, follow\"") && page.contains("<noscript>"), "{page}");
    assert!(!site.published("sitemap.xml").contains("/search/"));
    let front = site.published("index.html");
    assert!(front.contains("\"urlTemplate\":\"https://test.example/search/?q={search_term_string}\""), "{front}");
    assert!(front.contains("href=\"/search/\""));
}

#[test]
fn a_page_of_ones_own_at_that_address_is_an_error_that_says_what_to_do() {
    let site = site().file("content/search.md", "---\ntitle: Search\n---\n\nOurs.\n");
    let run = site.try_build(&[]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("search: false"), "{}", run.stdout);
}

fn titles(page: &Page) -> Value {
    page.value("[...document.querySelectorAll('.search-results h2')].map((one) => one.textContent)")
}

const DONE: &str = "(() => { const { textContent } = document.querySelector('.search-status'); \
                     return textContent !== document.querySelector('.search').dataset.searching && textContent })()";

#[test]
fn a_reader_types_and_finds() {
    let Some(chromium) = Chromium::start() else { return };
    let site = site();
    let served = Served::start(&site, &[]);
    let page = chromium.open(&format!("{}/search/", served.origin));
    page.wait_for("document.activeElement.id === 'search-q'");
    page.type_into("#search-q", "harbours");
    page.wait_for(DONE);
    // The headline counts more than the text; the other form of the word is found and marked.
    assert_eq!(titles(&page), serde_json::json!(["Harbour tunnel opens", "The ferry stays"]));
    assert_eq!(page.value("document.querySelector('.search-results mark').textContent"), "Harbour");
    assert_eq!(page.value(DONE), "2 articles");
    assert_eq!(
        page.value("document.querySelector('.search-results time').textContent"),
        "20 Nov 2026",
        "as on all other pages"
    );
    // What stands in the text alone is quoted from the page.
    page.wait_for(
        "[...document.querySelectorAll('.search-results .summary mark')].some((one) => one.textContent === 'harbour')",
    );
    // The address says what was asked.
    page.wait_for("location.search === '?q=harbours'");
    let hosts =
        page.value("[...new Set(performance.getEntriesByType('resource').map((one) => new URL(one.name).origin))]");
    assert_eq!(hosts, serde_json::json!([served.origin]));
}

#[test]
fn filters_order_and_accents() {
    let Some(chromium) = Chromium::start() else { return };
    let site = site();
    let served = Served::start(&site, &[]);
    let page = chromium.open(&format!("{}/search/", served.origin));
    let find = |query: &str| {
        page.go(&format!("{}/search/?{query}", served.origin));
        page.wait_for(DONE);
        (titles(&page), page.value(DONE))
    };
    let (tunnel, ferry, cafe) = ("Harbour tunnel opens", "The ferry stays", "A Café in Žalmora");
    assert_eq!(find("q=ferry").0, serde_json::json!([ferry, tunnel, cafe]));
    assert_eq!(find("q=ferry&sort=newest").0, serde_json::json!([tunnel, ferry, cafe]));
    assert_eq!(find("q=ferry&section=local").0, serde_json::json!([ferry, tunnel]));
    assert_eq!(find("q=ferry&year=2025").0, serde_json::json!([cafe]));
    assert_eq!(find("q=ferry&author=ines-vale").0, serde_json::json!([tunnel, cafe]));
    assert_eq!(find("author=ines-vale").0, serde_json::json!([tunnel, cafe]));
    assert_eq!(find("q=zalm").0, serde_json::json!([cafe]));
    assert_eq!(find("q=CAFE+%C5%BEalmora").0, serde_json::json!([cafe]));
    assert_eq!(find("q=%E6%9D%B1%E4%BA%AC%E9%83%BD").0, serde_json::json!([cafe]));
    assert_eq!(find("q=tunnel+ferries").0, serde_json::json!([tunnel]));
    let (titles, status) = find("q=tunnel+caf%C3%A9");
    assert_eq!(titles, serde_json::json!([tunnel, cafe]));
    assert!(status.as_str().is_some_and(|status| status.starts_with("No article has all")), "{status}");
    assert_eq!(find("q=nowhere"), (serde_json::json!([]), "Nothing found. Try other words, or fewer.".into()));
}

#[test]
fn a_reader_loads_older_parts_of_the_archive_only_when_the_newer_ones_have_too_little() {
    let Some(chromium) = Chromium::start() else { return };
    let site = TestSite::new();
    for number in 0..2600 {
        let date = format!("{}-{:02}-{:02}", 2000 + number / 100, 1 + number / 9 % 12, 1 + number % 28);
        let rare = if number % 1999 == 7 { "A heron landed." } else { "" };
        site.write_article(&format!("local/n{number}"), &date, "summary: Short.", &format!("The harbour. {rare}"));
    }
    let served = Served::start(&site, &[]);
    let page = chromium.open(&format!("{}/search/?q=the+harbour+story+of", served.origin));
    let segments = "new Set(performance.getEntriesByType('resource').flatMap(({ name }) => \
                    name.match(/search\\/([0-9-]+)\\/words/)?.slice(1) ?? [])).size";
    page.wait_for(DONE);
    let some = page.value(segments).as_u64().expect("a count");
    let status = page.value(DONE);
    assert!(status.as_str().is_some_and(|status| status.ends_with("+ articles")), "{status}");
    page.go(&format!("{}/search/?q=the+heron+story+of", served.origin));
    page.wait_for("document.querySelector('.search-status').textContent === '2 articles'");
    assert_eq!(titles(&page), serde_json::json!(["Story of n2006", "Story of n7"]));
    let all = page.value(segments).as_u64().expect("a count");
    assert!(some < all, "{some} of {all} segments for words that are everywhere");
}

#[test]
fn dates_of_results_are_written_as_their_articles_write_them() {
    let Some(chromium) = Chromium::start() else { return };
    let site = site();
    let served = Served::start(&site, &[]);
    let page = chromium.open(&format!("{}/search/?q=ferry", served.origin));
    page.wait_for(DONE);
    let same = page.value(
        "Promise.all([...document.querySelectorAll('.search-results li')].map(async (one) => \
         (await (await fetch(one.querySelector('a').href)).text()).includes(one.querySelector('time').textContent)))",
    );
    assert_eq!(same, serde_json::json!([true, true, true]));
}

#[test]
fn without_scripts_the_page_says_so() {
    let site = site();
    site.build();
    let page = site.published("search/index.html");
    let noscript = page.split("<noscript>").nth(1).and_then(|rest| rest.split("</noscript>").next()).expect("a remark");
    assert!(noscript.contains("needs JavaScript") && noscript.contains("href=\"/archive/\""), "{noscript}");
    assert!(noscript.contains("href=\"/local/\"") && noscript.contains("href=\"/world/\""));
}

#[test]
fn the_front_page_tells_machines_how_to_search() {
    let site = site();
    site.build();
    let front = site.published("index.html");
    let block = front.split("application/ld+json\">").find(|block| block.contains("SearchAction")).expect("a block");
    let page: serde_json::Value =
        serde_json::from_str(&block[..block.find("</script>").expect("an end")]).expect("JSON");
    let target = serde_json::json!({
        "@type": "EntryPoint",
        "urlTemplate": "https://test.example/search/?q={search_term_string}"
    });
    assert_eq!(
        page["potentialAction"],
        serde_json::json!({"@type": "SearchAction", "target": target, "query-input": "required name=search_term_string"})
    );
}
