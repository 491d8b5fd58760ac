//! Edits after which a build once left a page, a file or a warning as it was: each is followed by a build that must make
//! and say what a clean one does.

use crate::fixture::TestSite;

const THEME: (&str, &str) = ("themes/mine/theme.yaml", "name: mine\napi: 1\nextends: broadsheet\n");

/// Builds a site of these files, then again after each edit; one without text is a removal.
fn follow(case: &str, settings: &str, files: &[(&str, &str)], edits: &[(&str, &str)]) -> TestSite {
    let site = TestSite::empty()
        .file("site.yaml", format!("base_url: https://test.example\ncards: false\nsearch: false\n{settings}"))
        .article("local/a", "2026-11-20", "title: A story", "Text.");
    files.iter().for_each(|(path, text)| site.write(path, text));
    site.build();
    for (path, text) in edits {
        if text.is_empty() {
            site.remove(path)
        } else {
            site.write(path, text)
        }
        let run = site.try_build(&[]);
        site.assert_equals_clean_and_says_so(&run, &format!("{case}, {path}"));
        let is_good = run.diagnostics().is_empty();
        assert_eq!(
            site.try_build(&["--strict"]).code,
            i32::from(!is_good),
            "{case}, {path}: `--strict` says otherwise"
        );
    }
    site
}

#[test]
fn files_of_a_hidden_bundle_are_looked_at_like_all_others() {
    let comment = "- {id: a, name: A, date: 2026-11-21, text: Slander.}\n";
    let files = [("content/local/index.html", "---\ntitle: Old\n---\nx\n"), ("content/local/a.comments.yaml", comment)];
    let site = follow("comments", "", &files, &[("content/local/a.comments.yaml", "[]\n")]);
    assert!(!site.published("local/a/index.html").contains("Slander"));
    let player = "---\ntitle: A story\ndate: 2026-11-20\n---\n\n{{ <audio src=\"trip/talk.mp3\" title=\"T\" /> }}\n";
    let files = [
        ("content/local/a.md", player),
        ("static/trip/talk.mp3", "x"),
        ("content/local/trip/index.md", "---\ntitle: Trip\ndate: 2026-11-21\ndraft: true\n---\n\nx\n"),
    ];
    follow("a new file", "", &files, &[("content/local/trip/talk.mp3", "y"), ("content/local/trip/talk.mp3", "")]);
}

#[test]
fn only_what_is_published_can_be_an_image() {
    let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3\" height=\"2\"/>";
    for path in ["themes/mine/static/t.svg", "data/t.svg"] {
        let article = format!("---\ntitle: A story\ndate: 2026-11-20\n---\n\n![x](../../{path})\n");
        let site = follow("an image", "theme: mine\n", &[THEME], &[]);
        site.write(path, drawing);
        site.write("content/local/a.md", article);
        assert_eq!(site.try_build(&["--strict"]).code, 1, "{path} is not published where the page would show it");
    }
}

#[test]
fn a_file_of_the_owner_that_is_empty_for_now_reaches_the_pages_when_it_is_filled() {
    let code = "code: { head: includes/head.html, end: includes/end.html }\n";
    let files = [("includes/head.html", "\n"), ("includes/end.html", "<p>Bye</p>\n")];
    let edits = [
        ("includes/head.html", "<script>consent()</script>\n"),
        ("includes/end.html", "\n"),
        ("includes/end.html", "<p>Bye again</p>\n"),
    ];
    follow("code", code, &files, &edits);
}

#[test]
fn a_theme_that_changes_what_every_page_can_see_changes_every_page() {
    let languages = "theme: mine\nlanguages: { en: {}, de: {} }\n";
    let german = ("content/local/b.de.md", "---\ntitle: B\ndate: 2026-11-20\n---\n\nx\n");
    let names = ("themes/mine/i18n/de.yaml", "language_name: Deutsch\n");
    follow("a name", languages, &[THEME, german, names], &[(names.0, "language_name: Deutsche Ausgabe\n")]);
    let page = "{% extends \"broadsheet/page.html\" %}{% block main %}{{ fragment(name=\"extra\") }}{% endblock %}";
    let files = [
        THEME,
        ("content/about.md", "---\ntitle: About\n---\n\nx\n"),
        ("themes/mine/templates/fragments/extra.html", " "),
        ("themes/mine/templates/page.html", page),
    ];
    follow("a fragment", "theme: mine\n", &files, &[("themes/mine/templates/fragments/extra.html", "")]);
}

#[test]
fn a_component_is_reached_however_its_call_is_written() {
    let long = format!("{}part.html", "folder/".repeat(30));
    let files = [
        THEME,
        ("content/local/a.md", "---\ntitle: A\ndate: 2026-11-20\n---\n\n{{ <box text=\"x\" /> }}\n"),
        (
            "themes/mine/templates/404.html",
            &*format!("{{# {{% component box(text) %}} #}}{{{{ < note /> }}}}{{% include \"{long}\" %}}"),
        ),
        (
            "themes/mine/templates/components/box.html",
            "{% component box(text) %}<b>{{ text }}</b>{% endcomponent box %}",
        ),
        ("themes/mine/templates/components/note.html", "{% component note() %}<b>n</b>{% endcomponent note %}"),
        (&*format!("themes/mine/templates/{long}"), "one"),
    ];
    let edits = [
        (
            "themes/mine/templates/components/box.html",
            "{% component box(text) %}<i>{{ text }}</i>{% endcomponent box %}",
        ),
        ("themes/mine/templates/components/note.html", "{% component note() %}<i>n</i>{% endcomponent note %}"),
        (&*format!("themes/mine/templates/{long}"), "two"),
    ];
    follow("a component", "theme: mine\n", &files, &edits);
}

#[test]
fn an_old_address_has_the_language_of_its_article() {
    let article = |language: &str| {
        format!("---\ntitle: X\ndate: 2026-11-20\npermalink: /x/\naliases: [/old/]\n{language}---\n\nx\n")
    };
    let files = [("content/local/x.md", &*article(""))];
    follow(
        "an alias",
        "languages: { en: {}, de: {} }\n",
        &files,
        &[("content/local/x.md", &article("language: de\n"))],
    );
}

#[test]
fn what_is_wrong_with_an_advertisement_is_told_as_long_as_it_is() {
    let slots = "ad_slots: { a: { place: lead } }\n";
    let ad = |body: &str| format!("---\nslot: a\n---\n\n{body}\n");
    let path = "includes/ads/one.md";
    let edits = [(path, &*ad("Buy.\n\n{{ <nobox /> }}")), (path, &*ad("Buy it."))];
    follow("an error", slots, &[(path, &ad("Buy."))], &edits);
    let shop = ("content/shop.md", "---\ntitle: Shop\n---\n\nx\n");
    let moved = format!("\n{}", ad("[Buy](/shop/)."));
    let edits = [("content/shop.md", ""), (path, &*moved), shop];
    follow("a link", slots, &[(path, &ad("[Buy](/shop/).")), shop], &edits);
}

#[test]
fn what_is_wrong_with_a_theme_is_told_by_builds_with_nothing_to_do() {
    let faint = "theme_settings: { paper: \"#ffffff\", ink: \"#eeeeee\" }\n";
    let site = follow("colours", faint, &[], &[("content/local/b.md", "---\ntitle: B\ndate: 2026-11-20\n---\n\nx\n")]);
    assert_eq!(site.build().diagnostics().len(), 1);
    assert_eq!(site.try_build(&["--strict"]).code, 1);
}

#[test]
fn a_warning_stands_where_the_source_is_now() {
    let comment = "- {id: a, name: A, date: 2026-11-21, text: \"[x](/gone/)\"}\n";
    let moved = format!("# a remark\n{comment}");
    let path = "content/local/a.comments.yaml";
    follow("a comment", "", &[(path, comment)], &[(path, &moved)]);
    let site = follow("a file", "", &[("static/a.tiff", "II*\0 damaged")], &[]);
    site.remove("static/a.tiff");
    site.write("content/a.tiff", "II*\0 damaged");
    let run = site.build();
    site.assert_equals_clean_and_says_so(&run, "a file that moved");
}

#[test]
fn a_session_plans_anew_when_a_template_names_other_files() {
    use courant::pipeline::{Changes, Options, Session};
    let template = "themes/mine/templates/404.html";
    let site = TestSite::new()
        .file("site.yaml", "base_url: https://test.example\ntheme: mine\n")
        .file(THEME.0, THEME.1)
        .file("content/report.pdf", "%PDF")
        .file(template, "<a href=\"/report.pdf\">r</a>");
    let mut session = Session::new(site.root());
    let options = Options { now: courant::article::time::Timestamp(1_764_000_000), ..Options::default() };
    let changes = Changes::Paths([template.to_owned()].into());
    for (text, is_published) in [("", true), ("<p>gone</p>", false), ("<a href=\"/report.pdf\">r</a>", true)] {
        if !text.is_empty() {
            site.write(template, text);
        }
        session.build(&changes, &options, &crate::fixture::machines::Nobody).expect("built");
        assert_eq!(site.has("public/report.pdf"), is_published, "{text}");
    }
}

#[test]
fn an_image_of_a_component_is_the_same_file_in_pages_and_feeds() {
    let site = TestSite::new()
        .article("local/one/index", "2026-11-20", "", "Text.\n\n{{ <photo src=\"q.svg\" alt=\"x\" /> }}")
        .file("content/local/one/q.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3\" height=\"2\"/>");
    site.build();
    let image = "https://test.example/local/one/q.svg";
    assert!(site.published("feed.xml").contains(image), "{}", site.published("feed.xml"));
    let run = site.try_build(&["--verify", "--strict"]);
    assert_eq!((run.code, run.number("rendered")), (0, 0), "{}", run.stdout);
}
