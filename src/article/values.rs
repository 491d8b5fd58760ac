//! Values of front matter that are more than a line of text: moments, pictures, sources, corrections and the like, in all
//! the forms in which people write them.

use serde_yaml::Value;

use super::fields::{Fields, clean, plain_line};
use super::front_matter::Reading;
use super::record::{Access, Attribution, Correction, Coverage, Kind, Picture, Text};
use super::time::Timestamp;
use crate::diagnostic::did_you_mean;

/// `links`: a list of `{title, url}`, of addresses, or a map of titles to addresses.
pub(super) fn links(fields: &mut Fields<'_>, value: &Value) -> Vec<(Text<'static>, Text<'static>)> {
    let mut all = Vec::new();
    match value {
        Value::Mapping(map) => {
            for (title, url) in map {
                if let (Some(title), Some(url)) = (fields.line("links", title), fields.line("links", url)) {
                    all.push((title, url));
                }
            }
        }
        Value::Sequence(items) => {
            for item in items {
                let url = item.get("url").unwrap_or(item);
                let Some(url) = fields.line("links", url) else { continue };
                let title = ["title", "name"]
                    .iter()
                    .find_map(|key| item.get(*key))
                    .and_then(|title| fields.line("links", title));
                all.push((title.unwrap_or_else(|| url.clone()), url));
            }
        }
        Value::Null => {}
        other => all.extend(fields.line("links", other).map(|url| (url.clone(), url))),
    }
    all
}

pub(super) fn moment(fields: &mut Fields<'_>, key: &str, value: &Value, reading: &Reading<'_>) -> Option<Timestamp> {
    let text = fields.line(key, value)?;
    match Timestamp::parse(&text, reading.zone) {
        Ok(moment) => Some(moment),
        Err(message) => {
            fields.problem(key, message, "write `2026-11-23` or `2026-11-23T14:05:00+01:00`");
            None
        }
    }
}

pub(super) fn picture(fields: &mut Fields<'_>, key: &str, value: &Value) -> Option<Picture<'static>> {
    let Value::Mapping(map) = value else {
        // A list is Hugo's `images`: the first one counts.
        let first = value.as_sequence().and_then(|all| all.first()).unwrap_or(value);
        return fields.line(key, first).map(|src| Picture { src, ..Picture::default() });
    };
    let mut picture = Picture::default();
    for (name, value) in map {
        let name = name.as_str().unwrap_or_default();
        let full = format!("{key}.{name}");
        match name {
            "src" | "url" | "path" | "file" => picture.src = fields.line(&full, value).unwrap_or_default(),
            "alt" => picture.alt = fields.line(&full, value).unwrap_or_default(),
            "caption" => picture.caption = fields.line(&full, value),
            "credit" => picture.credit = fields.line(&full, value),
            "focus" => picture.focus = focus(fields, &full, value),
            "crop" => picture.is_whole = fields.boolean(&full, value) == Some(false),
            // Of the file itself they are known better; a small copy (Jekyll's themes) is made.
            "width" | "height" | "title" | "thumbnail" => {}
            other => {
                let hint = did_you_mean(other, ["src", "alt", "caption", "credit", "focus", "crop"])
                    .unwrap_or_else(|| "the keys are src, alt, caption, credit, focus and crop".into());
                fields.wrong_key(&full, format!("unknown key `{other}` of `{key}`"), &hint);
            }
        }
    }
    if picture.src.is_empty() {
        if !map.is_empty() {
            fields.problem(key, format!("`{key}` has no `src`"), "write `image: { src: tunnel.jpg, alt: … }`");
        }
        return None;
    }
    Some(picture)
}

/// The point that must be seen: `0.3 0.4`, `30% 40%` or a list of two, from the left and from the top.
fn focus(fields: &mut Fields<'_>, key: &str, value: &Value) -> Option<(u8, u8)> {
    let part = |text: &str| {
        let text = text.trim();
        let share = match text.strip_suffix('%') {
            Some(percent) => percent.trim().parse::<f64>().ok()? / 100.0,
            None => text.parse::<f64>().ok()?,
        };
        (0.0..=1.0).contains(&share).then(|| (share * 100.0).round() as u8)
    };
    let parts: Vec<Option<u8>> = match value {
        Value::Null => return None,
        Value::Sequence(items) => items
            .iter()
            .map(|item| match item {
                Value::String(text) => part(text),
                other => part(&other.as_f64()?.to_string()),
            })
            .collect(),
        Value::String(text) => text.split([' ', ',']).filter(|text| !text.is_empty()).map(part).collect(),
        _ => Vec::new(),
    };
    if let [Some(x), Some(y)] = parts[..] {
        return Some((x, y));
    }
    let message = format!("`{key}` is no point of the picture");
    fields.problem(key, message, "write how far it is from the left and from the top, such as `focus: 0.3 0.4`");
    None
}

pub(super) fn attributions(fields: &mut Fields<'_>, key: &str, value: &Value) -> Vec<Attribution<'static>> {
    let one = |fields: &mut Fields<'_>, value: &Value| match value {
        Value::Mapping(map) => {
            let url = map.get("url").and_then(|url| fields.line(&format!("{key}.url"), url));
            if let Some(url) = &url
                && !(url.starts_with("https://") || url.starts_with("http://") || url.starts_with('/'))
            {
                fields.problem(&format!("{key}.url"), format!("`{}` is not an address", &**url), "begin with https://");
            }
            let name = ["name", "title"].iter().find_map(|name| map.get(*name)).and_then(|name| fields.line(key, name));
            match name.or_else(|| url.clone()) {
                Some(name) => Some(Attribution { name, url }),
                None => {
                    fields.problem(key, format!("`{key}` has no `name`"), "write `source: { name: …, url: … }`");
                    None
                }
            }
        }
        other => fields.line(key, other).map(|name| Attribution { name, url: None }),
    };
    match value {
        Value::Sequence(items) => items.iter().filter_map(|item| one(fields, item)).collect(),
        other => one(fields, other).into_iter().collect(),
    }
}

pub(super) fn corrections(
    fields: &mut Fields<'_>,
    key: &str,
    value: &Value,
    reading: &Reading<'_>,
) -> Vec<Correction<'static>> {
    let one = |fields: &mut Fields<'_>, value: &Value| match value {
        Value::Mapping(map) => {
            let date = map.get("date").and_then(|date| moment(fields, &format!("{key}.date"), date, reading));
            match map.get("text").and_then(|text| fields.block(key, text)) {
                Some(text) => Some(Correction { date, text }),
                None => {
                    fields.problem(
                        key,
                        "a correction has no `text`",
                        "write `corrections: [{ date: 2026-11-21, text: … }]`",
                    );
                    None
                }
            }
        }
        other => fields.block(key, other).map(|text| Correction { date: None, text }),
    };
    match value {
        Value::Sequence(items) => items.iter().filter_map(|item| one(fields, item)).collect(),
        other => one(fields, other).into_iter().collect(),
    }
}

/// Where an article was published first: an address, or a path of the site.
pub(super) fn canonical(fields: &mut Fields<'_>, key: &str, value: &Value) -> Option<Text<'static>> {
    let address = fields.line(key, value)?;
    let is_path = address.starts_with('/') && !address.starts_with("//");
    let is_address = url::Url::parse(&address).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if is_path || is_address {
        return Some(address);
    }
    fields.problem(
        key,
        format!("`{}` is not an address", &*address),
        "write where the article was published first, beginning with https://",
    );
    None
}

/// `coverage: {start, end}` of live coverage.
pub(super) fn coverage(fields: &mut Fields<'_>, value: &Value, reading: &Reading<'_>) -> Option<Coverage> {
    const FORM: &str = "write `coverage: { start: 2026-11-23T14:00, end: 2026-11-23T22:00 }`";
    let map = match value {
        Value::Null => return None,
        Value::Mapping(map) => map,
        _ => {
            fields.problem("coverage", "`coverage` has no `start` and no `end`", FORM);
            return None;
        }
    };
    let mut coverage = Coverage::default();
    for (name, value) in map {
        let name = name.as_str().unwrap_or_default();
        let full = format!("coverage.{name}");
        match name {
            "start" => coverage.start = moment(fields, &full, value, reading),
            "end" => coverage.end = moment(fields, &full, value, reading),
            other => {
                let hint = did_you_mean(other, ["start", "end"]).unwrap_or_else(|| FORM.into());
                fields.wrong_key(&full, format!("unknown key `{other}` of `coverage`"), &hint);
            }
        }
    }
    if let (Some(start), Some(end)) = (coverage.start, coverage.end)
        && end < start
    {
        fields.problem("coverage.end", "the coverage ends before it starts", "put the later moment behind `end`");
    }
    Some(coverage)
}

pub(super) fn access(fields: &mut Fields<'_>, value: &Value) -> Access {
    let Some(name) = fields.line("access", value) else { return Access::default() };
    Access::ALL.into_iter().find(|access| access.name() == &*name).unwrap_or_else(|| {
        let names = Access::ALL.map(Access::name);
        let hint = did_you_mean(&name, names).unwrap_or_else(|| format!("use {}", names.join(" or ")));
        fields.problem("access", format!("unknown access `{}`", &*name), &hint);
        Access::default()
    })
}

pub(super) fn kind(fields: &mut Fields<'_>, value: &Value) -> Kind {
    let Some(name) = fields.line("kind", value) else { return Kind::default() };
    Kind::ALL.into_iter().find(|kind| kind.name() == &*name).unwrap_or_else(|| {
        let names = Kind::ALL.map(Kind::name);
        let hint = did_you_mean(&name, names).unwrap_or_else(|| format!("the kinds are {}", names.join(", ")));
        fields.problem("kind", format!("unknown kind `{}`", &*name), &hint);
        Kind::default()
    })
}

/// A YAML value as JSON, for `extra`.
pub fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(yes) => (*yes).into(),
        Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(n), _, _) => n.into(),
            (_, Some(n), _) => n.into(),
            (_, _, Some(n)) => n.into(),
            _ => serde_json::Value::Null,
        },
        Value::String(text) => clean(text).into(),
        Value::Sequence(items) => items.iter().map(json).collect::<Vec<_>>().into(),
        Value::Mapping(map) => {
            let key = |key: &Value| match key {
                Value::String(text) => plain_line(text),
                other => serde_yaml::to_string(other).unwrap_or_default().trim().to_owned(),
            };
            serde_json::Value::Object(map.iter().map(|(k, v)| (key(k), json(v))).collect())
        }
        Value::Tagged(tagged) => json(&tagged.value),
    }
}
