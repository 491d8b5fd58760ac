//! Structured data (schema.org) as JSON-LD, serialised from typed values.
//!
//! Required and recommended properties follow Google's documentation for `NewsArticle`,
//! `BreadcrumbList` and `ProfilePage`.

use serde::Serialize;

use super::Renderer;
use super::head::About;
use crate::article::record::Story;
use crate::config::Taxonomy;
use crate::index::StoryId;

const CONTEXT: &str = "https://schema.org";

/// Writes a value as a `script` element. `<` is written as an escape, so that no text can end the element.
pub(super) fn write<T: Serialize>(head: &mut String, value: &T) {
    let json = serde_json::to_string(value).expect("strings and numbers serialise");
    head.push_str("<script type=\"application/ld+json\">");
    if json.contains('<') {
        head.push_str(&json.replace('<', "\\u003c"))
    } else {
        head.push_str(&json)
    }
    head.push_str("</script>\n");
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Article<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'static str,
    headline: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    date_published: String,
    date_modified: String,
    main_entity_of_page: String,
    url: String,
    in_language: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    image: Vec<Image<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    article_section: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    keywords: Vec<&'a str>,
    author: Vec<Entity<'a>>,
    publisher: Entity<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    is_based_on: Vec<Work<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    correction: Vec<Correction<'a>>,
    is_accessible_for_free: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Image<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit_text: Option<&'a str>,
}

#[derive(Serialize)]
struct Entity<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logo: Option<Logo>,
}

#[derive(Serialize)]
struct Logo {
    #[serde(rename = "@type")]
    kind: &'static str,
    url: String,
}

#[derive(Serialize)]
struct Work<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Correction<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Breadcrumbs {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'static str,
    item_list_element: Vec<Crumb>,
}

#[derive(Serialize)]
struct Crumb {
    #[serde(rename = "@type")]
    kind: &'static str,
    position: usize,
    name: String,
    item: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher: Option<Entity<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    main_entity: Option<Entity<'a>>,
}

impl Renderer {
    pub(super) fn article_json_ld<'a>(
        &'a self,
        id: StoryId,
        story: &'a Story<'a>,
        about: &'a About<'a>,
    ) -> Article<'a> {
        let config = &self.config;
        let entry = self.index.entry(id);
        let url = config.absolute(&entry.url);
        let terms = |wanted: Taxonomy| self.index.terms.of_story(id).filter(move |term| term.taxonomy == wanted);
        let mut author: Vec<Entity<'a>> = terms(Taxonomy::Authors)
            .map(|term| Entity {
                kind: "Person",
                name: &term.name,
                url: (!term.url.is_empty()).then(|| config.absolute(&term.url)),
                logo: None,
            })
            .collect();
        if author.is_empty() {
            author.push(self.publisher());
        }
        Article {
            context: CONTEXT,
            kind: story.core.kind.schema_type(),
            headline: &story.core.title,
            description: &story.core.summary,
            date_published: entry.date.rfc3339(&config.time_zone),
            date_modified: entry.changed.rfc3339(&config.time_zone),
            main_entity_of_page: url.clone(),
            url,
            in_language: &config.settings.language,
            image: about
                .image
                .iter()
                .map(|image| Image {
                    kind: "ImageObject",
                    url: config.absolute(&image.src),
                    width: image.width,
                    height: image.height,
                    caption: image.caption,
                    credit_text: image.credit,
                })
                .collect(),
            article_section: entry.section.map(|section| &*self.index.sections[section as usize].title),
            keywords: terms(Taxonomy::Tags).map(|term| &*term.name).collect(),
            author,
            publisher: self.publisher(),
            is_based_on: story
                .sources
                .iter()
                .map(|source| Work { kind: "CreativeWork", name: &source.name, url: source.url.as_deref() })
                .collect(),
            correction: story
                .corrections
                .iter()
                .map(|correction| Correction {
                    kind: "CorrectionComment",
                    text: &correction.text,
                    date_published: correction.date.map(|date| date.rfc3339(&config.time_zone)),
                })
                .collect(),
            is_accessible_for_free: true,
        }
    }

    fn publisher(&self) -> Entity<'_> {
        let name =
            self.config.settings.publisher.as_ref().map_or(&self.config.settings.title, |publisher| &publisher.name);
        let logo = self.publisher_logo().map(|url| Logo { kind: "ImageObject", url });
        Entity { kind: "NewsMediaOrganization", name, url: Some(self.publisher_url()), logo }
    }

    pub(super) fn breadcrumbs_of_story(&self, id: StoryId, story: &Story<'_>) -> Breadcrumbs {
        let crumb =
            |(at, (name, item)): (usize, (String, String))| Crumb { kind: "ListItem", position: at + 1, name, item };
        Breadcrumbs {
            context: CONTEXT,
            kind: "BreadcrumbList",
            item_list_element: self.trail(id, story).into_iter().enumerate().map(crumb).collect(),
        }
    }

    pub(super) fn page_json_ld<'a>(&'a self, about: &'a About<'a>) -> Page<'a> {
        Page {
            context: CONTEXT,
            kind: "WebPage",
            name: &about.title,
            description: &about.description,
            url: self.config.absolute(&about.url),
            publisher: Some(self.publisher()),
            main_entity: None,
        }
    }

    pub(super) fn site_json_ld(&self) -> Page<'_> {
        Page {
            context: CONTEXT,
            kind: "WebSite",
            name: &self.config.settings.title,
            description: &self.config.settings.description,
            url: self.config.absolute(&self.config.base_path),
            publisher: Some(self.publisher()),
            main_entity: None,
        }
    }

    pub(super) fn author_json_ld<'a>(&'a self, slug: &str, about: &'a About<'a>) -> Page<'a> {
        let url = self.index.terms.get(Taxonomy::Authors, slug).map(|term| self.config.absolute(&term.url));
        Page {
            context: CONTEXT,
            kind: "ProfilePage",
            name: &about.title,
            description: &about.description,
            url: self.config.absolute(&about.url),
            publisher: None,
            main_entity: Some(Entity { kind: "Person", name: &about.title, url, logo: None }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_end_the_script() {
        let mut head = String::new();
        write(&mut head, &"</script><b>");
        assert_eq!(head, "<script type=\"application/ld+json\">\"\\u003c/script>\\u003cb>\"</script>\n");
    }
}
