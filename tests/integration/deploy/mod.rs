//! `courant deploy`: folders and commands, and buckets behind a proxy that spoils requests.

mod buckets;
mod servers;
pub(crate) mod store;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::fixture::{Run, TestSite, tree};
use serde_json::Value;

/// Later than every moment at which the articles of these sites change something by themselves, and in the past.
const NOW: &str = "2025-06-01T12:00:00Z";

/// Names of files that mean something to shells, addresses, XML or other tools.
const ODD_NAMES: [&str; 12] = [
    "#remark.txt",
    "; remark.txt",
    ":colon.txt",
    "-x#;/#deep.txt",
    "with space.txt",
    "plus+and&amp;.txt",
    "it's \"quoted\".txt",
    "100%25 %.txt",
    "größe/日本.txt",
    "a#b?c.txt",
    "-rf",
    "..dots../...txt",
];

/// A small paper with `deploy: { live: … }`.
fn paper(target: &str) -> TestSite {
    let site = TestSite::new().at(NOW).file("site.yaml", configuration(target)).file("static/logo.svg", "<svg/>");
    for number in 0..4 {
        site.write_article(
            &format!("local/a{number}"),
            &format!("2025-05-0{}", number + 1),
            "tags: [harbour]",
            &format!("Body of number {number}."),
        );
    }
    site
}

fn configuration(target: &str) -> String {
    format!("title: The Paper\nbase_url: https://paper.example\ndeploy:\n  live: {{ assets_grace: 0s, {target} }}\n")
}

/// Deploys with these flags.
fn deploy(site: &TestSite, flags: &[&str]) -> Run {
    let mut command = site.command();
    prepare(&mut command);
    let output = command.args(["deploy", "--json", "--verbose"]).args(flags).output().expect("the program runs");
    Run::of(output)
}

/// Builds for the target, as a machine without an output folder does.
fn build_for_target(site: &TestSite) -> Run {
    Run::of(for_target(site).output().expect("the program runs"))
}

fn for_target(site: &TestSite) -> Command {
    let mut command = site.command();
    prepare(&mut command);
    command.args(["build", "--json", "--at", NOW, "--deploy", "live"]);
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    command
}

/// Nothing of this machine's own settings counts, and no proxy stands before loopback.
fn prepare(command: &mut Command) {
    for name in ["AWS_PROFILE", "AWS_REGION", "AWS_SESSION_TOKEN", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]
    {
        command.env_remove(name);
    }
    command.env("AWS_ACCESS_KEY_ID", "key").env("AWS_SECRET_ACCESS_KEY", "secret");
}

/// Deploys and expects success; the summary.
fn deployed(site: &TestSite, flags: &[&str]) -> Value {
    let run = deploy(site, flags);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    summary(&run)
}

fn summary(run: &Run) -> Value {
    let lines = run.stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let last = lines.filter(|event| event["event"] == "deployed").fold(None, |_, event| Some(event));
    last.unwrap_or_else(|| panic!("{}{}", run.stdout, run.stderr))
}

/// What went out, by the action on each file.
fn files(run: &Run) -> BTreeSet<(String, String)> {
    let lines = run.stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    lines.filter(|event| event["event"] == "step").map(|event| (text(&event["action"]), text(&event["path"]))).collect()
}

/// What the output folder holds for readers.
fn built(site: &TestSite) -> BTreeMap<String, Vec<u8>> {
    let mut files = site.output();
    files.remove(".courant");
    files
}

/// What a folder holds, without the record.
fn held(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    // `current` is a link.
    let mut files = tree(&fs::canonicalize(folder).expect("there"));
    files.retain(|path, _| !path.starts_with(".courant-deploy/"));
    files
}

fn assert_same(held: &BTreeMap<String, Vec<u8>>, built: &BTreeMap<String, Vec<u8>>, after: &str) {
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(held), names(built), "after {after}");
    let different: Vec<&String> =
        built.iter().filter(|(path, bytes)| held[*path] != **bytes).map(|(path, _)| path).collect();
    assert!(different.is_empty(), "after {after}: {different:?}");
}

#[test]
fn a_folder_holds_what_was_built_and_only_what_changed_is_written() {
    let site = paper("to: \"folder:live\"");
    site.build();
    let run = deploy(&site, &[]);
    assert_eq!(run.code, 1, "a target without a record is taken over on purpose: {}", run.stdout);
    assert!(!site.has("live/index.html"), "and is as it was");
    deployed(&site, &["--adopt"]);
    assert_same(&held(&site.path("live")), &built(&site), "the first deployment");

    let again = deployed(&site, &[]);
    assert_eq!((again["new"].as_u64(), again["changed"].as_u64()), (Some(0), Some(0)));

    site.write_article("local/a1", "2025-05-02", "tags: [harbour]", "Another body.");
    site.build();
    let run = deploy(&site, &[]);
    let changed: BTreeSet<String> = files(&run).into_iter().map(|(action, path)| format!("{action} {path}")).collect();
    assert!(changed.contains("change local/a1/index.html"), "{changed:?}");
    assert!(!changed.iter().any(|line| line.contains("local/a2")), "{changed:?}");
    assert_same(&held(&site.path("live")), &built(&site), "an edit");

    site.write_article("local/a1", "2025-05-02", "draft: true", "Another body.");
    site.build();
    let run = deploy(&site, &[]);
    let withdrawn = ("withdraw".to_owned(), "local/a1/index.html".to_owned());
    assert!(files(&run).contains(&withdrawn), "{}", run.stdout);
    assert_same(&held(&site.path("live")), &built(&site), "a withdrawal");
}

#[test]
fn a_notice_takes_the_place_of_its_article_and_all_that_stood_beside_it_is_withdrawn() {
    let site = paper("to: \"folder:live\"");
    let bundle = |front: &str| site.write_article("local/big/index", "2025-05-05", front, "![Plan](plan.svg)");
    site.write("content/local/big/plan.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3\" height=\"2\"/>");
    bundle("aliases: [/old/big/]");
    site.build();
    deployed(&site, &["--adopt"]);
    assert!(site.has("live/local/big/plan.svg"));
    bundle("aliases: [/old/big/]\nwithdrawn: { date: 2025-05-20, reason: We erred. }");
    site.build();
    let run = deploy(&site, &[]);
    let steps = files(&run);
    for (action, path) in [("withdraw", "local/big/plan.svg"), ("change", "local/big/index.html")] {
        assert!(steps.contains(&(action.to_owned(), path.to_owned())), "{path}: {steps:?}");
    }
    assert!(site.read("live/local/big/index.html").contains("We erred."));
    assert_same(&held(&site.path("live")), &built(&site), "a withdrawal with a notice");
}

#[test]
fn another_machine_goes_on_from_the_record_of_the_target() {
    let site = paper("to: \"folder:live\"");
    site.build();
    deployed(&site, &["--adopt"]);
    site.remove(".courant/deploy");
    let again = deployed(&site, &[]);
    assert_eq!((again["new"].as_u64(), again["changed"].as_u64()), (Some(0), Some(0)));
}

#[test]
fn nothing_goes_out_that_is_not_what_the_sources_say() {
    let refused = |site: &TestSite, wanted: &str| {
        let run = deploy(site, &["--adopt"]);
        assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
        let all = run.diagnostics().join("\n");
        assert!(all.contains(wanted), "{wanted}: {all}");
        assert!(!site.has("live/index.html"));
    };
    let site = paper("to: \"folder:live\"");
    refused(&site, "nothing is built yet");
    site.build();
    site.write_article("local/a9", "2025-05-09", "", "New.");
    refused(&site, "content/local/a9.md");
    site.try_build(&["--drafts"]);
    refused(&site, "options such as --drafts");
    site.try_build(&["--base-url", "https://elsewhere.example"]);
    refused(&site, "--base-url");
    site.try_build(&["--future"]);
    refused(&site, "--future");
    site.remove("public");
    site.try_build(&["--output", "elsewhere"]);
    refused(&site, "nothing is built yet");
    site.build();
    site.remove("content/local/a9.md");
    refused(&site, "content/local/a9.md");
    site.write("content/local/bad.md", "---\ntitle: [\n---\n");
    site.try_build(&["--keep-going"]);
    refused(&site, "errors");
    site.remove("content/local/bad.md");
    site.build();
    site.write("public/local/a0/index.html", "Somebody else wrote this.");
    refused(&site, "not the one that the last build wrote");
    site.write("site.yaml", "base_url: http://localhost:4000\ndeploy: { live: { to: \"folder:live\" } }\n");
    site.build();
    refused(&site, "localhost");
    let hints = deploy(&site, &["--adopt"]).hints().join("\n");
    assert!(hints.contains("site.yaml") && !hints.contains("--base-url"), "a cure that deploy knows: {hints}");
}

#[test]
fn a_site_that_has_changed_by_itself_is_built_again_first() {
    let site = paper("to: \"folder:live\"");
    site.write_article("local/later", "2025-06-02", "", "Embargoed until after the build.");
    site.build();
    let run = deploy(&site, &["--adopt"]);
    assert_eq!(run.code, 1);
    assert!(run.diagnostics().join("\n").contains("changed by itself"), "{}", run.stdout);
}

#[test]
fn removing_much_is_refused_and_withholding_much_is_not() {
    let site = paper("to: \"folder:live\", max_removals: 2");
    site.build();
    deployed(&site, &["--adopt"]);
    let before = held(&site.path("live"));
    for number in 0..3 {
        site.remove(&format!("content/local/a{number}.md"));
    }
    site.build();
    let run = deploy(&site, &[]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert!(run.hints().join("\n").contains("--max-removals"), "{}", run.stdout);
    assert_same(&held(&site.path("live")), &before, "a refusal");
    for number in 0..3 {
        site.write_article(&format!("local/a{number}"), "2025-05-01", "draft: true", "Withheld.");
    }
    site.build();
    let done = deployed(&site, &["--max-removals", "1000"]);
    assert!(done["withdrawn"].as_u64() >= Some(3), "{done}");
    assert_same(&held(&site.path("live")), &built(&site), "withholding");
}

#[test]
fn withheld_articles_do_not_count_towards_the_limit() {
    let site = paper("to: \"folder:live\", max_removals: 0");
    // So that nothing but its page vanishes with it.
    site.write_article("local/last", "2025-05-05", "", "It goes.");
    site.build();
    deployed(&site, &["--adopt"]);
    site.write_article("local/last", "2025-05-05", "draft: true", "It goes.");
    site.build();
    let run = deploy(&site, &[]);
    let removed: Vec<_> = files(&run).into_iter().filter(|(action, _)| action == "remove").collect();
    assert!(run.code == 0 && removed.is_empty(), "{}{}", run.stdout, run.stderr);
}

#[test]
fn an_old_address_that_another_article_took_over_does_not_keep_a_withheld_one() {
    let site = paper("to: \"folder:live\"");
    let day = "2025-05-05";
    site.write_article("local/one", day, "permalink: /x/\naliases: [/old/]", "One.");
    site.build();
    deployed(&site, &["--adopt"]);
    // The page at the old address has the same bytes, and leads to another article.
    site.write_article("local/one", day, "permalink: /y/", "One.");
    site.write_article("local/two", day, "permalink: /x/\naliases: [/old/]", "Two.");
    site.build();
    deployed(&site, &[]);
    site.write_article("local/one", day, "permalink: /y/\ndraft: true", "One.");
    site.build();
    let run = deploy(&site, &[]);
    let withdrawn = ("withdraw".to_owned(), "y/index.html".to_owned());
    assert!(files(&run).contains(&withdrawn), "{}{}", run.stdout, run.stderr);
}

#[test]
fn a_dry_run_says_what_would_happen_and_writes_nothing() {
    let site = paper("to: \"folder:live\"");
    site.build();
    let would = deployed(&site, &["--adopt", "--dry-run"]);
    assert!(would["new"].as_u64() > Some(5), "{would}");
    assert!(!site.has("live"));
}

#[test]
fn a_command_receives_what_changed_and_runs_again_when_it_failed() {
    let site = paper("command: \"test ! -e broken && cat > told.json\"");
    site.build();
    site.write("broken", "");
    let run = deploy(&site, &[]);
    assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
    site.remove("broken");
    deployed(&site, &[]);
    let told: Value = serde_json::from_str(&site.read("told.json")).expect("JSON");
    let has = |told: &Value, key: &str, url: &str| told[key].as_array().expect("a list").iter().any(|one| one == url);
    let page = "https://paper.example/local/a0/";
    assert!(has(&told, "changed", page) || has(&told, "new", page), "{told}");
    assert!(told["output"].as_str().expect("text").ends_with("public"), "{told}");

    site.remove("told.json");
    deployed(&site, &[]);
    assert!(!site.has("told.json"), "nothing changed, so nobody is told");

    site.write_article(
        "local/a0",
        "2025-05-01",
        "corrections: [{ date: 2025-05-20, text: \"A name was wrong.\" }]",
        "Right.",
    );
    site.write_article("local/a1", "2025-05-02", "draft: true", "Gone.");
    site.build();
    deployed(&site, &[]);
    let told: Value = serde_json::from_str(&site.read("told.json")).expect("JSON");
    assert!(has(&told, "corrected", page) && has(&told, "corrected", &format!("{page}index.html")), "{told}");
    assert!(has(&told, "withdrawn", "https://paper.example/local/a1/"), "{told}");
    assert!(has(&told, "removed", "https://paper.example/local/a1/"), "{told}");
}

#[test]
fn who_was_not_reached_afterwards_is_told_with_the_next_deployment() {
    let site = paper("to: \"folder:live\", after: [\"test ! -e broken && cat > told.json\"]");
    site.build();
    site.write("broken", "");
    let run = deploy(&site, &["--adopt"]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert_same(&held(&site.path("live")), &built(&site), "a failing command");
    site.remove("broken");
    deployed(&site, &[]);
    let told: Value = serde_json::from_str(&site.read("told.json")).expect("JSON");
    assert!(told["new"].as_array().expect("a list").iter().any(|url| url == "https://paper.example/"), "{told}");
    site.remove("told.json");
    deployed(&site, &[]);
    assert!(!site.has("told.json"));
}

#[cfg(unix)]
#[test]
fn with_switch_everything_appears_in_one_moment() {
    let site = paper("to: \"folder:live\", switch: true");
    site.build();
    deployed(&site, &["--adopt"]);
    assert_same(&held(&site.path("live/current")), &built(&site), "the first");
    let first = fs::read_link(site.path("live/current")).expect("a link");
    site.write_article("local/a1", "2025-05-02", "draft: true", "Withheld.");
    site.write_article("local/a2", "2025-05-03", "", "Another body.");
    site.write("live/current/foreign/file.txt", "Not ours.");
    site.build();
    deployed(&site, &[]);
    assert_eq!(site.read("live/current/foreign/file.txt"), "Not ours.", "only --remove-foreign removes it");
    deployed(&site, &["--repair", "--remove-foreign"]);
    assert_same(&held(&site.path("live/current")), &built(&site), "the second");
    assert_ne!(fs::read_link(site.path("live/current")).expect("a link"), first);
    assert_eq!(
        fs::read_dir(site.path("live/releases")).expect("a folder").count(),
        1,
        "older ones hold what was withdrawn"
    );
}

#[cfg(unix)]
#[test]
fn with_switch_what_others_keep_among_the_releases_stays() {
    let site = paper("to: \"folder:live\", switch: true");
    others_keep_releases(&site.path("live"));
    site.build();
    deployed(&site, &["--adopt"]);
    assert_eq!(releases(&site.path("live")), ["1", "1-again", "20260101120000", "README"]);
    site.write_article("local/a1", "2025-05-02", "draft: true", "Withheld.");
    site.build();
    deployed(&site, &[]);
    assert_eq!(releases(&site.path("live")), ["1", "2", "20260101120000", "README"], "courant's own goes");
    assert!(!site.has("live/current/local/a1/index.html") && site.has("live/current/kept.html"));
}

/// Releases of others, to one of which `current` leads.
#[cfg(unix)]
fn others_keep_releases(live: &Path) {
    for release in ["1", "20260101120000"] {
        fs::create_dir_all(live.join("releases").join(release)).expect("a folder");
    }
    fs::write(live.join("releases/README"), "Not courant's.").expect("written");
    fs::write(live.join("releases/20260101120000/kept.html"), "Kept.").expect("written");
    std::os::unix::fs::symlink("releases/20260101120000", live.join("current")).expect("a link");
}

#[cfg(unix)]
fn releases(live: &Path) -> Vec<String> {
    let entries = fs::read_dir(live.join("releases")).expect("a folder").flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn foreign_files_in_the_way_are_spared_and_named() {
    let site = paper("to: \"folder:live\"");
    spares_foreign_files(&site, &site.path("live"), &|flags| deploy(&site, flags));
}

/// Deploys to a folder in which others put files where the site is going to have its own.
fn spares_foreign_files(site: &TestSite, live: &Path, deploy: &dyn Fn(&[&str]) -> Run) {
    let adopted = |flags: &[&str]| {
        let run = deploy(flags);
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    };
    let write = |path: &str, text: &str| {
        fs::create_dir_all(live.join(path).parent().expect("a folder")).expect("made");
        fs::write(live.join(path), text).expect("written");
    };
    let refused = |flags: &[&str], names: &[&str], has_cure: bool| {
        let before = held(live);
        let run = deploy(flags);
        assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
        let said = run.diagnostics().join("\n");
        assert!(names.iter().all(|name| said.contains(name)), "{names:?}: {said}");
        assert_eq!(run.hints().join("\n").contains("--adopt"), has_cure, "{:?}", run.hints());
        assert!(held(live) == before, "nothing was touched");
    };
    site.write("static/plain.txt", "Ours.");
    site.build();
    write("plain.txt/keep.me", "A folder of others.");
    write("logo.svg", "A file of others.");
    refused(&["--adopt"], &["/plain.txt/keep.me"], false);
    fs::remove_dir_all(live.join("plain.txt")).expect("removed");
    fs::create_dir_all(live.join("plain.txt/empty/deep")).expect("made");
    adopted(&["--adopt"]);
    assert_same(&held(live), &built(site), "a target that was taken over");

    write("imprint/index.html", "By hand.");
    write("downloads/book.pdf", "A book.");
    write("podcast", "A file.");
    site.write("content/imprint.md", "---\ntitle: Imprint\n---\n\nOurs.\n");
    site.write("static/downloads", "A list.");
    site.write("content/podcast.md", "---\ntitle: Podcast\n---\n\nOurs.\n");
    site.build();
    for flags in [&["--dry-run"][..], &[], &["--repair"]] {
        refused(flags, &["/imprint/index.html", "/downloads/book.pdf", "/podcast"], false);
    }
    refused(&["--adopt"], &["/downloads/book.pdf"], false);
    fs::remove_dir_all(live.join("downloads")).expect("removed");
    refused(&[], &["/imprint/index.html", "/podcast"], true);
    adopted(&["--adopt"]);
    assert_same(&held(live), &built(site), "files that were given up");

    // What was courant's is somebody else's folder now.
    fs::remove_file(live.join("logo.svg")).expect("removed");
    write("logo.svg/theirs.txt", "Theirs.");
    site.write("static/logo.svg", "<svg><g/></svg>");
    site.build();
    refused(&[], &["/logo.svg/theirs.txt"], false);
    adopted(&["--repair", "--remove-foreign"]);
    assert_same(&held(live), &built(site), "all foreign files removed");
}

#[test]
fn a_foreign_file_that_is_to_be_removed_gives_way_to_that_of_the_site() {
    let site = paper("to: \"folder:live\"");
    site.build();
    deployed(&site, &["--adopt"]);
    site.write("live/imprint/index.html", "By hand.");
    site.write("content/imprint.md", "---\ntitle: Imprint\n---\n\nOurs.\n");
    site.build();
    deployed(&site, &["--repair", "--remove-foreign"]);
    assert_same(&held(&site.path("live")), &built(&site), "a repair");
}

#[test]
fn a_file_may_become_a_folder_and_a_folder_a_file() {
    let site = paper("to: \"folder:live\"");
    becomes_a_folder_and_back(&site, &site.path("live"), &|flags| deploy(&site, flags));
}

/// Deploys a file in whose place there is a folder afterwards, and the other way round.
fn becomes_a_folder_and_back(site: &TestSite, live: &Path, deploy: &dyn Fn(&[&str]) -> Run) {
    let list = "static/downloads";
    let article = "content/downloads.md";
    let steps = [(list, "A list.", article), (article, "---\ntitle: Downloads\n---\n\nA page.\n", list)];
    let mut flags: &[&str] = &["--adopt"];
    for (path, text, other) in steps.iter().chain(&steps) {
        if site.has(other) {
            site.remove(other);
        }
        site.write(path, text);
        site.build();
        let run = deploy(std::mem::take(&mut flags));
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
        assert_same(&held(live), &built(site), path);
        assert_eq!(deploy(&["--check"]).code, 0);
    }
    // Somebody else's folder takes the place of a file that goes.
    site.write(list, "A list.");
    site.remove(article);
    site.build();
    assert_eq!(deploy(&[]).code, 0);
    fs::remove_file(live.join("downloads")).expect("removed");
    fs::create_dir(live.join("downloads")).expect("made");
    fs::write(live.join("downloads/book.pdf"), "A book.").expect("written");
    site.remove(list);
    site.build();
    for _ in 0..2 {
        let run = deploy(&[]);
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    }
    assert!(live.join("downloads/book.pdf").is_file());
}

/// What is left of a deployment that was killed when readers had it already, and its record was not written.
#[cfg(unix)]
#[test]
fn a_deployment_that_was_killed_after_the_switch_is_done_again_beside_what_readers_have() {
    let site = paper("to: \"folder:live\", switch: true");
    site.build();
    deployed(&site, &["--adopt"]);
    crate::fixture::copy(&site.path("live/.courant-deploy"), &site.path("before"));
    site.write_article("local/a2", "2025-05-03", "", "Another body.");
    site.build();
    deployed(&site, &[]);
    let switched = fs::read_link(site.path("live/current")).expect("a link");
    for number in 0..3 {
        site.remove("live/.courant-deploy");
        site.remove(".courant/deploy");
        crate::fixture::copy(&site.path("before"), &site.path("live/.courant-deploy"));
        deployed(&site, &[]);
        assert_same(&held(&site.path("live/current")), &built(&site), "the same once more");
        let now = fs::read_link(site.path("live/current")).expect("a link");
        assert_eq!(now == switched, number % 2 == 1, "readers are never in a folder that is being filled");
    }
}

#[test]
fn drift_is_found_and_mended() {
    let site = paper("to: \"folder:live\"");
    site.build();
    deployed(&site, &["--adopt"]);
    assert_eq!(deploy(&site, &["--check"]).code, 0);
    let said = |site: &TestSite| Run::of(site.command().args(["deploy", "--check"]).output().expect("it runs")).stdout;
    assert!(said(&site).contains("live holds what was deployed"), "{}", said(&site));
    site.write("live/local/a0/index.html", "Defaced.");
    site.remove("live/local/a1/index.html");
    site.write("live/strange.html", "Not ours.");
    assert!(said(&site).contains("live differs from what was deployed: 3 files"), "{}", said(&site));
    let run = deploy(&site, &["--check"]);
    assert_eq!(run.code, 1);
    for wanted in ["changed\",\"path\":\"local/a0", "missing\",\"path\":\"local/a1", "foreign\",\"path\":\"strange"] {
        assert!(run.stdout.contains(wanted), "{wanted}: {}", run.stdout);
    }
    deployed(&site, &["--repair"]);
    assert!(site.has("live/strange.html"), "foreign files stay");
    deployed(&site, &["--repair", "--remove-foreign"]);
    assert_same(&held(&site.path("live")), &built(&site), "a repair");
}

#[test]
fn files_with_a_fingerprint_stay_for_a_while() {
    let site = paper("to: \"folder:live\"");
    let site =
        site.file("site.yaml", configuration("to: \"folder:live\"").replace("assets_grace: 0s", "assets_grace: 7d"));
    site.build();
    deployed(&site, &["--adopt"]);
    let styles = |site: &TestSite| -> BTreeSet<String> {
        built(site).into_keys().filter(|path| path.starts_with("assets/") && path.ends_with(".css")).collect()
    };
    let old = styles(&site);
    let text = site.read("site.yaml");
    site.write("site.yaml", format!("{text}theme_settings: {{ accent: teal }}\n"));
    site.build();
    deployed(&site, &[]);
    let new = styles(&site);
    assert_ne!(old, new, "the stylesheet has another name");
    assert!(old.iter().all(|path| site.has(&format!("live/{path}"))), "pages in caches still name it");
    site.write("site.yaml", text);
    site.build();
    deployed(&site, &[]);
    assert!(old.iter().all(|path| site.has(&format!("live/{path}"))), "it came back");
}

#[test]
fn files_with_a_fingerprint_go_when_their_time_is_over() {
    let site = paper("to: \"folder:live\", max_removals: 0");
    site.write("site.yaml", site.read("site.yaml").replace("assets_grace: 0s", "assets_grace: 2s"));
    site.build();
    deployed(&site, &["--adopt"]);
    let before = built(&site);
    let text = site.read("site.yaml");
    site.write("site.yaml", format!("{text}theme_settings: {{ accent: teal }}\n"));
    site.build();
    deployed(&site, &[]);
    let mut old = before.into_keys().filter(|path| !built(&site).contains_key(path)).peekable();
    assert!(old.peek().is_some(), "the stylesheet has another name");
    std::thread::sleep(std::time::Duration::from_secs(3));
    assert!(deployed(&site, &[])["removed"].as_u64() > Some(0));
    for path in old {
        assert!(!site.has(&format!("live/{path}")), "{path}");
    }
    assert_same(&held(&site.path("live")), &built(&site), "their time");
}

#[test]
fn a_deployment_that_writes_looks_at_some_other_files_and_warns() {
    let site = paper("to: \"folder:live\"");
    site.build();
    deployed(&site, &["--adopt"]);
    for path in built(&site).keys().filter(|path| path.ends_with(".html")) {
        site.write(&format!("live/{path}"), "Defaced by somebody.");
    }
    site.write("static/logo.svg", "<svg><g/></svg>");
    site.build();
    let run = deploy(&site, &[]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.diagnostics().join("\n").contains("are not what was deployed"), "{}", run.stdout);
    assert!(run.hints().join("\n").contains("courant deploy --check"), "{}", run.stdout);
    deployed(&site, &["--repair"]);
    site.write("static/logo.svg", "<svg/>");
    site.build();
    assert!(deploy(&site, &[]).diagnostics().is_empty());
}

#[test]
fn limits_of_hosts_are_told_before_an_upload() {
    let site = paper("command: \"cat > told.json\"");
    site.write("static/film.mp4", vec![0; (25 << 20) + 1]);
    site.build();
    let told = |flags: &[&str]| {
        let run = deploy(&site, flags);
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
        run.diagnostics().join("\n")
    };
    let limit = "Cloudflare Pages takes files of 25 MiB, and /film.mp4 has 25";
    assert!(!told(&["--dry-run"]).contains("25 MiB"), "of a host that nobody named");
    assert!(told(&["--dry-run", "--host-limits"]).contains(limit));
    assert!(!site.has("told.json"));
    site.write("site.yaml", format!("hosting: [cloudflare]\n{}", site.read("site.yaml")));
    site.build();
    assert!(told(&["--dry-run"]).contains(limit));
    let check = site.run(&["check", "--json", "--at", NOW]);
    assert!(check.diagnostics().join("\n").contains(limit), "{}", check.stdout);
}

#[test]
fn a_command_may_print_and_need_not_read_what_it_is_told() {
    let site = paper("command: \"echo some progress; echo {}; true\", after: [\"echo more\", \"exec false\"]");
    for number in 0..600 {
        site.write(&format!("static/files/a-long-name-so-that-no-pipe-holds-all-of-it-{number}.txt"), "x");
    }
    site.build();
    let run = deploy(&site, &[]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(run.diagnostics().join("\n").contains("the command `exec false` ended with 1"), "{}", run.stdout);
    assert!(
        run.stdout.lines().all(|line| serde_json::from_str::<Value>(line).is_ok_and(|one| one["event"].is_string()))
    );
    assert!(run.stderr.contains("some progress") && run.stderr.contains("more"), "{}", run.stderr);
}

#[test]
fn a_record_of_another_version_is_left_alone() {
    let site = paper("to: \"folder:live\"");
    site.build();
    deployed(&site, &["--adopt"]);
    site.write_article("local/a1", "2025-05-02", "", "Another body.");
    site.build();
    let before = tree(&site.path("live"));
    for (head, said) in [
        ("{\"format\": 2, \"sites\": [\"https://paper.example\"]}", "was written by another version of courant"),
        ("{\"format\": 1}", "is damaged"),
        ("half a he", "is damaged"),
        ("", "is damaged"),
    ] {
        site.write("live/.courant-deploy/head", head);
        let run = deploy(&site, &[]);
        assert_eq!(run.code, 1, "{head}: {}{}", run.stdout, run.stderr);
        assert!(run.diagnostics().join("\n").contains(said), "{head}: {}", run.stdout);
        assert!(run.hints().join("\n").contains("--adopt"), "{}", run.stdout);
        let mut now = tree(&site.path("live"));
        now.insert(".courant-deploy/head".into(), before[".courant-deploy/head"].clone());
        assert!(now == before, "{head}: nothing was touched");
    }
    deployed(&site, &["--adopt"]);
    assert_same(&held(&site.path("live")), &built(&site), "a new record");
}

#[test]
fn a_record_that_lost_a_part_is_begun_anew_on_purpose() {
    for part in ["base-", "segment-"] {
        let site = paper("to: \"folder:live\"");
        site.build();
        deployed(&site, &["--adopt"]);
        site.write_article("local/a1", "2025-05-02", "", "Another body.");
        site.build();
        deployed(&site, &[]);
        let state = site.path("live/.courant-deploy");
        let names = fs::read_dir(&state).expect("a folder").flatten().map(|entry| entry.file_name());
        let name = names.map(|name| name.to_string_lossy().into_owned()).find(|name| name.starts_with(part));
        let whole = fs::read(state.join(name.as_ref().expect("a part"))).expect("there");
        for left in [None, Some(&whole[..whole.len() / 2])] {
            match left {
                None => fs::remove_file(state.join(name.as_ref().expect("a part"))).expect("removed"),
                Some(half) => fs::write(state.join(name.as_ref().expect("a part")), half).expect("written"),
            }
            // This machine knows it by heart; another one does not.
            deployed(&site, &[]);
            let desk = site.path(".courant/deploy");
            let aside = site.path("aside");
            fs::rename(&desk, &aside).expect("moved");
            let run = deploy(&site, &[]);
            assert_eq!(run.code, 1, "{part}: {}{}", run.stdout, run.stderr);
            assert!(run.diagnostics().join("\n").contains("is not complete"), "{}", run.stdout);
            fs::remove_dir_all(&desk).expect("removed");
            fs::rename(&aside, &desk).expect("moved");
        }
        site.remove(".courant/deploy");
        deployed(&site, &["--adopt"]);
        assert_same(&held(&site.path("live")), &built(&site), "a new record");
        site.remove(".courant/deploy");
        deployed(&site, &[]);
    }
}

#[test]
fn an_address_that_would_lead_elsewhere_than_it_says_is_refused() {
    for to in ["folder:~/news", "folder://srv/news", "ssh://me@host.example/~/news", "s3:/news", "s3://news/a/../b"] {
        let site = paper(&format!("to: \"{to}\""));
        let run = deploy(&site, &["--adopt"]);
        assert_eq!(run.code, 1, "{to}: {}{}", run.stdout, run.stderr);
        assert!(run.diagnostics().join("\n").contains("is not a place to deploy to"), "{to}: {}", run.stdout);
    }
}

#[test]
fn a_site_with_nothing_in_it_and_one_below_a_path_go_out() {
    let site = TestSite::new().at(NOW).file("site.yaml", configuration("to: \"folder:live\""));
    site.build();
    deployed(&site, &["--adopt"]);
    assert_same(&held(&site.path("live")), &built(&site), "an empty site");

    let site = paper("to: \"folder:live\", after: [\"cat > told.json\"]");
    site.write(
        "site.yaml",
        site.read("site.yaml").replace("https://paper.example", "https://paper.example/the%20news"),
    );
    site.build();
    deployed(&site, &["--adopt"]);
    assert_same(&held(&site.path("live")), &built(&site), "a site below a path");
    let told: Value = serde_json::from_str(&site.read("told.json")).expect("JSON");
    let new = told["new"].as_array().expect("a list");
    for address in ["https://paper.example/the%20news/", "https://paper.example/the%20news/local/a0/index.html"] {
        assert!(new.iter().any(|one| one == address), "{address}: {told}");
    }
}

#[test]
fn another_site_s_target_is_left_alone() {
    let shared = crate::fixture::folder();
    let target = format!("to: \"folder://{}\"", shared.path().display());
    let (one, other) = (paper(&target), paper(&target));
    other.write("site.yaml", configuration(&target).replace("paper.example", "other.example"));
    one.build();
    other.build();
    deployed(&one, &["--adopt"]);
    let run = deploy(&other, &[]);
    assert_eq!(run.code, 1);
    assert!(run.diagnostics().join("\n").contains("https://paper.example"), "{}", run.stdout);
    assert_same(&held(shared.path()), &built(&one), "a refusal");
}

#[test]
fn a_record_that_lies_elsewhere_is_of_one_target() {
    let site = paper("to: \"folder:live\", state: \"folder:record\"");
    site.build();
    deployed(&site, &["--adopt"]);
    assert!(site.has("record/head") && !site.has("live/.courant-deploy/head"));
    site.write("site.yaml", configuration("to: \"folder:other\", state: \"folder:record\""));
    let run = deploy(&site, &[]);
    assert!(run.code == 1 && run.stdout.contains("is that of folder:live"), "{}{}", run.stdout, run.stderr);
    deployed(&site, &["--adopt"]);
    assert_same(&held(&site.path("other")), &built(&site), "a change of the target");
}

#[test]
fn the_record_does_not_lie_where_the_target_shows_it() {
    for state in ["live", "live/state"] {
        let site = paper(&format!("to: \"folder:live\", state: \"folder:{state}\""));
        site.build();
        let run = deploy(&site, &["--adopt"]);
        assert_eq!(run.code, 1, "{state}: {}{}", run.stdout, run.stderr);
        assert!(run.diagnostics().join("\n").contains("readers could get the record"), "{}", run.stdout);
        assert!(!site.has("live"), "{state}");
    }
}

#[test]
fn the_site_is_not_deployed_into_itself() {
    for folder in
        ["public", "content/x", ".", "comments/x", ".git/x", ".courant", "link/content/new", "link/public/new"]
    {
        let site = paper(&format!("to: \"folder:{folder}\""));
        #[cfg(unix)]
        std::os::unix::fs::symlink(site.root(), site.path("link")).expect("a link");
        if cfg!(not(unix)) && folder.starts_with("link") {
            continue;
        }
        site.build();
        let before = tree(site.root());
        let run = deploy(&site, &["--adopt"]);
        assert_eq!(run.code, 1, "{folder}: {}{}", run.stdout, run.stderr);
        assert!(run.diagnostics().join("\n").contains("belongs to the site itself"), "{}", run.stdout);
        let mut after = tree(site.root());
        after.retain(|path, _| !path.starts_with(".courant/"));
        let mut before = before;
        before.retain(|path, _| !path.starts_with(".courant/"));
        assert_eq!(before, after);
    }
}

#[test]
fn a_target_that_is_not_there_is_wrong_usage() {
    let site = paper("to: \"folder:live\"");
    assert_eq!(deploy(&site, &["nowhere"]).code, 2);
    site.write("site.yaml", "title: X\n");
    assert_eq!(deploy(&site, &[]).code, 2);
    site.write("site.yaml", "deploy: { live: { to: \"gopher://x\" } }\n");
    assert_eq!(deploy(&site, &[]).code, 1);
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let site = paper("to: \"folder:taken/live\"");
    site.write("taken", "A file.");
    site.build();
    let run = deploy(&site, &["--adopt"]);
    assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
    assert!(run.diagnostics().join("\n").contains("taken/live"), "{}", run.stdout);
    assert_eq!(site.read("taken"), "A file.");
}

/// Deploys to a disk that has no room for a file of more than 64 blocks, which fails.
#[cfg(unix)]
fn deploy_without_room(site: &TestSite) -> Run {
    let program = site.command();
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\""]).arg(program.get_program());
    command.args(program.get_args()).args(["deploy", "--json"]);
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.current_dir(program.get_current_dir().unwrap_or(site.root()));
    prepare(&mut command);
    let run = Run::of(command.output().expect("the program runs"));
    assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
    run
}

/// The files of the record whose names begin so.
fn of_record(state: &Path, kind: &str) -> Vec<std::path::PathBuf> {
    let files = fs::read_dir(state).expect("a folder").flatten().map(|entry| entry.path());
    files.filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(kind))).collect()
}

#[cfg(unix)]
#[test]
fn what_the_first_of_several_unfinished_deployments_wrote_is_not_forgotten() {
    // The same machine goes on; another one repeats the intent.
    for is_another in [false, true] {
        let site = paper("to: \"folder:live\"");
        site.build();
        deployed(&site, &["--adopt"]);
        let state = site.path("live/.courant-deploy");
        site.write_article("local/scoop", "2025-05-08", "", "A scoop.");
        site.write_article("local/a1", "2025-05-02", "tags: [harbour]", "A sentence that is retracted.");
        site.write_article("zz/large", "2025-05-01", "", &"Words. ".repeat(20_000));
        site.build();
        for _ in 0..3 {
            deploy_without_room(&site);
            assert!(site.has("live/local/scoop/index.html"));
            assert_eq!(of_record(&state, "intent-").len(), 1, "nobody needs the earlier ones");
            if is_another {
                site.remove(".courant/deploy");
            }
        }
        site.remove("content/local/scoop.md");
        site.remove("content/zz/large.md");
        site.write_article("local/a1", "2025-05-02", "tags: [harbour]", "Body of number 1.");
        site.build();
        let run = deploy(&site, &[]);
        assert!(files(&run).contains(&("withdraw".into(), "local/scoop/index.html".into())), "{}", run.stdout);
        assert_same(&held(&site.path("live")), &built(&site), "unfinished deployments");
        assert_eq!(deploy(&site, &["--check"]).code, 0);
        assert_eq!(of_record(&state, "intent-").len(), 0);
    }
}

/// The names of the pages and files that a diagnostic calls unaccounted for.
fn foreign(run: &Run) -> Vec<String> {
    let lines = run.stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let foreign = lines.filter(|event| event["event"] == "drift" && event["what"] == "foreign");
    foreign.filter_map(|event| event["path"].as_str().map(str::to_owned)).collect()
}

#[cfg(unix)]
#[test]
fn an_intent_that_was_lost_does_not_mean_that_nothing_was_done() {
    for (is_cut, cure) in [(false, "--adopt"), (true, "--adopt"), (false, "--repair")] {
        let site = paper("to: \"folder:live\"");
        site.build();
        deployed(&site, &["--adopt"]);
        site.write_article("local/scoop", "2025-05-08", "", "A scoop.");
        site.write_article("zz/large", "2025-05-01", "", &"Words. ".repeat(20_000));
        site.build();
        deploy_without_room(&site);
        let state = site.path("live/.courant-deploy");
        let intent = of_record(&state, "intent-").remove(0);
        let whole = fs::read(&intent).expect("there");
        fs::remove_file(&intent).expect("removed");
        if is_cut {
            fs::write(&intent, &whole[..whole.len() / 2]).expect("written");
        }
        site.remove("content/local/scoop.md");
        site.remove("content/zz/large.md");
        site.remove(".courant/deploy");
        site.build();
        for run in [deploy(&site, &[]), build_for_target(&site)] {
            assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
            assert!(run.diagnostics().join("\n").contains("is not complete"), "{}", run.stdout);
            assert!(run.hints().join("\n").contains("--adopt"), "{}", run.stdout);
        }
        let run = deploy(&site, &[cure]);
        assert_eq!(run.code, 1, "{cure}: {}{}", run.stdout, run.stderr);
        assert!(run.diagnostics().join("\n").contains("such as /local/scoop/"), "{}", run.stdout);
        assert!(foreign(&run).contains(&"local/scoop/index.html".to_owned()), "{}", run.stdout);
        deployed(&site, &["--repair", "--remove-foreign"]);
        assert_same(&held(&site.path("live")), &built(&site), "a lost intent");
        deployed(&site, &[]);
    }
}

#[test]
fn what_courant_put_into_a_target_goes_also_when_the_target_is_taken_over_anew() {
    let begun = |settings: &str| {
        let site = paper(settings);
        site.build();
        deployed(&site, &["--adopt"]);
        site.write_article("local/a1", "2025-05-02", "draft: true", "Withheld.");
        site
    };
    let taken_over = |site: &TestSite| {
        site.build();
        let run = deploy(site, &[]);
        assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
        assert!(run.hints().join("\n").contains("--adopt"), "{}", run.stdout);
        deployed(site, &["--adopt"]);
        deployed(site, &[]);
        assert_same(&held(&site.path("live")), &built(site), "another record");
        assert_eq!(deploy(site, &["--check"]).code, 0);
    };
    let site = begun("to: \"folder:live\"");
    site.write("site.yaml", site.read("site.yaml").replace("paper.example", "news.example"));
    taken_over(&site);
    // The same place under another name.
    let site = begun("to: \"folder:live\", state: \"folder:record\"");
    site.write(
        "site.yaml",
        site.read("site.yaml").replace("folder:live", &format!("folder://{}", site.path("live").display())),
    );
    taken_over(&site);
    site.write("site.yaml", configuration("to: \"folder:live\", state: \"folder:record\""));
    taken_over(&site);
    // What cannot be read is known to this machine.
    for head in [None, Some("half a he")] {
        let site = begun("to: \"folder:live\"");
        match head {
            Some(head) => site.write("live/.courant-deploy/head", head),
            None => site.remove("live/.courant-deploy/head"),
        }
        taken_over(&site);
    }
}

#[test]
fn where_the_record_is_damaged_whatever_else_is_there_is_named_and_an_error() {
    let site = paper("to: \"folder:live\"");
    site.build();
    deployed(&site, &["--adopt"]);
    let base = of_record(&site.path("live/.courant-deploy"), "base-").remove(0);
    let whole = fs::read(&base).expect("there");
    fs::write(&base, &whole[..whole.len() - 3]).expect("written");
    site.remove(".courant/deploy");
    site.write_article("local/a1", "2025-05-02", "draft: true", "Withheld.");
    site.build();
    let run = deploy(&site, &["--adopt"]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(run.diagnostics().join("\n").contains("such as /local/a1/"), "{}", run.stdout);
    assert!(!base.exists(), "it names what was withdrawn, and nobody needs it");
    deployed(&site, &["--repair", "--remove-foreign"]);
    assert_same(&held(&site.path("live")), &built(&site), "a repair");
}

#[test]
fn a_target_that_has_lost_its_files_does_not_get_half_a_site() {
    for switch in ["", ", switch: true"] {
        if cfg!(not(unix)) && !switch.is_empty() {
            continue;
        }
        let site = paper(&format!("to: \"folder:live\", state: \"folder:record\"{switch}"));
        site.build();
        deployed(&site, &["--adopt"]);
        // Nothing is mounted there.
        site.remove("live");
        fs::create_dir(site.path("live")).expect("made");
        let refused = |run: Run| {
            assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
            assert!(run.diagnostics().join("\n").contains("has lost its files"), "{}", run.stdout);
            assert!(run.hints().join("\n").contains("--repair"), "{}", run.stdout);
            assert!(tree(&site.path("live")).is_empty());
        };
        refused(deploy(&site, &[]));
        site.write_article("local/a1", "2025-05-02", "draft: true", "Withheld.");
        refused(build_for_target(&site));
        site.build();
        refused(deploy(&site, &[]));
        deployed(&site, &["--repair"]);
        let live = site.path(if switch.is_empty() { "live" } else { "live/current" });
        assert_same(&held(&live), &built(&site), "a repair");
    }
}

#[test]
fn what_a_command_has_missed_every_machine_knows() {
    let site = paper("to: \"folder:live\", after: [\"cat > told.json\"]");
    site.build();
    deployed(&site, &["--adopt"]);
    let settings = site.read("site.yaml");
    let state = site.path("live/.courant-deploy");
    assert_eq!(of_record(&state, "untold-").len(), 0, "nobody has missed anything");
    site.remove("told.json");
    // Mended where it stands, and in what it calls.
    for (broken, number) in [("exit 7", 1), ("test ! -e broken && cat > told.json", 2)] {
        let is_same = broken.contains("told.json");
        site.write("broken", "");
        site.write("site.yaml", settings.replace("cat > told.json", broken));
        site.write_article(&format!("local/a{number}"), "2025-05-02", "draft: true", "Withheld.");
        let next = || {
            site.remove(".courant");
            build_for_target(&site)
        };
        for _ in 0..2 {
            let run = next();
            assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
        }
        assert_eq!(of_record(&state, "untold-").len(), 1);
        site.remove("broken");
        if !is_same {
            site.write("site.yaml", &settings);
        }
        let run = next();
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
        let told: Value = serde_json::from_str(&site.read("told.json")).expect("JSON");
        let page = format!("https://paper.example/local/a{number}/");
        assert!(told["withdrawn"].as_array().expect("a list").iter().any(|one| *one == page), "{told}");
        site.remove("told.json");
        assert_eq!(next().code, 0);
        assert!(!site.has("told.json"), "once");
        assert_eq!(of_record(&state, "untold-").len(), 0);
    }
}

#[test]
fn a_memory_of_what_commands_have_missed_that_is_lost_is_told() {
    let site = paper("to: \"folder:live\", after: [\"exit 7\"]");
    site.build();
    assert_eq!(deploy(&site, &["--adopt"]).code, 1);
    site.write("site.yaml", configuration("to: \"folder:live\", after: [\"cat > told.json\"]"));
    for memory in of_record(&site.path("live/.courant-deploy"), "untold-") {
        fs::write(memory, "{\"missed\":").expect("written");
    }
    let run = deploy(&site, &[]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(run.hints().join("\n").contains("by hand"), "{}", run.stdout);
    deployed(&site, &[]);
}

#[test]
fn a_repair_tells_the_commands_what_it_has_changed() {
    let site = paper("to: \"folder:live\", after: [\"cat > told.json\"]");
    site.build();
    deployed(&site, &["--adopt"]);
    site.remove("told.json");
    site.write_article("local/a1", "2025-05-02", "draft: true", "Withheld.");
    site.build();
    deployed(&site, &["--repair"]);
    assert!(site.read("told.json").contains("https://paper.example/local/a1/"));
}

#[test]
fn a_build_for_a_target_to_which_somebody_else_deploys_meanwhile_is_made_again() {
    let shared = crate::fixture::folder();
    let one = paper(&format!("to: \"folder://{}\"", shared.path().display()));
    one.build();
    deployed(&one, &["--adopt"]);
    assert_eq!(build_for_target(&one).code, 0);
    let other = one.other_machine();
    // It has read the record, and waits with its build.
    fs::create_dir_all(other.path(".courant")).expect("made");
    let lock = fs::File::create(other.path(".courant/lock")).expect("made");
    lock.lock().expect("locked");
    let waiting = for_target(&other).spawn().expect("the program runs");
    let has_read = || {
        let files = fs::read_dir(other.path(".courant")).expect("a folder").flatten();
        files.filter(|entry| entry.path().is_file()).count() > 1
    };
    while !has_read() {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    one.write_article("local/a1", "2025-05-02", "tags: [pier]", "Another body.");
    let run = build_for_target(&one);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    drop(lock);
    let run = Run::of(waiting.wait_with_output().expect("ended"));
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    other.build();
    assert_same(&held(shared.path()), &built(&other), "the second of two");
}

#[test]
fn a_lease_of_a_clock_that_is_wrong_keeps_nobody_out_for_ever() {
    let site = paper("to: \"folder:live\", lease: 2s");
    site.build();
    deployed(&site, &["--adopt"]);
    let path = "live/.courant-deploy/head";
    let mut head: Value = serde_json::from_str(&site.read(path)).expect("JSON");
    head["lease"] = serde_json::json!({ "holder": "killed", "until": 4_102_444_800_i64 });
    site.write(path, head.to_string());
    site.write_article("local/a1", "2025-05-02", "", "Another body.");
    site.build();
    deployed(&site, &[]);
    assert_same(&held(&site.path("live")), &built(&site), "a lease until the year 2100");
}

#[test]
fn files_beside_a_page_whose_address_ends_in_html_are_withdrawn_with_it() {
    for ending in ["html", "htm"] {
        let site = paper("to: \"folder:live\", max_removals: 0");
        let bundle = |front: &str| {
            let front = format!("permalink: /reports/memo.{ending}\n{front}");
            site.write_article("local/memo/index", "2025-05-05", &front, "[Memo](memo.pdf)");
        };
        site.write("content/local/memo/memo.pdf", "%PDF-1.4");
        bundle("");
        site.build();
        deployed(&site, &["--adopt"]);
        assert!(site.has("live/reports/memo/memo.pdf"));
        bundle("draft: true");
        // A build that fails takes both out of the output folder, too.
        let settings = site.read("site.yaml");
        site.write("site.yaml", format!("{settings}titel: x\n"));
        assert_eq!(site.try_build(&["--keep-going"]).code, 1);
        assert!(!site.has("public/reports/memo/memo.pdf") && site.has("public/local/a0/index.html"));
        site.write("site.yaml", settings);
        site.build();
        let run = deploy(&site, &[]);
        let steps = files(&run);
        for path in [format!("reports/memo.{ending}"), "reports/memo/memo.pdf".into()] {
            assert!(steps.contains(&("withdraw".into(), path.clone())), "{path}: {}{}", run.stdout, run.stderr);
        }
        assert_same(&held(&site.path("live")), &built(&site), "a withdrawal");
    }
}

#[test]
fn what_stands_beside_a_renamed_article_goes_after_its_page() {
    let site = paper("to: \"folder:live\"");
    site.write_article("local/old", "2025-05-08", "aliases: [/before/]", "Its name was wrong.");
    site.build();
    deployed(&site, &["--adopt"]);
    assert!(site.has("live/local/old/social-card.png"));
    fs::rename(site.path("content/local/old.md"), site.path("content/local/new.md")).expect("renamed");
    site.build();
    let run = deploy(&site, &[]);
    let withdrawn: Vec<_> = files(&run).into_iter().filter(|(action, _)| action == "withdraw").collect();
    assert!(withdrawn.is_empty(), "{withdrawn:?}");
    assert_same(&held(&site.path("live")), &built(&site), "another name");
}

#[test]
fn a_photograph_that_had_left_its_article_goes_with_it_all_the_same() {
    let site = paper("to: \"folder:live\"");
    site.write("site.yaml", site.read("site.yaml").replace("assets_grace: 0s", "assets_grace: 7d"));
    let write = |front: &str, body: &str| site.write_article("local/big/index", "2025-05-08", front, body);
    let mut photograph = std::io::Cursor::new(Vec::new());
    let shades = image::RgbImage::from_fn(900, 600, |x, y| image::Rgb([x as u8, y as u8, 90]));
    shades.write_to(&mut photograph, image::ImageFormat::Jpeg).expect("encoded");
    site.write("content/local/big/photo.jpg", photograph.into_inner());
    write("", "![A face](photo.jpg)");
    site.build();
    deployed(&site, &["--adopt"]);
    let pictures = || held(&site.path("live")).into_keys().filter(|path| path.starts_with("pictures/")).count();
    assert!(pictures() > 0);
    write("", "Without a face.");
    site.build();
    deployed(&site, &[]);
    assert!(pictures() > 0, "pages in caches still name them");
    write("draft: true", "Without a face.");
    site.build();
    deployed(&site, &[]);
    assert_eq!(pictures(), 0);
}

#[cfg(unix)]
#[test]
fn a_full_folder_stays_as_it_was() {
    let site = paper("to: \"folder:live\"");
    site.build();
    deployed(&site, &["--adopt"]);
    let before = held(&site.path("live"));
    site.write("static/large.bin", "x".repeat(200_000));
    site.write_article("local/a1", "2025-05-02", "", "Another body.");
    site.build();
    let run = deploy_without_room(&site);
    assert!(run.diagnostics().join("\n").contains("large.bin"), "{}", run.stdout);
    assert_same(&held(&site.path("live")), &before, "a write that failed");
    deployed(&site, &[]);
    assert_same(&held(&site.path("live")), &built(&site), "room again");
}

#[cfg(unix)]
#[test]
fn odd_names_arrive_in_a_folder() {
    let site = paper("to: \"folder:live here/ü\"");
    for name in ODD_NAMES {
        site.write(&format!("static/{name}"), format!("The file {name}."));
    }
    site.build();
    deployed(&site, &["--adopt"]);
    assert_same(&held(&site.path("live here/ü")), &built(&site), "odd names");
    assert_eq!(deploy(&site, &["--check"]).code, 0);
}

#[cfg(unix)]
#[test]
fn a_file_of_the_site_never_takes_the_place_of_the_record() {
    for name in [".courant-deploy/head", ".courant-deploy/more/x.txt", "a\\b.txt", "two\nlines.txt"] {
        let site = paper("to: \"folder:live\"");
        site.build();
        deployed(&site, &["--adopt"]);
        let before = tree(&site.path("live"));
        site.write(&format!("static/{name}"), "{}");
        site.build();
        let run = deploy(&site, &[]);
        assert_eq!(run.code, 1, "{name}: {}{}", run.stdout, run.stderr);
        assert!(run.stdout.contains("cannot be deployed"), "{}", run.stdout);
        assert!(tree(&site.path("live")) == before, "{name}: nothing was touched");
        site.remove(&format!("static/{name}"));
        site.build();
        site.remove(".courant/deploy");
        deployed(&site, &[]);
    }
}

#[test]
fn a_target_with_a_name_that_leads_elsewhere_is_refused() {
    for name in ["../x", "a/b", ".", "..", "-x", ""] {
        let site = paper("to: \"folder:live\"");
        site.write("site.yaml", site.read("site.yaml").replace("  live:", &format!("  \"{name}\":")));
        let run = deploy(&site, &["--adopt"]);
        assert_eq!(run.code, 1, "{name}: {}{}", run.stdout, run.stderr);
        assert!(run.stdout.contains("cannot be the name of a target"), "{}", run.stdout);
        assert!(!site.has("live"));
    }
}

#[test]
fn without_the_log_nothing_goes_out_until_the_next_build() {
    let site = paper("to: \"folder:live\"");
    site.build();
    deployed(&site, &["--adopt"]);
    let before = held(&site.path("live"));
    site.write_article("local/a1", "2025-05-02", "draft: true", "Withheld.");
    site.build();
    for entry in fs::read_dir(site.path(".courant")).expect("a folder").flatten().filter(|entry| entry.path().is_file())
    {
        fs::remove_file(entry.path()).expect("removed");
    }
    let run = deploy(&site, &[]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(run.hints().join("\n").contains("courant build"), "{}", run.stdout);
    assert_same(&held(&site.path("live")), &before, "a refusal");
    site.build();
    deployed(&site, &[]);
    assert_same(&held(&site.path("live")), &built(&site), "a build");
}

#[cfg(unix)]
#[test]
fn a_file_that_gave_way_to_a_link_is_not_followed_elsewhere() {
    let site = paper("to: \"folder:live\"");
    site.write("elsewhere.html", "A private note of this machine.");
    site.build();
    let page = site.path("public/local/a0/index.html");
    fs::remove_file(&page).expect("removed");
    std::os::unix::fs::symlink(site.path("elsewhere.html"), &page).expect("a link");
    let run = deploy(&site, &["--adopt"]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("not the one that the last build wrote"), "{}", run.stdout);
    assert!(!site.has("live/index.html"), "nothing went out");
}

/// The pages that a failure names as withdrawn and public.
fn still_public(run: &Run) -> Vec<String> {
    let failed = run.stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let failed = failed.filter(|event| event["event"] == "failed").fold(Value::Null, |_, event| event);
    let pages = failed["still_public"].as_array().unwrap_or_else(|| panic!("{}{}", run.stdout, run.stderr));
    pages.iter().filter_map(|page| page.as_str().map(str::to_owned)).collect()
}

#[test]
fn a_deployment_that_does_not_come_to_its_end_names_what_is_still_public() {
    let site = paper("to: \"folder:live\", max_removals: 0");
    site.build();
    deployed(&site, &["--adopt"]);
    site.write_article("local/a1", "2025-05-02", "draft: true", "Withheld.");
    site.remove("content/local/a3.md");
    site.build();
    let run = deploy(&site, &[]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert_eq!(still_public(&run), ["local/a1/index.html", "local/a3/index.html"]);
    fs::remove_file(site.path("live/.courant-deploy/head")).expect("removed");
    fs::create_dir(site.path("live/.courant-deploy/head")).expect("a folder in its place");
    let run = deploy(&site, &[]);
    assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
    assert_eq!(still_public(&run), ["local/a1/index.html", "local/a3/index.html"], "by what this machine knows");
}

#[test]
fn a_deployment_without_a_good_build_names_what_the_sources_withdraw() {
    let site = paper("to: \"folder:live\"");
    site.build();
    deployed(&site, &["--adopt"]);
    site.write_article("local/a1", "2025-05-02", "draft: true", "Withheld.");
    let refused = |why: &str| {
        let run = deploy(&site, &[]);
        assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
        assert!(run.stdout.contains(why), "{why}: {}", run.stdout);
        assert_eq!(still_public(&run), ["local/a1/index.html"], "{why}");
    };
    refused("has changed since the last build");
    for name in ["one", "two"] {
        site.write_article(&format!("local/{name}"), "2025-05-02", "permalink: /same/", "Text.");
    }
    site.try_build(&["--keep-going"]);
    assert!(!site.has("public/local/a1/index.html"));
    refused("did not come to its end");
    site.remove("content/local/two.md");
    site.write("content/local/bad.md", "---\ntitle: [\n---\n");
    site.try_build(&["--keep-going"]);
    refused("had errors and left pages out");
    let configuration = site.read("site.yaml");
    site.write("site.yaml", format!("{configuration}\ntitel: x\n"));
    refused("titel");
}

#[test]
fn a_failed_build_for_a_target_names_what_the_target_shows() {
    let site = paper("to: \"folder:live\"");
    site.build();
    deployed(&site, &["--adopt"]);
    // The folder of this machine knows nothing of the one, and still has the other, which never went out.
    site.write_article("local/b1", "2025-05-03", "", "Only in the folder.");
    site.write_article("local/a1", "2025-05-02", "draft: true", "Withheld.");
    site.build();
    assert!(!site.has("public/local/a1/index.html") && site.has("public/local/b1/index.html"));
    site.remove("content/local/b1.md");
    site.write("content/local/bad.md", "---\ntitle: [\n---\n");
    for _ in 0..2 {
        let run = build_for_target(&site);
        assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
        assert_eq!(still_public(&run), ["local/a1/index.html"]);
        assert!(site.has("public/local/b1/index.html"), "the folder is left alone");
        // On a machine that knows nothing it is the same.
        site.remove(".courant");
    }
    site.remove("content/local/bad.md");
    let run = build_for_target(&site);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(!site.has("live/local/a1/index.html"));
}

/// What the table of `docs/deploying.md` gives a CDN, by its name.
fn purges() -> BTreeMap<String, String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/deploying.md")).expect("the page");
    let (_, rest) = text.split_once("### Purging a CDN").expect("the heading");
    let rows = rest.split("\n### ").next().unwrap_or_default().lines().filter_map(|line| line.split_once(" | `jq "));
    let name = |text: &str| text.trim_start_matches("| ").split(':').next().unwrap_or_default().to_owned();
    rows.map(|(first, line)| (name(first), format!("jq {}", line.trim_end_matches("` |").replace("\\|", "|"))))
        .collect()
}

#[cfg(unix)]
#[test]
fn the_lines_for_cdns_name_every_address_whatever_is_in_it() {
    use std::os::unix::fs::PermissionsExt as _;
    if !Command::new("jq").arg("--version").output().is_ok_and(|output| output.status.success()) {
        println!("skipped: jq is not installed");
        return;
    }
    let site = paper("to: \"folder:live\"");
    for name in ["aws", "curl"] {
        // Each word on a line of its own.
        site.write(&format!("bin/{name}"), "#!/bin/sh\nprintf '%s\\n' \"$@\" >> called\n");
        fs::set_permissions(site.path(&format!("bin/{name}")), fs::Permissions::from_mode(0o755)).expect("executable");
    }
    let path = std::env::var_os("PATH").expect("a path");
    let path = format!("{}:{}", site.path("bin").display(), path.display());
    let called = |line: &str, told: Value| {
        site.write("told.json", told.to_string());
        let mut command = Command::new("sh");
        let input = fs::File::open(site.path("told.json")).expect("there");
        command.args(["-c", line]).env("PATH", &path).current_dir(site.root()).stdin(input);
        assert!(command.status().expect("it runs").success(), "{line}");
        let words = fs::read_to_string(site.path("called")).unwrap_or_default();
        let _ = fs::remove_file(site.path("called"));
        words
    };
    let purges = purges();
    assert_eq!(purges.keys().collect::<Vec<_>>(), ["Bunny", "CloudFront", "Cloudflare", "Fastly"]);
    let many: Vec<String> = (0..250).map(|number| format!("https://paper.example/local/it's-{number}/")).collect();
    let gone = "https://paper.example/local/gr%C3%B6%C3%9Fe%20$(x)/";
    for (name, line) in &purges {
        let nothing =
            serde_json::json!({ "new": [gone], "changed": [], "removed": [], "corrected": [], "withdrawn": [] });
        assert_eq!(called(line, nothing), "", "{name} is not asked for nothing");
        let told =
            serde_json::json!({ "new": [], "changed": many, "removed": [gone], "corrected": many, "withdrawn": [] });
        let mut words = called(line, told);
        if name == "Bunny" {
            assert!(!words.contains("url=https://"), "an address in an address is encoded");
            words = percent_encoding::percent_decode_str(&words.replace("purge?url=", "\n"))
                .decode_utf8_lossy()
                .into_owned();
        }
        for address in many.iter().map(String::as_str).chain([gone]) {
            let wanted = match &**name {
                "CloudFront" => format!("\n{}\n", address.trim_start_matches("https://paper.example")),
                "Cloudflare" => format!("\"{address}\""),
                _ => format!("\n{address}\n"),
            };
            assert!(words.contains(&wanted), "{name}: {wanted} in {}", &words[..words.len().min(2000)]);
        }
        let bodies: Vec<usize> =
            words.lines().filter(|line| line.starts_with('{')).map(|line| line.matches("https://").count()).collect();
        assert!(name != "Cloudflare" || bodies == [100, 100, 51], "{bodies:?}");
    }
}
