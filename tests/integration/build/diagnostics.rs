//! What the program says when something is wrong: file, line, column, the line itself, a hint, and the
//! exit code.

use crate::fixture::{Run, TestSite};

const DATE: &str = "2026-11-01";

/// A site with a theme of its own that extends the default one.
fn themed() -> TestSite {
    TestSite::new()
        .file("site.yaml", "title: The Test\nbase_url: https://test.example\ntheme: mine\n")
        .file("themes/mine/theme.yaml", "name: mine\napi: 1\nextends: broadsheet\n")
}

fn hint(run: &Run) -> String {
    run.hints().join("; ")
}

#[test]
fn a_diagnostic_shows_the_line_and_the_cure() {
    let site = TestSite::new().file("site.yaml", "title: A\nbase_ulr: https://a.example\n");
    let run = site.build_as_a_person(&[]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stderr,
        "error: unknown key `base_ulr`\n --> site.yaml:2:1\n  |\n2 | base_ulr: https://a.example\n  | ^^^^^^^^\n  |\n  = help: did you mean `base_url`?\n\n1 error; nothing was published\n"
    );
    assert_eq!(run.stdout, "");
}

#[test]
fn every_mistake_in_the_configuration_is_reported_at_once() {
    let site = TestSite::new().file(
        "site.yaml",
        "titel: x\npage_sze: 3\nmarkdown:\n  raw_html: true\n  smart: true\nfeeds: {formats: [rss, atm]}\npage_size: many\ndescription: [a]\n\nfragments:\n  latest: clients\n",
    );
    let run = site.try_build(&[]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.diagnostics(),
        [
            "error site.yaml:1:1 unknown key `titel`",
            "error site.yaml:2:1 unknown key `page_sze`",
            "error site.yaml:5:3 unknown key `smart`",
            "error site.yaml:6:24 feeds.formats[1]: `atm` is not a value of this key",
            "error site.yaml:7:12 page_size: `many` where a whole number should be",
            "error site.yaml:8:14 description: a list where text should be",
            "error site.yaml:11:11 fragments.latest: `clients` is not a value of this key",
        ]
    );
    assert_eq!(
        run.hints(),
        [
            "did you mean `title`?",
            "did you mean `page_size`?",
            "known keys: smart_punctuation, raw_html",
            "did you mean `atom`?",
            "write a whole number",
            "write text",
            "did you mean `client`?",
        ]
    );
}

#[test]
fn values_of_the_configuration_without_sense() {
    let site = TestSite::new()
        .file("site.yaml", "page_size: 0\npermalink: x\ntimezone: Mars\nbase_url: foo\nlanguage: deutsch!\nrelated: {tags: -1, freshness: 2}\n");
    let run = site.try_build(&[]);
    let mut found = run.diagnostics();
    found.sort();
    assert_eq!(
        found,
        [
            "error site.yaml:1:1 `page_size` is 0",
            "error site.yaml:2:1 `permalink` is `x`",
            "error site.yaml:3:1 unknown time zone `Mars`",
            "error site.yaml:4:1 `base_url` is not an address: foo",
            "error site.yaml:5:1 `deutsch!` is not the tag of a language",
            "error site.yaml:6:1 `related.freshness` is 2",
            "error site.yaml:6:1 `related.tags` is -1",
        ]
    );
    assert_eq!(run.hints().len(), 7);
}

#[test]
fn fields_of_the_comment_form_have_names_of_their_own() {
    let site = TestSite::new().file("site.yaml", "comments:\n  fields: { name: a, email: a }\n");
    let run = site.try_build(&[]);
    let message = "the fields `name` and `email` of the comment form are both called `a`";
    assert!(run.diagnostics().iter().any(|one| one.starts_with("error site.yaml:") && one.ends_with(message)));
    assert_eq!(run.hints()[0], "give each field a name of its own");
}

#[test]
fn a_configuration_that_is_no_map_or_no_yaml() {
    for (text, wanted) in [
        ("just text\n", "error site.yaml:1:1 `just text` where `key: value` lines should be"),
        ("[]\n", "error site.yaml:1:1 a list where `key: value` lines should be"),
        ("title: a\ntheme: b\ntitle: c\n", "error site.yaml:3:1 the key `title` is there twice"),
        ("title: a: b\n", "error site.yaml:1:9 a colon where there cannot be one"),
        ("title: \"A\ntheme: b\n", "error site.yaml:1:8 a quotation mark that is never closed"),
        ("title: A\nmenu:\n\t- title: x\n", "error site.yaml:3:1 a tab where YAML wants spaces"),
    ] {
        let run = TestSite::new().file("site.yaml", text).try_build(&[]);
        assert_eq!((run.code, run.diagnostics()), (1, vec![wanted.to_owned()]), "{text}");
        assert_eq!(run.hints().len(), 1, "{text}");
    }
}

#[test]
fn wrong_components_in_markdown_are_errors_at_its_line() {
    let calls = [
        "{{ <vdeo src=\"x\" /> }}",
        "{{ <video sorc=\"x\" /> }}",
        "{{ <video /> }}",
        "{{ <factbox title=\"a /> }}",
        "{{ <zzzzzz /> }}",
    ];
    let site = TestSite::new().article("local/a", DATE, "tags: [x]\nauthors: [ann]", &calls.join("\n\n"));
    let run = site.try_build(&[]);
    assert_eq!(run.code, 1);
    let messages = [
        "there is no component `vdeo`",
        "the component `video`: there is no argument `sorc`",
        "the component `video`: the argument `src` is missing",
        "the component `factbox`: string opened with `\"` is missing its closing `\"`",
        "there is no component `zzzzzz`",
    ];
    let wanted: Vec<String> = messages
        .iter()
        .enumerate()
        .map(|(at, message)| format!("error content/local/a.md:{}:1 {message}", 8 + 2 * at))
        .collect();
    assert_eq!(run.diagnostics(), wanted);
    let hints = run.hints();
    assert_eq!(hints[0], "did you mean `video`?");
    assert_eq!(hints[1], "did you mean `src`?");
    assert_eq!(hints[2], "`video` has the arguments caption, poster, src, title");
    assert!(hints[4].starts_with("the components of the theme are ad, audio, "), "{}", hints[4]);
    // The article and its feeds all carry the mistake; it is one mistake.
    assert!(run.diagnostic_events().iter().all(|one| one["pages"] == 1), "{}", run.stdout);
    assert!(!site.has("public/index.html"));
}

#[test]
fn dead_links_are_warnings_and_errors_under_strict() {
    let body = "Zwölf [x](nope.md) and\n[y](../world/no.md#a).\n\n![p](missing.jpg)\n\n[fine](b.md)";
    let site = TestSite::new().article("local/a", DATE, "", body).article("local/b", DATE, "", "x");
    let wanted = [
        "warning content/local/a.md:6:7 the link leads to `nope.md`, which does not exist",
        "warning content/local/a.md:7:1 the link leads to `../world/no.md`, which does not exist",
        "warning content/local/a.md:9:1 there is no image `missing.jpg`",
    ];
    let first = site.build();
    assert_eq!(first.diagnostics(), wanted);
    assert_eq!(first.hints().len(), 3);
    assert_eq!(first.number("warnings"), 3);

    let again = site.build();
    assert_eq!(again.number("rendered"), 0);
    assert_eq!(again.diagnostics(), wanted, "a build that renders nothing repeats them");
    site.write("content/local/c.md", "---\ntitle: C\ndate: 2026-11-02\n---\n");
    let more = site.build();
    assert!(more.number("rendered") > 0);
    assert_eq!(more.diagnostics(), wanted, "and so does one that renders something else");

    let before = site.output();
    for _ in 0..2 {
        let strict = site.try_build(&["--strict"]);
        assert_eq!((strict.code, strict.diagnostics()), (1, wanted.map(String::from).to_vec()));
    }
    assert_eq!(site.output(), before);
    let person = site.build_as_a_person(&["--strict"]);
    assert!(person.stderr.ends_with("3 warnings under --strict; nothing was published\n"), "{}", person.stderr);
    let fresh = TestSite::new().article("local/a", DATE, "", body);
    assert_eq!(fresh.try_build(&["--strict"]).code, 1);
    assert!(!fresh.has("public/index.html"));
}

#[test]
fn the_same_template_error_on_many_pages_is_reported_once_with_the_count() {
    let site = themed().file("themes/mine/templates/article.html", "<p>\n{{ artcle.title }}\n");
    for number in 0..5 {
        site.write_article(&format!("local/a{number}"), DATE, "", "x");
    }
    let run = site.try_build(&[]);
    assert_eq!(run.code, 1);
    assert_eq!(run.diagnostics(), ["error themes/mine/templates/article.html:2:4 variable `artcle` is not defined"]);
    assert_eq!(run.diagnostic_events()[0]["pages"], 5);
    assert_eq!(hint(&run), "did you mean `article`?");
    let person = site.build_as_a_person(&[]);
    assert!(person.stderr.starts_with("error: variable `artcle` is not defined (on 5 pages)\n"), "{}", person.stderr);

    // Also when the message names what each page has at that place.
    site.write("themes/mine/templates/article.html", "{{ article.title | date }}");
    let run = site.try_build(&[]);
    assert_eq!(run.diagnostics().len(), 1, "{:?}", run.diagnostics());
    assert_eq!(run.diagnostic_events()[0]["pages"], 5);
}

#[test]
fn names_that_a_template_spells_wrongly_come_with_a_suggestion() {
    for (source, message, hint_wanted) in [
        (
            "{{ t(key=\"latest_post\") }}",
            "1:4 the theme has no text `latest_post` in i18n/en.yaml",
            "did you mean `latest_posts`?",
        ),
        ("{{ asset(path=\"sit.css\") }}", "1:4 the theme has no file `static/sit.css`", "did you mean `site.css`?"),
        ("{{ artcles() }}", "1:4 unknown function `artcles`", "did you mean `articles`?"),
        ("{{ article.titel }}", "1:12 field `titel` is not defined", "did you mean `title`?"),
        ("{{ article.title | uper }}", "1:20 unknown filter `uper`", "did you mean `upper`?"),
        ("{{ articles(sektion=\"x\") }}", "1:4 articles() has no argument `sektion`", "did you mean `section`?"),
        ("{{ <vdeo /> }}", "1:4 unknown component `vdeo`", "did you mean `video`?"),
        ("{{ <video sorc=\"x\" /> }}", "1:4 there is no argument `sorc`", "did you mean `src`?"),
        (
            "{% include \"fragments/heder.html\" %}",
            "1:12 unknown template `fragments/heder.html`",
            "did you mean `fragments/header.html`?",
        ),
        ("{% if true %}\n", "2:1 unexpected end of input", "the `if` in line 1 is not closed: write `{% endif %}`"),
        ("{{ articles(kind=\"opinon\") }}", "1:4 there is no kind `opinon` of articles", "did you mean `opinion`?"),
        (
            "{{ article.date | date(fromat=\"time\") }}",
            "1:19 the filter `date` has no argument `fromat`",
            "did you mean `format`?",
        ),
        ("{{ article.date | date(format=\"tme\") }}", "1:19 `tme` is not a date format", "did you mean `time`?"),
        (
            "{% extends \"broadsheet/article.html\" %}{% block artcle_head %}{% endblock %}",
            "1:49 block `artcle_head` is not defined in any parent template",
            "did you mean `article_head`?",
        ),
        (
            "{% extends \"broadsheet/articel.html\" %}",
            "1:13 the template extends `broadsheet/articel.html`, which does not exist",
            "did you mean `broadsheet/article.html`?",
        ),
        (
            "{% extends \"bas.html\" %}",
            "1:13 the template extends `bas.html`, which does not exist",
            "did you mean `base.html`?",
        ),
    ] {
        let site = themed().article("local/a", DATE, "", "x").file("themes/mine/templates/article.html", source);
        let run = site.try_build(&[]);
        assert_eq!(run.code, 1, "{source}");
        assert_eq!(run.diagnostics(), [format!("error themes/mine/templates/article.html:{message}")]);
        assert_eq!(hint(&run), hint_wanted, "{source}");
    }
}

#[test]
fn syntax_errors_of_several_templates_and_broken_articles_are_reported_at_once() {
    let site = themed()
        .file("themes/mine/templates/article.html", "<p>{{ x\n")
        .file("themes/mine/templates/page.html", "<p>\n{% if %}\n")
        .file("themes/mine/templates/404.html", "<p>\n{% endfor %}\n")
        .article("local/bad", DATE, "updated: never", "");
    let run = site.try_build(&[]);
    assert_eq!(run.code, 1);
    let places: Vec<String> =
        run.diagnostics().iter().map(|one| one.split(' ').nth(1).unwrap_or_default().to_owned()).collect();
    assert_eq!(
        places,
        [
            "content/local/bad.md:4:10",
            "themes/mine/templates/404.html:2:4",
            "themes/mine/templates/article.html:1:8",
            "themes/mine/templates/page.html:2:7",
        ]
    );
    let lines: Vec<_> =
        run.diagnostic_events().iter().map(|one| one["text"].as_str().unwrap_or("").to_owned()).collect();
    assert_eq!(lines, ["updated: never", "{% endfor %}", "<p>{{ x", "{% if %}"]);
}

#[test]
fn a_site_whose_content_is_gone_says_so() {
    let site = TestSite::empty().file("site.yaml", "base_url: https://t.example\n");
    let found = site.build().diagnostics();
    let message = "there is no folder `content`, so the site has no articles";
    assert!(found.len() == 1 && found[0].starts_with("warning ") && found[0].ends_with(message), "{found:?}");
}

#[test]
fn a_theme_for_another_program() {
    let site = themed().file("themes/mine/theme.yaml", "name: mine\napi: 99\n");
    let run = site.try_build(&[]);
    assert_eq!(
        run.diagnostics(),
        [
            "error themes/mine/theme.yaml:2:1 the theme is made for version 99 of the theme interface; this program speaks version 1"
        ]
    );
    assert!(hint(&run).starts_with("install a newer courant (this is "), "{}", hint(&run));
    for (manifest, wanted, cure) in [
        ("extend: broadsheet\n", "1:1 unknown key `extend`", "did you mean `extends`?"),
        ("api: x\n", "1:6 api: `x` where a whole number should be", "write a whole number"),
        ("api: 1\nextends: mine\n", "2:1 the theme `mine` extends itself", "remove `extends` from one of the themes"),
    ] {
        let run = themed().file("themes/mine/theme.yaml", manifest).try_build(&[]);
        assert_eq!(run.diagnostics(), [format!("error themes/mine/theme.yaml:{wanted}")]);
        assert_eq!(hint(&run), cure);
    }
}

#[test]
fn a_theme_without_templates() {
    let site = themed().file("themes/mine/theme.yaml", "name: mine\napi: 1\n");
    let run = site.try_build(&[]);
    let wanted = ["404", "article", "front", "listing", "page"]
        .map(|name| format!("error themes/mine/templates the theme `mine` has no template `{name}.html`"));
    assert_eq!(run.diagnostics(), wanted);
    assert_eq!(run.hints()[0], "add it, or write `extends: broadsheet` in theme.yaml");
}

/// A remark in `site.yaml` changes nothing but the lines below it.
#[test]
fn a_warning_about_the_configuration_is_told_at_the_line_where_it_is_now() {
    let site = TestSite::new().article("local/a", DATE, "", "x");
    let settings = "title: T\nbase_url: https://t.example\nmenu: [{title: Gone, url: /gone/}]\n";
    for (remark, line) in [("", 3), ("# One.\n", 4), ("# One.\n# Two.\n", 5)] {
        site.write("site.yaml", format!("{remark}{settings}"));
        for _ in 0..2 {
            let run = site.build();
            let told = format!("warning site.yaml:{line}:27 the link leads to `/gone/`, which does not exist");
            assert_eq!((run.diagnostics(), run.number("rendered") > 0), (vec![told], line == 3 && !site.has("kept")));
            site.write("kept", "");
        }
    }
}

#[test]
fn keep_going_builds_the_rest_and_still_fails() {
    let site = TestSite::new()
        .article("local/good", DATE, "", "x")
        .article("local/broken", DATE, "updated: never", "x")
        .article("local/call", DATE, "", "{{ <nope /> }}");
    assert_eq!(site.try_build(&[]).code, 1);
    assert!(!site.has("public/index.html"));
    let wanted = [
        "error content/local/broken.md:4:10 `never` is not a date",
        "error content/local/call.md:6:1 there is no component `nope`",
    ];
    // The errors do not go away by being looked at.
    for _ in 0..3 {
        let run = site.try_build(&["--keep-going"]);
        assert_eq!(run.code, 1);
        assert_eq!(run.diagnostics(), wanted);
        assert!(site.has("public/local/good/index.html"));
        assert!(!site.has("public/local/broken/index.html"));
    }
    site.write_article("local/broken", DATE, "", "x");
    for flags in [&["--keep-going"][..], &["--keep-going"], &[], &[]] {
        let run = site.try_build(flags);
        assert_eq!((run.code, run.diagnostics()), (1, vec![wanted[1].to_owned()]), "{flags:?}");
    }
    site.write_article("local/call", DATE, "", "x");
    site.build();
    site.assert_equals_clean("all is mended");
}

#[test]
fn exit_codes_tell_who_is_to_blame() {
    let site = TestSite::new().article("local/a", DATE, "", "x");
    assert_eq!(site.try_build(&[]).code, 0);
    assert_eq!(site.run(&["--help"]).code, 0);
    for wrong in
        [&[][..], &["built"], &["build", "--nope"], &["build", "--jobs", "many"], &["--color", "green", "build"]]
    {
        let run = site.run(wrong);
        assert_eq!(run.code, 2, "{wrong:?}");
        assert!(run.stderr.contains("Usage: courant") || run.stderr.contains("try '--help'"), "{}", run.stderr);
    }
    let never = site.run(&["build", "--at", "never", "--color", "never"]);
    assert_eq!(never.code, 2);
    assert!(never.stderr.starts_with("error: --at: `never` is not a date"), "{}", never.stderr);
    assert_eq!(site.run(&["build", "--at", "12026-01-01"]).code, 2);
    assert_eq!(site.try_build(&["--base-url", "foo"]).diagnostics(), ["error - `--base-url foo` is not an address"]);

    for wrong in [
        &["build", "--site", "nowhere"][..],
        &["build", "--base-url", "x"],
        &["check", "--base-url", "x"],
        &["theme", "new", "Bad Name"],
        &["theme", "eject", "nope.html"],
        &["comments", "import", "nope"],
    ] {
        let run = site.run(wrong);
        assert_eq!(run.code, 2, "{wrong:?}: {}{}", run.stdout, run.stderr);
    }

    let none = TestSite::empty().run(&["build", "--color", "never"]);
    assert_eq!(none.code, 1);
    assert!(
        none.stderr.contains("there is no site here: neither `site.yaml` nor a folder `content`"),
        "{}",
        none.stderr
    );
    assert!(none.stderr.contains("courant init"), "{}", none.stderr);

    // A file where the program wants to have a folder of its own: whoever put it there can take it away.
    site.remove(".courant");
    site.write(".courant", "x");
    let blocked = site.try_build(&[]);
    assert_eq!(blocked.code, 1, "{}{}", blocked.stdout, blocked.stderr);
    assert_eq!(blocked.diagnostics().len(), 1);
}

#[test]
fn nothing_is_lost_when_the_reader_goes_away() {
    // `courant build 2>&1 | head -1`: the pipe is closed while errors are printed.
    let site = TestSite::new().file("content/a.md", "---\ntitle: A\n");
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let status = site.command().arg("build").stderr(writer).status().expect("the program runs");
    assert_eq!(status.code(), Some(1), "errors, and no panic");
}

#[test]
fn a_slip_in_a_key_is_a_warning_and_a_key_of_an_archive_is_none() {
    let site = TestSite::new()
        .article(
            "local/a",
            DATE,
            "sumary: x\nweight: 3\ndata: y\ncover: { image: z }\nlinkTitle: t\nmath: true",
            "Text.",
        )
        .file("content/about.md", "---\ntitle: About\ndescripton: x\n---\n");
    let warnings = [
        "warning content/about.md:3:1 unknown key `descripton`",
        "warning content/local/a.md:4:1 unknown key `sumary`",
    ];
    let run = site.build();
    assert_eq!(run.diagnostics(), warnings);
    assert_eq!(run.hints(), ["did you mean `description`?", "did you mean `summary`?"]);
    // It is said again as long as it is there, also when nothing is rendered.
    let again = site.build();
    assert_eq!((again.number("rendered"), again.diagnostics()), (0, warnings.map(str::to_owned).to_vec()));
    site.write_article("local/a", DATE, "summary: x", "Text.");
    assert_eq!(site.build().diagnostics(), warnings[..1]);
}

#[test]
fn a_slip_in_a_key_of_sources_and_corrections_is_told_with_what_was_meant() {
    let site = TestSite::new()
        .article("local/a", DATE, "source: { name: Gazette, ulr: 'https://gazette.example/' }", "Text.")
        .article("local/b", DATE, "sources:\n  - { name: Post, link: 'https://post.example/' }\n  - Own notes", "Text.")
        .article("local/c", DATE, "corrections: [{ date: 2026-11-02, time: '10:00', text: Three. }]", "Text.")
        .article("local/d", DATE, "corrections: [{ date: 2026-11-02, text: Two., by: Ann }]", "Text.");
    let run = site.build();
    let warnings = [
        "warning content/local/a.md:4:26 unknown key `ulr` of `source`",
        "warning content/local/b.md:5:19 unknown key `link` of `sources`",
        "warning content/local/d.md:4:47 unknown key `by` of `corrections`",
    ];
    assert_eq!(run.diagnostics(), warnings);
    assert_eq!(
        run.hints(),
        ["did you mean `url`?", "write `url`", "write `corrections: [{ date: 2026-11-21, text: … }]`"]
    );
    assert_eq!(site.build().diagnostics(), warnings);
}

#[test]
fn what_front_matter_names_is_shown_at_its_line() {
    let site = TestSite::new()
        .article("local/a", DATE, "tags: [x]\nimage: { src: gone.jpg, alt: y }", "")
        .article("local/b", DATE, "aliases:\n  - /old/\n  - /local/a/", "")
        .article("local/c", DATE, "permalink: /local/a/", "");
    let run = site.try_build(&[]);
    assert_eq!(
        run.diagnostics(),
        [
            "error content/local/b.md:6:5 content/local/c.md and the alias of content/local/b.md both want the address /local/a/",
            "error content/local/c.md:4:12 content/local/a.md and content/local/c.md both want the address /local/a/",
        ]
    );
    site.remove("content/local/b.md");
    site.remove("content/local/c.md");
    let run = site.build();
    assert_eq!(run.diagnostics(), ["warning content/local/a.md:5:15 there is no image `gone.jpg`"]);
}

#[test]
fn the_first_build_of_an_archive_tells_its_mistakes_by_kind() {
    let site = TestSite::new();
    for number in 0..300 {
        site.write(&format!("content/news/a{number:03}.md"), format!("---\ntitle: A: {number}\n---\n"));
    }
    for number in 0..40 {
        site.write_article(&format!("news/b{number}"), "2026-02-30", "", "x");
    }
    site.write_article("news/c", DATE, "kind: reprot", "x");
    let run = site.build_as_a_person(&[]);
    let told: Vec<&str> = run.stderr.lines().collect();
    assert_eq!(run.code, 1);
    assert!(told.len() < 80, "{} lines:\n{}", told.len(), run.stderr);
    let wanted = [
        "300 errors: a colon where there cannot be one (a value that contains a colon followed by a space needs quotes), first in content/news/a000.md:2:9",
        "40 errors: the date `2026-02-30` does not exist (",
        "1 error: unknown kind `reprot` (did you mean `report`?), first in content/news/c.md:",
        "341 problems of 3 kinds; `--verbose` shows each of them",
    ];
    for start in wanted {
        assert!(told.iter().any(|line| line.starts_with(start)), "{start}\n{}", run.stderr);
    }
    assert_eq!(told.last(), Some(&"341 errors; nothing was published"));
    assert!(run.stderr.contains(" --> content/news/a000.md:2:9\n"), "the first of each kind are shown: {}", run.stderr);
    assert!(!run.stderr.contains(" --> content/news/a004.md"), "and not all of them");

    let all = site.build_as_a_person(&["--verbose"]);
    assert_eq!(all.stderr.matches("\n --> content/news/").count(), 341);
    assert!(!all.stderr.contains(" problems of "));
    assert_eq!(site.try_build(&[]).diagnostics().len(), 341, "machines get all of them");

    let check = site.run(&["check", "--at", crate::fixture::NOW, "--color", "never"]);
    assert!(check.stderr.lines().count() < 120, "{}", check.stderr);
    assert!(check.stderr.contains("300 errors: a colon where there cannot be one [build] ("), "{}", check.stderr);
}

#[test]
fn few_mistakes_are_told_one_by_one() {
    let site = TestSite::new();
    for number in 0..20 {
        site.write(&format!("content/news/a{number:03}.md"), "---\ntitle: a: b\n---\n");
    }
    let run = site.build_as_a_person(&[]);
    assert_eq!(run.stderr.matches("\n --> content/news/").count(), 20, "{}", run.stderr);
    assert!(!run.stderr.contains("problems of"));
}

#[test]
fn links_to_a_file_that_cannot_be_read_are_not_dead() {
    let links = "[a](b.md) [b](/local/b/) [c](https://test.example/own-name/) [d](/news/) <a href=\"/local/b/\">e</a> [f](/sport/x/)\n\n[real](/nope/)";
    let site = TestSite::new()
        .file("site.yaml", "title: T\nbase_url: https://test.example\nmenu: [{title: N, url: /news/}]\n")
        .article("local/a", "2026-11-20", "", links)
        .file("content/local/notes.txt", "x")
        .file("content/local/2026-11-20-b.md", "---\ntitle: B\ndate: 2026-99-20\n---\n\n[n](notes.txt)\n")
        .file("content/local/c.md", "---\ntitle: [C\nslug: own-name\n---\n")
        .file("content/news/only.md", "---\nkind: nonsense\ntitle: A\n---\n")
        .file("content/sport/x/index.md", "no title");
    let warnings = |found: Vec<String>| found.into_iter().filter(|one| one.starts_with("warning")).collect::<Vec<_>>();
    // Nobody can say of `b.md` that it does not exist: it is there, under another name.
    let real = ["warning content/local/a.md:6:1", "warning content/local/a.md:8:1"];
    let run = site.try_build(&["--keep-going"]);
    let found = warnings(run.diagnostics());
    assert!(found.len() == 2 && found.iter().zip(real).all(|(one, start)| one.starts_with(start)), "{found:?}");
    let check = site.run(&["check", "--json", "--at", crate::fixture::NOW]);
    let dead = check.diagnostic_events().into_iter().filter(|one| one["rule"] == "dead-link");
    assert_eq!(dead.map(|one| one["line"].to_string()).collect::<Vec<_>>(), ["6", "8"], "{}", check.stdout);
    // Once it can be read, the truth is told; an incremental build tells what a clean one tells.
    site.write("content/local/c.md", "---\ntitle: C\ndate: 2026-11-20\nslug: other\n---\n");
    let found = warnings(site.try_build(&["--keep-going"]).diagnostics());
    assert!(found.len() == 3 && found[1].contains("own-name"), "{found:?}");
    site.write("content/local/2026-11-20-b.md", "---\ntitle: B\ndate: 2026-11-20\nslug: b\n---\n\n[n](notes.txt)\n");
    site.write("content/news/only.md", "---\ndate: 2026-11-20\ntitle: A\n---\n");
    site.write("content/sport/x/index.md", "---\ndate: 2026-11-20\ntitle: A\n---\n");
    assert_eq!(warnings(site.build().diagnostics()).len(), 3);
    site.remove("content/local/2026-11-20-b.md");
    assert_eq!(warnings(site.build().diagnostics()).len(), 6);
}

#[test]
fn a_configuration_of_another_name_is_told() {
    let at = |name: &str| TestSite::empty().file(name, "title: A\n").article("local/a", DATE, "", "x");
    for (name, cure) in [
        ("site.yml", "rename it to `site.yaml`"),
        ("Site.yaml", "rename it to `site.yaml`"),
        ("site.toml", "write its keys as YAML into `site.yaml`"),
    ] {
        let site = at(name);
        let run = site.build();
        let told = format!("warning {name} `{name}` is not read");
        assert!(run.diagnostics().contains(&told) && hint(&run).contains(cure), "{}", run.stdout);
        site.write("site.yaml", "title: A\nbase_url: https://t.example\n");
        let run = site.build();
        assert_eq!(
            (run.diagnostics(), hint(&run)),
            (vec![told], "write its keys into `site.yaml`, and remove it".into())
        );
    }
    let site = TestSite::empty().file("site.yml", "title: A\n");
    assert!(hint(&site.try_build(&[])).starts_with("rename it to `site.yaml`"));
}

#[test]
fn mistakes_in_data_are_told_at_their_line_with_a_cure() {
    for (name, text, wanted, cure) in [
        ("x.yaml", &b"a: 1\nb: [1, 2\n"[..], "data/x.yaml:", "`]`"),
        ("x.yaml", b"a: 1\nb: 2\na: 3\n", "data/x.yaml:3:1 the key `a` is there twice", "keep one of the two"),
        ("x.json", b"{\"a\": 1,\n\"a\": 2}\n", "data/x.json:2:1 the key `a` is there twice", "keep one of the two"),
        ("x.yaml", b"a: caf\xe9\n", "data/x.yaml:1:7 ", "UTF-8"),
    ] {
        let site = themed()
            .file(&format!("data/{name}"), text)
            .file("themes/mine/templates/404.html", "{% set x = data(name=\"x\") %}{{ x.a }}");
        let run = site.try_build(&[]);
        let told = run.diagnostics();
        assert!(run.code == 1 && told.len() == 1 && told[0].starts_with(&format!("error {wanted}")), "{told:?}");
        assert!(hint(&run).contains(cure), "{}", hint(&run));
    }
    let site = themed().file("data/x.yaml", "a: 1\n").file("data/x.json", "{\"a\": 2}");
    let told = "warning data/x.json this file is not read, since `data/x.yaml` has the same name";
    assert_eq!(site.build().diagnostics(), [told]);
    assert_eq!(site.build().diagnostics(), [told], "it is said again when nothing is to be done");
}

#[test]
fn what_the_owner_writes_beside_articles_is_told_at_its_line() {
    let site = TestSite::new()
        .file("site.yaml", "title: A\nbase_url: https://t.example\nad_slots: { m: { place: text, after: 1 } }\n")
        .article("local/a", DATE, "", "Words.")
        .article("local/b", DATE, "", "Words.")
        .file("includes/ads/a.md", "---\nslot: n\n---\n\nBuy\n")
        .file("includes/ads/b.md", "---\nslot: m\n---\n\n[Buy](/nowhere/)\n");
    assert_eq!(
        site.build().diagnostics(),
        [
            "warning includes/ads/a.md:2:7 `ad_slots` in site.yaml has no slot `n`, so nobody sees this advertisement",
            "warning includes/ads/b.md:5:1 the link leads to `/nowhere/`, which does not exist",
        ]
    );
    let told = site.build_as_a_person(&["--verify"]);
    assert!(!told.stderr.contains("pages)"), "a mistake in an advertisement is one: {}", told.stderr);
    site.write("content/local/a.comments.yaml", "id: 1\nname: A\n");
    site.write("site.yaml", "title: A\n\noutput: content\n");
    assert_eq!(site.try_build(&[]).diagnostics(), ["error site.yaml:3:1 the output folder lies in `content`"]);
    site.write("site.yaml", "title: A\nbase_url: https://t.example\n");
    let told = site.try_build(&[]).diagnostics();
    assert!(told.contains(&"error content/local/a.comments.yaml:1:1 comments must be a list".to_owned()), "{told:?}");
}

#[test]
fn components_that_call_each_other_and_texts_of_a_wrong_type_are_told_at_their_line() {
    let site = themed()
        .file(
            "themes/mine/templates/components/aa1.html",
            "{% component aa1() %}\n<b>{{ <bb1 /> }}</b>\n{% endcomponent aa1 %}",
        )
        .file(
            "themes/mine/templates/components/bb1.html",
            "{% component bb1() %}\n{{ <aa1 /> }}\n{% endcomponent bb1 %}",
        )
        .file("themes/mine/templates/404.html", "{{ <aa1 /> }}");
    let run = site.try_build(&[]);
    assert_eq!(
        run.diagnostics(),
        [
            "error themes/mine/templates/components/aa1.html:2:7 the component `aa1` calls itself by way of `bb1`",
            "error themes/mine/templates/components/bb1.html:2:4 the component `bb1` calls itself by way of `aa1`",
        ]
    );
    assert!(hint(&run).contains("under a condition that ends"), "{}", hint(&run));
    for (value, told) in [("[1]", "2:1 a: text or"), ("{one: [1]}", "2:1 a: text or"), ("12", "2:4 a: text or")] {
        let site = themed().file("themes/mine/i18n/en.yaml", format!("home: Home\na: {value}\n"));
        let found = site.try_build(&[]).diagnostics();
        let wanted = format!("error themes/mine/i18n/en.yaml:{told}");
        assert!(found.len() == 1 && found[0].starts_with(&wanted) && !found[0].contains("untagged"), "{found:?}");
    }
}
