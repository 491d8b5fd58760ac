//! Sitemaps (sitemaps.org protocol 0.9) with the images of pages (sitemap-image 1.1), and the news sitemap
//! (sitemap-news 0.9).

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::article::time::Timestamp;
use crate::config::LanguageId;
use crate::index::Article;
use crate::query::{Listed, Seen, ask};
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
    write("urlset", "url", &rows).expect("writing to memory does not fail")
}

/// The index of the parts of a sitemap: their addresses, and when each of them last changed.
fn sitemap_index(renderer: &PageRenderer, parts: Vec<(String, Option<Timestamp>)>) -> Vec<u8> {
    let part = |(url, changed): (String, Option<Timestamp>)| {
        let changed = changed.map(|at| at.rfc3339(&renderer.config.time_zone));
        Row { url: renderer.config.absolute(&url), changed, ..Row::default() }
    };
    let parts: Vec<Row> = parts.into_iter().map(part).collect();
    write("sitemapindex", "sitemap", &parts).expect("writing to memory does not fail")
}

/// The bytes of a news sitemap: the articles of the last two days, or, where they are split, the index
/// of the parts. Without any it is empty, as Google allows.
pub(in crate::render) fn news_sitemap(renderer: &PageRenderer, number: u32) -> Vec<u8> {
    let sitemap = ask::news_sitemap(&renderer.view, number);
    if !sitemap.parts.is_empty() {
        return sitemap_index(renderer, sitemap.parts);
    }
    write_news(renderer, &sitemap.articles).expect("writing to memory does not fail")
}

fn write_news(renderer: &PageRenderer, ids: &[Seen<Article>]) -> std::io::Result<Vec<u8>> {
    let mut writer = begin(ids.len())?;
    let urlset = writer.create_element("urlset").with_attribute(("xmlns", NAMESPACE));
    urlset.with_attribute(("xmlns:news", NEWS_NAMESPACE)).write_inner_content(|writer| {
        for id in ids {
            let article = renderer.view.get(*id);
            let entry = renderer.view.entry(renderer.view.row(*id));
            let language = renderer.config.language(renderer.view.language_of_article(*id));
            writer.write_event(Event::Text(BytesText::new("\n")))?;
            writer.create_element("url").write_inner_content(|writer| {
                let text = |writer: &mut Writer<Vec<u8>>, name: &str, text: &str| {
                    writer.create_element(name).write_text_content(BytesText::new(text)).map(|_| ())
                };
                text(writer, "loc", &renderer.config.absolute(&article.url))?;
                text(writer, "lastmod", &article.changed.rfc3339(&renderer.config.time_zone))?;
                writer.create_element("news:news").write_inner_content(|writer| {
                    writer.create_element("news:publication").write_inner_content(|writer| {
                        text(writer, "news:name", &language.title)?;
                        text(writer, "news:language", &news_language(&language.tag))
                    })?;
                    text(writer, "news:publication_date", &article.date.rfc3339(&renderer.config.time_zone))?;
                    text(writer, "news:title", &entry.core.title)
                })?;
                Ok(())
            })?;
        }
        writer.write_event(Event::Text(BytesText::new("\n")))
    })?;
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
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

/// A writer with the declaration of XML.
fn begin(rows: usize) -> std::io::Result<Writer<Vec<u8>>> {
    let mut writer = Writer::new(Vec::with_capacity(rows * 120 + 200));
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer.write_event(Event::Text(BytesText::new("\n")))?;
    Ok(writer)
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

fn write(outer: &str, inner: &str, rows: &[Row]) -> std::io::Result<Vec<u8>> {
    let mut writer = begin(rows.len())?;
    let mut whole = writer.create_element(outer).with_attribute(("xmlns", NAMESPACE));
    if rows.iter().any(|row| !row.alternates.is_empty()) {
        whole = whole.with_attribute(("xmlns:xhtml", XHTML_NAMESPACE));
    }
    if rows.iter().any(|row| !row.images.is_empty()) {
        whole = whole.with_attribute(("xmlns:image", IMAGE_NAMESPACE));
    }
    whole.write_inner_content(|writer| {
        for Row { url, changed, alternates, images } in rows {
            writer.write_event(Event::Text(BytesText::new("\n")))?;
            writer.create_element(inner).write_inner_content(|writer| {
                writer.create_element("loc").write_text_content(BytesText::new(url))?;
                if let Some(changed) = changed {
                    writer.create_element("lastmod").write_text_content(BytesText::new(changed))?;
                }
                for (tag, url) in alternates {
                    let link = writer.create_element("xhtml:link").with_attribute(("rel", "alternate"));
                    let link = link.with_attribute(("hreflang", tag.as_str()));
                    link.with_attribute(("href", url.as_str())).write_empty()?;
                }
                for url in images {
                    writer.create_element("image:image").write_inner_content(|writer| {
                        writer.create_element("image:loc").write_text_content(BytesText::new(url)).map(|_| ())
                    })?;
                }
                Ok(())
            })?;
        }
        writer.write_event(Event::Text(BytesText::new("\n")))
    })?;
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::{Row, news_language, write};

    #[test]
    fn a_sitemap_is_escaped_xml() {
        let changed = Some("2026-01-01T00:00:00Z".into());
        let row = Row { url: "https://a.example/?a&b".into(), changed, ..Row::default() };
        let bytes = write("urlset", "url", &[row]).expect("memory");
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
