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
    let cases: [(&str, &[(&str, &str)], &str); 12] = [
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
        (
            "menu: [{title: A, url: /}]\nmenus: {main: [{title: B, url: /}]}\n",
            &[],
            "site.yaml:5:1 `menu` and `menus.main` are the same thing, and both are given | keep `menus.main`",
        ),
        ("menus: {foter: []}\n", &[], "site.yaml:4:9 unknown key `foter` | did you mean `footer`?"),
        ("menus:\n  main: [{title: A, url: about.md}]\n", &[], "`about.md` would lead elsewhere from each page"),
        (
            "social: [\"@paper\"]\n",
            &[],
            "site.yaml:4:1 `@paper` in `social` is not an address | write the whole address",
        ),
        (
            "footer: {imprint: imprint.md}\n",
            &[],
            "site.yaml:4:10 `footer.imprint` is `imprint.md`, which is not the address of a page | write the address of the page, such as `/imprint/`",
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

/// The part of a page between two marks.
fn between<'p>(page: &'p str, from: &str, to: &str) -> &'p str {
    let (_, rest) = page.split_once(from).unwrap_or_else(|| panic!("no {from} in {page}"));
    rest.split_once(to).map_or(rest, |(part, _)| part)
}

#[test]
fn menus_unfold_without_scripts_and_mark_where_the_reader_is() {
    let entries: String =
        (1..=14).map(|number| format!("    - {{title: Entry {number}, url: /e{number}/}}\n")).collect();
    let site = site(&format!(
        "menus:\n  main:\n    - {{title: Front, url: /}}\n    - {{title: Local, url: /local/, children: [{{title: About, url: /about/}}]}}\n{entries}  footer: [{{title: Terms, url: /terms/}}]\n"
    ))
    .file("content/about.md", "---\ntitle: About\n---\n\nWe.\n");
    site.build();
    let page = site.published("local/tunnel/index.html");
    let menu = between(&page, "<nav class=\"sections\"", "</nav>");
    assert!(menu.contains("<summary>Local</summary>\n<ul>\n<li><a href=\"/local/\" aria-current=\"true\">Local</a></li>\n<li><a href=\"/about/\">About</a></li>"), "{menu}");
    let more = between(menu, "<summary>More</summary>", "</details>");
    assert_eq!(more.matches("<li>").count(), 8, "eight of sixteen: {more}");
    assert!(
        !menu.contains("Terms") && between(&page, "<footer", "</footer>").contains("<a href=\"/terms/\">Terms</a>")
    );
    let about = site.published("about/index.html");
    assert!(
        between(&about, "<nav class=\"sections\"", "</nav>")
            .contains("<a href=\"/about/\" aria-current=\"page\">About</a>")
    );
    assert!(!menu.contains("<script") && !menu.contains(" on"));
}

#[test]
fn a_menu_says_nothing_of_what_is_withheld() {
    let mut site = site(
        "menus: {main: [{title: Desk, url: /local/secret/, children: [{title: Tunnel, url: /local/tunnel/}, {title: Secret, url: /local/secret/}]}]}\nfooter: {imprint: /local/secret/}\n",
    );
    site.write_article("local/secret", "2026-12-01", "title: The secret", "Words.");
    site.build();
    let page = site.published("index.html");
    assert!(!page.contains("/local/secret/") && page.contains("<summary>Desk</summary>"));
    site.set_now("2026-12-02T00:00:00Z");
    site.build();
    assert!(site.published("index.html").contains("<a href=\"/local/secret/\">Imprint</a>"));
    site.assert_equals_clean("what the menu leads to was published");
}

#[test]
fn the_foot_of_the_page_has_the_owners_words_and_pages_elsewhere_in_each_language() {
    let site = site("social: ['https://social.example/@paper', 'https://www.facebook.com/paper', 'https://club.example/x', 'mailto:desk@paper.example']\nfooter: {text: 'Printed by *hand*, see [about](/about/).', imprint: /about/}\nlanguages:\n  en: {}\n  de: {footer: {text: Von Hand.}, menus: {footer: [{title: Wir, url: /about/}]}}\n")
        .file("content/about.md", "---\ntitle: About\n---\n\nWe.\n")
        .file("content/about.de.md", "---\ntitle: Wir\n---\n\nWir.\n");
    site.build();
    let foot = site.published("index.html");
    let foot = between(&foot, "<footer", "</footer>");
    assert!(foot.contains("Printed by <em>hand</em>, see <a href=\"/about/\">about</a>."), "{foot}");
    assert!(foot.contains("<a href=\"/about/\">Imprint</a>"));
    assert_eq!(foot.matches("rel=\"me\"").count(), 4);
    for name in ["Mastodon (social.example)", "Facebook", "club.example", "desk@paper.example"] {
        assert!(foot.contains(&format!(">{name}</span></a>")), "{name}");
    }
    let german = site.published("de/index.html");
    let german = between(&german, "<footer", "</footer>");
    assert!(
        german.contains("Von Hand.")
            && german.contains("<a href=\"/de/about/\">Wir</a>")
            && !german.contains("Printed")
    );
    assert_eq!(directive(&site, "img-src"), "'self' data:", "icons are drawn here");
}
