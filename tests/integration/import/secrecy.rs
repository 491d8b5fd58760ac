//! What was not public is not published, and no name of a source leads out of the target.

use std::collections::BTreeSet;

use crate::fixture::TestSite;

use super::{NOW, PIER, attachment, comment, import, item, meta, post, report, with};

#[test]
fn only_what_was_public_is_public() {
    let secret = |name: &str| format!("Sentence about {name} that nobody may read.");
    let items = [
        post(1, "open", "publish", "Everybody may read this.", ""),
        post(2, "private", "private", &secret("privateers"), ""),
        post(3, "locked", "publish", &secret("lockkeepers"), "<wp:post_password>pw</wp:post_password>"),
        post(4, "pending", "pending", &secret("pendulums"), &comment(9, 0, "1", "comment", "Comment about pendulums.")),
        item(5, "later", "future", "post", "2031-01-01 00:00:00", &secret("laterals"), ""),
        item(6, "missed", "future", "post", "2019-01-01 00:00:00", &secret("missives"), ""),
        post(7, "draft", "draft", &secret("draughts"), ""),
        post(8, "trashed", "trash", &secret("trashers"), ""),
        item(9, "recipe", "publish", "recipe", "2019-01-01 00:00:00", &secret("recipients"), ""),
        post(10, "twice", "publish", &secret("twiceness"), "<wp:status>private</wp:status>"),
        item(11, "ahead", "publish", "post", "2031-01-01 00:00:00", &secret("aheadness"), ""),
        post(13, "blank", "publish", &secret("blankets"), "<wp:post_password><![CDATA[ ]]></wp:post_password>"),
        post(14, "Loud", "Publish", &secret("loudness"), ""),
        // Plug-ins show these, or a part of them, to some readers only.
        post(20, "members", "publish", &format!("[restrict level=\"2\"]{}[/restrict]", secret("membranes")), ""),
        post(21, "paid", "publish", &secret("paymasters"), &meta("_jetpack_newsletter_access", "paid_subscribers")),
        post(22, "everybody", "publish", "Free.", &meta("_jetpack_newsletter_access", "everybody")),
        post(
            23,
            "plan",
            "publish",
            &format!(
                "<!-- wp:premium-content/container --><p>{}</p><!-- /wp:premium-content/container -->",
                secret("premiums")
            ),
            "",
        ),
        post(24, "thief", "publish", "[gallery id=\"2\"]", ""),
        attachment(30, 2, "privateer.jpg", &secret("captains"), ""),
        // The element that names the password is damaged.
        post(12, "torn", "publish", &secret("tornados"), "")
            .replace("<wp:post_password></wp:post_password>", "<wp:post_passwxrd>pw</wp:post_passwxrd>"),
    ]
    .concat();
    let site = with(&items);
    let run = import(&site, &[]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let report = report(&site);
    assert_eq!((&report["published_there"], &report["published_here"]), (&3.into(), &3.into()), "{report}");
    assert_eq!(report["embargoed"], 2);
    site.build();
    let public: String =
        site.output().into_values().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect();
    assert!(public.contains("Everybody may read this."));
    for word in [
        "privateers",
        "lockkeepers",
        "pendulums",
        "laterals",
        "missives",
        "draughts",
        "trashers",
        "recipients",
        "twiceness",
        "aheadness",
        "tornados",
        "blankets",
        "loudness",
        "membranes",
        "paymasters",
        "premiums",
        "captains",
    ] {
        assert!(!public.contains(word), "{word} is public");
    }
    let later = site.read("content/harbour/2031/later.md");
    assert!(later.contains("date: 2031-01-01") && !later.contains("draft"), "an embargo: {later}");
    let site = with(&items);
    import(&site, &["--types", "recipe"]);
    assert!(!site.read("content/news/2019/recipe.md").contains("draft"));
}

#[test]
fn what_only_withheld_posts_show_stays_out_of_static() {
    let image = |name: &str| format!("<img src=\"https://skerry.example/wp-content/uploads/{name}.jpg\" alt=\"\">");
    let items = [
        post(1, "open", "publish", &image("open"), ""),
        post(2, "private", "private", &(image("hidden") + &image("open")), ""),
    ]
    .concat();
    let jpeg = PIER;
    let site = with(&items).file("up/open.jpg", jpeg).file("up/hidden.jpg", jpeg);
    assert_eq!(import(&site, &["--media", "up"]).code, 0);
    assert!(site.has("static/wp-content/uploads/open.jpg") && !site.has("static/wp-content/uploads/hidden.jpg"));
    assert!(site.has("static-withheld/wp-content/uploads/hidden.jpg"));
    site.build();
    assert!(!site.output().keys().any(|path| path.contains("hidden")));
}

#[test]
fn names_and_slugs_of_a_source_never_lead_out_of_the_target() {
    let long = "%e6%b8%af".repeat(120);
    let items = [
        post(1, "../../../escape", "publish", "a", ""),
        post(2, &long, "publish", "b", ""),
        post(3, "same", "publish", "older", ""),
        item(4, "same", "publish", "post", "2019-04-09 09:30:00", "newer", ""),
        post(5, "", "publish", "No slug.", "<title></title>"),
        item(6, "con", "publish", "page", "2019-01-01 00:00:00", "c", ""),
        attachment(20, 1, "../../../../etc/cron.d/x.jpg", "", ""),
        post(
            7,
            "shows",
            "publish",
            "<img src=\"https://skerry.example/wp-content/uploads/../../../../etc/cron.d/x.jpg\">",
            "",
        ),
    ]
    .concat();
    let outer = with(&items);
    let run = outer.run(&["import", "wordpress", "export.xml", "--into", "deep/site", "--at", NOW, "--media", "."]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let all: BTreeSet<String> =
        crate::fixture::tree(outer.root()).into_keys().filter(|path| !path.starts_with("deep/site/")).collect();
    assert_eq!(all, BTreeSet::from(["export.xml".to_owned()]));
    assert!(outer.read("deep/site/content/harbour/2019/same.md").contains("older"));
    assert!(outer.read("deep/site/content/harbour/2019/same-2.md").contains("newer"));
    let build = outer.run(&["build", "--site", "deep/site", "--at", NOW]);
    assert_eq!(build.code, 0, "{}{}", build.stdout, build.stderr);
}

#[test]
fn images_of_one_name_do_not_overwrite_each_other() {
    let image = |month: &str| {
        format!("<img src=\"https://skerry.example/wp-content/uploads/2019/{month}/photo.jpg\" alt=\"{month}\">\n\n")
    };
    let site = with(&post(7, "ferry", "publish", &(image("04") + &image("05")), ""))
        .file("up/2019/04/photo.jpg", PIER)
        .file("up/2019/05/photo.jpg", b"another file");
    assert_eq!(import(&site, &["--media", "up"]).code, 0);
    assert_eq!(site.read("static/wp-content/uploads/2019/05/photo.jpg"), "another file");
    assert!(site.has("static/wp-content/uploads/2019/04/photo.jpg"));
}

#[test]
fn files_that_no_text_shows_are_there_for_links_from_elsewhere_unless_they_belong_to_something_withheld() {
    let items = [
        post(1, "open", "publish", "One.", ""),
        post(2, "private", "private", "<img src=\"https://skerry.example/wp-content/uploads/shown.jpg\">", ""),
        attachment(20, 0, "loose.pdf", "", ""),
        attachment(21, 1, "of-open.pdf", "", ""),
        attachment(22, 2, "of-private.pdf", "", ""),
        attachment(23, 0, "shown.jpg", "", ""),
        attachment(24, 99, "of-nobody.pdf", "", ""),
        attachment(25, 0, "bin.pdf", "", "").replace(">inherit<", ">trash<"),
    ]
    .concat();
    let mut site = with(&items);
    for name in ["loose.pdf", "of-open.pdf", "of-private.pdf", "shown.jpg", "of-nobody.pdf", "bin.pdf"] {
        site = site.file(&format!("up/{name}"), b"x");
    }
    assert_eq!(import(&site, &["--media", "up"]).code, 0);
    for (name, is_public) in [
        ("loose.pdf", true),
        ("of-open.pdf", true),
        ("of-private.pdf", false),
        ("shown.jpg", false),
        ("of-nobody.pdf", false),
        ("bin.pdf", false),
    ] {
        assert_eq!(site.has(&format!("static/wp-content/uploads/{name}")), is_public, "{name}");
    }
    site.build();
    assert!(site.published("image-20/index.html").contains("/wp-content/uploads/loose.pdf"));
    assert_eq!(site.run(&["check", "--parity", "import-report.json"]).code, 0);
    assert!(report(&site)["left_out"].to_string().contains("in the bin"));
}

/// What the site publishes, as one text.
fn public(site: &TestSite) -> String {
    site.build();
    site.output().into_values().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect()
}

#[test]
fn what_only_some_readers_were_to_see_stays_withheld_when_its_date_comes() {
    const LATER: &str = "2026-12-01 08:00:00";
    let paid =
        "<!-- wp:premium-content/container --><p>Sentence about premiums.</p><!-- /wp:premium-content/container -->";
    let items = [
        item(1, "restricted", "future", "post", LATER, "[restrict]Sentence about membranes.[/restrict]", ""),
        item(2, "role", "future", "post", LATER, "Sentence about roles.", &meta("_members_access_role", "subscriber")),
        item(3, "paid", "future", "post", LATER, paid, ""),
        item(4, "ahead", "publish", "post", LATER, "[members_only]Sentence about aheadness.[/members_only]", ""),
        item(5, "open", "future", "post", LATER, "Everybody may read this.", ""),
    ]
    .concat();
    let site = with(&items);
    assert_eq!(import(&site, &[]).code, 0);
    assert_eq!(report(&site)["embargoed"], 1);
    assert_eq!(site.run(&["build", "--at", "2027-01-01T00:00:00Z"]).code, 0);
    let all: String = site.output().into_values().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect();
    assert!(all.contains("Everybody may read this."));
    for word in ["membranes", "roles", "premiums", "aheadness"] {
        assert!(!all.contains(word), "{word} is public");
    }
}

#[test]
fn what_is_looked_at_for_members_is_what_would_be_shown() {
    let shared = |number, text: &str, more: &str| {
        item(number, &format!("block-{number}"), "publish", "wp_block", "2019-01-01 00:00:00", text, more)
    };
    let um = "a:2:{s:26:\"_um_custom_access_settings\";s:1:\"1\";s:14:\"_um_accessible\";s:1:\"2\";}";
    let um_open = "a:2:{s:26:\"_um_custom_access_settings\";s:1:\"0\";s:14:\"_um_accessible\";s:1:\"2\";}";
    let bound = r#"<!-- wp:paragraph {"metadata":{"bindings":{"content":{"source":"core/post-meta","args":{"key":"lead"}}}}} --><p>x</p><!-- /wp:paragraph -->"#;
    let role = r#"<!-- wp:paragraph {"blockVisibility":{"controlSets":[{"id":1,"enable":true,"controls":{"userRole":{"visibilityByRole":"logged-in"}}}]}} --><p>Sentence about roles.</p><!-- /wp:paragraph -->"#;
    let screen = r#"<!-- wp:paragraph {"blockVisibility":{"controlSets":[{"id":1,"enable":true,"controls":{"screenSize":{"hideOnScreenSize":{"large":true}}}}]}} --><p>On small screens.</p><!-- /wp:paragraph -->"#;
    let items = [
        post(1, "shows", "publish", r#"<p>A</p><!-- wp:block {"ref":31} /-->"#, ""),
        post(2, "deep", "publish", r#"<!-- wp:block {"ref":32} /-->"#, ""),
        post(3, "locked", "publish", r#"<!-- wp:block {"ref":33} /-->"#, ""),
        post(4, "field", "publish", r#"<!-- wp:block {"ref":34} /-->"#, ""),
        post(5, "open", "publish", r#"<!-- wp:block {"ref":35} /-->"#, ""),
        post(6, "um", "publish", "Sentence about ultimates.", &meta("um_content_restriction", um)),
        post(7, "um-open", "publish", "Free for all.", &meta("um_content_restriction", um_open)),
        post(8, "bound", "publish", bound, &meta("lead", "[restrict]Sentence about bindings.[/restrict]")),
        post(9, "role", "publish", role, ""),
        post(10, "screen", "publish", screen, ""),
        shared(31, "[members_only]Sentence about membranes.[/members_only]", ""),
        shared(32, r#"<p>B</p><!-- wp:block {"ref":31} /-->"#, ""),
        shared(33, "Sentence about lockkeepers.", "<wp:post_password>pw</wp:post_password>"),
        shared(34, "Sentence about fields.", &meta("_members_access_role", "subscriber")),
        shared(35, "Everybody may read this.", ""),
    ]
    .concat();
    let site = with(&items);
    assert_eq!(import(&site, &[]).code, 0);
    let all = public(&site);
    for words in ["Everybody may read this.", "Free for all.", "On small screens."] {
        assert!(all.contains(words), "{words}");
    }
    for word in ["membranes", "lockkeepers", "fields.", "ultimates", "bindings.", "roles"] {
        assert!(!all.contains(word), "{word} is public");
    }
    let report = report(&site);
    assert_eq!((&report["published_there"], &report["published_here"]), (&4.into(), &4.into()), "{report}");
}

#[test]
fn what_plug_ins_kept_for_members_or_ended_is_withheld() {
    let text = "Sentence about privateers.";
    let held = |number, slug: &str, fields: &[(&str, &str)]| {
        let fields: String = fields.iter().map(|(key, value)| meta(key, value)).collect();
        post(number, slug, "publish", text, &fields)
    };
    let expiry = |status| [("_expiration-date", "1797000000"), ("_expiration-date-status", status)];
    let items = [
        held(1, "patreon", &[("patreon-level", "5")]),
        held(2, "memberful", &[("memberful_acl", "a:1:{i:0;s:2:\"12\";}")]),
        held(3, "leaky", &[("_issuem_leaky_paywall_visibility", "a:1:{s:15:\"visibility_type\";s:4:\"only\";}")]),
        held(4, "unheard", &[("_tidewall_required_subscription", "gold")]),
        held(5, "over", &[("_expiration-date", "1600000000"), ("_expiration-date-status", "saved")]),
        held(6, "over-by-date", &[("unpublish_at", "2020-01-02 03:04:05")]),
        post(7, "ends", "publish", "It ends.", &expiry("saved").map(|(key, value)| meta(key, value)).concat()),
        post(8, "stays", "publish", "It stays.", &meta("patreon-level", "0")),
    ]
    .concat();
    let site = with(&items);
    assert_eq!(import(&site, &[]).code, 0);
    let all = public(&site);
    assert!(!all.contains("privateers") && all.contains("It ends.") && all.contains("It stays."));
    let report = report(&site);
    assert_eq!((&report["published_here"], &report["drafts"]["expired"]), (&2.into(), &2.into()), "{report}");
    assert_eq!(site.run(&["build", "--at", "2027-01-01T00:00:00Z"]).code, 0);
    let all: String = site.output().into_values().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect();
    assert!(!all.contains("It ends.") && all.contains("It stays."));
}

#[test]
fn blocks_that_their_editors_have_hidden_are_left_out() {
    let text = concat!(
        r#"<!-- wp:paragraph {"metadata":{"blockVisibility":false}} --><p>Sentence about privateers.</p><!-- /wp:paragraph -->"#,
        r#"<!-- wp:group {"metadata":{"blockVisibility":false}} --><!-- wp:group --><p>Inner.</p><!-- /wp:group --><p>Sentence about draughts.</p><!-- /wp:group -->"#,
        r#"<!-- wp:paragraph --><p>Everybody may read this.</p><!-- /wp:paragraph -->"#,
        r#"<!-- wp:image {"blockVisibility":{"hideBlock":true}} --><img src="https://skerry.example/wp-content/uploads/hidden.jpg" alt="Sentence about captains."><!-- /wp:image -->"#,
        r#"<!-- wp:block {"ref":31} /--><!-- wp:block {"ref":31,"metadata":{"blockVisibility":false}} /-->"#,
    );
    let block = r#"<p>Shared words.</p><!-- wp:paragraph {"metadata":{"blockVisibility":false}} --><p>Sentence about lockkeepers.</p><!-- /wp:paragraph -->"#;
    let items = [
        post(1, "open", "publish", text, ""),
        item(31, "block", "publish", "wp_block", "2019-01-01 00:00:00", block, ""),
    ]
    .concat();
    let site = with(&items);
    assert_eq!(import(&site, &[]).code, 0);
    let all = public(&site);
    assert!(all.contains("Everybody may read this."));
    for word in ["privateers", "Inner.", "draughts", "captains", "lockkeepers", "hidden.jpg"] {
        assert!(!all.contains(word), "{word} is public");
    }
    let report = report(&site);
    assert_eq!(report["left_out"]["blocks that were hidden from readers"], 5, "{report}");
    assert_eq!(report["loss"]["words_lost"], 0, "{report}");
    assert_eq!(site.read("content/harbour/2019/open.md").matches("Shared words.").count(), 1);
}

#[test]
fn elements_that_their_page_does_not_show_are_left_out() {
    let text = concat!(
        "<p>Everybody may read this.<span hidden> privateers</span></p><p hidden>Sentence about privateers.</p>",
        "<p style=\"color: red; Display : None !important\">Sentence about privateers.</p>",
        "<!-- wp:html --><div style=\"display:none\"><p>Sentence about privateers.</p></div><!-- /wp:html -->",
        "<!-- wp:paragraph --><p style=\"visibility:hidden\">Sentence about privateers.</p><!-- /wp:paragraph -->",
        "<table><tr><td>Cell</td><td hidden>privateers</td></tr></table><dialog>privateers</dialog>",
        "<p style=\"display:block\">Shown too.</p>",
    );
    let excerpt = "<excerpt:encoded><![CDATA[In short.<b hidden> privateers</b>]]></excerpt:encoded>";
    let site = with(&post(1, "open", "publish", text, excerpt));
    assert_eq!(import(&site, &[]).code, 0);
    assert!(!site.read("content/harbour/2019/open.md").contains("privateers"));
    let all = public(&site);
    assert!(all.contains("Everybody may read this.") && all.contains("Shown too.") && all.contains("Cell"));
    let report = report(&site);
    assert_eq!(report["left_out"]["elements that were hidden from readers"], 7, "{report}");
    assert_eq!(report["loss"]["lines"], serde_json::json!([]), "{report}");
}

#[test]
fn images_of_a_scheduled_post_are_published_with_it_and_not_before() {
    let image = |name: &str| format!("<img src=\"https://skerry.example/wp-content/uploads/{name}.jpg\" alt=\"A\">");
    let link = "<p><a href=\"https://skerry.example/wp-content/uploads/plan.pdf\">The plan</a></p>";
    let items = [
        post(1, "open", "publish", &image("open"), ""),
        item(
            2,
            "later",
            "future",
            "post",
            "2026-12-01 08:00:00",
            &(image("bridge") + &image("open") + link),
            &meta("_thumbnail_id", "20"),
        ),
        post(3, "draft", "draft", &image("draft"), ""),
        attachment(20, 2, "pier.jpg", "", ""),
    ]
    .concat();
    let mut site = with(&items);
    for name in ["open.jpg", "bridge.jpg", "pier.jpg", "draft.jpg"] {
        site = site.file(&format!("up/{name}"), PIER);
    }
    site = site.file("up/plan.pdf", b"%PDF-1.4");
    assert_eq!(import(&site, &["--media", "up"]).code, 0);
    let named = |site: &TestSite| -> Vec<bool> {
        let all: String = site.output().into_keys().collect::<Vec<String>>().join(" ");
        ["open", "bridge", "pier", "plan.pdf", "draft"].iter().map(|name| all.contains(name)).collect()
    };
    site.build();
    assert_eq!(named(&site), [true, false, false, false, false]);
    let later = site.run(&["build", "--strict", "--at", "2026-12-02T00:00:00Z"]);
    assert_eq!(later.code, 0, "{}{}", later.stdout, later.stderr);
    assert_eq!(named(&site), [true, true, true, true, false]);
    assert!(site.output().contains_key("wp-content/uploads/plan.pdf"), "it has its old address");
    // A later import of the post, which is published now, brings no second copy.
    let run =
        site.run(&["import", "wordpress", "export.xml", "--at", "2026-12-02T00:00:00Z", "--media", "up", "--json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!site.has("static/wp-content/uploads/bridge.jpg"));
}
