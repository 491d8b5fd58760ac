//! Sitemaps (sitemaps.org protocol 0.9) and `robots.txt`.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::Renderer;
use super::query::Query;
use super::scope::record;
use crate::plan::{Output, address};

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

impl Renderer {
    /// The bytes of a sitemap: all addresses, or, where they are split, the index of the parts.
    pub(super) fn sitemap(&self, number: u32) -> Vec<u8> {
        let query = Query::Sitemap(number);
        record(self, query.clone(), || self.fingerprint(&query));
        let rows: Vec<(String, Option<String>)> = if number == 0 && self.plan.sitemaps > 0 {
            let part = |number: u32| {
                let listed = self.plan.sitemap(number, &self.index, &self.config);
                let changed = listed.iter().filter_map(|one| one.changed).max();
                let path = self.plan.site_path(Output::Sitemap(number));
                (self.config.absolute(&address::encode(&self.config, &path)), changed)
            };
            (1..=self.plan.sitemaps)
                .map(part)
                .map(|(url, changed)| (url, changed.map(|at| at.rfc3339(&self.config.time_zone))))
                .collect()
        } else {
            let listed = self.plan.sitemap(number, &self.index, &self.config);
            listed
                .into_iter()
                .map(|one| (self.config.absolute(&one.url), one.changed.map(|at| at.rfc3339(&self.config.time_zone))))
                .collect()
        };
        let (outer, inner) =
            if number == 0 && self.plan.sitemaps > 0 { ("sitemapindex", "sitemap") } else { ("urlset", "url") };
        write(outer, inner, &rows).expect("writing to memory does not fail")
    }

    /// `robots.txt`: everything may be read, and where the sitemap is (RFC 9309).
    pub(super) fn robots(&self) -> Vec<u8> {
        let sitemap = self.config.absolute(&address::encode(&self.config, "/sitemap.xml"));
        format!("User-agent: *\nAllow: /\n\nSitemap: {sitemap}\n").into_bytes()
    }
}

fn write(outer: &str, inner: &str, rows: &[(String, Option<String>)]) -> std::io::Result<Vec<u8>> {
    let mut writer = Writer::new(Vec::with_capacity(rows.len() * 120 + 200));
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer.write_event(Event::Text(BytesText::new("\n")))?;
    writer.create_element(outer).with_attribute(("xmlns", NAMESPACE)).write_inner_content(|writer| {
        for (url, changed) in rows {
            writer.write_event(Event::Text(BytesText::new("\n")))?;
            writer.create_element(inner).write_inner_content(|writer| {
                writer.create_element("loc").write_text_content(BytesText::new(url))?;
                if let Some(changed) = changed {
                    writer.create_element("lastmod").write_text_content(BytesText::new(changed))?;
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
    use super::write;

    #[test]
    fn a_sitemap_is_escaped_xml() {
        let bytes = write("urlset", "url", &[("https://a.example/?a&b".into(), Some("2026-01-01T00:00:00Z".into()))])
            .expect("memory");
        assert_eq!(
            String::from_utf8(bytes).expect("text"),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n<url><loc>https://a.example/?a&amp;b</loc><lastmod>2026-01-01T00:00:00Z</lastmod></url>\n</urlset>\n"
        );
    }
}
