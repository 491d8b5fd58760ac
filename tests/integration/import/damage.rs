//! Exports as they are found: packed, split, damaged, in other encodings, too large.

use std::io::Write as _;

use super::{NOW, attachment, body, comment, export, import, meta, post, report};
use crate::fixture::TestSite;

#[test]
fn exports_in_utf_16_are_read() {
    let text = export(&post(7, "ferry", "publish", "Grüße von der Fähre.", "")).replace("UTF-8", "UTF-16");
    let bytes: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let site = TestSite::empty().file("export.xml", bytes);
    let run = import(&site, &[]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(site.read("content/harbour/2019/ferry.md").contains("Grüße von der Fähre."));
    assert!(report(&site)["repairs"].to_string().contains("UTF-16"));
}

#[test]
fn several_files_of_one_site_are_one_import_however_they_are_packed() {
    let (one, two, three) = (
        export(&post(1, "one", "publish", "One.", "")),
        export(&post(2, "two", "publish", "Two <a href=\"https://skerry.example/?p=1\">x</a>.", "")),
        export(&post(3, "three", "publish", "Three.", "")),
    );
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(two.as_bytes()).expect("memory");
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("folder/../../three.xml", zip::write::SimpleFileOptions::default()).expect("memory");
    zip.write_all(three.as_bytes()).expect("memory");
    let zip = zip.finish().expect("memory").into_inner();
    let site =
        TestSite::empty().file("one.xml", one).file("two.xml.gz", gz.finish().expect("memory")).file("three.zip", zip);
    let run = site.run(&["import", "wordpress", "one.xml", "two.xml.gz", "three.zip", "--into", "site", "--at", NOW]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("3 published there, 3 published here"), "{}", run.stdout);
    assert!(site.read("site/content/harbour/2019/two.md").contains("[x](/2019/04/09/one/)"));
    assert!(site.has("site/content/harbour/2019/three.md"));
}

#[test]
fn damage_costs_what_is_damaged_and_nothing_before_it() {
    let good = post(1, "good", "publish", "Good.", "");
    let torn = post(2, "torn", "publish", "Torn.", "").replace("</content:encoded>", "</content:encodex>");
    let latin = post(3, "latin", "publish", "Gr@@ße & Co.", "")
        .replace("<title>Report 3 of latin</title>", "<title>Fish & chips \u{1}</title>");
    let text = export(&[good, torn, latin, post(4, "cut", "publish", "Cut.", "")].concat());
    let end = text.find("Cut.").expect("there");
    let mut bytes = text.as_bytes()[..end].to_vec();
    let at = bytes.windows(2).position(|pair| pair == b"@@").expect("there");
    bytes.splice(at..at + 2, [0xf6]);
    let site = TestSite::empty().file("export.xml", bytes);
    let run = import(&site, &[]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(site.read("content/harbour/2019/good.md").contains("Good."));
    let torn = crate::fixture::tree(&site.path("content")).into_iter().find(|(name, _)| name.contains("torn"));
    assert!(torn.is_none_or(|(_, bytes)| String::from_utf8_lossy(&bytes).contains("draft: true")));
    let latin = site.read("content/harbour/2019/latin.md");
    assert!(latin.contains("title: Fish & chips") && latin.contains("Größe & Co."), "{latin}");
    let repairs = report(&site)["repairs"].to_string();
    for what in ["Windows-1252", "control characters", "bare `&`", "does not end"] {
        assert!(repairs.contains(what), "{what} is not in {repairs}");
    }
}

#[test]
fn an_export_with_flipped_and_cut_bytes_is_read_as_far_as_it_goes() {
    let items = [
        post(
            1,
            "open",
            "publish",
            "<!-- wp:paragraph --><p>One <a href=\"/x\">two</a></p><!-- /wp:paragraph -->[gallery]",
            &comment(1, 0, "1", "comment", "Yes."),
        ),
        post(2, "hidden", "private", "Sentence about privateers.", ""),
        post(3, "locked", "publish", "Sentence about lockkeepers.", "<wp:post_password>pw</wp:post_password>"),
        attachment(20, 1, "a.jpg", "A", ""),
    ]
    .concat();
    let whole = export(&items).into_bytes();
    let mut rng = fastrand::Rng::with_seed(16);
    for round in 0..40 {
        let mut bytes = whole.clone();
        for _ in 0..rng.usize(1..4) {
            let at = rng.usize(..bytes.len());
            bytes[at] = rng.u8(..);
        }
        if round % 3 == 0 {
            bytes.truncate(rng.usize(600..bytes.len()));
        }
        let site = TestSite::empty().file("export.xml", &bytes);
        let run = site.run(&["import", "wordpress", "export.xml", "--into", "site", "--at", NOW]);
        assert!(matches!(run.code, 0 | 1), "round {round}: {}{}", run.stdout, run.stderr);
        let outside: Vec<String> = crate::fixture::tree(site.root())
            .into_keys()
            .filter(|path| !path.starts_with("site/") && path != "export.xml")
            .collect();
        assert!(outside.is_empty(), "round {round}: {outside:?}");
        for (path, bytes) in crate::fixture::tree(&site.path("site/content")) {
            let text = String::from_utf8_lossy(&bytes);
            let is_secret = text.contains("about privateers") || text.contains("about lockkeepers");
            assert!(!is_secret || text.contains("draft: true"), "round {round}: {path}\n{text}");
        }
    }
}

#[test]
fn what_is_packed_in_a_damaged_file_counts_up_to_the_damage() {
    let mut rng = fastrand::Rng::with_seed(16);
    let mut words = || (0..4000).map(|_| rng.alphanumeric()).collect::<String>();
    let items: String =
        (1..=9).map(|number| post(number, &format!("report-{number}"), "publish", &words(), "")).collect();
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(export(&items).as_bytes()).expect("memory");
    let bytes = gz.finish().expect("memory");
    let site = TestSite::empty().file("export.xml.gz", &bytes[..bytes.len() * 2 / 3]);
    let run = site.run(&["import", "wordpress", "export.xml.gz", "--at", NOW, "--json"]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(run.diagnostics().iter().any(|one| one.contains("damaged, and ends here")), "{:?}", run.diagnostics());
    assert!(site.has("content/harbour/2019/report-4.md") && !site.has("content/harbour/2019/report-9.md"));
}

#[test]
fn what_is_too_large_to_keep_is_counted() {
    let tags: String = [&"long ".repeat(200), "Short"]
        .iter()
        .map(|name| format!("<category domain=\"post_tag\" nicename=\"x\"><![CDATA[{name}]]></category>"))
        .collect();
    let more =
        [meta("notes", &"words ".repeat(4000)), meta("_plugin_lead", "Hidden."), meta("mood", "calm"), tags].concat();
    let (_, report) = body("One.", &more, "");
    let left = report["left_out"].to_string();
    assert!(left.contains("larger than 16 KiB") && left.contains("hidden fields"), "{left}");
    assert!(report["remarks"].to_string().contains("more than 500 bytes"), "{report}");
}
