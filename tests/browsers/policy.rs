//! The policy of the pages: a browser that keeps it finds nothing to refuse, in the preview either.

use crate::browser::Chromium;
use crate::browser::sample::SAMPLE;
use crate::fixture::served::Served;
use crate::fixture::{TestSite, copy};

#[test]
fn the_pages_live_with_their_policy() {
    let Some(chromium) = Chromium::start() else { return };
    let site = TestSite::empty().at("2026-12-01T12:00:00Z");
    copy(&SAMPLE.site.path("."), &site.path("."));
    site.write(
        "content/local/bad.md",
        "---\ntitle: B\ndate: 2026-11-01\n---\n\n<p style=\"color: red\">x</p>\n\nhttps://youtu.be/a1B2c3D4-_5\n",
    );
    let served = Served::start(&site, &[]);
    let policy = served.get("/").header("content-security-policy").to_owned();
    assert!(policy.contains("script-src 'self' 'sha256-") && !policy.contains("unsafe-inline"), "{policy}");
    assert_eq!(served.get("/nowhere/").header("content-security-policy"), policy);
    let page = chromium.open_under_policy(&format!("{}/", served.origin));
    for path in [
        "/",
        "/local/tunnel/",
        "/local/storm-hedda/",
        "/local/lighthouse/",
        "/science/quiet-ships/",
        "/business/wind-farm/",
        "/local/",
        "/tags/",
        "/authors/ines-vale/",
        "/archive/",
        "/corrections/",
        "/about/",
        "/nowhere/",
    ] {
        page.go(&format!("{}{path}", served.origin));
        assert_eq!(page.violations(), Vec::<String>::new(), "{path}");
    }
    // What a page of the site itself does against it is seen while it is written.
    page.go(&format!("{}/local/bad/", served.origin));
    page.wait_for("refused.length > 0");
    assert!(page.violations().iter().all(|one| one.starts_with("style-src-attr inline")), "{:?}", page.violations());
    // A player that is asked for is let in, and another host is not.
    page.press("[data-player]");
    page.wait_for("document.querySelector('iframe')");
    page.value("document.querySelector('iframe').after(Object.assign(document.createElement('iframe'), { src: 'https://other.example/' }))");
    page.wait_for("refused.some((one) => one.startsWith('frame-src https://other.example'))");
    assert!(!page.violations().iter().any(|one| one.contains("youtube")), "{:?}", page.violations());
}

#[test]
fn the_ribbon_of_a_draft_and_the_overlay_live_with_the_policy_too() {
    let Some(chromium) = Chromium::start() else { return };
    let site = TestSite::new().article("local/x", "2026-10-02", "", "Words.").article(
        "local/draft",
        "2026-10-02",
        "draft: true",
        "Words.",
    );
    let served = Served::start(&site, &["--drafts"]);
    let page = chromium.open_under_policy(&format!("{}/local/draft/", served.origin));
    page.wait_for("getComputedStyle(document.querySelector('#courant-ribbon')).position === 'fixed'");
    site.write_article("local/draft", "2026-10-02", "draft: true\ntitel: x", "{{ <nothing /> }}");
    page.wait_for("document.querySelector('courant-overlay')?.shadowRoot.querySelector('section')");
    page.wait_for("getComputedStyle(document.querySelector('courant-overlay').shadowRoot.querySelector('ol')).listStyleType === 'none'");
    assert_eq!(page.violations(), Vec::<String>::new());
}
