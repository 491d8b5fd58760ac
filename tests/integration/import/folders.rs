//! Folders of Jekyll, Hugo and Zola: what their conventions mean there, they mean here.

use super::{NOW, PIER};
use crate::fixture::{Run, TestSite};
use serde_json::Value;

/// Imports the folder `old` into `new` and builds it.
fn folder(site: &TestSite, door: &str) -> Run {
    let run = site.run(&["import", door, "old", "--into", "new", "--at", NOW, "--json"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let build = site.run(&["build", "--site", "new", "--at", NOW, "--color", "never"]);
    assert_eq!(build.code, 0, "{}{}", build.stdout, build.stderr);
    let again = site.run(&["import", door, "old", "--into", "new", "--at", NOW, "--json"]);
    assert!(again.stdout.contains("\"updated\":0") && again.stdout.contains("\"created\":0"), "{}", again.stdout);
    run
}

#[test]
fn a_folder_of_jekyll_is_a_site_with_its_addresses() {
    let mut site = TestSite::empty()
        .file(
            "old/_config.yml",
            "title: The Skerry Post\nurl: https://skerry.example\ntimezone: Europe/Copenhagen\nlang: da\n",
        )
        .file("old/about.md", "---\ntitle: About\n---\nUs.\n")
        .file("old/_drafts/secret.md", "---\ntitle: Secret\n---\nSentence about privateers.\n")
        .file("old/_includes/x.html", "x")
        .file("old/assets/notes.txt", "x")
        .file("old/_data/staff.yml", "- a\n");
    for number in 1..=200 {
        let text = format!(
            "---\ntitle: Report {number}\ncategories: [harbour]\ntags: ferry port\n---\nSee [this]({{% post_url 2019-01-02-report-1 %}}).\n\n{{% highlight rust %}}\nlet x = {number};\n{{% endhighlight %}}\n\n## Costs {{: #costs}}\n\n{{% weather %}}\n"
        );
        site = site.file(&format!("old/_posts/2019-01-{:02}-report-{number}.md", number % 28 + 1), text);
    }
    site.write("old/_posts/2019-01-02-report-1.md", "---\ntitle: One\ncategories: harbour\n---\nOne.\n");
    let run = folder(&site, "jekyll");
    assert!(
        run.stdout.contains("\"published_here\":201") || run.stdout.contains("\"published_here\":202"),
        "{}",
        run.stdout
    );
    let html = site.read("new/public/harbour/2019/01/03/report-2.html");
    assert!(html.contains("/harbour/2019/01/02/report-1.html") && html.contains("id=\"costs\""), "{html}");
    assert!(site.read("new/site.yaml").contains("timezone: Europe/Copenhagen"));
    assert!(site.has("new/public/about.html") && site.has("new/public/assets/notes.txt"));
    let public: String = crate::fixture::tree(&site.path("new/public"))
        .into_values()
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect();
    assert!(!public.contains("privateers"));
    let report: Value = serde_json::from_str(&site.read("new/import-report.json")).expect("JSON");
    assert!(
        report["unknown"]["{% weather %}"]["places"][0].as_str().is_some_and(|place| place.contains("report")),
        "{report}"
    );
}

#[test]
fn a_report_of_a_folder_says_only_what_was_looked_at() {
    let site = TestSite::empty().file("old/hugo.toml", "title = \"A\"\nbaseURL = \"https://a.example\"\n").file(
        "old/content/posts/a.md",
        "---\ntitle: A\ndate: 2026-01-02\n---\nWatch:\n{{< youtube dQw4w9WgXcQ >}}\n{{< vimeo 12 >}}\nRead on.\n",
    );
    let run = site.run(&["import", "hugo", "old", "--into", "new", "--at", NOW]);
    let has = |line: &str| run.stdout.lines().any(|one| one.split_whitespace().eq(line.split_whitespace()));
    assert!(has("articles 1") && !run.stdout.contains("loss meter"), "{}", run.stdout);
    site.run(&["build", "--site", "new", "--at", NOW]);
    let page = site.read("new/public/posts/a/index.html");
    assert_eq!(page.matches("class=\"embed\"").count(), 2, "both have their player: {page}");
}

#[test]
fn folders_of_hugo_and_zola_keep_their_addresses() {
    let mut hugo = TestSite::empty()
        .file("old/hugo.toml", "baseURL = \"https://skerry.example/\"\ntitle = \"The Skerry Post\"\nlanguageCode = \"en-gb\"\n[[menus.main]]\nname = \"About\"\nurl = \"/about/\"\nweight = 2\n")
        .file("old/content/about.md", "+++\ntitle = \"About\"\n+++\nUs.\n")
        .file("old/static/pier.jpg", PIER)
        .file("old/content/posts/hidden.md", "+++\ntitle = \"H\"\ndate = 2019-01-02\ndraft = true\n+++\nSentence about privateers.\n");
    let mut zola = TestSite::empty()
        .file("old/config.toml", "base_url = \"https://skerry.example\"\ntitle = \"The Skerry Post\"\n")
        .file("old/content/blog/_index.md", "+++\ntitle = \"Blog\"\nsort_by = \"date\"\n+++\n");
    for number in 1..=200 {
        hugo = hugo.file(&format!("old/content/posts/report-{number}.md"), format!("---\ntitle: Report {number}\ndate: 2019-01-{:02}\ntags: [ferry]\n---\n{{{{< figure src=\"/pier.jpg\" alt=\"A pier\" caption=\"Dusk\" >}}}}\n\nSee [one]({{{{< ref \"/posts/report-1.md\" >}}}}).\n", number % 28 + 1));
        zola = zola.file(&format!("old/content/blog/report-{number}.md"), format!("+++\ntitle = \"Report {number}\"\ndate = 2019-01-{:02}\n[taxonomies]\ntags = [\"ferry\"]\n[extra]\nmood = 1\n+++\nSee [one](@/blog/report-1.md).\n", number % 28 + 1));
    }
    folder(&hugo, "hugo");
    let html = hugo.read("new/public/posts/report-2/index.html");
    assert!(html.contains("/posts/report-1/") && html.contains("Dusk"), "{html}");
    assert!(hugo.read("new/site.yaml").contains("url: /about/"));
    let public: String = crate::fixture::tree(&hugo.path("new/public"))
        .into_values()
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect();
    assert!(!public.contains("privateers"));
    folder(&zola, "zola");
    let html = zola.read("new/public/blog/report-2/index.html");
    assert!(html.contains("/blog/report-1/"), "{html}");
    assert!(zola.has("new/public/tags/ferry/index.html"));
}

#[test]
fn what_a_tool_leaves_out_or_withholds_by_its_configuration_is_not_published() {
    let jekyll = TestSite::empty()
        .file(
            "old/_config.yml",
            "title: J\nurl: https://skerry.example\nexclude: [internal, notes.md, \"*.bak\"]\ndefaults:\n- scope: {path: hold}\n  values: {published: false}\n",
        )
        .file("old/_posts/2019-01-02-open.md", "---\ntitle: Open\n---\nEverybody may read this.\n")
        .file("old/internal/plan.md", "---\ntitle: P\n---\nSentence about privateers.\n")
        .file("old/internal/budget.csv", "privateers\n")
        .file("old/notes.md", "---\ntitle: N\n---\nSentence about privateers.\n")
        .file("old/x.bak", "privateers")
        .file("old/blog/_private/a.md", "---\ntitle: A\n---\nSentence about privateers.\n")
        .file("old/assets/_src/b.txt", "privateers")
        .file("old/hold/c.md", "---\ntitle: C\n---\nSentence about privateers.\n")
        .file("old/public/kept.txt", "kept");
    let hugo = TestSite::empty()
        .file(
            "old/hugo.toml",
            "baseURL = \"https://skerry.example/\"\ntitle = \"H\"\nignoreFiles = [\"\\\\.foo$\", \"content/aside/\"]\n",
        )
        .file("old/content/posts/open.md", "---\ntitle: O\ndate: 2019-01-02\n---\nEverybody may read this.\n")
        .file("old/content/resources/kept.md", "---\ntitle: K\ndate: 2019-01-02\n---\nkept\n")
        .file("old/content/aside/a.md", "---\ntitle: A\ndate: 2019-01-02\n---\nSentence about privateers.\n")
        .file("old/content/posts/latin.md", b"---\ntitle: Gr\xf6\xdfe\ndate: 2019-01-02\n---\nWords.\n");
    let zola = TestSite::empty()
        .file(
            "old/config.toml",
            "base_url = \"https://skerry.example\"\ntitle = \"Z\"\nignored_content = [\"*.ign.md\"]\n",
        )
        .file("old/content/blog/open.md", "+++\ntitle = \"O\"\ndate = 2019-01-02\n+++\nEverybody may read this.\n")
        .file("old/content/blog/x.ign.md", "+++\ntitle = \"X\"\ndate = 2019-01-02\n+++\nSentence about privateers.\n")
        .file("old/static/kept.txt", "kept");
    for (door, site) in [("jekyll", jekyll), ("hugo", hugo), ("zola", zola)] {
        folder(&site, door);
        let public: String = crate::fixture::tree(&site.path("new/public"))
            .into_values()
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .collect();
        assert!(public.contains("Everybody may read this.") && public.contains("kept"), "{door}");
        assert!(!public.contains("privateers"), "{door}");
        let report: Value = serde_json::from_str(&site.read("new/import-report.json")).expect("JSON");
        assert!(report["left_out"].as_object().is_some_and(|left| !left.is_empty()), "{door}: {report}");
        if door == "hugo" {
            assert!(site.read("new/content/posts/latin.md").contains("Größe"));
            assert!(report["repairs"].to_string().contains("content/posts/latin.md"), "{report}");
        }
    }
}

#[test]
fn what_is_no_page_in_its_tool_is_none_here() {
    let secret = |head: &str| format!("---\ntitle: S\ndate: 2019-01-02\n{head}---\nSentence about privateers.\n");
    let jekyll = TestSite::empty()
        .file(
            "old/_config.yml",
            "title: J\nurl: https://skerry.example\ncollections:\n  cooks: {output: true}\n  notes: {output: false}\n",
        )
        .file("old/_posts/2019-01-02-open.md", "Everybody may read this.\n")
        .file("old/_posts/no-day.md", secret("published: true\n"))
        .file("old/_drafts/a.md", secret(""))
        .file("old/harbour/_drafts/b.md", secret(""))
        .file("old/_notes/a.md", secret(""))
        .file("old/_cooks/_hidden.md", secret(""))
        .file("old/_cooks/ann.md", "---\ntitle: Ann\n---\nShe cooks, kept.\n");
    let hugo = TestSite::empty()
        .file(
            "old/hugo.toml",
            "baseURL = \"https://skerry.example/\"\ntitle = \"H\"\n[[cascade]]\ndraft = true\n[cascade.target]\npath = \"/held/**\"\n[module]\n[[module.mounts]]\nsource = \"content\"\ntarget = \"content\"\nexcludeFiles = [\"**/raw/*\"]\n",
        )
        .file("old/config/_default/menus.toml", "[[main]]\nname = \"kept\"\nurl = \"/posts/\"\n")
        .file("old/content/posts/open.md", "---\ndate: 2019-01-02\n---\nEverybody may read this.\n")
        .file("old/content/held/a.md", secret(""))
        .file("old/content/posts/raw/a.md", secret(""))
        .file("old/content/posts/bundle/index.md", "---\ntitle: B\ndate: 2019-01-02\n---\nkept\n")
        .file("old/content/posts/bundle/note.md", secret("draft: false\n"))
        .file("old/content/posts/bundle/deep/note.md", secret(""))
        .file("old/content/posts/nowhere/index.md", secret("headless: true\n"))
        .file("old/content/posts/nowhere/note.md", secret(""))
        .file("old/content/posts/never.md", secret("_build: {render: never, list: never}\n"))
        .file("old/content/desk/_index.md", "---\ntitle: D\ncascade: {draft: true}\n---\n")
        .file("old/content/desk/a.md", secret(""));
    let zola = TestSite::empty()
        .file("old/config.toml", "base_url = \"https://skerry.example\"\ntitle = \"Z\"\n")
        .file("old/content/blog/open.md", "+++\ndate = 2019-01-02\n+++\nEverybody may read this; kept.\n")
        .file("old/content/desk/_index.md", "+++\ntitle = \"D\"\ndraft = true\n+++\n")
        .file("old/content/desk/a.md", secret(""))
        .file("old/content/desk/deep/_index.md", "+++\ntitle = \"D\"\n+++\n")
        .file("old/content/desk/deep/a.md", secret(""))
        .file("old/content/blog/never.md", secret("render: false\n"));
    for (door, site) in [("jekyll", jekyll), ("hugo", hugo), ("zola", zola)] {
        folder(&site, door);
        let public: String = crate::fixture::tree(&site.path("new/public"))
            .into_values()
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .collect();
        assert!(
            public.contains("Everybody may read this.") || door == "zola" && public.contains("may read this; kept")
        );
        assert!(public.contains("kept"), "{door}");
        assert!(!public.contains("privateers"), "{door}");
        if door == "jekyll" {
            assert!(site.read("new/public/cooks/ann.html").contains("She cooks"));
        }
    }
}

/// All that a site publishes.
fn public(site: &TestSite) -> String {
    let files = crate::fixture::tree(&site.path("new/public")).into_values();
    files.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect()
}

#[test]
fn conventions_of_jekyll_mean_here_what_they_mean_there() {
    let site = TestSite::empty()
        .file(
            "old/_config.yml",
            "title: J\nurl: https://skerry.example\nheader_pages: [about.md]\ndefaults:\n- scope: {path: \"\", type: posts}\n  values: {author: mara}\n",
        )
        .file("old/_data/authors.yml", "mara: {name: Mara Quill, bio: She writes.}\n")
        .file("old/_data/navigation.yml", "main:\n- title: Elsewhere\n  url: https://other.example/\n")
        .file("old/about.md", "---\ntitle: About\n---\nUs.\n")
        .file(
            "old/_posts/2019-01-02-one.md",
            "---\ntitle: One\n---\n{% comment %}\nSentence about privateers.\n{% endcomment %}\n\n<img src=\"https://skerry.example/pier.jpg\" alt=\"A\">\n\n![B](https://skerry.example/pier.jpg)\n\n```\n{% raw %}{{ page.title }}{% endraw %}\n```\n",
        )
        .file("old/_posts/2019-01-03-two.html", "---\ntitle: Two\nauthor: bo\n---\n<p>In <b>HTML</b>.</p>\n\n    <p>Indented.</p>\n")
        .file("old/pier.jpg", PIER);
    folder(&site, "jekyll");
    let one = site.read("new/content/_posts/2019-01-02-one.md");
    assert!(one.contains("<img src=\"/pier.jpg\" alt=\"A\">") && one.contains("![B](/pier.jpg)"), "{one}");
    assert!(one.contains("```\n{{ page.title }}\n```"), "{one}");
    let all = public(&site);
    assert!(!all.contains("privateers"));
    let html = site.read("new/public/2019/01/02/one.html");
    assert!(html.contains("Mara Quill"), "{html}");
    let html = site.read("new/public/2019/01/03/two.html");
    assert!(
        html.contains("In <strong>HTML</strong>.") && html.contains("<p>Indented.</p>") && !html.contains("Mara"),
        "{html}"
    );
    assert!(site.has("new/public/about.html"), "Jekyll has it there");
    let config = site.read("new/site.yaml");
    assert!(config.contains("url: https://other.example/") && config.contains("url: /about.html"), "{config}");
}

#[test]
fn conventions_of_hugo_mean_here_what_they_mean_there() {
    let secret = "---\ntitle: S\ndate: 2019-01-02\n---\nSentence about privateers.\n";
    let site = TestSite::empty()
        .file(
            "old/hugo.toml",
            "baseURL = \"https://skerry.example/\"\ntitle = \"H\"\ndefaultContentLanguage = \"en\"\n[permalinks]\nposts = \"/:year/:month/:title/\"\n[taxonomies]\nplace = \"places\"\n[languages.en]\n[languages.da]\ntitle = \"Posten\"\n[markup.goldmark.renderer]\nunsafe = true\n",
        )
        .file("old/content/posts/one.md", "---\ntitle: The Ferry Sails\ndate: 2019-01-02\nmenu: main\n---\n<img src=\"https://skerry.example/pier.jpg\" alt=\"A\">\n\n{{< figure\n  src=\"/pier.jpg\"\n  caption=\"Dusk\"\n>}}\n")
        .file("old/content/posts/one.da.md", "---\ntitle: Færgen sejler\ndate: 2019-01-02\n---\nEt.\n")
        .file("old/content/cases/two.md", "---\ntitle: Two\ndate: 2019-01-02\n---\nTwo.\n")
        .file("old/content/search.md", "---\ntitle: Search\nlayout: search\n---\n")
        .file("old/content/archive.md", "---\ntitle: Archive\n---\nHow we keep papers.\n")
        .file("old/content/held/_index.md", "---\ntitle: Held\ncascade:\n- _target: {path: \"/held/**\"}\n  draft: true\n---\n")
        .file("old/content/held/a.md", secret)
        .file("old/content/some/_index.md", "+++\ntitle = \"Some\"\n[cascade]\ndraft = true\n[cascade._target]\nkind = \"page\"\n+++\nIntroduction.\n")
        .file("old/content/some/a.md", secret)
        .file("old/static/pier.jpg", PIER);
    folder(&site, "hugo");
    assert!(!public(&site).contains("privateers"));
    for path in [
        "2019/01/the-ferry-sails/index.html",
        "cases/two/index.html",
        "search/index.html",
        "archive-page/index.html",
        "da/posts/one/index.html",
    ] {
        // Of a translation the address is that of its language.
        let is_translation = path.starts_with("da/");
        assert!(site.has(&format!("new/public/{path}")) || is_translation, "{path}");
    }
    let html = site.read("new/public/2019/01/the-ferry-sails/index.html");
    assert!(html.contains("<img src=\"/pier.jpg\"") && html.contains("Dusk") && !html.contains("{{"), "{html}");
    assert!(public(&site).contains("Færgen sejler"));
    let config = site.read("new/site.yaml");
    assert!(config.contains("title: Posten") && config.contains("title: The Ferry Sails"), "{config}");
    let report: Value = serde_json::from_str(&site.read("new/import-report.json")).expect("JSON");
    assert!(report["remarks"].to_string().contains("`places` has no listings"), "{report}");
}

#[test]
fn pages_of_a_section_of_zola_without_a_page_are_published() {
    let site = TestSite::empty()
        .file("old/config.toml", "base_url = \"https://skerry.example\"\ntitle = \"Z\"\n[extra]\nmain_menu = [{url = \"$BASE_URL/about\", name = \"About\"}]\n")
        .file("old/content/about.md", "+++\ntitle = \"About\"\n+++\nUs.\n")
        .file("old/content/pages/_index.md", "+++\ntitle = \"Pages\"\nrender = false\n+++\n")
        .file("old/content/pages/imprint.md", "+++\ntitle = \"Imprint\"\npath = \"imprint\"\n+++\nWe answer for it.\n");
    folder(&site, "zola");
    assert!(site.read("new/public/imprint/index.html").contains("We answer for it."));
    assert!(site.read("new/site.yaml").contains("url: /about"));
}

#[test]
fn addresses_by_a_pattern_of_jekyll_are_in_the_report_as_the_build_makes_them() {
    for (pattern, address) in [
        ("/:categories/:year/:month/:day/:title/", "/harbour/2019/01/02/pier/"),
        ("pretty", "/harbour/2019/01/02/pier/"),
        ("date", "/harbour/2019/01/02/pier.html"),
        ("none", "/harbour/pier.html"),
        ("/:year/:title/", "/2019/pier/"),
    ] {
        let site = TestSite::empty()
            .file("old/_config.yml", format!("title: Old\nurl: https://old.example\npermalink: {pattern}\n"))
            .file("old/_posts/2019-01-02-pier.md", "---\ntitle: The pier\ncategories: [harbour]\n---\nWords.\n");
        let run = site.run(&["import", "jekyll", "old", "--into", "new"]);
        assert_eq!(run.code, 0, "{pattern}: {}", run.stderr);
        let report: serde_json::Value = serde_json::from_str(&site.read("new/import-report.json")).expect("JSON");
        let item = &report["items"][0];
        assert_eq!((item["old"].as_str(), item["new"].as_str()), (Some(address), Some(address)), "{pattern}");
        assert_eq!(site.run(&["build", "--site", "new"]).code, 0, "{pattern}");
        let run = site.run(&["check", "--site", "new", "--parity", "new/import-report.json"]);
        assert!(run.stdout.contains("1 the same"), "{pattern}: {}", run.stdout);
    }
}

#[test]
fn languages_that_hugo_does_not_publish_are_left_out() {
    let secret = |title: &str| format!("---\ntitle: {title}\ndate: 2019-01-02\n---\nSentence about privateers.\n");
    let site = TestSite::empty()
        .file(
            "old/hugo.toml",
            "baseURL = \"https://skerry.example/\"\ntitle = \"H\"\ndisablelanguages = [\"de\"]\n[languages.en]\n[languages.de]\n[languages.fr]\ndisabled = true\n[languages.sv]\ndisabled = true\ncontentDir = \"texter\"\n[languages.da]\n",
        )
        .file("old/content/posts/one.md", "---\ntitle: One\ndate: 2019-01-02\n---\nOne.\n")
        .file("old/content/posts/one.da.md", "---\ntitle: Et\ndate: 2019-01-02\n---\nEt.\n")
        .file("old/content/posts/one.de.md", secret("Eins"))
        .file("old/content/posts/one.fr.md", secret("Un"))
        .file("old/texter/posts/two.md", secret("Två"));
    folder(&site, "hugo");
    let all = public(&site);
    assert!(all.contains("One.") && all.contains("Et."));
    assert!(!all.contains("privateers"));
    let config = site.read("new/site.yaml");
    assert!(config.contains("da:") && !config.contains("fr:") && !config.contains("de:"), "{config}");
}

#[test]
fn a_folder_is_read_where_its_configuration_says() {
    let secret = "---\ntitle: Secret\ndate: 2019-01-02\n---\nSentence about privateers.\n";
    let hugo = TestSite::empty()
        .file(
            "old/hugo.toml",
            "baseURL = \"https://skerry.example/\"\ntitle = \"H\"\ncontentDir = \"texts\"\nstaticDir = \"files\"\n",
        )
        .file(
            "old/texts/posts/one.md",
            "---\ntitle: One\ndate: 2019-01-02\n---\nEverybody may read this.\n\n{{< weather >}}\n",
        )
        .file(
            "old/texts/held/_index.md",
            "{\"title\": \"Held\", \"cascade\": {\"target\": {\"path\": \"/held/**\"}, \"draft\": true}}\n",
        )
        .file("old/texts/held/a.md", secret)
        .file("old/content/posts/two.md", secret)
        .file("old/files/notes.txt", "Notes.")
        .file("old/static/plan.txt", "privateers");
    folder(&hugo, "hugo");
    let all = public(&hugo);
    assert!(all.contains("Everybody may read this.") && all.contains("Notes.") && !all.contains("privateers"));
    let report: Value = serde_json::from_str(&hugo.read("new/import-report.json")).expect("JSON");
    assert_eq!(report["items"].as_array().map(Vec::len), Some(2), "{report}");
    assert!(report["unknown"].to_string().contains("texts/posts/one.md:"), "its place in the old folder: {report}");
    let jekyll = TestSite::empty()
        .file(
            "old/_config.yml",
            "title: J\nurl: https://skerry.example\nsource: site\ncollections_dir: stuff\ninclude: [_pages]\n",
        )
        .file(
            "old/site/stuff/_posts/2019-01-02-one.md",
            "---\ntitle: One\n---\nEverybody may read this.{::comment}\nSentence about privateers.\n{:/comment}\n",
        )
        .file("old/site/_posts/2019-01-02-two.md", secret)
        .file("old/site/_pages/about.md", "---\ntitle: About\n---\nUs.\n")
        .file("old/site/_pages/jobs.md", "---\ntitle: Jobs\npermalink: /jobs/\n---\nWork here.\n")
        .file("old/outside.md", secret);
    folder(&jekyll, "jekyll");
    let all = public(&jekyll);
    assert!(all.contains("Everybody may read this.") && !all.contains("privateers"));
    for path in ["2019/01/02/one.html", "_pages/about.html", "jobs/index.html"] {
        assert!(jekyll.has(&format!("new/public/{path}")), "{path}");
    }
}

#[test]
fn what_is_no_longer_in_a_folder_is_no_longer_published_unless_somebody_has_edited_it() {
    let site = TestSite::empty()
        .file("old/hugo.toml", "baseURL = \"https://skerry.example/\"\ntitle = \"H\"\n")
        .file("old/content/posts/one.md", "---\ntitle: One\ndate: 2019-01-02\n---\nOne.\n")
        .file("old/content/posts/two.md", "---\ntitle: Two\ndate: 2019-01-02\n---\nTwo.\n")
        .file("old/content/posts/three.md", "---\ntitle: Three\ndate: 2019-01-02\n---\nThree.\n");
    folder(&site, "hugo");
    site.write("new/content/posts/three.md", site.read("new/content/posts/three.md") + "Edited here.\n");
    for name in ["two", "three"] {
        std::fs::remove_file(site.path(&format!("old/content/posts/{name}.md"))).expect("removed");
    }
    folder(&site, "hugo");
    assert!(!site.has("new/content/posts/two.md") && site.has("new/content/posts/three.md"));
    let report: Value = serde_json::from_str(&site.read("new/import-report.json")).expect("JSON");
    assert!(report["remarks"].to_string().contains("it stays: content/posts/three.md"), "{report}");
}

/// The report of the import into `new`.
fn report(site: &TestSite) -> Value {
    serde_json::from_str(&site.read("new/import-report.json")).expect("JSON")
}

#[test]
fn addresses_of_jekyll_keep_the_case_and_the_signs_of_names() {
    for (pattern, address) in [
        ("date", "2020/01/01/Hello_World-v1.2.html"),
        ("pretty", "2020/01/01/Hello_World-v1.2/index.html"),
        ("/:year/:title/", "2020/Hello_World-v1.2/index.html"),
        ("/:year/:slug/", "2020/hello-world-v1-2/index.html"),
        ("/a/:title.html", "a/Hello_World-v1.2.html"),
    ] {
        let site = TestSite::empty()
            .file("old/_config.yml", format!("title: J\nurl: https://skerry.example\npermalink: {pattern}\n"))
            .file("old/_posts/2020-01-01-Hello_World-v1.2.md", "---\ntitle: Hello\n---\nWords.\n")
            .file(
                "old/_posts/2020-01-02-own.md",
                "---\ntitle: Own\nslug: My-Slug\npermalink: /own/:title/\n---\nWords.\n",
            )
            .file("old/About_Us.md", "---\ntitle: About\n---\nUs.\n");
        folder(&site, "jekyll");
        for path in [address, "own/My-Slug/index.html"] {
            assert!(site.has(&format!("new/public/{path}")), "{pattern}: {path} of {:?}", report(&site)["items"]);
        }
        let is_pretty = pattern.ends_with('/') || pattern == "pretty";
        let about = if is_pretty { "About_Us/index.html" } else { "About_Us.html" };
        assert!(site.has(&format!("new/public/{about}")), "{pattern}: {about}");
        let old = report(&site)["items"].to_string();
        assert!(old.contains(address.trim_end_matches("index.html")), "{pattern}: {old}");
    }
}

#[test]
fn addresses_of_zola_are_its_own_slugs_and_its_aliases_begin_at_the_front_page() {
    let text = |more: &str| {
        format!("+++\ntitle = \"A\"\ndate = 2019-01-02\n{more}[taxonomies]\ntags = [\"Größe\"]\n+++\nWords.\n")
    };
    let zola = |config: &str| {
        let site = TestSite::empty()
            .file("old/config.toml", format!("base_url = \"https://skerry.example\"\ntitle = \"Z\"\n{config}"))
            .file("old/content/blog/_index.md", "+++\ntitle = \"Blog\"\n+++\n")
            .file("old/content/blog/Größe_Two.md", text("aliases = [\n  \"old/page\",\n  \"/older/\",\n]\n"))
            .file("old/content/blog/three.md", text("slug = \"Num_3\"\n"));
        folder(&site, "zola");
        site
    };
    let site = zola("");
    for path in ["blog/grosse-two", "blog/num-3", "old/page", "older", "tags/grosse"] {
        assert!(site.has(&format!("new/public/{path}/index.html")), "{path}");
    }
    let site = zola("[slugify]\npaths = \"off\"\ntaxonomies = \"off\"\n");
    for path in ["blog/Größe_Two", "blog/Num_3"] {
        assert!(site.has(&format!("new/public/{path}/index.html")), "{path}");
    }
}

#[test]
fn entries_of_menus_of_hugo_have_the_addresses_of_their_pages() {
    let site = TestSite::empty()
        .file(
            "old/hugo.toml",
            "baseURL = \"https://skerry.example/\"\ntitle = \"H\"\n[permalinks]\nposts = \"/:year/:slug/\"\n[[menus.main]]\nname = \"B\"\npageRef = \"/posts/b\"\n",
        )
        .file("old/content/posts/a.md", "{\"title\": \"A\", \"date\": \"2019-01-02\", \"slug\": \"first\", \"menu\": \"main\"}\n\nOne.\n")
        .file("old/content/posts/b.md", "---\ntitle: Bee\ndate: 2019-01-02\n---\nTwo.\n")
        .file("old/content/cases/c.md", "---\ntitle: C\ndate: 2019-01-02\nslug: third\nmenu: main\n---\nThree.\n");
    folder(&site, "hugo");
    let build = site.run(&["build", "--site", "new", "--strict", "--at", NOW]);
    assert_eq!(build.code, 0, "{}{}", build.stdout, build.stderr);
    let config = site.read("new/site.yaml");
    for url in ["/2019/first/", "/2019/bee/", "/cases/third/"] {
        assert!(
            config.contains(&format!("url: {url}")) && site.has(&format!("new/public{url}index.html")),
            "{url}: {config}"
        );
    }
}

#[test]
fn a_report_counts_as_published_only_what_the_build_publishes() {
    let page = |date: &str| format!("---\ntitle: P\ndate: {date}\n---\nWords.\n");
    let hugo = TestSite::empty()
        .file("old/hugo.toml", "baseURL = \"https://skerry.example/\"\ntitle = \"H\"\n")
        .file("old/content/posts/open.md", page("2019-01-02"))
        .file("old/content/posts/later.md", page("2031-01-02"))
        .file(
            "old/content/posts/over.md",
            page("2019-01-02").replace("---\nWords", "expiryDate: 2020-01-01\n---\nWords"),
        )
        .file("old/content/posts/2031-01-03-named.md", "---\ntitle: N\n---\nWords.\n")
        .file("old/content/held/_index.md", "---\ntitle: Held\ndraft: true\n---\n")
        .file("old/content/held/1-a.md", page("2019-01-02"));
    folder(&hugo, "hugo");
    let told = report(&hugo);
    assert_eq!((&told["published_here"], &told["published_there"]), (&1.into(), &1.into()), "{told}");
    let zola = TestSite::empty()
        .file("old/config.toml", "base_url = \"https://skerry.example\"\ntitle = \"Z\"\n")
        .file("old/content/blog/_index.md", "+++\ntitle = \"Blog\"\n+++\n")
        .file("old/content/blog/later.md", "+++\ntitle = \"L\"\ndate = 2031-01-02\n+++\nWords.\n");
    folder(&zola, "zola");
    let told = report(&zola);
    assert_eq!(
        (&told["published_here"], &told["published_there"], &told["embargoed"]),
        (&0.into(), &1.into(), &1.into()),
        "{told}"
    );
    assert!(told["remarks"].to_string().contains("content/blog/later.md"), "{told}");
}

#[test]
fn keys_that_hugo_is_told_to_read_as_dates_withhold_here_too() {
    let page = |head: &str| format!("---\ntitle: P\ndate: 2019-01-02\n{head}\n---\nSentence about privateers.\n");
    let config = "baseURL = \"https://skerry.example/\"\ntitle = \"H\"\n[frontMatter]\ndate = [\":filename\", \":default\"]\npublishdate = [\"Goes\", \":default\"]\nexpiryDate = [\"die\"]\nlastmod = \"changed\"\n";
    let site = TestSite::empty()
        .file("old/hugo.toml", config)
        .file("old/content/posts/goes.md", page("goes: 2031-01-01"))
        .file("old/content/posts/die.md", page("die: 2021-01-01\nexpiryDate: 2031-01-01"))
        .file("old/content/posts/usual.md", page("publishDate: 2031-01-01"))
        .file("old/content/posts/deep.md", page("params:\n  goes: 2031-01-01"))
        .file(
            "old/content/posts/toml.md",
            "+++\ntitle = \"P\"\ndate = 2019-01-02\nGOES = 2031-01-01T00:00:00Z\n+++\nSentence about privateers.\n",
        )
        .file("old/content/held/_index.md", "---\ntitle: Held\ncascade:\n  goes: 2031-01-01\n---\n")
        .file("old/content/held/a.md", page(""))
        .file(
            "old/content/posts/2018-03-04-named.md",
            "---\ntitle: N\ndate: 2019-01-02\nchanged: 2020-05-06\n---\nN.\n",
        );
    folder(&site, "hugo");
    assert!(!public(&site).contains("privateers"));
    let named = site.read("new/content/posts/2018-03-04-named.md");
    assert!(named.contains("date: \"2018-03-04\"") && named.contains("lastmod: \"2020-05-06\""), "{named}");
}

#[test]
fn the_configuration_of_hugo_is_that_of_its_environment_production() {
    let page = "---\ntitle: P\ndate: 2019-01-02\n---\nSentence about privateers.\n";
    let site = TestSite::empty()
        .file("old/hugo.toml", "baseURL = \"https://root.example/\"\ntitle = \"Root\"\n")
        .file("old/config/_default/hugo.yaml", "title: Default\ntimeZone: Europe/Copenhagen\n")
        .file("old/config/_default/menus.en.toml", "[[main]]\nname = \"Piers\"\nurl = \"/piers/\"\n")
        .file("old/config/_default/languages.yml", "en: {title: E}\nda: {title: D}\n")
        .file(
            "old/config/production/config.toml",
            "BaseURL = \"https://skerry.example/\"\nignoreFiles = [\"\\\\.priv\\\\.md$\"]\ndisableLanguages = [\"da\"]\n",
        )
        .file("old/config/production/frontmatter.json", "{\"expiryDate\": [\"die\"]}")
        .file("old/config/staging/config.toml", "title = \"Staging\"\n")
        .file("old/content/posts/a.priv.md", page)
        .file("old/content/posts/b.da.md", page)
        .file("old/content/posts/c.md", page.replace("title: P", "title: P\ndie: 2021-01-01"))
        .file("old/content/posts/open.md", "---\ntitle: O\ndate: 2019-01-02\n---\nEverybody may read this.\n");
    folder(&site, "hugo");
    let all = public(&site);
    assert!(!all.contains("privateers") && all.contains("Everybody may read this."));
    let config = site.read("new/site.yaml");
    for said in ["title: Default", "base_url: https://skerry.example", "Copenhagen", "title: Piers"] {
        assert!(config.contains(said), "{said}: {config}");
    }
}

#[test]
fn names_that_not_every_file_system_has_are_other_names_at_the_same_addresses() {
    let page = "---\ntitle: P\ndate: 2019-01-02\n---\nWords.\n";
    let hugo = TestSite::empty()
        .file("old/hugo.toml", "baseURL = \"https://skerry.example/\"\ntitle = \"H\"\n")
        .file("old/content/posts/Why not.md", page.replace("title: P", "title: P\nslug: plain"))
        .file("old/content/posts/Why not?.md", page)
        .file("old/content/posts/What: a title.md", page.replace("Words.", "See [it](Why%20not%3F.md#x)."))
        .file("old/content/posts/CON.md", page)
        .file("old/content/posts/Who?/index.md", page)
        .file("old/content/posts/Who?/pier.jpg", PIER);
    folder(&hugo, "hugo");
    let items = report(&hugo)["items"].as_array().cloned().unwrap_or_default();
    assert_eq!(items.len(), 5);
    for item in &items {
        let (path, new) = (item["path"].as_str().unwrap_or_default(), item["new"].as_str().unwrap_or_default());
        assert!(!path.contains(['?', ':']) && hugo.has(&format!("new/{path}")), "{path}");
        assert!(hugo.has(&format!("new/public{new}index.html")), "{path} is not at {new}");
    }
    for address in ["what-a-title", "con", "who"] {
        assert!(hugo.has(&format!("new/public/posts/{address}/index.html")), "{address}");
    }
    assert!(hugo.has("new/content/posts/Who/pier.jpg"));
    assert!(hugo.read("new/content/posts/What- a title.md").contains("(Why%20not-2.md#x)"));
    let zola = TestSite::empty()
        .file("old/config.toml", "base_url = \"https://skerry.example\"\ntitle = \"Z\"\n")
        .file("old/content/blog/2019-05-07T10:00:00Z-dated.md", "+++\ntitle = \"D\"\n+++\nWords.\n");
    folder(&zola, "zola");
    assert!(zola.read("new/public/blog/dated/index.html").contains("2019-05-07T10:00"));
    // A file is at the address of its name, so nothing can stand there.
    let site = zola.file("old/static/what?.txt", "x");
    let run = site.run(&["import", "zola", "old", "--into", "new", "--at", NOW]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("static/what?.txt"), "{}{}", run.stdout, run.stderr);
}

#[test]
fn text_that_hugo_and_zola_did_not_render_is_left_out() {
    let page = "---\ntitle: P\ndate: 2019-01-02\n---\nEverybody <b>may</b> read this.\n\n<div>\nSentence about privateers.\n</div>\n\n`<div>` <https://a.example/>\n\n{{< details summary=\"More\" >}}\nx\n{{< /details >}}\n";
    let config = "baseURL = \"https://skerry.example/\"\ntitle = \"H\"\n";
    let hugo = TestSite::empty().file("old/hugo.toml", config).file("old/content/posts/a.md", page);
    folder(&hugo, "hugo");
    let html = hugo.read("new/public/posts/a/index.html");
    assert!(html.contains("Everybody may read this.") && html.contains("<details>"), "{html}");
    assert!(!public(&hugo).contains("privateers"));
    assert_eq!(report(&hugo)["left_out"]["pieces of raw HTML that Hugo did not show"], 3);
    let config = format!("{config}[markup.goldmark.renderer]\nunsafe = true\n");
    let shown = TestSite::empty().file("old/hugo.toml", config).file("old/content/posts/a.md", page);
    folder(&shown, "hugo");
    assert!(public(&shown).contains("privateers"));
    let zola = TestSite::empty()
        .file("old/config.toml", "base_url = \"https://skerry.example\"\ntitle = \"Z\"\n")
        .file("old/content/blog/_index.md", "+++\ntitle = \"Blog\"\nrender = false\n+++\nSentence about privateers.\n")
        .file(
            "old/content/notes/_index.md",
            "+++\ntitle = \"N\"\nredirect_to = \"/blog/\"\n+++\nSentence about privateers.\n",
        )
        .file("old/content/blog/open.md", "+++\ntitle = \"O\"\ndate = 2019-01-02\n+++\nEverybody may read this.\n");
    folder(&zola, "zola");
    assert!(!public(&zola).contains("privateers") && zola.has("new/public/blog/open/index.html"));
}

#[test]
fn addresses_of_hugo_keep_what_hugo_keeps_of_names() {
    let page = "---\ntitle: \"C++ v1.2: e&f\"\ndate: 2019-01-02\n---\nWords.\n";
    let config =
        "baseURL = \"https://skerry.example/\"\ntitle = \"H\"\n[permalinks]\nnotes = \"/:year/:monthname/:title/\"\n";
    let with = |config: &str| {
        TestSite::empty()
            .file("old/hugo.toml", config)
            .file("old/content/posts/2019-01-02-ferry.md", page)
            .file("old/content/posts/v1.2 notes.md", page)
            .file("old/content/posts/C++ tips.md", page)
            .file("old/content/posts/e&f.md", page)
            .file("old/content/posts/Café 'x'.md", page)
            .file("old/content/posts/slug.md", page.replace("title", "slug: My Slug_1\ntitle"))
            .file("old/content/notes/a.md", page)
            .file("old/content/What's New.md", "---\ntitle: W\n---\nWords.\n")
    };
    let addresses = |site: &TestSite| -> Vec<String> {
        folder(site, "hugo");
        let items = report(site)["items"].as_array().cloned().unwrap_or_default();
        let mut all: Vec<String> = items.iter().filter_map(|item| Some(item["new"].as_str()?.to_owned())).collect();
        for address in &all {
            let file = if address.ends_with('/') { format!("{address}index.html") } else { address.clone() };
            assert!(site.has(&format!("new/public{file}")), "nothing is at {address}");
        }
        all.sort();
        all
    };
    assert_eq!(
        addresses(&with(config)),
        [
            "/2019/january/c++-v1.2-ef/",
            "/posts/2019-01-02-ferry/",
            "/posts/c++-tips/",
            "/posts/café-x/",
            "/posts/ef/",
            "/posts/my-slug_1/",
            "/posts/v1.2-notes/",
            "/whats-new/",
        ]
    );
    let other = format!(
        "uglyURLs = true\ndisablePathToLower = true\nremovePathAccents = true\n{config}[frontmatter]\ndate = [\":filename\", \":default\"]\n"
    );
    assert_eq!(
        addresses(&with(&other)),
        [
            "/2019/January/C++-v1.2-ef.html",
            "/Whats-New.html",
            "/posts/C++-tips.html",
            "/posts/Cafe-x.html",
            "/posts/My-Slug_1.html",
            "/posts/ef.html",
            "/posts/ferry.html",
            "/posts/v1.2-notes.html",
        ]
    );
}

#[test]
fn quotes_are_set_where_the_tool_set_them() {
    for (door, file, config, is_set) in [
        ("jekyll", "_config.yml", "title: T\nurl: https://skerry.example\n", true),
        (
            "jekyll",
            "_config.yml",
            "title: T\nurl: https://skerry.example\nkramdown: {gfm_quirks: [no_auto_typographic]}\n",
            false,
        ),
        ("hugo", "hugo.toml", "title = \"T\"\n", true),
        ("hugo", "hugo.toml", "title = \"T\"\n[markup.goldmark.extensions]\ntypographer = false\n", false),
        ("hugo", "hugo.toml", "title = \"T\"\n[markup.goldmark.extensions.typographer]\ndisable = true\n", false),
        ("zola", "config.toml", "title = \"T\"\nbase_url = \"https://skerry.example\"\n", false),
        (
            "zola",
            "config.toml",
            "title = \"T\"\nbase_url = \"https://skerry.example\"\n[markdown]\nsmart_punctuation = true\n",
            true,
        ),
    ] {
        let site = TestSite::empty().file(&format!("old/{file}"), config);
        assert_eq!(site.run(&["import", door, "old", "--into", "new", "--at", NOW]).code, 0);
        assert_eq!(site.read("new/site.yaml").contains("smart_punctuation: true"), is_set, "{door}: {config}");
    }
}
