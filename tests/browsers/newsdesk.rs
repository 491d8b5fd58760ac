//! The desk of the preview, and the rewind of a page.

use std::net::UdpSocket;

use crate::browser::{Chromium, axe};
use crate::fixture::TestSite;
use crate::fixture::served::{Answer, Served};
use jiff::{Timestamp, ToSpan};

/// A moment some hours from now, as front matter has it.
fn hours(from_now: i64) -> String {
    let at = Timestamp::now() + from_now.hours();
    Timestamp::from_second(at.as_second()).expect("a moment").to_string()
}

fn site() -> TestSite {
    TestSite::new()
        .file("site.yaml", "title: The Test\nbase_url: https://test.example\nlanguages: { en: {}, de: {} }\n")
        .article("local/tunnel", "2026-01-05", "title: The tunnel opens", "The tunnel is open.")
        .article("local/ferry", &hours(-72), "title: The ferry sails", "See [the tunnel](tunnel.md).")
        .file(
            "content/local/ferry.de.md",
            format!("---\ntitle: Die Fähre fährt\ndate: {}\n---\nAuf Deutsch.\n", hours(-48)),
        )
        .article("local/plan", "2026-01-06", "title: A secret <b>plan</b>\ndraft: true", "Not yet.")
        .article("local/bridge", &hours(30), "title: The bridge is closed", "From tomorrow on.")
        .article("local/sale", &hours(-30), &format!("title: A sale\nexpires: {}", hours(20)), "While it lasts.")
        .article(
            "local/storm",
            &hours(-20),
            "title: The storm\nkind: live",
            &format!(
                "What we know.\n\n## It is near {{time={}}}\n\nNear.\n\n## It is here {{time={}}}\n\nHere.\n",
                hours(-10),
                hours(10)
            ),
        )
}

fn waiting(site: &TestSite, id: &str, text: &str) {
    site.write(
        &format!("comments/inbox/{id}.yaml"),
        format!(
            "id: {id}\narticle: /local/tunnel/\nsource: content/local/tunnel.md\nname: Ann <i>Reader</i>\n\
             email: ann@mail.example\ndate: 2026-02-01T10:00:00Z\ntext: {text}\n"
        ),
    );
}

/// The token of the desk's forms.
fn token(desk: &Answer) -> String {
    let text = desk.text();
    let begin = text.find("name=\"token\" value=\"").expect("a form") + "name=\"token\" value=\"".len();
    text[begin..begin + 32].to_owned()
}

#[test]
fn the_desk_tells_what_is_withheld_and_what_is_due() {
    let site = site();
    let served = Served::start(&site, &[]);
    let desk = served.get("/_courant/");
    let text = desk.text();
    assert_eq!((desk.status, desk.header("cache-control")), (200, "no-store"));
    assert!(desk.header("content-security-policy").contains("frame-ancestors 'none'"));
    let section = |id: &str| text.split(&format!("<section id=\"{id}\">")).nth(1).expect(id).split("</section>").next();
    let withheld = section("withheld").expect("a section");
    assert!(withheld.contains("A secret &lt;b&gt;plan&lt;/b&gt;") && withheld.contains("The bridge is closed"));
    assert!(withheld.contains("href=\"/_courant/source?path=content%2Flocal%2Fplan.md\">content/local/plan.md</a>"));
    assert!(
        !withheld.contains("The ferry sails") && !withheld.contains("href=\"/local/"),
        "no way to what is not there"
    );
    let due = section("due").expect("a section");
    for told in ["published</td>", "live update published", "It is here", "expired", "A sale"] {
        assert!(due.contains(told), "{told}: {due}");
    }
    assert!(!due.contains("out of the news sitemap"));
    // Where the preview shows what is withheld, the desk leads there.
    drop(served);
    let served = Served::start(&site, &["--drafts", "--future"]);
    let text = served.get("/_courant/").text();
    assert!(text.contains("<a href=\"/local/plan/\">A secret"), "{text}");
    assert!(text.contains("<a href=\"/local/bridge/\">The bridge is closed</a>"));
}

#[test]
fn what_is_withheld_is_marked_in_lists() {
    let site = site();
    let served = Served::start(&site, &["--drafts", "--future"]);
    let front = served.get("/").text();
    assert!(front.contains("<link rel=\"stylesheet\" href=\"/_courant/marks.css?"));
    let marks = served.get("/_courant/marks.css");
    assert_eq!(marks.header("content-type"), "text/css; charset=utf-8");
    let rule = |address: &str, word: &str| {
        let css = marks.text();
        css.lines()
            .any(|line| line.starts_with(&format!("a[href=\"{address}\"]")) && line.contains(&format!("\"{word}\"")))
    };
    assert!(rule("/local/plan/", "Draft") && rule("/local/bridge/", "Embargoed"), "{}", marks.text());
    assert!(!marks.text().contains("/local/ferry/"));
    let Some(chromium) = Chromium::start() else { return };
    let page = chromium.open(&format!("{}/", served.origin));
    // A word in the line of the headline, whatever the theme lays over its teasers.
    page.wait_for(
        "[...document.querySelectorAll('a[href=\"/local/plan/\"]')].some((link) => { const mark = getComputedStyle(link, '::before'); \
         return mark.content === '\"Draft\"' && mark.position === 'static' && parseFloat(mark.height) < 30; })",
    );
}

#[test]
fn every_frame_is_what_a_build_at_that_moment_publishes() {
    let site = site();
    let served = Served::start(&site, &[]);
    let pages = [
        "",
        "local/",
        "local/bridge/",
        "local/sale/",
        "local/storm/",
        "de/",
        "local/ferry/",
        "de/local/ferry/",
        "archive/",
    ];
    for from_now in [-800, -60, -47, -25, -15, 0, 11, 21, 31, 700] {
        let at = hours(from_now);
        let run = site.run(&["build", "--at", &at, "--output", "elsewhere", "--json"]);
        assert_eq!(run.code, 0, "{at}: {}", run.stderr);
        for page in pages {
            let built = std::fs::read(site.path(&format!("elsewhere/{page}index.html"))).ok();
            let frame = served.get(&format!("/_courant/at/{at}/{page}"));
            match built {
                Some(built) => {
                    assert_eq!(frame.status, 200, "{page} at {at}");
                    assert!(frame.body == built, "{page} at {at} differs:\n{}", frame.text());
                }
                None => assert_eq!(frame.status, 404, "{page} at {at}"),
            }
        }
    }
    assert!(!site.has("public/local/bridge/index.html"), "nothing is published by looking");
    assert_eq!(served.get("/_courant/at/soon/").status, 400);
    let other = served.get(&format!("/_courant/at/{}/site.css", hours(1)));
    assert_eq!((other.status, other.header("location")), (307, "/site.css"));
}

#[test]
fn a_frame_follows_an_edit() {
    let site = site();
    let served = Served::start(&site, &[]);
    let address = format!("/_courant/at/{}/local/bridge/", hours(40));
    assert!(served.get(&address).text().contains("From tomorrow on."));
    site.write_article("local/bridge", &hours(30), "title: The bridge is closed", "From today on.");
    served.wait_for_text(&address, "From today on.");
}

#[test]
fn comments_are_approved_and_rejected_at_the_desk() {
    let site = site();
    waiting(&site, "one", "A *good* point <script>alert(1)</script>");
    waiting(&site, "two", "Nonsense");
    let served = Served::start(&site, &[]);
    let desk = served.get("/_courant/");
    let text = desk.text();
    assert!(text.contains("Ann &lt;i&gt;Reader&lt;/i&gt;") && text.contains("&lt;script&gt;alert(1)"), "{text}");
    let token = token(&desk);
    let decide = |id: &str, then: &str| format!("token={token}&id={id}&then={then}");
    // Without the token, with another one, and from another page nothing is done.
    for (form, origin) in [
        ("id=one&then=approve".to_owned(), None),
        (format!("token={}&id=one&then=approve", "0".repeat(32)), None),
        (decide("one", "approve"), Some("https://evil.example")),
        (decide("..%2Fone", "reject"), None),
    ] {
        let headers: Vec<_> = origin.map(|origin| ("origin", origin)).into_iter().collect();
        let answer = served.post("/_courant/decide", &form, &headers);
        assert!(matches!(answer.status, 403 | 422), "{form}: {}", answer.status);
    }
    assert_eq!(served.get(&format!("/_courant/decide?{}", decide("one", "approve"))).status, 405);
    assert!(site.has("comments/inbox/one.yaml") && !site.has("content/local/tunnel.comments.yaml"));
    let origin = [("origin", served.origin.as_str())];
    let answer = served.post("/_courant/decide", &decide("one", "approve"), &origin);
    assert_eq!((answer.status, answer.header("location")), (303, "/_courant/#comments"));
    assert!(site.read("content/local/tunnel.comments.yaml").contains("A *good* point"));
    assert_eq!(served.post("/_courant/decide", &decide("two", "reject"), &origin).status, 303);
    assert!(!site.has("comments/inbox/one.yaml") && !site.has("comments/inbox/two.yaml"));
    assert!(!site.read("content/local/tunnel.comments.yaml").contains("Nonsense"));
    served.wait_for_text("/local/tunnel/", "good");
}

#[test]
fn the_preview_says_when_a_comment_arrives() {
    let site = site();
    let mut served = Served::start(&site, &[]);
    let desk = served.listen("/_courant/");
    waiting(&site, "one", "First");
    let event = served.wait_for(|event| event["event"] == "comment");
    assert_eq!((&event["id"], &event["article"]), (&"one".into(), &"/local/tunnel/".into()));
    desk.wait_for("desk");
    waiting(&site, "two", "Second");
    assert_eq!(served.wait_for(|event| event["event"] == "comment")["id"], "two");
    drop(served);
    // Those that wait from before are no news.
    let mut served = Served::start(&site, &["--poll"]);
    waiting(&site, "three", "Third");
    assert_eq!(served.wait_for(|event| event["event"] == "comment")["id"], "three");
}

#[test]
fn findings_lead_to_their_lines_and_only_sources_are_shown() {
    let site = site();
    site.write_article("local/tunnel", "2026-01-05", "title: The tunnel opens", "See [this](nowhere.md).");
    let served = Served::start(&site, &[]);
    let desk = served.wait_until("/_courant/", |desk| desk.text().contains("Check again"));
    let text = site.read("content/local/tunnel.md");
    let line = 1 + text.lines().position(|line| line.contains("nowhere.md")).expect("a line");
    let link = format!("/_courant/source?path=content%2Flocal%2Ftunnel.md&amp;line={line}#L{line}");
    assert!(desk.text().contains(&link), "{}", desk.text());
    let source = served.get(&format!("/_courant/source?path=content%2Flocal%2Ftunnel.md&line={line}"));
    let meant = format!("<span id=\"L{line}\" class=\"meant\"><b>{line}</b> See [this](nowhere.md).</span>");
    assert!(source.text().contains(&meant), "{}", source.text());
    assert_eq!(served.get("/_courant/source?path=site.yaml").status, 200);
    waiting(&site, "one", "First");
    for path in [
        "..%2F..%2Fetc%2Fpasswd",
        "%2Fetc%2Fpasswd",
        "comments%2Finbox%2Fone.yaml",
        "public%2Findex.html",
        "content",
        "",
    ] {
        assert_eq!(served.get(&format!("/_courant/source?path={path}")).status, 404, "{path}");
    }
    // After an edit the findings are old, and only who asks has them made anew.
    site.write_article("local/tunnel", "2026-01-05", "title: The tunnel opens", "Well.");
    let desk = served.wait_until("/_courant/", |desk| desk.text().contains("The site has changed since."));
    assert_eq!(served.post("/_courant/check", "token=", &[]).status, 403);
    assert_eq!(served.post("/_courant/check", &format!("token={}", token(&desk)), &[]).status, 303);
    served.wait_until("/_courant/", |desk| !desk.text().contains(&link) && desk.text().contains("Check again"));
}

#[test]
fn other_machines_have_no_desk_unless_the_user_says_so() {
    // The address of this machine on its network, if it has one. Nothing is sent.
    let own = UdpSocket::bind("0.0.0.0:0").and_then(|socket| {
        socket.connect("198.51.100.1:9")?;
        socket.local_addr()
    });
    let Some(own) = own.ok().filter(|own| !own.ip().is_loopback()) else {
        println!("skipped: this machine has no address but its own");
        return;
    };
    let site = site();
    for (flags, status) in [(&["--listen", "0.0.0.0"][..], 403), (&["--listen", "0.0.0.0", "--share-desk"], 200)] {
        let mut served = Served::start(&site, flags);
        let port = served.origin.rsplit(':').next().expect("a port").to_owned();
        assert_eq!(served.get("/_courant/").status, 200, "this machine has it");
        served.origin = format!("http://{}:{port}", own.ip());
        assert_eq!(served.get("/local/tunnel/").status, 200, "others see the site");
        for path in ["/_courant/", "/_courant/rewind", "/_courant/source?path=site.yaml"] {
            assert_eq!(served.get(path).status, status, "{path}");
        }
        assert_eq!(served.get(&format!("/_courant/at/{}/", hours(40))).status, status);
        let form = served.post("/_courant/decide", "token=&id=one&then=approve", &[]);
        assert_eq!(form.status, 403);
    }
}

#[test]
fn who_comes_through_a_tunnel_has_no_desk() {
    let site = site();
    let host = ("host", "preview.example");
    let ask = |served: &Served, headers: &[(&str, &str)]| {
        let pages = ["/_courant/", "/_courant/source?path=content%2Flocal%2Fplan.md", "/_courant/at/2026-11-28/"];
        pages.map(|page| served.ask("GET", page, headers).status)
    };
    let served = Served::start(&site, &["--host", "preview.example"]);
    assert_eq!(served.ask("GET", "/", &[host]).status, 200);
    assert_eq!(ask(&served, &[host]), [403; 3]);
    assert_eq!(ask(&served, &[("x-forwarded-for", "192.0.2.7")]), [403; 3]);
    assert_eq!(ask(&served, &[("forwarded", "for=192.0.2.7")]), [403; 3]);
    assert_eq!(ask(&served, &[]), [200; 3]);
    drop(served);
    let served = Served::start(&site, &["--host", "preview.example", "--share-desk"]);
    assert_eq!(ask(&served, &[host]), [200; 3]);
}

#[test]
fn the_desk_leads_to_no_other_host() {
    let site = site();
    site.write(
        "comments/inbox/one.yaml",
        "id: one\narticle: 'javascript:alert(1)'\nname: Ann\nemail: ''\ndate: 2026-02-01T10:00:00Z\ntext: Well\n",
    );
    let served = Served::start(&site, &[]);
    let desk = served.get("/_courant/").text();
    assert!(desk.contains("on javascript:alert(1)") && !desk.contains("href=\"javascript"), "{desk}");
    for (asked, location) in [
        ("//evil.example/x.css", "/evil.example/x.css"),
        ("/\\evil.example/x.css", "/evil.example/x.css"),
        ("/feed.xml?page=2", "/feed.xml?page=2"),
    ] {
        let answer = served.get(&format!("/_courant/at/2026-11-28{asked}"));
        assert_eq!((answer.status, answer.header("location")), (307, location), "{asked}");
    }
}

#[test]
fn a_site_with_errors_has_a_desk_that_tells_them() {
    let site = site().file("content/local/broken.md", "---\ntitle: [\n---\nx");
    let served = Served::start(&site, &[]);
    let desk = served.get("/_courant/");
    assert_eq!(desk.status, 422);
    assert!(desk.text().contains("path=content%2Flocal%2Fbroken.md&amp;line=2#L2"), "{}", desk.text());
    assert_eq!(served.get(&format!("/_courant/at/{}/", hours(1))).status, 422);
    site.remove("content/local/broken.md");
    served.wait_until("/_courant/", |desk| desk.status == 200);
}

#[test]
fn the_slider_outlines_what_changes_and_says_why() {
    let Some(chromium) = Chromium::start() else { return };
    let site = site();
    let served = Served::start(&site, &[]);
    let page = chromium.open_under_policy(&format!("{}/_courant/rewind?page=/", served.origin));
    page.wait_for("document.documentElement.dataset.stop !== undefined");
    let inside = "document.getElementById('frame').contentDocument";
    assert!(
        !page.value(&format!("{inside}.body.textContent.includes('The bridge is closed')")).as_bool().expect("known")
    );
    assert!(page.value("told.textContent").as_str().is_some_and(|told| told.ends_with("now")));
    // Ten hours on an update comes, twenty hours on the sale is over, thirty hours on the bridge is news.
    for _ in 0..6 {
        let before = page.value("document.documentElement.dataset.stop");
        page.press("#on");
        page.wait_for(&format!("document.documentElement.dataset.stop !== {before}"));
        if page.value(&format!("{inside}.body.textContent.includes('The bridge is closed')")) == true {
            break;
        }
    }
    page.wait_for(&format!(
        "[...{inside}.querySelectorAll('[data-courant-mark]')].some((mark) => mark.textContent === 'published')"
    ));
    assert!(page.value("why.textContent").as_str().is_some_and(|why| why.contains("published: The bridge is closed")));
    page.press("#now");
    page.wait_for(&format!("!{inside}.body.textContent.includes('The bridge is closed')"));
    // A link leads to the other page at the same moment.
    page.value(&format!("{inside}.querySelector('a[href=\"/local/storm/\"]').click()"));
    page.wait_for(&format!("{inside}.querySelector('h1')?.textContent === 'The storm'"));
    assert!(page.violations().is_empty(), "{:?}", page.violations());
}

#[test]
fn an_open_desk_hears_of_edits_and_comments() {
    let Some(chromium) = Chromium::start() else { return };
    let site = site();
    let served = Served::start(&site, &[]);
    let page = chromium.open_under_policy(&format!("{}/_courant/", served.origin));
    page.wait_for("document.querySelector('#check') !== null");
    page.value("window.mark = 1");
    waiting(&site, "one", "Hear, hear");
    page.wait_for("document.querySelector('#comments').textContent.includes('Hear, hear')");
    site.write_article("local/plan", "2026-01-06", "title: A better plan\ndraft: true", "Not yet.");
    page.wait_for("document.querySelector('#withheld').textContent.includes('A better plan')");
    page.press("#a-one");
    page.wait_for("!document.querySelector('#comments')?.textContent.includes('Hear, hear')");
    served.wait_for_text("/local/tunnel/", "Hear, hear");
    assert!(page.violations().is_empty(), "{:?}", page.violations());
}

#[test]
fn axe_finds_nothing_at_the_desk_and_in_the_rewind() {
    let (Some(chromium), Some(axe)) = (Chromium::start(), axe::source()) else { return };
    let site = site();
    waiting(&site, "one", "Hear, hear");
    site.write_article("local/dead", "2026-01-07", "title: A dead end", "See [it](nowhere.md).");
    let served = Served::start(&site, &[]);
    let reader = chromium.reader(true);
    for (page, whole) in [
        ("/_courant/", "document.querySelector('#findings')?.textContent.includes('dead.md')"),
        ("/_courant/rewind?page=/", "document.documentElement.dataset.stop !== undefined"),
    ] {
        reader.go(&format!("{}{page}", served.origin));
        reader.wait_for(whole);
        reader.run(&axe);
        for width in [320, 1440] {
            reader.screen(width, 900);
            for scheme in ["light", "dark"] {
                reader.prefers(&[("prefers-color-scheme", scheme)]);
                let barriers = reader.barriers();
                assert!(barriers.is_empty(), "{page} at {width} px, {scheme}: {}", barriers.join("\n"));
            }
        }
    }
}
