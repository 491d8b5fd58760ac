//! What Markdown becomes, one rule a test.

use super::component::Failure;
use super::*;

struct Town;

impl Surroundings for Town {
    fn target(&self, path: &str) -> Target {
        match path {
            "content/local/tunnel.md" => Target::Address("/local/tunnel/".into()),
            "content/local/secret.md" => Target::Withheld,
            _ => Target::Missing,
        }
    }

    fn address(&self, href: &str) -> Option<(u64, bool)> {
        href.starts_with('/').then(|| (href.len() as u64, href.starts_with("/local/secret/")))
    }

    fn asked_about(&self, _: &[u64]) {}

    fn file(&self, _: &str, src: &str) -> Option<FileInfo> {
        (src == "map.png").then(|| FileInfo {
            address: "/world/x/map.png".into(),
            size: Some((640, 480)),
            ..FileInfo::default()
        })
    }

    fn is_reserved(&self, id: &str) -> bool {
        matches!(id, "related" | "top")
    }

    fn is_reserved_by_pages(&self, id: &str) -> bool {
        self.is_reserved(id)
    }

    fn component(&self, name: &str, call: &str) -> Result<String, Failure> {
        match name {
            "video" => Ok(format!("<b>{}</b>", call.len())),
            _ => Err(Failure { message: format!("there is no component `{name}`"), hint: None }),
        }
    }

    fn embed(&self, _: &str, address: &str) -> Option<Result<String, Failure>> {
        address.contains("film").then(|| Ok(format!("<embedded {address}>")))
    }

    fn text(&self, key: &str, otherwise: &str) -> String {
        if key == "alert_tip" { "Hint".to_owned() } else { otherwise.to_owned() }
    }

    fn base_path(&self) -> &str {
        "/"
    }

    fn date(&self, moment: &str, format: &str) -> String {
        if format == "time" { moment[11..16].to_owned() } else { moment[..16].to_owned() }
    }
}

const SOURCE: Source<'_> = Source {
    path: "content/world/x.md",
    text: "",
    start: 0,
    title: "The title",
    live: None,
    is_short: false,
    has_lead: false,
};

fn rendered(text: &str) -> Rendered {
    render(Source { text, ..SOURCE }, Markdown::default(), Slugs::Transliterate, &Town)
}

fn html(text: &str) -> String {
    rendered(text).html
}

#[test]
fn addresses_in_feeds_are_the_same_without_a_parser_where_all_is_markdown() {
    use super::absolute::{absolute_body, absolute_html};
    let page = "https://a.example/local/y/";
    for text in [
        "[a](/x/?a=1&b=2 \"t\") [b](#fn) <https://c.example> ![p](p.jpg 'q=\"r\"') `href=\"/no/\"` src=\"/no\"",
        "[d](<e f.pdf>) [g](mailto:a@b.example) [é](/é/) www.h.example [x](http://[) [y](?q#z) [\"href=\"](/q'\"/)",
        "## I {#i .j href=/k/}\n\n| [k](l/) |\n| - |\n\nM[^1].\n\n[^1]: [N](../o/).\n\n- [x] ![](/m.svg)\n",
        "```a=\"b\"\n<a href=\"/c/\">\n```\n\n> [!NOTE]\n> *[Z](//z.example/)*\n\n![\" src=\"/no\"](/y.png \"<b src='/x'>\")\n",
        "https://youtu.be/a1B2c3D4-_5\n\n![A](/a.jpg \"B | C\")\n\n{{ <box text=\"[x](/x/)\" /> }}\n\n[w]{lang=de} [v](/v/)\n",
    ] {
        let body = rendered(text);
        assert_eq!(absolute_body(&body, page), absolute_html(&body.html, page), "{}", body.html);
    }
    assert!(!rendered("[a](/b/)").has_raw_html && rendered("<b>[a](/b/)</b>").has_raw_html);
}

#[test]
fn gfm_is_read_in_full() {
    assert!(html("| a | b |\n| - | - |\n| 1 | 2 |\n").starts_with("<div class=\"table-scroll\""));
    assert_eq!(html("~~gone~~"), "<p><del>gone</del></p>\n");
    assert!(html("- [x] done\n- [ ] open\n").contains("<input type=\"checkbox\" disabled checked"));
    assert!(html("> [!NOTE]\n> Look.\n").contains("markdown-alert-note"));
    assert_eq!(
        html("See https://a.example/x_y_z. Or www.b.example!"),
        "<p>See <a href=\"https://a.example/x_y_z\">https://a.example/x_y_z</a>. Or <a href=\"http://www.b.example\">www.b.example</a>!</p>\n"
    );
    assert!(html("me@a.example").contains("href=\"mailto:me@a.example\""));
    assert_eq!(html("`https://a.example`"), "<p><code>https://a.example</code></p>\n");
}

#[test]
fn headings_have_ids_that_are_unique_and_stable() {
    let body = rendered("## Größe\n\n## Größe\n\n## Own {#mine .wide}\n");
    let ids: Vec<&str> = body.toc.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids, ["grosse", "grosse-2", "mine"]);
    assert!(body.html.contains("<h2 id=\"mine\" class=\"wide\">"));
}

#[test]
fn a_first_heading_that_repeats_the_title_is_left_out() {
    assert_eq!(html("# The title\n\nText"), "<p>Text</p>\n");
    assert!(html("# Another\n").contains("Another"));
}

#[test]
fn links_lead_to_articles_by_their_file() {
    assert_eq!(html("[x](../local/tunnel.md#costs)"), "<p><a href=\"/local/tunnel/#costs\">x</a></p>\n");
    assert_eq!(html("[x](/local/tunnel.md)"), "<p><a href=\"/local/tunnel/\">x</a></p>\n");
    assert_eq!(html("[the *secret*](../local/secret.md) is safe"), "<p>the <em>secret</em> is safe</p>\n");
    assert_eq!(html("[x](https://a.example/b.md)"), "<p><a href=\"https://a.example/b.md\">x</a></p>\n");
}

#[test]
fn a_dead_link_is_a_warning_at_its_place() {
    let body = rendered("One.\n\nTwo [three](four.md).\n");
    assert_eq!(body.html, "<p>One.</p>\n<p>Two three.</p>\n");
    let place = body.diagnostics[0].place.as_ref().expect("a place");
    assert_eq!((place.line, place.column, place.length), (3, 5, 16));
    assert!(!body.diagnostics[0].is_error());
}

#[test]
fn an_image_alone_is_a_figure_with_caption_and_credit() {
    assert_eq!(
        html("![A map](map.png \"The way | Ann Lee\")"),
        "<figure><img src=\"/world/x/map.png\" alt=\"A map\" width=\"640\" height=\"480\" decoding=\"async\"><figcaption>The way <span class=\"credit\">Ann Lee</span></figcaption></figure>\n"
    );
    let two = html("![a](map.png)\n\ntext ![b](map.png \"t\") text");
    assert!(two.contains(
        "<p>text <img src=\"/world/x/map.png\" alt=\"b\" title=\"t\" width=\"640\" height=\"480\" loading=\"lazy\""
    ));
    assert_eq!(rendered("![x](none.png)").diagnostics.len(), 1);
}

#[test]
fn footnotes_stand_at_the_end_in_the_order_of_reference() {
    let html = html("A[^b] and[^a] again[^b].\n\n[^a]: First *note*.\n\n[^b]: Second.\n");
    let b = html.find("<li id=\"fn-1\">\n<p>Second.").expect("b is the first");
    let a = html.find("<li id=\"fn-2\">\n<p>First").expect("a is the second");
    assert!(b < a);
    assert!(html.contains("id=\"fnref-1-2\"") && html.contains("href=\"#fnref-1-2\""));
}

#[test]
fn components_are_called_on_a_line_of_their_own() {
    assert_eq!(html("{{ <video src=\"a\" /> }}"), "<b>23</b>\n");
    assert_eq!(html("text {{ x }} and {% y %}"), "<p>text {{ x }} and {% y %}</p>\n");
    let body = rendered("a\n\n{{ <vidoe src=\"a\" /> }}\n");
    let place = body.diagnostics[0].place.as_ref().expect("a place");
    assert_eq!((place.line, place.column), (3, 1));
    assert!(body.diagnostics[0].is_error());
}

#[test]
fn a_call_on_two_lines_is_text_and_said_to_be() {
    let body = rendered("a\n\n{{ <factbox title=\"A\"\ntext=\"b\" /> }}\n\n{{ <b }}\n\n{{ x }}\n\n{{ 3 < 4 }}\n");
    let lines: Vec<u32> = body.diagnostics.iter().filter_map(|one| Some(one.place.as_ref()?.line)).collect();
    assert_eq!(lines, [3, 6]);
    assert!(body.diagnostics[0].message.contains("readers see it as text"), "{:?}", body.diagnostics);
}

#[test]
fn a_call_on_a_line_within_a_paragraph_is_rendered_and_any_other_one_is_told() {
    const CALL: &str = "{{ <video src=\"a\" /> }}";
    for (markdown, made) in [
        (format!("Hello\n{CALL}\nthere *you*\nare"), "<p>Hello</p>\n<b>23</b>\n<p>there <em>you</em>\nare</p>\n"),
        (format!("> Hello\n> {CALL}\n"), "<blockquote>\n<p>Hello</p>\n<b>23</b>\n</blockquote>\n"),
        (format!("- a\n  {CALL}\n  b\n- {CALL}\n"), "<ul>\n<li>a<b>23</b>\nb</li>\n<li><b>23</b>\n</li>\n</ul>\n"),
        (format!("{CALL}\n\nHello  \n{CALL}"), "<b>23</b>\n<p>Hello</p>\n<b>23</b>\n"),
    ] {
        let body = rendered(&markdown);
        assert_eq!((&*body.html, body.diagnostics.len()), (made, 0), "{markdown}");
    }
    const OTHER: &str = "{{ <chart src=\"a\" /> }}";
    for markdown in [
        format!("Hello\n{OTHER} there"),
        format!("Hello {OTHER} there"),
        format!("# {OTHER}\n\nText"),
        format!("<div>\n{OTHER}\n</div>"),
        format!("| a |\n| --- |\n| {OTHER} |"),
        "- a\n  {{ <chart src=\"a\" }}".to_owned(),
        "Hello\n{{ <chart\n src=\"a\" /> }}".to_owned(),
    ] {
        let body = rendered(&markdown);
        assert!(!body.html.contains("<b>"), "{markdown}: {}", body.html);
        let [one] = &*body.diagnostics else { panic!("{markdown}: {:?}", body.diagnostics) };
        let line = markdown.lines().position(|line| line.contains("{{")).expect("a line") as u32 + 1;
        assert_eq!(one.place.as_ref().map(|place| place.line), Some(line), "{one:?}");
        assert!(one.message.contains("component call"), "{one:?}");
    }
    for shown in [format!("`{CALL}` is a call"), format!("Hello\n\\{OTHER}\nthere"), format!("```\n{CALL}\n```")] {
        assert!(rendered(&shown).diagnostics.is_empty(), "{shown}");
    }
}

#[test]
fn footnotes_that_nobody_sees_are_told() {
    let body = rendered(
        "a[^1] b[^A]\n\n[^1]: one[^3]\n\n[^2]: lost[^4]\n\n[^1]: too\n\n[^3]: three\n\n[^4]: four\n\n[^a]: five\n",
    );
    let told: Vec<_> =
        body.diagnostics.iter().map(|one| (one.place.as_ref().map_or(0, |at| at.line), &*one.message)).collect();
    let unused = "nothing refers to this footnote, so readers do not see it";
    let twice = "an earlier footnote has this name, so readers do not see this one";
    assert_eq!(told, [(5, unused), (7, twice), (11, unused)]);
    assert!(body.html.contains("five") && !body.html.contains("four"), "case makes no other name: {}", body.html);
}

#[test]
fn raw_html_is_kept_or_shown_as_text() {
    assert_eq!(html("<div>x</div>\n"), "<div>x</div>\n");
    let source = Source { text: "a <b>c</b>\n", ..SOURCE };
    let shown = render(source, Markdown { raw_html: false, ..Markdown::default() }, Slugs::Keep, &Town).html;
    assert_eq!(shown, "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n");
}

#[test]
fn words_are_counted() {
    assert_eq!(rendered("One two *three* four.\n\n- five\n").words, 5);
}

#[test]
fn monstrous_input_ends() {
    for text in
        ["> ".repeat(10_000), "- ".repeat(10_000), "x".repeat(10_000_000), "[".repeat(50_000), "*a ".repeat(50_000)]
    {
        assert!(!rendered(&text).html.is_empty());
    }
}

#[test]
fn an_alert_says_what_it_is_in_the_words_of_the_theme() {
    assert_eq!(
        html("> [!NOTE]\n> Look.\n"),
        "<blockquote class=\"markdown-alert-note\">\n<p class=\"markdown-alert-title\">Note</p>\n<p>Look.</p>\n</blockquote>\n"
    );
    assert!(html("> [!TIP]\n> Look.\n").contains("<p class=\"markdown-alert-title\">Hint</p>"));
    assert!(!html("> Look.\n").contains("markdown-alert"));
}

#[test]
fn a_code_block_can_be_reached_with_the_keyboard() {
    assert_eq!(
        html("```rust ignore\na < b\n```\n"),
        "<pre tabindex=\"0\"><code class=\"language-rust\">a &lt; b\n</code></pre>\n"
    );
    assert_eq!(html("    https://a.example\n"), "<pre tabindex=\"0\"><code>https://a.example\n</code></pre>\n");
    assert!(html("```\"><b>\nx\n```\n").contains("class=\"language-&quot;&gt;&lt;b&gt;\""));
}

#[test]
fn the_headline_is_the_only_heading_of_level_one() {
    let body = rendered("# One\n\n## Two\n\n> ###### Six\n");
    assert!(body.html.contains("<h2 id=\"one\">One</h2>") && body.html.contains("<h3 id=\"two\">Two</h3>"));
    assert!(body.html.contains("<h6 id=\"six\">Six</h6>"));
    assert_eq!(body.toc.iter().map(|entry| entry.level).collect::<Vec<_>>(), [2, 3, 6]);
    // Without one, or with one that only repeats the headline, levels stay as they are.
    assert!(html("## Two\n").contains("<h2 id=\"two\">"));
    assert!(html("# The title\n\n## Two\n").starts_with("<h2 id=\"two\">"));
}

#[test]
fn a_link_to_the_address_of_a_withheld_article_is_plain_text() {
    assert_eq!(html("[this *here*](/local/secret/#a)"), "<p>this <em>here</em></p>\n");
    assert_eq!(html("<a href=\"/local/secret/\">raw</a> <a href=\"/x/\">x</a>"), "<p>raw <a href=\"/x/\">x</a></p>\n");
    assert_eq!(html("<div>\n<A HREF='/local/secret/'>raw</A>\n</div>"), "<div>\nraw\n</div>");
}

#[test]
fn passages_say_their_language() {
    assert_eq!(
        html("The *[mot juste]{lang=fr}*, see www.a.example.\n"),
        "<p>The <em><span lang=\"fr\">mot juste</span></em>, see <a href=\"http://www.a.example\">www.a.example</a>.</p>\n"
    );
    assert_eq!(html("[سلام]{lang=ar} & more"), "<p><span lang=\"ar\" dir=\"rtl\">سلام</span> &amp; more</p>\n");
    assert_eq!(html("[a < b]{lang=de-AT}"), "<p><span lang=\"de-AT\">a &lt; b</span></p>\n");
    assert_eq!(html("`[x]{lang=fr}` [y]{lang=<}"), "<p><code>[x]{lang=fr}</code> [y]{lang=&lt;}</p>\n");
    let titled = rendered("## The [Flâneur]{lang=fr} rests\n");
    assert_eq!((&*titled.toc[0].id, &*titled.toc[0].title), ("the-flaneur-rests", "The Flâneur rests"));
}

#[test]
fn void_elements_have_no_slash() {
    assert_eq!(html("a\\\nb\n\n---\n"), "<p>a<br>\nb</p>\n<hr>\n");
}

#[test]
fn columns_are_aligned_by_classes() {
    let table = html("| a | b | c | d |\n| - | :- | :-: | -: |\n| 1 | 2 | *3* | 4 |\n");
    assert!(
        table.contains(
            "<th>a</th><th class=\"align-left\">b</th><th class=\"align-center\">c</th><th class=\"align-right\">d</th>"
        ),
        "{table}"
    );
    assert!(table.contains("<td>1</td><td class=\"align-left\">2</td><td class=\"align-center\"><em>3</em></td><td class=\"align-right\">4</td>"), "{table}");
    assert!(!table.contains("style="), "{table}");
}

#[test]
fn an_address_alone_is_offered_to_the_site() {
    assert_eq!(html("https://film.example/a\n\nWords."), "<embedded https://film.example/a>\n<p>Words.</p>\n");
    assert_eq!(
        html("> https://film.example/a"),
        "<blockquote>\n<p><a href=\"https://film.example/a\">https://film.example/a</a></p>\n</blockquote>\n"
    );
    assert!(html("https://other.example/a").contains("<a href"));
}

#[test]
fn html_that_is_not_closed_ends_with_the_text() {
    for (text, expected) in [
        ("<div>\n\n*a*\n", "<div>\n<p><em>a</em></p>\n</div>"),
        ("<div>\n\na\n\n</div></div>\n\nb\n", "<div>\n<p>a</p>\n</div>\n<p>b</p>\n"),
        ("a <b>b\n\nc\n", "<p>a <b>b</b></p><b>\n<p>c</p>\n</b>"),
        ("a <textarea>b\n\nc\n", "<p>a <textarea>b</textarea></p>\n<p>c</p>\n"),
        ("<iframe src=\"x\">\n\nb\n", "<iframe src=\"x\">\n</iframe>\n<p>b</p>\n"),
        ("<p class=\"a>\n\nb \"c\"\n", "<p class=\"a>\n\">\n<p>b \"c\"</p>\n"),
        ("a\n\n<style>\nb {\n", "<p>a</p>\n<style>\nb {\n</style>\n"),
        ("a\n\n<!-- b\n\nc\n", "<p>a</p>\n\n"),
        ("- <div>a\n- b\n", "<ul>\n<li><div>a\n</div></li>\n<li>b</li>\n</ul>\n"),
        ("a[^1] <table><tr><td>\n\n[^1]: b\n", ""),
    ] {
        let body = html(text);
        if !expected.is_empty() {
            assert_eq!(body, expected, "{text}");
        }
        assert_eq!(balance::balanced(&body).as_deref(), Ok(&*body), "{text}");
    }
    let swallowing = rendered("a\n\n<p>b\n<!-- c\n\nd\n");
    let place = swallowing.diagnostics[0].place.as_ref().expect("a place");
    assert_eq!((place.line, place.column), (4, 1), "{:?}", swallowing.diagnostics);
    assert!(rendered("<div>\n\na\n").diagnostics.is_empty());
    let deep = rendered(&("<div>a".repeat(100_000) + "b & c"));
    assert!(deep.diagnostics.len() == 1 && deep.diagnostics[0].message.contains("shown alone"));
    assert!(deep.html.starts_with("<p>a a ") && deep.html.ends_with("ab &amp; c</p>\n"));
}

#[test]
fn what_hides_its_content_ends_with_its_block_if_it_is_never_closed() {
    for opening in [
        "<button>",
        "<button type=\"button\"><b>",
        "<noscript>",
        "<noscript><div>",
        "<svg>",
        "<svg><desc>",
        "<svg><title><div>",
        "<svg><foreignObject>",
        "<svg><foreignObject><table><tr><td>",
        "<math><mi>",
        "<math><mtext>",
        "<math><annotation-xml encoding=\"text/html\">",
        "<template>",
        "<template><div>",
        "<template><tr>",
        "<select><option>",
        "<video src=\"/a.mp4\">",
        "<object data=\"/a.pdf\">",
        "<canvas><p>",
        "<dialog><b>",
    ] {
        for text in [
            format!("Hello\n\n{opening}\n\nEnd\n"),
            format!("Hello {opening}\n\nEnd\n"),
            format!("- a {opening}\n- b\n\nEnd\n"),
            format!("- a\n\n  {opening}\n\n- b\n\nEnd\n"),
            format!("| a | b |\n| - | - |\n| {opening} | d |\n\nEnd\n"),
            format!("> a {opening}\n\nEnd\n"),
            format!("## A {opening}\n\nEnd\n"),
            format!("a[^1]\n\nEnd\n\n[^1]: Note {opening}\n"),
        ] {
            let body = rendered(&text);
            let html = &body.html;
            assert!(html.contains("\n<p>End</p>\n"), "{text}: {html}");
            assert_eq!(balance::left_open(&html[..html.find("<p>End").expect("there")]), Ok(Vec::new()), "{html}");
            let told: Vec<_> = body.diagnostics.iter().filter(|one| one.message.contains("never closed")).collect();
            assert!(!told.is_empty(), "{text}: {:?}", body.diagnostics);
        }
    }
    for closed in [
        "a\n\n<noscript>\n\n![x](map.png)\n\n</noscript>\n\nEnd\n",
        "a <noscript>*b*</noscript> c\n",
        "<svg viewBox=\"0 0 1 1\"><desc>a</desc><path d=\"M0\"/></svg>\n\na <svg/> b\n",
        "- <svg><g>\n  </g></svg>\n- b\n",
        "<video controls>\n\n<source src=\"/a.mp4\">\n\n</video>\n\nEnd\n",
        "<template><div>a</div></template>\n\n<select><option>a<option>b</select>\n",
        "<math><mi>a</mi></math>\n",
    ] {
        assert!(rendered(closed).diagnostics.is_empty(), "{closed}: {:?}", rendered(closed).diagnostics);
    }
    let swallowing = rendered("Text.\n\n- <div>\n  <svg><desc>\n- b\n");
    let place = swallowing.diagnostics[0].place.as_ref().expect("a place");
    assert_eq!((place.line, place.column), (4, 3), "{:?}", swallowing.diagnostics);
    assert!(rendered(&"<svg><desc>\n\n".repeat(20_000)).html.contains("</svg>"));
}

#[test]
fn html_that_is_closed_keeps_its_bytes() {
    for text in
        ["<DIV class='a'>\n\n<p>b<br/>&quot;c\n\n</DIV>\n", "<ul><li>a<li>b</ul>\n", "a <b>b</b> <code>c--d</code>\n"]
    {
        let body = html(text);
        let raw = text.split(['*', '\n']).filter(|line| line.starts_with('<'));
        raw.for_each(|line| assert!(body.contains(line), "{text}: {body}"));
    }
}

#[test]
fn each_update_of_live_coverage_closes_what_it_opens() {
    let text = "Intro <b>bold.\n\n## Same {time=2026-11-23T14:05}\n\n<div>\n\nOne.\n\n## Same {time=2026-11-23T15:05}\n\nTwo.\n";
    let zone = jiff::tz::TimeZone::UTC;
    let moment = |text: &str| crate::article::time::Timestamp::parse(text, &zone).expect("a moment");
    let live = Coverage { zone: &zone, start: moment("2026-11-23"), newest: Some(moment("2026-11-24")) };
    let source = Source { text, live: Some(live), ..SOURCE };
    let body = render(source, Markdown::default(), Slugs::Transliterate, &Town);
    assert!(body.html.starts_with("<p>Intro <b>bold.</b></p>"), "{}", body.html);
    assert_eq!(body.updates[1].html, "<div>\n<p>One.</p>\n</div>");
    // The older one keeps the anchor under which it is known.
    assert_eq!(body.updates.iter().map(|one| &*one.id).collect::<Vec<_>>(), ["same-2", "same"]);
}

#[test]
fn no_id_is_given_twice() {
    let ids = |text: &str| {
        let body = html(text);
        body.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap_or("").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids("## Costs\n\n## Other {#costs}\n"), ["costs-2", "costs"]);
    assert_eq!(ids("## Related\n\n## Top\n\n## Related\n"), ["related-2", "top-2", "related-3"]);
    assert_eq!(ids("## Fn 1\n\na[^1]\n\n[^1]: b\n"), ["fn-1-own", "fnref-1", "fn-1"]);
    assert_eq!(ids("## Costs\n\n<p id=\"costs\">a</p>\n"), ["costs-2", "costs"]);
    assert_eq!(ids("<p id=\"costs\">a</p>\n\n## Own {#costs}\n"), ["costs-2", "costs"]);
    assert_eq!(ids("<p id=\"a\">a</p>\n\nb <i id=\"a\">c</i>\n"), ["a", "a-2"]);
    assert_eq!(ids("<p id=\"top\">a</p>\n"), ["top-2"]);
    assert_eq!(ids("<li id=\"fn-1\">a</li>\n\nb[^1]\n\n[^1]: c\n").len(), 3);
    assert_eq!(ids("## A\n\n## A\n\n## A-2\n"), ["a", "a-2", "a-2-2"]);
    let twice = rendered("## One {#mine}\n\n## Two {#mine}\n\n## Three {#top}\n");
    assert_eq!(twice.toc.iter().map(|one| &*one.id).collect::<Vec<_>>(), ["mine", "mine-2", "top-2"]);
    let lines: Vec<u32> = twice.diagnostics.iter().filter_map(|one| Some(one.place.as_ref()?.line)).collect();
    assert_eq!(lines, [3, 5]);
}

#[test]
fn what_refers_to_an_id_follows_it() {
    let drawing = "<svg><linearGradient id=\"top\"/><rect fill=\"url(#top)\" style=\"stroke: url('#top')\"/><use href=\"#top\" xlink:href=\"#top\"/></svg>\n";
    let expected = drawing.trim().replace("id=\"top\"", "id=\"top-2\"").replace("#top", "#top-2");
    assert_eq!(html(drawing).replace(" />", "/>"), format!("<p>{expected}</p>\n"));
    let both = html(&format!("## Top\n\n[up](#top)\n\n{drawing}"));
    assert!(both.contains("<h2 id=\"top-2\">") && both.contains("<a href=\"#top-2\">up"), "{both}");
    assert!(both.contains("id=\"top-3\"") && both.matches("#top-3").count() == 4, "{both}");
    let form =
        html("<label for=\"top\" id=\"a\">x</label><input id=\"top\" aria-labelledby=\"a top b\" list=\"related\">\n");
    assert!(form.contains("for=\"top-2\"") && form.contains("\"a top-2 b\"") && form.contains("list=\"related\""));
    let style = html("<style>#top, a { fill: url(#top); color: #abc }</style><b id=\"top\">b</b><i id=\"abc\">c</i>\n");
    assert!(style.contains("<style>#top-2, a { fill: url(#top-2); color: #abc }</style>"), "{style}");

    let below = html("[below](#related) and <a href=\"#related\">raw</a>\n\n## Related\n\n## Related\n");
    assert_eq!(below.matches("href=\"#related-2\"").count(), 2, "{below}");
    assert!(html("[up](#top)\n").contains("href=\"#top\""));
    // The first one keeps its id, and what refers to it stays.
    assert!(html("<p id=\"a\">a</p><i id=\"a\">b</i> <a href=\"#a\">c</a>\n").contains("href=\"#a\""));
    assert!(html("## Costs\n\n## Other {#costs}\n\n[x](#costs)\n").contains("href=\"#costs\""));
}

#[test]
fn addresses_and_code_are_not_set_typographically() {
    let set = |text: &str| {
        let settings = Markdown { smart_punctuation: true, ..Markdown::default() };
        render(Source { text, ..SOURCE }, settings, Slugs::Keep, &Town).html
    };
    assert_eq!(
        set("See https://a.example/report--final...v2 -- it's \"it\"...\n"),
        "<p>See <a href=\"https://a.example/report--final...v2\">https://a.example/report--final...v2</a> – it’s “it”…</p>\n"
    );
    assert!(set("(https://a.example/a--b)\n").contains(">https://a.example/a--b</a>)"));
    assert!(set("first--last@a.example\n").contains(">first--last@a.example</a>"));
    assert_eq!(set("[https://a.example/a--b](/x/)\n"), "<p><a href=\"/x/\">https://a.example/a--b</a></p>\n");
    assert_eq!(set("<code>a--b \"c\"</code> -- d\n"), "<p><code>a--b \"c\"</code> – d</p>\n");
    assert_eq!(set("<pre>a--b</pre> -- d\n"), "<pre>a--b</pre> -- d\n");
    assert_eq!(set("Hit <kbd>--</kbd> -- now\n"), "<p>Hit <kbd>--</kbd> – now</p>\n");
    for verbatim in [
        "ftp://h/a--b...c",
        "git://x--y",
        "x.example/a--b",
        "--option=value",
        "sha256:ab--cd",
        "/usr/lib/a--b",
        "mailto:a--b@c.example",
        "xn--mnchen-3ya.example",
    ] {
        for (before, behind) in [("See ", " now"), ("(", ") now"), ("", "")] {
            let body = set(&format!("{before}{verbatim}{behind}\n"));
            assert!(body.contains(&format!(">{before}{verbatim}{behind}<")) || body.contains("href"), "{body}");
            assert!(!body.contains('–') && !body.contains('…'), "{body}");
        }
    }
    for (text, expected) in [
        ("It is--or was--10:30--11:00, pages 5--7...", "It is–or was–10:30–11:00, pages 5–7…"),
        ("and/or--maybe note:this--that", "and/or–maybe note:this–that"),
        ("See ftp://h/a...", "See ftp://h/a…"),
        ("a -- b --- c", "a – b — c"),
        ("日本\"語\"です", "日本“語”です"),
        ("said:\"hi\"and", "said:“hi”and"),
        ("said:\"*hi*\"and \"he\"", "said:“<em>hi</em>”and “he”"),
        ("\"One!\"and\n\"two\" *\"three\"*", "“One!”and\n“two” <em>“three”</em>"),
        ("is 5'10\" tall", "is 5'10\" tall"),
        ("the 5\" disk of \"1999\"", "the 5\" disk of “1999”"),
        ("It's '90s, 1'000, \"born in 2010\".", "It’s ’90s, 1’000, “born in 2010”."),
    ] {
        assert_eq!(set(&format!("{text}\n")), format!("<p>{expected}</p>\n"));
    }
}

#[test]
fn no_link_is_made_inside_a_link_or_code() {
    for text in [
        "<a href=\"/x/\">https://a.example</a>\n",
        "Text <A HREF='/x/'>see www.a.example</A>\n",
        "<code>https://a.example</code>\n",
        "Text <kbd>me@a.example</kbd>\n",
        "<button>https://a.example</button>\n",
        "Text <textarea>https://a.example</textarea>\n",
        "<div><a href=\"/x/\">\n\nhttps://a.example x\n\n</a></div>\n",
        "<pre>https://a.example</pre>\n",
    ] {
        let body = html(text);
        assert!(!body.contains("href=\"http") && !body.contains("mailto"), "{text}: {body}");
    }
    // An anchor is no link.
    assert!(html("<a name=\"x\"></a> https://a.example x\n").contains("href=\"https://a.example\""));
    assert!(html("<a href=\"/x/\">x</a> https://a.example x\n").contains("href=\"https://a.example\""));
}

#[test]
fn an_address_ends_before_the_punctuation_of_the_sentence() {
    for (text, address) in [
        ("見 https://a.example/x。次の文\n", "https://a.example/x"),
        ("https://a.example/x，https://b.example/y！ a\n", "https://a.example/x"),
        ("（https://a.example/x）です\n", "https://a.example/x"),
        ("「https://a.example/x」です\n", "https://a.example/x"),
        ("„https://a.example/x“ a\n", "https://a.example/x"),
        ("«https://a.example/x» a\n", "https://a.example/x"),
        ("انظر https://a.example/x، ثم\n", "https://a.example/x"),
        ("a https://a.example/größe/日本\n", "https://a.example/größe/日本"),
    ] {
        assert!(html(text).contains(&format!(">{address}</a>")), "{text}: {}", html(text));
    }
    assert_eq!(html("https://a.example/x，https://b.example/y！ a\n").matches("<a ").count(), 2);
}

#[test]
fn components_are_called_in_lists_and_quotations_too() {
    assert_eq!(html("- {{ <video src=\"a\" /> }}\n- b\n"), "<ul>\n<li><b>23</b>\n</li>\n<li>b</li>\n</ul>\n");
    assert!(html("1. {{ <video src=\"a\" /> }}\n   {{ <video src=\"bb\" /> }}\n").contains("<b>23</b>\n<b>24</b>"));
    assert!(html("- a\n\n- {{ <video src=\"a\" /> }}\n").contains("<b>23</b>"));
    assert!(html("> {{ <video src=\"a\" /> }}\n> {{ <video src=\"a\" /> }}\n").contains("<b>23</b>\n<b>23</b>"));
    assert!(html("- {{ <video src=\"a\" /> }}\n  - b\n").contains("<b>23</b>\n<ul>"));
    assert_eq!(html("- a {{ x }}\n"), "<ul>\n<li>a {{ x }}</li>\n</ul>\n");
    assert!(rendered("- {{ <vidoe /> }}\n").diagnostics[0].is_error());
}

#[test]
fn a_component_within_other_text_is_text() {
    let call = "{{ <video src=\"https://x.example/f.mp4\" title=\"T\" /> }}";
    let shown = call.replace('<', "&lt;").replace('>', "&gt;");
    for (markdown, start, end) in [
        (format!("See {call} here.\n"), "<p>See ", " here.</p>\n"),
        (format!("# See {call} here\n"), "<h2 id=\"see-here\">See ", " here</h2>\n"),
        (format!("| A |\n|--|\n| {call} |\n"), "<tbody>\n<tr><td>", "</td></tr>\n"),
        (format!("<div>\nSee {call} here.\n</div>\n\nMore.\n"), "<div>\nSee ", " here.\n</div>\n<p>More.</p>\n"),
    ] {
        let html = html(&markdown);
        let plain = html.replace("&quot;", "\"");
        assert!(plain.contains(&format!("{start}{shown}{end}")), "{markdown}: {html}");
        assert!(!html.contains("<video"), "{html}");
    }
    let pair = html("See {{ <box title=\"A\"> words *here* </box> }} and <b>bold</b> there.\n");
    assert!(pair.contains("{{ &lt;box") && pair.contains("&lt;/box&gt; }} and <b>bold</b> there."), "{pair}");
    let script = "<script>\nlet a = \"{{ <b> }}\";\n</script>\n";
    assert_eq!(html(script), script);
    assert_eq!(html("{{ name }} <b>bold</b>\n"), "<p>{{ name }} <b>bold</b></p>\n");
}

#[test]
fn what_no_address_can_have_is_encoded_in_images_and_html() {
    let html = html(
        "![i](<https://x.example/a b.jpg>)\n\n<img src=\"https://x.example/c d.jpg\" alt=\"\">\n\nSee <a href=\"https://x.example/{e}?f=1&amp;g=h i\">x</a>.\n",
    );
    for address in
        ["https://x.example/a%20b.jpg", "https://x.example/c%20d.jpg", "https://x.example/%7Be%7D?f=1&amp;g=h%20i"]
    {
        assert!(html.contains(&format!("\"{address}\"")), "{address}: {html}");
    }
}

#[test]
fn a_short_text_has_no_ids() {
    let text = "A[^1] note.\n\n## Costs\n\n[^1]: It is this.\n";
    let source = Source { text, is_short: true, ..SOURCE };
    let short = render(source, Markdown::default(), Slugs::Keep, &Town).html;
    assert!(!short.contains("id=") && !short.contains("href"), "{short}");
    assert!(short.contains("<sup class=\"footnote-ref\">1</sup>") && short.contains("It is this."), "{short}");
}

#[test]
fn the_bare_address_of_a_withheld_article_is_not_shown() {
    struct Elsewhere;
    impl Surroundings for Elsewhere {
        fn target(&self, _: &str) -> Target {
            Target::Missing
        }
        fn address(&self, href: &str) -> Option<(u64, bool)> {
            Some((1, href.contains("secret")))
        }
        fn asked_about(&self, _: &[u64]) {}
        fn file(&self, _: &str, _: &str) -> Option<FileInfo> {
            None
        }
        fn component(&self, _: &str, _: &str) -> Result<String, Failure> {
            Ok(String::new())
        }
        fn embed(&self, _: &str, _: &str) -> Option<Result<String, Failure>> {
            None
        }
        fn text(&self, _: &str, otherwise: &str) -> String {
            otherwise.to_owned()
        }
        fn base_path(&self) -> &str {
            "/"
        }
        fn date(&self, moment: &str, _: &str) -> String {
            moment.to_owned()
        }
        fn destination(&self, href: &str, _: Purpose) -> Option<Destination> {
            href.starts_with('/')
                .then(|| Destination { files: vec![href.len() as u64], is_published: href.contains("there") })
        }
    }
    let of = |text: &str| {
        let source = Source { path: "content/x.md", text, has_lead: true, ..SOURCE };
        render(source, Markdown::default(), Slugs::Keep, &Elsewhere)
    };
    assert_eq!(of("See https://a.example/secret/ and https://a.example/.\n").html.matches("<a ").count(), 1);
    assert!(!of("See https://a.example/secret/ here.\n").html.contains("secret"));

    // What leads nowhere is told where it is written.
    let found = of(
        "a [b](/gone/) [c](/there/)\n\n<p><a href=\"/dead/\">d</a></p>\n\ne <img src=\"/no.jpg\" alt=\"\">\n\n<video src=\"/there.mp4\" poster='/no.png'></video>\n\n[s](/secret/)\n",
    );
    let places: Vec<_> =
        found.diagnostics.iter().filter_map(|one| one.place.as_ref().map(|at| (at.line, at.column))).collect();
    assert_eq!(places, [(1, 3), (3, 13), (5, 13), (7, 33)], "{:?}", found.diagnostics);
}
