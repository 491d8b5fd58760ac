//! Themes: what a site's own theme overrides, adds and inherits.

use crate::fixture::TestSite;

/// A site with a theme of its own that extends the built-in one.
fn child() -> TestSite {
    TestSite::new()
        .file("site.yaml", "title: The Test\nbase_url: https://test.example\ntheme: child\n")
        .file("themes/child/theme.yaml", "name: child\napi: 1\nextends: broadsheet\n")
        .article("local/x", "2026-10-02", "title: The story", "Words.")
}

#[test]
fn a_single_file_of_the_built_in_theme_can_be_replaced() {
    let site = TestSite::new()
        .file("themes/broadsheet/templates/404.html", "<title>x</title><p>Ours: {{ site.title }}</p>\n")
        .article("local/x", "2026-10-02", "", "x");
    site.build();
    assert_eq!(site.published("404.html"), "<title>x</title><p>Ours: The Test</p>\n");
    assert!(site.published("local/x/index.html").contains("class=\"masthead"), "everything else is as it was");
}

#[test]
fn a_child_extends_the_template_of_its_parent() {
    let site = child()
        .file(
            "themes/child/templates/article.html",
            "{% extends \"broadsheet/article.html\" %}{% block after_text %}<p class=\"ours\">After {{ article.title }}</p>{% endblock after_text %}",
        );
    site.build();
    let page = site.published("local/x/index.html");
    assert!(page.contains("<p class=\"ours\">After The story</p>"), "{page}");
    assert!(page.contains("class=\"article-body\"><p>Words.</p>") && page.contains("class=\"masthead"));
    assert!(!site.published("index.html").contains("class=\"ours\""));
}

#[test]
fn a_template_of_the_parent_uses_the_files_of_the_child() {
    let site = child().file("themes/child/templates/fragments/footer.html", "<footer>Our own foot</footer>");
    site.build();
    for path in ["index.html", "local/x/index.html", "local/index.html", "404.html"] {
        assert!(site.published(path).contains("<footer>Our own foot</footer>"), "{path}");
        assert!(!site.published(path).contains("colophon"), "{path}");
    }
}

#[test]
fn a_component_of_the_child_replaces_that_of_the_parent() {
    let site = child().file(
        "themes/child/templates/components/byline.html",
        "{% component byline(authors) %}<b>From {% for one in authors %}{{ one.name }}{% endfor %}</b>{% endcomponent byline %}",
    );
    site.write_article("local/y", "2026-10-03", "authors: [Ann]", "x");
    site.build();
    assert!(site.published("local/y/index.html").contains("<b>From Ann</b>"));
}

#[test]
fn settings_of_the_site_override_those_of_the_child_and_of_the_parent() {
    let shown = "{{ site.settings.accent }} {{ site.settings.latest_count }} {{ site.settings.ours }} {{ site.settings.corrections_place }}";
    let site = child()
        .file("site.yaml", "base_url: https://t.example\ntheme: child\ntheme_settings: {accent: teal}\n")
        .file(
            "themes/child/theme.yaml",
            "name: child\napi: 1\nextends: broadsheet\nsettings: {accent: green, latest_count: 3, ours: yes it is}\n",
        )
        .file("themes/child/templates/404.html", shown);
    site.build();
    assert_eq!(site.published("404.html"), "teal 3 yes it is top");
    site.write("themes/child/theme.yaml", "name: child\napi: 1\nextends: broadsheet\nsettings: {ours: other}\n");
    site.build();
    assert_eq!(site.published("404.html"), "teal 10 other top");
    site.assert_equals_clean("other settings");
}

#[test]
fn words_can_be_replaced_one_by_one() {
    let site = child().file("themes/child/i18n/en.yaml", "latest_posts: Just in\nalert_note: Look here\n");
    site.write_article("local/y", "2026-10-03", "", "> [!NOTE]\n> Careful.\n\n> [!TIP]\n> So.");
    site.build();
    let page = site.published("local/y/index.html");
    assert!(page.contains(">Just in</h2>") && !page.contains("Latest Posts"));
    assert!(page.contains("<p class=\"markdown-alert-title\">Look here</p>"), "{page}");
    assert!(page.contains("<p class=\"markdown-alert-title\">Tip</p>"), "others stay");
}

#[test]
fn another_language_falls_back_to_english() {
    let site = child().file("site.yaml", "base_url: https://t.example\ntheme: child\nlanguage: nl-BE\n").file(
        "themes/child/i18n/nl.yaml",
        "latest_posts: Nieuwste berichten\nnot_found_title: Niet gevonden\npage_number: Pagina {number}\n",
    );
    for day in 1..=20 {
        site.write_article(&format!("local/n{day}"), &format!("2026-09-{day:02}"), "", "x");
    }
    site.build();
    let page = site.published("local/x/index.html");
    assert!(page.contains("Nieuwste berichten") && page.contains("Skip to content"), "{page}");
    assert!(site.published("404.html").contains("<title>Niet gevonden | "));
    assert!(site.published("local/page/1/index.html").contains("<title>Local (Pagina 1) | "));
}

#[test]
fn a_theme_without_words_still_names_its_alerts() {
    let site = TestSite::new()
        .file("site.yaml", "base_url: https://t.example\ntheme: bare\n")
        .file("themes/bare/theme.yaml", "name: bare\napi: 1\n")
        .file("themes/bare/templates/article.html", "{{ article.content | safe }}")
        .article(
            "local/x",
            "2026-10-02",
            "",
            "> [!WARNING]\n> Careful.\n\n| a |\n| - |\n| b |\n\nNote[^1].\n\n[^1]: There.",
        );
    for name in ["front", "page", "listing", "404"] {
        site.write(&format!("themes/bare/templates/{name}.html"), "x");
    }
    site.build();
    let page = site.published("local/x/index.html");
    assert!(page.contains("<p class=\"markdown-alert-title\">Warning</p>"), "{page}");
    assert!(page.contains("aria-label=\"Table\"") && page.contains("aria-label=\"Back to the text\""));
}

#[test]
fn templates_know_the_feeds_and_archives_of_the_site() {
    let shown =
        "{{ site.archives }}{% for one in site.feeds %}|{{ one.title }} {{ one.url }} {{ one.type }}{% endfor %}";
    let site = child().file("themes/child/templates/404.html", shown);
    site.build();
    assert_eq!(
        site.published("404.html"),
        "true|RSS /feed.xml application/rss+xml|Atom /atom.xml application/atom+xml|JSON Feed /feed.json application/feed+json"
    );
    site.write(
        "site.yaml",
        "base_url: https://t.example/blog\ntheme: child\narchives: false\nfeeds: {formats: [atom]}\n",
    );
    site.build();
    assert_eq!(site.published("404.html"), "false|Atom /blog/atom.xml application/atom+xml");
    site.write("site.yaml", "base_url: https://t.example\ntheme: child\nfeeds: {for: [sections]}\n");
    site.build();
    assert_eq!(site.published("404.html"), "true");
}

#[test]
fn the_latest_posts_are_in_the_page_or_loaded_by_browser_or_server() {
    let with = |mode: &str| {
        let site = child();
        let settings = site.read("site.yaml");
        site.write("site.yaml", format!("{settings}fragments: {{latest: {mode}}}\n"));
        site.build();
        site
    };
    let site = with("inline");
    let page = site.published("local/x/index.html");
    assert!(page.contains("Latest Posts</h2>") && page.contains("<a href=\"/local/x/\">The story</a>"));
    assert!(!site.has("public/fragments") && !page.contains("fragments."));

    let site = with("client");
    let page = site.published("local/x/index.html");
    assert!(page.contains("data-fragment=\"/fragments/latest.html\"><a href=\"/\">Latest Posts</a>"), "{page}");
    assert!(page.contains("<script src=\"/assets/fragments."));
    let fragment = site.published("fragments/latest.html");
    assert!(fragment.starts_with("<section") && fragment.contains("<a href=\"/local/x/\">The story</a>"));

    let site = with("ssi");
    let page = site.published("local/x/index.html");
    assert!(page.contains("<!--#include virtual=\"/fragments/latest.html\" -->"));
    assert!(!page.contains("fragments.js") && site.has("public/fragments/latest.html"));
}

#[test]
fn the_components_of_the_theme_are_the_shortcodes_of_its_articles() {
    let site = child().file(
        "themes/child/templates/components/box.html",
        "{% component box(text, loud: bool = false) %}<b class=\"box\">{{ text }}{% if loud %}!{% endif %}</b>{% endcomponent box %}",
    );
    site.write_article(
        "local/y",
        "2026-10-03",
        "",
        "{{ <box text=\"a & b\" /> }}\n\n{{ <box text=\"c\" loud={true} /> }}\n{{ <box text=\"d\" /> }}\n\nText {{ <box text=\"e\" /> }} stays, `{{ <box /> }}` too.\n\n```\n{{ <box text=\"f\" /> }}\n```",
    );
    site.build();
    let page = site.published("local/y/index.html");
    let body = page.split("class=\"article-body\">").nth(1).expect("a body");
    assert!(
        body.starts_with("<b class=\"box\">a &amp; b</b>\n<b class=\"box\">c!</b>\n<b class=\"box\">d</b>\n<p>Text {{"),
        "{body}"
    );
    assert_eq!(page.matches("<b class=\"box\">").count(), 3);
}

#[test]
fn a_wrong_component_is_an_error_at_the_line_of_the_article() {
    let site = child().file(
        "themes/child/templates/components/box.html",
        "{% component box(text) %}<b>{{ text }}</b>{% endcomponent box %}",
    );
    site.write_article("local/y", "2026-10-03", "", "One.\n\n{{ <bxo text=\"a\" /> }}\n\n{{ <box txt=\"a\" /> }}");
    let run = site.try_build(&[]);
    assert_eq!(run.code, 1);
    let problems = run.diagnostics();
    assert!(
        problems.iter().any(|one| one.starts_with("error content/local/y.md:8:1 there is no component `bxo`")),
        "{problems:?}"
    );
    assert!(
        problems.iter().any(|one| one.starts_with("error content/local/y.md:10:1 the component `box`")),
        "{problems:?}"
    );
    assert!(run.hints().iter().any(|hint| hint.contains("did you mean `box`")), "{:?}", run.hints());
    assert!(!site.has("public/local/y"));
}

#[test]
fn a_value_of_a_wrong_type_is_told_in_words_of_templates() {
    for (text, message, hint) in [
        (
            "{{ <teaser article={article} level=\"2\" /> }}",
            "the argument `level` is text here, and a whole number is needed",
            "write it as `level={2}`",
        ),
        ("{{ articles(limit=\"x\") }}", "a whole number is needed, and this is text", ""),
        ("{{ articles(limit=0 - 1) }}", "the number -1 is too small or too large here", ""),
        ("{{ 5 | upper }}", "text is needed, and this is a whole number", ""),
        ("{{ \"x\" | join(sep=\"-\") }}", "a list is needed, and this is text", ""),
        ("{{ article.title + 1 }}", "`+` needs two numbers, and these are text and a whole number", ""),
        ("{% for x in 5 %}{% endfor %}", "`for` goes through lists and maps, and this is a whole number", ""),
    ] {
        let site = child().file(
            "themes/child/templates/article.html",
            format!(
                "{{% extends \"broadsheet/article.html\" %}}{{% block after_text %}}\n{text}{{% endblock after_text %}}"
            ),
        );
        let run = site.try_build(&[]);
        let found = &run.diagnostics()[0];
        assert!(
            found.starts_with("error themes/child/templates/article.html:2:") && found.ends_with(message),
            "{found}"
        );
        assert!(run.hints().concat().contains(hint), "{text}: {:?}", run.hints());
    }
}

#[test]
fn an_asset_has_its_fingerprint_in_its_name() {
    let site = child().file("themes/child/static/extra/more.css", "p { color: red }");
    site.write(
        "themes/child/templates/404.html",
        "{{ asset(path=\"extra/more.css\") }} {{ asset(path=\"site.css\") }}",
    );
    site.build();
    let assets = |site: &TestSite| {
        let text = site.published("404.html");
        let (own, inherited) = text.split_once(' ').expect("two");
        (own.to_owned(), inherited.to_owned())
    };
    let (own, inherited) = assets(&site);
    for address in [&own, &inherited] {
        assert!(site.has(&format!("public{}", address.split('?').next().expect("a path"))), "{address}");
    }
    assert!(site.published("index.html").contains(&inherited), "every page has the stylesheet of that name");
    site.write("themes/child/static/extra/more.css", "p { color: blue }");
    let run = site.build();
    let (changed, same) = assets(&site);
    assert_ne!(changed, own, "another content, another address");
    assert_eq!(same, inherited);
    assert_eq!(run.rendered().into_iter().collect::<Vec<_>>(), ["404.html"], "only the page that names it");
    assert!(!site.has(&format!("public{own}")), "the old one is gone");
}

/// The stylesheet that the front page names.
fn stylesheet(site: &TestSite) -> String {
    let page = site.published("index.html");
    let address = page.split("rel=\"stylesheet\" href=\"/").nth(1).and_then(|rest| rest.split('"').next());
    site.published(address.expect("a stylesheet"))
}

#[test]
fn settings_end_in_the_stylesheet_and_not_in_the_pages() {
    let with = |settings: &str| {
        let site = child();
        site.write("site.yaml", format!("base_url: https://t.example\ncards: false\ntheme_settings: {{{settings}}}\n"));
        site.build();
        (stylesheet(&site), site.published("local/x/index.html"))
    };
    let (plain, page) = with("accent: red");
    let (teal, teal_page) = with("accent: teal, density: compact, typeface: sans, drop_caps: none");
    assert!(plain.contains("--accent: light-dark(#a3161d, #ff8f87)") && plain.contains("initial-letter: 3"));
    assert!(teal.contains("--accent: light-dark(#0b6670, #6fd0da)") && !teal.contains("initial-letter"));
    let (own, _) = with("accent: \"#123\"");
    assert!(own.contains("oklch(from #123 min(l, .48) c h)"), "{own}");
    let without_address = |page: &str| page.lines().filter(|line| !line.contains("stylesheet")).collect::<String>();
    assert_eq!(without_address(&page), without_address(&teal_page));
    assert!(!page.contains("style="), "the policy of browsers allows none");
}

#[test]
fn the_masthead_is_text_or_an_image_for_each_ground() {
    let with = |settings: &str| {
        let logo = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"300\" height=\"60\"/>";
        let site = child().file("content/images/logo.svg", logo).file("content/images/night.svg", logo);
        site.write(
            "site.yaml",
            format!("title: The Test\nbase_url: https://t.example\ntheme_settings: {{{settings}}}\n"),
        );
        site.build();
        let page = site.published("index.html");
        let plate = page.split("class=\"nameplate\">").nth(1).and_then(|rest| rest.split("</p>").next());
        (plate.expect("a nameplate").to_owned(), page)
    };
    assert_eq!(with("").0, "<a href=\"/\">The Test</a>");
    assert_eq!(with("masthead: THE TEST").0, "<a href=\"/\">THE TEST</a>");
    let (one, _) = with("logo: /images/logo.svg, masthead: Of Ours");
    assert_eq!(one, "<a href=\"/\"><img src=\"/images/logo.svg\" alt=\"Of Ours\" width=\"300\" height=\"60\"></a>");
    let (two, _) = with("logo: /images/logo.svg, logo_dark: /images/night.svg");
    assert_eq!(two.matches("alt=\"The Test\"").count(), 2, "each has its words, for one of them is shown: {two}");
    assert!(two.contains("class=\"has-dark\"") && two.contains("class=\"for-dark\" src=\"/images/night.svg\""));
}

#[test]
fn the_switch_for_colours_can_be_left_out() {
    let site = child();
    site.write("site.yaml", "base_url: https://t.example\n");
    site.build();
    let page = site.published("index.html");
    assert!(page.contains("class=\"scheme\"") && page.contains("localStorage.scheme"));
    // The search has a place beside it, and is left out, too.
    site.write("site.yaml", "base_url: https://t.example\nsearch: false\ntheme_settings: {scheme_switch: false}\n");
    site.build();
    let page = site.published("index.html");
    assert!(!page.contains("class=\"scheme\"") && !page.contains("localStorage") && !page.contains("class=\"tools\""));
}

#[test]
fn the_page_for_wrong_addresses_leads_to_the_front_page_the_search_and_the_archive() {
    let site = child();
    site.build();
    let page = site.published("404.html");
    let ways = page.split("class=\"ways\">").nth(1).and_then(|rest| rest.split("</ul>").next()).expect("ways");
    for way in ["href=\"/\"", "href=\"/search/\"", "href=\"/archive/\""] {
        assert!(ways.contains(way), "{way}: {ways}");
    }
    site.write("site.yaml", "base_url: https://t.example\ntheme: child\narchives: false\nsearch: false\n");
    site.build();
    let page = site.published("404.html");
    let ways = page.split("class=\"ways\">").nth(1).and_then(|rest| rest.split("</ul>").next()).expect("ways");
    assert_eq!(ways.matches("<li>").count(), 1, "{ways}");
}

#[test]
fn a_section_block_without_an_image_on_the_front_page_is_filled_with_words() {
    let site = TestSite::new().file("content/a.svg", DRAWING);
    for day in 1..=28 {
        let (section, image) = if day % 2 == 0 { ("drawn", "image: {src: /a.svg, alt: A}\n") } else { ("plain", "") };
        site.write_article(
            &format!("{section}/n{day}"),
            &format!("2026-09-{day:02}"),
            &format!("{image}summary: Words of {day}"),
            "x",
        );
    }
    site.build();
    let front = site.published("index.html");
    let blocks: Vec<&str> = front.split("<section class=\"block\">").skip(1).collect();
    let words = |title: &str| {
        let block = blocks.iter().find(|block| block.contains(title)).expect("a block");
        block.split("</section>").next().expect("text").matches("class=\"summary\"").count()
    };
    assert_eq!((words(">Plain</a>"), words(">Drawn</a>")), (4, 1));
}

const DRAWING: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3\" height=\"2\"/>";

#[test]
fn no_article_stands_twice_on_a_young_front_page() {
    for (theme, has_latest) in [("broadsheet", true), ("wire", false)] {
        let site = TestSite::new().file("content/a.svg", DRAWING);
        site.write("site.yaml", format!("title: The Test\nbase_url: https://test.example\ntheme: {theme}\n"));
        let add = |days: std::ops::RangeInclusive<u32>| {
            for day in days {
                let kind = if day % 4 == 1 { "kind: opinion\n" } else { "" };
                let front = format!("{kind}title: Story {day}.\nimage: {{src: /a.svg, alt: A}}");
                site.write_article(&format!("local/n{day}"), &format!("2026-09-{day:02}"), &front, "x");
            }
            site.build();
            site.assert_equals_clean("more stories");
            site.published("index.html")
        };
        let times = |front: &str, day: u32| front.matches(&format!(">Story {day}.<")).count();
        // One of them is an opinion, and all stand above.
        let front = add(1..=9);
        assert!((1..=9).all(|day| times(&front, day) == 1), "{theme}: {front}");
        assert!(!front.contains("class=\"latest\"") && !front.contains("id=\"opinions\""), "{theme}");
        // What stands at the side is another opinion than those of the stories.
        let front = add(10..=30);
        assert_eq!(front.contains("class=\"latest\""), has_latest, "{theme}");
        let opinions = front.split("id=\"opinions\"").nth(1).and_then(|rest| rest.split("</section>").next());
        let opinions = opinions.unwrap_or_else(|| panic!("{theme}: there are older opinions"));
        let shown: Vec<u32> = (1..=30).filter(|day| times(opinions, *day) == 1).collect();
        let above: Vec<u32> = (1..=30).filter(|day| day % 4 == 1 && !shown.contains(day)).collect();
        assert!(!shown.is_empty() && shown.len() <= 4, "{theme}: {shown:?}");
        assert!(above.iter().all(|day| *day > shown[shown.len() - 1] || *day < shown[0]), "{theme}: {shown:?}");
        let twice: Vec<u32> = (1..=30).filter(|day| times(&front, *day) > 1).collect();
        assert_eq!(twice, Vec::<u32>::new(), "{theme}");
    }
}

#[test]
fn related_articles_show_images_only_if_all_have_one() {
    let site = TestSite::new().file("content/a.svg", DRAWING);
    for day in 1..=5 {
        let front = "tags: [ships]\nimage: {src: /a.svg, alt: A}";
        site.write_article(&format!("local/n{day}"), &format!("2026-09-0{day}"), front, "x");
    }
    let images = || {
        site.build();
        let page = site.published("local/n5/index.html");
        let related = page.split("class=\"related-items\"").nth(1).expect("related articles");
        related.split("</section>").next().expect("an end").matches("<img").count()
    };
    assert_eq!(images(), 4);
    site.write_article("local/n2", "2026-09-02", "tags: [ships]", "x");
    assert_eq!(images(), 0);
    site.assert_equals_clean("an image that went");
}

#[test]
fn the_foot_of_the_page_tells_sections_from_pages() {
    let site = TestSite::new()
        .file("content/about.md", "---\ntitle: About\n---\n\nx\n")
        .file("content/imprint.md", "---\ntitle: Imprint\n---\n\nx\n")
        .article("local/x", "2026-10-02", "", "x")
        .article("world/y", "2026-10-03", "", "x");
    let with = |menu: &str| {
        site.write("site.yaml", format!("title: The Test\nbase_url: https://test.example/blog\nmenu: [{menu}]\n"));
        site.build();
        site.assert_equals_clean("a menu");
        let page = site.published("local/x/index.html");
        ["class=\"sections\"", "\"footer-name\"><ul>", "id=\"footer-sections\""].map(|place| {
            let page = page.replace(">\n<", "><");
            let nav = page.split(place).nth(1).and_then(|rest| rest.split("</nav>").next()).unwrap_or_default();
            let links = nav.split("href=\"/blog").skip(1).filter_map(|rest| rest.split('"').next());
            links.map(str::to_owned).collect::<Vec<_>>().join(" ")
        })
    };
    let entry = |url: &str| format!("{{title: T, url: {url}}}");
    let imprint = "{title: Imprint, url: /imprint/, footer: true}";
    let menu = [&entry("/world/"), &entry("/about/"), imprint].join(", ");
    assert_eq!(with(&menu), ["/world/ /about/", "/about/ /imprint/", "/world/"]);
    assert_eq!(with(imprint), ["/local/ /world/", "/imprint/", "/local/ /world/"]);
    assert_eq!(with(""), ["/local/ /world/", "", "/local/ /world/"]);
}

#[test]
fn a_trail_of_home_alone_is_not_shown() {
    let site = TestSite::new()
        .file("content/about.md", "---\ntitle: About\n---\n\nx\n")
        .article("local/x", "2026-10-02", "tags: [ships]\nauthors: [Ann Lee]", "x")
        .article("rest", "2026-10-03", "", "x");
    site.build();
    let trail = |path: &str| {
        let page = site.published(&format!("{path}index.html"));
        let trail = page.split("class=\"breadcrumb\"").nth(1).and_then(|rest| rest.split("</nav>").next());
        trail.map_or(0, |trail| trail.matches("<li>").count())
    };
    for path in ["", "local/", "about/", "tags/", "archive/", "rest/"] {
        assert_eq!(trail(path), 0, "{path}");
    }
    for path in ["local/x/", "tags/ships/", "authors/ann-lee/", "2026/", "2026/10/"] {
        assert_eq!(trail(path), 2, "{path}");
    }
}

#[test]
fn a_wrong_setting_is_an_error_at_its_line_that_says_what_it_can_be() {
    for (setting, wanted, hint) in [
        (
            "accent: pinkish",
            "`accent` is `pinkish`",
            "it can be red, crimson, orange, amber, green, teal, blue, navy, purple, grey or a colour such as \"#0b6e4f\"",
        ),
        ("accent: \"#12345\"", "`accent` is `#12345`", "it can be red,"),
        ("accent: gren", "`accent` is `gren`", "did you mean `green`?"),
        ("density: tight", "`density` is `tight`", "it can be comfortable or compact"),
        ("density: 2", "`density` is `2`", "it can be comfortable or compact"),
        ("drop_caps: some", "`drop_caps` is `some`", "it can be features, all or none"),
        ("typeface: mono", "`typeface` is `mono`", "it can be serif or sans"),
        ("corrections_place: middle", "`corrections_place` is `middle`", "it can be top or bottom"),
        ("front_opinions: many", "`front_opinions` is `many`", "it can be a whole number from 0 on, such as 4"),
        ("front_opinions: -1", "`front_opinions` is `-1`", "it can be a whole number from 0 on, such as 4"),
        ("scheme_switch: 1", "`scheme_switch` is `1`", "it can be true or false"),
        ("tagline: [Every day]", "`tagline` is `[\"Every day\"]`", "it can be a text"),
        (
            "logo: /images/masthaed.svg",
            "`logo` names `/images/masthaed.svg`, and there is no such file",
            "did you mean `/images/masthead.svg`?",
        ),
    ] {
        let site = child().file("static/images/masthead.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
        site.write("site.yaml", format!("base_url: https://t.example\ntheme_settings:\n  {setting}\n"));
        let run = site.try_build(&[]);
        assert_eq!(run.code, 1);
        assert_eq!(run.diagnostics(), [format!("error site.yaml:3:3 the setting {wanted}")]);
        assert!(run.hints().iter().any(|one| one.contains(hint)), "{:?}", run.hints());
        assert!(!site.has("public/index.html"));
    }
}

#[test]
fn what_a_setting_can_be_holds_for_languages_and_themes_too() {
    let site = child();
    site.write(
        "site.yaml",
        "base_url: https://t.example\nlanguages:\n  en: {}\n  de:\n    theme_settings: { tagline: Neu, front_opinions: viele }\n",
    );
    assert_eq!(site.try_build(&[]).diagnostics(), ["error site.yaml:5:37 the setting `front_opinions` is `viele`"]);
    site.write("site.yaml", "base_url: https://t.example\ntheme: child\n");
    site.write(
        "themes/child/theme.yaml",
        "api: 1\nextends: broadsheet\nsettings:\n  density: airy\n  edition: noon\nvalues:\n  edition: [morning, evening]\n  edtion: file\n",
    );
    let problems = site.try_build(&[]).diagnostics();
    let wanted = ["4:3 the setting `density` is `airy`", "8:3 `values` names `edtion`, which is no setting"];
    assert_eq!(problems, wanted.map(|one| format!("error themes/child/theme.yaml:{one}")));
}

#[test]
fn a_setting_without_a_value_leaves_the_default_and_words_may_look_like_numbers() {
    let site = child();
    site.build();
    let before = stylesheet(&site);
    site.write("site.yaml", "base_url: https://t.example\ntheme_settings: { accent: , masthead: 1884, logo: '' }\n");
    site.build();
    assert_eq!(stylesheet(&site), before);
    assert!(site.published("index.html").contains(">1884</a>"), "{}", site.published("index.html"));
}

#[test]
fn a_logo_that_goes_is_missed_and_one_that_comes_back_is_seen() {
    let logo = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"10\"/>";
    let site = child().file("static/logo.svg", logo);
    site.write("site.yaml", "base_url: https://t.example\ntheme_settings: { logo: /logo.svg }\n");
    site.build();
    site.remove("static/logo.svg");
    assert_eq!(site.try_build(&[]).code, 1);
    assert!(site.has("public/logo.svg"), "the last good site stays");
    site.write("static/logo.svg", logo);
    assert_eq!(site.try_build(&[]).code, 0);
}

#[test]
fn a_setting_that_the_theme_does_not_have_is_an_error_at_its_line() {
    let site = child();
    for (settings, place) in
        [("theme_settings:\n  densty: compact\n", "3:3"), ("theme_settings: {densty: compact}\n", "2:18")]
    {
        site.write("site.yaml", format!("base_url: https://t.example\n{settings}"));
        let run = site.try_build(&[]);
        assert_eq!(run.code, 1);
        assert_eq!(
            run.diagnostics(),
            [format!("error site.yaml:{place} the theme `broadsheet` has no setting `densty`")]
        );
        assert_eq!(run.hints(), ["did you mean `density`?"]);
    }
}

#[test]
fn a_child_adds_rules_to_the_stylesheet_of_its_parent_or_replaces_a_part_of_it() {
    let site = child();
    site.build();
    let before = stylesheet(&site);
    site.write(
        "themes/child/templates/site.css",
        "{% extends \"broadsheet/site.css\" %}{% block own %}:root { --paper: {{ site.settings.paper }} }{% endblock own %}",
    );
    site.write("themes/child/templates/styles/print.css", "@media print { nav { display: none } }\n");
    site.write("themes/child/theme.yaml", "name: child\napi: 1\nextends: broadsheet\nsettings: {paper: \"#eee\"}\n");
    site.build();
    let after = stylesheet(&site);
    assert!(after.ends_with(":root { --paper: #eee }"), "after the layer, so that it wins: {after}");
    assert!(after.contains("@media print { nav { display: none } }") && !after.contains("@page"));
    assert!(before.contains("@page") && after.contains(".masthead"));
    assert!(!site.output().keys().any(|path| path.contains("print")), "a part is no file");
    // A file of the old way, nearer than the template, is the stylesheet.
    site.remove("themes/child/templates/site.css");
    site.write("themes/child/static/site.css", "p { color: red }");
    site.build();
    assert_eq!(stylesheet(&site), "p { color: red }");
    site.assert_equals_clean("another stylesheet");
}

#[test]
fn a_stylesheet_knows_nothing_of_articles() {
    let site = child().file("themes/child/templates/more.css", "a {\n  top: {{ articles(limit=1) | length }}px }\n");
    let run = site.try_build(&[]);
    assert_eq!(run.code, 1);
    assert_eq!(run.diagnostics(), ["error themes/child/templates/more.css:2:11 unknown function `articles`"]);
    assert!(run.hints()[0].contains("knows only `site`"), "{:?}", run.hints());
    site.write("themes/child/templates/more.css", "a::after { content: \"{{ site.title }}\" }");
    site.write("themes/child/templates/404.html", "{{ asset(path=\"more.css\") }}");
    site.build();
    assert_eq!(site.published(&site.published("404.html")[1..]), "a::after { content: \"The Test\" }");
}

#[test]
fn a_theme_may_stand_alone() {
    let site = TestSite::new()
        .file("site.yaml", "base_url: https://t.example\ntheme: plain\n")
        .file("themes/plain/theme.yaml", "name: plain\napi: 1\n")
        .file("themes/plain/templates/article.html", "<h1>{{ article.title }}</h1>{{ article.content | safe }}")
        .file("themes/plain/templates/page.html", "{{ page.title }}")
        .file("themes/plain/templates/front.html", "{% if listing.lead %}{{ listing.lead.title }}{% endif %}")
        .file(
            "themes/plain/templates/listing.html",
            "{{ listing.title }}{% for one in listing.items %} {{ one.title }}{% endfor %}",
        )
        .file("themes/plain/templates/404.html", "gone")
        .article("local/x", "2026-10-02", "title: The story", "Words.");
    site.build();
    assert_eq!(site.published("local/x/index.html"), "<h1>The story</h1><p>Words.</p>\n");
    assert_eq!(site.published("index.html"), "The story");
    assert_eq!(site.published("local/index.html"), "Local The story");
    assert!(!site.output().keys().any(|path| path.starts_with("assets/")), "nothing of another theme");
}

#[test]
fn a_page_asks_no_other_host_for_anything() {
    let site = TestSite::new().article("local/x", "2026-10-02", "", "x");
    site.build();
    for (path, bytes) in &site.output() {
        let text = String::from_utf8_lossy(bytes);
        if path.ends_with(".css") {
            assert!(!text.contains("url(http") && !text.contains("@import"), "{path}");
        }
        if path.ends_with(".html") {
            for mark in ["src=\"http", "src=\"//", "rel=\"stylesheet\" href=\"http", "rel=\"preconnect\""] {
                assert!(!text.contains(mark), "{path}: {mark}");
            }
        }
    }
}

#[test]
fn data_files_are_for_templates() {
    let site = child()
        .file("data/facts.yaml", "height: 12\nnames: [a, b]\n")
        .file("data/more.json", "{\"k\": [1, 2]}")
        .file("themes/child/templates/404.html", "{% set facts = data(name=\"facts\") %}{% set more = data(name=\"more\") %}{{ facts.height }} {{ more.k[1] }}");
    site.build();
    assert_eq!(site.published("404.html"), "12 2");
    site.write("data/facts.yaml", "height: 13\n");
    let run = site.build();
    assert_eq!(site.published("404.html"), "13 2");
    assert_eq!(run.rendered().len(), 1);
    assert!(!site.output().keys().any(|path| path.contains("facts")), "data is not published");
}

#[test]
fn a_script_may_stand_in_the_pages() {
    let site = child()
        .file("themes/child/static/inline/early.js", "document.title += \"!\"; // <b>\r\n")
        .file("themes/child/templates/404.html", "<title>x</title>{{ inline_script(path=\"early.js\") }}");
    site.build();
    assert_eq!(site.published("404.html"), "<title>x</title><script>document.title += \"!\"; // <b></script>");
    assert!(!site.has("public/assets/inline"), "it is no file");
    site.write("themes/child/static/inline/early.js", "later()");
    let run = site.build();
    assert_eq!(run.rendered(), ["404.html".to_owned()].into());
    assert_eq!(site.published("404.html"), "<title>x</title><script>later()</script>");
    site.assert_equals_clean("another script");

    site.write("themes/child/templates/404.html", "{{ inline_script(path=\"earlz.js\") }}");
    let run = site.try_build(&[]);
    assert_eq!(run.code, 1);
    assert!(run.diagnostics()[0].contains("the theme has no file `static/inline/earlz.js`"), "{:?}", run.diagnostics());
    assert!(run.hints()[0].contains("early.js"), "{:?}", run.hints());
    site.write("themes/child/static/inline/early.js", "1\n+ \"<!-- \"");
    let run = site.try_build(&[]);
    assert!(
        run.diagnostics()[0].starts_with("error themes/child/static/inline/early.js:2:4 "),
        "{:?}",
        run.diagnostics()
    );
}

#[test]
fn what_a_child_puts_into_the_head_of_all_pages_is_in_that_of_the_search_too() {
    let site = child().file(
        "themes/child/templates/base.html",
        "{% extends \"broadsheet/base.html\" %}{% block extra_head %}<meta name=\"mine\" content=\"1\">{% endblock extra_head %}",
    );
    site.build();
    for page in ["index.html", "local/x/index.html", "search/index.html", "404.html"] {
        assert!(site.published(page).contains("<meta name=\"mine\""), "{page}");
    }
    assert!(site.published("search/index.html").contains("/assets/search."), "its own is there as well");
}
