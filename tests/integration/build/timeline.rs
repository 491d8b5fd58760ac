//! The timeline: what `courant next` says, and that the site changes at these moments and at no others.

use crate::fixture::{NOW, Run, TestSite};
use serde_json::{Value, json};

fn objects(run: &Run) -> Vec<Value> {
    run.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn with_timeline() -> TestSite {
    TestSite::new()
        .file("site.yaml", "base_url: https://test.example\ntimezone: Europe/Berlin\n")
        .article("local/soon", "2026-11-24T08:00:00", "title: Soon\nexpires: 2026-12-01", "x")
        .article("local/past", "2026-01-01", "title: Past\nexpires: 2026-02-01", "x")
        .article("local/draft", "2027-01-01", "title: Draft\ndraft: true", "x")
        .article("local/later", "2026-01-01", "title: Later\npublishDate: 2026-11-25T00:00:00Z", "x")
        .article(
            "local/storm",
            "2026-11-22T20:00:00",
            "title: Storm\nkind: live\ncoverage: { start: 2026-11-23T18:00, end: 2026-11-24T02:00 }",
            "Intro.\n\n## It comes {time=2026-11-23T18:30}\n\nWind.\n\n## It goes {time=2026-11-24T01:00}\n\nCalm.",
        )
}

#[test]
fn next_lists_what_will_change_and_when() {
    let site = with_timeline();
    let run = site.run(&["next", "--at", NOW]);
    assert_eq!(run.code, 0);
    assert_eq!(
        run.stdout,
        "MOMENT                     WHAT HAPPENS           HEADLINE  FILE\n\
         2026-11-23 18:00  in 5 h   live coverage begins   Storm     content/local/storm.md\n\
         2026-11-23 18:30  in 5 h   live update published  It comes  content/local/storm.md\n\
         2026-11-24 01:00  in 12 h  live update published  It goes   content/local/storm.md\n\
         2026-11-24 02:00  in 13 h  live coverage ended    Storm     content/local/storm.md\n\
         2026-11-24 08:00  in 19 h  published              Soon      content/local/soon.md\n\
         2026-11-25 01:00  in 36 h  published              Later     content/local/later.md\n\
         2026-12-01        in 7 d   expired                Soon      content/local/soon.md\n\
         2 articles leave the news sitemap; `--all` shows when\n"
    );
    let all = site.run(&["next", "--at", NOW, "--all"]).stdout;
    assert_eq!(all.lines().filter(|line| line.contains("out of the news sitemap")).count(), 2, "{all}");
    let with_drafts = site.run(&["next", "--at", NOW, "--drafts"]).stdout;
    assert!(with_drafts.contains("content/local/draft.md") && !all.contains("content/local/draft.md"), "{with_drafts}");
    let run = site.run(&["next", "--at", "2026-12-01"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "nothing is due: the site changes only when you edit it\n"));
    let run = site.run(&["next", "--at", "2026-12-01", "--within", "1h"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, "nothing is due within 1h\n"));
    let run = site.run(&["next", "--at", "2026-12-02", "--since", "2026-12-01T12:00"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, "nothing has become due since 2026-12-01T12:00\n"));
}

#[test]
fn next_speaks_json() {
    let site = with_timeline();
    let moments = objects(&site.run(&["next", "--at", NOW, "--json"]));
    let events: Vec<&str> = moments.iter().filter_map(|one| one["event"].as_str()).collect();
    assert_eq!(
        events,
        [
            "live-begins",
            "live-update",
            "live-update",
            "live-ends",
            "published",
            "leaves-news-sitemap",
            "published",
            "leaves-news-sitemap",
            "expired"
        ]
    );
    assert_eq!(
        moments[4],
        json!({"event": "published", "at": "2026-11-24T08:00:00+01:00", "path": "content/local/soon.md", "title": "Soon"})
    );
    assert!(objects(&site.run(&["next", "--at", "2026-12-01", "--json"])).is_empty());
}

#[test]
fn next_answers_whether_something_is_due_within_a_time() {
    let site = with_timeline();
    let ask = |within: &str| site.run(&["next", "--at", NOW, "--json", "--within", within]);
    // The first moment is five hours away.
    for (within, code, count) in [("4h 59m", 1, 0), ("5h", 0, 1), ("6h", 0, 2), ("1d", 0, 5)] {
        let run = ask(within);
        assert_eq!((run.code, objects(&run).len()), (code, count), "{within}: {}{}", run.stdout, run.stderr);
    }
    let run = ask("soon");
    assert_eq!(run.code, 2);
    assert!(run.stdout.contains("`soon` is not a duration"), "{}", run.stdout);
}

#[test]
fn next_answers_whether_something_has_become_due_since_a_moment() {
    let site = with_timeline();
    let ask = |since: &str, at: &str| site.run(&["next", "--since", since, "--at", at, "--json"]);
    let run = ask("2026-11-23T18:00", "2026-11-23T18:30");
    assert_eq!((run.code, objects(&run).len()), (0, 1));
    assert_eq!(objects(&run)[0]["title"], "It comes");
    let run = ask("2026-11-23T18:30", "2026-11-24T00:59");
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert_eq!(site.run(&["next", "--since", "never"]).code, 2);
}

#[test]
fn an_answer_about_a_broken_site_is_neither_yes_nor_no() {
    let site = with_timeline().file("content/local/broken.md", "---\ntitle: [\n---\n");
    assert_eq!(site.run(&["next", "--at", NOW, "--within", "1h"]).code, 2);
    assert_eq!(site.run(&["next", "--at", NOW]).code, 1);
    site.write("site.yaml", "titel: x\n");
    assert_eq!(site.run(&["next", "--at", NOW, "--within", "1h"]).code, 2);
}

#[test]
fn next_writes_a_schedule_for_cron_in_utc() {
    let site = with_timeline();
    let run = site.run(&["next", "--at", NOW, "--cron"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (
            0,
            "0 17 23 11 *\n30 17 23 11 *\n0 0 24 11 *\n0 1 24 11 *\n0 7 24 11 *\n0 19 24 11 *\n0 0 25 11 *\n0 7 26 11 *\n0 23 30 11 *\n"
        )
    );
    let first = &objects(&site.run(&["next", "--at", NOW, "--cron", "--json"]))[0];
    assert_eq!(*first, json!({"event": "cron", "at": "2026-11-23T17:00:00Z", "cron": "0 17 23 11 *"}));
    // Two moments of one minute need one build, after both; `cron` knows no years.
    site.write_article("local/a", "2026-11-23T12:00:20Z", "title: A", "x");
    site.write_article("local/b", "2026-11-23T12:00:40Z", "title: B", "x");
    site.write_article("local/c", "2028-01-01", "title: C", "x");
    let run = site.run(&["next", "--at", NOW, "--cron"]);
    assert!(run.stdout.starts_with("1 12 23 11 *\n0 17 23 11 *\n"), "{}", run.stdout);
    assert!(!run.stdout.contains(" 1 1 *"), "{}", run.stdout);
}

#[test]
fn the_site_changes_at_the_moments_that_next_names_and_at_no_other() {
    let mut site = with_timeline();
    site.build();
    let moments = objects(&site.run(&["next", "--at", NOW, "--json"]));
    assert_eq!(moments.len(), 9);
    for moment in moments {
        let at: jiff::Timestamp = moment["at"].as_str().expect("a moment").parse().expect("a moment");
        let before = site.output();
        site.set_now(&(at - jiff::SignedDuration::from_secs(1)).to_string());
        assert_eq!(site.build().number("rendered"), 0, "before {at}");
        assert_eq!(site.output(), before);
        site.set_now(&at.to_string());
        site.build();
        assert_ne!(site.output(), before, "at {at}");
        site.assert_equals_clean(&format!("{moment}"));
    }
}

#[test]
fn what_lies_in_the_section_of_a_draft_has_no_moments() {
    let site = TestSite::new()
        .file("content/plans/_index.md", "---\ntitle: Plans\ndraft: true\n---\n")
        .article("plans/soon", "2026-11-24T08:00:00", "title: Soon", "x")
        .article("local/soon", "2026-11-25T08:00:00", "title: Other", "x");
    let run = site.run(&["next", "--at", NOW]);
    assert!(!run.stdout.contains("plans/") && run.stdout.contains("local/soon.md"), "{}", run.stdout);
}

#[test]
fn comments_of_articles_that_are_not_seen_then_are_no_moments() {
    let comment = "- {id: a, name: Ann, text: Fine, date: 2026-11-25}\n";
    let mut site = with_timeline()
        .article("news/open", "2026-11-01", "", "x")
        .file("content/plans/_index.md", "---\ntitle: Plans\ndraft: true\n---\n");
    site.write_article("plans/story", "2026-11-01", "", "x");
    let all = ["local/draft", "local/past", "local/nobody", "plans/story", "local/HOLD x"];
    site.write_article("local/HOLD x", "2026-11-01", "", "x");
    site.write_article("local/tomorrow", "2026-11-26", "", "x");
    for path in all.iter().chain(&["local/tomorrow", "news/open", "local/soon"]) {
        site.write(&format!("content/{path}.comments.yaml"), comment);
    }
    let run = site.run(&["next", "--at", NOW]);
    let told: Vec<_> = run.stdout.lines().filter(|line| line.contains("comment published")).collect();
    assert!(told.len() == 2 && told[0].contains("local/soon.c") && told[1].contains("news/open.c"), "{}", run.stdout);
    site.set_now(NOW);
    site.build();
    site.set_now("2026-11-25T12:00:00Z");
    assert!(!site.build().rendered().is_empty());
}

#[test]
fn drafts_that_are_shown_have_moments_too() {
    let mut site = TestSite::new()
        .article("local/draft", "2026-11-01", "title: Draft\ndraft: true\nexpires: 2026-11-24", "x")
        .flag("--drafts");
    site.build();
    assert!(site.has("public/local/draft/index.html"));
    site.set_now("2026-11-24T00:00:00Z");
    site.build();
    assert!(!site.has("public/local/draft/index.html"));
    site.assert_equals_clean("the draft's end");
}

/// A site with one article in each state.
fn with_states() -> TestSite {
    TestSite::new()
        .file("site.yaml", "base_url: https://test.example\ntimezone: Europe/Berlin\n")
        .file("content/authors/ann.md", "---\nname: Ann Lee\n---\n")
        .article("local/open", "2026-11-20T08:00:00", "title: Open\nauthors: [ann]", "x")
        .article("local/ending", "2026-11-21", "title: Ending\nexpires: 2026-12-01", "x")
        .article("world/idea", "2026-11-22", "title: Idea\ndraft: true\nauthors: [Bo Marsh]", "x")
        .article("world/soon", "2026-11-24T06:00:00", "title: Soon", "x")
        .article("world/gone", "2026-01-01", "title: Gone\nexpires: 2026-02-01", "x")
        .file("content/plans/_index.md", "---\ntitle: Plans\ndraft: true\n---\n")
        .article("plans/inside", "2026-11-19", "title: Inside", "x")
        .file("content/about.md", "---\ntitle: About\n---\n\nWe.\n")
}

#[test]
fn list_tells_what_has_become_of_each_article() {
    let site = with_states();
    let of = |state: &[&str]| {
        let mut arguments = vec!["list", "--at", NOW, "--json"];
        arguments.extend(state);
        let entries = objects(&site.run(&arguments));
        let entry = |one: &Value| {
            format!("{} {}", one["state"].as_str().unwrap_or_default(), one["title"].as_str().unwrap_or_default())
        };
        entries.iter().map(entry).collect::<Vec<String>>()
    };
    assert_eq!(
        of(&[]),
        [
            "expiring Ending",
            "embargoed Soon",
            "draft Idea",
            "published Open",
            "draft Inside",
            "expired Gone",
            "published About"
        ]
    );
    assert_eq!(of(&["drafts"]), ["draft Idea", "draft Inside"]);
    assert_eq!(of(&["embargoed"]), ["embargoed Soon"]);
    assert_eq!(of(&["expiring"]), ["expiring Ending"]);
    assert_eq!(of(&["expired"]), ["expired Gone"]);
    assert_eq!(of(&["withheld"]), ["embargoed Soon", "draft Idea", "draft Inside", "expired Gone"]);
    assert_eq!(of(&["published"]), ["expiring Ending", "published Open", "published About"]);
    assert_eq!(of(&["--section", "World"]).len(), 3);
    assert_eq!(of(&["--author", "ann lee"]), ["published Open"]);
    assert_eq!(of(&["-n", "2"]).len(), 2);
    let entry = &objects(&site.run(&["list", "embargoed", "--at", NOW, "--json"]))[0];
    assert_eq!(entry["at"], "2026-11-24T06:00:00+01:00");
    assert_eq!((&entry["url"], &entry["path"]), (&Value::Null, &json!("content/world/soon.md")));
}

#[test]
fn list_is_a_table_for_people() {
    let site = with_states();
    let run = site.run(&["list", "withheld", "--section", "world", "--at", NOW]);
    assert_eq!(
        run.stdout,
        "STATE      SINCE/UNTIL       SECTION  AUTHOR    HEADLINE  FILE\n\
         embargoed  2026-11-24 06:00  world              Soon      content/world/soon.md\n\
         draft      2026-11-22        world    Bo Marsh  Idea      content/world/idea.md\n\
         expired    2026-02-01        world              Gone      content/world/gone.md\n\
         3 entries\n"
    );
    let run = site.run(&["list", "expiring", "--section", "world", "--at", NOW]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "nothing is going to expire\n"));
    assert_eq!(site.run(&["list", "lost"]).code, 2);
    let broken = with_states().file("content/local/broken.md", "---\ntitle: [\n---\n");
    let run = broken.run(&["list", "--at", NOW]);
    assert_eq!(run.code, 1, "what cannot be read is told, and the rest is listed");
    assert!(run.stdout.contains("content/local/open.md") && run.stderr.contains("content/local/broken.md"));
}
