//! Bad input: each gets a clear diagnostic or a safe page; never a crash, a hang, a leak or a lost file.

mod fixture;

use std::fs;

use fixture::{Run, TestSite, tree};
use quick_xml::events::Event;

const DATE: &str = "2026-11-01";

/// Builds, which must be refused with exactly these diagnostics and leave `public/` as it was.
fn refused(site: &TestSite, wanted: &[&str]) -> Run {
    let before = site.output();
    let run = site.build_within(120);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert_eq!(run.diagnostics(), wanted);
    assert!(run.hints().len() >= wanted.len(), "each comes with a hint: {}", run.stdout);
    assert_eq!(site.output(), before, "the last good site is left alone");
    run
}

/// A site that has been built once, so that there is a last good site.
fn good_site() -> TestSite {
    let site = TestSite::new().article("local/good", DATE, "", "Good words.");
    site.build();
    assert!(site.published("local/good/index.html").contains("Good words."));
    site
}

/// Every XML file of the output is well-formed and has only characters that XML allows.
fn assert_well_formed(site: &TestSite) {
    let mut files = 0;
    for (path, bytes) in site.output().into_iter().filter(|(path, _)| !path.ends_with(".png")) {
        let text = String::from_utf8(bytes).unwrap_or_else(|_| panic!("{path} is not UTF-8"));
        if path.ends_with(".json") {
            serde_json::from_str::<serde_json::Value>(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        }
        if path.ends_with(".html") || path.ends_with(".xml") {
            let bad = text.chars().find(|c| courant::article::is_forbidden(*c));
            assert_eq!(bad, None, "{path} has a character that no document may have");
        }
        if !path.ends_with(".xml") {
            continue;
        }
        files += 1;
        let mut reader = quick_xml::Reader::from_str(&text);
        let mut depth = 0;
        loop {
            match reader.read_event().unwrap_or_else(|error| panic!("{path}: {error}")) {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(depth, 0, "{path}");
        assert!(!text.contains("&#0;") && !text.contains("&#x0;"), "{path}");
    }
    assert!(files >= 5, "the site has feeds and a sitemap");
}

fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

#[test]
fn front_matter_that_is_never_closed() {
    let site = good_site().file("content/local/a.md", "\n---\ntitle: A\n\nText\n");
    refused(&site, &["error content/local/a.md:2:1 the front matter is never closed"]);
}

#[test]
fn a_merge_conflict_is_never_published() {
    let site = good_site();
    let conflict = "    let body = "<a href=\" jav&#x09;ascript:alert(1)\" title=\"t\">words</a>\n\n<img src=\"data:image/png,x\" alt=\"\">\n\nA title=javascript and JavaScript: a history.";
    let site = TestSite::new().article("local/a", DATE, "", body);
    let run = site.build();
    let page = site.published("local/a/index.html");
    assert!(page.contains("<a title=\"t\">words</a>") && page.contains("data:image/png"), "{page}");
    assert_eq!(run.diagnostics().len(), 1, "{:?}", run.diagnostics());
}

#[test]
fn a_picture_that_does_not_exist_is_left_out_and_the_one_that_was_meant_is_named() {
    let mut site = TestSite::new()
        .article(
            "local/a",
            DATE,
            "image: {src: quai.svg, alt: A}",
            "![A](quai.svg \"Caption | Me\") ![B](/Quay.svg)\n\n![C](/img/Quay.svg \"Gone with it\")\n\n![D](quay.jpg)\n\n![E](/kept/e.jpg) ![F](quay.svg)",
        )
        .file("content/local/quay.svg", "<svg/>")
        .file("static/img/quay.svg", "<svg/>")
        .file("content/authors/ann.md", "---\nname: Ann\nimage: /img/quay.png\n---\n")
        .file("site.yaml", "title: T\nbase_url: https://test.example\nkeep: [kept/]\n");
    site.write_article("local/b", DATE, "authors: [ann]", "Words.");
    let run = site.build();
    let (mut told, hints) = (run.diagnostics(), run.hints());
    told.sort();
    assert_eq!(told.len(), 6, "{told:?}");
    assert!(told.iter().all(|one| one.contains("there is no picture")), "{told:?}");
    for hint in ["did you mean `quay.svg`?", "did you mean `/img/quay.svg`?"] {
        assert!(hints.iter().any(|one| one == hint), "{hint}: {hints:?}");
    }
    for path in ["local/a/index.html", "index.html", "feed.xml", "local/feed.json", "authors/ann/index.html"] {
        let page = site.published(path);
        for gone in ["quai", "Quay", "quay.jpg", "quay.png", "Gone with it", "Caption"] {
            assert!(!page.contains(gone), "{path} has {gone}");
        }
    }
    let page = site.published("local/a/index.html");
    assert!(page.contains("src=\"/kept/e.jpg\"") && page.contains("src=\"/local/quay.svg\""), "{page}");
    // The picture comes, and what is told changes with what there is.
    site.write("content/local/quai.svg", "<svg/>");
    site.build();
    assert!(site.published("local/a/index.html").contains("src=\"/local/quai.svg\""));
    site.assert_equals_clean("the picture is there");
    site.remove("content/local/quai.svg");
    site.remove("content/local/quay.svg");
    let run = site.build();
    assert!(!run.hints().iter().any(|one| one == "did you mean `quay.svg`?"), "{:?}", run.hints());
    site.set_now("2026-11-24T00:00:00Z");
}

#[cfg(unix)]
#[test]
fn the_name_of_a_file_is_printed_on_one_line_and_without_escapes() {
    let site = TestSite::new().article("local/a", DATE, "", "Words.");
    let name = "content/local/x\n::error::pwned\u{1b}[2J\r.txt";
    site.write(name, "notes");
    site.write("content/local/b\n::warning::y.md", "---\ntitle: \"A\\e[2J\"\ndraft: maybe\n---\n");
    for arguments in [&["build"][..], &["check", "--format", "github"]] {
        let arguments: Vec<&str> = arguments.iter().copied().chain(["--at", "2026-11-23"]).collect();
        let run = site.run(&arguments);
        let all = format!("{}\n{}", run.stdout, run.stderr);
        assert!(!all.contains('\u{1b}') && !all.contains('\r'), "{all:?}");
        let commands = ["::error::pwned", "::warning::y"];
        assert!(!all.lines().any(|line| commands.iter().any(|one| line.trim_start().starts_with(one))), "{all}");
        assert!(all.contains("\\u{1b}[2J"), "{all}");
    }
}

#[test]
fn scripts_in_the_corners_of_html_are_left_out() {
    for html in [
        "<a href=\"&#106avascript:alert(1)\">x</a>",
        "<svg><a><animate attributeName=href values=\"javascript:alert(1)\"></animate><text>x</text></a></svg>",
        "<iframe srcdoc=\"<a href='javascript:alert(1)'>x</a>\"></iframe>",
        "<noscript><a href=\"javascript:alert(1)\">x</a></noscript>",
        "Words <noscript><a href=\"javascript:alert(1)\">x</a></noscript>",
        "<object data=\"data:image/svg+xml,javascript:\"></object>",
    ] {
        let site = good_site();
        site.write_article("local/bad", "2026-11-20", "title: Bad", html);
        let run = site.build();
        assert_eq!(run.diagnostics().len(), 1, "{html}: {:?}", run.diagnostics());
        let page = site.published("local/bad/index.html");
        assert!(!page.contains("avascript:"), "{html}");
    }
}

#[test]
fn pictures_and_films_that_are_not_there_are_told_whatever_the_address() {
    for (body, message) in [
        ("![x](https://test.example/nope.jpg)", "there is no picture `https://test.example/nope.jpg`"),
        ("/nope.mp4", "the link leads to `/nope.mp4`, which does not exist"),
        ("/nope.pdf", "the link leads to `/nope.pdf`, which does not exist"),
        ("![q](b/x.svg)", "the picture `b/x.svg` belongs to something that is withheld"),
    ] {
        let site = TestSite::new().article("local/a", DATE, "", body);
        site.write("site.yaml", "title: T\nbase_url: https://test.example\n");
        site.write_article("local/b/index", DATE, "draft: true", "x");
        site.write("content/local/b/x.svg", "<svg/>");
        let told = site.build().diagnostics();
        assert!(told.len() == 1 && told[0].ends_with(message), "{body}: {told:?}");
        assert!(!site.published("local/a/index.html").contains("<img src=\"https://test.example/nope"), "{body}");
    }
}
