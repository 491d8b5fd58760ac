//! Deployments to buckets, through a proxy that notes and spoils requests. Each test is skipped where its server is
//! not installed, and fails there in CI.

mod faults;
mod lease;
mod order;
mod refusals;

use std::collections::BTreeMap;

use sha2::Digest as _;

use crate::deploy::store::{Fault, Object, Proxy, Request, Server};
use crate::deploy::{assert_same, built, configuration, deploy, files, paper, summary};
use crate::fixture::{Run, TestSite, keep};
use faults::edit;

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
    server.delete("clean", ".courant-deploy/head");
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
fn a_foreign_object_in_the_way_is_spared_and_named() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&through(&proxy));
    site.build();
    deployed(&site, &["--adopt"]);
    server.put("news", "imprint/index.html", b"By hand.");
    // In a bucket a folder is in nobody's way.
    server.put("news", "downloads/book.pdf", b"A book.");
    site.write("content/imprint.md", "---\ntitle: Imprint\n---\n\nOurs.\n");
    site.write("static/downloads", "A list.");
    site.write_article("local/a1", "2025-05-02", "draft: true", "Withheld.");
    site.build();
    let before = server.bucket("news");
    let run = deploy(&site, &[]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    let said = run.diagnostics().join("\n");
    assert!(said.contains("/imprint/index.html") && !said.contains("downloads"), "{said}");
    assert_eq!(server.bucket("news"), before, "nothing was touched");
    // Of many files a listing tells.
    (0..101).for_each(|number| site.write(&format!("static/many/{number}.txt"), "x"));
    site.build();
    proxy.take();
    let run = deploy(&site, &[]);
    assert!(run.code == 1 && run.diagnostics().join("\n").contains("/imprint/index.html"), "{}", run.stdout);
    assert!(proxy.take().iter().all(|request| request.method != "HEAD"));
    deployed(&site, &["--adopt"]);
    server.delete("news", "downloads/book.pdf");
    assert_whole(&server, &proxy, &site, "an object that was given up");
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
        let own = requests.into_iter().filter(|one| one.key == "large.bin" && one.method != "HEAD");
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
