//! How a site reaches its readers: headers, redirects and the policy of the pages.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::fixture::sites::sample;
use crate::fixture::{TestSite, copy};
use courant::theme::inline::source_expression;
use lol_html::{RewriteStrSettings, element, rewrite_str, text};
use serde_json::Value;

fn site(more: &str) -> TestSite {
    TestSite::new().file("site.yaml", format!("title: The Test\nbase_url: https://test.example\n{more}")).article(
        "local/x",
        "2026-10-02",
        "aliases: [/old/x/, /2019/x.html]",
        "Words.",
    )
}

/// The rules of a `_headers` file: a path with its headers.
fn rules(text: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut rules: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("  ") {
            Some(header) => {
                let (name, value) = header.split_once(": ").expect("a header");
                rules.last_mut().expect("a path").1.push((name.to_owned(), value.to_owned()));
            }
            None => rules.push((line.to_owned(), Vec::new())),
        }
    }
    rules
}

#[test]
fn without_hosts_there_are_no_files_for_them() {
    let site = site("");
    site.build();
    for file in ["_headers", "_redirects", ".nojekyll"] {
        assert!(!site.has(&format!("public/{file}")), "{file}");
    }
}

#[test]
fn headers_say_how_long_to_keep_what() {
    let site = site("hosting: [netlify, cloudflare]\n").file("themes/broadsheet/static/font.woff2", "font");
    site.build();
    let text = site.published("_headers");
    let rules = rules(&text);
    assert_eq!(rules[0].0, "/*");
    assert!(
        rules[0]
            .1
            .iter()
            .any(|(name, value)| name == "Content-Security-Policy" && value.starts_with("default-src 'self'; "))
    );
    assert!(rules[0].1.contains(&("X-Content-Type-Options".into(), "nosniff".into())));
    assert!(rules[0].1.iter().all(|(name, _)| name != "Cache-Control"), "hosts put the values of two rules together");
    for (path, headers) in &rules[1..] {
        assert!(site.has(&format!("public{path}")), "{path} is a file");
        let is_immutable = headers[0].1.ends_with("immutable");
        assert_eq!(is_immutable, path.ends_with(".css") || path.ends_with(".js"), "{path}");
    }
    assert!(rules.iter().any(|(path, _)| path == "/assets/font.woff2"));
    // Another stylesheet has another name.
    site.write("themes/broadsheet/templates/site.css", "body { margin: 1px }");
    let run = site.build();
    assert!(run.rendered().contains("_headers"), "{:?}", run.rendered());
    assert_ne!(site.published("_headers"), text);
    site.assert_equals_clean("a stylesheet");
    // Nothing else of the site is in it.
    site.write_article("local/y", "2026-10-03", "", "More.");
    let run = site.build();
    assert!(!run.rendered().contains("_headers") && !run.rendered().contains("_redirects"), "{:?}", run.rendered());
}

#[test]
fn old_addresses_are_redirects_beside_their_pages() {
    let site = site("hosting: [cloudflare]\n").article("local/ä", "2026-10-03", "aliases: ['/älter/']", "x");
    site.build();
    assert_eq!(
        site.published("_redirects"),
        "/%C3%A4lter/ /local/a/ 301\n/2019/x.html /local/x/ 301\n/old/x/ /local/x/ 301\n"
    );
    assert!(site.has("public/old/x/index.html"), "hosts that read no such file have the page");
    // Netlify must be told that the rule comes before the page.
    site.write("site.yaml", "base_url: https://test.example\nhosting: [netlify]\n");
    site.build();
    assert!(site.published("_redirects").contains("/old/x/ /local/x/ 301!\n"));
    // An alias comes: this file, its page, and the article itself.
    site.write_article("local/x", "2026-10-02", "aliases: [/old/x/, /2019/x.html, /other/]", "Words.");
    let run = site.build();
    assert!(run.rendered().contains("_redirects") && !run.rendered().contains("_headers"), "{:?}", run.rendered());
    site.assert_equals_clean("an alias");
    // Without any there is no file.
    site.write_article("local/x", "2026-10-02", "", "Words.");
    site.remove("content/local/ä.md");
    site.build();
    assert!(!site.has("public/_redirects") && site.has("public/_headers"));
}

#[test]
fn cloudflare_gets_no_more_than_it_reads() {
    let many: Vec<String> = (0..2100).map(|number| format!("/old/{number}/")).collect();
    let site = site("hosting: [cloudflare]\n").article(
        "local/many",
        "2026-10-03",
        &format!("aliases: [{}, /{}/]", many.join(", "), ["größe"; 90].join("/")),
        "x",
    );
    for number in 0..120 {
        site.write(&format!("themes/broadsheet/static/more/{number}.svg"), "<svg/>");
    }
    site.build();
    let text = site.published("_redirects");
    assert_eq!(text.lines().filter(|line| !line.starts_with('#')).count(), 2000);
    assert!(text.lines().all(|line| line.len() <= 1000));
    assert!(
        text.ends_with("# 103 more old addresses are pages that lead on.\n"),
        "{}",
        text.lines().last().unwrap_or("")
    );
    let headers = rules(&site.published("_headers"));
    assert_eq!(headers.len(), 100);
    assert!(headers[1].1[0].1.ends_with("immutable"), "what gains most comes first");
    // Netlify reads all.
    site.write("site.yaml", "base_url: https://test.example\nhosting: [netlify]\n");
    site.build();
    assert_eq!(site.published("_redirects").lines().count(), 2103);
    assert!(rules(&site.published("_headers")).len() > 120);
    // A policy that is too long for it is a warning with the cure.
    let sources: Vec<String> = (0..90).map(|number| format!("https://images-{number}.example")).collect();
    site.write(
        "site.yaml",
        format!(
            "base_url: https://test.example\nhosting: [cloudflare]\nheaders: {{policy: {{img-src: [{}]}}}}\n",
            sources.join(", ")
        ),
    );
    let run = site.build();
    assert!(
        run.diagnostics().iter().any(|one| one.contains("Cloudflare reads lines of up to 2000")),
        "{:?}",
        run.diagnostics()
    );
}

#[test]
fn a_file_of_ones_own_is_published_instead() {
    let site = site("hosting: [netlify, github]\n")
        .file("static/_redirects", "/mine /theirs 302\n")
        .file("static/.nojekyll", "");
    let run = site.build();
    assert_eq!(run.number("warnings"), 0, "{:?}", run.diagnostics());
    assert_eq!(site.published("_redirects"), "/mine /theirs 302\n");
    assert!(site.has("public/_headers") && site.has("public/.nojekyll"));
    site.remove("static/_redirects");
    site.remove("static/.nojekyll");
    site.build();
    assert!(site.published("_redirects").contains("/old/x/"));
    assert_eq!(site.published(".nojekyll"), "");
    site.assert_equals_clean("no file of one's own");
}

#[test]
fn a_site_below_a_path_has_its_rules_there() {
    let site = site("").file("site.yaml", "base_url: https://host.example/blog\nhosting: [cloudflare]\n");
    site.build();
    assert!(site.published("_headers").starts_with("/blog/*\n"));
    assert!(site.published("_headers").contains("\n/blog/assets/site."));
    assert!(site.published("_redirects").contains("/blog/old/x/ /blog/local/x/ 301\n"));
}

#[test]
fn wrong_headers_are_errors_with_the_cure() {
    for (text, message) in [
        ("headers: {policy: {img-scr: [a]}}", "no directive `img-scr`"),
        ("headers: {policy: {img-src: ['a; script-src *']}}", "not a valid source for a policy"),
        ("headers: {extra: {'X Y': a}}", "is not a valid header"),
        ("headers: {extra: {X: \"a\\nSet-Cookie: b\"}}", "is not a valid header"),
        ("hosting: [netlfy]", "netlfy"),
    ] {
        let site = site(&format!("{text}\n"));
        let run = site.try_build(&[]);
        assert_eq!(run.code, 1, "{text}");
        assert!(run.diagnostics()[0].contains(message), "{:?}", run.diagnostics());
    }
}

/// Everything in the pages of a site that its policy refuses, as path and what.
fn refused(site: &TestSite) -> Vec<String> {
    let headers = site.published("_headers");
    let mut found = Vec::new();
    for (path, bytes) in site.output().into_iter().filter(|(path, _)| path.ends_with(".html")) {
        let html = String::from_utf8(bytes).expect("text");
        let wrong = RefCell::new(Vec::new());
        let script = RefCell::new(None::<String>);
        let handlers = vec![
            element!("*", |element| {
                for attribute in element.attributes() {
                    let name = attribute.name();
                    if name == "style" || name.starts_with("on") {
                        wrong.borrow_mut().push(format!("{name}={:?}", attribute.value()));
                    }
                    let address = attribute.value().trim_start().to_ascii_lowercase();
                    if address.starts_with("javascript:") {
                        wrong.borrow_mut().push(address);
                    }
                }
                if element.tag_name() == "style" {
                    wrong.borrow_mut().push("<style>".to_owned());
                }
                Ok(())
            }),
            element!("script", |element| {
                let is_data = element.get_attribute("type").is_some_and(|kind| kind == "application/ld+json");
                *script.borrow_mut() = (!is_data && !element.has_attribute("src")).then(String::new);
                Ok(())
            }),
            text!("script", |chunk| {
                let mut script = script.borrow_mut();
                if let Some(text) = &mut *script {
                    text.push_str(chunk.as_str());
                    if chunk.last_in_text_node() && !headers.contains(&source_expression(text)) {
                        wrong.borrow_mut().push(format!("<script>{text}"));
                    }
                }
                Ok(())
            }),
        ];
        let settings = RewriteStrSettings { element_content_handlers: handlers, ..RewriteStrSettings::new() };
        rewrite_str(&html, settings).expect("HTML");
        found.extend(wrong.into_inner().into_iter().map(|what| format!("{path}: {what}")));
    }
    found
}

#[test]
fn no_page_of_the_sample_site_has_what_its_policy_refuses() {
    let site = sample();
    site.build();
    site.build();
    assert_eq!(refused(&site), Vec::<String>::new());
    // The test can fail.
    site.write("content/local/bad.md", "---\ntitle: B\ndate: 2026-11-01\n---\n\n<p style=\"color: red\" onclick=\"a()\">x</p>\n<script>b()</script>\n<style>p {}</style>\n<a href=\"javascript:c()\">c</a>\n");
    site.build();
    let found = refused(&site);
    for what in ["style=", "onclick=", "<script>b()", "<style>"] {
        assert!(
            found.iter().any(|one| one.starts_with("local/bad/index.html") && one.contains(what)),
            "{what}: {found:?}"
        );
    }
    assert!(!found.iter().any(|one| one.contains("javascript:")), "such an address is refused: {found:?}");
}

#[test]
fn pages_without_white_space_say_the_same() {
    let body = "Some *words*\nof a line.\n\n    code  that\n      stays\n\n<!-- a remark -->\n";
    let site = TestSite::new().article("local/x", "2026-11-20", "title: A  story", body);
    site.build();
    let plain = site.published("local/x/index.html");
    site.write("site.yaml", site.read("site.yaml") + "minify_html: true\n");
    site.build();
    let less = site.published("local/x/index.html");
    assert!(less.len() < plain.len() && !less.contains("a remark"), "{} of {}", less.len(), plain.len());
    assert!(less.contains("code  that\n  stays"));
    let words = |html: &str| {
        let (_, body) = html.split_once("<body").expect("a body");
        let text: String = body.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect();
        text.split_whitespace().collect::<String>()
    };
    assert_eq!(words(&less), words(&plain));
    // What the policy of browsers knows by its hash.
    let script =
        |html: &str| html.split("<script>").nth(1).and_then(|rest| rest.split("</script>").next()).map(str::to_owned);
    assert!(script(&plain).is_some());
    assert_eq!(script(&less), script(&plain));
    site.assert_equals_clean("less white space");
}

/// The steps of the workflow that docs/deploying.md shows for GitHub Pages, played in a folder of their own: `checkout`
/// brings the sources, the cache what the run before has left, if it is there; afterwards it is saved.
fn publish_from_github(sources: &TestSite, cache: Option<&TestSite>) -> TestSite {
    let page = include_str!("../../../docs/deploying.md");
    let recipe = page.split("```yaml\n").find(|block| block.starts_with("name: Publish")).expect("a workflow");
    let recipe: Value = serde_yaml::from_str(recipe.split("```").next().expect("a block")).expect("YAML");
    let checkout = TestSite::empty();
    let program = Path::new(env!("CARGO_BIN_EXE_courant")).parent().expect("a folder");
    let mut cached = Vec::new();
    for step in recipe["jobs"]["publish"]["steps"].as_array().expect("steps") {
        let (uses, run) = (step["uses"].as_str().unwrap_or_default(), step["run"].as_str().unwrap_or_default());
        match uses.split('@').next().unwrap_or_default() {
            "actions/checkout" => copy(sources.root(), checkout.root()),
            "actions/cache" => {
                cached = step["with"]["path"].as_str().expect("paths").lines().map(str::to_owned).collect();
                for path in &cached {
                    cache.iter().for_each(|last| copy(&last.path(path), &checkout.path(path)));
                }
            }
            "actions/upload-pages-artifact" => assert!(checkout.has(step["with"]["path"].as_str().expect("a path"))),
            "" if run.starts_with("curl") => {}
            "" => {
                let script = run.replace("${{ steps.pages.outputs.base_url }}", "https://owner.example/news");
                let mut shell = Command::new("sh");
                let ran = shell.args(["-e", "-c", &script]).env("RUNNER_TEMP", program).current_dir(checkout.root());
                let ran = ran.output().expect("a shell");
                assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
            }
            _ => {}
        }
    }
    assert_eq!(cached, [".courant", "public"]);
    checkout
}

/// An old cache must neither keep a withdrawn article public nor cost more than a clean build.
#[cfg(unix)]
#[test]
fn the_recipe_for_github_pages_is_right_whatever_the_cache_holds() {
    let sources = TestSite::new().article("local/a", "2026-01-02", "summary: A.", "First words.").article(
        "local/b",
        "2026-01-03",
        "summary: B.",
        "A secret that came out too early.",
    );
    let first = publish_from_github(&sources, None);
    assert!(first.has("public/local/b/index.html"));
    sources.write_article("local/a", "2026-01-02", "summary: A.", "Other words.");
    sources.write_article("local/b", "2026-01-03", "summary: B.\ndraft: true", "A secret that came out too early.");
    let second = publish_from_github(&sources, Some(&first));
    let clean = publish_from_github(&sources, None);
    assert_eq!(second.output(), clean.output());
    assert!(!second.has("public/local/b/index.html") && second.published("local/a/index.html").contains("Other words"));
    sources.write_article("local/a", "2026-01-02", "summary: A.", "Third words.");
    for cache in [&first, &second] {
        let third = publish_from_github(&sources, Some(cache));
        assert_eq!(third.output(), publish_from_github(&sources, None).output());
    }
    // The cache is worth keeping: with it nothing is rendered again.
    let built = second.run(&["build", "--json", "--base-url", "https://owner.example/news"]);
    assert_eq!((built.number("rendered"), built.number("written")), (0, 0));
}

#[test]
fn one_statement_of_rights_says_it_to_every_crawler() {
    let plain = TestSite::new().article("local/tunnel", "2026-11-20", "", "Words.");
    plain.build();
    assert!(plain.published("robots.txt").starts_with("User-agent: *\nAllow: /\n\nSitemap: "));
    assert!(!plain.has("public/license.xml"));
    assert!(!plain.published("local/tunnel/index.html").contains("tdm-"));

    let site = plain.file(
        "site.yaml",
        "title: A & B\nbase_url: https://test.example/news\nrobots: { deny: [ExampleBot] }\nrights: { license: /terms/, contact: rights@test.example }\n",
    );
    site.build();
    let robots = site.published("robots.txt");
    let (denied, others) = robots.split_once("Disallow: /\n\n").expect("a group that is turned away");
    let groups = denied.lines().skip(2);
    assert!(groups.clone().count() > 2 && groups.clone().all(|line| line.starts_with("User-agent: ")), "{robots}");
    assert!(denied.contains("User-agent: ExampleBot\n") && denied.contains("User-agent: GPTBot\n"), "{robots}");
    assert!(others.starts_with("User-agent: *\nAllow: /\n"), "{robots}");
    assert!(robots.starts_with("License: https://test.example/news/license.xml\n\n"), "of no group: {robots}");
    let licence = site.published("license.xml");
    for part in [
        "<rsl xmlns=\"https://rslstandard.org/rsl\">",
        "<content url=\"/news/\">",
        "<permits type=\"usage\">search ai-index ai-input</permits>",
        "<prohibits type=\"usage\">ai-train</prohibits>",
        "contactEmail=\"rights@test.example\">A &amp; B</copyright>",
        "<terms>https://test.example/news/terms/</terms>",
    ] {
        assert!(licence.contains(part), "{part}: {licence}");
    }
    let page = site.published("local/tunnel/index.html");
    assert!(page.contains("<meta name=\"tdm-reservation\" content=\"1\">"));
    assert!(page.contains("<meta name=\"tdm-policy\" content=\"https://test.example/news/terms/\">"));
    assert!(!site.has("public/.well-known"), "the root of the host is somebody else's");
    site.assert_equals_clean("a statement of rights");

    site.write(
        "site.yaml",
        "base_url: https://test.example\nrobots: { deny: [\"a bot\"] }\nrights: { license: terms }\n",
    );
    let run = site.try_build(&[]);
    assert_eq!((run.code, run.diagnostics().len()), (1, 2), "{}", run.stdout);
}

/// An element of a small document.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn parse(xml: &str) -> Self {
        use quick_xml::events::Event;
        let mut reader = quick_xml::Reader::from_str(xml);
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event().expect("well-formed") {
                Event::Start(start) => {
                    let name = start.name().as_ref().to_owned();
                    let attributes = start.attributes().map(|one| {
                        let one = one.expect("an attribute");
                        let value = html_escape::decode_html_entities(&*one.value).into_owned();
                        (one.key.as_ref().to_owned(), value)
                    });
                    open.push(Self { name, attributes: attributes.collect(), ..Self::default() });
                }
                Event::End(_) => {
                    let done = open.pop().expect("it was opened");
                    open.last_mut().expect("its parent").children.push(done);
                }
                Event::Text(text) => open.last_mut().expect("open").text.push_str(&text),
                Event::GeneralRef(name) => {
                    let entity = format!("&{};", &*name);
                    open.last_mut().expect("open").text.push_str(&html_escape::decode_html_entities(&entity));
                }
                Event::Eof => break,
                _ => {}
            }
        }
        let mut root = open.pop().expect("the document");
        assert_eq!(root.children.len(), 1, "one root");
        root.children.remove(0)
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    fn all(&self, name: &str) -> Vec<&Self> {
        self.children.iter().filter(|child| child.name == name).collect()
    }
}

fn is_absolute(address: &str) -> bool {
    url::Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some())
}

/// The rules of RSL 1.0 (<https://rslstandard.org/rsl>, section 3) for what courant writes.
fn assert_is_rsl(xml: &str) {
    let root = Element::parse(xml);
    assert_eq!((&*root.name, root.attribute("xmlns")), ("rsl", Some("https://rslstandard.org/rsl")), "{xml}");
    let contents = root.all("content");
    assert!(!contents.is_empty() && contents.len() == root.children.len(), "{xml}");
    let urls: BTreeSet<_> = contents.iter().map(|content| content.attribute("url").expect("required")).collect();
    assert_eq!(urls.len(), contents.len(), "each tells of something else: {xml}");
    for content in contents {
        let url = content.attribute("url").expect("required");
        assert!(url.starts_with('/') || is_absolute(url), "a path of the host, or an address: {url}");
        assert!(!content.all("license").is_empty(), "at least one: {xml}");
        for child in &content.children {
            assert!(["schema", "alternate", "copyright", "terms", "license"].contains(&&*child.name), "{}", child.name);
        }
        let copyright = content.all("copyright");
        assert!(copyright.len() <= 1 && content.all("terms").len() <= 1, "{xml}");
        for owner in copyright {
            assert!(matches!(owner.attribute("type"), Some("person" | "organization")), "{xml}");
            assert!(owner.attribute("contactEmail").is_none_or(|mail| mail.contains('@')), "{xml}");
            assert!(owner.attribute("contactUrl").is_none_or(is_absolute), "{xml}");
        }
        assert!(content.all("terms").iter().all(|terms| is_absolute(&terms.text)), "{xml}");
        for license in content.all("license") {
            let mut said = BTreeSet::new();
            for element in ["permits", "prohibits"] {
                let of_usage = license.all(element);
                assert!(of_usage.len() <= 1, "one for each type: {xml}");
                for usage in of_usage {
                    assert_eq!(usage.attribute("type"), Some("usage"), "{xml}");
                    let words: Vec<&str> = usage.text.split_ascii_whitespace().collect();
                    assert!(!words.is_empty(), "{xml}");
                    for word in words {
                        let known = ["all", "ai-all", "ai-train", "ai-input", "ai-index", "search"];
                        assert!(known.contains(&word), "spaces stand between words of the vocabulary: {word}");
                        assert!(said.insert(word.to_owned()), "said twice: {word}");
                    }
                }
            }
            assert!(!said.is_empty(), "{xml}");
        }
    }
}

/// The rules of TDMRep for the file at the root of a host and the head of pages
/// (<https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/>).
fn assert_is_reserved(file: &str, page: &str, policy: Option<&str>) {
    let rules: serde_json::Value = serde_json::from_str(file).expect("JSON");
    let rules = rules.as_array().expect("an array, also of one rule");
    assert_eq!(rules.len(), 1, "{file}");
    let rule = rules[0].as_object().expect("an object");
    assert_eq!((rule["location"].as_str(), rule["tdm-reservation"].as_i64()), (Some("/"), Some(1)), "{file}");
    assert_eq!(rule.get("tdm-policy").map(|policy| policy.as_str().expect("text")), policy, "{file}");
    assert_eq!(rule.len(), 2 + usize::from(policy.is_some()), "{file}");
    assert!(policy.is_none_or(is_absolute), "{file}");
    let meta = |name: &str| {
        let begin = format!("<meta name=\"{name}\" content=\"");
        assert!(page.matches(&*begin).count() <= 1);
        page.split_once(&*begin).and_then(|(_, rest)| rest.split_once('"')).map(|(content, _)| content.to_owned())
    };
    assert_eq!(meta("tdm-reservation").as_deref(), Some("1"));
    assert_eq!(meta("tdm-policy").as_deref(), policy);
}

#[test]
fn what_crawlers_are_told_is_valid_and_says_nothing_of_an_article() {
    for rights in [
        "license: /terms/, contact: rights@test.example",
        "license: \"https://elsewhere.example/terms?a=1&b=2\", contact: /ask/",
        "contact: \"https://elsewhere.example/ask\", answers: false",
        "training: false",
        "training: true, license: /terms/",
    ] {
        let site = TestSite::new()
            .file(
                "site.yaml",
                format!("title: A <b> & \"C\"\nbase_url: https://test.example\nrights: {{ {rights} }}\n"),
            )
            .article("local/tunnel", "2026-11-20", "", "Words.")
            .article("local/hidden", "2026-11-20", "draft: true", "Withheld words.");
        site.build();
        assert_is_rsl(&site.published("license.xml"));
        let (robots, page) = (site.published("robots.txt"), site.published("local/tunnel/index.html"));
        assert!(robots.starts_with("License: https://test.example/license.xml\n\nUser-agent: "), "{robots}");
        if rights.contains("training: true") {
            assert!(!site.has("public/.well-known/tdmrep.json") && !page.contains("tdm-"), "nothing is reserved");
            continue;
        }
        let policy = match rights.split([' ', ',']).nth(1).map(|license| license.trim_matches('"')) {
            Some("/terms/") => Some("https://test.example/terms/"),
            Some(license) if license.contains("terms") => Some(license),
            _ => None,
        };
        // The head has `&` as an entity.
        let page = page.replace("&amp;", "&");
        let file = site.published(".well-known/tdmrep.json");
        assert_is_reserved(&file, &page, policy);
        for text in [&file, &robots, &site.published("license.xml")] {
            assert!(!text.contains("hidden") && !text.contains("tunnel"), "{text}");
        }
        site.write("static/.well-known/tdmrep.json", "[]");
        site.build();
        assert_eq!(site.published(".well-known/tdmrep.json"), "[]", "a file of the site's own stands");
    }
}

/// `keep` is for files of others: what courant wrote there goes as everywhere, with the log and without it.
#[test]
fn what_was_published_into_a_folder_that_is_left_alone_goes_with_its_source() {
    let root = "title: The Test\nbase_url: https://test.example/\nrights: {training: false}\n";
    let site = TestSite::new().file("site.yaml", root).file("static/.well-known/security.txt", "Contact: us");
    site.write_article("local/tunnel", "2026-11-20", "", "Words.");
    site.build();
    site.write("public/.well-known/acme-challenge/token", "somebody else's");
    site.write("public/.well-known/security.txt.sig", "somebody else's");
    assert!(site.has("public/.well-known/tdmrep.json") && site.has("public/.well-known/security.txt"));
    site.remove("static/.well-known/security.txt");
    site.build();
    assert!(!site.has("public/.well-known/security.txt"), "its source is gone");
    for without_log in [false, true] {
        site.write("site.yaml", root);
        site.build();
        if without_log {
            std::fs::remove_dir_all(site.path(".courant")).expect("removed");
        }
        site.write("site.yaml", "title: The Test\nbase_url: https://test.example/blog/\nrights: {training: false}\n");
        site.build();
        assert!(!site.has("public/.well-known/tdmrep.json"), "without a log: {without_log}");
    }
    for kept in ["acme-challenge/token", "security.txt.sig"] {
        assert!(site.has(&format!("public/.well-known/{kept}")), "{kept} is somebody else's");
    }
}

/// A site with an article in a folder that is left alone, beside files of others.
fn site_with_a_folder_left_alone(keep: &str) -> TestSite {
    let root = format!("title: The Test\nbase_url: https://test.example/\n{keep}\n");
    let site = TestSite::new().file("site.yaml", root);
    site.write_article("local/ferry", "2026-11-20", "", "Words.");
    site.write("content/old/story/index.md", "---\ntitle: Story\ndate: 2026-11-20\n---\nSecret words.\n");
    site.write("content/old/other.md", "---\ntitle: Other\ndate: 2026-11-20\n---\nWords.\n");
    site.write("content/old/story/plan.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    site.build();
    site.write("public/old/paper/index.html", "somebody else's");
    site.write("public/old/story/scan.pdf", "somebody else's");
    site
}

const WITHDRAWN_ARTICLE: &str = "---\ntitle: Story\ndate: 2026-11-20\ndraft: true\n---\nSecret words.\n";

/// Nothing of the article is there, and the files of others are.
fn assert_article_is_gone(site: &TestSite, when: &str) {
    for gone in ["old/story/index.html", "old/story/plan.svg"] {
        assert!(!site.has(&format!("public/{gone}")), "{gone}: {when}");
    }
    for kept in ["old/other/index.html", "old/paper/index.html", "old/story/scan.pdf"] {
        assert!(site.has(&format!("public/{kept}")), "{kept} is somebody else's: {when}");
    }
}

#[test]
fn a_withdrawn_page_goes_from_a_folder_that_is_left_alone_whatever_became_of_folder_and_log() {
    let keep = "keep: [old/]";
    let copied = |site: &TestSite| {
        for file in ["old/story/index.html", "old/story/plan.svg", "index.html", "old/other/index.html"] {
            let bytes = std::fs::read(site.path(&format!("public/{file}"))).expect("read");
            std::fs::remove_file(site.path(&format!("public/{file}"))).expect("removed");
            site.write(&format!("public/{file}"), bytes);
        }
    };
    let interrupted = |site: &TestSite| std::fs::create_dir(site.path("public/.courant-staging")).expect("made");
    let emptied = |site: &TestSite| {
        for file in ["index.html", "sitemap.xml", "robots.txt"] {
            site.remove(&format!("public/{file}"));
        }
    };
    type Happens<'h> = &'h dyn Fn(&TestSite);
    let cases: [(&str, Happens<'_>); 4] = [
        ("as it was left", &|_| ()),
        ("a copy with other times", &copied),
        ("after an interrupted build", &interrupted),
        ("half of it removed", &emptied),
    ];
    for (when, happens) in cases {
        let site = site_with_a_folder_left_alone(keep);
        happens(&site);
        site.write("content/old/story/index.md", WITHDRAWN_ARTICLE);
        site.build();
        assert_article_is_gone(&site, when);
    }
    // The folder is left alone from the build on that withdraws.
    let site = site_with_a_folder_left_alone("");
    site.write("site.yaml", format!("title: The Test\nbase_url: https://test.example/\n{keep}\n"));
    site.write("content/old/story/index.md", WITHDRAWN_ARTICLE);
    site.build();
    assert_article_is_gone(&site, "the list has become longer");
}

#[test]
fn a_failed_build_withdraws_from_a_folder_that_is_left_alone() {
    for is_deleted in [false, true] {
        let site = site_with_a_folder_left_alone("keep: [old/]");
        match is_deleted {
            true => site.remove("content/old/story"),
            false => site.write("content/old/story/index.md", WITHDRAWN_ARTICLE),
        }
        let good = site.read("site.yaml");
        site.write("site.yaml", format!("{good}titel: x\n"));
        let run = site.build_as_a_person(&[]);
        assert!(run.stderr.ends_with("still public: /old/story/\n"), "{}", run.stderr);
        let run = site.build_as_a_person(&["--keep-going"]);
        assert!(run.stderr.contains("only withdrawals were published: /old/story/"), "{}", run.stderr);
        assert_article_is_gone(&site, "before the errors are mended");
        site.write("site.yaml", good);
        site.build();
        assert_article_is_gone(&site, "after the errors are mended");
    }
}

/// Without a log nobody knows whose file it is, so it stays, and every build says so.
#[test]
fn a_file_that_is_left_alone_at_the_address_of_something_withheld_stays_with_a_warning() {
    let site = site_with_a_folder_left_alone("keep: [old/]");
    site.write("content/old/story/index.md", WITHDRAWN_ARTICLE);
    site.build();
    assert!(site.build().diagnostics().is_empty());
    site.write("public/old/story/index.html", "somebody else's");
    std::fs::remove_dir_all(site.path(".courant")).expect("removed");
    for build in 0..3 {
        let told = site.build().diagnostics();
        assert!(told.iter().any(|one| one.contains("has the address of something withheld")), "{build}: {told:?}");
        assert_eq!(site.published("old/story/index.html"), "somebody else's");
    }
    assert_eq!(site.try_build(&["--strict"]).code, 1);
    site.remove("public/old/story/index.html");
    assert!(site.build().diagnostics().is_empty(), "it is gone");
}

/// A build with nothing else to do looks for it, too.
#[test]
fn a_file_that_comes_to_the_address_of_something_withheld_is_told_by_the_next_build() {
    let site = TestSite::new()
        .file("site.yaml", "base_url: https://t.example\nkeep: [local/]\n")
        .file("content/local/x.md", "---\ntitle: A\ndate: 2026-11-01\ndraft: true\n---\n\nx\n");
    site.build();
    assert!(site.build().diagnostics().is_empty());
    site.write("public/local/x/index.html", "secret");
    let run = site.try_build(&["--strict"]);
    let told = run.diagnostics();
    assert!(run.code == 1 && told[0].contains("has the address of something withheld"), "{told:?}");
    assert_eq!(site.build().diagnostics().len(), 1);
    site.write("public/local/x/index.html", "another secret");
    assert_eq!(site.build().diagnostics().len(), 1, "it has changed");
    site.remove("public/local/x/index.html");
    assert!(site.build().diagnostics().is_empty(), "it is gone");
}

#[cfg(unix)]
#[test]
fn a_link_that_is_left_alone_is_not_destroyed_for_a_file_behind_it() {
    let site = TestSite::new();
    site.write_article("local/ferry", "2026-11-20", "", "Words.");
    site.build();
    site.write("elsewhere/token", "somebody else's");
    crate::fixture::symlink(&site.path("elsewhere"), &site.path("public/.well-known"));
    site.write("static/.well-known/security.txt", "Contact: us");
    site.write_article("local/ferry", "2026-11-20", "draft: true", "Words.");
    let run = site.try_build(&[]);
    assert_eq!(run.code, 3);
    assert!(run.diagnostics().iter().any(|one| one.contains("`.well-known` is a symbolic link")));
    assert_eq!(site.published(".well-known/token"), "somebody else's");
    assert!(!site.has("elsewhere/security.txt"));
    site.remove("static/.well-known");
    site.build();
    assert!(!site.has("public/local/ferry/index.html"));
    assert_eq!(site.published(".well-known/token"), "somebody else's");
}

#[test]
fn what_is_to_be_left_alone_is_neither_overwritten_nor_removed() {
    let keep = "title: T\nbase_url: https://test.example\nkeep: [shop/, status, old/a/, .well-known/]\n";
    let site = TestSite::new().file("site.yaml", keep).article("local/b", "2026-11-20", "", "Text.");
    site.build();
    let own = ["shop/index.html", "shop/x/data.txt", "status", "old/a/f.txt", ".well-known/security.txt"];
    for path in own {
        site.write(&format!("public/{path}"), "the owner's");
    }
    site.build();
    for (source, text, said) in [
        ("content/shop.md", "---\ntitle: Shop\n---\nx\n", "`shop/index.html` is a file that courant did not write"),
        ("content/status.md", "---\ntitle: Status\n---\nx\n", "`status` is a file"),
        ("static/shop", "x", "`shop/` is there"),
        ("static/old", "x", "`old/a/` is there"),
        ("static/.well-known/security.txt", "x", "`.well-known/security.txt` is a file that courant did not write"),
    ] {
        site.write(source, text);
        let run = site.try_build(&[]);
        assert!(run.code == 3 && run.diagnostics()[0].contains(said), "{source}: {:?}", run.diagnostics());
        site.remove(source);
        site.build();
        for path in own {
            assert_eq!(site.published(path), "the owner's", "{source}");
        }
    }
    // What courant wrote there is its own: it changes and goes.
    site.remove("public/.well-known/security.txt");
    for text in ["one", "two"] {
        site.write("static/.well-known/security.txt", text);
        site.build();
        assert_eq!(site.published(".well-known/security.txt"), text);
    }
    site.remove("static/.well-known/security.txt");
    site.build();
    assert!(!site.has("public/.well-known/security.txt"));
}
