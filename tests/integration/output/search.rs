//! The search: what is in its files, what an edit costs, and the page in a real browser.

use std::collections::{BTreeMap, BTreeSet};

use crate::fixture::TestSite;
use crate::fixture::sites::to_search as site;
use serde_json::Value;

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
fn a_comment_or_an_image_touches_no_search_file() {
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
