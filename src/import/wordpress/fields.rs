//! An item of an export as a record: dates, terms, authors, fields of plug-ins, comments.

use std::io;

use serde_json::{Map, Value};

use super::access::{expires, for_some_only};
use super::terms::{self, Terms, author_id};
use super::wxr::{Texts, WxrItem};
use super::{State, Waiting, blocks, builder, format, media, menu, php, record};
use crate::import::item::{Author, Comment, Correction, Image, Item, Note, Origin, Record, Source};
use crate::import::{Reading, can_be_public};

/// Posts that are no content: settings, templates, histories.
const INTERNAL: [&str; 22] = [
    "revision",
    "wp_navigation",
    "wp_template",
    "wp_template_part",
    "wp_global_styles",
    "custom_css",
    "customize_changeset",
    "oembed_cache",
    "user_request",
    "wp_font_family",
    "wp_font_face",
    "acf-field",
    "acf-field-group",
    "elementor_library",
    "elementor_snippet",
    "jp_pay_order",
    "amn_mi-lite",
    "wpcf7_contact_form",
    "feedback",
    "mc4wp-form",
    "wpforms",
    "scheduled-action",
];

/// What hidden fields begin with that are read, or that say nothing to readers.
const HOUSEKEEPING: [&str; 27] = [
    "_aioseo",
    "_credit",
    "_edit_",
    "_elementor_",
    "_encloseme",
    "_genesis_",
    "_is_paid",
    "_jetpack_",
    "_media_credit",
    "_members_access_role",
    "_menu_item",
    "_navis_",
    "_oembed_",
    "_pingme",
    "_primary_term",
    "_publicize",
    "_seopress_",
    "_subtitle",
    "_tc_post_format",
    "_thumbnail_id",
    "_wlm_protected",
    "_wp_",
    "_wpas_",
    "_wpcom_",
    "_wpml_",
    "_yoast_",
    "_yst_",
];

/// The largest field that is kept, in bytes.
const LONGEST_FIELD: usize = 16 << 10;

/// Takes an item.
pub(super) fn item(name: &str, item: WxrItem, state: &mut State, reading: &mut Reading<'_>) -> io::Result<()> {
    let kind = item.text("wp:post_type").to_owned();
    if kind == "page" {
        state.titles.extend(item.text("wp:post_id").parse::<u64>().ok().map(|id| (id, item.text("title").to_owned())));
    }
    match &*kind {
        "attachment" => {
            let media = media(&item);
            let is_hidden = matches!(item.text("wp:status"), "trash" | "private");
            let mut left = |what: &str| reading.report.leave_out(what, 1);
            if media.url.is_empty() || is_hidden {
                left("files that were private, in the bin, or without an address");
                return Ok(());
            }
            if !item.text("content:encoded").is_empty() {
                left("descriptions of files, besides their captions");
            }
            reading.record(Record::Media(media))
        }
        "nav_menu_item" => {
            menu::take(&item, state);
            Ok(())
        }
        "wp_block" => {
            // One with a password is shown nowhere.
            let is_public = item.text("wp:status") == "publish" && password(&item).is_empty();
            if let (Ok(number), true) = (item.text("wp:post_id").parse(), is_public) {
                let text = without_hidden(item.text("content:encoded"), reading);
                state.restricted.extend(for_some_only(&item, &text).map(|reason| (number, reason)));
                reading.shared.blocks.insert(number, text);
            }
            Ok(())
        }
        "guest-author" => {
            let login = item.meta("cap-user_login").or(Some(item.text("wp:post_name"))).unwrap_or_default();
            let id = author_id(login);
            let text = |key: &str| item.meta(key).unwrap_or_default().to_owned();
            let name = Some(text("cap-display_name"))
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| item.text("title").to_owned());
            state.terms.authors.insert(login.to_owned(), id.clone());
            let links = Some(text("cap-website")).filter(|link| link.starts_with("http")).into_iter().collect();
            reading.record(Record::Author(Author {
                id,
                name,
                role: text("cap-job_title"),
                biography: text("cap-description"),
                links,
                ..Author::default()
            }))
        }
        "newspack_correction" => {
            let post = item
                .meta("newspack_correction-post-id")
                .or_else(|| item.meta("newspack_correction_post_id"))
                .and_then(|id| id.parse().ok());
            if let (Some(post), "publish") = (post, item.text("wp:status")) {
                let correction = Correction {
                    date: dates(&item, "wp:post_date", &mut Vec::new()).unwrap_or_default(),
                    text: item.text("content:encoded").to_owned(),
                };
                reading.shared.corrections.entry(post).or_default().push(correction);
            }
            Ok(())
        }
        kind if INTERNAL.contains(&kind) => {
            reading.report.leave_out(&format!("posts of the type {kind}"), 1);
            Ok(())
        }
        _ => {
            let mut post = post(name, &item, &kind, state, reading);
            let is_page = kind == "page";
            let shared = blocks::shared_in(&post.body);
            if !shared.is_empty() && can_be_public(&post.status) {
                // What they show is known at the end of the export.
                let known = Item {
                    date: post.date.clone(),
                    status: post.status.clone(),
                    expires: post.expires.clone(),
                    password: post.password.clone(),
                    kind_there: post.kind_there.clone(),
                    tags: post.tags.clone(),
                    authors: post.authors.clone(),
                    ..Item::default()
                };
                state.waiting.push(Waiting { head: reading.heads.len(), is_page, item: known, shared });
                post.status = "with a shared block that nobody has looked at".into();
            }
            reading.record(record(post, is_page))
        }
    }
}

/// A post or page.
fn post(file: &str, item: &WxrItem, kind: &str, state: &mut State, reading: &mut Reading<'_>) -> Item {
    let text = |key: &str| item.text(key).to_owned();
    let mut status = text("wp:status");
    // What the export should say and does not say, a damage may have taken away.
    if item.damage.is_some() {
        status = "damaged in the export".into();
    } else if kind.is_empty() || !says_whether_it_has_a_password(item, state) {
        status = "without a word about passwords in the export".into();
    }
    let link = text("link");
    let mut post = Item {
        title: text("title"),
        body: item.texts.get("content:encoded").cloned().unwrap_or_default(),
        format: format(item),
        date: dates(item, "wp:post_date", &mut state.offsets),
        updated: dates(item, "wp:post_modified", &mut Vec::new()),
        status,
        expires: expires(item),
        password: password(item),
        kind_there: kind.to_owned(),
        slug: without_trash(item.text("wp:post_name")).to_owned(),
        number: item.text("wp:post_id").parse().ok(),
        id: text("guid"),
        summary: text("excerpt:encoded"),
        featured: item.text("wp:is_sticky") == "1",
        comments_open: (item.text("wp:comment_status") == "closed").then_some(false),
        origin: Origin { file: file.to_owned(), line: item.line },
        ..Item::default()
    };
    terms::note(item, &mut state.terms);
    terms_of(item, &link, &state.terms, &mut post, reading);
    authors_of(item, &state.terms, &mut post);
    post.aliases = aliases(item, &link, &post);
    post.url = link;
    fields(item, &mut post, reading);
    post.body = without_hidden(&post.body, reading);
    // What is looked at is what would be shown, whenever that would be.
    let shown = format!("{}\n{}", post.summary, blocks::with_fields(&post.body, &post.extra));
    if let Some(reason) = for_some_only(item, &shown).filter(|_| can_be_public(&post.status)) {
        post.status = reason;
    }
    post.comments = item.comments.iter().filter_map(comment).collect();
    reading.report.comments_left += item.comments.len() - post.comments.len();
    post
}

/// A slug as it was before WordPress put its post into the bin.
fn without_trash(slug: &str) -> &str {
    let Some((before, number)) = slug.rsplit_once("__trashed") else { return slug };
    let is_mark = number.is_empty() || number.strip_prefix('-').is_some_and(|digits| digits.parse::<u32>().is_ok());
    if is_mark && !before.is_empty() { before } else { slug }
}

/// A text without the blocks that its editors have hidden from all readers.
fn without_hidden(text: &str, reading: &mut Reading<'_>) -> String {
    let (text, hidden) = blocks::without_hidden(text);
    reading.report.leave_out("blocks that were hidden from readers", hidden);
    text.into_owned()
}

/// Whether an item says that it has a password, or that it has none. Exports of other programs say nothing; but where
/// others of the export say it, or a name looks like that of the field, a damage may have taken the word away.
fn says_whether_it_has_a_password(item: &WxrItem, state: &mut State) -> bool {
    const FIELD: &str = "wp:post_password";
    if item.texts.contains_key(FIELD) {
        state.names_passwords = true;
        return true;
    }
    let is_like = |name: &str| strsim::levenshtein(name, FIELD) <= 4 || name.contains("passw");
    !state.names_passwords && !item.texts.keys().any(|name| is_like(name))
}

/// The password of a post. A blank is one; a line break is how somebody has laid out the export.
fn password(item: &WxrItem) -> String {
    let given = item.texts.get("wp:post_password").map(String::as_str).unwrap_or_default();
    let is_layout = given.trim().is_empty() && given.contains('\n');
    if is_layout { String::new() } else { given.to_owned() }
}

/// A date with its offset, if the export knows it.
fn dates(item: &WxrItem, key: &str, offsets: &mut Vec<(i64, i32)>) -> Option<String> {
    /// Moments that are enough to guess a zone.
    const ENOUGH: usize = 2000;
    let local = item.text(key);
    let gmt = item.text(&format!("{key}_gmt"));
    let parse = |text: &str| jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok();
    let is_there = |text: &str| !text.is_empty() && !text.starts_with("0000");
    match (parse(local).filter(|_| is_there(local)), parse(gmt).filter(|_| is_there(gmt))) {
        (Some(local), Some(gmt)) => {
            let moment = gmt.in_tz("UTC").ok()?.timestamp();
            let as_utc = local.in_tz("UTC").ok()?.timestamp();
            let offset = i32::try_from(as_utc.as_second() - moment.as_second()).unwrap_or(i32::MAX);
            if offset.abs() > 15 * 3600 || offset % 900 != 0 {
                return Some(format!("{}Z", gmt.strftime("%Y-%m-%dT%H:%M:%S")));
            }
            if offsets.len() < ENOUGH {
                offsets.push((moment.as_second(), offset));
            }
            let sign = if offset < 0 { '-' } else { '+' };
            let (hours, minutes) = (offset.abs() / 3600, offset.abs() % 3600 / 60);
            Some(format!("{}{sign}{hours:02}:{minutes:02}", local.strftime("%Y-%m-%dT%H:%M:%S")))
        }
        (None, Some(gmt)) => Some(format!("{}Z", gmt.strftime("%Y-%m-%dT%H:%M:%S"))),
        (Some(local), None) => Some(local.strftime("%Y-%m-%dT%H:%M:%S").to_string()),
        (None, None) => is_there(local).then(|| local.to_owned()),
    }
}

/// Section, tags and other taxonomies.
fn terms_of(item: &WxrItem, link: &str, terms: &Terms, post: &mut Item, reading: &Reading<'_>) {
    let categories: Vec<&super::wxr::Category> =
        item.categories.iter().filter(|one| one.domain == "category").collect();
    let primary = ["_yoast_wpseo_primary_category", "rank_math_primary_category", "_primary_term_category"]
        .iter()
        .find_map(|key| item.meta(key)?.parse().ok());
    let by_primary = primary.and_then(|id| terms.category_of(id)).map(|term| term.slug.as_str());
    let path: Vec<&str> = link.split('/').skip(3).collect();
    let id_of = |slug: &str| terms.categories.get(slug).map_or(terms::UNNUMBERED, |term| term.id);
    let is_plain = |slug: &str| slug == "uncategorized";
    let in_address = || categories.iter().map(|one| one.nicename.as_str()).rfind(|slug| path.contains(slug));
    let oldest = || {
        categories.iter().map(|one| one.nicename.as_str()).filter(|slug| !is_plain(slug)).min_by_key(|slug| id_of(slug))
    };
    let section = by_primary
        .filter(|slug| categories.iter().any(|one| one.nicename == *slug))
        .or_else(in_address)
        .or_else(oldest);
    let section = section.or_else(|| categories.first().map(|one| one.nicename.as_str())).unwrap_or_default();
    // What nobody has put into a category is news.
    let is_nothing = is_plain(section) && !reading.options.sections.contains_key(section);
    post.section = if is_nothing { String::new() } else { section.to_owned() };
    let mut others: Map<String, Value> = Map::new();
    for one in &item.categories {
        let name = html_escape::decode_html_entities(one.name.trim()).into_owned();
        match &*one.domain {
            _ if name.is_empty() => {}
            "category" if one.nicename == section || is_plain(&one.nicename) => {}
            "category" | "post_tag" => post.tags.push(name),
            "series" => post.series = name,
            "author" | "nav_menu" | "wp_theme" | "language" | "post_translations" | "wp_pattern_category" => {}
            "newspack_spnsrs_tax" => {
                post.kind = "sponsored".into();
                push(&mut others, "sponsors", name);
            }
            "post_format" => {
                _ = others.insert("post_format".into(), one.nicename.trim_start_matches("post-format-").into())
            }
            domain => push(&mut others, domain, name),
        }
    }
    post.extra.extend(others);
}

fn push(map: &mut Map<String, Value>, key: &str, name: String) {
    if let Value::Array(list) = map.entry(key.to_owned()).or_insert_with(|| Value::Array(Vec::new())) {
        list.push(name.into());
    }
}

/// Authors: those of Co-Authors Plus, else the one of WordPress.
fn authors_of(item: &WxrItem, terms: &Terms, post: &mut Item) {
    let id_of = |login: &str| terms.authors.get(login).cloned();
    for one in item.categories.iter().filter(|one| one.domain == "author") {
        let login = one.nicename.strip_prefix("cap-").unwrap_or(&one.nicename);
        let id = id_of(login).or_else(|| terms.authors.values().find(|id| **id == author_id(login)).cloned());
        post.authors.push(id.unwrap_or_else(|| one.name.trim().to_owned()));
    }
    if post.authors.is_empty() {
        let login = item.text("dc:creator");
        let author = id_of(login).unwrap_or_else(|| login.split('@').next().unwrap_or_default().to_owned());
        post.authors.extend(Some(author).filter(|author| !author.is_empty()));
    }
}

/// Other addresses of a post: its former slugs and dates, and its further pages.
fn aliases(item: &WxrItem, link: &str, post: &Item) -> Vec<String> {
    let mut aliases = Vec::new();
    let has_path = !link.contains('?') && !link.is_empty();
    let pages = post.body.matches("<!--nextpage-->").count();
    if has_path && pages > 0 {
        let slash = if link.ends_with('/') { "" } else { "/" };
        aliases.extend((2..=(pages + 1).min(200)).map(|page| format!("{link}{slash}{page}/")));
    }
    for (key, value) in &item.meta {
        let value = value.trim();
        let other = match &**key {
            "_wp_old_slug" if has_path && !post.slug.is_empty() => {
                link.rfind(&*post.slug).map(|at| format!("{}{value}{}", &link[..at], &link[at + post.slug.len()..]))
            }
            "_wp_old_date" if has_path => {
                let date = post.date.as_deref().and_then(|date| date.get(..10)).map(|date| date.replace('-', "/"));
                date.filter(|date| link.contains(date.as_str()))
                    .map(|date| link.replace(&date, &value.replace('-', "/")))
            }
            _ => None,
        };
        aliases.extend(other.filter(|other| !value.is_empty() && other != link));
    }
    aliases
}

/// Whether a field may hold something that is nobody's business.
fn is_secret(key: &str, value: &str) -> bool {
    const WORDS: [&str; 19] = [
        "password",
        "passwd",
        "secret",
        "token",
        "api_key",
        "apikey",
        "api-key",
        "private_key",
        "auth",
        "email",
        "e-mail",
        "phone",
        "iban",
        "credential",
        "access_key",
        "client_key",
        "license_key",
        "licence_key",
        "nonce",
    ];
    /// What keys of well-known services begin with.
    const KEYS: [&str; 9] =
        ["sk_live_", "sk_test_", "rk_live_", "AKIA", "ghp_", "github_pat_", "xoxb-", "-----BEGIN", "eyJhbGciOi"];
    let key = key.to_ascii_lowercase();
    let is_address = value.contains('@')
        && !value.contains(char::is_whitespace)
        && value.rsplit('@').next().is_some_and(|host| host.contains('.'));
    let is_key = KEYS.iter().any(|start| value.starts_with(start));
    WORDS.iter().any(|word| key.contains(word)) && !key.contains("author") || is_address || is_key
}

/// Whether a field, or one within it, may hold something that is nobody's business.
fn holds_secret(key: &str, value: &Value) -> bool {
    match value {
        Value::Object(map) => is_secret(key, "") || map.iter().any(|(key, value)| holds_secret(key, value)),
        Value::Array(list) => is_secret(key, "") || list.iter().any(|value| holds_secret(key, value)),
        Value::String(text) => is_secret(key, text.trim()),
        _ => is_secret(key, ""),
    }
}

/// The fields of WordPress and its plug-ins.
fn fields(item: &WxrItem, post: &mut Item, reading: &mut Reading<'_>) {
    const MOST: usize = 100;
    let meta = |key: &str| item.meta(key).map(str::to_owned);
    if let Some(number) = item.meta("_thumbnail_id").and_then(|id| id.parse::<u64>().ok()) {
        post.image = Some(Image { src: format!("/?attachment_id={number}"), ..Image::default() });
    }
    let first = |keys: &[&str]| keys.iter().find_map(|key| meta(key));
    if let Some(description) =
        first(&["_yoast_wpseo_metadesc", "rank_math_description", "_aioseo_description", "_aioseop_description"])
    {
        if post.summary.is_empty() && !description.contains("%%") {
            post.summary.clone_from(&description);
        } else {
            post.extra.insert("seo_description".into(), description.into());
        }
    }
    if let Some(title) = first(&["_yoast_wpseo_title", "rank_math_title", "_aioseo_title", "_aioseop_title"])
        .filter(|title| !title.contains("%%"))
    {
        post.extra.insert("seo_title".into(), title.into());
    }
    post.canonical =
        first(&["_yoast_wpseo_canonical", "rank_math_canonical_url", "dt_original_post_url"]).unwrap_or_default();
    if let Some(name) = meta("dt_original_site_name") {
        post.source = Some(Source { name, url: meta("dt_original_post_url").unwrap_or_default() });
    }
    post.noindex = is_unlisted(item);
    if let Some(subtitle) = first(&["newspack_post_subtitle", "_subtitle", "subtitle", "kicker"]) {
        post.extra.insert("subtitle".into(), subtitle.into());
    }
    if item.meta("_elementor_edit_mode") == Some("builder") {
        let data = item.meta("_elementor_data").filter(|_| post.body.trim().is_empty());
        if let Some(data) = data.and_then(|data| serde_json::from_str(data).ok()) {
            post.body = builder::said(&data);
        }
        reading.report.unknown("page builder Elementor".into(), &post.origin.to_string());
    }
    if let Some(notes) = item.meta("footnotes").filter(|_| blocks::has_blocks(&post.body)) {
        match serde_json::from_str::<Vec<Note>>(notes) {
            Ok(notes) => post.notes = notes,
            Err(_) => reading.report.remark(post.origin.to_string(), "its footnotes cannot be read"),
        }
    }
    let mut custom = Map::new();
    let known = [
        "footnotes",
        "subtitle",
        "kicker",
        "newspack_post_subtitle",
        "credit",
        "dt_original_post_url",
        "dt_original_site_name",
        "rank_math_title",
        "rank_math_description",
        "rank_math_canonical_url",
        "rank_math_primary_category",
        "rank_math_robots",
    ];
    let mut left = |what: &str| reading.report.leave_out(what, 1);
    for (key, value) in &item.meta {
        let value = value.trim();
        if key.is_empty() || value.is_empty() || known.contains(&&**key) {
            continue;
        }
        if key.starts_with('_') {
            // WordPress hides them from its own editors; those of plug-ins may have said something.
            if !HOUSEKEEPING.iter().any(|start| key.starts_with(start)) {
                left("hidden fields of plug-ins (their names begin with _)");
            }
            continue;
        }
        if value.len() > LONGEST_FIELD || key.len() > 100 || custom.len() >= MOST {
            left("fields that are larger than 16 KiB, or beyond the first hundred");
            continue;
        }
        let value = php::value(value).unwrap_or_else(|| Value::from(value));
        if holds_secret(key, &value) {
            left("fields that look like secrets or addresses of people");
            continue;
        }
        custom.insert(key.clone(), value);
    }
    for (key, value) in custom {
        post.extra.entry(key).or_insert(value);
    }
}

/// Whether a plug-in asked search engines not to list the post: Yoast, Rank Math, SEOPress, All in One SEO, The SEO
/// Framework.
fn is_unlisted(item: &WxrItem) -> bool {
    let is = |key: &str, value: &str| item.meta(key) == Some(value);
    let is_of_robots = |key: &str| item.meta(key).is_some_and(|robots| robots.contains("noindex"));
    is("_yoast_wpseo_meta-robots-noindex", "1")
        || is_of_robots("rank_math_robots")
        || is("_seopress_robots_index", "yes")
        || is("_aioseop_noindex", "on")
        || is("_genesis_noindex", "1")
}

/// A comment or review of a reader; none for pings, and for notes of editors and shops.
fn comment(texts: &Texts) -> Option<Comment> {
    let text = |key: &str| texts.get(key).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if !matches!(text("wp:comment_type").as_deref(), None | Some("comment" | "review")) {
        return None;
    }
    let status = match text("wp:comment_approved").as_deref() {
        Some("1") => "approved",
        Some("0") => "pending",
        _ => "left",
    };
    Some(Comment {
        id: format!("wp-{}", text("wp:comment_id")?),
        parent: text("wp:comment_parent").filter(|id| id != "0").map(|id| format!("wp-{id}")),
        name: text("wp:comment_author").unwrap_or_default(),
        email: text("wp:comment_author_email").unwrap_or_default(),
        website: text("wp:comment_author_url"),
        date: text("wp:comment_date_gmt")
            .filter(|date| !date.starts_with("0000"))
            .map(|date| format!("{}Z", date.replacen(' ', "T", 1)))
            .or_else(|| {
                text("wp:comment_date").filter(|date| !date.starts_with("0000")).map(|date| date.replacen(' ', "T", 1))
            }),
        text: text("wp:comment_content").unwrap_or_default(),
        status: status.into(),
    })
}
