//! Lists of redirects that the old site had: Redirection's JSON and CSV, Yoast's CSV, and `.htaccess`.

use serde_json::Value;

/// Pairs of an old address and where it leads; and how many lines are patterns, which a page cannot answer.
pub(super) fn read(text: &str) -> (Vec<(String, String)>, usize) {
    let trimmed = text.trim_start_matches('\u{feff}').trim_start();
    if trimmed.starts_with(['{', '[']) {
        return of_json(trimmed);
    }
    let is_server = |line: &str| ["Redirect", "RewriteRule"].iter().any(|word| line.trim_start().starts_with(word));
    if trimmed.lines().any(is_server) { of_server(trimmed) } else { of_table(trimmed) }
}

fn of_json(text: &str) -> (Vec<(String, String)>, usize) {
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    let list = value["redirects"].as_array().or_else(|| value.as_array()).cloned().unwrap_or_default();
    let (mut pairs, mut left) = (Vec::new(), 0);
    // A redirect that was switched off did not redirect.
    for one in list.into_iter().filter(|one| !is_off(&one["enabled"]) && !is_off(&one["status"])) {
        let to = [&one["action_data"]["url"], &one["target"], &one["url_to"]].into_iter().find_map(Value::as_str);
        let from = [&one["url"], &one["origin"], &one["url_from"]].into_iter().find_map(Value::as_str);
        let is_pattern = one["regex"].as_bool() == Some(true) || one["regex"].as_i64() == Some(1);
        match (from, to) {
            (Some(from), Some(to)) if !is_pattern => pairs.push((from.to_owned(), to.to_owned())),
            _ => left += 1,
        }
    }
    (pairs, left)
}

fn is_off(value: &Value) -> bool {
    value.as_bool() == Some(false) || value.as_i64() == Some(0) || matches!(value.as_str(), Some("0" | "disabled"))
}

/// The cells of a line: a quoted one may have separators in it, and doubled quotes.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut is_quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let cell = cells.last_mut().expect("it begins with one");
        match character {
            '"' if is_quoted && characters.peek() == Some(&'"') => cell.extend(characters.next()),
            '"' => is_quoted = !is_quoted,
            ',' | ';' | '\t' if !is_quoted => cells.push(String::new()),
            _ => cell.push(character),
        }
    }
    cells.into_iter().map(|cell| cell.trim().to_owned()).collect()
}

/// Lines `source,target,…`, with or without a head.
fn of_table(text: &str) -> (Vec<(String, String)>, usize) {
    let (mut pairs, mut left) = (Vec::new(), 0);
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let mut cells = cells(line).into_iter();
        let (Some(from), Some(to)) = (cells.next(), cells.next()) else { continue };
        let rest = cells.collect::<Vec<String>>().join(" ");
        let is_address = from.starts_with('/') || from.contains("://");
        let is_path = !to.is_empty() && (to.starts_with('/') || to.contains("://") || !to.contains(' '));
        match is_address {
            _ if from.contains(['*', '^', '(']) || rest.contains("regex") && from.contains('.') => left += 1,
            true if is_path => pairs.push((from, to)),
            // Yoast writes paths without a slash in front.
            false if from.contains(['/', '-']) && is_path => pairs.push((
                format!("/{from}"),
                if to.contains("://") || to.starts_with('/') { to } else { format!("/{to}") },
            )),
            _ => {}
        }
    }
    (pairs, left)
}

fn of_server(text: &str) -> (Vec<(String, String)>, usize) {
    let (mut pairs, mut left) = (Vec::new(), 0);
    for line in text.lines().map(str::trim) {
        let words: Vec<&str> = line.split_whitespace().map(|word| word.trim_matches('"')).collect();
        match words.as_slice() {
            ["RedirectMatch", ..] => left += 1,
            ["Redirect" | "RedirectPermanent" | "RedirectTemp", from, to] => {
                pairs.push(((*from).to_owned(), (*to).to_owned()))
            }
            ["Redirect", _, from, to] => pairs.push(((*from).to_owned(), (*to).to_owned())),
            ["RewriteRule", from, to, flags, ..] if flags.contains('R') => {
                let plain = from
                    .trim_start_matches('^')
                    .trim_start_matches('/')
                    .trim_end_matches('$')
                    .trim_end_matches("/?")
                    .trim_end_matches('/')
                    .replace("\\.", ".");
                let is_plain = !plain.contains(['(', '*', '[', '+', '?', '|', '\\']) && !to.contains('$') && *to != "-";
                if is_plain { pairs.push((format!("/{plain}"), (*to).to_owned())) } else { left += 1 }
            }
            _ => {}
        }
    }
    (pairs, left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_all_kinds_are_read() {
        let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        for (text, expected, left) in [
            (
                r#"{"redirects":[{"url":"/a/","regex":false,"action_data":{"url":"/b/"}},{"url":"/x/(.*)","regex":true,"action_data":{"url":"/y/"}}]}"#,
                vec![pair("/a/", "/b/")],
                1,
            ),
            ("source,target,regex,code\n\"/a/\",\"/b/\",0,301\n", vec![pair("/a/", "/b/")], 0),
            ("Origin,Target,Type,Format\nold-name,new-name,301,plain\n", vec![pair("/old-name", "/new-name")], 0),
            (
                "Redirect 301 /a /b\nRewriteRule ^c/?$ /d/ [R=301,L]\nRewriteRule ^e/(.*)$ /f/$1 [R=301]\nRewriteRule . /index.php [L]\n",
                vec![pair("/a", "/b"), pair("/c", "/d/")],
                1,
            ),
        ] {
            assert_eq!(read(text), (expected, left), "{text}");
        }
    }

    #[test]
    fn what_was_off_leads_nowhere_and_commas_within_quotes_part_nothing() {
        let off = r#"{"redirects": [
            {"url": "/a/", "enabled": false, "action_data": {"url": "/b/"}},
            {"url": "/c/", "enabled": true, "action_data": {"url": "/d/"}}
        ]}"#;
        assert_eq!(read(off), (vec![("/c/".to_owned(), "/d/".to_owned())], 0));
        let table = "source,target,title\n\"/a,b/\",\"/c/?x=1,2\",\"A \"\"title\"\", long\"\n^r(.*),x,301,regex\n";
        assert_eq!(read(table), (vec![("/a,b/".to_owned(), "/c/?x=1,2".to_owned())], 1));
    }
}
