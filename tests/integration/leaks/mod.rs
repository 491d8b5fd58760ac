//! Nothing leaks: what is withheld is nowhere in the output, and a scan makes sure of it.

mod builds;
mod entries;
mod files;
mod names;
mod output;
mod scan;
mod sections;
mod updates;
mod wishes;

use crate::fixture::TestSite;

const SETTINGS: &str = "title: The Test\nbase_url: https://test.example\ncomments: {action: /reply/}\n";

/// A site in which four articles are withheld, each for another reason, with everything that an article
/// can have.
fn site() -> TestSite {
    let site = TestSite::new().file("site.yaml", SETTINGS).article(
        "local/open",
        "2026-11-20",
        "title: An open story\ntags: [ships]\nauthors: [Ann Lee]",
        "See [one](secret-draft/index.md), [two](/local/secret-embargo/), [three](https://test.example/local/secret-expired/#x), [four](../secret-withdrawn/), <a href=\"/old/secret-draft/\">five</a> and [out](https://elsewhere.example/).\n\n![Image](secret-draft/plan.png)",
    );
    for (name, front) in [
        ("draft", "draft: true"),
        ("embargo", "publishDate: 2026-11-25T00:00:00Z"),
        ("expired", "expires: 2026-11-22"),
        ("withdrawn", "published: false"),
        ("private", "status: private"),
    ] {
        let path = if name == "draft" { "local/secret-draft/index".into() } else { format!("local/secret-{name}") };
        site.write_article(
            &path,
            "2026-11-21",
            &format!("title: The secret {name} of the harbour\ntags: [ships, hidden-{name}]\nauthors: [Secret Writer {name}]\nseries: Secret series {name}\nsummary: Secret summary {name}.\nimage: {{src: plan.png, alt: Secret plan {name}}}\naliases: [/old/secret-{name}/]\nsource: Secret source {name}\ncorrections: [{{date: 2026-11-21, text: Secret correction {name}.}}]\n{front}"),
            &format!("Secret words {name}."),
        );
        site.write(
            &format!("content/{path}.comments.yaml"),
            format!("- {{name: Secret Reader {name}, text: Secret reply {name}.}}\n"),
        );
    }
    site.write("content/local/secret-draft/plan.png", "an image");
    site.write("content/secret-page.md", "---\ntitle: A secret page of ours\ndraft: true\n---\n\nSecret words page.\n");
    site
}

fn assert_no_secrets(site: &TestSite) {
    for (path, bytes) in site.output() {
        assert!(!path.to_lowercase().contains("secret") && !path.contains("hidden"), "{path}");
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for word in ["secret", "hidden-", "plan.png"] {
            if let Some(at) = text.find(word) {
                let from = text.floor_char_boundary(at.saturating_sub(80));
                panic!("{path}: {}", &text[from..text.ceil_char_boundary((at + 80).min(text.len()))]);
            }
        }
    }
}

/// A JPEG of the sample site; its caption and credit stand in the file.
const PHOTO: &[u8] = include_bytes!("../../../content/images/herring-on-ice.jpg");

fn assert_nowhere(site: &TestSite, word: &str) {
    for (path, bytes) in site.output() {
        assert!(!bytes.windows(word.len()).any(|window| window == word.as_bytes()), "{path} says {word}");
    }
}

/// A drawing as a file that pages show.
const DRAWING: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"3\" height=\"2\"/>";
