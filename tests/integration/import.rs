//! Imports: nothing is lost, nothing becomes public that was not, every old address is answered, and a second import
//! changes nothing. All exports here are written for these tests.

use std::collections::BTreeSet;
use std::io::Write as _;

use crate::fixture::{Run, TestSite};
use serde_json::Value;

/// The moment of the imports.
const NOW: &str = crate::fixture::NOW;

/// An export with some items.
fn export(items: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>The Skerry Post</title><link>https://skerry.example</link><description>News of the outer islands</description><language>en-GB</language>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>https://skerry.example</wp:base_site_url><wp:base_blog_url>https://skerry.example</wp:base_blog_url>
<wp:author><wp:author_id>2</wp:author_id><wp:author_login><![CDATA[mara]]></wp:author_login><wp:author_email><![CDATA[mara@skerry.example]]></wp:author_email><wp:author_display_name><![CDATA[Mara Quill]]></wp:author_display_name><wp:author_description><![CDATA[She covers the <b>port</b>.]]></wp:author_description></wp:author>
<wp:category><wp:term_id>3</wp:term_id><wp:category_nicename><![CDATA[harbour]]></wp:category_nicename><wp:category_parent></wp:category_parent><wp:cat_name><![CDATA[Harbour & Sound]]></wp:cat_name><wp:category_description><![CDATA[All that floats]]></wp:category_description></wp:category>
<wp:category><wp:term_id>4</wp:term_id><wp:category_nicename><![CDATA[ships]]></wp:category_nicename><wp:category_parent><![CDATA[harbour]]></wp:category_parent><wp:cat_name><![CDATA[Ships]]></wp:cat_name></wp:category>
<wp:tag><wp:term_id>5</wp:term_id><wp:tag_slug><![CDATA[ferry-line]]></wp:tag_slug><wp:tag_name><![CDATA[Ferry line]]></wp:tag_name></wp:tag>
{items}
</channel></rss>
"#
    )
}

/// A post; `more` are elements that are added or, where they are there before, count twice.
fn post(number: u32, slug: &str, status: &str, content: &str, more: &str) -> String {
    item(number, slug, status, "post", "2019-04-09 08:30:00", content, more)
}

fn item(number: u32, slug: &str, status: &str, kind: &str, date: &str, content: &str, more: &str) -> String {
    let password = if more.contains("<wp:post_password>") { "" } else { "<wp:post_password></wp:post_password>" };
    let title =
        if more.contains("<title>") { String::new() } else { format!("<title>Report {number} of {slug}</title>") };
    let link = match (status, kind) {
        ("publish", "page") => format!("https://skerry.example/{slug}/"),
        ("publish", _) => format!("https://skerry.example/{}/{slug}/", date[..10].replace('-', "/")),
        _ => format!("https://skerry.example/?p={number}"),
    };
    let category = if kind == "post" && !more.contains("domain=\"category\"") {
        r#"<category domain="category" nicename="harbour"><![CDATA[Harbour & Sound]]></category>"#
    } else {
        ""
    };
    format!(
        "<item>\n{title}<link>{link}</link><dc:creator><![CDATA[mara]]></dc:creator><guid isPermaLink=\"false\">https://skerry.example/?p={number}</guid><description></description>\n<content:encoded><![CDATA[{content}]]></content:encoded><excerpt:encoded><![CDATA[]]></excerpt:encoded><wp:post_id>{number}</wp:post_id><wp:post_date>{date}</wp:post_date><wp:post_date_gmt>{date}</wp:post_date_gmt><wp:comment_status>open</wp:comment_status><wp:post_name>{slug}</wp:post_name><wp:status>{status}</wp:status><wp:post_parent>0</wp:post_parent><wp:menu_order>0</wp:menu_order><wp:post_type>{kind}</wp:post_type>{password}<wp:is_sticky>0</wp:is_sticky>{category}{more}</item>\n"
    )
}

fn meta(key: &str, value: &str) -> String {
    format!(
        "<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
    )
}

fn comment(number: u32, parent: u32, approved: &str, kind: &str, text: &str) -> String {
    format!(
        "<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_author><![CDATA[Oluf & Ann]]></wp:comment_author><wp:comment_author_email>oluf@secret.example</wp:comment_author_email><wp:comment_author_url>https://oluf.example/</wp:comment_author_url><wp:comment_author_IP>10.0.0.9</wp:comment_author_IP><wp:comment_date>2019-04-10 09:00:00</wp:comment_date><wp:comment_date_gmt>2019-04-10 09:00:00</wp:comment_date_gmt><wp:comment_content><![CDATA[{text}]]></wp:comment_content><wp:comment_approved>{approved}</wp:comment_approved><wp:comment_type>{kind}</wp:comment_type><wp:comment_parent>{parent}</wp:comment_parent></wp:comment>"
    )
}

fn attachment(number: u32, parent: u32, path: &str, caption: &str, more: &str) -> String {
    format!(
        "<item><title>Image {number}</title><link>https://skerry.example/image-{number}/</link><excerpt:encoded><![CDATA[{caption}]]></excerpt:encoded><wp:post_id>{number}</wp:post_id><wp:status>inherit</wp:status><wp:post_parent>{parent}</wp:post_parent><wp:menu_order>{number}</wp:menu_order><wp:post_type>attachment</wp:post_type><wp:post_password></wp:post_password><wp:attachment_url>https://skerry.example/wp-content/uploads/{path}</wp:attachment_url>{}{more}</item>",
        meta("_wp_attachment_image_alt", &format!("Alt of {number}"))
    )
}

/// A folder with an export in it.
fn with(items: &str) -> TestSite {
    TestSite::empty().file("export.xml", export(items))
}

fn import(site: &TestSite, flags: &[&str]) -> Run {
    site.run(&[&["import", "wordpress", "export.xml", "--at", NOW, "--json"], flags].concat())
}

fn report(site: &TestSite) -> Value {
    serde_json::from_str(&site.read("import-report.json")).expect("JSON")
}

/// The Markdown that a body of WordPress becomes, and what the report says.
fn body(content: &str, more: &str, others: &str) -> (String, Value) {
    let site = with(&format!("{}{others}", post(7, "ferry", "publish", content, more)));
    let run = import(&site, &[]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let text = site.read("content/harbour/2019/ferry.md");
    let (_, body) = text.split_once("\n---\n").expect("front matter");
    (body.trim().to_owned(), report(&site))
}

fn assert_body(content: &str, expected: &str) {
    let (body, report) = body(content, "", "");
    assert_eq!(body, expected, "{content}");
    assert_eq!(report["loss"]["lines"], serde_json::json!([]), "{content}\n{expected}");
}

#[test]
fn an_export_becomes_a_site_that_builds_under_strict() {
    let more = [
        r#"<category domain="category" nicename="ships"><![CDATA[Ships]]></category><category domain="category" nicename="harbour"><![CDATA[Harbour & Sound]]></category><category domain="post_tag" nicename="ferry-line"><![CDATA[Ferry line]]></category>"#,
        &meta("_yoast_wpseo_primary_category", "3"),
        &meta("_thumbnail_id", "20"),
        &meta("_wp_old_slug", "old-ferry"),
        &comment(1, 0, "1", "comment", "Well said.\n\nTwice: <b>yes</b>."),
        &comment(2, 1, "1", "", "I agree."),
        &comment(3, 0, "0", "comment", "Waiting."),
        &comment(4, 0, "spam", "comment", "Buy."),
        &comment(5, 0, "1", "pingback", "Ping."),
    ]
    .concat();
    let items = [
        post(7, "ferry", "publish", "<p>The ferry sails.</p>", &more),
        attachment(20, 7, "2019/04/pier.jpg", "The pier at dusk", &meta("_media_credit", "Ines Vale")),
        item(8, "about", "publish", "page", "2018-01-02 00:00:00", "About us.", ""),
    ]
    .concat();
    let site = with(&items).file("uploads/2019/04/pier.jpg", include_bytes!("../../content/images/pier.jpg"));
    let run = import(&site, &["--media", "uploads"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let text = site.read("content/harbour/2019/ferry.md");
    for line in [
        "title: Report 7 of ferry",
        "date: 2019-04-09T08:30:00+00:00",
        "- mara",
        "- Ships",
        "- Ferry line",
        "src: /wp-content/uploads/2019/04/pier.jpg",
        "alt: Alt of 20",
        "caption: The pier at dusk",
        "credit: Ines Vale",
        "- /2019/04/09/old-ferry/",
        "id: https://skerry.example/?p=7",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    assert!(!text.contains("permalink"), "the pattern of the site gives it: {text}");
    assert!(site.read(".gitignore").contains("/comments/inbox/"));
    let config = site.read("site.yaml");
    for line in [
        "title: The Skerry Post",
        "base_url: https://skerry.example",
        "language: en-GB",
        "permalink: /{yyyy}/{mm}/{dd}/{slug}/",
    ] {
        assert!(config.contains(line), "{line} is not in {config}");
    }
    assert!(site.read("content/authors/mara.md").contains("She covers the **port**."));
    let comments = site.read("content/harbour/2019/ferry.comments.yaml");
    assert!(
        comments.contains("Twice: **yes**.") && comments.contains("in_reply_to: wp-1") && !comments.contains("secret"),
        "{comments}"
    );
    assert!(site.read("comments/inbox/wp-3.yaml").contains("oluf@secret.example"));
    let run = site.try_build(&["--strict"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let html = site.published("2019/04/09/ferry/index.html");
    assert!(html.contains("The ferry sails.") && html.contains("I agree."), "{html}");
    assert!(site.published("2019/04/09/old-ferry/index.html").contains("/2019/04/09/ferry/"));
    assert!(site.published("category/harbour/index.html").contains("/harbour/"));
    assert!(site.published("tag/ferry-line/index.html").contains("/tags/ferry-line/"));
    assert!(site.published("author/mara/index.html").contains("/authors/mara/"));
    assert!(site.published("about/index.html").contains("About us."));
    assert!(site.published("feed.xml").contains("https://skerry.example/?p=7"));
    let parity = site.run(&["check", "--parity", "import-report.json", "--json"]);
    assert_eq!(parity.code, 0, "{}{}", parity.stdout, parity.stderr);
    assert!(site.read("redirects/nginx.conf").contains("p=7"));
}

#[test]
fn what_blocks_mean_is_kept() {
    for (content, expected) in [
        (
            "<!-- wp:paragraph -->\n<p>One <strong>two</strong><br>three</p>\n<!-- /wp:paragraph -->",
            "One **two**\\\nthree",
        ),
        (
            "<!-- wp:image {\"id\":20} -->\n<figure class=\"wp-block-image\"><img src=\"https://skerry.example/wp-content/uploads/a-300x200.jpg\" alt=\"A pier\" class=\"wp-image-20\"/><figcaption class=\"wp-element-caption\">At dusk</figcaption></figure>\n<!-- /wp:image -->",
            "![A pier](/wp-content/uploads/a.jpg \"At dusk\")",
        ),
        (
            "<!-- wp:gallery --><figure class=\"wp-block-gallery\"><!-- wp:image --><figure class=\"wp-block-image\"><img src=\"/a.jpg\" alt=\"\"/></figure><!-- /wp:image --><!-- wp:image --><figure class=\"wp-block-image\"><img src=\"/b.jpg\" alt=\"\"/><figcaption>B</figcaption></figure><!-- /wp:image --></figure><!-- /wp:gallery -->",
            "<figure class=\"gallery\">\n\n![](/a.jpg)\n\n![](/b.jpg \"B\")\n\n</figure>",
        ),
        (
            "<!-- wp:quote --><blockquote class=\"wp-block-quote\"><!-- wp:paragraph --><p>We sail.</p><!-- /wp:paragraph --><cite>Mara</cite></blockquote><!-- /wp:quote -->",
            "> We sail.\n>\n> *Mara*",
        ),
        (
            "<!-- wp:pullquote --><figure class=\"wp-block-pullquote\"><blockquote><p>We sail.</p><cite>Mara</cite></blockquote></figure><!-- /wp:pullquote -->",
            "{{ <pullquote text=\"We sail.\" by=\"Mara\" /> }}",
        ),
        (
            "<!-- wp:table --><figure class=\"wp-block-table\"><table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table></figure><!-- /wp:table -->",
            "| a | b |\n| --- | --- |\n| 1 | 2 |",
        ),
        (
            "<!-- wp:table --><figure class=\"wp-block-table\"><table><tbody><tr><td>1<table><tbody><tr><td>2</td></tr></tbody></table></td></tr></tbody></table></figure><!-- /wp:table -->",
            "<table><tbody><tr><td>1<table><tbody><tr><td>2</td></tr></tbody></table></td></tr></tbody></table>",
        ),
        (
            "<!-- wp:list --><ul><!-- wp:list-item --><li>one</li><!-- /wp:list-item --><!-- wp:list-item --><li>two</li><!-- /wp:list-item --></ul><!-- /wp:list -->",
            "- one\n- two",
        ),
        (
            "<!-- wp:code --><pre class=\"wp-block-code\"><code>a &lt; b\n\n{{ &lt;x /&gt; }}</code></pre><!-- /wp:code -->",
            "```\na < b\n\n{{ <x /> }}\n```",
        ),
        (
            "<!-- wp:columns --><div class=\"wp-block-columns\"><!-- wp:column --><div class=\"wp-block-column\"><!-- wp:paragraph --><p>left</p><!-- /wp:paragraph --></div><!-- /wp:column --><!-- wp:column --><div class=\"wp-block-column\"><!-- wp:paragraph --><p>right</p><!-- /wp:paragraph --></div><!-- /wp:column --></div><!-- /wp:columns -->",
            "left\n\nright",
        ),
        (
            "<!-- wp:buttons --><div class=\"wp-block-buttons\"><!-- wp:button --><div class=\"wp-block-button\"><a class=\"wp-block-button__link\" href=\"https://skerry.example/about/\">Go</a></div><!-- /wp:button --></div><!-- /wp:buttons -->",
            "[Go](/about/)",
        ),
        ("<!-- wp:verse --><pre class=\"wp-block-verse\">one\ntwo</pre><!-- /wp:verse -->", "one\\\ntwo"),
        (
            "<!-- wp:paragraph --><p>a</p><!-- /wp:paragraph --><!-- wp:more --><!--more--><!-- /wp:more --><!-- wp:paragraph --><p>b</p><!-- /wp:paragraph -->",
            "a\n\n<!--more-->\n\nb",
        ),
        (
            "<!-- wp:embed {\"url\":\"https://www.youtube.com/watch?v=a1B2c3D4e5_\",\"type\":\"video\"} --><figure class=\"wp-block-embed\"><div class=\"wp-block-embed__wrapper\">\nhttps://www.youtube.com/watch?v=a1B2c3D4e5_\n</div><figcaption>Watch</figcaption></figure><!-- /wp:embed -->",
            "https://www.youtube.com/watch?v=a1B2c3D4e5_\n\nWatch",
        ),
        (
            "<!-- wp:paragraph --><p>Write {{ &lt;photo /&gt; }} and {{&lt;x/&gt;}}</p><!-- /wp:paragraph -->",
            "Write \\{\\{ \\<photo /> }} and \\{\\{\\<x/>}}",
        ),
        (
            "<!-- wp:paragraph {\"align\":\"right\"} --><p dir=\"rtl\">مرحبا</p><!-- /wp:paragraph -->",
            "<p dir=\"rtl\">مرحبا</p>",
        ),
        (
            "<!-- wp:details --><details class=\"wp-block-details\"><summary>More</summary><!-- wp:paragraph --><p>Inside</p><!-- /wp:paragraph --></details><!-- /wp:details -->",
            "<details><summary>More</summary><p>Inside</p>\n</details>",
        ),
    ] {
        assert_body(content, expected);
    }
}

#[test]
fn footnotes_are_footnotes() {
    let content = "<!-- wp:paragraph --><p>A claim<sup data-fn=\"abc\" class=\"fn\"><a href=\"#abc\" id=\"abc-link\">1</a></sup>.</p><!-- /wp:paragraph -->\n<!-- wp:footnotes /-->";
    let (text, report) = body(content, &meta("footnotes", r#"[{"id":"abc","content":"From <em>her</em>."}]"#), "");
    assert_eq!(text, "A claim[^1].\n\n[^1]: From *her*.");
    assert_eq!(report["loss"]["lines"], serde_json::json!([]));
}

#[test]
fn shared_blocks_are_inlined() {
    let shared = item(
        30,
        "box",
        "publish",
        "wp_block",
        "2019-01-01 00:00:00",
        "<!-- wp:paragraph --><p>Shared words.</p><!-- /wp:paragraph -->",
        "",
    );
    let (text, report) =
        body("<!-- wp:block {\"ref\":30} /-->\n<!-- wp:paragraph --><p>Own.</p><!-- /wp:paragraph -->", "", &shared);
    assert_eq!(text, "Shared words.\n\nOwn.");
    assert_eq!(report["loss"]["lines"], serde_json::json!([]));
}

#[test]
fn classic_posts_have_paragraphs_and_their_shortcodes_mean_something() {
    for (content, expected) in [
        ("One.\n\nTwo\nthree.", "One.\n\nTwo\\\nthree."),
        (
            "[caption id=\"a\" width=\"300\"]<a href=\"https://skerry.example/wp-content/uploads/a.jpg\"><img src=\"https://skerry.example/wp-content/uploads/a-300x200.jpg\" alt=\"x\" /></a> At dusk[/caption]\n\nText.",
            "![x](/wp-content/uploads/a.jpg \"At dusk\")\n\nText.",
        ),
        ("[embed]https://vimeo.com/123456[/embed]", "https://vimeo.com/123456"),
        (
            "[audio mp3=\"https://skerry.example/wp-content/uploads/talk.mp3\"]",
            "{{ <audio src=\"/wp-content/uploads/talk.mp3\" title=\"talk\" /> }}",
        ),
        (
            "[video mp4=\"/clip.mp4\" poster=\"/p.jpg\"][/video]",
            "{{ <video src=\"/clip.mp4\" title=\"clip\" poster=\"/p.jpg\" /> }}",
        ),
        (
            "<iframe src=\"https://www.youtube.com/embed/a1B2c3D4e5_\"></iframe>",
            "https://www.youtube.com/watch?v=a1B2c3D4e5_",
        ),
        (
            "See <a href=\"https://skerry.example/?p=7\">this</a> and <a href=\"http://www.skerry.example/about/#x\">that</a>.",
            "See [this](/2019/04/09/ferry/) and [that](/about/#x).",
        ),
        ("a<!--more-->b", "a\n\n<!--more-->\n\nb"),
        (
            "[vc_row][vc_column width=\"1/2\"][vc_column_text]Words <b>here</b>.[/vc_column_text][/vc_column][/vc_row]",
            "Words **here**.",
        ),
        ("[et_pb_section][et_pb_text]One.[/et_pb_text][/et_pb_section]", "One."),
        ("A claim[efn_note]From <em>her</em>.[/efn_note] stands.", "A claim[^1] stands.\n\n[^1]: From *her*."),
    ] {
        assert_body(content, expected);
    }
}

#[test]
fn a_gallery_without_ids_shows_the_images_of_the_post_in_their_order() {
    let others = [attachment(22, 7, "b.jpg", "", ""), attachment(21, 7, "a.jpg", "First", "")].concat();
    let (text, report) = body("Look:\n\n[gallery]", "", &others);
    assert_eq!(
        text,
        "Look:\n\n<figure class=\"gallery\">\n\n![Alt of 21](/wp-content/uploads/a.jpg \"First\")\n\n![Alt of 22](/wp-content/uploads/b.jpg)\n\n</figure>"
    );
    assert_eq!(report["loss"]["lines"], serde_json::json!([]));
}

#[test]
fn a_gallery_has_the_images_that_its_shortcode_names_in_the_order_that_it_says() {
    let others: String = [(21, "c"), (22, "a"), (23, "b")]
        .iter()
        .map(|(number, name)| attachment(*number, 7, &format!("{name}.jpg"), "", ""))
        .collect();
    for (shortcode, class, names) in [
        ("[gallery ids=\"23,21\" columns=\"2\"]", "gallery columns-2", "bc"),
        ("[gallery ids=\"23,21\" order=\"DESC\"]", "gallery", "bc"),
        ("[gallery ids=\"23,21\" orderby=\"ID\"]", "gallery", "cb"),
        ("[gallery include=\"23,21\"]", "gallery", "cb"),
        ("[gallery order=\"DESC\" columns=\"9\"]", "gallery", "bac"),
        ("[gallery exclude=\"22\"]", "gallery", "cb"),
    ] {
        let (text, report) = body(shortcode, "", &others);
        let images: String = text
            .lines()
            .filter_map(|line| line.strip_prefix("![")?.split_once("uploads/")?.1.split('.').next())
            .collect();
        assert_eq!(images, names, "{shortcode}: {text}");
        assert!(text.starts_with(&format!("<figure class=\"{class}\">\n")), "{shortcode}: {text}");
        assert_eq!(report["loss"]["lines"], serde_json::json!([]), "{shortcode}");
    }
}

#[test]
fn a_gallery_is_one_figure_of_figures_on_the_page_and_in_the_feed() {
    let image = |name: &str| {
        format!(
            "<figure class=\"wp-block-image\"><img src=\"https://skerry.example/wp-content/uploads/{name}.jpg\" alt=\"{name}\"/><figcaption>Caption of {name}</figcaption></figure>"
        )
    };
    let content = format!(
        "<!-- wp:gallery {{\"columns\":2}} --><figure class=\"wp-block-gallery columns-2\">{}{}<figcaption class=\"blocks-gallery-caption\">All of <em>them</em></figcaption></figure><!-- /wp:gallery -->",
        image("quay"),
        image("mole")
    );
    let jpeg = include_bytes!("../../content/images/pier.jpg");
    let site = with(&post(7, "ferry", "publish", &content, "")).file("up/quay.jpg", jpeg).file("up/mole.jpg", jpeg);
    assert_eq!(import(&site, &["--media", "up"]).code, 0);
    assert_eq!(report(&site)["loss"]["lines"], serde_json::json!([]));
    let run = site.try_build(&["--strict"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    for text in [site.published("2019/04/09/ferry/index.html"), site.published("feed.xml")] {
        let text = html_escape::decode_html_entities(&text).into_owned();
        let (_, gallery) = text.split_once("<figure class=\"gallery columns-2\">").expect("a gallery");
        let end = gallery.find("All of <em>them</em></figcaption>").expect("what is said of all");
        assert_eq!(gallery[..end].matches("<figure>").count(), 2, "{gallery}");
        assert!(gallery[..end].contains("Caption of quay") && gallery[..end].contains("Caption of mole"), "{gallery}");
    }
}

#[test]
fn a_table_in_a_comment_says_on_the_page_what_it_said() {
    let table = "Sailings:\n\n<table><tr><th>Day</th><th>At</th></tr><tr><td>Monday</td><td>eight</td></tr></table>";
    let site = with(&post(7, "ferry", "publish", "One.", &comment(1, 0, "1", "comment", table)));
    assert_eq!(import(&site, &[]).code, 0);
    site.build();
    let html = site.published("2019/04/09/ferry/index.html");
    assert!(html.contains("<strong>Day</strong> · <strong>At</strong>"), "{html}");
    assert!(html.contains("Monday · eight") && !html.contains("| Monday"), "{html}");
}

#[test]
fn what_is_not_understood_stays_visible_and_is_counted_with_its_place() {
    let (text, report) = body("Before [weather_box town=\"Skerry\"] after [sic].", "", "");
    assert_eq!(text, "Before \\[weather_box town=\"Skerry\"\\] after \\[sic\\].");
    assert_eq!(report["unknown"]["[weather_box]"]["count"], 1);
    assert!(
        report["unknown"]["[weather_box]"]["places"][0].as_str().is_some_and(|place| place.starts_with("export.xml:")),
        "{report}"
    );
    let (text, report) = body("<iframe src=\"https://charts.example/7\"></iframe>", "", "");
    assert_eq!(text, "<https://charts.example/7>");
    assert_eq!(report["unknown"]["iframe of charts.example"]["count"], 1);
}

#[test]
fn a_loss_is_a_line_of_the_report() {
    let (_, report) = body(
        "<!-- wp:paragraph --><p>Kept.</p><!-- /wp:paragraph -->\n<!-- wp:html --><script>document.write('x')</script><noscript>Gone words</noscript><!-- /wp:html -->",
        "",
        "",
    );
    assert_eq!(report["loss"]["words_lost"], 0, "{report}");
    assert!(report["unknown"]["<script>"]["count"].as_u64() == Some(1), "{report}");
}

#[test]
fn pages_of_a_post_are_one_and_their_addresses_lead_to_it() {
    let site = with(&post(7, "ferry", "publish", "One.<!--nextpage-->Two.", ""));
    assert_eq!(import(&site, &[]).code, 0);
    let text = site.read("content/harbour/2019/ferry.md");
    assert!(text.contains("One.\n\nTwo.") && text.contains("- /2019/04/09/ferry/2/"), "{text}");
}

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
fn texts_that_page_builders_keep_in_settings_are_kept() {
    for (content, more, expected) in [
        (
            r#"<!-- wp:divi/section --><!-- wp:divi/text {"content":{"innerContent":{"desktop":{"value":"<p>The ferry <b>sails</b>.</p>"}}},"module":{"decoration":{"layout":"flex"}}} --><!-- /wp:divi/text --><!-- /wp:divi/section -->"#,
            String::new(),
            "The ferry **sails**.",
        ),
        (
            r#"<!-- wp:acf/lead {"name":"acf/lead","data":{"lead":"The ferry sails at six."}} /-->"#,
            String::new(),
            "The ferry sails at six.",
        ),
        (
            "",
            meta("_elementor_edit_mode", "builder")
                + &meta("_elementor_data", r#"[{"elements":[{"settings":{"editor":"<p>The ferry sails.<\/p>"}}]}]"#),
            "The ferry sails.",
        ),
    ] {
        let (text, report) = body(content, &more, "");
        assert_eq!(text, expected, "{content}");
        assert_eq!(report["loss"]["lines"], serde_json::json!([]), "{content}");
        assert!(!report["unknown"].as_object().is_none_or(serde_json::Map::is_empty), "{report}");
    }
}

#[test]
fn a_credit_without_a_caption_is_a_credit() {
    let item = attachment(20, 7, "pier.jpg", "", &meta("_media_credit", "Ines Vale"));
    let image = "<a href=\"https://skerry.example/image-20/\"><img src=\"https://skerry.example/wp-content/uploads/pier.jpg\" alt=\"\" /></a>";
    let site = with(&format!("{}{item}", post(7, "ferry", "publish", image, "")))
        .file("up/pier.jpg", include_bytes!("../../content/images/pier.jpg"));
    assert_eq!(import(&site, &["--media", "up"]).code, 0);
    // The page of the image was all that its link led to.
    let text = site.read("content/harbour/2019/ferry.md");
    assert!(text.contains("![](/wp-content/uploads/pier.jpg \"| Ines Vale\")"), "{text}");
    site.build();
    let html = site.published("2019/04/09/ferry/index.html");
    assert!(html.contains("<span class=\"credit\">Ines Vale</span>") && !html.contains("| Ines"), "{html}");
    assert!(site.published("image-20/index.html").contains("/2019/04/09/ferry/"), "its old page leads to the post");
}

#[test]
fn exports_in_utf_16_are_read() {
    let text = export(&post(7, "ferry", "publish", "Grüße von der Fähre.", "")).replace("UTF-8", "UTF-16");
    let bytes: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let site = TestSite::empty().file("export.xml", bytes);
    let run = import(&site, &[]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(site.read("content/harbour/2019/ferry.md").contains("Grüße von der Fähre."));
    assert!(report(&site)["repairs"].to_string().contains("UTF-16"));
}

#[test]
fn posts_that_were_markdown_stay_as_they_were_but_for_addresses_of_the_old_host() {
    let content =
        "*One* ![x](https://skerry.example/wp-content/uploads/a-300x200.jpg)\n\n- [two](https://skerry.example/?p=7)";
    let (text, report) = body(content, &meta("_wpcom_is_markdown", "1"), "");
    assert_eq!(text, "*One* ![x](/wp-content/uploads/a.jpg)\n\n- [two](/2019/04/09/ferry/)");
    assert!(report["media"]["missing"]["/wp-content/uploads/a.jpg"].is_string(), "{report}");
}

#[test]
fn links_that_led_nowhere_are_in_the_report_and_no_others() {
    let content = "<h2 id=\"costs\">Costs</h2>\n\n<a href=\"#costs\">a</a> <a href=\"#gone\">b</a> <a href=\"https://skerry.example/?p=7\">c</a> <a href=\"https://skerry.example/?p=99\">d</a> <a href=\"https://skerry.example/lost/\">e</a> <a href=\"/category/harbour/\">f</a> <a href=\"/2019/04/\">g</a> <a href=\"/2019/04/09/old-ferry/\">h</a> <a href=\"https://elsewhere.example/lost/\">i</a> <a href=\"/draft/\">j</a>";
    let items = [
        post(7, "ferry", "publish", content, &meta("_wp_old_slug", "old-ferry")),
        item(8, "draft", "draft", "page", "2019-01-01 00:00:00", "<a href=\"/of-a-draft/\">x</a>", ""),
    ]
    .concat();
    let site = with(&items);
    assert_eq!(import(&site, &[]).code, 0);
    let report = report(&site);
    let dead: Vec<&String> = report["dead_links"].as_object().expect("a map").keys().collect();
    assert_eq!(dead, ["#gone", "/?p=99", "/lost/"]);
    assert!(report["dead_links"]["/lost/"]["places"][0].as_str().is_some_and(|place| place.contains("export.xml:")));
}

#[test]
fn only_what_was_public_is_public() {
    let secret = |name: &str| format!("Sentence about {name} that nobody may read.");
    let items = [
        post(1, "open", "publish", "Everybody may read this.", ""),
        post(2, "private", "private", &secret("privateers"), ""),
        post(3, "locked", "publish", &secret("lockkeepers"), "<wp:post_password>pw</wp:post_password>"),
        post(4, "pending", "pending", &secret("pendulums"), &comment(9, 0, "1", "comment", "Comment about pendulums.")),
        item(5, "later", "future", "post", "2031-01-01 00:00:00", &secret("laterals"), ""),
        item(6, "missed", "future", "post", "2019-01-01 00:00:00", &secret("missives"), ""),
        post(7, "draft", "draft", &secret("draughts"), ""),
        post(8, "trashed", "trash", &secret("trashers"), ""),
        item(9, "recipe", "publish", "recipe", "2019-01-01 00:00:00", &secret("recipients"), ""),
        post(10, "twice", "publish", &secret("twiceness"), "<wp:status>private</wp:status>"),
        item(11, "ahead", "publish", "post", "2031-01-01 00:00:00", &secret("aheadness"), ""),
        post(13, "blank", "publish", &secret("blankets"), "<wp:post_password><![CDATA[ ]]></wp:post_password>"),
        post(14, "Loud", "Publish", &secret("loudness"), ""),
        // Plug-ins show these, or a part of them, to some readers only.
        post(20, "members", "publish", &format!("[restrict level=\"2\"]{}[/restrict]", secret("membranes")), ""),
        post(21, "paid", "publish", &secret("paymasters"), &meta("_jetpack_newsletter_access", "paid_subscribers")),
        post(22, "everybody", "publish", "Free.", &meta("_jetpack_newsletter_access", "everybody")),
        post(
            23,
            "plan",
            "publish",
            &format!(
                "<!-- wp:premium-content/container --><p>{}</p><!-- /wp:premium-content/container -->",
                secret("premiums")
            ),
            "",
        ),
        post(24, "thief", "publish", "[gallery id=\"2\"]", ""),
        attachment(30, 2, "privateer.jpg", &secret("captains"), ""),
        // The element that names the password is damaged.
        post(12, "torn", "publish", &secret("tornados"), "")
            .replace("<wp:post_password></wp:post_password>", "<wp:post_passwxrd>pw</wp:post_passwxrd>"),
    ]
    .concat();
    let site = with(&items);
    let run = import(&site, &[]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let report = report(&site);
    assert_eq!((&report["published_there"], &report["published_here"]), (&3.into(), &3.into()), "{report}");
    assert_eq!(report["embargoed"], 2);
    site.build();
    let public: String =
        site.output().into_values().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect();
    assert!(public.contains("Everybody may read this."));
    for word in [
        "privateers",
        "lockkeepers",
        "pendulums",
        "laterals",
        "missives",
        "draughts",
        "trashers",
        "recipients",
        "twiceness",
        "aheadness",
        "tornados",
        "blankets",
        "loudness",
        "membranes",
        "paymasters",
        "premiums",
        "captains",
    ] {
        assert!(!public.contains(word), "{word} is public");
    }
    let later = site.read("content/harbour/2031/later.md");
    assert!(later.contains("date: 2031-01-01") && !later.contains("draft"), "an embargo: {later}");
    let site = with(&items);
    import(&site, &["--types", "recipe"]);
    assert!(!site.read("content/news/2019/recipe.md").contains("draft"));
}

#[test]
fn what_only_withheld_posts_show_stays_out_of_static() {
    let image = |name: &str| format!("<img src=\"https://skerry.example/wp-content/uploads/{name}.jpg\" alt=\"\">");
    let items = [
        post(1, "open", "publish", &image("open"), ""),
        post(2, "private", "private", &(image("hidden") + &image("open")), ""),
    ]
    .concat();
    let jpeg = include_bytes!("../../content/images/pier.jpg");
    let site = with(&items).file("up/open.jpg", jpeg).file("up/hidden.jpg", jpeg);
    assert_eq!(import(&site, &["--media", "up"]).code, 0);
    assert!(site.has("static/wp-content/uploads/open.jpg") && !site.has("static/wp-content/uploads/hidden.jpg"));
    assert!(site.has("static-withheld/wp-content/uploads/hidden.jpg"));
    site.build();
    assert!(!site.output().keys().any(|path| path.contains("hidden")));
}

#[test]
fn importing_twice_changes_nothing_and_edited_files_stay() {
    let site = with(
        &[
            post(7, "ferry", "publish", "One.", &comment(1, 0, "1", "comment", "Yes.")),
            post(8, "pier", "publish", "Two.", ""),
        ]
        .concat(),
    );
    import(&site, &[]);
    let before = crate::fixture::tree(site.root());
    let second = import(&site, &[]);
    assert_eq!(second.code, 0);
    let mut after = crate::fixture::tree(site.root());
    // It says what this import did: nothing.
    after.insert("import-report.json".into(), before["import-report.json"].clone());
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (name, bytes) in &before {
        assert_eq!(bytes, &after[name], "{name}");
    }
    let edited = site.read("content/harbour/2019/ferry.md").replace("One.", "Edited here.");
    site.write("content/harbour/2019/ferry.md", &edited);
    site.write("export.xml", site.read("export.xml").replace("One.", "One again.").replace("Two.", "Two again."));
    let third = import(&site, &[]);
    assert_eq!(site.read("content/harbour/2019/ferry.md"), edited);
    assert!(site.read("content/harbour/2019/pier.md").contains("Two again."));
    assert!(third.stdout.contains("content/harbour/2019/ferry.md"), "{}", third.stdout);
    assert!(
        report(&site)["files"]["kept"]["content/harbour/2019/ferry.md"]
            .as_str()
            .is_some_and(|lines| lines.contains("- Edited here.") && lines.contains("+ One again."))
    );
    import(&site, &["--force"]);
    assert!(site.read("content/harbour/2019/ferry.md").contains("One again."));
}

#[test]
fn a_trial_writes_nothing() {
    let site = with(&post(7, "ferry", "publish", "One.", ""));
    let run = import(&site, &["--dry-run"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert_eq!(crate::fixture::tree(site.root()).keys().collect::<Vec<_>>(), ["export.xml"]);
}

#[test]
fn several_files_of_one_site_are_one_import_however_they_are_packed() {
    let (one, two, three) = (
        export(&post(1, "one", "publish", "One.", "")),
        export(&post(2, "two", "publish", "Two <a href=\"https://skerry.example/?p=1\">x</a>.", "")),
        export(&post(3, "three", "publish", "Three.", "")),
    );
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(two.as_bytes()).expect("memory");
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("folder/../../three.xml", zip::write::SimpleFileOptions::default()).expect("memory");
    zip.write_all(three.as_bytes()).expect("memory");
    let zip = zip.finish().expect("memory").into_inner();
    let site =
        TestSite::empty().file("one.xml", one).file("two.xml.gz", gz.finish().expect("memory")).file("three.zip", zip);
    let run = site.run(&["import", "wordpress", "one.xml", "two.xml.gz", "three.zip", "--into", "site", "--at", NOW]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("3 published there, 3 published here"), "{}", run.stdout);
    assert!(site.read("site/content/harbour/2019/two.md").contains("[x](/2019/04/09/one/)"));
    assert!(site.has("site/content/harbour/2019/three.md"));
}

#[test]
fn damage_costs_what_is_damaged_and_nothing_before_it() {
    let good = post(1, "good", "publish", "Good.", "");
    let torn = post(2, "torn", "publish", "Torn.", "").replace("</content:encoded>", "</content:encodex>");
    let latin = post(3, "latin", "publish", "Gr@@ße & Co.", "")
        .replace("<title>Report 3 of latin</title>", "<title>Fish & chips \u{1}</title>");
    let text = export(&[good, torn, latin, post(4, "cut", "publish", "Cut.", "")].concat());
    let end = text.find("Cut.").expect("there");
    let mut bytes = text.as_bytes()[..end].to_vec();
    let at = bytes.windows(2).position(|pair| pair == b"@@").expect("there");
    bytes.splice(at..at + 2, [0xf6]);
    let site = TestSite::empty().file("export.xml", bytes);
    let run = import(&site, &[]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(site.read("content/harbour/2019/good.md").contains("Good."));
    let torn = crate::fixture::tree(&site.path("content")).into_iter().find(|(name, _)| name.contains("torn"));
    assert!(torn.is_none_or(|(_, bytes)| String::from_utf8_lossy(&bytes).contains("draft: true")));
    let latin = site.read("content/harbour/2019/latin.md");
    assert!(latin.contains("title: Fish & chips") && latin.contains("Größe & Co."), "{latin}");
    let repairs = report(&site)["repairs"].to_string();
    for what in ["Windows-1252", "control characters", "bare `&`", "does not end"] {
        assert!(repairs.contains(what), "{what} is not in {repairs}");
    }
}

#[test]
fn names_and_slugs_of_a_source_never_lead_out_of_the_target() {
    let long = "%e6%b8%af".repeat(120);
    let items = [
        post(1, "../../../escape", "publish", "a", ""),
        post(2, &long, "publish", "b", ""),
        post(3, "same", "publish", "older", ""),
        item(4, "same", "publish", "post", "2019-04-09 09:30:00", "newer", ""),
        post(5, "", "publish", "No slug.", "<title></title>"),
        item(6, "con", "publish", "page", "2019-01-01 00:00:00", "c", ""),
        attachment(20, 1, "../../../../etc/cron.d/x.jpg", "", ""),
        post(
            7,
            "shows",
            "publish",
            "<img src=\"https://skerry.example/wp-content/uploads/../../../../etc/cron.d/x.jpg\">",
            "",
        ),
    ]
    .concat();
    let outer = with(&items);
    let run = outer.run(&["import", "wordpress", "export.xml", "--into", "deep/site", "--at", NOW, "--media", "."]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let all: BTreeSet<String> =
        crate::fixture::tree(outer.root()).into_keys().filter(|path| !path.starts_with("deep/site/")).collect();
    assert_eq!(all, BTreeSet::from(["export.xml".to_owned()]));
    assert!(outer.read("deep/site/content/harbour/2019/same.md").contains("older"));
    assert!(outer.read("deep/site/content/harbour/2019/same-2.md").contains("newer"));
    let build = outer.run(&["build", "--site", "deep/site", "--at", NOW]);
    assert_eq!(build.code, 0, "{}{}", build.stdout, build.stderr);
}

#[test]
fn an_export_with_flipped_and_cut_bytes_is_read_as_far_as_it_goes() {
    let items = [
        post(
            1,
            "open",
            "publish",
            "<!-- wp:paragraph --><p>One <a href=\"/x\">two</a></p><!-- /wp:paragraph -->[gallery]",
            &comment(1, 0, "1", "comment", "Yes."),
        ),
        post(2, "hidden", "private", "Sentence about privateers.", ""),
        post(3, "locked", "publish", "Sentence about lockkeepers.", "<wp:post_password>pw</wp:post_password>"),
        attachment(20, 1, "a.jpg", "A", ""),
    ]
    .concat();
    let whole = export(&items).into_bytes();
    let mut rng = fastrand::Rng::with_seed(16);
    for round in 0..40 {
        let mut bytes = whole.clone();
        for _ in 0..rng.usize(1..4) {
            let at = rng.usize(..bytes.len());
            bytes[at] = rng.u8(..);
        }
        if round % 3 == 0 {
            bytes.truncate(rng.usize(600..bytes.len()));
        }
        let site = TestSite::empty().file("export.xml", &bytes);
        let run = site.run(&["import", "wordpress", "export.xml", "--into", "site", "--at", NOW]);
        assert!(matches!(run.code, 0 | 1), "round {round}: {}{}", run.stdout, run.stderr);
        let outside: Vec<String> = crate::fixture::tree(site.root())
            .into_keys()
            .filter(|path| !path.starts_with("site/") && path != "export.xml")
            .collect();
        assert!(outside.is_empty(), "round {round}: {outside:?}");
        for (path, bytes) in crate::fixture::tree(&site.path("site/content")) {
            let text = String::from_utf8_lossy(&bytes);
            let is_secret = text.contains("about privateers") || text.contains("about lockkeepers");
            assert!(!is_secret || text.contains("draft: true"), "round {round}: {path}\n{text}");
        }
    }
}

#[test]
fn lines_of_json_are_the_door_for_everything_else() {
    let lines = [
        r#"{"type":"site","title":"The Skerry Post","url":"https://skerry.example","timezone":"Europe/Copenhagen"}"#,
        r#"{"type":"author","id":"mara","name":"Mara Quill"}"#,
        r#"{"type":"section","slug":"local","title":"Local"}"#,
        r#"{"type":"article","title":"A","status":"published","date":"2019-04-09T08:00","section":"local","authors":["mara"],"url":"https://skerry.example/node/12","body":"<p>Hello <b>there</b></p>","comments":[{"id":"c1","name":"Bo","text":"Yes.","status":"approved"}]}"#,
        r#"{"type":"article","title":"B","date":"2019-04-09T08:00","section":"local","body":"Nobody said that this is public."}"#,
        r#"{"type":"article","titel":"C"}"#,
        "not json",
        r#"{"type":"page","title":"About","status":"publish","format":"markdown","url":"https://skerry.example/about","body":"*Us*"}"#,
    ];
    let site = TestSite::empty().file("dump.jsonl", lines.join("\n"));
    let run = site.run(&["import", "json", "dump.jsonl", "--at", NOW, "--json"]);
    assert_eq!(run.code, 1, "two lines are wrong: {}", run.stdout);
    let problems = run.diagnostics();
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(
        problems[0].contains("dump.jsonl:6") && problems[0].contains("titel") && problems[1].contains("dump.jsonl:7"),
        "{problems:?}"
    );
    site.build();
    assert!(site.published("node/12/index.html").contains("Hello <strong>there</strong>"));
    assert!(site.published("about/index.html").contains("<em>Us</em>"));
    assert!(!site.output().into_values().any(|bytes| String::from_utf8_lossy(&bytes).contains("Nobody said")));
}

#[test]
fn parity_names_each_address_that_nothing_answers() {
    let site = TestSite::new()
        .article("local/tunnel", "2026-01-02", "aliases: [/old/]", "Words.")
        .file("old.txt", "https://test.example/local/tunnel/\n/old\n/local/tunnel\n/?p=12\n/feed/\n/lost/\n");
    assert_eq!(site.run(&["check", "--parity", "old.txt"]).code, 1, "it is not built yet");
    site.build();
    let run = site.run(&["check", "--parity", "old.txt", "--verbose"]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    for line in ["missing: /lost/", "lead on: /old", "need a rule of the host: /?p=12", "the same: /local/tunnel"] {
        assert!(run.stdout.contains(line), "{line}: {}", run.stdout);
    }
    site.write(
        "map.xml",
        "<?xml version=\"1.0\"?><urlset><url><loc>https://test.example/local/tunnel/</loc></url></urlset>",
    );
    assert_eq!(site.run(&["check", "--parity", "map.xml"]).code, 0);
}

/// Imports the folder `old` into `new` and builds it.
fn folder(site: &TestSite, door: &str) -> Run {
    let run = site.run(&["import", door, "old", "--into", "new", "--at", NOW, "--json"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let build = site.run(&["build", "--site", "new", "--at", NOW, "--color", "never"]);
    assert_eq!(build.code, 0, "{}{}", build.stdout, build.stderr);
    let again = site.run(&["import", door, "old", "--into", "new", "--at", NOW, "--json"]);
    assert!(again.stdout.contains("\"updated\":0") && again.stdout.contains("\"created\":0"), "{}", again.stdout);
    run
}

#[test]
fn a_folder_of_jekyll_is_a_site_with_its_addresses() {
    let mut site = TestSite::empty()
        .file(
            "old/_config.yml",
            "title: The Skerry Post\nurl: https://skerry.example\ntimezone: Europe/Copenhagen\nlang: da\n",
        )
        .file("old/about.md", "---\ntitle: About\n---\nUs.\n")
        .file("old/_drafts/secret.md", "---\ntitle: Secret\n---\nSentence about privateers.\n")
        .file("old/_includes/x.html", "x")
        .file("old/assets/notes.txt", "x")
        .file("old/_data/staff.yml", "- a\n");
    for number in 1..=200 {
        let text = format!(
            "---\ntitle: Report {number}\ncategories: [harbour]\ntags: ferry port\n---\nSee [this]({{% post_url 2019-01-02-report-1 %}}).\n\n{{% highlight rust %}}\nlet x = {number};\n{{% endhighlight %}}\n\n## Costs {{: #costs}}\n\n{{% weather %}}\n"
        );
        site = site.file(&format!("old/_posts/2019-01-{:02}-report-{number}.md", number % 28 + 1), text);
    }
    site.write("old/_posts/2019-01-02-report-1.md", "---\ntitle: One\ncategories: harbour\n---\nOne.\n");
    let run = folder(&site, "jekyll");
    assert!(
        run.stdout.contains("\"published_here\":201") || run.stdout.contains("\"published_here\":202"),
        "{}",
        run.stdout
    );
    let html = site.read("new/public/harbour/2019/01/03/report-2.html");
    assert!(html.contains("/harbour/2019/01/02/report-1.html") && html.contains("id=\"costs\""), "{html}");
    assert!(site.read("new/site.yaml").contains("timezone: Europe/Copenhagen"));
    assert!(site.has("new/public/about.html") && site.has("new/public/assets/notes.txt"));
    let public: String = crate::fixture::tree(&site.path("new/public"))
        .into_values()
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect();
    assert!(!public.contains("privateers"));
    let report: Value = serde_json::from_str(&site.read("new/import-report.json")).expect("JSON");
    assert!(
        report["unknown"]["{% weather %}"]["places"][0].as_str().is_some_and(|place| place.contains("report")),
        "{report}"
    );
}

#[test]
fn folders_of_hugo_and_zola_keep_their_addresses() {
    let mut hugo = TestSite::empty()
        .file("old/hugo.toml", "baseURL = \"https://skerry.example/\"\ntitle = \"The Skerry Post\"\nlanguageCode = \"en-gb\"\n[[menus.main]]\nname = \"About\"\nurl = \"/about/\"\nweight = 2\n")
        .file("old/content/about.md", "+++\ntitle = \"About\"\n+++\nUs.\n")
        .file("old/static/pier.jpg", include_bytes!("../../content/images/pier.jpg"))
        .file("old/content/posts/hidden.md", "+++\ntitle = \"H\"\ndate = 2019-01-02\ndraft = true\n+++\nSentence about privateers.\n");
    let mut zola = TestSite::empty()
        .file("old/config.toml", "base_url = \"https://skerry.example\"\ntitle = \"The Skerry Post\"\n")
        .file("old/content/blog/_index.md", "+++\ntitle = \"Blog\"\nsort_by = \"date\"\n+++\n");
    for number in 1..=200 {
        hugo = hugo.file(&format!("old/content/posts/report-{number}.md"), format!("---\ntitle: Report {number}\ndate: 2019-01-{:02}\ntags: [ferry]\n---\n{{{{< figure src=\"/pier.jpg\" alt=\"A pier\" caption=\"Dusk\" >}}}}\n\nSee [one]({{{{< ref \"/posts/report-1.md\" >}}}}).\n", number % 28 + 1));
        zola = zola.file(&format!("old/content/blog/report-{number}.md"), format!("+++\ntitle = \"Report {number}\"\ndate = 2019-01-{:02}\n[taxonomies]\ntags = [\"ferry\"]\n[extra]\nmood = 1\n+++\nSee [one](@/blog/report-1.md).\n", number % 28 + 1));
    }
    folder(&hugo, "hugo");
    let html = hugo.read("new/public/posts/report-2/index.html");
    assert!(html.contains("/posts/report-1/") && html.contains("Dusk"), "{html}");
    assert!(hugo.read("new/site.yaml").contains("url: /about/"));
    let public: String = crate::fixture::tree(&hugo.path("new/public"))
        .into_values()
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect();
    assert!(!public.contains("privateers"));
    folder(&zola, "zola");
    let html = zola.read("new/public/blog/report-2/index.html");
    assert!(html.contains("/blog/report-1/"), "{html}");
    assert!(zola.has("new/public/tags/ferry/index.html"));
}

#[test]
fn old_redirects_lead_on_and_patterns_are_told() {
    let site = with(&post(7, "ferry", "publish", "One.", ""))
        .file("list.csv", "source,target,regex\n/short,/2019/04/09/ferry/,0\n/x/(.*),/y/,1\n");
    assert_eq!(import(&site, &["--redirects", "list.csv"]).code, 0);
    site.build();
    assert!(site.published("short/index.html").contains("/2019/04/09/ferry/"));
    assert!(report(&site)["remarks"].to_string().contains("patterns"));
}

#[test]
fn what_a_tool_leaves_out_or_withholds_by_its_configuration_is_not_published() {
    let jekyll = TestSite::empty()
        .file(
            "old/_config.yml",
            "title: J\nurl: https://skerry.example\nexclude: [internal, notes.md, \"*.bak\"]\ndefaults:\n- scope: {path: hold}\n  values: {published: false}\n",
        )
        .file("old/_posts/2019-01-02-open.md", "---\ntitle: Open\n---\nEverybody may read this.\n")
        .file("old/internal/plan.md", "---\ntitle: P\n---\nSentence about privateers.\n")
        .file("old/internal/budget.csv", "privateers\n")
        .file("old/notes.md", "---\ntitle: N\n---\nSentence about privateers.\n")
        .file("old/x.bak", "privateers")
        .file("old/blog/_private/a.md", "---\ntitle: A\n---\nSentence about privateers.\n")
        .file("old/assets/_src/b.txt", "privateers")
        .file("old/hold/c.md", "---\ntitle: C\n---\nSentence about privateers.\n")
        .file("old/public/kept.txt", "kept");
    let hugo = TestSite::empty()
        .file(
            "old/hugo.toml",
            "baseURL = \"https://skerry.example/\"\ntitle = \"H\"\nignoreFiles = [\"\\\\.foo$\", \"content/aside/\"]\n",
        )
        .file("old/content/posts/open.md", "---\ntitle: O\ndate: 2019-01-02\n---\nEverybody may read this.\n")
        .file("old/content/resources/kept.md", "---\ntitle: K\ndate: 2019-01-02\n---\nkept\n")
        .file("old/content/aside/a.md", "---\ntitle: A\ndate: 2019-01-02\n---\nSentence about privateers.\n")
        .file("old/content/posts/latin.md", b"---\ntitle: Gr\xf6\xdfe\ndate: 2019-01-02\n---\nWords.\n");
    let zola = TestSite::empty()
        .file(
            "old/config.toml",
            "base_url = \"https://skerry.example\"\ntitle = \"Z\"\nignored_content = [\"*.ign.md\"]\n",
        )
        .file("old/content/blog/open.md", "+++\ntitle = \"O\"\ndate = 2019-01-02\n+++\nEverybody may read this.\n")
        .file("old/content/blog/x.ign.md", "+++\ntitle = \"X\"\ndate = 2019-01-02\n+++\nSentence about privateers.\n")
        .file("old/static/kept.txt", "kept");
    for (door, site) in [("jekyll", jekyll), ("hugo", hugo), ("zola", zola)] {
        folder(&site, door);
        let public: String = crate::fixture::tree(&site.path("new/public"))
            .into_values()
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .collect();
        assert!(public.contains("Everybody may read this.") && public.contains("kept"), "{door}");
        assert!(!public.contains("privateers"), "{door}");
        let report: Value = serde_json::from_str(&site.read("new/import-report.json")).expect("JSON");
        assert!(report["left_out"].as_object().is_some_and(|left| !left.is_empty()), "{door}: {report}");
        if door == "hugo" {
            assert!(site.read("new/content/posts/latin.md").contains("Größe"));
            assert!(report["repairs"].to_string().contains("content/posts/latin.md"), "{report}");
        }
    }
}

#[test]
fn what_is_no_page_in_its_tool_is_none_here() {
    let secret = |head: &str| format!("---\ntitle: S\ndate: 2019-01-02\n{head}---\nSentence about privateers.\n");
    let jekyll = TestSite::empty()
        .file(
            "old/_config.yml",
            "title: J\nurl: https://skerry.example\ncollections:\n  cooks: {output: true}\n  notes: {output: false}\n",
        )
        .file("old/_posts/2019-01-02-open.md", "Everybody may read this.\n")
        .file("old/_posts/no-day.md", secret("published: true\n"))
        .file("old/_drafts/a.md", secret(""))
        .file("old/harbour/_drafts/b.md", secret(""))
        .file("old/_notes/a.md", secret(""))
        .file("old/_cooks/_hidden.md", secret(""))
        .file("old/_cooks/ann.md", "---\ntitle: Ann\n---\nShe cooks, kept.\n");
    let hugo = TestSite::empty()
        .file(
            "old/hugo.toml",
            "baseURL = \"https://skerry.example/\"\ntitle = \"H\"\n[[cascade]]\ndraft = true\n[cascade.target]\npath = \"/held/**\"\n[module]\n[[module.mounts]]\nsource = \"content\"\ntarget = \"content\"\nexcludeFiles = [\"**/raw/*\"]\n",
        )
        .file("old/config/_default/menus.toml", "[[main]]\nname = \"kept\"\nurl = \"/posts/\"\n")
        .file("old/content/posts/open.md", "---\ndate: 2019-01-02\n---\nEverybody may read this.\n")
        .file("old/content/held/a.md", secret(""))
        .file("old/content/posts/raw/a.md", secret(""))
        .file("old/content/posts/bundle/index.md", "---\ntitle: B\ndate: 2019-01-02\n---\nkept\n")
        .file("old/content/posts/bundle/note.md", secret("draft: false\n"))
        .file("old/content/posts/bundle/deep/note.md", secret(""))
        .file("old/content/posts/nowhere/index.md", secret("headless: true\n"))
        .file("old/content/posts/nowhere/note.md", secret(""))
        .file("old/content/posts/never.md", secret("_build: {render: never, list: never}\n"))
        .file("old/content/desk/_index.md", "---\ntitle: D\ncascade: {draft: true}\n---\n")
        .file("old/content/desk/a.md", secret(""));
    let zola = TestSite::empty()
        .file("old/config.toml", "base_url = \"https://skerry.example\"\ntitle = \"Z\"\n")
        .file("old/content/blog/open.md", "+++\ndate = 2019-01-02\n+++\nEverybody may read this; kept.\n")
        .file("old/content/desk/_index.md", "+++\ntitle = \"D\"\ndraft = true\n+++\n")
        .file("old/content/desk/a.md", secret(""))
        .file("old/content/desk/deep/_index.md", "+++\ntitle = \"D\"\n+++\n")
        .file("old/content/desk/deep/a.md", secret(""))
        .file("old/content/blog/never.md", secret("render: false\n"));
    for (door, site) in [("jekyll", jekyll), ("hugo", hugo), ("zola", zola)] {
        folder(&site, door);
        let public: String = crate::fixture::tree(&site.path("new/public"))
            .into_values()
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .collect();
        assert!(
            public.contains("Everybody may read this.") || door == "zola" && public.contains("may read this; kept")
        );
        assert!(public.contains("kept"), "{door}");
        assert!(!public.contains("privateers"), "{door}");
        if door == "jekyll" {
            assert!(site.read("new/public/cooks/ann.html").contains("She cooks"));
        }
    }
}

/// An item of the round trip: what readers see of it there.
struct Told {
    number: u32,
    slug: &'static str,
    /// What is in the body, with the words that readers see.
    body: &'static str,
    words: &'static [&'static str],
    tag: &'static str,
    comment: &'static str,
}

#[test]
fn the_round_trip_keeps_title_date_terms_text_image_credit_comments_address_and_id_of_every_item() {
    let told = [
        Told {
            number: 11,
            slug: "quay",
            body: "<!-- wp:paragraph --><p>The quay <em>opens</em> again.</p><!-- /wp:paragraph --><!-- wp:table --><figure class=\"wp-block-table\"><table><tbody><tr><td>Berth</td><td>Seven</td></tr></tbody></table></figure><!-- /wp:table -->",
            words: &["<em>opens</em>", "Berth", "Seven"],
            tag: "Quays",
            comment: "At last, said the harbour master.",
        },
        Told {
            number: 12,
            slug: "herring",
            body: "Herring is back.\n\n[caption id=\"x\" width=\"300\"]<img src=\"https://skerry.example/wp-content/uploads/net.jpg\" alt=\"A net\" /> A full net[/caption]\n\n<blockquote>Never so many.</blockquote>",
            words: &["Herring is back.", "A full net", "alt=\"A net\"", "Never so many."],
            tag: "Fish & Chips",
            comment: "Where can I buy some?",
        },
        Told {
            number: 13,
            slug: "tram-%e6%b8%af",
            body: "<!-- wp:list --><ul><!-- wp:list-item --><li>Line one</li><!-- /wp:list-item --></ul><!-- /wp:list --><!-- wp:paragraph --><p dir=\"rtl\">\u{645}\u{631}\u{62d}\u{628}\u{627}</p><!-- /wp:paragraph -->",
            words: &["Line one", "dir=\"rtl\"", "\u{645}\u{631}\u{62d}\u{628}\u{627}"],
            tag: "Trams",
            comment: "It was late again.",
        },
    ];
    let mut items = String::new();
    for Told { number, slug, body, tag, comment: said, .. } in &told {
        let more = [
            format!("<category domain=\"post_tag\" nicename=\"t{number}\"><![CDATA[{tag}]]></category>"),
            r#"<category domain="category" nicename="harbour"><![CDATA[Harbour & Sound]]></category>"#.to_owned(),
            meta("_thumbnail_id", &format!("{number}0")),
            comment(number * 10, 0, "1", "comment", said),
            comment(number * 10 + 1, number * 10, "1", "", "Indeed, answered another."),
        ]
        .concat();
        items += &post(*number, slug, "publish", body, &more);
        items += &attachment(
            number * 10,
            *number,
            &format!("top-{number}.jpg"),
            &format!("Caption of {number}"),
            &meta("_media_credit", &format!("Credit of {number}")),
        );
    }
    let mut site = with(&items).file("up/net.jpg", include_bytes!("../../content/images/pier.jpg"));
    for Told { number, .. } in &told {
        site = site.file(&format!("up/top-{number}.jpg"), include_bytes!("../../content/images/pier.jpg"));
    }
    let run = import(&site, &["--media", "up"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let report = report(&site);
    assert_eq!(report["loss"]["lines"], serde_json::json!([]), "{report}");
    assert_eq!((&report["published_there"], &report["published_here"]), (&3.into(), &3.into()));
    site.build();
    let feed = site.published("feed.xml");
    for Told { number, slug, words, tag, comment, .. } in &told {
        let slug = slug.replace("%e6%b8%af", "\u{6e2f}");
        let html = site.published(&format!("2019/04/09/{slug}/index.html"));
        let title = format!("Report {number} of ");
        let (caption, credit) = (format!("Caption of {number}"), format!("Credit of {number}"));
        let (alt, image) = (format!("Alt of {number}0"), format!("top-{number}"));
        for part in [&title, &caption, &credit, &alt, &image] {
            assert!(html.contains(part.as_str()), "{part} is not at {slug}: {html}");
        }
        for part in
            words.iter().copied().chain(["Mara Quill", "2019-04-09T08:30", "Indeed, answered another.", *comment])
        {
            assert!(html.contains(part), "{part} is not at {slug}: {html}");
        }
        assert!(html.contains(&tag.replace('&', "&amp;")), "{tag} is not at {slug}: {html}");
        assert!(feed.contains(&format!("https://skerry.example/?p={number}")), "{feed}");
    }
    // No entry of a feed has an id that readers' programs do not know.
    let ids: Vec<&str> = feed.split("<guid").skip(1).filter_map(|rest| rest.split(['>', '<']).nth(1)).collect();
    assert_eq!(ids.len(), told.len(), "{feed}");
    assert!(ids.iter().all(|id| id.starts_with("https://skerry.example/?p=")), "{ids:?}");
    assert!(site.published("harbour/index.html").contains("Harbour &amp; Sound"));
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
fn playlists_are_their_recordings_in_order() {
    let others: String = [(21, "b.mp3"), (22, "a.mp3"), (23, "film.mp4"), (24, "pier.jpg")]
        .iter()
        .map(|(number, name)| attachment(*number, 7, name, "", ""))
        .collect();
    let call = |kind: &str, name: &str, number: u32| {
        format!("{{{{ <{kind} src=\"/wp-content/uploads/{name}\" title=\"Image {number}\" /> }}}}")
    };
    for (shortcode, expected) in [
        ("[playlist ids=\"22,21\"]", [call("audio", "a.mp3", 22), call("audio", "b.mp3", 21)].join("\n\n")),
        ("[playlist]", [call("audio", "b.mp3", 21), call("audio", "a.mp3", 22)].join("\n\n")),
        ("[playlist type=\"video\" ids=\"23\"]", call("video", "film.mp4", 23)),
        (
            "[audio src=\"/wp-content/uploads/a.mp3\"]\n\nWords.\n\n[audio mp3=\"/wp-content/uploads/b.mp3\"][/audio]",
            [call("audio", "a.mp3", 22), "Words.".to_owned(), call("audio", "b.mp3", 21)].join("\n\n"),
        ),
    ] {
        let (text, report) = body(shortcode, "", &others);
        assert_eq!(text, expected, "{shortcode}");
        assert_eq!(report["loss"]["lines"], serde_json::json!([]), "{shortcode}");
    }
}

#[test]
fn each_host_gets_rules_for_what_no_page_can_answer() {
    let items = [
        post(7, "ferry", "publish", "One.", ""),
        item(8, "about", "publish", "page", "2018-01-02 00:00:00", "Us.", ""),
        post(9, "secret", "private", "Sentence about privateers.", ""),
    ]
    .concat();
    let site = with(&items);
    assert_eq!(import(&site, &[]).code, 0);
    for (file, parts) in [
        (
            "netlify.txt",
            [
                "/ p=7 /2019/04/09/ferry/ 301!",
                "/ page_id=8 /about/ 301!",
                "/ cat=3 /harbour/ 301!",
                "/feed/ /feed.xml 301!",
            ],
        ),
        (
            "cloudflare.txt",
            ["/feed/ /feed.xml 301", "/feed/atom/ /atom.xml 301", "/feed/rss2/ /feed.xml 301", "It reads no queries"],
        ),
        (
            "nginx.conf",
            [
                r#""~^/\?p=7(&|$)" "/2019/04/09/ferry/";"#,
                r#""~^/\?page_id=8(&|$)" "/about/";"#,
                r#""/feed/" "/feed.xml";"#,
                "map $request_uri $old_address {",
            ],
        ),
        (
            "cloudfront.js",
            [
                r#""p=7": "/2019/04/09/ferry/","#,
                r#""page_id=8": "/about/","#,
                r#""/feed/": "/feed.xml","#,
                "function handler(event)",
            ],
        ),
    ] {
        let text = site.read(&format!("redirects/{file}"));
        for part in parts {
            assert!(text.contains(part), "{part} is not in {file}: {text}");
        }
        assert!(!text.contains("secret") && !text.contains("p=9"), "{file}: {text}");
    }
}

#[test]
fn images_of_one_name_do_not_overwrite_each_other() {
    let image = |month: &str| {
        format!("<img src=\"https://skerry.example/wp-content/uploads/2019/{month}/photo.jpg\" alt=\"{month}\">\n\n")
    };
    let site = with(&post(7, "ferry", "publish", &(image("04") + &image("05")), ""))
        .file("up/2019/04/photo.jpg", include_bytes!("../../content/images/pier.jpg"))
        .file("up/2019/05/photo.jpg", b"another file");
    assert_eq!(import(&site, &["--media", "up"]).code, 0);
    assert_eq!(site.read("static/wp-content/uploads/2019/05/photo.jpg"), "another file");
    assert!(site.has("static/wp-content/uploads/2019/04/photo.jpg"));
}

#[test]
fn files_that_no_text_shows_are_there_for_links_from_elsewhere_unless_they_belong_to_something_withheld() {
    let items = [
        post(1, "open", "publish", "One.", ""),
        post(2, "private", "private", "<img src=\"https://skerry.example/wp-content/uploads/shown.jpg\">", ""),
        attachment(20, 0, "loose.pdf", "", ""),
        attachment(21, 1, "of-open.pdf", "", ""),
        attachment(22, 2, "of-private.pdf", "", ""),
        attachment(23, 0, "shown.jpg", "", ""),
        attachment(24, 99, "of-nobody.pdf", "", ""),
        attachment(25, 0, "bin.pdf", "", "").replace(">inherit<", ">trash<"),
    ]
    .concat();
    let mut site = with(&items);
    for name in ["loose.pdf", "of-open.pdf", "of-private.pdf", "shown.jpg", "of-nobody.pdf", "bin.pdf"] {
        site = site.file(&format!("up/{name}"), b"x");
    }
    assert_eq!(import(&site, &["--media", "up"]).code, 0);
    for (name, is_public) in [
        ("loose.pdf", true),
        ("of-open.pdf", true),
        ("of-private.pdf", false),
        ("shown.jpg", false),
        ("of-nobody.pdf", false),
        ("bin.pdf", false),
    ] {
        assert_eq!(site.has(&format!("static/wp-content/uploads/{name}")), is_public, "{name}");
    }
    site.build();
    assert!(site.published("image-20/index.html").contains("/wp-content/uploads/loose.pdf"));
    assert_eq!(site.run(&["check", "--parity", "import-report.json"]).code, 0);
    assert!(report(&site)["left_out"].to_string().contains("in the bin"));
}

#[test]
fn what_newer_blocks_mean_is_kept() {
    for (content, expected) in [
        (
            "<!-- wp:accordion --><div><!-- wp:accordion-item --><div><!-- wp:accordion-heading --><h3><button type=\"button\"><span>When?</span><span aria-hidden=\"true\">+</span></button></h3><!-- /wp:accordion-heading --><!-- wp:accordion-panel --><div role=\"region\"><!-- wp:paragraph --><p>At six.</p><!-- /wp:paragraph --></div><!-- /wp:accordion-panel --></div><!-- /wp:accordion-item --></div><!-- /wp:accordion -->",
            "### When?\n\nAt six.",
        ),
        (
            "<!-- wp:tab {\"label\":\"Prices\"} --><section><!-- wp:paragraph --><p>Seven.</p><!-- /wp:paragraph --></section><!-- /wp:tab -->",
            "### Prices\n\nSeven.",
        ),
        (
            "<!-- wp:file --><div class=\"wp-block-file\"><object class=\"wp-block-file__embed\" data=\"https://skerry.example/wp-content/uploads/plan.pdf\" type=\"application/pdf\"></object><a href=\"https://skerry.example/wp-content/uploads/plan.pdf\">Plan</a><a href=\"https://skerry.example/wp-content/uploads/plan.pdf\" class=\"wp-block-file__button\" download>Download</a></div><!-- /wp:file -->",
            "[Plan](/wp-content/uploads/plan.pdf)",
        ),
        (
            "<!-- wp:code --><pre class=\"wp-block-code\"><code lang=\"rust\" class=\"language-rust\">a\n\n\n[gallery]</code></pre><!-- /wp:code -->",
            "```rust\na\n\n\n[gallery]\n```",
        ),
        (
            "<!-- wp:table --><figure class=\"wp-block-table\"><table><thead><tr><th>Port</th></tr></thead><tbody><tr><td>Skerry</td></tr></tbody><tfoot><tr><td>All</td></tr></tfoot></table><figcaption>Of <a href=\"https://x.example/\">all</a></figcaption></figure><!-- /wp:table -->",
            "<figure><table><thead><tr><th>Port</th></tr></thead><tbody><tr><td>Skerry</td></tr></tbody><tfoot><tr><td>All</td></tr></tfoot></table><figcaption>Of <a href=\"https://x.example/\">all</a></figcaption></figure>",
        ),
        (
            "<!-- wp:media-text --><div class=\"wp-block-media-text\"><figure><img src=\"/a.jpg\" alt=\"A\"/></figure><div><!-- wp:paragraph --><p>Beside it.</p><!-- /wp:paragraph --></div></div><!-- /wp:media-text -->",
            "![A](/a.jpg)\n\nBeside it.",
        ),
        (
            "<!-- wp:cover {\"url\":\"https://skerry.example/wp-content/uploads/b.jpg\"} --><div class=\"wp-block-cover\"><div role=\"img\" style=\"background-image:url(x)\"></div><div><!-- wp:paragraph --><p>Over it</p><!-- /wp:paragraph --></div></div><!-- /wp:cover -->",
            "![](/wp-content/uploads/b.jpg)\n\nOver it",
        ),
        (
            "<!-- wp:embed {\"url\":\"https://skerry.example/?p=7\"} --><figure class=\"wp-block-embed\"><div>\nhttps://skerry.example/?p=7\n</div></figure><!-- /wp:embed -->",
            "[/2019/04/09/ferry/](/2019/04/09/ferry/)",
        ),
        (
            "<object width=\"4\"><param name=\"movie\" value=\"https://www.youtube.com/v/a1B2c3D4e5_\"><embed src=\"https://www.youtube.com/v/a1B2c3D4e5_\"></object>",
            "https://www.youtube.com/watch?v=a1B2c3D4e5_",
        ),
        ("Write [[gallery]] and [[caption]x[/caption]].", "Write \\[gallery\\] and \\[caption\\]x\\[/caption\\]."),
        ("<pre>[gallery]</pre>", "```\n[gallery]\n```"),
    ] {
        assert_body(content, expected);
    }
}

#[test]
fn texts_of_fields_and_of_one_use_of_a_pattern_are_those_that_readers_saw() {
    let bound = "<!-- wp:paragraph {\"metadata\":{\"bindings\":{\"content\":{\"source\":\"core/post-meta\",\"args\":{\"key\":\"vessel\"}}}}} -->\n<p></p>\n<!-- /wp:paragraph -->";
    let (text, report) = body(bound, &meta("vessel", "The Tern"), "");
    assert_eq!((text.as_str(), &report["loss"]["lines"]), ("The Tern", &serde_json::json!([])));
    let pattern = "<!-- wp:paragraph {\"metadata\":{\"name\":\"Lead\"}} --><p>Default.</p><!-- /wp:paragraph -->";
    let pattern = item(30, "box", "publish", "wp_block", "2019-01-01 00:00:00", pattern, "");
    let used = "<!-- wp:block {\"ref\":30,\"content\":{\"Lead\":{\"content\":\"Only <em>here</em>.\"}}} /-->";
    let (text, report) = body(used, "", &pattern);
    assert_eq!((text.as_str(), &report["loss"]["lines"]), ("Only *here*.", &serde_json::json!([])));
}

#[test]
fn a_credit_stands_beside_a_caption_with_markup_too() {
    let image = attachment(20, 7, "pier.jpg", "", &meta("_media_credit", "Ines Vale"));
    let content = "<figure><img src=\"https://skerry.example/wp-content/uploads/pier.jpg\" alt=\"\"><figcaption>At <em>dusk</em></figcaption></figure>";
    let (text, report) = body(content, "", &image);
    assert!(
        text.ends_with("<figcaption>At <em>dusk</em> <span class=\"credit\">Ines Vale</span></figcaption></figure>"),
        "{text}"
    );
    assert_eq!(report["loss"]["lines"], serde_json::json!([]));
}

#[test]
fn posts_that_were_markdown_in_text_control_keep_their_raw_images_with_new_addresses() {
    let content = "*One*\n\n<img src=\"https://skerry.example/wp-content/uploads/a-300x200.jpg\" alt=\"A\">";
    let (text, report) = body(content, &meta("_tc_post_format", "markdown"), "");
    assert_eq!(text, "*One*\n\n<img src=\"/wp-content/uploads/a.jpg\" alt=\"A\">");
    assert!(report["media"]["missing"]["/wp-content/uploads/a.jpg"].is_string(), "{report}");
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
fn what_is_packed_in_a_damaged_file_counts_up_to_the_damage() {
    let mut rng = fastrand::Rng::with_seed(16);
    let mut words = || (0..4000).map(|_| rng.alphanumeric()).collect::<String>();
    let items: String =
        (1..=9).map(|number| post(number, &format!("report-{number}"), "publish", &words(), "")).collect();
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(export(&items).as_bytes()).expect("memory");
    let bytes = gz.finish().expect("memory");
    let site = TestSite::empty().file("export.xml.gz", &bytes[..bytes.len() * 2 / 3]);
    let run = site.run(&["import", "wordpress", "export.xml.gz", "--at", NOW, "--json"]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(run.diagnostics().iter().any(|one| one.contains("damaged, and ends here")), "{:?}", run.diagnostics());
    assert!(site.has("content/harbour/2019/report-4.md") && !site.has("content/harbour/2019/report-9.md"));
}

#[test]
fn what_is_too_large_to_keep_is_counted() {
    let tags: String = [&"long ".repeat(200), "Short"]
        .iter()
        .map(|name| format!("<category domain=\"post_tag\" nicename=\"x\"><![CDATA[{name}]]></category>"))
        .collect();
    let more =
        [meta("notes", &"words ".repeat(4000)), meta("_plugin_lead", "Hidden."), meta("mood", "calm"), tags].concat();
    let (_, report) = body("One.", &more, "");
    let left = report["left_out"].to_string();
    assert!(left.contains("larger than 16 KiB") && left.contains("hidden fields"), "{left}");
    assert!(report["remarks"].to_string().contains("more than 500 bytes"), "{report}");
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

/// All that a site publishes.
fn public(site: &TestSite) -> String {
    let files = crate::fixture::tree(&site.path("new/public")).into_values();
    files.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect()
}

#[test]
fn conventions_of_jekyll_mean_here_what_they_mean_there() {
    let site = TestSite::empty()
        .file(
            "old/_config.yml",
            "title: J\nurl: https://skerry.example\nheader_pages: [about.md]\ndefaults:\n- scope: {path: \"\", type: posts}\n  values: {author: mara}\n",
        )
        .file("old/_data/authors.yml", "mara: {name: Mara Quill, bio: She writes.}\n")
        .file("old/_data/navigation.yml", "main:\n- title: Elsewhere\n  url: https://other.example/\n")
        .file("old/about.md", "---\ntitle: About\n---\nUs.\n")
        .file(
            "old/_posts/2019-01-02-one.md",
            "---\ntitle: One\n---\n{% comment %}\nSentence about privateers.\n{% endcomment %}\n\n<img src=\"https://skerry.example/pier.jpg\" alt=\"A\">\n\n![B](https://skerry.example/pier.jpg)\n\n```\n{% raw %}{{ page.title }}{% endraw %}\n```\n",
        )
        .file("old/_posts/2019-01-03-two.html", "---\ntitle: Two\nauthor: bo\n---\n<p>In <b>HTML</b>.</p>\n\n    <p>Indented.</p>\n")
        .file("old/pier.jpg", include_bytes!("../../content/images/pier.jpg"));
    folder(&site, "jekyll");
    let one = site.read("new/content/_posts/2019-01-02-one.md");
    assert!(one.contains("<img src=\"/pier.jpg\" alt=\"A\">") && one.contains("![B](/pier.jpg)"), "{one}");
    assert!(one.contains("```\n{{ page.title }}\n```"), "{one}");
    let all = public(&site);
    assert!(!all.contains("privateers"));
    let html = site.read("new/public/2019/01/02/one.html");
    assert!(html.contains("Mara Quill"), "{html}");
    let html = site.read("new/public/2019/01/03/two.html");
    assert!(
        html.contains("In <strong>HTML</strong>.") && html.contains("<p>Indented.</p>") && !html.contains("Mara"),
        "{html}"
    );
    assert!(site.has("new/public/about.html"), "Jekyll has it there");
    let config = site.read("new/site.yaml");
    assert!(config.contains("url: https://other.example/") && config.contains("url: /about.html"), "{config}");
}

#[test]
fn conventions_of_hugo_mean_here_what_they_mean_there() {
    let secret = "---\ntitle: S\ndate: 2019-01-02\n---\nSentence about privateers.\n";
    let site = TestSite::empty()
        .file(
            "old/hugo.toml",
            "baseURL = \"https://skerry.example/\"\ntitle = \"H\"\ndefaultContentLanguage = \"en\"\n[permalinks]\nposts = \"/:year/:month/:title/\"\n[taxonomies]\nplace = \"places\"\n[languages.en]\n[languages.da]\ntitle = \"Posten\"\n",
        )
        .file("old/content/posts/one.md", "---\ntitle: The Ferry Sails\ndate: 2019-01-02\nmenu: main\n---\n<img src=\"https://skerry.example/pier.jpg\" alt=\"A\">\n\n{{< figure\n  src=\"/pier.jpg\"\n  caption=\"Dusk\"\n>}}\n")
        .file("old/content/posts/one.da.md", "---\ntitle: Færgen sejler\ndate: 2019-01-02\n---\nEt.\n")
        .file("old/content/cases/two.md", "---\ntitle: Two\ndate: 2019-01-02\n---\nTwo.\n")
        .file("old/content/search.md", "---\ntitle: Search\nlayout: search\n---\n")
        .file("old/content/archive.md", "---\ntitle: Archive\n---\nHow we keep papers.\n")
        .file("old/content/held/_index.md", "---\ntitle: Held\ncascade:\n- _target: {path: \"/held/**\"}\n  draft: true\n---\n")
        .file("old/content/held/a.md", secret)
        .file("old/content/some/_index.md", "+++\ntitle = \"Some\"\n[cascade]\ndraft = true\n[cascade._target]\nkind = \"page\"\n+++\nIntroduction.\n")
        .file("old/content/some/a.md", secret)
        .file("old/static/pier.jpg", include_bytes!("../../content/images/pier.jpg"));
    folder(&site, "hugo");
    assert!(!public(&site).contains("privateers"));
    for path in [
        "2019/01/the-ferry-sails/index.html",
        "cases/two/index.html",
        "search/index.html",
        "archive-page/index.html",
        "da/posts/one/index.html",
    ] {
        // Of a translation the address is that of its language.
        let is_translation = path.starts_with("da/");
        assert!(site.has(&format!("new/public/{path}")) || is_translation, "{path}");
    }
    let html = site.read("new/public/2019/01/the-ferry-sails/index.html");
    assert!(html.contains("<img src=\"/pier.jpg\"") && html.contains("Dusk") && !html.contains("{{"), "{html}");
    assert!(public(&site).contains("Færgen sejler"));
    let config = site.read("new/site.yaml");
    assert!(config.contains("title: Posten") && config.contains("title: The Ferry Sails"), "{config}");
    let report: Value = serde_json::from_str(&site.read("new/import-report.json")).expect("JSON");
    assert!(report["remarks"].to_string().contains("`places` has no listings"), "{report}");
}

#[test]
fn pages_of_a_section_of_zola_without_a_page_are_published() {
    let site = TestSite::empty()
        .file("old/config.toml", "base_url = \"https://skerry.example\"\ntitle = \"Z\"\n[extra]\nmain_menu = [{url = \"$BASE_URL/about\", name = \"About\"}]\n")
        .file("old/content/about.md", "+++\ntitle = \"About\"\n+++\nUs.\n")
        .file("old/content/pages/_index.md", "+++\ntitle = \"Pages\"\nrender = false\n+++\n")
        .file("old/content/pages/imprint.md", "+++\ntitle = \"Imprint\"\npath = \"imprint\"\n+++\nWe answer for it.\n");
    folder(&site, "zola");
    assert!(site.read("new/public/imprint/index.html").contains("We answer for it."));
    assert!(site.read("new/site.yaml").contains("url: /about"));
}

#[test]
fn addresses_by_a_pattern_of_jekyll_are_in_the_report_as_the_build_makes_them() {
    for (pattern, address) in [
        ("/:categories/:year/:month/:day/:title/", "/harbour/2019/01/02/pier/"),
        ("pretty", "/harbour/2019/01/02/pier/"),
        ("date", "/harbour/2019/01/02/pier.html"),
        ("none", "/harbour/pier.html"),
        ("/:year/:title/", "/2019/pier/"),
    ] {
        let site = TestSite::empty()
            .file("old/_config.yml", format!("title: Old\nurl: https://old.example\npermalink: {pattern}\n"))
            .file("old/_posts/2019-01-02-pier.md", "---\ntitle: The pier\ncategories: [harbour]\n---\nWords.\n");
        let run = site.run(&["import", "jekyll", "old", "--into", "new"]);
        assert_eq!(run.code, 0, "{pattern}: {}", run.stderr);
        let report: serde_json::Value = serde_json::from_str(&site.read("new/import-report.json")).expect("JSON");
        let item = &report["items"][0];
        assert_eq!((item["old"].as_str(), item["new"].as_str()), (Some(address), Some(address)), "{pattern}");
        assert_eq!(site.run(&["build", "--site", "new"]).code, 0, "{pattern}");
        let run = site.run(&["check", "--site", "new", "--parity", "new/import-report.json"]);
        assert!(run.stdout.contains("1 the same"), "{pattern}: {}", run.stdout);
    }
}
