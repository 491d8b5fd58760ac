//! Two deployers at one bucket: one of them writes, and the other one waits.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use super::faults::start;
use super::{assert_whole, bytes, deployed, moto, seaweed, through};
use crate::deploy::store::{Fault, Proxy, Request, Server};
use crate::deploy::{assert_same, built, configuration, deploy, paper};
use crate::fixture::{Run, TestSite, keep};

#[test]
fn two_deployers_do_not_mix() {
    moto().iter().chain(&seaweed()).for_each(deploy_at_the_same_time);
}

fn deploy_at_the_same_time((server, proxy): &(Server, Proxy)) {
    let one = paper(&through(proxy).replace("lease: 5m", "lease: 1m"));
    one.build();
    deployed(&one, &["--adopt"]);
    let other = TestSite::new().at(crate::deploy::NOW);
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
    let other = TestSite::new().at(crate::deploy::NOW);
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
    proxy.spoil(move |_, request| match request.key.starts_with("files/") && request.method == "PUT" {
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
