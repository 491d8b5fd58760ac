//! Comments and entries of data files that are withheld one by one.

use super::assert_no_secrets;
use crate::fixture::TestSite;

#[test]
fn a_comment_that_is_marked_is_not_shown() {
    let marks = [
        "draft: true",
        "status: pending",
        "approved: false",
        "hidden: true",
        "spam: true",
        "deleted: true",
        "published: false",
        "comment_approved: \"0\"",
        "moderation: pending",
        "approved: pending",
        "moderation_state: draft",
        "params: {draft: true}",
        "publish: 2027-01-01",
        "date: 2027-01-01",
        "press_embargo: 2027-01-01",
        "date: 2026-11-23, time: \"18:00\"",
        // Yes and no in all words that count in front matter.
        "approved: off",
        "approved: nein",
        "approved: [false]",
        "approved: \"off\"",
        "approved: post-trashed",
        "spam: on",
        "spam: ja",
        "spam: spam",
        "is_spam: oui",
        "wp:comment_approved: 0",
        "accepted: false",
        "state: flagged",
        "status: junk",
        "status: \"0\"",
        "disqus_isSpam: true",
        "junk: true",
        "blocked: true",
        "isFlagged: true",
        "comment_status: \"0\"",
        "comment_status: rejected",
    ];
    let mut comments = String::from("- {id: open, name: Ann, text: Fine}\n");
    for (number, mark) in marks.iter().enumerate() {
        comments.push_str(&format!("- {{id: r{number}, name: Bob, text: Secret words, {mark}}}\n"));
    }
    let mut site =
        TestSite::new().article("local/a", "2026-11-01", "", "x").file("content/local/a.comments.yaml", "[]");
    site.build();
    site.write("content/local/a.comments.yaml", &comments);
    site.build();
    assert_no_secrets(&site);
    assert!(site.published("local/a/index.html").contains("Fine"));
    site.set_now("2027-01-01T00:00:00Z");
    site.build();
    assert_eq!(site.published("local/a/index.html").matches("Secret words").count(), 4);
    site.assert_equals_clean("comments are published at their moment");
    for mark in [
        "approved: true",
        "approved: approved",
        "spam: no",
        "comment_approved: \"1\"",
        "spam: nein",
        "approved: null",
        "accepted: yes",
        "comment_status: open",
        "disqus_isSpam: false",
        "state: approved",
    ] {
        site.write("content/local/a.comments.yaml", format!("- {{name: Bob, text: Fine words, {mark}}}\n"));
        site.build();
        assert!(site.published("local/a/index.html").contains("Fine words"), "{mark}");
    }
    let doubts = ["approved: soon", "spam: perhaps", "spam: [unclear]", "approved: {by: Ann}"];
    for mark in doubts.into_iter().chain([
        "embargo: Monday",
        "state: awaiting moderation",
        "hold: legal",
        "internal: true",
        "status: unclear",
    ]) {
        site.write("content/local/a.comments.yaml", format!("- {{name: Bob, text: Words, {mark}}}\n"));
        assert_eq!(site.try_build(&[]).code, 1, "{mark}");
    }
}

/// Comments are found by the name of their article's file.
#[test]
fn comments_that_belong_to_no_article_are_told() {
    for (comments, article, meant) in [
        ("a", "a/index", "a/index"),
        ("a", "2026-01-02-a", "2026-01-02-a"),
        ("a/index", "a", "../a"),
        ("harbour-tunel", "harbour-tunnel", "harbour-tunnel"),
    ] {
        let cure = format!("did you mean `{meant}.comments.yaml`?");
        let site = TestSite::new()
            .article(&format!("local/{article}"), "2026-11-01", "", "x")
            .file(&format!("content/local/{comments}.comments.yaml"), "- {id: a, name: Ann, text: Fine}\n");
        let run = site.build();
        let message = "these comments belong to no article, so nobody sees them: it was renamed, or is not there";
        assert_eq!(run.diagnostics(), [format!("warning content/local/{comments}.comments.yaml {message}")]);
        assert_eq!(run.hints(), [cure]);
        let path = |name: &str| site.path(&format!("content/local/{name}.comments.yaml"));
        std::fs::rename(path(comments), path(article)).expect("renamed");
        assert_eq!(site.build().diagnostics(), [""; 0], "{comments}");
    }
}

/// Only articles have comments: those beside anything else would be lost without a word.
#[test]
fn comments_to_what_is_no_article_are_told() {
    let cure = "add a `date` to its front matter to make it an article, or move them out of `content/`";
    for (stem, front, message, cure) in [
        (
            "local/a",
            "title: A",
            "nobody sees these comments: only articles have some, and `content/local/a.md` is none",
            cure,
        ),
        (
            "about",
            "title: A",
            "nobody sees these comments: only articles have some, and `content/about.md` is none",
            cure,
        ),
        (
            "local/_index",
            "title: A",
            "nobody sees these comments: only articles have some, and `content/local/_index.md` is none",
            "move them out of `content/`",
        ),
        (
            "authors/ann",
            "name: Ann",
            "nobody sees these comments: only articles have some, and `content/authors/ann.md` is none",
            "move them out of `content/`",
        ),
        (
            "local/b.md",
            "title: B",
            "these comments belong to no article, so nobody sees them: it was renamed, or is not there",
            "did you mean `b.comments.yaml`?",
        ),
    ] {
        let site = TestSite::new()
            .article("local/other", "2026-11-01", "authors: [Ann]", "x")
            .file(&format!("content/{stem}.comments.yaml"), "- {id: a, name: Ann, text: Fine}\n");
        site.write(&format!("content/{}.md", stem.trim_end_matches(".md")), format!("---\n{front}\n---\n\nWords.\n"));
        let run = site.build();
        let told = format!("warning content/{stem}.comments.yaml {message}");
        let number = run
            .diagnostics()
            .iter()
            .position(|one| *one == told)
            .unwrap_or_else(|| panic!("{stem}: {:?}", run.diagnostics()));
        assert_eq!(run.hints()[number], cure);
        site.write(&format!("content/{stem}.md"), format!("---\n{front}\ndraft: true\n---\n\nWords.\n"));
        site.build();
        site.assert_equals_clean(stem);
    }
}

/// An entry of a list may have a key that withholds it.
#[test]
fn an_entry_that_is_marked_is_not_published() {
    let marks = [
        "status: pending",
        "draft: true",
        "published: false",
        "embargo: 2027-01-01",
        "publish_on: 2027-01-01",
        "embargo: {until: 2027-01-01}",
        "embargo: 2026-12-31, embargo_time: \"23:00\"",
        "moderation_state: draft",
        "params: {draft: true}",
        "press_embargo: 2027-01-01",
        "hold_until: 2027-01-01",
    ];
    let entries: Vec<String> = marks
        .iter()
        .map(|mark| format!("- {{date: 2026-11-02, {mark}, text: \"Secret words ![x](secret.svg)\"}}\n"))
        .collect();
    let front = format!("corrections:\n- {{date: 2026-11-02, text: Fine}}\n{}", entries.concat());
    let mut site = TestSite::new().article("local/a", "2026-11-01", &front, "x");
    site.build();
    assert_no_secrets(&site);
    assert!(site.published("local/a/index.html").contains("Fine"));
    site.set_now("2027-01-01T00:00:00Z");
    site.build();
    assert_eq!(site.published("corrections/index.html").matches("Secret words").count(), 6);
    site.assert_equals_clean("corrections are published at their moment");
    for (entry, place, message) in [
        ("{date: 2026-11-02, embargo: soon, text: x}", "4:43", "`soon` is not a date"),
        ("{date: 2026-11-02, embargo: {until: soon}, text: x}", "4:51", "`soon` is not a date"),
    ] {
        let front = format!("corrections: [{entry}]");
        let told = TestSite::new().article("local/a", "2026-11-01", &front, "x").try_build(&[]).diagnostics();
        assert_eq!(told, [format!("error content/local/a.md:{place} {message}")], "{entry}");
    }
    for (front, place, key) in [
        ("source: {name: Ann, confidential: true}", "4:21", "confidential"),
        ("source: {name: Ann, anonymous: true}", "4:21", "anonymous"),
        ("sources: [{name: Ann, public: false}]", "4:23", "public"),
        ("authors: [{name: Ann, hidden: true}]", "4:23", "hidden"),
        ("tags: [{name: Ann, draft: true}]", "4:20", "draft"),
        ("categories: [{name: Local}, {name: Ann, confidential: true}]", "4:41", "confidential"),
        ("sources: [{name: Ann, published: 2027-01-01}]", "4:23", "published"),
        ("sources: [{name: Ann, scheduled: 2027-01-01}]", "4:23", "scheduled"),
        ("authors: [{name: Ann, press_embargo: 2027-01-01}]", "4:23", "press_embargo"),
        ("tags: [{name: Ann, valid_from: 2027-01-01}]", "4:20", "valid_from"),
        ("series: {name: Ann, embargo: Monday}", "4:21", "embargo"),
        ("sources: [{name: Ann, name_withheld: true}]", "4:23", "name_withheld"),
        ("sources: [{name: Ann, not_for_attribution: true}]", "4:23", "not_for_attribution"),
        ("image: {src: https://x.example/a.jpg, draft: true}", "4:39", "draft"),
    ] {
        let told = TestSite::new().article("local/a", "2026-11-01", front, "x").try_build(&[]).diagnostics();
        let name = front.split(':').next().unwrap_or_default();
        let message = format!("`{key}` withholds nothing in `{name}`: the entry would be published");
        assert_eq!(told, [format!("error content/local/a.md:{place} {message}")], "{front}");
    }
    let open = "sources: [{name: Ann, public: true, published: 2026-11-01}]\nauthors: [{name: Bo, hidden: false}]";
    TestSite::new().article("local/a", "2026-11-01", open, "x").build();
}
