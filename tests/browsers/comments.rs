//! The form for comments: typed into, with scripts and without.

use std::time::Duration;

use crate::browser::Chromium;
use crate::fixture::served::Served;
use crate::fixture::sites::{COMMENTED as ARTICLE, inbox, with_comments as site};

#[test]
fn a_reader_types_and_the_approved_comment_is_on_the_page() {
    let Some(chromium) = Chromium::start() else { return };
    let site = site().file("content/local/tunnel.comments.yaml", "- {id: r-1, name: A Reader, text: First.}\n");
    let served = Served::start(&site, &[]);
    let page = chromium.open(&format!("{}{ARTICLE}", served.origin));
    page.press("[data-reply='r-1']");
    page.wait_for("document.getElementById('leave-to').value === 'r-1'");
    page.type_into("#leave-name", "Oluf from Lowen");
    page.type_into("#leave-email", "oluf@secret.example");
    page.type_into("#leave-comment", "Four minutes, *twice*.");
    // The script counts how long the form was open, and it was open long enough.
    std::thread::sleep(Duration::from_millis(3100));
    page.press(".reply-form button");
    page.wait_for("location.pathname === '/local/tunnel/' && location.hash === '#leave-received'");
    page.wait_for("getComputedStyle(document.getElementById('leave-received')).display === 'block'");
    assert!(!site.published("local/tunnel/index.html").contains("twice"), "an editor decides");
    let listed = site.run(&["comments", "list"]).stdout;
    let id = listed.split_whitespace().next().expect("an id");
    assert_eq!(site.run(&["comments", "approve", id]).code, 0);
    page.wait_for("document.querySelector('#replies .count').innerText === '2'");
    assert_eq!(page.value("document.querySelector('#reply-r-1 li em').innerText"), "twice");
    assert_eq!(page.value("document.documentElement.outerHTML.includes('secret.example')"), false);
}

#[test]
fn the_form_works_without_scripts_and_keeps_what_was_typed() {
    let Some(chromium) = Chromium::start() else { return };
    let site = site();
    let served = Served::start(&site, &[]);
    let page = chromium.open_without_scripts(&format!("{}{ARTICLE}", served.origin));
    page.type_into("#leave-name", "Mara");
    page.type_into("#leave-email", "mara@secret.example");
    // The browser finds nothing wrong with this one; the receiver does.
    page.type_into("#leave-website", "ftp://mara.example");
    page.type_into("#leave-comment", "Kept <b>whole</b>.");
    page.press(".reply-form button");
    page.wait_for_element("[role=alert] a[href='#reply-website']");
    assert_eq!(page.field("#reply-comment"), "Kept <b>whole</b>.");
    assert_eq!(page.field("#reply-name"), "Mara");
    page.clear("#reply-website");
    std::thread::sleep(Duration::from_millis(2100));
    page.press("form button");
    page.wait_for_element("#leave-received");
    assert!(page.url().ends_with("/local/tunnel/#leave-received"), "{}", page.url());
    page.type_into("#leave-name", "Mara");
    page.type_into("#leave-email", "mara@secret.example");
    page.type_into("#leave-comment", "Right at once.");
    // Nobody says for how long the form was open, so the comment is shown once more.
    std::thread::sleep(Duration::from_millis(3100));
    page.press(".reply-form button");
    page.wait_for_element(".preview");
    std::thread::sleep(Duration::from_millis(2100));
    page.press("form button");
    page.wait_for_element("#leave-received");
    let texts = inbox(&site).iter().map(|name| site.read(&format!("comments/inbox/{name}"))).collect::<String>();
    assert!(texts.contains("text: Kept <b>whole</b>.") && texts.contains("text: Right at once."), "{texts}");
}
