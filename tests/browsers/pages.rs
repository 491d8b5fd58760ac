//! Every type of page of the sample site in a real browser: on a phone and on a desk, in the light and in the
//! dark, with scripts and without.
//!
//! Where there is no axe on this machine, its part is skipped: see `crate::browser::axe`.

use std::collections::BTreeMap;
use std::path::Path;

use crate::browser::host::StaticHost;
use crate::browser::reader::{Reader, side_by_side};
use crate::browser::sample::SAMPLE;
use crate::browser::{Chromium, axe};
use crate::fixture::TestSite;
use serde_json::{Value, json};

/// The types of pages, and one of each.
const PAGES: [(&str, &str); 24] = [
    ("front", "/"),
    ("older front", "/page/1/"),
    ("article", "/local/tunnel/"),
    ("article with images", "/local/lighthouse/"),
    ("opinion", "/politics/one-bridge-too-few/"),
    ("sponsored", "/business/winter-berths/"),
    ("sound and film", "/science/quiet-ships/"),
    ("live", "/local/storm-hedda/"),
    ("section", "/local/"),
    ("tag", "/tags/harbour/"),
    ("tags", "/tags/"),
    ("author", "/authors/ines-vale/"),
    ("author without profile", "/authors/jorun-mast-keller/"),
    ("series", "/series/the-harbour-years/"),
    ("archive", "/archive/"),
    ("year", "/2026/"),
    ("month", "/2026/11/"),
    ("corrections", "/corrections/"),
    ("page", "/about/"),
    ("search", "/search/"),
    ("front in German", "/de/"),
    ("front in Arabic", "/ar/"),
    ("article in Arabic", "/ar/world/kessan-canal/"),
    ("not found", "/404.html"),
];

/// A phone and a desk, in CSS pixels.
const SCREENS: [(u32, u32); 2] = [(320, 640), (1440, 900)];

/// Looks at all pages and tells all that is wrong.
fn look_at_all(scripts: bool, look: impl Fn(&Reader, &str, &mut Vec<String>) + Sync) {
    let problems = side_by_side(scripts, &PAGES, |reader, (name, path)| {
        let mut found = Vec::new();
        look(reader, path, &mut found);
        found.into_iter().map(|problem| format!("{name} ({path}): {problem}")).collect::<Vec<_>>()
    });
    let problems = problems.unwrap_or_default().concat();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// What must never happen, whatever the page.
fn is_quiet(reader: &Reader, found: &mut Vec<String>) {
    let host = &SAMPLE.host.origin;
    found.extend(reader.complaints().into_iter().map(|complaint| format!("complains: {complaint}")));
    let elsewhere = |url: &String| !url.starts_with(host.as_str()) && !url.starts_with("data:");
    found.extend(reader.requests().into_iter().filter(elsewhere).map(|url| format!("asks for {url}")));
}

/// What is wider than the screen, and what reaches out of it.
const OVERFLOW: &str = "(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return null;
    const out = [...document.body.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > width + 1);
    return document.documentElement.scrollWidth + ' px: ' + out.slice(0, 3).map((one) => one.outerHTML.slice(0, 80)).join(' … ');
})()";

/// Targets under 24 CSS pixels (WCAG 2.2, success criterion 2.5.8); a link in a line of text is exempt.
const SMALL_TARGETS: &str =
    "[...document.querySelectorAll('a[href], button, summary, input, select, textarea')].filter((one) => {
    const box = one.getBoundingClientRect(), style = getComputedStyle(one);
    if (!box.width || !box.height || style.visibility == 'hidden' || one.disabled) return false;
    if (one.matches('.skip') || one.closest('.visually-hidden, .reply-trap')) return false;
    if (getComputedStyle(one, '::after').position == 'absolute') return false;
    if (style.display == 'inline' && one.closest('p, li, dd, td, figcaption, .correction, .notice, .colophon-note')) return false;
    return box.width < 23.9 || box.height < 23.9;
}).map((one) => one.outerHTML.slice(0, 100))";

#[test]
fn what_a_page_does_wrong_is_heard() {
    let Some(chromium) = Chromium::start() else { return };
    let site = TestSite::new()
        .file(
            "wrong/index.html",
            "<!doctype html><img src=\"http://127.0.0.1:9/elsewhere.png\" alt=\"\"><img src=\"/nowhere.png\" alt=\"\">\
         <p style=\"width: 2000px\">Wide</p><script>console.error('loud'); undefined.thrown</script>",
        )
        .file("404.html", "none");
    let host = StaticHost::start(site.root());
    let reader = chromium.reader(true);
    reader.go(&format!("{}/wrong/", host.origin));
    // The browser's log may come after the page.
    let mut complaints = String::new();
    for part in ["loud", "thrown", "nowhere.png"] {
        for _ in 0..500 {
            complaints += &reader.complaints().concat();
            if complaints.contains(part) {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        assert!(complaints.contains(part), "{part}: {complaints}");
    }
    assert!(reader.requests().iter().any(|url| url == "http://127.0.0.1:9/elsewhere.png"));
    assert!(reader.now(OVERFLOW).is_string());
}

#[test]
fn every_page_fits_its_screen_and_axe_finds_nothing() {
    let axe = axe::source();
    look_at_all(true, |reader, path, found| {
        reader.screen(1440, 900);
        reader.go(&format!("{}{path}", SAMPLE.host.origin));
        is_quiet(reader, found);
        if let Some(axe) = &axe {
            reader.run(axe);
        }
        for (width, height) in SCREENS {
            reader.screen(width, height);
            for scheme in ["light", "dark"] {
                reader.prefers(&[("prefers-color-scheme", scheme)]);
                if axe.is_some() {
                    let barriers = reader.barriers().into_iter();
                    found.extend(barriers.map(|problem| format!("axe at {width} px, {scheme}: {problem}")));
                }
            }
            if let Value::String(overflow) = reader.now(OVERFLOW) {
                found.push(format!("wider than {width} px: {overflow}"));
            }
            for target in reader.now(SMALL_TARGETS).as_array().into_iter().flatten() {
                found.push(format!("a target under 24 px at {width} px: {target}"));
            }
        }
        is_quiet(reader, found);
    });
}

#[test]
fn every_page_is_whole_without_scripts() {
    look_at_all(false, |reader, path, found| {
        reader.prefers(&[("prefers-color-scheme", "dark")]);
        reader.go(&format!("{}{path}", SAMPLE.host.origin));
        for (width, height) in SCREENS {
            reader.screen(width, height);
            if let Value::String(overflow) = reader.now(OVERFLOW) {
                found.push(format!("wider than {width} px: {overflow}"));
            }
        }
        let page = reader.now(
            "({ paper: getComputedStyle(document.body).backgroundColor, heading: document.querySelectorAll('h1').length, \
             choice: document.querySelector('.scheme').checkVisibility(), words: document.querySelector('main').innerText.length })",
        );
        if page["paper"] != "rgb(22, 21, 19)" {
            found.push(format!("is not dark: {}", page["paper"]));
        }
        if page["heading"] != 1 || page["choice"] != false || page["words"].as_u64() < Some(50) {
            found.push(format!("is not whole: {page}"));
        }
        is_quiet(reader, found);
    });
}

#[test]
fn the_sections_open_on_a_phone_by_keyboard_and_without_scripts() {
    let Some(chromium) = Chromium::start() else { return };
    let reader = chromium.reader(false);
    reader.screen(320, 640);
    reader.go(&format!("{}/local/tunnel/", SAMPLE.host.origin));
    let is_shown = "document.querySelector('.sections a').checkVisibility()";
    assert_eq!(reader.now(is_shown), false);
    // The skip link, the name of the paper, the menu.
    for _ in 0..3 {
        reader.press_key("Tab");
    }
    assert_eq!(reader.now("document.activeElement.localName"), "summary");
    reader.press_key("Enter");
    reader.wait_for(is_shown);
    reader.press_key("Tab");
    assert_eq!(reader.now("document.activeElement.closest('.sections, .tools') != null"), true);
    reader.screen(1440, 900);
    reader.go(&format!("{}/local/tunnel/", SAMPLE.host.origin));
    assert_eq!(reader.now(is_shown), true, "a wide screen has room for all of them");
    assert_eq!(reader.now("document.querySelector('summary').checkVisibility()"), false);
}

#[test]
fn what_has_the_focus_is_seen() {
    side_by_side(true, &[("/local/tunnel/", SCREENS[0]), ("/", SCREENS[1])], |reader, (path, (width, height))| {
        // Where the focus goes the page is at once, without a way there.
        reader.prefers(&[("prefers-reduced-motion", "reduce")]);
        reader.screen(*width, *height);
        reader.go(&format!("{}{path}", SAMPLE.host.origin));
        reader.press_key("Tab");
        // The first thing skips the masthead.
        reader.wait_for("document.activeElement.hash == '#content'");
        for _ in 0..30 {
            // A busy machine paints a moment later.
            let look = || {
                reader.now(
                "(() => { const one = document.activeElement, box = one.getBoundingClientRect();
                    const outlined = (some) => some && getComputedStyle(some).outlineStyle != 'none' && parseFloat(getComputedStyle(some).outlineWidth) >= 2;
                    const top = document.elementFromPoint(box.x + Math.min(box.width, innerWidth) / 2, box.y + Math.min(box.height, 40) / 2);
                    return { what: one.outerHTML.slice(0, 90), outline: Boolean(outlined(one) || outlined(one.closest('.teaser'))),
                        there: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
                        free: !top || one.contains(top) || top.contains(one) || Boolean(one.closest('.teaser')) } })()",
            )
            };
            let is_seen = |seen: &Value| ["outline", "there", "free"].iter().all(|what| seen[what] == json!(true));
            let seen = (0..300).map(|_| look()).find(is_seen).unwrap_or_else(look);
            assert_eq!(
                (&seen["outline"], &seen["there"], &seen["free"]),
                (&json!(true), &json!(true), &json!(true)),
                "{seen}"
            );
            reader.press_key("Tab");
        }
        reader.go(&format!("{}{path}", SAMPLE.host.origin));
        reader.press_key("Tab");
        reader.press_key("Enter");
        reader.wait_for("document.activeElement.id == 'content'");
    });
}

#[test]
fn the_choice_of_colours_lasts_and_is_made_before_anything_is_painted() {
    let Some(chromium) = Chromium::start() else { return };
    let reader = chromium.reader(true);
    reader.screen(1440, 900);
    reader.prefers(&[("prefers-color-scheme", "light")]);
    let paper = "getComputedStyle(document.body).backgroundColor";
    let pressed = "document.querySelector('.scheme').ariaPressed";
    let (light, dark) = ("rgb(255, 254, 251)", "rgb(22, 21, 19)");
    reader.go(&format!("{}/", SAMPLE.host.origin));
    assert_eq!((reader.now(paper), reader.now(pressed)), (json!(light), json!("false")));
    reader.press(".scheme");
    reader.wait_for(&format!("{paper} == '{dark}'"));
    assert_eq!(reader.now(pressed), "true");
    reader.go(&format!("{}/local/tunnel/", SAMPLE.host.origin));
    assert_eq!(reader.now(paper), dark, "another page, the same colours");
    let before = "[...document.head.children].findIndex((one) => one.matches('script:not([src], [type])')) \
                  < [...document.head.children].findIndex((one) => one.matches('link[rel=stylesheet]'))";
    assert_eq!(reader.now(before), true, "the script that chooses stands before the stylesheet, so nothing flashes");
    reader.prefers(&[("prefers-color-scheme", "dark")]);
    assert_eq!(reader.now(paper), dark);
    reader.press(".scheme");
    reader.wait_for(&format!("{paper} == '{light}'"));
    reader.press(".scheme");
    reader.wait_for(&format!("{paper} == '{dark}'"));
    assert_eq!(reader.now("localStorage.scheme"), "", "who chooses what the system has follows the system again");
    reader.prefers(&[("prefers-color-scheme", "light")]);
    assert_eq!(reader.now(paper), light);
    assert!(reader.complaints().is_empty());
}

#[test]
fn every_page_answers_what_lighthouse_asks_of_its_source() {
    look_at_all(true, |reader, path, found| {
        reader.go(&format!("{}{path}", SAMPLE.host.origin));
        let wrong = reader.now(
            "(() => { const one = (selector) => document.querySelector(selector), wrong = [];
                if (!document.title.trim()) wrong.push('no title');
                if (!one('meta[name=description]')?.content && !one('meta[name=robots][content*=noindex]')) wrong.push('no description');
                if (!one('meta[name=viewport]')?.content.includes('width=device-width')) wrong.push('no viewport');
                if (/user-scalable=no|maximum-scale/.test(one('meta[name=viewport]')?.content)) wrong.push('cannot be enlarged');
                if (!document.documentElement.lang) wrong.push('no language');
                if (document.compatMode != 'CSS1Compat' || document.characterSet != 'UTF-8') wrong.push('quirks');
                if (document.querySelectorAll('link[rel=canonical]').length > 1) wrong.push('two canonical addresses');
                for (const link of document.links) if (!/^(https?|mailto|tel):/.test(link.href)) wrong.push('leads nowhere: ' + link.href);
                for (const image of document.images) if (!image.hasAttribute('alt')) wrong.push('no words for ' + image.src);
                const lead = [...document.images].filter((image) => image.fetchPriority == 'high');
                if (lead.length > 1 || lead.some((image) => image.loading == 'lazy')) wrong.push('more than one lead image, or a lazy one');
                return wrong })()",
        );
        found.extend(wrong.as_array().into_iter().flatten().map(Value::to_string));
    });
}

#[test]
fn a_page_is_light_in_weight_and_nothing_moves() {
    let Some(chromium) = Chromium::start() else { return };
    let reader = chromium.reader(true);
    reader.screen(390, 844);
    let packed = |addresses: &str| {
        let length = format!(
            "Promise.all({addresses}.map(async (url) => (await new Response((await fetch(url)).body.pipeThrough(new CompressionStream('gzip'))).arrayBuffer()).byteLength)).then((all) => all.reduce((a, b) => a + b, 0))"
        );
        reader.value(&length).as_u64().expect("a length")
    };
    for path in ["/", "/local/tunnel/", "/local/storm-hedda/", "/local/"] {
        reader.go(&format!("{}{path}", SAMPLE.host.origin));
        let text =
            packed("[location.href, ...[...document.querySelectorAll('link[rel=stylesheet]')].map((one) => one.href)]");
        let scripts = packed("[...document.scripts].filter((one) => one.src).map((one) => one.src)");
        let inline = reader.now("[...document.scripts].filter((one) => !one.src && !one.type).reduce((sum, one) => sum + one.text.length, 0)");
        println!("{path}: {text} B of HTML and CSS, {scripts} B of scripts and {inline} characters in the page");
        assert!(text < 30_000, "{path}: {text}");
        assert!(scripts + inline.as_u64().expect("a number") / 2 < 3_000, "{path}: {scripts} and {inline}");
        let blocking = reader.now(
            "[...document.querySelectorAll('script[src]:not([defer], [async], [type=module])')].map((one) => one.src)",
        );
        assert_eq!(blocking, json!([]), "{path}");
        let shift = reader.value(
            "new Promise((done) => { let sum = 0;
                new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value })
                    .observe({ type: 'layout-shift', buffered: true });
                for (const one of document.images) one.loading = 'eager';
                Promise.all([...document.images].map((one) => one.decode().catch(() => {}))).then(() => setTimeout(() => done(sum), 300)) })",
        );
        assert!(shift.as_f64() < Some(0.01), "{path}: what was there moved by {shift}");
        let unsized_images =
            reader.now("[...document.images].filter((one) => !one.getAttribute('width')).map((one) => one.src)");
        assert_eq!(unsized_images, json!([]), "{path}");
    }
}

#[test]
fn twice_the_size_of_letters_still_fits() {
    look_at_all(true, |reader, path, found| {
        reader.screen(1280, 900);
        reader.go(&format!("{}{path}", SAMPLE.host.origin));
        reader.now("(document.documentElement.style.fontSize = '200%')");
        if let Value::String(overflow) = reader.now(OVERFLOW) {
            found.push(overflow);
        }
    });
}

#[test]
fn long_words_and_other_scripts_keep_to_their_columns() {
    let long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
    let sites = [
        ("de", "ltr", long, "Der Rat tagt."),
        ("ar", "rtl", "افتتاح نفق الميناء قبل موعده بعام", "انطلق أول قطار في السابعة والنصف صباحا."),
        ("ja", "ltr", "港のトンネル、予定より一年早く開通", "けさ七時半、最初の路面電車が港の下を走った。"),
    ];
    side_by_side(true, &sites, |reader, (language, direction, title, text)| {
        let site = TestSite::new()
            .file(
                "site.yaml",
                format!("title: {title}\nbase_url: https://t.example\nlanguage: {language}\ntheme: own\n"),
            )
            .file("themes/own/theme.yaml", "name: own\napi: 1\nextends: broadsheet\n")
            .file(&format!("themes/own/i18n/{language}.yaml"), format!("latest_posts: \"{title}\"\n"));
        for day in 1..10 {
            let front = format!(
                "title: \"{title} {day}\"\nsummary: \"{title}: {text}\"\nauthors: [\"{title}\"]\ntags: [\"{title}\"]\nkind: opinion"
            );
            site.write_article(
                &format!("local/n{day}"),
                &format!("2026-10-{day:02}"),
                &front,
                &format!("{text} {title}.\n\n## {title}\n\n| {title} | b |\n| - | - |\n| {title} | d |\n\n> {title}\n"),
            );
        }
        site.build();
        let host = StaticHost::start(&site.path("public"));
        for path in ["/", "/local/", "/local/n3/", "/tags/", "/404.html"] {
            reader.go(&format!("{}{path}", host.origin));
            for (width, height) in SCREENS {
                reader.screen(width, height);
                assert_eq!(reader.now(OVERFLOW), Value::Null, "{language} {path} at {width} px");
                assert_eq!(reader.now("document.dir"), *direction, "{language} {path}");
                let turned = "[...document.querySelectorAll('.with-rail, .front')].every((one) => { \
                     const [a, b] = [...one.children].map((child) => child.getBoundingClientRect()); \
                     return b.top >= a.bottom || (a.left <= b.left) == (document.dir == 'ltr') })";
                assert_eq!(
                    reader.now(turned),
                    true,
                    "{language} {path}: the rail stands at the end of the line, or below"
                );
            }
        }
        let tight = reader.now("getComputedStyle(document.querySelector('.nameplate')).letterSpacing");
        assert_eq!(tight == "normal" || tight == "0px", *language != "de", "{language}: {tight}");
    });
}

#[test]
fn the_box_at_the_side_stays_in_sight_down_a_long_article() {
    let Some(chromium) = Chromium::start() else { return };
    let reader = chromium.reader(true);
    for height in [700, 900, 1100] {
        reader.screen(1440, height);
        reader.go(&format!("{}/local/tunnel/", SAMPLE.host.origin));
        reader.now("(document.documentElement.style.scrollBehavior = 'auto', scrollTo(0, 1500), null)");
        reader.waits_for_paint();
        let end = reader.now("document.querySelector('.rail > :last-child').getBoundingClientRect().bottom");
        let end = end.as_f64().expect("a number");
        assert!(end > 500.0 && end <= f64::from(height), "{height}: its last entry ends at {end}");
    }
}

#[test]
fn a_date_stands_on_one_line_and_a_credit_below_its_caption() {
    let Some(chromium) = Chromium::start() else { return };
    let reader = chromium.reader(true);
    for width in [320, 768, 1440] {
        reader.screen(width, 900);
        reader.go(&format!("{}/local/tunnel/", SAMPLE.host.origin));
        let heights = reader.now(
            "[...document.querySelectorAll('.dateline time')].map((one) => Math.round(one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight)))",
        );
        let heights = heights.as_array().expect("a list");
        assert!(!heights.is_empty() && heights.iter().all(|lines| *lines == 1), "{width}: {heights:?}");
        let wrong = reader.now(
            "[...document.querySelectorAll('figcaption > .credit')].filter((one) => one.parentElement.firstChild != one).map((one) => {
                const words = document.createRange(); words.setStart(one.parentElement, 0); words.setEndBefore(one);
                return [one.textContent, one.getBoundingClientRect().top - words.getBoundingClientRect().bottom] })",
        );
        let wrong = wrong.as_array().expect("a list");
        assert!(!wrong.is_empty() && wrong.iter().all(|one| one[1].as_f64() > Some(-4.0)), "{width}: {wrong:?}");
    }
}

#[test]
fn print_has_the_article_and_nothing_to_press() {
    let Some(chromium) = Chromium::start() else { return };
    let reader = chromium.reader(true);
    // A sheet of A4; the rules for wide screens must not hold on it.
    reader.screen(794, 1123);
    reader.prefers(&[("prefers-color-scheme", "dark")]);
    reader.go(&format!("{}/local/tunnel/", SAMPLE.host.origin));
    reader.prints();
    let shown = |selector: &str| {
        reader.now(&format!("[...document.querySelectorAll('{selector}')].some((one) => one.checkVisibility())"))
    };
    for kept in [
        ".nameplate",
        ".headline",
        ".byline",
        ".article-picture img",
        ".article-body",
        ".corrections",
        ".source",
        ".print-only",
    ] {
        assert_eq!(shown(kept), true, "{kept}");
    }
    for gone in ["nav", "button", "form", ".bar", ".rail", ".related", ".colophon", ".replies", ".footnote-back"] {
        assert_eq!(shown(gone), false, "{gone}");
    }
    assert_eq!(reader.now("getComputedStyle(document.body).color"), "rgb(0, 0, 0)", "ink is black, also at night");
    assert_eq!(reader.now("getComputedStyle(document.querySelector('.article-body')).columnCount"), "2");
    assert_eq!(reader.now(OVERFLOW), Value::Null);
}

#[test]
fn colours_of_a_child_are_for_screens_and_not_for_paper_or_those_who_need_contrast() {
    let Some(chromium) = Chromium::start() else { return };
    let site = TestSite::new()
        .file("site.yaml", "title: T\nbase_url: https://t.example\ntheme: own\ntheme_settings: { logo: /l.svg, logo_dark: /d.svg }\n")
        .file("themes/own/theme.yaml", "name: own\napi: 1\nextends: broadsheet\n")
        .file(
            "themes/own/templates/site.css",
            "{% extends \"broadsheet/site.css\" %}{% block own %}{{ super() }}:root { --paper: #ffe; --ink: #123; --muted: #aaa; --rule: #eee }{% endblock own %}",
        )
        .file("static/l.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='10'/>")
        .file("static/d.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='10'/>")
        .article("local/x", "2026-10-02", "", "Words.");
    site.build();
    let host = StaticHost::start(&site.path("public"));
    let reader = chromium.reader(true);
    let of_root =
        |name: &str| reader.now(&format!("getComputedStyle(document.documentElement).getPropertyValue('{name}')"));
    reader.go(&format!("{}/local/x/", host.origin));
    assert_eq!((of_root("--paper"), of_root("--muted")), (json!("#ffe"), json!("#aaa")));
    reader.prefers(&[("prefers-contrast", "more")]);
    assert_ne!(of_root("--muted"), "#aaa");
    reader.prefers(&[("prefers-color-scheme", "dark")]);
    let dimmed = "[...document.querySelectorAll('.nameplate img')].map((one) => getComputedStyle(one).filter)";
    assert_eq!(reader.now(dimmed), json!(["none", "none"]), "a logo for dark ground is not dimmed");
    reader.prints();
    assert_eq!(reader.now("getComputedStyle(document.body).color"), "rgb(0, 0, 0)");
    assert_eq!(of_root("--paper"), "#fff");
}

#[test]
fn no_printed_page_lays_words_over_an_image_or_has_anything_to_press() {
    look_at_all(true, |reader, path, found| {
        reader.screen(794, 1123);
        reader.go(&format!("{}{path}", SAMPLE.host.origin));
        reader.prints();
        let wrong = reader.now(
            "(() => { const seen = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());
                const boxes = (all) => all.map((one) => [one, one.getBoundingClientRect()]);
                const wrong = seen('nav, button, form, .bar, .rail, .ways, .colophon').map((one) => 'is there: ' + one.outerHTML.slice(0, 80));
                for (const [, image] of boxes(seen('main img')))
                    for (const [one, box] of boxes(seen('main :is(h1, h2, h3, p, figcaption)')))
                        if (Math.min(box.right, image.right) - Math.max(box.left, image.left) > 2 && Math.min(box.bottom, image.bottom) - Math.max(box.top, image.top) > 4)
                            wrong.push('lies over an image: ' + one.outerHTML.slice(0, 80));
                return wrong })()",
        );
        found.extend(wrong.as_array().into_iter().flatten().map(Value::to_string));
        if let Value::String(overflow) = reader.now(OVERFLOW) {
            found.push(format!("wider than the sheet: {overflow}"));
        }
    });
}

#[test]
fn what_has_a_ground_stands_beside_a_pull_quote_and_not_over_it() {
    let Some(chromium) = Chromium::start() else { return };
    let text = "Words.\n\n{{ <pullquote text=\"A sentence that is long enough for some lines\" by=\"Somebody\" /> }}\n\n\
                > [!NOTE]\n> A remark.\n\nhttps://vimeo.com/76979871\n\n> A quotation.\n\n## A heading\n\nMore words.\n";
    let short = "One.\n\nTwo.\n\n{{ <pullquote text=\"A sentence that is long enough for some lines\" by=\"Somebody\" /> }}\n\n\
                 Three.\n\nFour.\n";
    let site = TestSite::new().article("local/x", "2026-10-02", "", text).article("local/y", "2026-10-02", "", short);
    site.write("site.yaml", site.read("site.yaml") + "ad_slots: { m: { place: text, after: 3 } }\n");
    site.write("includes/ads/a.md", "---\nslot: m\n---\n\nWords of an advertisement.\n");
    site.build();
    let host = StaticHost::start(&site.path("public"));
    let reader = chromium.reader(true);
    for (page, (width, height)) in ["y", "x"].into_iter().flat_map(|page| SCREENS.map(|screen| (page, screen))) {
        reader.go(&format!("{}/local/{page}/", host.origin));
        reader.screen(width, height);
        let over = reader.now(
            "(() => { const quote = document.querySelector('.pullquote').getBoundingClientRect();
                return [...document.querySelectorAll('.article-body > :not(.pullquote)')].filter((one) => {
                    const box = one.getBoundingClientRect();
                    if (!one.matches('blockquote, .embed, .ad')) return false;
                    return Math.min(box.right, quote.right) > Math.max(box.left, quote.left) + 1 && Math.min(box.bottom, quote.bottom) > Math.max(box.top, quote.top) + 1;
                }).map((one) => one.className || one.localName) })()",
        );
        assert_eq!(over, json!([]), "{page} at {width} px");
    }
    let heading = "document.querySelector('.article-body > h2').getBoundingClientRect().top";
    let before = "document.querySelector('.article-body > h2').previousElementSibling.getBoundingClientRect().bottom";
    let gap = reader.now(&format!("{heading} - {before}"));
    assert!(gap.as_f64() < Some(80.0), "no hole before a heading beside a quotation: {gap}");
}

#[test]
fn motion_is_only_for_those_who_like_it() {
    let Some(chromium) = Chromium::start() else { return };
    let reader = chromium.reader(true);
    reader.go(&format!("{}/", SAMPLE.host.origin));
    let behaviour = "getComputedStyle(document.documentElement).scrollBehavior";
    reader.prefers(&[("prefers-reduced-motion", "no-preference")]);
    assert_eq!(reader.now(behaviour), "smooth");
    reader.prefers(&[("prefers-reduced-motion", "reduce")]);
    assert_eq!(reader.now(behaviour), "auto");
}

/// The parts of a page that make its layout. Their left edges and widths follow from the grid and not from
/// the fonts of the machine; of their heights only the order counts.
const LANDMARKS: &str = "[...document.querySelectorAll('.nameplate, .bar, main, .front-main, .splash > .lead, .splash-beside, .front-top > :nth-child(-n+3), .blocks > :nth-child(-n+3), .rail, .article-head, .article-picture, .article-meta, .article-text, .article-body, .article-body > .pullquote, .replies, .reply-form, .related-items > :first-child, .listing-head, .portrait, .rows > :first-child, .terms, .pager, .not-found, .colophon nav')]
    .filter((one) => one.checkVisibility())
    .map((one) => { const box = one.getBoundingClientRect();
        return [one.localName + '.' + (one.classList[0] || ''), Math.round(box.left), Math.round(box.width), box.top] })";

#[test]
fn the_layout_is_as_it_was_drawn() {
    let layouts = side_by_side(true, &PAGES, |reader, (name, path)| {
        reader.go(&format!("{}{path}", SAMPLE.host.origin));
        [320, 768, 1440].map(|width| format!("{name} at {width}: {}\n", layout(reader, width))).concat()
    });
    let Some(layouts) = layouts else { return };
    let head = "# Left edge and width of the landmarks of each page, from the top, in CSS pixels.\n";
    let drawn = format!("{head}{}", layouts.concat());
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browsers/browser/layout.txt");
    if std::env::var_os("DRAW").is_some() {
        std::fs::write(&file, &drawn).expect("written");
        return;
    }
    let wanted = std::fs::read_to_string(&file).expect("the layout");
    let differing: Vec<String> = by_page(&wanted)
        .into_iter()
        .filter(|(page, line)| by_page(&drawn).get(page) != Some(line))
        .map(|(page, line)| format!("{page}\n  drawn: {line}\n  now:   {}", by_page(&drawn).get(page).unwrap_or(&"")))
        .collect();
    assert!(
        differing.is_empty(),
        "look at these pages, and if they are right, run this with DRAW=1:\n{}",
        differing.join("\n")
    );
}

/// Left edges and widths of the landmarks of a page on a screen, from the top.
fn layout(reader: &Reader, width: u32) -> String {
    reader.screen(width, 900);
    let Value::Array(mut boxes) = reader.now(LANDMARKS) else { panic!("no list") };
    boxes.sort_by(|a, b| a[3].as_f64().partial_cmp(&b[3].as_f64()).expect("numbers"));
    // Several of a kind in a row are one line.
    let mut lines: Vec<(String, usize)> = Vec::new();
    for one in &boxes {
        let line = format!("{} {}+{}", one[0].as_str().unwrap_or_default(), one[1], one[2]);
        match lines.last_mut() {
            Some((last, count)) if *last == line => *count += 1,
            _ => lines.push((line, 1)),
        }
    }
    let lines = lines.iter().map(|(line, count)| if *count > 1 { format!("{line} ×{count}") } else { line.clone() });
    lines.collect::<Vec<_>>().join(", ")
}

fn by_page(layout: &str) -> BTreeMap<&str, &str> {
    layout.lines().filter_map(|line| line.split_once(": ")).collect()
}

#[test]
fn the_sample_site_has_every_type_of_page() {
    for (name, path) in PAGES {
        let file = if path.ends_with('/') { format!("public{path}index.html") } else { format!("public{path}") };
        assert!(SAMPLE.site.has(&file), "{name}: {file}");
    }
}

#[test]
fn a_time_that_nobody_wrote_is_not_shown() {
    for theme in ["broadsheet", "wire"] {
        let site = TestSite::new()
            .file(
                "site.yaml",
                format!("title: T\nbase_url: https://test.example\ntimezone: Europe/Berlin\ntheme: {theme}\n"),
            )
            .article("local/day", "2026-11-20", "updated: 2026-11-21", "Words.")
            .article("local/minute", "2026-11-19T14:05", "", "Words.");
        site.build();
        let day = site.published("local/day/index.html");
        assert!(
            day.contains("datetime=\"2026-11-20T00:00:00+01:00\">") && !day.contains("00:00</time>"),
            "{theme}: {day}"
        );
        assert!(!site.published("index.html").contains("00:00</time>"), "{theme}");
        assert!(site.published("local/minute/index.html").contains("14:05</time>"), "{theme}");
    }
}

#[test]
fn latest_posts_mark_the_article_at_hand() {
    let Some(chromium) = Chromium::start() else { return };
    let newest = SAMPLE.site.published("local/index.html");
    let newest =
        newest.split("id=\"latest-posts\"").nth(1).and_then(|list| list.split("href=\"").nth(1)).expect("a link");
    let path = newest.split('"').next().expect("an address");
    let page = chromium.open(&format!("{}{path}", SAMPLE.host.origin));
    page.wait_for("document.querySelector('.latest [aria-current]') !== null");
    let marked = "[...document.querySelectorAll('.latest [aria-current=page]')].map((link) => link.pathname)";
    assert_eq!(page.value(marked), json!([path]));
}

/// The largest hole below a story of the desk's rows: how much longer another one of its row is.
const HOLE: &str = "Math.max(0, ...[...document.querySelectorAll('.front-top, .shelf-stories, .package-stories, .splash')].flatMap((rows) => {
    const end = (one) => Math.max(...[one, ...one.querySelectorAll('*')].filter((part) => !part.children.length || part.matches('img')).map((part) => part.getBoundingClientRect().bottom));
    const stories = [...rows.children].filter((one) => one.getBoundingClientRect().height);
    return stories.map((one) => {
        const top = one.getBoundingClientRect().top;
        const row = stories.filter((other) => Math.abs(other.getBoundingClientRect().top - top) < 2).map(end);
        return Math.max(...row) - end(one);
    });
}))";

#[test]
fn a_front_page_that_an_editor_placed_leaves_no_holes_and_axe_finds_nothing() {
    let axe = axe::source();
    let of = |theme: &'static str| [2, 3, 4, 5, 7, 8].map(|count| (theme, count));
    let sites = [of("broadsheet"), of("wire")].concat();
    let found = side_by_side(true, &sites, |reader, (theme, count)| {
        let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1200\" height=\"800\"><rect width=\"1200\" height=\"800\" fill=\"#9bc\"/></svg>";
        let site = TestSite::new().file("content/a.svg", drawing);
        site.write("site.yaml", format!("title: The Test\nbase_url: https://t.example\ntheme: {theme}\n"));
        for day in 1..=28 {
            let kind = if day % 4 == 0 { "kind: opinion\n" } else { "" };
            let image = if day % 3 == 0 { "" } else { "image: {src: /a.svg, alt: A}\n" };
            let front = format!(
                "{kind}{image}title: Story {day} of the harbour\ntags: [ships]\nsummary: What it says in one sentence."
            );
            site.write_article(&format!("local/n{day}"), &format!("2026-09-{day:02}"), &front, "x");
        }
        let list =
            |from: usize| (from..from + count - 1).map(|day| format!("local/n{day}.md")).collect::<Vec<_>>().join(", ");
        let blocks: String =
            ["lead", "list", "grid", "opinion", "pictures"].iter().fold(String::new(), |all, layout| {
                format!("{all}    - {{ tag: ships, title: As {layout}, count: {count}, layout: {layout} }}\n")
            });
        let front = format!(
            "front:\n  lead: local/n1.md\n  top: [{}]\n  packages: [{{ title: A storm, lead: local/n12.md, articles: [{}] }}]\n  blocks:\n{blocks}  notice: {{ text: Ferries are cancelled, url: /local/, kind: breaking, until: 2036-11-26 }}\n",
            list(2),
            list(13)
        );
        site.write("content/_index.md", format!("---\n{front}---\n"));
        site.write("content/local/_index.md", format!("---\ntitle: Local\n{front}---\n"));
        site.build();
        let host = StaticHost::start(&site.path("public"));
        let mut found = Vec::new();
        for page in ["/", "/local/"] {
            reader.go(&format!("{}{page}", host.origin));
            if let Some(axe) = &axe {
                reader.run(axe);
            }
            for (width, height) in [(320, 640), (768, 900), (1440, 900)] {
                let place = format!("{theme}, {count} stories, {page} at {width} px");
                reader.screen(width, height);
                for scheme in ["light", "dark"] {
                    reader.prefers(&[("prefers-color-scheme", scheme)]);
                    if axe.is_some() {
                        found.extend(
                            reader.barriers().into_iter().map(|problem| format!("{place}, {scheme}: {problem}")),
                        );
                    }
                }
                if let Value::String(overflow) = reader.now(OVERFLOW) {
                    found.push(format!("{place}: wider: {overflow}"));
                }
                let hole = reader.now(HOLE).as_f64().unwrap_or(f64::MAX);
                if hole >= 400.0 {
                    found.push(format!("{place}: a hole of {hole} px"));
                }
            }
        }
        found
    });
    let found = found.unwrap_or_default().concat();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
