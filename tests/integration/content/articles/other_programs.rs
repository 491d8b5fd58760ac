//! Archives of other programs that build as they are.

use super::archive;
use crate::fixture::TestSite;

#[test]
fn a_jekyll_archive_builds_as_it_is() {
    let site = archive()
        .file(
            "content/_posts/2014-12-18-first-post.markdown",
            "\u{FEFF}\r\n---\r\nlayout: post\r\ntitle:  \"Welcome to Jekyll!\"\r\ndate:   2014-12-18 14:00:00 -0400\r\ncategories: jekyll update\r\nauthor: Ada\r\nexcerpt_separator: <!--more-->\r\n---\r\n\r\nYou'll find this post.\r\n\r\n<!--more-->\r\n\r\nThe rest.\r\n",
        )
        .file("content/_posts/2019-05-07-no-front-matter.md", "# A heading\n\nText only.\n")
        .file(
            "content/_posts/2019-05-08-all.md",
            "---\ntitle: All of it\ncategories: [news, harbour]\ntags: null\nimage: null\nredirect_from:\n  - /old/all/\npublished: true\npermalink: /:categories/:year/:month/:title/\n---\n",
        )
        .file("content/_drafts/unfinished.md", "---\ntitle: Unfinished\n---\n\nText.\n")
        .file("content/index.md", "---\nlayout: home\n---\n\nWelcome *in*.\n")
        .file("content/about.md", "---\nlayout: page\ntitle: About\npermalink: /about/\n---\n\nWho.\n");
    let run = site.build();
    assert_eq!((run.number("articles"), run.number("warnings")), (3, 0), "{:?}", run.diagnostics());
    assert!(site.published("jekyll/first-post/index.html").contains("Welcome to Jekyll!"));
    assert!(site.has("public/tags/update/index.html"), "the second category is a tag");
    assert!(site.published("posts/no-front-matter/index.html").contains("A heading"));
    assert!(site.has("public/news/harbour/2019/05/all/index.html") && site.has("public/old/all/index.html"));
    assert!(site.has("public/about/index.html") && site.has("public/tags/harbour/index.html"));
    assert!(site.published("index.html").contains("Welcome <em>in</em>.") && !site.has("public/index"));
    site.write("content/_index.md", "---\ntitle: Ours\n---\n\nOur own words.\n");
    assert_eq!(site.try_build(&[]).code, 1, "one of two texts would be lost");
    site.write("content/index.md", "---\nlayout: home\n---\n");
    site.build();
    assert!(site.published("index.html").contains("Our own words."));
    site.assert_equals_clean("another file of the front page");
    assert!(!site.output().keys().any(|path| path.contains("unfinished")));
}

/// MDX is a program as much as a text: the text is published, a warning says what is not.
#[test]
fn an_mdx_file_is_read_as_markdown_and_a_warning_says_what_is_lost() {
    let site = TestSite::new();
    site.write(
        "content/local/a.mdx",
        "---\ntitle: A\ndate: 2026-11-01\n---\nimport Chart from './chart'\n\nexport const size = 3\n\n<Note kind=\"x\">\n    **Words** <Chart data={[1, 2]} />\n</Note>\n\n![P](p.svg) [B](b.md)\n",
    );
    site.write("content/local/p.svg", "<svg width=\"1\" height=\"1\"/>");
    site.write("content/local/b.md", "---\ntitle: B\ndate: 2026-11-01\n---\n[A](a.mdx)\n");
    site.write(
        "content/local/bundle/index.mdx",
        "---\ntitle: C\ndate: 2026-11-01\n---\n{/* a remark */}\n![Q](q.svg)\n",
    );
    site.write("content/local/bundle/q.svg", "<svg width=\"1\" height=\"1\"/>");
    let run = site.build();
    assert_eq!(
        run.diagnostics(),
        [
            "warning content/local/a.mdx:5:1 this MDX file is read as Markdown without 1 import, 1 export, the tags of `Note`, `Chart`"
        ]
    );
    let page = site.published("local/a/index.html");
    assert!(page.contains("<strong>Words</strong>") && !page.contains("<code>") && page.contains("p.svg"), "{page}");
    assert!(!page.contains("Chart") && !page.contains("import"), "{page}");
    assert!(site.published("local/b/index.html").contains("/local/a/"));
    assert!(site.has("public/local/bundle/q.svg") && !site.published("local/bundle/index.html").contains("remark"));
    site.write("content/local/a.mdx", "export const metadata = { title: 'A', draft: true }\n\n# A\n");
    site.remove("content/local/b.md");
    let run = site.try_build(&[]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.diagnostics(),
        ["error content/local/a.mdx:1:39 `draft` in the JavaScript of an MDX file withholds nothing: it is not run"]
    );
}

#[test]
fn a_text_that_is_not_read_says_what_it_is_and_how_it_would_be_read() {
    let site = archive();
    for (path, message, cure) in [
        ("news/_x.md", "a Markdown file that is part of others", "give it a name without `_`"),
        ("news/x.MD", "a Markdown file whose ending is not read", "end with `.md`"),
        ("news/x.textile", "a text in Textile, which is not read; it is left out", "pandoc"),
        ("news/x.rst", "a text in reStructuredText, which is not read; it is left out", "pandoc"),
        ("news/x.org", "a text in Org, which is not read; it is left out", "pandoc"),
        ("news/x.adoc", "a text in AsciiDoc, which is not read; it is left out", "pandoc"),
    ] {
        site.write(&format!("content/{path}"), "---\ntitle: A\ndate: 2026-01-02\n---\n\nText.\n");
        let run = site.build();
        let said = run.diagnostics();
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].starts_with(&format!("warning content/{path} {message}")), "{said:?}");
        assert!(run.hints()[0].contains(cure), "{:?}", run.hints());
        site.remove(&format!("content/{path}"));
    }
}

#[test]
fn a_hugo_archive_builds_as_it_is() {
    let site = archive()
        .file("content/_index.md", "---\ntitle: My site\n---\n")
        .file("content/posts/_index.md", "---\ntitle: Posts\n---\n")
        .file(
            "content/posts/my-first/index.md",
            "---\ntitle: \"My First\"\ndate: 2024-01-13T00:00:00.000Z\nlastmod: 2024-02-01T10:00:00+01:00\ndraft: false\nauthors:\n  - name: Ada\ncategories: [\"News\", \"Sea\"]\ntags: [a, b]\ndescription: Short.\nimages: [cover.svg]\nweight: 10\ntoc: true\n---\n\nIntro.\n\n<!--more-->\n\nMore.\n",
        )
        .file("content/posts/my-first/cover.svg", "<svg width=\"2\" height=\"1\"/>")
        .file("content/posts/old.md", "---\ntitle: Old\ndate: 2018-01-01\nexpiryDate: 2019-01-01\n---\n")
        .file("content/posts/next.md", "---\ntitle: Next\npublishDate: 2030-01-01\n---\n")
        .file("content/posts/work.md", "---\ntitle: Work\ndate: 2024-01-01\ndraft: true\n---\n")
        .file("content/about/index.md", "---\ntitle: About\nurl: /about-us/\naliases: [/about.html]\n---\n\nWho.\n");
    let run = site.build();
    assert_eq!((run.number("articles"), run.number("warnings")), (1, 0), "{:?}", run.diagnostics());
    let page = site.published("news/my-first/index.html");
    assert!(page.contains("Short.") && page.contains("src=\"/news/my-first/cover.svg\""), "{page}");
    assert!(site.has("public/news/my-first/cover.svg") && site.has("public/tags/sea/index.html"));
    assert!(site.has("public/about-us/index.html") && site.has("public/about.html"));
}

#[test]
fn a_wordpress_export_builds_as_it_is() {
    let site = archive().file(
        "content/post/2012-03-04-hello.md",
        "---\ntitle: 'Hello &#8211; world &amp; all'\nauthor: admin\ntype: post\ndate: 2012-03-04T05:06:07+00:00\nurl: /2012/03/hello/\nexcerpt: \"<p>In <em>short</em></p>\"\ncategories:\n  - Uncategorized\ntags:\n  - \"a, b\"\n---\n<p>Body with <a href=\"http://old.example/\">HTML</a>.</p>\n",
    );
    let run = site.build();
    assert_eq!(run.number("warnings"), 0, "{:?}", run.diagnostics());
    let page = site.published("2012/03/hello/index.html");
    assert!(page.contains("Hello – world &amp; all") && page.contains("In short"), "{page}");
    assert!(page.contains("<p>Body with <a href=\"http://old.example/\">HTML</a>.</p>"));
}
