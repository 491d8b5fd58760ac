//! Front matter: each way to withhold is understood, and what may be meant to withhold is told.

use super::assert_no_secrets;
use crate::fixture::TestSite;

/// Front matter that asks for withholding in the words of many programs.
const WISHES: &[&str] = &[
    "publish: {date: 2027-01-01}",
    "publish: {from: 2027-01-01}",
    "publishing: {date: 2027-01-01}",
    "publication: {date: 2027-01-01}",
    "schedule: {start: 2027-01-01}",
    "schedule: {date: 2027-01-01}",
    "timing: {from: 2027-01-01}",
    "press_embargo: 2027-01-01",
    "embargolift: 2027-01-01",
    "publish_ts: 2027-01-01",
    "online_from: 2027-01-01",
    "held_until: 2027-01-01",
    "held: true",
    "pending: true",
    "rejected: true",
    "is_live: false",
    "go_live: false",
    "is_pending: true",
    "fields: {status: {en-US: draft}}",
    "sys: {publishedVersion: null}",
    "_id: drafts.a7",
    "first_published_at: null",
    "datepublish: 2027-01-01",
    "wp:post_password: x",
    "wp:status: draft",
    "app:draft: yes",
    "post_date_gmt: '0000-00-00 00:00:00'",
    "email_only: true",
    "state: [draft]",
    "flags: [draft]",
    "params.draft: true",
    "extra.publishDate: 2027-01-01",
    "entwurf: true",
    "Brouillon: oui\ndraft: true",
    "下書き: true",
    "sperrfrist: 2027-01-01",
    "sperrfrist: true",
    "underembargo: true",
    "release_date: false",
    "visible_from: false",
    "embargo_until: true",
    "veröffentlicht: false",
    "status: Entwurf",
    "permalink: no",
    "Draft: true",
    "DRAFT: True",
    "drafts: true",
    "is_draft: yes",
    "is-draft: 'true'",
    "draft: draft",
    "Date: 2027-01-01",
    "embargo: true",
    "embargoed: 2027-01-01",
    "embargo-until: 2027-01-01",
    "publish: false",
    "Published: no",
    "published: 2027-01-01",
    "published: draft",
    "publication_date: 2027-01-01",
    "publishDate: 2027-01-01",
    "publish-date: 2027-01-01",
    "published_at: 2027-01-01",
    "pubDate: 2027-01-01",
    "publishDate: false",
    "expiryDate: 2026-01-01",
    "Expiry_Date: 2026-01-01",
    "expired: true",
    "unpublish_date: 2026-01-01",
    "unpublished: true",
    "private: true",
    "hidden: true",
    "unlisted: true",
    "status: draft",
    "status: embargoed",
    "status: Auto-Draft",
    "status: scheduled",
    "post_status: future",
    "visibility: private",
    "Visibility: Hidden",
    "password: x",
    "post_password: '1'",
    "build: {render: never}",
    "permalink: false",
    "headless: true",
    "<<: {draft: true}",
    "defaults: &base {draft: true}\n<<: *base",
    "a: &a {draft: true}\nb: &b {kind: report}\n<<: [*b, *a]",
    "withdrawn: true",
    "public: false",
    // What nobody sees in a key, and letters of another width.
    "\u{a0}draft: true",
    "\u{200b}draft: true",
    "draft\u{200b}: true",
    "dra\u{ad}ft: true",
    "draft\u{200e}: true",
    "\u{3000}draft: true",
    "\u{ff44}\u{ff52}\u{ff41}\u{ff46}\u{ff54}: true",
    // The words of other programs.
    "enabled: false",
    "postDate: 2027-01-01",
    "publishedAt: null",
    "published_at: ''",
    "state: draft",
    "workflow: In review",
    "is_hidden: true",
    "render: false",
    "routable: false",
    "embargo-until-date: 2027-01-01",
    "embargoed_til: 2027-01-01",
    "not_before: 2027-01-01",
    "go_live: 2027-01-01",
    "do_not_publish: true",
    "noPublish: true",
    "online: false",
    "hold: true",
    "spiked: true",
    "archived: true",
    "deleted: true",
    "wip: true",
    "listed: false",
    "password: 0",
    "publish_status: draft",
    "isPublic: false",
    "is_visible: false",
    "dg-publish: false",
    "publish_time: 2027-01-01",
    "publishFrom: 2027-01-01",
    "draft_until: 2027-01-01",
    "hidden_until: 2027-01-01",
    "hidden_from: 2026-01-01",
    "valid_until: 2026-11-10",
    "expires_on_date: 2026-11-10",
    "build: {render: link}",
    "params: {draft: true}",
    "extra:\n  expiryDate: 2026-01-01",
    "extra: {publishDate: false}",
    "params: {published_at: null}",
    "metadata: {status: draft}",
    // In maps of other programs.
    "params: {status: wip}",
    "workflow: {state: draft}",
    "workflow: {status: draft}",
    "params: {cms: {draft: true}}",
    "options: {draft: true}",
    "sanity: {status: in progress}",
    "params: {embargo_lift: 2027-01-01}",
    "eleventyComputed: {permalink: false}",
    "eleventyComputed: {draft: true}",
    // Keys of other programs, and keys that name a state.
    "pubDatetime: 2027-05-01T00:00:00Z",
    "moderation_state: draft",
    "wp_post_status: draft",
    "first_published_at: 2027-01-01",
    "articleStatus: embargoed",
    "workflow-status: draft",
    "editorial_status: draft",
    "review_status: draft",
    "stage: draft",
    "phase: draft",
    "draft_status: in progress",
    // A word of withholding beside others.
    "under_embargo: true",
    "underEmbargo: yes",
    "embargo_lift: 2027-01-01",
    "embargo_lifts: 2027-01-01",
    "lift_embargo: 2027-01-01",
    "to_be_published: 2027-01-01",
    "draftMode: true",
    "on_hold: true",
    "trash: true",
    "removed: true",
    "killed: true",
    "pulled: true",
    "spike: true",
    "deleted: 2026-05-01",
    "deleted_at: 2026-05-01",
    "active: false",
    "disabled: true",
    "go-live-date: 2027-01-01",
    "takedown: 2026-05-01",
    "do_not_publish_until: 2027-01-01",
    "embargo_expires: 2027-01-01",
    "withdrawn_at: 2026-01-01",
    "offline_from: 2026-01-01",
    "approved: false",
    "ready: no",
    "workflow: {stage: editing}",
    "schedule: {publish: 2027-01-01}",
    "status: in legal review",
    "article_status: draft 2",
    "wp: {post_status: pending}",
    // Values that a program wraps into maps.
    "properties: {Status: {id: x, type: select, select: {id: y, name: Draft, color: red}}}",
    "properties: {Status: {type: status, status: {name: In progress}}}",
    "properties: {Status: {status: {name: Not started}}}",
    "properties: {Tags: {multi_select: []}, \"Publish date\": {type: date, date: {start: 2027-01-01, end: null}}}",
    "properties: {Publication Status: {multi_select: [{name: News}, {name: Draft}]}}",
    "properties: [{name: Status, value: Draft}, {name: Size, value: 3}]",
    "properties: {Status: {rich_text: [{type: text, plain_text: draft}]}}",
    "Status: {select: {name: Draft}}",
    "status: {value: draft}",
    "status: [draft]",
    "in_trash: true",
    "is_archived: true",
    "taxonomies: {tags: [a], draft: true}",
    "taxonomies: {tags: [a]}\ndraft: true # for now",
    // Of several values, the one that withholds most.
    "embargo: [2026-11-01, 2027-01-01]",
    "draft: [false, true]",
    "press_embargo: [2026-11-01, 2027-01-01]",
    "expires: [2027-01-01, 2026-01-01]",
    // A time of the day that stands beside its day.
    "embargo: 2026-11-23\nembargo_time: \"18:00\"",
    "embargo: {date: 2026-11-23, time: \"18:00\"}",
    "go_live_date: 2026-11-23\ngo_live_time: 6 pm",
    "publish: {date: 2026-11-23, time: \"18:00\"}",
    "schedule: {date: 2026-11-23, time: 18.00 Uhr}",
    "schedule: {start_date: 2026-11-23, start_time: \"18:00\"}",
    "publishDate: 2026-11-23\npublishTime: \"18:00\"",
    "Date: 2026-11-23\ntime: \"18:00\"",
    "press_embargo: 2026-11-23\npress_embargo_time: \"18:00\"",
    "embargo: 2026-11-23\ntime: \"18:00\"",
    // Maps that say when something is published.
    "schedule: {start_date: 2027-01-01}",
    "schedule: {startDate: 2027-01-01}",
    "schedule: {starts_at: 2027-01-01}",
    "schedule: {day: 2027-01-01}",
    "schedule: {start: {date: 2027-01-01}}",
    "schedule: {start: [2026-01-01, 2027-01-01]}",
    "schedule: [{start: 2027-01-01}]",
    "schedule: {unpublish: 2026-02-01}",
    "timing: {live_at: 2027-01-01}",
    "cms: {publishing: {startDate: 2027-01-01}}",
    "planning: {scheduling: {planned_publish_date: 2027-01-01}}",
    "press_embargo: {until: 2027-01-01}",
    // Moments in maps behind keys that have one themselves.
    "embargo: {until: 2027-01-01}",
    "embargo: {date: 2027-01-01}",
    "embargo: {from: 2026-01-01, until: 2027-01-01, note: for the press}",
    "embargo: {from: 2026-01-01, expires: 2027-01-01}",
    "embargo: {press: 2027-01-01}",
    "embargo: [{until: 2026-01-01}, {until: {date: 2027-01-01}}]",
    "embargo: {until: 2026-11-23, time: \"18:00\"}",
    "embargo: {until: 2026-11-23}\nembargo_time: \"18:00\"",
    "embargo: {date: 2026-01-01, time: \"18:00\", draft: true}",
    "params: {embargo: {until: 2027-01-01}}",
    "published: {from: 2027-01-01}",
    "expires: {on: 2026-02-01}",
    "expires: {date: 2026-11-22, time: \"06:00\"}",
    // A moment for each language.
    "publication: {de: 2027-01-01}",
    "publication: {de: 2027-01-01, note: x}",
    "schedule: {en: 2026-01-01, de-AT: {start: 2027-01-01}}",
    "press_embargo: {de: 2027-01-01}",
    // States, in other languages and with decorations, too.
    "approval: pending",
    "moderation: pending",
    "review: pending",
    "released: false",
    "release: false",
    "state: \"📝 Draft\"",
    "stage: 1 - Draft",
    "workflow_step: draft",
    "estado: borrador",
    "stato: bozza",
    "état: brouillon",
    "etat: brouillon",
    "zustand: entwurf",
    "workflow: [Draft]",
    "kill: true",
    "off_the_record: true",
    "dont_publish: true",
    // More words of other programs.
    "StopPublish: 2026-02-01",
    "publish_stop: 2026-02-01",
    "stop_publishing: 2026-02-01",
    "offTime: 2026-02-01",
    "onTime: 2027-01-01",
    "pubstatus: withheld",
    "pubstatus: canceled",
    "params: {pubstatus: cancelled}",
    "state: recalled",
    "state: queued",
    "state: 0",
    "isDelisted: true",
    "ignored: true",
    "first_publication_date: null",
    "security: private",
    "available: false",
    "internal_only: true",
    "workInProgress: true",
    "entwurf: ja",
    "brouillon: oui",
    "borrador: sí",
    "veröffentlicht: nein",
    "veroeffentlicht: nein",
    "gepubliceerd: nee",
    "draft: ja",
    "gesperrt: true",
    "sperrvermerk: ja",
    "freigegeben: false",
    "fecha_publicación: 2027-01-01",
    "fecha_publicacion: 2027-01-01",
    "unpublish: 2026-02-01",
    "withdrawn: 2026-01-01",
    // Times in parts.
    "embargo: {date: 2026-11-23, hour: 18, minute: 30}",
    "embargo: {date: 2026-11-23, time: \"11:00\", tz: America/New_York}",
    "embargo: 2026-11-23\nembargo_time: \"11:00\"\nembargo_timezone: America/New_York",
    "schedule: {date: 2026-11-23, hour: \"18:00\"}",
    "schedule: {on: 2026-11-23, at: \"18:00\"}",
    "Date: 2026-11-23\nhour: \"18:00\"",
    "Date: 2026-11-23\nheure: 18h00",
    "Date: 2026-11-23\ntime: 64800",
    // Brothers of other words.
    "schedule: {up: 2027-01-01}",
    "schedule: {launch: 2027-01-01}",
    "schedules: [{start: 2027-01-01}]",
    "dont_publish_before: 2027-01-01",
    "nonpublic: true",
    "unreleased: true",
    "legal: hold",
    "pub_start: 2027-01-01",
];

#[test]
fn every_wish_to_withhold_is_understood() {
    let site = TestSite::new().article("local/open", "2026-11-01", "", "x");
    for (number, wish) in WISHES.iter().enumerate() {
        let date = if wish.starts_with("Date") { "" } else { "date: 2026-11-01\n" };
        let text = format!("---\ntitle: Secret number {number}\n{date}{wish}\n---\n\nSecret words.\n");
        site.write(&format!("content/local/secret-{number}.md"), text);
    }
    let run = site.try_build(&["--verify"]);
    assert_eq!((run.code, run.diagnostics()), (0, Vec::new()), "{}", run.stderr);
    assert_no_secrets(&site);
}

#[test]
fn what_shows_is_published() {
    for front in [
        "audience: everyone",
        "premium: true\naccess: subscribers",
        "paid: false",
        "tags: [league draft, Drafts]",
        "publish_to_facebook: false",
        "auto_publish: true",
        "print_publication_date: 2027-01-01",
        "published_by: Ines Vale",
        "publish: {date: 2026-01-01}",
        "publication: {name: Harbour Gazette}",
        "draft_number: 3",
        "is_live: true",
        "go_live: true",
        "publish_date: true",
        "sperrfrist: false",
        "wp:status: publish",
        "_id: a7",
        "fields: {status: {en-US: published}}",
        "unpublishable: false",
        "valid_till: 2027-01-01",
        "secret: false",
        "ispiration: true",
        "published_count: 12",
        "Draft: false",
        "published: true",
        "published: 2026-01-01",
        "publish_date: 2026-01-01",
        "status: Published",
        "status: public",
        "visibility: public",
        "expires: 2027-01-01",
        "embargo: 2026-01-01",
        "embargo: false",
        "password: ''",
        "private:",
        "build: {render: always}",
        "status: final",
        "rate: 5",
        "data: true",
        "dated: 2026-01-01",
        "stats: true",
        "<<: {draft: true}\ndraft: false",
        "state: Texas",
        "release: v2.0",
        "hide: [toc, nav]",
        "render: {engine: md}",
        "cover: {hidden: true}",
        "showPublishDate: true",
        "publisher: Someone",
        "first_published_on: 2019-01-01",
        "postDate: 2019-01-01",
        "extra: {status: sold, publishDate: 2019-01-01}",
        "public_date: 2019-01-01",
        "bold: true",
        "online: https://x.example",
        "a: &a {draft: true}\nb: &b {draft: false}\n<<: [*b, *a]",
        "image: {src: https://x.example/a.jpg, alt: A}",
        "gallery: {private: true, status: pending, items: [{draft: true}]}",
        "data: {private: 12, public: 30, published: Penguin}",
        "book: {published: 2027-03-01, publisher: Penguin}",
        "params: {cover: {hidden: true}, hide_date: true, bill_status: pending}",
        "extra: {show_until: 2026-01-01, archive: true}",
        "show_date: true",
        "options: [{label: a, disabled: true}]",
        "fields: [{name: a, hidden: true}]",
        "comment_status: hidden",
        "pubDatetime: 2026-05-01",
        "live: true",
        "archive: false",
        "removed: the lid",
        "stage: Main stage",
        "deleted_at: null",
        "params: {deep: {status: sold, draft: false}}",
        "embargo_lifted: 2026-01-01",
        "properties: {Status: {select: {name: Done}}, Published: {checkbox: true}, Archived: {checkbox: false}}",
        "status: {value: published}",
        "live: {start: 2027-01-01}",
        "stage: {name: Draft House Stage}",
        "hold: 12",
        "killed: 12 people",
        "held: Berlin",
        "on_time: true",
        "show_reading_time: true",
        "paid_time: 3",
        "reading_time: 5 min",
        "time: 5 min",
        "publishDate: 2026-11-01\ntime: 5 min",
        "time: 1 hour 20 minutes",
        "time: PT20M",
        "at: Town hall",
        "zone: Harbour",
        "event_date: 2027-01-01\nevent_time: 7 pm",
        "schedule: {start: \"09:00\", end: \"17:00\"}",
        "schedule: {day: Monday}",
        "schedule: [{date: 2027-01-01, name: Talk}]",
        "show_on: homepage",
        "display_after: 3",
        "published_date_format: \"%Y\"",
        "embargo_note: lifted",
        "archive_date: 2019-05-01",
        "published_in: Gazette",
        "expires: 9999-12-31",
        "expires: 9999-12-31T23:59:59Z",
        "visible_to: all",
        "publish_to: [web, print]",
        "release: March 2026",
        "stage: With",
        "review: {rating: 5}",
        "review: true",
        "book_review: none",
        "approval: 45%",
        "moderation: true",
        "order_status: shipped",
        "signed_off: true",
        "legal_approved: true",
        "status: 4 - Published",
        "pubstatus: usable",
        "event_status: canceled",
        "embargo: {until: 2026-01-01, note: for the press}",
        "embargo: {until: null}",
        "published: {from: 2026-01-01, until: 2027-01-01, by: Ann}",
        "publication: {de: 2026-01-01, en: Gazette}",
        "publication: {no: 12, id: 4711}",
        "starttime: 2027-01-01\nlocation: Town hall",
        "starttime: 2027-01-01\nevent_name: Fair",
        "starttime: 2027-01-01\nlayout: event",
        "start_time: 2027-01-01",
        "starttime: \"18:00\"",
        "starttime: 0\nendtime: 0",
        "params: {killed: 12 people}",
        "entwurf: nein",
        "draft: nein",
        "security: high",
        "available: now",
        "effective: immediately",
        "state: 5",
        "type: draughts",
        "published: true",
        "embargo: 2026-11-23\nembargo_time: \"06:00\"",
        "originally_published_on: Medium",
        "embargo: [2026-11-01, 2026-11-02]",
        "status: [published]",
        "press_embargo: none",
        "acf: {draft: true}\ndraft: false",
        "extra: {display_until: 2026-01-01}",
        // What is of something else.
        "hide_date: true",
        "hidePublishDate: true",
        "date_hidden: true",
        "event_status: scheduled",
        "match_status: scheduled",
        "bill_status: draft",
        "state: Pending Oreille",
        "comments: {enabled: false}",
        "republish: false",
        "nfl_draft: true",
        "kind: review\nrelease_date: 2027-03-01",
        "director: Ann\nrelease_date: 2027-03-01",
        "isbn: 1\navailable: 2027-01-01",
        "schedule: [{date: 2027-01-01, opponent: Arsenal}]",
        "schedule: [{day: 2027-01-01, what: Final}]",
        "sources: [{name: Ann, published: 2026-01-01}]",
        "categories: [{name: Local}, {name: Sea}]",
        "authors: [{name: Ann, status: staff}]",
        "series: {name: Ann, status: ongoing}",
        "schedule: Mondays at 6",
        "paywall: none",
        "timezone: Europe/Berlin",
        "live: {start: 2027-01-01, end: 2027-01-02}",
        "params: {show: false}",
        "recalled: the lid",
        "legal: Smith & Co",
        "subscription: https://x.example",
        "tier: 2",
        "running_on: empty",
        // What says nothing, or that everybody may see it.
        "embargo: {}",
        "embargo: []",
        "embargo:",
        "embargo: lifted",
        "embargo: none",
        "expires: never",
        "visibility: everyone",
        "access: public",
        "access: Subscribers",
        "access: 1",
        // A time that has come, in its zone.
        "embargo: {date: 2026-11-22, time: \"11:00\", tz: UTC}",
    ] {
        let site = TestSite::new().article("local/a", "2026-11-01", front, "x");
        let run = site.try_build(&[]);
        assert_eq!((run.code, run.diagnostics()), (0, Vec::new()), "{front}");
        assert!(site.has("public/local/a/index.html"), "{front}");
    }
}

#[test]
fn what_a_program_wraps_into_maps_withholds_and_is_told_where_it_may_be_of_something_else() {
    for (front, key) in [
        ("properties: {Published: {type: checkbox, checkbox: false}}", "properties.Published"),
        ("properties: {Archived: {type: checkbox, checkbox: true}}", "properties.Archived"),
        ("acf: {status: {value: draft, label: Draft}}", "acf.status"),
    ] {
        let site = TestSite::new().article("local/a", "2026-11-01", front, "x");
        let run = site.build();
        let told = format!("`{key}` withholds this file");
        assert!(
            run.diagnostics().len() == 1 && run.diagnostics()[0].ends_with(&told),
            "{front}: {:?}",
            run.diagnostics()
        );
        assert!(!site.has("public/local/a/index.html"), "{front}");
    }
}

#[test]
fn what_looks_like_withholding_and_is_not_understood_is_an_error() {
    for (front, message) in [
        ("legal_embargo: true", "4:1 `legal_embargo` looks like a wish to withhold this file"),
        ("working_draft: true", "4:1 `working_draft` looks like a wish to withhold this file"),
        ("depublished: true", "4:1 `depublished` looks like a wish to withhold this file"),
        ("publishable: no", "4:1 `publishable` looks like a wish to withhold this file"),
        ("ok_to_publish: no", "4:1 `ok_to_publish` looks like a wish to withhold this file"),
        ("publish_approved: false", "4:1 `publish_approved` looks like a wish to withhold this file"),
        ("auto_publish: false", "4:1 `auto_publish` looks like a wish to withhold this file"),
        ("darft: true", "4:1 `darft` looks like `draft`, which can withhold this file"),
        ("raft: yes", "4:1 `raft` looks like `draft`, which can withhold this file"),
        ("priate: true", "4:1 `priate` looks like `private`, which can withhold this file"),
        ("publised: false", "4:1 `publised` looks like `published`, which can withhold this file"),
        ("embargod: true", "4:1 `embargod` looks like a wish to withhold this file"),
        ("Expries: 2027-01-01", "4:1 `Expries` looks like `expires`, which can withhold this file"),
        ("staus: draft", "4:1 `staus` looks like `status`, which can withhold this file"),
        ("visibilty: public", "4:1 `visibilty` looks like `visibility`, which can withhold this file"),
        (
            "is_really_draft: true\nnot_yet_published: true",
            "5:1 `not_yet_published` looks like a wish to withhold this file",
        ),
        ("publicVisibility: none", "4:1 `publicVisibility` looks like a wish to withhold this file"),
        ("dr\u{430}ft: true", "4:1 `dr\u{430}ft` looks like `draft`, which can withhold this file"),
        ("embargo: 27-01-01", "4:10 the year of the date `27-01-01` has fewer than four digits"),
        ("embargo: 15 Jan 27", "4:10 the year of the date `15 Jan 27` has fewer than four digits"),
        ("params: {draft: \"y\"}", "4:17 `params.draft` must be true or false"),
        ("params: {embargo: next week}", "4:19 `next week` is not a date"),
        ("extra: {draft: maybe}", "4:16 `extra.draft` must be true or false"),
        ("params: {darft: true}", "4:10 `params.darft` looks like `draft`, which can withhold this file"),
        ("never_publish: true", "4:1 `never_publish` looks like a wish to withhold this file"),
        ("ready_to_publish: false", "4:1 `ready_to_publish` looks like a wish to withhold this file"),
        ("embargo_lifted: false", "4:1 `embargo_lifted` looks like a wish to withhold this file"),
        ("hide_from_lists: true", "4:1 `hide_from_lists` looks like a wish to withhold this file"),
        ("embargo_active: true", "4:1 `embargo_active` looks like a wish to withhold this file"),
        ("hasEmbargo: yes", "4:1 `hasEmbargo` looks like a wish to withhold this file"),
        ("hold_publication: true", "4:1 `hold_publication` looks like a wish to withhold this file"),
        ("archive: true", "4:1 `archive` may mean that this file is withheld"),
        ("retracted: yes", "4:1 `retracted` may mean that this file is withheld"),
        ("desk_status: pending", "4:1 `desk_status` looks like a wish to withhold this file"),
        ("tags: [harbour, draft]", "4:17 the tag `draft` may mean that this file is withheld"),
        ("tags: private, mathjax", "4:7 the tag `private` may mean that this file is withheld"),
        ("status: developing", "4:9 `status` has a value that neither shows nor withholds"),
        ("status: {a: draft}", "4:1 `status` has a value that neither shows nor withholds"),
        ("draft: maybe", "4:8 `draft` must be true or false"),
        ("embargo: soon", "4:10 `soon` is not a date"),
        ("published: soon", "4:12 `soon` is not a date"),
        ("<<: draft", "4:1 `<<` needs a map, such as `<<: *base`"),
        ("draft: false\nDraft: true", "5:1 `draft: false` in line 4 and `Draft: true` contradict each other"),
        ("expires: 2027-01-01\nexpires: 2026-12-01", "5:1 "),
        ("press_embargo: 01.12.2026", "4:16 `01.12.2026` is not a date"),
        ("press_embargo: Monday 6am", "4:16 `Monday 6am` is not a date"),
        ("press_embargo: 2026-12", "4:16 the date `2026-12` has no day"),
        ("hold_until: 1/1/2027", "4:13 `1/1/2027` is not a date"),
        ("hold_until: further notice", "4:13 `further notice` is not a date"),
        ("show_from: 01/12/2026", "4:12 `01/12/2026` is not a date"),
        ("release: 01.12.2026", "4:10 `01.12.2026` is not a date"),
        ("post_date: 01/12/2026", "4:12 `01/12/2026` is not a date"),
        ("remove_after: 01.02.2026", "4:15 `01.02.2026` is not a date"),
        ("schedule: {start: 01/12/2026}", "4:19 `01/12/2026` is not a date"),
        ("schedule: {start: 2026-12-01 6 Uhr}", "4:19 `2026-12-01 6 Uhr` is not a date"),
        ("embargo: [2026-11-20, soon]", "`soon` is not a date"),
        ("params: {expires: 01.02.2026}", "4:19 `01.02.2026` is not a date"),
        ("acf: {press_embargo: 01.12.2026}", "4:22 `01.12.2026` is not a date"),
        ("embargo: 2026-11-27\nembargo_time: evening", "5:1 `embargo_time` is not a time of day: `evening`"),
        ("schedule: {date: 2026-11-27, time: 25:00}", "4:30 `time` is not a time of day: `25:00`"),
        ("embargo_time: \"18:00\"", "4:15 `18:00` is a time of the day, and says no day"),
        ("embargo: {date: 2026-11-27, time: evening}", "4:29 `time` is not a time of day: `evening`"),
        ("hold: legal", "4:1 `hold` may mean that this file is withheld"),
        ("cms: {hold: legal}", "4:7 `cms.hold` may mean that this file is withheld"),
        ("params: {cms: {killed: by legal}}", "4:16 `params.cms.killed` may mean that this file is withheld"),
        ("workflow: {stage: with lawyers}", "4:12 `workflow.stage` may mean that this file is withheld"),
        ("params: {visible_to: members}", "`params.visible_to` has a value that neither shows nor withholds"),
        ("embargo: {until: soon}", "4:18 `soon` is not a date"),
        ("embargo: {note: x}", "4:1 `embargo`"),
        ("publication: {de: 01.12.2026}", "4:19 `01.12.2026` is not a date"),
        ("starttime: 01.12.2026", "4:12 `01.12.2026` is not a date"),
        ("hold: Sunday", "4:1 `hold` may mean that this file is withheld"),
        ("hold: y", "4:1 `hold` may mean that this file is withheld"),
        ("killed: legal", "4:1 `killed` may mean that this file is withheld"),
        ("spiked: by legal", "4:1 `spiked` may mean that this file is withheld"),
        ("pulled: yes - legal", "4:1 `pulled` may mean that this file is withheld"),
        ("wip: x", "4:1 `wip` may mean that this file is withheld"),
        ("legal_hold: true", "4:1 `legal_hold` looks like a wish to withhold this file"),
        ("not_for_release: yes", "4:1 `not_for_release` looks like a wish to withhold this file"),
        ("embargo_hour: 18", "4:15 `18` is not a date"),
        ("extra: {hidden: 2027-01-01}", "4:17 `extra.hidden` must be true or false, and `2027-01-01` is a date"),
        ("do_not_run: true", "4:1 `do_not_run` looks like a wish to withhold this file"),
        ("legal_review: pending", "4:1 `legal_review` looks like a wish to withhold this file"),
        ("in_review: true", "4:1 `in_review` looks like a wish to withhold this file"),
        ("needs_review: true", "4:1 `needs_review` looks like a wish to withhold this file"),
        ("legal_approved: false", "4:1 `legal_approved` looks like a wish to withhold this file"),
        ("signed_off: false", "4:1 `signed_off` looks like a wish to withhold this file"),
        ("editorial_status: needs edit", "4:1 `editorial_status` looks like a wish to withhold this file"),
        ("story_status: needs edit", "4:1 `story_status` looks like a wish to withhold this file"),
        ("stage: with lawyers", "4:1 `stage` may mean that this file is withheld"),
        ("type: draft", "4:1 `type` may mean that this file is withheld"),
        ("visible_to: [members]", "`visible_to` has a value that neither shows nor withholds"),
        ("hidden: 2027-01-01", "4:9 `hidden` must be true or false, and `2027-01-01` is a date"),
        ("archivedatt: 2026-02-01", "4:1 `archivedatt` looks like `expires`"),
        // In maps of other programs as at the top.
        ("cms: {needs_review: true}", "4:7 `cms.needs_review` looks like a wish to withhold this file"),
        ("meta: {legal_approved: false}", "4:8 `meta.legal_approved` looks like a wish to withhold this file"),
        ("params: {status: with lawyers}", "`params.status` has a value that neither shows nor withholds"),
        ("ghost: {visibility: paid}", "`ghost.visibility` has a value that neither shows nor withholds"),
        ("params: {internal: true}", "4:10 `params.internal` may mean that this file is withheld"),
        ("params: {retracted: true}", "4:10 `params.retracted` may mean that this file is withheld"),
        ("acf: {embargo: Monday}", "4:16 `Monday` is not a date"),
        ("newsroom: {press_embargo: Monday}", "4:27 `Monday` is not a date"),
        ("embargo: {date: 2026-11-20, time: \"11:00\", tz: Nowhere/Land}", "`tz` is not a time zone: `Nowhere/Land`"),
        // Brothers of other words.
        ("publish: {date: tomorrow}", "4:17 `tomorrow` is not a date"),
        ("schedule: Monday", "4:11 `Monday` is not a date"),
        ("schedule: 2027-01-01/2028-01-01", "4:11 the date `2027-01-01/2028-01-01` does not exist"),
        ("hold_for: Sunday", "4:11 `Sunday` is not a date"),
        ("hold_for_legal: true", "4:1 `hold_for_legal` looks like a wish to withhold this file"),
        ("recalled: true", "4:1 `recalled` may mean that this file is withheld"),
        ("do_not_use: true", "4:1 `do_not_use` looks like a wish to withhold this file"),
        ("legal_cleared: false", "4:1 `legal_cleared` looks like a wish to withhold this file"),
        ("approve: false", "4:1 `approve` looks like a wish to withhold this file"),
        ("awaiting_legal: true", "4:1 `awaiting_legal` looks like a wish to withhold this file"),
        ("show: false", "4:1 `show` looks like a wish to withhold this file"),
        ("live: {until: 2026-02-01}", "4:1 `live` looks like a wish to withhold this file"),
        ("tags: [Draft]", "4:8 the tag `Draft` may mean that this file is withheld"),
        ("taxonomies: {tags: [draft]}", "the tag `draft` may mean that this file is withheld"),
        // Entries, whose text would be published.
        ("corrections: [{text: x, embargo: Monday}]", "4:34 `Monday` is not a date"),
        ("corrections: [{text: x, hold: legal}]", "4:25 `hold` may mean that this file is withheld"),
        ("corrections: [{text: x, draft: legal}]", "`draft` must be true or false"),
        ("corrections: [{text: x, status: unclear}]", "`status` has a value that neither shows nor withholds"),
        ("corrections: [{text: x, darft: true}]", "`darft` looks like `draft`"),
        ("corrections: [{text: x, needs_review: true}]", "`needs_review` looks like a wish to withhold"),
        ("corrections: [{text: x, internal: true}]", "`internal` may mean that this file is withheld"),
    ] {
        let site = TestSite::new().file("content/a.md", format!("---\ntitle: A\ndate: 2026-11-01\n{front}\n---\nx\n"));
        let run = site.try_build(&[]);
        let told = run.diagnostics().join("\n");
        assert!(run.code == 1 && told.starts_with("error content/a.md:") && told.contains(message), "{front}: {told}");
        assert!(!site.has("public/a/index.html"), "{front}");
    }
    let run = TestSite::new().article("local/a", "2026-11-01", "statsu: busy", "x").try_build(&[]);
    assert_eq!(run.diagnostics(), ["warning content/local/a.md:4:1 unknown key `statsu`"]);
}

/// Who follows the cure must not give away what is sold.
#[test]
fn the_cure_for_what_is_sold_is_not_to_publish_it() {
    for front in [
        "visibility: members",
        "visibility: paid",
        "status: paid-members only",
        "audience: only_paid",
        "premium: true",
        "isPaid: yes",
        "params: {paywall: true}",
        "premium: true\naccess:",
        "params: {access: subscribers}",
        "isAccessibleForFree: false",
        "subscription: required",
        "paywall: metered",
        "member_only: true",
        "tier: paid",
        "login_required: true",
    ] {
        let run = TestSite::new().article("local/a", "2026-11-01", front, "x").try_build(&[]);
        let hints = run.hints().join("\n");
        assert!(run.code == 1 && hints.contains("`access: subscribers`"), "{front}: {hints}");
        assert!(!hints.contains("write `published`"), "{front}: {hints}");
    }
}

/// A page is marked as an article is. Of a section, a profile or an advertisement the key would say nothing.
#[test]
fn a_wall_stands_around_a_page_and_is_an_error_where_it_has_no_effect() {
    for theme in ["broadsheet", "wire"] {
        let site =
            TestSite::new().file("site.yaml", format!("title: T\nbase_url: https://test.example\ntheme: {theme}\n"));
        site.write("content/plans.md", "---\ntitle: Plans\naccess: subscribers\n---\n\nPaid words.\n");
        site.write("content/about.md", "---\ntitle: About\n---\n\nWords.\n");
        site.build();
        let page = site.published("plans/index.html");
        assert!(page.contains("data-access=\"subscribers\"") && page.contains(">For subscribers<"), "{page}");
        assert!(page.contains("\"isAccessibleForFree\":false") && page.contains("\".article-body\""), "{page}");
        let page = site.published("about/index.html");
        assert!(!page.contains("data-access") && !page.contains("isAccessibleForFree"), "{page}");
        site.write("content/plans.md", "---\ntitle: Plans\n---\n\nPaid words.\n");
        site.build();
        site.assert_equals_clean("the page is for everybody");
    }
    for path in ["content/_index.md", "content/local/_index.md", "content/authors/ann.md"] {
        for front in
            ["access: subscribers", "cascade: {access: subscribers}", "cascade: [{access: members}]", "premium: true"]
        {
            if front.starts_with("cascade") && path.contains("authors") {
                continue;
            }
            let site = TestSite::new().file(path, format!("---\ntitle: A\n{front}\n---\n"));
            let run = site.try_build(&[]);
            let told = run.diagnostics();
            assert!(
                run.code == 1 && told.len() == 1 && told[0].contains("has no effect here"),
                "{path} {front}: {told:?}"
            );
            assert!(told[0].contains(&format!("{path}:3:")), "{told:?}");
            assert!(run.hints()[0].contains("`access: subscribers`"));
        }
        let site = TestSite::new().file(path, "---\ntitle: A\naccess: free\n---\n");
        site.build();
    }
}

/// A cure names a key of the documentation, in its spelling.
#[test]
fn the_cure_for_a_slip_names_a_key_that_is_documented() {
    for (front, cure) in [
        ("press_embargo: 01.12.2026", "write `2026-12-01`"),
        ("archivedatt: 2026-02-01", "write `expires`, or give the key another name"),
        ("goliveatt: 2027-01-01", "write `publishDate`, or give the key another name"),
        ("embargo: 2026-11-27\nembargo_time: evening", "write hours and minutes, as in `18:00`"),
        ("date: 9999-12-31T23:59:59Z", "the last day is `9999-12-30`; what never ends needs no date"),
        (
            "visible_to: members",
            "write `access: subscribers`, and let the host ask for the subscription; or withhold it by `draft: true`",
        ),
        (
            "hidden: 2027-01-01",
            "write it behind `embargo` to withhold the file until then, or behind `expires` to do so from then on",
        ),
    ] {
        let site = TestSite::new().file("content/a.md", format!("---\ntitle: A\n{front}\n---\nx\n"));
        let run = site.try_build(&[]);
        assert_eq!((run.code, run.hints()), (1, vec![cure.to_owned()]), "{front}: {:?}", run.diagnostics());
    }
}

/// What is withheld although other programs would not do so, or by a key that may mean something else, is told.
#[test]
fn what_may_not_be_meant_to_withhold_is_told() {
    let file = |path: &str, front: &str| {
        let date = if path.contains("_index") { "" } else { "date: 2026-11-01\n" };
        TestSite::new()
            .article("news/b", "2026-11-01", "", "x")
            .file(path, format!("---\ntitle: A\n{date}{front}\n---\nx\n"))
    };
    for (front, message) in [
        ("hold_until: 2027-01-01", "4:1 `hold_until` withholds this file until 2027-01-01"),
        ("fields: {published: {en-US: false}}", "4:10 `fields.published` withholds this file"),
        ("depublish_at: 2026-02-01", "4:1 `depublish_at` withholds this file from 2026-02-01"),
        ("publish: {until: 2026-02-01}", "4:11 `publish.until` withholds this file from 2026-02-01"),
        ("show_from: 2027-01-01", "4:1 `show_from` withholds this file until 2027-01-01"),
        ("displayFrom: 2027-01-01", "4:1 `displayFrom` withholds this file until 2027-01-01"),
        ("show_until: 2026-02-01", "4:1 `show_until` withholds this file from 2026-02-01"),
        ("active_until: 2026-02-01", "4:1 `active_until` withholds this file from 2026-02-01"),
        ("remove_after: 2026-02-01", "4:1 `remove_after` withholds this file from 2026-02-01"),
        ("embargo_removed_on: 2027-01-01", "4:1 `embargo_removed_on` withholds this file until 2027-01-01"),
        ("params: [{draft: true}]", "4:11 `params.draft` withholds this file"),
        ("header: {visible: false}", "4:10 `header.visible` withholds this file"),
        ("params: {hidden: true}", "4:10 `params.hidden` withholds this file"),
        ("goes_live: 2027-01-01", "4:1 `goes_live` withholds this file until 2027-01-01"),
        ("removalDate: 2026-02-01", "4:1 `removalDate` withholds this file from 2026-02-01"),
        ("album: {status: unpublished}", "4:9 `album.status` withholds this file"),
        ("not_live_before: 2027-01-01", "4:1 `not_live_before` withholds this file until 2027-01-01"),
        ("build: {list: local}", "4:1 `build` withholds this file; elsewhere it only leaves it out of lists"),
        ("_build: {list: never}", "4:1 `_build` withholds this file; elsewhere it only leaves it out of lists"),
        (
            "eleventyExcludeFromCollections: true",
            "4:1 `eleventyExcludeFromCollections` withholds this file; elsewhere it only leaves it out of lists",
        ),
        (
            "eleventy: {excludeFromCollections: true}",
            "4:12 `eleventy.excludeFromCollections` withholds this file; elsewhere it only leaves it out of lists",
        ),
        ("_discoverable: no", "4:1 `_discoverable` withholds this file; elsewhere it only leaves it out of lists"),
        ("album: {draft: true}", "4:9 `album.draft` withholds this file"),
        ("album: {cover: {unpublished: true}}", "4:17 `album.cover.unpublished` withholds this file"),
        ("album: {embargo: 2027-01-01}", "4:9 `album.embargo` withholds this file"),
        ("schedule: {end_date: 2026-02-01}", "4:12 `schedule.end_date` withholds this file from 2026-02-01"),
        ("schedule: {stop_at: 2026-02-01}", "4:12 `schedule.stop_at` withholds this file from 2026-02-01"),
        ("schedule: {finish: {date: 2026-02-01}}", "4:21 `schedule.finish.date` withholds this file from 2026-02-01"),
        ("extra: {hold_until: 2027-01-01}", "4:9 `extra.hold_until` withholds this file until 2027-01-01"),
        ("extra: {show_from: 2027-01-01}", "4:9 `extra.show_from` withholds this file until 2027-01-01"),
        ("extra: {remove_after: 2026-02-01}", "4:9 `extra.remove_after` withholds this file from 2026-02-01"),
        ("kill_date: 2026-02-01", "4:1 `kill_date` withholds this file from 2026-02-01"),
        ("starttime: 2027-01-01", "4:1 `starttime` withholds this file until 2027-01-01"),
        ("starttime: 2027-01-01\nplaceholder: event", "4:1 `starttime` withholds this file until 2027-01-01"),
        ("endtime: 2026-02-01", "4:1 `endtime` withholds this file from 2026-02-01"),
        ("typo3: {starttime: 2027-01-01}", "4:9 `typo3.starttime` withholds this file until 2027-01-01"),
        ("visible: {until: 2026-02-01}", "4:11 `visible.until` withholds this file from 2026-02-01"),
        (
            "published: {from: 2026-01-01, until: 2026-02-01}",
            "4:31 `published.until` withholds this file from 2026-02-01",
        ),
        ("album: {embargo: {until: 2027-01-01}}", "4:19 `album.embargo` withholds this file"),
        ("take_down_at: 2026-02-01", "4:1 `take_down_at` withholds this file from 2026-02-01"),
        ("pull_on: 2026-02-01", "4:1 `pull_on` withholds this file from 2026-02-01"),
        ("sunset: 2026-02-01", "4:1 `sunset` withholds this file from 2026-02-01"),
        ("run_on: 2027-01-01", "4:1 `run_on` withholds this file until 2027-01-01"),
        ("schedule: {remove: 2026-02-01}", "4:12 `schedule.remove` withholds this file from 2026-02-01"),
        ("draft_date: 2027-01-01", "4:1 `draft_date` withholds this file until 2027-01-01"),
        ("release_date: 2027-01-01", "4:1 `release_date` withholds this file"),
        ("available: 2027-01-01", "4:1 `available` withholds this file"),
        ("live: false", "4:1 `live` withholds this file"),
        ("live: 2027-01-01", "4:1 `live` withholds this file"),
        ("release: 2027-01-01", "4:1 `release` withholds this file"),
        ("release_on: 2027-01-01", "4:1 `release_on` withholds this file"),
        ("release_date: 2026-11-23\nrelease_time: \"18:00\"", "4:1 `release_date` withholds this file"),
        ("effective: 2027-01-01", "4:1 `effective` withholds this file until 2027-01-01"),
        (
            "make_discoverable: false",
            "4:1 `make_discoverable` withholds this file; elsewhere it only leaves it out of lists",
        ),
        ("\"app:control\": {\"app:draft\": yes}", "4:17 `app:control.app:draft` withholds this file"),
        ("draft: false\nacf: {embargo_until: 2027-01-01}", "5:7 `acf.embargo_until` withholds this file"),
        ("published: true\nacf: {embargo: 2027-01-01}", "5:7 `acf.embargo` withholds this file"),
        ("published: 2026-01-01\nacf: {press_embargo: 2027-01-01}", "5:7 `acf.press_embargo` withholds this file"),
    ] {
        let site = file("content/news/a.md", front);
        let run = site.build();
        assert_eq!(run.diagnostics(), [format!("warning content/news/a.md:{message}")], "{front}");
        assert!(!site.has("public/news/a/index.html"), "{front}");
        assert_eq!(site.build().diagnostics(), run.diagnostics(), "{front}");
    }
    for front in ["render: false", "build: {render: never}", "build: {list: never}", "headless: true"] {
        let site = file("content/news/_index.md", front);
        let key = front.split(':').next().unwrap_or_default();
        let message = format!("3:1 `{key}` withholds the whole section, with all that is in it");
        if key == "headless" {
            let site = TestSite::new()
                .article("news/a", "2026-11-20", "", "x")
                .file("content/_index.md", "---\ntitle: T\nheadless: true\n---\n\nWords.\n");
            let told = site.build().diagnostics();
            let message = "`headless` withholds the text of the front page, and nothing else";
            assert_eq!(told, [format!("warning content/_index.md:3:1 {message}")]);
            assert!(site.has("public/news/a/index.html"));
        }
        assert_eq!(site.build().diagnostics(), [format!("warning content/news/_index.md:{message}")], "{front}");
        assert!(!site.has("public/news/b/index.html"), "{front}");
    }
}

/// Lines that other programs end in another way would be part of the headline, and withhold nothing.
#[test]
fn headers_whose_lines_end_in_another_way_are_an_error() {
    for end in ["\r", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}"] {
        let text = ["Title: One two three", "Date: 2026-01-01", "Status: draft", "", "body"].join(end);
        let site = TestSite::new().article("local/open", "2026-11-01", "", "x").file("content/local/a.md", text);
        let run = site.try_build(&[]);
        let told = run.diagnostics();
        assert_eq!((run.code, told.len()), (1, 1), "{end:?}: {told:?}");
        assert!(told[0].contains("a character that ends no line here"), "{end:?}: {told:?}");
    }
    let text = "Title: One\u{2028}two three\r\nDate: 2026-11-01\r\n\r\nbody\r\n";
    let site = TestSite::new().file("content/local/a.md", text);
    site.build();
    assert!(site.published("local/a/index.html").contains("One two three"));
}

/// Front matter that is not where it belongs is text, and text withholds nothing: so it is an error.
#[test]
fn what_would_withhold_and_stands_outside_the_front_matter_is_an_error() {
    for text in [
        "---\ntitle: A\ndate: 2026-11-01\n---\n---\ndraft: true\n---\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\n\n---\ntitle: A\ndraft: true\n---\n",
        "---\ntitle: A\ndate: 2026-11-01\n...\ndraft: true\n---\n",
        "Title: A\n\n----\n\nStatus: draft\n\n----\n",
        "title: A\n---\n_hidden: yes\n---\n",
        "# A\n\n---\ndate: 2026-11-02\ndraft: true\n---\n",
        "# A\n\nStatus: Draft\nDate: November 20, 2026\n",
        "# A\n\n+++\ndraft = true\n+++\n",
        "# A\n\n{\"draft\": true}\n",
        "<!-- x -->\n---\ntitle: A\ndraft: true\n---\n# A\n",
        "\u{2014}\ntitle: A\ndraft: true\n\u{2014}\n# A\n",
        "\u{200b}---\ntitle: A\ndraft: true\n---\n# A\n",
        "+++ #c\ntitle = 'A'\ndraft = true\n+++\n# A\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\n {\"draft\": true, \"title\":\"k\"}\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\n<!-- draft: true -->\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\nText.\n---\ndraft: true\n---\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\nText.\n\n<!-- more -->\n\n---\ntitle: B\n\nstatus: draft\n---\nText.\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\nText.\n\n+++\ndraft = true\n+++\n",
        "# A\n\n{\"title\": \"A\", \"draft\": true}\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\n# One two three\n\nStatus: Draft\nPublished: No\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\nOne two three\n=====\n\nStatus: Draft\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\n\ndraft:: true\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\n\n[draft:: true]\n",
        "# A\n\ndraft:: true\n",
        "Status: draft\u{2028}Title: A\u{2028}\u{2028}Text.\n",
    ] {
        for path in ["content/local/a.md", "content/local/_index.md", "content/authors/ann.md"] {
            let site = TestSite::new().article("local/open", "2026-11-01", "author: ann", "x").file(path, text);
            let run = site.try_build(&[]);
            let told = run.diagnostics().join("\n");
            // A profile has a `title` of its own, and a section may be a draft by these lines.
            let is_withheld =
                run.code == 0 && !site.output().values().any(|bytes| String::from_utf8_lossy(bytes).contains("draft"));
            assert!(told.contains("stands outside the front matter") || is_withheld, "{path} {text}: {told}");
        }
    }
    for text in [
        "---\ntitle: A\ndate: 2026-11-01\n---\n\nThe status: draft law passes.\n\nStatus: draft\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\n\nPublished: 2019-01-01\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\n\n# One\n\nText.\n\n## Two\n\nStatus: draft\n",
        "---yaml\ntitle: A\ndate: 2026-11-01\n---\n\nText.\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\n\nWrite:\n\n```yaml\n---\ndraft: true\n---\n```\n",
        "---\ntitle: A\ndate: 2026-11-01\n---\n\nText.\n\n---\n\nStatus: draft, they say\n\n---\n",
    ] {
        let site = TestSite::new().file("content/local/a.md", text);
        let run = site.try_build(&[]);
        assert_eq!((run.code, run.diagnostics()), (0, Vec::new()), "{text}");
    }
}

#[test]
fn of_two_dates_the_later_one_withholds() {
    let site = TestSite::new().article("local/secret", "2027-01-01", "date: 2026-01-01", "x");
    let run = site.try_build(&[]);
    assert!(run.code == 0 && !site.has("public/local/secret/index.html"), "{}", run.stderr);
}

#[test]
fn an_article_without_a_date_among_dated_ones_is_told() {
    let site = TestSite::new()
        .article("local/open", "2026-11-01", "", "x")
        .file("content/local/undated.md", "---\ntitle: Undated\n---\nx\n")
        .file("content/local/meant.md", "---\ntitle: Meant\nlayout: page\n---\nx\n")
        .file("content/help/how.md", "---\ntitle: How\n---\nx\n")
        .file("content/about.md", "---\ntitle: About\n---\nx\n");
    let told = "warning content/local/undated.md:2:8 this file has no date, so it is a page and in no list of articles";
    for _ in 0..2 {
        assert_eq!(site.try_build(&[]).diagnostics(), [told]);
    }
    site.remove("content/local/open.md");
    assert_eq!(site.try_build(&[]).diagnostics(), Vec::<String>::new());
}

/// What stands beside a day is its time or its zone, and an error where it cannot be read: without it the day would begin
/// at midnight.
#[test]
fn a_time_beside_a_date_is_read_or_refused_at_its_key() {
    for (front, at) in [
        ("date: 2026-11-23\ntime: \"18:00 Europe/Berlin\"", "2026-11-23T17:00:00Z"),
        ("date: 2026-11-23\ntime: 18:00 +0100", "2026-11-23T17:00:00Z"),
        ("date: 2026-11-23\ntime: １８:00", "2026-11-23T18:00:00Z"),
        ("date: 2026-11-23\ntime: 2026-11-23T18:00", "2026-11-23T18:00:00Z"),
        ("date: 2026-11-23\ntime: 5 min\nhour: 18", "2026-11-23T18:00:00Z"),
        ("date: 2026-11-23\ntime: \"14:00\"\npost_time: \"18:00\"", "2026-11-23T18:00:00Z"),
        ("date: 2026-11-23\ntime: \"00:00\"\ntz: -14:00", "2026-11-23T14:00:00Z"),
        ("date: 2026-11-23\ntz: -14:00", "2026-11-23T14:00:00Z"),
        ("date: 2026-11-23T11:00\ntz: America/New_York", "2026-11-23T16:00:00Z"),
        ("date: 2026-11-23T18:00:00Z\ntimezone: America/New_York", "2026-11-23T18:00:00Z"),
        ("publishDate: 2026-11-23T11:00\ntz: America/New_York", "2026-11-23T16:00:00Z"),
        ("embargo: 2026-11-23\ntime: \"11:00\"\ntz: America/New_York", "2026-11-23T16:00:00Z"),
        ("press_embargo: 2026-11-23\ntime: \"18:00\"", "2026-11-23T18:00:00Z"),
        ("date: 2026-11-23\nrelease_time: \"18:00\"", "2026-11-23T18:00:00Z"),
        ("date: 2026-11-23\npublication_time: \"18:00\"", "2026-11-23T18:00:00Z"),
        ("date: 2026-11-23\npost_time: \"18:00\"", "2026-11-23T18:00:00Z"),
        ("date: 2026-11-23\nlive_time: 6 pm", "2026-11-23T18:00:00Z"),
        ("date: 2026-11-23\nzeit: 18:00 Uhr", "2026-11-23T18:00:00Z"),
        ("date: 2026-11-23\nsperrzeit: \"18:00\"", "2026-11-23T18:00:00Z"),
        ("date: 2026-11-23\norario: \"18.00\"", "2026-11-23T18:00:00Z"),
    ] {
        let mut site = TestSite::new().file("content/n/a.md", format!("---\ntitle: A\n{front}\n---\n\nx\n"));
        let run = site.build();
        assert_eq!(run.diagnostics(), Vec::<String>::new(), "{front}");
        assert!(!site.has("public/n/a/index.html"), "{front}");
        let moment: jiff::Timestamp = at.parse().expect("a moment");
        site.set_now(&(moment - jiff::SignedDuration::from_secs(1)).to_string());
        site.build();
        assert!(!site.has("public/n/a/index.html"), "{front}");
        site.set_now(at);
        site.build();
        assert!(site.has("public/n/a/index.html"), "{front}");
    }
    let hours = "write hours and minutes, as in `18:00`; what says something else needs a key of another name";
    let zones = "write the name of the zone, as in `Europe/Berlin`, or its offset, as in `\"+01:00\"`";
    for (front, told, hint) in [
        (
            "date: 2026-11-23\ntime: \"18:00 CET\"",
            "4:1 `time` is not a time of day: `18:00 CET`",
            "write the offset of the zone behind hours and minutes, as in `18:00+01:00`",
        ),
        ("date: 2026-11-23\ntime: \"24:00\"", "4:1 `time` is not a time of day: `24:00`", hours),
        ("date: 2026-11-23\ntime: noon", "4:1 `time` is not a time of day: `noon`", hours),
        ("date: 2026-11-23\ntime: soon", "4:1 `time` is not a time of day: `soon`", hours),
        ("date: 2026-11-23\ntime: \"25:00\"", "4:1 `time` is not a time of day: `25:00`", hours),
        ("date: 2026-11-23\ntime: T13:00", "4:1 `time` is not a time of day: `T13:00`", hours),
        ("date: 2026-11-23\ntime: 1830", "4:1 `time` is not a time of day: `1830`", hours),
        ("date: 2026-11-23\ntime: \"18-30\"", "4:1 `time` is not a time of day: `18-30`", hours),
        ("date: 2026-11-23\ntime: {hour: 18}", "4:1 `time` is not a time of day", hours),
        ("date: 2026-11-23\ntime: [18]", "4:1 `time` is not a time of day", hours),
        (
            "date: 2026-11-23\ntime: 6:30pm EST",
            "4:1 `time` is not a time of day: `6:30pm EST`",
            "write the offset of the zone behind hours and minutes, as in `18:00-05:00`",
        ),
        ("date: 2026-11-23\nhour: six", "4:1 `hour` is not a time of day: `six`", hours),
        ("date: 2026-11-23\nhour: 24", "4:1 `hour` is not a time of day: `24`", hours),
        ("date: 2026-11-23\nhour: 18\nminute: half past", "4:1 `hour` is not a time of day: `18`", hours),
        ("date: 2026-11-23\nat: noon", "4:1 `at` is not a time of day: `noon`", hours),
        (
            "date: 2026-11-23T18:00\ntz: EST",
            "4:1 `tz` is not a time zone: `EST`",
            "write the name of the zone, as in `Europe/Berlin`, or its offset: `\"-05:00\"`",
        ),
        ("date: 2026-11-23\ntimezone: Mars", "4:1 `timezone` is not a time zone: `Mars`", zones),
        (
            "date: 2026-11-23\nzone: CEST",
            "4:1 `zone` is not a time zone: `CEST`",
            "write the name of the zone, as in `Europe/Berlin`, or its offset: `\"+02:00\"`",
        ),
        ("publishDate: 2026-11-23\ntime: noon", "4:1 `time` is not a time of day: `noon`", hours),
        ("date: 2026-11-23\nembargo: 2026-11-23\ntime: noon", "5:1 `time` is not a time of day: `noon`", hours),
        (
            "date: 2026-11-23\nrelease_time: evening",
            "4:1 `release_time` is not a time of day: `evening`",
            "write hours and minutes, as in `18:00`",
        ),
        (
            "embargo: {date: 2026-11-23, time: \"18:00\", tz: EST}",
            "3:44 `tz` is not a time zone: `EST`",
            "write the name of the zone, as in `Europe/Berlin`, or its offset: `\"-05:00\"`",
        ),
        (
            "date: 2026-11-01\ncorrections: [{date: 2026-11-23, time: noon, text: x}]",
            "4:34 `time` is not a time of day: `noon`",
            hours,
        ),
    ] {
        let site = TestSite::new().file("content/n/a.md", format!("---\ntitle: A\n{front}\n---\n\nx\n"));
        let run = site.try_build(&[]);
        assert_eq!((run.code, run.diagnostics()), (1, vec![format!("error content/n/a.md:{told}")]), "{front}");
        assert_eq!(run.hints(), [hint], "{front}");
    }
}

/// A date in the name of a file is a date like any other.
#[test]
fn a_date_in_a_file_name_takes_the_time_of_the_front_matter() {
    let site = |front: &str| {
        TestSite::new().file("content/n/2026-11-23-ferry.md", format!("---\ntitle: A\n{front}\n---\n\nx\n"))
    };
    for front in ["time: \"18:00\"", "hour: 18", "tz: -14:00", "release_time: 6 pm"] {
        let mut site = site(front);
        site.build();
        assert!(!site.has("public/n/ferry/index.html"), "{front}");
        site.set_now("2026-11-23T18:00:00Z");
        site.build();
        assert!(site.has("public/n/ferry/index.html"), "{front}");
    }
    let run = site("time: noon").try_build(&[]);
    let told = "error content/n/2026-11-23-ferry.md:3:1 `time` is not a time of day: `noon`";
    assert_eq!((run.code, run.diagnostics()), (1, vec![told.to_owned()]));
    site("time: 5 min").build();
}

/// Of the hour that clocks repeat in autumn, the second one withholds most; of the end of something, the first.
#[test]
fn a_date_in_the_repeated_hour_of_autumn_waits_for_the_second_one() {
    let of = |front: &str| {
        TestSite::new()
            .file("site.yaml", "timezone: Europe/Berlin\nbase_url: https://t.example\n")
            .file("content/n/a.md", format!("---\ntitle: A\n{front}\n---\n\nx\n"))
    };
    for (front, before, after) in [
        ("date: 2026-10-25T02:30", "2026-10-25T01:29:59Z", "2026-10-25T01:30:00Z"),
        ("date: 2026-10-25\ntime: \"02:30\"", "2026-10-25T01:29:59Z", "2026-10-25T01:30:00Z"),
        ("date: 2026-10-25T02:30+02:00", "2026-10-25T00:29:59Z", "2026-10-25T00:30:00Z"),
    ] {
        let mut site = of(front);
        site.set_now(before);
        site.build();
        assert!(!site.has("public/n/a/index.html"), "{front}");
        site.set_now(after);
        site.build();
        assert!(site.has("public/n/a/index.html"), "{front}");
    }
    let mut site = of("date: 2026-10-01\nexpires: 2026-10-25T02:30");
    site.set_now("2026-10-25T00:30:00Z");
    site.build();
    assert!(!site.has("public/n/a/index.html"));
}

/// A key that withholds is not called unknown, and so nobody renames it.
#[test]
fn a_key_that_withholding_reads_is_known_to_the_check() {
    for front in [
        "embargo: 2026-11-24\nembargo_time: \"18:00\"",
        "date: 2026-11-01\ntime: \"18:00\"\ntz: Europe/Berlin",
        "date: 2026-11-01\nhour: 18\nminute: 30",
        "date: 2026-11-01\nrelease_time: \"18:00\"",
        "press_embargo: 2026-11-24\npress_embargo_time: \"18:00\"",
        "date: 2026-11-01\nmoderation_state: published",
    ] {
        let site = TestSite::new().file("content/n/a.md", format!("---\ntitle: A\n{front}\n---\n\nx\n"));
        let run = site.run(&["check"]);
        let told = run.diagnostics();
        assert!(!told.iter().any(|one| one.contains("unknown key")), "{front}: {told:?}");
    }
}
