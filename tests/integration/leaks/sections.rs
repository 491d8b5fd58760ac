//! Sections and profiles that are withheld, and what is in them.

use super::{DRAWING, SETTINGS, assert_no_secrets};
use crate::fixture::TestSite;

#[test]
fn the_file_of_a_section_in_a_language_that_the_site_has_not_withholds_where_there_are_no_languages() {
    let site = TestSite::new()
        .file("site.yaml", SETTINGS)
        .article("news/a", "2026-11-20", "", "Words.")
        .file("content/news/_index.de.md", "---\ntitle: News\ndraft: true\n---\n");
    let run = site.build();
    assert!(run.diagnostics()[0].contains("the site has no language `de`"), "{:?}", run.diagnostics());
    assert!(!site.has("public/news"));
    site.write("site.yaml", format!("{SETTINGS}languages: {{en: {{}}, fr: {{}}}}\n"));
    let run = site.build();
    assert!(run.diagnostics()[0].contains("what it says counts nowhere"), "{:?}", run.diagnostics());
    assert!(site.has("public/news/a/index.html"));
    site.assert_equals_clean("languages");
}

#[test]
fn hugos_cascade_withholds_a_section() {
    for front in [
        "cascade:\n  draft: true",
        "cascade:\n- private: true",
        "cascade: {build: {render: never}}",
        "cascade: {params: {draft: true}}",
        "cascade: {date: 2027-01-01}",
        "cascade: {extra: {draft: true}}",
        "cascade: {moderation_state: draft}",
    ] {
        let site = TestSite::new()
            .article("plans/secret", "2026-11-01", "title: Secret words", "x")
            .file("content/plans/_index.md", format!("---\ntitle: Plans\n{front}\n---\n"));
        site.build();
        assert_no_secrets(&site);
    }
    let told = |front: &str| {
        let text = format!("---\ntitle: Plans\n{front}\n---\n");
        TestSite::new().file("content/plans/_index.md", text).try_build(&[]).diagnostics().join("\n")
    };
    for front in ["cascade: draft", "cascade.draft: true", "cascades: {draft: true}"] {
        assert!(told(front).contains("is not read as a cascade"), "{front}: {}", told(front));
    }
    let slip = "error content/plans/_index.md:3:11 `darft` looks like `draft`, which can withhold this file";
    assert_eq!(told("cascade: {darft: true}"), slip);
    let front = "cascade:\n- _target: {path: /plans/a*}\n  draft: true";
    let run =
        TestSite::new().file("content/plans/_index.md", format!("---\ntitle: Plans\n{front}\n---\n")).try_build(&[]);
    assert_eq!(
        run.diagnostics(),
        ["error content/plans/_index.md:4:3 this `cascade` withholds some pages only, which courant does not read"]
    );
}

#[test]
fn the_cascade_of_the_front_page_withholds_the_whole_site() {
    let about = "---\ntitle: A secret page of theirs\n---\n\nSecret.\n";
    for (name, front) in [
        ("_index.md", "cascade: {draft: true}"),
        ("_index.md", "cascade:\n- params: {draft: true}"),
        ("_index.md", "cascade: {publishDate: 2027-01-01}"),
        ("_index.md", "cascade: {date: 2027-01-01}"),
        ("index.md", "cascade: {expiryDate: 2026-01-01}"),
    ] {
        let mut site = TestSite::new()
            .article("local/secret", "2026-11-01", "title: Secret words\nauthors: [ann]", "![x](secret.svg)")
            .file("content/local/secret.svg", DRAWING)
            .file("content/about.md", about)
            .file("content/authors/ann.md", "---\nname: Ann\nrole: Secret role\n---\n")
            .file("content/plans/_index.md", "---\ntitle: Secret plans\n---\n\nSecret.\n")
            .file(&format!("content/{name}"), format!("---\ntitle: Home\n{front}\n---\n"));
        let run = site.try_build(&["--verify"]);
        assert_eq!(run.code, 0, "{front}: {}", run.stderr);
        assert_no_secrets(&site);
        if front.contains("2027") {
            site.set_now("2027-01-01T00:00:00Z");
            site.build();
            assert!(site.has("public/local/secret/index.html") && site.has("public/plans/index.html"), "{front}");
            site.assert_equals_clean("the whole site is published");
        }
    }
    // A language has its own, and what stands beside the cascade is of the front page only.
    let site = TestSite::new()
        .file("site.yaml", format!("{SETTINGS}language: en\nlanguages: {{en: {{}}, de: {{}}}}\n"))
        .article("local/open", "2026-11-01", "", "x")
        .article("local/a.de", "2026-11-01", "title: Secret words", "x")
        .file("content/_index.de.md", "---\ntitle: Start\ncascade: {draft: true}\n---\n")
        .file("content/_index.md", "---\ntitle: Home\ndraft: true\n---\n\nSecret.\n");
    site.build();
    assert_no_secrets(&site);
    assert!(site.has("public/local/open/index.html"));
    assert_eq!(site.run(&["check", "--json"]).diagnostics().iter().filter(|one| one.contains("cascade")).count(), 0);
}

/// A file that would withhold a section withholds nothing by a name that is not read.
#[test]
fn the_file_of_a_section_by_a_name_that_is_not_read_is_an_error() {
    for name in ["_Index.md", "_INDEX.md", "_index.MD", "_Index.de.md", "_index.mdown"] {
        let site = TestSite::new()
            .article("hu/a", "2026-11-01", "", "x")
            .file(&format!("content/hu/{name}"), "---\ntitle: Hu\nDraft: yes\n---\n");
        let run = site.try_build(&[]);
        let message = "the file of a section is read only by the name `_index.md`";
        assert_eq!((run.code, run.diagnostics()), (1, vec![format!("error content/hu/{name} {message}")]));
    }
}

/// A section with everything that hiding it hides.
fn with_hidden_section(front: &str) -> TestSite {
    TestSite::new()
        .article("local/open", "2026-11-01", "authors: [ann]", "See [it](/secret/) and [that](../secret/about.md).")
        .file(
            "content/secret/_index.md",
            format!("---\ntitle: Secret section\ndescription: Secret plan\n{front}\n---\n\nSecret.\n"),
        )
        .article("secret/story", "2026-11-02", "title: A secret story of theirs\ntags: [secret]", "Secret.")
        .article("secret/deep/story-2", "2026-11-02", "title: Another secret story here", "Secret.")
        .file("content/secret/about.md", "---\ntitle: A secret page of theirs\n---\n\nSecret.\n")
        .file("content/secret/plan.csv", "secret")
        .file(
            "content/_posts/2026-11-03-by-category.md",
            "---\ntitle: Secret by its category\ncategory: Secret\n---\nSecret.\n",
        )
}

#[test]
fn a_withheld_section_withholds_what_is_in_it() {
    for front in ["draft: true", "date: 2027-01-01", "Expires: 2026-01-01", "status: private"] {
        let site = with_hidden_section(front);
        let run = site.try_build(&["--verify"]);
        assert_eq!(run.code, 0, "{front}: {}", run.stderr);
        assert_no_secrets(&site);
        let shown = site.try_build(&["--drafts", "--future"]);
        assert_eq!(shown.code, 0, "{}", shown.stderr);
        assert_eq!(site.has("public/secret/index.html"), !front.starts_with("Expires"), "{front}");
    }
    let site = with_hidden_section("date: 2026-11-20");
    site.build();
    assert!(site.has("public/secret/story/index.html") && site.has("public/secret/about/index.html"));
}

#[test]
fn a_section_of_which_all_is_withheld_is_nowhere() {
    let site = TestSite::new()
        .article("local/open", "2026-11-01", "", "See [them](/secret/).")
        .file("content/secret/_index.md", "---\ntitle: Secret section\ndescription: Secret plan\n---\n")
        .article("secret/story", "2027-11-02", "title: A secret story of theirs", "Secret.");
    let run = site.try_build(&["--verify"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_no_secrets(&site);
}

#[test]
fn of_a_withheld_profile_only_the_name_is_left() {
    for front in ["draft: true", "expires: 2026-01-01", "date: 2027-01-01"] {
        let profile = format!(
            "---\nname: Ann Lee\nrole: Secret role\nimage: secret.svg\nlinks: {{Secret: https://secret.example}}\n{front}\n---\n\nSecret life.\n"
        );
        let site = TestSite::new()
            .article("local/open", "2026-11-01", "authors: [ann-lee, Bo]", "x")
            .article(
                "local/second",
                "2026-11-02",
                "authors: [ann-lee]",
                "See [her](../authors/ann-lee.md), [her](/authors/ann-lee/).",
            )
            .file("content/authors/ann-lee.md", profile)
            .file("content/authors/secret.svg", "<svg width=\"1\" height=\"1\"/>");
        let run = site.try_build(&["--verify"]);
        assert_eq!(run.code, 0, "{front}: {}", run.stderr);
        assert_no_secrets(&site);
        let page = site.published("local/open/index.html");
        assert!(page.contains("Ann Lee") && !page.contains("/authors/ann-lee/"), "{page}");
        assert!(site.has("public/authors/bo/index.html") && !site.has("public/authors/ann-lee"), "{front}");
        assert!(!site.published("authors/index.html").contains("Ann Lee"));
        assert!(!site.has("public/authors/secret.svg"), "{front}");
    }
}

#[test]
fn sections_and_profiles_come_and_go_with_time() {
    let mut site = with_hidden_section("date: 2026-11-24\nexpires: 2026-11-26")
        .file("content/authors/ann.md", "---\nname: Ann Lee\nexpires: 2026-11-25\n---\n\nHer life.\n");
    let expected = [
        ("2026-11-23", false, true),
        ("2026-11-24", true, true),
        ("2026-11-25", true, false),
        ("2026-11-26", false, false),
    ];
    for (day, section, profile) in expected {
        site.set_now(&format!("{day}T12:00:00Z"));
        let run = site.try_build(&["--verify"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert_eq!(site.has("public/secret/story/index.html"), section, "{day}");
        assert_eq!(site.has("public/secret/index.html"), section, "{day}");
        assert_eq!(site.has("public/authors/ann/index.html"), profile, "{day}");
    }
    let next = site.run(&["next", "--at", "2026-11-23T12:00:00Z"]).stdout;
    assert!(next.contains("Secret section") && next.contains("Ann Lee"), "{next}");
}
