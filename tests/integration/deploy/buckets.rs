//! Deployments to buckets, through a proxy that notes and spoils requests. Each test is skipped where its server is
//! not installed, and fails there in CI.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use sha2::Digest as _;

use super::store::{Fault, Object, Proxy, Request, Server};
use super::{assert_same, built, configuration, deploy, files, paper, prepare, summary};
use crate::fixture::{Run, TestSite, keep};

/// The settings of a target in a bucket behind a proxy. Nothing is asked twice there, however busy the machine is.
fn through(proxy: &Proxy) -> String {
    through_to(proxy, "news")
}

fn through_to(proxy: &Proxy, bucket: &str) -> String {
    format!("to: \"s3://{bucket}/\", endpoint: \"{}\", lease: 5m, timeout: 60s", proxy.address())
}

/// The same for tests in which answers get lost and leases expire.
fn hurried(proxy: &Proxy) -> String {
    through(proxy).replace("lease: 5m, timeout: 60s", "lease: 2s, timeout: 2s")
}

/// Deploys. With a lease of two seconds a busy machine may well be silent for too long, says so, and is asked again.
fn deploy_at_last(site: &TestSite, flags: &[&str]) -> Run {
    let mut runs = std::iter::repeat_with(|| deploy(site, flags)).take(20);
    runs.find(|run| !run.stdout.contains("was silent for too long")).expect("a deployment within its lease")
}

/// Deploys and expects success; the summary.
fn deployed(site: &TestSite, flags: &[&str]) -> serde_json::Value {
    let run = deploy_at_last(site, flags);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    summary(&run)
}

fn moto() -> Option<(Server, Proxy)> {
    let server = Server::moto()?;
    server.make_bucket("news");
    let proxy = Proxy::before(&server);
    Some((server, proxy))
}

/// A store that people use.
fn seaweed() -> Option<(Server, Proxy)> {
    let server = Server::seaweed()?;
    server.make_bucket("news");
    let proxy = Proxy::before(&server);
    Some((server, proxy))
}

fn bytes(objects: &BTreeMap<String, Object>) -> BTreeMap<String, Vec<u8>> {
    objects.iter().map(|(key, object)| (key.clone(), object.bytes.clone())).collect()
}

/// Fails unless the bucket has the bytes of the output folder, and the headers that a first deployment gives.
fn assert_whole(server: &Server, proxy: &Proxy, site: &TestSite, after: &str) {
    let there = server.bucket("news");
    assert_same(&bytes(&there), &built(site), after);
    server.make_bucket("clean");
    for key in server.bucket("clean").keys() {
        server.delete("clean", key);
    }
    let clean = TestSite::new();
    for part in ["content", "static", "themes", "data", "site.yaml"] {
        keep(&site.path(part), &clean.path(part));
    }
    clean.write("site.yaml", site.read("site.yaml").replace("s3://news/", "s3://clean/"));
    let clean = clean.at(super::NOW);
    clean.build();
    deployed(&clean, &["--adopt"]);
    proxy.take();
    let wanted = server.bucket("clean");
    for (key, object) in &wanted {
        assert_eq!(there[key].headers, object.headers, "{key} after {after}");
    }
}

fn start(site: &TestSite, flags: &[&str]) -> Child {
    let mut command: Command = site.command();
    prepare(&mut command);
    command.args(["deploy", "--json"]).args(flags).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the program runs")
}

#[test]
fn an_unchanged_site_costs_one_request_and_an_edit_hardly_more_than_its_files() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&through(&proxy));
    site.build();
    assert_eq!(deploy(&site, &["--dry-run", "--adopt"]).code, 0);
    assert!(proxy.take().iter().all(|request| matches!(&*request.method, "GET" | "HEAD")), "a dry run writes nothing");
    deployed(&site, &["--adopt"]);
    assert_whole(&server, &proxy, &site, "the first deployment");

    assert_eq!(deployed(&site, &[])["requests"], 1);
    assert_eq!(proxy.take().len(), 1, "an unchanged site");

    site.write_article("local/a1", "2025-05-02", "tags: [harbour]", "Another body.");
    site.build();
    let run = deploy(&site, &[]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let changed = files(&run).len();
    let requests = proxy.take();
    assert!(requests.len() <= changed + 8, "{changed} files, {} requests", requests.len());
    assert!(!requests.iter().any(|request| request.is_list), "a deployment never lists");
    assert_whole(&server, &proxy, &site, "an edit");

    site.remove(".courant/deploy");
    deployed(&site, &[]);
    let requests = proxy.take();
    assert!(requests.iter().all(|request| request.method == "GET"), "another machine only reads: {requests:?}");
}

#[test]
fn a_changed_header_alone_is_written() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&through(&proxy));
    site.build();
    deployed(&site, &["--adopt"]);
    let text = configuration(&format!("{}, cache: [{{ path: \"/logo.*\", value: \"max-age=7\" }}]", through(&proxy)));
    site.write("site.yaml", text);
    let run = deploy(&site, &[]);
    assert_eq!(files(&run), [("change".to_owned(), "logo.svg".to_owned())].into(), "{}{}", run.stdout, run.stderr);
    assert_eq!(server.bucket("news")["logo.svg"].headers["cache-control"], "max-age=7");
}

#[test]
fn old_addresses_are_redirects_of_a_website() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&format!("{}, redirects: object", through(&proxy)));
    site.write_article("local/moved", "2025-05-09", "aliases: [/old/place/]", "Here.");
    site.build();
    deployed(&site, &["--adopt"]);
    let there = server.bucket("news");
    let headers = &there["old/place/index.html"].headers;
    assert_eq!(
        headers.get("x-amz-website-redirect-location").map(String::as_str),
        Some("/local/moved/"),
        "{headers:?}"
    );
    assert_eq!(there["local/moved/index.html"].headers["content-type"], "text/html; charset=utf-8");
}

/// The files of a bucket as the writes say it, one after the other; each page must find the files that it names.
fn replay(files: &mut BTreeMap<String, Vec<u8>>, requests: &[Request]) {
    for request in requests.iter().filter(|one| !one.is_of_record() && (200..300).contains(&one.status)) {
        match &*request.method {
            "PUT" => {
                files.insert(request.key.clone(), request.body.clone());
                if request.key.ends_with(".html") {
                    assert_names_what_is_there(&request.key, &request.body, files);
                }
            }
            "DELETE" => {
                files.remove(&request.key);
            }
            _ => {}
        }
    }
    for (key, body) in files.iter().filter(|(key, _)| key.ends_with(".html")) {
        assert_names_what_is_there(key, body, files);
    }
}

fn assert_names_what_is_there(key: &str, body: &[u8], files: &BTreeMap<String, Vec<u8>>) {
    let text = String::from_utf8_lossy(body);
    for part in text.split(['"', ' ', '\'']).filter(|part| part.starts_with("/assets/") || part.ends_with(".svg")) {
        let path = part.trim_start_matches("https://paper.example").trim_start_matches('/');
        let path = path.split(['?', '#']).next().unwrap_or_default();
        assert!(files.contains_key(path), "{key} names /{path}, which is absent");
    }
}

#[test]
fn what_is_withdrawn_goes_first_and_no_page_names_what_is_absent() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&through(&proxy));
    site.write(
        "content/local/secret/index.md",
        "---\ntitle: The secret deal\ndate: 2025-05-08\n---\n\nThe mayor signed it at night.\n\n![](plan.svg)\n",
    );
    site.write("content/local/secret/plan.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    site.build();
    deployed(&site, &["--adopt"]);
    let mut there = BTreeMap::new();
    replay(&mut there, &proxy.take());
    assert!(there.contains_key("local/secret/plan.svg"));

    // At once: a withdrawal, a theme whose stylesheet has another name, a new article with a drawing.
    site.write(
        "content/local/secret/index.md",
        "---\ntitle: The secret deal\ndate: 2025-05-08\ndraft: true\n---\n\nThe mayor signed it at night.\n",
    );
    site.write("content/local/fresh/index.md", "---\ntitle: Fresh\ndate: 2025-05-10\n---\n\n![](map.svg)\n");
    site.write("content/local/fresh/map.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><g/></svg>");
    let text = site.read("site.yaml");
    site.write("site.yaml", format!("{text}theme_settings: {{ accent: teal }}\n"));
    site.build();
    deployed(&site, &[]);
    let requests = proxy.take();
    let position = |wanted: &dyn Fn(&Request) -> bool| requests.iter().position(wanted);
    let is_write = |one: &Request| !one.is_of_record() && one.method == "PUT";
    let first_write = position(&is_write).expect("something is written");
    for gone in ["local/secret/index.html", "local/secret/plan.svg"] {
        let at = position(&|one| one.method == "DELETE" && one.key == gone).expect("removed");
        assert!(at < first_write, "{gone} goes before anything is written");
    }
    let last = position(&|one: &Request| is_write(one) && one.key == "index.html").expect("the front page");
    let page = position(&|one: &Request| is_write(one) && one.key == "local/fresh/index.html").expect("the article");
    assert!(page < last, "the article comes before what lists it");
    // When the last phase of writing is over, no file holds a sentence of it.
    replay(&mut there, &requests);
    let telling = there.iter().filter(|(_, body)| String::from_utf8_lossy(body).contains("signed it at night"));
    assert_eq!(telling.map(|(key, _)| key).collect::<Vec<_>>(), Vec::<&String>::new());
    assert_whole(&server, &proxy, &site, "a withdrawal");
}

#[test]
fn faults_that_pass_do_no_harm() {
    moto().iter().chain(&seaweed()).for_each(pass_through_faults);
}

fn pass_through_faults((server, proxy): &(Server, Proxy)) {
    let site = paper(&hurried(proxy));
    site.build();
    let random = Mutex::new(fastrand::Rng::with_seed(17));
    // Every fourth request is spoilt, each in another way; a time-out is slow, so there are few.
    proxy.spoil(move |number, _| {
        let mut random = random.lock().expect("no panic");
        match random.u8(0..16) {
            0 => Fault::Status(500),
            1 => Fault::Status(503),
            2 => Fault::Drop,
            3 => Fault::DropAnswer,
            _ if number % 97 == 13 => Fault::Hang,
            _ => Fault::None,
        }
    });
    deployed(&site, &["--adopt"]);
    site.write_article("local/a1", "2025-05-02", "draft: true", "Withheld.");
    site.write_article("local/a7", "2025-05-07", "", "New.");
    site.build();
    deployed(&site, &[]);
    proxy.spoil(|_, _| Fault::None);
    assert_whole(server, proxy, &site, "faults");
}

#[test]
fn every_answer_of_a_conditional_write_may_be_lost() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&hurried(&proxy));
    site.build();
    let seen: Mutex<BTreeSet<(String, Vec<u8>)>> = Mutex::default();
    proxy.spoil(move |_, request| {
        let is_first = seen.lock().expect("no panic").insert((request.key.clone(), request.body.clone()));
        let is_conditional = request.method == "PUT" && request.key.ends_with("/head");
        if is_first && is_conditional { Fault::DropAnswer } else { Fault::None }
    });
    deployed(&site, &["--adopt"]);
    site.write_article("local/a1", "2025-05-02", "", "Another body.");
    site.build();
    deployed(&site, &[]);
    proxy.spoil(|_, _| Fault::None);
    assert_whole(&server, &proxy, &site, "lost answers");
}

#[test]
fn a_store_that_fails_for_long_leaves_what_the_next_deployment_mends() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&hurried(&proxy));
    site.build();
    deployed(&site, &["--adopt"]);
    site.write_article("local/a1", "2025-05-02", "", "Another body.");
    site.build();
    proxy.spoil(|number, _| if number > 4 { Fault::Status(500) } else { Fault::None });
    let run = deploy(&site, &[]);
    assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
    proxy.spoil(|_, _| Fault::None);
    deployed(&site, &[]);
    assert_whole(&server, &proxy, &site, "a long failure");
}

/// Makes some edits of every kind.
fn edit(site: &TestSite, random: &mut fastrand::Rng, step: usize) {
    for _ in 0..random.usize(1..4) {
        let number = random.u8(0..6);
        let path = format!("local/a{number}");
        let date = format!("2025-05-0{}", number + 1);
        match random.u8(0..8) {
            0 => site.write_article(&path, &date, "draft: true", &format!("Withheld {step}.")),
            1 if site.has(&format!("content/{path}.md")) => site.remove(&format!("content/{path}.md")),
            2 => site.write_article(&path, &date, &format!("aliases: [/old/{}/]", random.u8(0..3)), "Moved."),
            3 => site.write("static/logo.svg", format!("<svg><!-- {step} --></svg>")),
            4 => {
                let bundle = format!("content/town/b{number}");
                site.write(
                    &format!("{bundle}/index.md"),
                    format!("---\ntitle: B{number}\ndate: {date}\n---\n\n![](map.svg)\n"),
                );
                site.write(
                    &format!("{bundle}/map.svg"),
                    format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><!-- {step} --></svg>"),
                );
            }
            5 if site.has(&format!("content/town/b{number}")) => site.remove(&format!("content/town/b{number}")),
            6 => {
                let accent = ["teal", "red", "green"][random.usize(0..3)];
                let text = site.read("site.yaml");
                let text = text.split("theme_settings").next().unwrap_or_default();
                site.write("site.yaml", format!("{text}theme_settings: {{ accent: {accent} }}\n"));
            }
            _ => site.write_article(&path, &date, "", &format!("Body {step} {}.", random.u32(..))),
        }
    }
    // Two articles may want one old address now.
    if site.try_build(&[]).code != 0 {
        for number in 0..6 {
            let path = format!("content/local/a{number}.md");
            if site.has(&path) && site.read(&path).contains("aliases") {
                site.remove(&path);
            }
        }
        site.build();
    }
}

#[test]
fn a_deployment_that_is_killed_at_any_request_is_mended_from_anywhere() {
    let is_long = std::env::var_os("LONG").is_some();
    // In short at every other request, or at every fifth.
    let (every, some) = if is_long { ((400, 1), (80, 1)) } else { ((16, 2), (6, 5)) };
    for (store, steps) in [(moto(), every), (seaweed(), some)] {
        if let Some(store) = store {
            kill_at_any_request(&store, steps);
        }
    }
}

/// Kills so many deployments, each so many requests later than the one before.
fn kill_at_any_request((server, proxy): &(Server, Proxy), (most, stride): (usize, usize)) {
    let site = paper(&hurried(proxy));
    site.build();
    deployed(&site, &["--adopt", "--max-removals", "1000"]);
    let mut random = fastrand::Rng::with_seed(5);
    let victim: Arc<Mutex<Option<Child>>> = Arc::default();
    for step in 1..=most {
        edit(&site, &mut random, step);
        let index = (step - 1) * stride + 1;
        let (killed, is_answered) = (Arc::clone(&victim), step % 2 == 0);
        proxy.spoil(move |number, _| {
            if number != index {
                return if number > index { Fault::Drop } else { Fault::None };
            }
            if let Some(child) = killed.lock().expect("no panic").as_mut() {
                let _ = child.kill();
            }
            if is_answered { Fault::DropAnswer } else { Fault::Drop }
        });
        *victim.lock().expect("no panic") = Some(start(&site, &["--jobs", "3", "--max-removals", "1000"]));
        // The proxy must be able to take it meanwhile.
        loop {
            let ended = victim.lock().expect("no panic").as_mut().expect("started").try_wait().expect("waited");
            if ended.is_some() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        proxy.spoil(|_, _| Fault::None);
        if step % 3 == 0 {
            site.remove(".courant/deploy");
        }
        if step % 4 == 0 {
            edit(&site, &mut random, step + 1000);
        }
        let run = deploy_at_last(&site, &["--max-removals", "1000"]);
        assert_eq!(run.code, 0, "step {step}: {}{}", run.stdout, run.stderr);
        assert_same(&bytes(&server.bucket("news")), &built(&site), &format!("a kill at request {index}"));
        let again = deployed(&site, &[]);
        assert_eq!(again["requests"], 1, "step {step}: it is up to date");
    }
    assert_whole(server, proxy, &site, "all kills");
}

#[test]
fn two_deployers_do_not_mix() {
    moto().iter().chain(&seaweed()).for_each(deploy_at_the_same_time);
}

fn deploy_at_the_same_time((server, proxy): &(Server, Proxy)) {
    let one = paper(&through(proxy).replace("lease: 5m", "lease: 1m"));
    one.build();
    deployed(&one, &["--adopt"]);
    let other = TestSite::new().at(super::NOW);
    for part in ["content", "static", "site.yaml"] {
        keep(&one.path(part), &other.path(part));
    }
    for round in 0..3 {
        one.write_article("local/a1", "2025-05-02", "", &format!("Written by one in round {round}."));
        other.write_article("local/a1", "2025-05-02", "", &format!("Written by the other in round {round}."));
        other.write_article(&format!("local/o{round}"), "2025-05-03", "", "Only here.");
        one.build();
        other.build();
        let children = [&one, &other].map(|site| start(site, &["--max-removals", "1000"]));
        let runs = children.map(|child| Run::of(child.wait_with_output().expect("ended")));
        let good = runs.iter().filter(|run| run.code == 0).count();
        assert!(good >= 1, "{}{}{}{}", runs[0].stdout, runs[0].stderr, runs[1].stdout, runs[1].stderr);
        let there = bytes(&server.bucket("news"));
        assert!(there == built(&one) || there == built(&other), "round {round}: the bucket is a mixture");
    }
}

#[test]
fn a_store_without_conditions_must_be_promised_to_one() {
    let Some(server) = Server::rclone() else { return };
    let proxy = Proxy::before(&server);
    let site = paper(&through(&proxy));
    site.build();
    let run = deploy(&site, &["--adopt"]);
    // Whoever keeps its conditions after all is fine.
    if run.code == 0 {
        return;
    }
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(run.hints().join("\n").contains("exclusive: true"), "{}", run.stdout);
    assert!(!proxy.take().iter().any(|one| one.method == "PUT" && !one.is_of_record()), "the bucket is as it was");
}

#[test]
fn another_store_holds_the_same() {
    let Some((server, proxy)) = seaweed() else { return };
    let site = paper(&through(&proxy));
    site.build();
    deployed(&site, &["--adopt", "--max-removals", "1000"]);
    let mut random = fastrand::Rng::with_seed(3);
    for step in 0..4 {
        edit(&site, &mut random, step);
        if step % 2 == 1 {
            site.remove(".courant/deploy");
        }
        deployed(&site, &["--max-removals", "1000"]);
        assert_same(&bytes(&server.bucket("news")), &built(&site), &format!("step {step}"));
    }
    assert_whole(&server, &proxy, &site, "all steps");
    assert_eq!(deploy(&site, &["--check"]).code, 0);
}

#[test]
fn drift_of_a_bucket_is_found_and_mended() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&through(&proxy));
    site.build();
    deployed(&site, &["--adopt"]);
    server.put("news", "local/a0/index.html", b"Defaced.");
    server.delete("news", "local/a1/index.html");
    server.put("news", "strange.html", b"Not ours.");
    let run = deploy(&site, &["--check"]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    for wanted in ["changed\",\"path\":\"local/a0", "missing\",\"path\":\"local/a1", "foreign\",\"path\":\"strange"] {
        assert!(run.stdout.contains(wanted), "{wanted}: {}", run.stdout);
    }
    deployed(&site, &["--repair", "--remove-foreign"]);
    assert_whole(&server, &proxy, &site, "a repair");
}

#[test]
fn what_the_service_refuses_is_said_plainly() {
    let Some((_server, proxy)) = moto() else { return };
    let site = paper(&through_to(&proxy, "missing"));
    site.build();
    let run = deploy(&site, &["--adopt"]);
    assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
    assert!(run.diagnostics().join("\n").contains("no bucket `missing`"), "{}", run.stdout);
    let mut command = site.command();
    prepare(&mut command);
    command.env_remove("AWS_ACCESS_KEY_ID").env("HOME", site.root());
    let run = Run::of(command.args(["deploy", "--json"]).output().expect("the program runs"));
    assert!(run.code == 3 && run.stdout.contains("no credentials"), "{}{}", run.stdout, run.stderr);
    proxy.spoil(|_, _| Fault::Status(403));
    let run = deploy(&site, &["--adopt"]);
    assert!(run.code == 3 && run.stdout.contains("do not allow"), "{}{}", run.stdout, run.stderr);
}

#[test]
fn whatever_a_service_refuses_the_bucket_stays_as_it_was() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&hurried(&proxy));
    site.build();
    deployed(&site, &["--adopt"]);
    site.write_article("local/a1", "2025-05-02", "tags: [harbour]", "Another body.");
    site.build();
    let before = server.bucket("news");
    let any: fn(&Request) -> bool = |_| true;
    let writes: fn(&Request) -> bool = |request| request.method != "GET" && request.method != "HEAD";
    let files: fn(&Request) -> bool = |request| request.method == "PUT" && !request.is_of_record();
    for (spoilt, status, code, wanted) in [
        (any, 403, "RequestTimeTooSkewed", "the clock of this machine differs from that of the service by"),
        (any, 403, "SignatureDoesNotMatch", "does not know these credentials"),
        (any, 403, "InvalidAccessKeyId", "does not know these credentials"),
        (writes, 403, "AccessDenied", "do not allow PUT in the bucket `news`"),
        (files, 403, "AccessDenied", "do not allow PUT in the bucket `news`"),
        (files, 403, "QuotaExceeded", "the bucket `news` takes no more"),
        (files, 507, "StorageFull", "the bucket `news` takes no more"),
    ] {
        proxy.spoil(move |_, request| if spoilt(request) { Fault::Error(status, code) } else { Fault::None });
        let run = deploy(&site, &[]);
        assert_eq!(run.code, 3, "{code}: {}{}", run.stdout, run.stderr);
        assert!(run.diagnostics().join("\n").contains(wanted), "{code}: {}", run.stdout);
        assert!(!run.hints().is_empty(), "{code}: {}", run.stdout);
        assert_eq!(server.bucket("news"), before, "{code}");
    }
    proxy.spoil(|_, _| Fault::None);
    deployed(&site, &[]);
    assert_whole(&server, &proxy, &site, "all refusals");
}

#[test]
fn somebody_else_s_bucket_is_left_alone() {
    let Some((server, proxy)) = moto() else { return };
    server.put("news", "theirs.html", b"Not ours.");
    let site = paper(&through(&proxy));
    site.build();
    let run = deploy(&site, &[]);
    assert!(run.code == 1 && run.stdout.contains("has not deployed to the target"), "{}{}", run.stdout, run.stderr);
    assert!(proxy.take().iter().all(|request| request.method == "GET"), "nothing is written");
    deployed(&site, &["--adopt"]);
    let before = server.bucket("news");
    assert_eq!(before["theirs.html"].bytes, b"Not ours.", "what was there stays");
    let other = paper(&through(&proxy));
    other.write("site.yaml", configuration(&through(&proxy)).replace("paper.example", "other.example"));
    other.build();
    proxy.take();
    let run = deploy(&other, &[]);
    assert!(run.code == 1 && run.stdout.contains("belongs to the site https://paper.example"), "{}", run.stdout);
    assert!(proxy.take().iter().all(|request| request.method == "GET"), "nothing is written");
    assert_eq!(server.bucket("news"), before);
}

#[test]
fn a_large_file_goes_up_in_parts() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&through(&proxy));
    site.build();
    deployed(&site, &["--adopt"]);
    let before = server.bucket("news");
    let mut random = fastrand::Rng::with_seed(5);
    let bytes: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(20 << 20).collect();
    std::fs::write(site.path("static/large.bin"), &bytes).expect("written");
    site.build();
    proxy.take();
    proxy.spoil(|_, request| match request.query.contains("partNumber=2") {
        true => Fault::Error(403, "AccessDenied"),
        false => Fault::None,
    });
    assert_eq!(deploy(&site, &[]).code, 3);
    let of_file = |requests: Vec<Request>| {
        let named = |one: &Request| one.query.split('=').next().unwrap_or_default().to_owned();
        let own = requests.into_iter().filter(|one| one.key == "large.bin");
        own.map(|one| format!("{} {}", one.method, named(&one))).collect::<Vec<_>>()
    };
    assert_eq!(of_file(proxy.take()), ["POST uploads", "PUT partNumber", "DELETE uploadId"], "no part is left");
    assert_eq!(server.bucket("news"), before);
    proxy.spoil(|_, _| Fault::None);
    deployed(&site, &[]);
    let parts = of_file(proxy.take());
    assert_eq!(parts[..4], ["POST uploads", "PUT partNumber", "PUT partNumber", "PUT partNumber"], "{parts:?}");
    assert_eq!(parts.len(), 5, "{parts:?}");
    let object = server.bucket("news").remove("large.bin").expect("there");
    assert!(object.bytes == bytes, "byte for byte");
    assert!(object.headers["cache-control"].contains("max-age"), "{:?}", object.headers);
    assert_eq!(deployed(&site, &[])["requests"], 1);
    assert_eq!(deploy(&site, &["--check"]).code, 0, "its tag is known");
}

#[test]
fn a_large_file_is_never_whole_in_memory() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&through(&proxy));
    site.build();
    let without = deployed(&site, &["--adopt", "--jobs", "1"]);
    let mut random = fastrand::Rng::with_seed(8);
    let some: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(1 << 20).collect();
    std::fs::write(site.path("static/large.bin"), some.repeat(120)).expect("written");
    site.build();
    proxy.take();
    let with = deployed(&site, &["--jobs", "1"]);
    let own: Vec<Request> = proxy.take().into_iter().filter(|one| one.query.contains("partNumber=")).collect();
    let sizes: Vec<usize> = own.iter().map(|one| one.body.len() >> 20).collect();
    assert_eq!(sizes, [8; 15], "MiB of each part");
    assert_eq!(server.bucket_size("news", "large.bin"), 120 << 20);
    // Only Linux tells.
    if let (Some(without), Some(with)) = (without["peak_memory_bytes"].as_u64(), with["peak_memory_bytes"].as_u64()) {
        assert!(with < without + (48 << 20), "{} MiB more", with.saturating_sub(without) >> 20);
    }
}

/// The writes of a deployment that are not about the record, in order: those that were carried out.
fn writes(requests: &[Request]) -> Vec<String> {
    let own = requests.iter().filter(|one| !one.is_of_record() && (200..300).contains(&one.status));
    own.filter(|one| matches!(&*one.method, "PUT" | "DELETE" | "POST"))
        .map(|one| format!("{} {}", one.method, one.key))
        .collect()
}

const ERRED: &str = "withdrawn: { date: 2025-05-20, reason: We erred. }";

#[test]
fn a_notice_takes_the_place_of_its_article_before_anything_else_goes_out() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&through(&proxy));
    site.write_article("local/false", "2025-05-08", "aliases: [/old/false/]", "It never happened.");
    site.build();
    deployed(&site, &["--adopt"]);
    proxy.take();
    site.write_article("local/false", "2025-05-08", &format!("aliases: [/old/false/]\n{ERRED}"), "It never happened.");
    site.write_article("local/a1", "2025-05-02", "draft: true", "Withheld.");
    site.write_article("local/a0", "2025-05-01", "", "Another body.");
    site.write_article("local/fresh", "2025-05-09", "", "Fresh.");
    site.write("static/fresh.svg", "<svg/>");
    site.build();
    deployed(&site, &[]);
    let writes = writes(&proxy.take());
    let at = |write: &str| writes.iter().position(|one| one == write).unwrap_or_else(|| panic!("{write}: {writes:?}"));
    let notice = at("PUT local/false/index.html");
    let first_of_others = ["PUT fresh.svg", "PUT local/a0/index.html", "PUT local/fresh/index.html", "PUT index.html"];
    for other in first_of_others {
        assert!(at("DELETE local/a1/index.html") < at(other) && notice < at(other), "{other}: {writes:?}");
    }
    assert!(!writes.contains(&"DELETE local/false/index.html".to_owned()), "it is replaced: {writes:?}");
    let page = server.bucket("news").remove("local/false/index.html").expect("there");
    assert!(String::from_utf8_lossy(&page.bytes).contains("We erred."));
    assert_whole(&server, &proxy, &site, "a notice");
    assert_eq!(deployed(&site, &[])["requests"], 1);
}

#[test]
fn a_notice_that_names_a_file_to_come_waits_for_it_and_its_article_does_not() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&through(&proxy));
    site.write_article("local/false", "2025-05-08", "", "It never happened.");
    site.build();
    deployed(&site, &["--adopt"]);
    let mut there = BTreeMap::new();
    replay(&mut there, &proxy.take());
    site.write_article("local/false", "2025-05-08", ERRED, "It never happened.");
    // The stylesheet has another name now.
    let text = site.read("site.yaml");
    site.write("site.yaml", format!("{text}theme_settings: {{ accent: teal }}\n"));
    site.build();
    deployed(&site, &[]);
    let requests = proxy.take();
    let writes = writes(&requests);
    // Its card goes at the same time.
    let first = writes.iter().take_while(|write| write.starts_with("DELETE "));
    assert!(first.into_iter().any(|write| write == "DELETE local/false/index.html"), "{writes:?}");
    assert!(writes.contains(&"PUT local/false/index.html".to_owned()), "{writes:?}");
    replay(&mut there, &requests);
    assert_whole(&server, &proxy, &site, "a notice and a theme");
}

#[test]
fn where_a_notice_is_not_taken_its_article_goes_all_the_same() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&hurried(&proxy));
    site.write_article("local/false", "2025-05-08", "", "It never happened.");
    site.build();
    deployed(&site, &["--adopt"]);
    site.write_article("local/false", "2025-05-08", ERRED, "It never happened.");
    site.build();
    proxy.spoil(|_, request| match request.method == "PUT" && !request.is_of_record() {
        true => Fault::Error(507, "StorageFull"),
        false => Fault::None,
    });
    let run = deploy(&site, &[]);
    assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
    assert!(!server.bucket("news").contains_key("local/false/index.html"), "the bucket is full, and it is gone");
    proxy.spoil(|_, _| Fault::None);
    deployed(&site, &[]);
    assert_whole(&server, &proxy, &site, "room again");
}

#[test]
fn a_failure_at_any_request_is_mended_by_the_next_deployment() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&hurried(&proxy));
    for slot in ["gone", "told"] {
        site.write_article(&format!("local/{slot}"), "2025-05-08", "", "Public at first.");
    }
    site.build();
    deployed(&site, &["--adopt"]);
    let faults = [
        Fault::Error(403, "AccessDenied"),
        Fault::HalfAnswer,
        Fault::WrongTag,
        Fault::Status(429),
        Fault::Status(500),
        Fault::DropAnswer,
        Fault::Drop,
    ];
    let is_long = std::env::var_os("LONG").is_some();
    // In short each request meets one fault, and in long each request each fault.
    for (number, round) in
        (1..if is_long { 40 } else { 15 }).flat_map(|number| (0..faults.len()).map(move |round| (number, round)))
    {
        if !is_long && round != number % faults.len() {
            continue;
        }
        let (fault, step) = (faults[round], number * faults.len() + round);
        let secret = format!("Secret of step {step}.");
        for slot in ["gone", "told"] {
            site.write_article(&format!("local/{slot}"), "2025-05-08", "", &secret);
        }
        site.build();
        deployed(&site, &["--max-removals", "1000"]);
        site.write_article("local/gone", "2025-05-08", "draft: true", &secret);
        site.write_article("local/told", "2025-05-08", ERRED, &secret);
        site.write_article("local/fresh", "2025-05-09", "", &format!("Fresh in step {step}."));
        site.build();
        proxy.take();
        // Only the one that cannot pass ends the deployment; of the others all attempts at one request are spoilt.
        let victim: Mutex<Option<(String, String)>> = Mutex::default();
        proxy.spoil(move |at, request| {
            let mut victim = victim.lock().expect("no panic");
            let name = (request.method.clone(), request.key.clone());
            if at == number {
                *victim = Some(name.clone());
            }
            if victim.as_ref() == Some(&name) { fault } else { Fault::None }
        });
        let run = deploy(&site, &["--jobs", "1", "--max-removals", "1000"]);
        proxy.spoil(|_, _| Fault::None);
        let writes = writes(&proxy.take());
        let there = server.bucket("news");
        let leaks = |there: &BTreeMap<String, Object>| {
            let telling = there.iter().filter(|(_, object)| String::from_utf8_lossy(&object.bytes).contains(&secret));
            telling.map(|(key, _)| key.clone()).collect::<Vec<_>>()
        };
        let leaking = leaks(&there);
        let pages = ["local/gone/index.html", "local/told/index.html"];
        if writes.iter().any(|write| write.starts_with("PUT") && !write.contains("local/told/")) {
            assert!(
                !leaking.iter().any(|key| pages.contains(&&**key)),
                "{fault:?} at {number}: {leaking:?} {writes:?}"
            );
        }
        if run.code != 0 {
            let told = run.stdout.lines().last().unwrap_or_default().to_owned();
            for page in pages.iter().filter(|page| leaking.iter().any(|key| key == *page)) {
                assert!(told.contains(page), "{fault:?} at {number}: {page} is still public: {told}");
            }
        }
        let again = deploy_at_last(&site, &["--max-removals", "1000"]);
        assert_eq!(again.code, 0, "{fault:?} at {number}: {}{}", again.stdout, again.stderr);
        let there = bytes(&server.bucket("news"));
        assert_same(&there, &built(&site), &format!("{fault:?} at {number}"));
    }
    assert_whole(&server, &proxy, &site, "all faults");
}

#[test]
fn odd_names_arrive_as_they_are() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&through(&proxy).replace("s3://news/", "s3://news/a b/ü"));
    for name in super::ODD_NAMES {
        site.write(&format!("static/{name}"), format!("The file {name}."));
    }
    site.build();
    deployed(&site, &["--adopt"]);
    let there = bytes(&server.bucket("news"));
    let own = |there: &BTreeMap<String, Vec<u8>>| {
        let files =
            there.iter().filter_map(|(key, bytes)| Some((key.strip_prefix("a b/ü/")?.to_owned(), bytes.clone())));
        files.filter(|(key, _)| !key.starts_with(".courant-deploy/")).collect::<BTreeMap<_, _>>()
    };
    assert_same(&own(&there), &built(&site), "odd names");
    assert_eq!(deploy(&site, &["--check"]).code, 0);
    for name in super::ODD_NAMES {
        site.remove(&format!("static/{name}"));
    }
    site.build();
    deployed(&site, &[]);
    assert_same(&own(&bytes(&server.bucket("news"))), &built(&site), "their removal");
}

#[test]
fn many_removals_are_one_request() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&through(&proxy));
    let write = |front: &str| {
        for number in 0..30 {
            site.write_article(&format!("world/n{number}"), "2025-05-04", front, "Words & more.");
        }
        site.write_article("world/a & b", "2025-05-04", front, "Words.");
        site.build();
    };
    let removals = |proxy: &Proxy| {
        let requests = proxy.take();
        let own = requests.iter().filter(|one| !one.is_of_record());
        let (many, single): (Vec<_>, Vec<_>) =
            own.filter(|one| one.method == "POST" || one.method == "DELETE").partition(|one| one.method == "POST");
        assert!(many.iter().all(|one| one.query.starts_with("delete")), "{many:?}");
        (many.len(), single.len())
    };
    write("tags: [far]");
    deployed(&site, &["--adopt"]);
    proxy.take();
    write("draft: true");
    let done = deployed(&site, &["--max-removals", "1000"]);
    assert!(done["withdrawn"].as_u64() >= Some(31), "{done}");
    let (many, single) = removals(&proxy);
    assert!(many >= 1 && single < 20, "{many} and {single}");
    assert_same(&bytes(&server.bucket("news")), &built(&site), "a withdrawal");
    assert_eq!(deployed(&site, &[])["requests"], 1);

    // Not every service knows it.
    write("tags: [far]");
    deployed(&site, &[]);
    proxy.take();
    proxy.spoil(|_, request| if request.query.starts_with("delete") { Fault::Status(501) } else { Fault::None });
    write("draft: true");
    deployed(&site, &["--max-removals", "1000"]);
    let (many, single) = removals(&proxy);
    assert!(many == 0 && single >= 31, "{many} and {single}");
    assert_same(&bytes(&server.bucket("news")), &built(&site), "one by one");
}

#[test]
fn each_write_carries_a_checksum_a_type_and_for_how_long_it_may_be_kept() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&through(&proxy));
    site.write("site.yaml", format!("precompress: fast\n{}", site.read("site.yaml")));
    site.write_article("local/long", "2025-05-09", "aliases: [/old/long/]", &"The ferry leaves at six. ".repeat(90));
    site.build();
    deployed(&site, &["--adopt"]);
    let requests = proxy.take();
    let written: Vec<&Request> = requests.iter().filter(|one| one.method == "PUT").collect();
    assert!(written.len() > 20);
    for one in &written {
        let sum: String = sha2::Sha256::digest(&one.body).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(one.headers["x-amz-content-sha256"], sum, "{}", one.key);
        assert!(one.headers["authorization"].contains("x-amz-content-sha256"), "{} is signed", one.key);
        assert!(one.headers.contains_key("content-type") && one.headers.contains_key("cache-control"), "{}", one.key);
    }
    let heads = written.iter().filter(|one| one.key == ".courant-deploy/head");
    let conditions =
        heads.map(|one| (one.headers.get("if-none-match").map(|tag| &**tag), one.headers.contains_key("if-match")));
    let conditions: Vec<(Option<&str>, bool)> = conditions.collect();
    assert_eq!(conditions[0], (Some("*"), false), "the lease is taken if there is no head");
    assert!(conditions[1..].iter().all(|one| *one == (None, true)), "and then if it is the same: {conditions:?}");
    let there = server.bucket("news");
    let briefly = "public, max-age=0, s-maxage=60";
    let style = there.keys().find(|key| key.starts_with("assets/site.") && key.ends_with(".css")).expect("a style");
    for (key, content_type, cache) in [
        ("index.html", "text/html; charset=utf-8", briefly),
        ("old/long/index.html", "text/html; charset=utf-8", briefly),
        ("local/long/index.html.br", "application/octet-stream", briefly),
        ("feed.xml", "application/rss+xml; charset=utf-8", briefly),
        ("atom.xml", "application/atom+xml; charset=utf-8", briefly),
        ("feed.json", "application/feed+json; charset=utf-8", briefly),
        ("sitemap.xml", "text/xml; charset=utf-8", briefly),
        ("robots.txt", "text/plain; charset=utf-8", briefly),
        ("search/catalogue.json", "application/json; charset=utf-8", briefly),
        ("logo.svg", "image/svg+xml; charset=utf-8", "public, max-age=3600"),
        ("social-card.png", "image/png", "public, max-age=3600"),
        (&**style, "text/css; charset=utf-8", "public, max-age=31536000, immutable"),
    ] {
        let headers = &there[key].headers;
        assert_eq!((&*headers["content-type"], &*headers["cache-control"]), (content_type, cache), "{key}");
    }
    assert_eq!(deployed(&site, &[])["requests"], 1);
    let requests = proxy.take();
    let [only] = &*requests else { panic!("{requests:?}") };
    assert_eq!((&*only.method, &*only.key, only.status), ("GET", ".courant-deploy/head", 304));
    assert!(only.headers.contains_key("if-none-match"), "{only:?}");
}

#[test]
fn a_service_that_asks_for_patience_gets_it() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&through(&proxy));
    site.build();
    let asked: Arc<Mutex<Vec<Instant>>> = Arc::default();
    let noted = Arc::clone(&asked);
    proxy.spoil(move |_, request| {
        let mut noted = noted.lock().expect("no panic");
        let is_first = request.key == "index.html" && request.method == "PUT" && noted.is_empty();
        if request.key == "index.html" && request.method == "PUT" {
            noted.push(request.came);
        }
        if is_first { Fault::Busy(2) } else { Fault::None }
    });
    deployed(&site, &["--adopt"]);
    let asked = std::mem::take(&mut *asked.lock().expect("no panic"));
    assert_eq!(asked.len(), 2, "it is repeated");
    let pause = asked[1].duration_since(asked[0]);
    assert!(pause >= Duration::from_secs(2), "after {pause:?}");
    proxy.spoil(|_, _| Fault::None);
    assert_whole(&server, &proxy, &site, "patience");
}

#[test]
fn a_request_is_repeated_five_times_and_then_the_deployment_ends() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&through(&proxy));
    site.build();
    let count: Arc<Mutex<usize>> = Arc::default();
    let counted = Arc::clone(&count);
    proxy.spoil(move |_, request| {
        let is_meant = request.key == "logo.svg";
        *counted.lock().expect("no panic") += usize::from(is_meant);
        if is_meant { Fault::Status(500) } else { Fault::None }
    });
    let run = deploy(&site, &["--adopt"]);
    assert_eq!((run.code, *count.lock().expect("no panic")), (3, 6), "{}{}", run.stdout, run.stderr);
    assert!(run.diagnostics().join("\n").contains("`logo.svg` was answered with 500"), "{}", run.stdout);
    assert!(!server.bucket("news").contains_key("index.html"), "what comes later is not begun");
}

#[test]
fn a_service_that_is_overrun_gets_half_of_the_requests() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&through(&proxy));
    for number in 0..40 {
        site.write(&format!("static/files/{number}.svg"), format!("<svg><!-- {number} --></svg>"));
    }
    site.build();
    let refused: Arc<Mutex<Option<Instant>>> = Arc::default();
    let noted = Arc::clone(&refused);
    proxy.spoil(move |_, request| {
        let mut refused = noted.lock().expect("no panic");
        match (request.key.starts_with("files/"), *refused) {
            (true, None) => {
                *refused = Some(request.came);
                Fault::Error(503, "SlowDown")
            }
            // So that there are several at the same time.
            (true, Some(_)) => Fault::Slow(Duration::from_millis(100)),
            _ => Fault::None,
        }
    });
    deployed(&site, &["--adopt", "--jobs", "8"]);
    let refused = refused.lock().expect("no panic").expect("it was overrun");
    let requests = proxy.take();
    // Those that were on their way may still come.
    let after = requests.iter().filter(|one| one.came.duration_since(refused) > Duration::from_millis(500));
    let most = after.map(|one| one.together).max().expect("requests");
    assert!(most <= 4, "{most} at the same time");
    proxy.spoil(|_, _| Fault::None);
    assert_whole(&server, &proxy, &site, "an overrun");
}

/// What the bucket held when the deployment of this generation was committed, by the writes since it held `before`.
fn at_commit(
    mut before: BTreeMap<String, Vec<u8>>,
    requests: &[Request],
    generation: u64,
) -> Option<BTreeMap<String, Vec<u8>>> {
    for request in requests.iter().filter(|one| (200..300).contains(&one.status)) {
        match &*request.method {
            "PUT" if request.key == ".courant-deploy/head" => {
                let head: serde_json::Value = serde_json::from_slice(&request.body).expect("JSON");
                if head["generation"] == generation && head["lease"].is_null() {
                    return Some(before);
                }
            }
            "PUT" if !request.is_of_record() => {
                before.insert(request.key.clone(), request.body.clone());
            }
            "DELETE" => {
                before.remove(&request.key);
            }
            _ => {}
        }
    }
    None
}

#[test]
fn a_deployment_that_takes_longer_than_its_lease_renews_it_and_another_one_waits() {
    let Some((server, proxy)) = moto() else { return };
    let settings = through(&proxy).replace("lease: 5m", "lease: 3s");
    let one = paper(&settings);
    one.build();
    deployed(&one, &["--adopt"]);
    let before = bytes(&server.bucket("news"));
    proxy.take();
    let other = TestSite::new().at(super::NOW);
    for part in ["content", "static", "site.yaml"] {
        keep(&one.path(part), &other.path(part));
    }
    for (site, name) in [(&one, "one"), (&other, "the other")] {
        for number in 0..24 {
            site.write(&format!("static/files/{number}.txt"), format!("Of {name}."));
        }
        site.write_article("local/a1", "2025-05-02", "", &format!("Written by {name}."));
        site.build();
    }
    let (begun, begins) = std::sync::mpsc::channel();
    let begun = Mutex::new(begun);
    proxy.spoil(move |_, request| match request.key.starts_with("files/") && request.body == b"Of one." {
        true => {
            let _ = begun.lock().expect("no panic").send(());
            Fault::Slow(Duration::from_millis(400))
        }
        false => Fault::None,
    });
    let first = start(&one, &["--jobs", "1"]);
    begins.recv_timeout(Duration::from_secs(60)).expect("it begins");
    let second = start(&other, &[]);
    for child in [first, second] {
        let run = Run::of(child.wait_with_output().expect("ended"));
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    }
    let requests = proxy.take();
    let heads = requests.iter().filter(|one| one.method == "PUT" && one.key == ".courant-deploy/head").count();
    assert!(heads > 5, "{heads} heads are those of two deployments without a renewal");
    assert_same(&at_commit(before, &requests, 2).expect("a commit"), &built(&one), "the first of two");
    assert_same(&bytes(&server.bucket("news")), &built(&other), "the second of two");
}

#[test]
fn who_has_lost_the_lease_writes_nothing_more() {
    let Some((server, proxy)) = moto() else { return };
    let settings = through(&proxy).replace("lease: 5m", "lease: 2s");
    let site = paper(&settings);
    site.build();
    deployed(&site, &["--adopt"]);
    for number in 0..60 {
        site.write(&format!("static/files/{number}.txt"), format!("File {number}."));
    }
    site.build();
    let (begun, begins) = std::sync::mpsc::channel();
    let begun = Mutex::new(begun);
    proxy.spoil(move |_, request| match request.key.starts_with("files/") {
        true => {
            let _ = begun.lock().expect("no panic").send(());
            Fault::Slow(Duration::from_millis(200))
        }
        false => Fault::None,
    });
    let child = start(&site, &["--jobs", "1"]);
    begins.recv_timeout(Duration::from_secs(60)).expect("it begins");
    // Somebody else takes over, whose lease ends at once.
    let key = ".courant-deploy/head";
    let mut head: serde_json::Value = serde_json::from_slice(&server.read("news", key)).expect("JSON");
    head["lease"] = serde_json::json!({ "holder": "somebody else", "until": 1 });
    server.put("news", key, head.to_string().as_bytes());
    let run = Run::of(child.wait_with_output().expect("ended"));
    assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
    assert!(run.diagnostics().join("\n").contains("another one may have begun"), "{}", run.stdout);
    let there = server.bucket("news");
    assert!(there.keys().filter(|key| key.starts_with("files/")).count() < 40, "it ends soon");
    assert_eq!(server.read("news", key), head.to_string().as_bytes(), "the head is that of the other one");
    proxy.spoil(|_, _| Fault::None);
    deployed(&site, &[]);
    assert_whole(&server, &proxy, &site, "a lease that was lost");
}

#[test]
fn a_store_that_ignores_conditions_is_taken_only_with_a_promise() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&through(&proxy));
    site.build();
    proxy.spoil(|_, _| Fault::Unconditional);
    let run = deploy(&site, &["--adopt"]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(run.diagnostics().join("\n").contains("cannot keep two deployments apart"), "{}", run.stdout);
    assert!(run.hints().join("\n").contains("exclusive: true"), "{}", run.stdout);
    assert!(server.bucket("news").is_empty(), "the bucket is as it was");
    site.write("site.yaml", configuration(&format!("{}, exclusive: true", through(&proxy))));
    site.build();
    deployed(&site, &["--adopt"]);
    site.write_article("local/a1", "2025-05-02", "draft: true", "Withheld.");
    site.build();
    deployed(&site, &[]);
    assert_same(&bytes(&server.bucket("news")), &built(&site), "a promise");
}

#[test]
fn a_key_that_may_not_remove_leaves_the_bucket_as_it_was_and_names_what_is_public() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&hurried(&proxy));
    site.build();
    deployed(&site, &["--adopt"]);
    site.write_article("local/a1", "2025-05-02", "draft: true", "Withheld.");
    site.write_article("local/a0", "2025-05-01", "", "Another body.");
    site.build();
    let before = server.bucket("news");
    proxy.spoil(|_, request| {
        let is_removal = request.method == "DELETE" || request.query.starts_with("delete");
        if is_removal && !request.is_of_record() { Fault::Error(403, "AccessDenied") } else { Fault::None }
    });
    let run = deploy(&site, &[]);
    assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
    assert!(run.diagnostics().join("\n").contains("do not allow DELETE in the bucket `news`"), "{}", run.stdout);
    assert!(run.hints().join("\n").contains("DeleteObject"), "{}", run.stdout);
    assert_eq!(super::still_public(&run), ["local/a1/index.html"]);
    assert_eq!(server.bucket("news"), before);
    proxy.spoil(|_, _| Fault::None);
    deployed(&site, &[]);
    assert_whole(&server, &proxy, &site, "a key that may remove");
}

#[test]
fn a_key_that_may_not_list_is_told_why_that_matters() {
    let Some((_server, proxy)) = moto() else { return };
    let site = paper(&through(&proxy));
    site.build();
    // So S3 answers whoever may not list and asks for what is not there.
    proxy.spoil(|_, request| match request.method == "GET" {
        true => Fault::Error(403, "AccessDenied"),
        false => Fault::None,
    });
    let run = deploy(&site, &["--adopt"]);
    assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
    assert!(run.hints().join("\n").contains("ListBucket, without which"), "{}", run.stdout);
}

#[test]
fn what_listed_a_withdrawn_article_is_brought_before_the_pages_that_only_changed() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&through(&proxy));
    site.write("site.yaml", format!("feeds: {{ content: full }}\n{}", site.read("site.yaml")));
    let secret = |front: &str| {
        let body = "The deal was public.\n\nThe mayor signed it at night.";
        site.write_article("local/secret", "2025-05-08", front, body);
    };
    secret("");
    site.build();
    deployed(&site, &["--adopt"]);
    let mut there = BTreeMap::new();
    replay(&mut there, &proxy.take());
    let telling = |there: &BTreeMap<String, Vec<u8>>| {
        let is_telling =
            |body: &[u8]| ["at night", "mayor"].iter().any(|one| String::from_utf8_lossy(body).contains(one));
        there.iter().filter(|(_, body)| is_telling(body)).map(|(key, _)| key.clone()).collect::<Vec<_>>()
    };
    assert!(telling(&there).len() > 3, "its page, feeds and the search: {:?}", telling(&there));
    // With another theme all pages change.
    secret("draft: true");
    site.write_article("local/fresh", "2025-05-09", "", "Fresh.");
    let text = site.read("site.yaml");
    site.write("site.yaml", format!("{text}theme_settings: {{ accent: teal }}\n"));
    site.build();
    deployed(&site, &[]);
    let requests = proxy.take();
    let is_put = |one: &Request, key: &str| one.method == "PUT" && one.key == key;
    let changed = requests.iter().position(|one| (0..4).any(|n| is_put(one, &format!("local/a{n}/index.html"))));
    let (before, after) = requests.split_at(changed.expect("an article changed"));
    assert!(before.iter().any(|one| is_put(one, "local/fresh/index.html")), "no list names what is not there");
    replay(&mut there, before);
    assert_eq!(telling(&there), Vec::<String>::new(), "nothing tells of it when other articles follow");
    replay(&mut there, after);
    assert_whole(&server, &proxy, &site, "a withdrawal and a theme");
}

#[test]
fn a_site_within_the_bucket_of_another_one_is_not_foreign_to_it() {
    let Some((server, proxy)) = moto() else { return };
    let outer = paper(&through(&proxy));
    outer.build();
    deployed(&outer, &["--adopt"]);
    let inner = paper(&through(&proxy).replace("s3://news/", "s3://news/sport/"));
    inner.write("site.yaml", inner.read("site.yaml").replace("paper.example", "paper.example/sport"));
    inner.build();
    deployed(&inner, &["--adopt"]);
    server.put("news", "sporty.html", b"Not ours.");
    let run = deploy(&outer, &["--check"]);
    let drift: Vec<&str> = run.stdout.lines().filter(|line| line.contains("\"drift\"")).collect();
    assert!(drift.len() == 1 && drift[0].contains("sporty.html"), "{drift:?}");
    deployed(&outer, &["--repair", "--remove-foreign"]);
    assert_eq!(deploy(&inner, &["--check"]).code, 0, "the other site is as it was");
}

#[test]
fn after_the_record_is_lost_the_target_is_taken_over_and_what_lies_there_is_told() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&through(&proxy));
    site.build();
    deployed(&site, &["--adopt"]);
    server.delete("news", ".courant-deploy/head");
    site.write_article("local/a1", "2025-05-02", "draft: true", "Withheld.");
    site.build();
    let run = deploy(&site, &[]);
    assert!(run.code == 1 && run.hints().join("\n").contains("--adopt"), "{}{}", run.stdout, run.stderr);
    deployed(&site, &["--adopt"]);
    let run = deploy(&site, &["--check"]);
    assert!(run.code == 1 && run.stdout.contains("foreign\",\"path\":\"local/a1/index.html"), "{}", run.stdout);
    deployed(&site, &["--repair", "--remove-foreign"]);
    assert_whole(&server, &proxy, &site, "a new record");
    assert_eq!(deployed(&site, &[])["requests"], 1);
}

#[test]
fn a_deployment_that_was_killed_goes_on_where_it_was() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&hurried(&proxy));
    site.build();
    deployed(&site, &["--adopt"]);
    for number in 0..30 {
        site.write(&format!("static/files/{number}.txt"), format!("File {number}."));
    }
    site.build();
    proxy.take();
    let victim: Arc<Mutex<Option<Child>>> = Arc::default();
    let killed = Arc::clone(&victim);
    let count = Mutex::new(0);
    proxy.spoil(move |_, request| {
        let mut count = count.lock().expect("no panic");
        *count += usize::from(request.key.starts_with("files/"));
        if *count < 20 {
            return Fault::None;
        }
        if let Some(child) = killed.lock().expect("no panic").as_mut() {
            let _ = child.kill();
        }
        Fault::Drop
    });
    *victim.lock().expect("no panic") = Some(start(&site, &["--jobs", "1"]));
    while victim.lock().expect("no panic").as_mut().expect("started").try_wait().expect("waited").is_none() {
        std::thread::sleep(Duration::from_millis(5));
    }
    proxy.spoil(|_, _| Fault::None);
    let before = writes(&proxy.take());
    assert!(before.len() >= 19, "{before:?}");
    deployed(&site, &["--jobs", "1"]);
    let after = writes(&proxy.take());
    // The last answer may have come too late to be noted.
    let again = after.iter().filter(|write| before.contains(write)).count();
    assert!(again <= 1, "{again} writes twice: {before:?} {after:?}");
    assert_whole(&server, &proxy, &site, "a kill");
}
