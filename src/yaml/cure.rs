//! What to do about text that is not YAML.
//!
//! The parser stops where it can go on no longer, often a line behind the mistake, and in its own words. So the slips
//! that people make are mended one after another, from that line upwards, and the first mend behind which the parser
//! gets further is the cure. What is told has been tried.

use std::ops::Range;

use serde::de::IgnoredAny;

/// How many lines above the parser's place a mistake is looked for.
const MOST_ROWS: usize = 24;

/// The longest document that is parsed again for this.
const MOST_BYTES: usize = 1 << 16;

/// What to do.
pub(super) struct Cure {
    /// What is wrong, where the words of the parser do not say it.
    pub(super) message: String,
    pub(super) hint: String,
    /// What is to change.
    pub(super) at: Range<usize>,
    /// Whether the words for a value in general say the same.
    pub(super) is_quoting: bool,
}

/// A line, taken apart.
struct Row<'t> {
    start: usize,
    text: &'t str,
    /// Its first character that is neither white space nor the dash of an item.
    first: usize,
    key: Option<Range<usize>>,
    /// Without a comment.
    value: Range<usize>,
}

impl<'t> Row<'t> {
    fn of(text: &'t str, start: usize) -> Self {
        let end = memchr::memchr(b'\n', &text.as_bytes()[start..]).map_or(text.len(), |length| start + length);
        let row = text[start..end].trim_end();
        let mut first = row.len() - row.trim_start().len();
        while row[first..].starts_with("- ") {
            first += 2;
            first += row[first..].len() - row[first..].trim_start().len();
        }
        let rest = &row[first..];
        let colon = rest.find(": ").or_else(|| rest.strip_suffix(':').map(str::len));
        let behind = colon.map_or(first, |colon| first + colon + 1);
        let value = behind + row[behind..].len() - row[behind..].trim_start().len();
        let end = row[value..].find(" #").map_or(row.len(), |comment| value + comment);
        let end = value + row[value..end].trim_end().len();
        let at = |range: Range<usize>| start + range.start..start + range.end;
        let key = colon.map(|colon| at(first..first + colon));
        Self { start, text: row, first: start + first, key, value: at(value..end) }
    }

    fn depth(&self) -> usize {
        self.text.len() - self.text.trim_start_matches(' ').len()
    }

    fn is_empty(&self) -> bool {
        self.text.trim_start().is_empty()
    }
}

/// A change of the text.
struct Edit {
    at: Range<usize>,
    by: String,
    cure: Cure,
}

/// What to do about `text`, at whose line `line` (from 1) the parser stops.
pub(super) fn find(text: &str, line: usize) -> Option<Cure> {
    if text.len() > MOST_BYTES {
        return None;
    }
    let starts: Vec<usize> =
        std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|end| end + 1)).collect();
    let last = line.clamp(1, starts.len());
    let mut below: Vec<Row<'_>> = Vec::new();
    for start in starts[..last].iter().rev().take(MOST_ROWS) {
        let row = Row::of(text, *start);
        if !row.is_empty() && !row.text.trim_start().starts_with('#') {
            let edit = edits(text, &row, &below).into_iter().find(|edit| helps(text, edit, line));
            if let Some(edit) = edit {
                return Some(edit.cure);
            }
        }
        below.push(row);
    }
    None
}

/// Whether the parser gets further.
fn helps(text: &str, edit: &Edit, line: usize) -> bool {
    let mended = [&text[..edit.at.start], &edit.by, &text[edit.at.end..]].concat();
    match serde_yaml::from_str::<IgnoredAny>(&mended) {
        Ok(_) => true,
        Err(error) => error.location().is_some_and(|place| place.line() > line),
    }
}

/// The text in quotation marks that keep all of it.
fn quoted(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("'{}'", words.replace('\'', "''"))
}

/// What may be the slip in a row; `below` are the rows from the parser's place up to it.
fn edits(text: &str, row: &Row<'_>, below: &[Row<'_>]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let cure = |message: &str, hint: String, at: &Range<usize>| Cure {
        message: message.to_owned(),
        hint,
        at: at.clone(),
        is_quoting: false,
    };
    edits.extend(of_another_kind(text, row));
    edits.extend(of_a_list(text, row));
    edits.extend(of_rows_below(text, row, below));
    let value = &text[row.value.clone()];
    let head = &text[row.first..row.start + row.text.len()];
    if row.key.is_none()
        && let Some((key, rest)) = head.split_once(':')
        && is_word(key)
        && !rest.starts_with("//")
    {
        let at = row.first..row.first + key.len() + 1;
        let cure = cure("a key without a blank behind its colon", format!("put a blank after `{key}:`"), &at);
        edits.push(Edit { at: at.end..at.end, by: " ".into(), cure });
    }
    if value.starts_with(['[', '{']) {
        if let Some(comma) = missing_comma(value) {
            let at = row.value.start + comma;
            let word = value[comma..].trim_start().split(' ').next().unwrap_or_default();
            let cure = cure("a comma is missing", format!("put a comma in front of `{word}`"), &(at..at));
            edits.push(Edit { at: at..at, by: ",".into(), cure });
        }
        let (message, bracket) = match value.as_bytes()[0] {
            b'[' => ("a list that is never closed", "]"),
            _ => ("a brace that is never closed", "}"),
        };
        if !value.contains(bracket) {
            let at = row.value.end..row.value.end;
            let cure = cure(message, format!("close it with `{bracket}`"), &row.value);
            edits.push(Edit { at, by: bracket.into(), cure });
        }
    }
    if value.starts_with('"') && value.len() > 1 && value.ends_with('"') && value.contains('\\') {
        let by = quoted(&value[1..value.len() - 1]);
        let hint = "double the backslash, or use single quotation marks".to_owned();
        edits.push(Edit {
            at: row.value.clone(),
            by,
            cure: cure("a backslash that YAML does not know", hint, &row.value),
        });
    }
    if let Some(key) = &row.key
        && !value.is_empty()
        && !value.starts_with(['"', '\''])
    {
        let more = below.iter().rev().take_while(|below| below.is_empty() || below.depth() > row.depth());
        if let Some(last) = more.filter(|below| !below.is_empty()).last() {
            let at = row.value.start..last.start + last.text.len();
            let key = &text[key.clone()];
            let hint = match last.key.as_ref().filter(|key| !text[(*key).clone()].contains(' ')) {
                Some(other) => {
                    let other = &text[other.clone()];
                    format!(
                        "if it is all the text of `{key}`, put all of it in quotation marks; if `{other}` is a key, remove the blanks in front of it"
                    )
                }
                None => format!("put the whole value of `{key}` in quotation marks, from its first line to its last"),
            };
            let message = "a value over several lines that has a colon in it";
            edits.push(Edit { at: at.clone(), by: quoted(&text[at]), cure: cure(message, hint, &row.value) });
        }
    }
    // Input methods of East Asia write it in the place of the plain one.
    if let Some((key, rest)) = head.split_once('\u{FF1A}')
        && row.key.is_none()
        && is_word(key)
    {
        let colon = row.first + key.len();
        let at = colon..colon + '\u{FF1A}'.len_utf8() + rest.len() - rest.trim_start().len();
        let hint = format!("write an ordinary colon and a blank: `{key}: …`");
        let cure = cure("a full-width colon", hint, &(row.first..at.end));
        edits.push(Edit { at, by: ": ".into(), cure });
    }
    if let Some(key) = &row.key
        && row.text.starts_with("- ")
        && !text.trim_start().starts_with('-')
    {
        let at = row.start..row.first;
        let hint = format!("remove the dash in front of `{}`", &text[key.clone()]);
        edits.push(Edit { at: at.clone(), by: String::new(), cure: cure("an item of a list among keys", hint, &at) });
    }
    if !value.is_empty() {
        let message = match value.chars().next() {
            Some(c) if "[]{}*&!|>?-%@`,:#".contains(c) => {
                format!("`{c}` at the beginning of a value has a meaning in YAML")
            }
            _ => "the value is not plain text to YAML".into(),
        };
        let cure = cure(&message, "put the whole value in quotation marks".into(), &row.value);
        edits.push(Edit { at: row.value.clone(), by: quoted(value), cure: Cure { is_quoting: true, ..cure } });
    }
    edits
}

/// What is to be done about lists on one line: entries that YAML does not take for text, and keys without braces.
fn of_a_list(text: &str, row: &Row<'_>) -> Option<Edit> {
    let end = row.start + row.text.len();
    let cure =
        |message: &str, hint: String, at: Range<usize>| Cure { message: message.into(), hint, at, is_quoting: false };
    // `[#harbour, #bus]`: the value would end at what looks like a comment.
    let value = text[row.value.start..end].trim_end();
    if let Some(inside) = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'))
        && !inside.contains(['[', ']', '{', '}', '"', '\''])
    {
        let entries: Vec<&str> = inside.split(',').map(str::trim).filter(|entry| !entry.is_empty()).collect();
        let is_odd = |entry: &str| {
            entry.starts_with(['#', '@', '`', '%', '*', '&', '!', '|', '>', '?', '-']) || entry.contains(": ")
        };
        let odd = entries.iter().copied().find(|entry| is_odd(entry))?;
        let quote = |entry: &&str| {
            if is_odd(entry) { format!("\"{}\"", entry.replace('\\', "\\\\")) } else { (*entry).to_owned() }
        };
        let by = format!("[{}]", entries.iter().map(quote).collect::<Vec<_>>().join(", "));
        let message = match odd.chars().next() {
            Some(c) if !c.is_alphanumeric() => format!("`{c}` at the beginning of an entry has a meaning in YAML"),
            _ => "a colon in an entry has a meaning in YAML".to_owned(),
        };
        let start = row.value.start + value.find(odd).unwrap_or(0);
        let hint = format!("put the entries in quotation marks, each of its own: `{by}`");
        return Some(Edit {
            at: row.value.start..row.value.start + value.len(),
            by,
            cure: cure(&message, hint, start..start + odd.len()),
        });
    }
    // `- date: 2026-11-21, text: "x"`.
    let key = row.key.as_ref().filter(|key| is_word(&text[(*key).clone()]) && row.first > row.start)?;
    let head = &text[row.first..end];
    let (_, rest) = value.split_once(", ")?;
    let (other, _) = rest.split_once(": ").filter(|(other, _)| is_word(other.trim()))?;
    let hint = format!(
        "put braces around them: `{{ {}: …, {}: … }}`; or give each key a line of its own",
        &text[key.clone()],
        other.trim()
    );
    let at = row.first..row.first + head.trim_end().len();
    let by = format!("{{ {} }}", head.trim_end());
    Some(Edit { at: at.clone(), by, cure: cure("several keys on one line without braces", hint, at) })
}

/// What is to be done about rows below a key that belong to its value and do not say so: text that goes on without
/// indentation, and items without a blank behind their dashes.
fn of_rows_below(text: &str, row: &Row<'_>, below: &[Row<'_>]) -> Option<Edit> {
    let key = row.key.as_ref().map(|key| &text[key.clone()]).filter(|key| is_word(key))?;
    let is_empty = row.value.is_empty();
    let is_stray = |one: &&Row<'_>| {
        let words = one.text.trim_start();
        let is_item = words.starts_with('-') && !words.starts_with("- ") && !words.starts_with("--");
        if is_empty {
            is_item
        } else {
            one.key.is_none() && !one.is_empty() && !words.starts_with(['-', '#']) && one.depth() <= row.depth()
        }
    };
    let rows: Vec<&Row<'_>> = below.iter().rev().take_while(is_stray).collect();
    let (first, last) = (rows.first()?, rows.last()?);
    let at = first.start..last.start + last.text.len();
    let lines = text[at.clone()].split('\n');
    let shown =
        first.start + first.text.len() - first.text.trim_start().len()..first.start + first.text.trim_end().len();
    let (by, message, hint) = if is_empty {
        let item = first.text.trim_start()[1..].to_owned();
        let by: Vec<String> = lines.map(|line| line.replacen('-', "- ", 1)).collect();
        (by, "an item of a list without a blank behind its dash", format!("put a blank behind each dash: `- {item}`"))
    } else {
        let by: Vec<String> = lines.map(|line| format!("{}  {line}", " ".repeat(row.depth()))).collect();
        (
            by,
            "this line belongs to no key",
            format!("put two blanks in front of it if it continues the text of `{key}`"),
        )
    };
    let cure = Cure { message: message.into(), hint, at: shown, is_quoting: false };
    Some(Edit { at, by: by.join("\n"), cure })
}

/// Whether this is a key as most are.
fn is_word(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

/// What is to be done about a line that is not of YAML's front matter: a directive, or a line of TOML.
fn of_another_kind(text: &str, row: &Row<'_>) -> Option<Edit> {
    let at = row.start..row.start + row.text.len();
    let cure = |message: &str, hint: String| Cure { message: message.into(), hint, at: at.clone(), is_quoting: false };
    if row.text.starts_with('%') {
        return Some(Edit {
            at: at.clone(),
            by: String::new(),
            cure: cure("a directive of YAML", "remove this line".into()),
        });
    }
    if row.text.starts_with('{') && !text[..row.start].trim().is_empty() {
        let end = text.rfind('}').map_or(text.len(), |end| end + 1);
        let hint = "write its keys as lines of YAML, such as `tags: [one, two]`".to_owned();
        let cure = cure("JSON among lines of YAML", hint);
        return Some(Edit { at: row.start..end.max(row.start), by: String::new(), cure });
    }
    let (key, value) = toml(row.text)?;
    // One such line may stand behind another.
    let lines = text.split_inclusive('\n').map(|line| match toml(line) {
        Some((key, value)) => format!("{key}: {value}\n"),
        None => line.to_owned(),
    });
    let shown = value.chars().take(40).collect::<String>();
    let hint = format!("write `{key}: {shown}`; TOML stands between two lines `+++`");
    let cure = cure("a line of TOML among those of YAML", hint);
    Some(Edit { at: 0..text.len(), by: lines.collect(), cure })
}

/// The key and the value of a line of TOML: `draft = true`.
fn toml(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once('=')?;
    let key = key.strip_suffix(' ').unwrap_or(key);
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    is_key.then(|| (key, value.trim()))
}

/// Where `{src: a.jpg alt: b}` wants a comma: in front of the word before a colon that follows another colon.
fn missing_comma(value: &str) -> Option<usize> {
    let mut colons = 0;
    let mut blank = None;
    for (at, c) in value.char_indices() {
        match c {
            ' ' => blank = Some(at),
            ',' | '{' | '[' => (colons, blank) = (0, None),
            ':' if value[at + 1..].starts_with(' ') => {
                colons += 1;
                if colons == 2 {
                    return blank;
                }
                blank = None;
            }
            _ => {}
        }
    }
    None
}
