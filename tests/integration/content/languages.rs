//! A site in several languages: addresses, listings, feeds, what leads from one to the other, and what must not.

use std::collections::{BTreeMap, BTreeSet};

use crate::fixture::TestSite;
use crate::fixture::sites::sample;

const SETTINGS: &str = "title: The Test\nbase_url: https://test.example\nlanguage: en\nlanguages:\n  en: {}\n  de: { title: Der Test, description: Nachrichten., menu: [{ title: Hier, url: /local/ }] }\n  ar: { title: الاختبار }\n";

fn site() -> TestSite {
    TestSite::new()
        .file("site.yaml", SETTINGS)
        .file("content/local/_index.md", "---\ntitle: Local news\norder: 1\n---\n")
        .file(
            "content/local/_index.de.md",
            "---\ntitle: Aus der Stadt\ndescription: Was hier geschieht.\n---\n\nEinleitung.\n",
        )
        .file("content/about.md", "---\ntitle: About\n---\n\nWho we are.\n")
        .file("content/about.de.md", "---\ntitle: Über uns\n---\n\nWer wir sind.\n")
        .file("content/authors/ann.md", "---\nname: Ann Lee\nrole: Editor\n---\n\nShe writes.\n")
        .article(
            "local/tunnel",
            "2026-11-20",
            "title: The tunnel opens\ntags: [harbour]\nauthors: [ann]",
            "See [the ferry](ferry.md).",
        )
        .article(
            "local/tunnel.de",
            "2026-11-21",
            "title: Der Tunnel ist auf\ntags: [harbour, Brücken]\nauthors: [ann]",
            "Siehe [die Fähre](ferry.md) und [das Original](tunnel.md).",
        )
        .article("local/ferry", "2026-11-19", "title: The night ferry\ntags: [harbour]", "Words.")
        .article("world/canal", "2026-11-18", "title: The canal", "Words.")
        .article("world/canal.ar", "2026-11-18", "title: القناة", "كلمات.")
}

/// The values of an attribute in the elements of a page that contain some text.
fn values(page: &str, element: &str, attribute: &str) -> Vec<String> {
    page.split('<')
        .filter(|part| part.contains(element))
        .filter_map(|part| Some(part.split(&format!("{attribute}=\"")).nth(1)?.split('"').next()?.to_owned()))
        .collect()
}

/// The languages of a page and their addresses.
fn alternates(page: &str) -> BTreeMap<String, String> {
    let links: Vec<&str> = page.split("<link ").filter(|link| link.starts_with("rel=\"alternate\" hreflang")).collect();
    let value = |link: &str, name: &str| {
        link.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).expect("there").to_owned()
    };
    links.into_iter().map(|link| (value(link, "hreflang"), value(link, "href"))).collect()
}

#[test]
fn each_language_has_its_addresses_listings_and_feeds() {
    let site = site();
    site.build();
    for file in [
        "local/tunnel/index.html",
        "de/local/tunnel/index.html",
        "ar/world/canal/index.html",
        "de/index.html",
        "de/local/index.html",
        "de/about/index.html",
        "de/authors/ann/index.html",
        "de/tags/brucken/index.html",
        "de/tags/harbour/feed.xml",
        "de/2026/11/index.html",
        "de/archive/index.html",
        "de/feed.xml",
        "de/404.html",
        "404.html",
    ] {
        assert!(site.has(&format!("public/{file}")), "{file}");
    }
    for file in [
        "de/local/ferry/index.html",
        "de/world/index.html",
        "ar/local/index.html",
        "ar/about/index.html",
        "tags/brucken/index.html",
    ] {
        assert!(!site.has(&format!("public/{file}")), "{file}");
    }
    let german = site.published("de/index.html");
    assert!(german.contains("<html lang=\"de\"") && german.contains("<title>Der Test</title>"));
    assert!(german.contains("Der Tunnel ist auf") && !german.contains("The tunnel opens") && !german.contains("ferry"));
    let english = site.published("index.html");
    assert!(english.contains("The tunnel opens") && !english.contains("Der Tunnel"));
    let section = site.published("de/local/index.html");
    assert!(section.contains("Aus der Stadt") && section.contains("Was hier geschieht."));
    assert!(site.published("local/index.html").contains("Local news"));
    let feed = site.published("de/feed.xml");
    assert!(feed.contains("<language>de</language>") && feed.contains("<title>Der Test</title>"));
    assert!(feed.contains("Der Tunnel") && !feed.contains("The tunnel"));
    // The menu leads on in the language.
    assert_eq!(values(&german, "a href=\"/de/local/\">Hier", "href").len(), 2, "in the header and the footer");
    site.assert_equals_clean("the first build");
}

#[test]
fn links_go_on_in_the_language_of_the_reader() {
    let site = site();
    site.build();
    let german = site.published("de/local/tunnel/index.html");
    assert!(german.contains("<a href=\"/local/ferry/\">die Fähre</a>"), "there is no translation of it");
    assert!(
        german.contains("<a href=\"/local/tunnel/\">das Original</a>"),
        "a link to the same text is one to the original"
    );
    site.write_article("local/ferry.de", "2026-11-22", "title: Die Nachtfähre", "Worte.");
    let run = site.build();
    assert!(run.rendered().contains("de/local/tunnel/"));
    assert!(site.published("de/local/tunnel/index.html").contains("<a href=\"/de/local/ferry/\">die Fähre</a>"));
    assert!(site.published("local/tunnel/index.html").contains("<a href=\"/local/ferry/\">the ferry</a>"));
    site.assert_equals_clean("a translation");
}

#[test]
fn pages_name_their_versions_and_themselves() {
    let site = site();
    site.build();
    let expected: BTreeMap<String, String> = [
        ("de", "https://test.example/de/local/tunnel/"),
        ("en", "https://test.example/local/tunnel/"),
        ("x-default", "https://test.example/local/tunnel/"),
    ]
    .map(|(tag, url)| (tag.to_owned(), url.to_owned()))
    .into();
    for path in ["local/tunnel", "de/local/tunnel"] {
        let page = site.published(&format!("{path}/index.html"));
        assert_eq!(alternates(&page), expected, "{path}");
    }
    assert_eq!(alternates(&site.published("local/ferry/index.html")), BTreeMap::new());
    assert_eq!(alternates(&site.published("index.html")).len(), 4, "three languages and the one for all others");
    assert_eq!(alternates(&site.published("tags/harbour/index.html")).len(), 3);
    assert_eq!(alternates(&site.published("de/tags/brucken/index.html")), BTreeMap::new());
    assert_eq!(alternates(&site.published("about/index.html")).len(), 3);
    let german = site.published("de/local/tunnel/index.html");
    assert!(german.contains("<meta property=\"og:locale\" content=\"de\">"));
    assert!(german.contains("<meta property=\"og:locale:alternate\" content=\"en\">"));
    assert!(german.contains("\"inLanguage\":\"de\""));
    let sitemap = site.published("sitemap.xml");
    assert!(sitemap.contains("xmlns:xhtml=\"http://www.w3.org/1999/xhtml\""));
    let entry = sitemap.split("<url>").find(|entry| entry.contains("<loc>https://test.example/de/local/tunnel/</loc>"));
    let entry = entry.expect("listed");
    for (tag, url) in &expected {
        assert!(
            entry.contains(&format!("<xhtml:link rel=\"alternate\" hreflang=\"{tag}\" href=\"{url}\"/>")),
            "{entry}"
        );
    }
    let news = site.published("news-sitemap.xml");
    assert!(!news.contains("local/tunnel"), "two days are over");
}

#[test]
fn the_news_sitemap_has_the_language_of_each_article() {
    let site = site().at("2026-11-22T00:00:00Z");
    site.build();
    let news = site.published("news-sitemap.xml");
    let entry = news.split("<url>").find(|entry| entry.contains("/de/local/tunnel/")).expect("new");
    assert!(entry.contains("<news:name>Der Test</news:name>") && entry.contains("<news:language>de</news:language>"));
}

#[test]
fn the_switch_leads_to_the_same_page_or_else_to_the_front_page() {
    let site = site();
    site.build();
    let page = site.published("de/local/tunnel/index.html");
    let nav =
        page.split("<nav class=\"languages").nth(1).and_then(|rest| rest.split("</nav>").next()).expect("a switch");
    assert!(nav.contains("href=\"/local/tunnel/\" lang=\"en\" hreflang=\"en\""), "{nav}");
    assert!(nav.contains("href=\"/de/local/tunnel/\" lang=\"de\" hreflang=\"de\" aria-current=\"true\""), "{nav}");
    assert!(nav.contains("href=\"/ar/\" lang=\"ar\" hreflang=\"ar\""), "{nav}");
    let search = site.published("de/search/index.html");
    assert!(search.contains("href=\"/search/\" lang=\"en\"") && alternates(&search).is_empty());
    let one = TestSite::new().article("local/a", "2026-11-20", "", "Words.");
    one.build();
    assert!(!one.published("local/a/index.html").contains("class=\"languages"));
}

/// Every page that names another one as its version is named by it, with the same addresses.
fn assert_reciprocal(site: &TestSite, origin: &str) {
    let pages: BTreeMap<String, BTreeMap<String, String>> = site
        .output()
        .iter()
        .filter(|(path, _)| path.ends_with("index.html"))
        .map(|(path, bytes)| {
            let url = format!("{origin}/{}", path.trim_end_matches("index.html"));
            (url, alternates(&String::from_utf8_lossy(bytes)))
        })
        .collect();
    for (url, versions) in &pages {
        assert!(versions.is_empty() || versions.values().any(|other| other == url), "{url} does not name itself");
        for other in versions.values() {
            assert_eq!(pages.get(other), Some(versions), "{url} and {other}");
        }
    }
    assert!(pages.values().any(|versions| !versions.is_empty()));
}

#[test]
fn versions_name_each_other() {
    let site = site();
    site.build();
    assert_reciprocal(&site, "https://test.example");
}

#[test]
fn what_search_engines_are_not_to_list_is_no_version_for_them() {
    let site = TestSite::new()
        .file("site.yaml", "title: T\nbase_url: https://t.example\nlanguages: { en: {}, de: {}, fr: {} }\n")
        .article("local/a", "2026-11-22", "", "A")
        .article("local/a.de", "2026-11-22", "title: B\nnoindex: true", "A")
        .article("local/a.fr", "2026-11-22", "title: C", "A")
        .file("content/about.md", "---\ntitle: About\n---\nA\n")
        .file("content/about.de.md", "---\ntitle: Von uns\nnoindex: true\n---\nA\n");
    site.build();
    let hidden = "https://t.example/de/local/a/";
    let sitemap = site.published("sitemap.xml");
    for address in [hidden, "https://t.example/de/about/"] {
        assert!(!sitemap.contains(address), "{sitemap}");
    }
    let page = site.published("local/a/index.html");
    assert!(page.contains("hreflang=\"fr\" href=\"https://t.example/fr/local/a/\""), "{page}");
    assert!(!page.contains(&format!("hreflang=\"de\" href=\"{hidden}\"")), "{page}");
    // Readers find it all the same.
    assert!(page.contains("href=\"/de/local/a/\""), "{page}");
}

#[test]
fn the_editions_of_the_sample_site_name_each_other() {
    let site = sample();
    site.build();
    assert_reciprocal(&site, "https://harbour-courier.example");
    let sitemap = site.published("sitemap.xml");
    assert!(sitemap.contains("hreflang=\"ar\" href=\"https://harbour-courier.example/ar/world/kessan-canal/\""));
}

#[test]
fn a_withheld_translation_leads_nowhere() {
    let mut site = site();
    site.write_article(
        "local/tunnel.de",
        "2026-11-26",
        "title: Der geheime Tunnel ist auf\ntags: [harbour]",
        "Geheim.",
    );
    site.write_article("world/canal.ar", "2026-11-18", "title: القناة السرية الجديدة\ndraft: true", "سر.");
    site.build();
    for (path, bytes) in site.output() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            !text.contains("/de/local/tunnel/") && !text.contains("geheime") && !text.contains("/ar/world/"),
            "{path}"
        );
    }
    let page = site.published("local/tunnel/index.html");
    assert_eq!(alternates(&page), BTreeMap::new());
    assert!(page.contains("href=\"/de/\" lang=\"de\""), "the switch leads to the front page");
    // The other way round: the original is withheld, its translation is not.
    site.set_now("2026-11-27T00:00:00Z");
    site.write_article("local/tunnel", "2026-11-30", "title: The secret tunnel opens", "Secret.");
    site.build();
    for (path, bytes) in site.output() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("secret tunnel") && !text.contains("\"/local/tunnel/\""), "{path}");
    }
    let german = site.published("de/local/tunnel/index.html");
    assert_eq!(alternates(&german), BTreeMap::new());
    site.assert_equals_clean("the moments have passed");
    site.set_now("2026-12-01T00:00:00Z");
    site.build();
    assert_eq!(alternates(&site.published("de/local/tunnel/index.html")).len(), 3);
    assert_reciprocal(&site, "https://test.example");
    site.assert_equals_clean("both are there");
}

#[test]
fn a_translation_renders_its_versions_and_the_listings_of_its_language() {
    let site = site();
    site.build();
    site.write_article("local/ferry.ar", "2026-11-17", "title: العبارة\nsummary: قصير.", "كلمات.");
    let run = site.build();
    let expected = [
        // Itself and its original.
        "ar/local/ferry/",
        "local/ferry/",
        // Its neighbour.
        "ar/world/canal/",
        // The listings of its language.
        "ar/",
        "ar/local/",
        "ar/2026/11/",
        "ar/2026/",
        "ar/archive/",
        // Their feeds.
        "ar/feed.xml",
        "ar/atom.xml",
        "ar/feed.json",
        "ar/local/feed.xml",
        // The section has a version more.
        "local/",
        "de/local/",
        // The sections of its language have become two: the menu of all its pages, and the Latest Posts.
        "ar/404.html",
        "ar/world/",
        "ar/search/",
        "sitemap.xml",
    ];
    let expected: BTreeSet<String> = expected.into_iter().map(str::to_owned).collect();
    assert_eq!(run.rendered(), expected);
    site.assert_equals_clean("a translation");
    assert_eq!(site.build().number("rendered"), 0);
}

#[test]
fn images_of_a_bundle_belong_to_all_its_languages() {
    let mut site = site();
    let front = "image: {src: own.svg, alt: A}\nsummary: In short.";
    site.write("content/local/bundle/own.svg", "<svg width=\"3\" height=\"2\"/>");
    site.write_article(
        "local/bundle/index",
        "2026-11-25",
        &format!("title: The whole bundle opens\n{front}"),
        "![A](own.svg)",
    );
    site.write_article("local/bundle/index.de", "2026-11-20", &format!("title: Das Bündel\n{front}"), "![A](own.svg)");
    site.build();
    assert!(site.published("de/local/bundle/index.html").contains("<img src=\"/de/local/bundle/own.svg\""));
    assert!(site.has("public/de/local/bundle/own.svg") && !site.has("public/local/bundle"));
    site.assert_equals_clean("the original is withheld");
    site.set_now("2026-11-26T00:00:00Z");
    site.build();
    for path in ["local/bundle", "de/local/bundle"] {
        let page = site.published(&format!("{path}/index.html"));
        assert!(
            page.contains("<img src=\"/local/bundle/own.svg\"") && !page.contains("/de/local/bundle/own.svg"),
            "{path}"
        );
    }
    assert!(site.has("public/local/bundle/own.svg") && !site.has("public/de/local/bundle/own.svg"));
    site.assert_equals_clean("the original is there");
}

#[test]
fn only_declared_languages_are_in_file_names() {
    let site = TestSite::new()
        .file("site.yaml", SETTINGS)
        .article("local/release.v2", "2026-11-20", "", "Words.")
        .article("local/deutsch", "2026-11-20", "title: Deutsch\nlanguage: de", "Worte.");
    site.build();
    assert!(site.has("public/local/release-v2/index.html") || site.has("public/local/release.v2/index.html"));
    assert!(site.has("public/de/local/deutsch/index.html"));
    // Without languages a tag means nothing, and the key belongs to the owner.
    site.write("site.yaml", "title: The Test\nbase_url: https://test.example\n");
    site.build();
    assert!(site.has("public/local/deutsch/index.html"));
    site.assert_equals_clean("no languages");
}

#[test]
fn comments_belong_to_one_language() {
    let site = site()
        .file("content/local/tunnel.comments.yaml", "- {name: Reader, text: Well said.}\n")
        .file("content/local/tunnel.de.comments.yaml", "- {name: Leserin, text: Gut gesagt.}\n");
    site.build();
    let (english, german) = (site.published("local/tunnel/index.html"), site.published("de/local/tunnel/index.html"));
    assert!(english.contains("Well said.") && !english.contains("Gut gesagt."));
    assert!(german.contains("Gut gesagt.") && !german.contains("Well said."));
}

#[test]
fn the_way_to_the_front_page_when_all_languages_have_a_prefix() {
    let site = site();
    site.write("site.yaml", SETTINGS.replace("en: {}", "en: { prefix: en }"));
    site.build();
    assert!(site.published("index.html").contains("url=/en/\""));
    assert!(
        site.has("public/en/local/tunnel/index.html") && site.has("public/404.html") && site.has("public/robots.txt")
    );
    assert!(!site.has("public/local"));
    let front = site.published("en/index.html");
    assert_eq!(alternates(&front)["x-default"], "https://test.example/en/");
    assert!(front.contains("href=\"/en/archive/\""), "the theme's own links go on in the language");
    site.assert_equals_clean("prefixes");
}

#[test]
fn paths_of_the_publisher_have_the_folder_of_the_sites_own_language_where_the_page_has_it() {
    let settings = SETTINGS.replace("en: {}", "en: { prefix: en }");
    let site = site();
    site.write("site.yaml", format!("{settings}publisher: {{name: P, url: /who/#team, masthead: /house/}}\n"));
    site.write("static/house/index.html", "<p>House</p>");
    let told = |site: &TestSite| site.build().diagnostics().into_iter().filter(|one| one.contains("site.yaml")).count();
    let has = |site: &TestSite, path: &str| {
        let [front, article] = ["en/index.html", "en/local/tunnel/index.html"].map(|page| site.published(page));
        assert!(front.contains("https://test.example/house/"), "{front}");
        [front, article].iter().all(|page| page.contains(&format!("https://test.example{path}")))
    };
    assert_eq!(told(&site), 1);
    site.write("content/who.md", "---\ntitle: Who\n---\n\n## Team {#team}\n");
    assert_eq!(told(&site), 0);
    assert!(has(&site, "/en/who/#team"));
    site.assert_equals_clean("the page comes");
    site.remove("content/who.md");
    assert_eq!(told(&site), 1);
    assert!(has(&site, "/who/#team"));
    site.assert_equals_clean("the page goes");
}

#[test]
fn wrong_languages_are_errors_that_say_what_to_do() {
    for (languages, message) in [
        ("languages: {de: {}}", "`languages` does not have the site's own language `en`"),
        ("languages: {en: {}, deutsch: {}}", "`deutsch` is not the tag of a language"),
        (
            "languages: {en: {}, de: {prefix: x}, fr: {prefix: /x/}}",
            "the languages `de` and `fr` have the same prefix `/x/`",
        ),
        ("languages: {en: {}, de: {prefix: ../x}}", "the prefix of the language `de` is a path that leaves its folder"),
        ("languages: {en: {}, de: {titel: x}}", "unknown key `titel`"),
    ] {
        let site = TestSite::new().file("site.yaml", format!("base_url: https://test.example\n{languages}\n"));
        let run = site.try_build(&[]);
        assert_eq!(run.code, 1, "{languages}");
        let said = run.diagnostics();
        assert!(said.iter().any(|one| one.contains(message)), "{said:?}");
    }
    let site = site().article("de/posts/story", "2026-11-20", "", "Words.");
    let run = site.try_build(&[]);
    let said = run.diagnostics();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("error content/de/posts/story.md:"), "{said:?}");
    assert!(said[0].contains("the front page in the language `de`") && said[0].contains("want the address /de/"));
    assert!(run.hints()[0].contains("name the file `content/posts/story.de.md`"), "{:?}", run.hints());
    site.remove("content/de");
    site.write_article("local/odd.de", "2026-11-20", "language: ar", "Words.");
    site.write_article("local/odder", "2026-11-20", "language: fr", "Words.");
    let said = site.try_build(&[]).diagnostics();
    assert!(said.iter().any(|one| one.contains("odd.de.md:4") && one.contains("the file name says `de`")), "{said:?}");
    assert!(
        said.iter().any(|one| one.contains("odder.md:4") && one.contains("the site has no language `fr`")),
        "{said:?}"
    );
}

#[test]
fn dates_numbers_and_words_are_those_of_the_reader() {
    let article = |language: &str| {
        let site = TestSite::new()
            .file("site.yaml", format!("base_url: https://t.example\nlanguage: {language}\ntimezone: Europe/Berlin\n"))
            .article("local/a", "2026-03-05T14:05:00+01:00", "authors: [Ann, Ben, Eva]\ncorrections: [One.]", "Words.");
        site.build();
        (site.published("local/a/index.html"), site.published("2026/03/index.html"))
    };
    for (language, html, date, byline, month, word) in [
        ("en", "lang=\"en\" dir=\"ltr\"", "5 Mar 2026, 14:05", "Ann, Ben and Eva", "March 2026", "Skip to content"),
        ("de-AT", "lang=\"de-AT\" dir=\"ltr\"", "05.03.2026, 14:05", "Ann, Ben und Eva", "März 2026", "Korrektur"),
        ("fr", "lang=\"fr\" dir=\"ltr\"", "5 mars 2026, 14:05", "Ann, Ben et Eva", "mars 2026", "Rectificatif"),
        ("es", "lang=\"es\" dir=\"ltr\"", "5 mar 2026, 14:05", "Ann, Ben y Eva", "marzo de 2026", "Fe de errores"),
        ("ja", "lang=\"ja\" dir=\"ltr\"", "2026/03/05 14:05", "Ann、Ben、Eva", "2026年3月", "訂正"),
        ("ar", "lang=\"ar\" dir=\"rtl\"", "05‏/03‏/2026، 2:05", "Ann وBen وEva", "مارس 2026", "تصويب"),
    ] {
        let (page, archive) = article(language);
        let words: String = page.split('<').filter_map(|part| Some(part.split_once('>')?.1)).collect();
        for part in [html, date, byline, word] {
            assert!(page.contains(part) || words.contains(part), "{language}: no {part} in {page}");
        }
        assert!(archive.contains(&format!("<h1>{month}</h1>")), "{language}: {archive}");
    }
}

/// The texts of a file.
fn texts(language: &str) -> BTreeMap<String, serde_json::Value> {
    let path = format!("{}/themes/broadsheet/i18n/{language}.yaml", env!("CARGO_MANIFEST_DIR"));
    courant::yaml::from_str(&std::fs::read_to_string(path).expect("there")).expect("YAML")
}

/// What a text fills in, in all its forms.
fn placeholders(value: &serde_json::Value) -> BTreeSet<String> {
    let of = |text: &str| -> Vec<String> {
        text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned())).collect()
    };
    match value {
        serde_json::Value::Object(forms) => forms.values().filter_map(|form| form.as_str()).flat_map(of).collect(),
        other => other.as_str().into_iter().flat_map(of).collect(),
    }
}

#[test]
fn the_theme_says_everything_in_all_its_languages() {
    let english = texts("en");
    let categories = |language: &str| {
        courant::locale::plural_rules(language)
            .categories()
            .map(|category| format!("{category:?}").to_lowercase())
            .collect::<BTreeSet<_>>()
    };
    for language in ["de", "fr", "es", "ar", "ja"] {
        let own = texts(language);
        let missing: Vec<&String> = english.keys().filter(|key| !own.contains_key(*key)).collect();
        let extra: Vec<&String> = own.keys().filter(|key| !english.contains_key(*key)).collect();
        assert!(missing.is_empty() && extra.is_empty(), "{language}: missing {missing:?}, too many {extra:?}");
        for (key, text) in &own {
            assert_eq!(placeholders(text), placeholders(&english[key]), "{language}: {key}");
            if let serde_json::Value::Object(forms) = text {
                let named: BTreeSet<String> = forms.keys().cloned().collect();
                assert_eq!(named, categories(language), "{language}: {key} has a form for each category");
            } else {
                assert!(text.as_str().is_some_and(|text| !text.trim().is_empty()), "{language}: {key}");
            }
        }
    }
}

#[test]
fn a_setting_of_the_theme_may_be_another_one_in_a_language() {
    let site = site();
    let settings = SETTINGS.replace("de: {", "de: { theme_settings: { tagline: Jeden Tag }, ");
    site.write("site.yaml", settings + "theme_settings: { tagline: Every day }\n");
    site.build();
    let (english, german) = (site.published("index.html"), site.published("de/index.html"));
    assert!(english.contains(">Every day<") && !english.contains("Jeden Tag"));
    assert!(german.contains(">Jeden Tag<") && !german.contains("Every day"));
}

#[test]
fn a_text_of_the_site_takes_the_place_of_one_of_the_theme() {
    let site = TestSite::new()
        .file("site.yaml", "base_url: https://t.example\nlanguage: de\n")
        .file("themes/broadsheet/i18n/de.yaml", "latest_posts: Frisch gedruckt\n")
        .article("local/a", "2026-11-20", "", "Words.");
    site.build();
    let page = site.published("local/a/index.html");
    assert!(page.contains("Frisch gedruckt") && page.contains("Zum Inhalt springen"), "the others stay German");
    site.write("themes/broadsheet/i18n/de.yaml", "live_new: {one: eine, few: mehrere}\n");
    let said = site.try_build(&[]).diagnostics();
    assert!(
        said.iter().any(|one| one.contains("i18n/de.yaml:1") && one.contains("`live_new` has no form `other`")),
        "{said:?}"
    );
}

#[test]
fn the_live_bar_has_all_plurals() {
    let site = TestSite::new().file("site.yaml", "base_url: https://t.example\nlanguage: ar\n").article(
        "local/a",
        "2026-11-20",
        "kind: live",
        "## Update {time=2026-11-21T10:00}\n\nWords.",
    );
    site.build();
    let page = site.published("local/a/index.html");
    let forms = page.split("data-new=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("forms");
    let forms = html_escape::decode_html_entities(forms).into_owned();
    let forms: BTreeMap<String, String> = serde_json::from_str(&forms).expect("JSON");
    assert_eq!(forms.len(), 6, "{forms:?}");
}

#[test]
fn a_new_article_is_begun_in_a_language() {
    let site = site();
    let run = site.run(&["new", "Die neue Brücke", "--section", "local", "--language", "de"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(site.read("content/local/die-neue-brucke.de.md").contains("title: \"Die neue Brücke\""));
    let run = site.run(&["new", "Le pont", "--section", "local", "--language", "fr"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("the site has no language `fr`"), "{}", run.stderr);
    // The translation of an article stands beside it.
    let run = site.run(&["new", "Die Nachtfähre", "--language", "de", "--translates", "content/local/ferry.md"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(site.read("content/local/ferry.de.md").contains("draft: true"));
}

#[test]
fn the_check_knows_the_languages_of_the_site() {
    let site = site()
        .article("local/nur.de", "2026-11-20", "title: Nur auf Deutsch hier", "Worte.")
        .article("local/eigen.de", "2026-11-20", "title: Eigens auf Deutsch\nlanguage: de", "Worte.")
        .article("local/tunnel.fr", "2026-11-20", "title: Le tunnel est ouvert", "Mots.");
    let run = site.run(&["check", "--json"]);
    let said: Vec<String> =
        run.diagnostics().into_iter().filter(|one| one.contains("translation") || one.contains("language")).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said.iter().any(|one| one.contains("nur.de.md")) && said.iter().any(|one| one.contains("tunnel.fr.md")),
        "{said:?}"
    );
}

#[test]
fn the_language_in_a_name_may_have_any_case() {
    let settings = "base_url: https://t.example\nlanguages: {en: {}, de: {}, zh-TW: {}}\n";
    let site = TestSite::new()
        .file("site.yaml", settings)
        .article("local/a", "2026-10-01", "title: A story", "x")
        .article("local/a.zh-tw", "2026-10-01", "title: Uma notícia", "x")
        .article("local/d.DE", "2026-10-02", "title: Ein Bericht", "x")
        .article("local/b/index", "2026-10-03", "title: A bundle", "![o](own.svg)")
        .article("local/b/index.ZH-TW", "2026-10-03", "title: Um pacote", "![o](own.svg)")
        .file("content/local/b/own.svg", "<svg width=\"3\" height=\"2\"/>")
        .file("content/local/_index.De.md", "---\ntitle: Hier\n---\n")
        .file("content/_index.zh-tw.md", "---\ntitle: Capa\n---\n");
    let run = site.build();
    assert_eq!(run.diagnostics(), [""; 0]);
    for path in ["local/a", "zh-tw/local/a", "de/local/d", "local/b", "zh-tw/local/b"] {
        assert!(site.has(&format!("public/{path}/index.html")), "{path}");
    }
    assert!(
        site.published("local/a/index.html").contains("hreflang=\"zh-TW\" href=\"https://t.example/zh-tw/local/a/\"")
    );
    assert!(site.published("zh-tw/local/b/index.html").contains("src=\"/local/b/own.svg\""));
    assert!(
        site.published("de/local/index.html").contains("<h1>Hier")
            || site.published("de/local/index.html").contains(">Hier<")
    );
    assert!(site.published("zh-tw/index.html").contains("<title>Capa"));
    site.assert_equals_clean("names in any case");
}
