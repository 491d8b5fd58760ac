//! Sitemaps (sitemaps.org protocol 0.9) with the images of pages (sitemap-image 1.1), and the news sitemap
//! (sitemap-news 0.9).

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::article::time::Timestamp;
use crate::config::LanguageId;
use crate::query::{Listed, ask};
use crate::render::PageRenderer;
use crate::render::output::head::alternates;

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
/// Other languages of a page
/// (<https://developers.google.com/search/docs/specialty/international/localized-versions#sitemap>).
const XHTML_NAMESPACE: &str = "http://www.w3.org/1999/xhtml";
/// Images of a page (<https://developers.google.com/search/docs/crawling-indexing/sitemaps/image-sitemaps>).
const IMAGE_NAMESPACE: &str = "http://www.google.com/schemas/sitemap-image/1.1";
const NEWS_NAMESPACE: &str = "http://www.google.com/schemas/sitemap-news/0.9";

/// The bytes of a sitemap: all addresses, or, where they are split, the index of the parts.
pub(in crate::render) fn sitemap(renderer: &PageRenderer, number: u32) -> Vec<u8> {
    let sitemap = ask::sitemap(&renderer.view, number);
    if !sitemap.parts.is_empty() {
        return sitemap_index(renderer, sitemap.parts);
    }
    let row = |Listed { entry, images }: &Listed<'_>| {
        let own = entry.versions.iter().find(|version| version.url == entry.url);
        let own = own.map_or(LanguageId::MAIN, |version| version.language);
        let alternates = alternates(&entry.versions, own, &renderer.config);
        let absolute = |url: &str| renderer.config.absolute(url);
        Row {
            url: absolute(&entry.url),
            changed: entry.changed.map(|at| at.rfc3339(&renderer.config.time_zone)),
            alternates: alternates.into_iter().map(|(tag, url)| (tag.to_owned(), absolute(url))).collect(),
            images: images.iter().map(|url| absolute(url)).collect(),
        }
    };
    let rows: Vec<Row> = sitemap.listed.iter().map(row).collect();
    write("urlset", "url", &rows)
}

/// The index of the parts of a sitemap: their addresses, and when each of them last changed.
fn sitemap_index(renderer: &PageRenderer, parts: Vec<(String, Option<Timestamp>)>) -> Vec<u8> {
    let part = |(url, changed): (String, Option<Timestamp>)| {
        let changed = changed.map(|at| at.rfc3339(&renderer.config.time_zone));
        Row { url: renderer.config.absolute(&url), changed, ..Row::default() }
    };
    let parts: Vec<Row> = parts.into_iter().map(part).collect();
    write("sitemapindex", "sitemap", &parts)
}

/// The bytes of a news sitemap: the articles of the last two days, or, where they are split, the index
/// of the parts. Without any it is empty, as Google allows.
pub(in crate::render) fn news_sitemap(renderer: &PageRenderer, number: u32) -> Vec<u8> {
    let sitemap = ask::news_sitemap(&renderer.view, number);
    if !sitemap.parts.is_empty() {
        return sitemap_index(renderer, sitemap.parts);
    }
    let namespaces = [("xmlns", NAMESPACE), ("xmlns:news", NEWS_NAMESPACE)];
    document("urlset", &namespaces, "url", &sitemap.articles, |writer, id| {
        let article = renderer.view.get(*id);
        let entry = renderer.view.entry(renderer.view.row(*id));
        let language = renderer.config.language(renderer.view.language_of_article(*id));
        text(writer, "loc", &renderer.config.absolute(&article.url))?;
        text(writer, "lastmod", &article.changed.rfc3339(&renderer.config.time_zone))?;
        let news = writer.create_element("news:news");
        news.write_inner_content(|writer| {
            writer.create_element("news:publication").write_inner_content(|writer| {
                text(writer, "news:name", &language.title)?;
                text(writer, "news:language", &news_language(&language.tag))
            })?;
            text(writer, "news:publication_date", &article.date.rfc3339(&renderer.config.time_zone))?;
            text(writer, "news:title", &entry.core.title)
        })?;
        Ok(())
    })
}

/// The language of a publication as news sitemaps have it: two or three letters of ISO 639, but `zh-cn`
/// and `zh-tw` for Chinese.
fn news_language(tag: &str) -> String {
    let tag = tag.to_ascii_lowercase();
    let mut parts = tag.split('-');
    match parts.next().unwrap_or_default() {
        "zh" if parts.any(|part| matches!(part, "tw" | "hk" | "mo" | "hant")) => "zh-tw".into(),
        "zh" => "zh-cn".into(),
        language => language.into(),
    }
}

/// The bytes of an element `outer` in which each row has a line of its own with an element `inner`.
fn document<R>(
    outer: &str,
    namespaces: &[(&str, &str)],
    inner: &str,
    rows: &[R],
    write: impl Fn(&mut Writer<Vec<u8>>, &R) -> io::Result<()>,
) -> Vec<u8> {
    let end_line = |writer: &mut Writer<Vec<u8>>| writer.write_event(Event::Text(BytesText::new("\n")));
    let write_all = |writer: &mut Writer<Vec<u8>>| {
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        end_line(writer)?;
        let outer = writer.create_element(outer).with_attributes(namespaces.iter().copied());
        outer.write_inner_content(|writer| {
            for row in rows {
                end_line(writer)?;
                writer.create_element(inner).write_inner_content(|writer| write(writer, row))?;
            }
            end_line(writer)
        })?;
        end_line(writer)
    };
    let mut writer = Writer::new(Vec::with_capacity(rows.len() * 120 + 200));
    write_all(&mut writer).expect("writing to memory does not fail");
    writer.into_inner()
}

/// Writes an element of which the content is text.
fn text(writer: &mut Writer<Vec<u8>>, name: &str, text: &str) -> io::Result<()> {
    writer.create_element(name).write_text_content(BytesText::new(text)).map(|_| ())
}

/// An address.
#[derive(Debug, Default)]
struct Row {
    url: String,
    /// When it last changed.
    changed: Option<String>,
    /// The same in other languages, with their tags.
    alternates: Vec<(String, String)>,
    /// The images on it.
    images: Vec<String>,
}

fn write(outer: &str, inner: &str, rows: &[Row]) -> Vec<u8> {
    let mut namespaces = vec![("xmlns", NAMESPACE)];
    if rows.iter().any(|row| !row.alternates.is_empty()) {
        namespaces.push(("xmlns:xhtml", XHTML_NAMESPACE));
    }
    if rows.iter().any(|row| !row.images.is_empty()) {
        namespaces.push(("xmlns:image", IMAGE_NAMESPACE));
    }
    document(outer, &namespaces, inner, rows, |writer, Row { url, changed, alternates, images }| {
        text(writer, "loc", url)?;
        if let Some(changed) = changed {
            text(writer, "lastmod", changed)?;
        }
        for (tag, url) in alternates {
            let link = writer.create_element("xhtml:link").with_attribute(("rel", "alternate"));
            let link = link.with_attribute(("hreflang", tag.as_str()));
            link.with_attribute(("href", url.as_str())).write_empty()?;
        }
        for url in images {
            writer.create_element("image:image").write_inner_content(|writer| text(writer, "image:loc", url))?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::{Row, news_language, write};

    #[test]
    fn a_sitemap_is_escaped_xml() {
        let changed = Some("2026-01-01T00:00:00Z".into());
        let row = Row { url: "https://a.example/?a&b".into(), changed, ..Row::default() };
        let bytes = write("urlset", "url", &[row]);
        assert_eq!(
            String::from_utf8(bytes).expect("text"),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n<url><loc>https://a.example/?a&amp;b</loc><lastmod>2026-01-01T00:00:00Z</lastmod></url>\n</urlset>\n"
        );
    }

    #[test]
    fn a_news_sitemap_names_the_language_as_google_wants_it() {
        let named = ["en", "de-AT", "zh", "zh-Hant", "zh-TW", "zh-CN"].map(news_language);
        assert_eq!(named, ["en", "de", "zh-cn", "zh-tw", "zh-tw", "zh-cn"]);
    }
}
