//! Names and folders of articles, sections, and files beside articles.

use super::{archive, probing, values};
use crate::fixture::TestSite;

#[test]
fn a_bundle_publishes_its_files_beside_its_page() {
    let site = TestSite::new()
        .file(
            "content/local/tunnel/index.md",
            "---\ntitle: T\ndate: 2026-01-02\nimage: {src: way.svg, alt: The way}\n---\n\n![Map](way.svg)\n\n[Table](data/table%201.csv)\n",
        )
        .file("content/local/tunnel/way.svg", "<svg width=\"30\" height=\"20\"/>")
        .file("content/local/tunnel/data/table 1.csv", "a,b\n");
    site.build();
    assert_eq!(site.published("local/tunnel/data/table 1.csv"), "a,b\n");
    assert!(site.has("public/local/tunnel/way.svg"));
    let page = site.published("local/tunnel/index.html");
    assert!(page.contains("<img src=\"/local/tunnel/way.svg\" alt=\"Map\" width=\"30\" height=\"20\""), "{page}");
    assert!(page.contains("href=\"/local/tunnel/data/table%201.csv\""), "{page}");
    // The image of the teaser has the same address on every page.
    assert!(site.published("index.html").contains("src=\"/local/tunnel/way.svg\""));
}

#[test]
fn the_files_of_a_bundle_go_where_its_slug_goes() {
    let site = TestSite::new()
        .file("content/local/2026-01-02-tunnel/index.md", "---\ntitle: T\nslug: other\n---\n\n![Map](way.svg)\n")
        .file("content/local/2026-01-02-tunnel/way.svg", "<svg width=\"30\" height=\"20\"/>");
    site.build();
    assert!(site.has("public/local/other/way.svg"));
    assert!(site.published("local/other/index.html").contains("src=\"/local/other/way.svg\""));
    assert!(!site.output().keys().any(|path| path.contains("tunnel")));
}

#[test]
fn without_a_date_it_is_a_page_and_in_no_listing() {
    let site = TestSite::new()
        .file("content/about.md", "---\ntitle: About us\n---\n\nWho we are.\n")
        .file("content/legal/imprint.md", "# Imprint\n\nWhere we are.\n")
        .article("local/x", "2026-01-02", "", "See [us](/about.md).");
    site.build();
    assert!(site.published("about/index.html").contains("<h1"));
    assert!(site.published("legal/imprint/index.html").contains("Where we are."));
    assert!(site.published("local/x/index.html").contains("<a href=\"/about/\">us</a>"));
    for path in ["index.html", "feed.xml", "archive/index.html"] {
        assert!(!site.published(path).contains("About us"), "{path}");
    }
    assert!(site.published("sitemap.xml").contains("<loc>https://test.example/about/</loc>"));
}

#[test]
fn sections_have_titles_descriptions_and_an_order() {
    let site = TestSite::new()
        .file(
            "content/zoo/_index.md",
            "---\ntitle: Animals\ndescription: What they do.\norder: 1\n---\n\nCome **in**.\n",
        )
        .article("zoo/x", "2026-01-02", "", "x")
        .article("local-news/y", "2026-01-03", "", "y");
    site.build();
    let front = site.published("index.html");
    let (animals, local) = (front.find(">Animals<").expect("named"), front.find(">Local news<").expect("named"));
    assert!(animals < local, "the order of `order`, then the alphabet");
    let section = site.published("zoo/index.html");
    assert!(section.contains("<h1>Animals</h1>") && section.contains("Come <strong>in</strong>."));
    assert!(section.contains("<meta name=\"description\" content=\"What they do.\">"));
}

#[test]
fn a_deeper_folder_does_not_change_the_section() {
    let site = probing().article("local/2026/january/x", "2026-01-02", "", "x");
    site.build();
    assert_eq!(values(&site, "local/x")["section"], "Local");
}

#[test]
fn the_files_of_a_bundle_whose_page_is_a_file_stand_in_a_folder_of_its_name() {
    let svg = |name: &str| format!("<svg width=\"1\" height=\"1\"><title>{name}</title></svg>");
    let body = "![One](p.svg)\n\n<img src=\"p.svg\" alt=\"Two\">\n\n[file](data.json)";
    let site = TestSite::new()
        .file("site.yaml", "base_url: https://t.example/blog/\npermalink: /{yyyy}/{mm}/{dd}/{slug}.html\n")
        .article("local/a/index", "2026-01-02", "image: p.svg", body)
        .article("local/b/index", "2026-01-02", "", body);
    for name in ["a", "b"] {
        site.write(&format!("content/local/{name}/p.svg"), svg(name));
        site.write(&format!("content/local/{name}/data.json"), "{}");
    }
    let run = site.build();
    assert_eq!(run.diagnostics(), Vec::<String>::new());
    for name in ["a", "b"] {
        let folder = format!("2026/01/02/{name}");
        assert_eq!(site.published(&format!("{folder}/p.svg")), svg(name));
        let page = site.published(&format!("{folder}.html"));
        for link in [format!("href=\"/blog/{folder}/data.json\""), format!("src=\"/blog/{folder}/p.svg\"")] {
            assert!(page.contains(&link), "{link}: {page}");
        }
        assert!(!page.contains("\"p.svg\"") && page.matches("p.svg").count() > 1, "{page}");
    }
    site.write_article("local/a/index", "2026-01-02", "slug: c", body);
    site.build();
    assert!(site.has("public/2026/01/02/c/p.svg") && !site.has("public/2026/01/02/a"));
    site.assert_equals_clean("another address");
}

#[test]
fn folders_of_years_and_months_say_nothing_about_a_section() {
    let dated = |more: &str| format!("---\ntitle: A\ndate: 2019-07-01\n{more}---\n\nx\n");
    let site = archive()
        .file("content/2019/a.md", dated("categories: [Trade]\n"))
        .file("content/2019/07/b.md", dated("categories: [\"2019\", C++]\n"))
        .file("content/2019/7/31/c.md", dated(""))
        .file("content/2019/07/d/index.md", dated(""))
        .file("content/2019/local/e.md", dated(""))
        .file("content/2019/07/local/f/index.md", dated(""))
        .file("content/local/2019/g.md", dated(""))
        .file("content/2019/_index.md", "---\ntitle: The year\n---\n")
        .file("content/2020s/h.md", dated(""))
        .file("content/2019/about.md", "---\ntitle: About the year\n---\n");
    site.build();
    for path in [
        "trade/a",
        "c-plus-plus/b",
        "posts/c",
        "posts/d",
        "local/e",
        "local/f",
        "local/g",
        "2020s/h",
        "2019/about",
        "2019",
        "2019/07",
        "tags/2019",
    ] {
        assert!(site.has(&format!("public/{path}/index.html")), "{path}");
    }
    let front = site.published("index.html");
    assert!(front.contains("href=\"/local/\"") && !front.contains("href=\"/2019/\">The year"), "{front}");
}

#[test]
fn a_readme_in_content_is_left_out_with_a_remark() {
    let text = "---\ntitle: A\ndate: 2026-01-02\n---\n\nx\n";
    let site = archive()
        .file("content/README.md", "# For us\n")
        .file("content/local/Readme.de.markdown", text)
        .file("content/local/readme.md", text)
        .file("content/local/readme-first.md", text)
        .file("content/local/license.md", text)
        .file("static/README.md", "mine");
    let run = site.build();
    let left = |path: &str| {
        format!(
            "warning {path} a file of this name is for those who look at the files, not for readers; it is left out"
        )
    };
    assert_eq!(run.diagnostics(), [left("content/README.md"), left("content/local/Readme.de.markdown")]);
    assert!(site.has("public/local/license/index.html"));
    assert!(site.has("public/local/readme/index.html") && site.has("public/local/readme-first/index.html"));
    assert!(site.has("public/README.md") && !site.has("public/readme") && !site.has("public/local/readme-de"));
    assert_eq!(site.build().diagnostics().len(), 2, "it is said again when nothing is to be done");
    let notes =
        ["AGENTS", "CLAUDE", "CONTRIBUTING", "LICENSE", "CHANGELOG", "TODO"].map(|name| format!("content/{name}.md"));
    notes.iter().for_each(|path| site.write(path, text));
    let told = site.build().diagnostics();
    for path in &notes {
        assert!(told.contains(&left(path)), "{path}: {told:?}");
    }
    assert!(!site.has("public/agents") && !site.has("public/license") && !site.has("public/todo"));
}

#[test]
fn a_page_of_ones_own_is_the_one_where_nothing_is_found() {
    let site = archive().article("local/x", "2026-01-02", "", "x");
    site.build();
    let (before, generated) = (site.output(), site.published("404.html"));
    for (path, front) in [("content/404.md", ""), ("content/lost.md", "permalink: /404.html\n")] {
        site.write(path, format!("---\ntitle: Lost\n{front}---\n\nThe page went ashore.\n"));
        assert_eq!(site.build().diagnostics(), [""; 0]);
        let page = site.published("404.html");
        assert!(page.contains("The page went ashore.") && page != generated);
        assert!(!site.published("sitemap.xml").contains("404") && !site.has("public/404/index.html"));
        site.assert_equals_clean("an own 404.html");
        site.remove(path);
        site.build();
        assert_eq!(site.output(), before);
    }
}

#[test]
fn a_file_of_ones_own_replaces_the_generated_one() {
    let site = archive().file("site.yaml", "base_url: https://test.example\nhosting: [netlify, github]\n").article(
        "local/x",
        "2026-01-02",
        "aliases: [/old/]",
        "x",
    );
    site.build();
    let (before, page) = (site.output(), site.published("local/x/index.html"));
    let own = [
        "robots.txt",
        "ads.txt",
        "humans.txt",
        "404.html",
        "favicon.ico",
        "site.webmanifest",
        "_headers",
        "_redirects",
        ".nojekyll",
        "assets/icon.svg",
    ];
    for file in own {
        site.write(&format!("static/{file}"), format!("mine: {file}"));
    }
    let run = site.build();
    assert_eq!(run.diagnostics(), [""; 0]);
    for file in own {
        assert_eq!(site.published(file), format!("mine: {file}"));
    }
    site.assert_equals_clean("own files");
    // Browsers are told that a file with a fingerprint in its address is another one.
    let icon = |page: &str| page.split("assets/icon.svg?v=").nth(1).map(|rest| rest[..8].to_owned());
    assert!(icon(&page).is_some() && icon(&page) != icon(&site.published("local/x/index.html")));
    site.remove("static");
    site.build();
    assert_eq!(site.output(), before);
    // What the articles say is not replaced.
    for file in ["sitemap.xml", "feed.xml", "local/x/index.html", "index.html", "tags/index.html"] {
        site.write(&format!("static/{file}"), "mine");
        site.write_article("local/y", "2026-01-03", "tags: [a]", "x");
        let run = site.try_build(&[]);
        assert!(
            run.code == 1 && run.diagnostics()[0].contains("both want the address"),
            "{file}: {:?}",
            run.diagnostics()
        );
        site.remove("static");
    }
}

#[test]
fn what_other_machines_cannot_have_is_a_warning() {
    let site = archive()
        .article("News/a", "2026-01-02", "permalink: /n/Foo/", "x")
        .article("news/b", "2026-01-03", "permalink: /N/foo/", "x")
        .article("news/con", "2026-01-04", "", "x")
        .article("news/c", "2026-01-05", "aliases: [/end./x/, /Lpt1.html, /News/C/, /NEWS/c/]", "x")
        .article("news/conx", "2026-01-06", "slug: com10", "x");
    let run = site.build();
    let said = run.diagnostics().join("\n");
    for part in [
        "content/news/con.md:2:8 Windows cannot have a file or folder called `con`, as in /news/con/",
        "content/news/c.md:4:11 Windows cannot have a file or folder called `end.`, as in /end./x/",
        "content/news/c.md:4:21 Windows cannot have a file or folder called `Lpt1.html`, as in /Lpt1.html",
        "content/news/b.md:4:12 the addresses of content/News/a.md and content/news/b.md differ in nothing but case: /n/Foo/ and /N/foo/",
        "the addresses of content/news/c.md and the alias of content/news/c.md differ in nothing but case: /news/c/ and /NEWS/c/",
        "the section `News`",
    ] {
        assert!(said.contains(part), "{part} in\n{said}");
    }
    assert_eq!(
        said.matches("the section `News`").count(),
        1,
        "feeds and pages of a section are not told apart: {said}"
    );
    assert!(!said.contains("com10"), "{said}");
    assert_eq!(site.build().diagnostics().join("\n"), said, "it is said again when nothing is to be done");
    assert_eq!(site.try_build(&["--strict"]).code, 1);
}

#[test]
fn addresses_that_look_the_same_are_told_as_such() {
    let site = archive().file("static/caf\u{e9}/a.txt", "x").file("static/cafe\u{301}/a.txt", "x");
    let said = site.build().diagnostics().join("\n");
    assert!(said.contains("look the same and are written with different Unicode characters: /caf"), "{said}");
    assert!(!said.contains("nothing but case"), "{said}");
}

#[test]
fn a_section_made_of_a_category_is_called_like_it() {
    let site = probing();
    for (number, (category, section, title)) in [
        ("C++", "c-plus-plus", "C++"),
        ("政治", "zheng-zhi", "政治"),
        ("Größe & Co", "grosse-co", "Größe & Co"),
        ("baking bread", "baking-bread", "Baking bread"),
        ("World", "world", "World"),
    ]
    .into_iter()
    .enumerate()
    {
        let front = format!("---\ntitle: A\ndate: 2026-01-02\ncategories: [\"{category}\"]\n---\n\nx\n");
        site.write(&format!("content/_posts/n{number}.md"), front);
        site.build();
        assert_eq!(values(&site, &format!("{section}/n{number}"))["section"].replace("&amp;", "&"), title);
    }
}
