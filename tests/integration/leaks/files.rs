//! Files beside articles: images, documents and data go with the text that names them.

use super::{DRAWING, PHOTO, SETTINGS};
use crate::fixture::{NOW, TestSite};

#[test]
fn an_image_of_a_withheld_bundle_is_nowhere_and_neither_is_what_is_written_into_it() {
    let image = "image: {src: secret-draft/plan.jpg, alt: A plan}";
    let mut site = TestSite::new()
        .file("site.yaml", format!("{SETTINGS}images: {{widths: [480], formats: [original]}}\n"))
        .file("content/local/secret-draft/plan.jpg", PHOTO)
        .article("local/secret-draft/index", "2026-11-24", "title: The secret draft of the harbour", "Words.")
        .article("local/open", "2026-11-20", &format!("title: An open story\n{image}\nauthors: [ann]"), "Words.")
        .file("content/authors/ann.md", "---\nname: Ann\nimage: ../local/secret-draft/plan.jpg\n---\n")
        .file("content/local/page.md", format!("---\ntitle: A page\n{image}\n---\n"));
    site.build();
    let written = "Tomas Rell";
    for (path, bytes) in site.output() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("plan-") && !text.contains("plan.jpg") && !text.contains(written), "{path}");
        assert!(!path.contains("plan"), "{path}");
    }
    let run = site.run(&["check", "--at", NOW, "--json"]);
    for place in ["content/authors/ann.md:3:8", "content/local/open.md:4:14", "content/local/page.md:3:14"] {
        let told = format!("error {place} the image");
        let found = run.diagnostics().into_iter().find(|one| one.starts_with(&told));
        assert!(found.is_some_and(|one| one.ends_with("belongs to an article that is withheld")), "{place}");
    }
    site.set_now("2026-11-24T00:00:00Z");
    site.build();
    for path in ["local/open/index.html", "index.html", "feed.json", "authors/ann/index.html", "local/page/index.html"]
    {
        assert!(site.published(path).contains("plan-"), "{path}");
    }
    assert!(site.published("local/open/index.html").contains(written));
    site.assert_equals_clean("the bundle is published");
}

/// The paths of published files, but those that are made for the site.
fn published_files(site: &TestSite) -> Vec<String> {
    let mine = |path: &String| ["local/", "press/", "files/"].iter().any(|folder| path.starts_with(folder));
    let is_page = |path: &String| path.ends_with("index.html") || path.ends_with(".xml") || path.ends_with("feed.json");
    let is_card = |path: &String| path.ends_with("social-card.png");
    site.output().into_keys().filter(|path| mine(path) && !is_page(path) && !is_card(path)).collect()
}

#[test]
fn what_a_reporter_worked_with_is_not_published_unless_something_links_to_it() {
    let private = [
        "story.docx",
        "notes for Jane.txt",
        "~$story.docx",
        "~$photo.png",
        "x.tmp",
        "sums.xlsx",
        "Re: leak.eml",
        "layers.psd",
        "draft.odt",
        "draft.pages",
        "report.pdf",
        "contacts.csv",
        "app.icns",
        "code.ts",
        "source.heic",
        "phone.vcf",
        "mail.msg",
        "backup.zip",
        "PHOTO.CR2",
        "LICENSE",
    ];
    let site = TestSite::new().file("site.yaml", SETTINGS).article("local/open/index", "2026-11-20", "", "Words.");
    for name in private {
        site.write(&format!("content/local/open/{name}"), "private");
        site.write(&format!("content/local/{name}"), "private");
        site.write(&format!("static/files/{name}"), "the owner wants it");
    }
    // A model and a film in parts; without what they are parts of, such files are anybody's.
    for name in ["model.gltf", "model.bin", "model.usdz", "live/film.m3u8", "live/one.ts", "live/two.M4S"] {
        site.write(&format!("content/local/open/{name}"), "x");
    }
    for name in ["drawn.svg", "film.mp4", "data.json", "chart.js"] {
        site.write(&format!("content/local/open/{name}"), "<svg/>");
    }
    let run = site.build();
    let kept: Vec<String> = private.iter().map(|name| format!("files/{name}")).collect();
    let mut expected: Vec<String> =
        ["chart.js", "data.json", "drawn.svg", "film.mp4", "model.gltf", "model.bin", "model.usdz"]
            .iter()
            .chain(&["live/film.m3u8", "live/one.ts", "live/two.M4S"])
            .map(|name| format!("local/open/{name}"))
            .collect();
    expected.extend(kept);
    expected.sort();
    assert_eq!(published_files(&site), expected);
    let told = run.diagnostics();
    for name in private {
        for folder in ["local", "local/open"] {
            let warning =
                format!("warning content/{folder}/{name} this file is not published: no visible page links to it");
            assert!(told.contains(&warning), "{name}: {told:?}");
        }
    }
    // Of what is published, one has a name that Windows refuses.
    let private_ones = told.iter().filter(|one| one.contains("this file is not published"));
    assert_eq!((private_ones.count(), told.len()), (2 * private.len(), 2 * private.len() + 1), "{told:?}");
    // A build that has nothing to do says so too.
    let again = site.build();
    assert_eq!((again.number("written"), again.diagnostics()), (0, told));
    assert_eq!(site.try_build(&["--strict"]).code, 1);
}

#[test]
fn data_for_the_templates_of_eleventy_stays_where_it_is() {
    let site = TestSite::new().file("site.yaml", SETTINGS).article("local/open", "2026-11-20", "", "Words.").article(
        "local/chart/index",
        "2026-11-20",
        "",
        "<script>fetch('index.json')</script>",
    );
    for name in
        ["local.json", "open.json", "local.11tydata.js", "open.11tydata.json", "chart/index.json", "chart/a.json"]
    {
        site.write(&format!("content/local/{name}"), "{\"layout\": \"private\"}");
    }
    let run = site.build();
    // A script of the page reads the one, and the other belongs to no text.
    assert_eq!(published_files(&site), ["local/chart/a.json", "local/chart/index.json"]);
    let told = run.diagnostics();
    assert_eq!(told.iter().filter(|one| one.contains("courant reads no data of articles")).count(), 4, "{told:?}");
}

#[test]
fn a_document_that_a_visible_page_names_is_published_however_it_is_named() {
    let site = TestSite::new()
        .file(
            "site.yaml",
            format!("{SETTINGS}menu:\n  - {{title: Kit, url: /press/menu.pdf}}\npublisher: {{name: P, logo: /press/logo.ai}}\n"),
        )
        .article("local/open", "2026-11-20", "attachment: b.docx\nsource: {name: S, url: /press/source.pdf}\ncorrections: [{date: 2026-11-21, text: \"See [it](corrected.odt).\"}]", "[a](a.xlsx) and [b](</local/notes for Jane.txt>) and <a href=\"quoted.eml\">c</a>, <a href=plain.txt>d</a>.\n\nembedded.pdf\n")
        .file("content/local/_index.md", "---\ntitle: Local\n---\n\n[s](section.pdf)\n")
        .file("content/authors/ann.md", "---\nname: Ann\nlinks: [{title: CV, url: /press/cv.pdf}]\n---\n");
    let named = [
        "local/a.xlsx",
        "local/b.docx",
        "local/corrected.odt",
        "local/embedded.pdf",
        "local/notes for Jane.txt",
        "local/plain.txt",
        "local/quoted.eml",
        "local/section.pdf",
        "press/cv.pdf",
        "press/logo.ai",
        "press/menu.pdf",
        "press/source.pdf",
    ];
    for path in named {
        site.write(&format!("content/{path}"), "public");
    }
    let run = site.build();
    assert_eq!(published_files(&site), named, "{:?}", run.diagnostics());
    assert!(!run.diagnostics().iter().any(|one| one.contains("not published")), "{:?}", run.diagnostics());
}

#[test]
fn a_file_that_only_a_withheld_article_names_comes_and_goes_with_it() {
    let mut site = TestSite::new()
        .file("site.yaml", SETTINGS)
        .article("local/open", "2026-11-20", "", "![Both](both.svg)")
        .article(
            "local/secret",
            "2026-11-24",
            "image: lead.svg",
            "[plan](plan.pdf) ![Plan](plan.svg) ![Both](both.svg)",
        );
    for name in ["plan.pdf", "plan.svg", "lead.svg", "both.svg", "nobody.svg"] {
        site.write(&format!("content/local/{name}"), "<svg/>");
    }
    // What waits for its article needs no warning.
    assert_eq!(site.build().diagnostics(), [""; 0]);
    assert_eq!(published_files(&site), ["local/both.svg", "local/nobody.svg"]);
    site.set_now("2026-11-24T00:00:00Z");
    site.build();
    assert_eq!(
        published_files(&site),
        ["local/both.svg", "local/lead.svg", "local/nobody.svg", "local/plan.pdf", "local/plan.svg"]
    );
    site.assert_equals_clean("the article is published");
    let open = site.read("content/local/secret.md");
    site.write("content/local/secret.md", open.replace("---\n\n", "draft: true\n---\n\n"));
    site.build();
    assert_eq!(published_files(&site), ["local/both.svg", "local/nobody.svg"]);
    site.assert_equals_clean("it is withdrawn");
}

/// Whatever keeps a text from being published keeps what only it names, too.
#[test]
fn what_only_a_text_that_is_left_out_names_is_withheld_with_it() {
    let names = [
        "HOLD s.md",
        "s.draft.md",
        "s (draft).md",
        "s-HOLD.mdx",
        "DO NOT PUBLISH s.md",
        "s copy.md",
        "~s.md",
        "_s.md",
        ".s.md",
        "README.md",
        "s.mkd",
        "s.md.bak",
        "s.MD",
        "s.rst",
        "s.html",
        "s.md~",
        "#s.md#",
        "s.md.HOLD",
        "s.md.draft",
        "s.md.1",
        "s.txt",
        "HOLD.md",
        "HOLD/s.md",
        "x (draft)/index.md",
        "_wip/s.md",
        "_s/index.md",
        "_includes/s.mdx",
    ];
    let site = TestSite::new().article("local/open", "2026-11-01", "", "x");
    let folder = |number: usize| format!("content/local/n{number}");
    for (number, name) in names.iter().enumerate() {
        let image = if name.contains('/') { "../p.svg" } else { "p.svg" };
        let text = format!("---\ntitle: Hidden\ndraft: true\n---\n\n![x]({image}) ![x](/local/shared.svg)\n");
        site.write(&format!("{}/{name}", folder(number)), text);
        site.write(&format!("{}/p.svg", folder(number)), DRAWING);
    }
    site.write("content/local/shared.svg", DRAWING);
    site.write("content/local/HOLD q.svg", DRAWING);
    site.write("content/local/2026-11-02-HOLD-Q.svg", DRAWING);
    site.write("content/local/n0/e.md", "---\ntitle: Broken\n---\n\nWords.\n");
    site.build();
    let images = |site: &TestSite| {
        let output = site.output();
        let all = output.keys().filter(|path| path.ends_with(".svg") && path.starts_with("local/"));
        all.map(|path| path.trim_start_matches("local/").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(images(&site), [""; 0]);
    // What a visible text names is published, and what nothing names.
    site.write_article("local/open", "2026-11-01", "", "![x](shared.svg) ![x](<HOLD q.svg>)");
    site.write("content/local/n1/s.draft.md", "---\ntitle: Hidden\n---\n\nWords.\n");
    site.write("content/local/n1/e.md", "---\ntitle: Open\n---\n\nWords.\n");
    site.remove("content/local/n5/s copy.md");
    site.build();
    assert_eq!(images(&site), ["HOLD q.svg", "n1/p.svg", "n5/p.svg", "shared.svg"]);
    site.assert_equals_clean("texts that are left out come and go");
}

/// Eleventy and Nikola read what withholds a text from a file beside it, which courant does not.
#[test]
fn data_beside_articles_that_withholds_something_is_an_error() {
    for (name, text, place) in [
        ("el.json", r#"{"layout": "a", "draft": true}"#, "1:18 `draft`"),
        ("el.json", "{\n  \"eleventyComputed\": {\"permalink\": false}\n}", "2:25 `permalink`"),
        ("a.json", r#"{"eleventyExcludeFromCollections":true}"#, "1:3 `eleventyExcludeFromCollections`"),
        ("a.11tydata.json", r#"{"status": "draft"}"#, "1:3 `status`"),
        ("el.11tydata.js", "module.exports = {\n  permalink: false,\n};", "2:3 `permalink`"),
        ("a.meta", ".. title: A\n.. status: draft\n", "2:4 `status`"),
        ("a.md.meta", "title: A\nstatus: draft\n", "2:1 `status`"),
        ("a.yaml", "title: A\ndraft: true\n", "2:1 `draft`"),
        ("a.yml", "published: false", "1:1 `published`"),
        ("a.toml", "title = \"A\"\ndraft = true\n", "2:1 `draft`"),
        ("el.yaml", "draft: true", "1:1 `draft`"),
        ("a.yaml", "publishDate: 2027-01-01", "1:1 `publishDate`"),
        ("a.json", "{\"date\": \"2027-01-01T10:00\"}", "1:3 `date`"),
        ("a.toml", "published_at = null", "1:1 `published_at`"),
        ("a.md.yaml", "draft: true", "1:1 `draft`"),
        ("a.meta.yaml", "draft: true", "1:1 `draft`"),
        ("meta.yaml", "draft: true", "1:1 `draft`"),
        ("_meta.yaml", "draft: true", "1:1 `draft`"),
        ("defaults.yaml", "draft: true", "1:1 `draft`"),
        ("section.yaml", "draft: true", "1:1 `draft`"),
        ("_index.yaml", "draft: true", "1:1 `draft`"),
        ("_index.json", "{\"draft\": true}", "1:3 `draft`"),
        ("a.yaml", "title: A\ndraft: true # comment\n", "2:1 `draft`"),
        ("a.yaml", "title: A\ndraft:\n  true\n", "2:1 `draft`"),
        ("a.yaml", "embargo: Monday\n", "1:1 `embargo`"),
        ("a.yaml", "press_embargo: 2027-01-01\n", "1:1 `press_embargo`"),
        ("a.yaml", "schedule: 2027-01-01\n", "1:1 `schedule`"),
        ("a.yaml", "hold: legal\n", "1:1 `hold`"),
        ("a.yaml", "date: 2026-11-23\ntime: \"18:00\"\n", "1:1 `date`"),
        ("a.toml", "moderation_state = \"draft\" # x\n", "1:1 `moderation_state`"),
        ("a.json", r#"{"needs_review": true}"#, "1:3 `needs_review`"),
        ("a.json", r#"{"tags": "draft"}"#, "1:3 `tags`"),
        ("a.json", r#"{"premium": true}"#, "1:3 `premium`"),
        ("a.meta", ".. title: A\n.. tags: draft, x\n", "2:4 `tags`"),
        ("a.11tydata.js", "module.exports = {\n  draft: true, // soon\n};", "2:3 `draft`"),
        ("a.11tydata.js", "module.exports = {\n  permalink: () => false,\n};", "2:3 `permalink`"),
    ] {
        let site = TestSite::new().article("el/a", "2026-11-01", "", "x").file(&format!("content/el/{name}"), text);
        let run = site.try_build(&[]);
        let message =
            format!("error content/el/{name}:{place} withholds nothing here: courant does not read this file");
        assert_eq!((run.code, run.diagnostics()), (1, vec![message]), "{name}");
        let harmless = "{\"layout\": \"post.njk\", \"draft\": false, \"date\": \"2026-01-01\"}";
        site.write(&format!("content/el/{name}"), harmless);
        let told = site.build().diagnostics();
        let message = "courant reads no data of articles from files beside them; it is left out";
        assert_eq!(told, [format!("warning content/el/{name} {message}")], "{name}");
    }
}

#[test]
fn an_image_of_a_draft_is_held_back_however_its_name_is_written() {
    let in_front = [
        "image: https://test.example/news/NAME.svg",
        "images: [a.png, NAME.svg]",
        "image: a.svg\nfeatured_image: NAME.svg",
        "featured_image: NAME.svg\nimage: a.svg",
        "image: {src: a.svg, thumbnail: NAME.svg}",
        "gallery: \"a.png, NAME.svg\"",
        "cover: \"[[NAME.svg]]\"",
        "summary: \"![a](NAME.svg)\"",
        "image: NAME.SVG",
    ];
    let in_body = [
        "![a](https://test.example/news/NAME.svg)",
        "![[NAME.svg]]",
        "{% include image.html src=\"NAME.svg\" %}",
        "{{% img NAME.svg %}}",
        "![a](NAME.svg =100x20)",
        "- NAME.svg",
        "[1]: NAME.svg",
        "<p style=\"background:url(NAME.svg)\">x</p>",
        ".\\NAME.svg",
        "/content/news/NAME.svg",
        "![a](../NAME.svg)",
        "<!-- NAME.svg -->",
        "Words _NAME.svg_.",
        "![a](../NEWS/Name.svg)",
    ];
    let in_jsx = [
        "import z from './NAME.svg'\n\nText.",
        "Text <Figure src=\"./NAME.svg\" />",
        "export const hero = require('./NAME.svg')\n\nText.",
        "export const hero = './NAME.svg'\n\nText.",
    ];
    let site = TestSite::new().at(NOW).file("site.yaml", SETTINGS).file("content/news/a.svg", DRAWING);
    site.write_article("news/open", "2026-11-20", "title: Open", "![a](a.svg)");
    let fronts = in_front.iter().map(|front| (format!("\n{front}"), String::new(), "md"));
    let bodies = in_body.iter().map(|body| (String::new(), (*body).to_owned(), "md"));
    let scripts = in_jsx.iter().map(|body| (String::new(), (*body).to_owned(), "mdx"));
    let all: Vec<_> = fronts.chain(bodies).chain(scripts).collect();
    for (number, (front, body, ending)) in all.iter().enumerate() {
        let name = |text: &str| text.replace("NAME", &format!("s{number}")).replace("Name", &format!("S{number}"));
        let text = format!("---\ntitle: Draft\ndate: 2026-11-20\ndraft: true{}\n---\n\n{}\n", name(front), name(body));
        site.write(&format!("content/news/d{number}.{ending}"), text);
        site.write(&format!("content/news/s{number}.svg"), DRAWING);
    }
    let odd = "![](secret name (1).svg) and gro\u{308}\u{df}e.svg and 圖片.svg";
    site.write("content/news/odd.md", format!("---\ntitle: Odd\ndraft: true\n---\n{odd}\n"));
    for name in ["secret name (1)", "gr\u{f6}\u{df}e", "圖片"] {
        site.write(&format!("content/news/{name}.svg"), DRAWING);
    }
    site.build();
    let output = site.output();
    let shown: Vec<&String> =
        output.keys().filter(|path| path.starts_with("news/") && path.ends_with(".svg")).collect();
    let told: Vec<_> = shown
        .iter()
        .map(|path| {
            let number = path.trim_start_matches("news/s").trim_end_matches(".svg").parse::<usize>();
            number.ok().and_then(|number| all.get(number))
        })
        .collect();
    assert_eq!(shown, ["news/a.svg"], "{told:?}");
}

#[test]
fn what_something_visible_shows_is_not_held_back_with_a_draft() {
    let named = [
        "![x](https://test.example/news/NAME.svg)",
        "<p style=\"background:url(NAME.svg)\">x</p>",
        "<img srcset=\"NAME.svg 1x, a.png 2x\" src=\"NAME.svg\" alt=\"\">",
        "![x](NAME.svg)",
    ];
    let site = TestSite::new().at(NOW).file("site.yaml", SETTINGS);
    for (number, body) in named.iter().enumerate() {
        let body = body.replace("NAME", &format!("s{number}"));
        site.write_article(&format!("news/open{number}"), "2026-11-20", "title: Open", &body);
        site.write_article(&format!("news/draft{number}"), "2026-11-20", "title: Draft\ndraft: true", &body);
        site.write(&format!("content/news/s{number}.svg"), DRAWING);
    }
    site.write_article(
        "news/o",
        "2026-11-20",
        "title: Open\ngallery: \"s9.svg, s8.svg\"\nimage: https://test.example/news/s7.svg",
        "x",
    );
    site.write_article("news/d", "2026-11-20", "title: Open\ndraft: true", "s7.svg s8.svg s9.svg");
    for number in 7..10 {
        site.write(&format!("content/news/s{number}.svg"), DRAWING);
    }
    site.build();
    let count = site.output().keys().filter(|path| path.starts_with("news/") && path.ends_with(".svg")).count();
    assert_eq!(count, named.len() + 3);
}

#[cfg(unix)]
#[test]
fn an_image_that_only_a_draft_names_through_a_link_is_held_back_where_it_is() {
    let site = TestSite::new().at(NOW).file("site.yaml", SETTINGS);
    site.write_article("pub/x", "2026-11-20", "title: Draft\ndraft: true", "![a](secret.svg) ![b](both.svg)");
    site.write_article("news/open", "2026-11-20", "title: Open", "![b](both.svg)");
    for name in ["secret.svg", "both.svg"] {
        site.write(&format!("content/news/{name}"), DRAWING);
        std::os::unix::fs::symlink(format!("../news/{name}"), site.path(&format!("content/pub/{name}")))
            .expect("a link");
    }
    site.build();
    let output = site.output();
    let shown: Vec<&str> =
        output.keys().map(String::as_str).filter(|path| path.contains(".svg") && !path.contains("assets")).collect();
    assert_eq!(shown, ["news/both.svg"]);
}

#[test]
fn the_files_of_a_bundle_whose_text_is_not_read_are_withheld() {
    let draft = "---\ntitle: Draft\ndraft: true\n---\n\nHidden words.\n";
    let open = "---\ntitle: Open\n---\n\nText.\n";
    let site = TestSite::new().at(NOW).file("site.yaml", SETTINGS);
    for (folder, name, text) in [
        ("a", "index.MD", open),
        ("b", "index.mdown", draft),
        ("c", "index.md.bak", open),
        ("d", "Index.md", draft),
        ("e", "index.de.md", draft),
        ("f", "index.html", draft),
        ("g", "index.md", open),
        ("g", "index.md.bak", draft),
        ("i", "HOLD index.md", open),
        ("j", "index (draft).md", open),
        ("k", "HOLD.md", open),
        ("l", "index.md~", open),
        ("m", "index.txt", open),
        ("n", "#index.md#", open),
        ("o", "a/index.md", open),
        ("o", "HOLD.md", open),
        ("h", "index.html", "<p>An interactive graphic</p>"),
    ] {
        site.write(&format!("content/news/{folder}/{name}"), text);
        site.write(&format!("content/news/{folder}/in/image.svg"), DRAWING);
    }
    let images = |site: &TestSite| {
        let output = site.output();
        let images = output.keys().filter_map(|path| path.strip_suffix("/in/image.svg"));
        images.map(|path| path.trim_start_matches("news/").to_owned()).collect::<Vec<_>>()
    };
    let run = site.build();
    assert_eq!(images(&site), ["g", "h", "o"]);
    assert!(site.has("public/news/h/index.html") && !site.has("public/news/f/index.html"));
    let told = run.diagnostics().into_iter().filter(|one| one.contains("left out")).collect::<Vec<_>>();
    assert_eq!(told.len(), 10, "{told:?}");
    assert!(
        told.contains(
            &"warning content/news/f/index.html front matter of an HTML file is not read; it is left out".to_owned()
        ),
        "{told:?}"
    );
    site.remove("content/news/g/index.md");
    site.build();
    assert_eq!(images(&site), ["h", "o"]);
    site.assert_equals_clean("a bundle lost its text");
}

#[test]
fn an_article_in_the_folder_of_a_withheld_bundle_is_told() {
    let site = TestSite::new().at(NOW).file("site.yaml", SETTINGS);
    site.write_article("news/b/index", "2026-11-20", "title: Draft\ndraft: true", "Words.");
    for name in ["part2", "part3"] {
        site.write_article(&format!("news/b/{name}"), "2026-11-20", &format!("title: {name}"), "Words.");
    }
    let told = site.build().diagnostics();
    let message = "this bundle is withheld, and `content/news/b/part2.md` and 1 more in this folder are published";
    assert_eq!(told, [format!("warning content/news/b/index.md {message}")]);
}

/// A playlist, a manifest or a model takes its parts with it, whether they are of a kind that pages show or not.
#[test]
fn the_parts_of_a_film_or_model_go_with_it() {
    const PLAYER: &str = "{{ <video src=\"film.m3u8\" title=\"x\" /> }}";
    const PARTS: [&str; 12] = [
        "film.m3u8",
        "mayor-1.ts",
        "low/low.m3u8",
        "low/seg2.mp4",
        "low/init.m4s",
        "subs.vtt",
        "dash.mpd",
        "dash-7.m4s",
        "dash.mp4",
        "x.gltf",
        "x.bin",
        "tex.png",
    ];
    let film = |folder: &str, site: &TestSite| {
        let write = |name: &str, text: &str| site.write(&format!("content/local/{folder}{name}"), text);
        PARTS.iter().for_each(|name| write(name, "SECRET"));
        let media = "#EXT-X-MEDIA:TYPE=SUBTITLES,URI=\"subs.vtt\"";
        write("film.m3u8", &format!("#EXTM3U\n{media}\nlow/low.m3u8\n#EXTINF:4,\nmayor-1.ts\n"));
        write("low/low.m3u8", "#EXTM3U\n#EXT-X-MAP:URI=\"init.m4s\"\n#EXTINF:4,\nseg2.mp4\n");
        let template = "<SegmentTemplate media=\"dash-$Number$.m4s\" />";
        write("dash.mpd", &format!("<MPD>{template}<BaseURL>dash.mp4</BaseURL></MPD>"));
        write("x.gltf", "{\"buffers\": [{\"uri\": \"x.bin\"}], \"images\": [{\"uri\": \"tex.png\"}]}");
        write("signal-backup.bin", "SECRET");
        write("notes.ts", "SECRET");
    };
    let body = format!("{PLAYER}\n\n[a](dash.mpd) [b](x.gltf)");
    let published = |site: &TestSite| {
        let names = site.output().into_keys().filter_map(|path| Some(path.strip_prefix("local/")?.to_owned()));
        names
            .filter(|name| {
                PARTS.iter().any(|part| name.ends_with(part)) || name.contains("notes") || name.contains("signal")
            })
            .collect::<Vec<_>>()
    };
    for front in ["draft: true", "expires: 2026-11-20"] {
        let site = TestSite::new().article("local/mayor", "2026-11-01", front, &body);
        film("", &site);
        site.build();
        assert_eq!(published(&site), [""; 0], "{front}");
        site.write_article("local/mayor", "2026-11-01", "", &body);
        site.build();
        let mut expected = PARTS.to_vec();
        expected.sort_unstable();
        assert_eq!(published(&site), expected);
        site.assert_equals_clean("the article is published");
        // A part that is named no more, and one that is new.
        site.write("content/local/film.m3u8", "#EXTM3U\n#EXTINF:4,\nnotes.ts\n");
        site.build();
        assert!(!site.has("public/local/mayor-1.ts") && site.has("public/local/notes.ts"));
        site.assert_equals_clean("the playlist names something else");
        site.write_article("local/mayor", "2026-11-01", "draft: true", &body);
        site.build();
        assert!(!site.has("public/local/notes.ts"));
        site.assert_equals_clean("the article is withdrawn");
    }
    // An update of live coverage in a bundle, and a name that withholds.
    let live = format!("Now.\n\n## First {{time=2027-01-01T10:05}}\n\n{body}");
    let site = TestSite::new().article("local/live/index", "2026-11-01", "kind: live", &live);
    film("live/", &site);
    site.build();
    assert_eq!(published(&site), [""; 0]);
    let site = TestSite::new().article("local/d (draft)", "2026-11-01", "", &body);
    film("", &site);
    site.build();
    assert_eq!(published(&site), [""; 0]);
    // A film that somebody else shows, too.
    let site = TestSite::new().article("local/d", "2026-11-01", "draft: true", &body);
    site.write_article("local/open", "2026-11-01", "", PLAYER);
    film("", &site);
    site.build();
    assert_eq!(
        published(&site),
        ["film.m3u8", "low/init.m4s", "low/low.m3u8", "low/seg2.mp4", "mayor-1.ts", "subs.vtt"]
    );
}

#[test]
fn each_base_of_a_manifest_is_below_the_one_around_it() {
    let manifest = |base: &str| {
        format!(
            "<MPD><Period><BaseURL>low/</BaseURL><AdaptationSet><Representation><BaseURL>{base}</BaseURL>\
             </Representation></AdaptationSet></Period></MPD>"
        )
    };
    for (list, text) in [
        ("film.mpd", manifest("one.mp4")),
        ("film.m3u8", "\n#EXTM3U\nlow/one.mp4\n".to_owned()),
        ("film.m3u8", "#EXTM3U\nlow/on%65.mp4\n".to_owned()),
    ] {
        let body = format!("{{{{ <video src=\"{list}\" title=\"x\" /> }}}}");
        let site = TestSite::new().article("local/mayor", "2026-11-01", "draft: true", &body);
        site.write(&format!("content/local/{list}"), &text);
        site.write("content/local/low/one.mp4", "SECRET");
        site.build();
        assert!(!site.has("public/local/low/one.mp4") && !site.has(&format!("public/local/{list}")), "{list}: {text}");
        site.write_article("local/mayor", "2026-11-01", "", &body);
        site.build();
        assert!(site.has("public/local/low/one.mp4"), "{list}: {text}");
        // The film is found beside the text, not below its page.
        assert!(site.published("local/mayor/index.html").contains(&format!("src=\"/local/{list}\"")), "{list}");
    }
}

#[test]
fn a_list_that_cannot_be_read_holds_back_whatever_may_be_a_part_and_publishes_no_film_of_others() {
    let body = "{{ <video src=\"film.mpd\" title=\"x\" /> }}";
    let site = TestSite::new().article("local/mayor", "2026-11-01", "draft: true", body);
    site.write("content/local/film.mpd", "<MPD><Period>");
    for name in ["seg1.mp4", "seg2.ts", "data.json"] {
        site.write(&format!("content/local/{name}"), "1");
    }
    site.build();
    let published = |name: &str| site.has(&format!("public/local/{name}"));
    assert!(!published("seg1.mp4") && !published("seg2.ts") && published("data.json"));
    site.write_article("local/mayor", "2026-11-01", "", body);
    site.write_article("local/other", "2026-11-01", "draft: true", "{{ <video src=\"seg1.mp4\" title=\"x\" /> }}");
    site.build();
    assert!(!published("seg1.mp4") && published("seg2.ts"));
}

/// The built-in templates have many words and names in them, and so do settings.
#[test]
fn a_word_of_a_template_or_setting_publishes_no_file() {
    let template = "<p>{# roadmap.svg #}<img src=\"/img/roadmap.svg\"><a href=\"{{ url(path=\"kit.pdf\") }}\">\
         <a href='/press/a.pdf#page=2'><a href=https://test.example/b.pdf>";
    let site = TestSite::new()
        .file("themes/mine/theme.yaml", "extends: broadsheet\n")
        .file("site.yaml", "base_url: https://test.example\ntheme: mine\ntheme_settings: {tagline: features}\n");
    site.write("themes/mine/templates/404.html", template);
    site.write_article("local/mayor", "2026-11-01", "draft: true", "![x](/icon.svg) ![y](/map.svg) ![z](/site.css)");
    let private =
        ["sources", "notes", "todo", "list", "email", "comments", "live", "features", "icon.svg", "map.svg", "a.pdf"];
    let named = ["kit.pdf", "press/a.pdf", "b.pdf"];
    for name in private.iter().chain(&named) {
        site.write(&format!("content/{name}"), DRAWING);
    }
    let run = site.try_build(&[]);
    for name in private {
        assert!(!site.has(&format!("public/{name}")), "{name}: {:?}", run.diagnostics());
    }
    for name in named {
        assert!(site.has(&format!("public/{name}")), "{name}: {:?}", run.diagnostics());
    }
}
