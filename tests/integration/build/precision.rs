//! Precision: which pages a change renders. Each test names the exact set.

use std::collections::BTreeSet;

use crate::fixture::{Run, TestSite};

/// Nine articles in two sections, far fewer than a feed holds; the page size is 2 and the Latest Posts
/// box is a file of its own that shows three.
fn site() -> TestSite {
    configured("fragments: {latest: client}\n")
}

fn configured(more: &str) -> TestSite {
    let site = TestSite::new()
        .file(
            "site.yaml",
            format!(
                "title: The Test\nbase_url: https://test.example\npage_size: 2\nfeeds: {{formats: [atom], limit: 4}}\ntheme_settings: {{latest_count: 3}}\n{more}"
            ),
        )
        .file("content/about.md", "---\ntitle: About\n---\n\nWho we are.\n")
        .file("content/authors/ann.md", "---\nname: Ann Lee\n---\n\nShe writes.\n");
    for number in 1..=6 {
        article(&site, number, &format!("Story {number}"), "Words.");
    }
    for number in 7..=9 {
        site.write_article(
            &format!("world/w{number}"),
            &format!("2026-10-0{number}"),
            "tags: [trade]\nsummary: In short.",
            "Words.",
        );
    }
    site
}

fn article(site: &TestSite, number: u32, title: &str, body: &str) {
    let front = format!("title: {title}\ntags: [ships]\nauthors: [ann]\nsummary: In short.");
    site.write_article(&format!("local/n{number}"), &format!("2026-10-0{number}"), &front, body);
}

/// Fails unless exactly these pages were rendered, the output is that of a clean build, and the next
/// build has nothing to do.
fn assert_rendered(site: &TestSite, run: &Run, expected: &[&str]) {
    let expected: BTreeSet<String> = expected.iter().map(|path| (*path).to_owned()).collect();
    let rendered = run.rendered();
    let missing: Vec<_> = expected.difference(&rendered).collect();
    let extra: Vec<_> = rendered.difference(&expected).collect();
    assert!(missing.is_empty() && extra.is_empty(), "not rendered: {missing:?}; rendered too: {extra:?}");
    site.assert_equals_clean("the change");
    assert_idle(site);
}

fn assert_idle(site: &TestSite) {
    let run = site.build();
    let numbers = ["rendered", "written", "removed"].map(|name| run.number(name));
    assert_eq!((run.rendered(), numbers), (BTreeSet::new(), [0, 0, 0]), "a second build has nothing to do");
}

#[test]
fn nothing() {
    let site = site();
    let first = site.build();
    assert_eq!(first.number("rendered"), first.number("pages"));
    assert_idle(&site);
}

#[test]
fn a_touched_file() {
    let site = site();
    site.build();
    for path in ["content/local/n3.md", "site.yaml", "content/authors/ann.md"] {
        site.write(path, site.read(path));
    }
    assert_idle(&site);
}

#[test]
fn the_body_of_an_article_that_no_feed_carries() {
    let site = site();
    site.build();
    article(&site, 1, "Story 1", "Other words.");
    assert_rendered(&site, &site.build(), &["local/n1/"]);
}

#[test]
fn the_body_of_an_article_that_feeds_carry() {
    let site = site();
    site.build();
    article(&site, 6, "Story 6", "Other words.");
    let run = site.build();
    assert_rendered(
        &site,
        &run,
        &["local/n6/", "atom.xml", "local/atom.xml", "tags/ships/atom.xml", "authors/ann/atom.xml"],
    );
    // And of the search its catalogue and the one file of words.
    assert_eq!(run.number("written"), 7);
}

#[test]
fn the_title_of_an_old_article() {
    let site = site();
    site.build();
    article(&site, 2, "Another title", "Words.");
    // The page, its two neighbours, the pages of the listings that show it (the front page in its
    // section's block), and the newer articles that it is related to.
    assert_rendered(
        &site,
        &site.build(),
        &[
            "local/n2/",
            "local/n1/",
            "local/n3/",
            "local/n4/",
            "local/n5/",
            "local/n6/",
            "",
            "page/1/",
            "local/page/1/",
            "tags/ships/page/1/",
            "authors/ann/page/1/",
            "2026/10/page/1/",
        ],
    );
}

#[test]
fn the_title_of_an_old_article_without_related_articles() {
    let site = configured("fragments: {latest: client}\n");
    let settings = site.read("site.yaml").replace("latest_count: 3", "latest_count: 3, show_related: false");
    site.write("site.yaml", settings);
    site.build();
    article(&site, 2, "Another title", "Words.");
    assert_rendered(
        &site,
        &site.build(),
        &[
            "local/n2/",
            "local/n1/",
            "local/n3/",
            "",
            "page/1/",
            "local/page/1/",
            "tags/ships/page/1/",
            "authors/ann/page/1/",
            "2026/10/page/1/",
        ],
    );
}

#[test]
fn a_link_does_not_depend_on_the_title_it_leads_to() {
    let site = site();
    site.write("content/about.md", "---\ntitle: About\n---\n\nSee [this](local/n1.md).\n");
    site.build();
    article(&site, 1, "Another title", "Words.");
    assert!(!site.build().rendered().contains("about/"));
    let text = site.read("content/local/n1.md").replace("summary:", "slug: other\nsummary:");
    site.write("content/local/n1.md", text);
    assert!(site.build().rendered().contains("about/"), "but on its address");
    assert!(site.published("about/index.html").contains("/local/other/"));
}

/// What a new newest article in `world` costs: its page, the neighbour it gets, the listings and feeds
/// that show it, the counts in the overviews, the sitemap, and the box.
const NEW_IN_WORLD: [&str; 15] = [
    "world/w10/",
    "world/w9/",
    "",
    "world/",
    "tags/trade/",
    "2026/10/",
    "atom.xml",
    "world/atom.xml",
    "tags/trade/atom.xml",
    "fragments/latest.html",
    "sitemap.xml",
    "tags/",
    "2026/",
    "archive/",
    // Ten articles, two a page: the front page fills page 4, which is new.
    "page/4/",
];

#[test]
fn a_new_newest_article() {
    let site = site();
    site.build();
    site.write_article("world/w10", "2026-10-10", "tags: [trade]\nsummary: In short.", "Words.");
    let run = site.build();
    let more = ["world/page/1/", "tags/trade/page/1/", "page/3/", "2026/10/page/4/", "2026/10/page/3/"];
    assert_rendered(&site, &run, &[&NEW_IN_WORLD[..], &more].concat());
}

#[test]
fn a_new_article_renders_none_that_is_related_to_it() {
    let site = site();
    // Enough headlines for words to say something.
    for day in 1..=20 {
        site.write_article(&format!("culture/c{day}"), &format!("2026-09-{day:02}"), "summary: s", "Words.");
    }
    for (day, name) in [(10, "ferry"), (11, "later")] {
        let front = format!("title: Night ferry {name}\ntags: [{name}]\nsummary: s");
        site.write_article(&format!("culture/{name}"), &format!("2026-10-{day}"), &front, "Words.");
    }
    site.build();
    assert!(related_part(&site, "culture/later").contains("Night ferry ferry"), "they share words, and no tag");
    for (path, day, front, articles) in [
        ("culture/new", 20, "title: Night ferry again\ntags: [ships, later]", ["culture/later/", "culture/new/"]),
        // Another headline and another tag of the newest one.
        ("culture/new", 20, "title: No night ferry\ntags: [ships, trade, later]", ["culture/later/", "culture/new/"]),
        ("culture/newer", 21, "title: Night ferry never\ntags: [ships, ferry]", ["culture/new/", "culture/newer/"]),
    ] {
        site.write_article(path, &format!("2026-10-{day}"), &format!("{front}\nauthors: [ann]\nsummary: s"), "Words.");
        let rendered = site.build().rendered();
        assert!(related_part(&site, path).contains("Night ferry"), "{front}");
        // Itself, and the article before it for their being neighbours.
        let is_article = |path: &&String| {
            !path.starts_with("authors/") && site.has(&format!("content/{}.md", path.trim_end_matches('/')))
        };
        assert_eq!(rendered.iter().filter(is_article).collect::<Vec<_>>(), articles, "{front}");
        site.assert_equals_clean(front);
    }
}

#[test]
fn an_archive_of_more_articles_than_share_a_fingerprint() {
    let site = configured("fragments: {latest: client}\narchives: false\ncards: false\ntaxonomies: [tags]\n");
    let write = |number: usize, title: &str| {
        let front = format!("title: {title} {number}\ntags: [t{}]\nsummary: s", number % 40);
        site.write_article(&format!("world/w{number}"), &format!("{:04}-01-01", 700 + number), &front, "Words.");
    };
    (0..1100).for_each(|number| write(number, "Headline"));
    site.build();
    for (number, title, what) in [(1100, "Headline", "a new article at the end"), (3, "Another", "a change before it")]
    {
        write(number, title);
        assert!(site.build().number("rendered") < 30, "{what}");
        site.assert_equals_clean(what);
    }
}

fn related_part(site: &TestSite, path: &str) -> String {
    let page = site.published(&format!("{path}/index.html"));
    page.split("class=\"related\"").nth(1).map_or("", |rest| rest.split("</section>").next().unwrap_or("")).to_owned()
}

#[test]
fn time_passing_over_an_embargo() {
    let mut site = site();
    site.write_article("world/w10", "2026-11-24T06:00:00Z", "tags: [trade]\nsummary: In short.", "Words.");
    site.build();
    site.set_now("2026-11-24T05:59:59Z");
    assert_idle(&site);
    site.set_now("2026-11-24T06:00:00Z");
    let run = site.build();
    assert!(run.rendered().contains("world/w10/") && run.rendered().contains("2026/11/"));
    assert!(!run.rendered().contains("2026/10/"), "another month has not changed");
    assert!(!run.rendered().contains("local/n1/") && !run.rendered().contains("local/"));
    site.assert_equals_clean("the end of an embargo");
    assert_idle(&site);
}

#[test]
fn an_expired_article() {
    let mut site = site();
    site.write_article("local/n0", "2026-09-01", "tags: [weather]\nsummary: s\nexpires: 2026-12-01", "Words.");
    site.build();
    assert!(site.has("public/tags/weather/index.html"));
    site.set_now("2026-12-01T00:00:00Z");
    let run = site.build();
    assert!(run.rendered().contains("local/n1/"), "it has lost a neighbour");
    assert!(!run.rendered().contains("local/n2/") && !run.rendered().contains("about/"));
    assert!(!site.has("public/local/n0") && !site.has("public/tags/weather") && !site.has("public/2026/09"));
    site.assert_equals_clean("an end");
    assert_idle(&site);
}

#[test]
fn a_shared_fragment_that_is_part_of_the_pages() {
    let site = configured("fragments: {latest: inline}\n");
    site.build();
    site.write_article("world/w10", "2026-10-10", "tags: [trade]\nsummary: In short.", "Words.");
    let run = site.build();
    let rendered = run.rendered();
    let pages: BTreeSet<String> = site
        .output()
        .iter()
        .filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains("id=\"latest-posts\""))
        .map(|(path, _)| path.trim_end_matches("index.html").to_owned())
        .collect();
    assert!(pages.len() > 30 && pages.is_subset(&rendered), "{:?}", pages.difference(&rendered));
    let others: Vec<_> = rendered.difference(&pages).filter(|path| !path.ends_with(".xml")).collect();
    assert_eq!(others, ["page/3/", "page/4/"], "pages without the box that the new article made or moved");
    assert!(run.stdout.contains("the fragment latest changed"), "the build names the fragment");
    assert_idle(&site);
}

#[test]
fn a_shared_fragment_that_did_not_change() {
    let site = configured("fragments: {latest: inline}\n");
    site.build();
    article(&site, 2, "Another title", "Words.");
    let run = site.build();
    assert!(!run.rendered().contains("about/") && !run.rendered().contains("world/w7/"), "{:?}", run.rendered());
}

#[test]
fn a_template() {
    let site = site();
    site.build();
    site.write("themes/broadsheet/templates/page.html", "<title>x</title>{{ page.content | safe }}");
    let run = site.build();
    assert_eq!(run.rendered().into_iter().collect::<Vec<_>>(), ["about/"]);
    site.write("themes/broadsheet/templates/components/pager.html", PAGER);
    let rendered = site.build().rendered();
    assert!(rendered.contains("local/") && rendered.contains("page/1/"), "{rendered:?}");
    assert!(!rendered.contains("local/n1/") && !rendered.contains("about/") && !rendered.contains("atom.xml"));
    site.remove("themes/broadsheet/templates/page.html");
    assert_rendered(&site, &site.build(), &["about/"]);
}

const PAGER: &str =
    "{% component pager(newer, older) %}<p>{{ newer or \"\" }} {{ older or \"\" }}</p>{% endcomponent pager %}";

#[test]
fn the_configuration() {
    let site = site();
    let pages = site.build().number("pages");
    let settings = site.read("site.yaml");
    site.write("site.yaml", settings.replace("The Test", "Another Test"));
    assert_eq!(site.build().number("rendered"), pages);
    assert!(site.published("local/n1/index.html").contains("Another Test"));
    site.assert_equals_clean("another title");
    assert_idle(&site);
}

#[test]
fn what_does_not_change_a_page_does_not_write_it() {
    let site = site();
    site.build();
    let settings = site.read("site.yaml");
    site.write("site.yaml", format!("{settings}keep: [other/]\n"));
    let run = site.build();
    assert_eq!(run.number("written"), 0, "everything may be rendered, and nothing is touched");
}

#[test]
fn what_a_build_does_not_see_of_the_configuration() {
    let site = site();
    site.build();
    let settings = site.read("site.yaml");
    for (text, what) in [
        (format!("# A remark.\n{settings}"), "a remark"),
        (format!("{settings}check: {{ missing-alt: off }}\n"), "a setting of `courant check`"),
        (format!("{settings}page_size: 10\n").replacen("page_size: 2\n", "", 1), "another page size"),
    ] {
        site.write("site.yaml", text);
        let is_other = what == "another page size";
        assert_eq!(site.build().number("rendered") > 0, is_other, "{what}");
        site.assert_equals_clean(what);
    }
}

#[test]
fn comments() {
    let site = site();
    site.build();
    site.write("content/local/n2.comments.yaml", "- {id: a, name: Bo, text: Well said.}\n");
    assert_rendered(&site, &site.build(), &["local/n2/"]);
    assert!(site.published("local/n2/index.html").contains("Well said."));
    site.remove("content/local/n2.comments.yaml");
    assert_rendered(&site, &site.build(), &["local/n2/"]);
}

#[test]
fn the_text_of_a_profile() {
    let site = site();
    site.build();
    site.write("content/authors/ann.md", "---\nname: Ann Lee\n---\n\nShe writes well.\n");
    let rendered = site.build().rendered();
    assert!(rendered.contains("authors/ann/") && rendered.contains("authors/ann/page/1/"));
    // Below each of her articles stands who she is.
    let others: Vec<_> = rendered.iter().filter(|path| !path.starts_with("authors/ann/")).collect();
    assert_eq!(others, ["local/n1/", "local/n2/", "local/n3/", "local/n4/", "local/n5/", "local/n6/"]);
    site.write("content/authors/ann.md", "---\nname: Ann Marie Lee\n---\n\nShe writes well.\n");
    let rendered = site.build().rendered();
    assert!(rendered.contains("local/n1/") && !rendered.contains("world/w8/"), "who shows the name: {rendered:?}");
    assert!(site.published("local/n1/index.html").contains("Ann Marie Lee"));
    site.assert_equals_clean("another name");
}

#[test]
fn the_account_of_an_author() {
    let site = site();
    site.write_article("world/w7", "2026-10-07", "authors: [Bo]\ntags: [trade]\nsummary: s", "Words.");
    site.build();
    // With the name that there was before, so that no teaser changes.
    for account in ["@bo@social.example", "@bo@news.example"] {
        site.write("content/authors/bo.md", format!("---\nname: Bo\nfediverse: \"{account}\"\n---\n"));
        assert_rendered(&site, &site.build(), &["world/w7/", "authors/bo/", "authors/bo/atom.xml"]);
        assert!(site.published("world/w7/index.html").contains(account));
    }
    site.remove("content/authors/bo.md");
    assert_rendered(&site, &site.build(), &["world/w7/", "authors/bo/", "authors/bo/atom.xml"]);
}

#[test]
fn an_image_in_a_body() {
    let site = site().file("static/map.svg", "<svg width=\"3\" height=\"2\"/>");
    site.write_article("world/w7", "2026-10-07", "summary: s", "Words.");
    site.build();
    site.write_article("world/w7", "2026-10-07", "summary: s", "Words.\n\n![The way](/map.svg)");
    let rendered = site.build().rendered();
    assert!(rendered.contains("sitemap.xml") && rendered.contains("world/w7/"), "{rendered:?}");
    let others: Vec<_> = rendered.iter().filter(|path| path.ends_with('/') && *path != "world/w7/").collect();
    assert!(others.is_empty(), "{others:?}");
    site.assert_equals_clean("an image came");
    site.write_article("world/w7", "2026-10-07", "summary: s", "Other words.\n\n![The way](/map.svg)");
    assert!(!site.build().rendered().contains("sitemap.xml"), "the images are the same");
}

#[test]
fn a_profile_or_a_section_file_that_comes_and_goes() {
    let site = site();
    site.write_article("world/w7", "2026-10-07", "authors: [Bo]\ntags: [trade]\nsummary: s", "Words.");
    site.build();
    // The article shows who wrote it. With the name and the title that there were before, so that no teaser changes.
    site.write("content/authors/bo.md", "---\nname: Bo\n---\n\nHe writes.\n");
    assert_rendered(&site, &site.build(), &["authors/bo/", "authors/bo/atom.xml", "world/w7/"]);
    site.remove("content/authors/bo.md");
    assert_rendered(&site, &site.build(), &["authors/bo/", "authors/bo/atom.xml", "world/w7/"]);
    site.write("content/world/_index.md", "---\n---\n\nFrom all over.\n");
    assert_rendered(&site, &site.build(), &["world/", "world/atom.xml"]);
    assert!(site.published("world/index.html").contains("From all over."));
    site.remove("content/world/_index.md");
    assert_rendered(&site, &site.build(), &["world/", "world/atom.xml"]);
}

#[test]
fn a_correction() {
    let site = site();
    let correct = |number: u32, day: u32| {
        let file = format!("content/local/n{number}.md");
        let key = format!("corrections: [{{date: 2026-10-{day}, text: x}}]\nsummary:");
        site.write(&file, site.read(&file).replace("summary:", &key));
    };
    correct(2, 19);
    site.build();
    correct(1, 20);
    let run = site.build();
    // The page, the list of corrections with its feed and the page below it, the sitemap, and what shows the
    // article: its date of change is part of its teaser.
    assert_rendered(
        &site,
        &run,
        &[
            "local/n1/",
            "local/n2/",
            "local/n3/",
            "local/n4/",
            "local/n5/",
            "corrections/",
            "corrections/atom.xml",
            "sitemap.xml",
            "",
            "page/1/",
            "local/page/1/",
            "tags/ships/page/1/",
            "authors/ann/page/1/",
            "2026/10/page/1/",
        ],
    );
    assert!(site.published("sitemap.xml").contains("2026-10-20T00:00:00Z"));
}

#[test]
fn an_image() {
    let site = site().file("static/map.svg", "<svg width=\"3\" height=\"2\"/>");
    article(&site, 1, "Story 1", "![Map](/map.svg)");
    site.build();
    site.write("static/map.svg", "<svg width=\"3\" height=\"2\"><g/></svg>");
    let run = site.build();
    assert_eq!((run.rendered().len(), run.number("written")), (0, 1), "the same size: only the file");
    site.write("static/map.svg", "<svg width=\"4\" height=\"2\"/>");
    let run = site.build();
    assert_rendered(&site, &run, &["local/n1/"]);
    assert!(site.published("local/n1/index.html").contains("width=\"4\""));
}

#[test]
fn an_output_that_somebody_changed_or_removed() {
    let site = site();
    site.build();
    site.write("public/local/n1/index.html", "x");
    site.remove("public/tags/ships/index.html");
    let run = site.build();
    assert_rendered(&site, &run, &["local/n1/", "tags/ships/"]);
    assert!(run.stdout.contains("the file is missing or was changed by somebody else"));
}

#[test]
fn a_file_that_is_copied() {
    let site = site().file("static/a.txt", "a");
    site.build();
    site.write("static/b.txt", "b");
    let run = site.build();
    assert_eq!((run.rendered().len(), run.number("written"), run.number("removed")), (0, 1, 0));
    site.remove("static/a.txt");
    let run = site.build();
    assert_eq!((run.rendered().len(), run.number("written"), run.number("removed")), (0, 0, 1));
    assert!(!site.has("public/a.txt") && site.has("public/b.txt"));
}

/// A verified build asks every page again. What a page asks must be what its trace says: else each such build renders
/// it anew.
#[test]
fn a_verified_build_of_an_unchanged_site_renders_nothing() {
    let links = "[b](b.md) [c](/local/b/) [d](https://test.example/local/b/) [e](https://far.example/) <a href=\"/local/b/\">f</a>";
    let site = TestSite::new()
        .article("local/a", "2026-11-01", "tags: [x]\nauthor: Ann", links)
        .article("local/b", "2026-11-02", "tags: [x]", "## Related\n\n[below](#related) ![p](p.svg)")
        .file("content/local/p.svg", "<svg width=\"1\" height=\"1\"/>");
    site.build();
    let run = site.try_build(&["--verify"]);
    assert_eq!((run.code, run.number("rendered"), run.number("written")), (0, 0, 0), "{:?}", run.diagnostics());
}

/// A new article with three tags, a section and an author, in a site with all defaults but for Latest Posts.
#[test]
fn publishing_one_article_changes_its_page_and_what_lists_it() {
    let site = TestSite::new()
        .file("site.yaml", "title: T\nbase_url: https://test.example\nfragments: {latest: client}\n")
        .file("content/authors/ann-lee.md", "---\nname: Ann Lee\n---\n\nWords.\n");
    let front = |number: usize| {
        let tags = [number % 7, 7 + number % 5, 12 + number % 3].map(|tag| format!("tag-{tag}")).join(", ");
        format!("summary: Summary {number}.\nauthors: [ann-lee]\ntags: [{tags}]\n")
    };
    for number in 0..250 {
        let date = format!("2026-{:02}-{:02}T{:02}:00", 3 + number / 28, 1 + number % 28 * 3 / 4, number % 24);
        site.write_article(&format!("section-{}/story-{number}", number % 4), &date, &front(number), "Words of it.");
    }
    site.build();
    let before = site.output();
    site.write_article("section-1/new", "2026-11-22T09:00", &front(1), "What nobody has said before.");
    site.build();
    let after = site.output();
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let is_changed = |path: &&&String| before.get(**path) != after.get(**path);
    let is_served = |path: &&&String| !path.starts_with("search/") && **path != ".courant";
    let changed: Vec<&str> = paths.iter().filter(is_changed).filter(is_served).map(|path| path.as_str()).collect();
    assert_eq!(
        changed,
        [
            "2026/11/index.html",
            "atom.xml",
            "authors/ann-lee/feed.xml",
            "authors/ann-lee/index.html",
            "authors/index.html",
            "feed.json",
            "feed.xml",
            "fragments/latest.html",
            "index.html",
            "news-sitemap.xml",
            "section-1/feed.xml",
            "section-1/index.html",
            "section-1/new/index.html",
            "section-1/new/social-card.png",
            // The neighbour.
            "section-1/story-249/index.html",
            // It has had a card of its own so far.
            "section-2/story-50/index.html",
            "section-2/story-50/social-card.png",
            "sitemap.xml",
            "tags/index.html",
            "tags/tag-1/feed.xml",
            "tags/tag-1/index.html",
            "tags/tag-13/feed.xml",
            "tags/tag-13/index.html",
            "tags/tag-8/feed.xml",
            "tags/tag-8/index.html",
        ]
    );
}

#[test]
fn a_file_that_moves_and_keeps_its_address_takes_its_relative_links_and_ids_along() {
    let correction = "corrections: [{date: 2026-11-21, text: \"See [b](b.md) and ![x](p.svg)\"}]";
    for settings in [
        "title: T\nbase_url: https://test.example\n",
        "title: T\nbase_url: https://test.example\nfeeds: {content: summary}\n",
    ] {
        for to in ["local/a/index.md", "local/2026/a.md", "local/2026-11-20-a.md"] {
            let site = TestSite::new()
                .file("site.yaml", settings)
                .article("local/a", "2026-11-20", correction, "x")
                .article("local/b", "2026-11-19", "", "x")
                .file("content/local/p.svg", "<svg/>");
            site.build();
            let text = site.read("content/local/a.md");
            site.remove("content/local/a.md");
            site.write(&format!("content/{to}"), text);
            let run = site.build();
            assert!(site.has("public/local/a/index.html"), "{to}");
            site.assert_equals_clean_and_says_so(&run, to);
        }
    }
    for (from, to) in [
        ("about.md", "about/index.md"),
        ("404.md", "404/index.md"),
        ("team.md", "local/team.md"),
        ("local/_index.md", "local/_index.en.md"),
    ] {
        let site = TestSite::new()
            .file("site.yaml", "title: T\nbase_url: https://test.example\nlanguages: {en: {}, de: {}}\n")
            .article("local/v", "2026-11-20", "authors: [Ann]", "x")
            .file(
                &format!("content/{from}"),
                "---\ntitle: Here\npermalink: /here/\n---\n\n[v](local/v.md) ![x](p.svg)\n",
            );
        if from != "team.md" {
            site.write(
                &format!("content/{from}"),
                site.read(&format!("content/{from}")).replace("permalink: /here/\n", ""),
            );
        }
        site.build();
        let text = site.read(&format!("content/{from}"));
        site.remove(&format!("content/{from}"));
        site.write(&format!("content/{to}"), text);
        let run = site.build();
        site.assert_equals_clean_and_says_so(&run, to);
    }
}
