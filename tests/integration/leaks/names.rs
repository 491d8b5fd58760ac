//! Names of files and folders that withhold.

use super::assert_no_secrets;
use crate::fixture::TestSite;

/// A file whose name says when it is to be published, in one of the ways in which people write it.
#[test]
fn a_date_in_a_file_name_withholds_however_it_is_written() {
    let site = TestSite::new().article("news/open", "2026-11-01", "", "x");
    for name in [
        "2027-05-07-a.md",
        "2027-05-07 Future post.md",
        "2027-05-07 - b.md",
        "2027-05-07\u{2013}c.md",
        "2027-5-7-d.md",
        "20270507-e.md",
        "2027.05.07-f.md",
        "2027_05_07_g.md",
        "2027-05-07T0800-h.md",
        "2027-05-07 i/index.md",
        "2027-5-7 j/index.md",
    ] {
        site.write(&format!("content/news/{name}"), "---\ntitle: Secret words\n---\nSecret words.\n");
    }
    let run = site.build();
    assert_eq!(run.number("articles"), 1, "{:?}", run.diagnostics());
    assert_no_secrets(&site);
}

/// Jekyll, Hugo, Astro, editors and version control keep texts by their names from being published.
#[test]
fn names_that_withhold_are_heard() {
    let site = TestSite::new().article("local/open", "2026-11-01", "", "x");
    for path in [
        "news/_drafts/x.md",
        "_posts/_drafts/x.md",
        "news/_drafts/b/index.md",
        "_drafts/index.md",
        "_Drafts/x.md",
        "authors/_drafts/x.md",
        "news/_x.md",
        "_partials/x.md",
        "news/_private/x.mdx",
        "news/x (conflicted copy 2026-11-02).md",
        "news/x.sync-conflict-20261102-1.md",
        "news/x.bak.md",
        "news/x.orig.md",
        "news/x.REMOTE.123.md",
        "news/Copy of x.md",
        "news/x - Copy (2).md",
        "news/~$x.md",
        "news/x.draft.md",
        "news/x.embargoed.de.md",
        "news/DRAFT x.md",
        "news/x (draft).md",
        "news/x [Embargo].md",
        "news/HOLD x.md",
        "news/x.HOLD.md",
        "news/SPIKED x.md",
        "news/KILL x.md",
        "news/DO NOT PUBLISH x.md",
        "news/x - NOT FOR PUBLICATION.md",
        "news/OFF RECORD x.md",
        "news/HOLD-c/index.md",
        "news/x (1).md",
        "news/story HOLD till Sunday.md",
        "news/x (embargoed until 2027).md",
        "news/x (hold for Sunday).md",
        "news/x-DRAFT-v3.md",
        "news/OFF-THE-RECORD x.md",
        "news/x copy 2.md",
        "news/x - Kopie.md",
        "news/x - Kopie (2).md",
        "news/Kopie von x.md",
        "news/x (copie).md",
        "news/x - conflicted copy 2026-11-27.md",
        "news/x (Case Conflict).md",
        "news/x (in Konflikt stehende Kopie von Ann 2026-11-27).md",
        "news/x_BACKUP_123.md",
        "news/x_LOCAL_123.md",
        "HOLD/x.md",
        "news/HOLD for Sunday/x.md",
        "news/KILL/deep/_index.md",
        "news/x (draft)/a.mdx",
        "DRAFTS/x.md",
        "news/~x.md",
        "news/x~.md",
        "_wip/x.md",
        "news/_embargo/b/index.md",
        "__drafts/x.md",
        "_recipes/x.md",
        "_Posts/x.md",
        "news/b/_unpublished/x.md",
        // Behind a date or a number.
        "news/2026-11-02-HOLD-MAYOR.md",
        "news/2026-11-02 HOLD MAYOR RESIGNS.md",
        "news/20261102 HOLD MAYOR.md",
        "news/01 HOLD MAYOR.md",
        "news/2026-11-02-HOLD-X/x.md",
        // Before the language.
        "news/x (draft).de.md",
        "news/x [draft].de.md",
        "news/x (draft v3).pt-BR.md",
        "news/x (1).de.md",
        "news/x copy.de.md",
        "news/x - Kopie.de.md",
        "news/x.bak.de.md",
        // Several words in brackets, and brackets anywhere.
        "news/x (off the record).md",
        "news/x (do not publish).md",
        "news/x (not-for-publication).md",
        "news/x (on hold).md",
        "news/x (legal hold).md",
        "news/x (under embargo).md",
        "news/Stories (on hold)/x.md",
        "news/(draft) x.md",
        "news/[Draft] x.md",
        "news/x (hold) v2.md",
        "news/x (hold, legal).md",
        "news/x (first draft).md",
        "news/DONT PUBLISH x.md",
        "news/DON'T PUBLISH x.md",
        "news/DO NOT RUN x.md",
        "news/NOT FOR RELEASE x.md",
        "news/WITHDRAWN x.md",
        "news/RETRACTED x.md",
        "news/DELETED x.md",
        "news/PULLED x.md",
        "news/ONHOLD x.md",
        "news/SECRET x.md",
        // What ownCloud, Seafile, Resilio and desktops in other languages call a copy.
        "news/x_conflict-20261122-101010.md",
        "news/x (SFConflict ann@t.example 2026-11-22-10-10-10).md",
        "news/x.Conflict.md",
        "news/x.Conflict(1).md",
        "news/x [conflicted].md",
        "news/x - コピー.md",
        "news/x のコピー.md",
        "news/x - コピー（2）.md",
        "news/x - 副本.md",
        "news/x \u{2014} копия.md",
        "news/x - Kopia (2).md",
        "news/x - Kopi.md",
        "news/x - Kopio.md",
        "news/C\u{f3}pia de x.md",
        "news/Co\u{301}pia de x.md",
        // With a day, a version or a reason, in letters of any width, in other languages.
        "news/x.embargo-2026-12-01.md",
        "news/x.embargo20261201.md",
        "news/x.hold-for-legal.md",
        "news/x.draft-2.md",
        "news/x.draft2.md",
        "news/x.draft_v2.de.md",
        "news/x.md.draft-2",
        "news/DRAFT2 x.md",
        "news/x\u{ff08}draft\u{ff09}.md",
        "news/\u{ff24}\u{ff32}\u{ff21}\u{ff26}\u{ff34} x.md",
        "news/ENTWURF x.md",
        "news/x (Entwurf).md",
        "news/x (gesperrt bis 1.12.).md",
        "news/SPERRFRIST x.md",
        "news/BROUILLON x.md",
        "news/下書き x.md",
        "news/ЧЕРНОВИК x.md",
        "ENTWURF/x.md",
        "news/x\u{ff08}draft\u{ff09}/x.md",
    ] {
        site.write(&format!("content/{path}"), "---\ntitle: Secret words\ndate: 2026-11-01\n---\nSecret words.\n");
    }
    for path in [
        "_drafts/y.html",
        "_drafts/y.json",
        "_drafts/b/y.svg",
        "news/_Drafts/y.svg",
        "_layouts/d.html",
        "_data/s.json",
        "_sass/a/x.css",
        "_site/index.html",
        "_includes/a.svg",
    ] {
        site.write(&format!("content/{path}"), "<svg width=\"1\" height=\"1\"><title>Secret words</title></svg>");
    }
    #[cfg(unix)]
    crate::fixture::symlink(std::path::Path::new("nowhere"), &site.path("content/_data/link"));
    site.write("content/HOLD/x.comments.yaml", "Secret words");
    site.write("content/HOLD/data.json", "\"Secret words\"");
    for path in [
        "news/hold the line.md",
        "news/kill bill.md",
        "news/The law (draft law).md",
        "news/In (2019).md",
        "news/BANKS HOLD STEADY.md",
        "news/Photocopy.md",
        "news/local_123.md",
        "news/In (a draft beer).md",
        "news/2026-11-02-BANKS HOLD STEADY 2.md",
        "news/Guter Kopi.md",
        "news/entwurf fuer alle.md",
        "news/in conflict.md",
    ] {
        site.write(&format!("content/{path}"), "---\ntitle: Plain\ndate: 2026-11-01\n---\nPlain words.\n");
    }
    let run = site.try_build(&[]);
    assert_eq!(run.code, 0, "{:?}", run.diagnostics());
    for name in [
        "hold-the-line",
        "kill-bill",
        "the-law-draft-law",
        "in-2019",
        "banks-hold-steady",
        "photocopy",
        "local_123",
        "in-a-draft-beer",
        "banks-hold-steady-2",
        "guter-kopi",
        "entwurf-fuer-alle",
        "in-conflict",
    ] {
        assert!(site.has(&format!("public/news/{name}/index.html")), "{name}");
    }
    assert_no_secrets(&site);
    assert_eq!(
        run.diagnostics().iter().filter(|one| one.contains("it is left out")).count(),
        126,
        "{:?}",
        run.diagnostics()
    );
    let told = "warning content/_site a folder whose name begins with `_` is not published; it is left out";
    assert!(run.diagnostics().contains(&told.to_owned()), "{:?}", run.diagnostics());
}

/// Marks with what people write beside them, in brackets of any kind and in other languages, and copies.
#[test]
fn a_mark_or_a_copy_is_heard_with_what_stands_beside_it() {
    let site = TestSite::new().article("news/open", "2026-11-01", "", "x");
    let withheld = [
        "x (embargo jusqu'au 1 décembre)",
        "x (embargo jusqu\u{2019}à lundi)",
        "x (embargo Dec 1)",
        "x (hold Sunday 9am)",
        "x.hold-legal",
        "x.hold_legal",
        "x.draft-final",
        "x.v2-draft",
        "x (third draft)",
        "x (working draft)",
        "x (draft final)",
        "x {draft}",
        "x 【下書き】",
        "x (do not publish yet)",
        "x (do not publish before Monday)",
        "x (not yet published)",
        "x (sous embargo)",
        "x (bajo embargo)",
        "x (sotto embargo)",
        "x (unter Embargo)",
        "x (onder embargo)",
        "x (wersja robocza)",
        "x (المسودة)",
        "x (ne pas publier)",
        "NICHT VERÖFFENTLICHEN x",
        "NE PAS PUBLIER x",
        "NO PUBLICAR x",
        "НЕ ПУБЛИКОВАТЬ x",
        "x (Anns konfliktkopi 2026-11-22)",
        "x (Anns motstridiga kopia 2026-11-22)",
        "x (Ann의 충돌된 사본 2026-11-22)",
        "x (конфліктна копія Ann 2026-11-22)",
        "x (Copia in conflitto di Ann 2026-11-22)",
        "x (copie en conflit de Ann)",
        "x (Unicode Encoding Conflict)",
        "x (Whitespace Conflict)",
        "x (Case Conflict 1)",
        "x [Conflict]",
        "x (pCloud Conflict)",
        "x (Conflict 2026-11-22)",
        "x (衝突複本)",
        "x - สำเนา",
        "Copy (2) of x",
        "Kopie (2) von x",
        "x(1)",
        "x\u{ff08}1\u{ff09}",
    ];
    for name in withheld {
        site.write(
            &format!("content/news/{name}.md"),
            "---\ntitle: Secret words\ndate: 2026-11-01\n---\nSecret words.\n",
        );
    }
    let public = [
        "Il conflitto di interessi del sindaco",
        "Conflitto di attribuzione",
        "Kopie van Rembrandt ontdekt",
        "Copia de la carta",
        "Copy of Magna Carta found",
        "Kopia Rembrandta",
        "A7 (gesperrt)",
        "Sudan (conflict 2019-2023)",
        "Sudan (Gaza conflict)",
        "AI firms (copyright conflict)",
        "Ice hockey (NHL draft)",
        "Harbour tunnel 2",
        "Harbour tunnel",
        "Recall (drafts from windows)",
        "The conflict over a copy of the film",
    ];
    for name in public {
        site.write(&format!("content/news/{name}.md"), "---\ntitle: Plain\ndate: 2026-11-01\n---\nPlain words.\n");
    }
    let run = site.build();
    assert_no_secrets(&site);
    assert_eq!(run.number("articles"), public.len() as u64 + 1, "{:?}", run.diagnostics());
    let told = run.diagnostics().iter().filter(|one| one.contains("it is left out")).count();
    assert_eq!(told, withheld.len(), "{:?}", run.diagnostics());
}

/// A headline may begin or end like the name of a copy, so that is one only beside its original.
#[test]
fn a_copy_beside_its_original_is_not_published() {
    let front = "---\ntitle: Plain\ndate: 2026-11-01\n---\nPlain words.\n";
    let site = TestSite::new();
    for name in ["news/Mayor resigns", "other/Mayor resigns/index"] {
        site.write(&format!("content/{name}.md"), front);
    }
    let copies = [
        "news/Kopia Mayor resigns.md",
        "news/Copy of Mayor resigns.md",
        "news/Копия Mayor resigns.md",
        "news/نسخة من Mayor resigns.md",
        "news/Mayor resigns 복사본.md",
        "news/Mayor resigns m\u{e1}solata.md",
        "other/Mayor resigns copy/index.md",
        "other/Mayor resigns (2)/index.md",
        "other/Copy of Mayor resigns/index.md",
    ];
    for path in copies {
        site.write(&format!("content/{path}"), front);
        let run = site.try_build(&[]);
        let told = path.trim_end_matches("/index.md");
        let wanted = format!("error content/{told} this seems to be a copy of `content/");
        assert_eq!(run.code, 1, "{path}: {:?}", run.diagnostics());
        assert!(run.diagnostics().iter().any(|one| one.starts_with(&wanted)), "{path}: {:?}", run.diagnostics());
        site.remove(&format!("content/{path}"));
    }
}

/// The name of a text withholds its headline and its address as `draft: true` does.
#[test]
fn a_text_whose_name_withholds_it_is_a_secret() {
    let front = "title: Mayor resigns over tunnel contract\nslug: mayor-resigns";
    let told = |path: &str, flags: &[&str]| {
        let site = TestSite::new().article(&format!("local/{path}"), "2026-11-01", front, "x").article(
            "local/open",
            "2026-11-01",
            "",
            &format!("[Mayor resigns over tunnel contract](<{path}.md>) and [it](/local/mayor-resigns/)"),
        );
        let run = site.try_build(flags);
        let page = site.published("local/open/index.html");
        assert!(!page.contains("mayor-resigns") && !page.contains("HOLD"), "{path}: {page}");
        assert!(!site.has("public/local/mayor-resigns"));
        run.diagnostics().into_iter().filter(|one| !one.contains("left out")).collect::<Vec<_>>()
    };
    let message = "this gives away the headline “Mayor resigns over tunnel contract”";
    for (path, flags) in [("HOLD s", &[][..]), ("HOLD s", &["--drafts", "--future"]), ("HOLD/s", &[])] {
        let told = told(path, flags);
        assert!(told.len() == 1 && told[0].contains(message), "{path}: {told:?}");
    }
}

#[test]
fn a_folder_that_is_public_against_its_name_is_told_once() {
    let site = TestSite::new();
    for path in ["drafts/a", "drafts/b", "news/Private/c", "news/draft-law", "wip/d", "trash/e", "Off the record/f"] {
        site.write_article(path, "2026-11-01", if path == "wip/d" { "draft: true" } else { "" }, "x");
    }
    let told = site.build().diagnostics();
    assert_eq!(
        told,
        [
            "warning content/Off the record a folder called `Off the record` is published",
            "warning content/drafts a folder called `drafts` is published",
            "warning content/news/Private a folder called `Private` is published",
            "warning content/trash a folder called `trash` is published",
        ]
    );
    site.remove("content/trash/e.md");
    site.remove("content/Off the record/f.md");
    site.remove("content/drafts/a.md");
    site.remove("content/drafts/b.md");
    site.write_article("_set/e", "2026-11-01", "", "x");
    assert_eq!(site.build().diagnostics().len(), 2);
    site.remove("content/_set/e.md");
    assert_eq!(site.build().diagnostics().len(), 1);
}
