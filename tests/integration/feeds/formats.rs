//! Feeds, sitemaps and robots.txt, read by the libraries that readers use.

use std::collections::BTreeSet;

use crate::fixture::TestSite;
use serde_json::Value;

fn site() -> TestSite {
    TestSite::new()
        .file("site.yaml", "title: The Test\ndescription: What happens.\nbase_url: https://test.example\nlanguage: en-GB\n")
        .file("content/local/_index.md", "---\ntitle: Local news\ndescription: From here.\n---\n")
        .file("content/authors/ann-lee.md", "---\nname: Ann Lee\n---\n\nWrites.\n")
        .file("static/map.svg", "<svg width=\"3\" height=\"2\"/>")
        .article("local/old", "2026-10-01T08:00:00Z", "title: The old one", "Old words.")
        .article(
            "local/tunnel",
            "2026-10-02T09:30:00+01:00",
            "title: Ships & <harbours>\nupdated: 2026-10-05\nauthors: [ann-lee]\ntags: [ships, trade]\nsummary: In short.\nimage: {src: /map.svg, alt: A map}",
            "See [the old one](old.md), [below](#part), [us](/about/) and ![it](/map.svg).\n\n## Part\n\nLast ]]> words.",
        )
}

fn rss(site: &TestSite, path: &str) -> rss::Channel {
    rss::Channel::read_from(site.published(path).as_bytes()).expect("RSS")
}

fn atom(site: &TestSite, path: &str) -> atom_syndication::Feed {
    atom_syndication::Feed::read_from(site.published(path).as_bytes()).expect("Atom")
}

fn json(site: &TestSite, path: &str) -> Value {
    serde_json::from_str(&site.published(path)).expect("JSON")
}

#[test]
fn rss_tells_everything() {
    let site = site();
    site.build();
    let channel = rss(&site, "feed.xml");
    assert_eq!((channel.title(), channel.link()), ("The Test", "https://test.example/"));
    assert_eq!((channel.description(), channel.language()), ("What happens.", Some("en-GB")));
    assert_eq!(channel.last_build_date(), Some("Mon, 05 Oct 2026 00:00:00 +0000"), "the newest change, not the build");
    assert!(
        site.published("feed.xml").contains("rel=\"self\"")
            && site.published("feed.xml").contains("https://test.example/feed.xml")
    );
    let titles: Vec<_> = channel.items().iter().filter_map(|item| item.title()).collect();
    assert_eq!(titles, ["Ships & <harbours>", "The old one"]);
    let item = &channel.items()[0];
    assert_eq!(item.link(), Some("https://test.example/local/tunnel/"));
    assert_eq!(item.pub_date(), Some("Fri, 02 Oct 2026 08:30:00 +0000"));
    assert!(item.guid().is_some_and(|guid| !guid.is_permalink()));
    assert_eq!(item.dublin_core_ext().map(|core| core.creators()), Some(&["Ann Lee".to_owned()][..]));
    assert_eq!(item.categories().iter().map(|one| one.name()).collect::<Vec<_>>(), ["ships", "trade"]);
    assert_eq!(item.description(), Some("In short."));
    assert!(item.content().is_some_and(|content| content.contains("Last ]]&gt; words.")), "{:?}", item.content());
}

#[test]
fn atom_tells_everything() {
    let site = site();
    site.build();
    let feed = atom(&site, "atom.xml");
    assert_eq!(feed.title().as_str(), "The Test");
    assert_eq!(feed.updated().to_rfc3339(), "2026-10-05T00:00:00+00:00");
    let links: Vec<_> = feed.links().iter().map(|link| (link.rel(), link.href())).collect();
    assert!(links.contains(&("self", "https://test.example/atom.xml")));
    assert!(links.contains(&("alternate", "https://test.example/")));
    let entry = &feed.entries()[0];
    assert_eq!(entry.title().as_str(), "Ships & <harbours>");
    assert_eq!(entry.published().map(|at| at.to_rfc3339()).as_deref(), Some("2026-10-02T08:30:00+00:00"));
    assert_eq!(entry.updated().to_rfc3339(), "2026-10-05T00:00:00+00:00");
    assert_eq!(entry.authors()[0].name(), "Ann Lee");
    assert_eq!(entry.authors()[0].uri(), Some("https://test.example/authors/ann-lee/"));
    assert_eq!(entry.categories()[0].term(), "ships");
    assert_eq!(entry.links()[0].href(), "https://test.example/local/tunnel/");
    assert_eq!(entry.content().and_then(|content| content.content_type()), Some("html"));
    // RFC 4287, 4.1.1: an entry needs an author, its own or the feed's.
    assert_eq!(feed.entries()[1].authors()[0].name(), "The Test");
}

#[test]
fn json_feed_tells_everything() {
    let site = site();
    site.build();
    let feed = json(&site, "feed.json");
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(feed["title"], "The Test");
    assert_eq!(feed["home_page_url"], "https://test.example/");
    assert_eq!(feed["feed_url"], "https://test.example/feed.json");
    assert_eq!(feed["language"], "en-GB");
    let item = &feed["items"][0];
    assert_eq!(item["title"], "Ships & <harbours>");
    assert_eq!(item["url"], "https://test.example/local/tunnel/");
    assert_eq!(item["date_published"], "2026-10-02T08:30:00Z");
    assert_eq!(item["date_modified"], "2026-10-05T00:00:00Z");
    assert_eq!(item["summary"], "In short.");
    assert_eq!(item["image"], "https://test.example/map.svg");
    assert_eq!(item["authors"][0]["name"], "Ann Lee");
    assert_eq!(item["tags"], serde_json::json!(["ships", "trade"]));
}

#[test]
fn feeds_hold_whole_articles_with_absolute_addresses() {
    let site = site();
    site.build();
    let contents = [
        rss(&site, "feed.xml").items()[0].content().expect("content").to_owned(),
        atom(&site, "atom.xml").entries()[0].content().and_then(|content| content.value()).expect("content").to_owned(),
        json(&site, "feed.json")["items"][0]["content_html"].as_str().expect("content").to_owned(),
    ];
    for content in &contents {
        assert_eq!(content.trim(), contents[0].trim(), "the formats tell the same");
        assert!(content.contains("<h2 id=\"part\">Part</h2>"), "{content}");
        for address in [
            "href=\"https://test.example/local/old/\"",
            "href=\"https://test.example/local/tunnel/#part\"",
            "href=\"https://test.example/about/\"",
            "src=\"https://test.example/map.svg\"",
        ] {
            assert!(content.contains(address), "{address} in {content}");
        }
        for part in content.split("href=\"").skip(1).chain(content.split("src=\"").skip(1)) {
            assert!(part.starts_with("https://"), "{part}");
        }
    }
}

#[test]
fn addresses_in_html_stay_in_the_site_in_pages_and_in_feeds() {
    let html = "<a href=\"/local/old/\">old</a> <a href=\"/blog/local/old/\">again</a> <a href='/'>front</a> <img src=/map.svg srcset=\"/map.svg 1x,/big.svg 2x\" alt=\"\">\n\n<video poster=\"/p.jpg\"\n src=\n\"/v.mp4\"></video>\n<object data=\"/f.pdf\"></object>\n<blockquote cite=\"/about/?a=1&amp;b=2\">q</blockquote>\n<form action=\"/search/\"><button formaction=\"/s/\">x</button></form>\n<svg><image href=\"/i.png\"></image><use xlink:href=\"/i.svg#a\"></use><use href=\"#b\"></use></svg>\n<a href=\"//other.example/x/\">other</a> <iframe src=\"/frame.html\"></iframe>\n\n[md](/local/old/)";
    let site = TestSite::new()
        .file("site.yaml", "title: T\nbase_url: https://test.example/blog\n")
        .file("static/map.svg", "<svg width=\"3\" height=\"2\"/>")
        .article("local/old", "2026-10-01", "", "x")
        .article("local/x", "2026-10-02", "", html);
    site.build();
    let page = site.published("local/x/index.html");
    let body = page
        .split("class=\"article-body\">")
        .nth(1)
        .and_then(|rest| rest.split("class=\"print-only\"").next())
        .expect("a body");
    let feed = json(&site, "feed.json");
    let content = feed["items"][0]["content_html"].as_str().expect("content");
    assert_eq!(body.matches("href=\"/blog/local/old/\"").count(), 3, "{body}");
    assert_eq!(content.matches("href=\"https://test.example/blog/local/old/\"").count(), 3, "{content}");
    for (text, before) in [(body, "/blog"), (content, "https://test.example/blog")] {
        for (attribute, value) in [
            ("href", "/"),
            ("src", "/map.svg"),
            ("srcset", "/map.svg 1x,"),
            ("poster", "/p.jpg"),
            ("src", "/v.mp4"),
            ("data", "/f.pdf"),
            ("cite", "/about/?a=1&amp;b=2"),
            ("action", "/search/"),
            ("href", "/i.png"),
            ("xlink:href", "/i.svg#a"),
            ("src", "/frame.html"),
        ] {
            let wanted = format!(" {attribute}=\"{before}{value}");
            assert!(text.contains(&wanted), "{wanted} in {text}");
        }
        assert!(text.contains(&format!(",{before}/big.svg 2x\"")) && text.contains("<use href=\"#b\""), "{text}");
        assert!(text.contains("//other.example/x/\""), "{text}");
    }
    assert!(body.contains(" formaction=\"/blog/s/\""), "{body}");
    for path in ["feed.xml", "atom.xml"] {
        let text = site.published(path);
        assert!(!text.contains("=\"/") && !text.contains("=&quot;/"), "{path}: {text}");
    }
}

#[test]
fn feeds_may_hold_summaries_only() {
    let site =
        site().file("site.yaml", "base_url: https://test.example\nfeeds: {content: summary, formats: [atom, json]}\n");
    site.build();
    assert!(!site.has("public/feed.xml"));
    assert!(atom(&site, "atom.xml").entries()[0].content().is_none());
    let feed = json(&site, "feed.json");
    assert_eq!(feed["items"][0]["content_text"], "In short.");
    assert_eq!(feed["items"][0]["content_html"], Value::Null);
    assert!(!site.published("atom.xml").contains("Last") && !site.published("feed.json").contains("Last"));
}

#[test]
fn ids_survive_a_changed_slug_title_and_permalink() {
    let site = site();
    site.build();
    let ids = || {
        let atom: Vec<String> = atom(&site, "atom.xml").entries().iter().map(|entry| entry.id().to_owned()).collect();
        let rss: Vec<String> =
            rss(&site, "feed.xml").items().iter().filter_map(|item| Some(item.guid()?.value().to_owned())).collect();
        let json: Vec<String> = json(&site, "feed.json")["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|item| item["id"].as_str().expect("an id").to_owned())
            .collect();
        assert_eq!(atom, rss, "the formats give one id");
        assert_eq!(atom, json);
        atom
    };
    let before = ids();
    assert_eq!(before.iter().collect::<BTreeSet<_>>().len(), 2, "unique");
    for change in ["slug: another", "title: Another", "permalink: /somewhere/", "date: 2026-10-02T10:00:00Z"] {
        let text = site.read("content/local/tunnel.md").replacen("updated:", &format!("{change}\nupdated:"), 1);
        let text = if change.starts_with("title") { text.replacen("title: Ships & <harbours>\n", "", 1) } else { text };
        let text =
            if change.starts_with("date") { text.replacen("date: 2026-10-02T09:30:00+01:00\n", "", 1) } else { text };
        site.write("content/local/tunnel.md", text);
        site.build();
        assert_eq!(ids(), before, "{change}");
    }
    let text = site.read("content/local/tunnel.md").replacen("updated:", "id: 'https://old.example/?p=7'\nupdated:", 1);
    site.write("content/local/tunnel.md", text);
    site.build();
    assert_eq!(ids()[0], "https://old.example/?p=7", "the id of an older system is kept");
}

#[test]
fn sections_tags_and_authors_have_feeds_of_their_own() {
    let site = site().article("world/far", "2026-10-03", "title: Far away\ntags: [trade]", "x");
    site.build();
    let titles = |path: &str| -> Vec<String> {
        rss(&site, path).items().iter().filter_map(|item| item.title().map(str::to_owned)).collect()
    };
    assert_eq!(titles("local/feed.xml"), ["Ships & <harbours>", "The old one"]);
    assert_eq!(titles("world/feed.xml"), ["Far away"]);
    assert_eq!(titles("tags/trade/feed.xml"), ["Far away", "Ships & <harbours>"]);
    assert_eq!(titles("authors/ann-lee/feed.xml"), ["Ships & <harbours>"]);
    let channel = rss(&site, "local/feed.xml");
    assert_eq!((channel.title(), channel.description()), ("Local news | The Test", "From here."));
    assert_eq!(channel.link(), "https://test.example/local/");
    for folder in ["local", "tags/trade", "authors/ann-lee"] {
        // Every reader knows RSS; the other formats are for the site as a whole.
        assert!(!site.has(&format!("public/{folder}/atom.xml")) && !site.has(&format!("public/{folder}/feed.json")));
        let page = site.published(&format!("{folder}/index.html"));
        assert!(page.contains("type=\"application/rss+xml\""), "{folder}");
        assert!(page.contains(&format!("href=\"/{folder}/feed.xml\"")), "{folder}: the page names its feed");
    }
}

#[test]
fn a_feed_says_what_its_section_says_now() {
    let site = TestSite::new().article("local/x", "2026-10-01", "", "x");
    site.build();
    site.write("content/local/_index.md", "---\ntitle: Local\ndescription: A new sentence.\n---\n");
    site.build();
    assert_eq!(rss(&site, "local/feed.xml").description(), "A new sentence.");
    site.assert_equals_clean("a new description");
}

#[test]
fn a_feed_holds_the_newest_so_many() {
    let mut site = TestSite::new().file("site.yaml", "base_url: https://test.example\nfeeds: {limit: 3}\n");
    for day in 1..=5 {
        site = site.article(&format!("local/n{day}"), &format!("2026-10-0{day}"), "", "x");
    }
    site.build();
    let links: Vec<String> =
        rss(&site, "feed.xml").items().iter().filter_map(|item| item.link().map(str::to_owned)).collect();
    assert_eq!(links, ["n5", "n4", "n3"].map(|name| format!("https://test.example/local/{name}/")));
}

#[test]
fn updated_is_the_time_of_a_change_and_not_of_the_build() {
    let mut site = TestSite::new().article("local/x", "2026-10-01", "", "x").article(
        "local/y",
        "2026-10-02",
        "corrections: [{date: 2026-10-09, text: Two.}]",
        "x",
    );
    site.build();
    let before = site.output();
    assert_eq!(atom(&site, "atom.xml").updated().to_rfc3339(), "2026-10-09T00:00:00+00:00", "a correction is a change");
    assert_eq!(atom(&site, "atom.xml").entries()[1].updated().to_rfc3339(), "2026-10-01T00:00:00+00:00");
    site.set_now("2027-06-01");
    site.remove(".courant");
    site.build();
    assert_eq!(site.output(), before, "another moment, the same bytes");
}

/// A site with everything that can stand in a feed or sitemap.
fn rich_site() -> TestSite {
    let hard = "title: \"A\\u0007B ]]> & </title> \\U0001F6A2\"\ntags: [\"a & b\", \"größe <x>\"]\nauthors: [ann-lee, \"C & D\"]\nsummary: \"E & <b>F</b> ]]>\"";
    let mut site = TestSite::new()
        .file(
            "site.yaml",
            "title: The & Test\nbase_url: https://test.example/blog\ntimezone: Europe/Berlin\nlanguages: {en: {}, de: {}, ar: {title: بريد}, ja: {}, zh-TW: {}}\n\
             feeds: {for: [site, sections, tags, authors, series]}\n",
        )
        .file("content/authors/ann-lee.md", "---\nname: Ann Lee\n---\n")
        .file("content/about.md", "---\ntitle: About\n---\n")
        .file("content/empty/_index.md", "---\ntitle: Nothing yet\n---\n")
        .file("static/map.svg", "<svg width=\"3\" height=\"2\"/>")
        .article("local/old", "1999-12-31", "updated: 2026-11-01", "Old.")
        .article("local/über & unter", "2026-11-22T12:00:00+05:30", hard, "Bell \u{7}, ]]> and [a link](old.md).")
        .article("local/paid", "2026-11-22", "kind: sponsored\naccess: subscribers\nimage: /map.svg\nseries: One", "x")
        .article("local/theirs", "2026-11-22", "canonical: https://elsewhere.example/x\nsource: Elsewhere", "x")
        .article("local/wrong", "2026-11-22", "corrections: [{date: 2026-11-23, text: \"It was *two* & not <b>.\"}, Undated.]", "x")
        .article("local/storm", "2026-11-23", "kind: live", "Intro.\n\n## One {time=2026-11-23T09:00}\n\nMore.");
    for language in ["de", "ar", "ja", "zh-TW"] {
        site =
            site.article(&format!("local/old.{language}"), "2026-11-22", "title: Übersetzt & 訳\ntags: [größe]", "x");
    }
    site
}

/// Jing, which is part of the Nu checker that `.ci/run` fetches; none if it is not on this machine and need
/// not be.
fn jing(schema: &str, files: &[std::path::PathBuf]) -> Option<std::process::Output> {
    use std::path::{Path, PathBuf};
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    let archive = root.join(target).join("npm/node_modules/vnu-jar/build/dist/vnu.jar");
    if !archive.exists() {
        assert!(std::env::var_os("CI").is_none(), "no Nu checker: npm install --prefix target/npm vnu-jar");
        println!("skipped: there is no Nu checker on this machine (npm install --prefix target/npm vnu-jar)");
        return None;
    }
    let mut command = std::process::Command::new("java");
    command.arg("-cp").arg(archive).args(["nu.validator.vendor.thaiopensource.relaxng.util.Driver", "-c"]);
    Some(command.arg(root.join("tests/integration/feeds/schemas").join(schema)).args(files).output().expect("java"))
}

#[test]
fn feeds_and_sitemaps_keep_to_their_schemas() {
    let rich = rich_site();
    rich.build();
    let many =
        TestSite::new().file("site.yaml", "base_url: https://test.example\nfeeds: {formats: []}\npage_size: 1000\n");
    for number in 0..1001 {
        many.write_article(&format!("local/n{number}"), "2026-11-23", "", "x");
    }
    many.build();
    let named = |site: &TestSite, name: &dyn Fn(&str) -> bool| -> Vec<std::path::PathBuf> {
        let files = site.output().into_keys();
        files.filter(|path| name(path)).map(|path| site.path("public").join(path)).collect()
    };
    for (schema, at_least, name) in [
        ("atom.rnc", 1, &(|path: &str| path.ends_with("atom.xml")) as &dyn Fn(&str) -> bool),
        ("rss.rnc", 20, &|path: &str| path.ends_with("feed.xml")),
        ("sitemap.rnc", 5, &|path: &str| path.contains("sitemap")),
    ] {
        let files = [named(&rich, name), named(&many, name)].concat();
        assert!(files.len() >= at_least, "{schema}: {}", files.len());
        let Some(said) = jing(schema, &files) else { return };
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout));
        // It would say so if something were wrong.
        let good = std::fs::read_to_string(&files[0]).expect("text");
        rich.write(
            "broken.xml",
            good.replace("<title>", "<titel>").replace("</title>", "</titel>").replace("loc>", "lok>"),
        );
        assert!(!jing(schema, &[rich.path("broken.xml")]).expect("as before").status.success(), "{schema}");
    }
}

#[test]
fn json_feeds_keep_to_their_schema() {
    let site = rich_site();
    site.build();
    let schema = serde_json::from_str(include_str!("schemas/feed.json")).expect("JSON");
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.enable_format_assertions();
    compiler.add_resource("feed.json", schema).expect("a resource");
    let schema = compiler.compile("feed.json", &mut schemas).expect("a good schema");
    let feeds: Vec<String> = site.output().into_keys().filter(|path| path.ends_with("feed.json")).collect();
    assert!(!feeds.is_empty());
    for path in feeds {
        let feed = json(&site, &path);
        if let Err(error) = schemas.validate(&feed, schema) {
            panic!("{path}: {error}");
        }
        let mut broken = feed.clone();
        broken["version"] = "1".into();
        assert!(schemas.validate(&broken, schema).is_err(), "{path}");
    }
}

#[test]
fn forbidden_characters_do_not_break_a_feed() {
    let site = TestSite::new().article(
        "local/x",
        "2026-10-01",
        "title: \"A\\u0007B ]]> </title> \\U0001F6A2\"\ntags: [\"a\\u0001b\"]\nauthors: [\"C\\u0002D\"]\nsummary: \"E\\u000BF\"",
        "Bell \u{7}, form feed \u{c}, ]]> and \u{fffe}.",
    );
    site.build();
    let channel = rss(&site, "feed.xml");
    assert!(channel.items()[0].title().is_some_and(|title| title.contains("]]> </title> \u{1F6A2}")));
    atom(&site, "atom.xml");
    for path in ["feed.xml", "atom.xml", "sitemap.xml"] {
        let text = site.published(path);
        assert!(!text.contains(|c: char| c < ' ' && c != '\n' && c != '\t'), "{path}");
        addresses(&text);
    }
}

/// The addresses and dates of a sitemap, read as XML.
fn addresses(text: &str) -> Vec<(String, Option<String>)> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(text);
    let (mut all, mut name) = (Vec::new(), String::new());
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(element) => name = element.name().as_ref().to_owned(),
            Event::End(_) => name.clear(),
            Event::Text(text) if name == "loc" => all.push((text.to_string(), None)),
            Event::Text(text) if name == "lastmod" => {
                all.last_mut().expect("behind its address").1 = Some(text.to_string());
            }
            Event::Eof => return all,
            _ => {}
        }
    }
}

#[test]
fn the_sitemap_lists_every_page_with_an_honest_date() {
    let site = site().file("content/about.md", "---\ntitle: About\nupdated: 2026-09-01\n---\n");
    site.build();
    let listed = addresses(&site.published("sitemap.xml"));
    let date = |path: &str| {
        let found = listed.iter().find(|(url, _)| *url == format!("https://test.example{path}"));
        found.unwrap_or_else(|| panic!("{path} in {listed:?}")).1.clone()
    };
    assert_eq!(date("/local/old/").as_deref(), Some("2026-10-01T08:00:00Z"));
    assert_eq!(date("/local/tunnel/").as_deref(), Some("2026-10-05T00:00:00Z"), "the update");
    assert_eq!(date("/about/").as_deref(), Some("2026-09-01T00:00:00Z"));
    assert_eq!(date("/").as_deref(), Some("2026-10-05T00:00:00Z"), "the newest of what it lists");
    assert_eq!(date("/local/").as_deref(), Some("2026-10-05T00:00:00Z"));
    assert_eq!(date("/archive/"), None, "unknown is not told");
    let unique: BTreeSet<_> = listed.iter().map(|(url, _)| url).collect();
    assert_eq!(unique.len(), listed.len());
    for (url, _) in &listed {
        let path = url.strip_prefix("https://test.example/").expect("absolute");
        assert!(site.has(&format!("public/{path}index.html")), "{url} exists");
    }
    assert!(!site.published("sitemap.xml").contains("404"));
}

#[test]
fn robots_may_read_everything_and_find_the_sitemap() {
    let site = site().file("site.yaml", "base_url: https://test.example/blog\n");
    site.build();
    let robots = site.published("robots.txt");
    assert!(robots.contains("User-agent: *\nAllow: /\n"));
    assert!(robots.contains("\nSitemap: https://test.example/blog/sitemap.xml\n"));
    assert!(!robots.contains("Disallow"));
}

/// Fifty thousand articles in memory, planned and rendered without a file.
#[test]
fn a_sitemap_is_split_at_fifty_thousand_addresses() {
    use std::sync::Arc;

    use courant::article::Row;
    use courant::article::record::{Entry, Record, TeaserCore, Text};
    use courant::article::time::Timestamp;
    use courant::config::{Config, Overrides};
    use courant::fingerprint::Fingerprint;
    use courant::index::Index;
    use courant::plan::{Output, Plan, SITEMAP_LIMIT};
    use courant::render::Renderer;
    use courant::source::{Links, Reader, Stamp};
    use courant::theme::{self, Theme};

    let text = "base_url: https://test.example\nfeeds: {for: []}\narchives: false\npage_size: 1000\n";
    let config = Config::from_text(text, &Overrides::default()).expect("a good configuration");
    let rows: Vec<Row> = (0..SITEMAP_LIMIT + 10)
        .map(|number| {
            let date = Timestamp(1_700_000_000 + number as i64);
            let entry = Entry {
                core: TeaserCore {
                    title: Text::from(format!("Story {number}")),
                    date: Some(date),
                    ..TeaserCore::default()
                },
                section: Some(Text::from("local".to_owned())),
                slug: Text::from(format!("n{number}")),
                ..Entry::default()
            };
            Row {
                path: format!("content/local/n{number:06}.md").into(),
                stamp: Stamp::default(),
                content: Fingerprint::default(),
                core: Fingerprint::default(),
                record: Record::Entry(Box::new(entry)).encode(),
            }
        })
        .collect();
    let folder = crate::fixture::folder();
    let layers = theme::layers(folder.path(), "broadsheet").expect("built in");
    let reader = Arc::new(Reader::new(folder.path()));
    let theme = Theme::load(&reader, layers, &rows, &config).expect("built in");
    let index = Index::build(rows, &Links::default(), &config, Timestamp(1_800_000_000));
    let plan = Plan::build(&index, &config, &theme).expect("no collisions");
    assert_eq!(plan.sitemaps, 2);
    for number in 0..=2 {
        assert!(plan.outputs.contains(&Output::Sitemap(number)));
    }
    let renderer = Renderer::new(reader, Arc::new(config), index, plan, theme, None).expect("a theme");
    let renderer = Arc::new(renderer);
    let part = |number: u32| {
        let page = renderer.render(Output::Sitemap(number)).expect("rendered");
        (renderer.path(Output::Sitemap(number)), String::from_utf8(page.bytes).expect("text"))
    };
    let (path, index) = part(0);
    assert_eq!(path, "sitemap.xml");
    assert!(index.contains("<sitemapindex"));
    let parts = addresses(&index);
    assert_eq!(
        parts.iter().map(|(url, _)| url.as_str()).collect::<Vec<_>>(),
        ["https://test.example/sitemap-1.xml", "https://test.example/sitemap-2.xml"]
    );
    let (path, first) = part(1);
    assert_eq!(path, "sitemap-1.xml");
    let (first, second) = (addresses(&first), addresses(&part(2).1));
    assert_eq!(first.len(), SITEMAP_LIMIT);
    assert_eq!(first[0].0, "https://test.example/local/n0/", "the oldest first, so a full part stays as it is");
    assert!(second.len() >= 10 && second.len() < SITEMAP_LIMIT);
    let all: BTreeSet<_> = first.iter().chain(&second).map(|(url, _)| url).collect();
    assert_eq!(all.len(), first.len() + second.len(), "each address once");
    assert_eq!(parts[0].1, first.last().expect("full").1, "a part changed when its newest page did");
}

#[test]
fn descriptions_in_rss_are_escaped_as_html() {
    let site = site();
    site.write("content/local/less.md", "---\ntitle: Less\ndate: 2026-11-22\nsummary: 'a < b & c'\n---\n\nText.\n");
    site.write("content/local/_index.md", "---\ntitle: Local\ndescription: 'x < y'\n---\n");
    site.build();
    let channel = rss(&site, "local/feed.xml");
    assert_eq!(channel.description(), "x &lt; y");
    assert!(channel.items().iter().any(|item| item.description() == Some("a &lt; b &amp; c")), "{:?}", channel.items());
}

#[test]
fn an_entry_with_an_image_has_it_as_media_rss_also_without_its_text() {
    for content in ["full", "summary"] {
        let settings = format!("title: T\nbase_url: https://test.example\nfeeds: {{content: {content}}}\n");
        let site = TestSite::new()
            .file("site.yaml", settings)
            .file("static/quay.svg", "<svg width=\"1200\" height=\"630\"/>")
            .article(
                "local/a",
                "2026-11-20",
                "image: {src: /quay.svg, alt: A quay, caption: 'Quay *Three* & more', credit: Ines Vale}",
                "Words.",
            )
            .article("local/b", "2026-11-19", "image: {src: /quay.svg, alt: A quay}", "Words.");
        site.build();
        for (path, is_atom) in [("feed.xml", false), ("local/feed.xml", false), ("atom.xml", true)] {
            let feed = site.published(path);
            assert!(feed.contains("xmlns:media=\"http://search.yahoo.com/mrss/\""), "{feed}");
            let start = "<media:content height=\"630\" medium=\"image\" type=\"image/svg+xml\" url=\"https://test.example/quay.svg\" width=\"1200\">";
            assert_eq!(feed.matches(start).count(), 2, "{is_atom} {feed}");
            assert!(feed.contains("<media:credit>Ines Vale</media:credit>"), "{feed}");
            assert!(feed.contains("<media:description>Quay Three &amp; more</media:description>"), "{feed}");
            assert!(feed.contains("<media:description>A quay</media:description>"), "{feed}");
        }
    }
}

#[test]
fn feeds_are_well_formed_whatever_stands_in_the_address_of_an_image() {
    let site = TestSite::new()
        .file("static/media/x&y.svg", "<svg width=\"1200\" height=\"630\"/>")
        .article("local/a", "2026-11-20", "image: {src: 'https://cdn.example/p.jpg?w=12&h=\"<6>', alt: A}", "Words.")
        .article("local/b", "2026-11-19", "image: {src: /media/x&y.svg, alt: 'B & <C>'}", "Words.");
    site.build();
    for path in ["feed.xml", "atom.xml", "sitemap.xml", "news-sitemap.xml"]
        .into_iter()
        .filter(|path| site.has(&format!("public/{path}")))
    {
        let text = site.published(path);
        let mut reader = quick_xml::Reader::from_str(&text);
        reader.config_mut().check_end_names = true;
        let mut addresses = Vec::new();
        loop {
            match reader.read_event().unwrap_or_else(|error| panic!("{path}: {error}\n{text}")) {
                quick_xml::events::Event::Eof => break,
                quick_xml::events::Event::Start(element) | quick_xml::events::Event::Empty(element) => {
                    for attribute in element.attributes() {
                        let attribute = attribute.unwrap_or_else(|error| panic!("{path}: {error}\n{text}"));
                        let raw = attribute.value.to_string();
                        assert!(!raw.contains('<'), "{path}: {raw}");
                        let value =
                            quick_xml::escape::unescape(&raw).unwrap_or_else(|error| panic!("{path}: {raw}: {error}"));
                        addresses.push(value.into_owned());
                    }
                }
                _ => {}
            }
        }
        if path.ends_with("feed.xml") || path == "atom.xml" {
            assert!(addresses.iter().any(|address| address == "https://test.example/media/x&y.svg"), "{addresses:?}");
        }
    }
}

/// To those who read feeds, two entries with one id are one.
#[test]
fn an_id_that_two_articles_have_is_an_error() {
    let site = TestSite::new()
        .article("local/a", "2026-11-01", "id: x1", "x")
        .article("local/b", "2026-11-02", "id: x1", "x")
        .article("local/c", "2026-11-03", "id: x2", "x")
        .article("local/d", "2026-11-03", "id: x2\ndraft: true", "x");
    let run = site.try_build(&[]);
    let told = "error content/local/b.md:4:5 content/local/a.md and content/local/b.md have the same id in feeds: `x1`";
    assert_eq!((run.code, run.diagnostics()), (1, vec![told.to_owned()]));
}

/// The images of each address of a sitemap, read as XML.
fn images(text: &str) -> Vec<(String, Vec<String>)> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(text);
    let (mut all, mut name): (Vec<(String, Vec<String>)>, _) = (Vec::new(), String::new());
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(element) => name = element.name().as_ref().to_owned(),
            Event::End(_) => name.clear(),
            Event::Text(text) if name == "loc" => all.push((text.to_string(), Vec::new())),
            Event::Text(text) if name == "image:loc" => {
                all.last_mut().expect("behind its address").1.push(text.to_string());
            }
            Event::Eof => return all,
            _ => {}
        }
    }
}

#[test]
fn the_sitemap_names_the_images_that_everybody_sees() {
    let photo = |shade: u8| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::RgbImage::from_pixel(300, 200, image::Rgb([shade, 0, 0]))
            .write_to(&mut bytes, image::ImageFormat::Png)
            .expect("encoded");
        bytes.into_inner()
    };
    let site = TestSite::new()
        .file("site.yaml", "title: T\nbase_url: https://test.example/blog\nimages: {widths: [120]}\n")
        .file("static/map.svg", "<svg width=\"3\" height=\"2\"/>")
        .file("static/talk.mp3", "x")
        .file("content/about.md", "---\ntitle: About\nimage: /map.svg\n---\n")
        .article(
            "local/a",
            "2026-11-20",
            "image: /photo.png",
            "![Map](/map.svg) ![Again](/photo.png) [sound](/talk.mp3)",
        )
        .article("local/paid", "2026-11-20", "access: subscribers\nimage: /map.svg", "![Theirs](/photo.png)")
        .article("local/none", "2026-11-20", "", "[A link](/map.svg) ![Elsewhere](https://images.example/x.png)")
        .article("local/b/index", "2026-11-20", "draft: true", "![Hidden](secret.svg)")
        .article("local/c/index", "2026-11-20", "", "![Its own](größe.svg) ![Not there](../b/secret.svg)")
        .file("content/local/b/secret.svg", "<svg width=\"3\" height=\"2\"/>")
        .file("content/local/c/größe.svg", "<svg width=\"3\" height=\"2\"/>");
    std::fs::write(site.path("static/photo.png"), photo(1)).expect("written");
    site.try_build(&[]);
    let xml = site.published("sitemap.xml");
    assert!(xml.contains("xmlns:image=\"http://www.google.com/schemas/sitemap-image/1.1\""), "{xml}");
    let listed = images(&xml);
    let on = |path: &str| {
        let found = listed.iter().find(|(url, _)| *url == format!("https://test.example/blog{path}"));
        found.unwrap_or_else(|| panic!("{path} in {listed:?}")).1.clone()
    };
    let map = "https://test.example/blog/map.svg".to_owned();
    let shown = on("/local/a/");
    assert_eq!(shown.len(), 2, "{shown:?}");
    assert!(shown[0].starts_with("https://test.example/blog/pictures/photo-"), "as the page shows it: {shown:?}");
    assert!(
        site.published("local/a/index.html").contains(shown[0].strip_prefix("https://test.example").expect("ours"))
    );
    assert_eq!(shown[1], map);
    assert_eq!((on("/about/"), on("/local/paid/")), (vec![map.clone()], vec![map]), "what is paid for is not named");
    assert_eq!(on("/local/c/"), ["https://test.example/blog/local/c/gr%C3%B6%C3%9Fe.svg"]);
    assert!(on("/local/none/").is_empty() && on("/").is_empty(), "{listed:?}");
    assert!(!xml.contains("secret"), "{xml}");
    for url in listed.iter().flat_map(|(_, images)| images) {
        let path = url.strip_prefix("https://test.example/blog/").expect("ours");
        let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        assert!(site.has(&format!("public/{path}")), "{url} exists");
    }
    site.assert_equals_clean("images");
    // Another image has another address.
    std::fs::write(site.path("static/photo.png"), photo(200)).expect("written");
    site.try_build(&[]);
    assert_ne!(site.published("sitemap.xml"), xml);
    site.assert_equals_clean("another image");
    if let Some(said) = jing("sitemap.rnc", &[site.path("public/sitemap.xml")]) {
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout));
    }
}

#[test]
fn an_article_and_its_translation_keep_their_ids_when_they_become_a_bundle() {
    let site = TestSite::new().file("site.yaml", "base_url: https://test.example\nlanguages: { en: {}, de: {} }\n");
    let guids = || {
        let read = |path: &str| rss::Channel::read_from(site.published(path).as_bytes()).expect("RSS");
        ["feed.xml", "de/feed.xml"].map(|path| read(path).items()[0].guid().expect("an id").value().to_owned())
    };
    for language in ["", ".de"] {
        site.write_article(&format!("local/one{language}"), "2026-11-20", "", "x");
    }
    site.build();
    let before = guids();
    for language in ["", ".de"] {
        site.remove(&format!("content/local/one{language}.md"));
        site.write_article(&format!("local/one/index{language}"), "2026-11-20", "", "x");
    }
    site.build();
    assert_eq!(guids(), before);
}

#[test]
fn ids_in_feeds_are_addresses_of_their_own_whatever_files_are_called() {
    let page = "---\ntitle: P\ndate: 2026-10-02\n---\nWords.\n";
    let site = TestSite::new()
        .file("site.yaml", "title: T\nbase_url: 'http://[::1]:8080'\n")
        .file("content/a/fifty 50.md", page.replace("title: P", "title: P\nslug: one"))
        .file("content/a/fifty%2050.md", page.replace("title: P", "title: P\nslug: two"))
        .file("content/a/b#c[1].md", page.replace("title: P", "title: P\nslug: three"))
        .file("content/a/given.md", page.replace("title: P", "title: P\nid: 'über <a> b'"));
    site.build();
    let mut ids: Vec<String> = atom(&site, "atom.xml").entries().iter().map(|entry| entry.id().to_owned()).collect();
    ids.sort();
    assert_eq!(
        ids,
        [
            "tag:::1,2000:a/b%23c%5B1%5D",
            "tag:::1,2000:a/fifty%2050",
            "tag:::1,2000:a/fifty%252050",
            "über%20%3Ca%3E%20b"
        ]
    );
}
