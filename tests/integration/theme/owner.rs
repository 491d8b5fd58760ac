//! What the owner of a site sets without a template: pieces of HTML, analytics, menus, the foot of the page, the
//! newsletter, colours and fonts, advertisements.

use crate::fixture::TestSite;
use base64::Engine as _;
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
fn what_each_page_has_itself_is_refused_in_a_piece_of_html() {
    let site = site("code: { head: includes/head.html }\n").file("includes/head.html", "<p>x</p>\n</head>\n<body>\n");
    let run = site.try_build(&[]);
    assert_eq!(run.code, 1);
    let said = run.diagnostics();
    assert!(said.len() == 1 && said[0].contains("includes/head.html:2:1") && said[0].contains("</head>"), "{said:#?}");
    site.write("includes/head.html", "<script>'</head>'</script>");
    site.build();
    // An advertisement has a time of its own.
    site.write("includes/ads/later.md", "---\ndraft: true\n---\nA secret offer.\n");
    site.write("site.yaml", format!("{BASE}code: {{ head: includes/ads/later.md }}\n"));
    assert_eq!(site.try_build(&[]).code, 1);
    site.write("site.yaml", format!("{BASE}share: [email, x, email]\n"));
    assert!(site.try_build(&[]).diagnostics()[0].contains("`share` names `email` twice"));
}

#[test]
fn mistakes_name_their_place_and_the_cure() {
    let all = |more: &str, files: &[(&str, &str)]| {
        let site = site(more);
        files.iter().for_each(|(path, text)| site.write(path, text));
        problems(&site).join("\n")
    };
    type Files = &'static [(&'static str, &'static str)];
    let cases: [(&str, Files, &str); 25] = [
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
        (
            "menus:\n  footer:\n    - {title: A, url: /a/}\n    - {title: B, url: b.md}\n",
            &[],
            "site.yaml:7:23 `b.md` would lead elsewhere",
        ),
        (
            "newsletter:\n  title: Letter\n  action: mail.example\n",
            &[],
            "site.yaml:6:11 `newsletter.action` is `mail.example`, which is not an address",
        ),
        (
            "languages:\n  en: {}\n  de:\n    footer: {imprint: impressum.md}\n",
            &[],
            "site.yaml:7:23 `footer.imprint` is `impressum.md`",
        ),
        (
            "ad_slots: {mid: {place: text}}\n",
            &[("includes/ads/a.fr.md", "---\nslot: mid\n---\n\nBuy.\n")],
            "includes/ads/a.fr.md the site has no language `fr`",
        ),
        ("menus: {foter: []}\n", &[], "site.yaml:4:9 unknown key `foter` | did you mean `footer`?"),
        ("menus:\n  main: [{title: A, url: about.md}]\n", &[], "`about.md` would lead elsewhere from each page"),
        (
            "social: [\"@paper\"]\n",
            &[],
            "site.yaml:4:11 `@paper` in `social` is not an address | write the whole address",
        ),
        (
            "footer: {imprint: imprint.md}\n",
            &[],
            "site.yaml:4:19 `footer.imprint` is `imprint.md`, which is not the address of a page | write the address of the page, such as `/imprint/`",
        ),
        (
            "newsletter: {title: Mail}\n",
            &[],
            "site.yaml:4:1 `newsletter` has no `action`, so there is nothing to send the form to | write the address",
        ),
        (
            "newsletter: {action: mail.example}\n",
            &[],
            "site.yaml:4:22 `newsletter.action` is `mail.example`, which is not an address",
        ),
        (
            "share: [e-mail]\n",
            &[],
            "site.yaml:4:9 share[0]: `e-mail` is not a value of this key | did you mean `email`?",
        ),
        (
            "theme_settings: {text_font: /fonts/tekst.woff2}\n",
            &[("static/fonts/text.woff2", "x")],
            "site.yaml:4:18 the setting `text_font` names `/fonts/tekst.woff2`, and there is no such file | did you mean `/fonts/text.woff2`?",
        ),
        ("theme_settings: {paper: beige}\n", &[], "site.yaml:4:18 the setting `paper` is `beige`"),
        ("ad_slots: {mid: {place: txt}}\n", &[], "`txt` is not a value of this key | did you mean `text`?"),
        ("ad_slots: {mid: {place: text, after: 0}}\n", &[], "site.yaml:4:12 `after` of the slot `mid` is 0 | write 1"),
        (
            "ad_slots: {mid: {place: text}}\n",
            &[("includes/ads/a.md", "---\nslott: mid\n---\n\nBuy.\n")],
            "includes/ads/a.md:2:8 an advertisement has no key `slott` | did you mean `slot`?",
        ),
        (
            "ad_slots: {mid: {place: text}}\n",
            &[("includes/ads/a.md", "---\nslot: mid\nexpires: soon\n---\n\nBuy.\n")],
            "includes/ads/a.md:3:",
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
fn the_owners_words_link_within_the_site_and_say_nothing_of_what_is_withheld() {
    let words = "Read [the plan](/local/plan/), [us](/about/) and [others](https://o.example/).";
    let mut site = TestSite::new()
        .file(
            "site.yaml",
            format!("title: The Test\nbase_url: https://test.example/blog/\nlanguages: {{ en: {{}}, de: {{ footer: {{ text: '{words}' }}, newsletter: {{ text: '{words}' }} }} }}\nfooter: {{ text: '{words}' }}\nnewsletter: {{ action: 'https://mail.example/', text: '{words}' }}\n"),
        )
        .file("content/about.md", "---\ntitle: About\n---\nUs.\n")
        .file("content/about.de.md", "---\ntitle: Wir\n---\nWir.\n")
        .article("local/tunnel", "2026-10-01", "title: The tunnel", "Words.")
        .file("content/local/tunnel.de.md", "---\ntitle: Der Tunnel\ndate: 2026-10-01\n---\nWorte.\n")
        .article("local/plan", "2026-12-01", "title: The plan of the harbour", "Words.");
    site.set_now("2026-11-20T00:00:00Z");
    assert_eq!(site.build().diagnostics(), Vec::<String>::new());
    for (path, bytes) in site.output() {
        assert!(!String::from_utf8_lossy(&bytes).contains("local/plan"), "{path}");
    }
    let expected = |us: &str| {
        format!("Read the plan, <a href=\"{us}\">us</a> and <a href=\"https://o.example/\">others</a>.</div>")
    };
    for (page, us) in [("index.html", "/blog/about/"), ("de/index.html", "/blog/de/about/")] {
        let page = site.published(page);
        assert_eq!(page.matches(&expected(us)).count(), 2, "{page}");
    }
    site.set_now("2026-12-02T00:00:00Z");
    site.build();
    assert_eq!(site.published("index.html").matches("<a href=\"/blog/local/plan/\">the plan</a>").count(), 2);
    site.assert_equals_clean("the plan was published");
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

#[test]
fn the_newsletter_stands_below_articles_and_on_the_front_page_and_its_form_may_be_sent() {
    let site = site("newsletter: {action: 'https://mail.example:8443/join?x=1', field: EMAIL, hidden: {list: '7'}, title: The letter, text: 'Every *Friday*.'}\nlanguages: {en: {}, de: {newsletter: {title: Der Brief}}}\n")
        .file("content/local/tunnel.de.md", "---\ntitle: Der Tunnel\ndate: 2026-10-01\n---\n\nErstens.\n");
    site.build();
    for page in ["index.html", "local/tunnel/index.html"] {
        let html = site.published(page);
        let form = between(&html, "<section class=\"newsletter\"", "</section>");
        assert!(form.contains("<form action=\"https://mail.example:8443/join?x=1\" method=\"post\">"), "{form}");
        assert!(
            form.contains("name=\"EMAIL\" type=\"email\"")
                && form.contains("<input type=\"hidden\" name=\"list\" value=\"7\">")
        );
        assert!(form.contains("The letter") && form.contains("Every <em>Friday</em>."));
    }
    let german = site.published("de/local/tunnel/index.html");
    let form = between(&german, "<section class=\"newsletter\"", "</section>");
    assert!(form.contains("Der Brief") && form.contains("Abonnieren") && !form.contains("Friday"));
    assert_eq!(directive(&site, "form-action"), "'self' https://mail.example:8443");
}

#[test]
fn an_article_is_passed_on_by_links_alone() {
    let site = site("share: [email, mastodon, whatsapp]\n");
    site.build();
    let page = site.published("local/tunnel/index.html");
    let share = between(&page, "<nav class=\"share", "</nav>");
    assert!(
        share.contains(
            "href=\"mailto:?subject=The%20tunnel&amp;body=https%3A%2F%2Ftest%2Eexample%2Flocal%2Ftunnel%2F\""
        ),
        "{share}"
    );
    assert!(
        share.contains("https://share.joinmastodon.org/#text=The%20tunnel%20https")
            && share.contains("https://wa.me/?text=")
    );
    assert!(!directive(&site, "connect-src").contains("http"));
}

#[test]
fn below_an_article_stands_who_wrote_it_and_the_series_goes_on() {
    let site = site("").file("content/authors/ann.md", "---\nname: Ann Lee\nrole: Editor\n---\n\nShe *rows*.\n");
    for number in 2..=5 {
        let front = format!("title: Part {number}\nseries: The wall\nauthors: [ann]");
        site.write_article(&format!("local/p{number}"), &format!("2026-10-0{number}"), &front, "Words.");
    }
    site.build();
    let page = site.published("local/p3/index.html");
    let who = between(&page, "<section class=\"author-box\"", "</section>");
    assert!(
        who.contains("rel=\"author\">Ann Lee</a> <span>Editor</span>") && who.contains("She <em>rows</em>."),
        "{who}"
    );
    let parts = between(&page, "series-parts", "</nav>");
    assert!(
        parts.contains("href=\"/local/p2/\"><span>Previous part")
            && parts.contains("href=\"/local/p4/\"><span>Next part")
    );
    // They are the neighbours in time, too, and stand there once.
    assert_eq!((page.matches("neighbour-older").count(), page.matches("neighbour-newer").count()), (1, 1));
    // A part in the middle that goes changes its two neighbours in the series, as in the calendar.
    site.write("content/authors/ann.md", "---\nname: Ann Lee\n---\n\nShe sails.\n");
    let rendered = site.build().rendered();
    assert!(
        rendered.contains("local/p3/") && rendered.contains("authors/ann/") && !rendered.contains(""),
        "{rendered:?}"
    );
    site.assert_equals_clean("another biography");
    site.remove("content/authors/ann.md");
    site.build();
    assert!(!site.published("local/p3/index.html").contains("author-box"));
    site.assert_equals_clean("no profile any more");
}

#[test]
fn colours_and_fonts_of_ones_own_are_checked_and_loaded_from_the_site() {
    let site = site("theme_settings: {paper: '#fff8ee', ink: '#999', text_font: /fonts/text.woff2}\n")
        .file("static/fonts/text.woff2", "a font");
    let said = site.build().diagnostics();
    assert!(
        said.iter().any(|one| one
            == "warning site.yaml:4:36 `ink` #999 on `paper` #fff8ee has a contrast of 2.7 to 1, and texts need 4.5"),
        "{said:#?}"
    );
    let page = site.published("index.html");
    assert!(
        page.contains("<link rel=\"preload\" href=\"/fonts/text.woff2\" as=\"font\" type=\"font/woff2\" crossorigin>")
    );
    let name = between(&page, "<link rel=\"stylesheet\" href=\"/", "\"").to_owned();
    let style = site.published(&name);
    assert!(
        style.contains("src: url(\"../fonts/text.woff2\"); font-display: swap")
            && style.contains("--paper: light-dark(#fff8ee,")
    );
    let good = site;
    good.write("site.yaml", format!("{BASE}theme_settings: {{paper: '#fff8ee', ink: '#222'}}\n"));
    assert!(!good.build().diagnostics().iter().any(|one| one.contains("contrast")));
}

const SLOTS: &str =
    "ad_slots:\n  top: {place: lead, sections: [local]}\n  mid: {place: text, after: 2}\n  side: {place: beside}\n";

/// A site with slots, a second section, and these advertisements.
fn site_with_ads(ads: &[(&str, &str)]) -> TestSite {
    let site = site(SLOTS);
    site.write_article("world/treaty", "2026-10-02", "title: The treaty", "One.\n\nTwo.\n\nThree.\n");
    for (name, text) in ads {
        site.write(&format!("includes/ads/{name}.md"), text);
    }
    site
}

#[test]
fn house_advertisements_stand_in_their_places_and_say_what_they_are() {
    let site = site_with_ads(&[
        ("top", "---\nslot: top\n---\n\nJoin the [rowing club](https://rowing.example/).\n"),
        ("mid", "---\nslot: mid\n---\n\nOur almanac.\n"),
        ("old-side", "---\nslot: side\ndate: 2026-09-01\n---\n\nOlder.\n"),
        ("side", "---\nslot: side\ndate: 2026-10-01\n---\n\nNewer.\n"),
        ("lost", "---\nslot: middle\n---\n\nNobody sees it.\n"),
    ]);
    let said = site.build().diagnostics();
    assert!(
        said.iter().any(|one| one.contains("includes/ads/lost.md") && one.contains("no slot `middle`")),
        "{said:#?}"
    );
    let page = site.published("local/tunnel/index.html");
    let (above, body) = page.split_once("<div class=\"article-body\">").expect("a body");
    assert!(above.contains("<div class=\"ad ad-lead\" role=\"group\" aria-label=\"Advertisement\">"));
    assert!(above.contains("<a href=\"https://rowing.example/\" rel=\"sponsored"), "{above}");
    assert!(
        body.contains("<p>Second.</p><div class=\"ad ad-text\"")
            && body.contains("Our almanac.</p>\n</div>\n<p>Third.</p>"),
        "{body}"
    );
    assert!(page.contains("Newer.") && !page.contains("Older.") && !page.contains("Nobody sees it."));
    let other = site.published("world/treaty/index.html");
    assert!(!other.contains("ad-lead") && other.contains("Our almanac."));
    for file in ["index.html", "feed.xml", "local/index.html", "sitemap.xml"] {
        assert!(!site.published(file).contains("almanac"), "{file}");
    }
    let without = self::site("");
    without.build();
    assert!(!without.published("local/tunnel/index.html").contains("class=\"ad"));
}

#[test]
fn a_dead_link_of_an_advertisement_is_told_once_at_its_line() {
    let site = site_with_ads(&[("mid", "---\nslot: mid\n---\n\n[Order it](/almanac/).\n")]);
    let run = site.run(&["check", "--json"]);
    let told: Vec<&str> = run.stdout.lines().filter(|line| line.contains("/almanac/")).collect();
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].contains("includes/ads/mid.md") && told[0].contains("\"line\":5"), "{told:#?}");
}

#[test]
fn an_advertisement_begins_and_ends_by_itself_and_only_its_pages_are_rendered() {
    let mut site = site_with_ads(&[
        ("top", "---\nslot: top\ndate: 2026-12-01\nexpires: 2026-12-05\n---\n\nJoin us.\n"),
        ("mid", "---\nslot: mid\ndraft: true\n---\n\nNot yet.\n"),
    ]);
    site.set_now("2026-11-20T00:00:00Z");
    site.build();
    let next = site.run(&["next", "--at", "2026-11-20T00:00:00Z"]);
    assert!(next.stdout.contains("includes/ads/top.md"), "{}", next.stdout);
    site.set_now("2026-12-02T00:00:00Z");
    assert_eq!(Vec::from_iter(site.build().rendered()), ["local/tunnel/"]);
    assert!(site.published("local/tunnel/index.html").contains("Join us."));
    site.assert_equals_clean("an advertisement began");
    site.set_now("2026-12-06T00:00:00Z");
    assert_eq!(Vec::from_iter(site.build().rendered()), ["local/tunnel/"]);
    site.assert_equals_clean("an advertisement ended");
    // An edit of one that nobody sees renders nothing.
    site.write("includes/ads/mid.md", "---\nslot: mid\ndraft: true\n---\n\nStill not.\n");
    assert!(site.build().rendered().is_empty());
    site.write("includes/ads/mid.md", "---\nslot: mid\n---\n\nNow.\n");
    assert_eq!(Vec::from_iter(site.build().rendered()), ["local/tunnel/", "world/treaty/"]);
    site.assert_equals_clean("an advertisement was no draft any more");
}

#[test]
fn a_withheld_advertisement_is_nowhere() {
    let site = site_with_ads(&[
        ("a", "---\nslot: top\ntitle: The merger\ndate: 2099-01-01\n---\n\nWe bought the Gazette ![x](/merger.svg).\n"),
        ("b", "---\nslot: mid\nDraft: yes\n---\n\nA secret offer.\n"),
        ("c", "---\nslot: side\nexpires: 2020-01-01\n---\n\nA stale offer.\n"),
    ]);
    site.build();
    for (path, bytes) in site.output() {
        let text = String::from_utf8_lossy(&bytes);
        for words in ["merger", "Gazette", "secret offer", "stale offer"] {
            assert!(path.starts_with(".courant") || !text.contains(words), "{path}: {words}");
        }
    }
}

#[test]
fn the_name_of_an_advertisement_withholds_it_as_that_of_an_article_does() {
    let names = ["a.draft", "_b", "DRAFT c", "d (on hold)", "_later/e", "HOLD/f", "_drafts/g", "_index", "README"];
    let secret = "---\nslot: mid\n---\n\nA secret offer ![x](/images/offer.jpg).\n";
    let site = site_with_ads(&names.map(|name| (name, secret)));
    site.write("content/images/offer.jpg", include_bytes!("../../../content/images/herring-on-ice.jpg"));
    site.write("includes/ads/h.md.bak", secret);
    site.write("includes/ads/.DS_Store", "secret offer");
    let said = site.build().diagnostics();
    for name in ["a.draft.md", "_b.md", "DRAFT c.md", "d (on hold).md", "_later", "HOLD", "_drafts", "_index.md"] {
        let path = format!("includes/ads/{name}");
        assert!(said.iter().any(|one| one.contains(&path) && one.contains("left out")), "{path}: {said:#?}");
    }
    assert_eq!(site.try_build(&["--drafts", "--future"]).code, 0);
    site.build();
    for (path, bytes) in site.output() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("secret offer") && !path.contains("offer"), "{path}");
    }
}

#[test]
fn what_happens_to_an_advertisement_that_nobody_sees_is_not_due() {
    let mut site = site_with_ads(&[
        ("lost", "---\nslot: nowhere\ndate: 2026-12-01\n---\n\nLost.\n"),
        ("older", "---\nslot: mid\ndate: 2026-12-02\nexpires: 2026-12-06\n---\n\nOlder.\n"),
        ("newer", "---\nslot: mid\ndate: 2026-12-04\nexpires: 2026-12-08\n---\n\nNewer.\n"),
        ("never", "---\nslot: side\ndate: 2026-12-04\nexpires: 2026-12-03\n---\n\nNever.\n"),
    ]);
    let due = due(&mut site, "2026-11-20T00:00:00Z");
    assert_eq!(due, ["2026-12-02T00:00:00Z", "2026-12-04T00:00:00Z", "2026-12-08T00:00:00Z"]);
}

/// The moments of `courant next`, in UTC. A build at each of them must change something.
fn due(site: &mut TestSite, now: &str) -> Vec<String> {
    site.set_now(now);
    site.build();
    let told = site.run(&["next", "--json", "--at", now]).stdout;
    let moments = told.lines().filter_map(|line| {
        let event: serde_json::Value = serde_json::from_str(line).ok()?;
        let at = event["at"].as_str()?.parse::<jiff::Timestamp>().ok()?.to_string();
        (event["event"] != "leaves-news-sitemap").then_some(at)
    });
    let mut moments: Vec<String> = moments.collect();
    moments.dedup();
    for moment in &moments {
        site.set_now(moment);
        assert!(!site.build().rendered().is_empty(), "nothing changed at {moment}");
        site.assert_equals_clean(moment);
    }
    moments
}

#[test]
fn a_slot_in_a_section_that_is_not_there_is_told() {
    let site = site("ad_slots:\n  top: { place: lead, sections: [local, locla] }\n");
    let said = site.build().diagnostics();
    assert_eq!(said.len(), 1, "{said:#?}");
    assert!(said[0].contains("site.yaml:5:") && said[0].contains("no such section"), "{said:#?}");
}

#[test]
fn an_advertisement_has_no_id_that_the_page_has() {
    let text = "slot: mid\n---\n\n## Why {#why}\n\nRead.[^1]\n\n[^1]: A note.\n";
    let site =
        site_with_ads(&[("mid", &format!("---\n{text}")), ("side", &format!("---\n{}", text.replace("mid", "side")))]);
    site.write_article(
        "local/tunnel",
        "2026-10-01",
        "title: The tunnel",
        "One.[^1]\n\nTwo.\n\n## Why {#why}\n\n[^1]: Its own.\n",
    );
    site.build();
    let page = site.published("local/tunnel/index.html");
    let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "{page}");
    for id in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).filter(|id| *id != "top") {
        assert!(ids.contains(&id), "#{id}: {ids:?}");
    }
}

/// Within a page a byte order mark is text, and text ends its head.
#[test]
fn a_byte_order_mark_gets_into_no_page() {
    let site = TestSite::new()
        .file("site.yaml", "base_url: https://t.example\ntheme: mine\ncode: {head: includes/head.html}\n")
        .file("includes/head.html", "\u{FEFF}<meta name=\"own\" content=\"1\">\n")
        .file("themes/mine/theme.yaml", "\u{FEFF}name: Mine\napi: 1\nextends: broadsheet\n")
        .file(
            "themes/mine/templates/page.html",
            "\u{FEFF}{% extends \"base.html\" %}\n{% block main %}<p>Own</p>{% endblock %}\n",
        )
        .file("content/a.md", "\u{FEFF}---\ntitle: A\n---\n\nx\n");
    site.build();
    let page = site.published("a/index.html");
    assert!(page.contains("name=\"own\"") || page.contains("name=own"), "{page}");
    assert!(page.contains("Own") && !page.contains('\u{FEFF}'), "{page}");
}
