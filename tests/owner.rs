//! What the owner of a site sets without a template: pieces of HTML, analytics, menus, the foot of the page, the
//! newsletter, colours and fonts, advertisements.

mod fixture;

use base64::Engine as _;
use fixture::TestSite;
use sha2::Digest as _;

const BASE: &str = "title: The Test\nbase_url: https://test.example\nhosting: [netlify]\n";

/// A site with one article, and these further settings.
fn site(more: &str) -> TestSite {
    TestSite::new().file("site.yaml", format!("{BASE}{more}")).article(
        "local/tunnel",
        "2026-10-01",
        "title: The tunnel\nauthors: [ann]\nsummary: In short.",
        "First.\n\nSecond.\n\nThird.\n\nFourth.\n",
    )
}

/// The sources of a directive of the policy.
fn directive(site: &TestSite, name: &str) -> String {
    let headers = site.published("_headers");
    let policy =
        headers.lines().find_map(|line| line.trim().strip_prefix("Content-Security-Policy: ")).expect("a policy");
    let found = policy.split("; ").find_map(|one| one.strip_prefix(name)?.strip_prefix(' '));
    found.unwrap_or_else(|| panic!("no {name} in {policy}")).to_owned()
}

/// The source expression of an inline script.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(text)))
}

#[test]
fn the_owners_html_stands_in_every_page_and_the_policy_lets_it_in() {
    let site = site("code: {head: includes/head.html, end: includes/end.html}\n")
        .file("includes/head.html", "<meta name=\"proof\" content=\"1\">\r\n<script>\r\nproof(1);\r\n</script>\n")
        .file("includes/end.html", "<script async src=\"https://chat.example/box.js\"></script>\n");
    site.build();
    for page in ["index.html", "local/tunnel/index.html", "404.html", "search/index.html"] {
        let html = site.published(page);
        let (head, body) = html.split_once("</head>").expect("a head");
        assert!(head.contains("<meta name=\"proof\" content=\"1\">\n<script>\nproof(1);\n</script>"), "{page}");
        assert!(body.contains("<script async src=\"https://chat.example/box.js\"></script>\n</body>"), "{page}");
    }
    assert!(directive(&site, "script-src").contains(&hash("\nproof(1);\n")));
    assert!(directive(&site, "script-src").contains(" https://chat.example"));
    assert_eq!(directive(&site, "connect-src"), "'self' https://chat.example");
    assert_eq!(directive(&site, "img-src"), "'self' data:");
    assert!(!site.has("public/includes/head.html"), "the folder is not published");
}

#[test]
fn an_edit_of_an_include_renders_the_pages_that_have_it_and_the_policy() {
    let site = site("code: {head: includes/head.html}\n").file("includes/head.html", "<script>one()</script>");
    site.build();
    site.write("includes/head.html", "<script>other()</script>");
    let rendered = site.build().rendered();
    assert!(rendered.contains("local/tunnel/") && rendered.contains("_headers"), "{rendered:?}");
    assert!(!rendered.contains("feed.xml") && !rendered.contains("robots.txt"), "{rendered:?}");
    assert!(directive(&site, "script-src").contains(&hash("other()")));
    assert!(!directive(&site, "script-src").contains(&hash("one()")));
    site.assert_equals_clean("an edit of an include");
    site.write("includes/other.html", "<p>not named</p>");
    assert!(site.build().rendered().is_empty());
}

/// The diagnostics of a build that fails, each with its hint.
fn problems(site: &TestSite) -> Vec<String> {
    let run = site.try_build(&[]);
    run.diagnostics().into_iter().zip(run.hints()).map(|(one, hint)| format!("{one} | {hint}")).collect()
}

#[test]
fn mistakes_name_their_place_and_the_cure() {
    let all = |more: &str, files: &[(&str, &str)]| {
        let site = site(more);
        files.iter().for_each(|(path, text)| site.write(path, text));
        problems(&site).join("\n")
    };
    let cases: [(&str, &[(&str, &str)], &str); 7] = [
        (
            "code:\n  head: includes/haed.html\n",
            &[("includes/head.html", "x")],
            "site.yaml:5:3 `code.head` names `includes/haed.html`, and there is no such file | did you mean `includes/head.html`?",
        ),
        (
            "code: {end: static/end.html}\n",
            &[],
            "site.yaml:4:8 `code.end` is `static/end.html`, which is not a file of `includes/` | put the HTML",
        ),
        (
            "code: {end: includes/end.html}\n",
            &[("includes/end.html", "<p>\n<style>a{}")],
            "includes/end.html:2:1 `<style>` is not closed here",
        ),
        ("code: {haed: includes/head.html}\n", &[], "site.yaml:4:8 unknown key `haed` | did you mean `head`?"),
        (
            "analytics: {plausibel: {domain: a.example}}\n",
            &[],
            "site.yaml:4:13 unknown key `plausibel` | did you mean `plausible`?",
        ),
        (
            "analytics: {goatcounter: {}}\n",
            &[],
            "site.yaml:4:13 `analytics.goatcounter` has neither `code` nor `server` | write `code: news`",
        ),
        (
            "analytics: {matomo: {server: stats.example, site: 1}}\n",
            &[],
            "site.yaml:4:13 `analytics.matomo.server` is `stats.example`, which is not the address of a server | write scheme and host",
        ),
    ];
    for (more, files, expected) in cases {
        let found = all(more, files);
        assert!(found.contains(expected), "{more}\n{found}");
    }
}

#[test]
fn each_service_that_counts_gets_its_script_and_its_place_in_the_policy() {
    let cases = [
        (
            "plausible: {domain: test.example}",
            "<script defer data-domain=\"test.example\" src=\"https://plausible.io/js/script.js\"></script>",
            "https://plausible.io",
            "https://plausible.io",
        ),
        (
            "goatcounter: {code: news}",
            "<script data-goatcounter=\"https://news.goatcounter.com/count\" async src=\"https://gc.zgo.at/count.js\"></script>",
            "https://gc.zgo.at",
            "https://news.goatcounter.com",
        ),
        (
            "umami: {website: abc-1, server: 'https://u.example'}",
            "<script defer src=\"https://u.example/script.js\" data-website-id=\"abc-1\"></script>",
            "https://u.example",
            "https://u.example",
        ),
        (
            "matomo: {server: 'https://m.example/', site: 3}",
            "<script async src=\"https://m.example/matomo.js\"></script>",
            "https://m.example",
            "https://m.example",
        ),
    ];
    for (given, element, script, connect) in cases {
        let site = site(&format!("analytics: {{{given}}}\n"));
        site.build();
        let html = site.published("local/tunnel/index.html");
        assert!(html.contains(element), "{given}");
        let scripts = directive(&site, "script-src");
        assert!(scripts.split(' ').any(|source| source == script), "{given}: {scripts}");
        assert!(directive(&site, "connect-src").split(' ').any(|source| source == connect), "{given}");
        if let Some((_, rest)) = html.split_once("<script>var _paq") {
            let text = format!("var _paq{}", rest.split("</script>").next().expect("closed"));
            assert!(scripts.contains(&hash(&text)), "{given}: {scripts}");
            assert!(text.contains("disableCookies"));
        }
    }
    let plain = site("");
    plain.build();
    assert_eq!(directive(&plain, "connect-src"), "'self'");
}

#[test]
fn a_template_that_loads_what_the_policy_refuses_is_told() {
    let template = "{% extends \"broadsheet/404.html\" %}\n{% block extra_head %}\n<script src=\"https://cdn.example/x.js\"></script>\n<script>early()</script>\n{% endblock extra_head %}";
    let made = |more: &str| {
        site(&format!("theme: own\n{more}"))
            .file("themes/own/theme.yaml", "name: own\napi: 1\nextends: broadsheet\n")
            .file("themes/own/templates/404.html", template)
    };
    let warnings: Vec<String> = made("").build().diagnostics();
    let expected = [
        "warning themes/own/templates/404.html:3:22 the security policy (script-src) refuses https://cdn.example",
        "warning themes/own/templates/404.html:4:1 the security policy (script-src) refuses a script inside the page",
    ];
    for one in expected {
        assert!(warnings.iter().any(|warning| warning == one), "{one}\n{warnings:#?}");
    }
    let allowed = made("headers: {policy: {script-src: ['https://cdn.example']}}\n");
    assert!(!allowed.build().diagnostics().iter().any(|one| one.contains("cdn.example")));
}
