//! The front-page desk: what an editor places, what fills the places, and what readers never see of it.

use std::collections::BTreeSet;

use crate::fixture::{NOW, TestSite};

const SETTINGS: &str = "title: The Test\nbase_url: https://test.example\npage_size: 8\nfeeds: {formats: [atom]}\n";

/// Sixteen articles in two sections, `local/n1` the oldest and `local/n8` the newest of Local; those of World are newer.
fn site() -> TestSite {
    let site = TestSite::new().file("site.yaml", SETTINGS);
    for number in 1..=8 {
        let kind = if number < 4 { "kind: opinion\n" } else { "" };
        site.write_article(
            &format!("local/n{number}"),
            &format!("2026-11-0{number}"),
            &format!("title: Local {number}\ntags: [harbour]\nsummary: In short.\n{kind}"),
            "Words.",
        );
        site.write_article(
            &format!("world/w{number}"),
            &format!("2026-11-1{number}"),
            &format!("title: World {number}\nsummary: In short."),
            "Words.",
        );
    }
    site
}

fn front(site: &TestSite, front: &str) {
    front_in(site, "content/_index.md", front);
}

fn front_in(site: &TestSite, file: &str, front: &str) {
    let indented: String = front.lines().map(|line| format!("  {line}\n")).collect();
    site.write(file, format!("---\nfront:\n{indented}---\n"));
}

/// The articles that a page shows in its main part, in order: each address once for each time it is there.
fn shown(page: &str) -> Vec<String> {
    let main = page.split("<main").nth(1).expect("a main part").split("</main>").next().expect("its end");
    let links = main.split("<a ").skip(1).filter_map(|link| {
        let href = link.split("href=\"").nth(1)?.split('"').next()?;
        let parts: Vec<&str> = href.trim_matches('/').split('/').collect();
        let is_article =
            parts.len() == 2 && matches!(parts[0], "local" | "world") && !matches!(parts[1], "page" | "atom.xml");
        is_article.then(|| parts[1].to_owned())
    });
    links.collect()
}

fn of_front(site: &TestSite) -> Vec<String> {
    shown(&site.published("index.html"))
}

fn assert_shows_each_once(site: &TestSite, all: usize) {
    let shown = of_front(site);
    let distinct: BTreeSet<&String> = shown.iter().collect();
    assert_eq!((shown.len(), distinct.len()), (all, all), "{shown:?}");
}

#[test]
fn what_is_placed_stands_first_and_nothing_stands_there_twice() {
    for theme in ["broadsheet", "wire"] {
        let site = site();
        site.write("site.yaml", format!("{SETTINGS}theme: {theme}\n"));
        front(
            &site,
            "lead: local/n1.md\ntop: [world/w2.md, { article: /local/n2.md, title: Shorter }]\npackages:\n  - { title: Storm Hedda, lead: local/n3.md, articles: [local/n4.md, local/n1.md] }\nblocks:\n  - { section: local, count: 2, layout: list }\n  - { tag: harbour, title: The harbour, count: 1, layout: grid }\n  - { kind: opinion, layout: opinion }\nnotice: { text: Ferries are cancelled, url: /local/, kind: breaking, until: 2026-11-26T12:00 }",
        );
        site.build();
        let page = site.published("index.html");
        assert_eq!(of_front(&site)[0], "n1", "{theme}");
        for text in [
            "Shorter</a>",
            ">Storm Hedda</h2>",
            ">The harbour</a>",
            "<strong>Breaking</strong> <a href=\"/local/\">Ferries",
        ] {
            assert!(page.contains(text), "{theme}: {text}");
        }
        assert!(!page.contains(">Local 2</a>"), "{theme}: it has another headline there");
        // All opinions stand above already, so that block is not there.
        assert!(
            !page.contains("shelf-opinion") && page.contains("shelf-list") && page.contains("shelf-grid"),
            "{theme}"
        );
        // One of the sixteen stands on the second page.
        assert_shows_each_once(&site, 15);
        assert!(site.published("local/n2/index.html").contains("Local 2"), "elsewhere it keeps its own");
        assert!(!site.published("atom.xml").contains("Shorter"));
        site.assert_equals_clean(theme);
    }
}

#[test]
fn without_the_key_a_page_is_what_it_was() {
    let site = site();
    site.write("content/_index.md", "---\ntitle: Front\n---\n");
    site.build();
    let before = site.output();
    for empty in ["---\ntitle: Front\nfront:\n---\n", "---\ntitle: Front\nfront: ~\n---\n"] {
        site.write("content/_index.md", empty);
        site.build();
        let differs: Vec<_> = before.iter().filter(|(path, bytes)| site.output().get(*path) != Some(bytes)).collect();
        assert!(differs.iter().all(|(path, _)| path.starts_with(".courant")), "{:?}", differs.len());
    }
}

#[test]
fn a_place_without_its_article_goes_to_the_newest_that_nobody_placed() {
    let mut site = site();
    site.write_article("world/hidden", "2026-11-23", "title: Hidden\ndraft: true", "Words.");
    front(
        &site,
        "lead: { article: world/hidden.md, title: Secretly short }\ntop: [world/w8.md, { article: world/w1.md, until: 2026-11-24 }, { article: world/w2.md, from: 2026-11-24 }]",
    );
    site.build();
    // World 8 is placed elsewhere on the page, so World 7 leads; World 6 stands where World 2 will.
    assert_eq!(of_front(&site)[..4], ["w7", "w8", "w1", "w6"]);
    assert!(!site.published("index.html").contains("Secretly"));
    site.set_now("2026-11-24T00:00:00Z");
    site.build();
    assert_eq!(of_front(&site)[..4], ["w7", "w8", "w6", "w2"]);
    site.assert_equals_clean("a pin ended and another began");
}

#[test]
fn live_coverage_leads_while_it_runs_and_nothing_is_pinned() {
    let mut site = site();
    site.write_article(
        "local/storm",
        "2026-11-09",
        "title: Storm\nkind: live\ncoverage: {start: 2026-11-22, end: 2026-11-24}",
        "Words.",
    );
    front(&site, "lead: { article: local/n1.md, until: 2026-11-23T18:00 }");
    site.build();
    assert_eq!(of_front(&site)[0], "n1");
    site.set_now("2026-11-23T18:00:00Z");
    site.build();
    assert_eq!(of_front(&site)[0], "storm");
    site.set_now("2026-11-24T00:00:00Z");
    site.build();
    assert_eq!(of_front(&site)[0], "w8");
    site.assert_equals_clean("the coverage is over");
}

#[test]
fn a_section_has_a_front_of_its_own() {
    let site = site();
    front_in(
        &site,
        "content/local/_index.md",
        "lead: local/n2.md\ntop: [local/n5.md]\nnotice: { text: The pier is closed }",
    );
    site.build();
    let page = site.published("local/index.html");
    assert_eq!(shown(&page)[..3], ["n2", "n5", "n8"]);
    assert!(page.contains("<p class=\"bulletin is-notice\">The pier is closed</p>"));
    assert!(!site.published("index.html").contains("The pier is closed"));
    let distinct: BTreeSet<String> = shown(page.split("class=\"rail\"").next().expect("a page")).into_iter().collect();
    assert_eq!(distinct.len(), 8);
}

#[test]
fn each_language_has_a_front_of_its_own() {
    let site = site();
    site.write("site.yaml", format!("{SETTINGS}languages: {{en: {{}}, de: {{}}}}\n"));
    for number in [1, 2, 3] {
        let front = format!("title: Lokal {number}\nsummary: Kurz.");
        site.write_article(&format!("local/n{number}.de"), &format!("2026-11-0{number}"), &front, "Worte.");
    }
    front(&site, "lead: local/n4.md");
    front_in(&site, "content/_index.de.md", "lead: local/n1.md\ntop: [local/n2.de.md, local/n4.md]");
    site.build();
    let page = site.published("de/index.html");
    let lead = page.find(">Lokal 1</a>").expect("the German version of what is named");
    assert!(lead < page.find(">Lokal 2</a>").expect("named itself") && !page.contains("Local 4"));
    assert_eq!(of_front(&site)[0], "n4");
    let found = site.run(&["check", "--at", NOW, "--json"]).diagnostics();
    let told = "error content/_index.de.md:4:25 `local/n4.md` is not there in the language of this page";
    assert!(found.iter().any(|one| one == told), "{found:?}");
}

#[test]
fn only_the_page_that_shows_it_is_rendered_when_a_pin_ends() {
    let mut site = site();
    front(
        &site,
        "lead: { article: local/n1.md, until: 2026-11-24 }\nnotice: { text: Ferries are cancelled, until: 2026-11-25 }",
    );
    front_in(&site, "content/local/_index.md", "top: [{ article: local/n1.md, until: 2026-11-26 }]");
    site.build();
    for (now, rendered) in
        [("2026-11-24T00:00:00Z", ""), ("2026-11-25T00:00:00Z", ""), ("2026-11-26T00:00:00Z", "local/")]
    {
        site.set_now(now);
        let run = site.build();
        assert_eq!(run.rendered(), BTreeSet::from([rendered.to_owned()]), "{now}");
        site.assert_equals_clean(now);
        assert_eq!(site.build().number("rendered"), 0);
    }
    // What is placed by hand in an article concerns that article.
    let front = "title: Local 4\ntags: [harbour]\nsummary: In short.\nrelated: [world/soon.md]";
    site.write_article("local/n4", "2026-11-04", front, "Words.");
    site.build();
    site.write("content/local/_index.md", "---\ntitle: Here\n---\n");
    site.build();
    site.write_article("world/soon", "2026-11-01", "title: Soon\ndraft: true", "Words.");
    assert_eq!(site.build().rendered(), BTreeSet::new());
}

#[test]
fn moments_of_the_front_are_on_the_timeline() {
    let site = site();
    front(
        &site,
        "lead: { article: local/n1.md, title: Shorter, until: 2026-11-24T06:00 }\ntop: [{ article: local/n2.md, from: 2026-11-24T07:00 }]\npackages: [{ title: Storm, lead: local/n3.md, until: 2026-11-24T08:00 }]\nnotice: { text: Ferries, from: 2026-11-24T09:00, until: 2026-11-24T10:00 }",
    );
    let run = site.run(&["next", "--at", NOW, "--json"]);
    let told: Vec<String> = run
        .stdout
        .lines()
        .map(|line| {
            let one: serde_json::Value = serde_json::from_str(line).expect("JSON");
            format!(
                "{} {} {}",
                &one["at"].as_str().expect("a moment")[11..13],
                one["event"].as_str().expect("an event"),
                one["title"].as_str().expect("a title")
            )
        })
        .collect();
    let expected = [
        "06 place-ends Shorter",
        "07 place-begins local/n2.md",
        "08 place-ends Storm",
        "09 notice-begins Ferries",
        "10 notice-ends Ferries",
    ];
    assert_eq!(told, expected);
}

#[test]
fn what_changes_nothing_on_the_front_is_not_due() {
    let mut site = site();
    site.write_article("world/never", "2026-11-01", "title: Never\ndraft: true", "Words.");
    front(
        &site,
        "lead: { article: world/never.md, from: 2026-11-24T01:00, until: 2026-11-24T02:00 }\npackages:\n  - { title: Storm, from: 2026-11-24T06:00, until: 2026-11-24T08:00, lead: { article: local/n3.md, from: 2026-11-24T03:00, until: 2026-11-24T07:00 }, articles: [{ article: local/n4.md, from: 2026-11-24T09:00 }, local/n5.md] }",
    );
    let run = site.run(&["next", "--at", NOW, "--json"]);
    let moments: Vec<String> = run
        .stdout
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).expect("JSON")["at"].as_str().expect("a moment")[11..13]
                .to_owned()
        })
        .collect();
    assert_eq!(moments, ["06", "07", "08"], "{}", run.stdout);
    site.build();
    for moment in ["2026-11-24T06:00:00Z", "2026-11-24T07:00:00Z", "2026-11-24T08:00:00Z"] {
        site.set_now(moment);
        assert!(!site.build().rendered().is_empty(), "nothing changed at {moment}");
        site.assert_equals_clean(moment);
    }
}

#[test]
fn nothing_of_what_is_embargoed_is_published_because_it_is_placed() {
    let mut site = site();
    let image = include_bytes!("../../../content/images/herring-on-ice.jpg");
    site.write("content/images/xyzzy-plan.jpg", image);
    site.write("content/local/xyzzy/own-xyzzy.jpg", image);
    site.write_article(
        "local/xyzzy/index",
        "2026-11-24",
        "title: The xyzzy affair\ntags: [xyzzytag]\nsummary: Xyzzy words.",
        "Xyzzy.",
    );
    site.write_article(
        "world/xyzzy-too",
        "2026-11-01",
        "title: More xyzzy\ntags: [xyzzytag]\npublishDate: 2026-11-24",
        "Xyzzy.",
    );
    site.write_article("xyzzysection/a", "2026-11-24", "title: Another xyzzy", "Xyzzy.");
    let pin = "{ article: local/xyzzy, title: Short xyzzy, image: { src: images/xyzzy-plan.jpg, alt: Xyzzy plan, caption: Xyzzy } }";
    let places = format!(
        "lead: {pin}\ntop: [{pin}, local/xyzzy/index.md]\npackages:\n  - {{ title: All about xyzzy, lead: {pin}, articles: [local/xyzzy/] }}\nblocks:\n  - {{ tag: xyzzytag, title: Xyzzy news }}\n  - {{ section: xyzzysection, title: Xyzzy section }}\nnotice: {{ text: Xyzzy soon, url: /local/xyzzy/, from: 2026-11-24 }}"
    );
    front(&site, &places);
    front_in(&site, "content/local/_index.md", &places);
    site.write_article(
        "local/n8",
        "2026-11-08",
        "title: Local 8\nsummary: In short.\nrelated: [local/xyzzy, local/n1.md]",
        "Words.",
    );
    let run = site.try_build(&["--verify"]);
    assert_eq!((run.code, run.diagnostics()), (0, Vec::new()));
    for (path, bytes) in site.output() {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        assert!(!path.contains("xyzzy") && !text.contains("xyzzy"), "{path}");
    }
    assert!(site.published("local/n8/index.html").contains("Local 1"), "the other one is related");
    site.set_now("2026-11-24T00:00:00Z");
    site.build();
    let page = site.published("index.html");
    for text in ["Short xyzzy", "xyzzy-plan", "Xyzzy news", "Xyzzy soon"] {
        assert!(page.contains(text), "{text}");
    }
    for feed in
        ["atom.xml", "local/rss.xml", "search/words-1.json"].iter().filter(|file| site.has(&format!("public/{file}")))
    {
        assert!(!site.published(feed).contains("Short xyzzy"), "{feed}");
    }
    site.assert_equals_clean("the embargo ended");
}

#[test]
fn a_notice_to_something_withheld_is_no_link() {
    let site = site();
    site.write_article("local/later", "2026-11-24", "title: Later", "Words.");
    front(&site, "notice: { text: More soon, url: /local/later/ }");
    site.build();
    assert!(site.published("index.html").contains("<p class=\"bulletin is-notice\">More soon</p>"));
}

#[test]
fn related_articles_of_the_editor_come_first() {
    let mut site = site();
    let front = "title: Local 8\ntags: [harbour]\nsummary: In short.\nrelated: [world/w1.md, local/n8.md, world/later.md, /content/world/w2.md]";
    site.write_article("local/n8", "2026-11-08", front, "Words.");
    site.write_article("world/later", "2026-11-24", "title: World later", "Words.");
    site.build();
    let related = |site: &TestSite| {
        let page = site.published("local/n8/index.html");
        let start = page.find("class=\"related").expect("related articles");
        shown(&format!("<main{}</main>", &page[start..])).into_iter().collect::<Vec<_>>()
    };
    assert_eq!(related(&site)[..2], ["w1", "w2"]);
    site.set_now("2026-11-24T00:00:00Z");
    site.build();
    assert_eq!(related(&site)[..3], ["w1", "later", "w2"]);
    site.assert_equals_clean("what is related is published");
}

#[test]
fn a_related_switch_of_other_programs_is_kept_for_themes() {
    let site = site();
    site.write_article("local/n8", "2026-11-08", "title: Local 8\nsummary: In short.\nrelated: false", "Words.");
    assert_eq!(site.build().diagnostics(), [] as [&str; 0]);
}

#[test]
fn check_tells_of_places_that_stay_empty() {
    let site = site();
    site.write_article("local/later", "2026-11-24", "title: Later\nsummary: In short.\nauthors: [A]", "Words.");
    site.write("content/about.md", "---\ntitle: About\n---\n\nWords.\n");
    front(
        &site,
        "lead: local/n11.md\ntop:\n  - local/later.md\n  - { article: about.md }\nblocks:\n  - { section: locl }\n  - { tag: harbor }",
    );
    site.write_article("local/n8", "2026-11-08", "title: Local 8\nsummary: In short.\nrelated: local/n9.md", "Words.");
    let run = site.run(&["check", "--at", NOW, "--json"]);
    let found = run.diagnostics();
    for told in [
        "error content/_index.md:3:9 there is no article `local/n11.md`",
        "warning content/_index.md:5:7 `local/later.md` is withheld, so its place goes to another article",
        "error content/_index.md:6:18 `about.md` is a page, and only articles are placed",
        "error content/_index.md:8:18 there is no section `locl`",
        "error content/_index.md:9:14 there is no tag `harbor`",
        "error content/local/n8.md:5:10 there is no article `local/n9.md`",
    ] {
        assert!(found.iter().any(|one| one == told), "{told}: {found:#?}");
    }
    let hints = run.hints();
    for hint in ["did you mean `local/n1.md`?", "did you mean `local`?", "did you mean `harbour`?"] {
        assert!(hints.iter().any(|one| one == hint), "{hint}: {hints:?}");
    }
    assert_eq!(site.build().diagnostics(), [] as [&str; 0], "a build fills the places and is silent");
}

#[test]
fn what_is_not_understood_is_an_error_with_its_cure() {
    for (text, place, message, hint) in [
        ("leed: a.md", "3:3", "unknown key `leed` of `front`", "did you mean `lead`?"),
        ("lead: { artcle: a.md }", "3:11", "unknown key `artcle` of `front.lead`", "did you mean `article`?"),
        ("lead: { article: a.md, until: tomorrow }", "3:33", "", ""),
        (
            "top: [{ article: a.md, untill: 2026-11-24 }]",
            "3:26",
            "unknown key `untill` of `front.top`",
            "did you mean `until`?",
        ),
        (
            "top: [{ article: a.md, embargo: 2026-11-24 }]",
            "3:26",
            "unknown key `embargo` of `front.top`",
            "its keys are",
        ),
        (
            "lead: { article: a.md, from: 2026-11-25, until: 2026-11-24 }",
            "3:3",
            "`front.lead` ends before it begins",
            "",
        ),
        ("lead: [a.md, b.md]", "3:3", "`front.lead` is one article", ""),
        ("lead: { title: Short }", "3:3", "`front.lead` has no `article`", ""),
        ("packages: [{ lead: a.md }]", "3:14", "`front.packages` has no `title`", ""),
        (
            "blocks: [{ section: local, layout: gird }]",
            "3:38",
            "`front.blocks.layout` cannot be `gird`",
            "did you mean `grid`?",
        ),
        ("blocks: [{ kind: opinon }]", "3:20", "`front.blocks.kind` cannot be `opinon`", "did you mean `opinion`?"),
        ("blocks: [{ section: a, tag: b }]", "3:12", "`front.blocks` names more than one selection", ""),
        ("blocks: [{ count: 3 }]", "3:12", "`front.blocks` does not say which articles it has", ""),
        (
            "blocks: [{ section: a, count: 99 }]",
            "3:33",
            "`front.blocks.count` cannot be 99",
            "write a number from 1 to 24",
        ),
        ("notice: { text: A, kind: breaking }", "3:3", "`front.notice` is breaking and has no end", "add `until"),
        (
            "notice: { text: A, url: 'javascript:x' }",
            "3:27",
            "the address of `front.notice.url` would run a script",
            "",
        ),
        ("notice: Ferries", "3:11", "`front.notice` must be a map", "its keys are"),
    ] {
        let site = site();
        front(&site, text);
        let run = site.try_build(&[]);
        let told = run.diagnostics();
        let start = format!("error content/_index.md:{place} {message}");
        assert!(run.code == 1 && told.iter().any(|one| one.starts_with(&start)), "{text}: {told:?}");
        assert!(told.len() == 1 || !text.starts_with("blocks"), "one mistake, one error: {text}: {told:?}");
        assert!(run.hints().iter().any(|one| one.starts_with(hint)), "{text}: {:?}", run.hints());
    }
}

#[test]
fn a_front_in_a_deeper_folder_is_told() {
    let site = site();
    front_in(&site, "content/local/deep/_index.md", "lead: local/n1.md");
    let told = site.try_build(&[]).diagnostics();
    assert!(
        told.iter().any(|one| one
            .starts_with("warning content/local/deep/_index.md a folder within a section has no page of its own")),
        "{told:?}"
    );
}

#[test]
fn a_small_paper_has_a_front_too() {
    for count in 0..5 {
        let site = TestSite::new().file("site.yaml", SETTINGS);
        for number in 0..count {
            site.write_article(&format!("local/n{number}"), "2026-11-01", "summary: In short.", "Words.");
        }
        front(&site, "top: [local/n0.md, local/n1.md]\nblocks: [{ section: local }]");
        site.build();
        assert_shows_each_once(&site, count);
    }
}
