//! `courant init DIR`: a small site that builds.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::Exit;
use super::output::Output;
use crate::article::time::Timestamp;
use crate::diagnostic::{self, Diagnostic, Place};
use crate::schema;
use crate::write;

/// Flags of `courant init`.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The folder to make; it may exist if it is empty
    dir: PathBuf,
}

impl Init {
    pub(super) fn run(self, output: &Output) -> Exit {
        let is_free =
            |entry: &fs::DirEntry| matches!(entry.file_name().to_str(), Some(".git" | ".gitignore" | ".gitkeep"));
        if let Ok(mut entries) = fs::read_dir(&self.dir)
            && entries.any(|entry| entry.is_ok_and(|entry| !is_free(&entry)))
        {
            output.diagnostic(
                &Diagnostic::error("this folder is not empty")
                    .at(Place::file(self.dir.display().to_string()))
                    .hint("name a new folder: `courant init my-news`"),
            );
            return Exit::SiteHasErrors;
        }
        let today = Timestamp(jiff::Timestamp::now().as_second() - 3600).rfc3339(&jiff::tz::TimeZone::UTC);
        let files = FILES.iter().map(|(path, text)| ((*path).to_owned(), text.replace("{now}", &today)));
        let schemas = schema::File::ALL.iter().map(|file| (format!(".vscode/{}", file.schema_name()), file.text()));
        let mut made = Vec::new();
        for (path, text) in files.chain(schemas) {
            let path = self.dir.join(path);
            match write::create(&path, text.as_bytes()) {
                Ok(new) => made.extend(new),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && path.is_file() => {}
                Err(error) => {
                    // The command may be given again, and then the folder must be as it was.
                    write::remove(&made);
                    output.diagnostic(&diagnostic::machine("write", path.display(), &error));
                    return Exit::MachineFailed;
                }
            }
        }
        let dir = self.dir.display().to_string();
        let text = format!(
            "a new site in {dir}\n\n  cd {dir}\n  courant new \"A headline\" --publish\n  courant serve --open"
        );
        output.result(&text, json!({ "event": "created", "path": dir }));
        Exit::Fine
    }
}

const FILES: [(&str, &str); 9] = [
    (
        "site.yaml",
        "# yaml-language-server: $schema=.vscode/site.schema.json\n# All keys are optional; docs/configuration.md of courant lists them.\ntitle: My News\ndescription: What happens here, told by those who were there.\n# The address of the front page. Set it before you publish: feeds, sitemaps and canonical addresses need it.\n# base_url: https://news.example\nlanguage: en\n# An IANA name, such as Europe/Berlin.\ntimezone: UTC\n",
    ),
    // Editors: schemas for what they support, a snippet for what they do not (front matter in Markdown).
    (
        ".vscode/settings.json",
        "{\n  \"yaml.schemas\": { \".vscode/site.schema.json\": \"site.yaml\" },\n  \"files.associations\": { \"*.comments.yaml\": \"yaml\" }\n}\n",
    ),
    (".vscode/extensions.json", "{\n  \"recommendations\": [\"redhat.vscode-yaml\"]\n}\n"),
    (
        ".vscode/article.code-snippets",
        "{\n  \"Article\": {\n    \"scope\": \"markdown\",\n    \"prefix\": \"article\",\n    \"description\": \"Front matter of an article\",\n    \"body\": [\n      \"---\",\n      \"title: ${1:Headline}\",\n      \"date: $CURRENT_YEAR-$CURRENT_MONTH-${CURRENT_DATE}T$CURRENT_HOUR:$CURRENT_MINUTE\",\n      \"authors: [${2:the-editor}]\",\n      \"tags: [$3]\",\n      \"summary: ${4:One sentence for lists, feeds and search engines.}\",\n      \"source: { name: ${5:Where it comes from}, url: \\\"${6:https://}\\\" }\",\n      \"kind: ${7|report,analysis,opinion,review,background,live,sponsored,satire|}\",\n      \"draft: true\",\n      \"---\",\n      \"\",\n      \"$0\"\n    ]\n  }\n}\n",
    ),
    (
        ".gitignore",
        "/public/\n/.courant/\n# Replies that wait for an editor, with e-mail addresses.\n/comments/inbox/\n",
    ),
    ("content/news/_index.md", "---\ntitle: News\ndescription: Everything that happens.\norder: 1\n---\n"),
    (
        "content/news/the-first-story.md",
        "---\ntitle: The first story\ndate: {now}\nauthors: [the-editor]\ntags: [hello]\nsummary: This site was made a moment ago, and this is its first story.\nsource: { name: courant }\n---\n\nThis is an article: front matter between two lines `---`, then Markdown.\n\n## Write the next one\n\nRun `courant new \"A headline\"`, write, and remove the line `draft: true` when it is ready.\n\n> [!TIP]\n> Pictures go beside the article or into `static/`.\n",
    ),
    (
        "content/about.md",
        "---\ntitle: About\n---\n\nA file without a date is a page. Say here who you are and how to reach you.\n",
    ),
    ("content/authors/the-editor.md", "---\nname: The Editor\nrole: Editor\n---\n\nWrites here.\n"),
];
