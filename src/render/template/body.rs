//! Bodies and other Markdown as HTML, for pages and for feeds.

use std::sync::Arc;

use tera::Context;

use crate::article::record::{Kind, Record};
use crate::article::{Lines, Row, body_and_loss, body_text, language};
use crate::config::checks::{Level, Rule};
use crate::config::{LanguageId, address};
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;
use crate::html_addresses;
use crate::index::{Article, address_key};
use crate::markdown::{self, Byline, Destination, FileInfo, Purpose, Rendered, Source, Surroundings, Target};
use crate::query::{Part, Question, Seen, Subject, ask, subject};
use crate::render::dead::ids_in;
use crate::render::minify;
use crate::render::scope::{self, Rendering, keep_anchors, notice};
use crate::render::template::image::Look;
use crate::render::template::{embed, functions, image};
use crate::render::{BODIES_KEPT, Body, PageRenderer, Places};

/// The file that `src` means in the source `path`, asked for by the page in work.
pub(in crate::render) fn ask_file(renderer: &PageRenderer, path: &str, url: &str, src: &str) -> Option<FileInfo> {
    ask::file_info(&renderer.view, ask::file(&renderer.view, path, src)?, path, url)
}

/// The source whose files a template names, and the address at which it is shown: the one that calls the component in
/// work, or that of the page in work. In feeds they differ.
pub(in crate::render) fn naming_source(renderer: &PageRenderer, subject: Subject) -> (&str, String) {
    match scope::calling_source() {
        Some((row, url)) => (renderer.view.path(row), url),
        None => (renderer.view.path_of(subject), renderer.view.url(subject).to_string()),
    }
}

/// The body of a file that is neither an article nor a page, rendered as part of the page in work.
pub(in crate::render) fn render_shared_body(renderer: &Arc<PageRenderer>, row: Seen<Row>, start: u32) -> String {
    match render_body(renderer, row, "", start, "", true) {
        Ok(body) => {
            notice(body.diagnostics);
            keep_anchors(body.anchors);
            body.html
        }
        Err(problem) => {
            notice([problem]);
            String::new()
        }
    }
}

/// Renders the Markdown of a row, with or without a search for what deserves a warning.
pub(in crate::render) fn render_body(
    renderer: &Arc<PageRenderer>,
    row: Seen<Row>,
    url: &str,
    start: u32,
    title: &str,
    warns: bool,
) -> Result<Rendered, Diagnostic> {
    let file = renderer.view.get(row);
    let path = &*file.path;
    let (text, loss) = body_and_loss(&renderer.reader, file)?;
    let start = text.floor_char_boundary((start as usize).min(text.len()));
    let id = renderer.view.article_in(row);
    let live = id.and_then(|id| renderer.view.live(id)).map(|live| markdown::Coverage {
        zone: &renderer.config.time_zone,
        start: live.start,
        newest: live.newest,
    });
    let has_lead = matches!(file.record(), Record::Entry(entry) if entry.image.is_some());
    let source = Source { path, text: &text, start, title, live, is_short: false, has_lead };
    let surroundings = Asking { renderer, url, row, path, language: renderer.view.language_of_row(row), warns };
    let mut rendered =
        markdown::render(source, renderer.config.settings.markdown, renderer.config.settings.slugs, &surroundings);
    rendered.diagnostics.extend(loss);
    if id.is_some_and(|id| renderer.view.get(id).kind == Kind::Sponsored) {
        rendered.html = markdown::sponsored(&rendered.html, &renderer.config);
    }
    Ok(rendered)
}

/// Short Markdown in a template: of the source that calls a component, or of the one that the page in work shows, as
/// in its body.
pub(in crate::render) fn template_markdown(renderer: &Arc<PageRenderer>, subject: Subject, text: &str) -> String {
    let own = || match subject {
        Subject::Output(planned) if matches!(planned.part(), Part::Article(_) | Part::Page(_)) => {
            Some((renderer.view.own_row(subject)?, renderer.view.url(subject)))
        }
        _ => None,
    };
    match scope::calling_source().or_else(own) {
        Some((row, url)) => short_html(renderer, row, &url, text),
        None => functions::own_markdown(renderer, renderer.view.language(subject), text),
    }
}

/// Short Markdown of an article's front matter as HTML for the article's own page, its links as in the article's body.
pub(in crate::render) fn short_html(renderer: &Arc<PageRenderer>, row: Seen<Row>, url: &str, text: &str) -> String {
    let Some(rendered) = short_markdown(renderer, row, url, text, true) else {
        return functions::inline_markdown(text);
    };
    let mut anchors = rendered.anchors;
    if !rendered.diagnostics.is_empty() || !anchors.is_empty() {
        let row = renderer.view.get(row);
        let file = body_text(&renderer.reader, row).unwrap_or_default();
        let place = |place: Option<&Place>| place_in_front_matter(&row.path, &file, text, place);
        notice(rendered.diagnostics.into_iter().map(|one| {
            let at = place(one.place.as_ref());
            one.at(at)
        }));
        anchors.iter_mut().for_each(|one| one.place = place(Some(&one.place)));
        keep_anchors(anchors);
    }
    without_paragraph(&rendered.html)
}

/// The same for another page, which says nothing of mistakes: it is not rendered again when their lines move. Places
/// of the article, and what lies beside it, are named as on the article's page.
pub(in crate::render) fn short_html_elsewhere(
    renderer: &Arc<PageRenderer>,
    row: Seen<Row>,
    url: &str,
    text: &str,
) -> String {
    short_markdown(renderer, row, url, text, false)
        .map_or_else(|| functions::inline_markdown(text), |rendered| without_paragraph(&rendered.html))
}

/// None if nothing in the text needs to know the site.
fn short_markdown(
    renderer: &Arc<PageRenderer>,
    row: Seen<Row>,
    url: &str,
    text: &str,
    warns: bool,
) -> Option<Rendered> {
    if !["](", "][", "://", "www.", "[^"].iter().any(|mark| text.contains(mark)) {
        return None;
    }
    let path = renderer.view.path(row);
    let source = Source { path, text, start: 0, title: "", live: None, is_short: true, has_lead: true };
    let settings = crate::config::Markdown { raw_html: false, ..renderer.config.settings.markdown };
    let surroundings = Asking { renderer, url, row, path, language: renderer.view.language_of_row(row), warns };
    Some(markdown::render(source, settings, renderer.config.settings.slugs, &surroundings))
}

/// The body of an article for feeds, with absolute addresses; asked for by the page in work.
pub(in crate::render) fn body_for_feed(renderer: &Arc<PageRenderer>, id: Seen<Article>) -> Arc<Body> {
    let body = renderer.view.made(Question::Body(renderer.view.source_of(id)), |_| {
        let known = renderer.bodies.lock().expect("no panic while locked").get(&id).cloned();
        known.unwrap_or_else(|| {
            let body = Arc::new(make_body_for_feed(renderer, id));
            let mut bodies = renderer.bodies.lock().expect("no panic while locked");
            if bodies.len() >= BODIES_KEPT {
                bodies.clear();
            }
            bodies.insert(id, Arc::clone(&body));
            body
        })
    });
    // Warnings belong to the article's own page; an error must not vanish with it.
    notice(body.diagnostics.iter().filter(|one| one.is_error()).cloned());
    body
}

/// The ids in the body of an article; asked for by the page in work.
pub(in crate::render) fn ids_of_body(renderer: &Arc<PageRenderer>, id: Seen<Article>) -> Arc<Places> {
    renderer.view.made(Question::Body(renderer.view.source_of(id)), |_| {
        let known = renderer.places.lock().expect("no panic while locked").get(&id).cloned();
        known.unwrap_or_else(|| {
            let (rendered, _, body) = shared_body(renderer, id);
            // Of a body that cannot be rendered its own page tells.
            let ids = rendered.map(|rendered| ids_in(rendered.html.as_bytes())).unwrap_or_default();
            let places = Arc::new(Places { ids, body });
            renderer.places.lock().expect("no panic while locked").insert(id, Arc::clone(&places));
            places
        })
    })
}

fn make_body_for_feed(renderer: &Arc<PageRenderer>, id: Seen<Article>) -> Body {
    let (rendered, mut diagnostics, fingerprint) = shared_body(renderer, id);
    let mut updates = Vec::new();
    let html = match rendered {
        Ok(rendered) => {
            let page = renderer.config.absolute(&renderer.view.get(id).url);
            let html = markdown::absolute_body(&rendered, &page);
            diagnostics.extend(rendered.diagnostics);
            updates = rendered.updates;
            html
        }
        Err(problem) => {
            diagnostics.push(problem);
            String::new()
        }
    };
    Body { html, updates, fingerprint, diagnostics }
}

/// The body of an article for other pages than its own, what was noticed, and its fingerprint.
fn shared_body(
    renderer: &Arc<PageRenderer>,
    id: Seen<Article>,
) -> (Result<Rendered, Diagnostic>, Vec<Diagnostic>, Fingerprint) {
    let row = renderer.view.row(id);
    let entry = renderer.view.entry(row);
    let scope = Rendering::enter_body(renderer, id);
    let rendered = render_body(renderer, row, &renderer.view.get(id).url, entry.body.0, &entry.core.title, false);
    let (fingerprint, diagnostics) = scope.leave_body(id);
    (rendered, diagnostics, fingerprint)
}

/// Renders a call of the component `name`.
pub(in crate::render) fn component(
    renderer: &Arc<PageRenderer>,
    name: &str,
    call: &str,
    context: &Context,
) -> Result<String, markdown::Failure> {
    if !ask::has_component(&renderer.view, name) {
        return Err(markdown::Failure {
            message: format!("there is no component `{name}`"),
            hint: ask::component_hint(&renderer.view, name),
        });
    }
    renderer.tera(language_in_work(renderer)).render_str(call, context, true).map_err(|error| {
        let diagnostics = ask::template_errors(&renderer.view, &error);
        let (message, meant) = match diagnostics.into_iter().next() {
            Some(first) => (first.message, first.hint.filter(|hint| hint.starts_with("did you mean"))),
            None => ("the component could not be rendered".to_owned(), None),
        };
        let arguments = renderer.tera(language_in_work(renderer)).get_component_definition(name).map(|definition| {
            let names: Vec<&str> = definition.args().iter().map(tera::ComponentArg::name).collect();
            format!("`{name}` has the arguments {}", names.join(", "))
        });
        markdown::Failure { message: format!("the component `{name}`: {message}"), hint: meant.or(arguments) }
    })
}

/// A text of the theme in the language of the page in work, which asks for it.
pub(in crate::render) fn text_or(renderer: &PageRenderer, key: &str, otherwise: &str) -> String {
    let texts = ask::texts(&renderer.view, language_in_work(renderer));
    texts.get(key, None).unwrap_or(otherwise).to_owned()
}

/// The language of the page in work; that of the site, if there is none.
pub(in crate::render) fn language_in_work(renderer: &PageRenderer) -> LanguageId {
    subject().map(|subject| renderer.view.language(subject)).unwrap_or_default()
}

/// Short HTML as paragraphs, with words before it: what is a paragraph is put into one, and a list or a heading is not.
pub(in crate::render) fn paragraphs(lead: &str, html: &str) -> String {
    let html = html.trim_end();
    match (minify::begins_with_block(html), lead) {
        (false, "") => format!("<p>{html}</p>\n"),
        (false, lead) => format!("<p>{lead} {html}</p>\n"),
        (true, "") => format!("{html}\n"),
        (true, lead) => format!("<p>{lead}</p>\n{html}\n"),
    }
}

/// HTML without the one paragraph that it is.
fn without_paragraph(html: &str) -> String {
    let html = html.trim_end();
    let inside = html.strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>"));
    inside.filter(|inside| !inside.contains("<p>")).unwrap_or(html).to_owned()
}

/// HTML whose relative addresses, which are those of the page at the absolute address `page`, begin at the front page of
/// the host.
pub(super) fn rooted_html(html: String, origin: &str, page: &str) -> String {
    use lol_html::{RewriteStrSettings, element, rewrite_str};
    let Some(page) = url::Url::parse(page).ok().filter(|_| html.contains('=')) else { return html };
    let rooted = |address: &str| {
        let is_relative = !address.starts_with('/') && !address.is_empty() && url::Url::parse(address).is_err();
        let joined = page.join(address).ok().filter(|_| is_relative)?;
        joined.as_str().strip_prefix(origin).map(str::to_owned)
    };
    let handler = element!(html_addresses::SELECTOR, |element| {
        html_addresses::replace(element, rooted);
        Ok(())
    });
    let settings = RewriteStrSettings { element_content_handlers: vec![handler], ..RewriteStrSettings::new() };
    rewrite_str(&html, settings).unwrap_or(html)
}

/// What a body asks, recorded for the page in work.
struct Asking<'a> {
    renderer: &'a Arc<PageRenderer>,
    url: &'a str,
    row: Seen<Row>,
    /// The source, and its language.
    path: &'a str,
    language: LanguageId,
    /// Whether somebody wants to hear of what is only a warning.
    warns: bool,
}

impl Surroundings for Asking<'_> {
    fn target(&self, path: &str) -> Target {
        let renderer = self.renderer;
        let language = language::followed(self.path, self.language, path, &renderer.config);
        ask::target(&renderer.view, path, language)
    }

    fn address(&self, href: &str) -> Option<(u64, bool)> {
        let key = address_key(&address::site_path_of(&self.renderer.config, self.url, href)?);
        Some((key, ask::is_withheld(&self.renderer.view, key)))
    }

    fn place(&self, href: &str) -> Option<(u64, bool)> {
        let key = ask::place_key(&self.renderer.view, self.url, href)?;
        Some((key, ask::is_withheld(&self.renderer.view, key)))
    }

    fn within_site<'h>(&self, href: &'h str) -> Option<&'h str> {
        if href.contains("//") { address::within_site(&self.renderer.config, href) } else { None }
    }

    fn is_elsewhere(&self, href: &str) -> bool {
        address::is_plainly_elsewhere(&self.renderer.config, href)
    }

    fn wants_slips(&self) -> bool {
        self.warns && self.renderer.config.settings.check.level(Rule::StrayMarkup) != Level::Off
    }

    fn wants_anchors(&self) -> bool {
        let is_own_page = |subject: Subject| match subject {
            Subject::Output(planned) => match planned.part() {
                Part::Article(_) | Part::Page(_) => self.renderer.view.url(subject) == self.url,
                Part::Listing(..) => self.url.is_empty(),
                _ => false,
            },
            Subject::Shared(_) => false,
        };
        self.warns
            && self.renderer.config.settings.check.level(Rule::DeadAnchor) != Level::Off
            && subject().is_some_and(is_own_page)
    }

    fn destination(&self, href: &str, purpose: Purpose) -> Option<Destination> {
        // A body that stands on several pages has no address of its own to begin from.
        let is_relative = !href.starts_with('/') && !href.contains("://");
        // A feed asks what the page asks: the fingerprint of its body is made from the answers of the page.
        if self.url.is_empty() && is_relative {
            None
        } else {
            ask::destination(&self.renderer.view, self.url, href, purpose)
        }
    }

    fn files_at(&self, href: &str) -> Option<Vec<u64>> {
        let is_relative = !href.starts_with('/') && !href.contains("://");
        if self.url.is_empty() && is_relative { None } else { ask::files_at(&self.renderer.view, self.url, href) }
    }

    fn asked_for(&self, files: &[u64]) {
        ask::published(&self.renderer.view, files);
    }

    fn asked_about(&self, addresses: &[u64]) {
        ask::withheld(&self.renderer.view, addresses);
    }

    fn file(&self, path: &str, src: &str) -> Option<FileInfo> {
        ask_file(self.renderer, path, self.url, src)
    }

    fn is_file(&self) -> bool {
        !self.url.is_empty() && !self.url.ends_with('/')
    }

    fn is_published(&self, path: &str) -> bool {
        ask::is_published(&self.renderer.view, path)
    }

    fn is_unreadable(&self, path: &str, src: &str) -> bool {
        ask::is_unreadable(&self.renderer.view, path, src)
    }

    fn nearest(&self, path: &str, src: &str) -> Option<String> {
        ask::nearest_image(&self.renderer.view, path, src)
    }

    fn photograph(
        &self,
        path: &str,
        src: &str,
        alt: &str,
        title: &str,
        is_lazy: bool,
    ) -> Result<Option<String>, (String, String)> {
        let sizes = image::sizes_in_body(self.renderer);
        let look = Look { alt, title, sizes, is_lazy, has_placeholder: true, ..Look::default() };
        image::shown_photograph(self.renderer, path, src, &look)
    }

    fn is_reserved(&self, id: &str) -> bool {
        ask::is_reserved(&self.renderer.view, id)
    }

    fn is_reserved_by_pages(&self, id: &str) -> bool {
        ask::is_reserved_by_pages(&self.renderer.view, id)
    }

    fn component(&self, name: &str, call: &str) -> Result<String, markdown::Failure> {
        scope::called_in(self.row, self.url, || component(self.renderer, name, call, &Context::new()))
    }

    fn embed(&self, path: &str, address: &str) -> Option<Result<String, markdown::Failure>> {
        embed::embed(self.renderer, path, self.url, address)
    }

    fn author(&self, name: &str) -> Result<Byline, Option<String>> {
        ask::byline(&self.renderer.view, self.language, name)
    }

    fn text(&self, key: &str, otherwise: &str) -> String {
        text_or(self.renderer, key, otherwise)
    }

    fn base_path(&self) -> &str {
        &self.renderer.config.base_path
    }

    fn date(&self, moment: &str, format: &str) -> String {
        functions::shown_date(self.renderer.locale(self.language), moment, format).unwrap_or_else(|_| moment.to_owned())
    }
}

/// The place in the file `path` of a place in `text`, which is a value of its front matter: where the line stands that has
/// it, or else the value.
fn place_in_front_matter(path: &str, file: &str, text: &str, place: Option<&Place>) -> Place {
    let line = place.and_then(|place| text.lines().nth((place.line as usize).saturating_sub(1)));
    if let (Some(place), Some(line)) = (place, line.map(str::trim).filter(|line| !line.is_empty()))
        && let Some(at) = file.find(line)
    {
        let indent =
            text.lines().nth(place.line as usize - 1).map_or(0, |whole| whole.len() - whole.trim_start().len());
        let before = line.char_indices().nth((place.column as usize).saturating_sub(1 + indent));
        let start = at + before.map_or(0, |(at, _)| at);
        let length = line[start - at..].chars().take(place.length as usize).map(char::len_utf8).sum::<usize>();
        return Place::span(path, file, start..start + length);
    }
    Lines::of(path, file).value(&["corrections.text", "correction.text", "corrections", "correction"])
}
