//! The page of the search, asked as a reader asks.

use serde_json::Value;

use crate::browser::{Chromium, Page};
use crate::fixture::TestSite;
use crate::fixture::served::Served;
use crate::fixture::sites::to_search as site;

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
    let nothing = || (serde_json::json!([]), "Nothing found. Try other words, or fewer.".into());
    assert_eq!(find("q=nowhere"), nothing());
    // Single letters are not words, and a reader is told so.
    assert_eq!(find("q=R%26D"), nothing());
    // What may be left out or written: soft hyphens, the vowels of Arabic.
    for query in ["q=Donaudampfschiff", "q=Donau%C2%ADdampf%C2%ADschiff", "q=%D9%85%D8%B4%D9%83%D9%84"] {
        assert_eq!(find(query).0, serde_json::json!([cafe]), "{query}");
    }
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
