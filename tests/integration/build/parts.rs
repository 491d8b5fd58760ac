//! `courant build --part` and `courant join`: what many machines make of a site equals what one makes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::fixture::machines::Nobody;
use crate::fixture::sites::sample;
use crate::fixture::{Run, TestSite, copy, difference, tree};
use courant::article::time::Timestamp;
use courant::deploy;
use courant::pipeline;
use courant::publish::BuildLog;
use image::{ImageFormat, Rgb, RgbImage};

pub(super) const NOW: &str = "2025-06-01T12:00:00Z";

/// A paper with everything that parts could get wrong: photographs under two names, compressed copies, a search,
/// two languages, withheld articles, a source that quotes one of them, old addresses, a warning.
pub(super) fn paper() -> TestSite {
    let site = TestSite::new().at(NOW);
    site.write(
        "site.yaml",
        "title: The Paper\nbase_url: https://paper.example\nprecompress: fast\npage_size: 5\n\
         languages: { en: {}, de: { title: Die Zeitung } }\n\
         deploy: { live: { to: \"folder:live\", assets_grace: 0s } }\n",
    );
    for number in 0..24 {
        let section = ["local", "culture", "business"][number % 3];
        let image = if number % 6 == 0 { "image: { src: quay.jpg, alt: The quay }\n" } else { "" };
        site.write_article(
            &format!("{section}/a{number}"),
            &format!("2025-05-{:02}", number + 1),
            &format!("tags: [harbour, t{}]\nauthors: [Ada Voss]\n{image}", number % 5),
            &format!("The ferry {number} sails.\n\n{}", "It sails at six, and comes back at nine. ".repeat(40)),
        );
    }
    for section in ["local", "culture", "business"] {
        site.write(&format!("content/{section}/quay.jpg"), photograph(section.len() as u8));
    }
    site.write("static/same.jpg", photograph(5));
    site.write_article("local/a1.de", "2025-05-02", "title: Die Fähre", "Sie fährt um sechs.");
    site.write_article("local/hidden", "2025-05-03", "title: The mayor resigns today\ndraft: true", "Nobody knows.");
    site.write_article("local/later", "2099-07-03", "title: The quay is sold to strangers", "An embargo.");
    site.write_article("local/gone", "2025-01-03", "title: The fair is on\nexpires: 2025-02-01", "Over.");
    site.write_article("local/quote", "2025-05-30", "aliases: [/old/quote/]", "They say: the mayor resigns today.");
    site
}

/// A paper that no moment changes by itself any more, so that it can be deployed.
fn small() -> TestSite {
    let site = TestSite::new().at(NOW);
    site.write(
        "site.yaml",
        "title: The Paper\nbase_url: https://paper.example\ndeploy: { live: { to: \"folder:live\", assets_grace: 0s } }\n",
    );
    for number in 1..=3 {
        site.write_article(&format!("local/a{number}"), &format!("2025-05-0{number}"), "tags: [harbour]", "It sails.");
    }
    site
}

fn photograph(shade: u8) -> Vec<u8> {
    let image = RgbImage::from_fn(400, 300, |x, y| Rgb([(x % 256) as u8, (y % 256) as u8, shade]));
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Jpeg).expect("encoded");
    bytes.into_inner()
}

/// Runs a command as nothing of this machine's settings would have it.
fn run(site: &TestSite, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
    Run::of(command(site, arguments, variables).output().expect("the program runs"))
}

fn command(site: &TestSite, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = site.command();
    for name in ["AWS_PROFILE", "AWS_REGION", "AWS_SESSION_TOKEN", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]
    {
        command.env_remove(name);
    }
    command.env("AWS_ACCESS_KEY_ID", "key").env("AWS_SECRET_ACCESS_KEY", "secret");
    command.args(arguments).envs(variables.iter().copied());
    command
}

/// Makes a part.
fn part(site: &TestSite, number: u32, of: u32, to: &str, flags: &[&str]) -> Run {
    let share = format!("{number}/{of}");
    run(site, &[&["build", "--json", "--part", &share, "--at", NOW, "--to", to], flags].concat(), &[])
}

/// Makes all parts, and expects success.
fn parts(site: &TestSite, of: u32, to: &str) {
    for number in 1..=of {
        let run = part(site, number, of, to, &[]);
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    }
}

fn join(site: &TestSite, from: &str, flags: &[&str]) -> Run {
    run(site, &[&["join", "--json", from], flags].concat(), &[])
}

fn joined(site: &TestSite, from: &str) -> Run {
    let run = join(site, from, &[]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    run
}

fn refused(site: &TestSite, from: &str, wanted: &[&str]) {
    let run = join(site, from, &[]);
    let all = run.diagnostics().join("\n");
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    for wanted in wanted {
        assert!(all.contains(wanted), "{wanted}: {all}");
    }
    assert!(!site.has("public/index.html"), "nothing is public");
}

#[test]
fn any_number_of_parts_equals_the_build_of_one_machine() {
    let clean = paper();
    let built = clean.build();
    for of in [1, 2, 7, 64] {
        let site = clean.other_machine();
        if of > 7 {
            // Its copies of photographs were made above; 64 parts make them in no other way than 7.
            copy(&clean.path(".courant/images"), &site.path(".courant/images"));
        }
        // In another order, some twice, with other numbers of threads.
        for number in (1..=of).rev() {
            let jobs = if number % 2 == 0 { "1" } else { "3" };
            let run = part(&site, number, of, "work", &["--jobs", jobs]);
            assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
            assert!(!site.has("public"), "nothing is public before it is joined");
        }
        let before = tree(&site.path("work"));
        assert_eq!(before.len(), of as usize);
        for number in (1..=of).step_by(9) {
            let run = part(&site, number, of, "work", &["--jobs", "2"]);
            assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
        }
        assert_eq!(tree(&site.path("work")), before, "a part that is made twice is the same file");
        let run = joined(&site, "work");
        assert_eq!(sorted(&run), sorted(&built), "what {of} parts say");
        site.assert_is_built_as(&clean, &format!("{of} parts"));
    }
}

fn sorted(run: &Run) -> Vec<String> {
    let mut all = run.diagnostics();
    all.sort();
    all
}

#[test]
fn parts_take_the_place_of_what_was_published_before() {
    let site = paper();
    site.build();
    site.write_article("local/a3", "2025-05-04", "draft: true", "Withdrawn.");
    site.write_article("local/new", "2025-05-31", "", "New.");
    let clean = site.other_machine();
    clean.build();
    parts(&site, 3, "work");
    assert!(site.has("public/local/a3/index.html"), "nothing has happened to what is public");
    joined(&site, "work");
    site.assert_is_built_as(&clean, "a build of one machine and then three parts");
}

#[test]
fn a_log_beside_the_packs_changes_no_byte() {
    let clean = paper();
    clean.build();
    let log = |site: &TestSite| {
        let root = fs::canonicalize(site.root()).expect("there");
        fs::read(BuildLog::path(&root, &root.join("public"))).expect("a log")
    };
    let earlier = clean.other_machine();
    earlier.write_article("local/a3", "2025-05-04", "tags: [harbour]", "Another ferry.");
    earlier.write_article("local/hidden", "2025-05-03", "title: The mayor resigns today", "Public then.");
    earlier.write_article("local/more", "2025-05-06", "", "Gone since.");
    earlier.write("content/local/quay.jpg", photograph(9));
    earlier.remove("content/culture/a7.md");
    earlier.build();
    let foreign = clean.other_machine();
    foreign.write("site.yaml", foreign.read("site.yaml").replace("The Paper", "The Post"));
    foreign.build();
    let [own, earlier, foreign] = [log(&clean), log(&earlier), log(&foreign)];
    let mut bad = earlier.clone();
    bad[earlier.len() / 3] ^= 1;
    let half = earlier[..earlier.len() / 2].to_vec();

    let site = clean.other_machine();
    parts(&site, 2, "work");
    let packs = tree(&site.path("work"));
    let logs =
        [("earlier", earlier), ("own", own), ("foreign", foreign), ("bad", bad), ("half", half), ("empty", Vec::new())];
    for (what, log) in logs {
        site.write(&format!("{what}/log"), log);
        parts(&site, 2, what);
        site.remove(&format!("{what}/log"));
        assert!(tree(&site.path(what)) == packs, "{what}");
    }
    site.write("earlier/log", "not in the way of who joins");
    joined(&site, "earlier");
    site.assert_is_built_as(&clean, "parts with an earlier log");
}

#[test]
fn what_does_not_belong_together_is_not_joined() {
    let site = paper();
    refused(&site, "work", &["there are no parts"]);
    parts(&site, 3, "work");
    let names: Vec<String> = tree(&site.path("work")).into_keys().collect();
    let of = |number: usize| site.path(&format!("work/{}", names[number - 1]));
    let kept = fs::read(of(2)).expect("there");

    fs::remove_file(of(2)).expect("removed");
    refused(&site, "work", &["1 of 3 parts is missing: 2"]);
    let status = join(&site, "work", &["--status"]);
    assert_eq!((status.code, status.stdout.contains("\"missing\":[2]")), (1, true), "{}", status.stdout);

    fs::write(of(2), &kept[..kept.len() - 1]).expect("written");
    refused(&site, "work", &["is damaged", &names[1]]);
    let mut bad = kept.clone();
    bad[kept.len() / 2] ^= 1;
    fs::write(of(2), bad).expect("written");
    refused(&site, "work", &["is damaged", &names[1]]);
    fs::write(of(2), &kept).expect("written");
    assert_eq!(join(&site, "work", &["--status"]).code, 0);

    let other = site.path("work/part-00002-of-00003-00000000000000000000000000000000.pack");
    fs::write(&other, &kept).expect("written");
    refused(&site, "work", &["part 2/3 is there twice with different bytes", &names[1]]);
    fs::remove_file(&other).expect("removed");

    let run = part(&site, 1, 4, "work", &[]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    refused(&site, "work", &["one of 3 parts", "one of 4"]);
    let fourth = tree(&site.path("work")).into_keys().find(|name| name.contains("of-00004")).expect("made");
    site.remove(&format!("work/{fourth}"));

    // Half a file of a part that was killed is no part.
    site.write("work/.abc.new", b"half");
    joined(&site, "work");
}

#[test]
fn a_part_of_another_build_is_refused_and_named() {
    let clean = paper();
    let change = |what: &str, name: &str, text: Option<&str>, flags: &[&str]| {
        let site = clean.other_machine();
        for number in [1, 3] {
            assert_eq!(part(&site, number, 3, "work", &[]).code, 0);
        }
        let before = text.map(|text| (site.read(name), site.write(name, text)));
        let at = if flags.is_empty() { NOW } else { flags[0] };
        let made = run(&site, &["build", "--json", "--part", "2/3", "--at", at, "--to", "work"], &[]);
        assert_eq!(made.code, 0, "{}{}", made.stdout, made.stderr);
        if let Some((before, ())) = before {
            site.write(name, before);
        }
        refused(&site, "work", &["part 2/3", what]);
    };
    let article = clean.read("content/local/a3.md");
    change("other sources", "content/local/a3.md", Some(&article.replace("ferry", "tram")), &[]);
    let settings = clean.read("site.yaml");
    change("another configuration", "site.yaml", Some(&settings.replace("The Paper", "The Post")), &[]);
    change("another moment", "", None, &["2025-06-01T12:00:01Z"]);

    // Nor are parts joined where the sources are others.
    let site = clean.other_machine();
    parts(&site, 2, "work");
    site.write("content/local/a3.md", article.replace("ferry", "bus"));
    refused(&site, "work", &["part 1/2", "part 2/2", "other sources"]);
}

#[test]
fn a_join_that_is_refused_takes_nothing_that_readers_may_see_for_withdrawn() {
    let site = small();
    parts(&site, 2, "parts");
    joined(&site, "parts");
    for of in [3, 2] {
        part(&site, 1, of, "few", &[]);
        let run = join(&site, "few", &[]);
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert!(!run.stderr.contains("still public"), "{}", run.stderr);
    }
    let text = site.read("content/local/a1.md").replacen("---\n", "---\ndraft: true\n", 1);
    site.write("content/local/a1.md", text);
    let run = join(&site, "few", &[]);
    assert!(format!("{}{}", run.stdout, run.stderr).contains("local/a1/"), "{}{}", run.stdout, run.stderr);
}

#[test]
fn errors_of_parts_are_told_at_once_as_one_build_tells_them() {
    let broken = |site: &TestSite| {
        site.write("content/local/bad.md", "---\ntitle: [\n---\n");
        site.write("content/local/torn.jpg", &photograph(9)[..900]);
        site.write_article("local/torn", "2025-05-30", "", "![A torn one](torn.jpg)");
        site.write_article("local/dead", "2025-05-30", "", "[There](nowhere.md)");
        site.write_article("culture/dead", "2025-05-30", "", "{{ nothing() }} [There](nowhere-else.md)");
    };
    let clean = paper();
    broken(&clean);
    let one = clean.try_build(&[]);
    assert_eq!(one.code, 1, "{}{}", one.stdout, one.stderr);
    let site = clean.other_machine();
    let codes: BTreeSet<i32> = (1..=5).map(|number| part(&site, number, 5, "work", &[]).code).collect();
    assert_eq!(codes, BTreeSet::from([1]), "a broken source is told by every part");
    let run = join(&site, "work", &[]);
    assert_eq!((run.code, run.diagnostics()), (1, one.diagnostics()), "{}", run.stderr);
    assert!(!site.has("public/index.html"));

    let one = clean.try_build(&["--keep-going"]);
    let run = join(&site, "work", &["--keep-going"]);
    assert_eq!((run.code, run.diagnostics()), (1, one.diagnostics()));
    assert_eq!(site.public().keys().collect::<Vec<_>>(), clean.public().keys().collect::<Vec<_>>());
    assert!(site.public() == clean.public());
}

#[test]
fn errors_before_any_page_are_told_too() {
    for (name, text) in [
        ("site.yaml", "title: [\n"),
        ("site.yaml", "title: The Paper\nbase_url: https://paper.example\ntheme: nowhere\n"),
        ("themes/own/theme.yaml", "name: own\nextends: [\n"),
        ("content/local/a0/index.md", "---\ntitle: Twice\ndate: 2025-05-01\n---\n\nTwice.\n"),
    ] {
        let clean = paper();
        clean.write(name, text);
        if name.starts_with("themes") {
            clean.write("site.yaml", format!("{}theme: own\n", clean.read("site.yaml")));
        }
        let one = clean.try_build(&[]);
        assert_eq!(one.code, 1, "{name}: {}{}", one.stdout, one.stderr);
        let site = clean.other_machine();
        for number in 1..=2 {
            assert_eq!(part(&site, number, 2, "work", &[]).code, 1, "{name}");
        }
        let run = join(&site, "work", &[]);
        assert_eq!((run.code, run.diagnostics()), (1, one.diagnostics()), "{name}");
    }
}

#[test]
fn no_pack_holds_what_is_withheld() {
    let site = paper();
    // A theme that quotes a secret leaks it into every page.
    site.write("themes/own/theme.yaml", "name: own\nextends: wire\n");
    site.write("site.yaml", format!("{}theme: own\n", site.read("site.yaml").replace("precompress: fast\n", "")));
    parts(&site, 4, "work");
    let holds = |words: &str| tree(&site.path("work")).values().any(|pack| contains(pack, words.as_bytes()));
    assert!(holds("The ferry 3 sails"), "packs hold pages");
    for secret in ["Nobody knows", "The quay is sold", "An embargo", "The fair is on"] {
        assert!(!holds(secret), "{secret}");
    }
    site.write("data/slip.yaml", "words: The quay is sold to strangers\n");
    site.write("themes/own/templates/404.html", "<p>{{ site.data.slip.words }}</p>");
    let clean = site.other_machine();
    let one = clean.try_build(&[]);
    assert_eq!(one.code, 1, "{}", one.stdout);
    let codes: BTreeSet<i32> = (1..=4).map(|number| part(&site, number, 4, "more", &[]).code).collect();
    assert_eq!(codes, BTreeSet::from([0, 1]), "one part has the page");
    let run = join(&site, "more", &[]);
    assert_eq!((run.code, run.diagnostics()), (1, one.diagnostics()));
    let packs = tree(&site.path("more"));
    assert!(!packs.values().any(|pack| contains(pack, b"<p>The quay is sold")), "not even in the pack of that part");
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn options_of_the_parts_are_those_of_what_is_joined() {
    let clean = paper();
    let flags = ["--drafts", "--base-url", "https://preview.example/x", "--precompress=best"];
    assert_eq!(clean.try_build(&flags).code, 0);
    let site = clean.other_machine();
    for number in 1..=2 {
        assert_eq!(part(&site, number, 2, "work", &flags).code, 0);
    }
    joined(&site, "work");
    assert!(site.has("public/local/hidden/index.html"));
    assert!(site.public() == clean.public());
}

#[test]
fn what_is_joined_can_be_deployed_at_once() {
    let site = small();
    site.build();
    let adopted = run(&site, &["deploy", "--adopt", "--json"], &[]);
    assert_eq!(adopted.code, 0, "{}{}", adopted.stdout, adopted.stderr);
    site.write_article("local/new", "2025-05-04", "", "New.");
    parts(&site, 2, "work");
    let run = join(&site, "work", &["--deploy", "live"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let live = TestSite::deployed(&site.path("live"));
    assert!(live == site.public());
}

#[test]
fn wrong_usage_is_told_with_the_variables_that_are_meant() {
    let site = paper();
    let usage = |arguments: &[&str], variables: &[(&str, &str)], wanted: &str| {
        let run = run(&site, &[&["build", "--json"], arguments].concat(), variables);
        let all = format!("{}{}", run.stdout, run.stderr);
        assert_eq!(run.code, 2, "{all}");
        assert!(all.contains(wanted), "{wanted}: {all}");
    };
    usage(&["--part", "1/2", "--to", "work"], &[], "--at");
    usage(&["--part", "1/2", "--at", NOW], &[], "--to");
    usage(&["--part", "3/2", "--at", NOW, "--to", "work"], &[], "3/2");
    let auto = ["--part", "auto", "--at", NOW, "--to", "work"];
    usage(&auto, &[("JOB_COMPLETION_INDEX", "0")], "COURANT_PARTS");
    let two = [("JOB_COMPLETION_INDEX", "0"), ("COURANT_PARTS", "2"), ("NOMAD_ALLOC_INDEX", "1")];
    usage(&auto, &two, "JOB_COMPLETION_INDEX and NOMAD_ALLOC_INDEX");
    for place in ["public", "content/work", "static", ".", "live", "live/parts"] {
        let run = part(&site, 1, 1, place, &[]);
        assert_eq!(run.code, 1, "{place}: {}", run.stdout);
    }
    for place in ["s3:/builds/b42", "s3:builds", "S3://builds/b42", "ssh:/host/b42", "folder:~/b42", "file:/b42"] {
        let run = part(&site, 1, 1, place, &[]);
        assert!(run.code == 1 && run.stdout.contains("is not a place"), "{place}: {}", run.stdout);
        assert_eq!(join(&site, place, &[]).code, 2, "{place}");
    }
    let garbage = run(&site, &["join", "--json", "s3://builds/b42"], &[("AWS_ENDPOINT_URL_S3", "garbage")]);
    assert!(garbage.code == 3 && garbage.stdout.contains("AWS_ENDPOINT_URL_S3 is `garbage`"), "{}", garbage.stdout);
    assert!(!garbage.stdout.contains("site.yaml"), "{}", garbage.stdout);
    let run =
        run(&site, &[&["build", "--json"], &auto[..]].concat(), &[("CI_NODE_INDEX", "2"), ("CI_NODE_TOTAL", "2")]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(tree(&site.path("work")).into_keys().all(|name| name.starts_with("part-00002-of-00002-")));
}

#[test]
fn a_bucket_from_which_readers_are_served_takes_no_parts() {
    let site = small();
    let text = site.read("site.yaml").replace("folder:live", "s3://news/paper");
    site.write("site.yaml", &text);
    // Nobody answers there, so what is refused is refused at once.
    let nobody = format!("http://127.0.0.1:{}", crate::deploy::store::free_port());
    let of_target = |endpoint: &str| {
        site.write(
            "site.yaml",
            text.replace("s3://news/paper\"", &format!("s3://news/paper\", endpoint: \"{endpoint}\"")),
        )
    };
    let said = |place: &str| {
        let variables = [("AWS_ENDPOINT_URL_S3", &*nobody)];
        let run = run(&site, &["build", "--json", "--part", "1/1", "--at", NOW, "--to", place], &variables);
        (run.code, run.stdout.contains("belongs to the target `live`"))
    };
    of_target(&nobody);
    assert_eq!(said("s3://news/paper"), (1, true));
    assert_eq!(said("s3://news/paper/b42"), (1, true));
    assert_eq!(said("s3://news/papers"), (3, false));
    of_target("https://s3.example");
    assert_eq!(said("s3://news/paper"), (3, false), "another service");
}

#[test]
fn what_cannot_be_deployed_is_not_joined() {
    let site = small();
    parts(&site, 1, "work");
    let run = join(&site, "work", &["--deploy", "nope"]);
    assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
    let last = run.stdout.lines().last().unwrap_or_default();
    assert!(last.contains("\"event\":\"failed\"") && !site.has("public"), "{}", run.stdout);
}

#[test]
fn where_copies_of_photographs_cannot_be_kept_the_machine_fails_and_no_pack_is_left() {
    let site = paper();
    let clean = site.other_machine();
    site.write(".courant/images", "a file in the way");
    for number in 1..=2 {
        let run = part(&site, number, 2, "work", &[]);
        // The photographs are the share of one of the parts.
        assert!([0, 3].contains(&run.code), "{}{}", run.stdout, run.stderr);
    }
    let packs = tree(&site.path("work")).into_keys().filter(|name| name.starts_with("part-")).count();
    assert!(packs < 2, "one of them failed");
    for arguments in [&["images", "--json", "--at", NOW][..], &["build", "--json", "--at", NOW]] {
        let run = run(&site, arguments, &[]);
        assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
        let said = run.diagnostics().join("\n");
        assert!(said.contains("cannot keep copies of photographs in .courant/images"), "{said}");
    }
    assert!(!site.has("public/index.html"));
    site.remove(".courant/images");
    parts(&site, 2, "work");
    joined(&site, "work");
    clean.build();
    site.assert_is_built_as(&clean, "a machine that was mended");
}

#[cfg(unix)]
#[test]
fn more_parts_are_joined_than_files_may_be_open() {
    let site = small();
    parts(&site, 24, "work");
    let program = command(&site, &["join", "--json", "--jobs", "2", "work"], &[]);
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -Sn 24; exec \"$0\" \"$@\""]).arg(program.get_program()).args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.current_dir(program.get_current_dir().unwrap_or(site.root()));
    let run = Run::of(command.output().expect("it runs"));
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let clean = site.other_machine();
    clean.build();
    site.assert_is_built_as(&clean, "many parts");
}

#[test]
fn a_part_that_is_killed_leaves_nothing_that_counts() {
    let clean = paper();
    clean.build();
    let site = clean.other_machine();
    parts(&site, 3, "work");
    let whole = tree(&site.path("work"));
    for pause in [0, 5, 20, 60, 150, 400] {
        for path in whole.keys().take(1) {
            let _ = fs::remove_file(site.path(&format!("work/{path}")));
        }
        let mut child = command(&site, &["build", "--part", "1/3", "--at", NOW, "--to", "work"], &[])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        std::thread::sleep(std::time::Duration::from_millis(pause));
        let _ = child.kill();
        let _ = child.wait();
        for (name, bytes) in tree(&site.path("work")).iter().filter(|(name, _)| !name.starts_with('.')) {
            assert!(whole[name] == *bytes, "{name} after {pause} ms");
        }
    }
    parts(&site, 3, "work");
    joined(&site, "work");
    site.assert_is_built_as(&clean, "killed parts");
}

#[test]
fn a_bucket_is_as_good_as_a_folder() {
    let Some(server) = crate::deploy::store::Server::moto() else { return };
    server.make_bucket("builds");
    let clean = paper();
    // More than one piece: packs above 16 MiB go up and come down in several.
    let noise: Vec<u8> = (0..20_000_000_u64).map(|at| (at.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as u8).collect();
    clean.write("static/noise.bin", noise);
    clean.build();
    let site = clean.other_machine();
    let address = server.address();
    let variables = [("AWS_ENDPOINT_URL_S3", &*address)];
    let place = "s3://builds/b42";
    let root = fs::canonicalize(clean.root()).expect("there");
    let log = fs::read(BuildLog::path(&root, &root.join("public"))).expect("a log");
    server.put("builds", "b42/log", &log);
    for number in 1..=3 {
        let share = format!("{number}/3");
        let run = run(&site, &["build", "--json", "--part", &share, "--at", NOW, "--to", place], &variables);
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    }
    let status = run(&site, &["join", "--json", "--status", place], &variables);
    assert_eq!(status.code, 0, "{}{}", status.stdout, status.stderr);
    let run = run(&site, &["join", "--json", place], &variables);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    site.assert_is_built_as(&clean, "parts in a bucket");
}

/// Where a program is; none if it is not installed, which fails in CI.
fn installed(name: &str) -> bool {
    let found = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    assert!(found || std::env::var_os("CI").is_none(), "{name} is missing: .ci/run installs it");
    if !found {
        println!("skipped: {name} is not installed (see .ci/run)");
    }
    found
}

#[test]
fn an_engine_that_runs_killed_parts_again_makes_the_same_site() {
    if !cfg!(unix) || !installed("parallel") {
        return;
    }
    let clean = paper();
    clean.build();
    let site = clean.other_machine();
    // The first try of every third part is killed in its middle; the engine runs it again.
    site.write(
        "part.sh",
        format!(
            "#!/bin/sh\nif [ $(($1 % 3)) = 0 ] && [ ! -e tried-$1 ]; then\n  touch tried-$1\n  \
             timeout -s KILL 0.05 {0} build --part $1/12 --at {NOW} --to work && exit 9\n  kill -9 $$\nfi\n\
             [ $1 = 7 ] && [ ! -e later ] && exit 1\nexec {0} build --quiet --part $1/12 --at {NOW} --to work\n",
            env!("CARGO_BIN_EXE_courant")
        ),
    );
    let engine = |flags: &[&str]| {
        let mut command = Command::new("parallel");
        command.current_dir(site.root()).args(["--jobs", "2", "--joblog", "jobs.log"]).args(flags);
        command.stdin(Stdio::null()).output().expect("it runs")
    };
    let numbers: Vec<String> = (1..=12).map(|number| number.to_string()).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let first = engine(&[&["--retries", "3", "sh", "part.sh", "{}", ":::"], &numbers[..]].concat());
    assert!(!first.status.success(), "part 7 fails until it is run later");
    refused(&site, "work", &["1 of 12 parts is missing: 7"]);
    site.write("later", "");
    let again = engine(&[&["--resume-failed", "sh", "part.sh", "{}", ":::"], &numbers[..]].concat());
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
    joined(&site, "work");
    site.assert_is_built_as(&clean, "parts that were killed and run again");
}

#[test]
fn the_sample_site_is_the_same_in_parts() {
    let clean = sample().at(crate::fixture::NOW);
    clean.build();
    let site = sample().at(crate::fixture::NOW);
    for number in 1..=5 {
        let share = format!("{number}/5");
        let made = run(&site, &["build", "--json", "--part", &share, "--at", crate::fixture::NOW, "--to", "work"], &[]);
        assert_eq!(made.code, 0, "{}{}", made.stdout, made.stderr);
    }
    joined(&site, "work");
    site.assert_is_built_as(&clean, "the sample site");
}

/// A paper that goes to a folder outside of it.
fn away(target: &Path) -> TestSite {
    let site = small();
    let to = format!("deploy: {{ live: {{ to: \"folder://{}\", assets_grace: 0s }} }}", target.display());
    site.write("site.yaml", format!("title: The Paper\nbase_url: https://paper.example\nprecompress: fast\n{to}\n"));
    for number in 4..=9 {
        let body = format!("A long body, {number}. {}", "It sails and sails. ".repeat(80));
        site.write_article(
            &format!("culture/b{number}"),
            &format!("2025-04-0{number}"),
            "description: It sails.\ntags: [fair]",
            &body,
        );
    }
    site.write("content/culture/quay.jpg", photograph(3));
    site.write_article("culture/shown", "2025-04-01", "image: { src: quay.jpg, alt: The quay }", "See.");
    site
}

/// Builds and deploys on a machine that has the sources of `site` and nothing else.
fn from_afresh(site: &TestSite, flags: &[&str]) -> (TestSite, Run) {
    let fresh = site.other_machine();
    let all = [&["build", "--json", "--explain", "--at", NOW, "--deploy", "live"], flags].concat();
    let run = run(&fresh, &all, &[]);
    (fresh, run)
}

fn assert_live(target: &Path, site: &TestSite, after: &str) {
    let clean = site.other_machine();
    clean.build();
    if let Some(difference) = difference(&TestSite::deployed(target), &clean.public()) {
        panic!("after {after}: {difference}");
    }
}

#[test]
fn a_machine_without_a_state_renders_what_changed_and_nothing_else() {
    let folder = crate::fixture::folder();
    let target = folder.path();
    let site = away(target);
    let (_, first) = from_afresh(&site, &[]);
    assert_eq!(first.code, 1, "{}", first.stdout);
    assert!(first.diagnostics().join("\n").contains("has not deployed to the target"), "{}", first.stdout);
    site.build();
    assert_eq!(run(&site, &["deploy", "--adopt"], &[]).code, 0);

    let step = |after: &str, at_most: u64| {
        let (fresh, run) = from_afresh(&site, &[]);
        assert_eq!(run.code, 0, "after {after}: {}{}", run.stdout, run.stderr);
        assert_live(target, &site, after);
        assert!(run.number("rendered") <= at_most, "after {after}: {:?}", run.rendered());
        assert!(!fresh.has("public"), "after {after}");
        let left: u64 = tree(&fresh.path(".courant/deploy/live"))
            .into_iter()
            .filter(|(path, _)| path != "copy")
            .map(|(_, bytes)| bytes.len() as u64)
            .sum();
        assert_eq!(left, 0, "after {after}: {:?}", tree(&fresh.path(".courant/deploy/live")).keys());
        run
    };
    // The first one finds no log.
    step("no log", 1000);
    let nothing = step("nothing", 0);
    assert_eq!((nothing.number("rendered"), nothing.number("written"), nothing.number("decoded")), (0, 0, 0));

    site.write_article("culture/b4", "2025-04-04", "description: It sails.\ntags: [fair]", "Another body.");
    let run = step("an edit", 12);
    assert!(run.rendered().contains("culture/b4/") && !run.rendered().contains("culture/b5/"), "{:?}", run.rendered());
    assert_eq!(run.number("decoded"), 0);
    site.write_article("culture/new", "2025-04-20", "tags: [fair, new]", "New.");
    step("a new article", 40);
    // A headline becomes a secret that a page that is not rendered says.
    site.write_article("culture/secret", "2025-04-21", "title: The harbour burns again\ntags: [x]", "It burns.");
    site.write("static/says.txt", "They say: the harbour burns again.");
    step("two more", 40);
    site.write_article(
        "culture/secret",
        "2025-04-21",
        "title: The harbour burns again\ntags: [x]\ndraft: true",
        "It burns.",
    );
    let run = step("a withdrawal", 40);
    let clean = site.other_machine();
    assert_eq!(sorted(&run), sorted(&clean.build()));
    assert!(run.diagnostics()[0].contains("static/says.txt"), "{:?}", run.diagnostics());
    site.remove("content/culture/shown.md");
    site.remove("content/culture/quay.jpg");
    step("a photograph less", 40);

    // Somebody else deploys something else by other means.
    let other = site.other_machine();
    other.write_article("culture/b5", "2025-04-05", "tags: [fair]", "Of somebody else.");
    other.remove("content/culture/b6.md");
    other.build();
    let deployed = self::run(&other, &["deploy"], &[]);
    assert_eq!(deployed.code, 0, "{}{}", deployed.stdout, deployed.stderr);
    step("another deployment", 40);

    // A damaged log is no log.
    let log = tree(target).into_keys().find(|path| path.starts_with(".courant-deploy/log-")).expect("a log");
    fs::write(target.join(&log), b"damaged").expect("written");
    site.write_article("culture/b7", "2025-04-07", "tags: [fair]", "Another body.");
    step("a damaged log", 1000);
    fs::remove_file(
        target.join(tree(target).into_keys().find(|path| path.starts_with(".courant-deploy/log-")).expect("a log")),
    )
    .expect("removed");
    site.write_article("culture/b7", "2025-04-07", "tags: [fair]", "Yet another body.");
    step("a lost log", 1000);
    assert_eq!(tree(target).keys().filter(|path| path.starts_with(".courant-deploy/log-")).count(), 1);

    // A site with errors goes nowhere.
    let before = tree(target);
    site.write("content/culture/bad.md", "---\ntitle: [\n---\n");
    let (_, run) = from_afresh(&site, &[]);
    assert_eq!(run.code, 1);
    assert!(tree(target) == before);
}

#[test]
fn a_machine_without_a_state_mends_what_another_one_left_half_done() {
    let folder = crate::fixture::folder();
    let target = folder.path();
    let site = away(target);
    // Nobody waits for the lease of who was killed.
    site.write("site.yaml", site.read("site.yaml").replace("assets_grace: 0s", "assets_grace: 0s, lease: 2s"));
    site.build();
    assert_eq!(run(&site, &["deploy", "--adopt"], &[]).code, 0);
    assert_eq!(from_afresh(&site, &[]).1.code, 0);
    for (at, pause) in [100, 250, 400, 600, 900].into_iter().enumerate() {
        for number in 4..=9 {
            let front = format!("tags: [fair, t{at}]");
            site.write_article(&format!("culture/b{number}"), &format!("2025-04-0{number}"), &front, "Again.");
        }
        let fresh = site.other_machine();
        let mut child = command(&fresh, &["build", "--at", NOW, "--deploy", "live"], &[])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        std::thread::sleep(std::time::Duration::from_millis(pause));
        let _ = child.kill();
        let _ = child.wait();
        site.write_article("culture/b5", "2025-04-05", "tags: [fair]", &format!("After {pause}."));
        let (_, run) = from_afresh(&site, &[]);
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
        assert_live(target, &site, &format!("a machine that was killed after {pause} ms"));
    }
}

#[test]
fn a_machine_without_a_state_leaves_a_file_that_belongs_to_another_source_now() {
    let folder = crate::fixture::folder();
    let target = folder.path();
    let site = away(target);
    site.build();
    assert_eq!(run(&site, &["deploy", "--adopt"], &[]).code, 0);
    assert_eq!(from_afresh(&site, &[]).1.code, 0);
    // The same headline and so the same social card, of a source with another name and another text.
    let text = site.read("content/culture/b4.md").replace("A long body", "Another body");
    site.remove("content/culture/b4.md");
    site.write("content/culture/b4/index.md", text);
    let before = fs::metadata(target.join("culture/b4/social-card.png")).expect("a card").modified().expect("a time");
    let (_, run) = from_afresh(&site, &[]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert_live(target, &site, "a file with another name");
    let after = fs::metadata(target.join("culture/b4/social-card.png")).expect("a card").modified().expect("a time");
    assert_eq!(before, after, "the card is still there");
    let (_, again) = from_afresh(&site, &[]);
    assert_eq!((again.code, again.number("rendered"), again.number("written")), (0, 0, 0), "{}", again.stdout);
    // From now on the card goes with its new source.
    site.remove("content/culture/b4/index.md");
    let (_, run) = from_afresh(&site, &[]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert_live(target, &site, "a withdrawal");
}

#[test]
fn a_machine_whose_clock_is_behind_finds_nothing_to_do() {
    let folder = crate::fixture::folder();
    let site = away(folder.path());
    let now = Timestamp(NOW.parse::<jiff::Timestamp>().expect("a moment").as_second());
    let built = pipeline::build(site.root(), &pipeline::Options { now, ..Default::default() }, &Nobody);
    assert!(built.is_ok(), "{built:?}");
    let options = |now: Timestamp| {
        let clock = deploy::Clock { start: now.0, began: std::time::Instant::now() };
        deploy::Options { adopt: true, ..deploy::Options::new(clock, |_| None, 4) }
    };
    let (name, target) = deploy::find(site.root(), Some("live")).expect("a target");
    deploy::deploy(site.root(), (&name, &target), &options(now), &Nobody).expect("deployed");
    for (seconds, is_first) in [(0, true), (-90, false), (5, false)] {
        let now = Timestamp(now.0 + seconds);
        let machine = site.other_machine();
        let built = pipeline::Options { now, ..Default::default() };
        let done = deploy::build(machine.root(), (&name, &target), built, &options(now), (&Nobody, &Nobody));
        let (report, _) = done.unwrap_or_else(|stopped| panic!("{seconds} s: {stopped:?}"));
        assert_eq!(report.rendered > 0, is_first, "{seconds} s");
    }
    // What is built as of a moment that is yet to come is not deployed, not even when nothing has changed.
    let later = pipeline::Options { now: Timestamp(now.0 + 90), ..Default::default() };
    let done = deploy::build(site.other_machine().root(), (&name, &target), later, &options(now), (&Nobody, &Nobody));
    let stopped = done.expect_err("it is yet to come");
    assert!(format!("{stopped:?}").contains("yet to come"), "{stopped:?}");
}

#[test]
fn a_machine_without_a_state_gives_files_other_headers() {
    let Some(server) = crate::deploy::store::Server::moto() else { return };
    server.make_bucket("paper");
    let folder = crate::fixture::folder();
    let site = away(folder.path());
    let to = format!("s3://paper/\", endpoint: \"{}", server.address());
    site.write("site.yaml", site.read("site.yaml").replace(&format!("folder://{}", folder.path().display()), &to));
    site.build();
    assert_eq!(run(&site, &["deploy", "--adopt"], &[]).code, 0);
    assert_eq!(from_afresh(&site, &[]).1.code, 0);
    let rule = "assets_grace: 0s, cache: [{ path: \"/culture/*\", value: max-age=5 }]";
    site.write("site.yaml", site.read("site.yaml").replace("assets_grace: 0s", rule));
    for most in [1000, 0] {
        let (_, run) = from_afresh(&site, &[]);
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
        assert!(run.number("rendered") <= most, "{:?}", run.rendered());
        for (key, object) in server.bucket("paper") {
            assert_eq!(object.headers["cache-control"] == "max-age=5", key.starts_with("culture/"), "{key}");
        }
    }
    // The same bytes, from a file of the owner's.
    let robots = site.published("robots.txt");
    assert!(server.bucket("paper")["robots.txt"].headers["cache-control"].contains("max-age=0"));
    site.write("static/robots.txt", &robots);
    let (_, run) = from_afresh(&site, &[]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let object = server.bucket("paper").remove("robots.txt").expect("there");
    assert_eq!((&object.headers["cache-control"][..], object.bytes), ("public, max-age=3600", robots.into_bytes()));
}

#[test]
fn a_bucket_holds_the_state_of_machines_without_one() {
    let Some(server) = crate::deploy::store::Server::moto() else { return };
    server.make_bucket("news");
    let folder = crate::fixture::folder();
    let site = away(folder.path());
    let to = format!("s3://news/\", endpoint: \"{}", server.address());
    site.write("site.yaml", site.read("site.yaml").replace(&format!("folder://{}", folder.path().display()), &to));
    site.build();
    let adopted = run(&site, &["deploy", "--adopt"], &[]);
    assert_eq!(adopted.code, 0, "{}{}", adopted.stdout, adopted.stderr);
    for (at, most) in [1000, 0, 12].into_iter().enumerate() {
        if at == 2 {
            site.write_article("culture/b4", "2025-04-04", "description: It sails.\ntags: [fair]", "Another body.");
        }
        let (_, run) = from_afresh(&site, &[]);
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
        assert!(run.number("rendered") <= most, "{at}: {:?}", run.rendered());
    }
    let clean = site.other_machine();
    clean.build();
    let there: BTreeMap<String, Vec<u8>> =
        server.bucket("news").into_iter().map(|(key, object)| (key, object.bytes)).collect();
    assert!(there == clean.public(), "the bucket holds another site");
}

#[test]
fn copies_of_photographs_and_cards_are_made_once_for_all_machines() {
    let folder = crate::fixture::folder();
    let plain = away(folder.path());
    let stored = |place: &str| {
        let site = plain.other_machine();
        site.write("site.yaml", format!("{}images: {{ store: \"{place}\" }}\n", site.read("site.yaml")));
        site
    };
    let shelf = folder.path().join("shelf");
    let place = format!("folder://{}", shelf.display());
    plain.build();
    let wanted = plain.public();
    let first = stored(&place);
    assert_eq!(first.build().number("decoded"), 1);
    assert!(first.public() == wanted);
    let kept = tree(&shelf);
    assert!(kept.len() > 10, "{:?}", kept.keys());

    let second = stored(&place);
    assert_eq!(second.build().number("decoded"), 0, "another machine takes what the first one made");
    assert!(second.public() == wanted);
    for cache in ["images", "cards"] {
        let folder = format!(".courant/{cache}");
        assert_eq!(tree(&first.path(&folder)).len(), tree(&second.path(&folder)).len(), "{cache}");
    }
    assert!(tree(&shelf) == kept, "nothing is put twice");

    // What is damaged, or is something else, is noticed and made again.
    let other = kept.values().max_by_key(|bytes| bytes.len()).expect("one");
    for (at, (name, bytes)) in kept.iter().enumerate() {
        let bad = match at % 3 {
            0 => bytes[..bytes.len() / 2].to_vec(),
            1 => Vec::new(),
            _ => [&other[..], b"x"].concat(),
        };
        fs::write(shelf.join(name), bad).expect("written");
    }
    let third = stored(&place);
    assert_eq!(third.build().number("decoded"), 1);
    assert!(third.public() == wanted);
    assert!(tree(&shelf) == kept, "and mended");

    // Parts use it, too.
    let fourth = stored(&place);
    for number in 1..=2 {
        let made = part(&fourth, number, 2, "work", &[]);
        assert!(made.stdout.contains("\"decoded\":0"), "{}", made.stdout);
    }
    joined(&fourth, "work");
    assert!(fourth.public() == wanted);
}

#[test]
fn an_image_store_that_does_not_answer_costs_time_only() {
    let folder = crate::fixture::folder();
    let plain = away(folder.path());
    plain.build();
    let file = folder.path().join("file");
    fs::write(&file, "a file").expect("written");
    let nobody = format!("http://127.0.0.1:{}", crate::deploy::store::free_port());
    for (place, variables) in [
        (format!("folder://{}/shelf", file.display()), vec![]),
        ("s3://nobody/x".to_owned(), vec![("AWS_ENDPOINT_URL_S3", &*nobody)]),
    ] {
        let site = plain.other_machine();
        site.write("site.yaml", format!("{}images: {{ store: \"{place}\" }}\n", site.read("site.yaml")));
        let run = run(&site, &["build", "--strict", "--json", "--at", NOW], &variables);
        assert_eq!(run.code, 0, "{place}: {}{}", run.stdout, run.stderr);
        let said = run.diagnostics();
        assert!(said.len() == 1 && said[0].contains("the image store was not used"), "{place}: {said:?}");
        assert!(said[0].contains("site.yaml:"), "{said:?}");
        assert!(site.public() == plain.public(), "{place}");
    }
}

/// A service that answers each request after this pause: with 404, or with a head and no body. How often it was asked.
fn slow_service(pause: Duration, is_whole: bool) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("bound"));
    let asked: Arc<AtomicUsize> = Arc::default();
    let count = Arc::clone(&asked);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let count = Arc::clone(&count);
            std::thread::spawn(move || {
                let _ = stream.read(&mut [0; 65536]);
                count.fetch_add(1, Ordering::SeqCst);
                std::thread::sleep(pause);
                let head = if is_whole { "404 x\r\ncontent-length: 0" } else { "200 x\r\ncontent-length: 1000" };
                let _ = write!(stream, "HTTP/1.1 {head}\r\nconnection: close\r\n\r\n");
                if !is_whole {
                    std::thread::sleep(Duration::from_secs(120));
                }
            });
        }
    });
    (address, asked)
}

#[test]
fn an_image_store_that_answers_slowly_is_soon_asked_no_more() {
    let folder = crate::fixture::folder();
    let plain = away(folder.path());
    plain.build();
    // Without the cure the first would take minutes, and the other would be asked for each copy and each card.
    for (pause, is_whole, most, said) in [(0, false, 2, "does not answer"), (2, true, 8, "answers too slowly")] {
        let (address, asked) = slow_service(Duration::from_secs(pause), is_whole);
        let site = plain.other_machine();
        site.write("site.yaml", format!("{}images: {{ store: \"s3://slow/x\" }}\n", site.read("site.yaml")));
        let variables = [("AWS_ENDPOINT_URL_S3", &*address)];
        let began = Instant::now();
        let run = run(&site, &["build", "--strict", "--json", "--at", NOW, "--jobs", "2"], &variables);
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
        assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
        assert!(asked.load(Ordering::SeqCst) <= most, "{} requests", asked.load(Ordering::SeqCst));
        assert!(run.diagnostics().concat().contains(said), "{:?}", run.diagnostics());
        assert!(site.public() == plain.public());
    }
}

#[test]
fn an_image_store_among_the_sources_or_what_is_published_is_not_used() {
    let folder = crate::fixture::folder();
    let plain = away(folder.path());
    plain.build();
    for store in ["content/shelf", "static", "public/shelf", "."] {
        let site = plain.other_machine();
        site.write("site.yaml", format!("{}images: {{ store: \"folder:{store}\" }}\n", site.read("site.yaml")));
        let before = tree(&site.path("content"));
        let run = run(&site, &["build", "--json", "--at", NOW], &[]);
        assert_eq!(run.code, 0, "{store}: {}{}", run.stdout, run.stderr);
        assert!(run.diagnostics().concat().contains("belongs to the site itself"), "{store}: {:?}", run.diagnostics());
        assert!(site.public() == plain.public() && tree(&site.path("content")) == before, "{store}");
    }
}

#[test]
fn an_image_store_may_be_a_bucket() {
    let Some(server) = crate::deploy::store::Server::moto() else { return };
    server.make_bucket("images");
    let folder = crate::fixture::folder();
    let site = away(folder.path());
    site.write("site.yaml", format!("{}images: {{ store: \"s3://images/kept\" }}\n", site.read("site.yaml")));
    let address = server.address();
    for decoded in [1, 0] {
        let machine = site.other_machine();
        let run = run(&machine, &["build", "--json", "--at", NOW], &[("AWS_ENDPOINT_URL_S3", &*address)]);
        assert_eq!((run.code, run.number("decoded")), (0, decoded), "{}{}", run.stdout, run.stderr);
    }
    assert!(server.bucket("images").keys().all(|key| key.starts_with("kept/")));
}
