//! What stands beside the text: fields of plug-ins, sections, menus, dates and hierarchy.

use super::{attachment, export, import, item, meta, post, report, with};
use crate::fixture::TestSite;

#[test]
fn fields_of_plug_ins_are_kept_and_secrets_are_not() {
    let more = [
        meta("subtitle", "A deck"),
        meta("rating", r#"a:2:{s:5:"stars";i:4;s:2:"of";i:5;}"#),
        meta("contact", "somebody@secret.example"),
        meta("mail_password", "hunter2"),
        meta("gateway", "sk_live_hunter2"),
        meta("options", r#"a:1:{s:8:"password";s:7:"hunter2";}"#),
        meta("people", r#"a:1:{i:0;s:23:"somebody@secret.example";}"#),
        meta("_yoast_wpseo_metadesc", "One sentence."),
        meta("dt_original_site_name", "Harbour Gazette"),
        meta("dt_original_post_url", "https://gazette.example/tunnel/"),
        r#"<category domain="newspack_spnsrs_tax" nicename="acme"><![CDATA[Acme Rope]]></category>"#.to_owned(),
        r#"<category domain="author" nicename="cap-ines-vale"><![CDATA[ines-vale]]></category>"#.to_owned(),
    ]
    .concat();
    let guest = item(
        40,
        "cap-ines-vale",
        "publish",
        "guest-author",
        "2019-01-01 00:00:00",
        "",
        &[
            meta("cap-display_name", "Ines Vale"),
            meta("cap-user_login", "ines-vale"),
            meta("cap-user_email", "ines@secret.example"),
        ]
        .concat(),
    );
    let site = with(&format!("{guest}{}", post(7, "ferry", "publish", "x", &more)));
    assert_eq!(import(&site, &[]).code, 0);
    let text = site.read("content/harbour/2019/ferry.md");
    for part in [
        "subtitle: A deck",
        "stars: 4",
        "summary: One sentence.",
        "name: Harbour Gazette",
        "canonical: https://gazette.example/tunnel/",
        "kind: sponsored",
        "- ines-vale",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(site.read("content/authors/ines-vale.md").contains("name: Ines Vale"));
    let all: String = crate::fixture::tree(&site.path("content"))
        .into_values()
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect();
    assert!(!all.contains("secret.example") && !all.contains("hunter2"), "{all}");
    site.build();
}

#[test]
fn the_main_menu_has_titles_of_its_pages_and_its_second_level() {
    let entry = |number: u32, order: u32, title: &str, kind: &str, object: &str, id: u32, parent: u32| {
        let more = [
            r#"<category domain="nav_menu" nicename="main"><![CDATA[Main]]></category>"#.to_owned(),
            format!("<title>{title}</title>"),
            meta("_menu_item_type", kind),
            meta("_menu_item_object", object),
            meta("_menu_item_object_id", &id.to_string()),
            meta("_menu_item_url", if kind == "custom" { "https://elsewhere.example/" } else { "" }),
            meta("_menu_item_menu_item_parent", &parent.to_string()),
        ]
        .concat();
        item(number, &number.to_string(), "publish", "nav_menu_item", "2019-01-01 00:00:00", "", &more)
            .replace("<wp:menu_order>0", &format!("<wp:menu_order>{order}"))
    };
    let items = [
        entry(50, 2, "", "post_type", "page", 8, 0),
        entry(51, 1, "", "taxonomy", "category", 3, 0),
        entry(52, 3, "Elsewhere", "custom", "custom", 52, 50),
        item(8, "about", "publish", "page", "2018-01-02 00:00:00", "Us.", "<title>About us</title>"),
        post(7, "ferry", "publish", "One.", ""),
    ]
    .concat();
    let site = with(&items);
    assert_eq!(import(&site, &[]).code, 0);
    let config = site.read("site.yaml");
    let expected = "menu:\n- title: Harbour & Sound\n  url: /harbour/\n- title: About us\n  url: /about/\n  children:\n  - title: Elsewhere\n    url: https://elsewhere.example/\n";
    assert!(config.contains(expected), "{config}");
    assert_eq!(site.try_build(&["--strict"]).code, 0);
}

#[test]
fn an_imported_site_is_not_asked_about_keys_that_the_import_wrote() {
    let items =
        [post(7, "ferry", "publish", "One.", &meta("mood", "calm")), post(8, "pier", "private", "Two.", "")].concat();
    let site = with(&items);
    import(&site, &[]);
    assert!(site.read("content/harbour/2019/ferry.md").contains("mood: calm"));
    site.build();
    let run = site.run(&["check", "--json"]);
    assert!(!run.stdout.contains("unknown key"), "{}", run.stdout);
}

#[test]
fn fields_of_seo_plug_ins_are_section_summary_canonical_and_noindex() {
    let more = [
        r#"<category domain="category" nicename="harbour"><![CDATA[Harbour & Sound]]></category><category domain="category" nicename="ships"><![CDATA[Ships]]></category>"#.to_owned(),
        meta("rank_math_primary_category", "4"),
        meta("rank_math_title", "Ferry sails early"),
        meta("rank_math_description", "One sentence."),
        meta("rank_math_canonical_url", "https://gazette.example/ferry/"),
        meta("rank_math_robots", r#"a:1:{i:0;s:7:"noindex";}"#),
    ]
    .concat();
    let items = [
        post(7, "ferry", "publish", "One.", &more),
        post(8, "pier", "publish", "Two.", &meta("_yoast_wpseo_meta-robots-noindex", "1")),
        post(9, "quay", "publish", "Three.", &meta("_seopress_robots_index", "yes")),
        post(10, "mole", "publish", "Four.", &meta("_yoast_wpseo_meta-robots-noindex", "2")),
        item(11, "thanks", "publish", "page", "2019-01-01 00:00:00", "Five.", &meta("_genesis_noindex", "1")),
    ]
    .concat();
    let site = with(&items);
    assert_eq!(import(&site, &[]).code, 0);
    let text = site.read("content/ships/2019/ferry.md");
    for part in [
        "- Harbour & Sound",
        "seo_title: Ferry sails early",
        "summary: One sentence.",
        "canonical: https://gazette.example/ferry/",
        "noindex: true",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    site.build();
    let sitemap = site.published("sitemap.xml");
    let no_robots = "<meta name=\"robots\" content=\"noindex\">";
    for (address, is_listed) in [
        ("2019/04/09/ferry", false),
        ("2019/04/09/pier", false),
        ("2019/04/09/quay", false),
        ("thanks", false),
        ("2019/04/09/mole", true),
    ] {
        let html = site.published(&format!("{address}/index.html"));
        assert_eq!(html.contains(no_robots), !is_listed, "{address}: {html}");
        assert_eq!(sitemap.contains(&format!("/{address}/</loc>")), is_listed, "{address}: {sitemap}");
    }
}

#[test]
fn news_fields_of_newspack_are_kept_and_its_withheld_corrections_are_not() {
    let correction = |number: u32, status: &str, text: &str| {
        item(
            number,
            "",
            status,
            "newspack_correction",
            "2019-05-01 10:00:00",
            text,
            &meta("newspack_correction-post-id", "7"),
        )
    };
    let more = [
        meta("newspack_post_subtitle", "A deck"),
        meta("_thumbnail_id", "20"),
        "<excerpt:encoded><![CDATA[A summary.]]></excerpt:encoded><wp:is_sticky>1</wp:is_sticky>".to_owned(),
    ]
    .concat();
    let credits = meta("_media_credit", "Ines Vale") + &meta("_navis_media_credit_org", "Harbour Agency");
    let items = [
        post(7, "ferry", "publish", "One.", &more).replace("<excerpt:encoded><![CDATA[]]></excerpt:encoded>", ""),
        attachment(20, 7, "pier.jpg", "At dusk", &credits),
        correction(30, "publish", "It sails at <em>seven</em>, not six."),
        correction(31, "draft", "Sentence about privateers."),
    ]
    .concat();
    let site = with(&items);
    assert_eq!(import(&site, &[]).code, 0);
    let text = site.read("content/harbour/2019/ferry.md");
    for part in [
        "subtitle: A deck",
        "credit: Ines Vale, Harbour Agency",
        "text: It sails at *seven*, not six.",
        "date: 2019-05-01",
        "summary: A summary.",
        "featured: true",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    site.build();
    let html = site.published("2019/04/09/ferry/index.html");
    assert!(html.contains("<em>seven</em>") && !html.contains("privateers"), "{html}");
    assert!(!text.contains("privateers"), "{text}");
}

#[test]
fn sections_have_the_names_that_they_are_given_and_their_old_addresses_lead_there() {
    let site = with(&post(7, "ferry", "publish", "One.", ""));
    assert_eq!(import(&site, &["--section-map", "harbour=waterfront"]).code, 0);
    assert!(site.read("content/waterfront/2019/ferry.md").contains("One."));
    site.build();
    assert!(site.published("category/harbour/index.html").contains("/waterfront/"));
    assert!(site.published("waterfront/index.html").contains("/2019/04/09/ferry/"));
}

#[test]
fn what_of_a_menu_has_no_place_here_is_told() {
    let entry = |number: u32, menu: &str, title: &str, kind: (&str, &str, u32), parent: u32, url: &str| {
        let more = [
            format!("<category domain=\"nav_menu\" nicename=\"{menu}\"><![CDATA[{menu}]]></category>"),
            format!("<title>{title}</title>"),
            meta("_menu_item_type", kind.0),
            meta("_menu_item_object", kind.1),
            meta("_menu_item_object_id", &kind.2.to_string()),
            meta("_menu_item_url", url),
            meta("_menu_item_menu_item_parent", &parent.to_string()),
        ]
        .concat();
        item(number, &number.to_string(), "publish", "nav_menu_item", "2019-01-01 00:00:00", "", &more)
            .replace("<wp:menu_order>0", &format!("<wp:menu_order>{number}"))
    };
    let page =
        |number: u32, slug: &str, status: &str| item(number, slug, status, "page", "2018-01-02 00:00:00", "Us.", "");
    let tag = r#"<category domain="post_tag" nicename="ferry-line"><![CDATA[Ferry line]]></category>"#;
    let items = [
        entry(50, "main", "About", ("post_type", "page", 8), 0, ""),
        entry(51, "main", "Tag", ("taxonomy", "post_tag", 5), 0, ""),
        entry(52, "main", "Place", ("taxonomy", "place", 77), 0, ""),
        entry(53, "main", "Plans", ("post_type", "page", 9), 0, ""),
        entry(54, "main", "Team", ("post_type", "page", 10), 50, ""),
        entry(55, "main", "Cooks", ("post_type", "page", 11), 54, ""),
        entry(60, "footer", "Imprint", ("custom", "custom", 60), 0, "/imprint/"),
        page(8, "about", "publish"),
        page(9, "plans", "draft"),
        page(10, "team", "publish"),
        page(11, "cooks", "publish"),
        post(7, "ferry", "publish", "One.", tag),
    ]
    .concat();
    let site = with(&items);
    assert_eq!(import(&site, &[]).code, 0);
    let config = site.read("site.yaml");
    let expected = "menu:\n- title: About\n  url: /about/\n  children:\n  - title: Team\n    url: /team/\n  - title: Cooks\n    url: /cooks/\n- title: Tag\n  url: /tags/ferry-line/\n";
    assert!(config.contains(expected) && !config.contains("plans"), "{config}");
    let remarks = report(&site)["remarks"].to_string();
    for part in ["Place (place 77)", "Plans (page 9)", "`footer` is not in site.yaml: Imprint (/imprint/)"] {
        assert!(remarks.contains(part), "{part} is not in {remarks}");
    }
    assert_eq!(site.try_build(&["--strict"]).code, 0);
}

#[test]
fn dates_without_their_moment_are_those_of_the_site() {
    let zero = "<wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt>";
    let item = post(7, "ferry", "publish", "One.", "")
        .replace("<wp:post_date_gmt>2019-04-09 08:30:00</wp:post_date_gmt>", zero);
    let site = with(&item);
    assert_eq!(import(&site, &["--timezone", "Europe/Copenhagen"]).code, 0);
    let text = site.read("content/harbour/2019/ferry.md");
    assert!(text.contains("date: 2019-04-09T08:30:00\n"), "{text}");
    site.build();
    assert!(site.published("2019/04/09/ferry/index.html").contains("2019-04-09T08:30:00+02:00"));
}

#[test]
fn pages_keep_their_hierarchy_and_exports_of_older_versions_are_read() {
    let page = |number: u32, path: &str| {
        let slug = path.rsplit('/').next().unwrap_or_default();
        item(number, slug, "publish", "page", "2018-01-02 00:00:00", "Us.", "")
            .replace(&format!("https://skerry.example/{slug}/"), &format!("https://skerry.example/{path}/"))
    };
    let text = export(&[page(8, "about"), page(9, "about/team"), page(10, "about/team/cooks")].concat())
        .replace("export/1.2/", "export/1.0/")
        .replace("<wp:wxr_version>1.2", "<wp:wxr_version>1.0");
    let site = TestSite::empty().file("export.xml", text);
    assert_eq!(import(&site, &[]).code, 0);
    assert!(site.read("content/about/team/cooks.md").contains("Us."));
    site.build();
    assert!(site.published("about/team/cooks/index.html").contains("Us."));
}

#[test]
fn an_entity_that_readers_saw_in_a_title_is_still_one() {
    let title = "<title><![CDATA[How to write &amp;amp; in HTML &amp; CSS]]></title>";
    let site = with(&post(7, "ferry", "publish", "One.", title));
    assert_eq!(import(&site, &[]).code, 0);
    site.build();
    let page = site.published("2019/04/09/ferry/index.html");
    assert!(page.contains("How to write &amp;amp; in HTML &amp; CSS</h1>"), "{page}");
}

#[test]
fn a_category_that_only_articles_name_names_its_section() {
    let category = r#"<category domain="category" nicename="ueber-uns"><![CDATA[Über uns & Co]]></category>"#;
    let site = with(&post(7, "ferry", "publish", "One.", category));
    assert_eq!(import(&site, &[]).code, 0);
    assert!(site.read("content/ueber-uns/_index.md").contains("title: Über uns & Co"));
    assert!(!report(&site)["addresses"].to_string().contains(&u64::MAX.to_string()));
}
