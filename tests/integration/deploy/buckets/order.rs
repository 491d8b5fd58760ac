//! In which order a bucket changes: what is withdrawn goes first, and no page names what is absent.

use std::collections::BTreeMap;

use super::{assert_whole, deployed, hurried, moto, through, writes};
use crate::deploy::store::{Fault, Request};
use crate::deploy::{deploy, paper};

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

pub(super) const ERRED: &str = "withdrawn: { date: 2025-05-20, reason: We erred. }";

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
