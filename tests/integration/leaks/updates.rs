//! Updates of live coverage that are withheld, and what only they name.

use std::io::Cursor;

use super::{DRAWING, SETTINGS};
use crate::fixture::{NOW, TestSite};

#[test]
fn a_withheld_update_of_live_coverage_does_not_leak() {
    let mut site = TestSite::new().at(NOW).file("site.yaml", SETTINGS).article(
        "local/storm",
        "2026-11-23T08:00:00Z",
        "title: Storm\nkind: live",
        "Intro.\n\n## It goes over the hills {time=2026-11-23T13:00}\n\nSecret words.\n\n## It comes from the sea {time=2026-11-23T09:00}\n\nWind.",
    );
    site.build();
    for (path, bytes) in site.output() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("over the hills") && !text.contains("Secret words"), "{path}");
    }
    site.set_now("2026-11-23T13:00:00Z");
    site.build();
    for path in ["local/storm/index.html", "local/storm/live.json", "feed.xml"] {
        assert!(site.published(path).contains("over the hills"), "{path}");
    }
    site.assert_equals_clean("an update is published");
}

/// The place of an update has the words of its heading.
#[test]
fn a_link_to_a_withheld_update_is_plain_text() {
    let body = "Top [later](#mayor-resigns), <a href=\"#mayor-resigns\">html</a>, [own](#mayors-plan), [now](#shown) and [twice](#twice).\n\n\
         ## Shown {time=2026-11-20T10:00}\n\n[later](/local/storm/#mayor-resigns)\n\n## Twice {time=2026-11-20T10:00}\n\nx\n\n\
         ## Mayor resigns {time=2026-11-24T10:00}\n\nx\n\n## Own {#mayors-plan time=2026-11-24T10:00}\n\nx\n\n\
         ## Twice {time=2026-11-24T10:00}\n\nx";
    let mut site = TestSite::new().at(NOW).file("site.yaml", SETTINGS);
    site.write_article("local/storm", "2026-11-20", "title: Storm\nkind: live", body);
    site.write_article(
        "local/other",
        "2026-11-20",
        "source: {name: S, url: /local/storm/#mayor-resigns}",
        "[a](/local/storm/#mayor-resigns) [b](storm.md#mayor-resigns) [c](https://test.example/local/storm/#mayor%2Dresigns) \
         <a href=\"/local/storm/#mayor-resigns\">d</a> <a href=\"storm.md#mayors-plan\">e</a> [f](/local/storm/#shown)",
    );
    site.build();
    for (path, bytes) in site.output() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("mayor"), "{path}: {text}");
    }
    let page = site.published("local/storm/index.html");
    assert!(page.contains("href=\"#shown\"") && page.contains("href=\"#twice\""), "{page}");
    assert!(site.published("local/other/index.html").contains("href=\"/local/storm/#shown\""));
    site.set_now("2026-11-24T10:00:00Z");
    site.build();
    assert!(site.published("local/other/index.html").matches("storm/#mayor").count() > 4);
    assert!(site.published("local/storm/index.html").contains("href=\"#mayors-plan\""));
    site.assert_equals_clean("updates are published");
}

#[test]
fn what_only_a_withheld_update_names_is_withheld_with_it() {
    let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3\" height=\"2\"/>";
    let mut photograph = Cursor::new(Vec::new());
    let image = image::RgbImage::from_fn(900, 600, |x, y| image::Rgb([x as u8, y as u8, 90]));
    image.write_to(&mut photograph, image::ImageFormat::Jpeg).expect("encoded");
    let body = "![Now](now.svg)\n\n## It goes over the hills {time=2026-11-23T13:00}\n\n![Hills](hills.jpg) ![Map](map.svg) ![Now](now.svg)\n\n\
                {{ <video src=\"clip.mp4\" title=\"Hills\" /> }}\n\n[all of it][list]\n\n\
                ## It comes from the sea {time=2026-11-23T09:00}\n\n![Sea](sea.svg)\n\n[list]: places/list.pdf\n";
    let mut site = TestSite::new().at(NOW).file("site.yaml", SETTINGS);
    site.write_article("local/storm/index", "2026-11-23T08:00:00Z", "title: Storm\nkind: live", body);
    for (name, bytes) in [
        ("hills.jpg", photograph.get_ref().as_slice()),
        ("map.svg", drawing.as_bytes()),
        ("now.svg", drawing.as_bytes()),
        ("sea.svg", drawing.as_bytes()),
        ("nobody.svg", drawing.as_bytes()),
        ("clip.mp4", b"film"),
        ("places/list.pdf", b"%PDF-1.4"),
    ] {
        site.write(&format!("content/local/storm/{name}"), bytes);
    }
    assert_eq!(site.build().diagnostics(), [""; 0]);
    let of_storm = |site: &TestSite| {
        let files = site.output().into_keys().filter(|path| !path.ends_with("html") && !path.ends_with("json"));
        let files = files.filter(|path| path.starts_with("local/storm/") || path.starts_with("pictures/"));
        files.map(|path| path.rsplit('/').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of_storm(&site), ["nobody.svg", "now.svg", "sea.svg", "social-card.png"]);
    site.set_now("2026-11-23T13:00:00Z");
    site.build();
    let now = of_storm(&site);
    for name in ["hills.jpg", "map.svg", "clip.mp4", "list.pdf"] {
        assert!(now.iter().any(|one| one == name), "{name}: {now:?}");
    }
    assert!(now.iter().any(|one| one.ends_with(".avif")), "its copies: {now:?}");
    site.assert_equals_clean("an update is published, with what it shows");
}

#[test]
fn an_image_that_something_visible_shows_is_not_held_back_with_an_update() {
    let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3\" height=\"2\"/>";
    let late = "## Late {time=2026-11-23T13:00}\n\n![A](a.png) ![B](b.svg) ![C](c.svg)\n\n";
    let mut png = Cursor::new(Vec::new());
    image::RgbImage::new(3, 2).write_to(&mut png, image::ImageFormat::Png).expect("encoded");
    let site = TestSite::new()
        .at(NOW)
        .file("site.yaml", format!("{SETTINGS}languages: {{ en: {{}}, de: {{}} }}\n"))
        .article("local/storm/index", "2026-11-23T08:00:00Z", "title: Storm\nkind: live\nimage: c.svg", late)
        .article(
            "local/storm/index.de",
            "2026-11-23T08:00:00Z",
            "title: Sturm\nkind: live",
            &format!("![B](b.svg)\n\n{late}"),
        )
        .article("local/other", "2026-11-23T08:00:00Z", "title: Other", "![A](storm/a.png)")
        .file("content/local/storm/a.png", png.get_ref())
        .file("content/local/storm/b.svg", drawing)
        .file("content/local/storm/c.svg", drawing);
    site.build();
    for name in ["a.png", "b.svg", "c.svg"] {
        assert!(site.has(&format!("public/local/storm/{name}")), "{name}");
    }
}

#[test]
fn a_withheld_update_is_neither_the_summary_nor_in_the_search() {
    let mut site = TestSite::new().file("site.yaml", SETTINGS).article(
        "local/storm",
        "2026-11-23T08:00:00Z",
        "title: Storm\nkind: live",
        "## Zirconia {time=2026-11-23T13:00}\n\nZirconium words.[^a]\n\n> Zirconate\n\n## Zirconyl\n\n[^a]: Zirconic\n\n## It comes {time=2026-11-23T09:00}\n\nWind.",
    );
    site.build();
    for (path, bytes) in site.output() {
        assert!(!String::from_utf8_lossy(&bytes).to_lowercase().contains("zircon"), "{path}");
    }
    let words = |site: &TestSite| {
        let files = site.output().into_iter().filter(|(path, _)| path.contains("/words-"));
        files.map(|(_, bytes)| String::from_utf8(bytes).expect("text")).collect::<String>()
    };
    assert!(words(&site).contains("\"wind\""), "{}", words(&site));
    site.set_now("2026-11-23T13:00:00Z");
    site.build();
    assert!(words(&site).contains("\"zirconi"), "{}", words(&site));
    site.assert_equals_clean("the update is published");
}

#[test]
fn a_withheld_update_holds_back_what_it_names_beside_it() {
    let body = "Intro.\n\n## Now {time=2026-11-23T09:00}\n\n{% include now.svg %}\n\n## Late {time=2026-11-23T13:00}\n\n{% include late.svg %}";
    let mut site = TestSite::new().at(NOW).file("site.yaml", SETTINGS);
    site.write_article("local/storm", "2026-11-23T08:00:00Z", "title: Storm\nkind: live", body);
    for name in ["now", "late"] {
        site.write(&format!("content/local/{name}.svg"), DRAWING);
    }
    site.build();
    assert_eq!(["now", "late"].map(|name| site.has(&format!("public/local/{name}.svg"))), [true, false]);
    site.set_now("2026-11-23T13:00:00Z");
    site.build();
    assert!(site.has("public/local/late.svg"));
    site.assert_equals_clean("an update is published, with what lies beside it");
}

#[test]
fn a_footnote_that_a_withheld_update_defines_is_told() {
    let body = "Now.[^1]\n\n## Later {time=2027-01-01T10:05}\n\nText.\n\n[^1]: The secret words.";
    let site = TestSite::new().article("local/a", "2026-11-20", "kind: live", body);
    let run = site.build();
    let message = "the footnote `1` is empty: an update that is withheld defines it";
    assert_eq!(run.diagnostics(), [format!("warning content/local/a.md:7:5 {message}")]);
    assert!(!site.published("local/a/index.html").contains("secret words"));
}
