//! Bad input: each gets a clear diagnostic or a safe page; never a crash, a hang, a leak or a lost file.

use std::fs;
use std::path::Path;

use crate::fixture::{Run, TestSite, tree};
use quick_xml::events::Event;

const DATE: &str = "2026-11-01";

/// Builds, which must be refused with exactly these diagnostics and leave `public/` as it was.
fn refused(site: &TestSite, wanted: &[&str]) -> Run {
    let before = site.output();
    let run = site.build_in_time();
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
            let bad = text.chars().find(|c| courant::text::is_forbidden(*c));
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
    let conflict = "<<<<<<< HEAD\nOne.\n=======\nTwo.\n>>>>>>> topic\n";
    site.write_article("local/body", DATE, "", &format!("Text.\n\n{conflict}"));
    let section = format!("---\ntitle: Local\n---\n{conflict}");
    site.write("content/local/_index.md", section);
    refused(
        &site,
        &[
            "error content/local/_index.md:4:1 unresolved merge conflict",
            "error content/local/body.md:8:1 unresolved merge conflict",
        ],
    );
    site.write("content/local/_index.md", "---\ntitle: Local\n---\n");
    site.write_article("local/body", DATE, "", &format!("```\n{conflict}```\n"));
    assert!(site.build().diagnostics().is_empty());
    let front = "title: A\n<<<<<<< HEAD\ndate: 2026-11-01\n=======\ndate: 2026-11-02\n>>>>>>> topic\n";
    site.write("content/local/body.md", format!("---\n{front}---\n\nText.\n"));
    refused(&site, &["error content/local/body.md:3:1 unresolved merge conflict"]);
}

#[test]
fn tabs_in_yaml() {
    let site = good_site()
        .file("content/local/a.md", "---\ntitle: A\ntags:\n\t- x\n---\n")
        .file("content/local/b.md", "---\ntitle: A\n\tdate: 2026-01-01\n---\n");
    let run = refused(
        &site,
        &[
            "error content/local/a.md:4:1 a tab where YAML wants spaces",
            "error content/local/b.md:3:1 a tab where YAML wants spaces",
        ],
    );
    assert_eq!(run.hints(), ["indent with spaces", "indent with spaces"]);
}

#[test]
fn alias_bombs() {
    let mut bomb = String::from("a: &a [x,x,x,x,x,x,x,x,x]\n");
    for pair in "abcdefghijkl".as_bytes().windows(2) {
        let (from, to) = (pair[0] as char, pair[1] as char);
        bomb += &format!("{to}: &{to} [*{from},*{from},*{from},*{from},*{from},*{from},*{from},*{from},*{from}]\n");
    }
    let site = good_site()
        .file("content/local/a.md", format!("---\ntitle: A\n{bomb}---\n"))
        .file("content/local/good.comments.yaml", &bomb);
    refused(
        &site,
        &[
            "error content/local/a.md:8:8 the aliases (`*name`) repeat far too much",
            "error content/local/good.comments.yaml:6:8 the aliases (`*name`) repeat far too much",
        ],
    );
    let indented: String = bomb.lines().map(|line| format!("  {line}\n")).collect();
    let site = good_site().file("site.yaml", format!("theme_settings:\n{indented}"));
    refused(&site, &["error site.yaml:7:10 the aliases (`*name`) repeat far too much"]);
}

#[test]
fn bytes_that_are_not_utf_8() {
    let site = good_site()
        .file("content/local/a.md", b"---\ntitle: A\ndate: 2026-11-01\n---\n\nOk\ncaf\xe9 here\n")
        .file("content/local/b.md", b"---\ntitle: \xff\n---\n");
    let run = refused(
        &site,
        &[
            "error content/local/a.md:7:4 byte 0xe9 is not UTF-8 text",
            "error content/local/b.md:2:8 byte 0xff is not UTF-8 text",
        ],
    );
    assert_eq!(run.hints()[0], "save the file as UTF-8");
    let site = good_site().file("site.yaml", b"title: A\ndescription: \xff\n");
    refused(&site, &["error site.yaml:2:14 byte 0xff is not UTF-8 text"]);
}

#[cfg(unix)]
#[test]
fn a_file_name_that_is_not_utf_8() {
    use std::os::unix::ffi::OsStrExt;
    let site = good_site();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.md");
    if let Err(error) = fs::write(site.path("content/local").join(name), "---\ntitle: A\n---\n") {
        eprintln!("skipped: this file system has no such names ({error})");
        return;
    }
    refused(&site, &["error content/local/caf\u{FFFD}.md the file name is not UTF-8"]);
}

#[test]
fn control_characters_in_yaml_are_named() {
    let site = good_site()
        .file("content/local/a.md", "---\ntitle: A\nsummary: B \0 C\n---\n")
        .file("content/local/b.md", "---\ntitle: \u{7} B\n---\n");
    refused(
        &site,
        &[
            "error content/local/a.md:3:12 an invisible control character",
            "error content/local/b.md:2:8 an invisible control character",
        ],
    );
}

#[test]
fn control_characters_never_reach_a_page_or_a_feed() {
    let front = "title: \"A \\0 \\x07 B &#1;\"\nsummary: \"S \\x02 &#x1b;\"\ntags: [\"x\\x01y\"]\nauthors: [\"A\\x03nn\"]\nseries: \"S\\x04\"\nsource: \"T\\x05\"\nimage: {src: /p.svg, caption: \"C\\x06\", alt: \"D\\x0e\"}\ncorrections: [\"E\\x0f\"]\nown: \"F\\x10\"\nid: \"G\\x11\"";
    let body = "Ok \0 \u{1} \u{1b} \u{c} \u{ffff} &#1; &#xFFFE; <b title=\"&#2;\">x</b> `c\u{3}`\n\n## Head \u{4}\n\n```\n\u{5}\n```\n\n![p\u{6}](/p.svg \"t\u{7}\")";
    let site = TestSite::new()
        .file("static/p.svg", "<svg width=\"3\" height=\"2\"/>")
        .file("content/local/_index.md", "---\ntitle: \"Lo\\x01cal\"\ndescription: \"\\x02\"\n---\n\nHere \u{3}\n")
        .file("content/authors/ann.md", "---\nname: \"A\\x01nn\"\nbio: \"\\x02b\"\n---\n\nShe \u{3}\n")
        .article("local/a", DATE, front, body)
        .file(
            "content/local/a.comments.yaml",
            "- {id: \"1\", name: \"N\\x01\", text: \"T\\x02 &#3;\", date: 2026-11-02}\n",
        );
    site.build();
    assert_well_formed(&site);
    assert!(site.published("feed.xml").contains("A B"));

    site.write(
        "site.yaml",
        "title: \"A \\x01 B\"\npublisher: {name: \"P\\x03\"}\nmenu: [{title: \"\\x04M\", url: /about/}]\n",
    );
    refused(
        &site,
        &[
            "error site.yaml:1:1 `title` has an invisible control character",
            "error site.yaml:3:1 `menu` has an invisible control character",
            "error site.yaml:2:1 `publisher` has an invisible control character",
        ],
    );
}

#[test]
fn dates_that_do_not_exist_or_lie_beyond_the_calendar() {
    let site = good_site()
        .article("local/a", DATE, "updated: 2026-02-30", "")
        .article("local/b", DATE, "expires: 12026-01-01", "")
        .article("local/c", DATE, "expires: yesterday", "")
        .article("local/d", DATE, "updated: -0044-03-15", "")
        .article("local/e", DATE, "updated: 0000-01-01", "")
        .article("local/f", "9999-12-31T23:59:59-12:00", "", "")
        .article("local/g", DATE, "updated: 2026-11-01T25:00", "")
        .article("local/h", "0000-00-00 00:00:00", "", "")
        .file("content/local/2026-02-30-leap.md", "---\ntitle: Leap\n---\n");
    let run = refused(
        &site,
        &[
            "error content/local/2026-02-30-leap.md the date `2026-02-30` in the file name does not exist",
            "error content/local/a.md:4:10 the date `2026-02-30` does not exist",
            "error content/local/b.md:4:10 the date `12026-01-01` lies beyond the year 9999",
            "error content/local/c.md:4:10 `yesterday` is not a date",
            "error content/local/d.md:4:10 the date `-0044-03-15` lies before the year 1",
            "error content/local/e.md:4:10 the date `0000-01-01` lies before the year 1",
            "error content/local/f.md:3:7 the date `9999-12-31T23:59:59` lies beyond the year 9999",
            "error content/local/g.md:4:10 the date `2026-11-01T25:00` does not exist",
            "error content/local/h.md:3:7 the date `0000-00-00 00:00:00` does not exist",
        ],
    );
    assert_eq!(run.hints()[1], "write a day of that month; the last one is `2026-02-28`");
    assert_eq!(run.hints()[3], "write `2026-11-23` or `2026-11-23T14:05:00+01:00`");
}

#[test]
fn a_bad_entry_of_a_list_is_told_at_its_own_line() {
    let site = good_site()
        .article("local/a", DATE, "tags:\n  - x\n  - Star Wars: Episode", "")
        .article("local/b", DATE, "authors:\n  - Ann\n  - {role: x, place: y}", "")
        .article("local/c", DATE, "sources:\n  - Ann\n  - {role: x}", "");
    let run = refused(
        &site,
        &[
            "error content/local/a.md:6:5 the colon in an entry of `tags` makes a key of `Star Wars`",
            "error content/local/b.md:6:5 an entry of `authors` has no `name`",
            "error content/local/c.md:6:5 `sources` has no `name`",
        ],
    );
    assert_eq!(run.hints()[0], "put it in quotation marks: `\"Star Wars: Episode\"`");
}

#[test]
fn an_item_that_is_indented_unlike_the_others_is_never_part_of_the_one_above() {
    let site = good_site()
        .article("local/a", DATE, "authors:\n- Ines Vale\n - Bo Marsh\naliases:\n- /old-a/\n - /old-b/", "")
        .article("local/b", DATE, "corrections:\n  - It was two.\n    - It was three.", "")
        .article("local/c", DATE, "tags: harbour\n  - bus", "")
        .article("local/d", DATE, "tags:\n- [a, b]\n- \n  c\n   -", "");
    let run = refused(
        &site,
        &[
            "error content/local/a.md:6:2 this line is read as part of `Ines Vale`, not as an item of its own",
            "error content/local/b.md:6:5 this line is read as part of `It was two.`, not as an item of its own",
            "error content/local/c.md:5:3 this line is read as part of `harbour`, not as an item of its own",
            "error content/local/d.md:8:4 this line is read as part of `c`, not as an item of its own",
        ],
    );
    assert_eq!(
        run.hints()[0],
        "indent all items of a list alike; if it is text, put the whole value in quotation marks"
    );
    // What programs wrap, blocks and quoted text have such lines.
    let long = "The harbour will be closed for the whole of the winter, the port authority says,";
    let site = TestSite::new()
        .article("local/a", DATE, &format!("summary: {long}\n  - and longer"), "")
        .article("local/b", DATE, "summary: >\n  One\n  - two", "")
        .article("local/c", DATE, "summary: \"One\n  - two\"", "");
    assert_eq!(site.build().diagnostics(), [""; 0]);
    assert!(site.published("local/a/index.html").contains("says, - and longer"));
}

#[test]
fn dates_at_the_ends_of_the_calendar_make_good_feeds() {
    let site = TestSite::new()
        .article("local/first", "0001-01-02", "", "x")
        .article("local/last", "9999-12-29", "", "x")
        .flag("--future");
    site.build();
    assert_well_formed(&site);
    assert!(site.has("public/local/last/index.html") && site.has("public/local/first/index.html"));
    site.assert_equals_clean("dates at the ends");
}

#[test]
fn slugs_and_permalinks_that_leave_the_site() {
    let site = good_site()
        .article("local/a", DATE, "slug: ../../x", "")
        .article("local/b", DATE, "slug: /etc/passwd", "")
        .article("local/c", DATE, "slug: \"..\"", "")
        .article("local/d", DATE, "permalink: ../../../x", "")
        .article("local/e", DATE, "permalink: /.courant/log", "")
        .article("local/f", DATE, "permalink: https://evil.example/", "");
    let run = refused(
        &site,
        &[
            "error content/local/a.md:4:7 the slug `../../x` is a path",
            "error content/local/b.md:4:7 the slug `/etc/passwd` is a path",
            "error content/local/c.md:4:7 the slug `..` is a path",
            "error content/local/d.md:4:12 `../../../x` is a path that leaves its folder",
            "error content/local/e.md:4:12 `/.courant/log` is a path that courant needs for itself",
            "error content/local/f.md:4:12 `https://evil.example/` is an address of another site",
        ],
    );
    assert_eq!(run.hints()[0], "a slug is one name, such as `harbour-tunnel`; use `permalink` for a whole address");
}

#[test]
fn aliases_that_leave_the_site() {
    let site = good_site()
        .article("local/a", DATE, "aliases: [/old/, https://evil.example/x, /a/../../b, //evil.example]", "")
        .article("local/b", DATE, "redirect_from:\n  - /fine/\n  - 'C:\\x'", "");
    let run = refused(
        &site,
        &[
            "error content/local/a.md:4:18 `https://evil.example/x` is an address of another site",
            "error content/local/a.md:4:42 `/a/../../b` is a path that leaves its folder",
            "error content/local/a.md:4:54 `//evil.example` is an address of another site",
            "error content/local/b.md:6:6 `C:\\x` is a path with a character that addresses cannot have",
        ],
    );
    assert_eq!(run.hints()[0], "write a path of the site, such as `/2026/old-name/`");
}

#[test]
fn names_without_letters_and_encoded_dots_stay_inside() {
    let site = TestSite::new()
        .article("local/a", DATE, "slug: \"\"", "x")
        .article("local/b", DATE, "slug: \"!!!\"", "x")
        .article("local/\u{1F525}", DATE, "", "x");
    site.build();
    let articles = site.output().into_keys().filter(|path| path.ends_with("index.html")).count();
    assert!(articles >= 3);
    let beside: Vec<_> =
        fs::read_dir(site.root()).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    let known = ["site.yaml", "content", "public", ".courant"];
    assert!(beside.iter().all(|name| known.iter().any(|known| name == *known)), "{beside:?}");
    assert_eq!(site.build().number("rendered"), 0, "no two of them share a file");
    site.write_article("local/c", DATE, "permalink: /%2e%2e/%2e%2e/x/", "x");
    site.write_article("local/d", DATE, "aliases: [/%2e%2e/%2e%2e/y/, /a%2fb/, /gr%fc%dfe/]", "x");
    site.write_article("local/e", DATE, "slug: \"%2e%2e%2fz\"", "x");
    site.write_article("local/f", DATE, "slug: \"%252e%252e\"\ndraft: true", "x");
    site.write_article("local/g", DATE, "permalink: /%252e%252e/x/", "x");
    refused(
        &site,
        &[
            "error content/local/c.md:4:12 `/%2e%2e/%2e%2e/x/` is a path that leaves its folder",
            "error content/local/d.md:4:11 `/%2e%2e/%2e%2e/y/` is a path that leaves its folder",
            "error content/local/d.md:4:30 `/a%2fb/` is a path with an encoded slash",
            "error content/local/d.md:4:39 `/gr%fc%dfe/` is encoded in another way than UTF-8",
            "error content/local/e.md:4:7 the slug `%2e%2e%2fz` is a path with an encoded slash",
            "error content/local/f.md:4:7 the slug `%252e%252e` is a path that is encoded twice",
            "error content/local/g.md:4:12 `/%252e%252e/x/` is a path that is encoded twice",
        ],
    );
}

#[test]
fn two_sources_with_one_address() {
    let site =
        good_site().article("local/a", DATE, "slug: good", "").article("world/b", DATE, "permalink: /local/good/", "");
    let run = refused(
        &site,
        &[
            "error content/local/good.md:2:8 content/local/a.md and content/local/good.md both want the address /local/good/",
            "error content/world/b.md:4:12 content/local/good.md and content/world/b.md both want the address /local/good/",
        ],
    );
    assert_eq!(run.hints()[0], "give one of them another `slug` or `permalink`, or remove one");
}

#[test]
fn of_two_files_for_one_thing_none_is_lost_without_a_word() {
    let site = good_site()
        .file("content/_index.md", "---\ntitle: Home\nfront: { notice: { text: Strike } }\n---\nOne.\n")
        .file("content/index.md", "---\ntitle: Jekyll\n---\nTwo.\n")
        .file("content/local/_index.md", "---\ntitle: Local\n---\nOne.\n")
        .file("content/local/_index.markdown", "---\ntitle: Near\n---\nTwo.\n")
        .file("content/authors/ann.md", "---\nname: Ann Lee\n---\nOne.\n")
        .file("content/authors/Ann.md", "---\nname: Ann L.\ndraft: true\n---\nTwo.\n");
    let wanted = [
        "error content/authors/ann.md:2:7 content/authors/Ann.md and content/authors/ann.md are both the profile of `ann`",
        "error content/index.md:2:8 content/_index.md and content/index.md are both the file of the front page",
        "error content/local/_index.md:2:8 content/local/_index.markdown and content/local/_index.md are both the file of the section `local`",
    ];
    let run = refused(&site, &wanted);
    assert!(run.hints().iter().all(|hint| *hint == "move what both say into one of them, and remove the other one"));
    let checked = site.run(&["check", "--json"]);
    let found = checked.diagnostics();
    assert!(wanted.iter().all(|one| found.iter().any(|other| other == one)), "{found:?}");
    for path in ["content/index.md", "content/local/_index.markdown", "content/authors/Ann.md"] {
        site.remove(path);
    }
    // Another language has a file of its own.
    site.write("site.yaml", "title: T\nbase_url: https://test.example\nlanguages: {en: {}, de: {}}\n");
    site.write("content/_index.de.md", "---\ntitle: Start\n---\n");
    site.write("content/authors/ann.de.md", "---\nname: Ann Lee\n---\n");
    site.build();
    site.write("content/_index.en.md", "---\ntitle: Start\n---\n");
    let run = site.build_in_time();
    assert_eq!(
        run.diagnostics(),
        [
            "error content/_index.md:2:8 content/_index.en.md and content/_index.md are both the file of the front page in the language `en`"
        ]
    );
}

#[test]
fn a_file_that_speaks_for_nothing_says_so() {
    let site = TestSite::new()
        .article("local/a", DATE, "", "Text.")
        .file("content/index.md", "---\ntitle: Home\ndate: 2026-11-01\n---\nOne.\n")
        .file("content/authors/_index.md", "---\ntitle: Our staff\n---\nTwo.\n")
        .file("content/authors/index.md", "---\nname: Our staff\n---\nThree.\n")
        .file("content/2019/_index.md", "---\ntitle: A good year\n---\nFour.\n");
    let warnings = [
        "warning content/2019/_index.md:2:8 the folder of a year is not a section, so what this file says is shown nowhere",
        "warning content/authors/_index.md:2:8 the list of authors has no file of its own, so what this file says is shown nowhere",
        "warning content/authors/index.md:2:7 this is read as the profile of an author whose id is `index`, and not as a page",
        "warning content/index.md:3:1 this is the file of the front page: it is in no list and no feed, even with a date",
    ];
    let run = site.build();
    assert_eq!(run.diagnostics(), warnings);
    assert_eq!(run.hints().len(), 4);
    assert_eq!(site.build().diagnostics(), warnings, "it is said again as long as it is there");
}

#[test]
fn a_collision_with_a_generated_list_names_the_source_and_what_to_change() {
    let site = good_site().article("local/a", DATE, "tags: [x]", "");
    let (tags, years) = ("`taxonomies: [authors, series]`", "`archives: false`");
    for (path, front, line, cures) in [
        ("content/tags/_index.md", "title: Tags", 2, ["rename the folder `content/tags/`", tags]),
        ("content/tags.md", "title: Tags", 2, ["give `content/tags.md` another `slug`", tags]),
        ("content/archive.md", "title: All", 2, ["give `content/archive.md` another `slug`", years]),
        ("content/2026.md", "title: Year", 2, ["give `content/2026.md` another `slug`", years]),
        ("content/b.md", "title: B\ndate: 2026-11-01\ncategories: [Tags]", 4, ["give the category `Tags`", tags]),
        ("content/b.md", "title: B\ndate: 2026-11-01\ncategories: Archive", 4, ["give the category `Archive`", years]),
    ] {
        site.write(path, format!("---\n{front}\n---\n\nText.\n"));
        let run = site.try_build(&[]);
        let said = run.diagnostics();
        assert_eq!((run.code, said.len()), (1, 1), "{said:?}");
        assert!(said[0].starts_with(&format!("error {path}:{line}:")), "{said:?}");
        assert!(cures.iter().all(|cure| run.hints()[0].contains(cure)), "{:?}", run.hints());
        site.remove(path);
    }
}

#[test]
fn a_source_with_the_address_of_a_generated_page() {
    let site = good_site()
        .article("local/a", DATE, "permalink: /tags/\ntags: [x]", "")
        .article("local/b", DATE, "permalink: /local/", "")
        .article("local/c", DATE, "permalink: /404.html", "")
        .article("local/d", DATE, "aliases: [/]", "")
        .file("static/sitemap.xml", "mine");
    let run = refused(
        &site,
        &[
            "error content/local/a.md:4:12 content/local/a.md and the generated tags/index.html both want the address /tags/",
            "error content/local/b.md:4:12 content/local/b.md and the section `local` both want the address /local/",
            "error content/local/c.md:4:12 content/local/c.md and the generated 404.html both want the address /404.html",
            "error content/local/d.md:4:11 the alias of content/local/d.md and the generated index.html both want the address /",
            "error static/sitemap.xml static/sitemap.xml and the generated sitemap.xml both want the address /sitemap.xml",
        ],
    );
    assert_eq!(run.hints()[3], "remove the alias, or give it another address");
    assert_eq!(run.hints()[4], "rename or remove the file");
}

#[test]
fn a_file_where_another_page_wants_a_folder() {
    let site = good_site()
        .article("local/a", DATE, "aliases: [/sitemap.xml]", "")
        .article("local/b", DATE, "permalink: /local/b.html", "")
        .article("local/c", DATE, "permalink: /local/b.html/c/d/", "");
    refused(
        &site,
        &[
            "error content/local/a.md:4:11 the generated sitemap.xml and the alias of content/local/a.md both want the address /sitemap.xml",
            "error content/local/c.md:4:12 content/local/b.md and content/local/c.md both want the address /local/b.html",
        ],
    );
}

#[test]
fn megabytes_on_one_line() {
    const LONG: usize = 3_000_000;
    let words = "word ".repeat(LONG / 5);
    let site = TestSite::new()
        .article("local/words", DATE, "", &words)
        .article("local/letters", DATE, "", &"x".repeat(LONG))
        .article("local/title", DATE, &format!("title: {}", "A".repeat(LONG)), "x");
    let run = site.build_in_time();
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(site.published("local/words/index.html").len() > LONG - 10);

    site.write("content/local/title.md", format!("---\ntitle: {}: x\n---\n", "A".repeat(LONG)));
    let run = site.build_in_time();
    assert_eq!(run.code, 1);
    assert!(run.stdout.len() < 10_000, "so long a line is not printed");
    assert!(run.diagnostics()[0].starts_with("error content/local/title.md:2:"), "{:?}", run.diagnostics());
}

#[test]
fn ten_thousand_nested_quotes_and_lists() {
    let steps: String = (0..1000).map(|depth| format!("{}- x\n", "  ".repeat(depth))).collect();
    let bodies = [
        ">".repeat(10_000) + " x",
        "- ".repeat(10_000) + "x",
        "1. ".repeat(10_000) + "x",
        "> - ".repeat(5_000) + "x",
        "*a **a ".repeat(10_000) + "x",
        "[".repeat(10_000) + "a" + &"](b)".repeat(10_000),
        "![".repeat(10_000) + "a" + &"](b)".repeat(10_000),
        "<div>".repeat(10_000),
        "[^a]: > ".repeat(3_000),
        "#".repeat(10_000),
        steps,
    ];
    let site = TestSite::new();
    for (number, body) in bodies.iter().enumerate() {
        site.write_article(&format!("local/a{number}"), DATE, "", body);
    }
    let run = site.build_in_time();
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert_eq!(run.number("articles"), bodies.len() as u64);

    site.write(
        "content/local/yaml.md",
        format!("---\ntitle: A\nx: {}{}\n---\n", "[".repeat(10_000), "]".repeat(10_000)),
    );
    let run = site.build_in_time();
    assert_eq!(run.code, 1);
    let errors: Vec<_> = run.diagnostics().into_iter().filter(|one| one.starts_with("error")).collect();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].starts_with("error content/local/yaml.md:3:"), "{errors:?}");
    assert!(errors[0].ends_with(" the value is nested too deeply"), "{errors:?}");
}

#[cfg(unix)]
#[test]
fn symbolic_links_that_leave_the_site_or_loop() {
    use std::os::unix::fs::symlink;
    let site = good_site();
    let secret = crate::fixture::folder();
    fs::write(secret.path().join("secret.md"), "---\ntitle: Secret\n---\n").expect("written");
    symlink(secret.path(), site.path("content/local/folder")).expect("a link");
    symlink(secret.path().join("secret.md"), site.path("content/local/file.md")).expect("a link");
    symlink("loop", site.path("content/local/loop")).expect("a link");
    symlink(".", site.path("content/local/self")).expect("a link");
    symlink("..", site.path("content/local/up")).expect("a link");
    symlink("good.md", site.path("content/local/inside.md")).expect("a link");
    let run = site.build_in_time();
    assert_eq!(run.code, 0, "{}", run.stderr);
    let loops = run.diagnostics().into_iter().find(|one| one.contains("local/loop ")).expect("the loop is told");
    assert!(loops.starts_with("warning content/local/loop a symbolic link that leads nowhere"), "{loops}");
    let others: Vec<_> = run.diagnostics().into_iter().filter(|one| !one.contains("local/loop ")).collect();
    assert_eq!(
        others,
        [
            "warning content/local/file.md a symbolic link that leads out of the site; it is left out",
            "warning content/local/folder a symbolic link that leads out of the site; it is left out",
            "warning content/local/self a symbolic link that leads back to a folder above it; it is left out",
            "warning content/local/up a symbolic link that leads back to a folder above it; it is left out",
        ]
    );
    assert!(site.has("public/local/inside/index.html"), "a link within the site is followed");
    assert!(!site.output().values().any(|bytes| String::from_utf8_lossy(bytes).contains("Secret")));
}

#[cfg(unix)]
#[test]
fn a_whole_folder_that_is_a_link_out_of_the_site() {
    use std::os::unix::fs::symlink;
    let secret = crate::fixture::folder();
    fs::write(secret.path().join("secret.txt"), "secret").expect("written");
    let site = good_site().file("site.yaml", "base_url: https://test.example\ntheme: mine\n");
    fs::create_dir(site.path("themes")).expect("a folder");
    symlink(secret.path(), site.path("themes/mine")).expect("a link");
    symlink(secret.path(), site.path("static")).expect("a link");
    let run = site.build_in_time();
    assert_eq!(run.code, 1);
    for folder in ["static", "themes/mine"] {
        let wanted = format!("error {folder} this folder is a symbolic link that leads out of the site");
        assert!(run.diagnostics().contains(&wanted), "{:?}", run.diagnostics());
    }
    assert!(!site.has("public/secret.txt"));
}

#[cfg(unix)]
#[test]
fn pipes_are_left_out_and_never_waited_for() {
    use nix::sys::stat::Mode;
    let pipe = |site: &TestSite, path: &str| nix::unistd::mkfifo(&site.path(path), Mode::S_IRWXU).expect("a pipe");
    let site = good_site().file("static/a.txt", "a").file("data/a.yaml", "a: 1");
    for path in ["content/local/pipe.md", "static/pipe.txt", "data/pipe.yaml"] {
        pipe(&site, path);
    }
    let run = site.build_in_time();
    assert_eq!(run.code, 0, "{}", run.stderr);
    let left_out = "not a regular file (a pipe, socket or device); it is left out";
    assert_eq!(
        run.diagnostics(),
        [
            format!("warning content/local/pipe.md {left_out}"),
            format!("warning data/pipe.yaml {left_out}"),
            format!("warning static/pipe.txt {left_out}"),
        ]
    );
    site.write("themes/mine/templates/404.html", "x");
    pipe(&site, "themes/mine/theme.yaml");
    site.write("site.yaml", "theme: mine\nbase_url: https://test.example\n");
    let run = site.build_in_time();
    assert_eq!(run.code, 1);
    assert_eq!(run.diagnostics(), ["error themes/mine/theme.yaml cannot read this file: it is not a regular file"]);
    site.remove("site.yaml");
    pipe(&site, "site.yaml");
    let run = site.build_in_time();
    assert_eq!(run.code, 1);
    assert_eq!(run.diagnostics(), ["error site.yaml cannot read the configuration: it is not a regular file"]);
}

#[cfg(unix)]
#[test]
fn unreadable_files_and_folders() {
    use std::os::unix::fs::PermissionsExt;
    if is_root() {
        eprintln!("skipped: root can read everything");
        return;
    }
    let site = good_site().article("local/a", DATE, "", "").article("world/b", DATE, "", "");
    let set = |path: &str, mode| fs::set_permissions(site.path(path), fs::Permissions::from_mode(mode)).expect("set");
    set("content/local/a.md", 0);
    set("content/world", 0);
    refused(
        &site,
        &[
            "error content/local/a.md cannot read this file: Permission denied (os error 13)",
            "error content/world cannot list this folder: Permission denied (os error 13)",
        ],
    );
    set("content/world", 0o755);
}

#[test]
fn a_folder_named_like_an_article() {
    let site = TestSite::new()
        .article("local/x.md/inner", DATE, "", "Inside.")
        .article("local/y.md/index", DATE, "", "A bundle.")
        .file("content/empty.md/.keep", "");
    site.build();
    assert!(site.published("local/inner/index.html").contains("Inside."));
    assert!(site.published("local/y-md/index.html").contains("A bundle."));
}

#[test]
fn a_title_cannot_end_a_script_or_a_cdata_section() {
    let evil = "</script><script>alert(1)</script> ]]> <!-- & \" '";
    let yaml = serde_json::to_string(evil).expect("text");
    // A comment is an error there, unless it is text.
    let text = yaml.replace("<!--", "&lt;!--");
    let front = format!(
        "title: {text}\nsummary: {text}\ntags: [{text}]\nauthors: [{text}]\nseries: {text}\nsource: {text}\nimage: {{src: /p.svg, alt: {text}, caption: {text}, credit: {text}}}\ncorrections: [{{date: 2026-11-02, text: {text}}}]"
    );
    let site = TestSite::new()
        .file("site.yaml", format!("title: {yaml}\nbase_url: https://t.example\ndescription: {yaml}\npublisher: {{name: {yaml}}}\nmenu: [{{title: {yaml}, url: /x/}}]\n"))
        .file("static/p.svg", "<svg width=\"3\" height=\"2\"/>")
        .file("content/local/_index.md", format!("---\ntitle: {text}\ndescription: {text}\n---\n"))
        .article("local/a", DATE, &front, "Body ]]> and `</script>`.");
    site.build();
    assert_well_formed(&site);
    for (path, bytes) in site.output() {
        if !path.ends_with(".html") {
            continue;
        }
        let text = String::from_utf8(bytes).expect("text");
        assert!(!text.contains("<script>alert"), "{path}");
        for script in text.split("<script type=\"application/ld+json\">").skip(1) {
            let json = script.split("</script").next().expect("an end");
            serde_json::from_str::<serde_json::Value>(json).unwrap_or_else(|error| panic!("{path}: {error}: {json}"));
        }
    }
    let page = site.published("local/a/index.html");
    let json =
        page.split("application/ld+json\">").nth(1).and_then(|rest| rest.split("</script").next()).expect("JSON-LD");
    let value: serde_json::Value = serde_json::from_str(json).expect("JSON");
    assert!(value.to_string().contains("alert(1)"), "the title is there, whole: {value}");
}

#[test]
fn braces_in_a_body_are_text() {
    let body = "A {{ site.title }} {% if x %} {# gone? #} ${y} {{ <3 }} }} {{\n\n{{ not a component }}\n\n{% raw %}\n\n    {{ code }}";
    let site = TestSite::new().article("local/a", DATE, "title: 'T {{ 1 + 1 }} {% x %}'", body);
    site.build();
    let page = site.published("local/a/index.html");
    for text in [
        "A {{ site.title }} {% if x %} {# gone? #} ${y} {{ &lt;3 }} }} {{",
        "{{ not a component }}",
        "{% raw %}",
        "{{ code }}",
        "T {{ 1 + 1 }} {% x %}",
    ] {
        assert!(page.contains(text), "{text} in {page}");
    }
}

fn with_theme(template: &str, source: &str) -> TestSite {
    let site = good_site()
        .file("site.yaml", "title: The Test\nbase_url: https://test.example\ntheme: mine\n")
        .file("themes/mine/theme.yaml", "name: mine\napi: 1\nextends: broadsheet\n");
    site.write(&format!("themes/mine/templates/{template}"), source);
    site
}

#[test]
fn a_template_that_includes_or_extends_itself() {
    for (source, message) in [
        ("<p>\n{% include \"404.html\" %}", "2:4 the template includes itself: mine/404.html → mine/404.html"),
        ("{% extends \"404.html\" %}", "1:4 the template extends itself: mine/404.html → mine/404.html"),
        (
            "<p>{% include \"x.html\" %}",
            "1:7 the template includes itself: mine/404.html → mine/x.html → mine/404.html",
        ),
    ] {
        let site = with_theme("404.html", source);
        if source.contains("x.html") {
            site.write("themes/mine/templates/x.html", "{% include \"404.html\" %}");
        }
        refused(&site, &[&format!("error themes/mine/templates/404.html:{message}")]);
    }
}

#[test]
fn a_component_that_calls_itself() {
    let site =
        with_theme("components/echo.html", "{% component echo() %}\n<b>{{ <echo /> }}</b>\n{% endcomponent echo %}");
    site.write("themes/mine/templates/404.html", "{{ <echo /> }}");
    refused(&site, &["error themes/mine/templates/components/echo.html:2:7 the component `echo` calls itself"]);
}

#[test]
fn a_missing_theme() {
    let site = good_site().file("site.yaml", "title: A\ntheme: broadshet\n");
    let run = refused(&site, &["error site.yaml:2:1 there is no theme `broadshet`"]);
    assert_eq!(run.hints(), ["did you mean `broadsheet`?"]);
    let site = with_theme("404.html", "x").file("themes/mine/theme.yaml", "name: mine\nextends: parent\n");
    let run = refused(&site, &["error themes/mine/theme.yaml:2:1 there is no theme `parent`"]);
    assert_eq!(run.hints(), ["the themes here are broadsheet, mine, wire"]);
    let site = good_site().file("site.yaml", "theme: ../elsewhere\n");
    refused(&site, &["error site.yaml:1:1 `theme` is `../elsewhere`"]);
}

#[test]
fn an_article_is_no_file_whatever_its_permalink_is() {
    for (permalink, told) in [
        ("/a.pdf", "`/a.pdf` is the address of a file, and this becomes a page"),
        ("/.htaccess", "`/.htaccess` is the address of a file, and this becomes a page"),
        ("notes.txt", "`notes.txt` is the address of a file, and this becomes a page"),
        ("/{slug}.xml", "`/{slug}.xml` is the address of a file, and this becomes a page"),
        ("/robots.txt", "`/robots.txt` is the address of a file, and this becomes a page"),
        ("/feed.xml", "`/feed.xml` is the address of a file, and this becomes a page"),
    ] {
        let site = good_site().article("local/a", DATE, &format!("permalink: {permalink}"), "x");
        refused(&site, &[&format!("error content/local/a.md:4:12 {told}")]);
    }
    for (permalink, file) in [
        ("/x", "x/index.html"),
        ("/x.html", "x.html"),
        ("/old.php", "old.php/index.html"),
        ("/a.pdf/", "a.pdf/index.html"),
    ] {
        let site = good_site().article("local/a", DATE, &format!("permalink: {permalink}"), "Of this article.");
        site.build();
        assert!(site.published(file).contains("Of this article."), "{permalink}");
    }
    let site = good_site().file("site.yaml", "title: A\npermalink: /{slug}.txt\n");
    let run = refused(
        &site,
        &["error site.yaml:2:1 `permalink` is `/{slug}.txt`: the addresses of files, and articles become pages"],
    );
    assert_eq!(run.hints(), ["write a slash or `.html` at its end"]);
}

#[cfg(unix)]
#[test]
fn what_stands_where_a_folder_of_courant_belongs_is_named_and_left_alone() {
    let nowhere = Path::new("/nowhere/at-all");
    for (name, message) in [
        ("public", "error ./public the output folder is a symbolic link to /nowhere/at-all, which is not there"),
        (
            ".courant",
            "error .courant `.courant` is a symbolic link to /nowhere/at-all, which is not there; courant keeps its build log in a folder of this name",
        ),
    ] {
        let site = TestSite::new().article("local/a", DATE, "", "x");
        std::os::unix::fs::symlink(nowhere, site.path(name)).expect("a link");
        let run = site.try_build(&[]);
        assert_eq!((run.code, run.diagnostics(), run.hints().len()), (1, vec![message.to_owned()], 1));
        let names = |name: &str| fs::symlink_metadata(site.path(name)).is_ok_and(|entry| !entry.is_symlink());
        assert!(!names("public"), "nothing is half made");
    }
    let site = TestSite::new().article("local/a", DATE, "", "x").file(".courant", "mine");
    let run = site.try_build(&[]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.diagnostics(),
        ["error .courant `.courant` is a file; courant keeps its build log in a folder of this name"]
    );
    assert!(site.read(".courant") == "mine" && !site.has("public"));
}

#[cfg(unix)]
#[test]
fn folders_that_may_not_be_written_are_named_and_nothing_is_half_made() {
    use std::os::unix::fs::PermissionsExt;
    if is_root() {
        eprintln!("skipped: root can write everything");
        return;
    }
    for name in ["public", ".courant"] {
        let site = good_site();
        site.build();
        let set = |mode| fs::set_permissions(site.path(name), fs::Permissions::from_mode(mode)).expect("set");
        set(0o555);
        site.write("site.yaml", "title: Another\n");
        let before = site.output();
        let run = site.try_build(&[]);
        set(0o755);
        assert_eq!((run.code, run.hints()), (3, vec!["check the folder's permissions".to_owned()]));
        assert!(run.diagnostics()[0].contains(name), "{:?}", run.diagnostics());
        assert!(site.output() == before && !site.has("public/.courant-staging"), "{name}");
    }
}

#[test]
fn output_folders_that_are_not_ours() {
    let site = good_site().file("other/mine.txt", "mine").file("afile", "x").file("static/a.txt", "a");
    let before = tree(site.root());
    for (output, message) in [
        ("/", "the output folder contains the site's sources"),
        (".", "the output folder contains the site's sources"),
        ("..", "the output folder contains the site's sources"),
        ("content", "the output folder lies in `content`"),
        ("content/../content/new", "the output folder lies in `content`"),
        ("static", "the output folder lies in `static`"),
        (".courant", "the output folder lies in `.courant`"),
        ("other", "the output folder holds files that courant did not write (`mine.txt`)"),
        ("afile", "the output folder is a file"),
    ] {
        let run = site.try_build(&["--output", output]);
        assert_eq!(run.code, 1, "{output}: {}", run.stderr);
        assert_eq!(run.diagnostics(), [format!("error {output} {message}")]);
        assert_eq!(run.hints().len(), 1);
        assert!(tree(site.root()) == before, "{output} is left alone");
    }
    for output in ["/", ".", "..", "../public", "a/../.."] {
        site.write("site.yaml", format!("output: {output}\n"));
        let run = site.try_build(&[]);
        assert_eq!(run.code, 1);
        assert_eq!(run.diagnostics(), [format!("error site.yaml:1:1 `output` is `{output}`")]);
    }
}

#[test]
fn the_output_folder_of_another_site() {
    let (site, other) = (good_site(), good_site());
    let before = other.output();
    let run = site.try_build(&["--output", &other.path("public").display().to_string()]);
    assert_eq!(run.code, 1);
    assert!(run.diagnostics()[0].contains("the output folder belongs to the site in "), "{:?}", run.diagnostics());
    assert_eq!(other.output(), before);
}

#[cfg(unix)]
#[test]
fn an_output_folder_that_links_to_the_sources() {
    let site = TestSite::new().article("local/a", DATE, "", "x");
    std::os::unix::fs::symlink("content", site.path("public")).expect("a link");
    let run = site.try_build(&[]);
    assert_eq!(run.code, 1);
    assert!(run.diagnostics()[0].ends_with("the output folder lies in `content`"), "{:?}", run.diagnostics());
    assert_eq!(tree(&site.path("content")).len(), 2);
}

#[cfg(unix)]
#[test]
fn a_link_in_the_output_folder_that_leads_out_of_it() {
    let site = good_site();
    site.write_article("local/gone", DATE, "", "x");
    site.build();
    // Somebody moves a published folder away and leaves a link to it.
    let elsewhere = crate::fixture::folder();
    let moved = elsewhere.path().join("local");
    crate::fixture::copy(&site.path("public/local"), &moved);
    site.remove("public/local");
    std::os::unix::fs::symlink(&moved, site.path("public/local")).expect("a link");
    fs::write(moved.join("own.txt"), "own").expect("written");
    let before = tree(elsewhere.path());
    site.remove("content/local/gone.md");
    site.write_article("local/new", DATE, "", "x");
    site.build();
    assert_eq!(tree(elsewhere.path()), before, "nothing is written or removed behind the link");
    assert!(fs::symlink_metadata(site.path("public/local")).expect("there").is_dir());
    site.assert_equals_clean("a link out of the output folder");

    // The same below the top.
    let moved = elsewhere.path().join("new");
    site.remove("public/local/new");
    fs::create_dir(&moved).expect("a folder");
    std::os::unix::fs::symlink(&moved, site.path("public/local/new")).expect("a link");
    site.write_article("local/new", DATE, "", "changed");
    site.build();
    assert!(tree(&moved).is_empty());
    site.assert_equals_clean("a deeper link");
}

/// Runs a build whose files cannot grow beyond `kibibytes`, and which is told so by an error.
#[cfg(unix)]
fn build_with_file_limit(site: &TestSite, kibibytes: u32) -> (i32, String) {
    let script =
        format!("trap '' XFSZ; ulimit -f {kibibytes}; exec \"$0\" build --color never --at {}", crate::fixture::NOW);
    let mut command = std::process::Command::new("bash");
    command.current_dir(site.root()).args(["-c", &script, env!("CARGO_BIN_EXE_courant")]);
    let output = command.output().expect("bash runs");
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_whole() {
    let site = good_site().article("local/big", DATE, "", &"words ".repeat(100_000));
    let before = site.output();
    let (code, errors) = build_with_file_limit(&site, 200);
    assert_eq!(code, 3, "{errors}");
    assert!(errors.starts_with("error: cannot write "), "{errors}");
    assert_eq!(site.output(), before, "the last good site is left alone, and nothing half-written beside it");
    site.build();
    site.assert_equals_clean("a failed build");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    let site = good_site();
    let disk = site.path("disk");
    fs::create_dir(&disk).expect("a folder");
    let mount = std::process::Command::new("mount").args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"]).arg(&disk).output();
    if !is_root() || !mount.as_ref().is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: no small file system can be mounted ({mount:?})");
        return;
    }
    let flags = ["--output", "disk/public"];
    let first = site.try_build(&flags);
    let before = tree(&disk);
    for number in 0..20 {
        site.write_article(&format!("local/big{number}"), DATE, "", &"words ".repeat(20_000));
    }
    let full = site.try_build(&flags);
    let after = tree(&disk);
    let unmounted = std::process::Command::new("umount").arg(&disk).status();
    assert_eq!(first.code, 0, "{}", first.stderr);
    assert_eq!(full.code, 3, "{}{}", full.stdout, full.stderr);
    assert!(full.diagnostics()[0].contains("No space left on device"), "{:?}", full.diagnostics());
    assert_eq!(full.hints(), ["make room on the disk and build again"]);
    assert_eq!(after, before, "the last good site is left alone");
    assert!(unmounted.is_ok_and(|status| status.success()));
}

#[test]
fn every_broken_file_is_reported_at_once() {
    let site = good_site()
        .article("local/a", DATE, "kind: reprot\nupdated: never\nimage: {scr: x}", "")
        .file("content/local/b.md", "---\ntitle: B\n")
        .file("content/local/c.md", "+++\ntitle = 'C'\n")
        .file("content/local/d.md", "---\n- a\n---\n")
        .file("content/local/e.md", "---\ntitle: a: b\n---\n")
        .file("content/local/f.md", "---\ntags: [x]\n---\n")
        .file("content/local/g.md", "---\ntitle: A\ndate: 2026-01-01\ntitle: B\n---\n")
        .article("local/h", DATE, "", "{{ <vdeo src=\"x\" /> }}")
        .file("content/local/good.comments.yaml", "name: Ann\n");
    refused(
        &site,
        &[
            "warning content/local/g.md:4:1 the key `title` is there twice; this one counts",
            "error content/local/a.md:4:7 unknown kind `reprot`",
            "error content/local/a.md:5:10 `never` is not a date",
            "error content/local/a.md:6:1 `image` has no `src`",
            "error content/local/a.md:6:9 unknown key `scr` of `image`",
            "error content/local/b.md:1:1 the front matter is never closed",
            "error content/local/c.md:1:1 the front matter is never closed",
            "error content/local/d.md:2:1 front matter must be a list of `key: value` lines",
            "error content/local/e.md:2:9 a colon where there cannot be one",
            "error content/local/f.md:1 there is no title",
            "error content/local/good.comments.yaml:1:1 comments must be a list",
            "error content/local/h.md:6:1 there is no component `vdeo`",
        ],
    );
}

#[test]
fn keys_that_are_there_twice_are_told_of_sections_and_profiles_too() {
    let site = good_site()
        .article("local/a", DATE, "author: Ann Lee", "")
        .file("content/local/_index.md", "---\ntitle: A\norder: 1\ntitle: B\n---\n")
        .file("content/_index.md", "---\ntitle: A\nTitle: B\n---\n")
        .file("content/authors/ann.md", "---\nname: Ann Lee\nrole: x\nrole: y\n---\n");
    for _ in 0..2 {
        let run = site.try_build(&[]);
        assert_eq!(
            run.diagnostics(),
            [
                "warning content/_index.md:3:1 the key `Title` is there twice; this one counts",
                "warning content/authors/ann.md:4:1 the key `role` is there twice; this one counts",
                "warning content/local/_index.md:4:1 the key `title` is there twice; this one counts",
            ]
        );
    }
}

#[test]
fn posts_of_different_years_with_one_slug_are_told_with_the_permalink_that_ends_it() {
    let site = TestSite::new();
    for year in 2019..2022 {
        site.write(&format!("content/_posts/{year}-05-01-review.md"), "---\ntitle: Review\ncategory: news\n---\n");
    }
    let run = site.try_build(&[]);
    assert_eq!(run.code, 1);
    assert!(run.hints()[0].starts_with("write `permalink: /{yyyy}/{mm}/{slug}/` in site.yaml"), "{:?}", run.hints());
    site.write("site.yaml", "title: T\nbase_url: https://test.example\npermalink: /{yyyy}/{mm}/{slug}/\n");
    site.build();
    assert!(site.has("public/2019/05/review/index.html") && site.has("public/2021/05/review/index.html"));
    site.write("content/_posts/2021-05-08-review.md", "---\ntitle: Review\ncategory: news\n---\n");
    let run = site.try_build(&[]);
    assert!(run.hints()[0].starts_with("write `permalink: /{yyyy}/{mm}/{dd}/{slug}/`"), "{:?}", run.hints());
}

#[test]
fn an_address_that_would_run_a_script_is_refused_wherever_it_stands() {
    let message = |address: &str| format!("the address `{address}` would run a script");
    for (markdown, address) in [
        ("[x](javascript:alert(1))", "javascript:alert(1)"),
        ("[x](JaVaScRiPt&colon;alert)", "JaVaScRiPt:alert"),
        ("[x][1]\n\n[1]: vbscript:msgbox", "vbscript:msgbox"),
        ("<javascript:alert(1)>", "javascript:alert(1)"),
        ("[x](data:text/html,hello)", "data:text/html,hello"),
        ("![x](javascript:alert(1))", "javascript:alert(1)"),
        ("[![x](/a.svg)](javascript:alert(1))", "javascript:alert(1)"),
    ] {
        let site = TestSite::new().article("local/a", DATE, "", markdown).file("static/a.svg", "<svg/>");
        let run = site.build_in_time();
        let told = run.diagnostics();
        assert!(run.code == 1 && told.iter().any(|one| one.ends_with(&message(address))), "{markdown}: {told:?}");
    }
    let site = TestSite::new()
        .file("content/authors/ann.md", "---\nname: Ann\nlinks: [{title: X, url: 'java\tscript:x'}]\n---\n");
    assert_eq!(site.try_build(&[]).code, 1);
    for settings in [
        "menu: [{title: X, url: 'javascript:x'}]",
        "publisher: {name: P, masthead: 'Javascript:x'}",
        "publisher: {name: P, same_as: ['https://a.example/', 'data:text/html,x']}",
        "comments: {action: 'javascript:x'}",
    ] {
        let site = TestSite::new().file("site.yaml", format!("title: T\nbase_url: https://test.example\n{settings}\n"));
        let run = site.try_build(&[]);
        assert!(run.code == 1 && run.diagnostics().iter().any(|one| one.contains("would run a script")), "{settings}");
    }
    // In HTML the address is left out, and the words stay. Images are data, too.
    let body = "<a href=\" jav&#x09;ascript:alert(1)\" title=\"t\">words</a>\n\n<img src=\"data:image/png,x\" alt=\"\">\n\nA title=javascript and JavaScript: a history.";
    let site = TestSite::new().article("local/a", DATE, "", body);
    let run = site.build();
    let page = site.published("local/a/index.html");
    assert!(page.contains("<a title=\"t\">words</a>") && page.contains("data:image/png"), "{page}");
    assert_eq!(run.diagnostics().len(), 1, "{:?}", run.diagnostics());
}

#[test]
fn an_image_that_does_not_exist_is_left_out_and_the_one_that_was_meant_is_named() {
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
    assert!(told.iter().all(|one| one.contains("there is no image")), "{told:?}");
    for hint in ["did you mean `quay.svg`?", "did you mean `/img/quay.svg`?"] {
        assert!(hints.iter().any(|one| one == hint), "{hint}: {hints:?}");
    }
    for path in ["local/a/index.html", "index.html", "feed.xml", "local/feed.xml", "authors/ann/index.html"] {
        let page = site.published(path);
        for gone in ["quai", "Quay", "quay.jpg", "quay.png", "Gone with it", "Caption"] {
            assert!(!page.contains(gone), "{path} has {gone}");
        }
    }
    let page = site.published("local/a/index.html");
    assert!(page.contains("src=\"/kept/e.jpg\"") && page.contains("src=\"/local/quay.svg\""), "{page}");
    // The image comes, and what is told changes with what there is.
    site.write("content/local/quai.svg", "<svg/>");
    site.build();
    assert!(site.published("local/a/index.html").contains("src=\"/local/quai.svg\""));
    site.assert_equals_clean("the image is there");
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
    site.write("content/world/b\n::warning::y.md", "---\ntitle: \"A\\e[2J\"\ndraft: maybe\n---\n");
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
fn images_and_films_that_are_not_there_are_told_whatever_the_address() {
    for (body, message) in [
        ("![x](https://test.example/nope.jpg)", "there is no image `https://test.example/nope.jpg`"),
        ("/nope.mp4", "the link leads to `/nope.mp4`, which does not exist"),
        ("/nope.pdf", "the link leads to `/nope.pdf`, which does not exist"),
        ("![q](b/x.svg)", "the image `b/x.svg` belongs to something that is withheld"),
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

#[test]
fn an_item_of_the_menu_that_would_lead_elsewhere_from_each_page_is_refused_with_its_cure() {
    for (url, cure) in [
        ("local/", Some("begin with a slash: `/local/`")),
        ("local/a.md", Some("write the address of its page, such as `/local/a/`")),
        ("../local/", Some("begin with a slash: `/local/`")),
        ("/local/", None),
        ("#top", None),
        ("mailto:desk@test.example", None),
        ("https://other.example/x", None),
    ] {
        let settings = format!("title: T\nbase_url: https://test.example\nmenu: [{{title: X, url: '{url}'}}]\n");
        let run =
            TestSite::new().file("site.yaml", settings).article("local/a", "2026-11-20", "", "Words.").try_build(&[]);
        assert_eq!(
            (run.code, run.hints()),
            (i32::from(cure.is_some()), cure.map(str::to_owned).into_iter().collect()),
            "{url}"
        );
    }
}

/// The program, run by somebody who may not do everything, and where it lies. The site is theirs.
#[cfg(unix)]
fn as_somebody(site: &TestSite, arguments: &[&str]) -> Run {
    use std::os::unix::fs::{PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65534;
    let mut command = site.command();
    let elsewhere = crate::fixture::folder();
    if is_root() {
        let program = elsewhere.path().join("courant");
        fs::copy(env!("CARGO_BIN_EXE_courant"), &program).expect("copied");
        fs::set_permissions(elsewhere.path(), fs::Permissions::from_mode(0o755)).expect("set");
        for entry in walkdir::WalkDir::new(site.root()).into_iter().flatten() {
            chown(entry.path(), Some(NOBODY), Some(NOBODY)).expect("given away");
        }
        command = std::process::Command::new(program);
        command.current_dir(site.root()).uid(NOBODY).gid(NOBODY);
    }
    command.args(["build", "--json", "--at", crate::fixture::NOW]).args(arguments);
    // A program that another test begins at this moment may hold the copy open for writing.
    let is_busy = |error: &std::io::Error| error.kind() == std::io::ErrorKind::ExecutableFileBusy;
    loop {
        match command.output() {
            Err(error) if is_busy(&error) => std::thread::sleep(std::time::Duration::from_millis(20)),
            output => return Run::of(output.expect("the program runs")),
        }
    }
}

#[cfg(unix)]
#[test]
fn what_cannot_be_listed_or_read_is_not_taken_for_deleted() {
    use std::os::unix::fs::PermissionsExt;
    let set = |site: &TestSite, path: &str, mode| {
        fs::set_permissions(site.path(path), fs::Permissions::from_mode(mode)).expect("set");
    };
    let site = TestSite::new()
        .article(
            "local/a",
            DATE,
            "image: ok.svg",
            "![Words](ok.svg)\n\n{{ <photo src=\"ok.svg\" alt=\"x\" /> }}\n\n[b](../world/b.md)",
        )
        .article("world/b", DATE, "", "x")
        .file("content/local/ok.svg", "<svg viewBox=\"0 0 9 9\"/>");
    site.build();
    let before = site.output();
    for (path, message) in [("content/world", "cannot list this folder"), ("content", "cannot list this folder")] {
        for flags in [&[][..], &["--keep-going"]] {
            set(&site, path, 0);
            let run = as_somebody(&site, flags);
            set(&site, path, 0o755);
            assert_eq!(run.code, 1, "{path} {flags:?}: {}", run.stdout);
            let told = run.diagnostics();
            assert!(told.len() == 1 && told[0].contains(message), "{path} {flags:?}: {told:?}");
            assert!(!run.stderr.contains("still public"), "{path} {flags:?}: {}", run.stderr);
            let goes_on = path == "content/world" && !flags.is_empty();
            assert_eq!(site.output() == before, !goes_on, "{path} {flags:?}");
            assert!(site.published("local/a/index.html").contains("ok"), "{path} {flags:?}");
            site.build();
        }
    }
    set(&site, "content/local/ok.svg", 0);
    let run = as_somebody(&site, &[]);
    set(&site, "content/local/ok.svg", 0o644);
    let told = run.diagnostics();
    assert!(told.len() == 1 && told[0].contains("content/local/ok.svg cannot read this file"), "{told:?}");
    // Once it is gone, the pages that name it say so.
    set(&site, "content/local/ok.svg", 0);
    as_somebody(&site, &["--keep-going"]);
    site.remove("content/local/ok.svg");
    let run = site.build();
    site.assert_equals_clean_and_says_so(&run, "the image could not be read, and is gone");
    assert!(run.diagnostics().iter().any(|one| one.contains("there is no image")), "{:?}", run.diagnostics());
}

#[test]
fn a_site_whose_content_is_gone_stays_public() {
    let site = good_site();
    fs::rename(site.path("content"), site.path("content.off")).expect("moved");
    let wanted = ["error content there is no folder `content`, but the last build published what was in it"];
    refused(&site, &wanted);
    let before = site.output();
    let run = site.try_build(&["--keep-going"]);
    assert_eq!((run.code, site.output() == before), (1, true), "{}", run.stdout);
    assert!(!run.stderr.contains("still public"), "{}", run.stderr);
    site.write("content", "a file");
    refused(&site, &wanted);
    // Without a log nobody knows what was there.
    site.remove(".courant");
    refused(&site, &wanted);
    site.remove("content");
    fs::rename(site.path("content.off"), site.path("content")).expect("moved");
    site.build();
    site.remove("content/local");
    site.build();
    assert!(!site.has("public/local/good"), "an empty folder is a site without articles");
}

#[test]
fn an_image_without_a_size_or_an_end_is_an_error_at_its_line() {
    let png = |width: u8| {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0".to_vec();
        bytes.extend([width, 0, 0, 0, width, 8, 2, 0, 0, 0, 0, 0, 0, 0]);
        bytes
    };
    let site = TestSite::new()
        .article("local/a", DATE, "image: cut.svg", "![Words](zero.png)\n\n![Words](whole.svg)\n\n![Words](cut.svg)")
        .file("content/local/zero.png", png(0))
        .file("content/local/whole.svg", "<svg viewBox=\"0 0 9 9\"><g/></svg>")
        .file("content/local/cut.svg", "<svg viewBox=\"0 0 9 9\"><g>");
    let mut found = site.build_in_time().diagnostics();
    found.retain(|one| one.starts_with("error"));
    let cut = "the image `cut.svg` cannot be shown: browsers show nothing of it: it is cut off, is not well-formed, or has no size";
    let zero = "the image `zero.png` cannot be shown: it is broken: it says that it has no width or no height";
    let wanted = [
        format!("error content/local/a.md:4:8 {cut}"),
        format!("error content/local/a.md:7:1 {zero}"),
        format!("error content/local/a.md:11:1 {cut}"),
    ];
    assert_eq!(found, wanted);
    assert!(!site.has("public/local/a"));
}
