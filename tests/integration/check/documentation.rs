//! The reference tables in `docs/` are what the program says of itself, and the commands that it shows do what it says.
//!
//! `UPDATE_DOCS=1 cargo test --test integration documentation` writes them anew.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command as Process;

use crate::fixture::TestSite;
use clap::{Arg, Command};
use courant::article::keys::{AUTHOR, ENTRY, Key, SECTION};
use courant::config::checks::Rule;
use serde_json::Value;

/// Fails if a table is stale, or writes it.
fn assert_current(page: &str, name: &str, table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(page);
    let text = fs::read_to_string(&path).expect("a page");
    let begin = format!("<!-- generated: {name} -->\n");
    let start = text.find(&begin).expect("a mark") + begin.len();
    let end = start + text[start..].find("<!-- end -->").expect("an end");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let parts = [&text[..start], table, &text[end..]];
        fs::write(&path, parts.concat()).expect("written");
        return;
    }
    for (now, wanted) in text[start..end].lines().zip(table.lines()) {
        assert_eq!(now, wanted, "docs/{page}: UPDATE_DOCS=1 cargo test --test integration documentation");
    }
    assert_eq!(&text[start..end], table, "docs/{page}: UPDATE_DOCS=1 cargo test --test integration documentation");
}

#[test]
fn the_table_of_rules_is_current() {
    let mut table = "| rule | default | broken when |\n|---|---|---|\n".to_owned();
    for rule in Rule::ALL {
        let _ = writeln!(table, "| `{}` | {} | {} |", rule.id(), rule.default_level().name(), rule.meaning());
    }
    assert_current("editing.md", "rules", &table);
}

#[test]
fn the_tables_of_front_matter_are_current() {
    for (name, keys) in [("front-matter", ENTRY), ("front-matter-authors", AUTHOR), ("front-matter-sections", SECTION)]
    {
        let mut table = "| key | other spellings | meaning |\n|---|---|---|\n".to_owned();
        for Key { name, also, meaning, .. } in keys {
            let also: Vec<String> = also.iter().map(|one| format!("`{one}`")).collect();
            let _ = writeln!(table, "| `{name}` | {} | {meaning} |", also.join(", "));
        }
        assert_current("writing.md", name, &table);
    }
}

#[test]
fn the_table_of_commands_is_current() {
    let mut program = courant::cli::command();
    program.build();
    let mut table = "| command | flag or argument | meaning |\n|---|---|---|\n".to_owned();
    for command in program.get_subcommands() {
        add_command(&mut table, "courant", command);
    }
    table.push_str("| every command | | |\n");
    program.get_arguments().filter(|arg| arg.is_global_set()).for_each(|arg| add_argument(&mut table, arg));
    assert_current("commands.md", "commands", &table);
}

fn add_command(table: &mut String, above: &str, command: &Command) {
    let name = format!("{above} {}", command.get_name());
    if command.get_name() == "help" {
        return;
    }
    if command.has_subcommands() {
        command.get_subcommands().for_each(|one| add_command(table, &name, one));
        return;
    }
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let _ = writeln!(table, "| `{name}` | | {about} |");
    let own = command.get_arguments().filter(|arg| !arg.is_global_set() && !arg.is_hide_set());
    own.filter(|arg| arg.get_id() != "help").for_each(|arg| add_argument(table, arg));
}

fn add_argument(table: &mut String, arg: &Arg) {
    let values: Vec<String> =
        arg.get_value_names().unwrap_or_default().iter().map(|name| format!("<{name}>")).collect();
    let values = if arg.get_action().takes_values() { values.join(" ") } else { String::new() };
    let is_optional = arg.get_num_args().is_some_and(|count| count.min_values() == 0);
    let shown = match (arg.get_short(), arg.get_long()) {
        (Some(short), Some(long)) => format!("-{short}, --{long}"),
        (None, Some(long)) => format!("--{long}"),
        _ => String::new(),
    };
    let many = if arg.get_num_args().is_some_and(|count| count.max_values() > 1) { "..." } else { "" };
    let shown = match (shown.is_empty(), values.is_empty()) {
        (true, _) if arg.is_required_set() => format!("{values}{many}"),
        (true, _) => format!("[{}]{many}", values.trim_matches(['<', '>'])),
        (false, true) => shown,
        (false, false) if is_optional => format!("{shown}[={values}]"),
        (false, false) => format!("{shown} {values}"),
    };
    let mut meaning = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let defaults: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    if arg.get_action().takes_values() && !defaults.is_empty() {
        let _ = write!(meaning, " [default: {}]", defaults.join(" "));
    }
    let possible = arg.get_possible_values();
    let possible: Vec<&str> = possible.iter().filter(|one| !one.is_hide_set()).map(|one| one.get_name()).collect();
    if arg.get_action().takes_values() && !possible.is_empty() {
        let _ = write!(meaning, " [possible values: {}]", possible.join(", "));
    }
    let _ = writeln!(table, "| | `{shown}` | {meaning} |");
}

/// The commands that a page shows, block by block. A block whose commands nobody can run here stands behind the comment
/// `<!-- not run: why -->`.
fn commands(page: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let text = fs::read_to_string(path).expect("a page");
    let mut blocks = Vec::new();
    for (before, block) in text.split("```sh\n").zip(text.split("```sh\n").skip(1)) {
        let mark = before.trim_end().lines().next_back().unwrap_or_default();
        if !mark.starts_with("<!-- not run: ") {
            blocks.push(block.split("```").next().unwrap_or_default().to_owned());
        }
    }
    blocks
}

/// A site in which the commands of a page make sense: what its text names is there.
fn site_for(page: &str) -> TestSite {
    let site = TestSite::empty();
    let init = site.run(&["init", "."]);
    assert_eq!(init.code, 0, "{}", init.stderr);
    let config = site.read("site.yaml").replace("# base_url:", "base_url:") + "\nimages: {resize: false}\n";
    let article = "---\ntitle: Tunnel\ndate: 2026-01-02\nsummary: It opens.\n---\n\nIt opens.\n";
    match page {
        "docs/commands.md" => site
            .file("site.yaml", format!("{config}languages: {{ en: {{}}, de: {{}} }}\n"))
            .file("content/local/tunnel.md", article)
            .file("content/authors/ines-vale.md", "---\nname: Ines Vale\n---\n"),
        "docs/comments.md" => site.file("site.yaml", config).file(
            "export.xml",
            "<?xml version=\"1.0\"?><disqus xmlns=\"http://disqus.com\" \
             xmlns:dsq=\"http://disqus.com/disqus-internals\"></disqus>",
        ),
        _ => site.file("site.yaml", config),
    }
}

/// Runs a block as a shell does, with the program in the path. What serves until somebody ends it is only asked for
/// its help, which proves that its flags are there.
#[cfg(unix)]
#[test]
fn the_commands_in_the_documentation_work() {
    let program = Path::new(env!("CARGO_BIN_EXE_courant")).parent().expect("a folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = fs::read_dir(root.join("docs")).expect("docs").map(|entry| entry.expect("an entry").file_name());
    let pages = pages.map(|name| format!("docs/{}", name.to_string_lossy())).chain(["README.md".to_owned()]);
    let mut number = 0;
    for page in pages.filter(|page| page.ends_with(".md")) {
        for block in commands(&page) {
            let site = site_for(&page);
            let served = |line: &str| line.contains(" serve");
            let lines = block.lines().map(|line| match line.split_once(" #").map_or(line, |(command, _)| command) {
                line if served(line) => format!("{line} --help"),
                // A new site has no `base_url`, which is a finding.
                line if line.starts_with("courant check") => format!("{line} || [ $? -eq 1 ]"),
                line => line.to_owned(),
            });
            number += lines.clone().count();
            let script = format!("PATH={}:$PATH\n", program.display()) + &lines.collect::<Vec<_>>().join("\n");
            let mut shell = Process::new("sh");
            shell.args(["-e", "-c", &script]).current_dir(site.root()).env("HOME", site.root());
            let ran = shell.output().expect("a shell");
            let said = String::from_utf8_lossy(&ran.stderr);
            assert!(ran.status.success(), "{page}:\n{script}\n{}{said}", String::from_utf8_lossy(&ran.stdout));
        }
    }
    assert!(number > 20, "{number}");
}

/// Rows of the table of configuration: each key of a schema, and those of the maps in it.
fn add_settings(table: &mut String, above: &str, schema: &Value, all: &Value) {
    let settings = schema["properties"].as_object().expect("keys").iter();
    // The spellings of schema.org, and the long form of `search: true`.
    for (name, setting) in
        settings.filter(|(name, _)| !name.contains(char::is_uppercase) && *name != "enabled" || above == "embeds.")
    {
        let key = format!("{above}{name}");
        let alternatives = setting["anyOf"].as_array().into_iter().flatten();
        let shapes: Vec<&Value> =
            [setting, &setting["items"]].into_iter().chain(alternatives).map(|one| resolved(one, all)).collect();
        // What it consists of: a map of keys of its own, or a map or list of things with keys.
        let map = shapes.iter().enumerate().find(|(at, shape)| *at != 1 && shape["properties"].is_object());
        let is_switch = shapes[0]["anyOf"].is_array();
        // `check` has a page of its own.
        if map.is_none() || name == "check" {
            let meaning = setting["description"].as_str().expect("a description").replace('\n', " ");
            let values: Vec<String> = shapes.iter().flat_map(|shape| values(shape)).collect();
            let values = if values.is_empty() { String::new() } else { format!(" Values: {}.", values.join(", ")) };
            let default = setting.get("default").map_or_else(String::new, |default| shown(default, is_switch));
            let default = if above.contains("TAG") { String::new() } else { default };
            let _ = writeln!(table, "| `{key}` | {default} | {meaning}{values} |");
        }
        if name == "languages" {
            add_settings(table, "languages.TAG.", &all["$defs"]["LanguageSettings"], all);
        } else if name == "deploy" {
            add_settings(table, "deploy.NAME.", &all["$defs"]["DeployTarget"], all);
        } else if is_switch {
            let maps = shapes[0]["anyOf"].as_array().into_iter().flatten().map(|one| resolved(one, all));
            maps.filter(|one| one["properties"].is_object())
                .for_each(|one| add_settings(table, &format!("{key}."), one, all));
        } else if let Some((_, map)) = map.filter(|_| name != "check") {
            add_settings(table, &format!("{key}."), map, all);
        }
    }
}

/// The part of a schema that a reference names.
fn resolved<'a>(schema: &'a Value, all: &'a Value) -> &'a Value {
    match schema["$ref"].as_str().and_then(|path| path.strip_prefix('#')) {
        Some(path) => all.pointer(path).expect("a definition"),
        None => schema,
    }
}

/// The words that a schema allows.
fn values(schema: &Value) -> Vec<String> {
    let constants = schema["oneOf"].as_array().into_iter().flatten().map(|one| &one["const"]);
    let words = schema["enum"].as_array().into_iter().flatten().chain(constants);
    words.filter_map(|word| Some(format!("`{}`", word.as_str()?))).collect()
}

/// A default as `site.yaml` would have it.
fn shown(default: &Value, is_switch: bool) -> String {
    match default {
        Value::Null => "none".into(),
        Value::String(text) if text.is_empty() => "empty".into(),
        Value::Object(_) if is_switch => "`true`".into(),
        Value::Object(_) => "`{}`".into(),
        other => format!("`{}`", plain(other)),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(plain).collect::<Vec<_>>().join(", ")),
        Value::Number(number) => number.to_string().trim_end_matches(".0").to_owned(),
        other => other.to_string(),
    }
}

#[test]
fn the_table_of_configuration_is_current() {
    let schema: Value = serde_json::from_str(&TestSite::empty().run(&["schema", "site"]).stdout).expect("a schema");
    let mut table = "| key | default | meaning |\n|---|---|---|\n".to_owned();
    add_settings(&mut table, "", &schema, &schema);
    assert_current("configuration.md", "configuration", &table);
}
