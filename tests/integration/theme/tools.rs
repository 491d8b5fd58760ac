//! `courant theme`: what authors of themes see, begin, take over and have checked.

use crate::fixture::sites::sample;
use crate::fixture::{Run, TestSite};

/// A site with a theme of its own that extends the built-in one.
fn child() -> TestSite {
    TestSite::new()
        .file("site.yaml", "title: The Test\nbase_url: https://test.example\ntheme: child\n")
        .file("themes/child/theme.yaml", "name: child\napi: 1\nextends: broadsheet\n")
}

fn check(site: &TestSite) -> Run {
    site.run(&["theme", "check", "--json"])
}

/// Checks a child theme with one more file, which is to have one mistake: gives it and its hint.
fn mistake(path: &str, text: &str) -> (String, String) {
    let site = child().file(&format!("themes/child/{path}"), text);
    let run = check(&site);
    let found = run.diagnostics();
    assert_eq!(found.len(), 1, "{path}: {text}\n{found:#?}");
    let is_error = found[0].starts_with("error");
    assert_eq!(run.code, i32::from(is_error), "{found:?}");
    assert!(is_error || site.run(&["theme", "check", "--json", "--strict"]).code == 1, "{found:?}");
    (found[0].clone(), run.hints().first().cloned().unwrap_or_default())
}

#[test]
fn the_list_names_what_is_built_in_what_is_here_and_what_is_used() {
    let site = child().file("themes/old/theme.yaml", "name: old\napi: 0\n").file(
        "themes/other/theme.yaml",
        "name: other\nversion: 2.1.0\nauthor: A. Quill\ndescription: For the evening.\nextends: broadsheet\n",
    );
    let run = site.run(&["theme", "list", "--json"]);
    let themes: Vec<serde_json::Value> =
        run.stdout.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    let named = |name: &str| themes.iter().find(|theme| theme["name"] == name).unwrap_or_else(|| panic!("{themes:?}"));
    assert_eq!((run.code, &named("broadsheet")["built_in"], &named("broadsheet")["api"]), (0, &true.into(), &1.into()));
    assert_eq!((&named("child")["active"], &named("child")["extends"]), (&true.into(), &"broadsheet".into()));
    assert_eq!((&named("other")["version"], &named("other")["active"]), (&"2.1.0".into(), &false.into()));
    assert!(named("old")["problem"].as_str().expect("a problem").contains("version 0"));
    let text = site.run(&["theme", "list"]).stdout;
    assert!(text.contains("* child") && text.contains("For the evening. (version 2.1.0, api 1, extends broadsheet"));
}

#[test]
fn a_new_theme_passes_the_check_and_the_build_uses_it_at_once() {
    let site = TestSite::new()
        .file("site.yaml", "title: The Test\ntheme: broadsheet # the look\nbase_url: https://test.example\n")
        .article("local/x", "2026-10-02", "title: The story", "Words.");
    let run = site.run(&["theme", "new", "evening-post", "--use"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        site.read("site.yaml"),
        "title: The Test\ntheme: evening-post # the look\nbase_url: https://test.example\n"
    );
    let run = site.run(&["theme", "check", "--strict", "--json"]);
    assert_eq!((run.code, run.diagnostics()), (0, Vec::<String>::new()));
    site.build();
    let page = site.published("local/x/index.html");
    assert!(page.contains("/assets/site.") && !page.contains("/assets/evening-post."));
    assert!(page.contains("Words.") && !page.contains("class=\"ours\""));
    // What is commented out works.
    let template = site.read("themes/evening-post/templates/article.html");
    site.write(
        "themes/evening-post/templates/article.html",
        template.replace("{#- <p", "<p").replace("</p> -#}", "</p>"),
    );
    site.build();
    assert!(site.published("local/x/index.html").contains("<p class=\"ours\">You have read 1 words"));
    assert_eq!(check(&site).diagnostics(), Vec::<String>::new());
}

#[test]
fn a_setting_that_the_program_reads_is_no_stranger() {
    let manifest = courant::theme::built_in_file("broadsheet", "theme.yaml").expect("it is built in");
    let site = child().file("themes/broadsheet/theme.yaml", manifest);
    let run = check(&site);
    assert_eq!((run.code, run.diagnostics()), (0, Vec::<String>::new()));
}

#[test]
fn a_grandchild_can_be_begun() {
    let site = TestSite::new().article("local/x", "2026-10-02", "", "x");
    assert_eq!(site.run(&["theme", "new", "one", "--use"]).code, 0);
    assert_eq!(site.run(&["theme", "new", "two", "--extends", "one", "--use"]).code, 0);
    assert_eq!(site.run(&["theme", "check", "--strict"]).code, 0);
    site.build();
    let (_, css) = site.output().into_iter().find(|(path, _)| path.starts_with("assets/site.")).expect("a stylesheet");
    let css = String::from_utf8(css).expect("text");
    let (one, two) = (css.find("of `one`").expect("one"), css.find("of `two`").expect("two"));
    assert!(one < two, "the nearer theme has the last word");
}

#[test]
fn a_child_of_a_theme_that_has_no_stylesheet_to_extend_gets_one_of_its_own() {
    let site = TestSite::new().article("local/x", "2026-10-02", "", "x");
    site.write("themes/plain/theme.yaml", "name: plain\napi: 1\n");
    site.write("themes/plain/templates/base.html", "<head>{{ head() }}{% block extra_head %}{% endblock %}</head>");
    for name in ["front", "article", "page", "listing", "404"] {
        site.write(&format!("themes/plain/templates/{name}.html"), "{% extends \"base.html\" %}");
    }
    let run = site.run(&["theme", "new", "child", "--extends", "plain", "--use"]);
    assert!(run.code == 0 && !run.stdout.contains("article.html"), "{}{}", run.stdout, run.stderr);
    let run = check(&site);
    assert_eq!(run.diagnostics(), Vec::<String>::new());
    site.build();
    assert!(site.published("local/x/index.html").contains("/assets/child."));
}

#[test]
fn a_new_theme_takes_no_name_that_would_be_wrong() {
    let site = child();
    for (code, arguments, message) in [
        (1, vec!["theme", "new", "child"], "there is a theme `child` in themes/child"),
        (1, vec!["theme", "new", "broadsheet"], "the theme `broadsheet` is built into the program"),
        (2, vec!["theme", "new", "../x"], "`../x` cannot be the name of a theme"),
        (2, vec!["theme", "new", "x", "--extends", "broadshet"], "there is no theme `broadshet` to extend"),
    ] {
        let run = site.run(&[&arguments[..], &["--json"]].concat());
        assert_eq!(run.code, code, "{arguments:?}");
        assert!(run.diagnostics()[0].contains(message), "{:?}", run.diagnostics());
    }
    assert!(!site.has("themes/x") && !site.has("x"));
}

#[test]
fn a_file_of_the_theme_can_be_taken_over_once() {
    let site = child();
    let eject = |arguments: &[&str]| site.run(&[&["theme", "eject", "--json"], arguments].concat());
    assert_eq!(eject(&["article.html"]).code, 0);
    assert!(site.read("themes/child/templates/article.html").contains("class=\"article-body\""));
    for (name, path) in [("byline.html", "templates/components/byline.html"), ("site.css", "templates/site.css")] {
        assert_eq!(eject(&[name]).code, 0, "{name}");
        assert!(site.has(&format!("themes/child/{path}")));
    }
    assert_eq!(check(&site).diagnostics(), Vec::<String>::new(), "what is copied is as it was");
    site.write("themes/child/templates/article.html", "mine");
    let again = eject(&["templates/article.html"]);
    assert_eq!((again.code, site.read("themes/child/templates/article.html").as_str()), (1, "mine"));
    assert!(again.hints()[0].contains("--force"));
    assert_eq!(eject(&["templates/article.html", "--force"]).code, 0);
    assert!(site.read("themes/child/templates/article.html").contains("article-body"));
    let wrong = eject(&["artcle.html"]);
    assert_eq!(wrong.code, 2);
    assert_eq!(wrong.hints(), ["did you mean `article.html`?"]);
    // For another theme, and for the built-in one itself.
    assert_eq!(eject(&["404.html", "--theme", "broadsheet"]).code, 0);
    assert!(site.has("themes/broadsheet/templates/404.html"));
    let listed = eject(&["--list"]).stdout;
    assert!(listed.lines().any(|line| line.contains("\"templates/404.html\"") && line.contains("\"own\":true")));
    assert!(listed.lines().any(|line| line.contains("\"i18n/en.yaml\"") && line.contains("\"own\":false")));
}

#[test]
fn what_only_the_theme_itself_has_is_not_replaced() {
    let site = child().file("themes/child/static/own.css", "p{}");
    let run = site.run(&["theme", "eject", "own.css", "--force", "--json"]);
    assert_eq!((run.code, site.read("themes/child/static/own.css").as_str()), (1, "p{}"));
}

#[test]
fn the_built_in_theme_has_nothing_wrong() {
    let run = TestSite::new().run(&["theme", "check", "--strict", "--json"]);
    assert_eq!((run.code, run.diagnostics()), (0, Vec::<String>::new()));
    assert!(run.stdout.contains("\"event\":\"theme_checked\""));
}

#[test]
fn a_field_that_does_not_exist_is_found_where_nothing_is_shown() {
    let extend = |rest: &str| {
        format!(
            "{{% extends \"broadsheet/article.html\" %}}{{% block after_text %}}\n{rest}\n{{% endblock after_text %}}"
        )
    };
    let names = [
        ("{% if article.sumary %}x{% endif %}", "`article` has no field `sumary`", "did you mean `summary`?"),
        ("{% if article.image?.scr %}x{% endif %}", "`article.image` has no field `scr`", "did you mean `src`"),
        ("{% for a in articles(limit=2) %}{% if a.kidn %}{% endif %}{% endfor %}", "`a` has no field `kidn`", "`kind`"),
        ("{% set near = neighbours() %}{% if near.next %}{% endif %}", "`near` has no field `next`", "newer, older"),
        ("{% set x = [a for a in articles() if a.urll] %}", "`a` has no field `urll`", "did you mean `url`"),
        ("{% if false %}{{ titel }}{% endif %}", "there is no variable `titel`", "the variables here are"),
        ("{% if site.settings.acent %}x{% endif %}", "the theme has no setting `acent`", "did you mean `accent`"),
        (
            "{% if false %}{{ t(key=\"latest_post\") }}{% endif %}",
            "the theme has no text `latest_post`",
            "latest_posts",
        ),
        (
            "{% if false %}{{ asset(path=\"sit.css\") }}{% endif %}",
            "the theme has no file `static/sit.css`",
            "site.css",
        ),
        ("{% if false %}{{ fragment(name=\"hedaer\") }}{% endif %}", "no fragment `fragments/hedaer.html`", "header"),
        ("{% if false %}{{ articles(sections=\"x\") }}{% endif %}", "articles() has no argument `sections`", "section"),
        (
            "{% if false %}{{ article.date | date(fromat=\"iso\") }}{% endif %}",
            "`date` has no argument `fromat`",
            "format",
        ),
        (
            "{% if false %}{{ <byline autors={article.authors} /> }}{% endif %}",
            "there is no argument `autors`",
            "authors",
        ),
    ];
    let lines: Vec<&str> = names.iter().map(|(text, ..)| *text).collect();
    let run = check(&child().file("themes/child/templates/article.html", extend(&lines.join("\n"))));
    let (found, given) = (run.diagnostics(), run.hints());
    // An argument that does not exist, and the one that is missing.
    assert_eq!((run.code, found.len(), given.len()), (1, names.len() + 1, names.len() + 1), "{found:#?}");
    assert!(found.iter().any(|one| one.contains("the argument `authors`")), "{found:#?}");
    for (at, (_, message, hint)) in names.into_iter().enumerate() {
        let place = format!("error themes/child/templates/article.html:{}:", at + 2);
        let is_it = |one: &&String| one.starts_with(&place) && one.contains(message);
        let at = found.iter().position(|one| is_it(&one)).unwrap_or_else(|| panic!("{place} {message}: {found:#?}"));
        assert!(given[at].contains(hint), "{message}: {}", given[at]);
    }
    // What the compiler of templates finds is told alone.
    for (text, message, hint) in [
        ("{{ article.date | dat }}", "unknown filter `dat`", "did you mean `date`"),
        ("{% if article.date is definde %}{% endif %}", "unknown test `definde`", "did you mean `defined`"),
        ("{{ artcles() }}", "unknown function `artcles`", "did you mean `articles`"),
        ("{{ <bylin /> }}", "unknown component `bylin`", "did you mean `byline`"),
    ] {
        let (found, given) = mistake("templates/article.html", &extend(text));
        assert!(found.starts_with("error themes/child/templates/article.html:2:"), "{found}");
        assert!(found.contains(message) && given.contains(hint), "{found} {given}");
    }
}

#[test]
fn what_may_be_absent_is_not_wrong() {
    let site = child().file(
        "themes/child/templates/article.html",
        "{% extends \"broadsheet/article.html\" %}{% block after_text %}{% if article.extra.rating %}{{ article.extra.rating.of }}{% endif %}{% if article.mood is defined %}x{% endif %}{{ site.settings.colour | default(value=\"red\") }}{% set rows = articles() | group_by(attribute=\"section.title\") %}{% for row in rows %}{{ row.key }}{% for item in row.items %}{{ item.title }}{% endfor %}{% endfor %}{% endblock after_text %}",
    );
    assert_eq!(check(&site).diagnostics(), Vec::<String>::new());
}

#[test]
fn a_component_knows_what_its_callers_give_it() {
    let (found, hint) = mistake(
        "templates/components/byline.html",
        "{% component byline(authors) %}{% for one in authors %}{% if one.nam %}{{ one.name }}{% endif %}{% endfor %}{% endcomponent byline %}",
    );
    assert!(
        found.starts_with("error themes/child/templates/components/byline.html:1:66 `one` has no field `nam`"),
        "{found}"
    );
    assert!(hint.contains("did you mean `name`"));
    let (found, hint) = mistake(
        "templates/components/byline.html",
        "{% component byline(authors) %}{% if article.title %}x{% endif %}{% endcomponent byline %}",
    );
    assert!(
        found.contains("variable `article`") && hint.contains("a component sees its arguments only"),
        "{found} {hint}"
    );
}

#[test]
fn a_template_that_fails_on_articles_of_one_kind_is_found() {
    let (found, _) = mistake(
        "templates/article.html",
        "{% extends \"broadsheet/article.html\" %}\n{% block after_text %}{{ article.section.title }}{{ article.image.src }}{% endblock after_text %}",
    );
    assert!(found.starts_with("error themes/child/templates/article.html:2:"), "{found}");
    let (found, _) = mistake(
        "templates/components/video.html",
        "{% component video(src: string, title: string, poster: string = \"\", caption: string = \"\") %}{% if poster %}{{ none.x }}{% endif %}{{ src }}{{ title }}{% endcomponent video %}",
    );
    assert!(found.contains("themes/child/templates/components/video.html"), "{found}");
}

#[test]
fn files_texts_and_settings_that_nothing_reads_are_warned_of() {
    let files = [
        ("article.html", "x", "nothing reads this file", "move it to `themes/child/templates/article.html`"),
        ("templates/artikel.html", "x", "no template extends or includes this one", "did you mean `article`?"),
        ("templates/fragments/headr.html", "x", "no template shows this fragment", "did you mean `header`"),
        ("templates/components/weather.html", "x", "no component is defined here", "{% component weather(…) %}"),
        ("static/mine.css", "p{}", "no template names this file", "in the block `extra_head`"),
        ("i18n/en.yaml", "latest_post: x\n", "no template reads the text `latest_post`", "did you mean `latest_posts`"),
    ];
    let write =
        |site: TestSite, (path, text, ..): &(&str, &str, &str, &str)| site.file(&format!("themes/child/{path}"), text);
    let site = files.iter().fold(child(), write);
    let run = check(&site);
    let (found, given) = (run.diagnostics(), run.hints());
    assert_eq!((run.code, found.len(), given.len()), (0, files.len(), files.len()), "{found:#?}");
    assert_eq!(site.run(&["theme", "check", "--json", "--strict"]).code, 1);
    for (path, _, message, hint) in files {
        let place = format!("warning themes/child/{path}");
        let at = found.iter().position(|one| one.starts_with(&place)).unwrap_or_else(|| panic!("{path}: {found:#?}"));
        assert!(found[at].contains(message) && given[at].contains(hint), "{} {}", found[at], given[at]);
    }
    let site = child().file(
        "themes/child/theme.yaml",
        "name: child\nextends: broadsheet\nsettings:\n  acent: red\n  show_related: false\n",
    );
    let found = check(&site).diagnostics();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("does not say for which version"), "{found:?}");
    assert!(
        found[1].starts_with("warning themes/child/theme.yaml:4:3 no template reads the setting `acent`"),
        "{found:?}"
    );
}

#[test]
fn html_that_a_strict_host_does_not_run_is_warned_of() {
    let (found, hint) = mistake("templates/404.html", "<p>{{ site.title }}</p>\n<p style=\"color: red\">x</p>");
    assert!(found.starts_with("warning themes/child/templates/404.html:2:4 `style`"), "{found}");
    assert!(hint.contains("class"));
}

#[test]
fn a_theme_for_another_version_is_refused_with_what_to_do() {
    for (api, hint) in [("2", "install a newer courant"), ("0", "write `api: 1`")] {
        let site = child().file("themes/child/theme.yaml", format!("name: child\nextends: broadsheet\napi: {api}\n"));
        for run in [check(&site), site.try_build(&[])] {
            assert_eq!(run.code, 1);
            let found = run.diagnostics();
            assert!(
                found[0].starts_with("error themes/child/theme.yaml:3:1 the theme is made for version"),
                "{found:?}"
            );
            assert!(run.hints()[0].contains(hint), "{:?}", run.hints());
        }
    }
}

#[test]
fn a_theme_that_stands_alone_is_checked_too() {
    let site = TestSite::new()
        .file("site.yaml", "theme: plain\n")
        .file("themes/plain/theme.yaml", "name: plain\napi: 1\n")
        .file("themes/plain/templates/article.html", "<h1>{{ article.title }}</h1>{{ article.content | safe }}")
        .file("themes/plain/templates/page.html", "{{ page.title }}")
        .file("themes/plain/templates/front.html", "{% if listing.lead %}{{ listing.lead.title }}{% endif %}");
    let run = check(&site);
    let found = run.diagnostics();
    assert_eq!((run.code, found.len()), (1, 2), "{found:?}");
    assert!(found.iter().any(|one| one.contains("has no template `listing.html`")), "{found:?}");
    site.write("themes/plain/templates/listing.html", "{{ listing.title }}");
    site.write("themes/plain/templates/404.html", "gone");
    assert_eq!(check(&site).diagnostics(), Vec::<String>::new());
    site.write("themes/plain/templates/404.html", "{% if %}");
    site.write("themes/plain/templates/page.html", "{{ page.title }");
    assert_eq!(check(&site).diagnostics().len(), 2, "every syntax error at once");
}

#[test]
fn nothing_is_written_by_a_check() {
    let site = child().article("local/x", "2026-10-02", "", "x");
    let before = crate::fixture::tree(site.root());
    check(&site);
    assert_eq!(crate::fixture::tree(site.root()).len(), before.len());
}

#[test]
fn the_sample_site_can_be_a_wire() {
    let site = sample();
    site.write("site.yaml", site.read("site.yaml").replace("theme: broadsheet ", "theme: wire "));
    let run = site.try_build(&["--strict"]);
    assert_eq!((run.code, run.diagnostics()), (0, Vec::<String>::new()), "{}", run.stderr);
    let front = site.published("index.html");
    let days: Vec<&str> =
        front.split("class=\"stream-day\"><time datetime=\"").skip(1).map(|rest| &rest[..10]).collect();
    assert!(days.len() > 1 && days.windows(2).all(|pair| pair[0] > pair[1]), "newest day first, each once: {days:?}");
    assert!(front.contains("class=\"filters\"") && !front.contains("Breaking<"), "nothing breaks but at the desk");
    assert!(front.contains("id=\"analyses\""), "more than news stands beside it");
    assert!(!front.contains("id=\"opinions\""), "the stream has them all");
    let article = site.published("local/tunnel/index.html");
    assert!(article.contains("class=\"wire-time\"") && article.matches("class=\"byline\"").count() == 1);
    let run = site.run(&["theme", "check", "wire", "--strict", "--json"]);
    assert_eq!((run.code, run.diagnostics()), (0, Vec::<String>::new()));
}

#[test]
fn a_logo_of_the_site_is_there_when_its_theme_is_checked() {
    let site = child()
        .file("static/images/masthead.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"10\"/>")
        .file("content/dark.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"10\"/>")
        .file(
            "themes/child/theme.yaml",
            "name: child\napi: 1\nextends: broadsheet\nsettings:\n  logo: /images/masthead.svg\n  logo_dark: /dark.svg\n",
        );
    let run = check(&site);
    assert_eq!((run.code, run.diagnostics()), (0, Vec::<String>::new()));
    site.remove("static/images/masthead.svg");
    let wanted =
        "error themes/child/theme.yaml:5:3 the setting `logo` names `/images/masthead.svg`, and there is no such file";
    assert!(check(&site).diagnostics().iter().any(|one| one.starts_with(wanted)), "{:?}", check(&site).diagnostics());
}

#[test]
fn wrong_settings_of_the_site_are_told_at_its_own_lines() {
    let site = child();
    site.write(
        "site.yaml",
        "base_url: https://test.example\npublisher: { name: P, masthead: /about/ }\ntheme: child\ntheme_settings:\n  acent: teal\n  masthead: [a]\n",
    );
    let run = check(&site);
    assert_eq!(
        run.diagnostics(),
        [
            "error site.yaml:5:3 the theme `child` has no setting `acent`",
            "error site.yaml:6:3 the setting `masthead` is `[\"a\"]`"
        ]
    );
    let tried = run.stdout.lines().last().expect("a summary");
    assert!(tried.contains("\"pages\":") && !tried.contains("\"pages\":0"), "the theme itself is tried: {tried}");
}
