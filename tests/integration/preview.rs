//! `courant serve`: the real server and a real client.

use std::fs;
use std::time::Duration;

use crate::fixture::TestSite;
use crate::fixture::served::Served;

const PAST: &str = "2026-01-05";

fn site() -> TestSite {
    TestSite::new()
        .article("local/tunnel", PAST, "", "The tunnel is open.")
        .article("local/ferry", "2026-01-06", "", "The ferry sails.")
        .file("static/notes.txt", "0123456789")
        .file("static/song.mp3", "not really a song")
}

#[test]
fn a_static_host_is_what_it_looks_like() {
    let site = site();
    let served = Served::start(&site, &[]);
    let page = served.get("/local/tunnel/");
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.text().contains("The tunnel is open."));
    let folder = served.get("/local/tunnel?a=1");
    assert_eq!((folder.status, folder.header("location")), (302, "/local/tunnel/?a=1"));
    for (path, kind) in [
        ("/feed.xml", "text/xml; charset=utf-8"),
        ("/feed.json", "application/json; charset=utf-8"),
        ("/notes.txt", "text/plain; charset=utf-8"),
        ("/song.mp3", "audio/mpeg"),
        ("/robots.txt", "text/plain; charset=utf-8"),
    ] {
        let answer = served.get(path);
        assert_eq!((answer.status, answer.header("content-type")), (200, kind), "{path}");
        assert_eq!(answer.header("cache-control"), "no-cache", "{path}");
    }
    let missing = served.get("/nowhere/");
    assert_eq!(missing.status, 404);
    assert!(missing.text().contains("<script type=\"module\" src=\"/_courant/live.js\""), "{}", missing.text());
    assert_eq!(served.ask("POST", "/", &[]).status, 405);
    let head = served.ask("HEAD", "/local/tunnel/", &[]);
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), page.body.len().to_string());
}

#[test]
fn what_a_client_has_is_not_sent_again() {
    let site = site();
    let served = Served::start(&site, &[]);
    for path in ["/local/tunnel/", "/notes.txt", "/_courant/live.js"] {
        let tag = served.get(path).header("etag").to_owned();
        assert!(tag.len() > 4, "{path}: {tag}");
        for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".into()] {
            let again = served.ask("GET", path, &[("if-none-match", &known)]);
            assert_eq!((again.status, again.body.len()), (304, 0), "{path} {known}");
            assert_eq!(again.header("etag"), tag);
        }
        assert_eq!(served.ask("GET", path, &[("if-none-match", "\"other\"")]).status, 200);
    }
    let date = served.get("/notes.txt").header("last-modified").to_owned();
    assert_eq!(served.ask("GET", "/notes.txt", &[("if-modified-since", &date)]).status, 304);
    let both = [("if-modified-since", date.as_str()), ("if-none-match", "\"other\"")];
    assert_eq!(served.ask("GET", "/notes.txt", &both).status, 200, "dates do not count beside tags");
}

#[test]
fn a_part_of_a_file_can_be_asked_for() {
    let site = site();
    let served = Served::start(&site, &[]);
    let part = served.ask("GET", "/notes.txt", &[("range", "bytes=2-4")]);
    assert_eq!((part.status, part.text().as_str()), (206, "234"));
    assert_eq!(part.header("content-range"), "bytes 2-4/10");
    assert_eq!(served.ask("GET", "/notes.txt", &[("range", "bytes=-3")]).text(), "789");
    assert_eq!(served.ask("GET", "/notes.txt", &[("range", "bytes=20-")]).status, 416);
    let tag = part.header("etag").to_owned();
    assert_eq!(served.ask("GET", "/notes.txt", &[("range", "bytes=2-4"), ("if-range", &tag)]).status, 206);
    let other = served.ask("GET", "/notes.txt", &[("range", "bytes=2-4"), ("if-range", "\"other\"")]);
    assert_eq!((other.status, other.text().as_str()), (200, "0123456789"));
}

#[test]
fn ranges_that_mean_nothing_are_ignored() {
    let site = site();
    let served = Served::start(&site, &[]);
    for range in [
        "lines=1-2",
        "items=0-1",
        "bytes",
        "bytes 2-4",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=4-2",
        "bytes=2",
        "bytes=0-1,4-5",
        "bytes=-11",
        "bytes=-99999999999999999999",
        "=0-1",
        "none",
    ] {
        let answer = served.ask("GET", "/notes.txt", &[("range", range)]);
        assert_eq!((answer.status, answer.text().as_str()), (200, "0123456789"), "{range}");
    }
    let twice = served.ask("GET", "/notes.txt", &[("range", "bytes=0-1"), ("range", "bytes=2-3")]);
    assert_eq!(twice.status, 200);
    for (range, part) in [
        ("Bytes=2-4", "234"),
        ("bytes=8-99999999999999999999", "89"),
        ("bytes=9-", "9"),
        ("bytes=-10", "0123456789"),
        ("bytes= 2-4 ", "234"),
    ] {
        let answer = served.ask("GET", "/notes.txt", &[("range", range)]);
        assert_eq!((answer.status, answer.text().as_str()), (206, part), "{range}");
    }
    for range in ["bytes=10-", "bytes=99999999999999999999-", "bytes=-0"] {
        assert_eq!(served.ask("GET", "/notes.txt", &[("range", range)]).status, 416, "{range}");
    }
    let page = served.ask("GET", "/local/tunnel/", &[("range", "lines=1-2")]);
    assert_eq!(page.status, 200);
}

#[test]
fn open_pages_without_end_keep_nobody_from_the_preview() {
    use std::io::{ErrorKind, Read, Write};
    let site = site();
    let mut served = Served::start(&site, &[]);
    let host = served.origin.trim_start_matches("http://").to_owned();
    let streams: Vec<std::net::TcpStream> = (0..200)
        .map(|number| {
            let mut stream = std::net::TcpStream::connect(&host).expect("a connection");
            // Some ask for nothing.
            if number % 3 > 0 {
                write!(stream, "GET /_courant/events?page=/ HTTP/1.1\r\nHost: {host}\r\n\r\n").expect("sent");
            }
            stream.set_nonblocking(true).expect("set");
            stream
        })
        .collect();
    assert_eq!(served.get("/local/tunnel/").status, 200);
    // The oldest are closed; which ones came first, the machine says.
    let has_ended = |mut stream: &std::net::TcpStream| loop {
        match stream.read(&mut [0; 4096]) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() == ErrorKind::ConnectionReset,
        }
    };
    let until = std::time::Instant::now() + Duration::from_secs(60);
    while streams.iter().filter(|stream| has_ended(stream)).count() < 2 {
        assert!(std::time::Instant::now() < until, "it made room");
        std::thread::sleep(Duration::from_millis(20));
    }
    let listener = served.listen("/local/tunnel/");
    let before = listener.wait_for("page");
    site.write_article("local/tunnel", PAST, "", "Edited meanwhile.");
    served.settle();
    listener.wait_until("page", |told| told["version"] != before["version"]);
    served.wait_for_text("/local/tunnel/", "Edited meanwhile.");
}

#[test]
fn nothing_outside_the_site_is_served() {
    let site = site().file("public/.git/config", "secret").file("static/.well-known/security.txt", "Contact: us");
    let served = Served::start(&site, &[]);
    assert_eq!(served.get("/.well-known/security.txt").text(), "Contact: us");
    for path in [
        "/../site.yaml",
        "/%2e%2e/site.yaml",
        "/..%2fsite.yaml",
        "/local/../../site.yaml",
        "/..%5csite.yaml",
        "/.courant",
        "/.git/config",
        "//etc/passwd",
        "/local//tunnel/",
        "/%00",
        "/%ff",
    ] {
        let host = served.origin.trim_start_matches("http://");
        let code = served.raw(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        assert!(code == 404 || code == 400, "{path}: {code}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(site.path("site.yaml"), site.path("public/leak.txt")).expect("a link");
        assert_eq!(served.get("/leak.txt").status, 404);
    }
}

#[test]
fn only_requests_for_this_server_are_answered() {
    let site = site();
    let served = Served::start(&site, &["--host", "studio.example"]);
    for host in ["localhost:1", "127.0.0.1", "[::1]:80", "a.localhost", "Studio.example:4000"] {
        let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        assert_eq!(served.raw(&request), 200, "{host}");
    }
    for path in ["/", "/_courant/events?page=/", "/_courant/live.js"] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
        assert_eq!(served.raw(&request), 403, "{path}");
    }
    assert_eq!(served.raw("GET / HTTP/1.0\r\n\r\n"), 400);
}

#[test]
fn a_site_under_a_path_is_served_under_it() {
    let site = site().file("site.yaml", "title: T\nbase_url: https://host.example/blog\n");
    let served = Served::start(&site, &[]);
    assert_eq!(served.said[0]["url"].as_str().map(|url| url.ends_with("/blog/")), Some(true));
    assert_eq!(served.get("/blog/local/tunnel/").status, 200);
    assert_eq!(served.get("/local/tunnel/").status, 404);
    for path in ["/", "/blog"] {
        let answer = served.get(path);
        assert_eq!((answer.status, answer.header("location")), (302, "/blog/"), "{path}");
    }
    assert_eq!(served.get("/blog/local").header("location"), "/blog/local/");
}

#[test]
fn a_taken_port_gives_way_to_the_next() {
    let site = site();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let served = Served::run(&site, &["serve", "--port", &port.to_string()]);
    let begun = &served.said[0];
    assert_eq!(begun["wished_port"].as_u64(), Some(port.into()));
    assert!(begun["port"].as_u64() > Some(port.into()), "{begun}");
}

#[test]
fn the_script_is_sent_and_never_published() {
    let site = site();
    let mut served = Served::start(&site, &[]);
    assert!(served.get("/").text().contains("/_courant/live.js"));
    site.write_article("local/tunnel", PAST, "title: Another headline", "Changed.");
    served.settle();
    served.wait_for_text("/local/tunnel/", "Changed.");
    for (path, bytes) in site.output() {
        assert!(!String::from_utf8_lossy(&bytes).contains("_courant/"), "{path}");
    }
}

/// Every way in which editors and tools write a file, with the text that must be served afterwards.
#[test]
fn every_way_of_saving_is_seen() {
    let site = site();
    let mut served = Served::start(&site, &[]);
    let path = site.path("content/local/tunnel.md");
    let text = |body: &str| format!("---\ntitle: T\ndate: {PAST}\n---\n\n{body}\n");
    let served_text = |text: &str| served.wait_for_text("/local/tunnel/", text);

    fs::write(&path, text("in place")).expect("written");
    served_text("in place");
    // A temporary file and a rename, as vim (with backupcopy=no), GNOME and VS Code on some systems do.
    let temporary = site.path("content/local/.tunnel.md.swp");
    fs::write(&temporary, text("by rename")).expect("written");
    fs::rename(&temporary, &path).expect("renamed");
    served_text("by rename");
    // The old file becomes a backup, the new one is made.
    fs::rename(&path, site.path("content/local/tunnel.md~")).expect("renamed");
    fs::write(&path, text("beside a backup")).expect("written");
    served_text("beside a backup");
    // Deleted and made again.
    fs::remove_file(&path).expect("removed");
    fs::write(&path, text("made again")).expect("written");
    served_text("made again");
    // Truncated first, written a moment later.
    fs::write(&path, "").expect("written");
    std::thread::sleep(Duration::from_millis(60));
    fs::write(&path, text("slowly")).expect("written");
    served_text("slowly");
    // As long as before, with the old modification time.
    let before = fs::metadata(&path).expect("there").modified().expect("a time");
    fs::write(&path, text("slewly")).expect("written");
    fs::File::options().write(true).open(&path).expect("opened").set_modified(before).expect("set");
    served_text("slewly");
    // Moved here from elsewhere.
    let elsewhere = tempfile::tempdir_in(site.root()).expect("a folder");
    fs::write(elsewhere.path().join("a.md"), text("from elsewhere")).expect("written");
    fs::rename(elsewhere.path().join("a.md"), &path).expect("renamed");
    served_text("from elsewhere");
    served.quiet();
    site.assert_equals_clean_now("all ways of saving");
}

#[test]
fn folders_come_go_and_are_renamed() {
    let site = site();
    let mut served = Served::start(&site, &[]);
    site.write_article("culture/deep/deeper/story", PAST, "", "Deep down.");
    served.wait_for_text("/culture/story/", "Deep down.");
    site.write_article("culture/deep/deeper/other", PAST, "", "Also there.");
    served.wait_for_text("/culture/other/", "Also there.");
    fs::rename(site.path("content/culture"), site.path("content/arts")).expect("renamed");
    served.wait_for_text("/arts/story/", "Deep down.");
    served.wait_until("/culture/story/", |answer| answer.status == 404);
    site.write_article("arts/deep/deeper/other", PAST, "", "Changed after the renaming.");
    served.wait_for_text("/arts/other/", "Changed after the renaming.");
    site.remove("content/arts");
    served.wait_until("/arts/story/", |answer| answer.status == 404);
    // A whole tree of sources is exchanged for another.
    fs::rename(site.path("content"), site.path("old")).expect("renamed");
    fs::create_dir(site.path("content")).expect("made");
    site.write_article("world/new", PAST, "", "A new tree.");
    served.wait_for_text("/world/new/", "A new tree.");
    site.write_article("world/new", PAST, "", "A new tree, edited.");
    served.wait_for_text("/world/new/", "A new tree, edited.");
    served.quiet();
    site.assert_equals_clean_now("folders come and go");
}

#[test]
fn everything_that_is_a_source_is_watched() {
    let site = site();
    let served = Served::start(&site, &[]);
    site.write("static/map.svg", "<svg width=\"3\" height=\"2\"/>");
    served.wait_for_text("/map.svg", "svg");
    site.write("themes/own/theme.yaml", "name: own\napi: 1\nextends: broadsheet\n");
    site.write("themes/own/templates/404.html", "{% set facts = data(name=\"facts\") %}<p>gone {{ facts.a }}</p>");
    site.write("data/facts.yaml", "a: at first\n");
    site.write("site.yaml", "title: Renamed\nbase_url: https://test.example\ntheme: own\n");
    served.wait_for_text("/", "Renamed");
    served.wait_for_text("/nowhere", "gone at first");
    site.write("data/facts.yaml", "a: and later\n");
    served.wait_for_text("/nowhere", "gone and later");
    site.write("themes/own/templates/404.html", "<p>another</p>");
    served.wait_for_text("/nowhere", "<p>another</p>");
    site.write("content/authors/ann.md", "---\nname: Ann Lee\n---\n");
    site.write_article("local/tunnel", PAST, "authors: [ann]", "By Ann.");
    served.wait_for_text("/local/tunnel/", "Ann Lee");
    site.write("content/local/tunnel.comments.yaml", "- id: a\n  name: A Reader\n  text: Well said.\n");
    served.wait_for_text("/local/tunnel/", "Well said.");
    site.remove("site.yaml");
    served.wait_until("/", |answer| !answer.text().contains("Renamed"));
}

#[test]
fn a_touched_file_renders_nothing() {
    let site = site();
    let mut served = Served::start(&site, &[]);
    let path = site.path("content/local/tunnel.md");
    fs::File::options().append(true).open(&path).expect("opened").set_modified(std::time::UNIX_EPOCH).expect("set");
    assert_eq!(served.settle()["rendered"], 0);
}

#[test]
fn a_burst_is_one_build() {
    let site = site();
    let mut served = Served::start(&site, &[]);
    for number in 0..40 {
        site.write_article(&format!("local/burst-{number}"), PAST, "", "One of many.");
    }
    let told = served.quiet();
    let builds = told.iter().filter(|event| event["event"] == "summary").count();
    assert!((1..=4).contains(&builds), "{builds} builds: {told:#?}");
    site.assert_equals_clean_now("a burst");
}

#[test]
fn its_own_writing_is_no_change() {
    let site = site();
    let mut served = Served::start(&site, &[]);
    site.write_article("local/tunnel", PAST, "title: Changed", "Changed.");
    served.settle();
    let told = served.quiet();
    assert!(told.is_empty(), "{told:#?}");
}

#[test]
fn what_editors_leave_behind_is_no_change() {
    let site = site();
    let mut served = Served::start(&site, &[]);
    for path in [
        "content/local/.tunnel.md.swp",
        "content/local/4913",
        "content/local/tunnel.md~",
        "content/.git/x",
        "notes.md",
        "content/#a#",
    ] {
        site.write(path, "x");
    }
    let told = served.quiet();
    assert!(told.is_empty(), "{told:#?}");
}

#[test]
fn errors_are_told_and_the_last_good_page_stays() {
    let site = site();
    let mut served = Served::start(&site, &[]);
    let listener = served.listen("/local/tunnel/");
    site.write("content/local/tunnel.md", "---\ntitle: T\ndate: nonsense\n---\n\nx\n");
    site.write("content/local/ferry.md", "---\ntitle: [\n---\n\nx\n");
    let told = listener.wait_until("problems", |told| told["problems"].as_array().is_some_and(|all| all.len() == 2));
    let problem = &told["problems"][1];
    assert_eq!(problem["place"]["path"], "content/local/tunnel.md");
    assert_eq!(
        (problem["place"]["line"].as_u64(), problem["place"]["text"].as_str()),
        (Some(3), Some("date: nonsense"))
    );
    assert!(problem["hint"].is_string(), "{problem}");
    served.wait_for(|event| event["event"] == "failed");
    assert!(served.get("/local/tunnel/").text().contains("The tunnel is open."));
    site.write_article("local/tunnel", PAST, "", "Mended.");
    site.write_article("local/ferry", PAST, "", "Mended too.");
    listener.wait_until("problems", |told| told["problems"] == serde_json::json!([]));
    served.wait_for_text("/local/tunnel/", "Mended.");
    served.wait_for_text("/local/ferry/", "Mended too.");
}

/// What is wrong quotes sources, also those that are withheld.
#[test]
fn only_this_machine_hears_what_stands_in_sources() {
    let secret = "---\ntitle: Mayor resigns\ndate: nonsense\ndraft: true\n---\n\nx\n";
    for (flags, sees) in [(&[][..], false), (&["--share-desk"], true)] {
        let site = site().file("content/local/secret.md", secret);
        let served = Served::start(&site, flags);
        for headers in ["Host: 192.168.1.7", "Host: localhost\r\nX-Forwarded-For: 203.0.113.9"] {
            let told = served.listen_with("/local/tunnel/", headers);
            let told =
                told.wait_until("problems", |told| told["problems"].as_array().is_some_and(|all| !all.is_empty()));
            assert_eq!(told.to_string().contains("nonsense"), sees, "{told}");
            assert_eq!(told.to_string().contains("secret.md"), sees, "{told}");
        }
        let told = served.listen("/local/tunnel/");
        told.wait_until("problems", |told| told["problems"][0]["place"]["text"] == "date: nonsense");
    }
}

#[test]
fn a_broken_configuration_at_the_start_is_shown_and_mended() {
    let site = site().file("site.yaml", "titel: T\n");
    let served = Served::start(&site, &[]);
    let page = served.get("/");
    assert!(page.text().contains("/_courant/live.js"), "{}", page.text());
    let problems = served.listen("/").wait_for("problems");
    assert_eq!(problems["problems"][0]["place"]["path"], "site.yaml");
    site.write("site.yaml", "title: Mended\nbase_url: https://test.example\n");
    served.wait_for_text("/", "Mended");
}

#[test]
fn a_broken_theme_at_the_start_is_shown_and_mended() {
    let site = site()
        .file("site.yaml", "title: T\nbase_url: https://test.example\ntheme: own\n")
        .file("themes/own/theme.yaml", "name: own\napi: 1\nextends: broadsheet\n")
        .file("themes/own/templates/page.html", "{% if %}");
    let served = Served::start(&site, &[]);
    assert!(served.get("/local/tunnel/").text().contains("Nothing is built yet"));
    let problems = served.listen("/").wait_for("problems");
    assert_eq!(problems["problems"][0]["place"]["path"], "themes/own/templates/page.html");
    site.remove("themes/own/templates/page.html");
    served.wait_for_text("/local/tunnel/", "The tunnel is open.");
}

#[test]
fn drafts_and_embargoed_articles_are_shown_with_a_ribbon_and_never_published() {
    let site = site().article("local/draft", PAST, "draft: true", "A draft.").article(
        "local/later",
        "2999-12-01T06:00:00Z",
        "",
        "Not yet.",
    );
    site.build();
    let published = site.output();
    let served = Served::start(&site, &["--drafts", "--future"]);
    let draft = served.get("/local/draft/").text();
    assert!(draft.contains("A draft.") && draft.contains(">Draft</div>"), "{draft}");
    assert!(served.get("/local/later/").text().contains(">Embargoed until 1 December 2999, 06:00</div>"));
    assert!(!served.get("/local/tunnel/").text().contains("courant-ribbon"));
    assert_eq!(site.output(), published);
    site.write_article("local/draft", PAST, "", "No draft any more.");
    served.wait_until("/local/draft/", |answer| !answer.text().contains("courant-ribbon"));
    assert!(!site.has("public/local/draft"));
}

#[test]
fn an_embargo_ends_by_itself() {
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(4);
    let site = site().article("local/embargoed", &soon.to_string(), "", "Now it may be seen.");
    let served = Served::start(&site, &[]);
    let listener = served.listen("/local/embargoed/");
    let before = listener.wait_for("page");
    assert_eq!(served.get("/local/embargoed/").status, 404);
    listener.wait_until("page", |told| told["version"] != before["version"]);
    let page = served.get("/local/embargoed/");
    assert!(jiff::Timestamp::now() >= soon - jiff::SignedDuration::from_secs(1));
    assert!(page.text().contains("Now it may be seen."));
}

#[test]
fn fragments_of_the_web_server_are_put_in() {
    let site = site().file("site.yaml", "title: T\nbase_url: https://test.example\nfragments: {latest: ssi}\n");
    let mut served = Served::start(&site, &[]);
    assert!(site.published("local/tunnel/index.html").contains("<!--#include"));
    let page = served.get("/local/tunnel/");
    assert!(page.text().contains("Story of ferry") && !page.text().contains("<!--#include"), "{}", page.text());
    let listener = served.listen("/local/tunnel/");
    let before = listener.wait_for("page");
    site.write_article("local/newest", "2026-02-01", "", "New.");
    served.settle();
    listener.wait_until("page", |told| told["version"] != before["version"]);
    served.wait_for_text("/local/tunnel/", "Story of newest");
}

#[test]
fn a_file_that_somebody_else_changed_is_mended() {
    let site = site();
    let mut served = Served::start(&site, &[]);
    served.get("/local/tunnel/");
    site.write("public/local/tunnel/index.html", "tampered");
    served.wait_for_text("/local/tunnel/", "The tunnel is open.");
    site.remove("public/local/tunnel/index.html");
    served.wait_for_text("/local/tunnel/", "The tunnel is open.");
    served.quiet();
    site.remove("public");
    served.wait_for_text("/local/ferry/", "The ferry sails.");
    served.quiet();
    site.assert_equals_clean_now("tampering");
}

#[cfg(unix)]
#[test]
fn a_link_to_a_file_of_the_site_takes_no_folder_from_the_watch() {
    let site = site().file("static/map.svg", "<svg/>").file("static/extra/a.txt", "a");
    let mut served = Served::start(&site, &[]);
    std::os::unix::fs::symlink("../map.svg", site.path("static/extra/linked.svg")).expect("a link");
    served.wait_until("/extra/linked.svg", |answer| answer.status == 200);
    served.quiet();
    site.write("static/extra/new.txt", "new");
    // Nobody asks for it: a request for what is not there might make the server look.
    served.settle();
    assert!(site.has("public/extra/new.txt"));
}

#[cfg(unix)]
#[test]
fn what_a_link_leads_to_is_watched() {
    let site = site().file("static/shared/story.md", format!("---\ntitle: S\ndate: {PAST}\n---\n\nShared.\n"));
    std::os::unix::fs::symlink("../../static/shared/story.md", site.path("content/local/linked.md")).expect("a link");
    let served = Served::start(&site, &[]);
    served.wait_for_text("/local/linked/", "Shared.");
    // What the links are is found aside.
    std::thread::sleep(Duration::from_millis(300));
    site.write("static/shared/story.md", format!("---\ntitle: S\ndate: {PAST}\n---\n\nChanged behind the link.\n"));
    served.wait_for_text("/local/linked/", "Changed behind the link.");
}

#[test]
fn changes_are_found_by_looking_too() {
    let site = site();
    let served = Served::start(&site, &["--poll"]);
    site.write_article("local/tunnel", PAST, "", "Found by looking.");
    served.wait_for_text("/local/tunnel/", "Found by looking.");
    site.remove("content/local/tunnel.md");
    served.wait_until("/local/tunnel/", |answer| answer.status == 404);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_at_once_and_cleanly() {
    let site = site();
    let served = Served::start(&site, &[]);
    let listener = served.listen("/");
    listener.wait_for("problems");
    let (code, took) = served.interrupt();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert!(!site.has("public/.courant-staging"));
    site.assert_equals_clean_now("Ctrl-C");
}

#[test]
fn a_build_can_watch_without_a_server() {
    let site = site();
    let mut watching = Served::run(&site, &["build", "--watch"]);
    watching.settle();
    site.write_article("local/tunnel", PAST, "", "Changed while watching.");
    watching.settle();
    assert!(site.published("local/tunnel/index.html").contains("Changed while watching."));
    site.write("content/local/tunnel.md", "---\ntitle: [\n---\n");
    assert_eq!(watching.settle()["event"], "failed");
    site.remove("content/local/tunnel.md");
    assert_eq!(watching.settle()["event"], "summary");
    assert!(!site.has("public/local/tunnel"));
}

#[test]
fn a_wish_that_cannot_be_fulfilled_is_an_error_with_its_cure() {
    let run = site().run(&["serve", "--listen", "192.0.2.1", "--color", "never"]);
    assert_eq!(run.code, 3);
    assert!(
        run.stderr.contains("cannot listen on 192.0.2.1:4000") && run.stderr.contains("--listen"),
        "{}",
        run.stderr
    );
    assert_eq!(site().run(&["serve", "--listen", "nonsense"]).code, 2);
    assert_eq!(site().run(&["serve", "--site", "nowhere"]).code, 2);
}

#[test]
fn a_version_that_is_asked_for_is_the_one_that_the_preview_has_named() {
    let site = site().file("static/notes.txt", "0123456789");
    let served = Served::start(&site, &[]);
    for path in ["/notes.txt", "/local/tunnel/"] {
        let tag = served.get(path).header("etag").to_owned();
        assert_eq!(served.ask("GET", path, &[("if-match", &tag)]).status, 200, "{path}");
        assert_eq!(served.ask("GET", path, &[("if-match", "\"other\"")]).status, 412, "{path}");
    }
    let tag = served.get("/notes.txt").header("etag").to_owned();
    let behind = served.ask("GET", "/notes.txt", &[("range", "bytes=900-")]);
    assert_eq!((behind.status, behind.header("etag")), (416, &*tag));
    let twice = "GET /notes.txt HTTP/1.1\r\nHost: localhost\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    assert_eq!(served.raw(twice), 400);
}

#[test]
fn an_address_is_found_however_its_path_is_encoded() {
    let site = site().file("site.yaml", "title: T\nbase_url: https://host.example/bläg\n").article(
        "local/colon",
        PAST,
        "aliases: [/c:d/]",
        "Words.",
    );
    let served = Served::start(&site, &[]);
    for path in ["/bl%C3%A4g/", "/bl%c3%a4g/", "/bl%c3%a4g/local/tunnel/"] {
        assert_eq!(served.get(path).status, 200, "{path}");
    }
    if cfg!(not(windows)) {
        assert_eq!(served.get("/bl%C3%A4g/c:d/").status, 200);
    }
    assert_eq!(served.get("/bl%c3%a4g").status, 302);
}

#[test]
fn comments_are_received() {
    let site = site().file("site.yaml", "title: T\nbase_url: https://host.example/blog\n");
    let served = Served::start(&site, &[]);
    assert!(!site.has("comments"), "nobody asked for it");
    for path in ["/_courant/comments", "/blog/_courant/comments"] {
        let answer = served.get(&format!("{path}?article=%2Fblog%2Flocal%2Ftunnel%2F"));
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.text().contains("<form"), "{path}: {}", answer.text());
    }
}

/// A day of edits: the memory is what it was, nothing is lost, and nothing is ever stale.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes minutes: cargo test --release --test integration preview -- --ignored"]
fn ten_thousand_edits_leave_the_memory_as_it_was() {
    let site = site();
    for number in 0..200 {
        site.write_article(&format!("world/story-{number}"), PAST, "tags: [sea, ships]", "Text of a story.");
    }
    let served = Served::start(&site, &[]);
    let memory = || {
        let status = fs::read_to_string(format!("/proc/{}/status", served.id())).expect("a process");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a line").to_owned();
        line.split_whitespace().nth(1).and_then(|number| number.parse::<u64>().ok()).expect("kilobytes")
    };
    let mut rng = fastrand::Rng::with_seed(5);
    let mut after_the_first = 0;
    for edit in 0..10_000 {
        let path = format!("world/story-{}", rng.u32(..220));
        let text = format!("Edit {edit} of this story.");
        let front = if rng.u8(..3) == 0 { format!("title: Title {edit}") } else { "title: A title".into() };
        site.write_article(&path, PAST, &front, &text);
        served.wait_for_text(&format!("/{path}/"), &text);
        if rng.u8(..20) == 0 {
            site.remove(&format!("content/{path}.md"));
            served.wait_until(&format!("/{path}/"), |answer| answer.status == 404);
        }
        if edit == 200 {
            after_the_first = memory();
        }
    }
    let at_the_end = memory();
    println!("memory: {after_the_first} kB after 200 edits, {at_the_end} kB after 10,000");
    assert!(at_the_end < after_the_first + after_the_first / 5 + 10_000, "{after_the_first} kB became {at_the_end} kB");
    site.assert_equals_clean_now("10,000 edits");
}

#[test]
fn a_browser_is_answered_before_the_first_build_is_finished() {
    let site = site();
    let browser = [("accept", "text/html,application/xhtml+xml,*/*;q=0.8")];
    // The build waits as long as somebody else builds.
    let held = courant::publish::lock(site.root(), || panic!("nobody else builds")).expect("the lock");
    let mut served = Served::run(&site, &["serve", "--port", "0"]);
    for path in ["/", "/local/tunnel/"] {
        let answer = served.ask("GET", path, &browser);
        assert_eq!((answer.status, answer.header("retry-after")), (503, "1"), "{path}");
        assert_eq!(answer.header("cache-control"), "no-store");
        let page = answer.text();
        assert!(page.contains("<progress") && page.contains("<meta http-equiv=\"refresh\" content=\"1\">"), "{page}");
    }
    drop(held);
    served.settle();
    let answer = served.ask("GET", "/local/tunnel/", &browser);
    assert!(answer.status == 200 && answer.text().contains("The tunnel is open."));
    assert_eq!(served.ask("GET", "/nowhere/", &browser).status, 404);
}

#[test]
fn the_last_good_page_is_there_before_the_first_build_is_finished() {
    let site = site();
    site.build();
    let held = courant::publish::lock(site.root(), || panic!("nobody else builds")).expect("the lock");
    let served = Served::run(&site, &["serve", "--port", "0"]);
    let answer = served.wait_until("/local/tunnel/", |answer| answer.status == 200);
    assert!(answer.text().contains("The tunnel is open."));
    drop(held);
}
