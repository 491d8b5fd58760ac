//! Values of front matter that are more than a line of text: moments, images, sources, corrections and the like, in all
//! the forms in which people write them.

use std::borrow::Cow;

use jiff::tz::TimeZone;

use super::fields::{Field, Fields};
use super::front_matter::Reading;
use super::record::{Access, Attribution, Correction, Coverage, Image, Kind, Text, Withdrawal, Withheld};
use super::time::Timestamp;
use super::withholding::date_with_time;
use super::{keys, withholding};
use crate::diagnostic::did_you_mean;
use crate::site_path;
use crate::yaml::{Content, Entry, Mark, Node};

/// `links`: a list of `{title, url}`, of addresses, or a map of titles to addresses.
pub(super) fn links(fields: &mut Fields<'_>, field: &Field<'_>) -> Vec<(Text<'static>, Text<'static>)> {
    let mut all = Vec::new();
    let mut add = |fields: &mut Fields<'_>, title: Option<Text<'static>>, given: &Field<'_>| {
        let Some(url) = fields.word(given) else { return };
        if site_path::is_script(&url) {
            let message = format!("the address `{}` would run a script", &*url);
            fields.problem(given, message, "begin with https://");
        }
        if let Some(what) = site_path::wrong_address(&url) {
            fields.problem(given, format!("`{}` is {what}", &*url), "begin with https:// and a host");
        }
        all.push((title.unwrap_or_else(|| url.clone()), outside(url)));
    };
    match &field.value.content {
        Content::Map(entries) => {
            for entry in entries {
                if let Some(title) = fields.line(&field.item(&entry.key)) {
                    add(fields, Some(title), &field.item(&entry.value));
                }
            }
        }
        Content::List(items) => {
            for item in items {
                let item = field.item(item);
                const KEYS: [&str; 3] = ["title", "name", "url"];
                for part in item.value.entries().unwrap_or_default() {
                    let hint = did_you_mean(part.name(), KEYS);
                    if let Some(hint) = hint.filter(|_| !KEYS.contains(&&*keys::fold(part.name()))) {
                        let message = format!("unknown key `{}` of `{}`", part.name(), field.name);
                        fields.problem_at(part.key.mark, message, &hint);
                    }
                }
                if item.value.entries().is_some() && item.get("url").is_none() {
                    fields.problem(&item, format!("an entry of `{}` has no `url`", field.name), LINK_FORM);
                    continue;
                }
                let title = ["title", "name"].iter().find_map(|key| item.get(key));
                let title = title.and_then(|title| fields.line(&title));
                add(fields, title, item.get("url").as_ref().unwrap_or(&item));
            }
        }
        Content::Plain(_) | Content::Text(_) => add(fields, None, field),
    }
    all
}

/// `fediverse`: `@name@host`, with or without the first `@`, or the address of a page as Mastodon has it,
/// `https://host/@name`.
pub(super) fn account(fields: &mut Fields<'_>, field: &Field<'_>) -> Option<Text<'static>> {
    let text = fields.word(field)?;
    let parts = match text.strip_prefix("https://").and_then(|rest| rest.trim_end_matches('/').split_once("/@")) {
        Some((host, name)) => name.rsplit_once('@').or(Some((name, host))),
        None => text.strip_prefix('@').unwrap_or(&text).split_once('@'),
    };
    let is_part = |part: &str| {
        let is_fine = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        !part.is_empty() && part.chars().all(is_fine) && !part.starts_with('.') && !part.ends_with('.')
    };
    match parts.filter(|(name, host)| is_part(name) && is_part(host) && host.contains('.')) {
        Some((name, host)) => Some(Text::from(format!("@{name}@{host}"))),
        None => {
            let message = format!("`{}` is not an account in the Fediverse", &*text);
            fields.problem(field, message, "write it as in `@name@host.example`");
            None
        }
    }
}

pub(super) fn moment(fields: &mut Fields<'_>, field: &Field<'_>, reading: &Reading<'_>) -> Option<Timestamp> {
    moment_by(Timestamp::beginning, fields, field, reading)
}

/// The same of what ends then: a fraction of a second does not count.
pub(super) fn moment_of_end(fields: &mut Fields<'_>, field: &Field<'_>, reading: &Reading<'_>) -> Option<Timestamp> {
    moment_by(Timestamp::parse, fields, field, reading)
}

fn moment_by(
    parse: fn(&str, &TimeZone) -> Result<Timestamp, String>,
    fields: &mut Fields<'_>,
    field: &Field<'_>,
    reading: &Reading<'_>,
) -> Option<Timestamp> {
    // Hugo's programs write the first of all days where nothing is set.
    let text = fields.line(field).filter(|text| !text.starts_with("0001-01-01"))?;
    match parse(&text, reading.zone) {
        Ok(moment) => Some(moment),
        Err(message) => {
            let hint = super::time::cure(&text);
            fields.problem(field, message, &hint);
            None
        }
    }
}

pub(super) fn image(fields: &mut Fields<'_>, field: &Field<'_>) -> Option<Image<'static>> {
    let image = image_in(fields, field)?;
    if site_path::is_script(&image.src) {
        fields.problem(field, format!("the address `{}` would run a script", &*image.src), "name a file of the site");
        return None;
    }
    if site_path::is_embedded(&image.src) {
        let message = format!("`{}` holds an image itself, where its address belongs", field.name);
        fields.problem(field, message, "save it as a file beside the article, and write the name of that file");
        return None;
    }
    if let Some(what) = site_path::wrong_address(&image.src) {
        let hint = "write the name of a file beside the article, or an address that begins with https:// and a host";
        fields.problem(field, format!("`{}` is {what}", &*image.src), hint);
        return None;
    }
    let src = if image.src.contains("//") { outside(image.src) } else { image.src };
    Some(Image { src, ..image })
}

/// An address that front matter gives, as it is written wherever it is shown.
fn outside(address: Text<'static>) -> Text<'static> {
    let encoded = match site_path::encoded(&address) {
        Cow::Borrowed(_) => None,
        Cow::Owned(encoded) => Some(encoded),
    };
    encoded.map_or(address, Text::from)
}

fn image_in(fields: &mut Fields<'_>, field: &Field<'_>) -> Option<Image<'static>> {
    let Content::Map(entries) = &field.value.content else {
        // A list is Hugo's `images`: the first one counts.
        let first = field.value.items().map_or(field.value, |items| items.first().unwrap_or(field.value));
        if first.items().is_some_and(<[Node]>::is_empty) {
            return None;
        }
        if first.entries().is_some() {
            return image_in(fields, &field.item(first));
        }
        return fields.word(&field.item(first)).map(|src| Image { src, ..Image::default() });
    };
    if field.value.says_nothing() {
        return None;
    }
    let mut image = Image::default();
    let mut foreign = Vec::new();
    for entry in entries {
        let part = field.within(entry);
        match &*keys::fold(entry.name()) {
            "feature" if image.src.is_empty() => image.src = fields.word(&part).unwrap_or_default(),
            "src" | "url" | "path" | "file" => image.src = fields.word(&part).unwrap_or_default(),
            "alt" => image.alt = fields.line(&part).unwrap_or_default(),
            "caption" => image.caption = fields.line(&part),
            "credit" => image.credit = fields.line(&part),
            "focus" => image.focus = focus(fields, &part),
            "crop" => image.is_whole = fields.boolean(&part) == Some(false),
            // Of the file itself they are known better; a small copy (Jekyll's themes) is made.
            "width" | "height" | "title" | "thumbnail" => {}
            _ => foreign.push(entry),
        }
    }
    let is_there = !image.src.is_empty();
    let meant = |entry: &&Entry| did_you_mean(entry.name(), ["src", "alt", "caption", "credit", "focus", "crop"]);
    // Themes have keys of their own; what is misspelled may be the source.
    let is_of_theme = is_there || !foreign.is_empty() && !foreign.iter().any(|entry| meant(entry).is_some());
    let mut tell = |mark: Mark, message: String, hint: String| match is_of_theme {
        true => fields.doubts.push((mark, message, hint)),
        false => fields.problem_at(mark, message, &hint),
    };
    for entry in &foreign {
        let hint = meant(entry).unwrap_or_else(|| "the keys are src, alt, caption, credit, focus and crop".into());
        tell(entry.key.mark, format!("unknown key `{}` of `{}`", entry.name(), field.name), hint);
    }
    if !is_there {
        let message = format!("`{}` has no `src`", field.name);
        tell(field.mark(), message, "write `image: { src: tunnel.jpg, alt: … }`".to_owned());
    }
    is_there.then_some(image)
}

/// The point that must be seen: `0.3 0.4`, `30% 40%` or a list of two, from the left and from the top.
fn focus(fields: &mut Fields<'_>, field: &Field<'_>) -> Option<(u8, u8)> {
    let part = |text: &str| {
        let text = text.trim();
        let share = match text.strip_suffix('%') {
            Some(percent) => percent.trim().parse::<f64>().ok()? / 100.0,
            None => text.parse::<f64>().ok()?,
        };
        (0.0..=1.0).contains(&share).then(|| (share * 100.0).round() as u8)
    };
    if field.value.is_null() {
        return None;
    }
    let parts: Vec<Option<u8>> = match &field.value.content {
        Content::List(items) => items.iter().map(|item| item.text().and_then(part)).collect(),
        Content::Plain(text) | Content::Text(text) => {
            text.split([' ', ',']).filter(|text| !text.is_empty()).map(part).collect()
        }
        Content::Map(_) => Vec::new(),
    };
    if let [Some(x), Some(y)] = parts[..] {
        return Some((x, y));
    }
    let message = format!("`{}` is not a valid focal point", field.name);
    fields.problem(field, message, "write how far it is from the left and from the top, such as `focus: 0.3 0.4`");
    None
}

/// A value that may stand alone or in a list.
fn each<T>(
    fields: &mut Fields<'_>,
    field: &Field<'_>,
    one: impl Fn(&mut Fields<'_>, &Field<'_>) -> Option<T>,
) -> Vec<T> {
    match field.value.items() {
        Some(items) if !fields.are_few(field, items.len()) => Vec::new(),
        Some(items) => items.iter().filter_map(|item| one(fields, &field.item(item))).collect(),
        None => one(fields, field).into_iter().collect(),
    }
}

/// Refuses keys that withhold in the entries of sources, names, terms and images: there they withhold nothing, and the
/// entry would be read. `date` is when the article is published: a source may have a date of its own before.
pub(super) fn refuse_withheld(
    fields: &mut Fields<'_>,
    entries: &[Entry],
    date: Option<Timestamp>,
    reading: &Reading<'_>,
) {
    for entry in entries.iter().filter(|entry| entry.value.text().is_none()) {
        let key = keys::fold(entry.name());
        let field = Field::of(entry);
        match &*key {
            "taxonomies" => refuse_withheld(fields, entry.value.entries().unwrap_or_default(), date, reading),
            "authors" | "author" | "tags" | "tag" | "categories" | "category" | "series" | "source" | "sources"
            | "image" | "images" | "featuredimage" => {
                let items = entry.value.items().unwrap_or(std::slice::from_ref(&entry.value));
                let is_read = |map: &&Node| !(key.starts_with("tag") && is_internal(map));
                for map in items.iter().filter(is_read).filter_map(Node::entries) {
                    map.iter().for_each(|part| refuse_part(fields, &field, (part, map), date, reading));
                }
            }
            _ => {}
        }
    }
}

/// Refuses one key of such an entry, beside others.
fn refuse_part(
    fields: &mut Fields<'_>,
    field: &Field<'_>,
    (part, beside): (&Entry, &[Entry]),
    date: Option<Timestamp>,
    reading: &Reading<'_>,
) {
    /// What else may say of a person that the name is not to be told.
    const UNNAMED: &str = "anon,anonymous,anonymised,anonymized,donotidentify,donotname,\
         namewithheld,notforattribution,offrecord,offtherecord,unnamed,withholdname";
    let folded = keys::fold(part.name());
    let is_unnamed = || UNNAMED.split(',').any(|word| word == folded.strip_prefix("is").unwrap_or(&folded));
    let mut doubts = Fields::new(fields.path, fields.text);
    let said = withholding::said(&mut doubts, part, beside, reading);
    // A person or a series has a state of its own.
    let is_in_doubt = !doubts.problems.is_empty()
        && (!matches!(&*folded, "status" | "state" | "stage" | "phase")
            || withholding::is_waiting(part.value.text().unwrap_or_default()));
    let is_to_come = |at| !withholding::is_date_of_publication(part.name()) || date.is_some_and(|date| at > date);
    let is_refused = said.draft
        || said.expires.is_some()
        || said.publish.is_some_and(is_to_come)
        || is_in_doubt
        || is_unnamed() && !withholding::is_false(&part.value);
    if is_refused {
        let message = format!("`{}` withholds nothing in `{}`: the entry would be published", part.name(), field.name);
        fields.problem_at(part.key.mark, message, "remove the whole entry, or the key if it means something else");
    }
}

/// Whether a map is a tag by which Ghost sorts articles for itself.
pub(super) fn is_internal(map: &Node) -> bool {
    map.get("visibility").and_then(Node::text) == Some("internal")
}

/// Doubts keys that are not read in the entries of sources or of corrections. `name` is the folded name of the list.
pub(super) fn doubt_keys_of_entries(fields: &mut Fields<'_>, field: &Field<'_>, name: &str) {
    let (known, form): (&[&str], _) = match name {
        "corrections" | "correction" => (&["date", "text"], CORRECTION_FORM),
        _ => (&["name", "title", "url"], SOURCE_FORM),
    };
    let items = field.value.items().unwrap_or(std::slice::from_ref(field.value));
    for entry in items.iter().filter_map(Node::entries).flatten() {
        let folded = keys::fold(entry.name());
        // A key that could withhold the entry is heard, or refused, elsewhere.
        if known.contains(&&*folded) || withholding::is_heard(&folded) {
            continue;
        }
        let hint = match &*folded {
            "link" | "href" | "uri" | "address" if known.contains(&"url") => "write `url`".to_owned(),
            _ => did_you_mean(entry.name(), known.iter().copied()).unwrap_or_else(|| form.to_owned()),
        };
        fields.doubts.push((entry.key.mark, format!("unknown key `{}` of `{}`", entry.name(), field.name), hint));
    }
}

const LINK_FORM: &str = "write `links: [{ title: …, url: … }]`";
const SOURCE_FORM: &str = "write `source: { name: …, url: … }`";
const CORRECTION_FORM: &str = "write `corrections: [{ date: 2026-11-21, text: … }]`";

pub(super) fn attributions(fields: &mut Fields<'_>, field: &Field<'_>) -> Vec<Attribution<'static>> {
    doubt_keys_of_entries(fields, field, "sources");
    each(fields, field, |fields, field| {
        if field.value.says_nothing() {
            return None;
        }
        if field.value.entries().is_none() {
            return fields.line(field).map(|name| Attribution { name, url: None });
        }
        let given = field.get("url");
        let url = given.as_ref().and_then(|url| fields.word(url));
        if let (Some(url), Some(given)) = (&url, &given)
            && !(url.starts_with("https://") || url.starts_with("http://") || url.starts_with('/'))
        {
            fields.problem(given, format!("`{}` is not an address", &**url), "begin with https://");
        } else if let (Some(url), Some(given)) = (&url, &given)
            && let Some(what) = site_path::wrong_address(url)
        {
            fields.problem(given, format!("`{}` is {what}", &**url), "begin with https:// and a host");
        }
        let name = ["name", "title"].iter().find_map(|name| field.get(name)).and_then(|name| fields.line(&name));
        match name.or_else(|| url.clone()) {
            Some(name) => Some(Attribution { name, url: url.map(outside) }),
            None => {
                let message = format!("`{}` has no `name`", field.name);
                fields.problem(field, message, SOURCE_FORM);
                None
            }
        }
    })
}

pub(super) fn corrections(
    fields: &mut Fields<'_>,
    field: &Field<'_>,
    reading: &Reading<'_>,
) -> Vec<Correction<'static>> {
    doubt_keys_of_entries(fields, field, "corrections");
    each(fields, field, |fields, field| {
        if field.value.says_nothing() {
            return None;
        }
        let is_text = |text: &str| {
            let is_truth = matches!(&*text.trim().to_lowercase(), "true" | "false" | "yes" | "no");
            !is_truth && Timestamp::parse(text, reading.zone).is_err()
        };
        if field.value.text().is_some_and(|text| !is_text(text)) {
            fields.problem(field, "a correction has no `text`", CORRECTION_FORM);
            return None;
        }
        if field.value.entries().is_none() {
            return fields.markdown(field).map(|text| Correction { text, ..Correction::default() });
        }
        let withheld = withheld(fields, field, reading);
        let date = field.get("date").and_then(|date| {
            let whole = date_with_time(date.value, field.value.entries()?);
            moment(fields, &Field { value: whole.as_ref().unwrap_or(date.value), ..date }, reading)
        });
        let date = date.max(withheld.publish);
        match field.get("text").and_then(|text| fields.markdown(&text)) {
            Some(text) => Some(Correction { date, text, is_draft: withheld.draft, mentions: Vec::new() }),
            None => {
                fields.problem(field, "a correction has no `text`", CORRECTION_FORM);
                None
            }
        }
    })
}

/// Whether a value of `withdrawn` is meant to tell readers why: it has a `reason`, or a key that is one but for a slip.
pub(super) fn tells_why(field: &Field<'_>) -> bool {
    let mut names = field.value.entries().unwrap_or_default().iter().map(|entry| entry.name());
    names.any(|name| keys::fold(name) == "reason" || did_you_mean(name, ["reason"]).is_some())
}

/// `withdrawn: { date, reason }`: what readers are told once an article is withdrawn; nothing without a reason.
pub(super) fn withdrawal(
    fields: &mut Fields<'_>,
    field: &Field<'_>,
    reading: &Reading<'_>,
) -> Option<Withdrawal<'static>> {
    const FORM: &str = "write `withdrawn: { date: 2026-11-28T10:00, reason: Why, for readers }`";
    for entry in field.value.entries().unwrap_or_default() {
        if !matches!(&*keys::fold(entry.name()), "date" | "reason") {
            let hint = did_you_mean(entry.name(), ["date", "reason"]).unwrap_or_else(|| FORM.into());
            let message = format!("unknown key `{}` of `{}`", entry.name(), field.name);
            fields.problem_at(entry.key.mark, message, &hint);
        }
    }
    let date = field.get("date").filter(|date| !date.value.says_nothing());
    let Some(date) = date else {
        fields.problem(field, format!("`{}` does not say when", field.name), FORM);
        return None;
    };
    let date = moment(&mut Fields::new("", ""), &date, reading)?;
    let reason = field.get("reason").and_then(|reason| fields.markdown(&reason))?;
    Some(Withdrawal { date, reason })
}

/// What an entry says of the time in which it may be seen. It has no end.
fn withheld(fields: &mut Fields<'_>, field: &Field<'_>, reading: &Reading<'_>) -> Withheld {
    let mut withheld = Withheld::default();
    let entries = field.value.entries().unwrap_or_default();
    for entry in entries {
        let said = withholding::said(fields, entry, entries, reading);
        withheld.draft |= said.draft;
        withheld.publish = withheld.publish.max(said.publish);
        if said.expires.is_some() {
            let message = format!("`{}` withdraws nothing in `{}`", entry.name(), field.name);
            fields.problem_at(entry.key.mark, message, "remove the entry when its time has come");
        }
    }
    withheld
}

/// Where an article was published first: an address, or a path of the site.
pub(super) fn canonical(fields: &mut Fields<'_>, field: &Field<'_>) -> Option<Text<'static>> {
    let address = fields.word(field)?;
    let is_path = address.starts_with('/') && !address.starts_with("//");
    let is_address = url::Url::parse(&address).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if is_path || is_address {
        return Some(outside(address));
    }
    fields.problem(
        field,
        format!("`{}` is not an address", &*address),
        "write where the article was published first, beginning with https://, or with a slash on this site",
    );
    None
}

/// `coverage: {start, end}` of live coverage.
pub(super) fn coverage(fields: &mut Fields<'_>, field: &Field<'_>, reading: &Reading<'_>) -> Option<Coverage> {
    const FORM: &str = "write `coverage: { start: 2026-11-23T14:00, end: 2026-11-23T22:00 }`";
    if field.value.says_nothing() {
        return None;
    }
    let Some(entries) = field.value.entries() else {
        fields.problem(field, format!("`{}` has no `start` and no `end`", field.name), FORM);
        return None;
    };
    let mut coverage = Coverage::default();
    for entry in entries {
        let part = field.within(entry);
        match &*keys::fold(entry.name()) {
            "start" => coverage.start = moment(fields, &part, reading),
            "end" => coverage.end = moment(fields, &part, reading),
            _ => {
                let hint = did_you_mean(entry.name(), ["start", "end"]).unwrap_or_else(|| FORM.into());
                let message = format!("unknown key `{}` of `{}`", entry.name(), field.name);
                fields.problem_at(entry.key.mark, message, &hint);
            }
        }
    }
    if let (Some(start), Some(end), Some(given)) = (coverage.start, coverage.end, field.get("end"))
        && end < start
    {
        fields.problem(&given, "the coverage ends before it starts", "put the later moment behind `end`");
    }
    Some(coverage)
}

/// Doubts the times of a coverage of an article that is none.
pub(super) fn doubt_coverage(fields: &mut Fields<'_>, entries: &[Entry]) {
    let of = |name: &str| entries.iter().find(|entry| keys::fold(entry.name()) == name);
    let is_live = || of("kind").and_then(|kind| kind.value.text()).is_some_and(|kind| keys::fold(kind) == "live");
    let has_time = |given: &&Entry| given.value.entries().is_some_and(|parts| !parts.is_empty());
    if let Some(given) = of("coverage").filter(has_time).filter(|_| !is_live()) {
        let message = format!("`{}` has no effect: this is not live coverage", given.name());
        fields.doubts.push((given.key.mark, message, "add `kind: live`, or remove the key".to_owned()));
    }
}

pub(super) fn access(fields: &mut Fields<'_>, field: &Field<'_>) -> Access {
    let Some(name) = fields.word(field) else { return Access::default() };
    let name = keys::fold(&name);
    // Joomla's number of the public.
    if withholding::is_everybody(&name) || name == "1" {
        return Access::Free;
    }
    Access::ALL.into_iter().find(|access| access.name() == &*name).unwrap_or_else(|| {
        let names = Access::ALL.map(Access::name);
        let hint = did_you_mean(&name, names).unwrap_or_else(|| format!("use {}", names.join(" or ")));
        fields.problem(field, format!("unknown access `{}`", &*name), &hint);
        Access::default()
    })
}

pub(super) fn kind(fields: &mut Fields<'_>, field: &Field<'_>) -> Kind {
    let Some(name) = fields.word(field) else { return Kind::default() };
    Kind::ALL.into_iter().find(|kind| kind.name() == &*name).unwrap_or_else(|| {
        let names = Kind::ALL.map(Kind::name);
        let hint = did_you_mean(&name, names).unwrap_or_else(|| format!("the kinds are {}", names.join(", ")));
        fields.problem(field, format!("unknown kind `{}`", &*name), &hint);
        Kind::default()
    })
}
