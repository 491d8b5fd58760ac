//! The live update of `courant serve`, in a real browser.

use std::fs;

use crate::browser::{Chromium, Page};
use crate::fixture::TestSite;
use crate::fixture::served::Served;
use serde_json::json;

const PAST: &str = "2026-01-05";

/// A site whose articles have what must survive: a form, details, and a script that changes the page.
fn site() -> TestSite {
    TestSite::new()
        .file("site.yaml", "title: The Test\nbase_url: https://test.example\ntheme: own\n")
        .file("themes/own/theme.yaml", "name: own\napi: 1\nextends: broadsheet\n")
        .file("themes/own/static/own.css", "h1 { margin-left: 1px }")
        .file("static/plain.css", "h1 { margin-right: 1px }")
        .file("static/image.svg", svg(10))
        .file(
            "themes/own/templates/article.html",
            "<!doctype html><html lang=en><head><title>{{ article.title }}</title>{{ head() }}\
             <link rel=stylesheet href=\"{{ asset(path=\"own.css\") }}\"><link rel=stylesheet href=/plain.css></head><body>\
             <h1>{{ article.title }}</h1>\
             <details id=more><summary>More</summary><p>Hidden.</p></details>\
             <form><input id=name><textarea id=reply></textarea><input id=agree type=checkbox></form>\
             <div class=article-body>{{ article.content | safe }}</div><img src=/image.svg alt=\"\">\
             <p id=spacer style=\"height: 3000px\">End</p><ul id=made></ul>\
             <script>document.getElementById('made').innerHTML = '<li>by a script';</script></body></html>",
        )
        .article("local/tunnel", PAST, "", "The tunnel is open.\n\nSecond.\n\nThird.")
        .article("local/ferry", "2026-01-06", "", "The ferry sails.")
}

fn svg(width: u32) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"5\"/>")
}

/// Opens a page and waits until it hears of changes.
fn open(chromium: &Chromium, served: &Served, path: &str) -> Page {
    let page = chromium.open(&format!("{}{path}", served.origin));
    page.wait_for("performance.getEntriesByType('resource').some((one) => one.name.includes('overlay.js'))");
    page.value("window.mark = 1");
    page
}

#[test]
fn an_edit_changes_the_page_and_leaves_what_the_reader_did() {
    let Some(chromium) = Chromium::start() else { return };
    let site = site();
    let served = Served::start(&site, &[]);
    let page = open(&chromium, &served, "/local/tunnel/");
    page.value(
        "(more.open = true, reply.value = 'Half a sentence', document.getElementById('name').value = 'A Reader', \
         agree.checked = true, reply.focus(), reply.setSelectionRange(2, 4), document.documentElement.dataset.own = 'x', \
         scrollTo(0, 400))",
    );
    site.write_article(
        "local/tunnel",
        PAST,
        "title: Another headline",
        "The tunnel is open.\n\nNew between.\n\nSecond, edited.\n\nThird.",
    );
    page.wait_for("document.body.textContent.includes('New between.')");
    let found = page.value(
        "({ mark: window.mark, open: more.open, reply: reply.value, name: document.getElementById('name').value, \
         agree: agree.checked, focus: document.activeElement.id, selection: [reply.selectionStart, reply.selectionEnd], \
         own: document.documentElement.dataset.own, made: made.textContent, title: document.title.split(' | ')[0], \
         heading: document.querySelector('h1').textContent, scroll: scrollY > 300, \
         body: [...document.querySelectorAll('.article-body p')].map((one) => one.textContent) })",
    );
    let wanted = json!({
        "mark": 1, "open": true, "reply": "Half a sentence", "name": "A Reader", "agree": true, "focus": "reply",
        "selection": [2, 4], "own": "x", "made": "by a script", "title": "Another headline",
        "heading": "Another headline", "scroll": true,
        "body": ["The tunnel is open.", "New between.", "Second, edited.", "Third."],
    });
    assert_eq!(found, wanted);
}

#[test]
fn stylesheets_and_images_are_exchanged_in_place() {
    let Some(chromium) = Chromium::start() else { return };
    let site = site();
    let served = Served::start(&site, &[]);
    let page = open(&chromium, &served, "/local/tunnel/");
    site.write("themes/own/static/own.css", "h1 { margin-left: 77px }");
    page.wait_for("getComputedStyle(document.querySelector('h1')).marginLeft === '77px'");
    site.write("static/plain.css", "h1 { margin-right: 78px }");
    page.wait_for("getComputedStyle(document.querySelector('h1')).marginRight === '78px'");
    page.wait_for("document.querySelectorAll('link[rel=stylesheet]').length === 2");
    site.write("static/image.svg", svg(33));
    page.wait_for("document.querySelector('img').naturalWidth === 33");
    assert_eq!(page.value("window.mark"), 1);
}

#[test]
fn a_new_template_is_seen_and_a_new_script_runs() {
    let Some(chromium) = Chromium::start() else { return };
    let site = site();
    let served = Served::start(&site, &[]);
    let page = open(&chromium, &served, "/local/tunnel/");
    let file = "themes/own/templates/article.html";
    site.write(file, site.read(file).replace("<h1>", "<p id=kicker>A kicker</p><h1>"));
    page.wait_for("document.getElementById('kicker')");
    assert_eq!(page.value("window.mark"), 1);
    site.write(file, site.read(file).replace("by a script", "by another script"));
    page.wait_for("made.textContent === 'by another script'");
}

#[test]
fn errors_lie_over_the_last_good_page_and_go() {
    let Some(chromium) = Chromium::start() else { return };
    let site = site();
    let served = Served::start(&site, &[]);
    let page = open(&chromium, &served, "/local/tunnel/");
    site.write("content/local/tunnel.md", "---\ntitle: T\ndate: nonsense\n---\n\nx\n");
    site.write("themes/own/templates/page.html", "{% if %}");
    let overlay = "document.querySelector('courant-overlay')?.shadowRoot.querySelector('section').innerText";
    page.wait_for(&format!("{overlay}?.includes('themes/own/templates/page.html:1')"));
    site.remove("themes/own/templates/page.html");
    page.wait_for(&format!("{overlay}?.includes('1 error')"));
    let text = page.value(overlay);
    let text = text.as_str().expect("a text");
    for part in ["content/local/tunnel.md:3:7", "3 | date: nonsense", "help: "] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert_eq!(
        page.value("[window.mark, document.body.textContent.includes('The tunnel is open.')]"),
        json!([1, true])
    );
    // It is there at once for who comes later, too.
    open(&chromium, &served, "/local/ferry/").wait_for("document.querySelector('courant-overlay')");
    site.write_article("local/tunnel", PAST, "", "Mended.");
    page.wait_for("!document.querySelector('courant-overlay') && document.body.textContent.includes('Mended.')");
    assert_eq!(page.value("window.mark"), 1);
}

#[test]
fn a_broken_configuration_at_the_start_is_shown_until_it_is_mended() {
    let Some(chromium) = Chromium::start() else { return };
    let site = site();
    let good = site.read("site.yaml");
    site.write("site.yaml", "titel: The Test\n");
    let served = Served::start(&site, &[]);
    let page = open(&chromium, &served, "/local/tunnel/");
    page.wait_for("document.querySelector('courant-overlay')?.shadowRoot.textContent.includes('site.yaml:1')");
    site.write("site.yaml", good);
    page.wait_for("document.body.textContent.includes('The tunnel is open.')");
    page.wait_for("!document.querySelector('courant-overlay')");
}

#[test]
fn every_tab_hears_of_its_own_page() {
    let Some(chromium) = Chromium::start() else { return };
    let site = site();
    let served = Served::start(&site, &[]);
    let (one, two) = (open(&chromium, &served, "/local/tunnel/"), open(&chromium, &served, "/local/ferry/"));
    let front = open(&chromium, &served, "/");
    site.write_article("local/tunnel", PAST, "title: Tunnel two", "Tunnel edited.");
    one.wait_for("document.body.textContent.includes('Tunnel edited.')");
    front.wait_for("document.body.textContent.includes('Tunnel two')");
    assert_eq!(two.value("[window.mark, document.querySelector('h1').textContent]"), json!([1, "Story of ferry"]));
    site.write_article("local/ferry", "2026-01-06", "", "Ferry edited.");
    two.wait_for("document.body.textContent.includes('Ferry edited.')");
    assert_eq!(json!([one.value("window.mark"), two.value("window.mark")]), json!([1, 1]));
}

#[test]
fn a_page_that_moves_is_followed_and_one_that_goes_is_gone() {
    let Some(chromium) = Chromium::start() else { return };
    let site = site();
    let served = Served::start(&site, &[]);
    let page = open(&chromium, &served, "/local/tunnel/");
    fs::rename(site.path("content/local/tunnel.md"), site.path("content/local/tube.md")).expect("renamed");
    page.wait_for("location.pathname === '/local/tube/'");
    site.write_article("local/tube", PAST, "", "Edited after the move.");
    page.wait_for("document.body.textContent.includes('Edited after the move.')");
    assert_eq!(page.value("window.mark"), 1);
    site.remove("content/local/tube.md");
    page.wait_for("document.title.includes('not found')");
    site.write_article("local/tube", PAST, "", "Here again.");
    page.wait_for("document.body.textContent.includes('Here again.')");
}

#[test]
fn a_page_finds_its_server_again() {
    let Some(chromium) = Chromium::start() else { return };
    let site = site();
    let served = Served::start(&site, &[]);
    let port = served.origin.rsplit(':').next().expect("a port").to_owned();
    let page = open(&chromium, &served, "/local/tunnel/");
    drop(served);
    site.write_article("local/tunnel", PAST, "", "Written while nobody served.");
    let served = Served::run(&site, &["serve", "--port", &port]);
    page.wait_for("document.body.textContent.includes('Written while nobody served.')");
    assert_eq!(page.value("window.mark"), 1);
    drop(served);
}

#[test]
fn a_draft_has_a_ribbon() {
    let Some(chromium) = Chromium::start() else { return };
    let site = site().article("local/draft", PAST, "draft: true", "A draft.");
    let served = Served::start(&site, &["--drafts"]);
    let page = open(&chromium, &served, "/local/draft/");
    assert_eq!(page.value("document.getElementById('courant-ribbon').checkVisibility()"), true);
    site.write_article("local/draft", PAST, "", "No draft any more.");
    page.wait_for("document.body.textContent.includes('No draft any more.')");
    page.wait_for("!document.getElementById('courant-ribbon')");
    assert_eq!(page.value("window.mark"), 1);
}

/// Random trees: a document that nobody changed becomes exactly what is sent.
#[test]
fn a_patched_document_is_the_new_one() {
    let Some(chromium) = Chromium::start() else { return };
    let site = site();
    let served = Served::start(&site, &[]);
    let page = open(&chromium, &served, "/local/tunnel/");
    let found = page.value(
        r#"import("/_courant/patch.js").then(({ patch }) => {
            let seed = 7;
            const random = (below) => (seed = (seed * 1103515245 + 12345) % 2147483648) % 65536 % below;
            const names = ["p", "div", "ul", "em", "b", "details"];
            const tree = (depth) => {
                const made = document.createElement(names[random(names.length)]);
                if (random(4) === 0) made.id = "i" + random(5);
                if (random(3) === 0) made.className = "c" + random(3);
                for (let count = random(5); count > 0; count -= 1) {
                    const kind = depth > 3 ? 0 : random(4);
                    made.append(kind === 0 ? document.createTextNode("t" + random(6)) : kind === 1 ? document.createComment("k" + random(3)) : tree(depth + 1));
                }
                return made;
            };
            const edit = (root) => {
                const all = [root, ...root.querySelectorAll("*")];
                for (let count = 1 + random(4); count > 0; count -= 1) {
                    const one = all[random(all.length)];
                    const child = one.childNodes[random(one.childNodes.length || 1)];
                    const kind = random(5);
                    if (kind === 0) child?.remove();
                    else if (kind === 1) one.insertBefore(tree(2), child ?? null);
                    else if (kind === 2) one.setAttribute("title", "a" + random(3));
                    else if (kind === 3) one.removeAttribute("class");
                    else one.append(document.createTextNode("new" + random(9)));
                }
            };
            const wrong = [];
            for (let run = 0; run < 3000; run += 1) {
                const before = tree(0), after = before.cloneNode(true), live = before.cloneNode(true);
                if (run % 3 === 0) after.replaceChildren(...tree(0).childNodes);
                edit(after);
                patch(live, before, after);
                if (!live.isEqualNode(after)) wrong.push([before.outerHTML, after.outerHTML, live.outerHTML]);
            }
            return wrong.slice(0, 2);
        })"#,
    );
    assert_eq!(found, json!([]));
}
