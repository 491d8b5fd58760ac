//! `courant check`: every rule finds what it is for, at its line, with a cure; and nothing else.

use crate::fixture::sites::sample;
use crate::fixture::{NOW, Run, TestSite};
use serde_json::Value;

/// Front matter that no rule has anything to say about.
const GOOD: &str = "summary: A summary.\nauthors: [ann]";

fn check(site: &TestSite, flags: &[&str]) -> Run {
    site.run(&[&["check", "--json", "--at", NOW], flags].concat())
}

/// The findings, as `rule level file:line:column message; hint`.
fn findings(run: &Run) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let one = |event: &&Value| {
        format!(
            "{} {} {}:{}:{} {}; {}",
            text(&event["rule"]),
            text(&event["severity"]),
            text(&event["file"]),
            event["line"],
            event["column"],
            text(&event["message"]),
            text(&event["hint"])
        )
    };
    run.diagnostic_events().iter().map(one).collect()
}

/// What one rule finds, without the rule's name.
fn of_rule(run: &Run, rule: &str) -> Vec<String> {
    let prefix = format!("{rule} ");
    findings(run).iter().filter_map(|one| one.strip_prefix(&prefix).map(str::to_owned)).collect()
}

fn site() -> TestSite {
    TestSite::new().article("local/tunnel", "2026-11-20", GOOD, "## Costs\n\nText.")
}

#[test]
fn an_address_that_is_taken_when_an_embargo_ends_is_told_before() {
    let site = TestSite::new().article("news/a", "2026-11-20", "slug: treaty", "Words.").article(
        "news/b",
        "2026-12-01T06:00",
        "permalink: /news/treaty/",
        "Words.",
    );
    assert_eq!(site.build().diagnostics(), Vec::<String>::new());
    let run = check(&site, &[]);
    assert!(run.stdout.contains("once the embargo ends, nothing can be published"), "{}", run.stdout);
    assert!(run.stdout.contains("content/news/b.md"), "{}", run.stdout);
}

#[test]
fn a_date_that_withholds_a_profile_or_a_section_is_a_known_key() {
    let site = site()
        .file("content/authors/ann.md", "---\nname: Ann\ndate: 2027-01-01\n---\n")
        .file("content/local/_index.md", "---\ntitle: Local\ndate: 2026-01-01\n---\n");
    assert_eq!(of_rule(&check(&site, &[]), "unknown-key"), Vec::<String>::new());
}

#[test]
fn what_stops_the_build_when_an_embargo_ends_is_told_before() {
    let site = site()
        .article("news/a", "2026-12-01T06:00", GOOD, "{{ <nope /> }}")
        .article("news/b", "2026-12-01T06:00", GOOD, "[x](javascript:a)")
        .article("news/c", "2026-12-01T06:00", &format!("{GOOD}\ndraft: true"), "{{ <nope /> }}");
    assert_eq!(site.build().diagnostics(), Vec::<String>::new());
    let told: Vec<String> = check(&site, &[]).diagnostics();
    let before = "once the embargo ends, nothing can be published:";
    for one in [
        format!("warning content/news/a.md:8:1 {before} there is no component `nope`"),
        format!("warning content/news/b.md:8:1 {before} the address `javascript:a` would run a script"),
    ] {
        assert!(told.contains(&one), "{one}: {told:?}");
    }
    assert!(!told.iter().any(|one| one.contains("news/c.md") && one.contains(before)), "{told:?}");
}

#[test]
fn what_stops_any_build_to_come_is_told_before() {
    const SOON: &str = "2026-12-01T06:00";
    let live = "Now.\n\n## Soon {time=2026-12-01T06:00}\n\n{{ <nope /> }}";
    let corrected = format!("{GOOD}\ncorrections: [{{date: {SOON}, text: \"[x](javascript:a)\"}}]");
    let hidden =
        format!("---\ntitle: Section\nembargo: {SOON}\naliases: [/local/tunnel/]\n---\n\n{{{{ <nope /> }}}}\n");
    let plain = format!("---\ntitle: Section\nembargo: {SOON}\n---\n\n{{{{ <nope /> }}}}\n");
    let profile = format!("---\nname: Ann\nembargo: {SOON}\n---\n\n{{{{ <nope /> }}}}\n");
    let site = || site().file("static/x.heic", "x").file("static/y.png", "broken");
    let of_series = format!("{GOOD}\nseries: Long");
    let sites = [
        (site().article("news/a", "2026-11-20", &format!("{GOOD}\nkind: live"), live), "news/a.md:13:1", "component"),
        (site().article("news/a", "2026-11-20", &corrected, "x"), "news/a.md:", "run a script"),
        (
            site().file("content/authors/ann.md", &profile).article("news/a", "2026-11-20", "authors: [ann]", "x"),
            "authors/ann.md:6:1",
            "component",
        ),
        (
            site().file("content/news/_index.md", &plain).article("news/a", "2026-11-20", GOOD, "x"),
            "news/_index.md:6:1",
            "component",
        ),
        (
            site().file("content/news/_index.md", &hidden).article("news/a", "2026-11-20", GOOD, "x"),
            "news/_index.md:4:11",
            "both want the address",
        ),
        (
            site().file("content/news/_index.md", plain.replace("nope", "factbox title=\"a\" text=\"b\"")).article(
                "news/a",
                "2026-11-20",
                GOOD,
                "{{ <nope /> }}",
            ),
            "news/a.md:8:1",
            "component",
        ),
        (site().article("news/a", SOON, &format!("{GOOD}\nimage: /x.heic"), "x"), "news/a.md:6:8", "HEIC"),
        (site().article("news/a", SOON, GOOD, "![x](/y.png)"), "news/a.md:8:1", "cannot be shown"),
        (
            site().article("news/a", SOON, "slug: same", "x").article("news/b", SOON, "slug: same", "x"),
            "news/b.md:4:7",
            "both want the address",
        ),
        (
            site().article("news/a", "2026-11-20", &of_series, "x").article("series/a", SOON, &of_series, "x"),
            "series/a.md:",
            "both want the address",
        ),
    ];
    for (site, place, message) in sites {
        assert_eq!(site.try_build(&[]).code, 0, "{place}");
        let told = check(&site, &[]).diagnostics();
        let before = "once the embargo ends, nothing can be published:";
        let is_it = |one: &&String| {
            one.starts_with(&format!("warning content/{place}")) && one.contains(before) && one.contains(message)
        };
        assert_eq!(told.iter().filter(is_it).count(), 1, "{place} {message}: {told:?}");
    }
}

#[test]
fn a_good_site_has_no_findings_and_nothing_is_written() {
    let site =
        site().article("world/a", "2026-11-21", GOOD, "[x](../local/tunnel.md#costs) [y](/local/tunnel/) [z](#top)");
    let run = check(&site, &["--strict"]);
    assert_eq!(findings(&run), [""; 0]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!site.has("public") && !site.has(".courant"));
    let summary: Value = serde_json::from_str(run.stdout.lines().last().unwrap()).unwrap();
    assert_eq!((summary["event"].as_str(), summary["articles"].as_u64()), (Some("checked"), Some(2)));
}

#[test]
fn dead_links_of_every_origin_have_their_line() {
    let site = site()
        .file("site.yaml", "title: T\nbase_url: https://test.example\nmenu:\n  - { title: Local, url: /locl/ }\n")
        .article(
            "world/a",
            "2026-11-21",
            GOOD,
            "[file](../local/tunel.md)\n\n[path](/local/tunel/)\n\n<a href=\"/nowhere/\">html</a>\n\n[own](https://test.example/gone/)\n\n[rel](other/)",
        );
    let run = check(&site, &[]);
    assert_eq!(run.code, 1);
    assert_eq!(
        of_rule(&run, "dead-link"),
        [
            "error content/world/a.md:8:1 the link leads to `../local/tunel.md`, which does not exist; did you mean `/local/tunnel.md`?",
            "error content/world/a.md:10:1 the link leads to `/local/tunel/`, which does not exist; did you mean `/local/tunnel/`?",
            "error content/world/a.md:12:10 the link leads to `/nowhere/`, which does not exist; correct the address; links to Markdown files (`../local/tunnel.md`) follow their article",
            "error content/world/a.md:14:1 the link leads to `https://test.example/gone/`, which does not exist; correct the address; links to Markdown files (`../local/tunnel.md`) follow their article",
            "error content/world/a.md:16:1 the link leads to `other/`, which does not exist; correct the address; links to Markdown files (`../local/tunnel.md`) follow their article",
            "error site.yaml:4:26 the link leads to `/locl/`, which does not exist; did you mean `/local/`?",
        ]
    );
    // The build says of the first one what the rule says: once is enough.
    assert!(of_rule(&run, "build").is_empty(), "{:?}", findings(&run));
}

#[test]
fn a_link_in_the_theme_is_one_finding_for_all_pages() {
    let site = site()
        .file("site.yaml", "title: T\nbase_url: https://test.example/blog\ntheme: mine\n")
        .file("themes/mine/theme.yaml", "name: mine\napi: 1\nextends: broadsheet\n")
        .file("themes/mine/templates/fragments/footer.html", "<p>\n<a href=\"/blog/imprnt/\">Imprint</a></p>\n");
    let run = check(&site, &[]);
    let found = of_rule(&run, "dead-link");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("error themes/mine/templates/fragments/footer.html:2:10 "), "{found:?}");
    assert!(run.diagnostic_events()[0]["pages"].as_u64() > Some(3));
}

#[test]
fn an_anchor_must_be_on_its_page() {
    let site = site().article(
        "world/a",
        "2026-11-21",
        GOOD,
        "[a](../local/tunnel.md#cost)\n\n[b](/local/tunnel/#costs)\n\n[c](#below)\n\n[d](#größe)\n\n## Größe {#größe}\n",
    );
    let run = check(&site, &[]);
    assert_eq!(
        of_rule(&run, "dead-anchor"),
        [
            "warning content/world/a.md:12:1 the link leads to `#below`, and the page has no `below`; give the heading that id: `## … {#below}`, or correct the link",
            "warning content/world/a.md:8:1 the link leads to `/local/tunnel/#cost`, and the page has no `cost`; give the heading that id: `## … {#cost}`, or correct the link",
        ]
        .map(str::to_owned)
        .into_iter()
        .rev()
        .collect::<Vec<_>>()
    );
    assert_eq!(run.code, 0);
    assert_eq!(check(&site, &["--strict"]).code, 1);
}

#[test]
fn a_link_that_means_a_heading_and_leads_to_the_theme_is_told() {
    let site = site()
        .article(
            "world/y",
            "2026-11-21",
            GOOD,
            "## Top\n\nA.\n\n## Related\n\nB. [own](#related)\n\n## Costs\n\n## Costs\n",
        )
        .article(
            "world/z",
            "2026-11-21",
            GOOD,
            "[a](y.md#related)\n\n[b](y.md#top) [c](y.md#costs)\n\n[d](../local/tunnel.md#top)\n",
        );
    let told: Vec<String> = of_rule(&check(&site, &[]), "dead-anchor");
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("warning content/world/z.md:8:1 the link leads to a part of the page"), "{told:?}");
    assert!(told[1].starts_with("warning content/world/z.md:10:1 ") && told[1].contains("write `#top-2`"), "{told:?}");
}

#[test]
fn a_link_to_what_is_withheld_is_an_error_here_and_plain_text_in_the_build() {
    let site = site()
        .article("local/secret", "2026-11-20", "draft: true\nsummary: x\nauthors: [ann]", "Text.")
        .article("local/later", "2026-12-24", GOOD, "[draft](secret.md)")
        .article("world/a", "2026-11-21", GOOD, "[one](../local/secret.md)\n\n[two](/local/later/)");
    let run = check(&site, &[]);
    assert_eq!(
        of_rule(&run, "withheld-link"),
        [
            "error content/world/a.md:8:1 the link leads to content/local/secret.md, which is a draft; remove the link, or publish that article first",
            "error content/world/a.md:10:1 the link leads to content/local/later.md, which is withheld until 2026-12-24T00:00:00Z; remove the link, or publish that article first",
        ]
    );
    assert!(of_rule(&run, "dead-link").is_empty());
    // With drafts and the future published, nothing is withheld.
    assert_eq!(check(&site, &["--drafts", "--future"]).code, 0);
}

#[test]
fn images_are_there_with_words_and_credit_and_large_enough() {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(640, 480).write_to(&mut png, image::ImageFormat::Png).expect("it can be encoded");
    let site = site()
        .file("static/small.png", png.into_inner())
        .article(
            "local/a",
            "2026-11-21",
            &format!("{GOOD}\nimage: /small.png"),
            "![](/small.png)\n\n![Words](smal.png \"Said | Ann\")",
        )
        .article(
            "local/b",
            "2026-11-21",
            &format!("{GOOD}\nimage:\n  src: gone.jpg\n  alt: x\n  credit: y"),
            "<img src=\"/small.png\">",
        )
        .article("local/c", "2026-11-21", GOOD, "![Words](/small.png \"| Ann\")\n\n![In](/small.png) a line.");
    let run = check(&site, &[]);
    assert_eq!(
        findings(&run),
        [
            "missing-alt warning content/local/a.md:6:8 the image has no words for those who do not see it; write `image: { src: …, alt: … }` with what it shows",
            "missing-credit warning content/local/a.md:6:8 the image does not say who made it; add `credit: …` to `image`",
            "small-image warning content/local/a.md:6:8 the image is 640 pixels wide; use one of at least 1,200 pixels, so that Google Discover shows it large",
            "missing-alt warning content/local/a.md:9:1 the image has no words for those who do not see it; say in the brackets what it shows: `![A tram in the tunnel](…)`",
            "missing-credit warning content/local/a.md:9:1 the image does not say who made it; write the credit behind a bar: `![…](a.jpg \"Caption | Ines Vale\")`",
            "missing-alt warning content/local/b.md:12:11 the image has no words for those who do not see it; add `alt=\"…\"`; an empty one says that it is only decoration",
            "missing-image error content/local/a.md:11:1 there is no image `smal.png`; did you mean `/small.png`?",
            "missing-image error content/local/b.md:7:8 there is no image `gone.jpg`; put the file beside the article, or write its path in `static/` with a slash in front",
        ]
    );
}

#[test]
fn an_article_says_what_it_is_about_and_where_it_comes_from() {
    let long = "An endless headline ".repeat(6);
    let site = TestSite::new()
        .article("local/a", "2026-11-20", "", "Text.")
        .article("local/b", "2026-11-20", &format!("title: {long}\nsummary: x\nsource: Gazette"), "Text.")
        .article("local/c", "2026-11-20", &format!("title: The SAME  story\n{GOOD}"), "Text.")
        .article("world/c", "2026-11-19", &format!("title: the same story\n{GOOD}"), "Text.")
        .file("content/about.md", "---\ntitle: About\n---\nA page is no news.\n");
    assert_eq!(
        findings(&check(&site, &[])),
        [
            "missing-summary warning content/local/a.md:2:8 the article has no summary; add `summary: …`, one sentence; lists, feeds and search engines show it",
            "missing-source warning content/local/a.md:2:8 the article names neither a source nor an author; add `source: { name: …, url: … }`, or `authors: […]` for your own reporting",
            "headline-length warning content/local/b.md:3:8 the headline has 119 characters; say it in 110 or fewer; the rest belongs into `summary`",
            "duplicate-title warning content/local/c.md:3:8 content/world/c.md has the same headline; say in the headline what is new, or remove one of them",
        ]
    );
}

#[test]
fn dates_are_in_an_order_that_can_be() {
    let dates = |more: &str| format!("{GOOD}\n{more}");
    let site = TestSite::new()
        .article("local/a", "2026-11-20", &dates("updated: 2026-11-19"), "")
        .article("local/b", "2026-11-20", &dates("lastmod: 2026-12-24"), "")
        .article("local/c", "2026-11-20", &dates("expires: 2026-11-01"), "")
        .article("local/d", "2026-11-20", &dates("corrections:\n  - date: 2026-11-01\n    text: x"), "")
        .article("local/e", "2026-11-20T14:00:00", &dates("updated: 2026-11-20"), "")
        .article("local/f", "2026-12-24", &dates("updated: 2026-12-25"), "");
    assert_eq!(
        of_rule(&check(&site, &[]), "impossible-date"),
        [
            "warning content/local/a.md:6:10 the update lies before the article; correct `updated` or `date`",
            "warning content/local/b.md:6:10 the update lies in the future; `updated` is when it was last changed; until then nobody sees it",
            "warning content/local/c.md:6:10 the article expires before it is published; correct `expires` or `date`",
            "warning content/local/d.md:7:11 the correction lies before the article; correct the correction's `date`",
        ]
    );
}

#[test]
fn unknown_keys_are_told_with_what_was_meant() {
    let site = TestSite::new()
        .file("site.yaml", "title: T\nbase_url: https://test.example\ntheme: mine\ncheck: { known_keys: [weight] }\n")
        .file("themes/mine/theme.yaml", "name: mine\napi: 1\nextends: broadsheet\n")
        .file("themes/mine/templates/page.html", "{% if page.extra.kicker %}{{ page.extra[\"mood\"] }}{% endif %}")
        .article("local/a", "2026-11-20", &format!("{GOOD}\nsumary: y\nweight: 3\nkicker: k\nmood: m\nfoo: 1"), "")
        .article("local/b", "2026-11-20", &format!("{GOOD}\nfoo: 2"), "")
        .file("content/local/_index.md", "---\ntitle: Local\ndescrption: x\n---\n")
        .file("content/authors/ann.md", "---\nname: Ann\nroel: Editor\nlayout: author\n---\n")
        .file("content/index.md", "---\ntitle: Home\nlayout: home\n---\n");
    let run = check(&site, &[]);
    assert_eq!(
        of_rule(&run, "unknown-key"),
        [
            "warning content/authors/ann.md:3:1 unknown key `roel`; did you mean `role`?",
            "warning content/local/_index.md:3:1 unknown key `descrption`; did you mean `description`?",
            "warning content/local/a.md:6:1 unknown key `sumary`; did you mean `summary`?",
            "warning content/local/a.md:10:1 unknown key `foo`; themes see it as `extra.foo`; to keep it, add it to `check: { known_keys: [foo] }` in site.yaml",
        ]
    );
    assert!(run.diagnostic_events().iter().any(|one| one["pages"] == 2));
}

#[test]
fn terms_that_are_spelled_nearly_alike() {
    let tags = |tags: &str| format!("summary: x\nauthors: [ann]\ntags: {tags}");
    let site = TestSite::new()
        .article("local/a", "2026-11-18", &tags("[Covid-19, budget-2025, rail]"), "")
        .article("local/b", "2026-11-19", &tags("[Covid-19, budget-2026, mail]"), "")
        .article("local/c", "2026-11-20", &tags("[local, covid19]"), "")
        .article("local/d", "2026-11-21", &tags("[elections]"), "")
        .article("local/e", "2026-11-22", &tags("\n  - election"), "")
        .article("local/f", "2026-11-22", &tags("[李明, C++, Müller, half-life]"), "")
        .article("local/g", "2026-11-22", &tags("[黎明, C#, Muller, half life, Half-Life]"), "");
    assert_eq!(
        of_rule(&check(&site, &[]), "similar-terms"),
        [
            "warning content/local/c.md:6:15 the tag `covid19` (1 article) is spelled nearly like `Covid-19` (2 articles); write `Covid-19` everywhere, if both mean the same",
            "warning content/local/e.md:7:5 the tag `election` (1 article) is spelled nearly like `elections` (1 article); write `elections` everywhere, if both mean the same",
            "warning content/local/g.md:6:16 the tag `Muller` (1 article) is spelled nearly like `Müller` (1 article); write `Müller` everywhere, if both mean the same",
            "warning content/local/g.md:6:24 the tag `half life` (1 article) is spelled nearly like `half-life` (2 articles); write `half-life` everywhere, if both mean the same",
        ]
    );
}

#[test]
fn a_translation_stands_beside_its_original() {
    let site = site()
        .article("local/tunnel.de", "2026-11-20", &format!("{GOOD}\ntitle: Der Tunnel"), "")
        .article("local/tunel.fr", "2026-11-20", &format!("{GOOD}\ntitle: Le tunnel"), "")
        .article("local/node.js", "2026-11-20", &format!("{GOOD}\ntitle: On node"), "");
    assert_eq!(
        of_rule(&check(&site, &[]), "orphan-translation"),
        [
            "warning content/local/tunel.fr.md:5:8 a translation without the article that it translates; did you mean `content/local/tunnel.fr.md`?"
        ]
    );
}

#[test]
fn a_short_name_that_is_quite_another_one_is_no_slip_of_the_pen() {
    let site = TestSite::new()
        .file("site.yaml", "title: T\nbase_url: https://test.example\nlanguages: {en: {}, de: {}}\n")
        .article("local/dup", "2026-11-20", GOOD, "")
        .article("local/orph.de", "2026-11-20", GOOD, "")
        .article("local/dub.de", "2026-11-20", GOOD, "");
    let found = of_rule(&check(&site, &[]), "orphan-translation");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].ends_with("did you mean `content/local/dup.de.md`?"), "{found:?}");
    assert!(found[1].contains("the article it translates would be `content/local/orph.md`"), "{found:?}");
}

#[test]
fn html_that_a_browser_must_guess_at() {
    let site = site().article(
        "local/a",
        "2026-11-20",
        GOOD,
        "A <b>good</b> line.\n\n<div>\n\nOpen.\n\nOne <b>two <i>three</b> four</i>.\n",
    );
    assert_eq!(
        of_rule(&check(&site, &[]), "html-nesting"),
        [
            "warning content/local/a.md:10:1 `<div>` is never closed; close what you opened, the last one first, and put no blocks into paragraphs",
            "warning content/local/a.md:14:20 the elements overlap: the last one opened must be closed first; close what you opened, the last one first, and put no blocks into paragraphs",
        ]
    );
}

#[test]
fn what_build_reports_is_reported_too_and_the_rest_is_still_checked() {
    let site = site()
        .file("content/local/broken.md", "---\ntitle: x\nkind: reprot\n---\n")
        .article("local/a", "2026-11-20", "", "Text.")
        .article("world/x", "2026-11-20", &format!("{GOOD}\npermalink: /local/tunnel/"), "");
    let run = check(&site, &[]);
    let found = findings(&run);
    assert_eq!(run.code, 1);
    assert!(
        found.contains(&"build error content/local/broken.md:3:7 unknown kind `reprot`; did you mean `report`?".into())
    );
    assert!(found.iter().any(|one| one.starts_with("build error content/world/x.md:6:12 content/local/tunnel.md and")));
    assert!(found.iter().any(|one| one.starts_with("missing-summary warning content/local/a.md")));
}

#[test]
fn an_output_folder_that_a_build_refuses_is_told_before() {
    let site = site().file("site.yaml", "title: T\nbase_url: https://test.example\noutput: content\n");
    let told = of_rule(&check(&site, &[]), "build");
    assert!(
        told.iter().any(|one| one.starts_with("error site.yaml:3:1 the output folder lies in `content`")),
        "{told:?}"
    );
    assert_eq!(site.try_build(&[]).code, 1);
}

#[test]
fn levels_are_set_in_the_configuration() {
    let levels = |levels: &str| {
        TestSite::new()
            .file("site.yaml", format!("title: T\nbase_url: https://test.example\ncheck:\n{levels}"))
            .article("local/a", "2026-11-20", "authors: [ann]", "[x](/gone/)")
    };
    let run = check(&levels("  dead-link: warning\n  missing-summary: error\n"), &[]);
    assert_eq!((run.code, of_rule(&run, "missing-summary").len()), (1, 1));
    assert!(
        of_rule(&run, "missing-summary")[0].starts_with("error")
            && of_rule(&run, "dead-link")[0].starts_with("warning")
    );
    let run = check(&levels("  dead-link: off\n  missing-summary: off\n"), &["--strict"]);
    assert_eq!((run.code, findings(&run).len()), (0, 0));

    for command in ["check", "build"] {
        let site = levels("  ded-link: off\n  missing-alt: of\n");
        let run = site.run(&[command, "--json", "--at", NOW]);
        assert_eq!(run.code, 1);
        assert_eq!(run.hints()[0], "did you mean `dead-link`?");
        assert_eq!(run.diagnostics()[0], "error site.yaml:4:3 unknown key `ded-link`");
    }
}

#[test]
fn an_unknown_rule_is_told_at_its_line_wherever_it_stands() {
    for (check, place) in [
        ("check:\n  dead-link: off\n  known_keys: [a]\n  missing-lat: off\n", "4:3"),
        ("check: {dead-link: off, missing-lat: off}\n", "1:25"),
    ] {
        let site = TestSite::new().file("site.yaml", check).article("local/a", "2026-11-20", "", "x");
        let run = site.run(&["check", "--json", "--at", NOW]);
        assert_eq!(run.diagnostics()[0], format!("error site.yaml:{place} unknown key `missing-lat`"));
        assert_eq!(run.hints()[0], "did you mean `missing-alt`?");
    }
}

#[test]
fn a_person_reads_the_line_the_cure_and_a_sum() {
    let site = site().article("world/a", "2026-11-21", GOOD, "[x](/gone/)");
    let run = site.run(&["check", "--at", NOW, "--color", "never"]);
    assert!(run.stderr.starts_with("error: the link leads to `/gone/`, which does not exist [dead-link]\n --> content/world/a.md:8:1\n  |\n8 | [x](/gone/)\n  | ^^^^^^^^^^^\n"), "{}", run.stderr);
    assert!(
        run.stdout.starts_with("2 articles, ") && run.stdout.contains(" pages: 1 error, 0 warnings in "),
        "{}",
        run.stdout
    );
}

#[test]
fn github_gets_annotations() {
    let site = TestSite::new().file("news/site.yaml", "title: T\nbase_url: https://test.example\n");
    site.write(
        "news/content/a/b, c.md",
        format!("---\ntitle: X\ndate: 2026-11-20\n{GOOD}\n---\n\n100 % [x](/gone/)\n"),
    );
    let run = site.run(&["check", "--site", "news", "--format", "github", "--at", NOW]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stdout.lines().collect::<Vec<_>>(),
        [
            "::error file=news/content/a/b%2C c.md,line=8,col=7,endColumn=18,title=dead-link::the link leads to `/gone/`, which does not exist (correct the address; links to Markdown files (`../local/tunnel.md`) follow their article)"
        ]
    );
}

#[test]
fn code_scanning_gets_sarif() {
    let site = site().article("world/ä b", "2026-11-21", GOOD, "[x](/gone/)");
    let run = site.run(&["check", "--quiet", "--format", "sarif", "--at", NOW]);
    let log: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(log["version"], "2.1.0");
    let result = &log["runs"][0]["results"][0];
    assert_eq!((result["ruleId"].as_str(), result["level"].as_str()), (Some("dead-link"), Some("error")));
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    assert_eq!(rules[result["ruleIndex"].as_u64().expect("a number") as usize]["id"], "dead-link");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "content/world/ä%20b.md".replace('ä', "%C3%A4"));
    assert_eq!(place["region"]["startLine"], 8);
    assert_eq!(place["region"]["snippet"]["text"], "[x](/gone/)");
}

#[test]
fn the_sample_site_passes_strictly() {
    let site = sample();
    let run = site.run(&["check", "--json", "--strict", "--at", "2026-12-01T12:00:00Z"]);
    assert_eq!(findings(&run), [""; 0]);
    assert_eq!(run.code, 0);
}

#[test]
fn every_address_in_html_is_followed_below_the_base_path_too() {
    let html = "<a href=\"/local/tunnel/\">good</a> <a href=\"/dead/\">x</a> <img src=\"/map.svg\" srcset=\"/map.svg 1x,/gone.svg 2x\" alt=\"\">\n\n<object data=\"/gone.pdf\"></object>\n<q cite=\"/gone/\">q</q>\n<form action=\"/nowhere/\"></form>\n<form method=\"post\" action=\"/cgi/\"></form>\n<svg><image href=\"/gone.png\"></image><use xlink:href=\"/icons.svg#a\"></use></svg>";
    let site = site()
        .file("site.yaml", "title: T\nbase_url: https://test.example/blog\n")
        .file("static/map.svg", "<svg width=\"3\" height=\"2\"/>")
        .article("world/a", "2026-11-21", GOOD, html);
    let run = check(&site, &[]);
    let links = of_rule(&run, "dead-link").join("\n");
    for address in ["/blog/dead/", "/blog/gone.pdf", "/blog/gone/", "/blog/nowhere/", "/blog/icons.svg#a"] {
        assert!(links.contains("content/world/a.md:") && links.contains(&format!("`{address}`")), "{address}: {links}");
    }
    assert!(!links.contains("cgi") && !links.contains("`/blog/local/tunnel/`"), "{links}");
    let images = of_rule(&run, "missing-image").join("\n");
    assert!(
        images.contains("`/blog/gone.svg`") && images.contains("`/blog/gone.png`") && !images.contains("map.svg"),
        "{images}"
    );
}

#[test]
fn an_address_of_a_template_that_forgets_the_base_path_is_found() {
    let site = site()
        .file("site.yaml", "title: T\nbase_url: https://test.example/blog\ntheme: own\n")
        .file("themes/own/theme.yaml", "name: own\napi: 1\nextends: broadsheet\n")
        .file(
            "themes/own/templates/404.html",
            "<title>x</title><a href=\"/local/tunnel/\">slip</a> <a href=\"/\">the host</a> <a href=\"/shop/\">beside</a>",
        );
    let links = of_rule(&check(&site, &[]), "dead-link").join("\n");
    assert!(links.contains("`/local/tunnel/`") && !links.contains("shop") && !links.contains("`/`"), "{links}");
}

#[test]
fn slips_in_markdown_have_their_line_here_and_in_the_build() {
    let body = "#Heading\n\n[gallery ids=1]\n\n![Map](my map.svg)\n\n`{{< no >}}`";
    let site = site().article("local/a", "2026-11-20", GOOD, body).article(
        "local/b",
        "2026-11-20",
        &format!("{GOOD}\ndraft: true"),
        "{% include x %}",
    );
    let run = check(&site, &[]);
    let places = |all: &[String]| {
        all.iter().map(|one| one.split_whitespace().nth(1).unwrap_or("").to_owned()).collect::<Vec<_>>()
    };
    let places_of_rule = places(&of_rule(&run, "stray-markup"));
    assert_eq!(
        places_of_rule,
        ["content/local/a.md:8:1", "content/local/a.md:10:1", "content/local/a.md:12:2", "content/local/b.md:9:1"]
    );
    assert!(of_rule(&run, "build").is_empty(), "{:?}", findings(&run));
    let build = site.build();
    assert_eq!(places(&build.diagnostics()), places_of_rule[..3]);
    site.write("site.yaml", "title: T\nbase_url: https://test.example\ncheck: { stray-markup: off }\n");
    assert_eq!(site.build().number("warnings"), 0);
    assert!(of_rule(&check(&site, &[]), "stray-markup").is_empty());
}

#[test]
fn components_in_lists_are_no_html_of_the_article() {
    let site = site().article("local/a", "2026-11-20", GOOD, "- {{ <pullquote text=\"One.\" /> }}\n- two\n");
    let run = check(&site, &[]);
    assert!(of_rule(&run, "html-nesting").is_empty(), "{:?}", findings(&run));
    site.build();
    assert!(site.published("local/a/index.html").contains("One."));
    assert!(!site.published("local/a/index.html").contains("{{"));
}

/// A rule looks for a reference in the text, where its words may stand before it.
#[test]
fn a_reference_is_told_at_each_line_where_it_is_one() {
    let body = "The file gone.jpg and /nope/ are lost.\n\n<video src=\"/v.mp4\"\n  poster=\"gone.jpg\"></video>\n\n[x](/nope/)\n\n[y](/nope/) [z](#w)\n\n[z](#w)";
    let site = site().file("static/v.mp4", "x").article("local/a", "2026-11-20", GOOD, body);
    let run = check(&site, &[]);
    let lines = |rule: &str| {
        let start = |one: String| one.split(' ').nth(1).unwrap_or_default().to_owned();
        of_rule(&run, rule).into_iter().map(start).collect::<Vec<_>>()
    };
    assert_eq!(lines("missing-image"), ["content/local/a.md:11:11"]);
    assert_eq!(lines("dead-link"), ["content/local/a.md:13:1", "content/local/a.md:15:1"]);
    assert_eq!(lines("dead-anchor"), ["content/local/a.md:15:13", "content/local/a.md:17:1"]);
    assert_eq!(of_rule(&run, "build"), [""; 0]);
}

#[test]
fn of_each_rule_five_findings_are_printed_and_all_are_counted() {
    let links: String = (0..9).map(|number| format!("[x](/gone/{number}/)\n\n")).collect();
    let mut site = site();
    for name in ["a", "b"] {
        site = site.article(&format!("world/{name}"), "2026-11-21", "title: Alike", &links);
    }
    let run = site.run(&["check", "--at", NOW]);
    assert_eq!(run.stderr.matches("does not exist [dead-link]").count(), 5, "{}", run.stderr);
    assert!(run.stderr.contains("13 more of [dead-link]: `--all` shows them"), "{}", run.stderr);
    let dead = run.stdout.lines().find(|line| line.contains("dead-link")).expect("a row");
    assert!(dead.starts_with("18 "), "{}", run.stdout);
    assert!(run.stdout.contains("duplicate-title"), "{}", run.stdout);
    let all = site.run(&["check", "--all", "--at", NOW]);
    assert_eq!(all.stderr.matches("does not exist [dead-link]").count(), 18, "{}", all.stderr);
}

#[test]
fn only_what_was_asked_for_is_told_and_counts() {
    let site =
        site().article("world/a", "2026-11-21", GOOD, "[x](/gone/)").article("local/b", "2026-11-21", GOOD, "Fine.");
    let check = |arguments: &[&str]| {
        let run = site.run(&[&["check", "--json", "--at", NOW], arguments].concat());
        (run.code, run.diagnostics().len())
    };
    assert_eq!(check(&[]), (1, 1));
    assert_eq!(check(&["content/world"]), (1, 1));
    assert_eq!(check(&["content/world/a.md", "content/local"]), (1, 1));
    assert_eq!(check(&["content/local"]), (0, 0));
    assert_eq!(check(&["content/nowhere"]).0, 2);
}

#[test]
fn what_changed_is_what_git_says() {
    let site =
        site().article("world/a", "2026-11-21", GOOD, "[x](/gone/)").article("world/b", "2026-11-21", GOOD, "Fine.");
    let check = || site.run(&["check", "--changed", "--json", "--at", NOW]);
    let run = check();
    assert_eq!(run.code, 2, "there is no repository");
    assert!(run.diagnostics()[0].contains("--changed: this folder is not under git's control"), "{}", run.stdout);
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=Ann", "-c", "user.email=ann@test.example"];
        let done = std::process::Command::new("git").arg("-C").arg(site.root()).args(identity).args(arguments).output();
        assert!(done.expect("git").status.success(), "{arguments:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "All"]);
    assert_eq!(check().diagnostics(), Vec::<String>::new());
    site.write_article("world/b", "2026-11-21", GOOD, "[y](/gone/too/)");
    site.write_article("world/new", "2026-11-21", GOOD, "[z](/gone/three/)");
    let found = check().diagnostics();
    assert!(found.len() == 2 && found[0].contains("world/b.md") && found[1].contains("world/new.md"), "{found:?}");
    assert_eq!(site.run(&["check", "--changed=--output=x", "--at", NOW]).code, 2);
    assert!(!site.root().join("x").exists());
}

#[test]
fn statements_for_programs_keep_to_their_grammar() {
    let of = |path: &str, text: &str, rule: &str| of_rule(&check(&site().file(path, text), &[]), rule);
    let places = |found: &[String]| {
        let start =
            |one: &String| one.split(' ').nth(1).unwrap_or_default().rsplit('/').next().unwrap_or("").to_owned();
        found.iter().map(start).collect::<Vec<_>>()
    };
    let good = "\u{feff}# Sellers\r\nads.example.com, 12, DIRECT, f08c47 # ours\r\nads.example.net,34,reseller;x=1\r\n\r\n\
        OWNERDOMAIN=paper.example\nmanagerdomain=sales.example, DE\nCONTACT=ads@paper.example\nSUBDOMAIN=sport.paper.example\n";
    assert_eq!(of("static/ads.txt", good, "ads-txt"), [""; 0]);
    let bad = "https://ads.example.com/, 12, DIRECT\nads.example.com, 12\nads.example.com, 12, OWNER\n\
        OWNERDOMIAN=paper.example\nMANAGERDOMAIN=sales.example, Germany\n";
    let found = of("static/ads.txt", bad, "ads-txt");
    assert_eq!(
        places(&found),
        ["ads.txt:1:1", "ads.txt:2:1", "ads.txt:3:22", "ads.txt:4:1", "ads.txt:5:30"],
        "{found:?}"
    );
    assert!(found[3].contains("did you mean `OWNERDOMAIN`"), "{found:?}");
    assert!(of("static/ads.txt", "# To do\n", "ads-txt")[0].contains("placeholder"));

    const SECURITY: &str = "static/.well-known/security.txt";
    let good = "# Ours\nContact: mailto:security@paper.example\nContact: https://paper.example/report\n\
        Expires: 2027-06-01T00:00:00Z\nEncryption: openpgp4fpr:5f2d\nPreferred-Languages: en, de-AT\n";
    assert_eq!(of(SECURITY, good, "security-txt"), [""; 0]);
    let signed = format!(
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{good}-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n"
    );
    assert_eq!(of(SECURITY, &signed, "security-txt"), [""; 0]);
    let bad = "Contact: security@paper.example\nExpires: 2026-11-01T00:00:00Z\nExpires: soon\nPolicy: http://paper.example/p\n\
        Contcat: https://paper.example\n";
    let found = of(SECURITY, bad, "security-txt");
    // Five of a file are told in full.
    let wanted = ["1:10", "2:10", "3:1", "3:10", "4:9"].map(|place| format!("security.txt:{place}"));
    assert_eq!(places(&found)[..5], wanted, "{found:?}");
    assert!(found[0].contains("`mailto:security@paper.example`") && found[1].contains("expired"), "{found:?}");
    let found = of("static/security.txt", "Acknowledgments: https://paper.example/thanks\n", "security-txt").join("\n");
    for wanted in ["`Contact`", "`Expires`", "static/.well-known/security.txt"] {
        assert!(found.contains(wanted), "{wanted}: {found}");
    }

    let good = "# Who we are\nbelongto=https://press.example/\nSocial=https://social.example/@paper#x\ncontact=Ann Lee\n\
        datatrainingallowed=no\n";
    assert_eq!(of("static/trust.txt", good, "trust-txt"), [""; 0]);
    let bad = "belongsto=https://press.example/\nmember=press.example\ndatatrainingallowed=perhaps\nWe are good.\n";
    let found = of("static/.well-known/trust.txt", bad, "trust-txt");
    assert_eq!(places(&found), ["trust.txt:1:1", "trust.txt:2:8", "trust.txt:3:21", "trust.txt:4:1"], "{found:?}");
    assert!(found[0].contains("`belongto`") && found[1].contains("`https://press.example`"), "{found:?}");
}

#[test]
fn what_a_host_does_not_take_is_told_before_the_upload() {
    let old: Vec<String> = (0..2_001).map(|number| format!("/old/{number}/")).collect();
    let site = site()
        .file("site.yaml", "title: T\nbase_url: https://test.example\ntheme: broadsheet\nhosting: [cloudflare]\n")
        .file("static/film.mp4", "")
        .article("local/a", "2026-11-20", &format!("{GOOD}\naliases: [{}]", old.join(", ")), "Words.");
    std::fs::File::create(site.path("static/film.mp4")).and_then(|film| film.set_len(26 << 20)).expect("made");
    let found = of_rule(&check(&site, &[]), "host-limits");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|one| one.starts_with("warning site.yaml:4:1 Cloudflare Pages takes")), "{found:?}");
    assert!(found.iter().any(|one| one.contains("25 MiB, and /film.mp4 has 26")), "{found:?}");
    assert!(found.iter().any(|one| one.contains("2000 redirects, and the site has 2001")), "{found:?}");
    site.write("site.yaml", "title: T\nbase_url: https://test.example\nhosting: [netlify]\n");
    assert_eq!(of_rule(&check(&site, &[]), "host-limits"), [""; 0]);
}
