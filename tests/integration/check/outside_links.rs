//! `courant check --external`, against a server of our own.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use crate::fixture::{Run, TestSite};

/// A web server that answers by path and keeps a list of what it was asked.
struct Server {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let list = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let list = Arc::clone(&list);
                std::thread::spawn(move || {
                    let mut reader = BufReader::new(stream.try_clone().expect("a clone"));
                    let mut first = String::new();
                    let mut agent = String::new();
                    while reader.read_line(&mut first).is_ok_and(|length| length > 0) {
                        let mut line = String::new();
                        while reader.read_line(&mut line).is_ok_and(|length| length > 2) {
                            if line.to_lowercase().starts_with("user-agent:") {
                                agent = line.trim().to_owned();
                            }
                            line.clear();
                        }
                        let (method, path) = first.split_once(' ').expect("a request");
                        let path = path.split(' ').next().expect("a path").to_owned();
                        assert!(agent.contains("courant/"), "{agent}");
                        list.lock().expect("no panic while locked").push(format!("{method} {path}"));
                        let (status, more, body) = answer(method, &path);
                        let body = if method == "HEAD" { "" } else { body };
                        let mut stream = &stream;
                        let _ =
                            write!(stream, "HTTP/1.1 {status} X\r\n{more}Content-Length: {}\r\n\r\n{body}", body.len());
                        first.clear();
                    }
                });
            }
        });
        Self { address, asked }
    }

    /// What was asked since the last time, in order.
    fn asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut *self.asked.lock().expect("no panic while locked"));
        asked.sort();
        asked
    }
}

fn answer(method: &str, path: &str) -> (u16, &'static str, &'static str) {
    match path {
        "/gone" => (410, "", ""),
        "/nothing" => (404, "", "nothing"),
        "/no-head" if method == "HEAD" => (404, "", ""),
        "/moved" => (301, "Location: /there\r\n", ""),
        "/expired" => (301, "Location: http://127.0.0.1:1/\r\n", ""),
        "/round" => (302, "Location: /round\r\n", ""),
        "/members" => (403, "", ""),
        _ => (200, "", "something"),
    }
}

fn check(site: &TestSite, at: &str) -> Run {
    site.run(&["check", "--external", "--json", "--at", at])
}

fn dead(run: &Run) -> Vec<String> {
    let events = run.diagnostic_events();
    let dead = events.iter().filter(|one| one["rule"] == "dead-external-link");
    let text = |one: &serde_json::Value| one.as_str().expect("text").to_owned();
    dead.map(|one| format!("{}:{} {}", text(&one["file"]), one["line"], text(&one["message"]))).collect()
}

const NOW: &str = "2026-11-23T12:00:00Z";

fn site(body: &str) -> TestSite {
    TestSite::new().article("local/a", "2026-11-20", "summary: x\nauthors: [ann]", body)
}

#[test]
fn what_is_gone_is_found_and_what_is_only_moved_or_locked_is_not() {
    let server = Server::start();
    let at = |path: &str| format!("[x]({}{path})\n\n", server.address);
    let site = site(
        &["/there#a", "/there#b", "/gone", "/nothing", "/no-head", "/moved", "/round", "/members"].map(at).concat(),
    );
    let run = check(&site, NOW);
    let address = &server.address;
    assert_eq!(
        dead(&run),
        [
            format!("content/local/a.md:12 {address}/gone answers 410: it was removed"),
            format!("content/local/a.md:14 {address}/nothing answers 404: there is nothing"),
            format!("content/local/a.md:20 {address}/round leads from one address to the next for ever"),
        ]
    );
    assert!(run.hints().iter().any(|hint| hint.ends_with(&format!("https://web.archive.org/web/{address}/gone"))));
    let asked = server.asked();
    let count = |what: &str| asked.iter().filter(|one| *one == what).count();
    // One request for two links that differ in their fragment, and one behind a redirect.
    assert_eq!((count("HEAD /there"), count("HEAD /no-head")), (2, 1), "{asked:?}");
    assert_eq!((count("GET /no-head"), count("GET /gone"), count("GET /there")), (1, 1, 0), "{asked:?}");
}

#[test]
fn what_is_known_is_not_asked_again_for_a_while() {
    let server = Server::start();
    let site = site(&format!("[x]({0}/there) [y]({0}/gone)", server.address));
    let first = check(&site, NOW);
    assert!(!server.asked().is_empty());
    let again = check(&site, "2026-11-23T12:30:00Z");
    assert_eq!((dead(&again), server.asked()), (dead(&first), vec![]));
    check(&site, "2026-11-23T14:00:00Z");
    assert_eq!(server.asked(), ["GET /gone", "HEAD /gone"]);
    check(&site, "2026-12-01T12:00:00Z");
    assert!(server.asked().contains(&"HEAD /there".to_owned()));
    // A damaged memory is an empty one; without `--external` nobody is asked.
    site.write(".courant/outside.json", "{");
    assert_eq!(site.run(&["check", "--at", NOW]).code, 0);
    assert_eq!(server.asked(), [""; 0]);
    assert_eq!(dead(&check(&site, NOW)), dead(&first));
}

#[test]
fn addresses_may_be_left_alone_and_hosts_may_be_gone() {
    let server = Server::start();
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let site = site(&format!("[x]({}/gone)\n\n[y](http://{closed}/a)", server.address)).file(
        "site.yaml",
        format!(
            "title: T\nbase_url: https://test.example\ncheck:\n  ignore_links: [\"{}/\"]\n  dead-external-link: error\n",
            server.address
        ),
    );
    let run = check(&site, NOW);
    assert_eq!(
        dead(&run),
        [format!("content/local/a.md:10 http://{closed}/a cannot be reached: the host refuses the connection")]
    );
    assert_eq!((run.code, server.asked()), (1, vec![]));
    assert!(!site.read(".courant/outside.json").contains(&closed.to_string()));
}

#[test]
fn a_link_that_leads_to_a_dead_host_says_nothing_of_its_own() {
    let server = Server::start();
    let links: Vec<String> =
        ["a", "expired", "z"].iter().map(|path| format!("[x]({}/{path})", server.address)).collect();
    let site = TestSite::new().article("local/a", "2026-11-20", "", &links.join("\n"));
    let run = check(&site, "2026-11-23T12:00:00Z");
    let told = dead(&run);
    assert!(matches!(&*told, [one] if one.contains("/expired") && one.contains("leads to a host")), "{told:?}");
}
