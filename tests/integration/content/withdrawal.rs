//! `courant withdraw`: an article is withheld, and a notice with the reason stands at its address.

use crate::fixture::served::Served;
use crate::fixture::{NOW, TestSite};

const FILE: &str = "content/local/harbour-tunnel-opens-early.md";
const PAGE: &str = "local/harbour-tunnel-opens-early/index.html";
const ADDRESS: &str = "/local/harbour-tunnel-opens-early/";

/// A paper with an article that has everything that could leak, and another one that links to it.
fn site() -> TestSite {
    let settings = "title: The Test\nbase_url: https://test.example\nhosting: [netlify]\ncards: true\n";
    let site = TestSite::new()
        .file("site.yaml", settings)
        .file(
            "content/local/harbour-tunnel-opens-early.comments.yaml",
            "- {name: Kit Vole, text: Hidden words of a reader.}\n",
        )
        .article(
            "local/ferry",
            "2026-11-20",
            "title: The ferry sails again",
            "As [we wrote](harbour-tunnel-opens-early.md).",
        );
    site.write_article(
        "local/harbour-tunnel-opens-early",
        "2026-11-21",
        "title: Harbour tunnel opens early\ntags: [hidden-tag]\nauthors: [Hidden Writer]\nsummary: A hidden summary.\n\
         image: {src: /hidden-plan.svg, alt: A hidden plan}\naliases: [/old/harbour-tunnel-opens-early/]",
        "Hidden words of the text. ![Hidden](/hidden-plan.svg)",
    );
    site.write("static/hidden-plan.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"30\" height=\"20\"/>");
    site
}

fn withdraw(site: &TestSite, flags: &[&str]) -> crate::fixture::Run {
    site.run(&[&["withdraw", FILE, "--at", NOW], flags].concat())
}

#[test]
fn a_withdrawn_article_leaves_a_notice_and_not_a_word_of_itself() {
    let site = site();
    site.build();
    assert!(site.published(PAGE).contains("Hidden words"));
    let run = withdraw(&site, &["--reason", "The documents were *forged*. We are sorry."]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let run = site.try_build(&["--verify"]);
    assert_eq!(run.code, 0, "{:?}", run.diagnostics());
    let notice = site.published(PAGE);
    for said in [
        "<title>This article has been withdrawn | The Test</title>",
        "<meta name=\"robots\" content=\"noindex\">",
        "The documents were <em>forged</em>. We are sorry.",
        "Withdrawn on <time datetime=\"",
    ] {
        assert!(notice.contains(said), "{said}: {notice}");
    }
    let old = site.published("old/harbour-tunnel-opens-early/index.html");
    assert!(old.contains(&format!("url={ADDRESS}")), "{old}");
    assert!(site.published("_redirects").contains(&format!("/old/harbour-tunnel-opens-early/ {ADDRESS} 301")));
    for (path, bytes) in site.output() {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for word in ["hidden words", "hidden summary", "hidden writer", "hidden-tag", "harbour tunnel", "a hidden plan"]
        {
            assert!(!text.contains(word), "{path} says {word:?}");
        }
        // Its address stands only where it has to.
        let may_name = path == PAGE || path.starts_with("old/") || path == "_redirects";
        assert!(may_name || !text.contains("harbour-tunnel-opens-early"), "{path}");
    }
    site.assert_equals_clean("a withdrawal");
    let list = site.run(&["list", "withdrawn", "--at", NOW]);
    assert!(list.stdout.contains(FILE) && list.stdout.contains("withdrawn"), "{}", list.stdout);
}

#[test]
fn another_reason_renders_the_notice_alone_and_lifting_it_brings_the_article_back() {
    let site = site();
    let before = site.read(FILE);
    site.build();
    let published = site.published(PAGE);
    withdraw(&site, &["--reason", "First."]);
    site.build();
    let run = withdraw(&site, &["--reason", "Second: \"more\"."]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let run = site.try_build(&[]);
    assert_eq!(run.rendered().into_iter().collect::<Vec<_>>(), [&ADDRESS[1..]], "{}{}", run.stdout, run.stderr);
    assert!(
        site.published(PAGE).contains("Second: &quot;more&quot;.")
            || site.published(PAGE).contains("Second: \"more\".")
    );
    let both = site.read(FILE);
    let lines: Vec<&str> = both.lines().filter(|line| line.starts_with("withdrawn:")).collect();
    assert_eq!(lines.len(), 1, "{both}");
    site.write(FILE, both.replacen(&format!("{}\n", lines[0]), "", 1));
    assert_eq!(site.read(FILE), before, "nothing else had changed");
    site.build();
    assert_eq!(site.published(PAGE), published);
    site.assert_equals_clean("a withdrawal is lifted");
}

#[test]
fn without_a_reason_it_is_withheld_and_nothing_stands_there() {
    let site = site();
    site.build();
    assert_eq!(withdraw(&site, &[]).code, 0);
    site.build();
    assert!(!site.has(&format!("public/{PAGE}")));
    assert!(!site.has("public/old/harbour-tunnel-opens-early/index.html"));
}

#[test]
fn what_readers_never_saw_gets_no_notice() {
    let site = site();
    for front in ["draft: true", "publishDate: 2027-01-01"] {
        let front = format!("{front}\nwithdrawn: {{ date: 2026-11-22, reason: Not for you. }}");
        site.write_article("local/harbour-tunnel-opens-early", "2026-11-21", &front, "Hidden words.");
        site.build();
        assert!(!site.has(&format!("public/{PAGE}")), "{front}");
    }
    site.write_article(
        "local/harbour-tunnel-opens-early",
        "2026-11-21",
        "withdrawn: { date: 2026-11-22, reason: We erred. }",
        "x",
    );
    site.build();
    assert!(site.published(PAGE).contains("We erred."));
    site.write("content/local/_index.md", "---\ndraft: true\n---\n");
    site.build();
    assert!(!site.has(&format!("public/{PAGE}")), "its section is withheld");
}

#[test]
fn what_was_withdrawn_before_it_was_public_never_gets_a_notice() {
    let mut site = site();
    for (date, front) in [
        ("2026-12-05", "withdrawn: { date: 2026-11-20, reason: We erred. }"),
        ("2026-12-05", "withdrawn: { date: 2026-12-05, reason: We erred. }"),
        ("2026-12-05", "expiryDate: 2026-12-01\nwithdrawn: { date: 2026-12-06, reason: We erred. }"),
    ] {
        site.write_article("local/harbour-tunnel-opens-early", date, front, "Hidden words.");
        for now in [NOW, "2026-12-07T00:00:00Z", NOW] {
            site.set_now(now);
            site.build();
            assert!(!site.has(&format!("public/{PAGE}")), "{front} at {now}");
            site.assert_equals_clean(front);
        }
    }
}

#[test]
fn what_was_withdrawn_before_its_section_opened_never_gets_a_notice() {
    let mut site = site();
    let front = "withdrawn: { date: 2026-11-25, reason: We erred. }";
    site.write_article("local/harbour-tunnel-opens-early", "2026-11-21", front, "Hidden words.");
    for (file, opening) in [
        ("content/local/_index.md", "publishDate: 2026-12-01"),
        ("content/local/_index.md", "publishDate: 2026-11-25"),
        ("content/_index.md", "cascade: { publishDate: 2026-12-01 }"),
    ] {
        site.write(file, format!("---\n{opening}\n---\n"));
        for now in [NOW, "2026-11-26T00:00:00Z", "2026-12-07T00:00:00Z"] {
            site.set_now(now);
            site.build();
            assert!(!site.has(&format!("public/{PAGE}")), "{opening} at {now}");
            site.assert_equals_clean(opening);
        }
        site.remove(file);
    }
    // One that had opened before was read.
    site.write("content/local/_index.md", "---\npublishDate: 2026-11-24\n---\n");
    site.set_now("2026-11-26T00:00:00Z");
    site.build();
    assert!(site.published(PAGE).contains("We erred."));
}

#[test]
fn what_expired_gets_its_notice_when_it_is_withdrawn_and_loses_it_at_an_earlier_moment() {
    let mut site = site();
    let front = "expiryDate: 2026-11-22\nwithdrawn: { date: 2026-12-01, reason: We erred. }";
    site.write_article("local/harbour-tunnel-opens-early", "2026-11-21", front, "Hidden words.");
    for (now, has_notice) in [(NOW, false), ("2026-12-02T00:00:00Z", true), (NOW, false)] {
        site.set_now(now);
        site.build();
        assert_eq!(site.has(&format!("public/{PAGE}")), has_notice, "{now}");
        site.assert_equals_clean(now);
    }
    let next = site.run(&["next", "--at", NOW]);
    assert!(next.stdout.contains("2026-12-01"), "{}", next.stdout);
}

#[test]
fn what_is_no_article_is_not_said_to_be_withdrawn() {
    let site = site();
    for path in ["README.md", "static/terms.md", "content/local/page.html", "content/local/data.yaml"] {
        let text = "---\ntitle: A\ndate: 2026-11-01\n---\n\nText.\n";
        site.write(path, text);
        let run = site.run(&["withdraw", path, "--reason", "Wrong."]);
        assert_eq!(run.code, 1, "{path}: {}", run.stdout);
        assert_eq!(site.read(path), text, "{path}");
    }
}

#[test]
fn a_key_of_the_same_name_further_in_stays_as_it_is() {
    let site = site();
    for text in [
        "---\ntitle: A\ndate: 2026-11-01\nsummary: |\n  withdrawn: it was\n---\nx\n",
        "---\ntitle: A\ndate: 2026-11-01\nextra:\n  withdrawn: 3\n---\nx\n",
        "+++\ntitle = 'A'\ndate = 2026-11-01\n[extra]\nwithdrawn = 3\n+++\nx\n",
    ] {
        site.write(FILE, text);
        let run = withdraw(&site, &["--reason", "Wrong."]);
        assert_eq!(run.code, 0, "{text:?}: {}{}", run.stdout, run.stderr);
        let after = site.read(FILE);
        let line = after.lines().nth(1).expect("a line");
        assert!(line.starts_with("withdrawn"), "{after}");
        assert_eq!(after.replacen(&format!("{line}\n"), "", 1), text);
    }
}

#[test]
fn whatever_a_build_reads_can_be_withdrawn_and_withdrawn_again() {
    let site = site();
    for text in [
        "{\"title\": \"A\", \"date\": \"2026-11-01\"}\nx\n",
        "{\"title\":\"A: {b}, c\",\"date\":\"2026-11-01\"}\n\nx\n",
        "{\n\t\"title\": \"A\",\n\t\"date\": \"2026-11-01\"\n}\nx\n",
        "---json\n{\"title\":\"A\",\"date\":\"2026-11-01\"}\n---\nx\n",
        "---\n{\"title\":\"A\",\"date\":\"2026-11-01\"}\n---\nx\n",
        "---\n{title: A's, date: 2026-11-01, tags: [b, 'c, d']}\n---\nx\n",
        "---\ntitle: A\ndate: 2026-11-01\nwithdrawn:\n  date: 2026-11-02\n  reason: |\n    Two\n\n    lines.\n---\nx\n",
        "Title: A\nDate: 2026-11-01\n\nx\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\nA bell\u{7}, a feed\u{c} and an end\u{1b}.\n",
    ] {
        site.write(FILE, text);
        for reason in ["First.", "Second: \"it\" was {wrong}."] {
            let run = withdraw(&site, &["--reason", reason]);
            assert_eq!(run.code, 0, "{text:?}: {}{}", run.stdout, run.stderr);
            site.build();
            let notice = site.published(PAGE);
            assert!(notice.contains(reason.split(['"', ':']).next().expect("a word")), "{text:?}: {notice}");
        }
        // The reason is not taken away by the way.
        assert_eq!(withdraw(&site, &[]).code, 1, "{text:?}");
    }
    // A build refuses it, too, and says where.
    let text = "---\ntitle: A\u{7}\ndate: 2026-11-01\n---\nx\n";
    site.write(FILE, text);
    let run = withdraw(&site, &[]);
    assert!(run.code == 1 && run.stderr.contains("control character"), "{}{}", run.stdout, run.stderr);
    assert_eq!(site.read(FILE), text);
}

#[test]
fn a_list_or_a_heading_in_a_reason_or_a_correction_stands_in_no_paragraph() {
    let words = "1. May was not the month.";
    let site = TestSite::new()
        .article("local/a", "2026-11-01", &format!("withdrawn: {{ date: 2026-11-20, reason: \"{words}\" }}"), "x")
        .article("local/b", "2026-11-01", "withdrawn: { date: 2026-11-20, reason: \"# Why\\n\\n> Because\" }", "x")
        .article("local/c", "2026-11-01", "withdrawn: { date: 2026-11-20, reason: \"One *word*.\" }", "x")
        .article(
            "local/d",
            "2026-11-01",
            "corrections: [{ date: 2026-11-20, text: \"- one\\n- two\" }, { date: 2026-11-21, text: \"One *word*.\" }]",
            "x",
        )
        .file("site.yaml", "title: T\nbase_url: https://test.example\nfeeds: { content: full }\n");
    site.build();
    let feeds = ["corrections/feed.xml", "feed.xml"].map(|path| site.published(path));
    for page in ["local/a/index.html", "local/b/index.html"].map(|path| site.published(path)).iter().chain(&feeds) {
        for block in ["<ol", "<ul", "<h1", "<h2", "<blockquote", "<p>"] {
            assert!(!page.contains(&format!("<p>{block}")), "{block}: {page}");
        }
    }
    assert!(site.published("local/a/index.html").contains("<ol>\n<li>May was not the month.</li>\n</ol>\n<p>"));
    assert!(site.published("local/c/index.html").contains("<p>One <em>word</em>.</p>\n<p>"));
    assert!(feeds[0].contains("<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n<p>"), "{}", feeds[0]);
    assert!(feeds[0].contains("<p>One <em>word</em>.</p>"));
    assert!(feeds[1].contains("(20 November 2026):</p>\n<ul>"), "{}", feeds[1]);
}

#[test]
fn a_reason_may_have_any_letter() {
    let site = site();
    for reason in ["\"A\" 'b' \\ # c: {d} [e] | %f", "a\u{2028}d\u{FEFF}e", "שלום\u{202B} x", "One.\n\nTwo\t."] {
        for text in [
            "---\ntitle: A\ndate: 2026-11-01\n---\nx\n",
            "+++\ntitle = 'A'\ndate = 2026-11-01\n+++\nx\n",
            "{\n\"title\": \"A\", \"date\": \"2026-11-01\"\n}\nx\n",
        ] {
            site.write(FILE, text);
            let run = withdraw(&site, &["--reason", reason]);
            assert_eq!(run.code, 0, "{reason:?} {text:?}: {}{}", run.stdout, run.stderr);
            assert_eq!(site.try_build(&[]).code, 0, "{reason:?} {text:?}");
        }
    }
}

#[test]
fn a_withdrawal_in_the_future_is_a_moment_of_the_timeline() {
    let site = site();
    let run = site.run(&["withdraw", FILE, "--reason", "The licence ends.", "--at", "2026-12-01T00:00:00Z"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    site.build();
    assert!(site.published(PAGE).contains("Hidden words"));
    let next = site.run(&["next", "--at", NOW]);
    assert!(next.stdout.contains("2026-12-01"), "{}", next.stdout);
    let mut site = site;
    site.set_now("2026-12-01T00:00:00Z");
    site.build();
    assert!(site.published(PAGE).contains("The licence ends."));
    site.assert_equals_clean("the moment has come");
}

#[test]
fn a_theme_that_shows_the_headline_on_a_notice_is_stopped() {
    let site = site().file("themes/own/theme.yaml", "name: own\napi: 1\nextends: broadsheet\n").file(
        "themes/own/templates/page.html",
        "{% extends \"base.html\" %}{% block main %}{{ page.title }} Harbour {{ \"tunnel\" }} opens early{% endblock main %}",
    );
    site.write("site.yaml", "title: The Test\nbase_url: https://test.example\ntheme: own\n");
    withdraw(&site, &["--reason", "We erred."]);
    let run = site.try_build(&[]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert!(
        run.diagnostics().iter().any(|one| one.contains("would give away the headline")),
        "{:?}",
        run.diagnostics()
    );
}

#[test]
fn a_reason_may_name_the_headline_with_a_warning() {
    let site = site();
    withdraw(&site, &["--reason", "“Harbour tunnel opens early” was wrong."]);
    let run = site.try_build(&[]);
    assert_eq!(run.code, 0, "{:?}", run.diagnostics());
    assert!(site.published(PAGE).contains("Harbour tunnel opens early"));
    assert!(run.diagnostics().iter().any(|one| one.contains("gives away the headline")), "{:?}", run.diagnostics());
}

#[test]
fn one_line_is_set_and_every_other_byte_stays() {
    let site = site();
    let head = "\u{FEFF}---\r\ntitle: \"Harbour\"   # the name\r\ndate: 2026-11-21\r\n# a note\r\ntags:   [a,  b]\r\n---\r\n\r\nNo end";
    site.write(FILE, head);
    assert_eq!(withdraw(&site, &["--reason", "Wrong."]).code, 0);
    let after = site.read(FILE);
    let line = after.lines().find(|line| line.starts_with("withdrawn:")).expect("a line");
    assert_eq!(after.replacen(&format!("{line}\r\n"), "", 1), head);
}

#[test]
fn what_cannot_be_set_alone_is_refused_and_the_file_stays() {
    let site = site();
    for (text, message) in [("---\n&all {title: A, date: 2026-11-01}\n---\n", ""), ("---\ntitle: [\n---\n", "")] {
        site.write(FILE, text);
        let run = withdraw(&site, &["--reason", "Wrong."]);
        assert_eq!(run.code, 1, "{text:?}: {}", run.stdout);
        assert!(run.stderr.contains(message) || run.stdout.contains(message), "{}{}", run.stdout, run.stderr);
        assert_eq!(site.read(FILE), text);
    }
    site.write("content/local/_index.md", "---\ntitle: Local\n---\n");
    assert_eq!(site.run(&["withdraw", "content/local/_index.md", "--reason", "x"]).code, 1);
    assert_eq!(withdraw(&site, &["--reason", " "]).code, 2);
}

#[test]
fn a_map_without_a_date_is_an_error_and_shows_nothing() {
    let site = site();
    site.write_article("local/harbour-tunnel-opens-early", "2026-11-21", "withdrawn: { reason: We erred. }", "Hidden.");
    let run = site.try_build(&[]);
    assert_eq!(run.code, 1);
    assert!(run.diagnostics()[0].contains("does not say when"), "{:?}", run.diagnostics());
}

#[test]
fn a_failed_build_does_not_take_a_notice_for_the_article() {
    let site = site();
    site.build();
    withdraw(&site, &["--reason", "We erred."]);
    site.write("content/local/broken.md", "---\ntitle: [\n---\n");
    let run = site.try_build(&[]);
    assert_eq!(run.code, 1);
    assert!(format!("{}{}", run.stdout, run.stderr).contains(PAGE), "the article is public: {}", run.stdout);
    site.remove("content/local/broken.md");
    site.build();
    site.write("content/local/broken.md", "---\ntitle: [\n---\n");
    let run = site.try_build(&[]);
    assert!(!format!("{}{}", run.stdout, run.stderr).contains(PAGE), "the notice is public: {}", run.stdout);
}

#[test]
fn the_preview_answers_410() {
    let site = site();
    withdraw(&site, &["--reason", "We erred."]);
    let served = Served::start(&site, &[]);
    let answer = served.get(ADDRESS);
    assert_eq!(answer.status, 410);
    assert!(answer.text().contains("We erred."));
    assert_eq!(served.get("/local/ferry/").status, 200);
}

#[test]
fn a_host_that_can_say_gone_is_told_to() {
    let site = site();
    assert_eq!(withdraw(&site, &["--reason", "Forged."]).code, 0);
    site.build();
    let gone = format!("{ADDRESS} {ADDRESS}index.html 410!\n");
    assert!(site.published("_redirects").starts_with(&gone), "{}", site.published("_redirects"));
    let text = site.read("site.yaml").replace("[netlify]", "[netlify, cloudflare]");
    site.write("site.yaml", text);
    site.build();
    assert!(!site.published("_redirects").contains("410"), "Cloudflare refuses such a rule");
}

#[test]
fn a_slip_in_the_name_of_the_reason_is_told() {
    let run = site().article("local/a", "2026-10-02", "withdrawn: { date: 2026-11-01, resaon: Forged. }", "Text.");
    let run = run.try_build(&[]);
    assert_eq!(run.diagnostics(), ["error content/local/a.md:4:32 unknown key `resaon` of `withdrawn`"]);
}
