//! Replies of readers: the form, the receiver, the desk, and what must never come out of them.

mod fixture;
mod receiver;

use std::time::Duration;

use fixture::TestSite;
use receiver::{Receiver, reply};

const ARTICLE: &str = "/local/tunnel/";

fn site() -> TestSite {
    TestSite::empty()
        .file("site.yaml", "title: The Test\nbase_url: https://test.example\ncomments: { action: 'https://replies.example/_courant/comments' }\n")
        .article("local/tunnel", "2026-01-02", "", "Words.")
        .article("local/embargo", "2999-01-02", "title: Secret merger", "Words.")
        .article("local/draft", "2026-01-02", "draft: true", "Words.")
        .article("local/closed", "2026-01-02", "comments: false", "Words.")
}

fn serve(site: &TestSite, flags: &[&str]) -> Receiver {
    Receiver::start(site.command(), flags)
}

/// The files of waiting replies, by name.
fn inbox(site: &TestSite) -> Vec<String> {
    let files = fixture::tree(&site.path("comments/inbox"));
    files.keys().filter(|name| name.ends_with(".yaml")).cloned().collect()
}

#[test]
fn a_good_reply_is_stored_as_one_file_and_answered_with_the_way_back() {
    let site = site();
    let receiver = serve(&site, &[]);
    let mut fields = reply(ARTICLE, "Four minutes is right.\r\nI timed it *twice*: 1 < 2.");
    fields.push(("in_reply_to", "r-101"));
    let answer = receiver.send(&fields);
    assert_eq!(answer.status, 303, "{}", answer.html);
    assert_eq!(answer.location.as_deref(), Some("https://test.example/local/tunnel/#leave-received"));
    let files = inbox(&site);
    assert_eq!(files.len(), 1);
    let text = site.read(&format!("comments/inbox/{}", files[0]));
    for line in [
        "article: /local/tunnel/",
        "source: content/local/tunnel.md",
        "name: Oluf from Lowen",
        "email: oluf@secret.example",
        "in_reply_to: r-101",
        "  Four minutes is right.\n  I timed it *twice*: 1 < 2.",
    ] {
        assert!(text.contains(line), "no {line} in\n{text}");
    }
    assert!(!text.contains("127.0.0.1"), "the address of a reader is written nowhere");
}

#[test]
fn a_form_with_errors_comes_back_with_what_was_typed() {
    let site = site();
    let receiver = serve(&site, &[]);
    let answer = receiver.send(&[
        ("article", ARTICLE),
        ("name", "Ann \"<b>\" Lee"),
        ("email", "nowhere"),
        ("website", "javascript:alert(1)"),
        ("comment", "  Kept & whole </textarea><script>x</script>"),
        ("seconds", "40"),
    ]);
    assert_eq!(answer.status, 422);
    for part in [
        "role=\"alert\"",
        "<a href=\"#reply-email\">Please enter an email address such as name@example.org.</a>",
        "id=\"reply-email-error\"",
        "aria-invalid=\"true\" aria-describedby=\"reply-email-error\"",
        "value=\"Ann &quot;&lt;b&gt;&quot; Lee\"",
        "value=\"nowhere\"",
        "Kept &amp; whole &lt;/textarea&gt;",
        "href=\"https://test.example/local/tunnel/\"",
        "action=\"https://replies.example/_courant/comments\"",
    ] {
        assert!(answer.html.contains(part), "no {part} in\n{}", answer.html);
    }
    assert!(!answer.html.contains("<script"));
    assert_eq!(inbox(&site), [""; 0]);
    let empty = receiver.send(&[("article", ARTICLE)]);
    assert_eq!(empty.status, 422);
    for field in ["name", "email", "comment"] {
        assert!(empty.html.contains(&format!("href=\"#reply-{field}\"")), "{field}");
    }
}

#[test]
fn only_articles_that_readers_can_see_take_replies() {
    let site = site();
    let receiver = serve(&site, &[]);
    for address in ["/local/embargo/", "/local/draft/", "/local/closed/", "/local/none/", "/../x", "//evil.example/"] {
        let answer = receiver.send(&reply(address, "My words."));
        assert_eq!(answer.status, 404, "{address}");
        assert!(answer.html.contains("My words.") && !answer.html.contains("merger"), "{address}");
        assert!(!answer.html.contains("href=\"https://test.example"), "no link to what is not there: {address}");
    }
    assert_eq!(inbox(&site), [""; 0]);
    site.write_article("local/fresh", "2026-01-03", "", "Words.");
    std::thread::sleep(Duration::from_millis(2100));
    assert_eq!(receiver.send(&reply("/local/fresh/", "First!")).status, 303, "an article that came later is known");
}

#[test]
fn a_form_of_another_site_is_refused() {
    let site = site();
    let receiver = serve(&site, &["--origin", "https://www.test.example"]);
    for origin in ["https://evil.example", "http://test.example", "https://test.example:8443", "file://", "junk"] {
        let answer = receiver.send_from(Some(origin), &reply(ARTICLE, "My words."));
        assert_eq!(answer.status, 403, "{origin}");
        assert!(answer.html.contains("My words."));
    }
    assert_eq!(inbox(&site), [""; 0]);
    for (number, origin) in
        ["https://test.example:443", "https://www.test.example", "https://replies.example"].iter().enumerate()
    {
        let text = format!("Reply {number}");
        assert_eq!(receiver.send_from(Some(origin), &reply(ARTICLE, &text)).status, 303, "{origin}");
    }
}

#[test]
fn without_a_script_the_reader_sees_the_reply_once_more() {
    let site = site();
    let receiver = serve(&site, &[]);
    let mut fields = reply(ARTICLE, "See *this*.");
    fields.retain(|(name, _)| *name != "seconds");
    let shown = receiver.send(&fields);
    assert_eq!(shown.status, 200);
    assert!(shown.html.contains("<p>See <em>this</em>.</p>"), "{}", shown.html);
    assert_eq!(inbox(&site), [""; 0], "nothing is stored yet");
    let sealed = shown.hidden("sealed");
    fields.push(("sealed", &sealed));
    assert_eq!(receiver.send(&fields).status, 200, "a robot presses the button at once");
    std::thread::sleep(Duration::from_millis(2100));
    assert_eq!(receiver.send_from(None, &fields).status, 303, "the seal says where it comes from");
    assert_eq!(inbox(&site).len(), 1);
    let other = Receiver::start(site.command(), &[]);
    assert_eq!(other.send(&fields).status, 200, "another process has another key");
    for seconds in ["1", "-5", "NaN", "soon"] {
        let mut fields = reply(ARTICLE, "Quick.");
        fields.push(("sealed", "123.abc"));
        fields.iter_mut().for_each(|field| {
            if field.0 == "seconds" {
                field.1 = seconds;
            }
        });
        assert_eq!(receiver.send(&fields).status, 200, "{seconds}");
    }
    let nowhere = receiver.send_from(None, &reply(ARTICLE, "From a program."));
    assert_eq!(nowhere.status, 200, "what a script says does not count when nobody says where it ran");
}

#[test]
fn what_fills_the_trap_is_not_stored() {
    let site = site();
    let receiver = serve(&site, &[]);
    let mut fields = reply(ARTICLE, "Buy now.");
    fields.retain(|(name, _)| *name != "subject");
    fields.push(("subject", "Pills"));
    let answer = receiver.send(&fields);
    assert_eq!(answer.status, 422, "and not acknowledged either: a browser may have filled it");
    assert!(answer.html.contains("Buy now.") && !answer.html.contains("Pills"));
    assert_eq!(inbox(&site), [""; 0]);
}

#[test]
fn an_address_that_sends_much_has_to_wait() {
    let site = site();
    let receiver = serve(&site, &["--per-minute", "1", "--address-header", "x-forwarded-for"]);
    let send = |from: &str, text: &str| {
        let request = receiver::client().post(&receiver.url).header("origin", "https://test.example");
        let response = request.header("x-forwarded-for", from).send_form(reply(ARTICLE, text)).expect("an answer");
        (response.headers().get("retry-after").is_some(), receiver::Answer::of(response))
    };
    for number in 0..5 {
        assert_eq!(send("192.0.2.7", &format!("Number {number}")).1.status, 303);
    }
    let (has_wait, answer) = send("203.0.113.9, 192.0.2.7", "Number 6");
    assert_eq!((has_wait, answer.status), (true, 429), "what a reader writes in front does not count");
    assert!(answer.html.contains("Number 6"));
    assert_eq!(send("192.0.2.8", "Another reader").1.status, 303);
}

#[test]
fn a_button_pressed_twice_is_one_reply() {
    let site = site();
    let receiver = serve(&site, &[]);
    assert_eq!(receiver.send(&reply(ARTICLE, "Once.")).status, 303);
    assert_eq!(receiver.send(&reply(ARTICLE, "Once.")).status, 303);
    assert_eq!(inbox(&site).len(), 1);
}

#[test]
fn what_is_no_form_or_too_large_is_refused() {
    let site = site();
    let receiver = serve(&site, &[]);
    let post = || receiver::client().post(&receiver.url).header("origin", "https://test.example");
    let json = post().header("content-type", "application/json").send("{}").expect("an answer");
    assert_eq!(json.status(), 415);
    let long = "x".repeat(300_000);
    let large = post().send_form(reply(ARTICLE, &long)).expect("an answer");
    assert_eq!(large.status(), 413);
    let full = receiver.send(&reply(ARTICLE, &"é".repeat(20_000)));
    assert_eq!(full.status, 303, "the longest reply fits");
    assert_eq!(receiver.send(&reply(ARTICLE, &"é".repeat(20_001))).status, 422);
    let bounded = serve(&site, &["--waiting", "1"]);
    assert_eq!(bounded.send(&reply(ARTICLE, "One too many.")).status, 503);
}

#[test]
fn a_form_can_be_asked_for() {
    let site = site();
    let receiver = serve(&site, &[]);
    let get = |query: &str| {
        receiver::Answer::of(receiver::client().get(format!("{}{query}", receiver.url)).call().expect("an answer"))
    };
    let form = get("?article=%2Flocal%2Ftunnel%2F");
    assert_eq!(form.status, 200);
    assert!(form.html.contains("Leave a Reply") && !form.hidden("sealed").is_empty());
    assert_eq!(get("").status, 404);
    assert_eq!(get("?article=%2Flocal%2Fdraft%2F").status, 404);
}
