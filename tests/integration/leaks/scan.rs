//! The scan of what is about to be published: it finds what templates, themes and sources say of withheld articles.

use super::SETTINGS;
use crate::fixture::TestSite;

#[test]
fn an_address_of_another_scheme_is_a_leak_too() {
    let site = leaking();
    site.write(
        "themes/child/templates/page.html",
        "<a href=\"http://test.example/local/{{ page.extra.more }}/\">x</a>",
    );
    site.write("content/about.md", "---\ntitle: About\nmore: tunnel\n---\n");
    let run = site.try_build(&[]);
    assert_eq!((run.code, run.diagnostics().len()), (1, 1), "{:?}", run.diagnostics());
}

/// A site whose template puts two names together that make a withheld headline.
fn leaking() -> TestSite {
    TestSite::new()
        .file("site.yaml", format!("{SETTINGS}theme: child\n"))
        .file("themes/child/theme.yaml", "name: child\napi: 1\nextends: broadsheet\n")
        .file("themes/child/templates/page.html", "<p>{{ page.title }} {{ page.extra.more }} early</p>")
        .file("content/about.md", "---\ntitle: The harbour\nmore: tunnel opens\n---\n")
        .article("local/open", "2026-11-20", "", "Words.")
        .article("local/tunnel", "2026-11-24", "title: The harbour tunnel opens early", "Words.")
}

#[test]
fn a_leak_through_generated_parts_keeps_the_build_from_publishing() {
    let mut site = leaking();
    let run = site.try_build(&[]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.diagnostics(),
        [
            "error content/local/tunnel.md /about/ would give away the headline “The harbour tunnel opens early” of content/local/tunnel.md, which is withheld"
        ]
    );
    assert!(!site.has("public/index.html"), "nothing is published");
    // Going on in spite of it leaves the page out.
    assert_eq!(site.try_build(&["--keep-going"]).code, 1);
    assert!(site.has("public/local/open/index.html") && !site.has("public/about/index.html"));
    // A page that was fine and now would leak is removed, and nothing is moved before that is known.
    site.write("content/about.md", "---\ntitle: The harbour\nmore: bridge opens\n---\n");
    site.build();
    assert!(site.has("public/about/index.html"));
    site.write("content/about.md", "---\ntitle: The harbour\nmore: tunnel opens\n---\n");
    let before = site.output();
    assert_eq!(site.try_build(&[]).code, 1);
    assert_eq!(site.output(), before);
    // Once the article is published there is nothing to give away.
    site.set_now("2026-11-24T00:00:00Z");
    site.build();
    assert!(site.published("about/index.html").contains("The harbour tunnel opens early"));
}

#[test]
fn an_address_that_only_a_template_makes_is_a_leak() {
    let site = leaking();
    site.write("themes/child/templates/page.html", "<a href=\"/local/{{ page.extra.more }}/\">x</a>");
    site.write("content/about.md", "---\ntitle: About\nmore: tunnel\n---\n");
    let run = site.try_build(&[]);
    assert_eq!(
        run.diagnostics(),
        [
            "error content/local/tunnel.md /about/ would give away the address /local/tunnel/ of content/local/tunnel.md, which is withheld"
        ]
    );
    // A longer address is another one.
    site.write("content/about.md", "---\ntitle: About\nmore: tunnel-two\n---\n");
    assert_eq!(site.try_build(&[]).code, 0);
}

#[test]
fn what_a_visible_source_says_itself_is_a_warning_at_its_line() {
    let site = TestSite::new()
        .file("site.yaml", SETTINGS)
        .article("local/tunnel", "2026-11-24", "title: The harbour’s “tunnel” & co open early", "Words.")
        .article("local/other", "2026-11-24", "title: Seven ships sink at noon", "Words.")
        .article("local/gulls", "2026-11-24", "title: Four gulls stole the mace", "Words.")
        .article(
            "local/open",
            "2026-11-20",
            "",
            "We hear that\n*The harbour's \"tunnel\" & co open early* is coming.\n\nIt will be at `https://test.example/local/tunnel/`.",
        )
        .article("local/sum", "2026-11-19", "summary: Seven ships sink at noon, we hear.", "Words.")
        .file("static/notes.txt", "x\nSeven ships sink at noon\n")
        .file("static/film.mp4", "Seven ships sink at noon");
    site.write(
        "site.yaml",
        format!("{SETTINGS}markdown: {{smart_punctuation: true}}\nmenu:\n  - {{title: Front, url: /}}\n  - {{title: Four gulls stole the mace, url: /local/}}\n"),
    );
    let run = site.build();
    let mut found = run.diagnostics();
    found.sort();
    assert_eq!(
        found,
        [
            "warning content/local/open.md:7:2 this gives away the headline “The harbour’s “tunnel” & co open early” of content/local/tunnel.md, which is withheld",
            "warning content/local/open.md:9:37 this gives away the address /local/tunnel/ of content/local/tunnel.md, which is withheld",
            "warning content/local/sum.md:4:10 this gives away the headline “Seven ships sink at noon” of content/local/other.md, which is withheld",
            "warning site.yaml:7:13 this gives away the headline “Four gulls stole the mace” of content/local/gulls.md, which is withheld",
            "warning static/notes.txt:2:1 this gives away the headline “Seven ships sink at noon” of content/local/other.md, which is withheld",
        ]
    );
    let run = site.try_build(&["--strict"]);
    assert_eq!((run.code, run.diagnostics().len()), (1, 5), "what is kept still says it");
    let run = site.try_build(&["--verify"]);
    assert_eq!((run.code, run.number("warnings")), (0, 5), "all is scanned: {:?}", run.diagnostics());
}

#[test]
fn a_warning_names_the_file_that_the_page_is_made_from_and_the_words_in_it() {
    let site = TestSite::new()
        .file("site.yaml", SETTINGS)
        .file("content/about.md", "---\ntitle: About\n---\n\nSee `/local/tunnel/plan.jpg`.\n")
        .file("content/authors/ann.md", "---\nname: Ann\n---\n\nSee `https://test.example/local/tunnel/`.\n")
        .file("content/local/_index.md", "---\ntitle: Local\n---\n\nSoon: The harbour tunnel opens early.\n")
        .article("local/tunnel", "2026-11-24", "title: The harbour tunnel opens early", "Words.")
        .article("local/open", "2026-11-20", "authors: [ann]", "Words.");
    let mut found = site.build().diagnostics();
    found.sort();
    assert_eq!(
        found,
        [
            "warning content/authors/ann.md:5:27 this gives away the address /local/tunnel/ of content/local/tunnel.md, which is withheld",
            "warning content/local/_index.md:5:7 this gives away the headline “The harbour tunnel opens early” of content/local/tunnel.md, which is withheld",
        ]
    );
}

#[test]
fn words_that_are_said_anyway_are_no_leak() {
    let site = TestSite::new()
        .file("site.yaml", SETTINGS)
        .article("local/one", "2026-11-20", "title: The weekly market report", "Words.")
        .article("local/two", "2026-11-27", "title: The weekly market report", "Words.")
        .article("local/short", "2026-11-27", "title: Words", "x")
        .article("local/date", "2026-11-27", "title: 20 November 2026", "x")
        .article("local/form", "2026-11-27", "title: Your email address will not be published", "x")
        .article("local/part", "2026-11-27", "title: Three words more", "x")
        // As the page of a tag is titled.
        .article("local/tagged", "2026-11-20", "tags: [harbour storm]", "Words.")
        .article("local/wolf", "2026-11-27", "title: Harbour storm - The Test", "x")
        .article("local/open", "2026-11-20", "", "Words. Threethree words moreover.")
        // An old address is visible again.
        .article("local/new", "2026-11-20", "aliases: [/local/moved/]", "See [it](/local/moved/).")
        .article("local/moved", "2026-11-27", "title: Moved and withheld now", "x");
    let run = site.build();
    assert_eq!(run.diagnostics(), [""; 0]);
    assert!(site.published("local/new/index.html").contains("href=\"/local/moved/\""));
}

#[test]
fn verify_also_scans_files_that_do_not_belong_there() {
    let site = TestSite::new().file("site.yaml", SETTINGS).article(
        "local/tunnel",
        "2026-11-24",
        "title: The harbour tunnel opens early",
        "Words.",
    );
    site.build();
    site.write("public/backup/index.html", "<h1>The harbour tunnel opens early</h1>");
    let run = site.try_build(&["--verify"]);
    assert!(
        run.diagnostics().iter().any(|one| one.contains("/backup/ would give away the headline")),
        "{:?}",
        run.diagnostics()
    );
    assert_eq!(run.code, 1);
}

#[test]
fn thousands_of_withheld_articles_are_one_search() {
    let site = TestSite::new().file("site.yaml", SETTINGS).article("local/open", "2026-11-20", "", "Words.");
    for number in 0..2000 {
        site.write_article(
            &format!("local/w{number}"),
            "2027-01-01",
            &format!("title: Secret headline number {number} waits"),
            "x",
        );
    }
    let run = site.build();
    assert_eq!((run.number("articles"), run.number("warnings")), (1, 0));
    assert_eq!(site.try_build(&["--verify"]).code, 0);
}

/// Template code around the parts of a headline, so that no source has it as a whole.
fn whispering(template: &str) -> TestSite {
    let site = leaking();
    site.write("themes/child/templates/page.html", template);
    site
}

#[test]
fn a_headline_is_a_leak_however_a_template_writes_it() {
    for template in [
        "<p>{{ page.title }}\n{{ page.extra.more }}&nbsp;early</p>",
        "<p>{{ page.title }} <em>{{ page.extra.more }}</em> <a href=\"/x/\">early</a></p>",
        "<h1>{{ page.title | upper }} {{ page.extra.more | upper }} EARLY</h1>",
        "<p>{{ page.title }} tun&shy;nel op\u{ad}ens early</p>",
        "<p>&#84;he {{ page.title | replace(from=\"The \", to=\"\") }} {{ page.extra.more }} early</p>",
        "<img alt=\"“{{ page.title }}” — {{ page.extra.more }} early\" src=\"x.svg\">",
        "<script type=\"application/json\">{\"t\":\"{{ page.title }}\\n{{ page.extra.more }} \\u0065arly\"}</script>",
        "<p>{{ page.title }}<sup><a href=\"#1\">[1]</a></sup> {{ page.extra.more }}[2] early¹</p>",
        "<p>{{ page.title | replace(from=\"b\", to=\"<wbr>b\") | safe }} tun<wbr>nel o<!-- -->pens ear<wbr>ly</p>",
        "<p>{{ page.title }} &lt;b&gt;{{ page.extra.more }}&lt;/b&gt; early</p>",
        "<img src=\"/pictures/the-harbour-{{ page.extra.more | slugify }}-early-0123456789ab-480.avif\">",
    ] {
        let run = whispering(template).try_build(&[]);
        let found = run.diagnostics();
        let told =
            "error content/local/tunnel.md /about/ would give away the headline “The harbour tunnel opens early”";
        assert!(run.code == 1 && found.iter().any(|one| one.starts_with(told)), "{template}: {found:?}");
    }
    for template in [
        // Two texts, or a part of longer words.
        "<ul><li>{{ page.title }}</li><li>{{ page.extra.more }} early</li></ul>",
        "<p>{{ page.title }} {{ page.extra.more }} earlyish</p>",
    ] {
        let run = whispering(template).try_build(&[]);
        assert_eq!((run.code, run.diagnostics()), (0, Vec::new()), "{template}");
    }
}

#[test]
fn a_headline_of_short_words_is_a_leak_with_tags_or_line_breaks_between_all_of_them() {
    for template in [
        "<b>{{ page.title }}</b> <i>hit</i> <b>by</b> <i>a</i> <b>car</b>",
        "<p>{{ page.title }}\n  hit\n\tby<br>\n a\n\n car",
    ] {
        let site = whispering(template);
        site.write("content/about.md", "---\ntitle: Man\n---\n");
        site.write_article("local/tunnel", "2026-11-24", "title: Man hit by a car", "Words.");
        let found = site.try_build(&[]).diagnostics();
        let told = "error content/local/tunnel.md /about/ would give away the headline “Man hit by a car”";
        assert!(found.iter().any(|one| one.starts_with(told)), "{template}: {found:?}");
    }
}

#[test]
fn an_address_is_a_leak_however_a_template_writes_it() {
    for template in [
        "<a href=\"../local/{{ page.extra.more }}/\">x</a>",
        "<a href=\"/LOCAL/{{ page.extra.more }}\">x</a>",
        "<a href=\"HTTPS://TEST.example/local/{{ page.extra.more }}/index.html?a=b#c\">x</a>",
        "<a href=\"/local/%74{{ page.extra.more | replace(from=\"tu\", to=\"u\") }}/\">x</a>",
        "<a href=\"/local/&#116;{{ page.extra.more | replace(from=\"tu\", to=\"u\") }}/\">x</a>",
        "<script>{\"u\":\"https:\\/\\/test.example\\/local\\/{{ page.extra.more }}\\/\"}</script>",
        "<p>test.example/local/{{ page.extra.more }}.</p>",
        "<a href=\"./../x/../local/{{ page.extra.more }}/\">x</a>",
        "<base href=\"/local/\"><p title=\"/local/{{ page.extra.more }}\">x</p>",
    ] {
        let site = whispering(template);
        site.write("content/about.md", "---\ntitle: About\nmore: tunnel\n---\n");
        let run = site.try_build(&[]);
        let found = run.diagnostics();
        let told = "error content/local/tunnel.md /about/ would give away the address /local/tunnel/";
        assert!(run.code == 1 && found.iter().any(|one| one.starts_with(told)), "{template}: {found:?}");
    }
    for template in [
        "<a href=\"tunnel/\">x</a>",
        "<p>A {{ page.extra.more }}/bridge</p>",
        "<a href=\"https://other.example/local/tunnel/\">x</a>",
    ] {
        let site = whispering(template);
        site.write("content/about.md", "---\ntitle: About\nmore: tunnel\n---\n");
        let run = site.try_build(&[]);
        assert_eq!((run.code, run.diagnostics()), (0, Vec::new()), "{template}");
    }
}

#[test]
fn a_word_is_an_address_only_where_addresses_stand() {
    let names = "menu summary latest content headline follow sections canonical alternate icon meta tools skip robots \
                 stylesheet button breadcrumb news false main polite list search text en";
    let site = TestSite::new().file("site.yaml", SETTINGS).article("news/open", "2026-11-20", "", "Words.");
    for name in names.split(' ') {
        site.write_article(&format!("news/{name}"), "2026-11-20", "draft: true", "Words.");
        site.write(&format!("content/{name}.md"), format!("---\ntitle: {name}\ndraft: true\n---\n"));
    }
    // What a type of media looks like.
    for name in ["text/css", "text/javascript", "image/svg+xml", "application/rss+xml", "application/atom+xml"] {
        site.write_article(name, "2026-11-20", "draft: true", "Words.");
    }
    let run = site.try_build(&[]);
    assert_eq!((run.code, run.diagnostics()), (0, Vec::new()));
    for (template, is_leak) in [
        ("<a href=\"MORE\">x</a>", true),
        ("<a href = 'MORE'>x</a>", true),
        ("<a HREF=MORE>x</a>", true),
        ("<img srcset=\"MORE 2x\">", true),
        ("<video poster=MORE>", true),
        ("<object data=\"MORE\"></object>", true),
        ("<q cite=\"MORE\">x</q>", true),
        ("<form action=\"MORE\"><button formaction=\"MORE\">x</button></form>", true),
        ("<svg><use xlink:href=\"MORE\"/></svg>", true),
        ("<meta http-equiv=\"refresh\" content=\"0; url=MORE\">", true),
        ("<p>[x](MORE)</p>", true),
        ("<p class=\"MORE/\">x</p>", true),
        ("<p class=\"./MORE\">x</p>", true),
        ("<p class=\"MORE\" id=MORE data-action='MORE' aria-label = \"MORE\">MORE x=MORE</p>", false),
        ("<a href=\"https://other.example/?url=MORE&amp;href=MORE\">x</a>", false),
        ("<script>var x = 'MORE', y=\"MORE\"; z(MORE)</script>", false),
    ] {
        let site = whispering(&template.replace("MORE", "{{ page.extra.more }}"));
        site.write("content/about.md", "---\ntitle: About\nmore: tunnel\npermalink: /local/about.html\n---\n");
        let run = site.try_build(&[]);
        let found = run.diagnostics();
        let told = "error content/local/tunnel.md /local/about.html would give away the address /local/tunnel/";
        let is_told = run.code == 1 && found.iter().any(|one| one.starts_with(told));
        let is_silent = run.code == 0 && found.is_empty();
        assert!(if is_leak { is_told } else { is_silent }, "{template}: {found:?}");
    }
}

#[test]
fn a_part_of_longer_words_says_nothing() {
    let told = "error content/local/crash.md /about/ would give away the headline “Man dies in crash”";
    for (front, body) in [
        ("title: Woman dies in crash", "Words."),
        ("title: Man dies in crashes", "Words."),
        ("", "A woman dies in crashes often."),
        ("slug: woman-dies-in-crash", "Words."),
        ("summary: Woman dies in crash", "Words."),
    ] {
        let site = whispering("<p>{{ page.title }} {{ page.extra.more }}</p>");
        site.write("content/about.md", "---\ntitle: Man dies\nmore: in crash\n---\n");
        site.write_article("local/crash", "2026-11-24", "title: Man dies in crash", "Words.");
        site.write_article("local/open", "2026-11-20", front, body);
        let run = site.try_build(&[]);
        let found = run.diagnostics();
        assert!(run.code == 1 && found.len() == 1 && found[0].starts_with(told), "{front} {body}: {found:?}");
    }
    // Whole words say it; the mark is below them.
    for (front, body, place) in [
        ("title: A man dies in crash", "Words.", None),
        ("", "A woman dies in crashes. A man dies in crash.", Some("6:28")),
        ("summary: A woman dies in crash. A man dies in crash.", "Words.", Some("4:35")),
        // A text of 77 bytes: its length is the code of a letter.
        (&*format!("summary: Man dies in crash {}", "x".repeat(59)), "Words.", Some("4:10")),
    ] {
        let site = whispering("<p>{{ page.title }} {{ page.extra.more }}</p>");
        site.write("content/about.md", "---\ntitle: Man dies\nmore: in crash\n---\n");
        site.write_article("local/crash", "2026-11-24", "title: Man dies in crash", "Words.");
        site.write_article("local/open", "2026-11-20", front, body);
        let run = site.try_build(&[]);
        let told = "this gives away the headline “Man dies in crash” of content/local/crash.md, which is withheld";
        let wanted: Vec<String> =
            place.iter().map(|place| format!("warning content/local/open.md:{place} {told}")).collect();
        assert_eq!(run.diagnostics(), wanted, "{front} {body}");
    }
}

#[test]
fn what_the_sites_own_theme_says_is_a_warning_at_its_line() {
    let told =
        "this gives away the headline “The harbour tunnel opens early” of content/local/tunnel.md, which is withheld";
    let words = "The harbour tunnel opens early";
    let shown = "<p>x</p>\n<p>{{ site.settings.more }} {{ t(key=\"more\") }}</p>";
    for (file, text, place) in [
        ("templates/404.html", format!("<p>x</p>\n<p>{words}</p>"), "2:4"),
        ("templates/404.html", format!("{{# {words}\n#}}<p>{words}</p>"), "2:6"),
        ("i18n/en.yaml", format!("more: {words}\n"), "1:7"),
        ("theme.yaml", format!("name: child\napi: 1\nextends: broadsheet\nsettings:\n  more: {words}\n"), "5:9"),
    ] {
        let site = leaking();
        site.remove("content/about.md");
        site.write("themes/child/templates/404.html", shown);
        site.write("themes/child/i18n/en.yaml", "more: x\n");
        site.write("themes/child/theme.yaml", "name: child\napi: 1\nextends: broadsheet\nsettings:\n  more: x\n");
        site.write(&format!("themes/child/{file}"), text);
        let run = site.try_build(&[]);
        assert_eq!(
            (run.code, run.diagnostics()),
            (0, vec![format!("warning themes/child/{file}:{place} {told}")]),
            "{file}"
        );
    }
    // What no page shows accounts for nothing.
    for (file, text) in [
        ("templates/404.html", format!("{{# {words} #}}<p>x</p>")),
        ("templates/404.html", format!("{{#- x -#}}<p>x</p>{{#-\n{words}\n-#}}")),
        ("static/notes.js", format!("// {words}")),
    ] {
        let site = leaking();
        site.write(&format!("themes/child/{file}"), text);
        let run = site.try_build(&[]);
        let error = "error content/local/tunnel.md /about/ would give away the headline";
        assert!(run.diagnostics().iter().any(|one| one.starts_with(error)), "{file}: {:?}", run.diagnostics());
    }
}

#[test]
fn a_slug_of_a_withheld_article_in_the_name_of_an_image_is_told() {
    let slug = "mayor-resigns-over-tunnel";
    let site = TestSite::new()
        .file("site.yaml", SETTINGS)
        .article("local/secret", "2026-11-24", &format!("title: A sad day for the town hall\nslug: {slug}"), "Words.")
        .article("local/open", "2026-11-20", "", &format!("Words.\n\n![A street](/{slug}.svg)"))
        .file(&format!("static/{slug}.svg"), "<svg/>")
        .file(&format!("static/{slug}-2.mp4"), "film");
    let mut found = site.build().diagnostics();
    found.sort();
    let told = format!("this gives away the slug `{slug}` of content/local/secret.md, which is withheld");
    assert_eq!(
        found,
        [
            format!("warning content/local/open.md:8:14 {told}"),
            format!("warning static/{slug}-2.mp4 {told}"),
            format!("warning static/{slug}.svg {told}")
        ]
    );
}

#[test]
fn every_file_of_text_is_read() {
    let title = "The harbour tunnel opens early";
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(title.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let site = TestSite::new().file("site.yaml", SETTINGS).article(
        "local/tunnel",
        "2026-11-24",
        &format!("title: {title}"),
        "x",
    );
    let read = ["vtt", "srt", "geojson", "jsonl", "yaml", "rss", "xhtml", "ics", "tsv", "map", "tex", "log", "unknown"];
    for ending in read {
        site.write(&format!("static/a.{ending}"), "x\nTHE HARBOUR\nTunnel opens early\n");
    }
    site.write("static/b.txt", utf16);
    site.write("static/c.png", title);
    let mut told: Vec<String> = read.map(|ending| format!("warning static/a.{ending}:2:1")).to_vec();
    told.push("warning static/b.txt".into());
    told.sort();
    let told: Vec<String> = told
        .iter()
        .map(|place| {
            format!("{place} this gives away the headline “{title}” of content/local/tunnel.md, which is withheld")
        })
        .collect();
    let mut found = site.build().diagnostics();
    found.sort();
    assert_eq!(found, told);
}

#[test]
fn what_a_visible_source_says_in_other_words_is_a_warning_at_its_line() {
    let site = TestSite::new()
        .file("site.yaml", SETTINGS)
        .article("local/tunnel", "2026-11-24", "title: The harbour tunnel opens early", "Words.")
        .article("local/ships", "2026-11-24", "title: Seven ships sink at noon", "Words.")
        .article(
            "local/open",
            "2026-11-20",
            "",
            "So THE [harbour *tunnel*](https://x.example/a) opens\nearly.\n\n`../tunnel/`\n\nSeven&nbsp;ships sink at&nbsp;noon.",
        )
        .article("local/said", "2026-11-24", "title: The weekly market report", "Words.")
        .article("local/visible", "2026-11-20", "title: THE WEEKLY MARKET REPORT!", "Words.");
    let mut found = site.build().diagnostics();
    found.sort();
    assert_eq!(
        found,
        [
            "warning content/local/open.md:11:1 this gives away the headline “Seven ships sink at noon” of content/local/ships.md, which is withheld",
            "warning content/local/open.md:6:4 this gives away the headline “The harbour tunnel opens early” of content/local/tunnel.md, which is withheld",
            "warning content/local/open.md:9:2 this gives away the address /local/tunnel/ of content/local/tunnel.md, which is withheld",
        ]
    );
}

#[test]
fn what_is_withheld_now_is_looked_for_in_pages_and_files_that_are_kept() {
    let title = "The harbour tunnel opens early";
    let error = |where_: &str| {
        format!(
            "error content/local/tunnel.md /{where_} would give away the headline “{title}” of content/local/tunnel.md, which is withheld"
        )
    };
    let warning = |place: &str| {
        format!("warning {place} this gives away the headline “{title}” of content/local/tunnel.md, which is withheld")
    };
    let mut site = leaking();
    site.remove("content/local/tunnel.md");
    site.build();
    // The new draft changes no page.
    site.write_article("local/tunnel", "2026-11-20", &format!("title: {title}\ndraft: true"), "Words.");
    let before = site.output();
    let run = site.try_build(&[]);
    assert_eq!((run.code, run.diagnostics()), (1, vec![error("about/")]));
    assert_eq!(site.output(), before);
    // The page goes if the build goes on.
    assert_eq!(site.try_build(&["--keep-going"]).diagnostics(), [error("about/")]);
    assert!(!site.has("public/about/index.html"));
    assert_eq!(site.try_build(&[]).diagnostics(), [error("about/")], "it is found again");
    site.remove("content/local/tunnel.md");
    site.remove("content/about.md");
    // What a visible source says is a warning, in each build as in a clean one.
    site.write_article("local/old", "2026-11-20", "", &format!("We heard: {title}."));
    site.write("static/notes.txt", format!("x\n{title}\n"));
    site.write("static/the-harbour-tunnel-opens-early.mp4", "film");
    assert_eq!(site.build().diagnostics(), Vec::<String>::new());
    let told = [
        warning("content/local/old.md:6:11"),
        warning("static/notes.txt:2:1"),
        warning("static/the-harbour-tunnel-opens-early.mp4"),
    ];
    site.write_article("local/tunnel", "2026-11-20", &format!("title: {title}\nexpires: 2026-11-24"), "Words.");
    assert_eq!(site.build().diagnostics(), Vec::<String>::new());
    site.set_now("2026-11-24T00:00:00Z");
    assert_eq!(site.build().diagnostics(), told, "with the moment at which it expires");
    for (after, rendered) in
        [("nothing", None), ("another page", Some("local/new")), ("a page of its own", Some("local/old"))]
    {
        if let Some(path) = rendered {
            site.write_article(path, "2026-11-20", "", &format!("We heard: {title}."));
        }
        let mut told = told.to_vec();
        if rendered.is_some() {
            told.insert(0, warning("content/local/new.md:6:11"));
        }
        assert_eq!(site.build().diagnostics(), told, "after {after}");
        assert_eq!(site.try_build(&["--strict"]).code, 1, "after {after}");
    }
    site.remove("content/local/tunnel.md");
    assert_eq!(site.build().diagnostics(), Vec::<String>::new());
}

#[test]
fn a_folder_without_its_log_is_searched_as_a_whole() {
    let site = leaking();
    site.write("themes/child/templates/page.html", "<p>x</p>");
    site.write("static/notes.txt", "The harbour tunnel opens early");
    let told = site.build().diagnostics();
    assert_eq!(told.len(), 1, "{told:?}");
    std::fs::remove_dir_all(site.path(".courant")).expect("the log");
    assert_eq!(site.build().diagnostics(), told);
}

#[test]
fn a_build_that_verifies_tells_each_finding_once() {
    let headline = "The harbour tunnel opens early";
    let site = TestSite::new()
        .article("local/a", "2026-11-20", &format!("title: {headline}\ndraft: true"), "Words.")
        .article("local/b", "2026-11-20", "", "Words.")
        .file("static/says.txt", headline);
    let found = |flags: &[&str]| site.try_build(flags).diagnostic_events().into_iter().cloned().collect::<Vec<_>>();
    let told = found(&[]);
    assert_eq!((told.len(), told[0]["pages"].as_u64()), (1, Some(1)), "{told:?}");
    assert_eq!(found(&["--verify"]), told);
}
