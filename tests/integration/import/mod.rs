//! Imports: nothing is lost, nothing becomes public that was not, every old address is answered, and a second import
//! changes nothing. All exports here are written for these tests.

mod damage;
mod fields;
mod folders;
mod secrecy;
mod text;

use crate::fixture::{Run, TestSite};
use serde_json::Value;

/// The moment of the imports.
const NOW: &str = crate::fixture::NOW;

/// A photograph.
const PIER: &[u8] = include_bytes!("../../../content/images/pier.jpg");

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
    let site = with(&items).file("uploads/2019/04/pier.jpg", PIER);
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
    // To remove a file is to withdraw it.
    site.remove("content/harbour/2019/ferry.md");
    let run = import(&site, &[]);
    assert!(
        !site.has("content/harbour/2019/ferry.md")
            && run.stdout.contains("\"removed\":[\"content/harbour/2019/ferry.md\"]"),
        "{}",
        run.stdout
    );
    import(&site, &[]);
    assert!(!site.has("content/harbour/2019/ferry.md"), "the manifest forgets nothing");
    import(&site, &["--force"]);
    assert!(site.has("content/harbour/2019/ferry.md"));
}

#[test]
fn a_trial_writes_nothing() {
    let site = with(&post(7, "ferry", "publish", "One.", ""));
    let run = import(&site, &["--dry-run"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert_eq!(crate::fixture::tree(site.root()).keys().collect::<Vec<_>>(), ["export.xml"]);
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

#[test]
fn old_redirects_lead_on_and_patterns_are_told() {
    let site = with(&post(7, "ferry", "publish", "One.", ""))
        .file("list.csv", "source,target,regex\n/short,/2019/04/09/ferry/,0\n/x/(.*),/y/,1\n");
    assert_eq!(import(&site, &["--redirects", "list.csv"]).code, 0);
    site.build();
    assert!(site.published("short/index.html").contains("/2019/04/09/ferry/"));
    assert!(report(&site)["remarks"].to_string().contains("patterns"));
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
    let mut site = with(&items).file("up/net.jpg", PIER);
    for Told { number, .. } in &told {
        site = site.file(&format!("up/top-{number}.jpg"), PIER);
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
fn a_post_that_is_elsewhere_now_leaves_no_second_file_behind() {
    let first = |slug: &str| {
        post(7, slug, "publish", "Sentence about privateers.", &comment(1, 0, "1", "comment", "Well said."))
    };
    let moved = |status: &str, slug: &str, date: &str, category: &str| {
        let category = format!("<category domain=\"category\" nicename=\"{category}\"><![CDATA[X]]></category>");
        item(7, slug, status, "post", date, "Sentence about privateers.", &category)
    };
    const DATE: &str = "2019-04-09 08:30:00";
    for (name, later, path) in [
        ("trashed", moved("trash", "ferry__trashed", DATE, "harbour"), "content/harbour/2019/ferry.md"),
        ("slug", moved("publish", "boat", DATE, "harbour"), "content/harbour/2019/boat.md"),
        ("date", moved("publish", "ferry", "2020-04-09 08:30:00", "harbour"), "content/harbour/2020/ferry.md"),
        ("section", moved("publish", "ferry", DATE, "ships"), "content/ships/2019/ferry.md"),
    ] {
        let site = with(&first("ferry"));
        assert_eq!(import(&site, &[]).code, 0);
        site.write("export.xml", export(&later));
        let run = import(&site, &[]);
        assert_eq!(run.code, 0, "{name}: {}{}", run.stdout, run.stderr);
        assert!(site.has(path), "{name}");
        assert_eq!(site.has("content/harbour/2019/ferry.md"), path == "content/harbour/2019/ferry.md", "{name}");
        site.build();
        let is_page = |path: &String| path.ends_with("ferry/index.html") || path.ends_with("boat/index.html");
        let pages = site.output().into_keys().filter(is_page).count();
        assert_eq!(pages, usize::from(name != "trashed"), "{name}");
        let report = report(&site);
        assert_eq!(
            report["files"]["moved"].as_array().map(Vec::len),
            Some(match name {
                "trashed" => 0,
                _ => 2,
            }),
            "{report}"
        );
    }
}

#[test]
fn a_post_that_is_elsewhere_now_stays_with_the_file_that_somebody_has_edited() {
    const OLD: &str = "content/harbour/2019/ferry.md";
    let site = with(&post(7, "ferry", "publish", "One.", ""));
    import(&site, &[]);
    site.write(OLD, site.read(OLD) + "Edited here.\n");
    site.write("export.xml", export(&post(7, "boat", "draft", "One.", "")));
    assert_eq!(import(&site, &[]).code, 0);
    assert!(site.read(OLD).contains("Edited here.") && !site.has("content/harbour/2019/boat.md"));
    let report = report(&site);
    assert!(report["files"]["kept"].to_string().contains(OLD), "{report}");
    assert!(report["remarks"].to_string().contains(&format!("stays as it is: {OLD}")), "{report}");
}

#[test]
fn rules_and_parity_of_a_site_below_a_path_know_that_path() {
    let items = post(7, "ferry", "publish", "One.", &meta("_wp_old_slug", "old-ferry"));
    let text = export(&items).replace("https://skerry.example", "https://skerry.example/blog");
    let site = TestSite::empty().file("export.xml", text);
    assert_eq!(import(&site, &[]).code, 0);
    for (file, parts) in [
        ("netlify.txt", ["/blog/ p=7 /blog/2019/04/09/ferry/ 301!", "/blog/feed/ /blog/feed.xml 301!"]),
        ("nginx.conf", [r#""~^/blog/\?p=7(&|$)" "/blog/2019/04/09/ferry/";"#, r#""/blog/feed/" "/blog/feed.xml";"#]),
        ("cloudfront.js", [r#""p=7": "/blog/2019/04/09/ferry/","#, r#"one[0] === "/blog/" ?"#]),
    ] {
        let text = site.read(&format!("redirects/{file}"));
        parts.iter().for_each(|part| assert!(text.contains(part), "{part} is not in {file}: {text}"));
    }
    site.build();
    let parity = || site.run(&["check", "--parity", "import-report.json", "--verbose"]);
    let run = parity();
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("need a rule of the host: /?p=7"), "{}", run.stdout);
    site.write("static/_redirects", site.read("redirects/netlify.txt"));
    site.build();
    assert!(!parity().stdout.contains("need a rule of the host"), "{}", parity().stdout);
}

#[test]
fn old_addresses_with_a_query_are_answered_by_rules() {
    let lines = [
        r#"{"type":"site","title":"T","url":"https://skerry.example"}"#,
        r#"{"type":"article","title":"A","status":"published","date":"2019-04-09","section":"local","slug":"ferry","url":"https://skerry.example/?q=node/12","aliases":["https://skerry.example/?p=7","/c:d/"],"body":"<p>One.</p>"}"#,
        r#"{"type":"article","title":"B","status":"published","date":"2019-04-09","section":"local","slug":"port","url":"https://skerry.example/index.php?option=com_content&id=1","body":"<p><a href=\"https://skerry.example/?q=node/12#x\">A</a></p>"}"#,
        r#"{"type":"article","title":"C","status":"draft","date":"2019-04-09","section":"local","slug":"secret","url":"https://skerry.example/?q=node/13","body":"<p>Three.</p>"}"#,
    ];
    let site = TestSite::empty().file("dump.jsonl", lines.join("\n"));
    assert_eq!(site.run(&["import", "json", "dump.jsonl", "--at", NOW]).code, 0);
    for (file, parts) in [
        (
            "netlify.txt",
            [
                "/ q=node/12 /local/ferry/ 301!",
                "/ p=7 /local/ferry/ 301!",
                "/index.php option=com_content id=1 /local/port/ 301!",
                "/c%3Ad/ /local/ferry/ 301!",
            ],
        ),
        (
            "nginx.conf",
            [
                r#""~^/\?q=node/12(&|$)" "/local/ferry/";"#,
                r#""~^/\?p=7(&|$)" "/local/ferry/";"#,
                r#""~^/index\.php\?option=com_content&id=1(&|$)" "/local/port/";"#,
                r#""/c%3Ad/" "/local/ferry/";"#,
            ],
        ),
        (
            "cloudfront.js",
            [
                r#""q=node/12": "/local/ferry/","#,
                r#""p=7": "/local/ferry/","#,
                r#""/index.php?option=com_content&id=1": "/local/port/","#,
                r#"["/index.php",["option","id"]]"#,
            ],
        ),
    ] {
        let text = site.read(&format!("redirects/{file}"));
        parts.iter().for_each(|part| assert!(text.contains(part), "{part} is not in {file}: {text}"));
        assert!(!text.contains("node/13"), "{text}");
    }
    let addresses = report(&site)["addresses"].to_string();
    for old in ["/?q=node/12", "/?p=7", "/index.php?option=com_content&id=1", "/c:d/"] {
        assert!(addresses.contains(old), "{old}: {addresses}");
    }
    site.build();
    assert!(site.published("local/port/index.html").contains("href=\"/local/ferry/#x\""));
}
