//! Compressed copies beside files of text.

use std::collections::BTreeSet;
use std::io::Read;

use crate::fixture::TestSite;

const LONG: &str = "The harbour is quiet in the morning. ";

fn site() -> TestSite {
    let words = LONG.repeat(60);
    TestSite::new()
        .file(
            "site.yaml",
            "title: The Test\nbase_url: https://test.example\nprecompress: fast\nsearch: {enabled: false}\n",
        )
        .file("static/long.txt", &words)
        .file("static/short.txt", "Short.")
        .file("static/data.bin", [137, 80, 78, 71].repeat(600))
        .article("local/a", "2026-10-01", "", &words)
        .article("local/b", "2026-10-02", "", &words)
}

/// The companions in the output folder.
fn precompressed(site: &TestSite) -> BTreeSet<String> {
    site.output().into_keys().filter(|path| path.ends_with(".gz") || path.ends_with(".br")).collect()
}

fn gunzip(bytes: &[u8], length: usize) -> Vec<u8> {
    let mut plain = vec![0; length];
    let length = libdeflater::Decompressor::new().gzip_decompress(bytes, &mut plain).expect("gzip");
    plain.truncate(length);
    plain
}

fn unbrotli(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    brotli::Decompressor::new(bytes, 4096).read_to_end(&mut plain).expect("brotli");
    plain
}

/// Fails unless each companion holds the bytes of its file.
fn assert_true(site: &TestSite) {
    let output = site.output();
    for path in precompressed(site) {
        let (of, ending) = path.rsplit_once('.').expect("an ending");
        let plain = output.get(of).unwrap_or_else(|| panic!("{path} stands alone"));
        let unpacked = if ending == "gz" { gunzip(&output[&path], plain.len()) } else { unbrotli(&output[&path]) };
        assert!(unpacked == *plain, "{path}");
        assert!(output[&path].len() < plain.len(), "{path}");
    }
}

#[test]
fn texts_have_two_companions_and_others_none() {
    let site = site();
    let run = site.build();
    let there = precompressed(&site);
    for path in ["index.html", "local/a/index.html", "feed.xml", "long.txt"] {
        assert!(there.contains(&format!("{path}.gz")) && there.contains(&format!("{path}.br")), "{path}: {there:?}");
    }
    for path in ["short.txt", "data.bin", ".courant"] {
        assert!(!there.contains(&format!("{path}.gz")) && !there.contains(&format!("{path}.br")), "{path}");
    }
    assert!(there.iter().any(|path| path.starts_with("assets/site.") && path.ends_with(".css.br")));
    assert_true(&site);
    assert_eq!(run.number("written") as usize, site.output().len() - 1, "all but the mark are counted");
    site.assert_equals_clean("the first build");
    let again = site.build();
    assert_eq!((again.number("rendered"), again.number("written"), again.number("removed")), (0, 0, 0));
    assert_eq!(site.try_build(&["--verify"]).number("warnings"), 0);
}

#[test]
fn a_changed_page_has_exactly_its_two_companions_written_again() {
    let site = site();
    site.build();
    site.write_article("local/a", "2026-10-01", "summary: The same.\n", &LONG.repeat(60));
    site.build();
    let before = site.output();
    site.write_article("local/a", "2026-10-01", "summary: The same.\n", &(LONG.repeat(60) + "More."));
    let run = site.build();
    let after = site.output();
    let changed: BTreeSet<String> = after
        .iter()
        .filter(|(path, bytes)| *path != ".courant" && before[*path] != **bytes)
        .map(|(path, _)| path.clone())
        .collect();
    // The page, and the feeds that carry it: of the site and of the section.
    let mut wanted = BTreeSet::new();
    for file in ["local/a/index.html", "feed.xml", "atom.xml", "feed.json", "local/feed.xml"] {
        wanted.extend(["", ".gz", ".br"].map(|ending| format!("{file}{ending}")));
    }
    assert_eq!(changed, wanted);
    assert_eq!(run.number("written") as usize, wanted.len());
    assert_eq!(run.number("rendered") as usize, wanted.len() / 3);
    assert_true(&site);
    site.assert_equals_clean("a body");
}

#[test]
fn companions_go_with_their_files_and_with_the_setting() {
    let site = site();
    site.build();
    site.remove("content/local/a.md");
    site.build();
    assert!(!site.has("public/local/a"), "nothing of it is left");
    // Too short now.
    site.write("static/long.txt", "Short.");
    site.build();
    assert!(!site.has("public/long.txt.gz") && !site.has("public/long.txt.br"));
    site.assert_equals_clean("shorter");
    // Without the setting there are none, and nothing else is written.
    site.write("site.yaml", "title: The Test\nbase_url: https://test.example\nsearch: {enabled: false}\n");
    let count = precompressed(&site).len() as u64;
    let run = site.build();
    assert_eq!((run.number("written"), run.number("removed")), (0, count));
    assert!(precompressed(&site).is_empty());
    site.assert_equals_clean("off");
    // With the flag they come back, and only they.
    let run = site.try_build(&["--precompress=fast"]);
    assert_eq!((run.number("written"), run.number("removed")), (count, 0));
    assert_true(&site);
    assert_eq!(site.try_build(&["--precompress=fast"]).number("rendered"), 0);
    // Another level is another recipe.
    let run = site.try_build(&["--precompress=best"]);
    assert!(run.number("written") > 0);
    assert_true(&site);
    let run = site.try_build(&["--precompress"]);
    assert_eq!(run.code, 0);
    assert_eq!(site.run(&["build", "--precompress=most"]).code, 2);
}

#[test]
fn what_somebody_does_to_a_companion_is_mended() {
    let site = site();
    site.build();
    let clean = site.output();
    site.write("public/local/a/index.html.gz", "tampered");
    site.remove("public/feed.xml.br");
    let run = site.build();
    assert_eq!((run.number("written"), run.number("removed")), (2, 0), "the files themselves stay as they are");
    assert_eq!(site.output(), clean);
    // Also when nothing is known of the last build.
    site.write("public/local/a/index.html.br", "tampered");
    site.write("public/local/old.html.gz", "left over");
    site.remove(".courant");
    let run = site.build();
    assert_eq!((run.number("written"), run.number("removed")), (1, 1));
    assert_eq!(site.output(), clean);
    site.write("public/long.txt.br", "x".repeat(clean["long.txt.br"].len()));
    let run = site.try_build(&["--verify"]);
    assert_eq!(run.code, 0, "{:?}", run.diagnostics());
    assert_eq!(site.output(), clean);
}

#[test]
fn a_companion_of_ones_own_is_published_instead() {
    let site = site().file("static/long.txt.gz", "mine");
    let run = site.build();
    assert_eq!(run.number("warnings"), 0, "{:?}", run.diagnostics());
    assert_eq!(site.published("long.txt.gz"), "mine");
    assert!(site.has("public/long.txt.br"));
    site.remove("static/long.txt.gz");
    site.build();
    assert_true(&site);
    assert!(site.has("public/long.txt.gz"), "now it is courant's");
    site.write("static/long.txt.gz", "mine again");
    site.build();
    assert_eq!(site.published("long.txt.gz"), "mine again");
    site.assert_equals_clean("its own");
    site.remove("static/long.txt");
    site.build();
    assert_eq!(site.published("long.txt.gz"), "mine again");
    site.assert_equals_clean("its own alone");
}
