//! Players: nothing is asked of another host before the reader presses one.

use crate::browser::Chromium;
use crate::fixture::TestSite;
use crate::fixture::served::Served;

const FILM: &str = "https://youtu.be/a1B2c3D4-_5?t=90";
const PLAYER: &str = "https://www.youtube-nocookie.com/embed/a1B2c3D4-_5?autoplay=1&start=90";

#[test]
fn nothing_is_asked_of_another_host_before_the_click_and_focus_moves_to_the_player() {
    let Some(chromium) = Chromium::start() else { return };
    let site = TestSite::new().article(
        "local/x",
        "2026-10-02",
        "",
        &format!("First.\n\n{FILM}\n\nhttps://files.example/low-tide.mp3\n\nhttps://vimeo.com/123456789"),
    );
    let served = Served::start(&site, &[]);
    let page = chromium.open(&format!("{}/local/x/", served.origin));
    page.wait_for("document.readyState === 'complete' && document.querySelectorAll('[data-player]').length === 3");
    let outside = "performance.getEntriesByType('resource').map((one) => one.name).filter((name) => !name.startsWith(location.origin))";
    assert_eq!(page.value(outside), serde_json::json!([]));
    assert_eq!(page.value("document.querySelectorAll('iframe, audio, video').length"), 0);
    page.press("[data-player*='youtube']");
    page.wait_for("document.querySelector('iframe')");
    assert_eq!(page.value("document.querySelector('iframe').src"), PLAYER.replace("&amp;", "&"));
    assert_eq!(page.value("document.activeElement === document.querySelector('iframe')"), true);
    assert_eq!(page.value("document.querySelector('iframe').title"), "Video on YouTube");
    assert_eq!(page.value("document.querySelector('iframe').referrerPolicy"), "strict-origin-when-cross-origin");
    assert!(
        page.value("document.querySelector('iframe').sandbox.value").as_str().expect("text").contains("allow-scripts")
    );
    // By keyboard, and a file: the browser's own player.
    page.value("document.querySelector('[data-element=audio]').focus()");
    page.value("document.activeElement.click()");
    page.wait_for("document.querySelector('audio')");
    assert_eq!(page.value("document.activeElement === document.querySelector('audio')"), true);
    assert_eq!(page.value("document.querySelectorAll('iframe, audio').length"), 2, "one player for each press");
    assert_eq!(page.value("document.querySelectorAll('[data-player]').length"), 1, "the others still wait");
}

#[test]
fn without_scripts_the_card_is_a_link() {
    let Some(chromium) = Chromium::start() else { return };
    let site = TestSite::new().article("local/x", "2026-10-02", "", &format!("First.\n\n{FILM}"));
    let served = Served::start(&site, &[]);
    let page = chromium.open_without_scripts(&format!("{}/local/x/", served.origin));
    assert_eq!(page.value("document.querySelector('.embed a').href"), FILM);
    // What hides the button for those who run no scripts; this browser must run some to be asked.
    let rule = "Array.from(document.styleSheets[0].cssRules).flatMap((rule) => [rule, ...(rule.cssRules ?? [])]).some((rule) => rule.media?.mediaText === '(scripting: none)' && rule.cssText.includes('.embed button'))";
    page.wait_for(rule);
}
