//! The head of a page: what search engines and other sites read, and sites under a path.

use crate::fixture::TestSite;
use serde_json::Value;

fn site(base: &str) -> TestSite {
    TestSite::new()
        .file(
            "site.yaml",
            format!("title: The Test\ndescription: What happens.\nbase_url: {base}\nlanguage: de-AT\ntimezone: Europe/Vienna\npublisher: {{name: Test House, url: 'https://house.example/', logo: /logo.png}}\ncards: false\n"),
        )
        .file("content/local/_index.md", "---\ntitle: Local news\ndescription: From here.\n---\n")
        .file("content/about.md", "---\ntitle: About\n---\n\nWho we are.\n")
        .file("content/authors/ann-lee.md", "---\nname: Ann Lee\nlinks: [{title: Here, url: /about/}]\n---\n\nShe writes.\n")
        .file("static/map.svg", "<svg width=\"1200\" height=\"630\"/>")
        .file("static/logo.png", "x")
        .article(
            "local/tunnel",
            "2026-10-02T09:30:00",
            "title: Ships \"&\" </script> harbours\nupdated: 2026-10-05\nauthors: [ann-lee, Bo Kern]\ntags: [ships, trade]\nsummary: 'In \"short\" & < so.'\nimage: {src: /map.svg, alt: A \"map\", caption: The way, credit: Bo}\nsource: {name: Gazette, url: 'https://gazette.example/'}\ncorrections: [{date: 2026-10-04, text: It is two.}]\nkind: analysis\naliases: [/old/]\nseries: Long",
            "See [the other](other.md), [us](/about/), ![it](/map.svg) and [there](https://there.example/).",
        )
        .article("local/other", "2026-10-01", "title: The other", "Words of the other.")
}

/// The content of a `meta` element.
fn meta(page: &str, name: &str) -> Vec<String> {
    let mark = format!("=\"{name}\" content=\"");
    page.split(&mark)
        .skip(1)
        .map(|rest| html_escape::decode_html_entities(rest.split('"').next().expect("an end")).into_owned())
        .collect()
}

fn link(page: &str, relation: &str) -> String {
    let rest = page.split(&format!("<link rel=\"{relation}\" href=\"")).nth(1).expect("a link");
    rest.split('"').next().expect("an end").to_owned()
}

/// The blocks of JSON-LD.
fn json_ld(page: &str) -> Vec<Value> {
    page.split("<script type=\"application/ld+json\">")
        .skip(1)
        .map(|rest| serde_json::from_str(rest.split("</script>").next().expect("an end")).expect("JSON"))
        .collect()
}

#[test]
fn an_article_says_what_it_is() {
    let site = site("https://test.example");
    site.build();
    let page = site.published("local/tunnel/index.html");
    assert_eq!(link(&page, "canonical"), "https://test.example/local/tunnel/");
    for (name, expected) in [
        ("description", "In \"short\" & < so."),
        ("og:type", "article"),
        ("og:site_name", "The Test"),
        ("og:title", "Ships \"&\" </script> harbours"),
        ("og:description", "In \"short\" & < so."),
        ("og:url", "https://test.example/local/tunnel/"),
        ("og:locale", "de_AT"),
        // No network shows an SVG.
        ("og:image", "https://test.example/logo.png"),
        ("og:image:alt", "Test House"),
        ("twitter:card", "summary"),
        ("article:published_time", "2026-10-02T09:30:00+02:00"),
        ("article:modified_time", "2026-10-05T00:00:00+02:00"),
        ("article:section", "Local news"),
    ] {
        assert_eq!(meta(&page, name), [expected], "{name}");
    }
    assert_eq!(meta(&page, "article:tag"), ["ships", "trade"]);
    assert!(page.contains("<title>Ships \"&amp;\" &lt;/script&gt; harbours | The Test</title>"), "{page}");
    assert!(page.contains("<html lang=\"de-AT\""));
}

#[test]
fn the_json_ld_of_an_article_has_what_search_engines_need() {
    let site = site("https://test.example");
    site.build();
    let blocks = json_ld(&site.published("local/tunnel/index.html"));
    let article = blocks.iter().find(|one| one["@type"] == "AnalysisNewsArticle").expect("an article");
    assert_eq!(article["@context"], "https://schema.org");
    assert_eq!(article["headline"], "Ships \"&\" </script> harbours");
    assert_eq!(article["datePublished"], "2026-10-02T09:30:00+02:00");
    assert_eq!(article["dateModified"], "2026-10-05T00:00:00+02:00");
    assert_eq!(article["url"], "https://test.example/local/tunnel/");
    assert_eq!(article.get("mainEntityOfPage"), None, "the page itself");
    assert_eq!(article["inLanguage"], "de-AT");
    assert_eq!(article["articleSection"], "Local news");
    assert_eq!(article["keywords"], serde_json::json!(["ships", "trade"]));
    let image = &article["image"][0];
    assert_eq!((&image["@type"], &image["url"]), (&"ImageObject".into(), &"https://test.example/map.svg".into()));
    assert_eq!((&image["width"], &image["height"]), (&1200.into(), &630.into()));
    let author = &article["author"][0];
    assert_eq!((&author["@type"], &author["name"]), (&"Person".into(), &"Ann Lee".into()));
    assert_eq!(author["url"], "https://test.example/authors/ann-lee/");
    assert_eq!(article["author"][1]["name"], "Bo Kern");
    assert_eq!(article["publisher"]["name"], "Test House");
    assert_eq!(article["publisher"]["logo"]["url"], "https://test.example/logo.png");
    assert_eq!(article["isBasedOn"][0]["url"], "https://gazette.example/");
    assert_eq!(article["correction"][0]["text"], "It is two.");
}

#[test]
fn the_breadcrumbs_lead_from_the_front_page_to_the_article() {
    let site = site("https://test.example");
    site.build();
    let blocks = json_ld(&site.published("local/tunnel/index.html"));
    let crumbs = blocks.iter().find(|one| one["@type"] == "BreadcrumbList").expect("breadcrumbs");
    let items: Vec<(u64, &str, &str)> = crumbs["itemListElement"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            assert_eq!(one["@type"], "ListItem");
            let text = |key: &str| one[key].as_str().expect("text");
            (one["position"].as_u64().expect("a number"), text("name"), one["item"].as_str().unwrap_or_default())
        })
        .collect();
    assert_eq!(
        items,
        [
            (1, "The Test", "https://test.example/"),
            (2, "Local news", "https://test.example/local/"),
            (3, "Ships \"&\" </script> harbours", ""),
        ]
    );
}

#[test]
fn an_article_without_author_or_image_is_still_complete() {
    let site = site("https://test.example");
    site.build();
    let page = site.published("local/other/index.html");
    let blocks = json_ld(&page);
    let article = blocks.iter().find(|one| one["@type"] == "ReportageNewsArticle").expect("an article");
    assert_eq!(article["author"][0]["name"], "Test House");
    assert_eq!(article["dateModified"], article["datePublished"]);
    assert_eq!(article["description"], "Words of the other.");
    assert!(article.get("image").is_none());
    assert_eq!(meta(&page, "og:image"), ["https://test.example/logo.png"]);
    assert_eq!(meta(&page, "twitter:card"), ["summary"]);
    assert!(meta(&page, "article:modified_time").is_empty(), "nothing was changed");
}

#[test]
fn other_pages_say_what_they_are() {
    let site = site("https://test.example");
    site.build();
    let kind = |path: &str| json_ld(&site.published(path)).first().map(|one| one["@type"].clone());
    assert_eq!(kind("index.html"), Some("WebSite".into()));
    assert_eq!(kind("about/index.html"), Some("WebPage".into()));
    assert_eq!(kind("authors/ann-lee/index.html"), Some("ProfilePage".into()));
    for (path, canonical, title) in [
        ("index.html", "https://test.example/", "The Test"),
        ("about/index.html", "https://test.example/about/", "About | The Test"),
        ("local/index.html", "https://test.example/local/", "Local news | The Test"),
        ("tags/ships/index.html", "https://test.example/tags/ships/", "ships | The Test"),
        ("2026/10/index.html", "https://test.example/2026/10/", "Oktober 2026 | The Test"),
        ("archive/index.html", "https://test.example/archive/", "Archiv | The Test"),
    ] {
        let page = site.published(path);
        assert_eq!(link(&page, "canonical"), canonical);
        assert!(page.contains(&format!("<title>{title}</title>")), "{path}: {page}");
        assert_eq!(page.matches("<h1").count(), 1, "{path}");
    }
    let missing = site.published("404.html");
    assert!(missing.contains("noindex") && !missing.contains("canonical"));
    assert!(missing.contains("<title>Seite nicht gefunden | The Test</title>"));
}

#[test]
fn no_text_of_an_article_can_end_an_element() {
    let site = site("https://test.example");
    site.build();
    for (path, bytes) in site.output().iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = String::from_utf8_lossy(bytes);
        assert!(!page.contains("</script> harbours"), "{path}");
        assert!(!page.contains("& < so"), "{path}");
        assert_eq!(page.matches("<script").count(), page.matches("</script>").count(), "{path}");
    }
}

/// Every address in a page: of links, media, forms, redirects.
fn references(page: &str) -> Vec<String> {
    let mut all = Vec::new();
    for mark in
        [" href=\"", " src=\"", " action=\"", "; url=", " data-fragment=\"", " srcset=\"", " poster=\"", "virtual=\""]
    {
        all.extend(page.split(mark).skip(1).map(|rest| rest.split(['"', ' ']).next().expect("an end").to_owned()));
    }
    all
}

#[test]
fn a_site_under_a_path_stays_there() {
    for mode in ["inline", "client", "ssi"] {
        let site = site("https://host.example/blog/");
        let settings = site.read("site.yaml");
        site.write(
            "site.yaml",
            format!("{settings}page_size: 1\nfragments: {{latest: {mode}}}\ncomments: {{action: /replies/}}\nmenu: [{{title: Home, url: /}}, {{title: Local, url: /local/}}]\n"),
        );
        let run = site.build();
        assert_eq!(run.number("warnings"), 0, "{:?}", run.diagnostics());
        let output = site.output();
        assert!(!output.keys().any(|path| path.starts_with("blog")), "the server knows the path");
        let mut seen = 0;
        for (path, bytes) in output.iter().filter(|(path, _)| path.ends_with(".html")) {
            let page = String::from_utf8_lossy(bytes);
            for address in references(&page) {
                let inside = match address.strip_prefix("https://host.example") {
                    Some(path) => path,
                    None => &address,
                };
                if inside.starts_with('#') || inside.starts_with("https://") || inside.starts_with("data:") {
                    continue;
                }
                seen += 1;
                let Some(relative) = inside.strip_prefix("/blog/") else {
                    panic!("{path} leads out of the site: {address} ({mode})");
                };
                let file = relative.split(['#', '?']).next().expect("a path");
                let file =
                    if file.is_empty() || file.ends_with('/') { format!("{file}index.html") } else { file.into() };
                if !file.starts_with("replies/") {
                    assert!(output.contains_key(&file), "{path} leads to {address}, which is not there ({mode})");
                }
            }
        }
        assert!(seen > 100, "{seen}");
        let page = site.published("local/tunnel/index.html");
        assert_eq!(link(&page, "canonical"), "https://host.example/blog/local/tunnel/");
        assert!(page.contains("href=\"/blog/local/other/\">the other</a>"));
        for path in ["feed.xml", "atom.xml", "feed.json", "sitemap.xml", "robots.txt"] {
            let text = site.published(path);
            for part in text.split("https://host.example").skip(1) {
                assert!(part.starts_with("/blog/"), "{path}: {}", &part[..part.len().min(60)]);
            }
            assert!(text.contains("https://host.example/blog/"), "{path}");
        }
        assert!(site.published("old/index.html").contains("url=/blog/local/tunnel/"));
    }
}

#[test]
fn the_address_of_the_site_can_be_given_to_the_build() {
    let site = site("https://test.example");
    assert_eq!(site.try_build(&["--base-url", "https://preview.example/pr-7"]).code, 0);
    let page = site.published("local/tunnel/index.html");
    assert_eq!(link(&page, "canonical"), "https://preview.example/pr-7/local/tunnel/");
    assert!(!page.contains("https://test.example"));
}

#[test]
fn a_manifest_and_an_icon_of_ones_own_are_linked() {
    let site = TestSite::new().article("local/x", "2026-01-01", "", "x");
    site.write("static/app.webmanifest", "{}");
    site.write("static/icon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    site.build();
    assert!(!site.published("index.html").contains("rel=\"manifest\""));
    let settings = "theme_settings: { icon: /icon.svg, manifest: /app.webmanifest }";
    site.write("site.yaml", format!("base_url: https://test.example/blog\n{settings}\n"));
    site.build();
    for page in ["index.html", "local/x/index.html", "404.html"] {
        let page = site.published(page);
        assert_eq!(
            (link(&page, "manifest"), link(&page, "icon")),
            ("/blog/app.webmanifest".into(), "/blog/icon.svg".into())
        );
    }
    site.write("site.yaml", "theme_settings: { manifest: /gone.webmanifest }\n");
    assert_eq!(site.try_build(&[]).code, 1, "as of all files that a setting names");
}

#[test]
fn an_article_names_the_accounts_of_its_authors() {
    let site = TestSite::new()
        .file("content/authors/ann-lee.md", "---\nname: Ann Lee\nfediverse: \"@ann@social.example\"\n---\n")
        .file("content/authors/bo.md", "---\nname: Bo Kern\nmastodon: https://news.example/@bo/\n---\n")
        .file("content/authors/cy.md", "---\nname: Cy\nfediverse: cy@social.example\ndraft: true\n---\n")
        .article("local/a", "2026-10-02", "authors: [bo, Ann Lee, cy, Dee]", "x")
        .article("local/b", "2026-10-02", "authors: [Dee]", "x");
    site.build();
    let page = site.published("local/a/index.html");
    assert_eq!(meta(&page, "fediverse:creator"), ["@bo@news.example", "@ann@social.example"], "a profile that is seen");
    assert!(meta(&site.published("local/b/index.html"), "fediverse:creator").is_empty());
    assert!(meta(&site.published("index.html"), "fediverse:creator").is_empty());
    site.write("content/authors/bo.md", "---\nname: Bo Kern\nfediverse: bo\n---\n");
    let run = site.try_build(&[]);
    assert!(run.code == 1 && run.stdout.contains("is not an account in the Fediverse"), "{}", run.stdout);
    assert!(run.hints().join("").contains("@name@host.example"), "{}", run.stdout);
}

#[test]
fn structured_data_has_the_words_of_a_caption_and_not_its_markup() {
    let image = "image: {src: 'https://cdn.example/p.jpg', alt: A quay, caption: 'The *old* quay', credit: '[Ann Vale](https://ann.example/)'}";
    let site = TestSite::new().article("local/a", "2026-11-20", image, "Words.");
    site.build();
    let page = site.published("local/a/index.html");
    assert!(page.contains("\"caption\":\"The old quay\",\"creditText\":\"Ann Vale\""), "{page}");
}

#[test]
fn a_canonical_address_of_another_site_is_encoded() {
    let site = TestSite::new().article("local/a", "2026-01-02", "canonical: https://other.example/größe/", "Words.");
    site.build();
    let page = site.published("local/a/index.html");
    let head = page.split("</head>").next().unwrap_or_default();
    assert!(head.contains("https://other.example/gr%C3%B6%C3%9Fe/") && !head.contains("other.example/größe"), "{head}");
}
