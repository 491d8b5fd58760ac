//! Live coverage: what an open page does with new updates.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;

use serde_json::json;

use crate::browser::Chromium;
use crate::fixture::sites::{COVERAGE as FRONT, UPDATES as BODY, with_coverage as site};

/// Serves the files of a folder, and says where.
fn serve(folder: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let folder = folder.clone();
            std::thread::spawn(move || {
                let mut buffer = [0; 8192];
                let read = stream.read(&mut buffer).unwrap_or(0);
                let request = String::from_utf8_lossy(&buffer[..read]).into_owned();
                let path = request.split(' ').nth(1).unwrap_or("/").split('?').next().unwrap_or("/");
                let file = folder.join(path.trim_start_matches('/'));
                let file = if path.ends_with('/') { file.join("index.html") } else { file };
                let kind = match file.extension().and_then(|ending| ending.to_str()) {
                    Some("html") => "text/html",
                    Some("js") => "text/javascript",
                    Some("css") => "text/css",
                    Some("json") => "application/json",
                    _ => "application/octet-stream",
                };
                let (status, bytes) =
                    std::fs::read(&file).map_or(("404 Not Found", Vec::new()), |bytes| ("200 OK", bytes));
                let head = format!(
                    "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    bytes.len()
                );
                let _ = stream.write_all(head.as_bytes());
                let _ = stream.write_all(&bytes);
            });
        }
    });
    format!("http://{address}")
}

#[test]
fn an_open_page_tells_of_new_updates_politely_and_can_be_paused() {
    let Some(chromium) = Chromium::start() else { return };
    let mut site = site();
    site.build();
    let origin = serve(site.path("public"));
    let page = chromium.open(&format!("{origin}/local/storm/"));
    page.wait_for("document.querySelectorAll('.live-bar button').length === 2");
    let text = |selector: &str| page.value(&format!("document.querySelector('{selector}').textContent.trim()"));
    assert_eq!(page.value("document.querySelector('.live-news').getAttribute('role')"), "status");
    assert_eq!(page.value("document.querySelector('.live-news').getAttribute('aria-live')"), "polite");
    assert_eq!(text(".live-news"), "");
    // Three updates come; nothing moves, but the page says so.
    let mut body = BODY.to_owned();
    for (number, minute) in [10, 20, 30].into_iter().enumerate() {
        body.push_str(&format!("\n## New {number} {{time=2026-11-23T12:{minute}}}\n\nWords {number}.\n"));
    }
    site.write_article("local/storm", "2026-11-23T07:30:00", FRONT, &body);
    site.build();
    const LOOK: &str = "document.dispatchEvent(new Event('visibilitychange'))";
    page.value(LOOK);
    page.wait_for("document.querySelector('.live-news').textContent === '3 new updates'");
    assert_eq!(page.value("document.querySelectorAll('.live-update').length"), 2);
    // Shown by a button: in their order, before the others, and the reader's focus goes there.
    page.value(
        "Array.from(document.querySelectorAll('.live-bar button')).find((one) => one.textContent === 'Show').click()",
    );
    page.wait_for("document.querySelectorAll('.live-update').length === 5");
    assert_eq!(
        page.value("Array.from(document.querySelectorAll('.live-update'), (one) => one.id)"),
        json!(["new-2", "new-1", "new-0", "open", "the-bridge-is-closed"])
    );
    assert_eq!(page.value("document.activeElement.id"), "new-2");
    assert_eq!(text(".live-news"), "");
    // Paused, the page is not told of anything.
    page.value("Array.from(document.querySelectorAll('.live-bar button')).find((one) => one.textContent === 'Pause updates').click()");
    assert_eq!(text(".live-news"), "Paused. This page no longer looks for new updates.");
    body.push_str("\n## Fourth {time=2026-11-23T12:40}\n\nWords.\n");
    site.write_article("local/storm", "2026-11-23T07:30:00", FRONT, &body);
    site.build();
    page.value(LOOK);
    page.value("new Promise((done) => setTimeout(done, 300))");
    assert_eq!(text(".live-news"), "Paused. This page no longer looks for new updates.");
    page.value("Array.from(document.querySelectorAll('.live-bar button')).find((one) => one.textContent === 'Resume updates').click()");
    page.wait_for("document.querySelector('.live-news').textContent === '1 new update'");
    // The end of the coverage ends the asking.
    site.set_now("2026-11-23T19:00:00Z");
    site.build();
    page.value(LOOK);
    page.wait_for("document.querySelector('.live-bar').classList.contains('is-over')");
    assert_eq!(text(".live-state"), "Live coverage has ended.");
    assert_eq!(
        page.value("document.querySelectorAll('.live-bar button:not([hidden])').length"),
        1,
        "what is new can still be shown"
    );
}
