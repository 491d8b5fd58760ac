//! Photographs in pages: `<picture>` with all copies, the right size, and a miniature until it is there.
//!
//! A page names copies by what the plan knows of them, so to show an image is not to look at it. Only the
//! miniature is made of pixels, and it is kept by the photo desk.

use std::fmt::Write as _;

use tera::{Error, Kwargs, TeraResult, Value};

use crate::article::record::{Image, Record};
use crate::article::{Lines, Row, body_text};
use crate::config::{Config, address};
use crate::diagnostic::{Diagnostic, Place};
use crate::images::ImageRequest;
use crate::index::ImageRef;
use crate::markdown::attribute;
use crate::markdown::not_found::missing;
use crate::original::Format;
use crate::plan::PlannedImage;
use crate::query::{Seen, ask};
use crate::render::PageRenderer;
use crate::render::scope::notice;
use crate::render::template::{body, functions};

/// How an image is shown.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::render) struct Look<'a> {
    /// What it shows, for those who do not see it.
    pub(in crate::render) alt: &'a str,
    /// A title, as Markdown has it.
    pub(in crate::render) title: &'a str,
    /// How wide it is shown: the attribute `sizes` of HTML.
    pub(in crate::render) sizes: &'a str,
    /// The most important image of the page: it is loaded first.
    pub(in crate::render) is_lead: bool,
    /// It is loaded when it comes near.
    pub(in crate::render) is_lazy: bool,
    /// Whether a miniature is shown until it is there.
    pub(in crate::render) has_placeholder: bool,
    /// A class of the outermost element.
    pub(in crate::render) class: &'a str,
    /// The point that must be seen when the theme cuts it.
    pub(in crate::render) focus: Option<(u8, u8)>,
    /// Whether the theme may not cut it.
    pub(in crate::render) is_whole: bool,
}

impl Look<'_> {
    /// The attribute `class` with a space before it, or nothing.
    fn classes(&self) -> String {
        let mut class = self.class.to_owned();
        let mut add = |name: &str| {
            class.push_str(if class.is_empty() { "" } else { " " });
            class.push_str(name);
        };
        if self.is_whole {
            add("whole");
        } else if let Some((x, y)) = self.focus {
            // Without `style` attributes (CSP) a point is one of eleven by eleven classes.
            add(&format!("focus-x-{} focus-y-{}", (u32::from(x) + 5) / 10, (u32::from(y) + 5) / 10));
        }
        if class.is_empty() { class } else { format!(" class=\"{}\"", attribute(&class)) }
    }
}

/// The width of the copy for programs that know no others.
const FALLBACK_WIDTH: u32 = 1200;

/// The setting of a theme that says how wide images in the text are shown.
pub const SIZES_SETTING: &str = "picture_sizes";

/// What `sizes` is when nobody says.
const ANY_SIZE: &str = "100vw";

/// A photograph as what is wanted of it at the photo desk.
pub(in crate::render) fn request_for(renderer: &PageRenderer, photograph: Seen<PlannedImage>) -> ImageRequest<'_> {
    request(renderer.view.get(renderer.view.row(photograph)), &renderer.config)
}

/// How wide images in the body of an article are shown, as the theme says.
pub(in crate::render) fn sizes_in_body(renderer: &PageRenderer) -> &str {
    ask::setting(&renderer.view, SIZES_SETTING).unwrap_or(ANY_SIZE)
}

/// A photograph with all its copies.
///
/// # Errors
/// The photograph is broken.
pub(in crate::render) fn photograph_html(
    renderer: &PageRenderer,
    photograph: Seen<PlannedImage>,
    look: &Look<'_>,
) -> Result<String, crate::images::Problem> {
    // Also without a placeholder: this is where it turns out that a photograph is broken.
    let placeholder = renderer.desk.placeholder(&request_for(renderer, photograph))?;
    let photograph = renderer.view.get(photograph);
    // Behind an image with empty edges it would be seen for ever.
    let has_placeholder = look.has_placeholder
        && !look.is_whole
        && renderer.config.settings.images.placeholder
        && !placeholder.is_empty();
    let mut html = String::with_capacity(1024);
    if has_placeholder {
        let framed = format!("photo-frame {}", look.class);
        let class = Look { class: framed.trim_end(), ..*look }.classes();
        let _ = write!(
            html,
            "<span{class}><img class=\"placeholder\" src=\"{placeholder}\" alt=\"\" aria-hidden=\"true\"><picture>"
        );
    } else {
        let _ = write!(html, "<picture{}>", look.classes());
    }
    let formats = photograph.formats();
    let sizes = if look.sizes.is_empty() { ANY_SIZE } else { look.sizes };
    let sizes = attribute(sizes);
    let srcset = |format: Format| {
        let candidate = |copy| {
            let address = address::encode(&renderer.config, &photograph.site_path(copy));
            format!("{} {}w", attribute(&address), copy.width)
        };
        photograph.copies(format).map(candidate).collect::<Vec<_>>().join(", ")
    };
    let (last, others) = formats.split_last().expect("a photograph has copies");
    for format in others {
        let media_type = mime_guess::from_ext(format.ending()).first_raw().unwrap_or_default();
        let _ = write!(html, "<source type=\"{media_type}\" srcset=\"{}\" sizes=\"{sizes}\">", srcset(*format));
    }
    let copies: Vec<_> = photograph.copies(*last).collect();
    let fallback = copies.iter().rev().find(|copy| copy.width <= FALLBACK_WIDTH).or_else(|| copies.first());
    let largest = copies.last().expect("a format has copies");
    let src = fallback.map(|copy| address::encode(&renderer.config, &photograph.site_path(*copy)));
    let _ = write!(html, "<img src=\"{}\"", attribute(&src.unwrap_or_default()));
    if copies.len() > 1 {
        let _ = write!(html, " srcset=\"{}\" sizes=\"{sizes}\"", srcset(*last));
    }
    write_rest(&mut html, look, Some((largest.width, largest.height)));
    html.push_str("</picture>");
    if has_placeholder {
        html.push_str("</span>");
    }
    Ok(html)
}

/// The photograph that `src` means in the source `path`, with all its copies. None if there are none of
/// it. The page in work asks for the file.
///
/// # Errors
/// What is wrong with the file, and what to do about it.
pub(in crate::render) fn shown_photograph(
    renderer: &PageRenderer,
    path: &str,
    src: &str,
    look: &Look<'_>,
) -> Result<Option<String>, (String, String)> {
    let Some(row) = ask::file(&renderer.view, path, src) else { return Ok(None) };
    let named = renderer.view.get(row);
    let file = match named.record() {
        Record::File(file) => file,
        _ => return Ok(None),
    };
    let of_file = |message: &str| format!("the image `{src}` cannot be shown: {message}");
    if let Some((message, hint)) = crate::index::variants::fault(&named.path, file.as_ref(), &renderer.config) {
        return Err((of_file(&message), hint));
    }
    let Some(photograph) = ask::planned_image(&renderer.view, row) else { return Ok(None) };
    photograph_html(renderer, photograph, look).map(Some).map_err(|problem| {
        renderer.desk.tell(named.content);
        (of_file(&problem.message), problem.hint.to_owned())
    })
}

/// Says what is wrong with the image of a front matter: it is missing, or it cannot be shown.
pub(in crate::render) fn check_image(renderer: &PageRenderer, row: Seen<Row>, url: &str, image: &Image<'_>) {
    const KEYS: [&str; 7] = ["image", "images", "featured_image", "featuredImage", "picture", "photo", "avatar"];
    check_image_of(renderer, row, url, image, &KEYS);
}

/// The same of an image that stands behind one of these keys.
pub(in crate::render) fn check_image_of(
    renderer: &PageRenderer,
    row: Seen<Row>,
    url: &str,
    image: &Image<'_>,
    keys: &[&str],
) {
    let src = &*image.src;
    if is_elsewhere(src) {
        return;
    }
    let path = renderer.view.path(row);
    let place = || match body_text(&renderer.reader, renderer.view.get(row)) {
        Ok(text) => Lines::of(path, &text).value_among(keys, src),
        Err(_) => Place::file(path),
    };
    if body::ask_file(renderer, path, url, src).is_none()
        && !(src.starts_with('/') && ask::is_published(&renderer.view, src))
    {
        if !ask::is_unreadable(&renderer.view, path, src) {
            notice([missing("image", src, ask::nearest_image(&renderer.view, path, src)).at(place())]);
        }
    } else if let Err((message, hint)) = shown_photograph(renderer, path, src, &Look::default()) {
        notice([Diagnostic::error(message).at(place()).hint(hint)]);
    }
}

/// An image as templates have it: with its copies, or as a plain `img`.
fn image_html(renderer: &PageRenderer, image: &Value, look: &Look<'_>) -> String {
    let text = |key| field(image, key).and_then(Value::as_str);
    let number = |key| field(image, key).and_then(Value::as_i128);
    if let Some(photograph) = text("picture").and_then(|name| ask::image_named(&renderer.view, name))
        // A broken one is an error on its article's own page.
        && let Ok(html) = photograph_html(renderer, photograph, look)
    {
        return html;
    }
    let mut html = format!("<img src=\"{}\"", attribute(text("src").unwrap_or_default()));
    html.push_str(&look.classes());
    let size = number("width").zip(number("height"));
    write_rest(&mut html, look, size.map(|(width, height)| (width as u32, height as u32)));
    html
}

/// The cuts of an article's image, with their sizes; none if there are no copies of it.
pub(in crate::render) fn cuts_of(renderer: &PageRenderer, image: &ImageRef<'_>) -> Vec<(String, u32, u32)> {
    let name = image.picture.as_deref().filter(|_| !image.whole);
    let Some(photograph) = name.and_then(|name| ask::image_named(&renderer.view, name)) else {
        return Vec::new();
    };
    let photograph = renderer.view.get(photograph);
    let cuts = photograph.cuts(image.focus.unwrap_or(crate::variant::MIDDLE));
    cuts.map(|cut| {
        let address = address::encode(&renderer.config, &photograph.site_path(cut));
        (renderer.config.absolute(&address), cut.width, cut.height)
    })
    .collect()
}

/// A photograph in a row as what is wanted of it at the photo desk.
pub(in crate::render) fn request<'a>(row: &'a Row, config: &Config) -> ImageRequest<'a> {
    let Record::File(Some(file)) = row.record() else { unreachable!("planned from an image") };
    ImageRequest {
        path: &row.path,
        content: row.content,
        format: file.format,
        size: (file.width, file.height),
        quality: config.settings.images.quality,
    }
}

fn is_elsewhere(src: &str) -> bool {
    src.is_empty() || src.contains("://") || src.starts_with("//") || src.starts_with("data:")
}

/// The attributes that every `img` has, and its end.
fn write_rest(html: &mut String, look: &Look<'_>, size: Option<(u32, u32)>) {
    let _ = write!(html, " alt=\"{}\"", attribute(look.alt));
    if !look.title.is_empty() {
        let _ = write!(html, " title=\"{}\"", attribute(look.title));
    }
    if let Some((width, height)) = size {
        let _ = write!(html, " width=\"{width}\" height=\"{height}\"");
    }
    if look.is_lead {
        html.push_str(" fetchpriority=\"high\"");
    } else if look.is_lazy {
        html.push_str(" loading=\"lazy\"");
    }
    html.push_str(" decoding=\"async\">");
}

/// A field of a map.
fn field<'v>(map: &'v Value, key: &'static str) -> Option<&'v Value> {
    map.as_map()?.get(&tera::value::Key::Str(key))
}

/// `image(image=…)` or `image(src="…")`.
pub(in crate::render) fn image(args: &Kwargs) -> TeraResult<Value> {
    let (renderer, subject) = functions::called(args, "picture")?;
    let given = args.get::<Value>("image")?.filter(|image| !image.is_none());
    let src = args.get::<&str>("src")?;
    let text = |name: &'static str| args.get::<&str>(name).map(Option::unwrap_or_default);
    let flag = |name: &str| args.get::<bool>(name);
    let of_image = |key| given.as_ref().and_then(|image| field(image, key)).cloned();
    let alt = match args.get::<&str>("alt")? {
        Some(alt) => alt.to_owned(),
        None => of_image("alt").and_then(|alt| alt.as_str().map(str::to_owned)).unwrap_or_default(),
    };
    let is_lead = flag("lead")?.unwrap_or(false);
    let look = Look {
        alt: &alt,
        title: "",
        sizes: text("sizes")?,
        is_lead,
        is_lazy: flag("lazy")?.unwrap_or(!is_lead),
        has_placeholder: flag("placeholder")?.unwrap_or(true),
        class: text("class")?,
        focus: of_image("focus").and_then(|focus| {
            let point = focus.as_array()?;
            let part = |at: usize| u8::try_from(point.get(at)?.as_i128()?).ok();
            Some((part(0)?, part(1)?))
        }),
        is_whole: of_image("whole").and_then(|whole| whole.as_bool()).unwrap_or(false),
    };
    let html = match (&given, src) {
        (Some(image), _) => image_html(&renderer, image, &look),
        (None, Some(src)) => {
            let (path, url) = body::naming_source(&renderer, subject);
            let info = body::ask_file(&renderer, path, &url, src);
            match shown_photograph(&renderer, path, src, &look)
                .map_err(|(message, hint)| Error::message(format!("{message}; {hint}")))?
            {
                Some(html) => html,
                None if info.is_none()
                    && !is_elsewhere(src)
                    && !(src.starts_with('/') && ask::is_published(&renderer.view, src)) =>
                {
                    if !ask::is_unreadable(&renderer.view, path, src) {
                        let nearest = ask::nearest_image(&renderer.view, path, src);
                        notice([missing("image", src, nearest).at(Place::file(path))]);
                    }
                    String::new()
                }
                None => {
                    let address = info
                        .as_ref()
                        .map_or_else(|| address::of_link(&renderer.config, src), |info| info.address.clone());
                    let mut html = format!("<img src=\"{}\"", attribute(&address));
                    html.push_str(&look.classes());
                    write_rest(&mut html, &look, info.and_then(|info| info.size));
                    html
                }
            }
        }
        (None, None) => return Err(Error::message("picture() needs an `image`, as articles have it, or a `src`")),
    };
    Ok(Value::safe_string(&html))
}
