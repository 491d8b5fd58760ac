//! Embeds: an address alone in a paragraph becomes a card, and a player only when the reader asks for it.

use crate::fixture::TestSite;

const FILM: &str = "https://youtu.be/a1B2c3D4-_5?t=90";
const PLAYER: &str = "https://www.youtube-nocookie.com/embed/a1B2c3D4-_5?autoplay=1&amp;start=90";

fn page_of(body: &str) -> String {
    let site = TestSite::new().article("local/x", "2026-10-02", "", body);
    let run = site.build();
    assert_eq!(run.number("warnings"), 0, "{:?}", run.diagnostics());
    body_of(&site, "local/x/index.html")
}

/// The rendered Markdown in a page.
fn body_of(site: &TestSite, path: &str) -> String {
    let page = site.published(path);
    let start = page.find("<div class=\"article-body\">").expect("a body") + 26;
    let end = page[start..].find("\n</div>\n").expect("its end");
    page[start..start + end].to_owned()
}

#[test]
fn an_address_alone_is_a_card_with_a_link_and_a_player_that_waits() {
    let body = page_of(&format!("Before.\n\n{FILM}\n\nAfter."));
    assert!(
        body.contains(&format!(
            "<a href=\"{FILM}\" rel=\"external\"><b>Video on YouTube</b> <span>youtu.be</span></a>"
        )),
        "{body}"
    );
    assert!(
        body.contains(&format!("<button type=\"button\" data-player=\"{PLAYER}\" data-element=\"iframe\"")),
        "{body}"
    );
    assert!(body.contains("Loads content from youtube-nocookie.com"), "the host is named");
    assert!(!body.contains("<iframe") && !body.contains("<img"), "nothing is loaded: {body}");
    assert!(body.contains("<p>Before.</p>") && body.contains("<p>After.</p>"));
    // In angle brackets, as Markdown has it, it is the same.
    assert_eq!(page_of(&format!("Before.\n\n<{FILM}>\n\nAfter.")), body);
}

#[test]
fn an_address_among_words_stays_a_link() {
    for (body, cards) in [
        (format!("See {FILM} for more."), 0),
        (format!("{FILM}\nand more"), 0),
        (format!("- {FILM}"), 0),
        (format!("- a\n\n  {FILM}\n\n  b"), 0),
        (format!("1. {FILM}\n2. b"), 0),
        (format!("> {FILM}"), 0),
        (format!("Note[^1].\n\n[^1]: {FILM}"), 0),
        (format!("| a |\n| - |\n| {FILM} |"), 0),
        (format!("## {FILM}"), 0),
        (format!("[A film]({FILM})"), 0),
        ("https://elsewhere.example/story".to_owned(), 0),
        ("https://www.youtube.com/@harbour".to_owned(), 0),
        (format!("> a\n\n{FILM}\n\n- b"), 1),
        (format!("{FILM}\n\nhttps://vimeo.com/123456789"), 2),
    ] {
        let html = page_of(&format!("First.\n\n{body}"));
        assert_eq!(html.matches("class=\"embed\"").count(), cards, "{body}: {html}");
        assert!(cards > 0 || html.contains("<a href=\"https://"), "{body} is a link: {html}");
    }
}

#[test]
fn typographic_punctuation_leaves_the_address_as_it_is() {
    let site = TestSite::new()
        .file("site.yaml", "base_url: https://test.example\nmarkdown: {smart_punctuation: true}\n")
        .article("local/x", "2026-10-02", "", "First.\n\nhttps://youtu.be/a--B...--_5");
    site.build();
    assert!(!site.published("local/x/index.html").contains("class=\"embed\""), "no film has such a name");
    site.write_article("local/x", "2026-10-02", "", "First.\n\nhttps://youtu.be/a--b--c--d5");
    site.build();
    assert!(site.published("local/x/index.html").contains("/embed/a--b--c--d5?"));
}

#[test]
fn files_of_the_site_are_played_in_place() {
    let site = TestSite::new()
        .file("static/media/low-tide.mp3", "sound")
        .file("content/local/y/index.md", "---\ntitle: Y\ndate: 2026-10-02\n---\n\nFirst.\n\nown-film.mp4\n\n/media/low-tide.mp3\n\nhttps://test.example/media/low-tide.mp3\n\npaper.pdf#page=2\n\nmissing.mp3\n")
        .file("content/local/y/own-film.mp4", "film")
        .file("content/local/y/paper.pdf", "paper");
    let run = site.build();
    assert_eq!(run.number("warnings"), 0, "{:?}", run.diagnostics());
    let body = body_of(&site, "local/y/index.html");
    assert!(
        body.contains(
            "<video controls preload=\"metadata\" playsinline src=\"/local/y/own-film.mp4\" aria-label=\"Own film\""
        ),
        "{body}"
    );
    assert_eq!(
        body.matches("<audio controls preload=\"none\" src=\"/media/low-tide.mp3\" aria-label=\"Low tide\"").count(),
        2,
        "{body}"
    );
    assert!(
        body.contains(
            "<a href=\"/local/y/paper.pdf#page=2\" rel=\"external\"><b>Paper</b> <span>PDF document</span></a>"
        ),
        "{body}"
    );
    assert!(body.contains("<p>missing.mp3</p>"), "what is not there is text: {body}");
    assert!(!body.contains("data-player"), "there is nothing to load from elsewhere: {body}");
    // The file comes, and the page with it.
    site.write("content/local/y/missing.mp3", "sound");
    let run = site.build();
    assert!(run.rendered().contains("local/y/"));
    assert!(
        site.published("local/y/index.html").contains("<audio controls preload=\"none\" src=\"/local/y/missing.mp3\"")
    );
    site.assert_equals_clean("a new file");
}

#[test]
fn files_elsewhere_wait_for_the_reader() {
    let body = page_of("First.\n\nhttps://files.example/a/low-tide.mp3\n\nhttps://files.example/report.pdf");
    assert!(body.contains("<b>Low tide</b> <span>Audio on files.example</span>"), "{body}");
    assert!(body.contains("data-player=\"https://files.example/a/low-tide.mp3\" data-element=\"audio\""), "{body}");
    assert!(body.contains("<b>Report</b> <span>PDF document on files.example</span></a></div>"), "{body}");
    assert!(!body.contains("<audio"), "{body}");
}

#[test]
fn the_component_is_the_same_card_with_a_title() {
    let body = page_of(&format!(
        "First.\n\n{{{{ <embed url=\"{FILM}\" title=\"The tide\" /> }}}}\n\n{{{{ <embed url=\"https://elsewhere.example/a\" title=\"Else\" /> }}}}"
    ));
    assert!(body.contains("<b>The tide</b> <span>Video on YouTube</span>") && body.contains(PLAYER), "{body}");
    assert!(body.contains("<b>Else</b> <span>Open at elsewhere.example</span></a></div>"), "{body}");
}

#[test]
fn feeds_have_the_link_and_no_player() {
    let site = TestSite::new().article("local/x", "2026-10-02", "", &format!("First.\n\n{FILM}"));
    site.build();
    for feed in ["feed.xml", "atom.xml", "feed.json"] {
        let feed = site.published(feed);
        assert!(feed.contains(FILM) && feed.contains("Video on YouTube"), "{feed}");
        assert!(!feed.contains("button") && !feed.contains("data-player") && !feed.contains("<script"), "{feed}");
    }
}

#[test]
fn updates_and_corrections_have_cards_and_comments_do_not() {
    let site = TestSite::new()
        .article(
            "local/x",
            "2026-10-02T08:00:00",
            "kind: live\ncoverage: {start: 2026-10-02T08:00, end: 2026-10-02T20:00}\ncorrections: [{date: 2026-10-03, text: \"The film was cut.\\n\\nhttps://vimeo.com/123456789\"}]",
            &format!("Intro.\n\n## It begins {{time=2026-10-02T09:00}}\n\nWords.\n\n{FILM}"),
        )
        .file("content/local/x.comments.yaml", format!("- id: a\n  name: Reader\n  text: |\n    Look:\n\n    {FILM}\n"));
    site.build();
    let page = site.published("local/x/index.html");
    assert_eq!(page.matches("class=\"embed\"").count(), 2, "{page}");
    let json_ld = &page[page.find("application/ld+json").expect("data")..];
    let json_ld = &json_ld[..json_ld.find("</script>").expect("its end")];
    assert!(json_ld.contains("Video on YouTube") && !json_ld.contains("Loads content"), "{json_ld}");
    assert!(site.published("corrections/index.html").contains("https://player.vimeo.com/video/123456789"));
    let comments = &page[page.find("class=\"replies\"").expect("replies")..];
    assert!(comments.contains(FILM) && !comments.contains("class=\"embed\""), "{comments}");
    assert_eq!(site.build().number("rendered"), 0);
}

#[test]
fn an_address_is_no_summary() {
    let site = TestSite::new().article("local/x", "2026-10-02", "", &format!("{FILM}\n\nThe film of the tide."));
    site.build();
    let page = site.published("local/x/index.html");
    assert!(page.contains("<meta name=\"description\" content=\"The film of the tide.\">"), "{page}");
}

#[test]
fn the_site_says_which_are_wanted() {
    let site = TestSite::new()
        .file("site.yaml", "base_url: https://test.example\nembeds: {providers: [vimeo]}\n")
        .article("local/x", "2026-10-02", "", &format!("First.\n\n{FILM}\n\nhttps://vimeo.com/123456789"));
    site.build();
    let body = body_of(&site, "local/x/index.html");
    assert_eq!(body.matches("class=\"embed\"").count(), 1, "{body}");
    assert!(body.contains(&format!("<p><a href=\"{FILM}\">{FILM}</a></p>")), "{body}");
    site.write("site.yaml", "base_url: https://test.example\nembeds: {enabled: false}\n");
    site.build();
    assert!(!site.published("local/x/index.html").contains("class=\"embed\""));
    site.assert_equals_clean("no embeds");
    site.write("site.yaml", "base_url: https://test.example\nembeds: {providers: [yutube]}\n");
    let run = site.try_build(&[]);
    assert_eq!(run.code, 1);
    assert!(run.hints()[0].contains("youtube"), "{:?}", run.hints());
    site.write("site.yaml", "base_url: https://test.example\nembeds: {mastodon: ['https://social.example']}\n");
    assert!(site.try_build(&[]).diagnostics()[0].contains("embeds.mastodon"));
}

#[test]
fn a_theme_without_the_component_has_plain_links_until_it_gets_one() {
    let site = TestSite::new()
        .file("site.yaml", "base_url: https://t.example\ntheme: bare\n")
        .file("themes/bare/theme.yaml", "name: bare\napi: 1\n")
        .file("themes/bare/templates/article.html", "{{ article.content | safe }}")
        .article("local/x", "2026-10-02", "", &format!("First.\n\n{FILM}"));
    for name in ["front", "page", "listing", "404"] {
        site.write(&format!("themes/bare/templates/{name}.html"), "x");
    }
    site.build();
    assert_eq!(site.published("local/x/index.html"), format!("<p>First.</p>\n<p><a href=\"{FILM}\">{FILM}</a></p>\n"));
    site.write(
        "themes/bare/templates/components/embed.html",
        "{% component embed(url: string, title: string) %}<i>{{ title }}</i>{% endcomponent embed %}",
    );
    let run = site.build();
    assert!(run.rendered().contains("local/x/"), "{:?}", run.rendered());
    assert_eq!(site.published("local/x/index.html"), "<p>First.</p>\n<i>Video on YouTube</i>\n");
    site.assert_equals_clean("a component");
}
