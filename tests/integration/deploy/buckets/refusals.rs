//! What a service refuses or asks for: patience, fewer requests, another key.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::{assert_whole, bytes, deployed, hurried, moto, through, through_to};
use crate::deploy::store::{Fault, Request};
use crate::deploy::{assert_same, built, deploy, paper, prepare};
use crate::fixture::Run;

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
    assert_eq!(crate::deploy::still_public(&run), ["local/a1/index.html"]);
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
fn a_page_of_somebody_else_counts_for_nothing() {
    let Some((server, proxy)) = moto() else { return };
    let site = paper(&format!("{}, max_removals: 100", through(&proxy)));
    let pages = ["", "<html><body>Welcome to this network</body></html>", "<DeleteResult>"];
    for page in pages {
        for number in 0..30 {
            site.write(&format!("static/files/{number}.txt"), format!("File {number}."));
        }
        site.build();
        deployed(&site, &["--adopt"]);
        site.remove("static/files");
        site.build();
        // Of a removal of many files nobody says that it was done: each is removed by itself.
        proxy.spoil(move |_, request| match request.method == "POST" {
            true => Fault::Page(page),
            false => Fault::None,
        });
        deployed(&site, &[]);
        proxy.spoil(|_, _| Fault::None);
        assert_same(&bytes(&server.bucket("news")), &built(&site), page);
    }
    site.write_article("local/a1", "2025-05-02", "draft: true", "Withheld.");
    site.build();
    let listing = "<ListBucketResult><Contents><Key>index.html</Key></Contents>";
    let cut = "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>";
    for (method, flags, page) in [
        ("DELETE", &[][..], pages[1]),
        ("PUT", &[], pages[1]),
        ("PUT", &[], ""),
        ("GET", &["--check"], pages[0]),
        ("GET", &["--check"], pages[1]),
        ("GET", &["--check"], listing),
        ("GET", &["--check"], cut),
    ] {
        proxy.spoil(move |_, request| {
            let is_meant = request.method == method && !request.is_of_record();
            if is_meant && (method != "GET" || request.is_list) { Fault::Page(page) } else { Fault::None }
        });
        let run = deploy(&site, flags);
        assert_eq!(run.code, 3, "{method} {page}: {}{}", run.stdout, run.stderr);
        assert!(run.diagnostics().join("\n").contains("does not speak the language of S3"), "{}", run.stdout);
        proxy.spoil(|_, _| Fault::None);
    }
    deployed(&site, &[]);
    assert_whole(&server, &proxy, &site, "all pages");
}
