//! The commands: what they print, what they write, how they exit.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use crate::fixture::{NOW, Run, TestSite};
use serde_json::Value;

fn objects(run: &Run) -> Vec<Value> {
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("JSON: {line}"))).collect()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn init_makes_a_paper_that_only_lacks_its_address() {
    let site = TestSite::empty();
    let run = site.run(&["init", "my-news"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let next = ["cd my-news", "courant serve --open", "courant new \"A headline\"", "courant build"];
    let places: Vec<_> = next.iter().map(|command| run.stdout.find(command)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{}", run.stdout);
    let with = |arguments: &[&str]| site.run(&[arguments, &["--site", "my-news", "--color", "never"]].concat());
    let address = ["--base-url", "https://my-news.example"];
    for command in [&["check", "--strict"][..], &["build", "--strict"]] {
        let run = with(&[command, &address].concat());
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{command:?}: {}", run.stdout);
    }
    // Nobody but the owner knows it.
    let run = with(&["check"]);
    let found: Vec<&str> = run.stderr.lines().filter(|line| line.starts_with(['e', 'w'])).collect();
    assert!(run.code == 1 && found.len() == 1 && found[0].contains("`base_url` is not set"), "{found:?}");
    let public = |path: &str| site.read(&format!("my-news/public/{path}"));
    let front = public("index.html");
    for link in ["/local/", "/business/", "/culture/", "/about/", "/imprint/"] {
        assert!(
            front.contains(&format!("href=\"{link}\"")) && !public(&format!("{}index.html", &link[1..])).is_empty()
        );
    }
    let header = front.split("<main").next().expect("a header");
    assert!(
        header.contains("class=\"tagline\"") && !header.contains("href=\"/imprint/\""),
        "it is at the foot: {header}"
    );
    assert!(public("authors/mara-quill/index.html").contains("deckhand"));
    assert!(front.contains("<div class=\"blocks\"></div>"), "all stories stand above, and nothing keeps room for more");
    let files = crate::fixture::tree(&site.path("my-news/content"));
    let articles = ["local/", "business/", "culture/"]
        .map(|section| files.keys().filter(|path| path.starts_with(section) && !path.ends_with("_index.md")).count());
    assert_eq!(articles, [2, 2, 2]);
    for image in ["apples", "books", "pier"] {
        assert!(front.contains(&format!("/pictures/{image}-")), "{image}");
    }
    assert!(files.values().map(Vec::len).sum::<usize>() < 400_000, "a small download");
    assert!(site.read("my-news/.gitignore").contains("/public/") && !site.has("my-news/.vscode"));
}

#[test]
fn init_takes_a_theme_by_its_name() {
    let site = TestSite::empty();
    for theme in ["broadsheet", "wire"] {
        let run = site.run(&["init", theme, "--theme", theme]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        let line = format!("\ntheme: {theme} ");
        assert!(
            site.read(&format!("{theme}/site.yaml")).contains(&line),
            "{}",
            site.read(&format!("{theme}/site.yaml"))
        );
        let run = site.run(&["build", "--site", theme, "--strict", "--base-url", "https://my-news.example"]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{theme}");
    }
    for (theme, hint) in [("wier", "did you mean `wire`?"), ("tabloid", "the themes are broadsheet and wire")] {
        let run = site.run(&["init", "new", "--theme", theme]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""));
        assert!(
            run.stderr.contains(&format!("there is no theme `{theme}`")) && run.stderr.contains(hint),
            "{}",
            run.stderr
        );
    }
    assert_eq!(site.run(&["init", "new", "--editor", "ed"]).code, 2);
    assert!(!site.has("new"));
}

/// A file that cannot grow: as on a full disk, which every system can have.
#[cfg(unix)]
#[test]
fn what_cannot_be_written_whole_is_not_there() {
    let site = TestSite::empty().file("site.yaml", "title: T\ntheme: broadsheet\n");
    let run = |arguments: &[&str]| {
        let script = "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\" --color never";
        let mut command = std::process::Command::new("bash");
        command.current_dir(site.root()).args(["-c", script, env!("CARGO_BIN_EXE_courant")]).args(arguments);
        let output = command.output().expect("bash runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let before = crate::fixture::tree(site.root());
    for arguments in [
        &["init", "my-news"][..],
        &["new", "A headline"],
        &["new", "A headline", "--bundle", "--section", "local"],
        &["theme", "new", "mine"],
    ] {
        let (code, errors) = run(arguments);
        assert_eq!(code, Some(3), "{arguments:?}: {errors}");
        assert!(errors.contains("make room on the disk and try again"), "{arguments:?}: {errors}");
        assert_eq!(crate::fixture::tree(site.root()), before, "{arguments:?}");
    }
    assert!(!site.has("my-news") && !site.has("content/local/a-headline"), "and no empty folder either");
    // A file of the owner's that is replaced stays whole.
    assert_eq!(site.run(&["theme", "new", "mine"]).code, 0);
    assert_eq!(site.run(&["theme", "eject", "404.html"]).code, 0);
    let own = "mine ".repeat(100);
    site.write("themes/broadsheet/templates/404.html", &own);
    let (code, errors) = run(&["theme", "eject", "404.html", "--force"]);
    assert_eq!((code, site.read("themes/broadsheet/templates/404.html")), (Some(3), own), "{errors}");
}

#[test]
fn a_site_that_readers_cannot_reach_is_not_published_by_mistake() {
    let site = TestSite::new().article("local/x", "2026-01-01", "summary: x\nauthors: [ann]", "x");
    for (settings, message) in [
        ("", "`base_url` is not set; addresses in feeds and sitemaps begin with http://localhost:4000"),
        ("base_url: http://localhost:4000", "readers cannot reach http://localhost:4000,"),
        ("base_url: https://LOCALHOST/news/", "readers cannot reach https://localhost,"),
        ("base_url: http://127.0.0.1:8080", "readers cannot reach http://127.0.0.1:8080,"),
        ("base_url: http://[::1]", "readers cannot reach http://[::1],"),
        ("base_url: http://news.localhost", "readers cannot reach http://news.localhost,"),
    ] {
        site.write("site.yaml", format!("title: T\n{settings}\n"));
        let run = site.build_as_a_person(&[]);
        assert!(run.code == 0 && run.stderr.contains(&format!("warning: {message}")), "{settings}: {}", run.stderr);
        let run = site.build_as_a_person(&["--strict"]);
        assert!(run.code == 1 && run.stderr.contains(message), "{settings}: {}", run.stderr);
        let run = site.run(&["check", "--color", "never", "--at", crate::fixture::NOW]);
        let said = format!("{}{}", run.stdout, run.stderr);
        assert!(run.code == 1 && said.contains(&format!("error: {message}")), "{settings}: {said}");
        let run = site.build_as_a_person(&["--strict", "--base-url", "https://news.example"]);
        assert_eq!(run.code, 0, "{settings}: {}", run.stderr);
    }
}

#[test]
fn init_takes_an_empty_folder_and_no_other() {
    let site = TestSite::empty().file(".git/HEAD", "x").file(".gitignore", "/mine/\n");
    let run = site.run(&["init"]);
    assert_eq!(run.code, 0, "a fresh repository is empty enough: {}", run.stderr);
    assert!(run.stdout.starts_with("A new site, here\n") && !run.stdout.contains("cd "), "{}", run.stdout);
    assert!(run.stderr.contains(".gitignore") && run.stderr.contains("it should name `/public/`"), "{}", run.stderr);
    assert_eq!(site.read(".gitignore"), "/mine/\n");
    assert!(site.read("site.yaml").contains("\n# base_url"));
    let before = crate::fixture::tree(site.root());
    for arguments in [&["init"][..], &["init", "."], &["--site", ".", "init"]] {
        let run = site.run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (1, ""));
        assert!(run.stderr.contains("this folder is not empty: it has `content`"), "{}", run.stderr);
    }
    let run = site.run(&["init", "site.yaml"]);
    assert!(run.code == 1 && run.stderr.contains("this is a file"), "{}", run.stderr);
    let run = site.run(&["init", "site.yaml/below"]);
    assert!(run.code != 0 && run.stdout.is_empty(), "{}", run.stderr);
    assert_eq!(crate::fixture::tree(site.root()), before);
    let run = site.run(&["init", "--json", "--site", "two words"]);
    assert_eq!(objects(&run), [serde_json::json!({"event": "created", "path": "two words"})]);
}

#[test]
fn new_writes_an_article_and_prints_its_path() {
    let site = TestSite::new().article("local/x", "2026-01-01", "", "x");
    let run = site.run(&["new", "Harbour: \"tunnel\" öffnet", "--author", "ann-lee", "--section", "local"]);
    assert_eq!(
        (run.code, run.stdout.as_str(), run.stderr.as_str()),
        (0, "content/local/harbour-tunnel-offnet.md\n", "")
    );
    let text = site.read("content/local/harbour-tunnel-offnet.md");
    assert!(
        text.contains("title: \"Harbour: \\\"tunnel\\\" öffnet\"\n") && text.contains("authors: [\"ann-lee\"]"),
        "{text}"
    );
    assert!(text.contains("draft: true\n"));
    assert_eq!(site.build().number("articles"), 1, "a draft is not published");
    assert_eq!(site.run(&["build", "--drafts", "--strict"]).code, 0);
    assert!(site.published("local/harbour-tunnel-offnet/index.html").contains("Harbour: \"tunnel\" öffnet"));
}

#[test]
fn new_names_the_only_author_there_is() {
    let site = TestSite::new().article("local/x", "2026-01-01", "", "x").file("content/authors/ann-lee.md", "");
    site.write("content/authors/ann-lee.de.md", "");
    let run = site.run(&["new", "One"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(site.read("content/local/one.md").contains("authors: [\"ann-lee\"]\n"));
    site.write("content/authors/bo-kern.md", "");
    let run = site.run(&["new", "Two"]);
    assert_eq!(run.code, 0);
    assert!(
        run.stderr.contains("the article has no author yet") && run.stderr.contains("`--author`: ann-lee, bo-kern")
    );
    assert!(site.read("content/local/two.md").contains("authors: []\n"), "nobody knows which");
    // Without profiles, those whom articles name.
    let site = TestSite::new().article("local/x", "2026-01-01", "authors: [Cas Moor]", "x");
    assert_eq!(site.run(&["new", "Three"]).code, 0);
    assert!(site.read("content/local/three.md").contains("authors: [\"Cas Moor\"]\n"));
}

#[test]
fn what_new_writes_passes_check_but_for_the_summary() {
    let site = TestSite::new().article("local/x", "2026-01-01", "summary: s\nauthors: [ann-lee]", "x");
    site.write("content/authors/ann-lee.md", "---\nname: Ann Lee\n---\n");
    assert_eq!(site.run(&["new", "A headline"]).code, 0);
    assert!(site.read("content/local/a-headline.md").contains("summary: \"\"\n"));
    let run = site.run(&["check", "--drafts", "--color", "never"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let found = run.stderr.lines().filter(|line| line.starts_with("warning")).collect::<Vec<_>>();
    assert_eq!(found, ["warning: the article has no summary [missing-summary]"]);
}

/// Runs the program on a terminal, with what somebody types there. What the terminal shows, and the exit code.
#[cfg(unix)]
fn on_terminal(site: &TestSite, arguments: &[&str], typed: &str) -> (String, Option<i32>) {
    use std::io::{Read, Write};
    let terminal = nix::pty::openpty(None, None).expect("a terminal");
    let side = || Stdio::from(terminal.slave.try_clone().expect("a copy"));
    let mut command = site.command();
    command.args(arguments).env("TERM", "xterm").stdin(side()).stdout(side()).stderr(side());
    let mut child = command.spawn().expect("the program runs");
    drop(command);
    drop(terminal.slave);
    let mut master = std::fs::File::from(terminal.master);
    master.write_all(typed.as_bytes()).expect("typed");
    let (mut shown, mut buffer) = (Vec::new(), [0; 4096]);
    // Where the other side is closed, a read fails on Linux.
    while let Ok(length @ 1..) = master.read(&mut buffer) {
        shown.extend_from_slice(&buffer[..length]);
    }
    (String::from_utf8_lossy(&shown).replace('\r', ""), child.wait().expect("an end").code())
}

#[cfg(unix)]
#[test]
fn new_asks_on_a_terminal_which_author_it_is() {
    let site = TestSite::new()
        .article("local/x", "2026-01-01", "authors: [bo-kern]", "x")
        .file("content/authors/ann-lee.md", "---\nname: Ann Lee\n---\n")
        .file("content/authors/bo-kern.md", "---\nname: Bo Kern\n---\n");
    let (shown, code) = on_terminal(&site, &["new", "One"], "7\nx\n2\n");
    assert_eq!(code, Some(0), "{shown}");
    let order = ["Who writes it?", "1  Bo Kern", "2  Ann Lee", "content/local/one.md", "It is a draft"];
    let places: Vec<_> = order.iter().map(|text| shown.find(text)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "who wrote last comes first: {shown}");
    assert!(shown.contains("courant serve --open --drafts"), "{shown}");
    assert!(site.read("content/local/one.md").contains("authors: [\"ann-lee\"]\n"));
    let (shown, code) = on_terminal(&site, &["new", "Two"], "\n");
    assert_eq!(code, Some(0), "{shown}");
    assert!(site.read("content/local/two.md").contains("authors: []\n"));
    let (shown, code) = on_terminal(&site, &["new", "Three", "--author", "ann-lee"], "");
    assert!(code == Some(0) && !shown.contains("Who writes it?"), "{shown}");
}

#[test]
fn new_can_publish_and_make_a_bundle() {
    let site = TestSite::new().article("local/x", "2026-01-01", "", "x");
    let run = site.run(&["new", "Now out", "--publish", "--bundle", "--json"]);
    assert_eq!(objects(&run), [serde_json::json!({"event": "created", "path": "content/local/now-out/index.md"})]);
    assert_eq!(site.run(&["build", "--strict"]).code, 0);
    assert!(site.has("public/local/now-out/index.html"), "at once, by the clock");
}

#[test]
fn new_overwrites_nothing() {
    let site = TestSite::new().file("content/news/a-headline.md", "mine");
    let run = site.run(&["new", "A headline"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.contains("content/news/a-headline.md already exists"), "{}", run.stderr);
    assert_eq!(site.read("content/news/a-headline.md"), "mine");
    let run = site.run(&["new", "  "]);
    assert_eq!(run.code, 2);
    let run = site.run(&["new", "X", "--section", "../up"]);
    assert_eq!(run.code, 2);
}

#[test]
fn new_says_that_a_section_or_author_is_new() {
    let site = TestSite::new().article("local/x", "2026-01-01", "authors: [Ann Lee]", "x");
    site.write("content/authors/bo-kern.md", "---\nname: Bo Kern\n---\n");
    let run = site.run(&["new", "X", "--section", "locla", "--author", "ann lee"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "content/locla/x.md\n"));
    assert!(run.stderr.contains("new section: `locla`") && run.stderr.contains("did you mean `local`?"));
    assert!(!run.stderr.contains("author"), "{}", run.stderr);
    let run = site.run(&["new", "Y", "--section", "Sport & Spiel", "--author", "bo-kren"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "content/sport-spiel/y.md\n"), "{}", run.stderr);
    assert!(run.stderr.contains("new section: `sport-spiel`"), "{}", run.stderr);
    assert!(run.stderr.contains("new author: `bo-kren`") && run.stderr.contains("did you mean `bo-kern`?"));
    for bad in ["", "..", "a/b", "_drafts", "authors", ".hidden"] {
        let before = crate::fixture::tree(site.root());
        let run = site.run(&["new", "Z", "--section", bad]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{bad}: {}", run.stderr);
        assert!(run.stderr.contains(&format!("`{bad}` cannot be a section")), "{bad}: {}", run.stderr);
        assert_eq!(crate::fixture::tree(site.root()), before, "{bad}");
    }
}

#[test]
fn new_goes_into_the_section_that_was_used_last() {
    let created = |site: &TestSite, arguments: &[&str]| {
        let run = site.run(&[&["new"], arguments].concat());
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{arguments:?}");
        run.stdout.trim_end().to_owned()
    };
    let site = TestSite::new();
    assert_eq!(created(&site, &["One"]), "content/news/one.md", "of a site without articles");
    let site = TestSite::new()
        .article("business/x", "2026-01-01", "", "x")
        .article("Local News/x", "2026-01-03", "draft: true", "x")
        .article("world/x", "2026-01-02", "", "x")
        .file("content/images/a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .file("content/about.md", "---\ntitle: About\n---\n");
    assert_eq!(created(&site, &["One"]), "content/Local News/one.md");
    assert_eq!(created(&site, &["Two", "--section", "local-news"]), "content/Local News/two.md");
    assert_eq!(created(&site, &["Three", "--section", "World"]), "content/world/three.md");
    assert_eq!(created(&site, &["Four"]), "content/world/four.md");
    site.build();
    site.write("site.yaml", "title: The Test\nbase_url: https://test.example\ndefault_section: business\n");
    assert_eq!(site.build().number("rendered"), 0, "no page knows of it");
    assert_eq!(created(&site, &["Five"]), "content/business/five.md");
    site.write("site.yaml", "default_section: a/b\n");
    let run = site.run(&["new", "Six"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("site.yaml:1") && run.stderr.contains("`a/b` cannot be a section"), "{}", run.stderr);
}

#[test]
fn a_build_ends_with_one_line_for_people() {
    let site = TestSite::new()
        .article("local/x", "2026-01-01", "", "x")
        .article("local/draft", "2026-01-01", "draft: true", "x")
        .article("local/soon", "2026-11-27T06:00:00Z", "", "x")
        .article("local/later", "2026-12-24T06:00:00Z", "", "x")
        .article("local/gone", "2026-01-01", "expires: 2026-02-01", "x")
        .file("content/page.md", "---\ntitle: A page\n---\n\n![x](/nope.jpg)\n");
    let run = site.build_as_a_person(&[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let mut lines = run.stdout.lines();
    let line = lines.next().expect("a line");
    let (built, rest) = line.split_once(" in ").expect("a time");
    let (time, noticed) = rest.split_once(" s · ").expect("seconds");
    assert_eq!(built, "Built 1 article → public/");
    assert!(time.parse::<f64>().is_ok(), "{line}");
    assert_eq!(noticed, "1 draft, 2 embargoed, the first until Fri 06:00, 1 expired · 1 warning");
    // The first time, what comes next.
    assert!(lines.next().is_some_and(|line| line.contains("courant serve --open")) && lines.next().is_none());
    let run = site.build_as_a_person(&[]);
    assert!(run.stdout.starts_with("public/ is up to date: 1 article in 0."), "{}", run.stdout);
    assert!(run.stdout.ends_with(&format!(" s · {noticed}\n")), "{}", run.stdout);
    assert_eq!(run.stdout.lines().count(), 1);
    let pages = site.build().number("pages");
    let run = site.build_as_a_person(&["--verbose"]);
    let counts = format!(" · {pages} pages: 0 rendered, 0 written, 0 removed · ");
    assert!(run.stdout.contains(&counts), "{}", run.stdout);
}

#[test]
fn the_line_is_in_colour_where_that_is_wanted() {
    let site = TestSite::new().article("local/x", "2026-01-01", "", "See [this](gone.md).");
    let build = |variables: &[(&str, &str)], flags: &[&str]| {
        let mut command = site.command();
        command.args(["build", "--at", NOW]).args(flags).envs(variables.iter().copied());
        String::from_utf8(command.output().expect("the program runs").stdout).expect("text")
    };
    for (variables, flags, is_painted) in [
        (&[][..], &[][..], false),
        (&[("CLICOLOR_FORCE", "1")], &[], true),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[], false),
        (&[("CLICOLOR_FORCE", "1")], &["--color", "never"], false),
        (&[("NO_COLOR", "1")], &["--color", "always"], true),
        (&[("CLICOLOR_FORCE", "1")], &["--json"], false),
    ] {
        let line = build(variables, flags);
        assert_eq!(line.contains("\u{1b}[33m1 warning\u{1b}[0m"), is_painted, "{variables:?} {flags:?}: {line:?}");
        assert_eq!(line.contains('\u{1b}'), is_painted, "{variables:?} {flags:?}: {line:?}");
    }
}

/// The line of progress is drawn before the first of many things is done, and goes when all are.
#[cfg(unix)]
#[test]
fn a_long_build_tells_on_a_terminal_what_it_is_doing() {
    let site = TestSite::new();
    let text = "Words of an article. ".repeat(400);
    for number in 0..400 {
        site.write_article(&format!("local/n{number}"), "2026-01-01", "tags: [a]", &text);
    }
    let (shown, code) = on_terminal(&site, &["build", "--jobs", "1"], "");
    assert_eq!(code, Some(0), "{shown}");
    let (line, result) = shown.split_once("Built 400 articles").expect("a result");
    assert!(line.contains(" pages") && line.contains(" of "), "{shown:?}");
    assert!(line.ends_with("\u{1b}[2K\u{1b}[1m\u{1b}[32m") || line.contains("\u{1b}[2K"), "{shown:?}");
    assert!(result.contains("courant serve --open"), "{shown:?}");
    let (shown, _) = on_terminal(&site, &["build", "--quiet"], "");
    assert_eq!(shown, "");
}

#[test]
fn warnings_stand_above_the_line_and_are_counted() {
    let site = TestSite::new().article("local/x", "2026-01-01", "", "See [this](gone.md).");
    let run = site.build_as_a_person(&[]);
    assert_eq!(run.code, 0);
    assert!(run.stderr.contains("content/local/x.md:6:5") && run.stderr.contains("gone.md"), "{}", run.stderr);
    assert!(run.stdout.contains(" s · 1 warning\n"), "{}", run.stdout);
    let again = site.build_as_a_person(&[]);
    assert_eq!(again.stderr, run.stderr, "a warning stays as long as its cause");
    let strict = site.build_as_a_person(&["--strict"]);
    assert_eq!(strict.code, 1);
    assert!(strict.stderr.contains("1 warning under --strict; nothing was published"), "{}", strict.stderr);
}

#[test]
fn quiet_prints_errors_only() {
    let site = TestSite::new().article("local/x", "2026-01-01", "", "See [this](gone.md).");
    let run = site.build_as_a_person(&["--quiet"]);
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
    site.write("content/local/bad.md", "---\ntitle: [\n---\n");
    let run = site.build_as_a_person(&["--quiet"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.contains("content/local/bad.md"), "{}", run.stderr);
}

#[test]
fn json_has_stable_keys() {
    let site = TestSite::new().article("local/x", "2026-01-01", "", "See [this](gone.md).");
    let run = site.run(&["build", "--json", "--explain", "--at", NOW]);
    let events = objects(&run);
    let one = |kind: &str| events.iter().find(|event| event["event"] == kind).unwrap_or_else(|| panic!("{kind}"));
    assert_eq!(
        keys(one("diagnostic")),
        ["event", "severity", "message", "hint", "file", "line", "column", "text", "pages"]
    );
    assert_eq!(keys(one("rendered")), ["event", "path", "reason"]);
    assert_eq!(
        keys(one("summary")),
        [
            "event",
            "articles",
            "drafts",
            "embargoed",
            "expired",
            "pages",
            "rendered",
            "written",
            "removed",
            "decoded",
            "warnings",
            "errors",
            "seconds",
            "peak_memory_bytes"
        ]
    );
    assert_eq!((&one("summary")["articles"], &one("summary")["warnings"]), (&1.into(), &1.into()));
    site.write("content/local/bad.md", "---\ntitle: [\n---\n");
    let run = site.run(&["build", "--json"]);
    let events = objects(&run);
    assert_eq!(run.code, 1);
    assert_eq!(events.last().map(|event| event["event"].clone()), Some("failed".into()));
    assert_eq!(keys(events.last().expect("an end")), ["event", "errors", "warnings", "still_public"]);
}

#[test]
fn explain_says_why_each_page_was_rendered() {
    let site = TestSite::new().article("local/a", "2026-01-01", "summary: s", "x").article(
        "local/b",
        "2026-01-02",
        "summary: s",
        "x",
    );
    let explained = |site: &TestSite| {
        let run = site.build_as_a_person(&["--explain"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout.lines().filter(|line| line.starts_with("rendered ")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(explained(&site).iter().all(|line| line.contains("not rendered before")));
    assert!(explained(&site).is_empty());
    site.write_article("local/a", "2026-01-01", "summary: s", "other");
    let lines = explained(&site);
    assert!(lines.contains(&"rendered /local/a/index.html: its source changed".to_owned()), "{lines:?}");
    assert!(lines.contains(&"rendered /feed.xml: the body of an article changed".to_owned()), "{lines:?}");
    site.write_article("local/a", "2026-01-01", "summary: s\ntitle: New", "other");
    let lines = explained(&site);
    assert!(lines.contains(&"rendered /local/b/index.html: a neighbour changed".to_owned()), "{lines:?}");
    assert!(lines.contains(&"rendered /local/index.html: the listing /local/ changed".to_owned()), "{lines:?}");
}

#[test]
fn verify_finds_a_file_that_somebody_else_wrote() {
    let site = TestSite::new().article("local/x", "2026-01-01", "", "Words.");
    site.build();
    assert_eq!(site.try_build(&["--verify"]).code, 0);
    // The same length and time, so that a stamp cannot tell.
    let path = site.path("public/local/x/index.html");
    let time = std::fs::metadata(&path).and_then(|file| file.modified()).expect("a time");
    let text = site.published("local/x/index.html");
    site.write("public/local/x/index.html", text.replace("Words.", "Swords"));
    std::fs::File::options().write(true).open(&path).and_then(|file| file.set_modified(time)).expect("set");
    assert_eq!(site.build().number("rendered"), 0, "a plain build trusts the stamp");
    let run = site.try_build(&["--verify"]);
    assert_eq!(run.code, 1);
    let problems = run.diagnostics();
    assert!(
        problems.iter().any(|one| one.contains("/local/x/index.html is not what its sources make")),
        "{problems:?}"
    );
    assert_eq!(problems.len(), 1, "and no other");
}

#[test]
fn verify_finds_files_that_are_not_planned() {
    let site = TestSite::new().file("site.yaml", "base_url: https://test.example\nkeep: [mine/]\n").article(
        "local/x",
        "2026-01-01",
        "",
        "x",
    );
    site.build();
    site.write("public/local/foreign.txt", "x");
    site.write("public/mine/kept.txt", "x");
    let run = site.try_build(&["--verify"]);
    assert_eq!(run.code, 1);
    let problems = run.diagnostics();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].contains("/local/foreign.txt, which is not planned"), "{problems:?}");
    assert!(site.has("public/mine/kept.txt"));
}

#[test]
fn keep_going_builds_the_rest() {
    let site = TestSite::new()
        .article("local/good", "2026-01-01", "", "x")
        .file("content/local/bad.md", "---\ntitle: [\n---\n")
        .file("content/local/worse.md", "---\ntitle: A\ndate: 2026-02-30\n---\n");
    let run = site.try_build(&[]);
    assert_eq!((run.code, site.has("public/index.html")), (1, false));
    assert_eq!(run.diagnostics().len(), 2, "all broken files of a run are reported at once");
    let run = site.try_build(&["--keep-going"]);
    assert_eq!((run.code, run.diagnostics().len()), (1, 2));
    assert!(site.has("public/local/good/index.html") && !site.has("public/local/bad"));
}

#[test]
fn a_failed_build_leaves_the_output_as_it_was() {
    let site = TestSite::new().article("local/x", "2026-01-01", "", "x");
    site.build();
    let before = site.output();
    site.write_article("local/x", "2026-01-01", "title: New", "{{ <nothing /> }}");
    site.write_article("local/y", "2026-01-01", "", "x");
    assert_eq!(site.try_build(&[]).code, 1);
    assert_eq!(site.output(), before);
    site.write_article("local/x", "2026-01-01", "title: New", "x");
    site.build();
    site.assert_equals_clean("a failed build");
}

#[test]
fn what_a_killed_build_left_goes_also_when_a_failed_build_comes_between() {
    let site = TestSite::new().article("local/x", "2026-01-01", "", "x");
    site.build();
    // A build that was killed had put a page into place, and no log tells of it.
    site.write("public/local/secret/index.html", "what was withdrawn since");
    site.write("public/.courant-staging/0", "half a page");
    site.write_article("local/x", "2026-01-01", "", "{{ <nothing /> }}");
    assert_eq!(site.try_build(&[]).code, 1);
    site.write_article("local/x", "2026-01-01", "", "y");
    site.build();
    site.assert_equals_clean("a killed build, then a failed one");
}

#[test]
fn the_output_may_be_elsewhere() {
    let site = TestSite::new().article("local/x", "2026-01-01", "", "x");
    let elsewhere = crate::fixture::folder();
    let folder = elsewhere.path().join("out");
    let run = site.try_build(&["--output", folder.to_str().expect("a path")]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(folder.join("local/x/index.html").exists() && !site.has("public"));
    let run = site.try_build(&["--output", folder.to_str().expect("a path")]);
    assert_eq!(run.number("rendered"), 0, "each folder has its log");
    assert!(site.build().number("rendered") > 0);
    assert_eq!(site.try_build(&["--output", folder.to_str().expect("a path")]).number("rendered"), 0);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let site = TestSite::new();
    for number in 1..=30 {
        site.write_article(
            &format!("local/n{number}"),
            &format!("2026-01-{number:02}"),
            &format!("tags: [a, b{}]", number % 4),
            "Words.",
        );
    }
    assert_eq!(site.try_build(&["--jobs", "1"]).code, 0);
    let one = site.output();
    site.remove("public");
    site.remove(".courant");
    assert_eq!(site.try_build(&["--jobs", "8"]).code, 0);
    assert_eq!(site.output(), one);
}

#[test]
fn wrong_usage_and_a_wrong_moment_exit_with_2() {
    let site = TestSite::new();
    assert_eq!(site.run(&["build", "--frist"]).code, 2);
    assert_eq!(site.run(&[]).code, 2);
    let run = site.run(&["build", "--at", "soon"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("`soon` is not a date"), "{}", run.stderr);
    assert_eq!(site.run(&["--version"]).code, 0);
    assert_eq!(site.run(&["--help"]).code, 0);
}

/// The names of the commands that a `--help` lists.
fn commands_in(help: &str) -> Vec<String> {
    let listed = help.lines().skip_while(|line| !line.starts_with("Usage:")).skip(1);
    let names = listed.filter_map(|line| line.strip_prefix("  ")).filter(|line| line.starts_with(char::is_alphabetic));
    let names = names.filter_map(|line| line.split("  ").next());
    names.filter(|name| !name.is_empty() && !name.contains(' ') && *name != "help").map(str::to_owned).collect()
}

#[test]
fn every_command_shows_how_it_is_called() {
    let site = TestSite::new();
    let help = |words: &[&str]| site.run(&[words, &["--help"]].concat()).stdout;
    let mut bare = Vec::new();
    for command in commands_in(&help(&[])) {
        let text = help(&[&command]);
        let below = if ["theme", "comments"].contains(&&*command) { commands_in(&text) } else { Vec::new() };
        let within = below.iter().map(|one| (format!("{command} {one}"), help(&[&command, one])));
        bare.extend(
            within.chain([(command.clone(), text)]).filter(|(_, text)| !text.contains("\nExamples:\n  courant ")),
        );
    }
    let bare: Vec<&str> = bare.iter().map(|(name, _)| &**name).collect();
    assert_eq!(bare, ["theme list", "man"], "these take nothing");
}

#[test]
fn a_second_build_waits_for_the_first() {
    let site = TestSite::new().article("local/x", "2026-01-01", "", "x");
    let held = courant::publish::lock(site.root(), || panic!("nobody else builds")).expect("the lock");
    let mut second = site
        .command()
        .args(["build", "--at", NOW])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut line = String::new();
    BufReader::new(second.stderr.take().expect("piped")).read_line(&mut line).expect("a line");
    assert_eq!(line, "another build of this site is running; waiting for it\n");
    std::thread::sleep(Duration::from_millis(200));
    assert!(second.try_wait().expect("a state").is_none(), "it waits");
    assert!(!site.has("public/index.html"));
    drop(held);
    assert!(second.wait().expect("an end").success());
    assert!(site.has("public/local/x/index.html"));
}

#[test]
fn builds_at_once_end_with_one_right_output() {
    let site = TestSite::new();
    for number in 1..=20 {
        site.write_article(&format!("local/n{number}"), "2026-01-01", "tags: [a]", "Words.");
    }
    let start = || {
        let mut command = site.command();
        command.args(["build", "--quiet", "--at", NOW]);
        command.stderr(Stdio::piped()).spawn().expect("the program runs")
    };
    let children: Vec<_> = (0..4).map(|_| start()).collect();
    for child in children {
        let output = child.wait_with_output().expect("an end");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(site.try_build(&["--verify"]).number("rendered"), 0);
    site.assert_equals_clean("four builds at once");
}

#[test]
fn shells_and_man_know_every_command() {
    let site = TestSite::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = site.run(&["completions", shell]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(["precompress", "eject", "completions"].iter().all(|word| run.stdout.contains(word)), "{shell}");
    }
    let unknown = site.run(&["completions", "tcsh"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("bash, elvish, fish, powershell, zsh"), "{}", unknown.stderr);
    let page = site.run(&["man"]).stdout;
    assert!(page.contains(".TH courant 1") && page.contains("courant\\-serve(1)"), "{page}");
}

#[test]
fn a_new_article_is_an_article_whatever_its_headline() {
    let site = TestSite::new();
    for headline in ["_index", "README", "___", &"Long words ".repeat(40)] {
        let run = site.run(&["new", headline, "--publish"]);
        assert_eq!(run.code, 0, "{headline}: {}", run.stderr);
    }
    let now = site.run(&["build"]);
    assert_eq!(now.code, 0, "{}", now.stderr);
    let files: Vec<String> = crate::fixture::tree(&site.path("content/news")).into_keys().collect();
    assert_eq!(files.len(), 4, "{files:?}");
    assert!(files.iter().all(|file| !file.starts_with('_') && file.len() < 130 && file != "index.md"), "{files:?}");
    assert_eq!(
        site.output().keys().filter(|path| path.starts_with("news/") && path.ends_with("/index.html")).count(),
        5
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_standard_output_is_a_failure_of_the_machine() {
    let site = TestSite::new().article("local/a", "2026-11-20", "", "Words.");
    for command in
        [&["list"][..], &["next", "--all"], &["schema"], &["check", "--format", "sarif"], &["list", "--json"]]
    {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("opened");
        let run = site.command().args(command).stdout(full).output().expect("the program runs");
        let said = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(3), "{command:?}: {said}");
        assert!(said.contains("cannot write to standard output: No space left on device"), "{command:?}: {said}");
    }
}

#[test]
fn a_second_withdrawal_publishes_nothing_again_and_takes_no_reason_away() {
    let site =
        TestSite::new().article("local/a", "2026-11-20", "", "Words.").article("local/b", "2026-11-20", "", "Words.");
    let withdraw = |arguments: &[&str]| site.run(&[&["withdraw", "content/local/a.md", "--json"], arguments].concat());
    assert_eq!(withdraw(&["--reason", "Forged.", "--at", "2026-11-21"]).code, 0);
    let before = site.read("content/local/a.md");
    for (arguments, said) in [
        (&["--reason", "Forged.", "--at", "2027-06-01"][..], "a later moment would publish it until then"),
        (&["--at", "2026-11-21"], "this gives readers a reason, which would be lost"),
    ] {
        let run = withdraw(arguments);
        assert!(run.code == 1 && run.diagnostics()[0].contains(said), "{:?}", run.diagnostics());
        assert_eq!(site.read("content/local/a.md"), before);
    }
    assert_eq!(withdraw(&["--reason", "Other words.", "--at", "2026-11-21"]).code, 0);
    assert!(site.read("content/local/a.md").contains("Other words."));
    assert_eq!(withdraw(&["--reason", "Other words.", "--at", "2026-11-20"]).code, 0);
}

/// What stops a build is never hidden behind a warning at its place.
#[test]
fn what_a_build_refuses_the_check_refuses_too() {
    let article = "---\ntitle: First words\ndate: 2026-11-01\nauthors: [Ann Lee]\n---\nx\n";
    for files in [
        vec![("content/n/a.md", article), ("content/n/a/index.md", article)],
        vec![("content/n/a.md", "---\ntitle: A\ndate: 2026-11-01\ntiem: noon\ntime: noon\n---\nx\n")],
        vec![(
            "content/n/a.md",
            "---\ntitle: A\ndate: 2026-11-01\ndraft: perhaps\nimage: none.jpg\n---\n![](none.jpg)\n",
        )],
    ] {
        let site = TestSite::new();
        files.iter().for_each(|(path, text)| site.write(path, text));
        let built = site.try_build(&[]);
        assert_eq!(built.code, 1, "{files:?}");
        let checked = site.run(&["check", "--json", "--at", NOW]);
        assert_eq!(checked.code, 1, "{files:?}");
        let told = checked.diagnostics();
        for error in built.diagnostics().iter().filter(|one| one.starts_with("error")) {
            assert!(told.contains(error), "{error}: {told:?}");
        }
    }
}
