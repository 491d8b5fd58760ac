//! Readers' comments: the form, the receiver, the desk, and what must never come out of them.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::fixture::TestSite;
use crate::fixture::served::Served;
use crate::fixture::sites::{COMMENTED as ARTICLE, inbox, with_comments as site};
use crate::receiver::{Receiver, comment};

/// Puts a comment into the inbox, as the receiver does.
fn waiting(site: &TestSite, id: &str, source: &str, text: &str) {
    let yaml = format!(
        "id: {id}\narticle: {ARTICLE}\nsource: {source}\nname: Oluf & Ann\nemail: oluf@secret.example\nwebsite: https://oluf.example/\nin_reply_to: r-1\ndate: 2026-11-20T12:14:00+01:00\ntext: {}\n",
        serde_json::to_string(text).expect("text")
    );
    site.write(&format!("comments/inbox/{id}.yaml"), yaml);
}

fn serve(site: &TestSite, flags: &[&str]) -> Receiver {
    Receiver::start(site.command(), flags)
}

#[test]
fn a_good_comment_is_stored_as_one_file_and_answered_with_the_way_back() {
    let site = site();
    let receiver = serve(&site, &[]);
    let mut fields = comment(ARTICLE, "Four minutes is right.\r\nI timed it *twice*: 1 < 2.");
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
fn readers_are_answered_in_the_language_of_the_article() {
    let site = site().article("local/tunnel.ar", "2026-01-02", "title: النفق", "كلمات.");
    let settings = site.read("site.yaml");
    site.write("site.yaml", settings + "languages: { en: {}, ar: { title: الاختبار } }\n");
    let receiver = serve(&site, &[]);
    let answer = receiver.send(&[("article", "/ar/local/tunnel/"), ("name", "Ann"), ("comment", "Words")]);
    assert_eq!(answer.status, 422);
    for part in ["<html lang=\"ar\" dir=\"rtl\">", "يرجى إدخال بريدك الإلكتروني", "الاختبار"]
    {
        assert!(answer.html.contains(part), "no {part} in\n{}", answer.html);
    }
    let answer = receiver.send(&[("article", ARTICLE), ("name", "Ann"), ("comment", "Words")]);
    assert!(answer.html.contains("<html lang=\"en\" dir=\"ltr\">"), "{}", answer.html);
}

#[test]
fn only_articles_that_readers_can_see_take_comments() {
    let site = site();
    let receiver = serve(&site, &[]);
    for address in ["/local/embargo/", "/local/draft/", "/local/closed/", "/local/none/", "/../x", "//evil.example/"] {
        let answer = receiver.send(&comment(address, "My words."));
        assert_eq!(answer.status, 404, "{address}");
        assert!(answer.html.contains("My words.") && !answer.html.contains("merger"), "{address}");
        assert!(!answer.html.contains("href=\"https://test.example"), "no link to what is not there: {address}");
    }
    assert_eq!(inbox(&site), [""; 0]);
    site.write_article("local/fresh", "2026-01-03", "", "Words.");
    std::thread::sleep(Duration::from_millis(2100));
    assert_eq!(receiver.send(&comment("/local/fresh/", "First!")).status, 303, "an article that came later is known");
}

#[test]
fn a_form_of_another_site_is_refused() {
    let site = site();
    let receiver = serve(&site, &["--origin", "https://www.test.example"]);
    for origin in ["https://evil.example", "http://test.example", "https://test.example:8443", "file://", "junk"] {
        let answer = receiver.send_from(Some(origin), &comment(ARTICLE, "My words."));
        assert_eq!(answer.status, 403, "{origin}");
        assert!(answer.html.contains("My words."));
    }
    assert_eq!(inbox(&site), [""; 0]);
    for (number, origin) in
        ["https://test.example:443", "https://www.test.example", "https://replies.example"].iter().enumerate()
    {
        let text = format!("Reply {number}");
        assert_eq!(receiver.send_from(Some(origin), &comment(ARTICLE, &text)).status, 303, "{origin}");
    }
}

#[test]
fn without_a_script_the_reader_sees_the_comment_once_more() {
    let site = site();
    let receiver = serve(&site, &[]);
    let mut fields = comment(ARTICLE, "See *this*.");
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
        let mut fields = comment(ARTICLE, "Quick.");
        fields.push(("sealed", "123.abc"));
        fields.iter_mut().for_each(|field| {
            if field.0 == "seconds" {
                field.1 = seconds;
            }
        });
        assert_eq!(receiver.send(&fields).status, 200, "{seconds}");
    }
    let nowhere = receiver.send_from(None, &comment(ARTICLE, "From a program."));
    assert_eq!(nowhere.status, 200, "what a script says does not count when nobody says where it ran");
}

#[test]
fn what_fills_the_trap_is_not_stored() {
    let site = site();
    let receiver = serve(&site, &[]);
    let mut fields = comment(ARTICLE, "Buy now.");
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
        let request = crate::receiver::client().post(&receiver.url).header("origin", "https://test.example");
        let response = request.header("x-forwarded-for", from).send_form(comment(ARTICLE, text)).expect("an answer");
        (response.headers().get("retry-after").is_some(), crate::receiver::Answer::of(response))
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
fn requests_have_a_rate_too() {
    let site = site();
    let receiver = serve(&site, &["--per-minute", "1", "--address-header", "x-forwarded-for"]);
    let ask = |from: &str, method: &str| {
        let agent = crate::receiver::client();
        let answer = match method {
            "GET" => agent.get(&receiver.url).header("x-forwarded-for", from).call(),
            _ => agent.post(&receiver.url).header("x-forwarded-for", from).send_form([("article", ARTICLE)]),
        };
        let answer = answer.expect("an answer");
        (answer.status().as_u16(), answer.headers().contains_key("retry-after"))
    };
    for _ in 0..25 {
        assert_eq!(ask("2001:db8:1:2::1", "POST"), (422, false));
        assert_eq!(ask("2001:db8:1:2:3::9", "GET"), (404, false), "one network");
    }
    assert_eq!(ask("2001:db8:1:2::5", "POST"), (429, true), "ten times as many as comments, and no more");
    assert_eq!(ask("2001:db8:1:2::5", "GET"), (429, true));
    assert_eq!(ask("2001:db8:1:3::1", "POST"), (422, false), "another network");
}

/// Whether the receiver still listens on a connection.
fn is_open(stream: &mut TcpStream) -> bool {
    stream.set_read_timeout(Some(Duration::from_millis(300))).expect("set");
    crate::receiver::told(stream).is_none()
}

/// Takes the connections on which there is an answer, as soon as there are so many. Threads of the receiver take
/// connections in no certain order, so which ones these are is not certain either.
fn take_answered(streams: &mut Vec<TcpStream>, many: usize) -> Vec<String> {
    let mut answers = Vec::new();
    let began = std::time::Instant::now();
    // Well before the deadline of a form.
    while answers.len() < many && began.elapsed() < Duration::from_secs(10) {
        streams.retain_mut(|stream| {
            stream.set_read_timeout(Some(Duration::from_millis(50))).expect("set");
            crate::receiver::told(stream).is_none_or(|answer| {
                answers.push(answer);
                false
            })
        });
    }
    answers
}

#[test]
fn slow_forms_of_one_address_give_way_to_the_next() {
    let site = site();
    let receiver = serve(&site, &[]);
    let mut slow: Vec<TcpStream> = (0..40).map(|_| receiver.begin("")).collect();
    let answers = take_answered(&mut slow, 24);
    assert_eq!((answers.len(), slow.len()), (24, 16), "sixteen of one address may go on");
    for answer in answers {
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!(answer.contains("took too long") || answer.contains("<html"), "{answer}");
    }
    assert!(slow.iter_mut().all(is_open));
    assert_eq!(receiver.send(&comment(ARTICLE, "Meanwhile.")).status, 303);
}

#[test]
fn behind_a_web_server_forms_are_counted_by_the_address_that_it_names() {
    let site = site();
    let receiver = serve(&site, &["--address-header", "x-forwarded-for"]);
    let mut other = receiver.begin("X-Forwarded-For: 192.0.2.8\r\n");
    let begin = |number: usize| receiver.begin(&format!("X-Forwarded-For: 203.0.113.1, 2001:db8::{number:x}\r\n"));
    let mut slow: Vec<TcpStream> = (1..=17).map(begin).collect();
    let answers = take_answered(&mut slow, 1);
    assert!(matches!(&answers[..], [one] if one.starts_with("HTTP/1.1 408 ")), "{answers:?}");
    assert!(slow.iter_mut().all(is_open) && is_open(&mut other), "sixteen of one network, and others as before");
    // All of them come from one machine, which may have more connections than a reader.
    let mut idle: Vec<TcpStream> = (0..100).map(|_| receiver.connect()).collect();
    assert!(is_open(&mut idle[0]));
    assert_eq!(receiver.send(&comment(ARTICLE, "Meanwhile.")).status, 303);
}

#[test]
fn idle_connections_give_way_to_the_next() {
    let site = site();
    let receiver = serve(&site, &[]);
    let mut idle: Vec<TcpStream> = (0..100).map(|_| receiver.connect()).collect();
    // The deadline for a head is later.
    assert_eq!(crate::receiver::told(&mut idle[0]).as_deref(), Some(""), "closed at once, without a word");
    assert!(is_open(&mut idle[99]));
    assert_eq!(receiver.send(&comment(ARTICLE, "Meanwhile.")).status, 303);
    let mut unlimited = serve(&site, &["--per-minute", "0"]);
    let mut idle: Vec<TcpStream> = (0..100).map(|_| unlimited.connect()).collect();
    assert!(is_open(&mut idle[0]), "whoever wants no limit for an address has none");
    unlimited.kill();
}

#[test]
fn markdown_of_any_kind_is_shown_while_others_are_answered() {
    let kinds =
        [">", "> ", "- a\n  ", "1. ", "> - ", "[", "*", "_", "`", "<", "&", "![", "]{lang=", "*a_", "<!--", "[a]("];
    let site = site();
    let receiver = serve(&site, &["--per-minute", "0"]);
    std::thread::scope(|scope| {
        for kind in kinds {
            let receiver = &receiver;
            scope.spawn(move || {
                let text = format!("{}.", kind.repeat(19_990 / kind.len()));
                let mut fields = comment(ARTICLE, &text);
                fields.retain(|(name, _)| *name != "seconds");
                let shown = receiver.send(&fields);
                assert_eq!(shown.status, 200, "{kind}");
                let quoted = shown.html.matches("<blockquote>").count();
                assert!(quoted <= 10, "{kind} is {quoted} deep");
            });
        }
        assert_eq!(receiver.send(&comment(ARTICLE, "Meanwhile.")).status, 303);
    });
}

#[test]
fn a_thread_of_any_length_in_any_order_is_shown() {
    const COMMENTS: usize = 3000;
    let entry = |number: usize| {
        let answered = if number == 0 { String::new() } else { format!(", in_reply_to: r{}", number - 1) };
        format!("- {{id: r{number}, name: A, text: Number {number}.{answered}}}\n")
    };
    for is_backwards in [false, true] {
        let mut entries: Vec<String> = (0..COMMENTS).map(entry).collect();
        if is_backwards {
            entries.reverse();
        }
        let site = site().file("content/local/tunnel.comments.yaml", entries.concat());
        site.build();
        let page = site.published("local/tunnel/index.html");
        assert_eq!(page.matches("<li id=\"reply-r").count(), COMMENTS);
        let (first, last) = (page.find("reply-r0\""), page.find(&format!("reply-r{}\"", COMMENTS - 1)));
        assert!(first < last, "an answer stands behind what it answers");
    }
}

#[test]
fn a_comment_without_an_end_is_an_error() {
    let words = "Words. ".repeat(20_000);
    let site = site().file("content/local/tunnel.comments.yaml", format!("- {{id: r1, name: A, text: {words}}}\n"));
    let run = site.try_build(&[]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("the comment `r1` is longer than 100000 characters"), "{}", run.stdout);
}

#[test]
fn a_button_pressed_twice_is_one_comment() {
    let site = site();
    let receiver = serve(&site, &[]);
    assert_eq!(receiver.send(&comment(ARTICLE, "Once.")).status, 303);
    assert_eq!(receiver.send(&comment(ARTICLE, "Once.")).status, 303);
    assert_eq!(inbox(&site).len(), 1);
}

#[test]
fn what_is_no_form_or_too_large_is_refused() {
    let site = site();
    let receiver = serve(&site, &[]);
    let post = || crate::receiver::client().post(&receiver.url).header("origin", "https://test.example");
    let json = post().header("content-type", "application/json").send("{}").expect("an answer");
    assert_eq!(json.status(), 415);
    let long = "x".repeat(300_000);
    let large = post().send_form(comment(ARTICLE, &long)).expect("an answer");
    assert_eq!(large.status(), 413);
    let mut broken = receiver.connect();
    let head = "POST /_courant/comments HTTP/1.1\r\nHost: x\r\nOrigin: https://test.example\r\nContent-Type: \
                application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\nno number\r\n";
    broken.write_all(head.as_bytes()).expect("sent");
    let mut answer = [0; 12];
    broken.read_exact(&mut answer).expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 400");
    let full = receiver.send(&comment(ARTICLE, &"é".repeat(20_000)));
    assert_eq!(full.status, 303, "the longest comment fits");
    assert_eq!(receiver.send(&comment(ARTICLE, &"é".repeat(20_001))).status, 422);
    let bounded = serve(&site, &["--waiting", "1"]);
    assert_eq!(bounded.send(&comment(ARTICLE, "One too many.")).status, 503);
}

#[test]
fn nothing_is_said_to_be_kept_where_there_is_no_form() {
    let site = site();
    let receiver = serve(&site, &[]);
    let kept = "Nothing that you wrote is lost; it stands below.";
    assert!(receiver.send(&[("article", ARTICLE)]).html.contains(kept));
    let long = "x".repeat(3_000_000);
    let answer = receiver.send(&comment(ARTICLE, &long));
    assert_eq!(answer.status, 413);
    assert!(answer.html.contains("What you sent is too large.") && !answer.html.contains(kept), "{}", answer.html);
}

#[test]
fn a_form_can_be_asked_for() {
    let site = site();
    let receiver = serve(&site, &[]);
    let get = |query: &str| {
        crate::receiver::Answer::of(
            crate::receiver::client().get(format!("{}{query}", receiver.url)).call().expect("an answer"),
        )
    };
    let form = get("?article=%2Flocal%2Ftunnel%2F");
    assert_eq!(form.status, 200);
    assert!(form.html.contains("Leave a Reply") && !form.hidden("sealed").is_empty());
    assert_eq!(get("").status, 404);
    assert_eq!(get("?article=%2Flocal%2Fdraft%2F").status, 404);
}

const SOURCE: &str = "content/local/tunnel.md";

#[test]
fn an_approved_comment_is_on_the_page_and_the_editors_file_is_as_it_was() {
    let site = site();
    let own = "# Mine, in my order\n- {id: r-1, name: A Reader, text: 'First.'}  # kept\n";
    site.write("content/local/tunnel.comments.yaml", own);
    waiting(&site, "20261120-111400-aa", SOURCE, "I *timed* it.\n\nhttps://oluf.example/log\n<script>x</script>");
    let run = site.run(&["comments", "approve", "111400"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("20261120-111400-aa is in content/local/tunnel.comments.yaml"), "{}", run.stdout);
    let file = site.read("content/local/tunnel.comments.yaml");
    assert!(file.starts_with(own), "{file}");
    assert!(!file.contains("secret"), "{file}");
    assert_eq!(inbox(&site), [""; 0]);
    site.build();
    let page = site.published("local/tunnel/index.html");
    for part in [
        "Comments <span class=\"count\">2</span>",
        "<li id=\"reply-20261120-111400-aa\">",
        "<a href=\"https://oluf.example/\" rel=\"nofollow ugc noopener\">Oluf &amp; Ann</a>",
        "I <em>timed</em> it.",
        "<a href=\"https://oluf.example/log\" rel=\"nofollow ugc noopener\">https://oluf.example/log</a>",
        "<option value=\"r-1\">A Reader</option>",
        "href=\"#leave-a-reply\" data-reply=\"r-1\"",
    ] {
        assert!(page.contains(part), "no {part} in\n{page}");
    }
    assert!(!page.contains("<script>x"));
    let (first, second) = (page.find("reply-r-1").expect("a reply"), page.find("reply-2026").expect("its answer"));
    let between = &page[first..second];
    assert!(between.contains("<ol>") && !between.contains("</ol>"), "the answer stands within what it answers");
}

#[test]
fn approving_may_be_cut_short_anywhere_and_done_again() {
    let site = site();
    waiting(&site, "a1", SOURCE, "Once.");
    let before = site.read("comments/inbox/a1.yaml");
    assert_eq!(site.run(&["comments", "approve", "a1"]).code, 0);
    let file = site.read("content/local/tunnel.comments.yaml");
    // As if the process had been killed before the comment was taken out of the inbox.
    site.write("comments/inbox/a1.yaml", before);
    let run = site.run(&["comments", "approve", "a1", "--json"]);
    assert!(run.stdout.contains("\"was_there\":true"), "{}", run.stdout);
    assert_eq!(site.read("content/local/tunnel.comments.yaml"), file);
    assert_eq!(inbox(&site), [""; 0]);
    assert_eq!(site.run(&["comments", "approve", "a1"]).code, 1, "it is not waiting any more");
}

#[test]
fn comments_to_a_bundle_and_to_a_moved_article_find_their_file() {
    let site = site().article("local/lighthouse/index", "2026-01-02", "", "Words.").article(
        "local/moved",
        "2026-01-02",
        "aliases: [/local/old-place/]",
        "Words.",
    );
    waiting(&site, "b1", "content/local/lighthouse/index.md", "To a bundle.");
    waiting(&site, "b2", "content/local/gone.md", "To what moved.");
    let moved = site.read("comments/inbox/b2.yaml").replace(ARTICLE, "/local/old-place/");
    site.write("comments/inbox/b2.yaml", moved);
    waiting(&site, "b3", "content/../../b3.md", "Out of the site.");
    let text = site.read("comments/inbox/b3.yaml").replace(ARTICLE, "/local/nowhere/");
    site.write("comments/inbox/b3.yaml", text);
    let run = site.run(&["comments", "approve", "--all"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("no article has the address /local/nowhere/"), "{}", run.stderr);
    assert!(site.read("content/local/lighthouse/index.comments.yaml").contains("To a bundle."));
    assert!(site.read("content/local/moved.comments.yaml").contains("To what moved."));
    assert_eq!(inbox(&site), ["b3.yaml"]);
    assert_eq!(site.run(&["comments", "approve", "b3", "--to", SOURCE]).code, 0);
    assert_eq!(inbox(&site), [""; 0]);
}

#[test]
fn a_broken_file_of_comments_is_told_and_left_alone() {
    let site = site();
    let broken = "- id: r-1\n  name: A\n text: x\n";
    site.write("content/local/tunnel.comments.yaml", broken);
    waiting(&site, "c1", SOURCE, "Words.");
    let run = site.run(&["comments", "approve", "c1", "--json"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stdout.contains("\"file\":\"content/local/tunnel.comments.yaml\"") && run.stdout.contains("\"line\":"),
        "{}",
        run.stdout
    );
    assert_eq!(site.read("content/local/tunnel.comments.yaml"), broken);
    assert_eq!(inbox(&site), ["c1.yaml"]);
    site.write("comments/inbox/c2.yaml", "id: c2\nname: [\n");
    let run = site.run(&["comments", "list", "--json"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("comments/inbox/c2.yaml") && run.stdout.contains("\"id\":\"c1\""), "{}", run.stdout);
}

#[test]
fn waiting_comments_are_listed_shown_and_rejected() {
    let site = site();
    assert_eq!(site.run(&["comments", "list"]).stdout, "no comment is waiting\n");
    waiting(&site, "20260101-a", SOURCE, "First words\nand more.");
    waiting(&site, "20260102-b", SOURCE, "Second\u{1b}[2J words.");
    let listed = site.run(&["comments", "list"]).stdout;
    assert!(
        listed.starts_with("20260101-a  /local/tunnel/  Oluf & Ann: First words and more.\n20260102-b"),
        "{listed}"
    );
    assert!(!listed.contains('\u{1b}'));
    assert_eq!(site.run(&["comments", "list", "--article", "ferry"]).stdout, "no comment is waiting\n");
    let shown = site.run(&["comments", "show", "101-a"]).stdout;
    assert!(shown.contains("email: oluf@secret.example") && shown.contains("and more."), "{shown}");
    assert_eq!(site.run(&["comments", "show", "2026"]).code, 1, "two comments have that");
    assert_eq!(site.run(&["comments", "show", "nothing"]).code, 1);
    assert_eq!(site.run(&["comments", "reject"]).code, 2);
    assert_eq!(site.run(&["comments", "reject", "20260101-a"]).code, 0);
    assert_eq!(inbox(&site), ["20260102-b.yaml"]);
    assert_eq!(site.run(&["comments", "reject", "--all"]).code, 0);
    assert_eq!(inbox(&site), [""; 0]);
}

#[test]
fn nothing_private_is_ever_published() {
    let site = site();
    let receiver = serve(&site, &["--address-header", "x-forwarded-for"]);
    for text in ["To be approved.", "To wait."] {
        let request = crate::receiver::client().post(&receiver.url).header("origin", "https://test.example");
        let answer =
            request.header("x-forwarded-for", "198.51.100.77").send_form(comment(ARTICLE, text)).expect("an answer");
        assert_eq!(answer.status(), 303);
    }
    site.write("export.xml", DISQUS);
    assert_eq!(site.run(&["comments", "import", "export.xml"]).code, 0);
    let first = inbox(&site)[0].trim_end_matches(".yaml").to_owned();
    assert_eq!(site.run(&["comments", "approve", &first]).code, 0);
    assert!(inbox(&site).len() == 1);
    site.build();
    for folder in ["public", "content", ".courant"] {
        for (path, bytes) in crate::fixture::tree(&site.path(folder)) {
            let text = String::from_utf8_lossy(&bytes);
            for private in ["secret.example", "198.51.100.77", "127.0.0.1"] {
                assert!(!text.contains(private), "{private} in {folder}/{path}");
            }
            assert!(!path.contains("inbox"));
        }
    }
    for (path, bytes) in crate::fixture::tree(&site.path("comments")) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("198.51.100.77") && !text.contains("127.0.0.1"), "a network address in {path}");
    }
}

#[test]
fn comments_under_a_name_that_is_not_read_are_not_published_as_files() {
    let names = [
        "comments.yaml",
        "tunnel.Comments.yaml",
        "tunnel.comments.YAML",
        "tunnel.comments.json",
        "tunnel.comments.yaml.bak",
        "tunnel.comments.yaml.orig",
        "tunnel.comments.yml",
    ];
    let site = site();
    for name in names {
        site.write(&format!("content/local/{name}"), "- {name: A, text: x, email: ann@secret.example}\n");
    }
    let run = site.build();
    let told = run.diagnostics();
    for name in names {
        let left_out = told.iter().filter(|one| one.starts_with(&format!("warning content/local/{name} ")));
        assert_eq!(left_out.filter(|one| one.ends_with("; it is left out")).count(), 1, "{name}: {told:?}");
    }
    assert!(run.hints().iter().all(|hint| hint.contains("`.comments.yaml`")), "{:?}", run.hints());
    for (path, bytes) in site.output() {
        assert!(!String::from_utf8_lossy(&bytes).contains("secret.example"), "{path}");
    }
}

const DISQUS: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<thread dsq:id="10"><id>x</id><link>https://old.example/local/tunnel/</link><title>Tunnel</title></thread>
<thread dsq:id="11"><id /><link>https://old.example/2014/05/gone.html</link></thread>
<post dsq:id="1"><message><![CDATA[<p>One <b>bold</b> word &amp; a <a href="https://a.example/" rel="x">link</a>.</p><p>Two.</p>]]></message>
<createdAt>2014-05-06T07:08:09Z</createdAt><isDeleted>false</isDeleted><isSpam>false</isSpam>
<author><email>mara@secret.example</email><name>Mara</name><isAnonymous>true</isAnonymous><username>mara1</username></author>
<ipAddress>198.51.100.77</ipAddress><thread dsq:id="10"></thread></post>
<post dsq:id="2"><message><![CDATA[<p>An answer.</p>]]></message><createdAt>2014-05-06T08:00:00Z</createdAt>
<isDeleted>false</isDeleted><isSpam>false</isSpam><author><name>Jon</name></author><thread dsq:id="10"/><parent dsq:id="1"/></post>
<post dsq:id="3"><message><![CDATA[<p>Spam.</p>]]></message><isSpam>true</isSpam><thread dsq:id="10"/></post>
<post dsq:id="4"><message><![CDATA[<p>Lost.</p>]]></message><author><name>Kim</name></author><thread dsq:id="11"/></post>
</disqus>"#;

#[test]
fn an_export_of_disqus_is_imported_once() {
    let site = site();
    site.write("export.xml", DISQUS);
    let trial = site.run(&["comments", "import", "export.xml", "--dry-run", "--json"]);
    assert!(trial.stdout.contains("\"published\":2"), "{}{}", trial.stdout, trial.stderr);
    assert!(!site.has("content/local/tunnel.comments.yaml"));
    let run = site.run(&["comments", "import", "export.xml", "--json"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    for part in ["\"published\":2", "\"left\":1", "\"unmatched\":1", "gone.html"] {
        assert!(run.stdout.contains(part), "no {part} in {}", run.stdout);
    }
    let file = site.read("content/local/tunnel.comments.yaml");
    for part in
        ["id: disqus-1", "name: Mara", "One **bold** word & a [link](https://a.example/).", "in_reply_to: disqus-1"]
    {
        assert!(file.contains(part), "no {part} in\n{file}");
    }
    let again = site.run(&["comments", "import", "export.xml", "--json"]);
    assert!(again.stdout.contains("\"published\":0") && again.stdout.contains("\"known\":2"), "{}", again.stdout);
    assert_eq!(site.read("content/local/tunnel.comments.yaml"), file);
    site.build();
    assert!(site.published("local/tunnel/index.html").contains("One <strong>bold</strong> word"));
}

#[test]
fn an_export_of_wordpress_is_imported() {
    let comment = |id: u32, approved: &str, kind: &str, parent: u32, text: &str| {
        format!(
            "<wp:comment><wp:comment_id>{id}</wp:comment_id><wp:comment_author><![CDATA[Ivo]]></wp:comment_author>\
             <wp:comment_author_email><![CDATA[ivo@secret.example]]></wp:comment_author_email>\
             <wp:comment_author_url><![CDATA[https://ivo.example]]></wp:comment_author_url>\
             <wp:comment_author_IP><![CDATA[198.51.100.77]]></wp:comment_author_IP>\
             <wp:comment_date_gmt><![CDATA[2015-02-03 04:05:06]]></wp:comment_date_gmt>\
             <wp:comment_content><![CDATA[{text}]]></wp:comment_content><wp:comment_approved><![CDATA[{approved}]]></wp:comment_approved>\
             <wp:comment_type><![CDATA[{kind}]]></wp:comment_type><wp:comment_parent>{parent}</wp:comment_parent></wp:comment>"
        )
    };
    let export = format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel>\
         <item><title>T</title><link>https://old.example/?p=3</link><wp:post_name><![CDATA[tunnel]]></wp:post_name>{}{}{}{}</item></channel></rss>",
        comment(1, "1", "comment", 0, "First\nline.\n\nSecond <em>part</em>."),
        comment(2, "0", "", 1, "Waits."),
        comment(3, "spam", "", 0, "Spam."),
        comment(4, "1", "pingback", 0, "Ping."),
    );
    let site = site();
    site.write("export.xml", export);
    let run = site.run(&["comments", "import", "export.xml", "--json"]);
    assert!(
        run.stdout.contains("\"published\":1,\"waiting\":1,\"known\":0,\"left\":2"),
        "{}{}",
        run.stdout,
        run.stderr
    );
    let file = site.read("content/local/tunnel.comments.yaml");
    assert!(
        file.contains("id: wp-1") && file.contains("url: https://ivo.example") && !file.contains("secret"),
        "{file}"
    );
    site.build();
    let page = site.published("local/tunnel/index.html");
    assert!(page.contains("<p>First<br>\nline.</p>\n<p>Second <em>part</em>.</p>"), "{page}");
    assert_eq!(inbox(&site), ["wp-2.yaml"]);
    assert!(site.read("comments/inbox/wp-2.yaml").contains("ivo@secret.example"), "the editor may want to ask");
    let trial = site.run(&["comments", "import", "export.xml", "--dry-run", "--json"]);
    assert!(trial.stdout.contains("\"published\":0,\"waiting\":0,\"known\":2,\"left\":2"), "{}", trial.stdout);
    site.write("other.xml", "<html></html>");
    assert_eq!(site.run(&["comments", "import", "other.xml"]).code, 1);
    site.write("other.xml", "<disqus><thread></disqus>");
    let run = site.run(&["comments", "import", "other.xml"]);
    assert!(run.code == 1 && run.stderr.contains("not well-formed XML"), "{}", run.stderr);
}

#[test]
fn a_comment_without_a_date_that_can_be_does_not_keep_the_others_out() {
    let comment = |id: u32, approved: u32, dates: &str| {
        format!(
            "<wp:comment><wp:comment_id>{id}</wp:comment_id><wp:comment_author>Ivo</wp:comment_author>{dates}\
             <wp:comment_content>Words.</wp:comment_content><wp:comment_approved>{approved}</wp:comment_approved></wp:comment>"
        )
    };
    let none = "<wp:comment_date_gmt>0000-00-00 00:00:00</wp:comment_date_gmt>";
    let export = format!(
        "<rss xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><item><wp:post_name>tunnel</wp:post_name>{}{}{}{}</item></channel></rss>",
        comment(1, 1, "<wp:comment_date_gmt>2015-02-03 04:05:06</wp:comment_date_gmt>"),
        comment(2, 1, &format!("<wp:comment_date>2015-02-03 05:05:06</wp:comment_date>{none}")),
        comment(3, 1, none),
        comment(4, 0, none),
    );
    let site = site();
    site.write("export.xml", export);
    let run = site.run(&["comments", "import", "export.xml", "--json"]);
    assert!(run.code == 0 && run.stdout.contains("\"published\":3,\"waiting\":1"), "{}{}", run.stdout, run.stderr);
    assert_eq!(site.run(&["comments", "approve", "wp-4"]).code, 0);
    let file = site.read("content/local/tunnel.comments.yaml");
    let dates: Vec<&str> = file.lines().filter_map(|line| line.trim().strip_prefix("date: ")).collect();
    assert_eq!(dates, ["2015-02-03T04:05:06Z", "2015-02-03T05:05:06"], "{file}");
    site.build();
    assert!(site.published("local/tunnel/index.html").contains("id=\"reply-wp-4\""));
}

#[test]
fn the_form_speaks_the_language_of_other_services() {
    let site = TestSite::empty()
        .file(
            "site.yaml",
            "base_url: https://test.example\ncomments:\n  action: https://forms.example/f/abc\n  fields: { comment: 'fields[message]', trap: _gotcha }\n  hidden: { _next: '{permalink}#leave-received', 'options[slug]': '{slug}', _subject: 'Reply to {title}' }\n",
        )
        .article("local/tunnel", "2026-01-02", "title: 'Tunnel & <Sea>'", "Words.");
    site.build();
    let page = site.published("local/tunnel/index.html");
    for part in [
        "<form action=\"https://forms.example/f/abc\" method=\"post\">",
        "name=\"fields[message]\"",
        "name=\"_gotcha\" type=\"text\" tabindex=\"-1\"",
        "name=\"_next\" value=\"https://test.example/local/tunnel/#leave-received\"",
        "name=\"options[slug]\" value=\"local-tunnel\"",
        "name=\"_subject\" value=\"Reply to Tunnel &amp; &lt;Sea&gt;\"",
        "Your email address will not be published. Required fields are marked *",
    ] {
        assert!(page.contains(part), "no {part} in\n{page}");
    }
    let wrong = TestSite::empty().file("site.yaml", "comments: { feilds: {} }\n").article("a/b", "2026-01-02", "", "x");
    assert_eq!(wrong.try_build(&[]).code, 1);
}

/// Runs the program with files that cannot grow beyond `kibibytes`: as on a full disk, which every system can have.
#[cfg(unix)]
fn run_with_file_limit(site: &TestSite, kibibytes: u32, arguments: &[&str]) -> (i32, String) {
    let script = format!("trap '' XFSZ; ulimit -f {kibibytes}; exec \"$0\" \"$@\" --color never");
    let mut command = std::process::Command::new("bash");
    command.current_dir(site.root()).args(["-c", &script, env!("CARGO_BIN_EXE_courant")]).args(arguments);
    let output = command.output().expect("bash runs");
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_a_failure_of_the_machine_with_its_cure() {
    let site = site();
    let text = "Words. ".repeat(1000);
    waiting(&site, "a1", SOURCE, &text);
    waiting(&site, "a2", SOURCE, &text);
    let own = "- {id: r-1, name: A Reader, text: First.}\n";
    site.write("content/local/tunnel.comments.yaml", own);
    let comment = |id: u32, approved: u32| {
        format!(
            "<wp:comment><wp:comment_id>{id}</wp:comment_id><wp:comment_author>Ivo</wp:comment_author>\
             <wp:comment_content>{text}</wp:comment_content><wp:comment_approved>{approved}</wp:comment_approved></wp:comment>"
        )
    };
    let export = |approved: u32| {
        format!(
            "<rss xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><item><wp:post_name>tunnel</wp:post_name>{}</item></channel></rss>",
            comment(1, approved)
        )
    };
    site.write("published.xml", export(1));
    site.write("waiting.xml", export(0));
    let before = (crate::fixture::tree(&site.path("content")), inbox(&site));
    for arguments in [
        &["comments", "approve", "a1"][..],
        &["comments", "approve", "--all"],
        &["comments", "import", "published.xml"],
        &["comments", "import", "waiting.xml"],
    ] {
        let (code, errors) = run_with_file_limit(&site, 4, arguments);
        assert_eq!(code, 3, "{arguments:?}: {errors}");
        assert!(errors.contains("make room on the disk and try again"), "{arguments:?}: {errors}");
        assert!(errors.matches("error: ").count() == 1, "one failure is told once: {errors}");
        let after = (crate::fixture::tree(&site.path("content")), inbox(&site));
        assert!(after == before, "{arguments:?}: all is as it was");
    }
    // With room again the same commands do it.
    assert_eq!(site.run(&["comments", "approve", "--all"]).code, 0);
    assert_eq!(site.run(&["comments", "import", "waiting.xml"]).code, 0);
    assert_eq!(inbox(&site), ["wp-1.yaml"]);
    assert_eq!(site.run(&["comments", "approve", "wp-1"]).code, 0);
    assert_eq!(site.read("content/local/tunnel.comments.yaml").matches("- id: ").count(), 3);
}

#[cfg(unix)]
#[test]
fn without_permission_the_machine_fails() {
    use std::os::unix::fs::PermissionsExt;
    let site = site();
    waiting(&site, "a1", SOURCE, "Words.");
    // Whoever may do everything is stopped by a folder in the place of a file only.
    std::fs::create_dir(site.path("content/local/tunnel.comments.yaml")).expect("a folder");
    let run = site.run(&["comments", "approve", "a1", "--color", "never"]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    site.remove("content/local/tunnel.comments.yaml");
    let folder = site.path("comments/inbox");
    std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o500)).expect("set");
    if std::fs::write(folder.join("probe"), "x").is_err() {
        for arguments in [["comments", "approve", "a1"], ["comments", "reject", "a1"]] {
            let run = site.run(&arguments);
            assert_eq!(run.code, 3, "{}", run.stderr);
            assert!(run.stderr.contains("check the folder's permissions"), "{}", run.stderr);
        }
    }
    std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o700)).expect("set");
}

#[test]
fn the_next_receiver_removes_what_a_killed_one_left() {
    let site = site();
    let left = ["comments/inbox/.20261120-111400-aa.tmp", "comments/inbox/.b.tmp"];
    let others = ["comments/inbox/.wp-3.yaml.tmp", "comments/inbox/.keep", "comments/inbox/note.tmp"];
    left.iter().chain(&others).for_each(|path| site.write(path, "half"));
    let mut first = serve(&site, &[]);
    assert!(left.iter().all(|path| !site.has(path)), "nobody else writes, so nobody needs them");
    assert!(others.iter().all(|path| site.has(path)));
    left.iter().for_each(|path| site.write(path, "half"));
    let second = serve(&site, &[]);
    assert!(left.iter().all(|path| site.has(path)), "they may be those of the other receiver");
    assert_eq!(second.send(&comment(ARTICLE, "Words.")).status, 303);
    first.kill();
    drop(second);
    let _third = serve(&site, &[]);
    assert!(left.iter().all(|path| !site.has(path)));
}

#[test]
fn the_next_desk_removes_what_a_killed_one_left() {
    let site = site();
    for (noted, left, is_removed) in [
        ("content/local/tunnel.comments.yaml", "content/local/.tunnel.comments.yaml.tmp", true),
        ("comments/inbox/wp-2.yaml", "comments/inbox/.wp-2.yaml.tmp", true),
        ("../outside.yaml", "../.outside.yaml.tmp", false),
        ("content/local/tunnel.md", "content/local/.tunnel.md.tmp", false),
        ("", ".tmp", false),
    ] {
        site.write("comments/inbox/.lock", noted);
        site.write(left, "half");
        waiting(&site, "a1", SOURCE, "Words.");
        assert_eq!(site.run(&["comments", "reject", "a1"]).code, 0, "{noted}");
        assert_eq!(site.has(left), !is_removed, "{noted}");
        if !is_removed {
            site.remove(left);
        }
    }
}

#[test]
fn a_new_site_keeps_its_inbox_out_of_version_control() {
    let site = TestSite::empty();
    assert_eq!(site.run(&["init", "new"]).code, 0);
    assert!(site.read("new/.gitignore").contains("/comments/inbox/"));
}

/// Readers send comments as fast as they are answered, and the receiver is killed at random moments. Gives
/// the number of comments that were acknowledged.
fn kill_under_load(rounds: usize, seed: u64) -> usize {
    let site = site();
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut acknowledged: BTreeSet<String> = BTreeSet::new();
    for round in 0..rounds {
        let mut receiver = serve(&site, &["--per-minute", "0"]);
        assert_eq!(receiver.send(&comment(ARTICLE, &format!("round {round} begins"))).status, 303);
        let url = receiver.url.clone();
        let readers: Vec<_> = (0..8)
            .map(|reader| {
                let url = url.clone();
                std::thread::spawn(move || {
                    let client = crate::receiver::client();
                    let mut sent = Vec::new();
                    for number in 0.. {
                        let text = format!("round {round} reader {reader} reply {number}");
                        let request = client.post(&url).header("origin", "https://test.example");
                        match request.send_form(comment(ARTICLE, &text)) {
                            Ok(answer) if answer.status() == 303 => sent.push(text),
                            Ok(answer) => panic!("{}", answer.status()),
                            Err(_) => break,
                        }
                    }
                    sent
                })
            })
            .collect();
        std::thread::sleep(Duration::from_millis(rng.u64(20..600)));
        receiver.kill();
        acknowledged.insert(format!("round {round} begins"));
        acknowledged.extend(readers.into_iter().flat_map(|reader| reader.join().expect("a reader")));
    }
    let mut stored = BTreeSet::new();
    for name in inbox(&site) {
        let text = site.read(&format!("comments/inbox/{name}"));
        let file: serde_json::Value = courant::yaml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(file["id"], name.trim_end_matches(".yaml"));
        stored.insert(file["text"].as_str().expect("whole").to_owned());
    }
    let lost: Vec<_> = acknowledged.difference(&stored).collect();
    assert!(lost.is_empty(), "{} acknowledged comments are lost: {lost:?}", lost.len());
    // The editor sees each of them.
    assert_eq!(site.run(&["comments", "list", "--json"]).stdout.lines().count(), inbox(&site).len());
    acknowledged.len()
}

#[test]
fn a_comment_that_was_acknowledged_survives_a_kill() {
    assert!(kill_under_load(4, 11) > 4, "readers were answered");
}

#[test]
#[ignore = "takes minutes: cargo test --release --test integration comments -- --ignored"]
fn acknowledged_comments_survive_a_hundred_kills() {
    let acknowledged = kill_under_load(100, fastrand::u64(..));
    println!("{acknowledged} comments were acknowledged, and all are there");
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes minutes: cargo test --release --test integration comments -- --ignored"]
fn a_hundred_thousand_comments_leave_the_memory_bounded() {
    let site = site();
    let receiver = serve(&site, &["--per-minute", "0", "--waiting", "1000000"]);
    let long = "A long reply. ".repeat(1000);
    let send = |rounds: usize| {
        std::thread::scope(|scope| {
            for reader in 0..32 {
                let (receiver, long) = (&receiver, &long);
                scope.spawn(move || {
                    let client = crate::receiver::client();
                    for number in 0..rounds {
                        let text = format!("{reader} {number} {}{long}", fastrand::u64(..));
                        let request = client.post(&receiver.url).header("origin", "https://test.example");
                        let answer = request.send_form(comment(ARTICLE, &text)).expect("an answer");
                        assert_eq!(answer.status(), 303);
                    }
                });
            }
        });
        receiver.memory().expect("Linux tells")
    };
    let warm = send(200);
    let after = send(3000);
    println!("peak memory: {warm} kB after 6,400 comments, {after} kB after 102,400");
    assert!(after < warm + 16 * 1024, "the memory grew from {warm} to {after} kB");
    assert_eq!(inbox(&site).len(), 102_400);
}

#[test]
fn the_preview_takes_comments_without_any_settings() {
    let site = TestSite::empty()
        .file("site.yaml", "title: T\nbase_url: https://host.example/blog\n")
        .article("local/tunnel", "2026-01-02", "", "Words.")
        .article("local/_index", "2026-01-02", "", "");
    let served = Served::start(&site, &[]);
    let page = served.get("/blog/local/tunnel/").text();
    assert!(page.contains("href=\"/_courant/comments?article=%2Fblog%2Flocal%2Ftunnel%2F\""), "{page}");
    assert!(!served.get("/blog/").text().contains("courant-reply"), "only articles are replied to");
    assert!(!site.published("local/tunnel/index.html").contains("courant-reply"), "the published page has none of it");
}

#[test]
fn the_form_of_the_published_site_leads_to_the_preview_in_the_preview() {
    let site = site();
    let served = Served::start(&site, &[]);
    let page = served.get(ARTICLE).text();
    assert!(page.contains("<form action=\"/_courant/comments\" method=\"post\">"), "{page}");
    assert!(site.published("local/tunnel/index.html").contains("action=\"https://replies.example/_courant/comments\""));
}

#[test]
fn the_form_of_a_service_leads_to_the_preview_in_the_preview() {
    let site = site();
    let settings = "title: T\nbase_url: https://test.example\ncomments: { action: 'https://forms.example/f/ID?a=1&b=2', fields: { comment: message, trap: _gotcha } }\n";
    site.write("site.yaml", settings);
    for flags in [&[][..], &["--drafts"]] {
        let served = Served::start(&site, flags);
        let page = served.get(ARTICLE).text();
        assert!(page.contains("<form action=\"/_courant/comments\" method=\"post\">"), "{page}");
        assert!(!page.contains("forms.example/f/ID"), "{page}");
    }
    assert!(site.published("local/tunnel/index.html").contains("action=\"https://forms.example/f/ID"));
}

#[test]
fn the_receiver_reads_fields_by_the_names_that_the_form_has() {
    let site = site();
    let settings = "title: T\nbase_url: https://test.example\ncomments: { action: 'https://replies.example/_courant/comments', fields: { name: comment, comment: message, trap: _gotcha, article: 'fields[article]' } }\n";
    site.write("site.yaml", settings);
    let receiver = serve(&site, &[]);
    let fields = |text: &'static str, trap: &'static str| {
        [
            ("fields[article]", ARTICLE),
            ("comment", "Oluf"),
            ("email", "oluf@secret.example"),
            ("message", text),
            ("_gotcha", trap),
            ("subject", "no trap here"),
            ("seconds", "40"),
        ]
    };
    assert_eq!(receiver.send(&fields("Good words.", "")).status, 303);
    let stored = site.read(&format!("comments/inbox/{}", inbox(&site)[0]));
    assert!(stored.contains("name: Oluf") && stored.contains("Good words."), "{stored}");
    let caught = receiver.send(&fields("More words.", "x"));
    assert_eq!(caught.status, 422);
    // The form that comes back is sent like the first one.
    for name in ["fields[article]", "comment", "message", "_gotcha"] {
        assert!(caught.html.contains(&format!("name=\"{name}\"")), "{name}: {}", caught.html);
    }
    let without_proof: Vec<_> = fields("Other words.", "").into_iter().filter(|(name, _)| *name != "seconds").collect();
    let again = receiver.send(&without_proof);
    assert_eq!((again.status, &*again.hidden("fields[article]")), (200, ARTICLE));
}

#[test]
fn a_comment_leads_to_no_withheld_article() {
    let site = site().file(
        "content/local/tunnel.comments.yaml",
        "- {id: a, name: A, url: 'https://test.example/local/embargo/', text: 'See https://test.example/local/embargo/ and [this](https://test.example/local/embargo/).'}\n- {id: b, name: B, url: 'https://b.example/', text: 'Look：https://b.example/x。そう'}\n",
    );
    site.build();
    let page = site.published("local/tunnel/index.html");
    assert!(!page.contains("local/embargo"), "{page}");
    assert!(page.contains("See … and this."), "{page}");
    assert!(page.contains("href=\"https://b.example/\"") && page.contains(">https://b.example/x</a>。そう"), "{page}");
}
