//! The functions and filters of templates. Each function asks one question.

use std::sync::Arc;

use tera::{Error, Kwargs, State, StringInput, Tera, TeraResult, Value};

use crate::article::record::Kind;
use crate::article::slug::slugify;
use crate::article::summary::without_tags;
use crate::article::{LARGEST_TEXT, language};
use crate::config::menus::social_link;
use crate::config::{LanguageId, MenuItem, MenuLink, Slugs, Taxonomy, address};
use crate::diagnostic::{Diagnostic, Place, did_you_mean};
use crate::index::Article;
use crate::locale::{Form, Locale, Moment};
use crate::markdown::{self, Comments};
use crate::query::{Neighbours, Seen, Selection, Subject, ask};
use crate::render::PageRenderer;
use crate::render::output::{card, head, search};
use crate::render::scope::{self, current, notice};
use crate::render::template::{ads, body, comments, context, embed, fragment, front, image, listing, map_of};
use crate::theme::code::Spot;
use crate::theme::errors::TOLD;
use crate::theme::interface::{FUNCTIONS, OUR_FILTERS};
use crate::{site_path, yaml};

/// Registers everything.
pub(in crate::render) fn register(tera: &mut Tera) {
    tera.register_function("head", |args: Kwargs, _: &State| {
        let (renderer, subject) = called(&args, "head")?;
        TeraResult::Ok(Value::safe_string(&(head::head(&renderer, subject) + &code(&renderer, Spot::Head))))
    });
    tera.register_function("articles", articles);
    tera.register_function("neighbours", neighbours);
    tera.register_function("related", related_articles);
    tera.register_function("front", front);
    tera.register_function("sections", sections);
    tera.register_function("terms", terms);
    tera.register_function("menu", menu);
    tera.register_function("languages", languages);
    tera.register_function("colophon", colophon);
    tera.register_function("ads", ads::ads);
    tera.register_function("with_ads", ads::with_ads);
    tera.register_function("share", share);
    tera.register_function("profile", profile);
    tera.register_function("series_neighbours", series_neighbours);
    tera.register_function("fragment", fragment);
    tera.register_function("asset", asset);
    tera.register_function("inline_script", inline_script);
    tera.register_function("end", |args: Kwargs, _: &State| {
        called(&args, "end").map(|(renderer, _)| Value::safe_string(&code(&renderer, Spot::End)))
    });
    tera.register_function("embed", |args: Kwargs, _: &State| {
        let (renderer, _) = called(&args, "embed")?;
        TeraResult::Ok(embed::embed_value(&renderer, args.must_get::<&str>("url")?))
    });
    tera.register_function("image", image);
    tera.register_function("picture", |args: Kwargs, _: &State| image::image(&args));
    tera.register_function("data", data);
    tera.register_function("comments", comments);
    tera.register_function("comment_count", comment_count);
    tera.register_function("corrections", corrections);
    tera.register_function("search_url", |_: Kwargs, _: &State| {
        let (renderer, subject) = renderer()?;
        TeraResult::Ok(Value::from(search::search_url(&renderer, renderer.view.language(subject))))
    });
    tera.register_function("fit_text", card::fit_text);
    tera.register_function("t", text);
    tera.register_function("url", |args: Kwargs, _: &State| {
        let (renderer, subject) = called(&args, "url")?;
        let path = args.must_get::<&str>("path")?;
        let language = renderer.view.language(subject);
        if renderer.config.language(language).prefix == "/" {
            return Ok(address::encode(&renderer.config, path));
        }
        let there = ask::path_in(&renderer.view, language, path);
        TeraResult::Ok(address::encode(&renderer.config, there.as_deref().unwrap_or(path)))
    });
    tera.register_function("joints", list_separators);
    tera.register_filter("date", date);
    tera.register_filter("number", number);
    tera.register_filter("group_by", group_by);
    tera.register_filter("slugify", |text: &str, _: Kwargs, _: &State| slugify(text, Slugs::Transliterate));
    tera.register_filter("absolute", |text: &str, _: Kwargs, _: &State| {
        renderer().map(|(renderer, _)| renderer.config.absolute(text))
    });
    tera.register_filter("markdown", |text: &str, _: Kwargs, _: &State| {
        Value::safe_string(&match renderer() {
            Ok((renderer, subject)) => body::template_markdown(&renderer, subject, text),
            Err(_) => inline_markdown(text),
        })
    });
    tera.register_filter("striptags", |text: StringInput, _: Kwargs, _: &State| {
        html_escape::decode_html_entities(&without_tags(text.as_str())).into_owned()
    });
}

fn renderer() -> TeraResult<(Arc<PageRenderer>, Subject)> {
    current().ok_or_else(|| Error::message("this function can only be called while a page is rendered"))
}

fn articles(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, subject) = called(&args, "articles")?;
    let text = |name: &str| args.get::<&str>(name).map(|value| value.map(str::to_owned));
    let mut terms = Vec::new();
    for (name, taxonomy) in [("tag", Taxonomy::Tags), ("author", Taxonomy::Authors), ("series", Taxonomy::Series)] {
        if let Some(value) = text(name)? {
            terms.push((taxonomy, value));
        }
    }
    let language = match args.get::<&str>("language")? {
        Some(tag) => language::place(tag, &renderer.config.languages)
            .ok_or_else(|| Error::message(format!("the site has no language `{tag}`")))?,
        None => renderer.view.language(subject),
    };
    let kind = text("kind")?;
    if let Some(kind) = kind.as_deref().filter(|kind| !Kind::ALL.iter().any(|known| known.name() == *kind)) {
        let hint = meant(kind, &Kind::ALL.map(Kind::name));
        return Err(Error::message(format!("there is no kind `{kind}` of articles{hint}")));
    }
    let selection = Selection {
        language,
        section: text("section")?,
        terms,
        kind,
        featured: args.get::<bool>("featured")?,
        limit: args.get::<u32>("limit")?.unwrap_or(10),
        offset: args.get::<u32>("offset")?.unwrap_or(0),
    };
    Ok(context::teaser_values(&renderer, &ask::articles(&renderer.view, selection)))
}

fn neighbours(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, subject) = called(&args, "neighbours")?;
    let Some(id) = subject.article() else { return Err(Error::message("neighbours() is for articles")) };
    Ok(neighbours_value(&renderer, ask::neighbours(&renderer.view, id)))
}

/// The parts of the article's series before and behind it.
fn series_neighbours(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, subject) = called(&args, "series_neighbours")?;
    let Some(id) = subject.article() else { return Err(Error::message("series_neighbours() is for articles")) };
    Ok(neighbours_value(&renderer, ask::series_neighbours(&renderer.view, id)))
}

/// The profile of an author by the id that teasers have: portrait, role, biography; none where there is no profile.
fn profile(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, subject) = called(&args, "profile")?;
    let id = args.must_get::<&str>("id")?;
    Ok(fragment::profile_for_page(&renderer, renderer.view.language(subject), id))
}

/// The ways that the owner has chosen to pass the article on: name, address, icon.
fn share(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, subject) = called(&args, "share")?;
    let Some(id) = subject.article() else { return Ok(Value::from(Vec::<Value>::new())) };
    let page = renderer.config.absolute(&renderer.view.get(id).url);
    let entry = renderer.view.entry(renderer.view.row(id));
    let value = |way: &crate::config::Share| {
        let (icon, name) = way.names();
        map_of([
            ("name", name.map_or_else(|| body::text_or(&renderer, "share_email", "Email").into(), Value::from)),
            ("icon", icon.into()),
            ("url", way.address(&page, &entry.core.title).into()),
        ])
    };
    Ok(Value::from(renderer.config.settings.share.iter().map(value).collect::<Vec<_>>()))
}

fn related_articles(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, subject) = called(&args, "related")?;
    let Some(id) = subject.article() else { return Err(Error::message("related() is for articles")) };
    let limit = args.get::<u32>("limit")?.unwrap_or(4);
    let mut ids = ask::related_by_hand(&renderer.view, id, limit as usize);
    let found = ask::related(&renderer.view, id, limit);
    let more: Vec<Seen<Article>> = found.into_iter().filter(|id| !ids.contains(id)).collect();
    ids.extend(more);
    ids.truncate(limit as usize);
    Ok(context::teaser_values(&renderer, &ids))
}

fn front(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, subject) = called(&args, "front")?;
    Ok(front::front(&renderer, subject))
}

fn sections(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, subject) = called(&args, "sections")?;
    let language = renderer.view.language(subject);
    let sections = ask::sections(&renderer.view, language);
    let value = |(section, description): &(crate::index::SectionRef<'_>, &str)| {
        map_of([
            ("name", section.name.into()),
            ("title", section.title.into()),
            ("url", section.url.into()),
            ("description", (*description).into()),
        ])
    };
    Ok(Value::from(sections.iter().map(value).collect::<Vec<_>>()))
}

fn terms(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, subject) = called(&args, "terms")?;
    let language = renderer.view.language(subject);
    let name = args.get::<&str>("taxonomy")?.unwrap_or("tags");
    let Some(taxonomy) = Taxonomy::ALL.into_iter().find(|taxonomy| taxonomy.name() == name) else {
        return Err(Error::message(format!("there is no taxonomy `{name}`: use tags, authors or series")));
    };
    let limit = args.get::<u32>("limit")?.unwrap_or(0);
    Ok(Value::from_serializable(&ask::terms(&renderer.view, language, taxonomy, limit)))
}

fn menu(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, subject) = called(&args, "menu")?;
    let language = renderer.view.language(subject);
    let with_footer = args.get::<bool>("footer")?.unwrap_or(false);
    let menu = ask::menu(&renderer.view, language);
    let child = |child: &MenuLink| map_of([("title", child.title.as_str().into()), ("url", child.url.as_str().into())]);
    let value = |item: &MenuItem| {
        map_of([
            ("title", item.title.as_str().into()),
            ("url", item.url.as_str().into()),
            ("children", item.children.iter().map(child).collect::<Vec<_>>().into()),
        ])
    };
    // What stands in the bar is at the foot of the page already.
    let is_shown = |item: &&MenuItem| {
        !item.footer || with_footer && !menu.iter().any(|other| !other.footer && other.url == item.url)
    };
    Ok(Value::from(menu.iter().filter(is_shown).map(value).collect::<Vec<_>>()))
}

/// What the owner has for the foot of each page: a text, the address of the imprint, pages elsewhere.
fn colophon(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, subject) = called(&args, "colophon")?;
    let language = renderer.view.language(subject);
    let footer = &renderer.config.language(language).footer;
    let imprint = footer.imprint.as_deref().and_then(|imprint| ask::own_link(&renderer.view, language, imprint));
    let social: Vec<_> = renderer.config.settings.social.iter().map(|url| social_link(url)).collect();
    Ok(map_of([
        ("text", Value::safe_string(&own_markdown(&renderer, language, &footer.text))),
        ("imprint", imprint.into()),
        ("social", Value::from_serializable(&social)),
    ]))
}

/// The languages of the site, for a language switch: tag, name, direction of writing, the address of this page in
/// the language or else of its front page, and which of the two it is. Empty where there is one language only.
fn languages(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, subject) = called(&args, "languages")?;
    if !renderer.config.is_multilingual() {
        return Ok(Value::from(Vec::<Value>::new()));
    }
    let own = renderer.view.language(subject);
    let versions = match subject {
        Subject::Output(planned) => ask::versions(&renderer.view, planned),
        Subject::Shared(_) => Vec::new(),
    };
    let value = |(language, there): (LanguageId, &crate::config::Language)| {
        let version = versions.iter().find(|version| version.language == language);
        let front = || address::encode(&renderer.config, &there.prefix);
        map_of([
            ("tag", there.tag.as_str().into()),
            ("name", ask::language_name(&renderer.view, language).into()),
            ("dir", if renderer.locale(language).is_right_to_left { "rtl" } else { "ltr" }.into()),
            ("title", there.title.as_str().into()),
            ("url", version.map_or_else(front, |version| version.url.clone()).into()),
            ("is_current", (language == own).into()),
            ("is_translation", version.is_some().into()),
        ])
    };
    Ok(Value::from(renderer.config.each_language().map(value).collect::<Vec<_>>()))
}

fn fragment(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, subject) = called(&args, "fragment")?;
    let name = args.must_get::<&str>("name")?;
    fragment::fragment_for_page(&renderer, renderer.view.language(subject), name).map_err(Error::message)
}

fn asset(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, _) = called(&args, "asset")?;
    let path = args.must_get::<&str>("path")?.trim_start_matches('/');
    let asset = ask::asset(&renderer.view, path)
        .map_err(|hint| Error::message(format!("the theme has no file `static/{path}`{}", behind(hint))))?;
    Ok(Value::safe_string(&format!("{}{}", renderer.config.base_path, &asset[1..])))
}

/// `{{ inline_script(path="scheme.js") }}`: the theme's `static/inline/scheme.js` as an element `script`.
fn inline_script(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, _) = called(&args, "inline_script")?;
    let path = args.must_get::<&str>("path")?;
    let script = ask::inline_script(&renderer.view, path)
        .map_err(|hint| Error::message(format!("the theme has no file `static/inline/{path}`{}", behind(hint))))?;
    Ok(Value::safe_string(&format!("<script>{}</script>", script.text)))
}

fn image(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, subject) = called(&args, "image")?;
    let src = args.must_get::<&str>("src")?;
    let (path, url) = body::naming_source(&renderer, subject);
    let Some(info) = body::ask_file(&renderer, path, &url, src) else {
        return Ok(Value::none());
    };
    Ok(map_of([
        ("src", info.address.as_str().into()),
        ("width", info.size.map(|(width, _)| width).into()),
        ("height", info.size.map(|(_, height)| height).into()),
    ]))
}

fn data(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, _) = called(&args, "data")?;
    let name = args.must_get::<&str>("name")?;
    let Some(row) = ask::data(&renderer.view, name) else {
        return Err(Error::message(format!("there is no data file `data/{name}.yaml` or `data/{name}.json`")));
    };
    let path = renderer.view.path(row);
    let value = renderer.read(row).map_err(|problem| vec![problem]).and_then(|bytes| data_in(path, &bytes));
    match value {
        Ok(value) => Value::try_from_serializable(&crate::article::json(&value)),
        Err(problems) => {
            notice(problems);
            Err(Error::message(TOLD))
        }
    }
}

/// What a data file says.
fn data_in(path: &str, bytes: &[u8]) -> Result<yaml::Node, Vec<Diagnostic>> {
    if bytes.len() as u64 > LARGEST_TEXT {
        let message = format!("the file has {} bytes, and data have at most {LARGEST_TEXT}", bytes.len());
        return Err(vec![Diagnostic::error(message).at(Place::file(path)).hint("split it")]);
    }
    let text = crate::text::text_of(path, bytes)?;
    let wrong = |error: yaml::Error| vec![error.diagnostic(path, text)];
    // JSON is YAML, so one reader does for both.
    let node = yaml::Node::parse(text, 0).map_err(wrong)?;
    node.refuse_duplicates().map_err(wrong)?;
    Ok(node)
}

fn comments(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, subject) = called(&args, "comments")?;
    match subject.article() {
        Some(id) => Ok(comments::comments(&renderer, id)),
        None => Ok(Value::from(Vec::<Value>::new())),
    }
}

fn comment_count(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, subject) = called(&args, "comment_count")?;
    Ok(Value::from(subject.article().map_or(0, |id| ask::comments(&renderer.view, id).all.len() as u64)))
}

fn corrections(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, subject) = called(&args, "corrections")?;
    let language = renderer.view.language(subject);
    let limit = args.get::<u32>("limit")?.unwrap_or(10);
    Ok(listing::correction_values(&renderer, &ask::newest_corrections(&renderer.view, language, limit)))
}

fn text(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, subject) = renderer()?;
    let language = renderer.view.language(subject);
    let key = args.must_get::<&str>("key")?;
    let texts = ask::texts(&renderer.view, language);
    if args.get::<bool>("forms")?.unwrap_or_default()
        && let Some(forms) = texts.forms(key)
    {
        return Ok(Value::from(forms));
    }
    let Some(text) = texts.get(key, args.get::<i64>("count")?) else {
        let hint = behind(did_you_mean(key, texts.keys()));
        let tag = &renderer.config.language(language).tag;
        return Err(Error::message(format!("the theme has no text `{key}` in i18n/{tag}.yaml{hint}")));
    };
    if !text.contains('{') {
        return Ok(Value::from(text));
    }
    let mut filled = text.to_owned();
    for (name, value) in args.iter() {
        if let Some(name) = name.as_str() {
            let value = match value.as_i64() {
                Some(number) if value.is_number() => renderer.locale(language).integer(number),
                _ => value.to_string(),
            };
            filled = filled.replace(&format!("{{{name}}}"), &value);
        }
    }
    Ok(Value::from(filled))
}

/// What stands before each of the names of a list in the reader's language, as in `A, B and C`:
/// `joints(names=[…])`.
fn list_separators(args: Kwargs, _: &State) -> TeraResult<Value> {
    let (renderer, subject) = called(&args, "joints")?;
    let names = args.must_get::<Vec<&str>>("names")?;
    Ok(Value::from(renderer.locale(renderer.view.language(subject)).list_separators(&names)))
}

/// `{{ term.count | number }}`: a number as the reader's language writes it.
fn number(value: &Value, _: Kwargs, _: &State) -> TeraResult<String> {
    let (renderer, subject) = renderer()?;
    let locale = renderer.locale(renderer.view.language(subject));
    let shown = match value.as_i64() {
        Some(number) => Some(locale.integer(number)),
        None => value.as_f64().and_then(|number| locale.fraction(number)),
    };
    shown.ok_or_else(|| Error::message(format!("`{value}` is not a number")))
}

/// The page in work, which calls this function; arguments that it does not have are refused.
pub(in crate::render) fn called(args: &Kwargs, function: &str) -> TeraResult<(Arc<PageRenderer>, Subject)> {
    let page = renderer()?;
    refuse_others(args, FUNCTIONS, function, &format!("{function}()"))?;
    Ok(page)
}

/// Refuses arguments that one of our filters does not have.
fn known_of_filter(args: &Kwargs, filter: &str) -> TeraResult<()> {
    refuse_others(args, &OUR_FILTERS, filter, &format!("the filter `{filter}`"))
}

fn refuse_others(args: &Kwargs, all: &[(&str, &[&str])], name: &str, called: &str) -> TeraResult<()> {
    let names = all.iter().find(|(other, _)| *other == name).map_or(&[][..], |(_, names)| names);
    for (name, _) in args.iter() {
        if let Some(name) = name.as_str()
            && !names.contains(&name)
        {
            return Err(Error::message(format!("{called} has no argument `{name}`{}", meant(name, names))));
        }
    }
    Ok(())
}

/// What was probably meant, behind a message.
fn meant(given: &str, known: &[&str]) -> String {
    behind(did_you_mean(given, known.iter().copied()))
}

/// A hint behind a message.
fn behind(hint: Option<String>) -> String {
    hint.map(|hint| format!("; {hint}")).unwrap_or_default()
}

/// `{{ article.date | date(format="datetime") }}`: `date`, `datetime`, `time`, `short`, `short_datetime`, `full`, `month`
/// or `year` as the reader's language writes it, `iso`, or a pattern of `strftime`.
fn date(text: &str, args: Kwargs, _: &State) -> TeraResult<String> {
    known_of_filter(&args, "date")?;
    let format = args.get::<&str>("format")?.unwrap_or("date");
    scope::with_page(|renderer, subject| shown_date(renderer.locale(renderer.view.language(subject)), text, format))
        .unwrap_or_else(|| Err(Error::message("dates are shown while a page is rendered")))
}

/// A moment (RFC 3339) as readers see it. The text carries the offset of the site's zone, so its local part is what
/// is shown.
pub(in crate::render) fn shown_date(locale: &Locale, text: &str, format: &str) -> TeraResult<String> {
    if format == "iso" {
        return Ok(text.to_owned());
    }
    let no_date = || Error::message(format!("`{text}` is not a date"));
    if let Some(form) = Form::named(format) {
        // A day without a time is read as its first moment, and nobody wrote that.
        let has_time = text.get(11..19) != Some("00:00:00");
        let form = match form {
            Form::DateTime if !has_time => Form::Date,
            Form::ShortDateTime if !has_time => Form::Short,
            form => form,
        };
        return Moment::parse(text).and_then(|moment| locale.moment(moment, form)).ok_or_else(no_date);
    }
    if !format.contains('%') {
        let names: Vec<&str> = Form::NAMES.iter().map(|(name, _)| *name).chain(["iso"]).collect();
        return Err(Error::message(format!("`{format}` is not a date format{}", meant(format, &names))));
    }
    let local = text.get(..19).and_then(|local| local.parse::<jiff::civil::DateTime>().ok()).ok_or_else(no_date)?;
    jiff::fmt::strtime::format(format, local)
        .map_err(|error| Error::message(format!("`{format}` is not a date format: {error}")))
}

/// `{{ items | group_by(attribute="section.title") }}`: groups in the order of their first member, as
/// `[{key, items}]`. (The engine's own filter gives a map whose order differs between processes.)
fn group_by(items: &[Value], args: Kwargs, _: &State) -> TeraResult<Value> {
    known_of_filter(&args, "group_by")?;
    let attribute = args.must_get::<&str>("attribute")?;
    let mut groups: Vec<(String, Vec<Value>)> = Vec::new();
    for item in items {
        let Some(value) = item.get_from_path(attribute).filter(|value| !value.is_none()) else { continue };
        let key = value.to_string();
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, members)) => members.push(item.clone()),
            None => groups.push((key, vec![item.clone()])),
        }
    }
    let value = |(key, members): (String, Vec<Value>)| map_of([("key", key.into()), ("items", members.into())]);
    Ok(Value::from(groups.into_iter().map(value).collect::<Vec<_>>()))
}

/// Short Markdown as HTML; raw HTML in it is shown as text.
pub(in crate::render) fn inline_markdown(text: &str) -> String {
    linked_markdown(text, &|link| Some(link.to_owned()))
}

/// The same with the links and images as `address` has them; a link that it does not know is plain text.
fn linked_markdown(text: &str, address: &dyn Fn(&str) -> Option<String>) -> String {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};
    let mut comments = Comments::default();
    let mut is_plain = false;
    let events = Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH).filter_map(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Some(Event::Text(comments.remove(html, text))),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let link = if site_path::is_script(&dest_url) { Some(String::new()) } else { address(&dest_url) };
            is_plain = link.is_none();
            Some(Event::Start(Tag::Link { link_type, dest_url: link?.into(), title, id }))
        }
        Event::End(TagEnd::Link) if std::mem::take(&mut is_plain) => None,
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            let src = address(&dest_url).unwrap_or_default().into();
            Some(Event::Start(Tag::Image { link_type, dest_url: src, title, id }))
        }
        other => Some(other),
    });
    let events: Vec<Event<'_>> = events.collect();
    // One paragraph needs no element of its own.
    let is_one = events.iter().filter(|event| matches!(event, Event::End(TagEnd::Paragraph))).count() == 1
        && matches!(events.last(), Some(Event::End(TagEnd::Paragraph)));
    let mut out = String::new();
    if is_one {
        html::push_html(&mut out, events[1..events.len() - 1].iter().cloned());
    } else {
        html::push_html(&mut out, events.into_iter());
    }
    out.trim_end().to_owned()
}

/// Short Markdown as plain text on one line.
pub(in crate::render) fn plain_markdown(text: &str) -> String {
    markdown::words(&inline_markdown(text))
}

/// Short Markdown of `site.yaml`, of data or of a template as HTML: its links are those of the site in a language, and
/// a link to something withheld is plain text.
pub(in crate::render) fn own_markdown(renderer: &PageRenderer, language: LanguageId, text: &str) -> String {
    linked_markdown(text, &|link| ask::own_link(&renderer.view, language, link))
}

/// The owner's own HTML for a spot of the page in work, on lines of its own: the head's begin a line, and the page's end one.
pub(in crate::render) fn code(renderer: &PageRenderer, spot: Spot) -> String {
    let html = ask::code(&renderer.view, spot);
    if html.is_empty() {
        return String::new();
    }
    match spot {
        Spot::Head => format!("{html}\n"),
        Spot::End => format!("\n{html}"),
    }
}

fn neighbours_value(renderer: &PageRenderer, neighbours: Neighbours) -> Value {
    let value = |id: Option<Seen<Article>>| Value::from(id.map(|id| context::teaser_value(renderer, id)));
    map_of([("newer", value(neighbours.newer)), ("older", value(neighbours.older))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::interface::{FILTERS, TESTS};

    #[test]
    fn every_name_in_the_tables_is_registered() {
        let mut tera = Tera::new();
        register(&mut tera);
        let filters = OUR_FILTERS.iter().map(|(name, _)| name).chain(&FILTERS);
        let uses = filters.map(|name| format!("{{{{ x | {name} }}}}"));
        let uses = uses.chain(TESTS.iter().map(|name| format!("{{% if x is {name} %}}{{% endif %}}")));
        let functions = FUNCTIONS.iter().filter(|(name, _)| *name != "super");
        for source in uses.chain(functions.map(|(name, _)| format!("{{{{ {name}() }}}}"))) {
            tera.add_raw_template("one", &source).unwrap_or_else(|error| panic!("{source}: {error}"));
        }
    }

    #[test]
    fn short_markdown_is_inline_and_safe() {
        assert_eq!(inline_markdown("a *b* <script>"), "a <em>b</em> &lt;script&gt;");
        assert_eq!(inline_markdown("a\n\nb"), "<p>a</p>\n<p>b</p>");
    }

    #[test]
    fn groups_keep_their_order() {
        let items: Vec<Value> =
            ["b", "a", "b"].iter().map(|key| Value::from_serializable(&serde_json::json!({ "k": key }))).collect();
        let context = tera::Context::new();
        let state = State::new(&context);
        let groups = group_by(&items, Kwargs::from([("attribute", Value::from("k"))]), &state).expect("groups");
        let keys: Vec<String> = groups
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|group| group.get_from_path("key").map(ToString::to_string))
            .collect();
        assert_eq!(keys, ["b", "a"]);
    }
}
