//! What posts say: blocks, shortcodes, galleries, captions and comments become Markdown that shows the same.

use super::{PIER, assert_body, attachment, body, comment, import, item, meta, post, report, with};

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
        (
            "<!-- wp:verse --><pre class=\"wp-block-verse\">one\n  two\n\tthree</pre><!-- /wp:verse -->",
            "one\\\n\u{a0}\u{a0}two\\\n\u{a0}\u{a0}\u{a0}\u{a0}three",
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
    let jpeg = PIER;
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
fn pages_of_a_post_are_one_and_their_addresses_lead_to_it() {
    let site = with(&post(7, "ferry", "publish", "One.<!--nextpage-->Two.", ""));
    assert_eq!(import(&site, &[]).code, 0);
    let text = site.read("content/harbour/2019/ferry.md");
    assert!(text.contains("One.\n\nTwo.") && text.contains("- /2019/04/09/ferry/2/"), "{text}");
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
    let site = with(&format!("{}{item}", post(7, "ferry", "publish", image, ""))).file("up/pier.jpg", PIER);
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
fn posts_that_were_markdown_stay_as_they_were_but_for_addresses_of_the_old_host() {
    let content =
        "*One* ![x](https://skerry.example/wp-content/uploads/a-300x200.jpg)\n\n- [two](https://skerry.example/?p=7)";
    let (text, report) = body(content, &meta("_wpcom_is_markdown", "1"), "");
    assert_eq!(text, "*One* ![x](/wp-content/uploads/a.jpg)\n\n- [two](/2019/04/09/ferry/)");
    assert!(report["media"]["missing"]["/wp-content/uploads/a.jpg"].is_string(), "{report}");
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
fn subtitles_of_a_film_come_along_and_are_told() {
    let text = "<!-- wp:video --><figure class=\"wp-block-video\"><video controls src=\"https://skerry.example/wp-content/uploads/ferry.mp4\"><track src=\"https://skerry.example/wp-content/uploads/ferry.vtt\" kind=\"subtitles\" srclang=\"en\" label=\"English\"></video></figure><!-- /wp:video -->";
    let site = super::with(&super::post(7, "ferry", "publish", text, ""))
        .file("up/ferry.mp4", b"film")
        .file("up/ferry.vtt", b"WEBVTT\n");
    assert_eq!(super::import(&site, &["--media", "up"]).code, 0);
    assert!(site.has("static/wp-content/uploads/ferry.vtt"));
    let told = &super::report(&site)["unknown"]["subtitles of a player: /wp-content/uploads/ferry.vtt"];
    assert!(told["places"][0].as_str().is_some_and(|place| place.starts_with("export.xml:")), "{told}");
}

#[test]
fn words_in_two_brackets_that_are_no_shortcode_keep_both() {
    let (text, _) = super::body("See [[wiki]] and [[gallery]].", "", "");
    assert_eq!(text, "See \\[\\[wiki\\]\\] and \\[gallery\\].");
}
