//! Deployments that are killed or fail at any request: the next one mends what they leave.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::order::ERRED;
use super::{assert_whole, bytes, deploy_at_last, deployed, hurried, moto, seaweed, through, writes};
use crate::deploy::store::{Fault, Object, Proxy, Server};
use crate::deploy::{assert_same, built, deploy, paper, prepare};
use crate::fixture::TestSite;

pub(super) fn start(site: &TestSite, flags: &[&str]) -> Child {
    let mut command: Command = site.command();
    prepare(&mut command);
    command.args(["deploy", "--json"]).args(flags).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the program runs")
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
pub(super) fn edit(site: &TestSite, random: &mut fastrand::Rng, step: usize) {
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
    // In short at every fourth request, or at every tenth.
    let (every, some) = if is_long { ((400, 1), (80, 1)) } else { ((8, 4), (3, 10)) };
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
    // In short every other request meets one fault, and in long each request meets each fault.
    let pairs: Vec<(usize, usize)> = if is_long {
        (1..40).flat_map(|number| (0..faults.len()).map(move |round| (number, round))).collect()
    } else {
        (0..faults.len()).map(|round| (1 + 2 * round, round)).collect()
    };
    for (number, round) in pairs {
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
fn what_an_unfinished_deployment_wrote_is_withdrawn_however_often_the_next_ones_fail() {
    let Some((server, proxy)) = moto() else { return };
    for (flags, is_another) in [(&["--adopt"][..], false), (&[], true)] {
        let site = paper(&through(&proxy));
        site.build();
        // The second time the bucket is this site's.
        deployed(&site, flags);
        let scoop = "local/scoop/index.html";
        site.write_article("local/scoop", "2025-05-08", "", "A scoop.");
        site.build();
        let refuse = |method: &'static str, key: &'static str| {
            proxy.spoil(move |_, request| match request.method == method && request.key == key {
                true => Fault::Error(403, "AccessDenied"),
                false => Fault::None,
            });
        };
        let fail = |site: &TestSite| {
            let run = deploy(site, &["--jobs", "1"]);
            assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
            if is_another {
                site.remove(".courant/deploy");
            }
            run
        };
        refuse("PUT", "feed.xml");
        fail(&site);
        assert!(server.bucket("news").contains_key(scoop));
        site.remove("content/local/scoop.md");
        site.build();
        refuse("DELETE", scoop);
        for _ in 0..2 {
            assert_eq!(crate::deploy::still_public(&fail(&site)), [scoop]);
        }
        proxy.spoil(|_, _| Fault::None);
        deployed(&site, &[]);
        assert_whole(&server, &proxy, &site, "failures");
        assert_eq!(deploy(&site, &["--check"]).code, 0);
    }
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
    // Another machine does not know what lay there.
    site.remove(".courant/deploy");
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
        *count += usize::from(request.key.starts_with("files/") && request.method == "PUT");
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
