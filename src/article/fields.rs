//! The fields of front matter: typed, lenient access to values that remembers where each stands.
//!
//! Real archives spell one thing in many ways (a string, a list, a list of maps, null). The forms are
//! told apart here, once; what has no clear meaning is an error at the value's line.

use std::borrow::Cow;

use super::record::Text;
use super::summary::without_markup;
use super::values::is_internal;
use super::{keys, remarks};
use crate::diagnostic::{Diagnostic, MOST_OF_FILE, Place, left_out};
use crate::source_name::COMMENTS;
use crate::text::{clean, is_no_break_space, plain_line, unquoted};
use crate::yaml::{Content, Entry, Mark, Node, Scalar, value_mark};

/// A value of front matter, and the key that it has or stands behind.
pub(super) struct Field<'n> {
    /// The key in messages, as the file spells it. `image.src` is the key `src` behind the key `image`.
    pub(super) name: Cow<'n, str>,
    /// The place of the key.
    pub(super) key: Mark,
    pub(super) value: &'n Node,
}

impl<'n> Field<'n> {
    pub(super) fn of(entry: &'n Entry) -> Self {
        Self { name: entry.name().into(), key: entry.key.mark, value: &entry.value }
    }

    /// One of the items of the value, which is pointed at where it stands.
    pub(super) fn item<'m>(&'m self, value: &'m Node) -> Field<'m> {
        let key = if value.mark.line > 0 { value.mark } else { self.key };
        Field { name: Cow::Borrowed(&self.name), key, value }
    }

    /// An entry of the value.
    pub(super) fn within<'m>(&self, entry: &'m Entry) -> Field<'m> {
        Field { name: format!("{}.{}", self.name, entry.name()).into(), key: entry.key.mark, value: &entry.value }
    }

    /// The entry of the value with this key, in any spelling; of several the last one.
    pub(super) fn get<'m>(&'m self, key: &str) -> Option<Field<'m>> {
        self.within_item(self.value, key)
    }

    /// The same of one of the items of the value.
    pub(super) fn within_item<'m>(&self, item: &'m Node, key: &str) -> Option<Field<'m>> {
        let entry = item.entries()?.iter().rev().find(|entry| keys::fold(entry.name()) == key)?;
        Some(self.within(entry))
    }

    /// Where it is best pointed at.
    pub(super) fn mark(&self) -> Mark {
        value_mark(self.key, self.value)
    }
}

/// How many entries of one kind an article may have. Each tag has pages and feeds of its own, and every one of them
/// names all tags of the article: what an article costs grows with the square.
const MOST_ENTRIES: usize = 250;

/// Bytes that the name of a term may have.
const MOST_IN_TERM: usize = 500;

/// The front matter of a file, and what has been found wrong with it.
pub(super) struct Fields<'a> {
    pub(super) path: &'a str,
    /// The whole file.
    pub(super) text: &'a str,
    pub(super) problems: Vec<Diagnostic>,
    /// Warnings about keys that withhold but may not be meant to: place, message and cure.
    pub(super) remarks: Vec<(Mark, String, String)>,
    /// Warnings about values that may be read in another way than they are meant, likewise.
    pub(super) doubts: Vec<(Mark, String, String)>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(path: &'a str, text: &'a str) -> Self {
        Self { path, text, problems: Vec::new(), remarks: Vec::new(), doubts: Vec::new() }
    }

    /// Whether there are warnings.
    pub(super) fn has_doubts(&self) -> bool {
        !self.remarks.is_empty() || !self.doubts.is_empty()
    }

    /// Notes an error at a value, or at its key.
    pub(super) fn problem(&mut self, field: &Field<'_>, message: impl Into<String>, hint: &str) {
        self.problem_at(field.mark(), message, hint);
    }

    /// Notes an error at a place.
    pub(super) fn problem_at(&mut self, mark: Mark, message: impl Into<String>, hint: &str) {
        if self.has_room() {
            let place = self.place(mark);
            self.problems.push(Diagnostic::error(message).at(place).hint(hint));
        }
    }

    /// Whether another error is to be told. To find the line of each takes time in proportion to the file, and who
    /// has read [`MOST_OF_FILE`] of them corrects those first.
    pub(super) fn has_room(&mut self) -> bool {
        if self.problems.len() == MOST_OF_FILE {
            self.problems.push(left_out(self.path));
        }
        self.problems.len() < MOST_OF_FILE
    }

    /// Whether a value has few enough entries for one article.
    pub(super) fn are_few(&mut self, field: &Field<'_>, entries: usize) -> bool {
        if entries > MOST_ENTRIES {
            let message = format!("`{}` has {entries} entries; at most {MOST_ENTRIES} are possible", field.name);
            self.problem_at(field.key, message, "keep those that readers look for");
        }
        entries <= MOST_ENTRIES
    }

    /// The names of terms: as [`names`](Self::names), but few, and none as long as a text.
    pub(super) fn terms(&mut self, field: &Field<'_>) -> Vec<Text<'static>> {
        let names = self.between_blanks(field).unwrap_or_else(|| self.names(field));
        if !self.are_few(field, names.len()) {
            return Vec::new();
        }
        if let Some(long) = names.iter().find(|name| name.len() > MOST_IN_TERM) {
            let (start, length) = (long.chars().take(40).collect::<String>(), long.chars().count());
            let message = format!("`{}` has a name of {length} characters (`{start}…`)", field.name);
            self.problem(field, message, "shorten it, or write several names as a list: `[one, two]`");
        }
        names
    }

    /// The names in `tags: a b c` and `categories: a b`, which Jekyll parts at blanks, in a folder of Jekyll's. Elsewhere
    /// a name may consist of several words.
    fn between_blanks(&self, field: &Field<'_>) -> Option<Vec<Text<'static>>> {
        let is_jekyll = ["_posts", "_drafts"].iter().any(|folder| self.path.split('/').any(|part| part == *folder));
        let is_parted = is_jekyll && matches!(&*keys::fold(&field.name), "tags" | "categories");
        let text = field.value.text().filter(|text| is_parted && !text.contains(','))?;
        let mut seen = rustc_hash::FxHashSet::default();
        let names = text.split_whitespace().filter(|name| seen.insert(*name));
        Some(names.map(|name| Text::from(plain_line(name))).collect())
    }

    /// A place in the file.
    pub(super) fn place(&self, mark: Mark) -> Place {
        mark.place(self.path, self.text)
    }

    /// One line of plain text: scalars as they are written, entities decoded, white space folded. Null and
    /// empty text are none.
    pub(super) fn line(&mut self, field: &Field<'_>) -> Option<Text<'static>> {
        let written = self.scalar(field)?;
        let are_remarks =
            if self.path.ends_with(COMMENTS) { remarks::are_in_words_of_reader } else { remarks::are_in_line };
        if are_remarks(written) {
            self.refuse_remark(field);
        }
        let text = plain_line(written);
        (!text.is_empty()).then(|| Text::from(text))
    }

    /// The same of a name or an address, without typographic quotation marks around it: somebody took them for those of
    /// YAML.
    pub(super) fn word(&mut self, field: &Field<'_>) -> Option<Text<'static>> {
        self.line(field).map(without_quotes)
    }

    /// The same of what may have markup.
    pub(super) fn line_of_markup(&mut self, field: &Field<'_>) -> Option<Text<'static>> {
        let written = self.scalar(field)?;
        // Decoded before the tags go, `&lt;b&gt;` would be taken for a tag.
        let parts = written.split(|c: char| c.is_whitespace() && !is_no_break_space(c)).filter(|part| !part.is_empty());
        let line = parts.collect::<Vec<_>>().join(" ");
        let plain = plain_line(&without_markup(&line));
        if remarks::are_in_line(&line) && (remarks::are_in_line(&plain) || plain.contains("-->")) {
            self.refuse_remark(field);
        }
        (!line.is_empty()).then(|| Text::from(plain))
    }

    /// Refuses what only writers are meant to see.
    fn refuse_remark(&mut self, field: &Field<'_>) {
        let message = format!("there is a comment in `{}`, where readers would see it", field.name);
        self.problem(
            field,
            message,
            "remove it; as text, write its first character as an entity: `&lt;!--`, `&#123;#`",
        );
    }

    /// Markdown, with its line breaks.
    pub(super) fn markdown(&mut self, field: &Field<'_>) -> Option<Text<'static>> {
        let text = self.block(field)?;
        remarks::refuse_in_value(self, field, &text);
        Some(text)
    }

    /// Text with its line breaks.
    pub(super) fn block(&mut self, field: &Field<'_>) -> Option<Text<'static>> {
        let text = clean(self.scalar(field)?.trim());
        (!text.is_empty()).then(|| Text::from(text))
    }

    fn scalar<'n>(&mut self, field: &Field<'n>) -> Option<&'n str> {
        let text = field.value.text();
        if text.is_none() {
            let message = format!("`{}` must be text", field.name);
            self.problem(field, message, "write it on one line, in quotes if it has a colon");
        }
        if text.is_some_and(str::is_empty) {
            self.refuse_comment(field);
        }
        text.filter(|_| !field.value.is_null())
    }

    /// `title: #MeToo` has no value: `#` begins a comment. Where a blank follows, it is meant to.
    fn refuse_comment(&mut self, field: &Field<'_>) {
        let row = self.text.lines().nth((field.key.line as usize).saturating_sub(1)).unwrap_or_default();
        let Some((_, comment)) = row.split_once(": #") else { return };
        if field.key.line > 0 && comment.starts_with(char::is_alphanumeric) {
            let message = format!("`{}` has no value, since `#` begins a comment", field.name);
            let hint = format!("put the value in quotation marks: `{}: \"#{}\"`", field.name, comment.trim_end());
            self.problem_at(field.key, message, &hint);
        }
    }

    /// Yes or no.
    pub(super) fn boolean(&mut self, field: &Field<'_>) -> Option<bool> {
        if field.value.is_null() {
            return None;
        }
        let said = field.value.text().map(|text| text.trim().to_lowercase());
        match said.as_deref() {
            Some("true" | "yes" | "on" | "1") => Some(true),
            Some("false" | "no" | "off" | "0" | "") => Some(false),
            _ => {
                self.problem(field, format!("`{}` must be true or false", field.name), "write `true` or `false`");
                None
            }
        }
    }

    /// A whole number.
    pub(super) fn integer(&mut self, field: &Field<'_>) -> Option<i64> {
        let number = field.value.text().and_then(|text| text.trim().parse().ok());
        if number.is_none() && !field.value.is_null() {
            let message = format!("`{}` must be a whole number", field.name);
            self.problem(field, message, &format!("write `{}: 1`", field.name));
        }
        number
    }

    /// Several names: a string with commas, a list, a list of maps with a `name`, or null.
    pub(super) fn names(&mut self, field: &Field<'_>) -> Vec<Text<'static>> {
        self.written_names(field).into_iter().map(without_quotes).collect()
    }

    fn written_names(&mut self, field: &Field<'_>) -> Vec<Text<'static>> {
        // Hexo has lists in lists.
        if let Content::List(items) = &field.value.content
            && items.iter().any(|item| item.items().is_some())
        {
            let all: Vec<Text<'static>> = items.iter().flat_map(|item| self.written_names(&field.item(item))).collect();
            let mut seen = rustc_hash::FxHashSet::default();
            return all.into_iter().filter(|name| seen.insert(name.clone())).collect();
        }
        let key = keys::fold(&field.name);
        let are_people = matches!(&*key, "author" | "authors");
        if let Some(inside) = field.value.text().filter(|_| key != "series").and_then(in_brackets) {
            let mut seen = rustc_hash::FxHashSet::default();
            let names = inside.split([',', ';']).map(|name| plain_line(name.trim().trim_matches(['"', '\''])));
            let names = names.filter(|name| !name.is_empty() && seen.insert(name.clone())).map(Text::from).collect();
            return if are_people { self.of_people(field, names) } else { names };
        }
        let mut names: Vec<Text<'static>> = Vec::new();
        let mut known = rustc_hash::FxHashSet::default();
        let mut add = |name: Option<Text<'static>>| {
            // A list of thousands of names is a mistake, and must not take quadratic time.
            names.extend(name.filter(|name| known.insert(name.clone())));
        };
        match &field.value.content {
            // A series has one name, which may have a semicolon.
            Content::Text(text) | Content::Plain(text) if key != "series" && decoded(text).contains(';') => {
                decoded(text)
                    .split(';')
                    .for_each(|name| add(Some(Text::from(plain_line(name))).filter(|name| !name.is_empty())));
            }
            Content::Text(text) | Content::Plain(text) if text.contains(',') => {
                between_commas(text, are_people).into_iter().for_each(|name| add(Some(Text::from(name))));
            }
            Content::List(items) => {
                let mut all: Vec<Text<'static>> = Vec::with_capacity(items.len());
                for item in items {
                    let item = field.item(item);
                    let name = if item.value.entries().is_some() { self.named(&item) } else { self.line(&item) };
                    let Some(name) = name else { continue };
                    // The comma of `[Jane Doe, Jr.]` parts a list.
                    match all.last_mut().filter(|_| are_people && is_behind_name(&name)) {
                        Some(before) => *before = Text::from(format!("{}, {}", &**before, &*name)),
                        None => all.push(name),
                    }
                }
                all.into_iter().for_each(|name| add(Some(name)));
            }
            Content::Map(_) => add(self.named(field)),
            Content::Text(_) | Content::Plain(_) => add(self.line(field)),
        }
        if are_people { self.of_people(field, names) } else { names }
    }

    /// The names of people without their mail addresses, and remarks about what may not be meant.
    fn of_people(&mut self, field: &Field<'_>, names: Vec<Text<'static>>) -> Vec<Text<'static>> {
        if let [last, first] = &*names
            && matches!(&field.value.content, Content::Text(_) | Content::Plain(_))
            && are_parts_of_a_name(last, first)
        {
            let message = format!("two authors are read here, `{}` and `{}`", &**last, &**first);
            let hint = format!(
                "write `{} {}` if it is one, and a list if they are two: `[{}, {}]`",
                &**first, &**last, &**last, &**first
            );
            self.doubts.push((field.mark(), message, hint));
        }
        let mut without = |name: Text<'static>| {
            if !name.trim_start_matches('@').contains('@') {
                return name;
            }
            let shown = without_mail(&name);
            let (message, hint) = match &shown {
                Some(shown) => (
                    format!("the mail address of `{shown}` is not printed"),
                    "write the name alone; addresses belong to the `links` of a profile",
                ),
                None => (
                    "readers and their robots will see this mail address".to_owned(),
                    "write a name, or the id of a profile",
                ),
            };
            self.doubts.push((field.mark(), message, hint.to_owned()));
            shown.map_or(name, Text::from)
        };
        names.into_iter().map(&mut without).collect()
    }

    fn named(&mut self, field: &Field<'_>) -> Option<Text<'static>> {
        if keys::fold(&field.name).starts_with("tag") && is_internal(field.value) {
            let message = "a tag with `visibility: internal` is not shown; it is left out";
            self.doubts.push((field.mark(), message.to_owned(), "remove it, or the `visibility`".to_owned()));
            return None;
        }
        self.look_at_id(field);
        let part = |name: &str| field.get(name).and_then(|part| part.value.text().map(plain_line)).unwrap_or_default();
        let suffix = part("suffix");
        let whole = |name: &str| match &*suffix {
            suffix if is_behind_name(suffix) => Text::from(format!("{name}, {suffix}")),
            _ => Text::from(name.to_owned()),
        };
        for name in ["id", "name", "displayname", "fullname", "title", "label"] {
            if let Some(found) = field.get(name) {
                let found = self.line(&Field { name: Cow::Borrowed(&field.name), ..found });
                return if name == "id" { found } else { found.map(|found| whole(&found)) };
            }
        }
        // WordPress has the parts of a name, and what its owner logs in with.
        let parts = plain_line(&format!("{} {}", part("firstname"), part("lastname")));
        if !parts.is_empty() {
            return Some(whole(&parts));
        }
        if let Some(name) = [part("login"), part("username")].into_iter().find(|name| !name.is_empty()) {
            return Some(Text::from(name));
        }
        let only = match field.value.entries() {
            Some([Entry { key, value }]) => key.text().zip(value.text()),
            _ => None,
        };
        match only {
            // `- Star Wars: Episode` is a key and its value.
            Some((key, value)) => {
                let name = plain_line(&format!("{key}: {value}"));
                let message = format!("the colon in an entry of `{}` makes a key of `{key}`", field.name);
                self.problem(field, message, &format!("put it in quotation marks: `\"{name}\"`"));
            }
            None => {
                self.problem(field, format!("an entry of `{}` has no `name`", field.name), "write a list of names");
            }
        }
        None
    }

    /// Notes a name beside an id that is another one: where no profile has the id, the id is printed.
    fn look_at_id(&mut self, field: &Field<'_>) {
        let said = |key: &str| field.get(key).and_then(|part| part.value.text().map(plain_line));
        let Some(id) = said("id").filter(|id| !id.is_empty()) else { return };
        let Some(shown) = said("displayname").filter(|name| !name.is_empty()) else { return };
        if keys::fold(&id) != keys::fold(&shown).replace(' ', "") {
            let message = format!("the name `{shown}` is not read, since `id: {id}` stands beside it");
            let hint = format!("write it into the profile `content/authors/{id}.md`, or remove the `id`");
            self.doubts.push((field.mark(), message, hint));
        }
    }
}

fn without_quotes(text: Text<'static>) -> Text<'static> {
    match unquoted(&text) {
        inside if inside.len() == text.len() || inside.is_empty() => text,
        inside => Text::from(inside.to_owned()),
    }
}

/// The names between commas. What follows the name of a person (`John Smith, Jr.`) belongs to it, and the last two may
/// stand on both sides of an "and".
fn between_commas(text: &str, are_people: bool) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut parts = text.split(',').map(plain_line).filter(|name| !name.is_empty()).peekable();
    while let Some(part) = parts.next() {
        let (first, second) = match () {
            () if are_people && parts.peek().is_none() => around_and(&names, &part),
            () => (&*part, None),
        };
        match names.last_mut().filter(|_| are_people && is_behind_name(first)) {
            Some(name) => *name = format!("{name}, {first}"),
            None => names.push(first.to_owned()),
        }
        names.extend(second.map(str::to_owned));
    }
    names
}

/// The two names in `Bo Kern and Cy Marsh`, which stands behind others. One such as `Trade and Industry Desk` stays whole:
/// a name of a single word counts only among such.
fn around_and<'p>(before: &[String], part: &'p str) -> (&'p str, Option<&'p str>) {
    const AND: [&str; 4] = [" and ", " & ", " und ", " et "];
    if let Some(rest) = AND.iter().find_map(|and| part.strip_prefix(and.trim_start())).filter(|_| !before.is_empty()) {
        return (rest, None);
    }
    let Some((first, second)) = AND.iter().find_map(|and| part.split_once(and)) else { return (part, None) };
    let is_name = |name: &str| name.starts_with(char::is_uppercase);
    let is_single = |name: &str| !name.contains(' ');
    let are_alike = || match before {
        [] => false,
        before if before.iter().all(|name| is_single(name)) => is_single(first) && is_single(second),
        _ => is_behind_name(first) || !is_single(first) && !is_single(second),
    };
    if is_name(second) && is_name(first) && are_alike() { (first, Some(second)) } else { (part, None) }
}

/// Whether a part of a list is a suffix of the name before it: `Jr.`, `Ph.D.`
fn is_behind_name(part: &str) -> bool {
    const BEHIND: [&str; 34] = [
        "jr", "sr", "ii", "iii", "iv", "v", "phd", "md", "jd", "esq", "dds", "mba", "cpa", "rn", "msc", "mp", "mph",
        "mpp", "mfa", "msw", "llb", "llm", "edd", "dphil", "dvm", "bsc", "obe", "mbe", "cbe", "kbe", "dbe", "kc", "qc",
        "frs",
    ];
    BEHIND.contains(&&*part.replace('.', "").to_ascii_lowercase())
}

/// Whether what stands before a comma and behind it may be the parts of one name: `Doe, Jane`.
fn are_parts_of_a_name(last: &str, first: &str) -> bool {
    let is_word = |text: &str| {
        text.starts_with(char::is_uppercase) && text.contains(char::is_lowercase) && !text.contains(char::is_whitespace)
    };
    let is_loud = |text: &str| text.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    let begins = |text: &str| {
        text.split(' ').all(|word| word.starts_with(char::is_uppercase) && !is_loud(word) || word.len() <= 2)
    };
    is_word(last) && begins(first)
}

/// The name beside a mail address: `Jane Doe <jane@paper.example>`, `jane@paper.example (Jane Doe)`.
fn without_mail(name: &str) -> Option<String> {
    let (before, behind) = name.split_once(['<', '(', '['])?;
    let inside = behind.trim_end_matches(['>', ')', ']']);
    let shown = if before.contains('@') { inside } else { before };
    let is_mail = |text: &str| text.contains('@');
    let shown = plain_line(shown.trim_matches(['"', '\'', ' ']));
    (is_mail(before) != is_mail(inside) && !shown.is_empty()).then_some(shown)
}

/// The names in `"[one, two]"`: a list that somebody put into quotation marks.
fn in_brackets(text: &str) -> Option<&str> {
    let inside = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    (!inside.contains(['[', ']'])).then_some(inside)
}

/// Text with its entities decoded.
fn decoded(text: &str) -> Cow<'_, str> {
    if text.contains('&') { html_escape::decode_html_entities(text) } else { text.into() }
}

/// A value as JSON, for `extra`.
pub fn json(value: &Node) -> serde_json::Value {
    match &value.content {
        Content::List(items) => items.iter().map(json).collect::<Vec<_>>().into(),
        Content::Map(entries) => {
            let pair = |entry: &Entry| (plain_line(entry.name()), json(&entry.value));
            serde_json::Value::Object(entries.iter().map(pair).collect())
        }
        Content::Plain(_) | Content::Text(_) => match value.scalar().unwrap_or(Scalar::Null) {
            Scalar::Null => serde_json::Value::Null,
            Scalar::Boolean(yes) => yes.into(),
            Scalar::Unsigned(number) => number.into(),
            Scalar::Negative(number) => number.into(),
            Scalar::Float(number) => number.into(),
            Scalar::Text(text) => clean(text).into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_that_of_the_value() {
        let node = Node::parse("title: A\nsource:\n  name: B\n  url: nowhere\n", 1).expect("YAML");
        let source = Field::of(node.entry("source").expect("there"));
        let url = source.get("url").expect("there");
        assert_eq!((url.mark().line, url.mark().column, url.mark().length), (5, 8, 7));
        assert_eq!((source.mark().line, source.mark().column), (3, 1));
        assert_eq!(url.name, "source.url");
    }

    #[test]
    fn what_stands_behind_the_name_of_a_person_belongs_to_it() {
        for (text, names) in [
            ("John Smith, Jr.", &["John Smith, Jr."][..]),
            ("Ann Lee, Ph.D., Bo Kern", &["Ann Lee, Ph.D.", "Bo Kern"]),
            ("Al Poe III, MD, JD,Cy", &["Al Poe III, MD, JD", "Cy"]),
            ("Jr., Ann", &["Jr.", "Ann"]),
            ("Jane Doe, Jr. and Ann Lee", &["Jane Doe, Jr.", "Ann Lee"]),
            ("Ann, Bo and Cy", &["Ann", "Bo", "Cy"]),
            ("Ann Lee, Bo Kern, and Cy Marsh", &["Ann Lee", "Bo Kern", "Cy Marsh"]),
            ("Ann Lee, Trade and Industry Desk", &["Ann Lee", "Trade and Industry Desk"]),
            ("Dr. Jane Doe, PhD, MPH", &["Dr. Jane Doe, PhD, MPH"]),
            ("Jane Doe, OBE, AFP", &["Jane Doe, OBE", "AFP"]),
        ] {
            assert_eq!(between_commas(text, true), names);
        }
        assert_eq!(between_commas("Health, MD", false), ["Health", "MD"]);
    }

    fn named(front: &str) -> (Vec<String>, Vec<String>) {
        let node = Node::parse(front, 0).expect("YAML");
        let mut fields = Fields::new("a.md", front);
        let entry = &node.entries().expect("a map")[0];
        let names = fields.names(&Field::of(entry)).into_iter().map(|name| name.to_string()).collect();
        (names, fields.doubts.into_iter().map(|(_, message, _)| message).collect())
    }

    #[test]
    fn semicolons_stand_between_names_that_have_commas() {
        for (front, names) in [
            ("Authors: Doe, Jane; Roe, Richard", &["Doe, Jane", "Roe, Richard"][..]),
            ("author: Jane Doe; Richard Roe", &["Jane Doe", "Richard Roe"]),
            ("tags: a; b; c;", &["a", "b", "c"]),
            ("tags: R&amp;D, x", &["R&D", "x"]),
            ("series: Life; a novel", &["Life; a novel"]),
            ("tags: [a; b]", &["a; b"]),
            ("authors: [Jane Doe, Jr., Bo Kern, Ph.D.]", &["Jane Doe, Jr.", "Bo Kern, Ph.D."]),
            ("authors: [Jane Doe, V]", &["Jane Doe, V"]),
            ("authors: {name: Jane Doe, suffix: Jr.}", &["Jane Doe, Jr."]),
            ("authors: {first_name: Jane, last_name: Doe, suffix: III}", &["Jane Doe, III"]),
            ("authors: {username: j, full_name: Jane Doe}", &["Jane Doe"]),
        ] {
            assert_eq!(named(front), (names.iter().map(ToString::to_string).collect(), Vec::new()), "{front}");
        }
    }

    #[test]
    fn authors_that_may_not_be_meant_are_told() {
        let two = "two authors are read here, `Doe` and `Jane M`";
        assert_eq!(named("author: Doe, Jane M").1, [two]);
        for front in
            ["authors: ines-vale, ann-lee", "author: Reuters, AFP", "author: Ann Lee, Bo Kern", "tags: Doe, Jane"]
        {
            assert_eq!(named(front).1, Vec::<String>::new(), "{front}");
        }
        for front in [
            "author: Jane Doe <jane@paper.example>",
            "author: \"'Jane Doe' <jane@paper.example>\"",
            "author: jane@paper.example (Jane Doe)",
            "authors: [\"Jane Doe [jane@paper.example]\"]",
        ] {
            let told = "the mail address of `Jane Doe` is not printed".to_owned();
            assert_eq!(named(front), (vec!["Jane Doe".to_owned()], vec![told]), "{front}");
        }
        let told = "readers and their robots will see this mail address".to_owned();
        let mail = "jane@paper.example".to_owned();
        assert_eq!(named(&format!("author: {mail}")), (vec![mail], vec![told]));
        assert_eq!(named("author: '@jane'").1, Vec::<String>::new());
    }

    #[test]
    fn plain_text_is_one_clean_line() {
        assert_eq!(plain_line(" Tom &amp; Jerry\n &lt;3 \u{7}x\n"), "Tom & Jerry <3 x");
        assert_eq!(plain_line("\u{a0}Mord\u{202f}: &nbsp;une  enquête\u{a0}"), "Mord\u{202f}: \u{a0}une enquête");
    }
}
