//! Builds that fail, are disturbed or find an old log: what is withdrawn does not stay.

use super::{PHOTO, SETTINGS, assert_nowhere};
use crate::fixture::{NOW, TestSite};

/// Writes files when so many pages have been rendered.
struct Meanwhile<F: Fn() + Sync>(F, std::sync::Once);

impl<F: Fn() + Sync> courant::publish::Progress for Meanwhile<F> {
    fn done(&self, _: courant::publish::Work, _: usize) {
        self.1.call_once(&self.0);
    }
}

impl<F: Fn() + Sync> courant::pipeline::Observer for Meanwhile<F> {}

/// What a build in this process is asked to do.
fn options() -> courant::pipeline::Options {
    let now = NOW.parse::<jiff::Timestamp>().expect("a moment").as_second();
    courant::pipeline::Options { now: courant::article::time::Timestamp(now), ..courant::pipeline::Options::default() }
}

/// Builds in this process, while somebody does something as soon as the first page has been rendered.
fn build_while(site: &TestSite, something: impl Fn() + Sync) -> Result<courant::pipeline::Report, String> {
    let options = courant::pipeline::Options { verify: true, ..options() };
    let observer = Meanwhile(something, std::sync::Once::new());
    courant::pipeline::build(site.root(), &options, &observer).map_err(|failure| format!("{failure:?}"))
}

#[test]
fn an_article_that_becomes_a_draft_during_the_build_is_not_published() {
    let site = TestSite::new();
    let names: Vec<String> = (0..40).map(|number| format!("story-{number}")).collect();
    for name in &names {
        site.write_article(&format!("local/{name}"), "2026-11-20", "", "Nothing yet.");
    }
    let old: Vec<String> = names.iter().map(|name| site.read(&format!("content/local/{name}.md"))).collect();
    let withhold = || {
        for name in &names {
            let front = "reason: SECRETREASON of some length\ndraft: true";
            site.write_article(&format!("local/{name}"), "2026-11-20", front, "SECRETBODY, which nobody may see.");
        }
    };
    let report = build_while(&site, withhold).expect("a build of drafts");
    assert_eq!(report.articles, 0, "the build began again");
    assert_nowhere(&site, "SECRET");
    assert_nowhere(&site, "Nothing yet");
    site.assert_equals_clean("withheld during the build");
    for (name, text) in names.iter().zip(&old) {
        site.write(&format!("content/local/{name}.md"), text);
    }
    site.build();
    assert_nowhere(&site, "SECRET");
    site.assert_equals_clean("the old bytes are back");
}

#[test]
fn what_is_copied_and_what_stands_beside_has_one_content_in_a_build() {
    let site = TestSite::new().file("data/facts.yaml", "number: 1\n");
    site.write("themes/own/theme.yaml", "name: own\nextends: broadsheet\n");
    site.write("themes/own/templates/404.html", "{% set facts = data(name=\"facts\") %}{{ facts.number }}");
    site.write("site.yaml", "title: T\nbase_url: https://test.example\ntheme: own\n");
    for number in 0..20 {
        site.write(&format!("static/file-{number}.txt"), "old");
        site.write_article(&format!("local/s{number}"), "2026-11-20", "", "Text.");
        site.write(&format!("content/local/s{number}.comments.yaml"), "- {id: a, name: A, text: old words}\n");
    }
    let change = || {
        for number in 0..20 {
            site.write(&format!("static/file-{number}.txt"), "new and longer");
            site.write(&format!("content/local/s{number}.comments.yaml"), "- {id: a, name: A, text: new words}\n");
        }
        site.write("data/facts.yaml", "number: 2\n");
        site.write("content/authors/new.md", "---\nname: New\n---\n");
    };
    let report = build_while(&site, change).expect("a build");
    assert!(!report.has_errors(), "{:?}", report.diagnostics);
    site.build();
    site.assert_equals_clean("changed during the build");
}

#[test]
fn a_source_that_never_holds_still_publishes_nothing_and_is_named() {
    struct Restless<'a>(&'a TestSite, std::sync::atomic::AtomicU32);
    impl courant::publish::Progress for Restless<'_> {
        fn done(&self, _: courant::publish::Work, _: usize) {
            let number = self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            for name in 0..40 {
                self.0.write_article(&format!("local/s{name}"), "2026-11-20", "", &format!("Version {number}."));
            }
        }
    }
    impl courant::pipeline::Observer for Restless<'_> {}
    let site = TestSite::new();
    for name in 0..40 {
        site.write_article(&format!("local/s{name}"), "2026-11-20", "", "First.");
    }
    let observer = Restless(&site, std::sync::atomic::AtomicU32::new(0));
    let failure = courant::pipeline::build(site.root(), &options(), &observer).expect_err("nothing holds still");
    let courant::pipeline::Failure::Site(problems) = failure else { panic!("{failure:?}") };
    assert!(problems[0].message.contains("changed during each of 4 attempts"), "{problems:?}");
    assert!(problems[0].place.as_ref().is_some_and(|place| place.path.starts_with("content/local/s")));
    assert!(site.output().keys().all(|path| path.starts_with(".courant")), "{:?}", site.output().keys());
}

#[test]
fn an_old_log_never_keeps_a_withdrawn_page_alive() {
    let site = TestSite::new().article("local/first", "2026-11-20", "", "Text.");
    site.build();
    let kept = crate::fixture::folder();
    let keep = |name: &str| crate::fixture::keep(&site.path(name), &kept.path().join(name));
    let restore = |name: &str| crate::fixture::keep(&kept.path().join(name), &site.path(name));
    keep(".courant");
    keep("public");
    site.write_article("local/second", "2026-11-21", "", "Text.");
    site.build();
    assert!(site.has("public/local/second/index.html"));
    // The log of a moment at which the page did not exist, without its folder.
    site.remove("content/local/second.md");
    restore(".courant");
    site.build();
    assert!(!site.has("public/local/second/index.html"), "the log is older than the folder");
    site.assert_equals_clean("an old log");
    // With its folder it is worth something.
    site.write_article("local/third", "2026-11-22", "", "Text.");
    site.build();
    restore(".courant");
    restore("public");
    site.remove("content/local/third.md");
    let run = site.build();
    site.assert_equals_clean("an old log with its folder");
    assert_eq!(run.number("rendered"), 0, "{:?}", run.rendered());
    // The folder laid over a newer one: only the withheld article tells of its page.
    site.write_article("local/fourth", "2026-11-22", "", "Text.");
    site.build();
    let copied =
        std::process::Command::new("cp").arg("-a").arg(kept.path().join("public/.")).arg(site.path("public")).status();
    assert!(copied.expect("cp runs").success());
    restore(".courant");
    site.write_article("local/fourth", "2026-11-22", "draft: true", "Text.");
    site.build();
    assert!(!site.has("public/local/fourth/index.html"), "a folder made of two");
}

#[test]
fn a_log_that_was_cut_cleanly_is_not_trusted() {
    let site = TestSite::new();
    for number in 0..30 {
        site.write_article(&format!("local/s{number}"), "2026-11-20", "", "Text.");
    }
    site.build();
    let log = || {
        let logs = std::fs::read_dir(site.path(".courant")).expect("a folder").flatten().map(|entry| entry.path());
        logs.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "log")).expect("a log")
    };
    let base = std::fs::metadata(log()).expect("there").len();
    site.write_article("local/late", "2026-11-21", "", "Text.");
    site.build();
    assert!(std::fs::metadata(log()).expect("there").len() > base, "it was appended to");
    let file = std::fs::File::options().write(true).open(log()).expect("opened");
    file.set_len(base).expect("cut");
    site.remove("content/local/late.md");
    site.build();
    assert!(!site.has("public/local/late/index.html"));
    site.assert_equals_clean("a log without its end");
}

#[test]
fn a_failed_build_names_the_withdrawn_pages_that_are_still_public() {
    let site = TestSite::new();
    for name in ["stays", "drafted", "deleted", "broken", "expired"] {
        site.write_article(&format!("local/{name}"), "2026-11-20", "", "Text.");
    }
    site.build();
    let before = site.output();
    site.write_article("local/stays", "2026-11-20", "", "Text, edited.");
    site.write_article("local/drafted", "2026-11-20", "draft: true", "Text.");
    site.write_article("local/expired", "2026-11-20", "expires: 2026-11-22", "Text.");
    site.remove("content/local/deleted.md");
    site.write("content/local/broken.md", "---\ntitle: A\ndraft: ture\n---\n");
    let run = site.build_as_a_person(&[]);
    assert_eq!(run.code, 1);
    let last = run.stderr.lines().last().unwrap_or_default();
    assert_eq!(last, "withdrawn, but still public: /local/broken/, /local/deleted/, /local/drafted/, /local/expired/");
    site.write("content/local/broken.md", "---\ntitle: [\n---\n");
    let run = site.build_as_a_person(&[]);
    let last = run.stderr.lines().last().unwrap_or_default();
    assert_eq!(last, "withdrawn, but still public: /local/deleted/, /local/drafted/, /local/expired/");
    assert!(site.output() == before, "nothing was touched");
    // A broken configuration hides none of them.
    site.write("content/local/broken.md", "---\ntitle: Good again\ndate: 2026-11-20\n---\n");
    let good = site.read("site.yaml");
    site.write("site.yaml", format!("{good}titel: x\n"));
    let run = site.build_as_a_person(&[]);
    assert!(
        run.stderr.ends_with("still public: /local/deleted/, /local/drafted/, /local/expired/\n"),
        "{}",
        run.stderr
    );
    assert!(site.output() == before, "nothing was touched");
    let run = site.build_as_a_person(&["--keep-going"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("only withdrawals were published: /local/deleted/"), "{}", run.stderr);
    for name in ["deleted", "drafted", "expired"] {
        assert!(!site.has(&format!("public/local/{name}")), "{name}");
    }
    assert!(site.has("public/local/stays/index.html"));
    site.write("site.yaml", good);
    site.build();
    site.assert_equals_clean("the configuration is mended");
}

#[test]
fn old_addresses_of_what_is_deleted_are_withdrawn_with_it() {
    let site = TestSite::new()
        .article("local/a", "2026-11-20", "aliases: [/old-a/, /shared/]", "Text.")
        .article("local/b", "2026-11-20", "aliases: [/old-b/]", "Text.")
        .article("local/c", "2026-11-20", "", "Text.");
    site.build();
    site.remove("content/local/a.md");
    site.write_article("local/b", "2026-11-20", "draft: true", "Text.");
    site.write_article("local/c", "2026-11-20", "aliases: [/shared/]", "Text.");
    site.write("content/local/d.md", "---\ntitle: [\n---\n");
    let run = site.build_as_a_person(&[]);
    let last = run.stderr.lines().last().unwrap_or_default();
    assert_eq!(last, "withdrawn, but still public: /local/a/, /local/b/, /old-a/, /old-b/");
    site.build_as_a_person(&["--keep-going"]);
    assert!(!site.has("public/old-a/index.html") && !site.has("public/old-b/index.html"));
    assert!(site.has("public/shared/index.html"));
    site.remove("content/local/d.md");
    site.build();
    site.assert_equals_clean("the mistake is gone");
}

/// The log was written with languages and addresses that the configuration does not have any more.
#[test]
fn withdrawals_are_found_where_the_last_build_put_them() {
    let english = "---\ntitle: Harbour tunnel opens\ndate: 2026-11-20\n---\n\nWords.\n";
    let german = "---\ntitle: Der Tunnel\ndate: 2026-11-20\naliases: [/alt/, name]\n---\n\nWorte.\n";
    let profile = "---\nname: Ines Vale\n---\n\nIhr Leben.\n";
    let all = "languages: {en: {}, de: {}, ar: {}}\n";
    for (after, is_left) in [
        ("langages: {en: {}, de: {}, ar: {}}\n", false),
        ("languages: {en: {}, ar: {}}\ntitel: x\n", false),
        ("languages: {en: {}, de: {}, ar: {}}\npermalink: /{yyyy}/{slug}/\ntitel: x\n", false),
        ("languages: {en: {}, de: {}, ar: {}}\ntitel: x\n", false),
        ("langages: {en: {}, de: {}, ar: {}}\n", true),
    ] {
        let site = TestSite::new();
        let settings = site.read("site.yaml");
        site.write("site.yaml", format!("{settings}{all}"));
        site.write("content/local/a.md", english);
        site.write("content/local/a.de.md", german);
        site.write(
            "content/local/b.de.md",
            german.replace("/alt/, name", "/alt-b/").replace("date", "authors: [ines]\ndate"),
        );
        site.write("content/authors/ines.de.md", profile);
        site.build();
        let old = ["de/local/a/index.html", "alt/index.html", "de/local/name/index.html", "de/authors/ines/index.html"];
        assert!(old.iter().all(|file| site.has(&format!("public/{file}"))), "{:?}", site.output().keys());
        if !is_left {
            site.remove("content/local/a.de.md");
            site.remove("content/authors/ines.de.md");
        }
        site.write("site.yaml", format!("{settings}{after}"));
        let run = site.build_as_a_person(&[]);
        assert_eq!(run.code, 1, "{after}: {}", run.stderr);
        let told = "withdrawn, but still public: /alt/, /de/authors/ines/, /de/local/a/, /de/local/name/";
        assert_eq!(run.stderr.lines().last() == Some(told), !is_left, "{after}: {}", run.stderr);
        site.build_as_a_person(&["--keep-going"]);
        for file in old {
            assert_eq!(site.has(&format!("public/{file}")), is_left, "{after}: {file}");
        }
        assert!(site.has("public/alt-b/index.html") && site.has("public/local/a/index.html"), "{after}");
    }
}

#[test]
fn a_mistake_in_the_only_visible_article_withdraws_no_section() {
    let site = TestSite::new()
        .article("notes/a", "2026-11-20", "draft: true", "Text.")
        .article("notes/b", "2026-11-20", "", "Text.")
        .article("local/c", "2026-11-20", "", "Text.")
        .article("local/d", "2026-11-20", "", "Text.");
    site.build();
    let before = site.output();
    site.write_article("notes/b", "2026-11-20", "title: Fine: oops", "Text.");
    let run = site.build_as_a_person(&[]);
    assert!(run.code == 1 && !run.stderr.contains("still public"), "{}", run.stderr);
    for name in ["c", "d"] {
        site.write_article(&format!("local/{name}"), "2026-11-20", "permalink: /same/", "Text.");
    }
    let run = site.build_as_a_person(&["--keep-going"]);
    assert!(run.code == 1 && site.output() == before, "{}", run.stderr);
    // Where all of it is withdrawn, the page of the section is so, too.
    site.write_article("notes/b", "2026-11-20", "draft: true", "Text.");
    let run = site.build_as_a_person(&[]);
    assert!(run.stderr.ends_with("still public: /notes/b/, /notes/\n"), "{}", run.stderr);
}

#[test]
fn no_mistake_in_the_configuration_hides_what_is_withdrawn_or_takes_anything_else_away() {
    let good = "title: T\nbase_url: https://test.example/blog\noutput: out\ntimezone: Europe/Berlin\ntheme: own\n\
                permalink: /{slug}/\nlanguages: {en: {}, de: {}}\n";
    let now = "2026-11-23T12:00:00Z";
    let extra = [("nonsense: 1\n", "nonsense"), ("menu: [\n", "menu"), ("title: \"x\n", "title")];
    let mistakes: Vec<String> = extra
        .map(|(line, _)| format!("{good}{line}"))
        .into_iter()
        .chain([
            format!("menu: [{{\n{good}"),
            good.replace("https://test.example/blog", "test"),
            good.replace("{slug}", "{slag}"),
            good.replace("Europe/Berlin", "Europe/Berlind"),
            good.replace("theme: own", "theme: [own]"),
            good.replace("de: {}", "de: {titel: x}"),
            good.replace("{en: {}, de: {}}", "[en, de]"),
            good.replace("title: T", "title T"),
        ])
        .collect();
    for mistake in mistakes {
        let site = TestSite::new()
            .at(now)
            .file("site.yaml", good)
            .file("themes/own/theme.yaml", "name: own\napi: 1\nextends: broadsheet\n");
        for name in ["a", "a.de", "b", "b.de", "c"] {
            site.write_article(&format!("local/{name}"), "2026-11-20", "draft: false", "Text.");
        }
        // The address of a draft without the permalink is that of a visible article.
        site.write_article("local/d", "2026-11-20", "permalink: /local/e/", "Text.");
        site.write_article("local/e", "2026-11-20", "draft: true", "Text.");
        site.build();
        let before = crate::fixture::tree(&site.path("out"));
        for name in ["a.de", "b"] {
            site.write_article(&format!("local/{name}"), "2026-11-20", "draft: true", "Text.");
        }
        site.remove("content/local/c.md");
        site.write("site.yaml", &mistake);
        let run = site.build_as_a_person(&[]);
        assert_eq!(run.code, 1, "{mistake}: {}", run.stderr);
        let last = run.stderr.lines().last().unwrap_or_default();
        assert_eq!(last, "withdrawn, but still public: /b/, /c/, /de/a/", "{mistake}: {}", run.stderr);
        assert_eq!(crate::fixture::tree(&site.path("out")), before, "{mistake}");
        site.build_as_a_person(&["--keep-going"]);
        for (page, is_there) in
            [("a", true), ("b", false), ("c", false), ("de/a", false), ("de/b", true), ("local/e", true)]
        {
            assert_eq!(site.has(&format!("out/{page}/index.html")), is_there, "{page} {mistake}");
        }
    }
}

#[test]
fn an_address_that_is_too_long_stops_the_build_at_its_key_and_withdrawals_are_named() {
    let site = TestSite::new().article("local/gone", "2026-11-20", "", "Text.");
    site.write_article("local/tagged", "2026-11-20", "tags: [short]", "Text.");
    site.build();
    let before = site.output();
    site.write_article("local/gone", "2026-11-20", "draft: true", "Text.");
    let long = "a".repeat(300);
    let deep = format!("/{}/", ["folder"; 150].join("/"));
    for (front, line, what) in [
        (format!("slug: {long}"), 4, "300 bytes"),
        (format!("tags: [short, {long}]"), 4, "300 bytes"),
        (format!("permalink: {deep}"), 4, "bytes; 800 are possible"),
        (format!("aliases: [/x/, {deep}]"), 4, "bytes; 800 are possible"),
    ] {
        site.write_article("local/tagged", "2026-11-20", &front, "Text.");
        let run = site.try_build(&[]);
        assert_eq!(run.code, 1, "{front}");
        let wanted = format!("error content/local/tagged.md:{line}:");
        let told = run.diagnostics();
        assert!(told.iter().any(|one| one.starts_with(&wanted) && one.contains(what)), "{front}: {told:?}");
        assert!(site.output() == before, "{front}");
        assert!(site.build_as_a_person(&[]).stderr.ends_with("still public: /local/gone/\n"));
    }
}

#[cfg(unix)]
#[test]
fn withdrawn_pages_go_before_anything_else_happens() {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65534;
    let site =
        TestSite::new().article("local/gone", "2026-11-20", "", "Text.").article("news/a", "2026-11-20", "", "x");
    site.build();
    site.write_article("local/gone", "2026-11-20", "draft: true", "Text.");
    site.write_article("news/a", "2026-11-20", "", "edited");
    let folder = site.path("public/news/a");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_courant"));
    let elsewhere = crate::fixture::folder();
    if nix::unistd::geteuid().is_root() {
        // Nothing stops root, so somebody else builds, with a program that they can reach.
        let program = elsewhere.path().join("courant");
        fs::copy(env!("CARGO_BIN_EXE_courant"), &program).expect("copied");
        fs::set_permissions(elsewhere.path(), Permissions::from_mode(0o755)).expect("set");
        for entry in walkdir::WalkDir::new(site.root()).into_iter().flatten().filter(|entry| entry.path() != folder) {
            chown(entry.path(), Some(NOBODY), Some(NOBODY)).expect("given away");
        }
        command = std::process::Command::new(program);
        command.uid(NOBODY).gid(NOBODY);
    }
    fs::set_permissions(&folder, Permissions::from_mode(0o555)).expect("set");
    let output = command.current_dir(site.root()).args(["build", "--at", NOW]).output().expect("the program runs");
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).expect("set");
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(site.published("news/a/index.html").contains('x'), "it could not be replaced");
    assert!(!site.has("public/local/gone/index.html"), "gone, although the build failed");
    site.build();
    site.assert_equals_clean("the folder can be written again");
}

#[test]
fn what_cannot_be_read_withholds_all_that_it_may_withhold_when_the_build_goes_on() {
    const ARTICLE: &str = "---\ntitle: Plain\ndate: 2026-11-20\n---\n\nWords.\n";
    let good = [
        ("local/_index.md", "---\ntitle: Local\n---\n"),
        ("local/plain.md", ARTICLE),
        ("local/bundle/index.md", "---\ntitle: Bundle\ndate: 2026-11-20\n---\n\n![Photo](photo.svg)\n"),
        ("local/shot.md", "---\ntitle: Shot\ndate: 2026-11-20\n---\n\n![Shot](shot.svg)\n"),
        ("world/open.md", ARTICLE),
        ("world/deep/deep.md", ARTICLE),
    ];
    let all = [
        "local/plain/index.html",
        "local/bundle/photo.svg",
        "local/bundle/unnamed.svg",
        "local/shot.svg",
        "local/chart.svg",
        "world/open/index.html",
        "world/deep/index.html",
    ];
    let local = &all[..5];
    let bad: &[(&str, &str, &[&str])] = &[
        ("local/_index.md", "---\ndraft: true\norder: first\n---\n", local),
        ("local/_index.md", "---\ntitle: [\ndraft: true\n---\n", local),
        ("local/_index.md", "---\nembargo: Monday\n---\n", local),
        ("local/_index.md", "---\ncascade: {target: {kind: page}, draft: true}\n---\n", local),
        ("local/_Index.md", "---\ndraft: true\n---\n", local),
        ("world/deep/_index.md", "---\ndraft: ture\n---\n", &["world/deep/index.html"]),
        ("local/bundle/index.md", "---\ntitle: B\ndraft: true\nupdated: soon\n---\n", &all[1..3]),
        ("local/bundle/index.md", "---\ntitle: B\ndate: 2026-11-20\n---\n\nText <!-- open\n", &all[1..3]),
        ("local/shot.md", "---\ntitle: S\nembargo: Monday\n---\n\n![Shot](shot.svg)\n", &all[3..4]),
        ("local/shot.md", "---\ntitle: S\ndarft: true\nimage: shot.svg\n---\n", &all[3..4]),
        ("content/_index.md", "---\ncascade: {draft: true}\nembargo: Monday\n---\n", &[]),
    ];
    for (path, text, withheld) in bad {
        let site = TestSite::new().file("site.yaml", SETTINGS);
        for (path, text) in good {
            site.write(&format!("content/{path}"), text);
        }
        for path in all.iter().filter(|path| path.ends_with(".svg")) {
            site.write(&format!("content/{path}"), "<svg/>");
        }
        let is_there = |path: &str| site.has(&format!("public/{path}"));
        let is_of_site = withheld.is_empty();
        let path = if is_of_site { (*path).to_owned() } else { format!("content/{path}") };
        let was = site.has(&path).then(|| site.read(&path));
        if !path.contains("_Index") {
            site.build();
            assert!(all.iter().all(|path| is_there(path)), "{path}");
        } else {
            site.remove("content/local/_index.md");
        }
        let before = site.output();
        site.write(&path, text);
        assert_eq!(site.try_build(&["--keep-going"]).code, 1, "{path}: {text}");
        let after = site.output();
        if is_of_site {
            assert_eq!(before, after);
            site.remove("public");
            assert_eq!(site.try_build(&["--keep-going"]).code, 1);
            assert!(!site.has("public/index.html"));
        } else {
            let missing: Vec<&str> = all.into_iter().filter(|path| !is_there(path)).collect();
            assert_eq!(missing, *withheld, "{path}: {text}");
            assert!(is_there("world/open/index.html"));
            site.remove("public");
            assert_eq!(site.try_build(&["--keep-going"]).code, 1);
            assert_eq!(site.output(), after, "{path}: {text}");
        }
        match was {
            Some(text) => site.write(&path, text),
            None => site.remove(&path),
        }
        site.build();
        assert!(all.iter().all(|path| is_there(path)), "{path}");
        site.assert_equals_clean(&path);
    }
}

#[test]
fn an_output_folder_that_is_removed_during_the_build_is_made_again() {
    let site = TestSite::new();
    for number in 0..20 {
        site.write_article(&format!("local/s{number}"), "2026-11-20", "", "Text.");
    }
    for round in 0..2 {
        let report = build_while(&site, || site.remove("public")).expect("a build");
        assert!(!report.has_errors(), "round {round}: {:?}", report.diagnostics);
        site.assert_equals_clean(&format!("removed during the build, round {round}"));
        site.write_article("local/s1", "2026-11-20", "", "Other text.");
    }
}

/// The folders change places: every path has the file of another one, of the same length and time.
#[cfg(unix)]
#[test]
fn files_that_change_places_are_told_apart() {
    let site = TestSite::new();
    let when = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000);
    for (folder, draft) in [("p", "no "), ("q", "yes")] {
        let path = format!("content/{folder}/z.md");
        site.write(&path, format!("---\ntitle: Z\ndate: 2026-11-01\ndraft: {draft}\n---\nText.\n"));
        let file = std::fs::File::options().write(true).open(site.path(&path)).expect("there");
        file.set_modified(when).expect("the time is set");
    }
    site.build();
    assert!(site.has("public/p/z/index.html"));
    for (from, to) in [("p", "t"), ("q", "p"), ("t", "q")] {
        std::fs::rename(site.path(&format!("content/{from}")), site.path(&format!("content/{to}"))).expect("renamed");
    }
    site.build();
    assert!(!site.has("public/p/z/index.html") && site.has("public/q/z/index.html"));
    site.assert_equals_clean("two folders changed places");
}

/// Moves a folder of the output elsewhere and leaves a link in its place.
#[cfg(unix)]
fn put_behind_a_link(site: &TestSite, folder: &str, elsewhere: &std::path::Path) {
    std::fs::rename(site.path(&format!("public/{folder}")), elsewhere).expect("moved");
    crate::fixture::symlink(elsewhere, &site.path(&format!("public/{folder}")));
}

#[cfg(unix)]
#[test]
fn what_is_withdrawn_is_not_left_behind_a_link_in_the_output() {
    let site = TestSite::new()
        .article("local/a", "2026-11-20", "", "Text.")
        .article("local/b", "2026-11-20", "", "Text.")
        .article("local/c", "2026-11-20", "", "Text.");
    for folder in ["local/b", "local"] {
        site.write_article("local/b", "2026-11-20", "", "Text.");
        site.build();
        let elsewhere = crate::fixture::folder();
        put_behind_a_link(&site, folder, &elsewhere.path().join("there"));
        site.write_article("local/b", "2026-11-20", "draft: true", "Text.");
        let run = site.try_build(&["--verify"]);
        assert_eq!(run.code, 0, "{folder}: {}", run.stdout);
        assert!(!site.has("public/local/b/index.html"), "{folder}");
        site.assert_equals_clean(folder);
    }
}

#[cfg(unix)]
#[test]
fn an_edit_behind_a_link_in_the_output_takes_no_page_away() {
    let site = TestSite::new()
        .file("site.yaml", "title: T\nbase_url: https://test.example\npermalink: /{yyyy}/{mm}/{slug}/\n");
    for name in ["a", "b", "c"] {
        site.write_article(&format!("local/{name}"), "2026-11-20", "", "Text.");
    }
    site.build();
    let elsewhere = crate::fixture::folder();
    put_behind_a_link(&site, "2026/11", &elsewhere.path().join("there"));
    site.write_article("local/a", "2026-11-20", "", "Edited.");
    site.build();
    site.assert_equals_clean("an edit of one page");
    assert_eq!(site.try_build(&["--verify"]).number("rendered"), 0);
}

/// A build that fails, and is to publish the rest, takes away what belongs to a withdrawn article wherever it lies.
#[test]
fn a_withdrawal_takes_its_photographs_its_text_in_feeds_and_a_profile() {
    let body = "The secret words.\n\n![x](photo.jpg)";
    let site = TestSite::new()
        .file("site.yaml", "title: T\nbase_url: https://test.example\nimages: {widths: [480], formats: [original]}\n")
        .article("local/stays", "2026-11-20", "authors: [ann]", "Text.\n\n![y](own.jpg)")
        .article("local/sec/index", "2026-11-20", "", body)
        .file("content/local/sec/photo.jpg", PHOTO)
        .file("content/local/own.jpg", [PHOTO, b"x"].concat())
        .file("content/authors/ann.md", "---\nname: Ann\n---\n\nThe secret life.\n");
    site.build();
    let pictures =
        |name: &str| site.output().into_keys().filter(|path| path.contains(&format!("pictures/{name}-"))).count();
    assert!(pictures("photo") > 0 && pictures("own") > 0);
    assert!(
        site.published("feed.xml").contains("The secret words")
            && site.published("authors/ann/index.html").contains("secret life")
    );
    site.write_article("local/sec/index", "2026-11-20", "draft: true", body);
    site.write("content/authors/ann.md", "---\nname: Ann\ndraft: true\n---\n\nThe secret life.\n");
    for name in ["one", "two"] {
        site.write_article(&format!("local/{name}"), "2026-11-20", "permalink: /same/", "Text.");
    }
    let run = site.build_as_a_person(&[]);
    let last = run.stderr.lines().last().unwrap_or_default();
    assert_eq!(last, "withdrawn, but still public: /authors/ann/, /local/sec/");
    site.build_as_a_person(&["--keep-going"]);
    assert_eq!(pictures("photo"), 0);
    assert!(pictures("own") > 0 && site.has("public/local/stays/index.html"));
    for (path, bytes) in site.output() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!path.ends_with("feed.xml") || !text.contains("secret words"), "{path}");
        assert!(!path.starts_with("authors/ann"), "{path}");
    }
    site.remove("content/local/two.md");
    site.build();
    site.assert_equals_clean("the error is mended");
}

/// A build that fails for another reason withdraws all the same: `--keep-going` with two texts at one address.
#[test]
fn a_deletion_takes_its_photographs_and_its_text_in_feeds_whatever_its_address() {
    let settings = "title: T\nbase_url: https://test.example\nimages: {widths: [480], formats: [original]}\nfeeds: {content: full}\n";
    let site = TestSite::new()
        .file("site.yaml", settings)
        .article("local/stays", "2026-11-20", "", "![y](own.jpg)")
        .article("local/sec/index", "2026-11-20", "permalink: /a&b/", "The secret words.\n\n![x](photo.jpg)")
        .article("local/its", "2026-11-20", "permalink: \"/it's/\"", "The secret words.\n\n![x](cut.jpg)")
        .file("content/local/sec/photo.jpg", PHOTO)
        .file("content/local/cut.jpg", [PHOTO, b"1"].concat())
        .file("content/local/own.jpg", [PHOTO, b"x"].concat());
    site.build();
    let pictures =
        |name: &str| site.output().into_keys().filter(|path| path.contains(&format!("pictures/{name}-"))).count();
    assert!(pictures("photo") > 0 && pictures("cut") > 0 && pictures("own") > 0);
    assert!(site.published("feed.xml").contains("secret words"));
    for path in ["content/local/sec/index.md", "content/local/sec/photo.jpg", "content/local/its.md"] {
        site.remove(path);
    }
    site.remove("content/local/cut.jpg");
    for name in ["one", "two"] {
        site.write_article(&format!("local/{name}"), "2026-11-20", "permalink: /same/", "Text.");
    }
    assert_eq!(site.try_build(&["--keep-going"]).code, 1);
    assert_eq!((pictures("photo"), pictures("cut")), (0, 0));
    assert!(pictures("own") > 0 && site.has("public/local/stays/index.html"));
    for (path, bytes) in site.output() {
        let text = String::from_utf8_lossy(&bytes);
        let is_feed = ["feed.xml", "atom.xml", "feed.json"].iter().any(|feed| path.ends_with(feed));
        assert!(!is_feed || !text.contains("secret words"), "{path}");
    }
}

#[test]
fn a_profile_with_a_slip_in_its_wish_is_withdrawn() {
    let site = TestSite::new()
        .article("local/stays", "2026-11-20", "authors: [ann]", "Text.")
        .file("content/authors/ann.md", "---\nname: Ann\n---\n\nThe secret life.\n");
    site.build();
    site.write("content/authors/ann.md", "---\nname: Ann\ndraft: ture\n---\n\nThe secret life.\n");
    let run = site.build_as_a_person(&[]);
    assert_eq!(run.stderr.lines().last().unwrap_or_default(), "withdrawn, but still public: /authors/ann/");
    for name in ["one", "two"] {
        site.write_article(&format!("local/{name}"), "2026-11-20", "permalink: /same/", "Text.");
    }
    site.try_build(&["--keep-going"]);
    assert!(!site.has("public/authors/ann/index.html"));
}
